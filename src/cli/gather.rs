//! Looks at everything that the paths of `passrole check` mean, and mends what is to be mended.

use super::args::CheckArguments;
use super::baselines::Baselines;
use super::inputs::{self, Input};
use super::panics::guarded;
use super::records::{internal_error, records_of, secrets_of, suppressed_of, write_edits};
use super::repository::Repositories;
use super::rows::{self, UseOfRow};
use super::sink::Sink;
use super::trusted::Trusted;
use super::{Outcome, exceptions, facts, terminal};
use crate::analysis::gate::{Objection, Refused};
use crate::analysis::{self, INTERNAL_ERROR, Report, WantedFixes, elsewhere};
use crate::diagnostic::Finding;
use crate::graph::roles::LinkNote;
use crate::host::DocumentKind;
use crate::output::{
    self, FileText, Format, Record, RelatedFile, Results, Secrets, Summary, Unjudged, UnjudgedCounts,
};
use crate::suppression::Origin;
use crate::text::{LineIndex, Span, Text, unified_difference};
use crate::workspace::disk::{self, Disk, Folders, Problem};
use crate::workspace::{Configurations, Files, LARGEST_COMPARED, Overlay, Unreadable, Wishes, Workspace};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// One file, looked at.
#[derive(Default)]
struct Looked {
    documents: Vec<(DocumentKind, String)>,
    records: Vec<Record>,
    suppressed: Vec<Record>,
    text: String,
    secrets: Secrets,
    /// Kept where files are mended, for one that was or that is judged by what others say.
    report: Option<Report>,
    /// The text before fixes, where some were made, and its secrets, where it is going to be shown.
    before: Option<(String, Secrets)>,
    fixed: usize,
    /// The fixes that did not pass the gate.
    refused: Vec<Refused>,
    /// What became of its other names.
    note: Option<String>,
    /// What was not looked at.
    left_out: Vec<String>,
    /// What its references to roles lead to, with their lines.
    links: Vec<String>,
    unjudged: Vec<Unjudged>,
    /// What it made of rows of the configuration that are about it.
    rows: Vec<UseOfRow>,
    /// Why it could not be written.
    unwritten: Option<String>,
}

/// Why a file was not looked at.
enum Missed {
    Unreadable(Unreadable),
    /// Its configuration is broken, which is told once.
    Unconfigured,
}

/// What a run needs to know.
struct Run<'a> {
    arguments: &'a CheckArguments,
    workspace: Workspace,
    /// Where files may be written.
    folders: Folders,
}

/// What a run over some paths came to.
pub(super) struct Gathered {
    pub records: Vec<Record>,
    suppressed: Vec<Record>,
    texts: Vec<FileText>,
    pub summary: Summary,
    unjudged: Vec<Unjudged>,
    pub fixed: usize,
    /// What goes to standard output in place of findings.
    pub taken: Option<String>,
    has_failed: bool,
    would_change: bool,
}

impl Gathered {
    pub fn results<'a>(&'a self, arguments: &CheckArguments, colour: bool) -> Results<'a> {
        Results {
            records: &self.records,
            suppressed: &self.suppressed,
            files: &self.texts,
            summary: self.summary,
            unjudged: &self.unjudged,
            colour,
            statistics: arguments.statistics,
            quiet: arguments.quiet,
        }
    }

    pub fn outcome(&self, arguments: &CheckArguments) -> Outcome {
        if self.has_failed {
            return Outcome::Failed;
        }
        let reached = |record: &Record| arguments.fail_on.reached_by(record.severity, record.gate);
        let is_open = arguments.fail_on_unjudged && !self.unjudged.is_empty();
        let is_empty = arguments.require_documents && self.summary.documents == 0;
        if is_empty {
            terminal::error("no document was found to check, and --require-documents asks for one");
        }
        let fails =
            self.records.iter().any(reached) || is_open || is_empty || arguments.diff && self.would_change;
        if fails && !arguments.exit_zero { Outcome::Findings } else { Outcome::Clean }
    }
}

