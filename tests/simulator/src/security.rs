//! API members, their keys and the rights of their security roles (API.md section 2).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::settings::{API_MEMBER, PRIVATE_KEY, PUBLIC_KEY};

/// A part of the product that a security role grants rights on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Module {
    /// Companies and sites.
    CompanyMaintenance,
    /// Contacts and their communications.
    Contacts,
    /// Configurations.
    Configurations,
    /// Service tickets and their notes.
    ServiceTickets,
    /// Putting a ticket into a closed status, or out of it.
    CloseServiceTickets,
    /// Time entries.
    TimeEntry,
    /// Boards and the other setup tables.
    SystemTableSetup,
    /// Members.
    MemberMaintenance,
    /// Documents.
    ManageAttachments,
    /// Callbacks.
    Callbacks,
}

impl Module {
    /// Every module.
    pub const ALL: [Self; 10] = [
        Self::CompanyMaintenance,
        Self::Contacts,
        Self::Configurations,
        Self::ServiceTickets,
        Self::CloseServiceTickets,
        Self::TimeEntry,
        Self::SystemTableSetup,
        Self::MemberMaintenance,
        Self::ManageAttachments,
        Self::Callbacks,
    ];
}

/// What a right allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Level {
    /// Create.
    Add,
    /// Change.
    Edit,
    /// Delete.
    Delete,
    /// Read.
    Inquire,
}

/// The rights of a security role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Role {
    rights: BTreeMap<Module, BTreeSet<Level>>,
    /// Service tickets that another member entered are not seen.
    pub own_tickets_only: bool,
    /// Boards that are hidden from the member, by id.
    pub hidden_boards: BTreeSet<i64>,
}

impl Default for Role {
    fn default() -> Self {
        let all = BTreeSet::from([Level::Add, Level::Edit, Level::Delete, Level::Inquire]);
        Self {
            rights: Module::ALL.map(|module| (module, all.clone())).into(),
            own_tickets_only: false,
            hidden_boards: BTreeSet::new(),
        }
    }
}

impl Role {
    /// Whether the role grants a right.
    #[must_use]
    pub fn grants(&self, module: Module, level: Level) -> bool {
        self.rights
            .get(&module)
            .is_some_and(|levels| levels.contains(&level))
    }

    /// Grants a right.
    pub fn grant(&mut self, module: Module, level: Level) {
        self.rights.entry(module).or_default().insert(level);
    }

    /// Takes a right away.
    pub fn revoke(&mut self, module: Module, level: Level) {
        self.rights.entry(module).or_default().remove(&level);
    }
}

/// An API member: who writes through the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApiMember {
    /// The member's identifier.
    pub identifier: String,
    /// The public key.
    pub public_key: String,
    /// The private key.
    pub private_key: String,
    /// The rights.
    #[serde(default)]
    pub role: Role,
}

impl ApiMember {
    pub(crate) fn seeded() -> Self {
        Self {
            identifier: API_MEMBER.to_owned(),
            public_key: PUBLIC_KEY.to_owned(),
            private_key: PRIVATE_KEY.to_owned(),
            role: Role::default(),
        }
    }
}
