use super::{Finding, Severity};
use crate::{
    config::WhenLong,
    decide::{SUMMARY, ticket_fields::Holds},
    error::Code,
    settings::{Settings, Target, ValueSource},
    template::{Template, sample},
    text::{length, single_line},
};

/// Templates whose fixed text alone fills their field, so that nothing of the case can be read there.
pub(crate) fn check(settings: &Settings, findings: &mut Vec<Finding>) {
    if let Some(length) = least(&settings.texts.summary).filter(|length| *length > SUMMARY) {
        findings.push(Finding::new(
            Severity::Warning,
            Code::TextCut,
            Some("/ticket/summary".to_owned()),
            format!(
                "even the case that says least makes a summary of {length} characters, and a ticket's has {SUMMARY}: every \
                 summary is cut"
            ),
            "Shorten the template's fixed text",
        ));
    }
    for mapping in &settings.fields {
        let (Target::Field(field), ValueSource::Template(template)) =
            (&mapping.target, &mapping.source)
        else {
            continue;
        };
        let Holds::Text(limit) = field.holds else {
            continue;
        };
        let Some(length) = least(template).filter(|length| *length > limit) else {
            continue;
        };
        let (severity, consequence) = match mapping.when_long {
            WhenLong::Cut => (Severity::Warning, "every value is cut"),
            WhenLong::Refuse => (Severity::Error, "every case is refused"),
        };
        findings.push(Finding::new(
            severity,
            Code::TextCut,
            Some(format!("/ticket/fields/{}/template", mapping.index)),
            format!(
                "even the case that says least makes {length} characters, and the field '{}' has {limit}: {consequence}",
                field.name
            ),
            "Shorten the template's fixed text",
        ));
    }
}

/// Length of what the template makes of the case that says least.
fn least(template: &Template) -> Option<usize> {
    let [_, least] = sample::cases();
    let text = template.render(&least).ok()?;
    Some(length(&single_line(&text)))
}
