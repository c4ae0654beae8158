//! The tables of the instance: what each holds, how it is called and where it is served.

use crate::schema::{Entity, SETUP, boards, company, configuration, service, system};

/// A table of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(
    missing_docs,
    reason = "each is named after the ConnectWise record it holds"
)]
pub(crate) enum Table {
    Ticket,
    ServiceNote,
    TimeEntry,
    Board,
    BoardStatus,
    BoardType,
    BoardSubType,
    BoardItem,
    BoardTeam,
    Association,
    Priority,
    Source,
    Impact,
    Severity,
    Sla,
    SlaPriority,
    Company,
    CompanyStatus,
    CompanyType,
    CompanySite,
    Contact,
    ContactCommunication,
    CommunicationType,
    Configuration,
    ConfigurationType,
    ConfigurationStatus,
    ConfigurationTypeQuestion,
    Member,
    Document,
    Callback,
    UserDefinedField,
    Location,
    Department,
    Agreement,
    WorkRole,
    WorkType,
    ServiceLocation,
    SecurityRole,
    Country,
    Manufacturer,
    TimeZone,
    /// Tables that the instance keeps empty: a reference into one is never found.
    Unlisted,
}

/// What may be done with a table over the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Everything.
    Full,
    /// No DELETE.
    Kept,
    /// GET, PATCH and PUT only.
    Fixed,
    /// GET only.
    ReadOnly,
}

impl Table {
    /// Every table that is served.
    pub(crate) const ALL: &[Self] = &[
        Self::Ticket,
        Self::ServiceNote,
        Self::TimeEntry,
        Self::Board,
        Self::BoardStatus,
        Self::BoardType,
        Self::BoardSubType,
        Self::BoardItem,
        Self::BoardTeam,
        Self::Association,
        Self::Priority,
        Self::Source,
        Self::Impact,
        Self::Severity,
        Self::Sla,
        Self::SlaPriority,
        Self::Company,
        Self::CompanyStatus,
        Self::CompanyType,
        Self::CompanySite,
        Self::Contact,
        Self::ContactCommunication,
        Self::CommunicationType,
        Self::Configuration,
        Self::ConfigurationType,
        Self::ConfigurationStatus,
        Self::ConfigurationTypeQuestion,
        Self::Member,
        Self::Document,
        Self::Callback,
        Self::UserDefinedField,
    ];

