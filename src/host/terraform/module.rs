//! What the files of a folder know of each other.

use super::parse::{self, Block};
use super::references::{name_of, resource};
use super::{split, structures, task_fields};
use crate::catalog;
use crate::host::DocumentKind;
use crate::host::compose::Composed;
use crate::host::places::{kind_in, walk};
use crate::host::value::{Object, StringValue, Value};
use std::collections::HashMap;
use std::sync::Arc;

/// The facts of a module that references lead to. Documents are kept as long as they stay the same.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Module {
    /// What all files of the folder add, of which one is left out: the one that is being read adds it anew.
    folder: Arc<Facts>,
    left_out: Option<u32>,
    own: Facts,
}

/// What all files of a folder add to their module, put together once for all of them.
#[derive(Debug, Clone, Default)]
pub struct Folder {
    facts: Arc<Facts>,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Facts {
    /// `local.name`, `var.name`.
    values: HashMap<Box<str>, Vec<Fact<KnownValue>>>,
    /// The same for what container definitions are put together from: objects, and lists of them.
    structures: HashMap<Box<str>, Vec<Fact<KnownValue>>>,
    /// By the name of an `aws_iam_policy_document`: what is done with it.
    uses: HashMap<Box<str>, Vec<Fact<Use>>>,
    /// By the name of an `aws_iam_policy_document`: those that take it in.
    wholes: HashMap<Box<str>, Vec<Fact<Box<str>>>>,
    /// The names of the `aws_iam_policy_document`s that a file has.
    documents: HashMap<Box<str>, Vec<Fact<()>>>,
    /// By a local, as a reference names it: the task definitions whose containers it holds.
    tasks: HashMap<Box<str>, Vec<Fact<TaskAround>>>,
}

/// A task definition whose containers stand elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TaskAround {
    /// Its fields, but for the containers.
    pub head: Value,
}

/// Something that one file says, or several do.
#[derive(Debug, Clone, PartialEq)]
struct Fact<T> {
    it: T,
    /// The first file that says so.
    file: u32,
    /// Whether another one does.
    elsewhere: bool,
}

impl<T> Fact<T> {
    /// Whether it holds without that file.
    fn is_without(&self, left_out: Option<u32>) -> bool {
        self.elsewhere || Some(self.file) != left_out
    }
}

/// How many different values of one name are kept, and how many uses of one kind: with one file left out, two of them
/// show already that the name tells nothing.
const KEPT: usize = 3;

/// Arguments by which a policy document takes others in.
const JOINING: [&str; 2] = ["source_policy_documents", "override_policy_documents"];

/// How often a document is taken in by another before the search for what is done with it ends.
const DEEPEST: usize = 4;

impl Facts {
    fn add_value(&mut self, name: &str, file: u32, known: KnownValue) {
        // An ARN that is known in part is a value, too.
        let is_value = is_literal(&known.value)
            || matches!(&known.value, Value::String(text) if text.text.starts_with("arn:"));
        let table = if is_value { &mut self.values } else { &mut self.structures };
        let facts = table.entry(name.into()).or_default();
        if let Some(fact) = facts.iter_mut().find(|fact| fact.it.value == known.value) {
            fact.elsewhere |= fact.file != file;
        } else if facts.len() < KEPT {
            facts.push(Fact { it: known, file, elsewhere: false });
        }
    }

    fn add_use(&mut self, name: &str, file: u32, of: Use) {
        let facts = self.uses.entry(name.into()).or_default();
        if let Some(fact) = facts.iter_mut().find(|fact| fact.it == of) {
            fact.elsewhere |= fact.file != file;
        } else if facts.iter().filter(|fact| fact.it.kind == of.kind).count() < KEPT {
            facts.push(Fact { it: of, file, elsewhere: false });
        }
    }

    fn add_whole(&mut self, part: &str, file: u32, whole: Box<str>) {
        let facts = self.wholes.entry(part.into()).or_default();
        if let Some(fact) = facts.iter_mut().find(|fact| fact.it == whole) {
            fact.elsewhere |= fact.file != file;
        } else if facts.len() < KEPT {
            facts.push(Fact { it: whole, file, elsewhere: false });
        }
    }

