/**
 * What a host gives a connector. Every function may return its value or a promise of it.
 */
export type Host = {
    /**
     * Keeps what must outlive a crash. Several connectors may share one.
     */
    store: Store;
    /**
     * Takes over what happened to a case, and returns
     * once that is durable. Where it throws, the delivery is offered again, now and after a restart, in order per case, with
     * the same `id`.
     */
    deliver: (delivery: Delivery, signal: AbortSignal) => unknown;
    /**
     * The API member's keys. Without them the transport adds the `Authorization` header.
     */
    keys?: Keys | undefined;
    /**
     * Sends requests; `fetchTransport()` where nothing is said.
     */
    transport?: Transport | undefined;
    /**
     * Opens an attachment by the
     * token that the case names; and a case that was handed over by reference, as JSON, by the token `case:` with its id.
     */
    openAttachment?: ((token: string, signal: AbortSignal) => Content | Promise<Content>) | undefined;
    /**
     * Stores a file from ConnectWise
     * under a token, in place of what may have been there, and returns once that is durable. Without it files from ConnectWise
     * are left out, and their cases are told so.
     */
    storeAttachment?: ((token: string, content: Blob, signal: AbortSignal) => unknown) | undefined;
    /**
     * Hears of every operation that is over, those included that an
     * earlier connector left unfinished and this one took up.
     */
    finished?: ((finished: Finished) => unknown) | undefined;
    /**
     * The vendor's own client id, used where the configuration names none.
     */
    clientId?: string | undefined;
    /**
     * The host's secret for its callback addresses, of at least 16 bytes; without it no callback
     * is believed or registered.
     */
    callbackSecret?: string | undefined;
    /**
     * Seeds jitter; random where nothing is said.
     */
    seed?: bigint | undefined;
    /**
     * Milliseconds since 1970; `Date.now` where nothing is said.
     */
    now?: (() => number) | undefined;
};
/**
 * The two keys of an API member.
 */
export type Keys = {
    publicKey: string;
    privateKey: string;
};
/**
 * The bytes of an attachment.
 */
export type Content = Blob | Uint8Array | ReadableStream<Uint8Array>;
/**
 * A key-value store with revisions. `checkStore` of `casewire/conformance` tells whether one keeps its promises.
 */
export type Store = {
    /**
     *   Reads records: one entry per key, in the same order, nothing where there is no record.
     */
    get: (keys: string[]) => (StoredRecord | null | undefined)[] | Promise<(StoredRecord | null | undefined)[]>;
    /**
     *   Reads at most `limit` records whose keys begin with `prefix` and are greater than `after`, in the order of their UTF-8
     *   bytes (`compareKeys` of `casewire/memory`; JavaScript's own order is another).
     */
    scan: (prefix: string, after: string | undefined, limit: number) => StoredRecord[] | Promise<StoredRecord[]>;
    /**
     * Changes records, all or none, durably when it returns.
     */
    commit: (batch: Batch) => Committed | Promise<Committed>;
};
export type StoredRecord = {
    key: string;
    /**
     * The revision of the commit that wrote it.
     */
    revision: number;
    /**
     * JSON text.
     */
    value: string;
};
/**
 * Changes that are made all or none.
 */
export type Batch = {
    /**
     * What must hold, or nothing changes: each key's revision, or
     * `null` if it must not exist.
     */
    expect: {
        key: string;
        revision: number | null;
    }[];
    /**
     * Records to write. No key stands twice in a batch.
     */
    put: [key: string, value: string][];
    /**
     * Keys to delete; those that do not exist are no fault.
     */
    delete: string[];
};
/**
 * The revision that every record of the batch now has, or `'conflict'` where an expectation did not hold and nothing
 * changed. Revisions grow with every commit of the store and are never reused.
 */
export type Committed = number | "conflict";
/**
 * Sends one request and reads the whole answer, whatever its status. Follows no redirect. Throws a `Failure` that says what
 * is known; anything else that it throws counts as `unanswered`.
 */
export type Transport = (request: HttpRequest, signal: AbortSignal) => Promise<HttpAnswer>;
export type HttpRequest = {
    method: "GET" | "POST" | "PATCH" | "DELETE";
    /**
     * Absolute and already encoded.
     */
    url: string;
    /**
     * To be sent as they are. `Host` and `Content-Length` are the transport's.
     */
    headers: [name: string, value: string][];
    body: Blob | Uint8Array | undefined;
    /**
     * How long the whole exchange may take.
     */
    timeoutMs: number;
    /**
     * Largest answer to read, in bytes.
     */
    maxAnswer: number;
    /**
     * A write that has not left by this time, in milliseconds since 1970, must not leave
     * at all. It was checked right before; a transport that waits before it sends checks again and throws `not_sent`.
     */
    notAfter: number | undefined;
};
export type HttpAnswer = {
    status: number;
    /**
     * At least `content-type`, `link`, `retry-after` and `date`.
     */
    headers: [name: string, value: string][];
    body: Uint8Array;
};
/**
 * Something for the host to keep, at least once, with a stable `id` by which a repeat is known.
 */
