//! The name that a misspelt one most likely means.

use super::opposites;
use super::reference::{service, services};
use super::{keys, principals, tables};
use crate::text;

/// What a misspelt word most likely means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guess<W = &'static str> {
    pub word: W,
    /// At most two letters off, no digit among them, and nothing else is as near.
    pub is_plain: bool,
}

impl<W> Guess<W> {
    /// A word that is surely meant.
    pub fn plain(word: W) -> Guess<W> {
        Guess { word, is_plain: true }
    }

    pub fn map<V>(self, map: impl FnOnce(W) -> V) -> Guess<V> {
        Guess { word: map(self.word), is_plain: self.is_plain }
    }
}

/// The candidate nearest to a word, if one is near: at most one slip in four characters, where an
/// insertion, a deletion, another character and two swapped ones count one. Case does not count.
/// A word that is nearer to a candidate's opposite does not mean the candidate.
pub fn guess<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<Guess<&'a str>> {
    let lower = word.to_ascii_lowercase();
    let cap = most_slips(word);
    let mut known = String::new();
    let mut rows = Rows::default();
    let mut best: Option<(usize, bool, Guess<&'a str>)> = None;
    // Whether the best and its opposite are as near as each other.
    let mut is_torn = false;
    for candidate in candidates {
        if candidate.len().abs_diff(lower.len()) > cap {
            continue;
        }
        known.clear();
        known.push_str(candidate);
        known.make_ascii_lowercase();
        let Some(distance) = rows.distance(lower.as_bytes(), known.as_bytes(), cap) else { continue };
        let turned = opposites::of(candidate)
            .filter_map(|it| rows.distance(lower.as_bytes(), it.as_bytes(), distance))
            .min();
        if turned.is_some_and(|turned| turned < distance) {
            continue;
        }
        let is_plain = distance <= PLAIN && turned.is_none() && digits(&lower).eq(digits(&known));
        // Of equals, the one that starts alike.
        let other_start = known.as_bytes().first() != lower.as_bytes().first();
        match &mut best {
            Some((old, start, guess)) if *old == distance && guess.word != candidate => {
                is_torn |= opposites::of(candidate).any(|it| it.eq_ignore_ascii_case(guess.word));
                if !other_start && *start {
                    (*start, guess.word) = (other_start, candidate);
                }
                guess.is_plain = false;
            }
            Some((old, ..)) if *old <= distance => {}
            _ => {
                best = Some((distance, other_start, Guess { word: candidate, is_plain }));
                is_torn = false;
            }
        }
    }
    best.filter(|_| !is_torn).map(|(_, _, guess)| guess)
}

/// How many letters a word that is plainly meant is off.
const PLAIN: usize = 2;

fn digits(word: &str) -> impl Iterator<Item = char> + '_ {
    word.chars().filter(char::is_ascii_digit)
}

/// The same where nothing hangs on how sure it is.
pub fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    guess(word, candidates).map(|guess| guess.word)
}

/// How many slips a word may have.
fn most_slips(word: &str) -> usize {
    (word.len() / 4).clamp(1, 4)
}

/// The rows of a table of distances, kept from one word to the next.
#[derive(Default)]
struct Rows {
    two_ago: Vec<usize>,
    last: Vec<usize>,
    row: Vec<usize>,
}

impl Rows {
    /// Damerau-Levenshtein distance (adjacent swaps), `None` above the cap.
    fn distance(&mut self, a: &[u8], b: &[u8], cap: usize) -> Option<usize> {
        if a.len().abs_diff(b.len()) > cap {
            return None;
        }
        let Rows { two_ago, last, row } = self;
        let width = b.len() + 1;
        for row in [&mut *two_ago, &mut *row] {
            row.clear();
            row.resize(width + 1, cap + 1);
        }
        last.clear();
        last.extend(0..=width);
        for i in 1..=a.len() {
            // What lies further from the diagonal is above the cap.
            let (from, to) = (i.saturating_sub(cap).max(1), (i + cap).min(b.len()));
            row[from - 1] = if from == 1 { i } else { cap + 1 };
            let mut least = row[from - 1];
            for j in from..=to {
                let same = a[i - 1] == b[j - 1];
                let mut cost = (last[j - 1] + usize::from(!same)).min(last[j] + 1).min(row[j - 1] + 1);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    cost = cost.min(two_ago[j - 2] + 1);
                }
                row[j] = cost;
                least = least.min(cost);
            }
            row[to + 1] = cap + 1;
            if least > cap {
                return None;
            }
            std::mem::swap(two_ago, last);
            std::mem::swap(last, row);
        }
        (last[b.len()] <= cap).then_some(last[b.len()])
    }
}

