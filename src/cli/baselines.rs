//! The baselines of a run: the one that was named, or those that configurations name.

use super::args::CheckArguments;
use super::baseline::{Baseline, KnownFinding};
use super::terminal;
use super::trusted::Trusted;
use crate::output::Record;
use crate::workspace::{Configurations, disk};
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

/// Dead entries that are told each; of more, only how many.
const MOST_TOLD: usize = 5;

/// What is found, by the baseline that is meant for it.
#[derive(Default)]
pub(super) struct Baselines {
    groups: BTreeMap<Option<PathBuf>, Group>,
}

#[derive(Default)]
struct Group {
    records: Vec<Record>,
    /// The files that were looked at, below the repository's root.
    looked_at: HashSet<String>,
}

impl Baselines {
    /// The baseline that is meant for a file; `None` where there is none.
    pub fn meant(
        arguments: &CheckArguments,
        configurations: &Configurations,
        place: &Path,
    ) -> Option<PathBuf> {
        arguments.baseline.clone().or_else(|| configurations.baseline(place))
    }

    pub fn add(&mut self, baseline: Option<PathBuf>, path: String, records: Vec<Record>) {
        let group = self.groups.entry(baseline).or_default();
        group.looked_at.insert(path);
        group.records.extend(records);
    }

    /// The findings that no baseline knows, in the order of files and places.
    pub fn settle(
        self,
        arguments: &CheckArguments,
        trusted: Option<&Trusted>,
    ) -> Result<Vec<Record>, String> {
        if (arguments.write_baseline || arguments.prune_baseline)
            && arguments.baseline.is_none()
            && !self.groups.keys().any(Option::is_some)
        {
            return Err(
                "no baseline is named: add `--baseline FILE`, or `baseline` in the configuration".to_string()
            );
        }
        let mut left = Vec::new();
        for (path, group) in self.groups {
            match path {
                None => left.extend(group.records),
                Some(path) => left.extend(group.settle(&path, arguments, trusted)?),
            }
        }
        left.sort_by_key(|record| (record.file, record.span));
        Ok(left)
    }
}

impl Group {
    fn settle(
        self,
        path: &Path,
        arguments: &CheckArguments,
        trusted: Option<&Trusted>,
    ) -> Result<Vec<Record>, String> {
        let name = path.display().to_string();
        let root = root_of(path);
        let is_away = |file: &str| !root.join(file).exists();
        let is_gone = |file: &str| self.looked_at.contains(file) || is_away(file);
        let known = match trusted {
            Some(trusted) => trusted.text(path),
            None if arguments.write_baseline && !path.exists() => None,
            None => Some(disk::read(path, disk::LARGEST).map_err(|problem| problem.to_string())?),
        };
        let known = known.map(|text| Baseline::parse(&text, &name)).transpose()?;
        if arguments.write_baseline {
            // What cannot be read is not overwritten; that was an error above.
            let before = known.unwrap_or_default();
            let now = Baseline::of(&self.records).with_others(&before, &self.looked_at, is_away);
            let filtered = before.filter(self.records, is_gone);
            let dropped: usize = filtered.dead.iter().map(|entry| entry.count).sum();
            now.write(path)?;
            terminal::say(format!(
                "{} findings recorded in {name} ({} new, {dropped} dropped)",
                now.len(),
                filtered.left.len()
            ));
            return Ok(Vec::new());
        }
        let Some(known) = known else {
            terminal::note(format!("{name} is not in the commit whose policy counts: nothing is known"));
            return Ok(self.records);
        };
        let looked_at = &self.looked_at;
        let filtered = known.filter(self.records, |file| looked_at.contains(file) || is_away(file));
        if arguments.prune_baseline {
            let kept = known.without(&filtered.dead);
            kept.write(path)?;
            terminal::say(format!(
                "{} findings left in {name} ({} dropped)",
                kept.len(),
                known.len() - kept.len()
            ));
        } else if trusted.is_none() {
            tell_dead(&name, &filtered.dead);
        }
        Ok(filtered.left)
    }
}

fn tell_dead(name: &str, dead: &[KnownFinding]) {
    if dead.is_empty() {
        return;
    }
    let count: usize = dead.iter().map(|entry| entry.count).sum();
    let (what, are) = if count == 1 { ("finding", "is") } else { ("findings", "are") };
    terminal::note(format!("{name}: {count} {what} {are} no more: --prune-baseline takes them out"));
    for entry in dead.iter().filter(|entry| !entry.path.is_empty()).take(MOST_TOLD) {
        terminal::note(format!("{name}: gone: {} {}: {}", entry.path, entry.rule, entry.message));
    }
}

/// The folder that paths in a baseline are meant from.
fn root_of(baseline: &Path) -> PathBuf {
    let whole = std::path::absolute(baseline).unwrap_or_else(|_| baseline.to_path_buf());
    let above = || whole.ancestors().skip(1);
    let root = above().find(|folder| folder.join(".git").exists()).or_else(|| above().next());
    root.unwrap_or(Path::new(".")).to_path_buf()
}
