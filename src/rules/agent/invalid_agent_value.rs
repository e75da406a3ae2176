use crate::catalog::AgentValue;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::graph::Neighbours;
use crate::model::AgentConfig;
use crate::rules::Rule;
use crate::text::quoted;

declare_rule! {
    /// Finds values in `ecs.config` that the ECS agent does not understand: durations without a unit, lists that are not JSON,
    /// `yes` for `true`.
    ///
    /// The agent logs a warning that hardly anybody sees, and goes on with the default.
    ///
    /// ```sh
    /// ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION=10
    /// ```
    ///
    /// A duration is a number with its unit, `10m`; a list is JSON, `["awslogs","splunk"]`.
    ///
    /// AWS: "Amazon ECS container agent configuration" in the Amazon ECS developer guide.
    pub InvalidAgentValue {
        id: "invalid-agent-value",
        group: Agent,
        reads: [AgentConfig],
        on: [AgentConfig],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "a variable of the ECS agent has a value of another type",
        sources: [],
        fix: None,
        since: "0.2.0",
    }
}

impl Rule for InvalidAgentValue {
    fn check_agent_config(&self, config: AgentConfig<'_>, _: &Neighbours, acc: &mut Findings) {
        for (variable, text) in config.known() {
            if variable.value.takes(&text.text) {
                continue;
            }
            let wanted = match variable.value {
                AgentValue::Boolean => "`true` or `false`".to_string(),
                AgentValue::Integer { min: Some(min), max: Some(max) } => {
                    format!("a whole number from {min} to {max}")
                }
                AgentValue::Integer { min: Some(min), .. } => format!("a whole number, {min} at least"),
                AgentValue::Integer { .. } => "a whole number".to_string(),
                AgentValue::Duration => "a duration with its unit, such as `10m`".to_string(),
                AgentValue::List => "a list in JSON, such as `[\"awslogs\"]`".to_string(),
                AgentValue::Object => "an object in JSON, such as `{\"stack\": \"prod\"}`".to_string(),
                AgentValue::Enum(values) => quoted(values),
                AgentValue::Text => continue,
            };
            acc.report(text.content_span(), format!("`{}` takes {wanted}", variable.name))
                .note("The agent goes on with the default.");
        }
    }
}
