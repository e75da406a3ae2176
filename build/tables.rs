//! Static tables for everything small: sorted, so that the catalog searches them by halving.

use super::{members, read, text, texts};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

pub fn build() -> String {
    let mut out = String::new();
    global_keys(&mut out);
    operators(&mut out);
    key_traits(&mut out);
    principals(&mut out);
    pass_role(&mut out);
    escalation(&mut out);
    bucket_actions(&mut out);
    oidc_providers(&mut out);
    words(&mut out);
    service_callers(&mut out);
    policy_owners(&mut out);
    several_resources(&mut out);
    services(&mut out);
    managed_policies(&mut out);
    regions(&mut out);
    containers(&mut out);
    eks(&mut out);
    fargate(&mut out);
    log_drivers(&mut out);
    agent_variables(&mut out);
    field_support(&mut out);
    required(&mut out);
    shapes(&mut out);
    out
}

pub fn list(items: &[&str]) -> String {
    format!("&{items:?}")
}

fn sorted(mut rows: Vec<(String, String)>) -> Vec<(String, String)> {
    rows.sort();
    for pair in rows.windows(2) {
        assert!(pair[0].0 != pair[1].0, "`{}` stands twice", pair[0].0);
    }
    rows
}

pub fn table(out: &mut String, name: &str, row: &str, rows: Vec<(String, String)>) {
    writeln!(out, "pub(super) static {name}: &[{row}] = &[").unwrap();
    for (_, row) in sorted(rows) {
        writeln!(out, "    {row},").unwrap();
    }
    writeln!(out, "];").unwrap();
}

fn value_type(name: &str) -> String {
    let variant = match name {
        "String" | "ArrayOfString" => "String",
        "ARN" | "ArrayOfARN" => "Arn",
        "Bool" | "ArrayOfBool" => "Bool",
        "Numeric" => "Numeric",
        "Date" => "Date",
        "IPAddress" => "IpAddress",
        "Binary" => "Binary",
        other => panic!("the unknown value type {other}"),
    };
    format!("ValueType::{variant}")
}

fn global_keys(out: &mut String) {
    let global = read("iam/global.json");
    let rows = members(&global["globalKeys"])
        .map(|(name, key)| {
            let row = format!(
                "GlobalKey {{ name: {name:?}, value_type: {}, also_type: {}, multivalued: {}, sensitive: {}, about: {:?}, present: {:?}, values: {}, services: {} }}",
                value_type(text(&key["type"])),
                key["alsoType"].as_str().map_or("None".to_string(), |name| format!("Some({})", value_type(name))),
                text(&key["arity"]) == "multi",
                key["sensitive"].as_bool() == Some(true),
                text(&key["about"]),
                text(&key["present"]),
                list(&texts(&key["values"])),
                list(&texts(&key["services"])),
            );
            (name.to_ascii_lowercase(), row)
        })
        .collect();
    table(out, "GLOBAL_KEYS", "GlobalKey", rows);
}

fn key_traits(out: &mut String) {
    let rows = members(&read("iam/condition-keys.json")["keys"])
        .map(|(name, key)| {
            let format = match key["format"].as_str() {
                None => "None".to_string(),
                Some(format) => {
                    let variant = match format {
                        "vpc" => "Vpc",
                        "vpc-endpoint" => "VpcEndpoint",
                        "account" => "Account",
                        "organization" => "Organization",
                        "organization-path" => "OrganizationPath",
                        "region" => "Region",
                        "service-principal" => "ServicePrincipal",
                        "regional-service-principal" => "RegionalServicePrincipal",
                        "kms-key" => "KmsKey",
                        other => panic!("condition-keys.json: {name} has the unknown format {other}"),
                    };
                    format!("Some(KeyFormat::{variant})")
                }
            };
            let is = |flag: &str| key[flag].as_bool() == Some(true);
            let extra = match (key["of"].as_str(), key["needs"].as_str()) {
                (Some(of), Some(needs)) => format!("Some(ExtraAction {{ of: {of:?}, needs: {needs:?} }})"),
                _ => "None".to_string(),
            };
            let row = format!(
                "KeyTraits {{ name: {name:?}, format: {format}, instead: {}, forgeable: {}, pair: {}, extra_action: {extra}, of_resource: {}, either_arity: {}, star_is_value: {}, guards: {}, tells_direct_callers: {}, resource: {:?} }}",
                list(&texts(&key["instead"])),
                is("forgeable"),
                list(&texts(&key["pair"])),
                is("ofResource"),
                is("eitherArity"),
                is("starIsValue"),
                is("guards"),
                is("tellsDirectCallers"),
                key["resource"].as_str(),
            );
            (name.to_ascii_lowercase(), row)
        })
        .collect();
    table(out, "KEY_TRAITS", "KeyTraits", rows);
    // Few: asked for every action of a policy on each keystroke.
    let keys = read("iam/condition-keys.json");
    let actions: BTreeSet<&str> = members(&keys["keys"]).filter_map(|(_, key)| key["of"].as_str()).collect();
    let rows = actions.into_iter().map(|of| (of.to_string(), format!("{of:?}"))).collect();
    table(out, "ACTIONS_WITH_EXTRAS", "&str", rows);
}

