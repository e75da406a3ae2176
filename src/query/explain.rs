//! What an error message of AWS means: `passrole explain`.
//!
//! A log is searched for what AWS says when it refuses something. What is not found there is not made up: of a
//! principal that the message leaves out nothing is said.

use super::ProjectView;
use super::events;
use super::message::{ENCODED, Message, advise};
use super::message_text::{glued, is_cut, joined};
use crate::rules;
use aho_corasick::{AhoCorasick, MatchKind};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// The messages of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    pub messages: Vec<Message>,
}

/// How many messages are told of one text.
const TOLD: usize = 1_000;

const REFUSED: &str = "not authorized to perform";

/// What AWS and the agents say beside that, each with its cause, the rule that finds it beforehand, and what to do.
struct Phrase {
    says: &'static str,
    cause: &'static str,
    rules: &'static [&'static str],
    advice: &'static [&'static str],
}

const fn phrase(
    says: &'static str,
    cause: &'static str,
    rules: &'static [&'static str],
    advice: &'static [&'static str],
) -> Phrase {
    Phrase { says, cause, rules, advice }
}

const ROUTE: &str = "This is the network, not a permission: nothing answered. A task in a private subnet needs a NAT gateway, or VPC endpoints for ecr.api, ecr.dkr, s3 (gateway), logs, and secretsmanager or ssm where it uses them; a task in a public subnet needs `assignPublicIp`. Look at routes, security groups (443 outwards, and inwards at the endpoints) and name resolution.";

