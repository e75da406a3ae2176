use crate::access;
use crate::catalog::{self, Arn};
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{PolicyContext, Statement, is_wildcard};
use crate::rules::Rule;

declare_rule! {
    /// Finds conditions on whose a resource is, in the policy of that very resource.
    ///
    /// `aws:ResourceAccount`, `aws:ResourceOrgID`, `aws:ResourceOrgPaths` and `s3:ResourceAccount` tell which
    /// account the resource belongs to. In the policy of one bucket or queue that is the same for every
    /// request, so the condition decides nothing.
    ///
    /// ```json
    /// "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shop-media/*",
    /// "Condition": { "StringEquals": { "s3:ResourceAccount": "111122223333" } }
    /// ```
    ///
    /// To say who may call, use `aws:PrincipalAccount` or `aws:PrincipalOrgID`. The keys of the resource belong
    /// into policies of users and roles, and into those of VPC endpoints.
    ///
    /// AWS: "AWS global condition context keys" in the IAM user guide.
    pub IrrelevantConditionKey {
        id: "irrelevant-condition-key",
        group: Policy,
        reads: [Statement],
        on: [Resource],
        severity: Info,
        confidence: Medium,
        level: Default,
        summary: "the policy of a resource asks whose the resource is",
        sources: ["access-analyzer/IRRELEVANT_CONDITION_KEY_IN_POLICY"],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for IrrelevantConditionKey {
    fn check_statement(&self, statement: Statement<'_>, _: &PolicyContext, acc: &mut Findings) {
        if statement.object.has("NotResource") {
            return;
        }
        for test in access::tests(statement) {
            // `${aws:PrincipalAccount}` in its value asks whether caller and resource belong together.
            if !catalog::key_traits(test.key()).is_some_and(|traits| traits.of_resource)
                || !test.is_known()
                || !names_one_resource(statement)
            {
                continue;
            }
            acc.report(
                test.condition.key.content_span(),
                format!("`{}` is the same for every request that this policy decides on", test.key()),
            )
            .note("The policy belongs to the resource, whose account does not vary. To say who may call, use `aws:PrincipalAccount` or `aws:PrincipalOrgID`; in the policy of a VPC endpoint all is well.");
        }
    }
}

/// Whether its resources are those of one bucket, queue, …; a policy of a VPC endpoint has more.
fn names_one_resource(statement: Statement<'_>) -> bool {
    let mut resources = statement.listed_resources().peekable();
    let bare = |resource: &str| {
        let arn = Arn::parse(resource).ok()?;
        let name = if arn.service == "s3" { arn.resource.split('/').next()? } else { arn.resource };
        (!is_wildcard(name)).then(|| format!("{}:{}:{}:{name}", arn.service, arn.region, arn.account))
    };
    let Some(first) = resources.peek().and_then(|it| bare(&it.text)) else { return false };
    resources.all(|it| !it.has_unknown() && bare(&it.text).as_deref() == Some(&first))
}
