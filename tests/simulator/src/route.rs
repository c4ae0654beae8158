//! The paths of the API, below `…apis/3.0/`.

use crate::security::Module;
use crate::table::Table;

/// What stands behind a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// A list of records.
    Records(Table),
    /// How many records a list has.
    Count(Table),
    /// One record.
    Record(Table),
    /// Anything of its own.
    Special(Special),
}

/// Endpoints that are no plain list or record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the endpoint of that name")]
pub(crate) enum Special {
    Info,
    TicketSearch,
    TicketAllNotes,
    TicketMerge,
    TicketAttachChildren,
    TicketConvert,
    TicketCopy,
    TicketCalculateSla,
    TicketChangeLogs,
    TicketConfigurations,
    TicketConfigurationsCount,
    TicketConfiguration,
    TicketDocuments,
    TicketDocumentsCount,
    TicketTimeEntries,
    TicketTimeEntriesCount,
    ConfigurationsBulk,
    ConfigurationChangeType,
    Documents,
    DocumentsCount,
    Document,
    DocumentDownload,
    DocumentUploadSample,
    AuditTrail,
    AuditTrailCount,
}

/// A path with its parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Route {
    /// The path with names in braces in place of ids.
    pub(crate) template: &'static str,
    /// What stands behind it.
    pub(crate) endpoint: Endpoint,
    /// The ids, from left to right.
    pub(crate) ids: Vec<i64>,
}

impl Route {
    /// The first id of the path.
    pub(crate) fn first(&self) -> i64 {
        self.ids.first().copied().unwrap_or(0)
    }

    /// The last id of the path.
    pub(crate) fn last(&self) -> i64 {
        self.ids.last().copied().unwrap_or(0)
    }

    /// The module of the security role that its rights come from.
    pub(crate) fn module(&self) -> Module {
        match self.template.split('/').collect::<Vec<_>>().as_slice() {
            ["service", "tickets", ..] => Module::ServiceTickets,
            ["company", "companies", "statuses" | "types", ..]
            | ["company", "configurations", "types" | "statuses", ..]
            | ["company", "communicationTypes", ..] => Module::SystemTableSetup,
            ["company", "companies", ..] => Module::CompanyMaintenance,
            ["company", "contacts", ..] => Module::Contacts,
            ["company", "configurations", ..] => Module::Configurations,
            ["time", ..] => Module::TimeEntry,
            ["system", "members", ..] => Module::MemberMaintenance,
            ["system", "documents", ..] => Module::ManageAttachments,
            ["system", "callbacks", ..] => Module::Callbacks,
            _ => Module::SystemTableSetup,
        }
    }
}

/// The route of a path, or none.
pub(crate) fn find(path: &str) -> Option<Route> {
    let segments: Vec<&str> = path.trim_end_matches('/').split('/').collect();
    ROUTES.iter().find_map(|(template, endpoint)| {
        Some(Route {
            template,
            endpoint: *endpoint,
            ids: matches(template, &segments)?,
        })
    })
}

/// Whether a path fits a template, and with which ids. Words compare without case.
pub(crate) fn matches(template: &str, segments: &[&str]) -> Option<Vec<i64>> {
    let mut ids = Vec::new();
    let mut rest = segments.iter();
    for part in template.split('/') {
        let segment = rest.next()?;
        if part.starts_with('{') {
            ids.push(segment.parse().ok()?);
        } else if !part.eq_ignore_ascii_case(segment) {
            return None;
        }
    }
    rest.next().is_none().then_some(ids)
}

macro_rules! routes {
    ($($template:literal $kind:ident $of:ident;)*) => {
        &[$(($template, routes!(@ $kind $of))),*]
    };
    (@ Special $of:ident) => { Endpoint::Special(Special::$of) };
    (@ $kind:ident $of:ident) => { Endpoint::$kind(Table::$of) };
}

