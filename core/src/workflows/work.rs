//! One case under work: its records as they were read, and their next commit.

use super::{announce::Announcement, storm::Joining};
use crate::{
    audit::Decided,
    case::Case,
    command::{CaseOutcome, CaseResult, Command, SyncReason},
    company::CompanyId,
    decide,
    delivery::{Delivery, Event, Subject, TicketState},
    effect::{Batch, Expectation},
    environment::Environment,
    error::{Code, Error},
    event_log::About,
    outbox::FailedTry,
    runtime::{Context, Guard},
    service::{TicketId, tickets::Ticket},
    store::{
        records::{HeldCase, Ledger, Link, OutboxEntry, TicketRecord},
        session::{self, Stored},
    },
    time::Timestamp,
};
use std::{collections::BTreeSet, sync::Arc, time::Duration};

mod history;
mod logs;

/// By how much the clocks of two connectors over one store may differ.
pub(super) const CLOCKS_APART: Duration = Duration::from_secs(10);

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

impl Error {
    /// Stops the work, whatever the error is.
    pub(super) fn failed(self) -> Interrupt {
        Interrupt::Failed(self)
    }
}

/// A case as its host handed it over.
#[derive(Clone, Copy)]
pub(crate) struct Submitted<'a> {
    pub(crate) case: &'a Arc<Case>,
    pub(crate) at: Timestamp,
}

/// A case under work.
pub(crate) struct Work<'a> {
    pub(crate) cx: &'a Context,
    pub(crate) env: &'a Environment,
    case_id: String,
    pub(super) entry: Stored<OutboxEntry>,
    pub(super) link: Stored<Link>,
    held: Stored<HeldCase>,
    ledger: Stored<Ledger>,
    link_changed: bool,
    held_changed: bool,
    ledger_changed: bool,
    /// The tickets that the case comes to with the next commit.
    tickets: Vec<Stored<TicketRecord>>,
    /// With the number of each.
    deliveries: Vec<(u64, Delivery)>,
    /// Turns that end with the next commit.
    turns: Vec<Guard>,
    announcements: Vec<Announcement>,
    /// What is known of the key by which the case repeats others.
    pub(super) join: Option<Joining>,
    /// What else must hold for the next commit, and goes with it.
    along: Batch,
    warnings: Vec<Error>,
    /// What was decided since the last commit.
    decisions: Vec<Decided>,
    /// What of the case its events name, while it is known in full.
    about: Option<About>,
    /// Why it came to what it did.
    explanation: String,
    /// The ticket is closed, and is to be opened again.
    reopening: bool,
}

impl<'a> Work<'a> {
    /// Reads the case's records and adds what was submitted to what waits already.
    pub(crate) async fn load(
        cx: &'a Context,
        env: &'a Environment,
        case_id: &str,
        submitted: Option<Submitted<'_>>,
    ) -> Result<Self, Interrupt> {
        let keys = [
            env.keys.outbox(case_id),
            env.keys.link(case_id),
            env.keys.held(case_id),
            env.keys.ledger(case_id),
        ];
        let (entry, link, held, ledger) = session::get_four(cx, keys).await?;
        let mut work = Self {
            cx,
            env,
            case_id: case_id.to_owned(),
            entry,
            link,
            held,
            ledger,
            link_changed: false,
            held_changed: false,
            ledger_changed: false,
            tickets: Vec::new(),
            deliveries: Vec::new(),
            turns: Vec::new(),
            announcements: Vec::new(),
            join: None,
            along: Batch::default(),
            warnings: Vec::new(),
            decisions: Vec::new(),
            about: None,
            explanation: String::new(),
            reopening: false,
        };
        work.accept(submitted);
        work.reload_claim().await?;
        Ok(work)
    }

