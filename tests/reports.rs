//! What is said of the documents of public reports: `tests/reports/<group>/`, one file or folder a report. Each is checked
//! by itself, in a folder outside of this repository.
//!
//! `findings.tsv` beside them has one line a finding: file, line and column, severity, rule. A report without a line there
//! gets nothing. One whose name ends with `-ok` is right, and has neither an error nor a warning. After a change that is
//! meant: `UPDATE=1 cargo test --test reports`, and read the difference.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reports")
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        std::fs::create_dir_all(to).unwrap();
        for entry in std::fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        std::fs::copy(from, to).unwrap();
    }
}

/// The lines of `findings.tsv` for one report.
fn findings(report: &Path) -> Vec<String> {
    let name = report.file_name().unwrap();
    let alone = std::env::temp_dir().join(format!("passrole-report-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&alone);
    std::fs::create_dir_all(&alone).unwrap();
    copy(report, &alone.join(name));
    let output = Command::new(env!("CARGO_BIN_EXE_passrole"))
        .args(["check", "--format", "json", "--exit-zero", "."])
        .current_dir(&alone)
        .output()
        .unwrap();
    std::fs::remove_dir_all(&alone).unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let line = |finding: &serde_json::Value| {
        let text = |name: &str| finding[name].as_str().unwrap_or_default().to_string();
        let start = &finding["start"];
        let path = text("path").trim_start_matches("./").to_string();
        format!("{path}\t{}:{}\t{}\t{}", start["line"], start["column"], text("severity"), text("rule"))
    };
    report["findings"].as_array().unwrap().iter().map(line).collect()
}

/// The reports of a group, in order.
fn reports(group: &Path) -> Vec<PathBuf> {
    let all = std::fs::read_dir(group).unwrap().map(|entry| entry.unwrap().path());
    let mut all: Vec<PathBuf> = all.filter(|path| path.file_name().unwrap() != "findings.tsv").collect();
    all.sort();
    all
}

#[test]
fn reports_get_the_verdict_that_aws_gives() {
    let mut failures = String::new();
    for group in std::fs::read_dir(root()).unwrap() {
        let group = group.unwrap().path();
        let found: Vec<String> = reports(&group).iter().flat_map(|report| findings(report)).collect();
        for line in &found {
            let name = line.split(['.', '/', '\t']).next().unwrap_or_default();
            if name.ends_with("-ok") && (line.contains("\terror\t") || line.contains("\twarning\t")) {
                writeln!(failures, "is right: {line}").unwrap();
            }
        }
        let expected = group.join("findings.tsv");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&expected, found.join("\n") + "\n").unwrap();
            continue;
        }
        let known = std::fs::read_to_string(&expected).unwrap();
        for line in known.lines().filter(|line| !found.iter().any(|it| it == line)) {
            writeln!(failures, "no longer: {line}").unwrap();
        }
        for line in found.iter().filter(|line| !known.lines().any(|it| it == **line)) {
            writeln!(failures, "new: {line}").unwrap();
        }
    }
    assert!(failures.is_empty(), "{failures}");
}
