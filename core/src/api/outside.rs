use super::{
    answer::MAX_ANSWER,
    client::{Client, header},
};
use crate::{
    api::Query,
    effect::{HttpRequest, HttpResponse, Method},
    error::Result,
    runtime::Context,
};
use base64::{Engine, engine::general_purpose::STANDARD};

impl Client {
    /// Reads with keys that nobody has, to see how wrong keys are answered. They are no member's, so no member can be locked.
    ///
    /// # Errors
    ///
    /// What finding the instance, or the exchange, came to.
    pub(crate) async fn read_with_wrong_keys(&self, cx: &Context) -> Result<HttpResponse> {
        let instance = self.instance(cx).await?;
        let query = Query::new().with("pageSize", 1).fields("id");
        let mut request = self.request(&instance, Method::Get, "/company/companies", &query);
        request
            .headers
            .retain(|header| header.name != "Authorization");
        let nobody = STANDARD.encode(format!(
            "{}+casewire-probe:casewire-probe",
            self.company_id()
        ));
        request
            .headers
            .push(header("Authorization", &format!("Basic {nobody}")));
        self.exchange(cx, request).await
    }

    /// Asks the configured host for a signing key that does not exist, without the member's keys (API.md section 13.3).
    ///
    /// # Errors
    ///
    /// As [`read_with_wrong_keys`](Self::read_with_wrong_keys).
    pub(crate) async fn ask_for_no_signing_key(
        &self,
        cx: &Context,
        with_client_id: bool,
    ) -> Result<HttpResponse> {
        let instance = self.instance(cx).await?;
        let query = Query::new()
            .with("companyName", self.company_id())
            .with("id", "00000000-0000-0000-0000-000000000000");
        let mut request = self.request(&instance, Method::Get, "", &query);
        let root = instance.base.trim_end_matches("/apis/3.0");
        request.url = format!("{root}/system/callbackkey/index.rails{}", query.encoded());
        request
            .headers
            .retain(|header| header.name == "clientId" && with_client_id);
        self.exchange(cx, request).await
    }

    async fn exchange(&self, cx: &Context, request: HttpRequest) -> Result<HttpResponse> {
        let request = HttpRequest {
            max_answer: MAX_ANSWER,
            ..request
        };
        cx.http(request)
            .await
            .map_err(|failure| super::error::failed(&failure, self.host()))
    }
}
