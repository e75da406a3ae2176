//! ARNs part by part: what has been typed stays on both sides of the cursor.

use super::known::Mentioned;
use super::pattern::{TextPiece, label};
use super::{At, Item, ItemKind};
use crate::catalog;
use crate::host::Naming;

/// What stands in an ARN's place by now.
pub(super) struct Begun<'a> {
    before: Vec<&'a str>,
    /// Behind the part at the cursor, from its separator on.
    behind: &'a str,
    /// The text before the part at the cursor.
    head: &'a str,
}

impl<'a> Begun<'a> {
    /// `after` is the rest of the text behind the cursor.
    pub(super) fn of(before: &'a str, after: &'a str) -> Begun<'a> {
        let mut parts = Vec::new();
        let (mut depth, mut start) = (0usize, 0);
        for (at, byte) in before.bytes().enumerate() {
            match byte {
                b'{' => depth += 1,
                b'}' => depth = depth.saturating_sub(1),
                b':' if depth == 0 && parts.len() < 5 => {
                    parts.push(&before[start..at]);
                    start = at + 1;
                }
                _ => {}
            }
        }
        parts.push(&before[start..]);
        let is_last = parts.len() == 6;
        let behind = after.find([':', '/']).filter(|_| !is_last).map_or("", |at| &after[at..]);
        Begun { before: parts, behind, head: &before[..start] }
    }

    fn at(&self) -> usize {
        self.before.len() - 1
    }

    fn half(&self) -> &'a str {
        self.before.last().copied().unwrap_or_default()
    }
}

/// What the parts of an ARN are where nothing is typed.
pub(super) struct Parts<'n> {
    pub named: &'n Mentioned,
    /// Whether a template fills them in with its own parameters.
    pub pseudo: bool,
}

impl Parts<'_> {
    pub(super) fn of<'n>(at: &At<'_>, named: &'n Mentioned) -> Parts<'n> {
        let is_template = at.place.document.owner.as_ref().is_some_and(|it| it.resource_type.contains("::"));
        let pseudo =
            at.writing.typed.filled_in && is_template && at.writing.naming != Naming::TerraformPolicy;
        Parts { named, pseudo }
    }

    fn open(&self, name: &str) -> TextPiece {
        let pseudo = match name {
            "Partition" => "AWS::Partition",
            "Region" => "AWS::Region",
            "Account" => "AWS::AccountId",
            _ => "",
        };
        if self.pseudo && !pseudo.is_empty() {
            return TextPiece::Fixed(format!("${{{pseudo}}}"));
        }
        let likely = match name {
            "Partition" => return TextPiece::Fixed("aws".to_string()),
            "Region" => self.named.regions.first().cloned(),
            "Account" => self.named.accounts.first().cloned(),
            _ => None,
        };
        TextPiece::Open { name: name.to_string(), likely }
    }

    /// A text with `${Name}` in it.
    pub(super) fn pieces(&self, pattern: &str) -> Vec<TextPiece> {
        super::pattern::pieces(pattern)
            .into_iter()
            .map(|piece| match piece {
                TextPiece::Open { name, .. } => self.open(&name),
                other => other,
            })
            .collect()
    }
}

