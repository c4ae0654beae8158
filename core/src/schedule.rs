//! When a task is due that nobody asked for: the core says so, the host starts it (row E3).

use crate::{config::Config, time::Timestamp};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A task that repeats itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// Automatic mapping: [`Command::AutoMap`](crate::Command::AutoMap) with the host's inventory. Every 6 hours where the
    /// configuration says nothing (guide 000 section 6.2), and when a mapping was changed by hand.
    AutoMap,
    /// The boards read anew: [`Command::ReadCatalog`](crate::Command::ReadCatalog), once `limits.catalog_age` has passed.
    ReadCatalog,
    /// The callback registrations checked and repaired: [`Command::EnsureCallbacks`](crate::Command::EnsureCallbacks), once a
    /// day where the configuration names a receiver (API.md section 13.4).
    EnsureCallbacks,
    /// What waits worked on: [`Command::WorkQueue`](crate::Command::WorkQueue), every 5 seconds while something is due
    /// (guide 001).
    WorkQueue,
    /// Changed tickets looked for: [`Command::Poll`](crate::Command::Poll), every 5 minutes where the configuration says nothing
    /// (`inbound.every`), once `policies.ticket_inbound` is on.
    Poll,
    /// Failed cases tried again whose time has come: [`Command::RetryOutbox`](crate::Command::RetryOutbox) with `due`. Only
    /// where a case failed since the connector was made; a new one takes up everything by itself.
    RetryOutbox,
    /// Devices sent: [`Command::SendDevices`](crate::Command::SendDevices) with the host's devices, as often as `devices.every`
    /// says, and after a discovery where `devices.after_discovery` does (guide 003).
    SendDevices,
    /// Events and decisions deleted that were kept for their time: [`Command::ForgetOld`](crate::Command::ForgetOld), an hour
    /// after the oldest has passed `events.keep` or `events.keep_decisions`.
    ForgetOld,
    /// All open links compared with ConnectWise: [`Command::Reconcile`](crate::Command::Reconcile), with the repair that
    /// `automation.reconcile_repairs` says, as often as `automation.reconcile_every` does.
    Reconcile,
}

/// A task, and when it is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Due {
    /// What to do.
    pub task: Task,
    /// How long after the last run it is due again, such as `6h`; `0s` where only what asked for it makes it due.
    pub every: crate::time::Span,
    /// When it ran last; nothing where it never did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<Timestamp>,
    /// From when on it is due.
    pub at: Timestamp,
    /// Whether that is now.
    pub now: bool,
    /// Why it is due before its time, where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Which tasks there are and when each is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Schedule {
    /// The tasks that are switched on, each once.
    pub tasks: Vec<Due>,
    /// When to ask again, at the latest; nothing where no task is switched on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Timestamp>,
}

/// What the store says of a task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TaskRecords {
    /// When it ran last.
    pub(crate) last: Option<Timestamp>,
    /// Why it is wanted before its time, and since when.
    pub(crate) wanted: Option<(Timestamp, String)>,
}

impl Task {
    /// Every task.
    pub const ALL: &'static [Self] = &[
        Self::AutoMap,
        Self::ReadCatalog,
        Self::EnsureCallbacks,
        Self::WorkQueue,
        Self::Poll,
        Self::RetryOutbox,
        Self::SendDevices,
        Self::ForgetOld,
        Self::Reconcile,
    ];

    /// The name that JSON carries.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AutoMap => "auto_map",
            Self::ReadCatalog => "read_catalog",
            Self::EnsureCallbacks => "ensure_callbacks",
            Self::WorkQueue => "work_queue",
            Self::Poll => "poll",
            Self::RetryOutbox => "retry_outbox",
            Self::SendDevices => "send_devices",
            Self::ForgetOld => "forget_old",
            Self::Reconcile => "reconcile",
        }
    }

    /// How long after its last run it is due again; nothing where it is switched off.
    pub(crate) fn every(self, config: &Config) -> Option<Duration> {
        match self {
            Self::AutoMap => {
                let companies = config.companies.auto_map.as_ref();
                let configurations = config.configurations.auto_map.as_ref();
                let of_groups = companies.filter(|rule| rule.email_domain);
                let of_systems = configurations.filter(|rule| rule.mac);
                let spans = [
                    of_groups.map(|rule| rule.every.0),
                    of_systems.map(|rule| rule.every.0),
                ];
                spans.into_iter().flatten().min()
            }
            Self::ReadCatalog => Some(config.limits.catalog_age.0),
            Self::EnsureCallbacks => {
                let receiver = config.callbacks.as_ref()?.url.as_ref();
                receiver.map(|_| Duration::from_secs(86_400))
            }
            Self::WorkQueue => Some(QUEUE),
            Self::Poll => {
                let on = config.policies.ticket_inbound.enabled;
                on.then_some(config.inbound.every.0)
            }
            // By need, see `Due::of_retry` and `Due::of_forgetting`.
            Self::RetryOutbox | Self::ForgetOld => None,
            Self::SendDevices => {
                let on = config.policies.devices_outbound.enabled;
                let every = config.devices.as_ref()?.every;
                every.filter(|_| on).map(|every| every.0)
            }
            Self::Reconcile => config.automation.reconcile_every.map(|every| every.0),
        }
    }

    /// Whether it can never be due, not even where something asks for it.
    pub(crate) fn is_off(self, config: &Config) -> bool {
        match self {
            Self::SendDevices => {
                !config.policies.devices_outbound.enabled || config.devices.is_none()
            }
            Self::Reconcile => false,
            task => task.every(config).is_none(),
        }
    }
}

