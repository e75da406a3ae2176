//! A repository that wants harm: links, devices, names, configuration, aliases, escapes, all in one tree. A check of it
//! ends, tells what it could not read, finds what is wrong in the files that are sound, and does nothing else; and it says
//! the same however often, in whatever order, and by however many threads it is done.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod folder;

use folder::{Folder, TYPO};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};

const FORMATS: [&str; 7] = ["text", "concise", "json", "github", "gitlab", "sarif", "junit"];

fn hostile(name: &str) -> Folder {
    let escapes = "{ \"family\": \"\\n::error::a\\u001b[2J\\u009b31m\\r::set-output\", \"networkMode\": \"\\n::stop-commands::x\\u202e\", \"containerDefinitions\": [{ \"name\": \"c\", \"image\": \"a:1\", \"memory\": 64, \"\\n##[error]é\": 1 }] }";
    let levels: String = (1..9)
        .map(|it| format!("a{it}: &a{it} [{}]\n", vec![format!("*a{}", it - 1); 9].join(", ")))
        .collect();
    let folder = Folder::new(name)
        .with("sound/typo.json", TYPO)
        .with("escapes/task.json", escapes)
        .with(
            "aliases/policy.yaml",
            format!("a0: &a0 [x]\n{levels}Statement:\n  - {{Effect: Allow, Action: *a8, Resource: '*'}}\n"),
        )
        .with("deep/a.json", "[".repeat(200_000))
        .with("deep/a.yaml", format!("Statement: {}", "[".repeat(20_000)))
        .with(
            "deep/a.tf",
            format!("resource \"aws_iam_policy\" \"p\" {{\n  policy = {}\n}}\n", "(".repeat(20_000)),
        )
        .with("bytes/latin.json", b"{ \"Statement\": [{ \"Sid\": \"\xe9\" }] }")
        .with("bytes/utf16.json", b"\xff\xfe{\x00}\x00")
        .with("bytes/nul.json", b"{\0\0\0}")
        .with(
            "config/.passrole.jsonc",
            "{ \"level\": \"\\n::error::x\\u001b[2J\", \"kinds\": { \"**/**/{a,b}[!\": 1 } }",
        )
        .with("config/typo.json", TYPO)
        .with(".gitignore", "[[[\n!!\n**/**\\\n")
        .with("module/main.tf", "module \"a\" {\n  source = \"../../../../../../../../etc\"\n}\n")
        .with("module/é.tf", "e\"\"\"\"{y=é");
    let at = |name: &[u8]| folder.path.join(OsStr::from_bytes(name));
    std::fs::create_dir(folder.path.join("links")).unwrap();
    symlink("/dev/zero", folder.path.join("links/zero.json")).unwrap();
    symlink("nowhere", folder.path.join("links/dangling.json")).unwrap();
    symlink("..", folder.path.join("links/circle")).unwrap();
    symlink("/etc/passwd", folder.path.join("links/passwd.json")).unwrap();
    std::fs::write(at(b"line\nbreak \x1b[2J.json"), TYPO).unwrap();
    std::fs::write(at(b"bytes \xff.json"), TYPO).unwrap();
    std::fs::write(at(b"-fix.json"), TYPO).unwrap();
    assert!(Command::new("mkfifo").arg(folder.path.join("links/fifo.json")).status().unwrap().success());
    folder
}

fn program(folder: &Path, arguments: &[&str], threads: &str) -> (Option<i32>, Vec<u8>, Vec<u8>) {
    let done = Command::new(env!("CARGO_BIN_EXE_passrole"))
        .args(arguments)
        .current_dir(folder)
        .env("RAYON_NUM_THREADS", threads)
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    (done.status.code(), done.stdout, done.stderr)
}

/// Each file of a tree with its content, links not followed.
fn tree(folder: &Path) -> BTreeSet<(Vec<u8>, Vec<u8>)> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            found.extend(tree(&entry.path()));
        } else if kind.is_file() {
            found.insert((entry.path().as_os_str().as_bytes().into(), std::fs::read(entry.path()).unwrap()));
        }
    }
    found
}

#[test]
fn a_hostile_repository_is_checked_and_nothing_else() {
    let folder = hostile("hostile");
    let before = tree(&folder.path);
    for format in FORMATS {
        let (status, out, err) = program(&folder.path, &["check", "--format", format], "2");
        assert!(matches!(status, Some(1 | 2)), "{format}: {status:?}: {}", String::from_utf8_lossy(&err));
        assert!(!String::from_utf8_lossy(&err).contains("a defect of passrole"), "{format}: a file was lost");
        for (stream, bytes) in [("out", &out), ("err", &err)] {
            let text =
                std::str::from_utf8(bytes).unwrap_or_else(|error| panic!("{format} {stream}: {error}"));
            let is_raw = |char: char| char.is_control() && !matches!(char, '\n' | '\t');
            assert!(!text.contains(is_raw), "{format} {stream}: {text:?}");
            for line in text.lines() {
                let is_ours = format == "github" && stream == "out";
                let commands = ["::", "##["];
                assert!(is_ours || !commands.iter().any(|it| line.trim_start().starts_with(it)), "{line}");
                for command in ["::stop-commands", "::set-output", "::add-mask"] {
                    assert!(!line.starts_with(command), "{line}");
                }
            }
        }
        let text = String::from_utf8_lossy(&out);
        assert!(text.contains("sound/typo.json"), "{format}: the sound file is checked: {text}");
        assert!(!text.contains("root:"), "{format}: nothing of another file is shown");
    }
    assert_eq!(tree(&folder.path), before, "a check writes nothing");
    let victim = Folder::new("victim").with("typo.json", TYPO);
    symlink(victim.path.join("typo.json"), folder.path.join("links/victim.json")).unwrap();
    program(&folder.path, &["check", "--fix", "--unsafe"], "2");
    assert_eq!(victim.read("typo.json"), TYPO, "what lies outside is left alone");
    assert_ne!(folder.read("sound/typo.json"), TYPO);
}

