//! The registrations that have ConnectWise tell the host of saved tickets: listed, put in place, repaired, taken out
//! (API.md section 13.1, row S1).

use super::announce::Announcement;
use crate::{
    callback::{
        Act, CallbackAct, CallbackActKind, CallbackRegistration, CallbacksReport, PathSecret,
        Receiver, Registered, Wanted, description, repairs,
    },
    config::CallbackLevel,
    delivery::Event,
    effect::Batch,
    environment::Environment,
    error::{Code, Error, Result},
    runtime::Context,
    schedule::Task,
    store::{
        records::{CallbackIntent, CallbackRecord, Link, TaskRun},
        session::{self, Stored},
    },
    system::callbacks::{self, Entry},
};
use std::{collections::BTreeSet, time::Duration};
use zeroize::Zeroizing;

/// How often the registrations are read and put right before it is given up.
const ROUNDS: u32 = 6;
/// How often other connectors may change the record first before it is called a fault.
const CONFLICTS: u32 = 16;
/// How long after its intent a write may leave.
const SEND_WINDOW: Duration = Duration::from_secs(30);
/// Registrations that are made, at most.
const MOST: usize = 1000;

/// Lists the API member's registrations.
pub(super) async fn list(cx: &Context, env: &Environment) -> Result<CallbacksReport> {
    let work = Work::of(cx, env, None)?;
    let found = callbacks::list(cx, &env.api).await?;
    Ok(work.report(&found))
}

/// Puts the registrations in place that the level asks for, and takes out what else is this instance's.
pub(super) async fn ensure(
    cx: &Context,
    env: &Environment,
    url: Option<&str>,
) -> Result<CallbacksReport> {
    let Work { receiver, path, .. } = Work::of(cx, env, url)?;
    if receiver.is_none() {
        return Err(Error::new(
            Code::MissingKey,
            "no receiver of callbacks is named: set callbacks.url in the configuration",
        ));
    }
    if path.is_none() {
        return Err(Error::new(
            Code::MissingCallbackSecret,
            "the connector was given no callback secret: set it in its options",
        ));
    }
    let _turn = cx.lock("callbacks").await;
    let level = level(env);
    let objects = objects(cx, env, level).await?;
    for round in 0..CONFLICTS {
        let mut work = Work::of(cx, env, url)?;
        work.wanted.objects.clone_from(&objects);
        match work.ensure().await {
            Err(error) if error.code == Code::StoreConflict => wait(cx, round).await,
            result => return result.map_err(|error| work.clean(error)),
        }
    }
    Err(conflict())
}

/// Takes this instance's registrations out.
pub(super) async fn remove(cx: &Context, env: &Environment) -> Result<CallbacksReport> {
    let _turn = cx.lock("callbacks").await;
    for round in 0..CONFLICTS {
        let mut work = Work::of(cx, env, None)?;
        match work.remove().await {
            Err(error) if error.code == Code::StoreConflict => wait(cx, round).await,
            result => return result.map_err(|error| work.clean(error)),
        }
    }
    Err(conflict())
}

async fn wait(cx: &Context, round: u32) {
    cx.sleep_until(cx.now().after(cx.backoff(round) / 8)).await;
}

fn conflict() -> Error {
    Error::new(
        Code::StoreConflict,
        "other connectors kept changing the callback registrations; try again",
    )
}

fn level(env: &Environment) -> CallbackLevel {
    let callbacks = env.settings.config().callbacks.as_ref();
    callbacks
        .map(|callbacks| callbacks.level)
        .unwrap_or_default()
}

