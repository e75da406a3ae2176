//! The library: a text goes in, findings come out. Everything else that the crate exports may change at any time.

use crate::analysis;
use crate::host::Document;
use crate::rules::RuleSet;
use crate::text::LineIndex;
use std::fmt;
use std::ops::Range;

pub use crate::diagnostic::{Confidence, Level, Safety, Severity};
pub use crate::host::DocumentKind;

/// Checks the text of one file, by itself: no other file is read, no configuration is looked for, nothing is written.
///
/// ```
/// let policy = r#"{
///   "Version": "2012-10-17",
///   "Statement": [{ "Effect": "Allow", "Action": "ecs:RunTasks", "Resource": "*" }]
/// }"#;
/// let report = passrole::check(policy, &passrole::CheckOptions::new("policy.json"));
/// let defect = &report.defects[0];
/// assert_eq!(defect.rule, "unknown-action");
/// assert_eq!(&policy[defect.range.clone()], "RunTasks");
/// assert_eq!((defect.start.line, defect.start.column), (3, 53));
/// ```
pub fn check(text: &str, options: &CheckOptions) -> Report {
    let found = analysis::check_text(text, &options.path, options.kind, &options.rules);
    let lines = LineIndex::new(text);
    let place = |offset: u32| {
        let at = lines.scalars(offset);
        LineAndColumn { line: at.line as usize, column: at.column as usize }
    };
    let defect = |finding: &crate::diagnostic::Finding| Defect {
        rule: finding.rule.id,
        case: finding.case,
        severity: finding.severity,
        confidence: finding.confidence,
        message: finding.message.to_string(),
        note: finding.note.to_string(),
        range: finding.span.as_usize(),
        start: place(finding.span.start),
        end: place(finding.span.end),
        pointer: found.pointer(finding),
        repair: finding.fix.as_ref().map(|fix| Repair { title: fix.title.to_string(), safety: fix.safety }),
        fails: found.fails(finding),
    };
    let defects = found.findings.iter().map(defect).collect();
    let document = |it: &Document| DocumentSeen {
        kind: it.kind,
        reason: it.reason.to_string(),
        range: it.span.as_usize(),
    };
    // One that is looked at for several callers is one.
    let documents = found.documents.iter().filter(|it| !it.is_variant).map(document).collect();
    Report { defects, documents }
}

/// What a text is, and which rules it is to meet.
#[derive(Debug, Clone)]
pub struct CheckOptions {
    path: String,
    kind: Option<DocumentKind>,
    rules: RuleSet,
    level: Level,
    select: Vec<String>,
    ignore: Vec<String>,
}

impl CheckOptions {
    /// For a file of that name. Its ending tells the syntax (`.json`, `.yaml`, `.tf`, …), and name and folder help to tell
    /// what a document is for. Nothing is read from there.
    pub fn new(path: impl Into<String>) -> CheckOptions {
        let rules = RuleSet::default();
        let (select, ignore) = (Vec::new(), Vec::new());
        CheckOptions { path: path.into(), kind: None, rules, level: Level::Default, select, ignore }
    }

    /// Takes every document for that kind instead of inferring it.
    pub fn kind(mut self, kind: DocumentKind) -> CheckOptions {
        self.kind = Some(kind);
        self
    }

    /// With [`Level::Pedantic`], also rules that most would find noisy.
    pub fn level(mut self, level: Level) -> CheckOptions {
        self.level = level;
        // The names were looked at when they came.
        self.rules = self.chosen().unwrap_or_default();
        self
    }

    /// Only these rules, groups, or cases of rules (`rule/case`).
    ///
    /// # Errors
    ///
    /// Where a name is unknown.
    pub fn select<'a>(
        mut self,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Result<CheckOptions, UnknownName> {
        self.select = names.into_iter().map(str::to_string).collect();
        self.rules = self.chosen()?;
        Ok(self)
    }

    /// Leaves rules, groups, or cases of rules out.
    ///
    /// # Errors
    ///
    /// Where a name is unknown.
    pub fn ignore<'a>(
        mut self,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Result<CheckOptions, UnknownName> {
        self.ignore = names.into_iter().map(str::to_string).collect();
        self.rules = self.chosen()?;
        Ok(self)
    }

    fn chosen(&self) -> Result<RuleSet, UnknownName> {
        RuleSet::choose(self.level, &self.select, &self.ignore).map_err(|it| UnknownName(it.to_string()))
    }
}

/// A name that no rule, group or case has. Says which one may be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownName(String);

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for UnknownName {}

/// What there is to say of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// In the order of the text.
    pub defects: Vec<Defect>,
    /// The policies, task definitions and other documents in it; none where the text holds nothing of ours.
    pub documents: Vec<DocumentSeen>,
}

/// One defect at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Defect {
    /// The rule's id: `unknown-action`.
    pub rule: &'static str,
    /// Which case of the rule it is; empty where the rule has none.
    pub case: &'static str,
    pub severity: Severity,
    pub confidence: Confidence,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// Why, and what to write instead; may be empty.
    pub note: String,
    /// In bytes of the text.
    pub range: Range<usize>,
    pub start: LineAndColumn,
    pub end: LineAndColumn,
    /// A JSON Pointer within the document.
    pub pointer: String,
    /// What `passrole check --fix` could do about it.
    pub repair: Option<Repair>,
    /// Whether it fails a run by `--fail-on gate`.
    pub fails: bool,
}

/// A repair that there is for a defect.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Repair {
    pub title: String,
    pub safety: Safety,
}

/// Line and column from 1; columns count Unicode scalar values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct LineAndColumn {
    pub line: usize,
    pub column: usize,
}

/// A document in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DocumentSeen {
    pub kind: DocumentKind,
    /// Why it is taken for that.
    pub reason: String,
    /// In bytes of the text.
    pub range: Range<usize>,
}
