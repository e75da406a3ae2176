//! Wildcards as IAM matches them: `*` stands for any characters, `?` for one.

/// One piece of a text or pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PatternPiece<'a> {
    Letter(char),
    /// Exactly one character.
    One,
    /// Any characters, also none.
    Any,
    /// The same without colons, which separate the parts of an ARN.
    Part,
    /// What is put here later, or differs from request to request, as written: `${aws:username}`. Equal to what
    /// is written alike, and to nothing else for certain; an empty text is equal to none.
    Open(&'a str),
    /// The same where no `/` can come to stand: the name of a bucket or a queue.
    Name(&'a str),
}

pub fn is_wildcard(pattern: &str) -> bool {
    pattern.bytes().any(|byte| matches!(byte, b'*' | b'?'))
}

/// Whether `text` fits `pattern`.
pub fn wildcard_matches(pattern: &str, text: &str, ignore_case: bool) -> bool {
    if pattern.is_ascii() && text.is_ascii() {
        return bytes_match(pattern.as_bytes(), text.as_bytes(), ignore_case);
    }
    covers(wildcards(pattern), text.chars().map(PatternPiece::Letter), ignore_case)
}

/// Whether every text that fits the pattern `other` fits `pattern`, too.
pub fn wildcard_covers(pattern: &str, other: &str, ignore_case: bool) -> bool {
    // Most are patterns of nothing but letters.
    if !is_wildcard(other) {
        return wildcard_matches(pattern, other, ignore_case);
    }
    if !is_wildcard(pattern) {
        return false;
    }
    covers(wildcards(pattern), wildcards(other), ignore_case)
}

/// [`covers`] for a text of letters, each of which is one byte.
fn bytes_match(pattern: &[u8], text: &[u8], ignore_case: bool) -> bool {
    let (mut at, mut read) = (0, 0);
    // Behind the last star, and where what follows it was sought.
    let mut retry: Option<(usize, usize)> = None;
    while read < text.len() {
        let fits = match pattern.get(at) {
            Some(b'*') => {
                at += 1;
                retry = Some((at, read));
                continue;
            }
            Some(b'?') => true,
            Some(letter) if ignore_case => letter.eq_ignore_ascii_case(&text[read]),
            Some(letter) => *letter == text[read],
            None => false,
        };
        if fits {
            (at, read) = (at + 1, read + 1);
        } else {
            let Some((behind, sought)) = retry else { return false };
            (at, read) = (behind, sought + 1);
            retry = Some((behind, sought + 1));
        }
    }
    pattern[at..].iter().all(|piece| *piece == b'*')
}

/// The pieces of a pattern in which nothing is left open.
pub fn wildcards(pattern: &str) -> impl Iterator<Item = PatternPiece<'_>> + Clone {
    pattern.chars().map(|letter| match letter {
        '*' => PatternPiece::Any,
        '?' => PatternPiece::One,
        other => PatternPiece::Letter(other),
    })
}

/// Whether every text that fits `other` fits `pattern`, too, whatever comes to stand in the open pieces. Takes
/// at worst the product of the lengths in time, and no space.
///
/// Between two stars the pattern's letters are sought at the first place where they can stand: what comes behind
/// them has never less to choose from there.
pub fn covers<'a, 'b>(
    mut pattern: impl Iterator<Item = PatternPiece<'a>> + Clone,
    mut other: impl Iterator<Item = PatternPiece<'b>> + Clone,
    ignore_case: bool,
) -> bool {
    // Where to go on if what follows the last star stands somewhere else.
    let mut retry = None;
    // How many `?` come next that have no star beside them.
    let mut ones = 0;
    loop {
        if ones == 0 {
            let (gap, star, behind) = run(&pattern);
            if star {
                if !skip(&mut other, gap) {
                    return false;
                }
                pattern = behind;
                if pattern.clone().next().is_none() {
                    return true;
                }
                retry = Some((pattern.clone(), other.clone()));
                continue;
            }
            ones = gap;
        }
        let fits = match (pattern.next(), other.next()) {
            (None, None) => return true,
            (Some(PatternPiece::One), Some(PatternPiece::Letter(_) | PatternPiece::One)) => {
                ones -= 1;
                true
            }
            (Some(PatternPiece::Letter(a)), Some(PatternPiece::Letter(b))) => {
                a == b || ignore_case && is_same_letter(a, b)
            }
            (Some(PatternPiece::Open(a)), Some(PatternPiece::Open(b)))
            | (Some(PatternPiece::Name(a)), Some(PatternPiece::Name(b))) => a == b && !a.is_empty(),
            _ => false,
        };
        if !fits {
            let Some((behind, mut at)) = retry.take() else { return false };
            if at.next().is_none() {
                return false;
            }
            (pattern, other, ones) = (behind.clone(), at.clone(), 0);
            retry = Some((behind, at));
        }
    }
}

/// The wildcards that come next: how many `?`, whether a star is among them, and what follows.
fn run<'a, P: Iterator<Item = PatternPiece<'a>> + Clone>(pattern: &P) -> (usize, bool, P) {
    let mut behind = pattern.clone();
    let (mut ones, mut star) = (0, false);
    loop {
        let mut next = behind.clone();
        match next.next() {
            Some(PatternPiece::One) => ones += 1,
            Some(PatternPiece::Any) => star = true,
            _ => return (ones, star, behind),
        }
        behind = next;
    }
}

