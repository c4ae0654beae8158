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
    companies_from(cx, keys, 0).await
}

/// The imported companies page by page; the first page may begin before `id`, and leaves none out from there on.
pub(crate) async fn companies_from(
    cx: &Context,
    keys: &Keys,
    id: u32,
) -> Result<ImportedCompanies> {
    let buckets = open(cx, keys, ImportKind::Companies, id).await?;
    let contacts = holding_contacts(cx, keys).await?;
    Ok(ImportedCompanies { buckets, contacts })
}

/// The imported device configurations, page by page in the order of their ids.
pub(crate) async fn configurations(cx: &Context, keys: &Keys) -> Result<ImportedConfigurations> {
    configurations_from(cx, keys, 0).await
}

/// The imported device configurations page by page; the first page may begin before `id`, and leaves none out from there on.
pub(crate) async fn configurations_from(
    cx: &Context,
    keys: &Keys,
    id: u32,
) -> Result<ImportedConfigurations> {
    let buckets = open(cx, keys, ImportKind::Configurations, id).await?;
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

async fn open(cx: &Context, keys: &Keys, kind: ImportKind, id: u32) -> Result<Buckets> {
    let holding = holding(cx, keys, kind).await?;
    Ok(holding.map_or_else(Buckets::none, |holding| {
        Buckets::from_number(keys, kind, holding.generation, bucket_of(id))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        effect::{Answer, Batch, Request},
        runtime::{Executor, Shared, Shell, Step},
        store::{MemoryStore, Store},
    };
    use std::{future::Future, sync::Mutex};

    const KEYS: &str = "acme";

    fn company(id: u32, name: &str) -> ImportedCompany {
        ImportedCompany {
            id: CompanyId(id),
            identifier: format!("C{id}"),
            name: name.to_owned(),
            deleted: false,
            status: String::new(),
            contact_emails: Vec::new(),
        }
    }

    fn contact(company: u32, id: u32, email: &str) -> PrimaryContact {
        PrimaryContact {
            id: crate::company::ContactId(id),
            company: CompanyId(company),
            emails: vec![email.to_owned()],
        }
    }

    fn configuration(id: u32, company: u32) -> ImportedConfiguration {
        let text = format!(r#"{{"id":{id},"company":{company},"name":"n"}}"#);
        serde_json::from_str(&text).unwrap()
    }

    /// Keeps rows as a complete import would.
    fn hold<R: Held>(store: &mut MemoryStore, rows: Vec<R>) {
        let keys = Keys::new(KEYS);
        let mut batch = Batch::default();
        let holding = Holding {
            generation: 3,
            filter: String::new(),
            rows: rows.len() as u64,
            refused: 0,
            full_at: Timestamp::default(),
            at: Timestamp::default(),
            until: None,
            newest: None,
            date_form: crate::quirks::DateForm::Utc,
        };
        let cursor = ImportCursor {
            generation: 3,
            holding: Some(holding),
            ..ImportCursor::default()
        };
        batch.put_record(keys.import(R::KIND), &cursor).unwrap();
        let mut buckets = BTreeMap::<u32, Bucket<R>>::new();
        for row in rows {
            let bucket = buckets.entry(bucket_of(row.place().0)).or_default();
            bucket.put(row);
        }
        for (number, bucket) in buckets {
            batch
                .put_record(keys.bucket(R::KIND, 3, number), &bucket)
                .unwrap();
        }
        store
            .perform(&crate::effect::StoreRequest::Commit(batch))
            .unwrap();
    }

    /// Runs a workflow over a store, which is all that it may use.
    fn run<T, F>(store: &mut MemoryStore, workflow: impl FnOnce(Context) -> F + Send + 'static) -> T
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        let output = Shared::new(None);
        let (place, workflow) = (output.clone(), Mutex::new(Some(workflow)));
        let now = Timestamp::default();
        let shell = Shell::new(&crate::config::Limits::default(), 7, now);
        let mut executor = Executor::new(shell, 1, move |cx, _| {
            let future = workflow.lock().unwrap().take().map(|start| start(cx));
            let place = place.clone();
            Box::pin(async move {
                *place.lock() = Some(future.unwrap().await);
                Ok(crate::command::Outcome::Resumed { cases: 0 })
            })
        });
        executor.submit(crate::command::Command::Resume, now);
        loop {
            match executor.poll(now) {
                Step::Effect(effect) => {
                    let Request::Store(request) = effect.request else {
                        unreachable!("only the store is used");
                    };
                    let answer = Answer::Store(store.perform(&request).unwrap());
                    executor.resolve(effect.id, answer, now).unwrap();
                }
                Step::Finished(_) => {}
                Step::Idle { .. } => return output.lock().take().unwrap(),
            }
        }
    }

    fn filled() -> MemoryStore {
        let mut store = MemoryStore::new();
        // More buckets than are read at once.
        let rows = (1..=20).map(|n| company(n * 500, if n % 2 == 0 { "Even" } else { "Odd" }));
        hold(&mut store, rows.collect());
        hold(
            &mut store,
            vec![
                contact(1000, 9, "b@x.example"),
                contact(1000, 4, "a@x.example"),
                contact(1001, 5, "stray@x.example"),
                contact(9500, 6, "c@x.example"),
            ],
        );
        let rows = (1..=3000).map(|n| configuration(n, n % 7));
        hold(&mut store, rows.collect());
        store
    }

    #[test]
    fn every_company_is_shown_once_with_the_addresses_of_its_primary_contact() {
        let shown = run(&mut filled(), |cx| async move {
            let shown = Shared::new(Vec::new());
            let keep = shown.clone();
            each_company(&cx, &Keys::new(KEYS), move |company| {
                keep.lock().push(company)
            })
            .await
            .unwrap();
            shown.lock().clone()
        });
        let ids: Vec<u32> = shown.iter().map(|company| company.id.0).collect();
        assert_eq!(ids, (1..=20).map(|n| n * 500).collect::<Vec<_>>());
        let emails = |id: u32| {
            let company = shown.iter().find(|company| company.id.0 == id);
            company.unwrap().contact_emails.clone()
        };
        assert_eq!(emails(1000), ["a@x.example", "b@x.example"]);
        assert_eq!(emails(9500), ["c@x.example"]);
        assert!(emails(500).is_empty());
    }

    #[test]
    fn rows_are_found_by_id_name_and_company() {
        run(&mut filled(), |cx| async move {
            let keys = Keys::new(KEYS);
            let ids = [9500, 1000, 1000, 7].map(CompanyId);
            let found = companies_by_id(&cx, &keys, &ids).await.unwrap();
            let found: Vec<_> = found
                .iter()
                .map(|company| (company.id.0, company.contact_emails.len()))
                .collect();
            assert_eq!(found, [(1000, 2), (9500, 1)]);
            let even = CompanyKey::Name("even".to_owned());
            assert_eq!(companies_named(&cx, &keys, &even).await.unwrap().len(), 10);
            let one = CompanyKey::Identifier("c1500".to_owned());
            assert_eq!(companies_named(&cx, &keys, &one).await.unwrap().len(), 1);
            let of = configurations_of(&cx, &keys, CompanyId(3)).await.unwrap();
            assert_eq!(of.len(), 429);
            let ids = [2999, 3001, 1].map(ConfigurationId);
            let found = configurations_by_id(&cx, &keys, &ids).await.unwrap();
            assert_eq!(found.len(), 2);
        });
    }

    #[test]
    fn what_was_never_imported_is_empty_and_can_be_demanded() {
        run(&mut MemoryStore::new(), |cx| async move {
            let keys = Keys::new(KEYS);
            let mut pages = configurations(&cx, &keys).await.unwrap();
            assert_eq!(pages.next(&cx).await.unwrap(), None);
            let mut pages = companies(&cx, &keys).await.unwrap();
            assert_eq!(pages.next(&cx).await.unwrap(), None);
            let error = require(&cx, &keys, ImportKind::Companies)
                .await
                .unwrap_err();
            assert_eq!(error.code, Code::NotImported);
            assert!(
                companies_by_id(&cx, &keys, &[CompanyId(1)])
                    .await
                    .unwrap()
                    .is_empty()
            );
        });
    }
}
