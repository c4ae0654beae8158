//! Convergence: whatever host and technicians do, in whatever order things reach each other and whatever goes wrong
//! meanwhile, in the end both sides say the same, nothing is lost or doubled, and nobody's ticket is touched.
//!
//! An [`Episode`] is a list of steps drawn from a seed. It is played against the real core and the simulated instance in
//! virtual time, then everything is left to settle, and an oracle looks at both sides. Steps are independent of each other,
//! so an episode that fails is shrunk by leaving steps out.

mod desk;
mod dice;
mod host;
mod incoming;
mod node;
mod oracle;
mod stage;
mod step;

pub use stage::Counts;
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
    /// What happens, in order.
    pub steps: Vec<Step>,
}

/// What was wrong with an episode.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What, one line each.
    pub wrong: Vec<String>,
    /// How many steps had been done.
    pub steps: usize,
    /// What happened, where that was wanted.
    pub trace: Vec<String>,
}

/// Where episodes begin: an instance whose boards are known and whose callbacks are registered.
#[derive(Debug)]
pub struct Beginning {
    world: World,
    configs: BTreeMap<(bool, bool), Config>,
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
    /// Draws an episode.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        Self {
            seed,
            setting: Setting::draw(&mut dice),
            steps: step::draw(&mut dice),
        }
    }

    /// Plays it, and tells what it amounted to.
    ///
    /// # Errors
    ///
    /// What is wrong in the end, or which rule was broken on the way.
    pub fn play(&self, beginning: &Beginning, traced: bool) -> Result<Counts, Box<Failure>> {
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
        if wrong.is_empty() {
            return Ok(stage.counts);
        }
        Err(Box::new(Failure {
            wrong,
            steps: stage.step,
            trace: stage.trace.take().unwrap_or_default(),
        }))
    }

    fn on(&self, stage: &mut Stage) -> Result<Vec<String>, String> {
        for step in &self.steps {
            stage.act(step)?;
        }
        stage.settle()?;
        let wrong = oracle::judge(stage);
        if !wrong.is_empty() {
            return Ok(wrong);
        }
        stage.is_quiet()?;
        stage.counts.tickets = stage.host.cases.len() as u64;
        Ok(Vec::new())
    }

    /// Leaves out as many steps as can be left out so that it still fails.
    #[must_use]
    pub fn shrunk(&self, beginning: &Beginning) -> Self {
        let mut smallest = self.clone();
        if let Err(failure) = smallest.play(beginning, false) {
            smallest.steps.truncate(failure.steps.max(1));
            if smallest.play(beginning, false).is_ok() {
                smallest = self.clone();
            }
        }
        let mut plays = 0;
        let mut chunk = smallest.steps.len().div_ceil(2);
        while chunk > 0 && plays < MOST_PLAYS {
            let mut at = 0;
            while at < smallest.steps.len() && plays < MOST_PLAYS {
                let mut other = smallest.clone();
                let end = (at + chunk).min(other.steps.len());
                other.steps.drain(at..end);
                plays += 1;
                if other.play(beginning, false).is_err() {
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
        for (number, step) in self.steps.iter().enumerate() {
            writeln!(f, "{:>4}  {step:?}", number + 1)?;
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
