use crate::{
    api::Client,
    catalog::{Board, Catalog, same_name},
    error::{Code, Error, Fault, Result},
    nearest::{did_you_mean, listed},
    quirks::LengthUnit,
    runtime::{Context, join_all},
    service::boards,
    system::custom_fields,
};
use serde::Serialize;
use std::{collections::BTreeSet, future::Future, pin::Pin};

/// What of the catalog is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct CatalogScope {
    /// Boards whose children are read, by name.
    pub(crate) boards: BTreeSet<String>,
    pub(crate) sources: bool,
    pub(crate) custom_fields: bool,
    /// What the instance calls impacts and severities.
    pub(crate) labels: bool,
    pub(crate) slas: bool,
}

/// A catalog, and what of it could not be read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CatalogReading {
    pub(crate) catalog: Catalog,
    pub(crate) gaps: Vec<CatalogGap>,
}

/// A part of the catalog that could not be read; it is empty in the catalog.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CatalogGap {
    /// Such as `statuses of board 'Professional Services'`.
    pub(crate) what: String,
    pub(crate) part: CatalogPart,
    /// The board whose child it is.
    pub(crate) board: Option<u32>,
    pub(crate) error: Error,
}

impl CatalogReading {
    /// The gaps as faults.
    pub(crate) fn gap_faults(&self) -> Vec<Fault> {
        let gaps = self.gaps.iter();
        gaps.map(|gap| {
            let message = format!(
                "the API member may not read the {}: {}",
                gap.what, gap.error.message
            );
            Fault::new(
                Code::Forbidden,
                "/routes",
                message,
                "Give its security role that right",
            )
        })
        .collect()
    }
}

/// A collection of the catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CatalogPart {
    Priorities,
    Sources,
    CustomFields,
    Impacts,
    Severities,
    Slas,
    Statuses,
    Types,
    Subtypes,
    Items,
    Associations,
    Teams,
}

/// One collection that was read.
enum Piece {
    Priorities(Vec<crate::catalog::Priority>),
    Sources(Vec<crate::catalog::Named>),
    CustomFields(Vec<crate::catalog::CustomField>),
    Impacts(Vec<crate::catalog::Label>),
    Severities(Vec<crate::catalog::Label>),
    Slas(Vec<crate::catalog::Named>),
    Child(u32, Child),
}

enum Child {
    Statuses(Vec<crate::catalog::Status>),
    Types(Vec<crate::catalog::Named>),
    Subtypes(Vec<crate::catalog::Named>),
    Items(Vec<crate::catalog::Named>),
    Associations(Vec<crate::catalog::Association>),
    Teams(Vec<crate::catalog::Named>),
}

type Reading<'a> = Pin<Box<dyn Future<Output = (Place, Result<Piece>)> + Send + 'a>>;

/// Which collection a reading is of.
struct Place {
    what: String,
    part: CatalogPart,
    board: Option<u32>,
}

impl CatalogReading {
    /// The reading, unless a part of it failed in another way than by being forbidden, or the priorities, without which no
    /// ticket can be decided, could not be read.
    ///
    /// # Errors
    ///
    /// What the first such part came to.
    pub(crate) fn or_failure(self) -> Result<Self> {
        let failed = |gap: &&CatalogGap| {
            gap.error.code != Code::Forbidden || gap.part == CatalogPart::Priorities
        };
        match self.gaps.iter().find(failed) {
            Some(gap) => Err(gap.error.clone()),
            None => Ok(self),
        }
    }
}

