//! Looks for a request that one side allows and the other does not.

use super::candidates::{self, KeyTest, PatternText};
use super::language::TooMany;
use crate::access::evaluate::{Eyes, naming, resource_matches};
use crate::access::{Caller, Given, Request, RequestContext, Truth, arn_fits, holds};
use crate::catalog::{self, Action, Arn, wildcard_matches};
use crate::host::value::{StringValue, Value};
use crate::model::{Effect, Policy, PolicyVariable, PolicyVersion, Statement};
use crate::text::Span;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Access that one side gives and the other does not.
#[derive(Debug, Clone)]
pub struct Gain<'a> {
    /// Which policy of the side, and which of its statements allows it.
    pub policy: usize,
    pub statement: usize,
    pub allowed_by: Statement<'a>,
    /// Patterns of the statement, or the actions themselves where less than a pattern is gained.
    pub actions: Vec<String>,
    pub resources: Vec<String>,
    pub witness: Witness,
}

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    pub principal: String,
    pub action: String,
    pub resource: String,
    pub context: Vec<(String, Vec<String>)>,
}

impl std::fmt::Display for Witness {
    /// In words.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} may {} on {}", self.principal, self.action, self.resource)?;
        for (number, (key, values)) in self.context.iter().enumerate() {
            let word = if number == 0 { " with" } else { "," };
            write!(f, "{word} {key} = {}", values.join(" and "))?;
        }
        Ok(())
    }
}

/// What could not be told, and why.
#[derive(Debug, Clone)]
pub struct Undecided {
    pub policy: usize,
    pub statement: usize,
    pub actions: Vec<String>,
    pub why: String,
}

/// How often both sides are asked about one group of actions.
const QUESTIONS: usize = 40_000;

/// How many groups of actions are looked at for one statement.
const GROUPS: usize = 400;

/// How many entries of `Resource` are looked at one by one.
const RESOURCES: usize = 50;

/// A statement of either side.
#[derive(Clone, Copy)]
struct Told<'a> {
    statement: Statement<'a>,
    version: PolicyVersion,
    says_who: bool,
}

impl Told<'_> {
    fn variables(&self) -> bool {
        matches!(self.version, PolicyVersion::V2012 | PolicyVersion::Other)
    }

    fn applies(&self, request: &Request) -> Truth {
        let holds = holds(self.statement, self.version, request);
        if !self.says_who || holds.is_no() {
            return holds;
        }
        holds.and(naming(self.statement, &request.caller).at_all())
    }
}

/// What one side says of a request.
fn allows(side: &[Told<'_>], request: &Request) -> Truth {
    let mut allowed = Truth::No;
    let mut denied = Truth::No;
    for told in side {
        let applies = told.applies(request);
        match told.statement.effect() {
            Some(Effect::Deny) => denied = denied.or(applies),
            Some(Effect::Allow) => allowed = allowed.or(applies),
            None => {}
        }
        if denied.is_yes() {
            return Truth::No;
        }
    }
    allowed.and(!denied)
}

fn statements<'a>(policies: &[Policy<'a>]) -> Vec<(usize, usize, Told<'a>)> {
    let mut all = Vec::new();
    for (number, policy) in policies.iter().enumerate() {
        let says_who = policy.kind().takes_principal();
        for (index, placed) in policy.units().iter().enumerate() {
            if let Some(object) = placed.unit.value.as_object() {
                let statement = Statement { object };
                all.push((number, index, Told { statement, version: policy.version(), says_who }));
            }
        }
    }
    all
}

/// Actions that both sides treat alike.
struct Group {
    actions: Vec<String>,
    /// Of their resources, as far as a pattern tells them from others.
    formats: Vec<&'static str>,
    /// A resource that no pattern names; `None` where every one may be named.
    typical: Option<String>,
    is_known: bool,
}

