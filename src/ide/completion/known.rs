//! What the documents of a file name already: ARNs, accounts, Regions, services.

use super::At;
use crate::catalog;
use crate::host::value::{StringValue, Value};
use std::collections::BTreeMap;

/// How many texts of a file are looked at.
const LOOKED_AT: usize = 4000;

/// What has been named, the most often named first.
#[derive(Debug, Default)]
pub(super) struct Mentioned {
    pub arns: Vec<String>,
    pub accounts: Vec<String>,
    pub regions: Vec<String>,
    /// Prefixes of services in actions.
    pub services: Vec<String>,
}

/// What the documents of the file name, the text at the cursor left out.
pub(super) fn named(at: &At<'_>) -> Mentioned {
    let mut counts: [BTreeMap<String, usize>; 4] = Default::default();
    let mut left = LOOKED_AT;
    let mut look = |string: &StringValue, base: u32| {
        let is_here = string.content_span().shifted(base).touches(at.offset);
        left = left.saturating_sub(1);
        if left == 0 || is_here || string.text.len() < 4 {
            return;
        }
        let mut add = |which: usize, text: &str| *counts[which].entry(text.to_string()).or_default() += 1;
        let text = &*string.text;
        if text.starts_with("arn:") {
            let parts: Vec<&str> = text.splitn(6, ':').collect();
            if parts.len() == 6 && !string.has_unknown() && !text.contains('*') {
                add(0, text);
            }
            if parts.len() > 4 && catalog::is_account_id(parts[4]) {
                add(1, parts[4]);
            }
            if parts.len() > 3 && catalog::is_region(parts[3]) {
                add(2, parts[3]);
            }
        } else if catalog::is_account_id(text) {
            add(1, text);
        } else if catalog::is_region(text) {
            add(2, text);
        } else if let Some((prefix, name)) = text.split_once(':')
            && !name.is_empty()
            && prefix.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-' || byte.is_ascii_digit())
        {
            add(3, prefix);
        } else if let Some((account, rest)) = text.split_once(".dkr.ecr.")
            && let Some((region, _)) = rest.split_once('.')
        {
            add(1, account);
            add(2, region);
        }
    };
    for document in &at.file.report.documents {
        walk(&document.head, 0, &mut look);
        document.units.iter().for_each(|placed| walk(&placed.unit.value, placed.base, &mut look));
    }
    let [arns, accounts, regions, services] = counts.map(|count| {
        let mut all: Vec<(String, usize)> = count.into_iter().collect();
        all.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        all.into_iter().map(|(text, _)| text).collect::<Vec<_>>()
    });
    let accounts = accounts.into_iter().filter(|it| catalog::is_account_id(it)).collect();
    Mentioned { arns, accounts, regions, services }
}

/// Regions with their ranks: those that the file names, the usual ones, the others.
pub(super) fn usual_regions(named: &Mentioned) -> impl Iterator<Item = (&'static str, u16)> + use<'_> {
    catalog::partitions().iter().flat_map(move |(partition, regions)| {
        regions.iter().map(move |region| {
            let own = named.regions.iter().position(|it| it == region);
            let usual = catalog::usual_place("regions", region);
            let rank = match (own, usual) {
                (Some(own), _) => own as u16,
                (None, Some(usual)) => 10 + usual as u16,
                _ if *partition == "aws" => 50,
                _ => 60,
            };
            (*region, rank)
        })
    })
}

fn walk(value: &Value, base: u32, look: &mut dyn FnMut(&StringValue, u32)) {
    match value {
        Value::String(string) => look(string, base),
        Value::Array(array) => array.items.iter().for_each(|item| walk(item, base, look)),
        Value::Object(object) => object.members.iter().for_each(|member| walk(&member.value, base, look)),
        _ => {}
    }
}