/// Looks at everything that the paths mean.
pub(super) fn gather(arguments: &CheckArguments, paths: &[PathBuf]) -> Result<Gathered, String> {
    let wishes = Wishes {
        level: arguments.level.map(Into::into),
        select: arguments.select.clone(),
        ignore: arguments.ignore.clone(),
        kind: arguments.kind,
        no_suppressions: arguments.no_suppressions,
        ..Wishes::default()
    };
    let here = [PathBuf::from(".")];
    let places = if paths.is_empty() { &here[..] } else { paths };
    // Beside a cloud assembly only what is named.
    let to_check = if arguments.cdk.is_empty() { places } else { paths };
    let trusted = arguments.policy_from.as_ref().map(|revision| Trusted::of(revision, places)).transpose()?;
    let files: Arc<dyn Files> = match &trusted {
        Some(trusted) => Arc::clone(trusted) as Arc<dyn Files>,
        None => Arc::new(Disk),
    };
    let configurations = Configurations::new(files, wishes, arguments.config.as_deref())?;
    let stdin = (&*arguments.stdin_filename, arguments.text.as_deref());
    let (mut inputs, mut problems) = inputs::find(to_check, &arguments.cdk, arguments.markdown, stdin);
    if let Some(trusted) = &trusted {
        inputs::add(&mut inputs, trusted.tracked(places)?);
    }
    inputs.retain(|input| input.is_named || !configurations.of(&input.place()).0.is_excluded);
    if let Some(revision) = &arguments.since {
        inputs::retain_changed(&mut inputs, revision, places)?;
    }
    let today = arguments.today.unwrap_or_else(exceptions::today);
    let too_old = inputs.iter().filter_map(|input| configurations.facts_max_age(&input.place()));
    let too_old: BTreeSet<String> =
        too_old.filter_map(|most| facts::too_old(most.value, &most.place, today)).collect();
    if let Some(why) = too_old.into_iter().next() {
        return Err(why);
    }
    let texts = Overlay::over(Arc::new(Disk));
    for input in &inputs {
        if let Some(text) = &input.text {
            texts.open(input.place(), Text::from(text.as_str()));
        }
    }
    let run = Run {
        arguments,
        workspace: Workspace::new(Arc::new(texts), configurations, inputs::roots(places)),
        folders: Folders::of(places),
    };
    let bar = terminal::progress(inputs.len());
    let wanted = run.wanted();
    let mut looked: Vec<Result<Looked, Missed>> = inputs
        .par_iter_mut()
        .map(|input| {
            let result = guarded(|| run.look(input, wanted)).unwrap_or_else(|| Ok(failed(input)));
            bar.inc(1);
            result
        })
        .collect();
    bar.finish_and_clear();
    run.grant(&inputs, &mut looked)?;
    run.judge_again(&inputs, &mut looked);
    if let Some(trusted) = &trusted {
        run.distrust(trusted, &inputs, &mut looked)?;
    }

    let mut summary = Summary::default();
    let mut baselines = Baselines::default();
    let mut suppressed = Vec::new();
    let mut unjudged = Vec::new();
    let mut texts = Vec::new();
    let mut fixed = 0;
    let mut difference = String::new();
    let mut repositories = Repositories::default();
    let mut repaired_input = None;
    let mut has_failed = false;
    let mut would_change = false;
    let mut uses = Vec::new();
    let is_narrowed = arguments.since.is_some() || trusted.is_some() || !arguments.cdk.is_empty();
    let mut sees_all = rows::can_tell(&inputs, is_narrowed);
    for (input, result) in inputs.iter().zip(looked) {
        let file = match result {
            Ok(file) => file,
            Err(Missed::Unreadable(what)) => {
                sees_all = false;
                problems.push(Problem { what, is_named: input.is_named });
                continue;
            }
            Err(Missed::Unconfigured) => {
                sees_all = false;
                has_failed = true;
                continue;
            }
        };
        summary.files += 1;
        summary.documents += file.documents.len();
        fixed += file.fixed;
        would_change |= file.before.is_some();
        if let (Some((before, secrets)), true) = (&file.before, arguments.diff) {
            let (before, after) = (secrets.masked(before), file.secrets.masked(&file.text));
            difference.push_str(&unified(&input.name, &before, &after));
        }
        tell_refused(&input.name, &file.refused, arguments.verbose || arguments.grant.is_some());
        if arguments.verbose {
            describe(&input.name, &file.documents);
            let reasons = file.unjudged.iter().map(|it| format!("{}:{}: {}", it.path, it.line, it.reason));
            file.links.iter().cloned().chain(reasons).for_each(terminal::say);
        }
        unjudged.extend(file.unjudged);
        uses.extend(file.rows);
        if input.is_named && file.text.trim().is_empty() && file.records.is_empty() {
            terminal::note(format!("{} is empty", input.name));
        }
        if let Some(note) = &file.note {
            terminal::note(format!("{}: {note}", input.name));
        }
        for left_out in &file.left_out {
            terminal::warning(format!("{}: {left_out}", input.name));
        }
        if let Some(reason) = file.unwritten {
            let what = Unreadable { path: input.place(), reason: format!("not written: {reason}") };
            problems.push(Problem { what, is_named: true });
        }
        if input.path.is_none() {
            repaired_input = Some(file.text.clone());
        }
        let baseline = Baselines::meant(arguments, run.workspace.configurations(), &input.place());
        let has_records = !file.records.is_empty() || !file.suppressed.is_empty();
        if has_records || baseline.is_some() {
            let path = repositories.path(&input.place(), Path::new(&input.name));
            let mut place = |mut record: Record| {
                record.file = texts.len();
                record.repository_path.clone_from(&path);
                for file in record.related.iter_mut().filter_map(|it| it.elsewhere.as_mut()) {
                    file.repository_path = repositories.path(&file.place, Path::new(&file.path));
                }
                record
            };
            let (over, mut kept) = exceptions::expired(file.suppressed, today);
            let mut found = file.records;
            if arguments.strict_expiry {
                // Nothing suppresses them any more.
                found.extend(over.into_iter().map(|record| Record { suppressed: None, ..record }));
                found.sort_by_key(|record| record.span);
            } else {
                exceptions::tell_expired(&input.name, &over);
                kept.extend(over);
            }
            suppressed.extend(kept.into_iter().map(&mut place));
            baselines.add(baseline, path.clone(), found.into_iter().map(place).collect());
        }
        if has_records {
            texts.push(FileText { path: input.name.clone(), text: file.text, secrets: file.secrets });
        }
    }
    if arguments.verbose {
        for path in inputs::programs(to_check) {
            terminal::say(format!(
                "{}: a program with policies or task definitions, which are not read",
                path.display()
            ));
        }
    }
    if sees_all && !arguments.no_suppressions {
        for (file, mut found) in rows::unused(uses, run.workspace.configurations(), places) {
            let place = std::path::absolute(&file.path).unwrap_or_default();
            let path = repositories.path(&place, Path::new(&file.path));
            for record in &mut found {
                record.file = texts.len();
                record.repository_path.clone_from(&path);
            }
            baselines.add(Baselines::meant(arguments, run.workspace.configurations(), &place), path, found);
            texts.push(file);
        }
    }
    let records = baselines.settle(arguments, trusted.as_deref())?;
    has_failed |= records.iter().any(|record| record.rule.id == INTERNAL_ERROR.id);
    for record in &records {
        summary.count(record.severity);
    }
    summary.suppressed = suppressed.len();
    summary.unjudged = counts(&unjudged);
    let taken = match repaired_input {
        _ if arguments.diff => Some(difference),
        Some(text) if arguments.fix => Some(text),
        _ => None,
    };
    for notice in run.workspace.take_notices() {
        if notice.is_error { terminal::error(notice.words) } else { terminal::warning(notice.words) }
    }
    problems.sort_by(|a, b| a.what.path.cmp(&b.what.path));
    for problem in &problems {
        if problem.is_named {
            has_failed = true;
            terminal::error(&problem.what);
        } else {
            terminal::warning(&problem.what);
        }
    }
    Ok(Gathered { records, suppressed, texts, summary, unjudged, fixed, taken, has_failed, would_change })
}

