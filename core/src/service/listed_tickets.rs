use super::{TicketId, tickets::PATH};
use crate::{
    api::{
        ChangedPages, Client, Conditions, Identified, Info, Query, Reference, SafeText, flag,
        string,
    },
    digest,
    error::Result,
    quirks::DateForm,
    runtime::Context,
    time::Timestamp,
};
use serde::Deserialize;

/// What of a ticket decides whether it is read again (API.md section 5: lists are slow without a projection).
const FIELDS: &str = "id,summary,recordType,board,status,company,contact,contactEmailAddress,priority,owner,externalXRef,\
    closedFlag,customerUpdatedFlag,mergedParentTicket,_info";

/// A ticket as lists give it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListedTicket {
    pub(crate) id: TicketId,
    #[serde(default, deserialize_with = "string")]
    summary: String,
    #[serde(default)]
    record_type: Option<String>,
    #[serde(default)]
    pub(crate) board: Option<Reference>,
    #[serde(default)]
    pub(crate) status: Option<Reference>,
    #[serde(default)]
    pub(crate) company: Option<Reference>,
    #[serde(default)]
    contact: Option<Reference>,
    #[serde(default)]
    pub(crate) contact_email_address: Option<String>,
    #[serde(default)]
    pub(crate) priority: Option<Reference>,
    #[serde(default)]
    owner: Option<Reference>,
    #[serde(default, rename = "externalXRef")]
    pub(crate) external_xref: Option<String>,
    #[serde(default, deserialize_with = "flag")]
    pub(crate) closed_flag: bool,
    #[serde(default, deserialize_with = "flag")]
    customer_updated_flag: bool,
    #[serde(default)]
    pub(crate) merged_parent_ticket: Option<Reference>,
    #[serde(default, rename = "_info")]
    info: Option<Info>,
}

impl Identified for ListedTicket {
    fn record_id(&self) -> u32 {
        self.id.0
    }
}

impl ListedTicket {
    /// When it last changed, where ConnectWise says it.
    pub(crate) fn updated(&self) -> Option<Timestamp> {
        self.info.as_ref()?.last_updated
    }

    /// Whether it is a service ticket: one that was converted is none any more.
    pub(crate) fn is_service_ticket(&self) -> bool {
        self.record_type
            .as_deref()
            .is_none_or(|kind| kind.eq_ignore_ascii_case("ServiceTicket"))
    }

    /// Name of a reference's record.
    pub(crate) fn label(reference: Option<&Reference>) -> &str {
        reference.and_then(Reference::label).unwrap_or_default()
    }

    /// Tells two states of the ticket apart that the second of its last change does not.
    pub(crate) fn digest(&self) -> String {
        let of = |reference: &Option<Reference>| {
            let reference = reference.as_ref();
            let id = reference.and_then(|it| it.id).unwrap_or_default();
            format!("{id} {}", Self::label(reference))
        };
        let parts = [
            self.summary.clone(),
            self.record_type.clone().unwrap_or_default(),
            of(&self.board),
            of(&self.status),
            of(&self.company),
            of(&self.contact),
            self.contact_email_address.clone().unwrap_or_default(),
            of(&self.priority),
            of(&self.owner),
            self.external_xref.clone().unwrap_or_default(),
            of(&self.merged_parent_ticket),
            format!("{} {}", self.closed_flag, self.customer_updated_flag),
        ];
        digest::of(parts.join("\n").as_bytes())
    }
}

/// The tickets that changed at that time or later, on these boards or with a reference of this instance: one that was moved to
/// a board that is not in use is found by the latter.
///
pub(crate) fn changed<'a>(
    api: &'a Client,
    boards: &[u32],
    reference: &str,
    since: (Timestamp, DateForm),
    must_find: Option<u32>,
) -> ChangedPages<'a> {
    let of_board = boards
        .iter()
        .map(|board| Conditions::new().eq("board/id", *board));
    let conditions = Conditions::new().any(of_board.chain(referring(reference)));
    api.changed_pages(
        PATH,
        conditions,
        since,
        Query::new().fields(FIELDS),
        must_find,
    )
}

/// A page of the tickets whose reference holds this text, after the ticket with that number, in the order of numbers.
///
/// # Errors
///
/// What reading came to.
pub(crate) async fn referring_to(
    cx: &Context,
    api: &Client,
    reference: &str,
    after: u32,
) -> Result<Vec<ListedTicket>> {
    let conditions = Conditions::new().any(referring(reference));
    let pages = api.numbered_pages(PATH, conditions, Query::new().fields(FIELDS));
    let page = pages
        .page(cx, Some(after).filter(|after| *after > 0), 1)
        .await?;
    Ok(page.rows)
}

/// The condition that a reference begins as this instance's do. Others may hold that text too: compare again.
fn referring(reference: &str) -> Option<Conditions> {
    SafeText::new(reference).map(|text| Conditions::new().contains("externalXRef", &text))
}

/// Reads those of these tickets that are there and that the API member may see, in no order.
///
/// # Errors
///
/// What reading came to.
pub(crate) async fn with_ids(cx: &Context, api: &Client, ids: &[u32]) -> Result<Vec<ListedTicket>> {
    api.read_by_ids(cx, PATH, &Query::new().fields(FIELDS), ids)
        .await
}
