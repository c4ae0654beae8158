//! What the service knows beside the connectors' records: instances, groups and systems, cases as they were handed over.

use super::{App, chosen::Chosen, json, refusal::Refusal};
use crate::cli::serve::tables;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use casewire::{Command, Outcome};
use serde::Deserialize;
use serde_json::json as value;
use std::sync::Arc;

/// Most entries of a page.
const MOST: u32 = 1000;

/// `GET /instances`: the names.
pub(super) async fn instances(State(app): State<Arc<App>>) -> Response {
    let all = app.instances.all();
    let names: Vec<&str> = all.iter().map(|instance| instance.name()).collect();
    let body = value!({ "instances": names, "version": env!("CARGO_PKG_VERSION") });
    json(StatusCode::OK, body.to_string())
}

/// `GET /inventory`: the product's groups and systems, as the service was given them.
pub(super) async fn inventory(
    State(app): State<Arc<App>>,
    chosen: Chosen,
) -> Result<Response, Refusal> {
    let instance = chosen.instance()?;
    let source = app.instances.source(instance.name());
    let inventory = source
        .and_then(|source| source.inventory)
        .unwrap_or_default();
    Ok(json(
        StatusCode::OK,
        serde_json::to_string(&inventory).unwrap_or_default(),
    ))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    limit: Option<u32>,
}

/// `GET /cases`: those that were handed over last, the newest first.
pub(super) async fn cases(
    State(app): State<Arc<App>>,
    chosen: Chosen,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let instance = chosen.instance()?;
    let limit = wanted.limit.unwrap_or(100).clamp(1, MOST);
    let name = instance.name().to_owned();
    let cases = app
        .desk
        .ask(move |sql| tables::newest_cases(sql, &name, limit))
        .await
        .map_err(|why| Refusal::of_store(&why))?;
    Ok(json(
        StatusCode::OK,
        format!(r#"{{"cases":[{}]}}"#, cases.join(",")),
    ))
}

/// `GET /cases/{id}/history`: the case, its ticket, how it stands, and what happened to it, the oldest first.
pub(super) async fn history(
    State(app): State<Arc<App>>,
    chosen: Chosen,
) -> Result<Response, Refusal> {
    let instance = chosen.instance()?;
    let case_id = chosen.case;
    let links = instance.run(Command::ListLinks {
        after: None,
        limit: 1,
        case_id: Some(case_id.clone()),
        ticket: None,
    });
    let link = match links.await.ok_or_else(Refusal::stopping)?? {
        Outcome::Links(page) => page.links.into_iter().next(),
        _ => None,
    };
    let waiting = super::cases::waiting(&instance, &case_id).await?;
    let (name, wanted) = (instance.name().to_owned(), case_id.clone());
    let kept = app.desk.ask(move |sql| {
        let case = tables::case(sql, &name, &wanted)?;
        let changes = tables::changes_of_case(sql, &name, &wanted, MOST)?;
        Ok((case, changes))
    });
    let (case, changes) = kept.await.map_err(|why| Refusal::of_store(&why))?;
    if link.is_none() && waiting.is_none() && case.is_none() {
        return Err(Refusal::no_such_case(&case_id));
    }
    let head = value!({ "case_id": case_id, "case": case, "link": link, "waiting": waiting });
    let head = head.to_string();
    let changes: Vec<String> = changes.iter().map(tables::Change::json).collect();
    let body = format!(
        r#"{},"changes":[{}]}}"#,
        head.strip_suffix('}').unwrap_or(&head),
        changes.join(",")
    );
    Ok(json(StatusCode::OK, body))
}
