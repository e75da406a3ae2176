use super::covering;
use crate::access;
use crate::catalog::wildcard_covers;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::value::{Member, Object, Value};
use crate::host::{Edit, OfUnit, Placed};
use crate::model::{Policy, PolicyContext, Statement};
use crate::rules::Rule;
use std::hash::{DefaultHasher, Hash, Hasher};

declare_rule! {
    /// Finds statements that say nothing that another statement of the policy does not say already: the
    /// same, in whatever order and spelling, or a part of it.
    ///
    /// They cost characters of the policy's limit, and whoever removes the narrow one later takes no
    /// permission away.
    ///
    /// ```json
    /// [
    ///   { "Effect": "Allow", "Action": "ecs:*", "Resource": "*" },
    ///   { "Effect": "Allow", "Action": "ecs:RunTask", "Resource": "*" }
    /// ]
    /// ```
    ///
    /// Remove the statement that is covered, or the wide one if it is too wide. In policies of more than
    /// forty statements only equal ones are found.
    ///
    /// AWS: "IAM Access Analyzer policy check reference".
    pub RedundantStatement {
        id: "redundant-statement",
        group: Policy,
        reads: [Policy],
        templates: Silent,
        cases: ["covered", "same"],
        severity: Info,
        confidence: High,
        level: Default,
        summary: "a statement says nothing that another one does not say",
        sources: ["access-analyzer/REDUNDANT_STATEMENT"],
        fix: Safe,
        since: "0.1.0",
    }
}

/// No limit of AWS leaves room for more; what is longer has other troubles.
const LARGEST: usize = 1_000;
/// Up to here each statement is compared with each.
const COMPARED: usize = 40;
/// How many comparisons of entries a policy may cost.
const BUDGET: usize = 4_000;

