//! No fix harms a text: every fix of every rule, in every host, over texts that are damaged by chance.
//!
//! What is fixed is judged here by other means than those that made it: by the strict parsers of each
//! syntax, by a fresh look, and by counting names. `PASSROLE_FIXES` sets how many fixes are run,
//! `PASSROLE_SEED` which chance; `PASSROLE_SHOW` prints more of what fails.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod support;

use passrole::analysis::gate::Objection;
use passrole::analysis::{FileFacts, Report, RuleSet, WantedFixes, check_file, fix_text};
use passrole::diagnostic::{Finding, Fix, Level, Safety, Severity};
use passrole::host::{DocumentKind, Edit, Name};
use passrole::ide::File;
use passrole::ide::actions::{ActionKind, CodeAction, Wanted, actions};
use passrole::text::{Span, Text, TextEdit};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use support::cases::{cases, facts, kind};
use support::hosts::{HOSTS, Kind, given};
use support::random::Random;

/// A text with a name and what is known of it.
#[derive(Clone)]
struct Sample {
    facts: FileFacts,
    kind: Option<DocumentKind>,
    text: String,
    /// Where it comes from.
    from: String,
}

fn samples() -> Vec<Sample> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut samples = Vec::new();
    for path in files(&root.join("fixes")) {
        let name = path.file_name().unwrap().to_string_lossy().to_string();
        samples.push(Sample {
            facts: FileFacts::of_path(&name),
            kind: None,
            text: std::fs::read_to_string(&path).unwrap(),
            from: name,
        });
    }
    let mut plain = BTreeSet::new();
    for path in files(&root.join("rules")) {
        let id = path.file_stem().unwrap().to_string_lossy().to_string();
        for case in cases(&std::fs::read_to_string(&path).unwrap()) {
            let sample = Sample {
                facts: facts(&id, &case),
                kind: kind(&case),
                text: case.text.clone(),
                from: format!("{id}:{}", case.line),
            };
            if case.syntax == "json"
                && let Ok(document) = serde_json::from_str::<Value>(&case.text)
                && plain.insert(case.text.clone())
            {
                samples.extend(in_every_host(&sample, &document));
            }
            samples.push(sample);
        }
    }
    samples
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .collect();
    found.sort();
    found
}

fn in_every_host(sample: &Sample, document: &Value) -> Vec<Sample> {
    let report = check_file(&sample.text, &sample.facts, sample.kind, &RuleSet::default());
    let kind = match report.documents.first().map(|document| document.kind) {
        Some(DocumentKind::Trust) => Kind::Trust,
        Some(DocumentKind::Resource) => Kind::Resource,
        Some(DocumentKind::TaskDefinition) => Kind::Task,
        Some(kind) if kind.is_policy() => Kind::Identity,
        _ => return Vec::new(),
    };
    if !is_regular(kind, document) {
        return Vec::new();
    }
    HOSTS
        .iter()
        .filter_map(|(host, path, write)| {
            Some(Sample {
                facts: FileFacts::of_path(path),
                kind: given(host, kind),
                text: write(kind, document)?,
                from: format!("{} as {host}", sample.from),
            })
        })
        .collect()
}

/// Whether the document has the shape that can be written down in every host.
fn is_regular(kind: Kind, document: &Value) -> bool {
    fn has_names(value: &Value) -> bool {
        match value {
            Value::Object(members) => members
                .iter()
                .all(|(name, value)| !name.is_empty() && name.is_char_boundary(1) && has_names(value)),
            Value::Array(items) => items.iter().all(has_names),
            _ => true,
        }
    }
    let objects = |value: &Value| value.as_object().is_some_and(|it| it.values().all(Value::is_object));
    let statement = |statement: &Value| {
        statement.is_object()
            && statement.get("Principal").is_none_or(Value::is_object)
            && statement.get("Condition").is_none_or(objects)
    };
    let volumes = |value: &Value| value.as_array().is_some_and(|it| it.iter().all(Value::is_object));
    has_names(document)
        && match kind {
            Kind::Task => {
                document.get("containerDefinitions").is_some() && document.get("volumes").is_none_or(volumes)
            }
            _ => document["Statement"].as_array().is_some_and(|it| it.iter().all(statement)),
        }
}

