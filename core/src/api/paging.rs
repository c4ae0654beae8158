use super::{
    answer::{Answer, Take},
    client::Client,
    query::Query,
    read::Pagination,
};
use crate::{
    error::{Code, Error, Result},
    runtime::Context,
};
use serde::de::DeserializeOwned;

mod changed;
mod inbound;
mod link;
mod numbered;

pub(crate) use changed::ChangedPages;
use link::Links;
pub(crate) use numbered::{NumberedPage, NumberedPages};

/// Records of a page; the most that a server gives (API.md section 4).
const PAGE_SIZE: usize = 1000;
/// Pages of one collection, at most.
const MAX_PAGES: u32 = 10_000;
/// Pages that are held in memory at once, at most.
const MAX_HELD: u32 = 100;

/// A record with an id, by which pages are told apart.
pub(crate) trait Identified {
    /// Record id.
    fn record_id(&self) -> u32;
}

/// A collection, page by page. Links are looked at and never followed: their host may be another one.
#[derive(Debug)]
pub(crate) struct Pages<'a> {
    client: &'a Client,
    path: String,
    query: Query,
    pagination: Pagination,
    read: u32,
    /// The page's number, or the id after which it begins.
    next: Option<u32>,
    /// Ids of the page before.
    before: Vec<u32>,
}

impl Client {
    /// Reads a collection page by page, by number and in the order of ids: for collections of a few pages.
    pub(crate) fn pages(&self, path: impl Into<String>, query: Query) -> Pages<'_> {
        self.paged(path, query, Pagination::ByNumber)
    }

    /// Reads a whole collection.
    ///
    /// # Errors
    ///
    /// [`Code::AnswerTooLarge`] for more than 100,000 records: those are for a page by page reading.
    pub(crate) async fn read_all<T: Identified + DeserializeOwned + Send>(
        &self,
        cx: &Context,
        path: impl Into<String>,
        query: Query,
    ) -> Result<Vec<T>> {
        let mut pages = self.pages(path, query);
        let mut records = Vec::new();
        while let Some(page) = pages.next(cx).await? {
            records.extend(page);
            if pages.read > MAX_HELD {
                return Err(too_many(&pages.path));
            }
        }
        Ok(records)
    }

    fn paged(&self, path: impl Into<String>, query: Query, pagination: Pagination) -> Pages<'_> {
        Pages {
            client: self,
            path: path.into(),
            query: query.with("pageSize", PAGE_SIZE),
            pagination,
            read: 0,
            next: Some(match pagination {
                Pagination::ByNumber => 1,
                Pagination::ForwardOnly => 0,
            }),
            before: Vec::new(),
        }
    }
}

