//! Guide 003 (FortiSIEM), incident outbound and inbound, from the preset `fortisiem`; of its CMDB part what `devices.rs` leaves open.

use crate::{
    case, connection, document, due, pass, read, run, send, sent, step, tested, ticket, told,
};
use casewire::{
    Case, CaseResult, Code, Command, Config, Connection, Delivery, Event, Outcome, Preset,
    Settings, Task,
};
use casewire_scenarios::{
    World,
    devices::{configurations, discovered},
};
use casewire_simulator::{Fault, FaultRule, Match};
use serde_json::{Value, json};

/// Step 1.11: organizations by company id.
fn config(change: impl Fn(&mut Value)) -> Config {
    read(&document(Preset::Fortisiem, |c| {
        c["companies"]["map"] =
            json!([{ "group": "48Tech", "company": { "identifier": "BigDesign" } }]);
        change(c);
    }))
}

fn incident(id: &str, change: impl Fn(&mut Value)) -> Case {
    case(id, |c| {
        c["status"] = json!("new");
        c["system"] = Value::Null;
        change(c);
    })
}

#[test]
fn the_connection_is_the_login_page_s_and_the_client_id_is_fortinet_s() {
    step("Adding a Client ID: the published one is built in, and can be another");
    let built_in: Value = serde_json::from_str(Preset::Fortisiem.document()).unwrap();
    assert_eq!(
        built_in["connection"]["client_id"],
        "1a7ed749-47a1-4d3e-94b0-696288a1140f"
    );
    let own = document(Preset::Fortisiem, |_| {});
    assert_eq!(
        own["connection"]["client_id"],
        "6f1f6f0e-3c1d-4a52-9a54-0b9f5f4f9e11"
    );

    step("Outbound step 1.7: the URL has its https prefix");
    for site in ["http://my.login.test", "my.login.test"] {
        let bad = Connection {
            site: site.to_owned(),
            ..connection()
        };
        let error = Preset::Fortisiem
            .document_for("fortisiem", &bad)
            .unwrap_err();
        assert_eq!(error.faults[0].pointer, "/connection/site", "{site}");
    }
    step("Outbound step 1.8: the company of the login page, not a company within ConnectWise");
    let mut world = World::new(1);
    let within = read(&document(Preset::Fortisiem, |c| {
        c["connection"]["company_id"] = json!("BigDesign")
    }));
    let Ok(Outcome::Connection(report)) = run(&mut world, &within, Command::TestConnection).0
    else {
        panic!()
    };
    assert!(!report.ok);
    assert_eq!(tested(&mut world, &config(|_| {})), []);

    step(
        "Outbound step 1.9: REST with keys and client id; user name and password (SOAP, deprecated) are not built",
    );
    let soap = document(Preset::Fortisiem, |c| {
        c["connection"]["user_name"] = json!("fortisiem")
    });
    let error = Config::from_json(soap.to_string().as_bytes()).unwrap_err();
    assert_eq!(error.faults[0].code, Code::UnknownKey);
}

