use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::Attachments;
use crate::rules::Rule;

declare_rule! {
    /// Finds AWS managed policies that are attached, for teams that attach policies of their own only.
    ///
    /// ```yaml
    /// ManagedPolicyArns:
    ///   - arn:aws:iam::aws:policy/AmazonS3FullAccess
    /// ```
    ///
    /// AWS writes these policies for everybody: they name no resources of yours, most of them allow more than
    /// one purpose needs, and AWS changes what they allow. Those under `service-role/` are meant for the role
    /// of a service, and often the shortest way to it; they are left alone, and so are permissions boundaries. What allows
    /// nearly everything is said by administrator-access.
    ///
    /// Write a policy with the actions and resources that are needed.
    ///
    /// AWS: "Managed policies and inline policies" in the IAM User Guide.
    pub AwsManagedPolicy {
        id: "aws-managed-policy",
        group: Policy,
        reads: [Attachments],
        on: [Attachments],
        severity: Hint,
        confidence: High,
        level: Pedantic,
        summary: "a policy that AWS writes for everybody is attached",
        sources: ["cdk-nag/IAM4"],
        fix: None,
        since: "0.2.0",
    }
}

impl Rule for AwsManagedPolicy {
    fn check_attachments(&self, attachments: Attachments<'_>, acc: &mut Findings) {
        if attachments.is_lookup() || attachments.is_hearsay() {
            return;
        }
        let takes_names = attachments.takes_names();
        for attached in attachments.policies().filter(|attached| !attached.is_boundary) {
            let Some(policy) = attached.aws_policy() else { continue };
            let known = match attached.is_arn() {
                true => Some(policy.path).filter(|path| catalog::is_managed_policy(path)),
                false if takes_names => catalog::managed_policy_named(policy.path),
                false => None,
            };
            let is_of_service =
                |path: &str| path.starts_with("service-role/") || path.starts_with("aws-service-role/");
            // Those that allow everything have a rule of their own.
            let is_wanted = |path: &&str| !is_of_service(path) && !catalog::is_elevated_managed_policy(path);
            if let Some(path) = known.filter(is_wanted) {
                let name = catalog::name_of_managed_policy(path);
                acc.report(
                    policy.span,
                    format!("`{name}` is a policy that AWS writes for everybody"),
                )
                .note("It names no resources of yours, and what it allows may change. Write one with what is needed.");
            }
        }
    }
}
