use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::graph::roles::{UnusedThing, Verdict};
use crate::rules::Rule;

declare_rule! {
    /// Finds a role for tasks that nothing of the project uses.
    ///
    /// It is told only where the configuration says `"complete": true`: that the project holds everything that uses
    /// its roles. A role that is left over keeps its permissions, and whoever may pass it has them.
    ///
    /// ```json
    /// { "RoleName": "web-task-old", "AssumeRolePolicyDocument": { } }
    /// ```
    ///
    /// Remove the role, or name it where it belongs.
    ///
    /// AWS: "Remove unneeded IAM users and roles" in the IAM user guide.
    pub UnusedRole {
        id: "unused-role",
        group: Role,
        reads: [Roles],
        severity: Info,
        confidence: High,
        level: Default,
        summary: "nothing of a complete project uses the role",
        sources: [],
        fix: None,
        since: "0.1.0",
        service_messages: [],
    }
}

impl Rule for UnusedRole {
    fn check_roles(&self, verdicts: &[Verdict], acc: &mut Findings) {
        for verdict in verdicts {
            if let Verdict::Unused(UnusedThing::Role { span, role }) = verdict {
                acc.report(*span, format!("nothing of the project uses the role `{role}`")).note(
                    "The configuration says that the project is complete. Remove the role, or name it where it belongs.",
                );
            }
        }
    }
}
