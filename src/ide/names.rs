//! Names that documents give and use: containers, volumes, ports, statements, resources of templates. Where each
//! is given, where it is used, and what giving another name changes.

use super::File;
use crate::host::value::{Object, StringValue, Value};
use crate::host::{Document, DocumentKind, Parsed, Target};
use crate::model::TaskDefinition;
use crate::text::{Source, Span, TextEdit};

/// What has the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    Container,
    Volume,
    Port,
    Statement,
    /// Of a template or module.
    Resource,
}

/// A place where a name stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    pub span: Span,
    /// Whether it is given there, not used.
    pub gives: bool,
}

/// A name, with all places of it in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameAt {
    pub name: String,
    pub named: Named,
    /// Where the cursor is.
    pub span: Span,
    pub occurrences: Vec<Occurrence>,
}

/// A place of a name in one document.
struct Place {
    named: Named,
    name: String,
    span: Span,
    gives: bool,
}

/// The name at an offset; `None` where none is.
pub fn at(file: &File<'_>, offset: u32) -> Option<NameAt> {
    for (index, document) in file.report.documents.iter().enumerate() {
        if !document.span.touches(offset) {
            continue;
        }
        let places = of_document(document);
        let Some(here) = places.iter().find(|place| place.span.touches(offset)) else { continue };
        let mut occurrences: Vec<Occurrence> = Vec::new();
        for (other, of) in file.report.documents.iter().enumerate() {
            if other == index || here.named != Named::Statement && are_tied(document, of) {
                let same =
                    of_document(of).into_iter().filter(|it| it.named == here.named && it.name == here.name);
                occurrences.extend(same.map(|it| Occurrence { span: it.span, gives: it.gives }));
            }
        }
        occurrences.sort_by_key(|it| it.span);
        occurrences.dedup();
        return Some(NameAt { name: here.name.clone(), named: here.named, span: here.span, occurrences });
    }
    resource(file, offset)
}

/// Whether a service runs a task definition.
fn are_tied(a: &Document, b: &Document) -> bool {
    let runs = |service: &Document, task: &Document| {
        service.kind == DocumentKind::Service
            && service.references.iter().any(|reference| {
                matches!(&reference.target, Target::Resource(name)
                    if task.owner.as_ref().is_some_and(|owner| owner.name == *name))
            })
    };
    runs(a, b) || runs(b, a)
}

fn of_document(document: &Document) -> Vec<Place> {
    let mut places = Vec::new();
    let mut push = |named: Named, string: Option<&StringValue>, base: u32, gives: bool| {
        let Some(string) = string.filter(|it| it.is_written() && !it.has_unknown() && !it.text.is_empty())
        else {
            return;
        };
        // `name:alias` of a link.
        let end = string.text.find(':').unwrap_or(string.text.len());
        let span = if end < string.text.len() { string.part(0..end) } else { string.content_span() };
        places.push(Place { named, name: string.text[..end].to_string(), span: span.shifted(base), gives });
    };
    if document.kind.is_policy() {
        for unit in &document.units {
            let sid = unit.unit.value.as_object().and_then(|object| object.string("Sid"));
            push(Named::Statement, sid, unit.base, true);
        }
        return places;
    }
    let objects = |value: Option<&Value>| -> Vec<Object> {
        value.map_or_else(Vec::new, |value| {
            value.one_or_many().iter().filter_map(Value::as_object).cloned().collect()
        })
    };
    if document.kind == DocumentKind::Service {
        let Some(head) = document.object() else { return places };
        for balancer in objects(head.get("loadBalancers")) {
            push(Named::Container, balancer.string("containerName"), 0, false);
        }
        for volume in objects(head.get("volumeConfigurations")) {
            push(Named::Volume, volume.string("name"), 0, false);
        }
        let services = head.object("serviceConnectConfiguration").and_then(|it| it.get("services"));
        for service in objects(services) {
            push(Named::Port, service.string("portName"), 0, false);
        }
        return places;
    }
    if TaskDefinition::of(document).is_none() {
        return places;
    }
    if let Some(head) = document.object() {
        for volume in objects(head.get("volumes")) {
            push(Named::Volume, volume.string("name"), 0, true);
        }
        let proxy = head.object("proxyConfiguration").and_then(|it| it.string("containerName"));
        push(Named::Container, proxy, 0, false);
    }
    for unit in &document.units {
        let Some(container) = unit.unit.value.as_object() else { continue };
        push(Named::Container, container.string("name"), unit.base, true);
        for dependency in objects(container.get("dependsOn")) {
            push(Named::Container, dependency.string("containerName"), unit.base, false);
        }
        for volume in objects(container.get("volumesFrom")) {
            push(Named::Container, volume.string("sourceContainer"), unit.base, false);
        }
        for link in container.items("links") {
            push(Named::Container, link.as_string(), unit.base, false);
        }
        for mount in objects(container.get("mountPoints")) {
            push(Named::Volume, mount.string("sourceVolume"), unit.base, false);
        }
        for port in objects(container.get("portMappings")) {
            push(Named::Port, port.string("name"), unit.base, true);
        }
    }
    places
}

