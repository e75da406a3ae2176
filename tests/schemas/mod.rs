//! JSON Schemas, made from the tables that the rules and the editor features use.

use passrole::catalog::{self, Field, FieldType, Shape};
use passrole::config::Config;
use passrole::diagnostic::Group;
use passrole::host::DocumentKind;
use passrole::ide::hover;
use passrole::rules::own::Subject;
use passrole::rules::{self, Edition};
use passrole::suppression::OtherTool;
use serde_json::{Map, Value, json};
use std::path::Path;

/// Each with the name of its file.
pub fn all() -> [(&'static str, Value); 4] {
    [
        ("task-definition", task_definition()),
        ("policy", policy()),
        ("config", config()),
        ("findings", findings()),
    ]
}

/// What `passrole check --format json` prints.
fn findings() -> Value {
    let text = json!({ "type": "string" });
    let number = json!({ "type": "integer", "minimum": 0 });
    let place = json!({
        "type": "object",
        "properties": { "line": { "type": "integer", "minimum": 1 }, "column": { "type": "integer", "minimum": 1 } },
        "required": ["line", "column"],
    });
    // A later version may add members; what is here stays.
    let object = |members: &[(&str, Value, &str)]| {
        let of = |(name, schema, words): &(&str, Value, &str)| {
            let mut schema = schema.clone();
            describe(&mut schema, words, words);
            (name.to_string(), schema)
        };
        let properties: Map<String, Value> = members.iter().map(of).collect();
        let required: Vec<&str> = members.iter().map(|(name, _, _)| *name).collect();
        json!({ "type": "object", "properties": properties, "required": required })
    };
    let kinds: Vec<Value> =
        DocumentKind::ALL.iter().map(|kind| json!(kind.name())).chain([Value::Null]).collect();
    let related = object(&[
        ("path", text.clone(), "The file."),
        ("message", text.clone(), "What is there."),
        ("start", place.clone(), "Where it begins."),
        ("end", place.clone(), "Where it ends."),
    ]);
    let fix = object(&[
        ("title", text.clone(), "What it does."),
        (
            "safety",
            json!({ "enum": ["safe", "unsafe", "grants"] }),
            "How far it may be trusted; `grants` adds access.",
        ),
    ]);
    let finding = object(&[
        ("path", text.clone(), "The file, as given or below the folder given."),
        ("kind", json!({ "enum": kinds }), "What the document is; null outside of documents."),
        ("rule", text.clone(), "The rule's id."),
        ("case", text.clone(), "Which case of the rule; empty where it has none."),
        (
            "severity",
            json!({ "enum": ["error", "warning", "info", "hint"] }),
            "What happens if nothing is done.",
        ),
        ("gate", json!({ "type": "boolean" }), "Whether it fails a run by `--fail-on gate`."),
        ("confidence", json!({ "enum": ["high", "medium", "low"] }), "How sure the rule is."),
        ("message", text.clone(), "What is wrong."),
        ("note", text.clone(), "Why, and what to write; may be empty."),
        ("start", place.clone(), "Where it begins. Columns count Unicode scalar values."),
        ("end", place, "Where it ends."),
        ("pointer", text.clone(), "A JSON Pointer within the document."),
        ("fingerprint", text.clone(), "Stays the same when the finding moves."),
        ("related", json!({ "type": "array", "items": related }), "Other places that belong to it."),
        ("fixable", json!({ "type": "boolean" }), "Whether there is a fix."),
        ("fix", json!({ "anyOf": [fix, { "type": "null" }] }), "The fix."),
    ]);
    let counts = |names: &[(&'static str, &'static str)]| {
        let members: Vec<(&str, Value, &str)> =
            names.iter().map(|(name, words)| (*name, number.clone(), *words)).collect();
        object(&members)
    };
    let mut summary = counts(&[
        ("files", "Files that were looked at."),
        ("documents", "Documents in them."),
        ("errors", "Findings of that severity."),
        ("warnings", "Findings of that severity."),
        ("infos", "Findings of that severity."),
        ("hints", "Findings of that severity."),
        ("suppressed", "Findings that something keeps from being told."),
    ]);
    summary["properties"]["unjudged"] = counts(&[
        ("openRoles", "Roles of which not every policy is known."),
        ("unresolved", "References of which the target is not in the project."),
    ]);
    let unjudged = object(&[
        ("path", text.clone(), "The file."),
        ("line", number.clone(), "The line, from 1."),
        ("what", text.clone(), "What sort of thing."),
        ("reason", text, "Why it could not be judged."),
    ]);
    let mut schema = head("findings", "Findings of passrole", "What `passrole check --format json` prints.");
    let whole = object(&[
        ("schema", json!({ "const": 1 }), "The form."),
        ("findings", json!({ "type": "array", "items": finding }), "In the order of files and places."),
        ("summary", summary, "The run in numbers."),
        ("unjudged", json!({ "type": "array", "items": unjudged }), "What could not be judged, and why."),
    ]);
    schema.extend(whole.as_object().unwrap().clone());
    Value::Object(schema)
}

fn prose(file: &str) -> Value {
    read(&format!("prose/{file}"))
}

/// A file of facts or explanations.
fn read(file: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas").join(file);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn head(name: &str, title: &str, description: &str) -> Map<String, Value> {
    let head = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": format!("urn:passrole:{name}"),
        "title": title,
        "description": description,
    });
    head.as_object().unwrap().clone()
}

