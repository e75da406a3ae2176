//! Statements of policies with what they refer to, and whether they grant a request.

use super::lookup::Project;
use super::words::Words;
use crate::access::{Case, overlap};
use crate::catalog::{self, Family, PatternPiece, wildcard_matches};
use crate::graph::FileSummary;
use crate::host::resource::{Content, Node};
use crate::text::Span;
use std::sync::Arc;

/// One statement.
#[derive(Debug, Clone)]
pub struct RoleStatement<'a> {
    pub allows: bool,
    pub actions: Vec<Words<'a>>,
    pub not_action: bool,
    pub resources: Vec<Words<'a>>,
    pub not_resource: bool,
    /// Whether its resources are not all known.
    pub resources_are_open: bool,
    pub conditions: Vec<RoleCondition<'a>>,
    /// Whether it has conditions that could not be read.
    pub conditions_are_open: bool,
    /// Whether it may not be there.
    pub is_maybe: bool,
    pub principals: Option<&'a Content>,
    /// Whether it names more principals than these.
    pub has_more_principals: bool,
    pub file: Option<&'a Arc<FileSummary>>,
    pub span: Span,
    /// Where its resources stand.
    pub resource_span: Span,
    /// The lists of its actions and of its resources, where they are lists.
    pub action_list: Option<Span>,
    pub resource_list: Option<Span>,
    /// Whether it is of a managed policy, which others may have as well.
    pub is_shared: bool,
}

/// One key under an operator.
#[derive(Debug, Clone)]
pub struct RoleCondition<'a> {
    pub operator: Box<str>,
    pub key: Box<str>,
    pub values: Vec<Words<'a>>,
    pub is_open: bool,
    pub span: Span,
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Demand<'r> {
    pub action: &'r str,
    /// Any of them will do.
    pub resources: &'r [Words<'r>],
    /// Keys that the request certainly has.
    pub context: &'r [(&'r str, &'r str)],
}

/// What a list of statements does to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Answer {
    /// Whether a statement may allow it.
    pub may_allow: bool,
    /// Whether one certainly denies it.
    pub denies: bool,
}

impl Answer {
    /// Whether it is not granted for certain.
    pub fn is_no(self) -> bool {
        self.denies || !self.may_allow
    }
}

pub fn answer(statements: &[RoleStatement<'_>], request: Demand<'_>) -> Answer {
    let mut found = Answer::default();
    for statement in statements {
        if statement.allows {
            found.may_allow |= statement.may_cover(request);
        } else {
            found.denies |= statement.certainly_covers(request);
        }
    }
    found
}

impl RoleStatement<'_> {
    /// Whether it may name that action.
    pub fn may_have(&self, action: &str) -> bool {
        let fits = |pattern: &Words<'_>| {
            // What is not known, and wildcards, are no ASCII here.
            if pattern.text.is_ascii() {
                return pattern.text.eq_ignore_ascii_case(action);
            }
            let letters: Vec<PatternPiece<'_>> = action.chars().map(PatternPiece::Letter).collect();
            let pieces: Vec<PatternPiece<'_>> = wildcard_pieces(&pattern.text);
            overlap(&pieces, &letters, Case::Ignored)
        };
        if self.not_action {
            // Where a pattern is open, it may leave the action out or not.
            return !self.actions.iter().any(|pattern| pattern.is_known_but_for_stars() && fits(pattern));
        }
        self.actions.iter().any(fits)
    }

    /// Whether it names that action by a text that is known.
    fn certainly_has(&self, action: &str) -> bool {
        let fits = |pattern: &Words<'_>| {
            pattern.is_known_but_for_stars() && wildcard_matches(&pattern.plain(), action, true)
        };
        if self.not_action {
            return self.actions.iter().all(|it| it.is_known_but_for_stars())
                && !self.actions.iter().any(fits);
        }
        self.actions.iter().any(fits)
    }

    fn may_cover(&self, request: Demand<'_>) -> bool {
        self.may_have(request.action)
            && request.resources.iter().any(|resource| self.may_name(resource))
            && self.conditions.iter().all(|condition| condition.may_hold(request.context))
    }

    /// Whether its resources may be that one.
    pub fn may_name(&self, resource: &Words<'_>) -> bool {
        if self.resources_are_open {
            return true;
        }
        if self.not_resource {
            return !self.resources.iter().any(|pattern| pattern.covers(resource));
        }
        self.resources.iter().any(|pattern| pattern.may_be(resource))
    }

    fn certainly_covers(&self, request: Demand<'_>) -> bool {
        !self.is_maybe
            && !self.conditions_are_open
            && self.conditions.is_empty()
            && self.certainly_has(request.action)
            && !self.resources_are_open
            && request.resources.iter().all(|resource| {
                let covered = self.resources.iter().any(|pattern| pattern.covers(resource));
                if self.not_resource {
                    !self.resources.iter().any(|pattern| pattern.may_be(resource))
                } else {
                    covered
                }
            })
    }
}

