use super::{
    answer::{self, Answer, Take, Trouble},
    client::{Client, header},
    query::Query,
    retry_after::retry_after,
};
use crate::{
    effect::{HttpRequest, Method},
    error::{Code, Result},
    runtime::Context,
    time::Timestamp,
};
use serde::de::DeserializeOwned;
use std::time::Duration;

/// What a request for a list says about paging (API.md section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pagination {
    ByNumber,
    ForwardOnly,
}

impl Client {
    /// Reads what a path holds.
    ///
    /// What may pass (no connection, no answer, 408, 429, 5xx, a torn answer) is tried again, at most five times in all
    /// with growing waits. A 404 after a cloud release is followed to the new codebase.
    ///
    /// # Errors
    ///
    /// See `api/error.rs`: what ConnectWise refused, or the last trouble.
    pub(crate) async fn read<T: DeserializeOwned + Send>(
        &self,
        cx: &Context,
        path: &str,
        query: &Query,
    ) -> Result<T> {
        let mut value = None;
        let answer = self
            .fetch(cx, path, query, Pagination::ByNumber, &mut value)
            .await?;
        Ok(answer.with(value)?.value)
    }

    pub(super) async fn fetch(
        &self,
        cx: &Context,
        path: &str,
        query: &Query,
        pagination: Pagination,
        value: &mut dyn Take,
    ) -> Result<Answer<()>> {
        let mut instance = self.instance(cx).await?;
        let mut may_move = true;
        loop {
            let mut request = self.request(&instance, Method::Get, path, query);
            if pagination == Pagination::ForwardOnly {
                request
                    .headers
                    .push(header("pagination-type", "forward-only"));
            }
            let error = match self.persist(cx, &request, &instance.host, value).await {
                Ok(answer) => {
                    self.note_success();
                    return Ok(answer);
                }
                Err(error) => error,
            };
            match error.http_status {
                Some(404) if may_move => {
                    instance = self.moved(cx, &instance, error).await?;
                    may_move = false;
                }
                Some(406) if self.drop_pin() => {}
                _ => return Err(error),
            }
        }
    }

