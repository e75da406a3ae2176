//! Rules of the group `kubernetes`: one defect a file, in alphabetical order.

mod duplicate_aws_auth_entry;
mod invalid_eks_annotation;
mod malformed_aws_auth;
mod role_path_never_matches;
mod unknown_aws_auth_key;
mod unknown_eks_annotation;
mod wrong_aws_auth_arn;

use super::Rule;

pub(super) static RULES: &[&dyn Rule] = &[
    &duplicate_aws_auth_entry::DuplicateAwsAuthEntry,
    &invalid_eks_annotation::InvalidEksAnnotation,
    &malformed_aws_auth::MalformedAwsAuth,
    &role_path_never_matches::RolePathNeverMatches,
    &unknown_aws_auth_key::UnknownAwsAuthKey,
    &unknown_eks_annotation::UnknownEksAnnotation,
    &wrong_aws_auth_arn::WrongAwsAuthArn,
];
