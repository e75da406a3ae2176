//! What stands for everything that a request may consist of: callers, resources, values of condition keys.

use super::language::{Language, Letters, TooMany, texts};
use crate::access::evaluate::{Eyes, fill};
use crate::access::{AddressRange, Case, Pattern, Reading, date_text, moment, number};
use crate::catalog::{self, Arn, Family, Operator, is_account_id};
use crate::host::value::{StringValue, Value};
use crate::model::Statement;
use std::net::IpAddr;
use std::ops::Range;

/// Of an account in examples, and of another one.
pub(super) const OWN: &str = "111122223333";
pub(super) const FOREIGN: &str = "999988887777";

/// A string of a policy that resources or values are compared with.
#[derive(Clone, Copy)]
pub(super) struct PatternText<'a> {
    pub string: &'a StringValue,
    /// Whether `${…}` is a variable there.
    pub variables: bool,
}

/// One test of a condition key.
#[derive(Clone, Copy)]
pub(super) struct KeyTest<'a> {
    pub operator: Operator,
    pub value: &'a Value,
    pub variables: bool,
}

fn language(
    wanted: PatternText<'_>,
    part: Range<usize>,
    reading: Reading,
    eyes: Eyes<'_>,
) -> Option<Language> {
    let string = wanted.string;
    let fill = |inside: &str| fill(inside, eyes);
    let pattern = Pattern::filled(&string.text, part, string.open_parts(), reading, &fill)?;
    Language::of(&pattern, reading.case == Case::Ignored)
}

/// Placeholders of ARN formats whose names hold no slash.
const WITHOUT_SLASH: [&str; 8] =
    ["Bucket", "Queue", "Topic", "Table", "Function", "Cluster", "Service", "StateMachine"];

fn holds_slash(placeholder: &str) -> bool {
    !WITHOUT_SLASH.iter().any(|it| placeholder.starts_with(it))
        && (!placeholder.ends_with("Id")
            || placeholder.starts_with("Secret")
            || placeholder.starts_with("Resource"))
}

