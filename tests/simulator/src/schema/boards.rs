//! Fields of boards and of the tables a ticket draws on (API.md section 8).

use super::{
    Entity, Table, UNBOUNDED, choice, flag, int, ints, line, map, number, reference, timestamp,
};

/// `Board`.
pub(crate) static BOARD: Entity = Entity {
    name: "Board",
    fields: &[
        int("id").read_only(),
        line("name", 50).required(),
        reference("location", Table::Location).required(),
        reference("department", Table::Department).required(),
        flag("inactiveFlag"),
        reference("signOffTemplate", Table::Unlisted),
        flag("sendToContactFlag"),
        reference("contactTemplate", Table::Unlisted),
        flag("sendToResourceFlag"),
        reference("resourceTemplate", Table::Unlisted),
        flag("projectFlag"),
        flag("showDependenciesFlag"),
        flag("showEstimatesFlag"),
        reference("boardIcon", Table::Unlisted),
        flag("billTicketsAfterClosedFlag"),
        flag("billTicketSeparatelyFlag"),
        flag("billUnapprovedTimeExpenseFlag"),
        flag("overrideBillingSetupFlag"),
        reference("dispatchMember", Table::Member),
        reference("serviceManagerMember", Table::Member),
        reference("dutyManagerMember", Table::Member),
        reference("oncallMember", Table::Member),
        reference("workRole", Table::WorkRole),
        reference("workType", Table::WorkType),
        choice(
            "billTime",
            &["Billable", "DoNotBill", "NoCharge", "NoDefault"],
        ),
        choice(
            "billExpense",
            &["Billable", "DoNotBill", "NoCharge", "NoDefault"],
        ),
        choice(
            "billProduct",
            &["Billable", "DoNotBill", "NoCharge", "NoDefault"],
        ),
        reference("autoCloseStatus", Table::BoardStatus),
        flag("autoAssignNewTicketsFlag"),
        flag("autoAssignNewECTicketsFlag"),
        flag("autoAssignNewPortalTicketsFlag"),
        flag("discussionsLockedFlag"),
        flag("timeEntryLockedFlag"),
        line("notifyEmailFrom", 50),
        line("notifyEmailFromName", 60),
        flag("closedLoopDiscussionsFlag"),
        flag("closedLoopResolutionFlag"),
        flag("closedLoopInternalAnalysisFlag"),
        flag("timeEntryDiscussionFlag"),
        flag("timeEntryResolutionFlag"),
        flag("timeEntryInternalAnalysisFlag"),
        choice("problemSort", &["Ascending", "Descending"]),
        choice("resolutionSort", &["Ascending", "Descending"]),
        choice("internalAnalysisSort", &["Ascending", "Descending"]),
        flag("emailConnectorAllowReopenClosedFlag"),
        reference("emailConnectorReopenStatus", Table::BoardStatus),
        flag("emailConnectorReopenResourcesFlag"),
        flag("emailConnectorNewTicketNoMatchFlag"),
        flag("emailConnectorNeverReopenByDaysFlag"),
        int("emailConnectorReopenDaysLimit"),
        flag("emailConnectorNeverReopenByDaysClosedFlag"),
        int("emailConnectorReopenDaysClosedLimit"),
        flag("useMemberDisplayNameFlag"),
        flag("sendToCCFlag"),
        flag("autoAssignTicketOwnerFlag"),
        flag("autoAssignLimitFlag"),
        int("autoAssignLimitAmount"),
        flag("closedLoopAllFlag"),
        choice(
            "percentageCalculation",
            &["ActualHours", "Manual", "ClosedPhases", "ClosedTickets"],
        ),
        choice("allSort", &["Ascending", "Descending"]),
        flag("markFirstNoteIssueFlag"),
        flag("restrictBoardByDefaultFlag"),
        flag("sendToBundledFlag"),
        map("_info").read_only(),
        line("connectWiseId", UNBOUNDED),
    ],
};

