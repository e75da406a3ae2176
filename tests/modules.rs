//! What Terraform's modules hand to each other is judged where it is written, with what is done with it elsewhere.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use passrole::analysis::{Report, WantedFixes, check_file, fix_text};
use passrole::host::Parsed;
use passrole::text::Text;
use passrole::workspace::{Configurations, Memory, Overlay, Roots, Wishes, Workspace};
use std::path::Path;
use std::sync::Arc;

const ROOT: &str = "/repo";

struct Project {
    workspace: Workspace,
    files: Arc<Overlay>,
}

impl Project {
    fn of(files: &[(&str, &str)]) -> Project {
        let mut memory = Memory::default();
        memory.put(format!("{ROOT}/.git/HEAD"), "");
        files.iter().for_each(|(path, text)| memory.put(format!("{ROOT}/{path}"), *text));
        let files = Arc::new(Overlay::over(Arc::new(memory)));
        let configurations = Configurations::new(files.clone(), Wishes::default(), None).unwrap();
        let workspace = Workspace::new(files.clone(), configurations, Roots::default());
        Project { workspace, files }
    }

    fn report(&self, path: &str) -> (String, Report) {
        use passrole::workspace::Files;
        let path = format!("{ROOT}/{path}");
        let file = Path::new(&path);
        let text = self.files.read(file, 1 << 20).unwrap();
        self.workspace.catch_up();
        let (settings, is_sound) = self.workspace.settings(file);
        is_sound.unwrap();
        let facts = self.workspace.facts(file);
        let report = check_file(&text, &facts, settings.kind, &settings.rules);
        (text, report)
    }

    /// The findings of a file: the rule, what stands at its place, and the words.
    fn found(&self, path: &str) -> Vec<String> {
        let (text, report) = self.report(path);
        let mut found: Vec<String> = report
            .findings
            .iter()
            .map(|it| {
                let at = &text[it.span.as_usize()];
                format!("{} {at} | {} {}", it.rule.id, it.message, it.note)
            })
            .collect();
        found.sort();
        found
    }

    /// The rules of the findings of a file, with what stands at each place.
    fn rules(&self, path: &str) -> Vec<String> {
        self.found(path).iter().map(|it| it.split(" | ").next().unwrap().to_string()).collect()
    }

    /// Has a file say something else, as an editor does.
    fn edit(&self, path: &str, text: &str) {
        let path = format!("{ROOT}/{path}");
        let file = Path::new(&path);
        self.files.open(file.to_path_buf(), Text::from(text));
        let facts = self.workspace.facts(file);
        let parsed = Parsed::parse(text, facts.surroundings());
        let documents = parsed.documents(text, &facts.path, None, &[]);
        let summary = passrole::graph::FileSummary::of(&facts.path, &parsed, text, &documents);
        self.workspace.put(file, || text.to_string(), &parsed, &Arc::new(summary));
    }
}

const ROLE: &str = r#"
variable "trust" {}
variable "policy" {}
variable "statements" { default = {} }
variable "managed" { default = [] }

resource "aws_iam_role" "this" {
  assume_role_policy  = var.trust
  managed_policy_arns = var.managed
}

resource "aws_iam_role_policy" "this" {
  role   = aws_iam_role.this.id
  policy = coalesce(var.policy, data.aws_iam_policy_document.this.json)
}

data "aws_iam_policy_document" "this" {
  dynamic "statement" {
    for_each = var.statements
    content {
      actions   = statement.value.actions
      resources = statement.value.resources
    }
  }
}
"#;

#[test]
fn arguments_are_judged_as_what_the_module_makes_of_them() {
    let caller = r#"
module "role" {
  source = "../modules/role"
  trust = jsonencode({
    Version = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }]
  })
  policy  = data.aws_iam_policy_document.both.json
  managed = ["arn:aws:iam::111122223333:role/x"]
  statements = {
    a = { actions = ["sqs:SendMesage"], resources = ["*"], principals = [{ type = "AWS", identifiers = ["*"] }] }
  }
}

data "aws_iam_policy_document" "both" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}
"#;
    let project = Project::of(&[("modules/role/main.tf", ROLE), ("live/main.tf", caller)]);
    let found = project.found("live/main.tf");
    let has = |words: &str| assert!(found.iter().any(|it| it.starts_with(words)), "{words}: {found:#?}");
    has("trust-policy-action s3:GetObject");
    has("unknown-action SendMesage");
    has("invalid-policy-arn role/x");
    // A document with a principal is a trust policy, unless a role has it as its permissions.
    has("principal-in-identity-policy ");
    let of = found.iter().filter(|it| it.starts_with("principal-in-identity-policy")).count();
    assert_eq!(of, 2, "{found:#?}");
    assert_eq!(project.rules("modules/role/main.tf"), [""; 0]);
}

