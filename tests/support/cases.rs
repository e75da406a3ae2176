//! The literate cases of rules: see `tests/rules.rs`.

use passrole::analysis::{FileFacts, RuleSet, check_text};
use passrole::config::Config;
use passrole::diagnostic::Finding;
use passrole::graph::{Graph, StatedProject};
use passrole::host::DocumentKind;
use passrole::rules;
use passrole::rules::own::Constraints;
use std::path::Path;
use std::sync::Arc;

#[derive(Debug, Default)]
pub struct Case {
    pub title: String,
    /// Of the fence, from 1.
    pub line: usize,
    pub syntax: &'static str,
    pub words: Vec<String>,
    pub text: String,
    pub expected: Vec<Expected>,
    /// The files around it: those of the blocks marked `around` under the same heading, by name.
    pub around: Vec<(String, String)>,
    /// Whether the configuration says that these files are the whole project: one of them is marked `complete`.
    pub is_complete: bool,
    /// The configuration: that of the block marked `settings` under the same heading.
    pub settings: String,
}

#[derive(Debug, PartialEq)]
pub struct Expected {
    pub line: usize,
    /// Where its carets stand in the case file, from 1.
    pub carets: usize,
    pub columns: std::ops::Range<usize>,
    pub goes_on: bool,
    pub severity: Option<String>,
    pub message: String,
    /// What else is asked for: the word before the colon, and what stands behind it.
    pub more: Vec<(String, String)>,
}

/// What lines below the carets may ask for.
const ASKED: [&str; 5] = ["note", "case", "fix", "related", "confidence"];

impl Expected {
    /// What of it a finding does not have.
    pub fn lacks(&self, finding: &Finding) -> Vec<&(String, String)> {
        let has = |(what, wanted): &&(String, String)| match what.as_str() {
            "note" => finding.note.contains(wanted.as_str()),
            "case" => finding.case == wanted,
            "fix" => finding.fix.as_ref().map_or("none", |fix| &fix.title) == wanted,
            "related" => finding.related.iter().any(|it| it.message.contains(wanted.as_str())),
            _ => finding.confidence.name() == wanted,
        };
        self.more.iter().filter(|asked| !has(asked)).collect()
    }
}

/// What lines below the carets may ask of a finding, beside that it has none: of a note its first sentence; the
/// confidence where it is not that of the rule.
pub fn askable(finding: &Finding) -> Vec<(&'static str, String)> {
    let first = match finding.note.find([':', '.', ';']) {
        Some(end) if finding.note[end + 1..].starts_with(' ') => &finding.note[..end],
        _ => &*finding.note,
    };
    let mut all = vec![("note", first.to_string()), ("case", finding.case.to_string())];
    all.extend(finding.fix.iter().map(|fix| ("fix", fix.title.to_string())));
    all.extend(finding.related.iter().map(|it| ("related", it.message.to_string())));
    if finding.confidence != finding.rule.confidence {
        all.push(("confidence", finding.confidence.name().to_string()));
    }
    all.retain(|(_, words)| !words.is_empty() && !words.contains('\n') && words.trim() == words);
    all
}

/// What a line below the carets asks for.
fn asked(line: &str) -> Option<(String, String)> {
    let comment = line.trim_start();
    let rest = comment.strip_prefix("//").or_else(|| comment.strip_prefix('#'))?;
    let (what, wanted) = rest.trim().split_once(": ")?;
    ASKED.contains(&what).then(|| (what.to_string(), wanted.trim().to_string()))
}

impl Case {
    pub fn has(&self, word: &str) -> bool {
        self.words.iter().any(|it| it == word)
    }

    pub fn setting(&self, name: &str) -> Option<&str> {
        self.words.iter().find_map(|word| word.strip_prefix(name)?.strip_prefix('='))
    }
}

