//! What the files of a folder know of each other.

use super::handed::{
    self, CallOfModule, Called, Giver, Handed, HandedTo, KnownValue, Rest, TaskAround, Use, VariableValue,
    portable,
};
use super::joined::{self, JOINING, PartOfPolicy};
use super::parse::{self, Block};
use super::references::{name_of, resource};
use super::types::Type;
use super::{split, structures};
use crate::catalog;
use crate::host::compose::Composed;
use crate::host::places::{kind_in, walk};
use crate::host::value::{Object, StringValue, Value};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// The facts of a module that references lead to. Documents are kept as long as they stay the same.
#[derive(Debug, Clone, Default)]
pub struct Module {
    /// What all files of the folder add, of which one is left out: the one that is being read adds it anew.
    folder: Arc<Facts>,
    left_out: Option<u32>,
    own: Facts,
    /// What other folders give, and what they do with what this one gives.
    handed: Arc<Handed>,
    /// Whether the file that is being read puts policy documents together.
    joins: bool,
}

impl PartialEq for Module {
    fn eq(&self, other: &Module) -> bool {
        self.left_out == other.left_out
            && (Arc::ptr_eq(&self.folder, &other.folder) || self.folder == other.folder)
            && (Arc::ptr_eq(&self.handed, &other.handed) || self.handed == other.handed)
            && self.own == other.own
    }
}

/// What all files of a folder add to their module, put together once for all of them.
#[derive(Debug, Clone, Default)]
pub struct Folder {
    facts: Arc<Facts>,
}

type Table<T> = HashMap<Box<str>, Vec<Fact<T>>>;

#[derive(Debug, Clone, Default, PartialEq)]
struct Facts {
    /// `local.name`, `var.name`.
    values: Table<KnownValue>,
    /// The same for what container definitions are put together from: objects, and lists of them.
    structures: Table<KnownValue>,
    /// Locals whose value refers to something else, references left as they are.
    aliases: Table<Value>,
    /// By `local.name`, `var.name`, `module.call.output`, `data.aws_iam_policy_document.name`: where that goes.
    flows: Table<Sink>,
    /// The names of the `aws_iam_policy_document`s that a file has.
    documents: Table<()>,
    /// The same, where its file puts some of them together: what each holds.
    parts: Table<PartOfPolicy>,
    /// By the name of a block `module`.
    calls: Table<CallOfModule>,
    /// By the name of a block `output`: its value, references left as they are.
    outputs: Table<Value>,
    /// By the name that a reference has for it: the path of a file whose text is its value.
    files: Table<Box<str>>,
    /// By variable: its type.
    types: Table<Type>,
}

/// Where a value goes.
#[derive(Debug, Clone, PartialEq)]
enum Sink {
    HandedTo(HandedTo),
    /// It goes on by another name: a local, a policy document that takes it in.
    Named(Box<str>),
    Argument {
        call: Box<str>,
        argument: Box<str>,
    },
    Output(Box<str>),
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

/// How many ways on are kept of one name.
const WAYS: usize = 16;

/// What an argument of a module may weigh to be handed on.
const HEAVIEST: u64 = 128 * 1024;

/// Arguments of a block `module` that Terraform itself reads.
const OF_CALLS: [&str; 6] = ["source", "version", "providers", "depends_on", "count", "for_each"];

/// How often a value goes on by another name before the search for what is done with it ends.
const DEEPEST: usize = 6;

/// How a reference names a policy document.
pub(super) const DOCUMENT: &str = "data.aws_iam_policy_document.";

/// Adds what a file says, unless there is no room beside what is known.
fn put<T: PartialEq>(
    table: &mut Table<T>,
    name: &str,
    file: u32,
    it: T,
    is_room: impl FnOnce(&[Fact<T>], &T) -> bool,
) {
    let facts = match table.get_mut(name) {
        Some(facts) => facts,
        None => table.entry(name.into()).or_default(),
    };
    if let Some(fact) = facts.iter_mut().find(|fact| fact.it == it) {
        fact.elsewhere |= fact.file != file;
    } else if is_room(facts, &it) {
        facts.push(Fact { it, file, elsewhere: false });
    }
}

fn few<T>(facts: &[Fact<T>], _: &T) -> bool {
    facts.len() < KEPT
}

impl Facts {
    fn add_value(&mut self, name: &str, file: u32, known: KnownValue) {
        // An ARN that is known in part is a value, too.
        let is_value = is_literal(&known.value)
            || matches!(&known.value, Value::String(text) if text.text.starts_with("arn:"));
        let table = if is_value { &mut self.values } else { &mut self.structures };
        put(table, name, file, known, few);
    }

