use super::{BUCKETS, Bucket, Buckets, Held, Holding, ImportCursor, PrimaryContact, bucket_of};
use crate::{
    catalog::same_name,
    company::{CompanyId, CompanyKey, ConfigurationId, ImportedCompany, ImportedConfiguration},
    error::{Code, Error, Result},
    import::ImportKind,
    runtime::Context,
    store::{
        keys::Keys,
        session::{self, Stored},
    },
    time::Timestamp,
};
use std::collections::{BTreeMap, BTreeSet};

/// The state of what was imported of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ImportState {
    /// How many records are held.
    pub(crate) records: u64,
    /// When the last import or refresh ended, by the host's clock.
    pub(crate) at: Timestamp,
}

/// What is held of a kind; none where it was never imported in full.
pub(crate) async fn state(
    cx: &Context,
    keys: &Keys,
    kind: ImportKind,
) -> Result<Option<ImportState>> {
    let holding = holding(cx, keys, kind).await?;
    Ok(holding.map(|holding| ImportState {
        records: holding.rows,
        at: holding.at,
    }))
}

/// Refuses work on a kind that was never imported in full.
///
/// # Errors
///
/// [`Code::NotImported`].
pub(crate) async fn require(cx: &Context, keys: &Keys, kind: ImportKind) -> Result<ImportState> {
    state(cx, keys, kind).await?.ok_or_else(|| {
        let what = kind.name();
        Error::new(
            Code::NotImported,
            format!("no {what} were imported yet: import the {what} first"),
        )
    })
}

/// The imported companies, page by page in the order of their ids.
pub(crate) async fn companies(cx: &Context, keys: &Keys) -> Result<ImportedCompanies> {
    let buckets = open(cx, keys, ImportKind::Companies).await?;
    let contacts = holding_contacts(cx, keys).await?;
    Ok(ImportedCompanies { buckets, contacts })
}

/// The imported device configurations, page by page in the order of their ids.
pub(crate) async fn configurations(cx: &Context, keys: &Keys) -> Result<ImportedConfigurations> {
    let buckets = open(cx, keys, ImportKind::Configurations).await?;
    Ok(ImportedConfigurations { buckets })
}

/// Shows each imported company, in the order of their ids.
pub(crate) async fn each_company(
    cx: &Context,
    keys: &Keys,
    mut visit: impl FnMut(ImportedCompany) + Send,
) -> Result<()> {
    let mut pages = companies(cx, keys).await?;
    while let Some(page) = pages.next(cx).await? {
        page.into_iter().for_each(&mut visit);
    }
    Ok(())
}

/// Shows each imported device configuration, in the order of their ids.
pub(crate) async fn each_configuration(
    cx: &Context,
    keys: &Keys,
    mut visit: impl FnMut(ImportedConfiguration) + Send,
) -> Result<()> {
    let mut pages = configurations(cx, keys).await?;
    while let Some(page) = pages.next(cx).await? {
        page.into_iter().for_each(&mut visit);
    }
    Ok(())
}

/// The imported companies with these ids, each once and in the order of their ids; those that are not held are missing.
pub(crate) async fn companies_by_id(
    cx: &Context,
    keys: &Keys,
    ids: &[CompanyId],
) -> Result<Vec<ImportedCompany>> {
    let Some(holding) = holding(cx, keys, ImportKind::Companies).await? else {
        return Ok(Vec::new());
    };
    let contacts = holding_contacts(cx, keys).await?;
    let wanted: BTreeSet<u32> = ids.iter().map(|id| id.0).collect();
    let mut found = Vec::with_capacity(wanted.len());
    let numbers: BTreeSet<u32> = wanted.iter().map(|id| bucket_of(*id)).collect();
    for numbers in chunked(&numbers) {
        let mut page: BTreeMap<u32, Bucket<ImportedCompany>> = by_number(
            cx,
            keys,
            ImportKind::Companies,
            holding.generation,
            &numbers,
        )
        .await?;
        for bucket in page.values_mut() {
            bucket.rows.retain(|company| wanted.contains(&company.id.0));
        }
        contacts.join(cx, &mut page).await?;
        found.extend(page.into_values().flat_map(|bucket| bucket.rows));
    }
    Ok(found)
}

/// The imported device configurations with these ids, each once and in the order of their ids.
pub(crate) async fn configurations_by_id(
    cx: &Context,
    keys: &Keys,
    ids: &[ConfigurationId],
) -> Result<Vec<ImportedConfiguration>> {
    let kind = ImportKind::Configurations;
    let Some(holding) = holding(cx, keys, kind).await? else {
        return Ok(Vec::new());
    };
    let wanted: BTreeSet<u32> = ids.iter().map(|id| id.0).collect();
    let numbers: BTreeSet<u32> = wanted.iter().map(|id| bucket_of(*id)).collect();
    let mut found = Vec::with_capacity(wanted.len());
    for numbers in chunked(&numbers) {
        let page: BTreeMap<u32, Bucket<ImportedConfiguration>> =
            by_number(cx, keys, kind, holding.generation, &numbers).await?;
        let rows = page.into_values().flat_map(|bucket| bucket.rows);
        found.extend(rows.filter(|row| wanted.contains(&row.id.0)));
    }
    Ok(found)
}

/// The imported companies that a key names, deleted ones among them, in the order of their ids. By name or identifier it
/// reads every company.
pub(crate) async fn companies_named(
    cx: &Context,
    keys: &Keys,
    key: &CompanyKey,
) -> Result<Vec<ImportedCompany>> {
    if let CompanyKey::Id(id) = key {
        return companies_by_id(cx, keys, &[*id]).await;
    }
    let mut found = Vec::new();
    each_company(cx, keys, |company| {
        let named = match key {
            CompanyKey::Id(id) => company.id == *id,
            CompanyKey::Identifier(text) => same_name(&company.identifier, text),
            CompanyKey::Name(text) => same_name(&company.name, text),
        };
        if named {
            found.push(company);
        }
    })
    .await?;
    Ok(found)
}

