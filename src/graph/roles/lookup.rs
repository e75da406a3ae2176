//! Where references lead to: resources, what modules and stacks hand on, and names.

use super::instances::{call_of, folder_of, scope_of_call};
use super::marks::unique;
use crate::catalog::{self, ResourceKind};
use crate::graph::FileSummary;
use crate::graph::index::Key;
use crate::graph::paths;
use crate::graph::resolve::View;
use crate::graph::summary::is_same_plain;
use crate::host::MADE;
use crate::host::resource::{Content, Node, Resource, TextPart};
use std::sync::Arc;

/// A resource in its file.
#[derive(Debug, Clone, Copy)]
pub struct Located<'a> {
    pub file: &'a Arc<FileSummary>,
    pub resource: &'a Resource,
}

/// Calls within calls are followed that deep for each caller by itself.
const DEEPEST_CALL: usize = 4;

/// What a reference leads to.
pub enum Led<'a> {
    /// A resource, and which attribute of it.
    Resource(Located<'a>, &'a str),
    /// What is handed on under that name.
    Content(&'a Arc<FileSummary>, &'a Content),
    /// A part of an ARN: an account, a Region.
    Part,
    /// A name without slashes.
    Name,
    /// What the configuration states.
    Known(&'a str),
    Any,
}

/// A project as one file sees it.
pub struct Project<'a> {
    pub view: &'a View<'a>,
}

impl<'a> Located<'a> {
    pub fn kind(&self) -> Option<&'static ResourceKind> {
        catalog::resource_kind(&self.resource.resource_type)
    }

    pub fn kind_name(&self) -> &'static str {
        self.kind().map_or("", |kind| kind.name)
    }

    pub fn is(&self, other: &Located<'_>) -> bool {
        let is_of_one_call = || {
            let (own, theirs) = (&*self.file.scope, &*other.file.scope);
            own == theirs || call_of(own).is_none() || call_of(theirs).is_none()
        };
        self.file.path == other.file.path
            && self.resource.address == other.resource.address
            && is_of_one_call()
    }

    pub fn is_data(&self) -> bool {
        self.resource.address.starts_with("data.")
    }

    /// Whether it stands in a template of CloudFormation.
    fn is_cloudformation(&self) -> bool {
        self.resource.resource_type.contains("::")
    }

    pub fn get(&self, name: &str) -> Option<&'a Content> {
        self.resource.body.get(name)
    }

    pub fn name_item(&self) -> Option<&'a Content> {
        self.kind()?.names.iter().find_map(|name| self.get(name))
    }

    /// Its name, where it is known.
    pub fn name(&self) -> Option<&'a str> {
        self.name_item()?.text().filter(|name| !name.is_empty())
    }

    pub fn name_is_open(&self) -> bool {
        self.name().is_none()
    }

    /// As a person calls it.
    pub fn title(&self) -> &'a str {
        self.name().unwrap_or(&self.resource.address)
    }

    /// A letter for the name that AWS makes up.
    pub fn unique(&self) -> char {
        unique(&format!("{}#{}", self.file.scope, self.resource.address))
    }

    /// The form of what an attribute yields; an empty one is that of `Ref`.
    pub fn form(&self, attribute: &str) -> Option<&'static str> {
        let kind = self.kind()?;
        let name = if attribute.is_empty() { kind.by_ref } else { self.form_name(kind, attribute)? };
        if name == "name" {
            return Some("${Name}");
        }
        kind.forms.iter().find(|(form, _)| *form == name).map(|(_, form)| *form)
    }

    fn form_name(&self, kind: &'static ResourceKind, attribute: &str) -> Option<&'static str> {
        let alike = |name: &str| is_same_plain(name, attribute);
        let own = kind.in_cloudformation.iter().filter(|_| self.is_cloudformation());
        own.chain(kind.attributes).find(|(name, _)| alike(name)).map(|(_, form)| *form)
    }

    /// The argument that an attribute is the value of.
    pub fn followed(&self, attribute: &str) -> Option<&'a Content> {
        let follow = self.kind()?.follow.iter().find(|(name, _)| is_same_plain(name, attribute));
        self.get(follow.map_or(attribute, |(_, argument)| argument))
    }
}

