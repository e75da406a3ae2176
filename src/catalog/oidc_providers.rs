//! OIDC providers that many organizations share.

use super::tables;

/// A provider with one issuer for all its customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OidcProvider {
    /// As the provider's ARN and its condition keys name it: without `https://`.
    pub issuer: &'static str,
    /// `GitHub Actions`.
    pub title: &'static str,
    /// The claim that tells whose token it is; IAM refuses a trust policy that does not evaluate it.
    pub claim: &'static str,
    /// A value of that claim; empty where none is known.
    pub example: &'static str,
    /// How each subject begins, and the sign behind the name of the customer: `repo:` and `/`. `None` where
    /// customers choose it, or where it is not known.
    pub subject: Option<(&'static str, &'static str)>,
    /// Whether no customer can have subjects that begin otherwise.
    pub is_fixed: bool,
}

/// What may stand behind the repository in a subject of GitHub Actions: `ref`, `environment`, claims that a repository
/// may choose.
pub fn github_contexts() -> &'static [&'static str] {
    tables::GITHUB_CONTEXTS
}

/// Every shared provider, by issuer.
pub fn oidc_providers() -> &'static [OidcProvider] {
    tables::OIDC_PROVIDERS
}

/// The shared provider of that issuer; case does not count. `None` for those of one organization.
pub fn oidc_provider(issuer: &str) -> Option<&'static OidcProvider> {
    tables::OIDC_PROVIDERS.iter().find(|provider| provider.issuer.eq_ignore_ascii_case(issuer))
}
