//! SAM's templates of policies, where a function lists its policies.

use super::skeleton::{self, Skeleton};
use super::{At, Item, ItemKind};
use crate::catalog;

pub(super) fn templates(at: &At<'_>) -> Vec<Item> {
    let templates = catalog::sam_policy_templates().iter();
    templates
        .map(|catalog::SamTemplate { name, parameters, .. }| {
            let members = parameters.iter().map(|it| (*it, Skeleton::empty())).collect();
            let value = Skeleton::Options(vec![(*name, Skeleton::Options(members))]);
            let mut item = skeleton::whole(at.writing, ItemKind::Snippet, *name, "policy template", &value);
            if parameters.is_empty() {
                item.is_snippet = false;
                let empty = Skeleton::Options(vec![(*name, Skeleton::Options(Vec::new()))]);
                item.insert = skeleton::plain(at.writing, &empty);
            }
            let usual = catalog::usual_place("samTemplates", name).map_or(40, |it| it as u16);
            item.ranked(5 + usual)
        })
        .collect()
}

/// What a template is told.
pub(super) fn parameters(at: &At<'_>, template: &str) -> Vec<Item> {
    let siblings = at.siblings();
    let parameters = catalog::sam_policy_template(template).map_or(&[][..], |it| it.parameters);
    parameters
        .iter()
        .filter(|name| !siblings.contains(**name))
        .map(|name| skeleton::member(at.writing, ItemKind::Field, *name, "", &Skeleton::empty(), false))
        .collect()
}
