//! Service principals, and which of them assumes which kind of role around ECS.

use super::tables;

/// A kind of role around ECS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoleKind {
    /// As a sentence names it: `task execution role`.
    pub name: &'static str,
    /// Who assumes it.
    pub principal: &'static str,
    /// Words by which file names and statements tell it, in lower case.
    pub words: &'static [&'static str],
    /// Names of the policies that AWS manages for such roles.
    pub managed: &'static [&'static str],
}

pub fn role_kinds() -> &'static [RoleKind] {
    tables::ROLE_KINDS
}

/// Who assumes a kind of role; an empty text for one that the table does not have.
pub fn principal_of_role(kind: &str) -> &'static str {
    role_kinds().iter().find(|it| it.name == kind).map_or("", |it| it.principal)
}

pub fn service_principals() -> &'static [&'static str] {
    tables::SERVICE_PRINCIPALS
}

/// Whether a name is known. AWS has no list of its own: an unknown one may well be right.
pub fn is_service_principal(name: &str) -> bool {
    let known = |name: &str| tables::SERVICE_PRINCIPALS.binary_search(&name).is_ok();
    known(name)
        || name.strip_suffix(".cn").is_some_and(known)
        || tables::REGIONAL_PRINCIPALS.iter().any(|form| fits_region(form, name))
        || without_region(name).is_some_and(|name| known(&name))
}

/// `logs.{region}.amazonaws.com`.
fn fits_region(form: &str, name: &str) -> bool {
    form.split_once("{region}").is_some_and(|(before, after)| {
        name.strip_prefix(before)
            .and_then(|rest| rest.strip_suffix(after))
            .is_some_and(|region| !region.is_empty() && !region.contains('.'))
    })
}

/// `states.eu-west-1.amazonaws.com` is `states.amazonaws.com` for calls out of opt-in Regions.
pub(super) fn without_region(name: &str) -> Option<String> {
    let (service, rest) = name.split_once('.')?;
    let (region, domain) = rest.split_once('.')?;
    super::regions::is_region(region).then(|| format!("{service}.{domain}"))
}

/// Words of a file's name that go with a principal, in lower case: `cron` with `events.amazonaws.com`.
/// Empty for principals that are not around ECS.
pub fn words_of_principal(name: &str) -> &'static [&'static str] {
    tables::PRINCIPAL_WORDS.iter().find(|(principal, _)| *principal == name).map_or(&[], |(_, words)| words)
}

/// The principal that a well-known misspelling stands for.
pub fn misspelt_principal(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    tables::MISSPELT_PRINCIPALS.iter().find(|(wrong, _)| *wrong == name).map(|(_, right)| *right)
}

/// Whether a service principal is in a domain that AWS names its services in.
pub fn is_service_domain(principal: &str) -> bool {
    tables::SERVICE_DOMAINS.iter().any(|domain| principal.ends_with(domain))
}

/// Words that may follow "task" in the name of a task's own role: "task-stopper" is another's.
pub fn words_behind_task() -> &'static [&'static str] {
    tables::WORDS_BEHIND_TASK
}

/// Words by which a role's name is about ECS, EKS or what starts containers.
pub fn words_of_containers() -> &'static [&'static str] {
    tables::WORDS_OF_CONTAINERS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn principals_are_known_in_all_their_forms() {
        for name in ["ecs-tasks.amazonaws.com", "states.eu-west-1.amazonaws.com", "ec2.amazonaws.com.cn"] {
            assert!(is_service_principal(name), "{name}");
        }
        assert!(!is_service_principal("ecs-task.amazonaws.com"));
        assert_eq!(misspelt_principal("ECS-Task.amazonaws.com"), Some("ecs-tasks.amazonaws.com"));
        for (wrong, right) in tables::MISSPELT_PRINCIPALS {
            // What encrypts its storage with a key is one, and assumes no role.
            let is_of_keys = *wrong == "fargate.amazonaws.com";
            assert_eq!(is_service_principal(wrong), is_of_keys, "{wrong} is a principal");
            assert!(is_service_principal(right), "{right} is none");
        }
        for kind in role_kinds() {
            assert!(is_service_principal(kind.principal), "{}", kind.principal);
        }
    }
}
