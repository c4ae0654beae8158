//! Companies with what says whether they take new tickets, for checks before the first one.

use super::{Company, CompanyId, CompanyKey};
use crate::{
    api::{Client, Conditions, Identified, Query, Reference, SafeText, flag, string},
    error::Result,
    runtime::{Context, join_all},
};
use serde::Deserialize;
use std::collections::BTreeSet;

const PATH: &str = "/company/companies";
const FIELDS: &str = "id,identifier,name,deletedFlag,status";

/// Longest alternative of conditions in one request, in characters before encoding.
const ROOM: usize = 700;

/// A company and its status.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CompanyStanding {
    pub(crate) company: Company,
    /// Id of its status.
    pub(crate) status: Option<u32>,
}

/// A status of companies (API.md section 12).
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct CompanyStatus {
    pub(crate) id: u32,
    #[serde(default, deserialize_with = "string")]
    pub(crate) name: String,
    #[serde(default, rename = "inactiveFlag", deserialize_with = "flag")]
    pub(crate) inactive: bool,
    #[serde(default, rename = "disallowSavingFlag", deserialize_with = "flag")]
    pub(crate) disallow_saving: bool,
}

#[derive(Deserialize)]
struct Row {
    id: CompanyId,
    #[serde(default, deserialize_with = "string")]
    identifier: String,
    #[serde(default, deserialize_with = "string")]
    name: String,
    #[serde(default, rename = "deletedFlag", deserialize_with = "flag")]
    deleted: bool,
    #[serde(default)]
    status: Option<Reference>,
}

impl Identified for Row {
    fn record_id(&self) -> u32 {
        self.id.0
    }
}

impl Identified for CompanyStatus {
    fn record_id(&self) -> u32 {
        self.id
    }
}

/// Reads the statuses of companies.
///
/// # Errors
///
/// What reading came to.
pub(crate) async fn statuses(cx: &Context, api: &Client) -> Result<Vec<CompanyStatus>> {
    let query = Query::new().fields("id,name,inactiveFlag,disallowSavingFlag");
    api.read_all(cx, "/company/companies/statuses", query).await
}

/// Finds all companies that any of these keys names, deleted ones among them, in as few requests as their addresses need.
///
/// Where a name cannot be said safely in a condition, all companies are read.
///
/// # Errors
///
/// What reading came to; none found is no error.
pub(crate) async fn find(
    cx: &Context,
    api: &Client,
    keys: &BTreeSet<CompanyKey>,
) -> Result<Vec<CompanyStanding>> {
    let query = || Query::new().fields(FIELDS);
    let quirks = api.quirks();
    let mut ids = Vec::new();
    let mut texts = Vec::new();
    for key in keys {
        let (field, text) = match key {
            CompanyKey::Id(id) => {
                ids.push(id.0);
                continue;
            }
            CompanyKey::Identifier(text) => ("identifier", text),
            CompanyKey::Name(text) => ("name", text),
        };
        let text = SafeText::said_to(&quirks, text.trim());
        texts.push(text.map(|text| Conditions::new().text_eq(field, &text)));
    }
    let rows: Vec<Row> = match texts.into_iter().collect::<Option<Vec<Conditions>>>() {
        None => api.read_all(cx, PATH, query()).await?,
        Some(texts) => {
            let mut rows: Vec<Row> = match ids.is_empty() {
                true => Vec::new(),
                false => api.read_by_ids(cx, PATH, &query(), &ids).await?,
            };
            let reads =
                Conditions::alternatives(texts, ROOM)
                    .into_iter()
                    .map(|conditions| async move {
                        api.read_all::<Row>(cx, PATH, query().conditions(&conditions))
                            .await
                    });
            for found in join_all(reads).await {
                rows.extend(found?);
            }
            rows
        }
    };
    let mut standings: Vec<CompanyStanding> = rows.into_iter().map(Row::into_standing).collect();
    standings.sort_by_key(|standing| standing.company.id);
    standings.dedup_by_key(|standing| standing.company.id);
    Ok(standings)
}

impl Row {
    fn into_standing(self) -> CompanyStanding {
        CompanyStanding {
            company: Company {
                id: self.id,
                identifier: self.identifier,
                name: self.name,
                deleted: self.deleted,
                default_contact: None,
            },
            status: self.status.and_then(|status| status.id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{Server, client, ok};
    use serde_json::json;

    fn found(server: &mut Server, keys: Vec<CompanyKey>) -> Vec<u32> {
        let keys = keys.into_iter().collect();
        server
            .run(move |cx| async move { find(&cx, &client(), &keys).await })
            .unwrap()
            .iter()
            .map(|standing| standing.company.id.0)
            .collect()
    }

    #[test]
    fn many_companies_cost_few_requests() {
        let mut server = Server::new([]);
        server.otherwise = Some(|_| ok(json!([{"id": 5, "identifier": "A"}])));
        let keys = (0..100).map(|n| CompanyKey::Identifier(format!("Company{n:03}")));
        assert_eq!(found(&mut server, keys.collect()), [5]);
        assert!(server.sent.len() <= 6, "{}", server.sent.len());
        assert!(server.urls().iter().all(|url| url.len() < 1900));
    }

    #[test]
    fn a_name_that_cannot_be_said_is_looked_for_among_all() {
        let mut server = Server::new([ok(json!([{"id": 6, "name": "O\"Brien"}]))]);
        let keys = vec![
            CompanyKey::Name("O\"Brien".to_owned()),
            CompanyKey::Id(CompanyId(5)),
        ];
        assert_eq!(found(&mut server, keys), [6]);
        assert!(!server.urls()[0].contains("conditions"));
    }
}
