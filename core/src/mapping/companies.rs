//! Groups to companies, by the domain of their addresses (row M3; guide 000, section 6.1).

use super::{
    AddressFault, Domain, ExistingMappings, FirstFew, MappingRules, NamedCompany, domain::addresses,
};
use crate::{
    case::Group,
    company::{CompanyId, ImportedCompany},
    text::cut,
};
use serde::Serialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

#[cfg(test)]
mod tests;

/// What automatic mapping makes of a group.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct GroupMatch {
    /// Id of the group.
    pub group: String,
    /// Its company, or why it has none.
    #[serde(flatten)]
    pub outcome: GroupOutcome,
}

/// A group's company, or why it has none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum GroupOutcome {
    /// The group belongs to this company.
    Mapped {
        /// The company.
        company: CompanyId,
        /// Why.
        evidence: DomainEvidence,
        /// Whether it was mapped so before.
        kept: bool,
    },
    /// The group stays unmapped.
    Refused {
        /// Why, and what to do.
        reason: GroupRefusal,
        /// The company that it was mapped to automatically before, which is no longer right.
        #[serde(skip_serializing_if = "Option::is_none")]
        lost: Option<CompanyId>,
    },
}

/// Why a company was taken for a group's: both have the domain.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct DomainEvidence {
    /// The domain that both have.
    pub domain: Domain,
    /// The group's address, as the host gave it.
    pub group_email: String,
    /// The address of the company's primary contact, as ConnectWise holds it.
    pub contact_email: String,
}

/// Why a group was not mapped. Its text says what to do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum GroupRefusal {
    /// The inventory has the id more than once.
    DuplicateGroup,
    /// The group has no address.
    NoAddress,
    /// The group's address is none.
    MalformedAddress {
        /// As the host gave it.
        address: String,
        /// What is wrong with it.
        fault: AddressFault,
    },
    /// Anybody can get a mailbox at the domain.
    PublicMailbox {
        /// The domains of the group's address.
        domains: FirstFew<Domain>,
    },
    /// No company's primary contact has an address there.
    NoCompany {
        /// The domains of the group's address.
        domains: FirstFew<Domain>,
    },
    /// The primary contacts of several companies have an address there.
    SeveralCompanies {
        /// The domains of the group's address.
        domains: FirstFew<Domain>,
        /// The companies.
        companies: FirstFew<NamedCompany>,
    },
    /// Only companies in the recycle bin have it.
    OnlyDeleted {
        /// The domains of the group's address.
        domains: FirstFew<Domain>,
        /// The companies.
        companies: FirstFew<NamedCompany>,
    },
    /// Only companies whose status counts as inactive have it.
    OnlyInactive {
        /// The domains of the group's address.
        domains: FirstFew<Domain>,
        /// The companies.
        companies: FirstFew<NamedCompany>,
    },
}

/// Finds the company of each group by e-mail domain: that of the group's address and those of the companies' primary contacts.
///
/// Only whole domains match. Many groups may get one company. A group that a person has decided about is left out of the answer;
/// a group that was mapped automatically before keeps its company as long as that is one of those with the domain and takes
/// tickets, even where another has it now too. The answer is in the order of the groups' ids, whatever the order of the input.
///
/// Takes time linear in the number of addresses, but for sorting.
#[must_use]
pub fn auto_map_companies(
    groups: &[Group],
    companies: &[ImportedCompany],
    rules: &MappingRules,
    existing: &ExistingMappings<CompanyId>,
) -> Vec<GroupMatch> {
    let by_domain = ByDomain::of(companies, rules);
    let mut groups: Vec<&Group> = groups.iter().collect();
    groups.sort_unstable_by(|left, right| left.id.cmp(&right.id));
    groups
        .chunk_by(|left, right| left.id == right.id)
        .filter_map(|same| match same {
            [group, ..] if existing.is_decided(&group.id) => None,
            [group] => Some((*group, by_domain.company_of(group, rules, existing))),
            [group, ..] => Some((*group, Err(GroupRefusal::DuplicateGroup))),
            [] => None,
        })
        .map(|(group, found)| {
            let before = existing.automatic.get(&group.id).copied();
            GroupMatch {
                group: group.id.clone(),
                outcome: match found {
                    Ok((company, evidence)) => GroupOutcome::Mapped {
                        company,
                        evidence,
                        kept: before == Some(company),
                    },
                    Err(reason) => GroupOutcome::Refused {
                        reason,
                        lost: before,
                    },
                },
            }
        })
        .collect()
}

/// The companies by the domains of their primary contacts' addresses, without those of mailbox providers.
pub(super) struct ByDomain<'a>(BTreeMap<Domain, Vec<Candidate<'a>>>);

/// A company and the address by which it has a domain.
#[derive(Clone, Copy)]
pub(super) struct Candidate<'a> {
    pub(super) company: &'a ImportedCompany,
    pub(super) contact_email: &'a str,
    is_inactive: bool,
}

