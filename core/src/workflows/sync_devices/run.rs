use super::reading::{Intents, Reading};
use crate::{
    api::{Performed, WriteResult},
    company::{
        ConfigurationId,
        device_rows::{self, DeviceRow},
    },
    devices::{
        Device, DeviceOutcome, DeviceResult, DevicesReport,
        difference::{Difference, not_taken},
        plan::{Act, Step},
    },
    effect::Batch,
    environment::Environment,
    error::{Code, Error, Fault, Result},
    runtime::{Context, join_all},
    settings::DeviceRules,
    store::{
        records::{DeviceIntent, DeviceRecord, DeviceWrite},
        session::{self, Stored},
    },
    time::Timestamp,
};
use std::{collections::BTreeMap, time::Duration};

/// How long after its intent a request may leave.
const SEND_WINDOW: Duration = Duration::from_secs(30);

/// Requests side by side, whose intents are committed together.
const ABREAST: usize = 8;

/// Links that are committed together.
const AT_ONCE: usize = 500;

/// Devices under way: each is compared, intended, sent, and found again where its answer was lost.
pub(super) struct Run<'a> {
    cx: &'a Context,
    env: &'a Environment,
    rules: &'a DeviceRules,
    devices: &'a [Device],
    /// By device.
    outcomes: BTreeMap<&'a str, DeviceOutcome>,
    /// Requests whose answers were lost, by device, with the columns that they change.
    lost: BTreeMap<&'a str, (DeviceWrite, Vec<String>)>,
    /// How many configurations this run made or changed, or may have.
    written: usize,
    unchanged: u64,
    left_out: u64,
    deferred: u64,
}

/// A request, ready to be sent.
struct Ready<'a> {
    index: usize,
    device: &'a Device,
    /// None for a new configuration.
    configuration: Option<ConfigurationId>,
    difference: Difference,
    record: Stored<DeviceRecord>,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        cx: &'a Context,
        env: &'a Environment,
        rules: &'a DeviceRules,
        devices: &'a [Device],
    ) -> Self {
        Self {
            cx,
            env,
            rules,
            devices,
            outcomes: BTreeMap::new(),
            lost: BTreeMap::new(),
            written: 0,
            unchanged: 0,
            left_out: 0,
            deferred: 0,
        }
    }

    /// Goes through all devices once; gives back the last error where answers were lost.
    pub(super) async fn go_through(&mut self) -> Result<Option<Error>> {
        let (cx, env, devices) = (self.cx, self.env, self.devices);
        let reading = Reading::of(cx, env, self.rules, devices, Intents::Settled).await?;
        let steps = reading.steps(cx, env, self.rules, devices).await?;
        let mut records = reading.records;
        (self.unchanged, self.deferred) = (0, 0);
        self.left_out = steps.left_out;
        let mut settled = Vec::new();
        let mut ready = Vec::new();
        for step in steps.steps {
            let Step {
                index, device, act, ..
            } = step;
            let id = device.id.as_str();
            let record = records.remove(id).unwrap_or_else(|| Stored {
                key: env.keys.device(id),
                revision: None,
                value: None,
            });
            match act {
                Act::Nothing(configuration) => {
                    self.found(id, configuration);
                    settled.extend(linked(record, id, Some(configuration)));
                }
                Act::Refuse(faults) => {
                    self.lost.remove(id);
                    self.outcomes.insert(id, DeviceOutcome::Refused { faults });
                    settled.extend(released(record));
                }
                // What was lost and is not there did not land: it was counted already.
                Act::Create(_) | Act::Update(..)
                    if self.written >= self.rules.max_devices && !self.lost.contains_key(id) =>
                {
                    self.deferred += 1;
                    settled.extend(released(record));
                }
                Act::Create(difference) => {
                    self.count(id);
                    ready.push(Ready {
                        index,
                        device,
                        configuration: None,
                        difference,
                        record,
                    });
                }
                Act::Update(configuration, _, difference) => {
                    self.count(id);
                    let configuration = Some(configuration);
                    ready.push(Ready {
                        index,
                        device,
                        configuration,
                        difference,
                        record,
                    });
                }
            }
        }
        for part in settled.chunks(AT_ONCE) {
            let mut batch = Batch::default();
            for record in part {
                batch.save(record)?;
            }
            session::commit(cx, batch).await?;
        }
        let mut last = None;
        while !ready.is_empty() {
            let rest = ready.split_off(ready.len().min(ABREAST));
            let part = std::mem::replace(&mut ready, rest);
            last = self.send(part).await?.or(last);
        }
        Ok(last)
    }

    fn count(&mut self, id: &str) {
        if !self.lost.contains_key(id) {
            self.written += 1;
        }
    }

    /// Takes note of a device whose configuration says what it should.
    fn found(&mut self, id: &'a str, configuration: ConfigurationId) {
        let not_taken = Vec::new();
        match self.lost.remove(id) {
            Some((DeviceWrite::Create, _)) => {
                let outcome = DeviceOutcome::Created {
                    configuration,
                    not_taken,
                };
                self.outcomes.insert(id, outcome);
            }
            Some((DeviceWrite::Change, columns)) => {
                let outcome = DeviceOutcome::Updated {
                    configuration,
                    columns,
                    not_taken,
                };
                self.outcomes.insert(id, outcome);
            }
            None if self.outcomes.contains_key(id) => {}
            None => self.unchanged += 1,
        }
    }

    /// Commits the intents of some requests, sends them, and commits what came of them.
    async fn send(&mut self, mut part: Vec<Ready<'a>>) -> Result<Option<Error>> {
        let not_after = self.cx.now().after(SEND_WINDOW);
        for ready in &mut part {
            let action = match ready.configuration {
                None => DeviceWrite::Create,
                Some(_) => DeviceWrite::Change,
            };
            let record = ready.record();
            record.intent = Some(DeviceIntent { action, not_after });
        }
        self.commit(&mut part).await?;
        let requests = part
            .iter()
            .map(|ready| ready.send(self.cx, self.env, not_after));
        let answers = join_all(requests).await;
        let (mut lost, mut failed) = (None, None);
        for (ready, answer) in part.iter_mut().zip(answers) {
            match answer {
                Ok(row) => self.done(ready, &row),
                Err(failure) if failure.performed == Performed::Unknown => {
                    let write = match ready.configuration {
                        None => DeviceWrite::Create,
                        Some(_) => DeviceWrite::Change,
                    };
                    let id = ready.device.id.as_str();
                    self.lost.insert(id, (write, ready.columns()));
                    let last_moment = self.cx.now().min(not_after);
                    let record = ready.record();
                    record.intent = Some(DeviceIntent {
                        action: write,
                        not_after: last_moment,
                    });
                    lost = Some(failure.error);
                }
                Err(failure) => {
                    ready.record().intent = None;
                    if is_refusal(&failure.error) {
                        self.refused(ready, &failure.error);
                    } else {
                        failed = Some(failure.error);
                    }
                }
            }
        }
        self.commit(&mut part).await?;
        match failed {
            Some(error) => Err(error),
            None => Ok(lost),
        }
    }

    fn done(&mut self, ready: &mut Ready<'a>, row: &DeviceRow) {
        let id = ready.device.id.as_str();
        let not_taken = not_taken(&ready.difference.changes, row);
        let outcome = match ready.configuration {
            None => DeviceOutcome::Created {
                configuration: row.id,
                not_taken,
            },
            Some(configuration) => DeviceOutcome::Updated {
                configuration,
                columns: ready.columns(),
                not_taken,
            },
        };
        self.outcomes.insert(id, outcome);
        self.lost.remove(id);
        let record = ready.record();
        record.intent = None;
        record.configuration = Some(row.id);
    }

    fn refused(&mut self, ready: &Ready<'a>, error: &Error) {
        let id = ready.device.id.as_str();
        let fix = "Change the columns, or the device, so that ConnectWise takes it";
        let place = format!("/devices/{}", ready.index);
        let fault = Fault::new(error.code, place, error.message.clone(), fix);
        let faults = vec![fault];
        self.lost.remove(id);
        self.outcomes.insert(id, DeviceOutcome::Refused { faults });
    }

    async fn commit(&self, part: &mut [Ready<'a>]) -> Result<()> {
        let mut batch = Batch::default();
        for ready in part.iter() {
            batch.save(&ready.record)?;
        }
        let revision = session::commit(self.cx, batch).await?;
        for ready in part {
            ready.record.revision = Some(revision);
        }
        Ok(())
    }

    /// What came of all devices, in their order.
    pub(super) fn report(mut self) -> DevicesReport {
        let results = self.devices.iter().filter_map(|device| {
            let result = self.outcomes.remove(device.id.as_str())?;
            Some(DeviceResult {
                device: device.id.clone(),
                name: device.label().to_owned(),
                result,
            })
        });
        DevicesReport {
            results: results.collect(),
            unchanged: self.unchanged,
            left_out: self.left_out,
            deferred: self.deferred,
        }
    }
}

