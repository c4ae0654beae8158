//! What commands share: the configuration, the keys, a driver.

use super::{
    Instance, log,
    terminal::{Done, Stop},
};
use crate::{
    clock::now,
    driver::{Driver, Handover},
    store::HostStore,
    transport::HttpTransport,
};
use casewire::{
    CallbackSecret, Config, Connector, Credentials, Delivery, Inventory, MemoryStore, Options,
};
use std::{
    collections::hash_map::RandomState,
    env,
    hash::{BuildHasher as _, Hasher as _},
    path::Path,
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

/// Takes the keys of one of several instances from the environment: from variables with its name behind, such as
/// `CASEWIRE_PUBLIC_KEY_ACME_SOC`, or from those that all share.
pub(super) fn credentials_of(instance: &str) -> Done<Credentials> {
    let plain = |character: char| match character.is_ascii_alphanumeric() {
        true => character.to_ascii_uppercase(),
        false => '_',
    };
    let suffix: String = instance.chars().map(plain).collect();
    let (public, private) = (
        format!("{PUBLIC_KEY}_{suffix}"),
        format!("{PRIVATE_KEY}_{suffix}"),
    );
    if env::var_os(&public).is_none() && env::var_os(&private).is_none() {
        return credentials();
    }
    Credentials::keys(key(&public)?, key(&private)?).map_err(Stop::refused)
}

/// Reads the groups and systems of the security product.
pub(super) fn inventory(path: &Path) -> Done<Inventory> {
    let shown = path.display();
    let text = std::fs::read(path).map_err(|error| Stop::refused(format!("{shown}: {error}")))?;
    casewire::json::read(&text).map_err(|faults| {
        let faults: Vec<String> = faults.iter().map(|fault| format!("\n  {fault}")).collect();
        Stop::refused(format!("the inventory {shown}:{}", faults.concat()))
    })
}

/// Takes the secret of the callback addresses from the environment, where there is one.
pub(super) fn callback_secret() -> Done<Option<CallbackSecret>> {
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
    let workers = workers(&config);
    let connector = connector(config, credentials, at_rest)?;
    let transport = HttpTransport::new();
    Ok(Driver::new(connector, &transport, store, workers, deliver))
}

/// A driver over a store, which takes up what was left unfinished there, and whose deliveries are durable later.
pub(super) fn serving(
    config: Config,
    credentials: Credentials,
    store: Box<dyn HostStore>,
    deliver: impl FnMut(Delivery, Handover) + 'static,
) -> Done<Driver<'static>> {
    let workers = workers(&config);
    let connector = connector(config, credentials, false)?;
    let transport = HttpTransport::new();
    Ok(Driver::handing_over(
        connector, &transport, store, workers, deliver,
    ))
}

fn workers(config: &Config) -> usize {
    usize::try_from(config.limits.concurrency)
        .unwrap_or(WORKERS)
        .max(WORKERS)
}

fn connector(config: Config, credentials: Credentials, at_rest: bool) -> Done<Connector> {
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
    Connector::new(config, credentials, options, now()).map_err(|error| Stop::of(&error))
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
