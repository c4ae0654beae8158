//! Which case has which ticket.

use super::{
    Instance, session,
    store_choice::StoreChoice,
    terminal::{Done, Stop, printable, say, table},
};
use casewire::{Command, LinkItem, Outcome, TicketId};
use clap::Args;

#[derive(Debug, Args)]
#[command(after_help = "\
Sends nothing: the table is what the store holds, and the status is the one that was seen last.

Examples:
  casewire links --config acme.json --store sqlite:acme.db
  casewire links --config acme.json --store sqlite:acme.db --case 10012
  casewire links --config acme.json --store sqlite:acme.db --ticket 909 --json

Exit status: 0 done, 2 the configuration is wrong, 3 something failed, or there is no link of that case or ticket.")]
pub(super) struct Arguments {
    #[command(flatten)]
    instance: Instance,
    /// Where the links are kept: `sqlite:PATH` or `postgres://…`.
    #[arg(long, value_name = "STORE")]
    store: StoreChoice,
    /// Only that of this case.
    #[arg(long, value_name = "ID")]
    case: Option<String>,
    /// Only that of this ticket.
    #[arg(long, value_name = "NUMBER", conflicts_with = "case")]
    ticket: Option<u32>,
    /// Print JSON, one line each.
    #[arg(long)]
    json: bool,
}

/// Lists cases with their tickets.
pub(super) fn links(arguments: &Arguments) -> Done {
    let store = arguments.store.open()?;
    let mut driver = session::over_store(&arguments.instance, store, false)?;
    let mut links = Vec::new();
    let mut after = None;
    let mut found = false;
    loop {
        let command = Command::ListLinks {
            after: after.take(),
            limit: 1000,
            case_id: arguments.case.clone(),
            ticket: arguments.ticket.map(TicketId),
        };
        match driver.run(command).map_err(|error| Stop::of(&error))? {
            Outcome::Links(page) => {
                found |= !page.links.is_empty();
                for link in page.links {
                    match arguments.json {
                        true => say(&serde_json::to_string(&link).map_err(Stop::failed)?)?,
                        false => links.push(link),
                    }
                }
                after = page.next;
            }
            _ => return Err(Stop::failed("the connector listed no links")),
        }
        if after.is_none() {
            break;
        }
    }
    if !found && (arguments.case.is_some() || arguments.ticket.is_some()) {
        return Err(Stop::failed(
            "there is no link of it: `casewire outbox list` says whether the case waits",
        ));
    }
    if !arguments.json {
        say(&shown(&links))?;
    }
    Ok(())
}

fn shown(links: &[LinkItem]) -> String {
    if links.is_empty() {
        return "No case has a ticket.".to_owned();
    }
    let mut table = table([
        "Case",
        "Ticket",
        "Company",
        "Board",
        "Status",
        "In step",
        "Notes",
        "Documents",
    ]);
    for link in links {
        table.add_row([
            printable(&link.case_id),
            link.ticket_id.to_string(),
            printable(&link.company),
            printable(&link.board),
            printable(&link.status),
            if link.in_step { "yes" } else { "no" }.to_owned(),
            link.notes.to_string(),
            link.documents.to_string(),
        ]);
    }
    table.trim_fmt()
}
