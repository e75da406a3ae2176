//! Suppressions that were written for other tools, where the configuration has them honoured: those of checks that exactly
//! one rule covers.

use super::{Cover, Origin, Suppression, comments};
use crate::catalog;
use crate::host::value::Value;
use crate::host::{Comment, Metadata};
use crate::text::Span;
use jiff::civil::Date;
use std::sync::Arc;

/// A tool whose suppressions can be honoured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OtherTool {
    /// `# checkov:skip=CKV_AWS_1:reason` in a block; `Metadata: { checkov: { skip: [{ id, comment }] } }`.
    Checkov,
    /// `Metadata: { cfn-lint: { config: { ignore_checks: […] } } }`.
    CfnLint,
    /// `Metadata: { cfn_nag: { rules_to_suppress: [{ id, reason }] } }`.
    CfnNag,
    /// `# tfsec:ignore:aws-iam-no-policy-wildcards`; its checks are those of trivy now.
    Tfsec,
    /// `# trivy:ignore:AWS-0057`.
    Trivy,
    /// `# nosemgrep: rule`.
    Semgrep,
}

/// The rule that covers a check of another tool, by what `sources` of a rule call the check: `checkov/CKV_AWS_1`. `None`
/// where no rule does, or several, or one that says more.
pub type Covering<'a> = &'a dyn Fn(&str) -> Option<&'static str>;

impl OtherTool {
    pub const ALL: [OtherTool; 6] = [
        OtherTool::Checkov,
        OtherTool::CfnLint,
        OtherTool::CfnNag,
        OtherTool::Tfsec,
        OtherTool::Trivy,
        OtherTool::Semgrep,
    ];

    /// As the configuration has it.
    pub const fn name(self) -> &'static str {
        match self {
            OtherTool::Checkov => "checkov",
            OtherTool::CfnLint => "cfn-lint",
            OtherTool::CfnNag => "cfn_nag",
            OtherTool::Tfsec => "tfsec",
            OtherTool::Trivy => "trivy",
            OtherTool::Semgrep => "semgrep",
        }
    }

    /// What its suppressing comments hold; `None` for a tool that has none.
    pub const fn mark(self) -> Option<&'static str> {
        match self {
            OtherTool::Checkov => Some("checkov:skip="),
            OtherTool::Tfsec => Some("tfsec:ignore:"),
            OtherTool::Trivy => Some("trivy:ignore:"),
            OtherTool::Semgrep => Some("nosemgrep"),
            OtherTool::CfnLint | OtherTool::CfnNag => None,
        }
    }

    /// What tells that a file may hold suppressions of it.
    pub const fn sign(self) -> &'static str {
        match (self.mark(), self) {
            (Some(mark), _) => mark,
            (None, OtherTool::CfnLint) => "ignore_checks",
            (None, _) => "rules_to_suppress",
        }
    }

    /// The name under `Metadata` of a template that is its own; `None` for a tool that reads none.
    pub const fn key(self) -> Option<&'static str> {
        match self {
            OtherTool::Checkov | OtherTool::CfnLint | OtherTool::CfnNag => Some(self.name()),
            OtherTool::Tfsec | OtherTool::Trivy | OtherTool::Semgrep => None,
        }
    }

    /// What the sources of rules call a check that a suppression calls so.
    fn source(self, check: &str) -> String {
        match self {
            OtherTool::Tfsec | OtherTool::Trivy => {
                let code = catalog::check_of_other_tool("trivy", check);
                let upper = || check.strip_prefix("AVD-").unwrap_or(check).to_string();
                format!("trivy/{}", code.map_or_else(upper, str::to_string))
            }
            // Its names begin with the folders that the rule is in.
            OtherTool::Semgrep => format!("semgrep/{}", check.rsplit('.').next().unwrap_or(check)),
            OtherTool::Checkov | OtherTool::CfnLint | OtherTool::CfnNag => {
                format!("{}/{check}", self.name())
            }
        }
    }
}

/// What a comment of another tool says: the checks with their places in the file, and what is beside them.
struct Said<'t> {
    checks: Vec<(&'t str, Span)>,
    reason: &'t str,
    until: Option<Date>,
}

