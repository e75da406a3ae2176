//! `aws_iam_policy_document`: a policy whose elements are arguments and blocks.

use super::joined::JOINING;
use super::module::DOCUMENT;
use super::parse::Block;
use super::resolve::Resolver;
use super::{Place, around};
use crate::catalog;
use crate::host::value::{Member, Object, StringValue, Value};
use crate::host::{Document, DocumentKind, Joined, Naming, Owner, PROBE, Placed, policy_kind};
use crate::text::Span;

/// The document, as each of the things that it is used for: a trust policy and a policy of permissions are not
/// the same. None where the statements are made elsewhere.
pub(super) fn documents(place: &Place<'_>, owner: &Owner) -> Vec<Document> {
    let Some(document) = document(place, owner) else { return Vec::new() };
    let name = place.label(1);
    if place.resolver.module.has_another(name) {
        return vec![document];
    }
    let is_trust = |kind: DocumentKind| kind == DocumentKind::Trust;
    let other =
        place.resolver.module.uses(name).into_iter().find(|of| is_trust(of.kind) != is_trust(document.kind));
    let other = other.filter(|of| is_trust(of.kind)).map(|of| Document {
        kind: of.kind,
        reason: of.reason().into(),
        ..document.clone()
    });
    std::iter::once(document).chain(other).collect()
}

/// `None` where the statements are made elsewhere.
fn document(place: &Place<'_>, owner: &Owner) -> Option<Document> {
    let mut assumed = Vec::new();
    let resolver = Resolver { references: true, ..place.resolver };
    let value = resolver.evaluate(&Value::Object(place.block.body.clone()), &mut assumed);
    let body = value.as_object()?;
    let blocks: Vec<&Member> =
        body.members.iter().filter(|member| &*member.name.text == "statement").collect();
    let statements: Vec<Value> = blocks
        .iter()
        .filter_map(|member| member.value.as_object())
        .map(statement)
        .map(Value::Object)
        .collect();
    let completed = body.members.iter().filter(|member| member.name.text.contains(PROBE));
    let joined = joined(place);
    if statements.is_empty() && joined.is_empty() && completed.clone().next().is_none() {
        return None;
    }
    let units_span = around(blocks.iter().map(|member| member.span()))
        .or_else(|| around(joined.iter().map(|part| part.span)));
    let mut members: Vec<Member> = ["version", "policy_id"]
        .into_iter()
        .filter_map(|argument| body.member(argument))
        .map(|member| Member { name: renamed(&member.name), value: member.value.clone() })
        .collect();
    if !body.has("version") {
        // What the provider writes where nothing else is said.
        let head = Span::new(body.span.start, body.span.start + 1);
        let name = StringValue::standing_for("Version", head);
        let value = Value::String(StringValue::standing_for("2012-10-17", head));
        members.push(Member { name, value });
    }
    members
        .extend(completed.map(|it| Member { name: it.name.clone(), value: Value::Unknown(it.value.span()) }));
    let (kind, reason, owner) = purpose(place, owner, &statements);
    let mut statements = statements;
    statements.iter_mut().for_each(|statement| leave_out(statement, kind));
    // The blocks are the units; together they stand where the first and the last of them do.
    let first = blocks.first().map(|first| first.name.span).or(joined.first().map(|part| part.span));
    if let (Some(first), Some(span)) = (first, units_span) {
        let name = StringValue::standing_for("Statement", first);
        members.push(Member { name, value: Value::Apart(span) });
    }
    let head = Value::Object(Object { span: body.span, members });
    Some(Document {
        naming: Naming::TerraformPolicy,
        owner: Some(owner),
        assumed,
        units: statements.into_iter().map(Placed::unmoved).collect(),
        units_span: units_span.filter(|_| !blocks.is_empty()),
        joined: joined.into(),
        // What other documents add is not known.
        is_open: blocks.iter().any(|block| block.value.as_object().is_none_or(Object::is_open))
            || body.has("source_policy_documents")
            || body.has("override_policy_documents"),
        ..Document::of(kind, reason, head, "")
    })
}

/// The documents that a policy document takes in, as far as their file tells what they hold.
fn joined(place: &Place<'_>) -> Vec<Joined> {
    let mut found = Vec::new();
    for argument in JOINING {
        let Some(Value::Array(list)) = place.block.body.get(argument) else { continue };
        for item in &list.items {
            let source = place.resolver.source(item.span()).trim();
            let name = source.strip_prefix(DOCUMENT).and_then(|rest| rest.strip_suffix(".json"));
            let Some(name) = name.filter(|name| !name.contains(['[', '.', ' '])) else { continue };
            let Some(part) = place.resolver.module.part_of_policy(name).filter(|part| !part.is_open) else {
                continue;
            };
            found.push(Joined {
                span: item.span(),
                name: name.into(),
                sids: part.sids.clone().into(),
                characters: part.characters,
                replaces: argument == JOINING[1],
            });
        }
    }
    found
}

