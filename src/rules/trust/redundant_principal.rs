use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::Edit;
use crate::host::value::{StringValue, Value};
use crate::model::{Arn, PolicyContext, Statement};
use crate::rules::Rule;

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
            for array in lists.filter_map(|member| member.value.as_array()) {
                let strings =
                    || array.items.iter().filter_map(Value::as_string).filter(|it| !it.has_unknown());
                for (index, value) in strings().enumerate() {
                    let twin = strings().take(index).find(|other| other.text == value.text);
                    let role =
                        if twin.is_none() && !principal.negated { role_of(value, strings()) } else { None };
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

/// The role among `others` whose session `value` is.
fn role_of<'a>(
    value: &StringValue,
    mut others: impl Iterator<Item = &'a StringValue>,
) -> Option<&'a StringValue> {
    let session = Arn::parse(&value.text).ok().filter(|arn| arn.service == "sts")?;
    let name = session.resource.strip_prefix("assumed-role/")?.split('/').next()?;
    others.find(|other| {
        Arn::parse(&other.text).is_ok_and(|arn| {
            arn.service == "iam"
                && arn.account == session.account
                && arn
                    .resource
                    .strip_prefix("role/")
                    .is_some_and(|role| role.rsplit('/').next() == Some(name))
        })
    })
}
