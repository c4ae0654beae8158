use casewire_simulator::{BoardChange, Level, LinkedTwice, Module, TooLong};
use serde_json::{Value, json};

use crate::caller::Caller;

fn set(field: &str, value: Value) -> Value {
    json!([{"op": "replace", "path": field, "value": value}])
}

#[test]
fn the_first_ticket_of_the_guide_is_909_and_has_all_defaults() {
    let mut caller = Caller::new();
    let ticket = caller.post(
        "service/tickets",
        &json!({
            "summary": "EventTracker Case #10012 - Windows: Audit log cleared",
            "company": {"identifier": "bigdesign"},
            "board": {"name": "Professional Services"},
            "type": {"name": "Security"},
            "subType": {"name": "Audit"},
            "externalXRef": "acme-soc.10012",
            "initialInternalAnalysis": "reviewing",
        }),
    );
    assert_eq!(ticket["id"], 909);
    assert_eq!(ticket["company"]["name"], "Big Design, Inc.");
    assert_eq!(ticket["contact"]["name"], "Patrick Love");
    assert_eq!(ticket["contactEmailAddress"], "patrick.love@bigdesign.com");
    assert_eq!(ticket["site"]["name"], "Main");
    assert_eq!(ticket["addressLine2"], "Suite 200");
    assert_eq!(ticket["stateIdentifier"], "FL");
    assert_eq!(ticket["status"]["name"], "New (not responded)");
    assert_eq!(ticket["priority"]["name"], "Priority 3 - Normal Response");
    assert_eq!(ticket["priority"]["level"], "Medium");
    assert_eq!(ticket["location"]["name"], "Tampa Office");
    assert_eq!(ticket["department"]["name"], "Professional Services");
    assert_eq!(ticket["sla"]["name"], "Standard SLA");
    assert_eq!(ticket["impact"], "Medium");
    assert_eq!(ticket["closedFlag"], false);
    assert_eq!(ticket["_info"]["dateEntered"], "2019-02-11T01:09:53Z");
    assert_eq!(ticket["_info"]["updatedBy"], "casewire-api");
    assert!(ticket.get("initialInternalAnalysis").is_none());
    let notes = caller.get("service/tickets/909/notes");
    assert_eq!(notes[0]["text"], "reviewing");
    assert_eq!(notes[0]["internalAnalysisFlag"], true);
    assert_eq!(notes[0]["createdBy"], "casewire-api");
    let found = caller.get("service/tickets?conditions=externalXRef%3D%22acme-soc.10012%22");
    assert_eq!(found[0]["id"], 909);
}

#[test]
fn without_a_board_the_member_decides() {
    let mut caller = Caller::new();
    let minimal = json!({"summary": "x", "company": {"id": 1}});
    let ticket = caller.post("service/tickets", &minimal);
    assert_eq!(ticket["board"]["name"], "Professional Services");
}

