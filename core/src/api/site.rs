use crate::{
    config::Connection,
    error::{Code, Error, Result},
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What a path segment or a query value keeps as it is; ConnectWise wants `& " ' * % +` encoded (API.md section 5).
pub(super) const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The configured address: scheme, host and port, nothing more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Site {
    scheme: &'static str,
    host: String,
    port: Option<u16>,
}

impl Site {
    /// Reads `connection.site`.
    ///
    /// # Errors
    ///
    /// [`Code::InsecureSite`] for anything but https (or loopback, where that is allowed), [`Code::InvalidValue`] for
    /// an address with more than scheme, host and port.
    pub(super) fn of(connection: &Connection) -> Result<Self> {
        let text = connection.site.trim();
        let (scheme, rest) = if let Some(rest) = strip_scheme(text, "https://") {
            ("https", rest)
        } else if let Some(rest) = strip_scheme(text, "http://") {
            ("http", rest)
        } else {
            return Err(insecure());
        };
        let authority = rest.strip_suffix('/').unwrap_or(rest);
        let (host, port) = split_port(authority).ok_or_else(invalid)?;
        if !is_host(&host) {
            return Err(invalid());
        }
        let site = Self { scheme, host, port };
        if scheme == "http" && !(connection.allow_insecure_loopback && site.is_loopback()) {
            return Err(insecure());
        }
        Ok(site)
    }

    /// The address without a slash at the end.
    pub(super) fn base(&self) -> String {
        match self.port {
            Some(port) => format!("{}://{}:{port}", self.scheme, self.host),
            None => format!("{}://{}", self.scheme, self.host),
        }
    }

    /// Host name, in lower case.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// Where a company's codebase is told, without credentials (API.md section 1).
    pub(super) fn company_info(&self, company_id: &str) -> String {
        let company = utf8_percent_encode(company_id, UNRESERVED);
        format!("{}/login/companyinfo/{company}", self.base())
    }

    /// The site that a companyinfo answer names, where it is the `api-` form of this very host in ConnectWise's cloud.
    /// Any other host is refused: the keys would go there.
    pub(super) fn api_form(&self, site_url: &str) -> Option<Self> {
        let cloud = [".myconnectwise.net", ".connectwisedev.com"]
            .iter()
            .any(|domain| self.host.ends_with(domain));
        let named = site_url.trim().to_lowercase();
        let named = named.strip_prefix("https://").unwrap_or(&named);
        let named = named.strip_suffix('/').unwrap_or(named);
        (cloud
            && self.scheme == "https"
            && self.port.is_none()
            && named == format!("api-{}", self.host))
        .then(|| Self {
            host: named.to_owned(),
            ..self.clone()
        })
    }

    fn is_loopback(&self) -> bool {
        let address = self.host.trim_start_matches('[').trim_end_matches(']');
        self.host == "localhost"
            || address
                .parse::<std::net::IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    }
}

fn strip_scheme<'a>(text: &'a str, scheme: &str) -> Option<&'a str> {
    let head = text.get(..scheme.len())?;
    head.eq_ignore_ascii_case(scheme)
        .then(|| text.get(scheme.len()..))?
}

fn split_port(authority: &str) -> Option<(String, Option<u16>)> {
    let colon = authority
        .rfind(':')
        .filter(|colon| authority.rfind(']').is_none_or(|bracket| bracket < *colon));
    let (host, port) = match colon {
        Some(colon) => (
            authority.get(..colon)?,
            Some(authority.get(colon + 1..)?.parse().ok()?),
        ),
        None => (authority, None),
    };
    Some((host.to_ascii_lowercase(), port))
}

fn is_host(host: &str) -> bool {
    if let Some(address) = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    {
        return address.parse::<std::net::Ipv6Addr>().is_ok();
    }
    !host.is_empty()
        && host.len() <= 253
        && host
            .split('.')
            .all(|label| !label.is_empty() && label.len() <= 63)
        && host
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
}

fn insecure() -> Error {
    Error::new(
        Code::InsecureSite,
        "connection.site is not https: write https://api-na.myconnectwise.net, or your own host. Only a simulator on \
         loopback may be http, with allow_insecure_loopback",
    )
}

fn invalid() -> Error {
    Error::new(
        Code::InvalidValue,
        "connection.site is not an address such as https://api-na.myconnectwise.net: leave out paths, user names and \
         anything after the host",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(text: &str, loopback: bool) -> Result<Site> {
        Site::of(&Connection {
            site: text.to_owned(),
            company_id: "acme".to_owned(),
            client_id: None,
            allow_insecure_loopback: loopback,
            credential_expiry: None,
        })
    }

    #[test]
    fn a_site_is_scheme_host_and_port() {
        for (text, base) in [
            (
                "https://api-na.myconnectwise.net",
                "https://api-na.myconnectwise.net",
            ),
            (
                "HTTPS://PSA.Example.com:8443/",
                "https://psa.example.com:8443",
            ),
            ("https://[::1]:8443", "https://[::1]:8443"),
        ] {
            assert_eq!(site(text, false).unwrap().base(), base);
        }
        for text in [
            "https://",
            "https://user@host",
            "https://host/v4_6_release/apis/3.0",
            "https://host?x",
            "https://ho st",
            "https://host:port",
            "https://a..b",
        ] {
            assert_eq!(
                site(text, false).unwrap_err().code,
                Code::InvalidValue,
                "{text}"
            );
        }
    }

    #[test]
    fn plain_http_is_for_loopback_and_only_where_allowed() {
        for text in [
            "http://127.0.0.1:4010",
            "http://localhost:1",
            "http://[::1]:1",
        ] {
            assert!(site(text, true).is_ok());
            assert_eq!(site(text, false).unwrap_err().code, Code::InsecureSite);
        }
        for text in [
            "http://psa.example.com",
            "http://127.0.0.1.example.com",
            "ftp://x",
            "",
        ] {
            assert_eq!(site(text, true).unwrap_err().code, Code::InsecureSite);
        }
    }

    #[test]
    fn only_the_api_form_of_the_same_region_is_followed() {
        let region = site("https://na.myconnectwise.net", false).unwrap();
        let followed = region.api_form("api-na.myconnectwise.net").unwrap();
        assert_eq!(followed.base(), "https://api-na.myconnectwise.net");
        for other in [
            "api-eu.myconnectwise.net",
            "evil.example",
            "api-na.myconnectwise.net.evil.example",
            "http://api-na.myconnectwise.net",
        ] {
            assert_eq!(region.api_form(other), None, "{other}");
        }
        let own = site("https://psa.example.com", false).unwrap();
        assert_eq!(own.api_form("api-psa.example.com"), None);
    }

    #[test]
    fn the_company_cannot_leave_its_path_segment() {
        let url = site("https://h.example", false)
            .unwrap()
            .company_info("a/../b?c");
        assert_eq!(url, "https://h.example/login/companyinfo/a%2F..%2Fb%3Fc");
    }
}
