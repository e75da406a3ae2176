use super::values;
use crate::catalog;
use crate::declare_rule;
use crate::diagnostic::{Findings, Fix, Safety, Severity};
use crate::host::value::StringValue;
use crate::model::{Container, ImageName, TaskContext};
use crate::rules::Rule;

declare_rule! {
    /// Finds images that are not image references.
    ///
    /// An image is `repository:tag` or `repository@sha256:digest`. What stands before a digest has up to 255
    /// characters: letters, digits, hyphens, underscores, colons, periods, slashes and number signs; a digest is
    /// `sha256:` and 64 hexadecimal digits. ECS refuses anything else: `Container.image contains invalid
    /// characters`. An address (`https://…`) is not an image either.
    ///
    /// Upper-case letters in the repository, two tags, a tag that is empty, two slashes in a row, a host without a repository
    /// or without its Region or with a wrong account id, and `hub.docker.com` are warnings: ECS takes them, and the image cannot be pulled.
    ///
    /// See "ContainerDefinition" in the Amazon ECS API Reference.
    pub InvalidImage {
        id: "invalid-image",
        group: Task,
        reads: [Container],
        cases: ["account", "address", "characters", "digest", "length", "reference", "region", "tag", "upper-case", "website"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "an image is not an image reference",
        sources: [],
        fix: Unsafe,
        since: "0.1.0",
        service_messages: ["Container.image contains invalid characters"],
    }
}

impl Rule for InvalidImage {
    fn check_container(&self, container: Container<'_>, _task: &TaskContext, acc: &mut Findings) {
        let Some(image) =
            values::stated(container.object, "image").filter(|image| !image.text.trim().is_empty())
        else {
            return;
        };
        check(image, acc);
    }
}

fn check(image: &StringValue, acc: &mut Findings) {
    let text = &*image.text;
    // Brackets mark what is to be filled in, whoever reads them.
    if text.contains(['{', '}', '<', '>', '[', ']', '$']) {
        return;
    }
    if let Some(scheme) = ["https://", "http://"].into_iter().find(|it| text.starts_with(it)) {
        let span = image.part(0..scheme.len());
        acc.report(span, format!("an image is not an address: `{scheme}` does not belong there"))
            .case("address")
            .note("It begins with the registry's host, or with the repository's name. The image cannot be pulled.")
            .fix(Fix::unsafe_(
                format!("Remove `{scheme}`"),
                vec![crate::host::Edit::ReplaceText { span, text: "".into() }],
            ));
        return;
    }
    let (name, digest) = match text.split_once('@') {
        Some((name, digest)) => (name, Some(digest)),
        None => (text, None),
    };
    let is_fine = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | ':' | '.' | '/' | '#');
    let wrong = name.char_indices().find(|(_, it)| !is_fine(*it));
    if let Some((at, wrong)) = wrong {
        let shown = if wrong.is_whitespace() { "a blank".to_string() } else { format!("`{wrong}`") };
        let finding =
            acc.report(image.part(at..at + wrong.len_utf8()), format!("the image has {shown} in it"));
        finding.case("characters").note(
            "It takes letters, digits and `-_:./#`, and a digest after `@`. ECS refuses the task definition.",
        );
        if text.trim() != text && text.trim().chars().all(|it| is_fine(it) || it == '@') {
            finding.fix(Fix::replace_text(image.content_span(), text.trim()));
        }
        return;
    }
    if let Some(most) = catalog::container_limit("imageLength")
        && name.len() > most as usize
    {
        acc.report(image.part(0..name.len()), format!("the image's name has more than {most} characters"))
            .case("length")
            .note("ECS refuses the task definition.");
        return;
    }
    unpullable(image, name, acc);
    let Some(digest) = digest else { return };
    let hash = digest.strip_prefix("sha256:");
    if !hash.is_some_and(|hash| hash.len() == 64 && hash.bytes().all(|it| it.is_ascii_hexdigit()))
        // The documentation's own, which is too short.
        && !digest.contains("EXAMPLE")
    {
        let message = match hash {
            Some(hash) if hash.bytes().all(|it| it.is_ascii_hexdigit()) => {
                format!("a digest has 64 hexadecimal digits, not {}", hash.len())
            }
            _ => "a digest is `sha256:` and 64 hexadecimal digits".to_string(),
        };
        acc.report(image.part(image.text.len() - digest.len()..image.text.len()), message)
            .case("digest")
            .note("ECS refuses the task definition.");
    }
}

