use super::TicketId;
use crate::{
    api::{
        Client, Conditions, Identified, Info, Patch, Performed, Query, Reference, SafeText, Write,
        WriteFailure, WriteResult, flag, moment, string,
    },
    effect::Method,
    error::{Code, Error, Result},
    json,
    runtime::Context,
    time::Timestamp,
};
use serde::Deserialize;
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc};

/// What is asked for of a ticket, on GET, POST and PATCH alike. `_info` comes only when it is named (API.md section 5).
pub(crate) const FIELDS: &str = "id,summary,recordType,board,status,type,subType,item,team,company,contact,priority,\
    owner,contactEmailAddress,severity,impact,externalXRef,closedFlag,closedDate,dateResolved,slaStatus,\
    customerUpdatedFlag,parentTicketId,\
    mergedParentTicket,_info";

pub(crate) const PATH: &str = "/service/tickets";

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
    /// The contact's, or one written beside it.
    #[serde(default)]
    pub(crate) contact_email_address: Option<String>,
    #[serde(default)]
    pub(crate) priority: Option<Reference>,
    /// The member to whom it is assigned.
    #[serde(default)]
    pub(crate) owner: Option<Reference>,
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
    #[serde(default, deserialize_with = "moment")]
    pub(crate) date_resolved: Option<Timestamp>,
    /// Worked out by ConnectWise; what lists say of it may be old.
    #[serde(default)]
    pub(crate) sla_status: Option<String>,
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

    /// Whether it is a service ticket still: one that was converted is none.
    pub(crate) fn is_service_ticket(&self) -> bool {
        let kind = self.record_type.as_deref();
        kind.is_none_or(|kind| kind.eq_ignore_ascii_case("ServiceTicket"))
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

/// Reads a ticket as it is now; one that was merged is followed to the ticket that survives.
///
/// # Errors
///
/// [`Code::NotFound`] where it is gone.
pub(crate) async fn surviving(cx: &Context, api: &Client, ticket: TicketId) -> Result<Ticket> {
    let mut id = ticket;
    for _ in 0..8 {
        let found = get(cx, api, id).await?;
        match found.merged_into() {
            Some(parent) => id = parent,
            None => return Ok(found),
        }
    }
    Err(Error::new(
        Code::NotFound,
        format!("ticket {ticket} was merged into ticket {id}, and so on without end"),
    ))
}

/// Whether a list that names the ticket by its number has it: another witness beside [`get`], which may have failed on a
/// path that moved.
///
/// # Errors
///
/// What reading came to.
pub(crate) async fn is_listed(cx: &Context, api: &Client, id: TicketId) -> Result<bool> {
    let query = Query::new()
        .conditions(&Conditions::new().eq("id", id.0))
        .fields("id");
    let found: Vec<Listed> = api.read_all(cx, PATH, query).await?;
    Ok(found.iter().any(|listed| listed.id == id))
}

#[derive(Deserialize)]
struct Listed {
    id: TicketId,
}

impl Identified for Listed {
    fn record_id(&self) -> u32 {
        self.id.0
    }
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
    if !answered.is_object() {
        return Err(other_form(id, "no record"));
    }
    patch.verify(&answered).map_err(|error| WriteFailure {
        performed: if patch.unchanged(&answered).len() == patch.fields().count() {
            Performed::No
        } else {
            Performed::Unknown
        },
        error,
    })?;
    json::of_value(&answered).map_err(|fault| other_form(id, &fault.to_string()))
}

fn other_form(id: TicketId, fault: &str) -> WriteFailure {
    WriteFailure {
        performed: Performed::Unknown,
        error: Error::new(
            Code::UnexpectedAnswer,
            format!("ticket {id} came back in another form ({fault}); read it again"),
        ),
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{Server, client, created, ok, status};
    use serde_json::json;

    fn answer() -> Value {
        json!({
            "id": 909, "summary": "Case #10012", "recordType": "ServiceTicket",
            "board": {"id": 1, "name": "Professional Services"}, "status": {"id": 10, "name": "New", "sort": 1},
            "company": {"id": 5, "identifier": "BigDesign", "name": "Big Design", "_info": {}},
            "type": {"id": 20, "name": "Security"}, "externalXRef": "casewire:acme-soc:10012", "closedFlag": null,
            "somethingNew": {"deep": []}, "_info": {"enteredBy": "casewire", "lastUpdated": "2026-01-05T10:00:00Z"}
        })
    }

    #[test]
    fn a_created_ticket_is_read_with_its_references_and_its_maker() {
        let mut server = Server::new([created(answer())]);
        let ticket = server
            .run(|cx| async move {
                let body = br#"{"summary":"Case #10012"}"#.as_slice().into();
                create(&cx, &client(), body, cx.now()).await
            })
            .unwrap();
        assert_eq!(
            (ticket.id, ticket.status_name(), ticket.company_name()),
            (TicketId(909), "New", "Big Design")
        );
        assert_eq!(ticket.info.unwrap().entered_by.as_deref(), Some("casewire"));
        assert!(!ticket.closed_flag && ticket.merged_parent_ticket.is_none());
        let (_, request) = &server.sent[0];
        assert_eq!(request.method, Method::Post);
        assert!(server.urls()[0].starts_with("/service/tickets?fields=id,summary,"));
        assert!(server.urls()[0].ends_with(",_info"));
    }

    #[test]
    fn a_reference_is_compared_with_case_and_the_oldest_ticket_comes_first() {
        let other = |id: u32, reference: &str| {
            let mut ticket = answer();
            ticket["id"] = json!(id);
            ticket["externalXRef"] = json!(reference);
            ticket
        };
        let mut server = Server::new([ok(json!([
            other(912, "casewire:acme-soc:aB"),
            other(911, "casewire:acme-soc:ab"),
            other(910, "casewire:acme-soc:aB")
        ]))]);
        let found = server
            .run(
                |cx| async move { find_by_reference(&cx, &client(), "casewire:acme-soc:aB").await },
            )
            .unwrap();
        let ids: Vec<u32> = found.iter().map(|ticket| ticket.id.0).collect();
        assert_eq!(ids, [910, 912]);
        assert!(
            server.urls()[0].contains("conditions=externalXRef%3D%22casewire%3Aacme-soc%3AaB%22&")
        );
    }

    #[test]
    fn an_unsafe_reference_is_not_searched_for() {
        let mut server = Server::new([]);
        let result =
            server.run(|cx| async move { find_by_reference(&cx, &client(), "a\"b").await });
        assert_eq!(result.unwrap_err().code, Code::Internal);
    }

    #[test]
    fn a_deleted_ticket_is_told_from_a_lost_path() {
        for (body, code) in [
            (
                r#"{"code":"NotFound","message":"Ticket 9 not found"}"#,
                Code::NotFound,
            ),
            ("<html>", Code::Unauthorized),
        ] {
            let mut server = Server::new([status(404, body)]);
            let result = server.run(|cx| async move { get(&cx, &client(), TicketId(9)).await });
            assert_eq!(result.unwrap_err().code, code);
        }
    }

    fn change(reply: Value, change: Patch) -> (WriteResult<Ticket>, Server) {
        let mut server = Server::new([ok(reply)]);
        let result = server
            .run(|cx| async move { patch(&cx, &client(), TicketId(909), &change, cx.now()).await });
        (result, server)
    }

    #[test]
    fn a_change_is_an_array_and_its_fields_are_asked_back() {
        let mut reply = answer();
        reply["poNumber"] = json!("7");
        let (result, server) = change(
            reply,
            Patch::new()
                .replace("status", json!({"id": 10}))
                .replace("poNumber", json!("7")),
        );
        assert!(result.is_ok());
        assert_eq!(
            server.body(0),
            json!([
                {"op": "replace", "path": "status", "value": {"id": 10}},
                {"op": "replace", "path": "poNumber", "value": "7"}
            ])
        );
        assert!(server.urls()[0].starts_with("/service/tickets/909?fields="));
        assert!(server.urls()[0].ends_with("_info,poNumber"));
    }

    #[test]
    fn a_change_that_was_not_made_is_no_success() {
        let (result, _) = change(answer(), Patch::new().replace("status", json!({"id": 11})));
        let failure = result.unwrap_err();
        assert_eq!(
            (failure.performed, failure.error.code),
            (Performed::No, Code::ChangeNotMade)
        );

        let (result, _) = change(
            answer(),
            Patch::new()
                .replace("status", json!({"id": 11}))
                .replace("board", json!({"id": 1})),
        );
        assert_eq!(result.unwrap_err().performed, Performed::Unknown);

        let (result, _) = change(
            Value::Null,
            Patch::new().replace("status", json!({"id": 11})),
        );
        assert_eq!(result.unwrap_err().performed, Performed::Unknown);

        let (result, server) = change(answer(), Patch::new().replace("status/id", json!(11)));
        assert_eq!(
            (result.unwrap_err().performed, server.sent.len()),
            (Performed::No, 0)
        );
    }
}
