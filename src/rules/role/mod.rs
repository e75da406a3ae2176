//! Rules about roles as a whole: a task definition read together with its roles, whoever runs it and whoever
//! deploys it.

mod caller_role_lacks_permission;
mod exec_without_task_role;
mod execution_role_lacks_permission;
mod lack;
mod managed_policy_of_other_role;
mod role_not_passed;
mod role_passed_to_other_service;
mod service_account_not_trusted;
mod task_role_lacks_permission;
mod trust_condition_never_met;
mod unknown_aws_auth_role;
mod unused_grant;
mod unused_role;
mod workflow_not_trusted;

use crate::rules::Rule;

pub static RULES: &[&dyn Rule] = &[
    &caller_role_lacks_permission::CallerRoleLacksPermission,
    &exec_without_task_role::ExecWithoutTaskRole,
    &execution_role_lacks_permission::ExecutionRoleLacksPermission,
    &managed_policy_of_other_role::ManagedPolicyOfOtherRole,
    &role_not_passed::RoleNotPassed,
    &role_passed_to_other_service::RolePassedToOtherService,
    &service_account_not_trusted::ServiceAccountNotTrusted,
    &task_role_lacks_permission::TaskRoleLacksPermission,
    &trust_condition_never_met::TrustConditionNeverMet,
    &unknown_aws_auth_role::UnknownAwsAuthRole,
    &unused_grant::UnusedGrant,
    &unused_role::UnusedRole,
    &workflow_not_trusted::WorkflowNotTrusted,
];