/// What ECS takes and no registry has.
fn unpullable(image: &StringValue, name: &str, acc: &mut Findings) {
    // `IMAGE_NAME`, `AWS_ACCOUNT_ID.dkr.ecr.…`: words to be filled in.
    if image.has_unknown() || image.is_prose() || stands_in(name) {
        return;
    }
    let parsed = ImageName::parse(name);
    let colons = name.rsplit('/').next().map_or(0, |last| last.matches(':').count());
    if colons > 1 || name.ends_with(':') {
        let at = name.rfind(':').unwrap_or_default();
        acc.report(image.part(at..name.len()), "an image has one tag after one colon")
            .case("tag")
            .severity(Severity::Warning)
            .note("The image cannot be pulled: `invalid reference format`.");
    } else if parsed.registry == Some("hub.docker.com") {
        acc.report(image.part(0.."hub.docker.com".len()), "`hub.docker.com` is a website, not a registry")
            .case("website")
            .severity(Severity::Warning)
            .note("Write the repository's name alone, such as `library/nginx:1.27`. The image cannot be pulled.");
    } else if parsed.registry.is_some_and(|host| host.ends_with(".dkr.ecr.amazonaws.com")) {
        let host = parsed.registry.map_or(0, str::len);
        acc.report(image.part(0..host), "the host of a registry of Amazon ECR has a Region in it")
            .case("region")
            .severity(Severity::Warning)
            .note("Write `111122223333.dkr.ecr.REGION.amazonaws.com`. The image cannot be pulled.");
    } else if let Some(account) = parsed.registry.and_then(wrong_account) {
        acc.report(
            image.part(0..account.len()),
            format!("an account id has twelve digits, not {}", account.len()),
        )
        .case("account")
        .severity(Severity::Warning)
        .note("The host of a registry of Amazon ECR begins with an account id. The image cannot be pulled.");
    } else if parsed.repository.contains(|it: char| it.is_ascii_uppercase()) {
        let start = name.len() - parsed.tag.map_or(0, |tag| tag.len() + 1) - parsed.repository.len();
        let lower = parsed.repository.to_ascii_lowercase();
        let span = image.part(start..start + parsed.repository.len());
        acc.report(span, format!("a repository's name is in lower case, and `{}` is not", parsed.repository))
            .case("upper-case")
            .severity(Severity::Warning)
            .note("The image cannot be pulled: `repository name must be lowercase`.")
            .fix(Fix { safety: Safety::Unsafe, ..Fix::replace_text(span, &lower) });
    } else if let Some(what) = misfit(&parsed) {
        acc.report(image.part(0..name.len()), format!("`{name}` is not an image reference: {what}"))
            .case("reference")
            .severity(Severity::Warning)
            .note("The image cannot be pulled: `invalid reference format`.");
    }
}

/// What keeps a name from being one of Docker's: parts between slashes begin and end with a letter or a digit, a tag begins
/// with one.
fn misfit(image: &ImageName<'_>) -> Option<&'static str> {
    if image.repository.is_empty() {
        return Some("it has no repository");
    }
    let is_host = |part: &str| part.contains(".dkr.ecr.") || part.contains(".dkr-ecr.");
    if image.registry.is_none() && is_host(image.repository) && !image.repository.contains('/') {
        return Some("behind the host stands the repository");
    }
    let is_sound = |part: &str| {
        part.starts_with(|it: char| it.is_ascii_alphanumeric())
            && part.ends_with(|it: char| it.is_ascii_alphanumeric())
    };
    if image.repository.split('/').any(str::is_empty) {
        return Some("between two slashes, and in front of the first, stands a name");
    }
    if !image.repository.split('/').all(is_sound) {
        return Some("its parts begin and end with a letter or a digit");
    }
    let is_tag = |tag: &str| tag.starts_with(|it: char| it.is_ascii_alphanumeric() || it == '_');
    image.tag.filter(|tag| !is_tag(tag)).map(|_| "a tag begins with a letter, a digit or an underscore")
}

/// Whether a name is there to be replaced: nothing but capitals, a word of capitals put together with others, or one that
/// documentation writes so.
fn stands_in(name: &str) -> bool {
    let is_word = |part: &str| {
        part.len() > 1
            && part.bytes().any(|it| it.is_ascii_uppercase())
            && part
                .bytes()
                .all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || matches!(it, b'_' | b'-'))
    };
    let parts = || name.split(['/', ':', '.']);
    parts().filter(|part| is_word(part)).any(|part| {
        part.contains(['_', '-'])
            || catalog::container_values("wordsToReplace")
                .contains(&part.trim_end_matches(|it: char| it.is_ascii_digit()))
    }) || parts().all(|part| is_word(part) || !part.bytes().any(|it| it.is_ascii_alphabetic()))
        && name.contains(['/', ':'])
}

/// The digits in the place of an account id, where they are none.
fn wrong_account(host: &str) -> Option<&str> {
    let (account, _) = host.split_once(".dkr.ecr.")?;
    (account.bytes().all(|it| it.is_ascii_digit()) && account.len() != 12).then_some(account)
}
