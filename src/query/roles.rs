//! Which roles a task definition needs, and what they have to allow: `passrole roles`.
//!
//! What each feature needs is the table `schemas/roles/needs.json`, which the rules across files read as well.

use super::NoAnswer;
use crate::access::is_star;
use crate::catalog::{self, Arn, is_account_id};
use crate::host::Document;
use crate::host::value::{Object, Value as Spanned};
use crate::model::{Container, ImageName, TaskDefinition};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// What to know beside the task definition.
#[derive(Debug, Clone, Default)]
pub struct Where {
    pub account: Option<String>,
    pub region: Option<String>,
    /// The OIDC issuer of an EKS cluster.
    pub issuer: Option<String>,
}

/// The roles of one task definition, or of one service account.
#[derive(Debug)]
pub struct Roles {
    pub family: String,
    /// By what they are for: `execution`, `task`, `deployer`; `instance` for machines of ECS Anywhere.
    pub roles: Vec<(&'static str, NeededRole)>,
    pub notes: Vec<String>,
}

/// One role: who may assume it, and what it has to allow.
#[derive(Debug, Default)]
pub struct NeededRole {
    /// The name that the task definition gives, or one that suits it.
    pub name: String,
    pub is_needed: bool,
    pub trust: Option<Value>,
    pub statements: Vec<Granted>,
    pub managed: Vec<String>,
}

/// One statement, with the reason for it.
#[derive(Debug)]
pub struct Granted {
    pub sid: String,
    pub actions: Vec<String>,
    pub resources: Vec<String>,
    pub condition: Option<Value>,
    /// What of the task definition needs it.
    pub reason: String,
}

/// Which of the roles are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    Execution,
    Task,
    Deployer,
    All,
}

/// The task definitions of a file that fit a fragment: a family, a logical id or an address.
pub fn select_task<'a>(
    name: &str,
    documents: &'a [Document],
    fragment: Option<&str>,
) -> Result<TaskDefinition<'a>, NoAnswer> {
    let all: Vec<TaskDefinition<'a>> =
        documents.iter().filter(|it| !it.is_variant).filter_map(TaskDefinition::of).collect();
    let names = |task: &TaskDefinition<'_>| -> Vec<String> {
        let owner = task.document.owner.as_ref().map(|owner| owner.name.to_string());
        let family = task.get("family").and_then(Spanned::as_string).map(|it| it.text.to_string());
        owner.into_iter().chain(family).collect()
    };
    let found: Vec<&TaskDefinition<'a>> = all
        .iter()
        .filter(|task| fragment.is_none_or(|wanted| names(task).iter().any(|name| name == wanted)))
        .collect();
    match found[..] {
        [only] => Ok(*only),
        [] if all.is_empty() => Err(NoAnswer(format!("{name} holds no task definition"))),
        _ => {
            let list: Vec<String> = all
                .iter()
                .map(|task| names(task).first().cloned().unwrap_or_default())
                .map(|it| format!("{name}#{it}"))
                .collect();
            let what = match fragment {
                Some(fragment) => format!("no single task definition of {name} is called `{fragment}`"),
                None => format!("{name} holds several task definitions: name one"),
            };
            Err(NoAnswer(format!("{what} ({})", list.join(", "))))
        }
    }
}

