use super::values;
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::value::StringValue;
use crate::model::{Container, NetworkMode, TaskContext};
use crate::rules::Rule;
use crate::text::Span;

declare_rule! {
    /// Finds a `containerPortRange` that ECS refuses.
    ///
    /// It is `LOW-HIGH`, both from 1 to 65535, the first below the last. A container has 100 of them at most. It cannot be combined with `containerPort` or
    /// `hostPort` in the same mapping, overlaps no other range or port of its container, and needs the network mode
    /// `bridge` or `awsvpc`.
    ///
    /// See "PortMapping" in the Amazon ECS API Reference.
    pub InvalidPortRange {
        id: "invalid-port-range",
        group: Task,
        reads: [Container],
        cases: ["both", "count", "malformed", "mode", "overlap", "reversed"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a port range is one that ECS refuses",
        sources: [
            "cdk-preflight/pf-ecs-port-range-overlap",
            "cdk-preflight/pf-ecs-port-range-reversed",
            "cdk-preflight/pf-ecs-port-range-with-host-port",
        ],
        fix: Unsafe,
        since: "0.1.0",
        service_messages: [
            "Invalid 'containerPortRange' setting",
            "cannot specify both single port and port range",
            "container port is used multiple times in task",
        ],
    }
}

impl Rule for InvalidPortRange {
    fn check_container(&self, container: Container<'_>, task: &TaskContext, acc: &mut Findings) {
        let container_port_range = acc.name("containerPortRange");
        let mut seen: Vec<(i64, i64, Span)> = Vec::new();
        let mut ranges = 0;
        for mapping in container.objects("portMappings") {
            let Some(range) = values::stated(mapping, "containerPortRange") else { continue };
            let span = range.content_span();
            for field in ["containerPort", "hostPort"] {
                if let Some(member) = mapping.member(field).filter(|it| it.value.as_number().is_some()) {
                    acc.report(member.name.content_span(), format!("`{}` cannot be combined with `{container_port_range}`", acc.name(field)))
                        .case("both")
                        .note("ECS refuses the task definition: `cannot specify both single port and port range`. Make them two mappings.")
                        .related(span, "the range");
                }
            }
            if task.network_mode == NetworkMode::Host {
                acc.report(span, "a port range needs the network mode `bridge` or `awsvpc`")
                    .case("mode")
                    .note("The task is in the mode `host`, where every port of a container is open anyway.");
            }
            ranges += 1;
            if let Some(most) = catalog::container_limit("containerPortRange")
                && ranges == most + 1
            {
                acc.report(span, format!("a container has {most} port ranges at most"))
                    .case("count")
                    .note("ECS refuses the task definition.");
            }
            let Some((low, high)) = check(range, acc) else { continue };
            match seen.iter().find(|(from, to, _)| low <= *to && *from <= high) {
                Some((.., other)) => {
                    acc.report(span, format!("the port range `{}` overlaps another", range.text))
                        .case("overlap")
                        .note("ECS refuses the task definition: `container port is used multiple times in task`.")
                        .related(*other, "the other");
                }
                None => seen.push((low, high, span)),
            }
        }
    }
}

/// The range, where it is one.
fn check(range: &StringValue, acc: &mut Findings) -> Option<(i64, i64)> {
    let span = range.content_span();
    let ports = range.text.split_once('-').and_then(|(low, high)| {
        let port = |text: &str| text.parse::<i64>().ok().filter(|port| (1..=65535).contains(port));
        Some((port(low)?, port(high)?))
    });
    let Some((low, high)) = ports else {
        acc.report(span, format!("`{}` is not a range of ports", range.text))
            .case("malformed")
            .note("Write `8000-8010`, with ports from 1 to 65535. ECS refuses the task definition.");
        return None;
    };
    if low >= high {
        let finding = acc.report(span, format!("the range begins with {low} and ends with {high}"));
        finding.case("reversed").note("The first port is below the last. ECS refuses the task definition.");
        if low > high {
            let text = format!("{high}-{low}");
            finding.fix(Fix::unsafe_(
                format!("Replace with `{text}`"),
                vec![crate::host::Edit::ReplaceText { span, text: text.into() }],
            ));
        }
        return None;
    }
    Some((low, high))
}
