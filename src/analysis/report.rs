//! One version of one text: its syntax, its documents, its findings.

use super::exceptions::{self, Excepted};
use super::run::{self, Memo};
use super::{FileFacts, RuleSet, check_document};
use crate::diagnostic::{Finding, Findings};
use crate::graph::roles::{self, RoleLinks, Verdict};
use crate::graph::{FileSummary, Neighbours};
use crate::host::{
    Document, DocumentKind, FencedBlock, Gap, Parsed, Spelling, Writer, placeholder, position_around,
};
use crate::rules::own::OwnFacts;
use crate::rules::{self, SuppressionFacts, TextFacts};
use crate::suppression::{self, Row, Suppression, Suppressions};
use crate::syntax::{SyntaxError, SyntaxErrorKind, first_of_each_line};
use crate::text::{Source, Span};
use std::collections::HashSet;
use std::sync::Arc;

/// What is known of one version of a text. The text itself is kept by whoever asked.
#[derive(Debug, Clone)]
pub struct Report {
    pub parsed: Parsed,
    /// Empty for a file that is none of ours.
    pub documents: Vec<Document>,
    /// In the order of the text; spans are those of the text.
    pub findings: Vec<Finding>,
    /// What would be among them without a suppression.
    pub excepted: Vec<Excepted>,
    /// Those of the file itself.
    pub suppressions: Vec<Arc<Suppression>>,
    /// What other files may know of it.
    pub summary: Arc<FileSummary>,
    facts: FileFacts,
    kind: Option<DocumentKind>,
    rules: RuleSet,
    /// What other files said of each document.
    neighbours: Vec<Neighbours>,
    /// What the project makes of its roles.
    verdicts: Vec<Verdict>,
    /// What its references to roles lead to.
    pub links: RoleLinks,
    memo: Memo,
}

/// Texts up to that many bytes are read at once.
const READ_WHOLE: u32 = 128 * 1024;

/// Parses and checks a text once.
pub fn check_text(text: &str, path: &str, kind: Option<DocumentKind>, rules: &RuleSet) -> Report {
    check_file(text, &FileFacts::of_path(path), kind, rules)
}

/// The same, for a file whose surroundings are known.
pub fn check_file(text: &str, facts: &FileFacts, kind: Option<DocumentKind>, rules: &RuleSet) -> Report {
    Report::of(text, Parsed::parse(text, facts.surroundings()), facts, kind, rules, None)
}

impl Report {
    /// Checks a text whose tree is known. `before` is the last version's report: what did not change
    /// is taken over from it.
    pub fn of(
        source: &(impl Source + ?Sized),
        parsed: Parsed,
        facts: &FileFacts,
        kind: Option<DocumentKind>,
        rules: &RuleSet,
        before: Option<&Report>,
    ) -> Report {
        let known = before.map_or(&[][..], |report| &report.documents);
        let documents = parsed.documents(source, &facts.path, kind, known);
        let summary = Arc::new(FileSummary::of(&facts.path, &parsed, source, &documents));
        let neighbours = Neighbours::of_all(&facts.graph, &summary, &documents);
        let (verdicts, links) = roles::verdicts(&facts.graph, &summary);
        let mut memo = Memo::default();
        let mut findings = run::check_roles(&verdicts, rules);
        // Looking at resources makes them: only where something is asked of them.
        if !facts.constraints.is_empty() {
            let own = OwnFacts {
                constraints: &facts.constraints,
                documents: &documents,
                resources: &summary.resources,
                file_stem: &facts.stem,
                folder: facts.folder(),
            };
            findings.extend(run::check_own(&own, rules));
        }
        if !documents.is_empty() {
            let mut template = false;
            let mut errors = Vec::new();
            if let Some(tree) = parsed.tree()
                && !tree.is_strict_json()
            {
                let all = tree.errors(source);
                template = is_template(source, &all);
                errors = first_of_each_line(all, source);
            }
            let mut host_errors = parsed.errors();
            host_errors.extend(documents.iter().flat_map(|document| document.errors.iter().cloned()));
            host_errors.dedup();
            if !errors.is_empty() || !host_errors.is_empty() {
                let jsonc = facts.is_jsonc();
                let text = TextFacts { errors: &errors, host_errors: &host_errors, jsonc, template };
                findings.extend(run::check_text(&text, rules));
            }
            let empty = Memo::default();
            let known = before.map_or(&empty, |report| &report.memo);
            for (document, neighbours) in documents.iter().zip(&neighbours) {
                findings
                    .extend(check_document(document, facts, neighbours, template, rules, known, &mut memo));
            }
        }
        // A part of a value that a reference stands for is told by the place of the reference.
        findings.iter_mut().for_each(|finding| finding.snap(|offset| source.floor(offset)));
        findings.sort_by_key(|finding| finding.span);
        // What is so with the values of several callers is told once.
        if documents.iter().any(|document| document.is_variant) {
            let mut told = HashSet::new();
            findings.retain(|it| told.insert((it.rule.id, it.span, it.message.clone())));
        }
        let (findings, excepted, suppressions) = except(findings, &parsed, source, facts, rules, &documents);
        Report {
            documents,
            findings,
            excepted,
            suppressions,
            summary,
            neighbours,
            verdicts,
            links,
            memo,
            ..Report::blank(parsed, facts, kind, rules)
        }
    }

