//! One case under work: its records as they were read, and their next commit.

use crate::{
    case::Case,
    command::{CaseOutcome, CaseResult, Command},
    decide,
    delivery::{Delivery, Event, Subject, TicketState},
    digest,
    effect::{Batch, Expectation},
    environment::Environment,
    error::{Code, Error},
    outbox::FailedTry,
    runtime::Context,
    service::{TicketId, tickets::Ticket},
    store::{
        records::{HeldCase, Link, OutboxEntry, TicketRecord},
        session::{self, Stored},
    },
    time::Timestamp,
};
use std::{sync::Arc, time::Duration};

/// Why a workflow stops before its end.
#[derive(Debug)]
pub(crate) enum Interrupt {
    /// The records or the ticket changed meanwhile: read everything again and decide again.
    Again,
    /// It cannot go on.
    Failed(Error),
}

impl From<Error> for Interrupt {
    fn from(error: Error) -> Self {
        if error.code == Code::StoreConflict {
            Self::Again
        } else {
            Self::Failed(error)
        }
    }
}

/// A case under work.
pub(crate) struct Work<'a> {
    pub(crate) cx: &'a Context,
    pub(crate) env: &'a Environment,
    case_id: String,
    pub(super) entry: Stored<OutboxEntry>,
    pub(super) link: Stored<Link>,
    held: Stored<HeldCase>,
    link_changed: bool,
    held_changed: bool,
    /// With the number of each.
    deliveries: Vec<(u64, Delivery)>,
    /// What else must hold for the next commit.
    expects: Vec<Expectation>,
    warnings: Vec<Error>,
}

impl<'a> Work<'a> {
    /// Reads the case's records and adds what was submitted to what waits already.
    pub(crate) async fn load(
        cx: &'a Context,
        env: &'a Environment,
        case_id: &str,
        submitted: Option<&Arc<Case>>,
    ) -> Result<Self, Interrupt> {
        let keys = [
            env.keys.outbox(case_id),
            env.keys.link(case_id),
            env.keys.held(case_id),
        ];
        let (entry, link, held) = session::get_three(cx, keys).await?;
        let mut work = Self {
            cx,
            env,
            case_id: case_id.to_owned(),
            entry,
            link,
            held,
            link_changed: false,
            held_changed: false,
            deliveries: Vec::new(),
            expects: Vec::new(),
            warnings: Vec::new(),
        };
        work.accept(submitted);
        Ok(work)
    }

    /// Puts the case into the outbox entry, together with a held or unfinished earlier state of it. Nothing is committed
    /// yet: that happens with the first intent, or when the work is put off.
    fn accept(&mut self, submitted: Option<&Arc<Case>>) {
        let now = self.cx.now();
        let held = self.held.value.as_ref();
        let earlier = self
            .entry
            .value
            .as_ref()
            .map(|entry| &entry.case)
            .or(held.map(|held| &held.case));
        let case = match (earlier, submitted) {
            (Some(earlier), Some(case)) => Arc::new(case.with_history_of(earlier)),
            (Some(case), None) | (None, Some(case)) => Arc::clone(case),
            (None, None) => return,
        };
        match &mut self.entry.value {
            Some(entry) => {
                entry.case = case;
                if submitted.is_some() {
                    entry.failure = None;
                }
            }
            None => {
                let accepted_at = held.map_or(now, |held| held.accepted_at);
                self.entry.value = Some(OutboxEntry {
                    case,
                    accepted_at,
                    intent: None,
                    failure: None,
                });
            }
        }
    }

    pub(crate) fn case_id(&self) -> &str {
        &self.case_id
    }

    /// The case to be shown by the ticket; nothing where the work was finished by someone else.
    pub(crate) fn case(&self) -> Option<Arc<Case>> {
        self.entry
            .value
            .as_ref()
            .map(|entry| Arc::clone(&entry.case))
    }

    /// The case's ticket, where it has one.
    pub(crate) fn link(&self) -> Option<&Link> {
        self.link.value.as_ref()
    }

    /// The link of a case that has one.
    pub(crate) fn linked(&self) -> Result<&Link, Interrupt> {
        self.link()
            .ok_or_else(|| Error::new(Code::Internal, "the case has no link where it must").into())
    }

    pub(super) fn change_link(&mut self, change: impl FnOnce(&mut Link)) {
        if let Some(link) = &mut self.link.value {
            change(link);
            self.link_changed = true;
        }
    }

