use crate::{
    config::TicketText,
    decide::ticket_fields::{self, Misfit},
    error::{Code, Fault},
    template::{Problem, Template},
};
use serde_json::Value;

/// The templates of a ticket.
#[derive(Debug)]
pub(crate) struct Texts {
    pub(crate) summary: Template,
    pub(crate) initial_description: Option<Template>,
    pub(crate) initial_internal_analysis: Option<Template>,
    /// As ConnectWise writes it.
    pub(crate) impact: Option<Value>,
    /// As ConnectWise writes it.
    pub(crate) severity: Option<Value>,
}

/// Compiles the templates; `None` where the summary has a fault.
pub(super) fn compile(ticket: &TicketText, faults: &mut Vec<Fault>) -> Option<Texts> {
    if ticket.summary.trim().is_empty() {
        faults.push(Fault::new(
            Code::InvalidValue,
            "/ticket/summary",
            "a ticket needs a summary",
            "Write a template such as Case #{{ case.number }} - {{ case.title }}",
        ));
    }
    let summary = template(&ticket.summary, "/ticket/summary", faults);
    let optional = |source: &Option<String>, key: &str, faults: &mut Vec<Fault>| {
        source
            .as_ref()
            .filter(|source| !source.trim().is_empty())
            .and_then(|source| marked_template(source, &format!("/ticket/{key}"), faults))
    };
    let initial_description = optional(&ticket.initial_description, "initial_description", faults);
    let initial_internal_analysis = optional(
        &ticket.initial_internal_analysis,
        "initial_internal_analysis",
        faults,
    );
    let impact = level("impact", ticket.impact.as_ref(), faults);
    let severity = level("severity", ticket.severity.as_ref(), faults);
    Some(Texts {
        summary: summary?,
        initial_description,
        initial_internal_analysis,
        impact,
        severity,
    })
}

/// Compiles one template.
pub(super) fn template(source: &str, place: &str, faults: &mut Vec<Fault>) -> Option<Template> {
    compiled(Template::compile(source), place, faults)
}

/// Compiles one template of a note.
pub(super) fn marked_template(
    source: &str,
    place: &str,
    faults: &mut Vec<Fault>,
) -> Option<Template> {
    compiled(Template::compile_marked(source), place, faults)
}

fn compiled(
    template: Result<Template, Problem>,
    place: &str,
    faults: &mut Vec<Fault>,
) -> Option<Template> {
    template
        .map_err(|problem| {
            faults.push(Fault::new(
                Code::InvalidTemplate,
                place,
                problem.message,
                problem.fix,
            ));
        })
        .ok()
}

fn level(name: &str, given: Option<&String>, faults: &mut Vec<Fault>) -> Option<Value> {
    let field = ticket_fields::field(name)?;
    match field.holds.fit(&Value::from(given?.as_str())) {
        Ok(Some(value)) => Some(value),
        Ok(None) => {
            faults.push(Fault::new(
                Code::InvalidValue,
                format!("/ticket/{name}"),
                "a value is empty here",
                "Write Low, Medium or High, or remove the key",
            ));
            None
        }
        Err(misfit) => {
            faults.push(misfit.fault(&format!("/ticket/{name}")));
            None
        }
    }
}

impl Misfit {
    /// The misfit as a fault at a place.
    pub(crate) fn fault(self, place: &str) -> Fault {
        match self {
            Self::TooLong { limit } => Fault::new(
                Code::TooLong,
                place,
                format!("the value is longer than {limit} characters"),
                format!("Shorten it to {limit} characters"),
            ),
            Self::Wrong { message, fix } => Fault::new(Code::InvalidValue, place, message, fix),
        }
    }
}