/// How often the queue is worked on while something is due (guide 001's vendor: 5 seconds).
const QUEUE: Duration = Duration::from_secs(5);

/// When the queue is to be worked on, from the time of its first entry.
pub(crate) fn due_queue(first: Timestamp, now: Timestamp) -> Due {
    Due {
        task: Task::WorkQueue,
        every: crate::time::Span(QUEUE),
        last: None,
        at: first,
        now: first <= now,
        reason: None,
    }
}

/// When a task is due; nothing where it is switched off. A task that never ran is due now.
pub(crate) fn due(
    task: Task,
    config: &Config,
    records: TaskRecords,
    now: Timestamp,
) -> Option<Due> {
    let Some(every) = task.every(config) else {
        return asked_for(task, config, records, now);
    };
    let by_time = records.last.map_or(now, |last| last.after(every));
    // Those who delete a wish once it is fulfilled know of one that came meanwhile; of the others the last run tells.
    let deletes = matches!(task, Task::AutoMap | Task::SendDevices);
    let wanted = records.wanted.filter(|(since, _)| {
        let fulfilled = records.last.is_some_and(|last| last >= *since);
        *since < by_time && (deletes || !fulfilled)
    });
    let at = wanted.as_ref().map_or(by_time, |(since, _)| *since);
    Some(Due {
        task,
        every: crate::time::Span(every),
        last: records.last,
        at,
        now: at <= now,
        reason: wanted.map(|(_, reason)| reason),
    })
}

/// A task that has no time of its own and is due once something asks for it.
fn asked_for(task: Task, config: &Config, records: TaskRecords, now: Timestamp) -> Option<Due> {
    let (at, reason) = records.wanted?;
    let fulfilled = task != Task::SendDevices && records.last.is_some_and(|last| last >= at);
    let asked = matches!(task, Task::SendDevices | Task::Reconcile);
    (asked && !task.is_off(config) && !fulfilled).then(|| Due {
        task,
        every: crate::time::Span::seconds(0),
        last: records.last,
        at,
        now: at <= now,
        reason: Some(reason),
    })
}

impl Due {
    /// When failed cases are tried again.
    pub(crate) fn of_retry(at: Timestamp, now: Timestamp) -> Self {
        Self {
            task: Task::RetryOutbox,
            every: crate::time::Span::seconds(60),
            last: None,
            at,
            now: at <= now,
            reason: Some("cases failed".to_owned()),
        }
    }
}

impl Due {
    /// When what is old is forgotten.
    pub(crate) fn of_forgetting(at: Timestamp, now: Timestamp) -> Self {
        Self {
            task: Task::ForgetOld,
            every: crate::time::Span::seconds(0),
            last: None,
            at,
            now: at <= now,
            reason: Some("events or decisions were kept for their time".to_owned()),
        }
    }
}

impl Schedule {
    pub(crate) fn of(tasks: Vec<Due>) -> Self {
        let next = tasks.iter().map(|task| task.at).min();
        Self { tasks, next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::tests::settings;
    use serde_json::json;

    const HOUR: i64 = 3_600_000;

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_millis(hours * HOUR)
    }

    fn records(last: Option<i64>, wanted: Option<i64>) -> TaskRecords {
        TaskRecords {
            last: last.map(at),
            wanted: wanted.map(|hours| (at(hours), "saved".to_owned())),
        }
    }

    #[test]
    fn automatic_mapping_is_due_every_six_hours_and_when_it_is_wanted() {
        let settings = settings(|d| {
            d["companies"]["auto_map"] = json!({ "email_domain": true });
        });
        let due = |records, now| due(Task::AutoMap, settings.config(), records, at(now)).unwrap();
        assert!(due(records(None, None), 100).now);
        let later = due(records(Some(100), None), 105);
        assert!(!later.now && later.at == at(106));
        assert!(due(records(Some(100), None), 106).now);
        let wanted = due(records(Some(100), Some(103)), 105);
        assert!(wanted.now && wanted.at == at(103) && wanted.reason.is_some());
        let over = due(records(Some(100), Some(107)), 108);
        assert!(over.at == at(106) && over.reason.is_none());
    }

    #[test]
    fn what_is_switched_off_is_never_due() {
        let settings = settings(|d| {
            d["companies"]["auto_map"] = json!({ "email_domain": false });
            d["configurations"]["auto_map"] = json!(null);
        });
        assert_eq!(
            due(
                Task::AutoMap,
                settings.config(),
                TaskRecords::default(),
                at(1)
            ),
            None
        );
    }

    #[test]
    fn the_shorter_of_two_spans_counts() {
        let settings = settings(|d| {
            d["companies"]["auto_map"] = json!({ "email_domain": true, "every": "12h" });
            d["configurations"]["auto_map"] = json!({ "mac": true, "every": "2h" });
        });
        let every = Task::AutoMap.every(settings.config());
        assert_eq!(every, Some(Duration::from_secs(7200)));
    }
}