/// The suppressions among the comments of a file. `blocks` are the resources and blocks of it, in order.
pub fn in_comments_of(
    tools: &[OtherTool],
    text: &str,
    all: &[Comment],
    blocks: &[Span],
    covering: Covering<'_>,
) -> Vec<Arc<Suppression>> {
    let mut found = Vec::new();
    for (index, comment) in all.iter().enumerate() {
        let words = &text[comment.words.as_usize()];
        for tool in tools {
            let Some((at, mark)) = tool.mark().and_then(|mark| Some((words.find(mark)?, mark))) else {
                continue;
            };
            let behind = at + mark.len();
            let base = comment.words.start + behind as u32;
            let said = match tool {
                OtherTool::Checkov => checkov(&words[behind..], base),
                OtherTool::Semgrep => semgrep(&words[behind..], base),
                _ => trivy(mark, &words[behind..], base),
            };
            let cover = match tool {
                OtherTool::Checkov => comments::block_around(text, all, index, blocks),
                _ => Some(comments::what_begins_behind(text, all, index, blocks)),
            };
            let Some(cover) = cover else { continue };
            let rules = rules(*tool, &said.checks, covering);
            if !rules.is_empty() {
                found.push(Arc::new(Suppression {
                    span: comment.span,
                    rules,
                    until: said.until,
                    reason: said.reason.trim().into(),
                    owner: None,
                    cover: Cover::Within(cover),
                    origin: Origin::OtherTool(*tool),
                }));
            }
        }
    }
    found
}

/// The suppressions of one tool in the metadata of a template.
pub fn in_metadata_of(
    tool: OtherTool,
    metadata: &[Metadata],
    covering: Covering<'_>,
) -> Vec<Arc<Suppression>> {
    let mut found = Vec::new();
    for it in metadata {
        let Some(object) = it.value.as_object() else { continue };
        let list = match tool {
            OtherTool::CfnLint => object.object("config").and_then(|it| it.get("ignore_checks")),
            OtherTool::CfnNag => object.get("rules_to_suppress"),
            _ => object.get("skip"),
        };
        for row in list.and_then(Value::as_array).into_iter().flat_map(|list| &list.items) {
            let of = |name: &str| row.as_object().and_then(|row| row.get(name)?.as_string());
            let Some(check) = row.as_string().or_else(|| of("id")) else { continue };
            let rules = rules(tool, &[(&*check.text, check.span)], covering);
            let reason = of("reason").or_else(|| of("comment")).map(|it| it.text.trim().into());
            if !rules.is_empty() {
                found.push(Arc::new(Suppression {
                    span: row.span(),
                    rules,
                    until: None,
                    reason: reason.unwrap_or_default(),
                    owner: None,
                    cover: it.about.map_or(Cover::File, Cover::Within),
                    origin: Origin::OtherTool(tool),
                }));
            }
        }
    }
    found
}

fn rules(tool: OtherTool, checks: &[(&str, Span)], covering: Covering<'_>) -> Vec<(Box<str>, Span)> {
    let of = |(check, span): &(&str, Span)| Some((covering(&tool.source(check))?.into(), *span));
    checks.iter().filter_map(of).collect()
}

/// Names with commas between them; `base` is where the text begins in the file. Also gives what follows.
fn names(text: &str, base: u32) -> (Vec<(&str, Span)>, &str) {
    let mut found = Vec::new();
    let mut at = 0;
    loop {
        at += text[at..].len() - text[at..].trim_start().len();
        let is_of_name = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-' | '.');
        let end = at + text[at..].find(|it| !is_of_name(it)).unwrap_or(text[at..].len());
        if end > at {
            found.push((&text[at..end], Span::new(base + at as u32, base + end as u32)));
        }
        let behind = &text[end..];
        let Some(next) = behind.trim_start().strip_prefix(',').filter(|_| end > at) else {
            return (found, behind);
        };
        at = text.len() - next.len();
    }
}

/// Behind `checkov:skip=`: `CKV_AWS_1,CKV_AWS_2:reason`.
fn checkov(text: &str, base: u32) -> Said<'_> {
    let (checks, behind) = names(text, base);
    Said { checks, reason: behind.strip_prefix(':').unwrap_or_default(), until: None }
}

