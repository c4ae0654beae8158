use super::{
    check,
    terminal::{Done, Stop, say},
};
use casewire::{CaseResult, Command, Outcome};
use clap::Args;
use std::{path::PathBuf, time::Instant};

mod list;
mod page;
mod stage;

use stage::Stage;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  casewire demo
  casewire demo --dashboard examples/dashboard/dist

It needs no keys and no network: ConnectWise PSA is simulated on this computer. The story is that of a vendor's guide: a
SIEM's cases 10012, 10010 and 10011, of which the last belongs to a customer that nobody has mapped yet.")]
pub(super) struct Arguments {
    /// Show the page in this folder instead, in front of the simulated instance and with cases in it, until Ctrl-C.
    #[arg(long, value_name = "FOLDER")]
    dashboard: Option<PathBuf>,
    /// Companies of the simulated instance beside those of the guide, for the page.
    #[arg(long, value_name = "N", default_value_t = 120, requires = "dashboard")]
    companies: usize,
    /// Device configurations beside those of the guide, spread over these companies.
    #[arg(long, value_name = "N", default_value_t = 1200, requires = "dashboard")]
    configurations: usize,
}

const NEXT: &str = "\
To try it on your own instance, have a configuration written after a vendor's guide, and

  casewire init    --preset netsurion --site https://api-na.myconnectwise.net --company-id acme --client-id GUID --out acme.json
  export CASEWIRE_PUBLIC_KEY=... CASEWIRE_PRIVATE_KEY=...
  casewire check   --config acme.json
  casewire preview --config acme.json --cases examples/cases.jsonl
  casewire send    --config acme.json --store sqlite:acme.db --cases examples/cases.jsonl";

/// Tells the whole story against a simulated instance.
pub(super) fn demo(arguments: &Arguments) -> Done {
    if let Some(folder) = &arguments.dashboard {
        return page::show(folder, arguments.companies, arguments.configurations);
    }
    let begin = Instant::now();
    let mut stage = Stage::set()?;
    say(&format!(
        "A simulated ConnectWise PSA listens on {} of this computer; nothing leaves it.",
        stage.url()
    ))?;
    connect(&mut stage)?;
    map(&stage)?;
    open(&mut stage)?;
    lose_an_answer(&mut stage)?;
    hold(&mut stage)?;
    comment(&mut stage)?;
    attach(&mut stage)?;
    repeat(&mut stage)?;
    close(&mut stage)?;
    say("\nThe cases, as the SIEM lists them\n")?;
    say(&list::shown(&stage))?;
    say(&format!(
        "\n{} requests in {:.1} seconds.\n\n{NEXT}",
        stage.requests(),
        begin.elapsed().as_secs_f64()
    ))?;
    Ok(())
}

fn connect(stage: &mut Stage) -> Done {
    step("The connection is tested part by part")?;
    match stage.run(Command::TestConnection)? {
        Outcome::Connection(report) if report.ok => say(&check::shown(&report))?,
        Outcome::Connection(report) => return Err(Stop::failed(check::shown(&report))),
        _ => return Err(surprise()),
    }
    step("The boards are read, and the configuration is held against them")?;
    let Outcome::Catalog(catalog) = stage.run(Command::ReadCatalog)? else {
        return Err(surprise());
    };
    for board in &catalog.boards {
        let children = match board.statuses.len() {
            0 => "not used by the configuration".to_owned(),
            statuses => format!(
                "{statuses} statuses, {} types, {} subtypes, {} items",
                board.types.len(),
                board.subtypes.len(),
                board.items.len()
            ),
        };
        tell(&format!("{}: {children}", board.name))?;
    }
    Ok(())
}

fn map(stage: &Stage) -> Done {
    step("The SIEM's groups and systems are mapped")?;
    let config = stage.config();
    for mapping in &config.companies.map {
        tell(&format!(
            "group {} is company {}",
            mapping.group, mapping.company
        ))?;
    }
    for mapping in &config.configurations.map {
        tell(&format!(
            "system {} is configuration {}",
            mapping.system, mapping.configuration
        ))?;
    }
    Ok(())
}

fn open(stage: &mut Stage) -> Done {
    step("Case 10012, 'Windows: Audit log cleared', is added")?;
    let ticket = submit(stage, "10012", CaseResult::Opened)?;
    describe(stage, ticket)?;
    tell(&format!(
        "the case now shows: PSA Ticket Id {ticket}, Status in PSA tool: {}",
        stage.status("10012")
    ))
}