const PHRASES: &[Phrase] = &[
    phrase(
        "roles may not be assumed by root accounts",
        "trust",
        &[],
        &["The root user of an account cannot assume a role. Ask as a user or a role."],
    ),
    phrase(
        "unable to assume the role",
        "trust",
        &["wrong-service-principal", "trust-condition-never-met"],
        &[
            "The role's trust policy does not admit the service that wants it, its conditions shut it out, or the role does not exist. For a task or an execution role the principal is ecs-tasks.amazonaws.com, for a service's role ecs.amazonaws.com.",
            "Compare the principal, and `aws:SourceArn` and `aws:SourceAccount`, with who asks. A role that was made a moment ago may need some seconds.",
        ],
    ),
    phrase(
        "unable to assume role",
        "trust",
        &["wrong-service-principal", "trust-condition-never-met"],
        &[
            "The role's trust policy does not admit the service that wants it, its conditions shut it out, or the role does not exist.",
        ],
    ),
    phrase(
        "role is not valid",
        "trust",
        &["invalid-role-arn", "wrong-service-principal"],
        &[
            "`executionRoleArn` or `taskRoleArn` is no ARN of a role of this account, or the role does not exist.",
        ],
    ),
    phrase(
        "cannot be assumed by",
        "trust",
        &["wrong-service-principal"],
        &[
            "The role's trust policy does not name that service as a principal, or its conditions shut it out.",
        ],
    ),
    phrase(
        "the role defined for the function cannot be assumed by lambda",
        "trust",
        &["wrong-service-principal"],
        &["The role's trust policy does not name the principal lambda.amazonaws.com."],
    ),
    phrase(
        "must allow aws events to assume the role",
        "trust",
        &["wrong-service-principal"],
        &[
            "The role that EventBridge Scheduler uses has to trust scheduler.amazonaws.com (an EventBridge rule: events.amazonaws.com).",
        ],
    ),
    phrase(
        "must allow aws eventbridge scheduler to assume the role",
        "trust",
        &["wrong-service-principal"],
        &[
            "The role that EventBridge Scheduler uses has to trust scheduler.amazonaws.com (an EventBridge rule: events.amazonaws.com).",
        ],
    ),
    phrase(
        "you are not authorized to perform this operation",
        "unknown",
        &[],
        &["The message does not say what was refused."],
    ),
    phrase("encoded authorization failure message", "unknown", &[], &[ENCODED]),
    phrase(
        "no basic auth credentials",
        "no-statement",
        &[],
        &[
            "Nobody logged in to the registry. For Amazon ECR the execution role (on EC2 without one: the instance role) needs ecr:GetAuthorizationToken on `*`.",
        ],
    ),
    phrase(
        "pull access denied",
        "no-statement",
        &[],
        &[
            "The image does not exist under that name, or whoever pulls may not read it. For Amazon ECR the execution role needs ecr:GetAuthorizationToken on `*` and ecr:BatchGetImage and ecr:GetDownloadUrlForLayer on the repository; for a private registry the task needs `repositoryCredentials`.",
        ],
    ),
    phrase(
        "toomanyrequests",
        "service",
        &[],
        &[
            "The registry limits how often anybody may pull. Log in with `repositoryCredentials`, or keep a copy in Amazon ECR (a pull-through cache).",
        ],
    ),
    phrase("manifest unknown", "service", &[], &["The repository has no image of that tag or digest."]),
    phrase("no such host", "network", &[], &[ROUTE]),
    phrase("i/o timeout", "network", &[], &[ROUTE]),
    phrase("connection timed out", "network", &[], &[ROUTE]),
    phrase("request canceled while waiting for connection", "network", &[], &[ROUTE]),
    phrase("context deadline exceeded", "network", &[], &[ROUTE]),
    phrase("connect: connection refused", "network", &[], &[ROUTE]),
    phrase("request send failed", "network", &[], &[ROUTE]),
    phrase("send request failed", "network", &[], &[ROUTE]),
    phrase("there is a connection issue between the task and", "network", &[], &[ROUTE]),
    phrase(
        "invalid ssm parameters",
        "service",
        &["invalid-secret-reference"],
        &[
            "A parameter that `secrets` names does not exist in the task's Region and account under that name. Permissions are not what fails here.",
        ],
    ),
    phrase(
        "secrets manager can't find the specified secret",
        "service",
        &["invalid-secret-reference"],
        &[
            "The secret does not exist in that Region and account under that ARN, or has no value of that version. Look at the six characters at the end of the ARN.",
        ],
    ),
    phrase(
        "retrieved secret from secrets manager did not contain json key",
        "service",
        &["invalid-secret-reference"],
        &["The secret's value has no such key: it is the part behind the secret's ARN in `valueFrom`."],
    ),
    phrase(
        "the specified log group does not exist",
        "service",
        &[],
        &[
            "The log group of `awslogs-group` is not there. Make it, or set `awslogs-create-group` and give the execution role logs:CreateLogGroup.",
        ],
    ),
    phrase(
        "(accessdenied) when calling the",
        "unknown",
        &[],
        &[
            "The service does not say what was missing. The permission is mostly the operation's own (`passrole expand` knows the service's actions); Amazon S3 also answers so where the object does not exist and s3:ListBucket is not allowed, where the bucket's policy or its public access block refuses, and where kms:Decrypt is missing.",
            "CloudTrail has the refusal in full: `passrole explain -` reads its events.",
        ],
    ),
    phrase(
        "(accessdeniedexception) when calling the",
        "unknown",
        &[],
        &[
            "The service does not say what was missing. CloudTrail has the refusal in full: `passrole explain -` reads its events.",
        ],
    ),
    phrase(
        "access to kms is not allowed",
        "no-statement",
        &["execution-role-lacks-permission"],
        &[
            "The secret or parameter is encrypted with a key of one's own: whoever reads it, for `secrets` of a task the execution role, needs kms:Decrypt on that key, and the key's policy has to admit it.",
        ],
    ),
    phrase(
        "the provided execution role does not have permissions to call",
        "no-statement",
        &[],
        &[
            "The function's execution role lacks what AWS Lambda does with it: in a VPC the policy AWSLambdaVPCAccessExecutionRole, for a queue or a stream its read actions.",
        ],
    ),
    phrase(
        "cross-account pass role is not allowed",
        "pass-role",
        &[],
        &[
            "A role is passed to a service of its own account only. Make a role here that may assume the other one.",
        ],
    ),
    phrase(
        "is authorized to assume the provided role",
        "trust",
        &["wrong-service-principal"],
        &[
            "The role's trust policy does not name that service as a principal, or its conditions shut it out.",
        ],
    ),
    phrase(
        "is not authorized to create managed-rule",
        "no-statement",
        &[],
        &[
            "A state machine that waits for tasks or jobs (`.sync`) makes a rule of EventBridge: its role needs events:PutTargets, events:PutRule and events:DescribeRule on the rule StepFunctionsGetEventsForECSTaskRule (of other services: their own).",
        ],
    ),
    phrase(
        "invalid iam instance profile name",
        "service",
        &[],
        &[
            "There is no instance profile of that name. A role is not one: an instance profile holds it, and one that was made a moment ago may need some seconds.",
        ],
    ),
    phrase(
        "security token included in the request is expired",
        "service",
        &[],
        &["The credentials are no longer good: sign in or assume the role again. No policy is at fault."],
    ),
    phrase(
        "security token included in the request is invalid",
        "service",
        &[],
        &[
            "AWS does not know these credentials: the key was deleted, is of another partition, or the session token is missing. No policy is at fault.",
        ],
    ),
    phrase(
        "the request signature we calculated does not match",
        "service",
        &[],
        &[
            "The secret key does not fit the key id, or something changed the request on its way. No policy is at fault.",
        ],
    ),
    phrase(
        "credentials could not be loaded",
        "service",
        &[],
        &[
            "Nobody gave credentials. In GitHub Actions the job needs `permissions: id-token: write` and `role-to-assume`; a pull request of a fork gets no token.",
        ],
    ),
    phrase(
        "could not load credentials from any providers",
        "service",
        &[],
        &[
            "Nobody gave credentials. In GitHub Actions the job needs `permissions: id-token: write` and `role-to-assume`; in a container look at the task role, in a pod at its service account.",
        ],
    ),
    phrase(
        "unable to locate credentials",
        "service",
        &[],
        &[
            "Nobody gave credentials: in a container look at the task role (`taskRoleArn`), in a pod at its service account, on a machine at its profile.",
        ],
    ),
    phrase(
        "is forbidden: user",
        "service",
        &["malformed-aws-auth"],
        &[
            "IAM let you in, a role of Kubernetes does not allow it: bind the user or one of its groups (RoleBinding, ClusterRoleBinding), or give the access entry a policy.",
        ],
    ),
    phrase(
        "access denied by server while mounting",
        "no-statement",
        &["task-role-lacks-permission"],
        &[
            "Amazon EFS refuses the mount: with `iam: ENABLED` the task role needs elasticfilesystem:ClientMount (and ClientWrite), the file system's policy has to admit it, and the access point and the path have to exist.",
        ],
    ),
    phrase(
        "does not contain descriptor matching platform",
        "service",
        &[],
        &[
            "The image has no variant of the task's `runtimePlatform`: build it for that architecture, or change the field.",
        ],
    ),
    phrase(
        "cannotpullcontainererror",
        "unknown",
        &[],
        &[
            "The image could not be pulled. Behind the error stands why: a time-out is the network, `403` or `denied` a permission of the execution role, `not found` a wrong name.",
        ],
    ),
    phrase(
        "resourceinitializationerror",
        "unknown",
        &[],
        &[
            "The task could not get what it needs before its containers start: an image, a secret, a log group, a volume. Behind the error stands why: a time-out is the network, `AccessDenied` a permission of the execution role.",
        ],
    ),
    phrase(
        "your current user or role does not have access to kubernetes objects",
        "service",
        &["malformed-aws-auth"],
        &[
            "IAM let you in, Kubernetes does not. Whoever made the cluster gives your role an access entry (`aws eks create-access-entry`), or an entry in the ConfigMap aws-auth with a group that has rights; the ARN of the role is written there without its path.",
        ],
    ),
    phrase(
        "you must be logged in to the server",
        "service",
        &["malformed-aws-auth"],
        &[
            "The cluster does not know the user or role of these credentials. Look at `aws sts get-caller-identity`; the role needs an access entry, or an entry in the ConfigMap aws-auth (the role's ARN without path).",
        ],
    ),
    phrase(
        "webidentityerr: failed to retrieve credentials",
        "trust",
        &["service-account-not-trusted"],
        &[
            "The pod could not assume the role of its service account. The role's trust policy has to name the cluster's OIDC provider, the service account (`system:serviceaccount:NAMESPACE:NAME`) and the audience sts.amazonaws.com. Where the message ends in a time-out, the pod does not reach STS: AWS_STS_REGIONAL_ENDPOINTS=regional, or a VPC endpoint for sts.",
        ],
    ),
    phrase(
        "invalididentitytoken",
        "trust",
        &["missing-token-audience"],
        &[
            "IAM has no OIDC provider for the issuer of the token, or its audience is not the one that is registered.",
        ],
    ),
    phrase(
        "unknown parameter in input",
        "invalid-document",
        &["unknown-task-field"],
        &[
            "The document has a field that the operation does not take, or that this version of the SDK or CLI does not know. What describe-task-definition prints has fields that only AWS writes.",
        ],
    ),
    phrase(
        "unrecognized collection type",
        "invalid-document",
        &["wrong-task-field-type"],
        &["A list stands where one object belongs: the whole document is a list."],
    ),
    phrase(
        "max allowed length is",
        "invalid-document",
        &[],
        &["The document is longer than the service takes."],
    ),
    phrase(
        "could not find container definition with matching name",
        "invalid-document",
        &[],
        &["The action was given a `container-name` that the task definition does not have."],
    ),
    phrase(
        "syntax errors in policy",
        "invalid-document",
        &[],
        &["IAM could not read the policy at all: `passrole check` names the place."],
    ),
    phrase(
        "policy contains a syntax error",
        "invalid-document",
        &[],
        &["The service could not read the policy at all: `passrole check` names the place."],
    ),
    phrase(
        "the policy failed legacy parsing",
        "invalid-document",
        &[],
        &[
            "A value in the policy has the wrong form: an ARN, a principal, an action, or a value under an operator. `passrole check` names the place.",
        ],
    ),
    phrase(
        "has prohibited field",
        "invalid-document",
        &["trust-policy-resource"],
        &["A trust policy is about the role that it sits on: it has no `Resource`."],
    ),
    phrase(
        "invalid principal in policy",
        "invalid-document",
        &["invalid-principal"],
        &[
            "A principal does not exist, or is written wrong. IAM looks users and roles up when the policy is stored: the role may have been deleted or not be there yet.",
        ],
    ),
    phrase(
        "malformedpolicydocument",
        "invalid-document",
        &[],
        &["IAM refuses the policy. `passrole check` names the place."],
    ),
    phrase(
        "must not contain wildcards",
        "invalid-document",
        &["service-wildcard"],
        &["The service in front of an action's colon has no wildcards there: `*` alone, or `ecs:*`."],
    ),
    phrase(
        "no fargate configuration exists for given values",
        "invalid-document",
        &["fargate-size-mismatch"],
        &["Fargate does not offer that pair of `cpu` and `memory`."],
    ),
    phrase(
        "should not be null or empty",
        "invalid-document",
        &["missing-task-field"],
        &["A field that has to be there is absent or empty."],
    ),
    phrase(
        "at least one of 'memory' or 'memoryreservation' must be specified",
        "invalid-document",
        &["missing-container-memory"],
        &["On EC2 a container says how much memory it has, where the task does not."],
    ),
    phrase(
        "is greater than for the task",
        "invalid-document",
        &["container-over-task"],
        &["A container has more of it than the whole task."],
    ),
    phrase(
        "fargate requires that",
        "invalid-document",
        &["missing-task-field"],
        &["On Fargate, the task itself has to have that field."],
    ),
    phrase(
        "fargate requires task definition to have execution role arn",
        "invalid-document",
        &["fargate-without-execution-role"],
        &[
            "On Fargate, an image from Amazon ECR is pulled with the execution role, and the log driver awslogs writes with it: `executionRoleArn` has to be there.",
        ],
    ),
];

