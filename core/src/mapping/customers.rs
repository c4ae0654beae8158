//! The host's customers beside the companies of ConnectWise (row M5; guide 004, "Sync Customers").

use super::{MappedCompany, MappingRules, NamedCompany, companies::ByDomain, domain::addresses};
use crate::{
    case::Group,
    catalog::same_name,
    company::{CompanyId, CompanyKey, ImportedCompany},
    import::ImportReport,
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

#[cfg(test)]
mod tests;

/// What the host's groups and the companies of ConnectWise lack of each other.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct CustomersReport {
    /// What differs: by group in the order of their ids, then the companies that no group is mapped to.
    pub findings: Vec<CustomerFinding>,
    /// Groups of which nothing has to be said.
    pub unchanged: u64,
    /// What was read of ConnectWise for it.
    pub imported: ImportReport,
}

/// A group, a company, or both, and what is not as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CustomerFinding {
    /// Id of the group; nothing for a company that no group is mapped to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The group's name in the host, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_name: Option<String>,
    /// The company, as ConnectWise has it, or as it was when it was mapped where it is there no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<NamedCompany>,
    /// What happened.
    #[serde(flatten)]
    pub change: CustomerChange,
    /// How that shows.
    pub reason: String,
    /// What to do.
    pub fix: String,
}

/// What happened to a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum CustomerChange {
    /// The host has a group that is mapped to no company.
    GroupNew,
    /// A group is mapped that the host has no more.
    GroupGone,
    /// The host calls the group by another name than when it was mapped.
    GroupRenamed {
        /// The name that it had.
        from: String,
    },
    /// ConnectWise has an active company that no group is mapped to.
    CompanyNew,
    /// The group's company is not there any more, lies in the recycle bin, or is inactive.
    CompanyGone,
    /// The company has another name or identifier than when the group was mapped.
    CompanyRenamed {
        /// The name and identifier that it had.
        from: String,
    },
    /// The group's company is gone, and exactly one other bears its name, its identifier or the group's e-mail domain: so
    /// ConnectWise leaves it when one company was merged into another.
    CompanyMerged {
        /// The other one.
        into: NamedCompany,
    },
}

/// What is known of a group beside what the host says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownCustomer {
    /// Its name in the host when it was mapped, where it was said.
    pub name: Option<String>,
    /// Its company.
    pub company: KnownCompany,
}

/// The company that a group is mapped to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KnownCompany {
    /// This one, as it was when it was mapped.
    Mapped(MappedCompany),
    /// As the configuration names it.
    Named(CompanyKey),
    /// None, because a person took it out.
    LeftOut,
    /// None.
    Missing,
}

/// Compares the host's groups with the companies of ConnectWise.
///
/// `companies` are all that are imported, and those that groups are mapped to beyond these. `catch_all` is the company for
/// unmapped groups, which is nobody's own. Nothing is changed by it.
#[must_use]
pub fn compare_customers(
    groups: &[Group],
    companies: &[ImportedCompany],
    known: &BTreeMap<String, KnownCustomer>,
    catch_all: Option<&CompanyKey>,
    rules: &MappingRules,
) -> (Vec<CustomerFinding>, u64) {
    let mut comparing = Comparing {
        companies,
        by_id: companies
            .iter()
            .map(|company| (company.id, company))
            .collect(),
        by_domain: ByDomain::of(companies, rules),
        rules,
        taken: BTreeSet::new(),
        findings: Vec::new(),
    };
    let in_host: BTreeMap<&str, &Group> = groups
        .iter()
        .map(|group| (group.id.as_str(), group))
        .collect();
    let ids: BTreeSet<&str> = in_host
        .keys()
        .copied()
        .chain(known.keys().map(String::as_str))
        .collect();
    let mut unchanged = 0;
    for id in ids {
        let before = comparing.findings.len();
        comparing.group(id, in_host.get(id).copied(), known.get(id));
        unchanged += u64::from(before == comparing.findings.len() && in_host.contains_key(id));
    }
    comparing.new_companies(catch_all);
    (comparing.findings, unchanged)
}

