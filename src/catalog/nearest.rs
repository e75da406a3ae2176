//! The name that a misspelt one most likely means.

use super::reference::{service, services};
use super::{keys, principals};

/// The candidate nearest to a word, if one is near: at most one slip in four characters, where an
/// insertion, a deletion, another character and two swapped ones count one. Case does not count.
pub fn nearest(word: &str, candidates: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    nearest_of(word, candidates)
}

/// The same among words that do not live as long as the program.
pub fn nearest_of<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_ascii_lowercase();
    let cap = (lower.len() / 4).clamp(1, 4);
    let mut best: Option<(usize, bool, &'a str)> = None;
    for candidate in candidates {
        if candidate.len().abs_diff(lower.len()) > cap {
            continue;
        }
        let known = candidate.to_ascii_lowercase();
        let Some(distance) = distance(lower.as_bytes(), known.as_bytes(), cap) else { continue };
        // Of equals, the one that starts alike.
        let other_start = known.as_bytes().first() != lower.as_bytes().first();
        if best.is_none_or(|(old, start, _)| (distance, other_start) < (old, start)) {
            best = Some((distance, other_start, candidate));
        }
    }
    best.map(|(_, _, candidate)| candidate)
}

/// Damerau-Levenshtein distance (adjacent swaps), `None` above the cap.
fn distance(a: &[u8], b: &[u8], cap: usize) -> Option<usize> {
    let width = b.len() + 1;
    let (mut two_ago, mut last, mut row) = (vec![0; width], (0..width).collect::<Vec<_>>(), vec![0; width]);
    for i in 1..=a.len() {
        row[0] = i;
        let mut least = i;
        for j in 1..width {
            let same = a[i - 1] == b[j - 1];
            let mut cost = (last[j - 1] + usize::from(!same)).min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                cost = cost.min(two_ago[j - 2] + 1);
            }
            row[j] = cost;
            least = least.min(cost);
        }
        if least > cap {
            return None;
        }
        std::mem::swap(&mut two_ago, &mut last);
        std::mem::swap(&mut last, &mut row);
    }
    (last[b.len()] <= cap).then_some(last[b.len()])
}

/// The action of a known service that a name most likely means; without the prefix.
pub fn nearest_action(prefix: &str, name: &str) -> Option<&'static str> {
    nearest(name, service(prefix)?.actions().map(|action| action.name()))
}

/// The service prefix that a word most likely means.
pub fn nearest_service(prefix: &str) -> Option<&'static str> {
    nearest(prefix, services().map(|service| service.prefix()))
}

/// The condition key that a word most likely means; one with a placeholder only where the written
/// key's end fits it.
pub fn nearest_condition_key(key: &str) -> Option<String> {
    let plain = |name: &&'static str| !name.contains(['$', '<']);
    let global = keys::global_keys().map(|key| key.name);
    let own = key
        .split_once(':')
        .and_then(|(prefix, _)| service(prefix))
        .into_iter()
        .flat_map(|service| service.condition_keys().map(|key| key.name()));
    if let Some(found) = nearest(key, global.clone().chain(own.clone()).filter(plain)) {
        return Some(found.to_string());
    }
    // `aws:ResourceTags/team`: the part before the slash is what is misspelt.
    let (head, tag) = key.split_once('/')?;
    let heads = global
        .chain(own)
        .filter_map(|name| name.split_once("/$").or(name.split_once("/<")))
        .map(|(head, _)| head);
    nearest(head, heads).map(|head| format!("{head}/{tag}"))
}

/// The service principal that a name most likely means.
pub fn nearest_principal(name: &str) -> Option<&'static str> {
    principals::misspelt_principal(name).or_else(|| {
        let stem = name.split('.').next()?;
        let rest = &name[stem.len()..];
        // The domain is the same in all of them: only the service's own word is compared.
        let same_domain = principals::service_principals().iter().copied().filter(|known| {
            known.split('.').next().is_some_and(|known_stem| known[known_stem.len()..] == *rest)
        });
        let near = nearest(stem, same_domain.map(|known| known.split('.').next().unwrap_or(known)))?;
        principals::service_principals()
            .iter()
            .copied()
            .find(|known| known.strip_prefix(near).is_some_and(|behind| behind == rest))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typos_lead_to_what_was_meant() {
        assert_eq!(nearest_action("ecs", "RunTasks"), Some("RunTask"));
        assert_eq!(nearest_action("ecs", "ListTask"), Some("ListTasks"));
        assert_eq!(nearest_action("ecs", "RegisterTaskDefintion"), Some("RegisterTaskDefinition"));
        assert_eq!(nearest_action("ecs", "Frobnicate"), None);
        assert_eq!(nearest_service("dynamdb"), Some("dynamodb"));
        assert_eq!(nearest_condition_key("aws:SourceArns").as_deref(), Some("aws:SourceArn"));
        assert_eq!(nearest_condition_key("aws:ResourceTags/team").as_deref(), Some("aws:ResourceTag/team"));
        assert_eq!(nearest_principal("ecs-task.amazonaws.com"), Some("ecs-tasks.amazonaws.com"));
        assert_eq!(nearest_principal("lamda.amazonaws.com"), Some("lambda.amazonaws.com"));
        assert_eq!(nearest_principal("mycompany.example.com"), None);
    }
}
