//! What becomes of a case that would get a new ticket, where there may be too many.

use super::{
    gather::{attach, own_case, withhold},
    submit_case::in_step,
    work::{Interrupt, Work},
};
use crate::{
    case::Case,
    command::{CaseResult, Command},
    config::{ReopenThen, Repeats},
    decide::{self, ClosedTicket, JoinKey, Scope},
    delivery::Event,
    error::{Code, Error},
    service::{
        TicketId,
        tickets::{self, Ticket},
    },
    settings::FloodRule,
    store::{
        records::{FloodRecord, Gathered, Gathering, JoinRecord, KeyTicket, Link, OutboxEntry},
        session::{self, Stored},
    },
    time::Timestamp,
};
use std::sync::Arc;

/// What comes before the id of a case of casewire's own.
const OWN: &str = "casewire.";

/// Whether a case is one of casewire's own, such as that of a roll-up ticket.
pub(super) fn is_own(case_id: &str) -> bool {
    case_id.starts_with(OWN)
}

/// Another connector opens the key's ticket: how often it is looked for.
const LOOKS: u32 = 12;

/// Tickets of a key that are remembered.
const MOST_TICKETS: usize = 10;

/// What comes of a case without a ticket of its own, and why; nothing for a case that gets one.
pub(super) type Shared = Option<(CaseResult, String)>;

/// Sends a case that would get a new ticket to a maintenance window, to the ticket of the incident that it repeats, or to
/// a flood's; the first that is meant for it.
pub(super) async fn shared(
    work: &mut Work<'_>,
    case: &Arc<Case>,
    route: &str,
) -> Result<Shared, Interrupt> {
    if is_own(&case.id) {
        return Ok(None);
    }
    let settings = &work.env.settings;
    if let Some((window, occurrence)) = decide::maintenance(settings, case, route, work.cx.now()) {
        let reason = withhold(work, case, window, occurrence).await?;
        return Ok(Some((CaseResult::Withheld, reason)));
    }
    if let Some(repeats) = &settings.config().repeats
        && let Some(key) = work.join_key(case)
        && let Some(joined) = join(work, case, repeats, key).await?
    {
        return Ok(Some(joined));
    }
    match decide::flood_scope(settings, case, route) {
        Some((rule, scope)) => flood(work, case, rule, scope).await,
        None => Ok(None),
    }
}

/// Adds a repeat to its key's ticket, if that still takes repeats. Otherwise the key is kept, so that this case's ticket
/// becomes it.
async fn join(
    work: &mut Work<'_>,
    case: &Arc<Case>,
    repeats: &Repeats,
    key: JoinKey,
) -> Result<Shared, Interrupt> {
    let env = work.env;
    work.load_join(&key).await?;
    let Some(first) = awaited(work, case).await? else {
        return Ok(None);
    };
    let id = gathering_of(&first.case_id);
    let (mut gathering, link): (Stored<Gathering>, Stored<Link>) = session::get_two(
        work.cx,
        [env.keys.gathering(&id), env.keys.link(&first.case_id)],
    )
    .await?;
    let Some(mut home) = link.value else {
        return Ok(None);
    };
    let now = work.cx.now();
    let last = gathering
        .value
        .as_ref()
        .map_or(first.at, |g| g.last_at.max(first.at));
    if now.since(last) >= repeats.window.0 {
        return Ok(None);
    }
    let waits = gathering
        .value
        .as_ref()
        .is_some_and(|g| g.total > g.written);
    if !waits || home.closed {
        let Some(ticket) = surviving(work, first.ticket).await? else {
            return Ok(None);
        };
        let closed = ClosedTicket::of(&env.settings, &ticket, &home.written);
        let is_new = closed.is_some_and(|closed| {
            let severity = &case.severity;
            let then = decide::repeat_of_closed(&env.settings, repeats, &closed, severity, now);
            then.value == ReopenThen::NewTicket
        });
        if is_new {
            return Ok(None);
        }
        home.show(&ticket);
        work.begin_batch(now);
    }
    let gathered = gathering
        .value
        .get_or_insert_with(|| Gathering::new(Gathered::Repeats, &key.text, &first.case_id, now));
    gathered.ticket = Some(home.ticket);
    gathered.due = gathered.due.or(Some(now.after(repeats.batch.0)));
    let event = Event::RepeatJoined {
        first_case: first.case_id.clone(),
    };
    let reason = format!("it repeats case '{}' ({})", first.case_id, key.text);
    work.decide("join", Some(&format!("ticket {}", home.ticket)), &reason);
    attach(work, case, gathering, &id, &home, event).await?;
    Ok(Some((CaseResult::Joined, reason)))
}

/// Id of what gathers the repeats of a case.
fn gathering_of(case_id: &str) -> String {
    format!("repeats {case_id}")
}

