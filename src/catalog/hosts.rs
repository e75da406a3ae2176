//! What CloudFormation and Terraform call what AWS calls otherwise, and where they keep policies.

use super::tables;

/// What one of the two knows.
pub struct TemplateNames {
    pub(super) policies: &'static [PolicyPlace],
    pub(super) statement_fields: &'static [StatementFields],
    pub(super) attachments: &'static [AttachmentPlace],
    pub(super) other_grammar: &'static [&'static str],
    pub(super) attaches_to: &'static [(&'static str, AttachesTo)],
    pub(super) takes_names: &'static [&'static str],
    pub(super) consumers: &'static [ConsumerPlace],
    pub(super) networks: &'static [(&'static str, &'static str)],
    pub(super) attaches_one: &'static [&'static str],
    pub(super) written_into: &'static [(&'static str, AttachesTo)],
    pub(super) spellings: &'static [(&'static str, &'static str)],
}

/// A property or an argument that holds a policy.
pub struct PolicyPlace {
    pub resource_type: &'static str,
    /// From the resource's properties or its block; lists and nested blocks are walked through.
    pub path: &'static [&'static str],
    pub kind: PlacedKind,
}

/// A type of resource that has a field for each element of a statement.
pub struct StatementFields {
    pub resource_type: &'static str,
    /// Where the fields are, from the resource's properties or its block; empty for these themselves.
    pub path: &'static [&'static str],
    pub action: &'static str,
    pub principal: &'static str,
    /// Fields that are conditions: the field, the operator and the key.
    pub conditions: &'static [(&'static str, &'static str, &'static str)],
}

/// What the policy of a place is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlacedKind {
    Identity,
    Resource,
    Session,
    Trust,
    /// As the property beside it says: policies of AWS Organizations.
    ByType,
    /// The same; a service control policy where it says nothing.
    ByTypeElseScp,
}

/// A property or an argument that attaches managed policies, or says to whom.
pub struct AttachmentPlace {
    pub resource_type: &'static str,
    pub path: &'static [&'static str],
    /// What it is in the document.
    pub field: &'static str,
}

/// A property or an argument that names a role.
pub struct ConsumerPlace {
    pub resource_type: &'static str,
    pub path: &'static [&'static str],
    /// The services of which one assumes the role.
    pub principals: &'static [&'static str],
}

/// To whom a resource attaches managed policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttachesTo {
    Role,
    User,
    Group,
    PermissionSet,
}

pub fn cloudformation() -> &'static TemplateNames {
    &tables::CLOUDFORMATION
}

pub fn terraform() -> &'static TemplateNames {
    &tables::TERRAFORM
}

impl TemplateNames {
    /// Where a type of resource holds policies; nothing for types we do not know.
    pub fn policies_of(&self, resource_type: &str) -> &'static [PolicyPlace] {
        let start = self.policies.partition_point(|place| place.resource_type < resource_type);
        let end = self.policies.partition_point(|place| place.resource_type <= resource_type);
        &self.policies[start..end]
    }

    /// The fields of a type of resource that make up a statement.
    pub fn statement_fields_of(&self, resource_type: &str) -> Option<&'static StatementFields> {
        let rows = self.statement_fields;
        let at = rows.binary_search_by(|row| row.resource_type.cmp(resource_type)).ok()?;
        rows.get(at)
    }

    /// Where a type of resource names roles.
    pub fn consumers_of(&self, resource_type: &str) -> &'static [ConsumerPlace] {
        let start = self.consumers.partition_point(|place| place.resource_type < resource_type);
        let end = self.consumers.partition_point(|place| place.resource_type <= resource_type);
        &self.consumers[start..end]
    }

    /// What a type of resource attaches, and where it says so.
    pub fn attachments_of(&self, resource_type: &str) -> &'static [AttachmentPlace] {
        let start = self.attachments.partition_point(|place| place.resource_type < resource_type);
        let end = self.attachments.partition_point(|place| place.resource_type <= resource_type);
        &self.attachments[start..end]
    }

    /// Whether the statements of a type follow a grammar of their own.
    pub fn has_other_grammar(&self, resource_type: &str) -> bool {
        self.other_grammar.contains(&resource_type)
    }

    /// The property that puts a type of resource into a network.
    pub fn network_of(&self, resource_type: &str) -> Option<&'static str> {
        self.networks.iter().find(|(known, _)| *known == resource_type).map(|(_, property)| *property)
    }

    /// The name of a field of the ECS API that does not follow from the field's own; `shape` is its
    /// structure.
    pub fn spelling(&self, shape: &str, field: &str) -> Option<&'static str> {
        let is_meant = |known: &str| match known.split_once('.') {
            Some((of, known)) => of == shape && known == field,
            None => known == field,
        };
        self.spellings.iter().find(|(known, _)| is_meant(known)).map(|(_, name)| *name)
    }
}