    fn add_document(&mut self, name: &str, file: u32) {
        let facts = self.documents.entry(name.into()).or_default();
        match facts.first_mut() {
            Some(fact) => fact.elsewhere |= fact.file != file,
            None => facts.push(Fact { it: (), file, elsewhere: false }),
        }
    }

    fn add_task(&mut self, local: &str, file: u32, task: TaskAround) {
        let facts = self.tasks.entry(local.into()).or_default();
        if let Some(fact) = facts.iter_mut().find(|fact| fact.it == task) {
            fact.elsewhere |= fact.file != file;
        } else if facts.len() < KEPT {
            facts.push(Fact { it: task, file, elsewhere: false });
        }
    }

    fn extend(&mut self, other: &Facts, file: u32) {
        for (local, facts) in &other.tasks {
            facts.iter().for_each(|fact| self.add_task(local, file, fact.it.clone()));
        }
        for (name, facts) in other.values.iter().chain(&other.structures) {
            facts.iter().for_each(|fact| self.add_value(name, file, fact.it.clone()));
        }
        for (name, facts) in &other.uses {
            facts.iter().for_each(|fact| self.add_use(name, file, fact.it.clone()));
        }
        for name in other.documents.keys() {
            self.add_document(name, file);
        }
        for (name, facts) in &other.wholes {
            facts.iter().for_each(|fact| self.add_whole(name, file, fact.it.clone()));
        }
    }
}

impl Facts {
    fn say_something_without(&self, left_out: Option<u32>) -> bool {
        self.values.values().chain(self.structures.values()).flatten().any(|fact| fact.is_without(left_out))
            || self.tasks.values().flatten().any(|fact| fact.is_without(left_out))
            || self.uses.values().flatten().any(|fact| fact.is_without(left_out))
            || self.wholes.values().flatten().any(|fact| fact.is_without(left_out))
    }
}

impl Folder {
    /// What each of the files adds.
    pub fn of<'m>(parts: impl IntoIterator<Item = &'m Module>) -> Folder {
        let mut facts = Facts::default();
        for (file, part) in parts.into_iter().enumerate() {
            facts.extend(&part.own, file as u32);
        }
        Folder { facts: Arc::new(facts) }
    }

    /// The module without one of the files, by its place among them; with all of them where it is none.
    pub fn without(&self, file: Option<usize>) -> Module {
        let left_out = file.map(|file| file as u32);
        // Where the others say nothing, it is as if they were not there.
        if !self.facts.say_something_without(left_out) {
            return Module::default();
        }
        Module { folder: self.facts.clone(), left_out, own: Facts::default() }
    }
}

/// A value that a name stands for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct KnownValue {
    pub value: Value,
    /// Whether no other value can be given: a local, not a variable's default.
    pub is_certain: bool,
}

/// What a policy document is used for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Use {
    pub kind: DocumentKind,
    /// The address of the resource that uses it.
    pub by: Box<str>,
    /// Where that is a role: its name, where it is known.
    pub role_name: Option<Box<str>>,
}

impl Module {
    /// What one file adds to its module.
    pub fn of(text: &str) -> Module {
        let mut module = Module::default();
        for range in split::split(text) {
            let text = &text[range];
            if let Some(block) = parse::parse(text).block {
                module.add_block(&block, text);
            }
        }
        module
    }

    /// Takes in what another file adds.
    pub fn extend(&mut self, other: &Module) {
        self.own.extend(&other.own, 0);
    }

