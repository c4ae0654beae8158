use casewire_simulator::Options;
use serde_json::json;

use crate::client::{agent, json, send, start, ticket};

#[test]
fn hosts_in_other_languages_can_do_what_the_model_can() {
    let server = start(Options::default());
    let agent = agent();
    let call = |method: &str, path: &str, body: serde_json::Value| {
        let response = send(&agent, &server, method, path, Some(&body)).unwrap();
        (response.status().as_u16(), json(response))
    };
    let rule = json!({"when": {"method": "POST", "path": "service/tickets", "nth": [1]},
        "fault": {"kind": "throttled", "retryAfter": 7}});
    assert_eq!(call("POST", "/simulator/faults", rule).0, 200);
    let (status, body) = call("POST", "service/tickets", ticket("a"));
    assert_eq!(status, 429);
    assert_eq!(
        body["message"],
        "Too many requests. Please try again in 7 seconds."
    );
    let (_, faults) = call("GET", "/simulator/faults", json!(null));
    assert_eq!(faults[0]["met"], 1);
    assert_eq!(call("DELETE", "/simulator/faults", json!(null)).0, 204);
    assert_eq!(call("POST", "service/tickets", ticket("a")).0, 201);

    let act = json!({"action": "setStatus", "ticket": 909, "status": "Closed"});
    assert_eq!(call("POST", "/simulator/technician", act).1["id"], 909);
    let (_, closed) = call("GET", "service/tickets/909", json!(null));
    assert_eq!(closed["closedBy"], "training.admin");
    let act = json!({"action": "setStatus", "ticket": 909, "status": "Nowhere"});
    assert_eq!(call("POST", "/simulator/technician", act).0, 400);

    let entry = json!({"url": "https://soc.example/psa?recordId=", "objectId": 0, "type": "Ticket", "level": "Owner"});
    assert_eq!(call("POST", "system/callbacks", entry).0, 201);
    let act = json!({"action": "setStatus", "ticket": 909, "status": "In Progress"});
    assert_eq!(call("POST", "/simulator/technician", act).0, 200);
    let (_, callbacks) = call("POST", "/simulator/callbacks", json!(null));
    assert_eq!(
        callbacks[0]["url"],
        "https://soc.example/psa?recordId=909&action=updated"
    );
    assert_eq!(
        call("POST", "/simulator/callbacks", json!(null)).1,
        json!([]),
        "each is taken once"
    );

    let (_, tickets) = call("GET", "/simulator/records/tickets", json!(null));
    assert_eq!(tickets[0]["company"], json!({"id": 1}));
    let settings = json!({"quirks": {"wildcard": "percent"}, "requestsPerMinute": 5});
    let (_, settings) = call("PATCH", "/simulator/settings", settings);
    assert_eq!(settings["quirks"]["wildcard"], "percent");
    assert_eq!(settings["requestsPerMinute"], 5);
    let (_, statistics) = call("GET", "/simulator/statistics", json!(null));
    assert_eq!(statistics["total"], 4);
    assert_eq!(
        call("POST", "/simulator/release", json!({"codebase": "v2026_1"})).1["codebase"],
        "v2026_1/"
    );
    assert_eq!(
        call(
            "POST",
            "/simulator/populate",
            json!({"companies": 3, "configurations": 9})
        )
        .0,
        204
    );
    assert_eq!(call("POST", "/simulator/reset", json!(null)).0, 204);
    let (_, tickets) = call("GET", "/simulator/records/tickets", json!(null));
    assert_eq!(tickets, json!([]));
}

#[test]
fn misuse_is_told() {
    let server = start(Options::default());
    let agent = agent();
    for (method, path, body, status) in [
        (
            "POST",
            "/simulator/faults",
            json!({"fault": {"kind": "nothing"}}),
            400,
        ),
        (
            "POST",
            "/simulator/faults",
            json!({"fault": {"kind": "emptyBody"}, "wen": {}}),
            400,
        ),
        (
            "POST",
            "/simulator/technician",
            json!({"action": "dance"}),
            400,
        ),
        (
            "PATCH",
            "/simulator/settings",
            json!({"colour": "red"}),
            400,
        ),
        ("GET", "/simulator/records/unicorns", json!(null), 404),
        ("GET", "/simulator/nothing", json!(null), 404),
    ] {
        let response = send(&agent, &server, method, path, Some(&body)).unwrap();
        assert_eq!(response.status(), status, "{path}");
        assert!(json(response)["error"].is_string());
    }
}
