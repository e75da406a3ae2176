//! The kinds of tokens and nodes.

/// What a token or a node is. Tokens come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    /// A byte-order mark at the very start.
    Bom,
    Whitespace,
    /// White space with a line end in it.
    Newline,
    LineComment,
    BlockComment,
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    Colon,
    Comma,
    String,
    Number,
    True,
    False,
    Null,
    /// A bare word that is not JSON: `Allow` without quotes.
    Word,
    /// A character that starts nothing.
    Stray,

    Object,
    Member,
    Array,
    /// A container below the depth cap: its tokens in a row.
    TooDeep,
    Root,
}

impl Kind {
    pub const fn is_trivia(self) -> bool {
        (self as u8) <= (Kind::BlockComment as u8)
    }

    pub const fn is_comment(self) -> bool {
        matches!(self, Kind::LineComment | Kind::BlockComment)
    }

    /// A token that stands for a value, sound or not.
    pub const fn is_scalar(self) -> bool {
        (self as u8) >= (Kind::String as u8) && (self as u8) <= (Kind::Stray as u8)
    }

    pub const fn is_container(self) -> bool {
        matches!(self, Kind::Object | Kind::Array)
    }

    pub const fn is_closer(self) -> bool {
        matches!(self, Kind::CloseBrace | Kind::CloseBracket)
    }
}
