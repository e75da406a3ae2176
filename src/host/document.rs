//! A document found in a file: its kind, why we think so, and its values.

use super::HostError;
use super::edit::Edit;
use super::unit::Unit;
use super::value::{Object, StringValue, Value};
use crate::syntax::Tree;
use crate::text::{Span, TextEdit, listed};
use std::fmt::Debug;
use std::sync::Arc;

/// What a document is to AWS. `--kind` and the configuration name them as [`DocumentKind::name`] does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DocumentKind {
    /// A policy for a user, group or role.
    Identity,
    /// A policy on a bucket, queue, key, …: it says who.
    Resource,
    /// Who may assume a role.
    Trust,
    /// A service control policy.
    Scp,
    /// A resource control policy.
    Rcp,
    /// A permissions boundary.
    Boundary,
    /// A policy passed when a role session starts.
    Session,
    /// An ECS task definition: register input or describe output.
    TaskDefinition,
    /// An array of container definitions.
    ContainerDefinitions,
    /// The input of `create-service`, `update-service` or `run-task`.
    Service,
    /// The data of the ConfigMap `aws-auth`: who of IAM is who in a Kubernetes cluster.
    AwsAuth,
    /// The annotations of a Kubernetes service account.
    ServiceAccount,
    /// The configuration of the ECS container agent.
    AgentConfig,
    /// Which managed policies a resource attaches, and to whom: an object with `managedPolicies`,
    /// `policyTemplates`, `permissionsBoundary`, `users`, `groups` and `roles`.
    Attachments,
}

/// What stands in a string of another syntax, as it was read.
#[derive(Debug)]
pub struct Inside {
    pub text: String,
    pub syntax: InsideSyntax,
}

/// In which syntax that is.
#[derive(Debug)]
pub enum InsideSyntax {
    /// JSON, with what is filled in later made harmless.
    Json(Tree),
    /// Another one, which writes its edits itself.
    Other(Box<dyn WriteInside>),
}

/// What writes edits into the text of a string; places are those of the text.
pub trait WriteInside: Debug + Send + Sync {
    fn text_edits(&self, text: &str, edits: &[Edit]) -> Option<Vec<TextEdit>>;
}

/// One document in a file.
#[derive(Debug, Clone)]
pub struct Document {
    /// How the file spells the names of the model.
    pub naming: Naming,
    /// The resource of a template or module that it belongs to.
    pub owner: Option<Owner>,
    /// Roles and task definitions of the same template or module that its fields refer to.
    pub references: Vec<Reference>,
    /// Where the containers of a task definition are written, if that is elsewhere.
    pub containers_at: Option<ContainersAt>,
    /// What is taken for known, though another value may be given when it is deployed.
    pub assumed: Vec<Assumed>,
    /// Names that are spelt as the API has them where the file's own spelling is asked for.
    pub misspelt: Vec<Misspelt>,
    /// The string that holds the document, where it is JSON or HCL inside of another syntax.
    pub embedded: Option<Arc<StringValue>>,
    /// That string as it was read; places are those of its text.
    pub inside: Option<Arc<Inside>>,
    /// Whether a part of it could not be read: what is absent may be there.
    pub is_partial: bool,
    /// Whether statements, containers or fields of it are made where they cannot be seen: what is absent may be
    /// there. What is written is whole.
    pub is_open: bool,
    /// Whether the same text is a document already, read with other values: what rests on those values alone is told
    /// of this one.
    pub is_variant: bool,
    /// For containers that stand apart from their task definition: its other fields.
    pub around: Option<Arc<Value>>,
    /// Which of the units, by index, are judged where they are written.
    pub elsewhere: Box<[u32]>,
    /// Documents whose statements it takes in.
    pub joined: Box<[Joined]>,
    /// What keeps the string from being JSON.
    pub errors: Vec<HostError>,
    /// Whether its file hands the same document on to its next version where nothing in it has changed.
    pub is_kept: bool,
    /// Shared by the same document in several versions of a file, wherever it stands there.
    pub identity: Arc<Identity>,
    pub kind: DocumentKind,
    /// Why it is taken for that, in words a user can check: "a statement has a `Principal`".
    pub reason: Box<str>,
    /// How a task definition is written down; [`Form::Plain`] for everything else.
    pub form: Form,
    /// The whole document in the file, wrappers excluded.
    pub span: Span,
    /// The document without its units, with spans in the file. [`Value::Apart`] stands for the units.
    pub head: Arc<Value>,
    /// Statements, or container definitions, in order.
    pub units: Vec<Placed>,
    /// Where the units stand: the array, or the one object in its place.
    pub units_span: Option<Span>,
}

