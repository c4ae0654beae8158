//! What answers without credentials, and the check of credentials (API.md sections 1 and 2).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::Psa;
use crate::failure::Failure;
use crate::wire::{Request, Response};

impl Psa {
    /// `GET /login/companyinfo/{company}`: where the API of a company is. An unknown company is
    /// `200` with null.
    pub(super) fn company_info(&self, company: &str) -> Response {
        if !company.eq_ignore_ascii_case(&self.settings.company_id) {
            return Response::json(200, &Value::Null);
        }
        let site = self.settings.base_url.split("://").last().unwrap_or("");
        let version = self.version();
        Response::json(
            200,
            &json!({
                "CompanyName": "Acme Managed Services",
                "Codebase": self.codebase,
                "VersionCode": version,
                "VersionNumber": format!("{version}.105333"),
                "CompanyID": self.settings.company_id,
                "IsCloud": "True",
                "SiteUrl": site,
                "AllowedOrigins": [],
            }),
        )
    }

    /// `GET /system/info`.
    pub(super) fn system_info(&self) -> Response {
        Response::json(
            200,
            &json!({
                "version": format!("{}.105333", self.version()),
                "isCloud": true,
                "serverTimeZone": "Eastern Standard Time",
                "cloudRegion": "NA",
                "licenseBits": [],
            }),
        )
    }

    /// The release as `v2025.1`.
    fn version(&self) -> String {
        let version = self.codebase.trim_matches(['v', '/']).replace('_', ".");
        format!("v{version}")
    }

    /// The place of the API member that a request is from.
    pub(super) fn authenticate(&self, request: &Request) -> Result<usize, Failure> {
        let member = request
            .header_value("authorization")
            .and_then(credentials)
            .and_then(|(user, private)| {
                let (company, public) = user.split_once('+')?;
                self.settings.api_members.iter().position(|member| {
                    company.eq_ignore_ascii_case(&self.settings.company_id)
                        && member.public_key == public
                        && member.private_key == private
                })
            });
        member.ok_or_else(|| {
            if self.settings.quirks.bad_credentials_not_found {
                Failure::new(404, "NotFound", "The requested resource was not found.")
            } else {
                Failure::new(401, "Unauthorized", "UserNotAuthenticated")
            }
        })
    }

    /// The refusal of a `clientId` header that is missing or not served; the latter's is plain
    /// text.
    pub(super) fn refuse_client_id(&self, request: &Request) -> Option<Response> {
        let Some(client_id) = request.header_value("clientid").map(str::trim) else {
            return Some(Failure::forbidden("A clientId header is required.").response());
        };
        let served = match &self.settings.client_ids {
            Some(ids) => ids.iter().any(|id| id.eq_ignore_ascii_case(client_id)),
            None => is_guid(client_id),
        };
        (!served).then(|| Response::text(403, "text/plain", "Invalid clientId."))
    }
}

fn credentials(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (user, private) = decoded.split_once(':')?;
    Some((user.to_owned(), private.to_owned()))
}

fn is_guid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12])
        && text
            .chars()
            .all(|character| character == '-' || character.is_ascii_hexdigit())
}
