use crate::{api::DateForm, time::Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How far the import of one kind has come. It changes together with the rows, in one commit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct ImportCursor {
    /// The highest generation that was ever begun.
    #[serde(default)]
    pub(crate) generation: u32,
    /// What is held and complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) holding: Option<Holding>,
    /// A full import that is not complete yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) progress: Option<Progress>,
    /// Generations whose rows nobody needs any more. They are swept at the beginning of the next import, so that a reader
    /// in the middle of one still finds its rows.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) stale: BTreeSet<u32>,
}

/// A complete generation of rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Holding {
    pub(crate) generation: u32,
    /// Digest of the filter and the fields that were read.
    pub(crate) filter: String,
    /// How many rows.
    pub(crate) rows: u64,
    /// Records that ConnectWise's conditions let through and the filter did not; its count includes them.
    #[serde(default)]
    pub(crate) refused: u64,
    /// When it was last brought up to date, by the host's clock.
    pub(crate) at: Timestamp,
    /// All that changed until then, by ConnectWise's clock, is held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) until: Option<Timestamp>,
    /// The record that changed last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) newest: Option<Newest>,
    /// How this instance is asked by time.
    #[serde(default)]
    pub(crate) date_form: DateForm,
}

/// The record that changed last, as far as was read. Whatever is asked from its time on must find it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Newest {
    pub(crate) at: Timestamp,
    pub(crate) id: u32,
}

/// A full import under way.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Progress {
    pub(crate) generation: u32,
    /// Digest of the filter and the fields that are read.
    pub(crate) filter: String,
    /// When it began, by the host's clock.
    pub(crate) began_at: Timestamp,
    /// When its first page was given, by ConnectWise's clock or a careful guess.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) asked_at: Option<Timestamp>,
    /// All pages up to this one are kept.
    pub(crate) pages: u32,
    /// Pages beyond that are kept, too.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) beyond: BTreeSet<u32>,
    /// The last page that is known to be there.
    pub(crate) last: u32,
    /// Whether there are more pages after `last`.
    pub(crate) more: bool,
    pub(crate) rows: u64,
    pub(crate) refused: u64,
    pub(crate) read: u64,
    pub(crate) changed: u64,
    /// Rows that were held before, as they are or as they were.
    pub(crate) known: u64,
    pub(crate) requests: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) newest: Option<Newest>,
}

impl Progress {
    /// Takes in what a page says of the pages there are.
    pub(crate) fn expect(&mut self, page: u32, last: Option<u32>, more: bool) {
        self.last = self.last.max(last.unwrap_or(page)).max(page);
        if page == self.last {
            self.more = more;
        }
    }

    /// Notes that a page is kept.
    pub(crate) fn keep(&mut self, page: u32) {
        if page > self.pages {
            self.beyond.insert(page);
        }
        while self.beyond.remove(&(self.pages + 1)) {
            self.pages += 1;
        }
    }

    /// The pages up to `last` that are not kept.
    pub(crate) fn missing(&self) -> impl Iterator<Item = u32> + '_ {
        (self.pages + 1..=self.last).filter(|page| !self.beyond.contains(page))
    }
}
