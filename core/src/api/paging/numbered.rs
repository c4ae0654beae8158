use super::{Identified, Links, MAX_PAGES, PAGE_SIZE, too_many};
use crate::{
    api::{
        Client, Conditions, Query,
        answer::{Answer, Take},
        read::Pagination,
    },
    error::Result,
    runtime::{Context, Shared},
    time::Timestamp,
};
use serde::{Deserialize, de::DeserializeOwned};

/// A collection whose pages are read by number, in any order and several at once.
#[derive(Debug)]
pub(crate) struct NumberedPages<'a> {
    client: &'a Client,
    path: &'static str,
    conditions: Conditions,
    query: Query,
    /// The server refused the projection: an older release may lack one of the fields (API.md section 5).
    whole: Shared<bool>,
}

/// One page, and what it says of the others.
#[derive(Debug)]
pub(crate) struct NumberedPage<T> {
    pub(crate) rows: Vec<T>,
    /// The number of the last page, as the server sees it now. It may be wrong.
    pub(crate) last: Option<u32>,
    /// Whether there is a page after this one.
    pub(crate) more: bool,
    /// When the server answered, by its own clock.
    pub(crate) date: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Count {
    count: u64,
}

impl Client {
    /// A collection in the order of ids, 1,000 records a page (API.md section 4).
    pub(crate) fn numbered_pages(
        &self,
        path: &'static str,
        conditions: Conditions,
        query: Query,
    ) -> NumberedPages<'_> {
        NumberedPages {
            client: self,
            path,
            conditions,
            query: query.with("pageSize", PAGE_SIZE).with("orderBy", "id"),
            whole: Shared::new(false),
        }
    }

    /// How many records of a collection meet the conditions (API.md section 4).
    pub(crate) async fn count(
        &self,
        cx: &Context,
        path: &str,
        conditions: &Conditions,
        child_conditions: &Conditions,
    ) -> Result<u64> {
        let query = Query::new()
            .conditions(conditions)
            .child_conditions(child_conditions);
        let count: Count = self.read(cx, &format!("{path}/count"), &query).await?;
        Ok(count.count)
    }
}

impl NumberedPages<'_> {
    /// Reads a page, counted from 1, of the records with ids above `after`. One after the last is empty.
    ///
    /// # Errors
    ///
    /// What reading came to; [`Code::AnswerTooLarge`](crate::Code::AnswerTooLarge) beyond ten million records.
    pub(crate) async fn page<T: Identified + DeserializeOwned + Send>(
        &self,
        cx: &Context,
        after: Option<u32>,
        number: u32,
    ) -> Result<NumberedPage<T>> {
        if number > MAX_PAGES {
            return Err(too_many(self.path));
        }
        let mut rows = None;
        let answer = self.fetch(cx, after, number, &mut rows).await?;
        let answer: Answer<Vec<T>> = answer.with(rows)?;
        let link = answer.link.as_deref().map(Links);
        let more = match link {
            Some(link) => link.has_next(),
            None => answer.value.len() >= PAGE_SIZE,
        };
        Ok(NumberedPage {
            last: link.and_then(Links::last).map(|last| last.min(MAX_PAGES)),
            more: more && !answer.value.is_empty(),
            date: answer.date,
            rows: answer.value,
        })
    }

    async fn fetch(
        &self,
        cx: &Context,
        after: Option<u32>,
        number: u32,
        rows: &mut dyn Take,
    ) -> Result<Answer<()>> {
        let conditions = self.conditions.clone();
        let conditions = after.into_iter().fold(conditions, Conditions::after_id);
        let query = self
            .query
            .clone()
            .conditions(&conditions)
            .with("page", number);
        let by_number = Pagination::ByNumber;
        let whole = *self.whole.lock();
        if whole {
            let query = query.without("fields");
            return self
                .client
                .fetch(cx, self.path, &query, by_number, rows)
                .await;
        }
        match self
            .client
            .fetch(cx, self.path, &query, by_number, rows)
            .await
        {
            Err(error) if error.http_status == Some(400) && query.has("fields") => {
                let query = query.without("fields");
                let answer = self
                    .client
                    .fetch(cx, self.path, &query, by_number, rows)
                    .await
                    .map_err(|_| error)?;
                *self.whole.lock() = true;
                Ok(answer)
            }
            result => result,
        }
    }
}
