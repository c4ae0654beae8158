//! The program `casewire`.

use clap::{Args, Parser, Subcommand};
use std::{ffi::OsString, path::PathBuf, process::ExitCode};

mod audit;
mod boards;
mod cases;
mod catalog;
mod check;
mod config;
mod demo;
mod devices;
mod drift;
mod events;
mod health;
mod import;
mod inbound;
mod init;
mod instances;
mod links;
mod log;
mod log_choice;
mod map;
mod outbox;
mod poll;
mod preview;
mod provision;
mod reconcile;
mod replay;
mod send;
mod serve;
mod session;
mod simulator;
mod stop;
mod store_choice;
mod terminal;

/// Connects a security product's cases with ConnectWise PSA tickets.
#[derive(Debug, Parser)]
#[command(name = "casewire", version, max_term_width = 110, after_help = EXAMPLES)]
struct Program {
    #[command(subcommand)]
    command: Command,
    /// Log what happens to standard error; twice for each request. `RUST_LOG` says it in more detail.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
}

const EXAMPLES: &str = "\
Examples:
  casewire demo
  casewire simulator --listen 127.0.0.1:8080
  casewire init --preset netsurion --site https://api-na.myconnectwise.net --company-id acme --client-id GUID --out acme.json
  casewire config export --config acme.json --out ours.json
  casewire boards --config acme.json
  casewire provision --config acme.json --plan
  casewire check --config acme.json
  casewire import --config acme.json --store sqlite:acme.db
  casewire map auto --config acme.json --store sqlite:acme.db --inventory inventory.json
  casewire preview --config acme.json --cases cases.jsonl
  casewire replay --config acme.json --catalog catalog.json --cases history.jsonl
  casewire send --config acme.json --store sqlite:acme.db --cases cases.jsonl
  casewire poll --config acme.json --store sqlite:acme.db
  casewire reconcile --config acme.json --store sqlite:acme.db
  casewire devices send --config acme.json --store sqlite:acme.db --devices devices.jsonl
  casewire links --config acme.json --store sqlite:acme.db --ticket 909
  casewire outbox list --config acme.json --store sqlite:acme.db --state failed
  casewire health --config acme.json --store sqlite:acme.db
  casewire events --config acme.json --store sqlite:acme.db --from 7d
  casewire dashboard created_by_user --config acme.json --store sqlite:acme.db
  casewire audit --config acme.json --store sqlite:acme.db --case 10012
  casewire serve --config acme.json --store sqlite:acme.db

