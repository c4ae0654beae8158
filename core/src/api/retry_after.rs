use super::error::Said;
use crate::{effect::HttpResponse, time::Timestamp};
use std::time::Duration;
use time::{OffsetDateTime, format_description::well_known::Rfc2822};

/// The longest wait that a server can ask for.
const LONGEST: Duration = Duration::from_secs(3600);

/// How long the server asks to wait: `Retry-After` in seconds or as a date, or the words of the guide's 429 body
/// (API.md sections 3 and 14).
pub(super) fn retry_after(response: &HttpResponse, now: Timestamp) -> Option<Duration> {
    let asked = response
        .header("retry-after")
        .and_then(|value| seconds(value).or_else(|| until(value, response, now)))
        .or_else(|| Said::of(&response.body).wait())?;
    Some(asked.clamp(Duration::from_secs(1), LONGEST))
}

fn seconds(value: &str) -> Option<Duration> {
    let whole = value.trim().split('.').next()?;
    whole.parse().ok().map(Duration::from_secs)
}

/// A date counts from the server's own `Date`, so that a wrong clock here does no harm.
fn until(value: &str, response: &HttpResponse, now: Timestamp) -> Option<Duration> {
    let sent = response.header("date").and_then(date).unwrap_or(now);
    Some(date(value)?.since(sent))
}

/// Reads an HTTP date such as `Mon, 05 Jan 2026 10:00:20 GMT`.
pub(super) fn date(value: &str) -> Option<Timestamp> {
    let moment = OffsetDateTime::parse(value.trim(), &Rfc2822).ok()?;
    Some(Timestamp::from_millis(
        moment.unix_timestamp().checked_mul(1000)?,
    ))
}

impl Said {
    /// Reads `Please try again in 30 seconds.`
    fn wait(&self) -> Option<Duration> {
        let lower = self.text().to_ascii_lowercase();
        let (_, rest) = lower.split_once("try again in ")?;
        let (number, unit) = rest.split_once(' ')?;
        let number: u64 = number.parse().ok()?;
        let size = if unit.starts_with("minute") { 60 } else { 1 };
        Some(Duration::from_secs(number.saturating_mul(size)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(headers: &[(&str, &str)], body: &str) -> HttpResponse {
        HttpResponse {
            status: 429,
            headers: headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            body: body.as_bytes().to_vec(),
            stored: None,
        }
    }

    #[test]
    fn seconds_dates_and_words_are_all_understood() {
        let now: Timestamp = "2026-01-05T10:00:00Z".parse().unwrap();
        let words = r#"{"error":"ConnectWiseAPI","message":"Too many requests. Please try again in 30 seconds."}"#;
        let date = "Mon, 05 Jan 2026 10:00:20 GMT";
        for (headers, body, expected) in [
            (vec![("Retry-After", "12")], words, Some(12)),
            (vec![("retry-after", date)], "", Some(20)),
            (
                vec![
                    ("retry-after", date),
                    ("date", "Mon, 05 Jan 2026 10:00:15 GMT"),
                ],
                "",
                Some(5),
            ),
            (vec![], words, Some(30)),
            (vec![], r#"{"message":"try again in 2 minutes"}"#, Some(120)),
            (vec![("retry-after", "soon")], "", None),
            (vec![("retry-after", "0")], "", Some(1)),
            (vec![("retry-after", "99999999999")], "", Some(3600)),
            (vec![], "<html>", None),
        ] {
            let wait = retry_after(&answer(&headers, body), now);
            assert_eq!(
                wait.map(|wait| wait.as_secs()),
                expected,
                "{headers:?} {body}"
            );
        }
    }
}
