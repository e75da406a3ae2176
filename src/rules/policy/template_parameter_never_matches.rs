use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::Edit;
use crate::host::value::StringValue;
use crate::model::Attachments;
use crate::rules::Rule;

declare_rule! {
    /// Finds parameters of the policy templates of AWS SAM with which the policy matches nothing.
    ///
    /// A template puts the name into an ARN. `SSMParameterReadPolicy` writes `parameter/` in front of it, so that a name that
    /// begins with a slash gets two; `SSMParameterWithSlashPrefixReadPolicy` writes `parameter`. An ARN in the place of a name
    /// gives an ARN within an ARN.
    ///
    /// ```yaml
    /// Policies:
    ///   - SSMParameterReadPolicy:
    ///       ParameterName: /prod/key
    /// ```
    ///
    /// Leave the slash out, or take the other template. For an ARN write the name: `!GetAtt Topic.TopicName`.
    ///
    /// See "AWS SAM policy templates" in the AWS SAM developer guide.
    pub TemplateParameterNeverMatches {
        id: "template-parameter-never-matches",
        group: Policy,
        reads: [Attachments],
        on: [Attachments],
        cases: ["arn", "double-slash", "no-slash"],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "a policy template of SAM gets a name with which it matches nothing",
        sources: [],
        fix: Grants,
        since: "0.2.0",
    }
}

impl Rule for TemplateParameterNeverMatches {
    fn check_attachments(&self, attachments: Attachments<'_>, acc: &mut Findings) {
        for (template, parameter) in attachments.template_parameters() {
            let name = &*parameter.name.text;
            let value = parameter.value.as_string().filter(|value| !value.is_wholly_unknown());
            if let (Some(arn), Some(value)) = (catalog::policy_template_arn(template, name), value) {
                check(template, name, arn, value, acc);
            }
        }
    }
}

fn check(template: &str, name: &str, arn: &str, value: &StringValue, acc: &mut Findings) {
    let place = format!("${{{name}}}");
    let Some((before, behind)) = arn.split_once(&place) else { return };
    let text = &*value.text;
    let resource = before.rsplit(':').next().unwrap_or_default();
    let starts_open = text.is_empty() || value.is_unknown_in(0..1);
    if text.starts_with("arn:") && !value.is_unknown_in(0..4) {
        acc.report(value.content_span(), format!("`{name}` of `{template}` takes a name, not an ARN"))
            .case("arn")
            .note(format!(
                "SAM writes `{before}` in front of it, and the policy allows nothing. Write the name alone."
            ));
    } else if !starts_open && resource.ends_with('/') && text.starts_with('/') {
        let finding = acc.report(
            value.part(0..1),
            format!(
                "`{template}` writes `{resource}` in front of the name, which begins with a slash as well"
            ),
        );
        finding.case("double-slash").note(format!(
            "The policy is about `{resource}{text}{behind}`, which there is none of, and allows nothing. Leave the slash out."
        ));
        if value.runs().is_none() {
            let edits = vec![Edit::ReplaceText { span: value.part(0..1), text: "".into() }];
            finding.fix(Fix::grants("Remove the slash, so that the policy matches", edits));
        }
    } else if !starts_open && resource.ends_with(char::is_alphabetic) && !text.starts_with(['/', '*']) {
        acc.report(
            value.content_span(),
            format!("`{template}` writes `{resource}` in front of the name, which begins with no slash"),
        )
        .case("no-slash")
        .note(format!(
            "The policy is about `{resource}{text}{behind}` and allows nothing. Begin the name with a slash."
        ));
    }
}
