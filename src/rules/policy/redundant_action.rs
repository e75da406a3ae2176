use super::covering;
use crate::catalog::wildcard_covers;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::Edit;
use crate::host::value::{Array, Value};
use crate::model::{ActionPattern, PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds entries of `Action` and `NotAction` that another entry of the same list covers.
    ///
    /// They change nothing. Whoever removes the narrow one later, to take the permission away, takes
    /// nothing away. Letter case does not count.
    ///
    /// ```json
    /// "Action": ["ecs:Describe*", "ecs:DescribeTasks"]
    /// ```
    ///
    /// Remove the entry that is covered, or the wide one if it is too wide.
    ///
    /// AWS: "IAM Access Analyzer policy check reference".
    pub RedundantAction {
        id: "redundant-action",
        group: Policy,
        reads: [Statement],
        cases: ["covered", "same"],
        severity: Hint,
        confidence: High,
        level: Default,
        summary: "an action is covered by another entry of its list",
        sources: ["access-analyzer/REDUNDANT_ACTION"],
        fix: Safe,
        since: "0.1.0",
    }
}

impl Rule for RedundantAction {
    fn check_statement(&self, statement: Statement<'_>, _policy: &PolicyContext, acc: &mut Findings) {
        for (negated, name) in [(false, "Action"), (true, "NotAction")] {
            let list = statement.object.get(name).and_then(Value::as_array);
            if list.is_some_and(Array::is_choice) {
                continue;
            }
            let listed =
                || statement.actions().filter(move |action| action.negated == negated && is_judged(*action));
            let covers = |wide: &str, entry: &str| wildcard_covers(wide, entry, true);
            if covering::is_plainly_sound(|| listed().map(|action| action.text()), covers) {
                continue;
            }
            let strings: Vec<_> = listed().map(|action| action.string).collect();
            let lower: Vec<String> = strings.iter().map(|it| it.text.to_ascii_lowercase()).collect();
            let entries: Vec<&str> = lower.iter().map(String::as_str).collect();
            for (index, by) in covering::covered(&entries, covering::action_covers) {
                let (entry, wide) = (strings[index], strings[by]);
                let message = if entry.text == wide.text {
                    format!("`{}` is listed twice", entry.text)
                } else {
                    format!("`{}` is covered by `{}`", entry.text, wide.text)
                };
                acc.report(entry.content_span(), message)
                    .case(if entries[index] == entries[by] { "same" } else { "covered" })
                    .related(wide.content_span(), "this covers it")
                    .note("The entry changes nothing. Remove it, or the wide one if that is too wide.")
                    .fix(Fix::safe(
                        format!("Remove `{}`", entry.text),
                        vec![Edit::RemoveItem { span: entry.span }],
                    ));
            }
        }
    }
}

/// What IAM refuses, and what is filled in later, covers nothing.
fn is_judged(action: ActionPattern<'_>) -> bool {
    !action.string.has_unknown()
        && (action.is_everything() || action.name.is_some_and(|name| !name.is_empty()))
        && !action.service.is_empty()
}
