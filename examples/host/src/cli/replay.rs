use super::{
    Instance,
    cases::Lines,
    preview::read_catalog,
    session,
    terminal::{Done, Stop, printable, say, table},
};
use casewire::{Case, Replay, ReplayReport, Settings};
use clap::Args;
use std::{path::PathBuf, sync::Arc};

#[derive(Debug, Args)]
#[command(after_help = "\
Nothing is asked of ConnectWise, and no keys are needed. Cases are judged in the order of the file, each at the time at which it
was made, so that repeats, floods and maintenance windows show as they would have come.

Examples:
  casewire catalog --config acme.json > catalog.json
  casewire replay --config acme.json --catalog catalog.json --cases history.jsonl

Exit status: 0 replayed, 2 the configuration or the catalog is wrong.")]
pub(super) struct Arguments {
    #[command(flatten)]
    instance: Instance,
    /// A catalog as `casewire catalog` prints it. Its document may hold a `directory` with companies, contacts and device
    /// configurations.
    #[arg(long, value_name = "FILE")]
    catalog: PathBuf,
    /// The history, one case as JSON a line; `-` for standard input.
    #[arg(long, value_name = "FILE")]
    cases: PathBuf,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

/// Shows what a history of cases would have made.
pub(super) fn replay(arguments: &Arguments) -> Done {
    let config = session::configuration(&arguments.instance)?;
    let settings = Settings::new(config).map_err(Stop::refused)?;
    let file = read_catalog(&arguments.catalog, &settings)?;
    let mut replay = Replay::new(&settings, &file.catalog, &file.directory);
    for line in &mut Lines::open("the cases", &arguments.cases)? {
        let (_, text) = line?;
        match Case::from_json(&text) {
            Ok(case) => {
                replay.case(&Arc::new(case));
            }
            Err(error) => replay.unreadable(&error),
        }
    }
    let report = replay.finish();
    if arguments.json {
        say(&serde_json::to_string_pretty(&report).map_err(Stop::failed)?)?;
    } else {
        say(&shown(&report))?;
    }
    Ok(())
}

/// Groups that are shown; `--json` has all.
const MOST_GROUPS: usize = 20;

fn shown(report: &ReplayReport) -> String {
    let t = report.totals;
    let mut outcomes = table(["What becomes of the cases", "Count"]);
    for (name, count) in [
        ("a ticket of its own", t.tickets),
        ("an update of a case before", t.updated),
        ("joined to the ticket that it repeats", t.joined),
        ("rolled up in a flood", t.rolled_up),
        ("withheld by a maintenance window", t.withheld),
        ("held until its group is mapped", t.held),
        ("ignored by route or group", t.ignored),
        ("refused", t.refused),
        ("all cases", t.cases),
    ] {
        outcomes.add_row([name.to_owned(), count.to_string()]);
    }
    let mut text = format!("{outcomes}\n");
    if let (Some(from), Some(until)) = (report.from, report.until) {
        text += &format!("\nFrom {from} until {until}: ");
    }
    text += &format!(
        "{} requests to ConnectWise, at most {} new tickets in an hour.\n",
        t.requests, report.most_in_an_hour
    );
    if report.shared_tickets > 0 {
        text += &format!(
            "{} tickets are shared by several cases, the largest by {}.\n",
            report.shared_tickets, report.most_in_a_ticket
        );
    }
    if !report.groups.is_empty() {
        let mut groups: Vec<_> = report.groups.iter().collect();
        groups.sort_by_key(|(_, group)| std::cmp::Reverse(group.cases));
        let mut shown = table(["Group", "Cases", "Tickets"]);
        for (name, group) in groups.iter().take(MOST_GROUPS) {
            let (cases, tickets) = (group.cases.to_string(), group.tickets.to_string());
            shown.add_row([printable(name), cases, tickets]);
        }
        text += &format!("\n{shown}\n");
    }
    if !report.refusals.is_empty() {
        let mut shown = table(["Refused for", "Cases"]);
        for (why, count) in &report.refusals {
            shown.add_row([printable(why), count.to_string()]);
        }
        text += &format!("\n{shown}\n");
    }
    text
}
