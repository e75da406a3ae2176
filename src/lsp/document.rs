//! One version of an open document: text and tree at once, findings when asked for.

use super::files_beside::{Beside, FilesBeside, Reading};
use super::log::{guarded, log};
use super::surroundings::{self, Surroundings};
use crate::analysis::{FileFacts, Report, Stop};
use crate::host::{DocumentKind, Parsed};
use crate::text::{PositionEncoding, Source, Text};
use std::sync::{Arc, OnceLock};
use tower_lsp::ls_types::{TextDocumentContentChangeEvent, Uri};

/// Texts above this many bytes are analysed on the second thread, unless an earlier version's
/// findings make it short.
const LARGE: u32 = 256 << 10;

/// AWS takes no larger trust policy; white space on top.
const LARGEST_TRUST_POLICY: u32 = 64 << 10;

/// The name of a document, the same for every way its URI is percent-encoded.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocumentId(Box<str>);

/// A version of a document. Never changed: an edit makes another one.
pub struct Document {
    /// As the client wrote it.
    pub uri: Uri,
    pub version: i32,
    pub text: Text,
    /// `None` where reading the text failed: the next version is read from the start.
    parsed: Option<Parsed>,
    around: Surroundings,
    /// What was known of an earlier version.
    before: Option<Arc<Report>>,
    /// Whether the tree was made from the earlier one by small steps.
    small_steps: bool,
    report: OnceLock<Arc<Report>>,
    /// Asked when another version takes its place: stops what is sent unasked.
    pub superseded: Stop,
    /// Whether the files beside it are being read.
    pub reading: Arc<Reading>,
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

impl Document {
    pub fn open(uri: Uri, version: i32, text: &str, around: Surroundings) -> Document {
        Document {
            text: Text::from(text),
            parsed: read(text, &around, &uri),
            uri,
            version,
            around,
            before: None,
            small_steps: false,
            report: OnceLock::new(),
            superseded: Stop::default(),
            reading: Arc::default(),
        }
        .unless_alone()
    }

    /// Nothing is waited for where no file beside it says anything of it.
    fn unless_alone(self) -> Document {
        if !guarded(&self.uri, || self.asks_neighbours()).unwrap_or(false) {
            self.reading.end();
        }
        self
    }

    fn asks_neighbours(&self) -> bool {
        let path = path(&self.uri);
        let is_file = std::path::Path::new(&path).is_absolute();
        is_file && (surroundings::is_of_module(&path) || self.asks_graph())
    }

    /// Task definitions beside it say what a role is for: that decides who must assume it.
    fn asks_graph(&self) -> bool {
        if Source::len(&self.text) > LARGEST_TRUST_POLICY {
            return false;
        }
        let text = self.text.to_string();
        let Surroundings { facts, kind, .. } = &self.around;
        let Some(parsed) = &self.parsed else { return false };
        parsed.documents(text.as_str(), &facts.path, *kind, &[]).iter().any(|document| {
            matches!(document.kind, DocumentKind::Trust | DocumentKind::AgentConfig | DocumentKind::Service)
        })
    }

    /// What the files beside it say. Takes as long as the disk does.
    pub fn look_beside(&self, neighbours: &FilesBeside) -> Option<Beside> {
        guarded(&self.uri, || {
            let path = path(&self.uri);
            let module = surroundings::beside(&path, false, neighbours);
            // Only with its module may it be known what it holds.
            let with_graph = self.beside(&module).asks_graph();
            if with_graph { surroundings::beside(&path, true, neighbours) } else { module }
        })
    }

    /// The same version, knowing that.
    pub fn beside(&self, beside: &Beside) -> Document {
        let Beside { module, graph } = beside.clone();
        let mut parsed = self.parsed.clone();
        let is_new = module != self.around.facts.module;
        let facts = Arc::new(FileFacts { module, graph, ..FileFacts::clone(&self.around.facts) });
        let around = Surroundings { facts, ..self.around.clone() };
        if is_new {
            parsed = read(&self.text.to_string(), &around, &self.uri);
        }
        Document { parsed, ..self.anew(around) }
    }

