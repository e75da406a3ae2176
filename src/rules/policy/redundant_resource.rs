use super::covering;
use crate::access;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::Edit;
use crate::host::value::{StringValue, Value};
use crate::model::{Arn, PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds entries of `Resource` and `NotResource` that another entry of the same list covers.
    ///
    /// They change nothing: the statement reaches the same resources without them.
    ///
    /// ```json
    /// "Resource": ["arn:aws:s3:::web-*", "arn:aws:s3:::web-assets"]
    /// ```
    ///
    /// Remove the entry that is covered, or the wide one if it is too wide.
    ///
    /// AWS: "IAM Access Analyzer policy check reference".
    pub RedundantResource {
        id: "redundant-resource",
        group: Policy,
        reads: [Statement],
        cases: ["covered", "same"],
        severity: Hint,
        confidence: High,
        level: Default,
        summary: "a resource is covered by another entry of its list",
        sources: ["access-analyzer/REDUNDANT_RESOURCE"],
        fix: Safe,
        since: "0.1.0",
    }
}

impl Rule for RedundantResource {
    fn check_statement(&self, statement: Statement<'_>, _policy: &PolicyContext, acc: &mut Findings) {
        for name in ["Resource", "NotResource"] {
            let Some(Value::Array(array)) = statement.object.get(name) else { continue };
            if array.is_choice() {
                continue;
            }
            let judged = || array.items.iter().filter_map(Value::as_string).filter(|it| is_judged(it));
            if covering::is_plainly_sound(|| judged().map(|it| &*it.text), access::resource_covers) {
                continue;
            }
            let strings: Vec<&StringValue> = judged().collect();
            let entries: Vec<&str> = strings.iter().map(|it| &*it.text).collect();
            for (index, by) in covering::covered(&entries, access::resource_covers) {
                let (entry, wide) = (strings[index], strings[by]);
                let (message, case) = if entry.text == wide.text {
                    (format!("`{}` is listed twice", entry.text), "same")
                } else {
                    (format!("`{}` is covered by `{}`", entry.text, wide.text), "covered")
                };
                acc.report(entry.content_span(), message)
                    .case(case)
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

/// What IAM refuses, and what is filled in later, covers nothing; escaped wildcards are rare.
fn is_judged(resource: &StringValue) -> bool {
    !resource.has_unknown()
        && !resource.text.contains("${*}")
        && !resource.text.contains("${?}")
        && (&*resource.text == "*" || Arn::parse(&resource.text).is_ok())
}
