use crate::{Life, Seen, World, devices};
use casewire::{Case, CaseResult, Command, Config, Outcome, SyncReason};
use serde_json::{Value, json};
use std::collections::BTreeSet;

mod inbound;
mod polled;

use inbound::Acts;
use polled::Found;

/// A use case: what happened before, what is submitted while something goes wrong, and what must be seen at the end.
#[derive(Clone, Copy, Debug)]
pub struct Story {
    /// Name in reports.
    pub name: &'static str,
    /// Submitted before, in lives of their own in which nothing goes wrong.
    before: fn() -> Vec<Vec<Case>>,
    /// Submitted in one life, in which something goes wrong.
    under: fn() -> Vec<Case>,
    /// Whether no group is mapped before.
    unmapped_before: bool,
    /// What the host asks for.
    deed: Deed,
}

/// What a host asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    /// That the cases are shown by their tickets.
    Submit,
    /// That a group is mapped by hand, for which the cases are held.
    SetMapping,
    /// That groups and systems are mapped by rule, for which the cases are held.
    AutoMap,
    /// That the first ticket is read again after technicians did this, with the cases handed over in between.
    Sync(Acts),
    /// That the cases are shown, where those of one kind and system share a ticket.
    Repeat,
    /// That the cases are shown, where all but one share a ticket.
    Flood,
    /// That the cases are taken by their ids.
    Reference,
    /// That changed tickets are looked for.
    Poll(Found),
    /// That devices are sent.
    Devices,
}