impl Ready<'_> {
    fn record(&mut self) -> &mut DeviceRecord {
        let id = &self.device.id;
        self.record
            .value
            .get_or_insert_with(|| DeviceRecord::new(id))
    }

    fn columns(&self) -> Vec<String> {
        let changes = self.difference.changes.iter();
        changes.map(|change| change.column.clone()).collect()
    }

    async fn send(
        &self,
        cx: &Context,
        env: &Environment,
        not_after: Timestamp,
    ) -> WriteResult<DeviceRow> {
        let body = &self.difference.body;
        match self.configuration {
            None => device_rows::create(cx, &env.api, body, not_after).await,
            Some(id) => device_rows::change(cx, &env.api, id, body, not_after).await,
        }
    }
}

/// The record with its link, where it says something else.
fn linked(
    mut record: Stored<DeviceRecord>,
    device: &str,
    configuration: Option<ConfigurationId>,
) -> Option<Stored<DeviceRecord>> {
    let said = record
        .value
        .get_or_insert_with(|| DeviceRecord::new(device));
    if said.configuration == configuration && said.intent.is_none() {
        return None;
    }
    said.configuration = configuration;
    said.intent = None;
    Some(record)
}

/// The record without its intent, where it has one: what it asked for did not land.
fn released(mut record: Stored<DeviceRecord>) -> Option<Stored<DeviceRecord>> {
    record.value.as_mut()?.intent.take()?;
    Some(record)
}

/// Whether ConnectWise says that it will not do this, as opposed to a failure of the connection or of all requests.
fn is_refusal(error: &Error) -> bool {
    matches!(
        error.code,
        Code::Rejected | Code::Forbidden | Code::NotFound | Code::InUse | Code::TooLarge
    )
}
