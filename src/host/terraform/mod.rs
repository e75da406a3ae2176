//! Terraform and OpenTofu modules.
//!
//! The text is split into its top-level blocks first; each is parsed alone, so that a broken one costs
//! itself, and an edit costs the block it is in. References lead through the files of one folder, which
//! are one module.

mod containers;
mod go_json;
mod handed;
mod joined;
mod links;
mod literal;
mod made;
mod module;
mod module_containers;
mod names;
mod open;
mod parse;
mod policy_blocks;
mod policy_document;
mod references;
mod resolve;
mod resources;
mod split;
mod statements;
mod structures;
mod task_definition;
mod task_fields;
mod types;
mod values;
mod write;

pub use handed::{Called, Giver, Handed};
pub use made::MADE;
pub use module::{Folder, Module};
pub(super) use names::{argument_of, task_argument};
pub(super) use statements::Statements;
pub use values::Values;

use super::attachments::{self, FoundAttachments};
use super::budget::Budget;
use super::pieces::{Lazy, Piece, Pieces, Reader, TextKey};
use super::places::{kind_in, walk};
use super::resource::Resource;
use super::search::Search;
use super::value::{Array, Member, Object, StringValue, Value};
use super::write::Containers;
use super::{
    Assumed, Document, DocumentKind, HostError, ModuleLinks, Naming, Owner, OwnerKind, Placed, coerce,
    embedded, policy_kind, statement_fields,
};
use crate::catalog;
use crate::text::Span;
use handed::{HandedTo, Use};
use parse::{Block, Parsed};
use resolve::Resolver;

/// The data source whose blocks are the statements of a policy.
pub const POLICY_DOCUMENT: &str = "aws_iam_policy_document";

/// One version of a file.
#[derive(Debug)]
pub struct TerraformFile {
    blocks: Pieces<TextKey<()>, Read, Module>,
}

impl TerraformFile {
    /// Parses a text. `siblings` are the other files of its folder. Blocks that an earlier version has,
    /// too, are taken over from it.
    pub fn parse(text: &str, siblings: &Module, before: Option<&TerraformFile>) -> TerraformFile {
        if !is_ours(text) {
            return TerraformFile { blocks: Pieces::none() };
        }
        let cuts = split::split(text).into_iter().map(|range| (range.start as u32, ((), &text[range])));
        let reader = Reader {
            parse: |((), text): &((), &str), _: &Budget| Lazy::new(parse::parse(text)),
            // This file and the others of its folder.
            environment: |blocks: &[Cut]| {
                let mut module = siblings.clone().for_blocks(blocks.iter().map(|cut| &*cut.key.text));
                blocks
                    .iter()
                    .filter_map(|cut| Some((cut.parsed.block.as_ref()?, &cut.key.text)))
                    .for_each(|(block, text)| module.add_block(block, text));
                module
            },
            documents,
        };
        TerraformFile { blocks: Pieces::of(cuts, reader, before.map(|before| &before.blocks)) }
    }

    /// The containers of the block around an offset, and where that block starts; `None` where it is
    /// broken.
    fn containers(&self, offset: u32) -> Option<(&Containers<containers::HclContainer>, u32)> {
        let cut = self.blocks.at(offset)?;
        Some((cut.parsed.layout(|| containers::containers(&cut.key.text))?, cut.start))
    }

    /// The documents in it, in the order of the text.
    pub fn documents(&self) -> Vec<Document> {
        self.blocks.documents()
    }

    /// The block around an offset, with what stands before it.
    pub(super) fn piece_at(&self, offset: u32) -> Option<Span> {
        let cut = self.blocks.at(offset)?;
        Some(Span::new(cut.start, cut.start + cut.key.text.len() as u32))
    }

    /// Where its blocks are, each with what stands behind it.
    pub(super) fn block_spans(&self) -> Vec<Span> {
        let span = |cut: &Cut| Span::new(cut.start, cut.start + cut.key.text.len() as u32);
        self.blocks.iter().map(span).collect()
    }

