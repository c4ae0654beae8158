//! Where an episode is played: the instance, the connectors, the host and the service desk.

use super::{
    desk::Desk,
    dice::Dice,
    host::{FILES, Host},
    node::{Node, Open},
    oracle::picture,
    step::{Arrival, Deed, Setting, Step, StoreTrouble, Trouble},
};
use crate::{World, world::failed};
use casewire::{
    CallbackOutcome, CallbackRequest, Command, Config, Finished, Outcome, Poll, Store, SyncReason,
    TicketId, Timestamp,
    effect::{
        Answer, BodyPart, Effect, FailureKind, HttpRequest, Method, Request, StoreAnswer,
        StoreRequest,
    },
};
use serde_json::Value;
use std::{collections::BTreeSet, ops::AddAssign, time::Duration};

/// More effects than any episode needs to come to rest.
const MOST_EFFECTS: u32 = 20_000;

/// How often what is still owed is handed over in the end.
const ROUNDS: u32 = 4;

fn sync(ticket: TicketId) -> Command {
    let reason = SyncReason::default();
    Command::SyncTicket { ticket, reason }
}

/// Where an episode is played.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) world: World,
    pub(super) config: Config,
    pub(super) setting: Setting,
    pub(super) nodes: Vec<Option<Node>>,
    pub(super) host: Host,
    pub(super) desk: Desk,
    /// By how many milliseconds the connectors' clocks are ahead.
    ahead: Vec<i64>,
    /// Callbacks under way.
    mail: Vec<CallbackRequest>,
    /// What goes wrong next.
    troubles: Vec<Trouble>,
    /// Operations of callbacks that someone changed, with their connectors.
    forged: BTreeSet<(usize, u64)>,
    pub(super) step: usize,
    seed: u64,
    lives: u64,
    pub(super) counts: Counts,
    /// What happened, where that is wanted.
    pub(super) trace: Option<Vec<String>>,
}

/// What an episode amounted to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Counts {
    pub steps: u64,
    pub effects: u64,
    pub requests: u64,
    pub writes: u64,
    pub host_deeds: u64,
    pub technician_deeds: u64,
    pub callbacks: u64,
    pub crashes: u64,
    pub late_landings: u64,
    pub clocks_set: u64,
    pub reconciles: u64,
    pub troubles_met: u64,
    pub conflicts: u64,
    pub deliveries: u64,
    pub tickets: u64,
}

impl Counts {
    /// The counts with their names.
    #[must_use]
    pub fn named(&self) -> [(&'static str, u64); 15] {
        [
            ("steps", self.steps),
            ("effects", self.effects),
            ("requests", self.requests),
            ("writes", self.writes),
            ("host deeds", self.host_deeds),
            ("technician deeds", self.technician_deeds),
            ("callbacks", self.callbacks),
            ("crashes", self.crashes),
            ("late landings", self.late_landings),
            ("clocks set", self.clocks_set),
            ("reconciles", self.reconciles),
            ("troubles met", self.troubles_met),
            ("conflicts", self.conflicts),
            ("deliveries", self.deliveries),
            ("tickets", self.tickets),
        ]
    }

    /// What happened least.
    #[must_use]
    pub fn rarest(&self) -> (&'static str, u64) {
        let named = self.named().into_iter();
        named.min_by_key(|(_, count)| *count).unwrap_or_default()
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.steps += other.steps;
        self.effects += other.effects;
        self.requests += other.requests;
        self.writes += other.writes;
        self.host_deeds += other.host_deeds;
        self.technician_deeds += other.technician_deeds;
        self.callbacks += other.callbacks;
        self.crashes += other.crashes;
        self.late_landings += other.late_landings;
        self.clocks_set += other.clocks_set;
        self.reconciles += other.reconciles;
        self.troubles_met += other.troubles_met;
        self.conflicts += other.conflicts;
        self.deliveries += other.deliveries;
        self.tickets += other.tickets;
    }
}

impl Stage {
    pub(super) fn new(world: World, config: Config, setting: Setting, seed: u64) -> Self {
        let mut world = world;
        let quirks = &mut world.psa.settings.quirks;
        quirks.callback_suffix = setting.suffix;
        quirks.self_suppression = setting.suppression;
        quirks.notes_touch_ticket = setting.notes_touch;
        for (token, _, content) in FILES {
            let content = content.as_bytes().to_vec();
            world.files.insert(token.to_owned(), content);
        }
        let nodes = (0..setting.nodes).map(|_| None).collect();
        Self {
            world,
            config,
            ahead: vec![0, setting.skew],
            nodes,
            host: Host::new(setting.inbound, setting.touches),
            desk: Desk::default(),
            mail: Vec::new(),
            troubles: Vec::new(),
            forged: BTreeSet::new(),
            step: 0,
            seed,
            lives: 0,
            counts: Counts::default(),
            trace: None,
            setting,
        }
    }

