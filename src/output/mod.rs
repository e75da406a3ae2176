//! Output formats: one file each. None knows where findings come from.

pub mod about;
mod concise;
mod examples;
mod github;
mod gitlab;
mod json;
mod junit;
mod markdown;
mod record;
mod rule_page;
mod sarif;
mod secrets;
pub mod statistics;
mod text;
mod untrusted;

pub use examples::{Example, RuleExamples, examples_of};
pub use record::{
    EditRecord, FileText, FixRecord, Record, RelatedFile, RelatedRecord, Summary, SuppressedRecord, Unjudged,
    UnjudgedCounts, fingerprint,
};
pub use rule_page::{rule_page, rule_page_with};
pub use secrets::Secrets;
pub use untrusted::{json as json_text, line};

use clap::ValueEnum;

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// With the lines they are on, for people
    Text,
    /// One a line
    Concise,
    /// passrole's own JSON
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// A GitLab code quality report
    Gitlab,
    /// JUnit XML
    Junit,
    /// Markdown, for a comment on a pull request
    Markdown,
}

/// What a run found, ready to print.
#[derive(Debug)]
pub struct Results<'a> {
    /// In the order of the files, then of the text.
    pub records: &'a [Record],
    /// What is not told, since something suppresses it.
    pub suppressed: &'a [Record],
    /// The texts of the files that records point into, by path.
    pub files: &'a [FileText],
    pub summary: Summary,
    /// What could not be judged, and why.
    pub unjudged: &'a [Unjudged],
    /// Colours and bold type, where the format has any.
    pub colour: bool,
    /// Whether only how many findings each rule has is printed.
    pub statistics: bool,
    /// Whether findings alone are printed, without a summary.
    pub quiet: bool,
}

pub fn render(format: Format, results: &Results<'_>) -> String {
    if results.statistics {
        return statistics::render(format, results);
    }
    match format {
        Format::Text => text::render(results),
        Format::Concise => concise::render(results),
        Format::Json => json::render(results),
        Format::Sarif => sarif::render(results),
        Format::Github => github::render(results),
        Format::Gitlab => gitlab::render(results),
        Format::Junit => junit::render(results),
        Format::Markdown => markdown::render(results),
    }
}