    pub(super) fn add_block(&mut self, block: &Block, text: &str) {
        match (&*block.keyword, block.labels.first().map(|label| &**label)) {
            ("locals", _) => {
                for member in &block.body.members {
                    let name = format!("local.{}", member.name.text);
                    if is_literal(&member.value) {
                        self.add(name, &member.value, true);
                    } else if let Some(arn) = arn(&member.value, text) {
                        self.add(name, &Value::String(arn), true);
                    } else if structures::is_of_containers(&member.value) {
                        let value = structures::portable(&member.value, text, &block.spreads);
                        self.add(name, &value, true);
                    } else if is_literal_object(&member.value, 0) {
                        self.add(name, &member.value, true);
                    }
                }
            }
            ("variable", Some(name)) => {
                if let Some(default) = block.body.get("default").filter(|default| is_literal(default)) {
                    self.add(format!("var.{name}"), default, false);
                }
            }
            ("data", Some(data_type)) => {
                self.add_name(data_type, "data.", block);
                let whole = block.labels.get(1).cloned().unwrap_or_default();
                if data_type == "aws_iam_policy_document" {
                    self.own.add_document(&whole, 0);
                }
                let joining = if data_type == "aws_iam_policy_document" { &JOINING[..] } else { &[] };
                for argument in joining {
                    let parts = block.body.get(argument).map_or(&[][..], Value::one_or_many);
                    for part in parts.iter().filter_map(|part| text.get(part.span().as_usize())) {
                        if let Some(part) = policy_document(part) {
                            self.own.add_whole(part, 0, whole.clone());
                        }
                    }
                }
            }
            ("resource", Some(resource_type)) => {
                self.add_name(resource_type, "", block);
                if resource_type == "aws_ecs_task_definition" {
                    self.add_task_around(block, text);
                }
                let address = format!("{resource_type}.{}", block.labels.get(1).map_or("", |name| name));
                for place in catalog::terraform().policies_of(resource_type) {
                    let Some(kind) = kind_in(place, &block.body) else { continue };
                    walk(&block.body, place.path, &mut |value| {
                        let Some(text) = text.get(value.span().as_usize()) else { return };
                        if let Some(name) = policy_document(text) {
                            let by = address.clone().into();
                            let role_name = role_name(resource_type, &block.body);
                            self.own.add_use(name, 0, Use { kind, by, role_name });
                        }
                    });
                }
            }
            _ => {}
        }
    }

    /// The name that a resource has, where it is written out and references tell of it.
    fn add_name(&mut self, block_type: &str, start: &str, block: &Block) {
        let named_by = catalog::terraform_reference(block_type).map_or("", |of| of.named_by);
        let value =
            block.body.get(named_by).filter(|value| matches!(value, Value::String(_)) && is_literal(value));
        if let (Some(value), Some(label)) = (value, block.labels.get(1)) {
            self.add(name_of(&format!("{start}{block_type}.{label}")), value, true);
        }
    }

    /// The locals that hold the containers of a task definition.
    fn add_task_around(&mut self, block: &Block, text: &str) {
        let locals = structures::locals(&block.body, text);
        if locals.is_empty() {
            return;
        }
        let mut head = Value::Object(task_fields::head(&block.body));
        head.stand_for(crate::text::Span::default());
        for local in locals {
            self.own.add_task(local, 0, TaskAround { head: head.clone() });
        }
    }

    fn add(&mut self, name: String, value: &Value, is_certain: bool) {
        let mut value = value.clone();
        // Where it stands in its own file says nothing.
        value.stand_for(crate::text::Span::default());
        self.own.add_value(&name, 0, KnownValue { value, is_certain });
    }

    /// What both tables say of a name.
    fn all<'m, T: 'm>(
        &'m self,
        table: impl Fn(&'m Facts) -> Option<&'m Vec<Fact<T>>>,
    ) -> impl Iterator<Item = &'m T> {
        let folder = table(&self.folder).into_iter().flatten();
        let folder = folder.filter(|fact| fact.is_without(self.left_out));
        folder.chain(table(&self.own).into_iter().flatten()).map(|fact| &fact.it)
    }

    pub(super) fn value(&self, name: &str) -> Option<&KnownValue> {
        self.known(|facts| facts.values.get(name))
    }

    /// An object or a list that container definitions are put together from.
    pub(super) fn structure(&self, name: &str) -> Option<&KnownValue> {
        self.known(|facts| facts.structures.get(name))
    }

    /// Whether a task definition has its containers from a local, and that task definition where it is one.
    pub(super) fn task_around(&self, local: &str) -> Option<Option<&TaskAround>> {
        let mut found = self.all(|facts| facts.tasks.get(local));
        let first = found.next()?;
        Some(found.all(|other| other == first).then_some(first))
    }

