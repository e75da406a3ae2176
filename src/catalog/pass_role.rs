//! Operations that pass a role to a service, and so need `iam:PassRole`.

use super::tables;

/// One operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PassRole {
    /// `ecs:RunTask`.
    pub action: &'static str,
    /// The services that the roles are passed to: values of `iam:PassedToService`.
    pub passed_to: &'static [&'static str],
    /// The request's members that carry a role; empty where the role is named elsewhere.
    pub members: &'static [&'static str],
    /// Whether it passes the task role and the task execution role whenever the task definition has any;
    /// the others pass roles only in some requests.
    pub of_task: bool,
}

pub fn pass_roles() -> &'static [PassRole] {
    tables::PASS_ROLE
}

/// The row of an action (`service:Name`); case does not count.
pub fn pass_role(action: &str) -> Option<&'static PassRole> {
    tables::PASS_ROLE.iter().find(|row| row.action.eq_ignore_ascii_case(action))
}

/// Whether the table has an operation of that service.
pub fn passes_roles(service: &str) -> bool {
    let first = service.as_bytes().first().map(u8::to_ascii_lowercase);
    tables::PASS_ROLE.iter().any(|row| {
        // The first letter tells most apart, and this is asked for every action of a policy.
        row.action.as_bytes().first().copied() == first
            && row.action.as_bytes().get(service.len()) == Some(&b':')
            && row.action[..service.len()].eq_ignore_ascii_case(service)
    })
}
