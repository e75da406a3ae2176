//! Typed views of documents: policy, statement, principal, condition, ARN, task definition, container
//! definition, service, attachments, and what else a file may hold.
//!
//! A view borrows the host's values and parses nothing but what is asked for. Nothing is thrown away:
//! what has the wrong type or an unknown name is still there for the rules to see.

mod action;
mod agent_config;
mod attachments;
mod aws_auth;
mod condition;
mod container;
mod image;
mod policy;
mod principal;
mod service;
mod service_account;
mod statement;
mod task_definition;
mod task_summary;
mod variable;

pub use crate::catalog::{Arn, ArnPart, ArnProblem, is_wildcard, wildcard_matches};
pub use action::ActionPattern;
pub use agent_config::AgentConfig;
pub use attachments::{AttachedPolicy, Attachments, AwsPolicy};
pub use aws_auth::{AwsAuth, AwsAuthEntry, AwsAuthList};
pub use condition::{Condition, ConditionKey};
pub use container::Container;
pub use image::{EcrRegistry, ImageName};
pub use policy::{Policy, PolicyContext, PolicyVersion};
pub use principal::{Principal, PrincipalEntry};
pub use service::{Operation, ServiceInput};
pub use service_account::ServiceAccount;
pub use statement::{Effect, Statement};
pub use task_definition::{
    ExecutionRole, LaunchTypes, NetworkMode, OperatingSystem, TaskContext, TaskDefinition,
};
pub use task_summary::{ContainerSummary, PortSummary, TaskSummary};
pub use variable::PolicyVariable;