    /// What is known of a block of Markdown, as of a file by itself: its syntax and its documents.
    pub fn of_block(&self, block: FencedBlock<'_>) -> Report {
        let facts = FileFacts::of_path(block.path);
        let documents = block.documents.to_vec();
        Report { documents, ..Report::blank(block.parsed.clone(), &facts, self.kind, &self.rules) }
    }

    /// A report in which nothing has been found yet.
    fn blank(parsed: Parsed, facts: &FileFacts, kind: Option<DocumentKind>, rules: &RuleSet) -> Report {
        Report {
            parsed,
            documents: Vec::new(),
            findings: Vec::new(),
            excepted: Vec::new(),
            suppressions: Vec::new(),
            summary: Arc::default(),
            facts: facts.clone(),
            kind,
            rules: rules.clone(),
            neighbours: Vec::new(),
            memo: Memo::default(),
            verdicts: Vec::new(),
            links: RoleLinks::default(),
        }
    }

    /// Whether one of its findings fails a run by `--fail-on gate`.
    pub fn fails(&self, finding: &Finding) -> bool {
        self.rules.fails(finding)
    }

    /// What the configuration suppresses in it.
    pub fn rows(&self) -> &[Row] {
        &self.facts.exceptions.rows
    }

    /// Whether something in it is what a row of the configuration names as its anchor.
    pub fn bears(&self, anchor: &str) -> bool {
        exceptions::bears(&self.documents, anchor)
    }

    /// Whether some of its documents are judged by what other files say.
    pub fn asks(&self) -> bool {
        self.documents.iter().any(Neighbours::concern) || !self.summary.resources.is_empty()
    }

    /// Whether the same text has the same findings under other facts: what they say differently does not
    /// concern it.
    pub fn holds_under(&self, facts: &FileFacts) -> bool {
        self.facts.path == facts.path
            && self.facts.module == facts.module
            && self.facts.exceptions == facts.exceptions
            && self.facts.constraints == facts.constraints
            && self.neighbours == Neighbours::of_all(&facts.graph, &self.summary, &self.documents)
            && self.verdicts == roles::verdicts(&facts.graph, &self.summary).0
    }

    /// The report of a text of that many bytes which could not be read: nothing but what was found before,
    /// without fixes, and a finding that says so.
    pub fn of_failure(
        length: u32,
        facts: &FileFacts,
        kind: Option<DocumentKind>,
        rules: &RuleSet,
        before: Option<&Report>,
    ) -> Report {
        let within = |span: Span| Span::new(span.start.min(length), span.end.min(length));
        let known = before.map_or(&[][..], |report| &report.findings);
        let kept = known.iter().filter(|finding| finding.rule.id != run::INTERNAL_ERROR.id).map(|finding| {
            let span = within(finding.span);
            Finding { span, related: Vec::new(), fix: None, ..finding.clone() }
        });
        let mut failure = Findings::of(&run::INTERNAL_ERROR, Spelling::default());
        let name = facts.path.rsplit('/').next().unwrap_or_default();
        failure
            .report(Span::default(), format!("`{name}` could not be checked"))
            .note("This is a defect of passrole, not of the file. Please report it.");
        let mut findings = failure.into_vec();
        findings.extend(kept);
        let parsed = Parsed::parse("", facts.surroundings());
        let summary = before.map(|report| Arc::clone(&report.summary)).unwrap_or_default();
        Report { findings, summary, ..Report::blank(parsed, facts, kind, rules) }
    }

