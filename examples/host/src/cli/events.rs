//! The log of events: listed, reported, drawn.

use super::{
    log_choice::{EventChoice, Log},
    session,
    terminal::{Done, Stop, printable, say, table},
};
use casewire::{Bucket, Command, Definitions, Figure, Outcome, definitions};
use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
#[command(after_help = "\
Sends nothing: it reads the log that the store keeps for events.keep. Oldest first.

Examples:
  casewire events --config acme.json --store sqlite:acme.db --from 7d
  casewire events --config acme.json --store sqlite:acme.db --category closed --company 'Big Design, Inc.' --json
  casewire events --config acme.json --store sqlite:acme.db --alerts

Exit status: 0 done, 2 the configuration or the choice is wrong, 3 something failed.")]
pub(super) struct Arguments {
    #[command(flatten)]
    log: Log,
    #[command(flatten)]
    choice: EventChoice,
}

/// Lists events.
pub(super) fn events(arguments: &Arguments) -> Done {
    let log = &arguments.log;
    let mut driver = session::over_store(&log.instance, log.store.open()?, false)?;
    let mut shown = table([
        "When", "Event", "Alert", "Case", "Ticket", "Company", "By", "What",
    ]);
    let mut after = None;
    loop {
        let command = Command::ListEvents {
            after: after.take(),
            limit: 1000,
            filter: arguments.choice.filter(),
        };
        let Outcome::Events(page) = driver.run(command).map_err(|error| Stop::of(&error))? else {
            return Err(Stop::failed("the connector listed no events"));
        };
        for event in page.events {
            if log.json {
                say(&serde_json::to_string(&event).map_err(Stop::failed)?)?;
                continue;
            }
            let text = |text: Option<String>| printable(&text.unwrap_or_default());
            let subject = event.case_id.or(event.system).or(event.group);
            shown.add_row([
                event.at.to_string(),
                event.event.name().to_owned(),
                event
                    .alert
                    .map(|alert| alert.severity.name().to_owned())
                    .unwrap_or_default(),
                text(subject),
                event.ticket_id.map(|id| id.to_string()).unwrap_or_default(),
                text(event.company),
                text(event.user),
                text(event.reason.or(event.status)),
            ]);
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    if !log.json {
        let none = shown.row_iter().next().is_none();
        say(&if none {
            "No such event.".to_owned()
        } else {
            shown.trim_fmt()
        })?;
    }
    Ok(())
}

#[derive(Debug, Args)]
#[command(after_help = "\
The reports of guide 000 section 11.2, by key or name: created, reopened, modified, closed, all_activity.

Examples:
  casewire report created --config acme.json --store sqlite:acme.db --from 30d
  casewire report all_activity --config acme.json --store sqlite:acme.db --json

Exit status: 0 done, 2 the configuration or the choice is wrong, 3 something failed.")]
pub(super) struct ReportArguments {
    /// Its key or name.
    report: String,
    #[command(flatten)]
    log: Log,
    #[command(flatten)]
    choice: EventChoice,
}

/// Prints a report, as a table or as one JSON object a row.
pub(super) fn report(arguments: &ReportArguments) -> Done {
    let log = &arguments.log;
    let mut driver = session::over_store(&log.instance, log.store.open()?, false)?;
    let mut shown = None;
    let mut after = None;
    loop {
        let command = Command::Report {
            report: arguments.report.clone(),
            after: after.take(),
            limit: 1000,
            filter: arguments.choice.filter(),
        };
        let Outcome::Report(page) = driver.run(command).map_err(|error| Stop::of(&error))? else {
            return Err(Stop::failed("the connector gave no report"));
        };
        let table = shown.get_or_insert_with(|| {
            let mut table = table::<0>([]);
            table.set_header(page.columns.iter().copied());
            (page.report.clone(), table)
        });
        for row in page.rows {
            if log.json {
                let fields = page.columns.iter().zip(row);
                let document: serde_json::Map<String, serde_json::Value> = fields
                    .map(|(column, text)| ((*column).to_owned(), text.into()))
                    .collect();
                say(&serde_json::Value::from(document).to_string())?;
            } else {
                table.1.add_row(row.iter().map(|text| printable(text)));
            }
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    if let Some((name, table)) = shown.filter(|_| !log.json) {
        say(&format!("{name}\n\n{}", table.trim_fmt()))?;
    }
    Ok(())
}

#[derive(Debug, Args)]
#[command(after_help = "\
The dashboards of guide 000 section 11.5, by key or name: created_by_user, created_by_domain, all_activities, reopened, closed,
modified. The last 30 days where nothing is said; days and weeks are those of UTC.

Examples:
  casewire dashboard created_by_user --config acme.json --store sqlite:acme.db
  casewire dashboard all_activities --config acme.json --store sqlite:acme.db --from 90d --bucket week --json

Exit status: 0 done, 2 the configuration or the choice is wrong, 3 something failed.")]
pub(super) struct DashboardArguments {
    /// Its key or name.
    dashboard: String,
    #[command(flatten)]
    log: Log,
    #[command(flatten)]
    choice: EventChoice,
    /// What a point stands for.
    #[arg(long, value_name = "SPAN", default_value = "day")]
    bucket: Point,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Point {
    Hour,
    Day,
    Week,
}

/// Prints a dashboard's figure.
pub(super) fn dashboard(arguments: &DashboardArguments) -> Done {
    let log = &arguments.log;
    let mut driver = session::over_store(&log.instance, log.store.open()?, false)?;
    let command = Command::Dashboard {
        dashboard: arguments.dashboard.clone(),
        bucket: match arguments.bucket {
            Point::Hour => Bucket::Hour,
            Point::Day => Bucket::Day,
            Point::Week => Bucket::Week,
        },
        filter: arguments.choice.filter(),
    };
    match driver.run(command).map_err(|error| Stop::of(&error))? {
        Outcome::Dashboard(figure) if log.json => {
            say(&serde_json::to_string(&figure).map_err(Stop::failed)?)?;
        }
        Outcome::Dashboard(figure) => say(&drawn(&figure))?,
        _ => return Err(Stop::failed("the connector drew no dashboard")),
    }
    Ok(())
}

/// Totals with a bar, and the points as a line of blocks.
fn drawn(figure: &Figure) -> String {
    const BLOCKS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    const WIDE: usize = 60;
    let most = figure.series.iter().flat_map(|series| &series.counts).max();
    let most = most.copied().unwrap_or_default().max(1);
    let block = |count: &u64| {
        let height = usize::try_from((count * 8).div_ceil(most)).unwrap_or_default();
        BLOCKS.get(height).copied().unwrap_or('█')
    };
    let mut shown = table(["", "Total", "Over time"]);
    for series in &figure.series {
        let label = match series.label.as_str() {
            "" => "(not known)",
            label => label,
        };
        let skipped = series.counts.len().saturating_sub(WIDE);
        let line: String = series.counts.iter().skip(skipped).map(block).collect();
        shown.add_row([printable(label), series.total.to_string(), line]);
    }
    format!(
        "{}\nfrom {} until {}: {}, a {} each\n\n{}",
        figure.dashboard,
        figure.from,
        figure.until,
        figure.total,
        figure.bucket.name(),
        shown.trim_fmt()
    )
}

#[derive(Debug, Args)]
#[command(after_help = "\
What guide 000 section 11 ships for its console, ready to be imported. Alerts come inactive: events.raise of a configuration
switches them on, one by one.

Example:
  casewire definitions --json > definitions.json

Exit status: 0.")]
pub(super) struct DefinitionsArguments {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Prints the definitions.
pub(super) fn shipped(arguments: &DefinitionsArguments) -> Done {
    let all = definitions();
    let text = match arguments.json {
        true => serde_json::to_string_pretty(&all).map_err(Stop::failed)?,
        false => listed(&all),
    };
    Ok(say(&text)?)
}

fn listed(all: &Definitions) -> String {
    let mut shown = table(["", "Name", "Asked for as"]);
    for alert in &all.alerts {
        shown.add_row(["alert", alert.name, alert.event.name()]);
    }
    for report in all.reports {
        shown.add_row(["report", report.name, report.key]);
    }
    for category in all.categories {
        shown.add_row(["category", category.name, category.key]);
    }
    for object in &all.knowledge_objects {
        let fields = format!("{} fields, {}", object.fields.len(), object.schema);
        shown.add_row(["knowledge object", object.name, &fields]);
    }
    for dashboard in all.dashboards {
        shown.add_row(["dashboard", dashboard.name, dashboard.key]);
    }
    shown.trim_fmt()
}
