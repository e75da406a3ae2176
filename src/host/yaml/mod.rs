//! YAML: cutting a text into blocks, reading one, writing into one.

mod blocks;
mod containers;
mod parse;
mod scalar;
mod write;

pub(super) use blocks::{BlockPart, Flavour, split};
pub(super) use containers::{Layouts, layouts};
pub(super) use parse::{Parsed, parse, parse_value};
pub(super) use scalar::is_plain;
