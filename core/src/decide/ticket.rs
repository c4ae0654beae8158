use super::{
    documents, fields, notes,
    placement::{Placement, place},
    priority::priority,
    reference::{further_reference, reference},
    route::{Routing, route},
    status,
    wording::{Wording, presented},
};
use crate::{
    case::{Case, Visibility},
    catalog::{Catalog, Named},
    config::Route,
    decision::{Decision, Parties, PlannedField, PlannedNote, TicketPlan},
    error::{Code, Error, Fault, Result},
    quirks::LengthUnit,
    settings::Settings,
    store::records::{SentDocument, SentNote},
    template::{Problem, Template},
    text::{cut_by, length_by, lines, single_line},
};
use serde_json::{Map, Value, json};
use std::{collections::BTreeMap, sync::Arc};

/// The ticket that a case makes: every field with its reason.
///
/// # Errors
/// A case without a route, or whose severity, status or mapped values have no place in the configuration; a name in the
/// configuration that the catalog does not have. All faults at once.
pub(crate) fn ticket(
    settings: &Settings,
    catalog: &Catalog,
    parties: &Parties,
    case: &Arc<Case>,
) -> Result<TicketPlan> {
    plan(settings, catalog, parties, case, None)
}

/// The ticket with which a case goes on after an earlier one that stays closed: it names that one, and carries only what
/// of the case's history the earlier ones do not hold.
///
/// # Errors
/// As [`ticket`].
pub(crate) fn further_ticket(
    settings: &Settings,
    catalog: &Catalog,
    parties: &Parties,
    case: &Arc<Case>,
    earlier: &Earlier<'_>,
) -> Result<TicketPlan> {
    plan(settings, catalog, parties, case, Some(earlier))
}

/// What a case's further ticket follows.
#[derive(Debug)]
pub(crate) struct Earlier<'a> {
    /// How many tickets the case has had.
    pub(crate) tickets: usize,
    /// Names the last of them, and says why it stays closed.
    pub(crate) line: &'a str,
    /// The comments that these hold, by id.
    pub(crate) notes: &'a BTreeMap<String, SentNote>,
    /// The attachments that these hold, by id.
    pub(crate) documents: &'a BTreeMap<String, SentDocument>,
}

fn plan(
    settings: &Settings,
    catalog: &Catalog,
    parties: &Parties,
    case: &Arc<Case>,
    earlier: Option<&Earlier<'_>>,
) -> Result<TicketPlan> {
    match route(settings, case) {
        Routing::To(route, index) => {
            let on = OnRoute { route, index };
            plan_on(settings, catalog, parties, case, &on, earlier)
        }
        Routing::Ignored(decision) => Err(no_ticket(&decision.reason)),
        Routing::Nowhere(reason) => Err(no_ticket(&reason)),
    }
}

/// The route that takes a case, and its place in the configuration.
#[derive(Debug)]
pub(crate) struct OnRoute<'a> {
    pub(crate) route: Decision<&'a Route>,
    pub(crate) index: usize,
}

/// The ticket that a case makes on the route that takes it.
///
/// # Errors
/// As [`ticket`].
pub(crate) fn ticket_on(
    settings: &Settings,
    catalog: &Catalog,
    parties: &Parties,
    case: &Arc<Case>,
    on: &OnRoute<'_>,
) -> Result<TicketPlan> {
    plan_on(settings, catalog, parties, case, on, None)
}

fn plan_on(
    settings: &Settings,
    catalog: &Catalog,
    parties: &Parties,
    case: &Arc<Case>,
    on: &OnRoute<'_>,
    earlier: Option<&Earlier<'_>>,
) -> Result<TicketPlan> {
    let OnRoute {
        route: decision,
        index,
    } = on;
    let at = format_args!("/routes/{index}");
    let triple = decision.value.triple(case.kind.as_deref());
    let placement = place(catalog, decision.value, at, &triple)
        .map_err(|faults| Error::refused("the configuration", faults))?;

    let mut faults = Vec::new();
    let mut plan = Plan::default();
    let history = case;
    let case = &presented(settings, history);
    plan.text(settings, catalog.length_unit, case, &mut faults);
    plan.placement(&placement, &decision.reason, decision.value);
    if let Err(fault) = status::check(settings, &placement.board.name, &case.status) {
        faults.push(fault);
    }
    plan.parties(parties);
    match priority(settings, catalog, decision.value, at, case) {
        Ok(priority) => plan.refer(
            "priority",
            priority.value.id,
            &priority.value.name,
            &priority.reason,
        ),
        Err(fault) => faults.push(fault),
    }
    plan.levels(settings, decision.value);
    let (mut mapped, custom) = fields::mapped(settings, catalog, case, &mut faults);
    mapped.retain(|field| !plan.sets(&field.field));
    plan.fields.extend(mapped);
    let reference = match earlier {
        None => reference(settings.config(), &case.id),
        Some(earlier) => further_reference(settings.config(), &case.id, earlier.tickets),
    };
    plan.set(
        "externalXRef",
        Value::from(reference.value.clone()),
        reference.reason,
    );
    let mut notes = notes::notes(settings, history);
    let held = |id: &str| earlier.is_some_and(|earlier| earlier.documents.contains_key(id));
    let attachments = history.attachments.iter();
    let attachments = attachments.filter(|attachment| !held(&attachment.id));
    let (documents, refused) = documents::documents(settings, history, attachments);
    let mut left_out = notes::left_out(settings, history);
    left_out.extend(refused);
    if let Some(earlier) = earlier {
        notes.retain(|note| !earlier.notes.contains_key(&note.comment));
    }
    let line = earlier.map(|earlier| earlier.line);
    let first_comment = plan.first_notes(settings, case, line, &mut notes, &mut faults);
    plan.fields.extend(custom);
    if !faults.is_empty() {
        return Err(Error::refused("the case", faults));
    }
    Ok(TicketPlan {
        route: decision.value.name.clone(),
        reference: reference.value,
        fields: plan.fields,
        notes,
        first_comment,
        configuration: parties.configuration.clone(),
        documents,
        left_out,
    })
}

