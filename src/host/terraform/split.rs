//! Cuts a module's text into its top-level blocks, by brackets, strings and heredocs alone.

use std::ops::Range;

/// The blocks of a text without gaps; what stands before a block belongs to it.
///
/// A line that begins a block ends the one before, closed or not: a broken block costs itself.
pub(super) fn split(text: &str) -> Vec<Range<usize>> {
    // Terraform skips it; the parser does not.
    let head = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut starts: Vec<usize> = vec![head];
    let mut scan = Scan::default();
    let mut at = head;
    for line in text[head..].split_inclusive('\n') {
        if scan.heredoc.is_none() && !scan.in_comment && begins_block(line) {
            if at > head {
                starts.push(at);
            }
            scan = Scan::default();
        }
        scan.line(line);
        at += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]).collect::<Vec<_>>();
    starts.into_iter().zip(ends).map(|(start, end)| start..end).filter(|range| !range.is_empty()).collect()
}

/// What is open at the end of a line.
#[derive(Default)]
struct Scan {
    /// The word that ends a heredoc.
    heredoc: Option<String>,
    in_comment: bool,
}

impl Scan {
    fn line(&mut self, line: &str) {
        if let Some(word) = &self.heredoc {
            if line.trim() == word {
                self.heredoc = None;
            }
            return;
        }
        // Every sign of interest is one byte of ASCII, which is no part of another character.
        let bytes = line.as_bytes();
        let mut in_string = false;
        let mut at = 0;
        while at < bytes.len() {
            let next = bytes.get(at + 1);
            match bytes[at] {
                b'*' if self.in_comment && next == Some(&b'/') => {
                    self.in_comment = false;
                    at += 1;
                }
                _ if self.in_comment => {}
                b'\\' if in_string => at += 1,
                b'"' => in_string = !in_string,
                _ if in_string => {}
                b'#' => return,
                b'/' if next == Some(&b'/') => return,
                b'/' if next == Some(&b'*') => {
                    self.in_comment = true;
                    at += 1;
                }
                b'<' => {
                    if let Some(word) = heredoc(&line[at..]) {
                        self.heredoc = Some(word.to_string());
                        return;
                    }
                }
                _ => {}
            }
            at += 1;
        }
    }
}

/// The word of a heredoc that starts here and takes the following lines.
fn heredoc(rest: &str) -> Option<&str> {
    let word = rest.strip_prefix("<<-").or_else(|| rest.strip_prefix("<<"))?;
    let length =
        word.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')).count();
    (length > 0 && word[length..].trim().is_empty()).then(|| &word[..length])
}

/// A keyword at the start of a line, with an opening brace behind it.
fn begins_block(line: &str) -> bool {
    const KEYWORDS: [&str; 14] = [
        "resource",
        "data",
        "locals",
        "variable",
        "module",
        "output",
        "provider",
        "terraform",
        "moved",
        "import",
        "removed",
        "check",
        "ephemeral",
        "statement",
    ];
    if !line.starts_with(|first: char| first.is_ascii_lowercase()) {
        return false;
    }
    let word =
        line.split(|char: char| !char.is_ascii_alphanumeric() && char != '_').next().unwrap_or_default();
    KEYWORDS.contains(&word) && line[word.len()..].starts_with([' ', '\t', '{', '"'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_begin_at_keywords_whatever_is_open() {
        let text = "# é\nresource \"a\" \"b\" {\n  x = [\n}\n\ndata \"c\" \"d\" {\n  y = <<EOF\nresource \"in\" \"text\" {\nEOF\n}\n";
        let blocks: Vec<&str> = split(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(blocks.len(), 3);
        assert!(blocks[1].starts_with("resource \"a\""));
        assert!(blocks[2].starts_with("data") && blocks[2].contains("in\" \"text"));
    }
}
