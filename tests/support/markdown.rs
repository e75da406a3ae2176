//! Cases in Markdown: the files, and the fenced blocks in them.

use std::path::{Path, PathBuf};

/// A fenced block.
pub struct Block<'m> {
    /// What stands behind the opening fence: the syntax and words.
    pub info: &'m str,
    pub lines: Vec<&'m str>,
}

/// A line outside of the blocks, or a block.
pub enum Piece<'m> {
    Line(&'m str),
    Block(Block<'m>),
}

impl<'m> Block<'m> {
    pub fn syntax(&self) -> &'m str {
        self.info.split(' ').next().unwrap_or_default()
    }

    pub fn words(&self) -> impl Iterator<Item = &'m str> + use<'m> {
        self.info.split(' ').skip(1)
    }

    /// The file that the text is of: `file=NAME`, or one that its syntax is usual for; `None` for what is no
    /// text of ours.
    pub fn file(&self) -> Option<&'m str> {
        let usual = match self.syntax() {
            "json" => "policy.json",
            "yaml" => "template.yaml",
            "hcl" => "main.tf",
            _ => return None,
        };
        Some(self.words().find_map(|word| word.strip_prefix("file=")).unwrap_or(usual))
    }
}

/// The Markdown files below a folder, in order.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    entries.sort();
    let of = |path: PathBuf| match path.is_dir() {
        true => files(&path),
        false => path.extension().is_some_and(|it| it == "md").then_some(path).into_iter().collect(),
    };
    entries.into_iter().flat_map(of).collect()
}

pub fn pieces(markdown: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut lines = markdown.lines();
    while let Some(line) = lines.next() {
        pieces.push(match line.strip_prefix("```").filter(|info| !info.is_empty()) {
            Some(info) => Piece::Block(Block {
                info,
                lines: lines.by_ref().take_while(|line| *line != "```").collect(),
            }),
            None => Piece::Line(line),
        });
    }
    pieces
}

/// The blocks alone.
pub fn blocks(markdown: &str) -> impl Iterator<Item = Block<'_>> {
    pieces(markdown).into_iter().filter_map(|piece| match piece {
        Piece::Block(block) => Some(block),
        Piece::Line(_) => None,
    })
}
