use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{Container, TaskContext};
use crate::rules::{Rule, renaming};

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
        fix: Unsafe,
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
            let near = catalog::guess(&name.text, known());
            let did_you_mean = renaming::did_you_mean(near.as_ref());
            let is_known = |name: &str| known().any(|known| known == name);
            acc.report(span, format!("`{}` has no option `{}`{did_you_mean}", driver.driver, name.text))
                .note("The container does not start: `unknown log opt`.")
                .maybe_fix(near.and_then(|near| renaming::rename(options, name, span, near, is_known)));
        }
    }
}
