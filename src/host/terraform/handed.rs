//! What modules hand to each other: values into a module and out of it, and what is done with them there.

use super::parse::Block;
use super::structures;
use super::task_fields;
use crate::catalog::ModuleArgument;
use crate::host::DocumentKind;
use crate::host::value::{Array, Member, Object, StringValue, Value};
use crate::text::Span;
use std::collections::HashMap;
use std::sync::Arc;

/// What a module gets from those who call it, and what the modules give that it calls itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Handed {
    callers: Vec<Giver>,
    /// By variable, as a reference names it: what all callers give.
    agreed: HashMap<Box<str>, KnownValue>,
    /// Variables for which callers give different values, or some give one that is not known.
    split: Vec<Box<str>>,
    /// By the name of a call.
    called: HashMap<Box<str>, Arc<Called>>,
    /// By output: what callers do with it.
    wanted: HashMap<Box<str>, Vec<HandedTo>>,
}

/// Who calls a module, or gives values to the variables of a root.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Giver {
    /// As a sentence names it: `` `module.web` of `env/prod/main.tf` ``.
    pub title: Box<str>,
    /// What it gives, by argument; without its file.
    pub arguments: HashMap<Box<str>, KnownValue>,
    /// What it does with outputs.
    pub wanted: HashMap<Box<str>, Vec<HandedTo>>,
}

/// A module as those see it who call it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Called {
    /// By argument: what is done with it.
    pub takes: HashMap<Box<str>, Vec<HandedTo>>,
    /// What its outputs come to, as far as that is known.
    pub outputs: HashMap<Box<str>, KnownValue>,
}

/// A call of a module in a folder.
#[derive(Debug, Clone, PartialEq)]
pub struct CallOfModule {
    pub source: Box<str>,
    /// Values without their file, references left as they are.
    pub arguments: Vec<(Box<str>, Value)>,
}

/// What is done with a value that was handed over.
#[derive(Debug, Clone, PartialEq)]
pub enum HandedTo {
    Policy(Use),
    /// It holds the containers of a task definition.
    Containers(TaskAround),
    /// ARNs of policies that are attached.
    ManagedPolicies,
    Boundary,
    /// Services that may assume a role.
    Services,
    /// Others that may, as ARNs or by type.
    Principals,
}

/// What a policy document is used for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    pub kind: DocumentKind,
    /// The address of the resource that uses it.
    pub by: Box<str>,
    /// Where that is a role: its name, where it is known.
    pub role_name: Option<Box<str>>,
    /// The module that the resource is of, where that is another one.
    pub of_module: Option<Box<str>>,
}

impl Use {
    /// Why a document is taken for what it is.
    pub(super) fn reason(&self) -> String {
        match &self.of_module {
            Some(module) if *module != self.by => format!("`{}` of `{module}` uses it", self.by),
            _ => format!("`{}` uses it", self.by),
        }
    }
}

/// A task definition whose containers stand elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskAround {
    /// Its fields, but for the containers; without its file.
    pub head: Value,
    /// Whether all of its containers stand there.
    pub is_whole: bool,
}

/// A value that a name stands for.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownValue {
    pub value: Value,
    /// What it rests on beside what is written: nothing for a local.
    pub rests_on: Vec<Rest>,
}

/// What a value rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rest {
    /// As users name it: `var.cpu`.
    pub name: Box<str>,
    /// Who gives it; `None` for a default.
    pub given_by: Option<Box<str>>,
    /// Whether nobody can give another one there.
    pub is_certain: bool,
}

impl Rest {
    pub fn default_of(name: &str) -> Rest {
        Rest { name: name.into(), given_by: None, is_certain: false }
    }
}

impl KnownValue {
    pub fn certain(value: Value) -> KnownValue {
        KnownValue { value, rests_on: Vec::new() }
    }

    /// Whether no other value can be given.
    pub fn is_certain(&self) -> bool {
        self.rests_on.iter().all(|it| it.is_certain)
    }
}