/// Reads boards, priorities and what else is wanted, side by side.
///
/// It costs one request, then one for the priorities, one for each further table that is wanted, and six for each wanted
/// board. Rights are per board: what cannot be read is left empty and told as a gap (API.md section 2).
///
/// # Errors
///
/// What reading the list of boards came to.
pub(crate) async fn read_catalog(
    cx: &Context,
    api: &Client,
    wanted: &CatalogScope,
) -> Result<CatalogReading> {
    let boards = boards::boards(cx, api).await?;
    let mut readings: Vec<Reading<'_>> = vec![reading(
        whole("priorities", CatalogPart::Priorities),
        async move { Ok(Piece::Priorities(boards::priorities(cx, api).await?)) },
    )];
    if wanted.sources {
        readings.push(reading(
            whole("sources", CatalogPart::Sources),
            async move { Ok(Piece::Sources(boards::sources(cx, api).await?)) },
        ));
    }
    if wanted.custom_fields {
        readings.push(reading(
            whole("custom fields", CatalogPart::CustomFields),
            async move {
                Ok(Piece::CustomFields(
                    custom_fields::of_tickets(cx, api).await?,
                ))
            },
        ));
    }
    if wanted.labels {
        readings.push(reading(
            whole("impacts", CatalogPart::Impacts),
            async move { Ok(Piece::Impacts(boards::impacts(cx, api).await?)) },
        ));
        readings.push(reading(
            whole("severities", CatalogPart::Severities),
            async move { Ok(Piece::Severities(boards::severities(cx, api).await?)) },
        ));
    }
    if wanted.slas {
        readings.push(reading(whole("SLAs", CatalogPart::Slas), async move {
            Ok(Piece::Slas(boards::slas(cx, api).await?))
        }));
    }
    for board in boards.iter().filter(|board| wanted.names(board)) {
        readings.extend(children(cx, api, board));
    }

    let mut reading = CatalogReading {
        catalog: Catalog {
            read_at: cx.now(),
            boards,
            priorities: Vec::new(),
            sources: Vec::new(),
            custom_fields: Vec::new(),
            impacts: Vec::new(),
            severities: Vec::new(),
            slas: Vec::new(),
            length_unit: LengthUnit::default(),
        },
        gaps: Vec::new(),
    };
    for (place, result) in join_all(readings).await {
        match result {
            Ok(piece) => reading.catalog.put(piece),
            Err(error) => reading.gaps.push(CatalogGap {
                what: place.what,
                part: place.part,
                board: place.board,
                error,
            }),
        }
    }
    Ok(reading)
}

fn children<'a>(cx: &'a Context, api: &'a Client, board: &Board) -> [Reading<'a>; 6] {
    let id = board.id;
    let what = |child: &str, part| Place {
        what: format!("{child} of board '{}'", board.name),
        part,
        board: Some(id),
    };
    [
        reading(what("statuses", CatalogPart::Statuses), async move {
            Ok(Piece::Child(
                id,
                Child::Statuses(boards::statuses(cx, api, id).await?),
            ))
        }),
        reading(what("types", CatalogPart::Types), async move {
            Ok(Piece::Child(
                id,
                Child::Types(boards::types(cx, api, id).await?),
            ))
        }),
        reading(what("subtypes", CatalogPart::Subtypes), async move {
            Ok(Piece::Child(
                id,
                Child::Subtypes(boards::subtypes(cx, api, id).await?),
            ))
        }),
        reading(what("items", CatalogPart::Items), async move {
            Ok(Piece::Child(
                id,
                Child::Items(boards::items(cx, api, id).await?),
            ))
        }),
        reading(
            what("associations", CatalogPart::Associations),
            async move {
                Ok(Piece::Child(
                    id,
                    Child::Associations(boards::associations(cx, api, id).await?),
                ))
            },
        ),
        reading(what("teams", CatalogPart::Teams), async move {
            Ok(Piece::Child(
                id,
                Child::Teams(boards::teams(cx, api, id).await?),
            ))
        }),
    ]
}

fn reading<'a>(
    place: Place,
    piece: impl Future<Output = Result<Piece>> + Send + 'a,
) -> Reading<'a> {
    Box::pin(async move { (place, piece.await) })
}

fn whole(what: &str, part: CatalogPart) -> Place {
    Place {
        what: what.to_owned(),
        part,
        board: None,
    }
}

/// What a host is shown of an instance before any configuration fits it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BoardsReport {
    /// Every board, the children of those that were asked for, priorities, sources, impacts, severities and SLAs.
    pub catalog: Catalog,
    /// What the API member may not read, each with what to do; it is empty in the catalog.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<String>,
}

