//! The configuration of the ECS container agent.

use crate::catalog::{AgentVariable, agent_variable};
use crate::host::value::{Member, Object, StringValue};
use crate::host::{Document, DocumentKind};

/// A view of the variables that the agent is given.
#[derive(Debug, Clone, Copy)]
pub struct AgentConfig<'a> {
    pub variables: &'a Object,
}

impl<'a> AgentConfig<'a> {
    /// `None` where the document is none.
    pub fn of(document: &'a Document) -> Option<AgentConfig<'a>> {
        let variables = document.object().filter(|_| document.kind == DocumentKind::AgentConfig)?;
        Some(AgentConfig { variables })
    }

    /// A variable that is set to something; the agent takes what is empty for not set.
    pub fn set(&self, name: &str) -> Option<&'a Member> {
        let is_set = |member: &&Member| member.value.as_string().is_some_and(|value| !value.text.is_empty());
        self.variables.member(name).filter(is_set)
    }

    /// The variables that the agent knows, with the values that are known.
    pub fn known(&self) -> impl Iterator<Item = (&'static AgentVariable, &'a StringValue)> + use<'a> {
        self.variables.members.iter().filter_map(|member| {
            let value = member.value.as_string().filter(|it| !it.text.is_empty() && !it.has_unknown())?;
            Some((agent_variable(&member.name.text)?, value))
        })
    }
}
