use super::values;
use crate::catalog::{self, Arn};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::model::{Container, TaskContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds `credentialSpecs` that are not `credentialspec:` or `credentialspecdomainless:` with the ARN of a parameter
    /// or of an object in Amazon S3 behind it.
    ///
    /// ```json
    /// "credentialSpecs": ["credentialspecdomainless:arn:aws:ssm:eu-west-1:111122223333:parameter/gmsa"]
    /// ```
    ///
    /// See "ContainerDefinition" in the Amazon ECS API Reference.
    pub InvalidCredentialSpec {
        id: "invalid-credential-spec",
        group: Task,
        reads: [Container],
        cases: ["arn", "prefix"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a credential specification has a form that ECS does not know",
        sources: [],
        fix: Unsafe,
        since: "0.1.0",
    }
}

impl Rule for InvalidCredentialSpec {
    fn check_container(&self, container: Container<'_>, _task: &TaskContext, acc: &mut Findings) {
        let docker_security_options = acc.name("dockerSecurityOptions");
        for spec in values::texts(container.object, "credentialSpecs") {
            let text = &*spec.text;
            let prefixes = catalog::container_values("credentialSpecPrefixes");
            let Some(rest) = prefixes.iter().find_map(|prefix| text.strip_prefix(prefix)) else {
                let finding = acc.report(
                    spec.content_span(),
                    "a credential specification begins with `credentialspec:` or `credentialspecdomainless:`",
                );
                finding.case("prefix").note("ECS refuses the task definition.");
                if text.starts_with("arn:") {
                    let repaired = format!("credentialspec:{text}");
                    finding.fix(Fix::unsafe_(
                        format!("Replace with `{repaired}`"),
                        vec![crate::host::Edit::ReplaceText {
                            span: spec.content_span(),
                            text: repaired.into(),
                        }],
                    ));
                }
                continue;
            };
            let is_fine = Arn::parse(rest).is_ok_and(|arn| matches!(arn.service, "ssm" | "s3"));
            if !is_fine {
                acc.report(spec.part(text.len() - rest.len()..text.len()), "a credential specification is a parameter or an object in S3")
                    .case("arn")
            .severity(Severity::Warning)
            .note(format!("Write its ARN: `arn:aws:ssm:…:parameter/NAME`, or `arn:aws:s3:::BUCKET/KEY`. Files of the instance belong in `{docker_security_options}`."));
            }
        }
    }
}
