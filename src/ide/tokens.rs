//! What the words inside of texts are, for colours: services and actions, the parts of an ARN, condition keys,
//! wildcards, policy variables.

use super::File;
use crate::host::value::{Object, StringValue, Value};
use crate::model::{Arn, ArnPart, PolicyVariable, Statement};
use crate::text::Span;
use std::ops::Range;

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A service: the prefix of an action or a key, the third part of an ARN.
    Service,
    Action,
    /// `*` and `?`.
    Wildcard,
    /// `${aws:username}`.
    Variable,
    ConditionKey,
    ConditionOperator,
    /// `Allow`, `Deny`.
    Effect,
    Region,
    Account,
    /// The type of a resource in an ARN: `role`, `task-definition`.
    ResourceType,
}

/// A word of one kind; it lies on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextToken {
    pub span: Span,
    pub kind: TokenKind,
}

/// The tokens of a range, in the order of the text; no two overlap.
pub fn tokens(file: &File<'_>, range: Span) -> Vec<TextToken> {
    let mut tokens = Vec::new();
    for document in &file.report.documents {
        let is_policy = document.kind.is_policy();
        let units = document.units.iter();
        for unit in units.filter(|it| it.span().start <= range.end && range.start <= it.span().end) {
            let mut found = Finder { base: unit.base, tokens: &mut tokens };
            match unit.unit.value.as_object() {
                Some(object) if is_policy => found.statement(object),
                _ => found.arns(&unit.unit.value),
            }
        }
        Finder { base: 0, tokens: &mut tokens }.arns(&document.head);
    }
    tokens.retain(|token| {
        let is_here = token.span.start < range.end && range.start < token.span.end;
        is_here && file.text.line_of(token.span.start) == file.text.line_of(token.span.end)
    });
    tokens.sort_by_key(|token| token.span);
    // A text that stands for several documents is told once.
    tokens.dedup_by(|next, before| next.span.start < before.span.end);
    tokens
}

struct Finder<'t> {
    base: u32,
    tokens: &'t mut Vec<TextToken>,
}

impl Finder<'_> {
    /// A part of a text, as far as it is written there and nothing fills it in.
    fn push(&mut self, string: &StringValue, part: Range<usize>, kind: TokenKind) {
        if !part.is_empty() && !string.is_unknown_in(part.clone()) {
            let span = string.part(part).shifted(self.base);
            self.tokens.push(TextToken { span, kind });
        }
    }

    /// The same, its wildcards apart.
    fn pattern(&mut self, string: &StringValue, part: Range<usize>, kind: Option<TokenKind>) {
        let mut start = part.start;
        for (at, _) in string.text[part.clone()].match_indices(['*', '?']) {
            let at = part.start + at;
            if let Some(kind) = kind {
                self.push(string, start..at, kind);
            }
            self.push(string, at..at + 1, TokenKind::Wildcard);
            start = at + 1;
        }
        if let Some(kind) = kind {
            self.push(string, start..part.end, kind);
        }
    }

    fn statement(&mut self, object: &Object) {
        if let Some(effect) = object.string("Effect").filter(|it| it.is_written()) {
            self.push(effect, 0..effect.text.len(), TokenKind::Effect);
        }
        let statement = Statement { object };
        for pattern in statement.actions().filter(|pattern| pattern.string.is_written()) {
            let text = &*pattern.string.text;
            match text.find(':') {
                Some(colon) => {
                    self.pattern(pattern.string, 0..colon, Some(TokenKind::Service));
                    self.pattern(pattern.string, colon + 1..text.len(), Some(TokenKind::Action));
                }
                None => self.pattern(pattern.string, 0..text.len(), None),
            }
        }
        for name in ["Resource", "NotResource", "Principal", "NotPrincipal"] {
            object.get(name).into_iter().for_each(|value| self.values(value));
        }
        for condition in object.object("Condition").into_iter().flat_map(|it| &it.members) {
            if condition.name.is_written() {
                self.push(&condition.name, 0..condition.name.text.len(), TokenKind::ConditionOperator);
            }
            for key in condition.value.as_object().into_iter().flat_map(|it| &it.members) {
                if key.name.is_written() {
                    let text = &*key.name.text;
                    let colon = text.find(':').map_or(0, |at| at + 1);
                    self.push(&key.name, 0..colon.saturating_sub(1), TokenKind::Service);
                    self.push(&key.name, colon..text.len(), TokenKind::ConditionKey);
                }
                self.values(&key.value);
            }
        }
    }

    /// ARNs, wildcards and variables in the texts of a value.
    fn values(&mut self, value: &Value) {
        match value {
            Value::Object(object) => object.members.iter().for_each(|member| self.values(&member.value)),
            Value::Array(array) => array.items.iter().for_each(|item| self.values(item)),
            Value::String(string) if string.is_written() => {
                let mut rest = 0..string.text.len();
                if string.text.starts_with("arn:") {
                    rest = self.arn(string);
                }
                self.open_text(string, rest);
            }
            _ => {}
        }
    }

    /// Texts that are ARNs, whatever they are for.
    fn arns(&mut self, value: &Value) {
        match value {
            Value::Object(object) => object.members.iter().for_each(|member| self.arns(&member.value)),
            Value::Array(array) => array.items.iter().for_each(|item| self.arns(item)),
            Value::String(string) if string.is_written() && string.text.starts_with("arn:") => {
                self.arn(string);
            }
            _ => {}
        }
    }

    /// The parts of an ARN up to its resource; where the name of that begins.
    fn arn(&mut self, string: &StringValue) -> Range<usize> {
        let text = &*string.text;
        let Ok(arn) = Arn::parse(text) else { return 0..text.len() };
        self.pattern(string, arn.range(ArnPart::Partition), None);
        self.pattern(string, arn.range(ArnPart::Service), Some(TokenKind::Service));
        self.pattern(string, arn.range(ArnPart::Region), Some(TokenKind::Region));
        self.pattern(string, arn.range(ArnPart::Account), Some(TokenKind::Account));
        let mut rest = arn.range(ArnPart::Resource);
        // The names of buckets and of the like may look like types.
        let has_type = arn.service != "s3" || !arn.account.is_empty();
        if let Some(end) = arn.resource.find([':', '/']).filter(|end| has_type && *end > 0) {
            let is_word = arn.resource[..end].bytes().all(|it| it.is_ascii_lowercase() || it == b'-');
            if is_word {
                self.push(string, rest.start..rest.start + end, TokenKind::ResourceType);
                rest.start += end + 1;
            }
        }
        rest
    }

    /// Wildcards and variables of a part of a text.
    fn open_text(&mut self, string: &StringValue, part: Range<usize>) {
        let variables: Vec<Range<usize>> = PolicyVariable::all(string, true)
            .map(|variable| variable.range)
            .filter(|range| part.start <= range.start)
            .collect();
        let mut start = part.start;
        for range in variables {
            self.pattern(string, start..range.start.max(start), None);
            self.push(string, range.clone(), TokenKind::Variable);
            start = range.end;
        }
        self.pattern(string, start.min(part.end)..part.end, None);
    }
}
