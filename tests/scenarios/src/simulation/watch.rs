//! What must hold at every step of a connector, whatever goes wrong: nothing secret leaves, nothing leaves faster than it
//! may or without an intent in the store, and nothing that was accepted is forgotten.

use super::desk::Desk;
use crate::world::CALLBACK_SECRET;
use base64::{Engine, engine::general_purpose::STANDARD};
use casewire::{
    Delivery, EffectId, Event, Finished, MemoryStore, Store, Timestamp,
    effect::{
        Answer, Batch, BodyPart, Effect, HttpRequest, Method, Request, StoreAnswer, StoreRequest,
    },
};
use casewire_simulator::{COMPANY_ID, PRIVATE_KEY, PUBLIC_KEY, Settings};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

const MINUTE: i64 = 60_000;
const INSTANCE: &str = "acme-soc";

/// What was seen of the connectors so far.
#[derive(Debug)]
pub(super) struct Watch {
    secrets: Vec<String>,
    concurrency: usize,
    requests_per_minute: usize,
    paces: BTreeMap<usize, Pace>,
    /// The ticket of each case, by the key of its link.
    links: BTreeMap<String, i64>,
    /// What each case heard, by the names of comments and documents.
    heard: BTreeSet<(String, String)>,
}

/// How a connector keeps to its budget, by its own clock.
#[derive(Debug, Default)]
struct Pace {
    now: i64,
    left: VecDeque<i64>,
    under_way: BTreeSet<EffectId>,
    paused_until: i64,
    /// Seconds for which the instance wants no requests, as answers say that are on their way.
    throttled: BTreeMap<EffectId, i64>,
}

impl Watch {
    pub(super) fn new(limits: &casewire::Limits) -> Self {
        let keys = format!("{COMPANY_ID}+{PUBLIC_KEY}:{PRIVATE_KEY}");
        Self {
            secrets: vec![
                PRIVATE_KEY.to_owned(),
                STANDARD.encode(keys),
                CALLBACK_SECRET.to_owned(),
                Settings::default().signing_key,
            ],
            concurrency: limits.concurrency as usize,
            requests_per_minute: limits.requests_per_minute as usize,
            paces: BTreeMap::new(),
            links: BTreeMap::new(),
            heard: BTreeSet::new(),
        }
    }

    /// A connector begins; what an earlier one of its place sent is over.
    pub(super) fn begins(&mut self, place: usize) {
        self.paces.insert(place, Pace::default());
    }

    /// A connector handed out an effect.
    pub(super) fn asks(
        &mut self,
        place: usize,
        effect: &Effect,
        now: Timestamp,
    ) -> Result<(), String> {
        let pace = self.paces.entry(place).or_default();
        pace.now = pace.now.max(now.millis());
        match &effect.request {
            Request::Http(request) => {
                pace.leaves(effect.id, self.concurrency, self.requests_per_minute)
                    .map_err(|why| format!("{} {}: {why}", request.method.as_str(), request.url))?;
                self.request_is_clean(request)
            }
            Request::Store(StoreRequest::Commit(batch)) => {
                for (key, value) in &batch.put {
                    self.is_clean(key, value.as_bytes())?;
                }
                Ok(())
            }
            Request::Deliver(delivery) => {
                self.is_clean("a delivery", format!("{delivery:?}").as_bytes())
            }
            Request::Cancel { target } => {
                pace.is_over(*target);
                Ok(())
            }
            Request::Store(_) | Request::Timer { .. } | Request::Fetch { .. } => Ok(()),
        }
    }

    /// The instance answered; the connector hears of it later.
    pub(super) fn answered(&mut self, place: usize, effect: EffectId, answer: &Answer) {
        if let Answer::Http(response) = answer
            && response.status == 429
            && let Some(seconds) = response.header("retry-after")
        {
            let pace = self.paces.entry(place).or_default();
            let seconds = seconds.parse().unwrap_or_default();
            pace.throttled.insert(effect, seconds);
        }
    }