/// Every workflow that writes.
pub const STORIES: &[Story] = &[
    Story {
        name: "open",
        before: Vec::new,
        under: || vec![case("10012").into()],
        unmapped_before: false,
        deed: Deed::Submit,
    },
    Story {
        name: "open with notes, documents and a configuration",
        before: Vec::new,
        under: || vec![full("10012").into()],
        unmapped_before: false,
        deed: Deed::Submit,
    },
    Story {
        name: "open two at once",
        before: Vec::new,
        under: || vec![case("10012").into(), case("10010").into()],
        unmapped_before: false,
        deed: Deed::Submit,
    },
    Story {
        name: "open and change at once",
        before: Vec::new,
        under: || {
            vec![
                case("10012").into(),
                case("10012").comment("c-2", "Final review is done").into(),
            ]
        },
        unmapped_before: false,
        deed: Deed::Submit,
    },
    Story {
        name: "comment and attach",
        before: || vec![vec![case("10012").into()]],
        under: || vec![full("10012").into()],
        unmapped_before: false,
        deed: Deed::Submit,
    },
    Story {
        name: "escalate",
        before: || vec![vec![case("10012").set("severity", "medium").into()]],
        under: || {
            vec![
                case("10012")
                    .set("status", "in_progress")
                    .set("title", "Windows: Audit log cleared again")
                    .into(),
            ]
        },
        unmapped_before: false,
        deed: Deed::Submit,
    },
    Story {
        name: "close",
        before: || vec![vec![case("10012").into()]],
        under: || {
            vec![
                case("10012")
                    .comment("c-2", "Final review is done")
                    .set("status", "closed")
                    .into(),
            ]
        },
        unmapped_before: false,
        deed: Deed::Submit,
    },
    Story {
        name: "clear",
        before: || vec![vec![case("10012").into()]],
        under: || {
            vec![
                case("10012")
                    .set("cleared_at", "2019-02-11T03:00:00Z")
                    .into(),
            ]
        },
        unmapped_before: false,
        deed: Deed::Submit,
    },
    Story {
        name: "reopen",
        before: || {
            vec![
                vec![case("10012").into()],
                vec![case("10012").set("status", "closed").into()],
            ]
        },
        under: || vec![case("10012").comment("c-3", "It came back").into()],
        unmapped_before: false,
        deed: Deed::Submit,
    },
    Story {
        name: "open and close at once",
        before: Vec::new,
        under: || {
            vec![
                case("10012").into(),
                case("10012").set("status", "closed").into(),
            ]
        },
        unmapped_before: false,
        deed: Deed::Submit,
    },
    Story {
        name: "held until mapped",
        before: || vec![vec![full("10012").into()]],
        under: || vec![full("10012").into()],
        unmapped_before: true,
        deed: Deed::Submit,
    },
    Story {
        name: "held case goes on when it is mapped by hand",
        before: || vec![vec![full("10012").into()]],
        under: || vec![full("10012").into()],
        unmapped_before: true,
        deed: Deed::SetMapping,
    },
    Story {
        name: "held cases go on when they are mapped by rule",
        before: || vec![vec![case("10012").into(), case("10010").into()]],
        under: || vec![case("10012").into(), case("10010").into()],
        unmapped_before: true,
        deed: Deed::AutoMap,
    },
    Story {
        name: "what technicians did comes in",
        before: || vec![vec![full("10012").into()]],
        under: Vec::new,
        unmapped_before: false,
        deed: Deed::Sync(Acts::Work),
    },
    Story {
        name: "a closing comes in",
        before: || vec![vec![case("10012").into()]],
        under: || vec![case("10012").set("status", "closed").into()],
        unmapped_before: false,
        deed: Deed::Sync(Acts::Close),
    },
    Story {
        name: "a merge is followed",
        before: || vec![vec![case("10012").into()], vec![case("10010").into()]],
        under: Vec::new,
        unmapped_before: false,
        deed: Deed::Sync(Acts::Merge),
    },
    Story {
        name: "a deletion comes in",
        before: || vec![vec![case("10012").into()]],
        under: Vec::new,
        unmapped_before: false,
        deed: Deed::Sync(Acts::Delete),
    },
    Story {
        name: "the same words from both sides",
        before: || vec![vec![case("10012").into()]],
        under: || vec![case("10012").comment("c-2", "Final review is done").into()],
        unmapped_before: false,
        deed: Deed::Sync(Acts::SameWords),
    },
    Story {
        name: "repeat joins and its batch is written",
        before: || vec![vec![case("10012").into()]],
        under: || vec![case("10010").into()],
        unmapped_before: false,
        deed: Deed::Repeat,
    },
    Story {
        name: "two of one key open one ticket",
        before: Vec::new,
        under: || vec![case("10012").into(), case("10010").into()],
        unmapped_before: false,
        deed: Deed::Repeat,
    },
    Story {
        name: "repeat reopens",
        before: || {
            vec![
                vec![case("10012").into()],
                vec![case("10012").set("status", "closed").into()],
            ]
        },
        under: || vec![case("10010").into()],
        unmapped_before: false,
        deed: Deed::Repeat,
    },
    Story {
        name: "flood is rolled up",
        before: || vec![vec![case("10012").into()]],
        under: || vec![case("10010").into(), case("10011").into()],
        unmapped_before: false,
        deed: Deed::Flood,
    },
    Story {
        name: "open by reference",
        before: Vec::new,
        under: || vec![full("10012").into()],
        unmapped_before: false,
        deed: Deed::Reference,
    },
    Story {
        name: "devices are sent",
        before: Vec::new,
        under: Vec::new,
        unmapped_before: false,
        deed: Deed::Devices,
    },
    polled::REQUEST,
    polled::UNKNOWN_CONTACT,
    polled::CHANGES,
];

impl Story {
    /// Brings the world to where the story begins.
    ///
    /// # Panics
    ///
    /// Where something goes wrong, which no one has asked for.
    pub fn begin(&self, world: &mut World) {
        for (token, content) in FILES {
            world
                .files
                .insert((*token).to_owned(), content.as_bytes().to_vec());
        }
        for case in (self.under)() {
            let content = serde_json::to_vec(&case).unwrap();
            world.files.insert(format!("case:{}", case.id), content);
        }
        let config = match self.deed {
            Deed::Submit => configuration(!self.unmapped_before),
            _ => self.config(),
        };
        for cases in (self.before)() {
            let life = world.live(&config, submit(cases), None).unwrap();
            assert!(
                life.finished.iter().all(|finished| finished.result.is_ok()),
                "{:#?}",
                life.finished
            );
        }
        if let Deed::Sync(acts) = self.deed {
            acts.perform(world);
        }
        if let Deed::Poll(found) = self.deed {
            found.begin(world);
        }
    }

