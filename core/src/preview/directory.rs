use super::PlannedCall;
use crate::{
    case::Case,
    catalog::same_name,
    company::{
        Company, CompanyId, CompanyKey, Configuration, ConfigurationId, ConfigurationKey, Contact,
    },
    config::ContactFallback,
    decide::{self, FoundContact},
    decision::{Decision, Parties, TicketPlan},
    effect::Method,
    error::{Code, Fault},
    mapping::{MappedKind, Mapping},
    settings::Settings,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Companies, contacts and device configurations that are known without asking. Any of them may be missing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Directory {
    /// Companies.
    pub companies: Vec<Company>,
    /// Contacts.
    pub contacts: Vec<KnownContact>,
    /// Whether these are all active contacts with the addresses in question; otherwise a live run looks for others.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub contacts_complete: bool,
    /// Device configurations.
    pub configurations: Vec<KnownConfiguration>,
    /// Mappings of the store, for groups and systems that the configuration does not map.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mappings: Vec<Mapping>,
}

/// A contact of a company.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KnownContact {
    /// Its company.
    pub company: CompanyId,
    /// Its address, compared without case.
    pub email: String,
    /// The contact.
    #[serde(flatten)]
    pub contact: Contact,
}

/// A device configuration of a company.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KnownConfiguration {
    /// Its company.
    pub company: CompanyId,
    /// Its device identifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_identifier: Option<String>,
    /// Its serial number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial_number: Option<String>,
    /// The configuration.
    #[serde(flatten)]
    pub configuration: Configuration,
}

/// What the directory knows of a case's parties, and what a live run looks up.
pub(super) struct Found {
    pub(super) parties: Parties,
    pub(super) lookups: Vec<String>,
    pub(super) calls: Vec<PlannedCall>,
    /// Whether a device configuration is linked.
    pub(super) links: bool,
    /// How the company is named, where it is not in the directory.
    unknown_company: Option<CompanyKey>,
}

/// Finds the company that a configuration names.
pub(crate) trait CompanyFinder {
    /// The company, where it is known.
    ///
    /// # Errors
    /// One that cannot be used: deleted, or one of several of a name.
    fn company(&self, key: &CompanyKey) -> Result<Option<&Company>, Fault>;
}

impl CompanyFinder for Directory {
    fn company(&self, key: &CompanyKey) -> Result<Option<&Company>, Fault> {
        usable(key, self.companies.iter())
    }
}

/// The one of several companies that a configuration names, where it is among them.
///
/// # Errors
/// As [`CompanyFinder::company`].
pub(super) fn usable<'a>(
    key: &CompanyKey,
    companies: impl Iterator<Item = &'a Company>,
) -> Result<Option<&'a Company>, Fault> {
    let mut matching = companies.filter(|company| match key {
        CompanyKey::Id(id) => company.id == *id,
        CompanyKey::Identifier(identifier) => same_name(&company.identifier, identifier),
        CompanyKey::Name(name) => same_name(&company.name, name) && !company.deleted,
    });
    let fault = |message: String, fix: &str| {
        Err(Fault::new(
            Code::UnusableCompany,
            "/companies/map",
            message,
            fix,
        ))
    };
    match (matching.next(), matching.next()) {
        (Some(_), Some(_)) => fault(
            format!("{} is not the only one", said(key)),
            "Name the company by its identifier",
        ),
        (Some(company), None) if company.deleted => fault(
            format!("{} is deleted in ConnectWise", said(key)),
            "Restore it there, or map the group to another company",
        ),
        (company, _) => Ok(company),
    }
}

impl Directory {
    /// Resolves the parties of a case, whose company is this, where the directory has it.
    ///
    /// # Errors
    /// A user who is none of the company's contacts, where that is refused.
    pub(super) fn parties(
        &self,
        settings: &Settings,
        case: &Case,
        key: Decision<CompanyKey>,
        company: Option<&Company>,
    ) -> Result<Found, Fault> {
        let mut found = Found {
            unknown_company: company.is_none().then(|| key.value.clone()),
            parties: Parties {
                company: Decision::new(
                    company.cloned().unwrap_or_else(|| placeholder(&key.value)),
                    key.reason,
                ),
                contact: None,
                configuration: None,
            },
            lookups: Vec::new(),
            calls: Vec::new(),
            links: false,
        };
        if company.is_none() {
            found.look_up(&said(&key.value), "/company/companies", "find the company");
        }
        self.contact(settings, case, company, &mut found)?;
        self.configuration(settings, case, company, &mut found);
        Ok(found)
    }

    pub(super) fn mapping(&self, kind: MappedKind, id: &str) -> Option<&Mapping> {
        let mut mappings = self.mappings.iter();
        mappings.find(|mapping| mapping.kind == kind && mapping.id == id)
    }