export type Delivery = {
    id: string;
    /**
     * The case that it is about; it is about a case, a group, a system, or the instance as a whole.
     */
    case_id?: string | undefined;
    group_id?: string | undefined;
    system_id?: string | undefined;
    instance?: string | undefined;
    at: string;
    /**
     * What happened, such as `ticket_created`. `ticket_changed` has
     * `changes: TicketChange[]`; `comment_added` and `comment_changed` have `comment: IncomingComment`, `attachment_added` has
     * `attachment: IncomingAttachment`; `ticket_closed` and `ticket_reopened` say `by: 'case' | 'connectwise'`; `case_requested`
     * has `request: CaseRequest`; `mass_change_held` has `counts: MassCounts`.
     */
    event: {
        event: string;
        [detail: string]: unknown;
    };
    /**
     * The ticket as it is now, where there is one.
     */
    ticket?: TicketState | undefined;
    /**
     * The alert that it is raised as, where `events.raise` of the configuration says so.
     */
    alert?: Alert | undefined;
};
/**
 * An alert, and how loud it is.
 */
export type Alert = {
    name: string;
    severity: "info" | "low" | "medium" | "high" | "critical";
};
/**
 * A ticket that became a case. The host hands that case over under the delivery's `case_id` like any other.
 */
export type CaseRequest = {
    /**
     * Summary of the ticket.
     */
    title: string;
    company: {
        id: number;
        identifier: string;
        name: string;
    };
    /**
     * Ids of the groups that are mapped to that company.
     */
    groups?: string[] | undefined;
    contact?: string | undefined;
    contact_email?: string | undefined;
    /**
     * What the priority maps make of the ticket's priority.
     */
    severity?: string | undefined;
    /**
     * Identifier of the member who saved it last.
     */
    requested_by?: string | undefined;
    created_at?: string | undefined;
};
/**
 * Changes of many tickets at once, which are held back.
 */
export type MassCounts = {
    deleted: number;
    closed: number;
    moved: number;
    /**
     * Open tickets of cases, those among them.
     */
    open: number;
};
/**
 * What a poll found and did.
 */
export type PollReport = {
    kind: "polled";
    since?: string | undefined;
    /**
     * All that changed until then was seen.
     */
    until?: string | undefined;
    listed: number;
    unchanged: number;
    synced: number;
    reread: number;
    /**
     * Tickets that became cases now.
     */
    requested: number;
    /**
     * Tickets that ask for a case and whose contact is not known.
     */
    refused: number;
    failed: number;
    failures?: {
        ticket_id: number;
        error: ErrorJson;
    }[] | undefined;
    /**
     * Deletions, closings and moves that are held back until `release_mass_change`.
     */
    held?: MassCounts | undefined;
};
/**
 * What a comparison of all links with ConnectWise found.
 */
export type ReconcileReport = {
    kind: "reconciled";
    began_at?: string | undefined;
    links: number;
    tickets: number;
    found: {
        [kind: string]: number;
    };
    repaired: number;
    findings: ReconcileFinding[];
    held?: MassCounts | undefined;
    failures?: {
        ticket_id: number;
        error: ErrorJson;
    }[] | undefined;
};
/**
 * One difference between the store and ConnectWise.
 */
export type ReconcileFinding = {
    severity: "error" | "warning" | "info";
    kind: "unfinished_case" | "missing_ticket" | "merged_ticket" | "status" | "board" | "company" | "priority" | "reference" | "notes" | "documents" | "duplicate_ticket" | "lost_link";
    case_id?: string | undefined;
    ticket_id?: number | undefined;
    message: string;
    fix: string;
    repair: "not_asked" | "by_hand" | "done" | "held";
};
/**
 * A ticket's state as the case shows it.
 */
export type TicketState = {
    ticket_id: number;
    summary?: string | undefined;
    board: string;
    status: string;
    /**
     * What the status map makes of the status.
     */
    case_status?: string | undefined;
    closed?: boolean | undefined;
    priority?: string | undefined;
    /**
     * What the priority maps make of the priority.
     */
    case_severity?: string | undefined;
    owner?: string | undefined;
    closed_at?: string | undefined;
    resolved_at?: string | undefined;
    /**
     * Text of the newest resolution note.
     */
    resolution?: string | undefined;
    sla_status?: string | undefined;
    company?: string | undefined;
    /**
     * Identifier of the member who saved it last.
     */
    changed_by?: string | undefined;
};
/**
 * One field of a ticket that was changed in ConnectWise.
 */
export type TicketChange = {
    field: "summary" | "status" | "priority" | "owner" | "closed_at" | "resolved_at" | "resolution" | "sla_status";
    before?: string | undefined;
    after?: string | undefined;
};
/**
 * What someone wrote on a ticket. Kept as a comment of the case under this `id`, it is never sent back.
 */
export type IncomingComment = {
    id: string;
    text: string;
    visibility: "internal" | "discussion" | "resolution";
    source: "note" | "time_entry" | "meeting";
    author?: string | undefined;
    created_at?: string | undefined;
};
/**
 * A file that someone attached to a ticket. Kept as an attachment of the case under this `id`, it is never sent back.
 */
export type IncomingAttachment = {
    id: string;
    title: string;
    /**
     * Not to be trusted as a path.
     */
    file_name: string;
    author?: string | undefined;
    created_at?: string | undefined;
    content: {
        stored: {
            token: string;
            size: number;
            sha256: string;
        };
    } | {
        link: {
            url: string;
        };
    } | {
        left_out: {
            reason: string;
        };
    };
};
/**
 * An operation that is over.
 */
