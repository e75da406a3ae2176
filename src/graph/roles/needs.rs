//! What a task definition needs of its roles, feature by feature, with the place that causes each need.

use super::instances::folder_of;
use super::lookup::{Located, Project};
use super::marks::{ANY, ONE, PART, STAR};
use super::words::Words;
use crate::catalog::{self, FeatureNeed};
use crate::graph::FileSummary;
use crate::graph::index::Key;
use crate::graph::paths;
use crate::host::resource::{Content, Node};
use crate::text::Span;
use std::sync::Arc;

/// One need of one task definition.
pub struct Need<'a> {
    pub need: &'static FeatureNeed,
    /// Any of them will do.
    pub resources: Vec<Words<'a>>,
    pub span: Span,
    pub subject: String,
}

/// Everything that the containers and volumes of a task definition ask for.
pub fn of_task<'a>(project: &Project<'a>, task: Located<'a>) -> Vec<Need<'a>> {
    let body = &task.resource.body;
    let account = account(project, task);
    let mut reader = Reader { project, file: task.file, account, mounts: Vec::new(), found: Vec::new() };
    let by_execution_role = logs_by_execution_role(body);
    let (file, containers) = containers(project, task);
    reader.file = file;
    for container in containers {
        reader.container(container, by_execution_role);
    }
    reader.file = task.file;
    // What stands in another file is told where the task definition takes it from there.
    if file.path != task.file.path {
        let here = task.get("containerDefinitions").map_or(body.span(), Content::span);
        reader.found.iter_mut().for_each(|need| need.span = here);
    }
    for volume in body.all("volumes").chain(body.all("volume")).flat_map(Content::items) {
        reader.volume(volume);
    }
    reader.found
}

/// What the containers of a job of AWS Batch ask for: they have the fields of container definitions.
pub fn of_job<'a>(project: &Project<'a>, job: Located<'a>) -> Vec<Need<'a>> {
    let account = account(project, job);
    let mut reader = Reader { project, file: job.file, account, mounts: Vec::new(), found: Vec::new() };
    let body = &job.resource.body;
    let is_fargate = body.get("platformCapabilities").is_some_and(|list| {
        let mut words = list.items().iter().map(Content::text).peekable();
        words.peek().is_some() && words.all(|word| word == Some("FARGATE"))
    });
    let containers = body.all("containerProperties");
    let tasks = body.all("ecsProperties").flat_map(|it| it.all("taskProperties")).flat_map(Content::items);
    for container in containers.chain(tasks.flat_map(|task| task.all("containers").flat_map(Content::items)))
    {
        reader.container(container, is_fargate);
    }
    reader.found
}

/// The container definitions, where they are known, and the file that they stand in.
pub fn containers<'a>(project: &Project<'a>, task: Located<'a>) -> (&'a Arc<FileSummary>, Vec<&'a Content>) {
    let Some(list) = task.get("containerDefinitions") else { return (task.file, Vec::new()) };
    let (file, list) = project.followed(task.file, list);
    let elsewhere = match &list.node {
        Node::List(_) => None,
        _ => containers_elsewhere(project, task),
    };
    let (file, list) = elsewhere.unwrap_or((file, list));
    let all = match &list.node {
        Node::List(items) => &items[..],
        _ => &[],
    };
    (file, all.iter().filter(|item| matches!(item.node, Node::Map(_))).collect())
}

/// The containers of a task definition that stand in a file of their own.
fn containers_elsewhere<'a>(
    project: &Project<'a>,
    task: Located<'a>,
) -> Option<(&'a Arc<FileSummary>, &'a Content)> {
    let mut entries = task.file.tasks.iter();
    let entry = entries.find(|entry| entry.task.owner.as_deref() == Some(&*task.resource.address))?;
    let (at, _) = entry.containers.as_ref()?;
    let path = paths::joined(folder_of(&task.file.scope), &at.0);
    let mut files = project.view.find(&Key::Scope(path.into()));
    let file = files.next()?;
    let resource = file.resources.iter().find(|it| &*it.resource_type == "container-definitions")?;
    Some((file, resource.body.get("containerDefinitions")?))
}

