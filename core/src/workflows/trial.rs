//! A ticket that a test makes and ends. Its record stands in the store before it is opened, and the next test ends what a crash
//! left, by the record or by the ticket's reference.

use crate::{
    api::{Patch, Performed, Write, WriteFailure},
    effect::{Batch, Method},
    environment::Environment,
    error::{Code, Error, Result},
    runtime::Context,
    service::{
        TicketId, boards,
        tickets::{self, Ticket},
    },
    store::{
        records::{TrialIntent, TrialRecord},
        session::{self, Stored},
    },
    time::Timestamp,
};
use serde_json::{Map, Value, json};
use std::time::Duration;

/// How long after its intent a write may leave.
const SEND_WINDOW: Duration = Duration::from_secs(30);

/// What the intent of every record says.
const ACTION: &str = "test_ticket";

/// How a test ticket is ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Closed, as the least security role can.
    Closed,
    /// Deleted where the role allows that, otherwise closed.
    Deleted,
}

/// A test ticket.
pub(crate) struct Trial<'a> {
    pub(crate) cx: &'a Context,
    pub(crate) env: &'a Environment,
    record: Stored<TrialRecord>,
    reference: String,
    ending: Ending,
    /// Whether a write may still land: one of this test came to no clear answer, or an earlier test was cut off.
    unclear: bool,
}

/// What earlier tests of the same kind left.
#[derive(Debug, Default)]
pub(crate) struct Leftovers {
    /// Tickets that were ended now.
    pub(crate) ended: Vec<TicketId>,
    /// Tickets that could not be ended, and why.
    pub(crate) remaining: Vec<(TicketId, Error)>,
}

impl<'a> Trial<'a> {
    /// Begins a test after ending what an earlier one of the same kind left.
    ///
    /// `kind` goes into the ticket's reference; with its two colons no case's reference can be like it.
    ///
    /// # Errors
    ///
    /// What the store, or searching for what was left, came to.
    pub(crate) async fn begin(
        cx: &'a Context,
        env: &'a Environment,
        kind: &str,
        ending: Ending,
    ) -> Result<(Self, Leftovers)> {
        let reference = format!("casewire-test:{}:{kind}", env.settings.config().instance);
        let record = session::get_one(cx, env.keys.trial(&reference)).await?;
        let mut trial = Self {
            cx,
            env,
            record,
            reference,
            ending,
            unclear: false,
        };
        trial.unclear = trial.record.value.is_some();
        let leftovers = trial.sweep().await?;
        Ok((trial, leftovers))
    }

    /// Opens the ticket, with its reference.
    ///
    /// # Errors
    ///
    /// What ConnectWise refused, or that no clear answer came, not even within the settle window.
    pub(crate) async fn open(
        &mut self,
        mut body: Map<String, Value>,
    ) -> std::result::Result<Ticket, WriteFailure> {
        body.insert("externalXRef".to_owned(), json!(self.reference));
        let not_after = self.not_after();
        self.record.value = Some(TrialRecord {
            intent: TrialIntent {
                action: ACTION.to_owned(),
                not_after,
            },
            ticket: None,
        });
        self.commit().await.map_err(WriteFailure::not_performed)?;
        let text = Value::Object(body).to_string().into_bytes();
        let created = tickets::create(self.cx, &self.env.api, text.into(), not_after).await;
        let ticket = match created {
            Ok(ticket) => ticket,
            Err(failure) if failure.performed == Performed::No => {
                self.record.value = None;
                self.commit().await.map_err(WriteFailure::not_performed)?;
                return Err(failure);
            }
            Err(failure) => {
                let found = self.search(not_after).await.map_err(unclear)?;
                found.into_iter().next().ok_or(failure)?
            }
        };
        if let Some(record) = &mut self.record.value {
            record.ticket = Some(ticket.id);
        }
        self.commit().await.map_err(unclear)?;
        Ok(ticket)
    }

    /// Ends the ticket, and what else bears its reference.
    ///
    /// # Errors
    ///
    /// [`Code::TestTicketLeft`] where one could not be ended: its record stays, and the next test tries again.
    pub(crate) async fn end(mut self) -> Result<Vec<TicketId>> {
        let leftovers = self.sweep().await?;
        match leftovers.remaining.into_iter().next() {
            None => Ok(leftovers.ended),
            Some((ticket, error)) => Err(Error {
                http_status: error.http_status,
                ..Error::new(
                    Code::TestTicketLeft,
                    format!("test ticket {ticket} could not be ended: {}", error.message),
                )
            }),
        }
    }

    /// Remembers that a write on the ticket may still land, which could open it again after it was closed.
    pub(crate) fn note_unclear(&mut self) {
        self.unclear = true;
    }