    /// The documents of the block around an offset, if that text stood in its place.
    pub(super) fn documents_with(&self, offset: u32, text: &str) -> Vec<Document> {
        let Some(cut) = self.blocks.at(offset) else { return Vec::new() };
        let parse = |key: &TextKey<()>, _: &Budget| Lazy::new(parse::parse(&key.text));
        let key = TextKey { part: (), text: text.into() };
        self.blocks.documents_instead(cut.start, key, parse, documents)
    }

    /// The resources and data sources of the file, by address, with their types.
    pub fn names(&self) -> Vec<(Box<str>, Box<str>)> {
        let blocks = self.blocks.iter().filter_map(|cut| {
            let block = cut.parsed.block.as_ref()?;
            let [kind, name] = &block.labels[..] else { return None };
            match &*block.keyword {
                "resource" => Some((format!("{kind}.{name}").into(), kind.clone())),
                "data" => Some((format!("data.{kind}.{name}").into(), kind.clone())),
                _ => None,
            }
        });
        blocks.collect()
    }

    /// What it hands to other modules and gets from them.
    pub fn links(&self) -> ModuleLinks {
        let mut all = ModuleLinks::default();
        let blocks = self.blocks.iter();
        for links in blocks.filter_map(|cut| links::of(cut.parsed.block.as_ref()?, &cut.key.text)) {
            all.outputs.extend(links.outputs);
            all.calls.extend(links.calls);
            all.consumers.extend(links.consumers);
        }
        all
    }

    /// Its resources, and what else others may refer to.
    pub fn resources(&self) -> Vec<Resource> {
        let of_cut = |cut: &Cut| {
            let block = cut.parsed.block.as_ref()?;
            let mut found = resources::of_block(block, &cut.key.text, cut.parsed.error.is_some());
            found.iter_mut().for_each(|resource| resource.body.shift(cut.start));
            Some(found)
        };
        self.blocks.iter().filter_map(of_cut).flatten().collect()
    }

    /// What this file adds to its module; `None` where it was not looked at.
    pub fn module_part(&self) -> Option<Module> {
        let mut part = None;
        for cut in self.blocks.iter() {
            let part = part.get_or_insert_with(|| {
                Module::default().for_blocks(self.blocks.iter().map(|cut| &*cut.key.text))
            });
            if let Some(block) = &cut.parsed.block {
                part.add_block(block, &cut.key.text);
            }
        }
        part
    }

    /// What the parser refuses.
    pub fn errors(&self) -> Vec<HostError> {
        self.blocks
            .iter()
            .filter_map(|cut| {
                let (span, message) = cut.parsed.error.as_ref()?;
                Some(HostError {
                    span: span.shifted(cut.start),
                    message: message.clone(),
                    syntax: "HCL",
                    is_refused: true,
                })
            })
            .chain(self.blocks.excess("HCL"))
            .collect()
    }
}

/// A block with the text around it.
type Cut = Piece<TextKey<()>, Read>;

type Read = Lazy<Parsed, Containers<containers::HclContainer>>;

/// What the ARN of an AWS managed policy has in it.
const MANAGED: &str = ":iam::aws:policy/";

/// One look at the text.
fn is_ours(text: &str) -> bool {
    [
        "aws_",
        "Statement",
        "statement",
        "containerDefinitions",
        "portMappings",
        "jsonencode",
        MANAGED,
        "module ",
        "actions",
    ]
    .iter()
    .any(|sign| memchr::memmem::find(text.as_bytes(), sign.as_bytes()).is_some())
}

fn documents(cut: &Cut, module: &Module, budget: &Budget) -> Vec<Document> {
    let mut found = documents_for(cut, module, None, budget);
    // Where callers give different values, what each of them gives is looked at by itself.
    for caller in 0..module.callers_for(&cut.key.text) {
        let variants = documents_for(cut, module, Some(caller), budget).into_iter();
        let variants = variants.filter(|it| it.assumed.iter().any(|it| it.given_by.is_some()));
        found.extend(variants.map(|document| Document { is_variant: true, ..document }));
    }
    found
}

