//! Rules of the group `suppression`: one defect a file, in alphabetical order.

mod invalid_suppression;
pub mod unused_suppression;

use super::Rule;

pub(super) static RULES: &[&dyn Rule] =
    &[&invalid_suppression::InvalidSuppression, &unused_suppression::UnusedSuppression];
