//! The arguments. Their texts are the manual.

use super::grant::Grant;
use crate::diagnostic::{Level, Severity};
use crate::host::DocumentKind;
use crate::output::{Format, about};
use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;
use std::path::PathBuf;

/// Checks IAM policies, role trust policies and Amazon ECS task definitions, offline.
#[derive(Debug, Parser)]
#[command(name = "passrole", version = about::version(), max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check files and folders
    Check(CheckArguments),
    /// Run the language server on standard input and output
    Lsp(LspArguments),
    /// List every rule
    Rules(RulesArguments),
    /// Show the page of one rule
    Rule(RuleArguments),
    /// Say whether a request would be allowed
    Can(CanArguments),
    /// Say what access a change gives and takes
    Diff(DiffArguments),
    /// Say what an error message of AWS means, and what to do
    Explain(ExplainArguments),
    /// Say which roles a task definition needs, and what they have to allow
    Roles(RolesArguments),
    /// Write down the roles of a repository, for the checks of other repositories to read
    Export(ExportArguments),
    /// List the actions that wildcards stand for, or find short wildcards for a list
    Expand(ExpandArguments),
    /// Take away of a role's policies what it never used, by what AWS saw
    Unused(UnusedArguments),
    /// Print what passrole reads of a file, for a policy engine of your own
    Model(ModelArguments),
    /// List what is suppressed: where, why, until when
    Exceptions(ExceptionsArguments),
    /// Write a configuration that fits the repository
    Init(InitArguments),
    /// Say which settings hold for a file, and where each comes from
    Config(ConfigArguments),
    /// Answer an assistant: a server of the Model Context Protocol on standard input and output
    #[cfg(feature = "mcp")]
    Mcp(McpArguments),
    /// Print what a shell needs to complete commands and options
    Completions(CompletionsArguments),
    /// Print the manual page of passrole, or of one of its commands
    Man(ManArguments),
}

/// Exit status: 0 written, 2 there is a configuration already, or something could not be read or written.
#[derive(Debug, Args)]
pub(super) struct InitArguments {
    /// The folder to write `.passrole.jsonc` into
    #[arg(default_value = ".")]
    pub folder: PathBuf,

    /// Also record what is found today in a baseline, `.passrole-baseline.json`, and name it in the configuration
    #[arg(long)]
    pub baseline: bool,

    /// Print the configuration instead of writing it
    #[arg(long, conflicts_with = "baseline")]
    pub stdout: bool,
}

/// Exit status: 0 said, 2 the file's configuration cannot be read.
#[derive(Debug, Args)]
pub(super) struct ConfigArguments {
    /// A file; it need not be there
    pub file: PathBuf,

    /// The configuration file; otherwise the nearest `.passrole.jsonc` upwards from the file
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// How to print them
    #[arg(long, value_enum, default_value_t = AnswerFormat::Text)]
    pub format: AnswerFormat,
}

