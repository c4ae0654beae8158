//! The join of systems and configurations by MAC, on plain tables.

use super::Mac;

mod few;

/// Joins the systems and configurations of one company after another by MAC.
///
/// It holds one small table, which stays in the processor's cache and is used again for each company; a handful of
/// configurations is compared one by one.
#[derive(Clone, Debug, Default)]
pub struct MacJoin {
    /// A hash table with linear probing, at most half full; its length is a power of two.
    slots: Vec<Slot>,
}

/// What the join says of one system. Numbers count the company's configurations as they were given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joined {
    /// No configuration has one of its MACs, or none of its texts is a MAC.
    Nothing,
    /// It alone has the MAC of this configuration, and no other configuration has one of its MACs.
    One(u32),
    /// Several configurations have one of its MACs.
    SeveralConfigurations,
    /// Another system has the MAC of this configuration too.
    SeveralSystems(u32),
}

/// A MAC, the configuration that has it, and the system that wants that.
#[derive(Clone, Copy, Debug)]
struct Slot {
    /// The bits of the MAC; 0, which is no [`Mac`], where the slot is free.
    mac: u64,
    configuration: u32,
    system: u32,
}

/// In the place of a number: none, or more than one.
const NONE: u32 = u32::MAX;
const SEVERAL: u32 = u32::MAX - 1;

const FREE: Slot = Slot {
    mac: 0,
    configuration: NONE,
    system: NONE,
};

impl MacJoin {
    /// Appends what it finds for each system of a company, in their order.
    ///
    /// A text that is no [`Mac`] joins nothing. Takes time linear in the number of texts, unless someone chooses thousands of
    /// addresses of one company so that they collide. Takes 32 to 64 bytes for each configuration of the largest company.
    pub fn company<'a, C, S, M>(&mut self, configurations: C, systems: S, joined: &mut Vec<Joined>)
    where
        C: IntoIterator<Item = &'a str, IntoIter: ExactSizeIterator>,
        S: IntoIterator<Item = M>,
        M: IntoIterator<Item = &'a str>,
    {
        let configurations = configurations.into_iter();
        if configurations.len() <= few::MOST {
            return few::company(configurations, systems, joined);
        }
        self.take_up(configurations);
        let first = joined.len();
        for (system, macs) in (0..SEVERAL).zip(systems) {
            let found = self.claim(system, macs);
            joined.push(found);
        }
        for found in joined.iter_mut().skip(first) {
            if let Joined::One(slot) = *found {
                *found = self
                    .slots
                    .get(slot as usize)
                    .map_or(Joined::Nothing, |slot| slot.judged());
            }
        }
    }

    fn take_up<'a>(&mut self, configurations: impl ExactSizeIterator<Item = &'a str>) {
        let slots = (configurations.len() * 2).next_power_of_two();
        self.slots.clear();
        self.slots.resize(slots, FREE);
        for (configuration, text) in (0..SEVERAL).zip(configurations) {
            let Ok(mac) = Mac::parse(text) else {
                continue;
            };
            let Some((_, slot)) = self.slot(mac) else {
                continue;
            };
            slot.configuration = if slot.mac == 0 {
                configuration
            } else {
                SEVERAL
            };
            slot.mac = mac.bits();
        }
    }

    /// Enters a system where it has the MAC of a configuration: that slot where it is one, to be judged when all systems are in.
    fn claim<'a>(&mut self, system: u32, macs: impl IntoIterator<Item = &'a str>) -> Joined {
        let mut found = Joined::Nothing;
        for text in macs {
            let Ok(mac) = Mac::parse(text) else {
                continue;
            };
            let Some((at, slot)) = self.slot(mac).filter(|(_, slot)| slot.mac != 0) else {
                continue;
            };
            slot.system = if slot.system == NONE || slot.system == system {
                system
            } else {
                SEVERAL
            };
            found = match found {
                Joined::Nothing => Joined::One(at),
                Joined::One(other) if other == at => found,
                _ => Joined::SeveralConfigurations,
            };
        }
        found
    }

    /// The slot that has the MAC, or the free one where it would go.
    fn slot(&mut self, mac: Mac) -> Option<(u32, &mut Slot)> {
        let last = self.slots.len() - 1;
        let mut at = hash(mac) as usize & last;
        while self
            .slots
            .get(at)
            .is_some_and(|slot| slot.mac != 0 && slot.mac != mac.bits())
        {
            at = (at + 1) & last;
        }
        Some((u32::try_from(at).ok()?, self.slots.get_mut(at)?))
    }
}

impl Slot {
    fn judged(self) -> Joined {
        match (self.configuration, self.system) {
            (SEVERAL, _) => Joined::SeveralConfigurations,
            (configuration, SEVERAL) => Joined::SeveralSystems(configuration),
            (configuration, _) => Joined::One(configuration),
        }
    }
}

/// Spreads addresses, which makers give out in runs, by a multiplication whose upper half depends on every bit.
fn hash(mac: Mac) -> u64 {
    mac.bits().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32
}
