use super::{
    priority,
    route::{Routing, route},
    status,
};
use crate::{case::Case, error::Fault, settings::Settings};

/// What of a case has no place in the configuration, before ConnectWise is asked anything.
pub(crate) fn acceptance(settings: &Settings, case: &Case) -> Vec<Fault> {
    let Routing::To(route, _) = route(settings, case) else {
        return Vec::new();
    };
    let mut faults = Vec::new();
    if route.value.priority.is_none()
        && let Err(fault) = priority::name(settings, case)
    {
        faults.push(fault);
    }
    let board = route.value.board.as_deref().unwrap_or_default();
    if let Err(fault) = status::check(settings, board, &case.status) {
        faults.push(fault);
    }
    faults
}

impl Settings {
    /// Every fault of a case, of its own and against this configuration. A case without one is taken over.
    #[must_use]
    pub fn check_case(&self, case: &Case) -> Vec<Fault> {
        let mut faults = case.check();
        faults.extend(acceptance(self, case));
        faults
    }
}
