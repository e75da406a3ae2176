use crate::access;
use crate::catalog::{self, Family};
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{Effect, PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds conditions on a private address that do not say in which network.
    ///
    /// Private address ranges are the same in every VPC. `aws:VpcSourceIp` alone lets in whoever gives a
    /// machine of their own VPC such an address, in any account.
    ///
    /// ```json
    /// "Condition": { "IpAddress": { "aws:VpcSourceIp": "10.0.0.0/16" } }
    /// ```
    ///
    /// Add the network: `aws:SourceVpc` or `aws:SourceVpce` beside `aws:VpcSourceIp`,
    /// `aws:Ec2InstanceSourceVpc` beside `aws:Ec2InstanceSourcePrivateIPv4`.
    ///
    /// AWS: "AWS global condition context keys" in the IAM user guide.
    pub MissingPairedConditionKey {
        id: "missing-paired-condition-key",
        group: Policy,
        reads: [Statement],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "a private address is compared without its network",
        sources: ["access-analyzer/MISSING_PAIRED_CONDITION_KEYS"],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for MissingPairedConditionKey {
    fn check_statement(&self, statement: Statement<'_>, policy: &PolicyContext, acc: &mut Findings) {
        for test in access::tests(statement) {
            let Some(traits) = catalog::key_traits(test.key()).filter(|traits| !traits.pair.is_empty())
            else {
                continue;
            };
            // A list of addresses to keep out needs no network.
            let lets_in = match statement.effect() {
                Some(Effect::Allow) => true,
                Some(Effect::Deny) => test.operator.base.negated,
                None => false,
            };
            if !lets_in
                || test.operator.base.family == Family::Null
                || access::is_open(statement, policy)
                || access::has_any(statement, traits.pair)
            {
                continue;
            }
            let names: Vec<String> = traits.pair.iter().map(|name| format!("`{name}`")).collect();
            acc.report(
                test.condition.key.content_span(),
                format!("`{}` does not say in which network the address is", test.key()),
            )
            .note(format!(
                "Every VPC may use the same private addresses, those of strangers too. Add a condition on {}.",
                names.join(" or ")
            ));
        }
    }
}
