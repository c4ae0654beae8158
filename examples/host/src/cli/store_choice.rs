use super::terminal::{Done, Stop};
use crate::store::{HostStore, SqliteStore};
use casewire::MemoryStore;
use std::{path::PathBuf, str::FromStr};

/// A store as the command line names it.
#[derive(Clone, Debug)]
pub(super) enum StoreChoice {
    Memory,
    Sqlite(PathBuf),
}

impl FromStr for StoreChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some(("memory", "")) => Ok(Self::Memory),
            Some(("sqlite", path)) if !path.is_empty() => Ok(Self::Sqlite(path.into())),
            _ => Err("give `sqlite:PATH` or `memory:`".to_owned()),
        }
    }
}

impl StoreChoice {
    /// Opens it, and makes it where there is none.
    pub(super) fn open(&self) -> Done<Box<dyn HostStore>> {
        Ok(match self {
            Self::Memory => Box::new(MemoryStore::new()),
            Self::Sqlite(path) => Box::new(SqliteStore::open(path).map_err(Stop::refused)?),
        })
    }
}