/// The ends of a refusal: `because no X allows`, `with an explicit deny in a X`.
const POLICIES: [(&str, &str); 9] = [
    ("identity-based polic", "identity"),
    ("resource-based polic", "resource"),
    ("permissions boundar", "boundary"),
    ("session polic", "session"),
    ("service control polic", "scp"),
    ("resource control polic", "rcp"),
    ("vpc endpoint polic", "endpoint"),
    ("role trust polic", "resource"),
    ("key polic", "resource"),
];

/// Reads a message, or a log with several.
pub fn explain(text: &str) -> Explanation {
    let mut messages = events::denied(text);
    let said = messages_of(&joined(text));
    let tells = |found: &[Message]| found.iter().any(|it| it.action.is_some() || !it.rules.is_empty());
    // What was cut at a width has words in two parts.
    let glued = glued(text).filter(|_| is_cut(text) || !tells(&said)).map(|text| messages_of(&text));
    let said = glued.filter(|found| tells(found)).unwrap_or(said);
    let new: Vec<Message> = said.into_iter().filter(|it| !is_told(&messages, it)).collect();
    messages.extend(new);
    if messages.is_empty() {
        messages.push(Message { cause: "unknown", ..Message::default() });
    }
    messages.truncate(TOLD);
    Explanation { messages }
}