    /// What a connector's own clock says.
    fn clock(&self, node: usize) -> Timestamp {
        Timestamp::from_millis(self.world.now.millis() + self.ahead[node])
    }

    fn place(&self, node: u8) -> usize {
        usize::from(node) % self.nodes.len()
    }

    fn note(&mut self, what: impl FnOnce() -> String) {
        if let Some(trace) = &mut self.trace {
            trace.push(what());
        }
    }

    /// Does one step.
    pub(super) fn act(&mut self, step: &Step) -> Result<(), String> {
        self.step += 1;
        self.counts.steps += 1;
        match step {
            Step::Host { case, deed, node } => {
                let now = self.world.now;
                let (place, case) = self.host.act(*case, *deed, now);
                self.counts.host_deeds += 1;
                if let Some(node) = node {
                    self.hand_over(self.place(*node), place, case)?;
                }
            }
            // A case whose ticket is gone waits in the outbox where nothing comes back.
            Step::Technician {
                deed: Deed::Delete | Deed::Convert,
                ..
            } if !self.setting.inbound => {}
            Step::Technician { ticket, deed } => {
                let done = self.desk.act(&mut self.world, *ticket, *deed, self.step);
                self.counts.technician_deeds += u64::from(done);
                self.desk.look_at_statuses(&self.world);
                if done {
                    self.expect_status(*deed);
                }
                let step = self.step;
                self.note(|| format!("step {step}: {deed:?} done: {done}"));
            }
            Step::Callback {
                which,
                arrival,
                node,
            } => self.callback(*which, *arrival, self.place(*node))?,
            Step::Work {
                node,
                effects,
                dice,
            } => self.work(self.place(*node), *effects, &mut Dice::new(*dice))?,
            Step::Clock { node, ahead } => {
                let place = self.place(*node);
                self.counts.clocks_set += u64::from(self.ahead[place] != *ahead);
                self.ahead[place] = *ahead;
            }
            Step::Reconcile { node } if self.setting.inbound => {
                self.counts.reconciles += 1;
                self.submit(self.place(*node), Command::Reconcile { repair: true })?;
            }
            Step::Poll { .. } | Step::Reconcile { .. } => {}
            Step::Trouble(trouble) => self.troubles.push(trouble.clone()),
            Step::Crash { node, lands_after } => self.crash(self.place(*node), *lands_after)?,
            Step::Wait { millis } => {
                let time = self
                    .world
                    .now
                    .after(Duration::from_millis(u64::from(*millis)));
                self.pass_until(time)?;
            }
            Step::Sync { ticket, node } => {
                let ids = self.world.psa.ids("service/tickets").unwrap_or_default();
                if let Some(id) = ids.get(usize::from(*ticket) % ids.len().max(1)) {
                    let ticket = TicketId(u32::try_from(*id).unwrap_or_default());
                    self.submit(self.place(*node), sync(ticket))?;
                }
            }
        }
        if let Step::Poll { node } = step
            && self.setting.inbound
        {
            self.submit(self.place(*node), Command::Poll)?;
        }
        let arriving = self.world.take_callbacks();
        self.mail.extend(arriving);
        Ok(())
    }

    /// What a technician chooses for the ticket of a case whose host has nothing under way for it stays.
    fn expect_status(&mut self, deed: Deed) {
        let Some(id) = self.desk.last_touched else {
            return;
        };
        let ticket = self
            .world
            .psa
            .record("service/tickets", id)
            .unwrap_or_default();
        let reference = ticket["externalXRef"].as_str().unwrap_or_default();
        let chosen = match deed {
            Deed::Status(_) | Deed::Reopen => ticket["status"]["name"].as_str(),
            Deed::MoveBoard(_) => None,
            _ => return,
        };
        for case in &mut self.host.cases {
            if reference == format!("acme-soc:{}", case.case.id) {
                let at_rest = !case.owed && case.told.is_some();
                case.expected = chosen.filter(|_| at_rest).map(str::to_owned);
            }
        }
    }