fn lose_an_answer(stage: &mut Stage) -> Done {
    step("Case 10010 is added, and ConnectWise's answer is lost on the way")?;
    stage.lose_the_next_ticket();
    let ticket = submit(stage, "10010", CaseResult::Opened)?;
    let tickets = stage.tickets_of("10010");
    if tickets != [ticket] {
        return Err(Stop::failed(format!(
            "case 10010 has the tickets {tickets:?}"
        )));
    }
    tell("its ticket was looked for by its reference, and found: it is still the only one")
}

fn hold(stage: &mut Stage) -> Done {
    step("Case 10011 is added; its group, UnmappedCo, is no company's")?;
    submit(stage, "10011", CaseResult::Held)?;
    tell("map the group, and the next run opens its ticket")
}

fn comment(stage: &mut Stage) -> Done {
    step("An analyst comments case 10012: 'Final review is done'")?;
    stage.comment(
        "10012",
        "c-2",
        "Final review is done",
        "2019-02-11T01:17:03Z",
    )?;
    let ticket = submit(stage, "10012", CaseResult::Updated)?;
    notes(stage, ticket)
}

fn attach(stage: &mut Stage) -> Done {
    step("The analyst attaches 'Reference document' to it")?;
    stage.attach(
        "10012",
        "Reference document",
        "reference.txt",
        "2019-02-11T01:25:58Z",
    )?;
    let ticket = submit(stage, "10012", CaseResult::Updated)?;
    for document in stage.documents(ticket) {
        tell(&format!("document '{document}'"))?;
    }
    Ok(())
}

fn repeat(stage: &mut Stage) -> Done {
    step("The SIEM hands over case 10012 once more, as it is")?;
    submit(stage, "10012", CaseResult::Unchanged).map(drop)
}

fn close(stage: &mut Stage) -> Done {
    step("Case 10010 is closed")?;
    stage.change("10010", |case| case.status = "closed".to_owned())?;
    let ticket = submit(stage, "10010", CaseResult::Closed)?;
    tell(&format!(
        "ticket {ticket} is in status '{}'",
        stage.ticket_field(ticket, "/status/name")
    ))
}

/// Hands over a case as it is now and says what came of it.
fn submit(stage: &mut Stage, id: &str, expected: CaseResult) -> Done<u32> {
    let before = stage.requests();
    let case = Box::new(stage.case(id)?.clone());
    let Outcome::Case(outcome) = stage.run(Command::SubmitCase { case })? else {
        return Err(surprise());
    };
    if outcome.outcome != expected {
        return Err(Stop::failed(format!(
            "case {id}: {outcome:?}, expected {expected:?}"
        )));
    }
    let ticket = outcome.ticket_id.map_or(0, |ticket| ticket.0);
    let requests = match stage.requests() - before {
        0 => "no request".to_owned(),
        1 => "1 request".to_owned(),
        count => format!("{count} requests"),
    };
    let what = match (outcome.outcome, &outcome.reason) {
        (CaseResult::Opened, _) => format!("ticket {ticket} is opened"),
        (CaseResult::Updated, _) => format!("ticket {ticket} is changed"),
        (CaseResult::Closed, _) => format!("ticket {ticket} is closed"),
        (CaseResult::Unchanged, _) => format!("ticket {ticket} holds all of it already"),
        (CaseResult::Held, reason) => {
            format!("no ticket: {}", reason.as_deref().unwrap_or("held"))
        }
        (CaseResult::Joined | CaseResult::RolledUp, _) => format!("it shares ticket {ticket}"),
        (CaseResult::Withheld | CaseResult::Accepted, _) => "no ticket yet".to_owned(),
    };
    tell(&format!("{what} ({requests})"))?;
    Ok(ticket)
}

fn describe(stage: &Stage, ticket: u32) -> Done {
    for (name, pointer) in [
        ("summary", "/summary"),
        ("company", "/company/name"),
        ("contact", "/contact/name"),
        ("board", "/board/name"),
        ("type", "/type/name"),
        ("subtype", "/subType/name"),
        ("status", "/status/name"),
        ("priority", "/priority/name"),
    ] {
        tell(&format!(
            "  {name:<16} {}",
            stage.ticket_field(ticket, pointer)
        ))?;
    }
    for configuration in stage.configurations(ticket) {
        tell(&format!("  configuration    {configuration}"))?;
    }
    notes(stage, ticket)
}

fn notes(stage: &Stage, ticket: u32) -> Done {
    for (kind, text) in stage.notes(ticket) {
        let text = text.replace('\n', "\n                      ");
        tell(&format!("  {:<16} {text}", format!("{kind} note")))?;
    }
    Ok(())
}

fn step(title: &str) -> Done {
    Ok(say(&format!("\n{title}"))?)
}

fn tell(line: &str) -> Done {
    Ok(say(&format!("   {line}"))?)
}

fn surprise() -> Stop {
    Stop::failed("the connector answered something else than it was asked")
}
