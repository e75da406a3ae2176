//! How old the facts are that everything is judged by.

use crate::catalog;
use jiff::civil::Date;

/// How many days old the facts are.
pub(super) fn age(today: Date) -> i32 {
    let made = catalog::facts_as_of().parse::<Date>();
    made.ok().and_then(|made| today.since(made).ok()).map_or(0, |span| span.get_days())
}

/// What there is to say where they are older than the configuration lets them be.
pub(super) fn too_old(most: u32, place: &str, today: Date) -> Option<String> {
    let age = age(today);
    (i64::from(age) > i64::from(most)).then(|| {
        format!(
            "the facts of AWS are of {}, {age} days old; {place} lets them be {most} days old (`factsMaxAge`): \
             update passrole",
            catalog::facts_as_of()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_grow_old() {
        let made: Date = catalog::facts_as_of().parse().unwrap();
        let later = made.saturating_add(jiff::Span::new().days(91));
        assert_eq!(age(later), 91);
        assert_eq!(too_old(91, "x:1", later), None);
        assert!(
            too_old(90, "x:1", later)
                .is_some_and(|why| why.contains("91 days old; x:1 lets them be 90 days"))
        );
        assert_eq!(too_old(0, "x:1", made), None);
    }
}
