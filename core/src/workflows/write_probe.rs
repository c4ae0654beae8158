//! The write probe (row E7): a test ticket on the board of each route, with a note and a text attachment, changed and closed.

use super::trial::{Ending, Leftovers, Trial};
use crate::{
    api::{Patch, Performed, WriteFailure, WriteResult},
    case::Visibility,
    catalog::Catalog,
    command::WriteProbe,
    company::{Company, CompanyKey},
    config::Route,
    decide::{self, place},
    environment::Environment,
    error::{Code, Error, Result},
    preflight::{Finding, Severity, TestState, TestStep, TestStepKind, TestTicket},
    runtime::Context,
    service::{
        notes::{self, Notifications},
        tickets::{self, Ticket},
    },
    system::{documents, members::own_identifier},
};
use serde_json::{Map, Value, json};

const SUMMARY: &str = "casewire test ticket, please ignore";
const NOTE: &str =
    "casewire tests its rights with this ticket and closes it again. Nothing has to be done.";
const FILE: &str = "A test attachment of casewire.\n";

/// What a write probe found.
#[derive(Default)]
pub(crate) struct WriteProbed {
    pub(crate) tickets: Vec<TestTicket>,
    pub(crate) findings: Vec<Finding>,
    /// Identifier of the API member, as ConnectWise wrote it on a ticket.
    pub(crate) member: Option<String>,
}

/// Tries the routes one after the other: the first, or every one that makes tickets.
///
/// # Errors
///
/// What the store came to; whatever ConnectWise refuses is a finding.
pub(crate) async fn write_probe(
    cx: &Context,
    env: &Environment,
    catalog: &Catalog,
    probe: &WriteProbe,
) -> Result<WriteProbed> {
    let _turn = cx.lock("test tickets").await;
    let mut probed = WriteProbed::default();
    let config = env.settings.config();
    let key = probe
        .company
        .as_ref()
        .or(config.companies.unmapped.company.as_ref())
        .or(config.companies.map.first().map(|mapping| &mapping.company));
    let company = match company(cx, env, key).await {
        Ok(company) => company,
        Err(error) => {
            probed.findings.push(Finding::new(
                Severity::Warning,
                Code::NotChecked,
                None,
                format!("no test ticket was opened: {}", error.message),
                "Name the company that test tickets are to be opened for",
            ));
            return Ok(probed);
        }
    };
    let routes = config.routes.iter().enumerate();
    let routes = routes.filter(|(_, route)| !route.ignore);
    let wanted = if probe.every_route { usize::MAX } else { 1 };
    for (index, route) in routes.take(wanted) {
        let mut run = Run {
            route,
            pointer: format!("/routes/{index}"),
            steps: Vec::new(),
            ticket: None,
            member: None,
        };
        run.run(cx, env, catalog, &company, index).await?;
        probed.findings.extend(run.findings());
        probed.member = probed.member.or(run.member);
        probed.tickets.push(TestTicket {
            route: route.name.clone(),
            pointer: run.pointer,
            ticket_id: run.ticket.map(|ticket| ticket.id),
            steps: run.steps,
        });
    }
    Ok(probed)
}

async fn company(cx: &Context, env: &Environment, key: Option<&CompanyKey>) -> Result<Company> {
    let key = key.ok_or_else(|| {
        let message = "the configuration names no company, and no other was given";
        Error::new(Code::UnusableCompany, message)
    })?;
    env.company(cx, key).await
}

struct Run<'a> {
    route: &'a Route,
    pointer: String,
    steps: Vec<TestStep>,
    ticket: Option<Ticket>,
    member: Option<String>,
}

