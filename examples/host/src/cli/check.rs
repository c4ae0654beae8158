use super::{
    Instance, session,
    store_choice::StoreChoice,
    terminal::{Done, Stop, printable, say, say_aside, table},
};
use crate::driver::Driver;
use casewire::{
    Command, ConnectionPartKind, ConnectionReport, ConnectionState, Feature, Finding, Outcome,
    PreflightReport, ProbeReport, Severity, WriteProbe,
};
use clap::Args;
use indicatif::ProgressBar;
use std::{collections::BTreeSet, time::Duration};

mod findings;
mod probe;
mod role;

pub(super) use findings::shown as shown_findings;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  CASEWIRE_PUBLIC_KEY=... CASEWIRE_PRIVATE_KEY=... casewire check --config acme.json
  casewire check --config acme.json --role --also provision
  casewire check --config acme.json --store sqlite:acme.db --test-ticket
  casewire check --config sandbox.json --store sqlite:acme.db --probe --yes-this-is-a-sandbox

With --json the report is one line, and that of --probe another.

Exit status: 0 all is well, 2 the configuration is wrong or does not fit the instance, 3 the connection failed.")]
pub(super) struct Arguments {
    #[command(flatten)]
    instance: Instance,
    /// The store of the connector that will work, `sqlite:PATH` or `postgres://…`: test tickets that a crash left are found there, and what a
    /// probe learns is kept there. Cases that are unfinished there stay as they are.
    #[arg(long, value_name = "STORE")]
    store: Option<StoreChoice>,
    /// Show the least security role that the API member needs.
    #[arg(long)]
    role: bool,
    /// Features that you will use beyond those that the configuration switches on.
    #[arg(long, value_name = "FEATURE", value_delimiter = ',')]
    also: Vec<Also>,
    /// Open a test ticket with a note and a text file for the first route, and close it again.
    #[arg(long)]
    test_ticket: bool,
    /// Open a test ticket for every route.
    #[arg(long, requires = "test_ticket")]
    every_route: bool,
    /// Learn how the instance behaves where the documentation is silent or contradicts itself. Only on a sandbox: it writes
    /// test records and removes them again.
    #[arg(long, requires = "yes_this_is_a_sandbox")]
    probe: bool,
    /// The consent that --probe needs.
    #[arg(long)]
    yes_this_is_a_sandbox: bool,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

/// A feature that is switched on by using it.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Also {
    Provision,
    Callbacks,
}

/// Checks connection, configuration and catalog, and probes the instance where that is asked for.
pub(super) fn check(arguments: &Arguments) -> Done {
    let mut driver = driver(arguments)?;
    let report = preflight(&mut driver, arguments)?;
    if arguments.json {
        say(&serde_json::to_string(&report).map_err(Stop::failed)?)?;
    } else {
        tell(&report, arguments)?;
    }
    if !report.connection.ok {
        return Err(Stop::failed(
            "the connection does not work as it is; nothing was changed",
        ));
    }
    if arguments.probe {
        let learned = probe(&mut driver, arguments)?;
        if arguments.json {
            say(&serde_json::to_string(&learned).map_err(Stop::failed)?)?;
        } else {
            say("")?;
            say(&probe::shown(&learned))?;
        }
    }
    if !report.ok {
        return Err(Stop::refused(errors(&report.findings)));
    }
    Ok(())
}

fn driver(arguments: &Arguments) -> Done<Driver<'static>> {
    let Some(store) = &arguments.store else {
        if arguments.probe {
            say_aside("casewire: what is learned is not kept: name a --store to keep it");
        }
        return session::reader(&arguments.instance);
    };
    let config = session::configuration(&arguments.instance)?;
    session::beside_cases(config, session::credentials()?, store.open()?)
}

fn preflight(driver: &mut Driver<'_>, arguments: &Arguments) -> Done<Box<PreflightReport>> {
    let command = Command::Preflight {
        write_probe: arguments.test_ticket.then_some(WriteProbe {
            every_route: arguments.every_route,
            company: None,
        }),
        also: arguments
            .also
            .iter()
            .map(|also| match also {
                Also::Provision => Feature::Provision,
                Also::Callbacks => Feature::Callbacks,
            })
            .collect::<BTreeSet<_>>(),
    };
    match run(driver, command, "Checking", arguments)? {
        Outcome::Preflight(report) => Ok(report),
        _ => Err(Stop::failed("the connector checked nothing")),
    }
}

fn probe(driver: &mut Driver<'_>, arguments: &Arguments) -> Done<Box<ProbeReport>> {
    let command = Command::Probe {
        sandbox: arguments.yes_this_is_a_sandbox,
        company: None,
    };
    match run(driver, command, "Probing", arguments)? {
        Outcome::Probe(report) => Ok(report),
        _ => Err(Stop::failed("the connector probed nothing")),
    }
}

/// Runs a command, and shows on a terminal that it goes on.
fn run(
    driver: &mut Driver<'_>,
    command: Command,
    what: &'static str,
    arguments: &Arguments,
) -> Done<Outcome> {
    let spinner = if arguments.json {
        ProgressBar::hidden()
    } else {
        ProgressBar::new_spinner().with_message(what)
    };
    spinner.enable_steady_tick(Duration::from_millis(120));
    let outcome = driver.run(command);
    spinner.finish_and_clear();
    outcome.map_err(|error| Stop::of(&error))
}

fn tell(report: &PreflightReport, arguments: &Arguments) -> Done {
    say(&shown(&report.connection))?;
    if !report.findings.is_empty() {
        say("")?;
        say(&findings::shown(&report.findings))?;
    }
    for ticket in &report.test_tickets {
        say("")?;
        say(&findings::test_ticket(ticket))?;
    }
    if arguments.role {
        say("")?;
        say(&role::shown(&report.role))?;
    }
    if report.ok {
        say("")?;
        say(&format!(
            "The configuration fits the instance: {} boards, {} priorities.",
            report.boards, report.priorities
        ))?;
    }
    Ok(())
}

fn errors(findings: &[Finding]) -> String {
    let errors: Vec<String> = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| {
            let pointer = finding.pointer.as_deref().unwrap_or("/");
            let (message, fix) = (printable(&finding.message), printable(&finding.fix));
            format!("{pointer}: {message}. {fix} [{}]", finding.code)
        })
        .collect();
    format!(
        "the configuration does not fit the instance:\n  {}",
        errors.join("\n  ")
    )
}

/// The connection as a table.
pub(super) fn shown(report: &ConnectionReport) -> String {
    let mut table = table(["Part", "State", "What was found", "What to do"]);
    for part in &report.parts {
        table.add_row([
            part_name(part.part),
            state_name(part.state),
            &printable(&part.message),
            &printable(&part.fix),
        ]);
    }
    table.trim_fmt()
}

fn part_name(part: ConnectionPartKind) -> &'static str {
    match part {
        ConnectionPartKind::Host => "host",
        ConnectionPartKind::Tls => "TLS",
        ConnectionPartKind::Company => "company id",
        ConnectionPartKind::Codebase => "codebase",
        ConnectionPartKind::ClientId => "client id",
        ConnectionPartKind::Keys => "keys",
        ConnectionPartKind::Rights => "rights",
        ConnectionPartKind::Version => "version",
    }
}

fn state_name(state: ConnectionState) -> &'static str {
    match state {
        ConnectionState::Ok => "ok",
        ConnectionState::Failed => "FAILED",
        ConnectionState::Unknown => "unknown",
        ConnectionState::Skipped => "not tested",
    }
}
