//! Paths as keys: no file system is asked.

/// The path with `/` between its parts, and without `.` and `..` as far as they can be taken out.
pub(super) fn normal(path: &str) -> String {
    let is_rooted = path.starts_with(['/', '\\']);
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            ".." if is_rooted => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    if is_rooted { format!("/{joined}") } else { joined }
}

/// The folder of a file; empty for the folder that paths start from.
pub(super) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

pub(super) fn name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// The folder that `relative` leads to from another.
pub(super) fn joined(folder: &str, relative: &str) -> String {
    normal(&if folder.is_empty() { relative.to_string() } else { format!("{folder}/{relative}") })
}

/// The root of the repository that a workflow of GitHub is of.
pub(super) fn repository_of_workflow(path: &str) -> Option<&str> {
    let (root, _) = path.split_once(".github/workflows/")?;
    Some(root.trim_end_matches('/'))
}

/// How many folders lie between two files: up to the one that holds both, and down again.
pub(super) fn distance(a: &str, b: &str) -> usize {
    let parts = |path| folder(path).split('/').filter(|part: &&str| !part.is_empty());
    let common = parts(a).zip(parts(b)).take_while(|(a, b)| a == b).count();
    parts(a).count() + parts(b).count() - 2 * common
}

/// The way from a file to another, as users write it: the name alone where both stand in one folder.
pub(super) fn from(file: &str, other: &str) -> String {
    let (own, theirs) = (folder(file), folder(other));
    if own == theirs { name(other).to_string() } else { other.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_meet_however_they_are_written() {
        assert_eq!(normal("./a//b/../c.tf"), "a/c.tf");
        assert_eq!(normal("../x/./y"), "../x/y");
        assert_eq!(normal("/a/../../b"), "/b");
        assert_eq!(normal("a\\b.json"), "a/b.json");
        assert_eq!(joined("live/prod", "../../modules/task"), "modules/task");
        assert_eq!(joined("", "./task"), "task");
    }

    #[test]
    fn the_nearer_of_two_files_is_told_by_the_folders_between() {
        assert_eq!(distance("a/x.json", "a/y.json"), 0);
        assert_eq!(distance("a/x.json", "y.json"), 1);
        assert_eq!(distance("a/b/x.json", "a/c/y.json"), 2);
        assert_eq!(distance("x.json", "y.json"), 0);
    }
}
