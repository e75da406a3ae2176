//! Entries of a list that another entry of the list covers. Shared by the rules on redundancy.

use crate::catalog::wildcard_covers;
use std::collections::{BTreeSet, HashMap};

/// How many patterns with one beginning are compared with each other: a list of thousands of them costs no
/// more than it is long.
const ALIKE: usize = 16;

/// How many lengths of beginnings are tried, and how many patterns an entry is compared with: more lengths do not go
/// into the largest policy that AWS takes.
const LENGTHS: usize = 256;

/// How many comparisons a list costs before its entries are compared with few patterns each: no list that goes into the
/// largest policy comes so far.
const COMPARED: usize = 24_000;

/// Whether none of so few entries covers another: told without any allocation, as most lists are short and
/// sound. `false` says nothing.
pub(super) fn is_plainly_sound<'e, I: Iterator<Item = &'e str>>(
    entries: impl Fn() -> I,
    covers: impl Fn(&str, &str) -> bool,
) -> bool {
    const FEW: usize = 8;
    entries().nth(FEW).is_none()
        && entries().enumerate().all(|(index, entry)| {
            entries().enumerate().all(|(other, wide)| index == other || !covers(wide, entry))
        })
}

/// Each entry that another one covers, with the one that covers it, by their places in the list. Of two
/// that cover each other, the later counts as covered.
pub(super) fn covered(entries: &[&str], covers: fn(&str, &str) -> bool) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    if entries.len() < 2 {
        return found;
    }
    let mut first: HashMap<&str, usize> = HashMap::with_capacity(entries.len());
    // Patterns by what stands before their first wildcard, and how long that is.
    let mut patterns: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut lengths = BTreeSet::new();
    for (index, entry) in entries.iter().enumerate() {
        let known = *first.entry(entry).or_insert(index);
        let start = start(entry);
        if known == index && start.len() < entry.len() {
            patterns.entry(start).or_default().push(index);
            lengths.insert(start.len());
        }
    }
    let mut compared = 0;
    for (index, entry) in entries.iter().enumerate() {
        let most = if compared < COMPARED { LENGTHS } else { ALIKE };
        let same = first.get(entry).copied().filter(|known| *known != index);
        let by = same.or_else(|| {
            let reach = start(entry).len();
            let starts = lengths.iter().take_while(|length| **length <= reach).take(LENGTHS);
            let alike = starts.filter_map(|length| patterns.get(entry.get(..*length)?));
            alike.flat_map(|alike| alike.iter().take(ALIKE)).take(most).copied().find(|other| {
                compared += 1;
                let pattern = entries[*other];
                *other != index && covers(pattern, entry) && !(index < *other && covers(entry, pattern))
            })
        });
        found.extend(by.map(|by| (index, by)));
    }
    found
}

/// What stands before the first wildcard.
pub(super) fn start(entry: &str) -> &str {
    &entry[..memchr::memchr2(b'*', b'?', entry.as_bytes()).unwrap_or(entry.len())]
}

/// Whether a pattern for actions covers another. Both in lower case.
pub(super) fn action_covers(pattern: &str, other: &str) -> bool {
    wildcard_covers(pattern, other, false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::resource_covers;

    #[test]
    fn every_covered_entry_is_found_with_what_covers_it() {
        assert_eq!(covered(&["s3:get*", "s3:getobject", "s3:getobject"], action_covers), [(1, 0), (2, 1)]);
        assert_eq!(covered(&["s3:*", "s3:**"], action_covers), [(1, 0)]);
        assert_eq!(covered(&["s3:**", "*", "s3:*"], action_covers), [(0, 1), (2, 1)]);
        assert_eq!(covered(&["ecs:é", "ecs:*é"], action_covers), [(0, 1)]);
        let arns = ["arn:aws:s3:::web", "arn:aws:s3:::web/*", "arn:aws:s3:::web*", "arn:aws:sns:*:*:web"];
        assert_eq!(covered(&arns, resource_covers), [(0, 2), (1, 2)]);
    }

    #[test]
    fn long_lists_take_no_quadratic_time() {
        let names: Vec<String> = (0..3_000).map(|it| format!("arn:aws:s3:::*-{it}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert!(covered(&names, resource_covers).is_empty());
    }
}
