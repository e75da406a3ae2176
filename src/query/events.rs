//! Events of CloudTrail that say that a call was refused, and no more than that.

use super::message::{Message, advise};
use crate::catalog;
use serde_json::Value;

/// Codes of refusals.
const CODES: [&str; 4] = ["AccessDenied", "UnauthorizedOperation", "NotAuthorized", "Forbidden"];

/// The most events that are looked at.
const MOST: usize = 10_000;

/// The refusals among the events of a text: one event, a list, `{"Records": […]}`, or one event a line. Those whose
/// message tells more are left to whoever reads messages.
pub(super) fn denied(text: &str) -> Vec<Message> {
    if !text.contains("\"eventName\"") {
        return Vec::new();
    }
    let values: Vec<Value> = match serde_json::from_str(text) {
        Ok(value) => vec![value],
        Err(_) => text.lines().take(MOST).filter_map(|line| serde_json::from_str(line.trim()).ok()).collect(),
    };
    let mut found: Vec<Message> = Vec::new();
    for value in &values {
        let all = match value {
            Value::Array(items) => items.as_slice(),
            other => other["Records"].as_array().map_or(std::slice::from_ref(other), Vec::as_slice),
        };
        for event in all.iter().take(MOST) {
            // Of Athena, EventBridge and others the event stands inside.
            let event = if event["detail"].is_object() { &event["detail"] } else { event };
            if let Some(message) = message(event).filter(|it| !found.contains(it)) {
                found.push(message);
            }
        }
    }
    found
}

fn message(event: &Value) -> Option<Message> {
    let code = event["errorCode"].as_str()?;
    if !CODES.iter().any(|known| code.contains(known)) {
        return None;
    }
    if event["errorMessage"].as_str().is_some_and(|it| it.contains("not authorized to perform:")) {
        return None;
    }
    let service = event["eventSource"].as_str()?.split('.').next()?;
    let operation = event["eventName"].as_str()?;
    // Versions of an operation are one action: `ListDistributions2020_05_31`.
    let name = operation
        .find("20")
        .filter(|at| operation[*at..].contains('_'))
        .map_or(operation, |at| &operation[..at]);
    let full = format!("{}:{name}", catalog::service(service).map_or(service, |it| it.prefix()));
    let action = match catalog::api_name(&full) {
        Some(Some(action)) => Some(action.to_string()),
        _ => Some(full).filter(|it| catalog::action(it).is_some()),
    };
    let identity = &event["userIdentity"];
    let principal = identity["arn"].as_str().or(identity["invokedBy"].as_str()).map(String::from);
    let resources = event["resources"].as_array().map_or(&[][..], Vec::as_slice);
    let mut arns = resources.iter().filter_map(|it| it["ARN"].as_str().or(it["arn"].as_str()));
    let resource = arns.next().filter(|_| arns.next().is_none()).map(String::from);
    let mut message = Message {
        understood: true,
        principal,
        action,
        resource,
        cause: "no-statement",
        operation: Some(operation.to_string()),
        ..Message::default()
    };
    advise(
        &mut message,
        event["errorMessage"].as_str().unwrap_or_default().contains("Encoded authorization"),
    );
    message.advice.push(
        "The event does not say whether a statement denies it or none allows it, and in which kind of policy: the answer to \
         the call itself says more."
            .to_string(),
    );
    Some(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_tell_who_and_what() {
        let event = |code: &str, message: &str| {
            format!(
                r#"{{"eventSource": "s3.amazonaws.com", "eventName": "HeadObject", "errorCode": "{code}", "errorMessage": "{message}",
                "userIdentity": {{"arn": "arn:aws:sts::111122223333:assumed-role/web/x"}}, "resources": [{{"ARN": "arn:aws:s3:::tide/a"}}]}}"#
            )
        };
        let found = denied(&format!("{{\"Records\": [{}]}}", event("AccessDenied", "Access Denied")));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].action.as_deref(), Some("s3:GetObject"));
        assert_eq!(found[0].resource.as_deref(), Some("arn:aws:s3:::tide/a"));
        assert_eq!(found[0].principal.as_deref(), Some("arn:aws:sts::111122223333:assumed-role/web/x"));
        assert!(denied(&event("NoSuchKey", "")).is_empty());
        assert!(
            denied(&event("AccessDenied", "User: x is not authorized to perform: s3:GetObject")).is_empty()
        );
        assert!(denied("\"eventName\" {").is_empty());
    }
}
