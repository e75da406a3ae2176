use crate::declare_rule;
use crate::diagnostic::{Finding, Findings, Fix, Safety, Severity};
use crate::host::value::{Object, Value};
use crate::host::{Edit, Name};
use crate::model::{TaskContext, TaskDefinition};
use crate::rules::Rule;
use serde_json::json;

declare_rule! {
    /// Finds file systems of a volume whose settings cannot be combined.
    ///
    /// | volume | asks for |
    /// |---|---|
    /// | EFS with `iam` `ENABLED` or an access point | `transitEncryption` `ENABLED` |
    /// | EFS with `transitEncryptionPort` | `transitEncryption` `ENABLED` |
    /// | EFS, or S3 Files, with an access point | no `rootDirectory`, or `/`: the access point has its own |
    /// | EFS with `iam` `ENABLED`, or S3 Files | a task role, whose permissions are used to mount it |
    /// | S3 Files | ARNs of the file system and the access point |
    /// | FSx for Windows | Windows containers |
    ///
    /// ECS refuses the first three. Without a task role, the mount fails when the task starts.
    ///
    /// See "EFSVolumeConfiguration" and its neighbours in the Amazon ECS API Reference.
    pub InvalidVolumeConfiguration {
        id: "invalid-volume-configuration",
        group: Task,
        reads: [Task],
        cases: ["efs-access-point-encryption", "efs-iam", "efs-id", "efs-port", "efs-role", "fsx-linux", "root-directory", "s3-arn", "s3-role"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "the settings of a volume's file system cannot be combined",
        sources: [
            "cdk-preflight/pf-ecs-efs-access-point-with-root-directory",
            "cdk-preflight/pf-ecs-efs-iam-without-transit-encryption",
            "cdk-preflight/pf-ecs-efs-transit-encryption-port-without-encryption",
        ],
        fix: Unsafe,
        since: "0.2.0",
        service_messages: [
            "EFS IAM authorization requires TransitEncryption to be enabled",
            "When using an EFS access point, the root directory must either be set to \"/\" or be omitted",
            "TransitEncryptionPort requires that TransitEncryption is enabled",
        ],
    }
}

impl Rule for InvalidVolumeConfiguration {
    fn check_task(&self, task: TaskDefinition<'_>, context: &TaskContext, acc: &mut Findings) {
        let Some(head) = task.head else { return };
        let lacks_role = context.whole && is_absent(head.get("taskRoleArn"));
        for volume in head.items("volumes").iter().filter_map(Value::as_object) {
            if let Some(efs) = volume.object("efsVolumeConfiguration") {
                elastic(efs, lacks_role, acc);
            }
            if let Some(s3) = volume.object("s3filesVolumeConfiguration") {
                s3_files(s3, lacks_role, acc);
            }
            if let Some(fsx) = volume.member("fsxWindowsFileServerVolumeConfiguration")
                && fsx.value.as_object().is_some()
                && let Some(family) =
                    head.object("runtimePlatform").and_then(|it| it.string("operatingSystemFamily"))
                && &*family.text == "LINUX"
            {
                acc.report(fsx.name.content_span(), "FSx for Windows is for Windows containers")
                    .case("fsx-linux")
                    .severity(Severity::Warning)
                    .note("Linux containers cannot mount it. Use an EFS volume.")
                    .related(family.content_span(), "the task runs on Linux");
            }
        }
    }
}

fn is_absent(value: Option<&Value>) -> bool {
    matches!(value, None | Some(Value::Null(_)))
}

fn elastic(efs: &Object, lacks_role: bool, acc: &mut Findings) {
    let [transit_encryption, transit_encryption_port, task_role_arn] =
        acc.names(["transitEncryption", "transitEncryptionPort", "taskRoleArn"]);
    let authorization = efs.object("authorizationConfig");
    for (id, prefix, title) in [
        (efs.known("fileSystemId"), "fs-", "an EFS file system"),
        (authorization.and_then(|it| it.known("accessPointId")), "fsap-", "an EFS access point"),
    ] {
        if let Some(id) = id.filter(|id| !id.text.starts_with(prefix)) {
            let written =
                id.text.rsplit('/').next().filter(|it| id.text.starts_with("arn:") && it.starts_with(prefix));
            acc.report(id.content_span(), format!("`{}` is not the id of {title}", id.text))
                .case("efs-id")
                .severity(Severity::Warning)
                .note(format!("An id begins with `{prefix}`. With another, the task does not start."))
                .maybe_fix(written.map(|it| Fix::replace_text(id.content_span(), it)));
        }
    }
    let iam = authorization.and_then(|it| it.string("iam")).filter(|iam| &*iam.text == "ENABLED");
    let access_point =
        authorization.and_then(|it| it.string("accessPointId")).filter(|point| !point.text.is_empty());
    if let Some(encryption) = is_unencrypted(efs) {
        if let Some(iam) = iam {
            let finding = acc.report(
                iam.content_span(),
                format!("EFS with IAM authorization needs `{transit_encryption}` `ENABLED`"),
            );
            finding.case("efs-iam").note(
                "ECS refuses the task definition: `EFS IAM authorization requires TransitEncryption to be enabled`.",
            );
            encrypt(finding, efs, encryption);
        } else if let Some(point) = access_point {
            let finding = acc.report(
                point.content_span(),
                format!("an EFS access point needs `{transit_encryption}` `ENABLED`"),
            );
            finding.case("efs-access-point-encryption").note("ECS refuses the task definition.");
            encrypt(finding, efs, encryption);
        } else if let Some(port) =
            efs.member("transitEncryptionPort").filter(|it| it.value.as_number().is_some())
        {
            let finding = acc.report(
                port.name.content_span(),
                format!("`{transit_encryption_port}` needs `{transit_encryption}` `ENABLED`"),
            );
            finding.case("efs-port").note(
                "ECS refuses the task definition: `TransitEncryptionPort requires that TransitEncryption is enabled`.",
            );
            encrypt(finding, efs, encryption);
        }
    }
    if access_point.is_some() {
        root(efs, "EFS", acc);
    }
    if let Some(iam) = iam.filter(|_| lacks_role) {
        acc.report(iam.content_span(), "EFS with IAM authorization needs a task role")
            .case("efs-role")
            .severity(Severity::Warning)
            .note(format!("The file system is mounted with the permissions of `{task_role_arn}`; without it, the task does not start."));
    }
}

/// Where encryption is switched off; `Some(None)` where it is not mentioned, which is the same. `None`
/// where it is on, or not known.
fn is_unencrypted(efs: &Object) -> Option<Option<crate::text::Span>> {
    match efs.get("transitEncryption") {
        None => Some(None),
        Some(Value::Null(span)) => Some(Some(*span)),
        Some(Value::String(it)) if &*it.text == "DISABLED" => Some(Some(it.span)),
        Some(_) => None,
    }
}

fn encrypt(finding: &mut Finding, efs: &Object, written: Option<crate::text::Span>) {
    let edit = match written {
        Some(span) => Edit::ReplaceValue { span, value: json!("ENABLED") },
        None => Edit::InsertMember {
            object: efs.span,
            name: Name::field("transitEncryption"),
            value: json!("ENABLED"),
        },
    };
    finding.fix(Fix {
        title: "Enable encryption in transit".into(),
        // Where it is switched off in so many words, the other setting may be what is wrong.
        safety: if written.is_some() { Safety::Unsafe } else { Safety::Safe },
        edits: vec![edit],
    });
}

/// The directory of an access point is the access point's.
fn root(object: &Object, what: &str, acc: &mut Findings) {
    let root_directory = acc.name("rootDirectory");
    let Some(root) = object.string("rootDirectory") else { return };
    if root.has_unknown() || matches!(&*root.text, "/" | "") {
        return;
    }
    acc.report(root.content_span(), format!("an access point of {what} has its own root directory"))
        .case("root-directory")
        .note(format!("ECS refuses the task definition: leave `{root_directory}` out, or write `/`."))
        .fix(Fix::safe(format!("Remove `{root_directory}`"), vec![Edit::RemoveMember { span: root.span }]));
}

fn s3_files(s3: &Object, lacks_role: bool, acc: &mut Findings) {
    let task_role_arn = acc.name("taskRoleArn");
    for field in ["fileSystemArn", "accessPointArn"] {
        let Some(arn) = s3.string(field).filter(|arn| !arn.has_unknown()) else { continue };
        if !arn.text.starts_with("arn:") {
            let span = if arn.text.is_empty() { arn.span } else { arn.content_span() };
            acc.report(span, format!("`{}` is an ARN, not `{}`", acc.name(field), arn.text))
                .case("s3-arn")
                .note("ECS refuses the task definition. Write the full ARN.");
        }
    }
    if s3.string("accessPointArn").is_some_and(|arn| !arn.text.is_empty()) {
        root(s3, "S3 Files", acc);
    }
    if lacks_role {
        acc.report(s3.open(), "an S3 Files volume needs a task role")
            .case("s3-role")
            .severity(Severity::Warning)
            .note(format!("The file system is mounted with the permissions of `{task_role_arn}`; without it, the task does not start."));
    }
}
