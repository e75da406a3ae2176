//! No text is too damaged: every case of every rule and editor feature, in every host, with random damage, is read,
//! edited, checked and asked about at random places. Nothing panics, no rule fails, every place that is told is one.
//!
//! `PASSROLE_ROUNDS` says how many texts, `PASSROLE_SEED` which ones. A text that fails is printed whole.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod support;

use passrole::analysis::{FileFacts, Report, RuleSet, check_text};
use passrole::diagnostic::Level;
use passrole::host::Edit;
use passrole::ide::{self, File, actions::Wanted, completion::Options};
use passrole::text::{LineIndex, Span, Text, edit};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use support::random::{Random, given};

/// What the fences of the cases call a syntax, and a file of that.
const SYNTAXES: [(&str, &str); 6] = [
    ("json", "policy.json"),
    ("jsonc", "policy.jsonc"),
    ("yaml", "template.yaml"),
    ("hcl", "main.tf"),
    ("terraform", "main.tf"),
    ("ini", "ecs.config"),
];

/// What is pasted: signs of every host, what a parser may count otherwise than in bytes, and halves of it.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "\"",
    "'",
    ":",
    ",",
    "=",
    "\n",
    "\r",
    "\r\n",
    "\t",
    " ",
    "  ",
    "\\",
    "/",
    "*",
    "?",
    "//",
    "/*",
    "*/",
    "#",
    "-",
    "- ",
    "---\n",
    "...\n",
    "|",
    ">",
    "|-\n",
    ">2\n",
    "&a ",
    "*a",
    "<<: *a\n",
    "<<:",
    "!Sub ",
    "!Ref ",
    "!GetAtt ",
    "!If [A, ",
    "!",
    "!!str ",
    "Fn::Join: ",
    "Fn::",
    "Ref: ",
    "${",
    "${A}",
    "$${",
    "%{",
    "%%{",
    "%{ for a in b }",
    "%{ endfor }",
    "&{",
    "{{",
    "}}",
    "{{ x }}",
    "<<EOF\n",
    "<<-EOF\n",
    "EOF\n",
    "\nEOF",
    "jsonencode(",
    "jsonencode([",
    "data.aws_iam_policy_document.",
    "local.",
    "var.",
    "each.value",
    "for_each = ",
    "dynamic \"statement\" {",
    "statement {",
    "resource \"aws_iam_policy\" \"é\" {",
    "é",
    "ß",
    "😀",
    "\u{85}",
    "\u{2028}",
    "\u{2029}",
    "\u{feff}",
    "\u{a0}",
    "\u{0}",
    "\u{1b}",
    "\u{7f}",
    "\u{300}",
    "İ",
    "ǅ",
    "ﬀ",
    "\u{1d173}",
    "null",
    "true",
    "1",
    "-1",
    "1e400",
    "99999999999999999999",
    "0x1F",
    "\\u00e9",
    "\\ud83d",
    "\\\"",
    "\\u",
    "\\x41",
    "<IMAGE>",
    "$IMAGE",
    "ACCOUNT_ID",
    "__A__",
    "arn:aws:iam::",
    "arn:aws:s3:::é/*",
    "ecs:*",
    "iam:PassRole",
    ":::::",
    "\"Action\": [\n",
    "\"Condition\": {\"StringLike\": {\"aws:é\": \"*\"}}",
    "Condition:",
    "Condition:\n",
    "? a\n",
    "ECS_",
    "=[",
    "=\"",
    "%YAML 1.2\n",
    "@@",
    "`",
];

/// Fenced blocks of the cases, with the names of files that may hold them.
fn samples() -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    for folder in ["tests/rules", "tests/ide"] {
        collect(Path::new(folder), &mut found);
    }
    assert!(found.len() > 1000, "the cases are not where they should be");
    let agent = "ECS_CLUSTER=größe\nECS_ENGINE_AUTH_DATA={\"a\": {\"é\": 1}}\n#\n ECS_X = y\r\nECS_AVAILABLE_LOGGING_DRIVERS=[\"awslogs\"";
    found.push(("ecs.config", agent.to_string()));
    found
}

fn collect(folder: &Path, found: &mut Vec<(&'static str, String)>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            collect(&path, found);
            continue;
        }
        let Some(text) =
            std::fs::read_to_string(&path).ok().filter(|_| path.extension().is_some_and(|it| it == "md"))
        else {
            continue;
        };
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            let Some(info) = line.strip_prefix("```").filter(|info| !info.is_empty()) else { continue };
            let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            let syntax = info.split(' ').next().unwrap_or_default();
            if let Some((_, name)) = SYNTAXES.iter().find(|(known, _)| *known == syntax) {
                found.push((name, body.join("\n").replacen("$0", "", 1)));
            }
        }
    }
}