impl<'a> Project<'a> {
    /// All resources of a kind.
    pub fn of_kind(&self, kind: &'static str) -> impl Iterator<Item = Located<'a>> {
        self.view.find(&Key::Kind(kind)).flat_map(move |file| {
            let resources = file.resources.iter().map(move |resource| Located { file, resource });
            resources.filter(move |at| at.kind_name() == kind)
        })
    }

    /// The files that are a policy by themselves.
    pub fn policy_files(&self) -> impl Iterator<Item = &'a Arc<FileSummary>> {
        self.view.find(&Key::PolicyFile)
    }

    /// The resource of that address in a scope, where there is one.
    pub fn resource(&self, scope: &str, address: &str) -> Option<Located<'a>> {
        let key = Key::Resource(folder_of(scope).into(), address.into());
        let mut found = self.view.find(&key).flat_map(|file| {
            let file = self.view.instance(file, scope);
            let resources = file.resources.iter().filter(|resource| *resource.address == *address);
            resources.map(move |resource| Located { file, resource })
        });
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }

    /// Where a path of a reference leads.
    pub fn led(&self, file: &'a Arc<FileSummary>, path: &'a str) -> Led<'a> {
        if *file.scope != *file.path {
            return self.led_in_module(file, path).unwrap_or(Led::Any);
        }
        if path.starts_with("AWS::") {
            let stated = match path {
                "AWS::AccountId" => self.view.stated().account(),
                "AWS::Region" => self.view.stated().region(),
                _ => None,
            };
            return stated.map_or(Led::Part, Led::Known);
        }
        let (name, attribute) = path.split_once('.').unwrap_or((path, ""));
        match self.resource(&file.scope, name) {
            Some(at) if at.kind_name() == "stack" => self.output_of_stack(at, attribute).unwrap_or(Led::Any),
            Some(at) => Led::Resource(at, attribute),
            None => self
                .argument(&file.scope, name)
                .unwrap_or_else(|| self.default(&file.scope, "parameter", name)),
        }
    }

    /// What a parameter or variable is that nobody gives a value: a name where its default is one.
    fn default(&self, scope: &str, prefix: &str, name: &str) -> Led<'a> {
        let declared = self.resource(scope, &format!("{prefix}.{name}"));
        let values = ["Default", "AllowedValues"].into_iter().find_map(|field| declared?.get(field));
        let is_name = values.is_some_and(|values| {
            let mut texts = values.items().iter().map(Content::text).peekable();
            texts.peek().is_some()
                && texts
                    .all(|text| text.is_some_and(|text| !text.is_empty() && !text.contains(['/', ':', '*'])))
        });
        if is_name { Led::Name } else { Led::Any }
    }

    fn led_in_module(&self, file: &'a Arc<FileSummary>, path: &'a str) -> Option<Led<'a>> {
        let (first, rest) = path.split_once('.')?;
        match first {
            "var" => {
                let name = rest.split('.').next()?;
                Some(
                    self.argument(&file.scope, name)
                        .unwrap_or_else(|| self.default(&file.scope, "var", name)),
                )
            }
            "local" => {
                let name = rest.split('.').next()?;
                let at = self.resource(&file.scope, &format!("local.{name}"))?;
                member(at.file, at.get("value")?, &rest[name.len()..])
            }
            "module" => {
                let (call, output) = rest.split_once('.')?;
                let output = output.split('.').next()?;
                if let Some(made) = self.resource(&file.scope, &format!("module.{call}{MADE}")) {
                    return self.yield_of_module(file, call, made, output);
                }
                let call = self.resource(&file.scope, &format!("module.{call}"))?;
                let source = call.get("source")?.text()?;
                let scope = self.called(call, source);
                let at = self.resource(&scope, &format!("output.{output}"))?;
                Some(Led::Content(at.file, at.get("value")?))
            }
            "file" => self.content_of_file(&paths::joined(folder_of(&file.scope), rest)),
            "data" => {
                let mut parts = rest.splitn(3, '.');
                let (kind, name) = (parts.next()?, parts.next()?);
                let attribute = parts.next().unwrap_or("");
                if catalog::resource_kind(kind).is_none() {
                    let is_part =
                        kind.ends_with("identity") || kind.ends_with("region") || kind.ends_with("partition");
                    let stated = match attribute {
                        "account_id" => self.view.stated().account(),
                        "name" | "region" | "id" if kind.ends_with("region") => self.view.stated().region(),
                        _ => None,
                    };
                    return is_part.then(|| stated.map_or(Led::Part, Led::Known));
                }
                let at = self.resource(&file.scope, &path[..5 + kind.len() + 1 + name.len()])?;
                Some(Led::Resource(at, attribute))
            }
            _ => {
                let (name, attribute) = rest.split_once('.').unwrap_or((rest, ""));
                let at = self.resource(&file.scope, &path[..first.len() + 1 + name.len()])?;
                Some(Led::Resource(at, attribute))
            }
        }
    }

    /// What an output of a public module is of the role or policy that it makes.
    fn yield_of_module(
        &self,
        file: &'a Arc<FileSummary>,
        call: &str,
        made: Located<'a>,
        output: &str,
    ) -> Option<Led<'a>> {
        let call = self.resource(&file.scope, &format!("module.{call}"))?;
        let product = catalog::module_product(call.get("source")?.text()?)?;
        let (_, attribute) = product.outputs.iter().find(|(name, _)| *name == output)?;
        Some(Led::Resource(made, attribute))
    }

    /// The scope of the module that a call leads to: of this call alone, where there are several.
    fn called(&self, call: Located<'a>, source: &str) -> String {
        let folder = paths::joined(folder_of(&call.file.scope), source);
        let mut calls = self.view.find(&Key::Calls(folder.as_str().into())).flat_map(|file| {
            let scope = &file.scope;
            let is_it = |it: &&Resource| called_scope(scope, it).as_deref() == Some(&*folder);
            file.resources.iter().filter(is_it)
        });
        let is_only = calls.next().is_some() && calls.next().is_none();
        let is_deep = call.file.scope.matches('#').count() >= DEEPEST_CALL;
        if is_deep || is_only && call_of(&call.file.scope).is_none() {
            return folder;
        }
        scope_of_call(&folder, &call.file.scope, &call.resource.address)
    }

    /// The policy, or the containers, that a file of the project holds by itself.
    fn content_of_file(&self, path: &str) -> Option<Led<'a>> {
        let mut found = self.view.find(&Key::Scope(path.into())).flat_map(|file| {
            let is_document = |it: &&Resource| {
                matches!(&*it.resource_type, "policy" | "trust" | "boundary" | "container-definitions")
            };
            file.resources.iter().filter(is_document).map(move |resource| Located { file, resource })
        });
        let only = found.next().filter(|it| found.next().is_none() && !it.resource.is_partial)?;
        let content = match &*only.resource.resource_type {
            "container-definitions" => only.get("containerDefinitions")?,
            _ => &only.resource.body,
        };
        Some(Led::Content(only.file, content))
    }

    /// What the callers of a module, or the one template that nests another, give for a name, where that is one thing.
    fn argument(&self, scope: &str, name: &str) -> Option<Led<'a>> {
        if let Some((caller, address)) = call_of(scope) {
            let call = self.resource(caller, address)?;
            return match call.resource.body.get(name) {
                Some(item) => Some(Led::Content(call.file, item)),
                None => self.default_of_module(scope, name),
            };
        }
        let mut given = Vec::new();
        let mut callers = 0;
        for file in self.view.find(&Key::Calls(scope.into())) {
            for resource in &file.resources {
                if called_scope(&file.scope, resource).as_deref() == Some(scope) {
                    callers += 1;
                    let arguments = match &*resource.resource_type {
                        "module" => Some(&resource.body),
                        _ => resource.body.get("Parameters"),
                    };
                    given.extend(arguments.and_then(|it| it.get(name)).map(|item| (file, item)));
                }
            }
        }
        let Some(((file, item), others)) = given.split_first() else {
            return (callers > 0).then(|| self.default_of_module(scope, name)).flatten();
        };
        // Several callers may mean the same resource, as the environments of one service do.
        let is_same = || {
            let first = self.target(file, item)?;
            others
                .iter()
                .all(|(file, item)| self.target(file, item).is_some_and(|other| other.is(&first)))
                .then_some(())
        };
        let is_one = given.len() == callers && (others.is_empty() || is_same().is_some());
        is_one.then_some(Led::Content(file, item))
    }

    /// What a variable of a module is where its callers give nothing for it.
    fn default_of_module(&self, scope: &str, name: &str) -> Option<Led<'a>> {
        let declared = self.resource(scope, &format!("var.{name}"))?;
        Some(Led::Content(declared.file, declared.get("default")?))
    }

    fn output_of_stack(&self, stack: Located<'a>, attribute: &str) -> Option<Led<'a>> {
        let name = attribute.strip_prefix("Outputs.")?;
        let scope = called_scope(&stack.file.scope, stack.resource)?;
        let output = self.resource(&scope, &format!("output.{name}"))?;
        Some(Led::Content(output.file, output.get("Value")?))
    }

    /// What a template exports by a name, where one does.
    pub fn exported(&self, name: &str) -> Option<(&'a Arc<FileSummary>, &'a Content)> {
        let mut found = self.view.find(&Key::Exports(name.into())).flat_map(|file| {
            let outputs = file.resources.iter().filter(|it| export_of(it).as_deref() == Some(name));
            outputs.filter_map(move |output| Some((file, output.body.get("Value")?)))
        });
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }

    /// A value, and what it is where it is one reference to something that is handed on.
    pub fn followed(
        &self,
        file: &'a Arc<FileSummary>,
        item: &'a Content,
    ) -> (&'a Arc<FileSummary>, &'a Content) {
        let (mut file, mut item) = (file, item);
        for _ in 0..8 {
            let next = match &item.node {
                Node::Text(pieces) => match &pieces[..] {
                    [TextPart::Ref(path)] => match self.led(file, path) {
                        Led::Content(file, item) => Some((file, item)),
                        _ => None,
                    },
                    [TextPart::Import(name)] => self.exported(name),
                    _ => None,
                },
                _ => None,
            };
            match next {
                Some(next) => (file, item) = next,
                None => break,
            }
        }
        (file, item)
    }

    /// The resource that a value is a reference to.
    pub fn target(&self, file: &'a Arc<FileSummary>, item: &'a Content) -> Option<Located<'a>> {
        let (file, item) = self.followed(file, item);
        match &item.node {
            Node::Text(pieces) => match &pieces[..] {
                [TextPart::Ref(path)] => match self.led(file, path) {
                    Led::Resource(at, attribute) => {
                        match at.kind()?.follow.iter().find(|it| is_same_plain(it.0, attribute)) {
                            Some((_, argument)) => self.target(at.file, at.get(argument)?),
                            None => Some(at),
                        }
                    }
                    _ => None,
                },
                _ => None,
            },
            Node::List(items) if items.len() == 1 => self.target(file, &items[0]),
            _ => None,
        }
    }
}

