//! What a wildcard stands for, and the shortest wildcards for a list: `passrole expand`.

use super::NoAnswer;
use crate::catalog::{self, Action};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// The actions of some patterns.
#[derive(Debug)]
pub struct Expansion {
    pub actions: Vec<Action>,
    pub notes: Vec<String>,
}

/// Reads patterns: `ecs:Describe*`, `*:Get*`, `*`, or actions in full.
pub fn expand(patterns: &[String]) -> Result<Expansion, NoAnswer> {
    let mut actions: Vec<Action> = Vec::new();
    let mut notes = Vec::new();
    for pattern in patterns {
        let is_word = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '*' | '?' | ':');
        let parts = pattern.matches(':').count();
        if pattern.is_empty() || !pattern.chars().all(is_word) || parts > 1 || parts == 0 && pattern != "*" {
            return Err(NoAnswer(format!(
                "`{pattern}` is no pattern of actions: write it as in `ecs:Describe*`"
            )));
        }
        let before = actions.len();
        actions.extend(catalog::expand(pattern));
        if actions.len() == before {
            notes.push(format!("`{pattern}` stands for no action that passrole knows"));
        }
    }
    actions.sort_by_key(ToString::to_string);
    actions.dedup_by_key(|action| action.to_string());
    Ok(Expansion { actions, notes })
}

/// The shortest patterns that stand for these actions of a service and for no others that exist: a name by itself
/// where no pattern is shorter than what it stands for.
pub fn shrink(actions: &[Action]) -> Vec<String> {
    let mut services: Vec<&'static str> = actions.iter().map(|action| action.service().prefix()).collect();
    services.sort_unstable();
    services.dedup();
    let mut found = Vec::new();
    for prefix in services {
        let wanted: BTreeSet<&'static str> =
            actions.iter().filter(|it| it.service().prefix() == prefix).map(|it| it.name()).collect();
        let Some(service) = catalog::service(prefix) else { continue };
        let all: Vec<&'static str> = service.actions().map(|action| action.name()).collect();
        found.extend(of_service(&wanted, &all).into_iter().map(|pattern| format!("{prefix}:{pattern}")));
    }
    found
}

/// Starts and ends of names, each with a star, that take wanted ones alone; the one that takes most first.
fn of_service(wanted: &BTreeSet<&'static str>, all: &[&'static str]) -> Vec<String> {
    if wanted.len() == all.len() {
        return vec!["*".to_string()];
    }
    let others: Vec<&str> = all.iter().copied().filter(|name| !wanted.contains(name)).collect();
    let mut patterns: BTreeSet<String> = BTreeSet::new();
    for name in wanted {
        // The shortest start that no other name has, and the same of ends.
        let starts = (1..name.len()).filter(|at| name.is_char_boundary(*at)).map(|at| (&name[..at], true));
        let ends =
            (1..name.len()).rev().filter(|at| name.is_char_boundary(*at)).map(|at| (&name[at..], false));
        let is_free = |(part, is_start): &(&str, bool)| {
            !others.iter().any(|other| {
                let (other, part) = (other.to_ascii_lowercase(), part.to_ascii_lowercase());
                if *is_start { other.starts_with(&part) } else { other.ends_with(&part) }
            })
        };
        let mut starts = starts;
        let mut ends = ends;
        patterns.extend(starts.find(is_free).map(|(part, _)| format!("{}*", whole_words(part, name, true))));
        patterns.extend(ends.find(is_free).map(|(part, _)| format!("*{}", whole_words(part, name, false))));
    }
    let mut left = wanted.clone();
    let mut found = Vec::new();
    while !left.is_empty() {
        let takes = |pattern: &str| -> Vec<&'static str> {
            left.iter().copied().filter(|name| catalog::wildcard_matches(pattern, name, true)).collect()
        };
        let best = patterns
            .iter()
            .map(|pattern| (takes(pattern), pattern))
            .filter(|(taken, _)| taken.len() > 1)
            .max_by_key(|(taken, pattern)| (taken.len(), std::cmp::Reverse(pattern.len())));
        match best {
            Some((taken, pattern)) => {
                found.push(pattern.clone());
                taken.iter().for_each(|name| {
                    left.remove(name);
                });
            }
            None => {
                found.extend(left.iter().map(ToString::to_string));
                left.clear();
            }
        }
    }
    found.sort();
    found
}

