//! What a machine can check of how the code is kept.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

use passrole::diagnostic::Scope;
use passrole::host::Naming;
use passrole::rules;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

/// Each layer uses only those before it; the last two may use all but each other.
const LAYERS: [&str; 20] = [
    "text",
    "syntax",
    "catalog",
    "host",
    "model",
    "access",
    "graph",
    "diagnostic",
    "suppression",
    "rules",
    "config",
    "workspace",
    "analysis",
    "query",
    "ide",
    "output",
    "api",
    "cli",
    "lsp",
    "main",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &str, extensions: &[&str]) -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().to_string();
            if path.is_dir() {
                if !matches!(name.as_str(), "target" | "node_modules" | "dist" | "json-test-suite" | ".git") {
                    walk(&path, found);
                }
            } else {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), &mut found);
    found.sort();
    found
        .into_iter()
        .filter(|path| path.extension().is_some_and(|it| extensions.contains(&it.to_str().unwrap())))
        .map(|path| {
            let text = std::fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
            (path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/"), text)
        })
        .collect()
}

/// The code of a file, without its tests.
fn code(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap()
}

fn layer_of(path: &str) -> &str {
    path.strip_prefix("src/").unwrap().split(['/', '.']).next().unwrap()
}

#[test]
fn a_layer_uses_only_those_before_it() {
    let mut wrong = Vec::new();
    for (path, text) in files("src", &["rs"]) {
        let layer = layer_of(&path);
        if layer == "lib" || layer == "main" {
            continue;
        }
        let own =
            LAYERS.iter().position(|it| *it == layer).unwrap_or_else(|| panic!("{path} is in no layer"));
        for (number, line) in code(&text).lines().enumerate() {
            if line.trim_start().starts_with("//") {
                continue;
            }
            for used in line.split("crate::").skip(1) {
                let used: String =
                    used.chars().take_while(|it| it.is_ascii_alphanumeric() || *it == '_').collect();
                let Some(index) = LAYERS.iter().position(|it| *it == used) else { continue };
                // The command `passrole lsp` starts the server.
                let starts = layer == "cli" && used == "lsp" && line.contains("lsp::run");
                if index > own && !starts {
                    wrong.push(format!("{path}:{}: {layer} uses {used}", number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_fronts_touch_the_world() {
    let mut wrong = Vec::new();
    for (path, text) in files("src", &["rs"]) {
        let layer = layer_of(&path);
        for (number, line) in
            code(&text).lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"))
        {
            let front = matches!(layer, "cli" | "lsp" | "main");
            let disk = path.starts_with("src/workspace/disk/");
            let mut forbid = |what: &str, allowed: bool| {
                if line.contains(what) && !allowed {
                    wrong.push(format!("{path}:{}: {what}", number + 1));
                }
            };
            for what in ["std::env::var", "std::env::args", "std::time", "println!", "eprintln!"] {
                forbid(what, front);
            }
            forbid("std::io::", front || disk);
            // One place reads files, and one writer writes them.
            for what in ["std::fs", "std::env::home_dir", "tempfile", "xattr::", "WalkBuilder"] {
                forbid(what, disk);
            }
            for what in ["fs::write", "File::create", ".create(true)", ".truncate(true)", ".append(true)"] {
                forbid(what, false);
            }
            let writes = path == "src/workspace/disk/write.rs";
            for what in [".write(true)", "persist(", "fs::rename", "fs::remove"] {
                forbid(what, writes);
            }
            forbid("tower_lsp", layer == "lsp");
            forbid("rmcp", path == "src/cli/mcp.rs");
            forbid("ropey", path == "src/text/rope.rs");
            forbid("unsafe {", false);
            // What knows a part of a text keeps its range.
            forbid("as_ptr", false);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Where several names of AWS stand together for another reason than being a table.
const NO_TABLES: [(&str, &str); 2] = [
    ("src/host/cloudformation/mod.rs", "each type has a function of its own that reads it"),
    ("src/host/terraform/mod.rs", "each type has a function of its own that reads it"),
];

/// Resource types, service principals and actions: facts, which belong in `schemas/`.
fn is_name_of_aws(text: &str) -> bool {
    let is_word =
        |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
    let is_action = |(service, name): (&str, &str)| {
        service != "aws"
            && service.starts_with(|it: char| it.is_ascii_lowercase())
            && service.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-')
            && name.starts_with(|it: char| it.is_ascii_uppercase())
            && name.bytes().all(|it| it.is_ascii_alphabetic() || it == b'*')
    };
    if text.split_once(':').is_some_and(is_action) {
        return true;
    }
    let text = text.strip_prefix("data.").unwrap_or(text);
    text.strip_prefix("AWS::")
        .and_then(|rest| rest.split_once("::"))
        .is_some_and(|(service, name)| is_word(service) && is_word(name))
        || text.strip_prefix("aws_").is_some_and(is_word)
        || text.starts_with(|it: char| it.is_ascii_alphanumeric() || it == '.')
            && text.trim_end_matches(".cn").ends_with(".amazonaws.com")
            && text.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'.' | b'-'))
}

#[test]
fn no_tables_of_aws_names_stand_in_code() {
    // Three within this many lines are a table.
    const NEAR: usize = 6;
    let mut wrong = Vec::new();
    let mut excused: HashSet<&str> = NO_TABLES.iter().map(|(path, _)| *path).collect();
    for (path, text) in files("src", &["rs"]) {
        let mut names: Vec<(usize, &str)> = Vec::new();
        for (number, line) in code(&text).lines().enumerate() {
            if !line.trim_start().starts_with("//") {
                // Every second piece stands between quotes.
                let strings = line.split('"').skip(1).step_by(2);
                names.extend(strings.filter(|it| is_name_of_aws(it)).map(|it| (number, it)));
            }
        }
        let is_table = names.iter().enumerate().any(|(at, (first, _))| {
            let near = names[at..].iter().take_while(|(line, _)| *line <= first + NEAR);
            near.map(|(_, name)| name).collect::<HashSet<_>>().len() > 2
        });
        if is_table && !excused.remove(&*path) {
            wrong.push(path);
        }
    }
    assert!(wrong.is_empty(), "tables of AWS names, which belong in schemas/: {wrong:?}");
    assert!(excused.is_empty(), "no excuse is needed any more for {excused:?}");
}

/// Where types of resources may be named at all, and why.
const READERS: [(&str, &str); 10] = [
    ("src/host/cloudformation/mod.rs", "each type has a function of its own that reads it"),
    ("src/host/cloudformation/sam.rs", "what SAM makes of its own types, and what it makes"),
    ("src/host/terraform/handed.rs", "references to policy documents"),
    ("src/host/terraform/links.rs", "a role's address"),
    ("src/host/terraform/mod.rs", "each type has a function of its own that reads it"),
    ("src/host/terraform/module.rs", "policy documents and tasks that other files of the module ask for"),
    ("src/host/terraform/open.rs", "statements that are put together in blocks"),
    ("src/host/terraform/policy_blocks.rs", "statements that are written in blocks"),
    ("src/host/terraform/task_definition.rs", "a task definition's address"),
    ("src/query/roles.rs", "resources that are written"),
];

/// Types of resources in a line: `AWS::IAM::Role`, `aws_iam_role`; of sources of data what is about the account.
fn resource_types(line: &str) -> Vec<&str> {
    let word = |text: &str| text.bytes().take_while(|it| it.is_ascii_alphanumeric() || *it == b'_').count();
    let mut found = Vec::new();
    for (at, _) in line.match_indices("AWS::") {
        let service = word(&line[at + 5..]);
        let rest = &line[at + 5 + service..];
        if let Some(rest) = rest.strip_prefix("::").filter(|_| service > 0) {
            found.extend((word(rest) > 0).then(|| &line[at..at + 7 + service + word(rest)]));
        }
    }
    for (at, _) in line.match_indices("aws_") {
        let is_start = !line[..at].ends_with(|it: char| it.is_alphanumeric() || it == '_' || it == ':');
        let name = &line[at..at + word(&line[at..])];
        let is_of_account = ["aws_partition", "aws_region", "aws_caller_identity"].contains(&name);
        found.extend((is_start && name.len() > 4 && !is_of_account).then_some(name));
    }
    found
}

/// What rules, editors' features and the workspace know of a type of resources stands in `schemas/`.
#[test]
fn resource_types_are_named_where_they_are_read() {
    let mut wrong = Vec::new();
    let mut excused: HashSet<&str> = READERS.iter().map(|(path, _)| *path).collect();
    for (path, text) in files("src", &["rs"]) {
        let mut is_needed = false;
        for (number, line) in code(&text).lines().enumerate() {
            if line.trim_start().starts_with("//") {
                continue;
            }
            // Every second piece stands between quotes.
            for quoted in line.replace("\\\"", " ").split('"').skip(1).step_by(2) {
                for name in resource_types(quoted) {
                    is_needed = true;
                    if !READERS.iter().any(|(reader, _)| *reader == path) {
                        wrong.push(format!("{path}:{}: {name}", number + 1));
                    }
                }
            }
        }
        if is_needed {
            excused.remove(&*path);
        }
    }
    assert!(wrong.is_empty(), "types of resources, which belong in schemas/: {wrong:#?}");
    assert!(excused.is_empty(), "no excuse is needed any more for {excused:?}");
    let types = "AWS::IAM::Role AWS::Region xaws_a aws_iam_role.x ${aws_region.a} \u{60}aws_a\u{60}";
    assert_eq!(resource_types(types), ["AWS::IAM::Role", "aws_iam_role", "aws_a"]);
}

/// Types that share their name with another, and why.
const NAMES_GIVEN_TWICE: [(&str, &str); 11] = [
    ("ConditionKey", "one of the reference, and one as a statement names it"),
    ("Container", "of a task, and what members or items are written into"),
    ("Document", "one of AWS, and one as the protocol means it"),
    ("Group", "of rules, and of edits that belong to one document"),
    ("Kind", "of a node of JSON, and of what a path leads to"),
    ("Parsed", "a file, and a block of each syntax that is read block by block"),
    ("Reason", "why two files are linked, and why an answer is not known"),
    ("Report", "of one version of a text, and what the library gives of it"),
    ("Settings", "those of the configuration, and those of the editor"),
    ("Shape", "of the ECS API, and of what a statement grants"),
    ("Text", "of a file, and of a string that is edited"),
];

#[test]
fn a_type_has_a_name_of_its_own() {
    let mut places: HashMap<String, Vec<String>> = HashMap::new();
    for (path, text) in files("src", &["rs"]) {
        for line in code(&text).lines().map(str::trim_start).filter(|line| line.starts_with("pub")) {
            let mut words = line.split(|it: char| !it.is_ascii_alphanumeric() && it != '_');
            let Some(_) = words.find(|it| matches!(*it, "struct" | "enum" | "trait" | "type")) else {
                continue;
            };
            let Some(name) = words.next().filter(|it| it.starts_with(|it: char| it.is_ascii_uppercase()))
            else {
                continue;
            };
            places.entry(name.to_string()).or_default().push(path.clone());
        }
    }
    places.retain(|_, places| places.len() > 1);
    let mut wrong = Vec::new();
    for (name, reason) in NAMES_GIVEN_TWICE {
        if places.remove(name).is_none() {
            wrong.push(format!("{name} needs no excuse any more: {reason}"));
        }
    }
    wrong.extend(
        places.iter().map(|(name, places)| format!("{name} is the name of several types: {places:?}")),
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_module_says_what_it_owns() {
    let wrong: Vec<String> = files("src", &["rs"])
        .into_iter()
        // A rule's page stands in its declaration.
        .filter(|(_, text)| !text.starts_with("//!") && !text.contains("declare_rule! {\n    ///"))
        .map(|(path, _)| path)
        .collect();
    assert!(wrong.is_empty(), "no documentation at the head of {wrong:?}");
}

#[test]
fn a_rule_reads_what_it_declares() {
    let mut wrong = Vec::new();
    for rule in rules::all() {
        let meta = rule.meta();
        let file = root().join(format!("src/rules/{}/{}.rs", meta.group.name(), meta.id.replace('-', "_")));
        let text = std::fs::read_to_string(&file).unwrap();
        for scope in Scope::ALL {
            let method = match scope {
                Scope::Text => "check_text",
                Scope::Suppressions => "check_suppressions",
                Scope::Statement => "check_statement",
                Scope::Policy => "check_policy",
                Scope::LinkedPolicy => "check_linked_policy",
                Scope::Container => "check_container",
                Scope::Task => "check_task",
                Scope::Service => "check_service",
                Scope::AwsAuth => "check_aws_auth",
                Scope::ServiceAccount => "check_service_account",
                Scope::AgentConfig => "check_agent_config",
                Scope::Attachments => "check_attachments",
                Scope::Roles => "check_roles",
                Scope::Own => "check_own",
            };
            let is_there =
                text.contains(&format!("fn {method}(&self")) || text.contains(&format!("fn {method}(\n"));
            if is_there != meta.reads.contains(&scope) {
                wrong.push(format!("{}: {scope:?}", meta.id));
            }
        }
    }
    assert!(wrong.is_empty(), "what a rule declares to read and what it reads differ: {wrong:#?}");
}

#[test]
fn a_rule_is_one_file_of_its_name() {
    let mut ids = HashSet::new();
    for rule in rules::all() {
        let meta = rule.meta();
        assert!(ids.insert(meta.id), "{} stands twice", meta.id);
        let file = format!("src/rules/{}/{}.rs", meta.group.name(), meta.id.replace('-', "_"));
        assert!(root().join(&file).is_file(), "{file} is missing");
        assert!(meta.docs.trim().len() > 80, "{} has no page worth the name", meta.id);
        assert!(!meta.summary.ends_with('.') && !meta.summary.is_empty(), "{}: {:?}", meta.id, meta.summary);
        for source in meta.sources {
            assert!(
                source.split_once('/').is_some_and(|(peer, check)| !peer.is_empty() && !check.is_empty()),
                "{source}"
            );
        }
    }
    for group in ["syntax", "policy", "trust", "task", "service", "kubernetes", "agent", "role", "own"] {
        let registered: Vec<&str> = rules::all()
            .map(|rule| rule.meta())
            .filter(|meta| meta.group.name() == group)
            .map(|meta| meta.id)
            .collect();
        let mut sorted = registered.clone();
        sorted.sort_unstable();
        assert_eq!(registered, sorted, "the rules of {group} are not in alphabetical order");
        for (path, text) in files(&format!("src/rules/{group}"), &["rs"]) {
            if text.contains("declare_rule! {") {
                let id = Path::new(&path).file_stem().unwrap().to_string_lossy().replace('_', "-");
                assert!(registered.contains(&&*id), "{path} is not registered");
            }
        }
    }
}

#[test]
fn texts_are_tidy() {
    let mut wrong = Vec::new();
    let mut all = Vec::new();
    for folder in ["src", "tests", "build", "docs", "editors", "demo"] {
        all.extend(files(folder, &["rs", "md", "ts", "lua", "toml"]));
    }
    for (path, text) in all {
        if !text.ends_with('\n') || text.ends_with("\n\n") {
            wrong.push(format!("{path}: ends without one line end"));
        }
        for (number, line) in text.lines().enumerate() {
            let literate = path.ends_with(".md");
            if line.ends_with([' ', '\t']) && !literate {
                wrong.push(format!("{path}:{}: ends in white space", number + 1));
            }
            if line.contains('\t') && path.ends_with(".rs") {
                wrong.push(format!("{path}:{}: a tab", number + 1));
            }
            let skipped = ["#[", "ignore"].concat();
            if line.contains(&skipped) && path.ends_with(".rs") {
                wrong.push(format!("{path}:{}: a skipped test", number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A file of `src` as a path of modules: `["access", "arn"]`; of a folder's `mod.rs` the folder's.
fn module_of(path: &str) -> Vec<String> {
    let path = path.strip_prefix("src/").unwrap().strip_suffix(".rs").unwrap();
    path.split('/').filter(|it| *it != "mod").map(String::from).collect()
}

/// Code without comments, attributes, words in quotes and tests.
fn bare(text: &str) -> String {
    let mut bare = String::new();
    for line in code(text).lines().filter(|line| !line.trim_start().starts_with("//")) {
        let mut quoted = false;
        let mut last = ' ';
        for letter in line.chars() {
            if letter == '"' && last != '\\' && last != '\'' {
                quoted = !quoted;
            } else if !quoted {
                bare.push(letter);
            }
            last = if last == '\\' && letter == '\\' { ' ' } else { letter };
        }
        bare.push('\n');
    }
    bare
}

/// What a `use` names, or a path in the code: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn paths(text: &str, prefix: &[String], found: &mut Vec<Vec<String>>) -> usize {
    let mut path = prefix.to_vec();
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let name: String = rest.chars().take_while(|it| it.is_ascii_alphanumeric() || *it == '_').collect();
        if !name.is_empty() {
            at += name.len();
            path.push(name);
        } else if rest.starts_with('{') {
            at += 1;
            loop {
                at += text[at..].len() - text[at..].trim_start().len();
                if text[at..].starts_with('}') || text[at..].is_empty() {
                    return at + 1;
                }
                let used = paths(&text[at..], &path, found);
                at += used;
                // `as name`, commas.
                at += text[at..].find([',', '}']).unwrap_or(text[at..].len());
                at += usize::from(text[at..].starts_with(','));
            }
        } else {
            found.push(path);
            return at + usize::from(rest.starts_with('*'));
        }
        if !text[at..].starts_with("::") {
            found.push(path);
            return at;
        }
        at += 2;
    }
}

/// The files of `src`, each with what it names of the others.
fn uses() -> Vec<(Vec<String>, Vec<Vec<String>>)> {
    let all: Vec<(Vec<String>, String)> = files("src", &["rs"])
        .into_iter()
        .filter(|(path, _)| path != "src/lib.rs" && path != "src/main.rs")
        .map(|(path, text)| (module_of(&path), bare(&text)))
        .collect();
    let is_module = |path: &[String]| all.iter().any(|(module, _)| module == path);
    // What a folder hands on: its own module and the name, and where it comes from.
    let mut handed_on: HashMap<Vec<String>, Vec<String>> = Default::default();
    for (module, text) in &all {
        for line in
            text.split(';').filter_map(|it| it.split_once("pub use ").or(it.split_once("pub(super) use ")))
        {
            let mut found = Vec::new();
            paths(line.1, &[], &mut found);
            for path in found {
                let mut name = module.clone();
                name.push(path.last().unwrap().clone());
                let own = [module.clone(), path.clone()].concat();
                let absolute = path.strip_prefix(&["crate".to_string()][..]).map(<[String]>::to_vec);
                handed_on.insert(name, absolute.unwrap_or(own));
            }
        }
    }
    let file_of = |path: Vec<String>| -> Option<Vec<String>> {
        let mut path = path;
        for _ in 0..8 {
            let known = (1..=path.len()).rev().find_map(|length| {
                handed_on.get(&path[..length]).map(|to| [to.as_slice(), &path[length..]].concat())
            });
            match known {
                Some(to) if to != path => path = to,
                _ => break,
            }
        }
        (1..=path.len()).rev().map(|length| path[..length].to_vec()).find(|it| is_module(it))
    };
    all.iter()
        .map(|(module, text)| {
            let mut found = Vec::new();
            for (at, _) in text.match_indices("crate::").chain(text.match_indices("super::")) {
                let before = text[..at].chars().next_back().unwrap_or(' ');
                if before.is_ascii_alphanumeric() || before == '_' || before == ':' {
                    continue;
                }
                let mut named = Vec::new();
                paths(&text[at..], &[], &mut named);
                found.extend(named.into_iter().filter_map(|path| {
                    let up = path.iter().take_while(|it| *it == "super").count();
                    let (base, rest) = if up > 0 {
                        (module[..module.len().saturating_sub(up)].to_vec(), &path[up..])
                    } else {
                        (Vec::new(), &path[1..])
                    };
                    file_of([base.as_slice(), rest].concat())
                }));
            }
            // A folder's own file puts together what stands in it: that is no use of a neighbour.
            found.retain(|it| !it.starts_with(module));
            // The tables that `build.rs` writes stand beside the types of all of them.
            found.retain(|it| it != &["catalog"]);
            found.sort();
            found.dedup();
            (module.clone(), found)
        })
        .collect()
}

/// Files that use each other, directly or through others, in groups.
fn circles(uses: &[(Vec<String>, Vec<Vec<String>>)]) -> Vec<Vec<String>> {
    struct Walk<'u> {
        edges: Vec<Vec<usize>>,
        uses: &'u [(Vec<String>, Vec<Vec<String>>)],
        index: Vec<Option<(usize, usize)>>,
        stack: Vec<usize>,
        next: usize,
        found: Vec<Vec<String>>,
    }
    impl Walk<'_> {
        /// Tarjan's: gives the least index that can be reached.
        fn visit(&mut self, at: usize) -> usize {
            let own = self.next;
            self.next += 1;
            self.index[at] = Some((own, own));
            self.stack.push(at);
            let mut low = own;
            for to in self.edges[at].clone() {
                match self.index[to] {
                    None => low = low.min(self.visit(to)),
                    Some((index, _)) if self.stack.contains(&to) => low = low.min(index),
                    Some(_) => {}
                }
            }
            if low == own {
                let start = self.stack.iter().position(|it| *it == at).unwrap();
                let group = self.stack.split_off(start);
                if group.len() > 1 {
                    let mut names: Vec<String> = group.iter().map(|it| self.uses[*it].0.join("/")).collect();
                    names.sort();
                    self.found.push(names);
                }
            }
            low
        }
    }
    let place = |module: &Vec<String>| uses.iter().position(|(it, _)| it == module).unwrap();
    let mut walk = Walk {
        edges: uses.iter().map(|(_, used)| used.iter().map(place).collect()).collect(),
        uses,
        index: vec![None; uses.len()],
        stack: Vec::new(),
        next: 0,
        found: Vec::new(),
    };
    for at in 0..uses.len() {
        if walk.index[at].is_none() {
            walk.visit(at);
        }
    }
    walk.found.sort();
    walk.found
}

/// A file that uses another is read after it. What a folder's own file says, and puts together, stands for the
/// folder.
#[test]
fn no_files_use_each_other_in_a_circle() {
    let found: Vec<String> = circles(&uses()).into_iter().map(|group| group.join(" ")).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_circle_is_found() {
    let file = |name: &str, used: &[&str]| {
        (vec![name.to_string()], used.iter().map(|it| vec![it.to_string()]).collect::<Vec<_>>())
    };
    let files = [
        file("a", &["b"]),
        file("b", &["c", "d"]),
        file("c", &["a"]),
        file("d", &[]),
        file("e", &["d", "a"]),
    ];
    assert_eq!(circles(&files), [["a", "b", "c"]]);
    let mut found = Vec::new();
    paths("crate::a::{self, b::{c as d, e}, f}; more", &[], &mut found);
    let found: Vec<String> = found.iter().map(|path| path.join("::")).collect();
    assert_eq!(found, ["crate::a::self", "crate::a::b::c", "crate::a::b::e", "crate::a::f"]);
}

/// Values that are spelt as a field is.
const VALUES: [(&str, &str); 7] = [
    ("agent/task_roles_switched_off.rs", "host"),
    ("service/conflicting_placement_settings.rs", "cpu"),
    ("service/conflicting_placement_settings.rs", "memory"),
    ("task/fault_injection_without_effect.rs", "host"),
    ("task/invalid_port_range.rs", "host"),
    ("task/unsupported_system_control.rs", "host"),
    ("trust/invalid_principal.rs", "Service"),
];

#[test]
fn sentences_ask_for_the_names_of_fields() {
    let mut wrong = Vec::new();
    for (path, text) in files("src/rules", &["rs"]) {
        let path = path.strip_prefix("src/rules/").unwrap();
        let is_of_policies = path.starts_with("policy/") || path.starts_with("trust/");
        let naming = if is_of_policies { Naming::TerraformPolicy } else { Naming::CloudFormation };
        // What a rule says of itself is about the documents that AWS takes.
        let code = code(&text);
        let code = code
            .split_once("declare_rule! {")
            .map_or(code, |(_, rest)| rest.split_once("\n}\n").map_or(rest, |(_, code)| code));
        for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
            // Every second part of a line stands in quotes, and of these every second in backticks.
            for quoted in line.replace("\\\"", "'").split('"').skip(1).step_by(2) {
                for word in quoted.split('`').skip(1).step_by(2) {
                    let is_name = passrole::host::spelt(naming, word).is_some();
                    if is_name && !VALUES.contains(&(path, word)) {
                        wrong.push(format!("{path}: `{word}` in {}: ask `acc.name` for it", line.trim()));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
