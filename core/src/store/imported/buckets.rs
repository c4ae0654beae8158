use super::{Bucket, Held};
use crate::{
    error::Result,
    import::ImportKind,
    runtime::Context,
    store::{
        keys::Keys,
        session::{self, Stored},
    },
};

/// Buckets that are read at once.
pub(super) const BUCKETS: u32 = 8;

/// The buckets of one generation, in their order.
#[derive(Debug)]
pub(crate) struct Buckets {
    /// None where nothing is held, or all was read.
    prefix: Option<String>,
    after: Option<String>,
}

impl Buckets {
    /// No buckets at all.
    pub(super) fn none() -> Self {
        Self {
            prefix: None,
            after: None,
        }
    }

    /// The buckets of a generation, complete or not.
    pub(crate) fn of_generation(keys: &Keys, kind: ImportKind, generation: u32) -> Self {
        Self {
            prefix: Some(keys.imported(kind, generation)),
            after: None,
        }
    }

    /// The buckets of a generation from a number on.
    pub(super) fn from_number(keys: &Keys, kind: ImportKind, generation: u32, number: u32) -> Self {
        let before = number.checked_sub(1);
        Self {
            after: before.map(|before| keys.bucket(kind, generation, before)),
            ..Self::of_generation(keys, kind, generation)
        }
    }

    /// Some more buckets; none after the last.
    pub(crate) async fn next<R: Held>(
        &mut self,
        cx: &Context,
    ) -> Result<Option<Vec<Stored<Bucket<R>>>>> {
        let Some(prefix) = &self.prefix else {
            return Ok(None);
        };
        let page = session::scan(cx, prefix, self.after.take(), BUCKETS).await?;
        let Some(last) = page.last() else {
            self.prefix = None;
            return Ok(None);
        };
        self.after = Some(last.key.clone());
        page.into_iter()
            .map(|record| Stored::from_record(record.key.clone(), Some(record)))
            .collect::<Result<_>>()
            .map(Some)
    }
}
