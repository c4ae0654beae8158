//! The thread that drives one connector: commands, callbacks and tasks that are due.

use super::{
    feed::Feed,
    instance::{Ask, Instance, Stand},
};
use crate::{
    cli::{
        devices,
        send::Line,
        session,
        terminal::{Done, Stop},
    },
    clock::now,
    driver::{Driver, Progress},
    store::Desk,
};
use casewire::{
    Accepted, CallbackOutcome, Code, Command, Credentials, Finished, Inventory, OperationId,
    Outcome, Schedule, Task,
};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::{
        Arc,
        mpsc::{self, Receiver},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};
use tokio::sync::oneshot;

/// Callbacks that are judged side by side.
const CALLBACKS_ABREAST: usize = 32;
/// Outcomes of cases that are kept for those who ask later.
const MOST_RECENT: usize = 4096;
/// How long at most until the schedule is asked for again.
const SCHEDULE_AGE: Duration = Duration::from_secs(60);
/// How soon at least.
const SCHEDULE_PAUSE: Duration = Duration::from_secs(1);
/// How long a task that failed is left alone.
const TASK_PAUSE: Duration = Duration::from_secs(60);
/// How often what waits is counted.
const COUNT_AGE: Duration = Duration::from_secs(5);
/// How long a case that the store failed is left alone.
const STORE_PAUSE: Duration = Duration::from_secs(30);

/// What a pump needs besides its instance.
pub(super) struct Supplies {
    pub(super) credentials: Credentials,
    pub(super) desk: Desk,
    pub(super) feed: Feed,
    /// The host's groups and systems, for automatic mapping.
    pub(super) inventory: Option<Inventory>,
    /// The file with the host's devices.
    pub(super) devices: Option<PathBuf>,
}

struct Pump {
    driver: Driver<'static>,
    instance: Arc<Instance>,
    inbox: Receiver<Ask>,
    inventory: Option<Inventory>,
    devices: Option<PathBuf>,
    replies: BTreeMap<OperationId, oneshot::Sender<casewire::Result<Outcome>>>,
    awaited: BTreeMap<OperationId, Vec<oneshot::Sender<Value>>>,
    /// Operations of accepted cases that are not over.
    pending: BTreeSet<OperationId>,
    recent: BTreeMap<OperationId, Value>,
    callbacks: BTreeSet<OperationId>,
    tasks: BTreeMap<OperationId, Task>,
    paused: BTreeMap<Task, Instant>,
    /// Cases that the store failed, and when to take them up again.
    again: Vec<(Instant, String)>,
    scheduling: Option<OperationId>,
    counting: Option<OperationId>,
    schedule_at: Instant,
    count_at: Instant,
    deadline: Option<Instant>,
}

/// Starts the thread.
///
/// # Errors
///
/// Where the connector refuses its configuration or keys.
pub(super) fn start(
    instance: &Arc<Instance>,
    inbox: Receiver<Ask>,
    supplies: Supplies,
) -> Done<JoinHandle<()>> {
    let (sender, ready) = mpsc::sync_channel(1);
    let shared = Arc::clone(instance);
    let thread = thread::Builder::new()
        .name(format!("casewire-{}", instance.name()))
        .spawn(
            move || match Pump::new(Arc::clone(&shared), inbox, supplies) {
                Ok(pump) => {
                    shared.is_driven_by(pump.driver.waker());
                    let _ = sender.send(Ok(()));
                    pump.run();
                    shared
                        .status()
                        .stopped
                        .get_or_insert("it was stopped".to_owned());
                }
                Err(stop) => {
                    let _ = sender.send(Err(stop));
                }
            },
        )?;
    match ready.recv() {
        Ok(Ok(())) => Ok(thread),
        Ok(Err(stop)) => Err(stop),
        Err(_) => Err(Stop::failed("the thread of an instance died")),
    }
}

