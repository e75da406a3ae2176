//! What stands around a place: its line, the white space before, the comments behind.

use crate::text::Span;

/// How a syntax writes comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::host) enum Comments {
    /// `#` at the start of a line or behind white space.
    Yaml,
    /// `//` and `/* … */`: JSON with comments.
    Slashes,
    /// `#`, `//` and `/* … */`.
    Hcl,
}

/// A text, looked at by offsets in bytes. Offsets that are not borders of characters give nothing.
#[derive(Debug, Clone, Copy)]
pub(in crate::host) struct Layout<'t> {
    pub text: &'t str,
    /// What tells how lines end and are indented: the whole of which `text` may be a part.
    pub whole: &'t str,
    pub comments: Comments,
}

impl<'t> Layout<'t> {
    pub fn slice(&self, from: u32, to: u32) -> &'t str {
        self.text.get(from as usize..to as usize).unwrap_or_default()
    }

    pub fn rest(&self, from: u32) -> &'t str {
        self.text.get(from as usize..).unwrap_or_default()
    }

    /// How lines of this text end: as its first one does.
    pub fn line_break(&self) -> &'static str {
        match first_break(self.whole).map(|at| &self.whole[at..]) {
            Some(rest) if rest.starts_with("\r\n") => "\r\n",
            Some(rest) if rest.starts_with('\r') => "\r",
            _ => "\n",
        }
    }

    /// Where the line of an offset starts.
    pub fn line_start(&self, offset: u32) -> u32 {
        memchr::memrchr2(b'\n', b'\r', self.slice(0, offset).as_bytes()).map_or(0, |at| at as u32 + 1)
    }

    /// What stands before an offset on its line.
    pub fn before(&self, offset: u32) -> &'t str {
        self.slice(self.line_start(offset), offset)
    }

    /// Whether nothing stands before an offset on its line.
    pub fn begins_line(&self, offset: u32) -> bool {
        self.before(offset).trim().is_empty()
    }

    /// The white space that the line of an offset starts with.
    pub fn indent(&self, offset: u32) -> &'t str {
        let line = self.before(offset);
        &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
    }

    /// What one level of the text is indented by: that of its first indented line.
    pub fn step(&self) -> &'t str {
        let head = &self.whole[..self.whole.floor_char_boundary(4096)];
        head.split(['\n', '\r'])
            .map(|line| &line[..line.len() - line.trim_start_matches([' ', '\t']).len()])
            .find(|indent| !indent.is_empty())
            .unwrap_or("  ")
    }

    pub fn has_line_break(&self, from: u32, to: u32) -> bool {
        first_break(self.slice(from, to)).is_some()
    }

    /// The end of the comment that starts here; `None` where none does.
    fn comment(&self, offset: u32) -> Option<u32> {
        let rest = self.rest(offset);
        let to_line_end = || offset + first_break(rest).unwrap_or(rest.len()) as u32;
        match self.comments {
            Comments::Yaml => {
                let is_free = self.slice(0, offset).chars().next_back().is_none_or(char::is_whitespace);
                (rest.starts_with('#') && is_free).then(to_line_end)
            }
            Comments::Hcl if rest.starts_with('#') => Some(to_line_end()),
            _ if rest.starts_with("//") => Some(to_line_end()),
            _ if rest.starts_with("/*") => {
                Some(offset + rest.find("*/").map_or(rest.len(), |at| at + 2) as u32)
            }
            _ => None,
        }
    }

    /// Where the line ends, behind white space and comments; `None` where something else stands in
    /// between. A comment over several lines goes with the line it starts on.
    pub fn line_end(&self, offset: u32) -> Option<u32> {
        let mut at = offset;
        loop {
            match self.rest(at).chars().next() {
                None | Some('\n' | '\r') => return Some(at),
                Some(' ' | '\t') => at += 1,
                Some(_) => at = self.comment(at)?,
            }
        }
    }

    /// Behind the line break at an offset, if one is there.
    pub fn behind_line_break(&self, offset: u32) -> u32 {
        let rest = self.rest(offset);
        let length = match rest.as_bytes() {
            [b'\r', b'\n', ..] => 2,
            [b'\r' | b'\n', ..] => 1,
            _ => 0,
        };
        offset + length
    }

    /// Behind white space, line breaks and comments.
    pub fn skip_trivia(&self, offset: u32) -> u32 {
        let mut at = offset;
        loop {
            match self.rest(at).chars().next() {
                Some(char) if char.is_whitespace() => at += char.len_utf8() as u32,
                Some(_) => match self.comment(at) {
                    Some(end) => at = end,
                    None => return at,
                },
                None => return at,
            }
        }
    }

    /// Behind white space, line breaks not among it.
    pub fn skip_spaces(&self, offset: u32) -> u32 {
        let rest = self.rest(offset);
        offset + (rest.len() - rest.trim_start_matches([' ', '\t']).len()) as u32
    }

    /// Where an anchor and a tag of YAML that stand at an offset end, and where the value behind them starts.
    pub fn behind_properties(&self, offset: u32) -> (u32, u32) {
        let (mut end, mut at) = (offset, self.skip_spaces(offset));
        while self.rest(at).starts_with(['&', '!']) {
            let rest = self.rest(at);
            end = at + rest.find(char::is_whitespace).unwrap_or(rest.len()) as u32;
            at = self.skip_trivia(end);
        }
        (end, at)
    }

    /// Where the text of a string starts, behind the function of a template that fills it in: `!Sub "…"`,
    /// `Fn::Sub: "…"`.
    pub fn behind_function(&self, string: Span) -> u32 {
        let source = self.slice(string.start, string.end);
        if source.starts_with('!') {
            return self.behind_properties(string.start).1;
        }
        match source.find(": ").filter(|_| source.starts_with("Fn::")) {
            Some(colon) => self.behind_properties(string.start + colon as u32 + 1).1,
            None => string.start,
        }
    }

    /// The comma that follows, behind white space and comments.
    pub fn comma(&self, offset: u32) -> Option<u32> {
        let at = self.skip_trivia(offset);
        self.rest(at).starts_with(',').then_some(at)
    }

    pub fn is_blank(&self, from: u32, to: u32) -> bool {
        self.slice(from, to).trim().is_empty()
    }

    /// The start of the lines that hold nothing but a comment and stand right above the line at `start`.
    pub fn with_comments_above(&self, start: u32) -> u32 {
        let mut start = start;
        while let Some(above) = self.line_above(start) {
            let text = self.skip_spaces(above);
            let ends_there =
                |end: u32| self.line_end(end).map(|end| self.behind_line_break(end)) == Some(start);
            if !self.comment(text).is_some_and(ends_there) {
                break;
            }
            start = above;
        }
        start
    }

    /// The end of the line above, before its line break; `None` for the first line.
    pub fn end_of_line_above(&self, start: u32) -> Option<u32> {
        let before = self.slice(0, start);
        let line = before.strip_suffix("\r\n").or_else(|| before.strip_suffix(['\n', '\r']))?;
        Some(line.len() as u32)
    }

    fn line_above(&self, start: u32) -> Option<u32> {
        self.end_of_line_above(start).map(|end| self.line_start(end))
    }
}

fn first_break(text: &str) -> Option<usize> {
    memchr::memchr2(b'\n', b'\r', text.as_bytes())
}
