use super::{unsupported_task_field, values};
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::model::{Container, TaskContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds `dockerSecurityOptions` that the ECS API does not list.
    ///
    /// It lists `no-new-privileges`, `apparmor:PROFILE`, `label:VALUE` and `credentialspec:FILE`. Others that Docker has
    /// (`seccomp`) are only mentioned.
    ///
    /// See "ContainerDefinition" in the Amazon ECS API Reference.
    pub UnknownSecurityOption {
        id: "unknown-security-option",
        group: Task,
        reads: [Container],
        severity: Warning,
        confidence: Medium,
        level: Default,
        summary: "ECS lists no such Docker security option",
        sources: [],
        fix: Unsafe,
        since: "0.1.0",
    }
}

impl Rule for UnknownSecurityOption {
    fn check_container(&self, container: Container<'_>, task: &TaskContext, acc: &mut Findings) {
        // Fargate and managed instances refuse every one of them.
        if unsupported_task_field::is_refused("dockerSecurityOptions", task) {
            return;
        }
        let known = catalog::container_values("securityOptions");
        for option in values::texts(container.object, "dockerSecurityOptions") {
            let text = &*option.text;
            // Docker's own spelling with an equals sign works as well.
            let name_end = text.find([':', '=']).map_or(text.len(), |at| at + 1);
            let name = text[..name_end].replace('=', ":");
            let is_known = known.iter().any(|it| *it == name || name.strip_suffix(':') == Some(*it));
            if is_known {
                continue;
            }
            let near = catalog::guess(&name, known.iter().copied());
            let span = option.part(0..name_end);
            // Docker has others, and nothing says that ECS refuses them.
            let severity = if near.is_some() { Severity::Warning } else { Severity::Info };
            acc.report(span, format!("ECS lists no security option `{}`", name.trim_end_matches(':')))
                .severity(severity)
                .note("It lists `no-new-privileges`, `apparmor:PROFILE`, `label:VALUE` and `credentialspec:FILE`.")
                .maybe_fix(near.map(|near| Fix::guess(span, near)));
        }
    }
}
