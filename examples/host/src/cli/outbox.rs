//! What waits in the store: listed, tried again, taken out.

use super::{
    Instance,
    send::Line,
    session,
    store_choice::StoreChoice,
    terminal::{Done, Stop, printable, say, table},
};
use crate::driver::Progress;
use casewire::{Command, OutboxItem, OutboxState, Outcome};
use clap::{Args, Subcommand, ValueEnum};
use std::time::Duration;

#[derive(Debug, Args)]
#[command(after_help = "\
A case in the outbox is waiting for its turn, retrying (a try failed, the next is due at a time), failed (for good: mend the
case, the configuration or ConnectWise, then retry or discard it) or held (its group has no company yet).

Examples:
  casewire outbox list --config acme.json --store sqlite:acme.db
  casewire outbox list --config acme.json --store sqlite:acme.db --state failed --json
  casewire outbox retry --config acme.json --store sqlite:acme.db --case 10012
  casewire outbox retry --config acme.json --store sqlite:acme.db --all
  casewire outbox discard --config acme.json --store sqlite:acme.db --case 10012 --reason 'a drill' --by Ada

Exit status: 0 done, 2 the configuration or the input is wrong and nothing was changed, 3 something failed.")]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// List the cases that wait. Sends nothing.
    List {
        #[command(flatten)]
        over: Over,
        /// Only those that stand like this.
        #[arg(long, value_name = "STATE")]
        state: Option<State>,
    },
    /// Take cases up again now; each gives a line as with `send`.
    Retry {
        #[command(flatten)]
        over: Over,
        /// A case; may be given more than once.
        #[arg(long = "case", value_name = "ID", required_unless_present = "all")]
        cases: Vec<String>,
        /// Every case whose last try failed.
        #[arg(long, conflicts_with = "cases")]
        all: bool,
    },
    /// Take cases out, with an event for the product. What their tickets hold stays.
    Discard {
        #[command(flatten)]
        over: Over,
        /// A case; may be given more than once.
        #[arg(long = "case", value_name = "ID", required = true)]
        cases: Vec<String>,
        /// Why; the event carries it.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Who does it; the event carries it.
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
        /// Do not look in ConnectWise first for a ticket whose answer was lost; it is forgotten then.
        #[arg(long)]
        force: bool,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum State {
    Waiting,
    Retrying,
    Failed,
    Held,
}

impl From<State> for OutboxState {
    fn from(state: State) -> Self {
        match state {
            State::Waiting => Self::Waiting,
            State::Retrying => Self::Retrying,
            State::Failed => Self::Failed,
            State::Held => Self::Held,
        }
    }
}

/// Which instance and where its cases are.
#[derive(Debug, Args)]
struct Over {
    #[command(flatten)]
    instance: Instance,
    /// Where the cases are kept: `sqlite:PATH`, `postgres://…`, or `memory:` for trying out.
    #[arg(long, value_name = "STORE")]
    store: StoreChoice,
    /// Print JSON, one line each.
    #[arg(long)]
    json: bool,
}

/// Runs one of the commands about what waits.
pub(super) fn outbox(arguments: &Arguments) -> Done {
    match &arguments.command {
        Act::List { over, state } => over.list(state.map(OutboxState::from)),
        Act::Retry { over, cases, all } => over.retry((!all).then(|| cases.clone())),
        Act::Discard {
            over,
            cases,
            reason,
            by,
            force,
        } => over.discard(Command::DiscardOutbox {
            case_ids: cases.clone(),
            reason: reason.clone(),
            by: by.clone(),
            force: *force,
        }),
    }
}

impl Over {
    fn list(&self, state: Option<OutboxState>) -> Done {
        let mut driver = session::over_store(&self.instance, self.store.open()?, false)?;
        let mut items = Vec::new();
        let mut after = None;
        loop {
            let command = Command::ListOutbox {
                after: after.take(),
                limit: 1000,
                state,
                case_id: None,
            };
            match driver.run(command).map_err(|error| Stop::of(&error))? {
                Outcome::Outbox(page) => {
                    for item in page.items {
                        match self.json {
                            true => say(&serde_json::to_string(&item).map_err(Stop::failed)?)?,
                            false => items.push(item),
                        }
                    }
                    after = page.next;
                }
                _ => return Err(Stop::failed("the connector listed no cases")),
            }
            if after.is_none() {
                break;
            }
        }
        if !self.json {
            say(&shown(&items))?;
        }
        Ok(())
    }

    fn retry(&self, case_ids: Option<Vec<String>>) -> Done {
        let mut driver = session::over_store(&self.instance, self.store.open()?, true)?;
        let command = Command::RetryOutbox {
            case_ids,
            due: false,
        };
        let mut left = match driver.run(command).map_err(|error| Stop::of(&error))? {
            Outcome::OutboxRetried { cases } => cases,
            _ => return Err(Stop::failed("the connector took nothing up")),
        };
        if left == 0 && !self.json {
            say("Nothing failed.")?;
        }
        let mut failed = false;
        // What it has to tell the product stays in the store for the one who takes it over.
        while left > 0 {
            match driver.next(Duration::from_secs(3600)) {
                Progress::Idle => break,
                Progress::Waiting => {}
                Progress::Finished(finished) => {
                    if let Some(line) = Line::of(finished) {
                        left -= 1;
                        failed |= line.outcome == "failed";
                        say(&serde_json::to_string(&line).map_err(Stop::failed)?)?;
                    }
                }
            }
        }
        match failed {
            true => Err(Stop::Told),
            false => Ok(()),
        }
    }

    fn discard(&self, command: Command) -> Done {
        let mut driver = session::over_store(&self.instance, self.store.open()?, true)?;
        match driver.run(command).map_err(|error| Stop::of(&error))? {
            Outcome::OutboxDiscarded { case_ids } if !self.json => {
                say(&format!("Discarded: {}", printable(&case_ids.join(", "))))?;
            }
            outcome => say(&serde_json::to_string(&outcome).map_err(Stop::failed)?)?,
        }
        Ok(())
    }
}

fn shown(items: &[OutboxItem]) -> String {
    if items.is_empty() {
        return "Nothing waits.".to_owned();
    }
    let mut table = table([
        "Case", "State", "Since", "Next try", "Tries", "Title", "Why",
    ]);
    for item in items {
        let failure = item.failure.as_ref();
        let why = failure
            .map(|failure| failure.message.as_str())
            .or(item.reason.as_deref())
            .or(item.action.as_deref());
        let next = failure.and_then(|failure| failure.next_try);
        table.add_row([
            printable(&item.case_id),
            item.state.name().to_owned(),
            item.accepted_at.to_string(),
            next.map(|next| next.to_string()).unwrap_or_default(),
            failure.map_or(0, |failure| failure.tries).to_string(),
            printable(&item.title),
            printable(why.unwrap_or_default()),
        ]);
    }
    table.trim_fmt()
}
