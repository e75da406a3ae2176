//! Examples for the pages of rules, taken from their cases.

/// What a rule finds, what it says of it, and what is as it should be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RuleExamples<'a> {
    pub bad: Option<Example<'a>>,
    /// The message.
    pub says: &'a str,
    pub good: Option<Example<'a>>,
}

/// A text, and the syntax that it is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example<'a> {
    pub syntax: &'a str,
    pub text: &'a str,
}

include!(concat!(env!("OUT_DIR"), "/examples.rs"));

/// Those of a rule whose page has none of its own.
pub fn examples_of(id: &str) -> RuleExamples<'static> {
    let found = EXAMPLES.binary_search_by(|(known, _)| (*known).cmp(id));
    found.map(|at| EXAMPLES[at].1).unwrap_or_default()
}
