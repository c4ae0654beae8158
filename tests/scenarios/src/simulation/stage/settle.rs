//! How an episode comes to rest.

use super::{Stage, sync};
use crate::simulation::oracle::picture;
use casewire::{Command, TicketId};
use std::time::Duration;

/// More effects than any episode needs to come to rest.
const MOST_EFFECTS: u32 = 20_000;

/// How often what is still owed is handed over in the end.
const ROUNDS: u32 = 4;

impl Stage {
    /// Nothing goes wrong any more, and everyone goes on until nothing is left to do.
    pub(super) fn rest(&mut self) -> Result<(), String> {
        self.troubles.clear();
        for _ in 0..MOST_EFFECTS {
            let busy = self
                .nodes
                .iter()
                .position(|node| node.as_ref().is_some_and(|node| !node.waits()));
            if let Some(place) = busy {
                if let Some(node) = &mut self.nodes[place] {
                    let open = node.open.remove(0);
                    self.go_on(place, open, false)?;
                }
            } else if let Some(time) = self.next_timer() {
                self.pass_until(time)?;
            } else {
                return Ok(());
            }
        }
        Err(format!(
            "it does not come to rest in {MOST_EFFECTS} effects"
        ))
    }

    /// Everything that was left is done: what the host owes is handed over, what is under way lands.
    pub(in crate::simulation) fn settle(&mut self) -> Result<(), String> {
        self.rest()?;
        self.pass_until(self.world.now.after(Duration::from_secs(120)))?;
        for place in 0..self.nodes.len() {
            if self.setting.restarted {
                self.crash(place, None)?;
                self.node(place)?;
            } else {
                self.submit(place, Command::Resume)?;
            }
        }
        self.rest()?;
        for round in 0..ROUNDS {
            let mut owed = false;
            for place in 0..self.host.cases.len() {
                if self.host.cases[place].owed {
                    let case = self.host.cases[place].case.clone();
                    self.hand_over(0, place, case)?;
                    owed = true;
                }
            }
            self.rest()?;
            if round > 0 && !owed {
                break;
            }
            if self.setting.inbound {
                self.submit(0, Command::Poll)?;
                self.rest()?;
                self.sync_all()?;
            }
        }
        self.host.take_all_over();
        self.world.take_callbacks();
        self.mail.clear();
        Ok(())
    }

    /// Every ticket that there is or was is read again.
    fn sync_all(&mut self) -> Result<(), String> {
        let ids = self.world.psa.ids("service/tickets").unwrap_or_default();
        for id in ids.iter().chain(&self.desk.gone.clone()) {
            let ticket = TicketId(u32::try_from(*id).unwrap_or_default());
            self.submit(0, sync(ticket))?;
        }
        self.rest()
    }

    /// Once all is settled, handing everything over once more leads to no change on either side.
    pub(in crate::simulation) fn is_quiet(&mut self) -> Result<(), String> {
        let before = picture(self);
        let (writes, deliveries) = (self.counts.writes, self.host.deliveries());
        for place in 0..self.host.cases.len() {
            let case = self.host.cases[place].case.clone();
            self.hand_over(place % self.nodes.len(), place, case)?;
        }
        self.sync_all()?;
        if self.counts.writes != writes {
            return Err("something is written although all is settled".to_owned());
        }
        if self.host.deliveries() != deliveries {
            return Err("something is told although all is settled".to_owned());
        }
        if picture(self) != before {
            return Err("something changes although all is settled".to_owned());
        }
        Ok(())
    }
}
