//! Runs the literate cases of every rule: `tests/rules/<group>/<rule>.md`.
//!
//! A case is a fenced block of JSON, YAML, HCL or of an agent's configuration. Its first line is
//! ```` ```json WORD… ```` (`yaml`, `hcl`, `config`):
//! `clean`: the rule stays silent; `broken`: the text is not JSON; `fixed`: the block before it after
//! all fixes of the rule; `file=NAME`, `kind=KIND` and `beside=TASK-DEFINITION` set the scene; a block marked `around` is a
//! file that lies around those behind it under the same heading, `complete` with it that the project is no larger; one
//! marked `settings` is their `.passrole.jsonc`. In every other block, lines of
//! carets under a line mark the ranges of the findings on it:
//!
//! ```text
//!     "Action": "ecs:RunTasks",
//!     //             ^^^^^^^^ warning: `ecs` has no action `RunTasks`
//! ```
//!
//! Where comments begin with `#`, so do these lines.
//! Columns are Unicode scalar values. Carets that end in `>` mark a range that goes on behind its line; a `<` before
//! them says that it starts where the line does. Lines below the carets may ask for more of the finding:
//!
//! ```text
//!     // note: what its note has in it
//!     // case: `typo`, without quotes
//!     // fix: its whole title, or `none`
//!     // related: what one of its related places says
//!     // confidence: low, medium or high
//! ```
//!
//! Of each case of a rule (`case:`), what its findings have is asked for at least once.
//! `RULE=trust UPDATE=1 cargo test --test rules` adds what nobody asks for to the cases of a rule or a group.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod support;

use passrole::analysis::{self, RuleSet, WantedFixes};
use passrole::diagnostic::{Finding, FixKind, Level, Safety, Scope};
use passrole::rules;
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::path::Path;
use support::cases::{Case, Expected, askable, cases, facts, kind};
use support::markdown::files;

/// Line from 1, columns from 0, of a byte range.
fn place(text: &str, finding: &Finding) -> (usize, std::ops::Range<usize>, bool) {
    let range = finding.span.as_usize();
    let start_of_line = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
    let line = text[..range.start].matches('\n').count() + 1;
    let start = text[start_of_line..range.start].chars().count();
    let covered = &text[range.clone()];
    let on_line = covered.split('\n').next().unwrap_or_default();
    (line, start..start + on_line.chars().count(), covered.contains('\n'))
}

/// Adds what the findings of a case file have beside their words, below their carets: to be read before it is kept.
fn complete(path: &Path, markdown: &str, more: Vec<(usize, String)>) {
    let mut written = String::new();
    for (number, line) in markdown.lines().enumerate() {
        writeln!(written, "{line}").unwrap();
        let start = line.find(['/', '#']).unwrap_or_default();
        let sign = if line[start..].starts_with('#') { "#" } else { "//" };
        for (_, asked) in more.iter().filter(|(carets, _)| *carets == number + 1) {
            writeln!(written, "{}{sign} {asked}", &line[..start]).unwrap();
        }
    }
    std::fs::write(path, written).unwrap();
}

