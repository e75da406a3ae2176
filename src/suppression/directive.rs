//! The words behind `passrole:`.

use super::{Fault, FaultKind};
use crate::text::Span;
use jiff::civil::Date;

/// What a comment asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Directive {
    pub verb: Verb,
    pub rules: Vec<(Box<str>, Span)>,
    pub until: Option<Date>,
    pub reason: Box<str>,
    /// From the verb to the end.
    pub span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// The line that the comment stands on, or else the next one.
    Ignore,
    Start,
    End,
    File,
}

impl Verb {
    const ALL: [Verb; 4] = [Verb::Start, Verb::End, Verb::File, Verb::Ignore];

    pub const fn name(self) -> &'static str {
        match self {
            Verb::Ignore => "ignore",
            Verb::Start => "ignore-start",
            Verb::End => "ignore-end",
            Verb::File => "ignore-file",
        }
    }
}

impl Directive {
    /// Reads the text behind `passrole:`, which begins at byte `base` of the file. A fault beside a directive
    /// does not undo it: a suppression without a reason still suppresses, and is told.
    pub fn parse(text: &str, base: u32, faults: &mut Vec<Fault>) -> Option<Directive> {
        let mut rest = Rest { text, at: 0, base };
        rest.skip_blanks();
        let start = rest.at;
        let Some(verb) = Verb::ALL.into_iter().find(|verb| rest.takes_word(verb.name())) else {
            let expected = "`ignore[rule]`, `ignore-start[rule]`, `ignore-end` or `ignore-file[rule]`";
            return rest.fault(faults, FaultKind::Syntax(expected));
        };
        let rules = match (verb, rest.takes("[")) {
            (Verb::End, false) => Vec::new(),
            (Verb::End, true) | (_, true) => rest.rules(faults)?,
            (_, false) => {
                return rest
                    .fault(faults, FaultKind::Syntax("the names of rules in brackets: `ignore[rule]`"));
            }
        };
        rest.skip_blanks();
        let mut until = None;
        if rest.takes_word("until") {
            rest.skip_blanks();
            let from = rest.at;
            let date = rest.until(|char| char.is_whitespace() || char == ':').to_string();
            until = date.parse::<Date>().ok().filter(|_| date.len() == "2027-03-01".len());
            if until.is_none() {
                faults.push(Fault { span: rest.span(from), kind: FaultKind::Date(date.into()) });
            }
            rest.skip_blanks();
        }
        let has_colon = rest.takes(":");
        let reason = rest.text.get(rest.at..).unwrap_or_default().trim();
        let end = if has_colon { text.trim_end().len() } else { rest.at };
        let span = Span::new(base + start as u32, base + end.max(start) as u32);
        if !has_colon && !reason.is_empty() {
            return rest.fault(faults, FaultKind::Syntax("a colon, then the reason"));
        }
        if reason.is_empty() && verb != Verb::End {
            faults.push(Fault { span, kind: FaultKind::NoReason });
        }
        Some(Directive { verb, rules, until, reason: reason.into(), span })
    }
}

/// What is left to read.
struct Rest<'a> {
    text: &'a str,
    at: usize,
    base: u32,
}

impl<'a> Rest<'a> {
    fn left(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip_blanks(&mut self) {
        self.at = self.text.len() - self.left().trim_start().len();
    }

    fn takes(&mut self, token: &str) -> bool {
        let found = self.left().starts_with(token);
        self.at += if found { token.len() } else { 0 };
        found
    }

    /// The same, where no longer word stands there.
    fn takes_word(&mut self, word: &str) -> bool {
        let behind = self.left().strip_prefix(word).and_then(|behind| behind.chars().next());
        behind.is_none_or(|next| !next.is_alphanumeric() && next != '-') && self.takes(word)
    }

    fn until(&mut self, ends: impl Fn(char) -> bool) -> &'a str {
        let left = self.left();
        let taken = &left[..left.find(ends).unwrap_or(left.len())];
        self.at += taken.len();
        taken
    }

    fn rules(&mut self, faults: &mut Vec<Fault>) -> Option<Vec<(Box<str>, Span)>> {
        let mut rules = Vec::new();
        loop {
            self.skip_blanks();
            let from = self.at;
            let name = self.until(|char| char == ',' || char == ']').trim_end();
            if name.is_empty() || name.contains(char::is_whitespace) {
                self.at = from;
                return self.fault(faults, FaultKind::Syntax("the name of a rule"));
            }
            let span = Span::new(self.base + from as u32, self.base + (from + name.len()) as u32);
            rules.push((name.into(), span));
            if self.takes("]") {
                return Some(rules);
            }
            if !self.takes(",") {
                self.at = from;
                return self.fault(faults, FaultKind::Syntax("a name with `]` behind it"));
            }
        }
    }

    fn span(&self, from: usize) -> Span {
        Span::new(self.base + from as u32, self.base + self.at.max(from) as u32)
    }

    /// Something else is expected here; the range is the word that stands in its place.
    fn fault<T>(&mut self, faults: &mut Vec<Fault>, kind: FaultKind) -> Option<T> {
        let from = self.at;
        self.until(char::is_whitespace);
        faults.push(Fault { span: self.span(from), kind });
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> (Option<Directive>, Vec<Fault>) {
        let mut faults = Vec::new();
        let directive = Directive::parse(text, 100, &mut faults);
        (directive, faults)
    }

    #[test]
    fn a_whole_directive_is_read() {
        let (directive, faults) =
            parse(" ignore[any-resource, unknown-action/typo] until 2027-03-01: größer: ja ");
        let directive = directive.unwrap();
        assert_eq!(faults, []);
        assert_eq!(directive.verb, Verb::Ignore);
        let rules: Vec<(&str, Span)> = directive.rules.iter().map(|(name, span)| (&**name, *span)).collect();
        assert_eq!(
            rules,
            [("any-resource", Span::new(108, 120)), ("unknown-action/typo", Span::new(122, 141))]
        );
        assert_eq!(directive.until.unwrap().to_string(), "2027-03-01");
        assert_eq!(&*directive.reason, "größer: ja");
        assert_eq!(directive.span.start, 101);
    }

    #[test]
    fn what_is_wrong_has_a_place() {
        let fault = |text: &str| {
            let (directive, faults) = parse(text);
            let fault = faults.into_iter().next().unwrap();
            (directive.is_some(), fault.span.start - 100, fault.kind)
        };
        assert!(matches!(fault(" ignored[a]: b"), (false, 1, FaultKind::Syntax(_))));
        assert!(matches!(fault(" ignore: b"), (false, 7, FaultKind::Syntax(_))));
        assert!(matches!(fault(" ignore[]: b"), (false, 8, FaultKind::Syntax(_))));
        assert!(matches!(fault(" ignore[a"), (false, 8, FaultKind::Syntax(_))));
        assert!(matches!(fault(" ignore[a b]: c"), (false, 8, FaultKind::Syntax(_))));
        assert!(matches!(fault(" ignore[a] because"), (false, 11, FaultKind::Syntax(_))));
        assert!(matches!(fault(" ignore[a] until 2027-02-30: b"), (true, 17, FaultKind::Date(_))));
        assert!(matches!(fault(" ignore[a] until soon: b"), (true, 17, FaultKind::Date(_))));
        assert!(matches!(fault(" ignore[a]"), (true, 1, FaultKind::NoReason)));
        assert!(matches!(fault(" ignore[a]: "), (true, 1, FaultKind::NoReason)));
        assert!(parse(" ignore-end").1.is_empty());
    }
}
