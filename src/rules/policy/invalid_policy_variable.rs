use super::missing_set_operator::either_arity;
use crate::catalog::{self, Family, Guess};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::Edit;
use crate::host::value::{StringValue, Value};
use crate::model::{PolicyContext, PolicyVariable, PolicyVersion, Statement};
use crate::rules::Rule;
use std::collections::HashMap;

declare_rule! {
    /// Finds policy variables that IAM cannot read, and such as stand where none is read.
    ///
    /// A variable is `${` and `}` around the name of a condition key, with an optional default text in
    /// single quotes: `${aws:PrincipalTag/team, 'none'}`. It works in `Resource` and in the values of
    /// operators for texts and ARNs; elsewhere it is plain text, or the policy is refused.
    ///
    /// ```json
    /// "Resource": "arn:aws:s3:::home/${aws:username/*"
    /// ```
    ///
    /// AWS: "IAM policy elements: Variables and tags" in the IAM user guide.
    pub InvalidPolicyVariable {
        id: "invalid-policy-variable",
        group: Policy,
        reads: [Statement],
        cases: ["brace", "element", "empty", "operator", "quote", "several", "space", "unknown"],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "a policy variable is malformed or has no effect here",
        sources: [
            "access-analyzer/MISSING_BRACE_IN_VARIABLE",
            "access-analyzer/EMPTY_VARIABLE",
            "access-analyzer/UNSUPPORTED_SPACE_IN_VARIABLE",
            "access-analyzer/MISSING_QUOTE_IN_VARIABLE",
            "access-analyzer/VARIABLE_UNSUPPORTED_IN_ELEMENT",
            "access-analyzer/INVALID_VARIABLE_FOR_OPERATOR",
        ],
        fix: Unsafe,
        since: "0.1.0",
    }
}

impl Rule for InvalidPolicyVariable {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        let resource_name = acc.name("Resource");
        // In the old language they are plain text throughout: that is another rule's finding.
        // The Serverless Framework has variables of that look: `${aws:region}`.
        if policy.template
            || policy.file_stem.starts_with("serverless")
            || matches!(policy.version, PolicyVersion::V2008 | PolicyVersion::Absent)
        {
            return;
        }
        for resource in statement.resources() {
            form(resource, acc);
        }
        for key in statement.condition_keys() {
            let operator = catalog::parse_operator(&key.operator.text);
            for value in key.values().iter().filter_map(Value::as_string) {
                form(value, acc);
                let Some(operator) = operator else { continue };
                // AWS's guide contradicts itself on `Bool`.
                if operator.base.variables || operator.base.family == Family::Bool {
                    continue;
                }
                if let Some(variable) = PolicyVariable::all(value, true).next() {
                    acc.report(
                        value.part(variable.range.clone()),
                        format!("`{}` reads no policy variables", operator.base.name),
                    )
                    .case("operator")
                    .note(
                        "Only the operators for strings and ARNs do. Write the value out, or compare as a string.",
                    );
                }
            }
        }
        let elsewhere = statement.actions().map(|action| ("Action", action.string)).chain(
            statement
                .principals()
                .flat_map(|principal| principal.entries().map(|entry| ("Principal", entry.value))),
        );
        for (element, string) in elsewhere {
            if let Some(variable) = PolicyVariable::all(string, true).next() {
                acc.report(value_part(string, &variable), format!("`{}` reads no policy variables", acc.name(element)))
                    .case("element")
                    .note(format!("They work in `{resource_name}` and in the values of conditions only. Write the name out, or move the test into a condition."));
            }
        }
    }
}

fn value_part(string: &StringValue, variable: &PolicyVariable<'_>) -> crate::text::Span {
    string.part(variable.range.clone())
}