    /// Sends a request until it is answered, refused, or tried often enough.
    pub(super) async fn persist(
        &self,
        cx: &Context,
        request: &HttpRequest,
        host: &str,
        value: &mut dyn Take,
    ) -> Result<Answer<()>> {
        let mut tries = 0;
        loop {
            let outcome = cx.http(request.clone()).await;
            let trouble = match answer::read(outcome, host, self.has_spoken(), value) {
                Ok(answer) => return Ok(answer),
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

/// When to try again after `tries` tries. A throttled client holds back all of its requests until then.
pub(super) fn resume_at(cx: &Context, trouble: &Trouble, tries: u32) -> Timestamp {
    let now = cx.now();
    let asked = trouble
        .response
        .as_ref()
        .filter(|response| matches!(response.status, 429 | 503))
        .and_then(|response| retry_after(response, now));
    if trouble.error.code != Code::Throttled {
        let wait = cx.backoff(tries - 1);
        return now.after(asked.map_or(wait, |asked| wait.max(asked.min(Duration::from_secs(60)))));
    }
    let doubling = Duration::from_secs(30 << (tries - 1).min(4));
    let resume = now.after(asked.unwrap_or(doubling));
    cx.pause_requests_until(resume);
    resume
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        api::testing::{
            Reply, Server, client, company_info, connection, limits, lost, ok, status, with_header,
        },
        config::Connection,
        credentials::Credentials,
        effect::FailureKind,
        error::Error,
    };
    use serde_json::{Value, json};

    const PATH: &str = "/company/companies/5";

    fn read(server: &mut Server) -> Result<Value> {
        server.run(move |cx| async move { client().read(&cx, PATH, &Query::new()).await })
    }

    fn server(replies: impl IntoIterator<Item = Reply>) -> Server {
        Server::new(replies)
    }

    #[test]
    fn a_request_carries_the_keys_the_client_id_and_the_pinned_version() {
        let mut server = server([ok(json!({"id": 5}))]);
        assert_eq!(read(&mut server).unwrap(), json!({"id": 5}));
        let (_, request) = &server.sent[0];
        assert_eq!(
            request.url,
            "https://api-na.myconnectwise.net/v2025_1/apis/3.0/company/companies/5"
        );
        let headers: Vec<_> = request
            .headers
            .iter()
            .map(|header| (header.name, header.value.as_str()))
            .collect();
        assert_eq!(
            headers,
            [
                (
                    "Authorization",
                    "Basic YWNtZStwdWJsaWNrZXk6cHJpdmF0ZWtleQ=="
                ),
                ("clientId", "6f1f6f0e-3c1d-4a52-9a54-0b9f5f4f9e11"),
                (
                    "Accept",
                    "application/vnd.connectwise.com+json; version=2025.1"
                ),
            ]
        );
        assert!(!format!("{:?} {:?}", request, client()).contains("YWNtZS"));
        assert!(!format!("{:?}", client()).contains("privatekey"));
    }

    #[test]
    fn what_may_pass_is_tried_again_with_growing_waits() {
        for reply in [
            lost(FailureKind::NotSent),
            lost(FailureKind::Unanswered),
            status(408, ""),
            status(500, "timeout"),
            status(502, "<html>"),
            status(200, "<html>"),
            status(200, ""),
            status(200, "{\"id\":"),
        ] {
            let mut server = server([reply.clone(), reply.clone(), reply, ok(json!({}))]);
            assert!(read(&mut server).is_ok());
            let delays = server.delays();
            assert!(
                delays[1] >= 375 && delays[2] - delays[1] > delays[1],
                "{delays:?}"
            );
        }
    }

    #[test]
    fn five_tries_are_enough() {
        let mut server = server(vec![status(503, ""); 5]);
        let error = read(&mut server).unwrap_err();
        assert_eq!(
            (error.code, error.retry, server.sent.len()),
            (Code::ServerFailed, true, 5)
        );
    }

    #[test]
    fn what_will_not_pass_is_tried_once() {
        for (reply, code) in [
            (status(400, "{}"), Code::Rejected),
            (status(401, "{}"), Code::Unauthorized),
            (status(403, "{}"), Code::Forbidden),
            (status(302, ""), Code::UnexpectedAnswer),
            (lost(FailureKind::Tls), Code::Tls),
            (lost(FailureKind::TooLarge), Code::AnswerTooLarge),
        ] {
            let mut server = server([reply]);
            assert_eq!(read(&mut server).unwrap_err().code, code);
        }
    }

    #[test]
    fn throttling_holds_back_as_long_as_the_server_asks() {
        let words = r#"{"error":"ConnectWiseAPI","message":"Too many requests. Please try again in 30 seconds."}"#;
        for (reply, wait) in [
            (with_header(429, "Retry-After", "12", words), 12_000),
            (
                with_header(429, "Retry-After", "Mon, 05 Jan 2026 10:00:20 GMT", ""),
                20_000,
            ),
            (status(429, words), 30_000),
            (status(429, ""), 30_000),
        ] {
            let mut server = server([reply, ok(json!({}))]);
            assert!(read(&mut server).is_ok());
            assert_eq!(server.delays(), [0, wait]);
        }
    }

    #[test]
    fn throttling_holds_back_every_other_request_too() {
        let mut server = server([
            with_header(429, "Retry-After", "10", ""),
            ok(json!({})),
            ok(json!({})),
        ]);
        server.run(|cx| async move {
            let api = client();
            let reads = [0, 1].map(|seconds| {
                let (cx, api) = (cx.clone(), api.clone());
                async move {
                    cx.sleep_until(cx.now().after(Duration::from_secs(seconds)))
                        .await;
                    api.read::<Value>(&cx, PATH, &Query::new()).await
                }
            });
            let results: Vec<Result<Value>> = crate::runtime::join_all(reads).await;
            assert!(results.iter().all(Result::is_ok));
        });
        assert_eq!(server.delays(), [0, 10_000, 10_000]);
    }

    #[test]
    fn a_cloud_release_is_followed_to_the_new_codebase() {
        let mut server = server([status(404, "<html>"), ok(json!({}))]);
        server.company_info = [company_info("v2025_1/"), company_info("v2025_2/")].into();
        assert!(read(&mut server).is_ok());
        assert!(server.sent[1].1.url.contains("/v2025_2/"));
    }

    #[test]
    fn a_404_of_the_same_codebase_is_believed() {
        let missing = r#"{"code":"NotFound","message":"Company 5 not found"}"#;
        let mut server = server([status(404, missing)]);
        assert_eq!(read(&mut server).unwrap_err().code, Code::NotFound);
        assert_eq!((server.sent.len(), server.asked_company_info), (1, 2));
    }

    #[test]
    fn missing_records_ask_for_the_codebase_at_most_once_a_minute() {
        let missing = r#"{"code":"NotFound","message":"Ticket not found"}"#;
        let mut server = server(vec![status(404, missing); 10]);
        server.run(|cx| async move {
            let api = client();
            for _ in 0..10 {
                let result: Result<Value> = api.read(&cx, PATH, &Query::new()).await;
                assert_eq!(result.unwrap_err().code, Code::NotFound);
            }
        });
        assert_eq!(server.asked_company_info, 2);
    }

    #[test]
    fn concurrent_first_calls_ask_for_the_codebase_once() {
        let mut server = server(vec![ok(json!({})); 8]);
        server.run(|cx| async move {
            let api = client();
            let reads = (0..8).map(|_| {
                let (cx, api) = (cx.clone(), api.clone());
                async move { api.read::<Value>(&cx, PATH, &Query::new()).await }
            });
            let results: Vec<Result<Value>> = crate::runtime::join_all(reads).await;
            assert!(results.iter().all(Result::is_ok));
        });
        assert_eq!((server.asked_company_info, server.most_at_once), (1, 8));
    }

    #[test]
    fn a_server_without_the_pinned_version_is_asked_for_plain_json() {
        let mut server = server([status(406, ""), ok(json!({}))]);
        assert!(read(&mut server).is_ok());
        let accept = |index: usize| server.sent[index].1.headers[2].value.clone();
        assert_eq!(accept(1), "application/json");

        let old = json!({"Codebase": "v4_6_release/", "VersionCode": "v2022.1"});
        let mut server = Server::new([ok(json!({}))]);
        server.company_info = [ok(old)].into();
        assert!(read(&mut server).is_ok());
        assert_eq!(server.sent[0].1.headers[2].value, "application/json");
    }

    #[test]
    fn a_host_that_adds_the_keys_itself_gets_a_request_without_them() {
        let mut server = server([ok(json!({}))]);
        server.run(|cx| async move {
            let mut connection = connection();
            connection.client_id = Some(" ".to_owned());
            let credentials = Credentials::added_by_host();
            let api = Client::new(&connection, &limits(), credentials, Some("vendor-id")).unwrap();
            api.read::<Value>(&cx, PATH, &Query::new()).await.unwrap();
        });
        let headers = &server.sent[0].1.headers;
        assert!(headers.iter().all(|header| header.name != "Authorization"));
        assert_eq!(
            (headers[0].name, headers[0].value.as_str()),
            ("clientId", "vendor-id")
        );
        let none = Client::new(
            &Connection {
                client_id: None,
                ..connection()
            },
            &limits(),
            Credentials::added_by_host(),
            None,
        );
        assert_eq!(none.unwrap_err().code, Code::MissingKey);
    }

    #[test]
    fn a_release_under_way_is_no_proof_of_anything() {
        let endpoint = r#"{"code":"ConnectWiseApi","message":"The endpoint does not exist."}"#;
        let mut server = server([ok(json!({})), status(404, endpoint)]);
        server.company_info = [company_info("v2025_1/"), status(503, "")].into();
        let error = server.run(|cx| async move {
            let api = client();
            api.read::<Value>(&cx, PATH, &Query::new()).await.unwrap();
            api.read::<Value>(&cx, PATH, &Query::new())
                .await
                .unwrap_err()
        });
        assert_eq!((error.code, error.retry), (Code::ServerFailed, true));
    }

    #[test]
    fn keys_that_the_server_repeats_are_taken_out() {
        let body = r#"{"code":"X","message":"bad publickey / privatekey","errors":[{"code":"privatekey","field":"publickey"}]}"#;
        let error: Error = read(&mut server([status(400, body)])).unwrap_err();
        let text = format!("{error:?}");
        assert!(
            !text.contains("publickey") && !text.contains("privatekey"),
            "{text}"
        );
    }

    #[test]
    fn a_server_that_is_not_connectwise_is_told_apart_from_an_unknown_company() {
        for (reply, code) in [
            (ok(Value::Null), Code::UnknownCompany),
            (status(404, "<html>"), Code::UnknownCodebase),
            (ok(json!({"Codebase": "../x"})), Code::UnknownCodebase),
            (lost(FailureKind::Tls), Code::Tls),
        ] {
            let mut server = server([]);
            server.company_info = [reply].into();
            assert_eq!(read(&mut server).unwrap_err().code, code);
        }
    }
}
