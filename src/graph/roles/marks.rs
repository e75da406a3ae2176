//! Characters that stand for what is not known in a text.

/// Stands for anything that is not known.
pub const ANY: char = '\u{E000}';
/// For something that is not known and holds no colon.
pub const PART: char = '\u{E001}';
/// For one character that is not known, or a `?` of a pattern.
pub const ONE: char = '\u{E002}';
/// For a `*` of a pattern.
pub const STAR: char = '\u{E003}';
/// For a name that is not known: it holds no slash.
pub const NAME: char = '\u{E004}';
/// The first of those that stand for the names that AWS makes up.
pub const UNIQUE: u32 = 0xF_0000;

pub fn is_unique(letter: char) -> bool {
    letter as u32 >= UNIQUE
}

pub fn is_mark(letter: char) -> bool {
    matches!(letter, ANY | PART | NAME | ONE | STAR) || is_unique(letter)
}

/// A text for people: what is not known as `…`.
pub fn readable(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            ANY | PART | NAME => out.push('…'),
            STAR => out.push('*'),
            ONE => out.push('?'),
            letter if is_unique(letter) => out.push('…'),
            letter => out.push(letter),
        }
    }
    out
}

/// A text as it is written; `*` and `?` are wildcards where it is a pattern, IAM's variables are open there.
pub fn push_known(out: &mut String, text: &str, is_pattern: bool) {
    if !is_pattern {
        out.push_str(text);
        return;
    }
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if let Some(inside) = rest.strip_prefix("${").or_else(|| rest.strip_prefix("&{"))
            && let Some(end) = inside.find('}')
        {
            match &inside[..end] {
                "*" | "?" | "$" => out.push_str(&inside[..end]),
                _ => out.push(ANY),
            }
            rest = &inside[end + 1..];
            continue;
        }
        out.push(match letter {
            '*' => STAR,
            '?' => ONE,
            other => other,
        });
        rest = &rest[letter.len_utf8()..];
    }
}

/// A letter for a name that AWS makes up, told by where the resource is declared.
pub fn unique(place: &str) -> char {
    let hash =
        place.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    char::from_u32(UNIQUE + hash % 0xFFFD).unwrap_or(PART)
}
