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
