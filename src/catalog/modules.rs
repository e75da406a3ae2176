//! What arguments of public Terraform modules hold.

use super::tables;

/// What an argument of a module holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModuleArgument {
    /// A policy for users, groups or roles: as JSON, in a list, or as statements.
    Identity,
    /// A policy on a resource.
    Resource,
    /// Who may assume a role, as a policy.
    Trust,
    Session,
    /// Container definitions.
    Containers,
    /// ARNs of policies that are attached.
    ManagedPolicies,
    Boundary,
    /// Service principals that may assume a role.
    Services,
    /// ARNs that may assume a role, or lists of principals by their type.
    Principals,
}

impl ModuleArgument {
    pub const ALL: [ModuleArgument; 9] = [
        ModuleArgument::Identity,
        ModuleArgument::Resource,
        ModuleArgument::Trust,
        ModuleArgument::Session,
        ModuleArgument::Containers,
        ModuleArgument::ManagedPolicies,
        ModuleArgument::Boundary,
        ModuleArgument::Services,
        ModuleArgument::Principals,
    ];

    /// As the configuration names it.
    pub const fn name(self) -> &'static str {
        match self {
            ModuleArgument::Identity => "identity",
            ModuleArgument::Resource => "resource",
            ModuleArgument::Trust => "trust",
            ModuleArgument::Session => "session",
            ModuleArgument::Containers => "containers",
            ModuleArgument::ManagedPolicies => "managedPolicies",
            ModuleArgument::Boundary => "boundary",
            ModuleArgument::Services => "services",
            ModuleArgument::Principals => "principals",
        }
    }
}

/// The arguments of a public module that hold something of ours, by the module's source; none where it is not known.
pub fn module_arguments(source: &str) -> &'static [(&'static str, ModuleArgument)] {
    let Some(module) = module_of_source(source) else { return &[] };
    let modules: &'static [(&str, &[(&str, ModuleArgument)])] = tables::MODULES;
    modules.binary_search_by(|(name, _)| (*name).cmp(&module)).map_or(&[], |at| modules[at].1)
}

/// A module as the registry names it: `terraform-aws-modules/iam/aws//modules/iam-role`, from an address of the
/// registry or of its repository. `None` for a folder of this project.
pub fn module_of_source(source: &str) -> Option<String> {
    let source = source.trim();
    if source.starts_with("./") || source.starts_with("../") || source.starts_with('/') {
        return None;
    }
    let source = source.split(['?', '#']).next().unwrap_or_default();
    let source = source.strip_prefix("git::").or(source.strip_prefix("tfr://")).unwrap_or(source);
    let source = source.split_once("://").map_or(source, |(_, rest)| rest).trim_start_matches('/');
    let (module, inner) = source.split_once("//").unwrap_or((source, ""));
    let module = module.strip_suffix(".git").unwrap_or(module);
    let parts: Vec<&str> = module.split(['/', ':']).filter(|part| !part.is_empty()).collect();
    let named = match parts[..] {
        // A repository: its name is that of the module.
        [.., owner, repository] if repository.starts_with("terraform-") => {
            let (provider, name) = repository["terraform-".len()..].split_once('-')?;
            format!("{owner}/{name}/{provider}")
        }
        [.., owner, name, provider] => format!("{owner}/{name}/{provider}"),
        _ => return None,
    };
    let inner = inner.trim_matches('/');
    Some(if inner.is_empty() { named } else { format!("{named}//{inner}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_has_one_name_however_it_is_fetched() {
        let name = "terraform-aws-modules/iam/aws//modules/iam-role";
        for source in [
            name,
            "registry.terraform.io/terraform-aws-modules/iam/aws//modules/iam-role",
            "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-role?ref=v6.0.0",
            "github.com/terraform-aws-modules/terraform-aws-iam//modules/iam-role",
            "git@github.com:terraform-aws-modules/terraform-aws-iam.git//modules/iam-role",
            "tfr:///terraform-aws-modules/iam/aws//modules/iam-role?version=6.0.0",
        ] {
            assert_eq!(module_of_source(source).as_deref(), Some(name), "{source}");
            let arguments = module_arguments(source);
            assert!(arguments.contains(&("trust_policy_permissions", ModuleArgument::Trust)), "{source}");
        }
        assert_eq!(module_of_source("../modules/iam-role"), None);
        assert!(module_arguments("acme/iam/aws").is_empty());
    }
}
