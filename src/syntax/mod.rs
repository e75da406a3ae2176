//! The tolerant, incremental JSON/JSONC tree. Knows nothing of IAM.

mod green;
mod kind;
mod lexer;
mod parser;
mod problems;
mod string;
mod tree;
mod views;

pub use green::{Child, Green, Token};
pub use kind::Kind;
pub use parser::DEPTH_CAP;
pub use problems::{SyntaxError, SyntaxErrorKind, first_of_each_line};
pub use string::{Decoded, Run, decode, encode};
pub use tree::{Reparse, Tree};
pub use views::{MemberRef, ValueRef};
