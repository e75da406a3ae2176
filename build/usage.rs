//! What lists show first, values of condition keys, whole statements.

use super::tables::list;
use super::{members, read, text, texts};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;

pub fn build() -> String {
    let mut out = String::new();
    let usage = read("iam/usage.json");
    let mut lists: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, value) in members(&usage) {
        let value = if name == "fields" { &value["of"] } else { value };
        if value.is_array() {
            lists.insert(name, texts(value));
        }
    }
    let values = read("iam/key-values.json");
    lists.insert("variables", texts(&values["variables"]["of"]));
    let hosts = read("hosts/usage.json");
    for (name, arguments) in members(&hosts["arguments"]) {
        lists.insert(name, texts(arguments));
    }
    let by_name = members(&hosts["takenByName"]).map(|(name, it)| (name.clone(), list(&texts(it))));
    rows(&mut out, "TAKEN_BY_NAME", by_name);
    rows(&mut out, "USUAL", lists.iter().map(|(name, items)| (name.to_string(), list(items))));
    let named = members(&usage["everydayNames"]).map(|(name, it)| (name.clone(), format!("{:?}", text(it))));
    writeln!(out, "pub(super) static EVERYDAY_NAMES: &[(&str, &str)] = &[").unwrap();
    named.for_each(|(name, it)| writeln!(out, "    ({name:?}, {it}),").unwrap());
    writeln!(out, "];").unwrap();
    let of_lists = |value: &Value| -> Vec<(String, String)> {
        members(value).map(|(name, items)| (name.clone(), list(&texts(items)))).collect()
    };
    rows(&mut out, "USUAL_ACTIONS", of_lists(&usage["actions"]));
    rows(&mut out, "POLICIES_OF_ROLES", of_lists(&usage["managedPoliciesOfRoles"]));
    rows(&mut out, "KEY_VALUES", of_lists(&values["values"]));
    rows(&mut out, "SOURCES_OF_SERVICES", of_lists(&values["sources"]["of"]));
    let tokens = members(&values["tokens"]["of"]).flat_map(|(issuer, claims)| {
        members(claims).map(move |(claim, items)| (format!("{issuer}:{claim}"), list(&texts(items))))
    });
    rows(&mut out, "TOKEN_CLAIMS", tokens);
    writeln!(out, "pub(super) static STATEMENTS: &[StatementSnippet] = &[").unwrap();
    for row in read("iam/statements.json")["statements"].as_array().unwrap() {
        let (title, about) = (text(&row["title"]), text(&row["about"]));
        let kind = match text(&row["for"]) {
            "identity" => "Identity",
            "resource" => "Resource",
            "trust" => "Trust",
            other => panic!("no kind of policy: {other}"),
        };
        let json = row["statement"].to_string();
        writeln!(
            out,
            "    StatementSnippet {{ title: {title:?}, about: {about:?}, within: PolicyPurpose::{kind}, json: {json:?} }},"
        )
        .unwrap();
    }
    writeln!(out, "];").unwrap();
    out
}

/// A table of names with lists, in the order of the names.
fn rows(out: &mut String, name: &str, rows: impl IntoIterator<Item = (String, String)>) {
    let rows: BTreeMap<String, String> = rows.into_iter().collect();
    writeln!(out, "pub(super) static {name}: &[(&str, &[&str])] = &[").unwrap();
    rows.iter().for_each(|(name, items)| writeln!(out, "    ({name:?}, {items}),").unwrap());
    writeln!(out, "];").unwrap();
}
