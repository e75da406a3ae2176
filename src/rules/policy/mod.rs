//! Rules of the group `policy`: one defect a file, in alphabetical order.

mod duplicate_sid;

use super::Rule;

pub(super) static RULES: &[&dyn Rule] = &[&duplicate_sid::DuplicateSid];