static ROUTES: &[(&str, Endpoint)] = routes! {
    "service/tickets" Records Ticket;
    "service/tickets/count" Count Ticket;
    "service/tickets/search" Special TicketSearch;
    "service/tickets/calculateSla" Special TicketCalculateSla;
    "service/tickets/changelogs" Special TicketChangeLogs;
    "service/tickets/{id}" Record Ticket;
    "service/tickets/{id}/copy" Special TicketCopy;
    "service/tickets/{id}/convert" Special TicketConvert;
    "service/tickets/{parentId}/merge" Special TicketMerge;
    "service/tickets/{parentId}/attachChildren" Special TicketAttachChildren;
    "service/tickets/{parentId}/allNotes" Special TicketAllNotes;
    "service/tickets/{parentId}/notes" Records ServiceNote;
    "service/tickets/{parentId}/notes/count" Count ServiceNote;
    "service/tickets/{parentId}/notes/{id}" Record ServiceNote;
    "service/tickets/{parentId}/configurations" Special TicketConfigurations;
    "service/tickets/{parentId}/configurations/count" Special TicketConfigurationsCount;
    "service/tickets/{parentId}/configurations/{id}" Special TicketConfiguration;
    "service/tickets/{parentId}/documents" Special TicketDocuments;
    "service/tickets/{parentId}/documents/count" Special TicketDocumentsCount;
    "service/tickets/{parentId}/timeentries" Special TicketTimeEntries;
    "service/tickets/{parentId}/timeentries/count" Special TicketTimeEntriesCount;
    "service/boards" Records Board;
    "service/boards/count" Count Board;
    "service/boards/{id}" Record Board;
    "service/boards/{parentId}/statuses" Records BoardStatus;
    "service/boards/{parentId}/statuses/count" Count BoardStatus;
    "service/boards/{parentId}/statuses/{id}" Record BoardStatus;
    "service/boards/{parentId}/types" Records BoardType;
    "service/boards/{parentId}/types/count" Count BoardType;
    "service/boards/{parentId}/types/{id}" Record BoardType;
    "service/boards/{parentId}/subtypes" Records BoardSubType;
    "service/boards/{parentId}/subtypes/count" Count BoardSubType;
    "service/boards/{parentId}/subtypes/{id}" Record BoardSubType;
    "service/boards/{parentId}/items" Records BoardItem;
    "service/boards/{parentId}/items/count" Count BoardItem;
    "service/boards/{parentId}/items/{id}" Record BoardItem;
    "service/boards/{parentId}/teams" Records BoardTeam;
    "service/boards/{parentId}/teams/count" Count BoardTeam;
    "service/boards/{parentId}/teams/{id}" Record BoardTeam;
    "service/boards/{parentId}/typeSubTypeItemAssociations" Records Association;
    "service/boards/{parentId}/typeSubTypeItemAssociations/count" Count Association;
    "service/boards/{parentId}/typeSubTypeItemAssociations/{id}" Record Association;
    "service/priorities" Records Priority;
    "service/priorities/count" Count Priority;
    "service/priorities/{id}" Record Priority;
    "service/sources" Records Source;
    "service/sources/count" Count Source;
    "service/sources/{id}" Record Source;
    "service/impacts" Records Impact;
    "service/impacts/count" Count Impact;
    "service/impacts/{id}" Record Impact;
    "service/severities" Records Severity;
    "service/severities/count" Count Severity;
    "service/severities/{id}" Record Severity;
    "service/SLAs" Records Sla;
    "service/SLAs/count" Count Sla;
    "service/SLAs/{id}" Record Sla;
    "service/SLAs/{parentId}/priorities" Records SlaPriority;
    "company/companies" Records Company;
    "company/companies/count" Count Company;
    "company/companies/statuses" Records CompanyStatus;
    "company/companies/statuses/{id}" Record CompanyStatus;
    "company/companies/types" Records CompanyType;
    "company/companies/types/{id}" Record CompanyType;
    "company/companies/{id}" Record Company;
    "company/companies/{parentId}/sites" Records CompanySite;
    "company/companies/{parentId}/sites/{id}" Record CompanySite;
    "company/contacts" Records Contact;
    "company/contacts/count" Count Contact;
    "company/contacts/{id}" Record Contact;
    "company/contacts/{parentId}/communications" Records ContactCommunication;
    "company/contacts/{parentId}/communications/{id}" Record ContactCommunication;
    "company/communicationTypes" Records CommunicationType;
    "company/communicationTypes/{id}" Record CommunicationType;
    "company/configurations" Records Configuration;
    "company/configurations/count" Count Configuration;
    "company/configurations/bulk" Special ConfigurationsBulk;
    "company/configurations/statuses" Records ConfigurationStatus;
    "company/configurations/statuses/{id}" Record ConfigurationStatus;
    "company/configurations/types" Records ConfigurationType;
    "company/configurations/types/count" Count ConfigurationType;
    "company/configurations/types/{id}" Record ConfigurationType;
    "company/configurations/types/{parentId}/questions" Records ConfigurationTypeQuestion;
    "company/configurations/types/{parentId}/questions/{id}" Record ConfigurationTypeQuestion;
    "company/configurations/{id}" Record Configuration;
    "company/configurations/{id}/changeType" Special ConfigurationChangeType;
    "system/info" Special Info;
    "system/members" Records Member;
    "system/members/count" Count Member;
    "system/members/{id}" Record Member;
    "system/callbacks" Records Callback;
    "system/callbacks/count" Count Callback;
    "system/callbacks/{id}" Record Callback;
    "system/userDefinedFields" Records UserDefinedField;
    "system/userDefinedFields/count" Count UserDefinedField;
    "system/userDefinedFields/{id}" Record UserDefinedField;
    "system/documents" Special Documents;
    "system/documents/count" Special DocumentsCount;
    "system/documents/uploadsample" Special DocumentUploadSample;
    "system/documents/{id}" Special Document;
    "system/documents/{id}/download" Special DocumentDownload;
    "system/audittrail" Special AuditTrail;
    "system/audittrail/count" Special AuditTrailCount;
    "time/entries" Records TimeEntry;
    "time/entries/count" Count TimeEntry;
    "time/entries/{id}" Record TimeEntry;
};

#[cfg(test)]
mod tests {
    use super::{Endpoint, find};
    use crate::table::Table;

    #[test]
    fn words_win_over_ids_and_case_does_not_matter() {
        let route = find("service/slas/3").unwrap();
        assert_eq!(route.endpoint, Endpoint::Record(Table::Sla));
        assert_eq!(route.ids, [3]);
        assert_eq!(
            find("service/tickets/count").unwrap().endpoint,
            Endpoint::Count(Table::Ticket)
        );
        assert!(find("service/tickets/abc").is_none());
        assert!(find("service/statuses").is_none());
    }
}
