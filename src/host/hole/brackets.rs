//! Which brackets, strings and comments of JSON or HCL are open at an offset.

/// What is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grammar {
    Json,
    Hcl,
    /// YAML between brackets.
    Flow,
}

/// A bracket that is open.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bracket {
    pub open: u8,
    pub at: usize,
    /// Where the current item, member or argument starts.
    pub part: usize,
    /// Behind its colon or equals sign.
    pub mark: Option<usize>,
}

/// What stands before an offset.
#[derive(Debug, Clone, Default)]
pub(super) struct Opened {
    pub brackets: Vec<Bracket>,
    /// The string around the offset: its quote, and where its content starts.
    pub string: Option<(char, usize)>,
    /// Where the innermost `${` in that string starts, if the offset stands in it.
    pub interpolation: Option<usize>,
    /// The heredoc around the offset: where its first line starts, and the word that ends it.
    pub heredoc: Option<(usize, String)>,
    pub in_comment: bool,
    /// Brackets that were left open on a line above: what to put where, so that the text can be read.
    pub mended: Vec<(usize, char)>,
}

impl Opened {
    pub fn innermost(&self) -> Option<&Bracket> {
        self.brackets.last()
    }

    /// What closes the brackets from the innermost out that `is_closed` names.
    pub fn closers(&self, mut is_closed: impl FnMut(&Bracket) -> bool) -> String {
        let closed = self.brackets.iter().rev().take_while(|bracket| is_closed(bracket));
        closed.map(|bracket| closer(bracket.open)).collect()
    }
}

fn closer(open: u8) -> char {
    match open {
        b'{' => '}',
        b'[' => ']',
        _ => ')',
    }
}

/// Reads from `from` up to `at`.
pub(super) fn opened(text: &str, from: usize, at: usize, grammar: Grammar) -> Opened {
    let bytes = &text.as_bytes()[..at.min(text.len())];
    let mut found = Opened::default();
    // Where strings that `${` interrupts began; their quotes are all the same.
    let mut interrupted: Vec<(usize, usize, usize)> = Vec::new();
    let mut i = from;
    while i < bytes.len() {
        if let Some((quote, start)) = found.string {
            match bytes[i] {
                b'\\' if quote == '"' => i += 1,
                b'\n' if grammar != Grammar::Flow => {
                    found.string = None;
                    if let Some((_, _, depth)) = interrupted.first() {
                        found.brackets.truncate(*depth);
                    }
                    interrupted.clear();
                    continue;
                }
                b'$' | b'%' if grammar == Grammar::Hcl && bytes.get(i + 1) == Some(&b'{') => {
                    if i > from && bytes[i - 1] == bytes[i] {
                        i += 1;
                    } else {
                        interrupted.push((start, i, found.brackets.len()));
                        found.brackets.push(Bracket { open: b'{', at: i + 1, part: i + 2, mark: None });
                        found.string = None;
                        i += 1;
                    }
                }
                byte if char::from(byte) == quote => found.string = None,
                _ => {}
            }
            i += 1;
            continue;
        }
        let next = bytes.get(i + 1).copied();
        match bytes[i] {
            b'"' => found.string = Some(('"', i + 1)),
            b'\'' if grammar != Grammar::Hcl && begins_token(bytes, i) => found.string = Some(('\'', i + 1)),
            b'#' if grammar == Grammar::Hcl
                || grammar == Grammar::Flow && i > 0 && bytes[i - 1].is_ascii_whitespace() =>
            {
                i = match memchr::memchr(b'\n', &bytes[i..]) {
                    Some(length) => i + length,
                    None => return Opened { in_comment: true, ..found },
                };
                continue;
            }
            b'/' if grammar != Grammar::Flow && next == Some(b'/') => {
                i = match memchr::memchr(b'\n', &bytes[i..]) {
                    Some(length) => i + length,
                    None => return Opened { in_comment: true, ..found },
                };
                continue;
            }
            b'/' if grammar != Grammar::Flow && next == Some(b'*') => {
                match memchr::memmem::find(&bytes[i + 2..], b"*/") {
                    Some(length) => i += 2 + length + 1,
                    None => return Opened { in_comment: true, ..found },
                }
            }
            b'<' if grammar == Grammar::Hcl && next == Some(b'<') => {
                if let Some((word, start)) = heredoc(text, i) {
                    if start > at {
                        return found;
                    }
                    match heredoc_end(&text[..at], start, word) {
                        Some(end) => i = end - 1,
                        None => {
                            found.heredoc = Some((start, word.to_string()));
                            return found;
                        }
                    }
                }
            }
            open @ (b'{' | b'[' | b'(') => {
                found.brackets.push(Bracket { open, at: i, part: i + 1, mark: None });
            }
            byte @ (b'}' | b']' | b')') => {
                let matching = |bracket: &Bracket| closer(bracket.open) == char::from(byte);
                if let Some(index) = found.brackets.iter().rposition(matching) {
                    for bracket in found.brackets.drain(index + 1..).rev() {
                        found.mended.push((i, closer(bracket.open)));
                    }
                    found.brackets.pop();
                    if let Some((start, _, _)) =
                        interrupted.pop_if(|(_, _, depth)| *depth == found.brackets.len())
                    {
                        found.string = Some(('"', start));
                    }
                }
            }
            b',' => {
                if let Some(top) = found.brackets.last_mut() {
                    (top.part, top.mark) = (i + 1, None);
                }
            }
            b'\n' if grammar == Grammar::Hcl => {
                let line = text[i + 1..].lines().next().unwrap_or_default();
                if begins_argument(line) {
                    while let Some(open) = found.brackets.pop_if(|top| top.open != b'{') {
                        found.mended.push((i, closer(open.open)));
                    }
                }
                if let Some(top) = found.brackets.last_mut().filter(|top| top.open == b'{') {
                    (top.part, top.mark) = (i + 1, None);
                }
            }
            b':' | b'=' => {
                let is_mark = match grammar {
                    Grammar::Flow => {
                        next.is_none_or(|next| next.is_ascii_whitespace() || next == b',')
                            || i > 0 && matches!(bytes[i - 1], b'"' | b'\'')
                    }
                    _ => next != Some(b'='),
                };
                if let Some(top) = found.brackets.last_mut()
                    && top.open == b'{'
                    && top.mark.is_none()
                    && is_mark
                {
                    top.mark = Some(i + 1);
                }
            }
            _ => {}
        }
        i += 1;
    }
    if let Some((start, at, _)) = interrupted.last() {
        found.interpolation = Some(*at);
        if found.string.is_none() {
            found.string = Some(('"', *start));
        }
    }
    found
}

