use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::value::Value;
use crate::host::{Edit, Name};
use crate::model::{Container, OperatingSystem, TaskContext};
use crate::rules::Rule;
use serde_json::json;

declare_rule! {
    /// Finds containers that may write to their root file system: without `"readonlyRootFilesystem": true`.
    ///
    /// Who breaks into a container can then change its programs. With a read-only root, give the container
    /// volumes or a `tmpfs` for what it has to write. ECS Exec does not work with a read-only root, since its
    /// agent writes to it.
    ///
    /// Many images need to write, so this is asked for only with `--level pedantic`.
    pub WritableRootFilesystem {
        id: "writable-root-filesystem",
        group: Task,
        reads: [Container],
        templates: SilentOnPart,
        severity: Info,
        confidence: High,
        level: Pedantic,
        summary: "a container may write to its root file system",
        sources: [
            "checkov/CKV_AWS_336",
            "prowler/ecs_task_definitions_containers_readonly_access",
            "security-hub/ECS.5",
        ],
        fix: Unsafe,
        since: "0.1.0",
    }
}

impl Rule for WritableRootFilesystem {
    fn check_container(&self, container: Container<'_>, task: &TaskContext, acc: &mut Findings) {
        let readonly_root_filesystem = acc.name("readonlyRootFilesystem");
        if task.operating_system != OperatingSystem::Linux || task.excerpt {
            return;
        }
        let note = format!(
            "Set `{readonly_root_filesystem}` to true, and give it volumes for what it writes. ECS Exec needs a root that can be written."
        );
        match container.get("readonlyRootFilesystem") {
            Some(Value::Bool(false, span)) => {
                acc.report(*span, "the container may write to its root file system").note(note).fix(
                    Fix::unsafe_(
                        "Make it `true`",
                        vec![Edit::ReplaceValue { span: *span, value: json!(true) }],
                    ),
                );
            }
            None => {
                let edit = Edit::InsertMember {
                    object: container.object.span,
                    name: Name::field("readonlyRootFilesystem"),
                    value: json!(true),
                };
                acc.report(container.object.open(), "the container may write to its root file system")
                    .note(note)
                    .fix(Fix::unsafe_("Add `\"readonlyRootFilesystem\": true`", vec![edit]));
            }
            _ => {}
        }
    }
}