/// One random change: what it replaces, and by what.
fn damage(random: &mut Random, text: &str, samples: &[(&str, String)]) -> (Span, String) {
    let start = random.border(text);
    let longest = match random.below(8) {
        0 => text.len(),
        1 | 2 => 40,
        _ => 3,
    };
    let removed = if random.below(3) == 0 { 0 } else { random.below(longest + 1) };
    let end = text.floor_char_boundary((start + removed).min(text.len())).max(start);
    let mut by = String::new();
    match random.below(10) {
        0 => {
            // A part of the text itself, again.
            let (a, b) = (random.border(text), random.border(text));
            by.push_str(
                &text[a.min(b)..a.max(b).min(text.floor_char_boundary(a.min(b) + 300)).max(a.min(b))],
            );
        }
        1 => {
            let other = &samples[random.below(samples.len())].1;
            let a = random.border(other);
            by.push_str(&other[a..other.floor_char_boundary((a + 200).min(other.len()))]);
        }
        2 => {}
        _ => {
            for _ in 0..=random.below(3) {
                by.push_str(random.pick(PIECES));
            }
        }
    }
    (Span::new(start as u32, end as u32), by)
}

fn assert_place(text: &str, span: Span, what: &str) {
    assert!(span.start <= span.end, "{what}: {span:?} is turned round");
    assert!(
        text.is_char_boundary(span.start as usize) && text.is_char_boundary(span.end as usize),
        "{what}: {span:?} is not between characters of {} bytes",
        text.len()
    );
}

/// Asks for everything that can be asked for.
fn ask(text: &str, report: &Report, random: &mut Random) {
    let lines = LineIndex::new(text);
    for finding in &report.findings {
        assert_ne!(finding.rule.id, "internal-error", "{}", finding.message);
        assert_place(text, finding.span, finding.rule.id);
        finding.related.iter().for_each(|it| assert_place(text, it.span, finding.rule.id));
        report.pointer(finding);
        lines.scalars(finding.span.start);
        lines.utf16(finding.span.end);
    }
    for document in &report.documents {
        assert_place(text, document.span, "a document");
        document.units.iter().for_each(|it| assert_place(text, it.span(), "a unit"));
    }
    let rope = Text::from(text);
    let file = File { text: &rope, report };
    let wanted = Wanted { quick_fixes: true, fix_all: true };
    for action in ide::actions::actions(&file, Span::new(0, text.len() as u32), wanted).offered {
        action.edits.iter().for_each(|it| assert_place(text, it.span, &action.title));
        edit::apply(text, &action.edits);
    }
    for finding in &report.findings {
        ide::suppress::here(&file, finding);
    }
    ide::formatting::format(&file, "  ").iter().for_each(|it| assert_place(text, it.span, "its format"));
    ide::symbols::symbols(&file).iter().for_each(|it| assert_place(text, it.span, "a symbol"));
    ide::folding::folds(&file).iter().flatten().for_each(|it| assert_place(text, *it, "a fold"));
    for snippets in [false, true] {
        let offset = random.border(text) as u32;
        if let Some(hover) = ide::hover::hover(&file, offset) {
            assert_place(text, hover.span, "a hover");
        }
        if let Some(list) = ide::completion::complete(&file, offset, Options { snippets }) {
            assert_place(text, list.replace, "a completion");
        }
        ide::selection::around(&file, offset).iter().for_each(|it| assert_place(text, *it, "a selection"));
        if let Some(name) = ide::names::at(&file, offset) {
            assert_place(text, name.span, "a name");
            name.occurrences.iter().for_each(|it| assert_place(text, it.span, "a name"));
            let edits = ide::names::renamed(&file, offset, "größe").unwrap_or_default();
            edits.iter().for_each(|it| assert_place(text, it.span, "another name"));
        }
        let place = Span::new(offset, offset);
        ide::inlay::hints(&file, Span::new(0, offset));
        ide::refactorings::refactorings(&file, place);
        for edit in [
            Edit::RemoveMember { span: place },
            Edit::InsertMember {
                object: place,
                name: passrole::host::Name::key("é"),
                value: passrole::host::NewValue::Null,
            },
        ] {
            report.parsed.text_edits(text, &report.documents, &[edit]);
        }
    }
}

