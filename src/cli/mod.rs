//! The command line: arguments, the clock and standard streams live here and in `lsp`.

mod answers;
mod args;
mod baseline;
mod baselines;
mod can;
mod check;
mod completions;
mod config;
mod diff;
mod exceptions;
mod expand;
mod explain;
mod export;
mod facts;
mod fleet;
mod gather;
mod git;
mod grant;
mod init;
mod inputs;
#[cfg(feature = "mcp")]
mod mcp;
mod model;
mod panics;
mod records;
mod repository;
mod roles;
mod rows;
mod rules;
mod sink;
mod terminal;
mod trusted;
mod unused;

pub use args::Arguments;

use args::Command;
use clap::Parser;
use std::process::ExitCode;

/// What a command comes to. Scripts depend on the numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing at or above `--fail-on`.
    Clean,
    /// Findings at or above `--fail-on`.
    Findings,
    /// It could not run, or not on everything it was asked to look at.
    Failed,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> ExitCode {
        ExitCode::from(match outcome {
            Outcome::Clean => 0,
            Outcome::Findings => 1,
            Outcome::Failed => 2,
        })
    }
}

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    panics::keep_quiet();
    match Arguments::parse().command {
        Command::Check(arguments) => check::run(&arguments).into(),
        Command::Lsp(_) => crate::lsp::run(),
        Command::Rules(arguments) => rules::list(&arguments).into(),
        Command::Can(arguments) => can::run(&arguments).into(),
        Command::Diff(arguments) => diff::run(&arguments).into(),
        Command::Explain(arguments) => explain::run(&arguments).into(),
        Command::Roles(arguments) => roles::run(&arguments).into(),
        Command::Export(arguments) => export::run(&arguments).into(),
        Command::Model(arguments) => model::run(&arguments).into(),
        Command::Unused(arguments) => unused::run(&arguments).into(),
        Command::Expand(arguments) => expand::run(&arguments).into(),
        Command::Rule(arguments) => rules::show(&arguments.id).into(),
        Command::Exceptions(arguments) => exceptions::run(&arguments).into(),
        Command::Init(arguments) => init::run(&arguments).into(),
        Command::Config(arguments) => config::run(&arguments).into(),
        #[cfg(feature = "mcp")]
        Command::Mcp(arguments) => mcp::run(&arguments).into(),
        Command::Completions(arguments) => completions::completions(&arguments).into(),
        Command::Man(arguments) => completions::man(&arguments).into(),
    }
}