/// The action of a known service that a name most likely means; without the prefix. What is right of
/// the name is its verb, if any action has it: no `Get` is meant to be a `Put`.
pub fn nearest_action(prefix: &str, name: &str) -> Option<Guess> {
    nearest_among(name, service(prefix)?.actions().map(|action| action.name()))
}

fn nearest_among(name: &str, actions: impl Iterator<Item = &'static str>) -> Option<Guess> {
    let verb = text::first_word(name).to_ascii_lowercase();
    let is_verb = tables::ACTION_VERBS.binary_search(&&*verb).is_ok();
    let near = actions.filter(|known| known.len().abs_diff(name.len()) <= most_slips(name));
    guess(name, near.filter(|known| !is_verb || text::first_word(known).eq_ignore_ascii_case(&verb)))
}

/// The service prefix that a word most likely means, among those that have the action: `ec2` is near to
/// everything short. Which of a service's actions a wildcard was meant for is never plain.
pub fn nearest_service(prefix: &str, action: &str) -> Option<Guess> {
    let is_pattern = action.contains(['*', '?']);
    if let Some(meant) = super::prefix_of_product(prefix) {
        let is_plain = is_pattern || service(meant).is_some_and(|service| service.action(action).is_some());
        return Some(Guess { word: meant, is_plain });
    }
    let having = services().filter(|service| is_pattern || service.action(action).is_some());
    let found = guess(prefix, having.map(|service| service.prefix()))?;
    Some(Guess { is_plain: found.is_plain && !is_pattern, ..found })
}

/// The condition key that a word most likely means; one with a placeholder only where the written
/// key's end fits it.
pub fn nearest_condition_key(key: &str) -> Option<Guess<String>> {
    let plain = |name: &&'static str| !name.contains(['$', '<']);
    let global = keys::global_keys().map(|key| key.name);
    let own = key
        .split_once(':')
        .and_then(|(prefix, _)| service(prefix))
        .into_iter()
        .flat_map(|service| service.condition_keys().map(|key| key.name()));
    if let Some(found) = guess(key, global.clone().chain(own.clone()).filter(plain)) {
        return Some(found.map(str::to_string));
    }
    // `aws:ResourceTags/team`: the part before the slash is what is misspelt.
    let (head, tag) = key.split_once('/')?;
    let heads = global
        .chain(own)
        .filter_map(|name| name.split_once("/$").or(name.split_once("/<")))
        .map(|(head, _)| head);
    Some(guess(head, heads)?.map(|head| format!("{head}/{tag}")))
}

