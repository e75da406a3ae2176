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
            item.ranked(5)
        })
        .collect()
}
