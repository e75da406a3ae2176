use super::names;
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{TaskContext, TaskDefinition};
use crate::rules::Rule;
use std::collections::HashSet;

declare_rule! {
    /// Finds `volumesFrom` and `links` that name a container the task does not have, or their own.
    ///
    /// ECS refuses the task definition. A link may carry an alias behind a colon: `database:db`.
    pub UnknownSourceContainer {
        id: "unknown-source-container",
        group: Task,
        reads: [Task],
        cases: ["missing", "self"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "volumesFrom or links name a container that is not there",
        sources: ["cdk-preflight/pf-ecs-volumesfrom-source-container-missing"],
        fix: Unsafe,
        since: "0.1.0",
        service_messages: ["Invalid 'volumesFrom' setting. Unknown container", "Unknown link"],
    }
}

impl Rule for UnknownSourceContainer {
    fn check_task(&self, task: TaskDefinition<'_>, _context: &TaskContext, acc: &mut Findings) {
        let Some(known) = names::containers(task) else { return };
        let all: HashSet<&str> = known.iter().copied().collect();
        for (base, container) in task.containers() {
            let own = container.name().map(|name| &*name.text);
            let sources = container
                .objects("volumesFrom")
                .filter_map(|from| from.string("sourceContainer"))
                .map(|name| ("volumesFrom", name, &*name.text));
            let links = container
                .object
                .items("links")
                .iter()
                .filter_map(|link| link.as_string())
                .map(|link| ("links", link, link.text.split(':').next().unwrap_or_default()));
            for (field, string, name) in sources.chain(links) {
                // An empty name is not a name of anything.
                if string.has_unknown() || name.is_empty() {
                    continue;
                }
                let span = string.part(0..name.len()).shifted(base);
                if Some(name) == own {
                    acc.report(span, format!("`{}` names its own container", acc.name(field)))
                        .case("self")
                        .note("ECS refuses the task definition.");
                } else if !all.contains(name) {
                    names::no_container(span, name, &known, acc);
                }
            }
        }
    }
}