export type Finished = {
    operation: number;
    case_id?: string | undefined;
    result: {
        ok: Outcome;
    } | {
        error: ErrorJson;
    };
};
/**
 * What came of a command.
 */
export type Outcome = CaseOutcome | ConnectionReport | CallbackOutcome | CallbacksReport | TicketOutcome | PollReport | ReconcileReport | PreflightReport | ProbeReport | ({
    kind: "catalog";
} & Catalog) | ({
    kind: "preview";
} & Preview) | ({
    kind: "imported";
} & ImportReport) | ({
    kind: "mappings_changed";
} & MappingsChanged) | ({
    kind: "mappings";
} & MappingPage) | ({
    kind: "auto_mapped";
} & AutoMapReport) | ({
    kind: "suggested_mappings";
} & SuggestedMappings) | ({
    kind: "customers";
} & CustomersReport) | ({
    kind: "device_plan";
} & DevicePlan) | ({
    kind: "devices_sent";
} & DevicesReport) | {
    kind: "mapping_table";
    csv: string;
    rows: number;
    next?: string;
} | ({
    kind: "schedule";
} & Schedule) | {
    kind: "resumed";
    cases: number;
} | {
    kind: "accepted";
    case_id: string;
    operation?: number;
} | ({
    kind: "outbox";
} & OutboxPage) | ({
    kind: "links";
} & LinkPage) | ({
    kind: "backlog";
} & Backlog) | {
    kind: "outbox_retried";
    cases: number;
} | {
    kind: "outbox_discarded";
    case_ids: string[];
} | ({
    kind: "events";
} & EventPage) | ({
    kind: "report";
} & ReportPage) | ({
    kind: "dashboard";
} & Figure) | ({
    kind: "definitions";
} & Definitions) | ({
    kind: "audit";
} & AuditPage) | ({
    kind: "health";
} & HealthReport) | {
    kind: "forgotten";
    events: number;
    decisions: number;
} | ({
    kind: "automated";
} & Automated) | ({
    kind: "config_exported";
} & PortableConfig) | {
    kind: "config_imported";
    config: object;
    to_set: SettingToSet[];
} | {
    kind: "worked";
    cases: number;
    gatherings: number;
} | ({
    kind: "companies";
} & CompanyPage) | ({
    kind: "configurations";
} & ConfigurationPage) | {
    kind: "boards";
    catalog: Catalog;
    gaps?: string[];
} | ({
    kind: "provision_plan";
} & ProvisionPlan) | ({
    kind: "provisioned";
} & ProvisionReport) | {
    kind: "drift";
    report: DriftReport;
    recorded?: DriftReport;
} | {
    kind: "instances";
    instances: InstanceSummary[];
} | {
    kind: "instance_saved";
    saved?: SavedConnection;
    connection: object;
} | {
    kind: "records";
    records: StoredRecord[];
    next?: string;
} | {
    kind: "deleted";
    records: number;
};
/**
 * An event as the log keeps it; `include/event.schema.json` explains each field.
 */
export type EventRecord = {
    id: string;
    at: string;
    event: string;
    alert?: Alert | undefined;
    by?: "case" | "connectwise" | undefined;
    case_id?: string | undefined;
    case_number?: string | undefined;
    ticket_id?: number | undefined;
    summary?: string | undefined;
    board?: string | undefined;
    status?: string | undefined;
    severity?: string | undefined;
    group?: string | undefined;
    system?: string | undefined;
    company?: string | undefined;
    user?: string | undefined;
    domain?: string | undefined;
    reason?: string | undefined;
};
/**
 * Some of the log's events, oldest first.
 */
export type EventPage = {
    events: EventRecord[];
    next?: string;
};
/**
 * Some rows of a report.
 */
export type ReportPage = {
    report: string;
    columns: string[];
    rows: string[][];
    next?: string;
};
/**
 * Which events of the log are meant: each choice that is given must hold.
 */
export type EventFilter = {
    events?: string[] | undefined;
    /**
     * Its name or key, such as `reopened`.
     */
    category?: string | undefined;
    from?: string | undefined;
    until?: string | undefined;
    case_id?: string | undefined;
    ticket_id?: number | undefined;
    group?: string | undefined;
    company?: string | undefined;
    user?: string | undefined;
    raised?: boolean | undefined;
};
/**
 * A dashboard's figure, ready to be drawn: for each series a count per point of time.
 */
export type Figure = {
    dashboard: string;
    from: string;
    until: string;
    bucket: "hour" | "day" | "week";
    total: number;
    /**
     * When each point begins, without gaps.
     */
    times: string[];
    /**
     * The largest first.
     */
    series: {
        label: string;
        total: number;
        counts: number[];
    }[];
};
/**
 * What guide 000 section 11 ships for its console, by its names.
 */
export type Definitions = {
    alerts: {
        name: string;
        event: string;
        active: false;
    }[];
    reports: {
        name: string;
        key: string;
        events: string[];
        columns: string[];
    }[];
    categories: {
        name: string;
        key: string;
        events: string[];
    }[];
    knowledge_objects: {
        name: string;
        event: string;
        schema: string;
        fields: {
            name: string;
            about: string;
        }[];
    }[];
    dashboards: {
        name: string;
        key: string;
        events: string[];
        by: string;
    }[];
};
/**
 * What was decided for a case at one time.
 */
export type DecisionRecord = {
    at: string;
    case_id: string;
    ticket_id?: number | undefined;
    group?: string | undefined;
    decisions: {
        what: string;
        value?: string;
        reason: string;
    }[];
};
/**
 * Some of the decisions, oldest first.
 */
