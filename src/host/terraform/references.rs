//! References to resources and data sources, by the type that stands in them.

use crate::catalog;
use crate::host::references::{self, AccountWords};
use crate::host::value::StringValue;
use crate::text::Span;

/// How a module writes what differs from account to account.
const WORDS: AccountWords = AccountWords {
    partition: "${data.aws_partition.current.partition}",
    region: "${data.aws_region.current.region}",
    account: "${data.aws_caller_identity.current.account_id}",
};

/// What a reference to a resource's or a data source's attribute comes to, as far as its type tells, and
/// whether it is a list: `aws_s3_bucket.b.arn`, `data.aws_kms_key.k[0].arn`, `aws_sqs_queue.q[*].arn`.
///
/// `named` tells what the name of a resource is known as, by [`name_of`] its address.
pub(super) fn resource(
    text: &str,
    named: impl FnOnce(&str) -> Option<Box<str>>,
    span: Span,
) -> Option<(StringValue, bool)> {
    let of = text.strip_prefix("data.").unwrap_or(text);
    let (resource_type, rest) = of.split_once('.').filter(|(first, _)| first.starts_with("aws_"))?;
    let known = catalog::terraform_reference(resource_type)?;
    let length = identifier(rest);
    let (name, rest) = rest.split_at_checked(length).filter(|(name, _)| !name.is_empty())?;
    let (index, rest, is_list) = if let Some(rest) = rest.strip_prefix("[*]").or(rest.strip_prefix(".*")) {
        ("", rest, true)
    } else if rest.starts_with('[') {
        let end = rest.find(']')? + 1;
        (&rest[..end], &rest[end..], false)
    } else {
        ("", rest, false)
    };
    let attribute = rest.strip_prefix('.').filter(|it| !it.is_empty() && identifier(it) == it.len())?;
    let gives = known.yields(Some(attribute))?;
    let start = &text[..text.len() - of.len()];
    let declared = format!("{start}{resource_type}.{name}");
    let named = named(&name_of(&declared));
    let address = format!("{declared}{index}");
    Some((
        references::text(known, gives, &address, named.as_deref(), &format!("${{{text}}}"), &WORDS, span),
        is_list,
    ))
}

/// By what the name of a resource is known, apart from its attributes: those say it in their own way, such as a
/// provider's address without its scheme.
pub(super) fn name_of(address: &str) -> String {
    format!("name of {address}")
}

/// How long the identifier is that a text starts with.
fn identifier(text: &str) -> usize {
    text.find(|char: char| !char.is_alphanumeric() && !matches!(char, '_' | '-')).unwrap_or(text.len())
}

/// Whether an expression has a name in it.
pub(super) fn names(expression: &str, name: &str) -> bool {
    let goes_on = |byte: Option<&u8>| {
        byte.is_some_and(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-' | b'.'))
    };
    let bytes = expression.as_bytes();
    expression.match_indices(name).any(|(at, _)| {
        !goes_on(at.checked_sub(1).and_then(|before| bytes.get(before)))
            && !goes_on(bytes.get(at + name.len()))
    })
}