    /// Not later than this may a write leave that is made now.
    pub(crate) fn not_after(&self) -> Timestamp {
        self.cx.now().after(SEND_WINDOW)
    }

    /// Ends every open ticket with the reference, once an opening that may be under way can no longer land.
    async fn sweep(&mut self) -> Result<Leftovers> {
        let under_way = self
            .record
            .value
            .as_ref()
            .filter(|record| record.ticket.is_none())
            .map(|record| record.intent.not_after);
        if std::mem::take(&mut self.unclear) {
            let settle = self.env.settings.config().limits.settle.0;
            self.cx.sleep_until(self.not_after().after(settle)).await;
        }
        let mut open = match under_way {
            Some(not_after) => self.search(not_after).await?,
            None => self.find().await?,
        };
        let known = self.record.value.as_ref().and_then(|record| record.ticket);
        if let Some(known) = known.filter(|_| self.ending == Ending::Deleted)
            && open.iter().all(|ticket| ticket.id != known)
        {
            // A closed one is deleted, too.
            open.extend(tickets::get(self.cx, &self.env.api, known).await.ok());
        }
        if let (Some(ticket), None) = (open.first(), &self.record.value) {
            self.record.value = Some(TrialRecord {
                intent: TrialIntent {
                    action: ACTION.to_owned(),
                    not_after: self.not_after(),
                },
                ticket: Some(ticket.id),
            });
            self.commit().await?;
        }
        let mut leftovers = Leftovers::default();
        for ticket in open {
            match self.end_ticket(&ticket).await {
                Ok(()) => leftovers.ended.push(ticket.id),
                Err(error) => leftovers.remaining.push((ticket.id, error)),
            }
        }
        if leftovers.remaining.is_empty() && self.record.value.is_some() {
            self.record.value = None;
            self.commit().await?;
        }
        Ok(leftovers)
    }

    /// The open tickets with the reference, sought until one is found or the write of that time can no longer land.
    async fn search(&self, not_after: Timestamp) -> Result<Vec<Ticket>> {
        let proof = not_after.after(self.env.settings.config().limits.settle.0);
        for tries in 0.. {
            let asked = self.cx.now();
            let found = self.find().await?;
            if !found.is_empty() || asked >= proof {
                return Ok(found);
            }
            let wait = self.cx.backoff(tries);
            self.cx.sleep_until(proof.min(asked.after(wait))).await;
        }
        Ok(Vec::new())
    }

    async fn find(&self) -> Result<Vec<Ticket>> {
        let mut found = tickets::find_by_reference(self.cx, &self.env.api, &self.reference).await?;
        found.retain(|ticket| !ticket.closed_flag);
        Ok(found)
    }

    async fn end_ticket(&self, ticket: &Ticket) -> Result<()> {
        let (cx, api) = (self.cx, &self.env.api);
        if self.ending == Ending::Deleted {
            let write = Write {
                method: Method::Delete,
                path: format!("/service/tickets/{}", ticket.id),
                query: crate::api::Query::new(),
                body: Vec::new(),
                content_type: String::new(),
                not_after: self.not_after(),
            };
            if api.write::<Value>(cx, write).await.is_ok() {
                return Ok(());
            }
        }
        if ticket.closed_flag {
            return Ok(());
        }
        let board = Ticket::id_of(ticket.board.as_ref()).unwrap_or_default();
        let statuses = boards::statuses(cx, api, board).await?;
        let closed = statuses
            .iter()
            .find(|status| status.closed && !status.inactive)
            .ok_or_else(|| {
                let message = format!("board '{}' has no status that closes", ticket.board_name());
                Error::new(Code::StatusNotClosed, message)
            })?;
        let patch = Patch::new().replace("status", json!({ "id": closed.id }));
        for tries in 0.. {
            let failure = match tickets::patch(cx, api, ticket.id, &patch, self.not_after()).await {
                Ok(_) => return Ok(()),
                Err(failure) => failure,
            };
            // Closing twice does no harm.
            let again = failure.performed == Performed::Unknown || failure.error.retry;
            if !again || tries >= 5 {
                return Err(failure.error);
            }
            cx.sleep_until(cx.now().after(cx.backoff(tries))).await;
        }
        Ok(())
    }

    async fn commit(&mut self) -> Result<()> {
        let mut batch = Batch::default();
        batch.save(&self.record)?;
        let revision = session::commit(self.cx, batch).await?;
        self.record.revision = self.record.value.as_ref().map(|_| revision);
        Ok(())
    }
}

fn unclear(error: Error) -> WriteFailure {
    WriteFailure {
        performed: Performed::Unknown,
        error,
    }
}
