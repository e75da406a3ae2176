//! Findings with the lines they are on, for people.

use super::{FileText, Record, Results, Secrets, secrets, untrusted};
use crate::diagnostic::{Safety, Severity};
use crate::text::{LineIndex, listed};
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};
use std::fmt::Write as _;
use std::ops::Range;

/// Longer lines (minified JSON) are shown around the place only.
const LONGEST_LINE: usize = 400;

/// Places that belong to a finding and lie within that many bytes of it are shown with it; others with
/// lines of their own.
const NEAR: usize = 2048;

/// How many of them are shown.
const MOST_RELATED: usize = 8;

/// Columns of a note, beside what stands before it.
const NOTE_WIDTH: usize = 100;

pub(super) fn render(results: &Results<'_>) -> String {
    let renderer = if results.colour { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for records in results.records.chunk_by(|a, b| a.file == b.file) {
        let Some(file) = results.files.get(records[0].file) else { continue };
        let source = Shown::new(file);
        for record in records {
            // A wrapped note may have a line that begins with anything.
            out.push_str(&untrusted::lines(&finding(record, &source, &renderer)));
            out.push_str("\n\n");
        }
    }
    if !results.quiet {
        out.push_str(&summary(results));
    }
    out
}

/// A file whose lines are shown.
struct Shown<'a> {
    text: &'a str,
    lines: LineIndex<'a>,
    secrets: &'a Secrets,
}

impl<'a> Shown<'a> {
    fn new(file: &'a FileText) -> Shown<'a> {
        Shown { text: &file.text, lines: LineIndex::new(&file.text), secrets: &file.secrets }
    }
}

fn finding(record: &Record, source: &Shown<'_>, renderer: &Renderer) -> String {
    let level = match record.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
        Severity::Hint => Level::HELP.with_name("hint"),
    };
    let excerpts = Excerpt::all(record, source);
    let path = untrusted::line(&record.path);
    let message = untrusted::line(&record.message);
    let title = level.primary_title(&*message).id(record.rule.id);
    let snippets = excerpts.iter().map(|excerpt| excerpt.snippet(&path));
    let mut group = Group::with_title(title).elements(snippets);
    if !record.note.is_empty() {
        group = group.element(Level::NOTE.message(wrap(&record.note)));
    }
    for related in &record.related {
        if let Some(file) = &related.elsewhere {
            let place = format!("{}:{}: {}", file.path, related.start.line, related.message);
            group = group.element(Level::NOTE.message(wrap(&place)));
        }
    }
    if let Some(origin) = &record.origin {
        group = group.element(Level::NOTE.message(wrap(&format!("it belongs to `{origin}`"))));
    }
    if let Some(fix) = &record.fix {
        let how = match fix.safety {
            Safety::Safe => "--fix".to_string(),
            Safety::Unsafe => "--fix --unsafe".to_string(),
            Safety::Grants => {
                format!("it adds access, which may be left out on purpose: --fix --grant {}", record.rule.id)
            }
        };
        group = group.element(Level::HELP.message(wrap(&format!("{} ({how})", fix.title))));
    }
    renderer.render(&[group]).to_string()
}

/// Broken into lines that a terminal of usual width shows whole.
fn wrap(text: &str) -> String {
    let options = textwrap::Options::new(NOTE_WIDTH)
        .break_words(false)
        .word_separator(textwrap::WordSeparator::AsciiSpace)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::fill(&untrusted::line(text), options)
}

/// The lines that a finding needs, so that a renderer never walks a large file.
struct Excerpt {
    text: String,
    line: usize,
    primary: Option<Range<usize>>,
    related: Vec<(Range<usize>, String)>,
}

impl Excerpt {
    /// The lines around a finding with the places near to it, then those of each that is further off.
    fn all(record: &Record, source: &Shown<'_>) -> Vec<Excerpt> {
        let text = source.text;
        let mut range = record.span.as_usize();
        if range.len() > NEAR {
            range.end = end_of_line(text, range.start).max(range.start);
        }
        let related = record.related.iter().filter(|it| it.elsewhere.is_none()).take(MOST_RELATED);
        let related =
            related.map(|related| (related.span.as_usize(), untrusted::line(&related.message).into_owned()));
        let is_near =
            |it: &Range<usize>| it.start.min(range.start) + NEAR >= it.end.max(range.end).max(range.start);
        let (near, far): (Vec<_>, Vec<_>) = related.partition(|(related, _)| is_near(related));
        let first = near.iter().map(|(it, _)| it.start).chain([range.start]).min().unwrap_or(range.start);
        let last = near.iter().map(|(it, _)| it.end).chain([range.end]).max().unwrap_or(range.end);
        let (start, end) = (start_of_line(text, first), end_of_line(text, last));
        if text[start..end].lines().any(|line| line.len() > LONGEST_LINE) {
            // Minified: a window around the finding alone.
            let (start, end) = window(text, &range);
            return vec![Excerpt::of(start..end, Some(range), Vec::new(), source)];
        }
        let mut all = vec![Excerpt::of(start..end, Some(range), near, source)];
        all.extend(far.into_iter().map(|(range, message)| {
            let (start, end) = window(text, &range);
            Excerpt::of(start..end, None, vec![(range, message)], source)
        }));
        all
    }