/// Both descriptions: plain for most editors, Markdown for those that take it.
fn describe(schema: &mut Value, plain: &str, markdown: &str) {
    schema["description"] = plain.replace("**", "").replace('`', "").into();
    schema["markdownDescription"] = markdown.into();
}

/// What is filled in later: `${VAR}`, `$VAR`, `{{ … }}`, `<NAME>`, `%NAME%`.
const PLACEHOLDER: &str = r"\$|\{\{|<[^>]+>|%[A-Za-z0-9_]+%";

/// What is known of fields beside their shapes.
struct Beside {
    prose: Value,
    /// Patterns of what fields take beside the values of the model.
    taken: Value,
}

fn task_definition() -> Value {
    let prose = prose("task-fields.json");
    let beside = Beside { prose, taken: read("ecs/field-notes.json")["otherwiseTaken"].clone() };
    let root = catalog::task_definition_shape();
    let mut schema = head(
        "task-definition",
        "Amazon ECS task definition",
        "What `aws ecs register-task-definition --cli-input-json` takes. Lists of container definitions alone: #/definitions/ContainerDefinitions.",
    );
    schema.extend(structure(root, &beside));
    let mut definitions = Map::new();
    definitions.insert(
        "ContainerDefinitions".into(),
        json!({ "type": "array", "items": { "$ref": "#/definitions/ContainerDefinition" } }),
    );
    for shape in catalog::shapes().iter().filter(|shape| is_below(root, shape.name)) {
        definitions.insert(shape.name.into(), Value::Object(structure(shape, &beside)));
    }
    schema.insert("definitions".into(), Value::Object(definitions));
    Value::Object(schema)
}

/// Whether a structure is part of another.
fn is_below(root: &Shape, name: &str) -> bool {
    root.fields
        .iter()
        .filter_map(|field| field.field_type.structure())
        .any(|shape| shape.name == name || is_below(shape, name))
}

fn structure(shape: &Shape, beside: &Beside) -> Map<String, Value> {
    let mut properties = Map::new();
    for field in shape.fields {
        let mut schema = self::field(shape, field);
        let is_root = shape.name == catalog::task_definition_shape().name;
        let key = if is_root { field.name.to_string() } else { format!("{}.{}", shape.name, field.name) };
        if let Some(pattern) = beside.taken.get(&key) {
            schema["anyOf"].as_array_mut().unwrap().push(json!({ "pattern": pattern }));
        }
        let plain = beside.prose[shape.name][field.name].as_str().unwrap();
        describe(&mut schema, plain, &hover::task_field(shape.name, field.name).unwrap());
        properties.insert(field.name.into(), schema);
    }
    let required: Vec<&str> =
        shape.fields.iter().filter(|field| field.required).map(|field| field.name).collect();
    let mut schema = Map::new();
    schema.insert("type".into(), "object".into());
    if !required.is_empty() {
        schema.insert("required".into(), required.into());
    }
    schema.insert("properties".into(), Value::Object(properties));
    schema.insert("additionalProperties".into(), false.into());
    schema
}

