//! One version of an open document: text and tree at once, findings when asked for.

use super::log::{guarded, log};
use crate::analysis::{FileFacts, Report, Stop};
use crate::config::Settings;
use crate::host::Parsed;
use crate::text::{PositionEncoding, Source, Span, Text};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use tower_lsp::ls_types::{TextDocumentContentChangeEvent, Uri};

/// Texts above this many bytes are analysed on the second thread, unless an earlier version's
/// findings make it short.
const LARGE: u32 = 256 << 10;

/// The revision of a document whose surroundings were not looked at yet.
const NEVER: u64 = u64::MAX;

/// The name of a document, the same for every way its URI is percent-encoded.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocumentId(Box<str>);

/// A version of a document. Never changed: an edit makes another one.
pub struct Document {
    /// As the client wrote it.
    pub uri: Uri,
    pub version: i32,
    /// Which opening in the session this is: a client that opens a document again has forgotten what it was told.
    pub opening: u64,
    pub text: Text,
    /// `None` where reading the text failed: the next version is read from the start.
    parsed: Option<Parsed>,
    facts: Arc<FileFacts>,
    settings: Settings,
    /// The revision of the workspace that the facts are of, or say the same as.
    seen: AtomicU64,
    is_told: AtomicBool,
    /// Where the last edit was the letter of a word.
    typing: AtomicU32,
    /// What was known of an earlier version.
    before: Option<Arc<Report>>,
    /// Whether the tree was made from the earlier one by small steps.
    small_steps: bool,
    report: OnceLock<Arc<Report>>,
    /// Asked when another version takes its place: stops what is sent unasked.
    pub superseded: Stop,
}

impl DocumentId {
    pub fn of(uri: &Uri) -> DocumentId {
        DocumentId(decoded(uri).into())
    }
}

/// The URI without percent-encoding, a drive's letter in lower case.
fn decoded(uri: &Uri) -> String {
    let text = uri.as_str().as_bytes();
    let mut bytes = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let hex = |byte: Option<&u8>| byte.and_then(|byte| (*byte as char).to_digit(16));
        match (text[at], hex(text.get(at + 1)), hex(text.get(at + 2))) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                at += 3;
            }
            (byte, ..) => {
                bytes.push(byte);
                at += 1;
            }
        }
    }
    let drive = b"file:///";
    if bytes.starts_with(drive) && bytes.get(drive.len() + 1) == Some(&b':') {
        bytes[drive.len()] = bytes[drive.len()].to_ascii_lowercase();
    }
    String::from_utf8(bytes).unwrap_or_else(|_| uri.as_str().to_string())
}

/// The path of a file, or the URI of anything else.
pub fn path(uri: &Uri) -> String {
    let decoded = decoded(uri);
    match decoded.strip_prefix("file://") {
        // `/c:/x` is `c:/x`.
        Some(path) if path.as_bytes().get(2) == Some(&b':') => path[1..].to_string(),
        Some(path) => path.to_string(),
        None => decoded,
    }
}

/// Where nobody is typing.
const NOT_TYPING: u32 = u32::MAX;

/// Where a word goes on, if a change is what typing one makes: a letter more, or one less.
fn typed_at(old: Span, new: &str) -> Option<u32> {
    let is_part = |char: char| char.is_ascii_alphanumeric() || ":-_.*/".contains(char);
    let mut chars = new.chars();
    match (old.len(), chars.next(), chars.next()) {
        (0, Some(char), None) if is_part(char) => Some(old.start + 1),
        (1, None, None) => Some(old.start),
        _ => None,
    }
}

impl Document {
    /// `revision`: that of the workspace when it gave the facts; `None` where it has not read what is around
    /// the document yet.
    pub fn open(
        uri: Uri,
        version: i32,
        opening: u64,
        text: &str,
        facts: FileFacts,
        settings: Settings,
        revision: Option<u64>,
    ) -> Document {
        Document {
            text: Text::from(text),
            parsed: read(text, &facts, &uri),
            uri,
            version,
            opening,
            facts: Arc::new(facts),
            settings,
            seen: AtomicU64::new(revision.unwrap_or(NEVER)),
            is_told: AtomicBool::new(false),
            typing: AtomicU32::new(NOT_TYPING),
            before: None,
            small_steps: false,
            report: OnceLock::new(),
            superseded: Stop::default(),
        }
    }

    /// The revision of the workspace that this version is judged by.
    pub fn seen(&self) -> u64 {
        self.seen.load(Ordering::Acquire)
    }

    /// Whether a later state of the workspace says nothing new to it; remembers that.
    pub fn holds_under(&self, facts: &FileFacts, revision: u64) -> bool {
        let holds = match self.report.get() {
            Some(report) => report.holds_under(facts),
            None => {
                self.facts.path == facts.path
                    && self.facts.module == facts.module
                    && Arc::ptr_eq(&self.facts.graph, &facts.graph)
            }
        };
        if holds {
            self.seen.store(revision, Ordering::Release);
        }
        holds
    }

