//! One file per use case; each reads like the steps of a vendor guide. Errors, retries, budget and order lie beneath.

mod accept_case;
pub(crate) mod announce;
mod audit;
mod callback_registrations;
mod case_contact;
mod case_mappings;
mod catch_all;
mod close_ticket;
mod complete_ticket;
mod deliver;
mod due_tasks;
mod event_log;
mod exactly_once;
mod forget;
mod gather;
mod health;
mod host_event;
mod import;
mod imported;
mod instances;
mod links;
mod mapping;
mod open_ticket;
mod outbox;
mod own_notes;
mod page;
mod poll;
mod preflight;
mod preview_case;
mod probe;
mod provision;
pub(crate) mod read_catalog;
mod reconcile;
mod replace_ticket;
mod resume;
mod storm;
mod submit_case;
mod submit_reference;
mod sync_devices;
mod sync_ticket;
mod take_callback;
mod tend;
pub(crate) mod test_connection;
mod ticket_first;
mod told_status;
mod trial;
mod update_ticket;
mod work;
mod work_queue;
mod write_probe;

pub use read_catalog::BoardsReport;
pub use test_connection::{ConnectionPart, ConnectionPartKind, ConnectionReport, ConnectionState};

use crate::{
    command::{Command, Outcome, SyncReason},
    definitions::definitions,
    environment::Environment,
    error::Result,
    mapping::MappingsChanged,
    role::Feature,
    runtime::Context,
};
use std::{future::Future, pin::Pin, sync::Arc};