    /// The configuration of the host in the story.
    ///
    /// # Panics
    ///
    /// Where the configuration is refused.
    #[must_use]
    pub fn config(&self) -> Config {
        if let Deed::Poll(found) = self.deed {
            return found.config();
        }
        if self.deed == Deed::Devices {
            return devices::config(|_| {});
        }
        let mut document = document(!matches!(self.deed, Deed::SetMapping | Deed::AutoMap));
        if matches!(self.deed, Deed::Sync(_)) {
            document["policies"] = json!({ "ticket_inbound": { "enabled": true } });
        }
        if self.deed == Deed::Repeat {
            document["repeats"] = json!({
                "join_key": ["case.kind", "case.system.id"], "batch": "0s", "correlation": {},
            });
        }
        if self.deed == Deed::Flood {
            document["flood"] =
                json!({ "limit": 1, "interval": "1d", "exempt": [], "batch": "0s" });
        }
        if self.deed == Deed::AutoMap {
            document["companies"]["auto_map"] = json!({ "email_domain": true });
            document["configurations"] = json!({ "auto_map": { "mac": true } });
        }
        Config::from_json(document.to_string().as_bytes()).unwrap()
    }

    /// What the host asks for in the story, in the world as it is where the story begins.
    ///
    /// # Panics
    ///
    /// Where a command is refused.
    #[must_use]
    pub fn commands(&self, world: &World) -> Vec<Command> {
        let asked = match self.deed {
            Deed::Submit | Deed::Repeat | Deed::Flood => return submit((self.under)()),
            Deed::Sync(_) => {
                let sync = Command::SyncTicket {
                    ticket: inbound::ticket_of(world, "10012"),
                    reason: SyncReason::Callback,
                };
                let cases = submit((self.under)());
                // What the cases leave is read once more.
                let last = (!cases.is_empty()).then(|| sync.clone());
                return [vec![sync], cases, last.into_iter().collect()].concat();
            }
            Deed::Reference => {
                let cases = (self.under)().into_iter();
                return cases
                    .map(|case| Command::SubmitReference { case_id: case.id })
                    .collect();
            }
            Deed::Poll(_) => return vec![Command::Poll],
            Deed::Devices => {
                return vec![Command::SendDevices {
                    devices: devices::discovered(),
                }];
            }
            Deed::SetMapping => json!({ "command": "set_mapping", "mappings": [
                { "kind": "group", "id": "48Tech", "company": { "identifier": "BigDesign" } },
            ] }),
            Deed::AutoMap => json!({ "command": "auto_map", "inventory": { "groups": [{
                "group": { "id": "48Tech", "email": "it@bigdesign.com" },
                "systems": [{ "id": "48Tech-DC1", "macs": ["00-15-5D-01-4F-A1"] }],
            }] } }),
        };
        vec![Command::from_json(asked.to_string().as_bytes()).unwrap()]
    }

    /// Whether the host has an answer to all that it asked for, and needs to ask for nothing again.
    #[must_use]
    pub fn is_told(&self, life: &Life) -> bool {
        let succeeded = life
            .finished
            .iter()
            .filter_map(|finished| finished.result.as_ref().ok());
        let cases = (self.under)().len();
        match self.deed {
            Deed::Poll(_) => Found::is_told(life),
            Deed::Devices => devices::is_told(life),
            Deed::Submit => {
                let outcomes = succeeded.filter(|outcome| matches!(outcome, Outcome::Case(_)));
                outcomes.count() >= cases
            }
            // Each reading too, and the resume.
            Deed::Sync(_) => succeeded.count() > 1 + cases + usize::from(cases > 0),
            Deed::SetMapping | Deed::AutoMap => {
                let opened = succeeded.filter(|outcome| {
                    matches!(outcome, Outcome::Case(case) if case.outcome == CaseResult::Opened)
                });
                opened.count() >= cases
            }
            // Whether the note of a batch was written, or the content was asked for, is no answer of theirs.
            Deed::Repeat | Deed::Flood | Deed::Reference => false,
        }
    }

    /// What the schedule fires in the end, where something may have been put off.
    #[must_use]
    pub fn afterwards(&self) -> Vec<Command> {
        match self.deed {
            Deed::Submit
            | Deed::Sync(_)
            | Deed::SetMapping
            | Deed::AutoMap
            | Deed::Poll(_)
            | Deed::Devices => Vec::new(),
            Deed::Repeat | Deed::Flood | Deed::Reference => vec![Command::WorkQueue],
        }
    }

