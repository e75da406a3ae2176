//! A completion that is taken leaves a valid text valid: every item at every cursor of the cases' texts.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod support;

use passrole::analysis::{RuleSet, check_text};
use passrole::diagnostic::Level;
use passrole::ide::File;
use passrole::ide::completion::{self, Item, ItemKind, List, Options};
use passrole::text::Text;
use std::collections::HashSet;
use std::path::Path;
use support::markdown::{blocks, files};

/// A syntax of the cases, the file name that stands for it, and whether a text is valid in it.
struct Host {
    fence: &'static str,
    name: &'static str,
}

const JSON: Host = Host { fence: "json", name: "policy.json" };
const YAML: Host = Host { fence: "yaml", name: "template.yaml" };
const HCL: Host = Host { fence: "hcl", name: "main.tf" };

impl Host {
    fn is_valid(&self, text: &str, rules: &RuleSet) -> bool {
        if self.fence == "json" {
            return serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
        }
        !check_text(text, self.name, None, rules).findings.iter().any(|it| it.rule.id == "syntax-error")
    }

    fn texts(&self) -> Vec<String> {
        let files = ["tests/ide", "tests/rules"].into_iter().flat_map(|folder| files(Path::new(folder)));
        let mut texts = Vec::new();
        let mut seen = HashSet::new();
        let rules = syntax_rules();
        for file in files {
            let file = std::fs::read_to_string(file).unwrap();
            for mut block in blocks(&file).filter(|block| block.syntax() == self.fence) {
                // Expectations stand in comments.
                block.lines.retain(|line| {
                    !line.trim_start().starts_with("//") && !line.trim_start().starts_with('#')
                });
                let text = block.lines.join("\n").replacen("$0", "", 1) + "\n";
                if text.len() < 1500 && seen.insert(text.clone()) && self.is_valid(&text, &rules) {
                    texts.push(text);
                }
            }
        }
        texts
    }
}

fn syntax_rules() -> RuleSet {
    RuleSet::choose(Level::Default, &["syntax".to_string()], &[]).unwrap()
}

fn list(text: &str, name: &str, offset: usize, snippets: bool, rules: &RuleSet) -> Option<List> {
    let report = check_text(text, name, None, rules);
    let rope = Text::from(text);
    completion::complete(&File { text: &rope, report: &report }, offset as u32, Options { snippets })
}

/// The text with an item taken, as an editor does it.
fn taken(text: &str, list: &List, item: &Item) -> String {
    let replace = list.replace.as_usize();
    let line = text[..replace.start].rsplit('\n').next().unwrap();
    let indentation = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
    let insert = written(item).replace('\n', &format!("\n{indentation}"));
    let mut after = format!("{}{insert}{}", &text[..replace.start], &text[replace.end..]);
    if let Some(comma) = list.comma {
        assert!(comma as usize <= replace.start, "the comma stands before");
        after.insert(comma as usize, ',');
    }
    after
}

fn written(item: &Item) -> String {
    if item.is_snippet { expanded(&item.insert) } else { item.insert.clone() }
}

/// A snippet with its places as they are proposed; of choices the first.
fn expanded(snippet: &str) -> String {
    let mut out = String::new();
    let mut chars = snippet.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '\\' => out.extend(chars.next()),
            '$' if chars.next_if_eq(&'{').is_some() => {
                let mut place: String = chars.by_ref().take_while(|char| *char != '}').collect();
                place = place.trim_start_matches(|char: char| char.is_ascii_digit()).to_string();
                match place.strip_prefix('|').and_then(|it| it.strip_suffix('|')) {
                    Some(choices) => out.push_str(choices.split(',').next().unwrap()),
                    None => out.push_str(place.strip_prefix(':').unwrap_or_default()),
                }
            }
            '$' => while chars.next_if(char::is_ascii_digit).is_some() {},
            other => out.push(other),
        }
    }
    out
}

/// Of a long list a few: they differ in their letters only.
fn some(list: &List) -> impl Iterator<Item = &Item> {
    let step = list.items.len() / 6 + 1;
    let mut kinds: HashSet<std::mem::Discriminant<ItemKind>> = HashSet::new();
    list.items
        .iter()
        .enumerate()
        .filter(move |(at, item)| at % step == 0 || kinds.insert(std::mem::discriminant(&item.kind)))
        .map(|(_, item)| item)
}

