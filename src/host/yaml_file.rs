//! YAML files: CloudFormation and SAM templates, Kubernetes manifests, and whatever else holds policies
//! or task definitions.
//!
//! The text is split first, by indentation alone: into the sections of a template and its resources,
//! or into the documents of a stream. Each block is parsed alone, so that a broken one costs itself,
//! and an edit costs the block it is in.

use super::budget::Budget;
use super::cloudformation::{self, Environment, Made, Template};
use super::metadata::Metadata;
use super::pieces::{Lazy, Piece, Pieces, Reader, TextKey};
use super::resource::Resource;
use super::value::{Member, Object, Value};
use super::yaml::{self, BlockPart, Flavour, Layouts, Parsed};
use super::{
    Document, DocumentKind, HostError, RoleConsumer, crossplane, hcl_text, kubernetes, placeholder,
    policy_kind, serverless, workflows,
};
use crate::text::Span;

/// One version of a file.
#[derive(Debug)]
pub struct YamlFile {
    flavour: Flavour,
    blocks: Pieces<TextKey<BlockPart>, Read, Environment>,
}

type Read = Lazy<Parsed, Layouts>;

pub(super) type YamlBlock = Piece<TextKey<BlockPart>, Read>;

impl YamlFile {
    /// Parses a text. Blocks that an earlier version has, too, are taken over from it.
    pub fn parse(text: &str, before: Option<&YamlFile>) -> YamlFile {
        let flavour = flavour(text);
        if flavour == Flavour::Other {
            return YamlFile { flavour, blocks: Pieces::none() };
        }
        let known = before.filter(|before| before.flavour == flavour).map(|before| &before.blocks);
        let cuts = yaml::split(text, flavour)
            .into_iter()
            .map(|(part, range)| (range.start as u32, (part, &text[range])));
        let reader = Reader {
            parse: |(_, text): &(BlockPart, &str), budget: &Budget| Lazy::new(parsed(flavour, text, budget)),
            environment,
            documents: |block: &YamlBlock, environment: &Environment, budget: &Budget| {
                documents(flavour, block, Template { environment, budget, references: false })
            },
        };
        YamlFile { flavour, blocks: Pieces::of(cuts, reader, known) }
    }

    /// The containers of the block around an offset, and that block; `None` where it is broken.
    pub(super) fn layouts(&self, offset: u32) -> Option<(&Layouts, &YamlBlock)> {
        let block = self.blocks.at(offset)?;
        Some((block.parsed.layout(|| yaml::layouts(&block.key.text))?, block))
    }

    /// The documents in it, in the order of the text.
    ///
    /// Outside of templates, where the place of a policy tells its kind, `path` helps to tell it, and
    /// `kind` overrides all guessing.
    pub fn documents(&self, path: &str, kind: Option<DocumentKind>) -> Vec<Document> {
        self.named(self.blocks.documents(), path, kind)
    }

    /// The piece around an offset: a resource, a section, a document of a stream.
    pub(super) fn piece_at(&self, offset: u32) -> Option<Span> {
        let block = self.blocks.at(offset)?;
        Some(Span::new(block.start, block.start + block.key.text.len() as u32))
    }

    /// The documents of the piece around an offset, if that text stood in its place.
    pub(super) fn documents_with(&self, offset: u32, text: &str, path: &str) -> Vec<Document> {
        let Some(block) = self.blocks.at(offset) else { return Vec::new() };
        let key = TextKey { part: block.key.part, text: text.into() };
        let parse =
            |key: &TextKey<BlockPart>, budget: &Budget| Lazy::new(parsed(self.flavour, &key.text, budget));
        let found = self.blocks.documents_instead(block.start, key, parse, |block, environment, budget| {
            documents(self.flavour, block, Template { environment, budget, references: false })
        });
        self.named(found, path, None)
    }

    /// The names that references in a template may have, with types; none in other files.
    pub fn names(&self) -> Vec<(Box<str>, Box<str>)> {
        if self.flavour == Flavour::CloudFormation { self.blocks.environment().names() } else { Vec::new() }
    }

    /// Documents with the kinds that their places leave open.
    fn named(&self, mut found: Vec<Document>, path: &str, kind: Option<DocumentKind>) -> Vec<Document> {
        if matches!(self.flavour, Flavour::Stream | Flavour::Serverless | Flavour::Workflow) {
            let is_by_itself = |document: &&mut Document| document.owner.is_none();
            for document in found.iter_mut().filter(|it| it.kind.is_policy()).filter(is_by_itself) {
                let statements = document.units.iter().map(|placed| &placed.unit.value);
                (document.kind, document.reason) = match kind.filter(|kind| kind.is_policy()) {
                    Some(kind) => (kind, "the kind was given".into()),
                    None => policy_kind::infer(statements, path),
                };
            }
        }
        found
    }

