use crate::{
    api::Client,
    callback::{CallbackSecret, PathSecret, Rules, SigningKeys},
    catalog::Catalog,
    company::{
        Company, CompanyId, CompanyKey, Configuration, ConfigurationKey, ContactId, companies,
        configurations, contacts,
    },
    credentials::Credentials,
    decide::FoundContact,
    delivery::Event,
    drift::{DriftReport, drift},
    effect::Batch,
    error::{Code, Error, Fault, Result},
    import::ImportKind,
    quirks::Quirks,
    runtime::{Context, Shared},
    service::TicketId,
    settings::Settings,
    store::{keys::Keys, session},
    time::Timestamp,
    workflows::{
        announce::{self, Announcement},
        read_catalog::{CatalogReading, CatalogScope, read_catalog},
    },
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// What every workflow of a connector shares: the settings, the client, and what was read from ConnectWise before.
#[derive(Debug)]
pub(crate) struct Environment {
    pub(crate) settings: Settings,
    pub(crate) api: Client,
    pub(crate) keys: Keys,
    /// The instance's records are being deleted: nothing more is begun.
    deleted: Shared<bool>,
    /// What callbacks are measured against.
    pub(crate) callbacks: Rules,
    pub(crate) signing_keys: Shared<SigningKeys>,
    /// Tickets that are to be read again and whose reading has not begun, with the time of the wish.
    pub(crate) awaited_tickets: Shared<BTreeMap<TicketId, Timestamp>>,
    /// Whether someone waits to work on the queue already.
    pub(crate) queue_awaited: Shared<bool>,
    /// Cases handed over by reference whose content is asked for now.
    pub(crate) references: Shared<BTreeSet<String>>,
    /// When the first of the cases that failed since this connector was made is to be tried again.
    pub(crate) next_try: Shared<Option<Timestamp>>,
    /// The import under way: of each kind the pages that are kept, and those that there are.
    pub(crate) importing: Shared<BTreeMap<ImportKind, (u32, Option<u32>)>>,
    catalog: Shared<Option<Arc<Catalog>>>,
    /// Whether the store was asked how the instance behaves.
    quirks_read: Shared<bool>,
    companies: Cache<CompanyKey, Company>,
    contacts: Cache<(CompanyId, String), FoundContact>,
    /// Whether a contact is active.
    active_contacts: Cache<ContactId, bool>,
    configurations: Cache<(CompanyId, ConfigurationKey), Configuration>,
}

/// Records of one kind that are kept in memory; beyond it they are read again.
const MOST_CACHED: usize = 4096;

/// Values that were read from ConnectWise, with the time of reading.
type Cache<K, V> = Shared<BTreeMap<K, (Timestamp, V)>>;

impl Environment {
    pub(crate) fn new(
        settings: Settings,
        credentials: Credentials,
        client_id: Option<&str>,
        callback_secret: Option<&CallbackSecret>,
    ) -> Result<Self> {
        let config = settings.config();
        let company_id = &config.connection.company_id;
        let path =
            callback_secret.map(|secret| PathSecret::derive(secret, &config.instance, company_id));
        let api = Client::new(&config.connection, &config.limits, credentials, client_id)?;
        let keys = Keys::new(&config.instance);
        let callbacks = Rules {
            path,
            tenant: api.tenant(),
        };
        Ok(Self {
            settings,
            api,
            keys,
            deleted: Shared::new(false),
            callbacks,
            signing_keys: Shared::new(SigningKeys::default()),
            awaited_tickets: Shared::new(BTreeMap::new()),
            queue_awaited: Shared::new(false),
            references: Shared::new(BTreeSet::new()),
            next_try: Shared::new(None),
            importing: Shared::new(BTreeMap::new()),
            catalog: Shared::new(None),
            quirks_read: Shared::new(false),
            companies: Shared::new(BTreeMap::new()),
            contacts: Shared::new(BTreeMap::new()),
            active_contacts: Shared::new(BTreeMap::new()),
            configurations: Shared::new(BTreeMap::new()),
        })
    }

    /// Begins nothing more for cases: the instance's records are being deleted.
    pub(crate) fn shut(&self) {
        *self.deleted.lock() = true;
    }

    /// Notes that a case is to be tried again at that time.
    pub(crate) fn try_again_at(&self, time: Timestamp) {
        let mut next = self.next_try.lock();
        *next = Some(next.map_or(time, |next| next.min(time)));
    }

    /// Whether the instance's records are still there to be worked with.
    ///
    /// # Errors
    ///
    /// [`Code::InstanceDeleted`].
    pub(crate) fn stands(&self) -> Result<()> {
        if *self.deleted.lock() {
            return Err(Error::new(
                Code::InstanceDeleted,
                "the instance's records were deleted; make a new connector to begin anew",
            ));
        }
        Ok(())
    }

    /// Whether cases may be worked on.
    ///
    /// # Errors
    ///
    /// [`Code::SwitchedOff`] and [`Code::InstanceDeleted`].
    pub(crate) fn takes_cases(&self) -> Result<()> {
        self.stands()?;
        if !self.settings.config().policies.case_outbound.enabled {
            return Err(Error::new(
                Code::SwitchedOff,
                "cases make no tickets while the policy is off; what waits goes on waiting. \
                 Set policies.case_outbound.enabled to true",
            ));
        }
        Ok(())
    }

    /// Whether tickets may come back to cases.
    ///
    /// # Errors
    ///
    /// [`Code::SwitchedOff`] and [`Code::InstanceDeleted`].
    pub(crate) fn takes_tickets(&self) -> Result<()> {
        self.stands()?;
        if !self.settings.config().policies.ticket_inbound.enabled {
            return Err(Error::new(
                Code::SwitchedOff,
                "tickets do not come back to cases while the policy is off. Set policies.ticket_inbound.enabled to true",
            ));
        }
        Ok(())
    }

    /// The catalog, read at most once per `catalog_age` for all operations.
    ///
    /// A configuration that does not fit at first is refused whole. One that fitted and no longer does, because the instance
    /// drifted, goes on with the routes that are still whole.
    ///
    /// # Errors
    ///
    /// The faults of the configuration against the instance, all at once; or what reading failed with.
    pub(crate) async fn catalog(&self, cx: &Context) -> Result<Arc<Catalog>> {
        let _turn = cx.lock("catalog").await;
        self.quirks(cx).await?;
        if let Some(catalog) = self
            .catalog
            .lock()
            .as_ref()
            .filter(|catalog| self.is_fresh(cx, catalog.read_at))
        {
            return Ok(Arc::clone(catalog));
        }
        let stored = session::get_one::<Catalog>(cx, self.keys.catalog()).await?;
        let fitted = stored
            .value
            .filter(|catalog| self.settings.check(catalog).is_empty());
        if let Some(catalog) = fitted.clone()
            && self.is_fresh(cx, catalog.read_at)
        {
            return Ok(self.keep(catalog));
        }
        let reading = self.read_catalog(cx).await?;
        let faults = self.faults(&reading);
        if !faults.is_empty() && fitted.is_none() {
            return Err(Error::refused("the configuration", faults));
        }
        self.take_over(cx, fitted.as_ref(), reading.catalog, &faults)
            .await
    }

    /// Reads the catalog anew, as far as the configuration needs it, checks the configuration against it, and keeps it for
    /// all that follows.
    ///
    /// # Errors
    ///
    /// The faults of the configuration against the instance, all at once; or what reading failed with.
    pub(crate) async fn fresh_catalog(&self, cx: &Context) -> Result<Arc<Catalog>> {
        self.quirks(cx).await?;
        let reading = self.read_catalog(cx).await?;
        let faults = self.faults(&reading);
        let stored = session::get_one::<Catalog>(cx, self.keys.catalog()).await?;
        let fitted = stored
            .value
            .filter(|catalog| self.settings.check(catalog).is_empty());
        if faults.is_empty() || fitted.is_some() {
            let catalog = self
                .take_over(cx, fitted.as_ref(), reading.catalog, &faults)
                .await?;
            if faults.is_empty() {
                return Ok(catalog);
            }
        }
        Err(Error::refused("the configuration", faults))
    }

    /// What drifted between the last catalog that the configuration fitted and the instance as it is now, and what was
    /// recorded before. It is told as an event, unless it was before.
    pub(crate) async fn drift(&self, cx: &Context) -> Result<(DriftReport, Option<DriftReport>)> {
        let _turn = cx.lock("catalog").await;
        let stored = session::get_one::<Catalog>(cx, self.keys.catalog()).await?;
        let recorded = session::get_one::<DriftReport>(cx, self.keys.drift()).await?;
        let reading = self.read_catalog(cx).await?;
        let faults = self.faults(&reading);
        let report = self.compare(stored.value.as_ref(), &reading.catalog, &faults);
        // A configuration that was never fitted to the snapshot did not drift from it.
        let fitted = stored
            .value
            .is_some_and(|catalog| self.settings.check(&catalog).is_empty());
        if fitted && report.says_anything() {
            self.record_drift(cx, Some(&report), None).await?;
        }
        Ok((report, recorded.value))
    }

    /// Reads the catalog as far as the configuration needs it.
    pub(crate) async fn read_catalog(&self, cx: &Context) -> Result<CatalogReading> {
        read_catalog(cx, &self.api, &self.catalog_scope())
            .await?
            .or_failure()
    }

    fn faults(&self, reading: &CatalogReading) -> Vec<Fault> {
        let mut faults = reading.gap_faults();
        faults.extend(self.settings.check(&reading.catalog));
        faults
    }

    fn compare(&self, before: Option<&Catalog>, now: &Catalog, faults: &[Fault]) -> DriftReport {
        let report = match before {
            Some(before) => drift(before, now, &self.settings),
            None => DriftReport {
                since: None,
                read_at: now.read_at,
                changes: Vec::new(),
                faults: Vec::new(),
            },
        };
        report.with_faults(faults)
    }

    /// Works with a catalog from now on, and records what drifted. The store keeps the last catalog that fits: a route that
    /// it breaks is refused case by case, and the others go on.
    async fn take_over(
        &self,
        cx: &Context,
        fitted: Option<&Catalog>,
        catalog: Catalog,
        faults: &[Fault],
    ) -> Result<Arc<Catalog>> {
        let drifted = fitted
            .map(|before| self.compare(Some(before), &catalog, faults))
            .filter(DriftReport::says_anything);
        let keep = faults.is_empty().then_some(&catalog);
        self.record_drift(cx, drifted.as_ref(), keep).await?;
        announce::tell_credential_expiry(cx, self).await?;
        Ok(self.keep(catalog))
    }

    /// Records what drifted, tells it unless it was told before, and stores the catalog that fits; all in one commit.
    async fn record_drift(
        &self,
        cx: &Context,
        drifted: Option<&DriftReport>,
        catalog: Option<&Catalog>,
    ) -> Result<()> {
        let mut round = 0;
        loop {
            let mut batch = Batch::default();
            let mut announcement = None;
            if let Some(report) = drifted {
                let recorded = session::get_one::<DriftReport>(cx, self.keys.drift()).await?;
                if !recorded.value.is_some_and(|told| told.says(report)) {
                    let event = Event::CatalogDrift {
                        breaks: report.is_broken(),
                        reason: report.in_lines(),
                    };
                    announcement = Some(Announcement::add(cx, self, event, &mut batch).await?);
                }
                batch.put_record(self.keys.drift(), report)?;
            }
            if let Some(catalog) = catalog {
                batch.put_record(self.keys.catalog(), catalog)?;
            }
            match session::commit(cx, batch).await {
                Err(error) if error.code == Code::StoreConflict && round < announce::ROUNDS => {
                    round += 1;
                }
                Err(error) => return Err(error),
                Ok(_) => {
                    if let Some(announcement) = announcement {
                        announcement.offer(cx);
                    }
                    return Ok(());
                }
            }
        }
    }

    /// How the instance behaves, as its probe left it in the store; the client behaves accordingly from then on. The store is
    /// asked once.
    ///
    /// # Errors
    ///
    /// What reading the store came to.
    pub(crate) async fn quirks(&self, cx: &Context) -> Result<Arc<Quirks>> {
        let _turn = cx.lock("quirks").await;
        if !*self.quirks_read.lock() {
            let stored = session::get_one::<Quirks>(cx, self.keys.quirks()).await?;
            if let Some(quirks) = stored.value {
                self.api.learn(Arc::new(quirks));
            }
            *self.quirks_read.lock() = true;
        }
        Ok(self.api.quirks())
    }

    /// Keeps how the instance behaves, in the store and for all that follows.
    ///
    /// # Errors
    ///
    /// What writing to the store came to.
    pub(crate) async fn learn(&self, cx: &Context, quirks: Quirks) -> Result<()> {
        let mut batch = Batch::default();
        batch.put_record(self.keys.quirks(), &quirks)?;
        session::commit(cx, batch).await?;
        self.api.learn(Arc::new(quirks));
        *self.quirks_read.lock() = true;
        let known = self.catalog.lock().as_deref().cloned();
        known.map(|catalog| self.keep(catalog));
        Ok(())
    }

    pub(crate) fn catalog_scope(&self) -> CatalogScope {
        let config = self.settings.config();
        let fields = &config.ticket.fields;
        CatalogScope {
            boards: config
                .routes
                .iter()
                .filter_map(|route| route.board.clone())
                .chain(
                    config
                        .inbound
                        .trigger
                        .iter()
                        .map(|trigger| trigger.board.clone()),
                )
                .collect(),
            sources: config.routes.iter().any(|route| route.source.is_some()),
            custom_fields: fields.iter().any(|field| field.custom_field.is_some()),
            ..CatalogScope::default()
        }
    }

    fn keep(&self, catalog: Catalog) -> Arc<Catalog> {
        let length_unit = self.api.quirks().length_unit();
        let catalog = Arc::new(Catalog {
            length_unit,
            ..catalog
        });
        *self.catalog.lock() = Some(Arc::clone(&catalog));
        catalog
    }

    fn is_fresh(&self, cx: &Context, read_at: Timestamp) -> bool {
        cx.now() < read_at.after(self.settings.config().limits.catalog_age.0)
    }

    /// The company of that key, usable for tickets.
    ///
    /// # Errors
    ///
    /// [`Code::UnusableCompany`] where there is none, more than one, or it is deleted.
    pub(crate) async fn company(&self, cx: &Context, key: &CompanyKey) -> Result<Company> {
        let _turn = cx.lock(format!("company {key}")).await;
        if let Some(company) = self.cached(cx, &self.companies, key) {
            return Ok(company);
        }
        self.fresh_company(cx, key).await
    }

    /// The company of that key as ConnectWise has it now.
    ///
    /// # Errors
    ///
    /// As [`company`](Self::company).
    pub(crate) async fn fresh_company(&self, cx: &Context, key: &CompanyKey) -> Result<Company> {
        self.quirks(cx).await?;
        let found = companies::find(cx, &self.api, key).await?;
        let company = Self::usable_company(key, found)?;
        self.remember(cx, &self.companies, key, &company);
        Ok(company)
    }

    /// The one of the companies that a key names which tickets can be opened for.
    ///
    /// # Errors
    ///
    /// As [`company`](Self::company).
    pub(crate) fn usable_company(key: &CompanyKey, found: Vec<Company>) -> Result<Company> {
        let unusable = |why: &str, fix: &str| {
            Error::new(
                Code::UnusableCompany,
                format!("the company {key} {why}. {fix}"),
            )
        };
        let mut usable = found.into_iter().filter(|company| !company.deleted);
        let Some(company) = usable.next() else {
            return Err(unusable(
                "is not there or lies in the recycle bin",
                "Map the group to another company",
            ));
        };
        if usable.next().is_some() {
            return Err(unusable(
                "is there more than once",
                "Map the group by company identifier",
            ));
        }
        Ok(company)
    }

    /// The active contact of the company with that address.
    pub(crate) async fn contact(
        &self,
        cx: &Context,
        company: CompanyId,
        email: &str,
    ) -> Result<FoundContact> {
        let key = (company, email.to_lowercase());
        let _turn = cx.lock(format!("contact {} {}", company.0, key.1)).await;
        if let Some(contact) = self.cached(cx, &self.contacts, &key) {
            return Ok(contact);
        }
        self.quirks(cx).await?;
        let mut found = contacts::find_by_email(cx, &self.api, company, email).await?;
        let contact = match (found.pop(), found.len()) {
            (None, _) => FoundContact::Unknown,
            (Some(contact), 0) => FoundContact::One(contact),
            (Some(_), others) => FoundContact::Several(others.saturating_add(1)),
        };
        self.remember(cx, &self.contacts, &key, &contact);
        Ok(contact)
    }

    /// Whether a contact is there and active.
    pub(crate) async fn is_active(&self, cx: &Context, contact: ContactId) -> Result<bool> {
        let _turn = cx.lock(format!("contact {}", contact.0)).await;
        if let Some(active) = self.cached(cx, &self.active_contacts, &contact) {
            return Ok(active);
        }
        let active = contacts::is_active(cx, &self.api, contact).await?;
        self.remember(cx, &self.active_contacts, &contact, &active);
        Ok(active)
    }

    /// The company's device configuration of that key.
    ///
    /// # Errors
    ///
    /// [`Code::UnusableConfiguration`] where the company has none or more than one of it.
    pub(crate) async fn configuration(
        &self,
        cx: &Context,
        company: CompanyId,
        key: &ConfigurationKey,
    ) -> Result<Configuration> {
        let cache_key = (company, key.clone());
        let _turn = cx.lock(format!("configuration {} {key}", company.0)).await;
        if let Some(configuration) = self.cached(cx, &self.configurations, &cache_key) {
            return Ok(configuration);
        }
        self.fresh_configuration(cx, company, key).await
    }

    /// The company's device configuration of that key as ConnectWise has it now.
    ///
    /// # Errors
    ///
    /// As [`configuration`](Self::configuration).
    pub(crate) async fn fresh_configuration(
        &self,
        cx: &Context,
        company: CompanyId,
        key: &ConfigurationKey,
    ) -> Result<Configuration> {
        let cache_key = (company, key.clone());
        let mut found = configurations::find(cx, &self.api, company, key)
            .await?
            .into_iter();
        let unusable = |why: &str, fix: &str| {
            Error::new(
                Code::UnusableConfiguration,
                format!("the company has {why} configuration {key}. {fix}"),
            )
        };
        let Some(configuration) = found.next() else {
            return Err(unusable(
                "no active",
                "Map the system to one of the company's configurations",
            ));
        };
        if found.next().is_some() {
            return Err(unusable(
                "more than one",
                "Map the system by the configuration's id",
            ));
        }
        self.remember(cx, &self.configurations, &cache_key, &configuration);
        Ok(configuration)
    }

    fn cached<K: Ord, V: Clone>(&self, cx: &Context, cache: &Cache<K, V>, key: &K) -> Option<V> {
        let cache = cache.lock();
        cache
            .get(key)
            .filter(|(read_at, _)| self.is_fresh(cx, *read_at))
            .map(|(_, value)| value.clone())
    }

    fn remember<K: Ord + Clone, V: Clone>(
        &self,
        cx: &Context,
        cache: &Cache<K, V>,
        key: &K,
        value: &V,
    ) {
        let now = cx.now();
        let mut cache = cache.lock();
        if cache.len() >= MOST_CACHED {
            cache.clear();
        }
        cache.insert(key.clone(), (now, value.clone()));
    }
}
