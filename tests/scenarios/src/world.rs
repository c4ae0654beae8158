use crate::{Blow, BlowKind};
use casewire::{
    CallbackRequest, CallbackSecret, Command, Config, Connector, Credentials, Delivery, EffectId,
    Finished, ImportProgress, MemoryStore, Options, Poll, Store, Timestamp,
    effect::{
        Answer, BodyPart, Effect, Failure, FailureKind, HttpRequest, HttpResponse, Request,
        StoreAnswer, StoreRequest, StoredBody,
    },
};
use casewire_simulator::{
    Exchange, FaultRule, Match, PRIVATE_KEY, PUBLIC_KEY, Psa, Request as WireRequest,
    Response as WireResponse,
};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::Duration,
};

/// What outlives a host.
#[derive(Clone, Debug)]
pub struct World {
    /// The instance.
    pub psa: Psa,
    /// The host's store.
    pub store: MemoryStore,
    /// The host's files, by token.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Files from ConnectWise that the host stored, by token.
    pub received: BTreeMap<String, Vec<u8>>,
    /// What the host has taken over, by id: a repeat is the same.
    pub delivered: BTreeMap<String, Delivery>,
    /// The time.
    pub now: Timestamp,
    /// Everything that left or came in as debug text, where it is kept: for a search for secrets.
    pub trace: Option<Vec<String>>,
    /// Requests with their answers, where they are kept: for a check against the published contract.
    pub exchanges: Option<Vec<(WireRequest, WireResponse)>>,
    /// Whether writes are not held against the intents in the store, which takes long where there are many records.
    pub unwatched: bool,
    /// The host's secret for its callback addresses.
    pub callback_secret: Option<CallbackSecret>,
    /// Whether hosts leave alone what earlier ones left unfinished.
    pub at_rest: bool,
    /// Requests that will be performed without anyone waiting for them.
    pub(crate) late: Vec<(Timestamp, WireRequest)>,
    seed: u64,
}

/// How a life went.
#[derive(Debug, Default)]
pub struct Life {
    /// Whether the host died.
    pub died: bool,
    /// Operations that came to an end.
    pub finished: Vec<Finished>,
    /// How many effects were handed out.
    pub effects: u64,
    /// How many of these were requests.
    pub requests: u64,
    /// The requests: method and path with query.
    pub sent: Vec<String>,
    /// When the last of them left.
    pub last_sent: Option<Timestamp>,
    /// How many answers had which status.
    pub statuses: BTreeMap<u16, u64>,
    /// How far imports had come, each time that something changed.
    pub import_progress: Vec<ImportProgress>,
}