impl Pump {
    fn new(instance: Arc<Instance>, inbox: Receiver<Ask>, supplies: Supplies) -> Done<Self> {
        let Supplies {
            credentials,
            desk,
            feed,
            inventory,
            devices,
        } = supplies;
        let config = instance.settings.config().clone();
        let receiver = Arc::clone(&instance);
        let driver = session::serving(
            config,
            credentials,
            Box::new(desk),
            move |delivery, handover| {
                receiver.status().delivered += 1;
                feed.append(receiver.name(), delivery, handover);
            },
        )?;
        let start = Instant::now();
        Ok(Self {
            driver,
            instance,
            inbox,
            inventory,
            devices,
            replies: BTreeMap::new(),
            awaited: BTreeMap::new(),
            pending: BTreeSet::new(),
            recent: BTreeMap::new(),
            callbacks: BTreeSet::new(),
            tasks: BTreeMap::new(),
            paused: BTreeMap::new(),
            again: Vec::new(),
            scheduling: None,
            counting: None,
            schedule_at: start,
            count_at: start,
            deadline: None,
        })
    }

    fn run(mut self) {
        loop {
            let asked = self.read_inbox();
            if self.deadline.is_none() {
                self.begin_what_is_due();
            }
            let progress = self.driver.next(self.patience());
            self.instance.status().traffic = self.driver.traffic();
            match progress {
                Progress::Finished(finished) => self.finish(finished),
                Progress::Waiting => {}
                Progress::Idle if self.deadline.is_some() && !asked => return,
                Progress::Idle if self.deadline.is_some() => {}
                Progress::Idle => self.driver.rest(self.patience()),
            }
            if self
                .deadline
                .is_some_and(|deadline| Instant::now() >= deadline)
            {
                tracing::warn!(
                    instance = self.instance.name(),
                    "stopped with work under way; it stays in the outbox"
                );
                return;
            }
        }
    }

    fn patience(&self) -> Duration {
        let dues = [Some(self.schedule_at), Some(self.count_at), self.deadline];
        let dues = dues
            .into_iter()
            .flatten()
            .chain(self.again.iter().map(|(at, _)| *at));
        let next = dues.min().unwrap_or_else(Instant::now);
        next.saturating_duration_since(Instant::now())
            .clamp(Duration::from_millis(10), Duration::from_secs(1))
    }

    /// Says whether there was something.
    fn read_inbox(&mut self) -> bool {
        let mut asked = false;
        while let Ok(ask) = self.inbox.try_recv() {
            asked = true;
            match ask {
                Ask::Command(command, reply) => match self.driver.submit(*command) {
                    Ok(operation) => {
                        self.replies.insert(operation, reply);
                    }
                    Err(error) => {
                        let _ = reply.send(Err(error));
                    }
                },
                Ask::Await(operation, reply) => match self.recent.get(&operation) {
                    Some(line) => {
                        let _ = reply.send(line.clone());
                    }
                    None if self.pending.contains(&operation) => {
                        self.awaited.entry(operation).or_default().push(reply);
                    }
                    None => {}
                },
                Ask::Stand(operation, reply) => {
                    let _ = reply.send(match self.recent.get(&operation) {
                        Some(line) => Stand::Over(line.clone()),
                        None if self.pending.contains(&operation) => Stand::UnderWay,
                        None => Stand::Unknown,
                    });
                }
                Ask::Look => self.schedule_at = Instant::now(),
                Ask::Stop(deadline) => self.deadline = Some(deadline),
            }
        }
        asked
    }

