//! All instances: queues that are served as far as budgets, nodes and the database allow, every ten seconds of a day.

use super::{
    Inputs,
    chance::{Chance, of_day},
};
use std::collections::VecDeque;

const TICK: f64 = 10.0;
const TICKS: usize = 8_640;
/// Requests that may leave at once after a pause: `limits.concurrency`.
const BURST: f64 = 8.0;
/// How full a processor may be in the busiest hour.
const HEADROOM: f64 = 0.6;
/// When a node is lost, in seconds of the day: at its busiest.
const LOSS: f64 = 43_200.0;
/// When every hundredth instance has an outbreak, and what it brings within ten minutes.
const STORM: f64 = 54_000.0;
const STORM_CASES: f64 = 2_000.0;

struct Instance {
    /// Cases a second on average.
    rate: f64,
    node: usize,
    /// Requests that may leave now.
    tokens: f64,
    /// Cases by the tick in which they came.
    queue: VecDeque<(usize, f64)>,
    /// Until which tick nobody works for it.
    idle_until: usize,
}

/// Cases by how long they waited, in ticks.
#[derive(Default)]
struct Waits(Vec<f64>);

impl Waits {
    fn note(&mut self, ticks: usize, cases: f64) {
        if self.0.len() <= ticks {
            self.0.resize(ticks + 1, 0.0);
        }
        self.0[ticks] += cases;
    }

    /// Seconds that this share of the cases waited at most.
    fn share(&self, share: f64) -> f64 {
        let all: f64 = self.0.iter().sum();
        let mut sum = 0.0;
        let ticks = self.0.iter().position(|cases| {
            sum += cases;
            sum >= all * share
        });
        ticks.unwrap_or(0) as f64 * TICK
    }
}

pub(crate) fn fleet(inputs: &Inputs) {
    let mut chance = Chance(1);
    let mut sizes: Vec<f64> = (0..inputs.instances)
        .map(|_| (inputs.spread * chance.normal()).exp())
        .collect();
    let all: f64 = sizes.iter().sum();
    sizes
        .iter_mut()
        .for_each(|size| *size *= inputs.cases / all);
    sizes.sort_unstable_by(|a, b| b.total_cmp(a));
    let peak = inputs.cases / 86_400.0 * of_day(LOSS);
    let a_node = inputs.processors * 1000.0 / inputs.processor_ms;
    let by_load = (peak / (a_node * HEADROOM)).ceil() as usize;
    let by_count = inputs.instances.div_ceil(inputs.instances_a_node);
    // One may be lost.
    let nodes = by_load.max(by_count) + 1;
    let databases = (peak / (inputs.database * HEADROOM)).ceil().max(1.0);
    println!(
        "  sizes: {:.0} cases a day in the middle, {:.0} at 99 %, {:.0} in the largest; {peak:.0} cases/s at noon",
        sizes[sizes.len() / 2],
        sizes[sizes.len() / 100],
        sizes[0]
    );
    println!(
        "  {nodes} nodes (one more than needed: {by_load} by load, {by_count} by number), {databases} databases"
    );
    full(inputs, sizes[0], peak, nodes, databases);
    for (what, storms, lost) in [
        ("an ordinary day", false, false),
        ("every hundredth instance has an outbreak", true, false),
        ("a node is lost at noon", false, true),
    ] {
        let waits = day(inputs, &sizes, nodes, databases, storms, lost);
        println!(
            "  {what}: half of the cases within {:.0} s, 99 % within {:.0} s, all within {:.0} s",
            waits.share(0.5) + TICK,
            waits.share(0.99) + TICK,
            waits.share(1.0) + TICK
        );
    }
}

