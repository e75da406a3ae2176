//! Editor features on small texts: `tests/ide/**/*.md`.
//!
//! A `##` heading names each case. A block fenced as `json`, `yaml` or `hcl` (words after it: `file=NAME`) is the text,
//! `$0` in it the cursor. The next block says what is expected: `completion` (words after it:
//! `snippets`; `first=N` shows N items only; `with=TEXT` shows items whose label has that text),
//! `hover`, `symbols`, `actions`, `folds`, `selection`, `names`, `rename` (with the new name), `hints`, `format`,
//! `format-range`, `tokens`, `links`, `narrow` (what makes a statement allow less),
//! `convert`, `convert-to` (with a form) or `typing` (what is told while somebody types there). `UPDATE_EXPECT=1` writes what came out.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod support;

use passrole::analysis::{RuleSet, check_text};
use passrole::diagnostic::Safety;
use passrole::ide::{self, File, completion::Options};
use passrole::text::{Span, Text, edit};
use std::fmt::Write;
use std::path::Path;
use support::markdown::{Piece, files, pieces};

#[test]
fn features_give_what_the_cases_say() {
    let files = files(Path::new("tests/ide"));
    assert!(files.len() > 3, "the cases are not where they should be");
    let mut wrong = String::new();
    for path in files {
        let before = std::fs::read_to_string(&path).unwrap();
        let after = run(&before, &path);
        if before == after {
            continue;
        }
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::write(&path, after).unwrap();
        } else {
            writeln!(wrong, "{}:", path.display()).unwrap();
            let (before, after): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
            before
                .iter()
                .filter(|line| !after.contains(line))
                .for_each(|it| writeln!(wrong, "- {it}").unwrap());
            after
                .iter()
                .filter(|line| !before.contains(line))
                .for_each(|it| writeln!(wrong, "+ {it}").unwrap());
        }
    }
    assert!(wrong.is_empty(), "UPDATE_EXPECT=1 takes over what changed:\n{wrong}");
}

/// The file with every expected block as it comes out.
fn run(file: &str, path: &Path) -> String {
    let mut out = String::new();
    let mut text: Option<(String, String)> = None;
    for piece in pieces(file) {
        let block = match piece {
            Piece::Line(line) => {
                writeln!(out, "{line}").unwrap();
                continue;
            }
            Piece::Block(block) => block,
        };
        writeln!(out, "```{}", block.info).unwrap();
        match block.file() {
            Some(name) => {
                block.lines.iter().for_each(|line| writeln!(out, "{line}").unwrap());
                text = Some((block.lines.join("\n"), name.to_string()));
            }
            None => {
                let (text, name) = text.as_ref().unwrap_or_else(|| panic!("{}: no text", path.display()));
                let found = feature_on(block.syntax(), &block.words().collect::<Vec<_>>(), text, name);
                writeln!(out, "{}", found.trim_end()).unwrap();
            }
        }
        out.push_str("```\n");
    }
    out
}

