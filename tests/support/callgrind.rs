//! Counts instructions: a test runs itself again under callgrind.

use std::process::Command;

/// Whether valgrind is here; says so where it is not.
pub fn is_here(what: &str) -> bool {
    let is_here = Command::new("valgrind").arg("--version").output().is_ok();
    if !is_here {
        eprintln!("skipped: {what} is measured with valgrind, which is not here");
    }
    is_here
}

/// The instructions of every call of a function, in order, when the test of that name runs in a process of its own
/// that has a variable of that name and value.
pub fn count(function: &str, test: &str, variable: &str, value: &str) -> Vec<f64> {
    let name = format!("passrole-{test}-{}-{}", std::process::id(), value.replace('/', "-"));
    let out = std::env::temp_dir().join(name);
    let done = Command::new("valgrind")
        .args(["--tool=callgrind", "--combine-dumps=yes"])
        .args([format!("--dump-before={function}"), format!("--dump-after={function}")])
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test])
        .env(variable, value)
        .output()
        .unwrap();
    let log = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{log}");
    let found = std::fs::read_to_string(&out).unwrap();
    let _ = std::fs::remove_file(&out);
    // Each dump says what asked for it, and how much has been counted since the one before.
    let mut is_after = false;
    let mut figures = Vec::new();
    for line in found.lines() {
        if let Some(trigger) = line.strip_prefix("desc: Trigger: ") {
            is_after = trigger.starts_with("--dump-after");
        } else if let Some(total) = line.strip_prefix("totals: ").filter(|_| is_after) {
            figures.push(total.trim().parse().unwrap());
        }
    }
    figures
}
