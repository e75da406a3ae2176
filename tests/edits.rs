//! What an edit makes of a text, in every host: the files in `tests/edits` hold a text, edits, and the text after.
//!
//! `␍` stands for a carriage return, `⇥` for a tab, and `␃` at the end of a text for no line break there.
//! `UPDATE=1` writes what comes out; look at it before it is kept.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use passrole::host::{Document, Edit, Module, Name, Parsed, Surroundings, value::Value};
use passrole::text::{Span, edit};
use std::fmt::Write as _;
use std::path::PathBuf;

struct Case {
    title: String,
    path: String,
    fence: String,
    before: String,
    edits: Vec<String>,
    after: String,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/edits")
}

fn cases(text: &str) -> Vec<Case> {
    text.split("\n## ")
        .skip(1)
        .map(|part| {
            let (head, rest) = part.split_once("\n```").unwrap();
            let (title, path) = head.trim().rsplit_once(": `").unwrap();
            let (fence, rest) = rest.split_once('\n').unwrap();
            let (before, rest) = rest.split_once("```\n").unwrap();
            let (edits, after) = rest.split_once("\n```").unwrap_or((rest, ""));
            let after = after.split_once('\n').map_or("", |(_, after)| after);
            Case {
                title: title.to_string(),
                path: path.trim_end_matches('`').to_string(),
                fence: fence.to_string(),
                before: before.to_string(),
                edits: edits.lines().filter_map(|line| Some(line.strip_prefix("* ")?.to_string())).collect(),
                after: after.split("```").next().unwrap().to_string(),
            }
        })
        .collect()
}

fn decoded(text: &str) -> String {
    let text = text.replace("␍\n", "\r\n").replace('␍', "\r").replace('⇥', "\t");
    text.split('␃').next().unwrap().to_string()
}

fn encoded(text: &str) -> String {
    let mut out = text.replace("\r\n", "␍\n").replace('\r', "␍").replace('\t', "⇥");
    if !out.ends_with('\n') {
        out += "␃\n";
    }
    out
}

/// The value at a path of names and indices, and where a member's name stands: `Statement/0/Action`.
fn find(document: &Document, path: &str) -> (Span, Span) {
    fn below(value: &Value, base: u32, name: Span, path: &str) -> (Span, Span) {
        let (first, rest) = path.split_once('/').unwrap_or((path, ""));
        match value {
            _ if first.is_empty() => (name.shifted(base), value.span().shifted(base)),
            Value::Object(object) => {
                let member = object.member(first).unwrap_or_else(|| panic!("no `{first}`"));
                below(&member.value, base, member.name.content_span(), rest)
            }
            Value::Array(array) => {
                below(&array.items[first.parse::<usize>().unwrap()], base, Span::default(), rest)
            }
            other => panic!("`{first}` in {other:?}"),
        }
    }
    let (first, rest) = path.split_once('/').unwrap_or((path, ""));
    let apart = document
        .object()
        .and_then(|head| head.members.iter().find(|member| matches!(member.value, Value::Apart(_))));
    match apart {
        Some(units) if *units.name.text == *first && rest.is_empty() => {
            (units.name.span, document.units_span.unwrap())
        }
        Some(units) if *units.name.text == *first => {
            let (index, rest) = rest.split_once('/').unwrap_or((rest, ""));
            let unit = &document.units[index.parse::<usize>().unwrap()];
            below(&unit.unit.value, unit.base, Span::default(), rest)
        }
        _ => below(&document.head, 0, Span::default(), path),
    }
}

