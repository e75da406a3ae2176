use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds wildcards in a service control policy's actions that do not stand at the end.
    ///
    /// AWS Organizations takes them since September 2025. Tools that hold a policy to the grammar of before
    /// then refuse it, and AWS's own policy check still lists it as an error. A team whose pipeline has such
    /// a check wants to know before it runs.
    ///
    /// ```json
    /// { "Effect": "Deny", "Action": "ec2:*Vpc*", "Resource": "*" }
    /// ```
    ///
    /// Write the actions out, or with one wildcard at the end.
    ///
    /// AWS: "SCP syntax" in the AWS Organizations user guide.
    pub ScpActionWildcard {
        id: "scp-action-wildcard",
        group: Policy,
        reads: [Statement],
        on: [Scp],
        severity: Info,
        confidence: Medium,
        level: Pedantic,
        summary: "a service control policy has a wildcard before the end of an action",
        sources: ["access-analyzer/SCP_SYNTAX_ERROR_ACTION_WILDCARD"],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for ScpActionWildcard {
    fn check_statement(&self, statement: Statement<'_>, _: &PolicyContext, acc: &mut Findings) {
        for action in statement.actions() {
            let Some(name) = action.name.filter(|_| !action.string.has_unknown()) else { continue };
            let inner = name.strip_suffix(['*', '?']).unwrap_or(name);
            if inner.contains(['*', '?']) {
                acc.report(
                    action.name_span(),
                    format!("`{}` has a wildcard before its end", action.text()),
                )
                .note(
                    "AWS Organizations takes it since September 2025; checks of the older grammar refuse it.",
                );
            }
        }
    }
}
