//! What the arguments of `check` mean: files, and standard input.

use super::git::{Repository, unchanged};
use super::trusted::folder_of;
use crate::host::{holds_policies, is_markdown_by_name, is_ours_by_name};
use crate::workspace::disk::{self, Problem};
use crate::workspace::{Roots, Unreadable, paths};
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// A file to look at, or standard input.
pub(super) struct Input {
    /// As findings name it.
    pub name: String,
    /// `None` for standard input.
    pub path: Option<PathBuf>,
    /// Standard input's text, read already.
    pub text: Option<String>,
    /// Whether the file itself was named, not only a folder above it.
    pub is_named: bool,
}

impl Input {
    /// The absolute path that configurations and neighbours are looked for from.
    pub(super) fn place(&self) -> PathBuf {
        let path = self.path.clone().unwrap_or_else(|| PathBuf::from(&self.name));
        std::path::absolute(&path).unwrap_or(path)
    }
}

/// The inputs in order, each once, and what cannot be looked at.
pub(super) fn find(
    paths: &[PathBuf],
    assemblies: &[PathBuf],
    with_markdown: bool,
    (stdin_filename, given): (&str, Option<&str>),
) -> (Vec<Input>, Vec<Problem>) {
    let (mut named, dash): (Vec<PathBuf>, Vec<PathBuf>) =
        paths.iter().cloned().partition(|path| path.as_os_str() != "-");
    let mut unreadable = Vec::new();
    for folder in assemblies {
        let (templates, problems) = disk::templates_of_assembly(folder);
        named.extend(templates);
        unreadable.extend(problems);
    }
    let is_wanted = if with_markdown {
        |name: &str| is_ours_by_name(name) || is_markdown_by_name(name)
    } else {
        is_ours_by_name
    };
    let (files, mut problems) = disk::find_by_name(&named, is_wanted);
    problems.extend(unreadable);
    let mut inputs: Vec<Input> = files
        .into_iter()
        .map(|file| Input {
            name: file.path.display().to_string(),
            path: Some(file.path),
            text: None,
            is_named: file.is_named,
        })
        .collect();
    if !dash.is_empty() {
        match given.map_or_else(standard_input, |text| Ok(text.to_string())) {
            Ok(text) => inputs.push(Input {
                name: stdin_filename.to_string(),
                path: None,
                text: Some(text),
                is_named: true,
            }),
            Err(reason) => problems
                .push(Problem { what: Unreadable { path: PathBuf::from("-"), reason }, is_named: true }),
        }
    }
    (inputs, problems)
}

/// Adds files that an ignore file would leave out.
pub(super) fn add(inputs: &mut Vec<Input>, files: Vec<PathBuf>) {
    let known: HashSet<PathBuf> = inputs.iter().filter_map(|input| paths::absolute(&input.place())).collect();
    let here = std::path::absolute(".").unwrap_or_default();
    for path in files.into_iter().filter(|path| !known.contains(path) && path.is_file()) {
        let shown = path.strip_prefix(&here).unwrap_or(&path);
        let name = shown.display().to_string();
        inputs.push(Input { name, path: Some(path.clone()), text: None, is_named: false });
    }
}

/// Leaves the files that are not as they were where a revision and the current commit part.
pub(super) fn retain_changed(
    inputs: &mut Vec<Input>,
    revision: &str,
    given: &[PathBuf],
) -> Result<(), String> {
    let repository = Repository::around(&folder_of(given))?;
    let commit = repository.merge_base(revision)?;
    let read = |input: &Input| {
        let name = repository.name_of(&paths::absolute(&input.place())?)?;
        let text = match (&input.text, &input.path) {
            (Some(text), _) => text.clone(),
            (None, Some(path)) => disk::read(path, disk::LARGEST).ok()?,
            (None, None) => return None,
        };
        Some((name, text))
    };
    let now: Vec<Option<(String, String)>> = inputs.iter().map(read).collect();
    let now_known: Vec<(String, String)> = now.iter().flatten().cloned().collect();
    let names: Vec<String> = now_known.iter().map(|(name, _)| name.clone()).collect();
    let same = unchanged(&repository.texts(&commit, &names)?, &now_known);
    let mut names = now.into_iter().map(|it| it.map(|(name, _)| name));
    // What cannot be read is told where it is looked at.
    inputs.retain(|_| names.next().flatten().is_none_or(|name| !same.contains(&name)));
    Ok(())
}

/// How the names of programs end.
const PROGRAMS: [&str; 16] = [
    ".py", ".ts", ".tsx", ".js", ".mjs", ".cjs", ".go", ".java", ".kt", ".cs", ".rb", ".php", ".rs", ".sh",
    ".bash", ".ps1",
];

/// Longer programs are not looked at.
const LARGEST_PROGRAM: u64 = 1 << 20;

/// The programs and scripts below the paths that hold policies or task definitions: nothing of them is read.
pub(super) fn programs(paths: &[PathBuf]) -> Vec<PathBuf> {
    let is_program = |name: &str| PROGRAMS.iter().any(|ending| name.ends_with(ending));
    let (files, _) = disk::find_by_name(paths, is_program);
    let files = files.into_iter().map(|file| file.path);
    files
        .filter(|path| is_program(&path.to_string_lossy()))
        .filter(|path| disk::read(path, LARGEST_PROGRAM).is_ok_and(|text| holds_policies(&text)))
        .collect()
}

/// What belongs together where neither a configuration nor a repository says so.
pub(super) fn roots(paths: &[PathBuf]) -> Roots {
    let named = paths.iter().filter(|path| path.as_os_str() != "-");
    let named: Vec<PathBuf> = named.filter_map(|path| std::path::absolute(path).ok()).collect();
    let folders = named.into_iter().map(|path| {
        let folder = path.parent().filter(|_| !path.is_dir()).map(Path::to_path_buf);
        folder.unwrap_or(path)
    });
    Roots::of_command(std::path::absolute(".").ok(), &folders.collect::<Vec<_>>())
}

fn standard_input() -> Result<String, String> {
    if is_closed() {
        return Err("standard input is closed".to_string());
    }
    disk::read_all(std::io::stdin().lock())
}

/// Rust opens the null device for reading and writing where a standard stream is closed; nobody else opens
/// it so for reading from it.
#[cfg(unix)]
fn is_closed() -> bool {
    use rustix::fs::{OFlags, fcntl_getfl};
    let stdin = std::io::stdin();
    let is_for_both = fcntl_getfl(&stdin).is_ok_and(|flags| flags & OFlags::ACCMODE == OFlags::RDWR);
    is_for_both && disk::is_null_device(&stdin)
}

#[cfg(not(unix))]
fn is_closed() -> bool {
    false
}
