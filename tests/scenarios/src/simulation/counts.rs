//! What a run amounted to.

use std::ops::AddAssign;

/// What an episode amounted to, or many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Counts {
    /// Episodes that were played to their end.
    pub episodes: u64,
    /// Steps of episodes that were done.
    pub acts: u64,
    /// Effects and finished operations that connectors handed out.
    pub polls: u64,
    /// Answers that connectors were given.
    pub answers: u64,
    pub requests: u64,
    pub writes: u64,
    pub host_deeds: u64,
    pub technician_deeds: u64,
    pub callbacks: u64,
    pub crashes: u64,
    pub late_landings: u64,
    pub clocks_set: u64,
    pub reconciles: u64,
    pub troubles_met: u64,
    pub conflicts: u64,
    pub deliveries: u64,
    pub tickets: u64,
    /// How often everything in the instance was held against everything that the host said.
    pub looks: u64,
}

impl Counts {
    /// Actions of the world: a poll that gave something, an answer, and whatever else an episode does: a deed, a fault, a
    /// crash, a move of a clock.
    #[must_use]
    pub const fn steps(&self) -> u64 {
        self.acts + self.polls + self.answers
    }

    /// The counts with their names.
    #[must_use]
    pub fn named(&self) -> [(&'static str, u64); 18] {
        [
            ("episodes", self.episodes),
            ("acts", self.acts),
            ("polls", self.polls),
            ("answers", self.answers),
            ("requests", self.requests),
            ("writes", self.writes),
            ("host deeds", self.host_deeds),
            ("technician deeds", self.technician_deeds),
            ("callbacks", self.callbacks),
            ("crashes", self.crashes),
            ("late landings", self.late_landings),
            ("clocks set", self.clocks_set),
            ("reconciles", self.reconciles),
            ("troubles met", self.troubles_met),
            ("conflicts", self.conflicts),
            ("deliveries", self.deliveries),
            ("tickets", self.tickets),
            ("looks", self.looks),
        ]
    }

    /// What happened least.
    #[must_use]
    pub fn rarest(&self) -> (&'static str, u64) {
        let named = self.named().into_iter();
        named.min_by_key(|(_, count)| *count).unwrap_or_default()
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        let Self {
            episodes,
            acts,
            polls,
            answers,
            requests,
            writes,
            host_deeds,
            technician_deeds,
            callbacks,
            crashes,
            late_landings,
            clocks_set,
            reconciles,
            troubles_met,
            conflicts,
            deliveries,
            tickets,
            looks,
        } = other;
        self.episodes += episodes;
        self.acts += acts;
        self.polls += polls;
        self.answers += answers;
        self.requests += requests;
        self.writes += writes;
        self.host_deeds += host_deeds;
        self.technician_deeds += technician_deeds;
        self.callbacks += callbacks;
        self.crashes += crashes;
        self.late_landings += late_landings;
        self.clocks_set += clocks_set;
        self.reconciles += reconciles;
        self.troubles_met += troubles_met;
        self.conflicts += conflicts;
        self.deliveries += deliveries;
        self.tickets += tickets;
        self.looks += looks;
    }
}