/// The imported device configurations of a company, in the order of their ids. It reads every configuration: for many
/// companies, go through [`configurations`] once.
pub(crate) async fn configurations_of(
    cx: &Context,
    keys: &Keys,
    company: CompanyId,
) -> Result<Vec<ImportedConfiguration>> {
    let mut found = Vec::new();
    each_configuration(cx, keys, |configuration| {
        if configuration.company == company {
            found.push(configuration);
        }
    })
    .await?;
    Ok(found)
}

/// The imported companies, page by page.
#[derive(Debug)]
pub(crate) struct ImportedCompanies {
    buckets: Buckets,
    contacts: Contacts,
}

impl ImportedCompanies {
    /// The next page, at most a few thousand; none after the last. A page is never empty.
    pub(crate) async fn next(&mut self, cx: &Context) -> Result<Option<Vec<ImportedCompany>>> {
        loop {
            let Some(page) = self.buckets.next(cx).await? else {
                return Ok(None);
            };
            let mut page = numbered(page);
            self.contacts.join(cx, &mut page).await?;
            let rows = rows_of(page);
            if !rows.is_empty() {
                return Ok(Some(rows));
            }
        }
    }
}

/// The imported device configurations, page by page.
#[derive(Debug)]
pub(crate) struct ImportedConfigurations {
    buckets: Buckets,
}

impl ImportedConfigurations {
    /// The next page, at most a few thousand; none after the last. A page is never empty.
    pub(crate) async fn next(
        &mut self,
        cx: &Context,
    ) -> Result<Option<Vec<ImportedConfiguration>>> {
        loop {
            let Some(page) = self.buckets.next(cx).await? else {
                return Ok(None);
            };
            let rows = rows_of(numbered(page));
            if !rows.is_empty() {
                return Ok(Some(rows));
            }
        }
    }
}

/// Buckets by their number.
fn numbered<R>(page: Vec<Stored<Bucket<R>>>) -> BTreeMap<u32, Bucket<R>> {
    page.into_iter()
        .filter_map(|stored| {
            let (_, number) = stored.key.rsplit_once('/')?;
            Some((number.parse().ok()?, stored.value?))
        })
        .collect()
}

fn rows_of<R>(page: BTreeMap<u32, Bucket<R>>) -> Vec<R> {
    page.into_values().flat_map(|bucket| bucket.rows).collect()
}

/// Where the addresses of the companies' primary contacts are.
#[derive(Debug)]
struct Contacts {
    keys: Keys,
    generation: Option<u32>,
}

impl Contacts {
    fn of(keys: &Keys, holding: Option<&Holding>) -> Self {
        Self {
            keys: keys.clone(),
            generation: holding.map(|holding| holding.generation),
        }
    }

    /// Gives each company the addresses of its primary contact.
    async fn join(
        &self,
        cx: &Context,
        page: &mut BTreeMap<u32, Bucket<ImportedCompany>>,
    ) -> Result<()> {
        let Some(generation) = self.generation else {
            return Ok(());
        };
        let numbers: Vec<u32> = page.keys().copied().collect();
        let contacts: BTreeMap<u32, Bucket<PrimaryContact>> =
            by_number(cx, &self.keys, ImportKind::Contacts, generation, &numbers).await?;
        for (number, bucket) in page {
            let Some(contacts) = contacts.get(number) else {
                continue;
            };
            for company in &mut bucket.rows {
                let first = contacts
                    .rows
                    .partition_point(|contact| contact.company < company.id);
                let own = contacts.rows.iter().skip(first);
                company.contact_emails = own
                    .take_while(|contact| contact.company == company.id)
                    .flat_map(|contact| contact.emails.iter().cloned())
                    .collect();
            }
        }
        Ok(())
    }
}

async fn open(cx: &Context, keys: &Keys, kind: ImportKind) -> Result<Buckets> {
    let holding = holding(cx, keys, kind).await?;
    Ok(holding.map_or_else(Buckets::none, |holding| {
        Buckets::of_generation(keys, kind, holding.generation)
    }))
}

async fn holding_contacts(cx: &Context, keys: &Keys) -> Result<Contacts> {
    let holding = holding(cx, keys, ImportKind::Contacts).await?;
    Ok(Contacts::of(keys, holding.as_ref()))
}

async fn holding(cx: &Context, keys: &Keys, kind: ImportKind) -> Result<Option<Holding>> {
    let stored: Stored<ImportCursor> = session::get_one(cx, keys.import(kind)).await?;
    Ok(stored.value.and_then(|cursor| cursor.holding))
}

/// The buckets with these numbers, as far as they exist.
async fn by_number<R: Held>(
    cx: &Context,
    keys: &Keys,
    kind: ImportKind,
    generation: u32,
    numbers: &[u32],
) -> Result<BTreeMap<u32, Bucket<R>>> {
    let wanted = numbers
        .iter()
        .map(|number| keys.bucket(kind, generation, *number))
        .collect();
    Ok(numbered(session::get_many(cx, wanted).await?))
}

fn chunked(numbers: &BTreeSet<u32>) -> Vec<Vec<u32>> {
    let numbers: Vec<u32> = numbers.iter().copied().collect();
    numbers
        .chunks(BUCKETS as usize)
        .map(<[u32]>::to_vec)
        .collect()
}
