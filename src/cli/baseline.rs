//! The baseline: findings that are known and left for later.

use crate::output::Record;
use crate::workspace::disk;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// How many findings of each fingerprint are known. A file that people review: sorted, one a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Baseline {
    schema: u32,
    findings: BTreeMap<String, usize>,
}

impl Baseline {
    pub(super) fn of(records: &[Record]) -> Baseline {
        let mut findings = BTreeMap::new();
        for record in records {
            *findings.entry(key(record)).or_insert(0) += 1;
        }
        Baseline { schema: 1, findings }
    }

    pub(super) fn read(path: &Path) -> Result<Baseline, String> {
        let text = disk::read(path, disk::LARGEST).map_err(|problem| problem.to_string())?;
        let baseline: Baseline =
            serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        if baseline.schema != 1 {
            return Err(format!("{}: schema {} is not known", path.display(), baseline.schema));
        }
        Ok(baseline)
    }

    pub(super) fn write(&self, path: &Path) -> Result<(), String> {
        let text = serde_json::to_string_pretty(self).map_err(|error| error.to_string())? + "\n";
        disk::put(path, &text).map_err(|reason| format!("{}: {reason}", path.display()))
    }

    /// Takes the known findings away: as many of each fingerprint as were recorded.
    pub(super) fn filter(mut self, records: Vec<Record>) -> Vec<Record> {
        records
            .into_iter()
            .filter(|record| {
                // What was recorded under a name that the rule had before counts as well.
                let former = record.formerly.iter().map(|(id, fingerprint)| format!("{id} {fingerprint}"));
                !std::iter::once(key(record)).chain(former).any(|key| match self.findings.get_mut(&key) {
                    Some(count) if *count > 0 => {
                        *count -= 1;
                        true
                    }
                    _ => false,
                })
            })
            .collect()
    }
}

/// The rule's name in front, for whoever reads the file.
fn key(record: &Record) -> String {
    format!("{} {}", record.rule.id, record.fingerprint)
}
