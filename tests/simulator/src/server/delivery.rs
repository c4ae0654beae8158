//! Posting callbacks to their receivers (API.md section 13.4).

use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::header::HOST;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::Shared;
use crate::psa::callbacks::CallbackDelivery;

/// A receiver has so long to answer.
const TIMEOUT: Duration = Duration::from_secs(5);
/// The pauses before the second and the third attempt.
const PAUSES: [Duration; 2] = [Duration::from_secs(2), Duration::from_secs(4)];
/// The statuses after which it is tried again. A 5xx and a time-out are not among them.
const RETRIED: [u16; 4] = [404, 409, 419, 429];

/// Delivers a callback and notes how it went.
pub(super) async fn deliver(delivery: CallbackDelivery, shared: Arc<Shared>) {
    let mut success = false;
    for pause in PAUSES.into_iter().map(Some).chain([None]) {
        let status = tokio::time::timeout(TIMEOUT, post(&delivery))
            .await
            .ok()
            .flatten();
        success = status.is_some_and(|status| (200..300).contains(&status));
        match (status, pause) {
            (Some(status), Some(pause)) if RETRIED.contains(&status) => {
                tokio::time::sleep(pause).await;
            }
            (_, Some(pause)) if !success && shared.psa().settings.quirks.callback_retries_all => {
                tokio::time::sleep(pause).await;
            }
            _ => break,
        }
    }
    let now_ms = shared.now_ms();
    shared
        .psa()
        .callback_delivered(delivery.callback_id, success, now_ms);
}

/// The status of one attempt; `None` when there was no answer. Only plain HTTP is spoken: a
/// receiver behind TLS counts as not answering.
async fn post(delivery: &CallbackDelivery) -> Option<u16> {
    let rest = delivery.url.strip_prefix("http://")?;
    let (authority, path) = match rest.find(['/', '?']) {
        Some(at) => rest.split_at_checked(at)?,
        None => (rest, "/"),
    };
    let address = if authority.contains(':') {
        authority.to_owned()
    } else {
        format!("{authority}:80")
    };
    let stream = TcpStream::connect(address).await.ok()?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .ok()?;
    tokio::spawn(connection);
    let path = if path.starts_with('?') {
        format!("/{path}")
    } else {
        path.to_owned()
    };
    let mut request = hyper::Request::post(path).header(HOST, authority);
    for (name, value) in &delivery.headers {
        request = request.header(name, value);
    }
    let body = Full::new(Bytes::from(delivery.body.clone()));
    let response = sender.send_request(request.body(body).ok()?).await.ok()?;
    let status = response.status().as_u16();
    // Read to the end, so that the receiver is not cut off; what it says does not matter.
    let _ = response.into_body().collect().await;
    Some(status)
}
