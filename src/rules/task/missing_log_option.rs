use super::values;
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::value::{Object, Value};
use crate::host::{Edit, Name};
use crate::model::{Container, TaskContext};
use crate::rules::Rule;
use serde_json::json;

declare_rule! {
    /// Finds log configurations without an option that their driver needs: `awslogs-group` and
    /// `awslogs-region` of `awslogs`, on Fargate also `awslogs-stream-prefix`; `splunk-token` and `splunk-url` of
    /// `splunk`.
    ///
    /// ECS refuses the task definition.
    ///
    /// ```json
    /// "logConfiguration": {
    ///   "logDriver": "awslogs",
    ///   "options": {
    ///     "awslogs-group": "/ecs/web",
    ///     "awslogs-region": "eu-west-1",
    ///     "awslogs-stream-prefix": "web"
    ///   }
    /// }
    /// ```
    ///
    /// See "Send Amazon ECS logs to CloudWatch" in the Amazon ECS Developer Guide.
    pub MissingLogOption {
        id: "missing-log-option",
        group: Task,
        reads: [Container],
        templates: SilentOnPart,
        cases: ["fargate", "required"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a log driver lacks an option that it needs",
        sources: [
            "cfn-lint/E3046",
            "cdk-preflight/pf-ecs-awslogs-missing-group",
            "cdk-preflight/pf-ecs-awslogs-fargate-missing-stream-prefix",
        ],
        fix: Unsafe,
        since: "0.1.0",
        service_messages: [
            "Log driver awslogs requires options",
            "Fargate requires log configuration options to include awslogs-stream-prefix",
        ],
    }
}

impl Rule for MissingLogOption {
    fn check_container(&self, container: Container<'_>, task: &TaskContext, acc: &mut Findings) {
        let Some(log) = container.object.object("logConfiguration") else { return };
        let Some(driver) = log.string("logDriver").and_then(|driver| catalog::log_options(&driver.text))
        else {
            return;
        };
        let options = match log.get("options") {
            None | Some(Value::Null(_)) => None,
            Some(Value::Object(options)) => Some(options),
            Some(_) => return,
        };
        // A name that is filled in later may be any of them.
        if options.is_some_and(|options| options.members.iter().any(|member| member.name.has_unknown())) {
            return;
        }
        let secret = |name: &str| {
            log.items("secretOptions")
                .iter()
                .filter_map(Value::as_object)
                .any(|option| option.string("name").is_some_and(|it| &*it.text == name))
        };
        let prefix =
            (driver.driver == "awslogs" && task.launch_types.fargate).then_some("awslogs-stream-prefix");
        let missing: Vec<&'static str> = driver
            .required
            .iter()
            .copied()
            .chain(prefix)
            .filter(|name| !options.is_some_and(|options| options.has(name)) && !secret(name))
            .collect();
        for name in &missing {
            let place = options.unwrap_or(log).open();
            let on = if prefix == Some(name) { " on Fargate" } else { "" };
            let finding = acc
                .report(place, format!("the log driver `{}` needs the option `{name}`{on}", driver.driver));
            finding
                .case(if prefix == Some(name) { "fargate" } else { "required" })
                .note("ECS refuses the task definition.");
            finding.maybe_fix(fix(name, options, log, container));
        }
    }
}

fn fix(name: &str, options: Option<&Object>, log: &Object, container: Container<'_>) -> Option<Fix> {
    let own = container.name().filter(|name| !name.has_unknown()).map_or("app", |name| &name.text);
    let value = match name {
        "awslogs-group" => format!("/ecs/{own}"),
        // Images are mostly kept where they run.
        "awslogs-region" => container
            .image()
            .filter(|image| !image.has_unknown())
            .and_then(|image| values::ecr_region(&image.text))?
            .to_string(),
        "awslogs-stream-prefix" => own.to_string(),
        _ => return None,
    };
    let edit = match options {
        Some(options) => {
            Edit::InsertMember { object: options.span, name: Name::key(name), value: json!(value) }
        }
        None if !log.has("options") => Edit::InsertMember {
            object: log.span,
            name: Name::field("options"),
            value: json!({ name: value }),
        },
        None => return None,
    };
    Some(Fix::unsafe_(format!("Add `{name}`"), vec![edit]))
}