impl Roles {
    /// Reads what a task definition shows.
    pub fn of(task: TaskDefinition<'_>, place: &Where) -> Roles {
        let text = |field: &str| task.get(field).and_then(known);
        let of_role = |field: &str| text(field).map(str::to_string);
        let (execution_arn, task_arn) = (of_role("executionRoleArn"), of_role("taskRoleArn"));
        let roles = [&execution_arn, &task_arn];
        let told = roles.into_iter().flatten().filter_map(|arn| Arn::parse(arn).ok()).map(|arn| arn.account);
        let mut notes = Vec::new();
        let account = place
            .account
            .clone()
            .or_else(|| told.clone().find(|account| is_account_id(account)).map(str::to_string));
        if account.is_none() {
            notes.push("the account is not known: `<ACCOUNT>` stands for it (--account)".to_string());
        }
        if place.region.is_none() {
            notes.push("the Region is not known: `<REGION>` stands for it (--region)".to_string());
        }
        let region = place.region.clone().unwrap_or_else(|| "<REGION>".to_string());
        let account = account.unwrap_or_else(|| "<ACCOUNT>".to_string());
        let partition = catalog::partition_of_region(&region).unwrap_or("aws").to_string();
        let family = text("family").unwrap_or("task").to_string();
        let mut reader = Reader {
            task,
            account,
            region,
            partition,
            has_execution_role: execution_arn.is_some() || task.get("executionRoleArn").is_some(),
            execution: Vec::new(),
            own: Vec::new(),
            deployer: Vec::new(),
            notes,
        };
        reader.read();
        let named = |arn: &Option<String>, suffix: &str| {
            let name = arn.as_deref().map(|arn| Arn::parse(arn).map_or(arn, |arn| arn.resource));
            name.map(|name| name.strip_prefix("role/").unwrap_or(name).to_string())
                .unwrap_or_else(|| format!("{family}-{suffix}"))
        };
        let trust = reader.trust();
        let make = |name, statements: Vec<Granted>, is_given: bool| {
            let is_needed = is_given || !statements.is_empty();
            NeededRole {
                name,
                is_needed,
                trust: is_needed.then(|| trust.clone()),
                statements,
                managed: Vec::new(),
            }
        };
        let has_task_role = task.get("taskRoleArn").is_some();
        let mut execution = make(
            named(&execution_arn, "execution"),
            std::mem::take(&mut reader.execution),
            reader.has_execution_role,
        );
        let own = make(named(&task_arn, "task"), std::mem::take(&mut reader.own), has_task_role);
        // On EC2 without an execution role the instance does what can be done without one.
        execution.is_needed |= !execution.statements.is_empty();
        reader.pass(&[(&execution, &execution_arn), (&own, &task_arn)], &family);
        let deployer = NeededRole {
            name: format!("{family}-deployer"),
            is_needed: true,
            trust: None,
            statements: std::mem::take(&mut reader.deployer),
            managed: Vec::new(),
        };
        let instance = task.launch_types().external.then(|| ("instance", reader.instance(&family)));
        reader.notes.push(
            "only what the task definition shows is covered, not what the application calls with its own code"
                .to_string(),
        );
        let mut roles = vec![("execution", execution), ("task", own), ("deployer", deployer)];
        roles.extend(instance);
        Roles { family, roles, notes: reader.notes }
    }

    fn asked(&self, which: Which) -> Vec<(&'static str, &NeededRole)> {
        let wanted = match which {
            Which::Execution => "execution",
            Which::Task => "task",
            Which::Deployer => "deployer",
            Which::All => "",
        };
        let is_wanted = |name: &str| wanted.is_empty() || name == wanted;
        self.roles.iter().filter(|(name, _)| is_wanted(name)).map(|(name, role)| (*name, role)).collect()
    }

    /// Whether it has one of those that are asked for.
    pub fn has(&self, which: Which) -> bool {
        !self.asked(which).is_empty()
    }

    pub fn json(&self, which: Which) -> Value {
        let mut members = Map::from_iter([("schema".to_string(), json!(1))]);
        for (name, role) in self.asked(which) {
            let policies: Vec<Value> = role.policy().into_iter().collect();
            members.insert(
                name.to_string(),
                json!({ "trust": role.trust, "policies": policies, "managed": role.managed }),
            );
        }
        members.insert("notes".to_string(), json!(self.notes));
        Value::Object(members)
    }

