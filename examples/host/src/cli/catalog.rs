use super::{
    Instance, session,
    terminal::{Done, Stop, say},
};
use casewire::{Catalog, Command, Outcome};
use clap::Args;
use std::sync::Arc;

use crate::driver::Driver;

#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  casewire catalog --config acme.json > catalog.json
  casewire preview --config acme.json --catalog catalog.json --cases cases.jsonl")]
pub(super) struct Arguments {
    #[command(flatten)]
    instance: Instance,
}

/// Prints the catalog of boards.
pub(super) fn catalog(arguments: &Arguments) -> Done {
    let mut driver = session::reader(&arguments.instance)?;
    let catalog = read(&mut driver)?;
    say(&serde_json::to_string_pretty(&catalog).map_err(Stop::failed)?)?;
    Ok(())
}

/// Reads the catalog and finds that the configuration fits it.
pub(super) fn read(driver: &mut Driver<'_>) -> Done<Arc<Catalog>> {
    match driver.run(Command::ReadCatalog) {
        Ok(Outcome::Catalog(catalog)) => Ok(catalog),
        Ok(_) => Err(Stop::failed("the connector read no catalog")),
        Err(error) => Err(Stop::of(&error)),
    }
}