fn field(shape: &Shape, field: &Field) -> Value {
    let notes = catalog::field_notes(shape.name, field.name);
    let mut schema = of_type(&field.field_type);
    let object = schema.as_object_mut().unwrap();
    // What is written as text has its range in the description.
    if matches!(field.field_type, FieldType::Integer | FieldType::Number) {
        object.extend(field.limits.min.map(|least| ("minimum".to_string(), least.into())));
        object.extend(field.limits.max.map(|most| ("maximum".to_string(), most.into())));
    }
    if (shape.name, field.name) == ("RegisterTaskDefinitionRequest", "containerDefinitions") {
        object.insert("minItems".into(), 1.into());
    }
    if let FieldType::Enum(values) = innermost(&field.field_type) {
        let described: Vec<&str> =
            values.iter().filter_map(|value| hover::task_value(shape.name, field.name, value)).collect();
        let place = if object.contains_key("items") { &mut object["items"] } else { &mut schema };
        place["anyOf"][0]["markdownEnumDescriptions"] = described.into();
    }
    let object = schema.as_object_mut().unwrap();
    if (shape.name, field.name) == ("LogConfiguration", "options") {
        object.insert("properties".into(), Value::Object(log_options()));
    }
    object.extend(field.limits.max_length.map(|most| ("maxLength".to_string(), most.into())));
    object.extend(field.limits.max_items.map(|most| ("maxItems".to_string(), most.into())));
    let default = match field.field_type {
        FieldType::Boolean => notes.default.map(|default| (default == "true").into()),
        _ => notes.default.map(Value::from),
    };
    let default = default.or(field.limits.default.map(Value::from));
    object.extend(default.map(|default| ("default".to_string(), default)));
    if shape.name == catalog::task_definition_shape().name {
        let mut examples: Vec<u32> = match field.name {
            "cpu" => catalog::fargate_sizes().iter().map(|size| size.cpu).collect(),
            "memory" => catalog::fargate_sizes().iter().flat_map(|size| size.memory).copied().collect(),
            _ => Vec::new(),
        };
        examples.sort_unstable();
        examples.dedup();
        let examples: Vec<String> = examples.iter().map(u32::to_string).collect();
        if !examples.is_empty() {
            object.insert("examples".into(), examples.into());
        }
    }
    schema
}

/// The options of all drivers by name, for completion.
fn log_options() -> Map<String, Value> {
    let mut drivers: Vec<&str> =
        ["FARGATE", "EC2"].iter().copied().flat_map(catalog::log_drivers).copied().collect();
    drivers.sort_unstable();
    drivers.dedup();
    let mut options = Map::new();
    for driver in drivers {
        let closed = catalog::log_options(driver).into_iter();
        let closed = closed.flat_map(|options| options.required.iter().chain(options.optional));
        for option in closed.chain(catalog::open_log_options(driver)) {
            let mut schema = json!({ "type": "string" });
            let text = hover::log_option(driver, option).unwrap();
            describe(&mut schema, text, text);
            options.insert((*option).into(), schema);
        }
    }
    options
}

fn innermost(field_type: &FieldType) -> &FieldType {
    match field_type {
        FieldType::List(item) => innermost(item),
        other => other,
    }
}

fn of_type(field_type: &FieldType) -> Value {
    match field_type {
        FieldType::Enum(values) => {
            json!({ "type": "string", "anyOf": [{ "enum": values }, { "pattern": PLACEHOLDER }] })
        }
        FieldType::String => json!({ "type": "string" }),
        FieldType::Integer => json!({ "type": "integer" }),
        FieldType::Number => json!({ "type": "number" }),
        FieldType::Boolean => json!({ "type": "boolean" }),
        FieldType::Map => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
        FieldType::Document => json!({}),
        FieldType::List(item) => json!({ "type": "array", "items": of_type(item) }),
        FieldType::Structure(name) => json!({ "allOf": [{ "$ref": format!("#/definitions/{name}") }] }),
    }
}