#[test]
fn arguments_go_on_through_modules_and_locals() {
    let outer = r#"
variable "permissions" {}
locals {
  permissions = var.permissions
}
module "role" {
  source = "../role"
  trust  = null
  policy = local.permissions
}
"#;
    let caller = r#"
locals {
  web = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole" }] })
}
module "service" {
  source      = "./modules/service"
  permissions = local.web
}
"#;
    let files = [("modules/role/main.tf", ROLE), ("modules/service/main.tf", outer), ("main.tf", caller)];
    assert_eq!(Project::of(&files).rules("main.tf").len(), 1);
    let found = Project::of(&files).found("main.tf");
    assert!(found[0].starts_with("missing-resource "), "{found:#?}");
}

const TASK: &str = r#"
variable "actions" { type = list(string) }
variable "cpu" { default = 256 }
variable "containers" {}
variable "name" { default = "web" }

data "aws_iam_policy_document" "task" {
  statement {
    actions   = var.actions
    resources = ["*"]
  }
}

resource "aws_ecs_task_definition" "this" {
  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.cpu
  memory                   = 512
  container_definitions    = jsonencode(var.containers)
}
"#;

fn call(name: &str, action: &str, cpu: u32) -> String {
    format!(
        "module \"{name}\" {{\n  source = \"../../modules/task\"\n  actions = [\"{action}\"]\n  cpu = {cpu}\n  containers = \
         [{{ name = \"web\", image = \"web\", essential = true, hostname = \"x\" }}]\n}}\n"
    )
}

#[test]
fn variables_have_what_callers_give() {
    let (one, other) = (call("web", "ecs:RunTasks", 300), call("api", "ecs:ListClusters", 256));
    let project = Project::of(&[
        ("modules/task/main.tf", TASK),
        ("live/prod/main.tf", &one),
        ("live/dev/main.tf", &other),
    ]);
    let found = project.found("modules/task/main.tf");
    let [size, action] = &found[..] else { panic!("{found:#?}") };
    assert!(size.starts_with("fargate-size-mismatch var.cpu"), "{size}");
    assert!(action.starts_with("unknown-action var.actions"), "{action}");
    for words in [size, action] {
        assert!(words.contains("with what `module.web` of `live/prod` gives as `var."), "{words}");
    }
    // Containers are judged where they are written, for the task definition that gets them.
    let found = project.rules("live/prod/main.tf");
    assert_eq!(found, ["field-not-with-awsvpc hostname"]);
    // Nobody else gives another value.
    let alone = Project::of(&[("modules/task/main.tf", TASK), ("live/dev/main.tf", &other)]);
    assert_eq!(alone.rules("modules/task/main.tf"), [""; 0]);
}

#[test]
fn a_fix_is_written_where_the_value_is_given() {
    let caller = "module \"role\" {\n  source = \"../modules/role\"\n  trust = null\n  policy = null\n  statements = {\n    a = { actions = [\"s3:GetObjekt\"], resources = [\"*\"] }\n  }\n}\n";
    let project = Project::of(&[("modules/role/main.tf", ROLE), ("live/main.tf", caller)]);
    let file = format!("{ROOT}/live/main.tf");
    let file = Path::new(&file);
    let facts = project.workspace.facts(file);
    let (settings, _) = project.workspace.settings(file);
    let fixed = fix_text(caller, &facts, None, &settings.rules, WantedFixes::Safe);
    assert_eq!(fixed.text, caller.replace("s3:GetObjekt", "s3:GetObject"));
    // What a variable gets is not changed where it is used.
    let one = call("web", "ecs:RunTasks", 256);
    let project = Project::of(&[("modules/task/main.tf", TASK), ("live/prod/main.tf", &one)]);
    let (_, report) = project.report("modules/task/main.tf");
    assert!(report.findings.iter().all(|finding| finding.fix.is_none()), "{:#?}", report.findings);
    assert_eq!(report.findings.len(), 1);
}