/// What no finding tells: the faults of a file in which no document was found, and what it would have said to
/// others.
fn left_out(report: &Report, text: &str) -> Vec<String> {
    let mut told = Vec::new();
    if report.documents.is_empty()
        && let Some(error) = report.parsed.errors().first()
    {
        let at = LineIndex::new(text).scalars(error.span.start);
        let what = if error.is_refused { format!("not {}: ", error.syntax) } else { String::new() };
        told.push(format!("line {}: {what}{}", at.line, error.message));
    }
    if text.len() as u64 > LARGEST_COMPARED && !report.summary.is_empty() {
        let limit = LARGEST_COMPARED >> 20;
        told.push(format!("larger than {limit} MiB, so other files are not compared with it"));
    }
    told
}

/// What the references of a file to roles lead to, and what of them could not be judged.
fn links_of(report: &Report, name: &str, text: &str) -> (Vec<String>, Vec<Unjudged>) {
    let lines = LineIndex::new(text);
    let line = |note: &LinkNote| lines.scalars(note.span.start).line as usize;
    let told = report.links.links.iter().map(|note| format!("{name}:{}: {}", line(note), note.words));
    let unjudged = |notes: &[LinkNote], what| {
        let of = |note: &LinkNote| Unjudged {
            path: name.to_string(),
            line: line(note),
            what,
            reason: note.words.to_string(),
        };
        notes.iter().map(of).collect::<Vec<_>>()
    };
    let mut open = unjudged(&report.links.open, "open-role");
    open.extend(unjudged(&report.links.unresolved, "unresolved-reference"));
    (told.collect(), open)
}