/// Reads boards for someone who is about to choose: no configuration is held against them.
///
/// # Errors
///
/// Every asked board that the instance does not have; what reading came to.
pub(crate) async fn read_boards(
    cx: &Context,
    api: &Client,
    names: &[String],
) -> Result<BoardsReport> {
    let wanted = CatalogScope {
        boards: names.iter().cloned().collect(),
        sources: true,
        labels: true,
        slas: true,
        custom_fields: false,
    };
    let reading = read_catalog(cx, api, &wanted).await?;
    let mut faults = Vec::new();
    for (index, name) in names.iter().enumerate() {
        if reading.catalog.board(name).is_none() {
            let boards = reading.catalog.boards.iter();
            let known: Vec<&str> = boards.map(|board| board.name.as_str()).collect();
            faults.push(Fault::new(
                Code::UnknownBoard,
                format!("/boards/{index}"),
                format!("the instance has no board '{name}'"),
                format!("{}Boards: {}", did_you_mean(name, &known), listed(&known)),
            ));
        }
    }
    if !faults.is_empty() {
        return Err(Error::refused("the command", faults));
    }
    let gaps = reading.gaps.into_iter();
    Ok(BoardsReport {
        catalog: reading.catalog,
        gaps: gaps
            .map(|gap| format!("{}: {}", gap.what, gap.error.message))
            .collect(),
    })
}

impl CatalogScope {
    fn names(&self, board: &Board) -> bool {
        self.boards.iter().any(|name| same_name(name, &board.name))
    }
}

impl Catalog {
    fn put(&mut self, piece: Piece) {
        match piece {
            Piece::Priorities(priorities) => self.priorities = priorities,
            Piece::Sources(sources) => self.sources = sources,
            Piece::CustomFields(fields) => self.custom_fields = fields,
            Piece::Impacts(labels) => self.impacts = labels,
            Piece::Severities(labels) => self.severities = labels,
            Piece::Slas(slas) => self.slas = slas,
            Piece::Child(id, child) => {
                if let Some(board) = self.boards.iter_mut().find(|board| board.id == id) {
                    board.put(child);
                }
            }
        }
    }
}

