//! Companies, device configurations and primary contacts as an import lists them: the fields that are asked for, the
//! conditions that ConnectWise is told, and the filter as it is applied here.

use crate::{
    api::{Conditions, Identified, Query, SafeText, moment},
    catalog::same_name,
    digest,
    store::imported::{Held, Newest},
    time::Timestamp,
};
use serde::{Deserialize, de::DeserializeOwned};

mod companies;
mod configurations;
mod contacts;

pub(crate) use companies::Companies;
pub(crate) use configurations::Configurations;
pub(crate) use contacts::Contacts;

/// A collection as it is imported.
pub(crate) trait Listing: Send + Sync {
    /// A record as ConnectWise gives it.
    type Row: Identified + DeserializeOwned + Send;
    /// A row as it is held.
    type Held: Held;

    /// Its path below `apis/3.0`.
    const PATH: &'static str;

    /// The fields that are read and no more.
    fn fields(&self) -> String;

    /// What ConnectWise is told of the filter: conditions, and conditions of the records' children.
    fn conditions(&self) -> (Conditions, Conditions);

    /// Reads a record: what of it is held, if the filter lets it through.
    fn judge(&self, row: Self::Row) -> Judged<Self::Held>;

    /// Lists what the filter lets through.
    fn query(&self) -> Query {
        let (conditions, of_children) = self.conditions();
        Query::new()
            .conditions(&conditions)
            .child_conditions(&of_children)
            .fields(&self.fields())
    }

    /// Tells whether two imports read the same records and fields.
    fn digest(&self) -> String {
        let query = self.query().encoded();
        digest::of(format!("{query} {}", self.said_here()).as_bytes())
    }

    /// What of the filter ConnectWise is not told.
    fn said_here(&self) -> String;
}

/// A record that was read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Judged<H> {
    pub(crate) id: u32,
    /// When it last changed, where ConnectWise says it.
    pub(crate) updated: Option<Timestamp>,
    /// None where the filter does not let it through.
    pub(crate) held: Option<H>,
}

impl<H> Judged<H> {
    pub(crate) fn newest(&self) -> Option<Newest> {
        Some(Newest {
            at: self.updated?,
            id: self.id,
        })
    }
}

/// Longest conditions of a filter, as they are sent: the whole address stays below 2,000 characters (API.md section 5).
const ROOM: usize = 900;

/// The condition that one of some texts holds, where all of them can be said and have room.
fn any_of(texts: &[String], each: impl Fn(&SafeText) -> Conditions) -> Option<Conditions> {
    let texts: Vec<SafeText> = texts
        .iter()
        .map(|text| SafeText::new(text.trim()))
        .collect::<Option<_>>()?;
    let all = Conditions::new().any(texts.iter().map(each));
    (all.len() <= ROOM).then_some(all)
}

/// Whether a list is empty or holds the name.
fn admits(list: &[String], name: &str) -> bool {
    list.is_empty() || list.iter().any(|text| same_name(text, name))
}

/// A record's `_info`, of which only the time is wanted.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Updated {
    #[serde(default, deserialize_with = "moment")]
    last_updated: Option<Timestamp>,
}

/// A referred record of which only the name is wanted.
#[derive(Debug, Default, Deserialize)]
struct Label {
    #[serde(default)]
    name: Option<String>,
}

fn label(label: Option<Label>) -> String {
    label.and_then(|label| label.name).unwrap_or_default()
}
