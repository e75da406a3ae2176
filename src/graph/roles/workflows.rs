//! Jobs of workflows: which roles they assume, with which tokens, and what they do with them.

use super::callers::{self, RoleField};
use super::lookup::{Located, Project, called_scope};
use super::marks::{ANY, PART, is_mark};
use super::needs::Need;
use super::statements::RoleStatement;
use super::words::Words;
use crate::catalog::{self, DeployWork};
use crate::graph::Reason;
use crate::graph::index::Key;
use crate::graph::paths;
use crate::host::resource::{Content, Node, TextPart};
use crate::text::Span;

/// A role that a job assumes.
pub struct Assumption<'a> {
    pub field: RoleField<'a>,
    /// The subjects that the job's tokens may have; empty where it does not assume the role by a token.
    pub subjects: Vec<Words<'a>>,
    /// The same with the name of the repository, where that is known.
    pub named: Vec<Words<'a>>,
    /// Who makes the tokens.
    pub issuer: &'static str,
    pub needs: Vec<Needed<'a>>,
}

/// What a step needs of the role.
pub struct Needed<'a> {
    pub need: Need<'a>,
    pub context: Vec<(&'static str, &'static str)>,
    pub reason: Reason,
}

const GITHUB: &str = "token.actions.githubusercontent.com";
const GITLAB: &str = "gitlab.com";

/// Callers of callers are followed no further.
const DEEPEST: usize = 4;

/// The roles that a job assumes, in the order in which it does.
pub fn assumptions<'a>(project: &Project<'a>, at: Located<'a>) -> Vec<Assumption<'a>> {
    match &*at.resource.resource_type {
        "github-job" => of_github(project, at),
        "gitlab-job" => of_gitlab(project, at).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn of_github<'a>(project: &Project<'a>, at: Located<'a>) -> Vec<Assumption<'a>> {
    let mut found: Vec<Assumption<'a>> = Vec::new();
    // Whether the last of them is what the steps that follow have.
    let mut is_current = false;
    let steps = at.get("steps").map_or(&[][..], Content::items);
    for step in steps {
        let given = |name: &str| step.get("with").and_then(|with| with.get(name));
        let action =
            step.get("uses").and_then(Content::text).map(|uses| uses.split('@').next().unwrap_or(uses));
        let work = action.and_then(catalog::deploy_action);
        if work.is_some_and(|work| work.assumes) {
            let Some(item) = given("role-to-assume") else {
                // The keys of a user.
                is_current = false;
                continue;
            };
            let has_keys = given("aws-access-key-id").is_some() || given("web-identity-token-file").is_some();
            let is_chained = given("role-chaining").is_some_and(|it| it.text() != Some("false"));
            let by_token = !has_keys && !is_chained;
            let subjects = if by_token { subjects_of_github(project, at) } else { Vec::new() };
            let named = named(project, &subjects);
            let field =
                RoleField { at, name: "role-to-assume", item, kind: "role of the workflow", features: &[] };
            found.push(Assumption { field, subjects, named, issuer: GITHUB, needs: Vec::new() });
            is_current = step.get("if").is_none() && given("aws-profile").is_none();
            continue;
        }
        let has_own_keys = step.get("env").is_some_and(|env| env.get("AWS_ACCESS_KEY_ID").is_some());
        let Some(last) = found.last_mut().filter(|_| is_current && !has_own_keys) else { continue };
        if let Some(work) = work {
            let span = step.get("uses").map_or(step.span(), Content::span);
            let asked = Asked { project, at, field: last.field, span, work };
            let file = work.passes.and_then(given).and_then(|item| written_file(steps, item));
            let is_of_codedeploy =
                ["codedeploy-appspec", "codedeploy-application", "codedeploy-deployment-group"]
                    .into_iter()
                    .any(|name| given(name).is_some());
            let service = given("service").filter(|_| !is_of_codedeploy);
            last.needs.extend(asked.needs(file, service, given("cluster"), ""));
        }
        if let Some(run) = step.get("run") {
            let folder = step.get("working-directory").or_else(|| at.get("working-directory"));
            let folder = folder.and_then(Content::text).unwrap_or_default();
            match project.words(at.file, run, false) {
                Some(words) if !has_other_credentials(&words.text, GITHUB) => {
                    last.needs.extend(commands(project, at, last.field, run.span(), &words.text, folder));
                }
                _ => is_current = false,
            }
        }
    }
    found
}

/// Whether something gives a script other credentials than those of the job.
fn has_other_credentials(script: &str, issuer: &str) -> bool {
    catalog::other_credentials(issuer).iter().any(|sign| script.contains(sign))
}

/// The file of a task definition that a step is given: its path, or what a step before made of one.
fn written_file<'a>(steps: &'a [Content], item: &'a Content) -> Option<&'a str> {
    if let Some(path) = item.text() {
        return Some(path);
    }
    let Node::Text(parts) = &item.node else { return None };
    let [TextPart::Ref(path)] = &parts[..] else { return None };
    let id = path.strip_prefix("steps.")?.split('.').next()?;
    let step = steps.iter().find(|step| step.get("id").and_then(Content::text) == Some(id))?;
    let action = step.get("uses")?.text()?.split('@').next()?;
    let renders = catalog::deploy_action(action)?.renders?;
    // A chain of steps that each add an image.
    let given = step.get("with")?.get(renders)?;
    if std::ptr::eq(given, item) { None } else { written_file(steps_before(steps, step), given) }
}

fn steps_before<'a>(steps: &'a [Content], step: &Content) -> &'a [Content] {
    let end = steps.iter().position(|it| std::ptr::eq(it, step)).unwrap_or(0);
    &steps[..end]
}

