//! What commands share: the configuration, the keys, a driver.

use super::{
    Instance, log,
    terminal::{Done, Stop},
};
use crate::{clock::now, driver::Driver, store::HostStore, transport::HttpTransport};
use casewire::{CallbackSecret, Config, Connector, Credentials, Delivery, MemoryStore, Options};
use std::{
    collections::hash_map::RandomState,
    env,
    hash::{BuildHasher as _, Hasher as _},
};

const PUBLIC_KEY: &str = "CASEWIRE_PUBLIC_KEY";
const PRIVATE_KEY: &str = "CASEWIRE_PRIVATE_KEY";
const CALLBACK_SECRET: &str = "CASEWIRE_CALLBACK_SECRET";

/// Fewest workers; the connector's own limits say how many are in use.
const WORKERS: usize = 8;

/// Reads and checks the configuration.
pub(super) fn configuration(instance: &Instance) -> Done<Config> {
    let path = instance.config.display();
    let text = std::fs::read(&instance.config)
        .map_err(|error| Stop::refused(format!("the configuration {path}: {error}")))?;
    Config::from_json(&text).map_err(|error| Stop::refused(format!("{path}: {error}")))
}

/// Takes the keys from the environment.
pub(super) fn credentials() -> Done<Credentials> {
    let (public, private) = (key(PUBLIC_KEY)?, key(PRIVATE_KEY)?);
    Credentials::keys(public, private).map_err(Stop::refused)
}

/// Takes the secret of the callback addresses from the environment, where there is one.
fn callback_secret() -> Done<Option<CallbackSecret>> {
    let Ok(secret) = env::var(CALLBACK_SECRET) else {
        return Ok(None);
    };
    log::hide(&secret);
    let refused = |error| Stop::refused(format!("{CALLBACK_SECRET}: {error}"));
    CallbackSecret::new(secret).map(Some).map_err(refused)
}

fn key(variable: &str) -> Done<String> {
    let value = env::var(variable).map_err(|_| {
        Stop::refused(format!(
            "the environment variable {variable} is not set: set it to the key of an API member \
             (in ConnectWise: System > Members > API Members > API Keys)"
        ))
    })?;
    log::hide(&value);
    Ok(value)
}

/// A driver over a store, which takes up what was left unfinished there.
pub(super) fn driver<'a>(
    config: Config,
    credentials: Credentials,
    store: Box<dyn HostStore>,
    deliver: impl FnMut(&Delivery) -> Result<(), String> + 'a,
) -> Done<Driver<'a>> {
    open(config, credentials, store, false, deliver)
}

/// A driver for work beside the cases: those in the store stay as they are.
pub(super) fn beside_cases(
    config: Config,
    credentials: Credentials,
    store: Box<dyn HostStore>,
) -> Done<Driver<'static>> {
    open(config, credentials, store, true, |_| {
        Err("this command takes over no deliveries".to_owned())
    })
}

/// A driver for work beside the cases of which the host is told.
pub(super) fn beside_cases_for<'a>(
    config: Config,
    credentials: Credentials,
    store: Box<dyn HostStore>,
    deliver: impl FnMut(&Delivery) -> Result<(), String> + 'a,
) -> Done<Driver<'a>> {
    open(config, credentials, store, true, deliver)
}

fn open<'a>(
    config: Config,
    credentials: Credentials,
    store: Box<dyn HostStore>,
    at_rest: bool,
    deliver: impl FnMut(&Delivery) -> Result<(), String> + 'a,
) -> Done<Driver<'a>> {
    let workers = usize::try_from(config.limits.concurrency)
        .unwrap_or(WORKERS)
        .max(WORKERS);
    let options = Options {
        seed: RandomState::new().build_hasher().finish(),
        at_rest,
        callback_secret: callback_secret()?,
        ..Options::default()
    };
    let connector =
        Connector::new(config, credentials, options, now()).map_err(|error| Stop::of(&error))?;
    let mut transport = HttpTransport::new();
    if let Some(folder) = std::env::var_os(FILES) {
        transport = transport.receiving(folder);
    }
    Ok(Driver::new(connector, &transport, store, workers, deliver))
}

/// The variable of the environment that names the folder for files from ConnectWise.
const FILES: &str = "CASEWIRE_FILES";

/// A driver for commands that only read: it leaves no trace.
pub(super) fn reader(instance: &Instance) -> Done<Driver<'static>> {
    let config = configuration(instance)?;
    driver(config, credentials()?, Box::new(MemoryStore::new()), |_| {
        Ok(())
    })
}

/// A driver for one who looks at an instance before a configuration fits it: the document may hold no more than `version`,
/// `instance` and `connection`.
pub(super) fn newcomer(instance: &Instance) -> Done<Driver<'static>> {
    let path = instance.config.display();
    let text = std::fs::read(&instance.config)
        .map_err(|error| Stop::refused(format!("the configuration {path}: {error}")))?;
    let config = match serde_json::from_slice::<Beginning>(&text) {
        Ok(beginning) => Config::for_connection(beginning.instance, beginning.connection),
        Err(_) => configuration(instance)?,
    };
    driver(config, credentials()?, Box::new(MemoryStore::new()), |_| {
        Ok(())
    })
}

/// The beginning of a configuration.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Beginning {
    #[serde(rename = "version")]
    _version: u32,
    instance: String,
    connection: casewire::Connection,
}

/// A driver over a store that leaves alone what waits there; with the keys where requests are to be sent.
pub(super) fn over_store(
    instance: &Instance,
    store: Box<dyn HostStore>,
    keys: bool,
) -> Done<Driver<'static>> {
    let config = configuration(instance)?;
    let credentials = if keys {
        credentials()?
    } else {
        Credentials::added_by_host()
    };
    beside_cases(config, credentials, store)
}
