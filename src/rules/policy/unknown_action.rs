use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Safety, Severity};
use crate::model::{ActionPattern, PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds actions that AWS does not have: misspelt ones, API operations whose permission has another
    /// name, actions that AWS has retired, services that do not exist, and patterns that match nothing.
    ///
    /// IAM accepts such a policy without a word. The statement then grants or denies less than it says, and
    /// the deploy fails later with `is not authorized to perform`.
    ///
    /// ```text
    /// "Action": "ecs:RunTasks"        grants nothing
    /// "Action": "ecs:RunTask"         right
    /// "Action": "s3:ListObjectsV2"    grants nothing: the operation needs s3:ListBucket
    /// ```
    ///
    /// Letter case never matters to IAM, and not to this rule. An action younger than this version of
    /// passrole is unknown to it: `passrole --version` and `schemas/sources.lock.json` tell how old the data is.
    /// That an API operation is no action is told only of operations that were there before the list of actions was
    /// made; of younger ones it is said that the list does not have them yet, as information.
    ///
    /// See "Actions, resources, and condition keys for AWS services" in the Service Authorization Reference.
    pub UnknownAction {
        id: "unknown-action",
        group: Policy,
        reads: [Statement],
        cases: ["api-name", "matches-nothing", "new", "retired", "typo", "unknown", "unknown-service", "unlisted"],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "AWS has no such action",
        sources: [
            "access-analyzer/INVALID_ACTION",
            "access-analyzer/INVALID_SERVICE_IN_ACTION",
            "access-analyzer/INVALID_SERVICE",
            "parliament/UNKNOWN_ACTION",
            "parliament/UNKNOWN_PREFIX",
            "iam-policy-validator/invalid_action",
            "cfn-lint/W3037",
            "aws-iam-language-server/UNRECOGNIZED_ACTION",
        ],
        fix: Unsafe,
        since: "0.1.0",
        service_messages: ["is not authorized to perform"],
    }
}

impl Rule for UnknownAction {
    fn check_statement(&self, statement: Statement<'_>, _policy: &PolicyContext, acc: &mut Findings) {
        for action in statement.actions() {
            let Some(name) = action.name else { continue };
            // What IAM refuses is another rule's.
            let sound = !action.string.has_unknown()
                && !action.service.contains(['*', '?'])
                && !action.service.is_empty()
                && !name.is_empty()
                && !name.contains(':')
                && action.text().bytes().all(|byte| byte.is_ascii_graphic());
            if sound {
                check(action, name, acc);
            }
        }
    }
}