/// A step or a command, and who is asked.
struct Asked<'p, 'a> {
    project: &'p Project<'a>,
    at: Located<'a>,
    field: RoleField<'a>,
    span: Span,
    work: &'static DeployWork,
}

impl<'a> Asked<'_, 'a> {
    /// What it needs. `file` is the path of the task definition that it registers, from `folder` of the repository.
    fn needs(
        &self,
        file: Option<&str>,
        service: Option<&'a Content>,
        cluster: Option<&'a Content>,
        folder: &str,
    ) -> Vec<Needed<'a>> {
        let words =
            |item: Option<&'a Content>| item.and_then(|item| self.project.words(self.at.file, item, false));
        self.needs_of(file, words(service), words(cluster), folder)
    }

    fn needs_of(
        &self,
        file: Option<&str>,
        service: Option<Words<'a>>,
        cluster: Option<Words<'a>>,
        folder: &str,
    ) -> Vec<Needed<'a>> {
        let mut found = Vec::new();
        let of_service = self.work.of_service.iter().filter(|_| service.is_some());
        for feature in self.work.needs.iter().chain(of_service) {
            let Some(need) = catalog::need_of(feature) else { continue };
            let is_of_service =
                need.actions.iter().all(|action| action.ends_with("Service") || action.ends_with("Services"));
            let (resource, subject) = match &service {
                Some(service) if is_of_service => {
                    let name = service.text.rsplit('/').next().unwrap_or_default();
                    let cluster = match &cluster {
                        Some(cluster) => cluster.text.rsplit('/').next().unwrap_or_default().to_string(),
                        None => "default".to_string(),
                    };
                    let arn = format!("arn:{PART}:ecs:{PART}:{PART}:service/{cluster}/{name}");
                    let shown = service.shown.rsplit('/').next().unwrap_or_default().to_string();
                    (Words { text: arn, of: Vec::new(), shown: format!("service/{shown}") }, shown)
                }
                _ => (Words::literal(&ANY.to_string()), String::new()),
            };
            let need = Need { need, resources: vec![resource], span: self.span, subject };
            found.push(Needed { need, context: Vec::new(), reason: Reason::Name });
        }
        if let Some(task) = file.and_then(|file| self.task_in(folder, file)) {
            let passes = callers::passes(self.project, self.field, task, Reason::Name, "pass-deployed-role");
            found.extend(passes.needs.into_iter().map(|(need, context)| Needed {
                need: Need { span: self.span, ..need },
                context,
                reason: Reason::Name,
            }));
        }
        found
    }

    /// The one task definition in a file of the repository.
    fn task_in(&self, folder: &str, file: &str) -> Option<Located<'a>> {
        if file.chars().any(is_mark) {
            return None;
        }
        let own = &self.at.file.path;
        let root = paths::repository_of_workflow(own).unwrap_or_else(|| paths::folder(own));
        let path = paths::joined(&paths::joined(root, folder), file);
        let mut found = self.project.view.find(&Key::Scope(path.into())).flat_map(|file| {
            let resources = file.resources.iter().filter(|it| &*it.resource_type == "task-definition");
            resources.map(move |resource| Located { file, resource })
        });
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }
}

