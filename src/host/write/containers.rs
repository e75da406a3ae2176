//! Where the containers of a text stand, as its own syntax has them: with their brackets or lines, and with
//! the whole of each member, be it a call, a heredoc or a value that is not there.

use super::layout::Layout;
use super::model::Part;
use super::plan::Container;
use crate::text::Span;

/// One container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::host) struct FoundContainer<K> {
    pub kind: K,
    pub is_object: bool,
    /// From the opening to the closing bracket, or from the first to the last part.
    pub span: Span,
    pub parts: Vec<WrittenPart>,
}

/// A member or an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::host) struct WrittenPart {
    /// Where a member's name starts.
    pub name: Option<u32>,
    /// With a dash before, without a comma behind.
    pub span: Span,
}

/// The containers of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::host) struct Containers<K> {
    by_start: Vec<FoundContainer<K>>,
}

impl<K> Containers<K> {
    pub fn new(mut found: Vec<FoundContainer<K>>) -> Containers<K> {
        // The outer one first, where two start at one place.
        found.sort_by_key(|it| (it.span.start, std::cmp::Reverse(it.span.end)));
        Containers { by_start: found }
    }

    /// The container that starts there.
    pub fn at(&self, start: u32, is_object: bool) -> Option<&FoundContainer<K>> {
        let from = self.by_start.partition_point(|it| it.span.start < start);
        self.by_start[from..]
            .iter()
            .take_while(|it| it.span.start == start)
            .find(|it| it.is_object == is_object)
    }
}

impl<K> FoundContainer<K> {
    /// The indices of what goes, in order; `None` where a part is not written in this container. `base` is
    /// where the text of this container starts in the file.
    pub fn gone(&self, change: &Container<'_>, base: u32) -> Option<Vec<usize>> {
        let index = |part: &Part| match *part {
            Part::Member(name) => {
                let name = name.checked_sub(base)?;
                // They are in the order of the text.
                let index = self.parts.partition_point(|it| it.span.start <= name).checked_sub(1)?;
                (self.parts[index].name == Some(name)).then_some(index)
            }
            Part::Item(index, count) => (count == self.parts.len()).then_some(index),
        };
        let mut gone: Vec<usize> = change.gone.iter().map(index).collect::<Option<_>>()?;
        gone.sort_unstable();
        Some(gone)
    }

    /// Whether a member of that name stays.
    pub fn has(&self, layout: &Layout<'_>, name: &str, gone: &[usize]) -> bool {
        self.parts.iter().enumerate().any(|(index, part)| {
            let written = part.name.map_or("", |name| layout.rest(name)).trim_start_matches(['"', '\'']);
            let ends =
                |rest: &str| !rest.starts_with(|next: char| next.is_alphanumeric() || "_-.:/".contains(next));
            gone.binary_search(&index).is_err() && written.strip_prefix(name).is_some_and(ends)
        })
    }
}