/// Whether an event has told a message already.
fn is_told(told: &[Message], message: &Message) -> bool {
    told.iter()
        .any(|it| it.action == message.action && it.principal == message.principal && it.action.is_some())
}

/// The messages of a text of one line.
fn messages_of(text: &str) -> Vec<Message> {
    let lower = text.to_ascii_lowercase();
    let mut found: Vec<(usize, usize, Message)> = Vec::new();
    let starts: Vec<usize> = lower.match_indices(REFUSED).map(|(at, _)| at).collect();
    // "… this operation" names none: it is told by what else the message says.
    let says_what = |at: &usize| {
        let rest = text[at + REFUSED.len()..].trim_start_matches([':', ' ']);
        action_of(rest.split(' ').next().unwrap_or_default()).is_some()
    };
    let starts: Vec<usize> = starts.into_iter().filter(says_what).collect();
    for (number, at) in starts.iter().enumerate().take(TOLD) {
        let from = number.checked_sub(1).map_or(0, |before| starts[before] + REFUSED.len());
        let to = starts.get(number + 1).copied().unwrap_or(text.len());
        let (message, end) = refusal(text, &lower, *at, from, to);
        found.push((*at, end, message));
    }
    phrases(text, &lower, &mut found);
    found.sort_by_key(|(at, _, _)| *at);
    let mut messages: Vec<Message> = Vec::new();
    for (_, _, message) in found {
        if !messages.contains(&message) && messages.len() < TOLD {
            messages.push(message);
        }
    }
    messages
}

