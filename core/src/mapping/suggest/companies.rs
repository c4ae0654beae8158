//! Companies for groups.

use super::{
    CLOSELY, Case, CompanySuggestion, Signal, SuggestedFlag, Suggestions, as_others_do,
    names::{NameIndex, company_name, likeness, squashed, weight},
};
use crate::{
    case::Group,
    company::{CompanyId, ImportedCompany},
    mapping::{Domain, MappingRules, companies::ByDomain},
};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

/// Suggests companies for groups, at most `limit` for each (five are usual), in the order of the groups.
///
/// Signals are the domain of the e-mail addresses, unless it is a mailbox provider's, the names, and the group's id or name beside the
/// company's identifier. Candidates come from indexes of these and of the trigrams of names; of each, at most forty are compared
/// closely, and at most 2,000 entries of the trigram index are looked at. The cost of a group is therefore bounded, whatever the number
/// of companies; building the indexes takes time in proportion to all names, times the logarithm of their number.
#[must_use]
pub fn suggest_companies(
    groups: &[Group],
    companies: &[ImportedCompany],
    rules: &MappingRules,
    limit: usize,
) -> Vec<Suggestions<CompanySuggestion>> {
    let index = Index::of(companies, rules);
    let suggestions = groups.iter().map(|group| Suggestions {
        id: group.id.clone(),
        name: group.name.clone(),
        candidates: index.suggest(group, limit),
    });
    suggestions.collect()
}

struct Index<'a> {
    rules: &'a MappingRules,
    /// In the order of their ids, each once, with their prepared names.
    companies: Vec<(&'a ImportedCompany, String)>,
    by_domain: ByDomain<'a>,
    by_name: BTreeMap<String, Vec<usize>>,
    by_identifier: BTreeMap<String, Vec<usize>>,
    near: NameIndex,
}

impl<'a> Index<'a> {
    fn of(companies: &'a [ImportedCompany], rules: &'a MappingRules) -> Self {
        let mut sorted: Vec<&ImportedCompany> = companies.iter().collect();
        sorted.sort_by_key(|company| company.id);
        sorted.dedup_by_key(|company| company.id);
        let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut by_identifier: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let named: Vec<(&ImportedCompany, String)> = sorted
            .into_iter()
            .map(|company| (company, company_name(&company.name)))
            .collect();
        for (number, (company, name)) in named.iter().enumerate() {
            by_name.entry(name.clone()).or_default().push(number);
            by_identifier
                .entry(squashed(&company.identifier))
                .or_default()
                .push(number);
        }
        Self {
            rules,
            by_domain: ByDomain::of(companies, rules),
            by_name,
            by_identifier,
            near: NameIndex::of(named.iter().map(|(_, name)| name.as_str())),
            companies: named,
        }
    }

    fn suggest(&self, group: &Group, limit: usize) -> Vec<CompanySuggestion> {
        let asked = Asked::of(group, self.rules);
        let mut suggestions: Vec<CompanySuggestion> = self
            .candidates(&asked)
            .into_iter()
            .filter_map(|number| self.companies.get(number))
            .filter_map(|(company, name)| self.judge(&asked, company, name))
            .collect();
        suggestions.sort_by_key(|suggestion| {
            let is_usable = !suggestion
                .flags
                .iter()
                .any(|flag| *flag != SuggestedFlag::DuplicateName);
            (
                Reverse(suggestion.score),
                Reverse(is_usable),
                suggestion.company.id,
            )
        });
        suggestions.truncate(limit);
        suggestions
    }