/// One small harm, as people and merges do it.
fn damage(text: &mut String, path: &str, random: &mut Random) {
    let at = |text: &str, random: &mut Random| text.floor_char_boundary(random.below(text.len() + 1));
    let lines = |text: &str| text.split_inclusive('\n').map(str::to_string).collect::<Vec<_>>();
    match random.below(20) {
        0 => {
            let from = at(text, random);
            let to = text.ceil_char_boundary((from + 1 + random.below(3)).min(text.len()));
            text.replace_range(from..to, "");
        }
        1 => {
            let from = at(text, random);
            let typed = ["\"", "{", "}", "[", "]", ",", ":", " ", "\n", "-", "é", "#", "${a}", "\t", "\\"];
            text.insert_str(from, random.pick(&typed));
        }
        2 => {
            let mut all = lines(text);
            if !all.is_empty() {
                let line = random.below(all.len());
                all.insert(line, all[line].clone());
            }
            *text = all.concat();
        }
        3 => {
            let mut all = lines(text);
            if all.len() > 1 {
                let line = random.below(all.len() - 1);
                all.swap(line, line + 1);
            }
            *text = all.concat();
        }
        4 => {
            let mut all = lines(text);
            if !all.is_empty() {
                all.remove(random.below(all.len()));
            }
            *text = all.concat();
        }
        // A value that is not there yet.
        5 | 6 => {
            let mut all = lines(text);
            let number = random.below(all.len());
            if let Some(line) = all.get_mut(number)
                && let Some(end) = line.find([':', '=']).map(|at| at + 1)
            {
                let rest = line.len() - line.trim_end_matches(['\n', '\r']).len();
                line.replace_range(end..line.len() - rest, "");
            }
            *text = all.concat();
        }
        7 => *text = text.replace("\r\n", "\n").replace('\n', "\r\n"),
        // A comment behind a line.
        8 | 9 => {
            let mut all = lines(text);
            let number = random.below(all.len());
            if let Some(line) = all.get_mut(number) {
                let sign = if path.contains(".json") { "//" } else { "#" };
                let end = line.trim_end().len();
                line.insert_str(end, &format!(" {sign} checkov:skip=é"));
            }
            *text = all.concat();
        }
        10 => text.truncate(at(text, random)),
        // A name that stands beside one it resembles.
        11 | 12 => {
            let mut all = lines(text);
            let number = random.below(all.len());
            if let Some(line) = all.get(number).cloned() {
                let letters: Vec<usize> = line
                    .char_indices()
                    .filter(|(_, it)| it.is_ascii_alphabetic())
                    .map(|(at, _)| at)
                    .collect();
                if let Some(letter) = letters.get(random.below(letters.len().min(12))) {
                    let mut other = line.clone();
                    other.insert(*letter, 'x');
                    all.insert(number, other);
                }
            }
            *text = all.concat();
        }
        // A misspelt word.
        _ => {
            let letters: Vec<usize> =
                text.char_indices().filter(|(_, it)| it.is_ascii_alphabetic()).map(|(at, _)| at).collect();
            let Some(letter) = letters.get(random.below(letters.len())).copied() else { return };
            let written = text[letter..=letter].to_string();
            let instead = match random.below(5) {
                0 => String::new(),
                1 => written.repeat(2),
                2 => written.to_ascii_lowercase(),
                3 => written.to_ascii_uppercase(),
                _ => "s".to_string() + &written,
            };
            text.replace_range(letter..=letter, &instead);
        }
    }
}

/// What a strict parser makes of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Grade {
    Broken,
    Jsonc,
    Whole,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Syntax {
    Json,
    Yaml,
    Hcl,
    Lines,
}

fn syntax(path: &str, text: &str) -> Syntax {
    let begins_as_json = text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
    match path.rsplit('.').next().unwrap() {
        "yaml" | "yml" if !begins_as_json => Syntax::Yaml,
        "tf" | "tofu" => Syntax::Hcl,
        "config" => Syntax::Lines,
        _ => Syntax::Json,
    }
}

