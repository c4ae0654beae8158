use crate::{
    company::{CompanyId, ConfigurationId, ContactId, ImportedCompany, ImportedConfiguration},
    import::ImportKind,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// Ids of a bucket. A row of a thousand bytes would still make a record of half a megabyte.
const IDS: u32 = 512;

/// The bucket that an id belongs to.
pub(crate) fn bucket_of(id: u32) -> u32 {
    id / IDS
}

/// Rows whose ids lie side by side, as one record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Bucket<R> {
    /// Sorted by [`Held::place`], each place once.
    pub(crate) rows: Vec<R>,
}

/// A row as it is held.
pub(crate) trait Held:
    Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync
{
    /// The kind that it is of.
    const KIND: ImportKind;

    /// Whether it stands in the bucket of its own id, and not of another record's.
    const BY_OWN_ID: bool = true;

    /// Record id in ConnectWise.
    fn id(&self) -> u32;

    /// Where it stands: first the id that its bucket is known by, then what tells it from the others of that id.
    fn place(&self) -> (u32, u32) {
        (self.id(), 0)
    }
}

/// The e-mail addresses of a company's primary contact. It stands in the bucket of the company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PrimaryContact {
    pub(crate) id: ContactId,
    /// Zero where the contact is without a company.
    pub(crate) company: CompanyId,
    /// None where the contact was deactivated or has no address.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) emails: Vec<String>,
}

impl<R: Held> Bucket<R> {
    /// The row at a place.
    pub(crate) fn at(&self, place: (u32, u32)) -> Option<&R> {
        let index = self.index(place).ok()?;
        self.rows.get(index)
    }

    /// Puts a row at its place and gives the one that was there.
    pub(crate) fn put(&mut self, row: R) -> Option<R> {
        match self.index(row.place()) {
            Ok(index) => self
                .rows
                .get_mut(index)
                .map(|place| std::mem::replace(place, row)),
            Err(index) => {
                self.rows.insert(index, row);
                None
            }
        }
    }

    /// Takes away the row at a place.
    pub(crate) fn take(&mut self, place: (u32, u32)) -> Option<R> {
        let index = self.index(place).ok()?;
        Some(self.rows.remove(index))
    }

    fn index(&self, place: (u32, u32)) -> std::result::Result<usize, usize> {
        self.rows.binary_search_by_key(&place, R::place)
    }
}

impl<R> Default for Bucket<R> {
    fn default() -> Self {
        Self { rows: Vec::new() }
    }
}

impl Held for ImportedCompany {
    const KIND: ImportKind = ImportKind::Companies;

    fn id(&self) -> u32 {
        self.id.0
    }
}

impl Held for ImportedConfiguration {
    const KIND: ImportKind = ImportKind::Configurations;

    fn id(&self) -> u32 {
        let ConfigurationId(id) = self.id;
        id
    }
}

impl Held for PrimaryContact {
    const KIND: ImportKind = ImportKind::Contacts;
    const BY_OWN_ID: bool = false;

    fn id(&self) -> u32 {
        self.id.0
    }

    fn place(&self) -> (u32, u32) {
        (self.company.0, self.id.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contact(company: u32, id: u32) -> PrimaryContact {
        PrimaryContact {
            id: ContactId(id),
            company: CompanyId(company),
            emails: Vec::new(),
        }
    }

    #[test]
    fn rows_stay_sorted_and_a_place_is_taken_once() {
        let mut bucket = Bucket::default();
        for (company, id) in [(7, 1), (5, 9), (5, 2), (7, 1)] {
            bucket.put(contact(company, id));
        }
        let places: Vec<_> = bucket.rows.iter().map(PrimaryContact::place).collect();
        assert_eq!(places, [(5, 2), (5, 9), (7, 1)]);
        assert!(bucket.take((5, 9)).is_some() && bucket.at((5, 9)).is_none());
    }

    #[test]
    fn ids_side_by_side_share_a_bucket() {
        assert_eq!((bucket_of(511), bucket_of(512)), (0, 1));
        assert_eq!(bucket_of(u32::MAX), 8_388_607);
    }
}
