//! Posts what goes back to the host to an address of the host, signed after the Standard Webhooks specification
//! (standardwebhooks.com): in order per subject, at least once, tried again until it is taken or forgotten.

use super::{
    feed::Feed,
    tables::{self, Change},
};
use crate::{
    cli::terminal::{Done, Stop},
    clock::now,
    transport::{Client, HttpTransport, Transport as _},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use casewire::effect::{BodyPart, Header, HttpRequest, Method};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

/// How long the receiver may take.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How often it is looked for something to post.
const GLANCE: Duration = Duration::from_millis(100);
/// The longest pause before another try.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
/// Fewest bytes of the secret.
const LEAST_SECRET: usize = 16;

/// What webhooks are signed with.
#[derive(Clone)]
pub(super) struct Secret(Hmac<Sha256>);

impl Secret {
    /// Takes a secret: text, or `whsec_` and base64.
    pub(super) fn new(text: &str) -> Done<Self> {
        let bytes = match text.strip_prefix("whsec_") {
            Some(encoded) => STANDARD
                .decode(encoded)
                .map_err(|_| Stop::refused("CASEWIRE_WEBHOOK_SECRET: after whsec_ comes base64"))?,
            None => text.as_bytes().to_vec(),
        };
        if bytes.len() < LEAST_SECRET {
            return Err(Stop::refused(format!(
                "CASEWIRE_WEBHOOK_SECRET is shorter than {LEAST_SECRET} bytes: give 32 random bytes in base64 after whsec_"
            )));
        }
        let mac = Hmac::new_from_slice(&bytes).map_err(Stop::refused)?;
        Ok(Self(mac))
    }

    fn sign(&self, id: &str, seconds: i64, body: &[u8]) -> String {
        let mut mac = self.0.clone();
        mac.update(format!("{id}.{seconds}.").as_bytes());
        mac.update(body);
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

/// A webhook, as the figures show it.
#[derive(Debug, Default)]
pub(super) struct Hook {
    pub(super) url: String,
    pub(super) taken: AtomicU64,
    pub(super) failed: AtomicU64,
}

/// Refuses what is neither https nor loopback.
pub(super) fn check(url: &str) -> Done {
    let uri: ureq::http::Uri = url
        .parse()
        .map_err(|error| Stop::refused(format!("the webhook {url}: {error}")))?;
    let secure = uri.scheme_str() == Some("https");
    let loopback = uri.scheme_str() == Some("http") && crate::transport::is_loopback(&uri);
    match uri.host() {
        Some(_) if secure || loopback => Ok(()),
        _ => Err(Stop::refused(format!(
            "the webhook {url} is neither https nor on loopback: what goes back to the host names customers; use https"
        ))),
    }
}

/// Starts the thread of one webhook.
pub(super) fn start(hook: Arc<Hook>, secret: Secret, feed: Feed) -> Done<JoinHandle<()>> {
    let url = hook.url.clone();
    let place = feed
        .desk
        .wait(move |sql| tables::hook_place(sql, &url))
        .map_err(Stop::failed)?;
    let poster = Poster {
        client: HttpTransport::new().client(),
        hook,
        secret,
        feed,
    };
    Ok(thread::Builder::new()
        .name("casewire-webhook".to_owned())
        .spawn(move || poster.run(place))?)
}

struct Poster {
    client: Box<dyn Client>,
    hook: Arc<Hook>,
    secret: Secret,
    feed: Feed,
}

impl Poster {
    fn run(mut self, mut place: i64) {
        let latest = self.feed.watch();
        while !self.feed.is_over() {
            let mut worked = self.post_late();
            if *latest.borrow() > place {
                match self.post_new(place) {
                    Ok(new) => {
                        worked |= new > place;
                        place = new;
                    }
                    Err(error) => tracing::warn!("the webhook's place was not kept: {error}"),
                }
            }
            if !worked {
                thread::sleep(GLANCE);
            }
        }
    }

    /// Posts what comes after `place` and gives the place that it came to.
    fn post_new(&mut self, mut place: i64) -> Result<i64, String> {
        let page = self
            .feed
            .desk
            .wait(move |sql| tables::changes(sql, place, None, 64))?;
        for change in page {
            if self.feed.is_over() {
                break;
            }
            let (url, subject) = (self.hook.url.clone(), change.subject.clone());
            let waits = self
                .feed
                .desk
                .wait(move |sql| tables::is_late(sql, &url, &subject))?;
            let late = match waits {
                true => Some(0),
                false if self.post(&change) => None,
                false => Some(1),
            };
            place = change.seq;
            let url = self.hook.url.clone();
            self.feed.desk.wait(move |sql| {
                if let Some(tries) = late {
                    tables::put_late(sql, &url, &change, tries, next_try(tries))?;
                }
                tables::move_hook(sql, &url, place)
            })?;
        }
        Ok(place)
    }

    /// Posts what waits and is due. Says whether there was something.
    fn post_late(&mut self) -> bool {
        let url = self.hook.url.clone();
        let due = self
            .feed
            .desk
            .wait(move |sql| tables::due(sql, &url, now()));
        let Ok(due) = due else {
            return false;
        };
        let worked = !due.is_empty();
        for (change, tries) in due {
            if self.feed.is_over() {
                break;
            }
            let taken = self.post(&change);
            let url = self.hook.url.clone();
            let noted = self.feed.desk.wait(move |sql| match taken {
                true => tables::remove_late(sql, &url, change.seq),
                false => {
                    let tries = tries.saturating_add(1);
                    tables::put_late(sql, &url, &change, tries, next_try(tries))
                }
            });
            if let Err(error) = noted {
                tracing::warn!("the webhook's state was not kept: {error}");
                return false;
            }
        }
        worked
    }

    /// Whether the receiver took it: it answered with 2xx.
    fn post(&mut self, change: &Change) -> bool {
        let body = change.json().into_bytes();
        let id = format!("{}.{}", change.instance, change.seq);
        let seconds = now().millis().div_euclid(1000);
        let signature = self.secret.sign(&id, seconds, &body);
        let header = |name, value| Header { name, value };
        let request = HttpRequest {
            method: Method::Post,
            url: self.hook.url.clone(),
            headers: vec![
                header("content-type", "application/json".to_owned()),
                header("webhook-id", id),
                header("webhook-timestamp", seconds.to_string()),
                header("webhook-signature", signature),
            ],
            body: vec![BodyPart::Bytes(body.into())],
            timeout_ms: u64::try_from(TIMEOUT.as_millis()).unwrap_or(u64::MAX),
            max_answer: 1 << 16,
            not_after: None,
            store_as: None,
        };
        let taken = match self.client.send(&request) {
            Ok(answer) if (200..300).contains(&answer.status) => true,
            Ok(answer) => {
                tracing::warn!(
                    seq = change.seq,
                    status = answer.status,
                    "a webhook was not taken"
                );
                false
            }
            Err(failure) => {
                tracing::warn!(
                    seq = change.seq,
                    "a webhook was not taken: {}",
                    failure.message
                );
                false
            }
        };
        let count = if taken {
            &self.hook.taken
        } else {
            &self.hook.failed
        };
        count.fetch_add(1, Ordering::Relaxed);
        taken
    }
}

/// When it is tried again after so many failed tries: at once for one that only waits its turn, then after a second, doubling.
fn next_try(tries: u32) -> casewire::Timestamp {
    let pause = match tries {
        0 => Duration::ZERO,
        tries => Duration::from_secs(1 << tries.saturating_sub(1).min(9)),
    };
    now().after(pause.min(LONGEST_PAUSE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_the_specification() {
        let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signature = secret.sign(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            br#"{"test": 2432232314}"#,
        );
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert!(Secret::new("short").is_err() && Secret::new("whsec_*").is_err());
    }

    #[test]
    fn only_https_and_loopback_are_posted_to() {
        for good in [
            "https://soc.example/hook",
            "http://127.0.0.1:9/x",
            "http://[::1]/",
        ] {
            check(good).unwrap();
        }
        for bad in [
            "http://soc.example/hook",
            "ftp://127.0.0.1/",
            "/hook",
            "https://",
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }
}
