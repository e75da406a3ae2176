//! The comments of a file.

use super::Parsed;
use crate::text::{Source, Span};

/// A comment: the whole of it, and its words without the signs that make it one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comment {
    pub span: Span,
    pub words: Span,
}

/// How comments and strings begin in a syntax.
struct Signs {
    to_the_end_of_the_line: &'static [&'static str],
    /// Up to `*/`.
    between: bool,
    quotes: &'static [char],
    /// Whether a comment stands at the line's beginning or behind white space only.
    apart: bool,
}

const JSON: Signs = Signs { to_the_end_of_the_line: &["//"], between: true, quotes: &['"'], apart: false };
const YAML: Signs =
    Signs { to_the_end_of_the_line: &["#"], between: false, quotes: &['"', '\''], apart: true };
const HCL: Signs =
    Signs { to_the_end_of_the_line: &["#", "//"], between: true, quotes: &['"'], apart: false };
const AGENT: Signs = Signs { to_the_end_of_the_line: &["#"], between: false, quotes: &[], apart: true };

impl Parsed {
    /// The comments, in the order of the text, where one of those words stands somewhere in it. A line is read by itself: what follows the sign of
    /// a comment inside of a text of several lines is taken for one.
    pub fn comments_with(&self, words: &[&str], source: &(impl Source + ?Sized)) -> Vec<Comment> {
        let signs = match self {
            // The tree knows whether there are any: most files have none.
            Parsed::Json(file) if file.tree().is_strict_json() => return Vec::new(),
            Parsed::Json(_) => &JSON,
            Parsed::Yaml(_) => &YAML,
            Parsed::Terraform(_) => &HCL,
            Parsed::AgentConfig(_) => &AGENT,
            Parsed::Markdown(file) => {
                let of_block = |(start, text, parsed, _): (u32, &str, &Parsed, _)| {
                    let comments = parsed.comments_with(words, text).into_iter();
                    let moved = |it: Comment| Comment {
                        span: it.span.shifted(start),
                        words: it.words.shifted(start),
                    };
                    comments.map(moved).collect::<Vec<_>>()
                };
                return file.blocks().flat_map(of_block).collect();
            }
        };
        let text = source.slice(Span::new(0, source.len()));
        let is_there = |word: &&str| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
        if !words.iter().any(is_there) {
            return Vec::new();
        }
        signs.comments(&text)
    }
}

impl Signs {
    fn comments(&self, text: &str) -> Vec<Comment> {
        let mut found = Vec::new();
        let mut at = 0;
        let mut quote = None;
        let mut is_apart = true;
        while let Some(char) = text[at..].chars().next() {
            let rest = &text[at..];
            let next = at + char.len_utf8();
            let before = std::mem::replace(&mut is_apart, char.is_whitespace());
            match quote {
                // No string that matters here goes on behind its line.
                _ if char == '\n' => quote = None,
                Some(_) if char == '\\' => {
                    at = next + text[next..].chars().next().map_or(0, char::len_utf8);
                    continue;
                }
                Some(open) => quote = Some(open).filter(|open| *open != char),
                None if self.between && rest.starts_with("/*") => {
                    let inside = &text[at + 2..];
                    let end = inside.find("*/").unwrap_or(inside.len());
                    let words = Span::new((at + 2) as u32, (at + 2 + end) as u32);
                    let behind = (at + 2 + end + 2).min(text.len());
                    found.push(Comment { span: Span::new(at as u32, behind as u32), words });
                    at = behind;
                    continue;
                }
                None => {
                    let sign = self.to_the_end_of_the_line.iter().find(|sign| rest.starts_with(**sign));
                    if let Some(sign) = sign.filter(|_| before || !self.apart) {
                        let end = at + rest.find('\n').unwrap_or(rest.len());
                        let end = end - usize::from(text[at..end].ends_with('\r'));
                        let words = Span::new((at + sign.len()) as u32, end as u32);
                        found.push(Comment { span: Span::new(at as u32, end as u32), words });
                        at = end;
                        continue;
                    }
                    // An apostrophe inside of a plain YAML text opens nothing.
                    if self.quotes.contains(&char) && (before || !self.apart || opens_behind(text, at)) {
                        quote = Some(char);
                    }
                }
            }
            at = next;
        }
        found
    }
}

/// Whether a quotation mark may open a YAML text where it stands: behind a bracket or a comma.
fn opens_behind(text: &str, at: usize) -> bool {
    text[..at].ends_with(['[', '{', ',', ':', '('])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words<'a>(signs: &Signs, text: &'a str) -> Vec<&'a str> {
        signs.comments(text).iter().map(|comment| &text[comment.words.as_usize()]).collect()
    }

    #[test]
    fn comments_are_told_from_texts() {
        assert_eq!(words(&JSON, "{ // a\r\n \"b\": \"// \\\" /* c */\" /* d\n e */ }"), [" a", " d\n e "]);
        assert_eq!(words(&YAML, "# a\nb: c#d # e\nf: 'it # no' # g\nh: it's # i"), [" a", " e", " g", " i"]);
        assert_eq!(words(&HCL, "a = \"# no\" # b\n// c\n/* d */ e = 1"), [" b", " c", " d "]);
        assert_eq!(words(&AGENT, "A=b#c\n# d"), [" d"]);
        assert_eq!(words(&JSON, "/* open"), [" open"]);
    }
}