/// Behind `nosemgrep`: `: a.b.rule, rule`. Without names it is about every rule, which says too much to be taken over.
fn semgrep(text: &str, base: u32) -> Said<'_> {
    let named = text.strip_prefix(':').map(|behind| names(behind, base + 1));
    let (checks, reason) = named.unwrap_or_default();
    Said { checks, reason, until: None }
}

/// Behind `trivy:ignore:`: `AWS-0057`, also several times; `:exp:2027-03-01` ends it. What is narrowed to a workspace or to
/// parameters is left alone.
fn trivy<'t>(mark: &str, text: &'t str, base: u32) -> Said<'t> {
    let mut said = Said { checks: Vec::new(), reason: "", until: None };
    let mut at = 0;
    loop {
        let end = at + text[at..].find(char::is_whitespace).unwrap_or(text[at..].len());
        let mut parts = text[at..end].split(':');
        let check = parts.next().unwrap_or_default();
        let mut is_plain = !check.contains(['[', '*']);
        while let Some(part) = parts.next() {
            match (part, parts.next()) {
                // A reason follows.
                ("", None) => {}
                ("exp", Some(day)) if day.parse::<Date>().is_ok() => said.until = day.parse().ok(),
                _ => is_plain = false,
            }
        }
        if is_plain && !check.is_empty() {
            let start = base + at as u32;
            said.checks.push((check, Span::new(start, start + check.len() as u32)));
        }
        match text[end..].trim_start().strip_prefix(mark) {
            Some(next) => at = text.len() - next.len(),
            None => {
                said.reason = text[end..].trim();
                return said;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(said: &Said<'_>) -> (Vec<String>, String, Option<String>) {
        let checks = said.checks.iter().map(|(name, span)| format!("{name}@{}", span.start));
        (checks.collect(), said.reason.trim().to_string(), said.until.map(|it| it.to_string()))
    }

    #[test]
    fn comments_are_read_as_their_tools_do() {
        let of = |checks: &[&str], reason: &str, until: Option<&str>| {
            let checks: Vec<String> = checks.iter().map(|it| it.to_string()).collect();
            (checks, reason.to_string(), until.map(str::to_string))
        };
        assert_eq!(read(&checkov("CKV_AWS_1: für alle", 10)), of(&["CKV_AWS_1@10"], "für alle", None));
        assert_eq!(read(&checkov("A,  B", 0)), of(&["A@0", "B@4"], "", None));
        assert_eq!(read(&checkov("", 0)), of(&[], "", None));
        assert_eq!(read(&semgrep(": a.b.c, d why", 0)), of(&["a.b.c@2", "d@9"], "why", None));
        assert_eq!(read(&semgrep("", 0)), of(&[], "", None));
        let trivy = |text| read(&trivy("trivy:ignore:", text, 0));
        assert_eq!(trivy("AWS-0057 soon"), of(&["AWS-0057@0"], "soon", None));
        assert_eq!(trivy("AVD-AWS-0345: for the state"), of(&["AVD-AWS-0345@0"], "for the state", None));
        assert_eq!(
            trivy("AWS-0057:exp:2027-03-01 trivy:ignore:AWS-0342"),
            of(&["AWS-0057@0", "AWS-0342@37"], "", Some("2027-03-01"))
        );
        for narrow in ["AWS-0057:ws:dev", "AWS-0057[name=x]", "*", "AWS-0057:exp:soon", ""] {
            assert_eq!(trivy(narrow).0, [""; 0], "{narrow}");
        }
    }

    #[test]
    fn checks_have_the_names_that_rules_give_them() {
        assert_eq!(OtherTool::Tfsec.source("aws-iam-no-policy-wildcards"), "trivy/AWS-0057");
        assert_eq!(OtherTool::Trivy.source("AVD-AWS-0057"), "trivy/AWS-0057");
        assert_eq!(
            OtherTool::Semgrep.source("terraform.aws.wildcard-assume-role"),
            "semgrep/wildcard-assume-role"
        );
        assert_eq!(OtherTool::CfnNag.source("F3"), "cfn_nag/F3");
    }
}
