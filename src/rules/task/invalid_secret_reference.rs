use crate::catalog::{Arn, ArnPart, terraform_references_of};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::host::value::{Object, StringValue, Value};
use crate::model::{Container, TaskContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds `valueFrom` of a secret that names nothing ECS can read.
    ///
    /// It is one of three:
    ///
    /// ```text
    /// arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME-AbCdEf                a whole secret
    /// arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME-AbCdEf:KEY:STAGE:ID   one key of its JSON, a stage, a version
    /// arn:aws:ssm:REGION:ACCOUNT:parameter/NAME, or NAME alone                a parameter, of the same Region
    /// ```
    ///
    /// Behind a secret's name there is nothing, or there are all three fields, which may be empty: `:KEY::`. With one
    /// colon the task does not start: `unexpected ARN format with parameters when trying to retrieve ASM secret`.
    ///
    /// A bare name always means a parameter, so a secret's name with a key behind it is not found.
    ///
    /// See "Pass Secrets Manager secrets through Amazon ECS environment variables" in the Amazon ECS Developer Guide.
    pub InvalidSecretReference {
        id: "invalid-secret-reference",
        group: Task,
        reads: [Container],
        cases: ["account", "address", "bare-secret", "empty", "parameter-key", "resource", "service", "slashes", "suffix"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a secret's valueFrom names nothing that ECS can read",
        sources: [],
        fix: Safe,
        since: "0.1.0",
        service_messages: [
            "unexpected ARN format with parameters when trying to retrieve ASM secret",
            "invalid ARN format for the AWS Secrets Manager",
        ],
    }
}

impl Rule for InvalidSecretReference {
    fn check_container(&self, container: Container<'_>, _task: &TaskContext, acc: &mut Findings) {
        let log = container.object.object("logConfiguration");
        let secrets = container.object.items("secrets");
        let options = log.map_or(&[][..], |log| log.items("secretOptions"));
        for secret in secrets.iter().chain(options).filter_map(Value::as_object) {
            if let Some(value) = secret.string("valueFrom") {
                check(secret, value, acc);
            }
        }
    }
}

fn check(secret: &Object, value: &StringValue, acc: &mut Findings) {
    let value_from = acc.name("valueFrom");
    let text = &*value.text;
    if text.is_empty() {
        // A generated skeleton leaves both empty.
        if secret.string("name").is_some_and(|name| !name.text.is_empty()) {
            acc.report(value.span, format!("the secret's `{value_from}` is empty"))
                .case("empty")
                .note("Name a secret of Secrets Manager or a parameter of Parameter Store.");
        }
        return;
    }
    // `${aws_secretsmanager_secret.db.arn}:password`: what is filled in is a secret's ARN, the rest stands here.
    if let Some(first) =
        value.open_parts().first().filter(|first| first.start == 0 && value.open_parts().len() == 1)
    {
        let filled_in = &text[..first.end as usize];
        if terraform_references_of("secretsmanager").any(|it| filled_in.contains(it.name))
            && filled_in.trim_end_matches('}').ends_with(".arn")
        {
            suffix(value, &text[first.end as usize..], acc);
        }
        return;
    }
    let Ok(arn) = Arn::parse(text) else {
        bare_name(value, acc);
        return;
    };
    let start = arn.range(ArnPart::Resource).start;
    if value.is_unknown_in(0..arn.range(ArnPart::Service).end) {
        return;
    }
    if value.is_unknown_in(start..text.len()) {
        // `secret:web-${ENV}-AbCdEf:password`: only the name is filled in.
        let last = value.open_parts().iter().map(|it| it.end as usize).max().unwrap_or_default();
        let name = text.get(start + "secret:".len()..last).filter(|name| !name.contains(':'));
        let is_named = arn.service == "secretsmanager" && arn.resource.starts_with("secret:");
        if let (true, Some(_), Some(behind)) = (is_named, name, text.get(last..)) {
            suffix(value, &behind[behind.find(':').unwrap_or(behind.len())..], acc);
        }
        return;
    }
    let is_number = !arn.account.is_empty() && arn.account.bytes().all(|byte| byte.is_ascii_digit());
    if is_number && arn.account.len() != 12 && matches!(arn.service, "secretsmanager" | "ssm") {
        let digits = arn.account.len();
        acc.report(
            value.part(arn.range(ArnPart::Account)),
            format!("an account id has twelve digits, not {digits}"),
        )
        .case("account")
        .note("The task cannot start: there is no secret of this ARN.");
    }
    match arn.service {
        "secretsmanager" => secret_arn(value, &arn, acc),
        "ssm" => parameter_arn(value, &arn, acc),
        service if service.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-') => {
            acc.report(value.part(arn.range(ArnPart::Service)), format!("ECS reads no secret from `{service}`"))
                .case("service")
                .note("It reads secrets of Secrets Manager and parameters of Parameter Store (`ssm`). The task cannot start.");
        }
        _ => {}
    }
}