/// A member of a value by the rest of a path: `.name`; the value itself where there is none.
fn member<'a>(file: &'a Arc<FileSummary>, item: &'a Content, path: &str) -> Option<Led<'a>> {
    let mut item = item;
    for name in path.split('.').filter(|name| !name.is_empty()) {
        item = item.get(name)?;
    }
    Some(Led::Content(file, item))
}

/// The scope that a module's call, a nested stack or the call of a workflow leads to.
pub(super) fn called_scope(scope: &str, resource: &Resource) -> Option<String> {
    match &*resource.resource_type {
        // A workflow of the same repository.
        "github-call" => {
            let path = resource.body.get("uses")?.text()?.strip_prefix("./")?;
            Some(paths::joined(paths::repository_of_workflow(scope)?, path))
        }
        "module" => {
            let source = resource.body.get("source")?.text()?;
            source.starts_with('.').then(|| paths::joined(scope, source))
        }
        _ if catalog::resource_kind(&resource.resource_type).is_some_and(|kind| kind.name == "stack") => {
            let url = resource.body.get("TemplateURL").or_else(|| resource.body.get("Location"))?.text()?;
            (!url.contains("://")).then(|| paths::joined(paths::folder(scope), url))
        }
        _ => None,
    }
}

/// The scopes that a file's modules and stacks lead to.
pub(in crate::graph) fn calls_of(summary: &FileSummary) -> impl Iterator<Item = String> {
    summary.resources.iter().filter_map(|resource| called_scope(&summary.scope, resource))
}

