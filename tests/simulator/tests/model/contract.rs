use serde_json::json;

use crate::caller::{CONTRACT, Caller};

/// Every list, count and record that the instance serves, held against the contract.
#[test]
fn every_answer_fits_the_published_document() {
    let mut caller = Caller::new();
    let id = caller.ticket(json!({
        "type": {"name": "Security"},
        "subType": {"name": "Malware"},
        "item": {"name": "Endpoint"},
        "team": {"name": "Security Operations"},
        "owner": {"identifier": "training.admin"},
        "source": {"name": "Monitoring"},
        "agreement": {"id": 1},
        "serviceLocation": {"id": 2},
        "customFields": [{"id": 1, "value": "10012"}],
        "initialDescription": "first",
        "budgetHours": 1.5,
        "requiredDate": "2019-03-01T00:00:00Z",
        "integratorTags": ["casewire"],
    }));
    caller.post(
        &format!("service/tickets/{id}/configurations"),
        &json!({"id": 1}),
    );
    let entry = json!({"chargeToId": id, "chargeToType": "ServiceTicket", "timeStart": "2019-02-11T01:00:00Z", "timeEnd": "2019-02-11T01:15:00Z", "notes": "x"});
    caller.post("time/entries", &entry);
    caller
        .psa
        .technician("training.admin")
        .attach(id, "a.png", "A", b"x")
        .unwrap();
    let entry = json!({"url": "https://a.example/?recordId=", "objectId": 1, "type": "ticket", "level": "owner"});
    caller.post("system/callbacks", &entry);
    let mut served = 0;
    for list in [
        "service/tickets",
        "service/tickets/909/notes",
        "service/boards",
        "service/boards/1/statuses",
        "service/boards/1/types",
        "service/boards/1/subtypes",
        "service/boards/1/items",
        "service/boards/1/teams",
        "service/boards/1/typeSubTypeItemAssociations",
        "service/priorities",
        "service/sources",
        "service/impacts",
        "service/severities",
        "service/SLAs",
        "service/SLAs/1/priorities",
        "company/companies",
        "company/companies/statuses",
        "company/companies/types",
        "company/companies/1/sites",
        "company/contacts",
        "company/contacts/1/communications",
        "company/communicationTypes",
        "company/configurations",
        "company/configurations/types",
        "company/configurations/statuses",
        "company/configurations/types/4/questions",
        "system/members",
        "system/callbacks",
        "system/userDefinedFields",
        "time/entries",
    ] {
        let records = caller.get(&format!("{list}?pageSize=1000"));
        for record in records.as_array().unwrap() {
            let path = format!("{list}/{}", record["id"]);
            // The priorities of an SLA can only be listed.
            if !list.starts_with("service/SLAs/") {
                assert_eq!(caller.get(&path), *record);
            }
            served += 1;
        }
    }
    for other in [
        "service/tickets/909/allNotes",
        "service/tickets/909/configurations",
        "service/tickets/909/configurations/1",
        "service/tickets/909/documents",
        "service/tickets/909/documents/count",
        "service/tickets/909/timeentries",
        "service/tickets/909/timeentries/count",
        "service/tickets/calculateSla",
        "service/tickets/changelogs",
        "system/documents?recordType=Ticket&recordId=909",
        "system/documents/1",
        "system/audittrail?type=Ticket&id=909",
        "system/audittrail/count?type=Ticket&id=909",
        "system/info",
        "company/companies/count",
        "system/members/count",
    ] {
        caller.get(other);
        served += 1;
    }
    assert!(served > 100, "{served}");
    let Some(contract) = &*CONTRACT else { return };
    let wrong =
        json!({"summary": "x".repeat(101), "company": {"id": "1"}, "colour": 1}).to_string();
    let found = contract.check_request("POST", "/service/tickets", "", wrong.as_bytes());
    assert_eq!(found.len(), 3, "{found:?}");
    let patch = json!([{"op": "replace", "path": "status/id", "value": 1}]).to_string();
    let found = contract.check_request(
        "PATCH",
        "/service/tickets/909",
        "colour=1",
        patch.as_bytes(),
    );
    assert_eq!(found.len(), 2, "{found:?}");
}
