use super::case_mappings::CaseMappings;
use crate::{
    case::Case,
    company::Company,
    config::ContactFallback,
    decide::{self, CompanyChoice, FoundContact},
    environment::Environment,
    error::{Code, Result},
    preview::{Directory, KnownConfiguration, KnownContact, Preview, preview},
    runtime::Context,
};

/// Says what a case would become, with what ConnectWise says now. Reads only.
pub(crate) async fn preview_case(cx: &Context, env: &Environment, case: &Case) -> Result<Preview> {
    let catalog = env.catalog(cx).await?;
    let directory = directory(cx, env, case).await?;
    let mut preview = preview(&env.settings, &catalog, &directory, case);
    let quirks = env.quirks(cx).await?;
    preview.ticket = preview.ticket.map(|plan| plan.written_for(&quirks));
    Ok(preview)
}

/// The company, contact and device configuration of one case, as far as they are there.
async fn directory(cx: &Context, env: &Environment, case: &Case) -> Result<Directory> {
    let mappings = CaseMappings::read(cx, env, case).await?;
    let mut directory = Directory {
        mappings: mappings.all().cloned().collect(),
        ..Directory::default()
    };
    let key = match decide::company_key(&env.settings, case, mappings.group()) {
        CompanyChoice::Mapped(key) | CompanyChoice::CatchAll(key) => key.value,
        CompanyChoice::Unmapped { .. } | CompanyChoice::LeftOut(_) => return Ok(directory),
    };
    let mut company = env.company(cx, &key).await?;
    contacts(cx, env, case, &mut company, &mut directory).await?;
    if let Some(key) = decide::configuration_key(&env.settings, case, mappings.system()) {
        match env.configuration(cx, company.id, &key.value).await {
            Ok(configuration) => directory.configurations.push(KnownConfiguration {
                company: company.id,
                device_identifier: None,
                serial_number: None,
                configuration,
            }),
            Err(error) if error.code == Code::UnusableConfiguration => {}
            Err(error) => return Err(error),
        }
    }
    directory.companies.push(company);
    Ok(directory)
}

/// The contacts that the choice is made from, as far as they are there and active.
async fn contacts(
    cx: &Context,
    env: &Environment,
    case: &Case,
    company: &mut Company,
    directory: &mut Directory,
) -> Result<()> {
    directory.contacts_complete = true;
    let mut asked = Vec::new();
    asked.extend(case.user.as_ref().and_then(|user| user.email.clone()));
    if let ContactFallback::Email(email) = &env.settings.config().ticket.contact {
        asked.push(email.clone());
    }
    for email in asked {
        if let FoundContact::One(contact) = env.contact(cx, company.id, &email).await? {
            directory.contacts.push(KnownContact {
                company: company.id,
                email,
                contact,
            });
        }
    }
    if env.settings.config().ticket.contact == ContactFallback::CompanyDefault
        && let Some(contact) = &company.default_contact
        && !env.is_active(cx, contact.id).await?
    {
        company.default_contact = None;
    }
    Ok(())
}
