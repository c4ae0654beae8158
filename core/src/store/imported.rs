//! What was imported, for mapping: read page by page or by key, never loaded whole.
//!
//! A full import writes beside what is held and takes its place when it is complete, so that what is read here is never half
//! an import. Companies come with the addresses of their primary contacts where these were imported.

mod bucket;
mod buckets;
mod cursor;
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "mapping reads what was imported")
)]
mod reading;

pub(crate) use bucket::{Bucket, Held, PrimaryContact, bucket_of};
use buckets::BUCKETS;
pub(crate) use buckets::Buckets;
pub(crate) use cursor::{Holding, ImportCursor, Newest, Progress};
#[expect(unused_imports, reason = "mapping reads what was imported")]
pub(crate) use reading::{
    ImportState, ImportedCompanies, ImportedConfigurations, companies, companies_by_id,
    companies_from, companies_named, configurations, configurations_by_id, configurations_from,
    configurations_of, each_company, each_configuration, require, state,
};
