//! A role with its policies: what it may do, as far as that is known.

use super::instances::folder_of;
use super::lookup::{Led, Located, Project, attached_roles, attached_users};
use super::managed;
use super::statements::{Demand, RoleStatement, answer};
use super::words::Words;
use crate::access::Effects;
use crate::catalog::{self, FeatureNeed};
use crate::graph::FileSummary;
use crate::graph::Reason;
use crate::graph::StatedRole;
use crate::graph::index::Key;
use crate::graph::paths;
use crate::graph::summary::plain;
use crate::host::resource::{Content, Node, TextPart};
use crate::text::Span;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a field that names a role leads to.
#[derive(Debug, Clone)]
pub enum NamedRole<'a> {
    /// A resource of a template or module, or the input that creates it.
    Declared(Located<'a>, Reason),
    /// Files that bear its name.
    Named { name: String, trust: Vec<Located<'a>>, policies: Vec<Located<'a>>, reason: Reason },
}

/// A role with everything that is known of it.
pub struct Role<'a> {
    pub title: String,
    pub reason: Reason,
    /// The file it is declared in, or its first policy's.
    pub file: &'a Arc<FileSummary>,
    pub found: NamedRole<'a>,
    pub statements: Vec<RoleStatement<'a>>,
    /// Those of its boundary; `None` where it has none.
    pub boundary: Option<Vec<RoleStatement<'a>>>,
    /// Cause not everything is known.
    pub open: Option<String>,
    /// Where its policies stand in the project.
    pub policies: Vec<RolePolicyPlace<'a>>,
    /// The policies of AWS that are attached to it, by their names.
    pub managed: Vec<String>,
    /// The policies of AWS's that it has, by ARN.
    pub of_aws: Vec<String>,
    /// Where its boundary stands, where that is known.
    pub limit: Option<PolicyAt>,
}

/// Where a policy stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PolicyAt {
    /// A file, as the graph names it, and the policy or its first statement.
    File(Box<str>, Span),
    /// With AWS, by its ARN.
    Managed(String),
}

/// A managed policy: its statements, and its ARN where AWS has it.
struct ManagedPolicy<'a> {
    statements: Vec<RoleStatement<'a>>,
    of_aws: Option<String>,
    place: Option<(&'a Arc<FileSummary>, Span)>,
}

impl ManagedPolicy<'_> {
    fn of_aws(arn: String) -> Option<Self> {
        Some(ManagedPolicy { statements: managed::statements(&arn)?, of_aws: Some(arn), place: None })
    }

    fn at(&self) -> Option<PolicyAt> {
        let first = self.statements.iter().find_map(|it| Some((it.file?, it.span)));
        let place = first.or(self.place).map(|(file, span)| PolicyAt::File(file.path.clone(), span));
        place.or_else(|| self.of_aws.clone().map(PolicyAt::Managed))
    }
}

/// A policy of a role in the project.
#[derive(Debug, Clone, Copy)]
pub struct RolePolicyPlace<'a> {
    pub file: &'a Arc<FileSummary>,
    /// A statement of it, or the whole where it has none.
    pub span: Span,
    /// Whether it is a managed policy, which others may have as well.
    pub is_shared: bool,
}

impl<'a> NamedRole<'a> {
    pub fn is(&self, other: &NamedRole<'_>) -> bool {
        match (self, other) {
            (NamedRole::Declared(a, _), NamedRole::Declared(b, _)) => a.is(b),
            (NamedRole::Named { name: a, .. }, NamedRole::Named { name: b, .. }) => a == b,
            _ => false,
        }
    }

    pub fn is_user(&self) -> bool {
        matches!(self, NamedRole::Declared(at, _) if at.kind_name() == "user")
    }

    pub fn title(&self) -> String {
        match self {
            NamedRole::Declared(at, _) => at.title().to_string(),
            NamedRole::Named { name, .. } => name.clone(),
        }
    }

    pub fn reason(&self) -> Reason {
        match self {
            NamedRole::Declared(_, reason) => *reason,
            NamedRole::Named { reason, .. } => *reason,
        }
    }
}

