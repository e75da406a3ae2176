//! What a request carries when an AWS service makes it on its own behalf.

use super::keys::key_fits;
use super::tables;

/// Whether requests of that service to a resource carry `aws:SourceArn` or `aws:SourceAccount`, by the
/// service's guide.
pub fn sends_source(principal: &str) -> bool {
    tables::SERVICES_WITH_SOURCE.binary_search(&principal).is_ok()
}

/// The same where the service assumes a role.
pub fn role_callers_name_source(principal: &str) -> bool {
    tables::ROLE_SERVICES_WITH_SOURCE.binary_search(&principal).is_ok()
}

/// The services of which an ARN in `aws:SourceArn` is, where that service makes the request; `None` where that is not known.
pub fn source_services(principal: &str) -> Option<&'static [&'static str]> {
    let find = |name: &str| {
        let at = tables::SOURCE_SERVICES.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
        Some(tables::SOURCE_SERVICES[at].1)
    };
    find(principal).or_else(|| find(&super::principals::without_region(principal)?))
}

/// Whether that service has a role of its own, linked to it, which it uses for most resources whatever role is named.
pub fn has_linked_role(principal: &str) -> bool {
    tables::SERVICES_WITH_LINKED_ROLE.binary_search(&principal).is_ok()
}

/// Whether a key tells of users, roles and organizations alone. Case does not count.
pub fn never_set_for_services(key: &str) -> bool {
    tables::KEYS_NEVER_FOR_SERVICES.iter().any(|known| key_fits(known, key))
}

/// The keys that only requests carry which a service makes on its own behalf.
pub fn source_keys() -> &'static [&'static str] {
    tables::KEYS_OF_SERVICES
}

/// How somebody gets a session of a role.
#[derive(Debug)]
pub struct WayOfAssuming {
    /// The type of a principal, or the kind of a provider: `AWS`, `Service`, `oidc-provider`, `saml-provider`.
    pub who: &'static str,
    pub action: &'static str,
    /// Who that is, in a sentence.
    pub words: &'static str,
}

pub fn ways_of_assuming() -> &'static [WayOfAssuming] {
    tables::WAYS_OF_ASSUMING
}

/// The actions beside `sts:AssumeRole` without which that service gets no session.
pub fn session_actions(principal: &str) -> &'static [&'static str] {
    tables::SESSION_ACTIONS.iter().find(|(known, _)| *known == principal).map_or(&[], |(_, actions)| actions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_service_is_a_principal() {
        let sessions = tables::SESSION_ACTIONS.iter().map(|(principal, _)| *principal);
        for (principal, services) in tables::SOURCE_SERVICES {
            assert!(crate::catalog::is_service_principal(principal), "{principal}");
            assert!(
                services.iter().all(|it| crate::catalog::service(it).is_some()),
                "{principal}: {services:?}"
            );
        }
        assert_eq!(source_services("states.eu-west-1.amazonaws.com"), Some(&["states"][..]));
        let services = tables::SERVICES_WITH_SOURCE.iter().chain(tables::ROLE_SERVICES_WITH_SOURCE).copied();
        for principal in services.chain(sessions) {
            assert!(crate::catalog::is_service_principal(principal), "{principal}");
        }
        assert!(!role_callers_name_source("ec2.amazonaws.com"));
        assert!(never_set_for_services("aws:principaltag/team"));
    }
}
