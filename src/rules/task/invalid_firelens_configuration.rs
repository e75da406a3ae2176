use super::values;
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::host::value::{Object, Value};
use crate::model::{Container, TaskContext, TaskDefinition};
use crate::rules::{Rule, renaming};
use crate::text::Span;

declare_rule! {
    /// Finds a `firelensConfiguration` that does not work.
    ///
    /// * On Fargate `config-file-type` is `file`: the file is in the router's image.
    /// * `config-file-type` (`file` or `s3`) and `config-file-value` go together.
    /// * `enable-ecs-log-metadata` is `true` or `false`, as a string.
    /// * A task has one log router.
    /// * The router does not log by `awsfirelens` itself: its own logs would come back to it.
    ///
    /// See "FirelensConfiguration" in the Amazon ECS API Reference.
    pub InvalidFirelensConfiguration {
        id: "invalid-firelens-configuration",
        group: Task,
        reads: [Container, Task],
        cases: ["fargate", "itself", "metadata", "option", "pair", "second", "type", "unused", "value"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a log router is configured in a way that does not work",
        sources: [],
        fix: Unsafe,
        since: "0.1.0",
    }
}

impl Rule for InvalidFirelensConfiguration {
    fn check_task(&self, task: TaskDefinition<'_>, context: &TaskContext, acc: &mut Findings) {
        let mut first: Option<Span> = None;
        unused(task, context, acc);
        for (base, container) in task.containers() {
            let Some(member) = container.object.member("firelensConfiguration") else { continue };
            if member.value.as_object().is_none() {
                continue;
            }
            let span = member.name.content_span().shifted(base);
            match first {
                Some(first) => {
                    acc.report(span, "the task has a second log router")
                        .case("second")
                        .severity(Severity::Warning)
                        .note("All containers hand their logs to one of them.")
                        .related(first, "the first");
                }
                None => first = Some(span),
            }
        }
    }

    fn check_container(&self, container: Container<'_>, task: &TaskContext, acc: &mut Findings) {
        let Some(firelens) = container.object.object("firelensConfiguration") else { return };
        let driver = container.object.object("logConfiguration").and_then(|log| log.string("logDriver"));
        if let Some(driver) = driver.filter(|driver| &*driver.text == "awsfirelens") {
            acc.report(driver.content_span(), "the log router hands its own logs to itself")
                .case("itself")
                .severity(Severity::Warning)
                .note("Give it another driver, such as `awslogs`.");
        }
        if let Some(options) = firelens.object("options") {
            check_options(options, task.launch_types.fargate, acc);
        }
    }
}

fn is_driver(name: &str) -> bool {
    ["EC2", "FARGATE"].iter().any(|launch_type| catalog::log_drivers(launch_type).contains(&name))
}

/// A log router that no container hands its logs to.
fn unused(task: TaskDefinition<'_>, context: &TaskContext, acc: &mut Findings) {
    // A log router by itself is what documentation shows.
    if context.excerpt
        || task.document.is_partial
        || task.document.units.len() < 2
        || task.containers().count() != task.document.units.len()
    {
        return;
    }
    let uses = |container: Container<'_>| match container.get("logConfiguration") {
        None | Some(Value::Null(_)) => false,
        Some(Value::Object(log)) => log
            .string("logDriver")
            // A driver that there is not is another mistake, and may stand for this one.
            .is_none_or(|driver| {
                driver.has_unknown() || &*driver.text == "awsfirelens" || !is_driver(&driver.text)
            }),
        Some(_) => true,
    };
    if task.containers().any(|(_, container)| uses(container)) {
        return;
    }
    let router = task.containers().find_map(|(base, container)| {
        let member = container.object.member("firelensConfiguration")?;
        member.value.as_object().map(|_| member.name.content_span().shifted(base))
    });
    if let Some(span) = router {
        acc.report(span, "no container uses the log router: none has the log driver `awsfirelens`")
            .case("unused")
            .note("ECS refuses the task definition: at least one container has to be configured with the awsfirelens log driver.");
    }
}

fn check_options(options: &Object, fargate: bool, acc: &mut Findings) {
    let [firelens_configuration, log_configuration] =
        acc.names(["firelensConfiguration", "logConfiguration"]);
    let known = catalog::container_values("firelensOptions");
    for member in &options.members {
        let name = &member.name;
        // A generated skeleton calls it so.
        if known.contains(&&*name.text) || name.has_unknown() || &*name.text == "KeyName" {
            continue;
        }
        let near = catalog::guess(&name.text, known.iter().copied());
        let is_known = |name: &str| known.contains(&name);
        acc.report(name.content_span(), format!("`{firelens_configuration}` has no option `{}`", name.text))
            .case("option")
            .severity(Severity::Warning)
            .note(format!("It has `enable-ecs-log-metadata`, `config-file-type` and `config-file-value`. Options of an output belong in a container's `{log_configuration}`."))
            .maybe_fix(near.and_then(|near| {
                renaming::rename(options, name, name.content_span(), near, is_known)
            }));
    }
    if let Some(metadata) = values::stated(options, "enable-ecs-log-metadata")
        && !matches!(&*metadata.text, "true" | "false")
    {
        acc.report(
            metadata.content_span(),
            format!("`enable-ecs-log-metadata` is `true` or `false`, not `{}`", metadata.text),
        )
        .case("metadata")
        .severity(Severity::Warning)
        .note("ECS takes the two words as strings.");
    }
    if let Some(value) = options.string("config-file-value").filter(|it| it.text.trim().is_empty()) {
        acc.report(value.span, "`config-file-value` is empty")
            .case("value")
            .note("It is a path, or the ARN of an object in S3. ECS refuses the task definition.");
    }
    if let Some(kind) = values::stated(options, "config-file-type") {
        let span = kind.content_span();
        if !matches!(&*kind.text, "file" | "s3") {
            acc.report(span, format!("`config-file-type` is `file` or `s3`, not `{}`", kind.text))
                .case("type")
                .note("The task cannot start.");
        } else if &*kind.text == "s3" && fargate {
            acc.report(span, "on Fargate a log router's configuration is a `file` of its image")
                .case("fargate")
                .note("Fargate reads none from S3. Put the file into the image, or use an `init` image of aws-for-fluent-bit.");
        }
        if &*kind.text == "s3"
            && let Some(value) = values::stated(options, "config-file-value")
            && !value.text.starts_with("arn:")
            && !value.text.trim().is_empty()
        {
            let place = value.content_span();
            let right = value.text.strip_prefix("s3://").map(|rest| format!("arn:aws:s3:::{rest}"));
            acc.report(place, "with `s3`, `config-file-value` must be the ARN of an object")
                .case("value")
                .note("Write `arn:aws:s3:::BUCKET/KEY`. ECS refuses the task definition.")
                .maybe_fix(right.map(|right| Fix::replace_text(place, &right)));
        }
        if !options.has("config-file-value") {
            acc.report(span, "`config-file-type` needs `config-file-value` beside it")
                .case("pair")
                .severity(Severity::Warning)
                .note("It says where the file is: a path, or the ARN of an object in S3.");
        }
    } else if let Some(value) =
        options.member("config-file-value").filter(|_| !options.has("config-file-type"))
    {
        acc.report(value.name.content_span(), "`config-file-value` needs `config-file-type` beside it")
            .case("pair")
            .severity(Severity::Warning)
            .note("It is `file` or `s3`.");
    }
}
