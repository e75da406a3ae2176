//! Texts of which parts are typed already, parts are known, and parts are to be filled in.

use super::{Item, ItemKind, Writing};
use std::borrow::Cow;

/// A part of such a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TextPiece {
    /// As it stands in the file.
    Typed(String),
    /// What is certain, or a reference of the template at hand, in the file's spelling.
    Fixed(String),
    /// To be filled in: its name, and what is likely there.
    Open { name: String, likely: Option<String> },
}

impl TextPiece {
    pub(super) fn open(name: &str) -> TextPiece {
        TextPiece::Open { name: name.to_string(), likely: None }
    }
}

/// `${Name}` in a text as what is to be filled in.
pub(super) fn pieces(pattern: &str) -> Vec<TextPiece> {
    let mut out = Vec::new();
    let mut rest = pattern;
    while let Some(at) = rest.find("${") {
        let Some(end) = rest[at..].find('}') else { break };
        if at > 0 {
            out.push(TextPiece::Fixed(rest[..at].to_string()));
        }
        let name = &rest[at + 2..at + end];
        // Policy variables are no places, they are what is meant.
        out.push(if name.contains(':') {
            TextPiece::Fixed(rest[at..=at + end].to_string())
        } else {
            TextPiece::open(name)
        });
        rest = &rest[at + end + 1..];
    }
    if !rest.is_empty() {
        out.push(TextPiece::Fixed(rest.to_string()));
    }
    out
}

/// As lists show it.
pub(super) fn label(pieces: &[TextPiece]) -> String {
    pieces
        .iter()
        .map(|piece| match piece {
            TextPiece::Typed(text) | TextPiece::Fixed(text) => Cow::Borrowed(text.as_str()),
            TextPiece::Open { name, .. } => Cow::Owned(format!("${{{name}}}")),
        })
        .collect()
}

impl Writing {
    /// An item that writes such a text; `otherwise` stands in open places for clients that cannot jump.
    pub(super) fn pieces(
        &self,
        kind: ItemKind,
        pieces: &[TextPiece],
        detail: impl Into<Cow<'static, str>>,
        otherwise: &str,
    ) -> Item {
        let has_places = pieces.iter().any(|piece| matches!(piece, TextPiece::Open { .. }));
        let is_snippet = self.options.snippets && has_places;
        let mut content = String::new();
        let mut number = 0;
        for piece in pieces {
            match piece {
                TextPiece::Typed(text) if is_snippet => content.push_str(&escaped(text)),
                TextPiece::Typed(text) => content.push_str(text),
                TextPiece::Fixed(text) if is_snippet => content.push_str(&escaped(&self.content(text))),
                TextPiece::Fixed(text) => content.push_str(&self.content(text)),
                TextPiece::Open { name, likely } if is_snippet => {
                    number += 1;
                    content.push_str(&format!("${{{number}:{}}}", likely.as_deref().unwrap_or(name)));
                }
                TextPiece::Open { likely, .. } => content.push_str(likely.as_deref().unwrap_or(otherwise)),
            }
        }
        let label = label(pieces);
        let mut insert = String::new();
        self.push_content(&content, &mut insert);
        let mut item = Item::new(kind, label, detail, insert);
        item.is_snippet = is_snippet;
        item
    }

    /// An item for a text with `${Name}` in it.
    pub(super) fn pattern(
        &self,
        kind: ItemKind,
        pattern: &str,
        detail: impl Into<Cow<'static, str>>,
        otherwise: &str,
    ) -> Item {
        self.pieces(kind, &pieces(pattern), detail, otherwise)
    }
}

/// Text that a snippet takes for itself.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        if matches!(char, '\\' | '$' | '}') {
            out.push('\\');
        }
        out.push(char);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_no_places() {
        assert_eq!(
            pieces("a/${Name}/${aws:username}"),
            [
                TextPiece::Fixed("a/".into()),
                TextPiece::open("Name"),
                TextPiece::Fixed("/".into()),
                TextPiece::Fixed("${aws:username}".into())
            ]
        );
        assert_eq!(escaped("${var.x}"), "\\${var.x\\}");
    }
}
