//! The files that documents live among, what holds for them, and what they have to do with each other.

pub mod disk;
mod files;
mod settings;

pub use files::{Files, Kind, Memory, Unreadable};
pub use settings::{Broken, Configurations, Notice, Wishes};