fn feature_on(feature: &str, words: &[&str], text: &str, name: &str) -> String {
    let cursor = text.find("$0");
    let text = text.replacen("$0", "", 1);
    let offset = cursor.unwrap_or(0) as u32;
    let report = check_text(&text, name, None, &RuleSet::default());
    let rope = Text::from(text.as_str());
    let file = File { text: &rope, report: &report };
    let at = |span: Span| text[span.as_usize()].to_string();
    match feature {
        "completion" => completion(&file, offset, words, &at),
        "hover" => match ide::hover::hover(&file, offset) {
            Some(hover) => format!("about {:?}\n\n{}", at(hover.span), hover.markdown),
            None => "nothing".to_string(),
        },
        "symbols" => {
            let mut out = String::new();
            symbols(&ide::symbols::symbols(&file), 0, &at, &mut out);
            out
        }
        "actions" => {
            let wanted = ide::actions::Wanted { quick_fixes: true, fix_all: words.contains(&"all") };
            let span =
                if cursor.is_some() { Span::new(offset, offset) } else { Span::new(0, text.len() as u32) };
            let mut out = String::new();
            for action in ide::actions::actions(&file, span, wanted).offered {
                let rules: Vec<&str> = action.findings.iter().map(|finding| finding.rule.id).collect();
                let safe = match action.safety {
                    Safety::Safe => "",
                    Safety::Unsafe => " (unsafe)",
                    Safety::Grants => " (grants)",
                };
                writeln!(out, "{} [{}]{safe}", action.title, rules.join(", ")).unwrap();
                let after = edit::apply(&text, &action.edits);
                let changed = after.lines().filter(|line| !text.lines().any(|old| old == *line));
                changed.for_each(|line| writeln!(out, "  {}", line.trim()).unwrap());
            }
            if out.is_empty() { "nothing".to_string() } else { out }
        }
        "folds" => ide::folding::folds(&file)
            .iter()
            .flatten()
            .map(|span| format!("lines {} to {}\n", rope.line_of(span.start) + 1, rope.line_of(span.end) + 1))
            .collect(),
        "selection" => {
            ide::selection::around(&file, offset).iter().map(|span| format!("{:?}\n", at(*span))).collect()
        }
        "names" => match ide::names::at(&file, offset) {
            Some(name) => {
                let lines = name.occurrences.iter().map(|it| {
                    let line = rope.line_of(it.span.start) + 1;
                    format!("line {line}: {:?}{}\n", at(it.span), if it.gives { " given" } else { "" })
                });
                lines.collect()
            }
            None => "nothing".to_string(),
        },
        "rename" => match ide::names::renamed(&file, offset, words[0]) {
            Ok(edits) => edit::apply(&text, &edits),
            Err(why) => format!("refused: {why}"),
        },
        "hints" => ide::inlay::hints(&file, Span::new(0, text.len() as u32))
            .iter()
            .map(|hint| format!("line {}: {}\n", rope.line_of(hint.at) + 1, hint.label))
            .collect(),
        "format" => match ide::formatting::format(&file, "  ") {
            Some(edit) => edit.text,
            None => "nothing".to_string(),
        },
        "format-range" => match ide::formatting::format_range(&file, Span::new(offset, offset), "  ") {
            Some(edit) => edit::apply(&text, &[edit]),
            None => "nothing".to_string(),
        },
        "tokens" => ide::tokens::tokens(&file, Span::new(0, text.len() as u32))
            .iter()
            .map(|token| format!("{:?} {}\n", token.kind, at(token.span)))
            .collect(),
        "links" => ide::document_links::links(&file)
            .iter()
            .map(|link| match &link.target {
                ide::document_links::LinkTarget::Page(page) => format!("{} → {page}\n", at(link.span)),
                ide::document_links::LinkTarget::File(file) => {
                    format!("{} → the file {file}\n", at(link.span))
                }
            })
            .collect(),
        "convert" => match &ide::conversions::conversions(&file, Span::new(offset, offset))[..] {
            [] => "nothing".to_string(),
            [way, ..] => format!("{}\n\n{}", way.title, edit::apply(&text, &way.edits)),
        },
        "convert-to" => {
            use passrole::query::{PolicyForm, converted};
            let form = match words[0] {
                "blocks" => PolicyForm::Blocks,
                "jsonencode" => PolicyForm::Jsonencode,
                _ => PolicyForm::Json,
            };
            match converted(&report.documents[0], &text, form, "policy") {
                Ok(text) => text,
                Err(why) => format!("refused: {why}"),
            }
        }
        "narrow" => {
            let found = ide::narrowing::narrowings(&file, Span::new(offset, offset));
            let mut out = String::new();
            for way in &found {
                writeln!(out, "{}", way.title).unwrap();
                let after = edit::apply(&text, &way.edits);
                let changed = after.lines().filter(|line| !text.lines().any(|old| old == *line));
                changed.for_each(|line| writeln!(out, "  {}", line.trim()).unwrap());
            }
            if out.is_empty() { "nothing".to_string() } else { out }
        }
        "typing" => {
            let unfinished = ide::typing::unfinished(&file, offset);
            let told = report.findings.iter().filter(|finding| !unfinished(finding));
            let lines: String = told.map(|finding| format!("{}\n", finding.rule.id)).collect();
            if lines.is_empty() { "nothing".to_string() } else { lines }
        }
        other => panic!("no feature `{other}`"),
    }
}

fn completion(file: &File<'_>, offset: u32, words: &[&str], at: &dyn Fn(Span) -> String) -> String {
    let options = Options { snippets: words.contains(&"snippets") };
    let Some(mut list) = ide::completion::complete(file, offset, options) else {
        return "nothing".to_string();
    };
    assert!(list.replace.touches(offset), "the cursor is not in what is replaced");
    list.items.sort_by(|a, b| (a.rank, &a.label).cmp(&(b.rank, &b.label)));
    let count = list.items.len();
    let value = |name: &str| words.iter().find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
    if let Some(with) = value("with") {
        list.items.retain(|item| item.label.contains(with));
    }
    if let Some(first) = value("first") {
        list.items.truncate(first.parse().unwrap());
    }
    let again = if list.is_incomplete { ", asked for again" } else { "" };
    let comma = if list.comma.is_some() { ", a comma before it" } else { "" };
    let mut out = format!("replaces {:?}{comma}{again}\n", at(list.replace));
    for item in &list.items {
        let detail = if item.detail.is_empty() { String::new() } else { format!(" · {}", item.detail) };
        let insert = if item.insert == item.label { String::new() } else { format!(" → {}", item.insert) };
        let snippet = if item.is_snippet { " (snippet)" } else { "" };
        writeln!(out, "{}{detail}{}{snippet}", item.label, insert.replace('\n', "⏎").replace('\t', "⇥"))
            .unwrap();
    }
    if list.items.len() < count {
        out.push_str("…\n");
    }
    out
}

