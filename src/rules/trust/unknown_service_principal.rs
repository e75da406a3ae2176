use super::principals::{is_well_formed_service, misspelt, services};
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Safety, Severity};
use crate::model::{PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds a service principal that nobody has seen yet.
    ///
    /// AWS publishes no list of service principals, so a name that is not known here may be right, and
    /// this is a hint. Where a known name is near, the note says which. A name outside of AWS's own
    /// domains is a warning: IAM refuses it.
    ///
    /// ```json
    /// "Principal": { "Service": "lamda.amazonaws.com" }
    /// ```
    ///
    /// AWS: "AWS service principals" in the IAM user guide.
    pub UnknownServicePrincipal {
        id: "unknown-service-principal",
        group: Trust,
        reads: [Statement],
        on: [Resource, Trust, Rcp],
        cases: ["domain", "unknown"],
        severity: Warning,
        confidence: Medium,
        level: Default,
        summary: "no service principal of that name is known",
        sources: [
            "parliament/UNKNOWN_PRINCIPAL",
            "iam-policy-validator/invalid_principal",
            "cdk-preflight/pf-iam-trust-policy-service-principal",
        ],
        fix: Grants,
        since: "0.1.0",
        service_messages: ["Invalid principal in policy"],
    }
}

impl Rule for UnknownServicePrincipal {
    fn check_statement(&self, statement: Statement<'_>, _: &PolicyContext, acc: &mut Findings) {
        for service in services(statement) {
            let name = &*service.text;
            if !is_well_formed_service(name)
                || catalog::is_service_principal(name)
                || misspelt(name).is_some()
            {
                continue;
            }
            let of_aws = catalog::is_service_domain(name);
            let finding =
                acc.report(service.content_span(), format!("no service principal `{name}` is known"));
            if of_aws {
                finding.severity(Severity::Hint).case("unknown");
            } else {
                finding.case("domain");
            }
            match catalog::nearest_principal(name) {
                Some(near) => finding
                    .note(format!("Is `{}` meant? AWS publishes no list, so this may be right.", near.word))
                    .fix(Fix {
                        // Who is let in then was named by a slip of two letters at most, or by nobody.
                        safety: if near.is_plain { Safety::Unsafe } else { Safety::Grants },
                        ..Fix::replace_text(service.content_span(), near.word)
                    }),
                None if of_aws => finding.note(
                    "AWS publishes no list, so this may be right. Look it up in the service's own guide.",
                ),
                None => finding.note(
                    "IAM refuses it: services are named in a domain of AWS, as in `ecs-tasks.amazonaws.com`.",
                ),
            };
        }
    }
}
