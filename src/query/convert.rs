//! A policy written otherwise: as the blocks of Terraform's `aws_iam_policy_document`, as `jsonencode`, as JSON.
//!
//! What a module fills in stays as it is written; what a template of another kind fills in has no other way to be written.

use super::NoAnswer;
use crate::host::value::{Object, StringValue, Value};
use crate::host::{Document, Naming, POLICY_DOCUMENT};
use crate::model::Policy;
use crate::text::{LineIndex, Span};
use std::fmt::Write as _;

/// How a policy is to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyForm {
    /// `data "aws_iam_policy_document" …`.
    Blocks,
    /// `jsonencode({ … })`.
    Jsonencode,
    Json,
}

/// The version that policy documents of Terraform have where none is written.
const CURRENT: &str = "2012-10-17";

/// What AWS takes a policy without a version for.
const FIRST: &str = "2008-10-17";

/// The policy of a document in another form; `name` is what the blocks are called. In words why not, where a part of it
/// cannot be written so.
pub fn converted(
    document: &Document,
    source: &str,
    form: PolicyForm,
    name: &str,
) -> Result<String, NoAnswer> {
    let Some(policy) = Policy::of(document) else {
        return Err(NoAnswer("there is no policy here".to_string()));
    };
    if document.is_partial || document.is_open || document.units_span.is_none() {
        return Err(NoAnswer("a part of the policy is made where it cannot be read".to_string()));
    }
    let is_module = matches!(document.naming, Naming::TerraformPolicy)
        || document.owner.as_ref().is_some_and(|owner| !owner.resource_type.contains("::"));
    let head = document.object().map_or(&[][..], |head| &head.members);
    let text_of = |name: &str| {
        let member = head.iter().find(|member| &*member.name.text == name)?;
        member.value.as_string().filter(|text| !text.has_unknown()).map(|text| text.text.to_string())
    };
    let unwritten = if document.naming == Naming::TerraformPolicy { CURRENT } else { FIRST };
    let version = text_of("Version").unwrap_or_else(|| unwritten.to_string());
    let writer = Writer { source, form, is_module };
    let mut statements = Vec::new();
    for placed in policy.units() {
        let Some(object) = placed.unit.value.as_object() else {
            return Err(writer.open(placed.span()));
        };
        statements.push((object, placed.base));
    }
    match form {
        PolicyForm::Blocks => writer.blocks(name, &version, text_of("Id"), &statements),
        PolicyForm::Jsonencode => writer.jsonencode(&version, text_of("Id"), &statements),
        PolicyForm::Json => writer.json(&version, text_of("Id"), &statements),
    }
}

/// Statements, and the offsets that their spans count from.
type Statements<'a> = [(&'a Object, u32)];

struct Writer<'s> {
    source: &'s str,
    form: PolicyForm,
    /// Whether what is filled in is an expression of Terraform.
    is_module: bool,
}

