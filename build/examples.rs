//! Examples of rules whose pages have none of their own: `schemas/prose/rule-examples.json`, which is made of their cases.

use super::{members, read, text};
use serde_json::Value;
use std::fmt::Write as _;

pub fn build() -> String {
    let file = read("prose/rule-examples.json");
    let example = |value: &Value| match value.is_null() {
        true => "None".to_string(),
        false => format!(
            "Some(Example {{ syntax: {:?}, text: {:?} }})",
            text(&value["syntax"]),
            text(&value["text"])
        ),
    };
    let mut rows: Vec<(&String, &Value)> = members(&file).collect();
    rows.sort_by_key(|(id, _)| *id);
    let mut out = String::from("static EXAMPLES: &[(&str, RuleExamples<'static>)] = &[\n");
    for (id, row) in rows {
        let says = row["says"].as_str().unwrap_or_default();
        writeln!(
            out,
            "    ({id:?}, RuleExamples {{ bad: {}, says: {says:?}, good: {} }}),",
            example(&row["bad"]),
            example(&row["good"])
        )
        .unwrap();
    }
    out + "];\n"
}
