//! Condition keys of services and global ones under one name.

use super::blob::{self, Section};
use super::handles::{ConditionKey, Kind};
use super::service::{service, services};
use crate::catalog::keys::{GlobalKey, ValueType, global_key, key_fits};

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
        services().flat_map(|service| service.condition_keys()).find(|known| {
            let starts = [known.name(), name].map(|it| it.get(..=prefix.len()).unwrap_or_default());
            starts[0].eq_ignore_ascii_case(starts[1]) && key_fits(known.name(), name)
        })
    })
}

impl ConditionKey {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::global_keys;

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
