use super::{
    Instance,
    inbound::Run,
    store_choice::StoreChoice,
    terminal::{Done, Stop, printable, say, table},
};
use casewire::{Command, MassCounts, Outcome, PollReport};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "\
Only what changed since the last poll over the same store is asked for; the first one looks as far back as the
configuration's inbound.window. It needs policies.ticket_inbound in the configuration. What cases are told is printed, one
line each, or appended to a file as JSON. With --json each is a line {\"delivery\":...}, and the last line is
{\"report\":...}.

Examples:
  casewire poll --config acme.json --store sqlite:acme.db
  casewire poll --config acme.json --store sqlite:acme.db --deliveries news.jsonl
  casewire poll --config acme.json --store sqlite:acme.db --release-mass-change acme-soc

Exit status: 0 done, 2 configuration or input are wrong and nothing was sent, 3 it failed, some tickets could not be read, or
so many changed at once that it was held back: run it again.")]
pub(super) struct Arguments {
    #[command(flatten)]
    instance: Instance,
    /// The store that `casewire send` works over: `sqlite:PATH` or `postgres://…`.
    #[arg(long, value_name = "STORE")]
    store: StoreChoice,
    /// Append what cases are told to this file, one JSON line each, before it is forgotten.
    #[arg(long, value_name = "FILE")]
    deliveries: Option<PathBuf>,
    /// Tell cases of deletions, closings and moves that were held back because there were so many; the instance's name is the
    /// consent. Nothing else is looked for.
    #[arg(long, value_name = "INSTANCE")]
    release_mass_change: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Looks for changed tickets.
pub(super) fn poll(arguments: &Arguments, verbose: u8) -> Done {
    let run = Run {
        instance: &arguments.instance,
        store: &arguments.store,
        deliveries: arguments.deliveries.as_deref(),
        json: arguments.json,
        verbose,
        stopped: "stopped; what was read is kept, run it again to go on",
    };
    let command = match &arguments.release_mass_change {
        Some(confirm) => Command::ReleaseMassChange {
            confirm: confirm.clone(),
        },
        None => Command::Poll,
    };
    let report = match run.go(command)? {
        Outcome::Polled(report) => *report,
        _ => return Err(Stop::failed("the connector polled nothing")),
    };
    if arguments.json {
        let document = serde_json::json!({ "report": report });
        say(&document.to_string())?;
    } else {
        say(&shown(&report))?;
    }
    match &report.held {
        Some(held) => Err(Stop::failed(held_back(held))),
        None if report.failed > 0 => Err(Stop::failed(format!(
            "{} tickets could not be read; the next poll tries them again",
            report.failed
        ))),
        None => Ok(()),
    }
}

/// What is said where changes are held back.
pub(super) fn held_back(held: &MassCounts) -> String {
    format!(
        "of {} open tickets {} were deleted, {} closed and {} moved at once; cases are not told. Where it is meant: \
         casewire poll --release-mass-change INSTANCE",
        held.open, held.deleted, held.closed, held.moved
    )
}

fn shown(report: &PollReport) -> String {
    let mut counts = table([
        "Listed",
        "Unchanged",
        "Read",
        "Read in turn",
        "New cases",
        "Refused",
        "Failed",
        "Up to",
    ]);
    let until = report.until.map(|until| until.to_string());
    counts.add_row([
        report.listed.to_string(),
        report.unchanged.to_string(),
        report.synced.to_string(),
        report.reread.to_string(),
        report.requested.to_string(),
        report.refused.to_string(),
        report.failed.to_string(),
        until.unwrap_or_else(|| "-".to_owned()),
    ]);
    let mut shown = counts.trim_fmt();
    if !report.failures.is_empty() {
        let mut failures = table(["Ticket", "Why it could not be read"]);
        for failure in &report.failures {
            let why = printable(&failure.error.to_string());
            failures.add_row([failure.ticket_id.to_string(), why]);
        }
        shown.push_str("\n\n");
        shown.push_str(&failures.trim_fmt());
    }
    shown
}