/// How full everything is at noon, the fullest first.
fn full(inputs: &Inputs, largest: f64, peak: f64, nodes: usize, databases: f64) {
    let budget = largest / 86_400.0 * of_day(LOSS) * inputs.requests / (inputs.rate / 60.0);
    let node = peak / (nodes - 1) as f64 * inputs.processor_ms / 1000.0 / inputs.processors;
    let mut parts = [
        (budget, "the budget of the largest instance".to_owned()),
        (node, "the processors of a node, one being lost".to_owned()),
        (
            peak / (databases * inputs.database),
            "a database".to_owned(),
        ),
    ];
    parts.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
    println!("  full first, at noon:");
    for (share, what) in parts {
        println!("    {:>5.0} %  {what}", share * 100.0);
    }
    let day = inputs.cases * inputs.bytes / 1e9;
    println!(
        "  the store grows by {day:.0} GB a day, {:.1} TB in 90 days",
        day * 90.0 / 1000.0
    );
}

fn day(
    inputs: &Inputs,
    sizes: &[f64],
    nodes: usize,
    databases: f64,
    storms: bool,
    lost: bool,
) -> Waits {
    let mut chance = Chance(2);
    // The largest first, each to the node that has the least.
    let mut loads = vec![0.0; nodes];
    let mut instances: Vec<Instance> = Vec::with_capacity(sizes.len());
    for size in sizes {
        let node = least(&loads, usize::MAX);
        loads[node] += size + inputs.cases / inputs.instances as f64 * 0.1;
        instances.push(Instance {
            rate: size / 86_400.0,
            node,
            tokens: BURST,
            queue: VecDeque::new(),
            idle_until: 0,
        });
    }
    let mut waits = Waits::default();
    for tick in 0..TICKS {
        let now = tick as f64 * TICK;
        if lost && now == LOSS {
            for instance in instances.iter_mut().filter(|instance| instance.node == 0) {
                instance.node = least(&loads, 0);
                loads[instance.node] += instance.rate * 86_400.0;
                instance.idle_until = tick + (inputs.takeover / TICK).ceil() as usize;
            }
        }
        // What each would do by its own budget, and what that is together.
        let mut wanted = vec![0.0; nodes];
        let mut able = Vec::with_capacity(instances.len());
        for (place, instance) in instances.iter_mut().enumerate() {
            let mut came = f64::from(chance.count(instance.rate * TICK * of_day(now)));
            if storms && place % 100 == 7 && (STORM..STORM + 600.0).contains(&now) {
                came += STORM_CASES / 60.0;
            }
            if came > 0.0 {
                instance.queue.push_back((tick, came));
            }
            // A token every `60 s / requests_per_minute`, up to the burst beside what this tick brings.
            instance.tokens = (instance.tokens + inputs.rate / 60.0 * TICK)
                .min(BURST + inputs.rate / 60.0 * TICK);
            let waiting: f64 = instance.queue.iter().map(|(_, cases)| cases).sum();
            let idle = tick < instance.idle_until;
            let can = if idle {
                0.0
            } else {
                waiting.min(instance.tokens / inputs.requests)
            };
            wanted[instance.node] += can;
            able.push(can);
        }
        let a_node = inputs.processors * 1000.0 / inputs.processor_ms * TICK;
        let by_node: Vec<f64> = wanted
            .iter()
            .map(|wanted| (a_node / wanted.max(1e-9)).min(1.0))
            .collect();
        let together: f64 = wanted
            .iter()
            .zip(&by_node)
            .map(|(wanted, share)| wanted * share)
            .sum();
        let by_database = (databases * inputs.database * TICK / together.max(1e-9)).min(1.0);
        for (instance, can) in instances.iter_mut().zip(able) {
            let mut served = can * by_node[instance.node] * by_database;
            instance.tokens = (instance.tokens - served * inputs.requests).min(BURST);
            while served > 1e-9 {
                let Some((came, cases)) = instance.queue.front_mut() else {
                    break;
                };
                let part = served.min(*cases);
                waits.note(tick - *came, part);
                served -= part;
                *cases -= part;
                if *cases <= 1e-9 {
                    instance.queue.pop_front();
                }
            }
        }
    }
    waits
}

/// The node with the least load, but not that one.
fn least(loads: &[f64], but: usize) -> usize {
    let others = (0..loads.len()).filter(|node| *node != but);
    others
        .min_by(|a, b| loads[*a].total_cmp(&loads[*b]))
        .unwrap_or(0)
}
