use crate::catalog::{self, Family, ValueType};
use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::host::value::Value;
use crate::model::{Arn, PolicyContext, Statement};
use crate::rules::Rule;

declare_rule! {
    /// Finds conditions on the key that encrypts something, compared with what is no ARN of a key: an alias,
    /// a key's bare id, an ARN of something else.
    ///
    /// Whatever the request names, its alias or its id, the condition key holds the ARN of the key. Compared
    /// with anything else, the condition does not match.
    ///
    /// ```json
    /// { "StringEquals": { "s3:x-amz-server-side-encryption-aws-kms-key-id": "alias/web" } }
    /// ```
    ///
    /// Write `arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab`, the key's own ARN.
    ///
    /// See "Condition keys for Amazon S3" in the Service Authorization Reference.
    pub InvalidKmsKeyValue {
        id: "invalid-kms-key-value",
        group: Policy,
        severity: Warning,
        confidence: High,
        level: Default,
        summary: "a condition on a KMS key compares with no ARN of a key",
        sources: ["access-analyzer/INVALID_KMS_KEY_VALUE"],
        fix: None,
        since: "0.1.0",
    }
}

impl Rule for InvalidKmsKeyValue {
    fn check_statement(&self, statement: Statement<'_>, _policy: &PolicyContext, acc: &mut Findings) {
        for condition in statement.condition_keys() {
            if condition.key.has_unknown() || !is_of_key(&condition.key.text) {
                continue;
            }
            let family = catalog::parse_operator(&condition.operator.text).map(|it| it.base.family);
            if !matches!(family, Some(Family::String | Family::Arn)) {
                continue;
            }
            for value in condition.values().iter().filter_map(Value::as_string) {
                let text = &*value.text;
                let is_open = value.has_unknown() || text.contains("${") || text.starts_with(['*', '?']);
                if is_open || text.is_empty() {
                    continue;
                }
                let found = match Arn::parse(text) {
                    Ok(arn) if arn.service == "kms" && arn.resource.starts_with("alias/") => "an alias",
                    Ok(arn) if arn.service == "kms" || arn.service.contains(['*', '?']) => continue,
                    Ok(_) => "an ARN of something else",
                    // What an ARN lacks, other rules say.
                    Err(_) if text.starts_with("arn:") || family == Some(Family::Arn) => continue,
                    Err(_) if text.starts_with("alias/") => "an alias",
                    Err(_) => "no ARN",
                };
                acc.report(value.content_span(), format!("`{text}` is {found}; `{}` holds the ARN of a key", condition.key.text))
                    .note("The condition never matches it, whatever the request names. Write the key's own ARN, `arn:aws:kms:Region:account:key/id`.");
            }
        }
    }
}

/// Whether a condition key holds the ARN of a KMS key.
fn is_of_key(name: &str) -> bool {
    // Looking one up costs more than a look at its name.
    let lower = name.to_ascii_lowercase();
    let Some((service, own)) = lower.split_once(':') else { return false };
    service != "kms"
        && own.contains("kms")
        && own.contains("key")
        && catalog::condition_key(name).is_some_and(|key| key.value_type() == ValueType::Arn)
}