impl Words<'_> {
    /// Whether nothing but wildcards stands in it beside letters.
    fn is_known_but_for_stars(&self) -> bool {
        self.plain().chars().all(|letter| (letter as u32) < 0xE000)
    }

    /// With its wildcards as they are written.
    pub fn plain(&self) -> String {
        self.text.replace(super::marks::STAR, "*").replace(super::marks::ONE, "?")
    }
}

fn wildcard_pieces(text: &str) -> Vec<PatternPiece<'_>> {
    text.chars()
        .map(|letter| match letter {
            super::marks::STAR | super::marks::ANY | super::marks::PART => PatternPiece::Any,
            super::marks::ONE => PatternPiece::One,
            letter if (letter as u32) >= 0xE000 => PatternPiece::Any,
            letter => PatternPiece::Letter(letter),
        })
        .collect()
}

impl RoleCondition<'_> {
    /// Whether it may hold for a request with these keys; `true` where that is not known.
    pub fn may_hold(&self, context: &[(&str, &str)]) -> bool {
        let Some((_, value)) = context.iter().find(|(key, _)| key.eq_ignore_ascii_case(&self.key)) else {
            return true;
        };
        if self.is_open || !self.values.iter().all(Words::is_known_but_for_stars) {
            return true;
        }
        let Some(operator) = catalog::parse_operator(&self.operator) else { return true };
        let is_like = self.operator.to_ascii_lowercase().contains("like");
        if operator.base.family != Family::String && !self.operator.to_ascii_lowercase().contains("arn") {
            return true;
        }
        let fits = self.values.iter().any(|pattern| {
            let pattern = pattern.plain();
            if is_like {
                wildcard_matches(&pattern, value, false)
            } else {
                pattern == *value || self.operator.contains("Ignore") && pattern.eq_ignore_ascii_case(value)
            }
        });
        fits != operator.base.negated
    }
}

/// Where a policy document of Terraform names others that go into it.
pub const JOINED: [&str; 4] =
    ["source_policy_documents", "override_policy_documents", "source_json", "override_json"];

impl<'a> Project<'a> {
    /// The statements of a policy; `None` where not all of them are known.
    pub fn statements(
        &self,
        file: &'a Arc<FileSummary>,
        item: &'a Content,
    ) -> Option<Vec<RoleStatement<'a>>> {
        self.statements_at(file, item, 0)
    }

    fn statements_at(
        &self,
        file: &'a Arc<FileSummary>,
        item: &'a Content,
        depth: usize,
    ) -> Option<Vec<RoleStatement<'a>>> {
        if depth > 4 {
            return None;
        }
        let (file, item) = self.followed(file, item);
        match &item.node {
            Node::Map(_) => {
                let mut found = Vec::new();
                let list = item.all("Statement").flat_map(Content::items);
                for statement in list {
                    self.push_statement(file, statement, false, &mut found)?;
                }
                for more in JOINED {
                    for document in item.get(more).into_iter().flat_map(Content::items) {
                        found.extend(self.statements_at(file, document, depth + 1)?);
                    }
                }
                Some(found)
            }
            _ => {
                let at = self.target(file, item).filter(|at| at.kind_name() == "policy-document")?;
                if at.resource.is_partial {
                    return None;
                }
                let mut found = self.statements_at(at.file, &at.resource.body, depth + 1)?;
                found.iter_mut().for_each(|statement| statement.is_maybe |= at.resource.is_conditional);
                Some(found)
            }
        }
    }

    fn push_statement(
        &self,
        file: &'a Arc<FileSummary>,
        item: &'a Content,
        is_maybe: bool,
        found: &mut Vec<RoleStatement<'a>>,
    ) -> Option<()> {
        match &item.node {
            Node::Map(_) => {
                let reads = |item: &'a Content| self.words(file, item, true);
                found.push(RoleStatement { is_maybe, file: Some(file), ..statement(item, &reads)? });
                Some(())
            }
            Node::Choice(items) => items
                .iter()
                .flat_map(Content::items)
                .try_for_each(|item| self.push_statement(file, item, true, found)),
            Node::List(items) => {
                items.iter().try_for_each(|item| self.push_statement(file, item, is_maybe, found))
            }
            Node::Nothing => Some(()),
            Node::Text(_) | Node::Open => {
                let (file, led) = self.followed(file, item);
                match &led.node {
                    Node::Map(_) | Node::List(_) => self.push_statement(file, led, is_maybe, found),
                    _ => None,
                }
            }
        }
    }
}