/// What is wrong with the variables of one text.
fn form(string: &StringValue, acc: &mut Findings) {
    let text = &*string.text;
    // Most texts that have one slip many times have the same.
    let mut nearest: HashMap<&str, Option<Guess<String>>> = HashMap::new();
    let mut from = 0;
    while let Some(at) = text[from..].find("${").map(|at| from + at) {
        let close = text[at + 2..].find(['}', '$']).filter(|end| text[at + 2 + end..].starts_with('}'));
        // `${$}` is a literal.
        let close = if text[at + 2..].starts_with("$}") { Some(1) } else { close };
        let Some(length) = close else {
            let rest = &text[at + 2..];
            let word = rest.split(['/', '*', ' ', '$', '\'', ',']).next().unwrap_or_default();
            from = at + 2 + word.len();
            // Anything else may be what a template engine makes of it.
            if word.contains(':') && !string.is_unknown_in(at..from) {
                let known = catalog::condition_key(word).is_some();
                acc.report(string.part(at..from), format!("the policy variable `${{{word}` is never closed"))
                    .case("brace")
                    .note("Without the closing brace it is plain text. Write `}` after the name.")
                    .maybe_fix((known && string.is_written()).then(|| {
                        Fix::unsafe_(
                            format!("Write `${{{word}}}`"),
                            vec![Edit::ReplaceText {
                                span: string.part(at..from),
                                text: format!("${{{word}}}").into(),
                            }],
                        )
                    }));
            }
            continue;
        };
        let end = at + 2 + length + 1;
        let inside = &text[at + 2..end - 1];
        from = end;
        if string.is_unknown_in(at..end) || matches!(inside, "*" | "?" | "$") {
            continue;
        }
        let span = string.part(at..end);
        let rewritten = |right: String| {
            string.is_written().then(|| {
                Fix::safe(format!("Write `{right}`"), vec![Edit::ReplaceText { span, text: right.into() }])
            })
        };
        if inside.trim().is_empty() {
            acc.report(span, "a policy variable without a name").case("empty").note(
                "Write the name of a condition key between the braces, or `${$}{}` for these characters as they stand.",
            );
            continue;
        }
        let (name, default) = match inside.split_once(',') {
            Some((name, default)) => (name, Some(default.trim())),
            None => (inside, None),
        };
        // The name of a tag may have spaces inside.
        let spaced = name.starts_with(' ') || name.contains(' ') && !name.contains('/');
        if spaced {
            let bare: String = name.chars().filter(|it| *it != ' ').collect();
            let right = match default {
                Some(default) => format!("${{{bare}, {default}}}"),
                None => format!("${{{bare}}}"),
            };
            acc.report(span, format!("the policy variable `${{{inside}}}` has a space in its name"))
                .case("space")
                .note("IAM does not read it. Write the name without spaces.")
                .maybe_fix(catalog::condition_key(&bare).and_then(|_| rewritten(right)));
        } else if let Some(default) = default
            && !(default.len() >= 2 && default.starts_with('\'') && default.ends_with('\''))
        {
            let right = format!("${{{}, '{}'}}", name.trim(), default.trim_matches(['\'', '"']));
            acc.report(span, format!("the default of the policy variable `${{{inside}}}` has no quotes"))
                .case("quote")
                .note(format!("Write it in single quotes: `{right}`."))
                .maybe_fix(rewritten(right));
        } else {
            key(string, at + 2..at + 2 + name.len(), name.trim(), &mut nearest, acc);
        }
    }
}

/// Whether requests have the key that a variable names, and one value for it.
fn key<'t>(
    string: &StringValue,
    range: std::ops::Range<usize>,
    name: &'t str,
    nearest: &mut HashMap<&'t str, Option<Guess<String>>>,
    acc: &mut Findings,
) {
    let Some((prefix, _)) = name.split_once(':') else { return };
    if let Some(known) = catalog::condition_key(name) {
        if known.is_multivalued() && !either_arity(name) {
            acc.report(string.part(range), format!("`{name}` has several values: no policy variable reads it"))
                .case("several")
                .note("Variables take keys with one value. Compare the key itself under `ForAnyValue` or `ForAllValues`.");
        }
        return;
    }
    if prefix.contains(['.', '/']) || catalog::key_traits(name).is_some() {
        return;
    }
    let near = nearest.entry(name).or_insert_with(|| catalog::nearest_condition_key(name)).clone();
    if near.is_none() && !prefix.eq_ignore_ascii_case("aws") {
        return;
    }
    let span = string.part(range);
    let finding = acc.report(
        span,
        match &near {
            Some(near) => format!("AWS has no condition key `{name}`; did you mean `{}`?", near.word),
            None => format!("there is no condition key `{name}` for a policy variable"),
        },
    );
    finding
        .case("unknown")
        .note("No request has a value for it, so nothing with this variable fits.")
        .maybe_fix(near.filter(|_| string.is_written()).map(|near| Fix::guess(span, near)));
}