/// How a text parses, and the names that stand twice in a mapping of it.
fn strictly(syntax: Syntax, text: &str) -> (Grade, BTreeMap<String, usize>) {
    let mut twice = BTreeMap::new();
    let grade = match syntax {
        Syntax::Json => {
            let text = text.trim_start_matches('\u{feff}');
            let options = jsonc_parser::ParseOptions {
                allow_loose_object_property_names: false,
                allow_missing_commas: false,
                allow_single_quoted_strings: false,
                allow_hexadecimal_numbers: false,
                allow_unary_plus_numbers: false,
                ..Default::default()
            };
            let parsed = jsonc_parser::parse_to_ast(text, &Default::default(), &options);
            let grade = match &parsed {
                Ok(parsed) if parsed.value.is_some() => {
                    repeated_in_json(parsed.value.as_ref().unwrap(), &mut twice);
                    Grade::Jsonc
                }
                _ => Grade::Broken,
            };
            if serde_json::from_str::<Value>(text).is_ok() { Grade::Whole } else { grade }
        }
        Syntax::Yaml => repeated_in_yaml(text, &mut twice),
        Syntax::Hcl => match hcl_edit::parser::parse_body(text) {
            Ok(body) => {
                repeated_in_body(&body, &mut twice);
                Grade::Whole
            }
            Err(_) => Grade::Broken,
        },
        Syntax::Lines => Grade::Whole,
    };
    (grade, twice)
}

fn count(names: impl Iterator<Item = String>, twice: &mut BTreeMap<String, usize>) {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name.clone()) {
            *twice.entry(name).or_default() += 1;
        }
    }
}

fn repeated_in_json(value: &jsonc_parser::ast::Value<'_>, twice: &mut BTreeMap<String, usize>) {
    match value {
        jsonc_parser::ast::Value::Object(object) => {
            count(object.properties.iter().map(|it| it.name.as_str().to_string()), twice);
            object.properties.iter().for_each(|it| repeated_in_json(&it.value, twice));
        }
        jsonc_parser::ast::Value::Array(array) => {
            array.elements.iter().for_each(|it| repeated_in_json(it, twice));
        }
        jsonc_parser::ast::Value::StringLit(text) => {
            let text = text.value.as_ref();
            if text.starts_with('{')
                && let Ok(parsed) = jsonc_parser::parse_to_ast(text, &Default::default(), &Default::default())
                && let Some(value) = &parsed.value
            {
                repeated_in_json(value, twice);
            }
        }
        _ => {}
    }
}

fn repeated_in_yaml(text: &str, twice: &mut BTreeMap<String, usize>) -> Grade {
    use saphyr_parser::Event;
    // Names so far, and whether the next scalar is one; `None` for a sequence.
    let mut open: Vec<Option<(Vec<String>, bool)>> = Vec::new();
    for event in saphyr_parser::Parser::new_from_str(text) {
        let Ok((event, _)) = event else { return Grade::Broken };
        match event {
            Event::MappingStart(..) => {
                open.push(Some((Vec::new(), true)));
                continue;
            }
            Event::SequenceStart(..) => {
                open.push(None);
                continue;
            }
            Event::MappingEnd | Event::SequenceEnd => {
                if let Some(Some((names, _))) = open.pop() {
                    count(names.into_iter(), twice);
                }
            }
            Event::Scalar(text, ..) => {
                if let Some(Some((names, true))) = open.last_mut() {
                    names.push(text.to_string());
                }
            }
            Event::Alias(_) => {}
            _ => continue,
        }
        if let Some(Some((_, is_name))) = open.last_mut() {
            *is_name = !*is_name;
        }
    }
    Grade::Whole
}

fn repeated_in_body(body: &hcl_edit::structure::Body, twice: &mut BTreeMap<String, usize>) {
    count(body.attributes().map(|it| it.key.to_string()), twice);
    body.attributes().for_each(|it| repeated_in_expression(&it.value, twice));
    body.blocks().for_each(|it| repeated_in_body(&it.body, twice));
}

fn repeated_in_expression(value: &hcl_edit::expr::Expression, twice: &mut BTreeMap<String, usize>) {
    use hcl_edit::expr::{Expression, ObjectKey};
    match value {
        Expression::Object(object) => {
            let names = object.iter().filter_map(|(name, _)| match name {
                ObjectKey::Ident(name) => Some(name.to_string()),
                ObjectKey::Expression(Expression::String(name)) => Some(name.to_string()),
                ObjectKey::Expression(Expression::Variable(name)) => Some(name.to_string()),
                ObjectKey::Expression(_) => None,
            });
            count(names, twice);
            object.iter().for_each(|(_, value)| repeated_in_expression(value.expr(), twice));
        }
        Expression::Array(array) => array.iter().for_each(|it| repeated_in_expression(it, twice)),
        Expression::FuncCall(call) => call.args.iter().for_each(|it| repeated_in_expression(it, twice)),
        Expression::Parenthesis(inner) => repeated_in_expression(inner.inner(), twice),
        _ => {}
    }
}