/// What was tried, and what went wrong: each kind of it once.
fn try_all(host: &Host, step: usize) -> (usize, Vec<String>) {
    let rules = syntax_rules();
    let mut wrong = Vec::new();
    let mut count = 0;
    for (number, text) in host.texts().iter().enumerate() {
        for (at, _) in text.char_indices().skip(number % step).step_by(step) {
            for snippets in [true, false] {
                let Some(list) = list(text, host.name, at, snippets, &rules) else { continue };
                assert!(list.replace.end as usize <= text.len() && list.replace.touches(at as u32), "{text}");
                for item in some(&list) {
                    count += 1;
                    let after = taken(text, &list, item);
                    // A name whose value is still to be written.
                    let is_whole = host.fence == "json" || !written(item).trim_end().ends_with(['=', ':']);
                    if is_whole && !host.is_valid(&after, &rules) {
                        wrong.push(format!("{} at {at} of\n{text}gives\n{after}", item.label));
                        break;
                    }
                }
            }
        }
    }
    (count, wrong)
}

/// Holds that every item leaves a valid text valid; how many were tried.
fn all_stay_valid(host: &Host) -> usize {
    let (count, wrong) = try_all(host, 23);
    let first: Vec<&str> = wrong.iter().take(12).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), first.join("\n"));
    count
}

#[test]
fn valid_json_stays_valid() {
    assert!(all_stay_valid(&JSON) > 10_000);
}

#[test]
fn valid_yaml_stays_valid() {
    assert!(all_stay_valid(&YAML) > 0);
}

#[test]
fn valid_terraform_stays_valid() {
    assert!(all_stay_valid(&HCL) > 0);
}

#[test]
fn what_is_written_ends_where_the_text_does() {
    let rules = syntax_rules();
    for host in [JSON, YAML, HCL] {
        for text in host.texts() {
            for (at, _) in text.char_indices().skip(text.len() % 41).step_by(41) {
                for broken in
                    [text[..at].to_string(), format!("{}\"", &text[..at]), format!("{}\"x", &text[..at])]
                {
                    let Some(list) = list(&broken, host.name, broken.len(), true, &rules) else { continue };
                    assert!(list.replace.end as usize <= broken.len(), "{broken}");
                    some(&list).for_each(|item| drop(taken(&broken, &list, item)));
                }
            }
        }
    }
}

/// A document as somebody types it: words between `«` and `»` are those that completion should know, `|` between ways to
/// show one.
struct Typed {
    name: &'static str,
    text: String,
    /// Where each word begins in the text, and how lists may show it.
    words: Vec<(usize, Vec<String>)>,
}

impl Typed {
    fn read(name: &'static str) -> Typed {
        let source = std::fs::read_to_string(Path::new("tests/typed").join(name)).unwrap();
        let (mut text, mut words) = (String::new(), Vec::new());
        let mut parts = source.split('«');
        text.push_str(parts.next().unwrap());
        for part in parts {
            let (word, rest) = part.split_once('»').unwrap();
            words.push((text.len(), word.split('|').map(String::from).collect()));
            // A service's prefix alone is gone on with.
            if !word.ends_with(':') {
                text.push_str(word.split('|').next().unwrap());
            }
            text.push_str(rest);
        }
        Typed { name, text, words }
    }

    /// What an editor puts behind the cursor: the ends of what is open.
    fn behind(&self, before: &str) -> String {
        let mut open = Vec::new();
        for char in before.chars() {
            match char {
                '"' if open.last() == Some(&'"') => {
                    open.pop();
                }
                '"' => open.push('"'),
                '{' | '[' | '(' if open.last() != Some(&'"') => open.push(char),
                '}' | ']' | ')' if open.last() != Some(&'"') => {
                    open.pop();
                }
                _ => {}
            }
        }
        let is_module = self.name.ends_with(".tf");
        open.iter()
            .rev()
            .map(|open| match open {
                '{' if is_module => "\n}".to_string(),
                '{' => "}".to_string(),
                '[' => "]".to_string(),
                '(' => ")".to_string(),
                other => other.to_string(),
            })
            .collect()
    }
}

