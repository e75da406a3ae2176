//! What goes to standard error beside findings, and what a terminal is shown.

use super::args::Colour;
use crate::output;
use crate::workspace::lock;
use indicatif::{ProgressBar, ProgressStyle};
use std::fmt::Display;
use std::io::{IsTerminal, Write as _};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// A terminal shows progress from this many files on: fewer are done before anyone reads it.
const WORTH_A_BAR: usize = 500;

static IS_QUIET: AtomicBool = AtomicBool::new(false);

/// From now on errors alone are told.
pub(super) fn be_quiet() {
    IS_QUIET.store(true, Ordering::Relaxed);
}

/// Something could not be done that was asked for.
pub(super) fn error(words: impl Display) {
    line("error", words);
}

/// Something was left out that nobody asked for by name.
pub(super) fn warning(words: impl Display) {
    if !IS_QUIET.load(Ordering::Relaxed) {
        line("warning", words);
    }
}

pub(super) fn note(words: impl Display) {
    if !IS_QUIET.load(Ordering::Relaxed) {
        line("note", words);
    }
}

fn line(level: &str, words: impl Display) {
    say(format!("{level}: {words}"));
}

/// What was said since somebody listens, where somebody does.
static HEARD: Mutex<Option<Vec<String>>> = Mutex::new(None);

/// From now on what would go to standard error is kept for [`heard`]. Whoever answers on a protocol has no reader there.
#[cfg(feature = "mcp")]
pub(super) fn listen() {
    *lock(&HEARD) = Some(Vec::new());
}

/// What was said since the last time.
#[cfg(feature = "mcp")]
pub(super) fn heard() -> Vec<String> {
    lock(&HEARD).as_mut().map(std::mem::take).unwrap_or_default()
}

/// One line: whatever a file name or a document put into it, it stays one and commands nothing.
pub(super) fn say(words: impl Display) {
    let words = output::line(&words.to_string()).into_owned();
    if let Some(heard) = lock(&HEARD).as_mut() {
        heard.push(words);
        return;
    }
    // Nobody is left to be told that this failed.
    let _ = writeln!(std::io::stderr(), "{words}");
}

pub(super) fn progress(files: usize) -> ProgressBar {
    if files < WORTH_A_BAR || IS_QUIET.load(Ordering::Relaxed) || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(files as u64);
    if let Ok(style) = ProgressStyle::with_template("checking {wide_bar} {pos}/{len} files") {
        bar.set_style(style);
    }
    bar
}

/// Whether a stream is to be coloured, as `no-color.org` and `bixense.com/clicolors` have it.
pub(super) fn colour(wanted: Colour, is_terminal: bool) -> bool {
    match wanted {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => wants_colour(is_terminal, |name| std::env::var(name).ok()),
    }
}

fn wants_colour(is_terminal: bool, variable: impl Fn(&str) -> Option<String>) -> bool {
    let given = |name: &str| variable(name).filter(|value| !value.is_empty());
    if given("NO_COLOR").is_some() {
        return false;
    }
    if given("CLICOLOR_FORCE").is_some_and(|value| value != "0") {
        return true;
    }
    let is_off = given("CLICOLOR").as_deref() == Some("0") || given("TERM").as_deref() == Some("dumb");
    is_terminal && !is_off
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_decide_about_colour() {
        let with = |is_terminal: bool, variables: &[(&str, &str)]| {
            wants_colour(is_terminal, |name| {
                variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.to_string())
            })
        };
        assert!(with(true, &[]) && !with(false, &[]));
        for off in [("NO_COLOR", "0"), ("NO_COLOR", "1"), ("CLICOLOR", "0"), ("TERM", "dumb")] {
            assert!(!with(true, &[off]), "{off:?}");
        }
        for nothing in [("NO_COLOR", ""), ("CLICOLOR", "1"), ("TERM", "xterm"), ("CLICOLOR_FORCE", "0")] {
            assert!(with(true, &[nothing]) && !with(false, &[nothing]), "{nothing:?}");
        }
        assert!(with(false, &[("CLICOLOR_FORCE", "1"), ("TERM", "dumb")]));
        assert!(!with(true, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    }
}