    pub(super) fn set_link(&mut self, link: Link) {
        self.link.value = Some(link);
        self.link_changed = true;
    }

    /// Whether the case was accepted before, and waits in the store for its ticket.
    pub(crate) fn is_waiting(&self) -> bool {
        self.entry.revision.is_some() || self.held.revision.is_some()
    }

    /// Whether the ticket holds all of the case, and nothing waits.
    pub(crate) fn is_done(&self, case: &Case) -> bool {
        self.entry.revision.is_none()
            && self
                .link()
                .is_some_and(|link| link.case_digest == case.digest())
    }

    /// Whether the case was over before it had a ticket, so that it needs none.
    pub(crate) fn is_pointless(&self, case: &Case) -> bool {
        self.link().is_none() && case.is_over() && !self.is_waiting()
    }

    /// Notes something that went wrong without failing the case.
    pub(crate) fn warn(&mut self, error: Error) {
        self.warnings.push(error);
    }

    /// Offers the host the ticket's state with the next commit.
    pub(crate) fn tell(&mut self, event: Event) {
        let at = self.cx.now();
        let Some(link) = &mut self.link.value else {
            return;
        };
        link.deliveries += 1;
        self.link_changed = true;
        let case_status = decide::case_status(&self.env.settings, &link.board, &link.status);
        let ticket = TicketState {
            ticket_id: link.ticket,
            board: link.board.clone(),
            status: link.status.clone(),
            case_status,
            company: Some(link.company_name.clone()),
        };
        let number = link.deliveries;
        self.offer(number, at, event, Some(ticket));
    }

    /// Offers the host an event with the next commit, whether or not the case has a ticket. Without one nothing counts its
    /// deliveries: the time does.
    pub(crate) fn tell_even_without_ticket(&mut self, event: Event) {
        if self.link().is_some() {
            return self.tell(event);
        }
        let at = self.cx.now();
        self.offer(at.millis().unsigned_abs(), at, event, None);
    }

    fn offer(&mut self, number: u64, at: Timestamp, event: Event, ticket: Option<TicketState>) {
        let subject = Subject::Case(self.case_id.clone());
        let delivery = Delivery {
            id: self.env.keys.delivery_id(&subject, number),
            subject,
            at,
            event,
            ticket,
        };
        self.deliveries.push((number, delivery));
    }

    /// Why the case's system has no device configuration on its ticket, where one was mapped.
    pub(super) fn missing_configurations(&self) -> Vec<String> {
        let missing = self
            .warnings
            .iter()
            .filter(|error| error.code == Code::UnusableConfiguration);
        missing.map(ToString::to_string).collect()
    }

    /// Moves the link to the ticket that survived a merge.
    pub(super) fn follow(&mut self, ticket: TicketId) {
        if self.link().is_some_and(|link| link.ticket != ticket) {
            self.change_link(|link| link.ticket = ticket);
        }
    }

    /// Takes over what the ticket says of itself.
    pub(crate) fn see(&mut self, ticket: &Ticket) {
        let (status, closed) = (ticket.status_name().to_owned(), ticket.closed_flag);
        if self
            .link()
            .is_some_and(|link| link.status != status || link.closed != closed)
        {
            self.change_link(|link| {
                link.status = status;
                link.closed = closed;
            });
        }
    }

    /// Holds the case until its group is mapped. `unmapped` is what must still be so then: a mapping that appears meanwhile
    /// would not find the case among the held ones.
    pub(crate) async fn hold(
        &mut self,
        case: &Arc<Case>,
        reason: &str,
        unmapped: Option<Expectation>,
    ) -> Result<(), Interrupt> {
        self.expects.extend(unmapped);
        let first = self.held.value.is_none();
        let accepted_at = self
            .entry
            .value
            .as_ref()
            .map_or(self.cx.now(), |entry| entry.accepted_at);
        let held = HeldCase {
            case: Arc::clone(case),
            accepted_at,
            reason: reason.to_owned(),
        };
        self.held_changed = self.held.value.as_ref() != Some(&held);
        self.held.value = Some(held);
        self.entry.value = None;
        if first {
            let event = Event::GroupMappingFailed {
                reason: reason.to_owned(),
            };
            self.offer(0, self.cx.now(), event, None);
        }
        if self.held_changed || self.entry.revision.is_some() {
            self.commit().await
        } else {
            Ok(())
        }
    }

