//! What a server has served.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;

use crate::faults::Exchange;
use crate::route;
use crate::wire::Request;
use crate::wire::target::Target;

/// Bodies of recorded requests are kept up to this size.
const BODY_KEPT: usize = 1024 * 1024;

/// What a server has served, without its control endpoints.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Statistics {
    /// How many requests there were.
    pub total: u64,
    /// Requests by method and template, such as `GET service/tickets/{id}`.
    pub requests: BTreeMap<String, u64>,
    /// Answers by status; 0 counts connections that were cut.
    pub answers: BTreeMap<u16, u64>,
    /// The most requests that were under way at one time.
    pub peak_concurrency: u64,
    /// Bytes of request bodies.
    pub bytes_in: u64,
    /// Bytes of answer bodies.
    pub bytes_out: u64,
    /// The last requests, oldest first.
    pub last: Vec<Recorded>,
}

/// A request as it came.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Recorded {
    /// When it was answered, in milliseconds since 1970.
    pub at_ms: i64,
    /// The method.
    pub method: String,
    /// Path and query as on the wire.
    pub target: String,
    /// The headers; the value of `authorization` is left out.
    pub headers: Vec<(String, String)>,
    /// The body, up to 1 MiB, as text where it is UTF-8.
    #[serde(serialize_with = "as_text")]
    pub body: Vec<u8>,
    /// The status of the answer; `None` when the connection was cut.
    pub status: Option<u16>,
}

fn as_text<S: serde::Serializer>(body: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&String::from_utf8_lossy(body))
}

/// Statistics in the making.
#[derive(Debug)]
pub(super) struct Counting {
    so_far: Statistics,
    under_way: u64,
    last: VecDeque<Recorded>,
    keep: usize,
}

impl Counting {
    pub(super) fn new(keep: usize) -> Self {
        Self {
            so_far: Statistics::default(),
            under_way: 0,
            last: VecDeque::new(),
            keep,
        }
    }

    pub(super) fn begin(&mut self) {
        self.under_way += 1;
        self.so_far.peak_concurrency = self.so_far.peak_concurrency.max(self.under_way);
    }

    pub(super) fn end(&mut self, mut request: Request, exchange: &Exchange, at_ms: i64) {
        self.under_way = self.under_way.saturating_sub(1);
        let (status, bytes) = match exchange {
            Exchange::Answer(response) | Exchange::Slow(response, _) => {
                (Some(response.status), response.body.len())
            }
            Exchange::Truncated(response, bytes) => (Some(response.status), *bytes),
            Exchange::Lost => (None, 0),
        };
        let so_far = &mut self.so_far;
        so_far.total += 1;
        so_far.bytes_in += request.body.len() as u64;
        so_far.bytes_out += bytes as u64;
        *so_far.answers.entry(status.unwrap_or(0)).or_default() += 1;
        let name = format!("{} {}", request.method, template(&request.target));
        *so_far.requests.entry(name).or_default() += 1;
        if self.keep == 0 {
            return;
        }
        if self.last.len() >= self.keep {
            self.last.pop_front();
        }
        request.body.truncate(BODY_KEPT);
        for (name, value) in &mut request.headers {
            if name.eq_ignore_ascii_case("authorization") {
                value.clear();
            }
        }
        self.last.push_back(Recorded {
            at_ms,
            method: request.method,
            target: request.target,
            headers: request.headers,
            body: request.body,
            status,
        });
    }

    pub(super) fn statistics(&self) -> Statistics {
        Statistics {
            last: self.last.iter().cloned().collect(),
            ..self.so_far.clone()
        }
    }
}

/// The template of a path, or the path's first words when it is none of the API's.
fn template(target: &str) -> String {
    let path = Target::parse(target).path;
    match path.split_once("apis/3.0/") {
        Some((_, below)) => match route::find(below) {
            Some(route) => route.template.to_owned(),
            None => "(unknown)".to_owned(),
        },
        None if path.starts_with("login/companyinfo/") => "login/companyinfo/{company}".to_owned(),
        None => "(outside)".to_owned(),
    }
}
