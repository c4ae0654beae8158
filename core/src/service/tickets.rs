use super::TicketId;
use crate::{
    api::{
        Client, Conditions, Identified, Info, Patch, Performed, Query, Reference, SafeText, Write,
        WriteFailure, WriteResult, flag, moment, string,
    },
    effect::Method,
    error::{Code, Error, Result},
    runtime::Context,
    time::Timestamp,
};
use serde::Deserialize;
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc};

/// What is asked for of a ticket, on GET, POST and PATCH alike. `_info` comes only when it is named (API.md section 5).
pub(crate) const FIELDS: &str = "id,summary,recordType,board,status,type,subType,item,team,company,contact,priority,\
    severity,impact,externalXRef,closedFlag,closedDate,customerUpdatedFlag,parentTicketId,mergedParentTicket,_info";

const PATH: &str = "/service/tickets";

/// A ticket, as far as casewire follows it (API.md section 7). Unknown fields are ignored.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Ticket {
    pub(crate) id: TicketId,
    #[serde(default, deserialize_with = "string")]
    pub(crate) summary: String,
    /// `ServiceTicket`, or another once it was converted.
    #[serde(default)]
    pub(crate) record_type: Option<String>,
    #[serde(default)]
    pub(crate) board: Option<Reference>,
    #[serde(default)]
    pub(crate) status: Option<Reference>,
    #[serde(default, rename = "type")]
    pub(crate) kind: Option<Reference>,
    #[serde(default)]
    pub(crate) sub_type: Option<Reference>,
    #[serde(default)]
    pub(crate) item: Option<Reference>,
    #[serde(default)]
    pub(crate) team: Option<Reference>,
    #[serde(default)]
    pub(crate) company: Option<Reference>,
    #[serde(default)]
    pub(crate) contact: Option<Reference>,
    #[serde(default)]
    pub(crate) priority: Option<Reference>,
    #[serde(default)]
    pub(crate) severity: Option<String>,
    #[serde(default)]
    pub(crate) impact: Option<String>,
    /// The reference by which a ticket is found again.
    #[serde(default, rename = "externalXRef")]
    pub(crate) external_xref: Option<String>,
    /// A result of the status; some boards' "Completed" leaves it false.
    #[serde(default, deserialize_with = "flag")]
    pub(crate) closed_flag: bool,
    #[serde(default, deserialize_with = "moment")]
    pub(crate) closed_date: Option<Timestamp>,
    #[serde(default, deserialize_with = "flag")]
    pub(crate) customer_updated_flag: bool,
    #[serde(default)]
    pub(crate) parent_ticket_id: Option<u32>,
    /// The surviving ticket, once this one was merged.
    #[serde(default)]
    pub(crate) merged_parent_ticket: Option<Reference>,
    #[serde(default, rename = "_info")]
    pub(crate) info: Option<Info>,
}

impl Identified for Ticket {
    fn record_id(&self) -> u32 {
        self.id.0
    }
}

impl Ticket {
    /// Name of the status.
    pub(crate) fn status_name(&self) -> &str {
        name(self.status.as_ref())
    }

    /// Name of the board.
    pub(crate) fn board_name(&self) -> &str {
        name(self.board.as_ref())
    }

    /// Name of the company.
    pub(crate) fn company_name(&self) -> &str {
        name(self.company.as_ref())
    }

    /// Id of a reference's record, such as the status.
    pub(crate) fn id_of(reference: Option<&Reference>) -> Option<u32> {
        reference.and_then(|reference| reference.id)
    }

    /// Whether it has these values, as a change would have left them.
    pub(crate) fn holds(&self, changes: &BTreeMap<String, Value>) -> bool {
        changes.iter().all(|(field, value)| {
            let id = || {
                value
                    .get("id")
                    .and_then(Value::as_u64)
                    .and_then(|id| u32::try_from(id).ok())
            };
            match field.as_str() {
                "status" => Self::id_of(self.status.as_ref()) == id(),
                "priority" => Self::id_of(self.priority.as_ref()) == id(),
                "summary" => Some(self.summary.as_str()) == value.as_str(),
                _ => false,
            }
        })
    }

