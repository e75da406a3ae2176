//! What the resources of one file are judged to be by what the project says.

use super::callers::{self, RoleField, evidence};
use super::deployers;
use super::grant::{WantedGrant, grant};
use super::instances::call_of;
use super::lookup::{Located, Project};
use super::marks::PART;
use super::needs::{self, Need};
use super::role::{NamedRole, Role};
use super::statements::{Demand, RoleStatement, answer, context_of, is_plain_action};
use super::unused;
use super::verdict::{
    Asks, Cause, Lack, LinkNote, ProjectPlace, RoleLinks, Unassumable, Verdict, WorkflowToken,
};
use super::words::Words;
use super::workflows;
use crate::catalog;
use crate::graph::index::Graph;
use crate::graph::paths;
use crate::graph::resolve::View;
use crate::graph::{FileSummary, Reason};
use crate::host::resource::{Content, Node};
use crate::text::Span;
use std::collections::HashSet;
use std::sync::Arc;

/// Everything that other files make of a file.
pub fn verdicts(graph: &Graph, own: &Arc<FileSummary>) -> (Vec<Verdict>, RoleLinks) {
    // Policies alone are judged by the roles that others use.
    let has_nobody = || own.resources.are_policies() && !deployers::has_users(graph);
    // What is granted to nobody is told of a project that is complete.
    let is_complete = graph.stated().is_complete;
    if own.resources.is_empty() || !is_complete && (own.resources.pass_no_roles() || has_nobody()) {
        return Default::default();
    }
    let view = View::new(graph, own);
    let project = Project { view: &view };
    let mut judge = Judge { project: &project, own, found: Vec::new(), links: RoleLinks::default() };
    for resource in &own.resources {
        let at = Located { file: own, resource };
        if at.is_data() {
            continue;
        }
        match at.kind_name() {
            "task-definition" => judge.task(at, needs::of_task(&project, at)),
            "batch-job" => judge.task(at, needs::of_job(&project, at)),
            "service" => judge.service(at),
            "service-account" => judge.account(at),
            "workflow-job" => judge.job(at),
            "aws-auth" => judge.mappings(at),
            _ => judge.caller(at),
        }
    }
    judge.found.extend(deployers::passings(&project, own).into_iter().map(Verdict::Passing));
    judge.found.extend(unused::unused(&project, own).into_iter().map(Verdict::Unused));
    (judge.found, judge.links)
}

struct Judge<'p, 'a> {
    project: &'p Project<'a>,
    own: &'a Arc<FileSummary>,
    found: Vec<Verdict>,
    links: RoleLinks,
}

