//! What resources of the same template or module yield: `!GetAtt Role.Arn`, `aws_iam_role.task.arn`; and names
//! inside of such references.

use super::{At, Item, ItemKind, List};
use crate::catalog::{self, ReferenceType, ResourceType};
use crate::host::{Document, Function, Parsed, Taken};
use crate::ide::File;
use crate::ide::place::{self, Notation, Slot, Step};
use crate::text::{Source, Span};

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
    // Another function takes other values than those that stand there.
    let is_written = at.place.slot == Slot::Name { has_colon: true };
    if !is_template || is_written || at.place.document.embedded.is_some() {
        return Vec::new();
    }
    use super::skeleton::{self, Skeleton};
    let pair = || Skeleton::List(vec![Skeleton::empty(), Skeleton::Text("Arn".into())]);
    let texts = |count| Skeleton::List(vec![Skeleton::empty(); count]);
    let joined = || Skeleton::List(vec![Skeleton::empty(), texts(2)]);
    [("Fn::GetAtt", pair()), ("Fn::Sub", Skeleton::empty()), ("Ref", Skeleton::empty())]
        .into_iter()
        .chain([("Fn::ImportValue", Skeleton::empty()), ("Fn::Join", joined()), ("Fn::If", texts(3))])
        .zip(0..)
        .map(|((name, value), rank)| {
            skeleton::member(at.writing, ItemKind::Field, name, "function", &value, false).ranked(rank)
        })
        .collect()
}

/// The list inside of a reference: names of resources and parameters, and what they yield.
pub(super) fn names(file: &File<'_>, offset: u32) -> Option<List> {
    let hole = file.report.parsed.hole(file.text, offset)?;
    let key = key_above(file, hole.replace.start);
    let items = match hole.taken {
        Taken::Reference(function) => names_for(file, function, &key),
        // An argument outside of every document of ours that is called as a type of resource is.
        Taken::Value if is_argument(file, hole.replace) && hole.quote.is_none() => {
            let by_name = !key.ends_with("arn");
            let mut items = names_for(file, Function::Expression, &key);
            items.retain(|item| matches!(item.rank, 0 | 10 | 11));
            for item in items.iter_mut().filter(|_| by_name) {
                item.rank = if item.label.ends_with(".name") { 0 } else { item.rank + 1 };
            }
            items
        }
        _ => return None,
    };
    if items.is_empty() {
        return None;
    }
    Some(List { replace: hole.replace, comma: None, items, is_incomplete: false })
        .filter(|_| matches!(file.report.parsed, Parsed::Yaml(_) | Parsed::Terraform(_)))
}

/// Whether a span is all that stands behind an equals sign on a line of a module.
fn is_argument(file: &File<'_>, span: Span) -> bool {
    let line = file.text.line_span(file.text.line_of(span.start));
    matches!(file.report.parsed, Parsed::Terraform(_))
        && file.text.slice(Span::new(line.start, span.start)).trim_end().ends_with('=')
        && file.text.slice(Span::new(span.end, line.end.max(span.end))).trim().is_empty()
}

/// The same in a template that is JSON: `{ "Ref": "…" }`, `{ "Fn::GetAtt": ["…", "Arn"] }`.
pub(super) fn names_in_json(file: &File<'_>, offset: u32) -> Option<List> {
    let is_template = |it: &Document| it.owner.as_ref().is_some_and(|it| it.resource_type.contains("::"));
    if !matches!(file.report.parsed, Parsed::Json(_)) || !file.report.documents.iter().any(is_template) {
        return None;
    }
    let outside = place::outside(file, offset).filter(|it| it.slot == Slot::Value)?;
    let member = |step: &Step, name: &str| matches!(step, Step::Member(it) if it == name);
    let is_attribute = match &outside.path[..] {
        [.., last] if member(last, "Ref") => false,
        [.., list, Step::Item] if member(list, "Fn::GetAtt") => {
            let before =
                file.text.slice(Span::new(outside.token.start.saturating_sub(60), outside.token.start));
            // The second item is the attribute.
            if before.rsplit('[').next().is_some_and(|inside| inside.contains(',')) {
                return None;
            }
            true
        }
        _ => return None,
    };
    let mut items = names_for(file, Function::Ref, "");
    if is_attribute {
        items.retain(|item| item.detail.contains("::"));
    }
    if !outside.typed.opened {
        items.iter_mut().for_each(|item| item.insert = format!("\"{}\"", item.insert));
    } else if !outside.typed.closed {
        items.iter_mut().for_each(|item| item.insert.push('"'));
    }
    Some(List { replace: outside.typed.replace, comma: None, items, is_incomplete: false })
}

