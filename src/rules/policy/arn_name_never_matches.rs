use super::elements;
use crate::access::{Case, Pattern};
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::Edit;
use crate::host::value::StringValue;
use crate::model::{Arn, ArnPart, PolicyContext, Statement, is_wildcard};
use crate::rules::Rule;

declare_rule! {
    /// Finds ARNs whose name no resource has: a parameter with two slashes, a secret without the six characters that
    /// AWS Secrets Manager puts behind its name, white space at the end.
    ///
    /// IAM accepts the policy. The statement then covers nothing.
    ///
    /// ```text
    /// arn:aws:ssm:eu-west-1:111122223333:parameter//web/password     one slash: the name's own
    /// arn:aws:secretsmanager:eu-west-1:111122223333:secret:web       …:secret:web-??????
    /// ```
    ///
    /// The name of a parameter begins with a slash, and its ARN has that slash only. The ARN of a secret ends with a
    /// hyphen and six random characters, so a policy for one of that name ends with `-??????`, or with `-*`.
    ///
    /// AWS: "Actions, resources, and condition keys for AWS Systems Manager" and "… for AWS Secrets Manager" in the
    /// Service Authorization Reference.
    pub ArnNameNeverMatches {
        id: "arn-name-never-matches",
        group: Policy,
        reads: [Statement],
        cases: ["double-slash", "secret-suffix", "white-space"],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "an ARN has a name that no resource has",
        sources: [],
        fix: Grants,
        since: "0.2.0",
    }
}

const NOTHING: &str = "IAM accepts the policy, but the entry covers nothing.";

impl Rule for ArnNameNeverMatches {
    fn check_statement(&self, statement: Statement<'_>, _: &PolicyContext, acc: &mut Findings) {
        for resource in statement.resources() {
            let Ok(arn) = Arn::parse(&resource.text) else { continue };
            white_space(resource, acc);
            match arn.service {
                "ssm" => double_slash(resource, arn, acc),
                "secretsmanager" => secret(statement, resource, arn, acc),
                _ => {}
            }
        }
    }
}

fn white_space(resource: &StringValue, acc: &mut Findings) {
    let text = &*resource.text;
    let end = text.trim_end().len();
    if end == text.len() || resource.is_unknown_in(end..text.len()) || !resource.is_written() {
        return;
    }
    let span = resource.part(end..text.len());
    acc.report(span, "this ARN ends with white space")
        .case("white-space")
        .note(format!("No resource's ARN does. Remove it. {NOTHING}"))
        .fix(Fix::safe("Remove it", vec![Edit::ReplaceText { span, text: "".into() }]));
}

fn double_slash(resource: &StringValue, arn: Arn<'_>, acc: &mut Findings) {
    const START: &str = "parameter/";
    if !arn.resource.starts_with("parameter//") {
        return;
    }
    let at = arn.range(ArnPart::Resource).start + START.len();
    if resource.is_unknown_in(at - START.len()..at) {
        return;
    }
    let span = resource.part(at..at + 1);
    let finding = acc.report(span, "the ARN of a parameter has one slash before its name");
    finding
        .case("double-slash")
        .note(format!("The slash that the name begins with is the one of the ARN. {NOTHING}"));
    // A slash that comes with a reference is not written here.
    if resource.runs().is_none() {
        finding.fix(Fix::safe("Remove the second slash", vec![Edit::ReplaceText { span, text: "".into() }]));
    }
}

/// A name without what stands behind it. One that ends like that is taken for whole.
fn secret(statement: Statement<'_>, resource: &StringValue, arn: Arn<'_>, acc: &mut Findings) {
    let Some(name) = arn.resource.strip_prefix("secret:").filter(|name| !name.is_empty()) else { return };
    let end = resource.text.len();
    let last = name.char_indices().rev().nth(5).map_or(0, |(at, _)| at);
    if resource.is_unknown_in(end - (name.len() - last)..end)
        || is_wildcard(&name[last..])
        || name.contains("${")
    {
        return;
    }
    let has_suffix =
        name[..last].ends_with('-') && name[last..].bytes().all(|byte| byte.is_ascii_alphanumeric());
    if has_suffix || name.ends_with([' ', '\t']) {
        return;
    }
    // Others of the list may name it as it is.
    let whole = format!("{}-aaaaaa", resource.text);
    let is_named = statement.listed_resources().any(|other| {
        other.span != resource.span && !Pattern::of(other, Case::Counts).matches(&whole).is_no()
    });
    if is_named || !catalog::service("secretsmanager").is_some_and(|_| statement.object.has("Resource")) {
        return;
    }
    let span = resource.part(end..end);
    acc.report(
        resource.part(arn.range(ArnPart::Resource)),
        format!("no secret has an ARN that ends with `{}`", &name[..name.len().min(60)].trim_end()),
    )
    .case("secret-suffix")
    .note(format!(
        "AWS Secrets Manager puts a hyphen and six characters behind the name. Write `-??????` there. {NOTHING}"
    ))
    .maybe_fix(resource.is_written().then(|| {
        let edits = vec![Edit::ReplaceText { span, text: "-??????".into() }];
        elements::widening(statement, "Add `-??????`, any six characters", edits)
    }));
}
