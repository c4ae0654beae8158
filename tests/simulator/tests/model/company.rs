use casewire_simulator::{Level, Module, Request};
use serde_json::json;

use crate::caller::{Caller, authorized};

#[test]
fn the_seeded_instance_is_that_of_the_guides() {
    let mut caller = Caller::new();
    let company = caller.get("company/companies?conditions=identifier=%22BigDesign%22");
    assert_eq!(company[0]["name"], "Big Design, Inc.");
    assert_eq!(company[0]["defaultContact"]["name"], "Patrick Love");
    assert_eq!(company[0]["site"]["name"], "Main");
    let device =
        caller.get("company/configurations?conditions=name=%22bigdesign-wrk1%22+and+company/id=1");
    assert_eq!(device[0]["name"], "BigDesign-WRK1");
    assert_eq!(device[0]["type"]["name"], "Backup Status");
    assert!(device[0].get("macAddress").is_none());
    let managed =
        caller.get("company/configurations?conditions=macAddress=%2200-15-5D-01-4F-A1%22");
    assert_eq!(managed[0]["type"]["name"], "Managed Workstation");
    let twins = caller.get("company/companies?conditions=name=%22Northwind%22");
    assert_eq!(twins.as_array().unwrap().len(), 2);
    assert_eq!(
        caller.get("company/companies/count?conditions=deletedFlag=true")["count"],
        1
    );
    let statuses =
        caller.get("service/boards/1/statuses?orderBy=sortOrder&fields=name,closedStatus,inactive");
    assert_eq!(statuses[0]["name"], "New (not responded)");
    assert_eq!(
        statuses[3],
        json!({"name": "Closed", "closedStatus": true, "inactive": false})
    );
    let primary = caller.get("company/contacts?conditions=company/id=1+and+defaultFlag=true");
    assert_eq!(
        primary[0]["communicationItems"][0]["domain"],
        "@bigdesign.com"
    );
}

#[test]
fn companies_need_an_address_and_an_identifier_of_their_own() {
    let mut caller = Caller::new();
    let body = json!({"identifier": "New", "name": "New"});
    assert_eq!(
        caller.refused("POST", "company/companies", &body).2,
        "addressLine1"
    );
    let body = json!({"identifier": "BIGDESIGN", "name": "New", "city": "Tampa"});
    assert_eq!(
        caller.refused("POST", "company/companies", &body).1,
        "ObjectExists"
    );
    let body =
        json!({"identifier": "New", "name": "New", "city": "Tampa", "types": [{"name": "Client"}]});
    let company = caller.post("company/companies", &body);
    assert_eq!(company["status"]["name"], "Active");
    assert_eq!(company["types"][0]["name"], "Client");
    let sites = caller.get(&format!("company/companies/{}/sites", company["id"]));
    assert_eq!(sites[0]["name"], "Main");
    let patch = json!([{"op": "replace", "path": "types", "value": [{"id": 2}]}]);
    let path = format!("company/companies/{}", company["id"]);
    assert_eq!(caller.refused("PATCH", &path, &patch).2, "types");
    assert_eq!(caller.send("DELETE", &path, None).status, 204);
    assert_eq!(
        caller.send("DELETE", "company/companies/1", None).status,
        409
    );
}

#[test]
fn contacts_carry_their_communications() {
    let mut caller = Caller::new();
    let body = json!({"lastName": "Nameless", "company": {"id": 1}});
    assert_eq!(
        caller.refused("POST", "company/contacts", &body).2,
        "firstName"
    );
    let body = json!({
        "firstName": "New", "lastName": "Person", "company": {"id": 1},
        "communicationItems": [{"type": {"name": "Email"}, "value": "new@bigdesign.com", "communicationType": "Email"}],
    });
    let contact = caller.post("company/contacts", &body);
    assert_eq!(contact["communicationItems"][0]["type"]["name"], "Email");
    let path = format!("company/contacts/{}/communications", contact["id"]);
    let phone = caller.post(&path, &json!({"type": {"id": 1}, "value": "8135550199"}));
    assert_eq!(phone["communicationType"], "Phone");
    let contact = caller.get(&format!("company/contacts/{}", contact["id"]));
    assert_eq!(contact["communicationItems"].as_array().unwrap().len(), 2);
    assert_eq!(contact["defaultPhoneNbr"], "8135550199");
    assert_eq!(
        caller
            .send("DELETE", &format!("{path}/{}", phone["id"]), None)
            .status,
        204
    );
    let contact = caller.get(&format!("company/contacts/{}", contact["id"]));
    assert_eq!(contact["communicationItems"].as_array().unwrap().len(), 1);
    let body =
        json!({"firstName": "X", "communicationItems": [{"type": {"id": 99}, "value": "x"}]});
    assert_eq!(
        caller.refused("POST", "company/contacts", &body).1,
        "NotFound"
    );
}