#[test]
fn what_a_ticket_may_not_be_is_refused_with_the_field() {
    let mut caller = Caller::new();
    for (fields, code, field) in [
        (json!({"summary": null}), "MissingRequiredField", "summary"),
        (json!({"company": null}), "MissingRequiredField", "company"),
        (
            json!({"company": {"identifier": "Nobody"}}),
            "NotFound",
            "company/identifier",
        ),
        (
            json!({"company": {"name": "Northwind"}}),
            "InvalidField",
            "company/name",
        ),
        (
            json!({"company": {"identifier": "GoneCorp"}}),
            "InvalidField",
            "company",
        ),
        (
            json!({"company": {"identifier": "CreditHold"}}),
            "InvalidField",
            "company",
        ),
        (
            json!({"board": {"name": "Help Desk (retired)"}}),
            "InvalidField",
            "board",
        ),
        (
            json!({"board": {"name": "Projects"}}),
            "InvalidField",
            "board",
        ),
        (
            json!({"status": {"name": "Completed"}}),
            "NotFound",
            "status/name",
        ),
        (json!({"status": {"id": 6}}), "NotFound", "status/id"),
        (
            json!({"status": {"name": "Escalated (old)"}}),
            "InvalidField",
            "status",
        ),
        (json!({"type": {"name": "Legacy"}}), "InvalidField", "type"),
        (
            json!({"type": {"name": "Nothing"}}),
            "NotFound",
            "type/name",
        ),
        (
            json!({"subType": {"name": "Audit"}}),
            "InvalidField",
            "type",
        ),
        (
            json!({"type": {"name": "Network"}, "subType": {"name": "Audit"}}),
            "InvalidField",
            "subType",
        ),
        (
            json!({"type": {"name": "Security"}, "subType": {"name": "Audit"}, "item": {"name": "Endpoint"}}),
            "InvalidField",
            "item",
        ),
        (json!({"team": {"name": "Nobody"}}), "NotFound", "team/name"),
        (json!({"contact": {"id": 3}}), "NotFound", "contact/id"),
        (
            json!({"owner": {"identifier": "retired"}}),
            "InvalidField",
            "owner",
        ),
        (
            json!({"priority": {"name": "Priority 9"}}),
            "NotFound",
            "priority/name",
        ),
        (json!({"severity": "Urgent"}), "InvalidField", "severity"),
        (
            json!({"summary": "x".repeat(101)}),
            "InvalidField",
            "summary",
        ),
        (
            json!({"summary": "😀".repeat(51)}),
            "InvalidField",
            "summary",
        ),
        (json!({"summary": 5}), "InvalidField", "summary"),
        (json!({"company": "BigDesign"}), "InvalidField", "company"),
        (
            json!({"requiredDate": "2026-01-01T00:00:00.000Z"}),
            "InvalidField",
            "requiredDate",
        ),
        (
            json!({"emailContactFlag": true}),
            "InvalidObject",
            "emailContactFlag",
        ),
        (json!({"agreement": {"id": 77}}), "NotFound", "agreement/id"),
        (
            json!({"customFields": [{"id": 2, "value": "Rumour"}]}),
            "InvalidField",
            "customFields",
        ),
        (
            json!({"customFields": [{"id": 99, "value": "x"}]}),
            "InvalidField",
            "customFields",
        ),
    ] {
        let mut body = json!({
            "summary": "x",
            "company": {"identifier": "BigDesign"},
            "board": {"name": "Professional Services"},
        });
        body.as_object_mut()
            .unwrap()
            .extend(fields.as_object().unwrap().clone());
        let refusal = caller.refused("POST", "service/tickets", &body);
        assert_eq!(
            refusal,
            (400, code.to_owned(), field.to_owned()),
            "{fields}"
        );
    }
    assert_eq!(caller.get("service/tickets/count")["count"], 0);
}

#[test]
fn refusals_name_everything_at_once_in_the_recorded_shape() {
    let mut caller = Caller::new();
    let body = json!({"colour": "red", "severity": "Urgent"});
    let refusal = caller.send("POST", "service/tickets", Some(&body)).value();
    assert_eq!(refusal["code"], "InvalidObject");
    assert_eq!(refusal["message"], "ticket object is invalid");
    assert_eq!(refusal["errors"].as_array().unwrap().len(), 4);
    assert_eq!(refusal["errors"][0]["resource"], "ticket");
    let message = "Could not find member 'colour' on object of type 'Ticket'";
    assert_eq!(refusal["errors"][0]["message"], message);
    let body = json!({"summary": "x", "company": {"id": 1}, "board": {"id": 1}, "status": {"name": "Completed"}});
    let refusal = caller.send("POST", "service/tickets", Some(&body)).value();
    let message = "Service Status Completed not found for Service Board 1";
    assert_eq!(refusal["errors"][0]["message"], message);
}

#[test]
fn single_line_fields_lose_breaks_and_notes_keep_them() {
    let mut caller = Caller::new();
    let id = caller.ticket(json!({"summary": "a\r\nb\tc\u{8}", "initialDescription": "a\nb"}));
    let ticket = caller.get(&format!("service/tickets/{id}"));
    assert_eq!(ticket["summary"], "a b    c");
    assert_eq!(
        caller.get(&format!("service/tickets/{id}/notes"))[0]["text"],
        "a\nb"
    );
    caller.psa.settings.quirks.too_long = TooLong::Truncated;
    let id = caller.ticket(json!({"summary": format!("{}😀", "x".repeat(99))}));
    assert_eq!(
        caller.get(&format!("service/tickets/{id}"))["summary"],
        "x".repeat(99)
    );
}

