//! Cases that share a ticket or a summary: how each is added, durably, before anything is written.

use super::work::{Interrupt, Work};
use crate::{
    case::Case,
    command::{CaseResult, Command},
    decide::{self, Batch as Counted, Occurrence},
    delivery::Event,
    digest,
    effect::Batch,
    environment::Environment,
    error::Error,
    service::tickets::Ticket,
    settings::MaintenanceRule,
    store::{
        records::{DueRecord, Gathered, Gathering, HeldCase, Joined, Link, Written},
        session::{self, Stored},
    },
    time::Timestamp,
};
use std::{collections::BTreeMap, sync::Arc};

impl Gathering {
    pub(super) fn new(what: Gathered, name: &str, case_id: &str, now: Timestamp) -> Self {
        Self {
            what,
            name: name.to_owned(),
            case_id: case_id.to_owned(),
            ticket: None,
            own: None,
            cases: 0,
            total: 0,
            written: 0,
            counts: BTreeMap::new(),
            lines: Vec::new(),
            first_at: now,
            last_at: now,
            due: None,
            ends: None,
            over: false,
            marker: None,
            intent: None,
            last_error: None,
        }
    }
}

impl Stored<Gathering> {
    /// Puts the gathering among what is due, in the same batch that saves it.
    pub(super) fn schedule(
        &mut self,
        env: &Environment,
        id: &str,
        batch: &mut Batch,
    ) -> Result<(), Error> {
        let (before, next) = match &mut self.value {
            Some(gathering) => {
                let next = [gathering.due, gathering.ends].into_iter().flatten().min();
                (std::mem::replace(&mut gathering.marker, next), next)
            }
            None => (None, None),
        };
        if let Some(before) = before.filter(|_| before != next) {
            batch.delete.push(env.keys.due(before, id));
        }
        if let Some(next) = next.filter(|_| before != next) {
            let record = DueRecord {
                gathering: id.to_owned(),
                at: next,
            };
            batch.put_record(env.keys.due(next, id), &record)?;
        }
        Ok(())
    }
}

impl Link {
    /// Shows the ticket as it is now.
    pub(super) fn show(&mut self, ticket: &Ticket) {
        self.ticket = ticket.id;
        self.board = ticket.board_name().to_owned();
        ticket.status_name().clone_into(&mut self.status);
        self.closed = ticket.closed_flag;
    }
}

/// Adds a case to a gathering and links it to the gathering's ticket, `home`; all in one commit with the case's leaving
/// the outbox.
pub(super) async fn attach(
    work: &mut Work<'_>,
    case: &Arc<Case>,
    mut gathering: Stored<Gathering>,
    id: &str,
    home: &Link,
    event: Event,
) -> Result<(), Interrupt> {
    let now = work.cx.now();
    let mut due_now = false;
    if let Some(gathered) = &mut gathering.value {
        decide::count_in(gathered, case, Counted::New, now);
        due_now = gathered.due.is_some_and(|due| due <= now);
        let joined = Joined {
            gathering: id.to_owned(),
            what: gathered.what,
            first: gathered.case_id.clone(),
        };
        let deliveries = work.link().map_or(0, |link| link.deliveries);
        work.set_link(Link {
            case_id: work.case_id().to_owned(),
            written: Written {
                over: case.is_over(),
                ..Written::default()
            },
            case_digest: case.digest(),
            notes: BTreeMap::new(),
            documents: BTreeMap::new(),
            uploads: BTreeMap::new(),
            openings: Vec::new(),
            former: Vec::new(),
            adopted: false,
            reopened: 0,
            configurations: Vec::new(),
            deliveries,
            joined: Some(joined),
            owed: None,
            ..home.clone()
        });
    }
    work.tell(event);
    let env = work.env;
    work.commit_also(
        |batch| {
            gathering.schedule(env, id, batch)?;
            batch.save(&gathering)
        },
        None,
    )?;
    work.leave_outbox().await?;
    if due_now {
        work.cx.spawn(Command::WorkQueue);
    }
    Ok(())
}

