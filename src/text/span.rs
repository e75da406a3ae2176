//! A range of bytes in a text.

/// A half-open range of UTF-8 byte offsets. Relative or absolute: the owner says which.
///
/// Texts over `u32::MAX` bytes are refused where files are read, so 32 bits suffice.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub const fn new(start: u32, end: u32) -> Span {
        Span { start, end }
    }

    pub const fn len(self) -> u32 {
        self.end - self.start
    }

    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The same range, `base` bytes further on: from an offset inside a node to one inside the text.
    /// Wraps, so that the difference of two bases moves backwards as well.
    pub const fn shifted(self, base: u32) -> Span {
        Span { start: self.start.wrapping_add(base), end: self.end.wrapping_add(base) }
    }

    /// Whether `other` lies within this range, borders included.
    pub const fn covers(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether `offset` lies within this range, both borders included: a cursor behind the last
    /// byte still touches it.
    pub const fn touches(self, offset: u32) -> bool {
        self.start <= offset && offset <= self.end
    }

    pub const fn to(self, other: Span) -> Span {
        Span { start: self.start, end: other.end }
    }

    pub fn as_usize(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl std::fmt::Debug for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}