fn check(action: ActionPattern<'_>, name: &str, acc: &mut Findings) {
    let text = action.text();
    let effect = if action.negated { "exempts nothing" } else { "has no effect" };
    if catalog::means_no_action(text) {
        return;
    }
    let service = catalog::service(action.service);
    let is_known = service.is_some_and(|service| service.action(name).is_some());
    if !is_known && catalog::is_unlisted(text) {
        acc.report(action.string.content_span(), format!("AWS's reference lists no action `{text}`"))
            .case("unlisted")
            .severity(Severity::Info)
            .note(format!(
                "AWS's own managed policies name it: it is gone, or has no page. If nothing of yours uses it, the entry {effect} and can go."
            ));
        return;
    }
    if !is_known && catalog::is_of_samples(text) {
        acc.report(action.string.content_span(), format!("AWS has no action `{text}`"))
            .case("unlisted")
            .severity(Severity::Hint)
            .note(format!("It stands in samples of AWS's own documentation, and {effect}."));
        return;
    }
    let Some(service) = service else {
        unknown_service(action, name, acc);
        return;
    };
    if catalog::is_disputed(text) {
        acc.report(action.string.content_span(), format!("AWS's reference lists no action `{text}`"))
            .case("unlisted")
            .severity(Severity::Hint)
            .note(format!("A guide of {} names it, so that it may be one all the same.", service.title()));
        return;
    }
    if action.has_wildcard() {
        if catalog::expand(text).next().is_none() && !catalog::any_retired(text) {
            acc.report(action.name_span(), format!("no action of {} matches `{text}`", service.title()))
                .case("matches-nothing")
                .note(format!("The entry {effect}. Check the spelling before the wildcard."));
        }
        return;
    }
    if service.action(name).is_some() {
        return;
    }
    let span = action.name_span();
    let prefix = service.prefix();
    if let Some(date) = catalog::retired(text) {
        acc.report(span, format!("AWS has retired the action `{text}`"))
            .case("retired")
            .severity(Severity::Info)
            .note(format!(
                "It was last listed in {}. The entry {effect} and can go.",
                &date[..date.len().min(7)]
            ));
    } else if let Some(api) = catalog::api_name(text) {
        let finding = acc.report(span, format!("`{text}` is an API operation, not an IAM action"));
        finding.case("api-name");
        match api {
            Some(right) => {
                let right = right.split_once(':').map_or(right, |(_, name)| name);
                finding
                    .note(format!(
                        "The operation is allowed by `{prefix}:{right}`. The entry as it stands {effect}."
                    ))
                    .fix(Fix::replace_text(span, right));
            }
            None => {
                finding.note(format!(
                    "The entry {effect}, unless AWS added the action after this version of passrole. The Service Authorization \
                     Reference of {} lists the action that allows the operation.",
                    service.title()
                ));
            }
        }
    } else if let Some(right) =
        catalog::meant_action(text).and_then(|it| it.split_once(':')).map(|(_, it)| it)
    {
        acc.report(span, format!("`{prefix}` has no action `{name}`; did you mean `{right}`?"))
            .case("typo")
            .note(format!("The policy is accepted, but the entry {effect}."))
            .fix(Fix { safety: Safety::Unsafe, ..Fix::replace_text(span, right) });
    } else if catalog::is_newer_operation(text) {
        acc.report(span, format!("AWS's reference does not list the action `{text}` yet"))
            .case("new")
            .severity(Severity::Info)
            .note(
                "There is an API operation of that name, younger than the list of actions in this version of passrole. Look \
                 whether the Service Authorization Reference has the action by now; if not, the operation is allowed by another.",
            );
    } else if let Some(near) = catalog::nearest_action(prefix, name) {
        acc.report(span, format!("`{prefix}` has no action `{name}`; did you mean `{}`?", near.word))
            .case("typo")
            .note(format!("The policy is accepted, but the entry {effect}."))
            .fix(Fix::guess(span, near));
    } else if catalog::lists_further_actions(prefix) {
        acc.report(span, format!("AWS's reference lists no action `{text}`"))
            .case("unlisted")
            .severity(Severity::Hint)
            .note(format!(
                "The guide of {} lists more actions than the reference, and this may be one of them.",
                service.title()
            ));
    } else {
        acc.report(span, format!("{} has no action `{name}`", service.title()))
            .case("unknown")
            .note(format!("The policy is accepted, but the entry {effect}, unless AWS added the action after this version of passrole."));
    }
}

fn unknown_service(action: ActionPattern<'_>, name: &str, acc: &mut Findings) {
    let span = action.service_span();
    let prefix = action.service;
    if catalog::any_retired(&format!("{prefix}:*")) {
        acc.report(span, format!("AWS has retired the service `{prefix}`"))
            .case("retired")
            .severity(Severity::Info)
            .note("The entry has no effect and can go.");
        return;
    }
    let finding_note = "The policy is accepted, but the entry has no effect.";
    match catalog::nearest_service(prefix, name) {
        Some(near) => {
            acc.report(span, format!("AWS has no service `{prefix}`; did you mean `{}`?", near.word))
                .case("unknown-service")
                .note(finding_note)
                .fix(Fix::guess(span, near));
        }
        None => {
            acc.report(span, format!("AWS has no service with the prefix `{prefix}`"))
                .case("unknown-service")
                .note(finding_note);
        }
    }
}
