//! Cuts a text into blocks that can be parsed alone, by indentation.

use std::ops::Range;

/// What a file is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::host) enum Flavour {
    CloudFormation,
    /// A service of the Serverless Framework: statements, and templates below `resources`. What is in
    /// `${…}` is filled in by the framework.
    Serverless,
    /// A stream of documents: Kubernetes manifests, policies in files of their own, configurations of
    /// tools that have policies in them.
    Stream,
    /// A workflow of GitHub Actions or a pipeline of GitLab CI that assumes roles; there may be policies in it.
    Workflow,
    /// None of ours.
    Other,
}

/// What a block is of its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::host) enum BlockPart {
    /// A section of a template (or several), or a document of a stream.
    Section,
    /// One resource of a template.
    Resource,
}

/// The blocks of a text, without gaps, in order.
pub(in crate::host) fn split(text: &str, flavour: Flavour) -> Vec<(BlockPart, Range<usize>)> {
    match flavour {
        Flavour::CloudFormation => template(text, true),
        Flavour::Serverless => template(text, false),
        Flavour::Stream | Flavour::Workflow => stream(text),
        Flavour::Other => Vec::new(),
    }
}

/// The lines of a text with where they start, their ends included.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line)
    })
}

fn is_separator(line: &str) -> bool {
    line.strip_prefix("---").is_some_and(|rest| rest.trim_end().is_empty() || rest.starts_with([' ', '#']))
}

fn stream(text: &str) -> Vec<(BlockPart, Range<usize>)> {
    let mut starts = vec![0];
    starts
        .extend(lines(text).filter(|(start, line)| *start > 0 && is_separator(line)).map(|(start, _)| start));
    ranges(starts.into_iter().map(|start| (BlockPart::Section, start)), text.len())
}

/// The sections of a template, and its resources where they are to be apart.
fn template(text: &str, has_resources: bool) -> Vec<(BlockPart, Range<usize>)> {
    // A name that one block gives and another uses needs both.
    if lines(text).any(|(_, line)| has_anchor(line)) {
        return vec![(BlockPart::Section, 0..text.len())];
    }
    let mut starts: Vec<(BlockPart, usize)> = vec![(BlockPart::Section, 0)];
    let mut in_resources = false;
    let mut indent = None;
    for (start, line) in lines(text) {
        let content = line.trim_start_matches(' ');
        let depth = line.len() - content.len();
        if content.trim().is_empty() || content.starts_with('#') {
            continue;
        }
        if depth == 0 {
            in_resources = has_resources && line.starts_with("Resources:");
            indent = None;
            if is_entry(content) {
                starts.push((BlockPart::Section, start));
            }
        } else if in_resources {
            let indent = *indent.get_or_insert(depth);
            if depth == indent && is_entry(content) {
                starts.push((BlockPart::Resource, start));
            }
        }
    }
    starts.dedup_by(|later, earlier| later.1 == earlier.1 && earlier.0 == BlockPart::Section);
    ranges(starts, text.len())
}

/// A name with a colon: what can begin a section or a resource.
fn is_entry(line: &str) -> bool {
    let name = line.trim_end().split(':').next().unwrap_or_default();
    line.contains(':')
        && !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'"' | b'\''))
        && !line.starts_with("- ")
}

fn has_anchor(line: &str) -> bool {
    let value =
        line.split_once(": ").or_else(|| line.split_once("- ")).map_or("", |(_, value)| value.trim_start());
    value.starts_with('&') && value[1..].starts_with(|char: char| char.is_ascii_alphanumeric())
}

fn ranges(
    starts: impl IntoIterator<Item = (BlockPart, usize)>,
    end: usize,
) -> Vec<(BlockPart, Range<usize>)> {
    let starts: Vec<(BlockPart, usize)> = starts.into_iter().collect();
    starts
        .iter()
        .enumerate()
        .map(|(index, (part, start))| (*part, *start..starts.get(index + 1).map_or(end, |next| next.1)))
        .filter(|(_, range)| !range.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_cut_into_sections_and_resources() {
        let text = "Parameters:\n  A:\n    Type: String\nResources:\n  # one\n  One:\n    Type: X\n\n  Two:\n    Type: Y\nOutputs:\n  O: 1\n";
        let found: Vec<(BlockPart, &str)> =
            template(text, true).into_iter().map(|(part, range)| (part, &text[range])).collect();
        assert_eq!(
            found,
            [
                (BlockPart::Section, "Parameters:\n  A:\n    Type: String\n"),
                (BlockPart::Section, "Resources:\n  # one\n"),
                (BlockPart::Resource, "  One:\n    Type: X\n\n"),
                (BlockPart::Resource, "  Two:\n    Type: Y\n"),
                (BlockPart::Section, "Outputs:\n  O: 1\n"),
            ]
        );
    }

    #[test]
    fn anchors_keep_a_template_whole_and_separators_cut_streams() {
        assert_eq!(template("Resources:\n  A: &a\n    Type: X\n  B:\n    <<: *a\n", true).len(), 1);
        assert_eq!(stream("kind: A\n---\nkind: B\n---\nkind: C\n").len(), 3);
    }
}
