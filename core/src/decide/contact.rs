use crate::{
    case::Case,
    company::{Company, Contact},
    config::ContactFallback,
    decision::Decision,
    settings::Settings,
};

/// The contact of a case's ticket: the affected user where that is one of the company's contacts, else as the fallback says.
///
/// `found` is the contact with the user's address, where a search found exactly one.
pub(crate) fn contact(
    settings: &Settings,
    case: &Case,
    company: &Company,
    found: Option<Contact>,
) -> Option<Decision<Contact>> {
    if let Some(contact) = found {
        let address = case.user.as_ref().and_then(|user| user.email.as_deref());
        return Some(Decision::new(
            contact,
            format!(
                "the affected user's address is '{}'",
                address.unwrap_or_default()
            ),
        ));
    }
    match settings.config().ticket.contact {
        ContactFallback::None => None,
        ContactFallback::CompanyDefault => company.default_contact.clone().map(|contact| {
            Decision::new(
                contact,
                format!("it is the primary contact of {}", company.name),
            )
        }),
    }
}
