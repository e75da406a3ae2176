//! A file in the syntax it is written in.

use super::hole::{self, Gap};
use super::json_file::JsonFile;
use super::markdown::fences;
use super::metadata::Metadata;
use super::pieces::nearby;
use super::resource::{self, Resources};
use super::terraform::{Module, TerraformFile};
use super::value::Object;
use super::write::Models;
use super::yaml_file::YamlFile;
use super::{Document, DocumentKind, Edit, HostError, ModuleLinks, agent_config, json, spelling};
use crate::syntax::{Tree, ValueRef};
use crate::text::{Source, Span, TextEdit};
use std::cell::OnceCell;
use std::sync::Arc;

/// One version of a file, parsed. Cloning is cheap.
#[derive(Debug, Clone)]
pub enum Parsed {
    /// JSON, with or without comments; a template in JSON, too.
    Json(JsonFile),
    Yaml(Arc<YamlFile>),
    Terraform(Arc<TerraformFile>),
    /// The configuration of the ECS container agent.
    AgentConfig(Option<Arc<Document>>),
    /// Blocks of other syntaxes in a text for people.
    Markdown(Arc<MarkdownFile>),
}

/// What lies around a file.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings<'a> {
    /// As the user named it; empty where a text has no file.
    pub path: &'a str,
    /// What the other files of its folder make up.
    pub module: &'a Module,
}

/// Whether a text of another kind, a program say, most likely holds policies or task definitions.
pub fn holds_policies(text: &str) -> bool {
    let has = |what: &str| memchr::memmem::find(text.as_bytes(), what.as_bytes()).is_some();
    has("Statement") && has("Effect") && has("Action")
        || has("PolicyStatement(")
        || has("containerDefinitions")
}

/// Fenced blocks of Markdown: each is a file of its own, in the syntax that its fence names.
#[derive(Debug)]
pub struct MarkdownFile {
    blocks: Vec<Block>,
}

/// What stands between two fences, as whoever shows it sees it.
#[derive(Debug, Clone, Copy)]
pub struct FencedBlock<'a> {
    /// Where its text starts in the file.
    pub start: u32,
    pub text: &'a str,
    /// The name of a file of its syntax.
    pub path: &'static str,
    pub parsed: &'a Parsed,
    /// With places in the block.
    pub documents: &'a [Document],
}

/// What stands between two fences.
#[derive(Debug, Clone)]
struct Block {
    start: u32,
    text: Arc<str>,
    /// The name of a file of that syntax.
    path: &'static str,
    parsed: Parsed,
    documents: Arc<[Document]>,
}

/// The syntax of a file, told by its name and its first character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Syntax {
    Json,
    Yaml,
    Terraform,
    AgentConfig,
    Markdown,
}

/// What template engines add to the name of what they make: `policy.json.tftpl`.
pub const OF_TEMPLATES: [&str; 8] = [".tpl", ".tftpl", ".tmpl", ".tmplt", ".j2", ".jinja2", ".jinja", ".erb"];

/// How the names of files end that may hold documents of ours, by themselves or before what a template
/// engine adds.
pub const EXTENSIONS: [&str; 12] = [
    "json",
    "jsonc",
    "jsonnet",
    "libsonnet",
    "yaml",
    "yml",
    "template",
    "cfn",
    "tf",
    "tofu",
    "tfvars",
    "hcl",
];

/// Whether a file's name says that it may hold documents of ours.
pub fn is_ours_by_name(path: &str) -> bool {
    match extension(path).as_deref() {
        // Other programs have such files, too.
        Some("config") => {
            path.rsplit(['/', '\\']).next().is_some_and(|it| it.to_ascii_lowercase().contains("ecs"))
        }
        Some(extension) => syntax_of(extension).is_some_and(|syntax| syntax != Syntax::Markdown),
        None => false,
    }
}

/// Whether a file's name says that it is Markdown: what is shown there is no part of a project.
pub fn is_markdown_by_name(path: &str) -> bool {
    extension(path).and_then(|extension| syntax_of(&extension)) == Some(Syntax::Markdown)
}

/// What a file's extension is taken for that says nothing of what a template engine makes: JSON, where it looks so.
const OF_A_TEMPLATE: &str = "template engine";

