use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::graph::roles::{UnusedThing, Verdict};
use crate::rules::Rule;

declare_rule! {
    /// Finds a secret, a parameter or an object that an execution role may read and none of its tasks asks for, and a
    /// role that a policy passes to tasks of which none uses it.
    ///
    /// It is told only where the configuration says `"complete": true`: that the project holds everything that uses
    /// its roles. ECS reads with the execution role what task definitions name; nothing else does, so such a grant is
    /// left over, or the name in it is mistyped.
    ///
    /// ```json
    /// { "Effect": "Allow", "Action": "ssm:GetParameters", "Resource": "arn:aws:ssm:eu-west-1:111122223333:parameter/old/*" }
    /// ```
    ///
    /// Remove the resource from the statement.
    ///
    /// AWS: "Grant least privilege access" in the IAM user guide.
    pub UnusedGrant {
        id: "unused-grant",
        group: Role,
        reads: [Roles],
        severity: Info,
        confidence: High,
        level: Default,
        summary: "a policy grants or passes what no task of a complete project asks for",
        sources: [],
        fix: None,
        since: "0.1.0",
        service_messages: [],
    }
}

impl Rule for UnusedGrant {
    fn check_roles(&self, verdicts: &[Verdict], acc: &mut Findings) {
        for verdict in verdicts {
            if let Verdict::Unused(UnusedThing::Passed { span, role }) = verdict {
                acc.report(*span, format!("no task of the project uses the role `{role}` that this passes")).note(
                    "The configuration says that the project is complete. Remove what is left over, or mend the name.",
                );
            }
            if let Verdict::Unused(UnusedThing::Grant { span, role, action, resource }) = verdict {
                let message =
                    format!("no task of the role `{role}` asks for `{resource}`, on which it has `{action}`");
                acc.report(*span, message).note(
                    "The configuration says that the project is complete. Remove what is left over, or mend the name.",
                );
            }
        }
    }
}