/// A document whose statements another one takes in, and what counts of them there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// Where it is named.
    pub span: Span,
    pub name: Box<str>,
    pub sids: Box<[Box<str>]>,
    /// How long its statements are together.
    pub characters: u32,
    /// Whether its statements come in place of those with the same Sid.
    pub replaces: bool,
}

/// Nothing but its address counts.
#[derive(Debug, Default)]
pub struct Identity(());

/// How names of the model are spelt in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Naming {
    /// As AWS takes them: `executionRoleArn`, `Action`.
    #[default]
    Aws,
    /// ECS fields with a capital: `ExecutionRoleArn`.
    CloudFormation,
    /// Arguments of a task definition: `execution_role_arn`; its containers are spelt as AWS does.
    TerraformTask,
    /// Arguments of `aws_iam_policy_document`: `actions`.
    TerraformPolicy,
    /// As AWS takes them, though the file has a field of the resource for each: `SourceArn` of a Lambda
    /// permission is a condition. Only what stands in the fields is written.
    Fields,
}

/// A resource of a template or module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// Its logical id, or its address: `TaskRole`, `aws_iam_role.task`.
    pub name: Box<str>,
    /// `AWS::IAM::Role`, `aws_iam_role`.
    pub resource_type: Box<str>,
    pub kind: OwnerKind,
    /// The name that the role gets, where it is known.
    pub role_name: Option<Box<str>>,
    /// The names by which other templates import what it yields.
    pub exports: Vec<Box<str>>,
    /// What it is in the program that made its file: the path of its construct in the AWS CDK, the address of a
    /// planned resource of Terraform.
    pub origin: Option<Box<str>>,
    /// Whether it stands in a network that keeps strangers out, whatever its policy says.
    pub in_network: bool,
}

/// What the block of a template or module does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnerKind {
    /// It declares a resource.
    Resource,
    /// It looks one up: a `data` source.
    Lookup,
    /// It only holds values: a call of a module, variables, locals.
    Other,
}

/// A field that refers to a role, or to a task definition, which stands elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// As the model names it: `executionRoleArn`.
    pub field: Box<str>,
    pub target: Target,
    /// Where the reference stands, in the file.
    pub span: Span,
}

/// What a reference leads to, as far as the place that it stands in tells.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Target {
    /// A resource of the same template or module, by [`Owner::name`].
    Resource(Box<str>),
    /// A variable of the module: whoever calls the module gives it.
    Variable(Box<str>),
    /// An output of a module that this one calls.
    Output { call: Box<str>, name: Box<str> },
    /// What another template exports by that name.
    Import(Box<str>),
    /// A name or an ARN as it is.
    Literal(Box<str>),
}

impl Target {
    /// A name or an ARN whose name is known, though its account may not be.
    pub fn literal(text: &StringValue) -> Option<Target> {
        let start = text.text.rfind('/').map_or(0, |at| at + 1);
        let is_known = start < text.text.len() && !text.is_unknown_in(start..text.text.len());
        is_known.then(|| Target::Literal(text.text.clone()))
    }
}

/// How the modules of Terraform hand values to each other, as far as one file tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ModuleLinks {
    /// The module's outputs, by name.
    pub outputs: Vec<(Box<str>, Target)>,
    pub calls: Vec<ModuleCall>,
    /// Resources of the file that name a role of its template or module.
    pub consumers: Vec<RoleConsumer>,
}

/// A resource that names a role which a service assumes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleConsumer {
    /// Its logical id or its address.
    pub resource: Box<str>,
    pub resource_type: Box<str>,
    /// The services of which one assumes the role.
    pub principals: &'static [&'static str],
    /// The role, by [`Owner::name`].
    pub role: Box<str>,
}

/// A block `module`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModuleCall {
    pub name: Box<str>,
    /// The path of its folder from that of the file: `./modules/task`.
    pub source: Box<str>,
    pub arguments: Vec<(Box<str>, Target)>,
}

