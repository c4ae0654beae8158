use crate::{
    case::Case,
    company::{Company, Contact},
    config::ContactFallback,
    decision::Decision,
    error::{Code, Error, Fault},
    settings::Settings,
};

/// What a search for the affected user among the company's active contacts found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FoundContact {
    /// The case names no address.
    NoAddress,
    /// None has it.
    Unknown,
    /// One has it.
    One(Contact),
    /// So many have it.
    Several(usize),
}

/// The contact of a case's ticket, where there is one, and what a person should know of the choice.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ContactChoice {
    pub(crate) contact: Option<Decision<Contact>>,
    pub(crate) warning: Option<Error>,
}

/// The contact of a case's ticket: the affected user where that is the one contact of the company with the case's address,
/// else as the fallback says. No inactive contact is ever chosen, and none of several.
///
/// `other` is whom the fallback names, where that contact is there and active.
///
/// # Errors
/// A user who is none of the contacts, where the fallback refuses that.
pub(crate) fn contact(
    settings: &Settings,
    case: &Case,
    company: &Company,
    found: FoundContact,
    other: Option<Contact>,
) -> Result<ContactChoice, Fault> {
    let address = case
        .user
        .as_ref()
        .and_then(|user| user.email.as_deref())
        .unwrap_or_default();
    let company = &company.name;
    let missing = match found {
        FoundContact::One(contact) => {
            let reason = format!("the affected user's address is '{address}'");
            return Ok(ContactChoice {
                contact: Some(Decision::new(contact, reason)),
                warning: None,
            });
        }
        FoundContact::NoAddress => "the case names no address of its user".to_owned(),
        FoundContact::Unknown => {
            format!("no active contact of {company} has the address '{address}'")
        }
        FoundContact::Several(count) => {
            format!("{count} contacts of {company} have the address '{address}'")
        }
    };
    let ambiguous = matches!(found, FoundContact::Several(_)).then(|| {
        let fix = "Leave it with one of them in ConnectWise";
        Error::new(Code::AmbiguousContact, format!("{missing}. {fix}"))
    });
    let fallback = &settings.config().ticket.contact;
    let reason = match fallback {
        ContactFallback::Refuse => {
            return Err(Fault::new(
                Code::UnknownContact,
                "/user/email",
                missing,
                "Add the user to the company's contacts in ConnectWise, or choose another fallback in ticket.contact",
            ));
        }
        ContactFallback::None => None,
        ContactFallback::CompanyDefault => Some(format!("it is the primary contact of {company}")),
        ContactFallback::Email(address) => Some(format!("ticket.contact names '{address}'")),
    };
    let nobody = match fallback {
        ContactFallback::Email(address) if other.is_none() => Some(Error::new(
            Code::UnknownContact,
            format!(
                "{missing}, and no one active contact of {company} has the fallback's address '{address}': the ticket is \
                 opened without one"
            ),
        )),
        _ => None,
    };
    let contact = reason
        .zip(other)
        .map(|(reason, contact)| Decision::new(contact, format!("{reason}; {missing}")));
    Ok(ContactChoice {
        contact,
        warning: ambiguous.or(nobody),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        company::ContactId,
        decide::tests::{case, parties, settings},
    };
    use serde_json::{Value, json};

    fn of(id: u32) -> Contact {
        Contact {
            id: ContactId(id),
            name: "Ada".to_owned(),
        }
    }

    fn choose(
        fallback: Value,
        found: FoundContact,
        other: Option<Contact>,
    ) -> Result<(Option<u32>, Option<Code>), Code> {
        let settings = settings(|d| d["ticket"]["contact"] = fallback.clone());
        let case = case(|c| c["user"]["email"] = json!("john@bigdesign.com"));
        let company = parties().company.value;
        let choice =
            contact(&settings, &case, &company, found, other).map_err(|fault| fault.code)?;
        if let Some(contact) = &choice.contact {
            assert!(!contact.reason.is_empty());
        }
        let id = choice.contact.map(|contact| contact.value.id.0);
        Ok((id, choice.warning.map(|warning| warning.code)))
    }

    #[test]
    fn the_affected_user_comes_before_every_fallback() {
        for fallback in [
            json!("company_default"),
            json!("none"),
            json!("refuse"),
            json!({"email": "soc@acme.com"}),
        ] {
            let chosen = choose(fallback, FoundContact::One(of(1)), Some(of(2)));
            assert_eq!(chosen, Ok((Some(1), None)));
        }
    }

    #[test]
    fn a_fallback_is_what_was_chosen_and_several_are_reported() {
        use FoundContact::{NoAddress, Several, Unknown};
        let ambiguous = Some(Code::AmbiguousContact);
        for (fallback, found, other, chosen) in [
            (
                json!("company_default"),
                Unknown,
                Some(2),
                Ok((Some(2), None)),
            ),
            (json!("company_default"), NoAddress, None, Ok((None, None))),
            (
                json!("company_default"),
                Several(2),
                Some(2),
                Ok((Some(2), ambiguous)),
            ),
            (json!("none"), Unknown, Some(2), Ok((None, None))),
            (json!("none"), Several(3), None, Ok((None, ambiguous))),
            (
                json!({"email": "soc@acme.com"}),
                Unknown,
                Some(2),
                Ok((Some(2), None)),
            ),
            (
                json!({"email": "soc@acme.com"}),
                NoAddress,
                None,
                Ok((None, Some(Code::UnknownContact))),
            ),
            (json!("refuse"), Unknown, Some(2), Err(Code::UnknownContact)),
            (json!("refuse"), NoAddress, None, Err(Code::UnknownContact)),
            (
                json!("refuse"),
                Several(2),
                Some(2),
                Err(Code::UnknownContact),
            ),
        ] {
            let other = other.map(of);
            assert_eq!(
                choose(fallback.clone(), found.clone(), other),
                chosen,
                "{fallback} {found:?}"
            );
        }
    }
}