impl Pages<'_> {
    /// The next page; none after the last. A page is never empty.
    pub(crate) async fn next<T: Identified + DeserializeOwned + Send>(
        &mut self,
        cx: &Context,
    ) -> Result<Option<Vec<T>>> {
        let Some(next) = self.next else {
            return Ok(None);
        };
        if self.read >= MAX_PAGES {
            return Err(too_many(&self.path));
        }
        let mut answer = self.page(cx, next).await?;
        let unsupported = self.pagination == Pagination::ForwardOnly
            && self.read == 0
            && answer.link.is_none()
            && !answer.value.is_empty();
        if unsupported {
            self.pagination = Pagination::ByNumber;
            self.next = Some(1);
            answer = self.page(cx, 1).await?;
        }
        self.read += 1;

        let ids: Vec<u32> = answer.value.iter().map(T::record_id).collect();
        let repeated = !self.before.is_empty() && ids.iter().all(|id| self.before.contains(id));
        if ids.is_empty() || repeated {
            self.next = None;
            return Ok(None);
        }
        let more = match &answer.link {
            Some(link) => Links(link).has_next(),
            None => ids.len() >= PAGE_SIZE,
        };
        self.next = match self.pagination {
            _ if !more => None,
            Pagination::ByNumber => self.next.map(|page| page + 1),
            Pagination::ForwardOnly => ids.iter().copied().max().filter(|last| *last > next),
        };
        self.before = ids;
        Ok(Some(answer.value))
    }

    async fn page<T: DeserializeOwned + Send>(
        &mut self,
        cx: &Context,
        next: u32,
    ) -> Result<Answer<Vec<T>>> {
        let mut rows = None;
        self.fetch(cx, next, &mut rows).await?.with(rows)
    }

    /// Reads a page. Where the server refuses the first one with `fields`, it is asked without: an older release may
    /// lack one of them (API.md section 5).
    async fn fetch(&mut self, cx: &Context, next: u32, rows: &mut dyn Take) -> Result<Answer<()>> {
        let query = self.page_query(next);
        let result = self
            .client
            .fetch(cx, &self.path, &query, self.pagination, rows)
            .await;
        match result {
            Err(error)
                if self.read == 0 && error.http_status == Some(400) && query.has("fields") =>
            {
                let whole = query.without("fields");
                let answer = self
                    .client
                    .fetch(cx, &self.path, &whole, self.pagination, rows)
                    .await
                    .map_err(|_| error)?;
                self.query = std::mem::take(&mut self.query).without("fields");
                Ok(answer)
            }
            result => result,
        }
    }

    fn page_query(&self, next: u32) -> Query {
        let query = self.query.clone();
        match self.pagination {
            Pagination::ByNumber => query.with("orderBy", "id").with("page", next),
            Pagination::ForwardOnly => query.with("pageId", next),
        }
    }
}