#[test]
fn outputs_have_the_type_of_what_they_yield() {
    let bucket = "resource \"aws_s3_bucket\" \"this\" {\n  bucket = \"shop-data\"\n}\noutput \"arn\" {\n  value = aws_s3_bucket.this.arn\n}\noutput \"trust\" {\n  value = jsonencode({ Version = \"2012-10-17\", Statement = [{ Effect = \"Allow\", Action = \"s3:GetObject\", Principal = { Service = \"ecs-tasks.amazonaws.com\" } }] })\n}\n";
    let caller = r#"
module "data" {
  source = "../modules/bucket"
}
resource "aws_iam_policy" "read" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:GetObject", Resource = module.data.arn },
      { Effect = "Allow", Action = "s3:GetObject", Resource = "${module.data.arn}/*" },
    ]
  })
}
"#;
    let project = Project::of(&[("modules/bucket/main.tf", bucket), ("live/main.tf", caller)]);
    assert_eq!(project.rules("live/main.tf"), ["action-matches-no-resource s3:GetObject"]);
}

#[test]
fn a_document_that_a_module_gives_out_is_what_callers_do_with_it() {
    let policies = "data \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions = [\"sts:AssumeRole\"]\n  }\n}\noutput \"json\" {\n  value = data.aws_iam_policy_document.d.json\n}\n";
    let caller = |argument: &str| {
        format!(
            "module \"p\" {{\n  source = \"./policies\"\n}}\nresource \"aws_iam_role\" \"r\" {{\n  {argument}\n}}\n"
        )
    };
    let trust = caller("assume_role_policy = module.p.json");
    let project = Project::of(&[("policies/main.tf", policies), ("main.tf", &trust)]);
    assert_eq!(project.rules("policies/main.tf"), ["missing-principal {"]);
}

#[test]
fn public_modules_are_known_by_their_source() {
    let text = r#"
module "fn" {
  source           = "terraform-aws-modules/lambda/aws"
  version          = "~> 7.0"
  trusted_entities = ["ecs-task.amazonaws.com"]
  assume_role_policy_statements = {
    a = { effect = "Allow", actions = ["s3:GetObject"], principals = { p = { type = "Service", identifiers = ["ecs-tasks.amazonaws.com"] } } }
  }
  policies    = ["arn:aws:iam::aws:policy/ReadOnlyAcces", "arn:aws:iam::111122223333:role/x"]
  policy_json = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole" }] })
}
module "bucket" {
  source = "git::https://github.com/terraform-aws-modules/terraform-aws-s3-bucket.git?ref=v4.0.0"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }] })
}
"#;
    let project = Project::of(&[("main.tf", text)]);
    let found = project.rules("main.tf");
    for rule in [
        "wrong-service-principal ecs-task.amazonaws.com",
        "trust-policy-action s3:GetObject",
        "unknown-managed-policy ReadOnlyAcces",
        "invalid-policy-arn role/x",
        "missing-resource ",
        "missing-principal ",
    ] {
        assert!(found.iter().any(|it| it.starts_with(rule)), "{rule}: {found:#?}");
    }
}

#[test]
fn the_configuration_adds_modules_of_a_company() {
    let text = "module \"a\" {\n  source = \"acme/service/aws\"\n  trust = jsonencode({ Version = \"2012-10-17\", Statement = [{ Effect = \"Allow\", Action = \"s3:GetObject\", Principal = { Service = \"ecs-tasks.amazonaws.com\" } }] })\n}\n";
    let configuration = r#"{ "modules": { "acme/service/aws": { "trust": "trust" } } }"#;
    let without = Project::of(&[("main.tf", text)]).rules("main.tf");
    assert!(!without.iter().any(|it| it.starts_with("trust-policy-action")), "{without:#?}");
    let with = Project::of(&[("main.tf", text), (".passrole.jsonc", configuration)]).rules("main.tf");
    assert!(with.iter().any(|it| it.starts_with("trust-policy-action s3:GetObject")), "{with:#?}");
}

#[test]
fn modules_are_followed_to_where_they_were_fetched() {
    let manifest = r#"{"Modules":[{"Key":"","Source":"","Dir":"."},{"Key":"role","Source":"registry.terraform.io/acme/role/aws","Version":"1.0.0","Dir":".terraform/modules/role"},{"Key":"bad","Source":"x","Dir":"../../elsewhere"}]}"#;
    let caller = "module \"role\" {\n  source = \"acme/role/aws\"\n  trust = jsonencode({ Version = \"2012-10-17\", Statement = [{ Effect = \"Allow\", Action = \"s3:GetObject\", Principal = { Service = \"ecs-tasks.amazonaws.com\" } }] })\n  policy = null\n}\n";
    let project = Project::of(&[
        ("live/main.tf", caller),
        ("live/.terraform/modules/modules.json", manifest),
        ("live/.terraform/modules/role/main.tf", ROLE),
    ]);
    let found = project.rules("live/main.tf");
    assert_eq!(found, ["trust-policy-action s3:GetObject"]);
}