/// Of a file's name, in lower case; that of a template engine is left out.
fn extension(path: &str) -> Option<String> {
    let name = path.rsplit(['/', '\\']).next()?.to_ascii_lowercase();
    // Other programs have such files, too.
    if name.ends_with(".hcl") && name != "terragrunt.hcl" {
        return None;
    }
    let Some(made) = OF_TEMPLATES.iter().find_map(|suffix| name.strip_suffix(suffix)) else {
        return name.rsplit_once('.').map(|(_, extension)| extension.to_string());
    };
    let extension = made.rsplit_once('.').map(|(_, extension)| extension.to_string());
    let is_known = extension.as_deref().is_some_and(|it| syntax_of(it).is_some());
    if is_known { extension } else { Some(OF_A_TEMPLATE.to_string()) }
}

/// Whether the text of a file that may be JSON is none: a template engine's own, or a program in Jsonnet.
fn is_other_language(path: &str, tree: &Tree, start: &str) -> bool {
    match extension(path).as_deref() {
        Some("jsonnet" | "libsonnet") => !tree.is_strict_json(),
        Some(OF_A_TEMPLATE) => {
            !start.starts_with(['{', '[']) || start.starts_with("{{") || start.starts_with("{%")
        }
        _ => false,
    }
}

fn syntax_of(extension: &str) -> Option<Syntax> {
    match extension {
        "json" | "jsonc" | "jsonnet" | "libsonnet" | OF_A_TEMPLATE => Some(Syntax::Json),
        "yaml" | "yml" | "template" | "cfn" => Some(Syntax::Yaml),
        "tf" | "tofu" | "tfvars" | "hcl" => Some(Syntax::Terraform),
        "config" => Some(Syntax::AgentConfig),
        "md" | "markdown" | "mdx" => Some(Syntax::Markdown),
        _ => None,
    }
}

fn syntax(path: &str, first: Option<u8>) -> Syntax {
    match extension(path).and_then(|extension| syntax_of(&extension)) {
        // YAML takes JSON for YAML, so templates in JSON have such names as well.
        Some(Syntax::Yaml) if first == Some(b'{') => Syntax::Json,
        Some(syntax) => syntax,
        None => Syntax::Json,
    }
}

/// The first character that is not white space, where one byte tells.
fn first(text: &str) -> Option<u8> {
    text.trim_start_matches('\u{feff}').trim_start().bytes().next()
}

impl Parsed {
    /// The path tells the syntax, as far as the text does not.
    pub fn parse(text: &str, around: Surroundings<'_>) -> Parsed {
        Parsed::again(text, around, None)
    }

    /// Parses a text of which another version is known.
    fn again(text: &str, around: Surroundings<'_>, before: Option<&Parsed>) -> Parsed {
        match (syntax(around.path, first(text)), before) {
            (Syntax::Json, _) => Parsed::Json(JsonFile::parse(text)),
            (Syntax::Yaml, Some(Parsed::Yaml(before))) => {
                Parsed::Yaml(Arc::new(YamlFile::parse(text, Some(before))))
            }
            (Syntax::Yaml, _) => Parsed::Yaml(Arc::new(YamlFile::parse(text, None))),
            (Syntax::Terraform, Some(Parsed::Terraform(before))) => {
                Parsed::Terraform(Arc::new(TerraformFile::parse(text, around.module, Some(before))))
            }
            (Syntax::Terraform, _) => {
                Parsed::Terraform(Arc::new(TerraformFile::parse(text, around.module, None)))
            }
            (Syntax::AgentConfig, _) => Parsed::AgentConfig(agent_config::document(text).map(Arc::new)),
            (Syntax::Markdown, Some(Parsed::Markdown(before))) => {
                Parsed::Markdown(Arc::new(MarkdownFile::parse(text, Some(before))))
            }
            (Syntax::Markdown, _) => Parsed::Markdown(Arc::new(MarkdownFile::parse(text, None))),
        }
    }

