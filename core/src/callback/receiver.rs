use crate::error::{Code, Fault};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The address below which the host receives callbacks, as ConnectWise can reach it: public and https (guides 000 and
/// 002).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Receiver {
    /// Without a slash at the end.
    base: String,
}

/// The longest address that is taken.
const LONGEST: usize = 500;

/// Domains that no public name server knows.
const PRIVATE_DOMAINS: [&str; 9] = [
    "localhost",
    "local",
    "internal",
    "intranet",
    "lan",
    "home",
    "corp",
    "private",
    "arpa",
];

impl Receiver {
    /// Takes an address. That it is resolved to a public one, and that its certificate is trusted, only ConnectWise can
    /// tell. Loopback is for a site that is on loopback itself.
    pub(crate) fn of(url: &str, site: &str, pointer: &str) -> Result<Self, Fault> {
        let fault = |code, message: &str, fix: &str| Fault::new(code, pointer, message, fix);
        let malformed = |message: &str| {
            let fix = "Write it as https://soc.example/psa/callbacks";
            fault(Code::InvalidValue, message, fix)
        };
        if url.len() > LONGEST || !url.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(malformed(
                "the receiver's address is longer than 500 or holds signs that no address has",
            ));
        }
        let (scheme, rest) = url
            .split_once("://")
            .ok_or_else(|| malformed("the receiver's address has no scheme"))?;
        let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        if authority.contains('@') {
            return Err(malformed("the receiver's address holds a user name"));
        }
        if path.contains(['?', '#']) {
            return Err(fault(
                Code::InvalidValue,
                "the receiver's address has a query or a fragment",
                "Leave it out: the id of the ticket is added as a query",
            ));
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || "/-_.~".contains(c);
        if !path.chars().all(plain) || path.split('/').any(|part| part == "." || part == "..") {
            return Err(malformed(
                "the path of the receiver's address may hold letters, digits and / - _ . ~ only",
            ));
        }
        let (host, port) = host(authority)
            .ok_or_else(|| malformed("the receiver's address names no valid host"))?;
        let loopback = is_loopback(&host) && site_is_loopback(site);
        match scheme.to_ascii_lowercase().as_str() {
            "https" => {}
            "http" if loopback => {}
            _ => {
                return Err(fault(
                    Code::InsecureReceiver,
                    "ConnectWise sends callbacks over https only",
                    "Write https:// and give the receiver a certificate that is publicly trusted, with TLS 1.2 or 1.3",
                ));
            }
        }
        if !loopback && !is_public(&host) {
            return Err(fault(
                Code::PrivateReceiver,
                "ConnectWise cannot reach a private address",
                "Write a name that public name servers know, such as that of a reverse proxy in front of the receiver",
            ));
        }
        Ok(Self {
            base: format!(
                "{}://{host}{port}{}",
                scheme.to_ascii_lowercase(),
                path.trim_end_matches('/')
            ),
        })
    }

    /// The address as people may see it.
    pub(crate) fn shown(&self) -> &str {
        &self.base
    }

    /// The address that ConnectWise is told. It appends id and action as raw text, so it ends in `?recordId=` (API.md
    /// section 13.1).
    pub(crate) fn registered(&self, segment: &str) -> String {
        format!("{}/{segment}?recordId=", self.base)
    }
}

/// Host in lower case, and port with its colon.
fn host(authority: &str) -> Option<(String, String)> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (inner, port) = rest.split_once(']')?;
            let address: Ipv6Addr = inner.parse().ok()?;
            (format!("[{address}]"), port)
        }
        None => {
            let end = authority.find(':').unwrap_or(authority.len());
            let (host, port) = authority.split_at(end);
            (host.to_ascii_lowercase(), port)
        }
    };
    if !port.is_empty() {
        let digits = port.strip_prefix(':')?;
        let number: u16 = digits.parse().ok()?;
        (number > 0 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(())?;
    }
    if host.starts_with('[') {
        return Some((host, port.to_owned()));
    }
    let letters = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let sound = host.len() <= 253
        && host.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && label.chars().all(letters)
                && !label.starts_with('-')
                && !label.ends_with('-')
        });
    sound.then(|| (host, port.to_owned()))
}

fn address(host: &str) -> Option<IpAddr> {
    let bare = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    bare.unwrap_or(host).parse().ok()
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || address(host).is_some_and(|address| address.is_loopback())
}

fn site_is_loopback(site: &str) -> bool {
    let authority = site.split_once("://").map_or(site, |(_, rest)| rest);
    let authority = authority.split('/').next().unwrap_or_default();
    host(authority).is_some_and(|(host, _)| is_loopback(&host))
}

