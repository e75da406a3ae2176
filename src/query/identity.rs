//! Roles and users of a project, and the policies that they have.

use super::{NoAnswer, PolicyFile};
use crate::analysis::{Report, RuleSet, check_file, check_text};
use crate::catalog;
use crate::diagnostic::Level;
use crate::graph::Graph;
use crate::graph::roles::{KnownIdentity, PolicyAt, known_identities};
use crate::host::{Document, DocumentKind};
use crate::workspace::Workspace;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A project as questions see it.
pub struct ProjectView<'w> {
    workspace: &'w Workspace,
    /// The folder that paths are shown from.
    base: PathBuf,
    graph: Arc<Graph>,
    rules: RuleSet,
}

/// The policies of a role or user, by what they are to it.
#[derive(Debug, Default)]
pub struct IdentityPolicies {
    pub files: Vec<(DocumentKind, PolicyFile)>,
    /// Why it may have more of them.
    pub open: Option<String>,
}

impl<'w> ProjectView<'w> {
    /// The project of the files of a folder. `folder` is absolute.
    pub fn around(workspace: &'w Workspace, folder: &Path) -> ProjectView<'w> {
        let (graph, base) = workspace.project(folder);
        ProjectView { workspace, base, graph, rules: RuleSet::at(Level::Default) }
    }

    /// The role or user of that name or ARN; `None` where the project has none.
    pub fn identity(&self, name_or_arn: &str) -> Result<Option<KnownIdentity>, NoAnswer> {
        let mut found = known_identities(&self.graph, name_or_arn);
        match found.len() {
            0 | 1 => Ok(found.pop()),
            _ => {
                let places: Vec<String> = found.iter().map(place).collect();
                Err(NoAnswer(format!(
                    "several places of the project are called `{name_or_arn}`: {}; name one by its logical id or \
                     address, or give its policies (--identity)",
                    places.join(", ")
                )))
            }
        }
    }

    /// What is known of a file, by its path as the graph names it, and its text.
    pub fn look(&self, path: &str) -> Result<(String, Report), NoAnswer> {
        let file = self.base.join(path);
        let text = self.workspace.text(&file).map_err(|unreadable| NoAnswer(unreadable.to_string()))?;
        let facts = self.workspace.facts(&file);
        let (settings, _) = self.workspace.settings(&file);
        let report = check_file(&text, &facts, settings.kind, &self.rules);
        Ok((text, report))
    }

    /// Every policy of a role or user. A file that cannot be read is an error: nothing is answered on a guess.
    pub fn policies(&self, identity: &KnownIdentity) -> Result<IdentityPolicies, NoAnswer> {
        let mut found = IdentityPolicies { open: identity.open.clone(), ..IdentityPolicies::default() };
        let of_kind = |kind: DocumentKind, places: &'_ [PolicyAt]| -> Vec<(DocumentKind, PolicyAt)> {
            places.iter().cloned().map(|place| (kind, place)).collect()
        };
        let mut places = of_kind(DocumentKind::Identity, &identity.policies);
        places.extend(of_kind(DocumentKind::Boundary, identity.boundary.as_slice()));
        for (kind, place) in places {
            match self.policy(&place)? {
                Some((_, policy)) => found.files.push((kind, policy)),
                None => {
                    found
                        .open
                        .get_or_insert_with(|| "one of its policies could not be found again".to_string());
                }
            }
        }
        Ok(found)
    }

    /// The trust policy of a role, where it stands in the project.
    pub fn trust(&self, identity: &KnownIdentity) -> Result<Option<PolicyFile>, NoAnswer> {
        let found = identity.trust.as_ref().map_or(Ok(None), |place| self.policy(place))?;
        Ok(found.map(|(_, policy)| policy))
    }

    /// The policy of a place, with what is known of its file.
    pub fn policy(&self, place: &PolicyAt) -> Result<Option<(Report, PolicyFile)>, NoAnswer> {
        match place {
            PolicyAt::Managed(arn) => {
                let path = arn.split_once(":iam::aws:policy/").map_or("", |(_, path)| path);
                let Some(text) = catalog::managed_policy_document(path) else { return Ok(None) };
                let report =
                    check_text(text, "managed-policy.json", Some(DocumentKind::Identity), &self.rules);
                let documents = report.documents.clone();
                let policy = PolicyFile::of(arn, text.to_string(), &report, documents)?;
                Ok(Some((report, policy)))
            }
            PolicyAt::File(path, span) => {
                let (text, report) = self.look(path)?;
                let around = |document: &&Document| {
                    document.kind.is_policy() && (document.span.covers(*span) || span.covers(document.span))
                };
                // The nearest: a role has its policies inside of it.
                let nearest = report.documents.iter().filter(around).min_by_key(|document| {
                    let (own, wanted) = (document.span, *span);
                    own.start.abs_diff(wanted.start) + own.end.abs_diff(wanted.end)
                });
                let Some(document) = nearest.cloned() else { return Ok(None) };
                let policy = PolicyFile::of(path, text, &report, vec![document])?;
                Ok(Some((report, policy)))
            }
        }
    }
}

/// Where a role or user stands.
pub fn place(identity: &KnownIdentity) -> String {
    match &*identity.address {
        "" => identity.file.to_string(),
        address => format!("`{address}` in {}", identity.file),
    }
}
