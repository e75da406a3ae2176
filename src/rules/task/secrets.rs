//! Tells literal secrets from placeholders, references and ordinary values.

use crate::catalog;
use crate::diagnostic::Confidence;

/// What a value was taken for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Secret {
    pub case: &'static str,
    /// With its article: "a password".
    pub title: &'static str,
    pub is_aws_key: bool,
    pub confidence: Confidence,
}

impl Secret {
    const fn new(case: &'static str, title: &'static str, confidence: Confidence) -> Secret {
        Secret { case, title, is_aws_key: false, confidence }
    }

    const fn aws(case: &'static str, title: &'static str) -> Secret {
        Secret { case, title, is_aws_key: true, confidence: Confidence::High }
    }
}

/// By the form of a whole value, whatever it is called.
pub(super) fn of_value(text: &str) -> Option<Secret> {
    within(text).or_else(|| {
        if url_password(text).is_some_and(is_real_url_password) {
            return Some(Secret::new("url", "a URL with a password", Confidence::High));
        }
        connection_password(text).filter(|password| is_real_url_password(password)).map(|_| {
            Secret::new("connection-string", "a connection string with a password", Confidence::High)
        })
    })
}

/// By what stands somewhere in a text and can be nothing else: access key ids, tokens, private keys.
pub(super) fn within(text: &str) -> Option<Secret> {
    // Every form begins with one of these; most values have none of them.
    if text.len() < 16 {
        return None;
    }
    if has_access_key_id(text) {
        return Some(Secret::aws("access-key", "an AWS access key id"));
    }
    if let Some((_, behind)) = text.split_once("-----BEGIN ")
        && let Some((kind, body)) = behind.split_once("-----")
        && kind.ends_with("PRIVATE KEY")
        && body.bytes().filter(u8::is_ascii_alphanumeric).count() > 60
    {
        return Some(Secret::new("private-key", "a private key", Confidence::High));
    }
    let token = text
        .split(|it: char| it.is_whitespace() || matches!(it, '"' | '\'' | '=' | ',' | ';'))
        .find_map(|word| {
            if is_service_key(word) {
                return Some("a key of a service");
            }
            let format = catalog::token_formats().iter().find(|format| {
                word.strip_prefix(format.prefix).is_some_and(|rest| {
                    rest.len() >= format.least
                        && rest.bytes().all(|it| it.is_ascii_alphanumeric() || b"_-./+".contains(&it))
                        && distinct(rest) > 9
                        && !is_stand_in(rest)
                        // A web token has a header, a body and a signature.
                        && (format.prefix != "eyJ" || rest.matches('.').count() == 2)
                })
            });
            format.map(|format| format.title)
        })?;
    Some(Secret::new("token", token, Confidence::High))
}

/// `AC…` and `SK…` of Twilio, `…-us12` of Mailchimp: 32 hexadecimal digits with something on one side.
fn is_service_key(word: &str) -> bool {
    let digits = match word.rsplit_once("-us") {
        Some((digits, centre))
            if (1..3).contains(&centre.len()) && centre.bytes().all(|it| it.is_ascii_digit()) =>
        {
            digits
        }
        _ => match word.strip_prefix("SK").or_else(|| word.strip_prefix("AC")) {
            Some(digits) => digits,
            None => return false,
        },
    };
    digits.len() == 32
        && digits.bytes().all(|it| it.is_ascii_digit() || (b'a'..=b'f').contains(&it))
        && distinct(digits) > 9
}

