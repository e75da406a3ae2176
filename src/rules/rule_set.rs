//! Which rules run.

use super::Rule;
use crate::diagnostic::{Group, Level};
use std::sync::Arc;

/// The rules of one run, in their usual order.
#[derive(Clone)]
pub struct RuleSet {
    /// Shared: every report keeps the rules that it was made by.
    rules: Arc<[&'static dyn Rule]>,
}

/// A name in `--select`, `--ignore` or the configuration that is no rule and no group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownRule {
    pub name: String,
    pub nearest: Option<&'static str>,
}

impl Default for RuleSet {
    fn default() -> RuleSet {
        RuleSet::at(Level::Default)
    }
}

impl RuleSet {
    /// Every rule of that level and below.
    pub fn at(level: Level) -> RuleSet {
        RuleSet { rules: super::all().filter(|rule| rule.meta().level <= level).collect() }
    }

    /// `select` names the only rules (or groups) to run, whatever their level; empty means every rule
    /// of `level`. `ignore` then takes rules (or groups) away.
    pub fn choose(level: Level, select: &[String], ignore: &[String]) -> Result<RuleSet, UnknownRule> {
        for name in select.iter().chain(ignore) {
            let known = super::by_id(name).is_some() || Group::ALL.iter().any(|group| group.name() == name);
            if !known {
                let nearest = crate::catalog::nearest(name, super::all().map(|rule| rule.meta().id));
                return Err(UnknownRule { name: name.clone(), nearest });
            }
        }
        let named = |names: &[String], rule: &dyn Rule| {
            names.iter().any(|name| name == rule.meta().id || name == rule.meta().group.name())
        };
        let rules = super::all()
            .filter(|rule| if select.is_empty() { rule.meta().level <= level } else { named(select, *rule) })
            .filter(|rule| !named(ignore, *rule))
            .collect();
        Ok(RuleSet { rules })
    }

    pub fn rules(&self) -> &[&'static dyn Rule] {
        &self.rules
    }

    pub fn has(&self, id: &str) -> bool {
        self.rules.iter().any(|rule| rule.meta().id == id)
    }
}

impl std::fmt::Debug for RuleSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.rules.iter().map(|rule| rule.meta().id)).finish()
    }
}

impl std::fmt::Display for UnknownRule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "there is no rule or group `{}`", self.name)?;
        match self.nearest {
            Some(nearest) => write!(f, "; did you mean `{nearest}`?"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for UnknownRule {}
