//! Text, offsets, the position notations and edits; words in names and for people. Knows nothing of JSON.

mod difference;
pub mod edit;
mod position;
mod rope;
mod source;
mod span;
mod word;
mod words;

pub use difference::unified_difference;
pub use edit::TextEdit;
pub use position::{LineColumn, LineIndex, Position, PositionEncoding};
pub use rope::Text;
pub use source::Source;
pub use span::Span;
pub use word::word_at;
pub use words::{a_or_an, all_quoted, enumerated, first_word, listed, quoted, words};
