use super::{
    Instance,
    cases::Cases,
    session,
    terminal::{Done, Stop, printable, say, table},
};
use crate::driver::Driver;
use casewire::{
    Case, CatalogFile, Command, Outcome, Preview, PreviewOutcome, Settings, preview as decide,
};
use clap::Args;
use serde::Serialize;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
#[command(after_help = "\
With --catalog nothing is asked of ConnectWise and no keys are needed. The catalog's document may hold a `directory` with
companies, contacts and device configurations; what it does not hold, a real run looks up.

Examples:
  casewire preview --config acme.json --cases cases.jsonl
  casewire preview --config acme.json --catalog catalog.json --cases cases.jsonl --json

Exit status: 0 a ticket, or a reason for none, for each case; 2 configuration or input are wrong; 3 a case would be refused.")]
pub(super) struct Arguments {
    #[command(flatten)]
    instance: Instance,
    /// A catalog as `casewire catalog` prints it, to ask nothing of ConnectWise.
    #[arg(long, value_name = "FILE")]
    catalog: Option<PathBuf>,
    /// The cases, one JSON document a line; `-` for standard input.
    #[arg(long, value_name = "FILE")]
    cases: PathBuf,
    /// Print one JSON line per case.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Line<'a> {
    case_id: &'a str,
    #[serde(flatten)]
    preview: &'a Preview,
}

/// Shows what would become of cases.
pub(super) fn preview(arguments: &Arguments) -> Done {
    let config = session::configuration(&arguments.instance)?;
    let settings = Settings::new(config).map_err(Stop::refused)?;
    let mut cases = Cases::open(&arguments.cases, Case::from_json, |_| Vec::new())?;
    let mut source = match &arguments.catalog {
        Some(path) => Source::File(Box::new(read_catalog(path, &settings)?)),
        None => Source::Live(Box::new(session::reader(&arguments.instance)?)),
    };
    let mut refused = 0_u64;
    while let Some(case) = cases.next() {
        let case = case?;
        let preview = source.preview(&settings, &case)?;
        refused += u64::from(preview.outcome == PreviewOutcome::Refused);
        if arguments.json {
            let line = Line {
                case_id: &case.id,
                preview: &preview,
            };
            say(&serde_json::to_string(&line).map_err(Stop::failed)?)?;
        } else {
            say(&shown(&case, &preview))?;
        }
    }
    match refused {
        0 => Ok(()),
        1 => Err(Stop::failed("1 case would be refused")),
        count => Err(Stop::failed(format!("{count} cases would be refused"))),
    }
}

/// Where the instance's boards and companies are known from.
enum Source {
    File(Box<CatalogFile>),
    Live(Box<Driver<'static>>),
}

impl Source {
    fn preview(&mut self, settings: &Settings, case: &Case) -> Done<Preview> {
        match self {
            Self::File(file) => Ok(decide(settings, &file.catalog, &file.directory, case)),
            Self::Live(driver) => {
                let case = Box::new(case.clone());
                match driver.run(Command::PreviewCase { case }) {
                    Ok(Outcome::Preview(preview)) => Ok(*preview),
                    Ok(_) => Err(Stop::failed("the connector gave no preview")),
                    Err(error) => Err(Stop::of(&error)),
                }
            }
        }
    }
}

pub(super) fn read_catalog(path: &Path, settings: &Settings) -> Done<CatalogFile> {
    let refused = |why: String| Stop::refused(format!("the catalog {}: {why}", path.display()));
    let text = std::fs::read(path).map_err(|error| refused(error.to_string()))?;
    let file: CatalogFile =
        serde_json::from_slice(&text).map_err(|error| refused(error.to_string()))?;
    let faults = settings.check(&file.catalog);
    if faults.is_empty() {
        return Ok(file);
    }
    Err(Stop::refused(casewire::Error::refused(
        "the configuration, held against the catalog,",
        faults,
    )))
}

fn shown(case: &Case, preview: &Preview) -> String {
    let mut text = format!(
        "Case {}: {}\n  {}{}\n",
        printable(&case.id),
        printable(&case.title),
        outcome_name(preview.outcome),
        if preview.reason.is_empty() {
            String::new()
        } else {
            format!(": {}", printable(&preview.reason))
        }
    );
    for fault in &preview.faults {
        text.push_str(&format!("  {}\n", printable(&fault.to_string())));
    }
    let Some(plan) = &preview.ticket else {
        return text;
    };
    let mut fields = table(["Field", "Value", "Why"]);
    for field in &plan.fields {
        let value = field
            .shown
            .clone()
            .or_else(|| field.value.as_str().map(str::to_owned))
            .unwrap_or_else(|| field.value.to_string());
        fields.add_row([&field.field, &printable(&value), &printable(&field.reason)]);
    }
    if let Some(linked) = &plan.configuration {
        fields.add_row([
            "(linked configuration)",
            &printable(&linked.value.name),
            &printable(&linked.reason),
        ]);
    }
    for note in &plan.notes {
        fields.add_row(["(note)", &printable(&note.text), &note.comment]);
    }
    for document in &plan.documents {
        let file = format!("{} ({} bytes)", document.file_name, document.size);
        fields.add_row(["(document)", &printable(&document.title), &printable(&file)]);
    }
    text.push_str(&fields.trim_fmt());
    text.push('\n');
    for lookup in &preview.lookups {
        text.push_str(&format!(
            "  looked up in a real run: {}\n",
            printable(lookup)
        ));
    }
    let calls: Vec<String> = preview
        .calls
        .iter()
        .map(|call| {
            format!(
                "    {} {} to {}\n",
                call.method.as_str(),
                call.path,
                call.why
            )
        })
        .collect();
    text.push_str(&format!("  {} calls:\n{}", calls.len(), calls.concat()));
    text
}

fn outcome_name(outcome: PreviewOutcome) -> &'static str {
    match outcome {
        PreviewOutcome::Ticket => "opens a ticket",
        PreviewOutcome::Held => "is held",
        PreviewOutcome::Ignored => "makes no ticket",
        PreviewOutcome::Refused => "is refused",
    }
}
