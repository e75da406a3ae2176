//! What access a change gives and takes: `passrole diff`.

use super::PolicyFile;
use crate::access::{Gain, Undecided, Witness, gains};
use crate::host::DocumentKind;
use crate::model::{Policy, Statement};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// Access before and after.
#[derive(Debug, Default)]
pub struct Difference {
    pub gained: Vec<Entry>,
    pub lost: Vec<Entry>,
    pub undecided: Vec<OpenEntry>,
}

/// Access that one side gives alone.
#[derive(Debug)]
pub struct Entry {
    pub place: StatementPlace,
    pub actions: Vec<String>,
    pub resources: Vec<String>,
    pub principal: Option<Value>,
    pub condition: Option<Value>,
    pub witness: Witness,
}

/// What could not be told.
#[derive(Debug)]
pub struct OpenEntry {
    pub place: StatementPlace,
    pub actions: Vec<String>,
    /// Whether it is access that may be gained; otherwise it may be lost.
    pub may_be_gained: bool,
    pub why: String,
}

#[derive(Debug, Clone)]
pub struct StatementPlace {
    pub file: String,
    pub line: u32,
    /// From 0.
    pub statement: usize,
    pub sid: Option<String>,
}

/// Policies of one kind, with the file that each stands in.
pub type Side<'a> = Vec<(&'a PolicyFile, Policy<'a>)>;

impl Difference {
    /// Compares the policies of two files, taken together by what they are for.
    pub fn of(old: &PolicyFile, new: &PolicyFile) -> Difference {
        let mut difference = Difference::default();
        let all =
            |file: &PolicyFile| -> Vec<DocumentKind> { file.policies().map(|it| group(it.kind())).collect() };
        let mut kinds = [all(old), all(new)].concat();
        kinds.sort_unstable();
        kinds.dedup();
        for kind in kinds {
            let side = |file| side(file, kind);
            difference.add(&side(old), &side(new));
        }
        difference
    }