fn operators(out: &mut String) {
    let global = read("iam/global.json");
    let limits = members(&global["limits"])
        .filter_map(|(name, limit)| {
            let least = limit["chars"].as_u64()?;
            let most = limit["max"].as_u64().unwrap_or(least);
            let row = format!(
                "PolicyLimit {{ name: {name:?}, title: {:?}, least: {least}, most: {most}, together: {}, white_space: {} }}",
                text(&limit["title"]),
                limit["aggregate"].as_bool() == Some(true),
                limit["whitespaceCounted"].as_bool() != Some(false),
            );
            Some((name.clone(), row))
        })
        .collect();
    table(out, "POLICY_LIMITS", "PolicyLimit", limits);
    let attached = members(&global["limits"])
        .filter_map(|(name, limit)| {
            let to = name.strip_prefix("managedPer")?.to_ascii_lowercase();
            let (least, most) = (limit[0].as_u64()?, limit[1].as_u64()?);
            Some((to.clone(), format!("({to:?}, {least}, {most})")))
        })
        .collect();
    table(out, "ATTACHED_LIMITS", "(&str, u32, u32)", attached);
    let rows = members(&global["operators"])
        .map(|(name, operator)| {
            let row = format!(
                "BaseOperator {{ name: {name:?}, family: Family::{}, negated: {}, wildcards: {}, variables: {} }}",
                match text(&operator["family"]) {
                    "IP" | "IPAddress" | "Ip" => "IpAddress",
                    "ARN" => "Arn",
                    other => other,
                },
                operator["negated"].as_bool() == Some(true),
                operator["wildcards"].as_bool() == Some(true),
                operator["variables"].as_bool() == Some(true),
            );
            (name.to_ascii_lowercase(), row)
        })
        .collect();
    table(out, "OPERATORS", "BaseOperator", rows);
}

fn principals(out: &mut String) {
    let file = read("iam/principals.json");
    let rows =
        texts(&file["principals"]).iter().map(|name| (name.to_string(), format!("{name:?}"))).collect();
    table(out, "SERVICE_PRINCIPALS", "&str", rows);
    let rows = members(&file["variants"])
        .flat_map(|(_, forms)| texts(forms))
        .map(|form| (form.to_string(), format!("{form:?}")))
        .collect();
    table(out, "REGIONAL_PRINCIPALS", "&str", rows);
    let domains = texts(&file["domains"]);
    assert!(domains.iter().all(|it| it.starts_with('.')), "principals.json: a domain begins with its dot");
    writeln!(out, "pub(super) static SERVICE_DOMAINS: &[&str] = {};", list(&domains)).unwrap();
    let roles = read("ecs/role-principals.json");
    let kinds = roles["kinds"].as_array().expect("kinds is a list");
    let rows = kinds
        .iter()
        .enumerate()
        .map(|(index, kind)| {
            let row = format!(
                "RoleKind {{ name: {:?}, principal: {:?}, words: {}, managed: {} }}",
                text(&kind["kind"]),
                text(&kind["principal"]),
                list(&texts(&kind["words"])),
                list(&texts(&kind["managed"]))
            );
            (format!("{index:03}"), row)
        })
        .collect();
    table(out, "ROLE_KINDS", "RoleKind", rows);
    let rows = members(&roles["serviceWords"])
        .map(|(principal, words)| (principal.clone(), format!("({principal:?}, {})", list(&texts(words)))))
        .collect();
    table(out, "PRINCIPAL_WORDS", "(&str, &[&str])", rows);
    for (field, name) in [("behindTask", "WORDS_BEHIND_TASK"), ("ofContainers", "WORDS_OF_CONTAINERS")] {
        writeln!(out, "pub(super) static {name}: &[&str] = {};", list(&texts(&roles[field]))).unwrap();
    }
    let rows = members(&roles["misspelt"])
        .map(|(wrong, right)| (wrong.clone(), format!("({wrong:?}, {:?})", text(right))))
        .collect();
    table(out, "MISSPELT_PRINCIPALS", "(&str, &str)", rows);
}