    fn add_flow(&mut self, name: &str, file: u32, sink: Sink) {
        put(&mut self.flows, name, file, sink, |facts, sink| {
            let kind = |sink: &Sink| match sink {
                Sink::HandedTo(HandedTo::Policy(of)) => Some(of.kind),
                _ => None,
            };
            let alike = facts
                .iter()
                .filter(|fact| {
                    kind(&fact.it) == kind(sink)
                        && std::mem::discriminant(&fact.it) == std::mem::discriminant(sink)
                })
                .count();
            alike < if kind(sink).is_some() { KEPT } else { WAYS }
        });
    }

    fn extend(&mut self, other: &Facts, file: u32) {
        fn each<T>(table: &Table<T>) -> impl Iterator<Item = (&str, &T)> {
            table.iter().flat_map(|(name, facts)| facts.iter().map(|fact| (&**name, &fact.it)))
        }
        for (name, known) in each(&other.values).chain(each(&other.structures)) {
            self.add_value(name, file, known.clone());
        }
        for (name, sink) in each(&other.flows) {
            self.add_flow(name, file, sink.clone());
        }
        each(&other.aliases).for_each(|(name, it)| put(&mut self.aliases, name, file, it.clone(), few));
        each(&other.documents).for_each(|(name, ())| put(&mut self.documents, name, file, (), few));
        each(&other.parts).for_each(|(name, it)| put(&mut self.parts, name, file, it.clone(), few));
        each(&other.calls).for_each(|(name, it)| put(&mut self.calls, name, file, it.clone(), few));
        each(&other.outputs).for_each(|(name, it)| put(&mut self.outputs, name, file, it.clone(), few));
        each(&other.files).for_each(|(name, it)| put(&mut self.files, name, file, it.clone(), few));
        each(&other.types).for_each(|(name, it)| put(&mut self.types, name, file, it.clone(), few));
    }

    fn say_something_without(&self, left_out: Option<u32>) -> bool {
        fn any<T>(table: &Table<T>, left_out: Option<u32>) -> bool {
            table.values().flatten().any(|fact| fact.is_without(left_out))
        }
        any(&self.values, left_out)
            || any(&self.structures, left_out)
            || any(&self.aliases, left_out)
            || any(&self.flows, left_out)
            || any(&self.files, left_out)
            || any(&self.parts, left_out)
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
    pub fn without(&self, file: Option<usize>, handed: Arc<Handed>) -> Module {
        let left_out = file.map(|file| file as u32);
        // Where the others say nothing, it is as if they were not there.
        if !self.facts.say_something_without(left_out) {
            return Module { handed, ..Module::default() };
        }
        Module { folder: self.facts.clone(), left_out, handed, ..Module::default() }
    }

    /// The module with all of its files.
    pub fn whole(&self, handed: Arc<Handed>) -> Module {
        Module { folder: self.facts.clone(), handed, ..Module::default() }
    }

    /// The modules that it calls, by the name of the call, each with its source.
    pub fn calls(&self) -> impl Iterator<Item = (&str, &str)> {
        let calls = self.facts.calls.iter();
        calls.filter_map(|(name, calls)| Some((&**name, &*calls.first()?.it.source)))
    }

    /// What is handed to it, and what those give that it calls.
    pub fn handed(&self, mut callers: Vec<Giver>, called: HashMap<Box<str>, Arc<Called>>) -> Handed {
        for (name, known) in callers.iter_mut().flat_map(|caller| &mut caller.arguments) {
            if let Some([of, ..]) = self.facts.types.get(name).map(Vec::as_slice) {
                of.it.convert(&mut known.value);
            }
        }
        let default_of = |variable: &str| match &self.facts.values.get(variable)?[..] {
            [only] => Some(&only.it.value),
            _ => None,
        };
        Handed::of(callers, called, default_of)
    }
}

impl Module {
    /// The same for a file whose blocks are to be added.
    pub(super) fn for_blocks<'t>(mut self, mut texts: impl Iterator<Item = &'t str>) -> Module {
        self.joins = texts.any(joined::joins);
        self
    }

