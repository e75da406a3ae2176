use crate::access::{self, Test};
use crate::catalog::{self, ArnPart, Family, Guess, KeyFormat, ValueType};
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Severity};
use crate::host::placeholder::stands_in;
use crate::host::value::{StringValue, Value};
use crate::model::{PolicyContext, Statement, is_wildcard, wildcard_matches};
use crate::rules::Rule;
use crate::text::quoted;

declare_rule! {
    /// Finds condition values that no request ever has: a Region that does not exist, a VPC id without its
    /// prefix, a service's name where its principal belongs, the alias of a key where AWS compares its ARN.
    ///
    /// AWS accepts them. The condition then never holds, and under a negated operator always does.
    ///
    /// ```text
    /// "aws:RequestedRegion": "eu-west-1a"           a zone, not a Region: "eu-west-1"
    /// "aws:SourceVpce":      "vpc-0a1b2c3d4e5f67890" "vpce-…"
    /// "iam:PassedToService": "ecs-tasks"            "ecs-tasks.amazonaws.com"
    /// "kms:ViaService":      "s3.amazonaws.com"     "s3.eu-west-1.amazonaws.com"
    /// "aws:SourceArn":       an ARN of S3           with `sns.amazonaws.com` let in, it is that of a topic
    /// ```
    ///
    /// AWS: "AWS global condition context keys" in the IAM user guide, and the guide of the key's service.
    pub ConditionValueNeverMatches {
        id: "condition-value-never-matches",
        group: Policy,
        reads: [Statement],
        cases: ["account", "arn", "kms-key", "listed", "organization", "organization-path", "other-resource", "region", "regional-service-principal", "service-principal", "source", "unknown-region", "vpc", "vpce"],
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "no request has that value for the condition key",
        sources: [
            "access-analyzer/INVALID_REGION",
            "access-analyzer/INVALID_VPC_FORMAT",
            "access-analyzer/INVALID_VPCE_FORMAT",
            "access-analyzer/INVALID_SERVICE_PRINCIPAL_FORMAT",
            "access-analyzer/INVALID_KMS_KEY_VALUE",
        ],
        fix: Unsafe,
        since: "0.1.0",
    }
}

impl Rule for ConditionValueNeverMatches {
    fn check_statement(&self, statement: Statement<'_>, _policy: &PolicyContext, acc: &mut Findings) {
        for test in access::tests(statement) {
            let family = test.operator.base.family;
            if !matches!(family, Family::String | Family::Arn) {
                continue;
            }
            if let Some(format) = catalog::key_traits(test.key()).and_then(|traits| traits.format) {
                formats(test, format, acc);
            } else if catalog::condition_key(test.key()).is_some_and(|key| key.value_type() == ValueType::Arn)
            {
                if !sources(statement, test, acc) {
                    arns(statement, test, acc);
                }
            } else if family == Family::String {
                listed(test, acc);
            }
        }
    }
}

/// What is wrong with one value.
struct Misfit {
    case: &'static str,
    /// What the key compares, in the plural.
    kind: &'static str,
    /// Behind the value: `is not one`.
    what: &'static str,
    note: String,
    meant: Option<Guess<String>>,
    severity: Severity,
}

fn misfit(case: &'static str, kind: &'static str, note: impl Into<String>) -> Misfit {
    Misfit { case, kind, what: "is not one", note: note.into(), meant: None, severity: Severity::Warning }
}

fn formats(test: Test<'_>, format: KeyFormat, acc: &mut Findings) {
    for value in test.texts() {
        let text = &*value.text;
        if text.is_empty() || text.contains("${") || stands_in(text) {
            continue;
        }
        let pattern = is_wildcard(text);
        if pattern && !test.operator.base.wildcards {
            // A star under an operator that has none: another rule's finding.
            continue;
        }
        let found = match format {
            KeyFormat::Vpc => id(text, pattern, "vpc-", "vpc", "ids of VPCs"),
            KeyFormat::VpcEndpoint => id(text, pattern, "vpce-", "vpce", "ids of VPC endpoints"),
            KeyFormat::Account => account(text, pattern),
            KeyFormat::Organization => organization(text, pattern),
            KeyFormat::OrganizationPath => organization_path(text, pattern),
            KeyFormat::Region => region(text, pattern),
            KeyFormat::ServicePrincipal if !pattern => service(text),
            KeyFormat::RegionalServicePrincipal if !pattern => regional_service(text),
            KeyFormat::KmsKey => kms_key(text, pattern),
            _ => None,
        };
        if let Some(found) = found {
            report(test, value, found, acc);
        }
    }
}

