//! Fields of configurations, their types and questions (API.md section 11).

use super::system::CUSTOM_FIELD_VALUE;
use super::{
    Entity, Table, UNBOUNDED, any, choice, flag, int, items, line, map, number, reference, text,
    timestamp,
};

/// `CompanyConfiguration`.
pub(crate) static COMPANY_CONFIGURATION: Entity = Entity {
    name: "CompanyConfiguration",
    fields: &[
        int("id").read_only(),
        line("name", 100).required(),
        reference("type", Table::ConfigurationType).required(),
        reference("status", Table::ConfigurationStatus),
        reference("company", Table::Company).required(),
        reference("contact", Table::Contact),
        reference("site", Table::CompanySite),
        int("locationId"),
        reference("location", Table::Location),
        int("businessUnitId"),
        reference("department", Table::Department),
        line("deviceIdentifier", 100),
        line("serialNumber", 250),
        line("modelNumber", 50),
        line("tagNumber", 50),
        timestamp("purchaseDate"),
        timestamp("installationDate"),
        reference("installedBy", Table::Member),
        timestamp("warrantyExpirationDate"),
        text("vendorNotes", UNBOUNDED),
        text("notes", UNBOUNDED),
        line("macAddress", 25),
        line("lastLoginName", 100),
        flag("billFlag"),
        int("backupSuccesses"),
        int("backupIncomplete"),
        int("backupFailed"),
        int("backupRestores"),
        timestamp("lastBackupDate"),
        line("backupServerName", 50),
        number("backupBillableSpaceGb"),
        text("backupProtectedDeviceList", UNBOUNDED),
        int("backupYear"),
        int("backupMonth"),
        line("ipAddress", 50),
        line("defaultGateway", 50),
        line("osType", 250),
        line("osInfo", 250),
        line("cpuSpeed", 100),
        line("ram", 25),
        text("localHardDrives", UNBOUNDED),
        int("parentConfigurationId"),
        reference("vendor", Table::Company),
        reference("manufacturer", Table::Manufacturer),
        items("questions", &CONFIGURATION_QUESTION),
        flag("activeFlag"),
        line("managementLink", 1000),
        line("remoteLink", 1000),
        reference("sla", Table::Sla),
        line("mobileGuid", UNBOUNDED),
        flag("displayVendorFlag"),
        int("companyLocationId"),
        flag("showRemoteFlag"),
        flag("showAutomateFlag"),
        flag("needsRenewalFlag"),
        line("manufacturerPartNumber", 50),
        map("_info").read_only(),
        items("customFields", &CUSTOM_FIELD_VALUE),
    ],
};

/// `ConfigurationType`.
pub(crate) static CONFIGURATION_TYPE: Entity = Entity {
    name: "ConfigurationType",
    fields: &[
        int("id").read_only(),
        line("name", 50).required(),
        flag("inactiveFlag"),
        flag("systemFlag"),
        map("_info").read_only(),
    ],
};

/// `ConfigurationStatus`.
pub(crate) static CONFIGURATION_STATUS: Entity = Entity {
    name: "ConfigurationStatus",
    fields: &[
        int("id").read_only(),
        line("description", 50).required(),
        flag("closedFlag"),
        flag("defaultFlag"),
        map("_info").read_only(),
    ],
};

/// `ConfigurationTypeQuestion`.
pub(crate) static CONFIGURATION_TYPE_QUESTION: Entity = Entity {
    name: "ConfigurationTypeQuestion",
    fields: &[
        int("id").read_only(),
        reference("configurationType", Table::ConfigurationType),
        choice(
            "fieldType",
            &[
                "TextArea",
                "Currency",
                "Date",
                "Hyperlink",
                "IPAddress",
                "Checkbox",
                "Number",
                "Percent",
                "Text",
                "Password",
            ],
        )
        .required(),
        choice("entryType", &["Date", "EntryField", "List", "Option"]).required(),
        number("sequenceNumber").required(),
        line("question", 1000).required(),
        int("numberOfDecimals"),
        flag("requiredFlag"),
        flag("inactiveFlag"),
        map("_info").read_only(),
    ],
};

/// `ConfigurationQuestion`.
pub(crate) static CONFIGURATION_QUESTION: Entity = Entity {
    name: "ConfigurationQuestion",
    fields: &[
        int("answerId"),
        int("questionId"),
        line("question", UNBOUNDED),
        any("answer"),
        number("sequenceNumber"),
        int("numberOfDecimals"),
        choice(
            "fieldType",
            &[
                "TextArea",
                "Currency",
                "Date",
                "Hyperlink",
                "IPAddress",
                "Checkbox",
                "Number",
                "Percent",
                "Text",
                "Password",
            ],
        ),
        flag("requiredFlag"),
    ],
};