    /// Puts the case into the outbox entry, together with a held or unfinished earlier state of it. Nothing is committed
    /// yet: that happens with the first intent, or when the work is put off.
    fn accept(&mut self, submitted: Option<Submitted<'_>>) {
        let now = self.cx.now();
        let held = self.held.value.as_ref();
        let earlier = self
            .entry
            .value
            .as_ref()
            .map(|entry| &entry.case)
            .or(held.map(|held| &held.case));
        let case = match (earlier, submitted) {
            (Some(earlier), Some(submitted)) => Arc::new(submitted.case.with_history_of(earlier)),
            (Some(case), None) | (None, Some(Submitted { case, .. })) => Arc::clone(case),
            (None, None) => return,
        };
        self.about = Some(About::of(&case));
        match &mut self.entry.value {
            Some(entry) => {
                entry.case = case;
                if let Some(submitted) = submitted {
                    entry.said_at = Some(submitted.at);
                    entry.failure = None;
                }
            }
            None => {
                let accepted_at = held.map_or(now, |held| held.accepted_at);
                self.entry.value = Some(OutboxEntry {
                    case,
                    accepted_at,
                    said_at: submitted.map(|submitted| submitted.at),
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

    /// When the host handed the case over as it is now.
    pub(super) fn said_at(&self) -> Timestamp {
        let entry = self.entry.value.as_ref();
        entry.map_or(self.cx.now(), |entry| {
            entry.said_at.unwrap_or(entry.accepted_at)
        })
    }

    pub(super) fn subject(&self) -> Subject {
        Subject::Case(self.case_id.clone())
    }

    /// How many deliveries there were for the case when it was read.
    pub(super) fn deliveries_before(&self) -> u64 {
        let all = self.link().map_or(0, |link| link.deliveries);
        all.saturating_sub(self.deliveries.len() as u64)
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

    pub(super) fn set_link(&mut self, mut link: Link) {
        link.about = self.about();
        // A ticket that many cases share would have a record without bound: each of them has one of its own beside it.
        if link.joined.is_none() {
            self.tickets.push(Stored {
                key: self.env.keys.ticket(link.ticket),
                revision: None,
                value: Some(TicketRecord::of(&self.case_id)),
            });
        }
        self.link.value = Some(link);
        self.link_changed = true;
    }

    /// Takes in which other cases the case's new ticket has already: another ticket may have been merged into it before it was
    /// bound.
    pub(super) async fn meet_others(&mut self) -> Result<(), Interrupt> {
        for new in &mut self.tickets {
            let mut known = session::get_one::<TicketRecord>(self.cx, new.key.clone()).await?;
            if let Some(cases) = &mut known.value {
                cases.add(&self.case_id);
                *new = known;
            }
        }
        Ok(())
    }

    /// What the host was told of the ticket.
    pub(super) fn ledger(&self) -> &Ledger {
        static NONE: Ledger = Ledger::EMPTY;
        self.ledger.value.as_ref().unwrap_or(&NONE)
    }

    pub(super) fn change_ledger(&mut self, change: impl FnOnce(&mut Ledger)) {
        change(self.ledger.value.get_or_insert_default());
        self.ledger_changed = true;
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

    /// Says why, where the outcome needs a reason.
    pub(super) fn explain(&mut self, reason: &str) {
        reason.clone_into(&mut self.explanation);
    }

    /// The closed ticket is opened again with the next change.
    pub(super) fn reopens(&mut self) {
        self.reopening = true;
    }

    pub(super) fn is_reopening(&self) -> bool {
        self.reopening
    }

    /// Offers the host the ticket's state with the next commit.
    pub(crate) fn tell(&mut self, event: Event) {
        let at = self.cx.now();
        let Some(link) = &mut self.link.value else {
            return;
        };
        link.deliveries += 1;
        self.link_changed = true;
        let known = self.ledger.value.as_ref().and_then(|l| l.told.clone());
        // What was seen of the ticket beyond that is told by the next reading of it, as the change that it is.
        let known = known.unwrap_or_else(|| TicketState {
            board: link.board.clone(),
            status: link.status.clone(),
            closed: link.closed,
            company: Some(link.company_name.clone()),
            ..TicketState::default()
        });
        let ticket = TicketState {
            ticket_id: link.ticket,
            ..known
        };
        let ticket = decide::meaning(&self.env.settings, ticket);
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
        let subject = self.subject();
        let delivery = Delivery {
            id: self.env.keys.delivery_id(&subject, number),
            subject,
            at,
            alert: self.env.settings.alert(event.kind()),
            event,
            ticket,
        };
        self.deliveries.push((number, delivery));
    }

    /// Offers the host an event of a case without a ticket. Such an event has its own number.
    pub(super) fn tell_without_ticket(&mut self, number: u64, event: Event) {
        self.offer(number, self.cx.now(), event, None);
    }

    /// Offers the host an event of the instance with the next commit.
    pub(super) async fn announce(&mut self, event: Event) -> Result<(), Interrupt> {
        let announcement = Announcement::add(self.cx, self.env, event, &mut self.along).await?;
        self.announcements.push(announcement);
        Ok(())
    }

    /// Writes more with the next commit, after which the turn ends.
    pub(super) fn commit_also(
        &mut self,
        add: impl FnOnce(&mut Batch) -> Result<(), Error>,
        turn: Option<Guard>,
    ) -> Result<(), Interrupt> {
        add(&mut self.along)?;
        self.turns.extend(turn);
        Ok(())
    }

    /// Why the case's system has no device configuration on its ticket, where one was mapped.
    pub(super) fn missing_configurations(&self) -> Vec<String> {
        let missing = self
            .warnings
            .iter()
            .filter(|error| error.code == Code::UnusableConfiguration);
        missing.map(ToString::to_string).collect()
    }

    /// Moves the link to the ticket that survived a merge. That ticket may have a case already: then it has both.
    /// `path` leads from the case's ticket over others that were merged too. Gives all that were merged into it.
    pub(super) async fn follow(
        &mut self,
        path: &[TicketId],
    ) -> Result<BTreeSet<TicketId>, Interrupt> {
        let Some((ticket, merged)) = path.split_last().filter(|(_, merged)| !merged.is_empty())
        else {
            return Ok(BTreeSet::new());
        };
        let ticket = *ticket;
        let key = self.env.keys.ticket(ticket);
        let mut record = session::get_one::<TicketRecord>(self.cx, key).await?;
        if self.linked()?.joined.is_some() {
            // It is known by its record beside that of the case whose ticket it shares.
            self.change_link(|link| link.ticket = ticket);
            return Ok(record.value.map(|record| record.merged).unwrap_or_default());
        }
        let cases = record.value.get_or_insert_default();
        cases.add(&self.case_id);
        cases.merged.extend(merged);
        let merged = cases.merged.clone();
        self.tickets.push(record);
        self.change_link(|link| link.ticket = ticket);
        Ok(merged)
    }

    /// Has the ticket read, so that all of its cases are told what became of it.
    pub(super) fn sync_later(&self, ticket: TicketId) {
        if self.env.settings.config().policies.ticket_inbound.enabled {
            self.cx.spawn(Command::SyncTicket {
                ticket,
                reason: SyncReason::Asked,
            });
        }
    }

    /// Whether the case comes to another ticket with the next commit.
    pub(super) fn has_moved(&self) -> bool {
        !self.tickets.is_empty()
    }

    /// Takes over what the ticket says of itself.
    pub(crate) fn see(&mut self, ticket: &Ticket) {
        let Some(link) = self.link() else {
            return;
        };
        let mut seen = link.clone();
        ticket.status_name().clone_into(&mut seen.status);
        seen.closed = ticket.closed_flag;
        if !ticket.board_name().is_empty() {
            ticket.board_name().clone_into(&mut seen.board);
        }
        if let Some(company) = Ticket::id_of(ticket.company.as_ref()) {
            seen.company = CompanyId(company);
            ticket.company_name().clone_into(&mut seen.company_name);
        }
        if *link != seen {
            self.change_link(|link| *link = seen);
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
        self.along.expect.extend(unmapped);
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
            self.decide("hold", None, reason);
            self.commit().await
        } else {
            Ok(())
        }
    }

    /// Ends the work: the ticket holds all of the case.
    pub(crate) async fn finish(&mut self, case: &Case) -> Result<(), Interrupt> {
        let digest = case.digest();
        let about = About::of(case);
        self.change_link(|link| {
            link.case_digest = digest;
            link.about = Some(about);
        });
        self.entry.value = None;
        self.commit().await
    }

    /// Ends the work of a case that shares a ticket or is kept elsewhere.
    pub(super) async fn leave_outbox(&mut self) -> Result<(), Interrupt> {
        self.entry.value = None;
        self.release();
        self.commit().await
    }

    /// Ends the work of a case that gets no ticket.
    pub(crate) async fn drop_case(&mut self) -> Result<(), Interrupt> {
        let in_store = self.entry.revision.is_some() || self.held.revision.is_some();
        self.entry.value = None;
        self.release();
        if in_store || !self.decisions.is_empty() {
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
            let message = error.to_string();
            entry.failure = Some(FailedTry {
                code: error.code.name().to_owned(),
                message: message.clone(),
                at: now,
                tries,
                next_try,
            });
            if entry.intent.is_none() {
                self.disclaim();
            }
            self.decide("put_off", Some(error.code.name()), &message);
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

    /// Has the next commit write this too, if what it expects holds.
    pub(super) fn commit_along(&mut self, batch: Batch) {
        self.along.expect.extend(batch.expect);
        self.along.put.extend(batch.put);
        self.along.delete.extend(batch.delete);
    }

    /// Writes all that changed, if no one else changed it first.
    pub(crate) async fn commit(&mut self) -> Result<(), Interrupt> {
        let mut batch = std::mem::take(&mut self.along);
        batch.save(&self.entry)?;
        if let Some(join) = self.join.as_ref().filter(|join| join.changed) {
            batch.save(&join.stored)?;
        }
        if self.link_changed {
            batch.save(&self.link)?;
            if let Some(joined) = self.link().and_then(|link| link.joined.as_ref()) {
                let key = self.env.keys.member(&joined.first, &self.case_id);
                batch.put_record(key, &TicketRecord::of(&self.case_id))?;
            }
        } else {
            // The entry alone does not tell: another connector may have made and finished one since it was read.
            batch.rest_on(&self.link);
        }
        for record in &self.tickets {
            batch.save(record)?;
        }
        if self.ledger_changed {
            batch.save(&self.ledger)?;
        }
        if self.held_changed {
            batch.save(&self.held)?;
        } else {
            batch.rest_on(&self.held);
        }
        self.keep_deliveries(&mut batch)?;
        self.keep_decisions(&mut batch)?;
        let revision = session::commit(self.cx, batch).await?;
        self.turns.clear();
        if let Some(join) = &mut self.join {
            if std::mem::take(&mut join.changed) {
                join.stored.revision = Some(revision);
            }
            if self.link.value.is_some() {
                join.turn = None;
            }
        }
        for announcement in self.announcements.drain(..) {
            announcement.offer(self.cx);
        }
        self.entry.revision = self.entry.value.as_ref().map(|_| revision);
        if std::mem::take(&mut self.link_changed) {
            self.link.revision = Some(revision);
        }
        self.tickets.clear();
        if std::mem::take(&mut self.ledger_changed) {
            self.ledger.revision = Some(revision);
        }
        if std::mem::take(&mut self.held_changed) {
            self.held.revision = self.held.value.as_ref().map(|_| revision);
        }
        if !std::mem::take(&mut self.deliveries).is_empty() {
            self.cx.spawn(Command::Deliver {
                subjects: vec![self.subject()],
            });
        }
        Ok(())
    }

    /// Writes all that changed, where anything did.
    pub(super) async fn commit_changes(&mut self) -> Result<(), Interrupt> {
        let nothing =
            self.deliveries.is_empty() && self.tickets.is_empty() && self.decisions.is_empty();
        if nothing && !self.link_changed && !self.ledger_changed {
            return Ok(());
        }
        self.commit().await
    }

    /// Writes what a reading of the ticket changed, if no one changed this case or another one of the ticket meanwhile: what
    /// is casewire's own is known from all of them.
    pub(super) async fn commit_changes_beside(
        &mut self,
        others: Vec<Expectation>,
    ) -> Result<(), Interrupt> {
        self.along.expect.extend(others);
        let committed = self.commit_changes().await;
        self.along.expect.clear();
        committed
    }

    /// The case as this work has read or written it last.
    pub(super) fn standing(&self) -> [Expectation; 2] {
        [self.entry.standing(), self.link.standing()]
    }

    /// What came of it, for the host.
    pub(crate) fn outcome(&mut self, outcome: CaseResult, reason: &str) -> CaseOutcome {
        let explanation = std::mem::take(&mut self.explanation);
        let reason = match reason {
            "" => explanation,
            reason => reason.to_owned(),
        };
        CaseOutcome {
            case_id: self.case_id.clone(),
            outcome,
            ticket_id: self.link().map(|link| link.ticket),
            reason: Some(reason).filter(|reason| !reason.is_empty()),
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