    /// A connector is given an answer.
    pub(super) fn hears(&mut self, place: usize, effect: EffectId, now: Timestamp) {
        let pace = self.paces.entry(place).or_default();
        pace.now = pace.now.max(now.millis());
        if let Some(seconds) = pace.throttled.remove(&effect) {
            pace.paused_until = pace.paused_until.max(pace.now + seconds * 1000);
        }
        pace.is_over(effect);
    }

    pub(super) fn finished(&self, finished: &Finished) -> Result<(), String> {
        self.is_clean("an outcome", format!("{finished:?}").as_bytes())
    }

    fn request_is_clean(&self, request: &HttpRequest) -> Result<(), String> {
        self.is_clean("an address", request.url.as_bytes())?;
        for header in &request.headers {
            if !header.name.eq_ignore_ascii_case("authorization") {
                self.is_clean(header.name, header.value.as_bytes())?;
            }
        }
        // A registration names the address at which callbacks are received.
        if request.url.contains("/system/callbacks") {
            return Ok(());
        }
        for part in &request.body {
            if let BodyPart::Bytes(bytes) = part {
                self.is_clean("a body", bytes)?;
            }
        }
        Ok(())
    }

    fn is_clean(&self, what: &str, bytes: &[u8]) -> Result<(), String> {
        let text = String::from_utf8_lossy(bytes);
        match self.secrets.iter().find(|secret| text.contains(&***secret)) {
            Some(_) => Err(format!("a secret is in {what}")),
            None => Ok(()),
        }
    }

    /// Nothing leaves for a ticket that was not committed to the store for that case and that ticket before.
    pub(super) fn is_intended(
        &self,
        store: &mut MemoryStore,
        request: &HttpRequest,
    ) -> Result<Intended, String> {
        let path = request.url.split_once("/apis/3.0").map_or("", |it| it.1);
        let path = path.split('?').next().unwrap_or_default();
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        let (action, ticket) = match (request.method, parts.as_slice()) {
            (Method::Post, ["service", "tickets"]) => ("create_ticket", None),
            (Method::Post, ["service", "tickets", id, "notes"]) => ("add_note", id.parse().ok()),
            (Method::Post, ["service", "tickets", id, "configurations"]) => {
                ("link_configuration", id.parse().ok())
            }
            (Method::Patch, ["service", "tickets", id]) => ("change_ticket", id.parse().ok()),
            (Method::Post, ["system", "documents"]) => ("add_document", None),
            _ => return Ok(Intended::Elsewhere),
        };
        let body = match request.body.first() {
            Some(BodyPart::Bytes(bytes)) => serde_json::from_slice(bytes).unwrap_or(Value::Null),
            _ => Value::Null,
        };
        for (case, entry) in entries(store) {
            let intent = &entry["intent"]["action"];
            let fits = match action {
                "create_ticket" => intent["reference"] == body["externalXRef"],
                "add_note" => intent["note"]["text"] == body["text"],
                _ => true,
            };
            let link = self.links.get(&format!("{INSTANCE}/link/{case}"));
            let of_ticket = ticket.is_none() || link == ticket.as_ref();
            if intent["action"] == action && fits && of_ticket {
                return Ok(Intended::Yes);
            }
        }
        // A ticket that is given to a case, or refused as one, has a record of its own.
        let asked = ticket.and_then(|ticket| request_for(store, ticket));
        let of_request = asked.is_some_and(|record| {
            let intent = &record["intent"];
            match action {
                "change_ticket" => intent["action"] == "mark_ticket",
                _ => intent["action"] == "explain_refusal" && intent["text"] == body["text"],
            }
        });
        if of_request {
            return Ok(Intended::Yes);
        }
        Err(format!(
            "{} {path} left without an intent",
            request.method.as_str()
        ))
    }