fn check(path: &Path, failures: &mut String) {
    let group = path.parent().and_then(Path::file_name).unwrap().to_string_lossy().to_string();
    let id = path.file_stem().unwrap().to_string_lossy().to_string();
    let Some(rule) = rules::by_id(&id) else {
        writeln!(failures, "{}: there is no rule `{id}`", path.display()).unwrap();
        return;
    };
    if rule.meta().group.name() != group {
        writeln!(failures, "{}: `{id}` is of the group {}", path.display(), rule.meta().group.name())
            .unwrap();
    }
    let markdown = std::fs::read_to_string(path).unwrap();
    let cases = cases(&markdown);
    let (mut firing, mut clean, mut broken, mut beyond_ascii, mut mended) = (0, 0, 0, 0, 0);
    let mut before: Option<&Case> = None;
    let mut seen: HashSet<&str> = HashSet::new();
    // What findings have, by the case of the rule, and whether somebody asks for it; else where that may be done.
    let mut told: BTreeMap<(&str, &str), Option<(usize, String)>> = BTreeMap::new();
    for case in &cases {
        let at = format!("{}:{} ({})", path.display(), case.line, case.title);
        if case.has("fixed") {
            mended += 1;
            match before {
                Some(before) => {
                    let text = fixed(&id, before);
                    if text != case.text {
                        writeln!(failures, "{at}: the fixes give\n{text}").unwrap();
                    }
                    let again = fixed_text(&id, before, &text);
                    if again != text {
                        writeln!(failures, "{at}: fixing twice changes more:\n{again}").unwrap();
                    }
                }
                None => writeln!(failures, "{at}: nothing before it to fix").unwrap(),
            }
            continue;
        }
        before = Some(case);
        firing += usize::from(!case.expected.is_empty());
        clean += usize::from(case.has("clean"));
        broken += usize::from(case.has("broken"));
        beyond_ascii += usize::from(!case.text.is_ascii());
        let found = findings(&id, case, &case.text);
        for finding in &found {
            if finding.case.is_empty() || rule.meta().cases.contains(&finding.case) {
                seen.insert(finding.case);
            } else {
                writeln!(failures, "{at}: the rule does not declare the case `{}`", finding.case).unwrap();
            }
        }
        let mut unmet: Vec<&Expected> = case.expected.iter().collect();
        for finding in &found {
            let (line, columns, goes_on) = place(&case.text, finding);
            if let Some(fix) = finding.fix.as_ref().filter(|fix| !declares(rule.meta().fix, fix.safety)) {
                writeln!(
                    failures,
                    "{at}: `{}` is {}, which `fix:` does not say",
                    fix.title,
                    fix.safety.name()
                )
                .unwrap();
            }
            let met = unmet.iter().position(|it| {
                it.line == line
                    && it.columns == columns
                    && it.goes_on == goes_on
                    && it.severity.as_deref().is_none_or(|severity| severity == finding.severity.name())
                    && finding.message.contains(&it.message)
            });
            match met {
                Some(index) => {
                    let expected = unmet.remove(index);
                    for (what, words) in askable(finding) {
                        let place = told
                            .entry((what, finding.case))
                            .or_insert_with(|| Some((expected.carets, format!("{what}: {words}"))));
                        if expected.more.iter().any(|(asked, _)| asked == what) {
                            *place = None;
                        }
                    }
                    for (what, wanted) in expected.lacks(finding) {
                        writeln!(failures, "{at}: line {line}: {what} is not {wanted:?}: {finding:#?}")
                            .unwrap();
                    }
                }
                None => writeln!(
                    failures,
                    "{at}: unexpected on line {line}, columns {columns:?}{}: {}: {}",
                    if goes_on { " and on" } else { "" },
                    finding.severity.name(),
                    finding.message
                )
                .unwrap(),
            }
        }
        for expected in unmet {
            writeln!(failures, "{at}: missing {expected:?}").unwrap();
        }
        if !case.has("clean") && !case.has("broken") && case.expected.is_empty() {
            writeln!(failures, "{at}: expects nothing and is not marked `clean`").unwrap();
        }
        if case.has("clean") && !case.expected.is_empty() {
            writeln!(failures, "{at}: marked `clean` and expects findings").unwrap();
        }
        if case.syntax == "json"
            && !case.has("broken")
            && serde_json::from_str::<serde_json::Value>(&case.text).is_err()
        {
            writeln!(failures, "{at}: not JSON, and not marked `broken`").unwrap();
        }
    }
    if std::env::var("UPDATE").is_ok_and(|it| it == "1") && std::env::var("RULE").is_ok() {
        complete(path, &markdown, told.into_values().flatten().collect());
    } else {
        for ((what, of), (line, words)) in told.iter().filter_map(|(of, place)| Some((of, place.as_ref()?))) {
            writeln!(
                failures,
                "{}:{line}: nothing asks for the {what} of the case `{of}` (RULE={id} UPDATE=1 adds it): {words}",
                path.display()
            )
            .unwrap();
        }
    }
    for unseen in rule.meta().cases.iter().filter(|case| !seen.contains(*case)) {
        writeln!(failures, "{}: nothing shows the case `{unseen}`", path.display()).unwrap();
    }
    for (count, what) in [
        (firing, "that fires"),
        (clean, "marked `clean` (a near miss)"),
        (broken, "marked `broken`"),
        (beyond_ascii, "with text beyond ASCII"),
    ] {
        if count == 0 {
            writeln!(failures, "{}: no case {what}", path.display()).unwrap();
        }
    }
    if (rule.meta().fix == FixKind::None) != (mended == 0) {
        let what = if mended == 0 { "there is no `fixed` case" } else { "a case shows a fix" };
        writeln!(failures, "{}: `fix:` says {}, and {what}", path.display(), rule.meta().fix.name()).unwrap();
    }
}

/// Whether a rule says that it has such fixes: it names the kind that asks for the most care.
fn declares(declared: FixKind, safety: Safety) -> bool {
    match declared {
        FixKind::None => false,
        FixKind::Safe => safety == Safety::Safe,
        FixKind::Unsafe => safety != Safety::Grants,
        FixKind::Grants => true,
    }
}

fn rule_set(id: &str) -> RuleSet {
    // What is suppressed must be found to begin with.
    if rules::by_id(id).is_some_and(|rule| rule.meta().reads.contains(&Scope::Suppressions)) {
        return RuleSet::at(Level::Pedantic);
    }
    RuleSet::choose(Level::Pedantic, &[id.to_string()], &[]).unwrap()
}

fn findings(id: &str, case: &Case, text: &str) -> Vec<Finding> {
    let found = analysis::check_file(text, &facts(id, case), kind(case), &rule_set(id)).findings;
    found.into_iter().filter(|finding| finding.rule.id == id).collect()
}

fn fixed(id: &str, case: &Case) -> String {
    fixed_text(id, case, &case.text)
}

fn fixed_text(id: &str, case: &Case, text: &str) -> String {
    let (facts, kind, rules) = (facts(id, case), kind(case), rule_set(id));
    let text = analysis::fix_text(text, &facts, kind, &rules, WantedFixes::Unsafe).text;
    analysis::fix_text(&text, &facts, kind, &rules, WantedFixes::Grants { rule: id, at: None }).text
}

#[test]
fn cases_of_every_rule() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules");
    let files = files(&root);
    // A rule, or a group.
    let only = std::env::var("RULE").ok();
    let is_called =
        |part: Option<&std::ffi::OsStr>, name: &str| part.is_some_and(|it| it.to_string_lossy() == name);
    let mut failures = String::new();
    let mut run = 0;
    for file in &files {
        if only.as_ref().is_none_or(|only| {
            is_called(file.file_stem(), only) || is_called(file.parent().and_then(Path::file_name), only)
        }) {
            check(file, &mut failures);
            run += 1;
        }
    }
    assert!(run > 0, "no case file was run");
    assert!(failures.is_empty(), "\n{failures}");
}

#[test]
fn every_rule_has_cases() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules");
    for rule in rules::all() {
        let meta = rule.meta();
        let file = root.join(meta.group.name()).join(format!("{}.md", meta.id));
        assert!(file.is_file(), "{} is missing", file.display());
    }
}
