use super::{
    Instance,
    inbound::Run,
    poll::held_back,
    store_choice::StoreChoice,
    terminal::{Done, Stop, printable, say, table},
};
use casewire::{Command, Outcome, ReconcileRepair, ReconcileReport, Severity};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "\
Every open link is compared with its ticket, and every ticket that bears a reference of the instance with its link. Without
--repair only reads are sent and no case is told. A comparison that was stopped goes on where it was. Nothing is ever deleted.

Examples:
  casewire reconcile --config acme.json --store sqlite:acme.db
  casewire reconcile --config acme.json --store sqlite:acme.db --repair --deliveries news.jsonl
  casewire reconcile --config acme.json --store sqlite:acme.db --json

Exit status: 0 all is in step or was repaired, 2 configuration or input are wrong and nothing was sent, 3 it failed, or
differences are left.")]
pub(super) struct Arguments {
    #[command(flatten)]
    instance: Instance,
    /// The store that `casewire send` works over: `sqlite:PATH` or `postgres://…`.
    #[arg(long, value_name = "STORE")]
    store: StoreChoice,
    /// Tell cases what they missed, bind lost links, try waiting cases again.
    #[arg(long)]
    repair: bool,
    /// Append what cases are told to this file, one JSON line each, before it is forgotten.
    #[arg(long, value_name = "FILE")]
    deliveries: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Compares links with tickets.
pub(super) fn reconcile(arguments: &Arguments, verbose: u8) -> Done {
    let run = Run {
        instance: &arguments.instance,
        store: &arguments.store,
        deliveries: arguments.deliveries.as_deref(),
        json: arguments.json,
        verbose,
        stopped: "stopped; what was compared is kept, run it again to go on",
    };
    let command = Command::Reconcile {
        repair: arguments.repair,
    };
    let report = match run.go(command)? {
        Outcome::Reconciled(report) => *report,
        _ => return Err(Stop::failed("the connector compared nothing")),
    };
    if arguments.json {
        let document = serde_json::json!({ "report": report });
        say(&document.to_string())?;
    } else {
        say(&shown(&report))?;
    }
    let worth = report
        .findings
        .iter()
        .filter(|finding| finding.severity != Severity::Info);
    let left = worth
        .filter(|finding| finding.repair != ReconcileRepair::Done)
        .count();
    match &report.held {
        Some(held) => Err(Stop::failed(held_back(held))),
        None if left > 0 => Err(Stop::failed(format!("{left} differences are left"))),
        None => Ok(()),
    }
}

fn shown(report: &ReconcileReport) -> String {
    let (links, tickets) = (report.links, report.tickets);
    let compared = format!("{links} open links and {tickets} tickets with a reference compared");
    if report.findings.is_empty() {
        return format!("{compared}: all in step.");
    }
    let mut findings = table([
        "Difference",
        "Case",
        "Ticket",
        "What",
        "What to do",
        "Repair",
    ]);
    for finding in &report.findings {
        let severity = match finding.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "warning",
            Severity::Info => "info",
        };
        let repair = match finding.repair {
            ReconcileRepair::NotAsked => "not asked",
            ReconcileRepair::ByHand => "by hand",
            ReconcileRepair::Done => "done",
            ReconcileRepair::Held => "held back",
        };
        let ticket = finding.ticket_id.map(|ticket| ticket.to_string());
        findings.add_row([
            format!("{severity} {}", finding.kind.name()),
            printable(finding.case_id.as_deref().unwrap_or("-")),
            ticket.unwrap_or_else(|| "-".to_owned()),
            printable(&finding.message),
            printable(&finding.fix),
            repair.to_owned(),
        ]);
    }
    let unnamed = report.differences() - report.findings.len() as u64;
    let mut shown = findings.trim_fmt();
    if unnamed > 0 {
        shown.push_str(&format!("\n{unnamed} more"));
    }
    format!("{shown}\n\n{compared}; {} repaired.", report.repaired)
}