#[test]
fn configurations_answer_the_questions_of_their_type() {
    let mut caller = Caller::new();
    let body = json!({"name": "FW1", "company": {"id": 1}, "type": {"name": "Firewall"}});
    assert_eq!(
        caller.refused("POST", "company/configurations", &body).2,
        "questions"
    );
    let mut answered = body;
    answered["questions"] = json!([{"questionId": 1, "answer": "7.2"}]);
    let device = caller.post("company/configurations", &answered);
    assert_eq!(device["questions"][0]["answer"], "7.2");
    assert_eq!(device["status"]["name"], "Active");
    let path = format!("company/configurations/{}", device["id"]);
    let patch = json!([{"op": "replace", "path": "type", "value": {"name": "Managed Server"}}]);
    let changed = caller.patch(&format!("{path}/changeType"), &patch);
    assert_eq!(changed["questions"], json!([]));
    let body = json!({"name": "P", "company": {"id": 1}, "type": {"name": "Pager"}});
    assert_eq!(
        caller.refused("POST", "company/configurations", &body).2,
        "type"
    );
    let body = json!({"name": "P", "type": {"id": 2}});
    assert_eq!(
        caller.refused("POST", "company/configurations", &body).2,
        "company"
    );
    let body = json!({"name": "P", "company": {"identifier": "GoneCorp"}, "type": {"id": 2}});
    assert_eq!(
        caller.refused("POST", "company/configurations", &body).2,
        "company"
    );
}

#[test]
fn bulk_writes_report_each_element() {
    let mut caller = Caller::new();
    let one =
        |name: &str, kind: i64| json!({"name": name, "type": {"id": kind}, "company": {"id": 1}});
    let body = json!([one("A", 2), one("B", 99)]);
    // Not through `send`: the published document declares a single configuration as the answer
    // to a list of them.
    let path = "/v4_6_release/apis/3.0/company/configurations/bulk";
    let request = authorized(Request::new("POST", path)).json(&body);
    let result = caller.psa.handle(&request, caller.now);
    assert_eq!(result.status, 207);
    let results = result.value()["payload"].clone();
    assert_eq!(
        (&results[0]["success"], &results[0]["statusCode"]),
        (&json!(true), &json!(201))
    );
    assert_eq!(results[1]["error"]["errors"][0]["field"], "type/id");
}

#[test]
fn boards_can_be_set_up() {
    let mut caller = Caller::new();
    let board = json!({"name": "Cyber Alerts", "location": {"id": 1}, "department": {"id": 1}});
    let board = caller.post("service/boards", &board)["id"].clone();
    let path = format!("service/boards/{board}");
    assert_eq!(
        caller
            .get(&format!("{path}/statuses"))
            .as_array()
            .unwrap()
            .len(),
        2
    );
    caller.post(&format!("{path}/statuses"), &json!({"name": "Triage"}));
    assert_eq!(
        caller
            .refused(
                "POST",
                &format!("{path}/statuses"),
                &json!({"name": "triage"})
            )
            .1,
        "ObjectExists"
    );
    let kind = caller.post(&format!("{path}/types"), &json!({"name": "Ransomware"}))["id"].clone();
    caller.post(
        &format!("{path}/subtypes"),
        &json!({"name": "Encryption", "typeAssociationIds": [kind]}),
    );
    caller.post(&format!("{path}/items"), &json!({"name": "Host"}));
    let associations = caller.get(&format!("{path}/typeSubTypeItemAssociations"));
    assert_eq!(associations[0]["subType"]["name"], "Encryption");
    let id = caller.ticket(json!({
        "board": {"id": board}, "type": {"id": kind}, "subType": {"name": "Encryption"}, "status": {"name": "Triage"},
    }));
    assert_eq!(
        caller.get(&format!("service/tickets/{id}"))["status"]["name"],
        "Triage"
    );
    assert_eq!(caller.send("DELETE", &path, None).status, 409);
}

#[test]
fn what_a_role_may_not_set_up_is_forbidden_and_names_repeat_only_where_they_may() {
    let mut caller = Caller::new();
    let status = json!({"name": "closed"});
    let path = "service/boards/1/statuses";
    assert_eq!(caller.refused("POST", path, &status).1, "ObjectExists");
    caller.psa.settings.quirks.setup_names_repeat = true;
    caller.post(path, &status);
    let role = &mut caller.psa.settings.api_members[0].role;
    role.revoke(Module::SystemTableSetup, Level::Add);
    for path in ["service/boards", path, "service/boards/1/types"] {
        assert_eq!(caller.refused("POST", path, &status).0, 403, "{path}");
    }
}