/// The records that the level asks registrations for.
async fn objects(cx: &Context, env: &Environment, level: CallbackLevel) -> Result<BTreeSet<u32>> {
    let mut objects = BTreeSet::new();
    match level {
        CallbackLevel::Owner => {
            objects.insert(OWNER);
        }
        CallbackLevel::Ticket => {
            session::each(cx, &env.keys.all("link"), |link: Link| {
                if !link.closed {
                    objects.insert(link.ticket.0);
                }
            })
            .await?;
        }
        CallbackLevel::Board | CallbackLevel::Status => {
            let catalog = env.catalog(cx).await?;
            let routes = &env.settings.config().routes;
            let names = routes.iter().filter_map(|route| route.board.as_deref());
            for board in names.filter_map(|name| catalog.board(name)) {
                if level == CallbackLevel::Board {
                    objects.insert(board.id);
                } else {
                    let in_use = board.statuses.iter().filter(|status| !status.inactive);
                    objects.extend(in_use.map(|status| status.id));
                }
            }
        }
    }
    if objects.len() > MOST {
        return Err(Error::new(
            Code::TooManyCallbacks,
            format!(
                "the level '{level}' asks for {} callback registrations, and at most {MOST} are made: set callbacks.level to \
                 board or owner",
                objects.len()
            ),
        ));
    }
    Ok(objects)
}

/// What the owner's level is about (API.md section 13.1).
const OWNER: u32 = 1;

/// Registrations under work.
struct Work<'a> {
    cx: &'a Context,
    env: &'a Environment,
    receiver: Option<Receiver>,
    path: Option<&'a PathSecret>,
    wanted: Wanted,
    done: CallbacksReport,
}

impl<'a> Work<'a> {
    fn of(cx: &'a Context, env: &'a Environment, url: Option<&str>) -> Result<Self> {
        let config = env.settings.config();
        let configured = config.callbacks.as_ref().and_then(|c| c.url.as_deref());
        let pointer = if url.is_some() {
            "/url"
        } else {
            "/callbacks/url"
        };
        let receiver = url
            .or(configured)
            .map(|url| Receiver::of(url, &config.connection.site, pointer))
            .transpose()
            .map_err(|fault| Error::refused("the callback receiver", vec![fault]))?;
        let path = env.callbacks.path.as_ref();
        let registered = receiver
            .as_ref()
            .zip(path)
            .map(|(receiver, path)| receiver.registered(&path.segment()));
        Ok(Self {
            cx,
            env,
            receiver,
            path,
            wanted: Wanted {
                url: registered.unwrap_or_default(),
                description: description(&config.instance),
                level: level(env),
                objects: BTreeSet::new(),
            },
            done: CallbacksReport::default(),
        })
    }

    async fn ensure(&mut self) -> Result<CallbacksReport> {
        let mut stored = self.load().await?;
        let (mut repaired, in_place) = self.before(&stored);
        let mut registered = Registered::default();
        let mut found = None;
        for round in 0..ROUNDS {
            let entries = callbacks::list(self.cx, &self.env.api).await?;
            let plan = self.wanted.plan(&entries, &registered);
            if plan.is_empty() {
                found = Some(entries);
                break;
            }
            repaired.extend(repairs(&plan, self.wanted.level, &in_place));
            self.declare(&mut stored, self.intent(&repaired)).await?;
            self.perform(plan, &mut registered, round).await?;
        }
        let found = found.ok_or_else(|| {
            Error::new(
                Code::CallbacksNotKept,
                "ConnectWise does not keep the callback registrations as they were asked for; it is tried again with the next \
                 check. Polling goes on meanwhile",
            )
        })?;
        self.settle(stored, repaired).await?;
        Ok(self.report(&found))
    }

    async fn remove(&mut self) -> Result<CallbacksReport> {
        let mut stored = self.load().await?;
        for round in 0..ROUNDS {
            let entries = callbacks::list(self.cx, &self.env.api).await?;
            let plan = self.wanted.removal(&entries);
            if plan.is_empty() {
                stored.value = None;
                let mut batch = Batch::default();
                batch.save(&stored)?;
                session::commit(self.cx, batch).await?;
                return Ok(self.report(&entries));
            }
            self.declare(&mut stored, CallbackIntent::RemoveCallbacks)
                .await?;
            self.perform(plan, &mut Registered::default(), round)
                .await?;
        }
        Err(Error::new(
            Code::CallbacksNotKept,
            "ConnectWise still has callback registrations that were taken out; try again",
        ))
    }