    /// What one file adds to its module.
    pub fn of(text: &str) -> Module {
        let mut module = Module { joins: joined::joins(text), ..Module::default() };
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
            ("locals", _) => self.add_locals(&block.body, block, text),
            // The inputs of Terragrunt are read together with the locals before them.
            ("values", _) => {
                let locals = block.body.members.iter().filter(|member| &*member.name.text == "locals");
                for locals in locals.filter_map(|member| member.value.as_object()) {
                    self.add_locals(locals, block, text);
                }
            }
            ("variable", Some(name)) => {
                let of = block.body.get("type").and_then(|it| text.get(it.span().as_usize()));
                if let Some(of) = of.and_then(Type::of) {
                    put(&mut self.own.types, name, 0, of, few);
                }
                if let Some(default) = block.body.get("default").filter(|default| is_literal(default)) {
                    let name = format!("var.{name}");
                    let rests_on = vec![Rest::default_of(&name)];
                    self.add(&name, default, rests_on);
                }
            }
            ("data", Some(data_type)) => {
                self.add_name(data_type, "data.", block);
                let address = format!("data.{data_type}.{}", block.labels.get(1).map_or("", |name| name));
                if data_type == "aws_iam_policy_document" {
                    let whole = &address[DOCUMENT.len()..];
                    put(&mut self.own.documents, whole, 0, (), few);
                    if self.joins {
                        put(&mut self.own.parts, whole, 0, joined::part(&block.body), few);
                    }
                    let joined = JOINING.iter().filter_map(|argument| block.body.get(argument));
                    let mut parts: Vec<Box<str>> =
                        joined.flat_map(|value| references_of(value, block, text, 0)).collect();
                    let repeated = block.repeats.iter().filter(|(name, _)| &**name == "statement");
                    parts.extend(repeated.flat_map(|(_, span)| {
                        handed::references_in(text.get(span.as_usize()).unwrap_or_default())
                    }));
                    for part in parts {
                        self.own.add_flow(&part, 0, Sink::Named(address.clone().into()));
                    }
                } else if data_type == "template_file"
                    && let Some(path) = ["template", "filename"]
                        .iter()
                        .find_map(|name| path_of_file(text.get(block.body.get(name)?.span().as_usize())?))
                {
                    put(&mut self.own.files, &address, 0, path, few);
                }
            }
            ("resource", Some(resource_type)) => {
                self.add_name(resource_type, "", block);
                self.add_uses(resource_type, block, text);
            }
            ("module", Some(name)) => self.add_call(name, block, text),
            ("output", Some(name)) => {
                if let Some(value) = block.body.get("value") {
                    for source in references_of(value, block, text, 0) {
                        self.own.add_flow(&source, 0, Sink::Output(name.into()));
                    }
                    let value = portable(value, text, &block.spreads);
                    put(&mut self.own.outputs, name, 0, value, few);
                }
            }
            _ => {}
        }
    }

    fn add_locals(&mut self, locals: &Object, block: &Block, text: &str) {
        for member in &locals.members {
            self.add_local(&format!("local.{}", member.name.text), &member.value, block, text);
        }
    }

    fn add_local(&mut self, name: &str, value: &Value, block: &Block, text: &str) {
        let mut is_alias = false;
        if is_literal(value) {
            self.add(name, value, Vec::new());
        } else if let Some(arn) = arn(value, text) {
            self.add(name, &Value::String(arn), Vec::new());
        } else if structures::is_of_containers(value) {
            let value = structures::portable(value, text, &block.spreads);
            self.add(name, &value, Vec::new());
        } else if is_literal_object(value, 0) {
            self.add(name, value, Vec::new());
        } else {
            is_alias = matches!(value, Value::Unknown(_) | Value::String(_))
                || value.as_array().is_some_and(|array| {
                    array.items.iter().all(|item| matches!(item, Value::String(_) | Value::Unknown(_)))
                });
        }
        if is_alias && crate::host::budget::weight(value) < HEAVIEST {
            put(&mut self.own.aliases, name, 0, portable(value, text, &block.spreads), few);
        }
        let source = text.get(value.span().as_usize()).unwrap_or_default();
        if let Some(path) = path_of_file(source) {
            put(&mut self.own.files, name, 0, path, few);
        }
        for source in references_of(value, block, text, 1) {
            if *source != *name {
                self.own.add_flow(&source, 0, Sink::Named(name.into()));
            }
        }
    }

