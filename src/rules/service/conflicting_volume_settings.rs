use super::conflicts;
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::graph::Neighbours;
use crate::model::ServiceInput;
use crate::rules::Rule;
use crate::text::quoted;

declare_rule! {
    /// Finds settings of an EBS volume of a service or task that do not go together.
    ///
    /// `iops` is for the volume types `io1`, `io2` and `gp3`, `throughput` for `gp3`; and an empty volume needs
    /// `sizeInGiB`, unless it is made from the snapshot `snapshotId`.
    ///
    /// ECS refuses the request, one of them at a time.
    ///
    /// See "ServiceManagedEBSVolumeConfiguration" in the Amazon ECS API Reference.
    pub ConflictingVolumeSettings {
        id: "conflicting-volume-settings",
        group: Service,
        reads: [Service],
        on: [Service],
        cases: ["ebs-iops", "ebs-size", "ebs-throughput", "initialization-rate", "missing-iops", "second-volume", "volume-size", "volume-type"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "ECS does not take these settings of an EBS volume together",
        sources: [
            "cdk-preflight/pf-ecs-svc-ebs-iops-unsupported-type",
            "cdk-preflight/pf-ecs-svc-ebs-throughput-non-gp3",
            "cdk-preflight/pf-ecs-svc-ebs-volume-without-size-or-snapshot",
        ],
        fix: Unsafe,
        since: "0.2.0",
        formerly: ["conflicting-service-fields"],
        service_messages: [
            "ECS managed EBS volume configuration was invalid",
        ],
    }
}

impl Rule for ConflictingVolumeSettings {
    fn check_service(&self, service: ServiceInput<'_>, _: &Neighbours, acc: &mut Findings) {
        conflicts::check(self, service, acc);
        if service.is_skeleton() {
            return;
        }
        let [size_in_gib, snapshot_id, iops] = acc.names(["sizeInGiB", "snapshotId", "iops"]);
        if let [_, second, ..] = service.input.items("volumeConfigurations") {
            acc.report(second.span(), "a service has one volume that is configured at launch")
                .case("second-volume")
                .note("ECS refuses the request.");
        }
        let configurations = service.input.objects("volumeConfigurations");
        for volume in configurations.filter_map(|it| it.object("managedEBSVolume")) {
            if let Some(kind) = volume.known("volumeType") {
                let known = catalog::container_values("ebsVolumeTypes");
                let name = acc.name("volumeType");
                if !known.contains(&&*kind.text) {
                    let near = catalog::guess(&kind.text, known.iter().copied());
                    let finding =
                        acc.report(kind.content_span(), format!("`{name}` does not take `{}`", kind.text));
                    // One that looks like none may be newer than this list.
                    if near.is_none() {
                        finding.severity(Severity::Warning);
                    }
                    finding
                        .case("volume-type")
                        .note(format!("It takes {}. ECS refuses the request.", quoted(known.iter())))
                        .maybe_fix(near.map(|near| Fix::guess(kind.content_span(), near)));
                } else if matches!(&*kind.text, "io1" | "io2") && !volume.has("iops") {
                    acc.report(
                        kind.content_span(),
                        format!("the volume type `{}` needs `{iops}`", kind.text),
                    )
                    .case("missing-iops")
                    .note("ECS refuses the request.");
                }
                let least = catalog::container_limit("coldVolumeSize").map_or(0, i64::from);
                let size =
                    volume.get("sizeInGiB").filter(|it| it.whole_number().is_some_and(|it| it < least));
                if let (true, Some(size)) = (matches!(&*kind.text, "st1" | "sc1"), size) {
                    acc.report(
                        size.span(),
                        format!("a volume of the type `{}` has at least {least} GiB", kind.text),
                    )
                    .case("volume-size")
                    .note("ECS refuses the request.")
                    .related(kind.content_span(), "the volume type");
                }
            }
            if !volume.has("sizeInGiB") && !volume.has("snapshotId") {
                acc.report(volume.open(), format!("an EBS volume needs `{size_in_gib}` or `{snapshot_id}`"))
                    .case("ebs-size")
                    .note("ECS refuses the request.");
            }
        }
    }
}
