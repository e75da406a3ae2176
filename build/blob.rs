//! The blob: services, actions, resource types, condition keys.
//!
//! All numbers little-endian. Sections, in the order of the header's offsets: string offsets, services
//! (16 bytes), actions (10), resource types (6), condition keys (4), set offsets, sets.
//! `src/catalog/blob.rs` reads it.

use super::{members, read, tables, text, texts, words};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Ids are 16 bits wide; the data set has room to double.
fn id(index: usize, what: &str) -> u16 {
    u16::try_from(index).unwrap_or_else(|_| panic!("more than 65,536 {what}: the blob's ids are too narrow"))
}

#[derive(Default)]
struct Strings {
    all: Vec<String>,
    known: HashMap<String, u16>,
}

impl Strings {
    fn add(&mut self, text: &str) -> u16 {
        if let Some(known) = self.known.get(text) {
            return *known;
        }
        let id = id(self.all.len(), "strings");
        self.all.push(text.to_string());
        self.known.insert(text.to_string(), id);
        id
    }
}

#[derive(Default)]
struct Sets {
    all: Vec<Vec<u16>>,
    known: HashMap<Vec<u16>, u16>,
}

impl Sets {
    fn add(&mut self, items: Vec<u16>) -> u16 {
        if let Some(known) = self.known.get(&items) {
            return *known;
        }
        let id = id(self.all.len(), "sets");
        self.all.push(items.clone());
        self.known.insert(items, id);
        id
    }
}

/// The value types, in the order of `catalog::ValueType`.
const TYPES: [&str; 10] = [
    "String",
    "ArrayOfString",
    "ARN",
    "ArrayOfARN",
    "Bool",
    "ArrayOfBool",
    "Numeric",
    "Date",
    "IPAddress",
    "Binary",
];

/// The access levels, in the order of `catalog::AccessLevel`.
const LEVELS: [&str; 5] = ["List", "Read", "Write", "Tagging", "Permissions"];