    fn add_call(&mut self, name: &str, block: &Block, text: &str) {
        let Some(source) = block.body.string("source").filter(|source| !source.has_unknown()) else { return };
        let mut arguments = Vec::new();
        for member in &block.body.members {
            let argument = &member.name.text;
            if OF_CALLS.contains(&&**argument) || member.name.has_unknown() {
                continue;
            }
            for source in references_of(&member.value, block, text, 0) {
                let sink = Sink::Argument { call: name.into(), argument: argument.clone() };
                self.own.add_flow(&source, 0, sink);
            }
            let is_light = crate::host::budget::weight(&member.value) < HEAVIEST;
            let value = if is_light {
                portable(&member.value, text, &block.spreads)
            } else {
                Value::Unknown(crate::text::Span::default())
            };
            arguments.push((argument.clone(), value));
        }
        put(&mut self.own.calls, name, 0, CallOfModule { source: source.text.clone(), arguments }, few);
    }

    /// What a resource does with documents that stand elsewhere.
    fn add_uses(&mut self, resource_type: &str, block: &Block, text: &str) {
        if resource_type == "aws_ecs_task_definition" {
            let containers = block.body.members.iter().filter(|it| &*it.name.text == "container_definitions");
            let names: Vec<Box<str>> =
                containers.flat_map(|member| references_of(&member.value, block, text, 0)).collect();
            if !names.is_empty() {
                let around = handed::task_around(block, text);
                let whole = block.body.get("container_definitions");
                let whole = whole.and_then(|value| structures::local(value, text));
                for name in names {
                    let is_whole = whole == Some(&*name);
                    let around = TaskAround { is_whole, ..around.clone() };
                    self.own.add_flow(&name, 0, Sink::HandedTo(HandedTo::Containers(around)));
                }
            }
        }
        let address = format!("{resource_type}.{}", block.labels.get(1).map_or("", |name| name));
        for place in catalog::terraform().policies_of(resource_type) {
            let Some(kind) = kind_in(place, &block.body) else { continue };
            walk(&block.body, place.path, &mut |value| {
                // The statements of a policy may be made elsewhere, too.
                let statements = value.as_object().and_then(|policy| policy.get("Statement"));
                for name in references_of(statements.unwrap_or(value), block, text, 1) {
                    let by = address.clone().into();
                    let role_name = role_name(resource_type, &block.body);
                    let of = Use { kind, by, role_name, of_module: None };
                    self.own.add_flow(&name, 0, Sink::HandedTo(HandedTo::Policy(of)));
                }
            });
        }
        for place in catalog::terraform().attachments_of(resource_type) {
            let taken = match place.field {
                "managedPolicies" => HandedTo::ManagedPolicies,
                "permissionsBoundary" => HandedTo::Boundary,
                _ => continue,
            };
            walk(&block.body, place.path, &mut |value| {
                for name in references_of(value, block, text, 1) {
                    self.own.add_flow(&name, 0, Sink::HandedTo(taken.clone()));
                }
            });
        }
    }

    /// The name that a resource has, where it is written out and references tell of it.
    fn add_name(&mut self, block_type: &str, start: &str, block: &Block) {
        let named_by = catalog::terraform_reference(block_type).map_or("", |of| of.named_by);
        let value =
            block.body.get(named_by).filter(|value| matches!(value, Value::String(_)) && is_literal(value));
        if let (Some(value), Some(label)) = (value, block.labels.get(1)) {
            self.add(&name_of(&format!("{start}{block_type}.{label}")), value, Vec::new());
        }
    }

    fn add(&mut self, name: &str, value: &Value, rests_on: Vec<Rest>) {
        let mut value = value.clone();
        // Where it stands in its own file says nothing.
        value.stand_for(crate::text::Span::default());
        self.own.add_value(name, 0, KnownValue { value, rests_on });
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

    /// What a name stands for, as one of the callers gives it where they are told apart.
    pub(super) fn look(&self, name: &str, caller: Option<usize>) -> Option<Cow<'_, KnownValue>> {
        self.look_within(name, caller, 0)
    }

