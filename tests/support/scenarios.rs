//! Whole small repositories, right and with one mistake each: `tests/scenarios/scenarios.json`.

#![allow(dead_code, reason = "each test uses a part of it")]

use passrole::workspace::{Configurations, Memory, Roots, Wishes, Workspace};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// Texts by path.
pub type Files = BTreeMap<String, String>;

/// Where they lie.
pub const ROOT: &str = "/scenario";

pub struct Scenario {
    pub name: String,
    pub files: Files,
    /// The mistake, the files with it, and the mentions.
    pub bad: Vec<(String, Files, Vec<String>)>,
}

pub fn scenarios() -> Vec<Scenario> {
    let path = format!("{}/tests/scenarios/scenarios.json", env!("CARGO_MANIFEST_DIR"));
    let all: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_string();
    let of = |row: &Value| {
        let files: Files =
            row["files"].as_object().unwrap().iter().map(|(path, it)| (path.clone(), text(it))).collect();
        let bad = row["bad"].as_array().unwrap().iter().map(|bad| {
            let mut files = files.clone();
            for edit in bad["edits"].as_array().unwrap() {
                let file = files.get_mut(edit["file"].as_str().unwrap()).unwrap();
                let old = edit["old"].as_str().unwrap();
                assert!(file.contains(old), "{row}: {old}");
                *file = file.replace(old, edit["new"].as_str().unwrap());
            }
            let mentions = bad["mentions"].as_array().unwrap().iter().map(text).collect();
            (text(&bad["mistake"]), files, mentions)
        });
        Scenario { name: text(&row["id"]), bad: bad.collect(), files: files.clone() }
    };
    all.as_array().unwrap().iter().map(of).collect()
}

/// The files in memory, in a repository.
pub fn in_memory(files: &Files) -> Memory {
    let mut memory = Memory::default();
    memory.put(format!("{ROOT}/.git/HEAD"), "");
    files.iter().for_each(|(path, text)| memory.put(format!("{ROOT}/{path}"), text.as_str()));
    memory
}

pub fn workspace(files: &Files) -> Workspace {
    let memory = Arc::new(in_memory(files));
    let configurations = Configurations::new(memory.clone(), Wishes::default(), None).unwrap();
    Workspace::new(memory, configurations, Roots::open([PathBuf::from(ROOT)]))
}
