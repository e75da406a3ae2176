//! Files that are JSON: one document, or a CloudFormation template.

use super::budget::Budget;
use super::cloudformation::{self, Environment, Made, Template};
use super::metadata::Metadata;
use super::pieces::{Piece, Pieces, Reader};
use super::plan;
use super::search::Search;
use super::terraform::Statements;
use super::value::{Object, Value};
use super::{Assumed, Document, DocumentKind, HostError, Naming, RoleConsumer, json, resource};
use crate::syntax::{Green, Kind, MemberRef, Tree, ValueRef, decode};
use crate::text::{Source, Span};
use std::sync::Arc;

/// One version of a file. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct JsonFile {
    tree: Tree,
    /// The resources, where it is a template.
    template: Option<Arc<Resources>>,
}

/// Longer texts are no inputs of commands.
const LARGEST_INPUT: u32 = 256 * 1024;

type Resources = Pieces<Resource, Option<Object>, Environment>;

/// A resource of a template: the same node under the same name, the same resource.
#[derive(Debug, Clone)]
struct Resource {
    name: Box<str>,
    node: Green,
}

/// A resource as it stands in the tree.
struct Cut<'t> {
    name: String,
    value: ValueRef<'t>,
    node: &'t Green,
}

impl PartialEq<Cut<'_>> for Resource {
    fn eq(&self, cut: &Cut<'_>) -> bool {
        self.node.is_same(cut.node) && *self.name == *cut.name
    }
}

impl From<Cut<'_>> for Resource {
    fn from(cut: Cut<'_>) -> Resource {
        Resource { name: cut.name.into(), node: cut.node.clone() }
    }
}

impl JsonFile {
    pub fn parse(text: &str) -> JsonFile {
        let tree = Tree::parse(text);
        let template = template(&tree, text, None).map(Arc::new);
        JsonFile { tree, template }
    }

    /// The file after `old` bytes were replaced by `inserted` bytes, and how many bytes were read again to
    /// know; `after` is the text then.
    pub fn edited(&self, after: &(impl Source + ?Sized), old: Span, inserted: u32) -> (JsonFile, u32) {
        let (tree, reparse) = self.tree.edited(after, old, inserted);
        let template = template(&tree, after, self.template.as_deref()).map(Arc::new);
        (JsonFile { tree, template }, reparse.bytes)
    }

    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Where a template is not read to its end; what keeps the text from being JSON is in the tree.
    pub fn errors(&self) -> Vec<HostError> {
        self.template.iter().flat_map(|resources| resources.excess("JSON")).collect()
    }

    /// The names that references in a template may have, with types; none in other files.
    pub fn names(&self) -> Vec<(Box<str>, Box<str>)> {
        self.template.as_ref().map_or_else(Vec::new, |template| template.environment().names())
    }

    /// The resource of a template around an offset, and what its places are counted from.
    pub(super) fn resource_at(&self, offset: u32) -> Option<(Object, u32)> {
        let piece = self.template.as_ref()?.at(offset)?;
        let object = piece.parsed.as_ref().as_ref()?;
        object.span.shifted(piece.start).touches(offset).then(|| (object.clone(), piece.start))
    }

    /// What the metadata of a template says under a name.
    pub(super) fn metadata(&self, name: &str, source: &(impl Source + ?Sized)) -> Vec<Metadata> {
        let Some(pieces) = &self.template else { return Vec::new() };
        let of_resource = |piece: &Piece<Resource, Option<Object>>| {
            Metadata::of(piece.parsed.as_ref().as_ref()?, name, piece.start, true)
        };
        let mut found: Vec<Metadata> = pieces.iter().filter_map(of_resource).collect();
        let Some(root) = self.tree.value() else { return found };
        for member in root.members() {
            let own = |it: &ValueRef<'_>| decode(&source.slice(it.span())).text == "Metadata";
            if let (Some(_), Some(value)) = (member.name().filter(own), member.value())
                && let Value::Object(object) = json::raw(value, 0, source)
            {
                let value = object.get(name).cloned();
                found.extend(value.map(|value| Metadata { about: None, value }));
            }
        }
        found
    }

