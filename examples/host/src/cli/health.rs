//! How an instance does, from its store.

use super::{
    check::shown_findings,
    log_choice::Log,
    session,
    terminal::{Done, Stop, say},
};
use casewire::{Command, HealthReport, HealthStatus, Outcome, Timestamp, WayHealth};
use clap::Args;

#[derive(Debug, Args)]
#[command(after_help = "\
Sends nothing: what waits and for how long, which way back from ConnectWise works, when the keys end, what drifted. How old
something that waits may be stands in limits.backlog_age. `casewire check` asks ConnectWise itself.

Example:
  casewire health --config acme.json --store sqlite:acme.db

Exit status: 0 healthy or degraded, 2 the configuration is wrong, 3 failing.")]
pub(super) struct Arguments {
    #[command(flatten)]
    log: Log,
}

/// Prints how the instance does.
pub(super) fn health(arguments: &Arguments) -> Done {
    let log = &arguments.log;
    let mut driver = session::over_store(&log.instance, log.store.open()?, false)?;
    let Outcome::Health(report) = driver
        .run(Command::Health)
        .map_err(|error| Stop::of(&error))?
    else {
        return Err(Stop::failed("the connector said nothing of its health"));
    };
    match log.json {
        true => say(&serde_json::to_string(&report).map_err(Stop::failed)?)?,
        false => say(&shown(&report))?,
    }
    match report.status {
        HealthStatus::Failing => Err(Stop::Told),
        HealthStatus::Healthy | HealthStatus::Degraded => Ok(()),
    }
}

fn shown(report: &HealthReport) -> String {
    let status = match report.status {
        HealthStatus::Healthy => "Healthy",
        HealthStatus::Degraded => "Degraded",
        HealthStatus::Failing => "Failing",
    };
    let backlog = &report.backlog;
    let since = |at: Option<Timestamp>| at.map(|at| format!(", the oldest since {at}"));
    let way = |way: WayHealth| {
        let last = way.last.map(|at| format!(", last at {at}"));
        format!("{}{}", way.state.name(), last.unwrap_or_default())
    };
    let mut lines = vec![
        status.to_owned(),
        format!(
            "  cases        {} waiting, {} retrying{}, {} failed, {} held",
            backlog.waiting,
            backlog.retrying,
            since(backlog.oldest).unwrap_or_default(),
            backlog.failed,
            backlog.held
        ),
        format!(
            "  deliveries   {} not taken over{}",
            backlog.undelivered,
            since(report.oldest_undelivered).unwrap_or_default()
        ),
        format!("  callbacks    {}", way(report.inbound.callbacks)),
        format!("  polling      {}", way(report.inbound.polling)),
    ];
    if let Some(credentials) = &report.credentials {
        let (day, left) = (&credentials.day, credentials.days_left);
        lines.push(format!("  keys         end on {day}, in {left} days"));
    }
    if let Some(drift) = report.drift {
        lines.push(format!(
            "  drift        {} changes at {}",
            drift.changes, drift.at
        ));
    }
    if !report.findings.is_empty() {
        lines.push(String::new());
        lines.push(shown_findings(&report.findings));
    }
    lines.join("\n")
}
