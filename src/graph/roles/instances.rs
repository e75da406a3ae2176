//! Modules that several places call: what a file of such a module says for one of its callers.

use crate::graph::FileSummary;
use std::cell::OnceCell;
use std::sync::Arc;

/// More are not told apart.
const MOST: usize = 256;

/// The files of modules as single callers have them. Each stays where it is, so that others can refer to it.
#[derive(Debug, Default)]
pub(in crate::graph) struct Instances {
    first: OnceCell<Box<Instance>>,
}

#[derive(Debug)]
struct Instance {
    summary: Arc<FileSummary>,
    next: OnceCell<Box<Instance>>,
}

impl Instances {
    /// The file with that scope in place of its own; the file as it is where there are too many.
    pub fn of<'a>(&'a self, file: &'a Arc<FileSummary>, scope: &str) -> &'a Arc<FileSummary> {
        let mut slot = &self.first;
        for _ in 0..MOST {
            let instance = slot.get_or_init(|| {
                let resources = file.resources.clone();
                let tasks = file.tasks.clone();
                let summary = FileSummary {
                    path: file.path.clone(),
                    scope: scope.into(),
                    tasks,
                    resources,
                    ..FileSummary::default()
                };
                Box::new(Instance { summary: Arc::new(summary), next: OnceCell::new() })
            });
            if instance.summary.path == file.path && *instance.summary.scope == *scope {
                return &instance.summary;
            }
            slot = &instance.next;
        }
        file
    }
}

/// The scope of a module as one call of it has it: of which folder, who calls, and under which name.
pub(super) fn scope_of_call(module: &str, caller: &str, address: &str) -> String {
    format!("{module}#{caller}|{address}")
}

/// The folder of a module, whoever calls it.
pub(in crate::graph) fn folder_of(scope: &str) -> &str {
    scope.split('#').next().unwrap_or(scope)
}

/// The scope of the caller and the name of the call, where a scope is that of one call.
pub(super) fn call_of(scope: &str) -> Option<(&str, &str)> {
    scope.split_once('#')?.1.rsplit_once('|')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_within_a_call_is_told_apart() {
        let outer = scope_of_call("modules/service", "live", "module.web");
        let inner = scope_of_call("modules/role", &outer, "module.task");
        assert_eq!(folder_of(&inner), "modules/role");
        assert_eq!(call_of(&inner), Some((&*outer, "module.task")));
        assert_eq!(call_of(&outer), Some(("live", "module.web")));
        assert_eq!(call_of("modules/role"), None);
    }

    #[test]
    fn one_file_for_one_caller_is_one_thing() {
        let instances = Instances::default();
        let file =
            Arc::new(FileSummary { path: "m/a.tf".into(), scope: "m".into(), ..FileSummary::default() });
        let first = instances.of(&file, "m#x|module.a");
        assert!(std::ptr::eq(first, instances.of(&file, "m#x|module.a")));
        assert!(!std::ptr::eq(first, instances.of(&file, "m#x|module.b")));
        assert_eq!((&*first.path, &*first.scope), ("m/a.tf", "m#x|module.a"));
        for number in 0..MOST {
            instances.of(&file, &number.to_string());
        }
        assert_eq!(*instances.of(&file, "one more").scope, *"m");
    }
}
