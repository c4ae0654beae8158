use super::{
    log,
    terminal::{Done, Stop},
};
use crate::store::{HostStore, Place, PostgresAddress};
use casewire::MemoryStore;
use std::{env, str::FromStr};

/// Where the password of PostgreSQL is taken from, as its own programs do.
const PASSWORD: &str = "PGPASSWORD";

/// A store as the command line names it.
///
/// What is wrong with a URL is said when the store is opened: an error of the command line would repeat the password in it.
#[derive(Clone, Debug)]
pub(super) enum StoreChoice {
    Memory,
    At(Result<Place, String>),
}

impl FromStr for StoreChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if PostgresAddress::is_meant(text) {
            return Ok(Self::At(text.parse().map(postgres)));
        }
        match text.split_once(':') {
            Some(("memory", "")) => Ok(Self::Memory),
            Some(("sqlite", path)) if !path.is_empty() => {
                Ok(Self::At(Ok(Place::Sqlite(path.into()))))
            }
            _ => Err("give `sqlite:PATH`, `postgres://USER@HOST/DATABASE` or `memory:`".to_owned()),
        }
    }
}

fn postgres(address: PostgresAddress) -> Place {
    let address = address.with_password(env::var(PASSWORD).ok());
    if let Some(password) = address.password() {
        log::hide(&password);
    }
    Place::Postgres(Box::new(address))
}

impl StoreChoice {
    /// Where it is; nothing for one in memory.
    pub(super) fn place(&self) -> Done<Option<Place>> {
        match self {
            Self::Memory => Ok(None),
            Self::At(place) => place.clone().map(Some).map_err(Stop::refused),
        }
    }

    /// Opens it, and makes it where there is none.
    pub(super) fn open(&self) -> Done<Box<dyn HostStore>> {
        match self.place()? {
            None => Ok(Box::new(MemoryStore::new())),
            Some(place) => place.open().map_err(Stop::refused),
        }
    }
}
