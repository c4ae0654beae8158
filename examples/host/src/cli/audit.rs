//! What was decided for cases, and why.

use super::{
    log_choice::{Log, Times},
    session,
    terminal::{Done, Stop, printable, say, table},
};
use casewire::{Command, Outcome};
use clap::Args;

#[derive(Debug, Args)]
#[command(after_help = "\
Sends nothing: it reads what the store keeps for events.keep_decisions. With --json one record a line, to be kept elsewhere.

Examples:
  casewire audit --config acme.json --store sqlite:acme.db --case 10012
  casewire audit --config acme.json --store sqlite:acme.db --from 2026-11-01T00:00:00Z --until 2026-12-01T00:00:00Z --json

Exit status: 0 done, 2 the configuration or the choice is wrong, 3 something failed.")]
pub(super) struct Arguments {
    #[command(flatten)]
    log: Log,
    /// Only of this case.
    #[arg(long, value_name = "ID")]
    case: Option<String>,
    #[command(flatten)]
    times: Times,
}

/// Prints decisions.
pub(super) fn audit(arguments: &Arguments) -> Done {
    let log = &arguments.log;
    let mut driver = session::over_store(&log.instance, log.store.open()?, false)?;
    let mut shown = table(["When", "Case", "Ticket", "What", "Value", "Why"]);
    let mut after = None;
    loop {
        let command = Command::Audit {
            after: after.take(),
            limit: 1000,
            case_id: arguments.case.clone(),
            from: arguments.times.from(),
            until: arguments.times.until(),
        };
        let Outcome::Audit(page) = driver.run(command).map_err(|error| Stop::of(&error))? else {
            return Err(Stop::failed("the connector gave no decisions"));
        };
        for record in page.decisions {
            if log.json {
                say(&serde_json::to_string(&record).map_err(Stop::failed)?)?;
                continue;
            }
            for decided in &record.decisions {
                shown.add_row([
                    record.at.to_string(),
                    printable(&record.case_id),
                    record
                        .ticket_id
                        .map(|id| id.to_string())
                        .unwrap_or_default(),
                    decided.what.clone(),
                    printable(decided.value.as_deref().unwrap_or_default()),
                    printable(&decided.reason),
                ]);
            }
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    if !log.json {
        let none = shown.row_iter().next().is_none();
        say(&if none {
            "Nothing was decided.".to_owned()
        } else {
            shown.trim_fmt()
        })?;
    }
    Ok(())
}
