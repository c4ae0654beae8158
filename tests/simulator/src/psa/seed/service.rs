//! Members, boards and the tables that tickets draw on.

use serde_json::{Value, json};

use super::{Psa, to};
use crate::rules::board::associate_triple;
use crate::settings::API_MEMBER;
use crate::table::Table;

pub(super) fn seed(psa: &mut Psa) {
    setup(psa);
    members(psa);
    tables(psa);
    professional_services(psa);
    network_operations(psa);
    other_boards(psa);
    custom_fields(psa);
    // The API member's tickets come onto Professional Services unless they name a board.
    if let Some(member) = psa.store.get_mut(Table::Member, 1) {
        member.insert("serviceDefaultBoard".to_owned(), to(1));
    }
}

fn setup(psa: &mut Psa) {
    psa.plant_names(Table::Location, &["Tampa Office", "Remote"]);
    for (identifier, name) in [("PS", "Professional Services"), ("MS", "Managed Services")] {
        psa.plant(
            Table::Department,
            json!({"identifier": identifier, "name": name}),
        );
    }
    psa.plant_names(Table::SecurityRole, &["Admin", "Connector"]);
    psa.plant_names(Table::WorkRole, &["Engineer", "Security Analyst"]);
    psa.plant_names(Table::WorkType, &["Regular", "After Hours"]);
    psa.plant_names(Table::ServiceLocation, &["On-Site", "Remote", "In-House"]);
    psa.plant_names(Table::TimeZone, &["US Eastern"]);
    psa.plant_names(Table::Manufacturer, &["Dell", "Lenovo"]);
    psa.plant(
        Table::Country,
        json!({"identifier": "US", "name": "United States"}),
    );
    psa.plant(
        Table::Agreement,
        json!({"name": "Block Time - One time/Retainer Agreement for Big Design"}),
    );
}

fn members(psa: &mut Psa) {
    for (identifier, first, last, class) in [
        (API_MEMBER, "Casewire", "API", "A"),
        ("training.admin", "Training", "Admin", "F"),
        ("training.admin1", "Training", "Admin1", "F"),
        ("zadmin", "ConnectWise", "Admin", "F"),
        ("retired", "Rita", "Retired", "F"),
    ] {
        psa.plant(
            Table::Member,
            json!({
                "identifier": identifier,
                "firstName": first,
                "lastName": last,
                "licenseClass": class,
                "hireDate": "2019-01-02T00:00:00Z",
                "defaultEmail": "Office",
                "defaultPhone": "Office",
                "officeEmail": format!("{identifier}@acme.example"),
                "primaryEmail": format!("{identifier}@acme.example"),
                "securityRole": to(if class == "A" { 2 } else { 1 }),
                "timeZone": to(1),
                "inactiveFlag": identifier == "retired",
                "adminFlag": identifier == "zadmin",
            }),
        );
    }
}

fn tables(psa: &mut Psa) {
    for (place, name, color, level) in [
        (1, "Priority 1 - Emergency Response", "Red", "Critical"),
        (2, "Priority 2 - Quick Response", "Orange", "High"),
        (3, "Priority 3 - Normal Response", "Yellow", "Medium"),
        (4, "Priority 4 - Scheduled Maintenance", "White", "Low"),
    ] {
        psa.plant(
            Table::Priority,
            json!({
                "name": name,
                "color": color,
                "sortOrder": place,
                "level": level,
                "defaultFlag": place == 3,
                "urgencySortOrder": place.to_string(),
            }),
        );
    }
    for (name, default) in [
        ("Phone", true),
        ("Email Connector", false),
        ("Monitoring", false),
    ] {
        psa.plant(Table::Source, json!({"name": name, "defaultFlag": default}));
    }
    for table in [Table::Impact, Table::Severity] {
        for name in ["Low", "Medium", "High"] {
            let fields =
                json!({"name": name, "description": name, "defaultFlag": name == "Medium"});
            psa.plant(table, fields);
        }
    }
    let sla = psa.plant(
        Table::Sla,
        json!({
            "name": "Standard SLA",
            "basedOn": "MyCalendar",
            "defaultFlag": true,
            "applicationOrder": 1,
            "respondHours": 4.0,
            "resolutionHours": 24.0,
            "hiImpactHiUrgency": to(1),
            "hiImpactMedUrgency": to(2),
            "hiImpactLowUrgency": to(3),
            "medImpactHiUrgency": to(2),
            "medImpactMedUrgency": to(3),
            "medImpactLowUrgency": to(4),
            "lowImpactHiUrgency": to(3),
            "lowImpactMedUrgency": to(4),
            "lowImpactLowUrgency": to(4),
        }),
    );
    for (priority, hours) in [(1, 1.0), (2, 2.0), (3, 4.0), (4, 8.0)] {
        psa.plant(
            Table::SlaPriority,
            json!({"sla": to(sla), "priority": to(priority), "respondHours": hours}),
        );
    }
}