/// The file that holds the container definitions of a task definition, by its path from the folder of the module.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ContainersAt(pub Box<str>);

/// The name of a member that the file's syntax spells otherwise: `containerDefinitions` in a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misspelt {
    /// Of the name, in the file.
    pub span: Span,
    /// As it is written.
    pub name: Box<str>,
    /// As it has to be written.
    pub right: Box<str>,
}

/// A value that is a parameter's or variable's default, or that somebody gives for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assumed {
    /// Of the reference, in the file.
    pub span: Span,
    /// The parameter or variable, as users name it: `Cpu`, `var.cpu`.
    pub name: Box<str>,
    /// Who gives the value, in words: a call of a module. `None` for a default.
    pub given_by: Option<Box<str>>,
    /// Whether no other value can be given there.
    pub is_certain: bool,
}

impl Assumed {
    /// A default.
    pub fn default_of(name: impl Into<Box<str>>, span: Span) -> Assumed {
        Assumed { span, name: name.into(), given_by: None, is_certain: false }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// As AWS takes it.
    Plain,
    /// As `describe-task-definition` prints it, with fields that only AWS writes.
    Described,
    /// The same, still inside `{"taskDefinition": …}`.
    DescribedAndWrapped,
    /// A daemon task definition, as RegisterDaemonTaskDefinition takes it.
    Daemon,
    /// The same with fields that only AWS writes.
    DescribedDaemon,
}

/// A unit and where it stands in the file. Spans in the unit are relative to `base`.
#[derive(Debug, Clone)]
pub struct Placed {
    /// Byte offset in the file.
    pub base: u32,
    pub unit: Arc<Unit>,
}

impl DocumentKind {
    pub const ALL: [DocumentKind; 14] = [
        DocumentKind::Identity,
        DocumentKind::Resource,
        DocumentKind::Trust,
        DocumentKind::Scp,
        DocumentKind::Rcp,
        DocumentKind::Boundary,
        DocumentKind::Session,
        DocumentKind::TaskDefinition,
        DocumentKind::ContainerDefinitions,
        DocumentKind::Service,
        DocumentKind::AwsAuth,
        DocumentKind::ServiceAccount,
        DocumentKind::AgentConfig,
        DocumentKind::Attachments,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            DocumentKind::Identity => "identity",
            DocumentKind::Resource => "resource",
            DocumentKind::Trust => "trust",
            DocumentKind::Scp => "scp",
            DocumentKind::Rcp => "rcp",
            DocumentKind::Boundary => "boundary",
            DocumentKind::Session => "session",
            DocumentKind::TaskDefinition => "task-definition",
            DocumentKind::ContainerDefinitions => "container-definitions",
            DocumentKind::Service => "service",
            DocumentKind::AwsAuth => "aws-auth",
            DocumentKind::ServiceAccount => "service-account",
            DocumentKind::AgentConfig => "agent-config",
            DocumentKind::Attachments => "attachments",
        }
    }

    /// As a sentence names it.
    pub const fn title(self) -> &'static str {
        match self {
            DocumentKind::Identity => "identity policy",
            DocumentKind::Resource => "resource policy",
            DocumentKind::Trust => "role trust policy",
            DocumentKind::Scp => "service control policy",
            DocumentKind::Rcp => "resource control policy",
            DocumentKind::Boundary => "permissions boundary",
            DocumentKind::Session => "session policy",
            DocumentKind::TaskDefinition => "task definition",
            DocumentKind::ContainerDefinitions => "list of container definitions",
            DocumentKind::Service => "service",
            DocumentKind::AwsAuth => "aws-auth ConfigMap",
            DocumentKind::ServiceAccount => "service account",
            DocumentKind::AgentConfig => "ECS agent configuration",
            DocumentKind::Attachments => "list of attached policies",
        }
    }

    pub fn from_name(name: &str) -> Option<DocumentKind> {
        DocumentKind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The same for whoever wrote the name: where there is none, it is said which there are.
    pub fn chosen(name: &str) -> Result<DocumentKind, String> {
        DocumentKind::from_name(name)
            .ok_or_else(|| format!("the kinds are {}", listed(DocumentKind::ALL.map(DocumentKind::name))))
    }

    pub const fn is_policy(self) -> bool {
        matches!(
            self,
            DocumentKind::Identity
                | DocumentKind::Resource
                | DocumentKind::Trust
                | DocumentKind::Scp
                | DocumentKind::Rcp
                | DocumentKind::Boundary
                | DocumentKind::Session
        )
    }

    /// Whether IAM itself looks at the resources that it names, since it is attached to users, groups and roles.
    pub const fn is_attached(self) -> bool {
        matches!(self, DocumentKind::Identity | DocumentKind::Boundary)
    }

    pub const fn is_task(self) -> bool {
        matches!(self, DocumentKind::TaskDefinition | DocumentKind::ContainerDefinitions)
    }

    /// Whether its statements must say who: resource, trust and resource control policies.
    pub const fn takes_principal(self) -> bool {
        matches!(self, DocumentKind::Resource | DocumentKind::Trust | DocumentKind::Rcp)
    }
}

