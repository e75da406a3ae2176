//! What one set of policies allows that another does not: [`gains`] gives a request for each gain.
//!
//! Requests without end are told apart by finitely many patterns and conditions. So of everything that a request
//! consists of, one stands for all that no statement tells from it: of the actions by which patterns take them, of
//! resources and values by automata that run over all patterns at once, of numbers, dates and addresses by their
//! borders. Both sides are then asked about combinations of these, in three values, so that most are left out early.

mod candidates;
mod language;
mod search;

pub use search::{Gain, Undecided, Witness, gains};
