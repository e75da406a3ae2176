//! What a reference to a resource comes to, as a text with known and open parts: `arn:${…}:s3:::${Bucket}`.

use super::value::{Holds, OpenPart, StringValue};
use crate::catalog::{ReferenceType, Yield};
use crate::text::Span;

/// How a syntax writes what differs from account to account.
pub(super) struct AccountWords {
    pub partition: &'static str,
    pub region: &'static str,
    pub account: &'static str,
}

/// The text that a reference stands for. `address` is the resource's, `name` its name where that is known;
/// `written` is the reference as its author wrote it.
pub(super) fn text(
    of: &ReferenceType,
    gives: Yield,
    address: &str,
    name: Option<&str>,
    written: &str,
    words: &AccountWords,
    span: Span,
) -> StringValue {
    let mut out = Text::default();
    let name_holds = if of.is_plain_name() { Holds::Name } else { Holds::Path };
    match gives {
        Yield::Name => match name {
            Some(name) => out.text.push_str(name),
            None => out.hole(written, name_holds),
        },
        Yield::Address => out.hole(written, Holds::Path),
        Yield::Arn { behind } => {
            let own = of.placeholder();
            let mut rest = of.format;
            while let Some((before, from)) = rest.split_once("${") {
                out.text.push_str(before);
                let (placeholder, behind) = from.split_once('}').unwrap_or((from, ""));
                rest = behind;
                match placeholder {
                    "Partition" => out.hole(words.partition, Holds::Anything),
                    "Region" => out.hole(words.region, Holds::Anything),
                    "Account" | "AccountId" => out.hole(words.account, Holds::Anything),
                    it if own == Some(it) => match name {
                        Some(name) => {
                            let name = name.strip_prefix("https://").unwrap_or(name);
                            // A name that begins with a slash has the one of the format.
                            let is_doubled = out.text.ends_with('/');
                            out.text.push_str(name.strip_prefix('/').filter(|_| is_doubled).unwrap_or(name));
                        }
                        None if of.yields(None) == Some(Yield::Name) => {
                            out.hole(&format!("${{{address}}}"), of_part(name_holds));
                        }
                        None => out.hole(&format!("${{{address}.{it}}}"), of_part(name_holds)),
                    },
                    it => out.hole(&format!("${{{address}.{it}}}"), Holds::Anything),
                }
            }
            out.text.push_str(rest);
            out.text.push_str(behind);
        }
    }
    StringValue::standing_for(&out.text, span).with_open_parts(out.holes.into())
}

/// Inside of an ARN a path may be anything: it has a slash in front of it here, and none there.
fn of_part(holds: Holds) -> Holds {
    if holds == Holds::Name { Holds::Name } else { Holds::Anything }
}

#[derive(Default)]
struct Text {
    text: String,
    holes: Vec<OpenPart>,
}

impl Text {
    fn hole(&mut self, written: &str, holds: Holds) {
        let start = self.text.len();
        self.text.push_str(written);
        self.holes.push(OpenPart::of(start, self.text.len(), holds));
    }
}