impl<'a> Role<'a> {
    /// Takes a policy in. It stands where its first statement does that a file has; else, as far as that is
    /// known, at `place`.
    fn take(
        &mut self,
        mut statements: Vec<RoleStatement<'a>>,
        is_maybe: bool,
        is_shared: bool,
        place: Option<(&'a Arc<FileSummary>, Span)>,
    ) {
        statements.iter_mut().for_each(|statement| {
            statement.is_maybe |= is_maybe;
            statement.is_shared |= is_shared;
        });
        let place = statements.iter().find_map(|it| Some((it.file?, it.span))).or(place);
        self.policies.extend(place.map(|(file, span)| RolePolicyPlace { file, span, is_shared }));
        self.statements.extend(statements);
    }

    /// What it may do with a request: a boundary has its say, too.
    pub fn answer(&self, request: Demand<'_>) -> Effects {
        answer(&self.statements, self.boundary.as_deref(), request)
    }

    /// Whether what a feature needs is most likely granted by a policy that no file shows: files that are called
    /// like a role and say nothing of images and logs stand beside the managed policy for these.
    pub fn leaves_to_another_policy(&self, need: &FeatureNeed) -> bool {
        let says = |action: &str| self.statements.iter().any(|it| it.allows && it.may_have(action));
        need.is_managed
            && matches!(self.found, NamedRole::Named { .. })
            && !catalog::managed_actions().any(says)
    }

    pub fn is_closed(&self) -> bool {
        self.open.is_none()
    }
}

/// The account and the name in a text that names a role.
fn account_and_name(text: &str) -> (Option<&str>, &str) {
    let account = text.strip_prefix("arn:").and_then(|rest| rest.split(':').nth(3));
    let name = text.rsplit('/').next().unwrap_or(text);
    (account.filter(|it| it.len() == 12 && it.bytes().all(|byte| byte.is_ascii_digit())), name)
}

impl<'a> Project<'a> {
    /// The role that a value names, where the project has it.
    pub fn role_named(&self, file: &'a Arc<FileSummary>, item: &'a Content) -> Option<NamedRole<'a>> {
        let (led_file, led) = self.followed(file, item);
        let reason = if std::ptr::eq(led, item) { Reason::Reference } else { Reason::Handed };
        if let Some(at) = self.target(led_file, led) {
            return match at.kind_name() {
                "role" if !at.is_data() => Some(NamedRole::Declared(at, reason)),
                "role" => self.role_by_name(led_file, None, at.name()?),
                _ => None,
            };
        }
        let Node::Text(pieces) = &led.node else { return None };
        // `arn:…:role/${RoleA}`: the name is what the reference yields.
        if let Some(TextPart::Ref(path)) = pieces.last()
            && let Led::Resource(at, _) = self.led(led_file, path)
            && at.kind_name() == "role"
            && !at.is_data()
        {
            return Some(NamedRole::Declared(at, reason));
        }
        let words = self.words(led_file, led, false)?;
        let text = words.text;
        let (account, name) = account_and_name(&text);
        let is_known = !name.is_empty() && name.chars().all(|letter| (letter as u32) < 0xE000);
        if !is_known || text.contains('<') || name.contains(['$', '{', '*']) {
            return None;
        }
        self.role_by_name(led_file, account, name)
    }

    /// Whether the files of a scope may be about an account: they name it, or name none. What a provider is
    /// bound to counts before anything else.
    pub(super) fn may_be_of(&self, file: &'a Arc<FileSummary>, account: &str) -> bool {
        let (mut bound, mut named) = (BTreeSet::new(), BTreeSet::new());
        for file in self.view.find(&Key::Scope(folder_of(&file.scope).into())) {
            for resource in &file.resources {
                if &*resource.resource_type == "provider" {
                    for field in ["allowed_account_ids", "assume_role"] {
                        resource.body.all(field).for_each(|item| accounts_in(item, &mut bound));
                    }
                }
                accounts_in(&resource.body, &mut named);
            }
        }
        let stated = || self.view.stated().accounts.iter().map(|it| it.to_string()).collect();
        let is_own = named.is_empty() && bound.is_empty() && !file.is_of_other_repository();
        let accounts = if is_own {
            stated()
        } else if bound.is_empty() {
            named
        } else {
            bound
        };
        accounts.is_empty() || accounts.contains(account)
    }