    pub fn text(&self, which: Which) -> String {
        let mut out = String::new();
        for (name, role) in self.asked(which) {
            let _ = match role.is_needed {
                true => writeln!(out, "{name}: {}", role.name),
                false => writeln!(out, "{name}: not needed"),
            };
            for statement in &role.statements {
                let _ =
                    writeln!(out, "  {} on {}", statement.actions.join(", "), statement.resources.join(", "));
                let _ = writeln!(out, "    for {}", statement.reason);
            }
            if role.is_needed && role.statements.is_empty() && role.managed.is_empty() {
                let _ = writeln!(out, "  nothing that the task definition shows needs a permission");
            }
            for arn in &role.managed {
                let _ = writeln!(out, "  {arn}");
            }
            for (title, document) in [("trust", role.trust.clone()), ("policy", role.policy())] {
                if let Some(document) = document {
                    let _ = writeln!(out, "  {title}:");
                    for line in format!("{document:#}").lines() {
                        let _ = writeln!(out, "    {line}");
                    }
                }
            }
            out.push('\n');
        }
        for note in &self.notes {
            let _ = writeln!(out, "Note: {note}");
        }
        out
    }

    /// A template in JSON.
    pub fn cloudformation(&self, which: Which) -> String {
        let mut resources = Map::new();
        for (name, role) in self.asked(which).into_iter().filter(|(_, role)| role.is_needed) {
            let (id, policy) = (logical(name), role.policy());
            let resource = match &role.trust {
                Some(trust) => {
                    let mut properties =
                        json!({ "RoleName": role.base_name(), "AssumeRolePolicyDocument": trust });
                    if let Some(path) = role.path() {
                        properties["Path"] = json!(path);
                    }
                    if !role.managed.is_empty() {
                        properties["ManagedPolicyArns"] = json!(role.managed);
                    }
                    if let Some(policy) = policy {
                        properties["Policies"] = json!([{ "PolicyName": name, "PolicyDocument": policy }]);
                    }
                    json!({ "Type": "AWS::IAM::Role", "Properties": properties })
                }
                None => match policy {
                    Some(policy) => json!({
                        "Type": "AWS::IAM::ManagedPolicy",
                        "Properties": { "ManagedPolicyName": role.name, "PolicyDocument": policy },
                    }),
                    None => continue,
                },
            };
            resources.insert(id, resource);
        }
        let template = json!({
            "AWSTemplateFormatVersion": "2010-09-09",
            "Description": self.notes.join("; "),
            "Resources": resources,
        });
        format!("{template:#}\n")
    }

    pub fn terraform(&self, which: Which) -> String {
        let mut out = String::new();
        for note in &self.notes {
            let _ = writeln!(out, "# {note}");
        }
        // In a string of HCL, `${` starts a template.
        let document =
            |value: &Value| indented(&format!("{value:#}").replace("${", "$${").replace("%{", "%%{"));
        for (name, role) in self.asked(which).into_iter().filter(|(_, role)| role.is_needed) {
            if let Some(trust) = &role.trust {
                let _ = writeln!(out, "\nresource \"aws_iam_role\" \"{name}\" {{");
                let _ = writeln!(out, "  name = {:?}", role.base_name());
                if let Some(path) = role.path() {
                    let _ = writeln!(out, "  path = {path:?}");
                }
                let _ = writeln!(out, "  assume_role_policy = jsonencode({})\n}}", document(trust));
            }
            for (number, arn) in role.managed.iter().enumerate() {
                let _ = writeln!(out, "\nresource \"aws_iam_role_policy_attachment\" \"{name}_{number}\" {{");
                let _ = writeln!(out, "  role       = aws_iam_role.{name}.name\n  policy_arn = {arn:?}\n}}");
            }
            let Some(policy) = role.policy() else { continue };
            let _ = match role.trust {
                Some(_) => writeln!(
                    out,
                    "\nresource \"aws_iam_role_policy\" \"{name}\" {{\n  name   = {name:?}\n  role   = aws_iam_role.{name}.id\n  policy = jsonencode({})\n}}",
                    document(&policy)
                ),
                None => writeln!(
                    out,
                    "\nresource \"aws_iam_policy\" \"{name}\" {{\n  name   = {:?}\n  policy = jsonencode({})\n}}",
                    role.name,
                    document(&policy)
                ),
            };
        }
        out
    }
}

fn logical(name: &str) -> String {
    let mut letters = name.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}Role", letters.as_str())
}

fn indented(text: &str) -> String {
    text.replace('\n', "\n  ")
}

