//! Domains of e-mail addresses.

use super::MappingRules;
use serde::Serialize;
use std::{collections::BTreeSet, fmt};

/// The domain of an e-mail address: lower case, without a trailing dot. International names stay as they were written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Domain(String);

/// Why a text has no usable e-mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressFault {
    /// Nothing but white space and separators.
    Empty,
    /// No `@`, or nothing before it.
    NoAddress,
    /// What follows the `@` is not the name of a domain.
    NoDomain,
}

impl Domain {
    /// The domains of one or several addresses, each once.
    ///
    /// Addresses are separated by `;` or `,` and may carry a display name, as in `"Doe, Jane" <jane@bigdesign.example>`. What is
    /// no address is passed over as long as another one is.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the first, where none is an address.
    pub fn of_addresses(text: &str) -> Result<BTreeSet<Self>, AddressFault> {
        let mut domains = BTreeSet::new();
        let mut fault = None;
        for (_, domain) in addresses(text) {
            match domain {
                Ok(domain) => {
                    domains.insert(domain);
                }
                Err(found) => fault = fault.or(Some(found)),
            }
        }
        match fault {
            _ if !domains.is_empty() => Ok(domains),
            Some(fault) => Err(fault),
            None => Err(AddressFault::Empty),
        }
    }

    /// Whether anybody can get a mailbox there, so that the domain says nothing about a company.
    #[must_use]
    pub fn is_public(&self, rules: &MappingRules) -> bool {
        PROVIDERS.binary_search(&self.as_str()).is_ok()
            || self.is_of_a_family()
            || rules
                .public_domains
                .iter()
                .any(|public| cleaned(public) == self.0)
    }

    /// Whether it is a provider's domain in some country, such as `yahoo.co.uk`.
    fn is_of_a_family(&self) -> bool {
        const SECOND_LEVELS: [&str; 5] = ["co", "com", "ne", "net", "org"];
        let country = |label: &str| label.len() == 2 || matches!(label, "com" | "net");
        self.0.split_once('.').is_some_and(|(family, rest)| {
            FAMILIES.binary_search(&family).is_ok()
                && match rest.split_once('.') {
                    None => country(rest),
                    Some((second, last)) => SECOND_LEVELS.contains(&second) && country(last),
                }
        })
    }

