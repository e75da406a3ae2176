use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::host::value::{Member, Object, Value};
use crate::model::{TaskContext, TaskDefinition};
use crate::rules::Rule;

declare_rule! {
    /// Finds volumes that are two things at once, such as an EFS file system and a path on the host, and tasks
    /// with two volumes that are configured at launch.
    ///
    /// A volume is one of: a path on the host (`host`), a Docker volume, an EFS, S3 Files or FSx for Windows file
    /// system, or configured when the task starts (`configuredAtLaunch`). A task has one of the last kind. ECS
    /// refuses the task definition.
    ///
    /// `autoprovision` of a Docker volume only works with the scope `shared`.
    ///
    /// See "Volume" in the Amazon ECS API Reference.
    pub ConflictingVolumeConfiguration {
        id: "conflicting-volume-configuration",
        group: Task,
        reads: [Task],
        cases: ["autoprovision", "kinds", "two-at-launch"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "a volume is two things at once",
        sources: [],
        fix: None,
        since: "0.2.0",
        service_messages: [
            "Volume has more than one configuration",
            "Only one volume can be configured at launch",
        ],
    }
}

impl Rule for ConflictingVolumeConfiguration {
    fn check_task(&self, task: TaskDefinition<'_>, _context: &TaskContext, acc: &mut Findings) {
        let Some(head) = task.head else { return };
        let known = catalog::container_values("volumeKinds");
        let mut at_launch: Option<&Member> = None;
        for volume in head.items("volumes").iter().filter_map(Value::as_object) {
            let mut kinds =
                volume.members.iter().filter(|member| known.contains(&&*member.name.text) && says(member));
            if let Some(first) = kinds.next() {
                for other in kinds.filter(|other| other.name.text != first.name.text) {
                    let [one, another] = acc.names([&first.name.text, &other.name.text]);
                    acc.report(
                        other.name.content_span(),
                        format!("a volume with `{one}` has no `{another}`"),
                    )
                    .case("kinds")
                    .note("A volume is one thing. ECS refuses the task definition.")
                    .related(first.name.content_span(), "what it is already");
                }
            }
            if let Some(member) = volume.member("configuredAtLaunch").filter(|member| says(member)) {
                match at_launch {
                    None => at_launch = Some(member),
                    Some(first) => {
                        acc.report(
                            member.name.content_span(),
                            "a task has one volume that is configured at launch",
                        )
                        .case("two-at-launch")
                        .note("ECS refuses the task definition.")
                        .related(first.name.content_span(), "the first");
                    }
                }
            }
            if let Some(docker) = volume.object("dockerVolumeConfiguration") {
                scope(docker, acc);
            }
        }
    }
}

/// Whether a member says what the volume is: an empty `host` leaves that to the agent.
fn says(member: &Member) -> bool {
    match &member.value {
        Value::Object(object) => {
            &*member.name.text != "host"
                || object
                    .get("sourcePath")
                    .is_some_and(|path| !path.is_unknown() && !matches!(path, Value::Null(_)))
        }
        Value::Bool(value, _) => *value,
        _ => false,
    }
}

fn scope(docker: &Object, acc: &mut Findings) {
    let autoprovision = acc.name("autoprovision");
    let Some(provision) =
        docker.member("autoprovision").filter(|member| member.value.as_bool() == Some(true))
    else {
        return;
    };
    let is_shared = match docker.get("scope") {
        None | Some(Value::Null(_)) => false,
        Some(Value::String(scope)) => &*scope.text == "shared" || scope.has_unknown(),
        Some(_) => true,
    };
    if !is_shared {
        acc.report(provision.name.content_span(), format!("`{autoprovision}` only works with the scope `shared`"))
            .case("autoprovision")
            .severity(Severity::Warning)
            .note("A volume of the scope `task` comes and goes with the task; the setting has no effect, or is refused.");
    }
}
