//! Statements of policies with what they refer to, and whether they grant a request.

use super::lookup::Project;
use super::words::Words;
use crate::access::{Effects, Given, Reason, RequestContext, Spoken, Truth, condition_holds, fits};
use crate::catalog;
use crate::graph::FileSummary;
use crate::host::resource::{Content, Node};
use crate::host::value::{Array, Member, Object, StringValue, Value};
use crate::model::{Condition, Effect};
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
    /// What the request certainly has; everything else is open.
    pub context: &'r RequestContext,
}

impl<'r> Demand<'r> {
    /// The same, one resource at a time.
    fn each(self) -> impl Iterator<Item = Asked<'r>> {
        self.resources.iter().map(move |resource| Asked {
            action: self.action,
            resource,
            context: self.context,
        })
    }
}

/// A request for one resource.
#[derive(Clone, Copy)]
struct Asked<'r> {
    action: &'r str,
    resource: &'r Words<'r>,
    context: &'r RequestContext,
}

/// What statements, within a boundary if there is one, do to a request.
pub fn answer(
    statements: &[RoleStatement<'_>],
    boundary: Option<&[RoleStatement<'_>]>,
    request: Demand<'_>,
) -> Effects {
    let mut found = Effects { allowed: Truth::No, denied: Truth::Yes };
    for asked in request.each() {
        let own = effects(statements, asked);
        let own = boundary.map_or(own.clone(), |boundary| own.within(effects(boundary, asked)));
        // Of several resources the one that is allowed will do.
        found = Effects { allowed: found.allowed.or(own.granted()), denied: found.denied.and(own.denied) };
    }
    found
}

fn effects(statements: &[RoleStatement<'_>], asked: Asked<'_>) -> Effects {
    let mut found = Effects::default();
    for statement in statements {
        let effect = if statement.allows { Effect::Allow } else { Effect::Deny };
        found.add(effect, statement.fits(asked));
    }
    found
}

/// A request that certainly has these keys.
pub fn context_of(keys: &[(&str, &str)]) -> RequestContext {
    keys.iter().fold(RequestContext::open(), |context, (key, value)| context.with(key, value))
}

/// A statement before one request.
struct Heard<'r, 'a> {
    statement: &'r RoleStatement<'a>,
    asked: Asked<'r>,
}

impl Spoken for Heard<'_, '_> {
    fn action(&self) -> Option<Truth> {
        Some(self.statement.names_action(self.asked.action))
    }

    fn resource(&self) -> Option<Truth> {
        Some(self.statement.names_resource(self.asked.resource))
    }

    fn conditions(&self) -> Truth {
        self.statement.conditions_hold(self.asked.context)
    }
}

impl RoleStatement<'_> {
    fn fits(&self, asked: Asked<'_>) -> Truth {
        let found = fits(&Heard { statement: self, asked });
        if self.is_maybe { found.and(not_seen("whether a statement is there")) } else { found }
    }

    /// Whether it speaks of that action.
    pub fn names_action(&self, action: &str) -> Truth {
        let named = Truth::any(self.actions.iter().map(|pattern| pattern.is_action(action)));
        if self.not_action { !named } else { named }
    }

    /// Whether it may name that action.
    pub fn may_have(&self, action: &str) -> bool {
        !self.names_action(action).is_no()
    }

    /// Whether it is about that resource.
    fn names_resource(&self, resource: &Words<'_>) -> Truth {
        let open = self.resources_are_open.then(|| not_seen("all the resources of a statement"));
        let named = Truth::any(self.resources.iter().map(|pattern| pattern.names(resource)).chain(open));
        if self.not_resource { !named } else { named }
    }

    /// Whether its resources may be that one.
    pub fn may_name(&self, resource: &Words<'_>) -> bool {
        !self.names_resource(resource).is_no()
    }

    fn conditions_hold(&self, context: &RequestContext) -> Truth {
        let open = self.conditions_are_open.then(|| not_seen("all the conditions of a statement"));
        Truth::all(self.conditions.iter().map(|condition| condition.holds(context)).chain(open))
    }
}

fn not_seen(what: &str) -> Truth {
    Truth::unknown(Reason::NotSeen(what.into()))
}

impl RoleCondition<'_> {
    /// Whether it holds for a request.
    pub fn holds(&self, context: &RequestContext) -> Truth {
        let mut items: Vec<Value> =
            self.values.iter().map(|it| Value::String(it.string(self.span))).collect();
        if self.is_open {
            items.push(Value::String(StringValue::unknown(self.span)));
        }
        let plain = |text: &str| StringValue::plain(text, self.span);
        let value = Value::Array(Array { items, span: self.span });
        let members = vec![Member { name: plain(&self.key), value }];
        let (operator, keys) = (plain(&self.operator), Value::Object(Object { members, span: self.span }));
        condition_holds(Condition { operator: &operator, value: &keys }, context)
    }

    /// The same with its values in lower case.
    pub fn in_lower_case(&self) -> Self {
        let mut lower = self.clone();
        lower.values.iter_mut().for_each(|value| value.text.make_ascii_lowercase());
        lower
    }

    /// Whether it holds for no request with that text, of which parts may not be known, for its key.
    pub fn shuts_out(&self, given: &Words<'_>) -> bool {
        let mut context = RequestContext::open();
        context.set(&self.key, Given::Partly(given.string(self.span)));
        self.holds(&context).is_no()
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
