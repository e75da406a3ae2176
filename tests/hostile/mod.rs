//! Hostile texts of any size: each repeats what a careless loop would go through for every repetition.

/// A kind of text, the file it stands in, how it grows, and a size that is still quick.
pub struct Row {
    pub name: &'static str,
    pub file: &'static str,
    pub text: fn(usize) -> String,
    pub size: usize,
}

const fn row(name: &'static str, file: &'static str, size: usize, text: fn(usize) -> String) -> Row {
    Row { name, file, text, size }
}

fn each(n: usize, separator: &str, part: impl Fn(usize) -> String) -> String {
    (0..n).map(part).collect::<Vec<_>>().join(separator)
}

fn policy(statements: &str) -> String {
    format!("{{\"Version\": \"2012-10-17\", \"Statement\": [\n{statements}\n]}}\n")
}

/// One statement with those members beside its effect.
fn statement(members: &str) -> String {
    policy(&format!("{{\"Effect\": \"Allow\", {members}}}"))
}

fn resource_policy(members: &str) -> String {
    statement(&format!("\"Principal\": {{\"AWS\": \"111122223333\"}}, {members}"))
}

fn trust(principals: &str) -> String {
    statement(&format!("\"Principal\": {{\"AWS\": [\n{principals}\n]}}, \"Action\": \"sts:AssumeRole\""))
}

fn task(members: &str) -> String {
    format!("{{\"family\": \"f\", {members}}}\n")
}

fn container(members: &str) -> String {
    task(&format!("\"containerDefinitions\": [{{\"name\": \"web\", \"image\": \"nginx:1.27\", {members}}}]"))
}

fn containers(n: usize, members: impl Fn(usize) -> String) -> String {
    let all =
        each(n, ",\n", |it| format!("{{\"name\": \"c{it}\", \"image\": \"nginx:1.27\", {}}}", members(it)));
    task(&format!("\"containerDefinitions\": [\n{all}\n]"))
}

fn template(resources: &str) -> String {
    format!("AWSTemplateFormatVersion: 2010-09-09\nResources:\n{resources}\n")
}

fn managed_policy(statements: &str) -> String {
    template(&format!(
        "  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n{statements}"
    ))
}

fn hcl(argument: &str) -> String {
    format!("resource \"aws_iam_policy\" \"p\" {{\n  policy = {argument}\n}}\n")
}

const SOUND: &str = "\"Action\": \"ecs:RunTask\", \"Resource\": \"*\"";

