//! What git knows of a project: only commands that read its objects, which run no hooks, filters or pagers.

use crate::workspace::disk;
use jiff::civil::Date;
use std::collections::{HashMap, HashSet};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where git is looked for: a name alone could be a program that the project brings along.
const PROGRAMS: [&str; 4] = ["/usr/bin/git", "/usr/local/bin/git", "/opt/homebrew/bin/git", "/bin/git"];

/// The largest file of a revision that is read, in bytes.
const LARGEST: usize = 16 << 20;

const SHALLOW: &str = "the clone is shallow (fetch more of it, such as with `fetch-depth: 0`)";

/// A repository with a work tree.
pub(super) struct Repository {
    program: &'static str,
    pub root: PathBuf,
}

impl Repository {
    /// The one around a folder.
    pub fn around(folder: &Path) -> Result<Repository, String> {
        let program = PROGRAMS.into_iter().find(|path| Path::new(path).is_file());
        let program = program.ok_or_else(|| format!("git is in none of {}", PROGRAMS.join(", ")))?;
        let mut repository = Repository { program, root: folder.to_path_buf() };
        let root = repository
            .run(&["rev-parse", "--show-toplevel"])
            .map_err(|why| format!("{} is in no git repository: {why}", folder.display()))?;
        repository.root = PathBuf::from(root.trim_end_matches(['\n', '\r']));
        Ok(repository)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.program);
        command
            .arg("-C")
            .arg(&self.root)
            .args([
                "--no-pager",
                "--literal-pathspecs",
                "-c",
                "core.fsmonitor=false",
                "-c",
                "core.hooksPath=/dev/null",
            ])
            .args(arguments)
            .env_clear()
            .env("LC_ALL", "C")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("GIT_OPTIONAL_LOCKS", "0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn run(&self, arguments: &[&str]) -> Result<String, String> {
        let output = self.command(arguments).output().map_err(|error| format!("git: {error}"))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(said.lines().next().unwrap_or("git failed").to_string());
        }
        String::from_utf8(output.stdout).map_err(|_| "git says something that is no UTF-8".to_string())
    }

    /// The commit that a revision names.
    pub fn commit(&self, revision: &str) -> Result<String, String> {
        let wanted = format!("{revision}^{{commit}}");
        let found = self.run(&["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted]);
        found.map(|commit| commit.trim().to_string()).map_err(|_| {
            if self.is_shallow() {
                format!("the revision `{revision}` is not here: {SHALLOW}")
            } else {
                format!("`{revision}` is no revision of {}", self.root.display())
            }
        })
    }

    fn is_shallow(&self) -> bool {
        self.run(&["rev-parse", "--is-shallow-repository"]).is_ok_and(|said| said.trim() == "true")
    }

    /// Where the current commit and a revision part: the last commit that both have.
    pub fn merge_base(&self, revision: &str) -> Result<String, String> {
        let commit = self.commit(revision)?;
        self.run(&["merge-base", "HEAD", &commit]).map(|base| base.trim().to_string()).map_err(|_| {
            let why = if self.is_shallow() { SHALLOW } else { "they have no commit in common" };
            format!("where the current commit and `{revision}` part is not known: {why}")
        })
    }

    /// The files that git keeps in the work tree, from the root, with `/`.
    pub fn tracked(&self) -> Result<Vec<String>, String> {
        let list = self.run(&["ls-files", "-z", "--cached", "--full-name", "--", "."])?;
        Ok(list.split('\0').filter(|name| !name.is_empty()).map(String::from).collect())
    }

    /// The day on which a line of a file came into the current commit; `None` where it is not in it.
    pub fn since(&self, path: &Path, line: usize) -> Option<Date> {
        let name = self.name_of(&std::path::absolute(path).ok()?)?;
        let range = format!("{line},{line}");
        let said = self.run(&["blame", "--porcelain", "-L", &range, "HEAD", "--", &name]).ok()?;
        let seconds = said.lines().find_map(|it| it.strip_prefix("committer-time "))?.parse().ok()?;
        let at = jiff::Timestamp::from_second(seconds).ok()?;
        Some(at.to_zoned_datetime(jiff::tz::TimeZone::UTC).date())
    }

    /// Every file of a commit, from the root, with `/`.
    pub fn files(&self, commit: &str) -> Result<Vec<String>, String> {
        let list = self.run(&["ls-tree", "-r", "-z", "--name-only", "--full-tree", commit])?;
        Ok(list.split('\0').filter(|name| !name.is_empty()).map(String::from).collect())
    }

    /// Whether a commit has that file.
    pub fn has(&self, commit: &str, path: &Path) -> bool {
        let name = std::path::absolute(path).ok().and_then(|path| self.name_of(&path));
        name.is_some_and(|name| self.run(&["cat-file", "-e", &format!("{commit}:{name}")]).is_ok())
    }

    /// A path from the root, with `/`; `None` for one outside.
    pub fn name_of(&self, path: &Path) -> Option<String> {
        // The root is told without links, which the path may have.
        let followed = || Some(disk::followed(path.parent()?)?.join(path.file_name()?));
        let inside = path.strip_prefix(&self.root).map(Path::to_path_buf);
        let below = inside.ok().or_else(|| Some(followed()?.strip_prefix(&self.root).ok()?.to_path_buf()))?;
        let parts: Option<Vec<&str>> = below.components().map(|part| part.as_os_str().to_str()).collect();
        Some(parts?.join("/"))
    }

    /// The texts of files of a commit; what is no text is left out.
    pub fn texts(&self, commit: &str, names: &[String]) -> Result<Vec<(String, String)>, String> {
        let mut child = self
            .command(&["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("git: {error}"))?;
        let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("git does not listen".to_string());
        };
        // A line end in a name would be two questions.
        let asked: Vec<&String> = names.iter().filter(|name| !name.contains('\n')).collect();
        let questions: String = asked.iter().map(|name| format!("{commit}:{name}\n")).collect();
        let writer = std::thread::spawn(move || input.write_all(questions.as_bytes()));
        let mut output = BufReader::new(output);
        let mut found = Vec::new();
        for name in asked {
            let mut head = String::new();
            output.read_line(&mut head).map_err(|error| format!("git: {error}"))?;
            let size = head.trim_end().rsplit(' ').next().and_then(|size| size.parse::<usize>().ok());
            let Some(size) = size else { continue };
            let mut bytes = vec![0; size + 1];
            output.read_exact(&mut bytes).map_err(|error| format!("git: {error}"))?;
            bytes.pop();
            if size <= LARGEST
                && let Ok(text) = String::from_utf8(bytes)
            {
                found.push((name.clone(), text));
            }
        }
        let _ = writer.join();
        let _ = child.wait();
        Ok(found)
    }
}

/// The files that are the same before and now.
pub(super) fn unchanged(before: &[(String, String)], now: &[(String, String)]) -> HashSet<String> {
    let before: HashMap<&str, &str> = before.iter().map(|(name, text)| (&**name, &**text)).collect();
    let same = now.iter().filter(|(name, text)| before.get(&**name) == Some(&&**text));
    same.map(|(name, _)| name.clone()).collect()
}
