//! ARNs of policies: whether one can name a resource of a format, and whether one covers another.
//!
//! A policy's ARN has wildcards, policy variables and placeholders; a format its `${Names}`. They fit if some
//! text satisfies both. In doubt they fit.

use super::pattern::{Case, Pattern, overlap};
use crate::catalog::{self, Arn, ArnPart, PatternPiece, ResourceType, wildcard_covers};
use crate::host::value::OpenPart;
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

/// The pieces of a format, with one for each of its `${Names}`. `service` is the service part of the ARNs: it
/// tells which names hold no slash.
fn pieces_of_format<'a>(
    service: &str,
    format: &'a str,
    placeholder: PatternPiece<'a>,
) -> Vec<PatternPiece<'a>> {
    let mut pieces = Vec::new();
    let mut rest = format.chars();
    while let Some(letter) = rest.next() {
        let close = match letter {
            '$' if rest.as_str().starts_with('{') => {
                let name = rest.as_str()[1..].split('}').next().unwrap_or_default();
                let is_name =
                    placeholder == PatternPiece::Any && catalog::is_name_without_slash(service, name);
                pieces.push(if is_name { PatternPiece::Name("") } else { placeholder });
                rest.by_ref().find(|letter| *letter == '}');
                continue;
            }
            '<' => '>',
            '*' => {
                pieces.push(PatternPiece::Any);
                continue;
            }
            letter => {
                pieces.push(PatternPiece::Letter(letter));
                continue;
            }
        };
        pieces.push(placeholder);
        rest.by_ref().find(|letter| *letter == close);
    }
    pieces
}

/// The six parts of a format: its placeholders hold no colons.
fn parts_of_format(format: &str) -> Option<[&str; 6]> {
    let mut parts = [""; 6];
    let mut start = 0;
    let mut colons = memchr::memchr_iter(b':', format.as_bytes());
    for part in &mut parts[..5] {
        let colon = colons.next()?;
        *part = &format[start..colon];
        start = colon + 1;
    }
    parts[5] = &format[start..];
    Some(parts)
}

/// Whether two texts can be told apart by what stands before the first open place of either.
fn differ_at_start(written: &str, format: &str) -> bool {
    let open = |byte: &u8| matches!(byte, b'*' | b'?' | b'$' | b'<');
    for (a, b) in written.as_bytes().iter().zip(format.as_bytes()) {
        if open(a) || open(b) {
            return false;
        }
        if a != b {
            return true;
        }
    }
    match written.len().cmp(&format.len()) {
        std::cmp::Ordering::Equal => false,
        std::cmp::Ordering::Less => format.as_bytes().get(written.len()).is_some_and(|byte| !open(byte)),
        std::cmp::Ordering::Greater => written.as_bytes().get(format.len()).is_some_and(|byte| !open(byte)),
    }
}

/// Whether one part of an ARN fits the same part of a format for ARNs of `service`.
fn fits(arn: &Arn<'_>, part: ArnPart, service: &str, format: &str, unknown: &[OpenPart]) -> bool {
    if unknown.is_empty() {
        let written = arn.part(part);
        if written == format {
            return true;
        }
        if differ_at_start(written, format) {
            return false;
        }
        // One open place takes anything, but for a slash in some; what must not be empty is another rule's.
        if let Some(name) = format.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'))
            && !name.contains('}')
        {
            if !written.contains('/') || !catalog::is_name_without_slash(service, name) {
                return true;
            }
            // The slash may be that of a variable's name.
            if !written.contains("${") {
                return false;
            }
        }
    }
    let written = Pattern::part(arn.text, arn.range(part), unknown, Case::Counts);
    overlap(written.pieces(), &pieces_of_format(service, format, PatternPiece::Any), Case::Counts)
}