/// The text after edits, made by hand.
fn applied(text: &str, edits: &[TextEdit]) -> Result<String, String> {
    let mut after = String::new();
    let mut at = 0;
    for edit in edits {
        let span = edit.span.as_usize();
        let kept = text.get(at..span.start).ok_or("edits overlap, or split a character")?;
        text.get(span.clone()).ok_or("an edit splits a character")?;
        after.push_str(kept);
        after.push_str(&edit.text);
        at = span.end;
    }
    after.push_str(text.get(at..).ok_or("an edit lies outside")?);
    Ok(after)
}

/// One text, judged before and after its fixes.
struct Trial<'a> {
    sample: &'a Sample,
    rules: &'a RuleSet,
    report: Report,
    grade: Grade,
    twice: BTreeMap<String, usize>,
}

impl<'a> Trial<'a> {
    fn new(sample: &'a Sample, rules: &'a RuleSet) -> Trial<'a> {
        let report = check_file(&sample.text, &sample.facts, sample.kind, rules);
        let (grade, twice) = strictly(syntax(&sample.facts.path, &sample.text), &sample.text);
        Trial { sample, rules, report, grade, twice }
    }

    fn check(&self, text: &str) -> Report {
        check_file(text, &self.sample.facts, self.sample.kind, self.rules)
    }

    /// What holds for every text that fixes were made in.
    fn is_whole(&self, after: &str) -> Result<(), String> {
        let (grade, twice) = strictly(syntax(&self.sample.facts.path, after), after);
        if grade < self.grade {
            return Err(format!("{:?} became {grade:?}", self.grade));
        }
        if grade != Grade::Broken && self.grade != Grade::Broken {
            let more =
                twice.iter().find(|(name, times)| **times > self.twice.get(*name).copied().unwrap_or(0));
            if let Some((name, _)) = more {
                return Err(format!("`{name}` stands twice"));
            }
        }
        Ok(())
    }

    /// Judges one action; how many findings it mends.
    fn action(&self, action: &CodeAction<'_>) -> Result<usize, String> {
        let before = &self.sample.text;
        let after = applied(before, &action.edits)?;
        self.is_whole(&after)?;
        let is_broken = self.grade == Grade::Broken && self.report.parsed.tree().is_some();
        let fixes: Vec<&Edit> =
            action.findings.iter().flat_map(|it| &it.fix.as_ref().unwrap().edits).collect();
        let is_wording = |edit: &Edit| match edit {
            Edit::ReplaceText { .. } => true,
            Edit::ReplaceValue { value, .. } => !value.is_array() && !value.is_object(),
            _ => false,
        };
        let words_only = fixes.iter().all(|edit| is_wording(edit));
        if is_broken && !words_only {
            return Err("a structural fix in a broken document".to_string());
        }
        let report = self.check(&after);
        let is_quick = action.kind == ActionKind::QuickFix;
        for finding in action.findings.iter().filter(|_| is_quick) {
            let rule = finding.rule.id;
            let same = |findings: &[Finding]| {
                findings.iter().filter(|it| it.rule.id == rule && it.message == finding.message).count()
            };
            let (was, is) = (same(&self.report.findings), same(&report.findings));
            // Of two of a kind the one that is left may say now what the other one said.
            let of_rule = |findings: &[Finding]| findings.iter().filter(|it| it.rule.id == rule).count();
            if is >= was && of_rule(&report.findings) >= of_rule(&self.report.findings) {
                return Err(format!("`{rule}` is still there: {}", finding.message));
            }
        }
        // Of many, a grave one may bring what is less grave than itself.
        let severities = action.findings.iter().map(|it| it.severity);
        let least = if is_quick { severities.min() } else { severities.max() }.unwrap();
        let exempt = action.findings.iter().any(|it| it.fix.as_ref().unwrap().edits.iter().all(is_wording));
        self.nothing_new(&report, least, &action.edits, exempt)?;
        Ok(action.findings.len())
    }

    /// Nothing of that severity is new, but for what a changed statement or container had hidden.
    fn nothing_new(
        &self,
        after: &Report,
        least: Severity,
        edits: &[TextEdit],
        exempt: bool,
    ) -> Result<(), String> {
        let mut times: BTreeMap<&str, i64> = BTreeMap::new();
        let grave = |it: &&Finding| it.severity >= least;
        self.report.findings.iter().for_each(|it| *times.entry(it.rule.id).or_default() -= 1);
        after.findings.iter().filter(grave).for_each(|it| *times.entry(it.rule.id).or_default() += 1);
        let mut changed = Vec::new();
        let mut by = 0i64;
        for edit in edits {
            let start = (i64::from(edit.span.start) + by) as u32;
            by += edit.text.len() as i64 - i64::from(edit.span.len());
            let place = Span::new(start, start + edit.text.len() as u32);
            let units = after.documents.iter().flat_map(|document| &document.units);
            changed.extend(units.map(|unit| unit.span()).filter(|unit| unit.covers(place)));
        }
        for (rule, more) in times.into_iter().filter(|(_, more)| *more > 0) {
            let hidden = after
                .findings
                .iter()
                .filter(grave)
                .filter(|it| it.rule.id == rule && changed.iter().any(|unit| unit.touches(it.span.start)))
                .count() as i64;
            if !exempt || hidden < more {
                let new = after.findings.iter().find(|it| it.rule.id == rule).unwrap();
                return Err(format!("`{rule}` is new: {}", new.message));
            }
        }
        Ok(())
    }

    /// Fixes the text as `--fix` does; how many findings that mends.
    fn fixed(&self, wanted: WantedFixes<'_>) -> Result<usize, String> {
        let Sample { facts, kind, text, .. } = self.sample;
        let fixed = fix_text(text, facts, *kind, self.rules, wanted);
        if fixed.text == *text {
            return if fixed.count == 0 { Ok(0) } else { Err("it counts what it did not do".to_string()) };
        }
        self.is_whole(&fixed.text)?;
        if fixed.count == 0 {
            return Err("it changes the text and mends nothing".to_string());
        }
        let again = fix_text(&fixed.text, facts, *kind, self.rules, wanted);
        let all_seen = |refused: &[passrole::analysis::gate::Refused]| {
            refused.iter().all(|refused| refused.why != Objection::TooMany)
        };
        if again.text != fixed.text && all_seen(&fixed.refused) {
            return Err(format!("fixing twice changes more:\n{}", again.text));
        }
        Ok(fixed.count)
    }
}

