//! One message of AWS, as far as it is understood, and what to do about it.

use super::ProjectView;
use super::mend::{Change, Mended, RefusedRequest, mend};
use crate::catalog::{self, Arn};
use crate::host::DocumentKind;
use crate::rules;
use serde_json::{Value, json};
use std::fmt::Write as _;

pub(super) const ENCODED: &str = "The details are encoded. Somebody who may `sts:DecodeAuthorizationMessage` reads them with `aws sts decode-authorization-message --encoded-message … --query DecodedMessage --output text`: it names the action, the resource, and whether a statement denied it.";
/// One message, as far as it is understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    pub understood: bool,
    pub principal: Option<String>,
    pub action: Option<String>,
    pub resource: Option<String>,
    /// `no-statement`, `explicit-deny`, `trust`, `pass-role`, `service`, `invalid-document`, `network`, `unknown`.
    pub cause: &'static str,
    /// `identity`, `resource`, `boundary`, `session`, `scp`, `rcp`, `endpoint`.
    pub policy: Option<&'static str>,
    /// The policy that denies it, where the message names it.
    pub policy_arn: Option<String>,
    /// The API operation that was called.
    pub operation: Option<String>,
    pub rules: Vec<&'static str>,
    /// What it means, and what to do, in sentences.
    pub advice: Vec<String>,
    /// A statement that would grant what was refused.
    pub statement: Option<Value>,
    /// What of the project would have to change.
    pub changes: Vec<Change>,
}

impl Message {
    pub(super) fn look_around(&mut self, view: &ProjectView<'_>) {
        let by = match self.policy {
            None | Some("identity") => DocumentKind::Identity,
            Some("boundary") => DocumentKind::Boundary,
            _ => return,
        };
        let (Some(principal), Some(action), Some(resource), Some(statement)) =
            (&self.principal, &self.action, &self.resource, &self.statement)
        else {
            return;
        };
        let passed = statement["Condition"]["StringEquals"]["iam:PassedToService"].as_str();
        let context: Vec<(&str, &str)> = passed.map(|it| ("iam:PassedToService", it)).into_iter().collect();
        let refused = RefusedRequest { principal, action, resource, context: &context, statement, by };
        match mend(view, &refused) {
            Ok(Mended::Changed(change)) => self.changes.push(change),
            Ok(Mended::Not(why)) => self.advice.push(sentence(&why)),
            Ok(Mended::Unknown) => {}
            Err(why) => self.advice.push(sentence(&format!("the project could not be asked: {why}"))),
        }
    }

    pub(super) fn json(&self) -> Value {
        let mut value = json!({
            "understood": self.understood,
            "principal": self.principal,
            "action": self.action,
            "resource": self.resource,
            "cause": self.cause,
            "policy": self.policy,
            "rules": self.rules,
            "changes": self.changes.iter().map(Change::json).collect::<Vec<_>>(),
        });
        if let Some(members) = value.as_object_mut() {
            let more = [
                ("policyArn", self.policy_arn.clone().map(Value::from)),
                ("operation", self.operation.clone().map(Value::from)),
                ("statement", self.statement.clone()),
                ("advice", (!self.advice.is_empty()).then(|| json!(self.advice))),
            ];
            members.extend(more.into_iter().filter_map(|(name, value)| Some((name.to_string(), value?))));
        }
        value
    }

    pub(super) fn text(&self, out: &mut String) {
        if !self.understood {
            out.push_str(
                "Not understood: nothing here reads like a refusal or an error of AWS that passrole knows.\n",
            );
            return;
        }
        let line = |out: &mut String, name: &str, value: &Option<String>| {
            if let Some(value) = value {
                let _ = writeln!(out, "{name:<10}{value}");
            }
        };
        line(out, "Who:", &self.principal);
        line(out, "What:", &self.action);
        line(out, "On:", &self.resource);
        line(out, "Call:", &self.operation);
        let policy = self.policy.map_or(String::new(), |policy| format!(" ({policy})"));
        let _ = writeln!(out, "{:<10}{}{policy}", "Cause:", self.cause);
        for advice in &self.advice {
            let _ = writeln!(out, "  {advice}");
        }
        if !self.rules.is_empty() {
            let _ = writeln!(out, "{:<10}{}", "Rules:", self.rules.join(", "));
        }
        if let Some(statement) = &self.statement {
            let _ = writeln!(
                out,
                "A statement that would grant it (it adds access, and the denial may be intended):"
            );
            for line in format!("{statement:#}").lines() {
                let _ = writeln!(out, "  {line}");
            }
        }
        for change in &self.changes {
            let _ = writeln!(
                out,
                "What would change in {} (it adds access, and the denial may be intended; passrole changes nothing by \
                 itself):",
                change.path
            );
            for line in change.difference.lines() {
                let _ = writeln!(out, "  {line}");
            }
        }
    }
}

