use super::{
    Instance, catalog, session,
    terminal::{Done, Stop, printable, say, table},
};
use casewire::{Command, ConnectionPartKind, ConnectionReport, ConnectionState, Outcome};
use clap::Args;

#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  CASEWIRE_PUBLIC_KEY=... CASEWIRE_PRIVATE_KEY=... casewire check --config acme.json

Exit status: 0 all is well, 2 the configuration is wrong or does not fit the instance, 3 the connection failed.")]
pub(super) struct Arguments {
    #[command(flatten)]
    instance: Instance,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

/// Checks configuration, connection and catalog, in this order.
pub(super) fn check(arguments: &Arguments) -> Done {
    let mut driver = session::reader(&arguments.instance)?;
    let report = match driver.run(Command::TestConnection) {
        Ok(Outcome::Connection(report)) => report,
        Ok(_) => return Err(Stop::failed("the connector tested no connection")),
        Err(error) => return Err(Stop::of(&error)),
    };
    if arguments.json {
        say(&serde_json::to_string(&report).map_err(Stop::failed)?)?;
    } else {
        say(&shown(&report))?;
    }
    if !report.ok {
        return Err(Stop::failed(
            "the connection does not work as it is; nothing was changed",
        ));
    }
    let catalog = catalog::read(&mut driver)?;
    if !arguments.json {
        say(&format!(
            "The configuration fits the instance: {} boards, {} priorities.",
            catalog.boards.len(),
            catalog.priorities.len()
        ))?;
    }
    Ok(())
}

/// The report as a table.
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
