//! One file per use case; each reads like the steps of a vendor guide. Errors, retries, budget and order lie beneath.

mod close_ticket;
mod complete_ticket;
mod deliver;
mod exactly_once;
mod instances;
mod open_ticket;
mod preview_case;
mod provision;
pub(crate) mod read_catalog;
mod resume;
mod submit_case;
pub(crate) mod test_connection;
mod update_ticket;
mod work;

pub use read_catalog::BoardsReport;
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
            Command::ReadBoards { boards } => read_catalog::read_boards(&cx, &env.api, &boards)
                .await
                .map(|report| Outcome::Boards(Box::new(report))),
            Command::PlanProvision => provision::plan_provision(&cx, &env)
                .await
                .map(Outcome::ProvisionPlan),
            Command::ApplyProvision { plan } => provision::apply_provision(&cx, &env, &plan)
                .await
                .map(Outcome::Provisioned),
            Command::ContinueProvision => provision::continue_provision(&cx, &env)
                .await
                .map(Outcome::Provisioned),
            Command::Drift => env
                .drift(&cx)
                .await
                .map(|(report, recorded)| Outcome::Drift { report, recorded }),
            Command::ListInstances => instances::list(&cx)
                .await
                .map(|instances| Outcome::Instances { instances }),
            Command::ExportInstance { after } => instances::export(&cx, &env, after)
                .await
                .map(Outcome::Records),
            Command::DeleteInstance { force, .. } => instances::delete(&cx, &env, force)
                .await
                .map(|records| Outcome::Deleted { records }),
            Command::ContinueDeletion => instances::go_on_deleting(&cx, &env)
                .await
                .map(|records| Outcome::Deleted { records }),
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
