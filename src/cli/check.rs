//! `passrole check`: what it prints, and where.

use super::args::CheckArguments;
use super::gather::gather;
use super::sink::Sink;
use super::{Outcome, fleet, terminal};
use crate::output::{self, Format};
use crate::workspace::disk;
use std::path::Path;

pub(super) fn run(arguments: &CheckArguments) -> Outcome {
    match check(arguments) {
        Ok(outcome) => outcome,
        Err(message) => {
            terminal::error(message);
            Outcome::Failed
        }
    }
}

fn check(arguments: &CheckArguments) -> Result<Outcome, String> {
    if arguments.quiet {
        terminal::be_quiet();
    }
    if let Some(jobs) = arguments.jobs {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs.into()).build_global();
        pool.map_err(|error| format!("--jobs {jobs}: {error}"))?;
    }
    if arguments.statistics && !matches!(arguments.format, Format::Text | Format::Json) {
        return Err("--statistics is printed as `text` or `json`".to_string());
    }
    if !arguments.fleet.is_empty() {
        return fleet::run(arguments);
    }
    let gathered = gather(arguments, &arguments.paths)?;
    let sink = match (&arguments.output, &gathered.taken) {
        (Some(path), _) => Sink::File(path),
        (None, Some(_)) => Sink::StandardError,
        (None, None) => Sink::StandardOutput,
    };
    if let Some(text) = &gathered.taken {
        Sink::StandardOutput.write(text)?;
    }
    if gathered.fixed > 0 && !arguments.diff {
        terminal::say(format!("{} fixed", gathered.fixed));
    }
    let colour = arguments.output.is_none() && terminal::colour(arguments.color, sink.is_terminal());
    let rendered = output::render(arguments.format, &gathered.results(arguments, colour));
    sink.write(&rendered)?;
    if arguments.format == Format::Github
        && let Some(file) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|file| !file.is_empty())
    {
        let summary = output::render(Format::Markdown, &gathered.results(arguments, false));
        add_to_summary(Path::new(&file), &summary);
    }
    Ok(gathered.outcome(arguments))
}

/// Adds to what the step has written for its job's page. That it cannot be written costs nothing else.
fn add_to_summary(file: &Path, summary: &str) {
    let before = disk::read(file, disk::LARGEST).unwrap_or_default();
    let gap = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
    if let Err(reason) = disk::put(file, &format!("{before}{gap}{summary}")) {
        terminal::warning(format!("{}: {reason}", file.display()));
    }
}
