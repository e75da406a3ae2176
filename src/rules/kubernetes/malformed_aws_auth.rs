use crate::catalog::nearest;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::host::value::{Array, Value};
use crate::model::{AwsAuth, AwsAuthEntry, AwsAuthList};
use crate::rules::Rule;

declare_rule! {
    /// Finds lists of `aws-auth` that cannot be read.
    ///
    /// The values of a ConfigMap are texts: `mapRoles` is a block of YAML in a string, behind a `|`. What is in there has to
    /// be a list of objects, each with the ARN of a role or user. If one entry cannot be read, none of the list counts, and
    /// everybody it names is locked out, nodes among them.
    ///
    /// ```yaml
    /// data:
    ///   mapRoles:
    ///     - rolearn: arn:aws:iam::111122223333:role/node
    /// ```
    ///
    /// Write `mapRoles: |`, and the list below it.
    ///
    /// AWS: "Grant IAM users access to Kubernetes with a ConfigMap" in the Amazon EKS user guide.
    pub MalformedAwsAuth {
        id: "malformed-aws-auth",
        group: Kubernetes,
        reads: [AwsAuth],
        on: [AwsAuth],
        cases: ["arn", "entry", "groups", "not-a-list", "not-text"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "mapRoles, mapUsers or mapAccounts is not what the authenticator reads",
        sources: [],
        fix: None,
        since: "0.2.0",
    }
}

impl Rule for MalformedAwsAuth {
    fn check_aws_auth(&self, aws_auth: AwsAuth<'_>, acc: &mut Findings) {
        for member in &aws_auth.data.members {
            let name = &*member.name.text;
            if !matches!(name, "mapRoles" | "mapUsers" | "mapAccounts") {
                continue;
            }
            match &member.value {
                Value::Array(list) => {
                    if list.items.first().is_some_and(|first| is_plain(list, first)) {
                        acc.report(
                            member.name.span,
                            format!("`{name}` is a list; a ConfigMap takes only strings"),
                        )
                        .case("not-text")
                        .note(format!("Kubernetes refuses it. Write `{name}: |` and the list below it."));
                    }
                    if !aws_auth.document.is_partial {
                        list.items.iter().for_each(|item| check_entry(name, item, acc));
                    }
                }
                Value::String(text) if !text.has_unknown() && !aws_auth.document.is_partial => {
                    acc.report(member.name.span, format!("the text of `{name}` is not a YAML list"))
                        .case("not-a-list")
                        .note("The authenticator reads none of it: everybody it names is locked out. Check dashes and indentation.");
                }
                _ => {}
            }
        }
    }
}

/// Whether the list is written as a list, without a string around it: then it starts where its first
/// item does, but for a dash or a bracket.
fn is_plain(list: &Array, first: &Value) -> bool {
    let between = first.span().start.saturating_sub(list.span.start);
    let is_flow = first
        .as_object()
        .and_then(|object| object.members.first())
        .is_none_or(|member| member.name.span.start != first.span().start);
    between <= 1 || between == 2 && !is_flow
}

fn check_entry(list: &str, item: &Value, acc: &mut Findings) {
    if list == "mapAccounts" {
        return;
    }
    let Some(object) = item.as_object() else {
        if !item.is_unknown() {
            acc.report(item.span(), format!("an entry of `{list}` is an object"))
                .case("entry")
                .note("The authenticator reads none of the list.");
        }
        return;
    };
    let Some(kind) = AwsAuthList::named(list) else { return };
    let field = kind.arn_field();
    let entry = AwsAuthEntry { list: kind, object };
    let misspelt = object
        .members
        .iter()
        .any(|member| nearest(&member.name.text.to_ascii_lowercase(), [field].into_iter()) == Some(field));
    if entry.member(field).is_none() && entry.member("sso").is_none() && !misspelt {
        acc.report(object.open(), format!("an entry of `{list}` has no `{field}`"))
            .case("arn")
            .note("It is about nobody.");
    }
    if let Some(groups) = entry.member("groups")
        && !matches!(groups.value, Value::Array(_))
        && !groups.value.is_unknown()
        && !matches!(groups.value, Value::Null(_))
    {
        acc.report(groups.value.span(), "`groups` must be a list of strings")
            .case("groups")
            .note("The authenticator reads none of the list that this entry is in.");
    }
}