/// The key's ticket. While someone else opens it, it is waited for; nothing where this case opens it.
async fn awaited(work: &mut Work<'_>, case: &Case) -> Result<Option<KeyTicket>, Interrupt> {
    for look in 0.. {
        let record = work.join_record();
        let Some(claim) = record.claim.filter(|claim| claim.case_id != case.id) else {
            return Ok(record.tickets.last().cloned());
        };
        let keys = work.env.keys.outbox(&claim.case_id);
        let entry = session::get_one::<OutboxEntry>(work.cx, keys).await?;
        if entry.value.is_none() {
            // Either it was given up, or it came to a ticket just now.
            work.reload_join().await?;
            let record = work.join_record();
            if record.claim.as_ref() == Some(&claim) {
                return Ok(record.tickets.last().cloned());
            }
            continue;
        }
        if look >= LOOKS {
            let error = format!(
                "case '{}' of the same key has been getting its ticket for long; this one stays in the outbox",
                claim.case_id
            );
            return Err(Error::new(Code::StoreConflict, error).failed());
        }
        if work.cx.now() > claim.until {
            work.cx.spawn(Command::ContinueCase {
                case_id: claim.case_id,
            });
        }
        let wait = work.cx.backoff(look + 1);
        work.cx.sleep_until(work.cx.now().after(wait)).await;
        work.reload_join().await?;
    }
    Ok(None)
}