fn report(test: Test<'_>, value: &StringValue, found: Misfit, acc: &mut Findings) {
    let text = &*value.text;
    let effect = match (found.severity, test.operator.base.negated) {
        (Severity::Warning, true) => "The condition holds whatever the request. ",
        (Severity::Warning, false) => "The condition never holds with this value. ",
        _ => "",
    };
    acc.report(
        value.content_span(),
        format!("`{}` compares {}, and `{text}` {}", test.key(), found.kind, found.what),
    )
    .related(test.condition.key.span, "the key is here")
    .severity(found.severity)
    .case(found.case)
    .note(format!("{effect}{}", found.note))
    .maybe_fix(found.meant.map(|meant| Fix::guess(value.content_span(), meant)));
}

/// Values of keys that take one of a few.
fn listed(test: Test<'_>, acc: &mut Findings) {
    let Some(known) = catalog::global_key(test.key()).filter(|key| !key.values.is_empty()) else { return };
    let ignore_case = test.operator.base.name.ends_with("IgnoreCase");
    for value in test.texts() {
        let text = &*value.text;
        if text.contains("${")
            || known.values.iter().any(|it| {
                if test.operator.base.wildcards {
                    wildcard_matches(text, it, false)
                } else {
                    *it == text || ignore_case && it.eq_ignore_ascii_case(text)
                }
            })
        {
            continue;
        }
        let all = quoted(known.values.iter());
        let meant = catalog::guess(text, known.values.iter().copied());
        acc.report(value.content_span(), format!("`{}` never has the value `{text}`", known.name))
            .related(test.condition.key.span, "the key is here")
            .case("listed")
            .note(format!("It is one of {all}."))
            .maybe_fix(meant.map(|meant| Fix::guess(value.content_span(), meant)));
    }
}

/// The literal text before the first wildcard.
fn literal_start(pattern: &str) -> &str {
    &pattern[..pattern.find(['*', '?']).unwrap_or(pattern.len())]
}

fn starts_like(pattern: &str, prefix: &str) -> bool {
    let start = literal_start(pattern);
    start.starts_with(prefix) || prefix.starts_with(start)
}

fn id(text: &str, pattern: bool, prefix: &str, case: &'static str, kind: &'static str) -> Option<Misfit> {
    let fits = if pattern {
        starts_like(text, prefix)
    } else {
        text.strip_prefix(prefix).is_some_and(|rest| {
            matches!(rest.len(), 8 | 17) && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
    };
    (!fits)
        .then(|| misfit(case, kind, format!("Write the id: `{prefix}` and 17 characters, or 8 in old ones.")))
}

fn account(text: &str, pattern: bool) -> Option<Misfit> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let others = text.bytes().filter(|byte| !byte.is_ascii_digit()).count();
    let fits = if pattern {
        text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'*' | b'?')) && digits <= 12
    } else {
        digits == 12 && others == 0
    };
    if fits {
        return None;
    }
    // An ARN that was pasted whole, or digits in groups.
    let meant = match catalog::Arn::parse(text) {
        Ok(arn) => arn.account.to_string(),
        Err(_) => text.chars().filter(|it| !matches!(it, '-' | ' ')).collect(),
    };
    Some(Misfit {
        meant: catalog::is_account_id(&meant).then(|| Guess::plain(meant)),
        ..misfit("account", "account ids", "Write the twelve digits of the account.")
    })
}

fn organization(text: &str, pattern: bool) -> Option<Misfit> {
    let fits = if pattern {
        starts_like(text, "o-")
    } else {
        text.strip_prefix("o-").is_some_and(|rest| {
            (10..=32).contains(&rest.len())
                && rest.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        })
    };
    (!fits).then(|| {
        misfit(
            "organization",
            "organization ids",
            "Write `o-` and 10 to 32 lower-case letters or digits, without the path.",
        )
    })
}

fn organization_path(text: &str, pattern: bool) -> Option<Misfit> {
    if pattern {
        return (!starts_like(text, "o-")).then(|| {
            misfit(
                "organization-path",
                "paths of organizations",
                "Begin with the organization's id: `o-a1b2c3d4e5/*`.",
            )
        });
    }
    let has_root = text.starts_with("o-") && text.contains("/r-");
    (!has_root || !text.ends_with('/')).then(|| Misfit {
        meant: has_root.then(|| Guess::plain(format!("{text}/"))),
        ..misfit(
            "organization-path",
            "paths of organizations",
            "Write organization, root and units, with a slash at the end: `o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/`.",
        )
    })
}