impl KnownValue {
    /// The same as what somebody gives for a variable.
    pub fn given(self, argument: &str, by: &str) -> KnownValue {
        let rest = Rest {
            name: format!("var.{argument}").into(),
            given_by: Some(by.into()),
            is_certain: self.is_certain(),
        };
        KnownValue { value: self.value, rests_on: vec![rest] }
    }
}

impl HandedTo {
    /// The same as it is seen from outside of the module that does it.
    pub(super) fn within(&self, module: &str) -> HandedTo {
        match self {
            HandedTo::Policy(of) => {
                let of_module = match &of.of_module {
                    // Of a module that is known by its source.
                    Some(own) if *own == of.by => own.clone(),
                    Some(inner) => format!("{module}.{inner}").into(),
                    None => module.into(),
                };
                HandedTo::Policy(Use { of_module: Some(of_module), ..of.clone() })
            }
            other => other.clone(),
        }
    }
}

/// What a variable has.
pub(super) enum VariableValue<'a> {
    Known(&'a KnownValue),
    /// Callers disagree, or give something that is not known.
    Open,
    /// Nobody gives it.
    Nothing,
}

/// Callers beyond these are not told apart: where they disagree, nothing is known.
const TOLD_APART: usize = 8;

impl Handed {
    /// `default_of` tells the default of a variable, which those have who give nothing.
    pub fn of<'m>(
        callers: Vec<Giver>,
        called: HashMap<Box<str>, Arc<Called>>,
        default_of: impl Fn(&str) -> Option<&'m Value>,
    ) -> Handed {
        let mut names: Vec<&Box<str>> = callers.iter().flat_map(|caller| caller.arguments.keys()).collect();
        names.sort_unstable();
        names.dedup();
        let mut agreed = HashMap::new();
        let mut split = Vec::new();
        for name in names {
            let variable: Box<str> = format!("var.{name}").into();
            let default = default_of(&variable);
            let mut values = callers.iter().map(|caller| caller.value(name).map(|it| &it.value).or(default));
            let first = values.next().flatten();
            let is_same = first.is_some() && values.all(|value| value == first);
            match callers.iter().find_map(|caller| caller.value(name)) {
                Some(given) if is_same => {
                    agreed.insert(variable, given.clone());
                }
                _ => split.push(variable),
            }
        }
        let mut wanted: HashMap<Box<str>, Vec<HandedTo>> = HashMap::new();
        for (output, uses) in callers.iter().flat_map(|caller| &caller.wanted) {
            let known = wanted.entry(output.clone()).or_default();
            uses.iter().for_each(|it| add(known, it));
        }
        Handed { callers, agreed, split, called, wanted }
    }

    pub fn is_empty(&self) -> bool {
        self.callers.is_empty() && self.called.is_empty()
    }

    /// What a variable has for all callers, or for one of them.
    pub(super) fn given(&self, variable: &str, caller: Option<usize>) -> VariableValue<'_> {
        if let Some(known) = self.agreed.get(variable) {
            return VariableValue::Known(known);
        }
        if !self.split.iter().any(|it| **it == *variable) {
            return VariableValue::Nothing;
        }
        let Some(caller) = caller.and_then(|index| self.callers.get(index)) else {
            return VariableValue::Open;
        };
        let name = variable.strip_prefix("var.").unwrap_or(variable);
        match caller.arguments.get(name) {
            Some(known) if !matches!(known.value, Value::Unknown(_)) => VariableValue::Known(known),
            Some(_) => VariableValue::Open,
            None => VariableValue::Nothing,
        }
    }

    /// The variables for which callers have to be told apart, and how many callers there are.
    pub(super) fn split(&self) -> (&[Box<str>], usize) {
        let count = if self.callers.len() > TOLD_APART { 0 } else { self.callers.len() };
        (&self.split, count)
    }

    pub(super) fn called(&self, call: &str) -> Option<&Called> {
        self.called.get(call).map(|called| &**called)
    }

    pub(super) fn wanted(&self, output: &str) -> &[HandedTo] {
        self.wanted.get(output).map_or(&[], Vec::as_slice)
    }
}

