//! Condition keys: global ones and those of services, with their value types.

use super::blob::{self, Section};
use super::services::service;
use super::tables;

/// What a key's values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValueType {
    String,
    Arn,
    Bool,
    Numeric,
    Date,
    IpAddress,
    Binary,
}

/// A key that every service may set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GlobalKey {
    pub name: &'static str,
    pub value_type: ValueType,
    /// Another type that its values may have: seconds for a date, an ARN for a provider's name.
    pub also_type: Option<ValueType>,
    pub multivalued: bool,
    /// AWS asks for exact values with it: a wildcard opens it to strangers.
    pub sensitive: bool,
    /// What it tells about: `principal`, `session`, `network`, `resource` or `request`.
    pub about: &'static str,
    /// When a request carries it: `always`, `signed`, …
    pub present: &'static str,
    /// The only values it takes; empty where any goes.
    pub values: &'static [&'static str],
    /// The services that set it; empty where all do.
    pub services: &'static [&'static str],
}

/// A condition key as a service's list or the global list names it, with placeholders.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ConditionKey {
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Service(u16),
    Global(&'static GlobalKey),
}

pub fn global_keys() -> impl Iterator<Item = &'static GlobalKey> + Clone {
    tables::GLOBAL_KEYS.iter()
}

/// The global key of that name. Case does not count; placeholders take any text.
pub fn global_key(name: &str) -> Option<&'static GlobalKey> {
    let keys = tables::GLOBAL_KEYS;
    match blob::search(keys.len(), name, |index| keys[index].name) {
        Ok(index) => Some(&keys[index]),
        Err(_) => keys.iter().filter(|key| key.name.ends_with('}')).find(|key| key_fits(key.name, name)),
    }
}

/// The key of that name, global or of the service its prefix names. Case does not count; placeholders
/// take any text.
pub fn condition_key(name: &str) -> Option<ConditionKey> {
    if let Some(global) = global_key(name) {
        return Some(ConditionKey { kind: Kind::Global(global) });
    }
    let (prefix, _) = name.split_once(':')?;
    let of = |prefix: &str| service(prefix)?.condition_keys().find(|known| key_fits(known.name(), name));
    // Keys of OIDC and SAML providers, and a few others, stand in the list of AWS STS.
    of(prefix).or_else(|| of("sts")).or_else(|| {
        // Some services have keys with another's prefix, or with one that is nobody's: `ec2:osuser` is EC2
        // Instance Connect's, `catalog:ChangeType` AWS Marketplace's.
        super::services().flat_map(|service| service.condition_keys()).find(|known| {
            let starts = [known.name(), name].map(|it| it.get(..=prefix.len()).unwrap_or_default());
            starts[0].eq_ignore_ascii_case(starts[1]) && key_fits(known.name(), name)
        })
    })
}

/// Whether a written key is that one: `${TagKey}` and `<key>` take any text but nothing. Case does not
/// count.
pub fn key_fits(known: &str, written: &str) -> bool {
    if known.eq_ignore_ascii_case(written) {
        return true;
    }
    // Nearly all keys of a list differ from a written one in their first letters.
    let start = known.len().min(4);
    if written.len() < start || !known.as_bytes()[..start].eq_ignore_ascii_case(&written.as_bytes()[..start])
    {
        return known.as_bytes()[..start].contains(&b'$') && fits_open(known, written);
    }
    fits_open(known, written)
}

