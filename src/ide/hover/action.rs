//! Actions, and what a wildcard covers.

use super::{NAMES, count, list, more, pages, words};
use crate::catalog::{self, AccessLevel, Action};
use crate::model::is_wildcard;
use crate::text::quoted;
use std::collections::BTreeMap;
use std::fmt::Write;

/// About one entry of `Action` or `NotAction`.
pub(crate) fn about(text: &str) -> Option<String> {
    if is_wildcard(text) {
        return Some(wildcard(text));
    }
    if let Some(action) = catalog::action(text) {
        return Some(one(action));
    }
    let (prefix, action) = text.split_once(':').unwrap_or((text, ""));
    if let Some(date) = catalog::retired(text) {
        return Some(format!("**{text}**\n\nNo longer an action: last listed by AWS on {date}."));
    }
    match catalog::api_name(text) {
        Some(Some(right)) => Some(format!(
            "**{text}**\n\nAn API operation, not an action: the permission for it is `{right}`."
        )),
        Some(None) => Some(format!(
            "**{text}**\n\nAn API operation, not an action, unless AWS added one after {}.",
            catalog::facts_as_of()
        )),
        None if catalog::is_newer_operation(text) => Some(format!(
            "**{text}**\n\nAn API operation that is younger than the list of actions in this version of passrole."
        )),
        None => {
            let Some(service) = catalog::service(prefix) else {
                let near = catalog::nearest_service(prefix, action);
                let meant = near.map_or_else(String::new, |it| format!(" Did you mean `{}`?", it.word));
                return text.contains(':').then(|| {
                    format!(
                        "**{text}**\n\nNo service of AWS has the prefix `{prefix}`, as of {}.{meant}",
                        catalog::facts_as_of()
                    )
                });
            };
            Some(format!(
                "**{text}**\n\nNo action of {} is named so, as of {}.",
                service.title(),
                catalog::facts_as_of()
            ))
        }
    }
}

pub(crate) fn one(action: Action) -> String {
    let mut out = format!("**{action}** · {}", action.access_level().name());
    if action.is_permission_only() {
        out.push_str(" · permission only, no API operation");
    }
    let _ = write!(out, "\n\n{}\n\n{}\n", words::sentence(action), action.service().title());
    let types: Vec<_> = action.resource_types().collect();
    if types.is_empty() {
        out.push_str("\n**Resource**: `*` only\n");
    } else {
        out.push_str("\n**Resource types**\n");
        for on in types.iter().take(NAMES) {
            let _ = write!(out, "\n* {}", on.resource_type.name());
            if on.required {
                out.push_str(" (required)");
            }
            for format in on.resource_type.arn_formats() {
                let _ = write!(out, "  \n  `{format}`");
            }
        }
        more(&mut out, types.len());
        out.push('\n');
    }
    let mut keys: Vec<&str> = action.condition_keys().map(|key| key.name()).collect();
    keys.sort_unstable();
    keys.dedup();
    if !keys.is_empty() {
        out.push_str("\n**Condition keys**, beside the global ones: ");
        list(&mut out, keys.iter().copied(), keys.len());
        out.push('\n');
    }
    let dependent: Vec<&str> = action.dependent_actions().collect();
    if !dependent.is_empty() {
        out.push_str("\n**May need as well**: ");
        list(&mut out, dependent.iter().copied(), dependent.len());
        out.push('\n');
    }
    if let Some(row) = catalog::pass_role(&action.to_string()) {
        out.push_str("\n**Passes a role** to ");
        list(&mut out, row.passed_to.iter().copied(), row.passed_to.len());
        out.push_str(".\nThe caller needs `iam:PassRole` on that role.\n");
    }
    let _ = write!(out, "\n[Service Authorization Reference]({})\n", pages::action(action));
    out
}

fn wildcard(pattern: &str) -> String {
    let actions: Vec<Action> = catalog::expand(pattern).collect();
    let mut out = format!("**{}**", pattern.replace('*', "\\*"));
    if actions.is_empty() {
        out.push_str("\n\nCovers no action.");
        return out;
    }
    let mut services: Vec<&str> = actions.iter().map(|action| action.service().prefix()).collect();
    services.dedup();
    let _ = match services.len() {
        1 => write!(out, " · {} of {}", count(actions.len(), "action"), actions[0].service().title()),
        many => write!(out, " · {} of {many} services", count(actions.len(), "action")),
    };
    out.push('\n');
    let mut levels: BTreeMap<AccessLevel, Vec<Action>> = BTreeMap::new();
    for action in &actions {
        levels.entry(action.access_level()).or_default().push(*action);
    }
    for (level, actions) in levels.iter().rev() {
        let _ = write!(out, "\n* {}: {} – ", level.name(), actions.len());
        let shown = if services.len() == 1 { NAMES } else { 4 };
        let names = actions.iter().take(shown).map(|action| match services.len() {
            1 => action.name().to_string(),
            _ => action.to_string(),
        });
        out.push_str(&quoted(names));
        if actions.len() > shown {
            let _ = write!(out, " and {} more", actions.len() - shown);
        }
    }
    let passing = actions.iter().filter(|action| catalog::pass_role(&action.to_string()).is_some()).count();
    if passing > 0 && passing < 1000 {
        let _ = write!(out, "\n\n{} of them pass a role: they need `iam:PassRole` as well.", passing);
    }
    out
}
