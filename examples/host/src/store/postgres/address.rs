//! Where a PostgreSQL database is, as a URL says it.

use percent_encoding::percent_decode_str;
use postgres::{
    Config,
    config::{Host, SslMode},
};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject as _},
};
use std::{
    error::Error as _, fmt, net::IpAddr, path::Path, str::FromStr, sync::Arc, time::Duration,
};

/// The form that is asked for where a URL is wrong.
const FORM: &str = "write postgres://USER@HOST:PORT/DATABASE, and the password in PGPASSWORD";
/// How long a connection may take to come about, and may be silent after something was sent.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where a PostgreSQL database is and how to get in. What it shows of itself never holds the password.
///
/// The parameters are those of [`postgres::Config`], with one rule of casewire's own: over a network the connection is
/// encrypted, and the server's certificate and name are checked, unless `sslmode=disable` asks for plain text.
#[derive(Clone)]
pub struct PostgresAddress {
    pub(super) config: Config,
    pub(super) tls: Option<Arc<ClientConfig>>,
    shown: String,
}

impl PostgresAddress {
    /// Whether the text is meant as a URL of PostgreSQL, right or wrong.
    #[must_use]
    pub fn is_meant(text: &str) -> bool {
        text.starts_with("postgres")
    }

    /// The password, to be kept out of what is shown.
    #[must_use]
    pub fn password(&self) -> Option<String> {
        let password = self.config.get_password()?;
        Some(String::from_utf8_lossy(password).into_owned())
    }

    /// Takes the password from the environment where the URL has none.
    #[must_use]
    pub fn with_password(mut self, password: Option<String>) -> Self {
        if let Some(password) = password.filter(|_| self.config.get_password().is_none()) {
            self.config.password(password);
        }
        self
    }
}

impl FromStr for PostgresAddress {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (url, own) = parameters(text)?;
        let mut config = Config::from_str(&url).map_err(|error| {
            let why = error.source().map(ToString::to_string);
            format!("the store's URL: {}: {FORM}", why.unwrap_or_default())
        })?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err(format!("the store's URL names no host: {FORM}"));
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(PATIENCE);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(PATIENCE * 3);
        }
        if config.get_application_name().is_none() {
            config.application_name("casewire");
        }
        let encrypted = own.is_encrypted(&config)?;
        config.ssl_mode(match encrypted {
            true => SslMode::Require,
            false => SslMode::Disable,
        });
        let tls = encrypted.then(|| own.tls()).transpose()?;
        let shown = shown(&config);
        Ok(Self { config, tls, shown })
    }
}

impl fmt::Display for PostgresAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for PostgresAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PostgresAddress").field(&self.shown).finish()
    }
}

/// What a URL says of encryption.
#[derive(Default)]
struct Encryption {
    mode: Option<String>,
    roots: Option<String>,
}

impl Encryption {
    fn is_encrypted(&self, config: &Config) -> Result<bool, String> {
        let sockets = config
            .get_hosts()
            .iter()
            .any(|host| !matches!(host, Host::Tcp(_)));
        let local = config.get_hosts().iter().all(is_local)
            && config.get_hostaddrs().iter().all(IpAddr::is_loopback);
        match self.mode.as_deref() {
            Some("disable") => Ok(false),
            None | Some("prefer" | "allow") if local => Ok(false),
            None | Some("require" | "verify-ca" | "verify-full") if !sockets => Ok(true),
            None | Some("require" | "verify-ca" | "verify-full") => Err(
                "the store's URL asks for encryption on a Unix socket, which has none: leave sslmode out".to_owned(),
            ),
            Some("prefer" | "allow") => Err(
                "the store's URL: sslmode=prefer would send cases in plain text where the server has no TLS: write \
                 sslmode=require, or sslmode=disable where the network between is trusted"
                    .to_owned(),
            ),
            Some(other) => Err(format!(
                "the store's URL: sslmode={other} is unknown: write require, which checks the server's certificate and name, or disable"
            )),
        }
    }

