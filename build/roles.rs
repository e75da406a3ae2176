//! Static tables for what belongs together: resources and what they yield, what tasks need of their roles.

use super::{members, read, text, texts};
use serde_json::Value;
use std::fmt::Write as _;

pub fn build() -> String {
    let mut out = String::new();
    resources(&mut out);
    needs(&mut out);
    managed(&mut out);
    sam(&mut out);
    workflows(&mut out);
    modules(&mut out);
    uses(&mut out);
    out
}

fn pairs(value: &Value) -> String {
    let rows: Vec<(&str, &str)> = match value {
        Value::Null => Vec::new(),
        value => members(value).map(|(name, value)| (&**name, text(value))).collect(),
    };
    format!("&{rows:?}")
}

fn resources(out: &mut String) {
    let table = read("roles/resources.json");
    writeln!(out, "pub(super) static RESOURCE_KINDS: &[ResourceKind] = &[").unwrap();
    for row in table["resources"].as_array().unwrap() {
        writeln!(
            out,
            "ResourceKind {{ name: {:?}, types: &{:?}, names: &{:?}, forms: {}, by_ref: {:?}, attributes: {}, follow: {}, in_cloudformation: {} }},",
            text(&row["kind"]),
            texts(&row["types"]),
            texts(&row["names"]),
            pairs(&row["forms"]),
            row["ref"].as_str().unwrap_or_default(),
            pairs(&row["attributes"]),
            pairs(&row["follow"]),
            pairs(&row["cloudformation"]),
        )
        .unwrap();
    }
    writeln!(out, "];").unwrap();
}

fn needs(out: &mut String) {
    let table = read("roles/needs.json");
    writeln!(out, "pub(super) static NEEDS: &[FeatureNeed] = &[").unwrap();
    for row in table["needs"].as_array().unwrap() {
        writeln!(
            out,
            "FeatureNeed {{ feature: {:?}, role: {:?}, actions: &{:?}, words: {:?}, has_other_granter: {}, is_managed: {}, is_read: {}, page: {:?} }},",
            text(&row["feature"]),
            text(&row["role"]),
            texts(&row["actions"]),
            text(&row["words"]),
            row["granter"].as_bool().unwrap(),
            row["managed"].as_bool().unwrap_or_default(),
            row["reads"].as_bool().unwrap_or_default(),
            text(&row["page"]),
        )
        .unwrap();
    }
    writeln!(out, "];").unwrap();
}

/// Whether a list of a table has a row of that name.
fn known(path: &str, list: &str, field: &'static str) -> impl Fn(&str) -> bool {
    let table = read(path);
    let rows = table[list].as_array().unwrap().clone();
    move |name| rows.iter().any(|row| text(&row[field]) == name)
}

/// The documents as JSON texts, sorted by their paths.
fn managed(out: &mut String) {
    let table = read("iam/managed-policy-documents.json");
    writeln!(out, "pub(super) static MANAGED_POLICY_DOCUMENTS: &[(&str, &str)] = &[").unwrap();
    let mut rows: Vec<_> = members(&table["documents"]).collect();
    rows.sort_by(|a, b| a.0.cmp(b.0));
    for (path, document) in rows {
        writeln!(out, "({path:?}, {:?}),", document.to_string()).unwrap();
    }
    writeln!(out, "];").unwrap();
    writeln!(out, "pub(super) static MANAGED_POLICY_DOCUMENTS_AS_OF: &str = {:?};", text(&table["asOf"]))
        .unwrap();
}

/// What SAM's policy templates and connectors grant; statements are JSON texts.
fn sam(out: &mut String) {
    let table = read("roles/sam.json");
    writeln!(out, "pub(super) static SAM_POLICY_TEMPLATES: &[SamTemplate] = &[").unwrap();
    for row in table["templates"].as_array().unwrap() {
        let (name, parameters, statements) = (text(&row[0]), texts(&row[1]), row[2].to_string());
        writeln!(
            out,
            "SamTemplate {{ name: {name:?}, parameters: &{parameters:?}, statements: {statements:?} }},"
        )
        .unwrap();
    }
    writeln!(out, "];").unwrap();
    writeln!(out, "pub(super) static SAM_RESOURCE_TYPES: &[(&str, &str)] = {};", pairs(&table["types"]))
        .unwrap();
    writeln!(out, "pub(super) static SAM_CONNECTORS: &[SamConnector] = &[").unwrap();
    for row in table["connectors"].as_array().unwrap() {
        writeln!(
            out,
            "SamConnector {{ source: {:?}, destination: {:?}, is_of_source: {}, access: {:?}, statements: {:?} }},",
            text(&row[0]),
            text(&row[1]),
            text(&row[2]) == "source",
            text(&row[3]),
            row[4].to_string(),
        )
        .unwrap();
    }
    writeln!(out, "];").unwrap();
}