/// How far from its middle a message is read, in bytes.
const REACH: usize = 2_048;

fn floor(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Who, what, on what, and why: around the words that every refusal has.
fn refusal(text: &str, lower: &str, at: usize, from: usize, to: usize) -> (Message, usize) {
    let from = floor(text, from.max(at.saturating_sub(REACH)));
    let to = floor(text, to.min(at + REACH));
    let mut message = Message { understood: true, cause: "no-statement", ..Message::default() };
    message.principal = principal(&text[from..at]);
    message.operation = operation(&text[from..at]);
    let mut rest = text[at + REFUSED.len()..to].trim_start_matches([':', ' ']);
    let (word, behind) = rest.split_once(' ').unwrap_or((rest, ""));
    if let Some(action) = action_of(word) {
        message.action = Some(action);
        rest = behind;
    }
    let rest_lower = rest.to_ascii_lowercase();
    // What belongs to another message, further on.
    let end = ["because no ", "with an explicit deny"]
        .into_iter()
        .filter_map(|word| rest_lower.find(word))
        .min()
        .filter(|end| *end < 600);
    let head = rest_lower.trim_start();
    let lead = rest.len() - rest.trim_start().len();
    if head.starts_with("on resource") || head.starts_with("on the resource") {
        let skip = lead + head.find("resource").unwrap_or(0) + "resource".len();
        let skip = if rest_lower[skip..].starts_with('s') { skip + 1 } else { skip };
        message.resource = resource_of(&rest[skip..end.unwrap_or(rest.len()).max(skip)]);
    }
    let tail = end.map(|end| &rest_lower[end..]);
    if let Some(tail) = tail {
        let policy = POLICIES
            .iter()
            .filter_map(|(words, policy)| Some((tail.find(words).filter(|at| *at < 60)?, *policy, *words)))
            .min_by_key(|(at, _, _)| *at);
        message.policy = policy.map(|(_, policy, _)| policy);
        if tail.starts_with("with") {
            message.cause = "explicit-deny";
            let original = &rest[rest.len() - tail.len()..];
            let named = original.find("arn:").filter(|at| *at < 100);
            message.policy_arn =
                named.and_then(|at| original[at..].split(' ').next()).map(trimmed).map(String::from);
        } else if policy.is_some_and(|(_, _, words)| words.starts_with("role trust")) {
            message.cause = "trust";
        }
    }
    let action = message.action.clone().unwrap_or_default().to_ascii_lowercase();
    if message.cause == "no-statement" {
        if action == "iam:passrole" {
            message.cause = "pass-role";
        } else if ["sts:assumerole", "sts:tagsession", "sts:setsourceidentity"]
            .iter()
            .any(|it| action.starts_with(it))
            && message.policy != Some("identity")
        {
            message.cause = "trust";
        }
    }
    advise(&mut message, lower[from..to].contains("encoded authorization failure message"));
    let end = at + REFUSED.len() + (to - at - REFUSED.len());
    (message, end)
}

fn trimmed(word: &str) -> &str {
    word.trim_matches(|char: char| matches!(char, '"' | '\'' | '`' | ',' | ';' | '(' | ')' | '*' | '.'))
}

/// `service:Name` without what stands around it.
fn action_of(word: &str) -> Option<String> {
    let word = word.trim_matches(|char: char| !char.is_ascii_alphanumeric());
    let (service, name) = word.split_once(':')?;
    let is_word = |text: &str, more: &str| {
        !text.is_empty() && text.chars().all(|it| it.is_ascii_alphanumeric() || more.contains(it))
    };
    // What follows without white space belongs to JSON around it.
    let name = name.split(|char: char| !char.is_ascii_alphanumeric()).next().unwrap_or_default();
    (is_word(service, "-") && is_word(name, "")).then(|| format!("{service}:{name}"))
}

/// Who stands in front of `is not authorized to perform`.
fn principal(before: &str) -> Option<String> {
    let before = before.trim_end();
    let before = before.strip_suffix("is").unwrap_or(before).trim_end();
    let lower = before.to_ascii_lowercase();
    let named = match lower.rfind("user:") {
        Some(at) if before.len() - at < 400 => {
            let name = before[at + "user:".len()..].trim();
            // An ARN may be broken over lines.
            if name.starts_with("arn:") {
                name.replace(' ', "")
            } else {
                name.split(' ').next_back()?.to_string()
            }
        }
        _ => before.rsplit(' ').next()?.to_string(),
    };
    let name = named
        .trim_matches(|char: char| matches!(char, '"' | '\'' | '`' | ',' | '(' | ')' | '{' | '['))
        .to_string();
    // One letter is what is left of `is` where the message starts late.
    let is_word = name.chars().filter(char::is_ascii_alphanumeric).count() > 1;
    let says_nothing =
        ["user", "you", "are", "error", "accessdenied", "accessdeniedexception", "denied", "not", "..."];
    let is_heading = name.ends_with(':') || name.contains("Exception:");
    (is_word && !is_heading && !says_nothing.contains(&&*name.to_ascii_lowercase())).then_some(name)
}

/// The operation in `when calling the X operation`, or in `operation error EC2: X`.
fn operation(text: &str) -> Option<String> {
    let word = |text: &str| -> Option<String> {
        let word: String = text.trim_start().chars().take_while(char::is_ascii_alphanumeric).collect();
        (!word.is_empty()).then_some(word)
    };
    if let Some(at) = text.rfind("when calling the ") {
        return word(&text[at + "when calling the ".len()..]);
    }
    let at = text.rfind("operation error ")?;
    text[at..].split_once(": ").and_then(|(_, rest)| word(rest))
}

/// The resource behind `on resource`.
fn resource_of(text: &str) -> Option<String> {
    let text = text.trim_start_matches([':', ' ']).trim();
    // In quotes it may hold spaces.
    if let Some(rest) = text.strip_prefix('"')
        && rest.starts_with("arn:")
        && let Some((inside, behind)) = rest.split_once('"')
        && (behind.is_empty()
            || behind.starts_with([' ', '.', ',', ';', ')', '\'', '\\', '}', '`', '<', '/']))
    {
        return Some(inside.trim().to_string());
    }
    // A tag of XML ends it.
    let text = text.split("</").next().unwrap_or(text);
    let mut words = text.split(' ').filter(|word| !word.is_empty());
    let first = words.next()?;
    let mut resource = match first.to_ascii_lowercase().as_str() {
        // Some services name the kind before the name.
        "role" | "policy" | "user" | "group" | "instance" => {
            format!("{first} {}", words.next().unwrap_or_default())
        }
        _ => first.to_string(),
    };
    if resource.starts_with("arn:") && resource.ends_with(':') && resource.matches(':').count() <= 5 {
        resource.push_str(words.next().unwrap_or_default());
    }
    let clean = resource
        .trim_matches(|char: char| matches!(char, '"' | '\'' | '`' | ',' | ';' | '(' | ')' | '}'))
        .trim_end_matches(['.', '"', '\\'])
        .trim();
    let says = clean == "*" || clean.chars().any(|it| it.is_ascii_alphanumeric());
    let is_of_message = ["because", "with", "status", "no"].contains(&clean.to_ascii_lowercase().as_str());
    (says && !is_of_message).then(|| clean.to_string())
}

/// The other words of AWS; one message for each place.
fn phrases(text: &str, lower: &str, found: &mut Vec<(usize, usize, Message)>) {
    let gists: Vec<(&'static str, &'static str)> = rules::all()
        .flat_map(|rule| rule.meta().service_messages.iter().map(|gist| (*gist, rule.meta().id)))
        .filter(|(gist, _)| gist.len() > 15 && !gist.contains("authorized"))
        .filter(|(gist, _)| !PHRASES.iter().any(|it| gist.to_ascii_lowercase().contains(it.says)))
        .collect();
    let words = PHRASES.iter().map(|it| it.says).chain(gists.iter().map(|(gist, _)| *gist));
    let Ok(search) = AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .ascii_case_insensitive(true)
        .build(words)
    else {
        return;
    };
    let refusals: Vec<(usize, usize)> = found.iter().map(|(at, end, _)| (*at, *end)).collect();
    let mut last: Option<(usize, usize)> = None;
    for hit in search.find_iter(text).take(TOLD * 8) {
        let at = hit.start();
        // A refusal has said it already.
        if refusals.iter().any(|(start, end)| start.saturating_sub(400) <= at && at < *end) {
            continue;
        }
        let index = hit.pattern().as_usize();
        let mut message = Message { understood: true, ..Message::default() };
        match PHRASES.get(index) {
            Some(phrase) => {
                message.cause = phrase.cause;
                message.rules =
                    phrase.rules.iter().copied().filter(|id| rules::by_id(id).is_some()).collect();
                message.advice = phrase.advice.iter().map(ToString::to_string).collect();
            }
            None => {
                let (_, id) = gists[index - PHRASES.len()];
                message.cause = "invalid-document";
                message.rules = vec![id];
                let summary = rules::by_id(id).map_or("", |rule| rule.meta().summary);
                message.advice = vec![format!(
                    "passrole finds this beforehand: {summary}. `passrole rule {id}` tells more."
                )];
            }
        }
        let from = floor(text, at.saturating_sub(300));
        let to = floor(text, hit.end() + 400);
        message.operation = operation(&text[from..at]);
        if lower[at..to].contains("with an explicit deny") {
            message.cause = "explicit-deny";
            message.policy =
                POLICIES.iter().find(|(words, _)| lower[at..to].contains(words)).map(|(_, policy)| *policy);
        }
        // What one line says in several words is one message; what names a cause counts more than a heading.
        match last {
            Some((start, slot)) if at - start < 400 => {
                let (_, _, before): &mut (usize, usize, Message) = &mut found[slot];
                if before.cause == "unknown" && message.cause != "unknown" {
                    message.operation = message.operation.take().or(before.operation.take());
                    *before = message;
                } else if message.cause == before.cause {
                    let more: Vec<String> =
                        message.advice.into_iter().filter(|it| !before.advice.contains(it)).collect();
                    let is_general = more.iter().all(|it| it.contains("passrole check"));
                    before.advice.extend(more.into_iter().filter(|_| !is_general));
                    before.rules.extend(
                        message
                            .rules
                            .iter()
                            .filter(|id| !before.rules.contains(id))
                            .copied()
                            .collect::<Vec<_>>(),
                    );
                } else if before.cause == "invalid-document"
                    && before.rules.is_empty()
                    && !message.rules.is_empty()
                {
                    *before = message;
                }
            }
            _ => {
                last = Some((at, found.len()));
                found.push((at, hit.end(), message));
            }
        }
    }
}

impl Explanation {
    /// Whether a message names somebody whom the project may have.
    pub fn asks_for_the_project(&self) -> bool {
        self.messages.iter().any(|it| it.principal.is_some() && it.statement.is_some())
    }

    /// Adds what would have to change in the project, where it has the role or user that was refused something.
    pub fn look_around(&mut self, view: &ProjectView<'_>) {
        for message in &mut self.messages {
            message.look_around(view);
        }
    }

    pub fn json(&self) -> Value {
        json!({ "schema": 1, "messages": self.messages.iter().map(Message::json).collect::<Vec<_>>() })
    }

    pub fn text(&self) -> String {
        let mut out = String::new();
        for (number, message) in self.messages.iter().enumerate() {
            if number > 0 {
                out.push('\n');
            }
            if self.messages.len() > 1 {
                let _ = writeln!(out, "Message {} of {}", number + 1, self.messages.len());
            }
            message.text(&mut out);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(text: &str) -> Message {
        let mut found = explain(text).messages;
        assert_eq!(found.len(), 1, "{text}: {found:#?}");
        found.remove(0)
    }

    #[test]
    fn a_refusal_says_who_what_on_what_and_by_which_policy() {
        let user = "arn:aws:iam::111122223333:user/ann";
        let bucket = "arn:aws:s3:::tide-logs/a";
        for (end, cause, policy) in [
            ("", "no-statement", None),
            (
                " because no identity-based policy allows the s3:GetObject action",
                "no-statement",
                Some("identity"),
            ),
            (
                " because no resource-based policy allows the s3:GetObject action",
                "no-statement",
                Some("resource"),
            ),
            (
                " because no permissions boundary allows the s3:GetObject action",
                "no-statement",
                Some("boundary"),
            ),
            (" because no session policy allows the s3:GetObject action", "no-statement", Some("session")),
            (
                " because no service control policy allows the s3:GetObject action",
                "no-statement",
                Some("scp"),
            ),
            (
                " because no resource control policy allows the s3:GetObject action",
                "no-statement",
                Some("rcp"),
            ),
            (
                " because no VPC endpoint policy allows the s3:GetObject action",
                "no-statement",
                Some("endpoint"),
            ),
            (" with an explicit deny", "explicit-deny", None),
            (" with an explicit deny in an identity-based policy", "explicit-deny", Some("identity")),
            (" with an explicit deny in a resource-based policy", "explicit-deny", Some("resource")),
            (" with an explicit deny in a service control policy", "explicit-deny", Some("scp")),
        ] {
            for quote in ["", "\""] {
                let text = format!(
                    "An error occurred (AccessDenied) when calling the GetObject operation: User: {user} is not authorized to perform: s3:GetObject on resource: {quote}{bucket}{quote}{end}"
                );
                let message = only(&text);
                assert_eq!(message.principal.as_deref(), Some(user), "{text}");
                assert_eq!(message.action.as_deref(), Some("s3:GetObject"), "{text}");
                assert_eq!(message.resource.as_deref(), Some(bucket), "{text}");
                assert_eq!(message.operation.as_deref(), Some("GetObject"), "{text}");
                assert_eq!((message.cause, message.policy), (cause, policy), "{text}");
                assert_eq!(
                    message.statement.is_some(),
                    cause == "no-statement" && !matches!(policy, Some("resource" | "rcp" | "endpoint"))
                );
            }
        }
    }

    #[test]
    fn causes_are_told_apart_and_nothing_is_made_up() {
        for (text, cause) in [
            (
                "User: arn:aws:iam::111122223333:user/ann is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/web because no identity-based policy allows the iam:PassRole action",
                "pass-role",
            ),
            ("Not authorized to perform sts:AssumeRoleWithWebIdentity", "trust"),
            (
                "ECS was unable to assume the role 'arn:aws:iam::111122223333:role/web' that was provided for this task.",
                "trust",
            ),
            (
                "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ecr registry auth: RequestError: send request failed caused by: Post \"https://api.ecr.eu-west-1.amazonaws.com/\": dial tcp 10.0.0.1:443: i/o timeout",
                "network",
            ),
            (
                "ResourceInitializationError: unable to pull secrets or registry auth: AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/web/a is not authorized to perform: secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:eu-west-1:111122223333:secret:db because no identity-based policy allows the secretsmanager:GetSecretValue action",
                "no-statement",
            ),
            (
                "CannotPullContainerError: Error response from daemon: pull access denied for web, repository does not exist",
                "no-statement",
            ),
            ("ClientException: No Fargate configuration exists for given values.", "invalid-document"),
            (
                "You are not authorized to perform this operation. Encoded authorization failure message: 223e8OLcgbf297A",
                "unknown",
            ),
            (
                "Your current user or role does not have access to Kubernetes objects on this EKS cluster",
                "service",
            ),
        ] {
            let message = only(text);
            assert!(message.understood && message.cause == cause, "{text}: {message:#?}");
            assert!(!message.advice.is_empty(), "{text}");
        }
        for text in
            ["", "it does not work", "AccessDenied", "is not authorized to perform:", "\u{0}\u{1f600}"]
        {
            let message = only(text);
            assert!(!message.understood && message.principal.is_none() && message.rules.is_empty(), "{text}");
        }
        let message = only("User is not authorized to perform: eks:DescribeCluster");
        assert_eq!((message.principal, message.resource), (None, None));
    }

    #[test]
    fn a_log_has_several_and_a_long_one_is_read() {
        let line = |name: &str| {
            format!(
                "12:00 ERROR User: arn:aws:iam::111122223333:user/{name} is not authorized to perform: sqs:SendMessage on resource: arn:aws:sqs:eu-west-1:111122223333:{name} because no identity-based policy allows the sqs:SendMessage action\n"
            )
        };
        let log = format!("starting\n{}{}{}done\n", line("a"), line("b"), line("a"));
        let found = explain(&log).messages;
        assert_eq!(
            found.iter().filter_map(|it| it.resource.as_deref()).collect::<Vec<_>>(),
            ["arn:aws:sqs:eu-west-1:111122223333:a", "arn:aws:sqs:eu-west-1:111122223333:b"]
        );
        let long = "x y: not authorized to perform: ".repeat(40_000);
        assert!(!explain(&long).messages.is_empty());
    }
}
