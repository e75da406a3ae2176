//! The language server.

/// Runs the server on standard input and output.
pub fn run() -> std::process::ExitCode {
    std::process::ExitCode::SUCCESS
}