/// Resources of these formats that the patterns tell apart; `*` where there are no formats.
pub(super) fn resources(
    formats: &[&'static str],
    wanted: &[PatternText<'_>],
    eyes: Eyes<'_>,
) -> Result<Vec<String>, TooMany> {
    if formats.is_empty() {
        return Ok(vec!["*".to_string()]);
    }
    let reading = |variables| Reading { case: Case::Counts, wildcards: true, variables };
    let patterns: Vec<Language> = wanted
        .iter()
        .filter_map(|it| language(*it, 0..it.string.text.len(), reading(it.variables), eyes))
        .collect();
    let (mut partitions, mut regions, mut accounts) = (vec!["aws"], Vec::new(), vec![OWN.to_string()]);
    let mut region_patterns: Vec<&str> = Vec::new();
    for arn in wanted.iter().filter_map(|it| Arn::parse(&it.string.text).ok()) {
        if !arn.partition.contains(['*', '?', '$']) && !partitions.contains(&arn.partition) {
            partitions.push(arn.partition);
        }
        region_patterns.push(arn.region);
        if arn.account.contains(['*', '?']) && arn.account.len() > 1 {
            let digits: String = arn.account.replace('?', "7");
            let stars = digits.matches('*').count();
            let missing = 12usize.saturating_sub(digits.len() - stars);
            accounts.push(digits.replacen('*', &"7".repeat(missing), 1).replace('*', ""));
        } else if is_account_id(arn.account) {
            accounts.push(arn.account.to_string());
        }
    }
    accounts.push(FOREIGN.to_string());
    dedup(&mut accounts);
    // One Region for each way in which the patterns tell Regions apart.
    let mut ways: Vec<Vec<bool>> = Vec::new();
    let named =
        region_patterns.iter().copied().filter(|it| !it.is_empty() && !it.contains(['*', '?', '$', '{']));
    let known = catalog::partitions().iter().flat_map(|(_, regions)| regions.iter().copied());
    for region in ["eu-west-1", "us-east-1"].into_iter().chain(named).chain(known) {
        let way: Vec<bool> =
            region_patterns.iter().map(|it| catalog::wildcard_matches(it, region, false)).collect();
        if !ways.contains(&way) {
            ways.push(way);
            regions.push(region);
        }
    }
    let mut found = Vec::new();
    for format in formats {
        let (has_region, has_account) = (format.contains("${Region}"), format.contains("${Account}"));
        for partition in &partitions {
            for region in if has_region { &regions[..] } else { &regions[..1] } {
                for account in if has_account { &accounts[..] } else { &accounts[..1] } {
                    let shape = shape(format, partition, region, account);
                    found.extend(texts(&shape, &patterns)?);
                }
            }
        }
    }
    dedup(&mut found);
    Ok(found)
}

/// The ARNs of a format in one place.
fn shape(format: &str, partition: &str, region: &str, account: &str) -> Language {
    let mut shape = Language::default();
    let mut rest = format;
    while let Some((before, behind)) = rest.split_once("${") {
        let (name, after) = behind.split_once('}').unwrap_or((behind, ""));
        shape.text(before);
        rest = after;
        match name {
            "Partition" => shape.text(partition),
            "Region" => shape.text(region),
            "Account" => shape.text(account),
            name => {
                let slash = holds_slash(name) && !after.starts_with('/');
                shape.some(Letters::Name { colon: false, slash });
            }
        }
    }
    match rest.strip_suffix('*') {
        Some(rest) => {
            shape.text(rest);
            shape.push(Letters::Name { colon: true, slash: true }, true);
        }
        None => shape.text(rest),
    }
    shape
}

fn dedup(texts: &mut Vec<String>) {
    let mut seen = std::collections::HashSet::new();
    texts.retain(|text| seen.insert(text.clone()));
}

/// A resource that no pattern names.
pub(super) fn typical_resource(format: &str) -> String {
    let mut text =
        format.replace("${Partition}", "aws").replace("${Region}", "eu-west-1").replace("${Account}", OWN);
    while let Some((start, end)) = text.find("${").and_then(|at| Some((at, at + text[at..].find('}')?))) {
        text.replace_range(start..=end, "x");
    }
    text
}

/// Values of a key that its tests tell apart, without absence. `fresh` is a value that no policy names.
pub(super) fn values(
    tests: &[KeyTest<'_>],
    fresh: Option<&str>,
    eyes: Eyes<'_>,
) -> Result<Vec<String>, TooMany> {
    let mut found: Vec<String> = Vec::new();
    let mut patterns: Vec<Language> = Vec::new();
    let mut arns: Vec<Language> = Vec::new();
    for test in tests {
        let base = test.operator.base;
        let text = match test.value {
            Value::String(string) => {
                let wanted = PatternText { string, variables: test.variables };
                let case = if base.name.ends_with("IgnoreCase") { Case::Ignored } else { Case::Counts };
                let reading = Reading { case, wildcards: base.wildcards, variables: test.variables };
                match base.family {
                    Family::String => patterns.extend(language(wanted, 0..string.text.len(), reading, eyes)),
                    Family::Arn => arns.extend(arn_language(wanted, reading, eyes)),
                    _ => {}
                }
                &*string.text
            }
            Value::Bool(value, _) => match value {
                true => "true",
                false => "false",
            },
            Value::Number(number) => &number.text,
            _ => continue,
        };
        match base.family {
            Family::Bool => found.extend(["true".to_string(), "false".to_string()]),
            Family::Binary => found.extend([text.to_string(), "AA==".to_string()]),
            Family::Numeric => found.extend(
                number(text).into_iter().flat_map(|it| [it - 1.0, it, it + 1.0].map(|it| it.to_string())),
            ),
            Family::Date => {
                found.extend(moment(text).into_iter().flat_map(|it| [it - 1.0, it, it + 1.0].map(date_text)))
            }
            Family::IpAddress => found.extend(AddressRange::parse(text).into_iter().flat_map(addresses)),
            Family::String if !matches!(test.value, Value::String(_)) => {
                patterns.push({
                    let mut language = Language::default();
                    language.text(text);
                    language
                });
            }
            _ => {}
        }
    }
    if !patterns.is_empty() {
        found.extend(texts(&Language::any(), &patterns)?);
    }
    if !arns.is_empty() {
        let mut shape = Language::default();
        shape.text("arn:aws:");
        for _ in 0..3 {
            shape.push(Letters::Name { colon: false, slash: false }, true);
            shape.text(":");
        }
        shape.some(Letters::Name { colon: true, slash: true });
        found.extend(texts(&shape, &arns)?);
    }
    found.extend(fresh.map(str::to_string));
    if found.is_empty() {
        found.push("x".to_string());
    }
    dedup(&mut found);
    Ok(found)
}

/// The ARNs that fit one: in the first five parts a star holds no colon.
fn arn_language(wanted: PatternText<'_>, reading: Reading, eyes: Eyes<'_>) -> Option<Language> {
    let parts = crate::access::evaluate::arn_parts(wanted.string);
    if parts.len() != 6 {
        return None;
    }
    let mut whole = Language::default();
    for (number, part) in parts.into_iter().enumerate() {
        if number > 0 {
            whole.text(":");
        }
        let fill = |inside: &str| fill(inside, eyes);
        let pattern = Pattern::filled(&wanted.string.text, part, wanted.string.open_parts(), reading, &fill)?;
        for piece in pattern.pieces() {
            use crate::catalog::PatternPiece;
            let any = if number < 5 { Letters::Name { colon: false, slash: true } } else { Letters::Any };
            match piece {
                PatternPiece::Letter(letter) => whole.push(Letters::Exactly(*letter), false),
                PatternPiece::One => whole.push(any, false),
                PatternPiece::Any | PatternPiece::Part => whole.push(any, true),
                PatternPiece::Open(_) | PatternPiece::Name(_) => return None,
            }
        }
    }
    Some(whole)
}

/// Addresses on both sides of a range's borders.
fn addresses(range: AddressRange) -> Vec<String> {
    let first = range.network();
    match first {
        IpAddr::V4(first) => {
            let first = u32::from(first);
            let size = if range.mask == 0 { u32::MAX } else { ((1u64 << (32 - range.mask)) - 1) as u32 };
            [Some(first), first.checked_sub(1), first.checked_add(size).and_then(|it| it.checked_add(1))]
                .into_iter()
                .flatten()
                .map(|it| IpAddr::V4(it.into()).to_string())
                .collect()
        }
        IpAddr::V6(first) => {
            let first = u128::from(first);
            let size = u128::MAX.checked_shr(u32::from(range.mask)).unwrap_or(0);
            [Some(first), first.checked_sub(1), first.checked_add(size).and_then(|it| it.checked_add(1))]
                .into_iter()
                .flatten()
                .map(|it| IpAddr::V6(it.into()).to_string())
                .collect()
        }
    }
}

/// Callers that the statements tell apart by `Principal`, and by keys that a caller's ARN tells.
pub(super) fn callers(
    statements: &[(Statement<'_>, bool)],
    keyed: &[KeyTest<'_>],
    eyes: Eyes<'_>,
) -> Result<Vec<String>, TooMany> {
    let says_who = statements.iter().any(|(statement, _)| statement.principals().next().is_some());
    let mut found = vec![format!("arn:aws:iam::{OWN}:user/example")];
    let mut accounts = vec![OWN.to_string()];
    if says_who {
        for principal in statements.iter().flat_map(|(statement, _)| statement.principals()) {
            for entry in principal.entries() {
                let text = &*entry.value.text;
                let account = match Arn::parse(text) {
                    Ok(arn) if arn.resource == "root" => Some(arn.account),
                    Ok(_) => None,
                    Err(_) => is_account_id(text).then_some(text),
                };
                match (&*entry.kind.text, account) {
                    ("AWS", Some(account)) => accounts.push(account.to_string()),
                    ("Federated", None) if !text.starts_with("arn:") => {
                        found.push(format!("arn:aws:iam::{OWN}:oidc-provider/{text}"));
                    }
                    _ => found.push(text.to_string()),
                }
            }
        }
        let named = |service: &&str| !found.iter().any(|it| it == service);
        let other = ["ec2.amazonaws.com", "lambda.amazonaws.com"].into_iter().find(named);
        found.extend(other.map(str::to_string));
        found.push("*".to_string());
    }
    if says_who || !keyed.is_empty() {
        accounts.push(FOREIGN.to_string());
    }
    for account in keyed.iter().filter_map(|test| test.value.as_string()) {
        let account = Arn::parse(&account.text).map_or(&*account.text, |arn| arn.account);
        if is_account_id(account) {
            accounts.push(account.to_string());
        }
    }
    dedup(&mut accounts);
    let patterns: Vec<Language> = keyed
        .iter()
        .filter_map(|test| {
            let wanted = PatternText { string: test.value.as_string()?, variables: test.variables };
            let case =
                if test.operator.base.name.ends_with("IgnoreCase") { Case::Ignored } else { Case::Counts };
            let reading =
                Reading { case, wildcards: test.operator.base.wildcards, variables: test.variables };
            match test.operator.base.family {
                Family::Arn => arn_language(wanted, reading, eyes),
                _ => language(wanted, 0..wanted.string.text.len(), reading, eyes),
            }
        })
        .collect();
    for account in &accounts {
        found.push(format!("arn:aws:iam::{account}:role/example"));
        found.push(format!("arn:aws:iam::{account}:user/example"));
        if says_who || !keyed.is_empty() {
            found.push(format!("arn:aws:iam::{account}:root"));
        }
        if !patterns.is_empty() {
            for kind in ["role", "user"] {
                let mut shape = Language::default();
                shape.text(&format!("arn:aws:iam::{account}:{kind}/"));
                shape.some(Letters::Name { colon: false, slash: true });
                found.extend(texts(&shape, &patterns)?);
            }
        }
    }
    if !says_who && keyed.is_empty() {
        found.truncate(1);
    }
    dedup(&mut found);
    Ok(found)
}
