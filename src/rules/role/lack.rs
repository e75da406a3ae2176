//! Words for what a role lacks.

use crate::diagnostic::{Confidence, Findings, Fix, Severity};
use crate::graph::Reason;
use crate::graph::roles::{Cause, Lack, Verdict};
use crate::text;

/// Reports what the roles of some kinds lack.
pub fn report(verdicts: &[Verdict], kinds: fn(&str) -> bool, acc: &mut Findings) {
    let lacks = verdicts.iter().filter_map(|verdict| match verdict {
        Verdict::Lacks(lack) if kinds(lack.need.role) => Some(lack),
        _ => None,
    });
    for lack in lacks {
        one(lack, acc);
    }
}

fn one(lack: &Lack, acc: &mut Findings) {
    let actions = text::enumerated(lack.actions.iter().map(|action| format!("`{action}`")));
    let on = if lack.resource.is_empty() { String::new() } else { format!(" on `{}`", lack.resource) };
    let message = match &lack.why {
        Cause::Denied => format!("the {} `{}` is denied {actions}{on}", lack.kind, lack.role),
        Cause::Boundary => {
            format!("the permissions boundary of the {} `{}` leaves out {actions}{on}", lack.kind, lack.role)
        }
        _ => format!("the {} `{}` lacks {actions}{on}", lack.kind, lack.role),
    };
    let feature = match (&*lack.subject, lack.need.words) {
        ("", words) => words.to_string(),
        (subject, words) => format!("{words} (`{subject}`)"),
    };
    let verb =
        if feature.starts_with("the roles") || feature.starts_with("the tags") { "need" } else { "needs" };
    let needs = format!("{} {verb} it.", capital(&feature));
    let why = match &lack.why {
        Cause::NoStatement => "No statement of its policies grants it.".to_string(),
        Cause::OtherResource(resource) => {
            format!("A statement has the action, but on `{resource}`{}.", hint(lack, resource))
        }
        Cause::OtherAction(action) => format!("It has `{action}`, which is another action."),
        Cause::OtherRole(other) => {
            let uses = if lack.need.role == "execution" {
                "ECS itself uses the execution role for this"
            } else {
                "the containers use the task role for this"
            };
            format!("The role `{other}` has it, but {uses}.")
        }
        Cause::Condition(key, value) => format!("A statement grants it, but asks `{key}` to be `{value}`."),
        Cause::Denied => "A deny wins over every allow.".to_string(),
        Cause::Boundary => "A role can do nothing that its boundary does not allow.".to_string(),
    };
    let place =
        if lack.file.is_empty() { String::new() } else { format!(" The role stands in `{}`.", lack.file) };
    let granter = if lack.need.feature.ends_with("-by-default") {
        " The file system has no policy of its own here, and without one it lets everybody in. It asks for the \
         role's permission as soon as it gets one."
    } else if lack.need.has_other_granter {
        " Leave it as it is where the resource's own policy lets the role in."
    } else {
        ""
    };
    let rests = match lack.reason {
        Reason::FileName => " The files are taken for this role's by their names.",
        Reason::Beside => " They are taken for belonging together since there are no others in the folder.",
        _ => "",
    };
    let finding = acc.report(lack.span, message);
    finding.note(format!("{needs} {why}{place}{granter}{rests}"));
    // What somebody else could grant is no error, and neither is what rests on names.
    // An account may have the check of tags off, a node may be told of its cluster, a collector may be set up
    // to do without.
    let is_checked_everywhere = !matches!(
        lack.need.feature,
        "tag-task" | "tag-task-definition" | "node-cluster" | "adot-traces" | "adot-prometheus"
    );
    let is_certain = matches!(lack.reason, Reason::Reference | Reason::Handed | Reason::Stated)
        && !lack.need.has_other_granter
        && is_checked_everywhere;
    if !is_certain {
        finding.severity(Severity::Warning).confidence(Confidence::Medium);
    }
    finding.related_in(lack.policy.as_ref(), "this is what the role may do");
    if let Some(grant) = &lack.grant {
        let on = if lack.resource.is_empty() { String::new() } else { format!(" on `{}`", lack.resource) };
        let others = if grant.is_shared { ", and whoever else has that policy" } else { "" };
        let title = format!("Grant the role `{}`{others} {actions}{on}", lack.role);
        finding.fix_in(grant.file.clone(), Fix::grants(title, grant.edits.clone()));
    }
}

/// Cause the resource of a statement does not fit, where that can be told.
fn hint(lack: &Lack, resource: &str) -> String {
    let is_of = |service: &str| resource.contains(service);
    match lack.need.feature {
        "awslogs" | "firelens-cloudwatch" if is_of(":log-group:") && !resource.ends_with('*') => {
            ", which names the group: its streams are named with `:*` behind it".to_string()
        }
        "secret" | "repository-credentials" if resource.matches(':').count() > 6 => {
            ", where the key of a JSON secret stands, too: it is not part of the ARN".to_string()
        }
        "secret" | "repository-credentials" if is_of(":secret:") && !resource.ends_with(['*', '?']) => {
            ", which does not fit: AWS puts a hyphen and six letters behind a secret's name (`-??????`)"
                .to_string()
        }
        "parameter" if is_of("parameter//") => {
            ", with two slashes: the one of the name stands in the ARN already".to_string()
        }
        "key" if is_of(":alias/") => ", an alias: the key's own ARN counts".to_string(),
        "run-task" if is_of(":cluster/") => ", a cluster: it acts on task definitions".to_string(),
        _ => String::new(),
    }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
}
