//! What rules may know of a file beside its text.

use crate::graph::Graph;
use crate::host::{Module, Surroundings};
use crate::rules::own::Constraints;
use crate::suppression::Exceptions;
use std::sync::Arc;

/// What the rules may know of the file beside its text.
#[derive(Debug, Clone, Default)]
pub struct FileFacts {
    /// From the folder of everything that belongs together, or as the user named it; empty where a text has no
    /// file.
    pub path: Box<str>,
    /// The file's name without folders and extension, in lower case.
    pub stem: Box<str>,
    /// What the files of its project say of themselves. It may be older than the text.
    pub graph: Arc<Graph>,
    /// What the other files of its folder make up, where it is a part of a module.
    pub module: Arc<Module>,
    /// What the configuration keeps from being told of it.
    pub exceptions: Exceptions,
    /// What the configuration forbids in it, and asks for.
    pub constraints: Constraints,
}

impl FileFacts {
    /// From a path alone.
    pub fn of_path(path: &str) -> FileFacts {
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
        let stem = name.split('.').find(|part| !part.is_empty()).unwrap_or(name);
        FileFacts { path: path.into(), stem: stem.to_ascii_lowercase().into(), ..FileFacts::default() }
    }

    /// The name of the folder that it is in.
    pub fn folder(&self) -> &str {
        let mut parts = self.path.rsplit(['/', '\\']);
        parts.next();
        parts.next().unwrap_or_default()
    }

    /// As parsers see it.
    pub fn surroundings(&self) -> Surroundings<'_> {
        Surroundings { path: &self.path, module: &self.module }
    }

    /// Whether its name says that comments are meant.
    pub fn is_jsonc(&self) -> bool {
        self.path.ends_with(".jsonc")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stem_of_a_path_is_its_first_word() {
        assert_eq!(&*FileFacts::of_path("a/b/ECS-Task-Trust.policy.json").stem, "ecs-task-trust");
        assert_eq!(&*FileFacts::of_path(".hidden.json").stem, "hidden");
    }
}
