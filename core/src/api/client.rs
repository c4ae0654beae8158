use super::{answer::MAX_ANSWER, codebase::Instance, query::Query, site::Site};
use crate::{
    config::{Connection, Limits},
    credentials::Credentials,
    effect::{Header, HttpRequest, Method},
    error::{Code, Error, Result},
    quirks::Quirks,
    runtime::{Context, Shared},
    time::Timestamp,
};
use std::{fmt, sync::Arc, time::Duration};
use zeroize::Zeroizing;

/// The model version that requests ask for (API.md section 2): the one that the contract was taken from.
const PINNED: &str = "application/vnd.connectwise.com+json; version=2025.1";
/// The first release that can know the pin; older ones are asked for plain JSON.
const PINNED_RELEASE: (u16, u16) = (2025, 1);
/// How often a read is tried in all.
const TRIES: u32 = 5;

/// Speaks to one ConnectWise instance. Cheap to clone; clones share what was learned.
#[derive(Clone)]
pub(crate) struct Client {
    fixed: Arc<Fixed>,
    learned: Shared<Learned>,
    tries: u32,
}

struct Fixed {
    site: Site,
    company_id: String,
    client_id: String,
    credentials: Credentials,
    authorization: Option<Zeroizing<String>>,
    timeout: Duration,
}

#[derive(Debug, Default)]
struct Learned {
    instance: Option<Arc<Instance>>,
    /// When the codebase was last asked for after a 404.
    checked_at: Option<Timestamp>,
    /// Whether a request with these keys ever succeeded.
    spoken: bool,
    without_pin: bool,
    /// How the instance behaves, as its probe learned it.
    quirks: Arc<Quirks>,
    /// Whether the server has refused `in (...)`.
    without_in: bool,
}

impl Client {
    /// Prepares to speak to an instance; nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`Code::InsecureSite`] or [`Code::InvalidValue`] for the site, [`Code::MissingKey`] where neither the
    /// configuration nor the vendor gives a client id, [`Code::ControlCharacter`] for ids that cannot be sent.
    pub(crate) fn new(
        connection: &Connection,
        limits: &Limits,
        credentials: Credentials,
        vendor_client_id: Option<&str>,
    ) -> Result<Self> {
        let site = Site::of(connection)?;
        let company_id = plain("connection.company_id", &connection.company_id)?;
        let client_id = connection
            .client_id
            .as_deref()
            .filter(|id| !id.trim().is_empty())
            .or(vendor_client_id)
            .unwrap_or_default();
        let fixed = Fixed {
            site,
            client_id: ascii(
                "connection.client_id",
                plain("connection.client_id", client_id)?,
            )?,
            authorization: credentials.authorization(&company_id),
            company_id,
            credentials,
            timeout: limits.request_timeout.0,
        };
        Ok(Self {
            fixed: Arc::new(fixed),
            learned: Shared::new(Learned::default()),
            tries: TRIES,
        })
    }

    /// The same client, whose reads are tried once only: someone is waiting.
    pub(crate) fn impatient(&self) -> Self {
        Self {
            tries: 1,
            ..self.clone()
        }
    }

    /// Behaves from now on as the instance was found to want it.
    pub(crate) fn learn(&self, quirks: Arc<Quirks>) {
        let mut learned = self.learned.lock();
        learned.without_in = !quirks.may_say_in();
        learned.quirks = quirks;
    }

    /// How the instance behaves, as far as it is known.
    pub(crate) fn quirks(&self) -> Arc<Quirks> {
        Arc::clone(&self.learned.lock().quirks)
    }

    /// Whether conditions may say `in (...)`.
    pub(super) fn may_say_in(&self) -> bool {
        !self.learned.lock().without_in
    }

    /// The server refused `in (...)`: it is not said again.
    pub(super) fn note_no_in(&self) {
        self.learned.lock().without_in = true;
    }

    /// How often a read is tried.
    pub(super) fn tries(&self) -> u32 {
        self.tries
    }

    /// Scheme, host and port of the configured site.
    pub(super) fn origin(&self) -> String {
        self.fixed.site.base()
    }

    /// The login company.
    pub(super) fn company_id(&self) -> &str {
        &self.fixed.company_id
    }

    pub(super) fn client_id(&self) -> &str {
        &self.fixed.client_id
    }

    /// Whether the host adds the API member's keys to requests.
    pub(super) fn keys_are_added_by_host(&self) -> bool {
        self.fixed.authorization.is_none()
    }

    /// The configured host.
    pub(crate) fn host(&self) -> &str {
        self.fixed.site.host()
    }

    /// Where requests go; asked for once and shared.
    pub(super) async fn instance(&self, cx: &Context) -> Result<Arc<Instance>> {
        if let Some(known) = self.known() {
            return Ok(known);
        }
        let _one_at_a_time = cx.lock("codebase").await;
        match self.known() {
            Some(known) => Ok(known),
            None => self.discover(cx).await,
        }
    }

    /// Asks the server for the codebase now, and keeps the answer.
    pub(crate) async fn discover(&self, cx: &Context) -> Result<Arc<Instance>> {
        let site = &self.fixed.site;
        let request = HttpRequest {
            method: Method::Get,
            url: site.company_info(&self.fixed.company_id),
            headers: vec![header("Accept", "application/json")],
            body: Vec::new(),
            timeout_ms: self.timeout_ms(0),
            max_answer: MAX_ANSWER,
            not_after: None,
            store_as: None,
        };
        let mut value = None;
        let answer = self
            .persist(cx, &request, site.host(), &mut value)
            .await
            .map_err(|error| no_company_info(error, site.host()))?;
        let answer = answer.with(value)?;
        let instance = Arc::new(Instance::of(site, &self.fixed.company_id, answer.value)?);
        self.learned.lock().instance = Some(Arc::clone(&instance));
        Ok(instance)
    }