    fn begin_what_is_due(&mut self) {
        let time = Instant::now();
        while self.callbacks.len() < CALLBACKS_ABREAST {
            let Some(callback) = self.instance.callbacks.pop() else {
                break;
            };
            let callback = Box::new(callback);
            let operation = self.submit(Command::TakeCallback { callback });
            self.callbacks.extend(operation);
        }
        let due = self.again.extract_if(.., |(at, _)| *at <= time);
        let due: Vec<String> = due.map(|(_, case_id)| case_id).collect();
        for case_id in due {
            self.submit(Command::ContinueCase { case_id });
        }
        if self.scheduling.is_none() && time >= self.schedule_at {
            self.scheduling = self.submit(Command::DueTasks);
            self.schedule_at = time + SCHEDULE_AGE;
        }
        if self.counting.is_none() && time >= self.count_at {
            self.counting = self.submit(Command::Backlog);
            self.count_at = time + COUNT_AGE;
        }
    }

    fn submit(&mut self, command: Command) -> Option<OperationId> {
        let submitted = self.driver.submit(command);
        submitted
            .inspect_err(|error| {
                tracing::warn!(instance = self.instance.name(), "refused: {error}");
            })
            .ok()
    }

    fn finish(&mut self, finished: Finished) {
        let operation = finished.operation;
        if let Some(reply) = self.replies.remove(&operation) {
            if let Ok(Outcome::Accepted(Accepted { operation, .. })) = &finished.result {
                self.instance.status().accepted += 1;
                self.pending.extend(*operation);
            }
            let _ = reply.send(finished.result);
        } else if self.scheduling == Some(operation) {
            self.scheduling = None;
            if let Ok(Outcome::Schedule(schedule)) = finished.result {
                self.run_tasks(&schedule);
            }
        } else if self.counting == Some(operation) {
            self.counting = None;
            if let Ok(Outcome::Backlog(backlog)) = finished.result {
                self.instance.status().backlog = backlog;
            }
        } else if self.callbacks.remove(&operation) {
            self.tell_of_callback(&finished.result);
        } else if let Some(task) = self.tasks.remove(&operation) {
            self.tell_of_task(task, finished.result);
        } else {
            self.tell_of_case(finished);
        }
    }

    fn run_tasks(&mut self, schedule: &Schedule) {
        let time = Instant::now();
        for due in schedule.tasks.iter().filter(|due| due.now) {
            let under_way = self.tasks.values().any(|task| *task == due.task);
            let paused = self
                .paused
                .get(&due.task)
                .is_some_and(|until| *until > time);
            if under_way || paused {
                continue;
            }
            let Some(command) = self.command(due.task) else {
                // A file may be mended meanwhile; what the service was not given it will not have later either.
                let mended = due.task == Task::SendDevices && self.devices.is_some();
                let pause = if mended { TASK_PAUSE } else { TASK_PAUSE * 60 };
                self.paused.insert(due.task, time + pause);
                continue;
            };
            if let Some(operation) = self.submit(command) {
                self.tasks.insert(operation, due.task);
            }
        }
        if let Some(next) = schedule.next.filter(|next| *next > now()) {
            let next = time + next.since(now()).max(SCHEDULE_PAUSE);
            self.schedule_at = self.schedule_at.min(next);
        }
    }

    /// What a task is; nothing where the service was not given what it needs.
    fn command(&self, task: Task) -> Option<Command> {
        let instance = self.instance.name();
        match task {
            Task::AutoMap => match &self.inventory {
                Some(inventory) => Some(Command::AutoMap {
                    inventory: inventory.clone(),
                    groups: None,
                    dry_run: false,
                }),
                None => {
                    tracing::warn!(
                        instance,
                        "automatic mapping is due: name the groups with --inventory"
                    );
                    None
                }
            },
            Task::SendDevices => match &self.devices {
                Some(path) => match devices::read(path, "send_devices") {
                    Ok(command) => Some(command),
                    Err(stop) => {
                        tracing::warn!(instance, "devices are due, and are not sent: {stop}");
                        None
                    }
                },
                None => {
                    tracing::warn!(
                        instance,
                        "devices are due: name the file with --devices, or send them with `casewire devices send`"
                    );
                    None
                }
            },
            Task::Reconcile => {
                let automation = &self.instance.settings.config().automation;
                Some(Command::Reconcile {
                    repair: automation.reconcile_repairs,
                })
            }
            Task::ReadCatalog => Some(Command::ReadCatalog),
            Task::ForgetOld => Some(Command::ForgetOld),
            Task::EnsureCallbacks if self.instance.secret.is_none() => {
                tracing::warn!(
                    instance,
                    "callbacks are not registered: set CASEWIRE_CALLBACK_SECRET"
                );
                None
            }
            Task::EnsureCallbacks => Some(Command::EnsureCallbacks { url: None }),
            Task::Poll => Some(Command::Poll),
            Task::WorkQueue => Some(Command::WorkQueue),
            Task::RetryOutbox => Some(Command::RetryOutbox {
                case_ids: None,
                due: true,
            }),
        }
    }

