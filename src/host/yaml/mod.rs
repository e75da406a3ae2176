//! YAML files: CloudFormation and SAM templates, Kubernetes manifests, and whatever else holds policies
//! or task definitions.
//!
//! The text is split first, by indentation alone: into the sections of a template and its resources,
//! or into the documents of a stream. Each block is parsed alone, so that a broken one costs itself,
//! and an edit costs the block it is in.

mod blocks;
mod containers;
mod parse;
mod scalar;
mod write;

pub(super) use scalar::is_plain;

use super::cloudformation::{self, Environment};
use super::kubernetes;
use super::value::{Object, Value};
use super::{Document, DocumentKind, HostError, placeholder, policy_kind};
use blocks::{Part, split};
use containers::Layouts;
use parse::Parsed;
use std::sync::{Arc, OnceLock};

/// One version of a file.
#[derive(Debug, Clone)]
pub struct File {
    flavour: Flavour,
    blocks: Vec<Block>,
    environment: Arc<Environment>,
}

/// What a file is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flavour {
    CloudFormation,
    /// A stream of documents: Kubernetes manifests, policies in files of their own, configurations of
    /// tools that have policies in them.
    Stream,
    /// None of ours.
    Other,
}

#[derive(Debug, Clone)]
struct Block {
    part: Part,
    /// Where it starts in the file.
    start: u32,
    text: Arc<str>,
    parsed: Arc<Parsed>,
    /// Spans are those of the block.
    documents: Arc<[Document]>,
    /// Read when something is to be written.
    layouts: Arc<OnceLock<Option<Layouts>>>,
}

impl File {
    /// Parses a text. Blocks that an earlier version has, too, are taken over from it.
    pub fn parse(text: &str, before: Option<&File>) -> File {
        let flavour = flavour(text);
        if flavour == Flavour::Other {
            return File { flavour, blocks: Vec::new(), environment: Arc::default() };
        }
        let known = before.filter(|before| before.flavour == flavour);
        let mut blocks: Vec<Block> = split(text, flavour)
            .into_iter()
            .enumerate()
            .map(|(index, (part, range))| {
                let slice = &text[range.clone()];
                let start = range.start as u32;
                match known.and_then(|known| known.block(slice, part, index)) {
                    Some(block) => Block { start, ..block.clone() },
                    None => Block {
                        part,
                        start,
                        text: slice.into(),
                        parsed: Arc::new(parse::parse(slice)),
                        documents: Arc::default(),
                        layouts: Arc::default(),
                    },
                }
            })
            .collect();
        let environment = environment(&blocks);
        let environment = match known {
            Some(known) if *known.environment == environment => known.environment.clone(),
            _ => Arc::new(environment),
        };
        let same = known.is_some_and(|known| Arc::ptr_eq(&known.environment, &environment));
        for (index, block) in blocks.iter_mut().enumerate() {
            let is_known = same
                && known
                    .and_then(|known| known.block(&block.text, block.part, index))
                    .is_some_and(|before| Arc::ptr_eq(&before.parsed, &block.parsed));
            if !is_known {
                let mut found = documents(flavour, &block.parsed, block.part, &environment);
                found.iter_mut().for_each(|document| document.is_partial |= block.parsed.error.is_some());
                block.documents = found.into();
            }
        }
        File { flavour, blocks, environment }
    }

    /// The block with that very text; most often it is where it was.
    fn block(&self, text: &str, part: Part, index: usize) -> Option<&Block> {
        let fits = |block: &&Block| block.part == part && *block.text == *text;
        let near = index.saturating_sub(1)..(index + 2).min(self.blocks.len());
        self.blocks
            .get(near)
            .and_then(|near| near.iter().find(fits))
            .or_else(|| self.blocks.iter().find(fits))
    }

    /// The containers of the block around an offset, and that block; `None` where it is broken.
    fn layouts(&self, offset: u32) -> Option<(&Layouts, &Block)> {
        let index = self.blocks.partition_point(|block| block.start <= offset).checked_sub(1)?;
        let block = &self.blocks[index];
        let found = block.layouts.get_or_init(|| containers::layouts(&block.text));
        Some((found.as_ref()?, block))
    }

