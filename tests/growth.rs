//! Nothing takes much longer than n log n, however hostile a text is: each row of `hostile/mod.rs` is read, checked, asked
//! about, printed and mended at two sizes, and callgrind counts the instructions. No clock is looked at.
//!
//! Counting takes minutes and is asked for by `PASSROLE_GROWTH=count`, as CI does; else each row is done once, at a
//! small size. Where valgrind is missing, the test says so and passes. For people:
//!
//! - `PASSROLE_GROWTH=seconds cargo test --release --test growth -- --nocapture` prints how long each row takes,
//!   `PASSROLE_GROWTH_SCALE=8` at eight times the sizes, `PASSROLE_GROWTH_ROW=text` only rows with that text in their name;
//! - `PASSROLE_GROWTH=files:FOLDER` writes the texts, to be given to any version of the program.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

#[path = "support/callgrind.rs"]
mod callgrind;
mod hostile;

use hostile::{ROWS, Row};
use passrole::analysis::{self, FileFacts, Report, RuleSet, WantedFixes, check_text};
use passrole::diagnostic::Finding;
use passrole::host::{Folder, Module};
use passrole::ide::actions::{Wanted, actions};
use passrole::ide::{self, File};
use passrole::output::{self, FileText, Format, Record, Results, Secrets, Summary};
use passrole::text::{LineIndex, Span, Text};
use std::sync::Arc;
use std::time::Instant;

/// Log-log slope from the smaller to the larger size: n log n gives 1.1 at these sizes.
const STEEPEST: f64 = 1.2;

/// In the process that is counted: which rows.
const COUNTED: &str = "PASSROLE_GROWTH_COUNTED";

fn chosen() -> impl Iterator<Item = &'static Row> {
    let wanted = std::env::var("PASSROLE_GROWTH_ROW").unwrap_or_default();
    ROWS.iter().filter(move |row| row.name.contains(&wanted))
}

fn sizes(row: &Row) -> [usize; 2] {
    let usual = if std::env::var("PASSROLE_GROWTH").is_ok_and(|how| how == "count") { 0.1 } else { 1.0 };
    let scale: f64 = std::env::var("PASSROLE_GROWTH_SCALE").map_or(usual, |text| text.parse().unwrap());
    let size = ((row.size as f64 * scale) as usize).max(1);
    [size, 4 * size]
}

/// All that is done with a file. Its name is what callgrind is told to count around.
#[inline(never)]
fn do_everything(file: &str, text: &str, rules: &RuleSet) -> usize {
    let report = look(file, text, rules);
    print(file, text, &report) + mend(file, text, &report, rules)
}

/// Reads and checks a file, after an edit as well, and asks what an editor asks for.
#[inline(never)]
fn look(file: &str, text: &str, rules: &RuleSet) -> Report {
    let report = check_text(text, file, None, rules);
    let rope = Text::from(text);
    let asked = File { text: &rope, report: &report };
    let end = text.len() as u32;
    let seen = ide::symbols::symbols(&asked).len() + ide::folding::folds(&asked).map_or(0, |it| it.len());
    let edited = report.edited(text, Span::new(end, end), 0, &FileFacts::of_path(file), None, rules);
    std::hint::black_box(seen + edited.findings.len());
    report
}

/// Prints what was found, for people and for programs.
#[inline(never)]
fn print(file: &str, text: &str, report: &Report) -> usize {
    let lines = LineIndex::new(text);
    let records: Vec<Record> =
        report.findings.iter().map(|finding| record(file, finding, report, &lines)).collect();
    let files = [FileText { path: file.to_string(), text: text.to_string(), secrets: Secrets::default() }];
    let summary = Summary::default();
    let results = Results {
        records: &records,
        suppressed: &[],
        files: &files,
        summary,
        unjudged: &[],
        colour: false,
        statistics: false,
        quiet: false,
    };
    let formats = [Format::Concise, Format::Text, Format::Json];
    formats.into_iter().map(|format| output::render(format, &results).len()).sum()
}

/// Makes every fix, and offers the first by itself.
#[inline(never)]
fn mend(file: &str, text: &str, report: &Report, rules: &RuleSet) -> usize {
    let Some(first) = report.findings.iter().find(|finding| finding.fix.is_some()) else { return 0 };
    let rope = Text::from(text);
    let asked = File { text: &rope, report };
    let wanted = Wanted { quick_fixes: true, fix_all: false };
    let start = Span::new(first.span.start, first.span.start);
    let offered = actions(&asked, start, wanted).offered.len();
    let facts = FileFacts::of_path(file);
    offered + analysis::fix_text(text, &facts, None, rules, WantedFixes::Unsafe).count
}

fn record(path: &str, finding: &Finding, report: &Report, lines: &LineIndex<'_>) -> Record {
    Record {
        gate: false,
        anchor: String::new(),
        path: path.to_string(),
        repository_path: path.to_string(),
        file: 0,
        kind: None,
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
        pointer: report.pointer(finding),
        origin: None,
        fingerprint: String::new(),
        formerly: Vec::new(),
        related: finding
            .related
            .iter()
            .map(|it| output::RelatedRecord {
                elsewhere: None,
                start_utf16: lines.utf16(it.span.start),
                end_utf16: lines.utf16(it.span.end),
                message: it.message.to_string(),
                span: it.span,
                start: lines.scalars(it.span.start),
                end: lines.scalars(it.span.end),
            })
            .collect(),
        fix: None,
        suppressed: None,
    }
}

