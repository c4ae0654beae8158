use crate::{
    config::{Config, Connection},
    error::{Code, Fault},
    time::{Span, Timestamp},
};

/// Checks everything that stands alone: version, instance, connection and limits.
pub(super) fn check(config: &Config, faults: &mut Vec<Fault>) {
    if config.version != Config::VERSION {
        faults.push(Fault::new(
            Code::InvalidValue,
            "/version",
            format!("version {} of the document is not known", config.version),
            "Write 1",
        ));
    }
    let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !(1..=32).contains(&config.instance.len()) || !config.instance.chars().all(letters) {
        faults.push(Fault::new(
            Code::InvalidValue,
            "/instance",
            "the instance's name goes into every ticket's reference and must be 1 to 32 of a-z, 0-9 and '-'",
            "Choose a name such as acme-soc",
        ));
    }
    connection(&config.connection, faults);
    limits(config, faults);
}

fn connection(connection: &Connection, faults: &mut Vec<Fault>) {
    site(connection, faults);
    let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if connection.company_id.is_empty()
        || connection.company_id.len() > 64
        || !connection.company_id.chars().all(word)
    {
        faults.push(Fault::new(
            Code::InvalidValue,
            "/connection/company_id",
            "the company id is the short name on the login page: 1 to 64 of letters, digits, '_', '-' and '.'",
            "Write the company id that your technicians log in with",
        ));
    }
    if connection.client_id.as_ref().is_some_and(|id| !is_guid(id)) {
        faults.push(Fault::new(
            Code::InvalidValue,
            "/connection/client_id",
            "the client id is not a GUID",
            "Copy it from developer.connectwise.com; it looks like 00000000-0000-0000-0000-000000000000",
        ));
    }
    if let Some(day) = &connection.credential_expiry
        && (day.len() != 10 || format!("{day}T00:00:00Z").parse::<Timestamp>().is_err())
    {
        faults.push(Fault::new(
            Code::InvalidValue,
            "/connection/credential_expiry",
            "the day on which the keys end is not a date",
            "Write it as YYYY-MM-DD",
        ));
    }
}

fn site(connection: &Connection, faults: &mut Vec<Fault>) {
    let mut fault = |code: Code, message: &str, fix: String| {
        faults.push(Fault::new(code, "/connection/site", message, fix));
    };
    let example = || "Write it as https://api-na.myconnectwise.net".to_owned();
    let Some((scheme, rest)) = connection.site.split_once("://") else {
        return fault(
            Code::InvalidValue,
            "the site is not an address with https://",
            example(),
        );
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return fault(
            Code::InvalidValue,
            "the site holds a user name or key",
            "Give the keys apart, and only the host here".to_owned(),
        );
    }
    let after = rest.get(authority.len()..).unwrap_or_default();
    let Some(host) = host(authority) else {
        return fault(
            Code::InvalidValue,
            "the site names no valid host",
            example(),
        );
    };
    if !matches!(after, "" | "/") {
        return fault(
            Code::InvalidValue,
            "the site must be a host alone, without path or query",
            format!("Write {scheme}://{authority}; the codebase is found out by itself"),
        );
    }
    match scheme {
        "https" => {}
        "http" if is_loopback(&host) && connection.allow_insecure_loopback => return,
        "http" if is_loopback(&host) => {
            return fault(
                Code::InsecureSite,
                "plain http is only for a simulator on this machine, when that is allowed",
                "Set connection.allow_insecure_loopback to true, or write https://".to_owned(),
            );
        }
        "http" => {
            return fault(
                Code::InsecureSite,
                "plain http would send the keys in the clear",
                format!("Write https://{authority}"),
            );
        }
        _ => {
            return fault(
                Code::InvalidValue,
                "the site is not an address with https://",
                example(),
            );
        }
    }
    let cloud = [".myconnectwise.net", ".connectwisedev.com"];
    let api = ["api-", "sandbox-"];
    if cloud.iter().any(|domain| host.ends_with(domain))
        && !api.iter().any(|prefix| host.starts_with(prefix))
    {
        fault(
            Code::InvalidValue,
            "the cloud answers to its API only under a host that begins with 'api-'",
            format!("Write https://api-{host}"),
        );
    }
}

/// The host in lower case, where host and port are well formed.
fn host(authority: &str) -> Option<String> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (inner, port) = rest.split_once(']')?;
            inner.parse::<std::net::Ipv6Addr>().ok()?;
            (format!("[{inner}]"), port)
        }
        None => {
            let end = authority.find(':').unwrap_or(authority.len());
            let (host, port) = authority.split_at(end);
            let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
            let labels = host
                .split('.')
                .all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'));
            (host.len() <= 253 && labels && host.chars().all(letters)).then_some(())?;
            (host.to_owned(), port)
        }
    };
    if !port.is_empty() {
        let number: u16 = port.strip_prefix(':')?.parse().ok()?;
        (number > 0).then_some(())?;
    }
    Some(host.to_ascii_lowercase())
}

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host == "[::1]"
        || host
            .parse::<std::net::Ipv4Addr>()
            .is_ok_and(|address| address.is_loopback())
}

/// Whether it is a GUID of hexadecimal digits and hyphens.
pub(crate) fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.char_indices().all(|(at, c)| match at {
            8 | 13 | 18 | 23 => c == '-',
            _ => c.is_ascii_hexdigit(),
        })
}

fn limits(config: &Config, faults: &mut Vec<Fault>) {
    let limits = &config.limits;
    let mut number = |name: &str, value: u32, most: u32| {
        if !(1..=most).contains(&value) {
            faults.push(Fault::new(
                Code::InvalidValue,
                format!("/limits/{name}"),
                format!("{value} is outside 1 to {most}"),
                format!("Write a number from 1 to {most}"),
            ));
        }
    };
    number("concurrency", limits.concurrency, 64);
    number("requests_per_minute", limits.requests_per_minute, 60_000);
    number("cases_per_run", limits.cases_per_run, 1000);
    let mut span = |pointer: &str, value: Span, least: Span, most: Span| {
        if value < least || value > most {
            faults.push(Fault::new(
                Code::InvalidValue,
                pointer,
                format!("{value} is outside {least} to {most}"),
                format!("Write a span from {least} to {most}"),
            ));
        }
    };
    let (second, minute) = (Span::seconds(1), Span::seconds(60));
    let (hour, month) = (Span::seconds(3600), Span::seconds(30 * 86_400));
    span(
        "/limits/request_timeout",
        limits.request_timeout,
        second,
        Span::seconds(600),
    );
    span("/limits/settle", limits.settle, second, hour);
    span("/limits/catalog_age", limits.catalog_age, minute, month);
    span("/limits/backlog_age", limits.backlog_age, minute, month);
    if let Some(auto) = &config.companies.auto_map {
        span("/companies/auto_map/every", auto.every, minute, month);
    }
    if let Some(auto) = &config.configurations.auto_map {
        span("/configurations/auto_map/every", auto.every, minute, month);
    }
}
