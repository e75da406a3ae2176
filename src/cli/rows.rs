//! Rows of `exceptions` in configurations that keep nothing from being told.

use super::inputs::Input;
use super::records::records_of;
use crate::analysis::{self, FileFacts, Report, RuleSet};
use crate::diagnostic::Findings;
use crate::host::Spelling;
use crate::output::{FileText, Record, Secrets};
use crate::rules::suppression::unused_suppression::{UnusedRow, UnusedSuppression};
use crate::rules::{Declared, rules_meant};
use crate::suppression::{Row, Suppression};
use crate::text::Span;
use crate::workspace::{Configurations, disk, paths};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What one file made of a row that is about it.
pub(super) struct UseOfRow {
    row: Row,
    is_borne: bool,
    keeps: bool,
    runs: bool,
}

/// What a file made of the rows that are about it.
pub(super) fn used(report: &Report, rules: &RuleSet) -> Vec<UseOfRow> {
    let of = |row: &Row| UseOfRow {
        is_borne: row.anchor.as_ref().is_none_or(|anchor| report.bears(anchor)),
        keeps: report.excepted.iter().any(|it| Arc::ptr_eq(&it.by, &row.suppression)),
        runs: names(&row.suppression)
            .any(|name| rules_meant(name).is_ok_and(|meant| meant.iter().any(|meta| rules.has(meta.id)))),
        row: row.clone(),
    };
    report.rows().iter().map(of).collect()
}

fn names(suppression: &Suppression) -> impl Iterator<Item = &str> {
    suppression.rules.iter().map(|(name, _)| &**name)
}

/// The findings about rows that nothing needs, by the configuration that they stand in. Only where the whole folder of the
/// configuration was looked at: otherwise what a row is about may be elsewhere.
pub(super) fn unused(
    uses: Vec<UseOfRow>,
    configurations: &Configurations,
    looked_at: &[PathBuf],
) -> Vec<(FileText, Vec<Record>)> {
    let folders: Vec<PathBuf> =
        looked_at.iter().filter(|path| path.is_dir()).filter_map(|path| paths::absolute(path)).collect();
    let mut by_place: BTreeMap<Box<str>, Vec<UseOfRow>> = BTreeMap::new();
    for it in uses {
        by_place.entry(it.row.place.clone()).or_default().push(it);
    }
    let mut by_file: BTreeMap<PathBuf, Vec<(Span, UnusedRow)>> = BTreeMap::new();
    for (file, row) in configurations.rows() {
        let is_whole = file.parent().is_some_and(|folder| folders.iter().any(|it| folder.starts_with(it)));
        if !is_whole {
            continue;
        }
        let uses = by_place.get(&row.place).map_or(&[][..], Vec::as_slice);
        let names = || names(&row.suppression).collect::<Vec<_>>().join("`, `");
        let why = match &row.anchor {
            _ if uses.is_empty() => UnusedRow::NoFile,
            Some(anchor) if !uses.iter().any(|it| it.is_borne) => UnusedRow::NotBorne(anchor.to_string()),
            _ if uses.iter().any(|it| it.keeps) || !uses.iter().any(|it| it.runs) => continue,
            _ => UnusedRow::NothingFound(names()),
        };
        by_file.entry(file).or_default().push((row.suppression.span, why));
    }
    by_file.into_iter().filter_map(|(file, rows)| findings(&file, &rows, configurations)).collect()
}

fn findings(
    file: &Path,
    rows: &[(Span, UnusedRow)],
    configurations: &Configurations,
) -> Option<(FileText, Vec<Record>)> {
    let rules = configurations.of(file).0.rules;
    let meta = UnusedSuppression.meta();
    if !rules.has(meta.id) {
        return None;
    }
    let text = disk::read(file, disk::LARGEST).ok()?;
    let mut acc = Findings::of(meta, Spelling::default());
    for (span, why) in rows {
        why.report(*span, &mut acc);
    }
    acc.adjust(0, |finding| rules.adjust(finding));
    let here = std::path::absolute(".").ok();
    let shown = here.and_then(|here| file.strip_prefix(here).ok().map(Path::to_path_buf));
    let name = shown.unwrap_or_else(|| file.to_path_buf()).display().to_string();
    let mut report = analysis::check_file(&text, &FileFacts::of_path(&name), None, &rules);
    report.findings = acc.into_vec();
    report.findings.sort_by_key(|finding| finding.span);
    let records = records_of(&report, &name, &text, &Secrets::default(), &|_| None);
    Some((FileText { path: name, text, secrets: Secrets::default() }, records))
}

/// Whether a run looks at files as they are, all of them: only then it can tell what nothing needs.
pub(super) fn can_tell(inputs: &[Input], is_narrowed: bool) -> bool {
    !is_narrowed && inputs.iter().all(|input| input.path.is_some())
}