#[test]
fn the_same_is_said_whatever_the_threads_and_the_order() {
    let folder = hostile("same");
    for number in 0..40 {
        let text = TYPO.replace("Deploy", &format!("Deploy{number}"));
        std::fs::write(folder.path.join(format!("sound/{number}.json")), text).unwrap();
    }
    // How long it took is told by no machine twice.
    let said = |arguments: &[&str], threads: &str| {
        let (status, out, err) = program(&folder.path, arguments, threads);
        let out = String::from_utf8(out).unwrap();
        let lines: Vec<&str> = out.lines().filter(|line| !line.contains("elapsedMs")).collect();
        (status, lines.join("\n"), err)
    };
    for format in FORMATS {
        let once = said(&["check", "--format", format, "sound", "escapes"], "1");
        for threads in ["1", "2", "8"] {
            let again = said(&["check", "--format", format, "sound", "escapes"], threads);
            assert!(again == once, "{format}: {}\n---\n{}", again.1, once.1);
        }
        let other = said(&["check", "--format", format, "escapes", "sound", "sound"], "3");
        assert!(other == once, "{format}: {}\n---\n{}", other.1, once.1);
    }
}

/// System calls by which a program does more than read and print.
const TRACED: &str = "trace=network,process,open,openat,openat2,creat,rename,renameat,renameat2,unlink,unlinkat,link,linkat,symlink,symlinkat,mkdir,mkdirat,chmod,fchmod,fchmodat,truncate,ftruncate";

#[test]
fn a_check_calls_no_network_starts_no_program_and_writes_nothing() {
    if Command::new("strace").arg("-V").output().is_err() {
        eprintln!("skipped: system calls are traced with strace, which is not here");
        return;
    }
    let folder = hostile("traced");
    let log = folder.path.join("../").join(format!("passrole-trace-{}", std::process::id()));
    let traced = |arguments: &[&str]| {
        let done = Command::new("strace")
            .args(["-f", "-qq", "-e", TRACED, "-o"])
            .arg(&log)
            .arg(env!("CARGO_BIN_EXE_passrole"))
            .args(arguments)
            .current_dir(&folder.path)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let calls = std::fs::read_to_string(&log).unwrap_or_default();
        (calls, String::from_utf8_lossy(&done.stderr).into_owned())
    };
    let (calls, err) = traced(&["check", "--format", "json"]);
    if !calls.contains("execve(") {
        eprintln!("skipped: tracing is not allowed here: {err}");
        return;
    }
    // Each line has the number of the thread, the call, and what it gave.
    let harm = |calls: &str| -> Vec<String> {
        let mut begun = 0;
        calls
            .lines()
            .filter(|line| {
                let call = line.trim_start_matches(|char: char| char.is_ascii_digit() || char == ' ');
                let name = call.split('(').next().unwrap_or_default();
                match name {
                    "execve" => {
                        begun += 1;
                        begun > 1
                    }
                    "open" | "openat" | "openat2" => {
                        ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC"].iter().any(|it| call.contains(it))
                            && !call.contains("\"/dev/null\"")
                    }
                    "clone" | "clone3" => !call.contains("CLONE_THREAD"),
                    "fork" | "vfork" | "kill" | "tkill" => true,
                    "creat" | "rename" | "renameat" | "renameat2" | "unlink" | "unlinkat" | "link"
                    | "linkat" | "symlink" | "symlinkat" | "mkdir" | "mkdirat" | "chmod" | "fchmod"
                    | "fchmodat" | "truncate" | "ftruncate" => true,
                    name => ["socket", "connect", "bind", "listen", "accept", "send", "recv"]
                        .iter()
                        .any(|it| name.starts_with(it)),
                }
            })
            .map(str::to_string)
            .collect()
    };
    assert_eq!(harm(&calls), Vec::<String>::new(), "{err}");
    // With a fix it writes beside the file that it mends, and nowhere else.
    let (calls, _) = traced(&["check", "--fix", "sound"]);
    let written = harm(&calls);
    assert!(written.iter().any(|line| line.contains("rename")), "{written:?}");
    let is_here =
        |line: &String| line.contains("sound/") || line.contains("fchmod(") || line.contains("ftruncate(");
    assert!(written.iter().all(is_here), "{written:#?}");
    std::fs::remove_file(&log).unwrap();
}