/// A statement without the document around it.
pub(super) fn of_statement(place: &Place<'_>) -> Vec<Document> {
    let body = &place.block.body;
    let start = Span::new(body.span.start, body.span.start);
    let member =
        Member { name: StringValue::standing_for("statement", start), value: Value::Object(body.clone()) };
    let block = Block {
        keyword: place.block.keyword.clone(),
        labels: Vec::new(),
        body: Object { span: body.span, members: vec![member] },
        spreads: Vec::new(),
        repeats: Vec::new(),
    };
    let around = Place { block: &block, resolver: Resolver { ..place.resolver } };
    document(&around, &place.owner()).into_iter().collect()
}

/// Takes out of a statement that `dynamic` makes what may be none: an element that is not known may be `null`,
/// and then it is not there.
pub(super) fn leave_out(statement: &mut Value, kind: DocumentKind) {
    let Value::Object(statement) = statement else { return };
    if !statement.is_open() {
        return;
    }
    statement.members.retain(|member| {
        let may_be_none = match &*member.name.text {
            "NotAction" | "NotResource" | "Principal" | "NotPrincipal" => true,
            "Resource" => kind == DocumentKind::Trust,
            _ => false,
        };
        !may_be_none || !member.value.is_unknown()
    });
}

/// What the document is for, told by what is done with it in the module, else by its statements.
fn purpose(place: &Place<'_>, owner: &Owner, statements: &[Value]) -> (DocumentKind, String, Owner) {
    let name = place.label(1);
    let uses = place.resolver.module.uses(name);
    let mut uses = uses.iter();
    if let Some(first) = uses.next() {
        let mut is_alone = true;
        let mut is_one_type = true;
        let mut is_one_kind = true;
        for other in uses {
            is_one_kind &= other.kind == first.kind;
            is_alone &= other.by == first.by;
            is_one_type &= resource_type(&other.by) == resource_type(&first.by);
        }
        if is_one_kind {
            let reason = first.reason();
            // A trust policy is its role's.
            let owner = match first.kind {
                DocumentKind::Trust if is_alone && first.of_module.is_none() => {
                    Owner { name: first.by.clone(), role_name: first.role_name.clone(), ..owner.clone() }
                }
                // What it sits on says how long it may be, and which actions have a place in it.
                _ if is_one_type => Owner { resource_type: resource_type(&first.by).into(), ..owner.clone() },
                _ => owner.clone(),
            };
            return (first.kind, reason, owner);
        }
    }
    let (kind, reason) = policy_kind::infer(statements.iter(), "");
    (kind, reason.into(), owner.clone())
}

/// The element that an argument is. Modules have names of their own for two of them.
fn element(argument: &str) -> Option<&'static str> {
    match argument {
        "conditions" => Some("Condition"),
        "principal" => Some("Principal"),
        _ => catalog::policy_element(argument),
    }
}

/// That of an address: `aws_iam_policy` of `aws_iam_policy.deploy`.
fn resource_type(address: &str) -> &str {
    address.split('.').next().unwrap_or_default()
}

fn renamed(name: &StringValue) -> StringValue {
    match element(&name.text) {
        Some(element) => StringValue::standing_for(element, name.span),
        None => name.clone(),
    }
}

/// A block as a statement. Arguments that are none of a statement's are left as they are: Terraform
/// itself refuses them.
pub(super) fn statement(block: &Object) -> Object {
    let mut members: Vec<Member> = Vec::new();
    for member in &block.members {
        let Some(element) = element(&member.name.text) else {
            members.push(member.clone());
            continue;
        };
        match element {
            // What is being written is an argument of the block, as the file has it.
            "Principal" | "NotPrincipal" | "Condition" if names_probe(&member.value) => {
                members.push(member.clone());
            }
            "Principal" | "NotPrincipal" | "Condition" => {
                if !members.iter().any(|known| *known.name.text == *element) {
                    let all: Vec<&Member> =
                        block.members.iter().filter(|other| other.name.text == member.name.text).collect();
                    let value = if element == "Condition" { conditions(&all) } else { principals(&all) };
                    members.push(Member { name: renamed(&member.name), value });
                }
            }
            _ => {
                let mut value = member.value.clone();
                variables(&mut value);
                members.push(Member { name: renamed(&member.name), value });
            }
        }
    }
    if !block.has("effect") {
        let open = block.open();
        let name = StringValue::standing_for("Effect", open);
        let value = Value::String(StringValue::standing_for("Allow", open));
        members.push(Member { name, value });
    }
    Object { span: block.span, members }
}

/// `&{aws:username}` is how the provider writes IAM's variables, whose own mark is Terraform's.
fn variables(value: &mut Value) {
    match value {
        Value::Unknown(span) => *value = Value::String(StringValue::unknown(*span)),
        Value::String(string) if string.text.contains("&{") => {
            string.text = string.text.replace("&{", "${").into();
        }
        Value::Array(array) => array.items.iter_mut().for_each(variables),
        _ => {}
    }
}

/// Whether a block has an argument that is being written.
fn names_probe(block: &Value) -> bool {
    block
        .as_object()
        .is_some_and(|block| block.members.iter().any(|argument| argument.name.text.contains(PROBE)))
}

