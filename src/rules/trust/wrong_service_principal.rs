use super::principals::{assuming, misspelt, services};
use crate::catalog::{self, RoleKind};
use crate::declare_rule;
use crate::diagnostic::{Confidence, Findings, Fix, Safety, Severity};
use crate::graph::roles::Verdict;
use crate::graph::{Consumer, Neighbours, Reason};
use crate::host::value::{StringValue, Value};
use crate::host::{DocumentKind, Edit, Naming};
use crate::model::{Arn, Policy, PolicyContext, Statement};
use crate::rules::Rule;
use crate::text::{self, Span};

declare_rule! {
    /// Finds a role around ECS or EKS that trusts the wrong service.
    ///
    /// Each kind of role is assumed by one service, and a trust policy that names another is accepted,
    /// attached and useless: the deploy hangs or reports "ECS was unable to assume the role".
    ///
    /// | role | who assumes it |
    /// |---|---|
    /// | task role, task execution role | `ecs-tasks.amazonaws.com` |
    /// | container instance role | `ec2.amazonaws.com` |
    /// | infrastructure role, service role | `ecs.amazonaws.com` |
    /// | service auto scaling role | `application-autoscaling.amazonaws.com` |
    /// | EventBridge target role | `events.amazonaws.com` |
    /// | EventBridge Scheduler role | `scheduler.amazonaws.com` |
    /// | CodeDeploy role | `codedeploy.amazonaws.com` |
    /// | ECS Anywhere role | `ssm.amazonaws.com` |
    /// | EKS node role | `ec2.amazonaws.com` |
    /// | EKS Fargate pod execution role | `eks-fargate-pods.amazonaws.com` |
    /// | EKS Pod Identity role | `pods.eks.amazonaws.com` |
    ///
    /// In a template or module the same holds for every resource that names the role: a function, a project of CodeBuild, a
    /// target of a rule, an instance profile, a flow log and so on. Where its service may not assume the role, that is a
    /// warning.
    ///
    /// A misspelt name such as `ecs-task.amazonaws.com` is an error in itself: IAM knows no such service
    /// and refuses the policy. A name that is right for another kind of role needs evidence, and the
    /// finding says which: a task definition beside the file that names the role (an error), or a
    /// `Sid`, the condition on `aws:SourceArn` or the file's name (a warning).
    ///
    /// ```json
    /// { "Effect": "Allow", "Principal": { "Service": "ecs.amazonaws.com" }, "Action": "sts:AssumeRole" }
    /// ```
    ///
    /// For a task role write `ecs-tasks.amazonaws.com`. Allow the finding where a file's name misleads.
    ///
    /// AWS: "IAM roles for Amazon ECS" in the Amazon ECS developer guide.
    pub WrongServicePrincipal {
        id: "wrong-service-principal",
        group: Trust,
        reads: [LinkedPolicy, Roles],
        on: [Resource, Trust, Rcp],
        cases: ["consumer", "evidence", "misspelt", "neighbour"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "the role trusts a service that does not assume this kind of role",
        sources: [],
        fix: Grants,
        since: "0.1.0",
        service_messages: [
            "ECS was unable to assume the role",
            "Invalid principal in policy",
            "Please verify that the role being passed has the proper trust relationship",
        ],
    }
}

/// What tells the kind of a role.
struct Evidence {
    kind: &'static RoleKind,
    words: String,
    case: &'static str,
    severity: Severity,
    place: Option<Span>,
}

impl Rule for WrongServicePrincipal {
    fn check_roles(&self, verdicts: &[Verdict], acc: &mut Findings) {
        for verdict in verdicts {
            let Verdict::NotTrusted { span, role, kind, service, trusted, trust } = verdict else { continue };
            let others = text::enumerated(trusted.iter().map(|name| format!("`{name}`")));
            let kind = text::a_or_an(kind);
            let message = format!("{kind} is assumed by `{service}`, but `{role}` trusts {others}");
            acc.report(*span, message)
                .case("neighbour")
                .note(format!("The module makes it so for this caller. Give `{service}` to it."))
                .related_in(trust.as_ref(), "this is whom the role trusts");
        }
    }

    fn check_linked_policy(
        &self,
        policy: Policy<'_>,
        context: &PolicyContext,
        neighbours: &Neighbours,
        acc: &mut Findings,
    ) {
        for (base, statement) in policy.statements() {
            for service in services(statement) {
                // What encrypts its storage with a key is let in there, and assumes no role.
                let is_of_keys = catalog::is_service_principal(&service.text);
                let right = match is_of_keys && context.kind == DocumentKind::Trust {
                    true => catalog::misspelt_principal(&service.text),
                    false => misspelt(&service.text),
                };
                if let Some(right) = right {
                    report_misspelt(service, base, right, is_of_keys, acc);
                }
            }
        }
        if context.kind == DocumentKind::Trust {
            let told = check_kind(policy, context, neighbours, acc);
            check_consumers(policy, &neighbours.consumers, told, acc);
        }
    }
}

/// Resources of the same template or module that name the role, and whose service may not assume it.
fn check_consumers(
    policy: Policy<'_>,
    consumers: &[Consumer],
    told: Option<&'static str>,
    acc: &mut Findings,
) {
    if consumers.is_empty() {
        return;
    }
    let allowing: Vec<(u32, Statement<'_>)> = policy.statements().filter(|(_, it)| it.allows()).collect();
    // Whoever is not known, or everybody, may be the service.
    let is_open = policy.document.is_partial
        || policy.units().len() != policy.statements().count()
        || allowing.iter().any(|(_, statement)| {
            statement.principals().any(|principal| {
                principal.negated
                    || principal.is_everyone()
                    || principal.member.value.is_unknown()
                    || principal
                        .entries()
                        .any(|entry| entry.value.has_unknown() || misspelt(&entry.value.text).is_some())
            })
        });
    let principal = |(base, statement): &(u32, Statement<'_>)| {
        let first = statement.principals().next()?.entries().next()?.value;
        Some(first.content_span().shifted(*base))
    };
    let trusted: Vec<(u32, &StringValue)> = assuming(policy)
        .flat_map(|(base, statement)| services(statement).map(move |service| (base, service)))
        .collect();
    let place = trusted.first().map(|(base, service)| service.content_span().shifted(*base));
    let Some(place) = place.or_else(|| allowing.iter().find_map(principal)).filter(|_| !is_open) else {
        return;
    };
    let is_trusted = |right: &str| trusted.iter().any(|(_, service)| same_service(&service.text, right));
    let shut_out: Vec<&Consumer> = consumers
        .iter()
        .filter(|it| !it.principals.iter().any(|right| is_trusted(right)))
        // One mistake is one finding.
        .filter(|it| !it.principals.iter().any(|right| told == Some(right)))
        .collect();
    let Some(first) = shut_out.first() else { return };
    let mut names: Vec<&str> = shut_out.iter().filter_map(|it| it.principals.first().copied()).collect();
    names.sort_unstable();
    names.dedup();
    let listed = text::enumerated(names.iter().map(|name| format!("`{name}`")));
    let message = match shut_out.len() {
        1 => format!("{} uses this role, which {listed} may not assume", first.title),
        count => {
            format!("{} and {} more use this role, which {listed} may not assume", first.title, count - 1)
        }
    };
    let finding = acc.report(place, message);
    finding.case("consumer").severity(Severity::Warning);
    let titles: Vec<&str> = shut_out.iter().skip(1).take(8).map(|it| &*it.title).collect();
    let others =
        if titles.is_empty() { String::new() } else { format!(" The others: {}.", titles.join(", ")) };
    if names.iter().all(|name| catalog::has_linked_role(name)) {
        finding.severity(Severity::Info).note(format!(
            "For Amazon ECS and most other services, Application Auto Scaling uses its service-linked role, whatever role is named: \
             this one may be left out. Elsewhere it cannot assume it.{others}"
        ));
    } else {
        finding.note(format!(
            "The service is then unable to assume the role.{others} Add {listed} to the services."
        ));
    }
    // Nobody else needs the service that is trusted now.
    if let ([right], [(base, service)], true) = (&names[..], &trusted[..], shut_out.len() == consumers.len())
    {
        finding.fix(Fix {
            title: format!("Let `{right}` in, in place of `{}`", service.text).into(),
            safety: Safety::Grants,
            edits: vec![Edit::ReplaceText {
                span: service.content_span().shifted(*base),
                text: (*right).into(),
            }],
        });
    }
}

fn report_misspelt(
    service: &StringValue,
    base: u32,
    right: &'static str,
    is_of_keys: bool,
    acc: &mut Findings,
) {
    let message = match is_of_keys {
        true => format!("`{}` assumes no role", service.text),
        false => format!("there is no service principal `{}`", service.text),
    };
    let refused = if is_of_keys { "Nobody" } else { "IAM refuses it, or nobody" };
    acc.report(service.content_span().shifted(base), message)
        .case("misspelt")
        .note(format!("{refused} can assume the role: ECS was unable to assume the role. Write `{right}`."))
        .fix(Fix::replace_text(service.content_span().shifted(base), right));
}

/// A principal that is right elsewhere, where something tells which kind of role this is; the service that is told to
/// assume it.
fn check_kind(
    policy: Policy<'_>,
    context: &PolicyContext,
    neighbours: &Neighbours,
    acc: &mut Findings,
) -> Option<&'static str> {
    let trusted: Vec<(u32, Statement<'_>, &StringValue)> = assuming(policy)
        .flat_map(|(base, statement)| services(statement).map(move |service| (base, statement, service)))
        .collect();
    // A part that is filled in later, or another mistake's matter, leaves open who is trusted.
    let open = assuming(policy).any(|(_, statement)| {
        statement.principals().any(|principal| {
            principal.member.value.is_unknown()
                || principal
                    .entries()
                    .any(|entry| entry.value.has_unknown() || misspelt(&entry.value.text).is_some())
        })
    });
    let (base, statement, service) = trusted.first().copied()?;
    if open || !catalog::is_service_principal(&service.text) {
        return None;
    }
    let actual = &*service.text;
    let evidence = evidence(policy, statement, base, context, neighbours, actual)?;
    let right = evidence.kind.principal;
    if trusted.iter().any(|(_, _, service)| same_service(&service.text, right)) {
        return None;
    }
    let span = service.content_span().shifted(base);
    let kind = text::a_or_an(evidence.kind.name);
    let finding = acc.report(span, format!("{kind} is assumed by `{right}`, not by `{actual}`"));
    finding.case(evidence.case);
    finding.severity(evidence.severity);
    if evidence.severity != Severity::Error {
        finding.confidence(Confidence::Medium);
    }
    if let Some(place) = evidence.place {
        finding.related(place, "this tells which role it is");
    }
    let outcome = if right.starts_with("ecs") {
        "The deploy reports: ECS was unable to assume the role."
    } else {
        "The service is then unable to assume the role."
    };
    finding.note(format!("{} {outcome} Write `{right}`.", evidence.words)).fix(Fix {
        title: format!("Let `{right}` in, in place of `{actual}`").into(),
        safety: Safety::Grants,
        edits: vec![Edit::ReplaceText { span, text: right.into() }],
    });
    Some(right)
}

/// The strongest evidence that speaks for a kind which another service than `actual` assumes.
fn evidence(
    policy: Policy<'_>,
    statement: Statement<'_>,
    base: u32,
    context: &PolicyContext,
    neighbours: &Neighbours,
    actual: &str,
) -> Option<Evidence> {
    if let Some(role_use) = &neighbours.role_use
        && let Some(kind) = catalog::role_kinds().iter().find(|kind| *kind.name == *role_use.kind)
    {
        return Some(Evidence {
            kind,
            words: format!("{} names this role.", role_use.evidence),
            case: "neighbour",
            // A file's name may mislead.
            severity: match role_use.reason {
                Reason::FileName | Reason::Beside => Severity::Warning,
                Reason::Reference | Reason::Handed | Reason::Stated | Reason::Name => Severity::Error,
            },
            place: None,
        });
    }
    let named = [(statement.sid(), base), (policy.head.string("Id"), 0)];
    for (name, base) in named {
        let Some(name) = name.filter(|name| !name.has_unknown()) else { continue };
        if let Some(kind) = kind_of(&words(&name.text), actual) {
            return Some(Evidence {
                kind,
                words: format!("The name `{}` says which role it is.", name.text),
                case: "evidence",
                severity: Severity::Warning,
                place: Some(name.span.shifted(base)),
            });
        }
    }
    // A template and a module hold several roles.
    let is_whole_file = policy.document.owner.is_none() && policy.document.naming == Naming::Aws;
    if is_whole_file && let Some(kind) = kind_of(&words(&context.file_stem), actual) {
        return Some(Evidence {
            kind,
            words: format!("The file's name `{}` says which role it is.", context.file_stem),
            case: "evidence",
            severity: Severity::Warning,
            place: None,
        });
    }
    let source = source_of(statement).filter(|(_, arn)| arn.service == "ecs")?;
    let of_ecs = ["ecs.amazonaws.com", "ecs-tasks.amazonaws.com"].iter().any(|it| same_service(actual, it));
    let kind = catalog::role_kinds().iter().find(|kind| kind.name == "task role")?;
    (!of_ecs).then(|| Evidence {
        kind,
        words: "The condition on `aws:SourceArn` asks for a caller from Amazon ECS.".to_string(),
        case: "evidence",
        severity: Severity::Warning,
        place: Some(source.0.span.shifted(base)),
    })
}

/// The first ARN that `aws:SourceArn` must be like.
fn source_of(statement: Statement<'_>) -> Option<(&StringValue, Arn<'_>)> {
    statement.condition_keys().filter(|key| key.key.text.eq_ignore_ascii_case("aws:SourceArn")).find_map(
        |key| {
            let negated = catalog::parse_operator(&key.operator.text)?.base.negated;
            let value = key.values().iter().find_map(Value::as_string).filter(|_| !negated)?;
            Some((value, Arn::parse(&value.text).ok()?))
        },
    )
}

/// The same service in another partition or Region.
fn same_service(name: &str, right: &str) -> bool {
    let label = |name: &str| name.split('.').next().unwrap_or_default().to_string();
    label(name) == label(right)
}

/// In lower case, split at punctuation and inner capitals.
fn words(name: &str) -> Vec<String> {
    text::words(name).into_iter().map(str::to_lowercase).collect()
}

/// The kind of role that a name tells of, unless it also tells of what `actual` is.
fn kind_of(words: &[String], actual: &str) -> Option<&'static RoleKind> {
    let label = actual.split('.').next().unwrap_or_default();
    let about_actual = |word: &String| {
        (!label.starts_with("ecs") && label != "eks" && label.split('-').any(|part| part == word))
            || catalog::words_of_principal(actual).contains(&&**word)
    };
    if words.iter().any(about_actual) {
        return None;
    }
    let around_ecs = label.starts_with("ecs")
        || words.iter().any(|word| word.starts_with("ecs") || word == "fargate" || word == "container");
    let mut best: Option<(usize, &'static RoleKind)> = None;
    let mut contradicted = false;
    for kind in catalog::role_kinds() {
        for phrase in kind.words {
            // "execution role" alone is what every service calls its own.
            let of_ecs = catalog::words_of_containers().iter().any(|word| phrase.contains(word));
            if !(around_ecs || of_ecs) || !says(words, phrase) {
                continue;
            }
            let length = phrase.len();
            match best {
                Some((known, other))
                    if known > length || (known == length && other.principal == kind.principal) => {}
                Some((known, _)) if known == length => contradicted = true,
                _ => {
                    best = Some((length, kind));
                    contradicted = false;
                }
            }
        }
    }
    best.map(|(_, kind)| kind).filter(|_| !contradicted)
}

/// Whether the words hold the phrase, apart or run together.
fn says(words: &[String], phrase: &str) -> bool {
    let parts: Vec<&str> = phrase.split(' ').collect();
    let ends_in_task = phrase.ends_with("task") || phrase.ends_with("tasks");
    let fits_behind = |rest: Option<&str>| {
        !ends_in_task
            || rest.is_none_or(|rest| {
                rest.is_empty() || catalog::words_behind_task().iter().any(|word| rest.starts_with(*word))
            })
    };
    let apart = words.windows(parts.len()).enumerate().any(|(at, window)| {
        window.iter().zip(&parts).all(|(word, part)| word == part)
            && fits_behind(words.get(at + parts.len()).map(String::as_str))
    });
    let together = parts.concat();
    apart
        || together.len() >= 7
            && words.iter().any(|word| {
                word.find(&*together).is_some_and(|at| fits_behind(Some(&word[at + together.len()..])))
            })
}
