use crate::{
    effect::{Failure, FailureKind, HttpResponse},
    error::{Code, Error},
};
use serde_json::Value;

/// How much of the server's own words an error repeats, in characters.
const QUOTE: usize = 300;

/// What an error answer says, in whichever of its forms (API.md section 3).
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// The outer code; `error` in a 429.
    code: Option<String>,
    /// Code of the first entry of `errors`.
    inner: Option<String>,
    field: Option<String>,
    /// One line, bounded, without control characters; never a page of HTML.
    text: String,
    is_json: bool,
}

/// Makes an error of an answer whose status is not 2xx.
///
/// `spoken` is whether this instance has answered a request with these keys before: on the cloud a first 404 can mean
/// wrong keys (API.md section 18, row 9).
pub(super) fn refused(response: &HttpResponse, spoken: bool) -> Error {
    let said = Said::of(&response.body);
    let (code, what, fix) = match response.status {
        401 => (
            Code::Unauthorized,
            "ConnectWise refused the keys",
            "Check company id, public and private key of the API member, and that the keys have not expired",
        ),
        403 if said.names_client_id() => (
            Code::Forbidden,
            "ConnectWise refused the client id",
            "Check connection.client_id against developer.connectwise.com",
        ),
        403 => (
            Code::Forbidden,
            "ConnectWise forbade the request",
            "Give the API member's security role the right, or check connection.client_id where everything is forbidden",
        ),
        404 if said.is_missing_record() => (
            Code::NotFound,
            "ConnectWise has no such record",
            "It was deleted, or lies beyond the API member's rights",
        ),
        404 if !spoken => (
            Code::Unauthorized,
            "ConnectWise answered 404 at first contact, which it also does for wrong keys",
            "Check company id, public and private key, and that connection.site is the api- host of your region",
        ),
        404 if said.is_json => (
            Code::Rejected,
            "ConnectWise does not know the address",
            "This release lacks what was asked for: update ConnectWise, or switch the feature off",
        ),
        404 => (
            Code::UnexpectedAnswer,
            "The server answered 404 without ConnectWise's words",
            "Try again; if it stays so, check connection.site and what stands between",
        ),
        408 => (
            Code::ServerFailed,
            "The server gave up waiting for the request",
            "Try again",
        ),
        409 => (
            Code::InUse,
            "The record is in use",
            "Try again when whoever works on it is done",
        ),
        413 => (
            Code::TooLarge,
            "The request is too large for the server",
            "Send less, such as a smaller attachment",
        ),
        429 => (
            Code::Throttled,
            "ConnectWise is throttling",
            "Lower limits.requests_per_minute if it goes on",
        ),
        300..=399 => (
            Code::UnexpectedAnswer,
            "The server redirects elsewhere, which is not followed",
            "Write the final address into connection.site",
        ),
        400..=499 => (
            Code::Rejected,
            "ConnectWise refused the request",
            said.fix(),
        ),
        500..=599 => (
            Code::ServerFailed,
            "The server failed",
            "Try again; if it stays so, look at ConnectWise's status page or the server's log",
        ),
        _ => (
            Code::UnexpectedAnswer,
            "The server answered with a status that the API does not have",
            "Check connection.site and what stands between",
        ),
    };
    let quoted = if said.text.is_empty() {
        String::new()
    } else {
        format!(": {}", said.text)
    };
    Error {
        http_status: Some(response.status),
        connectwise_code: said.inner.or(said.code),
        field: said.field,
        ..Error::new(code, format!("{what} ({}){quoted}. {fix}", response.status))
    }
}

/// Makes an error of an exchange that came to no answer.
pub(super) fn failed(failure: &Failure, host: &str) -> Error {
    let (code, what, fix) = match failure.kind {
        FailureKind::NotSent => (
            Code::NotSent,
            "nothing could be sent to",
            "Check connection.site, name resolution, firewall and proxy",
        ),
        FailureKind::Tls => (
            Code::Tls,
            "the certificate or TLS version was refused of",
            "Install a trusted certificate there, or trust its issuer in the host",
        ),
        FailureKind::Content => (
            Code::NotFetched,
            "a file was not there to be sent to",
            "Hand the case over with attachments whose token and size still hold",
        ),
        FailureKind::Unanswered | FailureKind::Other => (
            Code::Unanswered,
            "no complete answer came from",
            "Try again; if it stays so, raise limits.request_timeout",
        ),
        FailureKind::TooLarge => (
            Code::AnswerTooLarge,
            "a larger answer than allowed came from",
            "Ask for less",
        ),
    };
    let reason = quote(&failure.message);
    let reason = if reason.is_empty() {
        reason
    } else {
        format!(" ({reason})")
    };
    Error::new(code, format!("{what} {host}{reason}. {fix}"))
}

impl Said {
    pub(super) fn of(body: &[u8]) -> Self {
        let Ok(value) = serde_json::from_slice::<Value>(body) else {
            let text = String::from_utf8_lossy(body);
            return Self {
                text: if text.contains('<') {
                    String::new()
                } else {
                    quote(&text)
                },
                ..Self::default()
            };
        };
        let entries: Vec<&Value> = value
            .get("errors")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .collect();
        let first = entries.iter().find(|entry| entry.get("code").is_some());
        let words = [&value]
            .into_iter()
            .chain(entries.iter().copied().take(5))
            .filter_map(|part| word(part, "message"));
        Self {
            code: word(&value, "code").or_else(|| word(&value, "error")),
            inner: first.and_then(|entry| word(entry, "code")),
            field: entries.iter().find_map(|entry| word(entry, "field")),
            text: quote(&words.collect::<Vec<_>>().join("; ")),
            is_json: value.is_object(),
        }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// ConnectWise says `NotFound` of records, and `ConnectWiseApi` of addresses that it does not have.
    fn is_missing_record(&self) -> bool {
        self.code
            .as_deref()
            .is_some_and(|code| code.eq_ignore_ascii_case("NotFound"))
    }

    fn names_client_id(&self) -> bool {
        let text: String = self
            .text
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        text.to_ascii_lowercase().contains("clientid")
    }

    fn fix(&self) -> &'static str {
        match self.inner.as_deref().or(self.code.as_deref()) {
            Some("MissingRequiredField") => "Give the field a value: ticket.fields can fill it",
            Some("NotFound") => {
                "Check that the name or id exists there, for statuses and types on that very board"
            }
            Some("InvalidField" | "InvalidObject") => "Correct the field's value or its mapping",
            Some("ObjectExists") => "The record is there already",
            Some("Security") => "Write the api- host of your region into connection.site",
            _ => "Correct the request; the same one will be refused again",
        }
    }
}

