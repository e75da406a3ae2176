//! Texts that tell patterns apart: one for every set of patterns that some text fits.

use crate::access::Pattern;
use crate::catalog::PatternPiece;
use std::collections::HashSet;

/// A set of texts, written as stretches of letters.
#[derive(Debug, Clone, Default)]
pub(super) struct Language {
    stretches: Vec<Stretch>,
    ignores_case: bool,
}

#[derive(Debug, Clone, Copy)]
struct Stretch {
    letters: Letters,
    /// Any number of them, also none; otherwise exactly one.
    many: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Letters {
    Exactly(char),
    Any,
    /// As names have them: no wildcards, and not what separates names.
    Name {
        colon: bool,
        slash: bool,
    },
}

/// There are more combinations than anybody waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooMany;

/// How many states an automaton may have.
const STATES: usize = 20_000;

impl Letters {
    fn take(self, letter: char, ignores_case: bool) -> bool {
        match self {
            Letters::Exactly(own) => {
                own == letter || ignores_case && own.to_lowercase().eq(letter.to_lowercase())
            }
            Letters::Any => true,
            Letters::Name { colon, slash } => match letter {
                ':' => colon,
                '/' => slash,
                '*' | '?' => false,
                letter => !letter.is_control() && letter != ' ',
            },
        }
    }
}

impl Language {
    /// Any text but the empty one.
    pub fn any() -> Language {
        let mut language = Language::default();
        language.some(Letters::Any);
        language
    }

    /// The texts that fit a pattern in which nothing is open; `None` where something is.
    pub fn of(pattern: &Pattern<'_>, ignores_case: bool) -> Option<Language> {
        let mut language = Language { ignores_case, ..Language::default() };
        for piece in pattern.pieces() {
            match piece {
                PatternPiece::Letter(letter) => language.push(Letters::Exactly(*letter), false),
                PatternPiece::One => language.push(Letters::Any, false),
                PatternPiece::Any | PatternPiece::Part => language.push(Letters::Any, true),
                PatternPiece::Open(_) | PatternPiece::Name(_) => return None,
            }
        }
        Some(language)
    }

    pub fn text(&mut self, text: &str) {
        text.chars().for_each(|letter| self.push(Letters::Exactly(letter), false));
    }

    pub fn push(&mut self, letters: Letters, many: bool) {
        self.stretches.push(Stretch { letters, many });
    }

    /// At least one of these letters.
    pub fn some(&mut self, letters: Letters) {
        self.push(letters, false);
        self.push(letters, true);
    }

    fn words(&self) -> usize {
        self.stretches.len() / 64 + 1
    }

    /// Whatever comes next where stretches of any length may be empty.
    fn close(&self, state: &mut [u64]) {
        for (at, stretch) in self.stretches.iter().enumerate() {
            if stretch.many && has(state, at) {
                set(state, at + 1);
            }
        }
    }

    fn step(&self, from: &[u64], to: &mut [u64], letter: char) {
        for (at, stretch) in self.stretches.iter().enumerate() {
            if has(from, at) && stretch.letters.take(letter, self.ignores_case) {
                set(to, if stretch.many { at } else { at + 1 });
            }
        }
        self.close(to);
    }

    fn ends(&self, state: &[u64]) -> bool {
        has(state, self.stretches.len())
    }

