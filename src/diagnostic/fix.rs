//! Fixes as semantic edits: what is to change. The host writes them out in its own syntax.

use crate::catalog::Guess;
use crate::host::{Edit, Spelling};
use crate::text::Span;

/// A repair that can be applied without asking further.
#[derive(Debug, Clone, PartialEq)]
pub struct Fix {
    /// In the imperative, as an editor's menu shows it: ``Replace with `ecs:RunTask` ``.
    pub title: Box<str>,
    pub safety: Safety,
    /// All or none.
    pub edits: Vec<Edit>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Safety {
    /// What the document means stays, or becomes what was plainly meant: nothing is lost, and no access
    /// comes in that a misspelt word did not plainly name.
    Safe,
    /// The meaning may change: applied only when asked for.
    Unsafe,
    /// It adds access, which the author may have left out on purpose: one finding by name, never in bulk.
    Grants,
}

impl Safety {
    pub const fn name(self) -> &'static str {
        match self {
            Safety::Safe => "safe",
            Safety::Unsafe => "unsafe",
            Safety::Grants => "grants",
        }
    }

    fn of<W>(guess: &Guess<W>) -> Safety {
        if guess.is_plain { Safety::Safe } else { Safety::Unsafe }
    }
}

impl Fix {
    pub fn safe(title: impl Into<Box<str>>, edits: Vec<Edit>) -> Fix {
        Fix { title: title.into(), safety: Safety::Safe, edits }
    }

    pub fn unsafe_(title: impl Into<Box<str>>, edits: Vec<Edit>) -> Fix {
        Fix { title: title.into(), safety: Safety::Unsafe, edits }
    }

    pub fn grants(title: impl Into<Box<str>>, edits: Vec<Edit>) -> Fix {
        Fix { title: title.into(), safety: Safety::Grants, edits }
    }

    /// The commonest repair: another word for a misspelt one.
    pub fn replace_text(span: Span, text: &str) -> Fix {
        Fix::safe(format!("Replace with `{text}`"), vec![Edit::ReplaceText { span, text: text.into() }])
    }

    /// The word that a misspelt one most likely means: safe only where it is plainly that.
    pub fn guess<W: AsRef<str>>(span: Span, guess: Guess<W>) -> Fix {
        Fix { safety: Safety::of(&guess), ..Fix::replace_text(span, guess.word.as_ref()) }
    }

    /// The field that a misspelt one most likely means; the title names it as the file does.
    pub fn guess_field<W: AsRef<str>>(span: Span, guess: Guess<W>, spelling: Spelling) -> Fix {
        Fix { safety: Safety::of(&guess), ..Fix::rename(span, guess.word.as_ref(), spelling) }
    }

    /// Another field for a misspelt one; the title names it as the file does.
    pub fn rename(span: Span, field: &str, spelling: Spelling) -> Fix {
        let edit = Edit::RenameField { span, field: field.into() };
        Fix::safe(format!("Replace with `{}`", spelling.name(field)), vec![edit])
    }

    pub fn shift(&mut self, base: u32) {
        for edit in &mut self.edits {
            edit.shift(base);
        }
    }
}