impl World {
    /// A fresh instance and an empty store.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            psa: Psa::seeded(seed),
            store: MemoryStore::new(),
            files: BTreeMap::new(),
            received: BTreeMap::new(),
            delivered: BTreeMap::new(),
            now: Timestamp::from_millis(1_549_847_234_000),
            trace: None,
            exchanges: None,
            unwatched: false,
            callback_secret: CallbackSecret::new(CALLBACK_SECRET).ok(),
            at_rest: false,
            late: Vec::new(),
            seed,
        }
    }

    /// Runs a host until nothing is left to do, or it dies.
    ///
    /// # Errors
    ///
    /// Says which rule the core broke.
    pub fn live(
        &mut self,
        config: &Config,
        commands: Vec<Command>,
        blow: Option<&Blow>,
    ) -> Result<Life, String> {
        let now = self.now;
        let arrivals = commands.into_iter().map(|command| (now, command));
        self.live_with(config, arrivals.collect(), blow)
    }

    /// Runs a host to which commands come at their times, in order, until nothing is left to do, or it dies.
    ///
    /// # Errors
    ///
    /// Says which rule the core broke.
    pub fn live_with(
        &mut self,
        config: &Config,
        arrivals: Vec<(Timestamp, Command)>,
        blow: Option<&Blow>,
    ) -> Result<Life, String> {
        self.live_through(config, arrivals, Vec::new(), blow)
    }

    /// Runs a host that submits commands, and more each time that nothing is left to do and so much time has passed.
    ///
    /// # Errors
    ///
    /// Says which rule the core broke.
    pub fn live_in_waves(
        &mut self,
        config: &Config,
        waves: Vec<(Duration, Vec<Command>)>,
        blow: Option<&Blow>,
    ) -> Result<Life, String> {
        self.live_through(config, Vec::new(), waves, blow)
    }

    fn live_through(
        &mut self,
        config: &Config,
        arrivals: Vec<(Timestamp, Command)>,
        waves: Vec<(Duration, Vec<Command>)>,
        blow: Option<&Blow>,
    ) -> Result<Life, String> {
        let most_steps = MOST_STEPS + 100 * arrivals.len() as u64;
        let mut connector = self.connector(config)?;
        let another_is_first =
            matches!(blow, Some(blow) if matches!(blow.kind, BlowKind::AnotherIsFirst));
        let again = another_is_first.then(|| arrivals.clone());
        let mut arrivals = VecDeque::from(arrivals);
        let mut waves = waves.into_iter();
        self.arrive(&mut connector, &mut arrivals)?;
        let mut life = Life::default();
        let mut timers = BTreeSet::<(Timestamp, EffectId)>::new();
        for _ in 0..most_steps {
            if let Some(progress) = connector.import_progress()
                && life.import_progress.last() != Some(&progress)
            {
                life.import_progress.push(progress);
            }
            match connector.poll(self.now) {
                Poll::Effect(effect) => {
                    life.effects += 1;
                    let id = effect.id;
                    self.note(&effect);
                    if let Some(again) = &again
                        && blow.is_some_and(|blow| blow.at == life.effects)
                    {
                        self.live_with(config, again.clone(), None)?;
                    }
                    match self.perform(effect, &mut life, blow, &mut timers)? {
                        Reaction::Answer(answer) => {
                            self.note(&answer);
                            connector
                                .resolve(id, answer, self.now)
                                .map_err(|error| error.to_string())?;
                        }
                        Reaction::Wait => {}
                        Reaction::Death => {
                            life.died = true;
                            return Ok(life);
                        }
                    }
                }
                Poll::Finished(finished) => {
                    self.note(&finished);
                    life.finished.push(finished);
                }
                Poll::Idle { .. } => {
                    let timer = timers.first().map(|(deadline, _)| *deadline);
                    let arrival = arrivals.front().map(|(at, _)| *at);
                    match (timer, arrival) {
                        (None, None) => {
                            let Some((pause, commands)) = waves.next() else {
                                return Ok(life);
                            };
                            let then = self.now.after(pause);
                            self.pass_until(then);
                            arrivals.extend(commands.into_iter().map(|command| (then, command)));
                            self.arrive(&mut connector, &mut arrivals)?;
                        }
                        (Some(timer), arrival) if arrival.is_none_or(|at| timer <= at) => {
                            self.pass_until(timer);
                            if let Some((_, id)) = timers.pop_first() {
                                connector
                                    .resolve(id, Answer::Done, self.now)
                                    .map_err(|error| error.to_string())?;
                            }
                        }
                        (_, at) => {
                            self.pass_until(at.unwrap_or(self.now));
                            self.arrive(&mut connector, &mut arrivals)?;
                        }
                    }
                }
            }
        }
        Err(format!("the host is not idle after {most_steps} steps"))
    }

    /// Runs several hosts over the one store, their effects in an order by chance, until nothing is left to do.
    ///
    /// # Errors
    ///
    /// Says which rule the core broke.
    pub fn live_together(
        &mut self,
        config: &Config,
        hosts: Vec<Vec<Command>>,
    ) -> Result<Vec<Life>, String> {
        let mut living = Vec::new();
        for commands in hosts {
            let mut connector = self.connector(config)?;
            for command in commands {
                connector
                    .submit(command, self.now)
                    .map_err(|error| error.to_string())?;
            }
            living.push((connector, Life::default(), BTreeSet::new()));
        }
        let (mut idle, mut chance) = (vec![false; living.len()], self.seed);
        for _ in 0..MOST_STEPS * living.len() as u64 {
            let awake: Vec<usize> = (0..living.len()).filter(|host| !idle[*host]).collect();
            let Some(host) = awake.get((chance >> 33) as usize % awake.len().max(1)) else {
                let next = (0..living.len())
                    .filter_map(|host| Some((*living[host].2.first()?, host)))
                    .min();
                let Some(((deadline, id), host)) = next else {
                    return Ok(living.into_iter().map(|(_, life, _)| life).collect());
                };
                self.pass_until(deadline);
                let (connector, _, timers) = &mut living[host];
                timers.remove(&(deadline, id));
                connector
                    .resolve(id, Answer::Done, self.now)
                    .map_err(|error| error.to_string())?;
                idle[host] = false;
                continue;
            };
            chance = chance
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let (connector, life, timers) = &mut living[*host];
            match connector.poll(self.now) {
                Poll::Effect(effect) => {
                    life.effects += 1;
                    let id = effect.id;
                    if let Reaction::Answer(answer) = self.perform(effect, life, None, timers)? {
                        connector
                            .resolve(id, answer, self.now)
                            .map_err(|error| error.to_string())?;
                    }
                }
                Poll::Finished(finished) => life.finished.push(finished),
                Poll::Idle { .. } => idle[*host] = true,
            }
        }
        Err("the hosts do not come to rest".to_owned())
    }

    fn connector(&mut self, config: &Config) -> Result<Connector, String> {
        self.seed = self.seed.wrapping_add(0x9E37_79B9);
        let options = Options {
            seed: self.seed,
            callback_secret: self.callback_secret.clone(),
            at_rest: self.at_rest,
            ..Options::default()
        };
        let credentials =
            Credentials::keys(PUBLIC_KEY, PRIVATE_KEY).map_err(|error| error.to_string())?;
        Connector::new(config.clone(), credentials, options, self.now).map_err(|e| e.to_string())
    }

    fn arrive(
        &self,
        connector: &mut Connector,
        arrivals: &mut VecDeque<(Timestamp, Command)>,
    ) -> Result<(), String> {
        while arrivals.front().is_some_and(|(at, _)| *at <= self.now)
            && let Some((_, command)) = arrivals.pop_front()
        {
            connector
                .submit(command, self.now)
                .map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    fn note(&mut self, what: &impl std::fmt::Debug) {
        if let Some(trace) = &mut self.trace {
            trace.push(format!("{what:?}"));
        }
    }

    /// Lets time pass; what is still under way in the instance lands meanwhile.
    pub fn pass_until(&mut self, time: Timestamp) {
        self.late.sort_by_key(|(at, _)| *at);
        while self.late.first().is_some_and(|(at, _)| *at <= time) {
            let (at, request) = self.late.remove(0);
            self.psa.handle(&request, at.millis());
        }
        self.now = self.now.max(time);
        self.psa.settle(self.now.millis());
    }

    /// Takes the callbacks that ConnectWise has under way, as the receiver at [`RECEIVER`] takes them in.
    ///
    /// # Panics
    ///
    /// Where one is sent elsewhere.
    pub fn take_callbacks(&mut self) -> Vec<CallbackRequest> {
        let deliveries = self.psa.take_callbacks().into_iter();
        deliveries
            .map(|delivery| {
                let (path, query) = delivery.url.split_once('?').unwrap();
                assert!(query.starts_with("recordId="), "{query}");
                let (receiver, secret) = path.rsplit_once('/').unwrap();
                assert_eq!(receiver, RECEIVER);
                let signature = delivery
                    .headers
                    .iter()
                    .find(|(name, _)| name == "x-content-signature");
                CallbackRequest {
                    body: delivery.body,
                    signature: signature.map(|(_, value)| value.clone()),
                    secret: secret.to_owned(),
                }
            })
            .collect()
    }

    fn perform(
        &mut self,
        effect: Effect,
        life: &mut Life,
        blow: Option<&Blow>,
        timers: &mut BTreeSet<(Timestamp, EffectId)>,
    ) -> Result<Reaction, String> {
        let struck = blow
            .filter(|blow| blow.at == life.effects)
            .map(|blow| &blow.kind);
        let dies_after = matches!(struck, Some(BlowKind::DiesAfter));
        if matches!(struck, Some(BlowKind::DiesBefore)) {
            return Ok(Reaction::Death);
        }
        let answer = match effect.request {
            Request::Http(request) => {
                if let Some(BlowKind::DiesAndLandsLate(delay)) = struck {
                    self.late
                        .push((self.now.after(*delay), self.on_the_wire(&request)?));
                    return Ok(Reaction::Death);
                }
                life.requests += 1;
                let struck = blow
                    .filter(|blow| blow.at == life.requests)
                    .map(|blow| &blow.kind);
                let clock = self.now;
                life.last_sent = Some(clock);
                let answer = self.exchange(request, clock, Some(&mut life.sent), struck)?;
                if let Answer::Http(response) = &answer {
                    *life.statuses.entry(response.status).or_default() += 1;
                }
                answer
            }
            Request::Store(request) => self.keep(&request, struck),
            Request::Timer { deadline } => {
                timers.insert((deadline, effect.id));
                return Ok(Reaction::Wait);
            }
            Request::Cancel { target } => {
                timers.retain(|(_, id)| *id != target);
                Answer::Done
            }
            Request::Deliver(_) if matches!(struck, Some(BlowKind::NotDelivered)) => {
                failed(FailureKind::Other)
            }
            Request::Deliver(delivery) => {
                if self
                    .delivered
                    .get(&delivery.id)
                    .is_some_and(|known| *known != delivery)
                {
                    return Err(format!(
                        "delivery {} was something else before",
                        delivery.id
                    ));
                }
                self.delivered.insert(delivery.id.clone(), delivery);
                Answer::Done
            }
            Request::Fetch { token } => self.files.get(&token).map_or_else(
                || failed(FailureKind::Content),
                |file| Answer::Fetched(file.clone()),
            ),
        };
        Ok(if dies_after {
            Reaction::Death
        } else {
            Reaction::Answer(answer)
        })
    }

    fn keep(&mut self, request: &StoreRequest, struck: Option<&BlowKind>) -> Answer {
        match struck {
            Some(BlowKind::StoreFails) => failed(FailureKind::Other),
            Some(BlowKind::Overtaken) if matches!(request, StoreRequest::Commit(_)) => {
                Answer::Store(StoreAnswer::Conflict)
            }
            Some(BlowKind::StoreAnswerLost) => {
                let _ = self.store.perform(request);
                failed(FailureKind::Other)
            }
            _ => match self.store.perform(request) {
                Ok(answer) => Answer::Store(answer),
                Err(_) => failed(FailureKind::Other),
            },
        }
    }

    /// Sends a request as a driver does whose clock says `clock`, and notes it where that is wanted.
    pub(crate) fn exchange(
        &mut self,
        request: HttpRequest,
        clock: Timestamp,
        sent: Option<&mut Vec<String>>,
        struck: Option<&BlowKind>,
    ) -> Result<Answer, String> {
        let is_there = |part: &BodyPart| match part {
            BodyPart::Bytes(_) => true,
            BodyPart::Attachment { token, size } => self.file(token, *size).is_some(),
        };
        if !request.body.iter().all(is_there) {
            return Ok(failed(FailureKind::Content));
        }
        let wire = self.on_the_wire(&request)?;
        if let Some(sent) = sent {
            sent.push(format!("{} {}", wire.method, wire.target));
        }
        if request.not_after.is_some_and(|time| clock > time) {
            return Ok(failed(FailureKind::NotSent));
        }
        if wire.method != "GET" && !self.unwatched {
            self.intent_is_recorded(&format!("{} {}", wire.method, wire.target))?;
        }
        match struck {
            Some(BlowKind::NotSent) => return Ok(failed(FailureKind::NotSent)),
            Some(BlowKind::LandsLate(delay)) => {
                self.late.push((self.now.after(*delay), wire));
                return Ok(failed(FailureKind::Unanswered));
            }
            Some(BlowKind::Instance(fault)) => {
                self.psa.add_fault(FaultRule {
                    when: Match::default(),
                    fault: fault.clone(),
                    times: Some(1),
                });
            }
            _ => {}
        }
        let exchange = self.psa.exchange(&wire, self.now.millis());
        let answer = match exchange {
            Exchange::Lost | Exchange::Truncated(..) => return Ok(failed(FailureKind::Unanswered)),
            Exchange::Answer(answer) | Exchange::Slow(answer, _) => answer,
        };
        let answer = match struck {
            Some(BlowKind::Tampered { how, with }) => how(answer, with),
            _ => answer,
        };
        if answer.body.len() as u64 > request.max_answer {
            return Ok(failed(FailureKind::TooLarge));
        }
        if let Some(exchanges) = &mut self.exchanges {
            exchanges.push((wire, answer.clone()));
        }
        let keeps = request.store_as.filter(|_| answer.status / 100 == 2);
        let (body, stored) = match keeps {
            None => (answer.body, None),
            Some(token) => {
                let sha256 = Sha256::digest(&answer.body);
                let stored = StoredBody {
                    size: answer.body.len() as u64,
                    sha256: sha256.iter().map(|byte| format!("{byte:02x}")).collect(),
                };
                self.received.insert(token, answer.body);
                (Vec::new(), Some(stored))
            }
        };
        Ok(Answer::Http(HttpResponse {
            status: answer.status,
            headers: answer.headers,
            body,
            stored,
        }))
    }

    /// Rule 5: whatever changes ConnectWise stands before in the outbox, in the record of a test ticket, of gathered cases or of
    /// a ticket that asks for a case, in the plan under way, of a device, or beside the callback registrations.
    pub(crate) fn intent_is_recorded(&self, write: &str) -> Result<(), String> {
        let recorded = self.store.records().any(|record| {
            let of_case = record.key.contains("/outbox/")
                || record.key.contains("/trial/")
                || record.key.contains("/gather/")
                || record.key.contains("/request/")
                || record.key.contains("/device/")
                || record.key.ends_with("/callbacks");
            (of_case && record.value.contains("\"intent\":{\"action\""))
                || (record.key.ends_with("/provision") && record.value.contains("\"intent\":{"))
        });
        if recorded {
            Ok(())
        } else {
            Err(format!("{write} left without an intent"))
        }
    }

    fn file(&self, token: &str, size: u64) -> Option<&[u8]> {
        self.files
            .get(token)
            .map(Vec::as_slice)
            .filter(|file| file.len() as u64 == size)
    }

    pub(crate) fn on_the_wire(&self, request: &HttpRequest) -> Result<WireRequest, String> {
        let target = request
            .url
            .strip_prefix(SITE)
            .ok_or_else(|| format!("{} is another host", request.url))?;
        let mut body = Vec::new();
        for part in &request.body {
            match part {
                BodyPart::Bytes(bytes) => body.extend_from_slice(bytes),
                BodyPart::Attachment { token, size } => {
                    body.extend_from_slice(self.file(token, *size).unwrap_or_default());
                }
            }
        }
        let headers = request
            .headers
            .iter()
            .map(|header| (header.name.to_owned(), header.value.clone()))
            .collect();
        Ok(WireRequest {
            method: request.method.as_str().to_owned(),
            target: target.to_owned(),
            headers,
            body,
        })
    }
}

/// The site that the configurations of the stories name.
pub(crate) const SITE: &str = "https://api-na.myconnectwise.net";

/// The secret of the host's callback addresses.
pub const CALLBACK_SECRET: &str = "a secret of the scenarios";

/// The receiver of callbacks, without the secret.
pub const RECEIVER: &str = "https://soc.example/psa/callbacks";

/// More steps than any story takes.
const MOST_STEPS: u64 = 20_000;

enum Reaction {
    Answer(Answer),
    Wait,
    Death,
}

pub(crate) fn failed(kind: FailureKind) -> Answer {
    Answer::Failed(Failure::new(kind, "made to fail"))
}
