//! Every ticket with a reference of this instance against its link.

use super::{Found, Work};
use crate::{
    decide,
    delivery::Event,
    effect::{Batch, Expectation},
    error::{Code, Error, Result},
    reconcile::{ReconcileKind, ReconcileRepair},
    service::{
        TicketId,
        listed_tickets::{self, ListedTicket},
        tickets,
    },
    store::{
        records::{Link, OutboxEntry, ReconcileStage, TicketRecord},
        session::{self, Stored},
    },
    workflows::{
        ticket_first,
        work::{self, Interrupt},
    },
};

impl Work<'_> {
    /// Compares a page of tickets that bear a reference, in the order of their numbers: the oldest of several is the case's.
    pub(super) async fn references(&mut self, after: u32) -> Result<()> {
        let own = decide::reference_of_any(self.env.settings.config());
        let page = listed_tickets::referring_to(self.cx, &self.env.api, &own, after).await?;
        let last = page.iter().map(|row| row.id.0).max();
        let Some(last) = last.filter(|last| *last > after) else {
            return self.keep(ReconcileStage::Over).await;
        };
        let rows: Vec<(String, ListedTicket)> = page
            .into_iter()
            .filter_map(|row| {
                let case = row.external_xref.as_deref()?.strip_prefix(&own)?.to_owned();
                Some((case, row))
            })
            .collect();
        let keys = rows
            .iter()
            .map(|(_, row)| self.env.keys.ticket(row.id))
            .collect();
        let known = session::get_many::<TicketRecord>(self.cx, keys).await?;
        for ((case, row), record) in rows.into_iter().zip(known) {
            self.report.tickets += 1;
            // What was merged away bears its reference still.
            if record.value.is_none() && row.merged_parent_ticket.is_none() {
                self.unlinked(case, &row, record).await?;
            }
        }
        self.keep(ReconcileStage::References { after: last }).await
    }

    /// A ticket that bears a reference and has no case.
    async fn unlinked(
        &mut self,
        case: String,
        row: &ListedTicket,
        record: Stored<TicketRecord>,
    ) -> Result<()> {
        let readable = !decide::is_hashed(&case);
        let link = match readable {
            true => {
                session::get_one::<Link>(self.cx, self.env.keys.link(&case))
                    .await?
                    .value
            }
            false => self.link_with(row).await?,
        };
        if let Some(link) = link {
            let other = link.ticket;
            self.note(Found {
                kind: ReconcileKind::DuplicateTicket,
                case_id: Some(link.case_id),
                ticket: Some(row.id),
                message: format!(
                    "ticket {} bears the reference of a case whose ticket is {other}",
                    row.id
                ),
                fix: format!("Merge it into ticket {other}"),
                repair: ReconcileRepair::ByHand,
            });
            return Ok(());
        }
        if !readable {
            self.lost(
                None,
                row.id,
                "Its case's id is hashed in the reference: close the ticket, or merge it into the case's new one",
                ReconcileRepair::ByHand,
            );
            return Ok(());
        }
        let waiting = session::get_one::<OutboxEntry>(self.cx, self.env.keys.outbox(&case)).await?;
        if waiting.value.is_some() {
            // Its create may be under way, and finds the ticket by itself.
            return Ok(());
        }
        let mut repair = self.if_asked();
        if self.repair && !self.bind(&case, row.id, record).await? {
            repair = ReconcileRepair::ByHand;
        }
        self.lost(
            Some(case),
            row.id,
            "A repair binds the case to it; without one, the case would get a second ticket",
            repair,
        );
        Ok(())
    }

    fn lost(
        &mut self,
        case_id: Option<String>,
        ticket: TicketId,
        fix: &str,
        repair: ReconcileRepair,
    ) {
        self.note(Found {
            kind: ReconcileKind::LostLink,
            case_id,
            ticket: Some(ticket),
            message: format!(
                "ticket {ticket} bears the reference of a case, and the store has no link"
            ),
            fix: fix.to_owned(),
            repair,
        });
    }

    /// The link of a case whose id its reference does not say.
    async fn link_with(&self, row: &ListedTicket) -> Result<Option<Link>> {
        let mut found = None;
        session::each(self.cx, &self.env.keys.all("link"), |link: Link| {
            if Some(link.reference.as_str()) == row.external_xref.as_deref() {
                found = Some(link);
            }
        })
        .await?;
        Ok(found)
    }

    /// Binds a case to the ticket that bears its reference, and tells the host. Says whether it is bound now.
    async fn bind(
        &mut self,
        case_id: &str,
        ticket: TicketId,
        unlinked: Stored<TicketRecord>,
    ) -> Result<bool> {
        let _turn = self.cx.lock(format!("case {case_id}")).await;
        let bound = async {
            let read = tickets::get(self.cx, &self.env.api, ticket).await?;
            let mut work = work::Work::load(self.cx, self.env, case_id, None).await?;
            if work.link().is_some() || work.case().is_some() {
                return Err(Interrupt::Again);
            }
            let reference = decide::reference(self.env.settings.config(), case_id).value;
            let mut link = ticket_first::adopted(self.env, case_id, &reference, &read);
            // How many deliveries the case has had is lost too. Their ids tell repeats: none may come a second time.
            link.deliveries = u64::try_from(self.cx.now().millis() / 1000).unwrap_or_default();
            work.set_link(link);
            work.tell(Event::TicketCreated);
            work.commit_along(Batch {
                expect: vec![Expectation {
                    key: unlinked.key,
                    revision: unlinked.revision,
                }],
                ..Batch::default()
            });
            work.commit().await
        };
        match bound.await {
            Ok(()) => Ok(true),
            // Someone else was first.
            Err(Interrupt::Again) => Ok(false),
            Err(Interrupt::Failed(Error {
                code: Code::NotFound,
                ..
            })) => Ok(false),
            Err(Interrupt::Failed(error)) => Err(error),
        }
    }
}