    fn look_within(&self, name: &str, caller: Option<usize>, depth: usize) -> Option<Cow<'_, KnownValue>> {
        if depth > DEEPEST {
            return None;
        }
        if name.starts_with("var.") {
            match self.handed.given(name, caller) {
                // An empty text stands for what nobody gave, as in a sample of values.
                VariableValue::Known(KnownValue { value: Value::String(text), .. })
                    if text.text.is_empty() =>
                {
                    return None;
                }
                VariableValue::Known(known) if matches!(known.value, Value::Unknown(_)) => return None,
                VariableValue::Known(known) => return Some(Cow::Borrowed(known)),
                VariableValue::Open => return None,
                VariableValue::Nothing => {}
            }
        }
        if let Some((call, output)) = name.strip_prefix("module.").and_then(call_and_output) {
            return self.handed.called(call)?.outputs.get(output).map(Cow::Borrowed);
        }
        if let Some(known) = self.one(|facts| facts.values.get(name)) {
            return Some(Cow::Borrowed(known));
        }
        if let Some(alias) = self.one(|facts| facts.aliases.get(name)) {
            let mut rests_on = Vec::new();
            let value = self.settled_within(alias.clone(), caller, &mut rests_on, depth + 1);
            return says_more(&value, alias).then_some(Cow::Owned(KnownValue { value, rests_on }));
        }
        None
    }

    /// The same, also where that is an object or a list that container definitions are put together from.
    pub(super) fn look_for_containers(
        &self,
        name: &str,
        caller: Option<usize>,
    ) -> Option<Cow<'_, KnownValue>> {
        self.containers_within(name, caller, 0)
    }

    fn containers_within(
        &self,
        name: &str,
        caller: Option<usize>,
        depth: usize,
    ) -> Option<Cow<'_, KnownValue>> {
        if let Some(structure) = self.one(|facts| facts.structures.get(name)) {
            let mut rests_on = structure.rests_on.clone();
            let value = self.settled_within(structure.value.clone(), caller, &mut rests_on, depth + 1);
            return Some(Cow::Owned(KnownValue { value, rests_on }));
        }
        self.look_within(name, caller, depth)
    }

    /// What a value without its file comes to here, and what it rests on. Of references that are not known, the text
    /// stays.
    pub(super) fn settled(&self, value: Value, caller: Option<usize>, rests_on: &mut Vec<Rest>) -> Value {
        self.settled_within(value, caller, rests_on, 0)
    }

    fn settled_within(
        &self,
        value: Value,
        caller: Option<usize>,
        rests_on: &mut Vec<Rest>,
        depth: usize,
    ) -> Value {
        if depth > DEEPEST {
            return Value::Unknown(value.span());
        }
        match value {
            Value::String(string) => match structures::reference(&string) {
                Some((name, _)) => self.named(name, caller, rests_on, depth).unwrap_or(Value::String(string)),
                None if string.has_unknown() => {
                    Value::String(self.settled_text(&string, caller, rests_on, depth))
                }
                None => Value::String(string),
            },
            Value::Object(object) => {
                let mut members = Vec::with_capacity(object.members.len());
                for mut member in object.members {
                    let spread =
                        member.value.as_string().and_then(structures::reference).filter(|(_, is)| *is);
                    let Some((name, _)) = spread else {
                        member.value = self.settled_within(member.value, caller, rests_on, depth + 1);
                        super::open::put(&mut members, member, true);
                        continue;
                    };
                    let span = member.name.span;
                    match self.named(name, caller, rests_on, depth + 1) {
                        Some(Value::Object(inner)) => {
                            let inner = inner.members.into_iter();
                            inner.for_each(|it| super::open::put(&mut members, it, true));
                        }
                        _ => members.push(super::open::open_member(span)),
                    }
                }
                Value::Object(Object { span: object.span, members })
            }
            Value::Array(mut array) => {
                let mut items = Vec::with_capacity(array.items.len());
                for item in array.items {
                    let is_spread = item
                        .as_string()
                        .and_then(structures::reference)
                        .is_some_and(|(_, is_spread)| is_spread);
                    match self.settled_within(item, caller, rests_on, depth + 1) {
                        Value::Array(inner) if is_spread => items.extend(inner.items),
                        value => items.push(value),
                    }
                }
                array.items = items;
                Value::Array(array)
            }
            other => other,
        }
    }

    fn named(
        &self,
        name: &str,
        caller: Option<usize>,
        rests_on: &mut Vec<Rest>,
        depth: usize,
    ) -> Option<Value> {
        if let Some(known) = self.containers_within(name, caller, depth + 1) {
            rests_on.extend(known.rests_on.iter().cloned());
            return Some(known.into_owned().value);
        }
        let (text, is_list) = resource(name, |name| self.name(name), crate::text::Span::default())?;
        let value = Value::String(text);
        let array = |value: Value| crate::host::value::Array { span: value.span(), items: vec![value] };
        Some(if is_list { Value::Array(array(value)) } else { value })
    }

    fn settled_text(
        &self,
        string: &StringValue,
        caller: Option<usize>,
        rests_on: &mut Vec<Rest>,
        depth: usize,
    ) -> StringValue {
        let mut out = Composed::new(string.span);
        let mut at = 0;
        for hole in string.open_parts() {
            out.push(string, at..hole.start as usize);
            at = hole.end as usize;
            let inside = string.text[hole.range()].strip_prefix("${").and_then(|it| it.strip_suffix('}'));
            let mut more = Vec::new();
            let known = inside.and_then(|name| self.named(name.trim(), caller, &mut more, depth + 1));
            let text = match known {
                Some(Value::String(text)) => Some(text),
                Some(Value::Number(number)) => Some(StringValue::standing_for(&number.text, string.span)),
                Some(Value::Bool(value, _)) => {
                    Some(StringValue::standing_for(&value.to_string(), string.span))
                }
                _ => None,
            };
            match text {
                Some(mut text) => {
                    rests_on.append(&mut more);
                    text.set_runs(Some(Box::default()));
                    out.push_all(&text);
                }
                None => out.push_hole(string, hole.range(), hole.holds),
            }
        }
        out.push(string, at..string.text.len());
        let mut text = out.finish();
        text.set_runs(Some(Box::default()));
        text
    }

    /// The name of a resource, by what it is known as.
    pub(super) fn name(&self, known_as: &str) -> Option<Box<str>> {
        Some(self.one(|facts| facts.values.get(known_as))?.value.as_string()?.text.clone())
    }

    /// The file whose text a name stands for.
    pub(super) fn file(&self, name: &str) -> Option<&str> {
        self.one(|facts| facts.files.get(name)).map(|path| &**path)
    }

    /// What is said of a name, where that is one thing.
    fn one<'m, T: PartialEq + 'm>(
        &'m self,
        table: impl Fn(&'m Facts) -> Option<&'m Vec<Fact<T>>>,
    ) -> Option<&'m T> {
        let mut found = self.all(table);
        let first = found.next()?;
        // Two files with the same name, as in a copy that was left behind, tell nothing.
        found.all(|other| other == first).then_some(first)
    }

    /// What a policy document of the module holds.
    pub(super) fn part_of_policy(&self, policy_document: &str) -> Option<&PartOfPolicy> {
        self.one(|facts| facts.parts.get(policy_document))
    }

    /// Whether another file has a policy document of the same name: these are no module then, and nobody knows whose
    /// uses they are.
    pub(super) fn has_another(&self, policy_document: &str) -> bool {
        let facts = self.folder.documents.get(policy_document);
        facts.into_iter().flatten().any(|fact| fact.is_without(self.left_out))
    }

    /// What is done with a policy document: with itself, or else with those that take it in.
    pub(super) fn uses(&self, policy_document: &str) -> Vec<Use> {
        self.policy_uses(&format!("{DOCUMENT}{policy_document}"))
    }

    /// The same for what any name stands for.
    pub(super) fn policy_uses(&self, name: &str) -> Vec<Use> {
        let taken = self.taken(name, true).into_iter();
        taken
            .filter_map(|taken| match taken {
                HandedTo::Policy(of) => Some(of),
                _ => None,
            })
            .collect()
    }

    /// Whether something is done with what a name stands for that tells what it is.
    pub(super) fn is_taken(&self, name: &str) -> bool {
        !self.taken(name, false).is_empty()
    }

    /// What a module that is called does with an argument.
    pub(super) fn taken_by(&self, call: &str, argument: &str) -> &[HandedTo] {
        self.handed.called(call).and_then(|called| called.takes.get(argument)).map_or(&[], Vec::as_slice)
    }

    /// Whether a task definition has its containers from that name, and that task definition where it is one.
    pub(super) fn task_around(&self, name: &str) -> Option<Option<TaskAround>> {
        let mut found = self.taken(name, true).into_iter().filter_map(|taken| match taken {
            HandedTo::Containers(around) => Some(around),
            _ => None,
        });
        let first = found.next()?;
        Some(found.all(|other| other == first).then_some(first).map(|it| self.around(&it)))
    }

    /// The same with what is known of its fields.
    pub(super) fn around(&self, around: &TaskAround) -> TaskAround {
        // What has to be told as a default is not known there.
        let mut rests_on = Vec::new();
        let settled = self.settled(around.head.clone(), None, &mut rests_on);
        let mut head = if rests_on.iter().all(|it| it.is_certain) { settled } else { around.head.clone() };
        structures::leave_open(&mut head);
        TaskAround { head, ..around.clone() }
    }

    /// The task definition that has the container which a module makes, where that is one.
    pub(super) fn task_around_call(&self, call: &str) -> Option<TaskAround> {
        let outputs: Vec<Box<str>> = self.outputs_of(call);
        let mut found = outputs.iter().filter_map(|output| self.task_around(output));
        let first = found.next()??;
        found.all(|other| other.as_ref() == Some(&first)).then_some(first)
    }

    /// The outputs of a call that something is done with, as references name them.
    fn outputs_of(&self, call: &str) -> Vec<Box<str>> {
        let start = format!("module.{call}.");
        self.flowing().filter(|name| name.starts_with(&start)).cloned().collect()
    }

    /// Everything that goes somewhere; a name may come twice.
    fn flowing(&self) -> impl Iterator<Item = &Box<str>> {
        self.folder.flows.keys().chain(self.own.flows.keys())
    }

    /// What is done with what a name stands for, here and in modules that are called; with `outputs`, by callers as
    /// well.
    fn taken(&self, name: &str, outputs: bool) -> Vec<HandedTo> {
        // What goes on by another name may be a part of it.
        let part = |taken: &HandedTo| match taken {
            HandedTo::Containers(around) => {
                HandedTo::Containers(TaskAround { is_whole: false, ..around.clone() })
            }
            other => other.clone(),
        };
        let mut names: Vec<Box<str>> = vec![name.into()];
        for step in 0..DEEPEST {
            let (mut found, mut next) = (Vec::new(), Vec::new());
            for sink in names.iter().flat_map(|name| self.all(move |facts| facts.flows.get(name))) {
                match sink {
                    Sink::HandedTo(taken) if step == 0 => handed::add(&mut found, taken),
                    Sink::HandedTo(taken) => handed::add(&mut found, &part(taken)),
                    Sink::Named(other) => next.push(other.clone()),
                    Sink::Argument { call, argument } => {
                        self.taken_by(call, argument)
                            .iter()
                            .for_each(|it| handed::add(&mut found, &part(it)));
                    }
                    Sink::Output(output) if outputs => {
                        let wanted = self.handed.wanted(output).iter();
                        wanted.for_each(|it| handed::add(&mut found, &part(it)));
                    }
                    Sink::Output(_) => {}
                }
            }
            if !found.is_empty() {
                return found;
            }
            // What two others take in is asked for once.
            next.sort_unstable();
            next.dedup();
            names = next;
        }
        Vec::new()
    }

    /// The callers for whom a block is looked at by itself: it names a variable for which they give different values.
    pub(super) fn callers_for(&self, block: &str) -> usize {
        let (split, callers) = self.handed.split();
        let is_named = |name: &str| super::references::names(block, name);
        let through_local = |variable: &str| {
            let tables = [&self.folder.aliases, &self.own.aliases];
            let mut locals = tables.into_iter().flatten();
            locals.any(|(local, facts)| {
                facts.iter().any(|fact| mentions(&fact.it, variable)) && is_named(local)
            })
        };
        let is_split = split.iter().any(|variable| is_named(variable) || through_local(variable));
        if is_split { callers } else { 0 }
    }

    /// The module as those see it who call it.
    pub fn called(&self) -> Called {
        let mut called = Called::default();
        for name in self.flowing() {
            if let Some(variable) = name.strip_prefix("var.") {
                let taken = self.taken(name, false).into_iter().map(|taken| match taken {
                    HandedTo::Containers(around) => {
                        let around = self.around(&around);
                        let head = handed::foreign(around.head, "module");
                        HandedTo::Containers(TaskAround { head, ..around })
                    }
                    other => other,
                });
                let taken: Vec<HandedTo> = taken.collect();
                if !taken.is_empty() {
                    called.takes.insert(variable.into(), taken);
                }
            }
        }
        for name in self.folder.outputs.keys().chain(self.own.outputs.keys()) {
            let Some(value) = self.one(|facts| facts.outputs.get(name)) else { continue };
            let mut rests_on = Vec::new();
            let settled = self.settled(value.clone(), None, &mut rests_on);
            if says_more(&settled, value) {
                called.outputs.insert(name.clone(), KnownValue { value: settled, rests_on });
            }
        }
        called
    }

    /// What one of its calls hands to the module that it calls.
    pub fn caller(&self, call: &str, title: Box<str>, place: &str) -> Option<Giver> {
        let of = self.one(|facts| facts.calls.get(call))?;
        let mut caller = Giver { title, ..Giver::default() };
        for (argument, value) in &of.arguments {
            let mut rests_on = Vec::new();
            let value = self.settled(value.clone(), None, &mut rests_on);
            let known = KnownValue { value: handed::foreign(value, "caller"), rests_on };
            caller.arguments.insert(argument.clone(), known.given(argument, &caller.title));
        }
        for name in self.outputs_of(call) {
            let taken = self.taken(&name, true);
            let taken: Vec<HandedTo> = taken.iter().map(|it| it.within(place)).collect();
            if let Some((_, output)) = name.rsplit_once('.').filter(|_| !taken.is_empty()) {
                caller.wanted.insert(output.into(), taken);
            }
        }
        Some(caller)
    }
}