struct Comparing<'a> {
    companies: &'a [ImportedCompany],
    by_id: BTreeMap<CompanyId, &'a ImportedCompany>,
    by_domain: ByDomain<'a>,
    rules: &'a MappingRules,
    /// Companies that are somebody's.
    taken: BTreeSet<CompanyId>,
    findings: Vec<CustomerFinding>,
}

impl<'a> Comparing<'a> {
    fn group(&mut self, id: &str, group: Option<&Group>, known: Option<&KnownCustomer>) {
        let name = group.and_then(|group| group.name.clone());
        let earlier = known.and_then(|known| known.name.clone());
        let about = About {
            group: Some(id.to_owned()),
            group_name: name.clone().or_else(|| earlier.clone()),
        };
        let company = known.map_or(&KnownCompany::Missing, |known| &known.company);
        let Some(group) = group else {
            return self.group_gone(about, company);
        };
        if let (Some(from), Some(name)) = (earlier, name)
            && from != name
        {
            let reason = format!("it was called '{from}' when it was mapped, and is '{name}' now");
            let fix = "See whether its company is still the right one, and map it again to take the new name";
            let named = self.named(company);
            let change = CustomerChange::GroupRenamed { from };
            self.find(about.clone(), named, change, reason, fix);
        }
        match company {
            KnownCompany::LeftOut => {}
            KnownCompany::Missing => self.find(
                about,
                None,
                CustomerChange::GroupNew,
                "no company is mapped to it".to_owned(),
                "Map it: casewire map auto, or look at its suggestions",
            ),
            KnownCompany::Named(key) => self.configured(about, key),
            KnownCompany::Mapped(mapped) => self.mapped(about, group, mapped),
        }
    }

    fn group_gone(&mut self, about: About, company: &KnownCompany) {
        let named = self.named(company);
        self.taken.extend(named.as_ref().map(|company| company.id));
        if matches!(company, KnownCompany::Mapped(_) | KnownCompany::Named(_)) {
            self.find(
                about,
                named,
                CustomerChange::GroupGone,
                "it is mapped, and the host has it no more".to_owned(),
                "Take its map out if the customer has left",
            );
        }
    }

    fn configured(&mut self, about: About, key: &CompanyKey) {
        match self.living_named(key) {
            Some(company) => {
                self.taken.insert(company.id);
            }
            None => self.find(
                about,
                None,
                CustomerChange::CompanyGone,
                format!(
                    "companies.map has {key}, which is no company, not an active one, or several"
                ),
                "Name another company in the configuration",
            ),
        }
    }

    fn mapped(&mut self, about: About, group: &Group, mapped: &MappedCompany) {
        self.taken.insert(mapped.id);
        let was = NamedCompany {
            id: mapped.id,
            identifier: mapped.identifier.clone(),
            name: mapped.name.clone(),
        };
        let found = self.by_id.get(&mapped.id).copied();
        let why = match found {
            None => "it is not there any more".to_owned(),
            Some(company) if company.deleted => "it lies in the recycle bin".to_owned(),
            Some(company) if self.rules.is_inactive(&company.status) => {
                let reason = format!("its status is '{}'", company.status);
                let fix = "See whether the customer has left; then take the map out";
                let named = Some(NamedCompany::from(company));
                return self.find(about, named, CustomerChange::CompanyGone, reason, fix);
            }
            Some(company)
                if company.name != mapped.name || company.identifier != mapped.identifier =>
            {
                let from = format!("{} ({})", mapped.name, mapped.identifier);
                let reason = format!(
                    "it was {from} when the group was mapped, and is {} ({}) now",
                    company.name, company.identifier
                );
                let fix = "See whether it is still the group's company, and map it again to take the new name";
                let named = Some(NamedCompany::from(company));
                let change = CustomerChange::CompanyRenamed { from };
                return self.find(about, named, change, reason, fix);
            }
            Some(_) => return,
        };
        match self.successor(group, mapped) {
            Some((company, evidence)) => {
                self.taken.insert(company.id);
                let into = NamedCompany::from(company);
                let reason = format!("{why}, and {evidence}");
                let fix = "If it was merged, map the group to the other company";
                let change = CustomerChange::CompanyMerged { into };
                self.find(about, Some(was), change, reason, fix);
            }
            None => {
                let fix = "Map the group to another company, or take its map out";
                self.find(about, Some(was), CustomerChange::CompanyGone, why, fix);
            }
        }
    }