/// What of a file is recognised, and could not be read, or is made where it cannot be seen.
fn not_read(report: &Report, name: &str, text: &str) -> Vec<Unjudged> {
    let lines = LineIndex::new(text);
    let of = |at: u32, what, reason: String| Unjudged {
        path: name.to_string(),
        line: lines.scalars(at).line as usize,
        what,
        reason,
    };
    let open = report.documents.iter().filter(|document| document.has_open_parts());
    let mut found: Vec<Unjudged> = open
        .map(|document| {
            let kind = document.kind.title();
            let reason =
                format!("a part of this {kind} is made elsewhere: nothing is said to be missing of it");
            of(document.span.start, "open-document", reason)
        })
        .collect();
    if let Some((at, reason)) = report.parsed.unread(text, report.path()) {
        found.push(of(at, "unread-file", reason.to_string()));
    } else if report.documents.is_empty()
        && let Some(error) = report.parsed.errors().first()
    {
        found.push(of(error.span.start, "unread-file", format!("not {}: {}", error.syntax, error.message)));
    }
    found
}

/// An open role counts once, however often it is named.
fn counts(unjudged: &[Unjudged]) -> UnjudgedCounts {
    let of = |what: &'static str| unjudged.iter().filter(move |it| it.what == what);
    let open: std::collections::BTreeSet<&str> = of("open-role").map(|it| &*it.reason).collect();
    UnjudgedCounts {
        open_roles: open.len(),
        unresolved: of("unresolved-reference").count(),
        open_documents: of("open-document").count(),
        unread_files: of("unread-file").count(),
    }
}

/// What there is to say of a file on which passrole itself failed.
fn failed(input: &Input) -> Looked {
    Looked { records: vec![internal_error(&input.name)], ..Looked::default() }
}

