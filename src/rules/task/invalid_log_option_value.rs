use super::values;
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Safety, Severity};
use crate::host::value::{Object, StringValue};
use crate::model::{Container, TaskContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds options of a log driver whose value it does not take, or that rule each other out.
    ///
    /// * `mode` is `blocking` or `non-blocking`.
    /// * `max-buffer-size` is a number with a unit, such as `25m`, and counts only with `non-blocking`.
    /// * `awslogs-datetime-format` and `awslogs-multiline-pattern` cannot be combined.
    /// * `awslogs-create-group` is `true`, or left out.
    /// * `awslogs-region` is a Region: no Availability Zone, no name of one.
    /// * `awslogs-group` is the name of a log group: letters, digits and `_-/.#`, no ARN.
    ///
    /// The container does not start, or its logs go nowhere.
    ///
    /// See "LogConfiguration" in the Amazon ECS API Reference.
    pub InvalidLogOptionValue {
        id: "invalid-log-option-value",
        group: Task,
        reads: [Container],
        cases: ["buffer", "create-group", "exclusive", "group", "group-arn", "mode", "region", "size", "zone"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a log driver does not take the value of an option",
        sources: [],
        fix: Unsafe,
        since: "0.1.0",
        service_messages: [
            "you cannot configure log opt 'awslogs-datetime-format' and 'awslogs-multiline-pattern' at the same time",
            "logging mode not supported",
            "max-buffer-size option is only supported with 'mode=non-blocking'",
            "must specify valid value for log opt 'awslogs-create-group'",
        ],
    }
}

impl Rule for InvalidLogOptionValue {
    fn check_container(&self, container: Container<'_>, _task: &TaskContext, acc: &mut Findings) {
        let Some(log) = container.object.object("logConfiguration") else { return };
        let Some(options) = log.object("options") else { return };
        mode(options, acc);
        if log.string("logDriver").is_some_and(|driver| &*driver.text == "awslogs") {
            awslogs(options, acc);
        }
    }
}

fn mode(options: &Object, acc: &mut Findings) {
    let mode = values::stated(options, "mode");
    if let Some(mode) = mode.filter(|mode| !matches!(&*mode.text, "blocking" | "non-blocking")) {
        let span = mode.content_span();
        let near = catalog::guess(&mode.text.replace('_', "-"), ["blocking", "non-blocking"].into_iter());
        acc.report(span, format!("`mode` is `blocking` or `non-blocking`, not `{}`", mode.text))
            .case("mode")
            .note("The container does not start.")
            .maybe_fix(near.map(|near| Fix::guess(span, near)));
    }
    let Some(size) = values::stated(options, "max-buffer-size") else { return };
    if !is_size(&size.text) {
        acc.report(size.content_span(), format!("`{}` is not a size", size.text))
            .case("size")
            .note("Write a number with a unit: `25m`. The container does not start.");
    } else if let Some(mode) = mode.filter(|mode| &*mode.text == "blocking") {
        acc.report(size.content_span(), "`max-buffer-size` counts only with the mode `non-blocking`")
            .case("buffer")
            .severity(Severity::Warning)
            .note("Docker refuses it with `blocking`.")
            .related(mode.content_span(), "the mode");
    }
}

/// As Docker reads sizes: `25m`, `1g`, `1024`, `4 MiB`.
fn is_size(text: &str) -> bool {
    let digits = text.bytes().take_while(|it| it.is_ascii_digit() || *it == b'.').count();
    let unit = text[digits..].trim().to_ascii_lowercase();
    digits > 0
        && matches!(
            unit.as_str(),
            "" | "b" | "k" | "kb" | "kib" | "m" | "mb" | "mib" | "g" | "gb" | "gib" | "t" | "tb" | "tib"
        )
}

fn awslogs(options: &Object, acc: &mut Findings) {
    if let (Some(format), Some(pattern)) =
        (options.member("awslogs-datetime-format"), options.member("awslogs-multiline-pattern"))
    {
        acc.report(
            pattern.name.content_span(),
            "`awslogs-multiline-pattern` and `awslogs-datetime-format` cannot be combined",
        )
        .case("exclusive")
        .note("Both say where a message begins. The container does not start.")
        .related(format.name.content_span(), "the other");
    }
    if let Some(create) = values::stated(options, "awslogs-create-group")
        // What Go reads as true.
        && !matches!(&*create.text, "1" | "t" | "T" | "true" | "TRUE" | "True")
    {
        let finding = acc.report(
            create.content_span(),
            format!("`awslogs-create-group` takes only `true`, not `{}`", create.text),
        );
        finding
            .case("create-group")
            .note("Where no group is to be created, leave the option out. ECS refuses the task definition.");
        if matches!(&*create.text, "0" | "f" | "F" | "false" | "FALSE" | "False") {
            finding.fix(Fix::safe(
                "Remove `awslogs-create-group`",
                vec![crate::host::Edit::RemoveMember { span: create.span }],
            ));
        }
    }
    if let Some(region) = values::stated(options, "awslogs-region") {
        check_region(region, acc);
    }
    if let Some(group) = values::stated(options, "awslogs-group") {
        check_group(group, acc);
    }
}

/// Says nothing of Regions that may be newer than this program, nor of words for what belongs there.
fn check_region(region: &StringValue, acc: &mut Findings) {
    let text = &*region.text;
    if catalog::is_region(text) {
        return;
    }
    let span = region.content_span();
    let is_zone = text.len() > 1
        && text.ends_with(|it: char| it.is_ascii_lowercase())
        && catalog::is_region(&text[..text.len() - 1]);
    if is_zone {
        acc.report(span, format!("`{text}` is an Availability Zone, not a Region"))
            .case("zone")
            .note("Its logs go nowhere, and the task does not start.")
            .fix(Fix::replace_text(span, &text[..text.len() - 1]));
        return;
    }
    let parts: Vec<&str> = text.split('-').collect();
    let is_shaped =
        parts.len() > 2 && parts.last().is_some_and(|it| it.bytes().all(|it| it.is_ascii_digit()));
    if is_shaped && parts.iter().all(|it| !it.is_empty()) || !text.bytes().any(|it| it.is_ascii_digit()) {
        return;
    }
    let regions = catalog::partitions().iter().flat_map(|(_, regions)| regions.iter().copied());
    if let Some(near) = catalog::guess(text, regions) {
        acc.report(span, format!("there is no Region `{text}`; did you mean `{}`?", near.word))
            .case("region")
            .note("Its logs go nowhere, and the task does not start.")
            .fix(Fix::guess(span, near));
    }
}

fn check_group(group: &StringValue, acc: &mut Findings) {
    let text = &*group.text;
    let span = group.content_span();
    if text.starts_with("arn:") {
        let name = text.splitn(7, ':').nth(6).map(|it| it.trim_end_matches(":*"));
        acc.report(span, "`awslogs-group` is the log group's name, not its ARN")
            .case("group-arn")
            .note("There is no log group of that name.")
            .maybe_fix(
                name.filter(|name| !name.is_empty() && !name.contains(':'))
                    // Its Region and account go: it may be a group of elsewhere.
                    .map(|name| Fix { safety: Safety::Unsafe, ..Fix::replace_text(span, name) }),
            );
        return;
    }
    if group.is_prose() {
        return;
    }
    let is_fine = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-' | '/' | '.' | '#');
    if let Some((at, wrong)) = text.char_indices().find(|(_, it)| !is_fine(*it)) {
        let shown = if wrong.is_whitespace() { "a blank".to_string() } else { format!("`{wrong}`") };
        acc.report(
            group.part(at..at + wrong.len_utf8()),
            format!("the name of a log group has no {}", shown.trim_start_matches("a ")),
        )
        .case("group")
        .note("It takes letters, digits and `_-/.#`. There is no log group of that name.");
    } else if let Some(most) = catalog::container_limit("logGroupLength")
        && text.len() > most as usize
    {
        acc.report(span, format!("the name of a log group has {most} characters at most"))
            .case("group")
            .note("There is no log group of that name.");
    }
}