/// Whether the resource part of an ARN can name a resource of that format. `unknown` are the ranges of
/// the ARN's text that are filled in later.
pub fn resource_fits(arn: &Arn<'_>, format: &str, unknown: &[OpenPart]) -> bool {
    parts_of_format(format).is_some_and(|parts| resource_part_fits(arn, parts[2], parts[5], unknown))
}

/// A star at the end of a part expands beyond the colon behind it: `…:*:web-*` is `…:111122223333:secret:web-1`,
/// too. The account's star then takes the word before the resource's own colon with it.
fn resource_part_fits(arn: &Arn<'_>, service: &str, format: &str, unknown: &[OpenPart]) -> bool {
    if fits(arn, ArnPart::Resource, service, format, unknown) {
        return true;
    }
    let Some((word, rest)) = format.split_once(':').filter(|_| arn.account.ends_with('*')) else {
        return false;
    };
    let written = Pattern::part(arn.text, arn.range(ArnPart::Resource), unknown, Case::Counts);
    !word.contains(['$', '*', '<'])
        && overlap(written.pieces(), &pieces_of_format(service, rest, PatternPiece::Part), Case::Counts)
}

/// Whether an ARN can name a resource of that format. Of wildcards only a star at the end of the account
/// goes beyond its part.
pub fn arn_fits(arn: &Arn<'_>, format: &str, unknown: &[OpenPart]) -> bool {
    // What may begin with anything is of the type that Region and account tell: without them, of a bucket.
    let place = arn.range(ArnPart::Resource);
    let is_open = arn.resource.starts_with(['*', '?', '$'])
        || unknown.iter().any(|hole| hole.range().contains(&place.start));
    let lacks = |part: ArnPart, format: &str| is_open && arn.part(part).is_empty() && !format.is_empty();
    parts_of_format(format).is_some_and(|[_, partition, service, region, account, resource]| {
        !lacks(ArnPart::Region, region)
            && (!lacks(ArnPart::Account, account) || arn.service == "ssm")
            && fits(arn, ArnPart::Service, service, service, unknown)
            && fits(arn, ArnPart::Partition, service, partition, unknown)
            && fits(arn, ArnPart::Region, service, region, unknown)
            && fits(arn, ArnPart::Account, service, account, unknown)
            && resource_part_fits(arn, service, resource, unknown)
    })
}

/// The ARNs of a list by what stands in their service part, so that a format is compared with those alone that it
/// may fit: every list of actions and resources takes no longer than it is long.
pub struct ArnsByService<'a> {
    known: BTreeMap<&'a str, Vec<Written<'a>>>,
    /// With a wildcard, or something filled in later, in that part.
    open: Vec<Written<'a>>,
    /// What a format was found to fit.
    fits: BTreeMap<&'static str, bool>,
    /// Whether one of them is of the type of a format.
    types: BTreeMap<&'static str, bool>,
}

/// An ARN and what is filled in later in it.
type Written<'a> = (Arn<'a>, &'a [OpenPart]);

impl<'a> ArnsByService<'a> {
    pub fn of(arns: impl Iterator<Item = Written<'a>>) -> ArnsByService<'a> {
        let mut found = ArnsByService {
            known: BTreeMap::new(),
            open: Vec::new(),
            fits: BTreeMap::new(),
            types: BTreeMap::new(),
        };
        for (arn, unknown) in arns {
            let place = arn.range(ArnPart::Service);
            let is_filled_in =
                unknown.iter().any(|it| (it.start as usize) < place.end && place.start < it.end as usize);
            if is_filled_in || arn.service.contains(['*', '?', '$']) {
                found.open.push((arn, unknown));
            } else {
                found.known.entry(arn.service).or_default().push((arn, unknown));
            }
        }
        found
    }

    /// Whether any of them can name a resource of a format.
    pub fn any_fits(&mut self, format: &'static str) -> bool {
        if let Some(fits) = self.fits.get(format) {
            return *fits;
        }
        let service = parts_of_format(format).map_or("", |parts| parts[2]);
        // Few formats leave their service open.
        let is_open = service.contains(['$', '*']);
        let some = self.known.get(service).filter(|_| !is_open);
        let every = self.known.values().filter(|_| is_open);
        let mut all = some.into_iter().chain(every).flatten().chain(&self.open);
        let fits = all.any(|(arn, unknown)| arn_fits(arn, format, unknown));
        self.fits.insert(format, fits);
        fits
    }

    /// Whether any of them is that of a resource of a format, whatever its Region and its account.
    pub fn any_of_type(&mut self, format: &'static str) -> bool {
        if let Some(known) = self.types.get(format) {
            return *known;
        }
        // What may be anything may be the type of a resource with a Region as well as the name of one without.
        let is_plain = |arn: &Arn<'_>, unknown: &[OpenPart]| {
            unknown.is_empty() && !arn.resource.starts_with(['*', '?', '$'])
        };
        let mut same = self.of_the_service(format).into_iter().flatten();
        let is_one = same.any(|(arn, unknown)| is_plain(arn, unknown) && resource_fits(arn, format, unknown));
        self.types.insert(format, is_one);
        is_one
    }