/// `insert PATH KEY VALUE`, `insert-field PATH NAME VALUE`, `rename-field PATH NEW`, `append PATH VALUE`, `sibling PATH VALUE`, `remove PATH`, `remove-item PATH`,
/// `rename PATH NEW`, `text PATH FROM NEW`, `value PATH VALUE`.
fn edit_of(text: &str, document: &Document, line: &str) -> Edit {
    let mut words = line.splitn(3, ' ');
    let (verb, path) = (words.next().unwrap(), words.next().unwrap().trim_matches('/'));
    let rest = words.next().unwrap_or_default();
    let (name, span) = find(document, path);
    let json = |text: &str| serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    match verb {
        "insert" => {
            let (member, value) = rest.split_once(' ').unwrap();
            Edit::InsertMember { object: span, name: Name::key(member), value: json(value) }
        }
        "insert-field" => {
            let (member, value) = rest.split_once(' ').unwrap();
            Edit::InsertMember { object: span, name: Name::field(member), value: json(value) }
        }
        "append" => Edit::InsertItem { array: span, value: json(rest) },
        "sibling" => Edit::InsertSibling { item: span, value: json(rest) },
        "remove" => Edit::RemoveMember { span: name },
        "remove-item" => Edit::RemoveItem { span },
        "rename-field" => Edit::RenameField { span: name, field: rest.into() },
        "rename" => Edit::ReplaceText { span: name, text: rest.into() },
        "value" => Edit::ReplaceValue { span, value: json(rest) },
        "text" => {
            let (from, new) = rest.split_once(' ').unwrap();
            let at = span.start as usize + text[span.as_usize()].find(from).unwrap();
            Edit::ReplaceText { span: Span::new(at as u32, (at + from.len()) as u32), text: new.into() }
        }
        other => panic!("{other}"),
    }
}

fn errors(parsed: &Parsed, text: &str) -> usize {
    let of_json = parsed
        .tree()
        .map_or(0, |tree| tree.errors(text).iter().filter(|error| !error.kind.is_jsonc()).count());
    of_json + parsed.errors().len()
}

fn after(case: &Case) -> String {
    let text = decoded(&case.before);
    let module = Module::default();
    let around = Surroundings { path: &case.path, module: &module };
    let parsed = Parsed::parse(&text, around);
    let documents = parsed.documents(text.as_str(), &case.path, None, &[]);
    let document = documents.first().unwrap_or_else(|| panic!("{}: no document", case.title));
    let edits: Vec<Edit> = case.edits.iter().map(|line| edit_of(&text, document, line)).collect();
    let Some(edits) = parsed.text_edits(text.as_str(), &documents, &edits) else {
        return "(nothing)\n".to_string();
    };
    for one in &edits {
        assert!(text.get(one.span.as_usize()).is_some(), "{}: {:?}", case.title, one.span);
    }
    assert!(edit::Disjoint::default().add(&edits), "{}: {edits:?} collide", case.title);
    let fixed = edit::apply(&text, &edits);
    let again = Parsed::parse(&fixed, around);
    assert!(
        errors(&again, &fixed) == 0 || errors(&parsed, &text) > 0,
        "{}: {:?}\n{fixed}",
        case.title,
        again.errors()
    );
    encoded(&fixed)
}

#[test]
fn an_edit_stands_where_it_belongs() {
    let update = std::env::var_os("UPDATE").is_some();
    let mut wrong = String::new();
    let mut count = 0;
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
        let mut out = text.split("\n## ").next().unwrap().to_string();
        for case in cases(&text) {
            count += 1;
            let after = std::panic::catch_unwind(|| after(&case)).unwrap_or_else(|_| "(panic)\n".to_string());
            if after != case.after {
                writeln!(wrong, "{}:\n{after}instead of\n{}", case.title, case.after).unwrap();
            }
            let edits: String = case.edits.iter().map(|edit| format!("* {edit}\n")).collect();
            write!(
                out,
                "\n## {}: `{}`\n\n```{}\n{}```\n\n{edits}\n```{}\n{after}```\n",
                case.title, case.path, case.fence, case.before, case.fence
            )
            .unwrap();
        }
        if update {
            std::fs::write(&path, out).unwrap();
        }
    }
    assert!(count >= 60, "{count}");
    assert!(update || wrong.is_empty(), "\n{wrong}");
}
