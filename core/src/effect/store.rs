use serde::{Deserialize, Serialize};

/// A request to the host's store.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "store", rename_all = "snake_case")]
pub enum StoreRequest {
    /// Read records by key. Answered with one entry per key, in the same order.
    Get {
        /// The keys.
        keys: Vec<String>,
    },
    /// Read the records whose keys begin with `prefix`, in the order of their bytes.
    Scan {
        /// First bytes of the keys.
        prefix: String,
        /// Only keys greater than this one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<String>,
        /// At most this many.
        limit: u32,
    },
    /// Change records, all or none, durably before it is answered.
    Commit(Batch),
}

/// Changes that are made all or none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Batch {
    /// What must hold, or the answer is [`StoreAnswer::Conflict`] and nothing changes.
    pub expect: Vec<Expectation>,
    /// Records to write, by key. No key stands twice in a batch.
    pub put: Vec<(String, String)>,
    /// Keys to delete.
    pub delete: Vec<String>,
}

/// A key and the revision that it must have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expectation {
    /// The key.
    pub key: String,
    /// Its revision, or none if it must not exist.
    pub revision: Option<u64>,
}

/// A stored record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Key.
    pub key: String,
    /// The revision of the commit that wrote it.
    pub revision: u64,
    /// JSON text.
    pub value: String,
}

/// What the store answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoreAnswer {
    /// To a get: one entry per key, nothing where there is no record.
    Records(Vec<Option<Record>>),
    /// To a scan: the records in the order of their keys.
    Page(Vec<Record>),
    /// To a commit: it is durable. Revisions grow with every commit of the store and are never reused.
    Committed {
        /// The revision that every record of the batch now has.
        revision: u64,
    },
    /// To a commit: an expectation did not hold and nothing changed.
    Conflict,
}