impl Writer<'_> {
    /// Why a part cannot be written otherwise.
    fn open(&self, span: Span) -> NoAnswer {
        let line = LineIndex::new(self.source).scalars(span.start).line;
        NoAnswer(format!("line {line}: what is filled in there cannot be written otherwise"))
    }

    /// The source of an expression that stays.
    fn kept(&self, span: Span) -> Result<String, NoAnswer> {
        let text = self.source.get(span.as_usize()).unwrap_or_default().trim();
        if !self.is_module || self.form == PolicyForm::Json || text.is_empty() || text.contains('\n') {
            return Err(self.open(span));
        }
        // Only blocks read `&{`.
        Ok(match self.form {
            PolicyForm::Jsonencode => text.replace("&{", "$${"),
            _ => text.to_string(),
        })
    }

    fn string(&self, string: &StringValue, base: u32) -> Result<String, NoAnswer> {
        if string.has_unknown() {
            return self.kept(string.span.shifted(base));
        }
        Ok(self.quoted(&string.text))
    }

    /// A text as a string of HCL.
    fn quoted(&self, text: &str) -> String {
        let variable = if self.form == PolicyForm::Blocks { "&{" } else { "$${" };
        let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        format!("\"{}\"", text.replace("${", variable).replace("%{", "%%{"))
    }

    /// One value as a text: what a condition compares with.
    fn scalar(&self, value: &Value, base: u32) -> Result<String, NoAnswer> {
        match value {
            Value::String(string) => self.string(string, base),
            Value::Bool(is, _) => Ok(format!("\"{is}\"")),
            Value::Number(number) => Ok(format!("\"{}\"", number.text)),
            other => self.kept(other.span().shifted(base)),
        }
    }

    /// One or many as the items of a list; an expression alone may be a list.
    fn list(&self, value: &Value, base: u32) -> Result<Entry, NoAnswer> {
        match value {
            Value::Unknown(span) => self.kept(span.shifted(base)).map(Entry::Expression),
            Value::String(string) if string.is_wholly_unknown() => {
                let text = self.kept(string.span.shifted(base))?;
                // Whether it is a list, nobody knows.
                Ok(Entry::Expression(format!("flatten([{text}])")))
            }
            value => {
                let items = value.one_or_many().iter().map(|item| self.scalar(item, base));
                items.collect::<Result<_, _>>().map(Entry::List)
            }
        }
    }

    fn blocks(
        &self,
        name: &str,
        version: &str,
        id: Option<String>,
        statements: &Statements<'_>,
    ) -> Result<String, NoAnswer> {
        let mut out = format!("data \"{POLICY_DOCUMENT}\" \"{name}\" {{\n");
        let mut head = Vec::new();
        if version != CURRENT {
            head.push(("version", Entry::Expression(self.quoted(version))));
        }
        head.extend(id.map(|id| ("policy_id", Entry::Expression(self.quoted(&id)))));
        arguments(&mut out, 1, &head);
        for (number, (object, base)) in statements.iter().enumerate() {
            if number > 0 || !head.is_empty() {
                out.push('\n');
            }
            out.push_str("  statement {\n");
            self.statement(&mut out, object, *base)?;
            out.push_str("  }\n");
        }
        out.push_str("}\n");
        Ok(out)
    }

    fn statement(&self, out: &mut String, object: &Object, base: u32) -> Result<(), NoAnswer> {
        let mut plain: Vec<(&'static str, Entry)> = Vec::new();
        let mut blocks: Vec<(&'static str, Vec<(&'static str, Entry)>)> = Vec::new();
        let mut effect = None;
        for member in &object.members {
            let (name, value) = (&*member.name.text, &member.value);
            match name {
                "Sid" => plain.push(("sid", Entry::Expression(self.scalar(value, base)?))),
                "Effect" => {
                    let text = self.scalar(value, base)?;
                    if text != "\"Allow\"" {
                        plain.push(("effect", Entry::Expression(text)));
                    }
                    effect = Some(());
                }
                "Action" => plain.push(("actions", self.list(value, base)?)),
                "NotAction" => plain.push(("not_actions", self.list(value, base)?)),
                "Resource" => plain.push(("resources", self.list(value, base)?)),
                "NotResource" => plain.push(("not_resources", self.list(value, base)?)),
                "Principal" => self.principals("principals", value, base, &mut blocks)?,
                "NotPrincipal" => self.principals("not_principals", value, base, &mut blocks)?,
                "Condition" => self.conditions(value, base, &mut blocks)?,
                _ => return Err(NoAnswer(format!("a statement has no element `{name}`"))),
            }
        }
        if effect.is_none() {
            return Err(NoAnswer("a statement has no `Effect`".to_string()));
        }
        arguments(out, 2, &plain);
        for (number, (name, content)) in blocks.iter().enumerate() {
            if number > 0 || !plain.is_empty() {
                out.push('\n');
            }
            let _ = writeln!(out, "    {name} {{");
            arguments(out, 3, content);
            out.push_str("    }\n");
        }
        Ok(())
    }

    fn principals(
        &self,
        block: &'static str,
        value: &Value,
        base: u32,
        blocks: &mut Vec<(&'static str, Vec<(&'static str, Entry)>)>,
    ) -> Result<(), NoAnswer> {
        match value {
            Value::String(text) if &*text.text == "*" => {
                let star = || "\"*\"".to_string();
                let content =
                    vec![("type", Entry::Expression(star())), ("identifiers", Entry::List(vec![star()]))];
                blocks.push((block, content));
                Ok(())
            }
            Value::Object(object) if !object.is_open() => {
                for member in &object.members {
                    let kind = Entry::Expression(self.string(&member.name, base)?);
                    let identifiers = self.list(&member.value, base)?;
                    blocks.push((block, vec![("type", kind), ("identifiers", identifiers)]));
                }
                Ok(())
            }
            other => Err(self.open(other.span().shifted(base))),
        }
    }

    fn conditions(
        &self,
        value: &Value,
        base: u32,
        blocks: &mut Vec<(&'static str, Vec<(&'static str, Entry)>)>,
    ) -> Result<(), NoAnswer> {
        let Some(operators) = value.as_object().filter(|object| !object.is_open()) else {
            return Err(self.open(value.span().shifted(base)));
        };
        for operator in &operators.members {
            let Some(keys) = operator.value.as_object().filter(|object| !object.is_open()) else {
                return Err(self.open(operator.value.span().shifted(base)));
            };
            for key in &keys.members {
                let content = vec![
                    ("test", Entry::Expression(self.string(&operator.name, base)?)),
                    ("variable", Entry::Expression(self.string(&key.name, base)?)),
                    ("values", self.list(&key.value, base)?),
                ];
                blocks.push(("condition", content));
            }
        }
        Ok(())
    }

    fn jsonencode(
        &self,
        version: &str,
        id: Option<String>,
        statements: &Statements<'_>,
    ) -> Result<String, NoAnswer> {
        let mut out = format!("jsonencode({{\n  Version = {}\n", self.quoted(version));
        if let Some(id) = id {
            let _ = writeln!(out, "  Id = {}", self.quoted(&id));
        }
        out.push_str("  Statement = [\n");
        for (object, base) in statements {
            out.push_str("    ");
            self.object(&mut out, object, *base, 2)?;
            out.push_str(",\n");
        }
        out.push_str("  ]\n})");
        Ok(out)
    }

    fn object(&self, out: &mut String, object: &Object, base: u32, depth: usize) -> Result<(), NoAnswer> {
        if object.is_open() {
            return Err(self.open(object.span.shifted(base)));
        }
        let indent = "  ".repeat(depth + 1);
        out.push_str("{\n");
        for member in &object.members {
            let name = &*member.name.text;
            let is_word = !name.is_empty() && name.bytes().all(|it| it.is_ascii_alphanumeric());
            let name = if is_word { name.to_string() } else { self.string(&member.name, base)? };
            let _ = write!(out, "{indent}{name} = ");
            match &member.value {
                Value::Object(object) => self.object(out, object, base, depth + 1)?,
                Value::Array(array) => {
                    let items: Result<Vec<String>, NoAnswer> =
                        array.items.iter().map(|item| self.scalar(item, base)).collect();
                    let _ = write!(out, "[{}]", items?.join(", "));
                }
                other => out.push_str(&self.scalar(other, base)?),
            }
            out.push('\n');
        }
        let _ = write!(out, "{}}}", "  ".repeat(depth));
        Ok(())
    }

    fn json(
        &self,
        version: &str,
        id: Option<String>,
        statements: &Statements<'_>,
    ) -> Result<String, NoAnswer> {
        let mut written = Vec::new();
        for (object, base) in statements {
            let whole = Value::Object((*object).clone());
            written.push(whole.to_new().ok_or_else(|| self.open(object.span.shifted(*base)))?);
        }
        let mut policy = serde_json::json!({ "Version": version });
        if let Some(id) = id {
            policy["Id"] = id.into();
        }
        policy["Statement"] = written.into();
        Ok(format!("{policy:#}\n"))
    }
}