pub const ROWS: &[Row] = &[
    row("faulty statements", "policy.json", 300, |n| {
        policy(&each(n, ",\n", |it| {
            format!(
                "{{\"Sid\": \"S{it}\", \"Effect\": \"Allow\", \"Action\": \"ecs:RunTaks\", \"Resource\": \"arn:aws:ecs:*:*:task/a{it}\"}}"
            )
        }))
    }),
    row("the same Sid", "policy.json", 300, |n| {
        policy(&each(n, ",\n", |it| {
            format!(
                "{{\"Sid\": \"S\", \"Effect\": \"Allow\", \"Action\": \"ecs:RunTask\", \"Resource\": \"arn:aws:ecs:*:*:task-definition/a{it}\"}}"
            )
        }))
    }),
    row("statements of one line", "policy.json", 300, |n| {
        policy(&each(n, ", ", |it| format!("{{\"Sid\": \"S{it}\", \"Effect\": \"allow\", {SOUND}}}")))
    }),
    row("equal statements", "policy.json", 300, |n| {
        policy(&each(n, ",\n", |_| format!("{{\"Effect\": \"Allow\", {SOUND}}}")))
    }),
    row("containers", "task.json", 100, |n| {
        containers(n, |it| {
            format!("\"memory\": 64, \"portMappings\": [{{\"containerPort\": {}}}]", it % 60_000 + 1)
        })
    }),
    row("containers that wait for the next", "task.json", 100, |n| {
        containers(n, |it| {
            format!(
                "\"memory\": 64, \"dependsOn\": [{{\"containerName\": \"c{}\", \"condition\": \"HEALTHY\"}}]",
                (it + 1) % n
            )
        })
    }),
    row("containers that wait for the first and the next", "task.json", 100, |n| {
        containers(n, |it| {
            format!(
                "\"memory\": 64, \"dependsOn\": [{{\"containerName\": \"c0\", \"condition\": \"START\"}}, {{\"containerName\": \"c{}\", \"condition\": \"START\"}}]",
                (it + 1) % n
            )
        })
    }),
    row("containers that wait for none that is there", "task.json", 1000, |n| {
        containers(n, |it| {
            format!(
                "\"memory\": 64, \"dependsOn\": [{{\"containerName\": \"d{it}\", \"condition\": \"START\"}}]"
            )
        })
    }),
    row("containers of one name", "task.json", 100, |n| {
        task(&format!(
            "\"containerDefinitions\": [{}]",
            each(n, ",\n", |_| "{\"name\": \"c\", \"image\": \"nginx:1.27\"}".into())
        ))
    }),
    row("volumes that none mounts", "task.json", 500, |n| {
        task(&format!(
            "\"volumes\": [{}], \"containerDefinitions\": [{{\"name\": \"c\", \"image\": \"a:1\", \"mountPoints\": [{}]}}]",
            each(n, ",\n", |it| format!("{{\"name\": \"v{it}\"}}")),
            each(n, ",\n", |it| format!("{{\"sourceVolume\": \"w{it}\", \"containerPath\": \"/w{it}\"}}"))
        ))
    }),
    row("volumes of one name", "task.json", 500, |n| {
        task(&format!(
            "\"volumes\": [{}], \"containerDefinitions\": []",
            each(n, ",\n", |_| "{\"name\": \"v\"}".into())
        ))
    }),
    row("environment", "task.json", 500, |n| {
        container(&format!(
            "\"environment\": [{}]",
            each(n, ",\n", |it| format!("{{\"name\": \"A{}\", \"value\": 1}}", it / 2))
        ))
    }),
    row("ports", "task.json", 300, |n| {
        container(&format!(
            "\"portMappings\": [{}]",
            each(n, ",\n", |it| format!("{{\"containerPort\": {}, \"name\": \"P\"}}", it % 100))
        ))
    }),
    row("unknown fields of a container", "task.json", 200, |n| {
        container(&each(n, ",\n", |it| format!("\"nmae{it}\": 1")))
    }),
    row("condition values with wildcards", "policy.json", 1000, |n| {
        statement(&format!(
            "{SOUND}, \"Condition\": {{\"StringLike\": {{\"aws:PrincipalTag/a\": [{}]}}}}",
            each(n, ",\n", |it| format!("\"*-{it}-*\""))
        ))
    }),
    row("ranges of addresses", "policy.json", 1000, |n| {
        statement(&format!(
            "{SOUND}, \"Condition\": {{\"IpAddress\": {{\"aws:SourceIp\": [{}]}}}}",
            each(n, ",\n", |it| format!("\"10.{}.{}.0/24\"", it / 256 % 256, it % 256))
        ))
    }),
    row("condition values twice", "policy.json", 1000, |n| {
        statement(&format!(
            "{SOUND}, \"Condition\": {{\"StringEquals\": {{\"aws:PrincipalTag/a\": [{}]}}}}",
            each(n, ",\n", |it| format!("\"v{}\"", it / 2))
        ))
    }),
    row("condition keys", "policy.json", 300, |n| {
        statement(&format!(
            "{SOUND}, \"Condition\": {{\"StringEquals\": {{{}}}}}",
            each(n, ",\n", |it| format!("\"aws:PrincipalTag/a{it}\": \"b\""))
        ))
    }),
    row("condition operators", "policy.json", 200, |n| {
        statement(&format!(
            "{SOUND}, \"Condition\": {{{}}}",
            each(n, ",\n", |it| format!("\"StringEqual{it}\": {{\"aws:username\": \"b\"}}"))
        ))
    }),
    row("actions and resources", "policy.json", 1000, |n| {
        let services = ["ecs:RunTask", "s3:GetObject", "sqs:SendMessage", "sns:Publish", "kms:Decrypt"];
        statement(&format!(
            "\"Action\": [{}], \"Resource\": [{}]",
            each(n, ",\n", |it| format!("\"{}\"", services[it % 5])),
            each(n, ",\n", |it| format!("\"arn:aws:dynamodb:*:111122223333:table/t{it}\""))
        ))
    }),
    row("actions", "policy.json", 300, |n| {
        statement(&format!(
            "\"Action\": [{}], \"Resource\": \"*\"",
            each(n, ",\n", |it| format!("\"ecs:Run{it}\""))
        ))
    }),
    row("patterns of actions", "policy.json", 1000, |n| {
        statement(&format!(
            "\"Action\": [{}], \"Resource\": \"*\"",
            each(n, ",\n", |it| format!("\"ec2:*{it}*\""))
        ))
    }),
    row("resources with wildcards", "policy.json", 500, |n| {
        statement(&format!(
            "\"Action\": \"s3:GetObject\", \"Resource\": [{}]",
            each(n, ",\n", |it| format!("\"arn:aws:s3:::*-{it}/*\""))
        ))
    }),
    row("resources of growing length", "policy.json", 2000, |n| {
        statement(&format!(
            "\"Action\": \"s3:GetObject\", \"Resource\": [{}]",
            each(n, ",\n", |it| format!("\"arn:aws:s3:::{}*x{it}\"", "a".repeat(it % 200)))
        ))
    }),
    row("principals", "trust.json", 500, |n| {
        trust(&each(n, ",\n", |it| format!("\"arn:aws:iam::111122223333:role/r{it}\"")))
    }),
    row("sessions", "trust.json", 500, |n| {
        trust(&each(n, ",\n", |it| format!("\"arn:aws:sts::111122223333:assumed-role/r{it}/s\"")))
    }),
    row("the same member", "policy.json", 500, |n| statement(&each(n, ",\n", |_| SOUND.to_string()))),
    row("unknown elements", "policy.json", 300, |n| {
        statement(&each(n, ",\n", |it| format!("\"Efect{it}\": 1")))
    }),
    row("closers on one line", "policy.json", 5000, |n| {
        format!("{{\"Statement\": [{{\"Effect\": \"Allow\"}}{}", "]}".repeat(n))
    }),
    row("bare words on one line", "policy.json", 5000, |n| {
        format!("{{\"Statement\": [{{\"Effect\": \"Allow\"}}] {}}}", "abc ".repeat(n))
    }),
    row("openers on one line", "policy.json", 2000, |n| {
        format!("{{\"Statement\": [{{\"Effect\": \"Allow\"}}, {}", "{\"a\" ".repeat(n))
    }),
    row("bad escapes in one string", "policy.json", 5000, |n| {
        statement(&format!("\"Sid\": \"{}\", {SOUND}", "\\q".repeat(n)))
    }),
    row("line breaks in strings", "policy.json", 2000, |n| {
        statement(&format!("\"Sid\": \"{}\", {SOUND}", "a\n".repeat(n)))
    }),
    row("comments", "policy.json", 2000, |n| format!("{}{}", "// a\n".repeat(n), statement(SOUND))),
    row("placeholders of Fn::Sub", "template.yaml", 2000, |n| {
        managed_policy(&format!(
            "          - Effect: Allow\n            Action: s3:GetObject\n            Resource: !Sub 'arn:aws:s3:::{}'\n",
            "${A}".repeat(n)
        ))
    }),
    row("variables that are never closed", "policy.json", 2000, |n| {
        resource_policy(&format!(
            "\"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::{}\"",
            "${aws:a".repeat(n)
        ))
    }),
    row("bad variables", "policy.json", 500, |n| {
        resource_policy(&format!(
            "\"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::{}\"",
            "${aws:usrname}".repeat(n)
        ))
    }),
    row("openers of templates", "policy.json", 2000, |n| {
        resource_policy(&format!(
            "\"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::{}\"",
            "{{#{%{$($$$<[__".repeat(n)
        ))
    }),
    row("placeholders", "policy.json", 2000, |n| {
        resource_policy(&format!(
            "\"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::{}\"",
            "<A>${B}".repeat(n)
        ))
    }),
    row("stars", "policy.json", 2000, |n| {
        resource_policy(&format!(
            "\"Action\": \"s3:*{}\", \"Resource\": \"arn:aws:s3:::{}\"",
            "a*".repeat(n),
            "a*".repeat(n)
        ))
    }),
    row("faulty statements in YAML", "template.yaml", 200, |n| {
        managed_policy(&each(n, "", |it| {
            format!(
                "          - Sid: S{it}\n            Effect: Allow\n            Action: s3:GetObjekt\n            Resource: arn:aws:s3:::b{it}/*\n"
            )
        }))
    }),
    row("resources of a template in YAML", "template.yaml", 100, |n| {
        template(&each(n, "", |it| {
            format!(
                "  R{it}:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Statement:\n          - {{Effect: Allow, Action: 's3:GetObjekt', Resource: !Ref R{}}}\n",
                n - it - 1
            )
        }))
    }),
    row("resources of a template in JSON", "template.json", 100, |n| {
        format!(
            "{{\"Resources\": {{{}}}}}",
            each(n, ",\n", |it| format!(
                "\"R{it}\": {{\"Type\": \"AWS::IAM::ManagedPolicy\", \"Properties\": {{\"PolicyDocument\": {{\"Statement\": {{\"Effect\": \"Allow\", \"Action\": \"s3:GetObjekt\", \"Resource\": {{\"Ref\": \"R{}\"}}}}}}}}}}",
                n - it - 1
            ))
        )
    }),
    row("parameters of a template", "template.yaml", 300, |n| {
        format!(
            "Parameters:\n{}{}",
            each(n, "", |it| format!("  P{it}: {{Type: String, Default: s3:GetObjekt}}\n")),
            managed_policy(&format!(
                "          - Effect: Allow\n            Action: [{}]\n            Resource: '*'\n",
                each(n, ", ", |it| format!("!Ref P{it}"))
            ))
        )
    }),
    row("one parameter everywhere", "template.yaml", 300, |n| {
        format!(
            "Parameters:\n  P: {{Type: String, Default: {}}}\n{}",
            "a".repeat(n),
            managed_policy(&format!(
                "          - Effect: Allow\n            Action: [{}]\n            Resource: '*'\n",
                each(n, ", ", |_| "!Ref P".to_string())
            ))
        )
    }),
    row("functions in functions", "template.yaml", 4, |n| {
        let mut inside = "x".to_string();
        for _ in 0..n.min(60) {
            inside = format!("!Sub ['${{a}}${{a}}', {{a: {inside}}}]");
        }
        managed_policy(&format!(
            "          - Effect: Allow\n            Action: {inside}\n            Resource: '*'\n"
        ))
    }),
    row("aliases of aliases", "policy.yaml", 80, |n| {
        let levels = (1..n)
            .map(|it| format!("a{it}: &a{it} [{}]\n", vec![format!("*a{}", it - 1); 9].join(", ")))
            .collect::<String>();
        format!(
            "a0: &a0 [x, x, x, x, x, x, x, x, x]\n{levels}Version: '2012-10-17'\nStatement:\n  - {{Effect: Allow, Action: *a{}, Resource: '*'}}\n",
            n - 1
        )
    }),
    row("aliases", "policy.yaml", 500, |n| {
        format!(
            "a: &a [x]\nVersion: '2012-10-17'\nStatement:\n  - {{Effect: Allow, Action: 's3:*', Resource: [{}]}}\n",
            each(n, ", ", |_| "*a".to_string())
        )
    }),
    row("merged mappings", "policy.yaml", 500, |n| {
        format!(
            "{}Statement:\n  - <<: [{}]\n    Effect: Allow\n",
            each(n, "", |it| format!("m{it}: &m{it} {{k{it}: 1}}\n")),
            each(n, ", ", |it| format!("*m{it}"))
        )
    }),
    row("documents of a stream", "policies.yaml", 100, |n| {
        each(n, "", |it| {
            format!(
                "---\nVersion: '2012-10-17'\nStatement:\n  - {{Effect: Allow, Action: 's3:GetObjekt', Resource: 'arn:aws:s3:::b{it}/*'}}\n"
            )
        })
    }),
    row("brackets that close anywhere", "template.yaml", 500, |n| {
        managed_policy(&each(n, "", |it| {
            format!(
                "          - Effect: Allow\n            Action: [\n              s3:GetObject{it}\n          ]\n            Resource: '*'\n"
            )
        }))
    }),
    row("faulty statements in HCL", "main.tf", 200, |n| {
        hcl(&format!(
            "jsonencode({{ Statement = [\n{}\n] }})",
            each(n, ",\n", |it| format!(
                "{{ Effect = \"Allow\", Action = \"s3:GetObjekt\", Resource = \"arn:aws:s3:::b{it}/*\" }}"
            ))
        ))
    }),
    row("statements of a heredoc", "main.tf", 200, |n| {
        hcl(&format!(
            "<<EOF\n{}EOF",
            policy(&each(n, ",\n", |it| format!(
                "{{\"Effect\": \"Allow\", \"Action\": \"s3:GetObjekt\", \"Resource\": \"arn:aws:s3:::${{var.b}}{it}/*\"}}"
            )))
        ))
    }),
    row("blocks of statements", "main.tf", 200, |n| {
        format!(
            "data \"aws_iam_policy_document\" \"p\" {{\n{}}}\n",
            each(n, "", |it| format!(
                "  statement {{\n    actions = [\"s3:GetObjekt\"]\n    resources = [\"arn:aws:s3:::b{it}/*\"]\n  }}\n"
            ))
        )
    }),
    row("blocks of conditions", "main.tf", 200, |n| {
        format!(
            "data \"aws_iam_policy_document\" \"p\" {{\n  statement {{\n    actions = [\"s3:*\"]\n    resources = [\"*\"]\n{}  }}\n}}\n",
            each(n, "", |it| format!(
                "    condition {{\n      test = \"T{it}\"\n      variable = \"aws:a{it}\"\n      values = [\"b\"]\n    }}\n"
            ))
        )
    }),
    row("resources of a module", "main.tf", 100, |n| {
        each(n, "", |it| {
            format!(
                "resource \"aws_iam_policy\" \"p{it}\" {{\n  policy = data.aws_iam_policy_document.d.json\n}}\ndata \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    actions = [local.a{}]\n  }}\n}}\nlocals {{\n  a{it} = \"s3:GetObjekt\"\n}}\n",
                n - it - 1
            )
        })
    }),
    row("one local everywhere", "main.tf", 300, |n| {
        format!(
            "locals {{\n  a = \"{}\"\n}}\n{}",
            "a".repeat(n),
            hcl(&format!(
                "jsonencode({{ Statement = [{{ Effect = \"Allow\", Action = [{}], Resource = \"*\" }}] }})",
                each(n, ", ", |_| "local.a".to_string())
            ))
        )
    }),
    row("lines of the agent", "ecs.config", 300, |n| each(n, "\n", |it| format!("ECS_CLUSTR{it}=a"))),
    row("mappings of aws-auth", "aws-auth.yaml", 100, |n| {
        format!(
            "kind: ConfigMap\nmetadata: {{name: aws-auth}}\ndata:\n  mapRoles: |\n{}",
            each(n, "", |it| format!("    - rolearn: arn:aws:iam::1:role/r{it}\n      username: u\n"))
        )
    }),
    row("lines that are not whole", "template.yaml", 200, |n| {
        format!(
            "{}{}",
            managed_policy(&each(n, "", |it| format!(
                "          - Effect: Allow\n            Action: s3:GetObjekt{it}\n            Resource: '*'\n"
            ))),
            "  Acti\n".repeat(n)
        )
    }),
    row("small objects", "policy.json", 1000, |n| {
        format!(
            "{{\"Statement\": [{{\"Effect\": \"Allow\"}}], \"a\": [{}]}}",
            each(n, ",", |_| "{}".to_string())
        )
    }),
];