    /// The resources of a template; else the documents, and the inputs of commands that name roles.
    pub fn resources(&self, source: &(impl Source + ?Sized), documents: &[Document]) -> resource::Resources {
        let Some(pieces) = &self.template else {
            let root = self.tree.value().filter(|root| root.span().len() < LARGEST_INPUT);
            // Most are none: the names of their members tell.
            let root = root.filter(|root| match root.kind() {
                Kind::Object => resource::may_be_input(&names(*root, source)),
                Kind::Array => {
                    root.items().next().is_some_and(|it| resource::may_be_input(&names(it, source)))
                }
                _ => false,
            });
            let inputs = root.map(|root| resource::of_input(&json::raw(root, 0, source))).unwrap_or_default();
            return if inputs.is_empty() { resource::of_documents(documents) } else { inputs.into() };
        };
        let mut found = Vec::new();
        for piece in pieces.iter() {
            let Some(object) = &*piece.parsed else { continue };
            let Some(mut resource) = cloudformation::resource(&piece.key.name, object) else { continue };
            resource.body.shift(piece.start);
            resource.is_partial |= piece.key.node.has_problems();
            found.push(resource);
        }
        let all: Vec<Made<'_>> = pieces
            .iter()
            .filter_map(|piece| {
                let object = (*piece.parsed).as_ref()?;
                Some(Made { name: &piece.key.name, object, base: piece.start })
            })
            .collect();
        let Some(root) = self.tree.value() else { return found.into() };
        let globals = root.members().find_map(|member| {
            let name = member.name().filter(|name| name.kind() == Kind::String)?;
            let value = member.value().filter(|_| decode(&source.slice(name.span())).text == "Globals")?;
            Some(json::raw(value, 0, source))
        });
        let globals = globals.as_ref().and_then(Value::as_object);
        found.extend(cloudformation::made(&all, globals, pieces.environment()));
        for member in root.members() {
            let Some(name) = member.name().filter(|name| name.kind() == Kind::String) else { continue };
            let name = decode(&source.slice(name.span())).text;
            if let ("Outputs" | "Parameters", Some(value)) = (&*name, member.value())
                && let Value::Object(object) = json::raw(value, 0, source)
            {
                found.extend(cloudformation::others(&name, &object));
            }
        }
        found.into()
    }

    /// Whether it is a plan or a state of Terraform: values of all kinds stand in clear in it, and nobody edits it.
    pub fn is_plan(&self, source: &(impl Source + ?Sized)) -> bool {
        self.template.is_none()
            && self.tree.value().is_some_and(|root| plan::is_written_by_terraform(root, source))
    }

    /// Which resources of a template name its roles.
    pub fn role_consumers(&self) -> Vec<RoleConsumer> {
        let Some(resources) = self.template.as_deref() else { return Vec::new() };
        let of = |piece: &Piece<Resource, Option<Object>>| {
            let resource = (*piece.parsed).as_ref()?;
            Some(cloudformation::role_consumers(&piece.key.name, resource, resources.environment()))
        };
        resources.iter().filter_map(of).flatten().collect()
    }

    /// See [`json::documents`].
    pub fn documents(
        &self,
        source: &(impl Source + ?Sized),
        path: &str,
        kind: Option<DocumentKind>,
        before: &[Document],
    ) -> Vec<Document> {
        match &self.template {
            Some(resources) => resources.documents(),
            None => {
                let found = json::documents(&self.tree, source, path, kind, before);
                if found.is_empty() && kind.is_none() { self.search(source, path) } else { found }
            }
        }
    }
}

/// The names of an object's members.
fn names(object: ValueRef<'_>, source: &(impl Source + ?Sized)) -> Vec<String> {
    let names = object.members().filter_map(MemberRef::name).filter(|name| name.kind() == Kind::String);
    names.map(|name| decode(&source.slice(name.span())).text).collect()
}

/// Larger files are none that people write.
const LARGEST: u32 = 16 << 20;

