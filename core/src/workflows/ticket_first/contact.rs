//! Whether a ticket's contact is known (row T7; guide 002, "Create a ConnectWise ticket"), and whose case it is.

use crate::{
    catalog::same_name,
    company::{CompanyId, CompanyKey, contacts},
    config::Trigger,
    environment::Environment,
    error::Result,
    mapping::{MappedCompany, MappingRecord, MappingTarget},
    runtime::Context,
    service::tickets::Ticket,
    store::session,
};
use std::collections::BTreeSet;

/// The e-mail address of the ticket's contact.
pub(super) fn address(ticket: &Ticket) -> Option<&str> {
    let address = ticket.contact_email_address.as_deref()?.trim();
    (!address.is_empty()).then_some(address)
}

/// Whether the contact is known; why not, and what to do, where it is not.
///
/// # Errors
///
/// What reading the company's contacts came to.
pub(super) async fn known(
    cx: &Context,
    env: &Environment,
    trigger: &Trigger,
    ticket: &Ticket,
) -> Result<std::result::Result<(), String>> {
    if !trigger.known_contact {
        return Ok(Ok(()));
    }
    let again = format!("Then save the ticket as '{}' again.", trigger.status);
    let Some(email) = address(ticket) else {
        return Ok(Err(format!(
            "This ticket makes no case: it has no contact with an e-mail address. Choose a contact that has one. {again}"
        )));
    };
    let known = match &trigger.contacts {
        Some(listed) => listed.iter().any(|listed| is_listed(listed, email)),
        None => {
            let company = CompanyId(Ticket::id_of(ticket.company.as_ref()).unwrap_or_default());
            let found = contacts::find_by_email(cx, &env.api, company, email).await?;
            !found.is_empty()
        }
    };
    if known {
        return Ok(Ok(()));
    }
    Ok(Err(match &trigger.contacts {
        Some(_) => format!(
            "This ticket makes no case: {email} is not one of the listed contacts. Choose a contact who is, or have the address \
             listed. {again}"
        ),
        None => format!(
            "This ticket makes no case: {} has no active contact with the address {email}. Choose one of its contacts. {again}",
            ticket.company_name()
        ),
    }))
}

/// Whether an address is the listed one, or of the listed domain.
fn is_listed(listed: &str, email: &str) -> bool {
    let (listed, email) = (listed.trim().to_lowercase(), email.to_lowercase());
    match listed.strip_prefix('@') {
        Some(domain) => email.rsplit_once('@').is_some_and(|(_, own)| own == domain),
        None => listed == email,
    }
}

/// Ids of the groups that are mapped to a company, in order: by the configuration, or in the store.
///
/// # Errors
///
/// What reading the store came to.
pub(super) async fn groups_of(
    cx: &Context,
    env: &Environment,
    company: &MappedCompany,
) -> Result<Vec<String>> {
    let is = |key: &CompanyKey| match key {
        CompanyKey::Id(id) => *id == company.id,
        CompanyKey::Identifier(text) => same_name(text, &company.identifier),
        CompanyKey::Name(text) => same_name(text, &company.name),
    };
    let configured = &env.settings.companies;
    let mut groups: BTreeSet<String> = configured
        .iter()
        .filter(|(_, key)| is(key))
        .map(|(group, _)| group.clone())
        .collect();
    session::each(
        cx,
        &env.keys.all("mapping/group"),
        |record: MappingRecord| {
            let mapping = record.mapping;
            // What the configuration says of a group wins.
            if configured.contains_key(&mapping.id) {
                return;
            }
            let mapped = match &mapping.state.target {
                Some(MappingTarget::Company(mapped)) => mapped.id == company.id,
                Some(MappingTarget::CompanyKey(key)) => is(key),
                _ => false,
            };
            if mapped {
                groups.insert(mapping.id);
            }
        },
    )
    .await?;
    Ok(groups.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_listed_by_itself_or_by_its_domain() {
        for (listed, email, known) in [
            ("Ada@Big.org", "ada@big.org", true),
            ("@big.org", "Ada@BIG.org", true),
            ("@big.org", "ada@not-big.org", false),
            ("@big.org", "ada@sub.big.org", false),
            ("ada@big.org", "bob@big.org", false),
            ("@big.org", "ada@big.org@evil.org", false),
        ] {
            assert_eq!(is_listed(listed, email), known, "{listed} {email}");
        }
    }
}
