//! The checks of other tools, a file for each (`tests/peers/PEER.json`), and the page that says which of them are covered.
//!
//! A check says what it finds, in our own words, and whether a document alone can decide it: `yes`, `no`, `other document`
//! (it is about something that is neither policy nor task definition), or `retired` (the tool no longer makes it). What is
//! not `yes` says why; what is `yes` may say why we leave it out all the same.

use passrole::rules;
use serde::Deserialize;
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::path::Path;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Peer {
    /// The name before the slash in a rule's `sources`.
    pub peer: String,
    name: String,
    version: String,
    url: String,
    pub checks: Vec<Check>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// The name behind the slash.
    pub code: String,
    /// The tool's own severity, or what the check is about.
    class: String,
    pub decidable: Decidable,
    trigger: String,
    pub why: Option<String>,
}

#[derive(Deserialize, PartialEq, Eq, Clone, Copy)]
#[serde(rename_all = "lowercase")]
pub enum Decidable {
    Yes,
    No,
    #[serde(rename = "other document")]
    OtherDocument,
    Retired,
}

pub fn peers() -> Vec<Peer> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|it| it == "json"));
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let text = std::fs::read_to_string(path).unwrap();
            let peer: Peer =
                serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            assert!(path.file_stem().is_some_and(|it| *it == *peer.peer), "{} is misnamed", path.display());
            peer
        })
        .collect()
}

/// Per source the rules that name it.
fn claims() -> BTreeMap<&'static str, Vec<&'static str>> {
    let mut claims: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for meta in rules::all().map(|rule| rule.meta()) {
        for source in meta.sources {
            claims.entry(*source).or_default().push(meta.id);
        }
    }
    claims
}

/// `docs/coverage.md`.
pub fn page() -> String {
    let claims = claims();
    let peers = peers();
    let rules_of = |peer: &Peer, check: &Check| claims.get(&*format!("{}/{}", peer.peer, check.code));
    let mut out = String::from(
        "# Coverage\n\n\
         Which checks of other tools passrole covers, by which rule, and why not where it does not. *Decidable* are those that \
         a document alone decides, offline; *left out* are those among them that we do not want, mostly because they are not \
         true or nothing is wrong. What a rule claims is measured against labelled documents: see \
         [CONTRIBUTING](../CONTRIBUTING.md#measuring-on-real-documents).\n\n\
         | tool | covered | left out | decidable | all |\n|---|---|---|---|---|\n",
    );
    for peer in &peers {
        let counted: Vec<_> =
            peer.checks.iter().filter(|check| check.decidable != Decidable::Retired).collect();
        let covered = counted.iter().filter(|check| rules_of(peer, check).is_some()).count();
        let decidable: Vec<_> = counted.iter().filter(|check| check.decidable == Decidable::Yes).collect();
        let left_out =
            decidable.iter().filter(|check| check.why.is_some() && rules_of(peer, check).is_none()).count();
        let decidable = decidable.len();
        writeln!(
            out,
            "| [{0}](#{1}) | {covered} | {left_out} | {decidable} | {2} |",
            peer.name,
            anchor(&peer.name),
            counted.len()
        )
        .unwrap();
    }
    for peer in &peers {
        writeln!(
            out,
            "\n## {}\n\nVersion: {}. Source: <{}>. A rule names these as `{}/…`.\n\n\
             | check | class | finds | covered by |\n|---|---|---|---|",
            peer.name, peer.version, peer.url, peer.peer
        )
        .unwrap();
        for check in &peer.checks {
            let by = match (rules_of(peer, check), &check.why) {
                (Some(ids), _) => {
                    let links: Vec<_> = ids.iter().map(|id| format!("[{id}](rules/{id}.md)")).collect();
                    links.join(", ")
                }
                (None, None) => "not yet".to_string(),
                (None, Some(why)) => {
                    let kind = match check.decidable {
                        Decidable::Yes => "left out",
                        Decidable::No => "not decidable",
                        Decidable::OtherDocument => "other document",
                        Decidable::Retired => "withdrawn",
                    };
                    format!("– {kind}: {why}")
                }
            };
            writeln!(out, "| `{}` | {} | {} | {by} |", check.code, check.class, check.trigger).unwrap();
        }
    }
    out
}

/// The place of a heading, as Markdown's renderers name it.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|it| it.is_alphanumeric() || matches!(it, ' ' | '-' | '_'));
    kept.map(|it| if it == ' ' { '-' } else { it.to_ascii_lowercase() }).collect()
}

/// What is wrong with the lists, and with what the rules say of them.
pub fn problems() -> Vec<String> {
    let mut problems = Vec::new();
    let mut known = HashSet::new();
    let peers = peers();
    let claims = claims();
    for peer in &peers {
        for check in &peer.checks {
            let source = format!("{}/{}", peer.peer, check.code);
            if check.why.is_none() && check.decidable != Decidable::Yes {
                problems.push(format!("{source} does not say why it is not decidable"));
            }
            if let Some(ids) = claims.get(&*source)
                && check.decidable != Decidable::Yes
            {
                problems.push(format!("{source} is covered by {ids:?}, and listed as not decidable"));
            }
            if check.trigger.is_empty() || check.trigger.contains('|') || check.trigger.ends_with('.') {
                problems.push(format!("{source}: {:?} is not a trigger", check.trigger));
            }
            if !known.insert(source.clone()) {
                problems.push(format!("{source} is listed twice"));
            }
        }
    }
    for (source, ids) in &claims {
        if !known.contains(*source) {
            let nearest = nearest(source, &known);
            problems.push(format!("{ids:?} name {source}, which no list has; nearest: {nearest}"));
        }
    }
    problems
}

/// The listed source that shares most of its words.
fn nearest(source: &str, known: &HashSet<String>) -> String {
    let words = |text: &str| -> HashSet<String> {
        text.split(|it: char| !it.is_alphanumeric()).map(str::to_lowercase).collect()
    };
    let wanted = words(source);
    let mut sorted: Vec<_> = known.iter().collect();
    sorted.sort();
    let best = sorted.into_iter().max_by_key(|it| words(it).intersection(&wanted).count());
    best.cloned().unwrap_or_default()
}
