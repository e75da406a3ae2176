use super::secrets::{self, Secret};
use super::values;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::host::value::Value;
use crate::model::{Container, TaskContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds passwords, tokens, private keys and AWS access keys that stand in a container definition as plain
    /// text: in `environment`, in the options of `logConfiguration`, in `command` and `entryPoint`.
    ///
    /// Everyone who may call `ecs:DescribeTaskDefinition` can read them, the console shows them, and they stay
    /// in every revision. Secrets are told by their form (an access key id, a token's prefix, a private key, a
    /// password in a URL) and by the name of the variable together with its value. Keys of the documentation
    /// (`AKIAIOSFODNN7EXAMPLE`), placeholders, references and file names are none. The finding never repeats
    /// the value.
    ///
    /// ```json
    /// "environment": [{ "name": "DB_PASSWORD", "value": "Tr0ub4dor" }]
    /// ```
    ///
    /// Name it in `secrets` instead; ECS reads it with the task execution role before the container starts:
    ///
    /// ```json
    /// "secrets": [{ "name": "DB_PASSWORD", "valueFrom": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf" }]
    /// ```
    ///
    /// AWS access keys need no place at all: give the task a role (`taskRoleArn`), and every SDK finds its
    /// credentials.
    ///
    /// See "Pass sensitive data to an Amazon ECS container" in the Amazon ECS Developer Guide.
    pub SecretInEnvironment {
        id: "secret-in-environment",
        group: Task,
        reads: [Container],
        cases: ["access-key", "connection-string", "password", "secret", "token", "url"],
        severity: Warning,
        confidence: Medium,
        level: Default,
        summary: "a secret stands in plain text",
        sources: [
            "trivy/AWS-0036",
            "prowler/ecs_task_definitions_no_environment_secrets",
            "security-hub/ECS.8",
            "checkov/CKV_SECRET_2",
            "checkov/CKV_SECRET_3",
            "checkov/CKV_SECRET_4",
            "checkov/CKV_SECRET_6",
            "checkov/CKV_SECRET_9",
            "checkov/CKV_SECRET_10",
            "checkov/CKV_SECRET_11",
            "checkov/CKV_SECRET_12",
            "checkov/CKV_SECRET_13",
            "checkov/CKV_SECRET_14",
            "checkov/CKV_SECRET_16",
            "checkov/CKV_SECRET_17",
            "checkov/CKV_SECRET_18",
            "checkov/CKV_SECRET_19",
        ],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for SecretInEnvironment {
    fn check_container(&self, container: Container<'_>, _task: &TaskContext, acc: &mut Findings) {
        for entry in container.objects("environment") {
            let (Some(name), Some(value)) = (entry.string("name"), values::stated(entry, "value")) else {
                continue;
            };
            if let Some(secret) =
                secrets::of_value(&value.text).or_else(|| secrets::by_name(&name.text, &value.text))
            {
                let place = format!("`{}`", name.text);
                report(secret, &place, "secrets", value.content_span(), acc);
            }
        }
        if let Some(options) =
            container.object.object("logConfiguration").and_then(|log| log.object("options"))
        {
            for member in &options.members {
                let Some(value) = member.value.as_string().filter(|it| values::is_stated(it)) else {
                    continue;
                };
                let name = &member.name.text;
                if let Some(secret) =
                    secrets::of_value(&value.text).or_else(|| secrets::by_name(name, &value.text))
                {
                    report(
                        secret,
                        &format!("the log option `{name}`"),
                        "secretOptions",
                        value.content_span(),
                        acc,
                    );
                }
            }
        }
        for field in ["command", "entryPoint"] {
            for item in container.object.items(field).iter().filter_map(Value::as_string) {
                if let Some(secret) = secrets::within(&item.text) {
                    report(secret, &format!("`{}`", acc.name(field)), "secrets", item.content_span(), acc);
                }
            }
        }
    }
}

fn report(secret: Secret, place: &str, field: &str, span: crate::text::Span, acc: &mut Findings) {
    let [task_role_arn, secrets_name] = acc.names(["taskRoleArn", "secrets"]);
    let spelling = acc.spelling();
    let finding = acc.report(span, format!("{place} holds {} in plain text", secret.title));
    finding.secret().case(secret.case).confidence(secret.confidence);
    if secret.is_aws_key {
        finding.note(
            format!("Everyone who may read the task definition has it, in every revision. Deactivate the key, and give the task \
             a role (`{task_role_arn}`): SDKs find its credentials without keys. What no role can do belongs in `{secrets_name}`."),
        );
    } else {
        let field = spelling.name(field);
        finding.note(format!(
            "Everyone who may read the task definition has it, in every revision. Keep it in Secrets Manager or \
             Parameter Store and name it in `{field}`; the task execution role reads it."
        ));
    }
}
