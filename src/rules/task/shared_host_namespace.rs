use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::Edit;
use crate::host::value::Object;
use crate::model::{Container, TaskContext, TaskDefinition};
use crate::rules::Rule;

declare_rule! {
    /// Finds tasks that share the process or the IPC namespace of their container instance: `pidMode` or `ipcMode`
    /// `host`.
    ///
    /// Containers then see, and may signal, every process of the instance and of other tasks, or share memory
    /// with them. Agents that watch the host need `pidMode` `host`; other tasks want `task`, which shares among
    /// their own containers only.
    ///
    /// Fargate refuses it, which is another rule's matter.
    ///
    /// See "Task definition parameters: PID mode" in the Amazon ECS Developer Guide.
    pub SharedHostNamespace {
        id: "shared-host-namespace",
        group: Task,
        reads: [Container, Task],
        cases: ["ipcMode", "pidMode"],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "a task shares a namespace of its container instance",
        sources: [
            "checkov/CKV_AWS_335",
            "prowler/ecs_task_definitions_host_namespace_not_shared",
            "security-hub/ECS.3",
        ],
        fix: Unsafe,
        since: "0.1.0",
    }
}

impl Rule for SharedHostNamespace {
    fn check_task(&self, task: TaskDefinition<'_>, context: &TaskContext, acc: &mut Findings) {
        if let Some(head) = task.head.filter(|_| !context.launch_types.fargate) {
            check(head, acc);
        }
    }

    /// That they stand in the wrong place is said by another rule; what they would do is the same.
    fn check_container(&self, container: Container<'_>, task: &TaskContext, acc: &mut Findings) {
        if !task.launch_types.fargate {
            check(container.object, acc);
        }
    }
}

fn check(object: &Object, acc: &mut Findings) {
    for (field, what, note) in [
        (
            "pidMode",
            "process",
            "Its containers see and may signal every process of the instance. `task` shares among the task's own containers only.",
        ),
        (
            "ipcMode",
            "IPC",
            "Its containers share memory with others on the instance. `task` shares among the task's own containers only.",
        ),
    ] {
        let Some(mode) = object.string(field).filter(|mode| &*mode.text == "host") else { continue };
        let span = mode.content_span();
        acc.report(span, format!("the task shares the {what} namespace of its container instance"))
            .case(field)
            .note(note)
            .fix(Fix::unsafe_("Replace with `task`", vec![Edit::ReplaceText { span, text: "task".into() }]));
    }
}