/// A start or an end that is widened to the border of a word, as people write patterns: `Describe*`, not `Desc*`.
fn whole_words<'a>(part: &'a str, name: &'a str, is_start: bool) -> &'a str {
    let is_border =
        |at: usize| at == 0 || at == name.len() || name[at..].starts_with(|it: char| it.is_ascii_uppercase());
    if is_start {
        let end = (part.len()..name.len()).find(|at| name.is_char_boundary(*at) && is_border(*at));
        return end.map_or(part, |end| &name[..end]);
    }
    let start = (0..=name.len() - part.len()).rev().find(|at| name.is_char_boundary(*at) && is_border(*at));
    start.filter(|start| *start > 0).map_or(part, |start| &name[start..])
}

impl Expansion {
    /// One for each line, with its level and resource types; of services their names alone.
    pub fn text(&self, services: bool) -> String {
        let mut out = String::new();
        if services {
            let mut names: Vec<(&str, usize)> = Vec::new();
            for action in &self.actions {
                match names.last_mut().filter(|(name, _)| *name == action.service().prefix()) {
                    Some((_, count)) => *count += 1,
                    None => names.push((action.service().prefix(), 1)),
                }
            }
            for (name, count) in names {
                let _ = writeln!(out, "{name:<28} {count}");
            }
            return out;
        }
        for action in &self.actions {
            let types: Vec<&str> = action.resource_types().map(|it| it.resource_type.name()).collect();
            let types = if types.is_empty() { "*".to_string() } else { types.join(", ") };
            let _ = writeln!(out, "{:<48} {:<12} {types}", action.to_string(), action.access_level().name());
        }
        out
    }

    pub fn json(&self) -> Value {
        let actions: Vec<Value> = self
            .actions
            .iter()
            .map(|action| {
                let types: Vec<&str> = action.resource_types().map(|it| it.resource_type.name()).collect();
                json!({ "action": action.to_string(), "level": action.access_level().name(), "resourceTypes": types })
            })
            .collect();
        json!({ "schema": 1, "actions": actions, "notes": self.notes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shrunk_stands_for_the_same_actions() {
        for patterns in [
            &["ecs:Describe*"][..],
            &["ecs:*"],
            &["s3:Get*", "s3:PutObject"],
            &["ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            &["logs:*Stream", "logs:PutLogEvents", "sqs:SendMessage"],
            &["iam:*Role"],
        ] {
            let patterns: Vec<String> = patterns.iter().map(ToString::to_string).collect();
            let before = expand(&patterns).unwrap();
            let short = shrink(&before.actions);
            let after = expand(&short).unwrap();
            let names = |it: &Expansion| it.actions.iter().map(ToString::to_string).collect::<Vec<_>>();
            assert_eq!(names(&before), names(&after), "{patterns:?} {short:?}");
            assert!(short.len() <= before.actions.len() && short.len() <= patterns.len() + 2, "{short:?}");
        }
        assert_eq!(shrink(&expand(&["ecs:Describe*".to_string()]).unwrap().actions), ["ecs:Describe*"]);
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for wrong in ["", "ecs", "ecs:a:b", "ecs:Describe *", "é:*"] {
            assert!(expand(&[wrong.to_string()]).is_err(), "{wrong}");
        }
        let unknown = expand(&["ecs:DescribeTask".to_string()]).unwrap();
        assert!(unknown.actions.is_empty() && unknown.notes.len() == 1);
    }
}