/// By the name of the variable, and a value that may be a secret of that kind.
pub(super) fn by_name(name: &str, value: &str) -> Option<Secret> {
    let value = value.trim();
    if value.len() < 3 {
        return None;
    }
    let words = words(name);
    // `DB_PASSWORD_2` is one as well.
    let words = words.trim_end_matches(|it: char| it.is_ascii_digit()).trim_end_matches('_');
    let ends_with = |ending: &str| {
        words.strip_suffix(ending).is_some_and(|before| before.is_empty() || before.ends_with('_'))
    };
    // `PGPASSWORD`, `MYPASSWD`: no border before it.
    let is_password = catalog::container_values("passwordNameEndings")
        .iter()
        .any(|ending| ends_with(ending) || ending.len() > 3 && words.ends_with(ending));
    let is_secret =
        is_password || catalog::container_values("secretNameEndings").iter().any(|ending| ends_with(ending));
    let is_told = is_secret || is_random(value) && has_secret_word(words);
    if !is_told || is_stand_in(value) || is_reference(value) || is_setting(value) {
        return None;
    }
    if words.split('_').any(|word| catalog::container_values("publicNameWords").contains(&word)) {
        return None;
    }
    let compact = |text: &str| text.replace(['_', '-', '.', ' '], "").to_ascii_uppercase();
    if compact(value) == compact(name) || words.ends_with(&compact(value)) && !is_password {
        return None;
    }
    if is_password {
        return Some(Secret::new("password", "a password", Confidence::Medium));
    }
    if (ends_with("SECRET_ACCESS_KEY") || ends_with("AWS_SECRET_KEY")) && value.len() == 40 {
        return Some(Secret::aws("secret-access-key", "an AWS secret access key"));
    }
    if value.len() < 8 || is_slug(value) || value.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    // Tokens and keys of a service are drawn at random; what a program signs with, people make up.
    let random = value.len() >= 16 && entropy(value) > 3.0 && value.bytes().any(|it| it.is_ascii_digit());
    let made_up = catalog::container_values("madeUpNameEndings").iter().any(|ending| ends_with(ending));
    if !random && !made_up {
        return None;
    }
    let confidence = if random { Confidence::Medium } else { Confidence::Low };
    Some(if words.contains("TOKEN") {
        Secret::new("token", "a token", confidence)
    } else {
        Secret::new("secret", "a secret", confidence)
    })
}

/// `prod-db-credentials`: words with something between them, as names have.
fn is_slug(value: &str) -> bool {
    let between = ['-', '_', '/', '.', ':'];
    value.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || between.contains(&it))
        && value.contains(between)
        && !value.split(between).any(|word| {
            word.len() >= 12 && entropy(word) > 3.2 || word.len() >= 4 && is_hex_with_digits(word)
        })
}

/// `c4b4`: a part of an identifier, and no word.
fn is_hex_with_digits(word: &str) -> bool {
    word.bytes().all(|it| it.is_ascii_hexdigit())
        && word.bytes().filter(u8::is_ascii_digit).count() > 1
        && word.bytes().any(|it| it.is_ascii_alphabetic())
}

/// Long, of many characters, with letters and digits: nobody thinks of that.
fn is_random(value: &str) -> bool {
    value.len() >= 20
        && !value.contains(' ')
        && entropy(value) > 3.8
        && value.bytes().any(|it| it.is_ascii_digit())
        && value.bytes().any(|it| it.is_ascii_uppercase())
        && value.bytes().any(|it| it.is_ascii_lowercase())
}

/// Whether a word for a secret stands anywhere in the name, unless it goes on to say where the secret is.
fn has_secret_word(words: &str) -> bool {
    let places = ["NAME", "ARN", "ID", "URL", "URI", "FILE", "PATH", "HOST", "ENDPOINT"];
    !words.rsplit('_').next().is_some_and(|last| places.contains(&last))
        && words.split('_').any(|word| {
            matches!(word, "SECRET" | "TOKEN" | "CREDENTIAL" | "CREDENTIALS")
                || catalog::container_values("passwordNameEndings").contains(&word)
        })
}

/// `dbPassword` and `db.password` as `DB_PASSWORD`.
fn words(name: &str) -> String {
    crate::text::words(name).join("_").to_ascii_uppercase()
}

