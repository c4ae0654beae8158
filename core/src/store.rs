//! What must outlive a crash: the store that a host gives, and the records that casewire keeps in it.
//!
//! Keys begin with the instance's name, so several instances can share a store:
//!
//! | key | record |
//! |---|---|
//! | `{instance}/outbox/{case}` | a case that is being worked on, and the write that may be under way for it |
//! | `{instance}/held/{case}` | a case that waits for its group to be mapped |
//! | `{instance}/link/{case}` | the case's ticket and what of the case it holds |
//! | `{instance}/ticket/{number}` | the ticket's case |
//! | `{instance}/delivery/{case, group, system or instance}/{id}/{number}` | what the host has yet to take over |
//! | `{instance}/mapping/group/{group}` | the group's company, how it came about, and what it was before |
//! | `{instance}/mapping/system/{system}` | the system's device configuration, likewise |
//! | `{instance}/device/{device}` | the device configuration that a device became, and the request that may be under way |
//! | `{instance}/catch_all` | how many tickets the company that catches all got today |
//! | `{instance}/events` | how many events the instance itself has had |
//! | `{instance}/event/{time}/{delivery}` | an event, for lists, reports and dashboards |
//! | `{instance}/decision/{time}/{mark}`, `{instance}/decided/{case}/{time}/{mark}` | what was decided for a case and why; where its decisions are |
//! | `{instance}/run/{task}`, `{instance}/wanted/{task}` | when a task ran last, and that it is wanted before its time |
//! | `{instance}/callbacks` | the callback registrations of this instance, and the change that may be under way |
//! | `{instance}/callback/{00 to 63}` | the last callbacks that were believed |
//! | `{instance}/catalog` | the last snapshot of boards that the configuration fitted |
//! | `{instance}/drift` | what had changed when the snapshot was last read anew |
//! | `{instance}/provision` | the provision plan under way, or the last one |
//! | `{instance}/saved` | the connection that was saved after a passed test |
//! | `{instance}/deletion` | that the instance's records are being deleted |
//! | `{instance}/import/{kind}` | how far the import of companies, configurations or contacts has come |
//! | `{instance}/imported/{kind}/{generation}/{bucket}` | imported rows, 512 ids a record |
//!
//! Every record is a JSON document with a schema version, `v`.

use crate::effect::{StoreAnswer, StoreRequest};

pub mod conformance;
pub(crate) mod imported;
pub(crate) mod keys;
mod memory;
pub(crate) mod records;
pub(crate) mod session;

pub use memory::MemoryStore;

/// A key-value store with revisions, as DESIGN asks of a host. [`conformance::check`] tells whether one keeps its promises.
pub trait Store {
    /// Performs one request; a commit is durable, all or none, when this returns.
    ///
    /// # Errors
    ///
    /// Says why the store failed. After a failed commit nothing of the batch may be visible, or all of it.
    fn perform(&mut self, request: &StoreRequest) -> Result<StoreAnswer, String>;
}