impl Run<'_> {
    async fn run(
        &mut self,
        cx: &Context,
        env: &Environment,
        catalog: &Catalog,
        company: &Company,
        index: usize,
    ) -> Result<()> {
        let begun = Trial::begin(cx, env, &format!("route-{index}"), Ending::Closed).await;
        let mut trial = match begun {
            Ok((trial, leftovers)) => {
                self.cleaned(&leftovers);
                if !leftovers.remaining.is_empty() {
                    return Ok(());
                }
                trial
            }
            Err(error) if is_of_the_store(&error) => return Err(error),
            Err(error) => {
                self.failed(TestStepKind::CleanUp, WriteFailure::not_performed(error));
                return Ok(());
            }
        };
        let body = match body(env, catalog, company, self.route, &self.pointer) {
            Ok(body) => body,
            Err(why) => {
                self.step(TestStepKind::Open, TestState::Skipped, why);
                return Ok(());
            }
        };
        let ticket = match trial.open(body).await {
            Ok(ticket) => ticket,
            Err(failure) if is_of_the_store(&failure.error) => return Err(failure.error),
            Err(failure) => {
                self.failed(TestStepKind::Open, failure);
                return Ok(());
            }
        };
        self.step(
            TestStepKind::Open,
            TestState::Done,
            format!("ticket {} on board '{}'", ticket.id, ticket.board_name()),
        );
        self.member = ticket
            .info
            .as_ref()
            .and_then(own_identifier)
            .map(str::to_owned);
        self.fill(&trial, &ticket).await;
        if self
            .steps
            .iter()
            .any(|step| step.state == TestState::Unclear)
        {
            trial.note_unclear();
        }
        self.ticket = Some(ticket);
        match trial.end().await {
            Ok(_) => self.step(TestStepKind::Close, TestState::Done, "it is closed"),
            Err(error) if is_of_the_store(&error) => return Err(error),
            Err(error) => self.failed(TestStepKind::Close, WriteFailure::not_performed(error)),
        }
        Ok(())
    }

    /// Note, attachment and change; none waits for the success of another.
    async fn fill(&mut self, trial: &Trial<'_>, ticket: &Ticket) {
        let (cx, api) = (trial.cx, &trial.env.api);
        let note = notes::create(
            cx,
            api,
            ticket.id,
            Visibility::Internal,
            NOTE,
            Notifications::Suppressed,
            trial.not_after(),
        );
        self.told(TestStepKind::Note, note.await.map(|_| "an internal note"));
        let title = "casewire test attachment";
        let file = documents::upload_text(cx, api, ticket.id, title, FILE, None, trial.not_after());
        let attached = file.await.map(|_| "a text file");
        let refused = attached.is_err();
        self.told(TestStepKind::Attach, attached);
        // After a lost answer it is looked for among the ticket's documents.
        if !refused && let Err(error) = documents::list(cx, api, ticket.id).await {
            self.failed(TestStepKind::Attach, WriteFailure::not_performed(error));
        }
        let mut patch = Patch::new().replace("summary", json!(format!("{SUMMARY} (changed)")));
        if let Some(status) = &self.route.status.updated {
            patch = patch.replace("status", json!({ "name": status }));
        }
        let change = tickets::patch(cx, api, ticket.id, &patch, trial.not_after());
        self.told(TestStepKind::Change, change.await.map(|_| "the summary"));
    }

    fn cleaned(&mut self, leftovers: &Leftovers) {
        if let Some((_, error)) = leftovers.remaining.first() {
            let failure = WriteFailure::not_performed(error.clone());
            self.failed(TestStepKind::CleanUp, failure);
        } else if !leftovers.ended.is_empty() {
            let ended: Vec<String> = leftovers.ended.iter().map(ToString::to_string).collect();
            let message = format!("an earlier test left {}; closed now", ended.join(", "));
            self.step(TestStepKind::CleanUp, TestState::Done, message);
        }
    }

    fn step(&mut self, step: TestStepKind, state: TestState, message: impl Into<String>) {
        self.steps.push(TestStep {
            step,
            state,
            message: message.into(),
            right: None,
        });
    }

    fn told(&mut self, step: TestStepKind, result: WriteResult<&str>) {
        match result {
            Ok(what) => self.step(step, TestState::Done, what),
            Err(failure) => self.failed(step, failure),
        }
    }

    fn failed(&mut self, step: TestStepKind, failure: WriteFailure) {
        let refused = failure.performed == Performed::No && !failure.error.retry;
        let forbidden = failure.error.http_status == Some(403);
        self.steps.push(TestStep {
            step,
            state: if refused {
                TestState::Refused
            } else {
                TestState::Unclear
            },
            message: failure.error.message,
            right: forbidden.then(|| right(step).to_owned()),
        });
    }

    fn findings(&self) -> impl Iterator<Item = Finding> {
        self.steps
            .iter()
            .filter(|step| !matches!(step.state, TestState::Done))
            .map(|step| self.finding(step))
    }

    fn finding(&self, step: &TestStep) -> Finding {
        let left = matches!(step.step, TestStepKind::Close | TestStepKind::CleanUp);
        let (severity, code) = match (step.state, &step.right) {
            (_, Some(_)) => (Severity::Error, Code::MissingRight),
            (TestState::Skipped, None) => (Severity::Warning, Code::NotChecked),
            _ if left => (Severity::Error, Code::TestTicketLeft),
            (TestState::Refused, None) => (Severity::Error, Code::TestStepRefused),
            _ => (Severity::Warning, Code::TestStepUnclear),
        };
        let fix = match &step.right {
            Some(right) => format!("In System > Security Roles set {right} to All"),
            None if left => {
                "Close the ticket in ConnectWise, or mend the cause and test again: the next test closes it".to_owned()
            }
            None if step.state == TestState::Refused => {
                "Change the board's rules, or the route, so that ConnectWise takes it".to_owned()
            }
            None => "Test again".to_owned(),
        };
        let what = match step.step {
            TestStepKind::CleanUp => "closing what an earlier test left",
            TestStepKind::Open => "opening a test ticket",
            TestStepKind::Note => "adding an internal note to the test ticket",
            TestStepKind::Attach => "attaching a text file to the test ticket",
            TestStepKind::Change => "changing the test ticket",
            TestStepKind::Close => "closing the test ticket",
        };
        let how = match step.state {
            TestState::Refused => "was refused",
            TestState::Skipped => "was not tried",
            _ => "came to no clear answer",
        };
        let message = format!("{what} {how}: {}", step.message);
        Finding::new(severity, code, Some(self.pointer.clone()), message, fix)
    }
}