impl<'a> ByDomain<'a> {
    pub(super) fn of(companies: &'a [ImportedCompany], rules: &MappingRules) -> Self {
        let mut by_domain: BTreeMap<Domain, Vec<Candidate<'_>>> = BTreeMap::new();
        for company in companies {
            let is_inactive = rules.is_inactive(&company.status);
            for (contact_email, domain) in company
                .contact_emails
                .iter()
                .flat_map(|text| addresses(text))
            {
                let Ok(domain) = domain else { continue };
                by_domain.entry(domain).or_default().push(Candidate {
                    company,
                    contact_email,
                    is_inactive,
                });
            }
        }
        by_domain.retain(|domain, _| !domain.is_public(rules));
        for candidates in by_domain.values_mut() {
            candidates
                .sort_unstable_by_key(|candidate| (candidate.company.id, candidate.contact_email));
            candidates.dedup_by_key(|candidate| candidate.company.id);
        }
        Self(by_domain)
    }

    /// Those that have the domain, in the order of their ids, each once.
    pub(super) fn having(&self, domain: &Domain) -> &[Candidate<'a>] {
        self.0.get(domain).map_or(&[], Vec::as_slice)
    }

    fn company_of(
        &self,
        group: &Group,
        rules: &MappingRules,
        existing: &ExistingMappings<CompanyId>,
    ) -> Result<(CompanyId, DomainEvidence), GroupRefusal> {
        let group_email = group.email.as_deref().unwrap_or_default();
        let domains = Domain::of_addresses(group_email).map_err(|fault| match fault {
            AddressFault::Empty => GroupRefusal::NoAddress,
            fault => GroupRefusal::MalformedAddress {
                address: cut(group_email, 100),
                fault,
            },
        })?;
        let own: BTreeSet<&Domain> = domains
            .iter()
            .filter(|domain| !domain.is_public(rules))
            .collect();
        if own.is_empty() {
            return Err(GroupRefusal::PublicMailbox {
                domains: FirstFew::of(domains),
            });
        }
        let candidates: BTreeMap<CompanyId, (&Domain, Candidate<'_>)> = own
            .iter()
            .rev()
            .flat_map(|domain| {
                self.having(domain)
                    .iter()
                    .map(|candidate| (candidate.company.id, (*domain, *candidate)))
            })
            .collect();
        let open: Vec<_> = candidates
            .values()
            .filter(|(_, candidate)| !candidate.company.deleted && !candidate.is_inactive)
            .collect();
        let before = existing.automatic.get(&group.id);
        let kept = open
            .iter()
            .find(|(_, candidate)| Some(&candidate.company.id) == before);
        match (kept, open.as_slice()) {
            (Some((domain, candidate)), _) | (None, [(domain, candidate)]) => Ok((
                candidate.company.id,
                DomainEvidence {
                    domain: (*domain).clone(),
                    group_email: group_email.trim().to_owned(),
                    contact_email: candidate.contact_email.to_owned(),
                },
            )),
            (None, open) => Err(refusal(own, &candidates, open)),
        }
    }
}

/// Why none of the companies with a group's domains can be taken, or which of them could.
fn refusal(
    own: BTreeSet<&Domain>,
    candidates: &BTreeMap<CompanyId, (&Domain, Candidate<'_>)>,
    open: &[&(&Domain, Candidate<'_>)],
) -> GroupRefusal {
    let domains = FirstFew::of(own.into_iter().cloned());
    let named = |deleted| {
        let companies = candidates.values().map(|(_, candidate)| candidate.company);
        FirstFew::of(
            companies
                .filter(|company| company.deleted == deleted)
                .map(NamedCompany::from),
        )
    };
    if candidates.is_empty() {
        GroupRefusal::NoCompany { domains }
    } else if !open.is_empty() {
        GroupRefusal::SeveralCompanies {
            domains,
            companies: FirstFew::of(open.iter().map(|(_, candidate)| candidate.company.into())),
        }
    } else if candidates
        .values()
        .all(|(_, candidate)| candidate.company.deleted)
    {
        GroupRefusal::OnlyDeleted {
            domains,
            companies: named(true),
        }
    } else {
        GroupRefusal::OnlyInactive {
            domains,
            companies: named(false),
        }
    }
}

impl fmt::Display for DomainEvidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the group's address {} and the primary contact's address {} have the domain {}",
            self.group_email, self.contact_email, self.domain
        )
    }
}

impl fmt::Display for GroupRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DuplicateGroup => f.write_str(
                "the inventory has this group more than once; hand over each group once",
            ),
            Self::NoAddress => {
                f.write_str("the group has no e-mail address; give it one, or map it by hand")
            }
            Self::MalformedAddress { address, fault } => write!(
                f,
                "the group's e-mail address '{address}' cannot be read: {fault}; correct it, or map the group by hand"
            ),
            Self::PublicMailbox { domains } => write!(
                f,
                "anybody can have an address at {domains}, so it says nothing about the company; give the group an address at the \
                 customer's own domain, or map it by hand"
            ),
            Self::NoCompany { domains } => write!(
                f,
                "no company's primary contact has an address at {domains}; set the primary contact's e-mail address in ConnectWise, \
                 or map the group by hand"
            ),
            Self::SeveralCompanies { domains, companies } => write!(
                f,
                "the primary contacts of several companies have an address at {domains}: {companies}; map the group by hand"
            ),
            Self::OnlyDeleted { domains, companies } => write!(
                f,
                "the companies whose primary contact has an address at {domains} are deleted: {companies}; restore one in ConnectWise, \
                 or map the group by hand"
            ),
            Self::OnlyInactive { domains, companies } => write!(
                f,
                "the companies whose primary contact has an address at {domains} are inactive: {companies}; change the status in \
                 ConnectWise, or map the group by hand"
            ),
        }
    }
}
