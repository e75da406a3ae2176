use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{Container, TaskContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds a whole task definition where a container definition belongs: in a list of container definitions, such
    /// as Terraform's `container_definitions`, or in `containerDefinitions` itself.
    ///
    /// AWS says no more than `Container.name should not be null`. The list takes what is inside of
    /// `containerDefinitions`; the rest (`family`, `cpu`, `networkMode`) belongs around it, in Terraform as
    /// arguments of the resource.
    ///
    /// See "RegisterTaskDefinition" in the Amazon ECS API Reference.
    pub TaskDefinitionInList {
        id: "task-definition-in-list",
        group: Task,
        reads: [Container],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a whole task definition stands where a container definition belongs",
        sources: [],
        fix: None,
        since: "0.2.0",
        service_messages: ["Container.name should not be null", "Container.image should not be null or empty"],
    }
}

impl Rule for TaskDefinitionInList {
    fn check_container(&self, container: Container<'_>, _task: &TaskContext, acc: &mut Findings) {
        let container_definitions = acc.name("containerDefinitions");
        if let Some(member) = container.object.member("containerDefinitions") {
            acc.report(
                member.name.content_span(),
                "a whole task definition stands where a container definition belongs",
            )
            .note(format!("AWS refuses it: `Container.name should not be null`. Take what is inside of `{container_definitions}`, and put the rest around the list."));
        }
    }
}
