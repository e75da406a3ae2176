//! What a configuration states of a project, so that nothing has to be guessed.

/// Accounts, Regions, and the files of roles.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StatedProject {
    pub accounts: Vec<Box<str>>,
    pub regions: Vec<Box<str>>,
    pub roles: Vec<StatedRole>,
    /// Whether the project holds everything that uses its roles and what they grant.
    pub is_complete: bool,
    pub repository: Option<StatedRepository>,
}

/// The repository that the project is, as its host names it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StatedRepository {
    pub owner: Box<str>,
    pub name: Box<str>,
    /// Whether the configuration says so; else git does, which knows where it was cloned from.
    pub is_configured: bool,
}

/// A role and where what is known of it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StatedRole {
    pub name: Box<str>,
    /// The paths of files, as the project has them.
    pub trust: Option<Box<str>>,
    pub policies: Vec<Box<str>>,
    /// ARNs of managed policies.
    pub attached: Vec<Box<str>>,
}

impl StatedProject {
    /// The account, where there is one.
    pub fn account(&self) -> Option<&str> {
        only(&self.accounts)
    }

    /// The Region, where there is one.
    pub fn region(&self) -> Option<&str> {
        only(&self.regions)
    }

    pub fn role(&self, name: &str) -> Option<&StatedRole> {
        self.roles.iter().find(|role| *role.name == *name)
    }
}

fn only(items: &[Box<str>]) -> Option<&str> {
    match items {
        [only] => Some(only),
        _ => None,
    }
}
