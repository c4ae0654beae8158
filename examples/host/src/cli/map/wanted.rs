//! What a person names on the command line.

use crate::cli::terminal::{Done, Stop};
use casewire::{CompanyId, CompanyKey, ConfigurationId, ConfigurationKey, NewMapping};
use clap::Args;

/// A group or a system.
#[derive(Debug, Args)]
pub(super) struct Named {
    /// Id of the group.
    #[arg(long, value_name = "ID", conflicts_with = "system")]
    pub(super) group: Option<String>,
    /// Id of the system.
    #[arg(long, value_name = "ID")]
    pub(super) system: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct CompanyChoice {
    /// The company, by its identifier.
    #[arg(long, value_name = "IDENTIFIER")]
    company: Option<String>,
    /// The company, by its record id.
    #[arg(long, value_name = "NUMBER", conflicts_with = "company")]
    company_id: Option<u32>,
}

#[derive(Debug, Args)]
pub(super) struct ConfigurationChoice {
    /// The group that the system belongs to.
    #[arg(long, value_name = "GROUP")]
    of: Option<String>,
    /// The device configuration, by its name within the group's company.
    #[arg(long, value_name = "NAME")]
    configuration: Option<String>,
    /// The device configuration, by its record id.
    #[arg(long, value_name = "NUMBER", conflicts_with = "configuration")]
    configuration_id: Option<u32>,
}

impl Named {
    /// The mapping that the arguments make together.
    pub(super) fn mapping(
        self,
        company: CompanyChoice,
        configuration: ConfigurationChoice,
    ) -> Done<NewMapping> {
        let by_id = company.company_id.map(|id| CompanyKey::Id(CompanyId(id)));
        let company = company.company.map(CompanyKey::Identifier).or(by_id);
        let by_id = configuration.configuration_id;
        let by_id = by_id.map(|id| ConfigurationKey::Id(ConfigurationId(id)));
        let target = configuration
            .configuration
            .map(ConfigurationKey::Name)
            .or(by_id);
        match (self.group, self.system, company, target, configuration.of) {
            (Some(id), None, Some(company), None, None) => Ok(NewMapping::Group {
                id,
                name: None,
                company,
                reason: String::new(),
            }),
            (None, Some(id), None, Some(configuration), Some(group)) => Ok(NewMapping::System {
                id,
                name: None,
                group,
                configuration,
                reason: String::new(),
            }),
            _ => Err(Stop::refused(
                "give --group and --company, or --system, --of (its group) and --configuration",
            )),
        }
    }
}