    /// The domain as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Providers that have a domain in many countries.
const FAMILIES: &[&str] = &["gmx", "hotmail", "rocketmail", "yahoo", "yandex", "ymail"];

/// Domains at which anybody, or any customer of an access provider, has a mailbox; sorted.
const PROVIDERS: &[&str] = &[
    "10minutemail.com",
    "126.com",
    "139.com",
    "163.com",
    "aim.com",
    "alice.it",
    "aol.com",
    "aol.de",
    "arcor.de",
    "att.net",
    "bellsouth.net",
    "bigpond.com",
    "bigpond.net.au",
    "bk.ru",
    "bluewin.ch",
    "bol.com.br",
    "btinternet.com",
    "centurylink.net",
    "charter.net",
    "comcast.net",
    "cox.net",
    "daum.net",
    "duck.com",
    "earthlink.net",
    "email.com",
    "fastmail.com",
    "fastmail.fm",
    "foxmail.com",
    "free.fr",
    "freemail.hu",
    "freenet.de",
    "frontier.com",
    "gmail.com",
    "googlemail.com",
    "guerrillamail.com",
    "hanmail.net",
    "hey.com",
    "hushmail.com",
    "icloud.com",
    "inbox.lv",
    "inbox.ru",
    "interia.pl",
    "juno.com",
    "laposte.net",
    "libero.it",
    "list.ru",
    "live.be",
    "live.ca",
    "live.cn",
    "live.co.uk",
    "live.com",
    "live.com.au",
    "live.com.mx",
    "live.de",
    "live.dk",
    "live.fr",
    "live.ie",
    "live.in",
    "live.it",
    "live.jp",
    "live.nl",
    "live.no",
    "live.se",
    "mac.com",
    "mail.com",
    "mail.de",
    "mail.ru",
    "mailbox.org",
    "mailfence.com",
    "mailinator.com",
    "me.com",
    "msn.com",
    "naver.com",
    "netscape.net",
    "netzero.net",
    "o2.pl",
    "onet.pl",
    "optonline.net",
    "optusnet.com.au",
    "orange.fr",
    "outlook.at",
    "outlook.be",
    "outlook.co.id",
    "outlook.com",
    "outlook.com.au",
    "outlook.com.br",
    "outlook.cz",
    "outlook.de",
    "outlook.dk",
    "outlook.es",
    "outlook.fr",
    "outlook.ie",
    "outlook.in",
    "outlook.it",
    "outlook.jp",
    "outlook.pt",
    "passport.com",
    "pm.me",
    "posteo.de",
    "prodigy.net",
    "proton.me",
    "protonmail.ch",
    "protonmail.com",
    "qq.com",
    "rambler.ru",
    "rediffmail.com",
    "roadrunner.com",
    "rogers.com",
    "sbcglobal.net",
    "seznam.cz",
    "sfr.fr",
    "shaw.ca",
    "sina.com",
    "sky.com",
    "sohu.com",
    "swbell.net",
    "sympatico.ca",
    "t-online.de",
    "talktalk.net",
    "telenet.be",
    "telus.net",
    "tiscali.it",
    "tuta.com",
    "tuta.io",
    "tutanota.com",
    "tutanota.de",
    "ukr.net",
    "uol.com.br",
    "verizon.net",
    "videotron.ca",
    "virgilio.it",
    "virginmedia.com",
    "wanadoo.fr",
    "web.de",
    "windstream.net",
    "wp.pl",
    "xs4all.nl",
    "xtra.co.nz",
    "yeah.net",
    "yopmail.com",
    "ziggo.nl",
    "zoho.com",
    "zohomail.com",
];

/// Each address of a list as it was written, with its domain.
pub(super) fn addresses(text: &str) -> impl Iterator<Item = (&str, Result<Domain, AddressFault>)> {
    let mut quoted = false;
    text.split(move |c| {
        quoted ^= c == '"';
        !quoted && matches!(c, ';' | ',')
    })
    .map(str::trim)
    .filter(|address| !address.is_empty())
    .map(|address| (address, domain(address)))
}

/// The domain of one address, which may stand in angle brackets after a name.
fn domain(address: &str) -> Result<Domain, AddressFault> {
    let bare = match address.rsplit_once('<') {
        Some((_, bracketed)) => bracketed.strip_suffix('>').ok_or(AddressFault::NoAddress)?,
        None => address,
    };
    let (local, domain) = bare.rsplit_once('@').ok_or(AddressFault::NoAddress)?;
    let is_quoted = local.starts_with('"') && local.ends_with('"') && local.len() > 2;
    if local.is_empty() || (!is_quoted && local.contains([' ', '\t', '@'])) {
        return Err(AddressFault::NoAddress);
    }
    let domain = cleaned(domain);
    if is_domain(&domain) {
        Ok(Domain(domain))
    } else {
        Err(AddressFault::NoDomain)
    }
}

fn cleaned(domain: &str) -> String {
    let domain = domain.trim();
    domain.strip_suffix('.').unwrap_or(domain).to_lowercase()
}

/// Two labels or more of letters, digits and inner hyphens, the last not a number, within the bounds of RFC 1035.
fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    domain.len() <= 253
        && domain.split('.').all(is_label)
        && domain
            .rsplit_once('.')
            .is_some_and(|(_, last)| !last.bytes().all(|byte| byte.is_ascii_digit()))
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for AddressFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "it is empty",
            Self::NoAddress => "it is not of the form name@domain",
            Self::NoDomain => "what follows the @ is not a domain",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn domains(text: &str) -> Vec<String> {
        let domains = Domain::of_addresses(text).unwrap();
        domains.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_domain_is_what_follows_the_last_at() {
        for (text, domain) in [
            ("it@bigdesign.example", "bigdesign.example"),
            (" IT@BigDesign.Example. ", "bigdesign.example"),
            ("Big Design <it@bigdesign.example>", "bigdesign.example"),
            (
                "\"Doe, Jane\" <jane@bigdesign.example>",
                "bigdesign.example",
            ),
            ("\"a@b\"@bigdesign.example", "bigdesign.example"),
            ("it@mail.bigdesign.co.uk", "mail.bigdesign.co.uk"),
            ("post@BÜCHER.example", "bücher.example"),
            ("post@xn--bcher-kva.example", "xn--bcher-kva.example"),
        ] {
            assert_eq!(domains(text), [domain], "{text}");
        }
    }

    #[test]
    fn several_addresses_give_several_domains_and_a_wrong_one_is_passed_over() {
        assert_eq!(
            domains("b@b.example; a@a.example,nobody; x@A.example;;"),
            ["a.example", "b.example"]
        );
        assert_eq!(domains("Doe, Jane <jane@a.example>"), ["a.example"]);
    }

    #[test]
    fn what_is_no_address_is_refused_with_its_reason() {
        use AddressFault::{Empty, NoAddress, NoDomain};
        let long = format!("a@{}.example", "x".repeat(64));
        for (text, fault) in [
            ("", Empty),
            (" ;, ", Empty),
            ("bigdesign.example", NoAddress),
            ("@bigdesign.example", NoAddress),
            ("a b@bigdesign.example", NoAddress),
            ("Jane <jane@bigdesign.example", NoAddress),
            ("a@b@bigdesign.example", NoAddress),
            ("it@", NoDomain),
            ("it@localhost", NoDomain),
            ("it@big_design.example", NoDomain),
            ("it@-bigdesign.example", NoDomain),
            ("it@bigdesign..example", NoDomain),
            ("it@192.0.2.7", NoDomain),
            ("it@[192.0.2.7]", NoDomain),
            (long.as_str(), NoDomain),
            ("nobody; it@localhost", NoAddress),
        ] {
            assert_eq!(Domain::of_addresses(text), Err(fault), "{text:?}");
        }
    }

    #[test]
    fn the_lists_of_providers_are_sorted_and_lower_case() {
        for list in [PROVIDERS, FAMILIES] {
            assert!(list.windows(2).all(|pair| pair[0] < pair[1]));
            assert!(list.iter().all(|name| *name == cleaned(name)));
        }
        assert!(PROVIDERS.iter().all(|domain| is_domain(domain)));
    }

    #[test]
    fn mailbox_providers_are_public_and_look_alikes_are_not() {
        let rules = MappingRules {
            public_domains: BTreeSet::from(["ISP.Example.".to_owned()]),
            ..MappingRules::default()
        };
        for (domain, public) in [
            ("gmail.com", true),
            ("yahoo.co.uk", true),
            ("yahoo.fr", true),
            ("gmx.net", true),
            ("yandex.com.tr", true),
            ("isp.example", true),
            ("notgmail.com", false),
            ("gmail.com.example", false),
            ("mail.bigdesign.example", false),
            ("yahoo.bigdesign.com", false),
            ("hotmail.agency", false),
            ("bigdesign.onmicrosoft.com", false),
        ] {
            let domain = Domain(domain.to_owned());
            assert_eq!(domain.is_public(&rules), public, "{domain}");
        }
    }
}