#[derive(Debug, Args)]
pub(super) struct CompletionsArguments {
    /// The shell
    pub shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(super) struct ManArguments {
    /// The command; without one, passrole as a whole
    pub command: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct LspArguments {
    /// Accepted and ignored: clients add it
    #[arg(long)]
    stdio: bool,
}

/// It checks, explains and answers as the commands of these names do. It writes no file and uses no network.
#[cfg(feature = "mcp")]
#[derive(Debug, Args)]
pub(super) struct McpArguments {
    /// The folders whose files may be read; otherwise those that the client names as its roots, or else the current one
    #[arg(value_name = "FOLDER")]
    pub folders: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct RulesArguments {
    /// How to print them
    #[arg(long, value_enum, default_value_t = RulesFormat::Text)]
    pub format: RulesFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum RulesFormat {
    Text,
    Json,
}

#[derive(Debug, Args)]
pub(super) struct RuleArguments {
    /// The rule's id, as in findings
    pub id: String,
}

/// `context` in the configuration of another repository names the file; findings there name this repository.
#[derive(Debug, Args)]
pub(super) struct ExportArguments {
    /// The folder of the repository, or one in it
    #[arg(default_value = ".")]
    pub folder: PathBuf,

    /// What findings call the repository; otherwise the name of its folder
    #[arg(long)]
    pub name: Option<String>,

    /// Write to a file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// The configuration file; otherwise the nearest `.passrole.jsonc` upwards
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct ExceptionsArguments {
    /// Files and folders
    #[arg(default_value = ".")]
    pub paths: Vec<PathBuf>,

    /// How to print them
    #[arg(long, value_enum, default_value_t = RulesFormat::Text)]
    pub format: RulesFormat,

    /// The configuration file; otherwise the nearest `.passrole.jsonc` upwards from each file
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// The day to judge by, instead of today
    #[arg(long, value_name = "DATE")]
    pub today: Option<Date>,

    /// Also say since which day git has each in the current commit
    #[arg(long)]
    pub age: bool,
}

/// Exit status: 0 clean, 1 findings at or above `--fail-on` or, with `--diff`, something to change, 2 could
/// not run, or could not read, write or check something that was named.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("repairs").args(["fix", "diff"]).multiple(true)))]
pub(super) struct CheckArguments {
    /// Files and folders; `-` for standard input. Folders respect git's ignore rules, a file that is
    /// named is always checked
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Look at the fenced blocks of Markdown files in folders, too; one that is named is looked at anyway
    #[arg(long)]
    pub markdown: bool,

    /// A cloud assembly of the AWS CDK (`cdk.out`): the templates that its manifest names, though git ignores
    /// them. Without paths, nothing else is checked
    #[arg(long, value_name = "FOLDER")]
    pub cdk: Vec<PathBuf>,

    /// How to print findings
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,

    /// Write them to a file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Which findings make the exit status 1: `gate` stands for errors and the warnings of rules that were measured to
    /// be right (see `docs/precision.md`), a severity for itself and what is worse
    #[arg(long, value_enum, default_value_t = FailOn::Gate)]
    pub fail_on: FailOn,

    /// Exit with 1 also where no document was found to check
    #[arg(long)]
    pub require_documents: bool,

    /// Exit with 1 also where something could not be judged: a role or document is open, a reference
    /// unresolved, a file not read
    #[arg(long)]
    pub fail_on_unjudged: bool,

    /// Exit with 0 whatever is found
    #[arg(long)]
    pub exit_zero: bool,

    /// Run only these rules, groups or cases of rules (`rule/case`)
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub select: Vec<String>,

    /// Leave these rules, groups or cases of rules out
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub ignore: Vec<String>,

    /// `pedantic` adds rules that most would find noisy
    #[arg(long, value_enum)]
    pub level: Option<LevelArgument>,

    /// Take every document for that kind instead of inferring it
    #[arg(long, value_name = "KIND", value_parser = DocumentKind::chosen)]
    pub kind: Option<DocumentKind>,

    /// The configuration file; otherwise the nearest `.passrole.jsonc` upwards from each file
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// The name under which standard input is checked
    #[arg(long, value_name = "NAME", default_value = "stdin.json")]
    pub stdin_filename: String,

    /// A text in place of standard input, for whoever asks from within
    #[arg(skip)]
    pub text: Option<String>,

    /// Repair what has one obvious repair, in place; standard input goes repaired to standard output, its
    /// findings to standard error. A file is replaced whole, unless somebody else changed it meanwhile. A
    /// link is written through only where it leads to a file in the folders given (for a file that is
    /// named: the folder it is in); of a file with several names (hard links), the others keep the old text
    #[arg(long)]
    pub fix: bool,

    /// With `--fix`, also repairs that may change what a document means
    #[arg(long, requires = "repairs", conflicts_with = "grant")]
    pub r#unsafe: bool,

    /// With `--fix`, make the repair of that rule which adds access, and no other. Where the rule has
    /// several such findings, name one file and the line: `RULE:LINE`
    #[arg(long, value_name = "RULE", requires = "repairs")]
    pub grant: Option<Grant>,

    /// Print what `--fix` would change instead of changing it; findings that would be left go to standard
    /// error
    #[arg(long)]
    pub diff: bool,

    /// Leave out findings recorded in that file; otherwise in the one that the configuration names
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,

    /// Record today's findings in the baseline file
    #[arg(long, conflicts_with_all = ["prune_baseline", "policy_from"])]
    pub write_baseline: bool,

    /// Take what is found no more out of the baseline file, and put nothing in
    #[arg(long, conflicts_with = "policy_from")]
    pub prune_baseline: bool,

    /// Check only files that are not as they were where that revision of git and the current commit part. Rules that
    /// compare files see the whole project
    #[arg(long, value_name = "REV")]
    pub since: Option<String>,

    /// Take configurations, the baseline and suppressions in comments as they were where that revision of git and the
    /// current commit part: what a pull request changes in them does not count for itself
    #[arg(long, value_name = "REV", conflicts_with_all = ["repairs", "no_suppressions"])]
    pub policy_from: Option<String>,

    /// Each of these folders is a project of its own: print how many findings of which rule each has
    #[arg(
        long,
        value_name = "FOLDER",
        num_args = 1..,
        conflicts_with_all = ["paths", "repairs", "baseline", "write_baseline", "prune_baseline", "since", "policy_from", "cdk", "statistics"]
    )]
    pub fleet: Vec<PathBuf>,

    /// Print how many findings each rule has instead of the findings (formats `text` and `json`)
    #[arg(long)]
    pub statistics: bool,

    /// Whether to use colours
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Colour::Auto)]
    pub color: Colour,

    /// Print findings and errors alone: no summary, no notes, no warnings about files
    #[arg(long, short, conflicts_with = "verbose")]
    pub quiet: bool,

    /// How many files to look at at once; otherwise as many as there are processors
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,

    /// Tell everything, whatever suppresses it
    #[arg(long)]
    pub no_suppressions: bool,

    /// Tell again what is suppressed until a day that is over. Otherwise that is only noted
    #[arg(long)]
    pub strict_expiry: bool,

    /// The day to judge by, instead of today
    #[arg(long, value_name = "DATE")]
    pub today: Option<Date>,

    /// Say which documents were found, and why each was taken for what it is
    #[arg(long, short)]
    pub verbose: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Colour {
    /// On a terminal, as far as `NO_COLOR` and the like leave it
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    Gate,
    Error,
    Warning,
    Info,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LevelArgument {
    Default,
    Pedantic,
}

impl FailOn {
    pub(super) fn reached_by(self, severity: Severity, gate: bool) -> bool {
        match self {
            FailOn::Gate => gate,
            FailOn::Error => severity >= Severity::Error,
            FailOn::Warning => severity >= Severity::Warning,
            FailOn::Info => severity >= Severity::Info,
            FailOn::Never => false,
        }
    }
}

impl From<LevelArgument> for Level {
    fn from(level: LevelArgument) -> Level {
        match level {
            LevelArgument::Default => Level::Default,
            LevelArgument::Pedantic => Level::Pedantic,
        }
    }
}

/// Exit status: 0 answered, whatever the answer, 2 the question or a policy cannot be read.
#[derive(Debug, Args)]
pub(super) struct CanArguments {
    /// Who asks: the ARN of a user, role, session or identity provider, a service's name, or `*` for
    /// anonymous
    #[arg(long, value_name = "ARN")]
    pub principal: String,

    /// What is to be done: `service:Name`, without wildcards
    #[arg(long, value_name = "ACTION")]
    pub action: String,

    /// On what: an ARN, or `*` where the action takes no resource
    #[arg(long, value_name = "ARN")]
    pub resource: String,

    /// A condition key that the request has; given twice, it has several values
    #[arg(long, value_name = "KEY=VALUE", value_parser = parse_key_value)]
    pub context: Vec<(String, String)>,

    /// The request has these keys and no others, beside those that the ARNs tell; otherwise a key that is not
    /// given is unknown
    #[arg(long)]
    pub closed: bool,

    /// Policies of the principal
    #[arg(long, value_name = "FILE")]
    pub identity: Vec<PathBuf>,

    /// Its permissions boundary
    #[arg(long, value_name = "FILE")]
    pub boundary: Option<PathBuf>,

    /// A service control policy: each is one level of the hierarchy, and every level must allow
    #[arg(long, value_name = "FILE")]
    pub scp: Vec<PathBuf>,

    /// A resource control policy, beside `RCPFullAWSAccess`
    #[arg(long, value_name = "FILE")]
    pub rcp: Vec<PathBuf>,

    /// The policy of the resource
    #[arg(long, value_name = "FILE")]
    pub resource_policy: Option<PathBuf>,

    /// The policy that the session was started with
    #[arg(long, value_name = "FILE")]
    pub session: Option<PathBuf>,

    /// The trust policy of the role that is to be assumed
    #[arg(long, value_name = "FILE")]
    pub trust: Option<PathBuf>,

    /// How to print the answer
    #[arg(long, value_enum, default_value_t = AnswerFormat::Text)]
    pub format: AnswerFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum AnswerFormat {
    Text,
    Json,
}

fn parse_key_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_string(), value.to_string())),
        _ => Err("write it as KEY=VALUE, such as `aws:SourceIp=203.0.113.9`".to_string()),
    }
}