/// To whom a type of resource attaches managed policies; `None` where it names them, or attaches none.
pub fn attaches_to(resource_type: &str) -> Option<AttachesTo> {
    let mut rows = tables::CLOUDFORMATION.attaches_to.iter().chain(tables::TERRAFORM.attaches_to);
    rows.find(|(known, _)| *known == resource_type).map(|(_, to)| *to)
}

/// Into whom a type of resource writes the policy that stands in it, where it is a resource of its own.
pub fn policy_written_into(resource_type: &str) -> Option<AttachesTo> {
    let mut rows = tables::CLOUDFORMATION.written_into.iter().chain(tables::TERRAFORM.written_into);
    rows.find(|(known, _)| *known == resource_type).map(|(_, to)| *to)
}

/// Whether a type of resource attaches one policy; where a list stands, there is a resource for each.
pub fn attaches_one_each(resource_type: &str) -> bool {
    tables::TERRAFORM.attaches_one.contains(&resource_type)
}

/// Whether names stand for managed policies in a type of resource, as SAM takes them.
pub fn takes_policy_names(resource_type: &str) -> bool {
    tables::CLOUDFORMATION.takes_names.contains(&resource_type)
}

/// The argument of Terraform's `aws_iam_policy_document` for an element of a policy.
pub fn policy_argument(element: &str) -> Option<&'static str> {
    tables::POLICY_ARGUMENTS.iter().find(|(known, _)| *known == element).map(|(_, argument)| *argument)
}

/// The element of a policy for an argument of `aws_iam_policy_document`.
pub fn policy_element(argument: &str) -> Option<&'static str> {
    tables::POLICY_ARGUMENTS.iter().find(|(_, known)| *known == argument).map(|(element, _)| *element)
}

/// The code that a tool gives a check which it also calls otherwise.
pub fn check_of_other_tool(tool: &str, name: &str) -> Option<&'static str> {
    tables::OTHER_TOOLS.iter().find(|(of, known, _)| *of == tool && *known == name).map(|(_, _, code)| *code)
}

/// Checks of other tools that say less than the one rule that covers them, each with its tool: `trivy/AWS-0345`.
pub fn narrower_checks() -> &'static [&'static str] {
    tables::NARROWER_CHECKS
}

/// Whether Terraform writes a structure as arguments and blocks of a task definition.
pub fn is_terraform_task_shape(shape: &str) -> bool {
    tables::TERRAFORM_TASK_SHAPES.binary_search(&shape).is_ok()
}

/// Whether Terraform writes a structure as arguments and blocks of a service.
pub fn is_terraform_service_shape(shape: &str) -> bool {
    tables::TERRAFORM_SERVICE_SHAPES.binary_search(&shape).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_found_by_their_type() {
        let paths: Vec<_> = cloudformation().policies_of("AWS::IAM::Role").iter().map(|it| it.path).collect();
        assert_eq!(paths, [&["AssumeRolePolicyDocument"][..], &["Policies", "PolicyDocument"]]);
        assert_eq!(terraform().policies_of("aws_vpclattice_resource_policy").len(), 1);
        assert_eq!(terraform().attachments_of("data.aws_iam_policy").len(), 2);
        assert!(cloudformation().policies_of("AWS::EC2::Instance").is_empty());
        assert_eq!(attaches_to("aws_iam_role"), Some(AttachesTo::Role));
        assert_eq!(cloudformation().spelling("EFSVolumeConfiguration", "fileSystemId"), Some("FilesystemId"));
        assert_eq!(cloudformation().spelling("S3FilesVolumeConfiguration", "fileSystemId"), None);
    }
}