/// What was run, and what went wrong.
#[derive(Default)]
struct Tally {
    texts: usize,
    fixes: usize,
    refused: BTreeMap<String, usize>,
    faults: BTreeMap<String, (usize, String)>,
}

impl Tally {
    fn fault(&mut self, what: &str, rule: &str, why: &str, sample: &Sample, after: &str) {
        let line = why.lines().next().unwrap_or_default();
        let kind: String = line.chars().take(60).collect();
        let key = format!("{what} {rule}: {kind}");
        let (times, example) = self.faults.entry(key).or_default();
        *times += 1;
        let length = sample.text.len() + after.len();
        if example.is_empty() || length < example.len() {
            *example = format!(
                "{} ({}, {:?})\n{why}\n--- before\n{}\n--- after\n{after}",
                sample.from,
                sample.facts.path,
                sample.kind.map(DocumentKind::name),
                sample.text
            );
        }
    }

    fn run(&mut self, sample: &Sample, rules: &RuleSet, bulk: bool) {
        self.texts += 1;
        let trial = Trial::new(sample, rules);
        if trial.report.findings.iter().all(|finding| finding.fix.is_none()) {
            return;
        }
        let rope = Text::from(sample.text.as_str());
        let file = File { text: &rope, report: &trial.report };
        let all = Span::new(0, sample.text.len() as u32);
        let found = actions(&file, all, Wanted { quick_fixes: true, fix_all: bulk });
        for refused in found.refused {
            let why = refused.why.to_string();
            let why = why.split('`').next().unwrap().to_string();
            *self.refused.entry(why).or_default() += 1;
        }
        for action in &found.offered {
            match trial.action(action) {
                Ok(mended) => self.fixes += mended,
                Err(why) => {
                    let what = if action.kind == ActionKind::FixAll { "fix all" } else { "action" };
                    let after = applied(&sample.text, &action.edits).unwrap_or_default();
                    self.fault(what, action.findings[0].rule.id, &why, sample, &after);
                }
            }
        }
        if !bulk {
            return;
        }
        let grants = trial
            .report
            .findings
            .iter()
            .filter(|finding| finding.fix.as_ref().is_some_and(|fix| fix.safety == Safety::Grants));
        let grants: BTreeSet<&str> = grants.map(|finding| finding.rule.id).collect();
        let wanted = grants.into_iter().map(|rule| WantedFixes::Grants { rule, at: None });
        for wanted in [WantedFixes::Safe, WantedFixes::Unsafe].into_iter().chain(wanted) {
            match trial.fixed(wanted) {
                Ok(mended) => self.fixes += mended,
                Err(why) => {
                    let after = fix_text(&sample.text, &sample.facts, sample.kind, rules, wanted).text;
                    self.fault(&format!("{wanted:?}"), "", &why, sample, &after);
                }
            }
        }
    }