    async fn load(&self) -> Result<Stored<CallbackRecord>> {
        session::get_one(self.cx, self.env.keys.callbacks()).await
    }

    /// What an interrupted repair has repaired already, and what was in place before.
    fn before(&self, stored: &Stored<CallbackRecord>) -> (BTreeSet<String>, BTreeSet<u32>) {
        let Some(record) = &stored.value else {
            return Default::default();
        };
        let receiver = self.receiver.as_ref().map(Receiver::shown);
        let repaired = match &record.intent {
            Some(CallbackIntent::EnsureCallbacks { repairs, .. }) => repairs.clone(),
            _ => BTreeSet::new(),
        };
        let same =
            record.receiver.as_deref() == receiver && record.level == Some(self.wanted.level);
        let in_place = if same {
            record.objects.clone()
        } else {
            BTreeSet::new()
        };
        (repaired, in_place)
    }

    fn intent(&self, repaired: &BTreeSet<String>) -> CallbackIntent {
        let receiver = self.receiver.as_ref().map(Receiver::shown);
        CallbackIntent::EnsureCallbacks {
            receiver: receiver.unwrap_or_default().to_owned(),
            repairs: repaired.clone(),
        }
    }

    /// Records what is about to be done, where that is not recorded yet.
    async fn declare(
        &self,
        stored: &mut Stored<CallbackRecord>,
        intent: CallbackIntent,
    ) -> Result<()> {
        let record = stored.value.get_or_insert_with(CallbackRecord::default);
        if record.intent.as_ref() == Some(&intent) {
            return Ok(());
        }
        record.intent = Some(intent);
        let mut batch = Batch::default();
        batch.save(stored)?;
        stored.revision = Some(session::commit(self.cx, batch).await?);
        Ok(())
    }

    /// Records what is in place now, and tells the host of what was repaired.
    async fn settle(
        &self,
        mut stored: Stored<CallbackRecord>,
        repaired: BTreeSet<String>,
    ) -> Result<()> {
        let settled = CallbackRecord {
            intent: None,
            level: Some(self.wanted.level),
            objects: self.wanted.objects.clone(),
            receiver: self.receiver.as_ref().map(|it| it.shown().to_owned()),
        };
        let mut batch = Batch::default();
        let run = TaskRun {
            at: self.cx.now(),
            ..TaskRun::default()
        };
        batch.put_record(self.env.keys.run(Task::EnsureCallbacks), &run)?;
        if stored.value.as_ref() != Some(&settled) {
            stored.value = Some(settled);
            batch.save(&stored)?;
        }
        if repaired.is_empty() {
            session::commit(self.cx, batch).await?;
            return Ok(());
        }
        let reason = repaired.into_iter().collect::<Vec<_>>().join("\n");
        let event = Event::CallbackRepaired { reason };
        let announcement = Announcement::add(self.cx, self.env, event, &mut batch).await?;
        session::commit(self.cx, batch).await?;
        announcement.offer(self.cx);
        Ok(())
    }

    /// Performs a plan. What was perhaps not performed shows when the registrations are read again.
    async fn perform(
        &mut self,
        plan: Vec<Act>,
        registered: &mut Registered,
        round: u32,
    ) -> Result<()> {
        for act in plan {
            if let Some(error) = self.act(&act, registered).await {
                if !error.retry {
                    return Err(error);
                }
                wait(self.cx, round + 3).await;
                return Ok(());
            }
        }
        Ok(())
    }

