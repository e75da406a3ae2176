//! Words inside of names, and words for people.

/// The words of a name: split at everything but letters and digits, and at inner capitals.
/// `ECSTaskRole-web` is `ECS`, `Task`, `Role`, `web`.
pub fn words(name: &str) -> Vec<&str> {
    each_word(name).collect()
}

/// The first of them; empty where there is none.
pub fn first_word(name: &str) -> &str {
    each_word(name).next().unwrap_or_default()
}

fn each_word(name: &str) -> impl Iterator<Item = &str> {
    name.split(|char: char| !char.is_alphanumeric()).flat_map(|part| {
        let mut rest = part;
        std::iter::from_fn(move || {
            let (word, behind) = rest.split_at(end_of_word(rest));
            rest = behind;
            (!word.is_empty()).then_some(word)
        })
    })
}

/// Where the first word of letters and digits ends.
fn end_of_word(text: &str) -> usize {
    let mut before = ' ';
    let mut chars = text.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        let is_first_of_word = chars.peek().is_some_and(|(_, next)| next.is_lowercase());
        if char.is_uppercase() && (before.is_lowercase() || before.is_uppercase() && is_first_of_word) {
            return at;
        }
        before = char;
    }
    text.len()
}

/// A word with its article.
pub fn a_or_an(word: &str) -> String {
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O']) { "an" } else { "a" };
    format!("{article} {word}")
}

/// `a, b, c`.
pub fn listed<T: std::fmt::Display>(names: impl IntoIterator<Item = T>) -> String {
    names.into_iter().map(|name| name.to_string()).collect::<Vec<_>>().join(", ")
}

/// `` `a`, `b`, `c` ``.
pub fn quoted<T: std::fmt::Display>(names: impl IntoIterator<Item = T>) -> String {
    listed(names.into_iter().map(|name| format!("`{name}`")))
}

/// `a, b and c`.
pub fn enumerated<T: std::fmt::Display>(names: impl IntoIterator<Item = T>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| name.to_string()).collect();
    match names.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", listed(first)),
        _ => names.concat(),
    }
}

/// `` `a`, `b` and `c` ``.
pub fn all_quoted<T: std::fmt::Display>(names: impl IntoIterator<Item = T>) -> String {
    enumerated(names.into_iter().map(|name| format!("`{name}`")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_into_words() {
        assert_eq!(words("ECSTaskRole-web"), ["ECS", "Task", "Role", "web"]);
        assert_eq!(words("dbPassword"), ["db", "Password"]);
        assert_eq!(words("DB__PASSWORD"), ["DB", "PASSWORD"]);
        assert_eq!(words("größeÜber"), ["größe", "Über"]);
        assert!(words("--").is_empty());
    }

    #[test]
    fn words_for_people() {
        assert_eq!(a_or_an("ECS service"), "an ECS service");
        assert_eq!(a_or_an("task role"), "a task role");
        assert_eq!(listed([1, 2]), "1, 2");
        assert_eq!(quoted(["a", "b"]), "`a`, `b`");
        assert_eq!(all_quoted(["a"]), "`a`");
        assert_eq!(all_quoted(["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(enumerated([""; 0]), "");
    }
}