/// What `more` allows and `less` does not.
pub fn gains<'a>(more: &[Policy<'a>], less: &[Policy<'a>]) -> (Vec<Gain<'a>>, Vec<Undecided>) {
    let (mut gained, mut undecided) = (Vec::new(), Vec::new());
    let own = statements(more);
    let other = statements(less);
    let all: Vec<Told<'a>> = own.iter().chain(&other).map(|(_, _, told)| *told).collect();
    for (policy, index, told) in &own {
        if told.statement.effect() != Some(Effect::Allow) {
            continue;
        }
        let mut found: Vec<(Vec<String>, Witness)> = Vec::new();
        let mut not_found: BTreeSet<String> = BTreeSet::new();
        let groups = groups(*told, &all);
        let is_cut = groups.len() > GROUPS;
        let mut is_open = false;
        for group in groups.into_iter().take(GROUPS) {
            let speaks = |told: &&Told<'a>| takes(told.statement, &group.actions[0]);
            let side = |told: &[(usize, usize, Told<'a>)]| -> Vec<Told<'a>> {
                told.iter().map(|(_, _, told)| told).filter(speaks).copied().collect()
            };
            let search =
                |within| Search { told: *told, more: side(&own), less: side(&other), within, asked: 0 };
            let came = search(None).run(&group);
            if let Came::Found(witness) = &came
                && group.is_known
            {
                // What is gained on the statement's other resources.
                let shown = matching(*told, witness);
                let others = told.statement.listed_resources().filter(|it| !shown.contains(&&*it.text));
                for string in others.take(RESOURCES) {
                    let within = PatternText { string, variables: told.variables() };
                    if let Came::Found(witness) = search(Some(within)).run(&group) {
                        found.push((group.actions.clone(), witness));
                    }
                }
            }
            match came {
                Came::Found(witness) if group.is_known => found.push((group.actions, witness)),
                Came::Found(_) => undecided.push(Undecided {
                    policy: *policy,
                    statement: *index,
                    why: "this is no action that passrole knows, so it is not known whether it exists"
                        .to_string(),
                    actions: group.actions,
                }),
                Came::None => not_found.extend(group.actions),
                Came::Open(why) => {
                    is_open = true;
                    let (policy, statement) = (*policy, *index);
                    undecided.push(Undecided {
                        policy,
                        statement,
                        actions: patterns_of(*told, &group.actions),
                        why,
                    });
                }
            }
        }
        if is_cut && found.is_empty() && !is_open {
            let why = "the policies tell more kinds of actions apart than are looked at".to_string();
            let actions = listed(*told);
            undecided.push(Undecided { policy: *policy, statement: *index, actions, why });
        }
        // One entry for each set of actions.
        let mut by_actions: Vec<(Vec<String>, Gain<'a>)> = Vec::new();
        for (actions, witness) in found {
            let resources = resources_of(*told, &witness);
            match by_actions.iter_mut().find(|(own, _)| *own == actions) {
                Some((_, entry)) => {
                    let more =
                        resources.into_iter().filter(|it| !entry.resources.contains(it)).collect::<Vec<_>>();
                    entry.resources.extend(more);
                }
                None => by_actions.push((
                    actions.clone(),
                    Gain {
                        policy: *policy,
                        statement: *index,
                        allowed_by: told.statement,
                        actions,
                        resources,
                        witness,
                    },
                )),
            }
        }
        // And of those one for each set of resources.
        let mut entries: Vec<Gain<'a>> = Vec::new();
        for (_, gain) in by_actions {
            match entries.iter_mut().find(|entry| entry.resources == gain.resources) {
                Some(entry) => entry.actions.extend(gain.actions),
                None => entries.push(gain),
            }
        }
        for entry in &mut entries {
            entry.actions = named(*told, std::mem::take(&mut entry.actions), &not_found);
        }
        gained.extend(entries);
    }
    (gained, undecided)
}

fn listed(told: Told<'_>) -> Vec<String> {
    told.statement.listed_actions().map(|it| it.text().to_string()).collect()
}

/// The patterns of a statement that take one of these actions.
fn patterns_of(told: Told<'_>, actions: &[String]) -> Vec<String> {
    let takes_one = |pattern: &String| actions.iter().any(|action| wildcard_matches(pattern, action, true));
    let found: Vec<String> = listed(told).into_iter().filter(takes_one).collect();
    if found.is_empty() { actions.to_vec() } else { found }
}

/// Actions by the statement's patterns, where everything under one is gained; otherwise by themselves.
fn named(told: Told<'_>, actions: Vec<String>, not_gained: &BTreeSet<String>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut left: BTreeSet<String> = actions.into_iter().collect();
    for pattern in listed(told) {
        let takes = |action: &String| wildcard_matches(&pattern, action, true);
        if left.iter().any(takes) && !not_gained.iter().any(takes) {
            left.retain(|action| !takes(action));
            names.push(pattern);
        }
    }
    names.extend(left);
    names
}

/// The entries of `Resource` that a request fits.
fn matching<'a>(told: Told<'a>, witness: &Witness) -> Vec<&'a str> {
    let mut context = RequestContext::closed();
    for (key, values) in &witness.context {
        values.iter().for_each(|value| context.add(key, value));
    }
    let Ok(caller) = Caller::parse(&witness.principal) else { return Vec::new() };
    let request = Request::of(caller, &witness.action, &witness.resource, context);
    let eyes = Eyes { context: &request.context, variables: told.variables() };
    let fits = |resource: &&StringValue| resource_matches(resource, &request.resource, eyes).is_yes();
    told.statement.listed_resources().filter(fits).map(|it| &*it.text).collect()
}

/// The same; `*` where the statement does not list what it is about.
fn resources_of(told: Told<'_>, witness: &Witness) -> Vec<String> {
    let found: Vec<String> = matching(told, witness).into_iter().map(String::from).collect();
    if found.is_empty() { vec!["*".to_string()] } else { found }
}

/// Whether a statement speaks of an action.
fn takes(statement: Statement<'_>, action: &str) -> bool {
    let fits = |value: &Value| match value {
        Value::String(text) => &*text.text == "*:*" || wildcard_matches(&text.text, action, true),
        _ => true,
    };
    if let Some(value) = statement.object.get("Action") {
        return value.one_or_many().iter().any(fits);
    }
    statement.object.get("NotAction").is_some_and(|value| !value.one_or_many().iter().any(fits))
}

/// The actions of a statement, those together that no statement and no pattern of resources tells apart.
fn groups(told: Told<'_>, all: &[Told<'_>]) -> Vec<Group> {
    let mut known: BTreeMap<String, Option<Action>> = BTreeMap::new();
    if told.statement.object.has("Action") {
        for pattern in told.statement.listed_actions() {
            let mut any = false;
            for action in catalog::expand(if pattern.is_everything() { "*" } else { pattern.text() }) {
                any = true;
                known.insert(action.to_string(), Some(action));
            }
            if !any && !pattern.has_wildcard() && pattern.name.is_some() {
                known.insert(pattern.text().to_string(), None);
            }
        }
    } else {
        let takes = catalog::expand("*").filter(|action| takes(told.statement, &action.to_string()));
        known.extend(takes.map(|action| (action.to_string(), Some(action))));
    }
    let mut found: HashMap<(Vec<bool>, Vec<&'static str>, bool), usize> = HashMap::new();
    let mut groups: Vec<Group> = Vec::new();
    // What a set of statements names.
    let mut named_by: HashMap<Vec<bool>, Vec<&StringValue>> = HashMap::new();
    for (name, action) in known {
        let speaks: Vec<bool> = all.iter().map(|told| takes(told.statement, &name)).collect();
        let named = named_by.entry(speaks.clone()).or_insert_with(|| {
            let told = all.iter().zip(&speaks).filter(|(_, speaks)| **speaks).map(|(told, _)| told);
            told.flat_map(|told| told.statement.resources()).filter(|it| &*it.text != "*").collect()
        });
        let mut formats: Vec<&'static str> = match action {
            Some(action) => action.resource_types().flat_map(|it| it.resource_type.arn_formats()).collect(),
            None => Vec::new(),
        };
        formats.sort_unstable();
        formats.dedup();
        let typical = match formats.first() {
            Some(format) => candidates::typical_resource(format),
            None => "*".to_string(),
        };
        let before = formats.len();
        formats.retain(|format| {
            let fits = |it: &&StringValue| match Arn::parse(&it.text) {
                Ok(arn) => arn_fits(&arn, format, it.open_parts()),
                // Its stars may stand for several parts.
                Err(_) => true,
            };
            named.iter().any(fits)
        });
        // What no pattern names is alike.
        let is_typical = formats.len() < before || before == 0;
        let key = (speaks, formats.clone(), is_typical);
        if action.is_some()
            && let Some(at) = found.get(&key)
        {
            groups[*at].actions.push(name);
            continue;
        }
        if action.is_some() {
            found.insert(key, groups.len());
        }
        let typical = is_typical.then_some(typical);
        groups.push(Group { actions: vec![name], formats, typical, is_known: action.is_some() });
    }
    groups
}