    /// Performs an act; gives what went wrong.
    async fn act(&mut self, act: &Act, registered: &mut Registered) -> Option<Error> {
        let (cx, api, wanted) = (self.cx, &self.env.api, &self.wanted);
        let not_after = cx.now().after(SEND_WINDOW);
        let (done, result) = match *act {
            Act::Register { object, why } => {
                let (url, text) = (&wanted.url, &wanted.description);
                let made =
                    callbacks::register(cx, api, url, wanted.level, object, text, not_after).await;
                if made == Ok(false) && registered.held_by_another.insert(object) {
                    let message = format!(
                        "another member of ConnectWise holds the callback registration of {} {object}; it works, and is \
                         repaired only with that member's keys",
                        wanted.level
                    );
                    self.done
                        .warnings
                        .push(Error::new(Code::CallbackHeldByAnother, message));
                    return None;
                }
                let kind = CallbackActKind::Registered;
                (done(kind, Some(object), None, why), made.map(|_| ()))
            }
            Act::Correct { id, object, why } => {
                let text = &wanted.description;
                let result = callbacks::correct(cx, api, id, text, not_after).await;
                if result.is_ok() {
                    registered.corrected.insert(id);
                }
                let kind = CallbackActKind::Corrected;
                (done(kind, Some(object), Some(id), why), result)
            }
            Act::Remove { id, why } => {
                let result = callbacks::remove(cx, api, id, not_after).await;
                (done(CallbackActKind::Removed, None, Some(id), why), result)
            }
        };
        match result {
            Ok(()) => {
                self.done.done.push(done);
                None
            }
            Err(failure) => Some(failure.error),
        }
    }

    /// The registrations as people may see them, and what was done.
    fn report(&self, found: &[Entry]) -> CallbacksReport {
        let mut registrations: Vec<CallbackRegistration> = found
            .iter()
            .map(|entry| {
                let ours = self.wanted.is_ours(entry);
                let current = self
                    .receiver
                    .as_ref()
                    .filter(|_| !self.wanted.url.is_empty() && entry.url == self.wanted.url);
                CallbackRegistration {
                    id: entry.id,
                    ours,
                    url: current.map_or_else(
                        || origin(&entry.url),
                        |receiver| receiver.shown().to_owned(),
                    ),
                    kind: entry.kind.clone(),
                    level: entry.level.clone(),
                    object_id: entry.object_id,
                    active: !entry.inactive,
                    description: entry.description.clone(),
                }
            })
            .collect();
        registrations.sort_by_key(|registration| registration.id);
        let held_by_another = |warning: &Error| {
            warning.code != Code::CallbackHeldByAnother
                || self.wanted.objects.iter().any(|object| {
                    found.iter().all(|entry| {
                        entry.url != self.wanted.url || entry.object_id != Some(*object)
                    })
                })
        };
        let warnings = self.done.warnings.iter().filter(|it| held_by_another(it));
        CallbacksReport {
            registrations,
            done: self.done.done.clone(),
            warnings: warnings.cloned().collect(),
        }
    }

    /// Takes the secret out of an error that quotes the server.
    fn clean(&self, error: Error) -> Error {
        let Some(path) = self.path else { return error };
        let segment: Zeroizing<String> = path.segment();
        let hide = |text: String| text.replace(segment.as_str(), "[secret]");
        Error {
            message: hide(error.message),
            connectwise_code: error.connectwise_code.map(hide),
            field: error.field.map(hide),
            ..error
        }
    }
}

fn done(act: CallbackActKind, object_id: Option<u32>, id: Option<u32>, why: &str) -> CallbackAct {
    CallbackAct {
        act,
        object_id,
        id,
        why: why.to_owned(),
    }
}

/// Scheme and host of an address whose path may hold a secret.
fn origin(url: &str) -> String {
    let start = url.find("://").map_or(0, |at| at + 3);
    let rest = url.get(start..).unwrap_or_default();
    let end = rest
        .find(['/', '?', '#'])
        .map_or(url.len(), |at| start + at);
    url.get(..end).unwrap_or_default().to_owned()
}