/// The account of a task definition: that of the roles that it names.
fn account<'a>(project: &Project<'a>, task: Located<'a>) -> String {
    let of = |field: &str| {
        let words = project.words(task.file, task.get(field)?, false)?;
        let account = words.text.strip_prefix("arn:")?.split(':').nth(3)?.to_string();
        (account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit())).then_some(account)
    };
    let stated = || project.view.stated().account().map(str::to_string);
    of("executionRoleArn").or_else(|| of("taskRoleArn")).or_else(stated).unwrap_or_else(|| PART.to_string())
}

/// Whether the log driver `awslogs` writes with the execution role: on Fargate, on managed and on external instances. On
/// one's own instances of Amazon EC2 it does so with the instance's role.
fn logs_by_execution_role(body: &Content) -> bool {
    let Some(list) = body.get("requiresCompatibilities") else { return false };
    let words: Vec<Option<&str>> = list.items().iter().map(Content::text).collect();
    !words.is_empty()
        && words.iter().all(|word| matches!(word, Some("FARGATE" | "EXTERNAL" | "MANAGED_INSTANCES")))
}

struct Reader<'p, 'a> {
    project: &'p Project<'a>,
    /// The file that is read from.
    file: &'a Arc<FileSummary>,
    /// Its account, where its roles tell it.
    account: String,
    /// The volumes that containers may write to.
    mounts: Vec<&'a str>,
    found: Vec<Need<'a>>,
}