/// What people call a statement, a container definition, or another item of a list.
pub fn name_of(object: &Object) -> Option<&str> {
    object.string("Sid").or_else(|| object.string("name")).map(|name| &*name.text)
}

impl Document {
    /// The name of the statement or container that a place lies in.
    pub fn name_at(&self, span: Span) -> Option<&str> {
        name_of(self.units[self.unit_at(span)?].unit.value.as_object()?)
    }

    /// The JSON Pointer, from the document's root, of what `span` (in the file) covers: the innermost
    /// value around it; a span inside of a member's name means that member.
    pub fn pointer(&self, span: Span) -> String {
        let mut pointer = String::new();
        if let Some(index) = self.unit_at(span) {
            // The units are the items of the member that they were taken from.
            let apart = self.object().and_then(|object| {
                object.members.iter().find(|member| matches!(member.value, Value::Apart(_)))
            });
            if let Some(member) = apart {
                step(&mut pointer, &member.name.text);
            }
            let placed = &self.units[index];
            if self.units_span != Some(placed.span()) {
                step(&mut pointer, &index.to_string());
            }
            descend(&placed.unit.value, placed.base, span, &mut pointer);
        } else {
            descend(&self.head, 0, span, &mut pointer);
        }
        pointer
    }

    /// Index of the unit that covers a span in the file.
    pub fn unit_at(&self, span: Span) -> Option<usize> {
        // They stand in the order of the text, unless they come from several places.
        let next = self.units.partition_point(|placed| placed.span().start <= span.start);
        let nearest = next.checked_sub(1).filter(|index| self.units[*index].span().covers(span));
        nearest.or_else(|| self.units.iter().position(|placed| placed.span().covers(span)))
    }

    /// A document whose units are its own values: for hosts that lower everything at once. `at` is the
    /// name of the member that holds the units; an array is nothing but units.
    pub fn of(kind: DocumentKind, reason: impl Into<Box<str>>, mut value: Value, at: &str) -> Document {
        let span = value.span();
        let units = match &mut value {
            Value::Object(object) => object
                .members
                .iter_mut()
                .find(|member| &*member.name.text == at)
                .map(|member| &mut member.value)
                .filter(|value| {
                    matches!(value, Value::Array(_)) || kind.is_policy() && matches!(value, Value::Object(_))
                }),
            array @ Value::Array(_) => Some(array),
            _ => None,
        };
        let mut placed = Vec::new();
        let mut units_span = None;
        if let Some(units) = units {
            units_span = Some(units.span());
            let apart = Value::Apart(units.span());
            placed = match std::mem::replace(units, apart) {
                Value::Array(array) => array.items.into_iter().map(Placed::unmoved).collect(),
                single => vec![Placed::unmoved(single)],
            };
        }
        Document {
            naming: Naming::Aws,
            owner: None,
            references: Vec::new(),
            containers_at: None,
            assumed: Vec::new(),
            misspelt: Vec::new(),
            embedded: None,
            inside: None,
            is_partial: false,
            is_open: false,
            is_variant: false,
            around: None,
            elsewhere: Box::default(),
            joined: Box::default(),
            errors: Vec::new(),
            is_kept: false,
            identity: Arc::default(),
            kind,
            reason: reason.into(),
            form: Form::Plain,
            span,
            head: Arc::new(value),
            units: placed,
            units_span,
        }
    }

