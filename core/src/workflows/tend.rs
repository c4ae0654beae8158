//! What is due of cases that share a ticket or a summary: the note of a batch, the end of a flood or of a window.

use super::{announce::Announcement, exactly_once::turn_to_write, own_notes, submit_case::in_step};
use crate::{
    api::{Patch, Performed, WriteFailure},
    case::{Case, Visibility},
    config::{ReopenThen, WindowSummary},
    decide::{self, ClosedTicket},
    delivery::Event,
    effect::Batch,
    environment::Environment,
    error::{Code, Error, Result},
    runtime::Context,
    service::{
        TicketId,
        notes::{self, Notifications},
        tickets::{self, Ticket},
    },
    store::{
        records::{Action, Gathered, Gathering, Intent, Link, NoteContent, Written},
        session::{self, Stored},
    },
    time::Timestamp,
};
use serde_json::json;
use std::{collections::BTreeMap, sync::Arc, time::Duration};

/// How often others may change the gathering first.
const ROUNDS: u32 = 16;
/// How often a write that was surely not performed is tried before it is put off.
const TRIES: u32 = 5;
/// How long after its intent a write may leave.
const SEND_WINDOW: Duration = Duration::from_secs(30);
/// How long what failed is put off.
const PUT_OFF: Duration = Duration::from_secs(300);
/// How long the cases that a window held back are kept after its end.
const KEPT: Duration = Duration::from_secs(30 * 86_400);

/// Sees to a gathering: writes the batch that is due, and ends what is over.
pub(super) async fn tend(cx: &Context, env: &Environment, id: &str) -> Result<()> {
    let _turn = cx.lock(format!("tend {id}")).await;
    let mut failed = None;
    for round in 0..ROUNDS {
        match attempt(cx, env, id, failed.as_ref()).await {
            Ok(()) => return failed.map_or(Ok(()), Err),
            Err(error) if error.code == Code::StoreConflict => {
                cx.sleep_until(cx.now().after(cx.backoff(round) / 8)).await;
            }
            Err(error) if error.code == Code::StoreFailed || failed.is_some() => return Err(error),
            Err(error) => failed = Some(error),
        }
    }
    Err(Error::new(
        Code::StoreConflict,
        "other connectors kept adding cases; the note is written with the next turn",
    ))
}

async fn attempt(cx: &Context, env: &Environment, id: &str, failed: Option<&Error>) -> Result<()> {
    let key = env.keys.gathering(id);
    let stored = session::get_one::<Gathering>(cx, key).await?;
    let mut tending = Tending {
        cx,
        env,
        id,
        stored,
    };
    if let Some(error) = failed {
        return tending.put_off(error).await;
    }
    tending.go_on().await?;
    let now = cx.now();
    let Some(gathering) = tending.stored.value.as_ref() else {
        return Ok(());
    };
    if gathering.waiting() > 0 && gathering.due.is_some_and(|due| due <= now) {
        tending.write_batch().await?;
    }
    if tending.is_over() {
        tending.end().await?;
    }
    Ok(())
}

struct Tending<'a> {
    cx: &'a Context,
    env: &'a Environment,
    id: &'a str,
    stored: Stored<Gathering>,
}

impl Gathering {
    /// How much waits to be written.
    fn waiting(&self) -> u64 {
        self.total.saturating_sub(self.written)
    }
}

