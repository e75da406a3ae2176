//! A map in many parts that are shared: a copy costs one count for each part, a change copies one part.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// The parts; many, since a part is copied whole.
const PARTS: usize = 256;

#[derive(Debug, Clone)]
pub(super) struct Shards<K, V> {
    parts: Vec<Arc<HashMap<K, V>>>,
}

impl<K, V> Default for Shards<K, V> {
    fn default() -> Shards<K, V> {
        Shards { parts: Vec::new() }
    }
}

impl<K: Hash + Eq + Clone, V: Clone> Shards<K, V> {
    pub fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.parts.get(part_of(key))?.get(key)
    }

    /// The part in which the key is or belongs, a copy of its own.
    pub fn part_mut<Q: Hash + ?Sized>(&mut self, key: &Q) -> &mut HashMap<K, V> {
        if self.parts.is_empty() {
            self.parts.resize_with(PARTS, Arc::default);
        }
        Arc::make_mut(&mut self.parts[part_of(key)])
    }

    pub fn remove<Q: Hash + Eq + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        // What is not there is no reason to copy.
        self.get(key)?;
        self.part_mut(key).remove(key)
    }

    pub fn is_empty(&self) -> bool {
        self.parts.iter().all(|part| part.is_empty())
    }

    /// How many entries are in parts of which the other has a copy of its own.
    #[cfg(test)]
    pub fn copied_from(&self, other: &Shards<K, V>) -> usize {
        let pairs = self.parts.iter().zip(&other.parts);
        pairs.filter(|(one, other)| !Arc::ptr_eq(one, other)).map(|(one, _)| one.len()).sum()
    }
}

/// The same in every run: nothing hangs on chance.
fn part_of<Q: Hash + ?Sized>(key: &Q) -> usize {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish() as usize % PARTS
}
