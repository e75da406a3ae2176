//! `passrole check`.

use super::Outcome;
use super::args::CheckArguments;
use super::baseline::Baseline;
use super::files::{self, Unreadable};
use crate::analysis::{self, FileFacts, Report, RuleSet, WantedFixes};
use crate::config::{Config, ConfigError, Settings};
use crate::diagnostic::Finding;
use crate::graph::{FileSummary, Graph};
use crate::host::{Document, DocumentKind, Module};
use crate::output::{self, FileText, FixRecord, Record, RelatedRecord, Results, Summary};
use crate::text::{LineIndex, Source};
use indicatif::{ProgressBar, ProgressStyle};
use rayon::prelude::*;
use std::collections::HashMap;
use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// A terminal shows progress from this many files on: fewer are done before anyone reads it.
const WORTH_A_BAR: usize = 500;

/// One file, looked at.
#[derive(Default)]
struct Looked {
    documents: Vec<(DocumentKind, String)>,
    records: Vec<Record>,
    text: String,
    /// What other files may know of it.
    summary: Arc<FileSummary>,
    /// The text before fixes, where some were made.
    before: Option<String>,
    fixed: usize,
}

pub(super) fn run(arguments: &CheckArguments) -> Outcome {
    let started = Instant::now();
    let settings = match Configurations::new(arguments) {
        Ok(settings) => settings,
        Err(message) => {
            eprintln!("error: {message}");
            return Outcome::Failed;
        }
    };
    let baseline = match (&arguments.baseline, arguments.write_baseline) {
        (Some(path), false) => match Baseline::read(path) {
            Ok(baseline) => Some(baseline),
            Err(message) => {
                eprintln!("error: {message}");
                return Outcome::Failed;
            }
        },
        _ => None,
    };
    let (mut inputs, mut unreadable) = inputs(arguments);
    let modules = Modules::default();
    let bar = progress(inputs.len());
    let looked: Vec<Result<Looked, Unreadable>> = inputs
        .par_iter_mut()
        .map(|input| {
            let result = look(input, arguments, &settings, &modules);
            bar.inc(1);
            result
        })
        .collect();
    bar.finish_and_clear();
    let looked = with_neighbours(&inputs, looked, &settings, &modules);

    let mut summary = Summary::default();
    let mut records = Vec::new();
    let mut texts = Vec::new();
    let mut fixed = 0;
    let mut found = String::new();
    for (input, result) in inputs.iter().zip(looked) {
        match result {
            Ok(file) => {
                summary.files += 1;
                summary.documents += file.documents.len();
                fixed += file.fixed;
                if let Some(before) = &file.before {
                    if arguments.diff {
                        found.push_str(&difference(&input.name, before, &file.text));
                    } else if let Err(problem) = write_back(input, &file.text) {
                        unreadable.push(problem);
                    }
                }
                if arguments.verbose {
                    describe(&input.name, &file.documents);
                }
                if !file.records.is_empty() {
                    records.extend(file.records.into_iter().map(|mut record| {
                        record.file = texts.len();
                        record
                    }));
                    texts.push(FileText { path: input.name.clone(), text: file.text });
                }
            }
            Err(problem) => unreadable.push(problem),
        }
    }
    if arguments.write_baseline
        && let Some(path) = &arguments.baseline
    {
        if let Err(message) = Baseline::of(&records).write(path) {
            eprintln!("error: {message}");
            return Outcome::Failed;
        }
        eprintln!("{} findings recorded in {}", records.len(), path.display());
        records.clear();
    }
    if let Some(baseline) = baseline {
        records = baseline.filter(records);
    }
    for record in &records {
        summary.count(record.severity);
    }
    summary.elapsed_ms = started.elapsed().as_millis() as u64;

    if !(arguments.diff && arguments.fix) {
        let results = Results { records: &records, files: &texts, summary, colour: colour(arguments) };
        found.push_str(&output::render(arguments.format, &results));
    }
    if fixed > 0 && !arguments.diff {
        eprintln!("{fixed} fixed");
    }
    unreadable.sort_by(|a, b| a.path.cmp(&b.path));
    for problem in &unreadable {
        eprintln!("error: {}: {}", problem.path.display(), problem.reason);
    }
    if let Err(message) = emit(arguments, &found) {
        eprintln!("error: {message}");
        return Outcome::Failed;
    }
    if !unreadable.is_empty() {
        return Outcome::Failed;
    }
    let reached = records.iter().any(|record| arguments.fail_on.reached_by(record.severity));
    if reached && !arguments.exit_zero { Outcome::Findings } else { Outcome::Clean }
}

