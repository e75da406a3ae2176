//! Rules of the group `syntax`: one defect a file, in alphabetical order.

mod syntax_error;

use super::Rule;

pub(super) static RULES: &[&dyn Rule] = &[&syntax_error::SyntaxError];
