//! Roles as a whole: what a hover and a lens say of one.

use super::hover::Hover;
use crate::graph::roles::{RoleFacts, RoleUser};
use crate::text::{all_quoted, enumerated};
use std::fmt::Write as _;

/// How many users a hover names before it says how many more there are.
const USERS: usize = 8;

/// Its trust, its policies, who uses it and for what.
pub fn hover(facts: &RoleFacts) -> Hover {
    let mut out = format!("**Role `{}`**", facts.title);
    match &facts.trusted {
        Some(trusted) if trusted.is_empty() => out.push_str("\n\nNobody may assume it."),
        Some(trusted) => {
            let _ = write!(out, "\n\nAssumed by {}.", all_quoted(trusted));
        }
        None => out.push_str("\n\nWho may assume it is not known."),
    }
    let mut policies: Vec<String> = facts.managed.iter().map(|it| format!("`{it}`")).collect();
    match facts.policies.len() {
        0 => {}
        1 => policies.push("a policy of the project".to_string()),
        several => policies.push(format!("{several} policies of the project")),
    }
    match (&facts.open, policies.is_empty()) {
        (Some(why), _) => {
            if !policies.is_empty() {
                let _ = write!(out, " It has {}.", enumerated(policies));
            }
            let _ = write!(out, " Not everything is known of it: {why}.");
        }
        (None, true) => out.push_str(" It has no policy."),
        (None, false) => {
            let _ = write!(out, " It has {}.", enumerated(policies));
        }
    }
    if facts.uses.is_empty() {
        out.push_str("\n\nNothing of the project uses it.");
    } else {
        out.push('\n');
        for user in facts.uses.iter().take(USERS) {
            let _ = write!(out, "\n- {}: {}", user.kind, user.evidence);
        }
        if facts.uses.len() > USERS {
            let _ = write!(out, "\n- and {} more", facts.uses.len() - USERS);
        }
    }
    if !facts.passed.is_empty() {
        let _ = write!(out, "\n\nPassed by {}.", counted(facts.passed.len(), "statement", "statements"));
    }
    Hover { span: facts.span, markdown: out }
}

/// `used by 2 task definitions, passed by 1 policy`
pub fn lens(facts: &RoleFacts) -> String {
    let tasks = |user: &&RoleUser| user.of == "task-definition";
    // A task definition that names it twice is one.
    let mut places: Vec<_> =
        facts.uses.iter().filter(tasks).map(|it| (it.place.file.clone(), &*it.evidence)).collect();
    places.sort();
    places.dedup_by(|a, b| a.0 == b.0 && of(a.1) == of(b.1));
    let others = facts.uses.iter().filter(|it| !tasks(it)).count();
    let mut used = Vec::new();
    if !places.is_empty() {
        used.push(counted(places.len(), "task definition", "task definitions"));
    }
    if others > 0 {
        let (one, several) = if places.is_empty() { ("resource", "resources") } else { ("other", "others") };
        used.push(counted(others, one, several));
    }
    let passed = counted(facts.passed.len(), "policy", "policies");
    match (used.is_empty(), facts.passed.is_empty()) {
        (true, true) => "used by nothing of the project".to_string(),
        (true, false) => format!("passed by {passed}"),
        (false, true) => format!("used by {}", used.join(" and ")),
        (false, false) => format!("used by {}, passed by {passed}", used.join(" and ")),
    }
}

/// What names it, without the field.
fn of(evidence: &str) -> &str {
    evidence.split_once(" of ").map_or(evidence, |(_, of)| of)
}

fn counted(count: usize, one: &str, several: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {several}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::roles::ProjectPlace;
    use crate::text::Span;

    fn facts(users: &[(&'static str, &'static str)], passed: usize) -> RoleFacts {
        let place = || ProjectPlace { file: None, span: Span::default() };
        let user = |(of, evidence): &(&'static str, &'static str)| RoleUser {
            place: place(),
            kind: "task role",
            of,
            evidence: (*evidence).into(),
        };
        RoleFacts {
            title: "web".into(),
            span: Span::default(),
            declared: vec![place()],
            trusted: Some(vec!["ecs-tasks.amazonaws.com".into()]),
            policies: vec![place()],
            managed: vec!["ReadOnlyAccess".into()],
            open: None,
            uses: users.iter().map(user).collect(),
            passed: (0..passed).map(|_| place()).collect(),
        }
    }

    #[test]
    fn a_lens_counts_task_definitions_once() {
        let users = [
            ("task-definition", "`taskRoleArn` of `a.json`"),
            ("task-definition", "`executionRoleArn` of `a.json`"),
            ("task-definition", "`taskRoleArn` of `b.json`"),
        ];
        assert_eq!(lens(&facts(&users, 1)), "used by 2 task definitions, passed by 1 policy");
        assert_eq!(lens(&facts(&[("schedule", "x")], 0)), "used by 1 resource");
        assert_eq!(lens(&facts(&[], 0)), "used by nothing of the project");
    }

    #[test]
    fn a_hover_says_trust_policies_and_users() {
        let said = hover(&facts(&[("task-definition", "`taskRoleArn` of `a.json`")], 2)).markdown;
        for words in [
            "**Role `web`**",
            "Assumed by `ecs-tasks.amazonaws.com`.",
            "It has `ReadOnlyAccess` and a policy of the project.",
            "- task role: `taskRoleArn` of `a.json`",
            "Passed by 2 statements.",
        ] {
            assert!(said.contains(words), "{said}");
        }
    }
}