fn fits_open(known: &str, written: &str) -> bool {
    // The reference's own slip in place of `${TagKey}`.
    if let Some(head) = known.strip_suffix("tag-key") {
        return written.len() > head.len()
            && written.get(..head.len()).is_some_and(|start| start.eq_ignore_ascii_case(head));
    }
    match known.find(['$', '<']) {
        None => known.eq_ignore_ascii_case(written),
        Some(at) => {
            let close = if known.as_bytes()[at] == b'$' { '}' } else { '>' };
            let Some(end) = known[at..].find(close) else { return known.eq_ignore_ascii_case(written) };
            let (before, after) = (&known[..at], &known[at + end + 1..]);
            let Some(head) = written.get(..before.len()) else { return false };
            let rest = &written[before.len()..];
            if !head.eq_ignore_ascii_case(before) || rest.len() <= after.len() {
                return false;
            }
            let Some(tail) = rest.get(rest.len() - after.len()..) else { return false };
            // A second placeholder behind the first is taken as any text too.
            after.contains(['$', '<']) || tail.eq_ignore_ascii_case(after)
        }
    }
}

impl ConditionKey {
    pub(super) fn at(index: u16) -> ConditionKey {
        ConditionKey { kind: Kind::Service(index) }
    }

    /// With placeholders: `aws:RequestTag/${TagKey}`.
    pub fn name(self) -> &'static str {
        match self.kind {
            Kind::Global(key) => key.name,
            Kind::Service(index) => blob::string(blob::number(Section::Keys, usize::from(index) * 4)),
        }
    }

    fn type_number(index: u16) -> u8 {
        blob::byte(Section::Keys, usize::from(index) * 4 + 2)
    }

    pub fn value_type(self) -> ValueType {
        match self.kind {
            Kind::Global(key) => key.value_type,
            Kind::Service(index) => match ConditionKey::type_number(index) {
                0 | 1 => ValueType::String,
                2 | 3 => ValueType::Arn,
                4 | 5 => ValueType::Bool,
                6 => ValueType::Numeric,
                7 => ValueType::Date,
                8 => ValueType::IpAddress,
                _ => ValueType::Binary,
            },
        }
    }

    /// Whether a request may carry several values for it.
    pub fn is_multivalued(self) -> bool {
        match self.kind {
            Kind::Global(key) => key.multivalued,
            Kind::Service(index) => matches!(ConditionKey::type_number(index), 1 | 3 | 5),
        }
    }

    pub fn as_global(self) -> Option<&'static GlobalKey> {
        match self.kind {
            Kind::Global(key) => Some(key),
            Kind::Service(_) => None,
        }
    }
}

impl std::fmt::Debug for ConditionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl ValueType {
    pub const fn name(self) -> &'static str {
        match self {
            ValueType::String => "String",
            ValueType::Arn => "ARN",
            ValueType::Bool => "Bool",
            ValueType::Numeric => "Numeric",
            ValueType::Date => "Date",
            ValueType::IpAddress => "IP address",
            ValueType::Binary => "Binary",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_take_any_text() {
        assert!(key_fits("aws:RequestTag/${TagKey}", "aws:requesttag/Team"));
        assert!(!key_fits("aws:RequestTag/${TagKey}", "aws:RequestTag/"));
        assert!(key_fits("s3:ExistingObjectTag/<key>", "s3:ExistingObjectTag/a"));
        assert!(key_fits("codebuild:a.${name}.value", "codebuild:a.x.value"));
        assert!(!key_fits("codebuild:a.${name}.value", "codebuild:a.x.other"));
        assert!(!key_fits("aws:SourceArn", "aws:SourceArns"));
    }

    #[test]
    fn keys_are_found_with_their_types() {
        assert_eq!(global_keys().count(), 62);
        let of = |name| condition_key(name).map(|key| (key.value_type(), key.is_multivalued()));
        assert_eq!(of("aws:sourcearn"), Some((ValueType::Arn, false)));
        assert_eq!(of("aws:TagKeys"), Some((ValueType::String, true)));
        assert_eq!(of("ecs:task-cpu"), Some((ValueType::Numeric, false)));
        assert_eq!(of("ecs:capacity-provider"), Some((ValueType::Arn, true)));
        assert_eq!(of("ecs:nothing"), None);
        assert_eq!(of("accounts.google.com:sub"), Some((ValueType::String, false)));
    }
}
