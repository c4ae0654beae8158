use std::collections::BTreeSet;

use casewire_simulator::{ApiMember, Level, Module, Psa, Request, Role};
use serde_json::{Value, json};

use crate::caller::{Caller, NOW, authorized};

fn get(psa: &mut Psa, request: Request) -> (u16, Value) {
    let response = psa.handle(&request, NOW);
    (response.status, response.value())
}

#[test]
fn company_info_is_open_and_follows_the_release() {
    let mut psa = Psa::seeded(1);
    let (_, info) = get(&mut psa, Request::new("GET", "/login/companyinfo/ACME"));
    assert_eq!(info["Codebase"], "v2025_1/");
    assert_eq!(info["IsCloud"], "True");
    assert_eq!(info["SiteUrl"], "api-na.myconnectwise.net");
    let unknown = get(&mut psa, Request::new("GET", "/login/companyinfo/nobody"));
    assert_eq!(unknown, (200, Value::Null));
    let boards = |codebase: &str| {
        authorized(Request::new(
            "GET",
            &format!("/{codebase}/apis/3.0/service/boards?fields=id"),
        ))
    };
    assert_eq!(get(&mut psa, boards("v2025_1")).0, 200);
    psa.release("v2026_1/");
    let (_, info) = get(&mut psa, Request::new("GET", "/login/companyinfo/acme"));
    assert_eq!(info["Codebase"], "v2026_1/");
    assert_eq!(get(&mut psa, boards("v2025_1")).0, 404);
    assert_eq!(get(&mut psa, boards("v2026_1")).0, 200);
    assert_eq!(get(&mut psa, boards("v4_6_release")).0, 200);
}

#[test]
fn keys_and_client_id_are_both_needed() {
    let mut psa = Psa::seeded(1);
    let path = "/v2025_1/apis/3.0/system/info";
    let (status, body) = get(&mut psa, Request::new("GET", path));
    assert_eq!((status, &body["code"]), (401, &json!("Unauthorized")));
    let wrong = Request::new("GET", path).header("Authorization", "Basic YWNtZStwOng=");
    assert_eq!(get(&mut psa, wrong.clone()).0, 401);
    let mut without = authorized(Request::new("GET", path));
    without.headers.retain(|(name, _)| name != "clientId");
    let (status, body) = get(&mut psa, without);
    assert_eq!((status, &body["code"]), (403, &json!("Forbidden")));
    let (status, body) = get(&mut psa, authorized(Request::new("GET", path)));
    assert_eq!((status, &body["version"]), (200, &json!("v2025.1.105333")));
    psa.settings.client_ids = Some(BTreeSet::new());
    let refused = psa.handle(&authorized(Request::new("GET", path)), NOW);
    assert_eq!(
        (refused.status, refused.body.as_slice()),
        (403, &b"Invalid clientId."[..])
    );
    psa.settings.quirks.bad_credentials_not_found = true;
    assert_eq!(get(&mut psa, wrong).0, 404);
    psa.settings.quirks.open_system_info = true;
    assert_eq!(get(&mut psa, Request::new("GET", path)).0, 200);
}

#[test]
fn unknown_paths_and_methods_are_told_apart() {
    let mut caller = Caller::new();
    let unknown = caller.send("GET", "service/nothing", None);
    assert_eq!(unknown.status, 404);
    assert_eq!(
        unknown.value(),
        json!({"code": "ConnectWiseApi", "message": "The endpoint does not exist."})
    );
    assert_eq!(caller.send("DELETE", "service/tickets", None).status, 405);
    assert_eq!(
        caller
            .send("POST", "service/impacts", Some(&json!({})))
            .status,
        405
    );
    let missing = caller.send("GET", "company/contacts/57919", None);
    assert_eq!(
        missing.value(),
        json!({"code": "NotFound", "message": "Contact 57919 not found"})
    );
}

