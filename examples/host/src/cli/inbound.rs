//! What commands share that bring tickets back to cases: they run to their end and take over what the host is told.

use super::{
    Instance,
    send::Deliveries,
    session,
    stop::StopSign,
    store_choice::StoreChoice,
    terminal::{Done, Stop, printable, say},
};
use crate::driver::Progress;
use casewire::{Command, Delivery, Outcome, Subject};
use indicatif::{ProgressBar, ProgressStyle};
use std::{path::Path, time::Duration};

/// How often a run looks whether it was asked to stop.
const GLANCE: Duration = Duration::from_millis(200);

/// A command, and where its news go.
pub(super) struct Run<'a> {
    pub(super) instance: &'a Instance,
    pub(super) store: &'a StoreChoice,
    pub(super) deliveries: Option<&'a Path>,
    pub(super) json: bool,
    pub(super) verbose: u8,
    /// What is said where it was stopped.
    pub(super) stopped: &'static str,
}

impl Run<'_> {
    /// Runs the command, and takes over all that the host is told: into the file, or else onto standard output.
    pub(super) fn go(&self, command: Command) -> Done<Outcome> {
        let config = session::configuration(self.instance)?;
        let credentials = session::credentials()?;
        let mut deliveries = Deliveries::open(self.deliveries)?;
        let store = self.store.open()?;
        let shows = self.deliveries.is_none();
        let bar = bar(self.verbose);
        let deliver = |delivery: &Delivery| {
            deliveries.keep(delivery)?;
            if shows {
                let line = self.line(delivery)?;
                bar.suspend(|| say(&line))
                    .map_err(|error| error.to_string())?;
            }
            Ok(())
        };
        let mut driver = session::beside_cases_for(config, credentials, store, deliver)?;
        let sign = StopSign::listen();
        let operation = driver.submit(command).map_err(|error| Stop::of(&error))?;
        let mut outcome = None;
        while !sign.is_raised() {
            match driver.next(GLANCE) {
                Progress::Finished(finished) if finished.operation == operation => {
                    outcome = Some(finished.result);
                }
                Progress::Finished(_) => {}
                Progress::Waiting => bar.set_position(driver.requests()),
                Progress::Idle => break,
            }
        }
        drop(driver);
        bar.finish_and_clear();
        match outcome {
            Some(Ok(outcome)) => Ok(outcome),
            Some(Err(error)) => Err(Stop::of(&error)),
            None => Err(Stop::failed(self.stopped)),
        }
    }

    fn line(&self, delivery: &Delivery) -> Result<String, String> {
        if self.json {
            let document = serde_json::json!({ "delivery": delivery });
            return Ok(document.to_string());
        }
        let event = serde_json::to_value(&delivery.event).map_err(|error| error.to_string())?;
        let event = event
            .get("event")
            .and_then(serde_json::Value::as_str)
            .unwrap_or_default();
        let subject = match &delivery.subject {
            Subject::Case(id) => format!("case {id}"),
            Subject::Group(id) => format!("group {id}"),
            Subject::System(id) => format!("system {id}"),
            Subject::Instance(name) => format!("instance {name}"),
        };
        let ticket = delivery.ticket.as_ref();
        let ticket = ticket.map_or_else(String::new, |ticket| {
            format!(" (ticket {}, {})", ticket.ticket_id, ticket.status)
        });
        Ok(printable(&format!("{subject}: {event}{ticket}")))
    }
}

fn bar(verbose: u8) -> ProgressBar {
    if verbose > 0 {
        return ProgressBar::hidden();
    }
    // It draws on standard error, and only where that is a terminal.
    let bar = ProgressBar::no_length();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} requests, {elapsed}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(GLANCE);
    bar
}
