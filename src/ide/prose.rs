//! Our own short explanations of what AWS's names mean: `schemas/prose/`, built in.

include!(concat!(env!("OUT_DIR"), "/prose.rs"));

fn find(table: &'static [(&'static str, &'static str)], name: &str) -> Option<&'static str> {
    table.binary_search_by(|(known, _)| (*known).cmp(name)).ok().map(|at| table[at].1)
}

/// A field of a task definition, or of an input that refers to one, by the structure it is in.
pub fn task_field(shape: &str, field: &str) -> Option<&'static str> {
    let name = format!("{shape}.{field}");
    find(TASK_FIELDS, &name)
        .or_else(|| find(SERVICE_FIELDS, &name))
        // Daemons have what tasks have.
        .or_else(|| find(TASK_FIELDS, &name.replacen("Daemon", "", 1)))
        .or_else(|| {
            shape.ends_with("Request").then(|| find(SERVICE_FIELDS, &format!("Request.{field}"))).flatten()
        })
}

/// A value of such a field, or an item of its list.
pub fn task_value(shape: &str, field: &str, value: &str) -> Option<&'static str> {
    find(TASK_VALUES, &format!("{shape}.{field}={value}"))
}

/// An option of a log driver.
pub fn log_option(driver: &str, option: &str) -> Option<&'static str> {
    find(LOG_OPTIONS, &format!("{driver}/{option}")).or_else(|| find(LOG_OPTIONS, &format!("/{option}")))
}

/// A global condition key, by the name its list has.
pub fn condition_key(name: &str) -> Option<&'static str> {
    find(CONDITION_KEYS, name)
}

/// An operator without set qualifier and `IfExists`.
pub fn operator(name: &str) -> Option<&'static str> {
    find(OPERATORS, name)
}

/// An action whose name does not say what it does.
pub fn action(name: &str) -> Option<&'static str> {
    find(ACTIONS, name)
}

/// A property or an argument of a resource that holds a policy.
pub fn property(name: &str) -> Option<&'static str> {
    find(PROPERTIES, name)
}

/// A name outside of policies and task definitions: of `aws-auth`, of a service account, of the container agent.
pub fn other(name: &str) -> Option<&'static str> {
    find(OTHERS, name)
}

/// An argument of the blocks in Terraform's policy documents.
pub fn block_argument(name: &str) -> Option<&'static str> {
    Some(match name {
        "test" => "The condition operator: how the key is compared with the values.",
        "variable" => "The condition key: what of the request is compared.",
        "values" => "What the key is compared with; one that matches is enough.",
        "type" => "The type of principals: `AWS`, `Service`, `Federated`, `CanonicalUser` or `*`.",
        "identifiers" => "The principals themselves: ARNs, accounts, service principals, providers.",
        _ => return None,
    })
}

/// A member of a policy or of a statement.
pub fn element(name: &str) -> Option<&'static str> {
    find(ELEMENTS, name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog;

    #[test]
    fn explanations_are_short_sentences() {
        let all = [
            TASK_FIELDS,
            SERVICE_FIELDS,
            TASK_VALUES,
            LOG_OPTIONS,
            CONDITION_KEYS,
            OPERATORS,
            ELEMENTS,
            OTHERS,
        ];
        for (name, prose) in all.into_iter().flatten() {
            assert!(prose.ends_with(['.', ')']), "{name}");
            assert!((4..=260).contains(&prose.len()), "{name}: {}", prose.len());
        }
        assert!(ACTIONS.iter().all(|(name, _)| catalog::action(name).is_some()));
        assert!(PROPERTIES.iter().all(|(name, _)| property(name).is_some()));
        assert!(task_field("ContainerDefinition", "image").is_some());
        assert!(condition_key("aws:PrincipalTag/${TagKey}").is_some());
        assert!(task_value("KernelCapabilities", "add", "SYS_PTRACE").is_some());
        assert!(log_option("awslogs", "mode").is_some());
        for launch_type in ["FARGATE", "EC2", "EXTERNAL", "MANAGED_INSTANCES"] {
            for driver in catalog::log_drivers(launch_type) {
                let closed = catalog::log_options(driver);
                let closed = closed.into_iter().flat_map(|it| it.required.iter().chain(it.optional));
                for option in closed.chain(catalog::open_log_options(driver)) {
                    assert!(log_option(driver, option).is_some(), "{driver}: {option}");
                }
            }
        }
        assert!(catalog::operators().all(|known| operator(known.name).is_some()));
    }
}
