use super::{
    Instance,
    cases::{Cases, attachment_faults},
    session,
    stop::StopSign,
    store_choice::StoreChoice,
    terminal::{Done, Stop, say, say_aside},
};
use crate::driver::{Driver, Progress};
use casewire::{Command, OperationId, Settings};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    time::{Duration, Instant},
};

mod deliveries;
mod line;

pub(super) use deliveries::Deliveries;
pub(super) use line::Line;

#[derive(Debug, Args)]
#[command(after_help = "\
Each line of the input is a case as JSON; two lines with the same id are taken in order. Attachments are named by path.
Each case gives one JSON line:
  {\"case_id\":\"10012\",\"outcome\":\"opened\",\"ticket_id\":909,\"error\":null}
with outcome opened, updated, closed, unchanged, held or failed. A case that was left unfinished by an earlier run over
the same store is taken up again and gives its line, too.

Examples:
  casewire send --config acme.json --store sqlite:acme.db --cases cases.jsonl
  siem export | casewire send --config acme.json --store sqlite:acme.db --cases -
  casewire send --config acme.json --store memory: --cases cases.jsonl --verbose

Exit status: 0 all done, 2 configuration or input are wrong and nothing was sent, 3 some cases failed or the run was
stopped: run it again.")]
pub(super) struct Arguments {
    #[command(flatten)]
    instance: Instance,
    /// Where to keep what must outlive a crash: `sqlite:PATH`, `postgres://…`, or `memory:` for trying out.
    #[arg(long, value_name = "STORE")]
    store: StoreChoice,
    /// The cases, one JSON document a line; `-` for standard input.
    #[arg(long, value_name = "FILE")]
    cases: PathBuf,
    /// Append what ConnectWise has to say of the cases to this file, one JSON line each, before it is forgotten.
    #[arg(long, value_name = "FILE")]
    deliveries: Option<PathBuf>,
}

/// How long a run that was asked to stop goes on with what is under way.
const GRACE: Duration = Duration::from_secs(10);

/// How often a run looks whether it was asked to stop.
const GLANCE: Duration = Duration::from_millis(200);

/// Cases in the connector for each request that may be under way; the rest stay in the file.
const WINDOW: usize = 16;

/// Sends cases and writes a line for each.
pub(super) fn send(arguments: &Arguments, verbose: u8) -> Done {
    let config = session::configuration(&arguments.instance)?;
    let settings = Settings::new(config.clone()).map_err(Stop::refused)?;
    let cases = Cases::open(
        &arguments.cases,
        |text| settings.case_from_json(text),
        attachment_faults,
    )?;
    let credentials = session::credentials()?;
    let mut deliveries = Deliveries::open(arguments.deliveries.as_deref())?;
    let store = arguments.store.open()?;
    let window = WINDOW
        * usize::try_from(config.limits.concurrency)
            .unwrap_or(1)
            .max(1);
    let driver = session::driver(config, credentials, store, |delivery| {
        deliveries.keep(delivery)
    })?;
    let sign = StopSign::listen();
    let mut run = Run {
        driver,
        window,
        bar: bar(&cases, verbose),
        cases,
        under_way: BTreeSet::new(),
        resumed: BTreeMap::new(),
        tally: BTreeMap::new(),
        done: 0,
    };
    let result = run.go(&sign);
    run.bar.finish_and_clear();
    run.summarize();
    result?;
    if sign.is_raised() {
        return Err(Stop::failed(format!(
            "stopped with {} of {} cases done; run it again, no ticket is made twice",
            run.done,
            run.cases.count()
        )));
    }
    if run.tally.contains_key("failed") {
        return Err(Stop::Told);
    }
    Ok(())
}

struct Run<'a> {
    driver: Driver<'a>,
    cases: Cases,
    window: usize,
    under_way: BTreeSet<OperationId>,
    /// Cases taken up from the store that the input names as well: the input's line tells of them.
    resumed: BTreeMap<String, Line>,
    tally: BTreeMap<&'static str, u64>,
    /// Cases of the input that did not fail.
    done: u64,
    bar: ProgressBar,
}

impl Run<'_> {
    fn go(&mut self, sign: &StopSign) -> Done {
        let mut deadline = None;
        loop {
            if sign.is_raised() {
                let end = *deadline.get_or_insert_with(|| Instant::now() + GRACE);
                if Instant::now() >= end {
                    return self.give_up();
                }
            } else {
                self.fill()?;
            }
            match self.driver.next(GLANCE) {
                Progress::Finished(finished) => self.tell(finished)?,
                Progress::Waiting => {}
                Progress::Idle => return Ok(()),
            }
        }
    }

    /// Submits cases until enough are under way.
    fn fill(&mut self) -> Done {
        while self.under_way.len() < self.window {
            let Some(case) = self.cases.next() else {
                return Ok(());
            };
            let case = Box::new(case?);
            let operation = self
                .driver
                .submit(Command::SubmitCase { case })
                .map_err(|error| Stop::of(&error))?;
            self.under_way.insert(operation);
        }
        Ok(())
    }

    fn tell(&mut self, finished: casewire::Finished) -> Done {
        let submitted = self.under_way.remove(&finished.operation);
        if submitted {
            self.bar.inc(1);
        }
        let Some(mut line) = Line::of(finished) else {
            return Ok(());
        };
        if submitted {
            self.done += u64::from(line.outcome != "failed");
            if let Some(earlier) = self.resumed.remove(&line.case_id) {
                line.take_over(earlier);
            }
        } else if self.cases.contains(&line.case_id) {
            self.resumed.insert(line.case_id.clone(), line);
            return Ok(());
        }
        *self.tally.entry(line.outcome).or_default() += 1;
        let text = serde_json::to_string(&line).map_err(Stop::failed)?;
        self.bar.suspend(|| say(&text))?;
        Ok(())
    }

    /// Cancels what is still under way; what it began stays in the store.
    fn give_up(&mut self) -> Done {
        for operation in self.under_way.clone() {
            if let Err(error) = self.driver.cancel(operation) {
                tracing::debug!("{error}");
            }
        }
        while let Progress::Finished(finished) = self.driver.next(Duration::ZERO) {
            self.tell(finished)?;
        }
        Ok(())
    }

    fn summarize(&self) {
        let told = self.tally.iter();
        let parts: Vec<String> = told
            .map(|(outcome, count)| format!("{count} {outcome}"))
            .collect();
        let cases = if parts.is_empty() {
            "no case".to_owned()
        } else {
            format!("cases: {}", parts.join(", "))
        };
        say_aside(&format!("{cases}; requests: {}", self.driver.requests()));
    }
}

fn bar(cases: &Cases, verbose: u8) -> ProgressBar {
    if verbose > 0 {
        return ProgressBar::hidden();
    }
    // It draws on standard error, and only where that is a terminal.
    let bar = ProgressBar::new(cases.count());
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} cases, {per_sec}, {eta}")
    {
        bar.set_style(style);
    }
    bar
}
