//! Which company a group is, and which device configuration a system is.

use super::{
    Instance,
    send::Deliveries,
    session,
    store_choice::StoreChoice,
    terminal::{Done, Stop, say},
};
use crate::driver::Driver;
use casewire::{Command, Inventory, MappingFilter, MappingKey, Outcome};
use clap::{Args, Subcommand};
use serde::Serialize;
use std::path::{Path, PathBuf};

mod after;
mod shown;
mod wanted;

use wanted::{CompanyChoice, ConfigurationChoice, Named};

#[derive(Debug, Args)]
#[command(after_help = "\
The inventory is a JSON document with the groups and systems of the security product:
  {\"groups\":[{\"group\":{\"id\":\"48Tech\",\"email\":\"it@bigdesign.com\"},
              \"systems\":[{\"id\":\"48Tech-DC1\",\"macs\":[\"00-15-5D-01-4F-A1\"]}]}]}

Examples:
  casewire map auto --config acme.json --store sqlite:acme.db --inventory inventory.json
  casewire map set --config acme.json --store sqlite:acme.db --group 48Tech --company BigDesign
  casewire map set --config acme.json --store sqlite:acme.db --system 48Tech-DC1 --of 48Tech --configuration BigDesign-Wrk1
  casewire map sync --config acme.json --store sqlite:acme.db --inventory inventory.json
  casewire map list --config acme.json --store sqlite:acme.db --text bigdesign
  casewire map remove --config acme.json --store sqlite:acme.db --group 48Tech

Exit status: 0 done, 2 the configuration or the input is wrong and nothing was saved, 3 something failed.")]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Map by rule: groups by e-mail domain, systems by MAC. What was decided by hand stays.
    Auto {
        #[command(flatten)]
        over: Over,
        #[command(flatten)]
        inventory: InventoryFile,
        /// Only this group, with its systems; may be given more than once.
        #[arg(long, value_name = "ID")]
        group: Vec<String>,
        /// Only say what would be.
        #[arg(long)]
        dry_run: bool,
    },
    /// Map a group to a company, or a system to a device configuration, by hand.
    Set {
        #[command(flatten)]
        over: Over,
        #[command(flatten)]
        named: Named,
        #[command(flatten)]
        company: CompanyChoice,
        #[command(flatten)]
        configuration: ConfigurationChoice,
        /// Who does it, for the history.
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Take a map out; automatic mapping leaves the group or system alone from then on.
    Remove {
        #[command(flatten)]
        over: Over,
        #[command(flatten)]
        named: Named,
        /// Who does it, for the history.
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Give a group or system back to automatic mapping.
    Release {
        #[command(flatten)]
        over: Over,
        #[command(flatten)]
        named: Named,
        /// Who does it, for the history.
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// List what is mapped and what is not.
    List {
        #[command(flatten)]
        over: Over,
        /// Only where id, name or target contain this.
        #[arg(long, value_name = "TEXT")]
        text: Option<String>,
        /// Only this group and its systems.
        #[arg(long, value_name = "ID")]
        group: Option<String>,
    },
    /// Say what groups and systems without a map may be, with the evidence.
    Suggest {
        #[command(flatten)]
        over: Over,
        #[command(flatten)]
        inventory: InventoryFile,
    },
    /// Set the suggestions that stand out.
    Accept {
        #[command(flatten)]
        over: Over,
        #[command(flatten)]
        inventory: InventoryFile,
        /// Least score, 1 to 100.
        #[arg(long, value_name = "SCORE", default_value_t = 90)]
        at_least: u8,
        /// Who does it, for the history.
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Compare all groups with the companies of ConnectWise: new, gone, renamed, merged. Nothing is changed.
    Sync {
        #[command(flatten)]
        over: Over,
        #[command(flatten)]
        inventory: InventoryFile,
    },
    /// Write all mappings as CSV to standard output.
    Export {
        #[command(flatten)]
        over: Over,
    },
    /// Set mappings from CSV, as an export writes it.
    Import {
        #[command(flatten)]
        over: Over,
        /// The list.
        #[arg(long, value_name = "FILE")]
        csv: PathBuf,
        /// Take the good rows where others are bad.
        #[arg(long)]
        good_rows: bool,
        /// Who does it, for the history.
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
}

/// Which instance and where its mappings are.
#[derive(Debug, Args)]
struct Over {
    #[command(flatten)]
    instance: Instance,
    /// Where the mappings are kept: `sqlite:PATH`, `postgres://…`, or `memory:` for trying out.
    #[arg(long, value_name = "STORE")]
    store: StoreChoice,
    /// Where to add the events, one JSON line each; where nothing is said they go to the log (`-v` shows it).
    #[arg(long, value_name = "FILE")]
    deliveries: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct InventoryFile {
    /// The groups and systems of the security product, a JSON document.
    #[arg(long, value_name = "FILE")]
    inventory: PathBuf,
}

/// Runs one of the commands about mappings.
pub(super) fn map(arguments: Arguments) -> Done {
    match arguments.command {
        Act::Auto {
            over,
            inventory,
            group,
            dry_run,
        } => {
            let command = Command::AutoMap {
                inventory: inventory.read()?,
                groups: Some(group).filter(|groups| !groups.is_empty()),
                dry_run,
            };
            over.change(command)
        }
        Act::Set {
            over,
            named,
            company,
            configuration,
            by,
        } => {
            let mappings = vec![named.mapping(company, configuration)?];
            over.change(Command::SetMapping { mappings, by })
        }
        Act::Remove { over, named, by } => {
            let mappings = named.keys()?;
            over.change(Command::RemoveMapping { mappings, by })
        }
        Act::Release { over, named, by } => {
            let mappings = named.keys()?;
            over.change(Command::ReleaseMapping { mappings, by })
        }
        Act::List { over, text, group } => over.list(&MappingFilter {
            text,
            group,
            ..MappingFilter::default()
        }),
        Act::Suggest { over, inventory } => {
            let inventory = inventory.read()?;
            over.change(Command::SuggestMappings { inventory })
        }
        Act::Accept {
            over,
            inventory,
            at_least,
            by,
        } => {
            let command = Command::AcceptSuggestions {
                inventory: inventory.read()?,
                only: None,
                at_least,
                by,
            };
            over.change(command)
        }
        Act::Sync { over, inventory } => {
            let inventory = inventory.read()?;
            over.change(Command::SyncCustomers { inventory })
        }
        Act::Export { over } => over.export(),
        Act::Import {
            over,
            csv,
            good_rows,
            by,
        } => {
            let csv = text(&csv)?;
            over.change(Command::ImportMappings { csv, good_rows, by })
        }
    }
}

impl InventoryFile {
    fn read(&self) -> Done<Inventory> {
        session::inventory(&self.inventory)
    }
}

fn text(path: &Path) -> Done<String> {
    std::fs::read_to_string(path)
        .map_err(|error| Stop::refused(format!("{}: {error}", path.display())))
}

impl Over {
    fn driver(&self) -> Done<Driver<'static>> {
        let config = session::configuration(&self.instance)?;
        let credentials = session::credentials()?;
        let mut events = Deliveries::open(self.deliveries.as_deref())?;
        session::driver(config, credentials, self.store.open()?, move |delivery| {
            events.keep(delivery)
        })
    }

    /// Runs a command, tells what came of it, and then of the held cases that go on.
    fn change(&self, command: Command) -> Done {
        let mut driver = self.driver()?;
        let outcome = driver.run(command).map_err(|error| Stop::of(&error))?;
        match &outcome {
            Outcome::MappingsChanged(changed) if !self.json => say(&shown::changed(changed))?,
            Outcome::AutoMapped(report) if !self.json => say(&shown::auto(report))?,
            Outcome::SuggestedMappings(suggested) if !self.json => {
                say(&shown::suggested(suggested))?;
            }
            Outcome::Customers(report) if !self.json => say(&shown::customers(report))?,
            outcome => print(outcome)?,
        }
        after::go_on(&mut driver)
    }

    fn list(&self, filter: &MappingFilter) -> Done {
        let mut driver = self.driver()?;
        let mut mappings = Vec::new();
        let mut after = None;
        loop {
            let command = Command::ListMappings {
                after,
                limit: 1000,
                filter: filter.clone(),
            };
            match driver.run(command) {
                Ok(Outcome::Mappings(page)) => {
                    for mapping in page.mappings {
                        match self.json {
                            true => print(&mapping)?,
                            false => mappings.push(mapping),
                        }
                    }
                    after = page.next;
                }
                Ok(_) => return Err(Stop::failed("the connector listed no mappings")),
                Err(error) => return Err(Stop::of(&error)),
            }
            if after.is_none() {
                break;
            }
        }
        if !self.json {
            say(&shown::list(&mappings))?;
        }
        Ok(())
    }

    fn export(&self) -> Done {
        let mut driver = self.driver()?;
        let mut after = None;
        loop {
            let command = Command::ExportMappings { after, limit: 1000 };
            match driver.run(command) {
                Ok(Outcome::MappingTable(table)) => {
                    let rows = table.csv.trim_end_matches(['\r', '\n']);
                    if !rows.is_empty() {
                        say(&format!("{rows}\r"))?;
                    }
                    after = table.next;
                }
                Ok(_) => return Err(Stop::failed("the connector exported no mappings")),
                Err(error) => return Err(Stop::of(&error)),
            }
            if after.is_none() {
                return Ok(());
            }
        }
    }
}

fn print(value: &impl Serialize) -> Done {
    say(&serde_json::to_string(value).map_err(Stop::failed)?)?;
    Ok(())
}

impl Named {
    fn keys(&self) -> Done<Vec<MappingKey>> {
        let groups = self.group.iter().map(MappingKey::group);
        let systems = self.system.iter().map(MappingKey::system);
        let keys: Vec<MappingKey> = groups.chain(systems).collect();
        match keys.is_empty() {
            true => Err(Stop::refused("name a --group or a --system")),
            false => Ok(keys),
        }
    }
}
