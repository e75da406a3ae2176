//! Rules of the group `agent`: one defect a file, in alphabetical order.

mod invalid_agent_value;
mod proxy_without_exceptions;
mod task_roles_switched_off;
mod unknown_agent_variable;

use super::Rule;

pub(super) static RULES: &[&dyn Rule] = &[
    &invalid_agent_value::InvalidAgentValue,
    &proxy_without_exceptions::ProxyWithoutExceptions,
    &task_roles_switched_off::TaskRolesSwitchedOff,
    &unknown_agent_variable::UnknownAgentVariable,
];
