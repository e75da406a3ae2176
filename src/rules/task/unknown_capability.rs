use super::values;
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::host::value::StringValue;
use crate::model::{Container, TaskContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds Linux capabilities that do not exist, or that are not spelt as ECS wants them.
    ///
    /// `linuxParameters.capabilities` takes names in capitals without the kernel's `CAP_`: `NET_ADMIN`, `SYS_PTRACE`,
    /// or `ALL`. With a name that does not exist the container does not start.
    ///
    /// See "KernelCapabilities" in the Amazon ECS API Reference.
    pub UnknownCapability {
        id: "unknown-capability",
        group: Task,
        reads: [Container],
        cases: ["newer", "spelling", "unknown"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "there is no such Linux capability",
        sources: [],
        fix: Unsafe,
        since: "0.1.0",
        service_messages: ["unknown capability", "Invalid capability"],
    }
}

impl Rule for UnknownCapability {
    fn check_container(&self, container: Container<'_>, task: &TaskContext, acc: &mut Findings) {
        let Some(capabilities) =
            container.object.object("linuxParameters").and_then(|linux| linux.object("capabilities"))
        else {
            return;
        };
        for field in ["add", "drop"] {
            // Fargate adds one only, and says so of every other.
            if field == "add" && task.launch_types.fargate {
                continue;
            }
            values::texts(capabilities, field).for_each(|capability| check(capability, acc));
        }
    }
}

fn check(capability: &StringValue, acc: &mut Findings) {
    let known = catalog::container_values("capabilities");
    let text = &*capability.text;
    if known.contains(&text) {
        return;
    }
    let span = capability.content_span();
    let upper = text.trim().to_ascii_uppercase();
    let bare = upper.strip_prefix("CAP_").unwrap_or(&upper);
    if let Some(right) = known.iter().find(|it| **it == bare) {
        acc.report(span, format!("ECS spells the capability `{text}` as `{right}`"))
            .case("spelling")
            .severity(Severity::Warning)
            .note("It takes names in capitals without `CAP_`.")
            .fix(Fix::replace_text(span, right));
    } else if catalog::container_values("kernelOnlyCapabilities").contains(&bare) {
        acc.report(span, format!("the ECS API does not list the capability `{text}`"))
            .case("newer")
            .severity(Severity::Warning)
            .note("The kernel has it; whether ECS takes it, its reference does not say.");
    } else {
        let near = catalog::guess(bare, known.iter().copied());
        let message = match near {
            Some(near) => format!("there is no Linux capability `{text}`; did you mean `{}`?", near.word),
            None => format!("there is no Linux capability `{text}`"),
        };
        acc.report(span, message)
            .case("unknown")
            .note("The container does not start: `unknown capability`.")
            .maybe_fix(near.map(|near| Fix::guess(span, near)));
    }
}
