//! Deterministic simulation: whatever host and technicians do, in whatever order things reach each other and whatever goes
//! wrong meanwhile, in the end both sides say the same, nothing is lost or doubled, and nobody's ticket is touched.
//!
//! An [`Episode`] is a list of acts drawn from a seed. It is played by the real core against the simulated instance, in one
//! thread, without a socket and in virtual time. At every step what a connector does is watched (`watch`), and what is in the
//! instance is held against what may be there (`seen`). Then everything is left to settle, and an oracle looks at both sides.
//! Acts are independent of each other, so an episode that fails is shrunk by leaving acts out.
//!
//! A [`Mutant`] is a bug that is planted beside the core. Each must be found, or the simulation proves nothing.

mod counts;
mod desk;
mod dice;
mod host;
mod incoming;
mod mutant;
mod node;
mod oracle;
mod run;
mod seen;
mod stage;
mod step;
mod watch;

pub use counts::Counts;
pub use mutant::Mutant;
pub use run::{Run, Wanted, report};
pub use step::{Arrival, Deed, HostDeed, Setting, Step, StoreTrouble, Trouble};

use crate::{RECEIVER, World, document};
use casewire::{Command, Config};
use dice::Dice;
use serde_json::{Value, json};
use stage::Stage;
use std::{
    collections::BTreeMap,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
};

/// A run of both sides.
#[derive(Clone, Debug)]
pub struct Episode {
    /// What it was drawn from.
    pub seed: u64,
    /// What holds all the time.
    pub setting: Setting,
    /// What happens, in order, each act with its number among those that were drawn, from 1.
    pub acts: Vec<(usize, Step)>,
}

/// What was wrong with an episode.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What, one line each.
    pub wrong: Vec<String>,
    /// How many acts had been done.
    pub acts: usize,
    /// What happened, where that was wanted.
    pub trace: Vec<String>,
}

/// Where episodes begin: an instance whose boards are known and whose callbacks are registered.
#[derive(Debug)]
pub struct Beginning {
    world: World,
    configs: BTreeMap<(bool, bool), Config>,
}

impl Failure {
    /// What was wrong, without the numbers of the one case.
    fn kind(&self) -> String {
        let first = self.wrong.first().map_or("", |first| first);
        let words = first
            .split_whitespace()
            .filter(|word| word.chars().all(char::is_alphabetic));
        words.take(3).collect()
    }
}

impl Default for Beginning {
    fn default() -> Self {
        Self::new()
    }
}

impl Beginning {
    /// Makes it.
    ///
    /// # Panics
    ///
    /// Where something goes wrong, which no one has asked for.
    #[must_use]
    pub fn new() -> Self {
        let configs = [(false, false), (false, true), (true, false), (true, true)]
            .into_iter()
            .map(|key| (key, configuration(key.0, key.1)))
            .collect::<BTreeMap<_, _>>();
        let mut world = World::new(1);
        let commands = vec![Command::ReadCatalog, Command::EnsureCallbacks { url: None }];
        let life = world
            .live(&configs[&(false, true)], commands, None)
            .unwrap();
        for finished in life.finished {
            assert!(finished.result.is_ok(), "{finished:?}");
        }
        world.psa.take_callbacks();
        Self { world, configs }
    }
}

impl Episode {
    /// Draws an episode, and plants a bug in it.
    #[must_use]
    pub fn of(seed: u64, mutant: Option<Mutant>) -> Self {
        let mut dice = Dice::new(seed);
        Self {
            seed,
            setting: Setting {
                mutant,
                ..Setting::draw(&mut dice)
            },
            acts: (1..).zip(step::draw(&mut dice)).collect(),
        }
    }

    /// Leaves out all acts but those of these numbers.
    #[must_use]
    pub fn only(mut self, numbers: &[usize]) -> Self {
        self.acts.retain(|(number, _)| numbers.contains(number));
        self
    }

    /// Plays it, and tells what it amounted to.
    ///
    /// # Errors
    ///
    /// What is wrong in the end, or which rule was broken on the way.
    pub fn play(&self, beginning: &Beginning, traced: bool) -> Result<Counts, Box<Failure>> {
        let (mut stage, wrong) = self.staged(beginning, traced);
        if wrong.is_empty() {
            return Ok(stage.counts);
        }
        Err(Box::new(Failure {
            wrong,
            acts: stage.step,
            trace: stage.trace.take().unwrap_or_default(),
        }))
    }