impl NeededRole {
    /// What it has to allow; `None` where that is nothing.
    pub fn policy(&self) -> Option<Value> {
        let statements: Vec<Value> = self
            .statements
            .iter()
            .map(|it| {
                let mut statement = json!({
                    "Sid": it.sid,
                    "Effect": "Allow",
                    "Action": one_or_many(&it.actions),
                    "Resource": one_or_many(&it.resources),
                });
                if let Some(condition) = &it.condition {
                    statement["Condition"] = condition.clone();
                }
                statement
            })
            .collect();
        (!statements.is_empty()).then(|| json!({ "Version": "2012-10-17", "Statement": statements }))
    }

    fn base_name(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or_default()
    }

    fn path(&self) -> Option<String> {
        self.name.rsplit_once('/').map(|(path, _)| format!("/{path}/"))
    }
}

fn one_or_many(texts: &[String]) -> Value {
    match texts {
        [only] => json!(only),
        many => json!(many),
    }
}

/// A text that nothing fills in later.
fn known(value: &Spanned) -> Option<&str> {
    value.as_string().filter(|text| !text.has_unknown()).map(|text| &*text.text)
}

fn field<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    object.get(name).and_then(known)
}

fn is_true(value: Option<&Spanned>) -> bool {
    match value {
        Some(Spanned::Bool(value, _)) => *value,
        Some(Spanned::String(text)) => matches!(&*text.text, "true" | "On" | "on" | "True"),
        _ => false,
    }
}

/// A Sid from the name of a feature.
fn sid_of(feature: &str) -> String {
    let words = feature.split('-').map(|word| {
        let mut letters = word.chars();
        let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
        first + letters.as_str()
    });
    words.collect()
}

impl Granted {
    /// What a feature needs on these resources.
    pub fn of(feature: &str, resources: Vec<String>, condition: Option<Value>) -> Option<Granted> {
        let need = catalog::need_of(feature)?;
        let actions = need.actions.iter().map(ToString::to_string).collect();
        Some(Granted { sid: sid_of(feature), actions, resources, condition, reason: need.words.to_string() })
    }
}

struct Reader<'a> {
    task: TaskDefinition<'a>,
    account: String,
    region: String,
    partition: String,
    has_execution_role: bool,
    execution: Vec<Granted>,
    own: Vec<Granted>,
    deployer: Vec<Granted>,
    notes: Vec<String>,
}