    /// Asks for the codebase again after a 404, and gives the instance if it is another one now (API.md section 1).
    ///
    /// A 404 that speaks of a missing record asks at most once a minute, any other once in five seconds.
    ///
    /// # Errors
    ///
    /// The 404 itself where nothing has changed; what asking came to where that cannot be told.
    pub(super) async fn moved(
        &self,
        cx: &Context,
        used: &Instance,
        error: Error,
    ) -> Result<Arc<Instance>> {
        let _one_at_a_time = cx.lock("codebase").await;
        let changed = |now: &Arc<Instance>| now.base != used.base;
        if let Some(known) = self.known().filter(changed) {
            return Ok(known);
        }
        let speaks_of_a_record = error.code == Code::NotFound;
        let pause = Duration::from_secs(if speaks_of_a_record { 60 } else { 5 });
        if self.was_checked_within(pause, cx.now()) {
            return Err(error);
        }
        match self.discover(cx).await {
            Ok(now) if changed(&now) => Ok(now),
            Err(unclear) if !speaks_of_a_record => Err(unclear),
            Ok(_) | Err(_) => Err(error),
        }
    }

    /// Whether the codebase was asked for in that time; if not, it counts as asked for now.
    fn was_checked_within(&self, pause: Duration, now: Timestamp) -> bool {
        let mut learned = self.learned.lock();
        let recent = learned.checked_at.is_some_and(|at| now.since(at) < pause);
        if !recent {
            learned.checked_at = Some(now);
        }
        recent
    }

    /// A request to a path below `apis/3.0`.
    pub(super) fn request(
        &self,
        instance: &Instance,
        method: Method,
        path: &str,
        query: &Query,
    ) -> HttpRequest {
        let mut headers = Vec::with_capacity(4);
        if let Some(authorization) = &self.fixed.authorization {
            headers.push(header("Authorization", authorization.as_str()));
        }
        headers.push(header("clientId", &self.fixed.client_id));
        headers.push(header("Accept", self.accept(instance)));
        HttpRequest {
            method,
            url: format!("{}{path}{}", instance.base, query.encoded()),
            headers,
            body: Vec::new(),
            timeout_ms: self.timeout_ms(0),
            max_answer: MAX_ANSWER,
            not_after: None,
            store_as: None,
        }
    }

    /// The configured time and as long as `size` bytes take at 128 kB a second, within ten minutes.
    pub(super) fn timeout_ms(&self, size: u64) -> u64 {
        let configured = u64::try_from(self.fixed.timeout.as_millis()).unwrap_or(600_000);
        configured.saturating_add(size / 128).min(600_000)
    }

    /// Whether a request with these keys ever succeeded.
    pub(super) fn has_spoken(&self) -> bool {
        self.learned.lock().spoken
    }

    pub(super) fn note_success(&self) {
        self.learned.lock().spoken = true;
    }

    /// Stops asking for the pinned model, if it was asked for: the server does not know it.
    pub(super) fn drop_pin(&self) -> bool {
        !std::mem::replace(&mut self.learned.lock().without_pin, true)
    }

    /// Takes the keys out of an error that quotes the server or the host.
    pub(super) fn redact(&self, error: Error) -> Error {
        let header = self.fixed.authorization.as_deref().map(String::as_str);
        let encoded = header.and_then(|header| header.strip_prefix("Basic "));
        let clean = |text: String| {
            let text = self.fixed.credentials.redact(&text);
            encoded.map_or_else(
                || text.clone(),
                |encoded| text.replace(encoded, "[redacted]"),
            )
        };
        Error {
            message: clean(error.message),
            connectwise_code: error.connectwise_code.map(clean),
            field: error.field.map(clean),
            ..error
        }
    }

    fn known(&self) -> Option<Arc<Instance>> {
        self.learned.lock().instance.clone()
    }

    fn accept(&self, instance: &Instance) -> &'static str {
        let too_old = instance
            .release()
            .is_some_and(|release| release < PINNED_RELEASE);
        if too_old || self.learned.lock().without_pin {
            "application/json"
        } else {
            PINNED
        }
    }
}

pub(super) fn header(name: &'static str, value: &str) -> Header {
    Header {
        name,
        value: value.to_owned(),
    }
}

/// A value that can stand in a header or a path.
fn plain(pointer: &str, value: &str) -> Result<String> {
    let value = value.trim();
    if value.is_empty() {
        return Err(Error::new(
            Code::MissingKey,
            format!("{pointer} is missing: set it"),
        ));
    }
    if value.chars().any(char::is_control) {
        return Err(Error::new(
            Code::ControlCharacter,
            format!("{pointer} holds a control character: copy it again"),
        ));
    }
    Ok(value.to_owned())
}

fn ascii(pointer: &str, value: String) -> Result<String> {
    if value.is_ascii() {
        return Ok(value);
    }
    Err(Error::new(
        Code::InvalidValue,
        format!("{pointer} holds signs beyond ASCII: copy it again"),
    ))
}

/// A server that has no companyinfo is hardly ConnectWise.
fn no_company_info(error: Error, host: &str) -> Error {
    match error.http_status {
        Some(400..=428 | 430..=499) => Error {
            http_status: error.http_status,
            ..Error::new(
                Code::UnknownCodebase,
                format!(
                    "{host} does not answer /login/companyinfo as ConnectWise does: check that connection.site is the \
                     ConnectWise server itself"
                ),
            )
        },
        _ => error,
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("site", &self.fixed.site)
            .field("company_id", &self.fixed.company_id)
            .field("credentials", &self.fixed.credentials)
            .finish_non_exhaustive()
    }
}