/// Whether something in a block is being written.
fn holds_probe(block: &Object) -> bool {
    let is_probe = |value: &Value| value.as_string().is_some_and(|text| text.text.contains(PROBE));
    block.members.iter().any(|argument| argument.value.one_or_many().iter().any(is_probe))
}

/// The objects that blocks of one name are, or an argument holds: one, a list or a map of them. `None`
/// where one of them is not known.
fn objects<'v>(members: &[&'v Member], names: &[&str]) -> Option<Vec<&'v Object>> {
    let mut found = Vec::new();
    for member in members {
        match &member.value {
            Value::Object(object) if names.iter().any(|name| object.has(name)) => found.push(object),
            // A block that is being typed.
            Value::Object(object) if object.members.is_empty() => found.push(object),
            Value::Object(map) => {
                for member in &map.members {
                    found.push(member.value.as_object()?);
                }
            }
            Value::Array(list) => {
                for item in &list.items {
                    found.push(item.as_object()?);
                }
            }
            _ => return None,
        }
    }
    Some(found)
}

fn principals(members: &[&Member]) -> Value {
    let span = around(members.iter().map(|member| member.span())).unwrap_or_default();
    // Permissions of QuickSight name one.
    if let [Member { value: Value::String(text), .. }] = members {
        let name = StringValue::standing_for("AWS", Span::new(text.span.start, text.span.start));
        let value = Value::String(text.clone());
        return Value::Object(Object { span: text.span, members: vec![Member { name, value }] });
    }
    let Some(blocks) = objects(members, &["type", "identifiers"]) else { return Value::Unknown(span) };
    let mut members: Vec<Member> = Vec::new();
    for block in &blocks {
        let (Some(Value::String(kind)), Some(identifiers)) = (block.get("type"), block.get("identifiers"))
        else {
            // It is being written: the one without the other.
            match (block.get("type"), block.get("identifiers")) {
                (Some(Value::String(kind)), None) if holds_probe(block) => {
                    push(&mut members, kind, &Value::Missing(block.span));
                }
                (None, Some(identifiers)) if holds_probe(block) => {
                    push(&mut members, &StringValue::standing_for("AWS", block.open()), identifiers);
                }
                _ => return Value::Unknown(span),
            }
            continue;
        };
        if kind.has_unknown() {
            return Value::Unknown(span);
        }
        // `*` as the type stands for everyone, whatever the list says.
        if &*kind.text == "*" {
            return match identifiers.one_or_many().first() {
                Some(Value::String(everyone)) if blocks.len() == 1 => Value::String(everyone.clone()),
                _ => Value::Unknown(span),
            };
        }
        push(&mut members, kind, identifiers);
    }
    Value::Object(Object { span, members })
}

fn conditions(blocks: &[&Member]) -> Value {
    let span = around(blocks.iter().map(|member| member.span())).unwrap_or_default();
    let Some(objects) = objects(blocks, &["test", "variable", "values"]) else { return Value::Unknown(span) };
    let mut operators: Vec<Member> = Vec::new();
    for object in objects {
        let (test, variable) = (object.string("test"), object.string("variable"));
        let missing = Value::Missing(object.span);
        let (test, variable, values) = match (test, variable, object.get("values")) {
            (Some(test), Some(variable), Some(values)) => (test.clone(), variable, values),
            // What a `dynamic` block makes of its conditions is not known.
            _ if object.is_open() => return Value::Unknown(span),
            // It is made elsewhere.
            _ if !holds_probe(object) => continue,
            (test, variable, values) => {
                let likely = || StringValue::standing_for("StringEquals", object.open());
                let test = test.cloned().unwrap_or_else(likely);
                match variable {
                    Some(variable) => (test, variable, values.unwrap_or(&missing)),
                    None => {
                        let keys = Value::Object(Object { span: object.span, members: Vec::new() });
                        operators.push(Member { name: test, value: keys });
                        continue;
                    }
                }
            }
        };
        let known = operators.iter_mut().find(|operator| operator.name.text == test.text);
        match known.map(|operator| &mut operator.value) {
            Some(Value::Object(keys)) => {
                keys.span = keys.span.to(object.span);
                push(&mut keys.members, variable, values);
            }
            _ => {
                let mut keys = Vec::new();
                push(&mut keys, variable, values);
                let value = Value::Object(Object { span: object.span, members: keys });
                operators.push(Member { name: test.clone(), value });
            }
        }
    }
    Value::Object(Object { span, members: operators })
}

/// Adds a list under a name; the lists of one name are one list.
fn push(members: &mut Vec<Member>, name: &StringValue, values: &Value) {
    let mut values = values.clone();
    variables(&mut values);
    let known = members.iter_mut().find(|member| member.name.text == name.text);
    match (known.map(|member| &mut member.value), &values) {
        (Some(Value::Array(list)), Value::Array(more)) => {
            list.span = list.span.to(more.span);
            list.items.extend(more.items.iter().cloned());
        }
        (Some(known), _) => *known = Value::Unknown(known.span()),
        (None, _) => members.push(Member { name: name.clone(), value: values }),
    }
}