/// The right without which a step is forbidden.
fn right(step: TestStepKind) -> &'static str {
    match step {
        TestStepKind::Open => "Service Desk > Service Tickets > Add Level",
        TestStepKind::Note => "Service Desk > Service Tickets > Add and Edit Level",
        TestStepKind::Change => "Service Desk > Service Tickets > Edit Level",
        TestStepKind::Attach => "Companies > Manage Attachments > Add and Inquire Level",
        TestStepKind::CleanUp | TestStepKind::Close => {
            "Service Desk > Close Service Tickets > Edit Level"
        }
    }
}

/// The ticket that a route makes, without anything of a case.
fn body(
    env: &Environment,
    catalog: &Catalog,
    company: &Company,
    route: &Route,
    at: &str,
) -> std::result::Result<Map<String, Value>, String> {
    let triples = route.triples();
    let whole = triples.iter().rfind(|triple| triple.subtype.is_some());
    let triple = whole.or(triples.last()).cloned().unwrap_or_default();
    let placement = place(catalog, route, at, &triple).map_err(|faults| {
        let faults: Vec<String> = faults.into_iter().map(|fault| fault.message).collect();
        faults.join("; ")
    })?;
    let mut body = Map::new();
    let mut set = |field: &str, value: Value| {
        body.insert(field.to_owned(), value);
    };
    set("summary", json!(SUMMARY));
    set("company", json!({ "id": company.id }));
    set("board", json!({ "id": placement.board.id }));
    if let Some(status) = placement.created {
        set("status", json!({ "id": status.id }));
    }
    for (field, record) in [
        ("type", placement.kind),
        ("subType", placement.subtype),
        ("item", placement.item),
        ("team", placement.team),
        ("source", placement.source),
    ] {
        if let Some(record) = record {
            set(field, json!({ "id": record.id }));
        }
    }
    if let Some(priority) = route.priority.as_deref()
        && let Ok(priority) = decide::known_priority(catalog, priority, at)
    {
        set("priority", json!({ "id": priority.id }));
    }
    for (field, of_route, of_all) in [
        ("impact", route.impact, &env.settings.texts.impact),
        ("severity", route.severity, &env.settings.texts.severity),
    ] {
        let level = of_route.map(|level| json!(level));
        if let Some(value) = level.or_else(|| of_all.clone()) {
            set(field, value);
        }
    }
    set("initialInternalAnalysis", json!(NOTE));
    set("processNotifications", json!(false));
    Ok(body)
}

fn is_of_the_store(error: &Error) -> bool {
    matches!(
        error.code,
        Code::StoreFailed | Code::StoreConflict | Code::UnreadableRecord
    )
}