    fn of(
        part: Range<usize>,
        primary: Option<Range<usize>>,
        related: Vec<(Range<usize>, String)>,
        source: &Shown<'_>,
    ) -> Excerpt {
        let line = source.lines.scalars(part.start as u32).line as usize;
        let clean = Clean::of(&source.text[part.clone()], part.start, source.secrets);
        let clip = |range: Range<usize>| clean.place(range.start)..clean.place(range.end);
        Excerpt {
            line,
            primary: primary.map(clip),
            related: related.into_iter().map(|(range, message)| (clip(range), message)).collect(),
            text: clean.text,
        }
    }

    fn snippet<'a>(&'a self, path: &'a str) -> Snippet<'a, Annotation<'a>> {
        let primary = self.primary.iter().map(|range| AnnotationKind::Primary.span(range.clone()));
        let related = self.related.iter();
        let related =
            related.map(|(range, said)| AnnotationKind::Context.span(range.clone()).label(said.as_str()));
        Snippet::source(self.text.as_str())
            .path(path)
            .line_start(self.line)
            .annotations(primary.chain(related))
    }
}

/// A part of a file that can be shown: without secrets, and without characters that a terminal obeys.
struct Clean {
    text: String,
    start: usize,
    end: usize,
    /// Behind which bytes of the file, and of this text, characters of another length stand.
    moved: Vec<(usize, usize)>,
}

impl Clean {
    fn of(part: &str, start: usize, secrets: &Secrets) -> Clean {
        let mut text = String::with_capacity(part.len());
        let mut moved = Vec::new();
        for (at, char) in part.char_indices() {
            let shown = if secrets.cover((start + at) as u32) {
                secrets::star(char)
            } else if char == '\n' || char == '\r' && part[at..].starts_with("\r\n") {
                char
            } else {
                untrusted::character(char, &text)
            };
            text.push(shown);
            if shown.len_utf8() != char.len_utf8() {
                moved.push((start + at + char.len_utf8(), text.len()));
            }
        }
        Clean { text, start, end: start + part.len(), moved }
    }

    /// Where a byte of the file stands in this text, or the nearest that does.
    fn place(&self, offset: usize) -> usize {
        let offset = offset.clamp(self.start, self.end);
        let before = self.moved.partition_point(|(at, _)| *at <= offset);
        let (from, to) = if before == 0 { (self.start, 0) } else { self.moved[before - 1] };
        self.text.floor_char_boundary(to + (offset - from))
    }
}

/// Where the line of a place starts; of a long one, somewhere before its last [`LONGEST_LINE`] bytes.
fn start_of_line(text: &str, at: usize) -> usize {
    let from = text.floor_char_boundary(at.saturating_sub(LONGEST_LINE + 1));
    text[from..at].rfind('\n').map_or(from, |before| from + before + 1)
}

/// Where the line of a place ends; of a long one, somewhere behind its next [`LONGEST_LINE`] bytes.
fn end_of_line(text: &str, at: usize) -> usize {
    let to = text.ceil_char_boundary((at + LONGEST_LINE + 1).min(text.len()));
    text[at..to].find(['\n', '\r']).map_or(to, |behind| at + behind)
}

/// What is shown of the line in which a range starts, where the line may be long.
fn window(text: &str, range: &Range<usize>) -> (usize, usize) {
    let start = text.floor_char_boundary(range.start.saturating_sub(60));
    let start = start.max(start_of_line(text, range.start));
    let end = (range.end.min(range.start + 200) + 60).min(text.len());
    let end = text.floor_char_boundary(end).max(range.start);
    (start, end.min(end_of_line(text, range.start)))
}

pub(super) fn summary(results: &Results<'_>) -> String {
    let summary = results.summary;
    let mut out = String::new();
    let counted = |count: usize, what: &str| match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    };
    let documents =
        format!("{} in {}", counted(summary.documents, "document"), counted(summary.files, "file"));
    let parts: Vec<String> = [
        (summary.errors, "error"),
        (summary.warnings, "warning"),
        (summary.infos, "info"),
        (summary.hints, "hint"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| counted(count, what))
    .collect();
    let found = if parts.is_empty() { "No findings".to_string() } else { listed(parts) };
    let fixable = results
        .records
        .iter()
        .filter(|record| record.fix.as_ref().is_some_and(|fix| fix.safety == Safety::Safe))
        .count();
    let _ = writeln!(out, "{found}. Checked {documents}.");
    match summary.suppressed {
        0 => {}
        1 => out.push_str("1 finding is suppressed; `passrole exceptions` says why.\n"),
        count => {
            let _ = writeln!(out, "{count} findings are suppressed; `passrole exceptions` says why.");
        }
    }
    let unjudged = summary.unjudged;
    let open = [
        (unjudged.open_roles, "role", "open"),
        (unjudged.unresolved, "reference", "unresolved"),
        (unjudged.open_documents, "document", "open"),
        (unjudged.unread_files, "file", "not read"),
    ];
    let open: Vec<String> = open
        .into_iter()
        .filter(|(count, _, _)| *count > 0)
        .map(|(count, what, how)| format!("{} {how}", counted(count, what)))
        .collect();
    if !open.is_empty() {
        let _ = writeln!(out, "Not judged: {}; `-v` says why.", open.join(", "));
    }
    if fixable > 0 {
        let _ = writeln!(out, "{} can be fixed with --fix.", fixable);
    }
    out
}
