//! Markdown: for a comment on a pull request, and for the summary of a job.

use super::{Record, Results, about, text, untrusted};
use crate::diagnostic::Severity;
use std::fmt::Write as _;

/// A comment on GitHub takes 65,536 characters.
const LONGEST: usize = 60_000;

pub(super) fn render(results: &Results<'_>) -> String {
    let mut out = String::from("### passrole\n\n");
    if !results.records.is_empty() {
        out.push_str("| | where | what |\n|---|---|---|\n");
    }
    // What fails the run comes first, then the gravest.
    let mut records: Vec<&Record> = results.records.iter().collect();
    records.sort_by_key(|record| (!record.gate, std::cmp::Reverse(record.severity)));
    let mut left = records.len();
    for record in records {
        let row = row(record);
        if out.len() + row.len() > LONGEST {
            break;
        }
        out.push_str(&row);
        left -= 1;
    }
    if left > 0 {
        let _ = writeln!(out, "\nand {left} more, which do not fit in here.");
    }
    if !results.records.is_empty() {
        out.push('\n');
    }
    for line in text::summary(results).lines() {
        let _ = writeln!(out, "{}", escaped(line));
    }
    out
}

fn row(record: &Record) -> String {
    let sign = match record.severity {
        Severity::Error => "❌ error",
        Severity::Warning if record.gate => "❌ warning",
        Severity::Warning => "⚠️ warning",
        Severity::Info => "ℹ️ info",
        Severity::Hint => "hint",
    };
    let note = if record.note.is_empty() { String::new() } else { format!("<br>{}", escaped(&record.note)) };
    format!(
        "| {sign} | {}:{} | {} ([{}]({})){note} |\n",
        code(&record.repository_path),
        record.start.line,
        escaped(&record.message),
        record.rule.id,
        about::page_of_rule(record.rule.id),
    )
}

/// A path as code: nothing in it means anything.
fn code(path: &str) -> String {
    format!("`{}`", untrusted::line(path).replace('`', "'").replace('|', "\\|"))
}

/// Text in which nothing is a link, a mention, a picture or the end of a cell. Words in backticks stay code.
pub(super) fn escaped(text: &str) -> String {
    let text = untrusted::line(text);
    let parts: Vec<&str> = text.split('`').collect();
    let is_paired = parts.len() % 2 == 1;
    let mut out = String::with_capacity(text.len() + 16);
    for (index, part) in parts.iter().enumerate() {
        if is_paired && index % 2 == 1 {
            let _ = write!(out, "`{}`", part.replace('|', "\\|"));
            continue;
        }
        if !is_paired && index > 0 {
            out.push_str("&#96;");
        }
        for char in part.chars() {
            match char {
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '&' => out.push_str("&amp;"),
                // Nobody is called, no issue is linked.
                '@' => out.push_str("&#64;"),
                '#' => out.push_str("&#35;"),
                ':' => out.push_str("&#58;"),
                '|' | '*' | '_' | '[' | ']' | '(' | ')' | '!' | '\\' | '~' => {
                    out.push('\\');
                    out.push(char);
                }
                other => out.push(other),
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_documents_mean_nothing() {
        assert_eq!(
            escaped("a <b> [x](y) @me #1 | `a|b` *c*"),
            "a &lt;b&gt; \\[x\\]\\(y\\) &#64;me &#35;1 \\| `a\\|b` \\*c\\*"
        );
        assert_eq!(escaped("a ` b"), "a &#96; b");
        assert_eq!(escaped("http://x"), "http&#58;//x");
        assert_eq!(code("a`|b"), "`a'\\|b`");
    }
}