fn changed(changed: MappingsChanged) -> Outcome {
    Outcome::MappingsChanged(Box::new(changed))
}

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
            Command::SubmitReference { case_id } => {
                submit_reference::submit_reference(&cx, &env, &case_id)
                    .await
                    .map(Outcome::Case)
            }
            Command::TakeReference { case_id } => {
                submit_reference::take_reference(&cx, &env, &case_id)
                    .await
                    .map(Outcome::Case)
            }
            Command::WorkQueue => work_queue::work_queue(&cx, &env).await,
            Command::AcceptCase { case } => accept_case::accept_case(&cx, &env, *case)
                .await
                .map(Outcome::Accepted),
            Command::ListOutbox {
                after,
                limit,
                state,
                case_id,
            } => outbox::list_outbox(&cx, &env, after, limit, state, case_id.as_deref())
                .await
                .map(|page| Outcome::Outbox(Box::new(page))),
            Command::RetryOutbox { case_ids, due } => {
                outbox::retry_outbox(&cx, &env, case_ids.as_deref(), due)
                    .await
                    .map(|cases| Outcome::OutboxRetried { cases })
            }
            Command::DiscardOutbox {
                case_ids,
                reason,
                by,
                force,
            } => outbox::discard_outbox(&cx, &env, &case_ids, &reason, by.as_deref(), force)
                .await
                .map(|case_ids| Outcome::OutboxDiscarded { case_ids }),
            Command::Health => health::health(&cx, &env)
                .await
                .map(|report| Outcome::Health(Box::new(report))),
            Command::Backlog => outbox::backlog(&cx, &env).await.map(Outcome::Backlog),
            Command::ListLinks {
                after,
                limit,
                case_id,
                ticket,
            } => links::list_links(&cx, &env, after, limit, case_id.as_deref(), ticket)
                .await
                .map(|page| Outcome::Links(Box::new(page))),
            Command::ListCompanies { after, limit, text } => {
                imported::list_companies(&cx, &env, after, limit, text.as_deref())
                    .await
                    .map(|page| Outcome::Companies(Box::new(page)))
            }
            Command::ListConfigurations {
                after,
                limit,
                company,
                group,
                text,
            } => {
                let of = imported::Of { company, group };
                imported::list_configurations(&cx, &env, after, limit, of, text.as_deref())
                    .await
                    .map(|page| Outcome::Configurations(Box::new(page)))
            }
            Command::ListEvents {
                after,
                limit,
                filter,
            } => event_log::list_events(&cx, &env, after, limit, &filter)
                .await
                .map(|page| Outcome::Events(Box::new(page))),
            Command::Report {
                report,
                after,
                limit,
                filter,
            } => event_log::report(&cx, &env, &report, after, limit, &filter)
                .await
                .map(|page| Outcome::Report(Box::new(page))),
            Command::Dashboard {
                dashboard,
                bucket,
                filter,
            } => event_log::dashboard(&cx, &env, &dashboard, bucket, &filter)
                .await
                .map(|figure| Outcome::Dashboard(Box::new(figure))),
            Command::Definitions => Ok(Outcome::Definitions(Box::new(definitions()))),
            Command::Audit {
                after,
                limit,
                case_id,
                from,
                until,
            } => audit::audit(&cx, &env, after, limit, case_id.as_deref(), from, until)
                .await
                .map(|page| Outcome::Audit(Box::new(page))),
            Command::ForgetOld => forget::forget_old(&cx, &env).await,
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
            Command::SaveInstance => instances::save(&cx, &env).await,
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
            Command::Import { what, filter, full } => {
                import::import(&cx, &env, &what, &filter, full)
                    .await
                    .map(|report| Outcome::Imported(Box::new(report)))
            }
            Command::SetMapping { mappings, by } => {
                mapping::set::set_mapping(&cx, &env, &mappings, by.as_deref())
                    .await
                    .map(changed)
            }
            Command::RemoveMapping { mappings, by } => {
                mapping::remove::remove_mapping(&cx, &env, &mappings, by.as_deref())
                    .await
                    .map(changed)
            }
            Command::ReleaseMapping { mappings, by } => {
                mapping::remove::release_mapping(&cx, &env, &mappings, by.as_deref())
                    .await
                    .map(changed)
            }
            Command::ListMappings {
                after,
                limit,
                filter,
            } => mapping::list::list_mappings(&cx, &env, after.as_deref(), limit, &filter)
                .await
                .map(|page| Outcome::Mappings(Box::new(page))),
            Command::AutoMap {
                inventory,
                groups,
                dry_run,
            } => mapping::auto_map::auto_map(&cx, &env, inventory, groups.as_deref(), dry_run)
                .await
                .map(|report| Outcome::AutoMapped(Box::new(report))),
            Command::SuggestMappings { inventory } => {
                mapping::suggest::suggest_mappings(&cx, &env, &inventory)
                    .await
                    .map(|suggested| Outcome::SuggestedMappings(Box::new(suggested)))
            }
            Command::AcceptSuggestions {
                inventory,
                only,
                at_least,
                by,
            } => {
                let wanted = mapping::suggest::Wanted {
                    only: only.map(|keys| keys.into_iter().collect()),
                    at_least,
                };
                mapping::suggest::accept(&cx, &env, &inventory, &wanted, by.as_deref())
                    .await
                    .map(changed)
            }
            Command::SyncCustomers { inventory } => {
                mapping::customers::sync_customers(&cx, &env, &inventory)
                    .await
                    .map(|report| Outcome::Customers(Box::new(report)))
            }
            Command::ImportMappings { csv, good_rows, by } => {
                mapping::table::import_mappings(&cx, &env, &csv, good_rows, by.as_deref())
                    .await
                    .map(changed)
            }
            Command::ExportMappings { after, limit } => {
                mapping::table::export_mappings(&cx, &env, after.as_deref(), limit)
                    .await
                    .map(|table| Outcome::MappingTable(Box::new(table)))
            }
            Command::PreviewDevices { devices } => {
                sync_devices::preview_devices(&cx, &env, &devices)
                    .await
                    .map(|plan| Outcome::DevicePlan(Box::new(plan)))
            }
            Command::SendDevices { devices } => sync_devices::send_devices(&cx, &env, &devices)
                .await
                .map(|report| Outcome::DevicesSent(Box::new(report))),
            Command::DevicesDiscovered => sync_devices::devices_discovered(&cx, &env)
                .await
                .map(Outcome::Schedule),
            Command::HostEvent { event } => host_event::host_event(&cx, &env, event)
                .await
                .map(Outcome::Automated),
            Command::ExportConfig => {
                let exported = env.settings.config().export();
                Ok(Outcome::ConfigExported(Box::new(exported)))
            }
            Command::ImportConfig { exported, target } => exported
                .import(*target)
                .map(|imported| Outcome::ConfigImported(Box::new(imported))),
            Command::DueTasks => due_tasks::due_tasks(&cx, &env).await.map(Outcome::Schedule),
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
            Command::SyncTicket { ticket, reason } => {
                sync_ticket::sync_ticket(&cx, &env, ticket, reason)
                    .await
                    .map(Outcome::Ticket)
            }
            Command::Poll => poll::poll(&cx, &env)
                .await
                .map(|report| Outcome::Polled(Box::new(report))),
            Command::ReleaseMassChange { .. } => poll::release(&cx, &env)
                .await
                .map(|report| Outcome::Polled(Box::new(report))),
            Command::Reconcile { repair } => reconcile::reconcile(&cx, &env, repair)
                .await
                .map(|report| Outcome::Reconciled(Box::new(report))),
            Command::ContinueRequest { ticket } => {
                ticket_first::finish_write(&cx, &env, ticket).await?;
                sync_ticket::sync_ticket(&cx, &env, ticket, SyncReason::Poll)
                    .await
                    .map(Outcome::Ticket)
            }
            Command::Resume => resume::resume(&cx, &env)
                .await
                .map(|cases| Outcome::Resumed { cases }),
            Command::Deliver { subjects } => deliver::deliver(&cx, &env, &subjects)
                .await
                .map(|()| Outcome::Resumed { cases: 0 }),
        }
    })
}
