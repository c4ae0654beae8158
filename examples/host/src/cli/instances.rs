use super::{
    Instance, session,
    store_choice::StoreChoice,
    terminal::{Done, Stop, printable, say, say_aside, table},
};
use crate::driver::Driver;
use casewire::{Command, InstanceSummary, Outcome};
use clap::{Args, Subcommand};

#[derive(Debug, Args)]
#[command(after_help = "\
Only `save` sends requests and needs keys: it tests the connection. An export holds cases, one record as JSON a line.

Examples:
  casewire instances list --config acme.json --store sqlite:acme.db
  casewire instances save --config acme.json --store sqlite:acme.db
  casewire instances export --config acme.json --store sqlite:acme.db > acme.jsonl
  casewire instances delete --config acme.json --store sqlite:acme.db --confirm acme-soc

Exit status: 0 done, 2 the instance was not confirmed or cases still wait and nothing was deleted, 3 something failed.")]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Name the instances that have records in a store, each with what waits.
    List(List),
    /// Test the connection, and keep in the store that it is this instance's where no part failed.
    Save(Over),
    /// Print every record of the configuration's instance, one JSON document a line.
    Export(Over),
    /// Delete every record of the configuration's instance; its tickets stay as they are.
    Delete(Delete),
}

#[derive(Debug, Args)]
struct Over {
    #[command(flatten)]
    instance: Instance,
    /// Where the connector keeps its records: `sqlite:PATH` or `postgres://…`.
    #[arg(long, value_name = "STORE")]
    store: StoreChoice,
}

#[derive(Debug, Args)]
struct List {
    #[command(flatten)]
    over: Over,
    /// Print the list as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct Delete {
    #[command(flatten)]
    over: Over,
    /// The instance's name, so that no slip deletes it.
    #[arg(long, value_name = "NAME")]
    confirm: String,
    /// Delete it with the cases and deliveries that still wait.
    #[arg(long)]
    force: bool,
}

/// Lists, exports or deletes instances.
pub(super) fn instances(arguments: &Arguments) -> Done {
    match &arguments.what {
        What::List(list) => shown(list),
        What::Save(over) => save(over),
        What::Export(over) => export(over),
        What::Delete(delete) => deleted(delete),
    }
}

fn save(over: &Over) -> Done {
    let mut driver = session::over_store(&over.instance, over.store.open()?, true)?;
    let outcome = run(&mut driver, Command::SaveInstance)?;
    let Outcome::InstanceSaved { saved, connection } = outcome else {
        return Err(unexpected());
    };
    say(&super::check::shown(&connection))?;
    match saved {
        Some(saved) => Ok(say(&format!(
            "The connection to {} was saved.",
            printable(&saved.site)
        ))?),
        None => Err(Stop::failed(
            "nothing was saved: mend what failed, and save again",
        )),
    }
}

fn driver(over: &Over) -> Done<Driver<'static>> {
    session::over_store(&over.instance, over.store.open()?, false)
}

fn run(driver: &mut Driver<'_>, command: Command) -> Done<Outcome> {
    driver.run(command).map_err(|error| match error.code {
        casewire::Code::InstanceInUse => Stop::refused(error),
        _ => Stop::of(&error),
    })
}

fn unexpected() -> Stop {
    Stop::failed("the connector did something else")
}

fn shown(list: &List) -> Done {
    let Outcome::Instances { instances } = run(&mut driver(&list.over)?, Command::ListInstances)?
    else {
        return Err(unexpected());
    };
    if list.json {
        say(&serde_json::to_string(&instances).map_err(Stop::failed)?)?;
        return Ok(());
    }
    let mut table = table([
        "Instance",
        "Outbox",
        "Held",
        "Undelivered",
        "Boards read",
        "Saved",
    ]);
    for InstanceSummary {
        instance,
        outbox,
        held,
        undelivered,
        catalog_read_at,
        saved,
        deleting,
    } in instances
    {
        let name = if deleting {
            format!("{instance} (being deleted)")
        } else {
            instance
        };
        let read_at = catalog_read_at.map(|at| at.to_string());
        table.add_row([
            name,
            outbox.to_string(),
            held.to_string(),
            undelivered.to_string(),
            read_at.unwrap_or_default(),
            saved.map(|saved| saved.at.to_string()).unwrap_or_default(),
        ]);
    }
    say(&table.trim_fmt())?;
    Ok(())
}

fn export(over: &Over) -> Done {
    let mut driver = driver(over)?;
    let mut after = None;
    loop {
        let Outcome::Records(page) = run(&mut driver, Command::ExportInstance { after })? else {
            return Err(unexpected());
        };
        for record in &page.records {
            say(&serde_json::to_string(record).map_err(Stop::failed)?)?;
        }
        if page.next.is_none() {
            return Ok(());
        }
        after = page.next;
    }
}

fn deleted(delete: &Delete) -> Done {
    let command = Command::DeleteInstance {
        confirm: delete.confirm.clone(),
        force: delete.force,
    };
    let Outcome::Deleted { records } = run(&mut driver(&delete.over)?, command)? else {
        return Err(unexpected());
    };
    say_aside(&format!("{records} records deleted"));
    Ok(())
}
