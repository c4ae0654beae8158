use super::{
    priority,
    route::{Routing, route},
    status,
};
use crate::{
    case::Case,
    error::{Error, Fault, Result},
    json,
    settings::Settings,
};

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

    /// Reads a case from JSON and checks it, as [`check_case`](Self::check_case) does.
    ///
    /// # Errors
    /// Every fault of form and of meaning at once.
    pub fn case_from_json(&self, text: &[u8]) -> Result<Case> {
        json::read_and_check(text, |case| self.check_case(case))
            .map_err(|faults| Error::refused("the case", faults))
    }
}
