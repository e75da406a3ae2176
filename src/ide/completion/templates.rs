//! What resources of the same template or module yield: `!GetAtt Role.Arn`, `aws_iam_role.task.arn`; and names
//! inside of such references.

use super::{At, Item, ItemKind, List};
use crate::catalog::{self, ReferenceType, ResourceType};
use crate::host::{Function, Parsed, Taken};
use crate::ide::File;
use crate::ide::place::Notation;

/// References that yield ARNs of the statement's services. `types`: what its actions act on, where that is known.
pub(super) fn arns(at: &At<'_>, services: &[&str], types: &[(ResourceType, usize)]) -> Vec<Item> {
    // A reference is no text; inside of one it is filled in.
    let typed = &at.writing.typed;
    if typed.opened && !(typed.filled_in && typed.before.is_empty()) {
        return Vec::new();
    }
    let mut items = Vec::new();
    for (name, resource_type) in at.file.report.parsed.names() {
        let Some(arn) = catalog::reference(&resource_type) else { continue };
        if !services.contains(&arn.service) {
            continue;
        }
        let is_acted_on = types.is_empty() || types.iter().any(|(it, _)| it.name() == arn.resource_type);
        let rank = if is_acted_on { 1 } else { 2 };
        if let Some((label, insert)) = reference(at, &name, arn) {
            items.push(
                Item::new(ItemKind::Reference, label, format!("{resource_type} of this file"), insert)
                    .ranked(rank),
            );
        }
        let has_objects = arn.service == "s3" && types.iter().any(|(it, _)| it.name() == "object");
        if has_objects && let Some((label, insert)) = objects(at, &name) {
            items.push(Item::new(ItemKind::Reference, label, "its objects", insert).ranked(1));
        }
    }
    items
}

fn reference(at: &At<'_>, name: &str, arn: &ReferenceType) -> Option<(String, String)> {
    let by_ref = arn.is_arn();
    let attribute = arn.arn_attribute();
    if !by_ref && attribute.is_none() {
        return None;
    }
    let attribute = attribute.unwrap_or_default();
    let of = if by_ref { name.to_string() } else { format!("{name}.{attribute}") };
    if at.writing.typed.opened {
        return match at.place.notation {
            Notation::Hcl => Some((format!("${{{name}.arn}}"), format!("${{{name}.arn}}"))),
            _ => Some((format!("${{{of}}}"), format!("${{{of}}}"))),
        };
    }
    match at.place.notation {
        Notation::Yaml if by_ref => Some((format!("!Ref {name}"), format!("!Ref {name}"))),
        Notation::Yaml => Some((format!("!GetAtt {of}"), format!("!GetAtt {of}"))),
        Notation::Json if by_ref => Some((name.to_string(), format!("{{ \"Ref\": \"{name}\" }}"))),
        Notation::Json => Some((of, format!("{{ \"Fn::GetAtt\": [\"{name}\", \"{attribute}\"] }}"))),
        Notation::Hcl => Some((format!("{name}.arn"), format!("{name}.arn"))),
    }
}

fn objects(at: &At<'_>, name: &str) -> Option<(String, String)> {
    if at.writing.typed.opened {
        return None;
    }
    let text = match at.place.notation {
        Notation::Yaml => format!("!Sub \"${{{name}.Arn}}/*\""),
        Notation::Json => {
            return Some((format!("{name}.Arn/*"), format!("{{ \"Fn::Sub\": \"${{{name}.Arn}}/*\" }}")));
        }
        Notation::Hcl => format!("\"${{{name}.arn}}/*\""),
    };
    Some((text.clone(), text))
}

/// Functions of a template, where a value may be one.
pub(super) fn functions(at: &At<'_>) -> Vec<Item> {
    let is_template = at.place.document.owner.as_ref().is_some_and(|it| it.resource_type.contains("::"));
    if !is_template || at.place.document.embedded.is_some() {
        return Vec::new();
    }
    use super::skeleton::{self, Skeleton};
    let pair = || Skeleton::List(vec![Skeleton::empty(), Skeleton::Text("Arn".into())]);
    [("Fn::GetAtt", pair()), ("Fn::Sub", Skeleton::empty()), ("Ref", Skeleton::empty())]
        .into_iter()
        .chain([("Fn::ImportValue", Skeleton::empty()), ("Fn::Join", pair()), ("Fn::If", pair())])
        .zip(0..)
        .map(|((name, value), rank)| {
            skeleton::member(at.writing, ItemKind::Field, name, "function", &value, false).ranked(rank)
        })
        .collect()
}

/// The list inside of a reference: names of resources and parameters, and what they yield.
pub(super) fn names(file: &File<'_>, offset: u32) -> Option<List> {
    let hole = file.report.parsed.hole(file.text, offset)?;
    let Taken::Reference(function) = hole.taken else { return None };
    let mut items = Vec::new();
    let mut push = |label: String, detail: String, rank: u16| {
        items.push(Item::new(ItemKind::Reference, label.clone(), detail, label).ranked(rank));
    };
    for (name, resource_type) in file.report.parsed.names() {
        let arn = catalog::reference(&resource_type);
        let attribute = arn.and_then(|it| it.arn_attribute());
        match function {
            Function::Expression => {
                if attribute.is_some() {
                    push(format!("{name}.arn"), resource_type.to_string(), 0);
                }
                push(format!("{name}.id"), resource_type.to_string(), 10);
                push(format!("{name}.name"), resource_type.to_string(), 11);
            }
            Function::GetAtt => {
                if resource_type.contains("::") {
                    let rank = u16::from(attribute.is_none());
                    push(format!("{name}.{}", attribute.unwrap_or("Arn")), resource_type.to_string(), rank);
                }
            }
            Function::Ref | Function::Sub => {
                push(name.to_string(), resource_type.to_string(), 0);
                let by_attribute = attribute.filter(|_| arn.is_some_and(|it| !it.is_arn()));
                if let Some(attribute) = by_attribute.filter(|_| function == Function::Sub) {
                    push(format!("{name}.{attribute}"), resource_type.to_string(), 1);
                }
            }
        }
    }
    if matches!(function, Function::Ref | Function::Sub) {
        for (name, rank) in
            ["AWS::Region", "AWS::AccountId", "AWS::Partition", "AWS::StackName"].iter().zip(20..)
        {
            push((*name).to_string(), "pseudo parameter".to_string(), rank);
        }
        push("AWS::NoValue".to_string(), "leaves the member out".to_string(), 30);
    }
    Some(List { replace: hole.replace, comma: None, items, is_incomplete: false })
        .filter(|_| matches!(file.report.parsed, Parsed::Yaml(_) | Parsed::Terraform(_)))
}