fn slope(figures: &[f64]) -> f64 {
    (figures[1] / figures[0].max(1e-9)).log2() / 2.0
}

#[test]
fn nothing_grows_much_faster_than_its_text() {
    let rules = RuleSet::default();
    if let Ok(counted) = std::env::var(COUNTED) {
        let (part, parts) = counted.split_once('/').unwrap();
        let (part, parts): (usize, usize) = (part.parse().unwrap(), parts.parse().unwrap());
        for (_, row) in chosen().enumerate().filter(|(index, _)| index % parts == part) {
            for size in sizes(row) {
                let text = (row.text)(size);
                std::hint::black_box(do_everything(row.file, &text, &rules));
            }
        }
        return;
    }
    match std::env::var("PASSROLE_GROWTH").unwrap_or_default().as_str() {
        "count" => {}
        "seconds" => return table(&rules),
        "" => {
            for row in chosen() {
                do_everything(row.file, &(row.text)(1 + row.size / 20), &rules);
            }
            return;
        }
        other => match other.strip_prefix("files:") {
            Some(folder) => return write(folder),
            None => panic!("`PASSROLE_GROWTH` is `count`, `seconds` or `files:FOLDER`"),
        },
    }
    if !callgrind::is_here("growth") {
        return;
    }
    let count = |part: usize| {
        let test = "nothing_grows_much_faster_than_its_text";
        callgrind::count("growth::do_everything", test, COUNTED, &format!("{part}/2"))
    };
    let counted: Vec<std::thread::JoinHandle<Vec<f64>>> =
        (0..2).map(|part| std::thread::spawn(move || count(part))).collect();
    let counted: Vec<Vec<f64>> = counted.into_iter().map(|it| it.join().unwrap()).collect();
    let mut wrong = Vec::new();
    for (index, row) in chosen().enumerate() {
        let figures = &counted[index % 2][index / 2 * 2..][..2];
        println!("{:<55} {:>12} {:>12}  {:.2}", row.name, figures[0], figures[1], slope(figures));
        if slope(figures) > STEEPEST {
            wrong.push(format!("{}: {figures:?} instructions, exponent {:.2}", row.name, slope(figures)));
        }
    }
    assert!(wrong.is_empty(), "faster than n log n:\n{}", wrong.join("\n"));
}

/// For people: the seconds of each row, and the slopes of reading, printing and mending.
fn table(rules: &RuleSet) {
    for row in chosen() {
        let mut figures = [const { Vec::new() }; 4];
        for size in sizes(row) {
            let text = (row.text)(size);
            let mut at = vec![seconds()];
            let report = look(row.file, &text, rules);
            at.push(seconds());
            std::hint::black_box(print(row.file, &text, &report));
            at.push(seconds());
            std::hint::black_box(mend(row.file, &text, &report, rules));
            at.push(seconds());
            figures[0].push(at[3] - at[0]);
            (1..4).for_each(|part| figures[part].push(at[part] - at[part - 1]));
        }
        let sizes = sizes(row).map(|size| size.to_string()).join(", ");
        let of = |figures: &[f64]| format!("{:.3} {:.2}", figures[1], slope(figures));
        println!(
            "| {} ({sizes}) | {:.3}, {:.3} | {:.2} | {} | {} | {} |",
            row.name,
            figures[0][0],
            figures[0][1],
            slope(&figures[0]),
            of(&figures[1]),
            of(&figures[2]),
            of(&figures[3]),
        );
    }
}

/// What this thread has taken of a processor, where the system tells it; other programs do not count then.
fn seconds() -> f64 {
    static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|text| text.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| START.elapsed().as_secs_f64(), |it| it / 1e9)
}

fn write(folder: &str) {
    for row in chosen() {
        let folder = std::path::Path::new(folder).join(row.name.replace(' ', "-"));
        for size in sizes(row) {
            let folder = folder.join(size.to_string());
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join(row.file), (row.text)(size)).unwrap();
        }
    }
}

#[test]
fn a_folder_is_merged_once_for_all_its_files() {
    let text = |file: usize| {
        format!(
            "locals {{\n  a{file} = \"s3:GetObjekt\"\n  all = \"s3:GetObjekt\"\n  two = \"{}\"\n}}\n",
            file % 2
        )
    };
    let modules: Vec<Module> = (0..50).map(|file| Module::of(&text(file))).collect();
    let folder = Folder::of(&modules);
    let policy = |action: &str| {
        format!(
            "resource \"aws_iam_policy\" \"p\" {{\n  policy = jsonencode({{ Statement = [{{ Effect = \"Allow\", Action = {action}, Resource = \"*\" }}] }})\n}}\n"
        )
    };
    let findings = |left_out: Option<usize>, text: &str| {
        let module = Arc::new(folder.without(left_out, Arc::default()));
        let facts = FileFacts { module, ..FileFacts::of_path("main.tf") };
        let report = passrole::analysis::check_file(text, &facts, None, &RuleSet::default());
        report.findings.iter().filter(|finding| finding.rule.id == "unknown-action").count()
    };
    assert_eq!(findings(None, &policy("local.a7")), 1);
    assert_eq!(findings(Some(7), &policy("local.a7")), 0, "its own file does not say so any more");
    assert_eq!(findings(Some(7), &(policy("local.a7") + "locals {\n  a7 = \"s3:GetObjekt\"\n}\n")), 1);
    assert_eq!(findings(Some(3), &policy("local.all")), 1, "every file says the same");
    assert_eq!(findings(Some(3), &policy("local.two")), 0, "two files contradict each other");
}
