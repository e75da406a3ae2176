use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::Edit;
use crate::host::value::StringValue;
use crate::model::Attachments;
use crate::rules::Rule;

declare_rule! {
    /// Finds the same managed policy twice in one list.
    ///
    /// ```yaml
    /// ManagedPolicyArns:
    ///   - arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess
    ///   - arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess
    /// ```
    ///
    /// It is attached once; the second one says nothing, or stands where another one was meant.
    ///
    /// AWS: "Managed policies and inline policies" in the IAM User Guide.
    pub DuplicateManagedPolicy {
        id: "duplicate-managed-policy",
        group: Policy,
        reads: [Attachments],
        on: [Attachments],
        severity: Hint,
        confidence: High,
        level: Default,
        summary: "a managed policy is listed twice",
        sources: [],
        fix: Safe,
        since: "0.2.0",
    }
}

impl Rule for DuplicateManagedPolicy {
    fn check_attachments(&self, attachments: Attachments<'_>, acc: &mut Findings) {
        for member in attachments.fields("managedPolicies") {
            let Some(array) = member.value.as_array().filter(|_| attachments.is_list()) else {
                continue;
            };
            let mut seen: Vec<&StringValue> = Vec::new();
            for text in array.items.iter().filter_map(|item| item.as_string()) {
                if text.is_wholly_unknown() || !text.is_written() {
                    continue;
                }
                match seen.iter().find(|known| known.text == text.text) {
                    Some(first) => {
                        let edits = vec![Edit::RemoveItem { span: text.span }];
                        acc.report(text.content_span(), format!("`{}` stands in this list twice", text.text))
                            .note("It is attached once.")
                            .related(first.content_span(), "here for the first time")
                            .fix(Fix::safe("Remove it", edits));
                    }
                    None => seen.push(text),
                }
            }
        }
    }
}
