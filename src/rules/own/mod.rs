//! Rules of a team's own: what its configuration forbids (`never`) and asks for (`require`).

mod constraints;
mod forbidden_access;
mod missing_required_field;
mod public_access;
mod unfit_required_field;
mod untrusted_account;

pub use constraints::{Constraints, Demanded, Forbidden, Prohibition, Requirement, Shortfall, Subject};

use crate::catalog;
use crate::host::Document;
use crate::host::resource::Resource;
use crate::rules::Rule;

pub static RULES: &[&dyn Rule] = &[
    &forbidden_access::ForbiddenAccess,
    &missing_required_field::MissingRequiredField,
    &public_access::PublicAccess,
    &unfit_required_field::UnfitRequiredField,
    &untrusted_account::UntrustedAccount,
];

/// What the rules of the group `own` see of a file. Spans are those of the file.
pub struct OwnFacts<'a> {
    pub constraints: &'a Constraints,
    pub documents: &'a [Document],
    pub resources: &'a [Resource],
    /// The file's name without folders and extension, in lower case.
    pub file_stem: &'a str,
    /// The name of its folder.
    pub folder: &'a str,
}

impl<'a> OwnFacts<'a> {
    /// Where resources do not meet what is required of them.
    fn faults(&self) -> impl Iterator<Item = (&'a Requirement, Shortfall)> + use<'a> {
        let resources = self.resources;
        self.constraints.require.iter().flat_map(move |requirement| {
            let is_meant = |resource: &&Resource| {
                let kind = catalog::resource_kind(&resource.resource_type);
                kind.is_some_and(|kind| kind.name == requirement.of.name())
                    && !resource.address.starts_with("data.")
            };
            let meant = resources.iter().filter(is_meant);
            meant
                .flat_map(move |it| requirement.faults(it).into_iter().map(move |fault| (requirement, fault)))
        })
    }
}

/// Who asks for it, as a note ends.
fn asked_by(place: &str) -> String {
    if place.is_empty() {
        "The configuration asks for it.".to_string()
    } else {
        format!("`{place}` asks for it.")
    }
}
