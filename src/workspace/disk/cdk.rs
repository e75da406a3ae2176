//! Cloud assemblies of the AWS CDK: which templates their manifests name.

use super::read::read_all;
use super::walk::Problem;
use crate::workspace::files::Unreadable;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Stages lie in each other no deeper.
const DEEPEST: usize = 16;

/// The templates of an assembly, those of its stages and of nested stacks with them, and what cannot be read.
pub fn templates(folder: &Path) -> (Vec<PathBuf>, Vec<Problem>) {
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    assembly(folder, 0, &mut found, &mut problems);
    (found, problems)
}

fn assembly(folder: &Path, depth: usize, found: &mut Vec<PathBuf>, problems: &mut Vec<Problem>) {
    let path = folder.join("manifest.json");
    let manifest =
        std::fs::File::open(&path).map_err(|error| super::kind::plain(&error)).and_then(read_all).and_then(
            |text| serde_json::from_str::<Value>(&text).map_err(|error| format!("no manifest: {error}")),
        );
    let artifacts =
        manifest.and_then(|manifest| match manifest.get("artifacts").and_then(Value::as_object) {
            Some(artifacts) => Ok(artifacts.clone()),
            None => Err("no manifest of a cloud assembly: it has no `artifacts`".to_string()),
        });
    let artifacts = match artifacts {
        Ok(artifacts) => artifacts,
        Err(reason) => {
            problems.push(Problem { what: Unreadable { path, reason }, is_named: true });
            return;
        }
    };
    for artifact in artifacts.values() {
        let named = |property: &str| artifact.get("properties")?.get(property)?.as_str();
        match artifact.get("type").and_then(Value::as_str) {
            Some("aws:cloudformation:stack") => found.extend(named("templateFile").map(|it| folder.join(it))),
            Some("cdk:cloud-assembly") if depth < DEEPEST => {
                if let Some(stage) = named("directoryName") {
                    assembly(&folder.join(stage), depth + 1, found, problems);
                }
            }
            _ => {}
        }
    }
    // Nested stacks are assets, which the manifest names by their hashes alone.
    let mut nested: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.to_string_lossy().ends_with(".nested.template.json"))
        .collect();
    nested.sort();
    found.extend(nested);
}
