//! HTTP for the driver: `ureq` with rustls, the platform's certificates and the proxy of the environment.

use casewire::{
    Timestamp,
    effect::{Failure, FailureKind, HttpRequest, HttpResponse},
};
use std::{io::Read as _, path::PathBuf, sync::Arc, time::Duration};
use ureq::{Agent, Proxy, config::Config, http, tls};

mod body;
mod failure;
mod received;
mod watch;

use body::Body;
use received::Received;
use watch::{Watch, WatchedConnector};

/// Makes one client for each worker thread.
pub trait Transport {
    /// Makes a client; it keeps its connections for itself.
    fn client(&self) -> Box<dyn Client>;
}

/// Performs one request at a time.
pub trait Client: Send {
    /// Sends the request and reads the whole answer, whatever its status.
    ///
    /// # Errors
    ///
    /// Tells apart what was never sent, what may have been performed, and an answer that is too large.
    fn send(&mut self, request: &HttpRequest) -> Result<HttpResponse, Failure>;
}

/// HTTP/1.1 over TCP and TLS 1.2 or newer, with connections that are kept.
#[derive(Clone, Debug)]
pub struct HttpTransport {
    direct: Config,
    /// As the environment says; never for loopback.
    proxied: Config,
    received: Option<Received>,
}

impl HttpTransport {
    /// Reads the platform's certificates and the proxy settings of the environment.
    #[must_use]
    pub fn new() -> Self {
        let base = || {
            Agent::config_builder()
                .tls_config(platform_tls())
                .http_status_as_error(false)
                .max_redirects(0)
                .max_redirects_will_error(false)
                .no_delay(true)
                .user_agent(concat!("casewire-host/", env!("CARGO_PKG_VERSION")))
        };
        Self {
            direct: base().proxy(None).build(),
            proxied: base().proxy(Proxy::try_from_env()).build(),
            received: None,
        }
    }

    /// Stores files from ConnectWise below that folder. Without one they are left out, and their cases are told so.
    #[must_use]
    pub fn receiving(self, folder: impl Into<PathBuf>) -> Self {
        Self {
            received: Some(Received::new(folder.into())),
            ..self
        }
    }
}

impl Default for HttpTransport {
    fn default() -> Self {
        Self::new()
    }
}

impl Transport for HttpTransport {
    fn client(&self) -> Box<dyn Client> {
        let watch = Arc::new(Watch::default());
        let agent = |config: &Config| {
            let connector = WatchedConnector::new(Arc::clone(&watch));
            let resolver = ureq::unversioned::resolver::DefaultResolver::default();
            Agent::with_parts(config.clone(), connector, resolver)
        };
        Box::new(HttpClient {
            direct: agent(&self.direct),
            proxied: agent(&self.proxied),
            watch,
            received: self.received.clone(),
        })
    }
}

struct HttpClient {
    direct: Agent,
    proxied: Agent,
    watch: Arc<Watch>,
    received: Option<Received>,
}

impl Client for HttpClient {
    fn send(&mut self, request: &HttpRequest) -> Result<HttpResponse, Failure> {
        self.watch.begin(request.not_after);
        if is_past(request.not_after) {
            return Err(failure::expired());
        }
        let mut body = Body::open(&request.body)?;
        let message = message(request)?;
        let agent = if is_loopback(message.uri()) {
            &self.direct
        } else {
            &self.proxied
        };
        let result = exchange(agent, message, &mut body, request, self.received.as_ref());
        result.map_err(|error| error.classify(&self.watch))
    }
}

fn message(request: &HttpRequest) -> Result<http::Request<()>, Failure> {
    let mut message = http::Request::builder()
        .method(request.method.as_str())
        .uri(&request.url);
    for header in &request.headers {
        message = message.header(header.name, &header.value);
    }
    if !request.body.is_empty() {
        let length: u64 = request.body.iter().map(|part| part.len()).sum();
        message = message.header(http::header::CONTENT_LENGTH, length);
    }
    message.body(()).map_err(|_| {
        Failure::new(
            FailureKind::NotSent,
            "the address or a header cannot be sent",
        )
    })
}

fn exchange(
    agent: &Agent,
    message: http::Request<()>,
    body: &mut Body,
    request: &HttpRequest,
    received: Option<&Received>,
) -> Result<HttpResponse, failure::Fault> {
    let timeout = Some(Duration::from_millis(request.timeout_ms));
    let response = if request.body.is_empty() {
        let message = agent.configure_request(message);
        agent.run(message.timeout_global(timeout).build())
    } else {
        let message = message.map(|()| ureq::SendBody::from_reader(body));
        let message = agent.configure_request(message);
        agent.run(message.timeout_global(timeout).build())
    }?;
    let (parts, body) = response.into_parts();
    if body
        .content_length()
        .is_some_and(|length| length > request.max_answer)
    {
        return Err(failure::Fault::TooLarge(request.max_answer));
    }
    let mut bytes = Vec::new();
    let mut stored = None;
    let name = request.store_as.as_ref();
    match name.filter(|_| parts.status.is_success()) {
        Some(name) => {
            if let Some(received) = received {
                stored = Some(received.store(name, body.into_reader(), request.max_answer)?);
            }
        }
        None => {
            body.into_reader()
                .take(request.max_answer.saturating_add(1))
                .read_to_end(&mut bytes)?;
            if bytes.len() as u64 > request.max_answer {
                return Err(failure::Fault::TooLarge(request.max_answer));
            }
        }
    }
    let headers = parts.headers.iter().filter_map(|(name, value)| {
        Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
    });
    Ok(HttpResponse {
        status: parts.status.as_u16(),
        headers: headers.collect(),
        body: bytes,
        stored,
    })
}

/// The platform's certificates, so that a company's own authority works where the system trusts it.
fn platform_tls() -> tls::TlsConfig {
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        tracing::warn!("a certificate of the platform cannot be read: {error}");
    }
    let certificates: Vec<_> = found
        .certs
        .iter()
        .map(|certificate| tls::Certificate::from_der(certificate).to_owned())
        .collect();
    tls::TlsConfig::builder()
        .provider(tls::TlsProvider::Rustls)
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .root_certs(tls::RootCerts::new_with_certs(&certificates))
        .build()
}

pub(crate) fn is_loopback(uri: &http::Uri) -> bool {
    let host = uri.host().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || bare
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

fn is_past(not_after: Option<Timestamp>) -> bool {
    not_after.is_some_and(|time| crate::clock::now() > time)
}