/// Values of keys that compare ARNs.
fn arns(statement: Statement<'_>, test: Test<'_>, acc: &mut Findings) {
    let is_text = test.operator.base.family == Family::String;
    for value in test.texts() {
        let text = &*value.text;
        if text.is_empty()
            || text.contains("${")
            || stands_in(text)
            || is_text && is_wildcard(text) && !test.operator.base.wildcards
        {
            continue;
        }
        let found = match catalog::Arn::parse(text) {
            Ok(arn) => arn_misfit(statement, test, value, arn),
            Err(_) => (is_text
                && !starts_like(text, "arn:")
                && catalog::global_key(test.key()).is_none_or(|key| key.also_type.is_none()))
            .then(|| misfit("arn", "ARNs", "Write the whole ARN.")),
        };
        if let Some(found) = found {
            report(test, value, found, acc);
        }
    }
}

/// ARNs in `aws:SourceArn` of a service that none of the principals calls for, as where a bucket is named and SNS let in;
/// whether there are any.
fn sources(statement: Statement<'_>, test: Test<'_>, acc: &mut Findings) -> bool {
    if !test.is_on("aws:SourceArn") || test.operator.base.negated {
        return false;
    }
    let mut principals = Vec::new();
    for entry in statement.principal().iter().flat_map(|principal| principal.entries()) {
        match catalog::source_services(&entry.value.text) {
            Some(services) if &*entry.kind.text == "Service" && !entry.value.has_unknown() => {
                principals.push((&*entry.value.text, services));
            }
            // Of others it is not known what they call for.
            _ => return false,
        }
    }
    let Some((principal, of)) = principals.first() else { return false };
    let mut any = false;
    for value in test.condition.values().iter().filter_map(Value::as_string) {
        let Ok(arn) = catalog::Arn::parse(&value.text) else { continue };
        let service = arn.range(ArnPart::Service);
        if arn.service.is_empty()
            || arn.service.contains(['*', '?', '$', '<', '{'])
            || value.is_unknown_in(service)
            || catalog::service(arn.service).is_none()
            || principals.iter().any(|(_, services)| services.contains(&arn.service))
        {
            continue;
        }
        any = true;
        let theirs = of.iter().map(|prefix| format!("`{prefix}`"));
        acc.report(value.content_span(), format!("`{principal}` never calls for a resource of `{}`", arn.service))
            .related(test.condition.key.span, "the key is here")
            .case("source")
            .note(format!(
                "With that service, `aws:SourceArn` is an ARN of {}, so the condition never holds with this value. Name the \
                 resource that calls, or the service that calls for this one.",
                crate::text::enumerated(theirs)
            ));
    }
    any
}

