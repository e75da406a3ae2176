//! Wildcards as IAM matches them.

pub fn is_wildcard(pattern: &str) -> bool {
    pattern.bytes().any(|byte| matches!(byte, b'*' | b'?'))
}

/// Whether `text` fits `pattern`, where `*` stands for any characters and `?` for one. In linear
/// time for one star, at worst the product of both lengths.
pub fn wildcard_matches(pattern: &str, text: &str, ignore_case: bool) -> bool {
    let same = |a: u8, b: u8| if ignore_case { a.eq_ignore_ascii_case(&b) } else { a == b };
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        if p < pattern.len() && pattern[p] == b'*' {
            star = Some((p, t));
            p += 1;
        } else if p < pattern.len() && (pattern[p] == b'?' || same(pattern[p], text[t])) {
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
