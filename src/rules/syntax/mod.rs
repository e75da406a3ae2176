//! Rules of the group `syntax`: one defect a file, in alphabetical order.

use super::Rule;

pub(super) static RULES: &[&dyn Rule] = &[];