fn pass_role(out: &mut String) {
    let rows = members(&read("iam/pass-role.json"))
        .flat_map(|(service, actions)| {
            members(actions)
                .map(|(name, row)| {
                    let action = format!("{service}:{name}");
                    let row = format!(
                        "PassRole {{ action: {action:?}, passed_to: {}, members: {}, of_task: {} }}",
                        list(&texts(&row["passedTo"])),
                        list(&texts(&row["members"])),
                        row["ofTask"].as_bool() == Some(true),
                    );
                    (action.to_ascii_lowercase(), row)
                })
                .collect::<Vec<_>>()
        })
        .collect();
    table(out, "PASS_ROLE", "PassRole", rows);
}

/// Fails where an action does not exist.
fn assert_action(action: &str, file: &str) {
    let (service, name) = action.split_once(':').expect("an action has a service");
    let known = read(&format!("iam/services/{service}.json"));
    assert!(!known["actions"][name].is_null(), "{file}: {action} is not an action");
}

fn escalation(out: &mut String) {
    let file = read("iam/escalation.json");
    let rows = file["sets"]
        .as_array()
        .expect("sets is a list")
        .iter()
        .enumerate()
        .map(|(index, set)| {
            let actions = texts(&set["actions"]);
            actions.iter().for_each(|action| assert_action(action, "escalation.json"));
            let row = format!("Escalation {{ actions: {}, how: {:?} }}", list(&actions), text(&set["how"]));
            // One action alone comes first, as whoever has it needs no second; then what is about ECS.
            let elsewhere = !actions.iter().any(|action| action.starts_with("ecs:"));
            (format!("{:02} {elsewhere} {index:03}", actions.len()), row)
        })
        .collect();
    table(out, "ESCALATIONS", "Escalation", rows);
    for (field, name) in [("credentials", "CREDENTIAL_ACTIONS"), ("data", "DATA_ACTIONS")] {
        let rows = texts(&file[field])
            .iter()
            .map(|action| {
                assert_action(action, "escalation.json");
                (action.to_ascii_lowercase(), format!("{action:?}"))
            })
            .collect();
        table(out, name, "&str", rows);
    }
}

/// What a bucket's own settings give.
fn bucket_actions(out: &mut String) {
    let rows = members(&read("iam/escalation.json")["buckets"])
        .map(|(action, gives)| {
            let gives = texts(gives);
            gives.iter().chain([&action.as_str()]).for_each(|it| assert_action(it, "escalation.json"));
            (action.clone(), format!("({action:?}, {})", list(&gives)))
        })
        .collect();
    table(out, "BUCKET_ACTIONS", "(&str, &[&str])", rows);
}

fn oidc_providers(out: &mut String) {
    let file = read("iam/oidc-providers.json");
    let contexts = list(&texts(&file["contexts"]));
    writeln!(out, "pub(super) static GITHUB_CONTEXTS: &[&str] = {contexts};").unwrap();
    let rows = members(&file["shared"])
        .map(|(issuer, provider)| {
            let row = format!(
                "OidcProvider {{ issuer: {issuer:?}, title: {:?}, claim: {:?}, example: {:?}, subject: {}, is_fixed: {} }}",
                text(&provider["title"]),
                text(&provider["claim"]),
                provider["example"].as_str().unwrap_or_default(),
                match texts(&provider["subject"])[..] {
                    [start, end] => format!("Some(({start:?}, {end:?}))"),
                    _ => "None".to_string(),
                },
                provider["fixed"].as_bool() == Some(true),
            );
            (issuer.clone(), row)
        })
        .collect();
    table(out, "OIDC_PROVIDERS", "OidcProvider", rows);
}

fn service_callers(out: &mut String) {
    let file = read("iam/service-callers.json");
    for (field, name) in [
        ("resource", "SERVICES_WITH_SOURCE"),
        ("role", "ROLE_SERVICES_WITH_SOURCE"),
        ("withLinkedRole", "SERVICES_WITH_LINKED_ROLE"),
        ("neverForServices", "KEYS_NEVER_FOR_SERVICES"),
        ("ofServices", "KEYS_OF_SERVICES"),
    ] {
        let rows = texts(&file[field]).iter().map(|it| (it.to_string(), format!("{it:?}"))).collect();
        table(out, name, "&str", rows);
    }
    let rows = members(&file["sourceServices"])
        .map(|(principal, services)| {
            (principal.clone(), format!("({principal:?}, {})", list(&texts(services))))
        })
        .collect();
    table(out, "SOURCE_SERVICES", "(&str, &[&str])", rows);
    let rows = members(&file["assumes"])
        .map(|(who, way)| {
            let (action, words) = (text(&way[0]), text(&way[1]));
            assert_action(action, "service-callers.json");
            (who.clone(), format!("WayOfAssuming {{ who: {who:?}, action: {action:?}, words: {words:?} }}"))
        })
        .collect();
    table(out, "WAYS_OF_ASSUMING", "WayOfAssuming", rows);
    let rows = members(&file["sessionActions"])
        .map(|(principal, actions)| {
            let actions = texts(actions);
            actions.iter().for_each(|action| assert_action(action, "service-callers.json"));
            (principal.clone(), format!("({principal:?}, {})", list(&actions)))
        })
        .collect();
    table(out, "SESSION_ACTIONS", "(&str, &[&str])", rows);
}