/// Exit status: 0 compared, 1 with `--fail-on-new-access` where access is gained or it cannot be told, 2 a policy or
/// a revision cannot be read.
#[derive(Debug, Args)]
pub(super) struct DiffArguments {
    /// The old policy and the new one; with `--since`, files and folders of a project
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Compare every policy below the paths (default: here) with what it was in that revision of git
    #[arg(long, value_name = "REV")]
    pub since: Option<String>,

    /// Make the exit status 1 where access is gained, or where it cannot be told
    #[arg(long)]
    pub fail_on_new_access: bool,

    /// Let pass what cannot be told
    #[arg(long, requires = "fail_on_new_access")]
    pub allow_undecided: bool,

    /// How to print it; `markdown` for a comment on a pull request, `github` for annotations
    #[arg(long, value_enum, default_value_t = DiffFormat::Text)]
    pub format: DiffFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum DiffFormat {
    Text,
    Json,
    Markdown,
    Github,
}

/// Exit status: 0 answered, also where nothing was understood, 2 the text cannot be read.
#[derive(Debug, Args)]
pub(super) struct ExplainArguments {
    /// The message; `-`, or nothing, for standard input, which may be a log with several
    #[arg(value_name = "MESSAGE")]
    pub message: Option<String>,

    /// How to print the answer
    #[arg(long, value_enum, default_value_t = AnswerFormat::Text)]
    pub format: AnswerFormat,
}

/// Exit status: 0 answered, 2 the file cannot be read, or holds several task definitions and none is named.
#[derive(Debug, Args)]
pub(super) struct RolesArguments {
    /// The task definition; in a file with several, `FILE#FAMILY`, `FILE#LOGICAL-ID` or `FILE#ADDRESS`. Or a manifest
    /// with a service account of Kubernetes: `FILE#NAMESPACE/NAME`
    #[arg(value_name = "FILE")]
    pub file: String,