    /// The report of the text after `old` bytes were replaced by `inserted` ones.
    pub fn edited(
        &self,
        after: &(impl Source + ?Sized),
        old: Span,
        inserted: u32,
        facts: &FileFacts,
        kind: Option<DocumentKind>,
        rules: &RuleSet,
    ) -> Report {
        let (parsed, _) = self.parsed.edited(after, facts.surroundings(), old, inserted);
        // Many small reads of a rope cost more than one of the whole, unless it is large.
        if after.len() <= READ_WHOLE {
            let text = after.slice(Span::new(0, after.len()));
            return Report::of(&*text, parsed, facts, kind, rules, Some(self));
        }
        Report::of(after, parsed, facts, kind, rules, Some(self))
    }

    /// The same by the same rules and in the same surroundings.
    pub fn edited_alike(&self, after: &str, old: Span, inserted: u32) -> Report {
        self.edited(after, old, inserted, &self.facts, self.kind, &self.rules)
    }

    /// The report of another text in the same surroundings, by the same rules.
    pub fn alike(&self, text: &str) -> Report {
        check_file(text, &self.facts, self.kind, &self.rules)
    }

    /// The documents of the text after `old` bytes were replaced by `inserted` ones, unchecked.
    pub fn documents_after(&self, after: &str, old: Span, inserted: u32) -> Vec<Document> {
        let (parsed, _) = self.parsed.edited(after, self.facts.surroundings(), old, inserted);
        parsed.documents(after, &self.facts.path, None, &self.documents)
    }

    /// The documents of the piece around a hole, with a word in it: see [`Parsed::documents_with`].
    pub fn documents_with<'a>(&'a self, hole: &'a Gap) -> impl Iterator<Item = Vec<Document>> + 'a {
        self.parsed.documents_with(hole, &self.facts.path)
    }

    /// As the user names the file.
    pub fn path(&self) -> &str {
        &self.facts.path
    }

    /// The document that place belongs to; the first where it lies outside of all.
    pub fn document_at(&self, span: Span) -> Option<&Document> {
        let around = position_around(&self.documents, |document| document.span, span);
        around.map(|index| &self.documents[index]).or(self.documents.first())
    }

    /// See [`Document::pointer`].
    pub fn pointer(&self, finding: &Finding) -> String {
        self.document_at(finding.span).map(|document| document.pointer(finding.span)).unwrap_or_default()
    }

    /// What writes fixes into the text, one after another.
    pub fn writer<'a>(&'a self, text: &'a str) -> Writer<'a> {
        self.parsed.writer(text, &self.documents)
    }
}

/// The findings that are told, with those about suppressions among them, and those that are not.
fn except(
    findings: Vec<Finding>,
    parsed: &Parsed,
    source: &(impl Source + ?Sized),
    facts: &FileFacts,
    set: &RuleSet,
    documents: &[Document],
) -> (Vec<Finding>, Vec<Excepted>, Vec<Arc<Suppression>>) {
    // Nothing is suppressed where nothing is looked for.
    if documents.is_empty() || facts.exceptions.are_off {
        return (findings, Vec::new(), Vec::new());
    }
    let honoured = &*facts.exceptions.honoured;
    let marks: Vec<&str> = honoured.iter().filter_map(|it| it.mark()).chain([suppression::MARK]).collect();
    let comments = parsed.comments_with(&marks, source);
    let covering = |check: &str| rules::covering(check).map(|meta| meta.id);
    let suppressions = match comments.as_slice() {
        [] => Suppressions::default(),
        comments => {
            let text = source.slice(Span::new(0, source.len()));
            let own = suppression::in_comments(&text, comments);
            let list = match honoured {
                [] => Vec::new(),
                tools => suppression::in_comments_of(tools, &text, comments, &parsed.blocks(), &covering),
            };
            own.and(Suppressions { list, ..Suppressions::default() })
        }
    };
    let suppressions = match parsed.metadata(suppression::KEY, source).as_slice() {
        [] => suppressions,
        metadata => suppressions.and(suppression::in_metadata(metadata)),
    };
    let of_tools = honoured.iter().filter_map(|tool| Some((*tool, tool.key()?)));
    let suppressions = of_tools.fold(suppressions, |known, (tool, key)| {
        let list = suppression::in_metadata_of(tool, &parsed.metadata(key, source), &covering);
        known.and(Suppressions { list, ..Suppressions::default() })
    });
    let rows = &facts.exceptions.rows;
    if suppressions == Suppressions::default() && rows.is_empty() {
        return (findings, Vec::new(), Vec::new());
    }
    let mut sorted = exceptions::set_apart(findings, &suppressions.list, rows, documents);
    let Suppressions { list, faults } = suppressions;
    let facts = SuppressionFacts { list: &list, used: &sorted.used, faults: &faults, rules: set };
    sorted.told.extend(run::check_suppressions(&facts, set));
    sorted.told.sort_by_key(|finding| finding.span);
    (sorted.told, sorted.excepted, list)
}