    fn candidates(&self, asked: &Asked<'_>) -> BTreeSet<usize> {
        let number = |id: CompanyId| {
            self.companies
                .binary_search_by_key(&id, |(company, _)| company.id)
                .ok()
        };
        let by_domain = asked
            .domains
            .iter()
            .flat_map(|domain| self.by_domain.having(domain).iter().take(CLOSELY))
            .filter_map(|candidate| number(candidate.company.id));
        let named = |index: &BTreeMap<String, Vec<usize>>, key: &str| {
            let found = index.get(key).filter(|_| !key.is_empty());
            found
                .into_iter()
                .flatten()
                .copied()
                .take(CLOSELY)
                .collect::<Vec<_>>()
        };
        let identified = asked
            .identifiers
            .iter()
            .flat_map(|identifier| named(&self.by_identifier, identifier));
        by_domain
            .chain(named(&self.by_name, &asked.name))
            .chain(identified)
            .chain(self.near.near(&asked.name, CLOSELY))
            .collect()
    }

    fn judge(
        &self,
        asked: &Asked<'_>,
        company: &ImportedCompany,
        name: &str,
    ) -> Option<CompanySuggestion> {
        let mut case = Case::default();
        let shown = asked.group.name.as_deref().unwrap_or_default();
        for domain in &asked.domains {
            let having = self.by_domain.having(domain);
            if let Ok(at) =
                having.binary_search_by_key(&company.id, |candidate| candidate.company.id)
                && let Some(candidate) = having.get(at)
            {
                let weight = if having.len() == 1 { 70 } else { 50 };
                let others = as_others_do(having.len() - 1, "company", "companies");
                let text = format!(
                    "its primary contact {} has the group's domain {domain}{others}",
                    candidate.contact_email
                );
                case.add(weight, Signal::Domain, text);
                break;
            }
        }
        if asked.name.is_empty() || name.is_empty() {
        } else if asked.name == name {
            let text = if shown == company.name {
                format!("both are named '{shown}'")
            } else {
                format!(
                    "'{shown}' and '{}' are the same but for case, punctuation and legal form",
                    company.name
                )
            };
            case.add(75, Signal::Name, text);
        } else if let Some(likeness) = likeness(&asked.name, name) {
            let text = format!(
                "the names '{shown}' and '{}' are {} % alike",
                company.name,
                likeness / 10
            );
            case.add(weight(likeness), Signal::Name, text);
        }
        let identifier = squashed(&company.identifier);
        if asked.identifiers.iter().any(|asked| *asked == identifier) {
            let text = format!(
                "its identifier is '{}', as the group's id or name",
                company.identifier
            );
            case.add(60, Signal::Identifier, text);
        }
        let (score, evidence) = case.close()?;
        Some(CompanySuggestion {
            company: company.into(),
            score,
            evidence,
            flags: self.flags(company, name),
        })
    }

    fn flags(&self, company: &ImportedCompany, name: &str) -> Vec<SuggestedFlag> {
        let flags = [
            (
                self.rules.is_inactive(&company.status),
                SuggestedFlag::Inactive,
            ),
            (company.deleted, SuggestedFlag::Deleted),
            (
                self.by_name.get(name).is_some_and(|same| same.len() > 1),
                SuggestedFlag::DuplicateName,
            ),
        ];
        flags
            .into_iter()
            .filter(|(holds, _)| *holds)
            .map(|(_, flag)| flag)
            .collect()
    }
}

/// A group, prepared for comparison.
struct Asked<'a> {
    group: &'a Group,
    name: String,
    /// Without those of mailbox providers, which are no evidence.
    domains: BTreeSet<Domain>,
    /// Id and name, squashed; not empty.
    identifiers: BTreeSet<String>,
}

impl<'a> Asked<'a> {
    fn of(group: &'a Group, rules: &MappingRules) -> Self {
        let mut domains =
            Domain::of_addresses(group.email.as_deref().unwrap_or_default()).unwrap_or_default();
        domains.retain(|domain| !domain.is_public(rules));
        let name = group.name.as_deref().unwrap_or_default();
        let identifiers = [group.id.as_str(), name].map(squashed);
        Self {
            group,
            name: company_name(name),
            domains,
            identifiers: identifiers
                .into_iter()
                .filter(|text| !text.is_empty())
                .collect(),
        }
    }
}