#[test]
fn closing_sets_who_and_when_and_reopening_clears_it() {
    let mut caller = Caller::new();
    let path = format!("service/tickets/{}", caller.ticket(json!({})));
    caller.now += 60_000;
    let closed = caller.patch(&path, &set("status", json!({"name": "Closed"})));
    assert_eq!(closed["closedFlag"], true);
    assert_eq!(closed["closedBy"], "casewire-api");
    assert_eq!(closed["closedDate"], "2019-02-11T01:10:53Z");
    assert_eq!(closed["dateResolved"], closed["closedDate"]);
    let open = caller.patch(&path, &set("status", json!({"name": "In Progress"})));
    assert_eq!(open["closedFlag"], false);
    assert!(open.get("closedDate").is_none() && open.get("dateResolved").is_none());
}

#[test]
fn a_completed_status_that_does_not_close_leaves_the_ticket_open() {
    let mut caller = Caller::new();
    let board = json!({"board": {"name": "Network Operations"}, "status": {"name": "Completed"}});
    let id = caller.ticket(board);
    let ticket = caller.get(&format!("service/tickets/{id}"));
    assert_eq!(ticket["closedFlag"], false);
    assert_eq!(ticket["slaStatus"], "Resolved");
}

#[test]
fn closing_and_reopening_need_a_right_of_their_own() {
    let mut caller = Caller::new();
    let path = format!("service/tickets/{}", caller.ticket(json!({})));
    let role = &mut caller.psa.settings.api_members[0].role;
    role.revoke(Module::CloseServiceTickets, Level::Edit);
    let close = set("status", json!({"name": "Closed"}));
    assert_eq!(caller.send("PATCH", &path, Some(&close)).status, 403);
    caller.patch(&path, &set("status", json!({"name": "In Progress"})));
}

#[test]
fn a_board_change_must_bring_what_belongs_to_the_new_board() {
    let mut caller = Caller::new();
    let path = format!(
        "service/tickets/{}",
        caller.ticket(json!({"type": {"name": "Security"}}))
    );
    let board = set("board", json!({"name": "Network Operations"}));
    let refusal = caller.refused("PATCH", &path, &board);
    assert_eq!(refusal.1, "NotFound");
    let together = json!([
        {"op": "replace", "path": "board", "value": {"name": "Network Operations"}},
        {"op": "replace", "path": "status", "value": {"name": "New (not responded)"}},
        {"op": "replace", "path": "type", "value": {"name": "Security"}},
    ]);
    let moved = caller.patch(&path, &together);
    assert_eq!(moved["board"]["id"], 2);
    assert_eq!(moved["status"]["id"], 6);
    caller.psa.settings.quirks.board_change = BoardChange::Reset;
    let back = caller.patch(&path, &set("board", json!({"id": 1})));
    assert_eq!(back["status"]["id"], 1);
    assert!(back.get("type").is_none());
}

#[test]
fn configurations_are_linked_by_id_or_device_and_only_once() {
    let mut caller = Caller::new();
    let path = format!(
        "service/tickets/{}/configurations",
        caller.ticket(json!({}))
    );
    let linked = caller.post(&path, &json!({"id": 1}));
    assert_eq!(linked["id"], 1);
    caller.post(&path, &json!({"deviceIdentifier": "bd-dc1"}));
    assert_eq!(caller.get(&path).as_array().unwrap().len(), 2);
    assert_eq!(caller.get(&format!("{path}/count"))["count"], 2);
    let found = caller.get("service/tickets?conditions=configuration/id=1");
    assert_eq!(found[0]["id"], 909);
    let refused = caller.refused("POST", &path, &json!({}));
    assert_eq!(
        refused,
        (400, "MissingRequiredField".to_owned(), "id".to_owned())
    );
    assert_eq!(
        caller.refused("POST", &path, &json!({"id": 1})).1,
        "ObjectExists"
    );
    assert_eq!(
        caller.refused("POST", &path, &json!({"id": 99})).1,
        "NotFound"
    );
    caller.psa.settings.quirks.linked_twice = LinkedTwice::Accepted;
    caller.post(&path, &json!({"id": 1}));
    assert_eq!(
        caller.send("DELETE", &format!("{path}/1"), None).status,
        204
    );
    assert_eq!(caller.get(&format!("{path}/count"))["count"], 1);
    for conditions in [
        "configurations/id=1",
        "configuration/id=1+or+configuration/id=2",
    ] {
        let path = format!("service/tickets?conditions={conditions}");
        assert_eq!(
            caller.send("GET", &path, None).value()["code"],
            "ApiFindCondition"
        );
    }
}