    fn node(&mut self, place: usize) -> Result<&mut Node, String> {
        if self.nodes[place].is_none() {
            self.lives += 1;
            let seed = self.seed.wrapping_mul(31).wrapping_add(self.lives);
            let secret = self.world.callback_secret.clone();
            let node = Node::start(&self.config, secret, seed, self.clock(place))?;
            self.nodes[place] = Some(node);
            self.drain(place)?;
        }
        self.nodes[place].as_mut().ok_or_else(String::new)
    }

    /// Submits a command and returns its operation.
    pub(super) fn submit(&mut self, place: usize, command: Command) -> Result<u64, String> {
        let now = self.clock(place);
        let operation = self
            .node(place)?
            .connector
            .submit(command, now)
            .map_err(|error| format!("refused: {error}"))?;
        self.drain(place)?;
        Ok(operation.0)
    }

    pub(super) fn hand_over(
        &mut self,
        node: usize,
        place: usize,
        case: casewire::Case,
    ) -> Result<(), String> {
        let now = self.clock(node);
        let command = Command::SubmitCase {
            case: Box::new(case.clone()),
        };
        let operation = self
            .node(node)?
            .connector
            .submit(command, now)
            .map_err(|error| format!("refused: {error}"))?;
        self.host.handed_over(place, node, operation, &case);
        self.drain(node)
    }

    /// Polls until there is nothing new.
    fn drain(&mut self, place: usize) -> Result<(), String> {
        let (now, step) = (self.clock(place), self.step);
        loop {
            let Some(node) = &mut self.nodes[place] else {
                return Ok(());
            };
            match node.connector.poll(now) {
                Poll::Effect(effect) => node.keep(effect, step, now)?,
                Poll::Finished(finished) => self.finished(place, &finished)?,
                Poll::Idle { .. } => return Ok(()),
            }
        }
    }

    fn finished(&mut self, place: usize, finished: &Finished) -> Result<(), String> {
        let step = self.step;
        self.note(|| format!("step {step}: connector {place}: {finished:?}"));
        self.host.hear(place, finished);
        let forged = self.forged.remove(&(place, finished.operation.0));
        if forged && let Ok(Outcome::Callback(CallbackOutcome::Reread { .. })) = &finished.result {
            return Err("a forged callback was believed".to_owned());
        }
        Ok(())
    }

    fn callback(&mut self, which: u8, arrival: Arrival, node: usize) -> Result<(), String> {
        if self.mail.is_empty() {
            return Ok(());
        }
        let which = usize::from(which) % self.mail.len();
        let mut callback = match arrival {
            Arrival::Doubled | Arrival::Forged => self.mail[which].clone(),
            Arrival::Once | Arrival::Lost => self.mail.remove(which),
        };
        self.counts.callbacks += 1;
        if matches!(arrival, Arrival::Lost) {
            return Ok(());
        }
        let forged = matches!(arrival, Arrival::Forged);
        if forged {
            let body =
                String::from_utf8_lossy(&callback.body).replace("\"Action\":\"", "\"Action\":\"x");
            callback.body = body.into_bytes();
        }
        let command = Command::TakeCallback {
            callback: Box::new(callback),
        };
        let now = self.clock(node);
        let submitted = self.node(node)?.connector.submit(command, now);
        let operation = submitted.map_err(|error| format!("refused: {error}"))?;
        if forged {
            self.forged.insert((node, operation.0));
        }
        self.drain(node)
    }

    fn crash(&mut self, place: usize, lands_after: Option<u8>) -> Result<(), String> {
        let Some(node) = self.nodes[place].take() else {
            return Ok(());
        };
        self.counts.crashes += 1;
        // Its successor counts its operations anew.
        self.forged.retain(|(node, _)| *node != place);
        self.host.lose(place);
        let Some(after) = lands_after else {
            return Ok(());
        };
        for open in node.open {
            let Open::Asked(effect) = open else { continue };
            if let Request::Http(request) = effect.request
                && request.method != Method::Get
                && request
                    .not_after
                    .is_none_or(|time| self.clock(place) <= time)
            {
                self.lands_late(&request, after)?;
            }
        }
        Ok(())
    }