    /// Trusts the authorities of the file, or those of the platform.
    fn tls(&self) -> Result<Arc<ClientConfig>, String> {
        let certificates = match &self.roots {
            Some(path) => from_file(Path::new(path))
                .map_err(|error| format!("the store's URL: sslrootcert={path}: {error}"))?,
            None => rustls_native_certs::load_native_certs().certs,
        };
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(certificates);
        if roots.is_empty() {
            return Err("there is no certificate of an authority to check the store's server with: name a file with \
                        sslrootcert=PATH"
                .to_owned());
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?;
        Ok(Arc::new(
            config.with_root_certificates(roots).with_no_client_auth(),
        ))
    }
}

fn from_file(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let certificates = CertificateDer::pem_file_iter(path).map_err(|error| error.to_string())?;
    certificates
        .collect::<Result<_, _>>()
        .map_err(|error| error.to_string())
}

fn is_local(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            name.eq_ignore_ascii_case("localhost")
                || name
                    .parse()
                    .is_ok_and(|address: IpAddr| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

/// Takes out of a URL what the driver's own reader does not know.
fn parameters(text: &str) -> Result<(String, Encryption), String> {
    if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
        return Err(format!(
            "the store's URL does not begin with postgres://: {FORM}"
        ));
    }
    let behind_user = text.find('@').map_or(0, |place| place + 1);
    let query = text.split_at(behind_user).1.find('?');
    let Some(query) = query.map(|place| behind_user + place) else {
        return Ok((text.to_owned(), Encryption::default()));
    };
    let (url, query) = text.split_at(query);
    let mut own = Encryption::default();
    let mut others = Vec::new();
    for parameter in query.trim_start_matches('?').split('&') {
        let decoded = |value: &str| {
            let text = percent_decode_str(value).decode_utf8();
            text.map(|text| Some(text.into_owned()))
                .map_err(|_| "the store's URL is not UTF-8".to_owned())
        };
        match parameter.split_once('=') {
            Some(("sslmode", value)) => own.mode = decoded(value)?,
            Some(("sslrootcert", value)) => own.roots = decoded(value)?,
            _ if parameter.is_empty() => {}
            _ => others.push(parameter),
        }
    }
    let mut url = url.to_owned();
    if !others.is_empty() {
        url = format!("{url}?{}", others.join("&"));
    }
    Ok((url, own))
}

/// Where it is, without how to get in.
fn shown(config: &Config) -> String {
    let hosts = config.get_hosts().iter().map(|host| match host {
        Host::Tcp(name) => name.clone(),
        #[cfg(unix)]
        Host::Unix(path) => path.display().to_string(),
    });
    let hosts: Vec<String> = match config.get_hosts().is_empty() {
        true => config
            .get_hostaddrs()
            .iter()
            .map(ToString::to_string)
            .collect(),
        false => hosts.collect(),
    };
    let port = config.get_ports().first().copied().unwrap_or(5432);
    let database = config
        .get_dbname()
        .or(config.get_user())
        .unwrap_or_default();
    format!("postgres://{}:{port}/{database}", hosts.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<PostgresAddress, String> {
        text.parse()
    }

    #[test]
    fn a_password_is_never_shown() {
        let address =
            read("postgres://ada:s3cr%3Ft@127.0.0.1:5433/casewire?application_name=x").unwrap();
        assert_eq!(address.password().as_deref(), Some("s3cr?t"));
        for shown in [format!("{address:?}"), address.to_string()] {
            assert!(shown.contains("127.0.0.1:5433/casewire"), "{shown}");
            assert!(!shown.contains("s3cr"), "{shown}");
        }
        let wrong = read("postgres://ada:s3cret@127.0.0.1/x?nonsense=1").unwrap_err();
        assert!(
            wrong.contains("nonsense") && !wrong.contains("s3cret"),
            "{wrong}"
        );
    }

    #[test]
    fn the_environment_gives_a_password_where_the_url_has_none() {
        let password = |url: &str| {
            read(url)
                .unwrap()
                .with_password(Some("env".to_owned()))
                .password()
        };
        assert_eq!(
            password("postgres://ada@localhost/x").as_deref(),
            Some("env")
        );
        assert_eq!(
            password("postgres://ada:own@localhost/x").as_deref(),
            Some("own")
        );
    }

    #[test]
    fn over_a_network_it_is_encrypted_unless_plain_text_is_asked_for() {
        let encrypted = |url: &str| read(url).map(|address| address.tls.is_some());
        for local in [
            "postgres://a@localhost/x",
            "postgres://a@%2Ftmp/x",
            "postgres://a@[::1]/x?sslmode=prefer",
        ] {
            assert_eq!(encrypted(local), Ok(false), "{local}");
        }
        assert_eq!(
            encrypted("postgres://a@db.example/x?sslmode=disable"),
            Ok(false)
        );
        let root = rcgen::generate_simple_self_signed(vec!["db.example".to_owned()]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("root.pem");
        std::fs::write(&path, root.cert.pem()).unwrap();
        let path = path.display();
        for mode in ["", "&sslmode=require", "&sslmode=verify-full"] {
            let url = format!("postgres://a@db.example/x?sslrootcert={path}{mode}");
            assert_eq!(encrypted(&url), Ok(true), "{mode}");
        }
        for (url, word) in [
            ("postgres://a@db.example/x?sslmode=prefer", "plain text"),
            ("postgres://a@db.example/x?sslmode=maybe", "sslmode=maybe"),
            ("postgres://a@%2Ftmp/x?sslmode=require", "Unix socket"),
            (
                "postgres://a@db.example/x?sslrootcert=/no/such/file",
                "/no/such/file",
            ),
            ("postgres:/a@db.example/x", "postgres://USER@HOST"),
            ("postgres:///x", "names no host"),
            ("postgres://a@db.example:none/x", "postgres://USER@HOST"),
        ] {
            let error = encrypted(url).unwrap_err();
            assert!(error.contains(word), "{url}: {error}");
        }
    }
}
