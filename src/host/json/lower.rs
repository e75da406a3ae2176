//! From the tree to values.

use super::recognise::Recognised;
use crate::host::value::{Array, Member, Number, Object, StringValue, Value};
use crate::host::{Document, Placed, Unit, placeholder, policy_kind};
use crate::syntax::{Kind, MemberRef, ValueRef, decode};
use crate::text::{Source, Span};
use std::sync::Arc;

/// Lowers one document. Units whose nodes are among `known` are taken over as they are.
pub(super) fn document(
    found: Recognised<'_>,
    source: &(impl Source + ?Sized),
    path: &str,
    known: &[Placed],
) -> Document {
    let units_span = found.units.map(ValueRef::span);
    let span = found.value.span();
    let head = if units_span == Some(span) {
        Value::Apart(span)
    } else {
        Lowering { source: &Window::new(source, Span::new(0, 0)), base: 0, apart: units_span, raw: false }
            .value_in(found.value, source)
    };
    let units = found.units.map_or_else(Vec::new, |units| {
        let items: Vec<ValueRef<'_>> =
            if units.kind() == Kind::Array { units.items().collect() } else { vec![units] };
        place(&items, source, known)
    });
    let (kind, reason) = match found.kind {
        Some(kind) => (kind, found.reason),
        None => policy_kind::infer(units.iter().map(|placed: &Placed| &placed.unit.value), path),
    };
    // What a template adds to the document itself may be any member.
    let window = Window::new(source, Span::new(0, 0));
    let lowering = Lowering { source: &window, base: 0, apart: None, raw: false };
    let is_partial = found.value.members().any(|member| {
        let name = member.name().filter(|name| name.kind() == Kind::Word).map(ValueRef::span);
        name.is_some_and(|span| {
            let window = Window::new(source, span);
            Lowering { source: &window, ..lowering }.is_filled_in(member)
        })
    });
    Document { form: found.form, units, units_span, span, is_partial, ..Document::of(kind, reason, head, "") }
}

/// Lowers the units that are new. Those before and behind an edit are the nodes they were, in the
/// order they were, so a walk from both ends finds them.
fn place(items: &[ValueRef<'_>], source: &(impl Source + ?Sized), known: &[Placed]) -> Vec<Placed> {
    let same = |item: &ValueRef<'_>, placed: &Placed| item.node().is_some_and(|node| placed.unit.is_of(node));
    let front = items.iter().zip(known).take_while(|(item, placed)| same(item, placed)).count();
    let back = items[front..]
        .iter()
        .rev()
        .zip(known[front..].iter().rev())
        .take_while(|(item, placed)| same(item, placed))
        .count();
    let behind = items.len() - back;
    items
        .iter()
        .enumerate()
        .map(|(index, item)| {
            let base = item.span().start;
            let unit = if index < front {
                known[index].unit.clone()
            } else if index >= behind {
                known[known.len() - (items.len() - index)].unit.clone()
            } else {
                Arc::new(Unit::new(unit_value(*item, source), item.node().cloned()))
            };
            Placed { base, unit }
        })
        .collect()
}

fn unit_value(item: ValueRef<'_>, source: &(impl Source + ?Sized)) -> Value {
    let span = item.span();
    let window = Window::new(source, span);
    Lowering { source: &window, base: span.start, apart: None, raw: false }.value(item)
}

/// A part of a template, functions left as they are. Spans are relative to `base`.
pub(in crate::host) fn raw(value: ValueRef<'_>, base: u32, source: &(impl Source + ?Sized)) -> Value {
    let window = Window::new(source, value.span());
    Lowering { source: &window, base, apart: None, raw: true }.value(value)
}

/// A piece of the text, read once.
struct Window<'s> {
    start: u32,
    text: std::borrow::Cow<'s, str>,
}