    /// The account that the task runs in
    #[arg(long, value_name = "ID", value_parser = parse_account)]
    pub account: Option<String>,

    /// The Region that the task runs in
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,

    /// The OIDC issuer of the EKS cluster, for the roles of a service account of Kubernetes
    #[arg(long, value_name = "URL")]
    pub oidc_issuer: Option<String>,

    /// Only that role
    #[arg(long, value_enum, default_value_t = WhichRole::All)]
    pub role: WhichRole,

    /// How to print them
    #[arg(long, value_enum, default_value_t = RolesFormat::Text)]
    pub format: RolesFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum WhichRole {
    Execution,
    Task,
    Deployer,
    All,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum RolesFormat {
    Text,
    Json,
    Cloudformation,
    Terraform,
}

fn parse_account(text: &str) -> Result<String, String> {
    match crate::catalog::is_account_id(text) {
        true => Ok(text.to_string()),
        false => Err("an account has twelve digits".to_string()),
    }
}

/// Exit status: 0 answered, 2 a pattern cannot be read.
#[derive(Debug, Args)]
pub(super) struct ExpandArguments {
    /// Actions with wildcards: `ecs:Describe*`, `*:Get*`
    #[arg(value_name = "PATTERN", required = true)]
    pub patterns: Vec<String>,

    /// Only the services, each with how many actions
    #[arg(long)]
    pub services: bool,

    /// The other way round: the shortest wildcards that stand for these actions and no others
    #[arg(long, conflicts_with = "services")]
    pub shrink: bool,

    /// How to print the answer
    #[arg(long, value_enum, default_value_t = AnswerFormat::Text)]
    pub format: AnswerFormat,
}

/// Exit status: 0 answered, also where nothing is to be taken away, 2 the report or a policy cannot be read, or the
/// project has nobody of that name. Nothing is changed: what would change is printed.
#[derive(Debug, Args)]
pub(super) struct UnusedArguments {
    /// What `aws accessanalyzer get-finding-v2` printed of findings of unused access, or `aws iam
    /// get-service-last-accessed-details`; `-` for standard input
    #[arg(value_name = "REPORT")]
    pub report: PathBuf,

    /// The role or user that it is about, where the report does not say
    #[arg(long, value_name = "ARN")]
    pub principal: Option<String>,

    /// How to print the answer
    #[arg(long, value_enum, default_value_t = AnswerFormat::Text)]
    pub format: AnswerFormat,
}

/// Exit status: 0 read, also where nothing in it is ours, 2 the file cannot be read.
#[derive(Debug, Args)]
pub(super) struct ModelArguments {
    /// The file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// Take every document for that kind instead of inferring it
    #[arg(long, value_name = "KIND", value_parser = DocumentKind::chosen)]
    pub kind: Option<DocumentKind>,

    /// How to print it
    #[arg(long, value_enum, default_value_t = AnswerFormat::Text)]
    pub format: AnswerFormat,
}
