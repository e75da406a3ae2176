//! Names that parts of a task definition refer to each other by.

use crate::catalog::{self, Guess};
use crate::diagnostic::{Findings, Fix};
use crate::model::TaskDefinition;
use crate::text::{Span, quoted};

/// The containers' names; `None` where some container has none that is known, so that nothing can be
/// said to be missing.
pub(super) fn containers<'a>(task: TaskDefinition<'a>) -> Option<Vec<&'a str>> {
    // Containers that are made elsewhere have names, too.
    if task.document.is_open {
        return None;
    }
    if task.containers().count() != task.document.units.len() {
        return None;
    }
    task.containers()
        .map(|(_, container)| container.name().filter(|name| !name.has_unknown()).map(|name| &*name.text))
        .collect()
}

/// With how many names a misspelt one is compared: ten times the containers that a task may have.
pub(in crate::rules) const COMPARED: usize = 100;

/// The name that a misspelt one most likely means.
pub(in crate::rules) fn guess<'a>(
    word: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<Guess<&'a str>> {
    catalog::guess(word, names.into_iter().take(COMPARED))
}

/// Reports a name that is none of those of the containers.
pub(super) fn no_container(span: Span, name: &str, known: &[&str], acc: &mut Findings) {
    let near = guess(name, known.iter().copied());
    acc.report(span, format!("no container of the task is named `{name}`"))
        .case("missing")
        .note(refused(known))
        .maybe_fix(near.map(|near| Fix::guess(span, near)));
}

/// What happens, and which names there are.
pub(super) fn refused(names: &[&str]) -> String {
    match names {
        [] => "ECS refuses the task definition.".to_string(),
        _ => {
            let shown = quoted(names.iter().take(8));
            let left_out = if names.len() > COMPARED { " The first 100 were compared with it." } else { "" };
            format!("ECS refuses the task definition. There are {shown}.{left_out}")
        }
    }
}
