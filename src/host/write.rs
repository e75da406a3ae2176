//! Semantic edits written out in YAML and HCL, and in the JSON inside of them.
//!
//! Both are written by the same hand: what the characters around a value say (a brace, a dash, a quote)
//! tells how its neighbours are written, and that is how the new text is.

use super::value::{Object, StringValue, Value};
use super::{Document, Edit, Naming, NewValue, embedded, json};
use crate::syntax::{Tree, encode};
use crate::text::{Span, TextEdit};
use std::fmt::Write as _;

/// The syntax around.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notation {
    Yaml,
    Hcl,
    /// Nothing is quoted, nothing is nested.
    Lines,
}

/// The text edits that make `edits`; all or none.
pub(super) fn text_edits(
    text: &str,
    notation: Notation,
    documents: &[Document],
    edits: &[Edit],
) -> Option<Vec<TextEdit>> {
    edits
        .iter()
        .map(|edit| {
            let span = place(edit);
            let document = documents.iter().find(|document| document.span.covers(span))?;
            let writer = Writer { text, notation, document };
            match &document.embedded {
                Some(string) if string.span.covers(span) => writer.embedded(string, edit),
                _ => writer.write(edit).map(|edit| vec![edit]),
            }
        })
        .collect::<Option<Vec<_>>>()
        .map(|edits| edits.into_iter().flatten().collect())
}

fn place(edit: &Edit) -> Span {
    match edit {
        Edit::ReplaceText { span, .. }
        | Edit::ReplaceValue { span, .. }
        | Edit::RemoveMember { span }
        | Edit::RemoveItem { span }
        | Edit::InsertMember { object: span, .. }
        | Edit::InsertItem { array: span, .. }
        | Edit::InsertSibling { item: span, .. } => *span,
    }
}

/// How a string is quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quote {
    Double,
    Single,
    /// Plain, or a block of lines.
    None,
}

struct Writer<'a> {
    text: &'a str,
    notation: Notation,
    document: &'a Document,
}

/// A container, and what of it lies around a place.
enum Around {
    Object { span: Span, members: Vec<Span> },
    Array { span: Span, items: Vec<Span> },
}

