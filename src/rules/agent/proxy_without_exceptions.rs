use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Safety};
use crate::graph::Neighbours;
use crate::host::Edit;
use crate::model::AgentConfig;
use crate::rules::Rule;
use crate::text::quoted;

declare_rule! {
    /// Finds an `HTTP_PROXY` in `ecs.config` whose `NO_PROXY` leaves out what must not go through a proxy: the instance's
    /// metadata (169.254.169.254), the credentials of tasks (169.254.170.2) and Docker's socket.
    ///
    /// Without the exceptions the agent asks the proxy for them, gets nothing, and does not register the instance.
    ///
    /// ```sh
    /// HTTP_PROXY=10.0.0.131:3128
    /// NO_PROXY=169.254.169.254,169.254.170.2,/var/run/docker.sock
    /// ```
    ///
    /// On Windows the socket is `\\\\.\\pipe\\docker_engine`.
    ///
    /// AWS: "Using an HTTP proxy for Amazon ECS Linux container instances" in the Amazon ECS developer guide.
    pub ProxyWithoutExceptions {
        id: "proxy-without-exceptions",
        group: Agent,
        reads: [AgentConfig],
        on: [AgentConfig],
        cases: ["absent", "incomplete"],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "the ECS agent sends local traffic through a proxy",
        sources: [],
        fix: Safe,
        since: "0.2.0",
    }
}

const LOCAL: [&str; 2] = ["169.254.169.254", "169.254.170.2"];
const LINUX_SOCKET: &str = "/var/run/docker.sock";
const WINDOWS_SOCKET: &str = "docker_engine";

impl Rule for ProxyWithoutExceptions {
    fn check_agent_config(&self, config: AgentConfig<'_>, _: &Neighbours, acc: &mut Findings) {
        let Some(proxy) = config.set("HTTP_PROXY") else { return };
        let all = format!("NO_PROXY={},{LINUX_SOCKET}", LOCAL.join(","));
        let Some(exceptions) = config.variables.member("NO_PROXY") else {
            acc.report(proxy.name.span, "a proxy without `NO_PROXY` takes the agent's local traffic, too")
                .case("absent")
                .note(format!("The agent reaches neither metadata nor Docker. Add `{all}`."));
            return;
        };
        let Some(value) = exceptions.value.as_string().filter(|value| !value.has_unknown()) else { return };
        let has = |wanted: &str| value.text.split(',').any(|part| part.trim() == wanted);
        let mut absent: Vec<&str> = LOCAL.into_iter().filter(|wanted| !has(wanted)).collect();
        if !has(LINUX_SOCKET) && !value.text.contains(WINDOWS_SOCKET) {
            absent.push(LINUX_SOCKET);
        }
        if !absent.is_empty() {
            acc.report(value.content_span(), format!("`NO_PROXY` leaves out {}", quoted(&absent)))
                .case("incomplete")
                .note("The agent asks the proxy for it, and gets nothing.")
                .fix(Fix {
                    title: "Add what is absent".into(),
                    safety: Safety::Safe,
                    edits: vec![Edit::ReplaceText {
                        span: value.content_span(),
                        text: format!("{},{}", value.text.trim_end_matches(','), absent.join(",")).into(),
                    }],
                });
        }
    }
}
