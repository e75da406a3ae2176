//! Numbers as messages write them.

/// With a comma between thousands: `1,837,818`.
pub fn thousands(number: u32) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_has_its_commas() {
        for (number, expected) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (20_480, "20,480"),
            (999_999, "999,999"),
            (1_837_818, "1,837,818"),
            (u32::MAX, "4,294,967,295"),
        ] {
            assert_eq!(thousands(number), expected);
        }
    }
}
