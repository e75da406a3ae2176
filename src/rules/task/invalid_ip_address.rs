use super::values;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::host::value::StringValue;
use crate::model::{Container, TaskContext};
use crate::rules::Rule;
use std::net::IpAddr;

declare_rule! {
    /// Finds DNS servers, and hosts of a container's hosts file, that are given by something else than an IP address.
    ///
    /// `dnsServers` and the `ipAddress` of `extraHosts` take IPv4 or IPv6 addresses. With a name the container does not
    /// start.
    ///
    /// See "ContainerDefinition" and "HostEntry" in the Amazon ECS API Reference.
    pub InvalidIpAddress {
        id: "invalid-ip-address",
        group: Task,
        reads: [Container],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "what is to be an IP address is not one",
        sources: [],
        fix: None,
        since: "0.2.0",
    }
}

impl Rule for InvalidIpAddress {
    fn check_container(&self, container: Container<'_>, _: &TaskContext, acc: &mut Findings) {
        for server in values::texts(container.object, "dnsServers") {
            check(server, acc);
        }
        for host in container.objects("extraHosts") {
            if let Some(address) = values::stated(host, "ipAddress") {
                check(address, acc);
            }
        }
    }
}

fn check(address: &StringValue, acc: &mut Findings) {
    // Docker has a word for the instance.
    if address.is_prose() || &*address.text == "host-gateway" || address.text.parse::<IpAddr>().is_ok() {
        return;
    }
    acc.report(address.content_span(), format!("`{}` is not an IP address", address.text))
        .note("Write an IPv4 or IPv6 address. The container does not start.");
}