/// A file to look at, or standard input.
struct Input {
    /// As findings name it.
    name: String,
    path: Option<PathBuf>,
    /// Standard input's text, read already.
    text: Option<String>,
}

fn inputs(arguments: &CheckArguments) -> (Vec<Input>, Vec<Unreadable>) {
    let (named, dash): (Vec<PathBuf>, Vec<PathBuf>) =
        arguments.paths.iter().cloned().partition(|path| path.as_os_str() != "-");
    let (files, mut unreadable) = files::find(&named);
    let mut inputs: Vec<Input> = files
        .into_iter()
        .map(|path| Input { name: path.display().to_string(), path: Some(path), text: None })
        .collect();
    if !dash.is_empty() {
        let mut bytes = Vec::new();
        let read = std::io::stdin()
            .lock()
            .read_to_end(&mut bytes)
            .map_err(|error| error.to_string())
            .and_then(|_| files::decode(bytes));
        match read {
            Ok(text) => {
                inputs.push(Input { name: arguments.stdin_filename.clone(), path: None, text: Some(text) });
            }
            Err(reason) => unreadable.push(Unreadable { path: PathBuf::from("-"), reason }),
        }
    }
    (inputs, unreadable)
}

/// What each file of a folder adds to its module.
type Parts = Arc<Vec<(PathBuf, Module)>>;

/// The modules of the folders that files are in, read when the first file of one is looked at.
#[derive(Default)]
struct Modules {
    known: Mutex<HashMap<PathBuf, Parts>>,
}

impl Modules {
    /// What the files beside that one make up.
    fn around(&self, path: &Path) -> Arc<Module> {
        let folder = path.parent().unwrap_or(Path::new(""));
        let known = self.known.lock().ok().and_then(|known| known.get(folder).cloned());
        let parts = known.unwrap_or_else(|| {
            let texts = files::of_module(folder);
            let parts = Arc::new(texts.iter().map(|(path, text)| (path.clone(), Module::of(text))).collect());
            if let Ok(mut known) = self.known.lock() {
                known.insert(folder.to_path_buf(), Arc::clone(&parts));
            }
            parts
        });
        let mut module = Module::default();
        let others = parts.iter().filter(|(other, _)| other.file_name() != path.file_name());
        others.for_each(|(_, part)| module.extend(part));
        Arc::new(module)
    }
}

/// The configuration nearest to a folder, or what is wrong with it.
type Nearest = Result<Option<Arc<Config>>, String>;

/// The settings that hold for each file: those of the nearest configuration, under the arguments'.
struct Configurations<'a> {
    arguments: &'a CheckArguments,
    given: Option<Config>,
    found: Mutex<HashMap<PathBuf, Nearest>>,
    plain: RuleSet,
}

impl<'a> Configurations<'a> {
    fn new(arguments: &'a CheckArguments) -> Result<Configurations<'a>, String> {
        let given = match &arguments.config {
            Some(path) => Some(read_config(path)?),
            None => None,
        };
        let plain = rule_set(arguments, None).map_err(|error| error.to_string())?;
        Ok(Configurations { arguments, given, found: Mutex::default(), plain })
    }

    fn of(&self, path: Option<&Path>) -> Result<Settings, String> {
        let path = path.unwrap_or(Path::new("."));
        let nearest = match &self.given {
            Some(_) => None,
            None => self.nearest(path.parent().unwrap_or(Path::new("")))?,
        };
        let config = self.given.as_ref().or(nearest.as_deref());
        let rules = match config {
            None => self.plain.clone(),
            Some(config) => rule_set(self.arguments, Some(config)).map_err(|error| error.to_string())?,
        };
        let kind = self.arguments.kind.or_else(|| config?.kind_of(path));
        Ok(Settings { rules, kind })
    }

    /// The configuration nearest to a folder, upwards to the repository's root.
    fn nearest(&self, folder: &Path) -> Nearest {
        if let Ok(found) = self.found.lock()
            && let Some(known) = found.get(folder)
        {
            return known.clone();
        }
        let absolute =
            std::path::absolute(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })
                .unwrap_or_else(|_| folder.to_path_buf());
        let mut result = Ok(None);
        for folder in absolute.ancestors() {
            let file = folder.join(Config::FILE_NAME);
            if file.is_file() {
                result = read_config(&file).map(|config| Some(Arc::new(config)));
                break;
            }
            if folder.join(".git").exists() {
                break;
            }
        }
        if let Ok(mut found) = self.found.lock() {
            found.insert(folder.to_path_buf(), result.clone());
        }
        result
    }
}

