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
     * token that the case names.
     */
    openAttachment?: ((token: string, signal: AbortSignal) => Content | Promise<Content>) | undefined;
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
    case_id: string;
    at: string;
    /**
     * What happened, such as `ticket_created`.
     */
    event: {
        event: string;
        [detail: string]: unknown;
    };
    /**
     * The ticket as it is now, where there is one.
     */
    ticket?: TicketState | undefined;
};
/**
 * A ticket's state as the case shows it.
 */
export type TicketState = {
    ticket_id: number;
    board: string;
    status: string;
    case_status?: string | undefined;
    company?: string | undefined;
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
export type Outcome = CaseOutcome | ConnectionReport | ({
    kind: "catalog";
} & Catalog) | ({
    kind: "preview";
} & Preview) | {
    kind: "resumed";
    cases: number;
} | CallbackOutcome | CallbacksReport | TicketOutcome;
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
 * What came of a case.
 */
export type CaseOutcome = {
    kind: "case";
    case_id: string;
    outcome: "opened" | "updated" | "closed" | "unchanged" | "held";
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
 * The boards of an instance and what belongs to them.
 */
export type Catalog = {
    boards: unknown[];
    [part: string]: unknown;
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
    ticket?: object | undefined;
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
    faults?: import("./error.js").Fault[] | undefined;
};
/**
 * A case as it is now.
 */
export type Case = {
    id: string;
    title: string;
    severity: string;
    [field: string]: unknown;
};
/**
 * What a host can ask.
 */
export type Command = ({
    command: "submit_case" | "preview_case";
    case: Case;
} | {
    command: "continue_case";
    case_id: string;
} | {
    command: "test_connection" | "read_catalog" | "resume" | "list_callbacks" | "remove_callbacks";
} | {
    command: "take_callback";
    callback: CallbackRequest;
} | {
    command: "ensure_callbacks";
    url?: string;
} | {
    command: "sync_ticket";
    ticket: number;
});
import type { ErrorJson } from './error.js';
