use casewire_simulator::Request;
use serde_json::{Value, json};

use crate::caller::{Caller, authorized};

fn ids(list: &Value) -> Vec<i64> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|item| item["id"].as_i64().unwrap())
        .collect()
}

fn three() -> Caller {
    let mut caller = Caller::new();
    caller.ticket(json!({"summary": "alpha", "externalXRef": "a"}));
    caller.now += 60_000;
    caller.ticket(json!({"summary": "Beta & \"more\"", "company": {"identifier": "WideWorld"}}));
    caller.ticket(json!({"summary": "gamma", "status": {"name": "Closed"}}));
    caller
}

#[test]
fn conditions_find_what_they_say() {
    let mut caller = three();
    for (conditions, expected) in [
        ("externalXRef=%22A%22", vec![909]),
        ("summary%20contains%20%22more%22", vec![910]),
        ("company/identifier='wideworld'", vec![910]),
        ("closedFlag=False", vec![909, 910]),
        ("id%20in%20(909,911)", vec![909, 911]),
        ("id%20in%20(909,911)+and+closedFlag=true", vec![911]),
        ("id=909.5", vec![]),
        ("status/id%20not%20in%20(4)", vec![909, 910]),
        ("lastUpdated%3E[2019-02-11T01:09:53Z]", vec![910, 911]),
        ("owner=null", vec![909, 910, 911]),
        ("contact/name=%22Patrick%20Love%22", vec![909, 911]),
        (
            "Board/Name=%22Professional%20Services%22+and+id%3E909",
            vec![910, 911],
        ),
    ] {
        let list = caller.get(&format!(
            "service/tickets?orderBy=id&conditions={conditions}"
        ));
        assert_eq!(ids(&list), expected, "{conditions}");
        let count = caller.get(&format!("service/tickets/count?conditions={conditions}"));
        assert_eq!(count["count"], expected.len(), "{conditions}");
    }
}

#[test]
fn a_changed_reference_is_found_by_its_new_value_only() {
    let mut caller = three();
    let patch = json!([{"op": "replace", "path": "externalXRef", "value": "b"}]);
    caller.patch("service/tickets/909", &patch);
    let mut find = |reference: &str| {
        let path = format!("service/tickets?conditions=externalXRef=%22{reference}%22&fields=id");
        ids(&caller.get(&path))
    };
    assert_eq!((find("a"), find("B")), (vec![], vec![909]));
    assert_eq!(
        caller.send("DELETE", "service/tickets/909", None).status,
        204
    );
    let path = "service/tickets/count?conditions=externalXRef=%22b%22";
    assert_eq!(caller.get(path)["count"], 0);
}

#[test]
fn unknown_names_and_bad_words_are_refused() {
    let mut caller = three();
    for (path, message) in [
        (
            "service/tickets?conditions=colour=1",
            "colour is not a recognized name.",
        ),
        (
            "service/tickets?conditions=dateEntered%3E[2019-01-01]",
            "dateEntered is not a recognized name.",
        ),
        (
            "service/tickets?conditions=severity=%22Urgent%22",
            "Enum value supplied was invalid",
        ),
        (
            "service/tickets?conditions=initialDescription=%22x%22",
            "initialDescription is not a recognized name.",
        ),
        (
            "service/tickets?orderBy=colour",
            "colour is not a recognized name.",
        ),
        (
            "service/tickets?fields=id,colour",
            "colour is not a recognized name.",
        ),
        (
            "company/contacts?conditions=communicationItems/value=%22a%22",
            "communicationItems/value is not a recognized name.",
        ),
        (
            "company/companies?conditions=types/name=%22Client%22",
            "types/name is not a recognized name.",
        ),
        (
            "service/boards?conditions=board/name=%22x%22",
            "board/name is not a recognized name.",
        ),
        (
            "service/tickets/909/notes?conditions=noteType=%22x%22",
            "noteType is not a recognized name.",
        ),
        (
            "company/contacts?childConditions=id=1",
            "id is not a recognized name.",
        ),
        (
            "company/companies/1/sites?conditions=addressLine2=%22x%22",
            "addressLine2 is not a recognized name.",
        ),
    ] {
        let response = caller.send("GET", path, None);
        assert_eq!(response.status, 400, "{path}");
        assert_eq!(response.value()["code"], "ApiFindCondition");
        assert_eq!(response.value()["message"], message);
    }
    caller.psa.settings.quirks.no_in_operator = true;
    let response = caller.send("GET", "service/tickets?conditions=id%20in%20(1)", None);
    assert_eq!(response.value()["code"], "ApiFindCondition");
}

#[test]
fn a_very_long_target_is_refused_before_anything_else() {
    let mut caller = Caller::new();
    let path = format!(
        "service/tickets?conditions=id=1{}",
        "+or+id=1".repeat(2_000)
    );
    assert_eq!(caller.send("GET", &path, None).status, 414);
}

