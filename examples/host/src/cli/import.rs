use super::{
    Instance, session,
    stop::StopSign,
    store_choice::StoreChoice,
    terminal::{Done, Stop, say, table},
};
use crate::driver::{Driver, Progress};
use casewire::{
    Command, CompanyFilter, CompanyKey, ConfigurationFilter, FullImport, ImportFilter, ImportKind,
    ImportReport, ImportedPart, Outcome,
};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use std::time::Duration;

#[derive(Debug, Args)]
#[command(after_help = "\
What was imported before is refreshed: only what has changed is read. An import that was stopped goes on where it was.
Without a filter, that of the configuration holds (companies.import, configurations.import).

Examples:
  casewire import --config acme.json --store sqlite:acme.db
  casewire import --config acme.json --store sqlite:acme.db --companies --name dental --status Active
  casewire import --config acme.json --store sqlite:acme.db --configurations --type 'Managed Server' --active
  casewire import --config acme.json --store sqlite:acme.db --full --json

Exit status: 0 done, 2 configuration or input are wrong and nothing was sent, 3 it failed or was stopped: run it again.")]
pub(super) struct Arguments {
    #[command(flatten)]
    instance: Instance,
    /// Where to keep it: `sqlite:PATH`, `postgres://…`, or `memory:` for trying out.
    #[arg(long, value_name = "STORE")]
    store: StoreChoice,
    /// Read companies; all three kinds where none is named.
    #[arg(long)]
    companies: bool,
    /// Read device configurations.
    #[arg(long)]
    configurations: bool,
    /// Read the e-mail addresses of primary contacts.
    #[arg(long)]
    contacts: bool,
    /// Only companies whose name contains this; may be given several times, as each filter may.
    #[arg(long, value_name = "TEXT")]
    name: Vec<String>,
    /// Only companies, and configurations of companies, with this identifier.
    #[arg(long, value_name = "IDENTIFIER")]
    identifier: Vec<String>,
    /// Only companies in this status.
    #[arg(long, value_name = "NAME")]
    status: Vec<String>,
    /// Only companies of this type; with `--configurations` alone, configurations of this type.
    #[arg(long = "type", value_name = "NAME")]
    kind: Vec<String>,
    /// Only active configurations.
    #[arg(long)]
    active: bool,
    /// Read everything, even where what has changed would do.
    #[arg(long)]
    full: bool,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

/// How often a run looks whether it was asked to stop.
const GLANCE: Duration = Duration::from_millis(200);

/// Reads companies, configurations and contacts into the store.
pub(super) fn import(arguments: &Arguments, verbose: u8) -> Done {
    let config = session::configuration(&arguments.instance)?;
    let credentials = session::credentials()?;
    let store = arguments.store.open()?;
    let mut driver = session::beside_cases(config, credentials, store)?;
    let bar = bar(verbose);
    let result = run(&mut driver, arguments.command(), &bar);
    bar.finish_and_clear();
    let report = result?;
    if arguments.json {
        say(&serde_json::to_string(&report).map_err(Stop::failed)?)?;
    } else {
        say(&shown(&report))?;
    }
    Ok(())
}

fn run(driver: &mut Driver<'_>, command: Command, bar: &ProgressBar) -> Done<ImportReport> {
    let sign = StopSign::listen();
    let operation = driver.submit(command).map_err(|error| Stop::of(&error))?;
    while !sign.is_raised() {
        match driver.next(GLANCE) {
            Progress::Finished(finished) if finished.operation == operation => {
                return match finished.result {
                    Ok(Outcome::Imported(report)) => Ok(*report),
                    Ok(_) => Err(Stop::failed("the connector imported nothing")),
                    Err(error) => Err(Stop::of(&error)),
                };
            }
            Progress::Finished(_) => {}
            Progress::Waiting => show(bar, driver),
            Progress::Idle => return Err(Stop::failed("the connector forgot the import")),
        }
    }
    Err(Stop::failed(
        "stopped; the pages that were read are kept, run it again to go on",
    ))
}

/// A share of the whole once it is known how many pages there are; until then the number of requests.
fn show(bar: &ProgressBar, driver: &Driver<'_>) {
    let known = driver
        .import_progress()
        .and_then(|progress| Some((progress.done, progress.pages?)));
    match known {
        Some((done, pages)) => {
            if bar.length().is_none()
                && let Ok(style) = ProgressStyle::with_template(
                    "{spinner} {wide_bar} {percent}%, {pos} of {len} pages, {elapsed}",
                )
            {
                bar.set_style(style);
            }
            bar.set_length(u64::from(pages));
            bar.set_position(u64::from(done));
        }
        None => bar.set_position(driver.requests()),
    }
}

impl Arguments {
    fn command(&self) -> Command {
        let chosen = [
            (self.companies, ImportKind::Companies),
            (self.configurations, ImportKind::Configurations),
            (self.contacts, ImportKind::Contacts),
        ];
        let mut what: Vec<ImportKind> = chosen
            .into_iter()
            .filter(|(chosen, _)| *chosen)
            .map(|(_, kind)| kind)
            .collect();
        let only_configurations = what == [ImportKind::Configurations];
        if what.is_empty() {
            what = ImportKind::ALL.to_vec();
        }
        let (of_companies, of_configurations) = if only_configurations {
            (Vec::new(), self.kind.clone())
        } else {
            (self.kind.clone(), Vec::new())
        };
        let companies = CompanyFilter {
            name: self.name.clone(),
            identifier: self.identifier.clone(),
            status: self.status.clone(),
            kind: of_companies,
        };
        let identifiers = self.identifier.iter().cloned();
        let configurations = ConfigurationFilter {
            company: identifiers.map(CompanyKey::Identifier).collect(),
            kind: of_configurations,
            active: self.active.then_some(true),
        };
        Command::Import {
            what,
            filter: ImportFilter {
                companies: (!companies.is_any()).then_some(companies),
                configurations: (!configurations.is_any()).then_some(configurations),
            },
            full: self.full,
        }
    }
}

/// The report as a table.
fn shown(report: &ImportReport) -> String {
    let mut table = table([
        "Imported", "Held", "Read", "Changed", "Removed", "Requests", "How", "Up to",
    ]);
    let parts = [
        ("companies", &report.companies),
        ("configurations", &report.configurations),
        ("primary contacts", &report.contacts),
    ];
    for (name, part) in parts {
        let Some(part) = part else { continue };
        table.add_row([
            name.to_owned(),
            part.held.to_string(),
            part.read.to_string(),
            part.changed.to_string(),
            part.removed.to_string(),
            part.requests.to_string(),
            how(part).to_owned(),
            part.until
                .map_or_else(|| "-".to_owned(), |until| until.to_string()),
        ]);
    }
    table.trim_fmt()
}

fn how(part: &ImportedPart) -> &'static str {
    match part.full {
        None => "refreshed",
        Some(FullImport::First) => "in full: the first time",
        Some(FullImport::Asked) => "in full, as asked",
        Some(FullImport::FilterChanged) => "in full: the filter is another one",
        Some(FullImport::Due) => "in full: a week has passed",
        Some(FullImport::Resumed) => "in full: went on with one that was stopped",
        Some(FullImport::CountDiffers) => "in full: ConnectWise counts another number",
        Some(FullImport::TimesNotUnderstood) => "in full: the newest record was not found by time",
        Some(FullImport::NoTimes) => "in full: ConnectWise says no times",
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