fn policy_owners(out: &mut String) {
    let file = read("iam/policy-owners.json");
    let limits = &read("iam/global.json")["limits"];
    let rows = members(&file["owners"])
        .map(|(resource_type, owner)| {
            let limit = owner["limit"].as_str().unwrap_or_default();
            assert!(limit.is_empty() || limits[limit].is_object(), "policy-owners.json: no limit {limit}");
            let row = format!(
                "PolicyOwner {{ resource_type: {resource_type:?}, what: {:?}, services: {}, limit: {limit:?}, refuses: {}, refuses_arn_principals: {} }}",
                text(&owner["what"]),
                list(&texts(&owner["services"])),
                owner["refuses"].as_bool() == Some(true),
                owner["refusesArnPrincipals"].as_bool() == Some(true),
            );
            (resource_type.clone(), row)
        })
        .collect();
    table(out, "POLICY_OWNERS", "PolicyOwner", rows);
    let rows = members(&file["byService"])
        .map(|(service, owner)| {
            assert!(file["owners"][text(owner)].is_object(), "policy-owners.json: no owner {owner}");
            (service.clone(), format!("({service:?}, {:?})", text(owner)))
        })
        .collect();
    table(out, "OWNERS_BY_SERVICE", "(&str, &str)", rows);
}

/// Actions that are checked against resources of several types.
fn several_resources(out: &mut String) {
    let file = read("iam/several-resources.json");
    let mut rows = Vec::new();
    for (service, left_out) in members(&file["byReference"]) {
        let reference = read(&format!("iam/services/{service}.json"));
        let left_out = texts(left_out);
        for name in &left_out {
            assert!(!reference["actions"][name].is_null(), "several-resources.json: no {service}:{name}");
        }
        for (name, action) in members(&reference["actions"]) {
            let needed: Vec<String> = texts(&action["on"])
                .iter()
                .filter_map(|on| Some(on.strip_suffix('*')?.to_string()))
                .collect();
            if needed.len() > 1 && !left_out.contains(&name.as_str()) {
                let groups: Vec<String> = needed.iter().map(|it| format!("&[{it:?}]")).collect();
                rows.push((format!("{service}:{name}"), groups));
            }
        }
    }
    for (action, groups) in members(&file["actions"]) {
        assert_action(action, "several-resources.json");
        let groups = groups.as_array().expect("groups are a list").iter();
        rows.push((action.clone(), groups.map(|group| list(&texts(group))).collect()));
    }
    let rows = rows
        .into_iter()
        .map(|(action, groups)| {
            let key = action.to_ascii_lowercase();
            (key.clone(), format!("({key:?}, &[{}])", groups.join(", ")))
        })
        .collect();
    table(out, "SEVERAL_RESOURCES", "(&str, &[&[&str]])", rows);
}