    /// A world in which the story has been told, with every request and its answer.
    ///
    /// # Panics
    ///
    /// Where something goes wrong, which no one has asked for.
    #[must_use]
    pub fn told(&self) -> World {
        let mut world = World::new(1);
        world.exchanges = Some(Vec::new());
        self.begin(&mut world);
        let commands = self.commands(&world);
        let life = world.live(&self.config(), commands, None).unwrap();
        assert!(
            life.finished.iter().all(|finished| finished.result.is_ok()),
            "{:#?}",
            life.finished
        );
        world
    }

    /// What is wrong with what is seen at the end.
    #[must_use]
    pub fn judge(&self, seen: &Seen, world: &World) -> Vec<String> {
        if matches!(self.deed, Deed::Repeat | Deed::Flood) {
            return self.judge_shared(seen, world);
        }
        if let Deed::Poll(found) = self.deed {
            return found.judge(seen, world);
        }
        if self.deed == Deed::Devices {
            return devices::judge(world);
        }
        let mut wrong = Vec::new();
        let mut expected = std::collections::BTreeMap::new();
        for case in (self.under)() {
            expected.insert(case.id.clone(), case);
        }
        if let Deed::Sync(acts) = self.deed {
            wrong.extend(acts.judge(world));
            for case in (self.before)().into_iter().flatten() {
                expected.entry(case.id.clone()).or_insert(case);
            }
            judge_own_notes(acts, &expected, seen, &mut wrong);
        } else {
            for case in expected.values() {
                judge_case(case, seen, &mut wrong);
            }
        }
        let gone = matches!(self.deed, Deed::Sync(acts) if !acts.leaves_the_ticket());
        if !gone && seen.tickets.len() != expected.len() {
            wrong.push(format!(
                "{} references for {} cases",
                seen.tickets.len(),
                expected.len()
            ));
        }
        for record in world.store.records() {
            if WAITING.iter().any(|kind| record.key.contains(kind)) {
                wrong.push(format!(
                    "{} is still in the store: {}",
                    record.key, record.value
                ));
            }
        }
        let links = world
            .store
            .records()
            .filter(|record| record.key.contains("/link/"))
            .count();
        if links != expected.len() {
            wrong.push(format!("{links} links for {} cases", expected.len()));
        }
        wrong
    }

    /// What is wrong where cases share a ticket: its note has to count each of them once.
    fn judge_shared(&self, seen: &Seen, world: &World) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut ids: BTreeSet<String> =
            (self.before)().concat().into_iter().map(|c| c.id).collect();
        ids.extend((self.under)().into_iter().map(|case| case.id));
        let (own, sharing) = match self.deed {
            Deed::Flood => (1, ids.len() - 1),
            _ => (0, ids.len() - 1),
        };
        let tickets: Vec<_> = seen.tickets.values().flatten().collect();
        if tickets.len() != 1 + own {
            wrong.push(format!(
                "{} tickets instead of {}: {tickets:?}",
                tickets.len(),
                1 + own
            ));
        }
        if tickets.iter().any(|ticket| ticket.closed) {
            wrong.push(format!("a ticket is closed: {tickets:?}"));
        }
        let counts: Vec<u64> = tickets
            .iter()
            .flat_map(|ticket| &ticket.notes)
            .filter_map(|(_, text)| text.split_once(": updates ")?.1.split_once(" ("))
            .filter_map(|(range, _)| {
                let (from, to) = range.split_once(" to ")?;
                Some(to.parse::<u64>().ok()? + 1 - from.parse::<u64>().ok()?)
            })
            .collect();
        if counts.iter().sum::<u64>() != sharing as u64 {
            wrong.push(format!(
                "the notes count {counts:?} of {sharing} cases: {tickets:?}"
            ));
        }
        let (mut linked, mut shares) = (0, 0);
        for record in world.store.records() {
            let (key, value) = (&record.key, &record.value);
            if key.contains("/link/") {
                linked += 1;
                shares += usize::from(value.contains("\"joined\":{"));
            }
            let waits = WAITING.iter().any(|kind| key.contains(kind));
            if waits || (key.contains("/gather/") && value.contains("\"intent\"")) {
                wrong.push(format!("{key} is still in the store: {value}"));
            }
            if key.contains("/join/") && value.contains("\"claim\"") {
                wrong.push(format!("{key} is still claimed: {value}"));
            }
        }
        if (linked, shares) != (ids.len() + own, sharing) {
            wrong.push(format!("{linked} links, {shares} of which share a ticket"));
        }
        wrong
    }
}

