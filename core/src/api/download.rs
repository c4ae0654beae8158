use super::{
    Instance, answer,
    client::{Client, header},
    query::Query,
    read::resume_at,
};
use crate::{
    effect::{Method, StoredBody},
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
    /// Has a file streamed to the host's storage. What may pass is tried again, as with [`read`](Client::read), and so is an
    /// answer of another length than the file has: a later storing takes the place of an earlier one.
    ///
    /// # Errors
    ///
    /// As [`read`](Client::read); [`Code::AnswerTooLarge`] for a file of unknown length that is larger than may be,
    /// [`Code::NotStored`] where the driver does not know how to store one.
    pub(crate) async fn download(&self, cx: &Context, download: &Download) -> Result<StoredBody> {
        let mut instance = self.instance(cx).await?;
        let mut may_move = true;
        loop {
            match self.stream(cx, &instance, download).await {
                Err(error) if may_move && error.http_status == Some(404) => {
                    instance = self.moved(cx, &instance, error).await?;
                    may_move = false;
                }
                result => return result,
            }
        }
    }

    async fn stream(
        &self,
        cx: &Context,
        instance: &Instance,
        download: &Download,
    ) -> Result<StoredBody> {
        let mut request = self.request(instance, Method::Get, &download.path, &Query::new());
        request.headers.retain(|header| header.name != "Accept");
        request.headers.push(header("Accept", "*/*"));
        request.timeout_ms = self.timeout_ms(download.size.unwrap_or(download.at_most));
        request.max_answer = download.at_most;
        request.store_as = Some(download.store_as.clone());
        let mut tries = 0;
        loop {
            let outcome = cx.http(request.clone()).await;
            tries += 1;
            let may_try = tries < self.tries();
            let (error, resume) = match outcome {
                Ok(response) if (200..300).contains(&response.status) => {
                    self.note_success();
                    let stored = response.stored.filter(is_sound).ok_or_else(not_stored)?;
                    if download.size.is_none_or(|size| size == stored.size) {
                        return Ok(stored);
                    }
                    let resume = cx.now().after(cx.backoff(tries - 1));
                    (of_another_length(download, stored.size), resume)
                }
                outcome => {
                    let (host, spoken) = (&instance.host, self.has_spoken());
                    match answer::read(outcome, host, spoken, &mut None::<IgnoredAny>) {
                        Ok(_) => return Err(not_stored()),
                        Err(trouble) => {
                            // Of a file whose length is known, an answer that is too large is something else.
                            let torn = trouble.error.code == Code::AnswerTooLarge
                                && download.size.is_some();
                            let resume = resume_at(cx, &trouble, tries);
                            let error = if torn {
                                of_another_length(download, download.at_most)
                            } else {
                                self.redact(trouble.error)
                            };
                            if !trouble.passing && !torn {
                                return Err(error);
                            }
                            (error, resume)
                        }
                    }
                }
            };
            if !may_try {
                return Err(error);
            }
            cx.sleep_until(resume).await;
        }
    }
}

fn of_another_length(download: &Download, length: u64) -> Error {
    let size = download.size.unwrap_or_default();
    Error::new(
        Code::UnexpectedAnswer,
        format!(
            "a file of {size} bytes came with {length}; it is asked for again with the next reading of its ticket"
        ),
    )
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