/// Names that are not actions (any more): by `service:name` in lower case.
fn services(out: &mut String) {
    let mut rows = Vec::new();
    for (service, actions) in members(&read("iam/retired-actions.json")) {
        for (name, date) in members(actions) {
            let action = format!("{service}:{name}");
            rows.push((
                action.to_ascii_lowercase(),
                format!("({:?}, {:?})", action.to_ascii_lowercase(), text(date)),
            ));
        }
    }
    table(out, "RETIRED", "(&str, &str)", rows);
    let unlisted = read("iam/unlisted-actions.json");
    let rows = members(&unlisted)
        .filter(|(_, names)| names.is_array())
        .flat_map(|(service, names)| texts(names).into_iter().map(move |name| format!("{service}:{name}")))
        .map(|action| action.to_ascii_lowercase())
        .map(|action| (action.clone(), format!("{action:?}")))
        .collect();
    table(out, "UNLISTED", "&str", rows);
    let disputed = read("iam/disputed.json");
    for (field, name) in [
        ("actionsOf", "DISPUTED_SERVICES"),
        ("actions", "DISPUTED_ACTIONS"),
        ("nothing", "NO_ACTIONS"),
        ("samples", "SAMPLE_ACTIONS"),
    ] {
        let rows =
            texts(&disputed[field]).into_iter().map(|it| (it.to_string(), format!("{it:?}"))).collect();
        table(out, name, "&str", rows);
    }
    let rows = members(&disputed["generated"]).map(|(action, beside)| {
        (action.to_string(), format!("({action:?}, &{:?} as &[&str])", texts(beside)))
    });
    table(out, "GENERATED_ACTIONS", "(&str, &[&str])", rows.collect());
    let meant = read("iam/meant.json");
    for (field, name) in [("actions", "MEANT_ACTIONS"), ("keys", "MEANT_KEYS")] {
        let rows = members(&meant[field])
            .map(|(from, to)| (from.clone(), format!("({from:?}, {:?})", text(to))))
            .collect();
        table(out, name, "(&str, &str)", rows);
    }
    let known = read("iam/api-actions.json");
    let mut rows: std::collections::BTreeMap<String, String> = std::collections::BTreeMap::new();
    for (service, names) in members(&read("iam/api-not-action.json")) {
        for name in texts(names) {
            let name = format!("{service}:{name}").to_ascii_lowercase();
            rows.insert(name.clone(), format!("({name:?}, None)"));
        }
    }
    for (service, names) in members(&known).filter(|(_, names)| names.is_object()) {
        let actions = read(&format!("iam/services/{service}.json"));
        for (name, action) in members(names) {
            let action = text(action);
            assert!(
                !actions["actions"][action].is_null(),
                "api-actions.json: {service}:{action} is not an action"
            );
            if !actions["actions"][name].is_null() {
                continue;
            }
            let name = format!("{service}:{name}").to_ascii_lowercase();
            rows.insert(name.clone(), format!("({name:?}, Some({:?}))", format!("{service}:{action}")));
        }
    }
    table(out, "API_NAMES", "(&str, Option<&str>)", rows.into_iter().collect());
    let newer = read("iam/newer-operations.json");
    let rows = members(&newer)
        .flat_map(|(service, names)| {
            texts(names).into_iter().map(move |name| format!("{service}:{name}").to_ascii_lowercase())
        })
        .map(|name| (name.clone(), format!("{name:?}")))
        .collect();
    table(out, "NEWER_OPERATIONS", "&str", rows);
}

/// What people call services, and which names of resources hold no slash.
fn words(out: &mut String) {
    let rows = members(&read("iam/service-names.json")["prefixes"])
        .map(|(word, prefix)| {
            let has = |prefix: &str| Path::new(&format!("schemas/iam/services/{prefix}.json")).is_file();
            assert!(!has(word) && has(text(prefix)), "service-names.json: {word} stands for {prefix}");
            (word.clone(), format!("({word:?}, {:?})", text(prefix)))
        })
        .collect();
    table(out, "SERVICE_NAMES", "(&str, &str)", rows);
    let file = read("iam/arn-names.json");
    let rows = members(&file["withoutSlash"])
        .map(|(service, names)| {
            let known = read(&format!("iam/services/{service}.json"));
            let formats: Vec<&str> =
                members(&known["resources"]).flat_map(|(_, of)| texts(&of["arn"])).collect();
            let mut names = texts(names);
            names.sort_unstable();
            for name in &names {
                let placeholder = format!("${{{name}}}");
                assert!(
                    formats.iter().any(|format| format.contains(&placeholder)),
                    "arn-names.json: no ARN of {service} has {placeholder}"
                );
            }
            (service.clone(), format!("({service:?}, {})", list(&names)))
        })
        .collect();
    table(out, "NAMES_WITHOUT_SLASH", "(&str, &[&str])", rows);
    let rows =
        texts(&file["onlyAllResources"]).iter().map(|it| (it.to_string(), format!("{it:?}"))).collect();
    table(out, "ONLY_ALL_RESOURCES", "&str", rows);
}

/// The day of the oldest source that names actions: `0.1.202610271` is of 27 October 2026.
fn facts_as_of(out: &mut String) {
    let lock = read("sources.lock.json");
    let actions =
        lock.as_array().unwrap().iter().find(|it| it["role"] == "actions, resources, keys").unwrap();
    let digits = text(&actions["version"]).rsplit('.').next().unwrap();
    let day = format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..8]);
    writeln!(out, "pub(super) static FACTS_AS_OF: &str = {day:?};").unwrap();
}