/// Whether what stands before makes a quote the start of a string.
fn begins_token(bytes: &[u8], at: usize) -> bool {
    at == 0 || !bytes[at - 1].is_ascii_alphanumeric()
}

/// The word of a heredoc that begins at an offset, and where its first line starts.
fn heredoc(text: &str, at: usize) -> Option<(&str, usize)> {
    let rest = &text[at..];
    let word = rest.strip_prefix("<<-").or_else(|| rest.strip_prefix("<<"))?;
    let length = word.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    let line = word.find('\n').unwrap_or(word.len());
    (length > 0 && word.get(length..line)?.trim().is_empty())
        .then(|| (&word[..length], (text.len() - word.len() + line + 1).min(text.len())))
}

/// Behind the line that ends a heredoc.
fn heredoc_end(text: &str, start: usize, word: &str) -> Option<usize> {
    let mut at = start;
    for line in text.get(start..)?.split_inclusive('\n') {
        at += line.len();
        if line.trim() == word && line.ends_with('\n') {
            return Some(at);
        }
    }
    None
}

/// Whether a line of HCL can only be an argument or a block, not an item of a list.
fn begins_argument(line: &str) -> bool {
    let line = line.trim_start();
    let length =
        line.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')).count();
    let rest = line[length..].trim_start();
    length > 0 && (rest.starts_with('=') && !rest.starts_with("==") || rest.starts_with('{'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, grammar: Grammar) -> Opened {
        opened(text, 0, text.len(), grammar)
    }

    #[test]
    fn open_brackets_and_strings_are_told() {
        let opens = |text: &str, grammar| -> String {
            of(text, grammar).brackets.iter().map(|it| char::from(it.open)).collect()
        };
        assert_eq!(opens("a {\n  b = [\"x\", c(1)", Grammar::Hcl), "{[");
        assert_eq!(opens("a {\n  b = [\n  c = 1\n  d", Grammar::Hcl), "{");
        assert_eq!(opens("{ \"a\": [ { \"b\": 1 }, ", Grammar::Json), "{[");
        assert_eq!(opens("[a, 'it''s ]', {b: [", Grammar::Flow), "[{[");
        assert!(of("a { # \"x", Grammar::Hcl).in_comment);
        assert_eq!(of("a = \"x${b}y", Grammar::Hcl).string, Some(('"', 5)));
        assert_eq!(of("a = \"x${b.", Grammar::Hcl).interpolation, Some(6));
        assert_eq!(of("a = \"x$${b.", Grammar::Hcl).interpolation, None);
        assert_eq!(of("a = <<EOF\n{\n", Grammar::Hcl).heredoc, Some((10, "EOF".to_string())));
        assert_eq!(of("a = <<EOF\n{\nEOF\nb", Grammar::Hcl).heredoc, None);
        let marked = of("a {\n  b = \"ecs:\n  c", Grammar::Hcl);
        assert!(marked.innermost().is_some_and(|top| top.mark.is_none()));
    }
}
