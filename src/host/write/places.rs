//! Places that may overlap, asked again and again which of them lie around another.

use crate::text::Span;

/// Finding the places around one takes no more steps than there are such places, times a logarithm.
pub(in crate::host) struct Places {
    /// In the order of the text, each with its number.
    in_order: Vec<(Span, u32)>,
    /// How far those below each node of a binary tree reach; the root is at 1, the places are its leaves.
    reach: Vec<u32>,
}

impl Places {
    /// They are numbered as they come.
    pub fn new(places: impl Iterator<Item = Span>) -> Places {
        let mut in_order: Vec<(Span, u32)> = places.zip(0..).collect();
        in_order.sort_unstable();
        let leaves = in_order.len().next_power_of_two();
        let mut reach = vec![0; 2 * leaves];
        for (index, (place, _)) in in_order.iter().enumerate() {
            reach[leaves + index] = place.end;
        }
        for node in (1..leaves).rev() {
            reach[node] = reach[2 * node].max(reach[2 * node + 1]);
        }
        Places { in_order, reach }
    }

    /// The numbers of all that cover a place, in ascending order.
    pub fn around(&self, place: Span) -> Vec<u32> {
        let until = self.in_order.partition_point(|(it, _)| it.start <= place.start);
        let mut found = Vec::new();
        self.collect(Node { at: 1, from: 0, len: self.reach.len() / 2 }, until, place.end, &mut found);
        found.sort_unstable();
        found
    }

    fn collect(&self, node: Node, until: usize, end: u32, found: &mut Vec<u32>) {
        if node.from >= until || self.reach[node.at] < end {
            return;
        }
        if node.len == 1 {
            found.push(self.in_order[node.from].1);
            return;
        }
        let len = node.len / 2;
        self.collect(Node { at: 2 * node.at, from: node.from, len }, until, end, found);
        self.collect(Node { at: 2 * node.at + 1, from: node.from + len, len }, until, end, found);
    }

    /// The numbers of all that are that very place, in ascending order.
    pub fn at(&self, place: Span) -> impl Iterator<Item = u32> + '_ {
        let from = self.in_order.partition_point(|(it, _)| *it < place);
        self.in_order[from..].iter().take_while(move |(it, _)| *it == place).map(|(_, number)| *number)
    }
}

struct Node {
    at: usize,
    /// The leaves below it.
    from: usize,
    len: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_around_another_are_those_a_walk_finds() {
        let spans = |seed: u32| (0..40).map(move |it| (it * 7919 + seed * 31) % 50);
        for seed in 0..50 {
            for count in [0, 1, 2, 3, 8, 40] {
                let places: Vec<Span> =
                    spans(seed).zip(spans(seed + 1)).take(count).map(|(a, b)| Span::new(a, a + b)).collect();
                let index = Places::new(places.iter().copied());
                for place in spans(seed + 2).zip(spans(seed + 3)).map(|(a, b)| Span::new(a, a + b / 4)) {
                    let numbers = |holds: &dyn Fn(&Span) -> bool| -> Vec<u32> {
                        (0..).zip(&places).filter(|(_, it)| holds(it)).map(|(number, _)| number).collect()
                    };
                    assert_eq!(index.around(place), numbers(&|it| it.covers(place)));
                    assert_eq!(index.at(place).collect::<Vec<_>>(), numbers(&|it| *it == place));
                }
            }
        }
    }
}