/// Whether template markers stand outside of strings: then the faults found are the template's way
/// of writing, or follow from it. Braces that only close are JSON's own.
fn is_template(source: &(impl Source + ?Sized), errors: &[SyntaxError]) -> bool {
    let slice = |start: u32, end: u32| source.slice(Span::new(start, end.min(source.len())));
    let is_marked = |error: &SyntaxError| match error.kind {
        // A directive is a comment to JSON.
        SyntaxErrorKind::Comment | SyntaxErrorKind::UnclosedComment => {
            ["%{", "{%", "<%", "{{"].contains(&&*slice(error.span.start, error.span.start + 2))
        }
        SyntaxErrorKind::BareWord | SyntaxErrorKind::NameNotString | SyntaxErrorKind::BadNumber => {
            let word = source.slice(error.span);
            word.contains("${")
                // What is filled in goes over several lines.
                || word.ends_with('$') && slice(error.span.end, error.span.end + 1) == "{"
                || error.kind == SyntaxErrorKind::BareWord && !placeholder::find(&word).is_empty()
        }
        _ => false,
    };
    if errors.iter().any(is_marked) {
        return true;
    }
    let text = source.slice(Span::new(0, source.len()));
    let within: Vec<Span> = MARKERS.iter().flat_map(|(open, close)| filled_in(&text, open, close)).collect();
    // What is wrong inside of a string is wrong whoever fills it in.
    let is_of_string = |error: &SyntaxError| {
        use SyntaxErrorKind::{BadEscape, ByteOrderMark, ControlCharacter};
        matches!(error.kind, BadEscape | ByteOrderMark | ControlCharacter)
    };
    within.iter().any(|span| {
        let from = errors.partition_point(|error| error.span.start < span.start);
        errors[from..]
            .iter()
            .take_while(|error| error.span.start < span.end)
            .any(|error| error.span.end <= span.end && !is_of_string(error))
    })
}

/// How template engines mark what they fill in, and what they do.
const MARKERS: [(&str, &str); 3] = [("{{", "}}"), ("{%", "%}"), ("<%", "%>")];

/// Longer ones are none.
const LONGEST_FILLED_IN: usize = 1024;

/// What stands between two such markers, they included, as far as it cannot be JSON: the members of an object are none
/// of a template's, and where a string begins on one side only, each marker is a part of another text.
fn filled_in(text: &str, open: &str, close: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut openers = memchr::memmem::find_iter(text.as_bytes(), open.as_bytes()).peekable();
    for end in memchr::memmem::find_iter(text.as_bytes(), close.as_bytes()) {
        let mut start = None;
        while let Some(nearer) = openers.next_if(|opener| opener + open.len() <= end) {
            start = Some(nearer);
        }
        let Some(start) = start.filter(|start| end - start <= LONGEST_FILLED_IN) else { continue };
        let Some(inside) = text.get(start + open.len()..end) else { continue };
        let is_json = || inside.split('"').skip(1).any(|rest| rest.trim_start().starts_with(':'));
        let quotes = inside.bytes().filter(|byte| *byte == b'"').count();
        if !inside.trim().is_empty() && quotes % 2 == 0 && !is_json() {
            found.push(Span::new(start as u32, (end + close.len()) as u32));
        }
    }
    found
}