impl<'a> Judge<'_, 'a> {
    /// The role that a field names, with everything known of it; what is not known is noted.
    fn role(&mut self, field: RoleField<'a>) -> Option<Role<'a>> {
        let span = field.item.span();
        let words = self.project.words(field.at.file, field.item, false);
        let found = self.project.role_named(field.at.file, field.item);
        let Some(found) = found.or_else(|| self.project.role_beside(field.at, field.item, field.kind)) else {
            let shown = words.map_or_else(|| "…".to_string(), |words| words.shown);
            self.links.unresolved.push(LinkNote {
                span,
                words: format!("`{}` names `{shown}`, of which no file of the project is", field.name).into(),
            });
            return None;
        };
        let role = self.project.role(found)?;
        let file = paths::from(&self.own.path, &role.file.path);
        self.links.links.push(LinkNote {
            span,
            words: format!("`{}` is the role `{}` in `{file}`, {}", field.name, role.title, role.reason)
                .into(),
        });
        if let Some(why) = &role.open {
            self.links.open.push(LinkNote {
                span,
                words: format!("of the role `{}` not everything is known: {why}", role.title).into(),
            });
        }
        Some(role)
    }

    fn task(&mut self, task: Located<'a>, needs: Vec<Need<'a>>) {
        let fields = callers::role_fields(task);
        let of = |kind: &str| fields.iter().copied().find(|field| field.kind == kind);
        let execution = of("task execution role").and_then(|field| Some((field, self.role(field)?)));
        let own = of("task role").and_then(|field| Some((field, self.role(field)?)));
        let is_shared = match (&execution, &own) {
            (Some((_, execution)), Some((_, own))) => execution.found.is(&own.found),
            _ => false,
        };
        for (field, role) in execution.iter().chain(&own) {
            self.trust_conditions(*field, role);
            self.managed_for_another(*field, role, is_shared);
        }
        let mut told = HashSet::new();
        for need in needs {
            let (this, other) = match need.need.role {
                "execution" => (&execution, &own),
                _ => (&own, &execution),
            };
            let Some((field, role)) = this else { continue };
            let other = other.as_ref().map(|(_, role)| role);
            if role.leaves_to_another_policy(need.need) {
                continue;
            }
            let key = (need.need.feature, need.resources.first().map(|it| it.text.clone()));
            if let Some(lack) = self.lack(field.kind, role, &need, &[], other)
                && told.insert(key)
            {
                self.found.push(Verdict::Lacks(lack));
            }
        }
    }

    /// Policies that AWS manages for roles of another kind, on a role of a task. `is_shared`: the task has one role for both.
    fn managed_for_another(&mut self, field: RoleField<'a>, role: &Role<'a>, is_shared: bool) {
        for policy in &role.managed {
            let meant = catalog::role_kinds().iter().find(|kind| kind.managed.contains(&policy.as_str()));
            let Some(meant) = meant.filter(|meant| meant.name != field.kind) else { continue };
            // A role that more than tasks assume may be meant for both.
            let of_tasks = meant.principal == catalog::principal_of_role("task role");
            if of_tasks && is_shared || !of_tasks && self.trusts_another(role) {
                continue;
            }
            self.found.push(Verdict::ManagedForAnother {
                span: field.item.span(),
                role: role.title.clone().into(),
                kind: field.kind.into(),
                policy: policy.clone().into(),
                meant: meant.name,
                reason: role.reason,
            });
        }
    }

    /// Whether somebody else than ECS tasks may assume a role, as far as its trust policy is known.
    fn trusts_another(&self, role: &Role<'a>) -> bool {
        fn is_tasks(item: &Content) -> bool {
            match &item.node {
                Node::List(items) | Node::Choice(items) => items.iter().all(is_tasks),
                _ => item.text() == Some(catalog::principal_of_role("task role")),
            }
        }
        let Some(statements) = self.project.trust_of(&role.found) else { return true };
        statements.iter().filter_map(|statement| statement.principals).any(|principals| {
            let own = principals.get("Service").or_else(|| principals.get("identifiers"));
            !own.is_some_and(is_tasks)
        })
    }

    fn service(&mut self, service: Located<'a>) {
        self.caller(service);
        let Some(enabled) = service.get("enableExecuteCommand").filter(|it| it.text() == Some("true")) else {
            return;
        };
        let overriding = callers::first(&service.resource.body, "overrides/taskRoleArn");
        if let Some(item) = overriding.filter(|it| it.node != Node::Nothing) {
            let fields = callers::role_fields(service);
            let field = fields.into_iter().find(|field| std::ptr::eq(field.item, item));
            let Some((field, role)) = field.and_then(|field| Some((field, self.role(field)?))) else {
                return;
            };
            self.exec(field, &role, None, enabled.span(), role.title.clone(), Reason::Reference);
            return;
        }
        let named =
            service.get("taskDefinition").and_then(|item| callers::task_named(self.project, service, item));
        let task = named.or_else(|| match service.get("taskDefinition") {
            None => callers::only_task(self.project, service),
            Some(_) => None,
        });
        let Some((task, reason)) = task else { return };
        let fields = callers::role_fields(task);
        let of = |kind: &str| fields.iter().copied().find(|field| field.kind == kind);
        let Some(field) = of("task role") else {
            if !task.resource.is_partial && task.get("taskRoleArn").is_none_or(|it| it.node == Node::Nothing)
            {
                let title = task.title().to_string().into();
                self.found.push(Verdict::NoTaskRole { span: enabled.span(), task: title });
            }
            return;
        };
        let Some(role) = self.role(field) else { return };
        let other = of("task execution role").and_then(|field| self.role(field));
        self.exec(field, &role, other.as_ref(), enabled.span(), task.title().to_string(), reason);
    }

    /// What a task role lacks for ECS Exec.
    fn exec(
        &mut self,
        field: RoleField<'a>,
        role: &Role<'a>,
        other: Option<&Role<'a>>,
        span: Span,
        subject: String,
        reason: Reason,
    ) {
        let Some(need) = catalog::need_of("exec") else { return };
        let need = Need { need, resources: vec![Words::literal("*")], span, subject };
        if let Some(mut lack) = self.lack(field.kind, role, &need, &[], other) {
            lack.reason = lack.reason.max(reason);
            self.found.push(Verdict::Lacks(lack));
        }
    }

    fn caller(&mut self, at: Located<'a>) {
        let mut roles: Vec<(usize, Role<'a>)> = Vec::new();
        let mut told = HashSet::new();
        let place = |field: &RoleField<'_>| std::ptr::from_ref(field.item) as usize;
        for field in callers::role_fields(at) {
            if let Some(role) = self.role(field) {
                self.trust_conditions(field, &role);
                roles.push((place(&field), role));
            }
        }
        for needs in callers::needs(self.project, at) {
            let role = roles.iter().find(|(known, _)| *known == place(&needs.field));
            let Some((_, role)) = role else { continue };
            for (need, context) in &needs.needs {
                let lack = self.lack(needs.field.kind, role, need, context, None);
                if let Some(mut lack) = lack
                    && told.insert((need.need.feature, need.subject.clone()))
                {
                    lack.reason = lack.reason.max(needs.reason);
                    self.found.push(Verdict::Lacks(lack));
                }
            }
        }
    }

    /// What a role lacks of a need; `None` where it has it, or where that is not known.
    fn lack(
        &self,
        kind: &str,
        role: &Role<'a>,
        need: &Need<'a>,
        context: &[(&str, &str)],
        other: Option<&Role<'a>>,
    ) -> Option<Lack> {
        let given = context_of(context);
        let request = |action: &'static str| Demand { action, resources: &need.resources, context: &given };
        let missing: Vec<&'static str> = need
            .need
            .actions
            .iter()
            .copied()
            .filter(|action| {
                let answer = role.answer(request(action));
                // What an open role lacks it may have elsewhere; a deny counts all the same.
                answer.denied.is_yes() || role.is_closed() && answer.granted().is_no()
            })
            .collect();
        let first = *missing.first()?;
        let policy = role.policies.iter().find(|it| !it.is_shared).or(role.policies.first());
        let policy = policy.map(|it| self.place(it.file, it.span));
        let file = match role.file.path == self.own.path {
            true => Box::default(),
            false => paths::from(&self.own.path, &role.file.path).into(),
        };
        let resource = match need.resources.first() {
            Some(only) if only.text == "*" || only.is_open() => Box::default(),
            Some(only) => only.shown.clone().into(),
            None => Box::default(),
        };
        let why = why(role, request(first), other);
        // What is denied, or left out by a boundary, no statement more allows; a condition is to be mended itself.
        let is_open = !matches!(why, Cause::Denied | Cause::Boundary | Cause::Condition(..));
        let wanted = WantedGrant { actions: &missing, resources: &need.resources, context };
        let grant = is_open.then(|| grant(self.project, self.own, role, wanted)).flatten();
        Some(Lack {
            grant,
            span: need.span,
            role: role.title.clone().into(),
            kind: kind.into(),
            need: need.need,
            actions: missing,
            resource,
            subject: need.subject.clone().into(),
            why,
            reason: role.reason,
            file,
            policy,
        })
    }

    /// Whether the service that uses a role may assume it, where the role is one of several that a module makes: what
    /// its trust policy says depends on who calls the module.
    fn trusted_services(&mut self, field: RoleField<'a>, role: &Role<'a>, statements: &[RoleStatement<'a>]) {
        let is_of_call =
            matches!(&role.found, NamedRole::Declared(at, _) if call_of(&at.file.scope).is_some());
        let kind = catalog::role_kinds().iter().find(|kind| kind.name == field.kind);
        let Some(kind) = kind.filter(|_| is_of_call) else { return };
        let mut trusted = Vec::new();
        for statement in statements.iter().filter(|it| it.allows && it.may_have("sts:AssumeRole")) {
            match self.services_of(statement) {
                Some(services) => trusted.extend(services),
                None => return,
            }
        }
        let is_it = |name: &&str| name.split('.').next() == kind.principal.split('.').next();
        if trusted.is_empty() || trusted.iter().any(|name| is_it(&name.as_str())) {
            return;
        }
        let first = statements.iter().find_map(|it| Some((it.file?, it.principals?)));
        self.found.push(Verdict::NotTrusted {
            span: field.item.span(),
            role: role.title.clone().into(),
            kind: field.kind.into(),
            service: kind.principal,
            trusted: trusted.into_iter().map(Into::into).collect(),
            trust: first.map(|(file, item)| self.place(file, item.span())),
        });
    }

    /// The services that a statement lets in; `None` where not all of its principals are known.
    fn services_of(&self, statement: &RoleStatement<'a>) -> Option<Vec<String>> {
        let (file, principals) = (statement.file?, statement.principals?);
        let names = |item: &'a Content| -> Option<Vec<String>> {
            let (file, item) = self.project.followed(file, item);
            let known = item.items().iter().map(|it| {
                let words = self.project.words(file, it, false).filter(Words::is_known)?;
                Some(words.text)
            });
            known.collect()
        };
        if statement.has_more_principals || statement.is_maybe || principals.items().len() != 1 {
            return None;
        }
        let block = &principals.items()[0];
        if let (Some(of), Some(identifiers)) = (block.get("type"), block.get("identifiers")) {
            return if of.text()? == "Service" { names(identifiers) } else { Some(Vec::new()) };
        }
        let Node::Map(members) = &block.node else { return None };
        let mut found = Vec::new();
        for (_, item) in members.iter().filter(|(of, _)| &**of == "Service") {
            found.extend(names(item)?);
        }
        Some(found)
    }

    /// Conditions of the trust policy that the service never meets.
    fn trust_conditions(&mut self, field: RoleField<'a>, role: &Role<'a>) {
        let statements = self.project.trust_of(&role.found);
        let Some(statements) = statements else { return };
        self.trusted_services(field, role, &statements);
        let assuming = || {
            statements
                .iter()
                .filter(|it| it.allows && it.may_have("sts:AssumeRole") && it.principals.is_some())
        };
        let account = self.account_of(field);
        let is_of_task = matches!(field.kind, "task role" | "task execution role");
        let shut = |statement: &RoleStatement<'a>| {
            statement.conditions.iter().find_map(|condition| {
                if condition.is_open || catalog::parse_operator(&condition.operator)?.base.negated {
                    return None;
                }
                let is_key = |key: &str| condition.key.eq_ignore_ascii_case(key);
                let is_other = |other: Option<&str>| {
                    let is_account =
                        |it: &str| it.len() == 12 && it.bytes().all(|byte| byte.is_ascii_digit());
                    matches!((other, &account), (Some(other), Some(own)) if is_account(other) && other != own)
                };
                let is_cluster =
                    |text: &str| is_of_task && text.contains(":ecs:") && text.contains(":cluster/");
                let never = |value: &Words<'_>| {
                    let text = value.plain();
                    if is_key("aws:SourceAccount") {
                        is_other(Some(&text))
                    } else if is_key("aws:SourceArn") {
                        is_cluster(&text) || is_other(text.split(':').nth(4))
                    } else {
                        false
                    }
                };
                let value = condition.values.first()?;
                condition.values.iter().all(never).then(|| {
                    let asks = match is_cluster(&value.plain()) {
                        true => Asks::Cluster,
                        false => Asks::Account(account.clone().unwrap_or_default().into()),
                    };
                    (condition.key.clone(), value.shown.clone(), asks, statement.file, condition.span)
                })
            })
        };
        let mut all = assuming().map(shut);
        let Some(Some((key, value, asks, file, span))) = all.next() else { return };
        if all.all(|it| it.is_some()) {
            self.found.push(Verdict::Unassumable(Unassumable {
                span: field.item.span(),
                role: role.title.clone().into(),
                kind: field.kind.into(),
                key,
                value: value.into(),
                asks,
                evidence: evidence(self.own, &field).into(),
                reason: role.reason,
                trust: file.map(|file| self.place(file, span)),
            }));
        }
    }

    /// The account in which a role is used: that of its ARN.
    fn account_of(&self, field: RoleField<'a>) -> Option<String> {
        let words = self.project.words(field.at.file, field.item, false);
        let account = words.as_ref().and_then(|it| it.text.strip_prefix("arn:")?.split(':').nth(3));
        let is_known = |it: &&str| it.len() == 12 && it.bytes().all(|byte| byte.is_ascii_digit());
        account.filter(is_known).or(self.project.view.stated().account()).map(str::to_string)
    }

    /// A place as this file sees it.
    fn place(&self, file: &FileSummary, span: Span) -> ProjectPlace {
        ProjectPlace { file: (file.path != self.own.path).then(|| file.path.clone()), span }
    }

    /// A job of a workflow: whether its tokens are let in by the roles that it assumes, and whether these may do
    /// what its steps do.
    fn job(&mut self, at: Located<'a>) {
        for assumed in workflows::assumptions(self.project, at) {
            let Some(role) = self.role(assumed.field) else { continue };
            let statements =
                (!assumed.subjects.is_empty()).then(|| self.project.trust_of(&role.found)).flatten();
            let refused = statements.and_then(|statements| {
                let ask = |subjects: &[Words<'a>], is_named| {
                    let trusted = workflows::asks_for(&statements, assumed.issuer, subjects, is_named)?;
                    Some((trusted, subjects.to_vec(), is_named))
                };
                let by_name = || (!assumed.named.is_empty()).then(|| ask(&assumed.named, true)).flatten();
                ask(&assumed.subjects, false).or_else(by_name)
            });
            if let Some((trusted, subjects, is_named)) = refused {
                let shown = |words: &Words<'_>| match is_named {
                    true => words.shown.clone().into(),
                    false => super::marks::readable(&words.text).into(),
                };
                // Of each subject, the form without ids.
                let subjects = subjects.iter().step_by(if is_named { 2 } else { 1 });
                let repository = self.project.view.stated().repository.as_ref().filter(|_| is_named);
                self.found.push(Verdict::Workflow(WorkflowToken {
                    span: assumed.field.item.span(),
                    role: role.title.clone().into(),
                    issuer: assumed.issuer,
                    subjects: subjects.map(shown).collect(),
                    repository: repository.map(|it| it.is_configured),
                    trusted: trusted.into_iter().map(Into::into).collect(),
                    file: paths::from(&self.own.path, &role.file.path).into(),
                }));
            }
            let mut told = HashSet::new();
            for needed in &assumed.needs {
                // Its policy passes roles, and misses this one: that is told there.
                let is_pass = needed.need.need.feature == "pass-deployed-role";
                if is_pass && self.is_told_at_policy(&role, &needed.need.subject) {
                    continue;
                }
                let lack = self.lack(assumed.field.kind, &role, &needed.need, &needed.context, None);
                if let Some(mut lack) = lack
                    && told.insert((needed.need.need.feature, needed.need.subject.clone()))
                {
                    lack.reason = lack.reason.max(needed.reason);
                    self.found.push(Verdict::Lacks(lack));
                }
            }
        }
    }

    /// Whether a policy of a role is told that it does not pass another one.
    fn is_told_at_policy(&self, role: &Role<'a>, passed: &str) -> bool {
        let mut seen = HashSet::new();
        role.policies.iter().map(|it| it.file).filter(|file| seen.insert(&file.path)).any(|file| {
            let passings = deployers::passings(self.project, file);
            passings.iter().any(|it| *it.role == *passed && it.passed_to.is_empty())
        })
    }

    /// The roles that the ConfigMap `aws-auth` lets in: whether the project has them.
    fn mappings(&mut self, at: Located<'a>) {
        let entries = || at.resource.body.all("mapRoles").flat_map(Content::items);
        let named: Vec<&str> = entries()
            .filter_map(|entry| entry.get("rolearn")?.text())
            .filter_map(|arn| arn.rsplit('/').next())
            .collect();
        for entry in entries() {
            let Some(item) = entry.get("rolearn") else { continue };
            let field =
                RoleField { at, name: "rolearn", item, kind: "role of a Kubernetes cluster", features: &[] };
            if self.role(field).is_some() {
                continue;
            }
            let Some(words) = self.project.words(at.file, item, false).filter(Words::is_known) else {
                continue;
            };
            let Some((_, name)) = words.text.split_once(":role/") else { continue };
            let declared: Vec<Located<'a>> =
                self.project.of_kind("role").filter(|role| !role.is_data()).collect();
            // One whose name is put together may be it; what AWS makes up is not.
            let is_open = |role: &Located<'a>| role.name_item().is_some() && role.name_is_open();
            if declared.is_empty() || declared.iter().any(is_open) {
                continue;
            }
            let others = declared.iter().filter_map(Located::name).filter(|other| !named.contains(other));
            let meant = catalog::guess(name, others).filter(|guess| guess.is_plain).map(|guess| guess.word);
            let is_complete = self.project.view.stated().is_complete;
            if meant.is_some() || is_complete {
                self.found.push(Verdict::Unmapped {
                    span: item.span(),
                    role: name.into(),
                    meant: meant.map(Into::into),
                });
            }
        }
    }

    /// A service account of Kubernetes, against the trust policy of the role that it names.
    fn account(&mut self, account: Located<'a>) {
        let Some(metadata) = account.get("metadata") else { return };
        let annotations = metadata.get("annotations");
        let Some(annotation) = annotations.and_then(|it| it.get("eks.amazonaws.com/role-arn")) else {
            return;
        };
        let field = RoleField {
            at: account,
            name: "eks.amazonaws.com/role-arn",
            item: annotation,
            kind: "role of a service account",
            features: &[],
        };
        let Some(role) = self.role(field) else { return };
        let Some(statements) = self.project.trust_of(&role.found) else { return };
        let part = |name: &str| match metadata.get(name).and_then(Content::text) {
            Some(text) if !text.contains(['{', '$', '<']) => text.to_string(),
            _ => PART.to_string(),
        };
        let subject =
            Words::literal(&format!("system:serviceaccount:{}:{}", part("namespace"), part("name")));
        let mut trusted = Vec::new();
        let mut web_identity = statements
            .iter()
            .filter(|it| it.allows && it.may_have("sts:AssumeRoleWithWebIdentity") && it.principals.is_some())
            .peekable();
        if web_identity.peek().is_none() && !statements.iter().any(|it| it.allows && it.principals.is_some())
        {
            return;
        }
        for statement in web_identity {
            let shuts_out = statement.conditions.iter().any(|condition| {
                let is_subject = condition.key.ends_with(":sub");
                let Some(operator) = catalog::parse_operator(&condition.operator) else { return false };
                if !is_subject || operator.base.negated || condition.is_open {
                    return false;
                }
                let shuts_out = condition.shuts_out(&subject);
                if shuts_out {
                    trusted.extend(condition.values.iter().map(|it| it.shown.clone()));
                }
                shuts_out
            });
            if !shuts_out {
                return;
            }
        }
        let file = paths::from(&self.own.path, &role.file.path);
        self.found.push(Verdict::Account {
            span: annotation.span(),
            role: role.title.clone().into(),
            subject: super::marks::readable(&subject.text).into(),
            trusted: trusted.first().cloned().unwrap_or_default().into(),
            file: file.into(),
            reason: role.reason,
        });
    }
}