impl Tending<'_> {
    fn gathering(&mut self) -> Result<&mut Gathering> {
        self.stored
            .value
            .as_mut()
            .ok_or_else(|| Error::new(Code::StoreConflict, "the gathering is over"))
    }

    fn is_over(&self) -> bool {
        let gathering = self.stored.value.as_ref();
        gathering.is_some_and(|g| g.ends.is_some_and(|ends| ends <= self.cx.now()))
    }

    async fn commit(&mut self, mut batch: Batch) -> Result<()> {
        self.stored.schedule(self.env, self.id, &mut batch)?;
        batch.save(&self.stored)?;
        let revision = session::commit(self.cx, batch).await?;
        self.stored.revision = Some(revision);
        Ok(())
    }

    /// Tries again later; nothing is dropped.
    async fn put_off(&mut self, error: &Error) -> Result<()> {
        let later = self.cx.now().after(PUT_OFF);
        let over = self.is_over();
        let Some(gathering) = self.stored.value.as_mut() else {
            return Ok(());
        };
        gathering.last_error = Some(error.to_string());
        if gathering.due.is_some() {
            gathering.due = Some(later);
        }
        if over {
            gathering.ends = Some(later);
        }
        self.commit(Batch::default()).await
    }

    /// Finds out what became of a write that may have been sent, and repeats it where it surely was not performed.
    async fn go_on(&mut self) -> Result<()> {
        let Some(intent) = self.stored.value.as_ref().and_then(|g| g.intent.clone()) else {
            return Ok(());
        };
        let ticket = self.ticket()?;
        if self.settle(&intent, ticket).await? {
            return self.done(&intent).await;
        }
        self.write(intent.action, ticket).await
    }

    fn ticket(&mut self) -> Result<TicketId> {
        self.gathering()?
            .ticket
            .ok_or_else(|| Error::new(Code::Internal, "a note has no ticket"))
    }

    /// Writes what waits as one note, and opens the ticket again first where it was closed before.
    async fn write_batch(&mut self) -> Result<()> {
        let wanted = self.ticket()?;
        let ticket = tickets::surviving(self.cx, &self.env.api, wanted).await?;
        self.gathering()?.ticket = Some(ticket.id);
        if let Some(change) = self.reopening(&ticket).await? {
            self.write(change, ticket.id).await?;
        }
        let gathering = self.gathering()?;
        let Some(text) = decide::batch_note(gathering) else {
            return Ok(());
        };
        gathering.written = gathering.total;
        gathering.lines.clear();
        self.write(note(text), ticket.id).await
    }

    /// The change that opens a ticket again that was closed before the last case came; none where it stays as it is.
    async fn reopening(&mut self, ticket: &Ticket) -> Result<Option<Action>> {
        let now = self.cx.now();
        let env = self.env;
        let config = env.settings.config();
        let gathering = self.gathering()?;
        let came_later = ticket
            .closed_date
            .is_none_or(|closed| closed <= gathering.last_at);
        let like = gathering.own.clone();
        let (what, first) = (gathering.what, gathering.case_id.clone());
        if !ticket.closed_flag || !came_later {
            return Ok(None);
        }
        let wanted = match (what, &config.repeats) {
            (Gathered::Repeats, Some(repeats)) => {
                let link = session::get_one::<Link>(self.cx, env.keys.link(&first)).await?;
                let written = link.value.map(|link| link.written).unwrap_or_default();
                let closed = ClosedTicket::of(&env.settings, ticket, &written);
                // What came before the ticket was closed belongs to it, even where a repeat would have a new one now.
                closed.is_some_and(|closed| {
                    let severity = &written.case_severity;
                    let then =
                        decide::repeat_of_closed(&env.settings, repeats, &closed, severity, now);
                    then.value == ReopenThen::Reopen
                })
            }
            (Gathered::Flood, _) => true,
            _ => false,
        };
        if !wanted {
            return Ok(None);
        }
        let catalog = self.env.catalog(self.cx).await?;
        let Some(board) = catalog.board(ticket.board_name()) else {
            return Ok(None);
        };
        let status = match like {
            Some(case) => decide::status_of_case(&env.settings, board, &case.status),
            None => decide::status_when_reopened(&env.settings, board),
        }?;
        Ok(Some(Action::ChangeTicket {
            changes: BTreeMap::from([("status".to_owned(), json!({ "id": status.value.id }))]),
            written: Written::default(),
        }))
    }

    /// Performs a write exactly once: intent, action, record.
    async fn write(&mut self, action: Action, ticket: TicketId) -> Result<()> {
        let _turn = turn_to_write(self.cx, ticket).await;
        for tries in 0.. {
            let not_after = self.cx.now().after(SEND_WINDOW);
            let intent = Intent {
                action: action.clone(),
                not_after,
            };
            self.gathering()?.intent = Some(intent.clone());
            let mut batch = Batch::default();
            if let Action::AddNote { note } = &action {
                let written = (note.kind, note.text.as_str());
                own_notes::declare(self.cx, self.env, ticket, written, &mut batch).await?;
            }
            self.commit(batch).await?;
            match self.send(&action, ticket, not_after).await {
                Ok(()) => return self.done(&intent).await,
                Err(WriteFailure {
                    performed: Performed::No,
                    error,
                }) => {
                    if !error.retry || tries >= TRIES {
                        return Err(error);
                    }
                    let wait = self.cx.backoff(tries);
                    self.cx.sleep_until(self.cx.now().after(wait)).await;
                }
                Err(WriteFailure {
                    performed: Performed::Unknown,
                    error,
                }) => {
                    let last_moment = Intent {
                        not_after: self.cx.now().min(not_after),
                        ..intent.clone()
                    };
                    if self.settle(&last_moment, ticket).await? {
                        return self.done(&intent).await;
                    }
                    if tries >= TRIES {
                        return Err(error);
                    }
                }
            }
        }
        Ok(())
    }

    async fn send(
        &self,
        action: &Action,
        ticket: TicketId,
        not_after: Timestamp,
    ) -> std::result::Result<(), WriteFailure> {
        let (cx, api) = (self.cx, &self.env.api);
        match action {
            Action::ChangeTicket { changes, .. } => {
                let patch = changes.iter().fold(Patch::new(), |patch, (field, value)| {
                    patch.replace(field, value.clone())
                });
                tickets::patch(cx, api, ticket, &patch, not_after)
                    .await
                    .map(drop)
            }
            Action::AddNote { note } => {
                let mail = Notifications::AsTheBoardHasIt;
                notes::create(cx, api, ticket, note.kind, &note.text, mail, not_after)
                    .await
                    .map(drop)
            }
            _ => Err(WriteFailure::not_performed(Error::new(
                Code::Internal,
                "a gathering writes notes and statuses only",
            ))),
        }
    }

    /// Searches for a write until it is found, or can no longer land.
    async fn settle(&self, intent: &Intent, ticket: TicketId) -> Result<bool> {
        let proof = intent
            .not_after
            .after(self.env.settings.config().limits.settle.0);
        for tries in 0.. {
            let asked = self.cx.now();
            if self.is_there(&intent.action, ticket).await? {
                return Ok(true);
            }
            if asked >= proof {
                break;
            }
            let next = proof.min(asked.after(self.cx.backoff(tries)));
            self.cx.sleep_until(next).await;
        }
        Ok(false)
    }

    /// Whether the ticket holds what the action would have made. No two notes of a gathering say the same.
    async fn is_there(&self, action: &Action, ticket: TicketId) -> Result<bool> {
        let (cx, api) = (self.cx, &self.env.api);
        Ok(match action {
            Action::ChangeTicket { changes, .. } => {
                tickets::get(cx, api, ticket).await?.holds(changes)
            }
            Action::AddNote { note } => {
                let found = notes::list(cx, api, ticket).await?;
                found.iter().any(|found| found.is(note.kind, &note.text))
            }
            _ => false,
        })
    }

    /// Takes the intent out, whoever added cases meanwhile.
    async fn done(&mut self, intent: &Intent) -> Result<()> {
        for _ in 0..ROUNDS {
            let wait = self.wait();
            let now = self.cx.now();
            let gathering = self.gathering()?;
            if gathering
                .intent
                .as_ref()
                .is_none_or(|now| now.action != intent.action)
            {
                return Ok(());
            }
            gathering.intent = None;
            gathering.last_error = None;
            if matches!(intent.action, Action::AddNote { .. }) {
                gathering.due = (gathering.waiting() > 0).then(|| now.after(wait));
            }
            match self.commit(Batch::default()).await {
                Err(error) if error.code == Code::StoreConflict => {
                    self.stored = session::get_one(self.cx, self.stored.key.clone()).await?;
                }
                result => return result,
            }
        }
        Err(Error::new(
            Code::StoreConflict,
            "other connectors kept adding cases",
        ))
    }

    /// How long a batch is gathered.
    fn wait(&self) -> Duration {
        let config = self.env.settings.config();
        let what = self.stored.value.as_ref().map(|gathering| gathering.what);
        let batch = match what {
            Some(Gathered::Flood) => config.flood.as_ref().map(|flood| flood.batch),
            _ => config.repeats.as_ref().map(|repeats| repeats.batch),
        };
        batch.map_or(Duration::ZERO, |batch| batch.0)
    }

    /// Says that a flood or window is over, in ConnectWise and to the host.
    async fn end(&mut self) -> Result<()> {
        let gathering = self.gathering()?;
        match (gathering.what, gathering.over) {
            (Gathered::Repeats, _) => Ok(()),
            (Gathered::Flood, false) => {
                gathering.over = true;
                let text = decide::summary_note(gathering);
                if gathering.ticket.is_some() {
                    let ticket = self.ticket()?;
                    self.write(note(text), ticket).await?;
                }
                self.end_flood().await
            }
            (Gathered::Flood, true) => self.end_flood().await,
            (Gathered::Window, false) => self.end_window().await,
            (Gathered::Window, true) => self.forget().await,
        }
    }

    async fn end_flood(&mut self) -> Result<()> {
        let gathering = self.gathering()?;
        if gathering.waiting() > 0 {
            // Another case came while the summary was written.
            gathering.over = false;
            return self.commit(Batch::default()).await;
        }
        let event = Event::FloodEnded {
            scope: gathering.name.clone(),
            ticket: gathering.ticket,
            cases: gathering.cases,
        };
        let mut batch = Batch::default();
        let announcement = Announcement::add(self.cx, self.env, event, &mut batch).await?;
        self.delete(batch).await?;
        announcement.offer(self.cx);
        Ok(())
    }

    async fn end_window(&mut self) -> Result<()> {
        let summary = self.summary();
        let gathering = self.gathering()?;
        let text = decide::summary_note(gathering);
        let told = gathering.written > 0;
        match summary {
            WindowSummary::None => {}
            WindowSummary::Ticket => {
                let Some(own) = gathering.own.clone() else {
                    return Err(Error::new(
                        Code::Internal,
                        "a window has no case of its own",
                    ));
                };
                let lines: Vec<String> = gathering
                    .lines
                    .iter()
                    .map(|line| format!("- {line}"))
                    .collect();
                let own = Case {
                    description: format!("{text}\n{}", lines.join("\n")),
                    ..Case::clone(&own)
                };
                let ticket = self.open_own(own).await?;
                self.gathering()?.ticket = Some(ticket);
            }
            WindowSummary::NoteOn(ticket) if !told => {
                gathering.ticket = Some(ticket);
                gathering.written = gathering.total;
                self.write(note(text), ticket).await?;
            }
            WindowSummary::NoteOn(_) => {}
        }
        let gathering = self.gathering()?;
        gathering.over = true;
        gathering.written = gathering.total;
        gathering.due = None;
        let event = Event::MaintenanceEnded {
            window: gathering.name.clone(),
            ticket: gathering.ticket,
            cases: gathering.cases,
        };
        let ends = gathering.ends.unwrap_or_default();
        gathering.ends = Some(ends.after(KEPT));
        let mut batch = Batch::default();
        let announcement = Announcement::add(self.cx, self.env, event, &mut batch).await?;
        self.commit(batch).await?;
        announcement.offer(self.cx);
        Ok(())
    }

    fn summary(&self) -> WindowSummary {
        let name = self
            .stored
            .value
            .as_ref()
            .map(|gathering| gathering.name.as_str());
        let windows = &self.env.settings.maintenance;
        windows
            .iter()
            .find(|window| Some(window.name.as_str()) == name)
            .map(|window| window.summary)
            .unwrap_or_default()
    }

    async fn open_own(&self, own: Case) -> Result<TicketId> {
        let (id, own) = (own.id.clone(), Arc::new(own));
        let outcome = Box::pin(in_step(self.cx, self.env, &id, Some(&own))).await?;
        let link = session::get_one::<Link>(self.cx, self.env.keys.link(&id)).await?;
        link.value.map(|link| link.ticket).ok_or_else(|| {
            let reason = outcome.reason.unwrap_or_default();
            Error::new(
                Code::NotFound,
                format!("the summary's ticket could not be opened: {reason}"),
            )
        })
    }

    /// Deletes the cases that a window held back, page by page, and then the window's record.
    async fn forget(&mut self) -> Result<()> {
        const PAGE: u32 = 256;
        loop {
            let members = self.env.keys.members(self.id);
            let page = session::scan(self.cx, &members, None, PAGE).await?;
            if page.is_empty() {
                return self.delete(Batch::default()).await;
            }
            let mut batch = Batch::default();
            batch
                .delete
                .extend(page.into_iter().map(|record| record.key));
            session::commit(self.cx, batch).await?;
        }
    }

    async fn delete(&mut self, mut batch: Batch) -> Result<()> {
        let marker = self.gathering()?.marker;
        if let Some(marker) = marker {
            batch.delete.push(self.env.keys.due(marker, self.id));
        }
        self.stored.value = None;
        batch.save(&self.stored)?;
        session::commit(self.cx, batch).await.map(drop)
    }
}

fn note(text: String) -> Action {
    Action::AddNote {
        note: NoteContent {
            comment: String::new(),
            kind: Visibility::Internal,
            text,
        },
    }
}