    /// The one role of that name: those declared before those that files are called like, the nearer before
    /// the others.
    pub(super) fn role_by_name(
        &self,
        from: &'a Arc<FileSummary>,
        account: Option<&str>,
        name: &str,
    ) -> Option<NamedRole<'a>> {
        if let Some(stated) = self.view.stated().role(name) {
            return Some(self.role_stated(stated));
        }
        let declared: Vec<Located<'a>> = self
            .view
            .find(&Key::RoleNamed(name.into()))
            .flat_map(|file| file.resources.iter().map(move |resource| Located { file, resource }))
            .filter(|at| at.kind_name() == "role" && !at.is_data() && at.name() == Some(name))
            .filter(|at| account.is_none_or(|account| self.may_be_of(at.file, account)))
            .collect();
        let distance = |at: &Located<'a>| paths::distance(&from.path, &at.file.path);
        if let Some(nearest) = declared.iter().map(distance).min() {
            let mut near = declared.into_iter().filter(|at| distance(at) == nearest);
            let first = near.next()?;
            return near.next().is_none().then_some(NamedRole::Declared(first, Reason::Name));
        }
        if let Some(composed) = self.role_composed(from, account, name) {
            return Some(NamedRole::Declared(composed, Reason::Name));
        }
        let (mut policies, mut trust) = self.files_called(from, account, name);
        // Of two files that are as near, nobody knows which is meant.
        if trust.iter().any(|at| at.file.path != trust[0].file.path) {
            trust.clear();
        }
        // The policies of a role stand in one folder; of two folders that are as near, that of its trust policy.
        let folder = |at: &Located<'a>| paths::folder(&at.file.path);
        if policies.iter().any(|at| folder(at) != folder(&policies[0])) {
            let home = trust.first().map(folder);
            policies.retain(|at| Some(folder(at)) == home);
        }
        if policies.is_empty() && trust.is_empty() {
            return None;
        }
        Some(NamedRole::Named { name: name.to_string(), trust, policies, reason: Reason::FileName })
    }

    /// The nearest files that are called like a role: its policies, and its trust policies.
    fn files_called(
        &self,
        from: &'a Arc<FileSummary>,
        account: Option<&str>,
        name: &str,
    ) -> (Vec<Located<'a>>, Vec<Located<'a>>) {
        let distance = |at: &Located<'a>| paths::distance(&from.path, &at.file.path);
        let own = plain(name);
        // `web-task-policy.json` is of the role `web-task-role`, too.
        let short = own.strip_suffix("role").filter(|short| !short.is_empty()).unwrap_or(&own).to_string();
        let near = |keys: [Key; 2], kind: &str, beside: &[Located<'a>]| {
            let all: Vec<Located<'a>> = keys
                .iter()
                .map(|key| self.view.find(key).collect::<Vec<_>>())
                .find(|files| !files.is_empty())
                .into_iter()
                .flatten()
                .flat_map(|file| file.resources.iter().map(move |resource| Located { file, resource }))
                .filter(|at| &*at.resource.resource_type == kind)
                .filter(|at| {
                    let is_beside =
                        |it: &Located<'a>| paths::folder(&it.file.path) == paths::folder(&at.file.path);
                    account.is_none_or(|account| self.may_be_of(at.file, account))
                        || beside.iter().any(is_beside)
                })
                .collect();
            let nearest = all.iter().map(distance).min();
            all.into_iter().filter(|at| Some(distance(at)) == nearest).collect::<Vec<Located<'a>>>()
        };
        let policies = near([&own, &short].map(|name| Key::PolicyNamed(name.as_str().into())), "policy", &[]);
        let trust = near([&own, &short].map(|name| Key::Role(name.as_str().into())), "trust", &policies);
        (policies, trust)
    }

    /// A role whose files the configuration names.
    fn role_stated(&self, stated: &'a StatedRole) -> NamedRole<'a> {
        let of = |path: &str, kind: &'static str| {
            let files = self.view.find(&Key::Scope(path.into()));
            let resources =
                files.flat_map(|file| file.resources.iter().map(move |resource| Located { file, resource }));
            resources.filter(|at| &*at.resource.resource_type == kind).collect::<Vec<Located<'a>>>()
        };
        NamedRole::Named {
            name: stated.name.to_string(),
            trust: stated.trust.iter().flat_map(|path| of(path, "trust")).collect(),
            policies: stated.policies.iter().flat_map(|path| of(path, "policy")).collect(),
            reason: Reason::Stated,
        }
    }

    /// The one role whose name is put together, and yields that one.
    fn role_composed(
        &self,
        from: &'a Arc<FileSummary>,
        account: Option<&str>,
        name: &str,
    ) -> Option<Located<'a>> {
        let mut found: Vec<Located<'a>> = Vec::new();
        for file in self.view.find(&Key::RoleComposed) {
            for resource in &file.resources {
                let at = Located { file, resource };
                if at.kind_name() != "role" || at.is_data() || at.name().is_some() {
                    continue;
                }
                let words = at.name_item().and_then(|item| self.words(file, item, false));
                let is_it = words.is_some_and(|words| words.is_known() && words.text == name);
                if is_it && account.is_none_or(|account| self.may_be_of(file, account)) {
                    found.push(at);
                }
            }
        }
        let distance = |at: &Located<'a>| paths::distance(&from.path, &at.file.path);
        let nearest = found.iter().map(distance).min()?;
        let mut near = found.into_iter().filter(|at| distance(at) == nearest);
        let first = near.next()?;
        near.next().is_none().then_some(first)
    }

    /// The role of the project's only task definition, where the files beside it are called by the kind of role
    /// alone: `execution-role-policy.json`.
    pub fn role_beside(&self, task: Located<'a>, item: &'a Content, kind: &str) -> Option<NamedRole<'a>> {
        let names: &[&str] = match kind {
            "task execution role" => {
                &["executionrole", "execution", "taskexecutionrole", "taskexecution", "ecstaskexecution"]
            }
            "task role" => &["taskrole", "task", "ecstask"],
            _ => return None,
        };
        let named = item.text().filter(|text| !text.is_empty())?;
        if &*task.resource.resource_type != "task-definition"
            || self.of_kind("task-definition").nth(1).is_some()
        {
            return None;
        }
        let called = plain(account_and_name(named).1);
        let is_called = |kind: &str| kind.len() > 4 && called.ends_with(kind);
        let near = |key: &dyn Fn(&str) -> Key, kind: &str| {
            let files: BTreeSet<&'a str> = BTreeSet::new();
            let mut files = files;
            let mut found = Vec::new();
            for name in names {
                for file in self.view.find(&key(name)) {
                    // Further off, the role has to be called by its kind as well: `web-execution-role`.
                    let is_near = paths::distance(&task.file.path, &file.path) <= 1;
                    if (is_near || is_called(name)) && files.insert(&file.path) {
                        let resources = file.resources.iter().map(|resource| Located { file, resource });
                        found.extend(resources.filter(|at| &*at.resource.resource_type == kind));
                    }
                }
            }
            found
        };
        let policies = near(&|name| Key::PolicyNamed(name.into()), "policy");
        let trust = near(&|name| Key::Role(name.into()), "trust");
        if policies.len() > 1 || trust.len() > 1 || policies.is_empty() && trust.is_empty() {
            return None;
        }
        let name = account_and_name(named).1.to_string();
        Some(NamedRole::Named { name, trust, policies, reason: Reason::Beside })
    }

    /// The statements of a role's trust policy.
    pub fn trust_of(&self, found: &NamedRole<'a>) -> Option<Vec<RoleStatement<'a>>> {
        match found {
            NamedRole::Declared(at, _) => {
                let trust = at.get("AssumeRolePolicyDocument").or_else(|| at.get("assume_role_policy"))?;
                self.statements(at.file, trust)
            }
            NamedRole::Named { trust, .. } => match &trust[..] {
                [only] if !only.resource.is_partial => self.statements(only.file, &only.resource.body),
                _ => None,
            },
        }
    }

    /// Everything that is known of a role.
    pub fn role(&self, found: NamedRole<'a>) -> Option<Role<'a>> {
        let title = found.title();
        let reason = found.reason();
        match &found {
            NamedRole::Declared(at, _) => {
                let at = *at;
                Some(self.declared(at, found, title, reason))
            }
            NamedRole::Named { policies, trust, .. } => {
                let first = policies.first().or(trust.first());
                let file = first.map_or(self.view.own(), |at| at.file);
                let mut role = Role {
                    title,
                    reason,
                    file,
                    statements: Vec::new(),
                    boundary: None,
                    open: None,
                    policies: Vec::new(),
                    managed: Vec::new(),
                    of_aws: Vec::new(),
                    limit: None,
                    found: found.clone(),
                };
                let stated = self.view.stated().role(&role.title).filter(|_| reason == Reason::Stated);
                if policies.is_empty() && stated.is_none() {
                    role.open = Some("no file is called like its policy".to_string());
                }
                if let Some(stated) = stated {
                    self.take_stated(&mut role, stated, policies.len());
                }
                for policy in policies {
                    self.take_policy(
                        &mut role,
                        policy.file,
                        &policy.resource.body,
                        policy.resource.is_partial,
                        false,
                    );
                }
                self.take_attached(&mut role);
                Some(role)
            }
        }
    }

    /// What the configuration says that is attached to a role.
    fn take_stated(&self, role: &mut Role<'a>, stated: &'a StatedRole, policies: usize) {
        if policies < stated.policies.len() {
            role.open =
                Some("the configuration names a file for it that is no policy of the project".to_string());
        }
        for arn in &stated.attached {
            let found = match arn.split_once(":iam::aws:policy/") {
                Some((_, path)) => ManagedPolicy::of_aws(format!("arn:aws:iam::aws:policy/{path}")),
                None => self.managed_by_name(role.file, arn),
            };
            match found {
                Some(found) => {
                    role.managed.push(arn.rsplit('/').next().unwrap_or_default().to_string());
                    role.of_aws.extend(found.of_aws);
                    role.take(found.statements, false, true, found.place);
                }
                None => role.open = Some(format!("what the attached policy `{arn}` says is not known")),
            }
        }
    }

    fn declared(&self, at: Located<'a>, found: NamedRole<'a>, title: String, reason: Reason) -> Role<'a> {
        let mut role = Role {
            title,
            reason,
            file: at.file,
            statements: Vec::new(),
            boundary: None,
            open: None,
            policies: Vec::new(),
            managed: Vec::new(),
            of_aws: Vec::new(),
            limit: None,
            found,
        };
        if at.resource.is_partial {
            role.open = Some("a part of it could not be read".to_string());
        }
        for list in ["Policies", "inline_policy"] {
            for policy in at.resource.body.all(list).flat_map(Content::items) {
                self.take_inline(&mut role, at.file, policy, false);
            }
        }
        for arn in at.resource.body.all("ManagedPolicyArns").flat_map(Content::items) {
            self.take_managed(&mut role, at.file, arn, false);
        }
        if let Some(boundary) = at.get("PermissionsBoundary").filter(|item| item.node != Node::Nothing) {
            match self.managed(at.file, boundary) {
                Some(found) => {
                    role.limit = found.at();
                    role.boundary = Some(found.statements);
                }
                None => role.open = Some("its permissions boundary is not known".to_string()),
            }
        }
        self.take_attached(&mut role);
        // The input of `create-role` says nothing of what the role may do.
        let is_input = &*at.resource.resource_type == "role" && at.get("IsTold").is_none();
        if is_input && role.policies.is_empty() && role.statements.is_empty() && role.open.is_none() {
            // Files that are called like it may.
            let (policies, _) = self.files_called(at.file, None, &role.title.clone());
            if policies.is_empty() || policies.iter().any(|it| it.file.path == at.file.path) {
                role.open = Some("no file says what it may do".to_string());
            }
            for policy in policies {
                self.take_policy(
                    &mut role,
                    policy.file,
                    &policy.resource.body,
                    policy.resource.is_partial,
                    false,
                );
            }
            role.reason = role.reason.max(Reason::FileName);
        }
        role
    }

    fn take_inline(
        &self,
        role: &mut Role<'a>,
        file: &'a Arc<FileSummary>,
        policy: &'a Content,
        is_maybe: bool,
    ) {
        match &policy.node {
            Node::Choice(items) | Node::List(items) => {
                items.iter().for_each(|item| self.take_inline(role, file, item, true));
            }
            Node::Nothing => {}
            Node::Map(_) => match policy.get("PolicyDocument").or_else(|| policy.get("policy")) {
                Some(document) => self.take_policy(role, file, document, false, is_maybe),
                None if policy.get("name").is_none() && policy.members().next().is_none() => {}
                None => role.open = Some("one of its policies could not be read".to_string()),
            },
            _ => role.open = Some("one of its policies is worked out elsewhere".to_string()),
        }
    }

    fn take_policy(
        &self,
        role: &mut Role<'a>,
        file: &'a Arc<FileSummary>,
        document: &'a Content,
        is_partial: bool,
        is_maybe: bool,
    ) {
        match self.statements(file, document).filter(|_| !is_partial) {
            Some(statements) => role.take(statements, is_maybe, false, Some((file, document.span()))),
            None => role.open = Some("one of its policies is not known in full".to_string()),
        }
    }

    fn take_managed(
        &self,
        role: &mut Role<'a>,
        file: &'a Arc<FileSummary>,
        arn: &'a Content,
        is_maybe: bool,
    ) {
        match &arn.node {
            Node::Choice(items) => items.iter().for_each(|item| self.take_managed(role, file, item, true)),
            Node::List(items) => {
                items.iter().for_each(|item| self.take_managed(role, file, item, is_maybe));
            }
            Node::Nothing => {}
            _ => {
                let (led_file, led) = self.followed(file, arn);
                if matches!(led.node, Node::List(_)) {
                    self.take_managed(role, led_file, led, is_maybe);
                    return;
                }
                if let Some(path) = self.managed_path(file, arn).filter(|_| !is_maybe) {
                    role.managed.push(path.rsplit('/').next().unwrap_or_default().to_string());
                }
                match self.managed(file, arn) {
                    Some(found) => {
                        role.of_aws.extend(found.of_aws);
                        role.take(found.statements, is_maybe, true, found.place);
                    }
                    None => {
                        let words = self.words(file, arn, false);
                        let name = words.map_or_else(|| "…".to_string(), |words| words.shown);
                        role.open = Some(format!("what the attached policy `{name}` says is not known"));
                    }
                }
            }
        }
    }

    /// The path of the policy managed by AWS that a value names.
    fn managed_path(&self, file: &'a Arc<FileSummary>, item: &'a Content) -> Option<String> {
        if let Some(at) = self.target(file, item).filter(|at| at.kind_name() == "managed-policy") {
            // One that is looked up, by its name or ARN.
            let arn = at.get("arn").filter(|_| at.is_data()).and_then(Content::text);
            let by_name = || crate::catalog::managed_policy_named(at.name().filter(|_| at.is_data())?);
            return match arn {
                Some(arn) => Some(arn.split_once(":iam::aws:policy/")?.1.to_string()),
                None => by_name().map(str::to_string),
            };
        }
        // The partition may be open.
        Some(self.words(file, item, false)?.text.split_once(":iam::aws:policy/")?.1.to_string())
    }

    /// The statements of a managed policy that a value names.
    fn managed(&self, file: &'a Arc<FileSummary>, item: &'a Content) -> Option<ManagedPolicy<'a>> {
        let own = self.target(file, item).filter(|at| at.kind_name() == "managed-policy" && !at.is_data());
        let Some(at) = own else {
            return match self.managed_path(file, item) {
                Some(path) => ManagedPolicy::of_aws(format!("arn:aws:iam::aws:policy/{path}")),
                None => self.managed_by_name(file, &self.words(file, item, false)?.text),
            };
        };
        if at.resource.is_partial {
            return None;
        }
        let document = at.get("PolicyDocument").or_else(|| at.get("policy"))?;
        let mut statements = self.statements(at.file, document)?;
        statements.iter_mut().for_each(|it| it.is_maybe |= at.resource.is_conditional);
        let place = Some((at.file, document.span()));
        Some(ManagedPolicy { statements, of_aws: None, place })
    }

    /// The statements of the one managed policy of the project that an ARN names.
    fn managed_by_name(&self, file: &'a Arc<FileSummary>, arn: &str) -> Option<ManagedPolicy<'a>> {
        let (head, path) = arn.split_once(":policy/")?;
        let name = path.rsplit('/').next().filter(|name| !name.is_empty())?;
        let account = head.rsplit(':').next().filter(|it| it.len() == 12);
        let found: Vec<Located<'a>> = self
            .view
            .find(&Key::ManagedNamed(name.into()))
            .flat_map(|file| file.resources.iter().map(move |resource| Located { file, resource }))
            .filter(|at| super::lookup::policy_name(at.resource) == Some(name) && !at.resource.is_partial)
            .filter(|at| account.is_none_or(|account| self.may_be_of(at.file, account)))
            .collect();
        let distance = |at: &Located<'a>| paths::distance(&file.path, &at.file.path);
        let nearest = found.iter().map(distance).min()?;
        let mut near = found.into_iter().filter(|at| distance(at) == nearest);
        let only = near.next().filter(|_| near.next().is_none())?;
        let document = only.get("PolicyDocument").or_else(|| only.get("policy"))?;
        let mut statements = self.statements(only.file, document)?;
        statements.iter_mut().for_each(|it| it.is_maybe |= only.resource.is_conditional);
        let place = Some((only.file, document.span()));
        Some(ManagedPolicy { statements, of_aws: None, place })
    }

    /// What other resources attach to the role, or to the user.
    fn take_attached(&self, role: &mut Role<'a>) {
        let mut keys = Vec::new();
        let mut files: BTreeSet<&'a str> = BTreeSet::new();
        let is_user = role.found.is_user();
        let mut scope = "";
        match &role.found {
            _ if is_user => {
                keys.extend(["user-policy", "role-policy", "attachment", "managed-policy"].map(Key::Kind));
            }
            NamedRole::Declared(at, _) => {
                scope = &at.file.scope;
                let folder: Box<str> = folder_of(scope).into();
                keys.push(Key::Attaches(folder.clone(), at.resource.address.clone()));
                keys.extend(at.name().map(|name| Key::AttachesNamed(plain(name).into())));
                keys.push(Key::AttachesSome(folder));
            }
            NamedRole::Named { name, .. } => keys.push(Key::AttachesNamed(plain(name).into())),
        }
        keys.push(Key::AttachesElsewhere);
        for key in &keys {
            for file in self.view.find(key) {
                if !files.insert(&file.path) {
                    continue;
                }
                // What stands beside the role in its module is of the same call.
                let is_beside = *file.scope == *folder_of(scope);
                let file = if is_beside { self.view.instance(file, scope) } else { file };
                for resource in &file.resources {
                    let at = Located { file, resource };
                    let items = if is_user { attached_users(resource) } else { attached_roles(resource) };
                    for item in items {
                        match self.attaches_to(at, item, role) {
                            Some(true) => self.take_attachment(role, at),
                            Some(false) => {}
                            None => {
                                if let NamedRole::Declared(own, _) = &role.found
                                    && own.file.scope == file.scope
                                {
                                    role.open = Some(format!("`{}` may add to it", at.resource.address));
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Whether a resource attaches to that role; `None` where that is not known.
    fn attaches_to(&self, at: Located<'a>, item: &'a Content, role: &Role<'a>) -> Option<bool> {
        if let Node::Choice(items) = &item.node {
            return items.iter().find_map(|item| self.attaches_to(at, item, role));
        }
        let (file, led) = self.followed(at.file, item);
        if let Some(target) = self.target(file, led) {
            return match (&role.found, target.kind_name()) {
                (NamedRole::Declared(own, _), "role" | "user") if !target.is_data() => Some(own.is(&target)),
                (_, "role" | "user") => Some(target.name() == Some(&role.title)),
                (_, _) => None,
            };
        }
        let words: Words<'a> = self.words(file, led, false)?;
        if !words.is_known() {
            return None;
        }
        let name = words.text.rsplit('/').next().unwrap_or_default().to_string();
        Some(match &role.found {
            NamedRole::Declared(own, _) => own.name() == Some(&name),
            NamedRole::Named { name: own, .. } => *own == name,
        })
    }

    fn take_attachment(&self, role: &mut Role<'a>, at: Located<'a>) {
        let is_maybe = at.resource.is_conditional;
        if at.resource.is_partial {
            role.open = Some(format!("`{}` could not be read", at.resource.address));
            return;
        }
        if let Some(document) = at.get("PolicyDocument").or_else(|| at.get("policy")) {
            let all = self.each_document(at, document);
            match all {
                Some((file, all)) => {
                    all.into_iter().for_each(|it| self.take_policy(role, file, it, false, false));
                }
                None => self.take_policy(role, at.file, document, false, is_maybe),
            }
        }
        for name in ["PolicyArn", "PolicyArns"] {
            for arn in at.resource.body.all(name).flat_map(Content::items) {
                match each_of(at, arn) {
                    Some(all) => {
                        let (file, all) = self.followed(at.file, all);
                        let items: Vec<&'a Content> = match &all.node {
                            Node::Map(members) => members.iter().map(|(_, item)| item).collect(),
                            _ => all.items().iter().collect(),
                        };
                        items.into_iter().for_each(|arn| self.take_managed(role, file, arn, false));
                    }
                    None => match self.each_of_aws(at, arn) {
                        Some(arns) => {
                            let all = arns.iter().map(|arn| managed::statements(arn));
                            match all.collect::<Option<Vec<_>>>() {
                                Some(all) => {
                                    role.statements.extend(all.into_iter().flatten());
                                    let name =
                                        |arn: &String| arn.rsplit('/').next().unwrap_or_default().to_string();
                                    role.managed.extend(arns.iter().map(name));
                                }
                                None => {
                                    let why = "what one of the policies says that AWS manages is not known";
                                    role.open = Some(why.to_string());
                                }
                            }
                        }
                        None => self.take_managed(role, at.file, arn, is_maybe),
                    },
                }
            }
        }
    }

    /// The policies that a block goes through, where each of them is the value of one: `policy = each.value`, of a
    /// map that is known.
    fn each_document(
        &self,
        at: Located<'a>,
        document: &'a Content,
    ) -> Option<(&'a Arc<FileSummary>, Vec<&'a Content>)> {
        let (file, all) = self.followed(at.file, each_of(at, document)?);
        let documents = match &all.node {
            Node::Map(members) => members.iter().map(|(_, item)| item).collect(),
            Node::List(items) => items.iter().collect(),
            Node::Nothing => Vec::new(),
            _ => return None,
        };
        Some((file, documents))
    }

    /// The policies of AWS in an ARN that ends in `each.value` or `each.key`.
    fn each_of_aws(&self, at: Located<'a>, arn: &Content) -> Option<Vec<String>> {
        let Node::Text(pieces) = &arn.node else { return None };
        let [.., TextPart::Known(before), TextPart::Ref(path)] = &pieces[..] else { return None };
        let (_, folder) = before.split_once(":iam::aws:policy/")?;
        let all = matches!(&**path, "each.value" | "each.key").then(|| at.get("for_each"))??;
        let (_, all) = self.followed(at.file, all);
        let names: Option<Vec<&str>> = match &all.node {
            Node::Map(members) if &**path == "each.key" => {
                Some(members.iter().map(|(name, _)| &**name).collect())
            }
            Node::Map(members) => members.iter().map(|(_, item)| item.text()).collect(),
            Node::List(items) => items.iter().map(Content::text).collect(),
            _ => None,
        };
        Some(names?.iter().map(|name| format!("arn:aws:iam::aws:policy/{folder}{name}")).collect())
    }
}

/// What is gone through where a value is `each.value` or `each.key`.
fn each_of<'a>(at: Located<'a>, value: &Content) -> Option<&'a Content> {
    let Node::Text(pieces) = &value.node else { return None };
    let [TextPart::Ref(path)] = &pieces[..] else { return None };
    matches!(&**path, "each.value" | "each.key").then(|| at.get("for_each"))?
}

/// The accounts in ARNs of a value.
fn accounts_in(item: &Content, found: &mut BTreeSet<String>) {
    match &item.node {
        Node::Text(pieces) => {
            for piece in pieces {
                let TextPart::Known(text) = piece else { continue };
                for part in text.split(|char: char| !char.is_ascii_digit()).filter(|part| part.len() == 12) {
                    found.insert(part.to_string());
                }
            }
        }
        Node::List(items) | Node::Choice(items) => items.iter().for_each(|item| accounts_in(item, found)),
        Node::Map(members) => members.iter().for_each(|(_, item)| accounts_in(item, found)),
        Node::Open | Node::Nothing => {}
    }
}
