use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::host::value::{StringValue, Value};
use crate::host::{Edit, Naming};
use crate::model::{TaskContext, TaskDefinition};
use crate::rules::Rule;

declare_rule! {
    /// Finds tags that AWS does not take: an empty list of them, keys that begin with `aws:`, empty keys, keys
    /// above 128 and values above 256 characters, and a key that stands twice.
    ///
    /// ```text
    /// "tags": []       refused: `Tags can not be empty`; leave it out
    /// ```
    ///
    /// An empty list is a warning: some deploy tools leave it out by themselves.
    ///
    /// See "Tag" in the Amazon ECS API Reference.
    pub InvalidTag {
        id: "invalid-tag",
        group: Task,
        reads: [Task],
        cases: ["duplicate", "empty", "empty-key", "length", "reserved"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "AWS does not take such tags",
        sources: ["botocore/invalid-length"],
        fix: Safe,
        since: "0.2.0",
        service_messages: ["Tags can not be empty", "Some tags contain invalid values", "Tag keys that start with aws: are reserved"],
    }
}

impl Rule for InvalidTag {
    fn check_task(&self, task: TaskDefinition<'_>, _context: &TaskContext, acc: &mut Findings) {
        let tags_name = acc.name("tags");
        let Some(Value::Array(tags)) = task.get("tags") else { return };
        if tags.items.is_empty() && task.document.naming == Naming::Aws {
            acc.report(tags.span, "the list of tags is empty")
                .case("empty")
                .severity(Severity::Warning)
                .note("ECS refuses the document, `Tags can not be empty`, unless a deploy tool leaves the list out.")
                .fix(Fix::safe(format!("Remove `{tags_name}`"), vec![Edit::RemoveMember { span: tags.span }]));
            return;
        }
        let longest = |field: &str| {
            catalog::shape("Tag")
                .and_then(|shape| shape.field(field))
                .and_then(|field| field.limits.max_length)
        };
        let mut seen: Vec<&StringValue> = Vec::new();
        for tag in tags.items.iter().filter_map(Value::as_object) {
            for field in ["key", "value"] {
                let Some(text) = tag.string(field).filter(|text| !text.has_unknown()) else { continue };
                let length = text.text.chars().count() as i64;
                if let Some(most) = longest(field).filter(|most| length > *most) {
                    acc.report(
                        text.content_span(),
                        format!("the {field} of a tag has at most {most} characters, not {length}"),
                    )
                    .case("length")
                    .note("AWS refuses the document.");
                }
            }
            let Some(key) = tag.string("key").filter(|key| !key.has_unknown()) else { continue };
            if key.text.is_empty() {
                acc.report(key.span, "the key of a tag is empty")
                    .case("empty-key")
                    .note("AWS refuses the document.");
            } else if key.text.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("aws:")) {
                acc.report(key.part(0..4), "keys of tags that begin with `aws:` are AWS's own")
                    .case("reserved")
                    .note("AWS refuses the document. Give the tag another key.");
            } else if let Some(first) = seen.iter().find(|first| first.text == key.text) {
                acc.report(key.content_span(), format!("the tag `{}` stands twice", key.text))
                    .case("duplicate")
                    .severity(Severity::Warning)
                    .note("A key has one value: the document is refused, or one of the two is lost.")
                    .related(first.content_span(), "the first of that key");
            } else {
                seen.push(key);
            }
        }
    }
}