/// Whether each comment of a case is a note once, and nothing that came in was sent back.
fn judge_own_notes(
    acts: Acts,
    cases: &std::collections::BTreeMap<String, Case>,
    seen: &Seen,
    wrong: &mut Vec<String>,
) {
    if !acts.leaves_the_ticket() {
        return;
    }
    let notes: Vec<&str> = seen
        .tickets
        .values()
        .flatten()
        .flat_map(|ticket| &ticket.notes)
        .map(|(_, text)| text.as_str())
        .collect();
    let comments = cases.values().flat_map(|case| &case.comments);
    let mut texts = std::collections::BTreeMap::<String, usize>::new();
    for comment in comments {
        *texts
            .entry(format!("Comments: {}", comment.text))
            .or_default() += 1;
    }
    let theirs = [
        "Looking into it",
        "Please wait",
        "Cleared",
        "One ticket for both",
    ];
    for text in theirs {
        if notes.iter().any(|note| note.contains(text)) {
            texts.insert(text.to_owned(), 1);
        }
    }
    if acts == Acts::SameWords {
        *texts
            .entry("Comments: Final review is done".to_owned())
            .or_default() += 1;
    }
    for (text, count) in texts {
        let found = notes.iter().filter(|note| note.contains(&text)).count();
        if found != count {
            wrong.push(format!(
                "'{text}' stands in {found} notes instead of {count}"
            ));
        }
    }
}
/// Records that are gone once nothing waits.
const WAITING: [&str; 4] = ["/outbox/", "/held/", "/delivery/", "/reference/"];

fn judge_case(case: &Case, seen: &Seen, wrong: &mut Vec<String>) {
    let id = &case.id;
    let tickets = seen
        .tickets
        .get(&format!("acme-soc:{id}"))
        .map(Vec::as_slice)
        .unwrap_or_default();
    let [ticket] = tickets else {
        wrong.push(format!(
            "case {id} has {} tickets: {tickets:?}",
            tickets.len()
        ));
        return;
    };
    let mut notes: Vec<(String, String)> = case
        .comments
        .iter()
        .map(|comment| ("internal".to_owned(), format!("Comments: {}", comment.text)))
        .collect();
    notes.sort();
    let internal: Vec<_> = ticket
        .notes
        .iter()
        .filter(|(kind, _)| kind == "internal")
        .cloned()
        .collect();
    if internal != notes {
        wrong.push(format!(
            "case {id} has the internal notes {internal:?} instead of {notes:?}"
        ));
    }
    let discussion = ticket
        .notes
        .iter()
        .filter(|(kind, _)| kind == "discussion")
        .count();
    if discussion != 1 {
        wrong.push(format!("case {id} has {discussion} descriptions"));
    }
    let mut documents: Vec<_> = case
        .attachments
        .iter()
        .filter_map(|attachment| attachment.title.clone())
        .collect();
    documents.sort();
    if ticket.documents != documents {
        wrong.push(format!(
            "case {id} has the documents {:?} instead of {documents:?}",
            ticket.documents
        ));
    }
    if ticket.configurations.len() != 1 {
        wrong.push(format!(
            "case {id} has the configurations {:?}",
            ticket.configurations
        ));
    }
    let status = match (case.status.as_str(), case.cleared_at) {
        ("closed", _) | (_, Some(_)) => "Closed",
        ("in_progress", _) => "In Progress",
        _ => "New (not responded)",
    };
    if ticket.status != status || ticket.closed != (status == "Closed") {
        wrong.push(format!(
            "case {id} has the status {} (closed: {})",
            ticket.status, ticket.closed
        ));
    }
    if ticket.priority != "Priority 1 - Emergency Response" {
        wrong.push(format!("case {id} has the priority {}", ticket.priority));
    }
    let summary = format!("EventTracker Case #{id} - {}", case.title);
    if ticket.summary != summary {
        wrong.push(format!("case {id} has the summary {}", ticket.summary));
    }
}

/// Commands that submit these cases.
#[must_use]
pub fn submit(cases: Vec<Case>) -> Vec<Command> {
    cases
        .into_iter()
        .map(|case| Command::SubmitCase {
            case: Box::new(case),
        })
        .collect()
}

const FILES: &[(&str, &str)] = &[
    ("files/1", "Reference document\n"),
    ("files/2", "{\"event\":1102}"),
];

struct Draft(Value);

