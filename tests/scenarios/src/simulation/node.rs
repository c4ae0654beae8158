//! A connector with what it has under way.

use casewire::{
    Config, Connector, Credentials, EffectId, Options, Timestamp,
    effect::{Answer, Effect, Method, Request},
};
use casewire_simulator::{PRIVATE_KEY, PUBLIC_KEY};
use std::collections::{BTreeMap, BTreeSet};

/// A connector of the host.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) connector: Connector,
    /// Effects that are not answered, other than timers.
    pub(super) open: Vec<Open>,
    pub(super) timers: BTreeSet<(Timestamp, EffectId)>,
    /// The tickets to which something is being written.
    writes: BTreeMap<EffectId, String>,
    /// The step at which an operation was first heard of.
    pub(super) began: BTreeMap<u64, usize>,
}

/// An effect that is not answered.
#[derive(Debug)]
pub(super) enum Open {
    /// It is to be performed.
    Asked(Box<Effect>),
    /// It was performed, and its answer is on its way.
    Performed(EffectId, Answer),
}

impl Open {
    fn id(&self) -> EffectId {
        match self {
            Self::Asked(effect) => effect.id,
            Self::Performed(id, _) => *id,
        }
    }
}

impl Node {
    pub(super) fn start(
        config: &Config,
        secret: Option<casewire::CallbackSecret>,
        seed: u64,
        now: Timestamp,
    ) -> Result<Self, String> {
        let options = Options {
            seed,
            callback_secret: secret,
            ..Options::default()
        };
        let keys = Credentials::keys(PUBLIC_KEY, PRIVATE_KEY).map_err(|error| error.to_string())?;
        let connector = Connector::new(config.clone(), keys, options, now)
            .map_err(|error| error.to_string())?;
        Ok(Self {
            connector,
            open: Vec::new(),
            timers: BTreeSet::new(),
            writes: BTreeMap::new(),
            began: BTreeMap::new(),
        })
    }

    /// Keeps an effect until it is performed. One that stops another is performed at once.
    pub(super) fn keep(
        &mut self,
        effect: Effect,
        step: usize,
        now: Timestamp,
    ) -> Result<(), String> {
        self.began.entry(effect.operation.0).or_insert(step);
        match effect.request {
            Request::Timer { deadline } => {
                self.timers.insert((deadline, effect.id));
            }
            Request::Cancel { target } => {
                self.forget(target);
                self.writes.remove(&target);
                self.resolve(effect.id, Answer::Done, now)?;
            }
            _ => {
                self.one_write_at_a_time(&effect)?;
                self.open.push(Open::Asked(Box::new(effect)));
            }
        }
        Ok(())
    }

    /// Contract, rule 6: one mutation in flight per ticket.
    fn one_write_at_a_time(&mut self, effect: &Effect) -> Result<(), String> {
        let Request::Http(request) = &effect.request else {
            return Ok(());
        };
        let ticket = request.url.split_once("/service/tickets/");
        let Some((_, path)) = ticket.filter(|_| request.method != Method::Get) else {
            return Ok(());
        };
        let ticket = path.split(['/', '?']).next().unwrap_or_default().to_owned();
        if self.writes.values().any(|other| *other == ticket) {
            return Err(format!("two writes to ticket {ticket} at a time"));
        }
        self.writes.insert(effect.id, ticket);
        Ok(())
    }

    /// Answers an effect.
    pub(super) fn resolve(
        &mut self,
        id: EffectId,
        answer: Answer,
        now: Timestamp,
    ) -> Result<(), String> {
        self.writes.remove(&id);
        let resolved = self.connector.resolve(id, answer, now);
        resolved.map_err(|error| error.to_string())
    }

    /// An effect needs no answer any more.
    pub(super) fn forget(&mut self, id: EffectId) {
        self.timers.retain(|(_, timer)| *timer != id);
        self.open.retain(|open| open.id() != id);
    }

    /// Has the timers answered whose time has come.
    pub(super) fn ring(&mut self, now: Timestamp) {
        while let Some((deadline, id)) = self.timers.first().copied()
            && deadline <= now
        {
            self.timers.pop_first();
            self.open.push(Open::Performed(id, Answer::Done));
        }
    }

    /// Whether nothing is under way but waiting.
    pub(super) fn waits(&self) -> bool {
        self.open.is_empty()
    }
}
