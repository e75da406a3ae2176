//! Values of which only their own form tells what they are: actions in the values of a module's variables, the role that
//! a workflow assumes.

use super::{Item, ItemKind, List, Options, numbered};
use crate::catalog;
use crate::host::{Parsed, Taken};
use crate::ide::File;
use crate::text::{Source, Span};

/// Members of workflows and of tools' files whose value is the ARN of a role.
const ROLES: [&str; 4] = ["role-to-assume", "AWS_ROLE_ARN", "role_arn", "roleArn"];

/// The list at a place outside of every document.
pub(super) fn complete(file: &File<'_>, offset: u32, options: Options) -> Option<List> {
    let is_values = file.report.path().ends_with(".tfvars");
    let is_workflow = file.report.path().contains(".github/workflows/");
    if !is_values && !is_workflow {
        return None;
    }
    match file.report.parsed {
        Parsed::Terraform(_) | Parsed::Yaml(_) => {}
        _ => return None,
    }
    let gap = file.report.parsed.hole(file.text, offset)?;
    if gap.taken != Taken::Value && gap.taken != Taken::Either {
        return None;
    }
    let typed = file.text.slice(Span::new(gap.replace.start, offset.max(gap.replace.start)));
    let items = if is_workflow { roles(file, offset, options) } else { actions(&typed, gap.closed) };
    (!items.is_empty()).then_some(List { replace: gap.replace, comma: None, items, is_incomplete: true })
}

/// Actions of the service whose prefix is typed.
fn actions(typed: &str, is_closed: bool) -> Vec<Item> {
    let Some(service) = typed.split_once(':').and_then(|(prefix, _)| catalog::service(prefix)) else {
        return Vec::new();
    };
    let usual = catalog::usual_actions(service.prefix());
    service
        .actions()
        .map(|action| {
            let label = action.to_string();
            let insert = if is_closed { label.clone() } else { format!("{label}\"") };
            let rank = usual.iter().position(|it| *it == action.name()).map_or(100, |it| it as u16);
            Item::new(ItemKind::Action, label, action.access_level().name(), insert).ranked(rank)
        })
        .collect()
}

/// The form of a role's ARN, behind the name of a field that takes one.
fn roles(file: &File<'_>, offset: u32, options: Options) -> Vec<Item> {
    let line = file.text.line_span(file.text.line_of(offset));
    let text = file.text.slice(Span::new(line.start, offset.max(line.start)));
    let Some((name, value)) = text.split_once(':') else { return Vec::new() };
    let is_role = ROLES.contains(&name.trim_start_matches([' ', '-']));
    if !is_role || !value.trim().is_empty() {
        return Vec::new();
    }
    let form = "arn:aws:iam::${Account}:role/${Role}";
    let insert =
        if options.snippets { numbered(form) } else { "arn:aws:iam::111122223333:role/".to_string() };
    let mut item = Item::new(ItemKind::Format, form, "role", insert);
    item.is_snippet = options.snippets;
    vec![item]
}
