use crate::{
    api::Client,
    callback::{CallbackSecret, PathSecret, Rules, SigningKeys},
    catalog::Catalog,
    company::{
        Company, CompanyId, CompanyKey, Configuration, ConfigurationKey, Contact, companies,
        configurations, contacts,
    },
    credentials::Credentials,
    effect::Batch,
    error::{Code, Error, Fault, Result},
    runtime::{Context, Shared},
    service::TicketId,
    settings::Settings,
    store::{keys::Keys, session},
    time::Timestamp,
    workflows::read_catalog::{CatalogScope, read_catalog},
};
use std::{collections::BTreeMap, sync::Arc};

/// What every workflow of a connector shares: the settings, the client, and what was read from ConnectWise before.
#[derive(Debug)]
pub(crate) struct Environment {
    pub(crate) settings: Settings,
    pub(crate) api: Client,
    pub(crate) keys: Keys,
    /// What callbacks are measured against.
    pub(crate) callbacks: Rules,
    pub(crate) signing_keys: Shared<SigningKeys>,
    /// Tickets that are to be read again and whose reading has not begun, with the time of the wish.
    pub(crate) awaited_tickets: Shared<BTreeMap<TicketId, Timestamp>>,
    catalog: Shared<Option<Arc<Catalog>>>,
    companies: Cache<CompanyKey, Company>,
    contacts: Cache<(CompanyId, String), Option<Contact>>,
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
            callbacks,
            signing_keys: Shared::new(SigningKeys::default()),
            awaited_tickets: Shared::new(BTreeMap::new()),
            catalog: Shared::new(None),
            companies: Shared::new(BTreeMap::new()),
            contacts: Shared::new(BTreeMap::new()),
            configurations: Shared::new(BTreeMap::new()),
        })
    }

    /// The catalog, read at most once per `catalog_age` for all operations, and found to fit the configuration.
    ///
    /// # Errors
    ///
    /// The faults of the configuration against the instance, all at once; or what reading failed with.
    pub(crate) async fn catalog(&self, cx: &Context) -> Result<Arc<Catalog>> {
        let _turn = cx.lock("catalog").await;
        if let Some(catalog) = self
            .catalog
            .lock()
            .as_ref()
            .filter(|catalog| self.is_fresh(cx, catalog.read_at))
        {
            return Ok(Arc::clone(catalog));
        }
        let mut stored = session::get_one::<Catalog>(cx, self.keys.catalog()).await?;
        if let Some(catalog) = stored.value.take()
            && self.is_fresh(cx, catalog.read_at)
            && self.settings.check(&catalog).is_empty()
        {
            return Ok(self.keep(catalog));
        }
        self.fresh_catalog(cx).await
    }

    /// Reads the catalog anew, as far as the configuration needs it, checks the configuration against it, and keeps it for
    /// all that follows.
    ///
    /// # Errors
    ///
    /// As [`catalog`](Self::catalog).
    pub(crate) async fn fresh_catalog(&self, cx: &Context) -> Result<Arc<Catalog>> {
        let reading = read_catalog(cx, &self.api, &self.catalog_scope()).await?;
        let gaps = reading.gaps.into_iter().map(|gap| {
            let message = format!(
                "the API member may not read the {}: {}",
                gap.what, gap.error.message
            );
            Fault::new(
                Code::Forbidden,
                "/routes",
                message,
                "Give its security role that right",
            )
        });
        let mut faults: Vec<Fault> = gaps.collect();
        faults.extend(self.settings.check(&reading.catalog));
        if !faults.is_empty() {
            return Err(Error::refused("the configuration", faults));
        }
        let mut batch = Batch::default();
        batch.put_record(self.keys.catalog(), &reading.catalog)?;
        session::commit(cx, batch).await?;
        Ok(self.keep(reading.catalog))
    }

    fn catalog_scope(&self) -> CatalogScope {
        let config = self.settings.config();
        let fields = &config.ticket.fields;
        CatalogScope {
            boards: config
                .routes
                .iter()
                .filter_map(|route| route.board.clone())
                .collect(),
            sources: config.routes.iter().any(|route| route.source.is_some()),
            custom_fields: fields.iter().any(|field| field.custom_field.is_some()),
        }
    }

    fn keep(&self, catalog: Catalog) -> Arc<Catalog> {
        let catalog = Arc::new(catalog);
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
        let found = companies::find(cx, &self.api, key).await?;
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
        self.remember(cx, &self.companies, key, &company);
        Ok(company)
    }

    /// The contact of the company with that address, where there is exactly one.
    pub(crate) async fn contact(
        &self,
        cx: &Context,
        company: CompanyId,
        email: &str,
    ) -> Result<Option<Contact>> {
        let key = (company, email.to_lowercase());
        let _turn = cx.lock(format!("contact {} {}", company.0, key.1)).await;
        if let Some(contact) = self.cached(cx, &self.contacts, &key) {
            return Ok(contact);
        }
        let mut found = contacts::find_by_email(cx, &self.api, company, email).await?;
        let contact = found.pop().filter(|_| found.is_empty());
        self.remember(cx, &self.contacts, &key, &contact);
        Ok(contact)
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
