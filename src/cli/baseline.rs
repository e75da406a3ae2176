//! The baseline: findings that are known and left for later.

use crate::output::Record;
use crate::workspace::disk;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};
use std::path::Path;

/// The form that is written. The first held fingerprints alone, and is still read.
const SCHEMA: u64 = 2;

/// What is known, in the order of paths. A file that people review: each finding says where it is and what it says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub(super) struct Baseline {
    schema: u64,
    findings: Vec<KnownFinding>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KnownFinding {
    /// Below the repository's root; empty in a baseline of the first form.
    pub path: String,
    pub rule: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub case: String,
    /// Names and a JSON Pointer without positions in lists.
    pub anchor: String,
    pub message: String,
    pub fingerprint: String,
    /// How many alike there are in the file.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub count: usize,
}

fn one() -> usize {
    1
}

fn is_one(count: &usize) -> bool {
    *count == 1
}

/// What a baseline makes of findings.
pub(super) struct Filtered {
    /// What it does not know.
    pub left: Vec<Record>,
    /// What it knows and nobody finds any more.
    pub dead: Vec<KnownFinding>,
}

impl Baseline {
    pub(super) fn of(records: &[Record]) -> Baseline {
        let mut counted: BTreeMap<KnownFinding, usize> = BTreeMap::new();
        for record in records {
            let entry = KnownFinding {
                path: record.repository_path.clone(),
                rule: record.rule.id.to_string(),
                case: record.case.to_string(),
                anchor: record.anchor.clone(),
                message: record.message.clone(),
                fingerprint: record.fingerprint.clone(),
                count: 1,
            };
            *counted.entry(entry).or_insert(0) += 1;
        }
        let findings = counted.into_iter().map(|(entry, count)| KnownFinding { count, ..entry }).collect();
        Baseline { schema: SCHEMA, findings }
    }

    /// From a text; `name` is what messages call its file.
    pub(super) fn parse(text: &str, name: &str) -> Result<Baseline, String> {
        let fail = |why: String| format!("{name}: {why}");
        let value: Value = serde_json::from_str(text).map_err(|error| fail(error.to_string()))?;
        let expected = "write it anew with `passrole check --write-baseline`";
        match value["schema"].as_u64() {
            Some(1) => {
                #[derive(Deserialize)]
                #[serde(deny_unknown_fields)]
                struct First {
                    #[serde(rename = "schema")]
                    _schema: u64,
                    findings: BTreeMap<String, usize>,
                }
                let first: First = serde_json::from_str(text).map_err(|error| fail(error.to_string()))?;
                let entry = |(key, count): (String, usize)| {
                    let (rule, fingerprint) = key.split_once(' ')?;
                    let (rule, fingerprint) = (rule.to_string(), fingerprint.to_string());
                    let (path, case, anchor, message) = Default::default();
                    Some(KnownFinding { path, rule, case, anchor, message, fingerprint, count })
                };
                let findings: Option<Vec<KnownFinding>> = first.findings.into_iter().map(entry).collect();
                let findings = findings.ok_or_else(|| fail(format!("not a baseline: {expected}")))?;
                Ok(Baseline { schema: SCHEMA, findings })
            }
            Some(SCHEMA) => {
                #[derive(Deserialize)]
                #[serde(deny_unknown_fields)]
                struct Second {
                    #[serde(rename = "schema")]
                    _schema: u64,
                    findings: Vec<KnownFinding>,
                }
                let second: Second = serde_json::from_str(text).map_err(|error| fail(error.to_string()))?;
                Ok(Baseline { schema: SCHEMA, findings: second.findings })
            }
            Some(other) => Err(fail(format!(
                "schema {other} is of another version of passrole; this one reads 1 and {SCHEMA}: {expected}"
            ))),
            None => Err(fail(format!("not a baseline, which has a `schema`: {expected}"))),
        }
    }

    pub(super) fn write(&self, path: &Path) -> Result<(), String> {
        let text = serde_json::to_string_pretty(self).map_err(|error| error.to_string())? + "\n";
        disk::put(path, &text).map_err(|reason| format!("{}: {reason}", path.display()))
    }

    /// Takes the known findings away: as many of each fingerprint as were recorded, those of the same file first, so
    /// that a finding that moved with its file is still known. An entry is dead where `is_gone` says of its path that
    /// it was looked at, or is there no more.
    pub(super) fn filter(&self, records: Vec<Record>, is_gone: impl Fn(&str) -> bool) -> Filtered {
        let mut counts: Vec<usize> = self.findings.iter().map(|entry| entry.count).collect();
        let mut by_print: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
        for (index, entry) in self.findings.iter().enumerate() {
            by_print.entry((&entry.rule, &entry.fingerprint)).or_default().push(index);
        }
        let mut take = |record: &Record, in_its_file: bool| {
            // What was recorded under a name that the rule had before counts as well.
            let former = record.formerly.iter().map(|(id, fingerprint)| (*id, &**fingerprint));
            let keys = std::iter::once((record.rule.id, &*record.fingerprint)).chain(former);
            let candidates = keys.filter_map(|key| by_print.get(&key)).flatten();
            let fits = |index: &&usize| {
                counts[**index] > 0 && (!in_its_file || self.findings[**index].path == record.repository_path)
            };
            let found = candidates.into_iter().find(fits).copied();
            if let Some(index) = found {
                counts[index] -= 1;
            }
            found.is_some()
        };
        let mut left = records;
        left.retain(|record| !take(record, true));
        left.retain(|record| !take(record, false));
        let rest = self.findings.iter().zip(&counts).filter(|(_, count)| **count > 0);
        let rest = rest.map(|(entry, count)| KnownFinding { count: *count, ..entry.clone() });
        let dead = rest.filter(|entry| entry.path.is_empty() || is_gone(&entry.path)).collect();
        Filtered { left, dead }
    }

    /// Without those entries.
    pub(super) fn without(&self, dead: &[KnownFinding]) -> Baseline {
        let print =
            |entry: &KnownFinding| (entry.rule.clone(), entry.fingerprint.clone(), entry.path.clone());
        let mut gone: BTreeMap<_, usize> = BTreeMap::new();
        dead.iter().for_each(|entry| *gone.entry(print(entry)).or_default() += entry.count);
        let kept = self.findings.iter().filter_map(|entry| {
            let gone = gone.remove(&print(entry)).unwrap_or(0);
            (entry.count > gone).then(|| KnownFinding { count: entry.count - gone, ..entry.clone() })
        });
        Baseline { schema: SCHEMA, findings: kept.collect() }
    }

    /// With what another one knows of files that were not looked at this time.
    pub(super) fn with_others(
        mut self,
        before: &Baseline,
        looked_at: &HashSet<String>,
        is_gone: impl Fn(&str) -> bool,
    ) -> Baseline {
        let others = before.findings.iter();
        let others = others.filter(|entry| {
            !entry.path.is_empty() && !looked_at.contains(&entry.path) && !is_gone(&entry.path)
        });
        self.findings.extend(others.cloned());
        self.findings.sort();
        self
    }

    /// How many findings it knows.
    pub(super) fn len(&self) -> usize {
        self.findings.iter().map(|entry| entry.count).sum()
    }
}