/// A format with what is typed in it; `None` where it does not fit.
pub(super) fn merged(format: &str, typed: &Begun<'_>, parts: &Parts<'_>) -> Option<Vec<TextPiece>> {
    let formats: Vec<&str> = format.splitn(6, ':').collect();
    let at = typed.at();
    let mut out: Vec<TextPiece> = Vec::new();
    for (index, part) in typed.before[..at].iter().enumerate() {
        let known = formats.get(index)?;
        let is_open = known.starts_with("${") || part.contains(['$', '*', '{', '<']);
        if !is_open && !known.eq_ignore_ascii_case(part) || known.is_empty() && !part.is_empty() {
            return None;
        }
        out.push(TextPiece::Typed(format!("{part}:")));
    }
    let half = typed.half();
    let known = formats.get(at)?;
    match (at, half) {
        (5, _) => out.extend(resource(known, half, parts)?),
        (_, "") => out.extend(parts.pieces(known)),
        (1, _) => {
            let partition =
                catalog::partitions().iter().map(|(name, _)| *name).find(|name| name.starts_with(half));
            match partition {
                Some(name) => {
                    out.extend([TextPiece::Typed(half.into()), TextPiece::Fixed(name[half.len()..].into())])
                }
                None => out.push(TextPiece::Typed(half.into())),
            }
        }
        (3, _) if !catalog::is_region(half) && !half.contains(['$', '*']) => return None,
        (4, _) if !catalog::is_account_id(half) && !half.contains(['$', '*']) => return None,
        (3 | 4, _) => out.push(TextPiece::Typed(half.into())),
        _ => {
            let rest = known.get(half.len()..).filter(|_| known[..half.len()].eq_ignore_ascii_case(half))?;
            out.extend([TextPiece::Typed(half.into()), TextPiece::Fixed(rest.into())]);
        }
    }
    if !typed.behind.is_empty() {
        out.push(TextPiece::Typed(typed.behind.into()));
        return Some(out);
    }
    for part in &formats[at + 1..] {
        out.push(TextPiece::Fixed(":".into()));
        out.extend(parts.pieces(part));
    }
    Some(out)
}

/// The last part of an ARN.
fn resource(format: &str, half: &str, parts: &Parts<'_>) -> Option<Vec<TextPiece>> {
    let mut out = Vec::new();
    let mut half = half;
    let format = parts.pieces(format);
    for (index, piece) in format.iter().enumerate() {
        match piece {
            piece if half.is_empty() => out.push(piece.clone()),
            TextPiece::Fixed(text) | TextPiece::Typed(text) => {
                if let Some(rest) = half.strip_prefix(text.as_str()) {
                    out.push(TextPiece::Typed(text.clone()));
                    half = rest;
                } else {
                    let rest = text.strip_prefix(half)?;
                    out.extend([TextPiece::Typed(half.into()), TextPiece::Fixed(rest.into())]);
                    half = "";
                }
            }
            TextPiece::Open { .. } => {
                let next = match format.get(index + 1) {
                    Some(TextPiece::Fixed(text)) => text.chars().next(),
                    _ => None,
                };
                let end = next.and_then(|next| half.find(next)).unwrap_or(half.len());
                out.push(TextPiece::Typed(half[..end].to_string()));
                half = &half[end..];
            }
        }
    }
    half.is_empty().then_some(out)
}

/// Items for formats, each with its detail: the whole ARN, and the ARN up to the first name in it.
pub(super) fn items<'f>(
    at: &At<'_>,
    formats: impl Iterator<Item = (&'f str, String)>,
    otherwise: &str,
) -> Vec<Item> {
    let typed = &at.writing.typed;
    let after = at.after();
    // A word of the format, before anything else is typed.
    let word = Some(typed.before.to_ascii_lowercase())
        .filter(|word| word.len() > 2 && !word.contains(':') && !word.starts_with("arn"));
    let typed = if word.is_some() { Begun::of("", "") } else { Begun::of(&typed.before, &after) };
    let named = super::known::named(at);
    let parts = Parts::of(at, &named);
    let mut items = Vec::new();
    let mut steps = Vec::new();
    for (rank, (format, detail)) in (3..).zip(formats) {
        let Some(pieces) = merged(format, &typed, &parts) else { continue };
        let mut item = at.writing.pieces(ItemKind::Format, &pieces, detail.clone(), otherwise);
        item.rank = rank.min(40);
        if let Some(word) = &word {
            if !item.label.to_ascii_lowercase().contains(word.as_str()) {
                continue;
            }
            item.filter = Some(at.writing.typed.before.clone());
        }
        items.push(item);
        if word.is_some() {
            continue;
        }
        // A name of one's own, or whatever it is.
        let rest = pieces.iter().skip_while(|piece| matches!(piece, TextPiece::Typed(_))).count();
        let ends_open = matches!(pieces.last(), Some(TextPiece::Open { .. })) && rest == 1;
        let written = at.writing.typed.before.as_str();
        if ends_open && written.ends_with('/') {
            let any = [TextPiece::Typed(written.to_string()), TextPiece::Fixed("*".into())];
            items.push(at.writing.pieces(ItemKind::Value, &any, detail.clone(), "").ranked(2));
        }
        let first = pieces.iter().enumerate().skip(1).find(|(index, piece)| {
            let is_name =
                matches!(piece, TextPiece::Open { name, .. } if name != "Region" && name != "Account");
            is_name && *index > 2
        });
        if let Some((index, _)) = first
            && !pieces[..index].iter().any(|piece| matches!(piece, TextPiece::Open { .. }))
            && label(&pieces[..index]).len() > written.len()
        {
            let mut item = at.writing.pieces(ItemKind::Format, &pieces[..index], detail, "");
            item.goes_on = true;
            steps.push(item.ranked(45));
        }
    }
    items.extend(steps);
    if typed.at() == 3 {
        for (region, rank) in super::known::usual_regions(&named) {
            let fits = region.starts_with(typed.half()) && region != typed.half();
            if fits && (!typed.half().is_empty() || !typed.behind.is_empty()) {
                items.push(step(at, &typed, region).ranked(rank));
            }
        }
    }
    if typed.at() == 4 {
        for account in named.accounts.iter().filter(|it| it.starts_with(typed.half())) {
            items.push(step(at, &typed, account).ranked(1));
        }
    }
    items
}

