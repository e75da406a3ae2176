//! What belongs together around roles: resources and what they yield, and what a task needs of its roles.

use super::tables;

/// A kind of resource, in whichever language it is written.
#[derive(Debug)]
pub struct ResourceKind {
    pub name: &'static str,
    pub types: &'static [&'static str],
    /// Properties and arguments that hold its name.
    pub names: &'static [&'static str],
    /// What it yields, by form.
    pub forms: &'static [(&'static str, &'static str)],
    /// The form that `Ref` yields.
    pub by_ref: &'static str,
    /// Attributes and their form.
    pub attributes: &'static [(&'static str, &'static str)],
    /// Attributes that are another property's value.
    pub follow: &'static [(&'static str, &'static str)],
    /// Attributes that are something else in CloudFormation.
    pub in_cloudformation: &'static [(&'static str, &'static str)],
}

/// What a feature of a task definition needs.
#[derive(Debug, PartialEq, Eq)]
pub struct FeatureNeed {
    pub feature: &'static str,
    /// `execution`, `task`, or `caller` for whoever runs the task.
    pub role: &'static str,
    pub actions: &'static [&'static str],
    /// What it is called in a finding.
    pub words: &'static str,
    /// Whether the resource's own policy could grant it alone in the same account.
    pub has_other_granter: bool,
    /// Whether the policy grants it that AWS manages for such roles.
    pub is_managed: bool,
    /// Whether it is granted thing by thing: a grant that nothing asks for serves nothing.
    pub is_read: bool,
    /// The page of the developer guide that says so.
    pub page: &'static str,
}

/// A policy template of SAM.
#[derive(Debug)]
pub struct SamTemplate {
    pub name: &'static str,
    pub parameters: &'static [&'static str],
    /// What it grants, as JSON; `Ref` is a parameter.
    pub statements: &'static str,
}

/// What a connector of SAM grants for one kind of access.
#[derive(Debug)]
pub struct SamConnector {
    /// The types of its ends, as CloudFormation has them.
    pub source: &'static str,
    pub destination: &'static str,
    /// Whether the role of the source gets it; else that of the destination.
    pub is_of_source: bool,
    /// `Read` or `Write`.
    pub access: &'static str,
    /// As JSON; `%{Destination.Arn}` is what an end yields.
    pub statements: &'static str,
}

/// A step or a command of a workflow whose permissions are known.
#[derive(Debug)]
pub struct DeployWork {
    /// The action without its version, or the words that a command begins with.
    pub name: &'static str,
    /// Whether it assumes a role for the steps that follow.
    pub assumes: bool,
    /// The input with the path of a task definition from which it makes another.
    pub renders: Option<&'static str>,
    /// Features of the table of needs.
    pub needs: &'static [&'static str],
    /// Those that count where a service is named.
    pub of_service: &'static [&'static str],
    /// The input or option with the path of the task definition whose roles it passes.
    pub passes: Option<&'static str>,
}

/// A role or a managed policy that a public module of Terraform makes.
#[derive(Debug)]
pub struct ModuleProduct {
    /// As the registry names the module.
    pub source: &'static str,
    /// The type of the resource, as Terraform has it.
    pub makes: &'static str,
    /// What arguments become of it.
    pub arguments: &'static [(&'static str, ProductPart)],
    /// Arguments that change nothing of what it allows.
    pub silent: &'static [&'static str],
    /// Outputs, and which attribute of it each is.
    pub outputs: &'static [(&'static str, &'static str)],
}

/// What an argument of a module becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProductPart {
    Name,
    Path,
    /// A policy, as JSON.
    Policy,
    /// The whole trust policy.
    Trust,
    /// Statements of the trust policy, by names or in a list.
    TrustStatements,
    /// Services that may assume the role.
    Services,
    /// ARNs that may.
    Principals,
    /// Lists of those by their type.
    PrincipalsByType,
    /// ARNs of policies that are attached, in a list or by names.
    ManagedPolicies,
    /// Policies as JSON, in a list.
    Documents,
    /// Statements of one policy, by names or in a list.
    Statements,
    Boundary,
}

/// What a public module makes, by its source; `None` where that is not known.
pub fn module_product(source: &str) -> Option<&'static ModuleProduct> {
    let module = super::modules::module_of_source(source)?;
    tables::MODULE_PRODUCTS.iter().find(|product| product.source == module)
}