/// The documents of a block, for one of the module's callers where they are told apart.
fn documents_for(cut: &Cut, module: &Module, caller: Option<usize>, budget: &Budget) -> Vec<Document> {
    let Some(block) = &cut.parsed.block else { return Vec::new() };
    let resolver = Resolver {
        text: &cut.key.text,
        module,
        caller,
        spreads: &block.spreads,
        is_of_containers: false,
        budget,
        references: false,
        decided_by: "",
    };
    // A block that is there for some values of a variable only is not judged by the variable's default.
    let decided_by = ["count", "for_each"].iter().find_map(|name| block.body.get(name));
    let decided_by = decided_by.map_or("", |value| resolver.source(value.span()));
    let place = Place { block, resolver: Resolver { decided_by, ..resolver } };
    let mut found = place.documents();
    found.iter_mut().for_each(|document| document.is_partial |= cut.parsed.error.is_some());
    found
}

/// A block in its module.
struct Place<'a> {
    block: &'a Block,
    resolver: Resolver<'a>,
}

impl Place<'_> {
    fn label(&self, index: usize) -> &str {
        self.block.labels.get(index).map_or("", |label| label)
    }

    fn owner(&self) -> Owner {
        let kind = self.label(0);
        let name = match (&*self.block.keyword, self.label(1)) {
            ("resource", name) => format!("{kind}.{name}"),
            ("data", name) => format!("data.{kind}.{name}"),
            (keyword, _) if kind.is_empty() => keyword.to_string(),
            (keyword, _) => format!("{keyword}.{kind}"),
        };
        let resource_type = if kind.is_empty() { &self.block.keyword } else { &self.block.labels[0] };
        Owner {
            name: name.into(),
            resource_type: resource_type.clone(),
            kind: match &*self.block.keyword {
                "data" => OwnerKind::Lookup,
                "module" | "variable" | "locals" => OwnerKind::Other,
                _ => OwnerKind::Resource,
            },
            role_name: self.role_name(kind),
            exports: Vec::new(),
            origin: None,
            in_network: catalog::terraform()
                .network_of(resource_type)
                .is_some_and(|argument| self.block.body.has(argument)),
        }
    }

    /// The name of the role that the block declares, references filled in.
    fn role_name(&self, resource_type: &str) -> Option<Box<str>> {
        let name = self.block.body.get("name").filter(|_| &*self.block.keyword == "resource")?;
        let mut assumed = Vec::new();
        let name = self.resolver.evaluate(name, &mut assumed);
        let name = name.as_string().filter(|name| assumed.is_empty() && !name.has_unknown())?;
        (resource_type == "aws_iam_role" && !name.text.is_empty()).then(|| name.text.clone())
    }

    fn documents(&self) -> Vec<Document> {
        let owner = self.owner();
        let mut found = match (&*self.block.keyword, self.label(0)) {
            ("data", "aws_iam_policy_document") => policy_document::documents(self, &owner),
            // A block by itself, as documentation shows it.
            ("statement", _) => policy_document::of_statement(self),
            ("resource", "aws_ecs_task_definition") => vec![task_definition::document(self)],
            ("resource", "aws_ecs_service") => vec![task_definition::service(self)],
            ("resource", resource_type) => {
                let mut found = self.policies(resource_type);
                found.extend(self.statement_fields(resource_type));
                found
            }
            _ => self.search(),
        };
        if let Some(attachments) = self.attachments() {
            found.push(attachments);
            found.sort_by_key(|document| document.span.start);
        }
        for document in &mut found {
            document.owner.get_or_insert_with(|| owner.clone());
        }
        found
    }

    fn policies(&self, resource_type: &str) -> Vec<Document> {
        let mut found = Vec::new();
        for place in catalog::terraform().policies_of(resource_type) {
            walk(&self.block.body, place.path, &mut |value| {
                let reason = format!("it stands in `{}` of `{resource_type}`", place.path.join("."));
                found.extend(self.policy(value, kind_in(place, &self.block.body), &reason));
            });
        }
        if found.is_empty() { self.search() } else { found }
    }

    /// The statements whose elements are arguments.
    fn statement_fields(&self, resource_type: &str) -> Option<Document> {
        let row = catalog::terraform().statement_fields_of(resource_type)?;
        let mut assumed = Vec::new();
        let body = self.resolver.evaluate(&Value::Object(self.block.body.clone()), &mut assumed);
        let body = body.as_object()?;
        let mut fields = Vec::new();
        if row.path.is_empty() {
            fields.push(body);
        } else {
            walk(body, row.path, &mut |value| {
                fields.extend(value.one_or_many().iter().filter_map(Value::as_object));
            });
        }
        let document = statement_fields::document(row, &fields, resource_type)?;
        Some(Document { assumed, ..document })
    }

    /// What the block attaches; `None` where that is nothing.
    fn attachments(&self) -> Option<Document> {
        let block_type = match &*self.block.keyword {
            "resource" => self.label(0).to_string(),
            "data" => format!("data.{}", self.label(0)),
            // What becomes of the ARNs in them is told elsewhere, but they are ARNs.
            "module" | "locals" | "variable" | "values" => return self.managed_policies(),
            _ => return None,
        };
        let mut found = FoundAttachments::default();
        for place in catalog::terraform().attachments_of(&block_type) {
            let written = place.path.first().and_then(|first| self.block.body.member(first));
            let Some(written) = written else { continue };
            walk(&self.block.body, place.path, &mut |value| {
                let (written, value) = match self.each(value) {
                    Some(all) => (&all.name, &all.value),
                    None => (&written.name, value),
                };
                let value = self.resolver.evaluate(value, &mut found.assumed);
                let value = match value {
                    // The values of a map that is gone through.
                    Value::Object(map) => Value::Array(Array {
                        span: map.span,
                        items: map.members.into_iter().map(|member| member.value).collect(),
                    }),
                    other => other,
                };
                found.add(place.field, written, value);
            });
        }
        found.finish(format!("it is attached by `{}`", self.owner().resource_type))
    }

    /// What `each.value` and `each.key` go through, where they are the whole value.
    fn each(&self, value: &Value) -> Option<&Member> {
        let Value::Unknown(span) = value else { return None };
        let all = self.block.body.member("for_each")?;
        match (self.resolver.source(*span).trim(), &all.value) {
            ("each.value", _) => Some(all),
            ("each.key", Value::Array(_) | Value::Unknown(_)) => Some(all),
            _ => None,
        }
    }

    /// ARNs of AWS managed policies anywhere in the block, and whatever stands in arguments that attach policies.
    fn managed_policies(&self) -> Option<Document> {
        fn walk(value: &Value, items: &mut Vec<Value>) {
            match value {
                Value::String(text) if text.text.contains(MANAGED) && text.text.starts_with("arn:") => {
                    items.push(value.clone());
                }
                Value::Object(object) => object.members.iter().for_each(|it| walk(&it.value, items)),
                Value::Array(array) => array.items.iter().for_each(|it| walk(it, items)),
                _ => {}
            }
        }
        let mut found = FoundAttachments::default();
        for member in &self.block.body.members {
            let taken = self.taken(member);
            let is_list = taken.contains(&HandedTo::ManagedPolicies);
            if is_list || taken.contains(&HandedTo::Boundary) {
                let field = if is_list { attachments::POLICIES } else { attachments::BOUNDARY };
                let value = match self.resolver.evaluate(&member.value, &mut found.assumed) {
                    // By names of their own.
                    Value::Object(map) => Value::Array(Array {
                        span: map.span,
                        items: map.members.into_iter().map(|member| member.value).collect(),
                    }),
                    other => other,
                };
                found.add(field, &member.name, value);
                continue;
            }
            let mut items = Vec::new();
            walk(&member.value, &mut items);
            let span = member.value.span();
            found.add(attachments::POLICIES, &member.name, Value::Array(Array { span, items }));
        }
        found.finish(format!("an ARN in `{}` is that of a managed policy", self.block.keyword))
    }

    /// Who may assume the role that a module makes, where arguments name them: a trust policy of which no more is known.
    fn trusted(&self) -> Option<Document> {
        let mut assumed = Vec::new();
        let mut types: Vec<Member> = Vec::new();
        for member in &self.block.body.members {
            let taken = self.taken(member);
            let is_service = taken.contains(&HandedTo::Services);
            if !is_service && !taken.contains(&HandedTo::Principals) {
                continue;
            }
            let value = self.resolver.evaluate(&member.value, &mut assumed);
            let is_text = |item: &Value| matches!(item, Value::String(_));
            match value {
                Value::Object(by_type) if !is_service => types.extend(by_type.members),
                value if value.one_or_many().iter().any(is_text) => {
                    let named = if is_service { "Service" } else { "AWS" };
                    let name = StringValue::standing_for(named, member.name.span);
                    let items = value.one_or_many().iter().filter(|item| is_text(item)).cloned().collect();
                    let value = Value::Array(Array { span: value.span(), items });
                    types.push(Member { name, value });
                }
                _ => {}
            }
        }
        let span = around(types.iter().map(Member::span))?;
        let start = Span::new(span.start, span.start);
        let standing = |name: &str, value| Member { name: StringValue::standing_for(name, start), value };
        let text = |text: &str| Value::String(StringValue::standing_for(text, start));
        // Services assume roles by one action alone.
        let are_services = types.iter().all(|it| &*it.name.text == "Service");
        let action =
            if are_services { text("sts:AssumeRole") } else { Value::String(StringValue::unknown(start)) };
        let members = vec![
            standing("Effect", text("Allow")),
            standing("Principal", Value::Object(Object { span, members: types })),
            standing("Action", action),
        ];
        let statements = vec![Value::Object(Object { span, members })];
        let members = vec![
            standing("Version", text("2012-10-17")),
            standing("Statement", Value::Array(Array { span, items: statements })),
        ];
        let policy = Value::Object(Object { span, members });
        let reason = "the module makes a role that those may assume";
        Some(Document {
            naming: Naming::Fields,
            assumed,
            is_open: true,
            ..Document::of(DocumentKind::Trust, reason, policy, "Statement")
        })
    }

    /// What a module does with one of the block's arguments, where it calls one.
    fn taken(&self, member: &Member) -> &[HandedTo] {
        match &*self.block.keyword {
            "module" => self.resolver.module.taken_by(self.label(0), &member.name.text),
            _ => &[],
        }
    }

    /// What the policies in an argument of a module, or in a local, are used for, where that is one thing.
    fn purpose(&self, member: &Member) -> Option<Use> {
        let uses: Vec<Use> = match &*self.block.keyword {
            "locals" => self.resolver.module.policy_uses(&format!("local.{}", member.name.text)),
            _ => self
                .taken(member)
                .iter()
                .filter_map(|taken| match taken {
                    HandedTo::Policy(of) => Some(of.clone()),
                    _ => None,
                })
                .collect(),
        };
        let first = uses.first()?;
        uses.iter().all(|other| other.kind == first.kind).then(|| first.clone())
    }

    /// The policy that a value is, or holds as JSON.
    fn policy(&self, value: &Value, kind: Option<DocumentKind>, reason: &str) -> Vec<Document> {
        let mut assumed = Vec::new();
        let resolver = Resolver { references: true, ..self.resolver };
        let value = resolver.evaluate(value, &mut assumed);
        let mut found = match value {
            Value::Object(_) => {
                let mut value = value;
                coerce::to_strings(&mut value);
                let kind =
                    kind.unwrap_or_else(|| policy_kind::infer(policy_kind::statements(&value).iter(), "").0);
                vec![Document::of(kind, reason, value, "Statement")]
            }
            Value::String(text) if text.is_written() => embedded::json(&text, kind, reason),
            _ => Vec::new(),
        };
        for document in &mut found {
            document.assumed.clone_from(&assumed);
            document.is_open |= is_open(document);
        }
        found
    }

    /// The containers that a local, or an argument of a module, holds for task definitions; `None` where it holds none.
    fn containers_of_task(&self, member: &Member) -> Option<Vec<Document>> {
        let around = match &*self.block.keyword {
            "locals" => {
                let known = self.resolver.module.task_around(&format!("local.{}", member.name.text));
                let is_one = || member.value.as_object().is_some_and(structures::is_whole_container);
                known.or_else(|| is_one().then_some(None))?
            }
            "module" => {
                let mut all = self.taken(member).iter().filter_map(|taken| match taken {
                    HandedTo::Containers(around) => Some(around),
                    _ => None,
                });
                let first = all.next()?;
                // A map of them has names of its own.
                if member.value.as_object().is_some_and(|it| !structures::is_container(it)) {
                    return None;
                }
                all.all(|other| other == first).then(|| first.clone())
            }
            _ => return None,
        };
        Some(task_definition::containers_of_local(self, &member.value, around.as_ref()))
    }

    /// Documents anywhere in a block that we do not know.
    fn search(&self) -> Vec<Document> {
        let what = match self.label(0) {
            "" => &*self.block.keyword,
            resource_type => resource_type,
        };
        let within = format!("inside of `{what}`");
        let evaluate =
            |value: &Value, assumed: &mut Vec<Assumed>| Some(self.resolver.evaluate(value, assumed));
        let search = Search { within: &within, evaluate: &evaluate };
        let members = &self.block.body.members;
        let mut found: Vec<Document> = Vec::new();
        for member in members {
            match self.containers_of_task(member) {
                Some(documents) => found.extend(documents),
                None => {
                    let mut documents = search.find(&member.value);
                    // Nothing says what is done with them.
                    let lists = documents
                        .iter_mut()
                        .filter(|it| it.kind == DocumentKind::ContainerDefinitions && it.embedded.is_none());
                    lists.for_each(task_definition::leave_open);
                    found.extend(documents);
                }
            }
        }
        found.extend(module_containers::find(self, &within));
        let evaluate = |value: &Value, assumed: &mut Vec<Assumed>| self.resolver.evaluate(value, assumed);
        let naming = Naming::TerraformPolicy;
        found.extend(Statements { within: &within, naming, evaluate: &evaluate }.find(&self.block.body));
        found.extend(self.trusted());
        found.sort_by_key(|document| document.span.start);
        for document in found.iter_mut().filter(|document| document.kind.is_policy()) {
            let around = members.iter().find(|member| member.value.span().covers(document.span));
            if let Some(of) = around.and_then(|member| self.purpose(member)) {
                self.put_to_use(document, &of);
            }
        }
        found
    }
}

impl Place<'_> {
    /// Says of a policy what is done with it elsewhere.
    fn put_to_use(&self, document: &mut Document, of: &Use) {
        document.kind = of.kind;
        document.reason = of.reason().into();
        // What it sits on says how long it may be, and which actions have a place in it.
        if let Some((resource_type, _)) = of.by.split_once('.').filter(|(first, _)| first.starts_with("aws_"))
        {
            document.owner = Some(Owner { resource_type: resource_type.into(), ..self.owner() });
        }
        for placed in &mut document.units {
            if placed.unit.value.as_object().is_some_and(Object::is_open) {
                let mut value = placed.unit.value.clone();
                policy_document::leave_out(&mut value, of.kind);
                *placed = Placed { base: placed.base, ..Placed::unmoved(value) };
            }
        }
    }
}

/// The whole of several places.
fn around(spans: impl Iterator<Item = Span>) -> Option<Span> {
    spans.reduce(|a, b| Span::new(a.start.min(b.start), a.end.max(b.end)))
}

/// Whether statements of it are not known.
fn is_open(document: &Document) -> bool {
    document.units.iter().any(|placed| placed.unit.value.as_object().is_none_or(Object::is_open))
}
