use super::{Identified, NumberedPages};
use crate::{
    api::{Client, Conditions, Query},
    error::Result,
    quirks::DateForm,
    runtime::Context,
    time::Timestamp,
};
use serde::de::DeserializeOwned;

/// Records that changed since a time, page by page in the order of ids, each page after the last id of the one before: what
/// changes or is deleted meanwhile shifts no page.
#[derive(Debug)]
pub(crate) struct ChangedPages<'a> {
    pages: NumberedPages<'a>,
    /// The record that must be found, where one is known: a form of times that the server does not understand finds nothing
    /// and says nothing (API.md section 18, row 5).
    must_find: Option<u32>,
    after: Option<u32>,
    found: bool,
    refused: bool,
    over: bool,
    asked_at: Option<Timestamp>,
    requests: u64,
}

impl Client {
    /// What of a collection meets the conditions and changed at that time or later, with the time in this form.
    pub(crate) fn changed_pages(
        &self,
        path: &'static str,
        conditions: Conditions,
        since: (Timestamp, DateForm),
        query: Query,
        must_find: Option<u32>,
    ) -> ChangedPages<'_> {
        let (time, form) = since;
        let conditions = Conditions::new()
            .since("lastUpdated", time, form)
            .within(conditions);
        ChangedPages {
            pages: self.numbered_pages(path, conditions, query),
            must_find,
            after: None,
            found: must_find.is_none(),
            refused: false,
            over: false,
            asked_at: None,
            requests: 0,
        }
    }
}

impl ChangedPages<'_> {
    /// Goes on after the record with this id, where an earlier reading had come to.
    pub(crate) fn resume_after(mut self, id: u32, found: bool) -> Self {
        self.after = Some(id).filter(|id| *id > 0);
        self.found |= found;
        self
    }

    /// The next page; none after the last, or where the server refuses times in this form. A page is never empty.
    ///
    /// # Errors
    ///
    /// What reading came to.
    pub(crate) async fn next<T: Identified + DeserializeOwned + Send>(
        &mut self,
        cx: &Context,
    ) -> Result<Option<Vec<T>>> {
        if self.over {
            return Ok(None);
        }
        let first = self.requests == 0;
        self.requests += 1;
        let page = match self.pages.page::<T>(cx, self.after, 1).await {
            Err(error) if error.http_status == Some(400) && first => {
                (self.over, self.refused) = (true, true);
                return Ok(None);
            }
            page => page?,
        };
        if self.asked_at.is_none() {
            self.asked_at = page.date;
        }
        let last = page.rows.iter().map(T::record_id).max();
        // A server that does not heed the id would give the same page for ever.
        let advanced = last.filter(|last| self.after.is_none_or(|after| *last > after));
        self.over = !page.more || advanced.is_none();
        let Some(last) = advanced else {
            return Ok(None);
        };
        self.after = Some(last);
        self.found |= page
            .rows
            .iter()
            .any(|row| Some(row.record_id()) == self.must_find);
        Ok(Some(page.rows))
    }

    /// Whether all that changed was seen: the server took the time, and found what it must.
    pub(crate) fn is_understood(&self) -> bool {
        self.found && !self.refused
    }

    /// Whether the record that must be found was among those read so far.
    pub(crate) fn has_found(&self) -> bool {
        self.found
    }

    /// When the first page was given, by the server's own clock, where it says that.
    pub(crate) fn asked_at(&self) -> Option<Timestamp> {
        self.asked_at
    }

    /// How many requests there were.
    pub(crate) fn requests(&self) -> u64 {
        self.requests
    }
}

impl DateForm {
    /// Every form, in the order in which they are tried: the one that was learned first.
    pub(crate) fn in_turn(learned: Self) -> impl Iterator<Item = Self> {
        let others = Self::ALL.into_iter().filter(move |form| *form != learned);
        std::iter::once(learned).chain(others)
    }
}
