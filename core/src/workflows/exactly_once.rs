//! A write to ConnectWise, exactly once: intent, action, record; and after a lost answer, search before anything else.

use super::work::{CLOCKS_APART, Interrupt, Work};
use crate::{
    api::{Patch, Performed, WriteFailure},
    case::Visibility,
    delivery::{ChangedBy, Event},
    digest,
    error::{Code, Error},
    runtime::{Context, Guard},
    service::{
        TicketId,
        notes::{self, Note, Notifications},
        ticket_configurations,
        tickets::{self, Ticket},
    },
    store::{
        records::{
            Action, Intent, Link, NoteContent, OpeningNote, SentDocument, SentNote, TicketRecord,
            Upload,
        },
        session,
    },
    system::documents,
    time::Timestamp,
};
use std::{collections::BTreeSet, sync::Arc, time::Duration};

/// How long after its intent a write may leave. A new intent is recorded for a later one.
const SEND_WINDOW: Duration = Duration::from_secs(30);

/// How often a write that was surely not performed is tried before the case is put off.
const TRIES: u32 = 5;

/// What an action needs besides what its intent records.
pub(crate) enum Payload {
    None,
    /// Body of the create request.
    Ticket(Arc<[u8]>),
    /// The fields to change.
    Changes(Patch),
    /// The file's token in the host.
    File(String),
}

/// What ConnectWise made of an action.
enum Receipt {
    Ticket(Box<Ticket>),
    Note(Box<Note>),
    Record(u32),
}

/// The turn to write to a ticket. Whoever has it waits for no other turn.
pub(super) async fn turn_to_write(cx: &Context, ticket: TicketId) -> Guard {
    cx.lock(format!("ticket {ticket}")).await
}

impl Action {
    /// Whether it is found again by what it brings about, whoever brought it about.
    const fn is_found_by_value(&self) -> bool {
        matches!(
            self,
            Self::ChangeTicket { .. } | Self::LinkConfiguration { .. }
        )
    }
}