fn read_config(path: &Path) -> Result<Config, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
    Config::parse(&text, &folder).map_err(|error| {
        let at = LineIndex::new(&text).scalars(error.span().start);
        format!("{}:{}:{}: {error}", path.display(), at.line, at.column)
    })
}

fn rule_set(arguments: &CheckArguments, config: Option<&Config>) -> Result<RuleSet, ConfigError> {
    let level = arguments.level.map(Into::into).or_else(|| config?.level).unwrap_or_default();
    let from_config = |list: fn(&Config) -> &Vec<String>| config.map(list).cloned().unwrap_or_default();
    let select = if arguments.select.is_empty() {
        from_config(|config| &config.select)
    } else {
        arguments.select.clone()
    };
    let mut ignore = from_config(|config| &config.ignore);
    ignore.extend(arguments.ignore.iter().cloned());
    RuleSet::choose(level, &select, &ignore).map_err(ConfigError::from)
}

fn look(
    input: &mut Input,
    arguments: &CheckArguments,
    settings: &Configurations<'_>,
    modules: &Modules,
) -> Result<Looked, Unreadable> {
    let path = input.path.clone().unwrap_or_else(|| PathBuf::from(&input.name));
    let text = match input.text.take() {
        Some(text) => text,
        None => files::read(&path)?,
    };
    let settings = settings.of(Some(&path)).map_err(|reason| Unreadable { path: path.clone(), reason })?;
    let mut looked = Looked { text, ..Looked::default() };
    let mut facts = FileFacts::of_path(&input.name);
    if files::is_of_module(&path) {
        facts.module = modules.around(&path);
    }
    if arguments.fix {
        let also_risky = arguments.r#unsafe;
        let wanted = if also_risky { WantedFixes::Unsafe } else { WantedFixes::Safe };
        let fixed = analysis::fix_text(&looked.text, &facts, settings.kind, &settings.rules, wanted);
        if fixed.text != looked.text {
            looked.before = Some(std::mem::replace(&mut looked.text, fixed.text));
            looked.fixed = fixed.count;
        }
    }
    let report = analysis::check_file(&looked.text, &facts, settings.kind, &settings.rules);
    looked.documents =
        report.documents.iter().map(|document| (document.kind, document.reason.to_string())).collect();
    looked.summary = Arc::clone(&report.summary);
    looked.records = records_of(&report, &input.name, &looked.text);
    Ok(looked)
}

fn records_of(report: &Report, name: &str, text: &str) -> Vec<Record> {
    if report.findings.is_empty() {
        return Vec::new();
    }
    let lines = LineIndex::new(text);
    report.findings.iter().map(|finding| record(finding, report, name, text, &lines)).collect()
}

/// Checks again what task definitions beside it say more of: trust policies whose role they name, services,
/// and the configuration of the agent.
fn with_neighbours(
    inputs: &[Input],
    mut looked: Vec<Result<Looked, Unreadable>>,
    settings: &Configurations<'_>,
    modules: &Modules,
) -> Vec<Result<Looked, Unreadable>> {
    let mut graph = Graph::default();
    for file in looked.iter().flatten() {
        graph.replace(Arc::clone(&file.summary));
    }
    if graph.is_empty() {
        return looked;
    }
    let graph = Arc::new(graph);
    for (input, file) in inputs.iter().zip(&mut looked) {
        let Ok(file) = file else { continue };
        let asks = |(kind, _): &(DocumentKind, String)| {
            matches!(kind, DocumentKind::Trust | DocumentKind::AgentConfig | DocumentKind::Service)
        };
        if !file.documents.iter().any(asks) {
            continue;
        }
        let path = input.path.clone().unwrap_or_else(|| PathBuf::from(&input.name));
        let Ok(settings) = settings.of(Some(&path)) else { continue };
        let mut facts = FileFacts { graph: Arc::clone(&graph), ..FileFacts::of_path(&input.name) };
        if files::is_of_module(&path) {
            facts.module = modules.around(&path);
        }
        let report = analysis::check_file(&file.text, &facts, settings.kind, &settings.rules);
        file.records = records_of(&report, &input.name, &file.text);
    }
    looked
}

