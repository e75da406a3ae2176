use super::values;
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::host::value::Value;
use crate::model::{NetworkMode, TaskContext, TaskDefinition};
use crate::rules::Rule;
use crate::text::Span;
use std::collections::HashMap;

declare_rule! {
    /// Finds `systemControls` that a container cannot set.
    ///
    /// Only parameters with a namespace of their own can be set: `net.*` of the network, `kernel.msg*`, `kernel.sem`,
    /// `kernel.shm*` and `fs.mqueue.*` of IPC. In the network mode `host` none of the network, in the IPC mode `host`
    /// none of IPC: both belong to the instance then. Others are the instance's in any case (`vm.max_map_count`).
    ///
    /// See "SystemControl" in the Amazon ECS API Reference.
    pub UnsupportedSystemControl {
        id: "unsupported-system-control",
        group: Task,
        reads: [Task],
        cases: ["ipc", "namespace", "network", "twice"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a container cannot set that kernel parameter",
        sources: [],
        fix: None,
        since: "0.1.0",
        service_messages: ["is not in a separate kernel namespace", "not allowed in host network namespace", "not allowed in host ipc namespace"],
    }
}

impl Rule for UnsupportedSystemControl {
    fn check_task(&self, task: TaskDefinition<'_>, context: &TaskContext, acc: &mut Findings) {
        let is_host_ipc =
            task.get("ipcMode").and_then(Value::as_string).is_some_and(|mode| &*mode.text == "host");
        for (base, container) in task.containers() {
            let mut seen: HashMap<&str, Span> = HashMap::new();
            for control in container.objects("systemControls") {
                let Some(name) = values::stated(control, "namespace") else { continue };
                let span = name.content_span().shifted(base);
                let listed = |list: &str| {
                    catalog::container_values(list)
                        .iter()
                        .any(|it| *it == &*name.text || it.ends_with('.') && name.text.starts_with(it))
                };
                if listed("networkSysctls") {
                    if context.network_mode == NetworkMode::Host {
                        acc.report(
                            span,
                            format!("in the network mode `host` a container cannot set `{}`", name.text),
                        )
                        .case("network")
                        .note("The network is the instance's. The container does not start.");
                    }
                } else if listed("ipcSysctls") {
                    if is_host_ipc {
                        acc.report(
                            span,
                            format!("in the IPC mode `host` a container cannot set `{}`", name.text),
                        )
                        .case("ipc")
                        .note("IPC is the instance's. The container does not start.");
                    }
                } else {
                    let known = ["kernel.", "vm.", "fs.", "user.", "dev.", "net/", "kernel/"];
                    let finding = acc.report(span, format!("a container cannot set `{}`", name.text));
                    finding
                        .case("namespace")
                        .note("It has no namespace of its own: set it on the instance. The container does not start.");
                    if !known.iter().any(|it| name.text.starts_with(it))
                        || name.text.starts_with("kernel.domainname")
                    {
                        finding.severity(Severity::Warning).note("ECS takes `net.*`, and those of IPC.");
                    }
                }
                match seen.get(&*name.text) {
                    Some(first) => {
                        acc.report(span, format!("`{}` is set twice", name.text))
                            .case("twice")
                            .severity(Severity::Warning)
                            .note("One of the two counts.")
                            .related(*first, "the first");
                    }
                    None => {
                        seen.insert(&name.text, span);
                    }
                }
            }
        }
    }
}