    /// Whether any of them is of the service that a format is of.
    pub fn has_service_of(&self, format: &str) -> bool {
        self.of_the_service(format).is_some()
    }

    fn of_the_service(&self, format: &str) -> Option<&Vec<Written<'a>>> {
        self.known.get(parts_of_format(format)?[2])
    }
}

/// The formats with that service part, of all services: some share the ARNs of others.
pub fn arn_formats_of(service_part: &str) -> impl Iterator<Item = &'static str> {
    /// Made when first asked for: to walk through all services for each ARN takes long.
    static FORMATS: LazyLock<HashMap<&str, Vec<&str>>> = LazyLock::new(|| {
        let mut formats: HashMap<&str, Vec<&str>> = HashMap::new();
        let types = catalog::services().flat_map(|service| service.resource_types());
        for format in types.flat_map(ResourceType::arn_formats) {
            if let Some(parts) = parts_of_format(format) {
                formats.entry(parts[2]).or_default().push(format);
            }
        }
        formats
    });
    FORMATS.get(service_part).into_iter().flatten().copied()
}

/// Whether an ARN names everything of a type, or of a service: `arn:aws:ecs:*:*:*`, `arn:aws:iam::*:role/*`.
pub(super) fn is_whole_type(resource: &str) -> bool {
    let Ok(arn) = Arn::parse(resource) else { return false };
    let Some(head) = arn.resource.strip_suffix('*') else { return false };
    let name = head.trim_end_matches(['/', ':']);
    name.is_empty()
        || catalog::service(arn.service).is_some_and(|service| service.resource_type(name).is_some())
}