    /// Ends the work: the ticket holds all of the case.
    pub(crate) async fn finish(&mut self, case: &Case) -> Result<(), Interrupt> {
        let digest = case.digest();
        self.change_link(|link| link.case_digest = digest);
        self.entry.value = None;
        self.commit().await
    }

    /// Ends the work of a case that gets no ticket.
    pub(crate) async fn drop_case(&mut self) -> Result<(), Interrupt> {
        let in_store = self.entry.revision.is_some() || self.held.revision.is_some();
        self.entry.value = None;
        self.release();
        if in_store {
            self.commit().await
        } else {
            Ok(())
        }
    }

    /// Puts the work off after a failure: the case stays in the outbox, with what may be under way.
    pub(crate) async fn keep_for_later(&mut self, error: &Error) -> Result<(), Interrupt> {
        if let Some(entry) = &mut self.entry.value {
            let now = self.cx.now();
            let tries = entry
                .failure
                .as_ref()
                .map_or(1, |failure| failure.tries.saturating_add(1));
            let next_try = error.retry.then(|| now.after(pause_before(tries)));
            entry.failure = Some(FailedTry {
                code: error.code.name().to_owned(),
                message: error.to_string(),
                at: now,
                tries,
                next_try,
            });
            self.commit().await?;
            if let Some(next_try) = next_try {
                self.env.try_again_at(next_try);
            }
        }
        Ok(())
    }

    /// A case that is worked on is held no more.
    pub(crate) fn release(&mut self) {
        self.held_changed = self.held.revision.is_some();
        self.held.value = None;
    }

    /// Writes all that changed, if no one else changed it first.
    pub(crate) async fn commit(&mut self) -> Result<(), Interrupt> {
        let mut batch = Batch {
            expect: std::mem::take(&mut self.expects),
            ..Batch::default()
        };
        batch.save(&self.entry)?;
        if self.link_changed {
            batch.save(&self.link)?;
            if let Some(link) = &self.link.value {
                let record = TicketRecord {
                    case_id: self.case_id.clone(),
                };
                batch.put_record(self.env.keys.ticket(link.ticket), &record)?;
            }
        }
        if self.held_changed {
            batch.save(&self.held)?;
        }
        for (number, delivery) in &self.deliveries {
            let key = self.env.keys.delivery(&delivery.subject, *number);
            batch.put_record(key, delivery)?;
        }
        let revision = session::commit(self.cx, batch).await?;
        self.entry.revision = self.entry.value.as_ref().map(|_| revision);
        if std::mem::take(&mut self.link_changed) {
            self.link.revision = Some(revision);
        }
        if std::mem::take(&mut self.held_changed) {
            self.held.revision = self.held.value.as_ref().map(|_| revision);
        }
        if !std::mem::take(&mut self.deliveries).is_empty() {
            self.cx.spawn(Command::Deliver {
                subjects: vec![Subject::Case(self.case_id.clone())],
            });
        }
        Ok(())
    }

    /// What came of it, for the host.
    pub(crate) fn outcome(&mut self, outcome: CaseResult, reason: &str) -> CaseOutcome {
        CaseOutcome {
            case_id: self.case_id.clone(),
            outcome,
            ticket_id: self.link().map(|link| link.ticket),
            reason: Some(reason)
                .filter(|reason| !reason.is_empty())
                .map(str::to_owned),
            warnings: std::mem::take(&mut self.warnings),
        }
    }
}

/// How long after so many failed tries the next one is.
fn pause_before(tries: u32) -> Duration {
    const FIRST: Duration = Duration::from_secs(60);
    const LONGEST: Duration = Duration::from_secs(3600);
    FIRST
        .saturating_mul(1 << tries.saturating_sub(1).min(6))
        .min(LONGEST)
}

impl Case {
    /// This case with the comments and attachments that an earlier state of it had and this one has not.
    fn with_history_of(&self, earlier: &Self) -> Self {
        let mut case = self.clone();
        let missing = earlier
            .comments
            .iter()
            .filter(|old| self.comments.iter().all(|new| new.id != old.id));
        case.comments.splice(0..0, missing.cloned());
        let missing = earlier
            .attachments
            .iter()
            .filter(|old| self.attachments.iter().all(|new| new.id != old.id));
        case.attachments.splice(0..0, missing.cloned());
        case
    }

    /// A digest of all that the case says.
    fn digest(&self) -> String {
        digest::of(&serde_json::to_vec(self).unwrap_or_default())
    }
}