#[test]
fn organizations_are_mapped_by_company_id_and_by_a_name_only_where_it_is_unique() {
    let named =
        |name: &str| config(|c| c["companies"]["map"][0]["company"] = json!({ "name": name }));
    step("Outbound step 1.11: the company id, not the name");
    let mut world = World::new(1);
    let opened = send(&mut world, &config(|_| {}), incident("10012", |_| {})).unwrap();
    assert_eq!(opened.outcome, CaseResult::Opened);
    step("two companies are called Northwind: the name is refused, their ids are not");
    let error = send(&mut world, &named("Northwind"), incident("10013", |_| {})).unwrap_err();
    println!("  {error}");
    assert_eq!(error.code, Code::UnusableCompany);
    assert_eq!(world.look().tickets.len(), 1);
    let by_id =
        config(|c| c["companies"]["map"][0]["company"] = json!({ "identifier": "NorthMiami" }));
    let mended = send(&mut world, &by_id, incident("10013", |_| {})).unwrap();
    let record = ticket(&mut world, mended.ticket_id.unwrap().0);
    assert_eq!(record["company"]["identifier"], "NorthMiami");
    step("CMDB step 1.9: a name that one company has is taken");
    let opened = send(
        &mut world,
        &named("Big Design, Inc."),
        incident("10014", |_| {}),
    )
    .unwrap();
    assert_eq!(opened.outcome, CaseResult::Opened);

    step("an organization without a company is refused, not kept");
    let unknown = incident("10015", |c| c["group"]["id"] = json!("Elsewhere"));
    assert_eq!(
        send(&mut world, &config(|_| {}), unknown).unwrap_err().code,
        Code::UnmappedGroup
    );

    step("Outbound step 1.12: only for the organizations that were chosen");
    let run_for = config(|c| c["companies"]["run_for"] = json!(["5Ktech"]));
    let left_out = send(&mut world, &run_for, incident("10016", |_| {})).unwrap();
    assert_eq!(
        (left_out.outcome, left_out.ticket_id),
        (CaseResult::Unchanged, None)
    );
    assert_eq!(world.look().tickets.len(), 3);
}

/// How many incidents were under way at most, those asked for and not yet at their end; and how many at least when another
/// was asked for after a 502.
fn under_way(trace: &[String]) -> (usize, Option<usize>) {
    let (mut open, mut most, mut failed, mut least) = (0_usize, 0, false, None);
    for line in trace {
        if line.contains("status: 502") {
            failed = true;
        } else if line.contains("Fetch") && line.contains("\"case:") {
            open += 1;
            most = most.max(open);
            least = Some(least.unwrap_or(open).min(open)).filter(|_| failed);
        } else if line.contains("outcome: Opened") {
            open -= 1;
        }
    }
    (most, least)
}

#[test]
fn no_more_than_fifty_incidents_are_under_way_and_fewer_after_a_502() {
    let mut figures = Vec::new();
    for faults in [0, 40] {
        step(&format!(
            "Outbound step 1.13: 200 incidents, {faults} answers of 502"
        ));
        let (mut world, config) = (World::new(1), config(|_| {}));
        world.unwatched = true;
        world.trace = Some(Vec::new());
        world.psa.add_fault(FaultRule {
            when: Match {
                method: Some("POST".to_owned()),
                path: Some("service/tickets".to_owned()),
                every: Some(2),
                ..Match::default()
            },
            fault: Fault::BadGatewayHtml,
            times: Some(faults),
        });
        let ids: Vec<String> = (0..200).map(|number| format!("i-{number}")).collect();
        for id in &ids {
            let content = serde_json::to_vec(&incident(id, |_| {})).unwrap();
            world.files.insert(format!("case:{id}"), content);
        }
        let commands = ids.iter().map(|id| Command::SubmitReference {
            case_id: id.clone(),
        });
        world.live(&config, commands.collect(), None).unwrap();
        // Whoever looks spends none of the connector's requests.
        world.psa.settings.requests_per_minute = None;
        let seen = world.look();
        assert_eq!(seen.tickets.len(), 200);
        assert!(seen.tickets.values().all(|tickets| tickets.len() == 1));
        let figure = under_way(&world.trace.take().unwrap());
        println!("  {figure:?}");
        figures.push(figure);
    }
    assert_eq!(figures[0], (50, None));
    let (most, least) = figures[1];
    assert!(
        most <= 50 && least.is_some_and(|least| least <= 25),
        "{figures:?}"
    );
}

