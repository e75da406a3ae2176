use super::names;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::host::value::{Object, Value};
use crate::model::{NetworkMode, TaskContext, TaskDefinition};
use crate::rules::Rule;
use crate::text::quoted;

declare_rule! {
    /// Finds a `proxyConfiguration` that cannot work: without the network mode `awsvpc`, for a container that the
    /// task does not have, or without the properties that App Mesh needs.
    ///
    /// Needed are `ProxyIngressPort`, `ProxyEgressPort`, `AppPorts`, `EgressIgnoredIPs`, and one of `IgnoredUID`
    /// and `IgnoredGID`. ECS refuses the task definition.
    ///
    /// See "ProxyConfiguration" in the Amazon ECS API Reference.
    pub InvalidProxyConfiguration {
        id: "invalid-proxy-configuration",
        group: Task,
        reads: [Task],
        cases: ["container", "ignored", "network-mode", "properties"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "the proxy configuration cannot work",
        sources: [
            "cdk-preflight/pf-ecs-proxy-configuration-awsvpc-required",
            "cdk-preflight/pf-ecs-proxy-configuration-container-missing",
            "cdk-preflight/pf-ecs-proxy-configuration-missing-required-props",
        ],
        fix: Unsafe,
        since: "0.2.0",
        service_messages: [
            "APPMESH proxy configuration is only supported in networkMode=awsvpc",
            "Proxy container does not exist",
            "Ingress port not found",
        ],
    }
}

const NEEDED: [&str; 4] = ["ProxyIngressPort", "ProxyEgressPort", "AppPorts", "EgressIgnoredIPs"];

impl Rule for InvalidProxyConfiguration {
    fn check_task(&self, task: TaskDefinition<'_>, context: &TaskContext, acc: &mut Findings) {
        let Some(member) = task.head.and_then(|head| head.member("proxyConfiguration")) else { return };
        let Some(proxy) = member.value.as_object().filter(|_| context.whole) else { return };
        let needs_mode = match context.network_mode {
            NetworkMode::Awsvpc | NetworkMode::Other => false,
            // What that means depends on where it runs; Fargate asks for the mode by itself.
            NetworkMode::Absent => !context.launch_types.fargate && !context.launch_types.managed_instances,
            _ => true,
        };
        if needs_mode {
            acc.report(member.name.content_span(), "a proxy configuration needs the network mode `awsvpc`")
                .case("network-mode")
                .note("ECS refuses the task definition: `APPMESH proxy configuration is only supported in networkMode=awsvpc`.");
        }
        if let (Some(name), Some(containers)) =
            (proxy.string("containerName").filter(|name| !name.has_unknown()), names::containers(task))
            && !containers.contains(&&*name.text)
        {
            let near = names::guess(&name.text, containers.iter().copied());
            let span = if name.text.is_empty() { name.span } else { name.content_span() };
            acc.report(span, format!("the task has no container `{}`", name.text))
                .case("container")
                .note(names::refused(&containers))
                .maybe_fix(near.map(|near| Fix::guess(span, near)));
        }
        properties(proxy, acc);
    }
}

fn properties(proxy: &Object, acc: &mut Findings) {
    let place = match proxy.get("properties") {
        None | Some(Value::Null(_)) => proxy.open(),
        Some(Value::Array(array)) => array.open(),
        // Terraform writes a map.
        Some(_) => return,
    };
    let mut names: Vec<&str> = Vec::new();
    for property in proxy.items("properties") {
        match property.as_object().map(|property| property.string("name")) {
            Some(Some(name)) if !name.has_unknown() => names.push(&name.text),
            // It may be any of them.
            _ => return,
        }
    }
    let missing = quoted(NEEDED.iter().filter(|name| !names.contains(name)));
    if !missing.is_empty() {
        acc.report(place, format!("the proxy configuration has no {missing}"))
            .case("properties")
            .note("ECS refuses the task definition.");
    } else if !names.contains(&"IgnoredUID") && !names.contains(&"IgnoredGID") {
        acc.report(place, "the proxy configuration has neither `IgnoredUID` nor `IgnoredGID`")
            .case("ignored")
            .severity(Severity::Warning)
            .note("One of them keeps the proxy's own traffic out of the proxy.");
    }
}
