use serde_json::json;

use crate::caller::Caller;

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
    assert_eq!(ticket["sla"]["name"], "Standard SLA");
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
