//! The instance: a pure model that turns requests into answers.

pub(crate) mod callbacks;
mod companyinfo;
pub(crate) mod custom_fields;
pub(crate) mod dispatch;
mod members;
pub(crate) mod records;
mod seed;
pub(crate) mod special;
mod ticket_acts;
mod visibility;

use std::collections::{BTreeMap, VecDeque};

use serde_json::{Map, Value, json};

use crate::clock;
use crate::faults::{Armed, Late};
use crate::projection::Projection;
use crate::route::{self, Endpoint};
use crate::security::ApiMember;
use crate::settings::Settings;
use crate::store::{Record, Store};
use crate::table::Table;
use crate::wire::{Request, Response};

/// The release that a fresh instance runs.
pub(crate) const RELEASE: &str = "v2025_1/";

/// An instance of ConnectWise PSA, without I/O and without a clock.
///
/// The same seed and the same calls give the same answers, byte for byte.
#[derive(Debug, Clone)]
pub struct Psa {
    /// Settings; they may be changed at any time.
    pub settings: Settings,
    pub(crate) store: Store,
    pub(crate) codebase: String,
    pub(crate) random: u64,
    pub(crate) now_ms: i64,
    pub(crate) served: VecDeque<i64>,
    pub(crate) contents: BTreeMap<i64, Vec<u8>>,
    pub(crate) audit: Vec<AuditEntry>,
    pub(crate) deliveries: Vec<callbacks::CallbackDelivery>,
    pub(crate) faults: Vec<Armed>,
    pub(crate) late: Vec<Late>,
}

/// A line of the audit trail.
#[derive(Debug, Clone)]
pub(crate) struct AuditEntry {
    pub(crate) table: Table,
    pub(crate) id: i64,
    pub(crate) entry: Value,
}

/// Who acts, and when.
#[derive(Debug, Clone)]
pub(crate) struct Actor {
    /// The member's identifier.
    pub(crate) member: String,
    /// The time as records hold it.
    pub(crate) now: String,
    /// Whether it may put tickets into a closed status and out of it.
    pub(crate) may_close: bool,
}

/// The table that looks from outside name.
fn named(name: &str) -> Option<Table> {
    let named = Table::ALL.iter().find(|table| {
        let mut words = table.path().split('/').filter(|word| *word != "{}");
        words.clone().eq(name.split('/')) || words.next_back() == Some(name)
    });
    named.copied()
}

impl Psa {
    /// An instance with nothing but its settings.
    pub(crate) fn empty(seed: u64) -> Self {
        Self {
            settings: Settings::default(),
            store: Store::default(),
            codebase: RELEASE.to_owned(),
            random: seed ^ 0x5851_f42d_4c95_7f2d,
            now_ms: 0,
            served: VecDeque::new(),
            contents: BTreeMap::new(),
            audit: Vec::new(),
            deliveries: Vec::new(),
            faults: Vec::new(),
            late: Vec::new(),
        }
    }

    /// Answers a request, without any fault.
    pub fn handle(&mut self, request: &Request, now_ms: i64) -> Response {
        self.now_ms = now_ms;
        let response = match self.answer(request) {
            Ok(response) => response,
            Err(failure) => failure.response(),
        };
        response.header("api-current-version", self.current_version())
    }

    /// Moves the instance to another release: the codebase changes, the old one is gone.
    ///
    /// `codebase` is written as company info shows it, for example `v2026_1/`.
    pub fn release(&mut self, codebase: &str) {
        self.codebase = format!("{}/", codebase.trim_matches('/'));
    }

    /// The codebase of the current release, with its slash.
    #[must_use]
    pub fn codebase(&self) -> &str {
        &self.codebase
    }

