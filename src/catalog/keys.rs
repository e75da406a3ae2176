//! Condition keys that every service may set, what values of keys are, and when a written key is a known one.

use super::search::search;
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

pub fn global_keys() -> impl Iterator<Item = &'static GlobalKey> + Clone {
    tables::GLOBAL_KEYS.iter()
}

/// The global key of that name. Case does not count; placeholders take any text.
pub fn global_key(name: &str) -> Option<&'static GlobalKey> {
    let keys = tables::GLOBAL_KEYS;
    match search(keys.len(), name, |index| keys[index].name) {
        Ok(index) => Some(&keys[index]),
        Err(_) => keys.iter().filter(|key| key.name.ends_with('}')).find(|key| key_fits(key.name, name)),
    }
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

/// Tag keys are global by name, but only services that say so set them: `aws:RequestTag/…`,
/// `aws:ResourceTag/…`, `aws:TagKeys`. Case does not count.
pub fn is_tag_key(key: &str) -> bool {
    global_key(key).is_some_and(|known| {
        matches!(known.name, "aws:RequestTag/${TagKey}" | "aws:ResourceTag/${TagKey}" | "aws:TagKeys")
    })
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
}