/// One statement, whose texts are read by `words`. `None` where it is no statement.
pub fn statement<'a>(
    item: &'a Content,
    words: &dyn Fn(&'a Content) -> Option<Words<'a>>,
) -> Option<RoleStatement<'a>> {
    let allows = match item.get("Effect") {
        None => true,
        Some(effect) => effect.text().is_none_or(|text| text == "Allow"),
    };
    let list = |names: [&str; 2]| -> Option<(Vec<Words<'a>>, bool)> {
        let value = names.iter().find_map(|name| item.get(name))?;
        let mut open = false;
        let mut found = Vec::new();
        collect(value, words, &mut found, &mut open);
        Some((found, open))
    };
    let (actions, not_action, actions_are_open) =
        match (list(["Action", "actions"]), list(["NotAction", "not_actions"])) {
            (Some((actions, open)), _) => (actions, false, open),
            (None, Some((actions, open))) => (actions, true, open),
            (None, None) => (Vec::new(), false, false),
        };
    let (resources, not_resource, resources_are_open) =
        match (list(["Resource", "resources"]), list(["NotResource", "not_resources"])) {
            (Some((resources, open)), _) => (resources, false, open),
            (None, Some((resources, open))) => (resources, true, open),
            // A trust policy has none.
            (None, None) => (Vec::new(), false, false),
        };
    let mut actions = actions;
    if actions_are_open {
        actions.push(Words { text: super::marks::ANY.to_string(), ..Words::default() });
    }
    let (conditions, conditions_are_open) = conditions(item, words);
    let list_at = |names: [&str; 2]| {
        let value = names.iter().find_map(|name| item.get(name))?;
        matches!(value.node, Node::List(_)).then(|| value.span())
    };
    Some(RoleStatement {
        action_list: list_at(["Action", "actions"]),
        resource_list: list_at(["Resource", "resources"]),
        is_shared: false,
        allows,
        actions,
        not_action,
        resources,
        not_resource,
        resources_are_open,
        conditions,
        conditions_are_open,
        is_maybe: false,
        principals: item.get("Principal").or_else(|| item.get("principals")),
        has_more_principals: item.all("principals").nth(1).is_some(),
        file: None,
        span: item.span(),
        resource_span: item.get("Resource").or_else(|| item.get("resources")).unwrap_or(item).span(),
    })
}

fn collect<'a>(
    item: &'a Content,
    words: &dyn Fn(&'a Content) -> Option<Words<'a>>,
    found: &mut Vec<Words<'a>>,
    open: &mut bool,
) {
    match &item.node {
        Node::List(items) | Node::Choice(items) => {
            items.iter().for_each(|item| collect(item, words, found, open));
        }
        Node::Nothing => {}
        Node::Map(_) | Node::Open => *open = true,
        Node::Text(_) => match words(item) {
            // A reference to a list.
            Some(text) if text.is_open() => *open = true,
            Some(text) => found.push(text),
            None => *open = true,
        },
    }
}

fn conditions<'a>(
    item: &'a Content,
    words: &dyn Fn(&'a Content) -> Option<Words<'a>>,
) -> (Vec<RoleCondition<'a>>, bool) {
    let mut found = Vec::new();
    let mut is_open = false;
    let mut add = |operator: &str, key: &str, value: &'a Content| {
        let (mut values, mut open) = (Vec::new(), false);
        collect(value, words, &mut values, &mut open);
        found.push(RoleCondition {
            operator: operator.into(),
            key: key.into(),
            values,
            is_open: open,
            span: value.span(),
        });
    };
    for block in item.all("Condition") {
        // `condition { test = "StringEquals" … }` of Terraform.
        if let (Some(test), Some(variable), Some(values)) =
            (block.get("test"), block.get("variable"), block.get("values"))
        {
            match (test.text(), words(variable)) {
                (Some(test), Some(variable)) => add(test, &variable.shown, values),
                _ => is_open = true,
            }
            continue;
        }
        is_open |= !matches!(block.node, Node::Map(_));
        for (operator, keys) in block.members() {
            is_open |= !matches!(keys.node, Node::Map(_));
            for (key, value) in keys.members() {
                add(operator, key, value);
            }
        }
    }
    (found, is_open)
}

/// Whether an action pattern stands for exactly one action.
pub fn is_plain_action(pattern: &str) -> bool {
    !catalog::is_wildcard(pattern)
}