/// Whether one of the labels is among the first that a client shows after these letters.
fn is_shown(list: &List, typed: &str, labels: &[String], first: usize) -> bool {
    let fits = |item: &&Item| {
        let filter = item.filter.as_deref().unwrap_or(&item.label).to_ascii_lowercase();
        let mut rest = filter.chars();
        typed.to_ascii_lowercase().chars().all(|char| rest.any(|other| other == char))
    };
    let mut shown: Vec<&Item> = list.items.iter().filter(fits).collect();
    shown.sort_by_key(|item| (item.rank, item.label.to_lowercase()));
    shown
        .iter()
        .take(first)
        .any(|item| labels.iter().any(|label| *label == item.label || item.label == format!("\"{label}\"")))
}

/// Whole documents, typed letter by letter with what an editor closes by itself: nine of ten words that are known are
/// offered among the first ten before they are written out, and few letters are typed for them.
#[test]
fn whole_documents_are_typed_with_few_letters() {
    let rules = syntax_rules();
    let mut told = String::new();
    for name in ["policy.json", "role-trust.json", "task-definition.json", "main.tf"] {
        let typed = Typed::read(name);
        let (mut offered, mut letters, mut all) = (0, 0, 0);
        let mut missed = Vec::new();
        for (at, labels) in &typed.words {
            let length = labels[0].len();
            all += length;
            let after = (0..length.min(12)).find(|count| {
                let end = at + count;
                // A prefix of a service is not in the text.
                let Some(before) = typed.text.get(..end).filter(|it| it[*at..] == labels[0][..*count]) else {
                    return false;
                };
                let text = format!("{before}{}\n", typed.behind(before));
                let found = list(&text, name, end, true, &rules);
                found.is_some_and(|list| {
                    let from = list.replace.start as usize;
                    is_shown(&list, text[from.min(end)..end].trim_start_matches(['"', '\'']), labels, 10)
                })
            });
            match after {
                Some(count) => {
                    offered += 1;
                    letters += count;
                }
                None => {
                    letters += length;
                    missed.push(labels[0].clone());
                }
            }
        }
        let count = typed.words.len();
        println!("{name}: {offered} of {count} words, {letters} of {all} letters; not {missed:?}");
        if offered * 10 < count * 9 {
            told.push_str(&format!("{name}: {offered} of {count} words are offered, not {missed:?}\n"));
        }
    }
    assert!(told.is_empty(), "{told}");
}

/// Places in half-typed texts of every host (`▮` is the cursor), with what is wanted among the first items there, or in
/// the hover.
#[test]
fn what_is_wanted_is_offered_early() {
    let rules = syntax_rules();
    let mut wrong = String::new();
    let texts = |value: &serde_json::Value| -> Vec<String> {
        value.as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_string()).collect()
    };
    for line in std::fs::read_to_string("tests/positions.jsonl").unwrap().lines() {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        let (id, file) = (case["id"].as_str().unwrap(), case["file"].as_str().unwrap());
        let marked = case["text"].as_str().unwrap();
        let at = marked.find('▮').unwrap();
        let text = marked.replacen('▮', "", 1);
        if case["hover"].is_array() {
            let report = check_text(&text, file, None, &rules);
            let rope = Text::from(text.as_str());
            let hover = passrole::ide::hover::hover(&File { text: &rope, report: &report }, at as u32);
            let told = hover.map(|it| it.markdown.to_lowercase()).unwrap_or_default();
            if !texts(&case["hover"]).iter().any(|word| told.contains(&word.to_lowercase())) {
                wrong.push_str(&format!("{id}: {told}\n"));
            }
            continue;
        }
        let found = list(&text, file, at, true, &rules);
        if case["nothing"] == true {
            if let Some(found) = found {
                wrong.push_str(&format!("{id}: {} items where nothing is wanted\n", found.items.len()));
            }
            continue;
        }
        let first = case["first"].as_u64().unwrap() as usize;
        let labels = texts(&case["offers"]);
        let is_early = found.as_ref().is_some_and(|found| {
            let from = (found.replace.start as usize).min(at);
            is_shown(found, text[from..at].trim(), &labels, first)
        });
        if !is_early {
            wrong.push_str(&format!("{id}: not among the first {first}: {labels:?}\n"));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