fn symbols(found: &[ide::symbols::Symbol], depth: usize, at: &dyn Fn(Span) -> String, out: &mut String) {
    for symbol in found {
        assert!(symbol.span.covers(symbol.name_span), "a name lies outside of its symbol");
        let detail = if symbol.detail.is_empty() { String::new() } else { format!(" · {}", symbol.detail) };
        writeln!(
            out,
            "{}{:?} {}{detail} at {}",
            "  ".repeat(depth),
            symbol.kind,
            symbol.name,
            at(symbol.name_span)
        )
        .unwrap();
        symbols(&symbol.children, depth + 1, at, out);
    }
}

/// Every case's text, cut off anywhere and with anything in it doubled or left out, at every cursor.
#[test]
fn no_text_is_too_broken() {
    let files = files(Path::new("tests/ide"));
    let mut texts = Vec::new();
    for path in files {
        let file = std::fs::read_to_string(path).unwrap();
        for block in file.split("```json").skip(1) {
            let text = block.split_once('\n').unwrap().1.split("```").next().unwrap().replacen("$0", "", 1);
            if text.len() < 700 && !texts.contains(&text) {
                texts.push(text);
            }
        }
    }
    assert!(texts.len() > 20);
    let rules = RuleSet::choose(passrole::diagnostic::Level::Default, &["syntax".to_string()], &[]).unwrap();
    for (number, text) in texts.iter().enumerate() {
        let borders: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        // Other borders for each text: all of them together meet every kind of place.
        for at in borders.iter().copied().skip(number % 7).step_by(7) {
            let next = borders.iter().copied().find(|border| *border > at).unwrap_or(text.len());
            let without = format!("{}{}", &text[..at], &text[next..]);
            let quoted = format!("{}\"{}", &text[..at], &text[at..]);
            for broken in [&text[..at], &without, &quoted] {
                try_everything(broken, at.min(broken.len()), &rules);
            }
        }
        for at in &borders {
            try_everything(text, *at, &rules);
        }
    }
}

fn try_everything(text: &str, offset: usize, rules: &RuleSet) {
    let report = check_text(text, "policy.json", None, rules);
    let rope = Text::from(text);
    let file = File { text: &rope, report: &report };
    let offset = offset as u32;
    if let Some(list) = ide::completion::complete(&file, offset, Options { snippets: true }) {
        assert!(list.replace.touches(offset), "{text}");
        assert!(list.replace.end as usize <= text.len(), "{text}");
        let replaced = &text[list.replace.as_usize()];
        assert!(!replaced.contains(['\n', '\r']), "an edit over lines: {replaced:?}");
        let mut labels: Vec<&str> = list.items.iter().map(|item| &*item.label).collect();
        labels.sort_unstable();
        assert!(labels.windows(2).all(|pair| pair[0] != pair[1]), "an item stands twice");
    }
    if let Some(hover) = ide::hover::hover(&file, offset) {
        assert!(hover.span.end as usize <= text.len() && hover.span.touches(offset));
    }
    let around = ide::selection::around(&file, offset);
    assert!(around.windows(2).all(|pair| pair[1].covers(pair[0])), "{text}");
    ide::symbols::symbols(&file);
    ide::folding::folds(&file);
}

/// A document with every field of the ECS API: each has a hover with all that belongs to it.
#[test]
fn every_field_of_a_task_definition_is_explained() {
    use passrole::catalog::{FieldType, Shape, task_definition_shape};
    fn write_value(field_type: &FieldType, out: &mut String) {
        match field_type {
            FieldType::List(item) => {
                out.push('[');
                write_value(item, out);
                out.push(']');
            }
            FieldType::Structure(name) => write_shape(passrole::catalog::shape(name).unwrap(), out),
            FieldType::Map | FieldType::Document => out.push_str("{}"),
            FieldType::Integer | FieldType::Number => out.push('1'),
            FieldType::Boolean => out.push_str("true"),
            FieldType::String | FieldType::Enum(_) => out.push_str("\"x\""),
        }
    }
    fn write_shape(shape: &Shape, out: &mut String) {
        out.push('{');
        for (index, field) in shape.fields.iter().enumerate() {
            write!(out, "{}\"{}\": ", if index > 0 { ", " } else { "" }, field.name).unwrap();
            write_value(&field.field_type, out);
        }
        out.push('}');
    }
    let mut text = String::new();
    write_shape(task_definition_shape(), &mut text);
    let report = check_text(&text, "task-definition.json", None, &RuleSet::default());
    let rope = Text::from(text.as_str());
    let file = File { text: &rope, report: &report };
    let mut count = 0;
    for (at, _) in text.match_indices("\": ") {
        let hover = ide::hover::hover(&file, at as u32).unwrap_or_else(|| panic!("nothing before {at}"));
        let name = &text[hover.span.as_usize()];
        let parts: Vec<&str> = hover.markdown.split("\n\n").collect();
        assert!(parts[0].starts_with(&format!("**{name}** · ")), "{}", hover.markdown);
        assert!(parts[1].len() > 10 && parts[1].ends_with(['.', ')']), "{}", hover.markdown);
        assert!(hover.markdown.contains("\n\nWhere: "), "{}", hover.markdown);
        assert!(hover.markdown.contains("/APIReference/API_"), "{}", hover.markdown);
        count += 1;
    }
    assert!(count > 150, "{count}");
}
