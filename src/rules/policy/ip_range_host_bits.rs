use crate::access;
use crate::access::AddressRange as Range;
use crate::catalog::Family;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds address ranges whose address goes on past the mask.
    ///
    /// `203.0.113.77/24` is `203.0.113.0/24`: the bits past the mask do not count. Mostly one of the two,
    /// address or mask, is not what was meant.
    ///
    /// ```json
    /// "Condition": { "IpAddress": { "aws:SourceIp": "203.0.113.77/24" } }
    /// ```
    ///
    /// Write the first address of the range, or `/32` for the one address.
    ///
    /// AWS: "IAM JSON policy elements: Condition operators" in the IAM user guide.
    pub IpRangeHostBits {
        id: "ip-range-host-bits",
        group: Policy,
        reads: [Statement],
        severity: Info,
        confidence: High,
        level: Default,
        summary: "an address range has an address that goes on past the mask",
        sources: ["access-analyzer/IMPROVE_IP_RANGE"],
        fix: Safe,
        since: "0.1.0",
    }
}

impl Rule for IpRangeHostBits {
    fn check_statement(&self, statement: Statement<'_>, _policy: &PolicyContext, acc: &mut Findings) {
        for test in access::tests(statement).filter(|test| test.operator.base.family == Family::IpAddress) {
            for value in test.texts() {
                let Some(range) = Range::parse(&value.text).filter(|range| range.network() != range.address)
                else {
                    continue;
                };
                let right = format!("{}/{}", range.network(), range.mask);
                let end = value.text.find('/').unwrap_or(value.text.len());
                acc.report(
                    value.part(0..end),
                    format!("`{}` is the range `{right}`", value.text),
                )
                .note(format!("The bits of the address past the mask do not count. Write `{right}`, or another mask if that address was meant."))
                .fix(Fix::replace_text(value.content_span(), &right));
            }
        }
    }
}
