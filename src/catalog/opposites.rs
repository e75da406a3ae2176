//! Words that say the opposite of each other, so that no guess at a name turns its meaning round.

use std::ops::Range;

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
pub fn of(name: &str) -> impl Iterator<Item = String> + '_ {
    words(name).flat_map(move |range| {
        let word = name[range.clone()].to_ascii_lowercase();
        let mut turned: Vec<String> = Vec::new();
        let of_verbs = VERB_PREFIXES.into_iter().filter(|_| range.start == 0);
        for prefix in PREFIXES.into_iter().chain(of_verbs) {
            turned.extend(word.strip_prefix(prefix).map(str::to_string));
            turned.push(format!("{prefix}{word}"));
        }
        for (one, other) in PAIRS {
            turned.extend(word.strip_prefix(one).map(|end| format!("{other}{end}")));
            turned.extend(word.strip_prefix(other).map(|end| format!("{one}{end}")));
        }
        let (before, behind) =
            (name[..range.start].to_ascii_lowercase(), name[range.end..].to_ascii_lowercase());
        turned.into_iter().map(move |word| format!("{before}{word}{behind}"))
    })
}

/// Where the words of a name stand: `Run` and `Task` of `RunTask`, `non` and `blocking` of
/// `non-blocking`, `DB` and `Cluster` of `DBCluster`.
pub fn words(name: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let bytes = name.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() && !bytes[at].is_ascii_alphanumeric() {
            at += 1;
        }
        let start = at;
        while at < bytes.len()
            && bytes[at].is_ascii_alphanumeric()
            && (at == start || !begins_word(bytes, at))
        {
            at += 1;
        }
        (at > start).then_some(start..at)
    })
}

fn begins_word(bytes: &[u8], at: usize) -> bool {
    let is_lower = |at: usize| bytes.get(at).is_some_and(|byte| byte.is_ascii_lowercase());
    bytes[at].is_ascii_uppercase() && (!bytes[at - 1].is_ascii_uppercase() || is_lower(at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_names() {
        let words = |name: &'static str| super::words(name).map(|range| &name[range]).collect::<Vec<_>>();
        assert_eq!(words("RunTask"), ["Run", "Task"]);
        assert_eq!(words("DBCluster"), ["DB", "Cluster"]);
        assert_eq!(words("NON-blocking_ENABLED"), ["NON", "blocking", "ENABLED"]);
        assert_eq!(words("ü2Ab"), ["2", "Ab"]);
        assert_eq!(words(""), [""; 0]);
    }

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
