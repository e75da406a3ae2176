//! `passrole diff`.

use super::Outcome;
use super::answers::{failed, print_json, print_lines, print_own_lines, read_policy};
use super::args::{DiffArguments, DiffFormat};
use super::git::{Repository, unchanged};
use super::terminal;
use crate::host::is_ours_by_name;
use crate::query::{Difference, NoAnswer, PolicyFile};
use crate::workspace::disk;
use crate::workspace::paths::absolute;
use std::path::PathBuf;

pub(super) fn run(arguments: &DiffArguments) -> Outcome {
    let difference = match compare(arguments) {
        Ok(difference) => difference,
        Err(why) => return failed(&why),
    };
    let printed = match arguments.format {
        DiffFormat::Text => print_lines(&difference.text()),
        DiffFormat::Json => print_json(&difference.json()),
        DiffFormat::Markdown => print_lines(&difference.markdown()),
        DiffFormat::Github => print_own_lines(&difference.github()),
    };
    let fails = arguments.fail_on_new_access && difference.has_new_access(arguments.allow_undecided);
    match printed {
        Outcome::Clean if fails => Outcome::Findings,
        other => other,
    }
}

pub(super) fn compare(arguments: &DiffArguments) -> Result<Difference, NoAnswer> {
    if let Some(revision) = &arguments.since {
        return since(revision, &arguments.paths);
    }
    match &arguments.paths[..] {
        [old, new] => {
            let (old, new) = (read_policy(old, None)?.settled(), read_policy(new, None)?.settled());
            Ok(Difference::of(&old, &new))
        }
        _ => Err(NoAnswer("name two policies: the old one and the new one".to_string())),
    }
}

/// Every policy below the paths, and what it was in a revision.
fn since(revision: &str, paths: &[PathBuf]) -> Result<Difference, NoAnswer> {
    let here = [PathBuf::from(".")];
    let paths = if paths.is_empty() { &here[..] } else { paths };
    let roots: Vec<PathBuf> = paths.iter().filter_map(|path| absolute(path)).collect();
    let first = roots.first().ok_or_else(|| NoAnswer("the current folder is not known".to_string()))?;
    let folder = if first.is_dir() { first.as_path() } else { first.parent().unwrap_or(first) };
    let repository = Repository::around(folder).map_err(NoAnswer)?;
    let commit = repository.commit(revision).map_err(NoAnswer)?;
    let (files, problems) = disk::find(paths);
    for problem in problems {
        if problem.is_named && !repository.has(&commit, &problem.what.path) {
            return Err(NoAnswer(problem.what.to_string()));
        }
        terminal::warning(&problem.what);
    }
    let mut new_texts: Vec<(String, String)> = Vec::new();
    for file in files {
        let Some(name) = absolute(&file.path).and_then(|path| repository.name_of(&path)) else { continue };
        match disk::read(&file.path, disk::LARGEST) {
            Ok(text) => new_texts.push((name, text)),
            Err(unreadable) => return Err(NoAnswer(unreadable.to_string())),
        }
    }
    let is_below = |name: &str| {
        let path = repository.root.join(name);
        roots.iter().any(|root| path.starts_with(root))
    };
    let names: Vec<String> = repository
        .files(&commit)
        .map_err(NoAnswer)?
        .into_iter()
        .filter(|name| is_ours_by_name(name) && is_below(name))
        .collect();
    let mut old_texts = repository.texts(&commit, &names).map_err(NoAnswer)?;
    // What is the same needs no look.
    let same = unchanged(&old_texts, &new_texts);
    old_texts.retain(|(name, _)| !same.contains(name));
    new_texts.retain(|(name, _)| !same.contains(name));
    let read = |texts: Vec<(String, String)>| -> Result<Vec<PolicyFile>, NoAnswer> {
        let files = texts.into_iter().map(|(name, text)| PolicyFile::of_project(&name, text));
        Ok(files.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().map(PolicyFile::settled).collect())
    };
    Ok(Difference::of_project(&read(old_texts)?, &read(new_texts)?))
}
