use crate::{
    case::Case,
    company::{Company, Contact},
    config::ContactFallback,
    decide::{self, ContactChoice, FoundContact},
    environment::Environment,
    error::{Error, Result},
    runtime::Context,
};

/// The contact of a case's ticket (row T7): the affected user, looked up among the company's contacts, or whom the fallback
/// names.
///
/// # Errors
/// What reading came to; a user who is no contact, where that is refused.
pub(super) async fn case_contact(
    cx: &Context,
    env: &Environment,
    case: &Case,
    company: &Company,
) -> Result<ContactChoice> {
    let found = match case.user.as_ref().and_then(|user| user.email.as_deref()) {
        Some(email) => env.contact(cx, company.id, email).await?,
        None => FoundContact::NoAddress,
    };
    let other = match found {
        FoundContact::One(_) => None,
        _ => fallback(cx, env, company).await?,
    };
    decide::contact(&env.settings, case, company, found, other)
        .map_err(|fault| Error::refused("the case", vec![fault]))
}

/// Whom the configuration names in the affected user's place, if that contact is active.
async fn fallback(cx: &Context, env: &Environment, company: &Company) -> Result<Option<Contact>> {
    match &env.settings.config().ticket.contact {
        ContactFallback::None | ContactFallback::Refuse => Ok(None),
        ContactFallback::Email(email) => match env.contact(cx, company.id, email).await? {
            FoundContact::One(contact) => Ok(Some(contact)),
            _ => Ok(None),
        },
        ContactFallback::CompanyDefault => match &company.default_contact {
            Some(contact) if env.is_active(cx, contact.id).await? => Ok(Some(contact.clone())),
            _ => Ok(None),
        },
    }
}