#[test]
fn a_missing_right_is_forbidden_or_an_empty_list() {
    let mut caller = Caller::new();
    let id = caller.ticket(json!({}));
    let rights = [
        (
            Module::ServiceTickets,
            Level::Add,
            "POST",
            "service/tickets",
        ),
        (
            Module::ServiceTickets,
            Level::Delete,
            "DELETE",
            "service/tickets/909",
        ),
        (
            Module::ServiceTickets,
            Level::Edit,
            "PATCH",
            "service/tickets/909",
        ),
        (
            Module::CompanyMaintenance,
            Level::Inquire,
            "GET",
            "company/companies",
        ),
        (
            Module::Contacts,
            Level::Inquire,
            "GET",
            "company/contacts/1",
        ),
        (
            Module::Configurations,
            Level::Inquire,
            "GET",
            "company/configurations/count",
        ),
        (
            Module::SystemTableSetup,
            Level::Inquire,
            "GET",
            "service/boards",
        ),
        (
            Module::MemberMaintenance,
            Level::Inquire,
            "GET",
            "system/members",
        ),
        (
            Module::ManageAttachments,
            Level::Inquire,
            "GET",
            "system/documents?recordType=Ticket&recordId=909",
        ),
        (Module::Callbacks, Level::Inquire, "GET", "system/callbacks"),
        (Module::TimeEntry, Level::Inquire, "GET", "time/entries"),
    ];
    for (module, level, method, path) in rights {
        caller.psa.settings.api_members[0]
            .role
            .revoke(module, level);
        let response = caller.send(method, path, Some(&json!([])));
        assert_eq!(response.status, 403, "{path}");
        assert_eq!(response.value()["code"], "Forbidden");
        caller.psa.settings.api_members[0].role.grant(module, level);
    }
    caller.psa.settings.quirks.missing_right_is_empty = true;
    caller.psa.settings.api_members[0]
        .role
        .revoke(Module::ServiceTickets, Level::Inquire);
    assert_eq!(caller.get("service/tickets"), json!([]));
    assert_eq!(
        caller
            .send("GET", &format!("service/tickets/{id}"), None)
            .status,
        403
    );
}

#[test]
fn a_member_may_see_its_own_tickets_only() {
    let mut caller = Caller::new();
    let own = caller.ticket(json!({}));
    let fields = json!({"summary": "phone call", "company": {"id": 1}, "board": {"id": 2}});
    let other = caller
        .psa
        .technician("training.admin")
        .create_ticket(fields.as_object().unwrap())
        .unwrap();
    assert_eq!(caller.get("service/tickets/count")["count"], 2);
    caller.psa.settings.api_members[0].role.own_tickets_only = true;
    assert_eq!(caller.get("service/tickets/count")["count"], 1);
    assert_eq!(
        caller
            .send("GET", &format!("service/tickets/{own}"), None)
            .status,
        200
    );
    assert_eq!(
        caller
            .send("GET", &format!("service/tickets/{other}"), None)
            .status,
        404
    );
    let role = &mut caller.psa.settings.api_members[0].role;
    role.own_tickets_only = false;
    role.hidden_boards.insert(2);
    assert_eq!(
        caller
            .send("GET", &format!("service/tickets/{other}"), None)
            .status,
        404
    );
    assert_eq!(
        caller.send("GET", "service/boards/2/statuses", None).status,
        404
    );
}

#[test]
fn callbacks_belong_to_the_member_that_made_them() {
    let mut caller = Caller::new();
    let entry =
        json!({"url": "https://a.example/", "objectId": 1, "type": "ticket", "level": "owner"});
    caller.post("system/callbacks", &entry);
    caller.psa.settings.api_members[0].identifier = "training.admin".to_owned();
    assert_eq!(caller.get("system/callbacks"), json!([]));
    assert_eq!(caller.send("GET", "system/callbacks/1", None).status, 404);
    let second = ApiMember {
        identifier: "second".to_owned(),
        public_key: "p".to_owned(),
        private_key: "q".to_owned(),
        role: Role::default(),
    };
    caller.psa.settings.api_members.push(second);
    let request = Request::new("GET", "/v2025_1/apis/3.0/system/members/count")
        .header("authorization", "Basic YWNtZStwOnE=")
        .header("CLIENTID", "6f1f6f0e-3c1d-4a52-9a54-0b9f5f4f9e11");
    assert_eq!(get(&mut caller.psa, request).0, 200);
}

#[test]
fn more_than_a_thousand_a_minute_is_throttled_until_there_is_room() {
    let mut caller = Caller::new();
    caller.checked = false;
    for _ in 0..1_000 {
        caller.send("GET", "service/boards/count", None);
        caller.now += 10;
    }
    let request = authorized(Request::new(
        "GET",
        "/v2025_1/apis/3.0/service/boards/count",
    ));
    let refused = caller.psa.handle(&request, caller.now);
    assert_eq!(refused.status, 429);
    assert_eq!(refused.header_value("retry-after"), Some("50"));
    assert_eq!(
        refused.value()["message"],
        "Too many requests. Please try again in 50 seconds."
    );
    assert_eq!(caller.psa.handle(&request, caller.now + 50_000).status, 200);
    caller.psa.settings.requests_per_minute = None;
    assert_eq!(caller.psa.handle(&request, caller.now).status, 200);
}

#[test]
fn the_same_calls_give_the_same_answers() {
    let run = || {
        let mut caller = Caller::new();
        caller.psa.populate(40, 10);
        caller.ticket(json!({}));
        let list = caller.send("GET", "company/companies", None);
        (list, caller.psa.record("service/tickets", 909))
    };
    assert_eq!(run(), run());
}
