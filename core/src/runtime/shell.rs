use super::{
    budget::{Admission, Budget},
    lock::Locks,
    random::Random,
};
use crate::{
    command::Command,
    config::Limits,
    effect::{
        Answer, Effect, EffectId, Failure, FailureKind, OperationId, Request, StoreAnswer,
        StoreRequest,
    },
    error::{Code, Error, Result},
    time::Timestamp,
};
use std::{
    collections::{BTreeMap, VecDeque},
    task::Waker,
};

/// What operations share: the effects that wait, the locks, the budget and the time.
#[derive(Debug)]
pub(crate) struct Shell {
    pub(super) now: Timestamp,
    pub(super) random: Random,
    pub(super) locks: Locks,
    pub(super) budget: Budget,
    /// Commands that workflows have submitted, whose outcome the host is told (`true`) or not.
    pub(super) submitted: VecDeque<(OperationId, Command, bool)>,
    last_id: u64,
    ready: VecDeque<Effect>,
    requests: VecDeque<Effect>,
    waiting: BTreeMap<EffectId, Waiting>,
    budget_timer: Option<EffectId>,
}

/// An effect that was asked for and is not over.
#[derive(Debug)]
struct Waiting {
    expects: Expects,
    handed_out: bool,
    /// Nobody reads the answer: a cancel, or the budget's timer.
    detached: bool,
    answer: Option<Answer>,
    waker: Option<Waker>,
}

/// The kind of answer that fits an effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expects {
    Http,
    Records(usize),
    Page,
    Commit,
    Done,
    Fetched,
}

impl Expects {
    fn of(request: &Request) -> Self {
        match request {
            Request::Http(_) => Self::Http,
            Request::Store(StoreRequest::Get { keys }) => Self::Records(keys.len()),
            Request::Store(StoreRequest::Scan { .. }) => Self::Page,
            Request::Store(StoreRequest::Commit(_)) => Self::Commit,
            Request::Timer { .. } | Request::Deliver(_) | Request::Cancel { .. } => Self::Done,
            Request::Fetch { .. } => Self::Fetched,
        }
    }

    fn fits(self, answer: &Answer) -> bool {
        match answer {
            Answer::Failed(_) => true,
            Answer::Http(_) => self == Self::Http,
            Answer::Store(StoreAnswer::Records(records)) => self == Self::Records(records.len()),
            Answer::Store(StoreAnswer::Page(_)) => self == Self::Page,
            Answer::Store(StoreAnswer::Committed { .. } | StoreAnswer::Conflict) => {
                self == Self::Commit
            }
            Answer::Done => self == Self::Done,
            Answer::Fetched(_) => self == Self::Fetched,
        }
    }
}

impl Shell {
    /// Effects of the connector itself, such as the budget's timer, belong to this operation.
    const OWN: OperationId = OperationId(0);

    pub(crate) fn new(limits: &Limits, seed: u64, now: Timestamp) -> Self {
        Self {
            now,
            random: Random::new(seed),
            locks: Locks::default(),
            budget: Budget::new(limits),
            submitted: VecDeque::new(),
            last_id: 0,
            ready: VecDeque::new(),
            requests: VecDeque::new(),
            waiting: BTreeMap::new(),
            budget_timer: None,
        }
    }

    /// Moves the time on. A clock that was set back does not move it back.
    pub(super) fn advance(&mut self, now: Timestamp) {
        self.now = self.now.max(now);
    }

    /// Gives out the next id; effects and operations share the numbers.
    pub(super) fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    /// Asks for an effect.
    pub(super) fn ask(&mut self, operation: OperationId, request: Request) -> EffectId {
        self.enqueue(operation, request, false)
    }

    fn enqueue(&mut self, operation: OperationId, request: Request, detached: bool) -> EffectId {
        let id = EffectId(self.next_id());
        let waiting = Waiting {
            expects: Expects::of(&request),
            handed_out: false,
            detached,
            answer: None,
            waker: None,
        };
        self.waiting.insert(id, waiting);
        let queue = if waiting_for_budget(&request) {
            &mut self.requests
        } else {
            &mut self.ready
        };
        queue.push_back(Effect {
            id,
            operation,
            request,
        });
        id
    }

