//! Numbers, dates and addresses of conditions, and how they compare.

use crate::access::AddressRange;
use crate::catalog::{BaseOperator, Family};
use std::cmp::Ordering;

/// Whether a value of the request stands to a policy's value as the operator asks, negation left out. What is no
/// number, date or address stands in no relation to anything.
pub(super) fn compares(operator: &BaseOperator, wanted: &str, given: &str) -> bool {
    let order = match operator.family {
        Family::Bool => return wanted.trim().eq_ignore_ascii_case(given.trim()),
        Family::Binary => return wanted == given,
        Family::IpAddress => {
            let range = AddressRange::parse(wanted);
            // A request comes from one address.
            let address = AddressRange::parse(given).filter(|_| !given.contains('/'));
            return range.zip(address).is_some_and(|(range, address)| range.covers(address));
        }
        Family::Numeric => number(given).zip(number(wanted)).and_then(|(a, b)| a.partial_cmp(&b)),
        Family::Date => moment(given).zip(moment(wanted)).and_then(|(a, b)| a.partial_cmp(&b)),
        Family::String | Family::Arn | Family::Null => return false,
    };
    let Some(order) = order else { return false };
    let name = operator.name.strip_prefix("Numeric").or(operator.name.strip_prefix("Date"));
    match name.unwrap_or_default() {
        "LessThan" => order == Ordering::Less,
        "LessThanEquals" => order != Ordering::Greater,
        "GreaterThan" => order == Ordering::Greater,
        "GreaterThanEquals" => order != Ordering::Less,
        _ => order == Ordering::Equal,
    }
}

/// What stands for a number.
pub fn number(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|it: &f64| it.is_finite())
}

/// Seconds since 1970: of a date in the W3C's profile of ISO 8601, or written as such a number.
pub fn moment(text: &str) -> Option<f64> {
    let text = text.trim();
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if is_number && text.len() > 4 {
        return number(text);
    }
    let (date, time) = match text.split_once(['T', 't', ' ']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let mut parts = date.splitn(3, '-');
    let year = parts.next().filter(|year| year.len() == 4).and_then(digits)?;
    let month = parts.next().map_or(Some(1), two)?;
    let day = parts.next().map_or(Some(1), two)?;
    if !(1..=12).contains(&month) || day < 1 || day > days_of(year, month) {
        return None;
    }
    let midnight = days(year, month, day) * 86_400;
    let Some(time) = time else { return Some(midnight as f64) };
    // A time without a zone could be meant anywhere.
    let (clock, zone) = match time.strip_suffix(['Z', 'z']) {
        Some(clock) => (clock, 0),
        None => {
            let at = time.rfind(['+', '-'])?;
            let (hours, minutes) = match time[at + 1..].split_once(':') {
                Some((hours, minutes)) => (two(hours)?, two(minutes)?),
                None => (two(time.get(at + 1..at + 3)?)?, two(time.get(at + 3..)?)?),
            };
            let seconds = hours * 3_600 + minutes * 60;
            (&time[..at], if time[at..].starts_with('-') { -seconds } else { seconds })
        }
    };
    let mut parts = clock.splitn(3, ':');
    let (hour, minute) = (parts.next().and_then(two)?, parts.next().and_then(two)?);
    let (second, fraction) = match parts.next() {
        None => (0, 0.0),
        Some(seconds) => match seconds.split_once('.') {
            Some((seconds, fraction)) => {
                (two(seconds)?, format!("0.{}", digits(fraction).map(|_| fraction)?).parse().ok()?)
            }
            None => (two(seconds)?, 0.0),
        },
    };
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    Some((midnight + hour * 3_600 + minute * 60 + second - zone) as f64 + fraction)
}

/// A date of so many seconds since 1970, as policies write it.
pub fn date_text(seconds: f64) -> String {
    let seconds = seconds.floor() as i64;
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Years start in March here, so that the leap day is the last of one.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", rest / 3_600, rest / 60 % 60, rest % 60)
}

fn digits(text: &str) -> Option<i64> {
    if text.is_empty() || text.len() > 9 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

fn two(text: &str) -> Option<i64> {
    digits(text).filter(|_| text.len() == 2)
}

fn days_of(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970. Years start in March here, so that the leap day is the last of one.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year - era * 400;
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_every_form_of_iso_8601_that_iam_takes() {
        let newyear = Some(1_767_225_600.0);
        for (text, expected) in [
            ("2026-01-01T00:00:00Z", newyear),
            ("2026-01-01T00:00Z", newyear),
            ("2026-01-01T01:00:00+01:00", newyear),
            ("2025-12-31T23:00:00-0100", newyear),
            ("2026-01-01T00:00:00.5Z", newyear.map(|it| it + 0.5)),
            ("2026-01-01", newyear),
            ("2026-01", newyear),
            ("2026", newyear),
            ("1767225600", newyear),
            ("1970-01-01", Some(0.0)),
            ("2000-02-29", Some(951_782_400.0)),
            ("2100-02-29", None),
            ("2026-13-01", None),
            ("2026-01-01T00:00:00", None),
            ("tomorrow", None),
            ("", None),
            ("2026-01-01T25:00Z", None),
            ("2026-01-01Té+", None),
        ] {
            assert_eq!(moment(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_number_stands_in_no_relation() {
        let operator = |name| crate::catalog::parse_operator(name).unwrap().base;
        for (name, wanted, given, expected) in [
            ("NumericEquals", "10", "1e1", true),
            ("NumericLessThan", "10", "9.5", true),
            ("NumericLessThanEquals", "10", "ten", false),
            ("NumericGreaterThanEquals", "10", "10", true),
            ("NumericGreaterThan", "10", "10", false),
            ("DateLessThan", "2026-01-01", "2025-12-31T23:59:59Z", true),
            ("Bool", "true", "True", true),
            ("BinaryEquals", "QUI=", "qui=", false),
            ("IpAddress", "203.0.113.0/24", "203.0.113.9", true),
            ("IpAddress", "203.0.113.0/24", "2001:db8::1", false),
            ("IpAddress", "2001:db8::/32", "2001:db8::1", true),
            ("IpAddress", "203.0.113.0/24", "203.0.113.0/25", false),
        ] {
            assert_eq!(compares(operator(name), wanted, given), expected, "{name} {wanted} {given}");
        }
    }
}
