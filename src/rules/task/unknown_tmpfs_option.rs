use super::values;
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::value::Value;
use crate::model::{Container, TaskContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds mount options of a `tmpfs` that ECS does not know.
    ///
    /// Options such as `noexec` and `nosuid` stand alone; `mode`, `uid`, `gid`, `nr_inodes`, `nr_blocks` and `mpol` carry
    /// a value: `mode=1777`. The size has a field of its own.
    ///
    /// See "Tmpfs" in the Amazon ECS API Reference.
    pub UnknownTmpfsOption {
        id: "unknown-tmpfs-option",
        group: Task,
        reads: [Container],
        severity: Warning,
        confidence: Medium,
        level: Default,
        summary: "a tmpfs has no such mount option",
        sources: [],
        fix: Unsafe,
        since: "0.1.0",
        service_messages: ["Invalid tmpfs option"],
    }
}

impl Rule for UnknownTmpfsOption {
    fn check_container(&self, container: Container<'_>, _task: &TaskContext, acc: &mut Findings) {
        let size = acc.name("size");
        let Some(linux) = container.object.object("linuxParameters") else { return };
        let known = catalog::container_values("tmpfsOptions");
        for tmpfs in linux.items("tmpfs").iter().filter_map(Value::as_object) {
            for option in values::texts(tmpfs, "mountOptions") {
                let name = option.text.split('=').next().unwrap_or_default();
                if name.is_empty() || known.contains(&name) {
                    continue;
                }
                let span = option.part(0..name.len());
                let near = catalog::guess(name, known.iter().copied());
                acc.report(span, format!("a tmpfs has no mount option `{name}`"))
                    .note(if name == "size" {
                        format!("Its size stands in the field `{size}`, in MiB.")
                    } else {
                        "The API Reference lists the options under Tmpfs; with another the container does not start."
                            .to_string()
                    })
                    .maybe_fix(near.map(|near| Fix::guess(span, near)));
            }
        }
    }
}