#[test]
fn children_are_found_by_child_conditions() {
    let mut caller = Caller::new();
    let contacts = caller.get(
        "company/contacts?childConditions=communicationItems/value%3D%22PATRICK.love%40bigdesign.com%22%20and%20communicationItems/communicationType%3D%22Email%22",
    );
    assert_eq!(contacts[0]["lastName"], "Love");
    let prospects = caller.get("company/companies?childConditions=types/name%3D%22Prospect%22");
    assert_eq!(prospects, json!([]));
    let clients =
        caller.get("company/companies?childConditions=types/name%3D%22Client%22&orderBy=id");
    assert_eq!(clients[0]["identifier"], "BigDesign");
}

#[test]
fn pages_are_linked_capped_and_end_empty() {
    let mut caller = Caller::new();
    caller.psa.populate(1_100, 0);
    caller.checked = false;
    let path =
        "company/companies?orderBy=id&conditions=identifier%20contains%20%22a%22&pageSize=10";
    let response = caller.send("GET", &format!("{path}&page=2"), None);
    assert_eq!(response.value().as_array().unwrap().len(), 10);
    let link = response.header_value("link").unwrap().to_owned();
    let base = "<https://api-na.myconnectwise.net/v2025_1/apis/3.0/company/companies?";
    for (relation, page) in [("next", "page=3"), ("prev", "page=1"), ("first", "page=1")] {
        let part = link
            .split(", ")
            .find(|part| part.contains(relation))
            .unwrap();
        assert!(
            part.starts_with(base) && part.contains(&format!("{page}>")),
            "{part}"
        );
        assert!(
            part.contains("conditions=identifier%20contains%20%22a%22"),
            "{part}"
        );
    }
    let all = caller.send("GET", "company/companies?pageSize=5000", None);
    assert_eq!(all.value().as_array().unwrap().len(), 1_000);
    let first = caller.send("GET", "company/companies", None);
    assert_eq!(first.value().as_array().unwrap().len(), 25);
    assert!(!first.header_value("link").unwrap().contains("prev"));
    let past = caller.send("GET", "company/companies?page=999", None);
    assert_eq!((past.status, past.value()), (200, json!([])));
    assert_eq!(
        caller.send("GET", "company/companies?page=x", None).status,
        400
    );
}

#[test]
fn without_an_order_long_lists_shift() {
    let mut caller = Caller::new();
    caller.psa.populate(100, 0);
    let first = ids(&caller.get("company/companies"));
    assert_ne!(first, ids(&caller.get("company/companies")));
    let ordered = ids(&caller.get("company/companies?orderBy=id"));
    assert_eq!(ordered, (1..=25).collect::<Vec<_>>());
    let newest = ids(&caller.get("company/companies?orderBy=id%20desc&pageSize=1"));
    assert_eq!(newest, [109]);
}

#[test]
fn forward_only_goes_on_by_id_to_an_empty_link() {
    let mut caller = Caller::new();
    caller.psa.populate(30, 0);
    let mut page = |query: &str| {
        let target = format!("/v4_6_release/apis/3.0/company/companies?{query}");
        let request =
            authorized(Request::new("GET", &target)).header("pagination-type", "forward-only");
        caller.psa.handle(&request, caller.now)
    };
    let first = page("pageSize=20");
    assert!(
        first
            .header_value("link")
            .unwrap()
            .contains("pageId=20>; rel=\"next\"")
    );
    let last = page("pageSize=20&pageId=20");
    assert_eq!(ids(&last.value()), (21..=39).collect::<Vec<_>>());
    assert_eq!(last.header_value("link"), Some("<>; rel=\"next\""));
    assert_eq!(page("orderBy=id").status, 400);
}

#[test]
fn a_projection_gives_what_is_asked_and_no_more() {
    let mut caller = three();
    let list = caller.get("service/tickets?orderBy=id&fields=id,status/name,company/identifier");
    assert_eq!(
        list[0],
        json!({"id": 909, "status": {"name": "New (not responded)"}, "company": {"identifier": "BigDesign"}})
    );
    let one = caller.get("service/tickets/909?fields=id,_info/lastUpdated");
    assert_eq!(
        one,
        json!({"id": 909, "_info": {"lastUpdated": "2019-02-11T01:09:53Z"}})
    );
    let contact = caller.get("company/contacts/1?fields=communicationItems/value");
    assert_eq!(
        contact["communicationItems"][0],
        json!({"value": "patrick.love@bigdesign.com"})
    );
    let body = json!({"summary": "x", "company": {"id": 1}});
    assert_eq!(
        caller.post("service/tickets?fields=id", &body),
        json!({"id": 912})
    );
    let whole = caller.get("service/tickets/909");
    assert!(whole.get("_info").is_some() && whole.get("poNumber").is_none());
}

#[test]
fn a_search_is_a_list_whose_conditions_stand_in_the_body() {
    let mut caller = three();
    let body = json!({"conditions": "id > 909", "orderBy": "id desc"});
    let found = caller.send(
        "POST",
        "service/tickets/search?pageSize=1&fields=id",
        Some(&body),
    );
    assert_eq!((found.status, found.value()), (200, json!([{"id": 911}])));
    assert!(found.header_value("link").unwrap().contains("page=2"));
    let wrong = json!({"childConditions": "x"});
    assert_eq!(
        caller
            .send("POST", "service/tickets/search", Some(&wrong))
            .status,
        400
    );
}