export type AuditPage = {
    decisions: DecisionRecord[];
    next?: string;
};
/**
 * How an instance does.
 */
export type HealthReport = {
    status: "healthy" | "degraded" | "failing";
    findings: {
        severity: "error" | "warning" | "info";
        code: string;
        pointer?: string;
        message: string;
        fix: string;
    }[];
    backlog: Backlog;
    oldest_undelivered?: string | undefined;
    inbound: {
        callbacks: WayHealth;
        polling: WayHealth;
    };
    credentials?: {
        day: string;
        days_left: number;
        warn: boolean;
        expired: boolean;
    } | undefined;
    drift?: {
        at: string;
        changes: number;
        breaks: boolean;
    } | undefined;
    budget: {
        under_way: number;
        allowed: number;
        concurrency: number;
        requests_per_minute: number;
        paused_until?: string;
    };
};
/**
 * Whether a way back works.
 */
export type WayHealth = {
    state: "off" | "waiting" | "works" | "stalled";
    last?: string;
};
/**
 * Something that happened in the host: `case_opened`, `case_updated`, `case_commented`, `case_closed`, `alert_raised`,
 * `discovery_finished` or `inventory_changed`.
 */
export type HostEvent = {
    event: string;
    alert?: string | undefined;
    case?: Case | undefined;
    /**
     * In place of the case: its content is asked for later.
     */
    case_id?: string | undefined;
};
/**
 * What became of it.
 */
export type Automated = {
    rule?: string;
    then: string;
    reason: string;
    operation?: number;
    due?: string;
};
/**
 * A setting that each client sets for itself.
 */
export type SettingToSet = {
    pointer: string;
    what: string;
};
/**
 * A configuration without what is one client's own.
 */
export type PortableConfig = {
    portable: number;
    exported_from: string;
    left_out: SettingToSet[];
    configuration: object;
};
/**
 * How a case in the store stands: in work, to be tried again, failed for good, waiting for its group to be mapped.
 */
export type OutboxState = "waiting" | "retrying" | "failed" | "held";
/**
 * A case that waits in the store.
 */
export type OutboxItem = {
    case_id: string;
    number?: string | undefined;
    title: string;
    group: string;
    state: OutboxState;
    accepted_at: string;
    /**
     * The write to ConnectWise that may be under way, such as `create_ticket`.
     */
    action?: string | undefined;
    /**
     * Why the last try failed, and when the next is.
     */
    failure?: FailedTry | undefined;
    /**
     * Why it is held.
     */
    reason?: string | undefined;
};
/**
 * A try that failed; without `next_try` another one cannot help.
 */
export type FailedTry = {
    code: string;
    message: string;
    at: string;
    tries: number;
    next_try?: string;
};
/**
 * Some of the cases that wait; `next` asks for those after.
 */
export type OutboxPage = {
    items: OutboxItem[];
    next?: string;
};
/**
 * How much waits.
 */
export type Backlog = {
    waiting: number;
    retrying: number;
    failed: number;
    held: number;
    undelivered: number;
    /**
     * When the oldest case that waits or is tried again was handed over.
     */
    oldest?: string | undefined;
};
/**
 * A case and its ticket.
 */
export type LinkItem = {
    case_id: string;
    ticket_id: number;
    reference: string;
    board: string;
    status: string;
    closed: boolean;
    company_id: number;
    company: string;
    route: string;
    /**
     * Whether the ticket holds all that was handed over of the case.
     */
    in_step: boolean;
    notes: number;
    documents: number;
    refused_documents: number;
    configurations?: number[] | undefined;
};
/**
 * Some of the cases with tickets; `next` asks for those after.
 */
export type LinkPage = {
    links: LinkItem[];
    next?: string;
};
/**
 * What came of a callback.
 */
export type CallbackOutcome = ({
    kind: "callback";
    decision: "reread";
    ticket: number;
} | {
    kind: "callback";
    decision: "ignored";
    why: string;
} | {
    kind: "callback";
    decision: "refused";
    why: string;
    code: string;
});
/**
 * The callback registrations of the API member, and what was done about them.
 */
export type CallbacksReport = {
    kind: "callbacks";
    registrations: CallbackRegistration[];
    done: {
        act: "registered" | "corrected" | "removed";
        object_id?: number;
        id?: number;
        why: string;
    }[];
    warnings?: ErrorJson[] | undefined;
};
/**
 * A callback registration.
 */
export type CallbackRegistration = {
    id: number;
    /**
     * Whether it is this instance's. Others are never touched.
     */
    ours: boolean;
    /**
     * The receiver, without the secret.
     */
    url: string;
    type: string;
    level: string;
    object_id?: number | undefined;
    active: boolean;
    description: string;
};
/**
 * What came of reading a ticket again.
 */
export type TicketOutcome = {
    kind: "ticket";
    ticket_id: number;
    case_ids: string[];
    /**
     * How many deliveries its cases were told by.
     */
    told: number;
};
/**
 * A callback as the host's receiver took it in.
 */
export type CallbackRequest = {
    /**
     * The received bytes, byte for byte, in base64 with padding.
     */
    body: string;
    /**
     * Value of the header `x-content-signature`.
     */
    signature?: string | undefined;
    /**
     * The last segment of the path, without the query.
     */
    secret: string;
};
/**
 * What is to be made in ConnectWise, in this order, so that the configuration fits.
 */
