use crate::delivery::Event;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Declares each kind of event once: its name in JSON and what people call it.
macro_rules! kinds {
    ($($variant:ident $name:literal $title:literal;)+) => {
        /// What kind of event it is: the `event` of an [`Event`] in JSON.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum EventKind {
            $(#[doc = $title] #[serde(rename = $name)] $variant,)+
        }

        impl EventKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name that JSON carries.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The name of the alert that it may be raised as: for six of them that of guide 000 section 11.1.
            #[must_use]
            pub const fn alert(self) -> &'static str {
                match self { $(Self::$variant => concat!("ConnectWise Manage - ", $title),)+ }
            }
        }

        impl Event {
            /// What kind of event it is.
            #[must_use]
            pub const fn kind(&self) -> EventKind {
                match self { $(Self::$variant { .. } => EventKind::$variant,)+ }
            }
        }
    };
}

kinds! {
    TicketCreated "ticket_created" "New ticket created";
    TicketReopened "ticket_reopened" "Ticket reopened";
    TicketModified "ticket_modified" "Ticket modified";
    TicketClosed "ticket_closed" "Ticket closed";
    SystemMappingFailed "system_mapping_failed" "Netsurion Open XDR system mapping failed";
    GroupMappingFailed "group_mapping_failed" "Netsurion Open XDR group mapping failed";
    TicketChanged "ticket_changed" "Ticket changed in ConnectWise";
    CommentAdded "comment_added" "Comment added";
    CommentChanged "comment_changed" "Comment changed";
    AttachmentAdded "attachment_added" "Attachment added";
    TicketMerged "ticket_merged" "Ticket merged";
    TicketDeleted "ticket_deleted" "Ticket deleted";
    TicketConverted "ticket_converted" "Ticket converted";
    TicketMoved "ticket_moved" "Ticket moved to another board";
    CompanyChanged "company_changed" "Ticket given to another company";
    GroupMapped "group_mapped" "Group mapped";
    SystemMapped "system_mapped" "System mapped";
    MappingRemoved "mapping_removed" "Mapping removed";
    CaseDiscarded "case_discarded" "Case discarded";
    CatchAllGrows "catch_all_grows" "Catch-all company grows";
    CatalogDrift "catalog_drift" "Boards or tables changed";
    CredentialExpiring "credential_expiring" "Credentials expiring";
    CallbackRepaired "callback_repaired" "Callback repaired";
    RepeatJoined "repeat_joined" "Repeat joined a ticket";
    RolledUp "rolled_up" "Case rolled up";
    Withheld "withheld" "Case withheld for maintenance";
    FloodBegan "flood_began" "Flood began";
    FloodEnded "flood_ended" "Flood ended";
    MaintenanceEnded "maintenance_ended" "Maintenance ended";
    CaseRequested "case_requested" "Case requested by a ticket";
    CaseRequestRefused "case_request_refused" "Case request refused";
    MassChangeHeld "mass_change_held" "Mass change held back";
}

impl EventKind {
    /// The kind of that name: its own, or that of its alert; compared without case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let name = name.trim();
        let is = |kind: &&Self| {
            kind.name().eq_ignore_ascii_case(name) || kind.alert().eq_ignore_ascii_case(name)
        };
        Self::ALL.iter().find(is).copied()
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::ChangedBy;
    use serde_json::{Value, json};

    #[test]
    fn a_kind_has_the_name_that_its_event_has_in_json() {
        let by = ChangedBy::Case;
        let reason = String::new();
        for event in [
            Event::TicketCreated,
            Event::TicketClosed { by },
            Event::MappingRemoved { reason },
        ] {
            let written = serde_json::to_value(&event).unwrap();
            assert_eq!(written["event"], event.kind().name());
        }
        for kind in EventKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
            assert_eq!(EventKind::named(kind.alert()), Some(*kind));
            // No name of a kind that no event has: serde knows the same names.
            let event = json!({ "event": kind.name() });
            let read = serde_json::from_value::<Event>(event).map(|_| Value::Null);
            let unknown = read.is_err_and(|error| error.to_string().contains("unknown variant"));
            assert!(!unknown, "{kind}");
        }
    }
}