impl JsonFile {
    /// Documents anywhere in a file of which nothing is known, such as a module in JSON.
    fn search(&self, source: &(impl Source + ?Sized), path: &str) -> Vec<Document> {
        let size = source.len();
        let Some(root) = self.tree.value().filter(|_| size <= LARGEST) else { return Vec::new() };
        if let Some(plan) = plan::values(root, source) {
            return plan::documents(&json::raw(plan, 0, source));
        }
        let text = source.slice(Span::new(0, size));
        let has = |sign: &str| memchr::memmem::find(text.as_bytes(), sign.as_bytes()).is_some();
        let is_module = [".tf.json", ".tofu.json", ".tfvars.json"].iter().any(|end| path.ends_with(end));
        let is_ours = has("Statement") || has("ontainerDefinitions") || has("container_definitions");
        if !(is_ours || is_module && has("actions")) {
            return Vec::new();
        }
        let value = json::raw(root, 0, source);
        let keep = |value: &Value, _: &mut Vec<Assumed>| value.clone();
        let evaluate = |value: &Value, assumed: &mut Vec<Assumed>| Some(keep(value, assumed));
        let mut found = Search { within: "", evaluate: &evaluate }.find(&value);
        if let Some(root) = value.as_object().filter(|_| is_module) {
            let statements =
                Statements { within: "in a module", naming: Naming::Fields, evaluate: &keep }.find(root);
            found.extend(statements);
        }
        found.iter_mut().for_each(|document| document.is_partial |= !self.tree.is_strict_json());
        found.sort_by_key(|document| document.span.start);
        found
    }
}

/// The resources of a template; `None` where the text is none.
fn template(tree: &Tree, source: &(impl Source + ?Sized), before: Option<&Resources>) -> Option<Resources> {
    let root = tree.value()?;
    let text = |value: ValueRef<'_>| decode(&source.slice(value.span())).text;
    let name = |member: MemberRef<'_>| member.name().filter(|name| name.kind() == Kind::String).map(text);
    let section = |wanted: &str| {
        root.members().find(|member| name(*member).as_deref() == Some(wanted)).and_then(MemberRef::value)
    };
    let resources = section("Resources")?;
    let mut environment = Environment::default();
    if let Some(Value::Object(parameters)) = section("Parameters").map(|value| json::raw(value, 0, source)) {
        environment.add_parameters(&parameters);
    }
    if let Some(Value::Object(outputs)) = section("Outputs").map(|value| json::raw(value, 0, source)) {
        environment.add_outputs(&outputs);
    }
    let mut cuts = Vec::new();
    for member in resources.members() {
        let (Some(name_of), Some(value)) = (name(member), member.value()) else { continue };
        let of_type = value.members().find(|member| name(*member).as_deref() == Some("Type"));
        let of_type = of_type.and_then(MemberRef::value).filter(|value| value.kind() == Kind::String);
        let Some((of_type, node)) = of_type.zip(value.node()) else { continue };
        let resource_type = text(of_type);
        if resource_type.contains("::") {
            environment.add_resource(&name_of, &resource_type, |property| {
                let properties =
                    value.members().find(|it| name(*it).as_deref() == Some("Properties"))?.value()?;
                let found = properties.members().find(|it| name(*it).as_deref() == Some(property))?.value();
                found.filter(|value| value.kind() == Kind::String).map(|value| text(value).into())
            });
            cuts.push((value.span().start, Cut { name: name_of, value, node }));
        }
    }
    if cuts.is_empty() {
        return None;
    }
    let reader = Reader {
        parse: |cut: &Cut<'_>, _: &Budget| match json::raw(cut.value, cut.value.span().start, source) {
            Value::Object(object) => Some(object),
            _ => None,
        },
        environment: |_: &[Piece<Resource, Option<Object>>]| environment,
        documents: of_resource,
    };
    Some(Pieces::of(cuts, reader, before))
}

fn of_resource(
    piece: &Piece<Resource, Option<Object>>,
    environment: &Environment,
    budget: &Budget,
) -> Vec<Document> {
    let Some(object) = &*piece.parsed else { return Vec::new() };
    let Resource { name, node } = &piece.key;
    let template = Template { environment, budget, references: false };
    let mut documents = cloudformation::resource_documents(name, object, template);
    documents.iter_mut().for_each(|document| document.is_partial |= node.has_problems());
    documents
}
