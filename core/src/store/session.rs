//! Typed access to the store for workflows: records that are read with their revisions and written only if these hold.

use super::records;
use crate::{
    effect::{Batch, Expectation, Record, StoreAnswer, StoreRequest},
    error::{Code, Error, Result},
    runtime::Context,
};
use serde::{Serialize, de::DeserializeOwned};

/// A record as it was read or written last: its key, its revision if it exists, and its value.
#[derive(Clone, Debug)]
pub(crate) struct Stored<T> {
    pub(crate) key: String,
    pub(crate) revision: Option<u64>,
    pub(crate) value: Option<T>,
}

impl<T: DeserializeOwned> Stored<T> {
    /// A record as the store gave it.
    pub(crate) fn from_record(key: String, record: Option<Record>) -> Result<Self> {
        let Some(record) = record else {
            return Ok(Self {
                key,
                revision: None,
                value: None,
            });
        };
        let value = records::read(&key, &record.value)?;
        Ok(Self {
            key,
            revision: Some(record.revision),
            value: Some(value),
        })
    }
}

impl<T> Stored<T> {
    /// That it is still as it was read or written last.
    pub(crate) fn standing(&self) -> Expectation {
        Expectation {
            key: self.key.clone(),
            revision: self.revision,
        }
    }
}

/// Reads four records at once.
pub(crate) async fn get_four<
    A: DeserializeOwned,
    B: DeserializeOwned,
    C: DeserializeOwned,
    D: DeserializeOwned,
>(
    cx: &Context,
    keys: [String; 4],
) -> Result<(Stored<A>, Stored<B>, Stored<C>, Stored<D>)> {
    let mut records = get(cx, &keys).await?.into_iter();
    let [a, b, c, d] = keys;
    let mut next = || records.next().flatten();
    Ok((
        Stored::from_record(a, next())?,
        Stored::from_record(b, next())?,
        Stored::from_record(c, next())?,
        Stored::from_record(d, next())?,
    ))
}

/// Reads two records at once.
pub(crate) async fn get_two<A: DeserializeOwned, B: DeserializeOwned>(
    cx: &Context,
    keys: [String; 2],
) -> Result<(Stored<A>, Stored<B>)> {
    let mut records = get(cx, &keys).await?.into_iter();
    let [a, b] = keys;
    let mut next = || records.next().flatten();
    Ok((
        Stored::from_record(a, next())?,
        Stored::from_record(b, next())?,
    ))
}

/// Reads one record.
pub(crate) async fn get_one<T: DeserializeOwned>(cx: &Context, key: String) -> Result<Stored<T>> {
    let record = get(cx, std::slice::from_ref(&key))
        .await?
        .into_iter()
        .next()
        .flatten();
    Stored::from_record(key, record)
}

/// Records that are read at once.
const AT_ONCE: usize = 256;

/// Reads any number of records, in the order of the keys.
pub(crate) async fn get_many<T: DeserializeOwned>(
    cx: &Context,
    keys: Vec<String>,
) -> Result<Vec<Stored<T>>> {
    let mut all = Vec::with_capacity(keys.len());
    for keys in keys.chunks(AT_ONCE) {
        let records = get(cx, keys).await?;
        for (key, record) in keys.iter().zip(records) {
            all.push(Stored::from_record(key.clone(), record)?);
        }
    }
    Ok(all)
}

async fn get(cx: &Context, keys: &[String]) -> Result<Vec<Option<Record>>> {
    match cx
        .store(StoreRequest::Get {
            keys: keys.to_vec(),
        })
        .await?
    {
        StoreAnswer::Records(records) => Ok(records),
        answer => Err(wrong(&answer)),
    }
}

/// Reads a page of records whose keys begin with `prefix`, after the key `after`.
pub(crate) async fn scan(
    cx: &Context,
    prefix: &str,
    after: Option<String>,
    limit: u32,
) -> Result<Vec<Record>> {
    let request = StoreRequest::Scan {
        prefix: prefix.to_owned(),
        after,
        limit,
    };
    match cx.store(request).await? {
        StoreAnswer::Page(page) => Ok(page),
        answer => Err(wrong(&answer)),
    }
}

/// Shows each record whose key begins with `prefix`, page by page. One that cannot be read does not keep the others back.
pub(crate) async fn each<T: DeserializeOwned>(
    cx: &Context,
    prefix: &str,
    mut take: impl FnMut(T),
) -> Result<()> {
    const PAGE: u32 = 256;
    let mut after = None;
    loop {
        let page = scan(cx, prefix, after.take(), PAGE).await?;
        for record in &page {
            if let Ok(value) = records::read(&record.key, &record.value) {
                take(value);
            }
        }
        match page.into_iter().last() {
            Some(record) => after = Some(record.key),
            None => return Ok(()),
        }
    }
}

/// Commits a batch and gives its revision.
///
/// # Errors
///
/// [`Code::StoreConflict`] where another writer was first, [`Code::StoreFailed`] where the store failed.
pub(crate) async fn commit(cx: &Context, batch: Batch) -> Result<u64> {
    match cx.store(StoreRequest::Commit(batch)).await? {
        StoreAnswer::Committed { revision } => Ok(revision),
        StoreAnswer::Conflict => Err(Error::new(
            Code::StoreConflict,
            "another connector changed the same records; it is tried again",
        )),
        answer => Err(wrong(&answer)),
    }
}

fn wrong(answer: &StoreAnswer) -> Error {
    Error::new(
        Code::StoreFailed,
        format!("the store gave an answer to another question: {answer:?}"),
    )
}

impl Batch {
    /// Writes the record's value, or deletes it where there is none, if its revision still holds.
    pub(crate) fn save<T: Serialize>(&mut self, stored: &Stored<T>) -> Result<()> {
        self.rest_on(stored);
        match &stored.value {
            Some(value) => self.put.push((stored.key.clone(), records::write(value)?)),
            None if stored.revision.is_some() => self.delete.push(stored.key.clone()),
            None => {}
        }
        Ok(())
    }

    /// Leaves the record as it is, and expects it to be as it was read.
    pub(crate) fn rest_on<T>(&mut self, stored: &Stored<T>) {
        self.expect.push(stored.standing());
    }

    /// Writes a record whatever it was.
    pub(crate) fn put_record<T: Serialize>(&mut self, key: String, value: &T) -> Result<()> {
        self.put.push((key, records::write(value)?));
        Ok(())
    }
}