#[test]
fn a_ticket_s_state_clears_its_incident_within_the_window() {
    let (mut world, config) = (World::new(1), config(|_| {}));
    step("Inbound step 1.9: a window of ten hours; step 2: by a schedule");
    let task = due(&mut world, &config, Task::Poll).unwrap();
    assert!(task.now);
    assert_eq!(config.inbound.window.to_string(), "10h");
    send(&mut world, &config, incident("10012", |_| {})).unwrap();
    run(&mut world, &config, Command::Poll).0.unwrap();
    assert!(!due(&mut world, &config, Task::Poll).unwrap().now);

    step("Inbound step 2 note: no state but new and closed");
    let states: Vec<&String> = config.status_map["Professional Services"]
        .to_case
        .values()
        .collect();
    assert!(
        states
            .iter()
            .all(|state| ["new", "closed"].contains(&state.as_str()))
    );
    pass(&mut world, 600);
    world
        .psa
        .technician("training.admin")
        .set_status(909, "In Progress")
        .unwrap();
    run(&mut world, &config, Command::Poll).0.unwrap();
    let state = told(&world, "10012")
        .last()
        .unwrap()
        .ticket
        .clone()
        .unwrap();
    assert_eq!(
        (state.status.as_str(), state.case_status.as_deref()),
        ("In Progress", Some("new"))
    );

    step(
        "Inbound step 2: external ticket state, ticket state, external cleared time, external resolve time",
    );
    pass(&mut world, 600);
    let mut technician = world.psa.technician("training.admin");
    technician
        .add_note(909, casewire_simulator::NoteKind::Resolution, "Rule tuned")
        .unwrap();
    technician.set_status(909, "Closed").unwrap();
    run(&mut world, &config, Command::Poll).0.unwrap();
    let news = told(&world, "10012");
    let closed = |news: &&Delivery| matches!(news.event, Event::TicketClosed { .. });
    let last = news.into_iter().rfind(|news| closed(&news)).unwrap();
    let state = last.ticket.unwrap();
    assert_eq!(
        (
            state.status.as_str(),
            state.case_status.as_deref(),
            state.closed
        ),
        ("Closed", Some("closed"), true)
    );
    assert!(
        state.closed_at.is_some() && state.resolved_at.is_some(),
        "{state:#?}"
    );
    assert_eq!(
        state.resolution.as_deref(),
        Some("Rule tuned"),
        "the guide leaves it out; it comes with the state"
    );

    step("the incident that was cleared writes nothing back");
    let closed = incident("10012", |c| c["status"] = json!("closed"));
    let (_, life) = sent(&mut world, &config, closed);
    assert!(
        life.sent.iter().all(|sent| sent.starts_with("GET ")),
        "{:?}",
        life.sent
    );
    assert_eq!(Settings::new(config).unwrap().unmapped_case_statuses(), []);
}

#[test]
fn devices_are_due_by_their_schedule_and_only_then() {
    let off = config(|_| {});
    let mut world = World::new(1);
    step("CMDB: off until it is switched on, and due after a discovery alone");
    let found = run(&mut world, &off, Command::DevicesDiscovered).0;
    println!("  {found:?}");
    assert!(due(&mut world, &off, Task::SendDevices).is_none());
    let nightly = config(|c| {
        c["companies"]["map"] = json!([
            { "group": "BigDesign", "company": { "name": "Big Design, Inc." } },
            { "group": "WideWorld", "company": { "identifier": "WideWorld" } },
        ]);
        c["policies"]["devices_outbound"] = json!({ "enabled": true });
        c["devices"]["every"] = json!("1d");
    });
    assert_eq!(tested(&mut world, &nightly), []);

    step("CMDB step 2: on a schedule");
    assert!(due(&mut world, &nightly, Task::SendDevices).unwrap().now);
    let devices = discovered();
    let Ok(Outcome::DevicesSent(report)) =
        run(&mut world, &nightly, Command::SendDevices { devices }).0
    else {
        panic!()
    };
    assert_eq!(report.results.len(), 4, "{report:#?}");
    for name in ["BigDesign-FW1", "WideWorld-NEW1"] {
        assert_eq!(configurations(&world, name).len(), 1, "{name}");
    }
    assert!(!due(&mut world, &nightly, Task::SendDevices).unwrap().now);
    pass(&mut world, 24 * 3600);
    assert!(due(&mut world, &nightly, Task::SendDevices).unwrap().now);
}