/// The call and the output in `web.arn` and `web[0].arn`.
fn call_and_output(rest: &str) -> Option<(&str, &str)> {
    let (call, output) = rest.split_once('.')?;
    let call = call.split_once('[').map_or(call, |(call, _)| call);
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    output.bytes().all(is_word).then_some((call, output))
}

/// Whether something of a value is known that was only referred to.
fn says_more(value: &Value, written: &Value) -> bool {
    match value {
        Value::String(string) => !string.is_wholly_unknown() && value != written,
        Value::Unknown(_) => false,
        Value::Array(array) => array.items.iter().any(|item| {
            !matches!(item, Value::Unknown(_))
                && !item.as_string().is_some_and(StringValue::is_wholly_unknown)
        }),
        _ => true,
    }
}

/// Whether a value without its file refers to a name.
fn mentions(value: &Value, name: &str) -> bool {
    match value {
        Value::String(string) => string.has_unknown() && super::references::names(&string.text, name),
        Value::Array(array) => array.items.iter().any(|item| mentions(item, name)),
        _ => false,
    }
}

/// What a value may come to by reference: itself, or the items of the list that it is.
fn references_of(value: &Value, block: &Block, text: &str, depth: usize) -> Vec<Box<str>> {
    const DEEPEST: usize = 3;
    let source = || text.get(value.span().as_usize()).unwrap_or_default();
    match value {
        _ if depth > DEEPEST => Vec::new(),
        Value::Unknown(_) => {
            let source = source().trim();
            // What a block goes through stands in its `for_each`.
            if source == "each.value" {
                let all = block.body.get("for_each").map(Value::span);
                let all = all.and_then(|span| text.get(span.as_usize()));
                return handed::references_in(all.unwrap_or_default());
            }
            handed::references_in(source)
        }
        Value::String(string) if string.is_wholly_unknown() => handed::references_in(source()),
        Value::Array(array) => {
            array.items.iter().flat_map(|item| references_of(item, block, text, depth + 1)).collect()
        }
        Value::Object(object) if depth == 0 => {
            object.members.iter().flat_map(|it| references_of(&it.value, block, text, depth + 2)).collect()
        }
        _ => Vec::new(),
    }
}