fn secret_arn(value: &StringValue, arn: &Arn<'_>, acc: &mut Findings) {
    let Some(resource) = arn.resource.strip_prefix("secret:") else {
        acc.report(
            value.part(arn.range(ArnPart::Resource)),
            "the ARN of a secret goes on with `secret:` and its name",
        )
        .case("resource")
        .note("The task cannot start.");
        return;
    };
    suffix(value, &resource[resource.find(':').unwrap_or(resource.len())..], acc);
}

fn parameter_arn(value: &StringValue, arn: &Arn<'_>, acc: &mut Findings) {
    let range = arn.range(ArnPart::Resource);
    match arn.resource.strip_prefix("parameter").filter(|it| it.starts_with('/')) {
        Some(name) if name.starts_with("//") => {
            let span = value.part(range.start + "parameter".len()..range.start + "parameter//".len());
            acc.report(span, "the name of the parameter begins with one slash in its ARN")
                .case("slashes")
                .severity(Severity::Warning)
                .note("The slash at the start of the parameter's name is the one after `parameter`.")
                .fix(Fix::replace_text(span, "/"));
        }
        Some(name) if name.contains(':') => {
            let end = value.text.len();
            let at = end - name.len() + name.find(':').unwrap_or_default();
            acc.report(value.part(at..end), "a parameter has no keys: its ARN ends with its name")
                .case("parameter-key")
                .note("Keys are those of secrets of Secrets Manager. The task cannot start.");
        }
        Some(_) => {}
        None => {
            let span = value.part(range);
            let finding = acc.report(span, "the ARN of a parameter goes on with `parameter/` and its name");
            finding.case("resource").note("The task cannot start.");
            if let Some(name) = arn.resource.strip_prefix("parameter:") {
                let repaired = format!("parameter/{}", name.trim_start_matches('/'));
                finding.fix(Fix::replace_text(span, &repaired));
            }
        }
    }
}

/// What stands behind a secret's name: nothing, or three fields.
fn suffix(value: &StringValue, suffix: &str, acc: &mut Findings) {
    if suffix.is_empty() || !suffix.starts_with(':') {
        return;
    }
    let fields = suffix.matches(':').count();
    if fields == 3 {
        return;
    }
    let start = value.text.len() - suffix.len();
    let finding = acc.report(
        value.part(start..value.text.len()),
        "after the secret there are three fields: `:KEY:STAGE:ID`",
    );
    finding.case("suffix").note(
        "Those that are not wanted stay empty: `:KEY::`. The task cannot start: `unexpected ARN format`.",
    );
    if fields < 3 && suffix.len() > 1 {
        let repaired = format!("{suffix}{}", ":".repeat(3 - fields));
        finding.fix(Fix::replace_text(value.part(start..value.text.len()), &repaired));
    } else if fields > 3 && suffix.ends_with(':') {
        let fields: Vec<&str> = suffix[1..].split(':').collect();
        if fields.iter().skip(3).all(|it| it.is_empty()) {
            let repaired = format!(":{}", fields[..3].join(":"));
            finding.fix(Fix::replace_text(value.part(start..value.text.len()), &repaired));
        }
    }
}

/// A name alone means a parameter.
fn bare_name(value: &StringValue, acc: &mut Findings) {
    if value.has_unknown() || value.is_prose() || value.text.starts_with("arn") {
        return;
    }
    let text = &*value.text;
    let span = value.content_span();
    if text.contains("://") {
        acc.report(span, "a secret is named by its ARN, or by the name of a parameter")
            .case("address")
            .note("This is an address. The task cannot start.");
    } else if text.matches(':').count() > 1 {
        acc.report(span, "a name alone means a parameter, which has no keys")
            .case("bare-secret")
            .severity(Severity::Warning)
            .note("To take a key out of a secret of Secrets Manager, write its whole ARN: `arn:aws:secretsmanager:…:secret:NAME-AbCdEf:KEY::`.");
    }
}
