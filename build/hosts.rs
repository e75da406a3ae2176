//! What templates and modules call what AWS calls otherwise: `schemas/hosts`.

use super::tables::{list, table};
use super::{members, read, text, texts};
use serde_json::Value;
use std::fmt::Write as _;

pub fn build() -> String {
    let mut out = String::new();
    let shapes: Vec<Value> = ["ecs/task-definition.json", "ecs/other-inputs.json"].map(read).into();
    let is_shape = |name: &str| shapes.iter().any(|file| !file["shapes"][name].is_null());
    let is_field = |name: &str| {
        let has = |shape: &Value| !shape["members"][name].is_null();
        let mut all = shapes.iter().flat_map(|file| members(&file["shapes"]));
        match name.split_once('.') {
            Some((shape, field)) => {
                shapes.iter().any(|file| !file["shapes"][shape]["members"][field].is_null())
            }
            None => all.any(|(_, shape)| has(shape)),
        }
    };
    let role_consumers = read("hosts/role-consumers.json");
    for (host, spellings) in [("cloudformation", "properties"), ("terraform", "arguments")] {
        let file = read(&format!("hosts/{host}.json"));
        let spelt = rows::<2>(&file[spellings], host);
        for [field, _] in &spelt {
            assert!(is_field(field), "{host}.json: {field} is no field");
        }
        let consumers = rows::<3>(&role_consumers[host], host);
        let policies = rows::<3>(&file["policies"], host);
        let attachments = rows::<3>(&file["attachments"], host);
        let types = || policies.iter().chain(&attachments).map(|[resource_type, ..]| *resource_type);
        for name in ["takesNames", "attachesOne"].into_iter().flat_map(|list| texts(&file[list])).chain(
            ["attachesTo", "writtenInto"]
                .into_iter()
                .flat_map(|of| members(&file[of]))
                .map(|(name, _)| &**name),
        ) {
            assert!(types().any(|known| known == name), "{host}.json: nothing is said of {name}");
        }
        writeln!(out, "pub(super) static {}: TemplateNames = TemplateNames {{", host.to_uppercase()).unwrap();
        writeln!(out, "    policies: &[{}],", policies.iter().map(policy).collect::<String>()).unwrap();
        let fields = rows::<5>(&file["statementFields"], host);
        writeln!(
            out,
            "    statement_fields: &[{}],",
            fields.iter().map(statement_fields).collect::<String>()
        )
        .unwrap();
        writeln!(out, "    attachments: &[{}],", attachments.iter().map(attachment).collect::<String>())
            .unwrap();
        writeln!(out, "    other_grammar: {},", list(&texts(&file["otherGrammar"]))).unwrap();
        writeln!(out, "    attaches_to: {},", holders(&file["attachesTo"], host)).unwrap();
        writeln!(out, "    written_into: {},", holders(&file["writtenInto"], host)).unwrap();
        writeln!(out, "    attaches_one: {},", list(&texts(&file["attachesOne"]))).unwrap();
        writeln!(out, "    takes_names: {},", list(&texts(&file["takesNames"]))).unwrap();
        let rows_of_consumers = consumers.iter().map(|[resource_type, place, principals]| {
            let principals: Vec<&str> = principals.split(' ').collect();
            format!(
                "ConsumerPlace {{ resource_type: {resource_type:?}, path: {}, principals: {} }}, ",
                path(place),
                list(&principals)
            )
        });
        writeln!(out, "    consumers: &[{}],", rows_of_consumers.collect::<String>()).unwrap();
        writeln!(out, "    networks: &{:?},", tuples(&rows::<2>(&file["networks"], host))).unwrap();
        writeln!(out, "    spellings: &{:?},", tuples(&spelt)).unwrap();
        writeln!(out, "}};").unwrap();
    }
    out += &references();
    out += &modules();
    let other_tools = read("hosts/other-tools.json");
    let aliases = rows::<3>(&other_tools["aliases"], "other-tools");
    let aliases: Vec<(&str, &str, &str)> =
        aliases.iter().map(|[tool, name, code]| (*tool, *name, *code)).collect();
    let narrower = texts(&other_tools["narrower"]);
    assert!(narrower.is_sorted(), "other-tools.json: the narrower checks are not in order");
    writeln!(out, "pub(super) static NARROWER_CHECKS: &[&str] = {};", list(&narrower)).unwrap();
    writeln!(out, "pub(super) static OTHER_TOOLS: &[(&str, &str, &str)] = &{aliases:?};").unwrap();
    let terraform = read("hosts/terraform.json");
    let elements = rows::<2>(&terraform["elements"], "terraform");
    writeln!(out, "pub(super) static POLICY_ARGUMENTS: &[(&str, &str)] = &{:?};", tuples(&elements)).unwrap();
    for (field, name) in
        [("taskShapes", "TERRAFORM_TASK_SHAPES"), ("serviceShapes", "TERRAFORM_SERVICE_SHAPES")]
    {
        let names = texts(&terraform[field]);
        for shape in &names {
            assert!(is_shape(shape), "terraform.json: {shape} is no structure");
        }
        assert!(names.is_sorted(), "terraform.json: {field} is not in order");
        table(&mut out, name, "&str", names.iter().map(|it| (it.to_string(), format!("{it:?}"))).collect());
    }
    out
}