    /// The resources of a template, and service accounts of Kubernetes.
    pub fn resources(&self) -> Vec<Resource> {
        let mut all = Vec::new();
        for block in self.blocks.iter() {
            let mut found = match self.flavour {
                Flavour::CloudFormation => template_resources(block),
                Flavour::Serverless => block
                    .parsed
                    .value
                    .iter()
                    .flat_map(serverless::templates)
                    .flat_map(serverless::resources)
                    .filter_map(|(name, object)| cloudformation::resource(name, object))
                    .collect(),
                Flavour::Stream => block.parsed.value.iter().flat_map(kubernetes::service_accounts).collect(),
                Flavour::Workflow => block.parsed.value.iter().flat_map(workflows::jobs).collect(),
                Flavour::Other => Vec::new(),
            };
            for resource in &mut found {
                resource.body.shift(block.start);
                resource.is_partial |= block.parsed.error.is_some();
            }
            all.extend(found);
        }
        if self.flavour == Flavour::CloudFormation {
            all.extend(self.made_by_sam());
        }
        all
    }

    /// What the metadata of a template says under a name.
    pub(super) fn metadata(&self, name: &str) -> Vec<Metadata> {
        if self.flavour != Flavour::CloudFormation {
            return Vec::new();
        }
        let of_block = |block: &YamlBlock| {
            let root = block.parsed.value.as_ref().and_then(Value::as_object);
            let root = root.filter(|_| block.key.part == BlockPart::Section);
            let of_template = root.and_then(|root| Metadata::of(root, name, block.start, false));
            let of_resource = |(_, it): (&str, &Object)| Metadata::of(it, name, block.start, true);
            of_template.into_iter().chain(resources(block).filter_map(of_resource)).collect::<Vec<_>>()
        };
        self.blocks.iter().flat_map(of_block).collect()
    }

    /// The resource around an offset, and what its places are counted from.
    pub(super) fn resource_at(&self, offset: u32) -> Option<(Object, u32)> {
        let block = self.blocks.at(offset).filter(|_| self.flavour == Flavour::CloudFormation)?;
        let is_around = |it: &&Object| it.span.shifted(block.start).touches(offset);
        Some((resources(block).map(|(_, it)| it).find(is_around)?.clone(), block.start))
    }

    /// Where the resources of a template are, each from the end of its name.
    pub(super) fn resource_spans(&self) -> Vec<Span> {
        if self.flavour != Flavour::CloudFormation {
            return Vec::new();
        }
        let of_block = |block: &YamlBlock| {
            let span = |it: &Member| Span::new(it.name.span.end, it.value.span().end).shifted(block.start);
            resource_members(block).map(span).collect::<Vec<_>>()
        };
        self.blocks.iter().flat_map(of_block).collect()
    }

    /// The roles and policies that SAM makes.
    fn made_by_sam(&self) -> Vec<Resource> {
        let all: Vec<Made<'_>> = self
            .blocks
            .iter()
            .flat_map(|block| resources(block).map(|(name, object)| Made { name, object, base: block.start }))
            .collect();
        let sections = self.blocks.iter().filter_map(|block| block.parsed.value.as_ref()?.as_object());
        let globals = sections.filter_map(|root| root.object("Globals")).next();
        cloudformation::made(&all, globals, self.blocks.environment())
    }

    /// Which resources of a template name its roles.
    pub fn role_consumers(&self) -> Vec<RoleConsumer> {
        if self.flavour != Flavour::CloudFormation {
            return Vec::new();
        }
        let resources = self.blocks.iter().flat_map(resources);
        let of = |(name, resource)| cloudformation::role_consumers(name, resource, self.blocks.environment());
        resources.flat_map(of).collect()
    }

    /// What the parser refuses, unless a template engine has its say first.
    pub fn errors(&self) -> Vec<HostError> {
        self.blocks
            .iter()
            .filter_map(|block| Some((block, block.parsed.error.as_ref()?)))
            .filter(|(block, _)| !is_template(&block.key.text))
            .map(|(block, error)| HostError {
                span: error.span.shifted(block.start),
                message: error.message.clone(),
                syntax: "YAML",
                is_refused: true,
            })
            .chain(self.blocks.excess("YAML"))
            .collect()
    }
}

