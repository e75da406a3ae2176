use super::values;
use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::host::value::{Object, StringValue};
use crate::model::{Container, TaskContext};
use crate::rules::Rule;
use std::collections::HashMap;

declare_rule! {
    /// Finds environment variables that a container definition sets twice.
    ///
    /// A name in `secrets` must be unique among the secrets and must not stand in `environment` too: ECS refuses the task
    /// definition. Of two in `environment` only one counts: a warning.
    ///
    /// See "ContainerDefinition" in the Amazon ECS API Reference.
    pub DuplicateEnvironmentVariable {
        id: "duplicate-environment-variable",
        group: Task,
        reads: [Container],
        cases: ["both", "environment", "secrets"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "an environment variable is set twice",
        sources: [],
        fix: None,
        since: "0.1.0",
        service_messages: [
            "The secret name must be unique and not shared with any new or existing environment variables set on the container",
        ],
    }
}

impl Rule for DuplicateEnvironmentVariable {
    fn check_container(&self, container: Container<'_>, _task: &TaskContext, acc: &mut Findings) {
        let environment = acc.name("environment");
        let object = container.object;
        if container.is_chosen("environment") || container.is_chosen("secrets") {
            return;
        }
        if object.items("environment").len() + object.items("secrets").len() < 2 {
            return;
        }
        let mut seen: HashMap<&str, (bool, &StringValue, Option<&str>)> = HashMap::new();
        for (field, is_secret) in [("environment", false), ("secrets", true)] {
            for entry in container.objects(field) {
                let entry: &Object = entry;
                let Some(name) = values::stated(entry, "name") else { continue };
                let value = entry.string("value").map(|it| &*it.text);
                let Some((other_secret, first, other_value)) = seen.get(&*name.text) else {
                    seen.insert(&name.text, (is_secret, name, value));
                    continue;
                };
                let (message, case) = match (is_secret, other_secret) {
                    (false, _) => (format!("`{}` is set twice", name.text), "environment"),
                    (true, true) => (format!("two secrets are named `{}`", name.text), "secrets"),
                    (true, false) => {
                        (format!("`{}` is a secret and stands in `{environment}` too", name.text), "both")
                    }
                };
                let finding = acc.report(name.content_span(), message);
                finding.case(case).related(first.content_span(), "the first of that name");
                if is_secret {
                    finding.note("ECS refuses the task definition: `The secret name must be unique`.");
                } else {
                    let same = value.is_some() && value == *other_value;
                    finding
                        .severity(if same { Severity::Hint } else { Severity::Warning })
                        .note("ECS accepts it, and one of the two counts.");
                }
            }
        }
    }
}
