//! Workflows of GitHub Actions and pipelines of GitLab CI: their jobs, as far as they say what is deployed, and as whom.

use super::resource::{Content, Expressions, InFile, Node, Resource, TextPart};
use super::value::{Object, Value};

/// Values lead on to others no deeper.
const DEEPEST: usize = 4;

/// Sections of a pipeline of GitLab that are no jobs.
const SECTIONS: [&str; 6] = ["default", "include", "spec", "stages", "variables", "workflow"];

/// Whether a text is a workflow of GitHub that assumes a role, or calls another one of its repository.
pub(super) fn is_workflow(text: &str) -> bool {
    let has = |what: &str| memchr::memmem::find(text.as_bytes(), what.as_bytes()).is_some();
    if !has("role-to-assume") && !has("./.github/workflows/") {
        return false;
    }
    let (mut has_jobs, mut has_trigger) = (false, false);
    for line in text.lines() {
        has_jobs |= line.starts_with("jobs:");
        has_trigger |= ["on:", "\"on\":", "'on':"].iter().any(|name| line.starts_with(name));
    }
    has_jobs && has_trigger
}

/// Whether a text is a pipeline of GitLab that assumes a role by a token.
pub(super) fn is_pipeline(text: &str) -> bool {
    let has = |what: &str| memchr::memmem::find(text.as_bytes(), what.as_bytes()).is_some();
    has("id_tokens:") && has("script:") && (has("assume-role-with-web-identity") || has("AWS_ROLE_ARN"))
}

/// The jobs of a workflow or a pipeline.
pub(super) fn jobs(root: &Value) -> Vec<Resource> {
    let Some(root) = root.as_object() else { return Vec::new() };
    match root.object("jobs") {
        Some(jobs) => of_github(root, jobs),
        None => of_gitlab(root),
    }
}

fn resource(name: &str, resource_type: &str, object: &Object, members: Vec<(&str, Content)>) -> Resource {
    let members = members.into_iter().map(|(name, item)| (name.into(), item)).collect();
    Resource {
        address: name.into(),
        resource_type: resource_type.into(),
        is_conditional: false,
        is_partial: object.has("extends"),
        body: Content { node: Node::Map(members), place: InFile(object.span) },
    }
}

fn of_github(root: &Object, jobs: &Object) -> Vec<Resource> {
    let mut found = Vec::new();
    for member in &jobs.members {
        let (name, Some(job)) = (&*member.name.text, member.value.as_object()) else { continue };
        let outer = [job.object("env"), root.object("env")];
        let values = Values { scopes: outer.into_iter().flatten().collect(), form: Form::GitHub };
        let mut members = Vec::new();
        let mut add = |to: &'static str, value: Option<&Value>| {
            members.extend(value.map(|value| (to, Content::of(value, &values))));
        };
        add("on", root.get("on"));
        if job.has("uses") {
            add("uses", job.get("uses"));
            add("Parameters", job.get("with"));
            found.push(resource(name, "github-call", job, members));
            continue;
        }
        add("environment", job.get("environment"));
        let folder = [job, root]
            .into_iter()
            .find_map(|it| it.object("defaults")?.object("run")?.get("working-directory"));
        add("working-directory", folder);
        let steps = job.items("steps").iter().filter_map(Value::as_object).map(|step| {
            let scopes = [step.object("env"), job.object("env"), root.object("env")];
            let values = Values { scopes: scopes.into_iter().flatten().collect(), form: Form::GitHub };
            Content::of(&Value::Object(step.clone()), &values)
        });
        let place = InFile(job.get("steps").map_or(job.span, Value::span));
        members.push(("steps", Content { node: Node::List(steps.collect()), place }));
        found.push(resource(name, "github-job", job, members));
    }
    found
}