    fn tell_of_task(&mut self, task: Task, result: casewire::Result<Outcome>) {
        let instance = self.instance.name();
        let error = match result {
            Ok(_) => {
                tracing::info!(instance, task = task.name(), "done");
                None
            }
            Err(error) => {
                tracing::warn!(
                    instance,
                    task = task.name(),
                    code = error.code.name(),
                    "failed: {error}"
                );
                self.paused.insert(task, Instant::now() + TASK_PAUSE);
                Some(error.to_string())
            }
        };
        let mut status = self.instance.status();
        let of_task = status.tasks.entry(task).or_default();
        if error.is_none() {
            of_task.last_success = Some(now());
        }
        of_task.error = error;
        drop(status);
        self.schedule_at = self.schedule_at.min(Instant::now() + SCHEDULE_PAUSE);
    }

    fn tell_of_callback(&self, result: &casewire::Result<Outcome>) {
        let instance = self.instance.name();
        let what = match result {
            Ok(Outcome::Callback(CallbackOutcome::Reread { ticket })) => {
                tracing::info!(instance, ticket = ticket.0, "a callback tells of a ticket");
                self.instance.status().last_callback = Some(now());
                "reread"
            }
            Ok(Outcome::Callback(CallbackOutcome::Ignored { why })) => {
                tracing::debug!(instance, "a callback is ignored: {why}");
                "ignored"
            }
            Ok(Outcome::Callback(CallbackOutcome::Refused { why, code })) => {
                tracing::warn!(instance, code = code.name(), "a callback is refused: {why}");
                "refused"
            }
            Ok(_) => "ignored",
            Err(error) => {
                tracing::warn!(
                    instance,
                    code = error.code.name(),
                    "a callback was not judged: {error}"
                );
                "failed"
            }
        };
        self.instance.count_callback(what);
    }

    /// Of a case's operation, or of one that the connector began by itself.
    fn tell_of_case(&mut self, finished: Finished) {
        let operation = finished.operation;
        let instance = self.instance.name().to_owned();
        self.pending.remove(&operation);
        if let Err(error) = &finished.result {
            let case_id = finished.case_id.clone().unwrap_or_default();
            tracing::warn!(
                instance,
                case_id,
                code = error.code.name(),
                "failed: {error}"
            );
            // When it is tried again stands in the schedule.
            self.schedule_at = self.schedule_at.min(Instant::now() + SCHEDULE_PAUSE);
            let by_store = matches!(error.code, Code::StoreFailed | Code::StoreConflict);
            if by_store && !case_id.is_empty() {
                self.again.push((Instant::now() + STORE_PAUSE, case_id));
            }
        }
        let Some(line) = Line::of(finished) else {
            return;
        };
        *self
            .instance
            .status()
            .outcomes
            .entry(line.outcome)
            .or_default() += 1;
        let line = serde_json::to_value(&line).unwrap_or_default();
        tracing::info!(instance, case = %line, "case");
        for reply in self.awaited.remove(&operation).unwrap_or_default() {
            let _ = reply.send(line.clone());
        }
        self.recent.insert(operation, line);
        if self.recent.len() > MOST_RECENT {
            self.recent.pop_first();
        }
    }
}