    /// The file after `old` bytes were replaced by `inserted` bytes, and how many bytes were read again
    /// to know; `after` is the text then.
    pub fn edited(
        &self,
        after: &(impl Source + ?Sized),
        around: Surroundings<'_>,
        old: Span,
        inserted: u32,
    ) -> (Parsed, u32) {
        let head = after.slice(Span::new(0, after.len().min(256)));
        match (self, syntax(around.path, first(&head))) {
            (Parsed::Json(file), Syntax::Json) => {
                let (file, bytes) = file.edited(after, old, inserted);
                (Parsed::Json(file), bytes)
            }
            _ => {
                let text = after.slice(Span::new(0, after.len()));
                (Parsed::again(&text, around, Some(self)), after.len())
            }
        }
    }

    /// The documents in it; none where it is none of ours. See [`json::documents`].
    pub fn documents(
        &self,
        source: &(impl Source + ?Sized),
        path: &str,
        kind: Option<DocumentKind>,
        before: &[Document],
    ) -> Vec<Document> {
        match self {
            Parsed::Json(file) => {
                let head = source.slice(Span::new(0, source.len().min(256)));
                let start = head.trim_start_matches('\u{feff}').trim_start();
                if kind.is_none() && is_other_language(path, file.tree(), start) {
                    return Vec::new();
                }
                file.documents(source, path, kind, before)
            }
            Parsed::Yaml(file) => file.documents(path, kind),
            Parsed::Terraform(file) => file.documents(),
            Parsed::AgentConfig(document) => document.iter().map(|it| Document::clone(it)).collect(),
            Parsed::Markdown(file) => file.documents(kind),
        }
    }

    /// The resources in it, as far as others may ask about them. `documents` are those in it.
    pub fn resources(&self, source: &(impl Source + ?Sized), documents: &[Document]) -> Resources {
        match self {
            Parsed::Json(file) => file.resources(source, documents),
            Parsed::Yaml(file) => {
                let found = file.resources();
                // A manifest may hold service accounts beside the ConfigMap with the roles of a cluster.
                let has_mappings = || documents.iter().any(|it| it.kind == DocumentKind::AwsAuth);
                if found.is_empty() || !has_mappings() {
                    return if found.is_empty() { resource::of_documents(documents) } else { found.into() };
                }
                let of_documents = resource::of_documents(documents);
                found.into_iter().chain(of_documents.iter().cloned()).collect::<Vec<_>>().into()
            }
            Parsed::Terraform(file) => file.resources().into(),
            Parsed::AgentConfig(_) | Parsed::Markdown(_) => Resources::default(),
        }
    }

    /// The tree, where the file is JSON.
    pub fn tree(&self) -> Option<&Tree> {
        match self {
            Parsed::Json(file) => Some(file.tree()),
            Parsed::Yaml(_) | Parsed::Terraform(_) | Parsed::AgentConfig(_) | Parsed::Markdown(_) => None,
        }
    }

    /// Whether it is a plan or a state of Terraform: nothing of it is printed, and nobody edits it.
    pub fn is_plan(&self, source: &(impl Source + ?Sized)) -> bool {
        matches!(self, Parsed::Json(file) if file.is_plan(source))
    }

    /// What the metadata of a template says under a name, in the order of the text.
    pub fn metadata(&self, name: &str, source: &(impl Source + ?Sized)) -> Vec<Metadata> {
        if matches!(self, Parsed::Terraform(_) | Parsed::AgentConfig(_) | Parsed::Markdown(_)) {
            return Vec::new();
        }
        let text = source.slice(Span::new(0, source.len()));
        let is_there = |word: &str| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
        if !is_there("Metadata") || !is_there(name) {
            return Vec::new();
        }
        let mut found = match self {
            Parsed::Json(file) => file.metadata(name, source),
            Parsed::Yaml(file) => file.metadata(name),
            Parsed::Terraform(_) | Parsed::AgentConfig(_) | Parsed::Markdown(_) => Vec::new(),
        };
        found.sort_by_key(|it| it.value.span());
        found
    }

    /// The resource of a CloudFormation template around an offset, as it is written. Places are those of the text.
    pub fn resource_at(&self, offset: u32) -> Option<Object> {
        let (mut object, base) = match self {
            Parsed::Json(file) => file.resource_at(offset)?,
            Parsed::Yaml(file) => file.resource_at(offset)?,
            Parsed::Terraform(_) | Parsed::AgentConfig(_) | Parsed::Markdown(_) => return None,
        };
        object.shift(base);
        Some(object)
    }

