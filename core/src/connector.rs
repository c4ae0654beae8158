use crate::{
    callback::CallbackSecret,
    case::Case,
    command::{Command, Finished},
    config::Config,
    effect::{Answer, Effect, EffectId, OperationId},
    environment::Environment,
    error::{Code, Fault, Result},
    import::{self, ImportProgress},
    instances,
    runtime::{Executor, Shell, Step},
    settings::Settings,
    time::Timestamp,
    workflows,
};
use std::sync::Arc;

/// A connector between one host and one ConnectWise instance.
///
/// It performs nothing itself: it hands out [`Effect`]s and is given their [`Answer`]s. The contract:
///
/// 1. **Drain**: after every `submit`, `resolve` or `cancel`, poll until it says [`Poll::Idle`].
/// 2. Every effect is answered **exactly once**, with success or failure, in any order, from any thread. An unknown, late
///    or second answer is a typed error and changes nothing. Ids only grow and are never reused. A cancelled effect needs
///    no answer.
/// 3. `poll` never calls the host, and no lock is held while host code runs: any call is legal from inside a callback.
/// 4. The time is an argument. A timer names an absolute deadline. A clock that is set back does not set the connector back.
/// 5. **Intent before action**: what leads to a write in ConnectWise is committed to the store first. If the store fails,
///    nothing is sent.
/// 6. One write under way per case and so per ticket, in order. Reads and other tickets run side by side, up to the
///    concurrency and rate budget of [`Limits`](crate::Limits).
/// 7. After a crash a new connector over the same store finds its outbox and goes on by itself. An unfinished create
///    restarts at *search by reference*, never at the POST.
/// 8. Bodies stay out of band: attachments are named by a token of the host and streamed by the driver. Answers have a
///    size cap, with a typed error.
/// 9. Cancelling an operation emits a cancel for each of its effects under way.
///
/// # Examples
///
/// ```
/// use casewire::{Config, Connector, Credentials, MemoryStore, Options, Poll, Store, Timestamp};
/// use casewire::effect::{Answer, Failure, FailureKind, Request};
///
/// # fn main() -> Result<(), casewire::Error> {
/// let config = Config::from_json(include_bytes!("../../examples/configuration.json"))?;
/// let credentials = Credentials::added_by_host();
/// let now = Timestamp::from_millis(1_549_847_234_000);
/// let mut connector = Connector::new(config, credentials, Options::default(), now)?;
/// let mut store = MemoryStore::new();
/// loop {
///     match connector.poll(now) {
///         Poll::Effect(effect) => {
///             let answer = match effect.request {
///                 Request::Store(request) => Answer::Store(store.perform(&request).expect("memory does not fail")),
///                 _ => Answer::Failed(Failure::new(FailureKind::NotSent, "this example has no network")),
///             };
///             connector.resolve(effect.id, answer, now)?;
///         }
///         Poll::Finished(finished) => println!("{:?}", finished.result),
///         Poll::Idle { .. } => break,
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Connector {
    environment: Arc<Environment>,
    executor: Executor,
}

/// What a host decides besides the configuration.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Seeds jitter and boundaries. Two connectors on one store should not share it; the same seed gives the same run.
    pub seed: u64,
    /// The vendor's own client id, used where the configuration names none (C7).
    pub client_id: Option<String>,
    /// Leaves what an earlier connector over the same store left unfinished as it is, until [`Command::Resume`]: for work
    /// beside the cases, such as an import, that shall send no ticket.
    pub at_rest: bool,
    /// The host's secret for its callback addresses (S1); without it no callback is believed or registered.
    pub callback_secret: Option<CallbackSecret>,
}

/// What a poll gives.
#[derive(Debug)]
#[allow(
    clippy::large_enum_variant,
    reason = "it is moved once and never stored"
)]
pub enum Poll {
    /// To be performed and answered.
    Effect(Effect),
    /// An operation is over.
    Finished(Finished),
    /// Nothing more until something is submitted, resolved or cancelled.
    Idle {
        /// Operations that are not over.
        operations: usize,
        /// Effects that the host has and has not answered. With none of these and none of those, all is done.
        effects: usize,
    },
}

