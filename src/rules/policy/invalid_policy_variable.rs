use crate::catalog::{self, Family};
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::host::value::{StringValue, Value};
use crate::model::{PolicyContext, PolicyVariable, PolicyVersion, Statement};
use crate::rules::Rule;

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
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for InvalidPolicyVariable {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        // In the old language they are plain text throughout: that is another rule's finding.
        if policy.template || matches!(policy.version, PolicyVersion::V2008 | PolicyVersion::Absent) {
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
                if let Some(variable) = PolicyVariable::all(value, false).next() {
                    acc.report(
                        value.part(variable.range.clone()),
                        format!("`{}` reads no policy variables", operator.base.name),
                    )
                    .case("operator")
                    .note(
                        "Only the operators for texts and ARNs do. Write the value out, or compare as text.",
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
                acc.report(value_part(string, &variable), format!("`{element}` reads no policy variables"))
                    .case("element")
                    .note("They work in `Resource` and in the values of conditions only. Write the name out, or move the test into a condition.");
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
    let mut from = 0;
    while let Some(at) = text[from..].find("${").map(|at| from + at) {
        let Some(length) = text[at + 2..].find('}') else {
            let word = text[at + 2..].split(['/', '*', ' ']).next().unwrap_or_default();
            // Anything else may be what a template engine makes of it.
            if word.contains(':') && !string.is_unknown_in(at..text.len()) {
                acc.report(
                    string.part(at..at + 2 + word.len()),
                    format!("the policy variable `${{{word}` is never closed"),
                )
                .case("brace")
                .note("Without the closing brace it is plain text. Write `}` behind the name.");
            }
            return;
        };
        let end = at + 2 + length + 1;
        let inside = &text[at + 2..end - 1];
        from = end;
        if string.is_unknown_in(at..end) {
            continue;
        }
        let span = string.part(at..end);
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
        if name.contains(' ') && !name.contains('/') {
            acc.report(span, format!("the policy variable `${{{inside}}}` has a space in its name"))
                .case("space")
                .note("IAM does not read it. Write the name without spaces.");
        } else if let Some(default) = default
            && !(default.len() >= 2 && default.starts_with('\'') && default.ends_with('\''))
        {
            acc.report(span, format!("the default of the policy variable `${{{inside}}}` has no quotes"))
                .case("quote")
                .note(format!(
                    "Write it in single quotes: `${{{}, '{}'}}`.",
                    name.trim(),
                    default.trim_matches(['\'', '"'])
                ));
        }
    }
}
