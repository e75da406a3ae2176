use crate::declare_rule;
use crate::diagnostic::{Findings, Fix};
use crate::host::value::Value;
use crate::host::{Edit, Name};
use crate::model::{TaskContext, TaskDefinition};
use crate::rules::Rule;
use serde_json::json;

declare_rule! {
    /// Finds EFS volumes without encryption in transit.
    ///
    /// Where `transitEncryption` is not `ENABLED`, what containers read and write goes over the network in
    /// plain text. IAM authorization and access points need it anyway.
    ///
    /// See "EFSVolumeConfiguration" in the Amazon ECS API Reference.
    pub UnencryptedEfsTransit {
        id: "unencrypted-efs-transit",
        group: Task,
        reads: [Task],
        cases: ["absent", "disabled"],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "an EFS volume is not encrypted in transit",
        sources: ["trivy/AWS-0035", "checkov/CKV_AWS_97", "security-hub/ECS.18"],
        fix: Unsafe,
        since: "0.1.0",
    }
}

impl Rule for UnencryptedEfsTransit {
    fn check_task(&self, task: TaskDefinition<'_>, _context: &TaskContext, acc: &mut Findings) {
        let transit_encryption = acc.name("transitEncryption");
        let Some(head) = task.head else { return };
        for volume in head.items("volumes").iter().filter_map(Value::as_object) {
            let Some(efs) = volume.object("efsVolumeConfiguration") else { continue };
            // With IAM or an access point ECS refuses it, which is another rule's matter.
            let access = efs.object("authorizationConfig");
            let is_refused = access.is_some_and(|access| {
                access.has("accessPointId") || access.string("iam").is_some_and(|it| &*it.text == "ENABLED")
            });
            if is_refused {
                continue;
            }
            let note = format!(
                "What containers read and write goes over the network in plain text. Set `{transit_encryption}` to `ENABLED`."
            );
            let message = "the EFS volume is not encrypted in transit";
            match efs.get("transitEncryption") {
                Some(Value::String(string)) if &*string.text == "DISABLED" => {
                    let span = string.content_span();
                    acc.report(span, message).case("disabled").note(note).fix(Fix::unsafe_(
                        "Replace with `ENABLED`",
                        vec![Edit::ReplaceText { span, text: "ENABLED".into() }],
                    ));
                }
                None => {
                    let edit = Edit::InsertMember {
                        object: efs.span,
                        name: Name::field("transitEncryption"),
                        value: json!("ENABLED"),
                    };
                    acc.report(efs.open(), message)
                        .case("absent")
                        .note(note)
                        .fix(Fix::unsafe_("Add `\"transitEncryption\": \"ENABLED\"`", vec![edit]));
                }
                _ => {}
            }
        }
    }
}
