use super::values;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::value::Value;
use crate::model::{Container, OperatingSystem, TaskContext};
use crate::rules::Rule;
use crate::text::Span;
use std::collections::HashMap;

declare_rule! {
    /// Finds paths in a container at which nothing can be mounted: relative ones, the root, and one that is taken
    /// already.
    ///
    /// `containerPath` of `mountPoints` and of a `tmpfs` is absolute. With two mounts at the same path, at `/`, or
    /// at a relative path, the container does not start.
    ///
    /// See "MountPoint" in the Amazon ECS API Reference.
    pub InvalidMountPath {
        id: "invalid-mount-path",
        group: Task,
        reads: [Container],
        cases: ["relative", "root", "twice"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "nothing can be mounted at that path of a container",
        sources: [],
        fix: Unsafe,
        since: "0.1.0",
        service_messages: ["Duplicate mount point", "mount path must be absolute", "destination can't be '/'"],
    }
}

impl Rule for InvalidMountPath {
    fn check_container(&self, container: Container<'_>, task: &TaskContext, acc: &mut Findings) {
        let mut seen: HashMap<&str, Span> = HashMap::new();
        let tmpfs = container.object.object("linuxParameters").map_or(&[][..], |linux| linux.items("tmpfs"));
        let mounts = container.object.items("mountPoints").iter().chain(tmpfs).filter_map(Value::as_object);
        for mount in mounts {
            let Some(path) = values::stated(mount, "containerPath") else { continue };
            let text = &*path.text;
            let span = path.content_span();
            let has_drive = text.as_bytes().get(1) == Some(&b':') && text.as_bytes()[0].is_ascii_alphabetic();
            if !text.starts_with('/') && !has_drive && !text.starts_with('\\') {
                // A task that does not say so may be one for Windows, with a named pipe or a variable.
                if task.operating_system != OperatingSystem::Linux || path.is_prose() {
                    continue;
                }
                let repaired = format!("/{}", text.trim_start_matches("./"));
                acc.report(span, format!("the path `{text}` in the container is not absolute"))
                    .case("relative")
                    .note("The container does not start: `mount path must be absolute`.")
                    .fix(Fix::unsafe_(
                        format!("Replace with `{repaired}`"),
                        vec![crate::host::Edit::ReplaceText { span, text: repaired.as_str().into() }],
                    ));
                continue;
            }
            let bare = text.trim_end_matches(['/', '\\']);
            if bare.is_empty() {
                acc.report(span, "nothing can be mounted over a container's root")
                    .case("root")
                    .note("The container does not start: `destination can't be '/'`.");
                continue;
            }
            match seen.get(bare).filter(|_| !container.is_chosen("mountPoints")) {
                Some(first) => {
                    acc.report(span, format!("something is mounted at `{bare}` already"))
                        .case("twice")
                        .note("The container does not start: `Duplicate mount point`.")
                        .related(*first, "here");
                }
                None => {
                    seen.insert(bare, span);
                }
            }
        }
    }
}