    fn contact(
        &self,
        settings: &Settings,
        case: &Case,
        company: Option<&Company>,
        found: &mut Found,
    ) -> Result<(), Fault> {
        let address = case.user.as_ref().and_then(|user| user.email.as_deref());
        let known = |address: &str| {
            let mut known = self.contacts.iter().filter(|contact| {
                Some(contact.company) == company.map(|company| company.id)
                    && same_name(&contact.email, address)
            });
            match (known.next(), known.count()) {
                (None, _) => FoundContact::Unknown,
                (Some(contact), 0) => FoundContact::One(contact.contact.clone()),
                (Some(_), others) => FoundContact::Several(others.saturating_add(1)),
            }
        };
        let contact = address.map_or(FoundContact::NoAddress, known);
        if let (Some(address), FoundContact::Unknown, false) =
            (address, &contact, self.contacts_complete)
        {
            let what = format!("the contact with the address '{address}'");
            found.look_up(&what, "/company/contacts", "find the affected user");
        }
        let looks_up = contact == FoundContact::Unknown && !self.contacts_complete;
        let refuses = settings.config().ticket.contact == ContactFallback::Refuse;
        let Some(company) = company.filter(|_| !(looks_up && refuses)) else {
            return Ok(());
        };
        let other = match &settings.config().ticket.contact {
            ContactFallback::CompanyDefault => company.default_contact.clone(),
            ContactFallback::Email(address) => match known(address) {
                FoundContact::One(contact) => Some(contact),
                _ => None,
            },
            ContactFallback::Refuse | ContactFallback::None => None,
        };
        found.parties.contact = decide::contact(settings, case, company, contact, other)?.contact;
        Ok(())
    }

    fn configuration(
        &self,
        settings: &Settings,
        case: &Case,
        company: Option<&Company>,
        found: &mut Found,
    ) {
        let system = case.system.as_ref();
        let mapping = system.and_then(|system| self.mapping(MappedKind::System, &system.id));
        let Some(key) = decide::configuration_key(settings, case, mapping) else {
            return;
        };
        found.links = true;
        let same = |left: &Option<String>, right: &str| {
            left.as_ref().is_some_and(|left| same_name(left, right))
        };
        let mut known = self.configurations.iter().filter(|known| {
            Some(known.company) == company.map(|company| company.id)
                && match &key.value {
                    ConfigurationKey::Id(id) => known.configuration.id == *id,
                    ConfigurationKey::Name(name) => same_name(&known.configuration.name, name),
                    ConfigurationKey::DeviceIdentifier(id) => same(&known.device_identifier, id),
                    ConfigurationKey::SerialNumber(number) => same(&known.serial_number, number),
                }
        });
        match (known.next(), known.next()) {
            (Some(known), None) => {
                let configuration = known.configuration.clone();
                found.parties.configuration = Some(Decision::new(configuration, key.reason));
            }
            _ => found.look_up(
                &configuration_said(&key.value),
                "/company/configurations",
                "find the device configuration",
            ),
        }
    }
}

impl Found {
    /// Names the company in the plan as the configuration does, where its id is not known.
    pub(super) fn name_company(&self, plan: &mut TicketPlan) {
        let Some(key) = &self.unknown_company else {
            return;
        };
        let value: Value = match key {
            CompanyKey::Id(id) => json!({ "id": id.0 }),
            CompanyKey::Identifier(text) => json!({ "identifier": text }),
            CompanyKey::Name(text) => json!({ "name": text }),
        };
        for field in &mut plan.fields {
            if field.field == "company" {
                field.value = value.clone();
                field.shown = None;
                field
                    .reason
                    .push_str("; it is not in the directory and is looked up in a live run");
            }
        }
    }

    fn look_up(&mut self, what: &str, path: &str, why: &str) {
        self.lookups.push(what.to_owned());
        self.calls.push(PlannedCall::new(Method::Get, path, why));
    }
}

/// Stands in for a company that is not known, until the plan names it as the configuration does.
fn placeholder(key: &CompanyKey) -> Company {
    let (id, text) = match key {
        CompanyKey::Id(id) => (*id, String::new()),
        CompanyKey::Identifier(text) | CompanyKey::Name(text) => (CompanyId(0), text.clone()),
    };
    Company {
        id,
        identifier: text.clone(),
        name: text,
        deleted: false,
        default_contact: None,
    }
}

fn said(key: &CompanyKey) -> String {
    match key {
        CompanyKey::Id(CompanyId(id)) => format!("the company with the id {id}"),
        CompanyKey::Identifier(text) => format!("the company with the identifier '{text}'"),
        CompanyKey::Name(text) => format!("the company '{text}'"),
    }
}

fn configuration_said(key: &ConfigurationKey) -> String {
    match key {
        ConfigurationKey::Id(ConfigurationId(id)) => format!("the configuration with the id {id}"),
        ConfigurationKey::Name(text) => format!("the configuration '{text}'"),
        ConfigurationKey::DeviceIdentifier(text) => {
            format!("the configuration with the device identifier '{text}'")
        }
        ConfigurationKey::SerialNumber(text) => {
            format!("the configuration with the serial number '{text}'")
        }
    }
}
