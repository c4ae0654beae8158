use super::{
    case_contact::case_contact,
    case_mappings::CaseMappings,
    catch_all::count_catch_all,
    complete_ticket::complete_ticket,
    exactly_once::Payload,
    storm::shared,
    work::{Interrupt, Work},
};
use crate::{
    case::{Case, Visibility},
    command::CaseResult,
    company::{Company, CompanyId, CompanyKey, ConfigurationKey},
    config::UnmappedPolicy,
    decide::{self, CompanyChoice, Routing},
    decision::{Decision, Parties, TicketPlan},
    delivery::Event,
    digest,
    error::{Code, Error},
    quirks::Quirks,
    service::tickets::Ticket,
    store::records::{Action, Link, NoteContent, OpeningNote, SentNote, Written},
    system::members::own_identifier,
};
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc};

/// What stands for a comment's id with the note that names earlier tickets.
const CORRELATION: &str = "casewire: earlier tickets";

/// What came of a case without a ticket.
pub(crate) enum Opening {
    Opened,
    /// Its group has no company yet.
    Held(String),
    /// Its route makes no ticket.
    Ignored(String),
    /// It shares another's, or a window keeps it back.
    Shared(CaseResult, String),
}

/// Opens a ticket for a case (guide 000 section 9.1).
pub(crate) async fn open_ticket(
    work: &mut Work<'_>,
    case: &Arc<Case>,
) -> Result<Opening, Interrupt> {
    let route = match decide::route(&work.env.settings, case) {
        Routing::Ignored(route) => {
            let reason = route.reason;
            work.decide("ignore", Some(&route.value.name), &reason);
            work.drop_case().await?;
            return Ok(Opening::Ignored(reason));
        }
        Routing::To(route, _) => {
            let name = route.value.name.clone();
            work.decide("route", Some(&name), &route.reason);
            name
        }
        Routing::Nowhere(reason) => {
            work.decide("route", None, &reason);
            String::new()
        }
    };
    let mappings = CaseMappings::read(work.cx, work.env, case).await?;
    let (key, catches_all) = match decide::company_key(&work.env.settings, case, mappings.group()) {
        CompanyChoice::Mapped(key) => (key, false),
        CompanyChoice::CatchAll(key) => (key, true),
        CompanyChoice::LeftOut(reason) => {
            work.decide("ignore", None, &reason);
            work.drop_case().await?;
            return Ok(Opening::Ignored(reason));
        }
        CompanyChoice::Unmapped {
            policy: UnmappedPolicy::Refuse,
            reason,
        } => {
            work.decide("refuse", None, &reason);
            work.drop_case().await?;
            return Err(Error::new(Code::UnmappedGroup, reason).into());
        }
        CompanyChoice::Unmapped { reason, .. } => {
            work.hold(case, &reason, mappings.unmapped()).await?;
            return Ok(Opening::Held(reason));
        }
    };
    if let Some((result, reason)) = shared(work, case, &route).await? {
        return Ok(Opening::Shared(result, reason));
    }
    let company = company(work, key).await?;
    let catch_all = catches_all.then(|| company.value.name.clone());
    let catalog = work.env.catalog(work.cx).await?;
    let mut parties = parties(work, case, company, &mappings).await?;
    if let Err(error) = contact(work, case, &mut parties).await {
        if error
            .faults
            .iter()
            .any(|fault| fault.code == Code::UnknownContact)
        {
            work.decide("refuse", None, &error.to_string());
            work.drop_case().await?;
        }
        return Err(error.into());
    }
    let quirks = work.env.quirks(work.cx).await?;
    let plan = decide::ticket(&work.env.settings, &catalog, &parties, case)?.written_for(&quirks);
    decide_plan(work, &plan);
    let action = Action::CreateTicket {
        reference: plan.reference.clone(),
        comment: first_comment(work, case, &plan, &quirks),
        openings: openings(&plan),
        written: written(&plan, case),
    };
    work.perform(action, Payload::Ticket(plan.body().into()))
        .await?;
    if let Some(company) = catch_all
        && let Err(error) = count_catch_all(work.cx, work.env, &company).await
    {
        work.warn(error);
    }
    complete_ticket(work, case, parties.configuration.as_ref()).await?;
    Ok(Opening::Opened)
}

async fn company(
    work: &Work<'_>,
    key: Decision<CompanyKey>,
) -> Result<Decision<Company>, Interrupt> {
    let company = work.env.company(work.cx, &key.value).await?;
    Ok(Decision::new(company, key.reason))
}

/// The device configuration within the company.
pub(super) async fn parties(
    work: &mut Work<'_>,
    case: &Case,
    company: Decision<Company>,
    mappings: &CaseMappings,
) -> Result<Parties, Interrupt> {
    let mut configuration = None;
    if let Some(Decision { value: key, reason }) =
        decide::configuration_key(&work.env.settings, case, mappings.system())
    {
        configuration = device(work, &company.value, &key)
            .await?
            .map(|found| Decision::new(found, reason));
    }
    Ok(Parties {
        company,
        contact: None,
        configuration,
    })
}

/// The contact within the company; what a person should know of the choice is told with the outcome.
pub(super) async fn contact(
    work: &mut Work<'_>,
    case: &Case,
    parties: &mut Parties,
) -> Result<(), Error> {
    let choice = case_contact(work.cx, work.env, case, &parties.company.value).await?;
    parties.contact = choice.contact;
    if let Some(warning) = choice.warning {
        work.warn(warning);
    }
    Ok(())
}

