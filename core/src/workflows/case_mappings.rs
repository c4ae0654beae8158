use crate::{
    case::Case,
    decide,
    effect::Expectation,
    environment::Environment,
    error::Result,
    mapping::{Mapping, MappingKey, MappingRecord},
    runtime::Context,
    store::session::{self, Stored},
};

/// What the store says of a case's group and system, as far as the configuration does not say it.
#[derive(Debug, Default)]
pub(super) struct CaseMappings {
    group: Option<Stored<MappingRecord>>,
    system: Option<Stored<MappingRecord>>,
}

impl CaseMappings {
    /// Reads both at once; nothing where the configuration decides about both.
    pub(super) async fn read(cx: &Context, env: &Environment, case: &Case) -> Result<Self> {
        let group = MappingKey::group(case.group.id.as_str());
        Self::of(cx, env, Some(group), system_of(case)).await
    }

    /// Reads the system's alone, for a case whose ticket has its company.
    pub(super) async fn of_system(cx: &Context, env: &Environment, case: &Case) -> Result<Self> {
        Self::of(cx, env, None, system_of(case)).await
    }

    async fn of(
        cx: &Context,
        env: &Environment,
        group: Option<MappingKey>,
        system: Option<MappingKey>,
    ) -> Result<Self> {
        let asked = |key: &MappingKey| decide::asks_mapping(&env.settings, key);
        let (group, system) = (group.filter(asked), system.filter(asked));
        let keys: Vec<String> = [&group, &system]
            .into_iter()
            .flatten()
            .map(|key| env.keys.mapping(key))
            .collect();
        if keys.is_empty() {
            return Ok(Self::default());
        }
        let mut records = session::get_many(cx, keys).await?.into_iter();
        Ok(Self {
            group: group.and_then(|_| records.next()),
            system: system.and_then(|_| records.next()),
        })
    }

    pub(super) fn group(&self) -> Option<&Mapping> {
        mapping(self.group.as_ref())
    }

    pub(super) fn system(&self) -> Option<&Mapping> {
        mapping(self.system.as_ref())
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Mapping> {
        self.group().into_iter().chain(self.system())
    }

    /// What must hold for the group to be still as it was read.
    pub(super) fn unmapped(&self) -> Option<Expectation> {
        let group = self.group.as_ref()?;
        Some(Expectation {
            key: group.key.clone(),
            revision: group.revision,
        })
    }
}

fn system_of(case: &Case) -> Option<MappingKey> {
    let system = case.system.as_ref()?;
    Some(MappingKey::system(system.id.as_str()))
}

fn mapping(stored: Option<&Stored<MappingRecord>>) -> Option<&Mapping> {
    stored?.value.as_ref().map(|record| &record.mapping)
}