/// What the commands of a script need, as far as they certainly run.
fn commands<'a>(
    project: &Project<'a>,
    at: Located<'a>,
    field: RoleField<'a>,
    span: Span,
    script: &str,
    folder: &str,
) -> Vec<Needed<'a>> {
    let mut found = Vec::new();
    let mut depth = 0_usize;
    let mut folder = folder.to_string();
    for line in script.replace("\\\n", " ").lines() {
        let line = line.trim();
        let first = line.split_whitespace().next().unwrap_or_default();
        match first {
            "if" | "case" | "for" | "while" | "until" => depth += 1,
            _ if line.ends_with('{') => depth += 1,
            "fi" | "esac" | "done" | "}" | "fi;" | "done;" => depth = depth.saturating_sub(1),
            "cd" => folder = ANY.to_string(),
            _ => {}
        }
        // What fails may be meant to.
        if depth > 0 || line.starts_with('#') || line.contains("||") {
            if line.ends_with("fi") || line.ends_with("done") {
                depth = depth.saturating_sub(1);
            }
            continue;
        }
        for part in line.split("&&").flat_map(|part| part.split([';', '|'])) {
            let command = part.rsplit_once("$(").map_or(part, |(_, inside)| inside);
            let Some(command) = Command::read(command.trim().trim_end_matches([')', '"'])) else { continue };
            let asked = Asked { project, at, field, span, work: command.work };
            let file = command.work.passes.and_then(|name| command.option(name));
            let file = file.map(|file| file.trim_start_matches("file://"));
            let words = |name: &str| command.option(name).map(Words::literal);
            found.extend(asked.needs_of(file, words("service"), words("cluster"), &folder));
        }
    }
    found
}

/// A command of a script that the table knows.
struct Command<'t> {
    work: &'static DeployWork,
    arguments: Vec<&'t str>,
}

impl<'t> Command<'t> {
    fn read(text: &'t str) -> Option<Command<'t>> {
        let mut words: Vec<&str> =
            text.split_whitespace().map(|word| word.trim_matches(['"', '\''])).collect();
        // `A=b aws …`
        while words.first().is_some_and(|word| word.contains('=') && !word.starts_with('-')) {
            words.remove(0);
        }
        let program = *words.first()?;
        let mut rest = &words[1..];
        // Options of the program itself, each with a value.
        while rest.first().is_some_and(|word| word.starts_with("--")) {
            let takes_value = rest.first().is_some_and(|word| !word.contains('='));
            rest = rest.get(1 + usize::from(takes_value)..)?;
        }
        let name = match program {
            "aws" => format!("aws {} {}", rest.first()?, rest.get(1)?),
            program => format!("{program} {}", rest.first()?),
        };
        Some(Command { work: catalog::deploy_command(&name)?, arguments: rest.to_vec() })
    }

    fn option(&self, name: &str) -> Option<&'t str> {
        self.arguments.iter().enumerate().find_map(|(index, argument)| {
            let rest = argument.strip_prefix("--")?.strip_prefix(name)?;
            match rest.strip_prefix('=') {
                Some(value) => Some(value),
                None if rest.is_empty() => self.arguments.get(index + 1).copied(),
                None => None,
            }
        })
    }
}

/// The subjects that the tokens of a job of GitHub Actions may have. The repository is not known; where its name is
/// told with ids, they stand in the same places.
fn subjects_of_github<'a>(project: &Project<'a>, at: Located<'a>) -> Vec<Words<'a>> {
    let of = |rest: &str| Words::literal(&format!("repo:{PART}/{PART}:{rest}"));
    if let Some(environment) = at.get("environment").filter(|it| it.node != Node::Nothing) {
        let name = match &environment.node {
            Node::Map(_) => environment.get("name"),
            _ => Some(environment),
        };
        let name = name.and_then(Content::text).filter(|name| !name.is_empty() && !name.contains(':'));
        return vec![match name {
            Some(name) => of(&format!("environment:{name}")),
            // It may be empty, and then there is none.
            None => of(&ANY.to_string()),
        }];
    }
    let mut rests = Vec::new();
    if let Some(on) = at.get("on") {
        events(project, &at.file.scope, on, 0, &mut rests);
    }
    if rests.is_empty() {
        rests.push(ANY.to_string());
    }
    rests.iter().map(|rest| of(rest)).collect()
}

