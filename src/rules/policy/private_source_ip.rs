use crate::access;
use crate::access::AddressRange as Range;
use crate::catalog::Family;
use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds private addresses in conditions on `aws:SourceIp`.
    ///
    /// That key has the address that AWS sees on the internet, which is never a private one; requests through
    /// a VPC endpoint do not have it at all. An `Allow` for a private range never applies, and a `Deny` for
    /// all but that range applies to everybody.
    ///
    /// ```json
    /// "Condition": { "IpAddress": { "aws:SourceIp": "10.0.0.0/16" } }
    /// ```
    ///
    /// Write the public address of the network, or compare `aws:VpcSourceIp` together with `aws:SourceVpc`.
    ///
    /// AWS: "AWS global condition context keys" in the IAM user guide.
    pub PrivateSourceIp {
        id: "private-source-ip",
        group: Policy,
        reads: [Statement],
        cases: ["all", "all-but", "some", "some-but"],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "aws:SourceIp never has a private address",
        sources: [
            "access-analyzer/PRIVATE_IP_ADDRESS",
            "access-analyzer/PRIVATE_NOT_IP_ADDRESS",
            "access-analyzer/PRIVATE_IP_ADDRESS_SUBSET",
            "access-analyzer/PRIVATE_NOT_IP_ADDRESS_SUBSET",
        ],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for PrivateSourceIp {
    fn check_statement(&self, statement: Statement<'_>, _policy: &PolicyContext, acc: &mut Findings) {
        for test in access::tests(statement) {
            if test.operator.base.family != Family::IpAddress || !test.is_on("aws:SourceIp") {
                continue;
            }
            let is_private = |text: &str| Range::parse(text).is_some_and(Range::is_private);
            let all = test.is_known() && test.texts().all(|text| is_private(&text.text));
            let negated = test.operator.base.negated;
            for value in test.texts().filter(|text| is_private(&text.text)) {
                let finding = acc.report(
                    value.content_span(),
                    format!("`{}` is private: `{}` never has such an address", value.text, test.key()),
                );
                finding.related(test.condition.key.span, "the key is here");
                let (case, note) = match (all, negated) {
                    (true, false) => ("all", "The condition never holds."),
                    (true, true) => ("all-but", "The condition always holds: no request comes from there."),
                    (false, false) => ("some", "The value does nothing."),
                    (false, true) => ("some-but", "The value does nothing: no request comes from there."),
                };
                finding.case(case).note(format!(
                    "{note} Write the public address of the network, or compare `aws:VpcSourceIp` and `aws:SourceVpc`."
                ));
                if !all {
                    finding.severity(Severity::Info);
                }
            }
        }
    }
}