    fn known<'m>(
        &'m self,
        table: impl Fn(&'m Facts) -> Option<&'m Vec<Fact<KnownValue>>>,
    ) -> Option<&'m KnownValue> {
        let mut found = self.all(table);
        let first = found.next()?;
        // Two files with the same name, as in a copy that was left behind, tell nothing.
        found.all(|other| other.value == first.value).then_some(first)
    }

    /// Whether another file has a policy document of the same name: these are no module then, and nobody knows whose
    /// uses they are.
    pub(super) fn has_another(&self, policy_document: &str) -> bool {
        let facts = self.folder.documents.get(policy_document);
        facts.into_iter().flatten().any(|fact| fact.is_without(self.left_out))
    }

    /// What is done with a policy document: with itself, or else with those that take it in.
    pub(super) fn uses(&self, policy_document: &str) -> Vec<&Use> {
        let mut names = vec![policy_document];
        for _ in 0..DEEPEST {
            let found: Vec<&Use> =
                names.iter().flat_map(|name| self.all(move |facts| facts.uses.get(*name))).collect();
            if !found.is_empty() {
                return found;
            }
            names = names
                .iter()
                .flat_map(|name| self.all(move |facts| facts.wholes.get(*name)))
                .map(|whole| &**whole)
                .collect();
            // What two others take in is asked for once.
            names.sort_unstable();
            names.dedup();
        }
        Vec::new()
    }
}

/// The name that a role gets, where it is known.
pub(super) fn role_name(resource_type: &str, body: &Object) -> Option<Box<str>> {
    let name = body.string("name").filter(|name| resource_type == "aws_iam_role" && !name.has_unknown())?;
    (!name.text.is_empty()).then(|| name.text.clone())
}

/// The name in `data.aws_iam_policy_document.NAME.json`, an index left out.
fn policy_document(reference: &str) -> Option<&str> {
    let rest = reference.trim().trim_start_matches("${").strip_prefix("data.aws_iam_policy_document.")?;
    let length =
        rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')).count();
    rest[length..].contains("json").then(|| &rest[..length])
}

/// The text of an ARN that is known in part: a reference to a resource's, or one that names some of it.
fn arn(value: &Value, text: &str) -> Option<StringValue> {
    let found = match value {
        Value::Unknown(span) => {
            let (found, is_list) = resource(text.get(span.as_usize())?.trim(), |_| None, *span)?;
            (!is_list).then_some(found)?
        }
        Value::String(string) => {
            let mut out = Composed::new(string.span);
            let mut at = 0;
            for hole in &string.unknown {
                out.push(string, at..hole.start as usize);
                at = hole.end as usize;
                let inside = string.text[hole.range()].strip_prefix("${").and_then(|it| it.strip_suffix('}'));
                let place = string.part(hole.range());
                match inside.and_then(|inside| resource(inside.trim(), |_| None, place)) {
                    Some((known, false)) => out.push_all(&known),
                    _ => out.push_unknown(string, hole.range()),
                }
            }
            out.push(string, at..string.text.len());
            out.finish()
        }
        _ => return None,
    };
    found.text.starts_with("arn:").then_some(found)
}

/// How deep an object is looked into.
const DEEPEST_OBJECT: usize = 4;

/// An object that is known to the last character, with names that are.
fn is_literal_object(value: &Value, depth: usize) -> bool {
    match value {
        Value::Object(object) => {
            depth < DEEPEST_OBJECT
                && !object.members.is_empty()
                && object.members.iter().all(|member| {
                    !member.name.has_unknown()
                        && (is_literal(&member.value) || is_literal_object(&member.value, depth + 1))
                })
        }
        _ => false,
    }
}

/// A scalar, or a list of scalars, that is known to the last character.
fn is_literal(value: &Value) -> bool {
    match value {
        Value::String(StringValue { text, unknown, .. }) => !text.is_empty() && unknown.is_empty(),
        Value::Number(_) | Value::Bool(..) => true,
        Value::Array(array) => {
            !array.items.is_empty()
                && array.items.iter().all(|item| !matches!(item, Value::Array(_)) && is_literal(item))
        }
        Value::Object(Object { .. }) => false,
        _ => false,
    }
}
