//! Container images, as task definitions name them.

/// `registry/repository:tag@digest`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageName<'a> {
    /// `None` for Docker Hub.
    pub registry: Option<&'a str>,
    pub repository: &'a str,
    pub tag: Option<&'a str>,
    /// With its algorithm: `sha256:…`.
    pub digest: Option<&'a str>,
}

/// A private registry of Amazon ECR.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EcrRegistry<'a> {
    pub account: &'a str,
    pub region: &'a str,
}

impl<'a> ImageName<'a> {
    /// Any text is an image's name to Docker's way of reading it; whether one can be pulled by it is
    /// another question.
    pub fn parse(text: &'a str) -> ImageName<'a> {
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest)),
            None => (text, None),
        };
        // A colon before the last slash is a port's.
        let (name, tag) = match rest.rsplit_once(':') {
            Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
            _ => (rest, None),
        };
        let (registry, repository) = match name.split_once('/') {
            Some((host, path)) if host == "localhost" || host.contains(['.', ':']) => (Some(host), path),
            _ => (None, name),
        };
        ImageName { registry, repository, tag, digest }
    }

    /// `111122223333.dkr.ecr.eu-west-1.amazonaws.com`, and its dual-stack form
    /// `111122223333.dkr-ecr.eu-west-1.on.aws`; `None` for other registries, the public ones of Amazon
    /// included.
    pub fn ecr(&self) -> Option<EcrRegistry<'a>> {
        let (account, rest) = self.registry?.split_once('.')?;
        let rest = rest.strip_prefix("dkr.ecr.").or_else(|| rest.strip_prefix("dkr-ecr."))?;
        let rest = rest.strip_prefix("fips.").unwrap_or(rest);
        let (region, domain) = rest.split_once('.')?;
        let is_aws = ["amazonaws.com", "amazonaws.com.cn", "on.aws", "on.amazonwebservices.com.cn"];
        is_aws.contains(&domain).then_some(EcrRegistry { account, region })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_taken_apart() {
        let parts = |text| {
            let image = ImageName::parse(text);
            (image.registry, image.repository, image.tag, image.digest)
        };
        assert_eq!(parts("nginx"), (None, "nginx", None, None));
        assert_eq!(parts("library/nginx:1.27"), (None, "library/nginx", Some("1.27"), None));
        assert_eq!(parts("localhost:5000/a/b"), (Some("localhost:5000"), "a/b", None, None));
        assert_eq!(parts("ghcr.io/a/b:1@sha256:00"), (Some("ghcr.io"), "a/b", Some("1"), Some("sha256:00")));
        assert_eq!(parts(""), (None, "", None, None));
        let ecr = |text| ImageName::parse(text).ecr().map(|it| (it.account, it.region));
        let expected = Some(("111122223333", "eu-west-1"));
        assert_eq!(ecr("111122223333.dkr.ecr.eu-west-1.amazonaws.com/web:1"), expected);
        assert_eq!(ecr("111122223333.dkr-ecr.eu-west-1.on.aws/web:1"), expected);
        assert_eq!(ecr("public.ecr.aws/nginx/nginx:1"), None);
        assert_eq!(ecr("nginx"), None);
    }
}
