use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::host::Edit;
use crate::host::value::{Array, StringValue, Value};
use crate::model::{Container, TaskContext};
use crate::rules::Rule;
use serde_json::json;

declare_rule! {
    /// Finds health checks whose `command` does not run what it says.
    ///
    /// The first item says how the rest is run: `CMD` runs one program with its arguments, one an item; `CMD-SHELL`
    /// gives the one text behind it to the container's shell. So `CMD` with `||` or with a whole line in one item
    /// looks for a program of that name, and `CMD-SHELL` with several items runs the first of them alone.
    ///
    /// ```json
    /// "command": ["CMD-SHELL", "curl -f http://localhost/ || exit 1"]
    /// "command": ["CMD", "curl", "-f", "http://localhost/"]
    /// ```
    ///
    /// The API Reference asks for one of the two words. Docker knows no other form: where neither stands, a container
    /// instance runs no check, and the container is never healthy. Fargate has been seen to run such a list as it is, so
    /// unless the task is for instances only that is only mentioned.
    ///
    /// See "HealthCheck" in the Amazon ECS API Reference.
    pub MalformedHealthCheckCommand {
        id: "malformed-health-check-command",
        group: Task,
        reads: [Container],
        cases: ["empty", "nothing", "one-item", "prefix", "several", "shell", "spelling"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a health check does not run what it says",
        sources: [],
        fix: Unsafe,
        since: "0.1.0",
    }
}

impl Rule for MalformedHealthCheckCommand {
    fn check_container(&self, container: Container<'_>, task: &TaskContext, acc: &mut Findings) {
        let Some(Value::Array(command)) =
            container.object.object("healthCheck").and_then(|it| it.get("command"))
        else {
            return;
        };
        check(command, task, acc);
    }
}

fn check(command: &Array, task: &TaskContext, acc: &mut Findings) {
    // Of several words that a condition chooses from, one is there.
    if command.is_choice() {
        return;
    }
    let Some(first) = command.items.first() else {
        acc.report(command.span, "a health check needs a command")
            .case("empty")
            .note("ECS refuses the task definition.");
        return;
    };
    let Some(first) = first.as_string().filter(|it| !it.has_unknown() && !it.text.is_empty()) else { return };
    let rest = &command.items[1..];
    let replace = |items: Vec<&str>| vec![Edit::ReplaceValue { span: command.span, value: json!(items) }];
    match &*first.text {
        "NONE" => {}
        "CMD" | "CMD-SHELL" if rest.is_empty() => {
            acc.report(first.content_span(), format!("nothing stands behind `{}`", first.text))
                .case("nothing")
                .severity(Severity::Warning)
                .note("The check has no command to run, so it never succeeds.");
        }
        "CMD" => {
            let line = |item: &&StringValue| is_shell(&item.text) && !item.has_unknown();
            // A word for a shell of its own runs what a shell runs.
            let own_shell =
                rest.first().and_then(Value::as_string).is_some_and(|it| is_interpreter(&it.text));
            let single = match rest {
                [only] => only
                    .as_string()
                    .filter(|it| it.text.contains(' ') && !it.text.contains('\\') && !it.has_unknown()),
                _ => None,
            };
            let shell = rest.iter().filter_map(Value::as_string).find(line).filter(|_| !own_shell);
            let Some(item) = shell.or(single) else { return };
            let texts: Option<Vec<&str>> = rest.iter().map(|it| it.as_string().map(|it| &*it.text)).collect();
            acc.report(first.content_span(), "`CMD` runs a program, not a line for a shell")
                .case("shell")
                .severity(Severity::Warning)
                .note("The check looks for a program of that name, so it never succeeds. `CMD-SHELL` takes the whole line as one item.")
                .related(item.content_span(), "the line")
                .maybe_fix(texts.map(|texts| {
                    let line = texts.join(" ");
                    Fix::unsafe_("Use `CMD-SHELL`", replace(vec!["CMD-SHELL", &line]))
                }));
        }
        "CMD-SHELL" if rest.len() > 1 => {
            let texts: Option<Vec<&str>> = rest.iter().map(|it| it.as_string().map(|it| &*it.text)).collect();
            let second = rest.get(1).map_or(command.span, Value::span);
            acc.report(second, "`CMD-SHELL` runs the one item behind it only")
                .case("several")
                .severity(Severity::Warning)
                .note("The others become arguments of the shell and are lost. Write the whole line as one item, or use `CMD`.")
                .maybe_fix(texts.map(|texts| {
                    let line = texts.join(" ");
                    Fix::unsafe_("Join the items", replace(vec!["CMD-SHELL", &line]))
                }));
        }
        "CMD-SHELL" => {}
        other => {
            let text = other.trim_start();
            // As the console wants it: `CMD-SHELL, curl -f http://localhost/ || exit 1`.
            let in_one = ["CMD-SHELL", "CMD"].into_iter().find_map(|word| {
                let behind = text.strip_prefix(word)?;
                let line = behind.trim_start_matches([',', ' ']);
                (line.len() < behind.len() && !line.is_empty()).then_some((word, line))
            });
            if let (Some((word, line)), true) = (in_one, rest.is_empty()) {
                acc.report(first.content_span(), format!("`{word}` and the command are two items"))
                    .case("one-item")
                    .severity(Severity::Warning)
                    .note("In one text they are the console's form. Docker does not know this form and runs no check.")
                    .fix(Fix::unsafe_("Split them", replace(vec!["CMD-SHELL", line])));
                return;
            }
            if let Some(right) = ["CMD", "CMD-SHELL", "NONE"].into_iter().find(|it| {
                text.trim_end().eq_ignore_ascii_case(it) || text.replace('_', "-").eq_ignore_ascii_case(it)
            }) {
                acc.report(first.content_span(), format!("`{other}` is spelt `{right}`"))
                    .case("spelling")
                    .severity(Severity::Warning)
                    .note("Docker does not know this form and runs no check.")
                    .fix(Fix::replace_text(first.content_span(), right));
                return;
            }
            let line = rest.is_empty() && other.contains(' ');
            let finding =
                acc.report(first.content_span(), "a health check's command begins with `CMD` or `CMD-SHELL`");
            finding.case("prefix").severity(
                if line || task.launch_types.stated && !task.launch_types.fargate {
                    Severity::Warning
                } else {
                    Severity::Info
                },
            );
            if line {
                finding
                    .note("Docker knows no other form and runs no check. Put `CMD-SHELL` before the line.")
                    .fix(Fix::unsafe_("Put `CMD-SHELL` before it", replace(vec!["CMD-SHELL", other])));
            } else {
                let texts: Option<Vec<&str>> =
                    command.items.iter().map(|it| it.as_string().map(|it| &*it.text)).collect();
                finding
                    .note("Docker knows no other form and runs no check; Fargate has been seen to run the list as it is.")
                    .maybe_fix(texts.map(|mut texts| {
                        texts.insert(0, "CMD");
                        Fix::unsafe_("Put `CMD` before it", replace(texts))
                    }));
            }
        }
    }
}

/// Whether an item means something to a shell only.
fn is_shell(item: &str) -> bool {
    matches!(item, "||" | "&&" | "|" | ";" | ">" | ">/dev/null")
        || item.contains(" || ")
        || item.contains(" && ")
}

fn is_interpreter(program: &str) -> bool {
    let name = program.rsplit(['/', '\\']).next().unwrap_or(program);
    let name = name.trim_end_matches(".exe");
    matches!(
        name,
        "sh" | "bash"
            | "ash"
            | "dash"
            | "zsh"
            | "node"
            | "python"
            | "python3"
            | "ruby"
            | "perl"
            | "php"
            | "powershell"
            | "pwsh"
            | "cmd"
            | "busybox"
            | "env"
            | "psql"
            | "mysql"
    )
}
