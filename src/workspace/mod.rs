//! The files that documents live among, what holds for them, and what they say of each other.

pub mod disk;
mod facts;
mod files;
mod handing;
mod lock;
mod modules;
pub mod paths;
mod project;
mod settings;
mod surroundings;

pub use facts::FileFacts;
pub use files::{Files, Kind, Memory, Overlay, Unreadable};
pub use lock::lock;
pub use project::Roots;
pub use settings::{Broken, Configurations, Described, Notice, Wishes};
pub use surroundings::{LARGEST as LARGEST_COMPARED, Workspace};