    /// The next effect for the host, if one may go out now.
    pub(super) fn next_effect(&mut self) -> Option<Effect> {
        self.expire();
        if self.ready.is_empty() && !self.requests.is_empty() {
            match self.budget.admission(self.now) {
                Admission::Now => {
                    self.budget.leave(self.now);
                    let request = self.requests.pop_front()?;
                    return Some(self.hand_out(request));
                }
                Admission::At(deadline) if self.budget_timer.is_none() => {
                    self.budget_timer =
                        Some(self.enqueue(Self::OWN, Request::Timer { deadline }, true));
                }
                Admission::At(_) | Admission::AfterAnAnswer => {}
            }
        }
        let effect = self.ready.pop_front()?;
        Some(self.hand_out(effect))
    }

    fn hand_out(&mut self, effect: Effect) -> Effect {
        if let Some(waiting) = self.waiting.get_mut(&effect.id) {
            waiting.handed_out = true;
        }
        effect
    }

    /// Answers writes whose time passed while they waited for the budget.
    fn expire(&mut self) {
        let now = self.now;
        let mut expired = Vec::new();
        self.requests.retain(|effect| {
            let late = matches!(&effect.request, Request::Http(request) if request.not_after.is_some_and(|time| now > time));
            if late {
                expired.push(effect.id);
            }
            !late
        });
        for id in expired {
            let failure = Failure::new(
                FailureKind::NotSent,
                "its time passed while it waited for the budget",
            );
            self.store_answer(id, Answer::Failed(failure));
        }
    }

    /// Takes the host's answer.
    ///
    /// # Errors
    ///
    /// [`Code::StaleEffect`] and [`Code::WrongAnswer`]; nothing changes then.
    pub(super) fn resolve(&mut self, id: EffectId, answer: Answer) -> Result<()> {
        let waiting = self
            .waiting
            .get(&id)
            .filter(|waiting| waiting.handed_out && waiting.answer.is_none());
        let Some(waiting) = waiting else {
            return Err(Error::new(
                Code::StaleEffect,
                format!(
                    "effect {} is unknown, answered or cancelled: answer each effect once",
                    id.0
                ),
            ));
        };
        if !waiting.expects.fits(&answer) {
            return Err(Error::new(
                Code::WrongAnswer,
                format!(
                    "effect {} expects {:?}: answer it in that form, or as failed",
                    id.0, waiting.expects
                ),
            ));
        }
        if waiting.expects == Expects::Http {
            let status = if let Answer::Http(response) = &answer {
                Some(response.status)
            } else {
                None
            };
            self.budget.arrive(status);
        }
        self.store_answer(id, answer);
        Ok(())
    }

    fn store_answer(&mut self, id: EffectId, answer: Answer) {
        if self.budget_timer == Some(id) {
            self.budget_timer = None;
        }
        if let Some(waiting) = self.waiting.get_mut(&id) {
            if waiting.detached {
                self.waiting.remove(&id);
            } else {
                waiting.answer = Some(answer);
                if let Some(waker) = waiting.waker.take() {
                    waker.wake();
                }
            }
        }
    }

    /// Takes the answer out, or leaves a waker for it.
    pub(super) fn take_answer(&mut self, id: EffectId, waker: &Waker) -> Option<Answer> {
        let waiting = self.waiting.get_mut(&id)?;
        if let Some(answer) = waiting.answer.take() {
            self.waiting.remove(&id);
            return Some(answer);
        }
        waiting.waker = Some(waker.clone());
        None
    }

    /// Forgets an effect whose answer is no longer wanted, and tells the host to stop working on it.
    pub(super) fn abandon(&mut self, operation: OperationId, id: EffectId) {
        let Some(waiting) = self.waiting.remove(&id) else {
            return;
        };
        if !waiting.handed_out {
            self.ready.retain(|effect| effect.id != id);
            self.requests.retain(|effect| effect.id != id);
        } else if waiting.answer.is_none() {
            if waiting.expects == Expects::Http {
                self.budget.arrive(None);
            }
            self.enqueue(operation, Request::Cancel { target: id }, true);
        }
    }

    /// Effects that the host works on.
    pub(super) fn under_way(&self) -> usize {
        self.waiting
            .values()
            .filter(|waiting| waiting.handed_out && waiting.answer.is_none())
            .count()
    }
}

fn waiting_for_budget(request: &Request) -> bool {
    matches!(request, Request::Http(_))
}