/// Why no resource has that ARN, as far as its service's formats tell.
fn arn_misfit(
    statement: Statement<'_>,
    test: Test<'_>,
    value: &StringValue,
    arn: catalog::Arn<'_>,
) -> Option<Misfit> {
    let literal = |part: ArnPart| !arn.part(part).contains(['*', '?', '$', '<', '{']);
    let none = |note: String, meant: Option<String>| {
        Some(Misfit {
            what: "belongs to no resource",
            meant: meant.map(Guess::plain),
            ..misfit("arn", "ARNs of resources", note)
        })
    };
    let with = |part: ArnPart, written: &str| {
        let range = arn.range(part);
        format!("{}{written}{}", &arn.text[..range.start], &arn.text[range.end..])
    };
    if !literal(ArnPart::Service) || arn.resource.is_empty() {
        return None;
    }
    if let Some(of) = catalog::key_traits(test.key()).and_then(|traits| traits.resource)
        && let Some((service, start)) = of.split_once(':')
        && (arn.service != service || !starts_like(arn.resource, start))
        && literal(ArnPart::Resource)
    {
        return Some(Misfit {
            what: "is of another kind",
            ..misfit(
                "other-resource",
                "ARNs of resources",
                format!("Its values are ARNs of `{service}` whose resource begins with `{start}`."),
            )
        });
    }
    if literal(ArnPart::Region) && literal(ArnPart::Partition) {
        let home = catalog::partition_of_region(arn.region);
        if let Some(home) = home.filter(|home| *home != arn.partition) {
            let note = format!("The Region `{}` is in the partition `{home}`.", arn.region);
            return none(note, Some(with(ArnPart::Partition, home)));
        }
    }
    if arn.service == "iam" && arn.account == "aws" && !is_wildcard(arn.resource) {
        let path = arn.resource.strip_prefix("policy/")?;
        let right = catalog::managed_policy_named(catalog::name_of_managed_policy(path))
            .filter(|right| *right != path)?;
        return none(
            format!("The policy is `{right}`."),
            Some(with(ArnPart::Resource, &format!("policy/{right}"))),
        );
    }
    let service = catalog::service(arn.service)?;
    let fitting: Vec<catalog::Arn<'_>> = service
        .resource_types()
        .flat_map(|of| of.arn_formats())
        .filter(|format| access::resource_fits(&arn, format, value.open_parts()))
        .filter_map(|format| catalog::Arn::parse(format).ok())
        .filter(|format| format.service == arn.service)
        .collect();
    if fitting.is_empty() {
        // `nightly` for `rule/nightly`, and `rule:nightly`.
        let Some(at) = arn.resource.find(['/', ':']) else {
            // The root of an account has none, and is in no reference.
            return untyped(service, arn)
                .filter(|_| test.is_on("aws:SourceArn"))
                .and_then(|start| none(format!("The resource begins with its type: `{start}`."), None));
        };
        let other = if arn.resource.as_bytes()[at] == b'/' { ":" } else { "/" };
        let swapped =
            with(ArnPart::Resource, &format!("{}{other}{}", &arn.resource[..at], &arn.resource[at + 1..]));
        let parsed = catalog::Arn::parse(&swapped).ok()?;
        let is_one = service
            .resource_types()
            .flat_map(|of| of.arn_formats())
            .filter(|format| format.split(':').nth(2) == Some(arn.service))
            .any(|format| !format.ends_with(":${QueueName}") && access::arn_fits(&parsed, format, &[]));
        return is_one.then(|| none(format!("Write `{swapped}`."), Some(swapped.clone()))).flatten();
    }
    // An ARN of AWS's own, or of another account's public resource, may name no account. A Region, all of these do.
    if arn.region.is_empty() && fitting.iter().all(|format| !format.region.is_empty()) {
        return none(format!("ARNs of {} name a Region here.", service.title()), None);
    }
    for (part, name) in [(ArnPart::Region, "Region"), (ArnPart::Account, "account")] {
        let written = arn.part(part);
        if !written.is_empty() && literal(part) && fitting.iter().all(|format| format.part(part).is_empty()) {
            return none(format!("ARNs of {} name no {name} here.", service.title()), Some(with(part, "")));
        }
    }
    if test.is_on("aws:SourceArn") {
        // Buckets call, not what is in them.
        if arn.service == "s3"
            && arn.region.is_empty()
            && literal(ArnPart::Region)
            && arn.resource.contains('/')
        {
            let bucket = arn.resource.split('/').next().unwrap_or_default();
            return none("It is the bucket that calls.".to_string(), Some(with(ArnPart::Resource, bucket)));
        }
        let is_pod = statement
            .principals()
            .flat_map(|it| it.services())
            .any(|it| &*it.text == "pods.eks.amazonaws.com");
        if is_pod
            && (arn.service != "eks" || literal(ArnPart::Resource) && !arn.resource.starts_with("cluster/"))
        {
            return none(
                "EKS Pod Identity calls for the cluster: `arn:aws:eks:eu-west-1:111122223333:cluster/web`."
                    .to_string(),
                None,
            );
        }
    }
    None
}

/// How the resources of a service begin, where all of them have a type in front and an ARN has none.
fn untyped(service: catalog::Service, arn: catalog::Arn<'_>) -> Option<String> {
    if is_wildcard(arn.resource) || arn.resource.contains(['$', '<', '{']) {
        return None;
    }
    let mut starts: Vec<String> = Vec::new();
    for format in service.resource_types().flat_map(|of| of.arn_formats()) {
        let Ok(format) = catalog::Arn::parse(format) else { continue };
        if format.service != arn.service {
            continue;
        }
        let end = format.resource.find(['/', ':'])?;
        if format.resource[..end].contains('$') {
            return None;
        }
        starts.push(format.resource[..=end].to_string());
    }
    starts.sort_unstable();
    starts.dedup();
    // Which of several is meant is not known.
    (!starts.is_empty()).then(|| starts.join("`, `"))
}