impl Rule for RedundantStatement {
    fn check_policy(&self, policy: Policy<'_>, _: &PolicyContext, acc: &mut Findings) {
        let units = policy.units();
        if units.len() < 2 || units.len() > LARGEST {
            return;
        }
        // Of those that say the same, the first comes first.
        let mut digests: Vec<(u64, usize)> = (units.iter().enumerate())
            .filter_map(|(index, placed)| Some((placed.unit.known::<Digest>().0?, index)))
            .collect();
        digests.sort_unstable();
        let mut judged = Vec::with_capacity(digests.len());
        let mut same: Vec<(usize, usize)> = Vec::new();
        for group in digests.chunk_by(|one, other| one.0 == other.0) {
            judged.push(group[0].1);
            same.extend(group[1..].iter().map(|(_, index)| (*index, group[0].1)));
        }
        same.sort_unstable();
        for (index, known) in same {
            report(&units[index], &units[known], true, acc);
        }
        judged.sort_unstable();
        let judged: Vec<(usize, Statement<'_>)> = judged
            .into_iter()
            .filter_map(|index| Some((index, Statement { object: units[index].unit.value.as_object()? })))
            .collect();
        if judged.len() < 2 || judged.len() > COMPARED {
            return;
        }
        let wide = ByResource::of(&judged);
        if wide.differ() {
            return;
        }
        let mut budget = BUDGET;
        for (index, narrow) in &judged {
            let by = wide.candidates(*narrow).find(|candidate| {
                let (other, wide) = &judged[*candidate];
                // Of two that cover each other, the later one goes.
                other != index
                    && is_part(*narrow, *wide, &mut budget)
                    && !(index < other && is_part(*wide, *narrow, &mut budget))
            });
            if let Some(by) = by {
                report(&units[*index], &units[judged[by].0], false, acc);
            }
        }
    }
}

/// Statements by what their resources begin with: most statements differ in that, and each is compared on
/// every keystroke.
struct ByResource<'a> {
    /// What stands before the first wildcard of a resource, sorted, each with its statement.
    starts: Vec<(&'a str, usize)>,
    /// How long those are, from the shortest on.
    lengths: Vec<usize>,
    /// How many there are.
    count: usize,
}

impl<'a> ByResource<'a> {
    fn of(statements: &[(usize, Statement<'a>)]) -> ByResource<'a> {
        let starts_of = |(index, (_, statement)): (usize, &(usize, Statement<'a>))| {
            statement.listed_resources().map(move |resource| (covering::start(&resource.text), index))
        };
        let mut starts: Vec<(&'a str, usize)> = statements.iter().enumerate().flat_map(starts_of).collect();
        let mut lengths: Vec<usize> = starts.iter().map(|(start, _)| start.len()).collect();
        starts.sort_unstable();
        lengths.sort_unstable();
        lengths.dedup();
        ByResource { starts, lengths, count: statements.len() }
    }

    /// Whether no statement's resources begin as those of another do: none covers another then.
    fn differ(&self) -> bool {
        let has_resources = |index: usize| self.starts.iter().any(|(_, of)| *of == index);
        let overlap = |pair: &[(&str, usize)]| pair[0].1 != pair[1].1 && pair[1].0.starts_with(pair[0].0);
        // What begins alike stands together.
        !self.starts.windows(2).any(overlap) && (0..self.count).all(has_resources)
    }

    /// The statements that may cover the first resource of that one; all where it has none.
    fn candidates(&self, narrow: Statement<'a>) -> impl Iterator<Item = usize> + use<'a, '_> {
        let first = narrow.listed_resources().next().map(|resource| covering::start(&resource.text));
        let starts = first.into_iter().flat_map(move |start| {
            let lengths = self.lengths.iter().take_while(move |length| **length <= start.len());
            lengths.filter_map(move |length| Some(self.starting(start.get(..*length)?)))
        });
        let all = if first.is_none() { self.count } else { 0 };
        starts.flatten().map(|(_, index)| *index).chain(0..all)
    }

    /// Those with exactly that start.
    fn starting(&self, start: &str) -> &[(&'a str, usize)] {
        let from = self.starts.partition_point(|(known, _)| *known < start);
        let count = self.starts[from..].iter().take_while(|(known, _)| *known == start).count();
        &self.starts[from..from + count]
    }
}

fn report(placed: &Placed, by: &Placed, is_same: bool, acc: &mut Findings) {
    let Some(object) = placed.unit.value.as_object() else { return };
    let Some(wide) = by.unit.value.as_object() else { return };
    let called = |object: &Object| match object.string("Sid").filter(|sid| !sid.text.is_empty()) {
        Some(sid) => format!("the statement `{}`", sid.text),
        None => "another statement".to_string(),
    };
    let (message, case) = if is_same {
        (format!("{} says the same", called(wide)), "same")
    } else {
        (format!("{} covers all that this one says", called(wide)), "covered")
    };
    acc.report(object.open().shifted(placed.base), message)
        .case(case)
        .related(wide.open().shifted(by.base), "this one")
        .note("The statement changes nothing. Remove it, or the other one if that is wider than meant.")
        .fix(Fix::safe("Remove the statement", vec![Edit::RemoveItem { span: placed.span() }]));
}

/// Whether all that `narrow` says is said by `wide`. Each statement is judged by what it lists; two that
/// say the same are found otherwise.
fn is_part(narrow: Statement<'_>, wide: Statement<'_>, budget: &mut usize) -> bool {
    let is_plain = |it: Statement<'_>| !it.object.has("NotAction") && !it.object.has("NotResource");
    if narrow.effect() != wide.effect() || !is_plain(narrow) || !is_plain(wide) {
        return false;
    }
    // Most statements differ in their first action: that is told before anything else is looked at.
    let mut all = |name: &str, covers: fn(&str, &str) -> bool| {
        let (narrow, wide) = (entries(narrow, name), entries(wide, name));
        *budget = budget.saturating_sub(narrow.len());
        *budget > 0
            && narrow.is_empty() == wide.is_empty()
            && texts(narrow).all(|entry| {
                *budget = budget.saturating_sub(wide.len());
                *budget > 0 && texts(wide).any(|pattern| covers(pattern, entry))
            })
    };
    let action_covers = |pattern: &str, other: &str| wildcard_covers(pattern, other, true);
    let same_or_covers =
        |pattern: &str, other: &str| pattern == other || access::resource_covers(pattern, other);
    if !all("Action", action_covers) || !all("Resource", same_or_covers) {
        return false;
    }
    let equal = |name: &str| meaning(narrow.object.get(name), name) == meaning(wide.object.get(name), name);
    let has_condition = wide.object.object("Condition").is_some_and(|it| !it.members.is_empty());
    (!has_condition || equal("Condition")) && equal("Principal") && equal("NotPrincipal")
}

fn entries<'a>(statement: Statement<'a>, name: &str) -> &'a [Value] {
    statement.object.get(name).map_or(&[], Value::one_or_many)
}

fn texts(entries: &[Value]) -> impl Iterator<Item = &str> {
    entries.iter().filter_map(Value::as_string).map(|string| &*string.text)
}

/// What a statement says, in a number: order, and how often something is listed, do not count. `None`
/// where a part of it is not known, or it is not a statement.
struct Digest(Option<u64>);

impl OfUnit for Digest {
    fn of(value: &Value) -> Digest {
        let object = value.as_object().filter(|object| {
            let is_known = |member: &Member| !is_open(&member.value) && !member.name.has_unknown();
            object.has("Effect") && object.members.iter().all(is_known)
        });
        Digest(object.map(|object| {
            let members = object.members.iter().filter(|member| &*member.name.text != "Sid");
            members.fold(0u64, |sum, member| {
                let name = &*member.name.text;
                sum.wrapping_add(hash(&(name, meaning(Some(&member.value), name))))
            })
        }))
    }
}

/// Whether a part of it is not known.
fn is_open(value: &Value) -> bool {
    match value {
        Value::String(string) => string.has_unknown(),
        Value::Object(object) => {
            object.members.iter().any(|member| member.name.has_unknown() || is_open(&member.value))
        }
        Value::Array(array) => array.items.iter().any(is_open),
        Value::Unknown(_) | Value::Missing(_) | Value::Apart(_) => true,
        Value::Number(_) | Value::Bool(..) | Value::Null(_) => false,
    }
}

fn meaning(value: Option<&Value>, name: &str) -> u64 {
    match value {
        None | Some(Value::Null(_)) => 0,
        Some(Value::Object(object)) => object.members.iter().fold(1, |sum, member| {
            let name = member.name.text.to_ascii_lowercase();
            sum.wrapping_add(hash(&(&name, meaning(Some(&member.value), &name))))
        }),
        Some(Value::Array(array)) => {
            let mut items: Vec<u64> = array.items.iter().map(|item| meaning(Some(item), name)).collect();
            items.sort_unstable();
            items.dedup();
            match items.as_slice() {
                [only] => *only,
                _ => hash(&items),
            }
        }
        Some(Value::String(string)) if matches!(name, "Action" | "NotAction") => {
            hash(&string.text.to_ascii_lowercase())
        }
        Some(Value::String(string)) => hash(&*string.text),
        Some(Value::Number(number)) => hash(&*number.text),
        // `"true"` and `true` are one to IAM.
        Some(Value::Bool(value, _)) => hash(if *value { "true" } else { "false" }),
        Some(Value::Unknown(_) | Value::Missing(_) | Value::Apart(_)) => 2,
    }
}

fn hash(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
