//! Why two documents are taken to belong together.

use std::fmt;

/// In the order of their strength.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// A reference in the same template or module.
    Reference,
    /// A reference that leads through inputs and outputs of modules, or through an export of a template.
    Handed,
    /// The configuration says so.
    Stated,
    /// A name or an ARN that the other document bears.
    Name,
    /// A name that the other document's file or folder bears: never enough for an error.
    FileName,
    /// It is the only one in the same folder.
    Beside,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::Reference => "by reference",
            Reason::Handed => "through an input, an output or an export",
            Reason::Stated => "by the configuration",
            Reason::Name => "by name",
            Reason::FileName => "by the name of its file",
            Reason::Beside => "as the only one of the folder",
        })
    }
}
