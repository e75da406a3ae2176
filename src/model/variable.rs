//! Policy variables: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, `${*}`.

use crate::host::value::StringValue;
use std::ops::Range;

/// One `${…}` that IAM reads, not a deploy script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyVariable<'a> {
    /// In bytes of the decoded text, from the dollar sign to behind the brace.
    pub range: Range<usize>,
    /// Between the braces.
    pub inside: &'a str,
}

impl<'a> PolicyVariable<'a> {
    /// The variables of a string, in order; what a template fills in is left out, and so are the
    /// literals `${*}`, `${?}` and `${$}` unless `literals`.
    pub fn all(
        string: &'a StringValue,
        literals: bool,
    ) -> impl Iterator<Item = PolicyVariable<'a>> + use<'a> {
        let mut at = 0;
        let text = &*string.text;
        std::iter::from_fn(move || {
            loop {
                let start = at + text.get(at..)?.find("${")?;
                let length = text[start + 2..].find('}')?;
                at = start + 2 + length + 1;
                let inside = &text[start + 2..start + 2 + length];
                let is_literal = matches!(inside, "*" | "?" | "$");
                if !string.is_unknown_in(start..at) && (literals || !is_literal) {
                    return Some(PolicyVariable { range: start..at, inside });
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::placeholder;
    use crate::text::Span;

    #[test]
    fn variables_are_told_from_literals_and_from_placeholders() {
        let text = "a/${aws:username}/${*}/${ACCOUNT}/${aws:userid}/${open";
        let mut string = StringValue::plain(text, Span::new(0, text.len() as u32));
        string.set_open_parts(placeholder::find(text));
        let names: Vec<&str> = PolicyVariable::all(&string, false).map(|it| it.inside).collect();
        assert_eq!(names, ["aws:username", "aws:userid"]);
        assert_eq!(PolicyVariable::all(&string, true).count(), 3);
    }
}