impl Writer<'_> {
    fn write(&self, edit: &Edit) -> Option<TextEdit> {
        if let Edit::InsertSibling { item, value } = edit {
            let Around::Array { span: array, .. } = self.around(*item, false)? else { return None };
            return self.write(&Edit::InsertItem { array, value: value.clone() });
        }
        if self.document.naming == Naming::TerraformPolicy && !self.is_within_blocks(edit) {
            return None;
        }
        match edit {
            Edit::ReplaceText { span, text } => self.replace_text(*span, text),
            Edit::ReplaceValue { span, value } => {
                // What a tag or a reference decides is not written there.
                let is_scalar = !value.is_object() && !value.is_array();
                let source = self.source(*span);
                if self.stands_for(*span) || source.starts_with('!') || is_scalar && source.contains("${") {
                    return None;
                }
                Some(TextEdit { span: *span, text: self.flow(value) })
            }
            Edit::RemoveMember { span } => match self.around(*span, true)? {
                Around::Object { span: object, members } => {
                    let index = members.iter().position(|member| member.covers(*span))?;
                    self.remove(object, &members, index)
                }
                Around::Array { .. } => None,
            },
            Edit::RemoveItem { span }
                if self.document.naming == Naming::TerraformPolicy
                    && self.document.units.iter().any(|unit| unit.span() == *span) =>
            {
                self.remove_block(*span)
            }
            Edit::RemoveItem { span } => match self.around(*span, false)? {
                Around::Array { span: array, items } => {
                    let index = items.iter().position(|item| item == span)?;
                    self.remove(array, &items, index)
                }
                Around::Object { .. } => None,
            },
            Edit::InsertMember { object, name, value } => {
                let mut found = None;
                self.each_value(&mut |value, base| {
                    if let Value::Object(it) = value
                        && it.span.shifted(base) == *object
                    {
                        found = Some(it.members.iter().map(|member| member.span().shifted(base)).collect());
                    }
                });
                self.insert(*object, found?, |writer, indent| writer.member(name, value, indent))
            }
            Edit::InsertSibling { .. } => None,
            Edit::InsertItem { array, value } => {
                let mut found = None;
                self.each_value(&mut |value, base| {
                    if let Value::Array(it) = value
                        && it.span.shifted(base) == *array
                    {
                        found = Some(it.items.iter().map(|item| item.span().shifted(base)).collect());
                    }
                });
                let found: Option<Vec<Span>> = found.or_else(|| {
                    (self.document.units_span == Some(*array))
                        .then(|| self.document.units.iter().map(|unit| unit.span()).collect())
                });
                if self.document.naming == Naming::TerraformPolicy && self.document.units_span == Some(*array)
                {
                    return self.insert_block(value);
                }
                self.insert(*array, found?, |writer, _| writer.flow(value))
            }
        }
    }

    /// Whether an edit of an `aws_iam_policy_document` is one of text, of a list, or of a statement's
    /// arguments: what conditions and principals are in the model, they are not in the file.
    fn is_within_blocks(&self, edit: &Edit) -> bool {
        let is_argument = |span: Span| {
            self.document.units.iter().filter_map(|unit| Some((unit.base, unit.unit.value.as_object()?))).any(
                |(base, statement)| {
                    statement.members.iter().any(|member| {
                        let is_block =
                            matches!(&*member.name.text, "Principal" | "NotPrincipal" | "Condition");
                        !is_block && member.span().shifted(base).covers(span)
                    })
                },
            )
        };
        match edit {
            Edit::ReplaceText { .. }
            | Edit::InsertItem { .. }
            | Edit::InsertSibling { .. }
            | Edit::RemoveItem { .. } => true,
            Edit::ReplaceValue { value, .. } => !value.is_object(),
            Edit::RemoveMember { span } => is_argument(*span),
            Edit::InsertMember { object, .. } => {
                self.document.units.iter().any(|unit| unit.span() == *object)
            }
        }
    }

    /// A further statement, behind the last.
    fn insert_block(&self, statement: &NewValue) -> Option<TextEdit> {
        let last = self.document.units.last()?.span().end;
        let indent = self.indent(self.document.units.last()?.span().start);
        let mut text = format!("\n\n{indent}statement {{");
        for (name, value) in statement.as_object()? {
            let _ =
                write!(text, "\n{indent}  {}", self.statement_member(name, value, &format!("{indent}  ")));
        }
        let _ = write!(text, "\n{indent}}}");
        Some(TextEdit { span: Span::new(last, last), text })
    }

    /// The lines of a block, from its word on; one that shares them with something else stays.
    fn remove_block(&self, body: Span) -> Option<TextEdit> {
        let before = self.line_before(body.start);
        let behind = self.text.get(body.end as usize..)?;
        let rest = behind.find('\n').map_or(behind.len(), |at| at + 1);
        let is_alone = before.trim() == "statement" && behind[..rest].trim().is_empty();
        let start = body.start - before.len() as u32;
        is_alone.then(|| TextEdit { span: Span::new(start, body.end + rest as u32), text: String::new() })
    }

    /// An element of a statement as arguments and blocks.
    fn statement_member(&self, name: &str, value: &NewValue, indent: &str) -> String {
        let list = |value: &NewValue| match value {
            NewValue::Array(_) => self.flow(value),
            single => format!("[{}]", self.flow(single)),
        };
        let block = |name: &str, arguments: &[(&str, String)]| {
            let lines: String =
                arguments.iter().map(|(name, value)| format!("\n{indent}  {name} = {value}")).collect();
            format!("{name} {{{lines}\n{indent}}}")
        };
        let quoted = |text: &str| format!("\"{}\"", encode(text));
        let members = |value: &NewValue| value.as_object().cloned().unwrap_or_default();
        let blocks: Vec<String> = match name {
            "condition" => members(value)
                .iter()
                .flat_map(|(test, keys)| {
                    members(keys)
                        .iter()
                        .map(|(variable, values)| {
                            let arguments = [
                                ("test", quoted(test)),
                                ("variable", quoted(variable)),
                                ("values", list(values)),
                            ];
                            block(name, &arguments)
                        })
                        .collect::<Vec<_>>()
                })
                .collect(),
            "principals" | "not_principals" if value.is_string() => {
                vec![block(name, &[("type", quoted("*")), ("identifiers", list(value))])]
            }
            "principals" | "not_principals" => members(value)
                .iter()
                .map(|(kind, names)| block(name, &[("type", quoted(kind)), ("identifiers", list(names))]))
                .collect(),
            "sid" | "effect" => vec![format!("{name} = {}", self.flow(value))],
            _ => vec![format!("{name} = {}", list(value))],
        };
        blocks.join(&format!("\n{indent}"))
    }

    fn source(&self, span: Span) -> &str {
        self.text.get(span.as_usize()).unwrap_or_default()
    }

    /// Calls back for every value of the document, with the base of its spans.
    fn each_value(&self, visit: &mut dyn FnMut(&Value, u32)) {
        fn walk(value: &Value, base: u32, visit: &mut dyn FnMut(&Value, u32)) {
            visit(value, base);
            match value {
                Value::Object(object) => {
                    object.members.iter().for_each(|member| walk(&member.value, base, visit));
                }
                Value::Array(array) => array.items.iter().for_each(|item| walk(item, base, visit)),
                _ => {}
            }
        }
        walk(&self.document.head, 0, visit);
        self.document.units.iter().for_each(|placed| walk(&placed.unit.value, placed.base, visit));
    }

    /// Every string, names included.
    fn each_string(&self, visit: &mut dyn FnMut(&StringValue, u32)) {
        self.each_value(&mut |value, base| match value {
            Value::String(string) => visit(string, base),
            Value::Object(object) => object.members.iter().for_each(|member| visit(&member.name, base)),
            _ => {}
        });
    }

    /// The string around a place.
    fn string(&self, span: Span) -> Option<StringValue> {
        let mut found: Option<StringValue> = None;
        self.each_string(&mut |string, base| {
            let own = string.span.shifted(base);
            if own.covers(span) && found.as_ref().is_none_or(|known| known.span.len() > own.len()) {
                found = Some(StringValue { span: own, ..string.clone() });
            }
        });
        found
    }

    /// Whether the value at that place is written elsewhere.
    fn stands_for(&self, span: Span) -> bool {
        self.string(span).is_some_and(|string| string.span == span && !string.is_written())
    }

    fn replace_text(&self, span: Span, text: &str) -> Option<TextEdit> {
        let string = self.string(span)?;
        let is_name = string.span == span && !string.is_written();
        if !string.is_written() && !is_name {
            return None;
        }
        let source = self.source(span);
        // A name that the host spells otherwise may be exchanged whole, a reference may not.
        if is_name && (source.starts_with('!') || source.contains(['$', '.', '(', '[', '{'])) {
            return None;
        }
        let text = match self.quote(&string, span) {
            _ if self.notation == Notation::Lines => text.to_string(),
            Quote::Double => self.escaped(&encode(text))?,
            Quote::Single => text.replace('\'', "''"),
            Quote::None if self.notation == Notation::Hcl && is_identifier(text) => text.to_string(),
            // The name of an object's member may stand in quotes; a part of it may not.
            Quote::None if self.notation == Notation::Hcl => {
                if span != string.span {
                    return None;
                }
                format!("\"{}\"", self.escaped(&encode(text))?)
            }
            Quote::None => {
                let whole = format!(
                    "{}{text}{}",
                    self.source(Span::new(string.span.start, span.start)),
                    self.source(Span::new(span.end, string.span.end.max(span.end)))
                );
                if is_plain(&whole) {
                    text.to_string()
                } else if span == string.span {
                    format!("\"{}\"", encode(text))
                } else {
                    return None;
                }
            }
        };
        Some(TextEdit { span, text })
    }

    /// What begins a reference in the host, so that it does not.
    fn escaped(&self, text: &str) -> Option<String> {
        match self.notation {
            Notation::Hcl => Some(text.replace("${", "$${").replace("%{", "%%{")),
            Notation::Yaml | Notation::Lines => Some(text.to_string()),
        }
    }

    fn quote(&self, string: &StringValue, span: Span) -> Quote {
        let before = self.source(Span::new(string.span.start, span.start));
        let is_odd = |quote: char| before.matches(quote).count() % 2 == 1;
        match (is_odd('"'), is_odd('\'')) {
            (true, _) => Quote::Double,
            (false, true) => Quote::Single,
            _ => Quote::None,
        }
    }

    /// The innermost container strictly around a place: of members, or of items.
    fn around(&self, span: Span, of_members: bool) -> Option<Around> {
        let mut found: Option<(u32, Around)> = None;
        let mut offer = |container: Span, around: Around| {
            if found.as_ref().is_none_or(|(length, _)| container.len() <= *length) {
                found = Some((container.len(), around));
            }
        };
        self.each_value(&mut |value, base| match value {
            Value::Object(object) if of_members => {
                let members = spans(object, base);
                if members.iter().any(|member| member.covers(span)) {
                    offer(
                        object.span.shifted(base),
                        Around::Object { span: object.span.shifted(base), members },
                    );
                }
            }
            Value::Array(array) if !of_members => {
                let items: Vec<Span> = array.items.iter().map(|item| item.span().shifted(base)).collect();
                if items.contains(&span) {
                    offer(array.span.shifted(base), Around::Array { span: array.span.shifted(base), items });
                }
            }
            _ => {}
        });
        if !of_members && let Some(units) = self.document.units_span {
            let items: Vec<Span> = self.document.units.iter().map(|unit| unit.span()).collect();
            if items.contains(&span) {
                offer(units, Around::Array { span: units, items });
            }
        }
        found.map(|(_, around)| around)
    }

    /// Takes one part out of a container, with the comma or the lines that it takes.
    fn remove(&self, container: Span, parts: &[Span], index: usize) -> Option<TextEdit> {
        let part = parts[index];
        let cut = |span: Span| Some(TextEdit { span, text: String::new() });
        let next = parts.get(index + 1);
        let before = index.checked_sub(1).and_then(|index| parts.get(index));
        if self.has_brackets(container) {
            let between = |from: u32, to: u32| self.source(Span::new(from, to.max(from)));
            let has_comma = |from: u32, to: u32| between(from, to).contains(',');
            return match (before, next) {
                (Some(before), _) if has_comma(before.end, part.start) => {
                    cut(Span::new(before.end, part.end))
                }
                (_, Some(next)) if has_comma(part.end, next.start) => cut(Span::new(part.start, next.start)),
                (None, None) if self.source(container).starts_with('[') => {
                    cut(Span::new(container.start + 1, container.end - 1))
                }
                _ => self.cut_lines(part),
            };
        }
        if parts.len() == 1 {
            // A list without items is `null` in YAML.
            let is_list = self.line_before(part.start).trim_start().starts_with('-');
            return is_list.then(|| TextEdit { span: container, text: "[]".to_string() });
        }
        let line = self.line_before(part.start);
        if line.trim().is_empty()
            || line.trim() == "-" && next.is_none_or(|next| self.is_item(*next)) && self.is_item(part)
        {
            return self.cut_lines(part);
        }
        // The first member of an item, behind its dash: the next one takes its place.
        next.and_then(|next| cut(Span::new(part.start, next.start)))
    }

    fn is_item(&self, part: Span) -> bool {
        self.line_before(part.start).trim_end().ends_with('-')
    }

    /// What stands before an offset on its line.
    fn line_before(&self, offset: u32) -> &str {
        let before = &self.text[..offset as usize];
        &before[before.rfind('\n').map_or(0, |at| at + 1)..]
    }

    /// Whole lines, if nothing else stands on them but a dash.
    fn cut_lines(&self, part: Span) -> Option<TextEdit> {
        let before = self.line_before(part.start);
        if !matches!(before.trim(), "" | "-") {
            return None;
        }
        let behind = &self.text[part.end as usize..];
        let rest = behind.find('\n').map_or(behind.len(), |at| at + 1);
        let is_free = behind[..rest].trim().trim_start_matches(',').trim();
        if !is_free.is_empty() && !is_free.starts_with('#') && !is_free.starts_with("//") {
            return None;
        }
        let start = part.start - before.len() as u32;
        Some(TextEdit { span: Span::new(start, part.end + rest as u32), text: String::new() })
    }

    fn has_brackets(&self, container: Span) -> bool {
        self.source(container).starts_with(['{', '['])
    }

    fn insert(
        &self,
        container: Span,
        parts: Vec<Span>,
        write: impl FnOnce(&Self, &str) -> String,
    ) -> Option<TextEdit> {
        let last = parts.iter().map(|part| part.end).max();
        let at = |offset: u32, text: String| Some(TextEdit { span: Span::new(offset, offset), text });
        if self.has_brackets(container) {
            let is_object = self.source(container).starts_with('{');
            let Some(last) = last else {
                let text = write(self, "");
                return at(container.start + 1, if is_object { format!(" {text} ") } else { text });
            };
            if !self.source(Span::new(container.start, last)).contains('\n') {
                let text = write(self, "");
                return at(last, format!(", {text}"));
            }
            let indent = self.indent(parts.first()?.start);
            let text = write(self, &indent);
            let behind = self.source(Span::new(last, container.end)).trim_start();
            // Lines of HCL need no comma between them in objects; lists do, and JSON-like lines have one.
            let has_commas = !is_object
                || parts.len() > 1 && self.source(Span::new(parts[0].end, parts[1].start)).contains(',');
            return match (has_commas, behind.starts_with(',')) {
                (true, true) => at(last + 1, format!("\n{indent}{text},")),
                (true, false) => at(last, format!(",\n{indent}{text}")),
                (false, _) => at(last, format!("\n{indent}{text}")),
            };
        }
        let last = last?;
        let first = parts.first()?;
        let column = self.line_before(first.start);
        let indent: String = column
            .chars()
            .map(|char| if char == '-' && !self.is_item(*first) { ' ' } else { char })
            .collect();
        // An item's dash belongs to the item, the spaces before its first member do not.
        let is_list = self.is_item(*first) && self.source(container).starts_with('-');
        let text = write(self, &indent);
        if is_list || self.is_item(*first) && !self.is_member_list(container, &parts) {
            let indent: String = column.chars().take_while(|char| *char == ' ').collect();
            return at(last, format!("\n{indent}- {text}"));
        }
        let indent = indent.replace('-', " ");
        at(last, format!("\n{indent}{text}"))
    }

    /// Whether the parts of a container without brackets are members, not items.
    fn is_member_list(&self, container: Span, parts: &[Span]) -> bool {
        // The first member stands where its object starts, behind the dash of an item.
        parts.first().is_some_and(|first| first.start == container.start)
            && !self.source(container).starts_with('-')
            && self.source(parts[0]).contains(':')
            && parts.iter().skip(1).all(|part| !self.is_item(*part))
    }

    /// The white space that the line of an offset starts with.
    fn indent(&self, offset: u32) -> String {
        self.line_before(offset).chars().take_while(|char| matches!(char, ' ' | '\t')).collect()
    }

    fn member(&self, name: &str, value: &NewValue, indent: &str) -> String {
        let name = match self.notation {
            Notation::Hcl if is_identifier(name) => name.to_string(),
            Notation::Yaml if is_plain(name) => name.to_string(),
            _ => format!("\"{}\"", encode(name)),
        };
        match (self.notation, value) {
            (Notation::Hcl, _) if self.document.naming == Naming::TerraformPolicy => {
                self.statement_member(&name, value, indent)
            }
            (Notation::Hcl, _) => format!("{name} = {}", self.flow(value)),
            // Blocks read better where everything around is one.
            (Notation::Yaml, NewValue::Object(_) | NewValue::Array(_))
                if !indent.is_empty() || self.flow(value).len() > 40 =>
            {
                let mut out = format!("{name}:");
                block(value, &format!("{}  ", indent.replace('-', " ")), &mut out);
                out
            }
            (Notation::Yaml | Notation::Lines, _) => format!("{name}: {}", self.flow(value)),
        }
    }

    /// A value on one line.
    fn flow(&self, value: &NewValue) -> String {
        let assign = match self.notation {
            Notation::Yaml | Notation::Lines => ": ",
            Notation::Hcl => " = ",
        };
        match value {
            NewValue::String(text) => match self.notation {
                Notation::Yaml if is_plain(text) && !text.contains([',', '[', ']', '{', '}']) => text.clone(),
                _ => format!("\"{}\"", self.escaped(&encode(text)).unwrap_or_default()),
            },
            NewValue::Array(items) => {
                format!("[{}]", items.iter().map(|item| self.flow(item)).collect::<Vec<_>>().join(", "))
            }
            NewValue::Object(members) if members.is_empty() => "{}".to_string(),
            NewValue::Object(members) => {
                let members: Vec<String> = members
                    .iter()
                    .map(|(name, value)| {
                        let is_bare = match self.notation {
                            Notation::Yaml | Notation::Lines => is_plain(name) && !name.contains(','),
                            Notation::Hcl => is_identifier(name),
                        };
                        let name = if is_bare { name.clone() } else { format!("\"{}\"", encode(name)) };
                        format!("{name}{assign}{}", self.flow(value))
                    })
                    .collect();
                format!("{{ {} }}", members.join(", "))
            }
            other => other.to_string(),
        }
    }

    /// An edit of the JSON inside of a string.
    fn embedded(&self, string: &StringValue, edit: &Edit) -> Option<Vec<TextEdit>> {
        if !string.is_written() {
            return None;
        }
        let json = embedded::masked(string);
        let tree = Tree::parse(&json);
        let inside =
            |span: Span| Span::new(string.decoded_offset(span.start), string.decoded_offset(span.end));
        let mut edit = edit.clone();
        edit.map_span(inside);
        let written = json::text_edits(&tree, json.as_str(), &[edit]).ok()?;
        let source = self.source(string.span);
        let is_double = source.starts_with('"') && !source.starts_with("\"\"\"");
        let is_single = source.starts_with('\'');
        written
            .into_iter()
            .map(|TextEdit { span, text }| {
                let place = string.part_at(span);
                let text = if is_double {
                    self.escaped(&encode(&text))?
                } else if is_single {
                    text.replace('\'', "''")
                } else {
                    // The lines of a block start further in than those of its text.
                    let own = json[..span.start as usize].rfind('\n').map_or(0, |at| at + 1);
                    let own = json[own..].chars().take_while(|char| *char == ' ').count();
                    let deeper = self.indent(place.start).len().saturating_sub(own);
                    self.escaped(&text)?.replace('\n', &format!("\n{}", " ".repeat(deeper)))
                };
                Some(TextEdit { span: place, text })
            })
            .collect()
    }
}

