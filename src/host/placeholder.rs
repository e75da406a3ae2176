//! Placeholders: parts of a string that a deploy script or a template engine fills in later.
//!
//! Nothing may be said about their value. IAM's own variables (`${aws:username}`) are not
//! placeholders; what looks like a shell or template variable is.

use super::value::{Holds, OpenPart};

/// The placeholders of a decoded string, in order, without overlap.
pub fn find(text: &str) -> Box<[OpenPart]> {
    let bytes = text.as_bytes();
    if !bytes.iter().any(|byte| matches!(byte, b'<' | b'$' | b'{' | b'#' | b'_' | b'%' | b'@' | b'[')) {
        return Box::default();
    }
    let mut found = Vec::new();
    let mut closers = Closers::default();
    let mut at = 0;
    while at < bytes.len() {
        match length_at(text, at, &mut closers) {
            Some(length) => {
                found.push(OpenPart::of(at, at + length, Holds::Anything));
                at += length;
            }
            None => at += 1,
        }
    }
    found.into_boxed_slice()
}

/// Where the next of each closer stands, so that a text full of openers is looked through once for each of them.
#[derive(Default)]
struct Closers {
    known: [(usize, Option<usize>); CLOSERS.len()],
}

/// What may stand any distance behind its opener.
const CLOSERS: [&str; 4] = ["}}", "}", ")", "$$$"];

impl Closers {
    /// Where the first of that closer at or behind a byte stands.
    fn next(&mut self, text: &str, from: usize, closer: &str) -> Option<usize> {
        let index = CLOSERS.iter().position(|known| *known == closer)?;
        let (looked_from, found) = self.known[index];
        // It was looked for from before here, and what was found is not yet passed.
        if looked_from > 0 && looked_from <= from && found.is_none_or(|found| found >= from) {
            return found;
        }
        let found = text.get(from..)?.find(closer).map(|at| from + at);
        self.known[index] = (from, found);
        found
    }
}

/// The length of the placeholder that starts at byte `at`, if one does.
fn length_at(text: &str, at: usize, closers: &mut Closers) -> Option<usize> {
    let bytes = text.as_bytes();
    let rest = text.get(at..)?;
    let mut far = |open: &str, close: &str| {
        let from = at + open.len();
        let end = rest.starts_with(open).then(|| closers.next(text, from, close)).flatten()?;
        (end > from).then(|| (&text[from..end], open.len() + close.len()))
    };
    let (inside, around) = match bytes[at] {
        b'<' => near(rest, "<", ">", |byte| !matches!(byte, b'<' | b'\n' | b'='))
            .filter(|(inside, _)| inside.len() <= 80 && inside.chars().any(char::is_alphanumeric)),
        b'{' if rest.starts_with("{{") => far("{{", "}}"),
        b'{' => near(rest, "{", "}", is_name_byte),
        b'#' if rest.starts_with("#{") => far("#{", "}"),
        b'%' if rest.starts_with("%{") => far("%{", "}"),
        b'%' if verb(rest).is_some() => return verb(rest),
        b'%' => near(rest, "%", "%", is_name_byte),
        b'@' => near(rest, "@@", "@@", is_name_byte),
        b'[' => near(rest, "[", "]", |byte| is_name_byte(byte) || byte == b' ')
            .filter(|(inside, _)| is_shouted(inside) || is_snake(inside)),
        // A default of an IAM variable may hold anything but a brace.
        b'$' if rest.starts_with("${") => far("${", "}").filter(|(inside, _)| !is_iam_variable(inside)),
        b'$' if rest.starts_with("$(") => far("$(", ")"),
        b'$' if rest.starts_with("$$$") => far("$$$", "$$$"),
        b'$' => {
            let name = rest[1..].bytes().take_while(|it| it.is_ascii_alphanumeric() || *it == b'_').count();
            return (name > 0 && !rest.as_bytes()[1].is_ascii_digit()).then_some(name + 1);
        }
        b'_' if rest.starts_with("__") => near(rest, "__", "__", is_name_byte),
        _ if bytes[at].is_ascii_uppercase() && (at == 0 || !is_word_byte(bytes[at - 1])) => {
            let word = &rest[..rest.bytes().take_while(|it| is_word_byte(*it)).count()];
            return is_stand_in(word).then_some(word.len());
        }
        _ => None,
    }?;
    Some(inside.len() + around)
}

/// The length of what `format` and its kin fill in: `%s`, `%[1]s`, `%1$s`, `%(name)s`.
fn verb(rest: &str) -> Option<usize> {
    let inside = rest.strip_prefix('%')?;
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let before = match inside.as_bytes().first()? {
        b'[' => {
            digits(&inside[1..]).checked_add(2).filter(|it| inside.as_bytes().get(it - 1) == Some(&b']'))?
        }
        b'(' => inside.find(')')? + 1,
        _ => {
            Some(digits(inside)).filter(|it| *it > 0 && inside[*it..].starts_with('$')).map_or(0, |it| it + 1)
        }
    };
    let rest = &inside.as_bytes()[before..];
    let is_verb =
        matches!(rest.first()?, b's' | b'v' | b'd') && !rest.get(1).is_some_and(|it| is_word_byte(*it));
    is_verb.then_some(before + 2)
}