    fn add(&mut self, other: Tally) {
        self.texts += other.texts;
        self.fixes += other.fixes;
        for (why, times) in other.refused {
            *self.refused.entry(why).or_default() += times;
        }
        for (key, (times, example)) in other.faults {
            let own = self.faults.entry(key).or_default();
            own.0 += times;
            if own.1.is_empty() || example.len() < own.1.len() {
                own.1 = example;
            }
        }
    }
}

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn no_fix_harms_a_text() {
    let rules = RuleSet::at(Level::Pedantic);
    let samples = samples();
    // Code that is not optimised at all runs a part of it: the usual profile is optimised a little.
    let usual = if env!("OPT_LEVEL") == "0" { 10_000 } else { 100_000 };
    let wanted = setting("PASSROLE_FIXES").unwrap_or(usual) as usize;
    let seed = setting("PASSROLE_SEED").unwrap_or(1);
    const THREADS: usize = 2;
    let mut tally = Tally::default();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| {
                let (samples, rules) = (&samples, &rules);
                scope.spawn(move || {
                    let mut tally = Tally::default();
                    let mut random = Random(seed.wrapping_mul(0x9e37_79b9).wrapping_add(thread as u64 + 1));
                    // First as they are, then with more and more harm.
                    for sample in samples.iter().skip(thread).step_by(THREADS) {
                        if tally.fixes < wanted.div_ceil(THREADS) {
                            tally.run(sample, rules, true);
                        }
                    }
                    while tally.fixes < wanted.div_ceil(THREADS) {
                        let mut sample = samples[random.below(samples.len())].clone();
                        for _ in 0..=random.below(3) {
                            damage(&mut sample.text, &sample.facts.path, &mut random);
                        }
                        let bulk = random.below(4) == 0;
                        tally.run(&sample, rules, bulk);
                    }
                    tally
                })
            })
            .collect();
        threads.into_iter().for_each(|thread| tally.add(thread.join().unwrap()));
    });
    println!("{} fixes in {} texts; refused: {:#?}", tally.fixes, tally.texts, tally.refused);
    let mut shown = String::new();
    let most = setting("PASSROLE_SHOW").unwrap_or(5) as usize;
    let mut faults: Vec<_> = tally.faults.iter().collect();
    faults.sort_by_key(|(_, (times, _))| std::cmp::Reverse(*times));
    for (index, (key, (times, example))) in faults.into_iter().enumerate() {
        writeln!(shown, "{times} × {key}").unwrap();
        if index < most {
            writeln!(shown, "{example}\n").unwrap();
        }
    }
    assert!(tally.faults.is_empty(), "\n{shown}");
    assert!(tally.fixes >= wanted);
}

fn fix(text: &str, wanted: WantedFixes<'_>) -> passrole::analysis::Fixed {
    fix_text(text, &FileFacts::of_path("task-definition.json"), None, &RuleSet::default(), wanted)
}

#[test]
fn nothing_is_added_or_removed_where_the_syntax_is_broken() {
    for name in ["ten-times.json", "stray-brace.json"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixes").join(name);
        let text = std::fs::read_to_string(path).unwrap();
        for wanted in [WantedFixes::Safe, WantedFixes::Unsafe] {
            let fixed = fix(&text, wanted);
            assert_eq!((fixed.text.as_str(), fixed.count), (text.as_str(), 0), "{name}");
            assert!(fixed.refused.iter().any(|refused| refused.why == Objection::BrokenAround), "{name}");
        }
    }
    // A word is mended there all the same.
    let text = r#"{ "Version": "2012-10-17", "Statement": [{ "Effect": "allow", "Action": "ecs:RunTask", "Resource": "*", }}] }"#;
    let fixed = fix(text, WantedFixes::Safe);
    assert_eq!(fixed.text, text.replace("allow", "Allow"));
    assert_eq!(fixed.count, 1);
}