#[test]
fn nothing_panics_whatever_the_text() {
    let rounds = given("PASSROLE_ROUNDS").unwrap_or(1_500);
    let mut random = Random(given("PASSROLE_SEED").unwrap_or(0x9e37_79b9).max(1));
    let samples = samples();
    let rules = RuleSet::at(Level::Pedantic);
    let mut failed = 0;
    for round in 0..rounds {
        let seed = random.0;
        let (mut name, sample) = samples[random.below(samples.len())].clone();
        if random.below(12) == 0 {
            name = SYNTAXES[random.below(SYNTAXES.len())].1;
        }
        let mut text = if sample.len() > 4_000 {
            let at = sample.floor_char_boundary(random.below(sample.len()));
            sample[at..].to_string()
        } else {
            sample
        };
        for _ in 0..random.below(5) {
            let (span, by) = damage(&mut random, &text, &samples);
            text.replace_range(span.as_usize(), &by);
        }
        let before = text.clone();
        let (span, by) = damage(&mut random, &text, &samples);
        text.replace_range(span.as_usize(), &by);
        let done = catch_unwind(AssertUnwindSafe(|| {
            let facts = FileFacts::of_path(name);
            let report = check_text(&before, name, None, &rules);
            ask(&before, &report, &mut random);
            let edited = report.edited(text.as_str(), span, by.len() as u32, &facts, None, &rules);
            ask(&text, &edited, &mut random);
            let again = check_text(&text, name, None, &rules);
            assert_eq!(edited.findings, again.findings, "an edited text is not what it is from the start");
            assert_eq!(again.findings, check_text(&text, name, None, &rules).findings, "not the same twice");
        }));
        if done.is_err() {
            failed += 1;
            eprintln!(
                "round {round}, seed {seed}, {name}, before:\n{before}\n--- after:\n{text}\n=== {:?}",
                (span, &by)
            );
            assert!(failed < 5, "enough");
        }
    }
    assert_eq!(failed, 0);
}

#[test]
fn no_message_is_too_damaged_to_be_explained() {
    let rounds = given("PASSROLE_ROUNDS").unwrap_or(1_500);
    let mut random = Random(given("PASSROLE_SEED").unwrap_or(0x51ab_33c7).max(1));
    let refusals = [
        "An error occurred (AccessDenied) when calling the RunTask operation: User: arn:aws:iam::111122223333:user/é is not authorized to perform: ecs:RunTask on resource: arn:aws:ecs:eu-central-1:111122223333:task-definition/web:3 because no identity-based policy allows the ecs:RunTask action",
        "ClientException: ECS was unable to assume the role 'arn:aws:iam::111122223333:role/web' that was provided for this task.",
        "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed",
        "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref",
        "{\"errorCode\": \"AccessDenied\", \"errorMessage\": \"User: arn:aws:sts::111122223333:assumed-role/a/b is not authorized to perform: iam:PassRole on resource: role x with an explicit deny in a service control policy\"}",
    ];
    let samples: Vec<(&str, String)> = refusals.iter().map(|text| ("a.json", text.to_string())).collect();
    for round in 0..rounds {
        let mut text = samples[random.below(samples.len())].1.clone();
        for _ in 0..=random.below(4) {
            let (span, by) = damage(&mut random, &text, &samples);
            text.replace_range(span.as_usize(), &by);
        }
        let done = catch_unwind(|| {
            let told = passrole::query::explain(&text);
            assert_eq!(told.text(), passrole::query::explain(&text).text());
            told.json()
        });
        assert!(done.is_ok(), "round {round}:\n{text}");
    }
}

#[test]
fn no_configuration_is_too_damaged_to_be_refused() {
    use passrole::config::Config;
    let rounds = given("PASSROLE_ROUNDS").unwrap_or(1_500);
    let mut random = Random(given("PASSROLE_SEED").unwrap_or(0x77aa_1234).max(1));
    let whole = "{\n  // é\n  \"level\": \"pedantic\", \"select\": [\"policy\"], \"ignore\": [\"unknown-action\"],\n  \"kinds\": { \"trust/**/*.json\": \"trust\" },\n  \"exceptions\": [{ \"files\": [\"a/*.json\"], \"rules\": [\"unknown-action\"], \"reason\": \"é\", \"until\": \"2027-01-31\" }]\n}\n";
    let samples = vec![("a.json", whole.to_string())];
    let folder = Path::new("/folder");
    assert!(Config::parse(whole, folder).is_ok(), "{:?}", Config::parse(whole, folder).err());
    for round in 0..rounds {
        let mut text = whole.to_string();
        for _ in 0..=random.below(4) {
            let (span, by) = damage(&mut random, &text, &samples);
            text.replace_range(span.as_usize(), &by);
        }
        let done = catch_unwind(|| match Config::parse(&text, folder) {
            Ok(config) => {
                config.kind_of(Path::new("/folder/trust/a/é.json"));
                config.exceptions_of(Path::new("/folder/a/b.json"));
            }
            Err(error) => assert_place(&text, error.span(), "a fault of the configuration"),
        });
        assert!(done.is_ok(), "round {round}:\n{text}");
    }
}

#[test]
fn a_name_stands_behind_any_letter() {
    let text = "resource \"aws_iam_role\" \"é\" {\n  # 😀\n  assume_role_policy = jsonencode({ Statement = [{ Effect = \"Allow\", Action = \"sts:AssumeRole\", Principal = { AWS = \"*\" } }] })\n}\n";
    let report = check_text(text, "main.tf", None, &RuleSet::default());
    assert!(!report.documents.is_empty());
    let rope = Text::from(text);
    let file = File { text: &rope, report: &report };
    for offset in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
        ide::names::at(&file, offset as u32);
    }
}
