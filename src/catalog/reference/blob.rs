//! Reads the blob that `build/blob.rs` writes: no parsing, no allocation, no table built.

static BLOB: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/services.bin"));
/// The strings stand apart, so that nobody has to look again whether they are UTF-8.
static STRINGS: &str = include_str!(concat!(env!("OUT_DIR"), "/strings.txt"));

#[derive(Clone, Copy)]
pub(super) enum Section {
    StringOffsets,
    Services,
    Actions,
    Resources,
    Keys,
    SetOffsets,
    Sets,
}

/// Where a section starts in the blob.
fn start(section: Section) -> usize {
    u32_at(section as usize * 4) as usize
}

/// How many bytes a section has.
pub(super) fn len(section: Section) -> usize {
    u32_at(section as usize * 4 + 4) as usize - start(section)
}

fn u32_at(at: usize) -> u32 {
    match BLOB.get(at..at + 4) {
        Some(bytes) => u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]),
        None => 0,
    }
}

/// The 16-bit number at that byte of a section.
pub(super) fn number(section: Section, at: usize) -> u16 {
    let at = start(section) + at;
    match BLOB.get(at..at + 2) {
        Some(bytes) => u16::from_le_bytes([bytes[0], bytes[1]]),
        None => 0,
    }
}

pub(super) fn byte(section: Section, at: usize) -> u8 {
    BLOB.get(start(section) + at).copied().unwrap_or_default()
}

pub(super) fn string(id: u16) -> &'static str {
    let offsets = start(Section::StringOffsets) + usize::from(id) * 4;
    STRINGS.get(u32_at(offsets) as usize..u32_at(offsets + 4) as usize).unwrap_or_default()
}

/// A set of ids; its items are read as they are asked for.
#[derive(Clone, Copy)]
pub(super) struct Set {
    at: usize,
}

pub(super) fn set(id: u16) -> Set {
    Set { at: u32_at(start(Section::SetOffsets) + usize::from(id) * 4) as usize }
}

impl Set {
    pub(super) fn len(self) -> usize {
        usize::from(number(Section::Sets, self.at))
    }

    pub(super) fn items(self) -> impl Iterator<Item = u16> + Clone {
        (0..self.len()).map(move |index| number(Section::Sets, self.at + 2 + index * 2))
    }
}

impl std::fmt::Debug for Set {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} items", self.len())
    }
}