/// What a search came to.
enum Came {
    Found(Witness),
    None,
    Open(String),
}

struct Search<'a> {
    /// The statement that has to allow it.
    told: Told<'a>,
    more: Vec<Told<'a>>,
    less: Vec<Told<'a>>,
    /// The entry of `Resource` that has to fit, where one is asked about.
    within: Option<PatternText<'a>>,
    asked: usize,
}

/// Keys that a caller's ARN tells.
const OF_CALLER: [&str; 3] = ["aws:principalarn", "aws:principalaccount", "aws:principaltype"];

type Keys<'a> = BTreeMap<String, Vec<KeyTest<'a>>>;

impl<'a> Search<'a> {
    fn all(&self) -> impl Iterator<Item = Told<'a>> {
        self.more.iter().chain(&self.less).copied()
    }

    /// Every key with what is asked of it, in lower case.
    fn keys(&self) -> Keys<'a> {
        let mut keys = Keys::new();
        for told in self.all() {
            for condition in told.statement.condition_keys() {
                let Some(operator) = catalog::parse_operator(&condition.operator.text) else { continue };
                let tests = keys.entry(condition.key.text.to_ascii_lowercase()).or_default();
                let variables = told.variables() && operator.base.variables;
                tests.extend(condition.values().iter().map(|value| KeyTest { operator, value, variables }));
            }
        }
        keys
    }

    /// The keys that variables stand for, in lower case, with their defaults.
    fn variables(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for told in self.all().filter(Told::variables) {
            let values =
                told.statement.condition_keys().flat_map(|it| it.values()).filter_map(Value::as_string);
            for string in told.statement.resources().chain(values) {
                found.extend(PolicyVariable::all(string, false).map(|variable| {
                    variable.inside.split(',').next().unwrap_or_default().trim().to_ascii_lowercase()
                }));
            }
        }
        found
    }

    fn run(mut self, group: &Group) -> Came {
        let keys = self.keys();
        let mut variables: Vec<String> = self.variables().into_iter().collect();
        variables.retain(|key| !OF_CALLER.contains(&&**key));
        let Ok(caller) = Caller::parse(&format!("arn:aws:iam::{}:user/example", candidates::OWN)) else {
            return Came::None;
        };
        let request = Request::of(caller, &group.actions[0], "*", RequestContext::open());
        match self.variable(group, &keys, &variables, RequestContext::open(), request) {
            Ok(Some(witness)) => Came::Found(witness),
            Ok(None) => Came::None,
            Err(why) => Came::Open(why),
        }
    }

    /// Gives the keys that variables stand for a value each, one after the other.
    fn variable(
        &mut self,
        group: &Group,
        keys: &Keys<'a>,
        left: &[String],
        context: RequestContext,
        blank: Request,
    ) -> Result<Option<Witness>, String> {
        let Some((key, left)) = left.split_first() else {
            return self.placed(group, keys, &context, &blank);
        };
        let fresh = format!("example-{}", key.rsplit([':', '/']).next().unwrap_or_default());
        let eyes = Eyes { context: &blank.context, variables: true };
        let tests = keys.get(key).map_or(&[][..], Vec::as_slice);
        let mut values = candidates::values(tests, Some(&fresh), eyes).map_err(too_many)?;
        values.sort_by_key(|value| *value != fresh);
        let mut open = None;
        let given = values.into_iter().map(|value| Given::Values(vec![value.into()]));
        for given in given.chain([Given::Absent]) {
            let mut context = context.clone();
            context.set(key, given);
            let mut blank = blank.clone();
            blank.context = context.clone();
            match self.variable(group, keys, left, context, blank) {
                Ok(None) => {}
                Err(why) => open = Some(why),
                found => return found,
            }
        }
        open.map_or(Ok(None), Err)
    }

    /// Goes through callers and resources.
    fn placed(
        &mut self,
        group: &Group,
        keys: &Keys<'a>,
        context: &RequestContext,
        blank: &Request,
    ) -> Result<Option<Witness>, String> {
        let statements: Vec<(Statement<'_>, bool)> =
            self.all().filter(|told| told.says_who).map(|told| (told.statement, told.variables())).collect();
        let keyed: Vec<KeyTest<'a>> =
            OF_CALLER.iter().filter_map(|key| keys.get(*key)).flatten().copied().collect();
        let eyes = Eyes { context: &blank.context, variables: true };
        let callers = candidates::callers(&statements, &keyed, eyes).map_err(too_many)?;
        let wanted: Vec<PatternText<'_>> = self
            .all()
            .flat_map(|told| {
                let variables = told.variables();
                told.statement.resources().map(move |string| PatternText { string, variables })
            })
            .filter(|it| &*it.string.text != "*")
            .collect();
        let mut resources: Vec<String> = group.typical.iter().cloned().collect();
        if !group.formats.is_empty() {
            resources.extend(candidates::resources(&group.formats, &wanted, eyes).map_err(too_many)?);
        }
        if !group.is_known {
            resources.extend(wanted.iter().map(|it| it.string.text.replace(['*', '?'], "x")));
        }
        if let Some(within) = self.within {
            let fits = |resource: &String| {
                let resource = StringValue::plain(resource, Span::new(0, 0));
                let eyes = Eyes { context: &blank.context, variables: within.variables };
                !resource_matches(within.string, &resource, eyes).is_no()
            };
            resources.retain(fits);
        }
        // Values of keys, each with what the tests tell apart.
        let mut choices: Vec<(String, Vec<Given>)> = Vec::new();
        for (key, tests) in keys.iter().filter(|(key, _)| !OF_CALLER.contains(&&***key)) {
            if !matches!(context.look(key), Given::Unknown(_)) {
                continue;
            }
            let values = candidates::values(tests, None, eyes).map_err(too_many)?;
            choices.push((key.clone(), given_of(key, tests, values)));
        }
        // The keys of the statement itself first: most combinations fail there.
        let own: BTreeSet<String> =
            self.told.statement.condition_keys().map(|it| it.key.text.to_ascii_lowercase()).collect();
        choices.sort_by_key(|(key, given)| (!own.contains(key), given.len()));
        let mut open = None;
        for caller in &callers {
            let Ok(caller) = Caller::parse(caller) else { continue };
            for resource in &resources {
                let mut context = context.clone();
                if !caller.is_signed() {
                    OF_CALLER.iter().for_each(|key| context.set(key, Given::Absent));
                }
                let mut request = Request::of(caller.clone(), &group.actions[0], resource, context);
                match self.keyed(&mut request, &choices) {
                    Ok(None) => {}
                    Err(why) => open = Some(why),
                    found => return found,
                }
                if self.asked > QUESTIONS {
                    return Err("the conditions have more combinations than are tried".to_string());
                }
            }
        }
        open.map_or(Ok(None), Err)
    }

    fn witness(&self, request: &Request) -> Witness {
        let account = Arn::parse(&request.resource.text).map_or("", |arn| arn.account);
        let owner_is_told = catalog::is_account_id(account);
        // What a template fills in is no key.
        let is_template_s = |key: &str| !key.contains(':') || key.contains("::");
        let is_told = |key: &str| {
            OF_CALLER.contains(&key) || owner_is_told && key == "aws:resourceaccount" || is_template_s(key)
        };
        let context = request.context.given().into_iter().filter_map(|(key, given)| match given {
            Given::Values(values) if !is_told(key) => {
                Some((self.spelt(key), values.iter().map(ToString::to_string).collect()))
            }
            _ => None,
        });
        Witness {
            principal: request.caller.name.text.to_string(),
            action: request.action.to_string(),
            resource: request.resource.text.to_string(),
            context: context.collect(),
        }
    }

    /// A key as the policies spell it.
    fn spelt(&self, key: &str) -> String {
        let written = self.all().find_map(|told| {
            let mut keys = told.statement.condition_keys().map(|it| &*it.key.text);
            keys.find(|it| it.eq_ignore_ascii_case(key)).map(String::from)
        });
        written.unwrap_or_else(|| key.to_string())
    }

    fn keyed(
        &mut self,
        request: &mut Request,
        left: &[(String, Vec<Given>)],
    ) -> Result<Option<Witness>, String> {
        self.asked += 1;
        if self.asked > QUESTIONS {
            return Err("the conditions have more combinations than are tried".to_string());
        }
        let own = self.told.applies(request);
        if own.is_no() {
            return Ok(None);
        }
        let differs = own.and(allows(&self.more, request)).and(!allows(&self.less, request));
        match (&differs, left.split_first()) {
            (Truth::No, _) => Ok(None),
            (Truth::Yes, _) => Ok(Some(self.witness(request))),
            (Truth::Unknown(why), None) => Err(why.to_string()),
            (Truth::Unknown(_), Some(((key, _), rest)))
                if !matches!(request.context.look(key), Given::Unknown(_)) =>
            {
                self.keyed(request, rest)
            }
            (Truth::Unknown(_), Some(((key, choices), rest))) => {
                let before = request.context.clone();
                let mut open = None;
                for given in choices {
                    request.context.set(key, given.clone());
                    match self.keyed(request, rest) {
                        Ok(None) => {}
                        Err(why) => open = Some(why),
                        found => return found,
                    }
                }
                request.context = before;
                open.map_or(Ok(None), Err)
            }
        }
    }
}

fn too_many(_: TooMany) -> String {
    "the patterns have more combinations than are tried".to_string()
}

/// A key with one value, with several where it may have them, and absent.
fn given_of(key: &str, tests: &[KeyTest<'_>], values: Vec<String>) -> Vec<Given> {
    let is_set = tests.iter().any(|test| test.operator.qualifier.is_some())
        || catalog::global_key(key).is_some_and(|it| it.multivalued);
    let mut all: Vec<Given> = Vec::new();
    all.extend(values.iter().map(|value| Given::Values(vec![value.as_str().into()])));
    if is_set {
        for (at, first) in values.iter().enumerate().take(8) {
            for second in values.iter().skip(at + 1).take(8) {
                all.push(Given::Values(vec![first.as_str().into(), second.as_str().into()]));
            }
        }
    }
    all.push(Given::Absent);
    all
}
