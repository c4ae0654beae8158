//! The stories of what a poll finds: tickets that ask for a case, and tickets that changed.

use super::{Story, case, inbound::ticket_of};
use crate::{Life, Seen, World, arctic_wolf, story::Deed};
use casewire::{Config, Event, Outcome};
use serde_json::json;
use std::time::Duration;

/// What a poll finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A ticket that asks for a case.
    Request,
    /// One whose contact is not known.
    UnknownContact,
    /// Two tickets that changed.
    Changes,
}

pub(super) const REQUEST: Story = Story {
    name: "a ticket asks for a case",
    before: Vec::new,
    under: Vec::new,
    unmapped_before: false,
    deed: Deed::Poll(Found::Request),
};

pub(super) const UNKNOWN_CONTACT: Story = Story {
    name: "a ticket of an unknown contact asks for a case",
    before: Vec::new,
    under: Vec::new,
    unmapped_before: false,
    deed: Deed::Poll(Found::UnknownContact),
};

pub(super) const CHANGES: Story = Story {
    name: "a poll finds two changed tickets",
    before: || vec![vec![case("10012").into()], vec![case("10010").into()]],
    under: Vec::new,
    unmapped_before: false,
    deed: Deed::Poll(Found::Changes),
};

impl Found {
    /// What a technician did before.
    pub(super) fn begin(self, world: &mut World) {
        let pass = |world: &mut World| {
            world.pass_until(world.now.after(Duration::from_secs(60)));
            world.psa.advance(world.now.millis());
        };
        match self {
            Self::Request => {
                arctic_wolf::make_status(world);
                arctic_wolf::make_ticket(world, &json!({}));
            }
            Self::UnknownContact => {
                arctic_wolf::make_status(world);
                let contact = json!({ "contactEmailAddress": "nobody@elsewhere.example" });
                arctic_wolf::make_ticket(world, &contact);
            }
            Self::Changes => {
                pass(world);
                let [first, second] =
                    ["10012", "10010"].map(|case| ticket_of(world, case).0.into());
                let mut technician = world.psa.technician("training.admin");
                technician.set_status(first, "In Progress").unwrap();
                technician.set_status(second, "In Progress").unwrap();
            }
        }
        pass(world);
    }

    pub(super) fn config(self) -> Config {
        arctic_wolf::configuration(|document| {
            if self == Self::Changes {
                document["inbound"] = json!({});
                let map = &mut document["status_map"]["Professional Services"]["to_case"];
                map.as_object_mut().unwrap().remove(arctic_wolf::TRIGGER);
            }
        })
    }

    /// Whether a poll did all that it had to.
    pub(super) fn is_told(life: &Life) -> bool {
        life.finished.iter().any(|finished| {
            matches!(&finished.result, Ok(Outcome::Polled(report)) if report.failed == 0)
        })
    }

    pub(super) fn judge(self, seen: &Seen, world: &World) -> Vec<String> {
        let mut wrong = Vec::new();
        let count = |kind: &str| {
            let records = world.store.records();
            records.filter(|record| record.key.contains(kind)).count()
        };
        let mut expect = |what: &str, seen: usize, wanted: usize| {
            if seen != wanted {
                wrong.push(format!("{seen} {what} instead of {wanted}"));
            }
        };
        expect("cases in the outbox", count("/outbox/"), 0);
        expect("deliveries that wait", count("/delivery/"), 0);
        expect("tickets that wait", count("/pending/"), 0);
        let asked = world
            .delivered
            .values()
            .filter(|it| matches!(it.event, Event::CaseRequested { .. }))
            .count();
        let made = world.psa.ids("tickets").and_then(|ids| ids.last().copied());
        let made = made.unwrap_or_default();
        let notes = format!("service/tickets/{made}/notes");
        let notes = world.clone().get(&notes).len();
        let reference = format!("acme-soc:ticket-{made}");
        let marked = seen.tickets.get(&reference).map_or(0, Vec::len);
        match self {
            Self::Request => {
                expect("requests for a case", asked, 1);
                expect("links", count("/link/"), 1);
                expect("tickets with its reference", marked, 1);
                expect("unfinished requests", count("/request/"), 0);
                expect("notes", notes, 0);
            }
            Self::UnknownContact => {
                expect("requests for a case", asked, 0);
                expect("links", count("/link/"), 0);
                expect("refusals on record", count("/request/"), 1);
                expect("notes that say why", notes, 1);
            }
            Self::Changes => {
                expect("links", count("/link/"), 2);
                expect("tickets that were seen", count("/seen/"), 2);
            }
        }
        let under_way = world.store.records().any(|record| {
            (record.key.contains("/request/") && record.value.contains("\"intent\""))
                || (record.key.ends_with("/poll") && record.value.contains("\"progress\""))
        });
        if under_way {
            wrong.push("something is still under way".to_owned());
        }
        wrong
    }
}
