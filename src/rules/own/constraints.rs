//! What a team's configuration forbids and asks for: rows of `never` and `require`.

use crate::host::resource::{Content, Node, Resource, TextPart};
use crate::host::{Document, DocumentKind, Module, Parsed, Surroundings};
use crate::text::Span;
use serde_json::json;
use std::sync::Arc;

/// The rows that are about one file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Constraints {
    pub never: Arc<[Prohibition]>,
    pub require: Arc<[Requirement]>,
}

/// Access that no policy may grant.
#[derive(Debug, Clone, PartialEq)]
pub struct Prohibition {
    pub what: Forbidden,
    pub reason: Box<str>,
    /// `FILE:LINE` of the configuration.
    pub place: Box<str>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Forbidden {
    /// Any of these actions on any of these resources, each a pattern.
    Access { actions: Vec<String>, resources: Vec<String> },
    /// Resource policies that let everybody in.
    Public,
}

/// What must stand in a resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Requirement {
    pub of: Subject,
    pub what: Demanded,
    pub reason: Box<str>,
    /// `FILE:LINE` of the configuration.
    pub place: Box<str>,
}

/// What a requirement is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    Role,
    User,
    ManagedPolicy,
    TaskDefinition,
    Service,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Demanded {
    /// A field, by the way down to it, which goes through lists; with a value that fits one of the patterns,
    /// where there are any.
    Field { path: Vec<Box<str>>, values: Vec<Box<str>> },
    /// A tag.
    Tag(Box<str>),
    /// Trust in these accounts alone.
    Accounts(Vec<Box<str>>),
}

/// How a resource meets a requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shortfall {
    /// What lacks it, and the name of what is lacking.
    Absent(Span, Box<str>),
    /// The value that does not fit, and the field's name.
    Unfit(Span, Box<str>, Box<str>),
}

impl Subject {
    pub const ALL: [Subject; 5] =
        [Subject::Role, Subject::User, Subject::ManagedPolicy, Subject::TaskDefinition, Subject::Service];

    /// As the configuration calls it, and the table of resources.
    pub const fn name(self) -> &'static str {
        match self {
            Subject::Role => "role",
            Subject::User => "user",
            Subject::ManagedPolicy => "managed-policy",
            Subject::TaskDefinition => "task-definition",
            Subject::Service => "service",
        }
    }

    /// As a sentence says it.
    pub const fn title(self) -> &'static str {
        match self {
            Subject::Role => "role",
            Subject::User => "user",
            Subject::ManagedPolicy => "managed policy",
            Subject::TaskDefinition => "task definition",
            Subject::Service => "service",
        }
    }
}

impl Constraints {
    pub fn is_empty(&self) -> bool {
        self.never.is_empty() && self.require.is_empty()
    }
}

impl Prohibition {
    /// A policy of two denials that leaves of any other what is forbidden, and nothing else: what both together
    /// allow, the other one must not. `None` where it is not about access.
    pub fn remainder(&self, kind: DocumentKind) -> Option<Document> {
        let Forbidden::Access { actions, resources } = &self.what else { return None };
        let mut statements = Vec::new();
        if !actions.iter().any(|action| action == "*") {
            statements.push(json!({ "Effect": "Deny", "NotAction": actions, "Resource": "*" }));
        }
        if !resources.iter().any(|resource| resource == "*") {
            statements.push(json!({ "Effect": "Deny", "Action": "*", "NotResource": resources }));
        }
        if kind.takes_principal() {
            statements.iter_mut().for_each(|it| it["Principal"] = json!("*"));
        }
        let text = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
        let module = Module::default();
        let parsed = Parsed::parse(&text, Surroundings { path: "never.json", module: &module });
        parsed.documents(text.as_str(), "never.json", Some(kind), &[]).into_iter().next()
    }
}

impl Requirement {
    /// Where a resource does not meet it.
    pub fn faults(&self, resource: &Resource) -> Vec<Shortfall> {
        let mut found = Vec::new();
        // What could not be read may hold it.
        if resource.is_partial {
            return found;
        }
        match &self.what {
            Demanded::Field { path, values } => field(&resource.body, path, values, &mut found),
            Demanded::Tag(key) => {
                let lists: Vec<&Content> = ["tags", "TagSet"]
                    .iter()
                    .flat_map(|name| resource.body.all(name))
                    .filter(|item| item.node != Node::Nothing)
                    .collect();
                if !lists.iter().any(|list| may_have_tag(list, key)) {
                    let span = lists.first().map_or(head(&resource.body), |list| head(list));
                    found.push(Shortfall::Absent(span, format!("tag `{key}`").into()));
                }
            }
            Demanded::Accounts(_) => {}
        }
        found
    }
}

/// The first character of a value: where something that it lacks is told.
fn head(item: &Content) -> Span {
    let span = item.span();
    Span::new(span.start, (span.start + 1).min(span.end))
}

fn field(item: &Content, path: &[Box<str>], values: &[Box<str>], found: &mut Vec<Shortfall>) {
    let Some((name, rest)) = path.split_first() else { return };
    match &item.node {
        Node::List(items) | Node::Choice(items) => {
            items.iter().for_each(|item| field(item, path, values, found));
        }
        Node::Map(members) => {
            // A member whose name is not known may be it.
            if members.iter().any(|(name, _)| name.contains("${") || name.is_empty()) {
                return;
            }
            let mut named = item.all(name).filter(|it| it.node != Node::Nothing).peekable();
            if named.peek().is_none() {
                found.push(Shortfall::Absent(head(item), format!("`{name}`").into()));
            }
            for value in named {
                match rest {
                    [] => value_fits(value, name, values, found),
                    rest => field(value, rest, values, found),
                }
            }
        }
        Node::Text(_) | Node::Open | Node::Nothing => {}
    }
}

