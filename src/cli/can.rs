//! `passrole can`.

use super::Outcome;
use super::answers::{failed, print, project_at, read_policy};
use super::args::CanArguments;
use crate::access::Caller;
use crate::catalog;
use crate::host::DocumentKind;
use crate::query::{CanAnswer, NoAnswer, ProjectView, Question};
use std::path::Path;

pub(super) fn run(arguments: &CanArguments) -> Outcome {
    match answer(arguments, Path::new(".")) {
        Ok(answer) => print(arguments.format, || answer.text(), || answer.json()),
        Err(why) => failed(&why),
    }
}

/// By the project that the folder is in, where no policies are named.
pub(super) fn answer(arguments: &CanArguments, folder: &Path) -> Result<CanAnswer, NoAnswer> {
    let mut question = Question {
        principal: arguments.principal.clone(),
        action: arguments.action.clone(),
        resource: arguments.resource.clone(),
        context: arguments.context.clone(),
        closed: arguments.closed,
        ..Question::default()
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
    // A name says nothing by itself, and an ARN without any policy no more.
    let principal = &*question.principal;
    let is_service = catalog::is_service_domain(principal) || principal == "*";
    let is_name = !principal.contains([':', ' '])
        && (Caller::parse(principal).is_err() || question.files.is_empty() && !is_service);
    let is_identity = [":role/", ":user/", ":assumed-role/"].iter().any(|it| question.principal.contains(it));
    if is_name || question.files.is_empty() && is_identity {
        of_project(&mut question, folder)?;
    }
    question.answer()
}

/// Takes the policies of a role or user of the project.
fn of_project(question: &mut Question, folder: &Path) -> Result<(), NoAnswer> {
    let workspace = project_at(folder)?;
    let view = ProjectView::around(&workspace.0, &workspace.1);
    let Some(identity) = view.identity(&question.principal)? else {
        return Err(NoAnswer(format!(
            "the project has no role and no user called `{}`: give its policies (--identity), or ask in the folder of \
             the project",
            question.principal
        )));
    };
    question.ask_of(&view, &identity)
}