    /// The documents in it, in the order of the text.
    ///
    /// Outside of templates, where the place of a policy tells its kind, `path` helps to tell it, and
    /// `kind` overrides all guessing.
    pub fn documents(&self, path: &str, kind: Option<DocumentKind>) -> Vec<Document> {
        let mut found: Vec<Document> = self
            .blocks
            .iter()
            .flat_map(|block| block.documents.iter().map(|document| document.shifted(block.start)))
            .collect();
        if self.flavour == Flavour::Stream {
            for document in found.iter_mut().filter(|document| document.kind.is_policy()) {
                let statements = document.units.iter().map(|placed| &placed.unit.value);
                (document.kind, document.reason) = match kind.filter(|kind| kind.is_policy()) {
                    Some(kind) => (kind, "the kind was given".into()),
                    None => policy_kind::infer(statements, path),
                };
            }
        }
        found
    }

    /// What the parser refuses, unless a template engine has its say first.
    pub fn errors(&self) -> Vec<HostError> {
        self.blocks
            .iter()
            .filter_map(|block| Some((block, block.parsed.error.as_ref()?)))
            .filter(|(block, _)| !is_template(&block.text))
            .map(|(block, error)| HostError {
                span: error.span.shifted(block.start),
                message: error.message.clone(),
                syntax: "YAML",
            })
            .collect()
    }
}

/// The value of a YAML text that stands inside of another; `None` where the parser refuses it.
pub(super) fn parse_value(text: &str) -> Option<Value> {
    let parsed = parse::parse(text);
    parsed.value.filter(|_| parsed.error.is_none())
}

/// One look at the text.
fn flavour(text: &str) -> Flavour {
    let has = |what: &str| memchr::memmem::find(text.as_bytes(), what.as_bytes()).is_some();
    if has("AWS::") && has("Resources") {
        Flavour::CloudFormation
    } else if [
        "mapRoles",
        "mapUsers",
        "mapAccounts",
        kubernetes::ANNOTATION,
        "Statement",
        "containerDefinitions",
    ]
    .into_iter()
    .any(has)
        || has("Effect") && has("Action")
    {
        Flavour::Stream
    } else {
        Flavour::Other
    }
}

/// Whether a template engine makes YAML of it first.
fn is_template(text: &str) -> bool {
    text.contains("{%")
        || text.contains("<%")
        || text.lines().any(|line| {
            let line = line.trim_start();
            line.starts_with("{{") || line.starts_with("%{") || line.starts_with("${")
        })
        || text.contains("{{-")
        || text.contains("{{ ") && text.contains(" }}") && !placeholder::find(text).is_empty()
}

fn environment(blocks: &[Block]) -> Environment {
    let mut environment = Environment::default();
    for (name, resource) in blocks.iter().flat_map(|block| resources(&block.parsed, block.part)) {
        if let Some(resource_type) = resource.string("Type") {
            environment.add_resource(name, &resource_type.text);
        }
    }
    let roots = blocks.iter().filter_map(|block| block.parsed.value.as_ref()?.as_object());
    for root in roots {
        if let Some(parameters) = root.object("Parameters") {
            environment.add_parameters(parameters);
        }
        if let Some(outputs) = root.object("Outputs") {
            environment.add_outputs(outputs);
        }
    }
    environment
}

/// The resources of a block of a template, by name.
fn resources(parsed: &Parsed, part: Part) -> impl Iterator<Item = (&str, &Object)> {
    let root = parsed.value.as_ref().and_then(Value::as_object);
    let object = match part {
        Part::Resource => root,
        Part::Section => root.and_then(|root| root.object("Resources")),
    };
    object
        .into_iter()
        .flat_map(|object| &object.members)
        .filter_map(|member| Some((&*member.name.text, member.value.as_object()?)))
}

fn documents(flavour: Flavour, parsed: &Parsed, part: Part, environment: &Environment) -> Vec<Document> {
    match flavour {
        Flavour::CloudFormation => resources(parsed, part)
            .flat_map(|(name, resource)| cloudformation::resource_documents(name, resource, environment))
            .collect(),
        Flavour::Stream => parsed.value.as_ref().map_or_else(Vec::new, |value| {
            let found = kubernetes::documents(value);
            if found.is_empty() { cloudformation::search(value) } else { found }
        }),
        Flavour::Other => Vec::new(),
    }
}
