use super::{Creation, ProvisionPlan, ProvisionStep};
use crate::{
    case::Case,
    catalog::{Association, Board, Catalog, Named, Place, Status, same_name},
    config::Route,
    error::{Code, Error, Fault, Result, pointer},
    nearest::{did_you_mean, listed},
    repair::Repair,
    settings::{RouteName, Settings},
    text::length,
};

/// ConnectWise's limit for the name of a board, status, type, subtype or item (API.md section 8).
const NAME: usize = 50;

impl Settings {
    /// What of the configuration the instance lacks and can be made, in order, each with its reason; and what is left for a
    /// person.
    ///
    /// # Errors
    ///
    /// A name that ConnectWise would not take; a new board for which it is not clear where it belongs. All faults at once.
    pub fn plan_provision(&self, catalog: &Catalog) -> Result<ProvisionPlan> {
        let mut plan = Planning {
            settings: self,
            after: catalog.clone(),
            steps: Vec::new(),
            faults: Vec::new(),
            last_id: 0,
        };
        for (index, route) in self.config().routes.iter().enumerate() {
            if !route.ignore {
                plan.route(index, route);
            }
        }
        if !plan.faults.is_empty() {
            return Err(Error::refused("the configuration", plan.faults));
        }
        let left = self.check(&plan.after);
        Ok(ProvisionPlan {
            digest: catalog.digest(),
            steps: plan.steps,
            manual: left.into_iter().map(by_hand).collect(),
        })
    }
}

/// What a person does about a fault that no step mends.
fn by_hand(fault: Fault) -> Repair {
    let mut repair = Repair::from(fault.clone());
    if fault.code == Code::NotAssociated {
        repair.fix = "In ConnectWise, open the board under Setup Tables > Service Board and associate them there: the API \
            can do so for new subtypes only"
            .to_owned();
    }
    repair
}

struct Planning<'a> {
    settings: &'a Settings,
    /// The instance as it will be.
    after: Catalog,
    steps: Vec<ProvisionStep>,
    faults: Vec<Fault>,
    last_id: u32,
}

