//! Checks the files that are named, each by itself: `cargo run --example check demo/iam/*.json`.

use passrole::{CheckOptions, Severity, check};
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut worst = None;
    for path in std::env::args().skip(1) {
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(reason) => {
                eprintln!("{path}: {reason}");
                return ExitCode::from(2);
            }
        };
        for line in lines(&path, &text, &mut worst) {
            println!("{line}");
        }
    }
    ExitCode::from(u8::from(worst == Some(Severity::Error)))
}

/// A line for each defect; the worst severity is kept.
fn lines(path: &str, text: &str, worst: &mut Option<Severity>) -> Vec<String> {
    let report = check(text, &CheckOptions::new(path));
    *worst = report.defects.iter().map(|defect| defect.severity).chain(*worst).max();
    let line = |defect: &passrole::Defect| {
        let at = defect.start;
        format!(
            "{path}:{}:{}: {}: {} [{}]",
            at.line,
            at.column,
            defect.severity.name(),
            defect.message,
            defect.rule
        )
    };
    report.defects.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use passrole::{DocumentKind, Level, Safety};

    const POLICY: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [{ "Effect": "Allow", "Action": "ecs:RunTasks", "Resource": "*" }]
}"#;

    #[test]
    fn a_defect_has_its_place_and_its_repair() {
        let mut worst = None;
        let told = lines("web.json", POLICY, &mut worst);
        assert_eq!(worst, Some(Severity::Warning));
        assert!(told.len() == 1 && told[0].starts_with("web.json:3:53: warning: "), "{told:?}");
        let report = check(POLICY, &CheckOptions::new("web.json"));
        let defect = &report.defects[0];
        assert_eq!(&POLICY[defect.range.clone()], "RunTasks");
        assert_eq!((&*defect.pointer, defect.fails), ("/Statement/0/Action", true));
        assert_eq!(defect.repair.as_ref().map(|it| it.safety), Some(Safety::Safe));
        assert_eq!(report.documents[0].kind, DocumentKind::Identity);
    }

    #[test]
    fn options_choose_what_is_told() {
        let policy = POLICY.replace("\"ecs:RunTasks\"", "[\"ecs:RunTasks\", \"ecs:StopTask\"]");
        let rules = |options: &CheckOptions| {
            check(&policy, options).defects.iter().map(|it| it.rule).collect::<Vec<_>>()
        };
        let options = || CheckOptions::new("web.json");
        assert!(rules(&options()).contains(&"unknown-action"));
        assert!(!rules(&options()).contains(&"any-resource"));
        assert!(rules(&options().level(Level::Pedantic)).contains(&"any-resource"));
        assert!(!rules(&options().ignore(["unknown-action"]).unwrap()).contains(&"unknown-action"));
        assert_eq!(rules(&options().select(["any-resource"]).unwrap()), ["any-resource"]);
        let both = options().select(["any-resource"]).unwrap().level(Level::Default);
        assert_eq!(rules(&both), ["any-resource"]);
        let unknown = options().ignore(["unknown-actions"]).unwrap_err().to_string();
        assert_eq!(unknown, "there is no rule or group `unknown-actions`; did you mean `unknown-action`?");
        let trust = check(&policy, &options().kind(DocumentKind::Trust));
        assert_eq!(trust.documents[0].kind, DocumentKind::Trust);
        assert!(check("a: b", &CheckOptions::new("x.yaml")).documents.is_empty());
    }
}