/// The ticket as it is now, or the one that it was merged into; nothing where it is gone.
async fn surviving(work: &Work<'_>, ticket: TicketId) -> Result<Option<Ticket>, Interrupt> {
    match tickets::surviving(work.cx, &work.env.api, ticket).await {
        Ok(ticket) => Ok(Some(ticket)),
        Err(error) if error.code == Code::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Counts a new ticket, or rolls the case up with the others where it is one too many.
async fn flood(
    work: &mut Work<'_>,
    case: &Arc<Case>,
    rule: &FloodRule,
    scope: Scope,
) -> Result<Shared, Interrupt> {
    let env = work.env;
    let turn = work.cx.lock(format!("flood {}", scope.digest)).await;
    let now = work.cx.now();
    let key = env.keys.flood(&scope.digest);
    let mut record = session::get_one::<FloodRecord>(work.cx, key).await?;
    let counted = record.value.get_or_insert_with(FloodRecord::default);
    counted.scope.clone_from(&scope.text);
    if !decide::is_flood(rule, &mut counted.opened, now) {
        counted.opened.push(now);
        work.commit_also(|batch| batch.save(&record), Some(turn))?;
        return Ok(None);
    }
    let id = format!("flood {} {}", scope.digest, case.group.id);
    let mut gathering = session::get_one::<Gathering>(work.cx, env.keys.gathering(&id)).await?;
    let first = gathering.value.is_none();
    let gathered = gathering.value.get_or_insert_with(|| {
        let title = format!(
            "Flood: more than {} new tickets in {} for {}",
            rule.limit,
            crate::time::Span(rule.interval),
            scope.text
        );
        let own_id = format!("{OWN}flood.{}.{}", scope.digest, now.millis());
        let own = own_case(case, own_id, title, FLOOD.to_owned(), now);
        Gathering {
            own: Some(Arc::new(own)),
            ..Gathering::new(Gathered::Flood, &scope.text, &scope.text, now)
        }
    });
    let Some(own) = gathered.own.clone() else {
        return Err(Error::new(Code::Internal, "a flood has no case of its own").failed());
    };
    gathered.case_id.clone_from(&own.id);
    if first {
        // Durable before its ticket is opened, so that no second one is.
        gathered.ends = Some(now.after(rule.interval));
        let mut batch = crate::effect::Batch::default();
        gathering.schedule(env, &id, &mut batch)?;
        batch.save(&gathering)?;
        let revision = session::commit(work.cx, batch).await?;
        gathering.revision = Some(revision);
    }
    let mut link = session::get_one::<Link>(work.cx, env.keys.link(&own.id)).await?;
    if link.value.is_none() {
        Box::pin(in_step(work.cx, env, &own.id, Some(&own)))
            .await
            .map_err(Interrupt::from)?;
        link = session::get_one::<Link>(work.cx, env.keys.link(&own.id)).await?;
    }
    let Some(home) = link.value else {
        return Err(
            Error::new(Code::NotFound, "the ticket for a flood could not be opened").failed(),
        );
    };
    if let Some(gathered) = &mut gathering.value {
        if gathered.ticket.is_none() {
            let event = Event::FloodBegan {
                scope: scope.text.clone(),
                ticket: home.ticket,
            };
            work.announce(event).await?;
        }
        gathered.ticket = Some(home.ticket);
        gathered.due = gathered.due.or(Some(now.after(rule.batch)));
        gathered.ends = Some(now.after(rule.interval));
    }
    let event = Event::RolledUp {
        scope: scope.text.clone(),
    };
    let reason = format!(
        "there are more new tickets than {} for {}",
        rule.limit, scope.text
    );
    work.decide("roll_up", Some(&format!("ticket {}", home.ticket)), &reason);
    attach(work, case, gathering, &id, &home, event).await?;
    drop(turn);
    Ok(Some((CaseResult::RolledUp, reason)))
}

const FLOOD: &str = "Further cases share this ticket until there are fewer. Notes count them; each case is linked to this ticket. \
    Cases of exempt severities have tickets of their own.";

impl Work<'_> {
    /// What the case repeats, where the configuration says how that is known.
    fn join_key(&self, case: &Arc<Case>) -> Option<JoinKey> {
        decide::join_key(self.env.settings.repeats.as_ref()?, case)
    }

    /// Notes that a new batch of repeats begins on the key's ticket.
    fn begin_batch(&mut self, now: Timestamp) {
        self.change_join(|join| {
            if let Some(last) = join.tickets.last_mut() {
                last.at = now;
            }
        });
    }

    /// Takes the right to open the key's ticket with the next commit.
    pub(super) fn claim(&mut self, until: Timestamp) {
        let case_id = self.case_id().to_owned();
        self.change_join(|join| {
            join.claim = Some(crate::store::records::Claim { case_id, until });
        });
    }

    /// Gives the right back with the next commit.
    pub(super) fn disclaim(&mut self) {
        let case_id = self.case_id().to_owned();
        self.change_join(|join| {
            join.claim = join.claim.take().filter(|claim| claim.case_id != case_id);
        });
    }

    /// Makes a new ticket the key's, and says which earlier ones it is to name.
    pub(super) fn ticket_of_key(&mut self, ticket: TicketId) -> Option<String> {
        let now = self.cx.now();
        let correlation = self
            .env
            .settings
            .config()
            .repeats
            .as_ref()?
            .correlation
            .clone();
        let case_id = self.case_id().to_owned();
        let mut note = None;
        let oldest = correlation.as_ref().map(|correlation| correlation.window.0);
        self.change_join(|join| {
            if let Some(oldest) = oldest {
                join.tickets
                    .retain(|earlier| now.since(earlier.at) < oldest);
            }
            note = correlation
                .and_then(|correlation| decide::correlation_note(&correlation, &join.tickets, now));
            join.claim = join.claim.take().filter(|claim| claim.case_id != case_id);
            if join.tickets.iter().all(|known| known.ticket != ticket) {
                join.tickets.push(KeyTicket {
                    case_id,
                    ticket,
                    at: now,
                });
            }
            let excess = join.tickets.len().saturating_sub(MOST_TICKETS);
            join.tickets.drain(..excess);
        });
        note
    }

    fn join_record(&self) -> JoinRecord {
        self.join
            .as_ref()
            .and_then(|join| join.stored.value.clone())
            .unwrap_or_default()
    }

    async fn reload_join(&mut self) -> Result<(), Interrupt> {
        if let Some(join) = &mut self.join {
            join.stored = session::get_one(self.cx, join.stored.key.clone()).await?;
        }
        Ok(())
    }

    /// Reads what is known of the key, and lets no one else of this connector change it until the case has its ticket.
    pub(super) async fn load_join(&mut self, key: &JoinKey) -> Result<(), Interrupt> {
        if self.join.is_some() {
            return Ok(());
        }
        let turn = self.cx.lock(format!("join {}", key.digest)).await;
        let mut stored =
            session::get_one::<JoinRecord>(self.cx, self.env.keys.join(&key.digest)).await?;
        stored
            .value
            .get_or_insert_with(JoinRecord::default)
            .key
            .clone_from(&key.text);
        self.join = Some(Joining {
            stored,
            changed: false,
            turn: Some(turn),
        });
        Ok(())
    }

    /// Reads what is known of the key of a case whose ticket may have been asked for before.
    pub(super) async fn reload_claim(&mut self) -> Result<(), Interrupt> {
        let opens = self.entry.value.as_ref().is_some_and(|entry| {
            entry.intent.as_ref().is_some_and(|intent| {
                matches!(
                    intent.action,
                    crate::store::records::Action::CreateTicket { .. }
                )
            })
        });
        if opens
            && let Some(case) = self.case().filter(|case| !is_own(&case.id))
            && let Some(key) = self.join_key(&case)
        {
            self.load_join(&key).await?;
        }
        Ok(())
    }

    fn change_join(&mut self, change: impl FnOnce(&mut JoinRecord)) {
        if let Some(join) = &mut self.join {
            change(join.stored.value.get_or_insert_with(JoinRecord::default));
            join.changed = true;
        }
    }
}

/// What is known of the key of a case under work.
pub(super) struct Joining {
    pub(super) stored: Stored<JoinRecord>,
    pub(super) changed: bool,
    /// Held until the case has its ticket.
    pub(super) turn: Option<crate::runtime::Guard>,
}
