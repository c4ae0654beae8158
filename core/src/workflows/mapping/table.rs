use super::{
    list::list_mappings,
    set::{self, Judgement},
    staging::Staging,
};
use crate::{
    company::{CompanyKey, ConfigurationKey},
    environment::Environment,
    error::{Code, Error, Fault, Result},
    mapping::{
        MappedKind, Mapping, MappingFilter, MappingKey, MappingOrigin, MappingRow, MappingTable,
        MappingTarget, MappingsChanged, NewMapping, read_mappings, write_mappings,
    },
    runtime::Context,
};

/// Sets the mappings of a list (row M6). Rows that the configuration has, and automatic ones that are still as they were, are
/// passed over, so that a list that was exported and edited changes only what was edited.
///
/// # Errors
///
/// Every fault of every bad row, with nothing saved, unless the good rows are to be taken.
pub(crate) async fn import_mappings(
    cx: &Context,
    env: &Environment,
    csv: &str,
    good_rows: bool,
    by: Option<&str>,
) -> Result<MappingsChanged> {
    let read = read_mappings(csv.as_bytes())?;
    let mut bad = read.faults;
    let keys = read.rows.iter().map(|(_, row)| row.key());
    let stored = Staging::load(cx, env, keys.collect()).await?;
    let (mut lines, mut mappings) = (Vec::new(), Vec::new());
    for (line, row) in read.rows {
        if row.origin == MappingOrigin::Configuration
            || row.origin == MappingOrigin::Automatic && row.is_as(stored.get(&row.key()))
        {
            continue;
        }
        match row.into_mapping(&stored) {
            Ok(mapping) => {
                lines.push(line);
                mappings.push(mapping);
            }
            Err(fault) => bad.push(Fault {
                pointer: format!("/lines/{line}/{}", fault.pointer),
                ..fault
            }),
        }
    }
    let Judgement { sound, faults } = set::judge(cx, env, &mappings).await?;
    bad.extend(faults.into_iter().map(|(index, fault)| {
        let line = lines.get(index).copied().unwrap_or_default();
        let field = fault.pointer.rsplit('/').next().unwrap_or_default();
        Fault {
            pointer: format!("/lines/{line}/{field}"),
            ..fault
        }
    }));
    bad.sort();
    if !bad.is_empty() && !good_rows {
        return Err(Error::refused("the list of mappings", bad));
    }
    let mut changed = set::save(cx, env, &sound, by).await?;
    changed.left_out = bad;
    Ok(changed)
}

/// Writes a page of mappings as a list for a spreadsheet; groups and systems that are not mapped are not in it.
///
/// # Errors
///
/// As those of listing.
pub(crate) async fn export_mappings(
    cx: &Context,
    env: &Environment,
    after: Option<&str>,
    limit: u32,
) -> Result<MappingTable> {
    let filter = MappingFilter {
        mapped: Some(true),
        ..MappingFilter::default()
    };
    let page = list_mappings(cx, env, after, limit, &filter).await?;
    let rows: Vec<MappingRow> = page.mappings.iter().map(MappingRow::from).collect();
    let csv = write_mappings(&rows);
    let without_header = || csv.split_once('\n').map_or("", |(_, rows)| rows).to_owned();
    Ok(MappingTable {
        csv: match after {
            None => csv,
            Some(_) => without_header(),
        },
        rows: rows.len() as u64,
        next: page.next,
    })
}

impl MappingRow {
    fn key(&self) -> MappingKey {
        MappingKey {
            kind: self.kind,
            id: self.id.clone(),
        }
    }

    /// Whether the mapping is what the row says.
    fn is_as(&self, mapping: Option<&Mapping>) -> bool {
        match mapping.and_then(|mapping| mapping.state.target.as_ref()) {
            Some(MappingTarget::Company(company)) => self.company_id == Some(company.id),
            Some(MappingTarget::Configuration(found)) => self.configuration_id == Some(found.id),
            _ => false,
        }
    }

    /// The mapping that a person makes by the row.
    fn into_mapping(self, stored: &Staging<'_>) -> std::result::Result<NewMapping, Fault> {
        let missing = |column: &str, message: &str| {
            Fault::new(Code::MissingKey, column, message, "Fill it in")
        };
        let key = self.key();
        let reason = "it was in an imported list".to_owned();
        match self.kind {
            MappedKind::Group => {
                let identifier = self.company_identifier.map(CompanyKey::Identifier);
                // A name is only believed where nothing better says which it is; setting refuses one that several have.
                let name = self.company_name.map(CompanyKey::Name);
                let company = self.company_id.map(CompanyKey::Id).or(identifier).or(name);
                Ok(NewMapping::Group {
                    id: self.id,
                    name: self.name,
                    company: company
                        .ok_or_else(|| missing("company_id", "the row names no company"))?,
                    reason,
                })
            }
            MappedKind::System => {
                let name = self.configuration_name.map(ConfigurationKey::Name);
                let configuration = self.configuration_id.map(ConfigurationKey::Id).or(name);
                let known = || stored.get(&key).and_then(|mapping| mapping.group.clone());
                Ok(NewMapping::System {
                    id: self.id,
                    name: self.name,
                    group: self.group.or_else(known).ok_or_else(|| {
                        missing(
                            "group",
                            "the row names no group, and none is known of the system",
                        )
                    })?,
                    configuration: configuration.ok_or_else(|| {
                        missing("configuration_id", "the row names no configuration")
                    })?,
                    reason,
                })
            }
        }
    }
}

impl From<&Mapping> for MappingRow {
    fn from(mapping: &Mapping) -> Self {
        let mut row = Self {
            kind: mapping.kind,
            id: mapping.id.clone(),
            name: mapping.name.clone(),
            group: mapping.group.clone(),
            company_id: None,
            company_identifier: None,
            company_name: None,
            configuration_id: None,
            configuration_name: None,
            origin: mapping.state.origin,
        };
        match &mapping.state.target {
            Some(MappingTarget::Company(company)) => {
                row.company_id = Some(company.id);
                row.company_identifier = Some(company.identifier.clone());
                row.company_name = Some(company.name.clone());
            }
            Some(MappingTarget::Configuration(configuration)) => {
                row.company_id = Some(configuration.company);
                row.configuration_id = Some(configuration.id);
                row.configuration_name = Some(configuration.name.clone());
            }
            Some(MappingTarget::CompanyKey(key)) => match key {
                CompanyKey::Id(id) => row.company_id = Some(*id),
                CompanyKey::Identifier(text) => row.company_identifier = Some(text.clone()),
                CompanyKey::Name(text) => row.company_name = Some(text.clone()),
            },
            Some(MappingTarget::ConfigurationKey(key)) => match key {
                ConfigurationKey::Id(id) => row.configuration_id = Some(*id),
                ConfigurationKey::Name(text)
                | ConfigurationKey::DeviceIdentifier(text)
                | ConfigurationKey::SerialNumber(text) => {
                    row.configuration_name = Some(text.clone());
                }
            },
            None => {}
        }
        row
    }
}
