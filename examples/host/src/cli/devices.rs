use super::{
    Instance,
    cases::Lines,
    session,
    store_choice::StoreChoice,
    terminal::{Done, Stop, printable, say, say_aside, table},
};
use casewire::{
    Command, ConfigurationId, DeviceAction, DeviceOutcome, DevicePlan, DevicesReport, Fault,
    Outcome,
};
use clap::{Args, Subcommand};
use indicatif::ProgressBar;
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

#[derive(Debug, Args)]
#[command(after_help = "\
Each line of the file is one device as JSON; `-` is standard input:
  {\"id\":\"BD-FW1\",\"group\":\"BigDesign\",\"name\":\"BigDesign-FW1\",\"type\":\"Firewall\",\"serial_number\":\"FGT-0815\",
   \"macs\":[\"00:09:0F:AA:00:01\"],\"device_groups\":[\"Network\"],\"fields\":{\"firmware\":\"7.2.8\"}}
What is written into which column stands in the configuration's section `devices`. Nothing is ever deleted.

Examples:
  casewire devices preview --config acme.json --store sqlite:acme.db --devices devices.jsonl
  casewire devices send --config acme.json --store sqlite:acme.db --devices devices.jsonl

Exit status: 0 done, 2 configuration or input are wrong and nothing was sent, 3 it failed, or a device was refused: mend what
is named and run it again.")]
pub(super) struct Arguments {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Show what would be made and changed, column by column. Nothing but reads is sent.
    Preview(Over),
    /// Make and change it.
    Send(Over),
}

#[derive(Debug, Args)]
struct Over {
    #[command(flatten)]
    instance: Instance,
    /// Where it is kept which configuration a device is: `sqlite:PATH` or `postgres://…`.
    #[arg(long, value_name = "STORE")]
    store: StoreChoice,
    /// The devices, one JSON document a line.
    #[arg(long, value_name = "FILE")]
    devices: PathBuf,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Previews or sends devices.
pub(super) fn devices(arguments: &Arguments) -> Done {
    let (over, command) = match &arguments.act {
        Act::Preview(over) => (over, "preview_devices"),
        Act::Send(over) => (over, "send_devices"),
    };
    let command = read(&over.devices, command)?;
    let store = over.store.open()?;
    let mut driver = session::over_store(&over.instance, store, true)?;
    let bar = ProgressBar::new_spinner();
    bar.set_message("comparing devices with their configurations");
    bar.enable_steady_tick(Duration::from_millis(100));
    let outcome = driver.run(command);
    bar.finish_and_clear();
    let (document, shown, refused) = match outcome {
        Ok(Outcome::DevicePlan(plan)) => (json!(plan), planned(&plan), false),
        Ok(Outcome::DevicesSent(report)) => {
            let mut results = report.results.iter();
            let refused = results.any(|it| matches!(it.result, DeviceOutcome::Refused { .. }));
            (json!(report), sent(&report), refused)
        }
        Ok(_) => return Err(Stop::failed("the connector looked at no devices")),
        Err(error) => return Err(Stop::of(&error)),
    };
    if over.json {
        say(&document.to_string())?;
    } else {
        say(&shown)?;
    }
    if refused {
        say_aside("casewire: some devices were refused; mend what is named and run it again");
        return Err(Stop::Told);
    }
    Ok(())
}

/// Reads the devices. A refusal names every fault of every line.
pub(super) fn read(path: &Path, command: &str) -> Done<Command> {
    let (mut devices, mut numbers, mut faults) = (Vec::new(), Vec::new(), Vec::new());
    for line in Lines::open("the devices", path)? {
        let (number, text) = line?;
        match serde_json::from_slice::<Value>(&text) {
            Ok(device) => {
                devices.push(device);
                numbers.push(number);
            }
            Err(error) => faults.push(format!("\n  line {number}: {error}")),
        }
    }
    let document = json!({ "command": command, "devices": devices });
    let command = Command::from_json(document.to_string().as_bytes());
    let found = command.as_ref().err().map(|error| error.faults.as_slice());
    for fault in found.unwrap_or_default() {
        faults.push(format!("\n  {}", by_line(fault, &numbers)));
    }
    match command {
        Ok(command) if faults.is_empty() => Ok(command),
        _ => Err(Stop::Refused(format!(
            "the devices have faults; nothing was sent. Each line is one device as JSON.{}",
            faults.concat()
        ))),
    }
}

/// A fault with the number of its line in place of the device's place in the list.
fn by_line(fault: &Fault, numbers: &[u64]) -> String {
    let place = fault.pointer.strip_prefix("/devices/").unwrap_or_default();
    let (index, rest) = place.split_once('/').unwrap_or((place, ""));
    let number = index
        .parse()
        .ok()
        .and_then(|index: usize| numbers.get(index));
    match number {
        Some(number) => {
            let fault = Fault {
                pointer: format!("/{rest}"),
                ..fault.clone()
            };
            format!("line {number}, {fault}")
        }
        None => fault.to_string(),
    }
}

fn planned(plan: &DevicePlan) -> String {
    let mut steps = table(["Device", "What", "Configuration", "Column", "Now", "Then"]);
    for step in &plan.steps {
        let name = printable(&step.name);
        let (what, configuration, changes) = match &step.action {
            DeviceAction::Create { fields } => ("make", "new".to_owned(), fields),
            DeviceAction::Update {
                configuration,
                changes,
                ..
            } => ("change", number(*configuration), changes),
            DeviceAction::Refuse { faults } => {
                let why = why(faults);
                steps.add_row([
                    name,
                    "REFUSE".to_owned(),
                    String::new(),
                    why,
                    String::new(),
                    String::new(),
                ]);
                continue;
            }
        };
        for (index, change) in changes.iter().enumerate() {
            let first = |text: &str| {
                if index == 0 {
                    text.to_owned()
                } else {
                    String::new()
                }
            };
            steps.add_row([
                first(&name),
                first(what),
                first(&configuration),
                printable(&change.column),
                value(&change.before),
                value(&change.after),
            ]);
        }
    }
    let rest = rest(plan.unchanged, plan.left_out, plan.deferred);
    if plan.steps.is_empty() {
        return format!("Nothing is to be done: {rest}.");
    }
    format!(
        "{}\n\n{} devices to send; {rest}.",
        steps.trim_fmt(),
        plan.steps.len()
    )
}

fn sent(report: &DevicesReport) -> String {
    let mut results = table(["Device", "Result", "Configuration", "Columns"]);
    for result in &report.results {
        let (what, configuration, columns) = match &result.result {
            DeviceOutcome::Created {
                configuration,
                not_taken,
            } => ("made", number(*configuration), not_kept(not_taken)),
            DeviceOutcome::Updated {
                configuration,
                columns,
                not_taken,
            } => {
                let columns = format!("{}{}", columns.join(", "), not_kept(not_taken));
                ("changed", number(*configuration), columns)
            }
            DeviceOutcome::Refused { faults } => ("REFUSED", String::new(), why(faults)),
        };
        results.add_row([
            printable(&result.name),
            what.to_owned(),
            configuration,
            printable(&columns),
        ]);
    }
    let rest = rest(report.unchanged, report.left_out, report.deferred);
    if report.results.is_empty() {
        return format!("Nothing was to be done: {rest}.");
    }
    format!("{}\n\n{rest}.", results.trim_fmt())
}

fn rest(unchanged: u64, left_out: u64, deferred: u64) -> String {
    format!(
        "{unchanged} devices unchanged, {left_out} of groups that are not sent, {deferred} left to the next run"
    )
}

fn number(configuration: ConfigurationId) -> String {
    configuration.0.to_string()
}

fn not_kept(columns: &[String]) -> String {
    if columns.is_empty() {
        String::new()
    } else {
        format!(" (ConnectWise did not keep: {})", columns.join(", "))
    }
}

fn why(faults: &[Fault]) -> String {
    let faults: Vec<String> = faults
        .iter()
        .map(|fault| printable(&format!("{}. {}", fault.message, fault.fix)))
        .collect();
    faults.join("\n")
}

/// A value as a person reads it: a reference by its name.
fn value(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => printable(text),
        Value::Object(reference) => {
            let name = reference.get("name").and_then(Value::as_str);
            printable(name.unwrap_or(&Value::Object(reference.clone()).to_string()))
        }
        other => other.to_string(),
    }
}
