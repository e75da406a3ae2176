use super::values;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{Container, TaskContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds images with the tag `latest`, or with none, which means the same; and images by tag with
    /// `versionConsistency` `disabled`.
    ///
    /// Which program runs then depends on when the task starts, and going back to an earlier revision does not bring
    /// the earlier program back. For services ECS resolves a tag once per deployment, unless `versionConsistency`
    /// is `disabled`; for tasks on their own it never does.
    ///
    /// Deploy actions often write the tag in, so this is asked for only with `--level pedantic`.
    ///
    /// See "Container image resolution" in the Amazon ECS Developer Guide.
    pub MutableImageTag {
        id: "mutable-image-tag",
        group: Task,
        reads: [Container],
        cases: ["latest", "none", "version-consistency"],
        severity: Info,
        confidence: High,
        level: Pedantic,
        summary: "which image runs depends on when the task starts",
        sources: [],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for MutableImageTag {
    fn check_container(&self, container: Container<'_>, _task: &TaskContext, acc: &mut Findings) {
        let version_consistency = acc.name("versionConsistency");
        let Some(image) = values::stated(container.object, "image").filter(|image| !image.text.contains('@'))
        else {
            return;
        };
        // A colon before a slash is a registry's port.
        let last = image.text.rsplit('/').next().unwrap_or(&image.text);
        let tag = last.split_once(':').map(|(_, tag)| tag);
        match tag {
            None => {
                acc.report(image.content_span(), "the image has no tag, so it is `latest`")
                    .case("none")
                    .note("Which program runs depends on when the task starts. Name a version, or a digest.");
            }
            Some(tag @ "latest") => {
                let end = image.text.len();
                acc.report(image.part(end - tag.len()..end), "the image's tag is `latest`")
                    .case("latest")
                    .note("Which program runs depends on when the task starts. Name a version, or a digest.");
            }
            Some(_) => {
                let consistency = values::stated(container.object, "versionConsistency");
                if let Some(consistency) = consistency.filter(|it| &*it.text == "disabled") {
                    acc.report(
                        consistency.content_span(),
                        "tasks of one deployment may run different images under the same tag",
                    )
                    .case("version-consistency")
                    .note(format!("Name the image by its digest, or leave `{version_consistency}` out."))
                    .related(image.content_span(), "the tag");
                }
            }
        }
    }
}
