//! Whoever names a role for something else than a task: services, schedules, rules, state machines, deployments.

use super::lookup::{Located, Project};
use super::marks::{ANY, PART};
use super::needs::Need;
use super::role::NamedRole;
use super::words::Words;
use crate::catalog;
use crate::graph::paths;
use crate::graph::summary::is_same_plain;
use crate::graph::{FileSummary, Reason};
use crate::host::resource::{Content, Node, Resource};

/// A field that names a role, and what the role is used for.
#[derive(Clone, Copy)]
pub struct RoleField<'a> {
    pub at: Located<'a>,
    /// Its name as it is written.
    pub name: &'a str,
    pub item: &'a Content,
    /// As the catalog names it.
    pub kind: &'static str,
    /// What it is used for whatever else the resource says: names of the table of needs.
    pub features: &'static [&'static str],
}

/// The fields of a resource that name roles.
pub fn role_fields<'a>(at: Located<'a>) -> Vec<RoleField<'a>> {
    let kind = at.kind_name();
    let mut found = Vec::new();
    for row in catalog::role_fields(kind) {
        walk(&at.resource.body, row.path, &mut |name, item| {
            for item in item.items().iter().filter(|item| item.node != Node::Nothing) {
                found.push(RoleField { at, name, item, kind: row.role, features: row.needs });
            }
        });
    }
    found
}

/// The field that names a role, and where it is, as a person reads it.
pub fn evidence(own: &FileSummary, field: &RoleField<'_>) -> String {
    let file = paths::from(&own.path, &field.at.file.path);
    let address = &field.at.resource.address;
    let title = match (address.is_empty(), field.at.file.path == own.path) {
        (false, true) => format!("`{address}`"),
        (false, false) => format!("`{address}` in `{file}`"),
        (true, _) => format!("`{file}`"),
    };
    format!("`{}` of {title}", field.name)
}

/// The values of a resource that name roles.
pub(in crate::graph) fn used_roles(resource: &Resource) -> Vec<&Content> {
    let Some(kind) = catalog::resource_kind(&resource.resource_type) else { return Vec::new() };
    let mut found = Vec::new();
    for row in catalog::role_fields(kind.name) {
        walk(&resource.body, row.path, &mut |_, item| found.extend(item.items()));
    }
    found
}

/// Calls back for every value at a path; lists and repeated blocks are walked through.
pub fn walk<'a>(item: &'a Content, path: &[&str], visit: &mut dyn FnMut(&'a str, &'a Content)) {
    let [first, rest @ ..] = path else { return };
    for item in item.items() {
        if let Node::Choice(items) = &item.node {
            items.iter().for_each(|item| walk(item, path, visit));
            continue;
        }
        for (name, value) in item.members().filter(|(name, _)| is_same_plain(name, first)) {
            match (rest, &value.node) {
                ([], Node::Choice(items)) => items.iter().for_each(|item| visit(name, item)),
                ([], _) => visit(name, value),
                _ => walk(value, rest, visit),
            }
        }
    }
}

/// The first value at a path.
pub fn first<'a>(item: &'a Content, path: &str) -> Option<&'a Content> {
    let mut found = None;
    walk(item, &path.split('/').collect::<Vec<_>>(), &mut |_, item| {
        found.get_or_insert(item);
    });
    found
}

/// The roles of a task definition with the field that names each.
pub fn roles_of_task<'a>(
    project: &Project<'a>,
    task: Located<'a>,
) -> Vec<(RoleField<'a>, Option<NamedRole<'a>>)> {
    role_fields(task).into_iter().map(|field| (field, project.role_named(task.file, field.item))).collect()
}

/// The ARN of a role that a field names, as a request has it.
pub fn role_arn<'a>(project: &Project<'a>, field: RoleField<'a>) -> Option<Words<'a>> {
    let words = project.words(field.at.file, field.item, false)?;
    if words.is_open() {
        return None;
    }
    if words.text.starts_with("arn:") || words.text.contains(":role/") {
        return Some(words);
    }
    // A name alone.
    Some(words.with(format!("arn:{PART}:iam::{PART}:role/{}", words.text)))
}