#[test]
fn a_name_is_left_alone_where_what_stands_beside_it_is_a_guess() {
    // Is the rest of the object in the string that is not closed? And what is on the line that cannot be read?
    let json = "{ \"Version\": \"2012-10-17\", \"Statement\": [{ \"Effect\": \"Allow\", \"Action\": \"ecs:RunTasks\", \"Resource\": \"*\", \"Condition\": { \"ForAnyValue:StringEquals\": { \"aws:PrincipalOrgID\": \"o-a\n\" }, \"StringEquals\": { \"aws:PrincipalArn\": \"*\" } } }] }";
    let yaml = "Version: '2012-10-17'\nStatement:\n  - Efect: Allow\n    Effect: [Deny\n    Action: ecs:RunTasks\n    Resource: '*'\n";
    let hcl = "resource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({\n    Statement = [{\n      Efect = \"Allow\"\n      Effect = [\"Deny\"\n      Action = \"ecs:RunTasks\"\n      Resource = \"*\"\n    }]\n  })\n}\n";
    for (name, text) in [("a.json", json), ("a.yaml", yaml), ("main.tf", hcl)] {
        let facts = FileFacts::of_path(name);
        for wanted in [WantedFixes::Safe, WantedFixes::Unsafe] {
            let fixed = fix_text(text, &facts, None, &RuleSet::default(), wanted);
            for kept in ["ForAnyValue:StringEquals\"", "Efect"].iter().filter(|it| text.contains(**it)) {
                assert!(fixed.text.contains(kept), "{name}: {}", fixed.text);
            }
        }
    }
    // In JSON a comma that is missing hides no name.
    let text = r#"{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow" "Action": "ecs:RunTask", "Resource": "*", "Condition": { "StringEqual": { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } } }] }"#;
    assert_eq!(fix(text, WantedFixes::Unsafe).text, text.replace("StringEqual", "StringEquals"));
}

