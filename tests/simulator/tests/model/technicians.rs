use casewire_simulator::{Action, NoteKind};
use serde_json::json;

use crate::caller::Caller;

#[test]
fn technicians_do_what_people_do() {
    let mut caller = Caller::new();
    let [first, second, third] =
        [(); 3].map(|()| caller.ticket(json!({"type": {"name": "Security"}})));
    caller.now += 30_000;
    caller.psa.advance(caller.now);
    let mut technician = caller.psa.technician("training.admin");
    technician
        .set_priority(first, "Priority 1 - Emergency Response")
        .unwrap();
    technician.set_owner(first, "training.admin1").unwrap();
    technician.set_status(first, "Closed").unwrap();
    technician.attach(first, "a.txt", "Evidence", b"x").unwrap();
    technician.merge(first, &[second]).unwrap();
    technician.move_board(third, "Network Operations").unwrap();
    technician.change_company(third, "WideWorld").unwrap();
    let ticket = caller.get(&format!("service/tickets/{first}"));
    assert_eq!(ticket["priority"]["id"], 1);
    assert_eq!(ticket["owner"]["identifier"], "training.admin1");
    assert_eq!(ticket["closedBy"], "training.admin");
    assert_eq!(ticket["_info"]["updatedBy"], "training.admin");
    assert_eq!(ticket["_info"]["lastUpdated"], "2019-02-11T01:10:23Z");
    assert_eq!(
        caller.get(&format!("service/tickets/{second}"))["mergedParentTicket"]["id"],
        first
    );
    let moved = caller.get(&format!("service/tickets/{third}"));
    assert_eq!(moved["status"]["id"], 6);
    assert_eq!(moved["contact"]["name"], "Alex WideWorld");
    assert!(moved.get("type").is_none());
    let mut technician = caller.psa.technician("training.admin");
    technician.reopen(first).unwrap();
    technician.convert(second).unwrap();
    technician.purge(&[third]).unwrap();
    assert_eq!(technician.delete(third).unwrap_err().status, 404);
    assert_eq!(
        technician.set_status(first, "Nowhere").unwrap_err().status,
        400
    );
    assert_eq!(
        caller.get(&format!("service/tickets/{first}"))["closedFlag"],
        false
    );
    assert_eq!(caller.get("service/tickets/count")["count"], 1);
    let trail = caller.get(&format!("system/audittrail?type=Ticket&id={first}"));
    assert!(trail.as_array().unwrap().len() > 3);
}

#[test]
fn setup_drifts_under_the_connector() {
    let mut caller = Caller::new();
    let fields = json!({"inactiveFlag": true});
    let fields = fields.as_object().unwrap().clone();
    caller
        .psa
        .technician("zadmin")
        .edit_setup("service/boards/1/types", 1, fields)
        .unwrap();
    let body = json!({"summary": "x", "company": {"id": 1}, "board": {"id": 1}, "type": {"id": 1}});
    assert_eq!(caller.refused("POST", "service/tickets", &body).2, "type");
}

#[test]
fn actions_are_data() {
    let mut caller = Caller::new();
    let id = caller.ticket(json!({}));
    let action: Action = serde_json::from_value(
        json!({"action": "addNote", "ticket": id, "kind": "internal", "text": "seen"}),
    )
    .unwrap();
    assert_eq!(
        action,
        Action::AddNote {
            ticket: id,
            kind: NoteKind::Internal,
            text: "seen".to_owned()
        }
    );
    caller.psa.technician("training.admin").act(action).unwrap();
    let notes = caller.get(&format!("service/tickets/{id}/notes"));
    assert_eq!(notes[0]["member"]["identifier"], "training.admin");
}