    /// Plays it, and tells what happened in it, whether it failed or not.
    #[must_use]
    pub fn traced(&self, beginning: &Beginning) -> (Counts, Vec<String>) {
        let (stage, _) = self.staged(beginning, true);
        (stage.counts, stage.trace.unwrap_or_default())
    }

    fn staged(&self, beginning: &Beginning, traced: bool) -> (Stage, Vec<String>) {
        let world = beginning.world.clone();
        let config = beginning.configs[&(self.setting.as_written, self.setting.inbound)].clone();
        let mut stage = Stage::new(world, config, self.setting.clone(), self.seed);
        stage.trace = traced.then(Vec::new);
        let played = catch_unwind(AssertUnwindSafe(|| self.on(&mut stage)));
        let wrong = match played {
            Ok(Ok(wrong)) => wrong,
            Ok(Err(broken)) => vec![broken],
            Err(panicked) => {
                let text = panicked.downcast_ref::<String>().cloned();
                let text =
                    text.or_else(|| panicked.downcast_ref::<&str>().map(|it| (*it).to_owned()));
                vec![format!("panicked: {}", text.unwrap_or_default())]
            }
        };
        (stage, wrong)
    }

    fn on(&self, stage: &mut Stage) -> Result<Vec<String>, String> {
        for (_, act) in &self.acts {
            stage.act(act)?;
        }
        stage.settle()?;
        let wrong = oracle::judge(stage);
        if !wrong.is_empty() {
            return Ok(wrong);
        }
        stage.is_quiet()?;
        stage.counts.episodes = 1;
        stage.counts.tickets = stage.host.cases.len() as u64;
        Ok(Vec::new())
    }

    /// Leaves out as many acts as can be left out so that it still fails.
    #[must_use]
    pub fn shrunk(&self, beginning: &Beginning) -> Self {
        let mut smallest = self.clone();
        if let Err(failure) = smallest.play(beginning, false) {
            smallest.acts.truncate(failure.acts.max(1));
            if smallest.play(beginning, false).is_ok() {
                smallest = self.clone();
            }
        }
        let kind = self.play(beginning, false).err().map(|it| it.kind());
        let kind = kind.unwrap_or_default();
        let mut plays = 0;
        let mut chunk = smallest.acts.len().div_ceil(2);
        while chunk > 0 && plays < MOST_PLAYS {
            let mut at = 0;
            while at < smallest.acts.len() && plays < MOST_PLAYS {
                let mut other = smallest.clone();
                let end = (at + chunk).min(other.acts.len());
                other.acts.drain(at..end);
                plays += 1;
                let fails = other.play(beginning, false).err();
                if fails.is_some_and(|failure| failure.kind() == kind) {
                    smallest = other;
                } else {
                    at += chunk;
                }
            }
            chunk = if chunk == 1 { 0 } else { chunk.div_ceil(2) };
        }
        smallest
    }
}

/// How often an episode is played to shrink it.
const MOST_PLAYS: u32 = 600;

impl fmt::Display for Episode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "seed {}, {:?}", self.seed, self.setting)?;
        for (number, act) in &self.acts {
            writeln!(f, "{number:>4}  {act:?}")?;
        }
        Ok(())
    }
}

fn configuration(as_written: bool, inbound: bool) -> Config {
    let mut document = document(true);
    document["callbacks"] = json!({ "url": RECEIVER });
    document["routes"] = json!([
        route(
            "network",
            "Network Operations",
            json!({ "category": ["network"] })
        ),
        route("everything else", "Professional Services", json!({})),
    ]);
    let to_ticket = document["status_map"]["Professional Services"]["to_ticket"].clone();
    document["status_map"]["Network Operations"] = json!({
        "to_case": {
            "New (not responded)": "open", "In Progress": "in_progress",
            "Completed": "in_progress", "Closed": "closed",
        },
        "to_ticket": to_ticket,
    });
    document["priority_map"] = json!({
        "critical": "Priority 1 - Emergency Response", "high": "Priority 2 - Quick Response",
        "medium": "Priority 3 - Normal Response", "low": "Priority 4 - Scheduled Maintenance",
    });
    document["ticket"]["initial_description"] = json!("{{ case.description }}");
    if inbound {
        document["policies"] = json!({ "ticket_inbound": { "enabled": true } });
    }
    if as_written {
        document["ticket"]["notes"] = json!("as_written");
    }
    Config::from_json(document.to_string().as_bytes()).unwrap()
}

fn route(name: &str, board: &str, when: Value) -> Value {
    json!({
        "name": name, "board": board, "when": when, "type": "Security", "subtype": "Audit",
        "status": { "created": "New (not responded)", "cleared": "Closed" },
    })
}
