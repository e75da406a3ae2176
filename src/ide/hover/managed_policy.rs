//! AWS managed policies: whether they exist, under which path, and where they are described.

use crate::catalog::{self, Arn};
use std::fmt::Write;

/// About the ARN of an AWS managed policy; `None` for other texts, and for parts of one.
pub(super) fn about(text: &str) -> Option<String> {
    let arn = Arn::parse(text).ok().filter(|arn| arn.service == "iam" && arn.account == "aws")?;
    let path = arn.resource.strip_prefix("policy/").filter(|path| !path.contains(['$', '{', '<']))?;
    Some(of(path, catalog::is_managed_policy(path)))
}

/// About the name of one, where a name stands for it.
pub(super) fn named(name: &str) -> Option<String> {
    let path = catalog::managed_policy_named(name)?;
    (catalog::name_of_managed_policy(path) == name).then(|| of(path, true))
}

fn of(path: &str, exists: bool) -> String {
    let name = catalog::name_of_managed_policy(path);
    let mut out = format!("**{name}** · AWS managed policy\n");
    if exists {
        match path.strip_suffix(name).filter(|path| !path.is_empty()) {
            Some(path) => {
                let _ = write!(out, "\nPath: `{path}`");
            }
            None => out.push_str("\nIt has no path."),
        }
        if path.starts_with("aws-service-role/") {
            out.push_str("\n\nIt belongs to a service-linked role, and cannot be attached to anything else.");
        }
        let _ = write!(out, "\n\n[What it grants]({})", super::pages::managed_policy(name));
    } else if let Some(found) = catalog::managed_policy_named(name) {
        if found.eq_ignore_ascii_case(path) {
            let _ = write!(out, "\nIt is spelt `{found}`.");
            return out;
        }
        let _ = write!(out, "\nThere is none of this ARN: it is `{found}`.");
    } else if let Some(by) = catalog::withdrawn_managed_policy(name) {
        out.push_str("\nAWS has withdrawn it: it can be attached to nothing more.");
        if let Some(by) = by {
            let _ = write!(out, " In its place there is `{by}`.");
        }
    } else {
        let _ = write!(out, "\nIt is not in the list of {}.", catalog::managed_policies_as_of());
    }
    out
}