/// What stands behind the name of an argument.
#[derive(Debug, Clone)]
enum Entry {
    Expression(String),
    List(Vec<String>),
}

/// How wide a list may get in one line.
const WIDTH: usize = 90;

/// Arguments as `terraform fmt` lays them out: the equals signs of neighbours below each other.
fn arguments(out: &mut String, depth: usize, entries: &[(&'static str, Entry)]) {
    let indent = "  ".repeat(depth);
    let line = |entry: &Entry| match entry {
        Entry::Expression(text) => Some(text.clone()),
        Entry::List(items) => {
            let text = format!("[{}]", items.join(", "));
            (items.len() < 2 || text.len() < WIDTH - 30).then_some(text)
        }
    };
    let mut at = 0;
    while at < entries.len() {
        let run = entries[at..].iter().take_while(|(_, entry)| line(entry).is_some()).count();
        let width = entries[at..at + run].iter().map(|(name, _)| name.len()).max().unwrap_or_default();
        for (name, entry) in &entries[at..at + run] {
            let _ = writeln!(out, "{indent}{name:width$} = {}", line(entry).unwrap_or_default());
        }
        at += run;
        if let Some((name, Entry::List(items))) = entries.get(at) {
            let _ = writeln!(out, "{indent}{name} = [");
            for item in items {
                let _ = writeln!(out, "{indent}  {item},");
            }
            let _ = writeln!(out, "{indent}]");
            at += 1;
        }
    }
}