/// Goes on by so many characters that are there for certain; `false` where there are fewer.
fn skip<'a>(pieces: &mut impl Iterator<Item = PatternPiece<'a>>, count: usize) -> bool {
    let mut left = count;
    while left > 0 {
        match pieces.next() {
            Some(PatternPiece::Letter(_) | PatternPiece::One) => left -= 1,
            Some(PatternPiece::Any | PatternPiece::Part | PatternPiece::Open(_) | PatternPiece::Name(_)) => {}
            None => return false,
        }
    }
    true
}

/// Whether two letters differ in their case at most.
pub fn is_same_letter(a: char, b: char) -> bool {
    a.eq_ignore_ascii_case(&b) || !a.is_ascii() && !b.is_ascii() && a.to_lowercase().eq(b.to_lowercase())
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
            ("*?", "?*", true),
            ("?*?", "a*b", true),
            ("?*?", "*b", false),
            ("a*?b", "a?*b", true),
            ("a*?b", "a*b", false),
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
            ("gr??e", "größe", true),
            ("GRÖ*", "größe", true),
        ] {
            assert_eq!(wildcard_matches(pattern, text, true), expected, "{pattern} {text}");
        }
        assert!(!wildcard_matches("A", "a", false));
    }

    /// Every text over an alphabet up to a length.
    fn texts(alphabet: &str, length: usize) -> Vec<String> {
        let mut all = vec![String::new()];
        let mut from = 0;
        for _ in 0..length {
            let to = all.len();
            for index in from..to {
                all.extend(
                    alphabet.chars().map(|letter| format!("{}{letter}", all[index])).collect::<Vec<_>>(),
                );
            }
            from = to;
        }
        all
    }

    /// The plain definition, with no thought of speed.
    fn matches_by_definition(pattern: &[u8], text: &[u8]) -> bool {
        match (pattern, text) {
            ([], []) => true,
            ([b'*', rest @ ..], _) => {
                matches_by_definition(rest, text)
                    || !text.is_empty() && matches_by_definition(pattern, &text[1..])
            }
            ([b'?', rest @ ..], [_, text @ ..]) => matches_by_definition(rest, text),
            ([a, rest @ ..], [b, text @ ..]) => a == b && matches_by_definition(rest, text),
            _ => false,
        }
    }

    #[test]
    fn short_patterns_are_judged_as_the_definition_says() {
        // `c` stands in no pattern, as the letters of most texts do. Four wildcards show what they do within eight.
        let all_texts = texts("ac", 8);
        let patterns = texts("a*?", 4);
        let fitting: Vec<Vec<bool>> = patterns
            .iter()
            .map(|pattern| {
                let fits = |text: &String| matches_by_definition(pattern.as_bytes(), text.as_bytes());
                all_texts.iter().map(fits).collect()
            })
            .collect();
        for (pattern, own) in patterns.iter().zip(&fitting) {
            for (text, fits) in all_texts.iter().zip(own) {
                assert_eq!(wildcard_matches(pattern, text, false), *fits, "{pattern} {text}");
            }
            for (other, its) in patterns.iter().zip(&fitting) {
                let all = its.iter().zip(own).all(|(its, own)| !its || *own);
                assert_eq!(wildcard_covers(pattern, other, false), all, "{pattern} {other}");
            }
        }
    }

    #[test]
    fn what_is_open_is_covered_by_a_star_and_by_itself() {
        use PatternPiece::{Any, Letter, One, Open};
        let user = Open("${aws:username}");
        for (pattern, other, expected) in [
            (&[Any][..], &[user][..], true),
            (&[One][..], &[user][..], false),
            (&[user][..], &[user][..], true),
            (&[user][..], &[Open("${aws:userid}")][..], false),
            (&[user][..], &[Letter('a')][..], false),
            (&[Letter('a'), Any][..], &[Letter('a'), user, Letter('b')][..], true),
            (&[One, Any][..], &[user][..], false),
            (&[One, Any][..], &[user, Letter('a')][..], true),
            (&[user, Any][..], &[user, One][..], true),
            (&[Any, user][..], &[Letter('x'), user][..], true),
        ] {
            let covers = covers(pattern.iter().copied(), other.iter().copied(), false);
            assert_eq!(covers, expected, "{pattern:?} {other:?}");
        }
    }

    /// Counts how often a piece is asked for.
    #[derive(Clone)]
    struct Counted<'c, I>(I, &'c std::cell::Cell<usize>);

    impl<I: Iterator> Iterator for Counted<'_, I> {
        type Item = I::Item;

        fn next(&mut self) -> Option<I::Item> {
            self.1.set(self.1.get() + 1);
            self.0.next()
        }
    }

    #[test]
    fn long_patterns_take_no_more_than_the_product_of_the_lengths() {
        for (pattern, text) in [
            ("*a".repeat(200) + "b", "a".repeat(2_000)),
            ("?".repeat(1_000) + "a", "?".repeat(1_000)),
            ("*".to_string() + &"a?".repeat(200) + "b", "a".repeat(2_000)),
        ] {
            let steps = std::cell::Cell::new(0);
            let pieces = Counted(wildcards(&pattern), &steps);
            assert!(!covers(pieces, Counted(wildcards(&text), &steps), false));
            assert!(steps.get() < 6 * pattern.len() * text.len(), "{} steps", steps.get());
        }
    }
}
