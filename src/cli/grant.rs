//! `--grant`: the one finding whose fix may add access.

use crate::diagnostic::Safety;
use crate::output::Record;
use crate::rules;
use crate::text::listed;
use std::str::FromStr;

/// A rule, and a line where it has several findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grant {
    /// As it was named: several may have come of one that was called so.
    pub rule: String,
    line: Option<u32>,
}

impl FromStr for Grant {
    type Err = String;

    fn from_str(text: &str) -> Result<Grant, String> {
        let (rule, line) = match text.rsplit_once(':') {
            Some((rule, line)) => {
                let line = line.parse().map_err(|_| format!("`{line}` is not a line number"))?;
                (rule, Some(line))
            }
            None => (text, None),
        };
        match rules::named(rule).next() {
            Some(_) => Ok(Grant { rule: rule.to_string(), line }),
            None => Err(rules::unknown(rule)),
        }
    }
}

impl Grant {
    /// The one finding that is meant among all that were found; `None` where there is none. Where there are
    /// several, words that say how to choose.
    pub(super) fn choose<'r>(
        &self,
        found: impl Iterator<Item = &'r Record>,
        files: usize,
    ) -> Result<Option<&'r Record>, String> {
        if self.line.is_some() && files != 1 {
            return Err("a line is meant in one file: name that file".to_string());
        }
        let adds_access = |record: &&Record| {
            record.rule.is_called(&self.rule)
                && record.fix.as_ref().is_some_and(|fix| fix.safety == Safety::Grants)
                && self.line.is_none_or(|line| record.start.line == line)
        };
        let candidates: Vec<&Record> = found.filter(adds_access).collect();
        match candidates.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(one)),
            // What one place lacks is one repair after the other: the first.
            [first, others @ ..]
                if others.iter().all(|it| it.path == first.path && it.start == first.start) =>
            {
                Ok(Some(first))
            }
            several => {
                let places: Vec<String> = several
                    .iter()
                    .map(|it| format!("{}:{}:{}", it.path, it.start.line, it.start.column))
                    .collect();
                Err(format!(
                    "access is added one finding at a time, and `{}` has {} that add some: {}; name one \
                     file and the line: --grant {}:{}",
                    self.rule,
                    several.len(),
                    listed(places),
                    self.rule,
                    several[0].start.line
                ))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::records::internal_error;
    use crate::output::FixRecord;

    fn finding(path: &str, line: u32, safety: Safety) -> Record {
        let rule = rules::by_id("missing-pass-role").unwrap().meta();
        let mut record = internal_error(path);
        record.start.line = line;
        let fix = FixRecord { title: String::new(), safety, is_elsewhere: false, edits: Vec::new() };
        Record { rule, fix: Some(fix), ..record }
    }

    #[test]
    fn one_finding_is_meant_or_none() {
        let found = [
            finding("a.json", 3, Safety::Grants),
            finding("a.json", 5, Safety::Unsafe),
            finding("a.json", 9, Safety::Grants),
        ];
        let choose = |grant: &str, found: &[Record], files: usize| {
            let grant: Grant = grant.parse().unwrap();
            grant.choose(found.iter(), files).map(|it| it.map(|record| record.start.line))
        };
        assert_eq!(choose("missing-pass-role", &found[..2], 7), Ok(Some(3)));
        assert_eq!(choose("missing-pass-role:9", &found, 1), Ok(Some(9)));
        assert_eq!(choose("missing-pass-role:5", &found, 1), Ok(None));
        assert_eq!(choose("unknown-action", &found, 1), Ok(None));
        let several = choose("missing-pass-role", &found, 1).unwrap_err();
        for words in ["a.json:3:1, a.json:9:1", "--grant missing-pass-role:3"] {
            assert!(several.contains(words), "{several}");
        }
        assert!(choose("missing-pass-role:9", &found, 2).unwrap_err().contains("name that file"));
    }

    #[test]
    fn a_rule_may_be_named_as_it_was_before() {
        let of = |id: &str, line: u32| Record {
            rule: rules::by_id(id).unwrap().meta(),
            ..finding("a.json", line, Safety::Grants)
        };
        let found = [of("conflicting-launch-settings", 3), of("conflicting-volume-settings", 5)];
        let choose = |grant: &str| {
            let grant: Grant = grant.parse().unwrap();
            grant.choose(found.iter(), 1).map(|it| it.map(|record| record.rule.id))
        };
        assert_eq!(choose("conflicting-service-fields:5"), Ok(Some("conflicting-volume-settings")));
        assert!(choose("conflicting-service-fields").unwrap_err().contains("a.json:3:1, a.json:5:1"));
        assert_eq!(choose("conflicting-daemon-settings"), Ok(None));
        assert!("conflicting-service-field".parse::<Grant>().is_err());
    }
}
