//! Names that Amazon EKS and the authenticator of its clusters read.

use super::tables;

/// A list of `schemas/eks/names.json` by its name; empty for an unknown one.
pub fn eks_names(list: &str) -> &'static [&'static str] {
    tables::EKS_NAMES.iter().find(|(known, _)| *known == list).map_or(&[], |(_, names)| names)
}

/// The annotation that is meant by a name too short for a guess by letters; both without their prefix.
pub fn meant_annotation(name: &str) -> Option<&'static str> {
    tables::MEANT_ANNOTATIONS.iter().find(|(known, _)| *known == name).map(|(_, meant)| *meant)
}
