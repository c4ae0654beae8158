use super::{
    set::configured,
    staging::{ROUNDS, Staging, contended},
};
use crate::{
    environment::Environment,
    error::{Code, Error, Fault, Result},
    mapping::{Mapping, MappingKey, MappingOrigin, MappingState, MappingsChanged},
    runtime::Context,
};

/// Takes maps out (guide 000 section 6.2 step 9 and section 7.2 step 18). Automatic mapping leaves these groups and systems
/// unmapped from then on, until they are set by hand or released. A group or system without a map is left out likewise.
///
/// # Errors
///
/// All faults at once, with nothing changed.
pub(crate) async fn remove_mapping(
    cx: &Context,
    env: &Environment,
    keys: &[MappingKey],
    by: Option<&str>,
) -> Result<MappingsChanged> {
    let state = MappingState {
        target: None,
        origin: MappingOrigin::Removed,
        reason: "the map was removed".to_owned(),
        at: None,
        by: by.map(str::to_owned),
    };
    change(cx, env, keys, &state, None).await
}

/// Gives groups and systems back to automatic mapping: they are not mapped until it finds something for them.
///
/// # Errors
///
/// All faults at once, with nothing changed.
pub(crate) async fn release_mapping(
    cx: &Context,
    env: &Environment,
    keys: &[MappingKey],
    by: Option<&str>,
) -> Result<MappingsChanged> {
    let state = MappingState {
        target: None,
        origin: MappingOrigin::Automatic,
        reason: Mapping::RELEASED.to_owned(),
        at: None,
        by: by.map(str::to_owned),
    };
    let wanted = "groups or systems were given back to automatic mapping";
    change(cx, env, keys, &state, Some(wanted)).await
}

async fn change(
    cx: &Context,
    env: &Environment,
    keys: &[MappingKey],
    state: &MappingState,
    wanted: Option<&str>,
) -> Result<MappingsChanged> {
    let faults: Vec<Fault> = keys
        .iter()
        .enumerate()
        .filter_map(|(index, key)| {
            let (code, message, fix) = configured(&env.settings, key)?;
            Some(Fault::new(
                code,
                format!("/mappings/{index}/id"),
                message,
                fix,
            ))
        })
        .collect();
    if !faults.is_empty() {
        return Err(Error::refused("the mappings", faults));
    }
    for _ in 0..ROUNDS {
        let mut staging = Staging::load(cx, env, keys.iter().cloned().collect()).await?;
        for key in keys {
            let released = state.origin == MappingOrigin::Automatic;
            if !released || staging.get(key).is_some() {
                staging.decide(key, None, None, state.clone());
            }
        }
        let changed = staging.changed() as u64;
        match staging.commit(wanted).await {
            Err(error) if error.code == Code::StoreConflict => {}
            Err(error) => return Err(error),
            Ok(()) => {
                let now = keys.iter().filter_map(|key| staging.get(key));
                return Ok(MappingsChanged {
                    mappings: now.cloned().collect(),
                    changed,
                    ..MappingsChanged::default()
                });
            }
        }
    }
    Err(contended())
}
