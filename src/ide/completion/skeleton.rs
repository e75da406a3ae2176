//! Values that are not there yet, as something to fill in: written in the notation at hand.

use super::{Item, ItemKind, Writing, filled, numbered};
use crate::host;
use crate::ide::place::Notation;
use std::borrow::Cow;
use std::fmt::Write;

/// A value with places to fill in.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Skeleton {
    /// A string whose content is to be written; the text stands there until then.
    Text(Cow<'static, str>),
    /// A string that stays as it is.
    Fixed(&'static str),
    /// A string that is one of a few.
    Choice(&'static [&'static str]),
    Number(i64),
    Boolean,
    /// A boolean that is likely to stay.
    Is(bool),
    /// Names of one's own with strings.
    Map,
    /// Of a structure of the ECS API, whose fields may be spelt otherwise.
    Object(&'static str, Vec<(&'static str, Skeleton)>),
    /// Names as they are.
    Options(Vec<(&'static str, Skeleton)>),
    /// The same, with names that were put together; `${Name}` in them is filled in.
    Members(Vec<(String, Skeleton)>),
    /// Arguments and blocks of HCL, in a block of their own.
    Block(Vec<(&'static str, Skeleton)>),
    /// A name of one's own with that.
    Named(Box<Skeleton>),
    List(Vec<Skeleton>),
    /// A list that YAML gets in lines, whatever is in it.
    Items(Vec<Skeleton>),
    /// A string with `${Name}` in it for what is to be filled in.
    Pattern(String),
}

/// An item that writes a member's name, and a value where there is none yet.
pub(super) fn member(
    writing: &Writing,
    kind: ItemKind,
    name: impl Into<Cow<'static, str>>,
    detail: impl Into<Cow<'static, str>>,
    value: &Skeleton,
    is_block: bool,
) -> Item {
    let name: Cow<'static, str> = name.into();
    let name = match host::spelt(writing.naming, &name) {
        Some(spelt) => Cow::Owned(spelt),
        None => name,
    };
    let places = writing.options.snippets && writing.lacks_value;
    // What a name fills in comes before what its value does.
    let open = if places { name.matches("${").count() } else { 0 };
    let written = if places { numbered(&name) } else { filled(&name, "") };
    let mut insert = writing.name(&written);
    if writing.lacks_value {
        if value.is_left_open(writing) {
            insert.push(':');
        } else {
            let mut renderer = Renderer::new(writing, places);
            renderer.next += open;
            insert.push_str(&renderer.behind_name(value, is_block));
        }
    }
    let mut item = Item::new(kind, name, detail, insert);
    item.is_snippet = places;
    item
}

/// An item that writes a whole value.
pub(super) fn whole(
    writing: &Writing,
    kind: ItemKind,
    label: impl Into<Cow<'static, str>>,
    detail: impl Into<Cow<'static, str>>,
    value: &Skeleton,
) -> Item {
    let places = writing.options.snippets;
    let mut item = Item::new(kind, label, detail, Renderer::new(writing, places).value(value));
    item.is_snippet = places;
    item
}

/// A value without places.
pub(super) fn plain(writing: &Writing, value: &Skeleton) -> String {
    Renderer::new(writing, false).value(value)
}

/// Which notation, and what is known of the place.
pub(super) struct Renderer<'w> {
    writing: &'w Writing,
    /// Whether there are places to jump to.
    places: bool,
    /// The number of the next place.
    next: usize,
    out: String,
}

impl Skeleton {
    pub(super) const fn empty() -> Skeleton {
        Skeleton::Text(Cow::Borrowed(""))
    }

    fn is_scalar(&self) -> bool {
        matches!(
            self,
            Skeleton::Text(_)
                | Skeleton::Fixed(_)
                | Skeleton::Choice(_)
                | Skeleton::Number(_)
                | Skeleton::Boolean
                | Skeleton::Is(_)
                | Skeleton::Pattern(_)
        )
    }

    fn members(&self) -> Vec<(&str, &Skeleton)> {
        match self {
            Skeleton::Object(_, members) | Skeleton::Options(members) | Skeleton::Block(members) => {
                members.iter().map(|(name, value)| (*name, value)).collect()
            }
            Skeleton::Members(members) => {
                members.iter().map(|(name, value)| (name.as_str(), value)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether what belongs there is written next, in lines of YAML that only snippets can begin.
    pub(super) fn is_left_open(&self, writing: &Writing) -> bool {
        !self.is_scalar()
            && writing.notation == Notation::Yaml
            && !writing.options.snippets
            && !writing.typed.in_brackets
    }

    /// The names of its members.
    pub(super) fn names(&self) -> Vec<&str> {
        self.members().into_iter().map(|(name, _)| name).collect()
    }

    fn items(&self) -> Option<&[Skeleton]> {
        match self {
            Skeleton::List(items) | Skeleton::Items(items) => Some(items),
            _ => None,
        }
    }

    fn shape(&self) -> Option<&'static str> {
        match self {
            Skeleton::Object(shape, _) => Some(shape),
            _ => None,
        }
    }

    /// Whether it stays on one line even where there is room.
    fn is_short(&self) -> bool {
        match self {
            Skeleton::Object(..) | Skeleton::Options(_) | Skeleton::Members(_) => {
                let members = self.members();
                members.len() <= 2 && members.iter().all(|(_, value)| value.is_scalar())
            }
            Skeleton::List(items) => items.iter().all(Skeleton::is_short),
            Skeleton::Items(items) => items.len() < 2 && items.iter().all(Skeleton::is_short),
            _ => true,
        }
    }
}

impl<'w> Renderer<'w> {
    pub(super) fn new(writing: &'w Writing, places: bool) -> Renderer<'w> {
        Renderer { writing, places, next: 1, out: String::new() }
    }

    /// A value where one is expected, alone.
    pub(super) fn value(mut self, skeleton: &Skeleton) -> String {
        if self.is_block_style(skeleton) {
            let dash = self.writing.dash;
            if self.writing.starts_line {
                // `- ` is there already, or the line is empty: the first member goes here.
                self.block_members(skeleton, dash, false);
            } else {
                self.block_members(skeleton, dash + 2, true);
            }
        } else {
            self.inline(skeleton, 0);
        }
        self.out
    }

    /// What follows a member's name: its mark and its value. `is_block`: whether it is a block of HCL.
    pub(super) fn behind_name(mut self, skeleton: &Skeleton, is_block: bool) -> String {
        match self.writing.notation {
            Notation::Json => {
                self.out.push_str(": ");
                self.inline(skeleton, 0);
            }
            Notation::Hcl if is_block => {
                let skeleton = skeleton.items().and_then(<[_]>::first).unwrap_or(skeleton);
                self.out.push_str(" {\n");
                self.block_body(skeleton, 1);
                self.out.push('}');
            }
            Notation::Hcl => {
                self.out.push_str(" = ");
                self.inline(skeleton, 0);
            }
            Notation::Yaml if self.is_block_style(skeleton) => {
                self.out.push(':');
                let dash = self.writing.dash;
                self.block_members(skeleton, dash + 2, true);
            }
            Notation::Yaml => {
                self.out.push_str(": ");
                self.inline(skeleton, 0);
            }
        }
        self.out
    }

    /// Whether YAML gets it in lines.
    fn is_block_style(&self, skeleton: &Skeleton) -> bool {
        self.writing.notation == Notation::Yaml
            && self.places
            && !self.writing.typed.in_brackets
            && match skeleton {
                Skeleton::List(items) => items.iter().any(|item| !item.is_scalar()),
                Skeleton::Items(_) => true,
                other => !other.is_scalar(),
            }
    }

    /// Members of an object, or items of a list, in lines of YAML, indented by `indent` beyond the line
    /// at hand.
    fn block_members(&mut self, skeleton: &Skeleton, indent: usize, mut new_line: bool) {
        let line = |out: &mut String, new_line: &mut bool| {
            if *new_line {
                let _ = write!(out, "\n{:indent$}", "");
            }
            *new_line = true;
        };
        match skeleton {
            Skeleton::List(items) | Skeleton::Items(items) => {
                for item in items {
                    line(&mut self.out, &mut new_line);
                    self.out.push_str("- ");
                    if item.is_scalar() {
                        self.scalar(item);
                    } else {
                        self.block_members(item, indent + 2, false);
                    }
                }
            }
            Skeleton::Map => {
                line(&mut self.out, &mut new_line);
                let (name, value) = (self.place(""), self.place(""));
                let _ = write!(self.out, "{name}: {value}");
            }
            Skeleton::Named(value) => {
                line(&mut self.out, &mut new_line);
                let name = self.place("");
                let _ = write!(self.out, "{name}: ");
                self.inline(value, 0);
            }
            other => {
                if other.members().is_empty() {
                    line(&mut self.out, &mut new_line);
                    let place = self.place("");
                    self.out.push_str(&place);
                }
                for (name, value) in other.members() {
                    line(&mut self.out, &mut new_line);
                    let name = self.spelt(other.shape(), name);
                    self.out.push_str(&name);
                    self.out.push(':');
                    if self.is_block_style(value) {
                        self.block_members(value, indent + 2, true);
                    } else {
                        self.out.push(' ');
                        self.inline(value, 0);
                    }
                }
            }
        }
    }

    /// The arguments in a block of HCL.
    fn block_body(&mut self, skeleton: &Skeleton, depth: usize) {
        let indent = "  ".repeat(depth);
        for (name, value) in skeleton.members() {
            self.out.push_str(&indent);
            let shape = skeleton.shape().unwrap_or_default();
            let name = self.spelt(Some(shape), name);
            self.out.push_str(&name);
            if matches!(value, Skeleton::Object(..) | Skeleton::Block(_)) {
                self.out.push_str(" {\n");
                self.block_body(value, depth + 1);
                let _ = writeln!(self.out, "{indent}}}");
            } else {
                self.out.push_str(" = ");
                self.inline(value, depth);
                self.out.push('\n');
            }
        }
        if skeleton.members().is_empty() {
            let place = self.place("");
            let _ = writeln!(self.out, "{indent}{place}");
        }
    }

    /// A value in brackets and braces, over several lines where it is long and snippets are taken.
    fn inline(&mut self, skeleton: &Skeleton, depth: usize) {
        let is_hcl = self.writing.notation == Notation::Hcl;
        let in_lines = self.places && self.writing.notation != Notation::Yaml && !skeleton.is_short();
        let unit = if is_hcl { "  " } else { "\t" };
        let line = |out: &mut String, depth: usize| {
            out.push('\n');
            out.push_str(&unit.repeat(depth));
        };
        match skeleton {
            Skeleton::List(items) | Skeleton::Items(items) => {
                self.out.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        self.out.push_str(if in_lines { "," } else { ", " });
                    }
                    if in_lines {
                        line(&mut self.out, depth + 1);
                    }
                    match item {
                        // Nothing between commas is no item.
                        Skeleton::Text(text) if text.is_empty() => {
                            let place = self.place(text);
                            self.string(&place, false);
                        }
                        _ => self.inline(item, depth + 1),
                    }
                }
                if in_lines {
                    line(&mut self.out, depth);
                }
                self.out.push(']');
            }
            Skeleton::Map => {
                let (name, value) = (self.place(""), self.place(""));
                let mark = if is_hcl { " =" } else { ":" };
                let _ = write!(self.out, "{{ \"{name}\"{mark} \"{value}\" }}");
            }
            Skeleton::Named(value) => {
                let name = self.place("");
                let _ = write!(self.out, "{{ \"{name}\"{} ", if is_hcl { " =" } else { ":" });
                self.inline(value, depth);
                self.out.push_str(" }");
            }
            Skeleton::Object(..) | Skeleton::Options(_) | Skeleton::Members(_)
                if skeleton.members().is_empty() =>
            {
                let place = self.place("");
                self.out.push_str(&if place.is_empty() {
                    "{}".to_string()
                } else {
                    format!("{{ {place} }}")
                });
            }
            Skeleton::Object(..) | Skeleton::Options(_) | Skeleton::Members(_) => {
                self.out.push('{');
                for (index, (name, value)) in skeleton.members().into_iter().enumerate() {
                    if index > 0 && !(is_hcl && in_lines) {
                        self.out.push(',');
                    }
                    if in_lines {
                        line(&mut self.out, depth + 1);
                    } else {
                        self.out.push(' ');
                    }
                    let name = self.spelt(skeleton.shape(), name);
                    match self.writing.notation {
                        Notation::Hcl if is_identifier(&name) => {
                            let _ = write!(self.out, "{name} = ");
                        }
                        Notation::Hcl => {
                            let _ = write!(self.out, "\"{name}\" = ");
                        }
                        _ => {
                            let _ = write!(self.out, "\"{name}\": ");
                        }
                    }
                    self.inline(value, depth + 1);
                }
                if in_lines {
                    line(&mut self.out, depth);
                } else {
                    self.out.push(' ');
                }
                self.out.push('}');
            }
            scalar => self.scalar(scalar),
        }
    }

    fn scalar(&mut self, scalar: &Skeleton) {
        match scalar {
            Skeleton::Text(text) => {
                let is_bare = self.is_bare(text);
                let place = self.place(text);
                self.string(&place, is_bare);
            }
            Skeleton::Fixed(text) => self.string(text, self.is_bare(text)),
            Skeleton::Pattern(pattern) => {
                let text = self.pattern(pattern);
                self.string(&text, self.is_bare(pattern) && !pattern.is_empty());
            }
            Skeleton::Choice(values) => {
                let is_bare = values.iter().all(|value| self.is_bare(value));
                let place = self.choice(values);
                self.string(&place, is_bare);
            }
            Skeleton::Number(number) => {
                let place = self.place(&number.to_string());
                self.out.push_str(&place);
            }
            Skeleton::Boolean => {
                let place = self.choice(&["true", "false"]);
                self.out.push_str(&place);
            }
            Skeleton::Is(value) => self.out.push_str(if *value { "true" } else { "false" }),
            _ => {}
        }
    }

    /// Whether YAML needs no quotes around it; an empty place might get anything, so it has none, either.
    fn is_bare(&self, text: &str) -> bool {
        self.writing.notation == Notation::Yaml
            && self.places
            && !self.writing.typed.in_brackets
            && (text.is_empty() || host::is_plain_yaml(text))
    }

    fn string(&mut self, content: &str, is_bare: bool) {
        let quote = if is_bare { "" } else { "\"" };
        let _ = write!(self.out, "{quote}{content}{quote}");
    }

    fn place(&mut self, text: &str) -> String {
        if !self.places {
            return text.to_string();
        }
        let number = self.next;
        self.next += 1;
        if text.is_empty() { format!("${number}") } else { format!("${{{number}:{text}}}") }
    }

    /// A text with places where `${Name}` stands in it.
    fn pattern(&mut self, pattern: &str) -> String {
        let mut out = String::new();
        let mut rest = pattern;
        while let Some(at) = rest.find("${") {
            let Some(end) = rest[at..].find('}') else { break };
            out.push_str(&rest[..at]);
            let place = self.place(&rest[at + 2..at + end]);
            out.push_str(&place);
            rest = &rest[at + end + 1..];
        }
        out.push_str(rest);
        out
    }

    fn choice(&mut self, values: &[&str]) -> String {
        if !self.places {
            return values.first().copied().unwrap_or_default().to_string();
        }
        let number = self.next;
        self.next += 1;
        format!("${{{number}|{}|}}", values.join(","))
    }

    fn spelt(&mut self, shape: Option<&str>, name: &str) -> String {
        let spelt = shape.and_then(|shape| host::spelt_field(self.writing.naming, shape, name));
        spelt.unwrap_or_else(|| if name.contains("${") { self.pattern(name) } else { name.to_string() })
    }
}

/// Whether HCL needs no quotes around a name.
fn is_identifier(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}
