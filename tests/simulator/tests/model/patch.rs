use casewire_simulator::SubPath;
use serde_json::json;

use crate::caller::Caller;

#[test]
fn the_dialect_takes_bare_names_and_whole_references() {
    let mut caller = Caller::new();
    let path = format!(
        "service/tickets/{}",
        caller.ticket(json!({"poNumber": "1"}))
    );
    let ticket = caller.patch(
        &path,
        &json!([
            {"op": "replace", "path": "summary", "value": "new"},
            {"op": "add", "path": "severity", "value": "High"},
            {"op": "replace", "path": "owner", "value": {"identifier": "training.admin"}},
            {"op": "remove", "path": "poNumber"},
        ]),
    );
    assert_eq!(ticket["summary"], "new");
    assert_eq!(ticket["severity"], "High");
    assert_eq!(ticket["owner"]["name"], "Training Admin");
    assert_eq!(ticket["resources"], "training.admin");
    assert!(ticket.get("poNumber").is_none());
}

#[test]
fn a_path_into_an_object_is_a_false_success() {
    let mut caller = Caller::new();
    let path = format!("service/tickets/{}", caller.ticket(json!({})));
    caller.now += 5_000;
    let before = caller.get(&path);
    let patch = json!([{"op": "replace", "path": "status/id", "value": 2}]);
    let send = |caller: &mut Caller| {
        let request = crate::caller::authorized(casewire_simulator::Request::new(
            "PATCH",
            &format!("/v4_6_release/apis/3.0/{path}"),
        ));
        caller.psa.handle(&request.json(&patch), caller.now)
    };
    let response = send(&mut caller);
    assert_eq!((response.status, response.value()), (200, before));
    caller.psa.settings.quirks.sub_path = SubPath::Applied;
    assert_eq!(send(&mut caller).value()["status"]["id"], 2);
}

#[test]
fn what_is_no_patch_is_refused() {
    let mut caller = Caller::new();
    let path = format!("service/tickets/{}", caller.ticket(json!({})));
    for patch in [
        json!({"summary": "x"}),
        json!([{"op": "move", "path": "summary"}]),
        json!([{"path": "summary", "value": "x"}]),
        json!([{"op": "replace", "value": "x"}]),
        json!([{"op": "replace", "path": "Summary", "value": "x"}]),
        json!([{"op": "replace", "path": "colour", "value": "x"}]),
        json!([{"op": "remove", "path": "summary"}]),
        json!([{"op": "replace", "path": "company", "value": null}]),
        json!([{"op": "replace", "path": "impact", "value": "Huge"}]),
        json!([{"op": "replace", "path": "status", "value": {"id": 6}}]),
    ] {
        let response = caller.send("PATCH", &path, Some(&patch));
        assert_eq!(response.status, 400, "{patch}");
    }
}

#[test]
fn results_cannot_be_set_and_do_not_count_as_a_change() {
    let mut caller = Caller::new();
    let path = format!("service/tickets/{}", caller.ticket(json!({})));
    caller.now += 5_000;
    let ticket = caller.patch(
        &path,
        &json!([{"op": "replace", "path": "closedFlag", "value": true}]),
    );
    assert_eq!(ticket["closedFlag"], false);
    assert_eq!(ticket["_info"]["lastUpdated"], "2019-02-11T01:09:53Z");
}
