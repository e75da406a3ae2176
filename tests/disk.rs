//! No file is ever harmed: whoever is killed, whatever is full, whoever else writes, wherever links lead.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod folder;

use folder::{Folder, TYPO};
use passrole::workspace::disk::{self, Folders};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

fn fixed(text: &str) -> String {
    text.replace("RunTasks", "RunTask")
}

fn start(folder: &Folder, arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_passrole"))
        .args(arguments)
        .current_dir(&folder.path)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn mkfifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn whoever_is_killed_leaves_every_file_whole() {
    const FILES: usize = 30;
    let folder = Folder::new("killed");
    let path = |number: usize| folder.path.join(format!("{number:02}.json"));
    let old = |number: usize| format!("{TYPO}{}", " ".repeat(number * 500));
    let mut cut_short = 0;
    for round in 0..200 {
        for number in 0..FILES {
            if std::fs::read_to_string(path(number)).ok() != Some(old(number)) {
                std::fs::write(path(number), old(number)).unwrap();
            }
        }
        let mut child = start(&folder, &["check", "--fix", "."]);
        // Another file each time shows that writing is under way.
        let watched = path(round * 7 % FILES);
        while child.try_wait().unwrap().is_none() && std::fs::read_to_string(&watched).unwrap() != "" {
            if std::fs::read_to_string(&watched).unwrap().contains("\"ecs:RunTask\"") {
                break;
            }
            std::thread::sleep(Duration::from_micros(100 + round as u64 % 10 * 50));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let mut new = 0;
        for number in 0..FILES {
            let text = std::fs::read_to_string(path(number)).unwrap();
            let is_new = text == fixed(&old(number));
            assert!(is_new || text == old(number), "round {round}: {number:02}.json holds {text:?}");
            new += usize::from(is_new);
        }
        cut_short += usize::from(new < FILES);
    }
    assert!(cut_short >= 50, "only {cut_short} of 200 were killed while they wrote");
    // Who comes next takes away what was left.
    assert!(start(&folder, &["check", "--fix", "."]).wait().unwrap().success());
    let left: Vec<String> =
        names(&folder.path).into_iter().filter(|name| name != ".git" && !name.ends_with(".json")).collect();
    assert_eq!(left, Vec::<String>::new());
    (0..FILES)
        .for_each(|number| assert_eq!(std::fs::read_to_string(path(number)).unwrap(), fixed(&old(number))));
}

#[test]
fn a_full_disk_costs_no_file() {
    let folder = Folder::new("full");
    let mounted = folder.path.join("small");
    std::fs::create_dir(&mounted).unwrap();
    let mount = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=40k", "tmpfs"])
        .arg(&mounted)
        .stderr(Stdio::null())
        .status();
    if !mount.is_ok_and(|status| status.success()) {
        println!("not tried: file systems may not be mounted here");
        return;
    }
    let text = format!("{TYPO}{}", " ".repeat(31_000));
    std::fs::write(mounted.join("typo.json"), &text).unwrap();
    let ran = folder.run(&["check", "--fix", "--format", "concise", "small"]);
    let after = std::fs::read_to_string(mounted.join("typo.json"));
    let left = names(&mounted);
    Command::new("umount").arg(&mounted).status().unwrap();
    assert_eq!(after.unwrap(), text);
    assert_eq!(left, ["typo.json"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("typo.json: not written: no space left on device"), "{}", ran.err);
    assert!(!ran.err.contains("fixed"), "{}", ran.err);
    assert!(ran.out.contains("unknown-action"), "what was not mended is still there: {}", ran.out);
}

#[test]
fn what_somebody_else_changed_is_left_alone() {
    let folder = Folder::new("changed").with("typo.json", "theirs");
    let path = folder.path.join("typo.json");
    let folders = Folders::of(std::slice::from_ref(&path));
    let refused = disk::replace(&path, TYPO, "ours", &folders).unwrap_err();
    assert!(refused.contains("changed by somebody else"), "{refused}");
    assert_eq!(folder.read("typo.json"), "theirs");
    // Whoever wrote the very same text has done our work.
    assert!(disk::replace(&path, TYPO, "theirs", &folders).is_ok());
    std::fs::remove_file(&path).unwrap();
    assert!(disk::replace(&path, "theirs", "ours", &folders).is_err(), "what was taken away stays away");
    assert_eq!(names(&folder.path), [".git"]);
}

#[test]
fn two_at_once_do_each_other_no_harm() {
    let mut folder = Folder::new("two");
    let text = |number: usize| format!("{TYPO}{}", " ".repeat(number * 200));
    for number in 0..40 {
        folder = folder.with(&format!("{number}.json"), text(number));
    }
    let (mut one, mut other) = (start(&folder, &["check", "--fix"]), start(&folder, &["check", "--fix"]));
    assert!(one.wait().unwrap().success() && other.wait().unwrap().success());
    for number in 0..40 {
        assert_eq!(folder.read(&format!("{number}.json")), fixed(&text(number)));
    }
    assert_eq!(names(&folder.path).len(), 41);
}

#[test]
fn only_regular_files_are_opened() {
    let folder = Folder::new("odd-files").with("typo.json", TYPO).with("main.tf", "locals {}\n");
    mkfifo(&folder.path.join("fifo.json"));
    mkfifo(&folder.path.join("other.tf"));
    let _socket = std::os::unix::net::UnixListener::bind(folder.path.join("socket.json")).unwrap();
    symlink("/dev/zero", folder.path.join("zero.json")).unwrap();
    let ran = folder.run(&["check", "--format", "concise", "--fail-on", "error"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.out.contains("typo.json:4:"), "{}", ran.out);
    for line in [
        "warning: ./fifo.json: a FIFO, not a regular file",
        "warning: ./other.tf: a FIFO, not a regular file",
        "warning: ./socket.json: a socket, not a regular file",
        "warning: ./zero.json: a device, not a regular file",
    ] {
        assert!(ran.err.contains(line), "{line}: {}", ran.err);
    }
    for name in ["fifo.json", "zero.json", "/dev/zero"] {
        let ran = folder.run(&["check", name]);
        assert_eq!(ran.status, 2, "{name}");
        assert!(ran.err.starts_with(&format!("error: {name}: ")), "{}", ran.err);
    }
    for arguments in [["--baseline", "fifo.json"], ["--config", "zero.json"]] {
        let ran = folder.run(&["check", "typo.json", arguments[0], arguments[1]]);
        assert_eq!(ran.status, 2, "{arguments:?}");
        assert!(ran.err.contains("not a regular file"), "{}", ran.err);
    }
}

#[test]
fn odd_configurations_and_ignore_files_do_not_hold_a_run_up() {
    let folder = Folder::new("odd-config").with("a/typo.json", TYPO).with("b/typo.json", TYPO);
    symlink("/dev/zero", folder.path.join(".passrole.jsonc")).unwrap();
    let ran = folder.run(&["check", "--format", "concise"]);
    assert_eq!(ran.status, 2);
    assert_eq!(ran.err.matches(".passrole.jsonc: a device, not a regular file").count(), 1, "{}", ran.err);
    std::fs::remove_file(folder.path.join(".passrole.jsonc")).unwrap();
    mkfifo(&folder.path.join("a/.gitignore"));
    let ran = folder.run(&["check", "--format", "concise", "--fail-on", "error"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.err.contains("warning: ./a/.gitignore: not a regular file"), "{}", ran.err);
    assert!(ran.out.contains("b/typo.json") && !ran.out.contains("a/typo.json"), "{}", ran.out);
    let ran = folder.run(&["check", "--format", "concise", "a/typo.json"]);
    assert!(ran.out.contains("a/typo.json"), "{}", ran.out);
}

#[test]
fn nothing_is_written_through_a_link_out_of_the_folders_given() {
    let folder = Folder::new("out").with("out/victim.json", TYPO).with("in/own.json", TYPO);
    symlink("../out/victim.json", folder.path.join("in/link.json")).unwrap();
    symlink("own.json", folder.path.join("in/inner.json")).unwrap();
    for given in ["in", "in/link.json"] {
        let ran = folder.run(&["check", "--fix", "--format", "concise", given]);
        assert_eq!(ran.status, 2);
        assert!(
            ran.err.contains("in/link.json: not written: a link that leads out of the given folders"),
            "{}",
            ran.err
        );
        assert!(ran.out.contains("in/link.json:4:"), "it is checked all the same: {}", ran.out);
        assert_eq!(folder.read("out/victim.json"), TYPO);
    }
    // A link within the folder stays one; what it leads to is mended.
    assert_eq!(folder.read("in/own.json"), fixed(TYPO));
    assert!(folder.path.join("in/inner.json").is_symlink());
    assert_eq!(folder.run(&["check", "--fix", "."]).status, 0, "both folders are given");
    assert_eq!(folder.read("out/victim.json"), fixed(TYPO));
    let report = folder.path.join("in/report.json");
    symlink("../out/victim.json", &report).unwrap();
    assert_eq!(folder.run(&["check", "in/own.json", "--output", "in/report.json"]).status, 2);
    assert_eq!(folder.read("out/victim.json"), fixed(TYPO));
}

#[test]
fn another_name_of_a_file_keeps_the_old_text() {
    let folder = Folder::new("hard").with("typo.json", TYPO);
    std::fs::hard_link(folder.path.join("typo.json"), folder.path.join("other.txt")).unwrap();
    let ran = folder.run(&["check", "--fix", "typo.json"]);
    assert_eq!(ran.status, 0);
    assert!(
        ran.err.contains("note: typo.json: its other name (a hard link) keeps the old text"),
        "{}",
        ran.err
    );
    assert_eq!(folder.read("typo.json"), fixed(TYPO));
    assert_eq!(folder.read("other.txt"), TYPO);
}

#[test]
fn mode_owner_and_attributes_are_kept() {
    let folder = Folder::new("mode").with("typo.json", TYPO);
    let path = folder.path.join("typo.json");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    let may_give_away = std::os::unix::fs::chown(&path, Some(12345), Some(12346)).is_ok();
    let has_attributes = xattr::set(&path, "user.passrole-test", b"kept").is_ok();
    let before = std::fs::metadata(&path).unwrap();
    assert_eq!(folder.run(&["check", "--fix"]).status, 0);
    let after = std::fs::metadata(&path).unwrap();
    assert_eq!(folder.read("typo.json"), fixed(TYPO));
    assert_eq!(after.mode() & 0o7777, 0o640);
    assert_eq!((after.uid(), after.gid()), (before.uid(), before.gid()), "{may_give_away}");
    if has_attributes {
        assert_eq!(xattr::get(&path, "user.passrole-test").unwrap().as_deref(), Some(&b"kept"[..]));
    }
    // A report is made as the user's mask says, not for the user alone.
    folder.run(&["check", "--output", "report.txt"]);
    std::fs::write(folder.path.join("usual.txt"), "").unwrap();
    let mode = |name: &str| std::fs::metadata(folder.path.join(name)).unwrap().mode();
    assert_eq!(mode("report.txt"), mode("usual.txt"));
}

#[test]
fn line_ends_marks_and_what_nobody_asked_for_stay() {
    let text = format!("\u{feff}{}", TYPO.replace('\n', "\r\n").trim_end());
    let folder = Folder::new("bytes").with("typo.json", &text).with("other.json", "{\"a\":\t1}");
    let untouched = std::fs::metadata(folder.path.join("other.json")).unwrap();
    folder.run(&["check", "--fix"]);
    assert_eq!(folder.read("typo.json"), fixed(&text));
    let after = std::fs::metadata(folder.path.join("other.json")).unwrap();
    assert_eq!((untouched.ino(), untouched.mtime_nsec()), (after.ino(), after.mtime_nsec()));
}

#[test]
fn a_report_can_go_to_what_is_no_file() {
    let folder = Folder::new("streams").with("typo.json", TYPO);
    assert_eq!(folder.run(&["check", "--output", "/dev/null"]).status, 1);
    let ran = folder.run(&["check", "--format", "concise", "--output", "/dev/stdout"]);
    assert!(ran.status == 1 && ran.out.contains("unknown-action"), "{ran:?}");
    if Path::new("/dev/full").exists() {
        assert_eq!(folder.run(&["check", "--output", "/dev/full"]).status, 2);
    }
    assert_eq!(folder.run(&["check", "--output", "no/such/folder.txt"]).status, 2);
}

#[test]
fn outside_of_a_repository_no_configuration_counts_that_others_may_write() {
    let folder = Folder::new("shared").with("x/typo.json", TYPO).with("x/y/z.json", TYPO);
    std::fs::remove_dir(folder.path.join(".git")).unwrap();
    std::fs::write(folder.path.join(".passrole.jsonc"), "{ \"ignore\": [\"unknown-action\"] }").unwrap();
    let mode = |mode| std::fs::set_permissions(&folder.path, std::fs::Permissions::from_mode(mode)).unwrap();
    mode(0o755);
    let ran = folder.run(&["check", "--format", "concise", "x"]);
    assert!(!ran.out.contains("unknown-action"), "{}", ran.out);
    mode(0o1777);
    let ran = folder.run(&["check", "--format", "concise", "x"]);
    assert_eq!(ran.out.matches("unknown-action").count(), 2, "{}", ran.out);
    assert_eq!(ran.err.matches(".passrole.jsonc is left alone").count(), 1, "{}", ran.err);
    mode(0o755);
    let file = folder.path.join(".passrole.jsonc");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o666)).unwrap();
    let ran = folder.run(&["check", "--format", "concise", "x"]);
    assert_eq!(ran.out.matches("unknown-action").count(), 2, "{}", ran.out);
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    mode(0o1777);
    // In a repository, whoever may write to it may as well change what is checked.
    std::fs::create_dir(folder.path.join(".git")).unwrap();
    let ran = folder.run(&["check", "--format", "concise", "x"]);
    assert!(!ran.out.contains("unknown-action"), "{}", ran.out);
    mode(0o755);
}
