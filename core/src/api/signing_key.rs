use super::{
    client::{Client, header},
    retry_after::retry_after,
};
use crate::{
    callback::{KeyAddress, Tenant},
    effect::{HttpRequest, HttpResponse, Method},
    runtime::Context,
};
use serde::{Deserialize, Deserializer};
use std::time::Duration;
use zeroize::Zeroizing;

/// The largest answer that is read; a key is a few dozen bytes.
const MAX_ANSWER: u64 = 16 << 10;
/// How long the exchange may take.
const TIMEOUT_MS: u64 = 5_000;
/// How long a throttled client waits that is not told how long.
const UNSAID_WAIT: Duration = Duration::from_secs(30);
/// The longest key that is taken.
const LONGEST: usize = 1_024;

#[derive(Deserialize)]
struct SigningKey {
    #[serde(deserialize_with = "hidden")]
    signing_key: Zeroizing<String>,
}

fn hidden<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Zeroizing<String>, D::Error> {
    String::deserialize(deserializer).map(Zeroizing::new)
}

impl Client {
    /// Whose signing keys may be fetched.
    pub(crate) fn tenant(&self) -> Tenant {
        Tenant {
            origin: self.origin(),
            company_id: self.company_id().to_owned(),
            keys_added_by_host: self.keys_are_added_by_host(),
        }
    }

    /// Asks for a signing key, once. The API member's keys never go with it, and the client id only to the configured site
    /// (API.md section 13.3, and row 10 of section 18). Nothing where no key came of it.
    pub(crate) async fn signing_key(
        &self,
        cx: &Context,
        address: &KeyAddress,
    ) -> Option<Zeroizing<String>> {
        let mut headers = vec![header("Accept", "application/json")];
        if address.own {
            headers.push(header("clientId", self.client_id()));
        }
        let request = HttpRequest {
            method: Method::Get,
            url: address.url.clone(),
            headers,
            body: Vec::new(),
            timeout_ms: self.timeout_ms(0).min(TIMEOUT_MS),
            max_answer: MAX_ANSWER,
            not_after: None,
            store_as: None,
        };
        let response = cx.http(request).await.ok()?;
        if address.own && response.status == 429 {
            // Whatever else asks the same server waits as well.
            let wait = retry_after(&response, cx.now()).unwrap_or(UNSAID_WAIT);
            cx.pause_requests_until(cx.now().after(wait));
        }
        let HttpResponse { status, body, .. } = response;
        let body = Zeroizing::new(body);
        if status != 200 || body.len() as u64 > MAX_ANSWER {
            return None;
        }
        let SigningKey { signing_key } = serde_json::from_slice(&body).ok()?;
        (1..=LONGEST)
            .contains(&signing_key.len())
            .then_some(signing_key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{
        Query,
        testing::{Reply, Server, client, lost, ok, status, with_header},
    };
    use crate::effect::FailureKind;
    use serde_json::{Value, json};

    const URL: &str =
        "https://api-na.myconnectwise.net/v1/system/callbackkey/index.rails?companyName=acme&id=x";

    fn fetch(reply: Reply, own: bool) -> (Option<String>, Server) {
        let mut server = Server::new([reply]);
        let key = server.run(move |cx| async move {
            let address = KeyAddress {
                url: URL.to_owned(),
                own,
            };
            client().signing_key(&cx, &address).await
        });
        (key.map(|key| key.to_string()), server)
    }

    #[test]
    fn the_api_members_keys_never_go_along_and_the_client_id_only_to_the_own_site() {
        for (own, expected) in [(true, &["Accept", "clientId"][..]), (false, &["Accept"])] {
            let (key, server) = fetch(ok(json!({"signing_key": "k", "more": 1})), own);
            assert_eq!(key.as_deref(), Some("k"));
            let request = &server.sent[0].1;
            let names: Vec<_> = request.headers.iter().map(|header| header.name).collect();
            assert_eq!(names, expected);
            assert!(request.timeout_ms <= 5_000 && request.max_answer <= 16_384);
        }
    }

    #[test]
    fn a_server_that_throttles_is_left_alone_by_all_and_a_foreign_one_holds_nothing_back() {
        for (own, waits) in [(true, 7_000), (false, 0)] {
            let throttled = with_header(429, "retry-after", "7", "");
            let mut server = Server::new([throttled, ok(json!({ "id": 5 }))]);
            server
                .run(move |cx| async move {
                    let address = KeyAddress {
                        url: URL.to_owned(),
                        own,
                    };
                    let client = client();
                    assert!(client.signing_key(&cx, &address).await.is_none());
                    client.read::<Value>(&cx, "/x", &Query::new()).await
                })
                .unwrap();
            assert_eq!(server.delays(), [0, waits]);
        }
    }

    #[test]
    fn whatever_else_comes_is_no_key_and_is_not_asked_for_again() {
        for reply in [
            status(302, ""),
            status(401, ""),
            status(404, "{}"),
            status(500, ""),
            status(429, ""),
            status(200, "<html>"),
            status(200, ""),
            ok(json!({"signing_key": ""})),
            ok(json!({"signing_key": 5})),
            ok(json!({"signing_key": "k".repeat(1_025)})),
            ok(json!({"key": "k"})),
            ok(json!({"signing_key": "k", "more": "x".repeat(20_000)})),
            lost(FailureKind::TooLarge),
            lost(FailureKind::Unanswered),
            lost(FailureKind::Tls),
        ] {
            let (key, server) = fetch(reply, true);
            assert_eq!((key, server.sent.len()), (None, 1));
        }
    }
}
