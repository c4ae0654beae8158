//! The join of a company with a handful of configurations, which needs no table.

use super::{Joined, NONE, SEVERAL, Slot};
use crate::mapping::{Mac, mac};

/// So many configurations at most.
pub(super) const MOST: usize = 4;

/// More than 48 bits, which no text has.
const NO_MAC: u64 = u64::MAX;

/// The configurations, each in the place of its number, and the system that wants it.
struct Few {
    /// [`NO_MAC`] where there is none, or another configuration before has the same.
    macs: [u64; MOST],
    configurations: [u32; MOST],
    systems: [u32; MOST],
    /// Whether anything is disputed: otherwise each place is its configuration's number.
    disputed: bool,
}

/// Does what [`MacJoin::company`](super::MacJoin::company) does.
pub(super) fn company<'a, S, M>(
    configurations: impl Iterator<Item = &'a str>,
    systems: S,
    joined: &mut Vec<Joined>,
) where
    S: IntoIterator<Item = M>,
    M: IntoIterator<Item = &'a str>,
{
    let mut few = Few::of(configurations);
    let first = joined.len();
    for (system, macs) in (0..SEVERAL).zip(systems) {
        joined.push(few.claim(system, macs));
    }
    if few.disputed {
        for found in joined.iter_mut().skip(first) {
            if let Joined::One(at) = *found {
                *found = few.judged(at);
            }
        }
    }
}

impl Few {
    fn of<'a>(configurations: impl Iterator<Item = &'a str>) -> Self {
        let mut few = Self {
            macs: [NO_MAC; MOST],
            configurations: [NONE; MOST],
            systems: [NONE; MOST],
            disputed: false,
        };
        for (at, text) in configurations.enumerate().take(MOST) {
            let Ok(mac) = Mac::parse(text) else { continue };
            let before = few.macs.iter().position(|other| *other == mac.bits());
            few.disputed |= before.is_some();
            let number = match before {
                Some(_) => SEVERAL,
                None => u32::try_from(at).unwrap_or(NONE),
            };
            let at = before.unwrap_or(at);
            if let (Some(slot), Some(configuration)) =
                (few.macs.get_mut(at), few.configurations.get_mut(at))
            {
                (*slot, *configuration) = (mac.bits(), number);
            }
        }
        few
    }

    /// Enters a system where it has the MAC of a configuration, and says which place that is.
    fn claim<'a>(&mut self, system: u32, macs: impl IntoIterator<Item = &'a str>) -> Joined {
        let mut places = 0;
        for text in macs {
            places |= mac::read(text).map_or(0, |bits| self.places(bits));
        }
        let first = places.trailing_zeros();
        let others = places & places.wrapping_sub(1);
        if places == 0 {
            return Joined::Nothing;
        }
        self.enter(system, first);
        if others == 0 {
            return Joined::One(first);
        }
        (0..u32::BITS)
            .filter(|at| others & (1 << at) != 0)
            .for_each(|at| self.enter(system, at));
        Joined::SeveralConfigurations
    }

    fn enter(&mut self, system: u32, at: u32) {
        if let Some(wants) = self.systems.get_mut(at as usize) {
            self.disputed |= *wants != NONE;
            *wants = if *wants == NONE { system } else { SEVERAL };
        }
    }

    /// A bit for each place that has the MAC. It looks at all at once, which is faster than branches that cannot be foreseen.
    fn places(&self, bits: u64) -> u32 {
        let [a, b, c, d] = self.macs.map(|other| u32::from(other == bits));
        a | b << 1 | c << 2 | d << 3
    }

    fn judged(&self, at: u32) -> Joined {
        let at = at as usize;
        match (self.configurations.get(at), self.systems.get(at)) {
            (Some(configuration), Some(system)) => Slot {
                mac: 0,
                configuration: *configuration,
                system: *system,
            }
            .judged(),
            _ => Joined::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::MacJoin;
    use proptest::prelude::*;

    /// One of few addresses, so that they meet; two are none.
    fn text() -> impl Strategy<Value = String> {
        (0..8_u8).prop_map(|last| match last {
            0 => String::new(),
            1 => "00:00:00:00:00:00".to_owned(),
            last => format!("00-15-5D-00-00-{last:02X}"),
        })
    }

    proptest! {
        #[test]
        fn a_handful_is_joined_like_many(
            configurations in proptest::collection::vec(text(), 0..=MOST),
            systems in proptest::collection::vec(proptest::collection::vec(text(), 0..3), 0..6),
        ) {
            let join = |more: usize| {
                // Configurations without a MAC change nothing but the way.
                let texts: Vec<&str> = configurations.iter().map(String::as_str).chain(vec![""; more]).collect();
                let mut joined = Vec::new();
                MacJoin::default().company(
                    texts.iter().copied(),
                    systems.iter().map(|macs| macs.iter().map(String::as_str)),
                    &mut joined,
                );
                joined
            };
            prop_assert_eq!(join(0), join(MOST + 1));
        }
    }
}
