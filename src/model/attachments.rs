//! What a resource attaches: managed policies or a boundary, to itself or to others.

use crate::catalog::{self, Arn, ArnPart, AttachesTo};
use crate::host::value::{Member, Object, StringValue, Value};
use crate::host::{Document, DocumentKind, OwnerKind};
use crate::text::Span;
use std::ops::Range;

/// A view of what a resource attaches, looks up or names.
#[derive(Debug, Clone, Copy)]
pub struct Attachments<'a> {
    document: &'a Document,
    object: &'a Object,
}

/// A managed policy that is attached, looked up or made a boundary.
#[derive(Debug, Clone, Copy)]
pub struct AttachedPolicy<'a> {
    /// Its ARN; a name where the place takes one.
    pub text: &'a StringValue,
    pub is_boundary: bool,
}

/// An AWS managed policy as it is written.
#[derive(Debug, Clone, Copy)]
pub struct AwsPolicy<'a> {
    /// Of the ARN; `None` where only a name is written, or where it is not known.
    pub partition: Option<&'a str>,
    /// Path and name.
    pub path: &'a str,
    /// Where they stand.
    pub span: Span,
}

impl<'a> AttachedPolicy<'a> {
    /// Whether an ARN is written, or at least the start of one.
    pub fn is_arn(&self) -> bool {
        self.text.text.starts_with("arn:")
    }

    /// `None` for policies of an account, and where the path or the name is not known.
    pub fn aws_policy(&self) -> Option<AwsPolicy<'a>> {
        let text = &*self.text.text;
        if !self.is_arn() {
            let is_name = !self.text.has_unknown() && !text.is_empty() && !text.contains([':', '/']);
            return is_name.then_some(AwsPolicy {
                partition: None,
                path: text,
                span: self.text.content_span(),
            });
        }
        let arn = Arn::parse(text).ok()?;
        let path = arn.resource.strip_prefix("policy/")?;
        let range = text.len() - path.len()..text.len();
        let is_aws = arn.service == "iam" && arn.account == "aws" && self.is_known(range.clone());
        let partition = Some(arn.partition).filter(|_| self.is_known(arn.range(ArnPart::Partition)));
        let span = self.text.part(range);
        (is_aws && !path.is_empty()).then_some(AwsPolicy { partition, path, span })
    }

    /// Whether nothing of that range of the text is filled in later.
    pub fn is_known(&self, range: Range<usize>) -> bool {
        !self.text.is_unknown_in(range)
    }
}

impl<'a> Attachments<'a> {
    /// `None` where the document is none.
    pub fn of(document: &'a Document) -> Option<Attachments<'a>> {
        let object = document.object().filter(|_| document.kind == DocumentKind::Attachments)?;
        Some(Attachments { document, object })
    }

    /// The policies, those written as strings.
    pub fn policies(&self) -> impl Iterator<Item = AttachedPolicy<'a>> + use<'a> {
        self.object.members.iter().flat_map(|member| {
            let is_boundary = &*member.name.text == "permissionsBoundary";
            let is_policies = is_boundary || &*member.name.text == "managedPolicies";
            let values = if is_policies { member.value.one_or_many() } else { &[] };
            values.iter().filter_map(Value::as_string).map(move |text| AttachedPolicy { text, is_boundary })
        })
    }

    /// What stands among the policies as a policy template of SAM: objects.
    pub fn templates(&self) -> impl Iterator<Item = &'a Object> + use<'a> {
        self.fields("policyTemplates").filter_map(|member| member.value.as_object())
    }

    /// The parameters of policy templates: the template, the parameter, its value.
    pub fn template_parameters(&self) -> impl Iterator<Item = (&'a str, &'a Member)> + use<'a> {
        self.templates().flat_map(|object| &object.members).flat_map(|template| {
            let parameters = template.value.as_object().into_iter().flat_map(|object| &object.members);
            parameters.map(move |parameter| (&*template.name.text, parameter))
        })
    }

    /// The members of a name of the model: `users`. What a condition chooses from are several.
    pub fn fields(&self, name: &'a str) -> impl Iterator<Item = &'a Member> + use<'a> {
        self.object.members.iter().filter(move |member| *member.name.text == *name)
    }

    /// The type of the resource that it belongs to; empty where it has none.
    fn resource_type(&self) -> &'a str {
        self.document.owner.as_ref().map_or("", |owner| &owner.resource_type)
    }

    fn owner_kind(&self) -> Option<OwnerKind> {
        self.document.owner.as_ref().map(|owner| owner.kind)
    }

    /// Whether it looks a policy up, and attaches nothing.
    pub fn is_lookup(&self) -> bool {
        self.owner_kind() == Some(OwnerKind::Lookup)
    }

    /// Whether ARNs only stand in it, and it is not known what becomes of them.
    pub fn is_hearsay(&self) -> bool {
        self.owner_kind() == Some(OwnerKind::Other)
    }

    /// Whether an array in it is one list of what is attached together, and not what is gone through.
    pub fn is_list(&self) -> bool {
        !self.is_hearsay() && !catalog::attaches_one_each(self.resource_type())
    }

    /// Whether names stand for policies there, as SAM takes them.
    pub fn takes_names(&self) -> bool {
        catalog::takes_policy_names(self.resource_type()) || self.is_lookup()
    }

    /// To whom it attaches policies; `None`: to whom it names, or to nobody yet.
    pub fn to(&self) -> Option<AttachesTo> {
        catalog::attaches_to(self.resource_type())
    }

    /// The one into whom the resource writes a policy, which stands beside the name.
    pub fn written_into(&self) -> Option<AttachesTo> {
        catalog::policy_written_into(self.resource_type())
    }
}
