//! A finding, and the list that rules push to.

use super::severity::{Confidence, Severity};
use super::{Fix, RuleMeta};
use crate::graph::roles::ProjectPlace;
use crate::host::{Spelling, Spelt};
use crate::text::Span;

/// One defect at one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    pub rule: &'static RuleMeta,
    /// Never above the rule's own, unless the configuration says so.
    pub severity: Severity,
    pub confidence: Confidence,
    /// Which case of the rule this is, where it has several; empty otherwise.
    pub case: &'static str,
    /// As small as possible; for something that is not there, the opening brace of what lacks it.
    pub span: Span,
    /// What is wrong, in one sentence without a full stop.
    pub message: Box<str>,
    /// Why, and what to write instead. May be empty.
    pub note: Box<str>,
    pub related: Vec<Related>,
    pub fix: Option<Fix>,
    /// The path of the file that the fix edits as the project has it, where that is another one than the
    /// finding's.
    pub fix_file: Option<Box<str>>,
    /// Whether the range is a secret: what is printed repeats it nowhere.
    pub is_secret: bool,
}

/// Another place that belongs to the finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Related {
    /// The path of its file as the project has it, where that is another one than the finding's.
    pub file: Option<Box<str>>,
    /// In the text of its file.
    pub span: Span,
    pub message: Box<str>,
}

impl PartialEq for RuleMeta {
    /// Ids are unique.
    fn eq(&self, other: &RuleMeta) -> bool {
        self.id == other.id
    }
}

impl Finding {
    /// Moves every span by `base` bytes: from offsets in a unit to offsets in the text.
    pub fn shifted(&self, base: u32) -> Finding {
        let mut moved = self.clone();
        moved.span = moved.span.shifted(base);
        for related in moved.related.iter_mut().filter(|it| it.file.is_none()) {
            related.span = related.span.shifted(base);
        }
        if let Some(fix) = moved.fix.as_mut().filter(|_| self.fix_file.is_none()) {
            fix.shift(base);
        }
        moved
    }

    /// Moves every place to where `border` says that the nearest one between two characters is.
    pub fn snap(&mut self, border: impl Fn(u32) -> u32) {
        let snapped = |span: Span| {
            let start = border(span.start);
            Span::new(start, border(span.end).max(start))
        };
        self.span = snapped(self.span);
        let own = self.related.iter_mut().filter(|related| related.file.is_none());
        own.for_each(|related| related.span = snapped(related.span));
    }

    pub fn note(&mut self, note: impl Into<Box<str>>) -> &mut Finding {
        self.note = note.into();
        self
    }

    /// Another sentence of the note, where there is one: what was left undone, since there is too much of it.
    pub fn also(&mut self, sentence: Option<&str>) -> &mut Finding {
        if let Some(sentence) = sentence {
            let space = if self.note.is_empty() { "" } else { " " };
            self.note = format!("{}{space}{sentence}", self.note).into();
        }
        self
    }

    pub fn case(&mut self, case: &'static str) -> &mut Finding {
        self.case = case;
        self
    }

    /// Says less than the rule's own severity; more is not possible.
    pub fn severity(&mut self, severity: Severity) -> &mut Finding {
        self.severity = severity.min(self.rule.severity);
        self
    }

    pub fn confidence(&mut self, confidence: Confidence) -> &mut Finding {
        self.confidence = confidence;
        self
    }

    /// The range is a secret.
    pub fn secret(&mut self) -> &mut Finding {
        self.is_secret = true;
        self
    }

    pub fn related(&mut self, span: Span, message: impl Into<Box<str>>) -> &mut Finding {
        self.related.push(Related { file: None, span, message: message.into() });
        self
    }

    /// A place that another file may hold; nothing where there is none.
    pub fn related_in(&mut self, place: Option<&ProjectPlace>, message: impl Into<Box<str>>) -> &mut Finding {
        self.related.extend(place.map(|place| Related {
            file: place.file.clone(),
            span: place.span,
            message: message.into(),
        }));
        self
    }

    pub fn fix(&mut self, fix: Fix) -> &mut Finding {
        self.fix = Some(fix);
        self
    }

    /// A repair in another file, where one is named.
    pub fn fix_in(&mut self, file: Option<Box<str>>, fix: Fix) -> &mut Finding {
        self.fix_file = file;
        self.fix(fix)
    }

    pub fn maybe_fix(&mut self, fix: Option<Fix>) -> &mut Finding {
        self.fix = fix;
        self
    }
}

/// Where a running rule puts what it finds.
pub struct Findings {
    rule: &'static RuleMeta,
    spelling: Spelling,
    found: Vec<Finding>,
}

impl Findings {
    /// `spelling` is that of the document, or of the part, that is checked.
    pub fn of(rule: &'static RuleMeta, spelling: Spelling) -> Findings {
        Findings { rule, spelling, found: Vec::new() }
    }

    /// How what is checked spells names: a sentence about a field names it so.
    pub fn spelling(&self) -> Spelling {
        self.spelling
    }

    /// The name of a field, or of an element, for a sentence about it: `networkMode` in the file's own
    /// spelling. What users named, and values, are not names.
    pub fn name<'n>(&self, name: &'n str) -> Spelt<'n> {
        self.spelling.name(name)
    }

    /// Several of them.
    pub fn names<'n, const N: usize>(&self, names: [&'n str; N]) -> [Spelt<'n>; N] {
        names.map(|name| self.spelling.name(name))
    }

    /// The rule that runs from here on.
    pub fn set_rule(&mut self, rule: &'static RuleMeta) {
        self.rule = rule;
    }

    /// Reports a finding of the running rule; the rest is added to what comes back.
    pub fn report(&mut self, span: Span, message: impl Into<Box<str>>) -> &mut Finding {
        let index = self.found.len();
        self.found.push(Finding {
            rule: self.rule,
            severity: self.rule.severity,
            confidence: self.rule.confidence,
            case: "",
            span,
            message: message.into(),
            note: Box::default(),
            related: Vec::new(),
            fix: None,
            fix_file: None,
            is_secret: false,
        });
        &mut self.found[index]
    }

    pub fn len(&self) -> usize {
        self.found.len()
    }

    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Drops what was reported after the list had that length: what a rule said before it panicked
    /// is not to be trusted.
    pub fn truncate(&mut self, len: usize) {
        self.found.truncate(len);
    }

    /// Drops those reported since the list had that length that are not wanted.
    pub fn leave_out(&mut self, since: usize, unwanted: impl Fn(&Finding) -> bool) {
        let mut index = 0;
        self.found.retain(|finding| {
            index += 1;
            index <= since || !unwanted(finding)
        });
    }

    /// Changes those reported since the list had that length.
    pub fn adjust(&mut self, since: usize, change: impl FnMut(&mut Finding)) {
        self.found.iter_mut().skip(since).for_each(change);
    }

    pub fn into_vec(self) -> Vec<Finding> {
        self.found
    }
}
