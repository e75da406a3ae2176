//! Which documents a JSON text holds, by content and with a reason that can be printed.
//!
//! One look at the outer members decides; a text that is none of ours costs no more than that.

use crate::host::{DocumentKind, Form};
use crate::syntax::{Kind, MemberRef, Tree, ValueRef, decode};
use crate::text::Source;

/// A document in the tree.
pub(super) struct Found<'t> {
    pub kind: DocumentKind,
    pub reason: Box<str>,
    pub form: Form,
    pub value: ValueRef<'t>,
    /// The statements or container definitions: an array, or one object in its place.
    pub units: Option<ValueRef<'t>>,
}

/// Fields that only `describe-task-definition` writes.
const DESCRIBED: [&str; 6] =
    ["taskDefinitionArn", "revision", "status", "registeredAt", "registeredBy", "requiresAttributes"];

/// Fields that container definitions have and other lists of named images have not.
const CONTAINER_FIELDS: [&str; 14] = [
    "essential",
    "memory",
    "memoryReservation",
    "cpu",
    "portMappings",
    "logConfiguration",
    "environment",
    "secrets",
    "mountPoints",
    "entryPoint",
    "command",
    "dependsOn",
    "links",
    "volumesFrom",
];

/// Where the AWS CLI's answers keep policies: members to walk through, and members that hold one.
const WRAPPERS: [&str; 10] = [
    "Role",
    "RoleDetailList",
    "UserDetailList",
    "GroupDetailList",
    "RolePolicyList",
    "UserPolicyList",
    "GroupPolicyList",
    "Policies",
    "PolicyVersion",
    "PolicyVersionList",
];
const WRAPPED: [&str; 3] = ["PolicyDocument", "AssumeRolePolicyDocument", "Document"];

pub(super) fn find<'t>(
    tree: &'t Tree,
    source: &(impl Source + ?Sized),
    path: &str,
    kind: Option<DocumentKind>,
) -> Vec<Found<'t>> {
    let Some(value) = tree.value() else { return Vec::new() };
    let look = Look { source, path };
    let mut found = Vec::new();
    if let Some(document) = look.document(value, kind) {
        found.push(document);
    } else if kind.is_none_or(DocumentKind::is_policy) {
        look.wrapped(value, kind, 0, &mut found);
    }
    found
}

struct Look<'s, S: ?Sized> {
    source: &'s S,
    path: &'s str,
}