fn board(psa: &mut Psa, name: &str, inactive: bool, project: bool) -> i64 {
    psa.plant(
        Table::Board,
        json!({
            "name": name,
            "location": to(1),
            "department": to(1),
            "inactiveFlag": inactive,
            "projectFlag": project,
            "billTime": "Billable",
        }),
    )
}

fn status(psa: &mut Psa, board: i64, name: &str, order: i64, more: &Value) {
    let mut fields = json!({
        "name": name,
        "board": to(board),
        "sortOrder": order,
        "displayOnBoard": true,
        "inactive": false,
        "closedStatus": false,
        "timeEntryNotAllowed": false,
        "defaultFlag": false,
        "escalationStatus": "Responded",
        "customerPortalFlag": true,
        "customerPortalDescription": name,
    });
    if let (Value::Object(fields), Value::Object(more)) = (&mut fields, more) {
        fields.extend(more.clone());
    }
    psa.plant(Table::BoardStatus, fields);
}

fn classify(psa: &mut Psa, table: Table, board: i64, name: &str, inactive: bool) -> i64 {
    let mut fields = json!({"name": name, "board": to(board), "inactiveFlag": inactive});
    if let (Table::BoardType, Value::Object(fields)) = (table, &mut fields) {
        fields.insert("category".to_owned(), json!("Reactive"));
        fields.insert("defaultFlag".to_owned(), json!(false));
    }
    psa.plant(table, fields)
}

fn team(psa: &mut Psa, board: i64, name: &str, members: &[i64]) {
    psa.plant(
        Table::BoardTeam,
        json!({
            "name": name,
            "teamLeader": to(members.first().copied().unwrap_or(2)),
            "members": members,
            "defaultFlag": false,
            "notifyOnTicketDelete": false,
            "boardId": board,
            "locationId": 1,
            "businessUnitId": 1,
        }),
    );
}

/// The board of guide 000.
fn professional_services(psa: &mut Psa) {
    let board = board(psa, "Professional Services", false, false);
    let new = json!({"defaultFlag": true, "escalationStatus": "NotResponded"});
    status(psa, board, "New (not responded)", 0, &new);
    status(psa, board, "In Progress", 10, &json!({}));
    let waiting = json!({"escalationStatus": "NoEscalation"});
    status(psa, board, "Waiting Customer Response", 20, &waiting);
    let closed = json!({
        "closedStatus": true,
        "escalationStatus": "Resolved",
        "displayOnBoard": false,
        "timeEntryNotAllowed": true,
    });
    status(psa, board, "Closed", 90, &closed);
    status(
        psa,
        board,
        "Escalated (old)",
        95,
        &json!({"inactive": true}),
    );

    let security = classify(psa, Table::BoardType, board, "Security", false);
    let network = classify(psa, Table::BoardType, board, "Network", false);
    classify(psa, Table::BoardType, board, "Legacy", true);
    let audit = classify(psa, Table::BoardSubType, board, "Audit", false);
    let malware = classify(psa, Table::BoardSubType, board, "Malware", false);
    let reputation = classify(psa, Table::BoardSubType, board, "Reputation", false);
    let outage = classify(psa, Table::BoardSubType, board, "Outage", false);
    classify(psa, Table::BoardSubType, board, "Fax", true);
    let log = classify(psa, Table::BoardItem, board, "Log", false);
    let endpoint = classify(psa, Table::BoardItem, board, "Endpoint", false);
    classify(psa, Table::BoardItem, board, "Pager", true);
    for (kind, sub_type, item) in [
        (security, audit, None),
        (security, audit, Some(log)),
        (security, malware, None),
        (security, malware, Some(endpoint)),
        (security, reputation, None),
        (network, reputation, None),
        (network, outage, None),
    ] {
        associate_triple(psa, board, kind, sub_type, item);
    }
    note_types(psa, board);
    team(psa, board, "Service Team", &[2, 3]);
    team(psa, board, "Security Operations", &[3]);
}

