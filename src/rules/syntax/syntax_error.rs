use crate::declare_rule;
use crate::diagnostic::{Findings, Severity};
use crate::rules::{Rule, TextFacts};
use crate::syntax::SyntaxErrorKind;

declare_rule! {
    /// Finds what keeps a policy or a task definition from being JSON.
    ///
    /// AWS takes strict JSON: double quotes, no comments, no comma behind the last item. One slip and the
    /// whole document is refused, usually with a message that names no line.
    ///
    /// In a file named `.jsonc`, comments and trailing commas are taken as meant: something strips them
    /// before AWS sees the document. In templates, modules and manifests, what their own syntax refuses is
    /// reported in the same way, and so is JSON in their strings. Aliases of aliases, and functions of functions, may stand for more than
    /// a machine holds: behind 8 MB of them a file's names are left open, and that is a warning. Where template markers such as `{{ name }}` or `${NAME}` stand outside
    /// of strings, nothing is reported: the text is not yet the JSON that AWS gets.
    pub SyntaxError {
        id: "syntax-error",
        group: Syntax,
        reads: [Text],
        cases: ["byte-order-mark", "host", "jsonc", "limit"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "the text is not JSON",
        sources: [
            "access-analyzer/JSON_SYNTAX_ERROR",
            "parliament/MALFORMED_JSON",
            "iam-policy-validator/policy_parse_error",
            "cfn-lint/E0000",
        ],
        fix: None,
        since: "0.1.0",
        service_messages: ["Syntax errors in policy", "Invalid JSON"],
    }
}

impl Rule for SyntaxError {
    fn check_text(&self, text: &TextFacts<'_>, acc: &mut Findings) {
        for error in text.host_errors {
            if !error.is_refused {
                acc.report(error.span, &*error.message).case("limit").severity(Severity::Warning).note(
                    "Aliases, references and functions that stand for so much are hardly meant. What is left open is not checked.",
                );
                continue;
            }
            acc.report(error.span, format!("this is not {}: {}", error.syntax, error.message))
                .case("host")
                .note("What stands on the lines around it is checked all the same.");
        }
        if text.template {
            return;
        }
        for error in text.errors {
            if text.jsonc && error.kind.is_jsonc() {
                continue;
            }
            let finding = acc.report(error.span, error.kind.message());
            match error.kind {
                SyntaxErrorKind::Comment | SyntaxErrorKind::TrailingComma => {
                    finding.case("jsonc").note(
                        "AWS refuses it. If a tool strips comments and trailing commas first, name the file `.jsonc`.",
                    );
                }
                SyntaxErrorKind::ByteOrderMark => {
                    finding
                        .case("byte-order-mark")
                        .severity(Severity::Warning)
                        .note("Several tools hand it on to AWS, which then refuses the text. Save the file as UTF-8 without it.");
                }
                _ => {}
            }
        }
    }
}
