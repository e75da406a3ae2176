//! Where the mappings and sequences of a text stand, to be written into.

use super::parse::{Offsets, behind_bracket, quoted_length, readable};
use crate::host::write::{Comments, Containers, FoundContainer, Layout, WrittenPart};
use crate::text::Span;
use saphyr_parser::{Event, Parser, ScalarStyle};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum YamlContainer {
    /// One part a line, by indentation.
    Block,
    /// In brackets.
    Flow,
}

/// What a block of YAML has.
#[derive(Debug, Clone)]
pub(in crate::host) struct Layouts {
    pub(super) containers: Containers<YamlContainer>,
    /// Members and items without a value: where the parser sees them, and where a value would stand.
    pub empty: Vec<(u32, u32)>,
}

/// `None` where the text is not YAML throughout.
pub(in crate::host) fn layouts(text: &str) -> Option<Layouts> {
    let read = readable(text)?;
    let offsets = Offsets::of(&read);
    let layout = Layout { text, whole: text, comments: Comments::Yaml };
    let mut finder = Finder { layout, stack: Vec::new(), found: Vec::new(), empty: Vec::new() };
    for event in Parser::new_from_str(&read) {
        let (event, span) = event.ok()?;
        let start = offsets.byte(span.start.index());
        finder.event(event, Span::new(start, offsets.byte(span.end.index()).max(start)))?;
    }
    Some(Layouts { containers: Containers::new(finder.found), empty: finder.empty })
}

struct Finder<'t> {
    layout: Layout<'t>,
    stack: Vec<Open>,
    found: Vec<FoundContainer<YamlContainer>>,
    empty: Vec<(u32, u32)>,
}

struct Open {
    /// Behind an anchor and a tag.
    start: u32,
    is_mapping: bool,
    parts: Vec<WrittenPart>,
    /// Where the first thing in it starts.
    first: Option<u32>,
    /// The name that waits for its value.
    name: Option<Span>,
}

/// A value, its anchor and tag left out.
#[derive(Clone, Copy)]
struct Node {
    span: Span,
    is_empty: bool,
    has_properties: bool,
}