export type ProvisionPlan = {
    /**
     * Of the boards and tables that it was made from; an instance that has changed since refuses it.
     */
    digest: string;
    steps: {
        create: Creation;
        reason: string;
    }[];
    /**
     * What is left for a person.
     */
    manual?: Repair[] | undefined;
};
/**
 * A record to be made.
 */
export type Creation = ({
    record: "board";
    name: string;
    location: Place;
    department: Place;
} | {
    record: "status";
    board: string;
    name: string;
    closed: boolean;
    sort_order: number;
} | {
    record: "type" | "item";
    board: string;
    name: string;
} | {
    record: "subtype";
    board: string;
    name: string;
    types: string[];
});
/**
 * A location or a department.
 */
export type Place = {
    id?: number;
    name: string;
};
/**
 * Something that a person has to mend.
 */
export type Repair = {
    pointer: string;
    message: string;
    fix: string;
};
/**
 * What came of a plan.
 */
export type ProvisionReport = {
    /**
     * In the plan's order.
     */
    steps: {
        create: Creation;
        result: StepResult;
    }[];
    /**
     * What still does not fit.
     */
    remaining: import("./error.js").Fault[];
};
/**
 * What came of a step.
 */
export type StepResult = {
    done: {
        id: number;
    };
} | {
    was_there: {
        id: number;
    };
} | {
    refused: {
        reason: string;
    };
} | {
    skipped: {
        reason: string;
    };
};
/**
 * What changed between two readings of an instance.
 */
export type DriftReport = {
    /**
     * When the earlier one was made; nothing where there is none.
     */
    since?: string | undefined;
    read_at: string;
    changes: DriftChange[];
    /**
     * All that does not fit now.
     */
    faults?: Repair[] | undefined;
};
export type DriftChange = {
    /**
     * Such as `status`.
     */
    subject: string;
    board?: string | undefined;
    name: string;
    change: "added" | "deactivated" | "activated" | "deleted" | "closes" | "opens" | {
        renamed: {
            from: string;
        };
    };
    /**
     * What of the configuration it breaks.
     */
    breaks?: Repair[] | undefined;
};
/**
 * What a store has of one instance.
 */
export type InstanceSummary = {
    instance: string;
    outbox: number;
    held: number;
    undelivered: number;
    catalog_read_at?: string | undefined;
    /**
     * The connection that was saved after a passed test.
     */
    saved?: SavedConnection | undefined;
    deleting?: boolean | undefined;
};
/**
 * A connection that was tested and then saved.
 */
export type SavedConnection = {
    at: string;
    site: string;
    company_id: string;
};
/**
 * Names a group or system of the host.
 */
export type MappingKey = {
    kind: "group" | "system";
    id: string;
};
/**
 * What a group or system is mapped to; the keys are as the configuration names company or device configuration.
 */
export type MappingTarget = {
    company?: {
        id: number;
        identifier: string;
        name: string;
    } | undefined;
    configuration?: {
        id: number;
        name: string;
        company: number;
    } | undefined;
    company_key?: CompanyKey | undefined;
    configuration_key?: ConfigurationKey | undefined;
};
/**
 * How a company is named.
 */
export type CompanyKey = {
    identifier: string;
} | {
    id: number;
} | {
    name: string;
};
/**
 * How a device configuration is named.
 */
export type ConfigurationKey = {
    name: string;
} | {
    id: number;
} | {
    device_identifier: string;
} | {
    serial_number: string;
};
/**
 * What a mapping is, or was.
 */
export type MappingState = {
    /**
     * Nothing where it is not mapped.
     */
    target?: MappingTarget | undefined;
    /**
     * Who decided it.
     */
    origin: "configuration" | "manual" | "automatic" | "removed";
    reason?: string | undefined;
    at?: string | undefined;
    by?: string | undefined;
};
/**
 * The mapping of a group to a company, or of a system to a device configuration.
 */
export type Mapping = MappingKey & MappingState & {
    name?: string;
    group?: string;
    history?: MappingState[];
};
/**
 * A mapping that a person makes.
 */
export type NewMapping = ({
    kind: "group";
    id: string;
    name?: string;
    company: CompanyKey;
    reason?: string;
} | {
    kind: "system";
    id: string;
    name?: string;
    group: string;
    configuration: ConfigurationKey;
    reason?: string;
});
/**
 * What came of mappings that were set, removed, released, accepted or imported.
 */
export type MappingsChanged = {
    /**
     * The mappings as they are now, each that was named.
     */
    mappings: Mapping[];
    /**
     * How many of them are not as they were.
     */
    changed: number;
    /**
     * Held cases that go on now; each is an operation of its own.
     */
    held_cases: number;
    left_out?: import("casewire/error").Fault[] | undefined;
};
/**
 * Some of the mappings; `next` asks for those after.
 */
export type MappingPage = {
    mappings: Mapping[];
    next?: string;
};
/**
 * What came of automatic mapping.
 */
export type AutoMapReport = {
    /**
     * Whether nothing was saved.
     */
    dry_run: boolean;
    mapped: number;
    kept: number;
    refused: number;
    left_alone: number;
    items: (MappingKey & {
        outcome: string;
        target?: MappingTarget;
        reason: string;
    })[];
    imported: ImportReport;
    held_cases: number;
};
/**
 * A company as it was imported.
 */