fn is_public(host: &str) -> bool {
    match address(host) {
        Some(IpAddr::V4(address)) => is_public_v4(address),
        Some(IpAddr::V6(address)) => is_public_v6(address),
        None => is_public_name(host),
    }
}

/// A name that ends in a number is an address in a form that only some readers know, such as `2130706433` or `127.1`.
fn is_public_name(host: &str) -> bool {
    let Some((_, last)) = host.rsplit_once('.') else {
        return false;
    };
    let numeric = last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x");
    !numeric && !PRIVATE_DOMAINS.contains(&last)
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (b == 18 || b == 19)))
}

/// Global unicast is `2000::/3`; of it, documentation and what embeds an IPv4 address are not taken.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    (0x2000..0x4000).contains(&first)
        && !(first == 0x2001 && (second == 0xdb8 || second == 0))
        && first != 0x2002
}

#[cfg(test)]
mod tests {
    use super::*;

    const SITE: &str = "https://api-na.myconnectwise.net";

    fn code(url: &str) -> Code {
        let fault = Receiver::of(url, SITE, "/callbacks/url").unwrap_err();
        assert!(!fault.fix.is_empty() && fault.pointer == "/callbacks/url");
        fault.code
    }

    #[test]
    fn the_address_ends_in_the_secret_and_the_record_id() {
        for (url, registered) in [
            (
                "https://soc.example/psa/callbacks",
                "https://soc.example/psa/callbacks/s?recordId=",
            ),
            (
                "HTTPS://SOC.Example:8443/",
                "https://soc.example:8443/s?recordId=",
            ),
            ("https://soc.example", "https://soc.example/s?recordId="),
            (
                "https://93.184.216.34/x",
                "https://93.184.216.34/x/s?recordId=",
            ),
            (
                "https://[2606:4700::1111]/x",
                "https://[2606:4700::1111]/x/s?recordId=",
            ),
        ] {
            let receiver = Receiver::of(url, SITE, "").unwrap();
            assert_eq!(receiver.registered("s"), registered);
        }
    }

    #[test]
    fn what_connectwise_cannot_reach_is_refused_with_the_fix() {
        for host in [
            "127.0.0.1",
            "localhost",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "192.0.2.1",
            "198.18.0.1",
            "224.0.0.1",
            "[::1]",
            "[::]",
            "[fe80::1]",
            "[fc00::1]",
            "[::ffff:10.0.0.1]",
            "[::ffff:8.8.8.8]",
            "[2001:db8::1]",
            "[2002:7f00:1::]",
            "2130706433",
            "127.1",
            "0177.0.0.1",
            "0x7f000001",
            "a.0x7f",
            "soc",
            "soc.local",
            "soc.internal",
            "soc.localhost",
            "SOC.LAN",
            "1.0.0.127.in-addr.arpa",
        ] {
            assert_eq!(
                code(&format!("https://{host}/x")),
                Code::PrivateReceiver,
                "{host}"
            );
        }
        for url in [
            "http://soc.example/x",
            "ftp://soc.example",
            "ws://soc.example/",
            "http://127.0.0.1/x",
        ] {
            assert_eq!(code(url), Code::InsecureReceiver, "{url}");
        }
        for url in [
            "",
            "soc.example",
            "https://",
            "https:///x",
            "https://user@soc.example/",
            "https://a:b@soc.example",
            "https://soc.example#x",
            "https://soc.example/?a=b",
            "https://soc.example/a b",
            "https://soc.example:0/",
            "https://soc.example:99999/",
            "https://soc.example:+443/",
            "https://soc.example:x/",
            "https://soc.example./x",
            "https://soc..example/x",
            "https://-soc.example/x",
            "https://soc.example/../x",
            "https://soc.example\\x",
            "https://[::1/x",
            "https://[zz]/x",
            "https://soc_1.example/",
            "https://söc.example/",
            "https://soc.example/%2e%2e/x",
            "https://soc.example/a\nb",
        ] {
            assert_eq!(code(url), Code::InvalidValue, "{url}");
        }
        assert_eq!(
            code(&format!("https://soc.example/{}", "a".repeat(500))),
            Code::InvalidValue
        );
    }

    #[test]
    fn loopback_is_for_a_site_on_loopback() {
        let url = "http://127.0.0.1:9000/callbacks";
        for site in [
            "http://127.0.0.1:4010",
            "http://localhost:4010",
            "http://[::1]:4010",
        ] {
            assert!(Receiver::of(url, site, "").is_ok(), "{site}");
            assert!(Receiver::of("http://10.0.0.1/x", site, "").is_err());
            assert!(Receiver::of("http://soc.example/x", site, "").is_err());
        }
    }
}
