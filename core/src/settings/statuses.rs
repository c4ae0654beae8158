use super::Settings;
use crate::{
    case::Case,
    catalog::same_name,
    error::{Code, Fault, pointer},
};
use std::collections::BTreeSet;

impl Settings {
    /// Names each case status that a board in use can give a case and that has no ticket status there, and `closed` where it
    /// has none (row B3: the status map is total in both directions or named as incomplete). A warning: a case that comes back
    /// with such a status is refused then.
    #[must_use]
    pub fn unmapped_case_statuses(&self) -> Vec<Fault> {
        let config = self.config();
        let mut faults = Vec::new();
        for (board, map) in &config.status_map {
            let in_use = config.routes.iter().any(|route| {
                let name = route.board.as_ref();
                !route.ignore && name.is_some_and(|name| same_name(name, board))
            });
            if !in_use {
                continue;
            }
            let given = map
                .to_case
                .values()
                .map(|status| status.trim().to_lowercase());
            let needed: BTreeSet<String> = given.chain([Case::CLOSED.to_owned()]).collect();
            for status in needed {
                if map.to_ticket.keys().any(|known| same_name(known, &status)) {
                    continue;
                }
                faults.push(Fault::new(
                    Code::UnmappedStatus,
                    format!("{}/to_ticket", pointer("/status_map", board)),
                    format!("the case status '{status}' has no ticket status on board '{board}'"),
                    format!("Add \"{status}\" to to_ticket"),
                ));
            }
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use crate::decide::tests::settings;
    use serde_json::json;

    #[test]
    fn what_a_board_can_give_a_case_must_have_a_way_back() {
        assert_eq!(settings(|_| {}).unmapped_case_statuses(), []);
        let incomplete = settings(|d| {
            d["status_map"]["Professional Services"]["to_ticket"] =
                json!({"open": "New (not responded)"});
            d["status_map"]["Elsewhere"] = json!({"to_case": {"x": "odd"}});
        });
        let faults = incomplete.unmapped_case_statuses();
        let named: Vec<_> = faults.iter().map(|fault| fault.fix.as_str()).collect();
        assert_eq!(
            named,
            [
                "Add \"closed\" to to_ticket",
                "Add \"in_progress\" to to_ticket"
            ]
        );
        assert_eq!(
            faults[0].pointer,
            "/status_map/Professional Services/to_ticket"
        );
    }
}
