//! The instance over HTTP/1.1 on loopback.

mod answer;
mod control;
mod delivery;
mod statistics;

use std::fmt;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::sync::oneshot;

use crate::faults::Exchange;
use crate::psa::Psa;
use crate::wire::{Request, Response};
use answer::Answer;
use statistics::Counting;
pub use statistics::{Recorded, Statistics};

/// The time that the instance sees, in milliseconds since 1970.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// How a server is started.
#[derive(Clone)]
pub struct Options {
    /// Where it listens; port 0 chooses a free one.
    pub listen: SocketAddr,
    /// The seed of the instance.
    pub seed: u64,
    /// How long each answer takes, requests side by side.
    pub latency: Duration,
    /// Whether callbacks are delivered over HTTP. Otherwise [`Psa::take_callbacks`] gives them.
    pub deliver_callbacks: bool,
    /// How many of the last requests are kept for looking at.
    pub keep_requests: usize,
    /// The time that the instance sees; without one, the system's.
    pub clock: Option<Clock>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            seed: 0,
            latency: Duration::ZERO,
            deliver_callbacks: false,
            keep_requests: 1_000,
            clock: None,
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Options")
            .field("listen", &self.listen)
            .field("seed", &self.seed)
            .field("latency", &self.latency)
            .field("deliver_callbacks", &self.deliver_callbacks)
            .field("keep_requests", &self.keep_requests)
            .finish_non_exhaustive()
    }
}

/// A running server. It stops when it is dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What connections, deliveries and the owner share.
pub(crate) struct Shared {
    psa: Mutex<Psa>,
    counting: Mutex<Counting>,
    options: Options,
    url: String,
}

impl fmt::Debug for Shared {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Shared")
            .field("options", &self.options)
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

impl Shared {
    fn new(options: Options, address: SocketAddr) -> Self {
        let url = format!("http://{address}");
        Self {
            psa: Mutex::new(fresh(&options, &url)),
            counting: Mutex::new(Counting::new(options.keep_requests)),
            options,
            url,
        }
    }

    fn psa(&self) -> MutexGuard<'_, Psa> {
        self.psa.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn counting(&self) -> MutexGuard<'_, Counting> {
        self.counting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now_ms(&self) -> i64 {
        match &self.options.clock {
            Some(clock) => clock(),
            None => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |since| {
                    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
                }),
        }
    }

    /// Starts over with a fresh instance, which keeps nothing but the seed.
    fn reset(&self) {
        *self.psa() = fresh(&self.options, &self.url);
        *self.counting() = Counting::new(self.options.keep_requests);
    }
}

fn fresh(options: &Options, url: &str) -> Psa {
    let mut psa = Psa::seeded(options.seed);
    url.clone_into(&mut psa.settings.base_url);
    psa
}

impl Server {
    /// Starts a server with a seeded instance.
    ///
    /// # Errors
    ///
    /// When the address cannot be listened on, or the thread cannot be made.
    pub fn start(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind(options.listen)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::new(options, address));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (stop, stopped) = oneshot::channel();
        let serving = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("casewire-simulator".to_owned())
            .spawn(move || {
                runtime.block_on(async {
                    tokio::spawn(serve(listener, serving));
                    // Either the owner says stop, or it is gone.
                    let _ = stopped.await;
                });
                runtime.shutdown_background();
            })?;
        Ok(Self {
            address,
            shared,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its address as `http://…`, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.shared.url
    }

    /// The instance, locked, with its time moved to now: to look at it, to change its settings,
    /// to install faults, or to act as a technician. Requests wait meanwhile.
    pub fn psa(&self) -> MutexGuard<'_, Psa> {
        let now_ms = self.shared.now_ms();
        let mut psa = self.shared.psa();
        psa.advance(now_ms);
        psa
    }

    /// What was served so far.
    #[must_use]
    pub fn statistics(&self) -> Statistics {
        self.shared.counting().statistics()
    }

    /// Starts over with a fresh instance and empty statistics.
    pub fn reset(&self) {
        self.shared.reset();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // The receiver is gone only when the thread has ended by itself.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
        return;
    };
    tokio::spawn(keep_time(Arc::clone(&shared)));
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        // Without it, small answers would wait for the client's delayed acknowledgement.
        let _ = stream.set_nodelay(true);
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            let service = service_fn(move |request| respond(request, Arc::clone(&shared)));
            // An error is a cut connection: on purpose, or by the client.
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

/// Performs what is late, and delivers what is queued.
async fn keep_time(shared: Arc<Shared>) {
    let mut tick = tokio::time::interval(Duration::from_millis(10));
    loop {
        tick.tick().await;
        let now_ms = shared.now_ms();
        let deliveries = {
            let mut psa = shared.psa();
            psa.settle(now_ms);
            if shared.options.deliver_callbacks {
                psa.take_callbacks()
            } else {
                Vec::new()
            }
        };
        for delivery in deliveries {
            tokio::spawn(delivery::deliver(delivery, Arc::clone(&shared)));
        }
    }
}

/// The connection is cut, on purpose.
#[derive(Debug)]
struct Cut;

impl fmt::Display for Cut {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the connection is cut")
    }
}

impl std::error::Error for Cut {}

async fn respond(
    request: hyper::Request<Incoming>,
    shared: Arc<Shared>,
) -> Result<hyper::Response<Answer>, Cut> {
    let (head, body) = request.into_parts();
    let target = head
        .uri
        .path_and_query()
        .map_or("/", |target| target.as_str());
    let mut request = Request::new(head.method.as_str(), target);
    for (name, value) in &head.headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        request
            .headers
            .push((name.as_str().to_owned(), value.into_owned()));
    }
    let is_control = target.starts_with("/simulator/");
    if !is_control {
        shared.counting().begin();
    }
    let limit = shared.psa().settings.document_limit + 1024 * 1024;
    let body = Limited::new(body, limit).collect().await;
    // A task of its own: what has arrived is performed even when the client goes away.
    let performed = tokio::spawn(async move {
        let exchange = match body {
            Ok(body) => {
                request.body = body.to_bytes().to_vec();
                if is_control {
                    return Exchange::Answer(control::answer(&shared, &request));
                }
                if !shared.options.latency.is_zero() {
                    tokio::time::sleep(shared.options.latency).await;
                }
                let now_ms = shared.now_ms();
                shared.psa().exchange(&request, now_ms)
            }
            Err(error) if error.is::<http_body_util::LengthLimitError>() => {
                Exchange::Answer(Response::text(413, "text/html", TOO_LARGE))
            }
            Err(_) => Exchange::Lost,
        };
        if let Exchange::Slow(_, delay) = &exchange {
            tokio::time::sleep(*delay).await;
        }
        if !is_control {
            shared.counting().end(request, &exchange, shared.now_ms());
        }
        exchange
    });
    match performed.await.map_err(|_| Cut)? {
        Exchange::Answer(response) | Exchange::Slow(response, _) => Ok(answer::whole(response)),
        Exchange::Truncated(response, bytes) => Ok(answer::cut(response, bytes)),
        Exchange::Lost => Err(Cut),
    }
}

const TOO_LARGE: &str = "<html><body><h1>413 Request Entity Too Large</h1></body></html>";