impl Giver {
    fn value(&self, name: &str) -> Option<&KnownValue> {
        self.arguments.get(name)
    }
}

impl Called {
    /// The same under the name that a caller has for it.
    pub fn named(&self, call: &str) -> Called {
        let module = format!("module.{call}");
        let takes = self
            .takes
            .iter()
            .map(|(argument, taken)| (argument.clone(), taken.iter().map(|it| it.within(&module)).collect()));
        let outputs = self.outputs.iter().map(|(output, known)| {
            let value = foreign(known.value.clone(), &module);
            (output.clone(), KnownValue { value, rests_on: known.rests_on.clone() })
        });
        Called { takes: takes.collect(), outputs: outputs.collect() }
    }

    /// The same with what another says beside it.
    pub fn beside(mut self, other: &Called) -> Called {
        for (argument, taken) in &other.takes {
            self.takes.entry(argument.clone()).or_insert_with(|| taken.clone());
        }
        for (output, value) in &other.outputs {
            self.outputs.entry(output.clone()).or_insert_with(|| value.clone());
        }
        self
    }

    /// A module that is known by its source alone: what its arguments hold.
    pub fn of_table<'r>(title: &str, rows: impl IntoIterator<Item = (&'r str, ModuleArgument)>) -> Called {
        let mut called = Called::default();
        for (argument, holds) in rows {
            let of = |kind| {
                HandedTo::Policy(Use {
                    kind,
                    by: title.into(),
                    role_name: None,
                    of_module: Some(title.into()),
                })
            };
            let taken = match holds {
                ModuleArgument::Identity => of(DocumentKind::Identity),
                ModuleArgument::Resource => of(DocumentKind::Resource),
                ModuleArgument::Trust => of(DocumentKind::Trust),
                ModuleArgument::Session => of(DocumentKind::Session),
                ModuleArgument::Containers => HandedTo::Containers(TaskAround {
                    head: Value::Object(Object { span: Span::default(), members: Vec::new() }),
                    is_whole: false,
                }),
                ModuleArgument::ManagedPolicies => HandedTo::ManagedPolicies,
                ModuleArgument::Boundary => HandedTo::Boundary,
                ModuleArgument::Services => HandedTo::Services,
                ModuleArgument::Principals => HandedTo::Principals,
            };
            called.takes.entry(argument.into()).or_default().push(taken);
        }
        called
    }
}

/// Adds what is not among them.
pub(super) fn add(known: &mut Vec<HandedTo>, taken: &HandedTo) {
    if !known.contains(taken) {
        known.push(taken.clone());
    }
}

/// A value without its file: references become texts.
pub(super) fn portable(value: &Value, text: &str, spreads: &[Span]) -> Value {
    let mut value = structures::portable(value, text, spreads);
    value.stand_for(Span::default());
    value
}

/// A value that another module may have: what is not known of it says whose it is, since names of two modules have
/// nothing to do with each other.
pub(super) fn foreign(value: Value, of: &str) -> Value {
    match value {
        Value::String(string) if string.is_wholly_unknown() => Value::Unknown(string.span),
        Value::String(string) if string.has_unknown() => Value::String(foreign_text(&string, of)),
        Value::Object(object) => {
            let members = object.members.into_iter().map(|member| Member {
                name: if member.name.has_unknown() { foreign_text(&member.name, of) } else { member.name },
                value: foreign(member.value, of),
            });
            Value::Object(Object { span: object.span, members: members.collect() })
        }
        Value::Array(array) => {
            let items = array.items.into_iter().map(|item| foreign(item, of)).collect();
            Value::Array(Array { span: array.span, items })
        }
        other => other,
    }
}

