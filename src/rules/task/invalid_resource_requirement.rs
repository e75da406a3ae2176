use super::values;
use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::host::value::{Object, Value};
use crate::model::{Container, TaskContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds `resourceRequirements` whose value is none of their type.
    ///
    /// A `GPU` has a whole number as a string (`"1"`), or `ALL`; a `NeuronDevice` has `ALL`. `value` and `sharingStrategy` rule
    /// each other out.
    ///
    /// See "ResourceRequirement" in the Amazon ECS API Reference.
    pub InvalidResourceRequirement {
        id: "invalid-resource-requirement",
        group: Task,
        reads: [Container],
        cases: ["absent", "both", "gpu", "neuron"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a resource requirement asks for nothing that there is",
        sources: [],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for InvalidResourceRequirement {
    fn check_container(&self, container: Container<'_>, task: &TaskContext, acc: &mut Findings) {
        container.objects("resourceRequirements").for_each(|it| check(it, task, acc));
    }
}

fn check(requirement: &Object, task: &TaskContext, acc: &mut Findings) {
    let [value_name, sharing_strategy] = acc.names(["value", "sharingStrategy"]);
    let Some(kind) = values::stated(requirement, "type") else { return };
    // Fargate has no GPUs, which another rule says.
    if &*kind.text == "GPU" && task.launch_types.fargate {
        return;
    }
    if let (Some(value), Some(strategy)) =
        (values::stated(requirement, "value"), requirement.member("sharingStrategy"))
        && strategy.value.as_object().is_some()
    {
        acc.report(
            strategy.name.content_span(),
            format!("`{value_name}` and `{sharing_strategy}` rule each other out"),
        )
        .case("both")
        .severity(Severity::Warning)
        .note(format!("Ask for whole devices by `{value_name}`, or for a share of one."))
        .related(value.content_span(), "the value");
        return;
    }
    match (&*kind.text, requirement.get("value")) {
        ("GPU", Some(Value::String(value))) if values::is_stated(value) => {
            let text = &*value.text;
            if text != "ALL" && !text.parse::<u32>().is_ok_and(|number| number > 0) {
                acc.report(value.content_span(), format!("`{text}` is not a valid number of GPUs"))
                    .case("gpu")
                    .note("Write a whole number as a string, such as \"1\", or \"ALL\". ECS refuses the task definition.");
            }
        }
        ("GPU" | "NeuronDevice", None) if !requirement.has("sharingStrategy") => {
            acc.report(
                requirement.open(),
                format!("the resource requirement `{}` has no `{value_name}`", kind.text),
            )
            .case("absent")
            .severity(Severity::Warning)
            .note("It says how many devices the container gets.");
        }
        ("NeuronDevice", Some(Value::String(value))) if values::is_stated(value) && &*value.text != "ALL" => {
            acc.report(value.content_span(), "a `NeuronDevice` is asked for with the value `ALL`")
                .case("neuron")
                .severity(Severity::Warning)
                .note("The container gets all devices of the instance.");
        }
        _ => {}
    }
}