export type ImportedCompany = {
    id: number;
    /**
     * Unique short code.
     */
    identifier: string;
    /**
     * Display name; not unique.
     */
    name: string;
    deleted?: boolean | undefined;
    /**
     * Name of its status, such as `Active`.
     */
    status?: string | undefined;
    /**
     * E-mail addresses of its primary contact.
     */
    contact_emails?: string[] | undefined;
};
/**
 * A device configuration as it was imported.
 */
export type ImportedConfiguration = {
    id: number;
    company: number;
    name: string;
    type?: string | undefined;
    inactive?: boolean | undefined;
    mac_address?: string | undefined;
    serial_number?: string | undefined;
    device_identifier?: string | undefined;
};
/**
 * Some of the companies; `next` asks for those after.
 */
export type CompanyPage = {
    companies: ImportedCompany[];
    next?: number;
};
/**
 * Some of the device configurations; `next` asks for those after.
 */
export type ConfigurationPage = {
    configurations: ImportedConfiguration[];
    next?: number;
};
/**
 * Candidates for what is not mapped, best first.
 */
export type SuggestedMappings = {
    groups: {
        id: string;
        name?: string;
        candidates: Candidate[];
    }[];
    systems: {
        id: string;
        name?: string;
        candidates: Candidate[];
    }[];
};
/**
 * How the host's groups and the companies of ConnectWise differ.
 */
export type CustomersReport = {
    findings: CustomerFinding[];
    /**
     * Groups of which nothing has to be said.
     */
    unchanged: number;
    imported: ImportReport;
};
/**
 * A group, a company, or both, and what is not as it was.
 */
export type CustomerFinding = {
    group?: string;
    group_name?: string;
    company?: NamedCompany;
    reason: string;
    fix: string;
} & ({
    change: "group_new" | "group_gone" | "company_new" | "company_gone";
} | {
    change: "group_renamed" | "company_renamed";
    from: string;
} | {
    change: "company_merged";
    into: NamedCompany;
});
/**
 * A company of ConnectWise.
 */
export type NamedCompany = {
    id: number;
    identifier: string;
    name: string;
};
/**
 * A device of the host, which becomes a device configuration.
 */
export type Device = {
    /**
     * Stable identity, that of the case's system too.
     */
    id: string;
    /**
     * Id of the group (customer) that it belongs to.
     */
    group: string;
    name?: string | undefined;
    type?: string | undefined;
    os?: string | undefined;
    serial_number?: string | undefined;
    model?: string | undefined;
    macs?: string[] | undefined;
    ips?: string[] | undefined;
    device_groups?: string[] | undefined;
    /**
     * Whatever else the host has.
     */
    fields?: Record<string, unknown> | undefined;
};
/**
 * What devices would become. Nothing was sent but reads.
 */
export type DevicePlan = {
    steps: DeviceStep[];
    unchanged: number;
    left_out: number;
    deferred: number;
};
/**
 * What one device would become.
 */
export type DeviceStep = {
    device: string;
    name: string;
    company?: number;
} & ({
    action: "create";
    fields: ColumnChange[];
} | {
    action: "update";
    configuration: number;
    matched_by: MatchedBy;
    changes: ColumnChange[];
} | {
    action: "refuse";
    faults: import("./error.js").Fault[];
});
/**
 * How a device's configuration was found, the strongest first.
 */
export type MatchedBy = "link" | "mapping" | "identifier" | "serial_number" | "mac" | "name";
/**
 * A column before and after.
 */
export type ColumnChange = {
    column: string;
    kind: "field" | "custom_field" | "question";
    before: unknown;
    after: unknown;
};
/**
 * What came of sending devices.
 */
export type DevicesReport = {
    results: DeviceResult[];
    unchanged: number;
    left_out: number;
    deferred: number;
};
/**
 * What came of one device.
 */
export type DeviceResult = {
    device: string;
    name: string;
} & ({
    result: "created";
    configuration: number;
    not_taken?: string[];
} | {
    result: "updated";
    configuration: number;
    columns: string[];
    not_taken?: string[];
} | {
    result: "refused";
    faults: import("./error.js").Fault[];
});
export type Candidate = {
    company?: {
        id: number;
        identifier: string;
        name: string;
    } | undefined;
    configuration?: {
        id: number;
        name: string;
    } | undefined;
    /**
     * 1 to 100.
     */
    score: number;
    evidence: {
        signal: string;
        text: string;
    }[];
    flags?: string[] | undefined;
};
/**
 * Which tasks are due.
 */
export type Schedule = {
    tasks: {
        task: string;
        every: string;
        last?: string;
        at: string;
        now: boolean;
        reason?: string;
    }[];
    /**
     * When to ask again, at the latest.
     */
    next?: string | undefined;
};
/**
 * The host's groups and systems.
 */
export type Inventory = {
    groups: {
        group: Group;
        systems?: System[];
    }[];
};
/**
 * A customer of the host.
 */
export type Group = {
    id: string;
    name?: string;
    email?: string;
};
/**
 * A device of the host.
 */
export type System = {
    id: string;
    name?: string | undefined;
    os?: string | undefined;
    macs?: string[] | undefined;
    ips?: string[] | undefined;
    serial_number?: string | undefined;
};
/**
 * What came of a case.
 */
