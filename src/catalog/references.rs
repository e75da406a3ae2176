//! What references to resources give, in CloudFormation and in Terraform: an ARN of a known format, a name, or
//! something else.

use super::names::is_name_without_slash;
use super::tables;

/// What one type of resource gives.
#[derive(Debug, PartialEq, Eq)]
pub struct ReferenceType {
    /// `AWS::S3::Bucket`, `aws_s3_bucket`.
    pub name: &'static str,
    /// That the reference lists it under.
    pub service: &'static str,
    /// As the service's reference calls it.
    pub resource_type: &'static str,
    /// That of its ARN: `arn:${Partition}:s3:::${BucketName}`.
    pub format: &'static str,
    /// What `Ref`, or `id`, gives.
    pub(super) gives: Gives,
    /// The attributes that give its ARN, with what stands behind it there.
    pub(super) arn_attributes: &'static [(&'static str, &'static str)],
    /// The property or the argument that sets its name; empty where none does.
    pub named_by: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gives {
    Arn,
    Name,
    /// The URL.
    Address,
    Other,
}

/// What a reference comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Yield {
    /// The ARN, with what stands behind it: `:*` for log groups of CloudFormation.
    Arn { behind: &'static str },
    /// The name or the id, which is not an ARN.
    Name,
    /// The URL.
    Address,
}

/// The ARN that a policy template of SAM puts the value of a parameter into: `arn:…:parameter/${ParameterName}`. `None` for
/// others, and for parameters that are no names.
pub fn policy_template_arn(template: &str, parameter: &str) -> Option<&'static str> {
    let at = tables::POLICY_TEMPLATES.binary_search_by(|(name, _)| (*name).cmp(template)).ok()?;
    let (_, parameters) = tables::POLICY_TEMPLATES[at];
    parameters.iter().find(|(name, _)| *name == parameter).map(|(_, arn)| *arn)
}

/// The type of that name in CloudFormation.
pub fn cloudformation_reference(resource_type: &str) -> Option<&'static ReferenceType> {
    find(tables::CLOUDFORMATION_REFERENCES, resource_type)
}

/// The type of that name in Terraform.
pub fn terraform_reference(resource_type: &str) -> Option<&'static ReferenceType> {
    find(tables::TERRAFORM_REFERENCES, resource_type)
}

/// The type of that name in either.
pub fn reference(resource_type: &str) -> Option<&'static ReferenceType> {
    let is_of_cloudformation = resource_type.contains("::");
    if is_of_cloudformation {
        cloudformation_reference(resource_type)
    } else {
        terraform_reference(resource_type)
    }
}

/// The types of a service in Terraform.
pub fn terraform_references_of(service: &str) -> impl Iterator<Item = &'static ReferenceType> {
    tables::TERRAFORM_REFERENCES.iter().filter(move |row| row.service == service)
}

fn find(rows: &'static [ReferenceType], name: &str) -> Option<&'static ReferenceType> {
    rows.binary_search_by(|row| row.name.cmp(name)).ok().map(|at| &rows[at])
}

impl ReferenceType {
    /// What the resource itself (`Ref`, `id`) or one of its attributes gives; `None` where nothing is said of it.
    pub fn yields(&self, attribute: Option<&str>) -> Option<Yield> {
        let Some(attribute) = attribute.filter(|name| *name != "id") else {
            return match self.gives {
                Gives::Arn => Some(Yield::Arn { behind: "" }),
                Gives::Name => Some(Yield::Name),
                Gives::Address => Some(Yield::Address),
                Gives::Other => None,
            };
        };
        if let Some((_, behind)) = self.arn_attributes.iter().find(|(name, _)| *name == attribute) {
            return Some(Yield::Arn { behind });
        }
        if self.gives == Gives::Address && attribute == "url" {
            return Some(Yield::Address);
        }
        // Whatever else a resource is named by, its name is not its ARN.
        let is_name = if self.named_by.is_empty() { attribute == "name" } else { attribute == self.named_by };
        (is_name && attribute != "url").then_some(Yield::Name)
    }

    /// Whether the resource itself (`Ref`, `id`) gives its ARN.
    pub fn is_arn(&self) -> bool {
        self.gives == Gives::Arn
    }

    /// The attribute that gives its ARN; `None` where none does.
    pub fn arn_attribute(&self) -> Option<&'static str> {
        self.arn_attributes.first().map(|(name, _)| *name)
    }

    /// The placeholder of the format that its name stands in; `None` where there are several.
    pub fn placeholder(&self) -> Option<&'static str> {
        let mut names = self
            .format
            .split("${")
            .skip(1)
            .filter_map(|rest| rest.split_once('}'))
            .map(|(name, _)| name)
            .filter(|name| !matches!(*name, "Partition" | "Region" | "Account" | "AccountId"));
        let first = names.next()?;
        names.next().is_none().then_some(first)
    }

    /// Whether its name holds neither `/` nor `:`.
    pub fn is_plain_name(&self) -> bool {
        let service = self.format.split(':').nth(2).unwrap_or_default();
        self.placeholder().is_some_and(|name| is_name_without_slash(service, name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_have_a_type() {
        assert!(tables::CLOUDFORMATION_REFERENCES.len() > 120 && tables::TERRAFORM_REFERENCES.len() > 120);
        let bucket = cloudformation_reference("AWS::S3::Bucket").unwrap();
        assert_eq!(bucket.yields(None), Some(Yield::Name));
        assert_eq!(bucket.yields(Some("Arn")), Some(Yield::Arn { behind: "" }));
        assert_eq!(bucket.yields(Some("DomainName")), None);
        assert!(bucket.is_plain_name() && bucket.placeholder() == Some("BucketName"));
        let group = cloudformation_reference("AWS::Logs::LogGroup").unwrap();
        assert_eq!(group.yields(Some("Arn")), Some(Yield::Arn { behind: ":*" }));
        let topic = terraform_reference("aws_sns_topic").unwrap();
        assert_eq!(topic.yields(Some("id")), Some(Yield::Arn { behind: "" }));
        assert_eq!(topic.yields(Some("name")), Some(Yield::Name));
        assert_eq!(terraform_reference("aws_sqs_queue").unwrap().yields(Some("id")), None);
        assert_eq!(
            terraform_reference("aws_s3_bucket").unwrap().yields(Some("arn")),
            Some(Yield::Arn { behind: "" })
        );
    }
}