/// `BoardStatus`.
pub(crate) static BOARD_STATUS: Entity = Entity {
    name: "BoardStatus",
    fields: &[
        int("id").read_only(),
        line("name", 50).required(),
        reference("board", Table::Board),
        int("sortOrder"),
        flag("displayOnBoard"),
        flag("inactive"),
        flag("closedStatus"),
        flag("timeEntryNotAllowed"),
        flag("roundRobinCatchall"),
        flag("defaultFlag"),
        choice(
            "escalationStatus",
            &[
                "NotResponded",
                "Responded",
                "ResolutionPlan",
                "Resolved",
                "NoEscalation",
            ],
        ),
        line("customerPortalDescription", 500),
        flag("customerPortalFlag"),
        reference("emailTemplate", Table::Unlisted),
        reference("statusIndicator", Table::Unlisted),
        line("customStatusIndicatorName", 30),
        map("_info").read_only(),
        flag("saveTimeAsNote"),
        line("connectWiseId", UNBOUNDED),
        line("parentConnectWiseId", UNBOUNDED),
        int("parentId"),
        int("grandParentId"),
        line("grandParentConnectWiseId", UNBOUNDED),
    ],
};

/// `BoardType`.
pub(crate) static BOARD_TYPE: Entity = Entity {
    name: "BoardType",
    fields: &[
        int("id").read_only(),
        line("name", 50).required(),
        choice("category", &["Reactive", "Proactive"]),
        flag("defaultFlag"),
        flag("inactiveFlag"),
        flag("requestForChangeFlag"),
        line("integrationXref", 50),
        reference("skillCategory", Table::Unlisted),
        reference("skill", Table::Unlisted),
        reference("board", Table::Board),
        reference("location", Table::Location),
        reference("department", Table::Department),
        map("_info").read_only(),
        line("connectWiseId", UNBOUNDED),
        line("parentConnectWiseId", UNBOUNDED),
        int("parentId"),
        int("grandParentId"),
        line("grandParentConnectWiseId", UNBOUNDED),
    ],
};

/// `BoardSubType`.
pub(crate) static BOARD_SUB_TYPE: Entity = Entity {
    name: "BoardSubType",
    fields: &[
        int("id").read_only(),
        line("name", 50).required(),
        flag("inactiveFlag"),
        ints("typeAssociationIds"),
        flag("addAllTypesFlag").never_returned(),
        flag("removeAllTypesFlag").never_returned(),
        reference("board", Table::Board),
        map("_info").read_only(),
        line("connectWiseId", UNBOUNDED),
        line("parentConnectWiseId", UNBOUNDED),
        int("parentId"),
        int("grandParentId"),
        line("grandParentConnectWiseId", UNBOUNDED),
    ],
};

/// `BoardItem`.
pub(crate) static BOARD_ITEM: Entity = Entity {
    name: "BoardItem",
    fields: &[
        int("id").read_only(),
        line("name", 50).required(),
        flag("inactiveFlag"),
        reference("board", Table::Board),
        map("_info").read_only(),
        line("connectWiseId", UNBOUNDED),
        line("parentConnectWiseId", UNBOUNDED),
        int("parentId"),
        int("grandParentId"),
        line("grandParentConnectWiseId", UNBOUNDED),
    ],
};

/// `BoardTeam`.
pub(crate) static BOARD_TEAM: Entity = Entity {
    name: "BoardTeam",
    fields: &[
        int("id").read_only(),
        line("name", 30).required(),
        reference("teamLeader", Table::Member).required(),
        ints("members"),
        flag("defaultFlag"),
        flag("notifyOnTicketDelete"),
        flag("defaultRoundRobinFlag"),
        flag("roundRobinFlag"),
        int("boardId"),
        int("locationId"),
        int("businessUnitId"),
        map("_info").read_only(),
        line("connectWiseId", UNBOUNDED),
        line("parentConnectWiseId", UNBOUNDED),
        int("parentId"),
        int("grandParentId"),
        line("grandParentConnectWiseId", UNBOUNDED),
    ],
};