/// The device configuration; a ticket is opened without it where it cannot be found, and the host is told.
async fn device(
    work: &mut Work<'_>,
    company: &Company,
    key: &ConfigurationKey,
) -> Result<Option<crate::company::Configuration>, Interrupt> {
    match work.env.configuration(work.cx, company.id, key).await {
        Ok(configuration) => Ok(Some(configuration)),
        Err(error) if error.code == Code::UnusableConfiguration => {
            work.warn(error);
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// Keeps what was decided for a ticket. Texts of the case are left out; why they are what they are is not.
pub(super) fn decide_plan(work: &mut Work<'_>, plan: &TicketPlan) {
    for field in &plan.fields {
        let words = match &field.value {
            Value::Object(_) => field
                .shown
                .clone()
                .unwrap_or_else(|| field.value.to_string()),
            Value::String(word) if WORDS.contains(&field.field.as_str()) => word.clone(),
            _ => String::new(),
        };
        let value = (!words.is_empty()).then_some(words.as_str());
        work.decide(&field.field, value, &field.reason);
    }
    if let Some(configuration) = &plan.configuration {
        let name = &configuration.value.name;
        work.decide("configuration", Some(name), &configuration.reason);
    }
    for left_out in &plan.left_out {
        work.decide("left_out", Some(&left_out.id), &left_out.reason);
    }
}

/// Fields whose texts are words of ConnectWise or of casewire.
const WORDS: [&str; 3] = ["severity", "impact", "externalXRef"];

/// The comment that the create request carries.
pub(super) fn first_comment(
    work: &Work<'_>,
    case: &Case,
    plan: &TicketPlan,
    quirks: &Quirks,
) -> Option<NoteContent> {
    let id = plan.first_comment.as_ref()?;
    let comment = case.comments.iter().find(|comment| comment.id == *id)?;
    let note = decide::note(&work.env.settings, comment)?;
    Some(note.written_for(quirks).into())
}

/// The notes that the create request makes without a comment behind them.
pub(super) fn openings(plan: &TicketPlan) -> Vec<OpeningNote> {
    [
        ("initialDescription", Visibility::Discussion),
        ("initialInternalAnalysis", Visibility::Internal),
    ]
    .into_iter()
    .filter(|(_, kind)| *kind != Visibility::Internal || plan.first_comment.is_none())
    .filter_map(|(field, kind)| {
        let text = plan.field(field)?.value.as_str()?;
        Some(OpeningNote {
            kind,
            digest: digest::of_words(text),
            note: None,
        })
    })
    .collect()
}

/// What of the case the ticket holds once the plan was carried out.
pub(super) fn written(plan: &TicketPlan, case: &Case) -> Written {
    let id = |field: &str| {
        let value = &plan.field(field)?.value;
        value
            .get("id")?
            .as_u64()
            .and_then(|id| u32::try_from(id).ok())
    };
    Written {
        case_status: case.status.clone(),
        case_severity: case.severity.clone(),
        over: false,
        status: id("status"),
        priority: id("priority"),
        summary: plan
            .field("summary")
            .and_then(|field| field.value.as_str())
            .unwrap_or_default()
            .to_owned(),
        route: plan.route.clone(),
        deliveries: 0,
        close_reason: None,
    }
}

impl Work<'_> {
    /// Binds the case to the ticket that was made for it, and tells the host. What an earlier ticket of the case holds is not
    /// written a second time.
    pub(super) fn bind(
        &mut self,
        reference: &str,
        comment: Option<&NoteContent>,
        openings: &[OpeningNote],
        written: &Written,
        ticket: &Ticket,
    ) {
        // One that is gone holds nothing any more.
        let earlier = self.link().filter(|link| link.gone.is_none()).cloned();
        let owed = self.ticket_of_key(ticket.id).map(|text| NoteContent {
            comment: CORRELATION.to_owned(),
            kind: Visibility::Internal,
            text,
        });
        let mut notes = BTreeMap::new();
        let mut documents = BTreeMap::new();
        let mut former = Vec::new();
        if let Some(earlier) = earlier {
            notes = earlier.notes;
            for sent in notes.values_mut() {
                // It is on the other ticket, and accounts for no note of this one.
                sent.note.get_or_insert_default();
            }
            documents = earlier.documents;
            former = earlier.former;
            former.push(earlier.ticket);
        }
        if let Some(note) = comment {
            let sent = SentNote {
                note: None,
                digest: digest::of_words(&note.text),
            };
            notes.insert(note.comment.clone(), sent);
        }
        self.set_link(Link {
            case_id: self.case_id().to_owned(),
            ticket: ticket.id,
            reference: reference.to_owned(),
            board: ticket.board_name().to_owned(),
            company: CompanyId(Ticket::id_of(ticket.company.as_ref()).unwrap_or_default()),
            company_name: ticket.company_name().to_owned(),
            status: ticket.status_name().to_owned(),
            closed: ticket.closed_flag,
            member: ticket
                .info
                .as_ref()
                .and_then(own_identifier)
                .map(str::to_owned),
            written: written.clone(),
            adopted: false,
            case_digest: String::new(),
            notes,
            documents,
            openings: openings.to_vec(),
            uploads: BTreeMap::new(),
            configurations: Vec::new(),
            gone: None,
            reopened: 0,
            former,
            // Their ids go on where those about the earlier ticket ended.
            deliveries: self.link().map_or(0, |link| link.deliveries),
            joined: None,
            owed,
            about: None,
        });
        self.know(ticket);
        self.tell(Event::TicketCreated);
        for reason in self.missing_configurations() {
            self.tell(Event::SystemMappingFailed { reason });
        }
    }
}
