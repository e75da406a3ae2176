//! What an action does, in words made of its name: the verb, the nouns, whether there are many.

use crate::catalog::{AccessLevel, Action};
use crate::ide::prose;

/// One sentence. What was written by hand goes before what its name says.
pub(crate) fn sentence(action: Action) -> String {
    if let Some(written) = prose::action(&action.to_string()) {
        return written.to_string();
    }
    let words = words(action.name());
    let Some((verb, nouns)) = words.split_first() else { return String::new() };
    let nouns = if nouns.first().is_some_and(|word| word == "batch") { &nouns[1..] } else { nouns };
    let known = VERBS.iter().find(|(name, _)| name.eq_ignore_ascii_case(verb)).map(|(_, words)| *words);
    let (verb, many, nouns) = match (verb.to_ascii_lowercase().as_str(), nouns.split_first()) {
        // `BatchGetImage`: the next word is what is done.
        ("batch", Some((verb, nouns))) => {
            let known =
                VERBS.iter().find(|(name, _)| name.eq_ignore_ascii_case(verb)).map(|(_, words)| *words);
            (known.map_or_else(|| third_person(verb), str::to_string), true, nouns)
        }
        _ => (known.map_or_else(|| third_person(verb), str::to_string), false, nouns),
    };
    let mut sentence = capitalized(&verb);
    if !nouns.is_empty() {
        let noun = nouns.join(" ");
        let is_many = noun.ends_with('s') && !noun.ends_with("ss") && !noun.ends_with("status");
        let noun = match (is_many, many) {
            (true, _) => noun,
            (false, true) => format!("several of: {noun}"),
            (false, false) if is_mass(&noun) => noun,
            (false, false) => {
                let vowel = noun.starts_with(['a', 'e', 'i', 'o']);
                format!("{} {noun}", if vowel { "an" } else { "a" })
            }
        };
        sentence.push(' ');
        sentence.push_str(&noun);
    }
    let what = match action.access_level() {
        AccessLevel::List => "tells what there is",
        AccessLevel::Read => "reads, changes nothing",
        AccessLevel::Write => "changes something",
        AccessLevel::Tagging => "changes tags only",
        AccessLevel::PermissionsManagement => "changes who may do what",
    };
    format!("{sentence}: {what}.")
}

/// What verbs of the API do.
const VERBS: [(&str, &str); 62] = [
    ("Abort", "breaks off"),
    ("Accept", "accepts"),
    ("Activate", "activates"),
    ("Add", "adds"),
    ("Allocate", "allocates"),
    ("Apply", "applies"),
    ("Associate", "associates"),
    ("Assume", "takes on"),
    ("Attach", "attaches"),
    ("Authorize", "lets through"),
    ("Bypass", "goes around"),
    ("Cancel", "cancels"),
    ("Change", "changes"),
    ("Complete", "completes"),
    ("Configure", "configures"),
    ("Confirm", "confirms"),
    ("Copy", "copies"),
    ("Create", "creates"),
    ("Deactivate", "deactivates"),
    ("Decrypt", "decrypts data"),
    ("Delete", "deletes"),
    ("Deregister", "deregisters"),
    ("Describe", "describes"),
    ("Detach", "detaches"),
    ("Disable", "disables"),
    ("Disassociate", "ends the association of"),
    ("Download", "downloads"),
    ("Enable", "enables"),
    ("Encrypt", "encrypts data"),
    ("Execute", "executes"),
    ("Export", "exports"),
    ("Filter", "searches"),
    ("Generate", "generates"),
    ("Get", "retrieves"),
    ("Import", "imports"),
    ("Invoke", "invokes"),
    ("List", "lists"),
    ("Lookup", "looks up"),
    ("Modify", "changes"),
    ("Pass", "passes"),
    ("Publish", "publishes"),
    ("Purge", "empties"),
    ("Put", "writes"),
    ("Query", "queries"),
    ("Receive", "receives"),
    ("Register", "registers"),
    ("Reject", "rejects"),
    ("Release", "releases"),
    ("Remove", "removes"),
    ("Replicate", "replicates"),
    ("Restore", "restores"),
    ("Revoke", "takes back"),
    ("Run", "runs"),
    ("Scan", "reads through"),
    ("Search", "searches"),
    ("Send", "sends"),
    ("Set", "sets"),
    ("Start", "starts"),
    ("Stop", "stops"),
    ("Tag", "tags"),
    ("Untag", "takes tags off"),
    ("Update", "changes"),
];

/// `GetObjectTagging` as `Get`, `object`, `tagging`; what is written in capitals stays so.
fn words(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = Vec::new();
    for (at, char) in chars.iter().enumerate() {
        let is_capital = char.is_ascii_uppercase();
        let after_small = at > 0 && !chars[at - 1].is_ascii_uppercase();
        let before_small = chars.get(at + 1).is_some_and(|it| it.is_ascii_lowercase());
        if words.is_empty() || is_capital && (after_small || before_small) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(*char);
        }
    }
    let is_acronym = |word: &str| word.len() > 1 && word.chars().filter(char::is_ascii_uppercase).count() > 1;
    let first = words.first().cloned();
    words
        .iter()
        .map(|word| if is_acronym(word) { word.clone() } else { word.to_ascii_lowercase() })
        .enumerate()
        .map(|(at, word)| if at == 0 { first.clone().unwrap_or(word) } else { word })
        .collect()
}

fn third_person(verb: &str) -> String {
    let verb = verb.to_ascii_lowercase();
    match verb.as_bytes() {
        [.., b's' | b'x' | b'z'] => format!("{verb}es"),
        [.., b'c' | b's', b'h'] => format!("{verb}es"),
        [.., before, b'y'] if !b"aeiou".contains(before) => format!("{}ies", &verb[..verb.len() - 1]),
        _ => format!("{verb}s"),
    }
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn is_mass(noun: &str) -> bool {
    ["data", "information", "access", "tagging", "encryption", "logging", "versioning", "acl", "metadata"]
        .iter()
        .any(|word| noun.ends_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog;

    #[test]
    fn names_are_read_as_words() {
        assert_eq!(words("GetObjectTagging"), ["Get", "object", "tagging"]);
        assert_eq!(words("DescribeDBInstances"), ["Describe", "DB", "instances"]);
        for (name, expected) in [
            ("s3:GetObject", "Retrieves an object: reads, changes nothing."),
            ("ecs:DescribeTasks", "Describes tasks: reads, changes nothing."),
            ("ecr:BatchGetImage", "Retrieves several of: image: reads, changes nothing."),
            ("sqs:PurgeQueue", "Empties a queue: changes something."),
        ] {
            let action = catalog::action(name).unwrap();
            let found = sentence(action);
            assert!(found == expected || prose::action(name) == Some(found.as_str()), "{found}");
        }
        for service in catalog::services() {
            for action in service.actions() {
                let found = sentence(action);
                assert!(found.ends_with('.') && found.len() < 200, "{action}: {found}");
            }
        }
    }
}