impl Run<'_> {
    /// The fixes to make of every file.
    fn wanted(&self) -> Option<WantedFixes<'static>> {
        let is_wanted = (self.arguments.fix || self.arguments.diff) && self.arguments.grant.is_none();
        let also_risky = self.arguments.r#unsafe;
        is_wanted.then_some(if also_risky { WantedFixes::Unsafe } else { WantedFixes::Safe })
    }

    fn look(&self, input: &mut Input, wanted: Option<WantedFixes<'_>>) -> Result<Looked, Missed> {
        let text = match (input.text.take(), &input.path) {
            (Some(text), _) => text,
            (None, Some(path)) => disk::read(path, disk::LARGEST).map_err(Missed::Unreadable)?,
            (None, None) => String::new(),
        };
        self.examine(input, text, wanted)
    }

    /// Checks a text; before that, makes the fixes that are wanted, and writes the file.
    fn examine(
        &self,
        input: &Input,
        text: String,
        wanted: Option<WantedFixes<'_>>,
    ) -> Result<Looked, Missed> {
        let place = input.place();
        let (settings, is_sound) = self.workspace.settings(&place);
        is_sound.map_err(|_| Missed::Unconfigured)?;
        let mut looked = Looked { text, ..Looked::default() };
        let facts = self.workspace.facts(&place);
        if let Some(wanted) = wanted {
            let fixed = analysis::fix_text(&looked.text, &facts, settings.kind, &settings.rules, wanted);
            looked.refused = fixed.refused;
            if fixed.text != looked.text {
                match self.write(input, &looked.text, &fixed.text) {
                    Ok(note) => {
                        looked.note = note;
                        let before = std::mem::replace(&mut looked.text, fixed.text);
                        let secrets = if self.arguments.diff {
                            let report =
                                analysis::check_file(&before, &facts, settings.kind, &settings.rules);
                            secrets_of(&report, &before)
                        } else {
                            Secrets::default()
                        };
                        looked.before = Some((before, secrets));
                        looked.fixed = fixed.count;
                    }
                    Err(reason) => looked.unwritten = Some(reason),
                }
            }
        }
        let report = analysis::check_file(&looked.text, &facts, settings.kind, &settings.rules);
        // One that is looked at for several callers is one.
        let documents = report.documents.iter().filter(|document| !document.is_variant);
        looked.documents = documents.map(|document| (document.kind, document.reason.to_string())).collect();
        looked.secrets = secrets_of(&report, &looked.text);
        let elsewhere = |file: &str| self.elsewhere(input, &facts.path, file);
        looked.records = records_of(&report, &input.name, &looked.text, &looked.secrets, &elsewhere);
        if self.arguments.format == Format::Sarif {
            write_edits(&mut looked.records, &report, &looked.text, &looked.secrets);
        }
        looked.rows = rows::used(&report, &settings.rules);
        looked.left_out = left_out(&report, &looked.text);
        (looked.links, looked.unjudged) = links_of(&report, &input.name, &looked.text);
        looked.unjudged.extend(not_read(&report, &input.name, &looked.text));
        looked.suppressed = suppressed_of(&report, &input.name, &looked.text, &looked.secrets, &elsewhere);
        let is_mended = looked.before.is_some();
        if is_mended || self.arguments.fix || self.arguments.diff {
            looked.report = Some(report).filter(|report| is_mended || report.asks());
        }
        Ok(looked)
    }

    /// Another file of the project, as this run calls it, and its text.
    fn elsewhere(&self, input: &Input, shown: &str, file: &str) -> Option<(RelatedFile, String)> {
        let place = self.workspace.path_of(&input.place(), file);
        let text = self.workspace.text_of(&place)?;
        // Both are named from the same folder, where this one's name tells which.
        let path = match input.name.strip_suffix(shown) {
            Some(folder) => format!("{folder}{file}"),
            None => place.display().to_string(),
        };
        Some((RelatedFile { path, repository_path: String::new(), place }, text))
    }

    /// Writes a file that was fixed, unless its text goes to standard output. Gives a note to tell.
    fn write(&self, input: &Input, read: &str, text: &str) -> Result<Option<String>, String> {
        let Some(path) = input.path.as_ref().filter(|_| !self.arguments.diff) else { return Ok(None) };
        let replaced = disk::replace(path, read, text, &self.folders)?;
        Ok(match replaced.other_names {
            0 => None,
            1 => Some("its other name (a hard link) keeps the old text".to_string()),
            names => Some(format!("its {names} other names (hard links) keep the old text")),
        })
    }

    /// Makes the one fix that adds access, where one is asked for.
    fn grant(&self, inputs: &[Input], looked: &mut [Result<Looked, Missed>]) -> Result<(), String> {
        let Some(grant) = &self.arguments.grant else { return Ok(()) };
        let found = looked.iter().flatten().flat_map(|file| &file.records);
        let Some(record) = grant.choose(found, inputs.len())? else {
            terminal::note(format!("no finding of `{}` has a repair that adds access", grant.rule));
            return Ok(());
        };
        let wanted = WantedFixes::Grants { rule: record.rule.id, at: Some(record.span) };
        let path = record.path.clone();
        if record.fix.as_ref().is_some_and(|fix| fix.is_elsewhere) {
            let (rule, span, message) = (record.rule.id, record.span, record.message.clone());
            return self.grant_elsewhere(inputs, looked, &path, (rule, span, &message));
        }
        for (input, file) in inputs.iter().zip(looked).filter(|(input, _)| input.name == path) {
            let Ok(before) = file else { continue };
            let text = std::mem::take(&mut before.text);
            *file = guarded(|| self.examine(input, text, Some(wanted))).unwrap_or_else(|| Ok(failed(input)));
        }
        Ok(())
    }

    /// Makes a repair that adds access in another file than the finding's: where that file is one of those that
    /// were named, else it is shown as a difference.
    fn grant_elsewhere(
        &self,
        inputs: &[Input],
        looked: &mut [Result<Looked, Missed>],
        path: &str,
        (rule, span, message): (&str, Span, &str),
    ) -> Result<(), String> {
        let Some(index) = inputs.iter().position(|input| input.name == path) else { return Ok(()) };
        let (own, Ok(file)) = (&inputs[index], &looked[index]) else { return Ok(()) };
        let (settings, _) = self.workspace.settings(&own.place());
        let facts = self.workspace.facts(&own.place());
        let report = analysis::check_file(&file.text, &facts, settings.kind, &settings.rules);
        let is_it = |it: &&Finding| it.rule.id == rule && it.span == span && *it.message == *message;
        let Some(finding) = report.findings.iter().find(is_it) else { return Ok(()) };
        let repair = match elsewhere::repair(&self.workspace, &own.place(), &file.text, finding) {
            Ok(repair) => repair,
            Err(why) => {
                tell_refused(path, &[Refused { rule: finding.rule.id, why }], true);
                return Ok(());
            }
        };
        let target = inputs.iter().position(|input| input.place() == repair.path);
        let Some(target) = target else {
            let name = repair.path.display().to_string();
            let secrets = Secrets::default();
            let shown = unified(&name, &secrets.masked(&repair.before), &secrets.masked(&repair.after));
            Sink::StandardOutput.write(&shown)?;
            terminal::note(format!("{name} is not among the paths that were given: this is what to change"));
            return Ok(());
        };
        let input = &inputs[target];
        if let Ok(other) = &mut looked[target] {
            match self.write(input, &repair.before, &repair.after) {
                Ok(note) => {
                    let text = repair.after.clone();
                    *other = guarded(|| self.examine(input, text, None))
                        .unwrap_or_else(|| Ok(failed(input)))
                        .unwrap_or_else(|_| failed(input));
                    other.note = note;
                    other.fixed = 1;
                    other.before = Some((repair.before, Secrets::default()));
                }
                Err(reason) => other.unwritten = Some(reason),
            }
        }
        Ok(())
    }

    /// Tells what a comment or metadata suppresses, unless it did so of the same finding in the commit that is trusted.
    fn distrust(
        &self,
        trusted: &Trusted,
        inputs: &[Input],
        looked: &mut [Result<Looked, Missed>],
    ) -> Result<(), String> {
        let is_own =
            |record: &Record| record.suppressed.as_ref().is_some_and(|by| by.origin != Origin::Configuration);
        let concerned = inputs
            .iter()
            .zip(&mut *looked)
            .filter(|(_, file)| file.as_ref().is_ok_and(|file| file.suppressed.iter().any(is_own)));
        let concerned: Vec<(&Input, &mut Looked)> =
            concerned.filter_map(|(input, file)| Some((input, file.as_mut().ok()?))).collect();
        let places: Vec<PathBuf> = concerned.iter().map(|(input, _)| input.place()).collect();
        let texts = trusted.texts(&places)?;
        for ((input, file), place) in concerned.into_iter().zip(places) {
            let mut before: Vec<String> = Vec::new();
            if let Some(text) = texts.get(&place) {
                let (settings, _) = self.workspace.settings(&place);
                let facts = self.workspace.facts(&place);
                let check = || {
                    let report = analysis::check_file(text, &facts, settings.kind, &settings.rules);
                    let elsewhere = |file: &str| self.elsewhere(input, &facts.path, file);
                    suppressed_of(&report, &input.name, text, &secrets_of(&report, text), &elsewhere)
                };
                let known = guarded(check).unwrap_or_default();
                before.extend(known.into_iter().filter(is_own).map(|record| record.fingerprint));
            }
            let mut is_known = |record: &Record| {
                let index = before.iter().position(|print| *print == record.fingerprint);
                index.map(|index| before.swap_remove(index)).is_some()
            };
            let (kept, told): (Vec<Record>, Vec<Record>) = std::mem::take(&mut file.suppressed)
                .into_iter()
                .partition(|record| !is_own(record) || is_known(record));
            file.suppressed = kept;
            file.records.extend(told.into_iter().map(|record| Record { suppressed: None, ..record }));
            file.records.sort_by_key(|record| record.span);
        }
        Ok(())
    }

    /// Judges files again that others say something else to since they were mended.
    fn judge_again(&self, inputs: &[Input], looked: &mut [Result<Looked, Missed>]) {
        for (input, file) in inputs.iter().zip(looked.iter()) {
            let Ok(file) = file else { continue };
            if let (Some(report), true) = (&file.report, file.before.is_some()) {
                let text = || file.text.clone();
                self.workspace.put(&input.place(), text, &report.parsed, &report.summary);
            }
        }
        if self.workspace.revision() == 0 {
            return;
        }
        for (input, file) in inputs.iter().zip(looked) {
            let Ok(file) = file else { continue };
            let Some(before) = file.report.take() else { continue };
            let place = input.place();
            let facts = self.workspace.facts(&place);
            if before.holds_under(&facts) {
                continue;
            }
            let (settings, _) = self.workspace.settings(&place);
            let check = || {
                let report = analysis::check_file(&file.text, &facts, settings.kind, &settings.rules);
                let elsewhere = |other: &str| self.elsewhere(input, &facts.path, other);
                records_of(&report, &input.name, &file.text, &file.secrets, &elsewhere)
            };
            file.records = guarded(check).unwrap_or_else(|| vec![internal_error(&input.name)]);
        }
    }
}

