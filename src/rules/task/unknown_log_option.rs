use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::model::{Container, TaskContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds options that the log drivers `awslogs` and `splunk` do not have.
    ///
    /// The container does not start: Docker answers `unknown log opt`.
    ///
    /// Other drivers take options that are not listed anywhere for good; theirs are left alone.
    pub UnknownLogOption {
        id: "unknown-log-option",
        group: Task,
        reads: [Container],
        severity: Warning,
        confidence: Medium,
        level: Default,
        summary: "a log driver has no such option",
        sources: ["cfn-lint/E3046"],
        fix: Safe,
        since: "0.1.0",
        service_messages: ["unknown log opt"],
    }
}

impl Rule for UnknownLogOption {
    fn check_container(&self, container: Container<'_>, _task: &TaskContext, acc: &mut Findings) {
        let Some(log) = container.object.object("logConfiguration") else { return };
        let Some(driver) = log.string("logDriver").and_then(|driver| catalog::log_options(&driver.text))
        else {
            return;
        };
        let Some(options) = log.object("options") else { return };
        let known = || driver.required.iter().chain(driver.optional).copied();
        for member in &options.members {
            let name = &member.name;
            if name.has_unknown() || known().any(|known| known == &*name.text) {
                continue;
            }
            let span = name.content_span();
            let near = catalog::nearest(&name.text, known());
            let message = match near {
                Some(near) => {
                    format!("`{}` has no option `{}`; did you mean `{near}`?", driver.driver, name.text)
                }
                None => format!("`{}` has no option `{}`", driver.driver, name.text),
            };
            acc.report(span, message)
                .note("The container does not start: `unknown log opt`.")
                .maybe_fix(near.map(|near| Fix::replace_text(span, near)));
        }
    }
}
