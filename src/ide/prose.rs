//! Our own short explanations of what AWS's names mean: `schemas/prose/`, built in.

include!(concat!(env!("OUT_DIR"), "/prose.rs"));

fn find(table: &'static [(&'static str, &'static str)], name: &str) -> Option<&'static str> {
    table.binary_search_by(|(known, _)| (*known).cmp(name)).ok().map(|at| table[at].1)
}

/// A field of a task definition, by the structure it is in.
pub fn task_field(shape: &str, field: &str) -> Option<&'static str> {
    find(TASK_FIELDS, &format!("{shape}.{field}"))
}

/// A global condition key, by the name its list has.
pub fn condition_key(name: &str) -> Option<&'static str> {
    find(CONDITION_KEYS, name)
}

/// An operator without set qualifier and `IfExists`.
pub fn operator(name: &str) -> Option<&'static str> {
    find(OPERATORS, name)
}

/// A member of a policy or of a statement.
pub fn element(name: &str) -> Option<&'static str> {
    find(ELEMENTS, name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn explanations_are_short_sentences() {
        for (name, prose) in [TASK_FIELDS, CONDITION_KEYS, OPERATORS, ELEMENTS].into_iter().flatten() {
            assert!(prose.ends_with('.'), "{name}");
            assert!((10..=260).contains(&prose.len()), "{name}: {}", prose.len());
        }
        assert!(task_field("ContainerDefinition", "image").is_some());
        assert!(condition_key("aws:PrincipalTag/${TagKey}").is_some());
        assert!(crate::catalog::operators().all(|known| operator(known.name).is_some()));
    }
}