/// `AKIA` or `ASIA` and sixteen more, alone; not one of the documentation's.
fn has_access_key_id(text: &str) -> bool {
    let bytes = text.as_bytes();
    ["AKIA", "ASIA"].iter().any(|prefix| {
        text.match_indices(prefix).any(|(at, _)| {
            let part = |it: &u8| it.is_ascii_uppercase() || it.is_ascii_digit();
            let free = |at: Option<&u8>| at.is_none_or(|it| !it.is_ascii_alphanumeric());
            let Some(id) = text.get(at..at + 20) else { return false };
            id.bytes().all(|it| part(&it))
                && free(bytes.get(at + 20))
                && (at == 0 || free(bytes.get(at - 1)))
                && !id.contains("EXAMPLE")
                && distinct(&id[4..]) > 5
        })
    })
}

/// The password of `scheme://user:password@host`; not where the host is this very machine.
fn url_password(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once("://")?;
    if scheme.is_empty() || !scheme.bytes().all(|it| it.is_ascii_alphanumeric() || b"+-.:".contains(&it)) {
        return None;
    }
    let authority = rest.split(['/', '?', '#']).next()?;
    let (user, host) = authority.rsplit_once('@')?;
    let local = ["localhost", "127.0.0.1", "[::1]", "host.docker.internal"];
    if host.is_empty() || local.iter().any(|it| host.starts_with(it)) {
        return None;
    }
    user.split_once(':').map(|(_, password)| password)
}

/// The password of `Server=db;User Id=app;Password=…`.
fn connection_password(text: &str) -> Option<&str> {
    if !text.contains(';') {
        return None;
    }
    text.split(';').find_map(|part| {
        let (key, value) = part.split_once('=')?;
        let key = key.trim();
        let is_password = ["password", "pwd", "accountkey", "sharedaccesskey"]
            .iter()
            .any(|it| key.eq_ignore_ascii_case(it));
        is_password.then_some(value.trim())
    })
}

fn is_real_url_password(password: &str) -> bool {
    password.len() > 2
        && !is_stand_in(password)
        && !password.bytes().all(|it| !it.is_ascii_alphanumeric())
        && !catalog::container_values("commonPasswordsInUrls")
            .iter()
            .any(|it| password.eq_ignore_ascii_case(it))
}

/// Words that say what belongs there: `changeme`, `YOUR_TOKEN`, `xxxx`.
fn is_stand_in(value: &str) -> bool {
    let upper = value.to_ascii_uppercase();
    catalog::container_values("standInWords").iter().any(|word| upper.contains(word)) || distinct(value) < 3
}

/// Names of where the secret is: an ARN, a path, a URL, a resolver's reference.
fn is_reference(value: &str) -> bool {
    let prefixes = [
        "arn:",
        "/",
        "./",
        "../",
        "~/",
        "file:",
        "http:",
        "https:",
        "s3:",
        "ssm:",
        "awssm:",
        "vault:",
        "secretsmanager:",
        "projects/",
        "op://",
    ];
    prefixes.iter().any(|prefix| value.starts_with(prefix)) || value.split_whitespace().count() > 3
}

/// Switches and words that no secret is.
fn is_setting(value: &str) -> bool {
    [
        "true", "false", "yes", "no", "none", "null", "nil", "on", "off", "enabled", "disabled", "optional",
        "required",
    ]
    .iter()
    .any(|it| value.eq_ignore_ascii_case(it))
}

fn distinct(text: &str) -> usize {
    let mut seen = [false; 256];
    text.bytes().for_each(|it| seen[it as usize] = true);
    seen.iter().filter(|it| **it).count()
}

