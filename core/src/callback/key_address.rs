use crate::settings::is_guid;
use percent_encoding::percent_decode_str;

/// Where ConnectWise hosts its product (API.md sections 1 and 13.3): the regions, with the host of the API and of the
/// sandbox where there is one. Only these and the configured host may be asked for a signing key.
const CONNECTWISE_HOSTS: [&str; 13] = [
    "na.myconnectwise.net",
    "api-na.myconnectwise.net",
    "sandbox-na.myconnectwise.net",
    "eu.myconnectwise.net",
    "api-eu.myconnectwise.net",
    "sandbox-eu.myconnectwise.net",
    "au.myconnectwise.net",
    "api-au.myconnectwise.net",
    "sandbox-au.myconnectwise.net",
    "aus.myconnectwise.net",
    "api-aus.myconnectwise.net",
    "za.myconnectwise.net",
    "api-za.myconnectwise.net",
];

/// The domains of ConnectWise's cloud, in which a host has an `api-` form.
const CLOUD: [&str; 2] = [".myconnectwise.net", ".connectwisedev.com"];

/// How the path of every signing key ends (API.md section 13.3).
const PATH_END: &str = "/system/callbackkey/index.rails";

/// The longest address that is looked at.
const LONGEST: usize = 512;

/// Whose keys may be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tenant {
    /// Scheme, host and port of the configured site.
    pub(crate) origin: String,
    pub(crate) company_id: String,
    /// Whether the host adds the keys to every request, and so would to those that are for another host.
    pub(crate) keys_added_by_host: bool,
}

/// An address at which a signing key may be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeyAddress {
    /// Exactly as the callback named it.
    pub(crate) url: String,
    /// Whether it lies at the configured site, which may be told the client id.
    pub(crate) own: bool,
}

impl KeyAddress {
    /// Takes the address that a callback names, which is an attacker's until the signature is verified: only one that
    /// begins with a known origin, byte for byte, is taken. Nothing of it is normalised.
    pub(crate) fn of(url: &str, tenant: &Tenant) -> Result<Self, &'static str> {
        if url.len() > LONGEST || !url.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err("it is too long or holds signs that no address has");
        }
        let (rest, own) = tenant
            .below(url)
            .ok_or("it does not lie at the configured site or at ConnectWise's own hosts")?;
        let (path, query) = rest.split_once('?').ok_or("it names no company")?;
        is_key_path(path)
            .then_some(())
            .ok_or("it is not that of a signing key")?;
        check_query(query, &tenant.company_id)?;
        Ok(Self {
            url: url.to_owned(),
            own,
        })
    }
}

impl Tenant {
    /// What of the address follows a known origin, and whether that is the configured site's.
    fn below<'a>(&self, url: &'a str) -> Option<(&'a str, bool)> {
        let after = |origin: &str| {
            let rest = url.strip_prefix(origin)?;
            let has_port = origin.matches(':').count() > 1;
            let rest = match rest.strip_prefix(":443") {
                Some(rest) if origin.starts_with("https://") && !has_port => rest,
                _ => rest,
            };
            rest.starts_with('/').then_some(rest)
        };
        let own = after(&self.origin).or_else(|| after(&self.other_form()?));
        if let Some(rest) = own {
            return Some((rest, true));
        }
        if self.keys_added_by_host {
            return None;
        }
        let known = |host| after(&format!("https://{host}"));
        let rest = CONNECTWISE_HOSTS.iter().find_map(known)?;
        Some((rest, false))
    }

    /// The configured host in ConnectWise's cloud with `api-`, or without it.
    fn other_form(&self) -> Option<String> {
        let host = self.origin.strip_prefix("https://")?;
        let cloud = CLOUD.iter().any(|domain| host.ends_with(domain));
        cloud.then(|| match host.strip_prefix("api-") {
            Some(host) => format!("https://{host}"),
            None => format!("https://api-{host}"),
        })
    }
}

/// Recorded ones have a codebase before, and two slashes behind it.
fn is_key_path(path: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '.');
    path.ends_with(PATH_END)
        && path.chars().all(plain)
        && path.split('/').all(|part| part != "." && part != "..")
}

