//! One version of one text: its tree, its documents, its findings.

use super::run::{self, FileFacts, Memo};
use super::{RuleSet, check_document};
use crate::diagnostic::Finding;
use crate::host::{self, Document, DocumentKind, placeholder};
use crate::rules::TextFacts;
use crate::syntax::{SyntaxError, SyntaxErrorKind, Tree, first_of_each_line};
use crate::text::{Source, Span};

/// What is known of one version of a text. The text itself is kept by whoever asked.
#[derive(Debug, Clone)]
pub struct Report {
    pub tree: Tree,
    /// Empty for a file that is none of ours.
    pub documents: Vec<Document>,
    /// In the order of the text; spans are those of the text.
    pub findings: Vec<Finding>,
    memo: Memo,
}

/// Texts up to that many bytes are read at once.
const READ_WHOLE: u32 = 128 * 1024;

/// Parses and checks a text once.
pub fn check_text(text: &str, path: &str, kind: Option<DocumentKind>, rules: &RuleSet) -> Report {
    Report::of(text, Tree::parse(text), &FileFacts::of_path(path), kind, rules, None)
}

impl Report {
    /// Checks a text whose tree is known. `before` is the last version's report: what did not change
    /// is taken over from it.
    pub fn of(
        source: &(impl Source + ?Sized),
        tree: Tree,
        facts: &FileFacts,
        kind: Option<DocumentKind>,
        rules: &RuleSet,
        before: Option<&Report>,
    ) -> Report {
        let known = before.map_or(&[][..], |report| &report.documents);
        let documents = host::json::documents(&tree, source, &facts.path, kind, known);
        let mut memo = Memo::default();
        let mut findings = Vec::new();
        if !documents.is_empty() {
            let mut template = false;
            if !tree.is_strict_json() {
                let errors = tree.errors(source);
                template = is_template(source, &errors);
                let errors = first_of_each_line(errors, source);
                let text = TextFacts { errors: &errors, jsonc: facts.is_jsonc(), template };
                findings.extend(run::check_text(&text, rules));
            }
            let empty = Memo::default();
            let known = before.map_or(&empty, |report| &report.memo);
            for document in &documents {
                findings.extend(check_document(document, facts, template, rules, known, &mut memo));
            }
            findings.sort_by_key(|finding| finding.span);
        }
        Report { tree, documents, findings, memo }
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
        let (tree, _) = self.tree.edited(after, old, inserted);
        // Many small reads of a rope cost more than one of the whole, unless it is large.
        if after.len() <= READ_WHOLE {
            let text = after.slice(Span::new(0, after.len()));
            return Report::of(&*text, tree, facts, kind, rules, Some(self));
        }
        Report::of(after, tree, facts, kind, rules, Some(self))
    }

    /// The document that place belongs to; the first where it lies outside of all.
    pub fn document_at(&self, span: Span) -> Option<&Document> {
        self.documents.iter().find(|document| document.span.covers(span)).or(self.documents.first())
    }

    /// The JSON Pointer, from the document's root, of what a finding's range covers: the value; the
    /// object that lacks a member; the member that should not be there.
    pub fn pointer(&self, finding: &Finding, source: &(impl Source + ?Sized)) -> String {
        let root = self.document_at(finding.span).map(|document| document.span);
        crate::syntax::pointer(&self.tree, source, root, finding.span)
    }
}

/// Whether template markers stand outside of strings: then the faults found are the template's way
/// of writing, or follow from it.
fn is_template(source: &(impl Source + ?Sized), errors: &[SyntaxError]) -> bool {
    errors.iter().any(|error| {
        let around = match error.kind {
            SyntaxErrorKind::Comment | SyntaxErrorKind::ByteOrderMark => return false,
            _ => Span::new(error.span.start.saturating_sub(2), (error.span.end + 3).min(source.len())),
        };
        let text = source.slice(around);
        ["{{", "}}", "{%", "%}", "<%", "%>", "${"].iter().any(|marker| text.contains(marker))
            || (error.kind == SyntaxErrorKind::BareWord
                && !placeholder::find(&source.slice(error.span)).is_empty())
    })
}