/// The blob, the pool of strings beside it, and the words that names of actions begin with, as a table.
pub fn build() -> (Vec<u8>, String, String) {
    let mut verbs = BTreeSet::new();
    let mut files: Vec<String> = std::fs::read_dir("schemas/iam/services")
        .expect("schemas/iam/services can be read")
        .map(|entry| entry.expect("a folder entry").file_name().to_string_lossy().to_string())
        .filter(|name| name.ends_with(".json"))
        .collect();
    files.sort();
    let mut strings = Strings::default();
    let mut sets = Sets::default();
    sets.add(Vec::new());
    let mut keys: Vec<(u16, u8)> = Vec::new();
    let mut known_keys: HashMap<(String, u8), u16> = HashMap::new();
    let (mut services, mut actions, mut resources) = (Vec::new(), Vec::new(), Vec::new());
    let (mut action_count, mut resource_count) = (0usize, 0usize);
    let mut prefixes: Vec<(String, String)> = Vec::new();
    for file in &files {
        let service = read(&format!("iam/services/{file}"));
        let prefix = text(&service["prefix"]).to_string();
        prefixes.push((prefix.to_ascii_lowercase(), file.clone()));
    }
    // The catalog searches by prefix.
    prefixes.sort();
    for (prefix, file) in &prefixes {
        let service = read(&format!("iam/services/{file}"));
        assert_eq!(prefix, text(&service["prefix"]), "{file}: prefixes are lower case");
        let mut types: BTreeMap<String, u16> = BTreeMap::new();
        let mut key_ids = Vec::new();
        for (name, value_type) in members(&service["conditionKeys"]) {
            let value_type = text(value_type);
            let value_type = TYPES
                .iter()
                .position(|known| *known == value_type)
                .unwrap_or_else(|| panic!("{file}: the key {name} has the unknown type {value_type}"))
                as u8;
            let key = *known_keys.entry((name.clone(), value_type)).or_insert_with(|| {
                keys.push((strings.add(name), value_type));
                id(keys.len() - 1, "condition keys")
            });
            types.insert(name.clone(), key);
            key_ids.push(key);
        }
        let key_set = |names: Vec<&str>, sets: &mut Sets| {
            let ids = names
                .iter()
                .map(|name| *types.get(*name).unwrap_or_else(|| panic!("{file}: the key {name} has no type")))
                .collect();
            sets.add(ids)
        };
        let mut resource_index = HashMap::new();
        let first_resource = resource_count;
        for (name, resource) in members(&service["resources"]) {
            resource_index.insert(name.clone(), id(resource_count - first_resource, "resource types"));
            let arns = texts(&resource["arn"]).iter().map(|arn| strings.add(arn)).collect();
            resources.extend(strings.add(name).to_le_bytes());
            resources.extend(sets.add(arns).to_le_bytes());
            resources.extend(key_set(texts(&resource["keys"]), &mut sets).to_le_bytes());
            resource_count += 1;
        }
        let first_action = action_count;
        let mut sorted: Vec<_> = members(&service["actions"]).collect();
        sorted.sort_by_key(|(name, _)| name.to_ascii_lowercase());
        for (name, action) in sorted {
            verbs.insert(words::first_word(name).to_ascii_lowercase());
            let level = text(&action["level"]);
            let level = LEVELS
                .iter()
                .position(|known| *known == level)
                .unwrap_or_else(|| panic!("{file}: {name} has the unknown access level {level}"));
            let permission_only = action["permissionOnly"].as_bool() == Some(true);
            let mut on = Vec::new();
            for resource in texts(&action["on"]) {
                let required = resource.ends_with('*');
                let resource = resource.trim_end_matches('*');
                let index = *resource_index
                    .get(resource)
                    .unwrap_or_else(|| panic!("{file}: {name} acts on the unknown type {resource}"));
                assert!(index < 0x8000, "{file}: too many resource types");
                on.push(index | if required { 0x8000 } else { 0 });
                on.push(key_set(texts(&action["onKeys"][resource]), &mut sets));
            }
            let on = sets.add(on);
            let action_keys = key_set(texts(&action["keys"]), &mut sets);
            let needs = texts(&action["needs"]).iter().map(|name| strings.add(name)).collect();
            let needs = sets.add(needs);
            actions.extend(strings.add(name).to_le_bytes());
            actions.extend([level as u8 | if permission_only { 0x80 } else { 0 }, 0]);
            for set in [on, action_keys, needs] {
                actions.extend(set.to_le_bytes());
            }
            action_count += 1;
        }
        let all_keys = sets.add(key_ids);
        let rcp = u16::from(service["rcp"].as_bool() == Some(true));
        for number in [
            strings.add(prefix),
            strings.add(text(&service["name"])),
            id(first_action, "actions"),
            id(action_count - first_action, "actions"),
            id(first_resource, "resource types"),
            id(resource_count - first_resource, "resource types"),
            all_keys,
            rcp,
        ] {
            services.extend(number.to_le_bytes());
        }
    }
    let mut string_offsets = Vec::new();
    let mut pool = String::new();
    for string in &strings.all {
        string_offsets.extend((pool.len() as u32).to_le_bytes());
        pool.push_str(string);
    }
    string_offsets.extend((pool.len() as u32).to_le_bytes());
    let mut key_table = Vec::new();
    for (name, value_type) in keys {
        key_table.extend(name.to_le_bytes());
        key_table.extend([value_type, 0]);
    }
    let mut set_offsets = Vec::new();
    let mut set_table: Vec<u8> = Vec::new();
    for set in &sets.all {
        set_offsets.extend((set_table.len() as u32).to_le_bytes());
        set_table.extend(id(set.len(), "items in a set").to_le_bytes());
        for item in set {
            set_table.extend(item.to_le_bytes());
        }
    }
    let sections = [string_offsets, services, actions, resources, key_table, set_offsets, set_table];
    let mut blob = Vec::new();
    let mut at = (sections.len() as u32 + 1) * 4;
    for section in &sections {
        blob.extend(at.to_le_bytes());
        at += section.len() as u32;
    }
    blob.extend(at.to_le_bytes());
    for section in sections {
        blob.extend(section);
    }
    let verbs = verbs.iter().map(|verb| (verb.clone(), format!("{verb:?}"))).collect();
    let mut table = String::new();
    tables::table(&mut table, "ACTION_VERBS", "&str", verbs);
    (blob, pool, table)
}