#[test]
fn files_of_values_say_for_which_environment() {
    let root = "variable \"action\" {}\nvariable \"service\" { default = \"ecs-tasks\" }\nresource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({ Version = \"2012-10-17\", Statement = [{ Effect = \"Allow\", Action = [var.action], Resource = \"*\" }] })\n}\n";
    let project = Project::of(&[
        ("infra/main.tf", root),
        ("infra/env/prod.tfvars", "action = \"ecs:RunTasks\"\n"),
        ("infra/env/dev.tfvars", "action = \"ecs:ListClusters\"\n"),
    ]);
    let found = project.found("infra/main.tf");
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].starts_with("unknown-action var.action"), "{found:#?}");
    assert!(found[0].contains("with what `infra/env/prod.tfvars` gives as `var.action`"), "{found:#?}");
    // The same as JSON.
    let project = Project::of(&[
        ("infra/main.tf", root),
        ("infra/env/prod.tfvars.json", "{ \"action\": \"ecs:RunTasks\" }\n"),
        ("infra/env/dev.tfvars.json", "{ \"action\": \"ecs:ListClusters\", \"service\": \n"),
    ]);
    let found = project.found("infra/main.tf");
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].contains("with what `infra/env/prod.tfvars.json` gives as `var.action`"), "{found:#?}");
    // One for all.
    let project = Project::of(&[("main.tf", root), ("terraform.tfvars", "action = \"ecs:RunTasks\"\n")]);
    assert!(project.found("main.tf")[0].contains("`terraform.tfvars` gives"));
    // Terragrunt's inputs, and the module that they are for.
    let terragrunt = "terraform {\n  source = \"../../modules//policy\"\n}\n\ninputs = {\n  action = \"ecs:RunTasks\"\n}\n";
    let project = Project::of(&[("modules/policy/main.tf", root), ("live/prod/terragrunt.hcl", terragrunt)]);
    let found = project.found("modules/policy/main.tf");
    assert!(found.len() == 1 && found[0].contains("`live/prod/terragrunt.hcl` gives"), "{found:#?}");
}

#[test]
fn containers_are_found_by_whatever_leads_to_them() {
    let containers = "[{ name = \"web\", image = \"web\", essential = true, portMapping = [] }]";
    let task = |value: &str| {
        format!(
            "resource \"aws_ecs_task_definition\" \"t\" {{\n  family = \"t\"\n  container_definitions = {value}\n}}\n"
        )
    };
    let json = "[{ \"name\": \"web\", \"image\": \"web\", \"essential\": true, \"portMapping\": [] }]";
    let local = |value: &str, rest: &str| format!("locals {{\n  c = {value}\n}}\n{}", task(rest));
    let one = &containers[1..containers.len() - 1];
    let forms = [
        local(containers, "jsonencode(local.c)"),
        local(&format!("jsonencode({containers})"), "local.c"),
        local(containers, "var.json != null ? var.json : jsonencode(local.c)"),
        local(one, "jsonencode([local.c])"),
        local(one, "jsonencode(concat([local.c], var.sidecars))"),
        local(&format!("[for name in var.names : {one}]"), "jsonencode(local.c)"),
        task(&format!("jsonencode(concat({containers}, var.sidecars))")),
        local(one, "jsonencode([merge(local.c, var.more)])"),
        format!(
            "locals {{\n  c = merge({{ portMappings = [] }}, {one})\n}}\noutput \"c\" {{\n  value = local.c\n}}\n"
        ),
        task(&format!("var.on ? jsonencode({containers}) : null")),
        task(&format!("jsonencode([merge({one}, var.more)])")),
        task(&format!("<<EOF\n{json}\nEOF\n")),
        format!("module \"c\" {{\n  source = \"./c\"\n  containers = {containers}\n}}\n"),
    ];
    let module = format!("variable \"containers\" {{}}\n{}", task("jsonencode(var.containers)"));
    for form in &forms {
        let found = Project::of(&[("main.tf", form), ("c/main.tf", &module)]).rules("main.tf");
        assert!(found.iter().any(|it| it.contains("portMapping")), "{form}\n{found:#?}");
    }
    let files = [
        task("file(\"web.json\")"),
        task("templatefile(\"${path.module}/web.json\", { a = 1 })"),
        local("templatefile(\"web.json\", {})", "local.c"),
        local("file(\"web.json\")", "var.manage ? var.task : local.c"),
        format!(
            "data \"template_file\" \"t\" {{\n  template = file(\"web.json\")\n}}\n{}",
            task("data.template_file.t.rendered")
        ),
    ];
    for form in &files {
        let form = form.replace("family = \"t\"", "family = \"t\"\n  network_mode = \"awsvpc\"");
        let text = json.replace("\"portMapping\": []", "\"hostname\": \"x\"");
        let found = Project::of(&[("main.tf", &form), ("web.json", &text)]).rules("web.json");
        assert!(found.contains(&"field-not-with-awsvpc hostname".to_string()), "{form}\n{found:#?}");
    }
}

