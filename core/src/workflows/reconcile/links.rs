//! Every open link against its ticket.

use super::{Found, Work};
use crate::{
    api::Conditions,
    catalog::same_name,
    error::{Code, Result},
    reconcile::{ReconcileKind, ReconcileRepair},
    runtime::join_all,
    service::listed_tickets::{self, ListedTicket},
    store::{
        records::{
            self, CaseRequestRecord, Link, ReconcileStage, RequestIntent, SentDocument, WhyPending,
        },
        session,
    },
    system::documents,
    time::Timestamp,
    workflows::poll,
};
use std::collections::BTreeMap;

/// Links that are compared together.
const PAGE: u32 = 100;
/// Tickets whose notes are counted side by side.
const ABREAST: usize = 8;

impl Work<'_> {
    /// Compares a page of links.
    pub(super) async fn links(&mut self, after: Option<String>) -> Result<()> {
        let page = session::scan(self.cx, &self.env.keys.all("link"), after, PAGE).await?;
        let Some(last) = page.last().map(|record| record.key.clone()) else {
            return self.keep(ReconcileStage::References { after: 0 }).await;
        };
        // A record that cannot be read does not keep the others back.
        let open: Vec<Link> = page
            .iter()
            .filter_map(|record| records::read::<Link>(&record.key, &record.value).ok())
            .filter(Link::is_open)
            .collect();
        let ids: Vec<u32> = open.iter().map(|link| link.ticket.0).collect();
        let listed = listed_tickets::with_ids(self.cx, &self.env.api, &ids).await?;
        let listed: BTreeMap<_, _> = listed.into_iter().map(|row| (row.id, row)).collect();
        for links in open.chunks(ABREAST) {
            let counts = links.iter().map(|link| self.counts(link, &listed));
            let counts = join_all(counts).await;
            for (link, counts) in links.iter().zip(counts) {
                self.report.links += 1;
                match listed.get(&link.ticket) {
                    Some(row) => {
                        self.compare(link, row).await?;
                        self.compare_counts(link, counts?);
                    }
                    None => self.missing(link)?,
                }
            }
        }
        self.keep(ReconcileStage::Links { after: Some(last) }).await
    }

    fn missing(&mut self, link: &Link) -> Result<()> {
        if self.repair {
            self.put_off(link.ticket, WhyPending::Deleted)?;
        }
        self.found(
            link,
            ReconcileKind::MissingTicket,
            "the ticket is gone, or the API member may not see it".to_owned(),
            "Give the API member the right to see it, or have a repair tell the case that it is gone",
            self.if_asked(),
        );
        Ok(())
    }

    async fn compare(&mut self, link: &Link, row: &ListedTicket) -> Result<()> {
        if let Some(parent) = row.merged_parent_ticket.as_ref().and_then(|it| it.id) {
            if self.repair {
                self.sync(link.ticket).await?;
            }
            self.found(
                link,
                ReconcileKind::MergedTicket,
                format!("the ticket was merged into ticket {parent}"),
                "A repair follows it there",
                self.if_asked(),
            );
            return Ok(());
        }
        let label = |reference| ListedTicket::label(reference).to_owned();
        let (board, status) = (label(row.board.as_ref()), label(row.status.as_ref()));
        let mut wants_sync = false;
        if !same_name(&board, &link.board) {
            wants_sync = true;
            self.found(
                link,
                ReconcileKind::Board,
                format!(
                    "the ticket was moved from board '{}' to '{board}'",
                    link.board
                ),
                "A repair tells the case; move it back where that was a slip",
                self.if_asked(),
            );
        } else if status != link.status || row.closed_flag {
            wants_sync = true;
            let closed = if row.closed_flag {
                ", which is closed"
            } else {
                ""
            };
            self.found(
                link,
                ReconcileKind::Status,
                format!(
                    "the ticket's status is '{status}'{closed}, and '{}' was seen last",
                    link.status
                ),
                "A repair tells the case; see that polling runs",
                self.if_asked(),
            );
        }
        let company = row.company.as_ref().and_then(|company| company.id);
        if company.is_some_and(|company| company != link.company.0) {
            wants_sync = true;
            self.found(
                link,
                ReconcileKind::Company,
                format!(
                    "the ticket is for '{}' now, and was for '{}'",
                    label(row.company.as_ref()),
                    link.company_name
                ),
                "A repair tells the case; map the group anew where the company is the right one",
                self.if_asked(),
            );
        }
        let priority = row.priority.as_ref().and_then(|priority| priority.id);
        if link.written.priority.is_some() && priority != link.written.priority {
            self.found(
                link,
                ReconcileKind::Priority,
                format!(
                    "the ticket's priority is '{}', which casewire did not give it",
                    label(row.priority.as_ref())
                ),
                "Nothing has to be done: a technician's choice stands",
                ReconcileRepair::ByHand,
            );
        }
        self.compare_reference(link, row).await?;
        if self.repair && wants_sync {
            match poll::drastic(link, row) {
                Some(why) => self.put_off(link.ticket, why)?,
                None => self.sync(link.ticket).await?,
            }
        }
        Ok(())
    }

    async fn compare_reference(&mut self, link: &Link, row: &ListedTicket) -> Result<()> {
        let reference = row.external_xref.as_deref().unwrap_or_default();
        // A ticket that several cases share bears the reference of one of them.
        if reference == link.reference || link.joined.is_some() {
            return Ok(());
        }
        let is_empty = reference.is_empty();
        if is_empty && self.repair {
            let key = self.env.keys.request(link.ticket);
            let mut record = session::get_one::<CaseRequestRecord>(self.cx, key).await?;
            let before = record.value.as_ref().and_then(|it| it.intent.as_ref());
            // A mark under way is left to who may be sending it.
            if !matches!(before, Some(RequestIntent::MarkTicket { .. })) {
                record.value = Some(CaseRequestRecord {
                    ticket: link.ticket.0,
                    intent: Some(RequestIntent::MarkTicket {
                        reference: link.reference.clone(),
                        // Whoever writes it records it anew first.
                        not_after: Timestamp::default(),
                    }),
                    refused: None,
                });
                self.batch.save(&record)?;
            }
        }
        let (message, fix, repair) = if is_empty {
            (
                "the ticket lost the case's reference, by which it is found again".to_owned(),
                "A repair writes it again",
                self.if_asked(),
            )
        } else {
            (
                format!("the ticket bears the reference '{reference}' in place of the case's"),
                "Clear the ticket's externalXRef where no other system needs it; a repair then writes the case's",
                ReconcileRepair::ByHand,
            )
        };
        self.found(link, ReconcileKind::Reference, message, fix, repair);
        Ok(())
    }

    /// How many notes and documents the ticket has; nothing where it has none of ours.
    async fn counts(
        &self,
        link: &Link,
        listed: &BTreeMap<crate::service::TicketId, ListedTicket>,
    ) -> Result<[Option<u64>; 2]> {
        let mut counts = [None, None];
        if !listed.contains_key(&link.ticket) {
            return Ok(counts);
        }
        let none = Conditions::new();
        if !link.notes.is_empty() {
            let path = format!("/service/tickets/{}/notes", link.ticket);
            let counted = self.env.api.count(self.cx, &path, &none, &none).await;
            counts[0] = readable(counted)?;
        }
        if documents_of(link) > 0 {
            let counted = documents::count(self.cx, &self.env.api, link.ticket).await;
            counts[1] = readable(counted)?;
        }
        Ok(counts)
    }

    fn compare_counts(&mut self, link: &Link, [notes, documents]: [Option<u64>; 2]) {
        let written = link.notes.len() as u64;
        if let Some(notes) = notes.filter(|notes| *notes < written) {
            self.found(
                link,
                ReconcileKind::Notes,
                format!("the ticket has {notes} notes, and casewire wrote {written}"),
                "A person deleted notes; they are not written again",
                ReconcileRepair::ByHand,
            );
        }
        let uploaded = documents_of(link);
        if let Some(documents) = documents.filter(|documents| *documents < uploaded) {
            self.found(
                link,
                ReconcileKind::Documents,
                format!("the ticket has {documents} documents, and casewire uploaded {uploaded}"),
                "A person deleted documents; they are not uploaded again",
                ReconcileRepair::ByHand,
            );
        }
    }

    fn found(
        &mut self,
        link: &Link,
        kind: ReconcileKind,
        message: String,
        fix: &str,
        repair: ReconcileRepair,
    ) {
        self.note(Found {
            kind,
            case_id: Some(link.case_id.clone()),
            ticket: Some(link.ticket),
            message,
            fix: fix.to_owned(),
            repair,
        });
    }
}

fn documents_of(link: &Link) -> u64 {
    let uploaded = link.documents.values();
    uploaded
        .filter(|sent| matches!(sent, SentDocument::Document(_)))
        .count() as u64
}

/// A count that the role does not allow is not compared.
fn readable(counted: Result<u64>) -> Result<Option<u64>> {
    match counted {
        Ok(count) => Ok(Some(count)),
        Err(error)
            if matches!(
                error.code,
                Code::Forbidden | Code::NotFound | Code::Rejected
            ) =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