impl Finder<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) -> Option<()> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let has_properties = anchor > 0 || tag.is_some();
                let node = if text.is_empty() && style == ScalarStyle::Plain {
                    Node { span: Span::new(span.start, span.start), is_empty: true, has_properties }
                } else {
                    Node { span: self.scalar(span, style, has_properties), is_empty: false, has_properties }
                };
                self.value(node)
            }
            Event::Alias(_) => {
                let span = Span::new(span.start, span.start + self.trimmed(span));
                self.value(Node { span, is_empty: false, has_properties: false })
            }
            Event::MappingStart(anchor, tag) => self.open(span, anchor > 0 || tag.is_some(), true),
            Event::SequenceStart(anchor, tag) => self.open(span, anchor > 0 || tag.is_some(), false),
            Event::MappingEnd | Event::SequenceEnd => self.close(span),
            _ => Some(()),
        }
    }

    fn trimmed(&self, span: Span) -> u32 {
        self.layout.slice(span.start, span.end).trim_end().len() as u32
    }

    /// From its first character, or that of its header, to its last.
    fn scalar(&self, span: Span, style: ScalarStyle, has_properties: bool) -> Span {
        let layout = &self.layout;
        let start = if has_properties { layout.behind_properties(span.start).1 } else { span.start };
        let source = layout.slice(start, span.end.max(start));
        match style {
            ScalarStyle::DoubleQuoted | ScalarStyle::SingleQuoted => {
                Span::new(start, start + quoted_length(source) as u32)
            }
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let mark = if style == ScalarStyle::Literal { '|' } else { '>' };
                // The parser begins at the first line, where there is one.
                let header = if source.starts_with(mark) {
                    start
                } else {
                    let before = layout.slice(0, start).trim_end();
                    let line = layout.line_start(before.len() as u32);
                    line + before.get(line as usize..).and_then(|it| it.rfind(mark)).unwrap_or_default()
                        as u32
                };
                let rest = layout.rest(header);
                let header_end = header + rest.find(['\n', '\r']).unwrap_or(rest.len()) as u32;
                let keeps =
                    layout.slice(header, header_end).split('#').next().unwrap_or_default().contains('+');
                let lines = layout.slice(0, span.end);
                // Empty lines belong to it where it says so.
                let end = if keeps {
                    lines.strip_suffix("\r\n").or_else(|| lines.strip_suffix(['\n', '\r'])).unwrap_or(lines)
                } else {
                    lines.trim_end()
                };
                Span::new(header, (end.len() as u32).max(header_end))
            }
            ScalarStyle::Plain => Span::new(start, start + source.trim_end().len() as u32),
        }
    }

    fn open(&mut self, span: Span, has_properties: bool, is_mapping: bool) -> Option<()> {
        let start = if has_properties { self.layout.behind_properties(span.start).1 } else { span.start };
        self.stack.push(Open { start, is_mapping, parts: Vec::new(), first: None, name: None });
        Some(())
    }

    fn close(&mut self, span: Span) -> Option<()> {
        let open = self.stack.pop()?;
        let has_bracket = |open: &Open| {
            self.layout.rest(open.start).starts_with(if open.is_mapping { '{' } else { '[' })
                && open.first != Some(open.start)
        };
        let is_flow = has_bracket(&open);
        let node = if is_flow {
            let last = open.parts.last().map_or(open.start + 1, |last| last.span.end);
            let end = behind_bracket(self.layout.text, last, span.end).max(open.start + 1);
            Node { span: Span::new(open.start, end), is_empty: false, has_properties: false }
        } else {
            let (first, last) = (open.parts.first()?, open.parts.last()?);
            Node { span: Span::new(first.span.start, last.span.end), is_empty: false, has_properties: false }
        };
        // `[a: b]` has a mapping without brackets.
        let is_in_flow = self.stack.iter().any(has_bracket);
        if is_flow || !is_in_flow {
            let kind = if is_flow { YamlContainer::Flow } else { YamlContainer::Block };
            let found = |start: u32, parts: Vec<WrittenPart>| FoundContainer {
                kind,
                is_object: open.is_mapping,
                span: Span::new(start, node.span.end),
                parts,
            };
            // The model may have it from its first name on, without a `?`, or from its first item on, without
            // the dash.
            let first = open.parts.first().and_then(|part| part.name).or(open.first);
            let others = [Some(open.start), first].into_iter().flatten();
            let mut starts = vec![node.span.start];
            for start in others.filter(|_| !is_flow) {
                if !starts.contains(&start) {
                    starts.push(start);
                }
            }
            for start in starts {
                self.found.push(found(start, open.parts.clone()));
            }
        }
        self.value(node)
    }

    fn value(&mut self, node: Node) -> Option<()> {
        let layout = self.layout;
        let Some(open) = self.stack.last_mut() else { return Some(()) };
        if open.first.is_none() && !node.is_empty {
            open.first = Some(node.span.start);
        }
        let is_flow = layout.rest(open.start).starts_with(['{', '[']) && open.first != Some(open.start);
        if open.is_mapping {
            let Some(name) = open.name.take() else {
                open.name = Some(node.span);
                return Some(());
            };
            let before = layout.before(name.start).trim_end();
            let is_explicit = before.ends_with('?');
            let start = if is_explicit {
                layout.line_start(name.start) + before.len() as u32 - 1
            } else {
                name.start
            };
            // Explicit names may have their colon on another line.
            let colon = if is_explicit || is_flow {
                layout.skip_trivia(name.end)
            } else {
                layout.skip_spaces(name.end)
            };
            let colon = layout.rest(colon).starts_with(':').then_some(colon);
            let end = if node.is_empty {
                let end = match colon {
                    Some(colon) if node.has_properties => layout.behind_properties(colon + 1).0,
                    Some(colon) => colon + 1,
                    None => name.end,
                };
                if let Some(colon) = colon.filter(|_| !node.has_properties) {
                    self.empty.push((node.span.start, colon + 1));
                }
                end
            } else {
                node.span.end
            };
            open.parts
                .push(WrittenPart { name: Some(name.start), span: Span::new(start, end.max(name.end)) });
            return Some(());
        }
        if is_flow {
            open.parts.push(WrittenPart { name: None, span: node.span });
            return Some(());
        }
        let dash = match open.parts.last() {
            Some(before) => layout.skip_trivia(before.span.end),
            None if is_dash(&layout, open.start) && (node.is_empty || node.span.start > open.start) => {
                open.start
            }
            None => {
                let at = if node.is_empty { open.start } else { node.span.start };
                layout.slice(0, at).rfind('-')? as u32
            }
        };
        if !is_dash(&layout, dash) {
            return None;
        }
        let end = match node {
            Node { is_empty: true, has_properties: true, .. } => layout.behind_properties(dash + 1).0,
            Node { is_empty: true, .. } => dash + 1,
            node => node.span.end,
        };
        open.parts.push(WrittenPart { name: None, span: Span::new(dash, end.max(dash + 1)) });
        Some(())
    }
}

fn is_dash(layout: &Layout<'_>, at: u32) -> bool {
    let rest = layout.rest(at);
    rest.starts_with('-') && rest[1..].chars().next().is_none_or(char::is_whitespace)
}
