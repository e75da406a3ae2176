//! What expressions lead to: resources of the module, its variables, outputs of the modules it calls.

use super::parse::Block;
use crate::catalog;
use crate::host::places::walk;
use crate::host::value::Value;
use crate::host::{ModuleCall, ModuleLinks, RoleConsumer, Target};

/// What a block hands to other modules or gets from them; `None` where that is nothing.
pub(super) fn of(block: &Block, text: &str) -> Option<ModuleLinks> {
    let name = block.labels.first()?.clone();
    match &*block.keyword {
        "output" => {
            let target = target(block.body.get("value")?, text)?;
            Some(ModuleLinks { outputs: vec![(name, target)], ..ModuleLinks::default() })
        }
        "module" => {
            let source = block.body.string("source").filter(|source| !source.has_unknown())?;
            // Modules of registries and other repositories are not ours.
            if !source.text.starts_with("./") && !source.text.starts_with("../") {
                return None;
            }
            let arguments = block
                .body
                .members
                .iter()
                .filter_map(|member| Some((member.name.text.clone(), target(&member.value, text)?)))
                .collect();
            let call = ModuleCall { name, source: source.text.clone(), arguments };
            Some(ModuleLinks { calls: vec![call], ..ModuleLinks::default() })
        }
        "resource" => {
            let mut consumers = Vec::new();
            let resource = block.labels.get(1)?;
            for place in catalog::terraform().consumers_of(&name) {
                walk(&block.body, place.path, &mut |value| {
                    if let Some(Target::Resource(role)) = target(value, text)
                        && role.starts_with("aws_iam_role.")
                    {
                        consumers.push(RoleConsumer {
                            resource: format!("{name}.{resource}").into(),
                            resource_type: name.clone(),
                            principals: place.principals,
                            role,
                        });
                    }
                });
            }
            (!consumers.is_empty()).then(|| ModuleLinks { consumers, ..ModuleLinks::default() })
        }
        _ => None,
    }
}

/// What a value leads to; `None` where that is worked out. `text` is that of the block.
pub(super) fn target(value: &Value, text: &str) -> Option<Target> {
    if let Value::String(text) = value
        && let Some(literal) = Target::literal(text)
    {
        return Some(literal);
    }
    let source = text.get(value.span().as_usize())?.trim();
    let inside = source.strip_prefix("\"${").and_then(|rest| rest.strip_suffix("}\"")).unwrap_or(source);
    let mut parts = inside.trim().split('.');
    let mut name = || parts.next().map(without_index).filter(|part| is_name(part));
    let first = name()?;
    let second = name()?;
    let target = match first {
        "var" => Target::Variable(second.into()),
        "module" => Target::Output { call: second.into(), name: name()?.into() },
        resource_type if resource_type.starts_with("aws_") => {
            // Which attribute of it does not matter: each tells which resource is meant.
            name()?;
            Target::Resource(format!("{first}.{second}").into())
        }
        _ => return None,
    };
    parts.next().is_none().then_some(target)
}

/// `web[0]` and `web[each.key]` are of `web`.
fn without_index(part: &str) -> &str {
    match part.split_once('[') {
        Some((name, rest)) if rest.ends_with(']') => name,
        _ => part,
    }
}

fn is_name(text: &str) -> bool {
    text.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}
