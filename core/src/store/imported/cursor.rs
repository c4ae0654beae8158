use crate::{quirks::DateForm, time::Timestamp};
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
    /// When everything was read last, by the host's clock.
    pub(crate) full_at: Timestamp,
    /// When it was last brought up to date, by the host's clock.
    pub(crate) at: Timestamp,
    /// All that changed until then, by ConnectWise's clock, is held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) until: Option<Timestamp>,
    /// The record that changed last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) newest: Option<Newest>,
    /// How this instance is asked by time. Begins as documented: a refresh notices a form that finds nothing.
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
    /// The highest id that was read.
    pub(crate) highest: u32,
    /// The pages below are those of the records after this id. None where no page is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) after: Option<u32>,
    /// Pages that are known to be there and are not kept.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) missing: BTreeSet<u32>,
    /// The last page that is known to be there.
    pub(crate) last: u32,
    /// Whether there are records after the highest id.
    pub(crate) more: bool,
    /// A page that was promised held nothing: what the server says of its last page is not believed.
    #[serde(default)]
    pub(crate) broken_promise: bool,
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
    /// Whether a first page is next: that of everything, or of what comes after the highest id.
    pub(crate) fn wants_first_page(&self) -> bool {
        self.after.is_none() || (self.missing.is_empty() && self.more)
    }

    /// Takes in what a first page says of those after it. Its rows are among the highest.
    pub(crate) fn keep_first(&mut self, last: Option<u32>, more: bool) {
        let promised = last.filter(|_| !self.broken_promise);
        self.after = Some(self.highest);
        self.last = promised.unwrap_or(1).saturating_sub(1);
        self.missing = (1..=self.last).collect();
        self.more = more && self.last == 0;
    }

    /// Notes that a page is kept, and whether there is another after it.
    pub(crate) fn keep(&mut self, page: u32, more: bool) {
        self.missing.remove(&page);
        if page == self.last {
            self.more = more;
        }
    }

    /// Notes that a page holds nothing, and so none after it does.
    pub(crate) fn end_before(&mut self, page: u32) {
        self.missing.retain(|missing| *missing < page);
        self.last = self.last.min(page.saturating_sub(1));
        self.more = false;
        self.broken_promise = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun(last: Option<u32>, more: bool) -> Progress {
        let mut progress = Progress {
            highest: 1000,
            ..Progress::default()
        };
        assert!(progress.wants_first_page());
        progress.keep_first(last, more);
        progress
    }

    #[test]
    fn the_first_page_says_how_many_more_there_are() {
        let progress = begun(Some(4), true);
        assert_eq!(
            (progress.missing, progress.after),
            ([1, 2, 3].into(), Some(1000))
        );
        assert!(!progress.more);
        for (last, more) in [(None, true), (Some(1), true), (None, false)] {
            let progress = begun(last, more);
            assert!(progress.missing.is_empty());
            assert_eq!(progress.wants_first_page(), more);
        }
    }

    #[test]
    fn what_comes_after_the_promised_last_page_is_read_too() {
        let mut progress = begun(Some(3), true);
        progress.keep(2, true);
        assert!(!progress.wants_first_page());
        progress.keep(1, true);
        assert!(progress.wants_first_page());
        progress.highest = 3000;
        progress.keep_first(None, false);
        assert!(!progress.wants_first_page() && progress.after == Some(3000));
    }

    #[test]
    fn a_server_that_broke_its_promise_is_believed_no_more() {
        let mut progress = begun(Some(9), true);
        progress.end_before(6);
        assert_eq!(progress.missing, [1, 2, 3, 4, 5].into());
        for page in 1..=5 {
            progress.keep(page, page == 5);
        }
        progress.keep_first(Some(8), true);
        assert!(progress.missing.is_empty() && progress.wants_first_page());
    }
}