/// What to do, and which rule finds it beforehand.
pub(super) fn advise(message: &mut Message, encoded: bool) {
    let action = message.action.clone().unwrap_or_else(|| "the action".to_string());
    let policy = message.policy;
    let kind = match policy {
        Some("identity") => "an identity policy (of the user, of its groups, or of the role)",
        Some("resource") => "the resource's own policy",
        Some("boundary") => "the permissions boundary",
        Some("session") => "the session policy (given when the session was started)",
        Some("scp") => "a service control policy of the organisation",
        Some("rcp") => "a resource control policy of the organisation",
        Some("endpoint") => "the policy of the VPC endpoint that the request went through",
        _ => "a policy",
    };
    match message.cause {
        "explicit-deny" => {
            message.advice.push(format!(
                "A statement with the effect Deny in {kind} refuses it{}. No Allow anywhere helps: the statement itself has to change, or its condition has to let the request through. The denial may be intended.",
                message.policy_arn.as_ref().map_or(String::new(), |arn| format!(" ({arn})")),
            ));
        }
        "pass-role" => {
            message.rules.extend(["role-not-passed", "missing-pass-role"]);
            message.advice.push(
                "Whoever hands a role to a service needs iam:PassRole on that role: on its exact ARN, best with the condition `iam:PassedToService` of that service. It is a permission of the caller, not of the role.".to_string(),
            );
        }
        "trust" => {
            message.rules.extend(["wrong-service-principal", "trust-condition-never-met"]);
            message.advice.push(match &*action.to_ascii_lowercase() {
                "sts:assumerolewithwebidentity" | "sts:assumerolewithsaml" => "The role's trust policy does not admit this token: it has to name the provider as `Federated`, and its conditions (`…:sub`, `…:aud`) have to fit what the token says. Compare them with the token's subject: repository, branch or environment, namespace and service account.".to_string(),
                "sts:tagsession" => "The role's trust policy has to allow sts:TagSession as well.".to_string(),
                _ => "Two sides have to allow it: the role's trust policy names the caller (or its account), and, where it names the account or stands in another one, the caller has sts:AssumeRole on the role.".to_string(),
            });
        }
        _ => {
            message.advice.push(match policy {
                Some("boundary" | "session" | "scp") => format!("No statement of {kind} allows it. That is a limit: {action} has to be allowed there as well as in an identity policy."),
                Some("endpoint") => format!("{kind} does not allow it: look at the endpoint's policy, not at the role's."),
                Some("resource") => format!("No statement of {kind} allows it. Across accounts both sides have to: the resource's policy and the caller's."),
                _ => format!("No statement allows it in {kind}."),
            });
        }
    }
    if encoded {
        message.advice.push(ENCODED.to_string());
    }
    message.rules.retain(|id| rules::by_id(id).is_some());
    let grants = matches!(message.cause, "no-statement" | "pass-role")
        && matches!(policy, None | Some("identity" | "boundary" | "session" | "scp"));
    let is_whole = |text: &String| {
        text == "*" || Arn::parse(text).is_ok_and(|arn| !arn.resource.contains(['<', ' ', '…']))
    };
    if let (true, Some(action), Some(resource)) =
        (grants, &message.action, message.resource.as_ref().filter(|it| is_whole(it)))
    {
        let mut statement = json!({ "Effect": "Allow", "Action": action, "Resource": resource });
        if message.cause == "pass-role" {
            statement["Condition"] =
                json!({ "StringEquals": { "iam:PassedToService": "ecs-tasks.amazonaws.com" } });
        }
        message.statement = Some(statement);
    }
    if let Some(action) = &message.action
        && catalog::action(action).is_none()
        && catalog::service(action.split(':').next().unwrap_or_default()).is_some()
    {
        message.advice.push(format!("passrole does not know the action {action}."));
    }
}

/// A capital letter and a full stop around words.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", letters.as_str())
}