impl Board {
    fn put(&mut self, child: Child) {
        match child {
            Child::Statuses(statuses) => self.statuses = statuses,
            Child::Types(types) => self.types = types,
            Child::Subtypes(subtypes) => self.subtypes = subtypes,
            Child::Items(items) => self.items = items,
            Child::Associations(associations) => self.associations = associations,
            Child::Teams(teams) => self.teams = teams,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        api::testing::{Reply, Server, client, ok, status},
        effect::HttpRequest,
    };
    use serde_json::json;

    fn instance(request: &HttpRequest) -> Reply {
        let path = request.url.split("/apis/3.0").nth(1).unwrap();
        let path = path.split('?').next().unwrap();
        ok(match path {
            "/service/boards" => json!([
                {"id": 1, "name": "Professional Services", "projectFlag": null, "inactiveFlag": false},
                {"id": 2, "name": "Help Desk", "inactiveFlag": true},
                {"id": 3, "name": "Old", "inactive": true, "projectFlag": true}
            ]),
            "/service/boards/1/statuses" => json!([
                {"id": 10, "name": "New (not responded)", "defaultFlag": true, "closedStatus": false},
                {"id": 11, "name": "Closed", "closedStatus": true, "inactive": true}
            ]),
            "/service/boards/1/types" => {
                json!([{"id": 20, "name": "Security", "inactiveFlag": true}])
            }
            "/service/boards/1/subtypes" => json!([{"id": 30, "name": "Audit"}]),
            "/service/boards/1/items" => json!([{"id": 40, "name": "Log"}]),
            "/service/boards/1/typeSubTypeItemAssociations" => json!([
                {"id": 1, "type": {"id": 20, "name": "Security"}, "subType": {"id": 30}, "item": null},
                {"id": 2, "subType": {"id": 30}}
            ]),
            "/service/boards/1/teams" => json!([{"id": 50, "name": "SOC", "members": [1]}]),
            "/service/priorities" => {
                json!([{"id": 60, "name": "Priority 1", "level": "Critical"}, {"id": 61, "name": "Old", "level": null}])
            }
            "/service/sources" => json!([{"id": 70, "name": "Email"}]),
            "/system/userDefinedFields" => json!([
                {"id": 80, "caption": "Case Number", "fieldTypeIdentifier": "Text", "screenId": "sr100", "podId": 1},
                {"id": 81, "caption": "Quote", "fieldTypeIdentifier": "Text", "screenId": "my_opportunities"},
                {"id": 82, "caption": "Level", "fieldTypeIdentifier": "Text",
                 "options": [{"id": 1, "optionValue": "a"}, {"id": 2, "optionValue": "b", "inactiveFlag": true}]}
            ]),
            other => panic!("{other}"),
        })
    }

    fn scope() -> CatalogScope {
        CatalogScope {
            boards: ["professional services ".to_owned(), "missing".to_owned()].into(),
            sources: true,
            custom_fields: true,
            ..CatalogScope::default()
        }
    }

    fn read(server: &mut Server, wanted: CatalogScope) -> Result<CatalogReading> {
        server.run(|cx| async move { read_catalog(&cx, &client(), &wanted).await })
    }

    #[test]
    fn the_catalog_is_read_side_by_side_and_no_more_than_is_wanted() {
        let mut server = Server::new([]);
        server.otherwise = Some(instance);
        let reading = read(&mut server, scope()).unwrap();
        assert_eq!(server.sent.len(), 1 + 3 + 6);
        assert_eq!(server.most_at_once, 9);
        assert!(reading.gaps.is_empty());

        let catalog = reading.catalog;
        let board = catalog.board("Professional Services").unwrap();
        assert!(board.status("new (not responded)").unwrap().default);
        let closed = board.status("Closed").unwrap();
        assert!(closed.closed && closed.inactive);
        assert!(board.types[0].inactive);
        assert_eq!(
            board.associations,
            [crate::catalog::Association {
                kind: 20,
                subtype: Some(30),
                item: None
            }]
        );
        assert_eq!(
            (board.teams.len(), board.items.len(), board.subtypes.len()),
            (1, 1, 1)
        );
        assert!(
            catalog.boards[1].inactive && catalog.boards[2].inactive && catalog.boards[2].project
        );
        assert!(catalog.boards[1].statuses.is_empty());
        assert_eq!(catalog.priorities.len(), 2);
        assert_eq!(catalog.sources[0].name, "Email");
        let captions: Vec<_> = catalog
            .custom_fields
            .iter()
            .map(|field| field.caption.as_str())
            .collect();
        assert_eq!(captions, ["Case Number", "Level"]);
        assert_eq!(catalog.custom_fields[1].options, ["a"]);

        let mut server = Server::new([]);
        server.otherwise = Some(instance);
        read(&mut server, CatalogScope::default()).unwrap();
        assert_eq!(server.urls().len(), 2);
    }

    #[test]
    fn a_forbidden_child_leaves_a_gap_and_the_rest() {
        let mut server = Server::new([]);
        server.otherwise = Some(|request| {
            if request.url.contains("/1/teams") {
                status(403, "{}")
            } else {
                instance(request)
            }
        });
        let reading = read(&mut server, scope()).unwrap();
        assert_eq!(reading.gaps.len(), 1);
        assert_eq!(
            reading.gaps[0].what,
            "teams of board 'Professional Services'"
        );
        assert_eq!(reading.catalog.boards[0].statuses.len(), 2);
    }

    #[test]
    fn what_is_not_forbidden_but_wrong_ends_the_reading() {
        let mut server = Server::new([]);
        server.otherwise = Some(|request| {
            if request.url.contains("/1/teams") {
                status(401, "{}")
            } else {
                instance(request)
            }
        });
        let reading = read(&mut server, scope()).unwrap();
        assert_eq!(reading.or_failure().unwrap_err().code, Code::Unauthorized);
    }
}