    fn letters(&self) -> impl Iterator<Item = char> {
        self.stretches.iter().filter_map(|stretch| match stretch.letters {
            Letters::Exactly(letter) => Some(letter),
            _ => None,
        })
    }
}

fn has(state: &[u64], at: usize) -> bool {
    state[at / 64] >> (at % 64) & 1 == 1
}

fn set(state: &mut [u64], at: usize) {
    state[at / 64] |= 1 << (at % 64);
}

/// A letter that stands for all that no pattern names.
const OTHERS: [char; 8] = ['x', 'z', '0', 'q', 'w', '_', '~', '\u{a7}'];

/// For every set of the patterns that some text of `shape` fits, and no other pattern, the shortest such text.
pub(super) fn texts(shape: &Language, patterns: &[Language]) -> Result<Vec<String>, TooMany> {
    let all: Vec<&Language> = std::iter::once(shape).chain(patterns).collect();
    let mut letters: Vec<char> = Vec::new();
    let mut seen: HashSet<char> = all.iter().flat_map(|language| language.letters()).collect();
    if all.iter().any(|language| language.ignores_case) {
        let folded = |letter: &char| letter.to_lowercase().chain(letter.to_uppercase()).collect::<Vec<_>>();
        seen = seen.iter().flat_map(folded).chain(seen.iter().copied()).collect();
    }
    let mut named: Vec<char> = seen.iter().copied().collect();
    named.sort_unstable();
    letters.extend(OTHERS.into_iter().find(|letter| seen.insert(*letter)));
    letters.extend(named);

    let offsets: Vec<usize> = all
        .iter()
        .scan(0, |at, language| {
            *at += language.words();
            Some(*at - language.words())
        })
        .collect();
    let width = all.iter().map(|language| language.words()).sum();
    let mut start = vec![0u64; width];
    for (language, at) in all.iter().zip(&offsets) {
        let state = &mut start[*at..at + language.words()];
        set(state, 0);
        language.close(state);
    }
    let mut known: HashSet<Vec<u64>> = HashSet::from([start.clone()]);
    let mut queue: Vec<(Vec<u64>, usize, char)> = vec![(start, 0, ' ')];
    let mut found: HashSet<Vec<bool>> = HashSet::new();
    let mut texts = Vec::new();
    let mut at = 0;
    while at < queue.len() {
        let state = queue[at].0.clone();
        if shape.ends(&state[..shape.words()]) {
            let fits: Vec<bool> = all
                .iter()
                .zip(&offsets)
                .skip(1)
                .map(|(language, at)| language.ends(&state[*at..at + language.words()]))
                .collect();
            if found.insert(fits) {
                let mut text = Vec::new();
                let mut back = at;
                while back != 0 {
                    text.push(queue[back].2);
                    back = queue[back].1;
                }
                texts.push(text.iter().rev().collect());
            }
        }
        for letter in &letters {
            let mut next = vec![0u64; width];
            for (language, at) in all.iter().zip(&offsets) {
                let words = *at..at + language.words();
                language.step(&state[words.clone()], &mut next[words], *letter);
            }
            let is_dead = next[..shape.words()].iter().all(|word| *word == 0);
            if !is_dead && !known.contains(&next) {
                if known.len() >= STATES {
                    return Err(TooMany);
                }
                known.insert(next.clone());
                queue.push((next, at, *letter));
            }
        }
        at += 1;
    }
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Case;

    fn language(pattern: &str) -> Language {
        Language::of(&Pattern::part(pattern, 0..pattern.len(), &[], Case::Counts), false).unwrap()
    }

    #[test]
    fn one_text_stands_for_each_set_of_patterns_that_can_be_met() {
        let find = |patterns: &[&str]| {
            let all: Vec<Language> = patterns.iter().map(|it| language(it)).collect();
            texts(&Language::any(), &all).unwrap()
        };
        assert_eq!(find(&[]), ["x"]);
        assert_eq!(find(&["a*"]), ["x", "a"]);
        assert_eq!(find(&["a*", "*b"]), ["x", "a", "b", "ab"]);
        assert_eq!(find(&["a*", "ab*"]), ["x", "a", "ab"]);
        assert_eq!(find(&["*", "??*"]), ["x", "xx"]);
        assert_eq!(find(&["web-1", "web-?"]).len(), 3);
        let mut shape = Language::default();
        shape.text("role/");
        shape.some(Letters::Name { colon: false, slash: false });
        assert_eq!(texts(&shape, &[language("role/*/a"), language("*a")]).unwrap(), ["role/x", "role/a"]);
    }

    #[test]
    fn what_takes_too_long_is_given_up() {
        let many: Vec<String> =
            (0..14).map(|it| format!("*{}*{}*", char::from(b'a' + it), char::from(b'b' + it))).collect();
        let all: Vec<Language> = many.iter().map(|it| language(it)).collect();
        assert_eq!(texts(&Language::any(), &all).unwrap_err(), TooMany);
    }
}