    /// Compares every policy of a project with what it was: those of the same file and resource with each other, then
    /// those that were moved or renamed, by role, resource or file name.
    pub fn of_project(old: &[PolicyFile], new: &[PolicyFile]) -> Difference {
        let units = |files: &'_ [PolicyFile]| -> Vec<(usize, usize)> {
            let all = files.iter().enumerate();
            all.flat_map(|(file, it)| (0..it.documents.len()).map(move |document| (file, document))).collect()
        };
        let name = |files: &[PolicyFile], (file, document): (usize, usize), way: usize| -> Option<String> {
            let (path, at) = (&files[file].name, &files[file].documents[document]);
            let owner = at.owner.as_ref();
            let place =
                owner.map_or_else(|| document.to_string(), |owner| format!("{} {document}", owner.name));
            let kind = group(at.kind) as u8;
            let found = match way {
                0 => format!("{path} {place}"),
                1 => format!("{path} {}", owner?.name),
                2 => owner?.role_name.as_deref()?.to_string(),
                3 => owner?.name.to_string(),
                _ => path.rsplit('/').next()?.to_string(),
            };
            Some(format!("{kind} {found}"))
        };
        let (mut before, mut after) = (units(old), units(new));
        let mut difference = Difference::default();
        for way in 0..5 {
            after.retain(|unit| {
                let Some(wanted) = name(new, *unit, way) else { return true };
                let found = before.iter().position(|it| name(old, *it, way).as_ref() == Some(&wanted));
                let Some(at) = found else { return true };
                let pair = before.remove(at);
                difference.add(&one(old, pair), &one(new, *unit));
                false
            });
        }
        before.into_iter().for_each(|unit| difference.add(&one(old, unit), &Vec::new()));
        after.into_iter().for_each(|unit| difference.add(&Vec::new(), &one(new, unit)));
        difference
    }

    /// Adds what one set of policies of a kind gives beside another.
    pub fn add(&mut self, old: &Side<'_>, new: &Side<'_>) {
        for (more, less, gains_access) in [(new, old, true), (old, new, false)] {
            let own: Vec<Policy<'_>> = more.iter().map(|(_, policy)| *policy).collect();
            let other: Vec<Policy<'_>> = less.iter().map(|(_, policy)| *policy).collect();
            let (found, undecided) = gains(&own, &other);
            let list = if gains_access { &mut self.gained } else { &mut self.lost };
            list.extend(found.into_iter().map(|gain| entry(more, gain)));
            self.undecided.extend(undecided.into_iter().map(|open| open_entry(more, open, gains_access)));
        }
    }

    pub fn is_same(&self) -> bool {
        self.gained.is_empty() && self.lost.is_empty() && self.undecided.is_empty()
    }

    /// Whether a gate has to fail: something is gained, or may be.
    pub fn has_new_access(&self, allow_undecided: bool) -> bool {
        !self.gained.is_empty() || !allow_undecided && self.undecided.iter().any(|it| it.may_be_gained)
    }

    pub fn json(&self) -> Value {
        let undecided: Vec<Value> = self
            .undecided
            .iter()
            .map(|open| {
                json!({
                    "action": one_or_many(&open.actions),
                    "file": open.place.file,
                    "statement": open.place.statement,
                    "change": if open.may_be_gained { "gained" } else { "lost" },
                    "why": open.why,
                })
            })
            .collect();
        json!({
            "schema": 1,
            "gained": self.gained.iter().map(Entry::json).collect::<Vec<_>>(),
            "lost": self.lost.iter().map(Entry::json).collect::<Vec<_>>(),
            "undecided": undecided,
            "same": self.is_same(),
        })
    }

    /// In sentences.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for (sign, word, list) in [('+', "gained", &self.gained), ('-', "lost", &self.lost)] {
            for entry in list {
                let _ = writeln!(out, "{sign} {word}: {}", entry.what());
                let _ = writeln!(out, "    by {}", entry.place.words());
                let _ = writeln!(
                    out,
                    "    {} {}",
                    if sign == '+' { "now allowed:" } else { "no longer allowed:" },
                    entry.witness
                );
            }
        }
        for open in &self.undecided {
            let may = if open.may_be_gained { "may be gained" } else { "may be lost" };
            let _ = writeln!(out, "? {may}: {}", open.actions.join(", "));
            let _ = writeln!(out, "    by {}", open.place.words());
            let _ = writeln!(out, "    not decided: {}", open.why);
        }
        let _ = writeln!(out, "{}", self.summary());
        out
    }

    fn summary(&self) -> String {
        if self.is_same() {
            return "The access is the same.".to_string();
        }
        let count = |number: usize, word: &str| format!("{number} {word}");
        let mut parts = vec![count(self.gained.len(), "gained"), count(self.lost.len(), "lost")];
        if !self.undecided.is_empty() {
            parts.push(count(self.undecided.len(), "not decided"));
        }
        format!("{}.", parts.join(", "))
    }

    /// A comment on a pull request.
    pub fn markdown(&self) -> String {
        let mut out = String::from("### Access that this change gives and takes\n\n");
        if self.is_same() {
            out.push_str("The access is the same.\n");
            return out;
        }
        out.push_str("| | actions | resources | by | for example |\n|---|---|---|---|---|\n");
        for (word, list) in [("**gained**", &self.gained), ("lost", &self.lost)] {
            for entry in list {
                let _ = writeln!(
                    out,
                    "| {word} | {} | {} | {} | {} |",
                    cells(&entry.actions),
                    cells(&entry.resources),
                    cell(&entry.place.words()),
                    cell(&entry.witness.to_string()),
                );
            }
        }
        for open in &self.undecided {
            let _ = writeln!(
                out,
                "| not decided | {} | | {} | {} |",
                cells(&open.actions),
                cell(&open.place.words()),
                cell(&open.why),
            );
        }
        let _ = writeln!(out, "\n{}", self.summary());
        out
    }

    /// Annotations of GitHub Actions.
    pub fn github(&self) -> String {
        let mut out = String::new();
        let mut say = |level: &str, place: &StatementPlace, title: &str, message: &str| {
            let file = escaped(&place.file, true);
            let _ = writeln!(
                out,
                "::{level} file={file},line={},title={}::{}",
                place.line,
                escaped(title, true),
                escaped(message, false)
            );
        };
        for entry in &self.gained {
            let message = format!("{} – now allowed: {}", entry.what(), entry.witness);
            say("warning", &entry.place, "Access gained", &message);
        }
        for open in &self.undecided {
            let message = format!("{}: {}", open.actions.join(", "), open.why);
            say("warning", &open.place, "Access not decided", &message);
        }
        for entry in &self.lost {
            say("notice", &entry.place, "Access lost", &entry.what());
        }
        out
    }
}

