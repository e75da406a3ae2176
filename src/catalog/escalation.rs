//! What a caller may do with actions that are allowed on everything.

use super::tables;

/// Actions that together let a caller get rights beyond those they were given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Escalation {
    /// As `service:Name`; all of them are needed.
    pub actions: &'static [&'static str],
    /// What a caller with them can do, in the infinitive.
    pub how: &'static str,
}

impl Escalation {
    /// Whether the rights are those of a role that a service uses, not the caller's own.
    pub fn is_by_role(&self) -> bool {
        self.actions.iter().all(|action| *action == "iam:PassRole" || !action.starts_with("iam:"))
    }
}

/// Sets of one action come first.
pub fn escalations() -> &'static [Escalation] {
    tables::ESCALATIONS
}

/// Actions whose response is, or leads to, credentials.
pub fn credential_actions() -> &'static [&'static str] {
    tables::CREDENTIAL_ACTIONS
}

/// Actions that read what is stored: objects, rows, secrets, messages.
pub fn data_actions() -> &'static [&'static str] {
    tables::DATA_ACTIONS
}

/// Actions on a bucket's settings, each with the actions on objects that a caller can give themselves with
/// it.
pub fn bucket_actions() -> &'static [(&'static str, &'static [&'static str])] {
    tables::BUCKET_ACTIONS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_exists() {
        let sets = escalations().iter().flat_map(|set| set.actions);
        for action in sets.chain(credential_actions()).chain(data_actions()) {
            let known = crate::catalog::action(action).map(|action| action.to_string());
            assert_eq!(known.as_deref(), Some(*action));
        }
        assert!(escalations().windows(2).all(|pair| pair[0].actions.len() <= pair[1].actions.len()));
    }
}