/// What stands between an opener and the first of its closer, and how long the two are, where every byte of it may
/// stand there.
fn near<'a>(rest: &'a str, open: &str, close: &str, may: impl Fn(u8) -> bool) -> Option<(&'a str, usize)> {
    let inside = rest.strip_prefix(open)?;
    let bytes = inside.as_bytes();
    let mut end = 0;
    while !bytes[end..].starts_with(close.as_bytes()) {
        if !may(*bytes.get(end)?) {
            return None;
        }
        end += 1;
    }
    (end > 0).then(|| (&inside[..end], open.len() + close.len()))
}

/// What names of placeholders are made of.
fn is_name_byte(byte: u8) -> bool {
    is_word_byte(byte) || matches!(byte, b'.' | b'-')
}

fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn is_shouted(text: &str) -> bool {
    text.len() > 2 && text.bytes().all(|byte| byte.is_ascii_uppercase() || matches!(byte, b'_' | b'-' | b' '))
}

/// `account_id`: words in lower case, joined as names are.
fn is_snake(text: &str) -> bool {
    text.contains('_')
        && text.split('_').all(|word| word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_lowercase()))
}

/// Words that people write where a value of their own belongs: `ACCOUNT_ID`, `YOUR_BUCKET`.
fn is_stand_in(word: &str) -> bool {
    if !word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_') {
        return false;
    }
    word.starts_with("YOUR_")
        || word.starts_with("MY_")
        || word.starts_with("REPLACE_")
        || word.starts_with("AWS_ACCOUNT")
        || word.starts_with("AWS_REGION")
        || (word.contains('_')
            && (word.ends_with("_ID") || word.ends_with("_ARN") || word.ends_with("_NAME")))
        || matches!(word, "ACCOUNT_NUMBER" | "ACCOUNTID" | "AWS_DEFAULT_REGION")
}

/// Whether a text says what is to be written in its place: `SOURCE-ACCOUNT-ID`, `o-xxxxxxxxxx`, `my-org-id`.
pub fn stands_in(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    lower.contains("xxx")
        || lower.starts_with("my-")
        || lower.contains("your")
        || lower.contains("example")
        || text.contains(['-', '_'])
            && text.bytes().all(|it| it.is_ascii_uppercase() || matches!(it, b'-' | b'_'))
}

/// `prefix:name`, with an optional default, or one of the three literals.
fn is_iam_variable(inside: &str) -> bool {
    if matches!(inside, "*" | "?" | "$") {
        return true;
    }
    let name = inside.trim_start();
    let length =
        name.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.')).count();
    let (prefix, Some(key)) = (&name[..length], name[length..].strip_prefix(':')) else { return false };
    // Where the Serverless Framework takes values from.
    const SOURCES: [&str; 8] = ["self", "opt", "env", "file", "param", "sls", "custom", "cf"];
    !prefix.is_empty()
        && !SOURCES.contains(&prefix)
        // Two colons name a template engine's variable: `${AWS::Region}`.
        && !key.starts_with(':')
        // A shell's default, `${NAME:-value}`.
        && key.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::find;

    fn found(text: &str) -> Vec<&str> {
        find(text).iter().map(|hole| &text[hole.range()]).collect()
    }

    #[test]
    fn what_a_deploy_fills_in_is_found() {
        assert_eq!(found("<IMAGE>"), ["<IMAGE>"]);
        assert_eq!(found("arn:aws:iam::${ACCOUNT}:role/x"), ["${ACCOUNT}"]);
        assert_eq!(found("{{ must_env `X` }}/a"), ["{{ must_env `X` }}"]);
        assert_eq!(found("$$$REGION$$$-a"), ["$$$REGION$$$"]);
        assert_eq!(found("a-$IMAGE_NAME:$TAG"), ["$IMAGE_NAME", "$TAG"]);
        assert_eq!(found("${AWS::Region}"), ["${AWS::Region}"]);
        assert_eq!(found("${TAG:-latest}"), ["${TAG:-latest}"]);
        assert_eq!(found("arn:aws:iam::ACCOUNT_ID:role/r"), ["ACCOUNT_ID"]);
        assert_eq!(found("#{Octopus.Name}"), ["#{Octopus.Name}"]);
        assert_eq!(found("é<naïve>"), ["<naïve>"]);
        assert_eq!(found("__IMAGE__"), ["__IMAGE__"]);
        assert_eq!(found("arn:aws:iam::[account_id]:root"), ["[account_id]"]);
        assert_eq!(found("${self:custom.stage}-a"), ["${self:custom.stage}"]);
        assert_eq!(found("arn:%s:s3:::%[2]s/%1$s-%(name)s"), ["%s", "%[2]s", "%1$s", "%(name)s"]);
    }

    #[test]
    fn iam_variables_and_ordinary_text_are_left_alone() {
        for text in [
            "${aws:username}",
            "${aws:PrincipalTag/team, 'none'}",
            "${*}",
            "ecs:RunTask",
            "my_task_family",
            "arn:aws:s3:::bucket/*",
            "${saml:sub}",
            "cost: 5$",
            "a < b",
            "MY-BUCKET",
            "[a-z_]",
            "50%save",
            "a%2Fs",
            "%[é",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
    }
}
