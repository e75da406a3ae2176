use crate::declare_rule;
use crate::diagnostic::Findings;
use crate::graph::Neighbours;
use crate::model::ServiceInput;
use crate::rules::Rule;

declare_rule! {
    /// Finds services whose name ECS does not take.
    ///
    /// A name has up to 255 letters, digits, hyphens and underscores. ECS refuses dots, slashes and blanks.
    ///
    /// See "CreateService" in the Amazon ECS API Reference.
    pub InvalidServiceName {
        id: "invalid-service-name",
        group: Service,
        reads: [Service],
        on: [Service],
        cases: ["characters", "length"],
        severity: Error,
        confidence: High,
        level: Default,
        summary: "the service has a name that ECS does not take",
        sources: ["cdk-preflight/pf-ecs-service-name"],
        fix: None,
        since: "0.2.0",
        service_messages: ["Service name contains invalid characters"],
    }
}

/// In characters. From "CreateService" in the Amazon ECS API Reference.
const LONGEST: usize = 255;

impl Rule for InvalidServiceName {
    fn check_service(&self, service: ServiceInput<'_>, _: &Neighbours, acc: &mut Findings) {
        let Some(name) = service.input.known("serviceName") else {
            return;
        };
        let wrong =
            name.text.char_indices().find(|(_, char)| !char.is_ascii_alphanumeric() && !"-_".contains(*char));
        if let Some((at, char)) = wrong {
            let shown = if char.is_control() { char.escape_default().to_string() } else { char.to_string() };
            acc.report(
                name.part(at..at + char.len_utf8()),
                format!("the name of a service has no `{shown}`"),
            )
            .case("characters")
            .note("It has letters, digits, hyphens and underscores. ECS refuses the service.");
        } else if name.text.len() > LONGEST {
            acc.report(
                name.content_span(),
                format!("the name of a service has at most {LONGEST} characters, not {}", name.text.len()),
            )
            .case("length")
            .note("ECS refuses the service.");
        }
    }
}