/// What a function or an expression may name; `key`: the property or argument that it stands in.
pub(super) fn names_for(file: &File<'_>, function: Function, key: &str) -> Vec<Item> {
    let mut items = Vec::new();
    let key = key.to_ascii_lowercase().replace('_', "");
    for (name, resource_type) in file.report.parsed.names() {
        // `Roles` takes roles, `TaskDefinition` a task definition.
        let of_type = match resource_type.contains("::") {
            true => resource_type.rsplit("::").next().unwrap_or_default().to_ascii_lowercase(),
            false => resource_type.split('_').skip(2).collect::<String>(),
        };
        let behind = if key.is_empty() || !of_type.is_empty() && key.contains(&of_type) { 0 } else { 4 };
        let mut push = |label: String, detail: String, rank: u16| {
            let item = Item::new(ItemKind::Reference, label.clone(), detail, label);
            items.push(item.ranked(rank + behind));
        };
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
        let mut push = |label: &'static str, detail: &'static str, rank: u16| {
            items.push(Item::new(ItemKind::Reference, label, detail, label.to_string()).ranked(rank));
        };
        for (name, rank) in
            ["AWS::Region", "AWS::AccountId", "AWS::Partition", "AWS::StackName"].into_iter().zip(20..)
        {
            push(name, "pseudo parameter", rank);
        }
        push("AWS::NoValue", "leaves the member out", 30);
    }
    items
}

/// The key of the line that an offset is in; of an item in a list, that of the list.
fn key_above(file: &File<'_>, offset: u32) -> String {
    let mut depth = usize::MAX;
    for line in (file.text.line_of(offset).saturating_sub(40)..=file.text.line_of(offset)).rev() {
        let span = file.text.line_span(line);
        let text = file.text.slice(Span::new(span.start, span.end.min(offset.max(span.start))));
        let content = text.trim_start_matches([' ', '-']);
        let own = text.len() - text.trim_start_matches(' ').len();
        let end = content.find([':', '=']).unwrap_or(0);
        let key = content[..end].trim_matches([' ', '"']);
        if !key.is_empty() && key.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_') && own <= depth {
            return key.to_string();
        }
        depth = depth.min(own);
    }
    String::new()
}

/// What a field takes from the resources of the same template or module.
#[derive(Debug, Clone, Copy)]
pub(super) enum TakenFrom {
    /// The ARN of a resource: its service and its type.
    Arn(&'static str, &'static str),
    /// The name, or what `Ref` gives, of such a thing: see [`catalog::taken_by_name`].
    Name(&'static str),
    /// The address of a repository of images.
    Repository,
    /// A parameter.
    Parameter,
}

/// References for a field that takes nothing but what a resource or a parameter yields.
pub(super) fn yields(at: &At<'_>, wanted: &[TakenFrom]) -> Vec<Item> {
    if at.writing.typed.opened || at.place.document.embedded.is_some() {
        return Vec::new();
    }
    let is_template = at.place.document.owner.as_ref().is_some_and(|it| it.resource_type.contains("::"));
    let notation = at.place.notation;
    if notation != Notation::Hcl && !is_template {
        return Vec::new();
    }
    let by_ref = |name: &str| match notation {
        Notation::Yaml => (format!("!Ref {name}"), format!("!Ref {name}")),
        _ => (name.to_string(), format!("{{ \"Ref\": \"{name}\" }}")),
    };
    let mut items = Vec::new();
    for (name, resource_type) in at.file.report.parsed.names() {
        for (wanted, rank) in wanted.iter().zip(0u16..) {
            let found = match wanted {
                TakenFrom::Arn(service, kind) => catalog::reference(&resource_type)
                    .filter(|it| (it.service, it.resource_type) == (*service, *kind))
                    .and_then(|it| reference(at, &name, it)),
                TakenFrom::Name(thing) => match (notation, catalog::taken_by_name(thing)) {
                    (Notation::Hcl, [_, of_module, attribute, ..]) if *resource_type == **of_module => {
                        let label = format!("{name}.{attribute}");
                        Some((label.clone(), label))
                    }
                    (Notation::Yaml | Notation::Json, [of_template, ..])
                        if *resource_type == **of_template =>
                    {
                        Some(by_ref(&name))
                    }
                    _ => None,
                },
                TakenFrom::Repository => {
                    let text = match (notation, catalog::taken_by_name("repository")) {
                        (Notation::Hcl, [_, of_module, url, ..]) if *resource_type == **of_module => {
                            Some(format!("\"${{{name}.{url}}}:latest\""))
                        }
                        (Notation::Yaml, [of_template, _, _, url]) if *resource_type == **of_template => {
                            Some(format!("!Sub \"${{{name}.{url}}}:latest\""))
                        }
                        _ => None,
                    };
                    text.map(|text| (text.clone(), text))
                }
                TakenFrom::Parameter if notation == Notation::Hcl => None,
                TakenFrom::Parameter => resource_type.is_empty().then(|| by_ref(&name)),
            };
            let detail = match resource_type.is_empty() {
                true => "parameter of this file".to_string(),
                false => format!("{resource_type} of this file"),
            };
            items.extend(
                found.map(|(label, insert)| {
                    Item::new(ItemKind::Reference, label, detail, insert).ranked(rank)
                }),
            );
        }
    }
    items
}