fn too_many(path: &str) -> Error {
    Error::new(
        Code::AnswerTooLarge,
        format!("{path} has more records than are read at once: narrow the request"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{Reply, Server, client, ok, status, with_header};
    use serde::Deserialize;
    use serde_json::json;

    #[derive(Deserialize, Debug, PartialEq)]
    struct Row {
        id: u32,
    }

    impl Identified for Row {
        fn record_id(&self) -> u32 {
            self.id
        }
    }

    fn page(ids: std::ops::Range<u32>) -> String {
        json!(ids.map(|id| json!({ "id": id })).collect::<Vec<_>>()).to_string()
    }

    fn linked(ids: std::ops::Range<u32>, link: &str) -> Reply {
        with_header(200, "Link", link, &page(ids))
    }

    fn read_all(server: &mut Server) -> Result<Vec<u32>> {
        server.run(|cx| async move {
            let rows: Vec<Row> = client()
                .read_all(&cx, "/x", Query::new().fields("id"))
                .await?;
            Ok(rows.into_iter().map(|row| row.id).collect())
        })
    }

    fn read_forward(server: &mut Server) -> Result<Vec<u32>> {
        server.run(|cx| async move {
            let api = client();
            let mut pages = api.pages_forward("/x", Query::new());
            let mut ids = Vec::new();
            while let Some(page) = pages.next::<Row>(&cx).await? {
                ids.extend(page.into_iter().map(|row| row.id));
            }
            Ok(ids)
        })
    }

    #[test]
    fn pages_are_read_in_the_order_of_ids_until_a_short_one() {
        let mut server = Server::new([status(200, &page(0..1000)), status(200, &page(1000..1003))]);
        assert_eq!(read_all(&mut server).unwrap().len(), 1003);
        assert_eq!(
            server.urls(),
            [
                "/x?fields=id&pageSize=1000&orderBy=id&page=1",
                "/x?fields=id&pageSize=1000&orderBy=id&page=2"
            ]
        );
    }

    #[test]
    fn a_next_link_counts_more_than_a_short_page_and_is_not_followed() {
        let next = r#"<https://evil.example/x?page=2>; rel="next", <https://evil.example/x?page=9>; rel="last""#;
        let last = r#"<https://evil.example/x?page=1>; rel="first""#;
        let mut server = Server::new([linked(0..25, next), linked(25..30, last)]);
        assert_eq!(read_all(&mut server).unwrap().len(), 30);
        assert!(
            server.sent[1]
                .1
                .url
                .starts_with("https://api-na.myconnectwise.net/")
        );
    }

    #[test]
    fn an_empty_or_repeated_page_ends_the_reading() {
        let next = r#"<x>; rel="next""#;
        let mut server = Server::new([linked(0..2, next), ok(json!([]))]);
        assert_eq!(read_all(&mut server).unwrap(), [0, 1]);
        let mut server = Server::new([linked(0..2, next), linked(0..2, next)]);
        assert_eq!(read_all(&mut server).unwrap(), [0, 1]);
    }

    #[test]
    fn a_server_that_never_ends_is_left() {
        let mut server = Server::new([]);
        server.otherwise = Some(|request| {
            let number: u32 = request.url.rsplit("page=").next().unwrap().parse().unwrap();
            linked(number..number + 1, r#"<x>; rel="next""#)
        });
        assert_eq!(
            read_all(&mut server).unwrap_err().code,
            Code::AnswerTooLarge
        );
    }

    #[test]
    fn forward_only_pages_begin_after_the_last_id() {
        let next = r#"<https://h/x?pageId=7>; rel="next""#;
        let mut server = Server::new([linked(5..8, next), linked(9..11, "<>; rel=\"next\"")]);
        assert_eq!(read_forward(&mut server).unwrap(), [5, 6, 7, 9, 10]);
        assert_eq!(
            server.urls(),
            ["/x?pageSize=1000&pageId=0", "/x?pageSize=1000&pageId=7"]
        );
        let header = server.sent[0].1.headers.last().unwrap();
        assert_eq!(
            (header.name, header.value.as_str()),
            ("pagination-type", "forward-only")
        );
    }

    #[test]
    fn an_endpoint_without_forward_only_is_read_by_number() {
        let mut server = Server::new([status(200, &page(3..6)), status(200, &page(1..6))]);
        assert_eq!(read_forward(&mut server).unwrap(), [1, 2, 3, 4, 5]);
        assert_eq!(server.urls()[1], "/x?pageSize=1000&orderBy=id&page=1");
        assert!(
            server.sent[1]
                .1
                .headers
                .iter()
                .all(|header| header.name != "pagination-type")
        );
    }

    #[test]
    fn an_older_release_that_lacks_a_field_is_asked_for_whole_records() {
        let refused = status(400, r#"{"code":"InvalidObject","message":"no such field"}"#);
        let mut server = Server::new([refused.clone(), status(200, &page(0..1))]);
        assert_eq!(read_all(&mut server).unwrap(), [0]);
        assert!(!server.urls()[1].contains("fields"));
        let mut server = Server::new([refused.clone(), refused]);
        assert_eq!(read_all(&mut server).unwrap_err().code, Code::Rejected);
    }

    #[test]
    fn ids_are_spelled_out_where_the_server_refuses_a_list() {
        let refused = status(
            400,
            r#"{"code":"ApiFindCondition","message":"in is not a recognized name."}"#,
        );
        let mut server = Server::new([refused]);
        server.otherwise = Some(|request| {
            let first = request.url.split("id%3D").nth(1).unwrap();
            let id: u32 = first.split('%').next().unwrap().parse().unwrap();
            status(200, &page(id..id + 1))
        });
        server.run(|cx| async move {
            let api = client();
            let ids: Vec<u32> = (1..=200).collect();
            let rows: Vec<Row> = api
                .read_by_ids(&cx, "/x", &Query::new(), &ids)
                .await
                .unwrap();
            assert!(rows.len() > 1 && rows[0].id == 1);
        });
        let urls = server.urls();
        assert!(urls[0].starts_with("/x?conditions=id%20in%20%281,2,3"));
        assert!(urls[1].starts_with("/x?conditions=%28id%3D1%20or%20id%3D2%20or"));
        assert!(
            urls[2].starts_with("/x?conditions=%28id%3D")
                && urls.iter().all(|url| url.len() < 1700)
        );
    }
}