    /// Where somebody is typing a word; `None` where nobody is.
    pub fn typing(&self) -> Option<u32> {
        Some(self.typing.load(Ordering::Acquire)).filter(|at| *at != NOT_TYPING)
    }

    /// Whether a word was being typed that is left when the cursor is there; it is not any more then.
    pub fn leave(&self, cursor: u32) -> bool {
        let Some(at) = self.typing() else { return false };
        if at == cursor {
            return false;
        }
        self.typing.store(NOT_TYPING, Ordering::Release);
        self.is_told.store(false, Ordering::Release);
        true
    }

    /// Whether this was asked before: what is found in a version is sent unasked once.
    pub fn is_told(&self) -> bool {
        self.is_told.swap(true, Ordering::AcqRel)
    }

    /// `None` where the text could not be read.
    pub fn parsed(&self) -> Option<&Parsed> {
        self.parsed.as_ref()
    }

    /// The next version, among files that say this now. Changes with a range that makes no sense are left out,
    /// and logged.
    pub fn changed(
        &self,
        version: i32,
        changes: &[TextDocumentContentChangeEvent],
        encoding: PositionEncoding,
        now: Option<(FileFacts, u64)>,
    ) -> Document {
        let mut text = self.text.clone();
        let mut typing = NOT_TYPING;
        let mut parsed = self.parsed.clone();
        let (facts, seen) = match now {
            Some((facts, revision)) => (Arc::new(facts), revision),
            None => (self.facts.clone(), NEVER),
        };
        let around = facts.surroundings();
        let mut small_steps = self.small_steps || self.report.get().is_some();
        for change in changes {
            let Some(range) = change.range else {
                text = Text::from(change.text.as_str());
                parsed = None;
                continue;
            };
            let Some(span) = super::from_proto::span(range, &text, encoding) else {
                log(&format!(
                    "{} version {version}: the end of a change lies before its start",
                    self.uri.as_str()
                ));
                continue;
            };
            text.replace(span, &change.text);
            typing = typed_at(span, &change.text).filter(|_| changes.len() == 1).unwrap_or(NOT_TYPING);
            // Whatever goes wrong with the tree, the text has to stay the editor's.
            parsed = parsed.and_then(|parsed| {
                let edited = || parsed.edited(&text, around, span, change.text.len() as u32);
                let (edited, bytes) = guarded(&self.uri, edited)?;
                small_steps &= bytes <= LARGE;
                Some(edited)
            });
        }
        if parsed.is_none() {
            parsed = read(&text.to_string(), &facts, &self.uri);
            small_steps = false;
        }
        Document {
            uri: self.uri.clone(),
            opening: self.opening,
            version,
            text,
            parsed,
            facts,
            settings: self.settings.clone(),
            seen: AtomicU64::new(seen),
            is_told: AtomicBool::new(false),
            typing: AtomicU32::new(typing),
            before: self.report.get().cloned().or_else(|| self.before.clone()),
            small_steps,
            report: OnceLock::new(),
            superseded: Stop::default(),
        }
    }

    /// The same version among files that say something else. What was found is taken over as far as that does
    /// not concern it.
    pub fn among(&self, facts: FileFacts, revision: u64) -> Document {
        let is_same_module = self.facts.module == facts.module && self.facts.path == facts.path;
        let parsed = if is_same_module {
            self.parsed.clone()
        } else {
            read(&self.text.to_string(), &facts, &self.uri)
        };
        let before = self.report.get().cloned().or_else(|| self.before.clone());
        Document {
            uri: self.uri.clone(),
            opening: self.opening,
            version: self.version,
            text: self.text.clone(),
            parsed,
            facts: Arc::new(facts),
            settings: self.settings.clone(),
            seen: AtomicU64::new(revision),
            is_told: AtomicBool::new(false),
            typing: AtomicU32::new(NOT_TYPING),
            before: before.filter(|_| is_same_module),
            small_steps: self.small_steps && is_same_module,
            report: OnceLock::new(),
            // Whoever replaces one replaces the other.
            superseded: self.superseded.clone(),
        }
    }

    /// The same version under other settings; what is around it is still to be looked at.
    pub fn under(&self, settings: Settings) -> Document {
        Document {
            uri: self.uri.clone(),
            opening: self.opening,
            version: self.version,
            text: self.text.clone(),
            parsed: self.parsed.clone(),
            facts: self.facts.clone(),
            settings,
            seen: AtomicU64::new(NEVER),
            is_told: AtomicBool::new(false),
            typing: AtomicU32::new(NOT_TYPING),
            before: None,
            small_steps: false,
            report: OnceLock::new(),
            superseded: Stop::default(),
        }
    }