    /// The ticket that this one was merged into.
    pub(crate) fn merged_into(&self) -> Option<TicketId> {
        Self::id_of(self.merged_parent_ticket.as_ref()).map(TicketId)
    }
}

fn name(reference: Option<&Reference>) -> &str {
    reference.and_then(Reference::label).unwrap_or_default()
}

/// Opens a ticket from the JSON text of ConnectWise's own fields. Only fields of the type may stand in it (API.md section 6.4).
///
/// # Errors
///
/// Where the failure says that it is unknown whether the ticket was opened, search by reference before trying again.
pub(crate) async fn create(
    cx: &Context,
    api: &Client,
    body: Arc<[u8]>,
    not_after: Timestamp,
) -> WriteResult<Ticket> {
    let write =
        Write::json_text(Method::Post, PATH, body, not_after).query(Query::new().fields(FIELDS));
    api.write(cx, write).await
}

/// Reads a ticket.
///
/// # Errors
///
/// [`Code::NotFound`] only where ConnectWise says that there is no such record.
pub(crate) async fn get(cx: &Context, api: &Client, id: TicketId) -> Result<Ticket> {
    api.read(cx, &path(id), &Query::new().fields(FIELDS)).await
}

/// Finds the tickets that bear exactly this reference, lowest id first.
///
/// The server compares without case, so its answer is compared again. More than one means that a duplicate was made.
///
/// # Errors
///
/// [`Code::Internal`] for a reference outside of the safe alphabet; otherwise what reading came to.
pub(crate) async fn find_by_reference(
    cx: &Context,
    api: &Client,
    reference: &str,
) -> Result<Vec<Ticket>> {
    let text = SafeText::new(reference).ok_or_else(|| {
        Error::new(
            Code::Internal,
            "the ticket's reference has signs that cannot stand in a condition",
        )
    })?;
    let conditions = Conditions::new().text_eq("externalXRef", &text);
    let query = Query::new().conditions(&conditions).fields(FIELDS);
    let mut tickets: Vec<Ticket> = api.read_all(cx, PATH, query).await?;
    tickets.retain(|ticket| ticket.external_xref.as_deref() == Some(reference));
    tickets.sort_by_key(|ticket| ticket.id);
    Ok(tickets)
}

/// Changes fields of a ticket, and compares the answer with what was asked.
///
/// # Errors
///
/// [`Code::ChangeNotMade`] where ConnectWise answered 200 and left a field as it was; it was surely not performed where
/// it left all of them.
pub(crate) async fn patch(
    cx: &Context,
    api: &Client,
    id: TicketId,
    patch: &Patch,
    not_after: Timestamp,
) -> WriteResult<Ticket> {
    patch.check().map_err(WriteFailure::not_performed)?;
    let query = Query::new().fields(&with_patched(patch));
    let write = Write::json(Method::Patch, path(id), patch, not_after)?.query(query);
    let answered: Value = api.write(cx, write).await?;
    patch.verify(&answered).map_err(|error| WriteFailure {
        performed: if patch.unchanged(&answered).len() == patch.fields().count() {
            Performed::No
        } else {
            Performed::Unknown
        },
        error,
    })?;
    serde_json::from_value(answered).map_err(|fault| WriteFailure {
        performed: Performed::Unknown,
        error: Error::new(
            Code::UnexpectedAnswer,
            format!("ticket {id} came back in another form ({fault}); read it again"),
        ),
    })
}

fn path(id: TicketId) -> String {
    format!("{PATH}/{id}")
}

/// The projection, with the changed fields that it lacks.
fn with_patched(patch: &Patch) -> String {
    let mut fields = FIELDS.to_owned();
    for field in patch.fields() {
        if !fields.split(',').any(|known| known == field) && !Patch::is_write_only(field) {
            fields.push(',');
            fields.push_str(field);
        }
    }
    fields
}
