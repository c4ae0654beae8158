//! One file per use case; each reads like the steps of a vendor guide. Errors, retries, budget and order lie beneath.

mod announce;
mod callback_registrations;
mod case_mappings;
mod catch_all;
mod close_ticket;
mod complete_ticket;
mod deliver;
mod exactly_once;
mod import;
mod open_ticket;
mod preview_case;
pub(crate) mod read_catalog;
mod resume;
mod submit_case;
mod sync_ticket;
mod take_callback;
pub(crate) mod test_connection;
mod update_ticket;
mod work;

pub use test_connection::{ConnectionPart, ConnectionPartKind, ConnectionReport, ConnectionState};

use crate::{
    command::{Command, Outcome},
    environment::Environment,
    error::Result,
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
            Command::TestConnection => test_connection::test_connection(&cx, &env.api)
                .await
                .map(|report| Outcome::Connection(Box::new(report))),
            Command::ReadCatalog => env.fresh_catalog(&cx).await.map(Outcome::Catalog),
            Command::PreviewCase { case } => preview_case::preview_case(&cx, &env, &case)
                .await
                .map(|preview| Outcome::Preview(Box::new(preview))),
            Command::Import { what, filter, full } => {
                import::import(&cx, &env, &what, &filter, full)
                    .await
                    .map(|report| Outcome::Imported(Box::new(report)))
            }
            Command::TakeCallback { callback } => {
                take_callback::take_callback(&cx, &env, *callback)
                    .await
                    .map(Outcome::Callback)
            }
            Command::EnsureCallbacks { url } => {
                callback_registrations::ensure(&cx, &env, url.as_deref())
                    .await
                    .map(|report| Outcome::Callbacks(Box::new(report)))
            }
            Command::ListCallbacks => callback_registrations::list(&cx, &env)
                .await
                .map(|report| Outcome::Callbacks(Box::new(report))),
            Command::RemoveCallbacks => callback_registrations::remove(&cx, &env)
                .await
                .map(|report| Outcome::Callbacks(Box::new(report))),
            Command::SyncTicket { ticket } => sync_ticket::sync_ticket(&cx, &env, ticket)
                .await
                .map(Outcome::Ticket),
            Command::Resume => resume::resume(&cx, &env)
                .await
                .map(|cases| Outcome::Resumed { cases }),
            Command::Deliver { subjects } => deliver::deliver(&cx, &env, &subjects)
                .await
                .map(|()| Outcome::Resumed { cases: 0 }),
        }
    })
}