/// The task definition that a value names: by reference, by family.
pub fn task_named<'a>(
    project: &Project<'a>,
    at: Located<'a>,
    item: &'a Content,
) -> Option<(Located<'a>, Reason)> {
    if let Some(task) = project.target(at.file, item).filter(|it| it.kind_name() == "task-definition") {
        return Some((task, Reason::Reference));
    }
    let words = project.words(at.file, item, false)?;
    if let Some(task) = words.of.iter().find(|it| it.kind_name() == "task-definition" && !it.is_data()) {
        return Some((*task, Reason::Reference));
    }
    let text = words.text.rsplit_once("task-definition/").map_or(&*words.text, |(_, rest)| rest);
    let family = text.split(':').next().unwrap_or_default();
    if family.is_empty() || family.chars().any(|letter| letter as u32 >= 0xE000) {
        return None;
    }
    let mut found = project.of_kind("task-definition").filter(|task| task.name() == Some(family));
    let first = found.next()?;
    found.next().is_none().then_some((first, Reason::Name))
}

/// The one task definition that a deployment may mean: of its folder, else of the project.
pub fn only_task<'a>(project: &Project<'a>, at: Located<'a>) -> Option<(Located<'a>, Reason)> {
    let all: Vec<Located<'a>> = project.of_kind("task-definition").filter(|it| !it.is_data()).collect();
    let distance = |task: &Located<'a>| crate::graph::paths::distance(&at.file.path, &task.file.path);
    let nearest = all.iter().map(distance).min()?;
    let mut near = all.into_iter().filter(|task| distance(task) == nearest);
    let first = near.next()?;
    near.next().is_none().then_some((first, Reason::Beside))
}

/// What a caller needs of a role, and for which task.
pub struct CallerNeeds<'a> {
    pub field: RoleField<'a>,
    pub needs: Vec<(Need<'a>, Vec<(&'static str, &'static str)>)>,
    pub reason: Reason,
}

/// What a request to pass a role of that kind certainly has.
pub fn passed_to(kind: &str) -> (&'static str, &'static str) {
    ("iam:PassedToService", catalog::principal_of_role(kind))
}

/// What the roles that a resource names have to be able to do.
pub fn needs<'a>(project: &Project<'a>, at: Located<'a>) -> Vec<CallerNeeds<'a>> {
    let mut found = Vec::new();
    for field in role_fields(at) {
        let body = &at.resource.body;
        found.extend(standing(project, field));
        match at.kind_name() {
            "schedule" => {
                let task = first(body, "target/ecsParameters/taskDefinitionArn");
                let tags = first(body, "target/ecsParameters/tags");
                found.extend(runs(project, field, task, tags, "pass-task-role"));
            }
            "service" => found.extend(invokes_hooks(project, field)),
            "pipe" => {
                let task = first(body, "targetParameters/ecsTaskParameters/taskDefinitionArn");
                let tags = first(body, "targetParameters/ecsTaskParameters/tags");
                found.extend(runs(project, field, task, tags, "pass-task-role"));
            }
            "event-target" => {
                let task = first(body, "ecsTarget/taskDefinitionArn");
                let tags = first(body, "ecsTarget/tags");
                found.extend(runs(project, field, task, tags, "pass-task-role"));
            }
            "event-rule" => {
                for target in body.all("targets").flat_map(Content::items) {
                    if first(target, "roleArn").is_some_and(|role| std::ptr::eq(role, field.item)) {
                        let task = first(target, "ecsParameters/taskDefinitionArn");
                        let tags = first(target, "ecsParameters/tagList")
                            .or_else(|| first(target, "ecsParameters/tags"));
                        found.extend(runs(project, field, task, tags, "pass-task-role"));
                    }
                }
            }
            "state-machine" => found.extend(runs_in_states(project, field)),
            "deployment-group" if body.get("ecsServices").or_else(|| body.get("ecsService")).is_some() => {
                found.extend(deploys(project, field, "task-set"));
            }
            "pipeline" if deploys_with_own_role(body) => {
                found.extend(deploys(project, field, "pipeline-deploy"));
            }
            "capacity-provider" => found.extend(passes_instance_role(project, field)),
            _ => {}
        }
    }
    found
}

/// The needs of the role by which lifecycle hooks are invoked that name it.
fn invokes_hooks<'a>(project: &Project<'a>, field: RoleField<'a>) -> Vec<CallerNeeds<'a>> {
    let mut found = Vec::new();
    for list in ["lifecycleHooks", "lifecycleHook"] {
        walk(&field.at.resource.body, &["deploymentConfiguration", list], &mut |_, hooks| {
            let of_field =
                |hook: &&Content| hook.get("roleArn").is_some_and(|role| std::ptr::eq(role, field.item));
            for hook in hooks.items().iter().filter(of_field) {
                let mut needs = CallerNeeds { field, needs: Vec::new(), reason: Reason::Reference };
                push(&mut needs, "hook", hooked(project, field.at, hook), field, "");
                found.push(needs);
            }
        });
    }
    found
}