    /// The store committed a batch: no accepted case is forgotten, and none changes its ticket for no reason.
    pub(super) fn committed(
        &mut self,
        store: &mut MemoryStore,
        batch: &Batch,
        desk: &Desk,
    ) -> Result<(), String> {
        for (key, value) in &batch.put {
            let Some(case) = key.strip_prefix("acme-soc/link/") else {
                continue;
            };
            let link: Value = serde_json::from_str(value).unwrap_or_default();
            let ticket = link["ticket"].as_i64().unwrap_or_default();
            let before = self.links.insert(key.clone(), ticket);
            if let Some(before) = before
                && before != ticket
                && !desk.merged.contains_key(&before)
                && !desk.gone.contains(&before)
            {
                return Err(format!(
                    "case {case} had ticket {before}, and has {ticket} for no reason"
                ));
            }
        }
        for key in &batch.delete {
            if key.starts_with("acme-soc/link/") {
                self.links.remove(key);
            }
            let Some(case) = key.strip_prefix("acme-soc/outbox/") else {
                continue;
            };
            let known = ["link", "held"].map(|kind| format!("{INSTANCE}/{kind}/{case}"));
            let keys = known.to_vec();
            let found = store.perform(&StoreRequest::Get { keys });
            if let Ok(StoreAnswer::Records(records)) = found
                && records.iter().all(Option::is_none)
            {
                return Err(format!("case {case} was accepted, and is forgotten"));
            }
        }
        Ok(())
    }

    /// A case is told what a technician said, and each thing once.
    pub(super) fn told(&mut self, delivery: &Delivery, desk: &Desk) -> Result<(), String> {
        let (name, text) = match &delivery.event {
            Event::CommentAdded { comment } => (&comment.id, &comment.text),
            Event::AttachmentAdded { attachment } => (&attachment.id, &attachment.title),
            _ => return Ok(()),
        };
        let case = delivery.case_id().unwrap_or_default();
        if !desk
            .said
            .iter()
            .any(|said| said.name() == *name && said.text == *text)
        {
            return Err(format!(
                "case {case} heard '{text}' as {name}, which no technician said"
            ));
        }
        if !self.heard.insert((case.to_owned(), name.clone())) {
            return Err(format!("case {case} heard {name} twice"));
        }
        Ok(())
    }
}

/// Whether a write stands in the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Intended {
    Yes,
    /// It is no write to a case's ticket, so that its intent stands elsewhere.
    Elsewhere,
}

impl Pace {
    fn leaves(
        &mut self,
        effect: EffectId,
        concurrency: usize,
        requests_per_minute: usize,
    ) -> Result<(), String> {
        if self.now < self.paused_until {
            let early = self.paused_until - self.now;
            return Err(format!("it left {early} ms before it may"));
        }
        self.under_way.insert(effect);
        if self.under_way.len() > concurrency {
            return Err(format!("it is one more than {concurrency} at once"));
        }
        self.left.push_back(self.now);
        while self.left.front().is_some_and(|at| *at <= self.now - MINUTE) {
            self.left.pop_front();
        }
        let most = requests_per_minute + concurrency;
        match self.left.len() > most {
            true => Err(format!("it is one more than {most} in a minute")),
            false => Ok(()),
        }
    }

    fn is_over(&mut self, effect: EffectId) {
        self.under_way.remove(&effect);
    }
}

/// The record of a ticket that asks for a case.
fn request_for(store: &mut MemoryStore, ticket: i64) -> Option<Value> {
    let keys = vec![format!("{INSTANCE}/request/{ticket:010}")];
    let Ok(StoreAnswer::Records(records)) = store.perform(&StoreRequest::Get { keys }) else {
        return None;
    };
    let record = records.into_iter().flatten().next()?;
    serde_json::from_str(&record.value).ok()
}

/// The cases in the outbox, with their entries.
pub(super) fn entries(store: &mut MemoryStore) -> Vec<(String, Value)> {
    let prefix = format!("{INSTANCE}/outbox/");
    let scan = StoreRequest::Scan {
        prefix: prefix.clone(),
        after: None,
        limit: 100,
    };
    let Ok(StoreAnswer::Page(records)) = store.perform(&scan) else {
        return Vec::new();
    };
    let entries = records.into_iter().map(|record| {
        let case = record.key.strip_prefix(&prefix).unwrap_or_default();
        let entry = serde_json::from_str(&record.value).unwrap_or_default();
        (case.to_owned(), entry)
    });
    entries.collect()
}
