//! From a request to the part of the instance that answers it.

use serde_json::json;

use super::{Actor, Psa};
use crate::failure::Failure;
use crate::projection::Projection;
use crate::route::{self, Endpoint, Route};
use crate::security::Level;
use crate::table::{Access, Table};
use crate::wire::target::Target;
use crate::wire::{Request, Response};

/// A request with what has been learned about it.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) request: &'a Request,
    pub(crate) target: Target,
    pub(crate) route: Route,
    /// The path below `…apis/3.0/`.
    pub(crate) path: String,
    pub(crate) actor: Actor,
    /// The caller's place among the API members.
    pub(crate) member: usize,
}

impl Call<'_> {
    /// Whether the query asks for an order.
    pub(crate) fn is_ordered(&self) -> bool {
        self.target.get("orderBy").is_some()
    }

    /// Refuses every other method.
    pub(crate) fn only(&self, method: &str) -> Result<(), Failure> {
        if self.request.method == method {
            Ok(())
        } else {
            Err(Failure::method_not_allowed(&self.request.method))
        }
    }
}

/// The guide sends conditions beyond this length to `POST /service/tickets/search`.
const LONGEST_TARGET: usize = 10_000;
const TOO_LONG: &str =
    "<html><body><h2>HTTP Error 414. The request URL is too long.</h2></body></html>";

/// The page that a web server shows for a path that is none of its applications'.
const NO_APPLICATION: &str = "<!DOCTYPE html><html><head><title>404 - File or directory not found.\
</title></head><body><h2>404 - File or directory not found.</h2></body></html>";

impl Psa {
    pub(super) fn answer(&mut self, request: &Request) -> Result<Response, Failure> {
        if request.target.len() > LONGEST_TARGET {
            return Ok(Response::text(414, "text/html", TOO_LONG));
        }
        let target = Target::parse(&request.target);
        if let Some(company) = strip_prefix(&target.path, "login/companyinfo/") {
            return Ok(self.company_info(company));
        }
        let path = target.path.clone();
        let Some(below) = [self.codebase.as_str(), "v4_6_release/"]
            .iter()
            .find_map(|codebase| strip_prefix(&path, codebase))
        else {
            return Ok(Response::text(404, "text/html", NO_APPLICATION));
        };
        // Payloads name it behind two slashes.
        if strip_prefix(
            below.trim_start_matches('/'),
            "system/callbackkey/index.rails",
        )
        .is_some()
        {
            return self.signing_key(request, &target);
        }
        let Some(path) = strip_prefix(below, "apis/3.0/") else {
            return Ok(Response::text(404, "text/html", NO_APPLICATION));
        };
        if let Some(refusal) = self.throttle() {
            return Ok(refusal);
        }
        if path.eq_ignore_ascii_case("system/info") && self.settings.quirks.open_system_info {
            return Ok(self.system_info());
        }
        let member = self.authenticate(request)?;
        if let Some(refusal) = self.refuse_client_id(request) {
            return Ok(refusal);
        }
        let identifier = self
            .api_member(member)
            .map(|member| member.identifier.clone())
            .unwrap_or_default();
        let call = Call {
            request,
            route: route::find(path).ok_or_else(Failure::no_endpoint)?,
            path: path.to_owned(),
            actor: self.actor(&identifier),
            member,
            target,
        };
        match call.route.endpoint {
            Endpoint::Records(table) => self.answer_records(table, &call),
            Endpoint::Count(table) => {
                call.only("GET")?;
                let count = self.find(table, &call)?.len();
                Ok(Response::json(200, &json!({ "count": count })))
            }
            Endpoint::Record(table) => self.answer_record(table, &call),
            Endpoint::Special(special) => self.answer_special(special, &call),
        }
    }

    fn answer_records(&mut self, table: Table, call: &Call<'_>) -> Result<Response, Failure> {
        match call.request.method.as_str() {
            "GET" => {
                let ids = self.find(table, call)?;
                self.page_of(table, ids, call.is_ordered(), call)
            }
            "POST" if matches!(table.access(), Access::Full | Access::Kept) => {
                self.require(call, Level::Add)?;
                let projection = self.projection(table, call)?;
                let id = self.create(table, call)?;
                Ok(self.answer_with(201, table, id, &projection))
            }
            method => Err(Failure::method_not_allowed(method)),
        }
    }

    fn answer_record(&mut self, table: Table, call: &Call<'_>) -> Result<Response, Failure> {
        let method = call.request.method.as_str();
        let allowed = match table.access() {
            Access::Full => matches!(method, "GET" | "PATCH" | "PUT" | "DELETE"),
            Access::Kept | Access::Fixed => matches!(method, "GET" | "PATCH" | "PUT"),
            Access::ReadOnly => method == "GET",
        };
        if !allowed {
            return Err(Failure::method_not_allowed(method));
        }
        self.require(
            call,
            match method {
                "GET" => Level::Inquire,
                "DELETE" => Level::Delete,
                _ => Level::Edit,
            },
        )?;
        let id = call.route.last();
        self.existing(table, call, id)?;
        let projection = self.projection(table, call)?;
        match method {
            "PATCH" => self.patch(table, id, call)?,
            "PUT" => self.replace(table, id, call)?,
            "DELETE" => {
                self.delete(table, id, &call.actor)?;
                return Ok(Response::empty(204));
            }
            _ => {}
        }
        Ok(self.answer_with(200, table, id, &projection))
    }

    /// The parts of a record that a call asks for.
    pub(crate) fn projection(&self, table: Table, call: &Call<'_>) -> Result<Projection, Failure> {
        Projection::parse(table, call.target.get("fields"), &self.settings.quirks)
    }

    /// An answer with one record.
    pub(crate) fn answer_with(
        &self,
        status: u16,
        table: Table,
        id: i64,
        projection: &Projection,
    ) -> Response {
        let shown = self
            .store
            .get(table, id)
            .map(|record| projection.apply(self.shown(table, record, &self.base(), projection)));
        Response::json(status, &json!(shown))
    }

    /// Counts the request, and refuses it when there were too many within the last minute.
    fn throttle(&mut self) -> Option<Response> {
        let limit = usize::try_from(self.settings.requests_per_minute?).unwrap_or(usize::MAX);
        let start = self.now_ms - 60_000;
        while self.served.front().is_some_and(|at| *at <= start) {
            self.served.pop_front();
        }
        if self.served.len() < limit {
            self.served.push_back(self.now_ms);
            return None;
        }
        let seconds = match self.settings.retry_after_seconds {
            Some(seconds) => i64::from(seconds),
            None => (self.served.front().map_or(0, |at| at - start) + 999) / 1_000,
        };
        Some(too_many_requests(seconds.max(1)))
    }
}

/// `429`, in the shape of its own that the guide shows.
pub(crate) fn too_many_requests(seconds: i64) -> Response {
    Response::json(
        429,
        &json!({
            "error": "ConnectWiseAPI",
            "message": format!("Too many requests. Please try again in {seconds} seconds."),
        }),
    )
    .header("Retry-After", &seconds.to_string())
}

fn strip_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}
