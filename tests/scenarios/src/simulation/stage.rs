//! Where an episode is played: the instance, the connectors, the host and the service desk.

use super::{
    counts::Counts,
    desk::Desk,
    dice::Dice,
    host::{FILES, Host},
    mutant::{self, Mutant},
    node::{Node, Open},
    seen::Seen,
    step::{Arrival, Deed, Setting, Step, Trouble},
    watch::Watch,
};
use crate::World;
use casewire::{
    CallbackOutcome, CallbackRequest, Command, Config, EffectId, Finished, Outcome, Poll,
    SyncReason, TicketId, Timestamp,
    effect::{Answer, Batch, HttpRequest, Method, Request},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

mod effects;
mod settle;

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
    watch: Watch,
    /// Up to which change of the instance it was looked at.
    looked_at: u64,
    /// Commits that a planted bug has said to be durable.
    unwritten: Vec<Batch>,
    /// Answers that connectors waited for which died, for a planted bug.
    ghosts: BTreeMap<usize, Vec<(EffectId, Answer)>>,
    pub(super) step: usize,
    seed: u64,
    lives: u64,
    pub(super) counts: Counts,
    /// What happened, where that is wanted.
    pub(super) trace: Option<Vec<String>>,
}

impl Stage {
    pub(super) fn new(world: World, config: Config, setting: Setting, seed: u64) -> Self {
        let (mut world, mut config) = (world, config);
        (config.limits.concurrency, config.limits.requests_per_minute) = setting.rate;
        // The writes are watched more closely than that.
        world.unwatched = true;
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
            looked_at: world.psa.changes(),
            watch: Watch::new(&config.limits),
            unwritten: Vec::new(),
            ghosts: BTreeMap::new(),
            world,
            config,
            ahead: vec![0, setting.skew, -setting.skew],
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
        self.counts.acts += 1;
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
                self.look()?;
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
            self.watch.begins(place);
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
                Poll::Effect(mut effect) => {
                    if self.setting.has(Mutant::LeakedKeys) {
                        mutant::leak(&mut effect);
                    }
                    self.watch.asks(place, &effect, now)?;
                    let id = effect.id;
                    node.keep(effect, step, now)?;
                    self.haunt(place, id, now);
                }
                Poll::Finished(finished) => self.finished(place, &finished)?,
                Poll::Idle { .. } => return Ok(()),
            }
            self.counts.polls += 1;
        }
    }

    /// With that bug planted, an effect is answered with what an effect of the same id was.
    fn haunt(&mut self, place: usize, id: EffectId, now: Timestamp) {
        let ghosts = self.ghosts.entry(place).or_default();
        if let (Some(which), Some(node)) = (
            ghosts.iter().position(|(ghost, _)| *ghost == id),
            &mut self.nodes[place],
        ) && node.resolve(id, ghosts.swap_remove(which).1, now).is_ok()
        {
            node.forget(id);
            self.watch.hears(place, id, now);
        }
    }

    /// Whatever has changed in the instance, what is there may be there.
    fn look(&mut self) -> Result<(), String> {
        let changes = self.world.psa.changes();
        if std::mem::replace(&mut self.looked_at, changes) == changes {
            return Ok(());
        }
        self.counts.looks += 1;
        Seen::look(self).check(self)
    }

    fn finished(&mut self, place: usize, finished: &Finished) -> Result<(), String> {
        let step = self.step;
        self.watch.finished(finished)?;
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
        self.unwritten.clear();
        for open in node.open {
            let effect = match open {
                Open::Performed(id, answer) if self.setting.has(Mutant::ReusedIds) => {
                    self.ghosts.entry(place).or_default().push((id, answer));
                    continue;
                }
                Open::Performed(..) => continue,
                Open::Asked(effect) => effect,
            };
            let Some(after) = lands_after else { continue };
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
        self.is_intended(request)?;
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
        self.look()?;
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
            self.watch.hears(place, id, now);
            self.counts.answers += 1;
        }
        self.drain(place)
    }
}
