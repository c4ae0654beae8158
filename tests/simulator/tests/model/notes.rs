use casewire_simulator::NoteKind;
use serde_json::json;

use crate::caller::Caller;

#[test]
fn a_note_needs_text_and_a_flag_and_knows_its_author() {
    let mut caller = Caller::new();
    let path = format!("service/tickets/{}/notes", caller.ticket(json!({})));
    for body in [
        json!({"text": "x"}),
        json!({"text": " ", "internalAnalysisFlag": true}),
        json!({"text": "x", "internalAnalysisFlag": true, "emailContactFlag": false}),
    ] {
        assert_eq!(
            caller.send("POST", &path, Some(&body)).status,
            400,
            "{body}"
        );
    }
    let body = json!({"text": "Comments: reviewing\nsecond line", "internalAnalysisFlag": true, "processNotifications": false});
    let note = caller.post(&path, &body);
    assert_eq!(note["ticketId"], 909);
    assert_eq!(note["text"], "Comments: reviewing\nsecond line");
    assert_eq!(note["member"]["identifier"], "casewire-api");
    assert_eq!(note["createdBy"], "casewire-api");
    assert_eq!(note["detailDescriptionFlag"], false);
    assert_eq!(note["internalFlag"], true);
    assert!(note.get("processNotifications").is_none());
    let found = caller.get(&format!("{path}?conditions=internalAnalysisFlag=true"));
    assert_eq!(found.as_array().unwrap().len(), 1);
    assert_eq!(caller.get(&format!("{path}/count"))["count"], 1);
}

#[test]
fn notes_are_changed_and_deleted_below_their_own_ticket() {
    let mut caller = Caller::new();
    let [first, second] = [caller.ticket(json!({})), caller.ticket(json!({}))];
    let body = json!({"text": "x", "resolutionFlag": true});
    let note = caller.post(&format!("service/tickets/{first}/notes"), &body)["id"].clone();
    let elsewhere = format!("service/tickets/{second}/notes/{note}");
    assert_eq!(caller.send("GET", &elsewhere, None).status, 404);
    let path = format!("service/tickets/{first}/notes/{note}");
    let patch = json!([{"op": "replace", "path": "text", "value": "y"}]);
    assert_eq!(caller.patch(&path, &patch)["text"], "y");
    assert_eq!(caller.send("DELETE", &path, None).status, 204);
    assert_eq!(
        caller.get(&format!("service/tickets/{first}/notes")),
        json!([])
    );
    assert_eq!(
        caller.send("GET", "service/tickets/1/notes", None).status,
        404
    );
}

#[test]
fn a_note_touches_its_ticket_unless_told_otherwise() {
    let mut caller = Caller::new();
    let path = format!("service/tickets/{}", caller.ticket(json!({})));
    let body = json!({"text": "x", "detailDescriptionFlag": true});
    caller.now += 10_000;
    caller.post(&format!("{path}/notes"), &body);
    assert_eq!(
        caller.get(&path)["_info"]["lastUpdated"],
        "2019-02-11T01:10:03Z"
    );
    caller.psa.settings.quirks.notes_touch_ticket = false;
    caller.now += 10_000;
    caller.post(&format!("{path}/notes"), &body);
    assert_eq!(
        caller.get(&path)["_info"]["lastUpdated"],
        "2019-02-11T01:10:03Z"
    );
}

#[test]
fn all_notes_hold_the_texts_of_time_entries_too() {
    let mut caller = Caller::new();
    let id = caller.ticket(json!({"initialDescription": "first"}));
    let mut technician = caller.psa.technician("training.admin");
    technician
        .add_note(id, NoteKind::Internal, "second")
        .unwrap();
    technician
        .add_time_entry(id, NoteKind::Discussion, "third", 30)
        .unwrap();
    technician.add_customer_note(id, "fourth").unwrap();
    let all = caller.get(&format!("service/tickets/{id}/allNotes"));
    let texts: Vec<_> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|note| note["text"].clone())
        .collect();
    assert_eq!(texts, ["first", "second", "fourth", "third"]);
    assert_eq!(all[3]["noteType"], "TimeEntryNote");
    assert_eq!(all[1]["originalAuthor"], "Training Admin");
    assert_eq!(all[2]["contact"]["name"], "Patrick Love");
    let notes = caller.get(&format!("service/tickets/{id}/notes"));
    assert_eq!(notes.as_array().unwrap().len(), 3);
    let entries = caller.get(&format!("service/tickets/{id}/timeentries"));
    assert_eq!(entries.as_array().unwrap().len(), 1);
    let entry = caller.get(&format!("time/entries/{}", entries[0]["id"]));
    assert_eq!(entry["actualHours"], 0.5);
    assert_eq!(
        caller.get(&format!("service/tickets/{id}"))["actualHours"],
        0.5
    );
    assert_eq!(
        caller.get(&format!("service/tickets/{id}"))["customerUpdatedFlag"],
        true
    );
}

#[test]
fn a_status_can_refuse_time_entries_and_closed_tickets_notes() {
    let mut caller = Caller::new();
    let id = caller.ticket(json!({"status": {"name": "Closed"}}));
    let entry = json!({"chargeToId": id, "chargeToType": "ServiceTicket", "timeStart": "2019-02-11T01:00:00Z"});
    assert_eq!(
        caller.refused("POST", "time/entries", &entry).2,
        "chargeToId"
    );
    let note = json!({"text": "x", "internalAnalysisFlag": true});
    caller.post(&format!("service/tickets/{id}/notes"), &note);
    caller.psa.settings.quirks.closed_tickets_locked = true;
    assert_eq!(
        caller
            .send("POST", &format!("service/tickets/{id}/notes"), Some(&note))
            .status,
        400
    );
}