/// The name by which an output is exported, as it is written.
pub(in crate::graph) fn export_of(resource: &Resource) -> Option<String> {
    if &*resource.resource_type != "output" {
        return None;
    }
    let Node::Text(pieces) = &resource.body.get("Export")?.get("Name")?.node else { return None };
    let mut written = String::new();
    for piece in pieces {
        match piece {
            TextPart::Known(text) => written.push_str(text),
            TextPart::Ref(path) => {
                written.push_str("${");
                written.push_str(path);
                written.push('}');
            }
            TextPart::Import(_) | TextPart::Open => return None,
        }
    }
    Some(written)
}

/// The names of the roles that a file declares; `None` for one that is put together.
pub(in crate::graph) fn role_names(summary: &FileSummary) -> impl Iterator<Item = Option<&str>> {
    let roles = summary.resources.iter().filter(|it| !it.address.starts_with("data."));
    roles.filter_map(|role| {
        let kind = catalog::resource_kind(&role.resource_type).filter(|kind| kind.name == "role")?;
        let name = kind.names.iter().find_map(|name| role.body.get(name))?;
        Some(name.text())
    })
}

/// The name of the managed policy that a resource is, where that is known.
pub(in crate::graph) fn policy_name(resource: &Resource) -> Option<&str> {
    let kind =
        catalog::resource_kind(&resource.resource_type).filter(|kind| kind.name == "managed-policy")?;
    let is_data = resource.address.starts_with("data.");
    let name = kind.names.iter().find_map(|name| resource.body.get(name))?;
    name.text().filter(|name| !is_data && !name.is_empty())
}

/// What a resource that adds policies to roles is known by: the roles that it names.
pub(in crate::graph) fn attached_roles(resource: &Resource) -> Vec<&Content> {
    attached_to(resource, &["role-policy", "attachment", "managed-policy"], ["Roles", "role", "RoleName"])
}

/// The same of users.
pub(super) fn attached_users(resource: &Resource) -> Vec<&Content> {
    let kinds = ["user-policy", "role-policy", "attachment", "managed-policy"];
    attached_to(resource, &kinds, ["Users", "user", "UserName"])
}

fn attached_to<'r>(resource: &'r Resource, kinds: &[&str], fields: [&str; 3]) -> Vec<&'r Content> {
    let Some(kind) = catalog::resource_kind(&resource.resource_type) else { return Vec::new() };
    if !kinds.contains(&kind.name) {
        return Vec::new();
    }
    let lists = fields.map(|name| resource.body.get(name));
    lists.into_iter().flatten().flat_map(Content::items).collect()
}
