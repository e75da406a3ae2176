//! Turns `schemas/` into what the catalog reads at run time: one blob for the services, their actions,
//! resource types and condition keys, and static tables for everything small. Fails on any
//! inconsistency, so that the catalog need not.

#![allow(clippy::unwrap_used, reason = "a build that cannot go on stops")]

#[path = "build/blob.rs"]
mod blob;
#[path = "build/examples.rs"]
mod examples;
#[path = "build/field_notes.rs"]
mod field_notes;
#[path = "build/hosts.rs"]
mod hosts;
#[path = "build/prose.rs"]
mod prose;
#[path = "build/roles.rs"]
mod roles;
#[path = "build/tables.rs"]
mod tables;
#[path = "build/usage.rs"]
mod usage;
/// As the catalog tells words apart.
#[allow(dead_code, reason = "a part of it is used here")]
#[path = "src/text/words.rs"]
mod words;

use serde_json::Value;
use std::path::Path;

fn main() {
    println!("cargo:rerun-if-changed=schemas");
    println!("cargo:rerun-if-changed=build");
    println!("cargo:rerun-if-changed=src/text/words.rs");
    // For tests that do less where code is slow.
    println!("cargo:rustc-env=OPT_LEVEL={}", std::env::var("OPT_LEVEL").unwrap_or_default());
    let out = std::env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    let out = Path::new(&out);
    let (blob, strings, verbs) = blob::build();
    std::fs::write(out.join("services.bin"), blob).expect("the blob can be written");
    std::fs::write(out.join("strings.txt"), strings).expect("the strings can be written");
    std::fs::write(
        out.join("tables.rs"),
        tables::build()
            + &verbs
            + &field_notes::build()
            + &hosts::build()
            + &roles::build()
            + &usage::build(),
    )
    .expect("the tables can be written");
    std::fs::write(out.join("prose.rs"), prose::build()).expect("the explanations can be written");
    std::fs::write(out.join("examples.rs"), examples::build()).expect("the examples can be written");
}

/// A file below `schemas/`.
fn read(path: &str) -> Value {
    let path = Path::new("schemas").join(path);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("not a string: {value}"))
}

/// The strings of an array; none where there is no array.
fn texts(value: &Value) -> Vec<&str> {
    value.as_array().map(|items| items.iter().map(text).collect()).unwrap_or_default()
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().unwrap_or_else(|| panic!("not an object: {value}")).iter()
}
