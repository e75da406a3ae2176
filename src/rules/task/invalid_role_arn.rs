use crate::catalog::{Arn, ArnPart};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::host::value::StringValue;
use crate::host::{Edit, Naming};
use crate::model::{TaskContext, TaskDefinition};
use crate::rules::Rule;
use crate::text::Span;

declare_rule! {
    /// Finds `taskRoleArn` and `executionRoleArn` that cannot name a role: an empty text, an ARN of something
    /// else, of a role's session or of an instance profile, and an account id that is none.
    ///
    /// ECS refuses the task definition: `Role is not valid`. A field that is not used is left out, not left
    /// empty; since some deploy tools leave it out by themselves, that is a warning. In place of the ARN, the name of a role of the same account is taken.
    ///
    /// ```text
    /// "taskRoleArn": ""                                                refused
    /// "taskRoleArn": "arn:aws:iam::111122223333:instance-profile/web"  refused
    /// "taskRoleArn": "arn:aws:iam::111122223333:role/web"              right
    /// ```
    ///
    /// See "RegisterTaskDefinition" in the Amazon ECS API Reference.
    pub InvalidRoleArn {
        id: "invalid-role-arn",
        group: Task,
        reads: [Task],
        cases: ["account", "empty", "kind", "no-arn", "partition", "region", "service"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a field that names a role cannot name one",
        sources: ["cfn-lint/E1156", "cfn-lint/E3511"],
        fix: Safe,
        since: "0.2.0",
        service_messages: ["Role is not valid"],
    }
}

impl Rule for InvalidRoleArn {
    fn check_task(&self, task: TaskDefinition<'_>, _context: &TaskContext, acc: &mut Findings) {
        let mut partitions: Vec<(&str, Span)> = Vec::new();
        for field in ["taskRoleArn", "executionRoleArn"] {
            let Some(role) = task.head.and_then(|head| head.string(field)) else { continue };
            if role.text.trim().is_empty() {
                // Terraform leaves out what is empty.
                if task.document.naming != Naming::TerraformTask {
                    let field = acc.name(field);
                    acc.report(role.span, format!("`{field}` is empty"))
                        .case("empty")
                        .severity(Severity::Warning)
                        .note("ECS refuses the task definition, `Role is not valid`, unless a deploy tool leaves the field out.")
                        .fix(Fix::safe(
                            format!("Remove `{field}`"),
                            vec![Edit::RemoveMember { span: role.span }],
                        ));
                }
                continue;
            }
            partitions.extend(check(role, acc));
        }
        if let [(one, _), (other, span)] = partitions[..]
            && one != other
        {
            acc.report(span, format!("the roles of the task are of two partitions, `{one}` and `{other}`"))
                .case("partition")
                .severity(Severity::Warning)
                .note("A task runs in one partition, with roles of that.");
        }
    }
}

/// The partition of an ARN and its place, where that is known.
fn check<'v>(role: &'v StringValue, acc: &mut Findings) -> Option<(&'v str, Span)> {
    let text = &*role.text;
    let refused =
        "ECS refuses the task definition: `Role is not valid`. Write `arn:aws:iam::111122223333:role/NAME`.";
    if !text.starts_with("arn:") {
        return None;
    }
    let Ok(arn) = Arn::parse(text) else {
        if !role.has_unknown() {
            acc.report(role.content_span(), format!("`{text}` is not the ARN of a role"))
                .case("no-arn")
                .note(refused);
        }
        return None;
    };
    let is_known = |part: ArnPart| !role.is_unknown_in(arn.range(part));
    let kind = arn.resource.split('/').next().unwrap_or_default();
    let kind_range = arn.resource_start(kind.len());
    if is_known(ArnPart::Service) && arn.service != "iam" && !arn.service.is_empty() {
        let what =
            if kind == "assumed-role" { "the ARN of a role's session" } else { "an ARN of another service" };
        acc.report(role.part(arn.range(ArnPart::Service)), format!("this is {what}, not of a role"))
            .case("service")
            .note(refused);
    } else if !role.is_unknown_in(kind_range.clone()) && !kind.is_empty() && kind != "role" {
        acc.report(role.part(kind_range), format!("this is the ARN of a `{kind}`, not of a role"))
            .case("kind")
            .note(refused);
    }
    if is_known(ArnPart::Region) && !arn.region.is_empty() && arn.service == "iam" {
        acc.report(role.part(arn.range(ArnPart::Region)), "the ARN of a role has no Region")
            .case("region")
            .note(refused);
    }
    let account = arn.account;
    let is_number = !account.is_empty() && account.bytes().all(|byte| byte.is_ascii_digit());
    if is_known(ArnPart::Account) && is_number && account.len() != 12 {
        acc.report(
            role.part(arn.range(ArnPart::Account)),
            format!("an account id has twelve digits, not {}", account.len()),
        )
        .case("account")
        .note(refused);
    }
    is_known(ArnPart::Partition).then(|| (arn.partition, role.part(arn.range(ArnPart::Partition))))
}
