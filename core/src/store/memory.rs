use super::Store;
use crate::effect::{Batch, Record, StoreAnswer, StoreRequest};
use std::{collections::BTreeMap, ops::Bound};

/// A store that lasts as long as the process: for tests, dry runs and browsers.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    records: BTreeMap<String, (u64, String)>,
    revision: u64,
}

impl MemoryStore {
    /// Makes an empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Every record, in the order of the keys.
    pub fn records(&self) -> impl Iterator<Item = Record> + '_ {
        self.records.iter().map(|(key, (revision, value))| Record {
            key: key.clone(),
            revision: *revision,
            value: value.clone(),
        })
    }

    fn commit(&mut self, batch: &Batch) -> StoreAnswer {
        let holds = batch.expect.iter().all(|expected| {
            self.records
                .get(&expected.key)
                .map(|(revision, _)| *revision)
                == expected.revision
        });
        if !holds {
            return StoreAnswer::Conflict;
        }
        self.revision += 1;
        for key in &batch.delete {
            self.records.remove(key);
        }
        for (key, value) in &batch.put {
            self.records
                .insert(key.clone(), (self.revision, value.clone()));
        }
        StoreAnswer::Committed {
            revision: self.revision,
        }
    }
}

impl Store for MemoryStore {
    fn perform(&mut self, request: &StoreRequest) -> Result<StoreAnswer, String> {
        Ok(match request {
            StoreRequest::Get { keys } => StoreAnswer::Records(
                keys.iter()
                    .map(|key| {
                        let (revision, value) = self.records.get(key)?;
                        Some(Record {
                            key: key.clone(),
                            revision: *revision,
                            value: value.clone(),
                        })
                    })
                    .collect(),
            ),
            StoreRequest::Scan {
                prefix,
                after,
                limit,
            } => {
                let start = match after {
                    Some(after) if after >= prefix => Bound::Excluded(after.clone()),
                    _ => Bound::Included(prefix.clone()),
                };
                let page = self.records.range((start, Bound::Unbounded));
                StoreAnswer::Page(
                    page.take_while(|(key, _)| key.starts_with(prefix))
                        .take(usize::try_from(*limit).unwrap_or(usize::MAX))
                        .map(|(key, (revision, value))| Record {
                            key: key.clone(),
                            revision: *revision,
                            value: value.clone(),
                        })
                        .collect(),
                )
            }
            StoreRequest::Commit(batch) => self.commit(batch),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::conformance;

    #[test]
    fn the_memory_store_keeps_every_promise() {
        assert_eq!(
            conformance::check(&mut MemoryStore::new()),
            Vec::<String>::new()
        );
    }
}
