use super::*;
use crate::decide::tests::{catalog, settings};
use serde_json::{Value, json};

fn changed(configure: impl Fn(&mut Value), change: impl Fn(&mut Catalog)) -> DriftReport {
    let before = catalog();
    let mut now = catalog();
    change(&mut now);
    drift(&before, &now, &settings(configure))
}

/// Each change in words, with the places that it breaks.
fn told(report: &DriftReport) -> Vec<(String, Vec<&str>)> {
    report
        .changes
        .iter()
        .map(|change| {
            assert!(change.breaks.iter().all(|repair| !repair.fix.is_empty()));
            let places = change.breaks.iter().map(|repair| repair.pointer.as_str());
            let kind = match &change.change {
                DriftKind::Renamed { from } => format!("renamed from {from}"),
                other => format!("{other:?}").to_lowercase(),
            };
            let told = format!("{} {} {kind}", change.subject.said(), change.name);
            (told, places.collect())
        })
        .collect()
}

fn told_of(change: impl Fn(&mut Catalog)) -> Vec<(String, Vec<String>)> {
    let report = changed(|_| {}, change);
    let told = told(&report);
    told.into_iter()
        .map(|(what, places)| (what, places.into_iter().map(str::to_owned).collect()))
        .collect()
}

fn expected(what: &str, places: &[&str]) -> Vec<(String, Vec<String>)> {
    let places = places.iter().map(|place| (*place).to_owned()).collect();
    vec![(what.to_owned(), places)]
}

#[test]
fn two_readings_of_one_instance_differ_in_nothing() {
    assert_eq!(
        told_of(|catalog| catalog.read_at = crate::Timestamp::from_millis(9)),
        []
    );
}

#[test]
fn each_change_is_named_with_the_places_that_it_breaks() {
    let types = "type Security";
    let uses = &["/routes/0/type", "/routes/2/type"];
    assert_eq!(
        told_of(|catalog| catalog.boards[0].types[0].inactive = true),
        expected(&format!("{types} deactivated"), uses)
    );
    assert_eq!(
        told_of(|catalog| drop(catalog.boards[0].types.remove(0)))[0],
        expected(&format!("{types} deleted"), uses)[0]
    );
    assert_eq!(
        told_of(|catalog| catalog.boards[0].types[0].name = "Cyber".to_owned()),
        expected("type Cyber renamed from Security", uses)
    );
    assert_eq!(
        told_of(|catalog| catalog.boards[0].types[1].inactive = false),
        expected("type Retired activated", &[])
    );
    let waiting = "/status_map/Professional Services/to_case/Waiting Customer Response";
    assert_eq!(
        told_of(|catalog| drop(catalog.boards[0].statuses.remove(2))),
        expected("status Waiting Customer Response deleted", &[waiting])
    );
    // One that tickets may still be in stays in to_case.
    assert_eq!(
        told_of(|catalog| catalog.boards[0].statuses[2].inactive = true),
        expected("status Waiting Customer Response deactivated", &[])
    );
    let added = |catalog: &mut Catalog| {
        let mut status = catalog.boards[0].statuses[1].clone();
        (status.id, status.name) = (99, "Triage".to_owned());
        catalog.boards[0].statuses.push(status);
    };
    assert_eq!(
        told_of(added),
        expected(
            "status Triage added",
            &["/status_map/Professional Services/to_case"]
        )
    );
    let closed = "/status_map/Professional Services/to_case/Closed";
    assert_eq!(
        told_of(|catalog| catalog.boards[0].statuses[3].closed = false),
        expected("status Closed opens", &[closed])
    );
    assert_eq!(
        told_of(|catalog| drop(catalog.priorities.remove(3))),
        expected(
            "priority Priority 4 - Scheduled Maintenance deleted",
            &["/priority_map/low"]
        )
    );
    assert_eq!(
        told_of(|catalog| catalog.custom_fields[0].caption = "Case".to_owned()),
        expected(
            "custom field Case renamed from Case Number",
            &["/ticket/fields/2/custom_field"]
        )
    );
    assert_eq!(
        told_of(|catalog| catalog.boards[0].inactive = true),
        expected(
            "board Professional Services deactivated",
            &[
                "/routes/0/board",
                "/routes/2/board",
                "/status_map/Professional Services"
            ]
        )
    );
}

fn without_the_item(catalog: &mut Catalog) {
    catalog.boards[0]
        .associations
        .retain(|triple| triple.item.is_none());
}

#[test]
fn a_lost_association_breaks_the_routes_that_need_it() {
    let report = changed(|d| d["routes"][0]["item"] = json!("Log"), without_the_item);
    assert_eq!(
        told(&report),
        [(
            "association Security / Audit / Log deleted".to_owned(),
            vec!["/routes/0/item"]
        )]
    );
    let report = changed(|_| {}, without_the_item);
    assert!(!report.is_broken(), "{report:?}");
}

#[test]
fn boards_of_which_only_one_reading_has_the_children_are_not_compared() {
    let report = changed(
        |_| {},
        |catalog| {
            let board = &mut catalog.boards[0];
            (board.statuses, board.types) = (Vec::new(), Vec::new());
        },
    );
    assert_eq!(told(&report), []);
}