export type CaseOutcome = {
    kind: "case";
    case_id: string;
    outcome: "opened" | "updated" | "closed" | "unchanged" | "held" | "joined" | "rolled_up" | "withheld" | "accepted";
    ticket_id?: number | undefined;
    reason?: string | undefined;
    warnings?: ErrorJson[] | undefined;
};
/**
 * What testing a connection found, part by part.
 */
export type ConnectionReport = {
    kind: "connection";
    /**
     * Whether no part failed.
     */
    ok: boolean;
    /**
     * In the order in which they were tested.
     */
    parts: {
        part: string;
        state: string;
        message: string;
        fix?: string;
    }[];
    version?: string | undefined;
    codebase?: string | undefined;
    is_cloud?: boolean | undefined;
};
/**
 * What a preflight found: everything that would go wrong with the first tickets, before the first ticket.
 */
export type PreflightReport = {
    kind: "preflight";
    /**
     * Whether the connection works and no finding is an error.
     */
    ok: boolean;
    connection: Omit<ConnectionReport, "kind">;
    /**
     * The worst first, then by pointer.
     */
    findings: Finding[];
    /**
     * The least security role for the features switched on.
     */
    role: RoleRight[];
    /**
     * The tickets of the write probe, where there was one.
     */
    test_tickets?: TestTicket[] | undefined;
    boards: number;
    priorities: number;
};
/**
 * One thing that a preflight found.
 */
export type Finding = {
    severity: "error" | "warning" | "info";
    /**
     * Where in the configuration, as a JSON pointer.
     */
    pointer?: string | undefined;
    code: string;
    message: string;
    fix: string;
};
/**
 * A line of a security role.
 */
export type RoleRight = {
    module: string;
    right: string;
    add: "none" | "mine" | "all";
    edit: "none" | "mine" | "all";
    delete: "none" | "mine" | "all";
    inquire: "none" | "mine" | "all";
    features: Feature[];
    sources: string[];
    note?: string | undefined;
};
/**
 * Something that casewire does in ConnectWise and that can be switched on.
 */
export type Feature = "companies" | "configurations" | "contacts" | "tickets" | "closing" | "attachments" | "catalog" | "members" | "provision" | "callbacks";
/**
 * A test ticket and how each of its steps went.
 */
export type TestTicket = {
    route: string;
    pointer: string;
    ticket_id?: number | undefined;
    steps: {
        step: string;
        state: "done" | "refused" | "unclear" | "skipped";
        message: string;
        right?: string;
    }[];
};
/**
 * What a probe learned about an instance.
 */
export type ProbeReport = {
    kind: "probe";
    at: string;
    release?: string | undefined;
    answers: {
        id: string;
        sent?: string;
        came: string;
        conclusion: string;
    }[];
    /**
     * What the client behaves by from now on.
     */
    quirks: object;
    /**
     * The test tickets, all of which are deleted or closed.
     */
    ended: number[];
};
/**
 * The boards of an instance and what belongs to them.
 */
export type Catalog = {
    boards: unknown[];
    [part: string]: unknown;
};
/**
 * What came of an import, for each kind that was asked for.
 */
export type ImportReport = {
    companies?: ImportedPart | undefined;
    configurations?: ImportedPart | undefined;
    contacts?: ImportedPart | undefined;
};
/**
 * What came of the import of one kind.
 */
export type ImportedPart = {
    /**
     * Records that ConnectWise gave.
     */
    read: number;
    /**
     * Records of these that are new or not as they were held.
     */
    changed: number;
    /**
     * Records that were held and are no more.
     */
    removed: number;
    /**
     * Records that are held now.
     */
    held: number;
    /**
     * Requests for pages and counts.
     */
    requests: number;
    /**
     * Why everything was read; none where only what had changed was.
     */
    full?: "resumed" | "first" | "asked" | "filter_changed" | "due" | "count_differs" | "times_not_understood" | "no_times" | undefined;
    /**
     * Everything that changed in ConnectWise until then is held.
     */
    until?: string | undefined;
};
/**
 * Which records are imported, where that is another choice than the configuration's.
 */
export type ImportFilter = {
    companies?: {
        name?: string[];
        identifier?: string[];
        status?: string[];
        type?: string[];
    } | undefined;
    configurations?: {
        company?: ({
            identifier: string;
        } | {
            id: number;
        } | {
            name: string;
        })[];
        type?: string[];
        active?: boolean;
    } | undefined;
};
/**
 * What a case would become.
 */
export type Preview = {
    outcome: "ticket" | "held" | "ignored" | "refused";
    /**
     * Why, in words for a person.
     */
    reason: string;
    /**
     * What each route says of the case, in order; the first that matches is used.
     */
    routes: object[];
    /**
     * The ticket, field by field, where there would be one.
     */
    ticket?: {
        [part: string]: unknown;
        route: string;
        reference: string;
        fields: {
            field: string;
            value: unknown;
            shown?: string;
            reason: string;
        }[];
        notes: {
            comment: string;
            kind: "internal" | "discussion" | "resolution";
            text: string;
            reason?: string;
        }[];
        documents: {
            attachment: string;
            title: string;
            file_name: string;
            size: number;
            sha256?: string;
        }[];
        left_out?: {
            what: "comment" | "attachment" | "waiting_attachment";
            id: string;
            reason: string;
        }[];
    } | undefined;
    /**
     * What the directory does not hold and a real run looks up.
     */
    lookups?: string[] | undefined;
    /**
     * The API calls of a real run, in order.
     */
    calls: {
        method: string;
        path: string;
        why: string;
    }[];
    /**
     * Every fault, where the case would be refused.
     */
    faults?: import("casewire/error").Fault[] | undefined;
};
/**
 * A case as it is now. `close_reason` says why it was closed, such as `false_positive`.
 */
