use super::{
    Directory, Planned,
    directory::{CompanyFinder, usable},
    plan, plan_sound,
};
use crate::{
    case::Case,
    catalog::Catalog,
    company::{Company, CompanyId, CompanyKey},
    decision::TicketPlan,
    error::{Fault, Result},
    settings::Settings,
};
use std::{collections::BTreeMap, sync::Arc};

/// Translates case after case, as [`translate`](super::translate) does each. Companies are found without going through all
/// of the directory.
#[derive(Debug)]
pub struct Translator<'a> {
    settings: &'a Settings,
    catalog: &'a Catalog,
    directory: &'a Directory,
    companies: CompanyIndex<'a>,
}

impl<'a> Translator<'a> {
    /// Makes ready what all cases share.
    #[must_use]
    pub fn new(settings: &'a Settings, catalog: &'a Catalog, directory: &'a Directory) -> Self {
        Self {
            settings,
            catalog,
            directory,
            companies: CompanyIndex::of(&directory.companies),
        }
    }

    /// The ticket of a case. What [`TicketPlan::body`] makes of it is what a live run sends, where the directory knows the
    /// case's company.
    ///
    /// # Errors
    /// Where the case makes no ticket, in the words of a preview, with every fault.
    pub fn translate(&self, case: &Arc<Case>) -> Result<TicketPlan> {
        self.plan(case).into_ticket()
    }

    /// The ticket of a case in JSON.
    ///
    /// # Errors
    /// As of [`Case::from_json`] and [`translate`](Self::translate).
    pub fn translate_json(&self, case: &[u8]) -> Result<TicketPlan> {
        let case = Arc::new(Case::from_json(case)?);
        let (settings, catalog) = (self.settings, self.catalog);
        plan_sound(settings, catalog, self.directory, &self.companies, &case).into_ticket()
    }

    pub(crate) fn plan(&self, case: &Arc<Case>) -> Planned {
        let (settings, catalog) = (self.settings, self.catalog);
        plan(settings, catalog, self.directory, &self.companies, case)
    }

    pub(crate) fn settings(&self) -> &'a Settings {
        self.settings
    }
}

/// Companies by what a configuration may call them.
#[derive(Debug, Default)]
struct CompanyIndex<'a> {
    by_id: BTreeMap<CompanyId, Vec<&'a Company>>,
    by_identifier: BTreeMap<String, Vec<&'a Company>>,
    by_name: BTreeMap<String, Vec<&'a Company>>,
}

impl<'a> CompanyIndex<'a> {
    fn of(companies: &'a [Company]) -> Self {
        let mut index = Self::default();
        for company in companies {
            let identifier = folded(&company.identifier);
            let name = folded(&company.name);
            index.by_id.entry(company.id).or_default().push(company);
            let of_identifier = index.by_identifier.entry(identifier);
            of_identifier.or_default().push(company);
            index.by_name.entry(name).or_default().push(company);
        }
        index
    }
}

impl CompanyFinder for CompanyIndex<'_> {
    fn company(&self, key: &CompanyKey) -> std::result::Result<Option<&Company>, Fault> {
        let candidates = match key {
            CompanyKey::Id(id) => self.by_id.get(id),
            CompanyKey::Identifier(identifier) => self.by_identifier.get(&folded(identifier)),
            CompanyKey::Name(name) => self.by_name.get(&folded(name)),
        };
        usable(key, candidates.into_iter().flatten().copied())
    }
}

/// A name as [`same_name`](crate::catalog::same_name) compares it.
fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_index_finds_what_the_directory_finds() {
        let directory: Directory = serde_json::from_value(json!({"companies": [
            {"id": 1, "identifier": "Acme", "name": "Acme Inc"},
            {"id": 2, "identifier": " acme ", "name": "Twice"},
            {"id": 3, "identifier": "Cobalt", "name": "twice "},
            {"id": 4, "identifier": "Gone", "name": "Gone", "deletedFlag": true},
            {"id": 5, "identifier": "Ümit", "name": "gone"},
            {"id": 5, "identifier": "b", "name": "b"}
        ]}))
        .unwrap();
        let index = CompanyIndex::of(&directory.companies);
        for name in [
            "acme", "ACME ", "cobalt", "twice", "Gone", "ümit", "B", "no",
        ] {
            for key in [
                CompanyKey::Identifier(name.to_owned()),
                CompanyKey::Name(name.to_owned()),
            ] {
                assert_eq!(index.company(&key), directory.company(&key), "{key:?}");
            }
        }
        for id in 0..7 {
            let key = CompanyKey::Id(CompanyId(id));
            assert_eq!(index.company(&key), directory.company(&key), "{key:?}");
        }
    }
}