    /// The next version. Changes with a range that makes no sense are left out, and logged.
    pub fn changed(
        &self,
        version: i32,
        changes: &[TextDocumentContentChangeEvent],
        encoding: PositionEncoding,
    ) -> Document {
        let mut text = self.text.clone();
        let mut parsed = self.parsed.clone();
        let around = self.around.facts.surroundings();
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
            // Whatever goes wrong with the tree, the text has to stay the editor's.
            parsed = parsed.and_then(|parsed| {
                let edited = || parsed.edited(&text, around, span, change.text.len() as u32);
                let (edited, bytes) = guarded(&self.uri, edited)?;
                small_steps &= bytes <= LARGE;
                Some(edited)
            });
        }
        if parsed.is_none() {
            parsed = read(&text.to_string(), &self.around, &self.uri);
            small_steps = false;
        }
        Document {
            uri: self.uri.clone(),
            version,
            text,
            parsed,
            around: self.around.clone(),
            before: self.report.get().cloned().or_else(|| self.before.clone()),
            small_steps,
            report: OnceLock::new(),
            superseded: Stop::default(),
            reading: self.reading.clone(),
        }
    }

    /// The same version under other circumstances; what is known of its neighbours holds until they have
    /// been read again.
    pub fn under(&self, around: Surroundings) -> Document {
        let FileFacts { module, graph, .. } = FileFacts::clone(&self.around.facts);
        let facts = Arc::new(FileFacts { module, graph, ..FileFacts::clone(&around.facts) });
        let around = Surroundings { facts, ..around };
        Document { reading: Arc::default(), ..self.anew(around) }.unless_alone()
    }

    fn anew(&self, around: Surroundings) -> Document {
        Document {
            uri: self.uri.clone(),
            version: self.version,
            text: self.text.clone(),
            parsed: self.parsed.clone(),
            around,
            before: None,
            small_steps: false,
            report: OnceLock::new(),
            superseded: Stop::default(),
            reading: self.reading.clone(),
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
        let Surroundings { facts, rules, kind } = &self.around;
        let before = self.before.as_deref();
        let made = self.parsed.clone().and_then(|parsed| {
            // Reading is a thousand small pieces: a copy of a small text costs less than finding each of
            // them in the rope.
            guarded(&self.uri, || {
                if Source::len(&self.text) <= LARGE {
                    let text = self.text.to_string();
                    Report::of(text.as_str(), parsed, facts, *kind, rules, before)
                } else {
                    Report::of(&self.text, parsed, facts, *kind, rules, before)
                }
            })
        });
        let report = made.unwrap_or_else(|| Report::of_failure(Source::len(&self.text), facts, before));
        let report = Arc::new(report);
        // Work that was asked to stop is not whole; its result is thrown away by whoever stopped it.
        if !Stop::is_asked_here() {
            let _ = self.report.set(report.clone());
        }
        report
    }
}

fn read(text: &str, around: &Surroundings, uri: &Uri) -> Option<Parsed> {
    guarded(uri, || Parsed::parse(text, around.facts.surroundings()))
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
        let facts = Arc::new(FileFacts::of_path("policy.json"));
        let around = Surroundings { facts, rules: Arc::default(), kind: None };
        Document::open(Uri::from_str("untitled:policy.json").unwrap(), 1, text, around)
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
        let mut broken = before.changed(2, std::slice::from_ref(&step), PositionEncoding::Utf16);
        broken.parsed = None;
        assert_eq!(rules(&broken), ["internal-error", "missing-effect"]);
        assert!(broken.report().findings.iter().all(|finding| finding.fix.is_none()));
        // Once more, without another one that says so.
        let mut again = broken.changed(3, &[step], PositionEncoding::Utf16);
        assert_eq!(again.text.to_string(), format!("{text}\n\n"));
        assert_eq!(rules(&again), ["missing-effect"]);
        again = broken.changed(3, &[change(None, "{}")], PositionEncoding::Utf16);
        again.parsed = None;
        assert_eq!(rules(&again), ["internal-error", "missing-effect"]);
        assert!(again.report().findings.iter().all(|finding| finding.span.end <= 2));
        let whole = again.changed(4, &[change(None, "{}")], PositionEncoding::Utf16);
        assert_eq!(rules(&whole), Vec::<&str>::new());
    }
}
