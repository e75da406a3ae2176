//! Which role a service account of Kubernetes needs on Amazon EKS, and who may assume it: by a web identity (IRSA), or
//! by EKS Pod Identity.

use super::NoAnswer;
use super::roles::{Granted, NeededRole, Roles, Where};
use crate::catalog::{self, Arn, is_account_id};
use crate::host::resource::{Content, Resource};
use serde_json::{Value, json};

/// A service account, by the names in its manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountName {
    pub name: String,
    /// `None` where whoever applies the manifest chooses.
    pub namespace: Option<String>,
    /// The role that it is annotated with.
    pub role_arn: Option<String>,
}

/// The service account among some resources that fits a fragment: `NAME` or `NAMESPACE/NAME`. `None` where there is
/// none at all.
pub fn select_account(
    file: &str,
    resources: &[Resource],
    fragment: Option<&str>,
) -> Result<Option<AccountName>, NoAnswer> {
    let known = |item: Option<&Content>| {
        item.and_then(Content::text)
            .filter(|it| !it.is_empty() && !it.contains(['{', '$', '<']))
            .map(String::from)
    };
    let accounts: Vec<AccountName> = resources
        .iter()
        .filter(|resource| &*resource.resource_type == "service-account")
        .filter_map(|resource| {
            let metadata = resource.body.get("metadata")?;
            let annotations = metadata.get("annotations");
            Some(AccountName {
                name: known(metadata.get("name"))?,
                namespace: known(metadata.get("namespace")),
                role_arn: annotations.and_then(|it| known(it.get("eks.amazonaws.com/role-arn"))),
            })
        })
        .collect();
    if accounts.is_empty() {
        return Ok(None);
    }
    let full = |account: &AccountName| match &account.namespace {
        Some(namespace) => format!("{namespace}/{}", account.name),
        None => account.name.clone(),
    };
    let is_meant = |account: &&AccountName| {
        fragment.is_none_or(|wanted| account.name == wanted || full(account) == wanted)
    };
    let found: Vec<&AccountName> = accounts.iter().filter(is_meant).collect();
    match found[..] {
        [only] => Ok(Some(only.clone())),
        _ => {
            let list: Vec<String> = accounts.iter().map(|it| format!("{file}#{}", full(it))).collect();
            let what = match fragment {
                Some(fragment) => format!("no single service account of {file} is called `{fragment}`"),
                None => format!("{file} holds several service accounts: name one"),
            };
            Err(NoAnswer(format!("{what} ({})", list.join(", "))))
        }
    }
}

impl Roles {
    /// The roles of a service account. What its pods call with their own code no manifest tells.
    pub fn of_account(account: &AccountName, place: &Where) -> Roles {
        let mut notes = Vec::new();
        let told = account.role_arn.as_deref().and_then(|arn| Arn::parse(arn).ok());
        let told_account = told.map(|arn| arn.account).filter(|it| is_account_id(it)).map(String::from);
        let mut known = |value: Option<String>, placeholder: &str, what: &str, flag: &str| {
            value.unwrap_or_else(|| {
                notes.push(format!("{what} is not known: `{placeholder}` stands for it ({flag})"));
                placeholder.to_string()
            })
        };
        let id = known(place.account.clone().or(told_account), "<ACCOUNT>", "the account", "--account");
        let region = known(place.region.clone(), "<REGION>", "the Region", "--region");
        let issuer = place
            .issuer
            .as_deref()
            .map(|it| it.trim_start_matches("https://").trim_end_matches('/').to_string());
        let issuer = issuer.unwrap_or_else(|| {
            notes.push(
                "the cluster's OIDC issuer is not known: `<CLUSTER_ID>` stands for what it ends in (--oidc-issuer; `aws eks \
                 describe-cluster --query cluster.identity.oidc.issuer` prints it)"
                    .to_string(),
            );
            format!("oidc.eks.{region}.{}/id/<CLUSTER_ID>", domain(&region))
        });
        let namespace = account.namespace.clone().unwrap_or_else(|| {
            notes.push("the manifest names no namespace: `default` is taken".to_string());
            "default".to_string()
        });
        let partition = catalog::partition_of_region(&region).unwrap_or("aws");
        let name = told
            .and_then(|arn| arn.resource.strip_prefix("role/"))
            .map_or_else(|| format!("{namespace}-{}", account.name), String::from);
        let role_arn = match &account.role_arn {
            Some(arn) if arn.starts_with("arn:") => arn.clone(),
            _ => format!("arn:{partition}:iam::{id}:role/{name}"),
        };
        let cluster = format!("arn:{partition}:eks:{region}:{id}:cluster/*");
        let statement = |statement: Value| json!({ "Version": "2012-10-17", "Statement": [statement] });
        let by_web_identity = statement(json!({
            "Effect": "Allow",
            "Principal": { "Federated": format!("arn:{partition}:iam::{id}:oidc-provider/{issuer}") },
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": { "StringEquals": {
                format!("{issuer}:sub"): format!("system:serviceaccount:{namespace}:{}", account.name),
                format!("{issuer}:aud"): "sts.amazonaws.com",
            } },
        }));
        let service = catalog::role_kinds()
            .iter()
            .find(|kind| kind.name == "EKS Pod Identity role")
            .map_or("", |kind| kind.principal);
        let by_pod_identity = statement(json!({
            "Effect": "Allow",
            "Principal": { "Service": service },
            "Action": ["sts:AssumeRole", "sts:TagSession"],
            "Condition": {
                "ArnLike": { "aws:SourceArn": cluster },
                "StringEquals": {
                    "aws:SourceAccount": id,
                    "aws:RequestTag/kubernetes-namespace": namespace,
                    "aws:RequestTag/kubernetes-service-account": account.name,
                },
            },
        }));
        let role = |trust: Value| NeededRole {
            name: name.clone(),
            is_needed: true,
            trust: Some(trust),
            ..NeededRole::default()
        };
        let passed = json!({ "StringEquals": { "iam:PassedToService": service } });
        let deployer = NeededRole {
            name: format!("{}-deployer", account.name),
            is_needed: true,
            statements: [
                Granted::of("associate-pod-identity", vec![cluster], None),
                Granted::of("read-pod-identity-role", vec![role_arn.clone()], None),
                Granted::of("pass-pod-identity-role", vec![role_arn], Some(passed)),
            ]
            .into_iter()
            .flatten()
            .collect(),
            ..NeededRole::default()
        };
        notes.push(
            "one of the two trust policies is needed: `irsa` where the account is annotated with the role, `podIdentity` where an \
             association of EKS Pod Identity hands it out; the deployer's policy is for the association"
                .to_string(),
        );
        notes.push(
            "what the pods call with their own code no manifest tells: the role has no permissions of its own yet".to_string(),
        );
        Roles {
            family: account.name.clone(),
            roles: vec![
                ("irsa", role(by_web_identity)),
                ("podIdentity", role(by_pod_identity)),
                ("deployer", deployer),
            ],
            notes,
        }
    }
}

/// What the names of services end in there.
fn domain(region: &str) -> &'static str {
    if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" }
}