fn policy() -> Value {
    let prose = prose("elements.json");
    let element = |name: &str, mut schema: Value| {
        let text = prose[name].as_str().unwrap();
        describe(&mut schema, text, text);
        (name.to_string(), schema)
    };
    let reference = |name: &str| json!({ "allOf": [{ "$ref": format!("#/definitions/{name}") }] });
    let mut schema = head(
        "policy",
        "AWS IAM policy",
        "Identity, resource, trust and organization policies: the language that they share.",
    );
    let object = json!({
        "type": "object",
        "required": ["Statement"],
        "properties": Map::from_iter([
            element("Version", json!({ "enum": ["2012-10-17", "2008-10-17"] })),
            element("Id", json!({ "type": "string" })),
            element(
                "Statement",
                json!({ "anyOf": [
                    { "$ref": "#/definitions/Statement" },
                    { "type": "array", "items": { "$ref": "#/definitions/Statement" } },
                ] }),
            ),
        ]),
        "additionalProperties": false,
    });
    schema.extend(object.as_object().unwrap().clone());
    let not_both = |one: &str, other: &str| json!({ "not": { "required": [one, other] } });
    schema.insert(
        "definitions".into(),
        json!({
            "Statement": {
                "type": "object",
                "required": ["Effect"],
                "properties": Map::from_iter([
                    element("Sid", json!({ "type": "string" })),
                    element("Effect", json!({ "enum": ["Allow", "Deny"] })),
                    element("Principal", reference("Principal")),
                    element("NotPrincipal", reference("Principal")),
                    element("Action", reference("Strings")),
                    element("NotAction", reference("Strings")),
                    element("Resource", reference("Strings")),
                    element("NotResource", reference("Strings")),
                    element("Condition", reference("Condition")),
                ]),
                "additionalProperties": false,
                "oneOf": [{ "required": ["Action"] }, { "required": ["NotAction"] }],
                "allOf": [not_both("Principal", "NotPrincipal"), not_both("Resource", "NotResource")],
            },
            "Strings": {
                "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }],
            },
            "Principal": {
                "anyOf": [
                    { "const": "*" },
                    {
                        "type": "object",
                        "minProperties": 1,
                        "properties": {
                            "AWS": reference("Strings"),
                            "Service": reference("Strings"),
                            "Federated": reference("Strings"),
                            "CanonicalUser": reference("Strings"),
                        },
                        "additionalProperties": false,
                    },
                ],
            },
            "Condition": condition(),
            "Keys": keys(),
            "Values": {
                "anyOf": [
                    { "type": ["string", "boolean", "number"] },
                    { "type": "array", "items": { "type": ["string", "boolean", "number"] } },
                ],
            },
        }),
    );
    Value::Object(schema)
}

/// Operators: the plain ones by name, for completion; the others by pattern.
fn condition() -> Value {
    let prose = prose("operators.json");
    let mut properties = Map::new();
    for operator in catalog::operators() {
        let mut schema = json!({ "allOf": [{ "$ref": "#/definitions/Keys" }] });
        let text = prose[operator.name].as_str().unwrap();
        describe(&mut schema, text, text);
        properties.insert(operator.name.into(), schema);
    }
    // Case does not count, and the dialect's patterns have no flag for that.
    let any_case = |text: &str| -> String {
        let either = |char: char| format!("[{}{}]", char.to_ascii_uppercase(), char.to_ascii_lowercase());
        text.chars().map(|char| if char.is_ascii_alphabetic() { either(char) } else { char.into() }).collect()
    };
    let names: Vec<String> =
        catalog::operators().filter(|it| it.name != "Null").map(|it| any_case(it.name)).collect();
    let pattern = format!(
        "^({}:|{}:)?(({})({})?|{})$",
        any_case("ForAllValues"),
        any_case("ForAnyValue"),
        names.join("|"),
        any_case("IfExists"),
        any_case("Null")
    );
    json!({
        "type": "object",
        "properties": properties,
        "patternProperties": { pattern: { "$ref": "#/definitions/Keys" } },
        "additionalProperties": false,
    })
}

