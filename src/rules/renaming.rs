//! Renaming the members of an object, and the words that say what was meant.

use crate::catalog::{self, Guess};
use crate::diagnostic::Fix;
use crate::host::Spelling;
use crate::host::value::{Object, StringValue};
use crate::text::Span;

/// The fix that gives a member the name that was meant. `None` where another member has that name, in
/// whatever letter case, or is as unknown and may be meant to have it: one of the two would be lost.
pub(in crate::rules) fn rename<W: AsRef<str>>(
    object: &Object,
    renamed: &StringValue,
    span: Span,
    meant: Guess<W>,
    is_known: impl Fn(&str) -> bool,
) -> Option<Fix> {
    is_free(object, renamed, meant.word.as_ref(), is_known).then(|| Fix::guess(span, meant))
}

/// The same for a field, which the file spells in its own way.
pub(in crate::rules) fn rename_field<W: AsRef<str>>(
    object: &Object,
    renamed: &StringValue,
    span: Span,
    meant: Guess<W>,
    is_known: impl Fn(&str) -> bool,
    spelling: Spelling,
) -> Option<Fix> {
    is_free(object, renamed, meant.word.as_ref(), is_known).then(|| Fix::guess_field(span, meant, spelling))
}

/// Whether a member may have that name.
pub(in crate::rules) fn is_free(
    object: &Object,
    renamed: &StringValue,
    name: &str,
    is_known: impl Fn(&str) -> bool,
) -> bool {
    object.members.iter().filter(|member| member.name.span != renamed.span).all(|other| {
        let other = &*other.name.text;
        !other.eq_ignore_ascii_case(name)
            && (is_known(other) || catalog::guess(other, std::iter::once(name)).is_none())
    })
}

/// `; did you mean …?`, as the end of a message.
pub(in crate::rules) fn did_you_mean<W: AsRef<str>>(meant: Option<&Guess<W>>) -> String {
    meant.map_or_else(String::new, |meant| format!("; did you mean `{}`?", meant.word.as_ref()))
}
