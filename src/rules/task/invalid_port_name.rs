use super::values;
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::model::{Container, TaskContext, TaskDefinition};
use crate::rules::Rule;
use crate::text::Span;
use std::collections::HashMap;

declare_rule! {
    /// Finds names of port mappings that ECS refuses, and an `appProtocol` without a name.
    ///
    /// Service Connect and VPC Lattice find a port by its name. It has up to 64 lower-case letters, digits, underscores
    /// and hyphens, does not begin with a hyphen, and stands once in a task: `port mapping name is already used`.
    ///
    /// `appProtocol` is for Service Connect alone, which needs the name.
    ///
    /// See "PortMapping" in the Amazon ECS API Reference.
    pub InvalidPortName {
        id: "invalid-port-name",
        group: Task,
        reads: [Container, Task],
        cases: ["app-protocol", "characters", "duplicate", "length"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a port mapping's name is one that ECS refuses",
        sources: ["cdk-preflight/pf-ecs-port-mapping-duplicate-name"],
        fix: Unsafe,
        since: "0.1.0",
        service_messages: ["port mapping name is already used"],
    }
}

impl Rule for InvalidPortName {
    fn check_task(&self, task: TaskDefinition<'_>, _context: &TaskContext, acc: &mut Findings) {
        let mut seen: HashMap<&str, Span> = HashMap::new();
        let is_chosen = task.containers_are_chosen();
        for (base, container) in task.containers() {
            let is_chosen = is_chosen || container.is_chosen("portMappings");
            for mapping in container.objects("portMappings") {
                let Some(name) = values::stated(mapping, "name") else { continue };
                let span = name.content_span().shifted(base);
                match seen.get(&*name.text).filter(|_| !is_chosen) {
                    Some(first) => {
                        acc.report(span, format!("two port mappings of the task are named `{}`", name.text))
                            .case("duplicate")
                            .note("ECS refuses the task definition: `port mapping name is already used`.")
                            .related(*first, "the first of that name");
                    }
                    None => {
                        seen.insert(&name.text, span);
                    }
                }
            }
        }
    }

    fn check_container(&self, container: Container<'_>, _task: &TaskContext, acc: &mut Findings) {
        let [app_protocol, name_field] = acc.names(["appProtocol", "name"]);
        for mapping in container.objects("portMappings") {
            if let Some(protocol) =
                mapping.member("appProtocol").filter(|it| it.value.as_string().is_some_and(values::is_stated))
                && values::is_absent(mapping, "name")
            {
                acc.report(
                    protocol.name.content_span(),
                    format!("`{app_protocol}` does nothing without a `{name_field}`"),
                )
                .case("app-protocol")
                .severity(Severity::Warning)
                .note("Service Connect finds the port by its name.");
            }
            let Some(name) = values::stated(mapping, "name") else { continue };
            let text = &*name.text;
            let is_fine =
                |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || matches!(it, '_' | '-');
            let wrong = text.char_indices().find(|(at, it)| !is_fine(*it) || *at == 0 && *it == '-');
            if let Some((at, wrong)) = wrong {
                let span = name.part(at..at + wrong.len_utf8());
                let message = match wrong {
                    '-' => "a port's name does not begin with a hyphen".to_string(),
                    it if it.is_uppercase() => format!("a port's name is in lower case, and `{it}` is not"),
                    it if it.is_whitespace() => "a port's name has no blanks".to_string(),
                    it => format!("a port's name has no `{it}`"),
                };
                let repaired: String = text
                    .to_ascii_lowercase()
                    .trim_start_matches('-')
                    .chars()
                    .map(|it| if is_fine(it) { it } else { '-' })
                    .collect();
                acc.report(span, message)
                    .case("characters")
                    .note("It takes lower-case letters, digits, underscores and hyphens. ECS refuses the task definition.")
                    .maybe_fix((!repaired.is_empty()).then(|| {
                        Fix::unsafe_(
                            format!("Replace with `{repaired}`"),
                            vec![crate::host::Edit::ReplaceText {
                                span: name.content_span(),
                                text: repaired.as_str().into(),
                            }],
                        )
                    }));
            } else if let Some(most) = catalog::container_limit("portNameLength")
                && text.len() > most as usize
            {
                acc.report(name.content_span(), format!("a port's name has {most} characters at most"))
                    .case("length")
                    .note("ECS refuses the task definition.");
            }
        }
    }
}