/// What references to resources give: two tables, by the type in CloudFormation and by that in Terraform. The ARN
/// formats are those of the services.
fn references() -> String {
    let (mut cloudformation, mut terraform) = (Vec::new(), Vec::new());
    for row in read("hosts/references.json")["references"].as_array().into_iter().flatten() {
        let Ok([of, cfn, by_ref, attributes, property, tf, by_id, argument]) =
            <[&str; 8]>::try_from(texts(row))
        else {
            panic!("references.json: {row} has not eight texts");
        };
        let (service, resource) = of.split_once('/').unwrap_or((of, ""));
        let format = read(&format!("iam/services/{service}.json"))["resources"][resource]["arn"][0]
            .as_str()
            .unwrap_or_else(|| panic!("references.json: {service} has no resource type {resource}"))
            .to_string();
        let entry = |name: &str, gives: &str, attributes: &str, named_by: &str| {
            let gives = match gives {
                "arn" => "Arn",
                "name" => "Name",
                "address" => "Address",
                "other" => "Other",
                other => panic!("references.json: {name} gives the unknown {other}"),
            };
            let attributes: Vec<(&str, &str)> = attributes
                .split(',')
                .filter(|name| !name.is_empty())
                // `Arn:*` is the attribute `Arn`, whose value ends in `:*`.
                .map(|name| match name.find(':') {
                    Some(colon) => name.split_at(colon),
                    None => (name, ""),
                })
                .collect();
            format!(
                "ReferenceType {{ name: {name:?}, service: {service:?}, resource_type: {resource:?}, format: {format:?}, gives: Gives::{gives}, arn_attributes: &{attributes:?}, named_by: {named_by:?} }}"
            )
        };
        if !cfn.is_empty() {
            cloudformation.push((cfn.to_string(), entry(cfn, by_ref, attributes, property)));
        }
        if !tf.is_empty() {
            terraform.push((tf.to_string(), entry(tf, by_id, "arn", argument)));
        }
    }
    let mut out = String::new();
    table(&mut out, "CLOUDFORMATION_REFERENCES", "ReferenceType", cloudformation);
    table(&mut out, "TERRAFORM_REFERENCES", "ReferenceType", terraform);
    out.push_str(&policy_templates());
    out
}

/// The ARNs that the policy templates of SAM put their parameters into, out of their statements.
fn policy_templates() -> String {
    let file = read("roles/sam.json");
    let rows = file["templates"].as_array().into_iter().flatten().map(|template| {
        let name = text(&template[0]);
        let mut found = Vec::new();
        arns_of_parameters(&template[2], &mut found);
        found.sort();
        found.dedup_by(|a, b| a.0 == b.0);
        let parameters: Vec<String> =
            found.iter().map(|(name, arn)| format!("({name:?}, {arn:?})")).collect();
        (name.to_string(), format!("({name:?}, &[{}])", parameters.join(", ")))
    });
    let mut out = String::new();
    table(&mut out, "POLICY_TEMPLATES", "(&str, &[(&str, &str)])", rows.collect());
    out
}