/// The needs of a state machine whose states run tasks.
fn runs_in_states<'a>(project: &Project<'a>, field: RoleField<'a>) -> Vec<CallerNeeds<'a>> {
    let names = ["definition", "definitionString", "definitionBody"];
    let definition = names.into_iter().find_map(|name| field.at.resource.body.get(name));
    let mut states = Vec::new();
    if let Some(definition) = definition {
        let (_, definition) = project.followed(field.at.file, definition);
        run_states(definition, 0, &mut states);
    }
    let of_state = |(state, is_sync): (&'a Content, bool)| {
        // As JSONPath and as JSONata have it.
        let of = |name: &str| {
            ["Parameters", "Arguments"].iter().find_map(|within| first(state, &format!("{within}/{name}")))
        };
        let mut needs = runs(project, field, of("TaskDefinition"), of("Tags"), "pass-task-role")?;
        if is_sync {
            push(&mut needs, "watch-task", vec![], field, "");
            let rule = format!("arn:{PART}:events:{PART}:{PART}:rule/StepFunctionsGetEventsForECSTaskRule");
            push(&mut needs, "watch-task-rule", vec![Words::literal(&rule)], field, "");
        }
        Some(needs)
    };
    states.into_iter().filter_map(of_state).collect()
}

/// Whether a pipeline deploys to ECS, and none of its actions has a role of its own.
fn deploys_with_own_role(body: &Content) -> bool {
    let has = |path: &[&str], fits: &dyn Fn(&Content) -> bool| {
        let mut found = false;
        walk(body, path, &mut |_, item| found |= fits(item));
        found
    };
    let is_ecs = |item: &Content| item.text() == Some("ECS");
    let deploys = has(&["stages", "actions", "actionTypeId", "provider"], &is_ecs)
        || has(&["stage", "action", "provider"], &is_ecs);
    deploys
        && !has(&["stages", "actions", "roleArn"], &|_| true)
        && !has(&["stage", "action", "roleArn"], &|_| true)
}

/// The needs of whoever launches instances: to pass the role of their profile.
fn passes_instance_role<'a>(project: &Project<'a>, field: RoleField<'a>) -> Option<CallerNeeds<'a>> {
    let path = "managedInstancesProvider/instanceLaunchTemplate/ec2InstanceProfileArn";
    let profile = project.target(field.at.file, first(&field.at.resource.body, path)?)?;
    let item = profile.get("role").or_else(|| profile.get("roles")?.items().first());
    let item = item.filter(|_| profile.kind_name() == "instance-profile")?;
    let role = project.role_named(profile.file, item)?;
    let words = project.words(profile.file, item, false)?;
    let name = words.text.rsplit('/').next().unwrap_or_default();
    let arn = words.with(format!("arn:{PART}:iam::{PART}:role/{name}"));
    let need = Need {
        need: catalog::need_of("pass-instance-role")?,
        resources: vec![Words { shown: role.title(), ..arn }],
        span: field.item.span(),
        subject: role.title(),
    };
    let needs = vec![(need, vec![passed_to("container instance role")])];
    Some(CallerNeeds { field, needs, reason: Reason::Reference })
}

/// The needs of whoever deploys a task definition: the project's one.
fn deploys<'a>(project: &Project<'a>, field: RoleField<'a>, feature: &str) -> Option<CallerNeeds<'a>> {
    let mut found = match only_task(project, field.at) {
        Some((task, reason)) => passes(project, field, task, reason, "pass-deployed-role"),
        None => CallerNeeds { field, needs: Vec::new(), reason: Reason::Reference },
    };
    push(&mut found, feature, Vec::new(), field, "");
    Some(found)
}

/// The function that a lifecycle hook invokes; nothing where that is not known.
fn hooked<'a>(project: &Project<'a>, at: Located<'a>, hook: &'a Content) -> Vec<Words<'a>> {
    let function = hook.get("hookTargetArn").and_then(|item| project.words(at.file, item, false));
    let Some(function) = function.filter(|words| words.text.contains(":function:")) else {
        return Vec::new();
    };
    let versions = function.with(format!("{}:{ANY}", function.text));
    vec![function, versions]
}

/// What a role is used for whatever else its user says.
fn standing<'a>(project: &Project<'a>, field: RoleField<'a>) -> Option<CallerNeeds<'a>> {
    // Systems Manager has activations for other machines as well.
    if field.at.kind_name() == "activation" && !runs_externally(project) {
        return None;
    }
    let mut found = CallerNeeds { field, needs: Vec::new(), reason: Reason::Reference };
    for feature in field.features {
        push(&mut found, feature, Vec::new(), field, "");
    }
    (!found.needs.is_empty()).then_some(found)
}

