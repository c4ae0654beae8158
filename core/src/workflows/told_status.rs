//! Whether a status that a case is handed over with is a wish of its host, or one that the host was told and took over: that
//! one is no reason to change the ticket, however much later something else of the case changed.

use super::work::{CLOCKS_APART, Interrupt, Work};
use crate::{
    case::Case,
    catalog::same_name,
    decide,
    delivery::{Delivery, Event},
    effect::Batch,
    environment::Environment,
    error::Result,
    runtime::Context,
    store::{
        records::{self, Heard, HeardStatus},
        session,
    },
    time::Timestamp,
};

/// Deliveries that are looked at: far more than a host that follows leaves open.
const PENDING: u32 = 64;

/// Notes what the host hears of its case's status, with the deliveries that it has just taken over. They are given in order.
pub(super) async fn note_heard(
    cx: &Context,
    env: &Environment,
    taken: &[(u64, Delivery)],
    batch: &mut Batch,
) -> Result<()> {
    if !env.settings.config().policies.ticket_inbound.enabled {
        return Ok(());
    }
    // What the ticket began with is what the case said, or what the host was told in the same breath.
    let later = taken
        .iter()
        .filter(|(_, delivery)| delivery.event != Event::TicketCreated);
    let statuses: Vec<(u64, &str, &str)> = later
        .filter_map(|(number, delivery)| {
            let status = delivery.ticket.as_ref()?.case_status.as_deref()?;
            Some((*number, delivery.case_id()?, status))
        })
        .collect();
    let Some((_, case_id, _)) = statuses.first() else {
        return Ok(());
    };
    let mut heard = session::get_one::<Heard>(cx, env.keys.heard(case_id)).await?;
    let known = heard.value.get_or_insert_default();
    let before = known.clone();
    for (number, _, status) in &statuses {
        known.hear(*number, status, cx.now());
    }
    if *known != before {
        // Whoever else offers the same deliveries notes the same.
        batch.put_record(heard.key, known)?;
    }
    Ok(())
}

impl Heard {
    fn hear(&mut self, number: u64, status: &str, at: Timestamp) {
        let last = self.statuses.last();
        if last.is_some_and(|last| last.number >= number || last.status == status) {
            return;
        }
        self.statuses.push(HeardStatus {
            number,
            status: status.to_owned(),
            at,
        });
        let too_many = self.statuses.len().saturating_sub(Self::MOST);
        self.statuses.drain(..too_many);
    }
}

impl Work<'_> {
    /// Whether the case's status is a wish of its host: neither what it said before, nor what it was told since.
    ///
    /// A case that is over once more, after its host has surely heard that the ticket was opened again, closes it again.
    pub(super) async fn wishes_status(&self, case: &Case) -> std::result::Result<bool, Interrupt> {
        let before = &self.linked()?.written;
        let differs = case.status != before.case_status || case.is_over() != before.over;
        if !self.env.settings.config().policies.ticket_inbound.enabled {
            return Ok(differs);
        }
        if !differs && !case.is_over() || differs && self.was_told_status_of(case) {
            return Ok(false);
        }
        let key = self.env.keys.heard(self.case_id());
        let heard = session::get_one::<Heard>(self.cx, key).await?;
        let heard = heard.value.unwrap_or_default().statuses;
        let since: Vec<HeardStatus> = heard
            .into_iter()
            .filter(|heard| heard.number > before.deliveries)
            .collect();
        // Until then the host may have spoken before it heard.
        let said_at = self.said_at();
        let surely = |heard: &&HeardStatus| heard.at.after(CLOCKS_APART) < said_at;
        let certain = since.iter().rev().find(surely);
        let may_have_heard = |at: Timestamp| at <= said_at.after(CLOCKS_APART);
        if !differs {
            return Ok(certain.is_some_and(|heard| !same_name(&heard.status, Case::CLOSED)));
        }
        let doubtful = since
            .iter()
            .filter(|heard| !surely(heard) && may_have_heard(heard.at));
        if doubtful
            .chain(certain)
            .any(|heard| says(case, &heard.status))
        {
            return Ok(false);
        }
        self.is_about_to_hear(case, before.deliveries)
            .await
            .map(|told| !told)
    }

    /// Whether the host is being told of the case's status: it may have taken that over, and its answer was lost.
    async fn is_about_to_hear(
        &self,
        case: &Case,
        after: u64,
    ) -> std::result::Result<bool, Interrupt> {
        let prefix = self.env.keys.deliveries_of(&self.subject());
        let pending = session::scan(self.cx, &prefix, None, PENDING).await?;
        for record in pending {
            let delivery: Delivery = records::read(&record.key, &record.value)?;
            let status = delivery
                .ticket
                .as_ref()
                .and_then(|it| it.case_status.as_deref());
            let later = number_of(&record.key).is_some_and(|number| number > after);
            let may_be_heard = delivery.at <= self.said_at().after(CLOCKS_APART);
            if later && may_be_heard && status.is_some_and(|status| says(case, status)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a case says no more of its status than the host was told last: that is no change of the host's.
    fn was_told_status_of(&self, case: &Case) -> bool {
        self.ledger().told.as_ref().is_some_and(|told| {
            let meant = decide::case_status(&self.env.settings, &told.board, &told.status);
            told.closed == case.is_over()
                && meant.is_some_and(|meant| same_name(&meant, &case.status))
        })
    }
}

/// Whether the case is as a ticket's status means it to be.
fn says(case: &Case, status: &str) -> bool {
    let over = same_name(status, Case::CLOSED);
    case.is_over() == over && (over || same_name(&case.status, status))
}

/// The number of a delivery, with which its key ends.
pub(super) fn number_of(key: &str) -> Option<u64> {
    key.rsplit_once('/')?.1.parse().ok()
}