/// `["arn:…/${local}", {"local": {"Ref": "Parameter"}}]`: the parameter, and the ARN with its name.
fn arns_of_parameters(value: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(object) => {
            if let Some([arn, names]) = object.get("Fn::Sub").and_then(Value::as_array).map(Vec::as_slice)
                && let Some(arn) = arn.as_str().filter(|arn| arn.starts_with("arn:"))
            {
                for (local, parameter) in members(names) {
                    let parameter = text(&parameter["Ref"]);
                    let named = arn.replace(&format!("${{{local}}}"), &format!("${{{parameter}}}"));
                    found.push((parameter.to_string(), named));
                }
            }
            object.values().for_each(|value| arns_of_parameters(value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| arns_of_parameters(item, found)),
        _ => {}
    }
}

/// What arguments of public modules hold, by module.
fn modules() -> String {
    let file = read("hosts/modules.json");
    let rows = rows::<3>(&file["modules"], "modules");
    let mut found: Vec<(String, String)> = Vec::new();
    for [module, argument, holds] in rows {
        let holds = match holds {
            "identity" => "Identity",
            "resource" => "Resource",
            "trust" => "Trust",
            "session" => "Session",
            "containers" => "Containers",
            "managedPolicies" => "ManagedPolicies",
            "boundary" => "Boundary",
            "services" => "Services",
            "principals" => "Principals",
            other => panic!("modules.json: {module} takes the unknown {other}"),
        };
        let entry = format!("({argument:?}, ModuleArgument::{holds}), ");
        match found.last_mut().filter(|(known, _)| known == module) {
            Some((_, entries)) => entries.push_str(&entry),
            None => found.push((module.to_string(), entry)),
        }
    }
    let entries = found.into_iter().map(|(module, entries)| {
        let entry = format!("({module:?}, &[{entries}] as &[(&str, ModuleArgument)])");
        (module, entry)
    });
    let mut out = String::new();
    table(&mut out, "MODULES", "(&str, &[(&str, ModuleArgument)])", entries.collect());
    out
}

/// Types of resources and who has what they attach.
fn holders(value: &Value, host: &str) -> String {
    let rows = members(value).map(|(name, to)| {
        let to = match text(to) {
            "role" => "Role",
            "user" => "User",
            "group" => "Group",
            "permissionSet" => "PermissionSet",
            other => panic!("{host}.json: nothing is attached to {other}"),
        };
        format!("({name:?}, AttachesTo::{to}), ")
    });
    format!("&[{}]", rows.collect::<String>())
}

/// Rows of texts, in order and each once.
fn rows<'v, const N: usize>(value: &'v Value, file: &str) -> Vec<[&'v str; N]> {
    let items = value.as_array().unwrap_or_else(|| panic!("{file}.json: no list of rows"));
    let rows: Vec<[&str; N]> = items
        .iter()
        .map(|row| texts(row).try_into().unwrap_or_else(|_| panic!("{file}.json: {row} has not {N} texts")))
        .collect();
    for pair in rows.windows(2) {
        let is_in_order = pair[0][..N - 1] < pair[1][..N - 1];
        assert!(is_in_order, "{file}.json: {:?} stands twice, or not in order", pair[1]);
    }
    rows
}

fn tuples<'v>(rows: &[[&'v str; 2]]) -> Vec<(&'v str, &'v str)> {
    rows.iter().map(|[name, other]| (*name, *other)).collect()
}

fn path(path: &str) -> String {
    list(&path.split('/').collect::<Vec<_>>())
}

fn policy([resource_type, place, kind]: &[&str; 3]) -> String {
    let kind = match *kind {
        "identity" => "Identity",
        "resource" => "Resource",
        "session" => "Session",
        "trust" => "Trust",
        "byType" => "ByType",
        "byTypeElseScp" => "ByTypeElseScp",
        other => panic!("{resource_type} has a policy of the unknown kind {other}"),
    };
    format!(
        "PolicyPlace {{ resource_type: {resource_type:?}, path: {}, kind: PlacedKind::{kind} }}, ",
        path(place)
    )
}

/// `SourceArn=ArnLike/AWS:SourceArn SourceAccount=StringEquals/AWS:SourceAccount`.
fn statement_fields([resource_type, place, action, principal, conditions]: &[&str; 5]) -> String {
    let conditions: Vec<(&str, &str, &str)> = conditions
        .split_whitespace()
        .map(|condition| {
            let (field, of) = condition.split_once('=').expect("a field and its condition");
            let (operator, key) = of.split_once('/').expect("an operator and a key");
            (field, operator, key)
        })
        .collect();
    let path = if place.is_empty() { "&[]".to_string() } else { path(place) };
    format!(
        "StatementFields {{ resource_type: {resource_type:?}, path: {path}, action: {action:?}, principal: \
         {principal:?}, conditions: &{conditions:?} }}, "
    )
}

fn attachment([resource_type, place, field]: &[&str; 3]) -> String {
    let fields = ["managedPolicies", "permissionsBoundary", "users", "groups", "roles"];
    assert!(fields.contains(field), "{resource_type}: the model of attachments has no {field}");
    format!(
        "AttachmentPlace {{ resource_type: {resource_type:?}, path: {}, field: {field:?} }}, ",
        path(place)
    )
}
