use super::site::Site;
use crate::{
    error::{Code, Error, Result},
    json,
};
use serde::Deserialize;
use serde_json::Value;

/// What `GET /login/companyinfo/{companyId}` tells about an instance (API.md section 1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Instance {
    /// `https://host/v2025_1/apis/3.0`
    pub(crate) base: String,
    /// `v2025_1/`, always with one slash at the end.
    pub(crate) codebase: String,
    /// The host that requests go to.
    pub(crate) host: String,
    /// Version as the server words it, such as `v2025.1`.
    pub(crate) version: Option<String>,
    /// Whether ConnectWise hosts it.
    pub(crate) is_cloud: Option<bool>,
}

#[derive(Deserialize)]
struct CompanyInfo {
    #[serde(rename = "Codebase")]
    codebase: Option<String>,
    #[serde(rename = "VersionCode")]
    version_code: Option<String>,
    #[serde(rename = "VersionNumber")]
    version_number: Option<String>,
    #[serde(rename = "IsCloud")]
    is_cloud: Option<Value>,
    #[serde(rename = "SiteUrl")]
    site_url: Option<String>,
}

impl Instance {
    /// Reads a companyinfo answer.
    ///
    /// # Errors
    ///
    /// [`Code::UnknownCompany`] for JSON null, [`Code::UnknownCodebase`] for an answer without a usable codebase.
    pub(super) fn of(site: &Site, company_id: &str, answer: Value) -> Result<Self> {
        if answer.is_null() {
            return Err(Error::new(
                Code::UnknownCompany,
                format!(
                    "{} knows no company id '{}': check connection.company_id, the company of the login page, and the region of \
                     connection.site",
                    site.host(),
                    company_id.escape_debug()
                ),
            ));
        }
        let info: CompanyInfo = json::of_value(&answer).map_err(|_| unusable(site))?;
        let codebase = info
            .codebase
            .as_deref()
            .and_then(codebase)
            .ok_or_else(|| unusable(site))?;
        let site = info
            .site_url
            .and_then(|named| site.api_form(&named))
            .unwrap_or_else(|| site.clone());
        Ok(Self {
            base: format!("{}/{codebase}apis/3.0", site.base()),
            codebase,
            host: site.host().to_owned(),
            version: info.version_code.or(info.version_number).map(short),
            is_cloud: info.is_cloud.and_then(flag),
        })
    }

    /// Year and release, where the version or the codebase says them: `v2025_1/` is (2025, 1).
    pub(crate) fn release(&self) -> Option<(u16, u16)> {
        self.version
            .as_deref()
            .and_then(release)
            .or_else(|| release(&self.codebase))
    }
}

/// Reads year and release out of `v2025.1`, `v2026.3.105333` or `v2025_1/`.
pub(crate) fn release(version: &str) -> Option<(u16, u16)> {
    let mut numbers = version
        .trim_start_matches(['v', 'V'])
        .split(|c: char| !c.is_ascii_digit());
    let year = numbers
        .next()?
        .parse()
        .ok()
        .filter(|year| (2000..=2999).contains(year))?;
    Some((year, numbers.next()?.parse().ok()?))
}

/// A codebase of the form `v2025_1/`; anything that could lead to another path is refused.
fn codebase(text: &str) -> Option<String> {
    let name = text.strip_suffix('/').unwrap_or(text);
    let fits = !name.is_empty()
        && name.len() <= 40
        && !name.contains("..")
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'));
    fits.then(|| format!("{name}/"))
}

/// Some releases write `true`, others `"True"`.
fn flag(value: Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(flag),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

fn short(text: String) -> String {
    text.chars().filter(|c| !c.is_control()).take(40).collect()
}

fn unusable(site: &Site) -> Error {
    Error::new(
        Code::UnknownCodebase,
        format!(
            "{} named no usable codebase for the company: try again, and if it stays so, check that connection.site is the \
             ConnectWise server itself",
            site.host()
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Connection;
    use serde_json::json;

    fn site() -> Site {
        Site::of(&Connection {
            site: "https://na.myconnectwise.net".to_owned(),
            company_id: "acme".to_owned(),
            client_id: None,
            allow_insecure_loopback: false,
            credential_expiry: None,
        })
        .unwrap()
    }

    #[test]
    fn a_company_tells_codebase_version_and_host() {
        let answer = json!({"CompanyName": "Acme", "Codebase": "v2025_1/", "VersionCode": "v2025.1",
            "VersionNumber": "v4.6.1", "CompanyID": "acme", "IsCloud": "True", "SiteUrl": "api-na.myconnectwise.net"});
        let instance = Instance::of(&site(), "acme", answer).unwrap();
        assert_eq!(
            instance.base,
            "https://api-na.myconnectwise.net/v2025_1/apis/3.0"
        );
        assert_eq!(instance.is_cloud, Some(true));
        assert_eq!(instance.release(), Some((2025, 1)));
    }

    #[test]
    fn null_is_an_unknown_company() {
        let error = Instance::of(&site(), "acme", Value::Null).unwrap_err();
        assert_eq!(error.code, Code::UnknownCompany);
    }

    #[test]
    fn a_codebase_cannot_lead_elsewhere() {
        for bad in [
            "",
            "/",
            "../",
            "a/b/",
            "v1//",
            "..",
            "v1/../x",
            "@evil.example/",
            "v1?x",
            "a%2f",
            ".v1",
        ] {
            let error = Instance::of(&site(), "acme", json!({ "Codebase": bad })).unwrap_err();
            assert_eq!(error.code, Code::UnknownCodebase, "{bad}");
        }
        for good in ["v4_6_release/", "v2025_1"] {
            assert!(Instance::of(&site(), "acme", json!({ "Codebase": good })).is_ok());
        }
    }

    #[test]
    fn releases_are_read_in_each_of_their_forms() {
        assert_eq!(release("v2026.3.105333"), Some((2026, 3)));
        assert_eq!(release("v2025_1/"), Some((2025, 1)));
        assert_eq!(release("v4_6_release/"), None);
        assert_eq!(release("v4.6.80213"), None);
    }
}