fn managed_policies(out: &mut String) {
    facts_as_of(out);
    let file = read("iam/managed-policies.json");
    let overrides = read("overrides/managed-policies.json");
    writeln!(out, "pub(super) static MANAGED_POLICIES_AS_OF: &str = {:?};", text(&file["asOf"])).unwrap();
    let live = texts(&file["live"]);
    let rows = live.iter().map(|name| (name.to_string(), format!("{name:?}"))).collect();
    table(out, "MANAGED_POLICIES", "&str", rows);
    let elevated = texts(&overrides["elevated"]);
    let rows = elevated.iter().map(|name| (name.to_string(), format!("{name:?}"))).collect();
    table(out, "ELEVATED_MANAGED_POLICIES", "&str", rows);
    let replaced: BTreeMap<&str, &str> =
        members(&overrides["replaced"]).map(|(name, by)| (name.as_str(), text(by))).collect();
    for by in replaced.values().chain(&elevated) {
        assert!(live.contains(by), "`{by}` is not a managed policy");
    }
    let withdrawn: BTreeSet<&str> =
        texts(&file["deprecated"]).into_iter().chain(replaced.keys().copied()).collect();
    let rows = withdrawn
        .into_iter()
        .map(|name| (name.to_string(), format!("({name:?}, {:?})", replaced.get(name))))
        .collect();
    table(out, "WITHDRAWN_MANAGED_POLICIES", "(&str, Option<&str>)", rows);
}

fn regions(out: &mut String) {
    let file = read("iam/regions.json");
    let rows = members(&file)
        .filter(|(_, partition)| partition.is_object())
        .map(|(name, partition)| {
            (name.clone(), format!("({name:?}, {})", list(&texts(&partition["regions"]))))
        })
        .collect();
    table(out, "PARTITIONS", "(&str, &[&str])", rows);
}

fn containers(out: &mut String) {
    let file = read("ecs/containers.json");
    let rows = members(&file["lists"])
        .map(|(name, items)| (name.clone(), format!("({name:?}, {})", list(&texts(items)))))
        .collect();
    table(out, "CONTAINER_LISTS", "(&str, &[&str])", rows);
    let volume = &read("ecs/task-definition.json")["shapes"]["Volume"]["members"];
    for kind in texts(&file["lists"]["volumeKinds"]) {
        assert!(!volume[kind].is_null(), "containers.json: {kind} is no field of a volume");
    }
    let rows = members(&file["limits"])
        .map(|(name, limit)| {
            (name.clone(), format!("({name:?}, {})", limit.as_u64().expect("a limit is a number")))
        })
        .collect();
    table(out, "CONTAINER_LIMITS", "(&str, u32)", rows);
    let rows = file["tokens"]
        .as_array()
        .expect("tokens is a list")
        .iter()
        .map(|token| {
            let prefix = text(&token["prefix"]);
            let row = format!(
                "TokenFormat {{ prefix: {prefix:?}, title: {:?}, least: {} }}",
                text(&token["title"]),
                token["least"].as_u64().expect("least is a number"),
            );
            (prefix.to_string(), row)
        })
        .collect();
    table(out, "TOKEN_FORMATS", "TokenFormat", rows);
    formats(out);
}

/// Forms of values for a person to fill in, and what structures are called.
fn formats(out: &mut String) {
    let file = read("prose/formats.json");
    let rows = members(&file["formats"])
        .map(|(of, forms)| {
            let forms: Vec<(&str, &str)> =
                forms.as_array().unwrap().iter().map(|form| (text(&form[0]), text(&form[1]))).collect();
            (of.clone(), format!("({of:?}, &{forms:?})"))
        })
        .collect();
    table(out, "VALUE_FORMATS", "(&str, &[(&str, &str)])", rows);
    let rows = members(&file["structures"])
        .map(|(name, title)| (name.clone(), format!("({name:?}, {:?})", text(title))))
        .collect();
    table(out, "STRUCTURE_TITLES", "(&str, &str)", rows);
}

/// Names that EKS and its authenticator read.
fn eks(out: &mut String) {
    let file = read("eks/names.json");
    let rows = members(&file["lists"])
        .map(|(name, items)| (name.clone(), format!("({name:?}, {})", list(&texts(items)))))
        .collect();
    table(out, "EKS_NAMES", "(&str, &[&str])", rows);
    let annotations = texts(&file["lists"]["annotations"]);
    let rows = members(&file["meantAnnotations"])
        .map(|(wrong, right)| {
            assert!(annotations.contains(&text(right)), "names.json: {right} is no annotation");
            (wrong.clone(), format!("({wrong:?}, {:?})", text(right)))
        })
        .collect();
    table(out, "MEANT_ANNOTATIONS", "(&str, &str)", rows);
}

