//! What a role has and never used, by what AWS saw: `passrole unused`.
//!
//! Only what is reported as unused goes; what AWS does not track stays.

use super::{Change, Difference, NoAnswer, PolicyFile, ProjectView, expand, place, shrink};
use crate::analysis::Report;
use crate::catalog::{self, Action};
use crate::graph::roles::PolicyAt;
use crate::host::value::Value as Spanned;
use crate::host::{Document, Edit};
use crate::model::{Effect, Policy, Statement};
use crate::text::{edit, unified_difference};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// What one role or user never used.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UnusedAccess {
    /// Its ARN; empty where the report does not tell.
    pub principal: String,
    /// Prefixes of services that it never called.
    pub services: BTreeSet<String>,
    /// Actions, in lower case.
    pub actions: BTreeSet<String>,
    /// Whether the role itself was never used.
    pub is_role: bool,
}

/// What to take away, file by file.
#[derive(Debug, Default)]
pub struct Trimmed {
    pub changes: Vec<Change>,
    pub difference: Difference,
    pub notes: Vec<String>,
}

/// Reads a saved report: findings of IAM Access Analyzer for unused access (`get-finding-v2`), one or several, or the answer
/// of `get-service-last-accessed-details`.
pub fn read_report(text: &str) -> Result<Vec<UnusedAccess>, NoAnswer> {
    let value: Value = serde_json::from_str(text).map_err(|error| {
        NoAnswer(format!("line {}, column {}: this is not JSON", error.line(), error.column()))
    })?;
    if let Some(services) = value["ServicesLastAccessed"].as_array() {
        if value["JobStatus"].as_str().is_some_and(|status| status != "COMPLETED") {
            return Err(NoAnswer(
                "the report is not complete yet: its `JobStatus` is not COMPLETED".to_string(),
            ));
        }
        return Ok(vec![last_accessed(services)]);
    }
    let list = match &value {
        Value::Array(items) => items.as_slice(),
        other => other["findings"].as_array().map_or(std::slice::from_ref(other), Vec::as_slice),
    };
    let mut found: BTreeMap<String, UnusedAccess> = BTreeMap::new();
    let mut lacks_details = false;
    for finding in list {
        let Some(arn) = finding["resource"].as_str() else { continue };
        let kind = finding["findingType"].as_str().unwrap_or_default();
        let details = finding["findingDetails"].as_array().map_or(&[][..], Vec::as_slice);
        lacks_details |= kind == "UnusedPermission" && details.is_empty();
        let unused = found
            .entry(arn.to_string())
            .or_insert_with(|| UnusedAccess { principal: arn.to_string(), ..UnusedAccess::default() });
        unused.is_role |= kind == "UnusedIAMRole";
        for details in details.iter().map(|it| &it["unusedPermissionDetails"]).filter(|it| it.is_object()) {
            let service = details["serviceNamespace"].as_str().unwrap_or_default().to_ascii_lowercase();
            match details["actions"].as_array().filter(|actions| !actions.is_empty()) {
                Some(actions) => unused.actions.extend(actions.iter().filter_map(|it| {
                    let name = it["action"].as_str()?.to_ascii_lowercase();
                    Some(if name.contains(':') { name } else { format!("{service}:{name}") })
                })),
                None if !service.is_empty() => {
                    unused.services.insert(service);
                }
                None => {}
            }
        }
    }
    found.retain(|_, unused| unused.is_role || !unused.services.is_empty() || !unused.actions.is_empty());
    if found.is_empty() && lacks_details {
        return Err(NoAnswer(
            "the findings have no details: save what `aws accessanalyzer get-finding-v2` prints of each"
                .to_string(),
        ));
    }
    if found.is_empty() {
        return Err(NoAnswer(
            "this is neither a finding of unused access nor the answer of get-service-last-accessed-details"
                .to_string(),
        ));
    }
    Ok(found.into_values().collect())
}

fn last_accessed(services: &[Value]) -> UnusedAccess {
    let mut unused = UnusedAccess::default();
    for service in services {
        let Some(prefix) = service["ServiceNamespace"].as_str().map(str::to_ascii_lowercase) else {
            continue;
        };
        if service["LastAuthenticated"].is_null() {
            unused.services.insert(prefix);
            continue;
        }
        let actions = service["TrackedActionsLastAccessed"].as_array().map_or(&[][..], Vec::as_slice);
        let never = actions.iter().filter(|it| it["LastAccessedTime"].is_null());
        unused.actions.extend(
            never.filter_map(|it| {
                Some(format!("{prefix}:{}", it["ActionName"].as_str()?.to_ascii_lowercase()))
            }),
        );
    }
    unused
}

impl UnusedAccess {
    fn has(&self, action: Action) -> bool {
        self.services.contains(action.service().prefix())
            || self.actions.contains(&action.to_string().to_ascii_lowercase())
    }

