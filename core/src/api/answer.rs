use super::{
    error::{failed, quote, refused},
    retry_after::date,
};
use crate::{
    effect::{Failure, FailureKind, HttpResponse},
    error::{Code, Error, Result},
    json::{self, Unreadable},
    time::Timestamp,
};
use serde::de::DeserializeOwned;

/// The largest answer that is read. A thousand projected records are far below.
pub(super) const MAX_ANSWER: u64 = 16 << 20;

/// An answer with the part of its headers that paging needs.
#[derive(Debug)]
pub(crate) struct Answer<T> {
    pub(crate) value: T,
    pub(crate) link: Option<String>,
    /// When the server answered, by its own clock.
    pub(crate) date: Option<Timestamp>,
}

impl Answer<()> {
    /// The answer with what was taken from its body.
    pub(super) fn with<T>(self, value: Option<T>) -> Result<Answer<T>> {
        let value = value.ok_or_else(|| Error::new(Code::Internal, "an answer was not read"))?;
        Ok(Answer {
            value,
            link: self.link,
            date: self.date,
        })
    }
}

/// Takes an answer's body. Exchanges do not know for which type they are made, so that they are compiled once.
pub(crate) trait Take: Send {
    fn text(&mut self, text: &str) -> std::result::Result<(), Unreadable>;
}

impl<T: DeserializeOwned + Send> Take for Option<T> {
    fn text(&mut self, text: &str) -> std::result::Result<(), Unreadable> {
        *self = Some(json::of_text(text)?);
        Ok(())
    }
}

/// Why an exchange gave no value.
#[derive(Debug)]
pub(super) struct Trouble {
    pub(super) error: Error,
    /// The server's answer, where its status was not 2xx.
    pub(super) response: Option<HttpResponse>,
    /// Whether the server cannot have performed the request.
    pub(super) refused: bool,
    /// Whether the same request may fare better in a moment.
    pub(super) passing: bool,
}

/// Reads what came of a request.
pub(super) fn read(
    outcome: std::result::Result<HttpResponse, Failure>,
    host: &str,
    spoken: bool,
    value: &mut dyn Take,
) -> std::result::Result<Answer<()>, Box<Trouble>> {
    let response = outcome.map_err(|failure| {
        Box::new(Trouble {
            error: failed(&failure, host),
            response: None,
            refused: matches!(
                failure.kind,
                FailureKind::NotSent | FailureKind::Tls | FailureKind::Content
            ),
            passing: matches!(
                failure.kind,
                FailureKind::NotSent | FailureKind::Unanswered | FailureKind::Other
            ),
        })
    })?;
    if !(200..300).contains(&response.status) {
        return Err(Box::new(Trouble {
            error: refused(&response, spoken),
            refused: matches!(response.status, 400..=407 | 409..=499),
            passing: matches!(response.status, 408 | 429 | 500..=599),
            response: Some(response),
        }));
    }
    if response.body.len() as u64 > MAX_ANSWER {
        let failure = Failure::new(FailureKind::TooLarge, "");
        return Err(unreadable(failed(&failure, host), false));
    }
    let link = response.header("link").map(str::to_owned);
    let date = response.header("date").and_then(date);
    let body = match response.body.strip_prefix(b"\xef\xbb\xbf") {
        Some(body) => body,
        None if response.status == 204 => b"null",
        None => response.body.as_slice(),
    };
    let fault = match std::str::from_utf8(body).map(|text| value.text(text)) {
        Ok(Ok(())) => {
            return Ok(Answer {
                value: (),
                link,
                date,
            });
        }
        Ok(Err(Unreadable::OtherForm(problem))) => Some(problem.to_string()),
        Ok(Err(Unreadable::Malformed(_))) | Err(_) => None,
    };
    let error = unexpected(body, fault.as_deref(), response.status, host);
    Err(unreadable(error, fault.is_none()))
}

fn unreadable(error: Error, passing: bool) -> Box<Trouble> {
    Box::new(Trouble {
        error,
        response: None,
        refused: false,
        passing,
    })
}

/// `fault` is what is wrong with a whole JSON document.
fn unexpected(body: &[u8], fault: Option<&str>, status: u16, host: &str) -> Error {
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    let what = match (first, fault) {
        (None, _) => "nothing".to_owned(),
        (Some(b'<'), _) => "a page instead of JSON".to_owned(),
        (_, Some(fault)) => format!("JSON of another form ({})", quote(fault)),
        _ => "JSON that breaks off or is damaged".to_owned(),
    };
    Error {
        http_status: Some(status),
        ..Error::new(
            Code::UnexpectedAnswer,
            format!(
                "{host} answered {status} with {what}. Try again; if it stays so, check connection.site and any proxy between"
            ),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    type Outcome = std::result::Result<HttpResponse, Failure>;

    fn taken<T: DeserializeOwned + Send>(
        outcome: Outcome,
    ) -> std::result::Result<Answer<T>, Box<Trouble>> {
        let mut value = None;
        let answer = read(outcome, "h", true, &mut value)?;
        Ok(answer.with(value).unwrap())
    }

    fn answer(status: u16, body: &[u8]) -> Outcome {
        Ok(HttpResponse {
            status,
            headers: vec![("Link".to_owned(), "<x>; rel=\"next\"".to_owned())],
            body: body.to_vec(),
            stored: None,
        })
    }

    #[test]
    fn a_page_nothing_and_a_torn_answer_may_pass_but_another_form_does_not() {
        for (body, passing) in [
            (&b""[..], true),
            (b"<html>", true),
            (b"{\"id\":", true),
            (b"[1,2", true),
            (b"\"text\"", false),
        ] {
            let trouble = taken::<Vec<u32>>(answer(200, body)).unwrap_err();
            assert_eq!(trouble.error.code, Code::UnexpectedAnswer);
            assert_eq!(
                (trouble.passing, trouble.refused),
                (passing, false),
                "{body:?}"
            );
        }
    }

    #[test]
    fn a_byte_order_mark_and_no_content_are_read() {
        let marked = taken::<Value>(answer(200, b"\xef\xbb\xbf[]")).unwrap();
        assert_eq!(marked.link.as_deref(), Some("<x>; rel=\"next\""));
        assert!(taken::<()>(answer(204, b"")).is_ok());
    }

    #[test]
    fn what_was_surely_not_performed_is_told_apart() {
        for (status, refused, passing) in [
            (400, true, false),
            (401, true, false),
            (403, true, false),
            (404, true, false),
            (408, false, true),
            (413, true, false),
            (429, true, true),
            (500, false, true),
            (502, false, true),
            (302, false, false),
        ] {
            let trouble = taken::<Value>(answer(status, b"{}")).unwrap_err();
            assert_eq!(
                (trouble.refused, trouble.passing),
                (refused, passing),
                "{status}"
            );
        }
        for (kind, refused, passing) in [
            (FailureKind::NotSent, true, true),
            (FailureKind::Tls, true, false),
            (FailureKind::Unanswered, false, true),
            (FailureKind::TooLarge, false, false),
            (FailureKind::Other, false, true),
            (FailureKind::Content, true, false),
        ] {
            let failure = Failure::new(kind, "");
            let trouble = taken::<Value>(Err(failure)).unwrap_err();
            assert_eq!(
                (trouble.refused, trouble.passing),
                (refused, passing),
                "{kind:?}"
            );
        }
    }
}