fn word(value: &Value, key: &str) -> Option<String> {
    let text = quote(value.get(key)?.as_str()?);
    (!text.is_empty()).then_some(text)
}

/// Makes one bounded line of a text from outside.
pub(super) fn quote(text: &str) -> String {
    let mut line = String::new();
    let clean = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(QUOTE * 8)
        .collect::<String>();
    for word in clean.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    let line = line.trim_end_matches('.');
    if line.chars().count() <= QUOTE {
        return line.to_owned();
    }
    let mut cut: String = line.chars().take(QUOTE - 1).collect();
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> HttpResponse {
        HttpResponse {
            status,
            headers: Vec::new(),
            body: body.as_bytes().to_vec(),
            stored: None,
        }
    }

    #[test]
    fn every_recorded_error_shape_has_its_code() {
        let invalid = r#"{"code":"InvalidObject","message":"ticket object is invalid","errors":[{"code":"NotFound",
            "message":"Service Status New not found for Service Board 3","resource":"ticket","field":"status/name"}]}"#;
        let not_found = r#"{"code":"NotFound","message":"Contact 57919 not found","errors":null}"#;
        let endpoint =
            r#"{"code":"ConnectWiseApi","message":"The endpoint does not exist.","errors":null}"#;
        let throttled = r#"{"error":"ConnectWiseAPI","message":"Too many requests. Please try again in 30 seconds."}"#;
        let html = "<html><body>502 Bad Gateway secret</body></html>";
        for (status, body, code, connectwise) in [
            (400, invalid, Code::Rejected, Some("NotFound")),
            (
                400,
                r#"{"code":"ApiFindCondition","message":"X is not a recognized name."}"#,
                Code::Rejected,
                Some("ApiFindCondition"),
            ),
            (
                400,
                r#"{"code":"Security","message":"SSL is required.","errors":null}"#,
                Code::Rejected,
                Some("Security"),
            ),
            (
                401,
                r#"{"code":"Unauthorized","message":"no"}"#,
                Code::Unauthorized,
                Some("Unauthorized"),
            ),
            (403, "Invalid Client-ID", Code::Forbidden, None),
            (
                403,
                r#"{"code":"Forbidden","message":"no right"}"#,
                Code::Forbidden,
                Some("Forbidden"),
            ),
            (404, not_found, Code::NotFound, Some("NotFound")),
            (404, endpoint, Code::Rejected, Some("ConnectWiseApi")),
            (404, html, Code::UnexpectedAnswer, None),
            (405, "", Code::Rejected, None),
            (408, "", Code::ServerFailed, None),
            (
                409,
                r#"{"code":"Conflict","message":"in use"}"#,
                Code::InUse,
                Some("Conflict"),
            ),
            (413, html, Code::TooLarge, None),
            (415, "", Code::Rejected, None),
            (429, throttled, Code::Throttled, Some("ConnectWiseAPI")),
            (500, "timeout", Code::ServerFailed, None),
            (502, html, Code::ServerFailed, None),
            (302, "", Code::UnexpectedAnswer, None),
        ] {
            let error = refused(&answer(status, body), true);
            assert_eq!(
                (error.code, error.connectwise_code.as_deref()),
                (code, connectwise),
                "{status} {body}"
            );
            assert_eq!(error.http_status, Some(status));
            assert!(!error.message.contains('<') && !error.message.contains("secret"));
        }
        let error = refused(&answer(400, invalid), true);
        assert_eq!(error.field.as_deref(), Some("status/name"));
        assert!(
            error.message.contains("Service Status New not found"),
            "{error}"
        );
    }

    #[test]
    fn a_first_404_points_at_the_keys_unless_it_speaks_of_a_record() {
        let endpoint = r#"{"code":"ConnectWiseApi","message":"The endpoint does not exist."}"#;
        for body in ["", endpoint] {
            assert_eq!(refused(&answer(404, body), false).code, Code::Unauthorized);
        }
        let record = r#"{"code":"NotFound","message":"Ticket 9 not found"}"#;
        assert_eq!(refused(&answer(404, record), false).code, Code::NotFound);
    }

    #[test]
    fn the_servers_words_are_cut_and_made_one_line() {
        let body = format!(
            r#"{{"code":"X","message":"a\u0000b\r\n{}"}}"#,
            "é".repeat(5000)
        );
        let error = refused(&answer(400, &body), true);
        assert!(error.message.chars().count() < 500);
        assert!(!error.message.chars().any(char::is_control));
    }

    #[test]
    fn odd_bodies_make_an_error_and_no_panic() {
        for body in [
            "null",
            "[]",
            "17",
            "\"text\"",
            r#"{"errors":[null,1,{"code":5}]}"#,
            "{",
            "\u{feff}{}",
        ] {
            assert_eq!(
                refused(&answer(400, body), true).code,
                Code::Rejected,
                "{body}"
            );
        }
    }
}