/// Identity policies, boundaries and service control policies say the same things of a request.
fn group(kind: DocumentKind) -> DocumentKind {
    match kind {
        DocumentKind::Resource | DocumentKind::Trust | DocumentKind::Rcp => DocumentKind::Resource,
        _ => DocumentKind::Identity,
    }
}

fn side(file: &PolicyFile, kind: DocumentKind) -> Side<'_> {
    file.policies().filter(|policy| group(policy.kind()) == kind).map(|policy| (file, policy)).collect()
}

fn one(files: &[PolicyFile], (file, document): (usize, usize)) -> Side<'_> {
    Policy::of(&files[file].documents[document]).map(|policy| (&files[file], policy)).into_iter().collect()
}

fn place(side: &Side<'_>, policy: usize, statement: usize) -> StatementPlace {
    let (file, policy) = side[policy];
    let placed = &policy.units()[statement];
    let (line, _) = file.excerpt(placed.span());
    let sid = placed.unit.value.as_object().and_then(|it| it.string("Sid")).map(|it| it.text.to_string());
    StatementPlace { file: file.name.clone(), line, statement, sid }
}

fn entry(side: &Side<'_>, gain: Gain<'_>) -> Entry {
    let statement: Statement<'_> = gain.allowed_by;
    let value = |name: &str| statement.object.get(name).and_then(|value| value.to_new());
    Entry {
        place: place(side, gain.policy, gain.statement),
        actions: gain.actions,
        resources: gain.resources,
        principal: value("Principal"),
        condition: value("Condition"),
        witness: gain.witness,
    }
}

fn open_entry(side: &Side<'_>, open: Undecided, may_be_gained: bool) -> OpenEntry {
    OpenEntry {
        place: place(side, open.policy, open.statement),
        actions: open.actions,
        may_be_gained,
        why: open.why,
    }
}

fn one_or_many(texts: &[String]) -> Value {
    match texts {
        [only] => json!(only),
        many => json!(many),
    }
}

impl StatementPlace {
    fn words(&self) -> String {
        let name = self.sid.as_deref().map_or(String::new(), |sid| format!(" ({sid})"));
        format!("{}:{}, statement {}{name}", self.file, self.line, self.statement)
    }
}

impl Entry {
    fn what(&self) -> String {
        let mut out = format!("{} on {}", self.actions.join(", "), self.resources.join(", "));
        if let Some(principal) = &self.principal {
            let _ = write!(out, " for {principal}");
        }
        if let Some(condition) = &self.condition {
            let _ = write!(out, " if {condition}");
        }
        out
    }

    fn json(&self) -> Value {
        let witness = &self.witness;
        let context: Map<String, Value> =
            witness.context.iter().map(|(key, values)| (key.clone(), json!(values))).collect();
        let mut entry = json!({
            "action": one_or_many(&self.actions),
            "resource": one_or_many(&self.resources),
            "file": self.place.file,
            "statement": self.place.statement,
            "witness": {
                "principal": witness.principal,
                "action": witness.action,
                "resource": witness.resource,
                "context": context,
            },
        });
        if let Some(members) = entry.as_object_mut() {
            members.extend(self.principal.clone().map(|it| ("principal".to_string(), it)));
            members.extend(self.condition.clone().map(|it| ("condition".to_string(), it)));
        }
        entry
    }
}

/// A cell of a table: nothing in it ends the cell or the code.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace(['\n', '\r'], " ").replace('<', "&lt;")
}

fn cells(texts: &[String]) -> String {
    const SHOWN: usize = 6;
    let mut out: Vec<String> = texts
        .iter()
        .take(SHOWN)
        .map(|text| format!("`{}`", text.replace('`', "'").replace('|', "\\|").replace(['\n', '\r'], " ")))
        .collect();
    if texts.len() > SHOWN {
        out.push(format!("and {} more", texts.len() - SHOWN));
    }
    out.join(", ")
}

/// As workflow commands want it.
fn escaped(text: &str, is_property: bool) -> String {
    let text = text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    if is_property { text.replace(':', "%3A").replace(',', "%2C") } else { text }
}
