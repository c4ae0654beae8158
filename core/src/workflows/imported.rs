use super::{mapping, page};
use crate::{
    company::{CompanyId, ConfigurationId, ImportedCompany, ImportedConfiguration},
    environment::Environment,
    error::Result,
    import::{CompanyPage, ConfigurationPage, ImportKind},
    runtime::Context,
    store::imported,
};

/// Lists imported companies by page, in the order of their ids.
///
/// # Errors
///
/// A limit that is out of bounds; no companies were imported.
pub(crate) async fn list_companies(
    cx: &Context,
    env: &Environment,
    after: Option<CompanyId>,
    limit: u32,
    text: Option<&str>,
) -> Result<CompanyPage> {
    page::check(limit, None, &[])?;
    imported::require(cx, &env.keys, ImportKind::Companies).await?;
    let wanted = Wanted::new(text);
    let mut list = CompanyPage::default();
    let mut pages = imported::companies_from(cx, &env.keys, first(after.map(|id| id.0))).await?;
    while let Some(page) = pages.next(cx).await? {
        let page = page.into_iter().filter(|row| Some(row.id) > after);
        for row in page.filter(|row| wanted.company(row)) {
            if list.companies.len() >= limit as usize {
                list.next = list.companies.last().map(|row| row.id);
                return Ok(list);
            }
            list.companies.push(row);
        }
    }
    Ok(list)
}

/// Whose device configurations are listed; everybody's where nothing is said.
pub(crate) struct Of {
    pub(crate) company: Option<CompanyId>,
    /// The company that it is mapped to.
    pub(crate) group: Option<String>,
}

/// Lists imported device configurations by page, in the order of their ids.
///
/// # Errors
///
/// A limit that is out of bounds; no device configurations were imported; what looking up the group's company failed with.
pub(crate) async fn list_configurations(
    cx: &Context,
    env: &Environment,
    after: Option<ConfigurationId>,
    limit: u32,
    of: Of,
    text: Option<&str>,
) -> Result<ConfigurationPage> {
    page::check(limit, None, &[])?;
    imported::require(cx, &env.keys, ImportKind::Configurations).await?;
    let wanted = Wanted::new(text);
    let mut list = ConfigurationPage::default();
    let mut companies: Vec<CompanyId> = of.company.into_iter().collect();
    if let Some(group) = of.group {
        match mapping::lookup::company_of_group(cx, env, &group).await? {
            Some(company) => companies.push(company),
            None => return Ok(list),
        }
    }
    let first = first(after.map(|id| id.0));
    let mut pages = imported::configurations_from(cx, &env.keys, first).await?;
    while let Some(page) = pages.next(cx).await? {
        let page = page.into_iter().filter(|row| Some(row.id) > after);
        let page = page.filter(|row| companies.iter().all(|company| row.company == *company));
        for row in page.filter(|row| wanted.configuration(row)) {
            if list.configurations.len() >= limit as usize {
                list.next = list.configurations.last().map(|row| row.id);
                return Ok(list);
            }
            list.configurations.push(row);
        }
    }
    Ok(list)
}

/// The first id that a page may begin with.
fn first(after: Option<u32>) -> u32 {
    after.map_or(0, |id| id.saturating_add(1))
}

/// What is searched for, in lower case; everything where nothing is said.
struct Wanted(Option<String>);

impl Wanted {
    fn new(text: Option<&str>) -> Self {
        let text = text.map(str::trim).filter(|text| !text.is_empty());
        Self(text.map(str::to_lowercase))
    }

    fn any(&self, texts: &[&str]) -> bool {
        let Some(wanted) = &self.0 else {
            return true;
        };
        let holds = |text: &&str| text.to_lowercase().contains(wanted);
        texts.iter().any(holds)
    }

    fn company(&self, row: &ImportedCompany) -> bool {
        self.any(&[&row.name, &row.identifier])
    }

    fn configuration(&self, row: &ImportedConfiguration) -> bool {
        let texts = [
            &row.name,
            &row.serial_number,
            &row.mac_address,
            &row.device_identifier,
        ];
        self.any(&texts.map(String::as_str))
    }
}
