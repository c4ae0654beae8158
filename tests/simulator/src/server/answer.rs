//! Bodies of answers, whole or cut.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, SizeHint};
use hyper::header::{CONTENT_LENGTH, HeaderName, HeaderValue};
use tokio::time::Sleep;

use super::Cut;
use crate::wire::Response;

/// How long what was written has to reach the client before the connection is cut.
const FLUSH: Duration = Duration::from_millis(20);

/// A body that may end too early.
#[derive(Debug)]
pub(super) struct Answer {
    data: Option<Bytes>,
    cut: Option<Pin<Box<Sleep>>>,
}

/// An answer that arrives.
pub(super) fn whole(response: Response) -> hyper::Response<Answer> {
    let data = Bytes::from(response.body);
    let body = Answer {
        data: (!data.is_empty()).then_some(data),
        cut: None,
    };
    with_head(response.status, &response.headers, body)
}

/// An answer whose `Content-Length` promises more bytes than arrive.
pub(super) fn cut(response: Response, bytes: usize) -> hyper::Response<Answer> {
    let length = response.body.len();
    let mut data = Bytes::from(response.body);
    data.truncate(bytes.min(length.saturating_sub(1)));
    let body = Answer {
        data: (!data.is_empty()).then_some(data),
        cut: Some(Box::pin(tokio::time::sleep(FLUSH))),
    };
    let mut answer = with_head(response.status, &response.headers, body);
    answer
        .headers_mut()
        .insert(CONTENT_LENGTH, HeaderValue::from(length));
    answer
}

fn with_head(status: u16, headers: &[(String, String)], body: Answer) -> hyper::Response<Answer> {
    let mut answer = hyper::Response::new(body);
    if let Ok(status) = hyper::StatusCode::from_u16(status) {
        *answer.status_mut() = status;
    }
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value.as_bytes())) {
            answer.headers_mut().append(name, value);
        }
    }
    answer
}

impl Body for Answer {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        if let Some(data) = self.data.take() {
            return Poll::Ready(Some(Ok(Frame::data(data))));
        }
        match &mut self.cut {
            None => Poll::Ready(None),
            Some(pause) => pause.as_mut().poll(context).map(|()| Some(Err(Cut))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.data.is_none() && self.cut.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        match (&self.data, &self.cut) {
            (_, Some(_)) => SizeHint::new(),
            (Some(data), None) => SizeHint::with_exact(data.len() as u64),
            (None, None) => SizeHint::with_exact(0),
        }
    }
}