impl TicketPlan {
    /// The body of the create request (`POST /service/tickets`), its fields in the plan's order.
    #[must_use]
    pub fn body(&self) -> Vec<u8> {
        let fields = self.fields.iter();
        let texts = fields.filter_map(|field| field.value.as_str());
        let mut body = Vec::with_capacity(texts.map(str::len).sum::<usize>() + 1024);
        body.push(b'{');
        for (index, field) in self.fields.iter().enumerate() {
            if index > 0 {
                body.push(b',');
            }
            write_text(&field.field, &mut body);
            body.push(b':');
            match &field.value {
                Value::String(text) => write_text(text, &mut body),
                value => write_value(value, &mut body),
            }
        }
        body.push(b'}');
        body
    }

    /// The body as a JSON value.
    #[must_use]
    pub fn value(&self) -> Value {
        let fields = self.fields.iter();
        Value::Object(
            fields
                .map(|field| (field.field.clone(), field.value.clone()))
                .collect::<Map<_, _>>(),
        )
    }

    /// A field of the create request, by ConnectWise's name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&PlannedField> {
        self.fields.iter().find(|field| field.field == name)
    }
}

/// Writes a text as JSON, line by line: nearly all of a body is lines with nothing in them to escape.
fn write_text(text: &str, body: &mut Vec<u8>) {
    // All of a line is looked at, which takes the processor less time than to stop at a sign.
    let is_bare = |line: &str| {
        line.bytes().fold(true, |bare, sign| {
            bare & matches!(sign, b' '..=b'~') & (sign != b'"') & (sign != b'\\')
        })
    };
    body.push(b'"');
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            body.extend_from_slice(b"\\n");
        }
        if is_bare(line) {
            body.extend_from_slice(line.as_bytes());
        } else {
            let quoted = body.len();
            write_value(&Value::from(line), body);
            body.remove(quoted);
            body.pop();
        }
    }
    body.push(b'"');
}

fn write_value(value: &Value, body: &mut Vec<u8>) {
    // A value is written to memory: nothing of it can fail.
    let _ = serde_json::to_writer(body, value);
}

/// ConnectWise's limit for a summary (API.md section 7).
pub(crate) const SUMMARY: usize = 100;

#[derive(Default)]
struct Plan {
    fields: Vec<PlannedField>,
}

impl Plan {
    fn set(&mut self, field: &str, value: Value, reason: impl Into<String>) {
        self.fields.push(PlannedField {
            field: field.to_owned(),
            value,
            shown: None,
            reason: reason.into(),
        });
    }

    fn refer(&mut self, field: &str, id: u32, name: &str, reason: &str) {
        self.fields.push(PlannedField {
            field: field.to_owned(),
            value: json!({ "id": id }),
            shown: Some(name.to_owned()),
            reason: reason.to_owned(),
        });
    }

    fn text(
        &mut self,
        settings: &Settings,
        unit: LengthUnit,
        case: &Arc<Case>,
        faults: &mut Vec<Fault>,
    ) {
        let Some(text) = render(&settings.texts.summary, case, "summary", faults) else {
            return;
        };
        let mut wording = Wording::new(settings);
        let line = single_line(&wording.redacted(text.as_str()));
        let (line, reason) = if line.is_empty() {
            (
                single_line(&wording.redacted(case.title.as_str())),
                "the case's title; the template makes nothing",
            )
        } else {
            (line, "template")
        };
        let reason = if length_by(unit, &line) > SUMMARY {
            format!("{reason}, cut at {SUMMARY} characters")
        } else {
            reason.to_owned()
        };
        let reason = wording.reason(&reason);
        self.set("summary", Value::from(cut_by(unit, &line, SUMMARY)), reason);
    }

