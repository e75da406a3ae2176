//! Roles and managed policies that public modules make, as far as the arguments of a call tell.

use super::parse::Block;
use crate::catalog::{self, ProductPart};
use crate::host::resource::{Content, InFile, Node, Resource, TextPart};

/// Arguments of a call that Terraform itself reads.
const OF_CALLS: [&str; 6] = ["source", "version", "providers", "depends_on", "count", "for_each"];

/// What stands behind the address of a call in that of what it makes.
pub const MADE: &str = ".made";

/// What a call makes; `body` are its arguments. `None` where the module is not known.
pub(super) fn of_call(block: &Block, address: &str, body: &Content, is_partial: bool) -> Option<Resource> {
    let source = block.body.string("source").filter(|source| !source.has_unknown())?;
    let product = catalog::module_product(&source.text)?;
    let mut made = Made { members: Vec::new(), trust: Vec::new(), policies: Vec::new(), is_partial };
    for (name, item) in body.members() {
        match product.arguments.iter().find(|(argument, _)| *argument == name) {
            _ if item.node == Node::Nothing => {}
            Some((_, part)) => made.take(*part, item),
            None => made.is_partial |= !OF_CALLS.contains(&name) && !product.silent.contains(&name),
        }
    }
    let place = body.place;
    let list = |items: Vec<Content>| Content { node: Node::List(items), place };
    if !made.trust.is_empty() {
        let statements = list(made.trust);
        made.members.push(("assume_role_policy".into(), map(place, [("Statement", statements)])));
    }
    if !made.policies.is_empty() {
        made.members.push(("Policies".into(), list(made.policies)));
    }
    Some(Resource {
        address: format!("{address}{MADE}").into(),
        resource_type: product.makes.into(),
        is_conditional: block.body.has("count") || block.body.has("for_each"),
        is_partial: made.is_partial,
        body: Content { node: Node::Map(made.members), place },
    })
}

struct Made {
    members: Vec<(Box<str>, Content)>,
    trust: Vec<Content>,
    policies: Vec<Content>,
    is_partial: bool,
}

impl Made {
    fn take(&mut self, part: ProductPart, item: &Content) {
        let place = item.place;
        let mut put = |name: &str, item: Content| self.members.push((name.into(), item));
        match part {
            ProductPart::Name => put("name", item.clone()),
            ProductPart::Path => put("path", item.clone()),
            ProductPart::Policy => put("policy", item.clone()),
            ProductPart::Boundary => put("PermissionsBoundary", item.clone()),
            ProductPart::Trust => put("assume_role_policy", item.clone()),
            ProductPart::ManagedPolicies => put("ManagedPolicyArns", values(item)),
            ProductPart::TrustStatements => match &values(item).node {
                Node::List(items) => self.trust.extend(items.iter().map(assuming)),
                _ => self.is_partial = true,
            },
            ProductPart::Services => self.trust.push(trusting(map(place, [("Service", item.clone())]))),
            ProductPart::Principals => self.trust.push(trusting(map(place, [("AWS", item.clone())]))),
            ProductPart::PrincipalsByType => self.trust.push(trusting(item.clone())),
            ProductPart::Documents => match &item.node {
                Node::List(items) => {
                    let policy = |it: &Content| map(it.place, [("PolicyDocument", it.clone())]);
                    self.policies.extend(items.iter().map(policy));
                }
                _ => self.is_partial = true,
            },
            ProductPart::Statements => {
                let document = map(place, [("Statement", values(item))]);
                self.policies.push(map(place, [("PolicyDocument", document)]));
            }
        }
    }
}

fn map<const N: usize>(place: InFile, members: [(&str, Content); N]) -> Content {
    let members = members.into_iter().map(|(name, item)| (name.into(), item)).collect();
    Content { node: Node::Map(members), place }
}

fn text(text: &str, place: InFile) -> Content {
    Content { node: Node::Text(vec![TextPart::Known(text.into())]), place }
}

/// A statement that lets somebody assume the role.
fn trusting(principal: Content) -> Content {
    let place = principal.place;
    map(
        place,
        [
            ("Effect", text("Allow", place)),
            ("Action", text("sts:AssumeRole", place)),
            ("Principal", principal),
        ],
    )
}

/// A statement of a trust policy with the action that modules add where none is given.
fn assuming(statement: &Content) -> Content {
    let mut statement = statement.clone();
    if let Node::Map(members) = &mut statement.node
        && !members.iter().any(|(name, _)| &**name == "actions")
    {
        members.push(("actions".into(), text("sts:AssumeRole", statement.place)));
    }
    statement
}

/// The values of a map as a list; a list, and what is not known, as it is.
fn values(item: &Content) -> Content {
    match &item.node {
        Node::Map(members) => {
            let items = members.iter().map(|(_, item)| item.clone()).collect();
            Content { node: Node::List(items), place: item.place }
        }
        _ => item.clone(),
    }
}
