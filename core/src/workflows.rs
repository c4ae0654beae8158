//! One file per use case; each reads like the steps of a vendor guide. Errors, retries, budget and order lie beneath.

mod close_ticket;
mod complete_ticket;
mod deliver;
mod exactly_once;
mod open_ticket;
mod preflight;
mod preview_case;
mod probe;
pub(crate) mod read_catalog;
mod resume;
mod submit_case;
pub(crate) mod test_connection;
mod trial;
mod update_ticket;
mod work;
mod write_probe;

pub use test_connection::{ConnectionPart, ConnectionPartKind, ConnectionReport, ConnectionState};

use crate::{
    command::{Command, Outcome},
    environment::Environment,
    error::Result,
    role::Feature,
    runtime::Context,
};
use std::{future::Future, pin::Pin, sync::Arc};

/// Begins the workflow of a command.
pub(crate) fn start(
    cx: Context,
    env: Arc<Environment>,
    command: Command,
) -> Pin<Box<dyn Future<Output = Result<Outcome>> + Send>> {
    Box::pin(async move {
        match command {
            Command::SubmitCase { case } => submit_case::submit_case(&cx, &env, *case)
                .await
                .map(Outcome::Case),
            Command::ContinueCase { case_id } => submit_case::continue_case(&cx, &env, &case_id)
                .await
                .map(Outcome::Case),
            Command::TestConnection => {
                let features = Feature::switched_on(env.settings.config());
                let test = test_connection::test_connection(&cx, &env.api, &features).await;
                Ok(Outcome::Connection(Box::new(test.report)))
            }
            Command::Preflight { write_probe, also } => {
                preflight::preflight(&cx, &env, write_probe.as_ref(), also)
                    .await
                    .map(|report| Outcome::Preflight(Box::new(report)))
            }
            Command::Probe { company, .. } => probe::probe(&cx, &env, company.as_ref())
                .await
                .map(|report| Outcome::Probe(Box::new(report))),
            Command::ReadCatalog => env.fresh_catalog(&cx).await.map(Outcome::Catalog),
            Command::PreviewCase { case } => preview_case::preview_case(&cx, &env, &case)
                .await
                .map(|preview| Outcome::Preview(Box::new(preview))),
            Command::Resume => resume::resume(&cx, &env)
                .await
                .map(|cases| Outcome::Resumed { cases }),
            Command::Deliver { case_id } => deliver::deliver(&cx, &env, &case_id)
                .await
                .map(|()| Outcome::Resumed { cases: 0 }),
        }
    })
}
