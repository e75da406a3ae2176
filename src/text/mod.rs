//! Text, offsets, the position notations and edits. Knows nothing of JSON.

pub mod edit;
mod position;
mod rope;
mod source;
mod span;

pub use edit::TextEdit;
pub use position::{LineColumn, LineIndex, Position, PositionEncoding};
pub use rope::Text;
pub use source::Source;
pub use span::Span;