/// Shannon's, in bits per byte.
fn entropy(text: &str) -> f64 {
    let mut counts = [0u32; 256];
    text.bytes().for_each(|it| counts[it as usize] += 1);
    let total = text.len().max(1) as f64;
    counts
        .iter()
        .filter(|it| **it > 0)
        .map(|count| f64::from(*count) / total)
        .map(|share| -share * share.log2())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(name: &str, value: &str) -> Option<&'static str> {
        of_value(value).or_else(|| by_name(name, value)).map(|secret| secret.case)
    }

    /// Put together here so that no scanner takes this file for a leak.
    fn joined(parts: &[&str]) -> String {
        parts.concat()
    }

    #[test]
    fn secrets_are_told_by_form() {
        assert_eq!(case("X", &joined(&["AKIA", "QWERTYUIOP234567"])), Some("access-key"));
        assert_eq!(case("X", &joined(&["ghp", "_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"])), Some("token"));
        assert_eq!(case("X", "postgres://app:hunter2@db.internal:5432/app"), Some("url"));
        assert_eq!(case("X", "Server=db;User Id=app;Password=hunter2;"), Some("connection-string"));
        let digits = "0123456789abcdef0123456789abcdef";
        assert_eq!(case("X", &joined(&["SK", digits])), Some("token"));
        assert_eq!(case("X", &joined(&[digits, "-us12"])), Some("token"));
        let body = "MIIEpAIBAAKCAQEA".repeat(6);
        assert_eq!(
            case("X", &joined(&["-----BEGIN RSA PRIVATE", " KEY-----\n", &body])),
            Some("private-key")
        );
    }

    #[test]
    fn secrets_are_told_by_name() {
        assert_eq!(case("DATABASE_PASSWORD", "password123"), Some("password"));
        assert_eq!(case("spring.datasource.password", "hunter2"), Some("password"));
        assert_eq!(case("dbPassword", "hunter2"), Some("password"));
        assert_eq!(case("PGPASSWORD", "hunter2"), Some("password"));
        assert_eq!(case("DB_PASSWORD_2", "hunter2"), Some("password"));
        assert_eq!(case("JWT_SECRET", "supersecretkey"), Some("secret"));
        assert_eq!(case("API_TOKEN", "a8f5f167f44f4964e6c998dee827110c"), Some("token"));
        let key = joined(&["wJalrXUtnFEMI/K7MDENG", "/bPxRfiCYqwertyuiop"]);
        assert_eq!(case("AWS_SECRET_ACCESS_KEY", &key), Some("secret-access-key"));
    }

    #[test]
    fn placeholders_references_and_settings_are_none() {
        for (name, value) in [
            ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"),
            ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("DB_PASSWORD", "REPLACE_DB_PASSWORD"),
            ("DB_PASSWORD", "DB_PASSWORD"),
            ("DB_PASSWORD", "changeme"),
            ("DB_PASSWORD", "********"),
            ("DB_PASSWORD_FILE", "/run/secrets/db"),
            ("MYSQL_RANDOM_ROOT_PASSWORD", "yes"),
            ("DB_SECRET", "prod/db/credentials"),
            ("DB_SECRET", "prod-db-credentials"),
            ("DB_SECRET_NAME", "prodcredentials"),
            ("DB_SECRET", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db"),
            ("GOOGLE_APPLICATION_CREDENTIALS", "/etc/google.json"),
            ("TOKEN_URL", "https://auth.example.com/token"),
            ("SESSION_TOKEN", "3600"),
            ("DATABASE_URL", "postgres://user:password@host:5432/db"),
            ("DATABASE_URL", "postgres://app:hunter2@localhost/db"),
            ("DATABASE_URL", "postgres://db.internal/app"),
            ("STRIPE_PUBLIC_KEY", "pk_live_51H8x2KJd93kd93"),
            ("GIT_SHA", "a8f5f167f44f4964e6c998dee827110ca8f5f167"),
            ("S3_KEY", "uploads/2024/x"),
            ("CSRF_TOKEN", "X-CSRF-Token"),
            ("KEYCLOAK_ADMIN_PASSWORD", "none"),
            ("AUTH_TOKEN", "${TOKEN}"),
        ] {
            assert_eq!(case(name, value).filter(|_| !value.contains("${")), None, "{name}={value}");
        }
    }
}
