//! Of which type of resource an ARN is. Shared by the rules on resources, so that one slip gives one finding.

use crate::access;
use crate::catalog::{self, Guess};
use crate::host::value::StringValue;
use crate::model::{Arn, PolicyContext};

/// Whether an ARN is that of no type of resource, as far as it is known.
pub(super) fn is_of_no_type(resource: &StringValue, arn: Arn<'_>, policy: &PolicyContext) -> bool {
    // What IAM refuses of its own is another rule's.
    if arn.service == "iam" && policy.kind.is_attached() && !arn.resource.is_empty() {
        return false;
    }
    if arn.service.is_empty()
        || arn.service.contains(['*', '?', '$', '<', '{'])
        || resource.has_unknown() && resource.is_unknown_in(0..resource.text.len() - arn.resource.len())
        || arn.service.bytes().any(|byte| byte.is_ascii_uppercase())
    {
        return false;
    }
    // Some services share the ARNs of others (`execute-api`, `elasticloadbalancing`).
    let mut own = catalog::service(arn.service)
        .into_iter()
        .flat_map(|service| service.resource_types())
        .flat_map(|resource_type| resource_type.arn_formats());
    let fits = |format: &'static str| access::resource_fits(&arn, format, resource.open_parts());
    arn.resource.is_empty() || !(own.any(fits) || access::arn_formats_of(arn.service).any(fits))
}

/// Whether an ARN is that of no type of resource by a slip, which shows what it is meant to be.
pub(super) fn is_misspelt(resource: &StringValue, arn: Arn<'_>, policy: &PolicyContext) -> bool {
    is_of_no_type(resource, arn, policy)
        && (arn.resource.is_empty() || catalog::service(arn.service).is_none() || near(arn).is_some())
}

/// The type that the beginning of a resource part is a slip for.
pub(super) fn near(arn: Arn<'_>) -> Option<Guess> {
    let formats: Vec<&'static str> = access::arn_formats_of(arn.service).collect();
    let prefix = arn.resource_prefix()?;
    // With another sign behind it, the word itself is right.
    catalog::guess(prefix, resource_prefixes(&formats).into_iter()).filter(|near| near.word != prefix)
}

/// What stands before the first `/` or `:` of the resource parts.
pub(super) fn resource_prefixes(formats: &[&'static str]) -> Vec<&'static str> {
    let mut prefixes: Vec<&'static str> = formats
        .iter()
        .filter_map(|format| {
            let arn = Arn::parse(format).ok()?;
            let prefix = arn.resource_prefix()?;
            (!prefix.contains('$') && !prefix.is_empty()).then_some(prefix)
        })
        .collect();
    prefixes.sort_unstable();
    prefixes.dedup();
    prefixes
}