/// What a step of GitHub Actions does; `name` is the action without its version.
pub fn deploy_action(name: &str) -> Option<&'static DeployWork> {
    tables::DEPLOY_ACTIONS.iter().find(|work| work.name == name)
}

/// What a command does, by the words that it begins with.
pub fn deploy_command(name: &str) -> Option<&'static DeployWork> {
    tables::DEPLOY_COMMANDS.iter().find(|work| work.name == name)
}

/// SAM's policy templates, in the order of their names.
pub fn sam_policy_templates() -> &'static [SamTemplate] {
    tables::SAM_POLICY_TEMPLATES
}

pub fn sam_policy_template(name: &str) -> Option<&'static SamTemplate> {
    tables::SAM_POLICY_TEMPLATES.iter().find(|template| template.name == name)
}

/// What a connector between two types grants.
pub fn sam_connectors<'t>(
    source: &'t str,
    destination: &'t str,
) -> impl Iterator<Item = &'static SamConnector> + use<'t> {
    tables::SAM_CONNECTORS.iter().filter(move |it| it.source == source && it.destination == destination)
}

/// The type of CloudFormation that SAM makes of one of its own; others are what they are.
pub fn sam_resource_type(resource_type: &str) -> &str {
    let made = tables::SAM_RESOURCE_TYPES.iter().find(|(own, _)| *own == resource_type);
    made.map_or(resource_type, |(_, made)| made)
}

pub fn resource_kind(resource_type: &str) -> Option<&'static ResourceKind> {
    tables::RESOURCE_KINDS.iter().find(|kind| kind.types.contains(&resource_type))
}

/// A field of a resource that names a role.
#[derive(Debug)]
pub struct RoleFieldRow {
    /// The kind of the resource.
    pub of: &'static str,
    /// From the resource inwards; lists are walked through.
    pub path: &'static [&'static str],
    /// The kind of the role.
    pub role: &'static str,
    /// What the role is used for whatever else the resource says: features of the table of needs.
    pub needs: &'static [&'static str],
}

/// The fields of a kind of resource that name roles.
pub fn role_fields(of: &str) -> impl Iterator<Item = &'static RoleFieldRow> {
    tables::ROLE_FIELDS.iter().filter(move |row| row.of == of)
}

/// The kinds of resources that use roles.
pub fn role_users() -> impl Iterator<Item = &'static str> {
    tables::ROLE_FIELDS.chunk_by(|a, b| a.of == b.of).filter_map(|rows| rows.first()).map(|row| row.of)
}

/// The actions that take roles along, each with the kinds of the roles.
pub fn deploying_actions() -> &'static [(&'static str, &'static [&'static str])] {
    tables::DEPLOYING_ACTIONS
}

/// The members that tell which command a JSON file is the input of, with the kind of resource that it makes; the
/// first that fit count.
pub fn command_inputs() -> &'static [(&'static [&'static str], &'static str)] {
    tables::COMMAND_INPUTS
}

/// Words of which one stands in every file that has something to say to others about roles and tasks.
pub fn signs_of_roles() -> &'static [&'static str] {
    tables::SIGNS_OF_ROLES
}

/// What in a script makes or names other credentials than those that the issuer's token is changed for.
pub fn other_credentials(issuer: &str) -> &'static [&'static str] {
    tables::OTHER_CREDENTIALS.iter().find(|row| row.0 == issuer).map_or(&[], |row| row.1)
}

/// The actions that the policies grant which AWS manages for the roles of tasks.
pub fn managed_actions() -> impl Iterator<Item = &'static str> {
    tables::NEEDS.iter().filter(|need| need.is_managed).flat_map(|need| need.actions).copied()
}

/// Whether an action reads what is granted thing by thing.
pub fn is_read_for_tasks(action: &str) -> bool {
    tables::NEEDS
        .iter()
        .any(|need| need.is_read && need.actions.iter().any(|it| it.eq_ignore_ascii_case(action)))
}

/// What a feature needs; `None` for a name that is not in the table.
pub fn need_of(feature: &str) -> Option<&'static FeatureNeed> {
    tables::NEEDS.iter().find(|need| need.feature == feature)
}
