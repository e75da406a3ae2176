//! Inputs that refer to a task definition: services, and tasks to run or to start.

use crate::catalog::{self, Shape};
use crate::host::value::{Object, StringValue, Value};
use crate::host::{Document, DocumentKind, Naming};
use crate::text::Span;

/// A view of a service, or of a task to run.
#[derive(Debug, Clone, Copy)]
pub struct ServiceInput<'a> {
    pub document: &'a Document,
    pub input: &'a Object,
}

/// The operation that takes the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    CreateService,
    UpdateService,
    RunTask,
    StartTask,
}

impl<'a> ServiceInput<'a> {
    /// `None` where the document is none.
    pub fn of(document: &'a Document) -> Option<ServiceInput<'a>> {
        let input = document.object().filter(|_| document.kind == DocumentKind::Service)?;
        Some(ServiceInput { document, input })
    }

    pub fn operation(&self) -> Operation {
        if self.document.naming != Naming::Aws {
            return Operation::CreateService;
        }
        if self.input.has("containerInstances") {
            Operation::StartTask
        } else if self.input.has("service") {
            Operation::UpdateService
        } else if self.has_field_of_services() {
            Operation::CreateService
        } else {
            Operation::RunTask
        }
    }

    /// Whether there is a field that services have and tasks to run have not.
    fn has_field_of_services(&self) -> bool {
        let (service, task) = (Operation::CreateService.shape(), Operation::RunTask.shape());
        let has = |shape: Option<&Shape>, name: &str| shape.is_some_and(|shape| shape.field(name).is_some());
        self.input
            .members
            .iter()
            .map(|member| &*member.name.text)
            .any(|it| has(service, it) && !has(task, it))
    }

    /// Its structure. The names in it are those of the file only where [`ServiceInput::json_shape`] gives it,
    /// too.
    pub fn shape(&self) -> Option<&'static Shape> {
        self.operation().shape()
    }

    /// Its structure where it is written as the API takes it; templates and modules are checked against their
    /// own by others.
    pub fn json_shape(&self) -> Option<&'static Shape> {
        self.shape().filter(|_| self.document.naming == Naming::Aws)
    }

    /// Whether it is a skeleton, of which nothing is filled in yet.
    pub fn is_skeleton(&self) -> bool {
        self.input.string("serviceName").is_some_and(|name| name.text.is_empty())
    }

    /// The launch type, where one is written and known.
    pub fn launch_type(&self) -> Option<&'a StringValue> {
        self.input.known("launchType")
    }

    /// Where it says that it runs on Fargate, and on nothing else.
    pub fn fargate(&self) -> Option<Span> {
        if let Some(launch_type) = self.launch_type() {
            return (&*launch_type.text == "FARGATE").then(|| launch_type.content_span());
        }
        let mut providers = self.input.objects("capacityProviderStrategy").peekable();
        let first = providers.peek()?.known("capacityProvider")?;
        let is_fargate = |text: &StringValue| matches!(&*text.text, "FARGATE" | "FARGATE_SPOT");
        providers
            .all(|item| item.known("capacityProvider").is_some_and(is_fargate))
            .then(|| first.content_span())
    }

    /// The scheduling strategy `DAEMON`, where it has that.
    pub fn daemon(&self) -> Option<&'a StringValue> {
        self.input.known("schedulingStrategy").filter(|it| &*it.text == "DAEMON")
    }

    /// The type of its deployment controller, where one is written.
    pub fn controller(&self) -> Option<&'a StringValue> {
        self.input.object("deploymentController")?.known("type")
    }

    /// A number of the deployment configuration: `maximumPercent`.
    pub fn percent(&self, field: &str) -> Option<(i64, Span)> {
        let value = self.input.object("deploymentConfiguration")?.get(field)?;
        Some((value.whole_number()?, value.span()))
    }

    /// Whether it has load balancers, or may have some.
    pub fn may_have_load_balancers(&self) -> bool {
        let is_empty = |value: &Value| match value {
            Value::Null(_) => true,
            other => other.as_array().is_some_and(|array| array.items.is_empty()),
        };
        self.input.get("loadBalancers").is_some_and(|value| !is_empty(value))
    }
}

impl Operation {
    pub fn shape(self) -> Option<&'static Shape> {
        catalog::input_shape(match self {
            Operation::CreateService => "CreateService",
            Operation::UpdateService => "UpdateService",
            Operation::RunTask => "RunTask",
            Operation::StartTask => "StartTask",
        })
    }

    /// Whether what is left out stays as it is.
    pub fn keeps(self) -> bool {
        self == Operation::UpdateService
    }
}
