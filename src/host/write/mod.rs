//! What the writers of all syntaxes share: which containers an edit changes, and how texts in brackets
//! and lines are put together. Each syntax has its writer in its own room.

mod brackets;
mod containers;
mod embedded;
mod layout;
mod model;
mod places;
mod plan;

pub(super) use brackets::{Brackets, New, PartList, Separator};
pub(super) use containers::{Containers, FoundContainer, WrittenPart};
pub(super) use embedded::embedded;
pub(super) use layout::{Comments, Layout};
pub(super) use model::{Model, Models, Part};
pub(super) use plan::{Container, Group, Text, combined, groups, plan};