#[test]
fn whoever_changes_a_caller_changes_what_the_module_is_judged_by() {
    let (bad, good) = (call("web", "ecs:RunTasks", 300), call("web", "ecs:ListClusters", 256));
    let values = "variable \"action\" {}\nresource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({ Version = \"2012-10-17\", Statement = [{ Effect = \"Allow\", Action = [var.action], Resource = \"*\" }] })\n}\n";
    let project = Project::of(&[
        ("modules/task/main.tf", TASK),
        ("live/prod/main.tf", &good),
        ("root/main.tf", values),
        ("root/prod.tfvars", "action = \"ecs:ListClusters\"\n"),
    ]);
    assert_eq!(project.rules("modules/task/main.tf"), [""; 0]);
    let before = project.workspace.revision();
    project.edit("live/prod/main.tf", &bad);
    assert!(project.workspace.revision() > before);
    assert_eq!(project.rules("modules/task/main.tf").len(), 2);
    project.edit("live/prod/main.tf", &good);
    assert_eq!(project.rules("modules/task/main.tf"), [""; 0]);
    // The other way round: what a module does with an argument.
    assert_eq!(project.rules("live/prod/main.tf").len(), 1);
    project.edit("modules/task/main.tf", &TASK.replace("awsvpc", "bridge").replace("FARGATE", "EC2"));
    assert_eq!(project.rules("live/prod/main.tf"), [""; 0]);
    // What does not matter to others moves nothing.
    let before = project.workspace.revision();
    project.edit("live/prod/main.tf", &format!("# a comment\n{good}"));
    assert_eq!(project.workspace.revision(), before);
    assert_eq!(project.rules("root/main.tf"), [""; 0]);
    project.edit("root/prod.tfvars", "action = \"ecs:RunTasks\"\n");
    assert_eq!(project.rules("root/main.tf"), ["unknown-action var.action"]);
}

#[test]
fn a_condition_may_go_on_in_the_next_line() {
    let text = "locals {\n  jobs = {\n    for name, job in var.jobs :\n    name => job.is_prefixed\n    ? merge(job, { a = \"${local.prefix}x\" })\n    : job\n  }\n  policy = jsonencode({ Version = \"2012-10-17\", Statement = [{ Effect = \"Allow\", Action = \"s3:GetObjekt\", Resource = \"*\" }] })\n}\n";
    assert_eq!(Project::of(&[("main.tf", text)]).rules("main.tf"), ["unknown-action GetObjekt"]);
    // What is wrong stays so, wherever the parser stops.
    for broken in
        ["locals {\n  a = é\n  ? b\n", "e\"\"\"\"{y=é", "resource \"aws_iam_policy\" \"p\" {\n  policy = é"]
    {
        Project::of(&[("main.tf", broken)]).rules("main.tf");
    }
}

#[test]
fn modules_that_call_themselves_end() {
    let text = |source: &str| {
        format!(
            "variable \"a\" {{}}\nmodule \"m\" {{\n  source = \"{source}\"\n  a = var.a\n}}\noutput \"a\" {{\n  value = module.m.a\n}}\n"
        )
    };
    let (a, b, own) = (text("../b"), text("../a"), text("./"));
    let project = Project::of(&[("a/main.tf", &a), ("b/main.tf", &b), ("c/main.tf", &own)]);
    for file in ["a/main.tf", "b/main.tf", "c/main.tf"] {
        assert_eq!(project.rules(file), [""; 0]);
    }
}
