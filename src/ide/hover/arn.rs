//! ARNs: their parts, what they can name, and who acts on it.

use super::{list, pages};
use crate::access;
use crate::catalog::{self, Action, ResourceType, Service};
use crate::host::placeholder;
use crate::model::{Arn, Statement};
use std::fmt::Write;

/// About an ARN; `None` for other texts. Actions of the statement come first where there is one.
pub(super) fn about(text: &str, statement: Option<Statement<'_>>) -> Option<String> {
    let arn = Arn::parse(text).ok()?;
    let mut out = format!("**{}**\n", text.replace('*', "\\*"));
    for (name, part, absent) in [
        ("partition", arn.partition, ""),
        ("service", arn.service, ""),
        ("Region", arn.region, "none: global, or part of the resource"),
        ("account", arn.account, "none"),
        ("resource", arn.resource, "none"),
    ] {
        match part {
            "" if absent.is_empty() => {}
            "" => {
                let _ = write!(out, "\n* {name}: {absent}");
            }
            part => {
                let _ = write!(out, "\n* {name}: `{part}`");
            }
        }
    }
    out.push('\n');
    let Some(service) = catalog::service(arn.service) else { return Some(out) };
    let unknown = placeholder::find(text);
    let fits = |format: &str| {
        let alike = |written: &str, known: &str| written.is_empty() == known.is_empty() || written == "*";
        access::resource_fits(&arn, format, &unknown)
            && Arn::parse(format)
                .is_ok_and(|it| alike(arn.region, it.region) && alike(arn.account, it.account))
    };
    let types: Vec<ResourceType> =
        service.resource_types().filter(|resource| resource.arn_formats().any(fits)).collect();
    if types.is_empty() && arn.service == "iam" && arn.resource == "root" {
        out.push_str("\nThe account itself: as a principal, whoever it lets.");
        return Some(out);
    }
    if types.is_empty() {
        let _ = write!(out, "\nNo resource type of {} has this form.", service.title());
        return Some(out);
    }
    for resource in types.iter().take(4) {
        let _ = write!(out, "\n**{}**", resource.name());
        for format in resource.arn_formats() {
            let _ = write!(out, "  \n`{format}`");
        }
        let _ = write!(out, "  \n{}\n", actions(service, *resource, statement));
    }
    if types.len() > 4 {
        let _ = write!(out, "\nand {} more resource types", types.len() - 4);
    }
    let _ = write!(out, "\n[Service Authorization Reference]({})\n", pages::resource_types(service));
    Some(out)
}

/// Which actions take a resource type.
fn actions(service: Service, resource: ResourceType, statement: Option<Statement<'_>>) -> String {
    let takes = |action: &Action| action.resource_types().any(|on| on.resource_type == resource);
    let all: Vec<Action> = service.actions().filter(takes).collect();
    let mut out = format!("{} on it", super::count(all.len(), "action"));
    let here: Vec<String> = all
        .iter()
        .map(Action::to_string)
        .filter(|name| {
            statement.is_some_and(|statement| statement.actions().any(|pattern| pattern.covers(name)))
        })
        .collect();
    if statement.is_some() {
        out.push_str("; of this statement: ");
        if here.is_empty() {
            out.push_str("none");
        } else {
            list(&mut out, here.iter().map(String::as_str), here.len());
        }
    } else if !all.is_empty() {
        out.push_str(": ");
        list(&mut out, all.iter().map(|action| action.name()), all.len());
    }
    out
}
