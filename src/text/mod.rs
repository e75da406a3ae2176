//! Text, offsets, the position notations and edits. Knows nothing of JSON.

mod span;

pub use span::Span;
