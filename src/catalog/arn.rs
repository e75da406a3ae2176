//! ARNs as policies write them: wildcards, policy variables and placeholders in any part.

use std::ops::Range;

/// `arn:partition:service:region:account:resource`, split; parts as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arn<'a> {
    pub text: &'a str,
    pub partition: &'a str,
    pub service: &'a str,
    pub region: &'a str,
    pub account: &'a str,
    /// Everything after the fifth colon; it may hold further colons.
    pub resource: &'a str,
}

/// The parts that an ARN names something with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArnPart {
    Partition,
    Service,
    Region,
    Account,
    Resource,
}

/// Why a text is not an ARN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArnProblem {
    /// It does not start with `arn:`.
    NoPrefix,
    /// Fewer than six parts; this many are there.
    TooFewParts(usize),
}

impl<'a> Arn<'a> {
    /// Colons inside `${…}`, `{{…}}` and `<…>` separate nothing.
    pub fn parse(text: &'a str) -> Result<Arn<'a>, ArnProblem> {
        if !text.starts_with("arn:") {
            return Err(ArnProblem::NoPrefix);
        }
        let mut parts = [""; 6];
        let mut count = 0;
        let mut start = 0;
        let mut depth = 0usize;
        for (at, byte) in text.bytes().enumerate() {
            match byte {
                b'{' | b'<' => depth += 1,
                b'}' | b'>' => depth = depth.saturating_sub(1),
                b':' if depth == 0 && count < 5 => {
                    parts[count] = &text[start..at];
                    count += 1;
                    start = at + 1;
                }
                _ => {}
            }
        }
        parts[count] = &text[start..];
        if count < 5 {
            return Err(ArnProblem::TooFewParts(count + 1));
        }
        let [_, partition, service, region, account, resource] = parts;
        Ok(Arn { text, partition, service, region, account, resource })
    }

    pub fn part(&self, part: ArnPart) -> &'a str {
        match part {
            ArnPart::Partition => self.partition,
            ArnPart::Service => self.service,
            ArnPart::Region => self.region,
            ArnPart::Account => self.account,
            ArnPart::Resource => self.resource,
        }
    }

    /// Where a part stands, in bytes of the text.
    pub fn range(&self, part: ArnPart) -> Range<usize> {
        let before = [self.partition, self.service, self.region, self.account];
        let start =
            "arn:".len() + before[..part as usize].iter().map(|part| part.len() + ":".len()).sum::<usize>();
        start..start + self.part(part).len()
    }

    /// Where the first `len` bytes of the resource part stand.
    pub fn resource_start(&self, len: usize) -> Range<usize> {
        let start = self.range(ArnPart::Resource).start;
        start..start + len
    }

    /// The type before the first `/` or `:` of the resource part, where there is one:
    /// `task-definition` of `task-definition/web:3`.
    pub fn resource_prefix(&self) -> Option<&'a str> {
        self.resource.find(['/', ':']).map(|end| &self.resource[..end])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_split_at_five_colons_outside_of_braces() {
        let arn = Arn::parse("arn:aws:ecs:eu-west-1:${aws:PrincipalAccount}:task-definition/web:3").unwrap();
        assert_eq!(
            (arn.service, arn.region, arn.account, arn.resource),
            ("ecs", "eu-west-1", "${aws:PrincipalAccount}", "task-definition/web:3")
        );
        assert_eq!(arn.resource_prefix(), Some("task-definition"));
        for part in
            [ArnPart::Partition, ArnPart::Service, ArnPart::Region, ArnPart::Account, ArnPart::Resource]
        {
            assert_eq!(&arn.text[arn.range(part)], arn.part(part));
        }
        assert_eq!(&arn.text[arn.resource_start(4)], "task");
        assert_eq!(
            Arn::parse("arn:aws:s3:::bucket/${aws:userid}/*").unwrap().resource,
            "bucket/${aws:userid}/*"
        );
        assert_eq!(Arn::parse("arn:aws:s3:bucket"), Err(ArnProblem::TooFewParts(4)));
        assert_eq!(Arn::parse("*"), Err(ArnProblem::NoPrefix));
    }
}
