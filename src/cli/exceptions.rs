//! `passrole exceptions`: what is suppressed, where, why, until when; and what `check` says of those that are over.

use super::args::{ExceptionsArguments, RulesFormat};
use super::git::Repository;
use super::inputs::{self, Input};
use super::panics::guarded;
use super::trusted::folder_of;
use super::{Outcome, terminal};
use crate::analysis::{self, Report};
use crate::diagnostic::Level;
use crate::output::{self, Record};
use crate::suppression::Suppression;
use crate::text::LineIndex;
use crate::workspace::disk::{self, Disk};
use crate::workspace::{Configurations, Wishes, Workspace};
use jiff::civil::Date;
use rayon::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

/// The day it is at Greenwich.
pub(super) fn today() -> Date {
    jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::UTC).date()
}

/// Those whose suppression is over, and the others.
pub(super) fn expired(suppressed: Vec<Record>, today: Date) -> (Vec<Record>, Vec<Record>) {
    suppressed.into_iter().partition(|record| {
        record.suppressed.as_ref().and_then(|by| by.until).is_some_and(|last| last < today)
    })
}

pub(super) fn tell_expired(name: &str, expired: &[Record]) {
    for record in expired {
        let Some(until) = record.suppressed.as_ref().and_then(|by| by.until) else { continue };
        terminal::note(format!(
            "{name}:{}: `{}` is suppressed until {until}, which is over",
            record.start.line, record.rule.id
        ));
    }
}

/// One suppression, and what it keeps from being told.
struct Listed {
    /// `FILE:LINE`.
    place: String,
    suppression: Arc<Suppression>,
    anchor: Option<String>,
    findings: usize,
    /// The day on which its line came into the current commit.
    since: Option<Date>,
}

pub(super) fn run(arguments: &ExceptionsArguments) -> Outcome {
    match list(arguments) {
        Ok((listed, is_whole)) => {
            let today = arguments.today.unwrap_or_else(today);
            let text = match arguments.format {
                RulesFormat::Text => table(&listed, today),
                RulesFormat::Json => machine_readable(&listed, today),
            };
            match super::rules::print(&text) {
                Outcome::Clean if !is_whole => Outcome::Failed,
                outcome => outcome,
            }
        }
        Err(message) => {
            terminal::error(message);
            Outcome::Failed
        }
    }
}

/// What is suppressed in the files, and whether all of them could be looked at.
fn list(arguments: &ExceptionsArguments) -> Result<(Vec<Listed>, bool), String> {
    // A suppression of a pedantic rule is one, too.
    let wishes = Wishes { level: Some(Level::Pedantic), ..Wishes::default() };
    let configurations = Configurations::new(Arc::new(Disk), wishes, arguments.config.as_deref())?;
    let (mut inputs, problems) = inputs::find(&arguments.paths, &[], false, ("", None));
    inputs.retain(|input| input.is_named || !configurations.of(&input.place()).0.is_excluded);
    let workspace = Workspace::new(Arc::new(Disk), configurations, inputs::roots(&arguments.paths));
    let looked: Vec<Option<(&Input, Report, String)>> = inputs
        .par_iter()
        .map(|input| {
            let place = input.place();
            let (settings, _) = workspace.settings(&place);
            let text = disk::read(&place, disk::LARGEST).ok()?;
            let check =
                || analysis::check_file(&text, &workspace.facts(&place), settings.kind, &settings.rules);
            guarded(check).map(|report| (input, report, text))
        })
        .collect();
    let mut is_whole = true;
    for problem in &problems {
        is_whole &= !problem.is_named;
        terminal::warning(&problem.what);
    }
    for notice in workspace.take_notices() {
        is_whole &= !notice.is_error;
        if notice.is_error { terminal::error(notice.words) } else { terminal::warning(notice.words) }
    }
    let mut listed = Vec::new();
    let mut rows: BTreeMap<Box<str>, Listed> = BTreeMap::new();
    for (input, report, text) in looked.iter().flatten() {
        let lines = LineIndex::new(text);
        let kept_by = |suppression: &Arc<Suppression>| {
            report.excepted.iter().filter(|it| Arc::ptr_eq(&it.by, suppression)).count()
        };
        listed.extend(report.suppressions.iter().map(|suppression| Listed {
            place: format!(
                "{}:{}",
                input.name.trim_start_matches("./"),
                lines.scalars(suppression.span.start).line
            ),
            suppression: Arc::clone(suppression),
            anchor: None,
            findings: kept_by(suppression),
            since: None,
        }));
        for row in report.rows() {
            let known = rows.entry(row.place.clone()).or_insert_with(|| Listed {
                place: row.place.to_string(),
                suppression: Arc::clone(&row.suppression),
                anchor: row.anchor.as_deref().map(str::to_string),
                findings: 0,
                since: None,
            });
            known.findings += kept_by(&row.suppression);
        }
    }
    listed.extend(rows.into_values());
    if arguments.age {
        let repository = Repository::around(&folder_of(&arguments.paths))?;
        for it in &mut listed {
            let place = it.place.rsplit_once(':').and_then(|(file, line)| Some((file, line.parse().ok()?)));
            it.since = place.and_then(|(file, line)| repository.since(Path::new(file), line));
        }
    }
    Ok((listed, is_whole))
}

fn days(since: Date, today: Date) -> i32 {
    today.since(since).map_or(0, |span| span.get_days())
}

fn names(suppression: &Suppression) -> Vec<&str> {
    suppression.rules.iter().map(|(name, _)| &**name).collect()
}

fn table(listed: &[Listed], today: Date) -> String {
    let mut out = String::new();
    for it in listed {
        let suppression = &it.suppression;
        let anchor = it.anchor.as_ref().map(|anchor| format!(" at {anchor}")).unwrap_or_default();
        let until = match suppression.until {
            Some(last) if suppression.has_expired(today) => format!(", until {last}: over"),
            Some(last) => format!(", until {last}"),
            None => String::new(),
        };
        let reason = if suppression.reason.is_empty() { "no reason given" } else { &*suppression.reason };
        let keeps = match it.findings {
            0 => "keeps nothing".to_string(),
            1 => "keeps 1 finding".to_string(),
            count => format!("keeps {count} findings"),
        };
        let since =
            it.since.map(|day| format!(", since {day} ({} days)", days(day, today))).unwrap_or_default();
        let owner = suppression.owner.as_ref().map(|owner| format!(" ({owner})")).unwrap_or_default();
        let names = names(suppression).join(", ");
        let line = format!("{}: {names}{anchor}{since}{until} ({keeps}):{owner} {reason}", it.place);
        let _ = writeln!(out, "{}", output::line(&line));
    }
    let _ = match listed.len() {
        0 => writeln!(out, "Nothing is suppressed."),
        1 => writeln!(out, "1 suppression."),
        count => writeln!(out, "{count} suppressions."),
    };
    out
}

fn machine_readable(listed: &[Listed], today: Date) -> String {
    let rows: Vec<_> = listed
        .iter()
        .map(|it| {
            json!({
                "place": it.place,
                "origin": it.suppression.origin.name(),
                "rules": names(&it.suppression),
                "anchor": it.anchor,
                "reason": it.suppression.reason,
                "owner": it.suppression.owner,
                "since": it.since.map(|day| day.to_string()),
                "ageInDays": it.since.map(|day| days(day, today)),
                "until": it.suppression.until.map(|date| date.to_string()),
                "expired": it.suppression.has_expired(today),
                "findings": it.findings,
            })
        })
        .collect();
    format!("{:#}\n", json!({ "schema": 1, "exceptions": rows }))
}