/// The ARN up to a part that is known now.
fn step(at: &At<'_>, typed: &Begun<'_>, part: &str) -> Item {
    let behind = if typed.behind.is_empty() { ":" } else { typed.behind };
    let pieces = [
        TextPiece::Typed(typed.head.to_string()),
        TextPiece::Fixed(part.to_string()),
        TextPiece::Typed(behind.into()),
    ];
    let mut item = at.writing.pieces(ItemKind::Value, &pieces, "", "");
    item.goes_on = typed.behind.is_empty();
    item
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(format: &str, before: &str, after: &str) -> Option<String> {
        let named = Mentioned::default();
        let parts = Parts { named: &named, pseudo: false };
        merged(format, &Begun::of(before, after), &parts).map(|pieces| label(&pieces))
    }

    #[test]
    fn what_is_typed_stays() {
        let cluster = "arn:${Partition}:ecs:${Region}:${Account}:cluster/${ClusterName}";
        let service = "arn:${Partition}:ecs:${Region}:${Account}:service/${ClusterName}/${ServiceName}";
        for (format, before, after, expected) in [
            (cluster, "", "", Some("arn:aws:ecs:${Region}:${Account}:cluster/${ClusterName}")),
            (
                cluster,
                "arn:aws-cn:ecs:cn-north-1:",
                "",
                Some("arn:aws-cn:ecs:cn-north-1:${Account}:cluster/${ClusterName}"),
            ),
            (cluster, "arn:aws:s3:", "", None),
            (
                service,
                "arn:aws:ecs:${var.region}:",
                "",
                Some("arn:aws:ecs:${var.region}:${Account}:service/${ClusterName}/${ServiceName}"),
            ),
            (
                service,
                "arn:aws:ecs:eu-west-1:",
                ":service/prod/web",
                Some("arn:aws:ecs:eu-west-1:${Account}:service/prod/web"),
            ),
            (
                service,
                "arn:aws:ecs:eu-west-1:1:service/prod/",
                "",
                Some("arn:aws:ecs:eu-west-1:1:service/prod/${ServiceName}"),
            ),
            (
                service,
                "arn:aws:ecs:eu-west-1:1:service/pr",
                "",
                Some("arn:aws:ecs:eu-west-1:1:service/pr/${ServiceName}"),
            ),
            (
                service,
                "arn:aws:ecs:eu-west-1:1:ser",
                "",
                Some("arn:aws:ecs:eu-west-1:1:service/${ClusterName}/${ServiceName}"),
            ),
            (service, "arn:aws:ecs:eu-west-1:1:task/", "", None),
            (
                "arn:${Partition}:s3:::${BucketName}/${ObjectName}",
                "arn:aws:s3:::b/",
                "",
                Some("arn:aws:s3:::b/${ObjectName}"),
            ),
            (
                service,
                "a",
                "",
                Some("arn:aws:ecs:${Region}:${Account}:service/${ClusterName}/${ServiceName}"),
            ),
            (service, "x", "", None),
        ] {
            assert_eq!(of(format, before, after).as_deref(), expected, "{before}");
        }
    }
}