fn describe(name: &str, documents: &[(DocumentKind, String)]) {
    if documents.is_empty() {
        terminal::say(format!("{name}: nothing of ours"));
    }
    for (kind, reason) in documents {
        terminal::say(format!("{name}: {} ({reason})", kind.title()));
    }
}

/// The fixes that were not made: on demand, but for those that nobody looked at.
fn tell_refused(name: &str, refused: &[Refused], each: bool) {
    let unseen = refused.iter().filter(|refused| refused.why == Objection::TooMany).count();
    if unseen > 0 {
        terminal::note(format!("{name}: {unseen} fixes are left out: {}", Objection::TooMany));
    }
    for refused in refused.iter().filter(|refused| each && refused.why != Objection::TooMany) {
        terminal::note(format!("{name}: {refused}"));
    }
}

/// What changes, line by line.
fn unified(name: &str, before: &str, after: &str) -> String {
    let name = output::line(name);
    let difference = unified_difference(&name, before, after);
    let mut out = String::with_capacity(difference.len());
    for line in difference.split_inclusive('\n') {
        // Whoever applies it needs the line ends as they are.
        let content = line.trim_end_matches('\n').trim_end_matches('\r');
        out.push_str(&output::line(content));
        out.push_str(&line[content.len()..]);
    }
    out
}