    /// The fields of its records.
    pub(crate) fn entity(self) -> &'static Entity {
        match self {
            Self::Ticket => &service::TICKET,
            Self::ServiceNote => &service::SERVICE_NOTE,
            Self::TimeEntry => &service::TIME_ENTRY,
            Self::Board => &boards::BOARD,
            Self::BoardStatus => &boards::BOARD_STATUS,
            Self::BoardType => &boards::BOARD_TYPE,
            Self::BoardSubType => &boards::BOARD_SUB_TYPE,
            Self::BoardItem => &boards::BOARD_ITEM,
            Self::BoardTeam => &boards::BOARD_TEAM,
            Self::Association => &boards::BOARD_TYPE_SUB_TYPE_ITEM_ASSOCIATION,
            Self::Priority => &boards::PRIORITY,
            Self::Source => &boards::SOURCE,
            Self::Impact => &boards::IMPACT,
            Self::Severity => &boards::SEVERITY,
            Self::Sla => &boards::SLA,
            Self::SlaPriority => &boards::SLAPRIORITY,
            Self::Company => &company::COMPANY,
            Self::CompanyStatus => &company::COMPANY_STATUS,
            Self::CompanyType => &company::COMPANY_TYPE,
            Self::CompanySite => &company::COMPANY_SITE,
            Self::Contact => &company::CONTACT,
            Self::ContactCommunication => &company::CONTACT_COMMUNICATION,
            Self::CommunicationType => &company::COMMUNICATION_TYPE,
            Self::Configuration => &configuration::COMPANY_CONFIGURATION,
            Self::ConfigurationType => &configuration::CONFIGURATION_TYPE,
            Self::ConfigurationStatus => &configuration::CONFIGURATION_STATUS,
            Self::ConfigurationTypeQuestion => &configuration::CONFIGURATION_TYPE_QUESTION,
            Self::Member => &system::MEMBER,
            Self::Document => &system::DOCUMENT_INFO,
            Self::Callback => &system::CALLBACK_ENTRY,
            Self::UserDefinedField => &system::USER_DEFINED_FIELD,
            _ => &SETUP,
        }
    }

    /// The word for its records in error messages.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Ticket => "Ticket",
            Self::ServiceNote => "Ticket Note",
            Self::TimeEntry => "Time Entry",
            Self::Board => "Service Board",
            Self::BoardStatus => "Service Status",
            Self::BoardType => "Service Type",
            Self::BoardSubType => "Service SubType",
            Self::BoardItem => "Service Item",
            Self::BoardTeam => "Service Team",
            Self::Association => "Service Type SubType Item Association",
            Self::Priority => "Priority",
            Self::Source => "Service Source",
            Self::Impact => "Impact",
            Self::Severity => "Severity",
            Self::Sla => "SLA",
            Self::SlaPriority => "SLA Priority",
            Self::Company => "Company",
            Self::CompanyStatus => "Company Status",
            Self::CompanyType => "Company Type",
            Self::CompanySite => "Site",
            Self::Contact => "Contact",
            Self::ContactCommunication => "Contact Communication",
            Self::CommunicationType => "Communication Type",
            Self::Configuration => "Configuration",
            Self::ConfigurationType => "Configuration Type",
            Self::ConfigurationStatus => "Configuration Status",
            Self::ConfigurationTypeQuestion => "Configuration Type Question",
            Self::Member => "Member",
            Self::Document => "Document",
            Self::Callback => "Callback",
            Self::UserDefinedField => "User Defined Field",
            Self::Location => "Location",
            Self::Department => "Department",
            Self::Agreement => "Agreement",
            Self::WorkRole => "Work Role",
            Self::WorkType => "Work Type",
            Self::ServiceLocation => "Service Location",
            Self::SecurityRole => "Security Role",
            Self::Country => "Country",
            Self::Manufacturer => "Manufacturer",
            Self::TimeZone => "Time Zone",
            Self::Unlisted => "Record",
        }
    }

    /// Where its records are served, without the id; `{}` stands for the parent's id.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Ticket => "service/tickets",
            Self::ServiceNote => "service/tickets/{}/notes",
            Self::TimeEntry => "time/entries",
            Self::Board => "service/boards",
            Self::BoardStatus => "service/boards/{}/statuses",
            Self::BoardType => "service/boards/{}/types",
            Self::BoardSubType => "service/boards/{}/subtypes",
            Self::BoardItem => "service/boards/{}/items",
            Self::BoardTeam => "service/boards/{}/teams",
            Self::Association => "service/boards/{}/typeSubTypeItemAssociations",
            Self::Priority => "service/priorities",
            Self::Source => "service/sources",
            Self::Impact => "service/impacts",
            Self::Severity => "service/severities",
            Self::Sla => "service/SLAs",
            Self::SlaPriority => "service/SLAs/{}/priorities",
            Self::Company => "company/companies",
            Self::CompanyStatus => "company/companies/statuses",
            Self::CompanyType => "company/companies/types",
            Self::CompanySite => "company/companies/{}/sites",
            Self::Contact => "company/contacts",
            Self::ContactCommunication => "company/contacts/{}/communications",
            Self::CommunicationType => "company/communicationTypes",
            Self::Configuration => "company/configurations",
            Self::ConfigurationType => "company/configurations/types",
            Self::ConfigurationStatus => "company/configurations/statuses",
            Self::ConfigurationTypeQuestion => "company/configurations/types/{}/questions",
            Self::Member => "system/members",
            Self::Document => "system/documents",
            Self::Callback => "system/callbacks",
            Self::UserDefinedField => "system/userDefinedFields",
            Self::Location => "system/locations",
            Self::Department => "system/departments",
            Self::Agreement => "finance/agreements",
            Self::WorkRole => "time/workRoles",
            Self::WorkType => "time/workTypes",
            Self::ServiceLocation => "service/locations",
            Self::SecurityRole => "system/securityRoles",
            Self::Country => "company/countries",
            Self::Manufacturer => "procurement/manufacturers",
            Self::TimeZone => "system/timeZoneSetups",
            Self::Unlisted => "system/unlisted",
        }
    }

    /// The field that names the parent of a record, and the parent's table.
    ///
    /// The field holds the parent's id, or a reference to it.
    pub(crate) fn parent(self) -> Option<(&'static str, Table)> {
        match self {
            Self::ServiceNote => Some(("ticketId", Self::Ticket)),
            Self::BoardStatus
            | Self::BoardType
            | Self::BoardSubType
            | Self::BoardItem
            | Self::Association => Some(("board", Self::Board)),
            Self::BoardTeam => Some(("boardId", Self::Board)),
            Self::SlaPriority => Some(("sla", Self::Sla)),
            Self::CompanySite => Some(("company", Self::Company)),
            Self::ContactCommunication => Some(("contactId", Self::Contact)),
            Self::ConfigurationTypeQuestion => Some(("configurationType", Self::ConfigurationType)),
            _ => None,
        }
    }

    /// The keys of a reference to one of its records, beside `id`.
    pub(crate) fn reference_keys(self) -> &'static [&'static str] {
        match self {
            Self::Ticket => &["summary"],
            Self::BoardStatus => &["name", "sort"],
            Self::Priority => &["name", "sort", "level"],
            Self::Company | Self::Member | Self::Department | Self::Country => {
                &["identifier", "name"]
            }
            Self::Configuration => &["deviceIdentifier"],
            _ => &["name"],
        }
    }

    /// The key of the link that a reference's `_info` carries.
    pub(crate) fn href_key(self) -> &'static str {
        match self {
            Self::Ticket => "ticket_href",
            Self::Board => "board_href",
            Self::BoardStatus => "status_href",
            Self::BoardType => "type_href",
            Self::BoardSubType => "subType_href",
            Self::BoardItem => "item_href",
            Self::BoardTeam => "team_href",
            Self::Company => "company_href",
            Self::CompanySite => "site_href",
            Self::Contact => "contact_href",
            Self::Configuration => "configuration_href",
            Self::Member => "member_href",
            Self::Priority => "priority_href",
            Self::Source => "source_href",
            Self::Sla => "sla_href",
            Self::Location => "location_href",
            Self::Department => "department_href",
            Self::Agreement => "agreement_href",
            Self::ConfigurationType | Self::CompanyType => "type_href",
            Self::ConfigurationStatus | Self::CompanyStatus => "status_href",
            _ => "record_href",
        }
    }

    /// What may be done with it over the API.
    pub(crate) fn access(self) -> Access {
        match self {
            Self::Impact | Self::Severity => Access::Fixed,
            Self::Association => Access::ReadOnly,
            Self::Member => Access::Kept,
            _ => Access::Full,
        }
    }
}
