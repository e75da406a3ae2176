//! Values of container definitions that several rules ask for.

use crate::host::value::{Object, StringValue, Value};
use crate::text::Span;

/// A text that is there, not empty and known throughout: what a generated skeleton leaves empty and
/// what a template fills in say nothing.
pub(super) fn stated<'a>(object: &'a Object, field: &str) -> Option<&'a StringValue> {
    object.string(field).filter(|it| is_stated(it))
}

/// See [`stated`].
pub(super) fn is_stated(string: &StringValue) -> bool {
    !string.has_unknown() && !string.text.is_empty()
}

/// The texts of an array that are [`stated`].
pub(super) fn texts<'a>(object: &'a Object, field: &str) -> impl Iterator<Item = &'a StringValue> {
    object.items(field).iter().filter_map(Value::as_string).filter(|it| is_stated(it))
}

/// A whole number. One in quotes is of the wrong type, which is another rule's, but says as much.
pub(super) fn number(object: &Object, field: &str) -> Option<(i64, Span)> {
    let value = object.get(field)?;
    Some((value.whole_number()?, value.span()))
}

/// Whether a member is missing, or `null`, which means the same.
pub(super) fn is_absent(object: &Object, field: &str) -> bool {
    matches!(object.get(field), None | Some(Value::Null(_)))
}

/// Whether a `user` is root, by name or by number; the group does not count.
pub(super) fn is_root(user: &str) -> bool {
    matches!(user.split(':').next().unwrap_or(user).trim(), "root" | "0")
}

/// `111122223333.dkr.ecr.eu-west-1.amazonaws.com/web:1`: the Region of a private repository of Amazon ECR.
pub(super) fn ecr_region(image: &str) -> Option<&str> {
    let host = image.split('/').next()?;
    let (account, rest) = host.split_once('.')?;
    let rest = rest.strip_prefix("dkr.ecr.").or_else(|| rest.strip_prefix("dkr-ecr."))?;
    let region = rest.split('.').next()?;
    (!account.is_empty() && !region.is_empty()).then_some(region)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_of_ecr_tell_their_region() {
        assert_eq!(ecr_region("111122223333.dkr.ecr.eu-west-1.amazonaws.com/web:1"), Some("eu-west-1"));
        assert_eq!(ecr_region("111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/web"), Some("cn-north-1"));
        assert_eq!(ecr_region("public.ecr.aws/nginx/nginx"), None);
        assert_eq!(ecr_region("nginx"), None);
    }

    #[test]
    fn root_has_two_names() {
        assert!(is_root("root") && is_root("0") && is_root("0:0") && is_root("root:staff"));
        assert!(!is_root("1000") && !is_root("nobody") && !is_root("1000:0"));
    }
}
