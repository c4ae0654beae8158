use super::{
    answer,
    client::{Client, header},
    query::Query,
    read::resume_at,
};
use crate::{
    effect::{HttpRequest, Method, StoredBody},
    error::{Code, Error, Result},
    runtime::Context,
};
use serde::de::IgnoredAny;

/// A file that the driver is to store in the host. Its bytes never come near the core.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Download {
    /// Below `apis/3.0`.
    pub(crate) path: String,
    /// What the host's storage calls it.
    pub(crate) store_as: String,
    /// Its length, as far as it is known; decides how long it may take.
    pub(crate) size: Option<u64>,
    /// The most that may be stored, in bytes.
    pub(crate) at_most: u64,
}

impl Client {
    /// Has a file streamed to the host's storage. What may pass is tried again, as with [`read`](Client::read): a second
    /// storing takes the place of the first.
    ///
    /// # Errors
    ///
    /// As [`read`](Client::read); [`Code::AnswerTooLarge`] for a larger file than may be, [`Code::NotStored`] where the driver
    /// does not know how to store one.
    pub(crate) async fn download(&self, cx: &Context, download: &Download) -> Result<StoredBody> {
        let instance = self.instance(cx).await?;
        let mut request: HttpRequest =
            self.request(&instance, Method::Get, &download.path, &Query::new());
        request.headers.retain(|header| header.name != "Accept");
        request.headers.push(header("Accept", "*/*"));
        request.timeout_ms = self.timeout_ms(download.size.unwrap_or(download.at_most));
        request.max_answer = download.at_most;
        request.store_as = Some(download.store_as.clone());
        let mut tries = 0;
        loop {
            let mut outcome = cx.http(request.clone()).await;
            if let Ok(response) = &mut outcome
                && (200..300).contains(&response.status)
            {
                self.note_success();
                let stored = response.stored.take();
                return stored.filter(is_sound).ok_or_else(not_stored);
            }
            let trouble =
                match answer::read::<IgnoredAny>(outcome, &instance.host, self.has_spoken()) {
                    Ok(_) => return Err(not_stored()),
                    Err(trouble) => trouble,
                };
            tries += 1;
            let resume = resume_at(cx, &trouble, tries);
            if !trouble.passing || tries >= self.tries() {
                return Err(self.redact(trouble.error));
            }
            cx.sleep_until(resume).await;
        }
    }
}

fn is_sound(stored: &StoredBody) -> bool {
    let hexadecimal = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    stored.sha256.len() == 64 && stored.sha256.bytes().all(hexadecimal)
}

fn not_stored() -> Error {
    Error::new(
        Code::NotStored,
        "the host's driver did not say that it stored the file: a request with store_as is answered with its length and SHA-256",
    )
}