impl Connector {
    /// Makes a connector. It begins by taking up what an earlier one over the same store left unfinished, unless it is
    /// [`at_rest`](Options::at_rest).
    ///
    /// # Errors
    ///
    /// Refuses a bad configuration or bad keys with all faults at once.
    pub fn new(
        config: Config,
        credentials: crate::Credentials,
        options: Options,
        now: Timestamp,
    ) -> Result<Self> {
        let limits = config.limits;
        let settings = Settings::new(config)?;
        let environment = Arc::new(Environment::new(
            settings,
            credentials,
            options.client_id.as_deref(),
            options.callback_secret.as_ref(),
        )?);
        let shell = Shell::new(&limits, options.seed, now);
        let shared = Arc::clone(&environment);
        let start = move |cx, command| workflows::start(cx, Arc::clone(&shared), command);
        let mut executor = Executor::new(
            shell,
            OPERATIONS_PER_REQUEST * limits.concurrency as usize,
            start,
        );
        if !options.at_rest {
            executor.submit(Command::Resume, now);
        }
        Ok(Self {
            environment,
            executor,
        })
    }

    /// The configuration, checked and compiled; for checks and previews beside the connector's work.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.environment.settings
    }

    /// How far the import under way has come; nothing while there is none.
    #[must_use]
    pub fn import_progress(&self) -> Option<ImportProgress> {
        let importing = self.environment.importing.lock();
        let kinds = importing.values().copied();
        (!importing.is_empty()).then(|| ImportProgress::of(kinds))
    }

    /// Takes a command and returns the id of its operation.
    ///
    /// # Errors
    ///
    /// Refuses bad input with all faults at once, and a case while the policy for cases is off; nothing was begun then.
    pub fn submit(&mut self, command: Command, now: Timestamp) -> Result<OperationId> {
        match &command {
            Command::SubmitCase { case } | Command::AcceptCase { case } => {
                self.environment.takes_cases()?;
                let faults = self.environment.settings.check_case(case);
                if !faults.is_empty() {
                    return Err(crate::Error::refused("the case", faults));
                }
            }
            Command::SubmitReference { case_id } => {
                self.environment.takes_cases()?;
                let faults = Case::check_id("/case_id", case_id);
                if !faults.is_empty() {
                    return Err(crate::Error::refused("the command", faults));
                }
            }
            Command::HostEvent { event } => {
                let mut faults = event.check();
                let settings = &self.environment.settings;
                if let Some(case) = &event.case {
                    faults.extend(settings.check_case(case).into_iter().map(|fault| Fault {
                        pointer: format!("/event/case{}", fault.pointer),
                        ..fault
                    }));
                }
                if let Some(case_id) = &event.case_id {
                    faults.extend(Case::check_id("/event/case_id", case_id));
                }
                if !faults.is_empty() {
                    return Err(crate::Error::refused("the command", faults));
                }
            }
            Command::DeleteInstance { confirm, .. } | Command::ReleaseMassChange { confirm } => {
                let own = &self.environment.settings.config().instance;
                instances::is_confirmed(own, confirm)?;
            }
            _ => {}
        }
        if let Command::Import { what, filter, .. } = &command {
            let faults = import::check(what, filter);
            if !faults.is_empty() {
                return Err(crate::Error::refused("the import", faults));
            }
        }
        if let Command::Probe { sandbox: false, .. } = &command {
            return Err(crate::Error::refused("the command", vec![no_consent()]));
        }
        Ok(self.executor.submit(command, now))
    }

    /// Gives the next effect, the next finished operation, or says that there is none.
    pub fn poll(&mut self, now: Timestamp) -> Poll {
        match self.executor.poll(now) {
            Step::Effect(effect) => Poll::Effect(effect),
            Step::Finished(finished) => Poll::Finished(finished),
            Step::Idle {
                operations,
                effects,
            } => Poll::Idle {
                operations,
                effects,
            },
        }
    }

    /// Takes the answer to an effect.
    ///
    /// # Errors
    ///
    /// [`Code::StaleEffect`] and [`Code::WrongAnswer`]; nothing
    /// changes then.
    pub fn resolve(&mut self, effect: EffectId, answer: Answer, now: Timestamp) -> Result<()> {
        self.executor.resolve(effect, answer, now)
    }

    /// Stops an operation. Its effects under way are cancelled; what it began in ConnectWise stays in the outbox.
    ///
    /// # Errors
    ///
    /// [`Code::UnknownOperation`] where there is none of that id, or it is over.
    pub fn cancel(&mut self, operation: OperationId, now: Timestamp) -> Result<()> {
        self.executor.cancel(operation, now)
    }
}

fn no_consent() -> Fault {
    Fault::new(
        Code::ConsentMissing,
        "/sandbox",
        "a probe writes test tickets and removes them again, which is only for a sandbox",
        "Point the configuration at a sandbox and set \"sandbox\": true; casewire check --probe --yes-this-is-a-sandbox",
    )
}

/// Operations under way for each request that may be: enough that requests never wait for the store.
const OPERATIONS_PER_REQUEST: usize = 8;
