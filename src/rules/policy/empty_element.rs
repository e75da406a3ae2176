use crate::catalog::{self, SetQualifier};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Safety, Severity};
use crate::host::Edit;
use crate::host::value::Value;
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds elements that are there and say nothing: an empty list of actions, resources or principals,
    /// an empty `Condition`, a condition key without values, an empty `Sid`.
    ///
    /// A statement with an empty list applies to nothing; a `Deny` among them protects nothing. An empty
    /// `Condition` restricts nothing. A condition key without a value to compare with never holds, or,
    /// under a negated operator, always.
    ///
    /// ```json
    /// { "Effect": "Deny", "Action": [], "Resource": "*" }
    /// ```
    ///
    /// Fill it in, or remove the statement or the element.
    ///
    /// AWS: "IAM JSON policy elements reference" in the IAM user guide.
    pub EmptyElement {
        id: "empty-element",
        group: Policy,
        reads: [Statement],
        cases: ["condition", "for-all-values", "list", "operator", "principal", "sid", "values"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "an element is there and says nothing",
        sources: [
            "access-analyzer/EMPTY_ARRAY_ACTION",
            "access-analyzer/EMPTY_ARRAY_RESOURCE",
            "access-analyzer/EMPTY_ARRAY_PRINCIPAL",
            "access-analyzer/EMPTY_OBJECT_PRINCIPAL",
            "access-analyzer/EMPTY_OBJECT_CONDITION",
            "access-analyzer/EMPTY_ARRAY_CONDITION",
            "access-analyzer/EMPTY_ARRAY_CONDITION_FORALLVALUES",
            "access-analyzer/EMPTY_ARRAY_CONDITION_FORANYVALUE",
            "access-analyzer/EMPTY_ARRAY_CONDITION_IFEXISTS",
            "access-analyzer/EMPTY_SID_VALUE",
            "cfn-lint/E3510",
            "cfn-lint/E3512",
            "cfn-lint/E3530",
        ],
        fix: Unsafe,
        since: "0.1.0",
        service_messages: ["Policy statement must contain actions", "Policy statement must contain resources"],
    }
}

impl Rule for EmptyElement {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        let [condition_name, sid_name] = acc.names(["Condition", "Sid"]);
        for member in &statement.object.members {
            match (&*member.name.text, &member.value) {
                (name @ ("Action" | "NotAction" | "Resource" | "NotResource"), Value::Array(array))
                    if array.items.is_empty() =>
                {
                    let name = acc.name(name);
                    acc.report(array.span, format!("`{name}` is an empty list"))
                        .case("list")
                        .severity(if policy.kind.is_attached() { Severity::Error } else { Severity::Warning })
                        .note(format!("A statement must name some: IAM refuses the policy. Fill in what `{name}` is to name, or remove the statement."));
                }
                (name @ ("Principal" | "NotPrincipal"), Value::Object(object)) => {
                    if object.members.is_empty() {
                        acc.report(object.span, format!("`{}` is empty", acc.name(name))).case("principal").severity(Severity::Warning).note(
                            "The statement is about nobody. Name the principals, or remove the statement.",
                        );
                    }
                    for kind in &object.members {
                        if let Value::Array(array) = &kind.value
                            && array.items.is_empty()
                        {
                            acc.report(array.span, format!("`{}` is an empty list", kind.name.text))
                                .case("principal")
                                .severity(Severity::Warning)
                                .note("It names nobody. Fill it in, or remove it.");
                        }
                    }
                }
                (name @ ("Principal" | "NotPrincipal"), Value::Array(array)) if array.items.is_empty() => {
                    let name = acc.name(name);
                    acc.report(array.span, format!("`{name}` is an empty list"))
                        .case("principal")
                        .severity(Severity::Warning)
                        .note("The statement is about nobody. Name the principals, or remove the statement.");
                }
                ("Condition", Value::Object(object)) if object.members.is_empty() => {
                    acc.report(object.span, format!("`{condition_name}` is empty"))
                        .severity(Severity::Info)
                        .case("condition")
                        .note("It restricts nothing. Say what is to hold, or remove it.")
                        .fix(Fix {
                            title: format!("Remove `{condition_name}`").into(),
                            // What no syntax made a condition of may stand between its braces.
                            safety: if object.span.len() <= 3 { Safety::Safe } else { Safety::Unsafe },
                            edits: vec![Edit::RemoveMember { span: member.name.span }],
                        });
                }
                ("Sid", Value::String(sid)) if sid.text.is_empty() => {
                    acc.report(sid.span, format!("`{sid_name}` is empty"))
                        .severity(Severity::Hint)
                        .case("sid")
                        .note("It names nothing. Remove it, or give the statement a name.")
                        .fix(Fix::safe(
                            format!("Remove `{sid_name}`"),
                            vec![Edit::RemoveMember { span: member.name.span }],
                        ));
                }
                _ => {}
            }
        }
        for condition in statement.conditions() {
            if let Value::Object(object) = condition.value
                && object.members.is_empty()
            {
                acc.report(object.span, format!("`{}` has no condition key", condition.operator.text))
                    .severity(Severity::Info)
                    .case("operator")
                    .note("It restricts nothing. Say which key is to have which value, or remove it.");
            }
        }
        for key in statement.condition_keys() {
            let Value::Array(array) = key.value else { continue };
            let Some(operator) = catalog::parse_operator(&key.operator.text) else { continue };
            if !array.items.is_empty() {
                continue;
            }
            let (case, note) = match operator.qualifier {
                Some(SetQualifier::ForAllValues) => (
                    "for-all-values",
                    "With `ForAllValues` and no value it holds only where the request has no such key; `Null` with `\"true\"` says so.",
                ),
                Some(SetQualifier::ForAnyValue) => {
                    ("for-any-value", "With `ForAnyValue` and no value it never holds.")
                }
                None if operator.base.negated => {
                    ("always", "A negated operator without a value always holds.")
                }
                None if operator.if_exists => (
                    "if-exists",
                    "It holds only where the request has no such key; `Null` with `\"true\"` says so.",
                ),
                None => ("values", "Without a value to compare with it never holds."),
            };
            acc.report(array.span, format!("the condition on `{}` has no value", key.key.text))
                .case(case)
                .severity(Severity::Warning)
                .note(format!("{note} Fill in the values, or remove the key."));
        }
    }
}