    /// The resources of a YAML template and the blocks of a module, in order: a resource from the end of its name, a
    /// block with comments around it.
    pub fn blocks(&self) -> Vec<Span> {
        match self {
            Parsed::Yaml(file) => file.resource_spans(),
            Parsed::Terraform(file) => file.block_spans(),
            Parsed::Json(_) | Parsed::AgentConfig(_) | Parsed::Markdown(_) => Vec::new(),
        }
    }

    /// The outermost value of a JSON file.
    pub fn json_value(&self) -> Option<ValueRef<'_>> {
        self.tree()?.value()
    }

    /// What the parser refuses, in other files than JSON, and what is not read to its end.
    pub fn errors(&self) -> Vec<HostError> {
        match self {
            Parsed::Json(file) => file.errors(),
            Parsed::AgentConfig(_) | Parsed::Markdown(_) => Vec::new(),
            Parsed::Yaml(file) => file.errors(),
            Parsed::Terraform(file) => file.errors(),
        }
    }

    /// Where a file, or a part of it, looks like ours and is not read, and why. What its parser refuses is told by
    /// [`Parsed::errors`].
    pub fn unread(&self, source: &(impl Source + ?Sized), path: &str) -> Option<(u32, &'static str)> {
        match self {
            Parsed::Json(file) => {
                let head = source.slice(Span::new(0, source.len().min(256)));
                let start = head.trim_start_matches('\u{feff}').trim_start();
                let is_other = is_other_language(path, file.tree(), start);
                let reason = match extension(path).as_deref() {
                    Some("jsonnet" | "libsonnet") => "a program in Jsonnet: only plain JSON is read",
                    _ => {
                        "what a template engine makes of it is not known by its name, and it does not begin as JSON"
                    }
                };
                let holds = || holds_policies(&source.slice(Span::new(0, source.len())));
                (is_other && holds()).then_some((0, reason))
            }
            Parsed::Markdown(file) => Some((file.unread()?, "this block could not be read")),
            Parsed::Yaml(_) | Parsed::Terraform(_) | Parsed::AgentConfig(_) => None,
        }
    }

    /// The block of Markdown around an offset: a file of its own in a text for people.
    pub fn block_at(&self, offset: u32) -> Option<FencedBlock<'_>> {
        let Parsed::Markdown(file) = self else { return None };
        let is_around =
            |block: &&Block| block.start <= offset && offset <= block.start + block.text.len() as u32;
        let block = file.blocks.iter().find(is_around)?;
        Some(FencedBlock {
            start: block.start,
            text: &block.text,
            path: block.path,
            parsed: &block.parsed,
            documents: &block.documents,
        })
    }

    /// What is being written at an offset of a file that is no JSON; `None` where nothing can be, and where
    /// the file holds nothing of ours.
    pub fn hole(&self, source: &(impl Source + ?Sized), offset: u32) -> Option<Gap> {
        let piece = match self {
            Parsed::Yaml(file) => file.piece_at(offset)?,
            Parsed::Terraform(file) => file.piece_at(offset)?,
            Parsed::Json(_) | Parsed::AgentConfig(_) | Parsed::Markdown(_) => return None,
        };
        let text = source.slice(piece);
        let at = offset.checked_sub(piece.start)? as usize;
        text.is_char_boundary(at).then_some(())?;
        let hole = match self {
            Parsed::Yaml(_) => hole::in_yaml(&text, at)?,
            _ => hole::in_hcl(&text, at)?,
        };
        Some(hole.shifted(piece.start))
    }

    /// The documents of the piece around a hole with [`hole::PROBE`] in it, in the ways to go on behind it.
    pub fn documents_with<'h>(
        &'h self,
        hole: &'h Gap,
        path: &'h str,
    ) -> impl Iterator<Item = Vec<Document>> + 'h {
        hole.pieces().iter().map(move |text| match self {
            Parsed::Yaml(file) => YamlFile::documents_with(file, hole.replace.start, text, path),
            Parsed::Terraform(file) => TerraformFile::documents_with(file, hole.replace.start, text),
            Parsed::Json(_) | Parsed::AgentConfig(_) | Parsed::Markdown(_) => Vec::new(),
        })
    }

    /// The resources and parameters that references may name, each with its type; a parameter's is empty.
    pub fn names(&self) -> Vec<(Box<str>, Box<str>)> {
        match self {
            Parsed::Json(file) => file.names(),
            Parsed::Yaml(file) => file.names(),
            Parsed::Terraform(file) => file.names(),
            Parsed::AgentConfig(_) | Parsed::Markdown(_) => Vec::new(),
        }
    }

    /// What a module hands to others and gets from them, and which resources of a module or template name roles.
    pub fn module_links(&self) -> ModuleLinks {
        let consumers = match self {
            Parsed::Terraform(file) => return file.links(),
            Parsed::Json(file) => file.role_consumers(),
            Parsed::Yaml(file) => file.role_consumers(),
            Parsed::AgentConfig(_) | Parsed::Markdown(_) => Vec::new(),
        };
        ModuleLinks { consumers, ..ModuleLinks::default() }
    }

    /// What a file of a module adds to it, where that is known already.
    pub fn module_part(&self) -> Option<Module> {
        match self {
            Parsed::Terraform(file) => file.module_part(),
            Parsed::Json(_) | Parsed::Yaml(_) | Parsed::AgentConfig(_) | Parsed::Markdown(_) => None,
        }
    }

    /// What writes edits into a file with that text and those documents, one after another.
    pub fn writer<'a>(&'a self, text: &'a str, documents: &'a [Document]) -> Writer<'a> {
        let json = match self {
            Parsed::Json(file) => Some(json::JsonWriter::new(file.tree(), text)),
            _ => None,
        };
        let blocks = match self {
            Parsed::Markdown(file) => file.blocks.iter().map(|_| OnceCell::new()).collect(),
            _ => Vec::new(),
        };
        let models = Models::new(documents);
        Writer { parsed: self, text, models, json, is_plan: self.is_plan(text), blocks }
    }

    /// The text edits that make `edits` in a file with those documents: see [`Writer::text_edits`].
    pub fn text_edits(&self, text: &str, documents: &[Document], edits: &[Edit]) -> Option<Vec<TextEdit>> {
        self.writer(text, documents).text_edits(edits)
    }
}

