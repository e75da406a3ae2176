//! A finding with everything that formats print of it.

use super::Secrets;
use crate::diagnostic::{Confidence, RuleMeta, Safety, Severity};
use crate::host::DocumentKind;
use crate::suppression::Origin;
use crate::text::{LineColumn, Span};
use jiff::civil::Date;
use serde::Serialize;
use std::path::PathBuf;

/// A finding in a file.
#[derive(Debug, Clone)]
pub struct Record {
    /// As given on the command line, or below the folder given.
    pub path: String,
    /// Below the repository's root where the file is in one, without `./`, with forward slashes: as the
    /// formats for other tools name it.
    pub repository_path: String,
    /// Index into [`super::Results::files`].
    pub file: usize,
    pub kind: Option<DocumentKind>,
    pub rule: &'static RuleMeta,
    pub severity: Severity,
    pub confidence: Confidence,
    pub case: &'static str,
    /// Whether it fails a run by `--fail-on gate`.
    pub gate: bool,
    pub message: String,
    pub note: String,
    /// Bytes of the file's text.
    pub span: Span,
    /// Lines and columns from 1, columns in Unicode scalar values.
    pub start: LineColumn,
    pub end: LineColumn,
    /// The same in UTF-16 code units.
    pub start_utf16: LineColumn,
    pub end_utf16: LineColumn,
    pub pointer: String,
    /// The same without positions in lists, behind `#` the name of the statement, container or document.
    pub anchor: String,
    /// What the resource is in the program that made the file, where one did: the path of a construct, an
    /// address.
    pub origin: Option<String>,
    pub fingerprint: String,
    /// What the rule was called before, and the fingerprint that the finding had then.
    pub formerly: Vec<(&'static str, String)>,
    pub related: Vec<RelatedRecord>,
    /// What the fix would do, if there is one.
    pub fix: Option<FixRecord>,
    /// What keeps it from being told.
    pub suppressed: Option<SuppressedRecord>,
}

/// The suppression of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuppressedRecord {
    pub reason: String,
    pub until: Option<Date>,
    pub owner: Option<String>,
    pub origin: Origin,
}

/// What a fix would do, and how far it may be trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixRecord {
    pub title: String,
    pub safety: Safety,
    /// Whether it edits another file than the finding's.
    pub is_elsewhere: bool,
    /// What it changes in the file; empty where nobody asked, or it does not pass the gate.
    pub edits: Vec<EditRecord>,
}

/// Other text in place of a part of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditRecord {
    pub start_utf16: LineColumn,
    pub end_utf16: LineColumn,
    pub text: String,
}

/// Another place that belongs to a finding.
#[derive(Debug, Clone)]
pub struct RelatedRecord {
    /// Where it is another file than the finding's.
    pub elsewhere: Option<RelatedFile>,
    pub message: String,
    pub span: Span,
    pub start: LineColumn,
    pub end: LineColumn,
    pub start_utf16: LineColumn,
    pub end_utf16: LineColumn,
}

/// The file of a place that belongs to a finding of another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelatedFile {
    /// As the files of the run are called.
    pub path: String,
    /// As the formats for other tools name it.
    pub repository_path: String,
    pub place: PathBuf,
}

/// The text of a file with findings.
#[derive(Debug, Clone)]
pub struct FileText {
    pub path: String,
    pub text: String,
    pub secrets: Secrets,
}

/// The run in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    pub files: usize,
    pub documents: usize,
    pub errors: usize,
    pub warnings: usize,
    pub infos: usize,
    pub hints: usize,
    /// Findings that are not told, since something suppresses them.
    pub suppressed: usize,
    pub unjudged: UnjudgedCounts,
}

/// What could not be judged, in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UnjudgedCounts {
    /// Roles of which not every policy is known.
    pub open_roles: usize,
    /// References to roles of which no file of the project is.
    pub unresolved: usize,
    /// Documents of which a part is made elsewhere.
    pub open_documents: usize,
    /// Files that look like ours and could not be read.
    pub unread_files: usize,
}

/// Something that could not be judged, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unjudged {
    pub path: String,
    /// From 1.
    pub line: usize,
    /// `open-role`, `unresolved-reference`, `open-document` or `unread-file`.
    pub what: &'static str,
    pub reason: String,
}

impl Summary {
    pub fn count(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Info => self.infos += 1,
            Severity::Hint => self.hints += 1,
        }
    }
}

/// A value that stays the same when a finding moves or the text is indented anew: made of the rule, the
/// anchor (names where the document has names, else the pointer) and what the range says.
///
/// 128 bits of FNV-1a in hexadecimal.
pub fn fingerprint(rule: &str, anchor: &str, value: &str) -> String {
    let mut hash: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    let squeezed: String = value.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [rule, anchor, &squeezed] {
        for byte in part.bytes().chain([0]) {
            hash ^= u128::from(byte);
            hash = hash.wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    }
    format!("{hash:032x}")
}