fn check_query(query: &str, company_id: &str) -> Result<(), &'static str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '~' | '%');
    let (mut company, mut id) = (None, None);
    for part in query.split('&') {
        let (name, value) = part.split_once('=').ok_or("its query has another form")?;
        if !name.chars().all(plain) || !value.chars().all(plain) {
            return Err("its query has another form");
        }
        let place = match name {
            "companyName" => &mut company,
            "id" => &mut id,
            _ => continue,
        };
        if place.replace(value).is_some() {
            return Err("a name stands in its query twice");
        }
    }
    let company = company
        .and_then(|company| percent_decode_str(company).decode_utf8().ok())
        .ok_or("it names no company")?;
    if !company.eq_ignore_ascii_case(company_id) {
        return Err("it is that of another company");
    }
    if !id.is_some_and(is_guid) {
        return Err("it names no key");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str =
        "system/callbackkey/index.rails?companyName=acme&id=0d7d1f3e-6f0b-4a3c-9b7e-5f2f7c1a9e42";

    fn tenant(origin: &str) -> Tenant {
        Tenant {
            origin: origin.to_owned(),
            company_id: "acme".to_owned(),
            keys_added_by_host: false,
        }
    }

    fn own(origin: &str, url: &str) -> Option<bool> {
        KeyAddress::of(url, &tenant(origin))
            .ok()
            .map(|address| address.own)
    }

    const CLOUD: &str = "https://api-na.myconnectwise.net";

    #[test]
    fn a_key_lies_at_the_tenant_or_at_connectwise() {
        for (origin, url, expected) in [
            (CLOUD, format!("{CLOUD}/v2025_1/{KEY}"), true),
            (CLOUD, format!("{CLOUD}:443/v2025_1//{KEY}"), true),
            (CLOUD, format!("https://na.myconnectwise.net//{KEY}"), true),
            (
                CLOUD,
                format!("https://eu.myconnectwise.net/v4_6_release/{KEY}"),
                false,
            ),
            (
                CLOUD,
                format!("{CLOUD}/v1/{}", KEY.replace("acme", "ACME")),
                true,
            ),
            (
                CLOUD,
                format!("{CLOUD}/v1/{}", KEY.replace("acme", "%61cme")),
                true,
            ),
            (CLOUD, format!("{CLOUD}/v1/{KEY}&later=1"), true),
            (
                "https://psa.example.com:8443",
                format!("https://psa.example.com:8443/v4_6_release/{KEY}"),
                true,
            ),
            (
                "https://psa.example.com",
                format!("https://api-na.myconnectwise.net/v1/{KEY}"),
                false,
            ),
            (
                "http://127.0.0.1:4010",
                format!("http://127.0.0.1:4010/v1/{KEY}"),
                true,
            ),
        ] {
            assert_eq!(own(origin, &url), Some(expected), "{url}");
        }
    }

    #[test]
    fn no_other_host_is_asked_for_a_key() {
        for origin in [
            "http://api-na.myconnectwise.net",
            "ftp://api-na.myconnectwise.net",
            "file://api-na.myconnectwise.net",
            "HTTPS://api-na.myconnectwise.net",
            "https:api-na.myconnectwise.net",
            "https:/api-na.myconnectwise.net",
            "//api-na.myconnectwise.net",
            "https://API-NA.MYCONNECTWISE.NET",
            "https://api-na.myconnectwise.net.",
            "https://api-na.myconnectwise.net.evil.com",
            "https://api-na.myconnectwise.net@evil.com",
            "https://api-na.myconnectwise.net:443@evil.com",
            "https://evil.com@api-na.myconnectwise.net",
            "https://user:pass@api-na.myconnectwise.net",
            "https://api-na.myconnectwise.net:8443",
            "https://api-na.myconnectwise.net:4430",
            "https://api-na.myconnectwise.net:",
            "https://api-na.myconnectwise.net:443:443",
            "https://api-na.myconnectwise.net\\@evil.com",
            "https://api-na.myconnectwise.net%2eevil.com",
            "https://api-na.myconnectwise.net#@evil.com",
            "https://api-na.myconnectwise.net?@evil.com",
            "https://xapi-na.myconnectwise.net",
            "https://evilmyconnectwise.net",
            "https://evil.myconnectwise.net",
            "https://api-xn--na-xyz.myconnectwise.net",
            "https://api-nа.myconnectwise.net",
            "https://127.0.0.1",
            "http://127.0.0.1",
            "http://localhost",
            "https://169.254.169.254",
            "http://169.254.169.254",
            "https://[::1]",
            "https://[::ffff:127.0.0.1]",
            "https://2130706433",
            "https://0x7f000001",
            "https://0177.0.0.1",
            "https://10.0.0.5",
            "https://metadata.google.internal",
            "https://",
            "",
        ] {
            for url in [
                format!("{origin}/v2025_1/{KEY}"),
                format!(" {origin}/v1/{KEY}"),
            ] {
                assert_eq!(own(CLOUD, &url), None, "{url}");
            }
        }
    }

    #[test]
    fn a_host_of_its_own_has_no_api_form_and_no_other_port() {
        let origin = "https://psa.example.com";
        for other in [
            "https://api-psa.example.com",
            "https://psa.example.com:8443",
            "https://example.com",
        ] {
            assert_eq!(own(origin, &format!("{other}/v1/{KEY}")), None, "{other}");
        }
        let named_api = "https://api-example.com";
        assert_eq!(
            own(named_api, &format!("https://example.com/v1/{KEY}")),
            None
        );
        assert_eq!(
            own(
                "http://127.0.0.1:4010",
                &format!("http://127.0.0.1:4011/v1/{KEY}")
            ),
            None
        );
        assert_eq!(
            own(
                "http://127.0.0.1:4010",
                &format!("http://127.0.0.1:4010:443/v1/{KEY}")
            ),
            None
        );
    }

    #[test]
    fn only_the_key_of_the_own_company_is_asked_for() {
        let id = "0d7d1f3e-6f0b-4a3c-9b7e-5f2f7c1a9e42";
        let path = "system/callbackkey/index.rails";
        for below in [
            "login/companyinfo/acme".to_owned(),
            format!("{path}?id={id}"),
            format!("{path}?companyName=acme"),
            format!("{path}?companyName=other&id={id}"),
            format!("{path}?companyName=acme&companyName=other&id={id}"),
            format!("{path}?companyName=acme%00&id={id}"),
            format!("{path}?companyName=acme%ff&id={id}"),
            format!("{path}?companyName=acme&id=1"),
            format!("{path}?companyName=acme&id={id}&id={id}"),
            format!("{path}?companyName=acme&id={id}#x"),
            format!("{path}?companyName=acme&id={id}&next=https://evil.com"),
            format!("{path}?companyName=acme&id={id}&"),
            format!("{path}?companyName=acme&id={{{id}}}"),
            format!("{path}/?companyName=acme&id={id}"),
            format!("{path}%2f?companyName=acme&id={id}"),
            format!("../{path}?companyName=acme&id={id}"),
            format!("a/../../{path}?companyName=acme&id={id}"),
            format!("a;b/{path}?companyName=acme&id={id}"),
            format!("%2e%2e/{path}?companyName=acme&id={id}"),
            format!("redirect?to=/{path}?companyName=acme&id={id}"),
            format!("{}/{path}?companyName=acme&id={id}", "a".repeat(500)),
        ] {
            assert_eq!(
                own(CLOUD, &format!("{CLOUD}/v2025_1/{below}")),
                None,
                "{below}"
            );
        }
    }

    #[test]
    fn a_host_that_adds_the_keys_itself_asks_its_own_site_only() {
        let mut tenant = tenant(CLOUD);
        tenant.keys_added_by_host = true;
        assert!(KeyAddress::of(&format!("{CLOUD}/v1/{KEY}"), &tenant).is_ok());
        let other = format!("https://eu.myconnectwise.net/v1/{KEY}");
        assert!(KeyAddress::of(&other, &tenant).is_err());
    }
}
