//! What the files of a module add to it, by folder.

use super::lock::lock;
use crate::host::{Folder, Handed, Module};
use std::collections::{BTreeMap, HashMap};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// The files of one folder.
#[derive(Debug, Default)]
struct Parts {
    parts: BTreeMap<OsString, Module>,
    /// What they make up together, and the place of each among them.
    merged: Option<(Folder, HashMap<OsString, usize>)>,
    /// By a file's name: what the others make up, with what other folders hand over.
    beside: HashMap<OsString, (Arc<Module>, Arc<Handed>)>,
}

impl Parts {
    /// Put together once for all files of the folder.
    fn merged(&mut self) -> &(Folder, HashMap<OsString, usize>) {
        let parts = &self.parts;
        self.merged.get_or_insert_with(|| {
            let places = parts.keys().enumerate().map(|(index, name)| (name.clone(), index));
            (Folder::of(parts.values()), places.collect())
        })
    }
}

/// Empty until somebody asks. Locked while it is filled, so that two who ask at once do it once.
type Slot = Arc<Mutex<Option<Parts>>>;

#[derive(Debug, Default)]
pub struct Modules {
    folders: Mutex<HashMap<PathBuf, Slot>>,
}

/// Whether a file is a part of a module.
pub fn is_of_module(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "tf" || extension == "tofu")
}

impl Modules {
    fn slot(&self, folder: &Path) -> Slot {
        lock(&self.folders).entry(folder.to_path_buf()).or_default().clone()
    }

    /// What the files beside that one make up; `handed` is what other folders hand over.
    pub fn beside(
        &self,
        folder: &Path,
        name: &OsStr,
        read: impl FnOnce() -> BTreeMap<OsString, Module>,
        handed: Arc<Handed>,
    ) -> Arc<Module> {
        let slot = self.slot(folder);
        let mut known = lock(&slot);
        let known = known.get_or_insert_with(|| Parts { parts: read(), ..Parts::default() });
        if let Some((module, with)) = known.beside.get(name)
            && Arc::ptr_eq(with, &handed)
        {
            return module.clone();
        }
        let (folder, places) = known.merged();
        let module = Arc::new(folder.without(places.get(name).copied(), handed.clone()));
        known.beside.insert(name.to_os_string(), (module.clone(), handed));
        module
    }

    /// What all files of a folder make up.
    pub fn whole(&self, folder: &Path, read: impl FnOnce() -> BTreeMap<OsString, Module>) -> Folder {
        let slot = self.slot(folder);
        let mut known = lock(&slot);
        let known = known.get_or_insert_with(|| Parts { parts: read(), ..Parts::default() });
        known.merged().0.clone()
    }

    /// The names of the files of a folder, where somebody asked for it.
    pub fn names(&self, folder: &Path) -> Vec<OsString> {
        let slot = self.slot(folder);
        let known = lock(&slot);
        known.as_ref().map_or_else(Vec::new, |parts| parts.parts.keys().cloned().collect())
    }

    /// Takes in what a file adds now, or that it is gone. Where that is something else than before, the names
    /// of the others, whom it concerns. A folder that nobody asked for will be read as it is then.
    pub fn put(&self, folder: &Path, name: &OsStr, part: Option<Module>) -> Option<Vec<OsString>> {
        let slot = self.slot(folder);
        let mut known = lock(&slot);
        let Parts { parts, merged, beside } = known.as_mut()?;
        let before = match part {
            Some(part) if parts.get(name) == Some(&part) => return None,
            Some(part) => parts.insert(name.to_os_string(), part),
            None => parts.remove(name),
        };
        // What says nothing is as good as not there.
        let says = |part: Option<&Module>| part.is_some_and(|part| *part != Module::default());
        if !says(before.as_ref()) && !says(parts.get(name)) {
            return None;
        }
        *merged = None;
        beside.clear();
        Some(parts.keys().filter(|other| *other != name).cloned().collect())
    }

    /// Reads that folder, and those below it, again when somebody asks.
    pub fn forget(&self, folder: &Path) {
        lock(&self.folders).retain(|known, _| !known.starts_with(folder));
    }
}