/// `BoardTypeSubTypeItemAssociation`.
pub(crate) static BOARD_TYPE_SUB_TYPE_ITEM_ASSOCIATION: Entity = Entity {
    name: "BoardTypeSubTypeItemAssociation",
    fields: &[
        int("id").read_only(),
        reference("type", Table::BoardType),
        reference("subType", Table::BoardSubType),
        reference("item", Table::BoardItem),
        reference("board", Table::Board),
        map("_info").read_only(),
    ],
};

/// `Priority`.
pub(crate) static PRIORITY: Entity = Entity {
    name: "Priority",
    fields: &[
        int("id").read_only(),
        line("name", 50).required(),
        choice(
            "color",
            &[
                "Black", "Blue", "Cyan", "Gray", "Green", "Lime", "Orange", "Pink", "Purple",
                "Red", "White", "Yellow", "Custom",
            ],
        )
        .required(),
        int("sortOrder"),
        flag("defaultFlag"),
        line("imageLink", UNBOUNDED),
        line("urgencySortOrder", UNBOUNDED),
        choice("level", &["Critical", "High", "Medium", "Low"]),
        map("_info").read_only(),
        line("connectWiseId", UNBOUNDED),
    ],
};

/// `Source`.
pub(crate) static SOURCE: Entity = Entity {
    name: "Source",
    fields: &[
        int("id").read_only(),
        line("name", 50).required(),
        flag("defaultFlag"),
        line("enteredBy", UNBOUNDED),
        timestamp("dateEntered"),
        map("_info").read_only(),
        line("connectWiseId", UNBOUNDED),
    ],
};

/// `Impact`.
pub(crate) static IMPACT: Entity = Entity {
    name: "Impact",
    fields: &[
        int("id").read_only(),
        line("name", UNBOUNDED),
        line("description", 200).required(),
        flag("defaultFlag"),
        map("_info").read_only(),
    ],
};

/// `Severity`.
pub(crate) static SEVERITY: Entity = Entity {
    name: "Severity",
    fields: &[
        int("id").read_only(),
        line("name", UNBOUNDED),
        line("description", 200).required(),
        flag("defaultFlag"),
        map("_info").read_only(),
    ],
};

/// `SLA`.
pub(crate) static SLA: Entity = Entity {
    name: "SLA",
    fields: &[
        int("id").read_only(),
        line("name", 25).required(),
        choice("basedOn", &["AllHours", "Customer", "MyCalendar", "Custom"]).required(),
        reference("customCalendar", Table::Unlisted),
        flag("defaultFlag"),
        int("applicationOrder"),
        reference("hiImpactHiUrgency", Table::Priority),
        reference("hiImpactMedUrgency", Table::Priority),
        reference("hiImpactLowUrgency", Table::Priority),
        reference("medImpactHiUrgency", Table::Priority),
        reference("medImpactMedUrgency", Table::Priority),
        reference("medImpactLowUrgency", Table::Priority),
        reference("lowImpactHiUrgency", Table::Priority),
        reference("lowImpactMedUrgency", Table::Priority),
        reference("lowImpactLowUrgency", Table::Priority),
        number("respondHours"),
        int("respondPercent"),
        number("planWithin"),
        int("planWithinPercent"),
        number("resolutionHours"),
        int("resolutionPercent"),
        map("_info").read_only(),
    ],
};

/// `SLAPriority`.
pub(crate) static SLAPRIORITY: Entity = Entity {
    name: "SLAPriority",
    fields: &[
        int("id").read_only(),
        reference("priority", Table::Priority).required(),
        number("respondHours"),
        int("respondPercent"),
        number("planWithin"),
        int("planWithinPercent"),
        number("resolutionHours"),
        int("resolutionPercent"),
        reference("sla", Table::Sla),
        map("_info").read_only(),
    ],
};
