//! Wildcards as IAM matches them.

pub fn is_wildcard(pattern: &str) -> bool {
    pattern.bytes().any(|byte| matches!(byte, b'*' | b'?'))
}

/// Whether `text` fits `pattern`, where `*` stands for any characters and `?` for one. In linear
/// time for one star, at worst the product of both lengths.
pub fn wildcard_matches(pattern: &str, text: &str, ignore_case: bool) -> bool {
    walk(pattern, text, ignore_case, |_| true)
}

/// Whether every text that fits the pattern `other` fits `pattern`, too. In doubt it does not.
pub fn wildcard_covers(pattern: &str, other: &str, ignore_case: bool) -> bool {
    // One character is less than any number of them.
    walk(pattern, other, ignore_case, |byte| byte != b'*')
}

/// `is_one` says whether a byte is one that `?` stands for.
fn walk(pattern: &str, text: &str, ignore_case: bool, is_one: impl Fn(u8) -> bool) -> bool {
    let same = |a: u8, b: u8| if ignore_case { a.eq_ignore_ascii_case(&b) } else { a == b };
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        if p < pattern.len() && pattern[p] == b'*' {
            star = Some((p, t));
            p += 1;
        } else if p < pattern.len() && (pattern[p] == b'?' && is_one(text[t]) || same(pattern[p], text[t])) {
            p += 1;
            t += 1;
        } else if let Some((star_at, taken)) = star {
            p = star_at + 1;
            t = taken + 1;
            star = Some((star_at, taken + 1));
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_covers_another_only_where_it_covers_all_of_it() {
        for (pattern, other, expected) in [
            ("ecs:*", "ecs:Run*", true),
            ("ecs:Run*", "ecs:*", false),
            ("ecs:Run?ask", "ecs:Run*ask", false),
            ("ecs:Run?ask", "ecs:Run?ask", true),
            ("ECS:*Task", "ecs:?unTask", true),
            ("*", "", true),
        ] {
            assert_eq!(wildcard_covers(pattern, other, true), expected, "{pattern} {other}");
        }
        assert!(!wildcard_covers("A*", "ab", false));
    }

    #[test]
    fn wildcards_match_as_in_iam() {
        for (pattern, text, expected) in [
            ("ecs:*", "ecs:RunTask", true),
            ("ECS:run*", "ecs:RunTask", true),
            ("ecs:?unTask", "ecs:RunTask", true),
            ("ecs:*Task*", "ecs:DescribeTaskDefinition", true),
            ("*Task", "ecs:RunTasks", false),
            ("*", "", true),
            ("?", "", false),
            ("a*b*c", "a-b-b-c", true),
        ] {
            assert_eq!(wildcard_matches(pattern, text, true), expected, "{pattern} {text}");
        }
        assert!(!wildcard_matches("A", "a", false));
    }
}