    /// A request is performed so many seconds later, without anyone waiting for it.
    fn lands_late(&mut self, request: &HttpRequest, after: u8) -> Result<(), String> {
        self.note_births();
        let at = self.world.now.after(Duration::from_secs(u64::from(after)));
        let wire = self.world.on_the_wire(request)?;
        self.world.late.push((at, wire));
        self.counts.late_landings += 1;
        Ok(())
    }

    /// Lets time pass for all.
    pub(super) fn pass_until(&mut self, time: Timestamp) -> Result<(), String> {
        self.world.pass_until(time);
        self.desk.look_at_statuses(&self.world);
        for place in 0..self.nodes.len() {
            let now = self.clock(place);
            if let Some(node) = &mut self.nodes[place] {
                node.ring(now);
            }
            self.drain(place)?;
        }
        Ok(())
    }

    /// When the first timer of all is due, by the true clock.
    fn next_timer(&self) -> Option<Timestamp> {
        let timers = self.nodes.iter().enumerate().filter_map(|(place, node)| {
            let (deadline, _) = node.as_ref()?.timers.first()?;
            let ahead = self.clock(place).millis() - self.world.now.millis();
            Some(Timestamp::from_millis(deadline.millis() - ahead))
        });
        timers.min()
    }

    fn work(&mut self, place: usize, effects: u8, dice: &mut Dice) -> Result<(), String> {
        self.node(place)?;
        let mut place = place;
        for _ in 0..effects {
            let is_busy = |node: &Option<Node>| node.as_ref().is_some_and(|node| !node.waits());
            if !is_busy(&self.nodes[place]) {
                let busy = self.nodes.iter().position(is_busy);
                match (busy, self.next_timer()) {
                    (Some(busy), _) => place = busy,
                    (None, Some(time)) => {
                        self.pass_until(time)?;
                        continue;
                    }
                    (None, None) => return Ok(()),
                }
            }
            let Some(node) = &mut self.nodes[place] else {
                return Ok(());
            };
            let which = dice.place(node.open.len());
            let open = node.open.swap_remove(which);
            self.go_on(place, open, dice.one_in(4))?;
        }
        Ok(())
    }

    /// Performs an effect, or answers one that was performed. The answer to an effect may be held back.
    fn go_on(&mut self, place: usize, open: Open, held_back: bool) -> Result<(), String> {
        let (id, answer) = match open {
            Open::Performed(id, answer) => (id, answer),
            Open::Asked(effect) => {
                let id = effect.id;
                let answer = self.perform(place, *effect)?;
                if held_back && let Some(node) = &mut self.nodes[place] {
                    node.open.push(Open::Performed(id, answer));
                    return Ok(());
                }
                (id, answer)
            }
        };
        let now = self.clock(place);
        if let Some(node) = &mut self.nodes[place] {
            node.resolve(id, answer, now)?;
        }
        self.drain(place)
    }

    fn perform(&mut self, place: usize, effect: Effect) -> Result<Answer, String> {
        self.counts.effects += 1;
        match effect.request {
            Request::Http(request) => self.exchange(place, request, effect.operation.0),
            Request::Store(request) => Ok(self.keep(&request)),
            Request::Deliver(delivery) => {
                let trouble = self.trouble(|trouble| match trouble {
                    Trouble::Deliver(taken) => Some(*taken),
                    _ => None,
                });
                if trouble == Some(false) {
                    return Ok(failed(FailureKind::Other));
                }
                self.note(|| format!("    {delivery:?}"));
                if self.host.is_new(&delivery) {
                    // What was performed late may have landed with any request.
                    self.desk.look_at_statuses(&self.world);
                    self.desk.is_no_older(&delivery)?;
                }
                self.host.take(delivery)?;
                self.counts.deliveries += 1;
                Ok(match trouble {
                    Some(_) => failed(FailureKind::Other),
                    None => Answer::Done,
                })
            }
            Request::Fetch { token } => Ok(Answer::Fetched(
                self.world.files.get(&token).cloned().unwrap_or_default(),
            )),
            Request::Timer { .. } | Request::Cancel { .. } => Ok(Answer::Done),
        }
    }

