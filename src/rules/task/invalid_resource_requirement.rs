use super::values;
use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::host::value::{Object, Value};
use crate::model::{Container, TaskContext, TaskDefinition};
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
        reads: [Container, Task],
        cases: ["absent", "both", "gpu", "mixed", "neuron", "neuron-ec2"],
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
        if let Some(neuron) = container
            .objects("resourceRequirements")
            .filter_map(|it| values::stated(it, "type"))
            .find(|kind| &*kind.text == "NeuronDevice")
            && task.launch_types.ec2
            && !task.launch_types.managed_instances
        {
            acc.report(
                neuron.content_span(),
                "the launch type EC2 has no resource requirement `NeuronDevice`",
            )
            .case("neuron-ec2")
            .severity(Severity::Warning)
            .note("It is for ECS Managed Instances; on EC2 a device is given by `linuxParameters.devices`.");
        }
    }

    /// GPUs by number and by share in one task.
    fn check_task(&self, task: TaskDefinition<'_>, _: &TaskContext, acc: &mut Findings) {
        let gpus = || {
            task.containers().flat_map(|(base, container)| {
                container
                    .objects("resourceRequirements")
                    .filter(|it| it.known("type").is_some_and(|kind| &*kind.text == "GPU"))
                    .map(move |it| (base, it))
            })
        };
        let shared = gpus().find_map(|(base, it)| Some((base, it.member("sharingStrategy")?)));
        let whole = gpus()
            .find_map(|(base, it)| Some((base, it.known("value").filter(|_| !it.has("sharingStrategy"))?)));
        if let (Some((shared_base, shared)), Some((base, whole))) = (shared, whole) {
            acc.report(
                whole.content_span().shifted(base),
                "a task asks for GPUs by their number or by a share, not by both",
            )
            .case("mixed")
            .note("ECS refuses the task definition.")
            .related(shared.name.content_span().shifted(shared_base), "the share");
        }
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
