use crate::time::Span;
use serde::{Deserialize, Serialize};

/// Where ConnectWise is and as whom to speak to it. The keys are given apart, see [`Credentials`](crate::Credentials).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Connection {
    /// Address of the API: `https://api-na.myconnectwise.net`, or the partner's own host (API.md section 1).
    pub site: String,
    /// The company id of the login page.
    pub company_id: String,
    /// The client id of the product, a GUID from developer.connectwise.com. A vendor can build its own in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// Allows `http://127.0.0.1:PORT`, for the simulator only.
    #[serde(default)]
    pub allow_insecure_loopback: bool,
    /// The day on which the keys end, `YYYY-MM-DD`; an event warns before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential_expiry: Option<String>,
}

/// Budget and waiting times.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Requests under way at once, 1 to 64.
    pub concurrency: u32,
    /// Requests a minute, 1 to 60000. ConnectWise throttles at about 1000 (API.md section 14).
    pub requests_per_minute: u32,
    /// Cases handed over by reference that are worked on at once, 1 to 1000 (guide 003: 50). Fewer after a 429, 502, 503 or
    /// 504, and as many again once answers come.
    pub cases_per_run: u32,
    /// How long one request may take, 1s to 10m.
    pub request_timeout: Span,
    /// How long after a lost answer a write may still land; until then a search that finds nothing proves nothing.
    pub settle: Span,
    /// How old the catalog of boards may be before it is read anew.
    pub catalog_age: Span,
    /// How long a case, or a delivery to the host, may wait before [`Command::Health`](crate::Command::Health) calls it a
    /// fault, 1m to 30d; 15 minutes where nothing is said.
    pub backlog_age: Span,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            concurrency: 8,
            requests_per_minute: 600,
            cases_per_run: 50,
            request_timeout: Span::seconds(30),
            settle: Span::seconds(60),
            catalog_age: Span::seconds(6 * 3600),
            backlog_age: Span::seconds(900),
        }
    }
}