Keys: CASEWIRE_PUBLIC_KEY and CASEWIRE_PRIVATE_KEY, of an API member of ConnectWise (System > Members > API Members).
Exit status: 0 done, 2 the configuration or the input is wrong and nothing was sent, 3 something failed.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Tell the whole story on this computer: a simulated ConnectWise PSA, three cases, their tickets.
    Demo(demo::Arguments),
    /// Simulate ConnectWise PSA over HTTP until Ctrl-C.
    Simulator(simulator::Arguments),
    /// Write a starting configuration that does what a vendor's guide describes.
    Init(init::Arguments),
    /// Export a configuration for other clients, import it for one, or migrate an older document.
    Config(config::Arguments),
    /// Check a configuration, the connection part by part, and that the instance has what the configuration names.
    Check(check::Arguments),
    /// Map groups to companies and systems to device configurations: by rule, by hand, from a list.
    Map(map::Arguments),
    /// Print what the instance offers tickets, as JSON: boards, statuses, types, priorities.
    Catalog(catalog::Arguments),
    /// Show what boards an instance has, and what belongs to those that are named, before a configuration fits.
    Boards(boards::Arguments),
    /// Make what the configuration names and the instance lacks: boards, statuses, types, subtypes, items.
    Provision(provision::Arguments),
    /// Show what changed in the instance since the configuration last fitted it, and what that breaks.
    Drift(drift::Arguments),
    /// List, export or delete what a store holds of instances.
    Instances(instances::Arguments),
    /// Read companies, device configurations and primary contacts into the store, for mapping.
    Import(import::Arguments),
    /// Show the tickets that cases would make, each field with its reason, without sending anything.
    Preview(preview::Arguments),
    /// Show what a history of cases would have made, offline: tickets, repeats, floods, requests.
    Replay(replay::Arguments),
    /// Bring tickets in step with cases: open, update, close.
    Send(send::Arguments),
    /// Look for tickets that changed in ConnectWise, and tell their cases.
    Poll(poll::Arguments),
    /// Compare every open link with its ticket, and repair what is out of step.
    Reconcile(reconcile::Arguments),
    /// Make device configurations of devices, and change in the others what differs.
    Devices(devices::Arguments),
    /// List cases with their tickets, or find one by its case or ticket.
    Links(links::Arguments),
    /// List what waits or failed, try it again, discard it.
    Outbox(outbox::Arguments),
    /// Say how an instance does: what waits, which way back works, what ends soon.
    Health(health::Arguments),
    /// List what happened: tickets created, changed, closed, mappings that failed.
    Events(events::Arguments),
    /// Print a report: created, reopened, modified, closed, all_activity.
    Report(events::ReportArguments),
    /// Draw a dashboard: created_by_user, created_by_domain, all_activities, reopened, closed, modified.
    Dashboard(events::DashboardArguments),
    /// Print the alerts, reports, categories, knowledge objects and dashboards that there are.
    Definitions(events::DefinitionsArguments),
    /// Say what was decided for a case, or for all, each with its reason.
    Audit(audit::Arguments),
    /// Run as a service: take cases in over HTTP, work on them, give back what comes of them.
    Serve(serve::Arguments),
}

/// Which instance.
#[derive(Debug, Args)]
struct Instance {
    /// The configuration, a JSON document.
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
}

/// Runs the program with the arguments of its process.
#[must_use]
pub fn main() -> ExitCode {
    run(std::env::args_os())
}

fn run(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let program = Program::parse_from(arguments);
    match &program.command {
        // What happens is of interest where nobody watches.
        Command::Serve(arguments) => log::start(program.verbose.max(1), arguments.log_json),
        _ => log::start(program.verbose, false),
    }
    let result = match program.command {
        Command::Demo(arguments) => demo::demo(&arguments),
        Command::Simulator(arguments) => simulator::simulator(&arguments),
        Command::Init(arguments) => init::init(&arguments),
        Command::Config(arguments) => config::config(&arguments),
        Command::Check(arguments) => check::check(&arguments),
        Command::Map(arguments) => map::map(arguments),
        Command::Catalog(arguments) => catalog::catalog(&arguments),
        Command::Boards(arguments) => boards::boards(&arguments),
        Command::Provision(arguments) => provision::provision(&arguments),
        Command::Drift(arguments) => drift::drift(&arguments),
        Command::Instances(arguments) => instances::instances(&arguments),
        Command::Import(arguments) => import::import(&arguments, program.verbose),
        Command::Preview(arguments) => preview::preview(&arguments),
        Command::Replay(arguments) => replay::replay(&arguments),
        Command::Send(arguments) => send::send(&arguments, program.verbose),
        Command::Poll(arguments) => poll::poll(&arguments, program.verbose),
        Command::Reconcile(arguments) => reconcile::reconcile(&arguments, program.verbose),
        Command::Devices(arguments) => devices::devices(&arguments),
        Command::Links(arguments) => links::links(&arguments),
        Command::Outbox(arguments) => outbox::outbox(&arguments),
        Command::Health(arguments) => health::health(&arguments),
        Command::Events(arguments) => events::events(&arguments),
        Command::Report(arguments) => events::report(&arguments),
        Command::Dashboard(arguments) => events::dashboard(&arguments),
        Command::Definitions(arguments) => events::shipped(&arguments),
        Command::Audit(arguments) => audit::audit(&arguments),
        Command::Serve(arguments) => serve::serve(&arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => stop.tell(),
    }
}