    /// The same documents `base` bytes further on, those of one string with one copy of it.
    pub(super) fn all_shifted(documents: &[Document], base: u32) -> Vec<Document> {
        let mut last: Option<(Arc<StringValue>, Arc<StringValue>)> = None;
        documents
            .iter()
            .map(|document| {
                document.moved(base, |string| match &last {
                    Some((from, to)) if Arc::ptr_eq(from, string) => to.clone(),
                    _ => {
                        let moved = shifted_string(string, base);
                        last = Some((string.clone(), moved.clone()));
                        moved
                    }
                })
            })
            .collect()
    }

    /// The same document `base` bytes further on. Its units stay the allocations they are.
    pub fn shifted(&self, base: u32) -> Document {
        self.moved(base, |string| shifted_string(string, base))
    }

    fn moved(&self, base: u32, string: impl FnOnce(&Arc<StringValue>) -> Arc<StringValue>) -> Document {
        let mut moved = self.clone();
        if base == 0 {
            return moved;
        }
        moved.span = moved.span.shifted(base);
        Arc::make_mut(&mut moved.head).shift(base);
        moved.units_span = moved.units_span.map(|span| span.shifted(base));
        moved.units.iter_mut().for_each(|placed| placed.base = placed.base.wrapping_add(base));
        moved.errors.iter_mut().for_each(|it| it.span = it.span.shifted(base));
        moved.references.iter_mut().for_each(|it| it.span = it.span.shifted(base));
        moved.assumed.iter_mut().for_each(|it| it.span = it.span.shifted(base));
        moved.misspelt.iter_mut().for_each(|it| it.span = it.span.shifted(base));
        moved.embedded = self.embedded.as_ref().map(string);
        moved
    }

    /// Whether everything of it is there: what is absent is not said elsewhere.
    pub fn is_whole(&self) -> bool {
        !self.is_partial && !self.is_open
    }

    /// Whether statements, containers or fields of it are made where they cannot be seen.
    pub fn has_open_parts(&self) -> bool {
        self.is_open
            || self.object().is_some_and(Object::is_open)
            || self.units.iter().any(|placed| placed.unit.value.as_object().is_some_and(Object::is_open))
    }

    /// The members of the document's head; `None` for a bare array or a broken document.
    pub fn object(&self) -> Option<&Object> {
        self.head.as_object()
    }
}

fn shifted_string(string: &StringValue, base: u32) -> Arc<StringValue> {
    let mut string = string.clone();
    string.span = string.span.shifted(base);
    Arc::new(string)
}

fn step(pointer: &mut String, part: &str) {
    pointer.push('/');
    pointer.push_str(&part.replace('~', "~0").replace('/', "~1"));
}

/// Extends a pointer by the way down to what covers `span`.
fn descend(value: &Value, base: u32, span: Span, pointer: &mut String) {
    match value {
        // Its first character stands for an object as a whole, be it a brace or a letter.
        Value::Object(object) if object.open().shifted(base) == span => {}
        Value::Object(object) => {
            let found = position_around(&object.members, |member| member.span().shifted(base), span);
            if let Some(member) = found.map(|index| &object.members[index]) {
                step(pointer, &member.name.text);
                if member.value.span().shifted(base).covers(span) {
                    descend(&member.value, base, span, pointer);
                }
            }
        }
        Value::Array(array) => {
            let found = position_around(&array.items, |item| item.span().shifted(base), span);
            if let Some(index) = found {
                step(pointer, &index.to_string());
                descend(&array.items[index], base, span, pointer);
            }
        }
        _ => {}
    }
}

/// Longer lists are not walked through: what stands around a place is looked for where it has to be.
const WALKED: usize = 64;

/// The first of some parts that covers a place. Long lists are taken to be in the order of the text.
pub(crate) fn position_around<T>(parts: &[T], span_of: impl Fn(&T) -> Span, span: Span) -> Option<usize> {
    if parts.len() <= WALKED {
        return parts.iter().position(|part| span_of(part).covers(span));
    }
    let end = parts.partition_point(|part| span_of(part).start <= span.start);
    (end.saturating_sub(WALKED)..end).find(|index| span_of(&parts[*index]).covers(span))
}

impl Placed {
    /// A unit whose spans are those of the file already: hosts that re-lower everything.
    pub fn unmoved(value: Value) -> Placed {
        Placed { base: 0, unit: Arc::new(Unit::new(value, None)) }
    }

    pub fn span(&self) -> Span {
        self.unit.value.span().shifted(self.base)
    }
}