fn of_gitlab(root: &Object) -> Vec<Resource> {
    let mut found = Vec::new();
    for member in &root.members {
        let (name, Some(job)) = (&*member.name.text, member.value.as_object()) else { continue };
        if SECTIONS.contains(&name) || name.starts_with('.') || !job.has("script") {
            continue;
        }
        let scopes = [job.object("variables"), root.object("variables")];
        let values = Values { scopes: scopes.into_iter().flatten().collect(), form: Form::GitLab };
        let default = root.object("default");
        let inherited = |name: &str| {
            job.get(name).or_else(|| default.and_then(|it| it.get(name))).or_else(|| root.get(name))
        };
        let mut members = Vec::new();
        let mut lines = Vec::new();
        for script in [inherited("before_script"), job.get("script")].into_iter().flatten() {
            lines.extend(script.one_or_many().iter().map(|line| Content::of(line, &values)));
        }
        let place = InFile(job.get("script").map_or(job.span, Value::span));
        members.push(("script", Content { node: Node::List(lines), place }));
        // Conditions are compared as they are written.
        let written = Values { scopes: Vec::new(), form: Form::Plain };
        for (to, value) in [
            ("idTokens", inherited("id_tokens")),
            ("rules", job.get("rules")),
            ("only", job.get("only")),
            ("workflow", root.get("workflow")),
        ] {
            members.extend(value.map(|value| (to, Content::of(value, &written))));
        }
        let variables = scopes.into_iter().flatten().find_map(|it| it.get("AWS_ROLE_ARN"));
        members.extend(variables.map(|value| ("AWS_ROLE_ARN", Content::of(value, &values))));
        found.push(resource(name, "gitlab-job", job, members));
    }
    found
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `${{ env.NAME }}`
    GitHub,
    /// `$NAME` and `${NAME}`
    GitLab,
    /// Nothing in a text is a variable.
    Plain,
}

/// The variables that texts may name, the innermost first.
struct Values<'a> {
    scopes: Vec<&'a Object>,
    form: Form,
}

impl Expressions for Values<'_> {
    fn call(&self, value: &Value) -> Option<Node> {
        let text = value.as_string()?;
        let mut parts = Vec::new();
        self.read(&text.text, 0, &mut parts);
        Some(Node::Text(parts))
    }
}

impl Values<'_> {
    fn read(&self, text: &str, depth: usize, parts: &mut Vec<TextPart>) {
        let mut rest = text;
        while let Some((before, name, after)) = self.next(rest) {
            push(before, parts);
            self.expression(name, depth, parts);
            rest = after;
        }
        push(rest, parts);
    }

    /// What stands before the next expression, what it names, and what follows it.
    fn next<'t>(&self, text: &'t str) -> Option<(&'t str, &'t str, &'t str)> {
        if self.form == Form::Plain {
            return None;
        }
        if self.form == Form::GitHub {
            let (before, behind) = text.split_once("${{")?;
            let (inside, after) = behind.split_once("}}")?;
            return Some((before, inside.trim(), after));
        }
        let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let mut from = 0;
        while let Some(at) = text.get(from..)?.find('$').map(|at| from + at) {
            let behind = &text[at + 1..];
            if let Some(inside) = behind.strip_prefix('{')
                && let Some((name, after)) = inside.split_once('}')
                && name.bytes().all(is_of_name)
            {
                return Some((&text[..at], name, after));
            }
            let length = behind.bytes().take_while(|byte| is_of_name(*byte)).count();
            if length > 0 {
                return Some((&text[..at], &behind[..length], &behind[length..]));
            }
            from = at + 1;
        }
        None
    }

    fn expression(&self, expression: &str, depth: usize, parts: &mut Vec<TextPart>) {
        let is_name = |text: &str| {
            !text.is_empty()
                && text.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-' | b'.'))
        };
        let variable = match self.form {
            Form::GitHub => expression.strip_prefix("env."),
            Form::GitLab | Form::Plain => Some(expression),
        };
        if let Some(name) = variable {
            match self.scopes.iter().find_map(|scope| scope.get(name)) {
                Some(Value::String(text)) if depth < DEEPEST => self.read(&text.text, depth + 1, parts),
                Some(Value::Number(number)) => push(&number.text, parts),
                _ => parts.push(TextPart::Open),
            }
            return;
        }
        match expression.strip_prefix("inputs.") {
            Some(input) if is_name(input) => parts.push(TextPart::Ref(input.into())),
            // What a step before yields is looked for there.
            None if expression.starts_with("steps.") && is_name(expression) => {
                parts.push(TextPart::Ref(expression.into()));
            }
            _ => parts.push(TextPart::Open),
        }
    }
}

fn push(text: &str, parts: &mut Vec<TextPart>) {
    match parts.last_mut() {
        _ if text.is_empty() => {}
        Some(TextPart::Known(known)) => *known = format!("{known}{text}").into(),
        _ => parts.push(TextPart::Known(text.into())),
    }
}