fn record(finding: &Finding, report: &Report, path: &str, text: &str, lines: &LineIndex<'_>) -> Record {
    let document = report.document_at(finding.span);
    let pointer = report.pointer(finding);
    let anchor = anchor(&pointer, document, finding);
    Record {
        path: path.to_string(),
        file: 0,
        kind: document.map(|document| document.kind),
        rule: finding.rule,
        severity: finding.severity,
        confidence: finding.confidence,
        case: finding.case,
        message: finding.message.to_string(),
        note: finding.note.to_string(),
        span: finding.span,
        start: lines.scalars(finding.span.start),
        end: lines.scalars(finding.span.end),
        start_utf16: lines.utf16(finding.span.start),
        end_utf16: lines.utf16(finding.span.end),
        fingerprint: output::fingerprint(finding.rule.id, &anchor, &text.slice(finding.span)),
        pointer,
        related: finding
            .related
            .iter()
            .map(|related| RelatedRecord {
                message: related.message.to_string(),
                span: related.span,
                start: lines.scalars(related.span.start),
                end: lines.scalars(related.span.end),
            })
            .collect(),
        fix: finding.fix.as_ref().map(|fix| FixRecord { title: fix.title.to_string(), safety: fix.safety }),
    }
}

/// The pointer without positions in lists, which change when things move; with the name of the
/// statement or container instead, where it has one.
fn anchor(pointer: &str, document: Option<&Document>, finding: &Finding) -> String {
    let name = document.and_then(|document| {
        let unit = document.units.iter().find(|placed| placed.span().covers(finding.span))?;
        let object = unit.unit.value.as_object()?;
        object.string("Sid").or_else(|| object.string("name")).map(|name| name.text.to_string())
    });
    let plain: Vec<&str> = pointer
        .split('/')
        .filter(|part| part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()))
        .collect();
    format!("{}#{}", plain.join("/"), name.unwrap_or_default())
}

fn progress(files: usize) -> ProgressBar {
    if files < WORTH_A_BAR || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(files as u64);
    if let Ok(style) = ProgressStyle::with_template("checking {wide_bar} {pos}/{len} files") {
        bar.set_style(style);
    }
    bar
}

fn colour(arguments: &CheckArguments) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    if arguments.output.is_some() || set("NO_COLOR") {
        return false;
    }
    set("CLICOLOR_FORCE") || std::io::stdout().is_terminal()
}

fn describe(name: &str, documents: &[(DocumentKind, String)]) {
    if documents.is_empty() {
        eprintln!("{name}: nothing of ours");
    }
    for (kind, reason) in documents {
        eprintln!("{name}: {} ({reason})", kind.title());
    }
}

fn write_back(input: &Input, text: &str) -> Result<(), Unreadable> {
    match &input.path {
        Some(path) => std::fs::write(path, text).map_err(|error| Unreadable {
            path: path.clone(),
            reason: format!("cannot be written: {error}"),
        }),
        // Standard input's text goes back to standard output, in place of the findings.
        None => Ok(()),
    }
}

fn difference(name: &str, before: &str, after: &str) -> String {
    similar::TextDiff::from_lines(before, after).unified_diff().header(name, name).to_string()
}

fn emit(arguments: &CheckArguments, text: &str) -> Result<(), String> {
    match &arguments.output {
        Some(path) => std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display())),
        None => match std::io::stdout().write_all(text.as_bytes()) {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                Err(format!("standard output: {error}"))
            }
            _ => Ok(()),
        },
    }
}
