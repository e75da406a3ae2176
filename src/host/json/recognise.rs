//! Which documents a JSON text holds, by content and with a reason that can be printed.
//!
//! One look at the outer members decides; a text that is none of ours costs no more than that.

use crate::host::{DocumentKind, Form, policy_kind};
use crate::syntax::{Kind, MemberRef, Tree, ValueRef, decode};
use crate::text::Source;

/// A document in the tree.
pub(super) struct Recognised<'t> {
    /// `None`: a policy, whose statements tell what it is for.
    pub kind: Option<DocumentKind>,
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

/// Fields that, beside the name of a task definition, make an input of a service or of a task to run.
const SERVICE_FIELDS: [&str; 14] = [
    "serviceName",
    "launchType",
    "networkConfiguration",
    "desiredCount",
    "loadBalancers",
    "schedulingStrategy",
    "deploymentConfiguration",
    "capacityProviderStrategy",
    "serviceConnectConfiguration",
    "platformVersion",
    "overrides",
    "containerInstances",
    "startedBy",
    "placementConstraints",
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
    kind: Option<DocumentKind>,
) -> Vec<Recognised<'t>> {
    let Some(value) = tree.value() else { return Vec::new() };
    let look = Look { source };
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

    fn document<'t>(&self, value: ValueRef<'t>, kind: Option<DocumentKind>) -> Option<Recognised<'t>> {
        match kind {
            Some(kind) if kind.is_policy() => (value.kind() == Kind::Object
                && !self.get(value, "Statement").is_some_and(|statement| self.is_of_stack(statement)))
            .then(|| self.policy(value, Some(kind), "the kind was given".into())),
            Some(DocumentKind::ContainerDefinitions) => Some(Recognised {
                kind: Some(DocumentKind::ContainerDefinitions),
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
            Some(DocumentKind::Service) => {
                (value.kind() == Kind::Object).then(|| Self::service_of(value, "the kind was given".into()))
            }
            Some(_) => None,
            None => match value.kind() {
                Kind::Array => self.container_definitions(value),
                Kind::Object => self
                    .task_definition(value)
                    .or_else(|| self.any_policy(value))
                    .or_else(|| self.service(value)),
                _ => None,
            },
        }
    }

    fn container_definitions<'t>(&self, value: ValueRef<'t>) -> Option<Recognised<'t>> {
        let (mut named, mut typical) = (false, false);
        for item in value.items().take(20).filter(|item| item.kind() == Kind::Object) {
            let names = self.names(item);
            let has = |name: &str| names.iter().any(|it| it == name);
            // A whole task definition, put where its containers belong.
            let whole = has("containerDefinitions") && has("family");
            named |= whole || has("name") && has("image");
            typical |= whole;
            typical |= CONTAINER_FIELDS.iter().any(|field| has(field));
        }
        (named && typical).then(|| Recognised {
            kind: Some(DocumentKind::ContainerDefinitions),
            reason: "a list of objects with `name`, `image` and fields of container definitions".into(),
            form: Form::Plain,
            value,
            units: Some(value),
        })
    }

    fn task_definition<'t>(&self, value: ValueRef<'t>) -> Option<Recognised<'t>> {
        let names = self.names(value);
        let has = |name: &str| names.iter().any(|it| it == name);
        if has("containerDefinitions")
            && let Some(sign) = self.sign_of_daemon(value, &names)
        {
            let form = if has("daemonTaskDefinitionArn") { Form::DescribedDaemon } else { Form::Daemon };
            return Some(self.task(value, sign.into(), form));
        }
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
        if let Some(inner) =
            self.get(value, "daemonTaskDefinition").filter(|inner| inner.kind() == Kind::Object)
            && self.names(inner).iter().any(|name| name == "containerDefinitions")
        {
            return Some(self.task(
                inner,
                "it has `daemonTaskDefinition` around `containerDefinitions`, as describe-daemon-task-definition prints"
                    .into(),
                Form::DescribedDaemon,
            ));
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

    /// What tells a daemon task definition from others.
    fn sign_of_daemon(&self, value: ValueRef<'_>, names: &[String]) -> Option<&'static str> {
        if names.iter().any(|name| name == "daemonTaskDefinitionArn") {
            return Some("it has `daemonTaskDefinitionArn`");
        }
        let is = |field: &str, wanted: &str| {
            self.get(value, field)
                .is_some_and(|mode| mode.kind() == Kind::String && self.text(mode) == wanted)
        };
        (is("pidMode", "shared") || is("ipcMode", "shared") || is("pidMode", "none"))
            .then_some("its `pidMode` or `ipcMode` is one that only daemon task definitions know")
    }

    /// The input of `create-service`, `update-service`, `run-task` or `start-task`.
    fn service<'t>(&self, value: ValueRef<'t>) -> Option<Recognised<'t>> {
        let names = self.names(value);
        let has = |name: &str| names.iter().any(|it| it == name);
        // What describe-services prints is no input, and a task set is another thing.
        if ["serviceArn", "taskArn", "events", "deployments", "externalId", "scale"]
            .iter()
            .any(|name| has(name))
        {
            return None;
        }
        let is_text = |name: &str| self.get(value, name).is_some_and(|it| it.kind() == Kind::String);
        let sign = |signs: &[&'static str]| signs.iter().copied().find(|name| has(name));
        let words = if is_text("taskDefinition") {
            let sign = sign(&SERVICE_FIELDS)?;
            format!("it has `taskDefinition` and `{sign}`")
        } else {
            let sign = sign(&[
                "launchType",
                "deploymentConfiguration",
                "networkConfiguration",
                "schedulingStrategy",
            ])?;
            if !has("desiredCount") {
                return None;
            }
            format!("it has `desiredCount` and `{sign}`")
        };
        Some(Self::service_of(value, words.into()))
    }

    fn service_of(value: ValueRef<'_>, reason: Box<str>) -> Recognised<'_> {
        Recognised { kind: Some(DocumentKind::Service), reason, form: Form::Plain, value, units: None }
    }

    fn task<'t>(&self, value: ValueRef<'t>, reason: Box<str>, form: Form) -> Recognised<'t> {
        let units = self.get(value, "containerDefinitions").filter(|units| units.kind() == Kind::Array);
        Recognised { kind: Some(DocumentKind::TaskDefinition), reason, form, value, units }
    }

    fn any_policy<'t>(&self, value: ValueRef<'t>) -> Option<Recognised<'t>> {
        let version = self.get(value, "Version").is_some_and(|version| {
            version.kind() == Kind::String && matches!(&*self.text(version), "2012-10-17" | "2008-10-17")
        });
        let statement = self.get(value, "Statement");
        let looks_so = statement.is_some_and(|statement| self.looks_like_statements(statement));
        if !version && !looks_so || statement.is_some_and(|statement| self.is_of_stack(statement)) {
            return None;
        }
        Some(self.policy(value, None, "".into()))
    }

    fn policy<'t>(
        &self,
        value: ValueRef<'t>,
        kind: Option<DocumentKind>,
        reason: Box<str>,
    ) -> Recognised<'t> {
        let units =
            self.get(value, "Statement").filter(|units| matches!(units.kind(), Kind::Array | Kind::Object));
        Recognised { kind, reason, form: Form::Plain, value, units }
    }

    fn looks_like_statements(&self, statement: ValueRef<'_>) -> bool {
        self.statements(statement)
            .take(20)
            .any(|statement| self.names(statement).iter().any(|name| policy_kind::is_statement_element(name)))
    }

    /// Whether the statements are those of a stack policy, which says what CloudFormation may update.
    fn is_of_stack(&self, statement: ValueRef<'_>) -> bool {
        let Some(action) = self.statements(statement).find_map(|statement| self.get(statement, "Action"))
        else {
            return false;
        };
        let first = if action.kind() == Kind::Array { action.items().next() } else { Some(action) };
        first.is_some_and(|it| it.kind() == Kind::String && policy_kind::is_action_of_stack(&self.text(it)))
    }

    fn statements<'t>(&self, statement: ValueRef<'t>) -> impl Iterator<Item = ValueRef<'t>> + use<'t, S> {
        let single = (statement.kind() == Kind::Object).then_some(statement);
        single.into_iter().chain(statement.items()).filter(|item| item.kind() == Kind::Object)
    }

    /// Policies inside what the AWS CLI prints.
    fn wrapped<'t>(
        &self,
        value: ValueRef<'t>,
        kind: Option<DocumentKind>,
        depth: u32,
        found: &mut Vec<Recognised<'t>>,
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
                    policy.kind = Some(DocumentKind::Trust);
                    policy.reason = "it stands in `AssumeRolePolicyDocument`".into();
                }
                policy.kind = kind.or(policy.kind);
                found.push(policy);
            }
        }
    }
}