#[test]
fn merged_tickets_name_their_parent() {
    let mut caller = Caller::new();
    let [parent, child] = [caller.ticket(json!({})), caller.ticket(json!({}))];
    let path = format!("service/tickets/{parent}/merge");
    let without = json!({"mergeTicketIds": [child]});
    assert_eq!(caller.refused("POST", &path, &without).2, "status");
    let merge = json!({"mergeTicketIds": [child], "status": {"name": "Closed"}});
    let merged = caller.send("POST", &path, Some(&merge));
    assert_eq!(
        (merged.status, &merged.value()["success"]),
        (200, &json!(true))
    );
    let child = caller.get(&format!("service/tickets/{child}"));
    assert_eq!(child["mergedParentTicket"]["id"], parent);
    assert_eq!(child["closedFlag"], true);
    let parent = caller.get(&format!("service/tickets/{parent}"));
    assert_eq!(parent["hasMergedChildTicketFlag"], true);
}

#[test]
fn bundled_converted_copied_and_deleted_tickets() {
    let mut caller = Caller::new();
    let [parent, child] = [caller.ticket(json!({})), caller.ticket(json!({}))];
    let path = format!("service/tickets/{parent}/attachChildren");
    let body = json!({"childTicketIds": [child]});
    assert_eq!(caller.send("POST", &path, Some(&body)).status, 200);
    assert_eq!(
        caller.get(&format!("service/tickets/{child}"))["parentTicketId"],
        parent
    );
    assert_eq!(
        caller.get(&format!("service/tickets/{parent}"))["hasChildTicket"],
        true
    );
    let copied = caller.send("POST", &format!("service/tickets/{child}/copy"), None);
    assert_eq!(copied.status, 201);
    assert_eq!(
        caller
            .send("POST", "service/tickets/909/convert", None)
            .status,
        200
    );
    assert_eq!(caller.send("GET", "service/tickets/909", None).status, 404);
    assert_eq!(
        caller
            .send("DELETE", &format!("service/tickets/{child}"), None)
            .status,
        204
    );
    let gone = caller.send("GET", &format!("service/tickets/{child}"), None);
    assert_eq!(gone.value()["message"], format!("Ticket {child} not found"));
}

#[test]
fn custom_fields_are_complete_or_cleared() {
    let mut caller = Caller::new();
    let both = json!([{"id": 1, "value": "10012"}, {"id": 2, "value": "EDR"}]);
    let path = format!(
        "service/tickets/{}",
        caller.ticket(json!({"customFields": both}))
    );
    let ticket = caller.get(&path);
    assert_eq!(ticket["customFields"][0]["caption"], "Case Number");
    assert_eq!(ticket["customFields"][1]["value"], "EDR");
    let found = caller.get(
        "service/tickets?customFieldConditions=caption%3D%22Case%20Number%22%20AND%20value%3D%2210012%22",
    );
    assert_eq!(found.as_array().unwrap().len(), 1);
    let one = set("customFields", json!([{"id": 1, "value": "10013"}]));
    let ticket = caller.patch(&path, &one);
    assert_eq!(ticket["customFields"][0]["value"], "10013");
    assert!(ticket["customFields"][1].get("value").is_none());
}

#[test]
fn the_contact_can_be_looked_up_by_address() {
    let mut caller = Caller::new();
    let id = caller.ticket(json!({"contactEmailLookup": "Dana.Reyes@bigdesign.com"}));
    let ticket = caller.get(&format!("service/tickets/{id}"));
    assert_eq!(ticket["contact"]["name"], "Dana Reyes");
    let other = set("company", json!({"identifier": "WideWorld"}));
    let ticket = caller.patch(&format!("service/tickets/{id}"), &other);
    assert_eq!(ticket["contact"]["name"], "Alex WideWorld");
}

#[test]
fn a_put_drops_what_it_leaves_out() {
    let mut caller = Caller::new();
    let path = format!(
        "service/tickets/{}",
        caller.ticket(json!({"externalXRef": "a"}))
    );
    let body =
        json!({"summary": "new", "company": {"id": 1}, "board": {"id": 1}, "status": {"id": 2}});
    let response = caller.send("PUT", &path, Some(&body));
    assert_eq!(response.status, 200, "{}", response.value());
    let ticket = response.value();
    assert_eq!(ticket["status"]["name"], "In Progress");
    assert!(ticket.get("externalXRef").is_none());
    assert_eq!(ticket["_info"]["enteredBy"], "casewire-api");
}
