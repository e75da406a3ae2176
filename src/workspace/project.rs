//! What a file belongs to.

use super::files::Files;
use super::settings;
use std::path::{Path, PathBuf};

/// The folders to fall back on where neither a configuration nor a repository says what belongs together:
/// those that are open in the editor, or the one that a command was started in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roots(Vec<PathBuf>);

/// What the files of a folder belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Home {
    /// The folder of everything that belongs together; `None` where nothing says so: the folder alone.
    pub project: Option<PathBuf>,
    /// The folder that paths are shown from: what stands above it says nothing about a document.
    pub base: PathBuf,
}

impl Roots {
    /// The folders that are open in an editor.
    pub fn open(folders: impl IntoIterator<Item = PathBuf>) -> Roots {
        Roots(folders.into_iter().collect())
    }

    /// Of a command: the current folder, and the one that holds all that was named. Paths are absolute.
    pub fn of_command(current: Option<PathBuf>, named: &[PathBuf]) -> Roots {
        let mut common: Option<&Path> = None;
        for path in named {
            common = match common {
                None => Some(path),
                Some(common) => common.ancestors().find(|it| path.starts_with(it)),
            };
        }
        Roots(current.into_iter().chain(common.map(Path::to_path_buf)).collect())
    }

    pub fn folders(&self) -> &[PathBuf] {
        &self.0
    }

    fn of(&self, folder: &Path) -> Option<&Path> {
        self.0.iter().map(PathBuf::as_path).find(|root| folder.starts_with(root))
    }
}

impl Home {
    /// Of the files of a folder: the nearest folder upwards with a configuration, else with a repository,
    /// else the root it lies below.
    pub fn of(files: &dyn Files, folder: &Path, roots: &Roots) -> Home {
        let configuration = settings::find(files, folder, |_| {});
        let project = configuration
            .and_then(|file| file.parent().map(Path::to_path_buf))
            .or_else(|| repository_of(files, folder).map(Path::to_path_buf))
            .or_else(|| roots.of(folder).map(Path::to_path_buf));
        // The same for every file of the project.
        let outermost = project.as_deref().unwrap_or(folder);
        let above = || repository_of(files, outermost).or_else(|| roots.of(outermost));
        let base = above().unwrap_or_else(|| outermost.parent().unwrap_or(outermost));
        Home { base: base.to_path_buf(), project }
    }

    /// A path as it is shown, from the base.
    pub fn shown(&self, file: &Path) -> String {
        let rest = file.strip_prefix(&self.base).unwrap_or(file);
        let parts: Vec<_> = rest.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        parts.join("/")
    }
}

fn repository_of<'p>(files: &dyn Files, folder: &'p Path) -> Option<&'p Path> {
    folder.ancestors().find(|folder| files.is_repository(folder))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Memory;

    #[test]
    fn a_file_belongs_to_the_nearest_that_says_so() {
        let mut memory = Memory::default();
        memory.put("/repo/.git/HEAD", "");
        memory.put("/repo/team/.passrole.jsonc", "{}");
        memory.put("/loose/a/x.json", "{}");
        let project = |folder: &str, roots: &Roots| {
            Home::of(&memory, Path::new(folder), roots).project.map(|it| it.display().to_string())
        };
        let open = Roots::open([PathBuf::from("/loose")]);
        assert_eq!(project("/repo/team/iam", &open).as_deref(), Some("/repo/team"));
        assert_eq!(project("/repo/iam", &open).as_deref(), Some("/repo"));
        assert_eq!(project("/loose/a", &open).as_deref(), Some("/loose"));
        assert_eq!(project("/loose/a", &Roots::default()), None);
        let named = [PathBuf::from("/loose/a/x.json"), PathBuf::from("/loose/b/y.json")];
        let command = Roots::of_command(Some("/elsewhere".into()), &named);
        assert_eq!(project("/loose/a", &command).as_deref(), Some("/loose"));
        let command = Roots::of_command(Some("/loose/a".into()), &named);
        assert_eq!(project("/loose/a", &command).as_deref(), Some("/loose/a"));
        assert_eq!(project("/loose/b", &command).as_deref(), Some("/loose"));
    }

    #[test]
    fn paths_are_shown_from_what_holds_the_file() {
        let mut memory = Memory::default();
        memory.put("/home/trust/repo/.git/HEAD", "");
        memory.put("/home/trust/repo/team/.passrole.jsonc", "{}");
        let open = Roots::open([PathBuf::from("/home/trust/project")]);
        let shown = |file: &str| {
            let file = Path::new(file);
            Home::of(&memory, file.parent().unwrap(), &open).shown(file)
        };
        assert_eq!(shown("/home/trust/repo/iam/role.json"), "iam/role.json");
        assert_eq!(shown("/home/trust/repo/team/iam/role.json"), "team/iam/role.json");
        assert_eq!(shown("/home/trust/project/iam/role.json"), "iam/role.json");
        assert_eq!(shown("/home/trust/projects/iam/role.json"), "iam/role.json");
        assert_eq!(shown("/role.json"), "role.json");
    }
}