fn foreign_text(string: &StringValue, of: &str) -> StringValue {
    let mut text = String::new();
    let mut unknown = Vec::new();
    let mut at = 0;
    for hole in string.open_parts() {
        text.push_str(&string.text[at..hole.start as usize]);
        at = hole.end as usize;
        let start = text.len();
        let inside = &string.text[hole.range()];
        // What an account or a Region is called is the same in all of them.
        match inside.strip_prefix("${").filter(|rest| !rest.starts_with("data.aws_")) {
            Some(rest) => {
                text.push_str("${");
                text.push_str(of);
                text.push('.');
                text.push_str(rest);
            }
            None => text.push_str(inside),
        }
        unknown.push(crate::host::value::OpenPart::of(start, text.len(), hole.holds));
    }
    text.push_str(&string.text[at..]);
    StringValue::standing_for(&text, string.span).with_open_parts(unknown.into())
}

/// The references in an expression whose value may be that of the expression: both sides of a condition, the arguments
/// of functions. What is only compared is left out.
pub(super) fn references_in(expression: &str) -> Vec<Box<str>> {
    const STARTS: [&str; 4] = ["var.", "local.", "module.", "data.aws_iam_policy_document."];
    /// Longer ones are nobody's hand-over.
    const LONGEST: usize = 4096;
    let mut found: Vec<Box<str>> = Vec::new();
    // What is merged is a part of what comes of it.
    if expression.len() > LONGEST || expression.contains("merge(") {
        return found;
    }
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let bytes = expression.as_bytes();
    for start in STARTS {
        for (at, _) in expression.match_indices(start) {
            let before = expression[..at].trim_end();
            let is_inside = at.checked_sub(1).is_some_and(|it| is_word(bytes[it]) || bytes[it] == b'.');
            let asks = ["length(", "can(", "==", "!=", "!"].iter().any(|it| before.ends_with(it));
            if is_inside || asks {
                continue;
            }
            let mut end = at + start.len();
            end += bytes[end..].iter().take_while(|it| is_word(**it)).count();
            // An output has its own name behind that of the call.
            if start == "module." {
                let mut rest = end;
                if bytes.get(rest) == Some(&b'[') {
                    rest += expression[rest..].find(']').map_or(0, |at| at + 1);
                }
                let Some(name) = expression[rest..].strip_prefix('.') else { continue };
                let length = name.bytes().take_while(|it| is_word(*it)).count();
                if length > 0 {
                    found.push(format!("{}.{}", &expression[at..end], &name[..length]).into());
                }
                continue;
            }
            // An attribute is a part of it, and so is what stands under a name: `var.cache["policy"]`.
            let is_part =
                start != STARTS[3] && (bytes.get(end) == Some(&b'.') || expression[end..].starts_with("[\""));
            let behind = expression[end..].trim_start();
            let is_asked =
                is_part || ["==", "!=", "&&", "||", "?", ">", "<"].iter().any(|it| behind.starts_with(it));
            if end > at + start.len() && !is_asked {
                found.push(expression[at..end].into());
            }
        }
    }
    found.dedup();
    found
}

/// What is around the containers of a task definition, without its file.
pub(super) fn task_around(block: &Block, text: &str) -> TaskAround {
    let head = Value::Object(task_fields::head(&block.body));
    TaskAround { head: portable(&head, text, &block.spreads), is_whole: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_expression_may_come_to_is_found_in_it() {
        let names = |text: &str| references_in(text).iter().map(|it| it.to_string()).collect::<Vec<_>>();
        assert_eq!(names("var.policy"), ["var.policy"]);
        assert_eq!(names("var.policy != null ? var.policy : local.other"), ["var.policy", "local.other"]);
        assert_eq!(names("length(var.a) > 0 ? module.b[0].json : null"), ["module.b.json"]);
        assert_eq!(names("coalesce(var.a, data.aws_iam_policy_document.d[0].json)").len(), 2);
        for text in ["my_var.a", "var.a.b", "var.a[\"b\"]", "merge(local.a, local.b)"] {
            assert_eq!(names(text), [""; 0], "{text}");
        }
    }
}