/// Writes edits into one version of one text; what it looks up for one of them it keeps for the next.
pub struct Writer<'a> {
    parsed: &'a Parsed,
    text: &'a str,
    models: Models<'a>,
    json: Option<json::JsonWriter<'a>>,
    is_plan: bool,
    /// Of Markdown: the writer of each block.
    blocks: Vec<OnceCell<Writer<'a>>>,
}

impl<'a> Writer<'a> {
    /// The text edits that make `edits`; all or none. `None` where a place cannot be edited: inside something
    /// unclosed, or in what another place decides.
    pub fn text_edits(&self, edits: &[Edit]) -> Option<Vec<TextEdit>> {
        if self.is_plan {
            return None;
        }
        if let Parsed::Markdown(file) = self.parsed {
            return self.text_edits_in_blocks(&file.blocks, edits);
        }
        let edits = edits.iter().map(|edit| self.placed(edit)).collect::<Option<Vec<Edit>>>()?;
        let edits = &spelling::spelt_edits(&self.models, &edits)?;
        let is_module = matches!(self.parsed, Parsed::Terraform(_));
        if !is_module && edits.iter().filter_map(Edit::new_value).any(super::edit::refers) {
            return None;
        }
        match self.parsed {
            Parsed::Json(_) => self.json.as_ref()?.text_edits(edits),
            Parsed::Yaml(file) => file.text_edits(self.text, &self.models, edits),
            Parsed::Terraform(file) => file.text_edits(self.text, &self.models, edits),
            Parsed::AgentConfig(_) => agent_config::text_edits(self.text, &self.models, edits),
            Parsed::Markdown(_) => None,
        }
    }

