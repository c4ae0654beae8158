use crate::{
    command::Command,
    delivery::Delivery,
    effect::Batch,
    environment::Environment,
    error::{Code, Error, Result},
    event_log::About,
    mapping::{MappedKind, Mapping, MappingKey, MappingRecord, MappingState},
    runtime::Context,
    schedule::Task,
    store::{
        records::{HeldCase, TaskRun},
        session::{self, Stored},
    },
    workflows::event_log,
};
use std::collections::{BTreeMap, BTreeSet};

/// How often other connectors may get in first before it is called a fault.
pub(super) const ROUNDS: u32 = 16;

/// Mappings under change: read with their revisions, decided, and saved together or not at all.
pub(super) struct Staging<'a> {
    cx: &'a Context,
    env: &'a Environment,
    records: BTreeMap<MappingKey, Stored<MappingRecord>>,
    changed: BTreeSet<MappingKey>,
    /// With the number of each; a group or system is decided about once.
    deliveries: BTreeMap<MappingKey, (u64, Delivery)>,
}

impl<'a> Staging<'a> {
    /// Reads the records of these groups and systems.
    pub(super) async fn load(
        cx: &'a Context,
        env: &'a Environment,
        keys: BTreeSet<MappingKey>,
    ) -> Result<Self> {
        let stored = keys.iter().map(|key| env.keys.mapping(key)).collect();
        let stored = session::get_many(cx, stored).await?;
        Ok(Self {
            cx,
            env,
            records: keys.into_iter().zip(stored).collect(),
            changed: BTreeSet::new(),
            deliveries: BTreeMap::new(),
        })
    }

    /// A mapping as it is, where there is one.
    pub(super) fn get(&self, key: &MappingKey) -> Option<&Mapping> {
        let record = self.records.get(key)?.value.as_ref()?;
        Some(&record.mapping)
    }

    /// Decides about a group or system; what is then to be told is told with the commit. Says whether anything changed.
    pub(super) fn decide(
        &mut self,
        key: &MappingKey,
        name: Option<&str>,
        group: Option<&str>,
        mut state: MappingState,
    ) -> bool {
        let Some(stored) = self.records.get_mut(key) else {
            return false;
        };
        let now = self.cx.now();
        state.at = Some(now);
        let before = stored.value.clone();
        let record = stored.value.get_or_insert_with(|| MappingRecord::new(key));
        let keep = |kept: &mut Option<String>, said: Option<&str>| {
            if let Some(said) = said {
                *kept = Some(said.to_owned());
            }
        };
        keep(&mut record.mapping.name, name);
        keep(&mut record.mapping.group, group);
        if let Some(event) = record.decide(state) {
            record.deliveries += 1;
            let subject = key.subject();
            let delivery = Delivery {
                id: self.env.keys.delivery_id(&subject, record.deliveries),
                subject,
                at: now,
                alert: self.env.settings.alert(event.kind()),
                event,
                ticket: None,
            };
            let delivery = (record.deliveries, delivery);
            self.deliveries.insert(key.clone(), delivery);
        }
        let changed = before.as_ref() != Some(record);
        if changed {
            self.changed.insert(key.clone());
        }
        changed
    }

    /// How many are not as they were.
    pub(super) fn changed(&self) -> usize {
        self.changed.len()
    }

    /// Saves what changed, all of it or nothing, and offers the host what is to be told. `wanted` says why automatic mapping
    /// is due before its time.
    ///
    /// # Errors
    ///
    /// [`Code::StoreConflict`] where another connector changed one of the records first: read them again.
    pub(super) async fn commit(&mut self, wanted: Option<&str>) -> Result<()> {
        if self.changed.is_empty() {
            return Ok(());
        }
        let keys = self.changed.iter().cloned().collect::<Vec<_>>();
        self.commit_these(&keys, wanted).await
    }

    /// Saves what changed, so many at a time: each part whole.
    ///
    /// # Errors
    ///
    /// As [`commit`](Self::commit); the parts before are saved then.
    pub(super) async fn commit_in_parts(&mut self, size: usize) -> Result<()> {
        let keys = self.changed.iter().cloned().collect::<Vec<_>>();
        for keys in keys.chunks(size) {
            self.commit_these(keys, None).await?;
        }
        Ok(())
    }

    async fn commit_these(&mut self, keys: &[MappingKey], wanted: Option<&str>) -> Result<()> {
        let mut batch = Batch::default();
        let mut subjects = Vec::new();
        for key in keys {
            if let Some(stored) = self.records.get(key) {
                batch.save(stored)?;
            }
            if let Some((number, delivery)) = self.deliveries.get(key) {
                let group = self.get(key).and_then(|mapping| mapping.group.as_deref());
                let about = About::of_group(group);
                let key = self.env.keys.delivery(&delivery.subject, *number);
                batch.put_record(key, delivery)?;
                event_log::keep(self.env, delivery, &about, None, &mut batch)?;
                subjects.push(delivery.subject.clone());
            }
        }
        if let Some(reason) = wanted {
            let wanted = TaskRun {
                at: self.cx.now(),
                reason: reason.to_owned(),
            };
            batch.put_record(self.env.keys.wanted(Task::AutoMap), &wanted)?;
        }
        session::commit(self.cx, batch).await?;
        if !subjects.is_empty() {
            self.cx.spawn(Command::Deliver { subjects });
        }
        Ok(())
    }
}

/// Says that others kept changing the same mappings.
pub(super) fn contended() -> Error {
    Error::new(
        Code::StoreConflict,
        "other connectors kept changing the same mappings; nothing was saved. Try again",
    )
}

/// Goes on with the held cases of these groups, each as an operation of its own. Says how many there are.
///
/// A group that has no company after all holds its cases again. A host that dies before goes on with all held cases when it
/// resumes.
pub(super) async fn go_on(
    cx: &Context,
    env: &Environment,
    groups: &BTreeSet<String>,
) -> Result<u64> {
    let mut cases = 0;
    if groups.is_empty() {
        return Ok(cases);
    }
    session::each(cx, &env.keys.all("held"), |held: HeldCase| {
        if groups.contains(&held.case.group.id) {
            cases += 1;
            cx.submit(Command::ContinueCase {
                case_id: held.case.id.clone(),
            });
        }
    })
    .await?;
    Ok(cases)
}

/// The groups among these keys.
pub(super) fn groups_of<'a>(keys: impl IntoIterator<Item = &'a MappingKey>) -> BTreeSet<String> {
    let groups = keys.into_iter().filter(|key| key.kind == MappedKind::Group);
    groups.map(|key| key.id.clone()).collect()
}
