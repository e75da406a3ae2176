use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::model::{TaskContext, TaskDefinition};
use crate::rules::Rule;
use crate::text::Span;
use std::collections::HashMap;

declare_rule! {
    /// Finds containers that wait for each other in a circle.
    ///
    /// None of them could ever start. ECS refuses the task definition.
    pub DependencyCycle {
        id: "dependency-cycle",
        group: Task,
        reads: [Task],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "containers depend on each other in a circle",
        sources: [],
        fix: None,
        since: "0.1.0",
        service_messages: ["Cyclic dependency between containers", "dependency cycle"],
    }
}

impl Rule for DependencyCycle {
    fn check_task(&self, task: TaskDefinition<'_>, _context: &TaskContext, acc: &mut Findings) {
        let containers: Vec<_> = task.containers().collect();
        let mut index: HashMap<&str, usize> = HashMap::with_capacity(containers.len());
        for (at, (_, container)) in containers.iter().enumerate() {
            if let Some(name) = container.name() {
                index.entry(&name.text).or_insert(at);
            }
        }
        let edges: Vec<Vec<(usize, Span)>> = containers
            .iter()
            .enumerate()
            .map(|(from, (base, container))| {
                container
                    .objects("dependsOn")
                    .filter_map(|dependency| dependency.string("containerName"))
                    .filter_map(|name| Some((*index.get(&*name.text)?, name.content_span().shifted(*base))))
                    .filter(|(to, _)| *to != from)
                    .collect()
            })
            .collect();
        // Depth first; what is on the way again closes a circle, reported once.
        let mut state = vec![State::New; containers.len()];
        for start in 0..containers.len() {
            let mut way: Vec<(usize, usize)> = vec![(start, 0)];
            if state[start] != State::New {
                continue;
            }
            state[start] = State::OnTheWay(0);
            while let Some((at, next)) = way.last_mut() {
                let Some((to, span)) = edges[*at].get(*next).copied() else {
                    state[*at] = State::Done;
                    way.pop();
                    continue;
                };
                *next += 1;
                match state[to] {
                    State::New => {
                        state[to] = State::OnTheWay(way.len());
                        way.push((to, 0));
                    }
                    State::OnTheWay(first) => {
                        let name = |at: usize| containers[at].1.name().map(|name| format!("`{}`", name.text));
                        let circle = way.get(first..).unwrap_or_default();
                        let mut names: Vec<String> =
                            circle.iter().take(SHOWN).filter_map(|(at, _)| name(*at)).collect();
                        if circle.len() > SHOWN {
                            names.push("…".to_string());
                        }
                        names.extend(name(to));
                        acc.report(span, format!("containers wait for each other: {}", names.join(" → ")))
                            .note("None of them can start. ECS refuses the task definition.");
                    }
                    State::Done => {}
                }
            }
        }
    }
}

/// How many containers of a circle are named: a task has ten at most.
const SHOWN: usize = 10;

#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    /// How far along it.
    OnTheWay(usize),
    Done,
}