/// The service principal that a name most likely means.
pub fn nearest_principal(name: &str) -> Option<Guess> {
    if let Some(known) = principals::misspelt_principal(name) {
        return Some(Guess::plain(known));
    }
    let stem = name.split('.').next()?;
    let rest = &name[stem.len()..];
    // The domain is the same in all of them: only the service's own word is compared.
    let of_domain =
        |known: &&'static str| known.split_once('.').is_some_and(|(head, _)| known[head.len()..] == *rest);
    let known = || principals::service_principals().iter().copied().filter(of_domain);
    let near = guess(stem, known().map(|known| known.split('.').next().unwrap_or(known)))?;
    let whole = known().find(|known| known.strip_suffix(rest) == Some(near.word))?;
    Some(near.map(|_| whole))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn typos_lead_to_what_was_meant() {
        let action = |prefix, name| nearest_action(prefix, name).map(|it| (it.word, it.is_plain));
        assert_eq!(action("ecs", "RunTasks"), Some(("RunTask", true)));
        assert_eq!(action("ecs", "ListTask"), Some(("ListTasks", true)));
        assert_eq!(action("ecs", "RegisterTaskDefintion"), Some(("RegisterTaskDefinition", true)));
        assert_eq!(action("ecs", "RegisterTheTaskDefinition"), Some(("RegisterTaskDefinition", false)));
        assert_eq!(action("ecs", "Frobnicate"), None);
        let word = |guess: Option<Guess>| guess.map(|it| it.word);
        assert_eq!(word(nearest_service("dynamdb", "GetItem")), Some("dynamodb"));
        assert!(nearest_service("dynamdb", "*").is_some_and(|it| !it.is_plain));
        let key = |key| nearest_condition_key(key).map(|it| it.word);
        assert_eq!(key("aws:SourceArns").as_deref(), Some("aws:SourceArn"));
        assert_eq!(key("aws:ResourceTags/team").as_deref(), Some("aws:ResourceTag/team"));
        assert_eq!(word(nearest_principal("ecs-task.amazonaws.com")), Some("ecs-tasks.amazonaws.com"));
        assert_eq!(word(nearest_principal("lamda.amazonaws.com")), Some("lambda.amazonaws.com"));
        assert_eq!(word(nearest_principal("mycompany.example.com")), None);
    }

    #[test]
    fn the_opposite_is_never_meant() {
        let guessed = |word, known| guess(word, [known].into_iter()).map(|it| it.is_plain);
        for (word, known) in [
            ("DisconnectDirectory", "ConnectDirectory"),
            ("DisconectDirectory", "ConnectDirectory"),
            ("deauthorizeApplication", "AuthorizeApplication"),
            ("UntagResourc", "TagResource"),
            ("DetachVolumes", "AttachVolume"),
            ("ImportImages", "ExportImage"),
            ("StringNotEqual", "StringEquals"),
            ("DISABLE", "ENABLED"),
        ] {
            assert_eq!(guessed(word, known), None, "{word} is taken for {known}");
            assert!(nearest_action("ds", word).is_none_or(|it| it.word != known), "{word}");
        }
        assert_eq!(guessed("StringNotEqual", "StringNotEquals"), Some(true));
        assert_eq!(guessed("escribeTasks", "DescribeTasks"), Some(false));
        assert_eq!(guessed("DescribTasks", "DescribeTasks"), Some(true));
        // Another number is another thing.
        assert_eq!(guessed("eu-west-4", "eu-west-1"), Some(false));
        // Either may be meant.
        let two = guess("nettobject", ["GettObject", "PettObject"].into_iter());
        assert_eq!(two.map(|it| it.is_plain), Some(false));
    }

    /// Each action that has its opposite in the same service, with each other of its letters left out in turn.
    #[test]
    fn no_misspelt_action_is_taken_for_its_opposite() {
        let mut pairs = 0;
        let mut taken = Vec::new();
        for service in services() {
            let names: HashSet<String> = service.actions().map(|it| it.name().to_ascii_lowercase()).collect();
            for action in service.actions() {
                let opposites: Vec<String> =
                    opposites::of(action.name()).filter(|it| names.contains(it)).collect();
                pairs += opposites.len();
                let letters = if opposites.is_empty() { 0 } else { action.name().len() };
                // Others may be nearer still; between these, it is never the wrong one.
                let both: Vec<&'static str> = service
                    .actions()
                    .map(|it| it.name())
                    .filter(|it| *it == action.name() || opposites.contains(&it.to_ascii_lowercase()))
                    .collect();
                for at in (0..letters).step_by(2) {
                    let mut misspelt = action.name().to_string();
                    misspelt.remove(at);
                    let Some(near) = nearest_among(&misspelt, both.iter().copied()) else { continue };
                    if opposites.contains(&near.word.to_ascii_lowercase()) {
                        taken.push(format!("{}:{misspelt} -> {}", service.prefix(), near.word));
                    }
                }
            }
        }
        assert!(pairs > 1000, "{pairs}");
        assert!(taken.is_empty(), "{}\n{}", taken.len(), taken.join("\n"));
    }

    /// As if each action were unknown: what would it be taken for?
    #[test]
    fn no_action_is_taken_for_one_of_another_verb() {
        for service in services() {
            // Each compared with all others is slow; which ones are taken does not matter.
            for action in service.actions().step_by(23) {
                let others = service.actions().map(|it| it.name()).filter(|it| *it != action.name());
                let near = nearest_among(action.name(), others);
                let same = near.is_none_or(|it| text::first_word(it.word) == text::first_word(action.name()));
                assert!(same, "{action:?} -> {near:?}");
            }
        }
    }
}