fn fargate(out: &mut String) {
    let file = read("ecs/fargate.json");
    let rows = file["sizes"]
        .as_array()
        .expect("sizes is a list")
        .iter()
        .map(|size| {
            let cpu = size["cpu"].as_u64().expect("cpu is a number");
            let memory: Vec<u64> = match &size["memory"] {
                Value::Array(items) => items.iter().filter_map(Value::as_u64).collect(),
                range => {
                    let number = |name: &str| range[name].as_u64().expect("a number");
                    (number("from")..=number("to")).step_by(number("step") as usize).collect()
                }
            };
            let windows = texts(&size["os"]).contains(&"WINDOWS");
            (
                format!("{cpu:09}"),
                format!("FargateSize {{ cpu: {cpu}, memory: &{memory:?}, windows: {windows} }}"),
            )
        })
        .collect();
    table(out, "FARGATE_SIZES", "FargateSize", rows);
    let old = list(&texts(&file["oldPlatformVersions"]));
    writeln!(out, "pub(super) static OLD_PLATFORM_VERSIONS: &[&str] = {old};").unwrap();
    let current = list(&texts(&file["platformVersions"]));
    writeln!(out, "pub(super) static PLATFORM_VERSIONS: &[&str] = {current};").unwrap();
    writeln!(out, "pub(super) static FARGATE_FAMILIES: &[&str] = {};", list(&texts(&file["os"]))).unwrap();
}

fn log_drivers(out: &mut String) {
    let file = read("ecs/log-drivers.json");
    let rows = members(&file["launchTypes"])
        .map(|(launch_type, drivers)| {
            (launch_type.clone(), format!("({launch_type:?}, {})", list(&texts(drivers))))
        })
        .collect();
    table(out, "LOG_DRIVERS", "(&str, &[&str])", rows);
    let rows = members(&file["options"])
        .map(|(driver, options)| {
            let row = format!(
                "LogOptions {{ driver: {driver:?}, required: {}, optional: {} }}",
                list(&texts(&options["required"])),
                list(&texts(&options["optional"]))
            );
            (driver.clone(), row)
        })
        .collect();
    table(out, "LOG_OPTIONS", "LogOptions", rows);
}

fn agent_variables(out: &mut String) {
    let file = read("ecs/agent-variables.json");
    let rows = members(&file["variables"])
        .map(|(name, variable)| {
            let bound = |name: &str| format!("{:?}", variable[name].as_i64());
            let value_type = match text(&variable["type"]) {
                "boolean" => "AgentValue::Boolean".to_string(),
                "integer" => {
                    format!("AgentValue::Integer {{ min: {}, max: {} }}", bound("min"), bound("max"))
                }
                "duration" => "AgentValue::Duration".to_string(),
                "list" => "AgentValue::List".to_string(),
                "object" => "AgentValue::Object".to_string(),
                "text" => "AgentValue::Text".to_string(),
                "enum" => format!("AgentValue::Enum({})", list(&texts(&variable["values"]))),
                other => panic!("the unknown type {other} of {name}"),
            };
            (name.clone(), format!("AgentVariable {{ name: {name:?}, value: {value_type} }}"))
        })
        .collect();
    table(out, "AGENT_VARIABLES", "AgentVariable", rows);
}

/// Fields that are asked for though the API's model does not say so.
fn required(out: &mut String) {
    let file = read("ecs/required.json");
    let shapes: Vec<Value> = ["ecs/task-definition.json", "ecs/other-inputs.json"].map(read).into();
    for (part, name) in [("task", "REQUIRED_OF_TASKS"), ("service", "REQUIRED_OF_SERVICES")] {
        let rows = members(&file[part])
            .map(|(shape, fields)| {
                let fields = texts(fields);
                for field in &fields {
                    let is_known =
                        shapes.iter().any(|file| !file["shapes"][shape]["members"][*field].is_null());
                    assert!(is_known, "required.json: {shape}.{field} is no field");
                }
                (shape.clone(), format!("({shape:?}, {})", list(&fields)))
            })
            .collect();
        table(out, name, "(&str, &[&str])", rows);
    }
}