    /// What is left of a pattern: `None` where it stays as it is.
    fn left_of(&self, pattern: &str) -> Option<Vec<String>> {
        let service = pattern.split(':').next().unwrap_or_default().to_ascii_lowercase();
        if !catalog::is_wildcard(pattern) {
            let is_unused =
                self.services.contains(&service) || self.actions.contains(&pattern.to_ascii_lowercase());
            return is_unused.then(Vec::new);
        }
        // `*` is everything: what is used of it nobody can list.
        if catalog::is_wildcard(&service) {
            return None;
        }
        if self.services.contains(&service) {
            return Some(Vec::new());
        }
        let all: Vec<Action> = expand(&[pattern.to_string()]).ok()?.actions;
        let used: Vec<Action> = all.iter().copied().filter(|action| !self.has(*action)).collect();
        if used.len() == all.len() || all.is_empty() {
            return None;
        }
        Some(shrink(&used))
    }
}

/// Takes away of the policies of the project what was never used. `principal` names the role where the report does not.
pub fn trim(
    view: &ProjectView<'_>,
    reports: &[UnusedAccess],
    principal: Option<&str>,
) -> Result<Trimmed, NoAnswer> {
    let mut trimmed = Trimmed::default();
    for unused in reports {
        let name = match (principal, &*unused.principal) {
            (Some(name), _) => name,
            (None, "") => {
                return Err(NoAnswer(
                    "the report does not say whose it is: name the role or user (--principal)".to_string(),
                ));
            }
            (None, arn) => arn,
        };
        let Some(identity) = view.identity(name)? else {
            trimmed.notes.push(format!("the project has no role and no user called `{name}`"));
            continue;
        };
        if unused.is_role {
            trimmed.notes.push(format!("`{name}` was never used: nothing but {} needs it", place(&identity)));
        }
        let mut by_file: BTreeMap<String, (Report, PolicyFile, Vec<Edit>)> = BTreeMap::new();
        for policy in &identity.policies {
            let PolicyAt::File(path, _) = policy else {
                if let PolicyAt::Managed(arn) = policy {
                    trimmed.notes.push(format!(
                        "{arn} is not yours to change: a policy of your own in its place can be smaller"
                    ));
                }
                continue;
            };
            let Some((report, file)) = view.policy(policy)? else { continue };
            let entry = by_file.entry(path.to_string()).or_insert_with(|| (report, file.clone(), Vec::new()));
            for document in &file.documents {
                match edits(document, unused, &mut trimmed.notes) {
                    Some(edits) => entry.2.extend(edits),
                    None => trimmed
                        .notes
                        .push(format!("nothing that a policy in {path} allows was used: it can go")),
                }
            }
        }
        for (path, (report, file, edits)) in
            by_file.into_iter().filter(|(_, (_, _, edits))| !edits.is_empty())
        {
            match change(&path, &report, &file, &edits)? {
                Some((change, difference)) => {
                    trimmed.changes.push(change);
                    trimmed.difference.lost.extend(difference.lost);
                    trimmed.difference.undecided.extend(difference.undecided);
                }
                None => {
                    trimmed.notes.push(format!("{path} could not be changed without touching what is used"))
                }
            }
        }
    }
    Ok(trimmed)
}

/// What goes from one policy; `None` where nothing is left of it.
fn edits(document: &Document, unused: &UnusedAccess, notes: &mut Vec<String>) -> Option<Vec<Edit>> {
    let policy = Policy::of(document)?;
    let mut edits = Vec::new();
    let mut left = 0;
    for placed in policy.units() {
        let Some(object) = placed.unit.value.as_object() else {
            left += 1;
            continue;
        };
        let statement = Statement { object };
        if statement.effect() != Some(Effect::Allow) {
            continue;
        }
        let Some(member) = object.get("Action") else {
            notes.push("what `NotAction` allows is left as it is".to_string());
            left += 1;
            continue;
        };
        let mut kept: Vec<String> = Vec::new();
        let mut gone: Vec<Edit> = Vec::new();
        let mut is_rewritten = false;
        let mut is_open = false;
        for item in member.one_or_many() {
            let Some(text) = item.as_string().filter(|text| !text.has_unknown()) else {
                is_open = true;
                continue;
            };
            match unused.left_of(&text.text) {
                None => kept.push(text.text.to_string()),
                Some(rest) if rest.is_empty() => {
                    gone.push(Edit::RemoveItem { span: item.span().shifted(placed.base) });
                }
                Some(rest) => {
                    is_rewritten = true;
                    kept.extend(rest);
                }
            }
        }
        if gone.is_empty() && !is_rewritten {
            left += 1;
            continue;
        }
        if kept.is_empty() && !is_open {
            edits.push(Edit::RemoveItem { span: placed.span() });
            continue;
        }
        left += 1;
        if is_rewritten && !is_open {
            let value = match &kept[..] {
                [only] if matches!(member, Spanned::String(_)) => json!(only),
                many => json!(many),
            };
            edits.push(Edit::ReplaceValue { span: member.span().shifted(placed.base), value });
        } else {
            edits.extend(gone);
        }
    }
    if left == 0 && !edits.is_empty() { None } else { Some(edits) }
}

