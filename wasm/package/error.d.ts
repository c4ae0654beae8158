/** @import { Code } from './codes.js' */
/**
 * One fault of an input: where it is, what is wrong and how to mend it.
 *
 * @typedef {object} Fault
 * @property {string} pointer JSON pointer into the configuration or the case; empty for the whole document.
 * @property {Code} code Stable code, such as `unknown_key`.
 * @property {string} message What is wrong.
 * @property {string} fix How to mend it.
 */
/**
 * An error in the JSON form that the core gives it.
 *
 * @typedef {object} ErrorJson
 * @property {Code} code
 * @property {string} message
 * @property {number} [http_status]
 * @property {string} [connectwise_code]
 * @property {string} [field]
 * @property {boolean} retry
 * @property {Fault[]} [faults]
 */
/** Every error of casewire: what happened and what to do about it. */
export class CasewireError extends Error {
    /**
     * Called by the module to throw.
     *
     * @param {string} json
     */
    static fromJson(json: string): CasewireError;
    /**
     * @param {ErrorJson} json
     * @param {ErrorOptions} [options]
     */
    constructor(json: ErrorJson, options?: ErrorOptions);
    /** Stable code, such as `unauthorized`; the same in every language. */
    code: "internal" | "inactive" | "expired" | "rejected" | "invalid_input" | "malformed_json" | "unknown_key" | "missing_key" | "invalid_value" | "too_long" | "control_character" | "invalid_utf8" | "unmapped_severity" | "unmapped_status" | "unmapped_group" | "malformed_list" | "duplicate_row" | "not_imported" | "mapped_by_configuration" | "repeated_mapping" | "auto_map_off" | "unknown_group" | "uncertain_suggestion" | "unknown_place" | "insecure_receiver" | "private_receiver" | "missing_callback_secret" | "callback_too_large" | "callback_malformed" | "callback_secret_wrong" | "callback_of_another_company" | "signing_key_address" | "callback_signature" | "attachment_refused" | "attachment_waiting" | "unknown_contact" | "ambiguous_contact" | "insecure_site" | "invalid_template" | "unknown_field" | "volatile_join_key" | "unknown_board" | "unknown_status" | "unknown_type" | "unknown_subtype" | "unknown_item" | "unknown_team" | "unknown_priority" | "unknown_source" | "unknown_custom_field" | "not_associated" | "unusable_company" | "unusable_configuration" | "release_too_old" | "credential_expiry" | "missing_right" | "not_checked" | "inactive_company" | "unmapped_priority" | "status_not_closed" | "unfilled_field" | "missing_subtype" | "other_default_board" | "personal_keys" | "outdated_quirks" | "text_cut" | "plan_outdated" | "backlog_age" | "failed_cases" | "deliveries_wait" | "inbound_stalled" | "catalog_drifted" | "changes_held" | "stale_effect" | "wrong_answer" | "unknown_operation" | "cancelled" | "switched_off" | "instance_in_use" | "instance_deleted" | "null_pointer" | "poisoned" | "unauthorized" | "forbidden" | "not_found" | "in_use" | "too_large" | "throttled" | "unknown_company" | "unknown_codebase" | "signing_key_unavailable" | "signing_key_limited" | "callbacks_not_kept" | "too_many_callbacks" | "callback_held_by_another" | "unexpected_answer" | "change_not_made" | "duplicate_ticket" | "consent_missing" | "test_ticket_left" | "test_step_refused" | "test_step_unclear" | "server_failed" | "not_sent" | "unanswered" | "answer_too_large" | "tls" | "store_failed" | "store_conflict" | "unreadable_record" | "not_delivered" | "not_fetched" | "not_stored";
    /** HTTP status of ConnectWise's answer, where there was one. */
    httpStatus: number | undefined;
    /** ConnectWise's own error code, such as `InvalidObject`. */
    connectwiseCode: string | undefined;
    /** The field that ConnectWise named, such as `status/name`. */
    field: string | undefined;
    /** Whether the same call can succeed later without a change. */
    retry: boolean;
    /** Every fault of a refused input, all at once. */
    faults: Fault[];
}
/**
 * The class of a failure. Where it is not sure: `unanswered`.
 *
 * - `not_sent`: not one byte of the request left.
 * - `tls`: the certificate or TLS version was refused; nothing was sent.
 * - `unanswered`: the request may have been performed; no complete answer came.
 * - `too_large`: the answer is larger than `maxAnswer`.
 * - `content`: an attachment is not there any more, or has another length; nothing was sent.
 * - `other`: the store or the delivery failed.
 *
 * @typedef {'not_sent' | 'tls' | 'unanswered' | 'too_large' | 'content' | 'other'} FailureKind
 */
/** Thrown by a transport to say why a request failed. Its message must hold no secret. */
export class Failure extends Error {
    /**
     * @param {FailureKind} kind
     * @param {string} message
     * @param {ErrorOptions} [options]
     */
    constructor(kind: FailureKind, message: string, options?: ErrorOptions);
    kind: FailureKind;
}
/**
 * One fault of an input: where it is, what is wrong and how to mend it.
 */
export type Fault = {
    /**
     * JSON pointer into the configuration or the case; empty for the whole document.
     */
    pointer: string;
    /**
     * Stable code, such as `unknown_key`.
     */
    code: Code;
    /**
     * What is wrong.
     */
    message: string;
    /**
     * How to mend it.
     */
    fix: string;
};
/**
 * An error in the JSON form that the core gives it.
 */
export type ErrorJson = {
    code: Code;
    message: string;
    http_status?: number | undefined;
    connectwise_code?: string | undefined;
    field?: string | undefined;
    retry: boolean;
    faults?: Fault[] | undefined;
};
/**
 * The class of a failure. Where it is not sure: `unanswered`.
 *
 * - `not_sent`: not one byte of the request left.
 * - `tls`: the certificate or TLS version was refused; nothing was sent.
 * - `unanswered`: the request may have been performed; no complete answer came.
 * - `too_large`: the answer is larger than `maxAnswer`.
 * - `content`: an attachment is not there any more, or has another length; nothing was sent.
 * - `other`: the store or the delivery failed.
 */
export type FailureKind = "not_sent" | "tls" | "unanswered" | "too_large" | "content" | "other";
import type { Code } from './codes.js';
