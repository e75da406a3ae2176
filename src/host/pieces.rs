//! The pieces that a file is cut into, each with the documents made of it.
//!
//! A piece that is the same in the next version of the file is taken over with what was made of it: parsed
//! once, and its documents kept as long as what it refers to stays the same.

use super::budget::{Budget, Spent};
use super::{Document, HostError};
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

/// The pieces of one version of a file. `K` tells a piece, `P` is what parsing makes of it, `E` what the
/// pieces know of each other.
#[derive(Debug)]
pub(super) struct Pieces<K, P, E> {
    pieces: Vec<Piece<K, P>>,
    environment: Arc<E>,
}

/// One piece. Spans of what it holds are its own.
#[derive(Debug)]
pub(super) struct Piece<K, P> {
    /// Where it starts in the file.
    pub start: u32,
    pub key: K,
    pub parsed: Arc<P>,
    documents: Arc<[Document]>,
    /// What parsing it took of the file's budget.
    parsing: Spent,
    /// What making its documents took.
    making: Spent,
}

/// How a file is read, piece by piece.
pub(super) struct Reader<Parse, Environment, Documents> {
    pub parse: Parse,
    pub environment: Environment,
    pub documents: Documents,
}

impl<K, P, E> Pieces<K, P, E> {
    /// The pieces that `cuts` names, in the order of the text and with where each starts.
    pub fn of<Q>(
        cuts: impl IntoIterator<Item = (u32, Q)>,
        reader: Reader<
            impl Fn(&Q, &Budget) -> P,
            impl FnOnce(&[Piece<K, P>]) -> E,
            impl Fn(&Piece<K, P>, &E, &Budget) -> Vec<Document>,
        >,
        before: Option<&Pieces<K, P, E>>,
    ) -> Pieces<K, P, E>
    where
        K: Clone + PartialEq<Q> + From<Q>,
        E: PartialEq,
    {
        let budget = Budget::of_a_file();
        let mut is_new = Vec::new();
        let mut pieces: Vec<Piece<K, P>> = Vec::new();
        for (index, (start, cut)) in cuts.into_iter().enumerate() {
            let known = before.and_then(|before| nearby(&before.pieces, index, |piece| piece.key == cut));
            let known = known.filter(|known| budget.again(known.parsing));
            is_new.push(known.is_none());
            pieces.push(match known {
                Some(known) => Piece {
                    start,
                    key: known.key.clone(),
                    parsed: known.parsed.clone(),
                    documents: known.documents.clone(),
                    parsing: known.parsing,
                    making: known.making,
                },
                None => {
                    let (parsed, parsing) = budget.part(|| (reader.parse)(&cut, &budget));
                    Piece {
                        start,
                        key: K::from(cut),
                        parsed: Arc::new(parsed),
                        documents: Arc::default(),
                        parsing,
                        making: Spent::default(),
                    }
                }
            });
        }
        let environment = (reader.environment)(&pieces);
        let same = before.filter(|before| *before.environment == environment);
        let environment = same.map_or_else(|| Arc::new(environment), |same| same.environment.clone());
        for (piece, is_new) in pieces.iter_mut().zip(is_new) {
            if is_new || same.is_none() || !budget.again(piece.making) {
                let (mut found, making) = budget.part(|| (reader.documents)(piece, &environment, &budget));
                let is_partial = piece.parsing.is_refused || making.is_refused;
                for document in &mut found {
                    document.is_kept = true;
                    document.is_partial |= is_partial;
                }
                piece.documents = found.into();
                piece.making = making;
            }
        }
        Pieces { pieces, environment }
    }

    pub fn none() -> Pieces<K, P, E>
    where
        E: Default,
    {
        Pieces { pieces: Vec::new(), environment: Arc::default() }
    }

    /// The documents, in the order of the text.
    pub fn documents(&self) -> Vec<Document> {
        let of_piece = |piece: &Piece<K, P>| Document::all_shifted(&piece.documents, piece.start);
        self.pieces.iter().flat_map(of_piece).collect()
    }

    /// Where the names of the file stand for more than they may.
    pub fn excess(&self, syntax: &'static str) -> impl Iterator<Item = HostError> {
        self.pieces.iter().flat_map(move |piece| {
            let all =
                [piece.parsing, piece.making].into_iter().filter_map(move |spent| spent.problem(syntax));
            all.map(|error| HostError { span: error.span.shifted(piece.start), ..error })
        })
    }

    /// The documents that a piece would have with something else in its place.
    pub fn documents_instead(
        &self,
        start: u32,
        key: K,
        parse: impl FnOnce(&K, &Budget) -> P,
        documents: impl FnOnce(&Piece<K, P>, &E, &Budget) -> Vec<Document>,
    ) -> Vec<Document> {
        let budget = Budget::of_a_file();
        let parsed = Arc::new(parse(&key, &budget));
        let (parsing, making) = (Spent::default(), Spent::default());
        let piece = Piece { start, key, parsed, documents: Arc::default(), parsing, making };
        Document::all_shifted(&documents(&piece, &self.environment, &budget), start)
    }

    /// What the pieces know of each other.
    pub fn environment(&self) -> &E {
        &self.environment
    }

    /// The piece around an offset.
    pub fn at(&self, offset: u32) -> Option<&Piece<K, P>> {
        let index = self.pieces.partition_point(|piece| piece.start <= offset).checked_sub(1)?;
        self.pieces.get(index)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Piece<K, P>> {
        self.pieces.iter()
    }
}

/// A piece that is told by its text and by what it is of its file.
#[derive(Debug, Clone)]
pub(super) struct TextKey<T> {
    pub part: T,
    pub text: Arc<str>,
}

impl<T: PartialEq> PartialEq<(T, &str)> for TextKey<T> {
    fn eq(&self, (part, text): &(T, &str)) -> bool {
        self.part == *part && *self.text == **text
    }
}

impl<T> From<(T, &str)> for TextKey<T> {
    fn from((part, text): (T, &str)) -> TextKey<T> {
        TextKey { part, text: text.into() }
    }
}

/// What parsing makes of a piece, and how its text is laid out, which is read when something is to be written
/// there.
#[derive(Debug)]
pub(super) struct Lazy<P, L> {
    parsed: P,
    layout: OnceLock<Option<L>>,
}

impl<P, L> Lazy<P, L> {
    pub fn new(parsed: P) -> Lazy<P, L> {
        Lazy { parsed, layout: OnceLock::new() }
    }

    /// `None` where `read` finds none; asked once.
    pub fn layout(&self, read: impl FnOnce() -> Option<L>) -> Option<&L> {
        self.layout.get_or_init(read).as_ref()
    }
}

impl<P, L> Deref for Lazy<P, L> {
    type Target = P;

    fn deref(&self) -> &P {
        &self.parsed
    }
}

/// The first of the items that fits. Most often what is looked for is where it was before an edit, or one or
/// two places from there.
pub fn nearby<T>(items: &[T], index: usize, fits: impl Fn(&T) -> bool) -> Option<&T> {
    let near = index.saturating_sub(2)..(index + 3).min(items.len());
    items
        .get(near)
        .and_then(|near| near.iter().find(|item| fits(item)))
        .or_else(|| items.iter().find(|item| fits(item)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_near_is_found_all_the_same() {
        let items: Vec<usize> = (0..20).collect();
        for index in [0, 7, 19, 40] {
            assert_eq!(nearby(&items, index, |it| *it == 19), Some(&19));
            assert_eq!(nearby(&items, index, |it| *it == 20), None);
        }
        assert_eq!(nearby(&[] as &[usize], 3, |_| true), None);
    }
}