/// The file after the edits, and what is lost by them; `None` where it would be more than a loss.
fn change(
    path: &str,
    report: &Report,
    file: &PolicyFile,
    edits: &[Edit],
) -> Result<Option<(Change, Difference)>, NoAnswer> {
    let Some(written) = report.parsed.text_edits(file.text.as_str(), &report.documents, edits) else {
        return Ok(None);
    };
    let after = edit::apply(&file.text, &written);
    let again = report.alike(&after);
    if again.documents.len() != report.documents.len() {
        return Ok(None);
    }
    let all = |report: &Report, text: &str| {
        let documents = report.documents.clone();
        PolicyFile::of(path, text.to_string(), report, documents).map(PolicyFile::settled)
    };
    let difference = Difference::of(&all(report, &file.text)?, &all(&again, &after)?);
    if !difference.gained.is_empty() || difference.undecided.iter().any(|open| open.may_be_gained) {
        return Ok(None);
    }
    let change = Change {
        path: path.to_string(),
        difference: unified_difference(path, &file.text, &after),
        grants: false,
    };
    Ok(Some((change, difference)))
}

impl Trimmed {
    pub fn json(&self) -> Value {
        json!({
            "schema": 1,
            "changes": self.changes.iter().map(Change::json).collect::<Vec<_>>(),
            "difference": self.difference.json(),
            "notes": self.notes,
        })
    }

    pub fn text(&self) -> String {
        let mut out = String::new();
        for change in &self.changes {
            out.push_str(&change.difference);
        }
        if !self.changes.is_empty() {
            let _ =
                writeln!(out, "\nWhat this takes away, and it gives nothing:\n{}", self.difference.text());
        } else {
            let _ = writeln!(out, "Nothing to take away.");
        }
        for note in &self.notes {
            let _ = writeln!(out, "Note: {note}");
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_read_and_others_refused() {
        let finding = r#"{"resource": "arn:aws:iam::111122223333:role/web", "findingType": "UnusedPermission", "findingDetails": [
            {"unusedPermissionDetails": {"serviceNamespace": "s3", "actions": [{"action": "DeleteObject"}, {"action": "s3:PutObject"}]}},
            {"unusedPermissionDetails": {"serviceNamespace": "sqs"}}]}"#;
        for text in [finding.to_string(), format!("[{finding}]"), format!("{{\"findings\": [{finding}]}}")] {
            let found = read_report(&text).unwrap();
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!(found[0].principal, "arn:aws:iam::111122223333:role/web");
            assert_eq!(found[0].services.iter().collect::<Vec<_>>(), ["sqs"]);
            assert_eq!(found[0].actions.iter().collect::<Vec<_>>(), ["s3:deleteobject", "s3:putobject"]);
        }
        let accessed = r#"{"JobStatus": "COMPLETED", "ServicesLastAccessed": [
            {"ServiceNamespace": "ecs", "LastAuthenticated": "2026-01-01T00:00:00Z", "TrackedActionsLastAccessed": [
                {"ActionName": "RunTask"}, {"ActionName": "StopTask", "LastAccessedTime": "2026-01-01T00:00:00Z"}]},
            {"ServiceNamespace": "ec2"}]}"#;
        let found = read_report(accessed).unwrap();
        assert_eq!(found[0].actions.iter().collect::<Vec<_>>(), ["ecs:runtask"]);
        assert_eq!(found[0].services.iter().collect::<Vec<_>>(), ["ec2"]);
        for (text, words) in [
            ("{", "not JSON"),
            ("{}", "neither a finding"),
            ("[]", "neither a finding"),
            (r#"{"JobStatus": "IN_PROGRESS", "ServicesLastAccessed": []}"#, "not complete"),
            (r#"{"findings": [{"resource": "x", "findingType": "UnusedPermission"}]}"#, "no details"),
        ] {
            assert!(read_report(text).unwrap_err().0.contains(words), "{text}");
        }
    }

    #[test]
    fn a_wildcard_is_left_with_what_is_used_of_it() {
        let unused = UnusedAccess { actions: ["ecs:runtask".to_string()].into(), ..UnusedAccess::default() };
        assert_eq!(unused.left_of("ecs:RunTask"), Some(Vec::new()));
        assert_eq!(unused.left_of("ecs:StopTask"), None);
        assert_eq!(unused.left_of("*"), None);
        let left = unused.left_of("ecs:*Task").unwrap();
        let actions = expand(&left).unwrap().actions;
        let all = expand(&["ecs:*Task".to_string()]).unwrap().actions;
        assert_eq!(actions.len() + 1, all.len());
    }
}
