//! Account ids.

/// Whether a text is the id of an account: twelve digits.
pub fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The account id that is meant by one with hyphens, as consoles and letters show it:
/// `1111-2222-3333`.
pub fn meant_account_id(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    is_account_id(&digits).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_twelve_digits() {
        assert!(is_account_id("111122223333"));
        assert!(!is_account_id("1111222233334") && !is_account_id("11112222333x") && !is_account_id(""));
        assert_eq!(meant_account_id("1111-2222-3333").as_deref(), Some("111122223333"));
        assert_eq!(meant_account_id("1111-2222"), None);
    }
}
