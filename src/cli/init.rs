//! `passrole init`: a configuration that fits what is there.

use super::args::{Arguments, Command, InitArguments};
use super::gather::{Gathered, gather};
use super::rules::print;
use super::{Outcome, terminal};
use crate::config::Config;
use crate::output::{self, statistics};
use crate::rules::Edition;
use crate::suppression::OtherTool;
use crate::workspace::disk;
use clap::Parser as _;
use std::cmp::Reverse;
use std::fmt::Write as _;
use std::path::Path;

const BASELINE: &str = ".passrole-baseline.json";

/// Folders of others' code, which often lies in repositories.
const OF_OTHERS: [&str; 6] = ["vendor", "third_party", "third-party", "external", ".terraform", "cdk.out"];

/// So many rules are named.
const MOST_TOLD: usize = 20;

pub(super) fn run(arguments: &InitArguments) -> Outcome {
    match init(arguments) {
        Ok(outcome) => outcome,
        Err(message) => {
            terminal::error(message);
            Outcome::Failed
        }
    }
}

fn init(arguments: &InitArguments) -> Result<Outcome, String> {
    let folder = &arguments.folder;
    let file = folder.join(Config::FILE_NAME);
    if !folder.is_dir() {
        return Err(format!("{}: not a folder", folder.display()));
    }
    if file.exists() && !arguments.stdout {
        return Err(format!("{} is there already", file.display()));
    }
    let folder_argument = folder.as_os_str().to_os_string();
    let mut check = vec!["passrole".into(), "check".into(), "--quiet".into(), folder_argument];
    if arguments.baseline {
        check.extend([
            "--write-baseline".into(),
            "--baseline".into(),
            folder.join(BASELINE).into_os_string(),
        ]);
    }
    let parsed = Arguments::try_parse_from(check).map_err(|error| error.to_string())?;
    let Command::Check(check) = parsed.command else { return Err("init checks nothing".to_string()) };
    terminal::be_quiet();
    let found = gather(&check, &check.paths)?;
    let others = OF_OTHERS.into_iter().filter(|name| folder.join(name).is_dir()).collect::<Vec<_>>();
    let tools = tools_in(folder);
    let text = configuration(&found, &others, &tools, arguments.baseline);
    // What is written must be good.
    Config::parse(&text, folder).map_err(|error| format!("init would write a bad configuration: {error}"))?;
    if arguments.stdout {
        return Ok(print(&text));
    }
    disk::put(&file, &text).map_err(|reason| format!("{}: {reason}", file.display()))?;
    terminal::say(format!("{} is written", file.display()));
    advise(&found, arguments.baseline, folder);
    Ok(Outcome::Clean)
}

/// The other tools of which suppressions stand in the files.
fn tools_in(folder: &Path) -> Vec<OtherTool> {
    let (files, _) = disk::find(&[folder.to_path_buf()]);
    let mut left = OtherTool::ALL.to_vec();
    let mut found = Vec::new();
    for file in files {
        if left.is_empty() {
            break;
        }
        let Ok(text) = disk::read(&file.path, disk::LARGEST) else { continue };
        found.extend(
            left.extract_if(.., |tool| {
                memchr::memmem::find(text.as_bytes(), tool.sign().as_bytes()).is_some()
            }),
        );
    }
    found.sort_by_key(|tool| tool.name());
    found
}

fn configuration(found: &Gathered, others: &[&str], tools: &[OtherTool], has_baseline: bool) -> String {
    let summary = found.summary;
    let mut out = String::from("{\n");
    let _ =
        writeln!(out, "  // passrole found {} documents in {} files here.", summary.documents, summary.files);
    let _ = writeln!(
        out,
        "  // Every setting: `docs/configuration.md`. What holds for a file: `passrole config FILE`.\n"
    );
    let _ = writeln!(out, "  // Rules and severities that come later wait until this is raised.");
    let _ = writeln!(out, "  \"edition\": \"{}\",\n", Edition::NEWEST.name());
    let _ = writeln!(out, "  // \"pedantic\" adds rules that most find noisy.");
    let _ = writeln!(out, "  \"level\": \"default\",\n");
    let mut counts = statistics::counts(&found.records);
    // The worst first: it must not be among those that are left out.
    counts.sort_by_key(|it| Reverse((it.severity, it.count)));
    if counts.is_empty() {
        let _ = writeln!(
            out,
            "  // Rules, groups or cases that are not for you: error, warning, info, hint or off."
        );
    } else {
        let _ = writeln!(
            out,
            "  // Found today; give a rule another severity, or \"off\", where it is not for you:"
        );
        for it in counts.iter().take(MOST_TOLD) {
            let _ = writeln!(out, "  //   {} × {} ({})", it.count, it.rule.id, it.severity.name());
        }
        if counts.len() > MOST_TOLD {
            let _ =
                writeln!(out, "  //   and {} more: `passrole check --statistics`", counts.len() - MOST_TOLD);
        }
    }
    let _ = writeln!(out, "  \"severity\": {{}},\n");
    let _ = writeln!(out, "  // Files that are not yours, as globs from here.");
    let names: Vec<String> = others.iter().map(|name| format!("\"{name}/\"")).collect();
    let _ = writeln!(out, "  \"exclude\": [{}],\n", names.join(", "));
    let _ = writeln!(
        out,
        "  // What files hold where their content leaves it open: {{ \"organization/scp/*.json\": \"scp\" }}"
    );
    let _ = writeln!(out, "  \"kinds\": {{}},\n");
    if has_baseline {
        let _ = writeln!(
            out,
            "  // What was found when passrole came here; `check --prune-baseline` takes out what is mended."
        );
        let _ = writeln!(out, "  \"baseline\": \"{BASELINE}\",\n");
    }
    if !tools.is_empty() {
        let names: Vec<String> = tools.iter().map(|tool| format!("\"{}\"", tool.name())).collect();
        let _ = writeln!(
            out,
            "  // Suppressions of these tools stand here; to let them count where one rule covers their check:"
        );
        let _ = writeln!(out, "  // \"honour\": [{}],\n", names.join(", "));
    }
    let _ = writeln!(
        out,
        "  // Findings that are right and stay: {{ \"files\": …, \"anchor\": …, \"rules\": […], \"reason\": … }}"
    );
    out.push_str("  \"exceptions\": []\n}\n");
    out
}

/// What to do next.
fn advise(found: &Gathered, has_baseline: bool, folder: &Path) {
    let gate = found.records.iter().filter(|record| record.gate).count();
    if gate > 0 && !has_baseline {
        terminal::say(format!(
            "{gate} findings would fail a run today: mend them (`passrole check --fix {0}`), or record them with \
             `passrole check {0} --baseline {BASELINE} --write-baseline`",
            output::line(&folder.display().to_string())
        ));
    }
}