fn field_support(out: &mut String) {
    let file = read("ecs/field-support.json");
    let known = read("ecs/task-definition.json");
    let rows = members(&file["fields"])
        .flat_map(|(path, platforms)| {
            let (shape, field) = path.split_once('.').expect("a structure and a field");
            assert!(!known["shapes"][shape]["members"][field].is_null(), "field-support.json: {path} is no field");
            members(platforms)
                .map(|(platform, row)| {
                    let text = format!(
                        "FieldSupport {{ shape: {shape:?}, field: {field:?}, on: Platform::{}, only: {}, not: {}, unless: {}, refusal: Refusal::{}, says: {:?} }}",
                        self::platform(platform),
                        list(&texts(&row["only"])),
                        list(&texts(&row["not"])),
                        format_args!("&[{}]", texts(&row["unless"]).iter().map(|it| format!("Platform::{}", self::platform(it))).collect::<Vec<_>>().join(", ")),
                        match row["severity"].as_str() {
                            None => "Refused",
                            Some("warning") => "Ignored",
                            Some("info") => "Disputed",
                            Some(other) => panic!("field-support.json: the unknown severity {other}"),
                        },
                        row["says"].as_str().unwrap_or_default(),
                    );
                    (format!("{path} {platform}"), text)
                })
                .collect::<Vec<_>>()
        })
        .collect();
    table(out, "FIELD_SUPPORT", "FieldSupport", rows);
    let attributes = list(&texts(&file["placementAttributes"]["MANAGED_INSTANCES"]));
    writeln!(out, "pub(super) static MANAGED_INSTANCES_ATTRIBUTES: &[&str] = {attributes};").unwrap();
}

fn platform(name: &str) -> &'static str {
    match name {
        "ANY" => "Any",
        "EC2" => "Ec2",
        "FARGATE" => "Fargate",
        "EXTERNAL" => "External",
        "MANAGED_INSTANCES" => "ManagedInstances",
        "WINDOWS" => "Windows",
        other => panic!("field-support.json: the unknown platform {other}"),
    }
}

fn shapes(out: &mut String) {
    let file = read("ecs/task-definition.json");
    shape_table(out, "SHAPES", &file);
    writeln!(out, "pub(super) static TASK_DEFINITION: &str = {:?};", text(&file["root"])).unwrap();
    shape_table(out, "OTHER_SHAPES", &read("ecs/other-inputs.json"));
}

fn shape_table(out: &mut String, table_name: &str, file: &Value) {
    let field_type = |member: &Value| -> String { field_type(member, &file["enums"]) };
    let rows = members(&file["shapes"])
        .map(|(name, shape)| {
            let required = texts(&shape["required"]);
            let fields: Vec<String> = members(&shape["members"])
                .map(|(field, member)| {
                    let limits = limits(&file["limits"], name, field, member);
                    format!(
                        "Field {{ name: {field:?}, required: {}, field_type: {}, limits: {limits} }}",
                        required.contains(&field.as_str()),
                        field_type(member)
                    )
                })
                .collect();
            (name.clone(), format!("Shape {{ name: {name:?}, fields: &[{}] }}", fields.join(", ")))
        })
        .collect();
    table(out, table_name, "Shape", rows);
}

fn field_type(member: &Value, enums: &Value) -> String {
    let scalar = |name: &str| match name {
        "string" => Some("FieldType::String"),
        "integer" | "long" => Some("FieldType::Integer"),
        "double" | "float" => Some("FieldType::Number"),
        "boolean" => Some("FieldType::Boolean"),
        "timestamp" => Some("FieldType::String"),
        "document" => Some("FieldType::Document"),
        _ => None,
    };
    match member {
        Value::String(name) => {
            scalar(name).map_or_else(|| format!("FieldType::Structure({name:?})"), str::to_string)
        }
        Value::Object(object) => {
            if let Some(name) = object.get("enum") {
                format!("FieldType::Enum({})", list(&texts(&enums[text(name)])))
            } else if let Some(item) = object.get("list") {
                format!("FieldType::List(&{})", field_type(item, enums))
            } else if object.contains_key("map") {
                "FieldType::Map".to_string()
            } else {
                scalar(text(&object["type"])).expect("a scalar").to_string()
            }
        }
        other => panic!("no type: {other}"),
    }
}

/// `limits` names task-level fields alone, others with their structure. What is not written there the
/// API's model may say beside the type.
fn limits(limits: &Value, shape: &str, field: &str, member: &Value) -> String {
    let key =
        if shape == "RegisterTaskDefinitionRequest" { field.to_string() } else { format!("{shape}.{field}") };
    let row = &limits[key];
    let is = |name: &str| member["type"].as_str() == Some(name);
    let number = |name: &str, own: Option<&str>| {
        let own = own.and_then(|own| member[own].as_i64());
        row[name].as_i64().or(own).map_or("None".to_string(), |number| format!("Some({number})"))
    };
    let when = |holds: bool, own: &'static str| holds.then_some(own);
    format!(
        "Limits {{ min: {}, max: {}, default: {}, max_length: {}, max_items: {} }}",
        number("min", when(is("integer"), "min")),
        number("max", when(is("integer"), "max")),
        number("default", None),
        number("maxLen", when(is("string"), "max")),
        number("maxItems", when(!member["list"].is_null(), "max")),
    )
}