/// Steps and commands of workflows whose permissions are known.
fn workflows(out: &mut String) {
    let table = read("roles/workflows.json");
    let is_known = known("roles/needs.json", "needs", "feature");
    for (name, of) in [("DEPLOY_ACTIONS", "actions"), ("DEPLOY_COMMANDS", "commands")] {
        writeln!(out, "pub(super) static {name}: &[DeployWork] = &[").unwrap();
        for row in table[of].as_array().unwrap() {
            let list = |name: &str| -> Vec<&str> {
                row[name].as_array().map(|items| items.iter().map(text).collect()).unwrap_or_default()
            };
            let (needs, of_service) = (list("needs"), list("ofService"));
            for feature in needs.iter().chain(&of_service) {
                assert!(is_known(feature), "workflows.json: {feature} is no row of needs.json");
            }
            writeln!(
                out,
                "DeployWork {{ name: {:?}, assumes: {}, renders: {:?}, needs: &{needs:?}, of_service: &{of_service:?}, passes: {:?} }},",
                text(&row["name"]),
                row["assumes"].as_bool().unwrap_or_default(),
                row["renders"].as_str(),
                row["passes"].as_str(),
            )
            .unwrap();
        }
        writeln!(out, "];").unwrap();
    }
    writeln!(out, "pub(super) static OTHER_CREDENTIALS: &[(&str, &[&str])] = &[").unwrap();
    for (issuer, signs) in members(&table["otherCredentials"]) {
        writeln!(out, "({issuer:?}, &{:?}),", texts(signs)).unwrap();
    }
    writeln!(out, "];").unwrap();
}

/// Who uses roles, and what tells that a policy or a file is about it.
fn uses(out: &mut String) {
    let table = read("roles/uses.json");
    let signs = texts(&table["signs"]);
    let has_sign = |word: &str| {
        let quoted = format!("\"{word}\"");
        signs.iter().any(|sign| quoted.contains(sign))
    };
    writeln!(out, "pub(super) static SIGNS_OF_ROLES: &[&str] = &{signs:?};").unwrap();
    let is_resource = known("roles/resources.json", "resources", "kind");
    let is_role = known("ecs/role-principals.json", "kinds", "kind");
    let is_need = known("roles/needs.json", "needs", "feature");
    writeln!(out, "pub(super) static ROLE_FIELDS: &[RoleFieldRow] = &[").unwrap();
    for row in table["fields"].as_array().unwrap() {
        let (of, role, needs) = (text(&row["of"]), text(&row["role"]), texts(&row["needs"]));
        assert!(is_resource(of), "uses.json: {of} is no kind of resources.json");
        assert!(is_role(role), "uses.json: {role} is no kind of role-principals.json");
        for need in &needs {
            assert!(is_need(need), "uses.json: {need} is no row of needs.json");
        }
        let path: Vec<&str> = text(&row["path"]).split('/').collect();
        writeln!(out, "RoleFieldRow {{ of: {of:?}, path: &{path:?}, role: {role:?}, needs: &{needs:?} }},")
            .unwrap();
    }
    writeln!(out, "];").unwrap();
    writeln!(out, "pub(super) static DEPLOYING_ACTIONS: &[(&str, &[&str])] = &[").unwrap();
    for row in table["deploys"].as_array().unwrap() {
        let roles = texts(&row["roles"]);
        for role in &roles {
            assert!(is_role(role), "uses.json: {role} is no kind of role-principals.json");
        }
        writeln!(out, "({:?}, &{roles:?}),", text(&row["action"])).unwrap();
    }
    writeln!(out, "];").unwrap();
    writeln!(out, "pub(super) static COMMAND_INPUTS: &[(&[&str], &str)] = &[").unwrap();
    for row in table["inputs"].as_array().unwrap() {
        let (members, makes) = (texts(&row["members"]), text(&row["makes"]));
        assert!(is_resource(makes), "uses.json: {makes} is no kind of resources.json");
        let fields = table["fields"].as_array().unwrap().iter().filter(|row| text(&row["of"]) == makes);
        let mut words = members.iter().copied().chain(fields.map(|row| text(&row["path"])));
        assert!(words.any(has_sign), "uses.json: no sign tells an input with {members:?}");
        writeln!(out, "(&{members:?}, {makes:?}),").unwrap();
    }
    writeln!(out, "];").unwrap();
}

/// What public modules of Terraform make.
fn modules(out: &mut String) {
    let table = read("roles/modules.json");
    writeln!(out, "pub(super) static MODULE_PRODUCTS: &[ModuleProduct] = &[").unwrap();
    for row in table["modules"].as_array().unwrap() {
        let arguments = members(&row["arguments"]).map(|(name, becomes)| {
            let becomes = match text(becomes) {
                "name" => "Name",
                "path" => "Path",
                "policy" => "Policy",
                "trust" => "Trust",
                "trustStatements" => "TrustStatements",
                "services" => "Services",
                "principals" => "Principals",
                "principalsByType" => "PrincipalsByType",
                "managedPolicies" => "ManagedPolicies",
                "documents" => "Documents",
                "statements" => "Statements",
                "boundary" => "Boundary",
                other => panic!("roles/modules.json: {name} becomes the unknown {other}"),
            };
            format!("({name:?}, ProductPart::{becomes})")
        });
        writeln!(
            out,
            "ModuleProduct {{ source: {:?}, makes: {:?}, arguments: &[{}], silent: &{:?}, outputs: {} }},",
            text(&row["source"]),
            text(&row["makes"]),
            arguments.collect::<Vec<_>>().join(", "),
            texts(&row["silent"]),
            pairs(&row["outputs"]),
        )
        .unwrap();
    }
    writeln!(out, "];").unwrap();
}