impl<'a> Reader<'_, 'a> {
    fn words(&self, item: &'a Content) -> Option<Words<'a>> {
        self.project.words(self.file, item, false)
    }

    fn add(&mut self, feature: &str, resources: Vec<Words<'a>>, span: Span, subject: &str) {
        if let Some(need) = catalog::need_of(feature)
            && !resources.is_empty()
        {
            self.found.push(Need { need, resources, span, subject: subject.to_string() });
        }
    }

    fn container(&mut self, container: &'a Content, by_execution_role: bool) {
        if let Some(image) = container.get("image") {
            self.image(image, container);
        }
        for mount in container.all("mountPoints").flat_map(Content::items) {
            let is_read_only = mount.get("readOnly").is_some_and(|it| it.text() != Some("false"));
            self.mounts.extend(mount.get("sourceVolume").and_then(Content::text).filter(|_| !is_read_only));
        }
        for list in ["secrets", "secretOptions"] {
            self.each_of(container, list, &mut |reader, secret| reader.secret(secret));
        }
        self.each_of(container, "environmentFiles", &mut |reader, file| {
            if let Some(value) = file.get("value") {
                reader.object(value, "environment-file", "environment-file-bucket");
            }
        });
        let credentials =
            container.get("repositoryCredentials").and_then(|it| it.get("credentialsParameter"));
        if let Some(value) = credentials {
            self.secret_value(value, "repository-credentials", "the registry's credentials");
        }
        for spec in container.all("credentialSpecs").flat_map(Content::items) {
            self.credential_spec(spec);
        }
        if let Some(log) = container.get("logConfiguration") {
            for secret in log.all("secretOptions").flat_map(Content::items) {
                self.secret(secret);
            }
            match log.get("logDriver").and_then(Content::text) {
                Some("awslogs") if by_execution_role => self.awslogs(log),
                Some("awsfirelens") => self.firelens_output(log),
                _ => {}
            }
        }
        if let Some(options) = container.get("firelensConfiguration").and_then(|it| it.get("options"))
            && options.get("config-file-type").and_then(Content::text) == Some("s3")
            && let Some(value) = options.get("config-file-value")
        {
            self.object(value, "firelens-file", "firelens-bucket");
        }
    }

    /// Reads the entries of a list, also where it is handed over: what they need is told where the container names it.
    fn each_of(
        &mut self,
        container: &'a Content,
        list: &'a str,
        read: &mut dyn FnMut(&mut Self, &'a Content),
    ) {
        let own = self.file;
        for item in container.all(list).flat_map(Content::items) {
            let (file, led) = self.project.followed(own, item);
            if std::ptr::eq(led, item) {
                read(self, item);
                continue;
            }
            let known = self.found.len();
            self.file = file;
            led.items().iter().for_each(|entry| read(self, entry));
            self.file = own;
            self.found[known..].iter_mut().for_each(|need| need.span = item.span());
        }
    }

    fn image(&mut self, image: &'a Content, container: &'a Content) {
        let Some(words) = self.words(image) else { return };
        let text = words.text.clone();
        if text.contains("xray-daemon") {
            let name = container.get("name").and_then(Content::text).unwrap_or("xray-daemon");
            self.add("xray", vec![Words::literal("*")], image.span(), name);
        }
        if text.contains("aws-otel-collector") {
            self.collector(image, container);
        }
        let Some((account, rest)) = text.split_once(".dkr.ecr.").or_else(|| text.split_once(".dkr-ecr."))
        else {
            return;
        };
        let Some((host, path)) = rest.split_once('/') else { return };
        let region = host.split('.').next().unwrap_or_default();
        let repository = path.split(['@', ':']).next().unwrap_or_default();
        let one =
            |text: &str| if text.chars().any(|it| it == ANY) { PART.to_string() } else { text.to_string() };
        // What cannot be an account is a template's own mark.
        let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        let account = if is_account { account.to_string() } else { PART.to_string() };
        let repository = if repository.contains(['<', '$', '{']) {
            PART.to_string()
        } else {
            repository.replace(ANY, &PART.to_string())
        };
        if repository.is_empty() {
            return;
        }
        let shown = super::marks::readable(&repository);
        let arn = format!("arn:{PART}:ecr:{}:{account}:repository/{repository}", one(region));
        self.add("ecr-login", vec![Words::literal("*")], image.span(), &shown);
        let resource = Words { text: arn, of: words.of, shown: shown.clone() };
        if self.is_cached(&repository) {
            self.add("pull-through", vec![resource.clone()], image.span(), &shown);
        }
        self.add("ecr-pull", vec![resource], image.span(), &shown);
    }

    /// Whether a rule of the project fills that repository from another registry.
    fn is_cached(&self, repository: &str) -> bool {
        self.project.of_kind("cache-rule").filter(|rule| !rule.is_data()).any(|rule| {
            let prefix = rule.name().filter(|prefix| *prefix != "ROOT");
            prefix.is_some_and(|prefix| {
                repository
                    .strip_prefix(prefix.trim_end_matches('/'))
                    .is_some_and(|rest| rest.starts_with('/'))
            })
        })
    }

    /// The ADOT collector, where its configuration is one of those that come with it.
    fn collector(&mut self, image: &'a Content, container: &'a Content) {
        let own = |it: &Content| {
            let name = it.get("name").and_then(Content::text);
            name.is_none_or(|name| name == "AOT_CONFIG_CONTENT")
        };
        let lists = ["environment", "secrets"];
        if lists.iter().any(|list| container.all(list).flat_map(Content::items).any(own)) {
            return;
        }
        let command = container.get("command").map_or(&[][..], Content::items);
        let words: Option<Vec<&str>> = command.iter().map(Content::text).collect();
        let Some(words) = words else { return };
        let words = words.join(" ");
        let (traces, prometheus) = match words.split_once("/etc/ecs/") {
            Some((_, name)) => {
                (name.contains("xray") || name.starts_with("ecs-default-config"), name.contains("amp"))
            }
            None => (!words.contains("--config"), false),
        };
        let name = container.get("name").and_then(Content::text).unwrap_or("aws-otel-collector");
        if traces {
            self.add("adot-traces", vec![Words::literal("*")], image.span(), name);
        }
        if prometheus {
            let any = Words { text: ANY.to_string(), ..Words::default() };
            self.add("adot-prometheus", vec![any], image.span(), name);
        }
    }

    fn secret(&mut self, secret: &'a Content) {
        let subject = secret.get("name").and_then(Content::text).unwrap_or_default().to_string();
        if let Some(value) = secret.get("valueFrom") {
            self.secret_value(value, "secret", &subject);
        }
    }

    /// A value that names a secret or a parameter.
    fn secret_value(&mut self, value: &'a Content, feature: &str, subject: &str) {
        let Some(words) = self.words(value) else { return };
        let text = words.text.clone();
        if words.is_open() || text.contains('<') || text.contains("{{") {
            return;
        }
        let span = value.span();
        let parts: Vec<&str> = text.split(':').collect();
        match (parts.first(), parts.get(2)) {
            (Some(&"arn"), Some(&"secretsmanager")) if parts.len() > 6 => {
                // Behind the seventh part follow a key, a stage and a version.
                let arn = parts[..7].join(":");
                let resources = secrets(&words, &arn);
                self.add(feature, resources, span, subject);
                self.key_of(&words, "KmsKeyId", "secret", span, subject);
            }
            (Some(&"arn"), Some(&"ssm")) => {
                let feature = if feature == "secret" { "parameter" } else { "fsx-parameter" };
                self.add(feature, vec![words.with(text)], span, subject);
                self.key_of(&words, "key_id", "parameter", span, subject);
            }
            (Some(&first), _) if parts.len() == 1 && !first.is_empty() && feature == "secret" => {
                // `${arn}` in front of something that is no ARN tells nothing.
                if first.starts_with(ANY) {
                    return;
                }
                let name = first.strip_prefix('/').unwrap_or(first);
                let arn = format!("arn:{PART}:ssm:{PART}:{}:parameter/{name}", self.account);
                let shown = words.shown.clone();
                let resource = Words { text: arn, of: words.of.clone(), shown };
                self.add("parameter", vec![resource], span, subject);
                self.key_of(&words, "key_id", "parameter", span, subject);
            }
            _ => {}
        }
    }

    /// The key that a secret or parameter of the project is encrypted with.
    fn key_of(&mut self, words: &Words<'a>, field: &str, kind: &str, span: Span, subject: &str) {
        let Some(at) = words.of.iter().find(|at| at.kind_name() == kind && !at.is_data()) else { return };
        let Some(value) = at.get(field).filter(|item| item.node != Node::Nothing) else { return };
        if let Some(key) = self.project.target(at.file, value) {
            let key = match key.kind_name() {
                "alias" => key.get("targetKeyId").and_then(|item| self.project.target(key.file, item)),
                "key" => Some(key),
                _ => None,
            };
            let Some(key) = key.filter(|key| !key.is_data()) else { return };
            if grants_by_itself(key) {
                return;
            }
            let text = format!("arn:{PART}:kms:{PART}:{PART}:key/{}", key.unique());
            let resource = Words { text, of: vec![key], shown: key.resource.address.to_string() };
            self.add("key", vec![resource], span, subject);
            return;
        }
        let Some(literal) = self.project.words(at.file, value, false) else { return };
        if literal.is_known() && literal.text.starts_with("arn:") && literal.text.contains(":key/") {
            self.add("key", vec![literal], span, subject);
        }
    }

    /// An object of S3 by its ARN.
    fn object(&mut self, value: &'a Content, feature: &str, of_bucket: &str) {
        let Some(words) = self.words(value) else { return };
        self.s3_object(&words, &words.text, value.span(), feature, of_bucket);
    }

    fn s3_object(&mut self, words: &Words<'a>, text: &str, span: Span, feature: &str, of_bucket: &str) {
        let Some((_, path)) = text.split_once(":s3:::") else { return };
        let Some((bucket, _)) = path.split_once('/') else { return };
        if bucket.contains(['<', ANY]) {
            return;
        }
        let subject = super::marks::readable(path);
        let own = format!("arn:{PART}:s3:::{path}");
        let resource = Words { text: own, of: words.of.clone(), shown: words.shown.clone() };
        self.add(feature, vec![resource], span, &subject);
        let shown = format!("arn:aws:s3:::{}", super::marks::readable(bucket));
        let own = Words { text: format!("arn:{PART}:s3:::{bucket}"), of: words.of.clone(), shown };
        self.add(of_bucket, vec![own], span, &super::marks::readable(bucket));
    }

    fn credential_spec(&mut self, spec: &'a Content) {
        let Some(words) = self.words(spec) else { return };
        let Some((_, location)) = words.text.split_once(':') else { return };
        if location.contains(":s3:::") {
            self.s3_object(&words, location, spec.span(), "credential-spec-file", "credential-spec-bucket");
        } else if location.contains(":ssm:") {
            let resource = words.with(location.to_string());
            self.add("credential-spec-parameter", vec![resource], spec.span(), location);
        }
    }

    fn awslogs(&mut self, log: &'a Content) {
        let Some(options) = log.get("options") else { return };
        let Some(group) = options.get("awslogs-group") else { return };
        let region =
            options.get("awslogs-region").and_then(Content::text).filter(|it| !it.contains(['<', '$', '{']));
        self.log_group(group, region, "awslogs");
        let creates = options.get("awslogs-create-group");
        if creates.and_then(Content::text) == Some("true")
            && let Some(words) = self.words(group)
        {
            let resources = groups(&words, region);
            self.add(
                "awslogs-create-group",
                resources,
                creates.map_or(group.span(), Content::span),
                &words.shown,
            );
        }
    }

    fn log_group(&mut self, group: &'a Content, region: Option<&str>, feature: &str) {
        let Some(words) = self.words(group) else { return };
        if words.is_open() || words.text.contains(['<', ':']) || words.text.contains("{{") {
            return;
        }
        let region = region.map_or(PART.to_string(), str::to_string);
        let name = words.text.replace(ANY, &PART.to_string());
        let arn = format!("arn:{PART}:logs:{region}:{}:log-group:{name}:log-stream:{ANY}", self.account);
        let resource = Words { text: arn, of: words.of.clone(), shown: words.shown.clone() };
        self.add(feature, vec![resource], group.span(), &words.shown);
    }

    fn firelens_output(&mut self, log: &'a Content) {
        let Some(options) = log.get("options") else { return };
        let Some(name) = options.get("Name") else { return };
        let region = options.get("region").and_then(Content::text);
        let of_service = |service: &str, kind: &str, name: &str| {
            let region = region.map_or(PART.to_string(), str::to_string);
            format!("arn:{PART}:{service}:{region}:{PART}:{kind}/{name}")
        };
        match name.text().map(str::to_ascii_lowercase).as_deref() {
            Some("cloudwatch" | "cloudwatch_logs") => {
                let Some(group) = options.get("log_group_name") else { return };
                self.log_group(group, region, "firelens-cloudwatch");
                let creates = options.get("auto_create_group").and_then(Content::text);
                if creates.is_some_and(|text| matches!(text, "true" | "On" | "on"))
                    && let Some(words) = self.words(group)
                {
                    let resources = groups(&words, region);
                    self.add("firelens-cloudwatch-group", resources, group.span(), &words.shown);
                }
            }
            Some("firehose" | "kinesis_firehose") => {
                let Some(stream) = options.get("delivery_stream") else { return };
                let Some(words) = self.words(stream).filter(|words| !words.is_open()) else { return };
                let resource = words.with(of_service("firehose", "deliverystream", &words.text));
                self.add("firelens-firehose", vec![resource], stream.span(), &words.shown);
            }
            Some("kinesis" | "kinesis_streams") => {
                let Some(stream) = options.get("stream") else { return };
                let Some(words) = self.words(stream).filter(|words| !words.is_open()) else { return };
                let resource = words.with(of_service("kinesis", "stream", &words.text));
                self.add("firelens-kinesis", vec![resource], stream.span(), &words.shown);
            }
            Some("s3") => {
                let Some(bucket) = options.get("bucket") else { return };
                let Some(words) = self.words(bucket).filter(|words| !words.is_open()) else { return };
                let resource = words.with(format!("arn:{PART}:s3:::{}/{ANY}", words.text));
                self.add("firelens-s3", vec![resource], bucket.span(), &words.shown);
            }
            _ => {}
        }
    }

    fn volume(&mut self, volume: &'a Content) {
        if let Some(efs) = volume.get("efsVolumeConfiguration")
            && let Some(iam) = efs.get("authorizationConfig").and_then(|it| it.get("iam"))
            && iam.text() == Some("ENABLED")
            && let Some(id) = efs.get("fileSystemId")
            && let Some(words) = self.words(id)
        {
            // Without a policy of its own a file system lets everybody mount it.
            let open = words.of.first().is_some_and(|at| !self.has_policy(*at));
            let name = words.text.replace(ANY, &PART.to_string());
            let text = format!("arn:{PART}:elasticfilesystem:{PART}:{PART}:file-system/{name}");
            let resource = Words { text, of: words.of.clone(), shown: words.shown.clone() };
            let of = |closed: &'static str, opened: &'static str| if open { opened } else { closed };
            let mount = of("efs-mount", "efs-mount-by-default");
            self.add(mount, vec![resource.clone()], iam.span(), &words.shown);
            if self.is_written(volume) {
                self.add(of("efs-write", "efs-write-by-default"), vec![resource], iam.span(), &words.shown);
            }
        }
        if let Some(files) = volume.get("s3filesVolumeConfiguration")
            && let Some(arn) = files.get("fileSystemArn")
            && let Some(words) = self.words(arn).filter(|words| !words.is_open())
        {
            let resource = words.with(words.text.replace(ANY, &PART.to_string()));
            self.add("s3files-mount", vec![resource.clone()], arn.span(), &words.shown);
            if self.is_written(volume) {
                self.add("s3files-write", vec![resource], arn.span(), &words.shown);
            }
        }
        if let Some(fsx) = volume.get("fsxWindowsFileServerVolumeConfiguration")
            && let Some(value) = fsx.get("authorizationConfig").and_then(|it| it.get("credentialsParameter"))
        {
            self.secret_value(value, "fsx-credentials", "the credentials of the volume");
        }
    }

    /// Whether a container mounts the volume to write to it.
    fn is_written(&self, volume: &Content) -> bool {
        let name = volume.get("name").and_then(Content::text);
        name.is_some_and(|name| self.mounts.contains(&name))
    }

    fn has_policy(&self, file_system: Located<'a>) -> bool {
        file_system.get("FileSystemPolicy").is_some()
            || self.project.of_kind("file-system-policy").any(|policy| {
                let id = policy.get("fileSystemId");
                id.and_then(|id| self.project.target(policy.file, id)).is_some_and(|at| at.is(&file_system))
            })
    }
}

/// Whether a key's own policy names more than its account: it may grant by itself.
fn grants_by_itself(key: Located<'_>) -> bool {
    let Some(policy) = key.get("KeyPolicy").or_else(|| key.get("policy")) else { return false };
    let Node::Map(_) = &policy.node else { return true };
    policy.all("Statement").flat_map(Content::items).any(|statement| {
        let Some(principal) = statement.get("Principal") else { return true };
        let names = principal.get("AWS").unwrap_or(principal);
        !names.items().iter().all(ends_in_root)
    })
}

fn ends_in_root(item: &Content) -> bool {
    use crate::host::resource::TextPart;
    match &item.node {
        Node::Text(pieces) => matches!(pieces.last(), Some(TextPart::Known(text)) if text.ends_with(":root")),
        Node::List(items) => items.iter().all(ends_in_root),
        _ => false,
    }
}

/// What a request for a secret may name: the ARN in full. A partial one gets six letters behind its name.
fn secrets<'a>(words: &Words<'a>, arn: &str) -> Vec<Words<'a>> {
    let whole = words.with(arn.replace(ANY, &PART.to_string()).replace(STAR, &ONE.to_string()));
    let name = arn.rsplit(':').next().unwrap_or_default();
    let suffix = name.rsplit_once('-').map_or("", |(_, suffix)| suffix);
    let is_whole = suffix.chars().count() == 6
        && suffix.chars().all(|letter| letter.is_ascii_alphanumeric() || letter as u32 >= 0xE000);
    let is_open = name.contains([ANY, PART]) && !name.contains(ONE);
    let extended = words.with(format!("{}-{}", whole.text, ONE.to_string().repeat(6)));
    match (is_whole, is_open) {
        (_, true) => vec![whole, extended],
        // `db-secret` looks like a name with its suffix, too.
        (true, _) if suffix.chars().all(|it| it.is_ascii_lowercase()) => vec![whole, extended],
        (true, _) => vec![whole],
        (false, _) => vec![extended],
    }
}

/// What a request to create a log group may name.
fn groups<'a>(words: &Words<'a>, region: Option<&str>) -> Vec<Words<'a>> {
    if words.text.contains(['<', ':']) {
        return Vec::new();
    }
    let region = region.map_or(PART.to_string(), str::to_string);
    let name = words.text.replace(ANY, &PART.to_string());
    let arn = format!("arn:{PART}:logs:{region}:{PART}:log-group:{name}");
    let one = |text: String| Words { text, of: words.of.clone(), shown: words.shown.clone() };
    vec![one(arn.clone()), one(format!("{arn}:log-stream:")), one(format!("{arn}:{ANY}"))]
}
