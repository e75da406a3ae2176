//! `passrole roles`.

use super::Outcome;
use super::answers::{failed, print_json, print_lines, read};
use super::args::{RolesArguments, RolesFormat, WhichRole};
use crate::analysis::{RuleSet, check_file};
use crate::diagnostic::{Level, Severity};
use crate::query::{NoAnswer, Roles, Where, Which, select_account, select_task};
use crate::workspace::FileFacts;
use std::path::Path;

pub(super) fn run(arguments: &RolesArguments) -> Outcome {
    let (roles, which) = match answer(arguments) {
        Ok(answer) => answer,
        Err(why) => return failed(&why),
    };
    match arguments.format {
        RolesFormat::Text => print_lines(&roles.text(which)),
        RolesFormat::Json => print_json(&roles.json(which)),
        RolesFormat::Cloudformation => print_lines(&roles.cloudformation(which)),
        RolesFormat::Terraform => print_lines(&roles.terraform(which)),
    }
}

/// The roles, and which of them are asked for.
pub(super) fn answer(arguments: &RolesArguments) -> Result<(Roles, Which), NoAnswer> {
    let roles = roles(arguments)?;
    let which = match arguments.role {
        WhichRole::Execution => Which::Execution,
        WhichRole::Task => Which::Task,
        WhichRole::Deployer => Which::Deployer,
        WhichRole::All => Which::All,
    };
    match roles.has(which) {
        true => Ok((roles, which)),
        false => Err(NoAnswer(
            "a service account has no such role: its roles are irsa, podIdentity and deployer".to_string(),
        )),
    }
}

fn roles(arguments: &RolesArguments) -> Result<Roles, NoAnswer> {
    let (name, fragment) = match arguments.file.split_once('#') {
        Some((name, fragment)) => (name, Some(fragment)),
        None => (&*arguments.file, None),
    };
    let text = read(Path::new(name))?;
    if text.trim().is_empty() {
        return Err(NoAnswer(format!("{name} is empty")));
    }
    let report = check_file(&text, &FileFacts::of_path(name), None, &RuleSet::at(Level::Default));
    let broken =
        report.findings.iter().find(|it| it.severity == Severity::Error && it.rule.group.name() == "syntax");
    if let Some(finding) = broken {
        let at = crate::text::LineIndex::new(&text).scalars(finding.span.start);
        return Err(NoAnswer(format!("{name}:{}:{}: {}", at.line, at.column, finding.message)));
    }
    let place = Where {
        account: arguments.account.clone(),
        region: arguments.region.clone(),
        issuer: arguments.oidc_issuer.clone(),
    };
    let has_task = report.documents.iter().any(|document| document.kind.is_task());
    let account = match has_task {
        true => None,
        false => select_account(name, &report.summary.resources, fragment)?,
    };
    if let Some(account) = account {
        return Ok(Roles::of_account(&account, &place));
    }
    let task = select_task(name, &report.documents, fragment)?;
    Ok(Roles::of(task, &place))
}
