use crate::access;
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::{Edit, Name};
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds policies that allow some attributes of a DynamoDB table and do not make readers name them.
    ///
    /// `dynamodb:Attributes` compares the attributes that a request names. A read that asks for all of them
    /// names none, and returns all.
    ///
    /// ```json
    /// "Action": "dynamodb:Query",
    /// "Condition": { "ForAllValues:StringEquals": { "dynamodb:Attributes": ["id", "name"] } }
    /// ```
    ///
    /// Add `"StringEqualsIfExists": { "dynamodb:Select": "SPECIFIC_ATTRIBUTES" }`.
    ///
    /// AWS: "Using IAM policy conditions for fine-grained access control" in the Amazon DynamoDB developer
    /// guide.
    pub DynamodbAttributesWithoutSelect {
        id: "dynamodb-attributes-without-select",
        group: Policy,
        reads: [Statement],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "a read that names no attributes gets all of them",
        sources: ["access-analyzer/DYNAMODB_ATTRIBUTES_WITHOUT_SELECT"],
        fix: Unsafe,
        since: "0.1.0",
    }
}

impl Rule for DynamodbAttributesWithoutSelect {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        if !statement.allows() {
            return;
        }
        for test in access::tests(statement) {
            if !test.is_on("dynamodb:Attributes")
                || test.operator.base.family == catalog::Family::Null
                || access::has_any(statement, &["dynamodb:Select"])
                || access::is_open(statement, policy)
            {
                continue;
            }
            let read = statement.listed_actions().find(|action| {
                !action.string.has_unknown()
                    && catalog::expand(action.text()).any(|action| {
                        action.service().prefix() == "dynamodb"
                            && action.accepts_condition_key("dynamodb:Select")
                    })
            });
            let Some(read) = read else { continue };
            let Some(condition) = statement.object.object("Condition") else { continue };
            let name = "StringEqualsIfExists";
            let value = serde_json::json!({ "dynamodb:Select": "SPECIFIC_ATTRIBUTES" });
            let existing = statement.conditions().find(|it| it.operator.text.eq_ignore_ascii_case(name));
            let edit = match existing.and_then(|it| it.value.as_object()) {
                Some(object) => Edit::InsertMember {
                    object: object.span,
                    name: Name::key("dynamodb:Select"),
                    value: "SPECIFIC_ATTRIBUTES".into(),
                },
                None => Edit::InsertMember { object: condition.span, name: Name::key(name), value },
            };
            acc.report(
                test.condition.key.content_span(),
                "a read that names no attributes gets all of them",
            )
            .related(read.string.span, "this reads")
            .note("Add `\"StringEqualsIfExists\": { \"dynamodb:Select\": \"SPECIFIC_ATTRIBUTES\" }`, so that readers have to name what they want.")
            .fix(Fix::unsafe_("Ask for named attributes", vec![edit]));
            return;
        }
    }
}
