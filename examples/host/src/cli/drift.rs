use super::{
    Instance, session,
    store_choice::StoreChoice,
    terminal::{Done, Stop, printable, say, table},
};
use casewire::{Command, DriftKind, DriftReport, Outcome};
use clap::Args;
use serde::Serialize;

#[derive(Debug, Args)]
#[command(after_help = "\
The store is the one that `casewire send` works over: it holds the boards as they were when the configuration last fitted them.

Example:
  casewire drift --config acme.json --store sqlite:acme.db

Exit status: 0 the configuration fits, 2 it no longer does, 3 the instance could not be read.")]
pub(super) struct Arguments {
    #[command(flatten)]
    instance: Instance,
    /// Where the connector keeps its records: `sqlite:PATH` or `postgres://…`.
    #[arg(long, value_name = "STORE")]
    store: StoreChoice,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Document<'a> {
    report: &'a DriftReport,
    #[serde(skip_serializing_if = "Option::is_none")]
    recorded: Option<&'a DriftReport>,
}

/// Shows what drifted.
pub(super) fn drift(arguments: &Arguments) -> Done {
    let store = arguments.store.open()?;
    let mut driver = session::over_store(&arguments.instance, store, true)?;
    let (report, recorded) = match driver.run(Command::Drift) {
        Ok(Outcome::Drift { report, recorded }) => (report, recorded),
        Ok(_) => return Err(Stop::failed("the connector compared nothing")),
        Err(error) => return Err(Stop::of(&error)),
    };
    if arguments.json {
        let document = Document {
            report: &report,
            recorded: recorded.as_ref(),
        };
        say(&serde_json::to_string(&document).map_err(Stop::failed)?)?;
    } else {
        say(&shown(&report))?;
        if let Some(recorded) = recorded.filter(|recorded| recorded.read_at < report.read_at) {
            let at = recorded.read_at;
            say(&format!("\nWhen the boards were last read anew, {at}:\n"))?;
            say(&shown(&recorded))?;
        }
    }
    if report.is_broken() {
        return Err(Stop::refused(
            "the configuration no longer fits the instance; nothing was changed",
        ));
    }
    Ok(())
}

fn shown(report: &DriftReport) -> String {
    let Some(since) = report.since else {
        return "The store has no boards to compare with yet; `casewire send` reads them."
            .to_owned();
    };
    if report.changes.is_empty() && report.faults.is_empty() {
        return format!("Nothing has changed since {since}.");
    }
    let mut shown = Vec::new();
    let mut changes = table(["Changed", "Name", "On board", "How", "Breaks", "What to do"]);
    for change in &report.changes {
        let how = match &change.change {
            DriftKind::Added => "added".to_owned(),
            DriftKind::Renamed { from } => format!("renamed from '{}'", printable(from)),
            DriftKind::Deactivated => "deactivated".to_owned(),
            DriftKind::Activated => "activated".to_owned(),
            DriftKind::Deleted => "deleted".to_owned(),
            DriftKind::Closes => "closes tickets now".to_owned(),
            DriftKind::Opens => "leaves tickets open now".to_owned(),
        };
        let places: Vec<String> = change
            .breaks
            .iter()
            .map(|left| printable(&left.pointer))
            .collect();
        let mut fixes: Vec<String> = change
            .breaks
            .iter()
            .map(|left| printable(&left.fix))
            .collect();
        fixes.dedup();
        changes.add_row([
            change.subject.said().to_owned(),
            printable(&change.name),
            change.board.as_deref().map(printable).unwrap_or_default(),
            how,
            places.join("\n"),
            fixes.join("\n"),
        ]);
    }
    if !report.changes.is_empty() {
        shown.push(changes.trim_fmt());
    }
    if !report.faults.is_empty() {
        let mut faults = table(["No longer fits", "What is wrong", "What to do"]);
        for fault in &report.faults {
            faults
                .add_row([&fault.pointer, &fault.message, &fault.fix].map(|text| printable(text)));
        }
        shown.push(faults.trim_fmt());
    }
    shown.join("\n\n")
}