/// One block.
fn parsed(flavour: Flavour, text: &str, budget: &Budget) -> Parsed {
    let mut parsed = yaml::parse(text, budget);
    if flavour == Flavour::Serverless {
        parsed.value.iter_mut().for_each(serverless::fill_in_later);
    }
    parsed
}

/// One look at the text.
fn flavour(text: &str) -> Flavour {
    let has = |what: &str| memchr::memmem::find(text.as_bytes(), what.as_bytes()).is_some();
    if serverless::is_service(text) {
        Flavour::Serverless
    } else if workflows::is_workflow(text) || workflows::is_pipeline(text) {
        Flavour::Workflow
    } else if ["AWS::", "Custom::", "AWSTemplateFormatVersion"].into_iter().any(has)
        && has("Resources")
        && !kubernetes::is_manifest(text)
    {
        Flavour::CloudFormation
    } else if [
        "aws-auth",
        "ServiceAccount",
        "mapRoles",
        "mapUsers",
        "mapAccounts",
        kubernetes::ANNOTATION,
        "Statement",
        "containerDefinitions",
        crossplane::SIGN,
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
            // `Name: {{project}}-web`: no mapping in YAML has a mapping for its name.
            let is_value = |start: &str| line.split_once(start).is_some_and(|(_, rest)| rest.contains("}}"));
            line.starts_with("{{")
                || line.starts_with("%{")
                || line.starts_with("${")
                || is_value(": {{")
                || is_value("- {{")
        })
        || text.contains("{{-")
        || text.contains("{{ ") && text.contains(" }}") && !placeholder::find(text).is_empty()
}

fn environment(blocks: &[YamlBlock]) -> Environment {
    let mut environment = Environment::default();
    let of_service = blocks.iter().filter_map(|block| block.parsed.value.as_ref());
    let of_service = of_service.flat_map(serverless::templates);
    for (name, resource) in of_service.flat_map(serverless::resources) {
        if let Some(resource_type) = resource.string("Type") {
            environment.add_resource(name, &resource_type.text, |property| {
                resource.object("Properties")?.string(property).map(|text| text.text.clone())
            });
        }
    }
    for (name, resource) in blocks.iter().flat_map(resources) {
        if let Some(resource_type) = resource.string("Type") {
            environment.add_resource(name, &resource_type.text, |property| {
                resource.object("Properties")?.string(property).map(|text| text.text.clone())
            });
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

fn template_resources(block: &YamlBlock) -> Vec<Resource> {
    let mut found: Vec<Resource> =
        resources(block).filter_map(|(name, object)| cloudformation::resource(name, object)).collect();
    if let Some(root) = block.parsed.value.as_ref().and_then(Value::as_object) {
        for section in ["Parameters", "Outputs"] {
            let section_object = root.object(section).filter(|_| block.key.part == BlockPart::Section);
            found.extend(section_object.into_iter().flat_map(|it| cloudformation::others(section, it)));
        }
    }
    found
}

/// The resources of a block of a template, by name.
fn resources(block: &YamlBlock) -> impl Iterator<Item = (&str, &Object)> {
    resource_members(block).filter_map(|member| Some((&*member.name.text, member.value.as_object()?)))
}

fn resource_members(block: &YamlBlock) -> impl Iterator<Item = &Member> {
    let root = block.parsed.value.as_ref().and_then(Value::as_object);
    let object = match block.key.part {
        BlockPart::Resource => root,
        BlockPart::Section => root.and_then(|root| root.object("Resources")),
    };
    object.into_iter().flat_map(|object| &object.members)
}

fn documents(flavour: Flavour, block: &YamlBlock, template: Template<'_>) -> Vec<Document> {
    let mut found = match flavour {
        Flavour::CloudFormation => resources(block)
            .flat_map(|(name, resource)| cloudformation::resource_documents(name, resource, template))
            .collect(),
        Flavour::Serverless => {
            block.parsed.value.as_ref().map_or_else(Vec::new, |value| serverless::documents(value, template))
        }
        Flavour::Workflow => block
            .parsed
            .value
            .as_ref()
            .map_or_else(Vec::new, |value| cloudformation::search(value, template.budget)),
        Flavour::Stream => block.parsed.value.as_ref().map_or_else(Vec::new, |value| {
            let found = kubernetes::documents(value, template.budget);
            if !found.is_empty() {
                return found;
            }
            let mut found = crossplane::documents(value);
            found.extend(hcl_text::documents(value));
            found.extend(cloudformation::search(value, template.budget));
            found.sort_by_key(|document| document.span.start);
            found
        }),
        Flavour::Other => Vec::new(),
    };
    found.iter_mut().for_each(|document| document.is_partial |= block.parsed.error.is_some());
    found
}