fn region(text: &str, pattern: bool) -> Option<Misfit> {
    let mut regions = catalog::partitions()
        .iter()
        .flat_map(|(_, regions)| regions.iter().copied())
        .filter(|it| *it != "aws-global");
    if pattern {
        return regions.all(|region| !wildcard_matches(text, region, false)).then(|| Misfit {
            what: "fits none",
            ..misfit("region", "Regions", "Write a pattern that fits some, such as `eu-*`.")
        });
    }
    if catalog::is_region(text) {
        return None;
    }
    let lower = text.to_ascii_lowercase().replace('_', "-");
    let without_zone = lower.strip_suffix(|last: char| last.is_ascii_lowercase()).unwrap_or(&lower);
    let exact = [lower.as_str(), without_zone].into_iter().find(|name| catalog::is_region(name));
    if let Some(exact) = exact {
        return Some(Misfit {
            meant: Some(Guess::plain(exact.to_string())),
            ..misfit("region", "Regions", format!("Write `{exact}`."))
        });
    }
    // Of a known area, it may be newer than the list.
    let area = |name: &str| name.trim_end_matches(|it: char| it.is_ascii_digit()).to_string();
    let own = area(&lower);
    if own != lower && regions.clone().any(|known| area(known) == own) {
        return Some(Misfit {
            severity: Severity::Info,
            what: "is not known here",
            ..misfit(
                "unknown-region",
                "Regions",
                "It may be newer than this list; otherwise check its number.",
            )
        });
    }
    let near = catalog::guess(&lower, regions);
    Some(Misfit {
        meant: near.map(|near| near.map(str::to_string)),
        ..misfit(
            "region",
            "Regions",
            match near {
                Some(near) => format!("Did you mean `{}`?", near.word),
                None => "Write the Region's code, such as `eu-west-1`.".to_string(),
            },
        )
    })
}

fn is_aws_domain(name: &str) -> bool {
    [".amazonaws.com", ".amazonaws.com.cn", ".amazon.com", ".aws.internal"].iter().any(|end| {
        name.strip_suffix(end).is_some_and(|stem| {
            !stem.is_empty()
                && stem.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'.' | b'-' | b'_'))
        })
    })
}

fn service(text: &str) -> Option<Misfit> {
    if catalog::is_service_principal(text) {
        return None;
    }
    let meant = catalog::misspelt_principal(text).map(str::to_string).or_else(|| {
        let lower = text.to_ascii_lowercase();
        [lower.clone(), format!("{lower}.amazonaws.com")]
            .into_iter()
            .find(|name| catalog::is_service_principal(name))
    });
    if is_aws_domain(text) && meant.is_none() {
        return None;
    }
    Some(Misfit {
        meant: meant.map(Guess::plain),
        ..misfit(
            "service-principal",
            "service principals",
            "Write the principal's full name, such as `ecs-tasks.amazonaws.com`.",
        )
    })
}

fn regional_service(text: &str) -> Option<Misfit> {
    let stem = text.strip_suffix(".amazonaws.com").or_else(|| text.strip_suffix(".amazonaws.com.cn"));
    let fits = stem.and_then(|stem| stem.rsplit_once('.')).is_some_and(|(service, region)| {
        !service.is_empty() && region.bytes().filter(|byte| *byte == b'-').count() >= 2
    });
    (!fits).then(|| {
        misfit(
            "regional-service-principal",
            "services with their Region",
            "Write service and Region, such as `s3.eu-west-1.amazonaws.com`; for every Region `s3.*.amazonaws.com` under `StringLike`.",
        )
    })
}

fn kms_key(text: &str, pattern: bool) -> Option<Misfit> {
    let fits = if pattern {
        !text.contains("alias/") && starts_like(text, "arn:")
    } else {
        catalog::Arn::parse(text).is_ok_and(|arn| arn.service == "kms" && arn.resource.starts_with("key/"))
    };
    (!fits).then(|| Misfit {
        what: if text.contains("alias/") { "is an alias" } else { "is not one" },
        ..misfit(
            "kms-key",
            "ARNs of KMS keys",
            "Write the key's ARN: `arn:aws:kms:eu-west-1:111122223333:key/…`.",
        )
    })
}
