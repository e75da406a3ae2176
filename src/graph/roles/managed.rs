//! AWS managed policies, whose contents are facts.

use super::marks::STAR;
use super::statements::{RoleStatement, statement};
use super::words::Words;
use crate::catalog;
use crate::host::resource::Content;
use std::sync::OnceLock;

/// The statements of an AWS managed policy by its ARN; `None` where its content is not known.
pub fn statements(arn: &str) -> Option<Vec<RoleStatement<'static>>> {
    let (_, path) = arn.split_once(":iam::aws:policy/")?;
    let item = document(path)?;
    item.get("Statement")?.items().iter().map(|it| statement(it, &words)).collect()
}

fn words(item: &'static Content) -> Option<Words<'static>> {
    let text = item.text()?;
    let pattern: String = text
        .chars()
        .map(|letter| match letter {
            '*' => STAR,
            '?' => super::marks::ONE,
            other => other,
        })
        .collect();
    // A variable may be anything.
    let pattern = match pattern.split_once("${") {
        Some((before, _)) => format!("{before}{}", super::marks::ANY),
        None => pattern,
    };
    Some(Words { text: pattern, of: Vec::new(), shown: text.to_string() })
}

/// The document, read once.
fn document(path: &str) -> Option<&'static Content> {
    static READ: OnceLock<std::sync::Mutex<std::collections::HashMap<String, Option<&'static Content>>>> =
        OnceLock::new();
    let table = READ.get_or_init(Default::default);
    let mut table = table.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    *table.entry(path.to_string()).or_insert_with(|| {
        let text = catalog::managed_policy_document(path)?;
        // There are as many as the table has, each is kept once.
        Some(&*Box::leak(Box::new(crate::host::resource::of_json(text)?)))
    })
}