/// Subjects with the name of the repository, in lower case; none where that is not known.
fn named<'a>(project: &Project<'a>, subjects: &[Words<'a>]) -> Vec<Words<'a>> {
    let Some(repository) = &project.view.stated().repository else { return Vec::new() };
    let (owner, name) = (repository.owner.to_ascii_lowercase(), repository.name.to_ascii_lowercase());
    let open = format!("repo:{PART}/{PART}:");
    let rests = subjects.iter().filter_map(|subject| subject.text.strip_prefix(&open));
    rests
        .flat_map(|rest| {
            [format!("repo:{owner}/{name}:{rest}"), format!("repo:{owner}@{PART}/{name}@{PART}:{rest}")]
        })
        .map(|text| Words {
            text: text.to_ascii_lowercase(),
            shown: super::marks::readable(&text),
            of: Vec::new(),
        })
        .collect()
}

/// What stands behind the repository in the subjects of each event.
fn events(project: &Project<'_>, scope: &str, on: &Content, depth: usize, found: &mut Vec<String>) {
    let mut add = |event: &str, filter: Option<&Content>| match event {
        "push" => pushes(filter, found),
        "pull_request" => found.push("pull_request".to_string()),
        "release" => found.push(format!("ref:refs/tags/{ANY}")),
        "schedule" => found.push(format!("ref:refs/heads/{ANY}")),
        "workflow_dispatch" => found.push(format!("ref:refs/{ANY}")),
        "workflow_call" if depth < DEEPEST => {
            let mut is_called = false;
            for file in project.view.find(&Key::Calls(scope.into())) {
                for resource in &file.resources {
                    if called_scope(&file.scope, resource).as_deref() != Some(scope) {
                        continue;
                    }
                    is_called = true;
                    match resource.body.get("on") {
                        Some(on) => events(project, &file.scope, on, depth + 1, found),
                        None => found.push(ANY.to_string()),
                    }
                }
            }
            if !is_called {
                found.push(ANY.to_string());
            }
        }
        _ => found.push(ANY.to_string()),
    };
    match &on.node {
        Node::Map(members) => members.iter().for_each(|(event, filter)| add(event, Some(filter))),
        _ => {
            for event in on.items() {
                add(event.text().unwrap_or_default(), None);
            }
        }
    }
}

/// The refs that are pushed to.
fn pushes(filter: Option<&Content>, found: &mut Vec<String>) {
    let has = |name: &str| filter.is_some_and(|filter| filter.get(name).is_some());
    let (names_branches, names_tags) =
        (has("branches") || has("branches-ignore"), has("tags") || has("tags-ignore"));
    let mut add = |kind: &str, list: &str| {
        let items = filter.and_then(|filter| filter.get(list)).map_or(&[][..], Content::items);
        let mut is_any = items.is_empty();
        for item in items {
            match item.text() {
                Some(text) if text.starts_with('!') => {}
                Some(text) => {
                    let text = text.replace(['*', '?', '+', '[', ']'], &ANY.to_string());
                    found.push(format!("ref:refs/{kind}/{text}"));
                }
                None => is_any = true,
            }
        }
        if is_any {
            found.push(format!("ref:refs/{kind}/{ANY}"));
        }
    };
    if names_branches || !names_tags {
        add("heads", "branches");
    }
    if names_tags || !names_branches {
        add("tags", "tags");
    }
}

fn of_gitlab<'a>(project: &Project<'a>, at: Located<'a>) -> Option<Assumption<'a>> {
    // Its tokens are made elsewhere, or for somebody else.
    at.get("idTokens")?;
    let item = at.get("AWS_ROLE_ARN")?;
    let subjects = if at.resource.is_partial {
        Vec::new()
    } else {
        refs_of_gitlab(at)
            .iter()
            .map(|rest| Words::literal(&format!("project_path:{ANY}:ref_type:{rest}")))
            .collect()
    };
    let field = RoleField { at, name: "AWS_ROLE_ARN", item, kind: "role of the pipeline", features: &[] };
    let mut script = String::new();
    let lines = at.get("script").map_or(&[][..], Content::items);
    for line in lines {
        script.push_str(&project.words(at.file, line, false).map(|words| words.text).unwrap_or_default());
        script.push('\n');
    }
    let span = at.get("script").map_or(item.span(), Content::span);
    let needs = match has_other_credentials(&script, GITLAB) {
        true => Vec::new(),
        false => commands(project, at, field, span, &script, ""),
    };
    Some(Assumption { field, subjects, named: Vec::new(), issuer: GITLAB, needs })
}

/// The kinds of refs and the refs that a job of GitLab runs for.
fn refs_of_gitlab(at: Located<'_>) -> Vec<String> {
    let any = vec![format!("{PART}:ref:{ANY}")];
    if at.get("workflow").is_some() && at.get("rules").is_none() && at.get("only").is_none() {
        return any;
    }
    if let Some(rules) = at.get("rules") {
        let branch = |rule: &Content| {
            let condition = rule.get("if")?.text()?;
            let (variable, name) = condition.split_once("==")?;
            let name = name.trim().strip_prefix('"')?.strip_suffix('"')?;
            (variable.trim() == "$CI_COMMIT_BRANCH").then_some(())?;
            (!name.contains('"')).then(|| format!("branch:ref:{name}"))
        };
        let all: Option<Vec<String>> = rules
            .items()
            .iter()
            .filter(|rule| rule.get("when").and_then(Content::text) != Some("never"))
            .map(branch)
            .collect();
        return all.filter(|all| !all.is_empty()).unwrap_or(any);
    }
    let only = at.get("only").map_or(&[][..], Content::items);
    let names: Option<Vec<String>> = only
        .iter()
        .map(|item| match item.text()? {
            "branches" => Some(format!("branch:ref:{ANY}")),
            "tags" => Some(format!("tag:ref:{ANY}")),
            name if name.starts_with('/') => None,
            "merge_requests" | "schedules" | "web" | "triggers" | "api" | "pipelines" | "pushes"
            | "external" => None,
            name => Some(format!("{PART}:ref:{name}")),
        })
        .collect();
    names.filter(|names| !names.is_empty()).unwrap_or(any)
}

/// Whether a trust policy may let in one of the subjects; what it asks for instead where it does not. `is_named`: the
/// repository is known in them.
pub fn asks_for(
    statements: &[RoleStatement<'_>],
    issuer: &str,
    subjects: &[Words<'_>],
    is_named: bool,
) -> Option<Vec<String>> {
    let mut trusted = Vec::new();
    let admits = statements.iter().filter(|it| it.allows && it.may_have("sts:AssumeRoleWithWebIdentity"));
    for statement in admits {
        if !statement.principals.is_some_and(|principals| may_name(principals, issuer)) {
            continue;
        }
        let shuts_out = statement.conditions.iter().any(|condition| {
            let is_subject = condition.key.to_ascii_lowercase().ends_with(":sub");
            let Some(operator) = catalog::parse_operator(&condition.operator) else { return false };
            if !is_subject || operator.base.negated || condition.is_open {
                return false;
            }
            // That a wildcard is none there is told where it is written.
            let is_like = condition.operator.contains("Like");
            let has_wildcard =
                |value: &Words<'_>| value.text.contains([super::marks::STAR, super::marks::ONE]);
            let is_told = !is_like && condition.values.iter().any(has_wildcard);
            // GitHub keeps the case of names, and takes them in any.
            let lower = is_named.then(|| condition.in_lower_case());
            let condition = lower.as_ref().unwrap_or(condition);
            let shuts_out = !is_told && subjects.iter().all(|subject| condition.shuts_out(subject));
            if shuts_out {
                trusted.extend(condition.values.iter().map(|it| it.shown.clone()));
            }
            shuts_out
        });
        if !shuts_out {
            return None;
        }
    }
    Some(trusted)
}

/// Whether a principal may be the provider of an issuer.
fn may_name(item: &Content, issuer: &str) -> bool {
    match &item.node {
        Node::Text(parts) => parts.iter().any(|part| match part {
            TextPart::Known(text) => text.contains(issuer) || &**text == "*",
            _ => true,
        }),
        Node::List(items) | Node::Choice(items) => items.iter().any(|item| may_name(item, issuer)),
        Node::Map(members) => members.iter().any(|(name, item)| {
            // The kind of principal, in a block of Terraform.
            &**name != "type" && may_name(item, issuer)
        }),
        Node::Open => true,
        Node::Nothing => false,
    }
}