    fn placement(&mut self, placement: &Placement<'_>, reason: &str, route: &Route) {
        self.refer("board", placement.board.id, &placement.board.name, reason);
        if let Some(status) = placement.created {
            let reason = match route.status.created {
                Some(_) => ["the route '", &route.name, "' sets it for new tickets"].concat(),
                None => "the board's default for new tickets".to_owned(),
            };
            self.refer("status", status.id, &status.name, &reason);
        }
        let by_route: [(&str, Option<&Named>); 5] = [
            ("type", placement.kind),
            ("subType", placement.subtype),
            ("item", placement.item),
            ("team", placement.team),
            ("source", placement.source),
        ];
        let reason = ["the route '", &route.name, "' sets it"].concat();
        for (field, record) in by_route {
            if let Some(record) = record {
                self.refer(field, record.id, &record.name, &reason);
            }
        }
    }

    fn parties(&mut self, parties: &Parties) {
        let company = &parties.company;
        self.refer(
            "company",
            company.value.id.0,
            &company.value.name,
            &company.reason,
        );
        if let Some(contact) = &parties.contact {
            self.refer(
                "contact",
                contact.value.id.0,
                &contact.value.name,
                &contact.reason,
            );
        }
    }

    fn levels(&mut self, settings: &Settings, route: &Route) {
        for (field, of_route, of_all) in [
            ("impact", route.impact, &settings.texts.impact),
            ("severity", route.severity, &settings.texts.severity),
        ] {
            match (of_route, of_all) {
                (Some(level), _) => {
                    let reason = format!("the route '{}' sets it", route.name);
                    self.set(field, Value::from(level.name()), reason);
                }
                (None, Some(value)) => self.set(field, value.clone(), "by configuration"),
                (None, None) => {}
            }
        }
    }

    fn sets(&self, field: &str) -> bool {
        self.fields.iter().any(|planned| planned.field == field)
    }

    /// Fills the texts that ConnectWise turns into a ticket's first notes. Where no template makes one, the first comment of
    /// that kind takes its place and leaves the list of notes.
    fn first_notes(
        &mut self,
        settings: &Settings,
        case: &Arc<Case>,
        earlier: Option<&str>,
        notes: &mut Vec<PlannedNote>,
        faults: &mut Vec<Fault>,
    ) -> Option<String> {
        let texts = &settings.texts;
        let mut first_comment = None;
        let both = [
            (
                "initialDescription",
                "initial_description",
                &texts.initial_description,
                Visibility::Discussion,
            ),
            (
                "initialInternalAnalysis",
                "initial_internal_analysis",
                &texts.initial_internal_analysis,
                Visibility::Internal,
            ),
        ];
        for (field, key, template, kind) in both {
            let mut wording = Wording::new(settings);
            let rendered = template
                .as_ref()
                .and_then(|template| failed(wording.template(template, case), key, faults))
                .map(lines)
                .filter(|text| !text.is_empty());
            if let Some(line) = earlier.filter(|_| kind == Visibility::Internal) {
                let text = match rendered {
                    Some(text) => format!("{line}\n\n{text}"),
                    None => line.to_owned(),
                };
                self.set(
                    field,
                    Value::from(text),
                    wording.reason("it names the case's earlier ticket"),
                );
                continue;
            }
            if let Some(text) = rendered {
                self.set(field, Value::from(text), wording.reason("template"));
                continue;
            }
            // One comment at most, and only the oldest: the order of notes must stay that of the comments.
            if first_comment.is_none() && notes.first().is_some_and(|note| note.kind == kind) {
                let note = notes.remove(0);
                self.set(
                    field,
                    Value::from(note.text),
                    format!("comment '{}': {}", note.comment, note.reason),
                );
                first_comment = Some(note.comment);
            }
        }
        first_comment
    }
}

fn render(
    template: &Template,
    case: &Arc<Case>,
    key: &str,
    faults: &mut Vec<Fault>,
) -> Option<String> {
    failed(template.render(case), key, faults)
}

fn failed(
    rendered: std::result::Result<String, Problem>,
    key: &str,
    faults: &mut Vec<Fault>,
) -> Option<String> {
    rendered
        .map_err(|problem| {
            faults.push(Fault::new(
                Code::InvalidTemplate,
                format!("/ticket/{key}"),
                problem.message,
                problem.fix,
            ));
        })
        .ok()
}

fn no_ticket(reason: &str) -> Error {
    Error::refused(
        "the case",
        vec![Fault::new(
            Code::InvalidInput,
            "",
            format!("the case makes no ticket: {reason}"),
            "Add a last route without 'when' to the configuration, or leave the case out",
        )],
    )
}

#[cfg(test)]
pub(crate) mod tests;