    /// Whether [`Document::report`] takes too long to wait for.
    pub fn is_heavy(&self) -> bool {
        self.report.get().is_none() && !self.small_steps && Source::len(&self.text) > LARGE
    }

    /// What is known of this version; found out on the first call. Where that fails, the findings of
    /// the last version that was understood stay, beside one that says so.
    pub fn report(&self) -> Arc<Report> {
        if let Some(known) = self.report.get() {
            return known.clone();
        }
        let (facts, Settings { rules, kind, .. }) = (&self.facts, &self.settings);
        let before = self.before.as_deref();
        let made = self.parsed.clone().and_then(|parsed| {
            // Reading is a thousand small pieces: a copy of a small text costs less than finding each of
            // them in the rope.
            guarded(&self.uri, || {
                if Source::len(&self.text) <= LARGE {
                    let text = String::from(&self.text);
                    Report::of(text.as_str(), parsed, facts, *kind, rules, before)
                } else {
                    Report::of(&self.text, parsed, facts, *kind, rules, before)
                }
            })
        });
        let report =
            made.unwrap_or_else(|| Report::of_failure(Source::len(&self.text), facts, *kind, rules, before));
        let report = Arc::new(report);
        // Work that was asked to stop is not whole; its result is thrown away by whoever stopped it.
        if !Stop::is_asked_here() {
            let _ = self.report.set(report.clone());
        }
        report
    }
}

fn read(text: &str, facts: &FileFacts, uri: &Uri) -> Option<Parsed> {
    guarded(uri, || Parsed::parse(text, facts.surroundings()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::str::FromStr;
    use tower_lsp::ls_types::{Position, Range};

    #[test]
    fn ways_to_write_a_uri_meet() {
        let id = |uri: &str| DocumentId::of(&Uri::from_str(uri).unwrap());
        assert_eq!(id("file:///c%3A/a%20b/%C3%A9.json"), id("file:///C:/a%20b/%c3%a9.json"));
        assert_ne!(id("file:///a/B.json"), id("file:///a/b.json"));
        assert_eq!(path(&Uri::from_str("file:///c%3A/x/y.json").unwrap()), "c:/x/y.json");
        assert_eq!(path(&Uri::from_str("file:///x/y%20z.json").unwrap()), "/x/y z.json");
        assert_eq!(path(&Uri::from_str("untitled:Untitled-1").unwrap()), "untitled:Untitled-1");
        assert_eq!(
            path(
                &Uri::from_str("file:///x/%zz%ff")
                    .unwrap_or_else(|_| Uri::from_str("file:///x/%FF").unwrap())
            ),
            "/x/%FF"
        );
    }

    fn opened(text: &str) -> Document {
        let uri = Uri::from_str("untitled:policy.json").unwrap();
        let settings = Settings { rules: Arc::default(), kind: None, is_excluded: false };
        Document::open(uri, 1, 0, text, FileFacts::of_path("policy.json"), settings, None)
    }

    fn change(range: Option<Range>, text: &str) -> TextDocumentContentChangeEvent {
        TextDocumentContentChangeEvent { range, range_length: None, text: text.to_string() }
    }

    /// The rules that report something.
    fn rules(document: &Document) -> Vec<&'static str> {
        document.report().findings.iter().map(|finding| finding.rule.id).collect()
    }

    #[test]
    fn a_text_that_cannot_be_read_keeps_the_last_findings_until_the_next() {
        let text =
            r#"{ "Version": "2012-10-17", "Statement": [{ "Action": "s3:GetObject", "Resource": "*" }] }"#;
        let before = opened(text);
        assert_eq!(rules(&before), ["missing-effect"]);
        let end = Position { line: 0, character: text.len() as u32 };
        let step = change(Some(Range { start: end, end }), "\n");
        let mut broken = before.changed(2, std::slice::from_ref(&step), PositionEncoding::Utf16, None);
        broken.parsed = None;
        assert_eq!(rules(&broken), ["internal-error", "missing-effect"]);
        assert!(broken.report().findings.iter().all(|finding| finding.fix.is_none()));
        // Once more, without another one that says so.
        let mut again = broken.changed(3, &[step], PositionEncoding::Utf16, None);
        assert_eq!(again.text.to_string(), format!("{text}\n\n"));
        assert_eq!(rules(&again), ["missing-effect"]);
        again = broken.changed(3, &[change(None, "{}")], PositionEncoding::Utf16, None);
        again.parsed = None;
        assert_eq!(rules(&again), ["internal-error", "missing-effect"]);
        assert!(again.report().findings.iter().all(|finding| finding.span.end <= 2));
        let whole = again.changed(4, &[change(None, "{}")], PositionEncoding::Utf16, None);
        assert_eq!(rules(&whole), Vec::<&str>::new());
    }
}