/// Whether a task or service of the project runs on external instances.
fn runs_externally(project: &Project<'_>) -> bool {
    let is_external = |item: Option<&Content>| {
        item.is_some_and(|item| item.items().iter().any(|item| item.text() == Some("EXTERNAL")))
    };
    project.of_kind("task-definition").any(|task| is_external(task.get("requiresCompatibilities")))
        || project.of_kind("service").any(|service| is_external(service.get("launchType")))
}

fn push<'a>(
    needs: &mut CallerNeeds<'a>,
    feature: &str,
    resources: Vec<Words<'a>>,
    field: RoleField<'a>,
    subject: &str,
) {
    let any = vec![Words::literal(&ANY.to_string())];
    let resources = if resources.is_empty() { any } else { resources };
    if let Some(need) = catalog::need_of(feature) {
        let need = Need { need, resources, span: field.item.span(), subject: subject.to_string() };
        needs.needs.push((need, Vec::new()));
    }
}

/// The needs of whoever runs a task.
fn runs<'a>(
    project: &Project<'a>,
    field: RoleField<'a>,
    task: Option<&'a Content>,
    tags: Option<&'a Content>,
    feature: &str,
) -> Option<CallerNeeds<'a>> {
    let named = task?;
    let (task, reason) = task_named(project, field.at, named)?;
    let mut found = passes(project, field, task, reason, feature);
    let family = match task.name_item().and_then(|name| project.words(task.file, name, false)) {
        Some(words) if !words.text.is_empty() => words.text.replace(ANY, &PART.to_string()),
        _ => task.unique().to_string(),
    };
    let arn = format!("arn:{PART}:ecs:{PART}:{PART}:task-definition/{family}");
    let of =
        |text: String| Words { text, of: vec![task], shown: format!("task-definition/{}", task.title()) };
    let resources = vec![of(format!("{arn}:{PART}")), of(arn)];
    let run = catalog::need_of("run-task")?;
    let need = Need { need: run, resources, span: field.item.span(), subject: task.title().to_string() };
    found.needs.insert(0, (need, Vec::new()));
    if let Some(tags) = tags.filter(|tags| !matches!(&tags.node, Node::Nothing) && has_items(tags)) {
        let tag = catalog::need_of("tag-task")?;
        let text = format!("arn:{PART}:ecs:{PART}:{PART}:task/{ANY}");
        let resources = vec![Words { text, of: Vec::new(), shown: "task/*".to_string() }];
        let need = Need { need: tag, resources, span: tags.span(), subject: String::new() };
        found.needs.push((need, Vec::new()));
    }
    Some(found)
}

fn has_items(item: &Content) -> bool {
    match &item.node {
        Node::List(items) => !items.is_empty(),
        Node::Map(members) => !members.is_empty(),
        _ => false,
    }
}

/// The needs of whoever hands a task its roles.
pub fn passes<'a>(
    project: &Project<'a>,
    field: RoleField<'a>,
    task: Located<'a>,
    reason: Reason,
    feature: &str,
) -> CallerNeeds<'a> {
    let mut found = CallerNeeds { field, needs: Vec::new(), reason };
    for (role, declared) in roles_of_task(project, task) {
        let Some(arn) = role_arn(project, role) else { continue };
        let Some(need) = catalog::need_of(feature) else { continue };
        let title = declared.map_or_else(
            || arn.shown.rsplit('/').next().unwrap_or_default().to_string(),
            |declared| declared.title(),
        );
        let need = Need {
            need,
            resources: vec![Words { shown: title.clone(), ..arn }],
            span: field.item.span(),
            subject: title,
        };
        found.needs.push((need, vec![passed_to("task role")]));
    }
    found
}

/// The states of a state machine that run a task, and whether they wait for it.
fn run_states<'a>(item: &'a Content, depth: usize, found: &mut Vec<(&'a Content, bool)>) {
    use crate::host::resource::TextPart;
    if depth > 24 {
        return;
    }
    if let Some(resource) = item.get("Resource")
        && let Node::Text(pieces) = &resource.node
        && let Some(TextPart::Known(text)) = pieces.last()
        && let Some(rest) = text.split_once(":states:::ecs:runTask").map(|(_, rest)| rest).or_else(|| {
            // The partition is open.
            text.split_once("states:::ecs:runTask").map(|(_, rest)| rest)
        })
    {
        found.push((item, rest.starts_with(".sync")));
        return;
    }
    match &item.node {
        Node::Map(members) => members.iter().for_each(|(_, item)| run_states(item, depth + 1, found)),
        Node::List(items) => items.iter().for_each(|item| run_states(item, depth + 1, found)),
        _ => {}
    }
}
