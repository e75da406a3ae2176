use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Safety};
use crate::host::Edit;
use crate::host::value::Member;
use crate::model::Attachments;
use crate::rules::Rule;
use crate::text;

declare_rule! {
    /// Finds items among the policies of a SAM function or state machine that SAM refuses: a policy template of a
    /// name that there is not, one without a parameter that it needs, and objects that are neither a policy nor a
    /// template.
    ///
    /// ```yaml
    /// Policies:
    ///   - S3ReadPolcy: { BucketName: !Ref Bucket }
    ///   - DynamoDBCrudPolicy: {}
    ///   - PolicyName: logs
    ///     PolicyDocument: { … }
    /// ```
    ///
    /// The transform fails, and with it the deployment. Write `S3ReadPolicy`, give `TableName`, and write the policy
    /// itself, with its `Statement`, where an item is one.
    ///
    /// AWS: "AWS SAM policy templates" in the AWS SAM developer guide.
    pub InvalidPolicyTemplate {
        id: "invalid-policy-template",
        group: Policy,
        reads: [Attachments],
        on: [Attachments],
        cases: ["missing-parameter", "no-template", "unknown"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "an item of `Policies` is not a policy template of SAM, or lacks a parameter",
        sources: [],
        fix: Unsafe,
        since: "0.2.0",
        service_messages: [
            "property is not valid",
            "Must specify valid parameter values for policy template",
            "Following required parameters of template",
        ],
    }
}

impl Rule for InvalidPolicyTemplate {
    fn check_attachments(&self, attachments: Attachments<'_>, acc: &mut Findings) {
        for object in attachments.templates() {
            match &object.members[..] {
                [only] => one(only, acc),
                _ => {
                    acc.report(object.open(), "this is neither a policy nor a policy template")
                        .case("no-template")
                        .note(
                            "SAM refuses it. An item is the name or the ARN of a managed policy, one policy template, \
                             or a policy with its `Statement`.",
                        );
                }
            }
        }
    }
}

fn one(item: &Member, acc: &mut Findings) {
    let name = &*item.name.text;
    if item.name.has_unknown() {
        return;
    }
    let span = item.name.content_span();
    let Some(template) = catalog::sam_policy_template(name) else {
        let names = catalog::sam_policy_templates().iter().map(|template| template.name);
        let near = catalog::nearest(name, names);
        let message = match near {
            Some(near) => format!("SAM has no policy template `{name}`; did you mean `{near}`?"),
            None => format!("SAM has no policy template `{name}`"),
        };
        let finding = acc.report(span, message).case("unknown").note(
            "SAM refuses the template. An item is the name or the ARN of a managed policy, one policy template, or a \
             policy with its `Statement`.",
        );
        if let Some(near) = near {
            finding.fix(Fix {
                title: format!("Replace with `{near}`").into(),
                safety: Safety::Unsafe,
                edits: vec![Edit::ReplaceText { span, text: near.into() }],
            });
        }
        return;
    };
    let missing: Vec<String> = match item.value.as_object() {
        Some(given) if given.is_open() => return,
        Some(given) => {
            template.parameters.iter().filter(|it| !given.has(it)).map(|it| format!("`{it}`")).collect()
        }
        // What a function yields, or another template fills in.
        None if item.value.is_unknown() => return,
        None => template.parameters.iter().map(|it| format!("`{it}`")).collect(),
    };
    let is_object = item.value.as_object().is_some();
    if missing.is_empty() && is_object {
        return;
    }
    let message = match &missing[..] {
        [] => format!("the policy template `{name}` has no object behind it: write `{{}}`"),
        _ => format!("the policy template `{name}` lacks {}", text::enumerated(missing)),
    };
    acc.report(span, message)
        .case("missing-parameter")
        .note("SAM refuses a policy template without a value for each of its parameters.");
}