/// Adds what a case says now to the gathering whose ticket it shares.
pub(super) async fn add_to_shared(
    work: &mut Work<'_>,
    case: &Arc<Case>,
    joined: &Joined,
) -> Result<CaseResult, Interrupt> {
    let env = work.env;
    let now = work.cx.now();
    let key = env.keys.gathering(&joined.gathering);
    let mut gathering = session::get_one::<Gathering>(work.cx, key).await?;
    let ticket = work.linked()?.ticket;
    let config = env.settings.config();
    let wait = match joined.what {
        Gathered::Repeats => config.repeats.as_ref().map(|repeats| repeats.batch),
        Gathered::Flood | Gathered::Window => config.flood.as_ref().map(|flood| flood.batch),
    };
    let gathered = gathering
        .value
        .get_or_insert_with(|| Gathering::new(joined.what, &joined.first, &joined.first, now));
    gathered.ticket = gathered.ticket.or(Some(ticket));
    decide::count_in(gathered, case, Counted::Update, now);
    let due = now.after(wait.unwrap_or(crate::time::Span::seconds(0)).0);
    gathered.due = gathered.due.or(Some(due));
    let due_now = gathered.due <= Some(now);
    let (over, digest) = (case.is_over(), case.digest());
    work.change_link(|link| {
        link.written.over = over;
        link.case_digest = digest;
    });
    work.commit_also(
        |batch| {
            gathering.schedule(env, &joined.gathering, batch)?;
            batch.save(&gathering)
        },
        None,
    )?;
    work.leave_outbox().await?;
    if due_now {
        work.cx.spawn(Command::WorkQueue);
    }
    Ok(CaseResult::Updated)
}

/// Keeps a case back for a maintenance window, and counts it once.
pub(super) async fn withhold(
    work: &mut Work<'_>,
    case: &Arc<Case>,
    window: &MaintenanceRule,
    occurrence: Occurrence,
) -> Result<String, Interrupt> {
    let env = work.env;
    let now = work.cx.now();
    let place = format!(
        "{} {} {}",
        window.name,
        occurrence.from.millis(),
        case.group.id
    );
    let id = format!("window {}", digest::of(place.as_bytes()));
    let _turn = work.cx.lock(format!("window {id}")).await;
    let (mut gathering, mut kept): (Stored<Gathering>, Stored<HeldCase>) = session::get_two(
        work.cx,
        [env.keys.gathering(&id), env.keys.member(&id, &case.id)],
    )
    .await?;
    let gathered = gathering.value.get_or_insert_with(|| {
        let title = format!("Maintenance: cases during {}", window.name);
        let own_id = format!("casewire.window.{}", digest::of(place.as_bytes()));
        let own = own_case(case, own_id, title, String::new(), now);
        Gathering {
            own: Some(Arc::new(own)),
            ends: Some(occurrence.until),
            ..Gathering::new(Gathered::Window, &window.name, "", now)
        }
    });
    let reason = format!(
        "maintenance window '{}' lasts until {}",
        window.name, occurrence.until
    );
    let first = kept.value.is_none();
    if first {
        decide::count_in(gathered, case, Counted::New, now);
    }
    let accepted_at = kept.value.as_ref().map_or(now, |kept| kept.accepted_at);
    kept.value = Some(HeldCase {
        case: Arc::clone(case),
        accepted_at,
        reason: reason.clone(),
    });
    work.commit_also(
        |batch| {
            batch.save(&kept)?;
            gathering.schedule(env, &id, batch)?;
            batch.save(&gathering)
        },
        None,
    )?;
    if first {
        let number = u64::try_from(occurrence.from.millis()).unwrap_or_default();
        let event = Event::Withheld {
            window: window.name.clone(),
            until: occurrence.until,
        };
        work.tell_without_ticket(number, event);
        work.decide("withhold", Some(&window.name), &reason);
    }
    work.leave_outbox().await?;
    Ok(reason)
}

/// A case of casewire's own that goes where `like` would go.
pub(super) fn own_case(
    like: &Case,
    id: String,
    title: String,
    description: String,
    now: Timestamp,
) -> Case {
    Case {
        id,
        number: Some("roll-up".to_owned()),
        title,
        description,
        system: None,
        user: None,
        created_at: now,
        updated_at: now,
        cleared_at: None,
        added_by: None,
        artifacts: Vec::new(),
        comments: Vec::new(),
        attachments: Vec::new(),
        ..like.clone()
    }
}