/// `file("web.json")` and `templatefile("${path.module}/web.json.tpl", { … })`: the path from the folder of the module.
pub(super) fn path_of_file(expression: &str) -> Option<Box<str>> {
    let mut expression = expression.trim();
    if let Some(inside) = expression.strip_prefix("\"${").and_then(|rest| rest.strip_suffix("}\"")) {
        expression = inside.trim();
    }
    let called = |function: &str| {
        let arguments = expression.strip_prefix(function)?.trim_start().strip_prefix('(')?;
        Some(arguments.trim_end().strip_suffix(')')?.trim())
    };
    let arguments = called("templatefile").or_else(|| called("file"))?;
    let path = arguments.strip_prefix('"')?.split('"').next()?;
    let path = path.strip_prefix("${path.module}/").or(path.strip_prefix("${path.root}/")).unwrap_or(path);
    (!path.is_empty() && !path.contains("${")).then(|| path.into())
}

/// The name that a role gets, where it is known.
pub(super) fn role_name(resource_type: &str, body: &Object) -> Option<Box<str>> {
    let name = body.string("name").filter(|name| resource_type == "aws_iam_role" && !name.has_unknown())?;
    (!name.text.is_empty()).then(|| name.text.clone())
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
            for hole in string.open_parts() {
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
pub(super) fn is_literal(value: &Value) -> bool {
    match value {
        Value::String(string) => !string.text.is_empty() && !string.has_unknown(),
        Value::Number(_) | Value::Bool(..) => true,
        Value::Array(array) => {
            !array.items.is_empty()
                && array.items.iter().all(|item| !matches!(item, Value::Array(_)) && is_literal(item))
        }
        Value::Object(Object { .. }) => false,
        _ => false,
    }
}
