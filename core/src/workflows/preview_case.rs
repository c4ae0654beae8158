use super::case_mappings::CaseMappings;
use crate::{
    case::Case,
    decide::{self, CompanyChoice},
    environment::Environment,
    error::{Code, Result},
    preview::{Directory, KnownConfiguration, KnownContact, Preview, preview},
    runtime::Context,
};

/// Says what a case would become, with what ConnectWise says now. Reads only.
pub(crate) async fn preview_case(cx: &Context, env: &Environment, case: &Case) -> Result<Preview> {
    let catalog = env.catalog(cx).await?;
    let directory = directory(cx, env, case).await?;
    Ok(preview(&env.settings, &catalog, &directory, case))
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
    let company = env.company(cx, &key).await?;
    if let Some(email) = case.user.as_ref().and_then(|user| user.email.clone())
        && let Some(contact) = env.contact(cx, company.id, &email).await?
    {
        directory.contacts.push(KnownContact {
            company: company.id,
            email,
            contact,
        });
    }
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