impl Draft {
    fn set(mut self, key: &str, value: &str) -> Self {
        self.0[key] = json!(value);
        self
    }

    fn comment(mut self, id: &str, text: &str) -> Self {
        if let Some(comments) = self.0["comments"].as_array_mut() {
            comments.push(json!({ "id": id, "text": text, "created_at": "2019-02-11T01:17:03Z" }));
        }
        self
    }

    fn attach(mut self, id: &str, title: &str, file: usize) -> Self {
        let (token, content) = FILES[file];
        if let Some(attachments) = self.0["attachments"].as_array_mut() {
            attachments.push(json!({
                "id": id, "title": title, "file_name": format!("{id}.txt"), "size": content.len(), "token": token,
            }));
        }
        self
    }
}

impl From<Draft> for Case {
    fn from(draft: Draft) -> Self {
        Self::from_json(draft.0.to_string().as_bytes()).unwrap()
    }
}

/// Case 10012 of guide 000, or one like it, as a JSON document.
#[must_use]
pub fn case_document(id: &str) -> Value {
    json!({
        "id": id, "number": id, "title": "Windows: Audit log cleared",
        "description": "2/4/2019 10:10:29 PM: The audit log was cleared.\nSubject: Security ID: 48Tech\\John",
        "severity": "critical", "category": "windows", "kind": "audit", "status": "open",
        "group": { "id": "48Tech", "name": "48Tech", "email": "it@bigdesign.com" },
        "system": { "id": "48Tech-DC1", "name": "48Tech-DC1", "os": "windows", "macs": ["00-15-5D-01-4F-A1"] },
        "created_at": "2019-02-11T01:07:14Z", "updated_at": "2019-02-11T01:09:53Z", "incident": "201902074149",
        "artifacts": [{ "type": "account", "value": "48Tech\\John" }],
        "comments": [{ "id": "c-1", "text": "reviewing", "author": "EventTrackerAdmin", "created_at": "2019-02-11T01:09:54Z" }],
        "attachments": [],
    })
}

fn case(id: &str) -> Draft {
    Draft(case_document(id))
}

/// A case with everything that a ticket takes, two comments of which say the same.
fn full(id: &str) -> Draft {
    case(id)
        .comment("c-2", "Final review is done")
        .comment("c-3", "reviewing")
        .comment("c-4", "Final review is done")
        .attach("a-1", "Reference document", 0)
        .attach("a-2", "Event 1102", 1)
}

/// The configuration of guide 000; without a mapped group where `mapped` is false.
///
/// # Panics
///
/// Where the configuration is refused.
#[must_use]
pub fn configuration(mapped: bool) -> Config {
    Config::from_json(document(mapped).to_string().as_bytes()).unwrap()
}

/// The configuration of guide 000 as a JSON document.
#[must_use]
pub fn document(mapped: bool) -> Value {
    let map = if mapped {
        json!([{ "group": "48Tech", "company": { "identifier": "BigDesign" } }])
    } else {
        json!([])
    };
    json!({
        "version": 1, "instance": "acme-soc",
        "connection": {
            "site": crate::world::SITE, "company_id": "acme", "client_id": "6f1f6f0e-3c1d-4a52-9a54-0b9f5f4f9e11",
        },
        "companies": { "map": map },
        "configurations": { "map": [
            { "system": "48Tech-DC1", "configuration": { "name": "BigDesign-WRK1" } },
        ] },
        "routes": [{
            "name": "everything", "board": "Professional Services", "type": "Security", "subtype": "Audit",
            "status": { "created": "New (not responded)", "cleared": "Closed" },
        }],
        "status_map": { "Professional Services": {
            "to_case": {
                "New (not responded)": "open", "In Progress": "in_progress",
                "Waiting Customer Response": "in_progress", "Closed": "closed",
            },
            "to_ticket": { "open": "New (not responded)", "in_progress": "In Progress", "closed": "Closed" },
        } },
        "priority_map": {
            "critical": "Priority 1 - Emergency Response", "medium": "Priority 3 - Normal Response",
        },
        "ticket": {
            "summary": "EventTracker Case #{{ case.number }} - {{ case.title }}",
            "initial_description": "{{ case.description }}{% for a in case.artifacts %}\n{{ a.type }}: {{ a.value }}{% endfor %}",
            "impact": "Medium",
        },
        "limits": { "requests_per_minute": 60000 },
    })
}
