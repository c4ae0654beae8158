use super::{
    Instance, session,
    terminal::{Done, Stop, printable, say, say_aside, table},
};
use casewire::{
    BoardsReport, Command, Outcome,
    catalog::{Board, Named, Place},
};
use clap::Args;

#[derive(Debug, Args)]
#[command(after_help = "\
The configuration may hold no more than `version`, `instance` and `connection`: this is for one who has yet to choose boards.

Examples:
  casewire boards --config acme.json
  casewire boards --config acme.json \"Professional Services\" --json

Exit status: 0 done, 2 there is no such board, 3 the instance could not be read.")]
pub(super) struct Arguments {
    #[command(flatten)]
    instance: Instance,
    /// Boards whose statuses, types, subtypes, items and teams are shown, by name.
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Print what was read as JSON.
    #[arg(long)]
    json: bool,
}

/// Shows the boards of an instance.
pub(super) fn boards(arguments: &Arguments) -> Done {
    let mut driver = session::newcomer(&arguments.instance)?;
    let boards = arguments.names.clone();
    let report = match driver.run(Command::ReadBoards { boards }) {
        Ok(Outcome::Boards(report)) => report,
        Ok(_) => return Err(Stop::failed("the connector read no boards")),
        Err(error) => return Err(Stop::of(&error)),
    };
    if arguments.json {
        say(&serde_json::to_string(&report).map_err(Stop::failed)?)?;
    } else {
        say(&shown(&report, &arguments.names))?;
    }
    for gap in &report.gaps {
        say_aside(&format!("not read: {}", printable(gap)));
    }
    Ok(())
}

fn shown(report: &BoardsReport, names: &[String]) -> String {
    let catalog = &report.catalog;
    let asked: Vec<&Board> = names
        .iter()
        .filter_map(|name| catalog.board(name))
        .collect();
    if !asked.is_empty() {
        let shown: Vec<String> = asked.into_iter().map(board).collect();
        return shown.join("\n\n");
    }
    let mut boards = table(["Board", "State", "Location", "Department"]);
    for board in &catalog.boards {
        let state = match (board.project, board.inactive) {
            (true, _) => "for projects",
            (false, true) => "deactivated",
            (false, false) => "",
        };
        boards.add_row([
            printable(&board.name),
            state.to_owned(),
            place(board.location.as_ref()),
            place(board.department.as_ref()),
        ]);
    }
    let mut tables = table(["Table", "Names"]);
    let labels = |labels: &[casewire::catalog::Label]| {
        let labels = labels.iter().map(|label| &label.name);
        labels.map(|name| printable(name)).collect::<Vec<_>>()
    };
    let priorities = catalog.priorities.iter();
    for (name, rows) in [
        (
            "priorities",
            priorities.map(|row| printable(&row.name)).collect(),
        ),
        ("sources", active(&catalog.sources)),
        ("severities", labels(&catalog.severities)),
        ("impacts", labels(&catalog.impacts)),
        ("SLAs", active(&catalog.slas)),
    ] {
        tables.add_row([name.to_owned(), rows.join("\n")]);
    }
    format!("{}\n\n{}", boards.trim_fmt(), tables.trim_fmt())
}

fn board(board: &Board) -> String {
    let mut statuses = table(["Status", "New tickets", "Closes"]);
    let yes = |flag: bool| if flag { "yes" } else { "" }.to_owned();
    for status in board.statuses.iter().filter(|status| !status.inactive) {
        statuses.add_row([
            printable(&status.name),
            yes(status.default),
            yes(status.closed),
        ]);
    }
    let mut types = table(["Type", "Subtype", "Items"]);
    for kind in board.types.iter().filter(|kind| !kind.inactive) {
        let of_type = board
            .associations
            .iter()
            .filter(|triple| triple.kind == kind.id);
        let mut subtypes: Vec<u32> = of_type.filter_map(|triple| triple.subtype).collect();
        subtypes.sort_unstable();
        subtypes.dedup();
        if subtypes.is_empty() {
            types.add_row([printable(&kind.name), String::new(), String::new()]);
        }
        for subtype in subtypes {
            let triples = board.associations.iter();
            let items = triples
                .filter(|triple| triple.kind == kind.id && triple.subtype == Some(subtype))
                .filter_map(|triple| name_of(triple.item?, &board.items));
            types.add_row([
                printable(&kind.name),
                name_of(subtype, &board.subtypes).unwrap_or_default(),
                items.collect::<Vec<_>>().join(", "),
            ]);
        }
    }
    format!(
        "{}\n\n{}\n\n{}\n\nTeams: {}",
        printable(&board.name),
        statuses.trim_fmt(),
        types.trim_fmt(),
        active(&board.teams).join(", ")
    )
}

fn name_of(id: u32, among: &[Named]) -> Option<String> {
    let record = among
        .iter()
        .find(|record| record.id == id && !record.inactive)?;
    Some(printable(&record.name))
}

fn active(among: &[Named]) -> Vec<String> {
    let active = among.iter().filter(|record| !record.inactive);
    active.map(|record| printable(&record.name)).collect()
}

fn place(place: Option<&Place>) -> String {
    place
        .map(|place| printable(&place.name))
        .unwrap_or_default()
}