impl Work<'_> {
    /// Performs a write exactly once. Its record is committed with the next intent, or at the end of the work.
    pub(crate) async fn perform(
        &mut self,
        action: Action,
        payload: Payload,
    ) -> Result<(), Interrupt> {
        if self.link().is_some_and(|link| link.adopted)
            && let Some(receipt) = self.find_addition(&action).await?
        {
            self.record(&action, receipt);
            return Ok(());
        }
        // Cases that share a ticket take turns (contract, rule 6).
        let _turn = match self.link() {
            Some(link) => Some(turn_to_write(self.cx, link.ticket).await),
            None => None,
        };
        for tries in 0.. {
            let not_after = self.cx.now().after(SEND_WINDOW);
            self.declare(Intent {
                action: action.clone(),
                not_after,
            })
            .await?;
            match self.send(&action, &payload, not_after).await {
                Ok(receipt) => {
                    self.record(&action, receipt);
                    return Ok(());
                }
                Err(WriteFailure {
                    performed: Performed::No,
                    error,
                }) => {
                    self.retract();
                    if !error.retry || tries >= TRIES {
                        return Err(error.into());
                    }
                    self.cx
                        .sleep_until(self.cx.now().after(self.cx.backoff(tries)))
                        .await;
                }
                Err(WriteFailure {
                    performed: Performed::Unknown,
                    error,
                }) => {
                    let last_moment = self.cx.now().min(not_after);
                    if self.settle_since(last_moment).await? {
                        return Ok(());
                    }
                    if matches!(action, Action::ChangeTicket { .. }) {
                        return Err(Interrupt::Again);
                    }
                    if tries >= TRIES {
                        return Err(error.into());
                    }
                }
            }
        }
        Ok(())
    }

    /// Finds out what became of a write that an earlier connector may have sent.
    pub(crate) async fn settle(&mut self) -> Result<(), Interrupt> {
        let Some(Intent { action, not_after }) = self.intent().cloned() else {
            return Ok(());
        };
        if action.is_found_by_value() {
            // That it is so already does not say who made it so: whoever recorded it may send it until then, and only with
            // the intent in the store.
            let over = not_after.after(CLOCKS_APART);
            if self.cx.now() <= over {
                let then = over.after(Duration::from_millis(1));
                self.cx.sleep_until(then).await;
            }
        }
        let was_closed = self.link().is_some_and(|link| link.closed);
        let creates = matches!(action, Action::CreateTicket { .. });
        if self.settle_since(not_after).await? && !creates {
            self.tell_of_change(was_closed);
        }
        Ok(())
    }

    /// Tells of a change of casewire's own that was found to be made.
    fn tell_of_change(&mut self, was_closed: bool) {
        let by = ChangedBy::Case;
        let is_closed = self.link().is_some_and(|link| link.closed);
        let event = match (was_closed, is_closed) {
            (false, true) => Event::TicketClosed { by },
            (true, false) => {
                self.change_link(|link| link.reopened = link.reopened.saturating_add(1));
                Event::TicketReopened { by }
            }
            _ => Event::TicketModified,
        };
        self.tell(event);
    }

    /// Searches for the write of the intent until it is found, or can no longer land.
    async fn settle_since(&mut self, last_moment: Timestamp) -> Result<bool, Interrupt> {
        let Some(Intent { action, .. }) = self.intent().cloned() else {
            return Ok(false);
        };
        let proof = last_moment.after(self.env.settings.config().limits.settle.0);
        for tries in 0.. {
            let asked = self.cx.now();
            let found = match self.find(&action).await {
                // On a ticket that is gone there is nothing to find; whoever reads it next sees that.
                Err(Interrupt::Failed(error)) if error.code == Code::NotFound => None,
                found => found?,
            };
            if let Some(receipt) = found {
                self.record(&action, receipt);
                self.meet_others().await?;
                return Ok(true);
            }
            if asked >= proof {
                break;
            }
            self.cx
                .sleep_until(proof.min(asked.after(self.cx.backoff(tries))))
                .await;
        }
        self.retract();
        Ok(false)
    }

    fn intent(&self) -> Option<&Intent> {
        self.entry.value.as_ref()?.intent.as_ref()
    }

    async fn declare(&mut self, intent: Intent) -> Result<(), Interrupt> {
        self.release();
        if let Action::CreateTicket { .. } = intent.action {
            let settle = self.env.settings.config().limits.settle.0;
            self.claim(intent.not_after.after(settle));
        }
        if let Some(entry) = &mut self.entry.value {
            entry.intent = Some(intent);
        }
        self.commit().await
    }

    fn retract(&mut self) {
        if let Some(entry) = &mut self.entry.value {
            entry.intent = None;
        }
    }

    fn ticket(&self) -> Result<TicketId, Interrupt> {
        self.linked().map(|link| link.ticket)
    }

    async fn send(
        &self,
        action: &Action,
        payload: &Payload,
        not_after: Timestamp,
    ) -> Result<Receipt, WriteFailure> {
        let (cx, api) = (self.cx, &self.env.api);
        let whole = |ticket| Receipt::Ticket(Box::new(ticket));
        let ticket = self.link().map_or(TicketId(0), |link| link.ticket);
        match (action, payload) {
            (Action::CreateTicket { .. }, Payload::Ticket(body)) => {
                tickets::create(cx, api, Arc::clone(body), not_after)
                    .await
                    .map(whole)
            }
            (Action::ChangeTicket { .. }, Payload::Changes(patch)) => {
                tickets::patch(cx, api, ticket, patch, not_after)
                    .await
                    .map(whole)
            }
            (Action::AddNote { note }, _) => {
                let mail = Notifications::AsTheBoardHasIt;
                let note =
                    notes::create(cx, api, ticket, note.kind, &note.text, mail, not_after).await?;
                Ok(Receipt::Note(Box::new(note)))
            }
            (
                Action::AddDocument {
                    title,
                    file_name,
                    size,
                    ..
                },
                Payload::File(token),
            ) => {
                let upload = documents::Upload {
                    ticket,
                    title,
                    file_name,
                    size: *size,
                    token,
                    private: true,
                };
                let document = documents::upload(cx, api, &upload, not_after).await?;
                Ok(Receipt::Record(document.id))
            }
            (Action::LinkConfiguration { configuration }, _) => {
                ticket_configurations::link(cx, api, ticket, *configuration, not_after).await?;
                Ok(Receipt::Record(configuration.0))
            }
            _ => Err(WriteFailure {
                performed: Performed::No,
                error: Error::new(Code::Internal, "a write was asked for without its body"),
            }),
        }
    }

    /// Looks for what an action would add to a ticket that may hold it already.
    async fn find_addition(&mut self, action: &Action) -> Result<Option<Receipt>, Interrupt> {
        match action {
            Action::AddNote { .. }
            | Action::AddDocument { .. }
            | Action::LinkConfiguration { .. } => self.find(action).await,
            Action::CreateTicket { .. } | Action::ChangeTicket { .. } => Ok(None),
        }
    }

    /// Looks in ConnectWise for what an action would have made.
    async fn find(&mut self, action: &Action) -> Result<Option<Receipt>, Interrupt> {
        let (cx, api) = (self.cx, &self.env.api);
        Ok(match action {
            Action::CreateTicket { reference, .. } => {
                let mut found = tickets::find_by_reference(cx, api, reference)
                    .await?
                    .into_iter();
                let oldest = found.next();
                self.report_duplicates(oldest.as_ref(), found);
                oldest.map(|ticket| Receipt::Ticket(Box::new(ticket)))
            }
            Action::ChangeTicket { changes, .. } => {
                let ticket = tickets::get(cx, api, self.ticket()?).await?;
                ticket
                    .holds(changes)
                    .then(|| Receipt::Ticket(Box::new(ticket)))
            }
            Action::AddNote { note } => self
                .find_note(note)
                .await?
                .map(|note| Receipt::Note(Box::new(note))),
            Action::AddDocument {
                title,
                file_name,
                size,
                ..
            } => {
                let sent = &self.linked()?.documents;
                let known = |id| {
                    sent.values()
                        .any(|sent| *sent == SentDocument::Document(id))
                };
                let found = documents::list(cx, api, self.ticket()?).await?;
                let ours = found
                    .into_iter()
                    .find(|document| document.is(title, file_name, *size) && !known(document.id));
                ours.map(|document| Receipt::Record(document.id))
            }
            Action::LinkConfiguration { configuration } => {
                let linked = ticket_configurations::list(cx, api, self.ticket()?).await?;
                let linked = linked.iter().any(|linked| linked.id == *configuration);
                linked.then_some(Receipt::Record(configuration.0))
            }
        })
    }

    /// More than one ticket of a case is for a person to merge.
    fn report_duplicates(&mut self, oldest: Option<&Ticket>, others: impl Iterator<Item = Ticket>) {
        let others: Vec<String> = others.map(|ticket| ticket.id.to_string()).collect();
        if let Some(oldest) = oldest.filter(|_| !others.is_empty()) {
            let message = format!(
                "beside ticket {} these bear the case's reference too: {}. Merge them into it",
                oldest.id,
                others.join(", ")
            );
            self.warn(Error::new(Code::DuplicateTicket, message));
        }
    }

    /// A note of our own with that content which no other comment accounts for.
    async fn find_note(&self, wanted: &NoteContent) -> Result<Option<Note>, Interrupt> {
        let link = self.linked()?;
        let digest = digest::of_words(&wanted.text);
        let openings = &link.openings;
        let mut known: BTreeSet<u32> = link.own_notes().collect();
        known.extend(self.other_notes_of(link.ticket).await?);
        // An internal note that the create request carried has this content too, and its id is not learned yet.
        let is_internal = wanted.kind == Visibility::Internal;
        let carried = link
            .notes
            .values()
            .filter(|sent| is_internal && sent.note.is_none() && sent.digest == digest)
            .count();
        let of_that_kind = |opening: &&OpeningNote| opening.kind == wanted.kind;
        let opened = openings
            .iter()
            .filter(of_that_kind)
            .filter(|opening| opening.note.is_none() && opening.digest == digest)
            .count();
        let ledger = self.ledger();
        let found = notes::list(self.cx, &self.env.api, link.ticket).await?;
        Ok(found
            .into_iter()
            .filter(|note| {
                note.is(wanted.kind, &wanted.text)
                    && !note.is_of_another_than(link.member.as_deref())
                    && !known.contains(&note.id)
                    && !ledger.notes.contains_key(&note.key())
            })
            .nth(carried + opened))
    }

    /// The notes that casewire wrote on the ticket for other cases.
    async fn other_notes_of(&self, ticket: TicketId) -> Result<Vec<u32>, Interrupt> {
        let (cx, keys) = (self.cx, &self.env.keys);
        let record = session::get_one::<TicketRecord>(cx, keys.ticket(ticket)).await?;
        let cases = record.value.unwrap_or_default();
        let others = cases.cases().filter(|case| *case != self.case_id());
        let others = others.map(|case| keys.link(case)).collect();
        let links = session::get_many::<Link>(cx, others).await?;
        let links = links.iter().filter_map(|link| link.value.as_ref());
        Ok(links
            .filter(|link| link.ticket == ticket)
            .flat_map(Link::own_notes)
            .collect())
    }

    fn record(&mut self, action: &Action, receipt: Receipt) {
        self.retract();
        match (action, receipt) {
            (
                Action::CreateTicket {
                    reference,
                    comment,
                    openings,
                    written,
                },
                Receipt::Ticket(ticket),
            ) => {
                self.bind(reference, comment.as_ref(), openings, written, &ticket);
            }
            (Action::ChangeTicket { changes, written }, Receipt::Ticket(ticket)) => {
                self.see(&ticket);
                self.note_own_changes(changes.keys(), &ticket);
                self.change_link(|link| link.written.clone_from(written));
            }
            (Action::AddNote { note }, Receipt::Note(made)) => {
                let sent = SentNote {
                    note: Some(made.id),
                    digest: digest::of_words(&made.text),
                };
                self.change_link(|link| {
                    link.notes.insert(note.comment.clone(), sent);
                });
            }
            (
                Action::AddDocument {
                    attachment,
                    size,
                    sha256,
                    ..
                },
                Receipt::Record(id),
            ) => {
                let upload = Upload {
                    size: *size,
                    sha256: sha256.clone(),
                };
                self.change_link(|link| {
                    link.documents
                        .insert(attachment.clone(), SentDocument::Document(id));
                    link.uploads.insert(attachment.clone(), upload);
                })
            }
            (Action::LinkConfiguration { configuration }, Receipt::Record(_)) => {
                self.change_link(|link| {
                    if !link.configurations.contains(configuration) {
                        link.configurations.push(*configuration);
                    }
                })
            }
            (_, Receipt::Ticket(_) | Receipt::Note(_) | Receipt::Record(_)) => {}
        }
    }
}