    /// The one living company that what is known of the lost one points to.
    fn successor(
        &self,
        group: &Group,
        lost: &MappedCompany,
    ) -> Option<(&'a ImportedCompany, String)> {
        let by_identifier = only(self.living().filter(|company| {
            company.id != lost.id && same_name(&company.identifier, &lost.identifier)
        }));
        if let Some(company) = by_identifier {
            return Some((
                company,
                format!("another one has its identifier '{}'", lost.identifier),
            ));
        }
        let by_name = only(
            self.living()
                .filter(|company| company.id != lost.id && same_name(&company.name, &lost.name)),
        );
        if let Some(company) = by_name {
            return Some((company, format!("another one has its name '{}'", lost.name)));
        }
        let email = group.email.as_deref().unwrap_or_default();
        let domains: BTreeSet<_> = addresses(email)
            .filter_map(|(_, domain)| domain.ok())
            .collect();
        let of_domain: BTreeMap<CompanyId, &'a ImportedCompany> = domains
            .iter()
            .flat_map(|domain| self.by_domain.having(domain))
            .map(|candidate| candidate.company)
            .filter(|company| company.id != lost.id && self.lives(company))
            .map(|company| (company.id, company))
            .collect();
        let company = only(of_domain.into_values())?;
        let evidence = format!("the domain of '{email}' is that of '{}'", company.name);
        Some((company, evidence))
    }

    fn new_companies(&mut self, catch_all: Option<&CompanyKey>) {
        let catch_all = catch_all.and_then(|key| self.living_named(key));
        self.taken.extend(catch_all.map(|company| company.id));
        let mut new: Vec<&ImportedCompany> = self
            .living()
            .filter(|company| !self.taken.contains(&company.id))
            .collect();
        new.sort_by_key(|company| company.id);
        for company in new {
            let about = About {
                group: None,
                group_name: None,
            };
            self.find(
                about,
                Some(NamedCompany::from(company)),
                CustomerChange::CompanyNew,
                "no group is mapped to it".to_owned(),
                "Nothing, unless it is a customer of the host's: then make its group there and map it",
            );
        }
    }

    fn named(&self, company: &KnownCompany) -> Option<NamedCompany> {
        match company {
            KnownCompany::Mapped(mapped) => Some(match self.by_id.get(&mapped.id) {
                Some(company) => NamedCompany::from(*company),
                None => NamedCompany {
                    id: mapped.id,
                    identifier: mapped.identifier.clone(),
                    name: mapped.name.clone(),
                },
            }),
            KnownCompany::Named(key) => self.living_named(key).map(NamedCompany::from),
            KnownCompany::LeftOut | KnownCompany::Missing => None,
        }
    }

    fn living_named(&self, key: &CompanyKey) -> Option<&'a ImportedCompany> {
        only(self.living().filter(|company| match key {
            CompanyKey::Id(id) => company.id == *id,
            CompanyKey::Identifier(text) => same_name(&company.identifier, text),
            CompanyKey::Name(text) => same_name(&company.name, text),
        }))
    }

    fn living(&self) -> impl Iterator<Item = &'a ImportedCompany> {
        self.companies.iter().filter(|company| self.lives(company))
    }

    fn lives(&self, company: &ImportedCompany) -> bool {
        !company.deleted && !self.rules.is_inactive(&company.status)
    }

    fn find(
        &mut self,
        about: About,
        company: Option<NamedCompany>,
        change: CustomerChange,
        reason: String,
        fix: &str,
    ) {
        self.findings.push(CustomerFinding {
            group: about.group,
            group_name: about.group_name,
            company,
            change,
            reason,
            fix: fix.to_owned(),
        });
    }
}

#[derive(Clone)]
struct About {
    group: Option<String>,
    group_name: Option<String>,
}

/// The one of them, where it is the only one.
fn only<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next()?;
    all.next().is_none().then_some(first)
}
