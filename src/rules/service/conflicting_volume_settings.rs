use super::conflicts;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::graph::Neighbours;
use crate::model::ServiceInput;
use crate::rules::Rule;

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
        cases: ["ebs-iops", "ebs-size", "ebs-throughput"],
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
        let [size_in_gib, snapshot_id] = acc.names(["sizeInGiB", "snapshotId"]);
        let configurations = service.input.objects("volumeConfigurations");
        for volume in configurations.filter_map(|it| it.object("managedEBSVolume")) {
            if !volume.has("sizeInGiB") && !volume.has("snapshotId") {
                acc.report(volume.open(), format!("an EBS volume needs `{size_in_gib}` or `{snapshot_id}`"))
                    .case("ebs-size")
                    .note("ECS refuses the request.");
            }
        }
    }
}
