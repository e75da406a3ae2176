//! ARNs that name nothing but types. Shared by the rules on what `*` grants.

use crate::catalog::Service;
use crate::model::Arn;

/// Whether a resource part names everything, or everything of a type: `*`, `role/*`,
/// `log-group::log-stream:*`.
pub(super) fn is_whole_type(arn: &Arn<'_>, service: Service) -> bool {
    let is_type = |word: &str| {
        let formats = service.resource_types().flat_map(|it| it.arn_formats());
        formats
            .filter_map(|format| Arn::parse(format).ok())
            .any(|format| parts(format.resource).any(|it| it == word))
    };
    let mut parts = parts(arn.resource);
    let is_first_of_all = parts.next().is_some_and(|first| first == "*" || is_type(first));
    is_first_of_all
        && arn.resource.ends_with(['*', ':', '/'])
        && parts.all(|part| part.bytes().all(|byte| byte == b'*') || is_type(part))
}

fn parts(resource: &str) -> impl Iterator<Item = &str> {
    resource.split(['/', ':'])
}
