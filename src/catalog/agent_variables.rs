//! Variables of the ECS container agent.

use super::tables;

/// A variable of `ecs.config`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgentVariable {
    pub name: &'static str,
    pub value: AgentValue,
}

/// What a variable takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgentValue {
    /// As Go reads it: `true`, `false`, `1`, `0`, `t`, `f` and some more.
    Boolean,
    /// Bounds included; `None` where there is none.
    Integer {
        min: Option<i64>,
        max: Option<i64>,
    },
    /// As Go reads it: `10m`, `1h30m`.
    Duration,
    /// JSON: `["awslogs"]`.
    List,
    /// JSON: `{"stack": "prod"}`.
    Object,
    /// The only values it takes.
    Enum(&'static [&'static str]),
    Text,
}

pub fn agent_variables() -> &'static [AgentVariable] {
    tables::AGENT_VARIABLES
}

pub fn agent_variable(name: &str) -> Option<&'static AgentVariable> {
    tables::AGENT_VARIABLES.iter().find(|variable| variable.name == name)
}

impl AgentValue {
    /// Whether the agent takes the text for such a value.
    pub fn takes(self, text: &str) -> bool {
        match self {
            AgentValue::Boolean => matches!(
                text,
                "true" | "false" | "1" | "0" | "t" | "f" | "T" | "F" | "TRUE" | "FALSE" | "True" | "False"
            ),
            AgentValue::Integer { min, max } => text.parse::<i64>().is_ok_and(|number| {
                min.is_none_or(|min| min <= number) && max.is_none_or(|max| number <= max)
            }),
            AgentValue::Duration => is_duration(text),
            AgentValue::List => serde_json::from_str::<Vec<serde_json::Value>>(text).is_ok(),
            AgentValue::Object => {
                serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text).is_ok()
            }
            AgentValue::Enum(values) => values.contains(&text),
            AgentValue::Text => true,
        }
    }
}

/// Numbers with units: `1h30m`, `1.5s`, `0`.
fn is_duration(text: &str) -> bool {
    let mut rest = text;
    if rest == "0" {
        return true;
    }
    if rest.is_empty() {
        return false;
    }
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
        if digits == 0 {
            return false;
        }
        rest = &rest[digits..];
        let Some(unit) = ["ns", "us", "µs", "ms", "s", "m", "h"].iter().find(|unit| rest.starts_with(**unit))
        else {
            return false;
        };
        // `m` begins `ms`.
        let unit = if rest.starts_with("ms") { "ms" } else { unit };
        rest = &rest[unit.len()..];
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_those_of_go() {
        for (text, expected) in [
            ("10m", true),
            ("1h30m", true),
            ("100ms", true),
            ("1.5s", true),
            ("10", false),
            ("10 m", false),
            ("m", false),
        ] {
            assert_eq!(is_duration(text), expected, "{text}");
        }
        assert_eq!(agent_variable("ECS_CLUSTER").map(|it| it.value), Some(AgentValue::Text));
    }
}