/// A second board on which the same names have other ids.
fn network_operations(psa: &mut Psa) {
    let board = board(psa, "Network Operations", false, false);
    let new = json!({"defaultFlag": true, "escalationStatus": "NotResponded"});
    status(psa, board, "New (not responded)", 0, &new);
    status(psa, board, "In Progress", 10, &json!({}));
    // Completed looks closed and is not: its tickets stay open.
    status(
        psa,
        board,
        "Completed",
        80,
        &json!({"escalationStatus": "Resolved"}),
    );
    let closed = json!({"closedStatus": true, "escalationStatus": "Resolved"});
    status(psa, board, "Closed", 90, &closed);
    let security = classify(psa, Table::BoardType, board, "Security", false);
    let audit = classify(psa, Table::BoardSubType, board, "Audit", false);
    associate_triple(psa, board, security, audit, None);
    note_types(psa, board);
    team(psa, board, "Service Team", &[2]);
}

fn other_boards(psa: &mut Psa) {
    let old = board(psa, "Help Desk (retired)", true, false);
    status(psa, old, "New", 0, &json!({"defaultFlag": true}));
    status(psa, old, "Closed", 90, &json!({"closedStatus": true}));
    let project = board(psa, "Projects", false, true);
    status(psa, project, "New", 0, &json!({"defaultFlag": true}));
}

/// Writes the types of each subtype into `typeAssociationIds`.
fn note_types(psa: &mut Psa, board: i64) {
    let pairs: Vec<(i64, i64)> = psa
        .store
        .children(Table::Association, board)
        .filter_map(|(_, association)| {
            let kind = crate::store::referenced(association, "type")?;
            Some((crate::store::referenced(association, "subType")?, kind))
        })
        .collect();
    for (sub_type, kind) in pairs {
        if let Some(record) = psa.store.get_mut(Table::BoardSubType, sub_type) {
            let types = record.entry("typeAssociationIds").or_insert(json!([]));
            if let Value::Array(types) = types
                && !types.contains(&json!(kind))
            {
                types.push(json!(kind));
            }
        }
    }
}

fn custom_fields(psa: &mut Psa) {
    psa.plant(
        Table::UserDefinedField,
        json!({
            "podId": 1,
            "caption": "Case Number",
            "sequenceNumber": 1,
            "screenId": "ServiceTicket",
            "fieldTypeIdentifier": "Text",
            "entryTypeIdentifier": "EntryField",
            "numberDecimals": 0,
            "requiredFlag": false,
            "readOnlyFlag": false,
            "displayOnScreenFlag": true,
        }),
    );
    let option = |id: i64, value: &str| json!({"id": id, "optionValue": value, "defaultFlag": false, "inactiveFlag": false, "sortOrder": id});
    psa.plant(
        Table::UserDefinedField,
        json!({
            "podId": 1,
            "caption": "Detection Source",
            "sequenceNumber": 2,
            "screenId": "ServiceTicket",
            "fieldTypeIdentifier": "Text",
            "entryTypeIdentifier": "List",
            "numberDecimals": 0,
            "requiredFlag": false,
            "readOnlyFlag": false,
            "displayOnScreenFlag": true,
            "options": [option(1, "SIEM"), option(2, "EDR"), option(3, "Firewall")],
        }),
    );
}
