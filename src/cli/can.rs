//! `passrole can`.

use super::Outcome;
use super::answers::{failed, print, read_policy};
use super::args::CanArguments;
use crate::host::DocumentKind;
use crate::query::{CanAnswer, NoAnswer, Question};

pub(super) fn run(arguments: &CanArguments) -> Outcome {
    match answer(arguments) {
        Ok(answer) => print(arguments.format, || answer.text(), || answer.json()),
        Err(why) => failed(&why),
    }
}

fn answer(arguments: &CanArguments) -> Result<CanAnswer, NoAnswer> {
    let mut question = Question {
        principal: arguments.principal.clone(),
        action: arguments.action.clone(),
        resource: arguments.resource.clone(),
        context: arguments.context.clone(),
        closed: arguments.closed,
        files: Vec::new(),
    };
    let given = [
        (DocumentKind::Identity, &arguments.identity[..]),
        (DocumentKind::Boundary, arguments.boundary.as_slice()),
        (DocumentKind::Session, arguments.session.as_slice()),
        (DocumentKind::Scp, &arguments.scp),
        (DocumentKind::Rcp, &arguments.rcp),
        (DocumentKind::Resource, arguments.resource_policy.as_slice()),
        (DocumentKind::Trust, arguments.trust.as_slice()),
    ];
    for (kind, paths) in given {
        for path in paths {
            question.files.push((kind, read_policy(path, Some(kind))?));
        }
    }
    question.answer()
}
