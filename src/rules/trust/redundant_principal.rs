use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::Edit;
use crate::host::value::{StringValue, Value};
use crate::model::{Arn, PolicyContext, Statement};
use crate::rules::Rule;
use std::collections::HashMap;

declare_rule! {
    /// Finds principals that add nothing to the others of their list.
    ///
    /// A role stands for all its sessions, so one of them beside it says nothing more. The same goes for a principal
    /// that is listed twice.
    ///
    /// ```json
    /// "AWS": ["arn:aws:iam::111122223333:role/deploy", "arn:aws:sts::111122223333:assumed-role/deploy/ci"]
    /// ```
    ///
    /// Take the session out; or the role, where the session alone is meant.
    ///
    /// AWS: "AWS JSON policy elements: Principal" in the IAM user guide.
    pub RedundantPrincipal {
        id: "redundant-principal",
        group: Trust,
        reads: [Statement],
        on: [Resource, Trust, Rcp],
        cases: ["session", "twice"],
        severity: Hint,
        confidence: High,
        level: Default,
        summary: "a principal is covered by another beside it",
        sources: [
            "access-analyzer/REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY",
        ],
        fix: Safe,
        since: "0.1.0",
    }
}

impl Rule for RedundantPrincipal {
    fn check_statement(&self, statement: Statement<'_>, _: &PolicyContext, acc: &mut Findings) {
        for principal in statement.principals() {
            let lists = principal.object().into_iter().flat_map(|object| &object.members);
            for array in lists.filter_map(|member| member.value.as_array()).filter(|it| !it.is_choice()) {
                let strings =
                    || array.items.iter().filter_map(Value::as_string).filter(|it| !it.has_unknown());
                let mut first: HashMap<&str, &StringValue> = HashMap::new();
                let mut roles: HashMap<(&str, &str), &StringValue> = HashMap::new();
                if !principal.negated {
                    for value in strings() {
                        if let Some(role) = role(&value.text) {
                            roles.entry(role).or_insert(value);
                        }
                    }
                }
                for value in strings() {
                    let twin = first.get(&*value.text).copied();
                    first.entry(&value.text).or_insert(value);
                    let role = if twin.is_none() {
                        session(&value.text).and_then(|of| roles.get(&of)).copied()
                    } else {
                        None
                    };
                    let (other, case) = match (twin, role) {
                        (Some(twin), _) => (twin, "twice"),
                        (None, Some(role)) => (role, "session"),
                        (None, None) => continue,
                    };
                    let message = if case == "twice" {
                        format!("`{}` is listed twice", value.text)
                    } else {
                        "the role stands for this session already".to_string()
                    };
                    acc.report(value.content_span(), message)
                        .case(case)
                        .related(other.span, "covered by this")
                        .note("It adds nothing. Take it out.")
                        .fix(Fix::safe("Remove it", vec![Edit::RemoveItem { span: value.span }]));
                }
            }
        }
    }
}

/// The account and the name of the role that an ARN of a session names.
fn session(text: &str) -> Option<(&str, &str)> {
    let arn = Arn::parse(text).ok().filter(|arn| arn.service == "sts")?;
    Some((arn.account, arn.resource.strip_prefix("assumed-role/")?.split('/').next()?))
}

/// The account and the name, without its path, of the role that an ARN names.
fn role(text: &str) -> Option<(&str, &str)> {
    let arn = Arn::parse(text).ok().filter(|arn| arn.service == "iam")?;
    Some((arn.account, arn.resource.strip_prefix("role/")?.rsplit('/').next()?))
}
