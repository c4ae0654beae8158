use super::{
    Instance, session,
    store_choice::StoreChoice,
    terminal::{Done, Stop, printable, say, say_aside, table},
};
use crate::driver::Driver;
use casewire::{Command, Outcome, ProvisionPlan, ProvisionReport, StepResult};
use clap::{ArgGroup, Args};
use indicatif::ProgressBar;
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("what").required(true).args(["plan", "apply"]), after_help = "\
--plan sends nothing but reads. --apply makes what the plan of --plan-file says, or today's plan where no file is given; nothing
that exists is touched, and a plan is refused once the instance or the configuration has changed. What the API cannot make is
named for a person.

Examples:
  casewire provision --config acme.json --plan --plan-file plan.json
  casewire provision --config acme.json --apply --plan-file plan.json --store sqlite:acme.db

Exit status: 0 done, 2 the configuration or the plan is wrong and nothing was sent, 3 a step was refused or failed: run it again.")]
pub(super) struct Arguments {
    #[command(flatten)]
    instance: Instance,
    /// Show what would be made, in order, each with its reason.
    #[arg(long)]
    plan: bool,
    /// Make it.
    #[arg(long, requires = "store")]
    apply: bool,
    /// With --plan, where to write the plan; with --apply, the plan that was shown.
    #[arg(long, value_name = "FILE")]
    plan_file: Option<PathBuf>,
    /// Where to keep what must outlive a crash: `sqlite:PATH`, `postgres://…`, or `memory:` for trying out.
    #[arg(long, value_name = "STORE")]
    store: Option<StoreChoice>,
    /// Print the plan, or what came of each step, as JSON.
    #[arg(long)]
    json: bool,
}

/// Plans or makes what an instance lacks.
pub(super) fn provision(arguments: &Arguments) -> Done {
    match &arguments.store {
        Some(store) if arguments.apply => {
            let given = arguments.plan_file.as_deref().map(read).transpose()?;
            let store = store.open()?;
            let driver = session::over_store(&arguments.instance, store, true)?;
            apply(arguments, driver, given)
        }
        _ => {
            let mut driver = session::reader(&arguments.instance)?;
            let plan = planned(&mut driver)?;
            if let Some(path) = &arguments.plan_file {
                write(path, &plan)?;
            }
            if arguments.json {
                say(&serde_json::to_string(&plan).map_err(Stop::failed)?)?;
            } else {
                say(&shown(&plan))?;
            }
            Ok(())
        }
    }
}

fn planned(driver: &mut Driver<'_>) -> Done<ProvisionPlan> {
    match driver.run(Command::PlanProvision) {
        Ok(Outcome::ProvisionPlan(plan)) => Ok(plan),
        Ok(_) => Err(Stop::failed("the connector made no plan")),
        Err(error) => Err(Stop::of(&error)),
    }
}

fn apply(arguments: &Arguments, mut driver: Driver<'_>, given: Option<ProvisionPlan>) -> Done {
    let plan = match given {
        Some(plan) => plan,
        None => planned(&mut driver)?,
    };
    let bar = ProgressBar::new_spinner();
    bar.set_message(format!("making {} records", plan.steps.len()));
    bar.enable_steady_tick(Duration::from_millis(100));
    let plan = Box::new(plan);
    let outcome = driver.run(Command::ApplyProvision { plan });
    bar.finish_and_clear();
    let report = match outcome {
        Ok(Outcome::Provisioned(report)) => report,
        Ok(_) => return Err(Stop::failed("the connector applied no plan")),
        Err(error) if error.code == casewire::Code::PlanOutdated => {
            return Err(Stop::refused(error));
        }
        Err(error) => return Err(Stop::of(&error)),
    };
    if arguments.json {
        say(&serde_json::to_string(&report).map_err(Stop::failed)?)?;
    } else {
        say(&result(&report))?;
    }
    let failed = |result: &StepResult| {
        matches!(
            result,
            StepResult::Refused { .. } | StepResult::Skipped { .. }
        )
    };
    if report.steps.iter().any(|step| failed(&step.result)) {
        say_aside("casewire: not all of it was made; mend what is named and run it again");
        return Err(Stop::Told);
    }
    Ok(())
}

fn shown(plan: &ProvisionPlan) -> String {
    let mut shown = Vec::new();
    if plan.steps.is_empty() {
        shown.push("Nothing is to be made.".to_owned());
    } else {
        let mut steps = table(["", "To be made", "Name", "On board", "Why"]);
        for (number, step) in plan.steps.iter().enumerate() {
            let create = &step.create;
            steps.add_row([
                (number + 1).to_string(),
                create.what().to_owned(),
                printable(create.name()),
                printable(create.board()),
                printable(&step.reason),
            ]);
        }
        shown.push(steps.trim_fmt());
    }
    if !plan.manual.is_empty() {
        let mut manual = table(["Left for a person", "What is wrong", "What to do"]);
        for left in &plan.manual {
            manual.add_row([&left.pointer, &left.message, &left.fix].map(|text| printable(text)));
        }
        shown.push(manual.trim_fmt());
    }
    shown.join("\n\n")
}

fn result(report: &ProvisionReport) -> String {
    let mut steps = table(["Record", "Name", "On board", "Result", "Why"]);
    for step in &report.steps {
        let (result, why) = match &step.result {
            StepResult::Done { id } => (format!("made, id {id}"), String::new()),
            StepResult::WasThere { id } => (format!("was there, id {id}"), String::new()),
            StepResult::Refused { reason } => ("REFUSED".to_owned(), printable(reason)),
            StepResult::Skipped { reason } => ("SKIPPED".to_owned(), printable(reason)),
        };
        steps.add_row([
            step.create.what().to_owned(),
            printable(step.create.name()),
            printable(step.create.board()),
            result,
            why,
        ]);
    }
    if report.remaining.is_empty() {
        return format!(
            "{}\n\nThe configuration fits the instance.",
            steps.trim_fmt()
        );
    }
    let mut remaining = table(["Still to mend", "What is wrong", "What to do"]);
    for fault in &report.remaining {
        remaining.add_row([&fault.pointer, &fault.message, &fault.fix].map(|text| printable(text)));
    }
    format!("{}\n\n{}", steps.trim_fmt(), remaining.trim_fmt())
}

fn read(path: &Path) -> Done<ProvisionPlan> {
    let refused = |error: &dyn std::fmt::Display| {
        Stop::refused(format!("the plan {}: {error}", path.display()))
    };
    let text = std::fs::read(path).map_err(|error| refused(&error))?;
    serde_json::from_slice(&text).map_err(|error| refused(&error))
}

fn write(path: &Path, plan: &ProvisionPlan) -> Done {
    let text = serde_json::to_string_pretty(plan).map_err(Stop::failed)?;
    std::fs::write(path, text)
        .map_err(|error| Stop::failed(format!("the plan {}: {error}", path.display())))
}