/// Cause a role does not grant a request.
fn why(role: &Role<'_>, request: Demand<'_>, other: Option<&Role<'_>>) -> Cause {
    if role.answer(request).denied.is_yes() {
        return Cause::Denied;
    }
    let may_allow = |statements: &[RoleStatement<'_>]| !answer(statements, None, request).allowed.is_no();
    if may_allow(&role.statements) {
        return Cause::Boundary;
    }
    if other.is_some_and(|other| may_allow(&other.statements) && names(other, request.action)) {
        return Cause::OtherRole(other.map(|it| it.title.clone()).unwrap_or_default().into());
    }
    let with_action =
        || role.statements.iter().filter(|it| it.allows && !it.not_action && it.may_have(request.action));
    for statement in with_action() {
        if request.resources.iter().any(|resource| statement.may_name(resource)) {
            let shut = statement.conditions.iter().find(|it| it.holds(request.context).is_no());
            if let Some(shut) = shut {
                let value = shut.values.first().map_or("", |it| &it.shown);
                return Cause::Condition(shut.key.clone(), value.into());
            }
        }
    }
    // The one that says most like it.
    let service = request.action.split(':').next().unwrap_or_default();
    let own = with_action()
        .filter(|it| it.actions.iter().any(|it| it.plain().to_ascii_lowercase().starts_with(service)));
    if let Some(resource) = own.chain(with_action()).find_map(|it| it.resources.first()) {
        return Cause::OtherResource(super::marks::readable(&resource.shown).into());
    }
    let name = request.action.split_once(':').map_or("", |(_, name)| name);
    let stem: String = name.chars().take(7).collect();
    let alike =
        role.statements.iter().filter(|it| it.allows).flat_map(|it| &it.actions).map(Words::plain).find(
            |it| {
                let Some((of, other)) = it.split_once(':') else { return false };
                of.eq_ignore_ascii_case(service) && is_plain_action(it) && other.starts_with(&stem)
                    || service == "ssmmessages" && of == "ssm"
                    || service == "kms" && of == "kms"
            },
        );
    match alike {
        Some(action) => Cause::OtherAction(action.into()),
        None => Cause::NoStatement,
    }
}

/// Whether a role names an action, not everything.
fn names(role: &Role<'_>, action: &str) -> bool {
    let service = action.split(':').next().unwrap_or_default();
    role.statements.iter().any(|it| {
        it.allows
            && it.may_have(action)
            && it.actions.iter().any(|it| it.plain().to_ascii_lowercase().starts_with(service))
    })
}