impl<S: Source + ?Sized> Look<'_, S> {
    fn text(&self, value: ValueRef<'_>) -> String {
        decode(&self.source.slice(value.span())).text
    }

    fn name(&self, member: MemberRef<'_>) -> Option<String> {
        member.name().filter(|name| name.kind() == Kind::String).map(|name| self.text(name))
    }

    fn get<'t>(&self, object: ValueRef<'t>, name: &str) -> Option<ValueRef<'t>> {
        object.members().find(|member| self.name(*member).as_deref() == Some(name))?.value()
    }

    fn names(&self, object: ValueRef<'_>) -> Vec<String> {
        object.members().filter_map(|member| self.name(member)).collect()
    }

    fn document<'t>(&self, value: ValueRef<'t>, kind: Option<DocumentKind>) -> Option<Found<'t>> {
        match kind {
            Some(kind) if kind.is_policy() => {
                (value.kind() == Kind::Object).then(|| self.policy(value, kind, "the kind was given".into()))
            }
            Some(DocumentKind::ContainerDefinitions) => Some(Found {
                kind: DocumentKind::ContainerDefinitions,
                reason: "the kind was given".into(),
                form: Form::Plain,
                value,
                units: Some(value),
            }),
            Some(DocumentKind::TaskDefinition) => {
                if value.kind() != Kind::Object {
                    return None;
                }
                self.task_definition(value)
                    .or_else(|| Some(self.task(value, "the kind was given".into(), Form::Plain)))
            }
            Some(_) => None,
            None => match value.kind() {
                Kind::Array => self.container_definitions(value),
                Kind::Object => self.task_definition(value).or_else(|| self.any_policy(value)),
                _ => None,
            },
        }
    }

    fn container_definitions<'t>(&self, value: ValueRef<'t>) -> Option<Found<'t>> {
        let (mut named, mut typical) = (false, false);
        for item in value.items().take(20).filter(|item| item.kind() == Kind::Object) {
            let names = self.names(item);
            let has = |name: &str| names.iter().any(|it| it == name);
            named |= has("name") && has("image");
            typical |= CONTAINER_FIELDS.iter().any(|field| has(field));
        }
        (named && typical).then(|| Found {
            kind: DocumentKind::ContainerDefinitions,
            reason: "a list of objects with `name`, `image` and fields of container definitions".into(),
            form: Form::Plain,
            value,
            units: Some(value),
        })
    }

    fn task_definition<'t>(&self, value: ValueRef<'t>) -> Option<Found<'t>> {
        let names = self.names(value);
        let has = |name: &str| names.iter().any(|it| it == name);
        if has("containerDefinitions") {
            let described = DESCRIBED.iter().find(|field| has(field));
            return Some(match described {
                Some(field) => self.task(
                    value,
                    format!(
                        "it has `containerDefinitions`, and `{field}` as describe-task-definition prints"
                    )
                    .into(),
                    Form::Described,
                ),
                None => self.task(value, "it has `containerDefinitions`".into(), Form::Plain),
            });
        }
        if let Some(inner) = self.get(value, "taskDefinition").filter(|inner| inner.kind() == Kind::Object) {
            let names = self.names(inner);
            if names.iter().any(|name| name == "containerDefinitions" || name == "taskDefinitionArn") {
                return Some(self.task(
                    inner,
                    "it has `taskDefinition` around `containerDefinitions`, as describe-task-definition prints".into(),
                    Form::DescribedAndWrapped,
                ));
            }
        }
        // No other document has this field.
        if has("requiresCompatibilities") {
            return Some(self.task(value, "it has `requiresCompatibilities`".into(), Form::Plain));
        }
        let sign = ["networkMode", "executionRoleArn", "taskRoleArn", "runtimePlatform"]
            .iter()
            .find(|field| has(field))?;
        has("family").then(|| self.task(value, format!("it has `family` and `{sign}`").into(), Form::Plain))
    }

    fn task<'t>(&self, value: ValueRef<'t>, reason: Box<str>, form: Form) -> Found<'t> {
        let units = self.get(value, "containerDefinitions").filter(|units| units.kind() == Kind::Array);
        Found { kind: DocumentKind::TaskDefinition, reason, form, value, units }
    }

    fn any_policy<'t>(&self, value: ValueRef<'t>) -> Option<Found<'t>> {
        let version = self.get(value, "Version").is_some_and(|version| {
            version.kind() == Kind::String && matches!(&*self.text(version), "2012-10-17" | "2008-10-17")
        });
        let statement = self.get(value, "Statement");
        let looks_so = statement.is_some_and(|statement| self.looks_like_statements(statement));
        if !version && !looks_so {
            return None;
        }
        let (kind, reason) = self.policy_kind(statement);
        Some(self.policy(value, kind, reason))
    }

    fn policy<'t>(&self, value: ValueRef<'t>, kind: DocumentKind, reason: Box<str>) -> Found<'t> {
        let units =
            self.get(value, "Statement").filter(|units| matches!(units.kind(), Kind::Array | Kind::Object));
        Found { kind, reason, form: Form::Plain, value, units }
    }

    fn looks_like_statements(&self, statement: ValueRef<'_>) -> bool {
        self.statements(statement).take(20).any(|statement| {
            self.names(statement).iter().any(|name| {
                matches!(
                    &**name,
                    "Effect" | "Action" | "NotAction" | "Resource" | "NotResource" | "Principal"
                )
            })
        })
    }

    fn statements<'t>(&self, statement: ValueRef<'t>) -> impl Iterator<Item = ValueRef<'t>> + use<'t, S> {
        let single = (statement.kind() == Kind::Object).then_some(statement);
        single.into_iter().chain(statement.items()).filter(|item| item.kind() == Kind::Object)
    }

    fn policy_kind(&self, statement: Option<ValueRef<'_>>) -> (DocumentKind, Box<str>) {
        let mut principal = None;
        let mut resource = false;
        let (mut actions, mut sts) = (0, 0);
        // The first statements tell; a policy of thousands is looked at no longer.
        for item in statement.into_iter().flat_map(|statement| self.statements(statement)).take(50) {
            for member in item.members() {
                match self.name(member).as_deref() {
                    Some("Principal") => principal = principal.or(Some("Principal")),
                    Some("NotPrincipal") => principal = principal.or(Some("NotPrincipal")),
                    Some("Resource" | "NotResource") => resource = true,
                    Some("Action") => {
                        let Some(action) = member.value() else { continue };
                        let single = (action.kind() == Kind::String).then_some(action);
                        for action in
                            single.into_iter().chain(action.items()).filter(|it| it.kind() == Kind::String)
                        {
                            actions += 1;
                            let text = self.text(action);
                            sts += usize::from(
                                text.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("sts:")),
                            );
                        }
                    }
                    _ => {}
                }
            }
        }
        let all_sts = actions > 0 && sts == actions;
        let path = Words::of(self.path);
        if path.has(&["rcp", "rcps"]) || path.has_pair("resource", "control") {
            return (DocumentKind::Rcp, "its path names resource control policies".into());
        }
        // Beside a principal, which does not belong there, only the short word is taken as meant.
        if path.has(&["scp", "scps"]) || principal.is_none() && path.has_pair("service", "control") {
            return (DocumentKind::Scp, "its path names service control policies".into());
        }
        match principal {
            Some(element) if all_sts && !resource => (
                DocumentKind::Trust,
                format!("a statement has a `{element}`, none has a resource, and every action is of AWS STS")
                    .into(),
            ),
            Some(element) if !resource && (path.has(&["trust", "assume"])) => (
                DocumentKind::Trust,
                format!("a statement has a `{element}`, and the file is named so").into(),
            ),
            Some(element) if all_sts => (
                DocumentKind::Trust,
                format!("a statement has a `{element}`, and every action is of AWS STS").into(),
            ),
            Some(element) => (DocumentKind::Resource, format!("a statement has a `{element}`").into()),
            None if all_sts && !resource => {
                (DocumentKind::Trust, "every action is of AWS STS, and no statement has a `Resource`".into())
            }
            None if path.has(&["boundary", "boundaries"]) => {
                (DocumentKind::Boundary, "its path names permissions boundaries".into())
            }
            None => (DocumentKind::Identity, "no statement has a `Principal`".into()),
        }
    }

    /// Policies inside what the AWS CLI prints.
    fn wrapped<'t>(
        &self,
        value: ValueRef<'t>,
        kind: Option<DocumentKind>,
        depth: u32,
        found: &mut Vec<Found<'t>>,
    ) {
        if depth > 4 {
            return;
        }
        for item in value.items() {
            self.wrapped(item, kind, depth + 1, found);
        }
        for member in value.members() {
            let (Some(name), Some(inner)) = (self.name(member), member.value()) else { continue };
            if WRAPPERS.contains(&&*name) {
                self.wrapped(inner, kind, depth + 1, found);
            } else if WRAPPED.contains(&&*name)
                && inner.kind() == Kind::Object
                && let Some(mut policy) = self.any_policy(inner)
            {
                if name == "AssumeRolePolicyDocument" {
                    policy.kind = DocumentKind::Trust;
                    policy.reason = "it stands in `AssumeRolePolicyDocument`".into();
                }
                policy.kind = kind.unwrap_or(policy.kind);
                found.push(policy);
            }
        }
    }
}

/// The words of a path: `policies/SCP/deny-all.json` is `policies`, `scp`, `deny`, `all`, `json`.
struct Words(Vec<String>);

impl Words {
    fn of(path: &str) -> Words {
        Words(
            path.split(|char: char| !char.is_ascii_alphanumeric())
                .filter(|word| !word.is_empty())
                .map(str::to_ascii_lowercase)
                .collect(),
        )
    }

    fn has(&self, any: &[&str]) -> bool {
        self.0.iter().any(|word| any.contains(&&**word))
    }

    fn has_pair(&self, first: &str, second: &str) -> bool {
        self.0.windows(2).any(|pair| pair[0] == first && pair[1] == second)
    }
}