fn value_fits(value: &Content, name: &str, values: &[Box<str>], found: &mut Vec<Shortfall>) {
    match &value.node {
        Node::List(items) | Node::Choice(items) => {
            items.iter().for_each(|item| value_fits(item, name, values, found));
        }
        Node::Text(parts) if !values.is_empty() => {
            let fits = |pattern: &str| may_fit(pattern, parts);
            if !values.iter().any(|pattern| fits(pattern)) {
                let shown = value.text().unwrap_or("…").into();
                found.push(Shortfall::Unfit(value.span(), name.into(), shown));
            }
        }
        _ => {}
    }
}

/// Whether a text fits a pattern, whatever is filled in later.
fn may_fit(pattern: &str, parts: &[TextPart]) -> bool {
    let mut open = String::new();
    let mut is_open = false;
    for part in parts {
        match part {
            TextPart::Known(text) => open.push_str(text),
            _ => {
                is_open = true;
                open.push('*');
            }
        }
    }
    if !is_open {
        return crate::catalog::wildcard_matches(pattern, &open, false);
    }
    // What is known of the text before its first hole and behind its last one has to agree with the pattern.
    let (start, end) =
        (open.split('*').next().unwrap_or_default(), open.rsplit('*').next().unwrap_or_default());
    let agrees = |pattern: &str, text: &str, from_end: bool| {
        let pattern: Vec<char> =
            if from_end { pattern.chars().rev().collect() } else { pattern.chars().collect() };
        let text: Vec<char> = if from_end { text.chars().rev().collect() } else { text.chars().collect() };
        pattern.iter().take_while(|it| **it != '*').zip(&text).all(|(a, b)| *a == '?' || a == b)
    };
    agrees(pattern, start, false) && agrees(pattern, end, true)
}

/// Whether tags may have one of that key: as a list of keys and values, or as a map.
fn may_have_tag(tags: &Content, key: &str) -> bool {
    match &tags.node {
        Node::List(items) | Node::Choice(items) => items.iter().any(|item| match &item.node {
            Node::Map(_) => match item.get("Key") {
                Some(name) => name.text().is_none_or(|name| name == key),
                None => may_have_tag(item, key),
            },
            _ => true,
        }),
        Node::Map(members) => members.iter().any(|(name, _)| &**name == key || name.contains("${")),
        Node::Nothing => false,
        Node::Text(_) | Node::Open => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::resource::of_json;

    fn faults(what: Demanded, body: &str) -> Vec<Shortfall> {
        let requirement = Requirement { of: Subject::Role, what, reason: "".into(), place: Box::default() };
        let body = of_json(body).unwrap();
        let resource = Resource {
            address: "".into(),
            resource_type: "role".into(),
            is_conditional: false,
            is_partial: false,
            body,
        };
        requirement.faults(&resource)
    }

    #[test]
    fn a_field_is_looked_for_in_every_item_of_a_list() {
        let path = || vec!["containerDefinitions".into(), "logConfiguration".into(), "logDriver".into()];
        let demand = |values: &[&str]| Demanded::Field {
            path: path(),
            values: values.iter().map(|it| (*it).into()).collect(),
        };
        let body = r#"{"containerDefinitions": [{"logConfiguration": {"logDriver": "awslogs"}}, {"name": "b"},
            {"logConfiguration": {"logDriver": "json-file"}}]}"#;
        let found = faults(demand(&["awslogs", "awsfire*"]), body);
        assert!(
            matches!(&found[..], [Shortfall::Absent(_, name), Shortfall::Unfit(_, field, value)]
            if &**name == "`logConfiguration`" && &**field == "logDriver" && &**value == "json-file"),
            "{found:?}"
        );
        assert_eq!(faults(demand(&[]), body).len(), 1);
    }

    #[test]
    fn tags_are_lists_or_maps() {
        let tag = || Demanded::Tag("team".into());
        for body in [
            r#"{"Tags": [{"Key": "team", "Value": "x"}]}"#,
            r#"{"tags": {"team": "x"}}"#,
            r#"{"tags": [{"key": "team", "value": "x"}]}"#,
        ] {
            assert_eq!(faults(tag(), body), [], "{body}");
        }
        for body in ["{}", r#"{"Tags": []}"#, r#"{"tags": {"Team": "x"}}"#] {
            assert_eq!(faults(tag(), body).len(), 1, "{body}");
        }
    }

    #[test]
    fn what_is_filled_in_later_may_fit() {
        let open = |parts: &[&str]| -> Vec<TextPart> {
            parts
                .iter()
                .map(|it| if it.is_empty() { TextPart::Open } else { TextPart::Known((*it).into()) })
                .collect()
        };
        let pattern = "arn:aws:iam::*:policy/boundary";
        assert!(may_fit(pattern, &open(&["arn:aws:iam::", "", ":policy/boundary"])));
        assert!(!may_fit(pattern, &open(&["arn:aws:iam::", "", ":policy/other"])));
        assert!(may_fit(pattern, &open(&[""])));
        assert!(!may_fit("/apps/*", &open(&["/people/", ""])));
    }
}