impl<'s> Window<'s> {
    fn new(source: &'s (impl Source + ?Sized), span: Span) -> Window<'s> {
        Window { start: span.start, text: source.slice(span) }
    }

    fn slice(&self, span: Span) -> &str {
        self.text
            .get((span.start - self.start) as usize..(span.end - self.start) as usize)
            .unwrap_or_default()
    }
}

struct Lowering<'w, 's> {
    source: &'w Window<'s>,
    /// Subtracted from every span.
    base: u32,
    /// The value that is lowered apart.
    apart: Option<Span>,
    /// Whether functions of a template are left as they are.
    raw: bool,
}

impl Lowering<'_, '_> {
    /// A document's head: its members are read one by one, so that the units in between are not.
    fn value_in(&self, value: ValueRef<'_>, source: &(impl Source + ?Sized)) -> Value {
        if value.kind() != Kind::Object {
            let window = Window::new(source, value.span());
            return Lowering { source: &window, base: 0, apart: self.apart, raw: self.raw }.value(value);
        }
        let members = value
            .members()
            .filter_map(|member| {
                let name = member.name()?;
                let span = match member.value() {
                    Some(value) if Some(value.span()) == self.apart => name.span(),
                    _ => member.span(),
                };
                let window = Window::new(source, span);
                Lowering { source: &window, base: 0, apart: self.apart, raw: self.raw }.member(member)
            })
            .collect();
        Value::Object(Object { span: value.span(), members })
    }

    fn span(&self, value: ValueRef<'_>) -> Span {
        let span = value.span();
        Span::new(span.start - self.base, span.end - self.base)
    }

    fn value(&self, value: ValueRef<'_>) -> Value {
        let span = self.span(value);
        if Some(value.span()) == self.apart {
            return Value::Apart(span);
        }
        match value.kind() {
            Kind::Object => {
                let mut members = Vec::with_capacity(value.members().count());
                members.extend(value.members().filter_map(|member| self.member(member)));
                match &members[..] {
                    // What a template adds to it may be any member.
                    _ if value.members().any(|member| self.is_filled_in(member)) => Value::Unknown(span),
                    [] if self.is_placeholder(value) => Value::Unknown(span),
                    // A template's intrinsic function: what it yields is known only there.
                    [only]
                        if !self.raw && (only.name.text.starts_with("Fn::") || &*only.name.text == "Ref") =>
                    {
                        Value::Unknown(span)
                    }
                    _ => Value::Object(Object { span, members }),
                }
            }
            Kind::Array => {
                let mut items = Vec::with_capacity(value.items().count());
                items.extend(value.items().map(|item| self.value(item)));
                Value::Array(Array { span, items })
            }
            Kind::String => Value::String(self.string(value)),
            Kind::Number if !value.is_malformed() => {
                Value::Number(Number { text: self.source.slice(value.span()).into(), span })
            }
            Kind::True => Value::Bool(true, span),
            Kind::False => Value::Bool(false, span),
            Kind::Null => Value::Null(span),
            Kind::Word if !placeholder::find(self.source.slice(value.span())).is_empty() => {
                Value::Unknown(span)
            }
            _ => Value::Missing(span),
        }
    }

    /// `{{ name }}` without quotes: two braces that the tree takes for two objects. JSON never has them
    /// side by side.
    fn is_placeholder(&self, value: ValueRef<'_>) -> bool {
        let text = self.source.slice(value.span());
        text.starts_with("{{") && text.ends_with("}}")
    }

    /// Whether a placeholder stands in a member's place: `{ ${base}, "cpu": 256 }`.
    fn is_filled_in(&self, member: MemberRef<'_>) -> bool {
        member.name().is_some_and(|name| {
            name.kind() == Kind::Word
                && member.colon().is_none()
                && !placeholder::find(self.source.slice(name.span())).is_empty()
        })
    }

    fn member(&self, member: MemberRef<'_>) -> Option<Member> {
        let name = member.name().filter(|name| name.kind() == Kind::String)?;
        let value = match member.value() {
            Some(value) => self.value(value),
            None => {
                let end = member.colon().map_or(name.span().end, |colon| colon.end) - self.base;
                Value::Missing(Span::new(end, end))
            }
        };
        Some(Member { name: self.string(name), value })
    }

    fn string(&self, value: ValueRef<'_>) -> StringValue {
        let token = self.source.slice(value.span());
        let span = self.span(value);
        if !value.has_escapes() {
            let text = token.strip_prefix('"').unwrap_or(token);
            let text = text.strip_suffix('"').unwrap_or(text);
            return StringValue::new(text, span, None, placeholder::find(text));
        }
        let decoded = decode(token);
        let open = placeholder::find(&decoded.text);
        StringValue::new(decoded.text, span, Some(decoded.runs.into()), open)
    }
}
