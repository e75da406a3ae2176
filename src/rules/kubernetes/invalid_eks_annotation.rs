use crate::catalog::Arn;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Safety, Severity};
use crate::host::Edit;
use crate::host::value::{StringValue, Value};
use crate::model::ServiceAccount;
use crate::rules::Rule;

declare_rule! {
    /// Finds values of a service account's annotations that do not work.
    ///
    /// `role-arn` is the ARN of a role, with its path. `token-expiration` is a number of seconds, at least 600: less is taken
    /// for 600, and what is not a number for the default. `sts-regional-endpoints` is `"true"` or `"false"`, in quotes, as every
    /// annotation is a text.
    ///
    /// ```yaml
    /// annotations:
    ///   eks.amazonaws.com/role-arn: web
    /// ```
    ///
    /// AWS: "Assign IAM roles to Kubernetes service accounts" in the Amazon EKS user guide; README of the pod identity webhook.
    pub InvalidEksAnnotation {
        id: "invalid-eks-annotation",
        group: Kubernetes,
        reads: [ServiceAccount],
        on: [ServiceAccount],
        cases: ["endpoints", "expiration", "not-text", "role"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "an annotation of a service account has a value that does not work",
        sources: [],
        fix: Safe,
        since: "0.2.0",
    }
}

impl Rule for InvalidEksAnnotation {
    fn check_service_account(&self, account: ServiceAccount<'_>, acc: &mut Findings) {
        for (name, member) in account.of_eks() {
            match &member.value {
                Value::Bool(..) | Value::Number(_) => {
                    acc.report(
                        member.value.span(),
                        format!("`{name}` must be a string: annotations take nothing else"),
                    )
                    .case("not-text")
                    .note("Kubernetes refuses the manifest. Put the value in quotes.")
                    .fix(Fix {
                        title: "Put it in quotes".into(),
                        safety: Safety::Safe,
                        edits: vec![Edit::ReplaceValue {
                            span: member.value.span(),
                            value: match &member.value {
                                Value::Number(number) => number.text.to_string().into(),
                                other => (other.as_bool() == Some(true)).to_string().into(),
                            },
                        }],
                    });
                }
                Value::String(text) if !text.has_unknown() => check(name, text, acc),
                _ => {}
            }
        }
    }
}

fn check(name: &str, value: &StringValue, acc: &mut Findings) {
    let span = value.content_span();
    match name {
        "role-arn" => {
            let is_role = Arn::parse(&value.text).is_ok_and(|arn| {
                arn.service == "iam" && arn.resource.starts_with("role/") && !arn.account.is_empty()
            });
            if !is_role {
                acc.report(span, format!("`{}` is not the ARN of a role", value.text))
                    .case("role")
                    .note("Write `arn:aws:iam::111122223333:role/NAME`. Pods fail to assume anything else.");
            }
        }
        "token-expiration" => match value.text.parse::<i64>() {
            Ok(seconds) if seconds >= 600 => {}
            Ok(_) => {
                acc.report(span, "a token lives for 600 seconds at least")
                    .case("expiration")
                    .severity(Severity::Warning)
                    .note("Less is taken for 600.");
            }
            Err(_) => {
                acc.report(span, format!("`{}` is not a number of seconds", value.text))
                    .case("expiration")
                    .severity(Severity::Warning)
                    .note("The default, 86400, is taken instead.");
            }
        },
        "sts-regional-endpoints" if !matches!(&*value.text, "true" | "false") => {
            acc.report(span, format!("`{name}` is `true` or `false`, not `{}`", value.text))
                .case("endpoints")
                .severity(Severity::Warning)
                .note("The default is taken instead.");
        }
        _ => {}
    }
}