/// Condition keys: the global ones by name, for completion; services have their own.
fn keys() -> Value {
    let prose = prose("condition-keys.json");
    let mut properties = Map::new();
    for key in catalog::global_keys().filter(|key| !key.name.contains('$')) {
        let mut schema = json!({ "allOf": [{ "$ref": "#/definitions/Values" }] });
        let text = prose[key.name].as_str().unwrap();
        describe(&mut schema, text, text);
        properties.insert(key.name.into(), schema);
    }
    json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": { "$ref": "#/definitions/Values" },
    })
}

fn config() -> Value {
    let mut choices = Vec::new();
    for group in Group::ALL {
        if rules::all().any(|rule| rule.meta().group == group) {
            let text = format!("Every rule of the group `{}`.", group.name());
            let mut schema = json!({ "const": group.name() });
            describe(&mut schema, &text, &text);
            choices.push(schema);
        }
    }
    for rule in rules::all() {
        let meta = rule.meta();
        let mut schema = json!({ "const": meta.id });
        describe(&mut schema, meta.summary, meta.summary);
        choices.push(schema);
    }
    let mut former: Vec<&str> = rules::all().flat_map(|rule| rule.meta().formerly).copied().collect();
    former.sort_unstable();
    former.dedup();
    for name in former {
        let text = "The name of before of what is several rules now: all of them.";
        let mut schema = json!({ "const": name });
        describe(&mut schema, text, text);
        choices.push(schema);
    }
    let metas = || passrole::rules::all().map(|rule| rule.meta());
    let mut ids: Vec<&str> =
        metas().flat_map(|meta| meta.formerly.iter().copied().chain([meta.id])).collect();
    ids.sort_unstable();
    ids.dedup();
    let rule_or_case = format!("^({})(/[a-z0-9-]+)?$", ids.join("|"));
    let described = |mut schema: Value, text: &str| {
        describe(&mut schema, text, text);
        schema
    };
    let kinds: Vec<&str> = DocumentKind::ALL.iter().map(|kind| kind.name()).collect();
    let text = json!({ "type": "string" });
    let exception = json!({
        "type": "object",
        "properties": {
            "files": described(
                json!({ "anyOf": [text, { "type": "array", "items": text }] }),
                "Globs of files, from the folder of this file. Without it, all files.",
            ),
            "anchor": described(
                text.clone(),
                "A `Sid`, a container's name, a logical id or address, or a JSON Pointer. Without it, the whole file.",
            ),
            "rules": described(
                json!({ "type": "array", "minItems": 1, "items": { "type": "string", "pattern": rule_or_case } }),
                "Rules, or cases of rules (`rule/case`).",
            ),
            "reason": described(json!({ "type": "string", "pattern": "\\S" }), "Why it is left as it is."),
            "until": described(
                json!({ "type": "string", "format": "date", "pattern": "^\\d{4}-\\d{2}-\\d{2}$" }),
                "The last day on which it is meant to stand, as in `2027-03-01`.",
            ),
            "owner": described(text.clone(), "Who answers for it."),
        },
        "required": ["rules", "reason"],
        "additionalProperties": false,
    });
    let reason = described(json!({ "type": "string", "pattern": "\\S" }), "Why: findings say it.");
    let files =
        |words: &str| described(json!({ "anyOf": [text, { "type": "array", "items": text }] }), words);
    let some = json!({ "anyOf": [
        { "type": "string", "minLength": 1 },
        { "type": "array", "minItems": 1, "items": { "type": "string", "minLength": 1 } },
    ] });
    let of_files = "Globs of files, from the folder of this file. Without it, all files.";
    let never = json!({
        "type": "object",
        "properties": {
            "actions": described(some.clone(), "Patterns of actions, as `iam:*AccessKey*`."),
            "resources": described(some.clone(), "Patterns of ARNs. Without it, every resource."),
            "public": described(json!({ "const": true }), "In place of `actions`: resource policies that let the public in."),
            "files": files(of_files),
            "except": files("Globs of files that it is not about."),
            "reason": reason,
        },
        "required": ["reason"],
        "oneOf": [{ "required": ["actions"] }, { "required": ["public"], "not": { "required": ["resources"] } }],
        "additionalProperties": false,
    });
    let subjects: Vec<&str> = Subject::ALL.map(Subject::name).to_vec();
    let account = json!({ "type": "string", "pattern": "^\\d{12}$" });
    let require = json!({
        "type": "object",
        "properties": {
            "of": described(json!({ "enum": subjects }), "What it is about."),
            "field": described(
                json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*$" }),
                "A field that must be there, as AWS spells it; slashes lead down, through lists: `containerDefinitions/logConfiguration/logDriver`.",
            ),
            "values": described(some.clone(), "Patterns of values, of which the field has one."),
            "tags": described(some, "Keys of tags that must be there."),
            "trustedAccounts": described(
                json!({ "anyOf": [account, { "type": "array", "minItems": 1, "items": account }] }),
                "The accounts that roles may trust.",
            ),
            "files": files(of_files),
            "except": files("Globs of files that it is not about."),
            "reason": reason,
        },
        "required": ["of", "reason"],
        "oneOf": [
            { "required": ["field"] },
            { "required": ["tags"], "not": { "required": ["values"] } },
            { "required": ["trustedAccounts"], "not": { "required": ["values"] }, "properties": { "of": { "const": "role" } } },
        ],
        "additionalProperties": false,
    });
    let groups = Group::ALL.into_iter().filter(|group| metas().any(|meta| meta.group == *group));
    let names: Vec<&str> = ids.iter().copied().chain(groups.map(Group::name)).collect();
    let name_or_case = format!("^({})$|{rule_or_case}", names.join("|"));
    let severity = json!({
        "type": "object",
        "patternProperties": { name_or_case.clone(): { "enum": ["error", "warning", "info", "hint", "off"] } },
        "additionalProperties": false,
    });
    let rules = json!({
        "type": "array",
        "items": { "anyOf": [{ "$ref": "#/definitions/Rule" }, { "type": "string", "pattern": name_or_case }] },
    });
    let globs = json!({ "anyOf": [text, { "type": "array", "minItems": 1, "items": text }] });
    let level = json!({ "enum": ["default", "pedantic"], "default": "default" });
    let keys =
        || Config::keys().filter(|key| !matches!(*key, "$schema" | "extends" | "locks")).collect::<Vec<_>>();
    let settings_of_files = json!({
        "type": "object",
        "properties": {
            "files": described(globs, "Globs of the files, from the folder of this file."),
            "level": described(level.clone(), "The level of these files."),
            "select": described(rules.clone(), "Rules, groups and cases that run there."),
            "ignore": described(rules.clone(), "Rules, groups and cases that do not run there."),
            "severity": described(severity.clone(), "Severities there."),
            "kind": described(json!({ "enum": kinds }), "The kind of document that these files hold."),
        },
        "required": ["files"],
        "additionalProperties": false,
    });
    let mut schema = head(
        "config",
        "passrole's configuration",
        "`.passrole.jsonc`: which rules run, and what kinds of documents files hold.",
    );
    let object = json!({
        "type": "object",
        "properties": {
            "$schema": { "type": "string" },
            "extends": described(
                json!({ "type": "array", "items": { "type": "string", "pattern": "^(?!git@)(?!.*://).*\\S" } }),
                "Paths of configurations that this one is laid over, the nearest last; of this machine only.",
            ),
            "locks": described(
                json!({ "type": "array", "items": { "enum": keys() } }),
                "Settings that a configuration which extends this one must leave alone.",
            ),
            "edition": described(
                json!({ "enum": Edition::names().collect::<Vec<_>>() }),
                "Rules that are newer, and severities that rose since, wait for a later edition.",
            ),
            "severity": described(
                severity,
                "Rules, groups and cases, each with the severity of its findings; `off` leaves them out.",
            ),
            "exclude": described(
                json!({ "type": "array", "items": text }),
                "Globs of files that are not looked at unless they are named; one with `!` brings files back.",
            ),
            "overrides": described(
                json!({ "type": "array", "items": settings_of_files }),
                "Settings of some files, over those of all; the last that fits counts most.",
            ),
            "modules": described(
                json!({
                    "type": "object",
                    "additionalProperties": {
                        "type": "object",
                        "additionalProperties": {
                            "enum": catalog::ModuleArgument::ALL.map(catalog::ModuleArgument::name),
                        },
                    },
                }),
                "Terraform modules by their source, each with what its arguments hold.",
            ),
            "baseline": described(text.clone(), "The file of findings that are known and left for later."),
            "factsMaxAge": described(
                json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX }),
                "The most days that the facts of AWS may be old: with older ones `check` fails.",
            ),
            "level": described(
                level,
                "`pedantic` runs the rules, too, that most teams would find noisy.",
            ),
            "select": described(rules.clone(), "Rules, groups and cases that run, in place of those of the level."),
            "ignore": described(rules, "Rules, groups and cases that do not run."),
            "kinds": described(
                json!({ "type": "object", "additionalProperties": { "enum": kinds } }),
                "Globs, each with the kind of document that its files hold. The last one that fits counts.",
            ),
            "exceptions": described(
                json!({ "type": "array", "items": exception }),
                "Findings that are right and to be left as they are, each with its reason.",
            ),
            "honour": described(
                json!({ "type": "array", "items": { "enum": OtherTool::ALL.map(OtherTool::name) } }),
                "Tools whose own suppressions count, too, where exactly one rule covers the check.",
            ),
            "context": described(
                texts(json!({ "type": "string", "minLength": 1 })),
                "Files of other repositories (`passrole export`), or answers of `aws iam \
                 get-account-authorization-details`: the roles in them exist.",
            ),
            "roles": described(
                json!({ "type": "object", "additionalProperties": stated_role(&described) }),
                "Roles by their names, with the files that are theirs.",
            ),
            "accounts": described(
                texts(json!({ "type": "string", "pattern": "^\\d{12}$" })),
                "The accounts that the project is deployed to.",
            ),
            "regions": described(
                texts(json!({ "type": "string", "pattern": "^[a-z]{2}(-[a-z]+)+-\\d+$" })),
                "The Regions that the project is deployed to.",
            ),
            "complete": described(
                json!({ "type": "boolean" }),
                "Whether the project holds everything that uses its roles and what these are granted.",
            ),
            "repository": described(
                json!({ "type": "string", "pattern": "^[^/]+/[A-Za-z0-9._-]+$" }),
                "The repository as GitHub names it: whose tokens the roles of its workflows let in.",
            ),
            "values": described(
                json!({ "type": "object", "additionalProperties": { "type": "string" } }),
                "Files of values of Terraform, each with the folder of the root that it is for.",
            ),
            "never": described(
                json!({ "type": "array", "items": never }),
                "Access that no policy may grant, each row with its reason.",
            ),
            "require": described(
                json!({ "type": "array", "items": require }),
                "What roles, users, policies, task definitions and services must have, each row with its reason.",
            ),
        },
        "additionalProperties": false,
        "definitions": { "Rule": { "type": "string", "oneOf": choices } },
    });
    let described: Vec<&str> = object["properties"].as_object().unwrap().keys().map(String::as_str).collect();
    let unknown: Vec<&str> = Config::keys().filter(|key| !described.contains(key)).collect();
    assert!(unknown.is_empty(), "the schema of the configuration lacks {unknown:?}");
    schema.extend(object.as_object().unwrap().clone());
    Value::Object(schema)
}

/// One text of a form, or several.
fn texts(one: Value) -> Value {
    json!({ "anyOf": [one, { "type": "array", "items": one }] })
}

fn stated_role(described: &dyn Fn(Value, &str) -> Value) -> Value {
    json!({
        "type": "object",
        "properties": {
            "trust": described(
                json!({ "type": "string", "minLength": 1 }),
                "The file of its trust policy, from the folder of this file.",
            ),
            "policies": described(
                texts(json!({ "type": "string", "minLength": 1 })),
                "The files of its policies, from the folder of this file.",
            ),
            "attached": described(
                texts(json!({ "type": "string", "pattern": "^arn:.*:policy/" })),
                "ARNs of the managed policies that are attached to it.",
            ),
        },
        "additionalProperties": false,
    })
}