    /// Takes the first trouble of a kind.
    fn trouble<T>(&mut self, kind: impl Fn(&Trouble) -> Option<T>) -> Option<T> {
        let place = self.troubles.iter().position(|it| kind(it).is_some())?;
        let met = kind(&self.troubles.remove(place));
        self.counts.troubles_met += 1;
        met
    }

    fn exchange(
        &mut self,
        place: usize,
        request: HttpRequest,
        operation: u64,
    ) -> Result<Answer, String> {
        self.counts.requests += 1;
        let trouble = self.trouble(|trouble| match trouble {
            Trouble::Http(kind) => Some(kind.clone()),
            _ => None,
        });
        let writes = request.method != Method::Get;
        let mut sets_status = None;
        if writes {
            self.counts.writes += 1;
            sets_status = self.may_write(place, &request, operation)?;
            let in_time = request
                .not_after
                .is_none_or(|time| self.clock(place) <= time);
            let dies = self.trouble(|trouble| match trouble {
                Trouble::Dies(after) if in_time => Some(*after),
                _ => None,
            });
            if let Some(after) = dies {
                self.lands_late(&request, after)?;
                self.crash(place, None)?;
                return Ok(failed(FailureKind::Unanswered));
            }
        }
        let (step, url) = (self.step, self.trace.is_some().then(|| request.url.clone()));
        let method = request.method;
        let body = self.trace.is_some().then(|| format!("{:?}", request.body));
        let answer = self
            .world
            .exchange(request, self.clock(place), None, trouble.as_ref())?;
        self.note(|| {
            let came = match &answer {
                Answer::Http(response) => response.status.to_string(),
                other => format!("{other:?}"),
            };
            format!(
                "step {step}: connector {place}: {method:?} {} {} -> {came} {}",
                url.unwrap_or_default(),
                body.unwrap_or_default(),
                trouble.map(|it| format!("{it:?}")).unwrap_or_default(),
            )
        });
        if writes {
            self.desk.look_at_statuses(&self.world);
        }
        if let (Some(ticket), Answer::Http(response)) = (sets_status, &answer)
            && response.status == 200
        {
            self.desk.status_set.remove(&ticket);
        }
        Ok(answer)
    }

    /// No ticket is written to that stands for no case, or that was part of another before the work began. Says whose
    /// status is set.
    fn may_write(
        &mut self,
        place: usize,
        request: &HttpRequest,
        operation: u64,
    ) -> Result<Option<i64>, String> {
        let Some((_, path)) = request.url.split_once("/service/tickets/") else {
            if request.url.contains("/service/tickets?") {
                self.note_births();
            }
            return Ok(None);
        };
        let number = path.split(['/', '?']).next().unwrap_or_default();
        let Ok(ticket) = number.parse::<i64>() else {
            return Ok(None);
        };
        if self.desk.bystanders.contains_key(&ticket) {
            return Err(format!(
                "ticket {ticket} stands for no case and is written to"
            ));
        }
        let began = self.nodes[place]
            .as_ref()
            .and_then(|node| node.began.get(&operation).copied());
        if let (Some((parent, merged_at)), Some(began)) = (self.desk.merged.get(&ticket), began)
            && began > *merged_at
        {
            return Err(format!(
                "ticket {ticket} became part of {parent} at step {merged_at} and is written to by work that began at step {began}"
            ));
        }
        let status = br#""path":"status""#;
        let sets = request.method == Method::Patch
            && request.body.iter().any(|part| match part {
                BodyPart::Bytes(bytes) => {
                    bytes.windows(status.len()).any(|window| window == status)
                }
                BodyPart::Attachment { .. } => false,
            });
        if sets {
            self.desk.status_asked.insert(ticket);
        }
        Ok(sets.then_some(ticket))
    }

    /// Notes the status of each case whose ticket is being asked for.
    fn note_births(&mut self) {
        for record in self.world.store.records() {
            if !record.key.contains("/outbox/") {
                continue;
            }
            let entry: Value = serde_json::from_str(&record.value).unwrap_or_default();
            let action = &entry["intent"]["action"];
            if let (Some(reference), Some(status)) = (
                action["reference"].as_str(),
                action["written"]["case_status"].as_str(),
            ) {
                let born_as = self.desk.born_as.entry(reference.to_owned()).or_default();
                born_as.insert(status.to_owned());
            }
        }
    }