    fn current_version(&self) -> &'static str {
        "2026.4"
    }

    /// Where the API is, with its slash.
    pub(crate) fn base(&self) -> String {
        format!("{}/{}apis/3.0/", self.settings.base_url, self.codebase)
    }

    /// The next number of the instance's own sequence.
    pub(crate) fn next_random(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.random;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A GUID of the instance's own sequence.
    pub(crate) fn next_guid(&mut self) -> String {
        let (high, low) = (self.next_random(), self.next_random());
        format!(
            "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            low >> 52,
            low & 0xffff_ffff_ffff
        )
    }

    /// Someone acting now.
    pub(crate) fn actor(&self, member: &str) -> Actor {
        Actor {
            member: member.to_owned(),
            now: clock::stamp(self.now_ms),
            may_close: true,
        }
    }

    /// The API member of that place in the settings.
    pub(crate) fn api_member(&self, place: usize) -> Option<&ApiMember> {
        self.settings.api_members.get(place)
    }

    /// A record as answers show it, whoever may see it. For looking at, in tests.
    ///
    /// `list` is the path of its list, such as `service/tickets` or `service/boards/1/statuses`.
    #[must_use]
    pub fn record(&self, list: &str, id: i64) -> Option<Value> {
        let Endpoint::Records(table) = route::find(list)?.endpoint else {
            return None;
        };
        let record = self.store.get(table, id)?;
        let whole = Projection::whole();
        Some(Value::Object(self.shown(
            table,
            record,
            &self.base(),
            &whole,
        )))
    }

    /// All records of a kind as they are stored, in the order of their ids: references hold ids
    /// alone, and keys that begin with `~` are the instance's own. `name` is the
    /// path of their list without ids, such as `service/boards/types`, or its last word, such as
    /// `tickets` or `notes`.
    #[must_use]
    pub fn raw(&self, name: &str) -> Option<Vec<Value>> {
        let rows = self.store.rows(named(name)?);
        Some(
            rows.map(|(_, record)| Value::Object(record.clone()))
                .collect(),
        )
    }

    /// All records of a kind as they are stored, with their ids and in the order of these; `name` as for [`Psa::raw`], of which
    /// this is the cheap form.
    pub fn rows(&self, name: &str) -> impl Iterator<Item = (i64, &Map<String, Value>)> {
        named(name)
            .map(|table| self.store.rows(table))
            .into_iter()
            .flatten()
    }

    /// One of [`Psa::rows`].
    #[must_use]
    pub fn row(&self, name: &str, id: i64) -> Option<&Map<String, Value>> {
        self.store.get(named(name)?, id)
    }

    /// Grows whenever a record may have changed: where it is the same, so is all that is stored.
    #[must_use]
    pub const fn changes(&self) -> u64 {
        self.store.changes()
    }

    /// The ids of all records of a kind, in order; `name` as for [`Psa::raw`].
    #[must_use]
    pub fn ids(&self, name: &str) -> Option<Vec<i64>> {
        let rows = self.store.rows(named(name)?);
        Some(rows.map(|(id, _)| id).collect())
    }

    /// A record as answers show it, at least what is asked for of it.
    pub(crate) fn shown(
        &self,
        table: Table,
        record: &Record,
        base: &str,
        asked: &Projection,
    ) -> Record {
        let mut shown = self.store.view(table, record, base, asked);
        if table == Table::Ticket {
            let id = record.get("id").cloned().unwrap_or_default();
            if let Some(Value::Object(info)) = shown.get_mut("_info") {
                for list in ["notes", "configurations", "timeentries"] {
                    info.insert(
                        format!("{list}_href"),
                        json!(format!("{base}service/tickets/{id}/{list}")),
                    );
                }
            }
        }
        shown
    }

    /// Stamps a record as new.
    pub(crate) fn stamp_new(record: &mut Record, actor: &Actor) {
        record.insert(
            "_info".to_owned(),
            json!({
                "dateEntered": actor.now,
                "enteredBy": actor.member,
                "lastUpdated": actor.now,
                "updatedBy": actor.member,
            }),
        );
    }

    /// Stamps a record as changed.
    pub(crate) fn stamp_changed(record: &mut Record, actor: &Actor) {
        if let Some(Value::Object(info)) = record.get_mut("_info") {
            info.insert("lastUpdated".to_owned(), json!(actor.now));
            info.insert("updatedBy".to_owned(), json!(actor.member));
        }
    }

    /// Adds a line to the audit trail of a record.
    pub(crate) fn audit(&mut self, table: Table, id: i64, actor: &Actor, text: &str) {
        let entry = json!({
            "text": text,
            "enteredDate": actor.now,
            "enteredBy": actor.member,
            "auditType": "Record",
            "auditSubType": table.label(),
            "auditSource": "API",
        });
        self.audit.push(AuditEntry { table, id, entry });
    }
}