    /// The edit with the list that a statement goes into; `None` where no policy is around it.
    fn placed(&self, edit: &Edit) -> Option<Edit> {
        let Edit::InsertStatement { within, value } = edit else { return Some(edit.clone()) };
        let document = self.models.around(*within).map(|it| it.document).filter(|it| it.kind.is_policy())?;
        Some(Edit::InsertItem { array: document.units_span?, value: value.clone() })
    }

    /// Each edit is written by the block that it stands in.
    fn text_edits_in_blocks(&self, blocks: &'a [Block], edits: &[Edit]) -> Option<Vec<TextEdit>> {
        let mut written = Vec::new();
        let mut count = 0;
        for (block, writer) in blocks.iter().zip(&self.blocks) {
            let end = block.start + block.text.len() as u32;
            let is_inside = |edit: &&Edit| block.start <= edit.span().start && edit.span().end <= end;
            let mut own: Vec<Edit> = edits.iter().filter(is_inside).cloned().collect();
            if own.is_empty() {
                continue;
            }
            count += own.len();
            let back = |span: Span| Span::new(span.start - block.start, span.end - block.start);
            own.iter_mut().for_each(|edit| edit.map_span(back));
            let writer = writer.get_or_init(|| block.parsed.writer(&block.text, &block.documents));
            let found = writer.text_edits(&own)?;
            written.extend(found.into_iter().map(|it| TextEdit { span: it.span.shifted(block.start), ..it }));
        }
        (count == edits.len()).then_some(written)
    }
}

impl MarkdownFile {
    /// Parses a text. Blocks that an earlier version has, too, are taken over from it.
    pub fn parse(text: &str, before: Option<&MarkdownFile>) -> MarkdownFile {
        let known = before.map_or(&[][..], |before| &before.blocks);
        let module = Module::default();
        let mut blocks: Vec<Block> = Vec::new();
        for (path, span) in fences(text) {
            let inside = &text[span.as_usize()];
            let is_it = |block: &Block| block.path == path && *block.text == *inside;
            let block = match nearby(known, blocks.len(), is_it) {
                Some(known) => Block { start: span.start, ..known.clone() },
                None => Block::parse(path, span.start, inside, &module),
            };
            blocks.push(block);
        }
        MarkdownFile { blocks }
    }

    /// The documents of all blocks, in the order of the text.
    pub fn documents(&self, kind: Option<DocumentKind>) -> Vec<Document> {
        let of_block = |block: &Block| match kind {
            None => Document::all_shifted(&block.documents, block.start),
            Some(_) => Document::all_shifted(&block.documents_of(kind), block.start),
        };
        self.blocks.iter().flat_map(of_block).collect()
    }

    /// Where the first block stands that looks like ours and holds no document, since it is broken.
    pub fn unread(&self) -> Option<u32> {
        let is_unread =
            |block: &&Block| block.documents.is_empty() && holds_policies(&block.text) && block.is_broken();
        self.blocks.iter().find(is_unread).map(|block| block.start)
    }

    /// The blocks: where each starts, its text, what it is parsed to and its documents.
    pub(super) fn blocks(&self) -> impl Iterator<Item = (u32, &str, &Parsed, &[Document])> {
        self.blocks.iter().map(|block| (block.start, &*block.text, &block.parsed, &*block.documents))
    }
}

impl Block {
    fn parse(path: &'static str, start: u32, text: &str, module: &Module) -> Block {
        let parsed = Parsed::parse(text, Surroundings { path, module });
        let block = Block { start, text: text.into(), path, parsed, documents: Arc::default() };
        let mut documents = block.documents_of(None);
        documents.iter_mut().for_each(|document| document.is_kept = true);
        Block { documents: documents.into(), ..block }
    }

    /// What a page shows may be a part of a file only: what keeps it from being one is left to the reader.
    fn documents_of(&self, kind: Option<DocumentKind>) -> Vec<Document> {
        let mut found = self.parsed.documents(&*self.text, self.path, kind, &[]);
        let is_broken = self.is_broken();
        found.iter_mut().for_each(|document| document.is_partial |= is_broken);
        found
    }

    fn is_broken(&self) -> bool {
        !self.parsed.errors().is_empty() || self.parsed.tree().is_some_and(|tree| !tree.is_strict_json())
    }
}