export type Case = {
    id: string;
    title: string;
    severity: string;
    close_reason?: string;
    comments?: CaseComment[];
    attachments?: CaseAttachment[];
    [field: string]: unknown;
};
/**
 * A comment of a case. `format` is the form of its texts, where it is not the configuration's.
 */
export type CaseComment = {
    id: string;
    text?: string;
    created_at: string;
    author?: string;
    format?: "plain" | "markdown" | "html";
    visibility?: "internal" | "discussion" | "resolution";
    [part: string]: unknown;
};
/**
 * A file of a case. By its SHA-256 a file is known that the ticket holds already.
 */
export type CaseAttachment = {
    id: string;
    file_name: string;
    size: number;
    token: string;
    title?: string;
    created_at?: string;
    sha256?: string;
    comment?: string;
};
/**
 * Which mappings are listed: each choice that is given must hold.
 */
export type MappingFilter = {
    kind?: "group" | "system" | undefined;
    origin?: "manual" | "removed" | "configuration" | "automatic" | undefined;
    mapped?: boolean | undefined;
    group?: string | undefined;
    text?: string | undefined;
};
/**
 * What a host can ask.
 */
export type Command = ({
    command: "submit_case" | "accept_case" | "preview_case";
    case: Case;
} | {
    command: "continue_case" | "submit_reference";
    case_id: string;
} | {
    command: "list_outbox";
    after?: string;
    limit?: number;
    state?: OutboxState;
    case_id?: string;
} | {
    command: "retry_outbox";
    case_ids?: string[];
    due?: boolean;
} | {
    command: "discard_outbox";
    case_ids: string[];
    reason: string;
    by?: string;
    force?: boolean;
} | {
    command: "list_links";
    after?: string;
    limit?: number;
    case_id?: string;
    ticket?: number;
} | {
    command: "list_companies";
    after?: number;
    limit?: number;
    text?: string;
} | {
    command: "list_configurations";
    after?: number;
    limit?: number;
    company?: number;
    group?: string;
    text?: string;
} | {
    command: "list_events";
    after?: string;
    limit?: number;
    filter?: EventFilter;
} | {
    command: "report";
    report: string;
    after?: string;
    limit?: number;
    filter?: EventFilter;
} | {
    command: "dashboard";
    dashboard: string;
    bucket?: "hour" | "day" | "week";
    filter?: EventFilter;
} | {
    command: "audit";
    after?: string;
    limit?: number;
    case_id?: string;
    from?: string;
    until?: string;
} | {
    command: "host_event";
    event: HostEvent;
} | {
    command: "definitions" | "health" | "forget_old" | "export_config" | "save_instance";
} | {
    command: "import_config";
    exported: PortableConfig;
    target: {
        instance: string;
        connection: object;
        groups?: object[];
        catch_all?: object;
    };
} | {
    command: "preflight";
    write_probe?: {
        company?: object;
        every_route?: boolean;
    } | null;
    also?: Feature[];
} | {
    command: "probe";
    sandbox: boolean;
    company?: object | null;
} | {
    command: "import";
    what: ("companies" | "configurations" | "contacts")[];
    filter?: ImportFilter;
    full?: boolean;
} | {
    command: "set_mapping";
    mappings: NewMapping[];
    by?: string;
} | {
    command: "remove_mapping" | "release_mapping";
    mappings: MappingKey[];
    by?: string;
} | {
    command: "list_mappings";
    after?: string;
    limit?: number;
    filter?: MappingFilter;
} | {
    command: "auto_map";
    inventory: Inventory;
    groups?: string[];
    dry_run?: boolean;
} | {
    command: "suggest_mappings" | "sync_customers";
    inventory: Inventory;
} | {
    command: "preview_devices" | "send_devices";
    devices: Device[];
} | {
    command: "accept_suggestions";
    inventory: Inventory;
    only?: MappingKey[];
    at_least?: number;
    by?: string;
} | {
    command: "import_mappings";
    csv: string;
    good_rows?: boolean;
    by?: string;
} | {
    command: "export_mappings";
    after?: string;
    limit?: number;
} | {
    command: "test_connection" | "read_catalog" | "due_tasks" | "backlog" | "work_queue" | "resume" | "plan_provision" | "drift" | "list_instances" | "list_callbacks" | "remove_callbacks" | "poll" | "devices_discovered";
} | {
    command: "read_boards";
    boards?: string[];
} | {
    command: "apply_provision";
    plan: ProvisionPlan;
} | {
    command: "export_instance";
    after?: string;
} | {
    command: "delete_instance";
    confirm: string;
    force?: boolean;
} | {
    command: "take_callback";
    callback: CallbackRequest;
} | {
    command: "ensure_callbacks";
    url?: string;
} | {
    command: "release_mass_change";
    confirm: string;
} | {
    command: "reconcile";
    repair?: boolean;
} | {
    command: "sync_ticket";
    ticket: number;
    reason?: "asked" | "callback" | "poll" | "reconcile";
});
import type { ErrorJson } from './error.js';