impl Planning<'_> {
    fn route(&mut self, index: usize, route: &Route) {
        let Some(name) = route.board.as_deref() else {
            return;
        };
        let at = format!("/routes/{index}");
        if self.after.board(name).is_none() {
            self.board(name, &at);
        }
        let usable = |board: &&Board| !board.inactive && !board.project;
        let Some(board) = self.after.board(name).filter(usable).cloned() else {
            return;
        };
        self.statuses(&board);
        let triples = route.triples();
        for kind in triples.iter().filter_map(|triple| triple.kind.as_ref()) {
            self.kind(&board.name, kind, &at);
        }
        for subtype in triples.iter().filter_map(|triple| triple.subtype.as_ref()) {
            self.subtype(&board.name, subtype, &at);
        }
        for item in triples.iter().filter_map(|triple| triple.item.as_ref()) {
            self.item(&board.name, item, &at);
        }
    }

    fn board(&mut self, name: &str, at: &str) {
        let location = self.place("location");
        let department = self.place("department");
        let boards = self.after.boards.iter();
        let known: Vec<&str> = boards.map(|board| board.name.as_str()).collect();
        let near = did_you_mean(name, &known);
        let reason = format!("{at}/board names it, and the instance has no such board. {near}");
        let create = Creation::Board {
            name: name.trim().to_owned(),
            location,
            department,
        };
        let id = self.step(create, reason.trim_end(), &format!("{at}/board"));
        self.after.boards.push(Board {
            id,
            name: name.trim().to_owned(),
            inactive: false,
            project: false,
            location: None,
            department: None,
            statuses: Vec::new(),
            types: Vec::new(),
            subtypes: Vec::new(),
            items: Vec::new(),
            associations: Vec::new(),
            teams: Vec::new(),
        });
    }

    /// The location or department of a new board: the configured one, else that of the instance's boards if it is one.
    fn place(&mut self, key: &str) -> Place {
        let asked = &self.settings.config().provision;
        let asked = match key {
            "location" => &asked.location,
            _ => &asked.department,
        };
        let boards = self.after.boards.iter().filter(|board| !board.inactive);
        let mut known: Vec<Place> = boards
            .filter_map(|board| match key {
                "location" => board.location.clone(),
                _ => board.department.clone(),
            })
            .collect();
        known.sort();
        known.dedup();
        if let Some(name) = asked {
            let found = known.iter().find(|place| same_name(&place.name, name));
            return found.cloned().unwrap_or(Place {
                id: None,
                name: name.trim().to_owned(),
            });
        }
        let names: Vec<&str> = known.iter().map(|place| place.name.as_str()).collect();
        if let [place] = known.as_slice() {
            return place.clone();
        }
        self.faults.push(Fault::new(
            Code::MissingKey,
            format!("/provision/{key}"),
            format!("a new board needs a {key}, and it is not clear which"),
            format!(
                "Name it here; those of the instance's boards: {}",
                listed(&names)
            ),
        ));
        Place {
            id: None,
            name: String::new(),
        }
    }

    /// Every status that the board's map names: those for new tickets first, closed ones last.
    fn statuses(&mut self, board: &Board) {
        let config = self.settings.config();
        let Some((key, map)) = config
            .status_map
            .iter()
            .find(|(name, _)| same_name(name, &board.name))
        else {
            return;
        };
        let for_new = |status: &str| {
            config.routes.iter().any(|route| {
                let names = |name: &Option<String>, other: &str| {
                    name.as_ref().is_some_and(|name| same_name(name, other))
                };
                names(&route.board, &board.name) && names(&route.status.created, status)
            })
        };
        let mut wanted: Vec<(bool, bool, &String)> = map
            .to_case
            .iter()
            .map(|(status, case)| (same_name(case, Case::CLOSED), !for_new(status), status))
            .collect();
        wanted.sort();
        for (place, (closed, _, status)) in wanted.into_iter().enumerate() {
            if self
                .held(board)
                .is_some_and(|board| board.status(status).is_some())
            {
                continue;
            }
            let at = pointer(&format!("{}/to_case", pointer("/status_map", key)), status);
            let place = u32::try_from(place).unwrap_or_default();
            let create = Creation::Status {
                board: board.name.clone(),
                name: status.trim().to_owned(),
                closed,
                sort_order: place * 10 + if closed { 900 } else { 0 },
            };
            let id = self.step(create, &format!("{at} names it"), &at);
            if let Some(board) = self.held_mut(board) {
                // ConnectWise gives a new board a default status of its own.
                let default = !board.statuses.iter().any(|status| status.default) && !closed;
                board.statuses.push(Status {
                    id,
                    name: status.trim().to_owned(),
                    closed,
                    default,
                    inactive: false,
                });
            }
        }
    }

    fn kind(&mut self, board: &str, kind: &RouteName<'_>, at: &str) {
        if self.has(board, kind.name, |board| &board.types) {
            return;
        }
        let at = format!("{at}/{}", kind.key);
        let create = Creation::Type {
            board: board.to_owned(),
            name: kind.name.trim().to_owned(),
        };
        let id = self.step(create, &format!("{at} names it"), &at);
        self.add(board, id, kind.name, |board| &mut board.types);
    }

    fn subtype(&mut self, board: &str, subtype: &RouteName<'_>, at: &str) {
        if self.has(board, subtype.name, |board| &board.subtypes) {
            return;
        }
        let at = format!("{at}/{}", subtype.key);
        let types = self.types_of(board, subtype.name);
        let create = Creation::Subtype {
            board: board.to_owned(),
            name: subtype.name.trim().to_owned(),
            types: types.clone(),
        };
        let id = self.step(create, &format!("{at} names it"), &at);
        self.add(board, id, subtype.name, |board| &mut board.subtypes);
        let Some(board) = self.after.board_mut(board) else {
            return;
        };
        let associated: Vec<Association> = board
            .types
            .iter()
            .filter(|kind| types.iter().any(|name| same_name(name, &kind.name)))
            .map(|kind| Association {
                kind: kind.id,
                subtype: Some(id),
                item: None,
            })
            .collect();
        board.associations.extend(associated);
    }

    /// The types with which any route pairs a subtype on a board.
    fn types_of(&self, board: &str, subtype: &str) -> Vec<String> {
        let routes = self.settings.config().routes.iter();
        let of_board = routes.filter(|route| {
            let name = route.board.as_deref();
            !route.ignore && name.is_some_and(|name| same_name(name, board))
        });
        let mut types: Vec<String> = Vec::new();
        for triple in of_board.flat_map(Route::triples) {
            let paired = triple
                .subtype
                .is_some_and(|name| same_name(name.name, subtype));
            if let Some(kind) = triple.kind.filter(|_| paired)
                && !types.iter().any(|name| same_name(name, kind.name))
            {
                types.push(kind.name.trim().to_owned());
            }
        }
        types
    }

    fn item(&mut self, board: &str, item: &RouteName<'_>, at: &str) {
        if self.has(board, item.name, |board| &board.items) {
            return;
        }
        let at = format!("{at}/{}", item.key);
        let create = Creation::Item {
            board: board.to_owned(),
            name: item.name.trim().to_owned(),
        };
        let id = self.step(create, &format!("{at} names it"), &at);
        self.add(board, id, item.name, |board| &mut board.items);
    }

    /// Adds a step and gives the record an id that the instance does not have.
    fn step(&mut self, create: Creation, reason: &str, at: &str) -> u32 {
        let name = create.name();
        if length(name) > NAME {
            self.faults.push(Fault::new(
                Code::TooLong,
                at,
                format!("the name '{name}' is longer than {NAME} characters"),
                format!("Shorten it to {NAME} characters"),
            ));
        }
        if name.chars().any(char::is_control) {
            self.faults.push(Fault::new(
                Code::ControlCharacter,
                at,
                "a name has a control character",
                "Remove it",
            ));
        }
        let reason = reason.to_owned();
        self.steps.push(ProvisionStep { create, reason });
        self.last_id += 1;
        u32::MAX - self.last_id
    }

    fn held(&self, board: &Board) -> Option<&Board> {
        self.after.board(&board.name)
    }

    fn held_mut(&mut self, board: &Board) -> Option<&mut Board> {
        self.after.board_mut(&board.name)
    }

    fn has(&self, board: &str, name: &str, among: fn(&Board) -> &Vec<Named>) -> bool {
        self.after.board(board).is_some_and(|board| {
            among(board)
                .iter()
                .any(|known| same_name(&known.name, name))
        })
    }

    fn add(&mut self, board: &str, id: u32, name: &str, among: fn(&mut Board) -> &mut Vec<Named>) {
        if let Some(board) = self.after.board_mut(board) {
            among(board).push(Named {
                id,
                name: name.trim().to_owned(),
                inactive: false,
            });
        }
    }
}

impl Catalog {
    fn board_mut(&mut self, name: &str) -> Option<&mut Board> {
        self.boards
            .iter_mut()
            .find(|board| same_name(&board.name, name))
    }
}

#[cfg(test)]
mod tests;
