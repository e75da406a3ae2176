//! The `passrole` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    passrole::cli::run()
}
