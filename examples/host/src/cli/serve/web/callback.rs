use super::{App, refusal::Refusal};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode},
    response::{IntoResponse as _, Response},
};
use casewire::{CallbackRequest, MAX_CALLBACK_BODY};
use std::{sync::Arc, time::Duration};

/// How long a callback may take to come in; ConnectWise waits five seconds (API.md section 13.4).
const BODY_TIME: Duration = Duration::from_secs(5);

/// A callback comes to any path that ends in the secret segment of an instance, whatever a proxy in front leaves of the
/// path. It is answered as soon as it is in memory, whatever the connector is doing; everything else is not found.
pub(super) async fn callback(State(app): State<Arc<App>>, request: Request) -> Response {
    let segment = request.uri().path().rsplit('/').next().unwrap_or_default();
    let opened = app.instances.all().into_iter().find(|instance| {
        let config = instance.settings.config();
        let secret = instance.secret.as_ref();
        secret.is_some_and(|secret| secret.opens(config, segment))
    });
    let Some(instance) = opened.filter(|_| request.method() == Method::POST) else {
        return Refusal::no_such_path().into_response();
    };
    let secret = segment.to_owned();
    let (parts, body) = request.into_parts();
    match body_of(body).await {
        Some(body) => {
            instance.take_callback(CallbackRequest {
                body,
                signature: signature(&parts.headers),
                secret,
            });
        }
        None => instance.count_callback("unreadable"),
    }
    StatusCode::NO_CONTENT.into_response()
}

/// Nothing where it is too large, too slow or breaks off: no callback of ConnectWise, or one that polling makes good.
async fn body_of(body: Body) -> Option<Vec<u8>> {
    let reading = axum::body::to_bytes(body, MAX_CALLBACK_BODY);
    let read = tokio::time::timeout(BODY_TIME, reading).await.ok()?;
    read.ok().map(Into::into)
}

fn signature(headers: &HeaderMap) -> Option<String> {
    let value = headers.get("x-content-signature")?;
    value.to_str().ok().map(str::to_owned)
}