/// A resource or parameter of a template or module, by what stands in the text.
fn resource(file: &File<'_>, offset: u32) -> Option<NameAt> {
    if file.report.documents.is_empty() {
        return None;
    }
    let names = file.report.parsed.names();
    let text = file.text.slice(Span::new(0, Source::len(file.text)));
    let is_terraform = matches!(file.report.parsed, Parsed::Terraform(_));
    let belongs =
        |char: char| char.is_ascii_alphanumeric() || char == '_' || is_terraform && matches!(char, '.' | '-');
    let at = offset as usize;
    let start = text.get(..at)?.trim_end_matches(belongs).len();
    let end = at + text.get(at..)?.find(|char: char| !belongs(char)).unwrap_or(text.len() - at);
    let word = &text[start..end];
    let heading = is_terraform.then(|| heading_at(&text, at)).flatten();
    let wanted = heading.as_deref().unwrap_or(word);
    let (name, _) = names
        .iter()
        .filter(|(name, _)| {
            wanted == &**name || wanted.strip_prefix(&**name).is_some_and(|it| it.starts_with('.'))
        })
        .max_by_key(|(name, _)| name.len())?;
    let mut occurrences = Vec::new();
    for (found, _) in text.match_indices(&**name) {
        let before = text[..found].chars().next_back();
        let behind = text[found + name.len()..].chars().next();
        let is_part =
            |char: Option<char>| char.is_some_and(|it| it.is_ascii_alphanumeric() || it == '_' || it == '-');
        if is_part(before) || before == Some('.') || is_part(behind) {
            continue;
        }
        let line = text[..found].rfind('\n').map_or(0, |at| at + 1);
        let head = &text[line..found];
        let gives = !is_terraform
            && head.trim_matches([' ', '"']).is_empty()
            && text[found + name.len()..].trim_start_matches('"').starts_with(':');
        let is_reference = is_terraform
            || gives
            || [
                "!Ref ",
                "!GetAtt ",
                "${",
                "Ref: ",
                "GetAtt: ",
                "\"Ref\": \"",
                "[\"",
                "[",
                "DependsOn: ",
                "- ",
            ]
            .iter()
            .any(|sign| head.ends_with(sign));
        if is_reference && !head.trim_start().starts_with('#') {
            let span = Span::new(found as u32, (found + name.len()) as u32);
            occurrences.push(Occurrence { span, gives });
        }
    }
    if is_terraform && let Some(span) = heading_of(&text, name) {
        occurrences.push(Occurrence { span, gives: true });
    }
    occurrences.sort_by_key(|it| it.span);
    let span = Span::new(start as u32, end as u32);
    (!occurrences.is_empty()).then(|| NameAt {
        name: name.to_string(),
        named: Named::Resource,
        span,
        occurrences,
    })
}

/// The address of the block whose first line an offset is in.
fn heading_at(text: &str, at: usize) -> Option<String> {
    let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    let line = text[start..].lines().next()?;
    let mut words = line.split('"');
    let keyword = words.next()?.trim();
    let (kind, name) = (words.next()?, words.nth(1)?);
    match keyword {
        "resource" => Some(format!("{kind}.{name}")),
        "data" => Some(format!("data.{kind}.{name}")),
        _ => None,
    }
}

/// The label that names a block.
fn heading_of(text: &str, address: &str) -> Option<Span> {
    let (keyword, rest) = match address.strip_prefix("data.") {
        Some(rest) => ("data", rest),
        None => ("resource", address),
    };
    let (kind, name) = rest.split_once('.')?;
    let found = text.find(&format!("{keyword} \"{kind}\" \"{name}\""))?;
    let start = found + keyword.len() + kind.len() + 5;
    Some(Span::new(start as u32, (start + name.len()) as u32))
}

/// The edits that give another name; in words why not, where it cannot be given.
pub fn renamed(file: &File<'_>, offset: u32, new: &str) -> Result<Vec<TextEdit>, String> {
    let found = at(file, offset).ok_or("There is no name to change here.")?;
    let is_word = |more: &[char]| {
        !new.is_empty() && new.chars().all(|char| char.is_ascii_alphanumeric() || more.contains(&char))
    };
    let problem = match found.named {
        Named::Resource => {
            Some("Names of resources are changed where everything that uses them is open.".to_string())
        }
        Named::Statement if !is_word(&[]) => Some("A Sid has letters and digits only.".to_string()),
        Named::Container | Named::Volume if !is_word(&['-', '_']) || new.len() > 255 => {
            Some("The name has up to 255 letters, digits, hyphens and underscores.".to_string())
        }
        Named::Port
            if !is_word(&['-', '_'])
                || new.len() > 64
                || new.chars().any(|char| char.is_ascii_uppercase()) =>
        {
            Some(
                "The name of a port has up to 64 lower-case letters, digits, hyphens and underscores."
                    .to_string(),
            )
        }
        _ => None,
    };
    if let Some(problem) = problem {
        return Err(problem);
    }
    let is_taken = file.report.documents.iter().any(|document| {
        let is_here = found.occurrences.iter().any(|it| document.span.covers(it.span));
        is_here
            && new != found.name
            && of_document(document).iter().any(|it| it.gives && it.named == found.named && it.name == new)
    });
    if is_taken {
        return Err(format!("`{new}` is taken."));
    }
    Ok(found.occurrences.iter().map(|it| TextEdit { span: it.span, text: new.to_string() }).collect())
}