pub fn cases(markdown: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut title = String::new();
    let mut around: Vec<(String, String)> = Vec::new();
    let mut is_complete = false;
    let mut settings = String::new();
    let mut lines = markdown.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        if let Some(heading) = line.strip_prefix("## ") {
            title = heading.to_string();
            around.clear();
            is_complete = false;
            settings.clear();
        }
        let Some(info) = line.strip_prefix("```") else { continue };
        let (syntax, words) = info.split_once(' ').unwrap_or((info, ""));
        let Some(syntax) = ["json", "yaml", "hcl", "config"].into_iter().find(|it| *it == syntax) else {
            continue;
        };
        let mut case = Case {
            title: title.clone(),
            line: number + 1,
            syntax,
            words: words.split_whitespace().map(str::to_string).collect(),
            ..Case::default()
        };
        let mut last = 0;
        let mut is_below = false;
        for (number, line) in lines.by_ref().take_while(|(_, line)| *line != "```") {
            if let Some(expected) = case.expected.last_mut().filter(|_| is_below)
                && let Some(asked) = asked(line)
            {
                expected.more.push(asked);
                continue;
            }
            let carets = caret_line(line);
            is_below = carets.is_some();
            match carets {
                Some((columns, goes_on, message)) => {
                    let (severity, message) = match message.split_once(": ") {
                        Some((severity @ ("error" | "warning" | "info" | "hint"), rest)) => {
                            (Some(severity.to_string()), rest.to_string())
                        }
                        _ => (None, message.to_string()),
                    };
                    case.expected.push(Expected {
                        line: last,
                        carets: number + 1,
                        columns,
                        goes_on,
                        severity,
                        message,
                        more: Vec::new(),
                    });
                }
                None => {
                    last += 1;
                    case.text.push_str(line);
                    case.text.push('\n');
                }
            }
        }
        if case.has("around") {
            let name = case.setting("file").expect("a file around others has a name").to_string();
            is_complete |= case.has("complete");
            around.push((name, case.text));
        } else if case.has("settings") {
            settings = case.text;
        } else {
            case.around = around.clone();
            case.is_complete = is_complete;
            case.settings = settings.clone();
            cases.push(case);
        }
    }
    cases
}

pub fn caret_line(line: &str) -> Option<(std::ops::Range<usize>, bool, &str)> {
    let comment = line.trim_start();
    let rest = comment.strip_prefix("//").or_else(|| comment.strip_prefix('#'))?;
    let carets = rest.trim_start();
    let at_start = carets.strip_prefix('<');
    let carets = at_start.unwrap_or(carets);
    if !carets.starts_with('^') {
        return None;
    }
    let start = if at_start.is_some() { 0 } else { line.chars().count() - carets.chars().count() };
    let count = carets.chars().take_while(|it| *it == '^').count();
    let behind = &carets[count..];
    let (goes_on, message) = match behind.strip_prefix('>') {
        Some(message) => (true, message),
        None => (false, behind),
    };
    Some((start..start + count, goes_on, message.trim()))
}

pub fn file_name<'a>(id: &str, case: &'a Case) -> &'a str {
    let group = rules::by_id(id).map_or("", |rule| rule.meta().group.name());
    case.setting("file").unwrap_or(match case.syntax {
        "yaml" => "template.yaml",
        "hcl" => "main.tf",
        "config" => "ecs.config",
        _ if group == "task" => "task-definition.json",
        _ if group == "service" => "service.json",
        _ => "policy.json",
    })
}

pub fn kind(case: &Case) -> Option<DocumentKind> {
    case.setting("kind").map(|name| DocumentKind::from_name(name).unwrap())
}

/// A task definition that has a task role, in the network mode `host`.
const BESIDE: &str = r#"{
  "family": "web", "networkMode": "host", "taskRoleArn": "arn:aws:iam::111122223333:role/web",
  "containerDefinitions": [{ "name": "web", "image": "web" }]
}"#;

pub fn facts(id: &str, case: &Case) -> FileFacts {
    let mut graph = Graph::default();
    if let Some(beside) = case.setting("beside") {
        graph.replace(check_text(BESIDE, beside, None, &RuleSet::default()).summary);
    }
    for (name, text) in &case.around {
        graph.replace(check_text(text, name, None, &RuleSet::default()).summary);
    }
    if case.is_complete {
        graph.state(StatedProject { is_complete: true, ..StatedProject::default() });
    }
    let name = file_name(id, case);
    let constraints = match case.settings.as_str() {
        "" => Constraints::default(),
        text => {
            let mut config = Config::parse(text, Path::new("")).unwrap();
            config.locate(|_| ".passrole.jsonc".to_string());
            config.constraints_of(Path::new(name))
        }
    };
    FileFacts { graph: Arc::new(graph), constraints, ..FileFacts::of_path(name) }
}