impl Reader<'_> {
    fn arn(&self, service: &str, region: &str, resource: &str) -> String {
        format!("arn:{}:{service}:{region}:{}:{resource}", self.partition, self.account)
    }

    /// Adds what a feature needs on these resources.
    fn add(&mut self, feature: &str, resources: Vec<String>, condition: Option<Value>, of: &str) {
        let Some(need) = catalog::need_of(feature) else { return };
        let list = match need.role {
            "execution" => &mut self.execution,
            "task" => &mut self.own,
            _ => &mut self.deployer,
        };
        let actions: Vec<String> = need.actions.iter().map(ToString::to_string).collect();
        let missing: Vec<String> = resources
            .into_iter()
            .filter(|resource| {
                !list.iter().any(|it| {
                    it.actions == actions && it.condition == condition && it.resources.contains(resource)
                })
            })
            .collect();
        if missing.is_empty() {
            return;
        }
        let reason = if of.is_empty() { need.words.to_string() } else { format!("{} {of}", need.words) };
        match list.iter_mut().find(|it| it.actions == actions && it.condition == condition) {
            Some(same) => {
                same.resources.extend(missing);
                if !same.reason.contains(&reason) {
                    let _ = write!(same.reason, "; {reason}");
                }
            }
            None => {
                let mut sid = sid_of(feature);
                if list.iter().any(|it| it.sid == sid) {
                    let _ = write!(sid, "{}", list.len());
                }
                list.push(Granted { sid, actions, resources: missing, condition, reason });
            }
        }
    }

    fn note(&mut self, what: String) {
        if !self.notes.contains(&what) {
            self.notes.push(what);
        }
    }

    fn read(&mut self) {
        let containers: Vec<Container<'_>> = self.task.containers().map(|(_, container)| container).collect();
        for container in &containers {
            self.container(*container);
        }
        let volumes = self.task.get("volumes").map_or(&[][..], Spanned::one_or_many);
        for volume in volumes.iter().filter_map(Spanned::as_object) {
            self.volume(volume, &containers);
        }
    }

    /// Whether the agent has its rights from the task: on EC2 the instance may do what the task gives no role for.
    fn by_execution_role(&self) -> bool {
        self.has_execution_role || self.takes_execution_role()
    }

    /// Whether it runs on Fargate, on managed or on external instances: there the agent takes the execution role for images
    /// and logs.
    fn takes_execution_role(&self) -> bool {
        let types = self.task.launch_types();
        types.includes_fargate() || types.external || types.managed_instances
    }

    fn container(&mut self, container: Container<'_>) {
        let name = container.name().map_or(String::new(), |name| format!("of `{}`", name.text));
        if let Some(image) = container.image() {
            self.image(&image.text, image.has_unknown(), &name);
        }
        for secret in container.objects("secrets") {
            self.secret(secret, &name);
        }
        for file in container.objects("environmentFiles") {
            if let Some(value) = field(file, "value") {
                self.object(value, "environment-file", Some("environment-file-bucket"));
            }
        }
        let object = container.object;
        if let Some(value) =
            object.object("repositoryCredentials").and_then(|it| field(it, "credentialsParameter"))
        {
            self.credentials(value, "repository-credentials", "");
        }
        let specs = object.items("credentialSpecs").iter().chain(object.items("dockerSecurityOptions"));
        for spec in specs.filter_map(known) {
            self.credential_spec(spec);
        }
        if is_true(object.object("linuxParameters").and_then(|it| it.get("initProcessEnabled"))) {
            self.add("exec", vec!["*".to_string()], None, "");
        }
        if let Some(log) = object.object("logConfiguration") {
            self.log(log, &name);
        }
        let firelens = object.object("firelensConfiguration").and_then(|it| it.object("options"));
        if let Some(options) = firelens
            && field(options, "config-file-type") == Some("s3")
            && let Some(value) = field(options, "config-file-value")
        {
            self.object(value, "firelens-file", Some("firelens-bucket"));
        }
    }

    fn image(&mut self, text: &str, is_open: bool, name: &str) {
        let image = ImageName::parse(text);
        if image.repository.contains("xray-daemon") || image.repository.contains("aws-otel-collector") {
            self.add("xray", vec!["*".to_string()], None, "");
        }
        let Some(ecr) = image.ecr() else {
            if is_open {
                self.note(format!("the image {name} is filled in later: if it is one of Amazon ECR, the execution role has to pull it"));
            }
            return;
        };
        if !self.by_execution_role() {
            self.note(format!(
                "the image {name} is pulled with the instance's role: the task has no execution role"
            ));
            return;
        }
        self.add("ecr-login", vec!["*".to_string()], None, "");
        let repository = format!(
            "arn:{}:ecr:{}:{}:repository/{}",
            self.partition, ecr.region, ecr.account, image.repository
        );
        self.add("ecr-pull", vec![repository], None, name);
        if ecr.account != self.account && is_account_id(&self.account) {
            self.note(format!(
                "the repository {} of account {} has to allow account {} in its own policy, too",
                image.repository, ecr.account, self.account
            ));
        }
    }

    fn secret(&mut self, secret: &Object, name: &str) {
        let Some(value) = secret.get("valueFrom") else { return };
        match known(value) {
            Some(value) => self.credentials(value, "secret", name),
            None => self.note(format!("a secret {name} is filled in later")),
        }
    }

    /// A secret or a parameter by its ARN, or a parameter (of a registry: a secret) by its name.
    fn credentials(&mut self, value: &str, feature: &str, name: &str) {
        let parameter = if feature == "fsx-credentials" { "fsx-parameter" } else { "parameter" };
        let parts: Vec<&str> = value.split(':').collect();
        match (parts[0], parts.get(2).copied()) {
            ("arn", Some("secretsmanager")) if parts.len() > 6 => {
                let arn = parts[..7].join(":");
                self.add(feature, secret_arns(&arn), None, name);
            }
            ("arn", Some("ssm")) => {
                self.add(parameter, vec![value.to_string()], None, name);
                self.referenced(value.split(":parameter").nth(1).unwrap_or_default());
            }
            ("arn", _) => self.note(format!("`{value}` is neither a secret nor a parameter")),
            _ if feature == "repository-credentials" || feature == "fsx-credentials" => {
                let arn = self.arn("secretsmanager", &self.region, &format!("secret:{value}"));
                self.add(feature, vec![format!("{arn}-??????")], None, name);
            }
            _ => {
                let arn =
                    self.arn("ssm", &self.region, &format!("parameter/{}", value.trim_start_matches('/')));
                self.add(parameter, vec![arn], None, name);
                self.referenced(value);
            }
        }
        self.note("a secret, a parameter or an environment file under a key of yours also needs kms:Decrypt on that key: the task definition does not name it".to_string());
    }

    /// A parameter that stands for a secret needs both.
    fn referenced(&mut self, name: &str) {
        if let Some(secret) = name.trim_start_matches('/').strip_prefix("aws/reference/secretsmanager/") {
            let arn = self.arn("secretsmanager", &self.region, &format!("secret:{secret}"));
            self.add("secret", vec![format!("{arn}-??????")], None, "");
        }
    }

    /// An object of S3 by its ARN, and its bucket.
    fn object(&mut self, arn: &str, feature: &str, of_bucket: Option<&str>) {
        let Some((_, path)) = arn.split_once(":s3:::") else { return };
        let Some((bucket, _)) = path.split_once('/') else { return };
        self.add(feature, vec![format!("arn:{}:s3:::{path}", self.partition)], None, "");
        if let Some(feature) = of_bucket {
            self.add(feature, vec![format!("arn:{}:s3:::{bucket}", self.partition)], None, "");
        }
    }

    fn credential_spec(&mut self, spec: &str) {
        let Some((kind, location)) =
            spec.split_once(':').filter(|(kind, _)| kind.starts_with("credentialspec"))
        else {
            return;
        };
        if location.contains(":s3:::") {
            self.object(location, "credential-spec-file", Some("credential-spec-bucket"));
        } else if location.contains(":ssm:") {
            self.add("credential-spec-parameter", vec![location.to_string()], None, "");
        }
        if kind.ends_with("domainless") {
            self.note("the credential specification names a secret of its own: the execution role needs secretsmanager:GetSecretValue on it".to_string());
        }
    }

    fn log(&mut self, log: &Object, name: &str) {
        for secret in log.items("secretOptions").iter().filter_map(Spanned::as_object) {
            self.secret(secret, name);
        }
        let options = log.object("options");
        match field(log, "logDriver") {
            Some("awslogs") => {
                let Some(options) = options else { return };
                if !self.takes_execution_role() {
                    self.note("on EC2 the instance's role writes the logs of awslogs, unless the agent is told to take the execution role (ECS_ENABLE_AWSLOGS_EXECUTIONROLE_OVERRIDE)".to_string());
                    return;
                }
                let Some(group) = field(options, "awslogs-group") else {
                    self.note(format!("the log group {name} is filled in later"));
                    return;
                };
                let region = field(options, "awslogs-region").unwrap_or(&self.region).to_string();
                let stream = field(options, "awslogs-stream-prefix")
                    .map_or("*".to_string(), |prefix| format!("{prefix}/*"));
                let creates = is_true(options.get("awslogs-create-group"));
                self.group(
                    "awslogs",
                    creates.then_some("awslogs-create-group"),
                    group,
                    &stream,
                    &region,
                    name,
                );
            }
            Some("awsfirelens") => self.firelens(options, name),
            _ => {}
        }
    }

    fn group(
        &mut self,
        feature: &str,
        create: Option<&str>,
        group: &str,
        stream: &str,
        region: &str,
        name: &str,
    ) {
        let arn = self.arn("logs", region, &format!("log-group:{group}"));
        self.add(feature, vec![format!("{arn}:log-stream:{stream}")], None, name);
        if let Some(create) = create {
            self.add(create, vec![arn], None, name);
        }
    }

    /// What the output of FireLens calls, as the task.
    fn firelens(&mut self, options: Option<&Object>, name: &str) {
        let Some(options) = options else { return };
        let find = |wanted: &str| {
            let member = options.members.iter().find(|it| it.name.text.eq_ignore_ascii_case(wanted));
            member.and_then(|member| known(&member.value))
        };
        let region = find("region").unwrap_or(&self.region).to_string();
        match find("Name").map(str::to_ascii_lowercase).as_deref() {
            Some("cloudwatch" | "cloudwatch_logs") => {
                let Some(group) = find("log_group_name").filter(|it| !it.contains("$(")) else {
                    self.note(format!("the log group that FireLens writes to {name} is made up at run time"));
                    return;
                };
                let creates = options
                    .members
                    .iter()
                    .any(|it| it.name.text.eq_ignore_ascii_case("auto_create_group") && is_true(Some(&it.value)));
                let stream = match (find("log_stream_name"), find("log_stream_prefix")) {
                    (Some(stream), _) if !stream.contains("$(") => stream.to_string(),
                    (_, Some(prefix)) => format!("{prefix}*"),
                    _ => "*".to_string(),
                };
                let create = creates.then_some("firelens-cloudwatch-group");
                self.group("firelens-cloudwatch", create, group, &stream, &region, name);
            }
            Some("firehose" | "kinesis_firehose") => {
                if let Some(stream) = find("delivery_stream") {
                    let arn = self.arn("firehose", &region, &format!("deliverystream/{stream}"));
                    self.add("firelens-firehose", vec![arn], None, name);
                }
            }
            Some("kinesis" | "kinesis_streams") => {
                if let Some(stream) = find("stream") {
                    let arn = self.arn("kinesis", &region, &format!("stream/{stream}"));
                    self.add("firelens-kinesis", vec![arn], None, name);
                }
            }
            Some("s3") => {
                if let Some(bucket) = find("bucket") {
                    self.add("firelens-s3", vec![format!("arn:{}:s3:::{bucket}/*", self.partition)], None, name);
                }
            }
            Some("es" | "opensearch") => self.note(format!("the output of FireLens {name} needs rights on a domain of OpenSearch, whose ARN the task definition does not tell")),
            _ => {}
        }
    }

    fn volume(&mut self, volume: &Object, containers: &[Container<'_>]) {
        let name = field(volume, "name").unwrap_or_default();
        let mounts = containers
            .iter()
            .flat_map(|it| it.objects("mountPoints"))
            .filter(|it| field(it, "sourceVolume") == Some(name));
        let mounts: Vec<&Object> = mounts.collect();
        let is_read_only = !mounts.is_empty() && mounts.iter().all(|it| is_true(it.get("readOnly")));
        let of = format!("`{name}`");
        if let Some(efs) = volume.object("efsVolumeConfiguration")
            && let Some(id) = field(efs, "fileSystemId")
            && let Some(authorization) = efs.object("authorizationConfig")
            && field(authorization, "iam") == Some("ENABLED")
        {
            let arn = match id.starts_with("arn:") {
                true => id.to_string(),
                false => self.arn("elasticfilesystem", &self.region, &format!("file-system/{id}")),
            };
            let condition = field(authorization, "accessPointId").map(|point| {
                let point = match point.starts_with("arn:") {
                    true => point.to_string(),
                    false => self.arn("elasticfilesystem", &self.region, &format!("access-point/{point}")),
                };
                json!({ "ArnEquals": { "elasticfilesystem:AccessPointArn": point } })
            });
            self.add("efs-mount", vec![arn.clone()], condition.clone(), &of);
            if !is_read_only {
                self.add("efs-write", vec![arn], condition, &of);
            }
        }
        if let Some(files) = volume.object("s3filesVolumeConfiguration")
            && let Some(arn) = field(files, "fileSystemArn")
        {
            self.add("s3files-mount", vec![arn.to_string()], None, &of);
            if !is_read_only {
                self.add("s3files-write", vec![arn.to_string()], None, &of);
            }
        }
        let fsx = volume
            .object("fsxWindowsFileServerVolumeConfiguration")
            .and_then(|it| it.object("authorizationConfig"));
        if let Some(value) = fsx.and_then(|it| field(it, "credentialsParameter")) {
            self.credentials(value, "fsx-credentials", &of);
        }
        if is_true(volume.get("configuredAtLaunch")) {
            self.note(format!("the volume {of} is made when the service starts, with the infrastructure role that the service names"));
        }
    }

    fn trust(&self) -> Value {
        let principal = catalog::role_kinds()
            .iter()
            .find(|kind| kind.name == "task role")
            .map_or("", |kind| kind.principal);
        json!({
            "Version": "2012-10-17",
            "Statement": [{
                "Effect": "Allow",
                "Principal": { "Service": principal },
                "Action": "sts:AssumeRole",
                "Condition": {
                    "ArnLike": { "aws:SourceArn": format!("arn:{}:ecs:{}:{}:*", self.partition, self.region, self.account) },
                    "StringEquals": { "aws:SourceAccount": self.account },
                },
            }],
        })
    }

    /// What whoever registers the task definition needs.
    fn pass(&mut self, roles: &[(&NeededRole, &Option<String>)], family: &str) {
        let definition = self.arn("ecs", &self.region, &format!("task-definition/{family}:*"));
        self.add("register-task", vec![definition.clone()], None, "");
        let tags = self.task.get("tags").map_or(&[][..], Spanned::one_or_many);
        if !tags.is_empty() {
            let condition = json!({ "StringEquals": { "ecs:CreateAction": "RegisterTaskDefinition" } });
            self.add("tag-task-definition", vec![definition], Some(condition), "");
        }
        let passed: Vec<String> = roles
            .iter()
            .filter(|(role, _)| role.is_needed)
            .map(|(role, arn)| match arn.as_deref() {
                Some(arn) if arn.starts_with("arn:") => arn.to_string(),
                _ => format!("arn:{}:iam::{}:role/{}", self.partition, self.account, role.name),
            })
            .collect();
        if !passed.is_empty() {
            let principal = catalog::role_kinds()
                .iter()
                .find(|kind| kind.name == "task role")
                .map_or("", |kind| kind.principal);
            let condition = json!({ "StringEquals": { "iam:PassedToService": principal } });
            self.add("pass-task-role", passed, Some(condition), "");
        }
    }

    /// The role of machines of one's own.
    fn instance(&self, family: &str) -> NeededRole {
        let managed = |name: &str| format!("arn:{}:iam::aws:policy/{name}", self.partition);
        NeededRole {
            name: format!("{family}-instance"),
            is_needed: true,
            trust: Some(json!({
                "Version": "2012-10-17",
                "Statement": [{
                    "Effect": "Allow",
                    "Principal": { "Service": "ssm.amazonaws.com" },
                    "Action": "sts:AssumeRole",
                    "Condition": {
                        "ArnLike": { "aws:SourceArn": format!("arn:{}:ssm:{}:{}:*", self.partition, self.region, self.account) },
                        "StringEquals": { "aws:SourceAccount": self.account },
                    },
                }],
            })),
            statements: Vec::new(),
            managed: vec![
                managed("AmazonSSMManagedInstanceCore"),
                managed("service-role/AmazonEC2ContainerServiceforEC2Role"),
            ],
        }
    }
}

/// The ARN of a secret in full; of a partial one the pattern of what AWS adds. Six small letters may be either.
fn secret_arns(arn: &str) -> Vec<String> {
    if is_star(arn) {
        return vec![arn.to_string()];
    }
    let suffix = arn.rsplit(':').next().unwrap_or_default().rsplit_once('-').map_or("", |(_, suffix)| suffix);
    let is_suffix = suffix.len() == 6 && suffix.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let extended = format!("{arn}-??????");
    match is_suffix {
        true if suffix.bytes().all(|byte| byte.is_ascii_lowercase()) => vec![arn.to_string(), extended],
        true => vec![arn.to_string()],
        false => vec![extended],
    }
}