    fn keep(&mut self, request: &StoreRequest) -> Answer {
        let commits = matches!(request, StoreRequest::Commit(batch) if !batch.expect.is_empty());
        let trouble = self.trouble(|trouble| match trouble {
            Trouble::Store(StoreTrouble::Conflict) if !commits => None,
            Trouble::Store(kind) => Some(*kind),
            _ => None,
        });
        match trouble {
            Some(StoreTrouble::Fails) => return failed(FailureKind::Other),
            Some(StoreTrouble::Conflict) => return Answer::Store(StoreAnswer::Conflict),
            Some(StoreTrouble::AnswerLost) | None => {}
        }
        match self.world.store.perform(request) {
            Ok(_) if trouble.is_some() => failed(FailureKind::Other),
            Ok(answer) => {
                self.counts.conflicts += u64::from(answer == StoreAnswer::Conflict);
                Answer::Store(answer)
            }
            Err(_) => failed(FailureKind::Other),
        }
    }

    /// Nothing goes wrong any more, and everyone goes on until nothing is left to do.
    pub(super) fn rest(&mut self) -> Result<(), String> {
        self.troubles.clear();
        for _ in 0..MOST_EFFECTS {
            let busy = self
                .nodes
                .iter()
                .position(|node| node.as_ref().is_some_and(|node| !node.waits()));
            if let Some(place) = busy {
                if let Some(node) = &mut self.nodes[place] {
                    let open = node.open.remove(0);
                    self.go_on(place, open, false)?;
                }
            } else if let Some(time) = self.next_timer() {
                self.pass_until(time)?;
            } else {
                return Ok(());
            }
        }
        Err(format!(
            "it does not come to rest in {MOST_EFFECTS} effects"
        ))
    }

    /// Everything that was left is done: what the host owes is handed over, what is under way lands.
    pub(super) fn settle(&mut self) -> Result<(), String> {
        self.rest()?;
        self.pass_until(self.world.now.after(Duration::from_secs(120)))?;
        for place in 0..self.nodes.len() {
            if self.setting.restarted {
                self.crash(place, None)?;
                self.node(place)?;
            } else {
                self.submit(place, Command::Resume)?;
            }
        }
        self.rest()?;
        for round in 0..ROUNDS {
            let mut owed = false;
            for place in 0..self.host.cases.len() {
                if self.host.cases[place].owed {
                    let case = self.host.cases[place].case.clone();
                    self.hand_over(0, place, case)?;
                    owed = true;
                }
            }
            self.rest()?;
            if round > 0 && !owed {
                break;
            }
            if self.setting.inbound {
                self.submit(0, Command::Poll)?;
                self.rest()?;
                self.sync_all()?;
            }
        }
        self.host.take_all_over();
        self.world.take_callbacks();
        self.mail.clear();
        Ok(())
    }
}

impl Stage {
    /// Every ticket that there is or was is read again.
    fn sync_all(&mut self) -> Result<(), String> {
        let ids = self.world.psa.ids("service/tickets").unwrap_or_default();
        for id in ids.iter().chain(&self.desk.gone.clone()) {
            let ticket = TicketId(u32::try_from(*id).unwrap_or_default());
            self.submit(0, sync(ticket))?;
        }
        self.rest()
    }

    /// Once all is settled, handing everything over once more leads to no change on either side.
    pub(super) fn is_quiet(&mut self) -> Result<(), String> {
        let before = picture(self);
        let (writes, deliveries) = (self.counts.writes, self.host.deliveries());
        for place in 0..self.host.cases.len() {
            let case = self.host.cases[place].case.clone();
            self.hand_over(place % self.nodes.len(), place, case)?;
        }
        self.sync_all()?;
        if self.counts.writes != writes {
            return Err("something is written although all is settled".to_owned());
        }
        if self.host.deliveries() != deliveries {
            return Err("something is told although all is settled".to_owned());
        }
        if picture(self) != before {
            return Err("something changes although all is settled".to_owned());
        }
        Ok(())
    }
}
