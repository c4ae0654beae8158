use super::{auto_map::Rules, lookup};
use crate::{
    case::Group,
    company::{CompanyId, CompanyKey, ImportedCompany},
    environment::Environment,
    error::{Error, Fault, Result},
    import::{ImportFilter, ImportKind},
    inventory::Inventory,
    mapping::{
        CustomersReport, KnownCompany, KnownCustomer, Mapping, MappingOrigin, MappingRecord,
        compare_customers,
    },
    runtime::Context,
    store::{imported, records, session},
    workflows::import::import,
};
use std::collections::{BTreeMap, BTreeSet};

/// Mappings that are read at once.
const PAGE: u32 = 1000;

/// Compares all of the host's groups with the companies of ConnectWise, after reading what has changed there (row M5; guide
/// 004, "Sync Customers"). No mapping is changed.
///
/// # Errors
///
/// Faults of the inventory, all at once; what reading failed with.
pub(crate) async fn sync_customers(
    cx: &Context,
    env: &Environment,
    inventory: &Inventory,
) -> Result<CustomersReport> {
    let faults: Vec<Fault> = inventory.check();
    if !faults.is_empty() {
        let at = |fault: Fault| Fault {
            pointer: format!("/inventory{}", fault.pointer),
            ..fault
        };
        let faults = faults.into_iter().map(at).collect();
        return Err(Error::refused("the inventory", faults));
    }
    let what = [ImportKind::Companies, ImportKind::Contacts];
    let imported = import(cx, env, &what, &ImportFilter::default(), false).await?;
    let known = known(cx, env).await?;
    let mut companies: Vec<ImportedCompany> = Vec::new();
    imported::each_company(cx, &env.keys, |company| companies.push(company)).await?;
    add_mapped(cx, env, &known, &mut companies).await?;
    let groups: Vec<Group> = inventory
        .groups
        .iter()
        .map(|entry| entry.group.clone())
        .collect();
    let (findings, unchanged) = compare_customers(
        &groups,
        &companies,
        &known,
        env.settings.config().companies.unmapped.company.as_ref(),
        &Rules::of(&env.settings).of_domains,
    );
    Ok(CustomersReport {
        findings,
        unchanged,
        imported,
    })
}

/// Every group of which something was decided; the configuration wins.
async fn known(cx: &Context, env: &Environment) -> Result<BTreeMap<String, KnownCustomer>> {
    let mut known = BTreeMap::new();
    let prefix = env.keys.all("mapping/group");
    let mut after = None;
    loop {
        let page = session::scan(cx, &prefix, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.key.clone());
        for record in page {
            let stored: MappingRecord = records::read(&record.key, &record.value)?;
            let mapping = stored.mapping;
            let company = company_of(&mapping);
            let name = mapping.name;
            known.insert(mapping.id, KnownCustomer { name, company });
        }
    }
    for (group, key) in &env.settings.companies {
        let company = KnownCompany::Named(key.clone());
        let name = None;
        known.insert(group.clone(), KnownCustomer { name, company });
    }
    Ok(known)
}

fn company_of(mapping: &Mapping) -> KnownCompany {
    match mapping.company() {
        Some(company) => KnownCompany::Mapped(company.clone()),
        None if mapping.state.origin == MappingOrigin::Removed => KnownCompany::LeftOut,
        None => KnownCompany::Missing,
    }
}

/// Adds the companies that groups are mapped to and that the filter of the import leaves out: what is not imported is not gone
/// for that.
async fn add_mapped(
    cx: &Context,
    env: &Environment,
    known: &BTreeMap<String, KnownCustomer>,
    companies: &mut Vec<ImportedCompany>,
) -> Result<()> {
    let held: BTreeSet<CompanyId> = companies.iter().map(|company| company.id).collect();
    let keys: BTreeSet<CompanyKey> = known
        .values()
        .filter_map(|known| match &known.company {
            KnownCompany::Mapped(company) => Some(CompanyKey::Id(company.id)),
            KnownCompany::Named(key) => Some(key.clone()),
            KnownCompany::LeftOut | KnownCompany::Missing => None,
        })
        .filter(|key| match key {
            CompanyKey::Id(id) => !held.contains(id),
            CompanyKey::Identifier(_) | CompanyKey::Name(_) => {
                env.settings.config().companies.import.is_some()
            }
        })
        .collect();
    let found = lookup::companies(cx, env, keys.into_iter().collect()).await?;
    let beyond: BTreeMap<CompanyId, ImportedCompany> = found
        .into_values()
        .flatten()
        .filter(|company| !held.contains(&company.id))
        .map(|company| {
            let row = ImportedCompany {
                id: company.id,
                identifier: company.identifier,
                name: company.name,
                deleted: company.deleted,
                status: String::new(),
                contact_emails: Vec::new(),
            };
            (row.id, row)
        })
        .collect();
    companies.extend(beyond.into_values());
    Ok(())
}