/// Whether an entry of `Resource` covers another: each part of an ARN for itself, as IAM compares them.
pub fn resource_covers(pattern: &str, other: &str) -> bool {
    if pattern == "*" {
        return true;
    }
    // Most differ in a letter before any wildcard.
    let differ = |(a, b): (u8, u8)| a != b && !matches!(a, b'*' | b'?');
    let first = pattern.bytes().zip(other.bytes()).find(|(a, b)| a != b || matches!(a, b'*' | b'?'));
    if first.is_some_and(differ) {
        return false;
    }
    let (Ok(pattern), Ok(other)) = (Arn::parse(pattern), Arn::parse(other)) else { return false };
    [
        (pattern.partition, other.partition),
        (pattern.service, other.service),
        (pattern.region, other.region),
        (pattern.account, other.account),
        (pattern.resource, other.resource),
    ]
    .into_iter()
    .all(|(pattern, other)| wildcard_covers(pattern, other, false))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(text: &str, format: &str) -> bool {
        arn_fits(&Arn::parse(text).unwrap(), format, &[])
    }

    #[test]
    fn open_places_on_both_sides_are_respected() {
        let task = "arn:${Partition}:ecs:${Region}:${Account}:task/${ClusterName}/${TaskId}";
        for (text, expected) in [
            ("arn:aws:ecs:eu-west-1:111122223333:task/web/abc", true),
            ("arn:aws:ecs:*:*:task/*", true),
            ("arn:aws:ecs:eu-west-1:111122223333:*", true),
            ("arn:aws:ecs:eu-west-1:111122223333:tas?/w/1", true),
            ("arn:aws:ecs:eu-west-1:111122223333:service/web/abc", false),
            ("arn:aws:ecs:eu-west-1:111122223333:task/${aws:PrincipalTag/team}/1", true),
            ("arn:aws:s3:::bucket", false),
        ] {
            assert_eq!(fits(text, task), expected, "{text}");
        }
        let secret = "arn:${Partition}:secretsmanager:${Region}:${Account}:secret:${SecretId}";
        for (text, expected) in [
            ("arn:aws:secretsmanager:*:*:web-*", true),
            ("arn:aws:secretsmanager:*:111122223333:web-*", false),
            ("arn:aws:secretsmanager:*:*:secrets:web-*", false),
        ] {
            assert_eq!(fits(text, secret), expected, "{text}");
        }
        assert!(fits("arn:aws:s3:::b/*", "arn:${Partition}:s3:::${BucketName}/${ObjectName}"));
        assert!(!fits("arn:aws:s3:::b", "arn:${Partition}:s3:::${BucketName}/${ObjectName}"));
        for (text, expected) in [
            ("arn:aws:s3:::b/*", false),
            ("arn:aws:s3:::b/", false),
            ("arn:aws:s3:::*/b", false),
            ("arn:aws:s3:::b*", true),
            ("arn:aws:s3:::*", true),
            ("arn:aws:s3:::${aws:PrincipalTag/team}", true),
            ("arn:aws:s3:::${aws:PrincipalTag/team}/b", false),
        ] {
            assert_eq!(fits(text, "arn:${Partition}:s3:::${BucketName}"), expected, "{text}");
        }
        let group = "arn:${Partition}:logs:${Region}:${Account}:log-group:${LogGroupName}";
        assert!(fits("arn:aws:logs:*:*:log-group:/ecs/web", group));
    }

    #[test]
    fn long_patterns_take_no_exponential_time() {
        let text = format!("arn:aws:s3:::{}", "*a".repeat(300));
        assert!(fits(&text, "arn:${Partition}:s3:::${BucketName}/${ObjectName}"));
    }
    #[test]
    fn an_arn_covers_another_only_in_each_of_its_parts() {
        let queue = "arn:aws:sqs:eu-west-1:111122223333:jobs";
        for (pattern, expected) in [
            ("*", true),
            ("arn:*:*:*:*:*", true),
            ("arn:aws:sqs:*:*:jobs", true),
            ("arn:aws:sqs:eu-*:111122223333:j*", true),
            (queue, true),
            // One part after the other differs.
            ("arn:aws-cn:sqs:eu-west-1:111122223333:jobs", false),
            ("arn:aws-*:sqs:eu-west-1:111122223333:jobs", false),
            ("arn:aws:sns:eu-west-1:111122223333:jobs", false),
            ("arn:aws:s?s:us-*:111122223333:jobs", false),
            ("arn:aws:sqs:eu-west-1:444455556666:jobs", false),
            ("arn:aws:sqs:*:444455556666:jobs", false),
            ("arn:aws:sqs:*:444455556666:*", false),
            ("arn:aws:sqs:*:*:job", false),
            // A star ends with its part.
            ("arn:aws:sqs:*:jobs", false),
        ] {
            assert_eq!(resource_covers(pattern, queue), expected, "{pattern}");
        }
        assert!(!resource_covers("arn:aws:sqs:*:111122223333:*", "arn:aws:sqs:*:*:jobs"));
        assert!(!resource_covers("arn:aws:s3:::Web/*", "arn:aws:s3:::web/a"));
    }
}
