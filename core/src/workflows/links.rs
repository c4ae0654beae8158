use super::page::{self, MOST};
use crate::{
    environment::Environment,
    error::Result,
    outbox::{LinkItem, LinkPage},
    runtime::Context,
    service::TicketId,
    store::{
        records::{self, Link, SentDocument, TicketRecord},
        session,
    },
};

/// Records that are read at once.
const PAGE: u32 = 128;

/// Lists links by page; with a case or a ticket only its own.
///
/// # Errors
///
/// A limit that is out of bounds, a place that no page gave.
pub(crate) async fn list_links(
    cx: &Context,
    env: &Environment,
    after: Option<String>,
    limit: u32,
    case_id: Option<&str>,
    ticket: Option<TicketId>,
) -> Result<LinkPage> {
    let prefix = env.keys.all("link");
    page::check(limit, after.as_deref(), &[&prefix])?;
    let of_ticket = match ticket {
        Some(ticket) => {
            let record = session::get_one::<TicketRecord>(cx, env.keys.ticket(ticket)).await?;
            Some(record.value.map(|record| record.case_id))
        }
        None => None,
    };
    if let Some(case_id) = of_ticket.unwrap_or_else(|| case_id.map(str::to_owned)) {
        let link = session::get_one::<Link>(cx, env.keys.link(&case_id)).await?;
        let wanted = |link: &Link| ticket.is_none_or(|ticket| link.ticket == ticket);
        let links = link.value.filter(wanted).map(LinkItem::from);
        return Ok(LinkPage {
            links: links.into_iter().collect(),
            next: None,
        });
    }
    if ticket.is_some() {
        return Ok(LinkPage::default());
    }
    let mut page = LinkPage::default();
    let mut after = after;
    loop {
        let room = limit.min(MOST) - u32::try_from(page.links.len()).unwrap_or(MOST);
        let records = session::scan(cx, &prefix, after.take(), PAGE.min(room)).await?;
        let Some(last) = records.last().map(|record| record.key.clone()) else {
            return Ok(page);
        };
        for record in records {
            let link: Link = records::read(&record.key, &record.value)?;
            page.links.push(link.into());
        }
        if page.links.len() >= limit as usize {
            page.next = Some(last);
            return Ok(page);
        }
        after = Some(last);
    }
}

impl From<Link> for LinkItem {
    fn from(link: Link) -> Self {
        let refused = link.documents.values();
        let refused = refused.filter(|sent| matches!(sent, SentDocument::Refused(_)));
        let refused = refused.count() as u64;
        Self {
            case_id: link.case_id,
            ticket_id: link.ticket,
            reference: link.reference,
            board: link.board,
            status: link.status,
            closed: link.closed,
            company_id: link.company,
            company: link.company_name,
            route: link.written.route,
            in_step: !link.case_digest.is_empty(),
            notes: link.notes.len() as u64,
            documents: link.documents.len() as u64 - refused,
            refused_documents: refused,
            configurations: link.configurations,
        }
    }
}
