use super::values;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{Container, TaskContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds `swappiness` without `maxSwap`: ECS ignores it.
    ///
    /// How eagerly a container swaps counts only where it says how much it may swap. With a `maxSwap` of 0 it does not
    /// swap at all. On Amazon Linux 2023 `swappiness` does nothing in any case.
    ///
    /// See "LinuxParameters" in the Amazon ECS API Reference.
    pub SwappinessWithoutMaxSwap {
        id: "swappiness-without-max-swap",
        group: Task,
        reads: [Container],
        cases: ["absent", "zero"],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "swappiness does nothing without maxSwap",
        sources: [],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for SwappinessWithoutMaxSwap {
    fn check_container(&self, container: Container<'_>, task: &TaskContext, acc: &mut Findings) {
        let [swappiness, max_swap] = acc.names(["swappiness", "maxSwap"]);
        // Fargate and managed instances refuse both.
        if task.launch_types.fargate || task.launch_types.managed_instances {
            return;
        }
        let Some(linux) = container.object.object("linuxParameters") else { return };
        let Some(member) = linux.member("swappiness").filter(|member| member.value.as_number().is_some())
        else {
            return;
        };
        if values::is_absent(linux, "maxSwap") {
            acc.report(
                member.name.content_span(),
                format!("`{swappiness}` does nothing without `{max_swap}`"),
            )
            .case("absent")
            .note(format!(
                "Say how much the container may swap in `{max_swap}` (MiB), or leave `{swappiness}` out."
            ));
        } else if let Some((0, span)) = values::number(linux, "maxSwap")
            && values::number(linux, "swappiness").is_some_and(|(number, _)| number != 0)
        {
            acc.report(
                member.name.content_span(),
                format!("`{swappiness}` does nothing where `{max_swap}` is 0"),
            )
            .case("zero")
            .note(format!("With a `{max_swap}` of 0 the container does not swap."))
            .related(span, "no swap");
        }
    }
}