#[test]
fn fixes_of_one_run_do_not_undo_each_other() {
    let text = r#"{ "family": "t", "networkMode": "bridge", "containerDefinitions": [{ "name": "c", "image": "nginx:1", "memory": 128, "mountPoints": [{ "sourceVolume": "datta", "containerPath": "/a" }] }], "volumes": [{ "name": "data" }] }"#;
    let fixed = fix(text, WantedFixes::Unsafe);
    assert!(fixed.text.contains(r#""volumes": [{ "name": "data" }]"#), "{}", fixed.text);
    let report = check_file(&fixed.text, &FileFacts::of_path("t.json"), None, &RuleSet::default());
    let left: Vec<&str> = report.findings.iter().map(|finding| finding.rule.id).collect();
    assert!(!left.contains(&"unknown-volume"), "{left:?}");
}

#[test]
fn a_thousand_fixes_that_do_not_pass_neither_hide_nor_hold_up_the_others() {
    let twice = r#"{ "name": "A", "value": "x", "nam": "B" }"#;
    let once = r#"{ "nam": "C", "value": "x" }"#;
    let variables = [vec![twice; 500].join(", "), once.to_string(), vec![twice; 500].join(", ")];
    let text = format!(
        r#"{{ "family": "t", "containerDefinitions": [{{ "name": "c", "image": "nginx:1", "memory": 128, "environment": [{}] }}] }}"#,
        variables.join(", ")
    );
    let fixed = fix(&text, WantedFixes::Unsafe);
    assert!(!fixed.text.contains(r#""name": "A", "value": "x", "name""#));
    // Either every finding is mended, or what is left is told.
    let report = check_file(&fixed.text, &FileFacts::of_path("t.json"), None, &RuleSet::default());
    let left = report.findings.iter().filter(|it| WantedFixes::Unsafe.has(it)).count();
    assert_eq!(left, fixed.refused.len());
}

#[test]
fn every_double_gets_a_name_of_its_own_at_once() {
    let statement = |sid: &str| {
        format!(
            r#"{{ "Sid": "{sid}", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*" }}"#
        )
    };
    // `A1` with a two is `A` with a twelve.
    let mut sids = vec!["A"; 150];
    sids.extend(["A1"; 150]);
    let statements: Vec<String> = sids.into_iter().map(statement).collect();
    let text = format!(r#"{{ "Version": "2012-10-17", "Statement": [{}] }}"#, statements.join(",\n"));
    let (facts, rules) = (FileFacts::of_path("policy.json"), RuleSet::default());
    let fixed = fix_text(&text, &facts, None, &rules, WantedFixes::Safe);
    let left = check_file(&fixed.text, &facts, None, &rules).findings;
    assert!(left.iter().all(|finding| finding.rule.id != "duplicate-sid"), "{}", fixed.text);
    assert_eq!(fixed.refused, []);
}

#[test]
fn a_value_that_is_broken_itself_is_left_alone() {
    // The second half of the string would be left behind.
    let text = r#"{ "family": "web", "requiresCompatibilities": ["FARGATE"], "containerDefinitions": [{ "name": "web", "image": "web:1", "cpu": 300, "memory": 1500 }], "cpu": "512", "memory": "20
48" }"#;
    let fixed = fix(text, WantedFixes::Unsafe);
    assert!(fixed.text.contains("\"memory\": \"20\n48\""), "{}", fixed.text);
}

/// Fixes that no rule has: each is kept from being made, alone and with all others, for its own reason.
#[test]
fn a_fix_that_harms_is_neither_offered_nor_made() {
    let text = r#"{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "ecs:RunTasks", "Resource": "*" }] }"#;
    let facts = FileFacts::of_path("policy.json");
    let rules = RuleSet::at(Level::Default);
    let whole = check_file(text, &facts, None, &rules);
    let index = whole.findings.iter().position(|it| it.rule.id == "unknown-action").unwrap();
    let of = |word: &str| {
        let at = text.find(word).unwrap() as u32;
        Span::new(at, at + word.len() as u32)
    };
    let words = |word: &str, new: &str| Edit::ReplaceText { span: of(word), text: new.into() };
    let mends = || words("RunTasks", "RunTask");
    let statement = of(&text[text.find(r#"{ "Effect""#).unwrap()..text.find("] }").unwrap()]);
    let member = |name: &str| Edit::InsertMember {
        object: statement,
        name: Name::Key(name.into()),
        value: serde_json::json!("*"),
    };
    for (edits, why) in [
        (vec![words("RunTasks", "RunTaskz")], Objection::Stays),
        // What a mended word had hidden comes with it; a fix that does more has no such excuse.
        (vec![mends(), member("Ressource")], Objection::Brings("missing-pass-role")),
        (vec![mends(), words("Resource", "Action")], Objection::Repeats("Action".into())),
        (vec![mends(), words("Statement", "States")], Objection::LosesDocument),
    ] {
        let mut report = whole.clone();
        report.findings[index].fix = Some(Fix::safe("Mend it", edits));
        let rope = Text::from(text);
        let file = File { text: &rope, report: &report };
        let wanted = Wanted { quick_fixes: true, fix_all: true };
        let offered = actions(&file, report.findings[index].span, wanted);
        assert_eq!(offered.offered.len(), 0, "{why:?}: {:?}", offered.refused);
        let refused: Vec<&Objection> = offered.refused.iter().map(|it| &it.why).collect();
        assert_eq!(refused, [&why, &why]);
    }
    // What does no harm is offered.
    let rope = Text::from(text);
    let file = File { text: &rope, report: &whole };
    let offered = actions(&file, of("RunTasks"), Wanted { quick_fixes: true, fix_all: true });
    assert_eq!(offered.offered.len(), 2, "{:?}", offered.refused);
}

#[test]
fn what_terraform_wrote_is_left_alone() {
    let policy = r#"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\"}]}"#;
    let values = format!(
        r#"{{"root_module":{{"resources":[{{"address":"aws_iam_policy.p","type":"aws_iam_policy","values":{{"policy":"{policy}"}}}}]}}}}"#
    );
    let instances = format!(
        r#"[{{"type":"aws_iam_policy","name":"p","instances":[{{"attributes":{{"policy":"{policy}"}}}}]}}]"#
    );
    for text in [
        format!(r#"{{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{values}}}"#),
        format!(r#"{{"terraform_version":"1.9.0","planned_values":{values}}}"#),
        format!(r#"{{"format_version":"1.0","values":{values}}}"#),
        format!(
            r#"{{"version":4,"terraform_version":"1.9.0","serial":3,"lineage":"a","resources":{instances}}}"#
        ),
    ] {
        assert_eq!(fix(&text, WantedFixes::Unsafe).text, text);
    }
}
