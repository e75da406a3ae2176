//! Values in task definitions: what an enumeration's value means, the parts of images, secrets and ARNs.

use super::{arn, task_field};
use crate::catalog::{self, FieldType};
use crate::host::placeholder;
use crate::host::value::Value;
use crate::ide::place::{Place, Step};
use crate::ide::{prose, task_shape};
use crate::model::{Arn, ImageName, TaskDefinition};
use std::fmt::Write;

/// About a value; about its field where there is no more to say.
pub(super) fn about(place: &Place<'_>, text: &str, offset: u32) -> Option<String> {
    let here = task_shape::at(place)?;
    let (shape, field) = here.field?;
    let special = match (shape.name, field.name) {
        ("ContainerDefinition", "image") => image(text),
        ("Secret", "valueFrom") => secret(text),
        ("ContainerDependency", "containerName")
        | ("ProxyConfiguration", "containerName")
        | ("VolumeFrom", "sourceContainer")
        | ("ContainerDefinition", "links") => container(place, text),
        ("MountPoint", "sourceVolume") => volume(place, text),
        ("KeyValuePair", "name") => here.outer.and_then(|(shape, field)| {
            let prose = prose::task_value(shape.name, field.name, text)?;
            Some(format!("**{text}** · property of the proxy\n\n{prose}"))
        }),
        _ if field.field_type == FieldType::Map => match place.path.last() {
            Some(Step::Member(option)) => task_field::option(place, &here, option, offset),
            _ => None,
        },
        _ => prose::task_value(shape.name, field.name, text).map(|prose| {
            format!(
                "**{text}** · value of `{}`\n\n{prose}\n\n{}",
                field.name,
                task_field::page(shape.name, field.name)
            )
        }),
    };
    special.or_else(|| arn::about(text, None)).or_else(|| task_field::of_value(place, &here))
}

/// The parts of an image's name.
fn image(text: &str) -> Option<String> {
    if text.trim().is_empty() {
        return None;
    }
    let image = ImageName::parse(text);
    let mut out = "**Container image**\n".to_string();
    match (image.registry, image.ecr()) {
        (_, Some(ecr)) => {
            let _ = write!(
                out,
                "\n* registry: Amazon ECR\n* account: `{}`\n* Region: `{}`",
                ecr.account, ecr.region
            );
        }
        (Some("public.ecr.aws"), None) => out.push_str("\n* registry: Amazon ECR Public, `public.ecr.aws`"),
        (Some(registry), None) => {
            let _ = write!(out, "\n* registry: `{registry}`");
        }
        (None, None) if !placeholder::find(text).is_empty() => {}
        (None, None) => out.push_str("\n* registry: Docker Hub"),
    }
    let _ = write!(out, "\n* repository: `{}`", image.repository);
    match (image.tag, image.digest) {
        (Some(tag), _) => {
            let _ = write!(out, "\n* tag: `{tag}`");
        }
        (None, None) if placeholder::find(text).is_empty() => out.push_str("\n* tag: none, so `latest`"),
        _ => {}
    }
    if let Some(digest) = image.digest {
        let _ = write!(out, "\n* digest: `{digest}`");
    }
    if image.ecr().is_some() {
        out.push_str("\n\nThe task execution role pulls it.");
    }
    let _ = write!(out, "\n\n{}", task_field::page("ContainerDefinition", "image"));
    Some(out)
}

/// The parts of what a secret's value comes from.
fn secret(text: &str) -> Option<String> {
    if text.trim().is_empty() {
        return None;
    }
    let page = task_field::page("Secret", "valueFrom");
    let Ok(arn) = Arn::parse(text) else {
        if text.contains(':') || !placeholder::find(text).is_empty() {
            return None;
        }
        return Some(format!(
            "**Parameter** of Parameter Store\n\n* name: `{text}`\n* Region and account: those of the task\n\n\
             The task execution role needs `ssm:GetParameters` on it.\n\n{page}"
        ));
    };
    let place = format!("\n* Region: `{}`\n* account: `{}`", arn.region, arn.account);
    match arn.service {
        "secretsmanager" => {
            let mut parts = arn.resource.strip_prefix("secret:")?.split(':');
            let name = parts.next()?;
            let mut out = "**Secret** of AWS Secrets Manager\n".to_string();
            match name.rsplit_once('-').filter(|(_, suffix)| is_suffix(suffix)) {
                Some((name, suffix)) => {
                    let _ = write!(out, "\n* name: `{name}`\n* random suffix: `{suffix}`");
                }
                None => {
                    let _ = write!(out, "\n* name: `{name}`");
                }
            }
            let mut part = |title: &str, absent: &str| {
                match parts.next().filter(|part| !part.is_empty()) {
                    Some(part) => {
                        let _ = write!(out, "\n* {title}: `{part}`");
                    }
                    None => {
                        let _ = write!(out, "\n* {title}: {absent}");
                    }
                };
            };
            part("JSON key", "none, the whole secret");
            part("version stage", "none, so `AWSCURRENT` unless an id is given");
            part("version id", "none");
            let _ = write!(
                out,
                "{place}\n\nThe task execution role needs `secretsmanager:GetSecretValue` on it.\n\n{page}"
            );
            Some(out)
        }
        "ssm" => {
            let name = arn.resource.strip_prefix("parameter")?;
            Some(format!(
                "**Parameter** of Parameter Store\n\n* name: `{}`{place}\n\n\
                 The task execution role needs `ssm:GetParameters` on it.\n\n{page}",
                // `parameter/web/token` is `/web/token`, `parameter/token` is `token`.
                if name.trim_start_matches('/').contains('/') { name } else { name.trim_start_matches('/') }
            ))
        }
        _ => None,
    }
}

/// What Secrets Manager puts behind a secret's name: six letters or digits.
fn is_suffix(text: &str) -> bool {
    text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The container of the task that a text names.
fn container(place: &Place<'_>, text: &str) -> Option<String> {
    let wanted = text.split(':').next()?;
    let task = TaskDefinition::of(&place.document)?;
    let (_, container) =
        task.containers().find(|(_, it)| it.name().is_some_and(|name| &*name.text == wanted))?;
    let mut out = format!("**{wanted}** · container of this task definition\n");
    if let Some(image) = container.image() {
        let _ = write!(out, "\n* image: `{}`", image.text);
    }
    let _ = write!(out, "\n* essential: {}", if container.is_essential() { "yes" } else { "no" });
    let checked = if container.object.has("healthCheck") { "yes" } else { "none" };
    let _ = write!(out, "\n* health check: {checked}");
    Some(out)
}

/// The volume of the task that a text names.
fn volume(place: &Place<'_>, text: &str) -> Option<String> {
    let head = place.document.object()?;
    let volume = head
        .items("volumes")
        .iter()
        .filter_map(Value::as_object)
        .find(|volume| volume.string("name").is_some_and(|name| &*name.text == text))?;
    let kind = catalog::exclusive_fields("Volume").iter().find(|field| volume.has(field));
    let prose = kind.and_then(|field| prose::task_field("Volume", field));
    let prose = prose.unwrap_or("A directory that lives as long as the task.");
    Some(format!("**{text}** · volume of this task definition\n\n{prose}"))
}
