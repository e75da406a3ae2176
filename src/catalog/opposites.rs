//! Words that say the opposite of each other, so that no guess at a name turns its meaning round.

use crate::text;

/// Beginnings of words (so that `enable`, `enabled` and `enabling` are one) and their opposites. What a
/// prefix alone turns round (`tag`, `untag`) is not among them.
const PAIRS: [(&str, &str); 34] = [
    ("abort", "complete"),
    ("accept", "reject"),
    ("add", "remov"),
    ("after", "before"),
    ("allow", "den"),
    ("approv", "reject"),
    ("attach", "detach"),
    ("authoriz", "revok"),
    ("creat", "delet"),
    ("download", "upload"),
    ("egress", "ingress"),
    ("enabl", "disabl"),
    ("encrypt", "decrypt"),
    ("exclud", "includ"),
    ("export", "import"),
    ("extern", "intern"),
    ("false", "true"),
    ("get", "put"),
    ("get", "set"),
    ("grant", "revok"),
    ("greater", "less"),
    ("inbound", "outbound"),
    ("increas", "decreas"),
    ("increment", "decrement"),
    ("input", "output"),
    ("lower", "upper"),
    ("max", "min"),
    ("no", "yes"),
    ("off", "on"),
    ("private", "public"),
    ("pull", "push"),
    ("read", "write"),
    ("resum", "suspend"),
    ("start", "stop"),
];

/// What turns a word round when it stands before it.
const PREFIXES: [&str; 3] = ["non", "not", "un"];

/// What does so before the first word, the verb of most names.
const VERB_PREFIXES: [&str; 4] = ["de", "de-", "dis", "in"];

/// The name in lower case, with one of its words turned into its opposite.
pub fn of(name: &str) -> impl Iterator<Item = String> {
    let lower = name.to_ascii_lowercase();
    let mut found = Vec::new();
    let mut at = 0;
    for word in text::words(name) {
        let start = at + name[at..].find(word).unwrap_or(0);
        at = start + word.len();
        let (before, word, behind) = (&lower[..start], &lower[start..at], &lower[at..]);
        let mut turn = |word: String| found.push(format!("{before}{word}{behind}"));
        let of_verbs = VERB_PREFIXES.into_iter().filter(|_| start == 0);
        for prefix in PREFIXES.into_iter().chain(of_verbs) {
            if let Some(bare) = word.strip_prefix(prefix) {
                turn(bare.to_string());
            }
            turn(format!("{prefix}{word}"));
        }
        for (one, other) in PAIRS {
            if let Some(end) = word.strip_prefix(one) {
                turn(format!("{other}{end}"));
            }
            if let Some(end) = word.strip_prefix(other) {
                turn(format!("{one}{end}"));
            }
        }
    }
    found.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_turned_round() {
        let has = |name: &str, opposite: &str| of(name).any(|it| it == opposite);
        assert!(has("ConnectDirectory", "disconnectdirectory"));
        assert!(has("DisconnectDirectory", "connectdirectory"));
        assert!(has("ENABLED", "disabled"));
        assert!(has("StringEquals", "stringnotequals"));
        assert!(has("StringNotEquals", "stringequals"));
    }
}
