//! `ecs.config`: names of variables, and their values.

use super::{Item, ItemKind, List};
use crate::catalog::{self, AgentValue};
use crate::ide::hover::agent_type;
use crate::ide::{File, prose};
use crate::text::{Source, Span};

/// The list at an offset of the agent's configuration.
pub(super) fn complete(file: &File<'_>, offset: u32) -> Option<List> {
    let line = file.text.line_span(file.text.line_of(offset));
    let text = file.text.slice(line);
    let at = (offset - line.start) as usize;
    let before = text.get(..at)?;
    if before.trim_start().starts_with('#') {
        return None;
    }
    let content = text.trim_end_matches(['\n', '\r']);
    if let Some((name, value)) = before.split_once('=')
        && let Some(open) = value.rfind('"')
        && value.matches('"').count() % 2 == 1
    {
        return in_list(name.trim(), &content[at..], line.start + (name.len() + 1 + open + 1) as u32, offset);
    }
    let (start, items) = match before.split_once('=') {
        None => {
            let start = before.len() - before.trim_start().len();
            let has_mark = content[at..].contains('=');
            (start, names(file, has_mark))
        }
        Some((name, _)) => (name.len() + 1, values(name.trim())),
    };
    let end = match before.contains('=') {
        true => content.len(),
        false => at + content[at..].find('=').unwrap_or(content.len() - at),
    };
    let replace = Span::new(line.start + start as u32, line.start + end.max(at) as u32);
    (!items.is_empty()).then_some(List { replace, comma: None, items, is_incomplete: false })
}

/// A string of a list that is open at an offset; `start` is behind its quote.
fn in_list(name: &str, after: &str, start: u32, offset: u32) -> Option<List> {
    if !matches!(catalog::agent_variable(name)?.value, AgentValue::List) || !name.contains("LOGGING_DRIVERS")
    {
        return None;
    }
    let word = after.find(|char: char| !char.is_ascii_alphanumeric() && char != '-').unwrap_or(after.len());
    let close = if after[word..].starts_with('"') { "" } else { "\"" };
    let drivers = catalog::log_drivers("EC2").iter();
    let items = drivers.map(|driver| {
        let usual = catalog::usual_place("values", driver).map_or(60, |it| it as u16);
        Item::new(ItemKind::Value, *driver, "", format!("{driver}{close}")).ranked(usual)
    });
    let replace = Span::new(start, offset + word as u32);
    Some(List { replace, comma: None, items: items.collect(), is_incomplete: false })
}

fn names(file: &File<'_>, has_mark: bool) -> Vec<Item> {
    let whole = file.text.slice(Span::new(0, Source::len(file.text).min(64 * 1024)));
    let is_set = |name: &str| {
        whole
            .lines()
            .any(|line| line.trim_start().strip_prefix(name).is_some_and(|rest| rest.starts_with('=')))
    };
    let variables = catalog::agent_variables().iter().filter(|it| !is_set(it.name));
    variables
        .map(|variable| {
            let insert = if has_mark { variable.name.to_string() } else { format!("{}=", variable.name) };
            let detail = agent_type(variable.value);
            let mut item = Item::new(ItemKind::Field, variable.name, detail, insert);
            item.goes_on = !has_mark && matches!(variable.value, AgentValue::Boolean | AgentValue::Enum(_));
            let usual = catalog::usual_place("agentVariables", variable.name);
            item.ranked(usual.map_or(50, |it| it as u16)).about(prose::other(variable.name))
        })
        .collect()
}

fn values(name: &str) -> Vec<Item> {
    let words: Vec<&'static str> = match catalog::agent_variable(name).map(|variable| variable.value) {
        Some(AgentValue::Boolean) => vec!["true", "false"],
        Some(AgentValue::Enum(values)) => values.to_vec(),
        Some(AgentValue::Duration) => vec!["10m", "1h", "30s"],
        Some(AgentValue::List) => vec!["[\"json-file\",\"awslogs\"]"],
        _ => Vec::new(),
    };
    let words = words.into_iter().zip(0..);
    words.map(|(word, rank)| Item::new(ItemKind::Value, word, "", word.to_string()).ranked(rank)).collect()
}