fn spans(object: &Object, base: u32) -> Vec<Span> {
    object.members.iter().map(|member| member.span().shifted(base)).collect()
}

fn is_identifier(text: &str) -> bool {
    text.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// Whether YAML reads it as that text without quotes.
pub(super) fn is_plain(text: &str) -> bool {
    let first = text.chars().next();
    !text.is_empty()
        && text.trim() == text
        && !text.contains(": ")
        && !text.ends_with(':')
        && !text.contains(" #")
        && !text.contains(['\n', '\t'])
        && first.is_some_and(|first| !"-?:,[]{}#&*!|>'\"%@`".contains(first))
        && !matches!(
            text.to_ascii_lowercase().as_str(),
            "true" | "false" | "yes" | "no" | "on" | "off" | "null" | "~" | "y" | "n"
        )
        && text.parse::<f64>().is_err()
}

/// A list or an object as YAML's blocks, each line with its line break before.
fn block(value: &NewValue, indent: &str, out: &mut String) {
    let scalar = |value: &NewValue| match value {
        NewValue::String(text) if is_plain(text) => text.clone(),
        other => other.to_string(),
    };
    match value {
        NewValue::Object(members) if !members.is_empty() => {
            for (name, value) in members {
                let _ = write!(
                    out,
                    "\n{indent}{}:",
                    if is_plain(name) { name.clone() } else { format!("\"{}\"", encode(name)) }
                );
                block(value, &format!("{indent}  "), out);
            }
        }
        NewValue::Array(items) if !items.is_empty() => {
            for item in items {
                let mut inner = String::new();
                block(item, &format!("{indent}  "), &mut inner);
                let _ = write!(out, "\n{indent}- {}", inner.trim_start());
            }
        }
        other => {
            out.push(' ');
            out.push_str(&scalar(other));
        }
    }
}
