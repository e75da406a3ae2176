//! `passrole completions` and `passrole man`.

use super::args::{Arguments, CompletionsArguments, ManArguments};
use super::rules::print;
use super::{Outcome, terminal};
use crate::catalog;
use clap::CommandFactory as _;

pub(super) fn completions(arguments: &CompletionsArguments) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "passrole", &mut script);
    print(&String::from_utf8_lossy(&script))
}

pub(super) fn man(arguments: &ManArguments) -> Outcome {
    let mut whole = Arguments::command();
    whole.build();
    let command = match &arguments.command {
        None => Some(whole.clone()),
        Some(name) => whole.find_subcommand(name).cloned(),
    };
    let Some(command) = command else {
        let name = arguments.command.as_deref().unwrap_or_default();
        let known: Vec<&str> = whole.get_subcommands().map(|it| it.get_name()).collect();
        let hint = catalog::nearest(name, known.iter().copied())
            .map_or_else(String::new, |it| format!("; did you mean `{it}`?"));
        terminal::error(format!("there is no command `{name}`{hint}"));
        return Outcome::Failed;
    };
    let mut page = Vec::new();
    match clap_mangen::Man::new(command).render(&mut page) {
        Ok(()) => print(&String::from_utf8_lossy(&page)),
        Err(error) => {
            terminal::error(error);
            Outcome::Failed
        }
    }
}
