use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::model::{Container, TaskContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds names of environment variables that no program finds: with blanks around them, with an equals
    /// sign, or empty beside a value.
    ///
    /// ECS passes name and value on as `NAME=value`; a name with an equals sign ends there.
    ///
    /// See "KeyValuePair" in the Amazon ECS API Reference.
    pub MalformedEnvironmentVariable {
        id: "malformed-environment-variable",
        group: Task,
        reads: [Container],
        cases: ["blanks", "empty", "equals"],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "an environment variable has a name that no program finds",
        sources: [],
        fix: Safe,
        since: "0.1.0",
    }
}

impl Rule for MalformedEnvironmentVariable {
    fn check_container(&self, container: Container<'_>, _task: &TaskContext, acc: &mut Findings) {
        for field in ["environment", "secrets"] {
            for entry in container.objects(field) {
                let Some(name) = entry.string("name").filter(|name| !name.has_unknown()) else { continue };
                let text = &*name.text;
                if text.is_empty() {
                    // A generated skeleton leaves both empty.
                    let value = ["value", "valueFrom"].iter().find_map(|it| entry.string(it));
                    if value.is_some_and(|value| !value.text.is_empty()) {
                        acc.report(name.span, "the environment variable has no name")
                            .case("empty")
                            .note("No program finds its value.");
                    }
                } else if text.trim() != text {
                    // Of two variables of one name, one would be lost.
                    let names = ["environment", "secrets"]
                        .into_iter()
                        .flat_map(|field| container.objects(field))
                        .filter_map(|entry| entry.string("name"));
                    let is_new = names.filter(|other| other.text.trim() == text.trim()).count() == 1;
                    acc.report(name.content_span(), "the environment variable's name has blanks around it")
                        .case("blanks")
                        .note("They are part of the name, and no program looks for that.")
                        .maybe_fix(is_new.then(|| Fix::replace_text(name.content_span(), text.trim())));
                } else if let Some(at) = text.find('=') {
                    acc.report(
                        name.part(at..at + 1),
                        "the environment variable's name has an equals sign in it",
                    )
                    .case("equals")
                    .note("The name ends there, and the rest becomes part of the value.");
                }
            }
        }
    }
}
