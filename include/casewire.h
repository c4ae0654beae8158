/*
 * casewire: cases of a security product become ConnectWise PSA tickets, and both stay in step.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 *
 * A connector performs nothing itself. It hands out effects (a request to send, records to read or commit, a time to wait
 * for, something to take over) and is given their answers. The shortest program gives casewire_connector_run a table of
 * callbacks; a host that wants many effects under way polls, and answers from its own threads:
 *
 *     submit a case
 *     poll -> an effect: perform it on any thread, then answer it
 *          -> finished: an operation is over
 *          -> idle: wait for the next answer or command
 *
 * The contract:
 *
 *  1. Drain: after every submit, answer (or resolve) or cancel, poll until it says idle.
 *  2. Every effect is answered exactly once, with success or failure, in any order, from any thread. An unknown, late or
 *     second answer is refused and changes nothing. Ids only grow and are never reused. A cancelled effect needs no
 *     answer.
 *  3. A poll never calls the host, and no lock is held while host code runs: any call is legal from inside a callback.
 *  4. The time is an argument, in milliseconds since 1970-01-01T00:00:00Z. A timer names an absolute deadline. A clock that
 *     is set back does not set the connector back.
 *  5. Intent before action: what leads to a write in ConnectWise is committed to the store first. If the store fails,
 *     nothing is sent.
 *  6. One write under way per ticket, in order. Reads and other tickets run side by side, up to the concurrency and rate
 *     budget.
 *  7. After a crash a new connector over the same store finds its outbox and goes on. An unfinished create restarts at
 *     search by reference, never at the POST.
 *  8. Bodies stay out of band: attachments are named by a token of the host and streamed by the driver. Answers have a
 *     size cap.
 *  9. Cancelling an operation emits a cancel for each of its effects under way.
 *
 * What holds for every function:
 *
 *  - Status. A function that can fail returns a casewire_status: 0, or why it failed. It writes its outputs only when it
 *    returns 0. If its last argument `error` is not NULL, a failure also writes an error there, which the caller frees;
 *    set the pointer to NULL before, for success does not write it. A bad argument is a status and changes nothing:
 *    CASEWIRE_STATUS_NULL_POINTER, CASEWIRE_STATUS_INVALID_UTF8, CASEWIRE_STATUS_TOO_LONG.
 *  - Pointers. An argument is lent until the function returns, and what is needed longer is copied. A pointer that is not
 *    NULL must point to what its type says. NULL is allowed only where the function says so.
 *  - Owners. What ..._new or casewire_connector_poll gives is the caller's and is freed once, with its ..._free function,
 *    by any thread, while no other call uses it. ..._free(NULL) does nothing. Nothing is freed with free().
 *  - Threads. Any thread may call any function; what a type says about threads holds beyond that. Two connectors share
 *    nothing.
 *  - Structs that begin with `struct_size` may grow at their end. Set all of it to zero, then `struct_size` to its sizeof.
 *  - Faults of casewire itself are caught: CASEWIRE_STATUS_INTERNAL, never a crash of the process.
 *  - It never calls exit, changes signals, locale or environment, starts threads or opens files and sockets.
 */

#ifndef CASEWIRE_H
#define CASEWIRE_H

/* Generated from the ffi crate by `cargo xtask header`: change it there. */

#include <stddef.h>
#include <stdint.h>

/**
 * Version of the binary interface that this header describes. It changes only when programs must be compiled anew;
 * until then functions, and fields at the end of structs that begin with `struct_size`, are only added.
 */
#define CASEWIRE_ABI_VERSION 0

/**
 * Nothing to do until something is submitted, resolved or cancelled, or until an answer that is due is given.
 */
#define CASEWIRE_STEP_IDLE 1

/**
 * An operation is over. Needs no answer.
 */
#define CASEWIRE_STEP_FINISHED 2

/**
 * Send a request. Answered with casewire_answer_set_http whatever ConnectWise's status is.
 */
#define CASEWIRE_STEP_HTTP 3

/**
 * Read or change records, as `json` says or as a casewire_memory_store does. Answered with casewire_answer_set_json.
 */
#define CASEWIRE_STEP_STORE 4

/**
 * Wait until casewire_step_deadline_ms. Answered with casewire_answer_set_done then or later.
 */
#define CASEWIRE_STEP_TIMER 5

/**
 * Take something over, as `json` says. Answered with casewire_answer_set_done once it is durable in the host.
 */
#define CASEWIRE_STEP_DELIVER 6

/**
 * Give the content that casewire_step_token names. Answered with casewire_answer_set_fetched.
 */
#define CASEWIRE_STEP_FETCH 7

/**
 * Stop working on the effect casewire_step_cancel_target, which needs no answer any more. Answered with
 * casewire_answer_set_done.
 */
#define CASEWIRE_STEP_CANCEL 8

/**
 * Not one byte of a request left: no address, no connection, its time had passed.
 */
#define CASEWIRE_FAILURE_NOT_SENT 1

/**
 * The certificate or the TLS version was refused; nothing was sent.
 */
#define CASEWIRE_FAILURE_TLS 2

/**
 * A request may have been performed, and no complete answer came. Where the host is not sure, it says this.
 */
#define CASEWIRE_FAILURE_UNANSWERED 3

/**
 * The answer is larger than casewire_step_http_max_answer.
 */
#define CASEWIRE_FAILURE_TOO_LARGE 4

/**
 * The store, the delivery or the content failed.
 */
#define CASEWIRE_FAILURE_OTHER 5

/**
 * An attachment is not there any more, or has another length than the step says; nothing was sent.
 */
#define CASEWIRE_FAILURE_CONTENT 6

/**
 * What ends the connector.
 */
#define CASEWIRE_LOG_ERROR 1

/**
 * What failed: an operation, or an effect, which may be tried again.
 */
#define CASEWIRE_LOG_WARNING 2

/**
 * Operations and deliveries.
 */
#define CASEWIRE_LOG_INFO 3

/**
 * Requests and other effects, and what came of them.
 */
#define CASEWIRE_LOG_DEBUG 4

/**
 * What came of an effect, made piece by piece and then given to casewire_connector_answer.
 *
 * It is the caller's, who frees it with casewire_answer_free, unless a callback was lent it to fill it in. Any thread
 * may use it, one call at a time takes effect. A second casewire_answer_set_... takes the place of the first.
 */
typedef struct casewire_answer casewire_answer;

/**
 * A text that a function made for the caller, such as a preview as JSON. It is the caller's, who frees it with
 * casewire_bytes_free. It never changes, so any thread may read it.
 */
typedef struct casewire_bytes casewire_bytes;

/**
 * A connector between the host and one ConnectWise instance.
 *
 * Any number of threads may use it at the same time. If casewire meets a fault of its own in a call, that call returns
 * CASEWIRE_STATUS_INTERNAL and every later one CASEWIRE_STATUS_POISONED; it can then only be freed, and a new connector
 * over the same store goes on.
 */
typedef struct casewire_connector casewire_connector;

/**
 * The details of a failure.
 *
 * A function that fails makes one if its last argument, `error`, is not NULL; it is the caller's, who frees it with
 * casewire_error_free. It never changes, so any thread may read it.
 */
typedef struct casewire_error casewire_error;

/**
 * A store that lasts as long as the process: for first programs, tests and dry runs. Any number of threads and
 * connectors may use it at the same time.
 *
 * With it a restart forgets which ticket a case has, and what was unfinished: it does not go into production.
 */
typedef struct casewire_memory_store casewire_memory_store;

/**
 * What a poll gave: an effect to perform and to answer, the end of an operation, or that there is nothing to do.
 *
 * It is the caller's, who frees it with casewire_step_free, unless a callback was lent it. It never changes, so any
 * thread may read it. What its functions return lives until it is freed. A function that does not fit the kind of the
 * step, an index that is too large, and NULL give 0 or an empty text.
 */
typedef struct casewire_step casewire_step;

/**
 * UTF-8 text that belongs to somebody else. It is not terminated by a NUL.
 *
 * As an argument it belongs to the caller and is read only until the function returns. As a result it belongs to the
 * object that it was asked of and lives as long as that object. `data` may be NULL if `size` is 0; results never are.
 */
typedef struct casewire_text {
    /**
     * The first byte.
     */
    const uint8_t *data;
    /**
     * Number of bytes.
     */
    size_t size;
} casewire_text;

/**
 * How a call ended: CASEWIRE_STATUS_OK, or why it failed. A number keeps its meaning for ever; new ones are added.
 *
 * 100-199 input, 200-299 configuration, 300-399 use of the library, 400-499 ConnectWise, 500-599 transport,
 * 600-699 store, 700-799 host, 900-999 casewire itself.
 */
typedef int32_t casewire_status;

/**
 * All that the functions of an error tell, for languages in which a call into C costs much. What it points to lives until
 * the error is freed.
 */
typedef struct casewire_error_view {
    /**
     * sizeof(casewire_error_view).
     */
    size_t struct_size;
    /**
     * casewire_error_status.
     */
    casewire_status status;
    /**
     * casewire_error_can_retry.
     */
    uint32_t can_retry;
    /**
     * casewire_status_name of the status.
     */
    struct casewire_text name;
    /**
     * casewire_error_message.
     */
    struct casewire_text message;
    /**
     * casewire_error_json.
     */
    struct casewire_text json;
} casewire_error_view;

/**
 * Bytes that belong to somebody else, under the rules of casewire_text.
 */
typedef struct casewire_slice {
    /**
     * The first byte.
     */
    const uint8_t *data;
    /**
     * Number of bytes.
     */
    size_t size;
} casewire_slice;

/**
 * A header of a request.
 */
typedef struct casewire_header {
    /**
     * Its name.
     */
    struct casewire_text name;
    /**
     * Its value, which may be a key.
     */
    struct casewire_text value;
} casewire_header;

/**
 * A piece of a request's body.
 */
typedef struct casewire_piece {
    /**
     * The bytes; nothing for an attachment, whose bytes the host has.
     */
    struct casewire_slice bytes;
    /**
     * The token of the attachment that it is; empty for a piece of bytes.
     */
    struct casewire_text attachment;
    /**
     * Its length in bytes.
     */
    uint64_t size;
} casewire_piece;

/**
 * All that the functions of a step tell, for languages in which a call into C costs much. What does not fit the kind of the
 * step is 0 or an empty text. What it points to lives until the step is freed.
 */
typedef struct casewire_step_view {
    /**
     * sizeof(casewire_step_view).
     */
    size_t struct_size;
    /**
     * casewire_step_kind.
     */
    uint32_t kind;
    /**
     * Always 0.
     */
    uint32_t reserved;
    /**
     * casewire_step_effect_id.
     */
    uint64_t effect_id;
    /**
     * casewire_step_operation_id.
     */
    uint64_t operation_id;
    /**
     * casewire_step_ticket_id.
     */
    uint64_t ticket_id;
    /**
     * casewire_step_cancel_target.
     */
    uint64_t cancel_target;
    /**
     * casewire_step_deadline_ms.
     */
    int64_t deadline_ms;
    /**
     * casewire_step_http_timeout_ms.
     */
    uint64_t http_timeout_ms;
    /**
     * casewire_step_http_max_answer.
     */
    uint64_t http_max_answer;
    /**
     * casewire_step_http_not_after_ms.
     */
    int64_t http_not_after_ms;
    /**
     * casewire_step_body_size.
     */
    uint64_t body_size;
    /**
     * casewire_step_case_id.
     */
    struct casewire_text case_id;
    /**
     * casewire_step_delivery_id.
     */
    struct casewire_text delivery_id;
    /**
     * casewire_step_token.
     */
    struct casewire_text token;
    /**
     * casewire_step_http_method.
     */
    struct casewire_text http_method;
    /**
     * casewire_step_http_url.
     */
    struct casewire_text http_url;
    /**
     * casewire_step_http_store_as.
     */
    struct casewire_text http_store_as;
    /**
     * casewire_step_json of a store effect, a delivery and an operation that is over; empty for the others.
     */
    struct casewire_text json;
    /**
     * The headers of a request.
     */
    const struct casewire_header *headers;
    /**
     * How many there are.
     */
    size_t header_count;
    /**
     * The pieces of a request's body.
     */
    const struct casewire_piece *pieces;
    /**
     * How many there are.
     */
    size_t piece_count;
    /**
     * casewire_step_error.
     */
    const struct casewire_error *error;
    /**
     * casewire_step_operations_left.
     */
    size_t operations_left;
    /**
     * casewire_step_effects_left.
     */
    size_t effects_left;
} casewire_step_view;

/**
 * The keys of an API member (System > Members > API Members > API Keys).
 */
typedef struct casewire_credentials {
    /**
     * sizeof(casewire_credentials).
     */
    size_t struct_size;
    /**
     * The public key.
     */
    struct casewire_text public_key;
    /**
     * The private key.
     */
    struct casewire_text private_key;
} casewire_credentials;

/**
 * Takes a line of a connector's log: one of the CASEWIRE_LOG_ levels, and a message that is lent until it returns. The
 * message holds no secret, and no query, header or body of a request.
 *
 * It is called on the thread that made the call, before that returns, and no lock is held: it may call any function with
 * any object, but must not free the connector. It must not throw or jump out.
 */
typedef void (*casewire_log)(void *user_data, uint32_t level, struct casewire_text message);

/**
 * What the host decides besides the configuration.
 */
typedef struct casewire_options {
    /**
     * sizeof(casewire_options).
     */
    size_t struct_size;
    /**
     * The vendor's own client id, used where the configuration names none; empty for none.
     */
    struct casewire_text client_id;
    /**
     * Seeds jitter and boundaries. Connectors on one store should not share it; the same seed gives the same run.
     */
    uint64_t seed;
    /**
     * The host's secret for its callback addresses, at least 16 bytes; empty for none: then no callback is believed or
     * registered. Copied to memory that is overwritten when it is freed.
     */
    struct casewire_text callback_secret;
    /**
     * Takes the connector's log, as long as the connector lives; NULL for none.
     */
    casewire_log log;
    /**
     * Given to `log`; casewire does nothing with it.
     */
    void *log_user_data;
    /**
     * The least important of the CASEWIRE_LOG_ levels that `log` is told of; 0 for none.
     */
    uint32_t log_level;
    /**
     * Always 0.
     */
    uint32_t reserved;
} casewire_options;

/**
 * Performs an effect and fills in the answer. Step and answer are lent until it returns.
 */
typedef void (*casewire_perform)(void *user_data,
                                 const struct casewire_step *step,
                                 struct casewire_answer *answer);

/**
 * What the host does for casewire_connector_run, on the thread that runs it. No lock is held meanwhile: a callback may
 * call any function with any object, also with the connector that runs it. It must not throw or jump out.
 *
 * A callback that performs an effect may leave the answer empty if it has answered the effect itself; otherwise an empty
 * answer counts as CASEWIRE_FAILURE_UNANSWERED for `http` and as CASEWIRE_FAILURE_OTHER for the others.
 */
typedef struct casewire_host {
    /**
     * sizeof(casewire_host).
     */
    size_t struct_size;
    /**
     * Given to every callback; casewire does nothing with it.
     */
    void *user_data;
    /**
     * Tells the time in milliseconds since 1970. Required.
     */
    int64_t (*now_ms)(void *user_data);
    /**
     * Sends the request of a CASEWIRE_STEP_HTTP and sets what the server answered. Required.
     */
    casewire_perform http;
    /**
     * Performs a CASEWIRE_STEP_STORE. A commit is durable when it returns. Required.
     */
    casewire_perform store;
    /**
     * Takes over a CASEWIRE_STEP_DELIVER and sets done once it is durable. Required.
     */
    casewire_perform deliver;
    /**
     * Gives the content that a CASEWIRE_STEP_FETCH asks for. Without it no content is given.
     */
    casewire_perform fetch;
    /**
     * Waits until the time `deadline_ms` and returns 0. It may return earlier, which is how another thread that has
     * submitted, answered or cancelled something gets the run's attention. Any other value than 0 ends the run with
     * CASEWIRE_STATUS_CANCELLED; the next run goes on where it stood. Required.
     */
    uint32_t (*wait_until)(void *user_data, int64_t deadline_ms);
    /**
     * Is told of every operation that is over, with a CASEWIRE_STEP_FINISHED that is lent until it returns.
     */
    void (*finished)(void *user_data, const struct casewire_step *step);
} casewire_host;

/**
 * All went well.
 */
#define CASEWIRE_STATUS_OK 0

/**
 * The input is not what was expected; see the faults.
 */
#define CASEWIRE_STATUS_INVALID_INPUT 100

/**
 * The text is not JSON; the message names line and column.
 */
#define CASEWIRE_STATUS_MALFORMED_JSON 101

/**
 * A key that no version of the document knows.
 */
#define CASEWIRE_STATUS_UNKNOWN_KEY 102

/**
 * A key that must be there is not.
 */
#define CASEWIRE_STATUS_MISSING_KEY 103

/**
 * A value of the wrong type, form or range.
 */
#define CASEWIRE_STATUS_INVALID_VALUE 104

/**
 * A value longer than its bound.
 */
#define CASEWIRE_STATUS_TOO_LONG 105

/**
 * A control character where none may stand.
 */
#define CASEWIRE_STATUS_CONTROL_CHARACTER 106

/**
 * Bytes that are not UTF-8.
 */
#define CASEWIRE_STATUS_INVALID_UTF8 107

/**
 * A severity for which the configuration has no priority.
 */
#define CASEWIRE_STATUS_UNMAPPED_SEVERITY 110

/**
 * A case status for which the configuration has no ticket status.
 */
#define CASEWIRE_STATUS_UNMAPPED_STATUS 111

/**
 * A group without a company, under the policy that refuses it.
 */
#define CASEWIRE_STATUS_UNMAPPED_GROUP 112

/**
 * A list (CSV) whose header or cells cannot be told apart.
 */
#define CASEWIRE_STATUS_MALFORMED_LIST 120

/**
 * Two rows of a list about the same group or system.
 */
#define CASEWIRE_STATUS_DUPLICATE_ROW 121

/**
 * Companies, configurations or contacts are needed that were not imported yet.
 */
#define CASEWIRE_STATUS_NOT_IMPORTED 130

/**
 * A mapping that the configuration decides about.
 */
#define CASEWIRE_STATUS_MAPPED_BY_CONFIGURATION 140

/**
 * A group or system that one request maps more than once.
 */
#define CASEWIRE_STATUS_REPEATED_MAPPING 141

/**
 * Automatic mapping, which the configuration does not switch on.
 */
#define CASEWIRE_STATUS_AUTO_MAP_OFF 142

/**
 * A group that the inventory does not have.
 */
#define CASEWIRE_STATUS_UNKNOWN_GROUP 143

/**
 * A suggestion that is not certain enough to be accepted.
 */
#define CASEWIRE_STATUS_UNCERTAIN_SUGGESTION 144

/**
 * A place in a list that no page of it gave.
 */
#define CASEWIRE_STATUS_UNKNOWN_PLACE 145

/**
 * The address that is to receive callbacks is not https.
 */
#define CASEWIRE_STATUS_INSECURE_RECEIVER 150

/**
 * The address that is to receive callbacks cannot be reached from ConnectWise: private, loopback or without a domain.
 */
#define CASEWIRE_STATUS_PRIVATE_RECEIVER 151

/**
 * The connector was given no callback secret.
 */
#define CASEWIRE_STATUS_MISSING_CALLBACK_SECRET 152

/**
 * A callback with a body of more than 1 MiB.
 */
#define CASEWIRE_STATUS_CALLBACK_TOO_LARGE 153

/**
 * A callback that has not the form of one.
 */
#define CASEWIRE_STATUS_CALLBACK_MALFORMED 154

/**
 * A callback to a path without the right secret.
 */
#define CASEWIRE_STATUS_CALLBACK_SECRET_WRONG 155

/**
 * A callback of another company's ConnectWise.
 */
#define CASEWIRE_STATUS_CALLBACK_OF_ANOTHER_COMPANY 156

/**
 * A callback whose signing key lies where none of ConnectWise's can lie.
 */
#define CASEWIRE_STATUS_SIGNING_KEY_ADDRESS 157

/**
 * A callback without a signature, or with one that does not fit its body.
 */
#define CASEWIRE_STATUS_CALLBACK_SIGNATURE 158

/**
 * An attachment that the configuration does not take.
 */
#define CASEWIRE_STATUS_ATTACHMENT_REFUSED 170

/**
 * An attachment that waits for a comment, as the configuration says.
 */
#define CASEWIRE_STATUS_ATTACHMENT_WAITING 171

/**
 * A case whose user is none of the company's contacts, where the configuration asks for one.
 */
#define CASEWIRE_STATUS_UNKNOWN_CONTACT 172

/**
 * An address that more than one contact of the company has.
 */
#define CASEWIRE_STATUS_AMBIGUOUS_CONTACT 173

/**
 * The site must be https, or loopback with `allow_insecure_loopback`.
 */
#define CASEWIRE_STATUS_INSECURE_SITE 200

/**
 * A template does not compile or render.
 */
#define CASEWIRE_STATUS_INVALID_TEMPLATE 201

/**
 * A field that does not exist or may not be written.
 */
#define CASEWIRE_STATUS_UNKNOWN_FIELD 202

/**
 * A part of the key that joins repeats which differs from one repeat to the next.
 */
#define CASEWIRE_STATUS_VOLATILE_JOIN_KEY 203

/**
 * A board that the instance does not have.
 */
#define CASEWIRE_STATUS_UNKNOWN_BOARD 210

/**
 * A status that the board does not have.
 */
#define CASEWIRE_STATUS_UNKNOWN_STATUS 211

/**
 * A type that the board does not have.
 */
#define CASEWIRE_STATUS_UNKNOWN_TYPE 212

/**
 * A subtype that the board does not have.
 */
#define CASEWIRE_STATUS_UNKNOWN_SUBTYPE 213

/**
 * An item that the board does not have.
 */
#define CASEWIRE_STATUS_UNKNOWN_ITEM 214

/**
 * A team that the board does not have.
 */
#define CASEWIRE_STATUS_UNKNOWN_TEAM 215

/**
 * A priority that the instance does not have.
 */
#define CASEWIRE_STATUS_UNKNOWN_PRIORITY 216

/**
 * A source that the instance does not have.
 */
#define CASEWIRE_STATUS_UNKNOWN_SOURCE 217

/**
 * A custom field that tickets do not have.
 */
#define CASEWIRE_STATUS_UNKNOWN_CUSTOM_FIELD 218

/**
 * A record that exists but was deactivated.
 */
#define CASEWIRE_STATUS_INACTIVE 220

/**
 * Type, subtype and item that the board does not associate.
 */
#define CASEWIRE_STATUS_NOT_ASSOCIATED 221

/**
 * A company that does not exist, is deleted, or takes no new tickets.
 */
#define CASEWIRE_STATUS_UNUSABLE_COMPANY 222

/**
 * A device configuration that the company does not have, or has more than once.
 */
#define CASEWIRE_STATUS_UNUSABLE_CONFIGURATION 223

/**
 * The release lacks what a switched-on feature needs.
 */
#define CASEWIRE_STATUS_RELEASE_TOO_OLD 227

/**
 * The API member's keys end soon, or have ended.
 */
#define CASEWIRE_STATUS_CREDENTIAL_EXPIRY 228

/**
 * The API member's security role lacks a right that a switched-on feature needs.
 */
#define CASEWIRE_STATUS_MISSING_RIGHT 229

/**
 * Something could not be told by reading, or not now.
 */
#define CASEWIRE_STATUS_NOT_CHECKED 230

/**
 * A company whose status is an inactive one.
 */
#define CASEWIRE_STATUS_INACTIVE_COMPANY 231

/**
 * A priority of the instance that means no case severity.
 */
#define CASEWIRE_STATUS_UNMAPPED_PRIORITY 232

/**
 * A status that is meant to close tickets and does not.
 */
#define CASEWIRE_STATUS_STATUS_NOT_CLOSED 233

/**
 * A custom field that tickets must have, and that nothing surely fills.
 */
#define CASEWIRE_STATUS_UNFILLED_FIELD 234

/**
 * A kind of case for which a route has no subtype.
 */
#define CASEWIRE_STATUS_MISSING_SUBTYPE 235

/**
 * The API member's default board is none of the boards in use.
 */
#define CASEWIRE_STATUS_OTHER_DEFAULT_BOARD 236

/**
 * The keys seem to belong to a person, whose own work would then be taken for casewire's.
 */
#define CASEWIRE_STATUS_PERSONAL_KEYS 237

/**
 * What is known of the instance's behaviour was learned on another release.
 */
#define CASEWIRE_STATUS_OUTDATED_QUIRKS 238

/**
 * A template's fixed text alone is longer than its field.
 */
#define CASEWIRE_STATUS_TEXT_CUT 239

/**
 * The instance or the configuration is no longer as the provision plan was made from.
 */
#define CASEWIRE_STATUS_PLAN_OUTDATED 240

/**
 * A case has been waiting for longer than `limits.backlog_age`.
 */
#define CASEWIRE_STATUS_BACKLOG_AGE 241

/**
 * Cases failed for good and wait for someone.
 */
#define CASEWIRE_STATUS_FAILED_CASES 242

/**
 * The host has not taken deliveries over for long.
 */
#define CASEWIRE_STATUS_DELIVERIES_WAIT 243

/**
 * A way by which tickets come back does not work.
 */
#define CASEWIRE_STATUS_INBOUND_STALLED 244

/**
 * Boards or tables changed, and routes no longer fit.
 */
#define CASEWIRE_STATUS_CATALOG_DRIFTED 245

/**
 * So many tickets changed at once that nobody is told before it is released.
 */
#define CASEWIRE_STATUS_CHANGES_HELD 246

/**
 * The effect id is unknown, was answered before, or was cancelled.
 */
#define CASEWIRE_STATUS_STALE_EFFECT 300

/**
 * The answer is not of the kind that the effect asked for.
 */
#define CASEWIRE_STATUS_WRONG_ANSWER 301

/**
 * The operation id is unknown or has finished.
 */
#define CASEWIRE_STATUS_UNKNOWN_OPERATION 302

/**
 * The operation was cancelled by the host.
 */
#define CASEWIRE_STATUS_CANCELLED 303

/**
 * The policy for it is switched off.
 */
#define CASEWIRE_STATUS_SWITCHED_OFF 304

/**
 * Cases or deliveries of the instance still wait.
 */
#define CASEWIRE_STATUS_INSTANCE_IN_USE 305

/**
 * The instance's records were deleted by this connector.
 */
#define CASEWIRE_STATUS_INSTANCE_DELETED 306

/**
 * A pointer that may not be NULL is NULL.
 */
#define CASEWIRE_STATUS_NULL_POINTER 310

/**
 * The handle met a panic before and can only be freed.
 */
#define CASEWIRE_STATUS_POISONED 311

/**
 * ConnectWise refused the request's content (400).
 */
#define CASEWIRE_STATUS_REJECTED 400

/**
 * The keys or the company id are wrong (401, or 404 at first contact).
 */
#define CASEWIRE_STATUS_UNAUTHORIZED 401

/**
 * The API member's security role or the client id does not allow it (403).
 */
#define CASEWIRE_STATUS_FORBIDDEN 403

/**
 * The record does not exist (404).
 */
#define CASEWIRE_STATUS_NOT_FOUND 404

/**
 * The record is in use (409).
 */
#define CASEWIRE_STATUS_IN_USE 409

/**
 * Too large for the server (413).
 */
#define CASEWIRE_STATUS_TOO_LARGE 413

/**
 * The budget of requests is spent (429).
 */
#define CASEWIRE_STATUS_THROTTLED 429

/**
 * The company id is not known at this site.
 */
#define CASEWIRE_STATUS_UNKNOWN_COMPANY 430

/**
 * The codebase could not be found out.
 */
#define CASEWIRE_STATUS_UNKNOWN_CODEBASE 431

/**
 * ConnectWise did not give the signing key of a callback.
 */
#define CASEWIRE_STATUS_SIGNING_KEY_UNAVAILABLE 432

/**
 * Too many signing keys were asked for in the last minute.
 */
#define CASEWIRE_STATUS_SIGNING_KEY_LIMITED 433

/**
 * ConnectWise does not keep the callback registrations as they were asked for.
 */
#define CASEWIRE_STATUS_CALLBACKS_NOT_KEPT 434

/**
 * The level asks for more callback registrations than are made.
 */
#define CASEWIRE_STATUS_TOO_MANY_CALLBACKS 435

/**
 * Another ConnectWise member holds the same callback registration.
 */
#define CASEWIRE_STATUS_CALLBACK_HELD_BY_ANOTHER 436

/**
 * The answer is not what the API promises: HTML, empty, truncated or of another form.
 */
#define CASEWIRE_STATUS_UNEXPECTED_ANSWER 440

/**
 * ConnectWise answered 200 to a change and did not make it (API.md section 6.1).
 */
#define CASEWIRE_STATUS_CHANGE_NOT_MADE 441

/**
 * More than one ticket bears the case's reference; the oldest is used, the others are left for a person.
 */
#define CASEWIRE_STATUS_DUPLICATE_TICKET 442

/**
 * What writes test records into an instance needs a consent that was not given.
 */
#define CASEWIRE_STATUS_CONSENT_MISSING 446

/**
 * A test ticket could not be closed; the next test tries again.
 */
#define CASEWIRE_STATUS_TEST_TICKET_LEFT 447

/**
 * ConnectWise refused a step of the test ticket.
 */
#define CASEWIRE_STATUS_TEST_STEP_REFUSED 448

/**
 * A step of the test ticket came to no clear answer.
 */
#define CASEWIRE_STATUS_TEST_STEP_UNCLEAR 449

/**
 * ConnectWise failed (5xx).
 */
#define CASEWIRE_STATUS_SERVER_FAILED 450

/**
 * The request never left: no address, no connection, or TLS refused.
 */
#define CASEWIRE_STATUS_NOT_SENT 500

/**
 * The request may have left, and no answer came.
 */
#define CASEWIRE_STATUS_UNANSWERED 501

/**
 * The answer is larger than the request allowed.
 */
#define CASEWIRE_STATUS_ANSWER_TOO_LARGE 502

/**
 * The request was not sent because its time had passed.
 */
#define CASEWIRE_STATUS_EXPIRED 503

/**
 * The server's certificate or TLS version was refused.
 */
#define CASEWIRE_STATUS_TLS 504

/**
 * The store failed; nothing was sent.
 */
#define CASEWIRE_STATUS_STORE_FAILED 600

/**
 * Another writer changed the records first, more often than is plausible.
 */
#define CASEWIRE_STATUS_STORE_CONFLICT 601

/**
 * A record is of a newer version or damaged.
 */
#define CASEWIRE_STATUS_UNREADABLE_RECORD 602

/**
 * The host did not take a delivery; it stays in the store.
 */
#define CASEWIRE_STATUS_NOT_DELIVERED 700

/**
 * The host could not give content that it had named.
 */
#define CASEWIRE_STATUS_NOT_FETCHED 701

/**
 * The host did not store a file from ConnectWise.
 */
#define CASEWIRE_STATUS_NOT_STORED 702

/**
 * A fault of casewire itself.
 */
#define CASEWIRE_STATUS_INTERNAL 900

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Tells the version of the binary interface that the library has. A program that loads the library by itself compares
 * it with CASEWIRE_ABI_VERSION.
 */
uint32_t casewire_abi_version(void);

/**
 * Tells the library's version, such as `0.1.0`. The text lives as long as the library.
 */
struct casewire_text casewire_version(void);

/**
 * Makes a text of a NUL-terminated string, which it refers to and does not copy. NULL makes an empty text.
 */
struct casewire_text casewire_text_from_string(const char *string);

/**
 * Tells a status' name as JSON and messages have it, such as `stale_effect`; `ok` for CASEWIRE_STATUS_OK, and an empty
 * text for a number that this library does not know. The text lives as long as the library.
 */
struct casewire_text casewire_status_name(casewire_status status);

/**
 * Tells the status that the function returned which made the error; CASEWIRE_STATUS_OK for NULL.
 */
casewire_status casewire_error_status(const struct casewire_error *error);

/**
 * Tells what happened and what to do about it, with a line for each fault of an input that was refused; empty for NULL.
 * It holds no secret. The text lives until the error is freed.
 */
struct casewire_text casewire_error_message(const struct casewire_error *error);

/**
 * Gives the error as JSON: code, message, ConnectWise's own status, code and field, and every fault with its JSON
 * pointer and its fix; empty for NULL. The text lives until the error is freed.
 */
struct casewire_text casewire_error_json(const struct casewire_error *error);

/**
 * Tells whether the same call can succeed later without a change: 1 or 0; 0 for NULL.
 */
uint32_t casewire_error_can_retry(const struct casewire_error *error);

/**
 * Fills in a view of an error: all that it tells, in one call.
 */
casewire_status casewire_error_read(const struct casewire_error *failure,
                                    struct casewire_error_view *view,
                                    struct casewire_error **error);

/**
 * Frees an error. NULL is fine. Not for errors that casewire_step_error lends.
 */
void casewire_error_free(struct casewire_error *error);

/**
 * Lends the text, which lives until it is freed; empty for NULL.
 */
struct casewire_text casewire_bytes_text(const struct casewire_bytes *bytes);

/**
 * Frees a text. NULL is fine.
 */
void casewire_bytes_free(struct casewire_bytes *bytes);

/**
 * Checks a configuration without a connector, as far as that can be done without asking ConnectWise.
 *
 * Fails with all faults at once, each with its JSON pointer and its fix.
 */
casewire_status casewire_config_validate(struct casewire_text config_json,
                                         struct casewire_error **error);

/**
 * Checks a configuration against a catalog, the outcome of the command `read_catalog`: whether the names in it exist and
 * belong together.
 *
 * Fails with all faults at once, each with its JSON pointer and its fix.
 */
casewire_status casewire_config_check(struct casewire_text config_json,
                                      struct casewire_text catalog_json,
                                      struct casewire_error **error);

/**
 * Gives a starting configuration that does what a vendor's guide describes: `netsurion`, `netwrix`, `arctic-wolf`,
 * `fortisiem` or `heimdal`. Its connection stands for yours.
 *
 * `json` is the caller's, who frees it with casewire_bytes_free. Fails with CASEWIRE_STATUS_INVALID_VALUE for another name.
 */
casewire_status casewire_config_preset(struct casewire_text name,
                                       struct casewire_bytes **json,
                                       struct casewire_error **error);

/**
 * Tells what changed in an instance between two catalogs, as JSON: what of it breaks the configuration, with the fix, and
 * what is new.
 *
 * `report_json` is the caller's, who frees it with casewire_bytes_free.
 */
casewire_status casewire_config_drift(struct casewire_text config_json,
                                      struct casewire_text before_json,
                                      struct casewire_text now_json,
                                      struct casewire_bytes **report_json,
                                      struct casewire_error **error);

/**
 * Checks a case without a connector.
 *
 * Fails with all faults at once, each with its JSON pointer and its fix.
 */
casewire_status casewire_case_validate(struct casewire_text case_json,
                                       struct casewire_error **error);

/**
 * Tells whether a segment of a path is the one that ConnectWise was told for this instance's callbacks: a receiver answers
 * everyone else with 404 before it reads a body. The time does not depend on how much of it is right. The callback itself
 * is judged by the command `take_callback`.
 *
 * `callback_secret` is that of casewire_options. Fails with CASEWIRE_STATUS_CALLBACK_SECRET_WRONG where it is another.
 */
casewire_status casewire_callback_verify(struct casewire_text config_json,
                                         struct casewire_text callback_secret,
                                         struct casewire_text segment,
                                         struct casewire_error **error);

/**
 * Says what a case would become, as JSON: the ticket field by field with the reason for each, what each route says of the
 * case, and the calls that it would cost. It asks ConnectWise nothing.
 *
 * `catalog_json` is a catalog, which may hold a `directory` with companies, contacts and device configurations; what it
 * does not hold, a real run looks up. `preview_json` is the caller's, who frees it with casewire_bytes_free. Faults of a
 * case's content are part of the preview; a document that cannot be read fails with all of its faults.
 */
casewire_status casewire_case_preview(struct casewire_text config_json,
                                      struct casewire_text catalog_json,
                                      struct casewire_text case_json,
                                      struct casewire_bytes **preview_json,
                                      struct casewire_error **error);

/**
 * Says what a history of cases would have made, as JSON: tickets, repeats, floods, windows, requests. It asks ConnectWise
 * nothing.
 *
 * `cases_jsonl` has a case as JSON on each line, the oldest first; empty lines are passed over, and one that is no case
 * counts as refused. `catalog_json` is that of casewire_case_preview. `report_json` is the caller's, who frees it with
 * casewire_bytes_free.
 */
casewire_status casewire_case_replay(struct casewire_text config_json,
                                     struct casewire_text catalog_json,
                                     struct casewire_text cases_jsonl,
                                     struct casewire_bytes **report_json,
                                     struct casewire_error **error);

/**
 * Suggests companies for groups and device configurations for systems, as JSON: for each its candidates, best first, with
 * the evidence for each.
 *
 * `request_json` is `{"groups": [...], "companies": [...], "systems": [...], "configurations": [...], "limit": 5}`, where
 * any may be missing: groups and systems as in cases, companies and configurations as they were imported, the latter of
 * the company that the systems' groups are mapped to. `suggestions_json` is `{"groups": [...], "systems": [...]}`; it is
 * the caller's, who frees it with casewire_bytes_free.
 */
casewire_status casewire_mapping_suggest(struct casewire_text request_json,
                                         struct casewire_bytes **suggestions_json,
                                         struct casewire_error **error);

/**
 * Tells which of the CASEWIRE_STEP_ kinds it is; 0 for NULL. A kind that the program does not know is an effect of a
 * newer library: it is answered with casewire_answer_set_failed and CASEWIRE_FAILURE_OTHER.
 */
uint32_t casewire_step_kind(const struct casewire_step *step);

/**
 * Tells the id of an effect, by which it is answered. Ids only grow, are never reused, and are never 0.
 */
uint64_t casewire_step_effect_id(const struct casewire_step *step);

/**
 * Tells which operation is over, or which one waits for the effect; 0 for effects of the connector itself.
 */
uint64_t casewire_step_operation_id(const struct casewire_step *step);

/**
 * Gives the whole step as JSON, without the bytes of a body. With an HTTP step that includes the Authorization header:
 * do not log it.
 */
struct casewire_text casewire_step_json(const struct casewire_step *step);

/**
 * Frees a step. NULL is fine. Not for steps that a callback was lent. An effect is not answered by it.
 */
void casewire_step_free(struct casewire_step *step);

/**
 * Tells a request's method: `GET`, `POST`, `PATCH` or `DELETE`.
 */
struct casewire_text casewire_step_http_method(const struct casewire_step *step);

/**
 * Tells a request's absolute address, already encoded. Redirects are not to be followed.
 */
struct casewire_text casewire_step_http_url(const struct casewire_step *step);

/**
 * Tells how many headers a request has. `Host` and `Content-Length` are not among them: they are the HTTP client's.
 */
size_t casewire_step_http_header_count(const struct casewire_step *step);

/**
 * Tells the name of a request's header, from 0.
 */
struct casewire_text casewire_step_http_header_name(const struct casewire_step *step, size_t index);

/**
 * Tells the value of a request's header, from 0.
 */
struct casewire_text casewire_step_http_header_value(const struct casewire_step *step,
                                                     size_t index);

/**
 * Tells how long the whole exchange may take, in milliseconds. After that it is answered as
 * CASEWIRE_FAILURE_UNANSWERED.
 */
uint64_t casewire_step_http_timeout_ms(const struct casewire_step *step);

/**
 * Tells the largest body of an answer to read, in bytes. A larger one is answered as CASEWIRE_FAILURE_TOO_LARGE, which
 * casewire_answer_add_body does by itself.
 */
uint64_t casewire_step_http_max_answer(const struct casewire_step *step);

/**
 * Tells the name under which the host stores the body of an answer of 2xx, at most casewire_step_http_max_answer bytes of
 * it; empty for a request whose answer casewire reads itself. The HTTP client streams the body there and, once it is
 * durable, answers with casewire_answer_set_http, the headers and casewire_answer_set_stored in place of the body. An answer
 * of another status is handed over as any other. The name is made of letters, digits, `-`, `_`, `.` and `/`, and no part of
 * it is `.` or `..`.
 */
struct casewire_text casewire_step_http_store_as(const struct casewire_step *step);

/**
 * Tells until when a request may leave, in milliseconds since 1970; INT64_MAX where there is no such time. The HTTP
 * client looks at the clock right before it sends; what has not left by then must not leave at all and is answered as
 * CASEWIRE_FAILURE_NOT_SENT. casewire_connector_run looks before it calls `http`.
 */
int64_t casewire_step_http_not_after_ms(const struct casewire_step *step);

/**
 * Tells how many pieces a request's body has, which are sent one after the other; 0 for a request without a body.
 */
size_t casewire_step_body_count(const struct casewire_step *step);

/**
 * Tells the length of a request's whole body in bytes, attachments included: the `Content-Length`.
 */
uint64_t casewire_step_body_size(const struct casewire_step *step);

/**
 * Tells the length of one piece of a request's body in bytes, from 0. An attachment of another length is not sent, and
 * the request is answered as CASEWIRE_FAILURE_CONTENT.
 */
uint64_t casewire_step_body_piece_size(const struct casewire_step *step,
                                       size_t index);

/**
 * Lends the bytes of one piece of a request's body, from 0; nothing for an attachment, whose bytes the host has.
 */
struct casewire_slice casewire_step_body_piece(const struct casewire_step *step,
                                               size_t index);

/**
 * Tells the token of the attachment that one piece of a request's body is, from 0; empty for a piece of bytes. It is
 * the `token` that the case named, and the host streams the bytes that it stands for.
 */
struct casewire_text casewire_step_body_attachment(const struct casewire_step *step,
                                                   size_t index);

/**
 * Tells why an operation that is over failed; NULL if it went well. The error is lent: it lives as long as the step and
 * is not to be freed.
 */
const struct casewire_error *casewire_step_error(const struct casewire_step *step);

/**
 * Tells the id of the case that a finished operation or a delivery is about; empty where it is about none.
 */
struct casewire_text casewire_step_case_id(const struct casewire_step *step);

/**
 * Tells the number of the ticket that a finished operation or a delivery is about; 0 where there is none.
 */
uint64_t casewire_step_ticket_id(const struct casewire_step *step);

/**
 * Tells the id of a delivery, by which the host knows one that it was offered before.
 */
struct casewire_text casewire_step_delivery_id(const struct casewire_step *step);

/**
 * Tells when a timer is to be answered, in milliseconds since 1970.
 */
int64_t casewire_step_deadline_ms(const struct casewire_step *step);

/**
 * Tells which content a fetch asks for: a token that the host had given.
 */
struct casewire_text casewire_step_token(const struct casewire_step *step);

/**
 * Tells which effect a cancel is about.
 */
uint64_t casewire_step_cancel_target(const struct casewire_step *step);

/**
 * Tells how many operations are not over, of an idle step.
 */
size_t casewire_step_operations_left(const struct casewire_step *step);

/**
 * Tells how many effects the host has and has not answered, of an idle step. With no operations and no effects left,
 * all is done.
 */
size_t casewire_step_effects_left(const struct casewire_step *step);

/**
 * Fills in a view of a step: all that it tells, in one call.
 */
casewire_status casewire_step_read(const struct casewire_step *step,
                                   struct casewire_step_view *view,
                                   struct casewire_error **error);

/**
 * Makes an empty answer to an effect. It refers to nothing in the step, which may be freed before it.
 *
 * Fails with CASEWIRE_STATUS_WRONG_ANSWER if the step is no effect.
 */
casewire_status casewire_answer_new(const struct casewire_step *step,
                                    struct casewire_answer **answer,
                                    struct casewire_error **error);

/**
 * Says that the server answered, with this HTTP status (100 to 599). Headers and body are added after it.
 */
casewire_status casewire_answer_set_http(struct casewire_answer *answer,
                                         uint32_t http_status,
                                         struct casewire_error **error);

/**
 * Adds a header that the server sent: at least `content-type`, `link`, `retry-after` and `date` are wanted. Name and
 * value are copied. One that is not UTF-8 is refused, and may be left out.
 */
casewire_status casewire_answer_add_header(struct casewire_answer *answer,
                                           struct casewire_text name,
                                           struct casewire_text value,
                                           struct casewire_error **error);

/**
 * Adds bytes to the end of the body that the server sent, or of the content that was fetched. They are copied.
 *
 * Fails with CASEWIRE_STATUS_ANSWER_TOO_LARGE when a body grows above casewire_step_http_max_answer; the answer has then
 * become CASEWIRE_FAILURE_TOO_LARGE by itself, and the host stops reading.
 */
casewire_status casewire_answer_add_body(struct casewire_answer *answer,
                                         struct casewire_slice bytes,
                                         struct casewire_error **error);

/**
 * Says that the host stored the body that the server sent, as casewire_step_http_store_as asked: its length and its SHA-256 in
 * 64 lower-case hexadecimal digits. Called after casewire_answer_set_http, in place of casewire_answer_add_body.
 *
 * Fails with CASEWIRE_STATUS_WRONG_ANSWER where the answer has no body.
 */
casewire_status casewire_answer_set_stored(struct casewire_answer *answer,
                                           uint64_t size,
                                           struct casewire_text sha256,
                                           struct casewire_error **error);

/**
 * Says that it is done: the time has come, the delivery is durable, the effect is cancelled.
 */
casewire_status casewire_answer_set_done(struct casewire_answer *answer,
                                         struct casewire_error **error);

/**
 * Says that the content that was asked for is there. Its bytes are added with casewire_answer_add_body.
 */
casewire_status casewire_answer_set_fetched(struct casewire_answer *answer,
                                            struct casewire_error **error);

/**
 * Says that it could not be done: one of the CASEWIRE_FAILURE_ kinds, and what the host knows about it, which must hold
 * no secret. The message is copied.
 */
casewire_status casewire_answer_set_failed(struct casewire_answer *answer,
                                           uint32_t failure,
                                           struct casewire_text message,
                                           struct casewire_error **error);

/**
 * Sets the whole answer from its JSON form, with the body beside it; both are copied. Exactly one of:
 *
 *     {"http": {"status": 200, "headers": [["content-type", "application/json"]]}}
 *     {"http": {"status": 200, "headers": [], "stored": {"size": 4, "sha256": "9f86..."}}}
 *     {"store": {"records": [{"key": "a", "revision": 1, "value": "{}"}, null]}}
 *     {"store": {"page": [{"key": "a", "revision": 1, "value": "{}"}]}}
 *     {"store": {"committed": {"revision": 7}}}
 *     {"store": "conflict"}
 *     {"done": {}}
 *     {"fetched": {}}
 *     {"failed": {"kind": "unanswered", "message": "..."}}
 */
casewire_status casewire_answer_set_json(struct casewire_answer *answer,
                                         struct casewire_text json,
                                         struct casewire_slice body,
                                         struct casewire_error **error);

/**
 * Frees an answer. NULL is fine. Not for answers that a callback was lent.
 */
void casewire_answer_free(struct casewire_answer *answer);

/**
 * Makes a connector. It begins by taking up what an earlier one over the same store left unfinished.
 *
 * `config_json` is the configuration, without keys. `credentials` may be NULL: then the host adds the Authorization
 * header to every request itself, and casewire never sees a key. Keys are copied to memory that is overwritten when it
 * is freed; the caller may overwrite its own after the call. `options` may be NULL. `now_ms` is the time in milliseconds
 * since 1970, as everywhere. The connector is the caller's, who frees it with casewire_connector_free.
 *
 * Refuses a bad configuration or bad keys with all faults at once.
 */
casewire_status casewire_connector_new(struct casewire_text config_json,
                                       const struct casewire_credentials *credentials,
                                       const struct casewire_options *options,
                                       int64_t now_ms,
                                       struct casewire_connector **connector,
                                       struct casewire_error **error);

/**
 * Takes a command as JSON, such as `{"command": "submit_case", "case": {...}}`, and tells the id of its operation.
 *
 * Refuses bad input with all faults at once; nothing was begun then.
 */
casewire_status casewire_connector_submit(struct casewire_connector *connector,
                                          struct casewire_text command_json,
                                          int64_t now_ms,
                                          uint64_t *operation_id,
                                          struct casewire_error **error);

/**
 * Takes a case as JSON, as it is now, and tells the id of the operation that brings its ticket in step with it.
 *
 * Refuses a bad case with all faults at once; nothing was begun then.
 */
casewire_status casewire_connector_submit_case(struct casewire_connector *connector,
                                               struct casewire_text case_json,
                                               int64_t now_ms,
                                               uint64_t *operation_id,
                                               struct casewire_error **error);

/**
 * Gives the next step: an effect to perform, the end of an operation, or that there is nothing to do. It calls nothing
 * of the host. The step is the caller's, who frees it with casewire_step_free.
 */
casewire_status casewire_connector_poll(struct casewire_connector *connector,
                                        int64_t now_ms,
                                        struct casewire_step **step,
                                        struct casewire_error **error);

/**
 * Takes the answer to an effect. The answer's content is used up, however the call ends; the handle stays the caller's.
 *
 * Fails with CASEWIRE_STATUS_STALE_EFFECT if the effect was answered before, was cancelled, or is not this connector's,
 * and with CASEWIRE_STATUS_WRONG_ANSWER if nothing was set in the answer or it does not fit the effect, which then still
 * waits for its answer. Nothing changes in these cases.
 */
casewire_status casewire_connector_answer(struct casewire_connector *connector,
                                          struct casewire_answer *answer,
                                          int64_t now_ms,
                                          struct casewire_error **error);

/**
 * Takes the answer to an effect in the JSON form that casewire_answer_set_json describes, with the body beside it. Both
 * are copied. For hosts that work with JSON throughout; it fails like casewire_connector_answer.
 */
casewire_status casewire_connector_resolve(struct casewire_connector *connector,
                                           uint64_t effect_id,
                                           struct casewire_text answer_json,
                                           struct casewire_slice body,
                                           int64_t now_ms,
                                           struct casewire_error **error);

/**
 * Stops an operation. Its effects under way are cancelled; what it began in ConnectWise stays in the store and is taken
 * up again.
 *
 * Fails with CASEWIRE_STATUS_UNKNOWN_OPERATION if there is none of that id, or it is over.
 */
casewire_status casewire_connector_cancel(struct casewire_connector *connector,
                                          uint64_t operation_id,
                                          int64_t now_ms,
                                          struct casewire_error **error);

/**
 * Frees a connector. NULL is fine. Nothing is lost: what is unfinished lies in the store.
 *
 * No other call with it may be under way, but for casewire_connector_run: a callback may free the connector that runs
 * it, and the run then ends with CASEWIRE_STATUS_CANCELLED. Steps and answers stay valid.
 */
void casewire_connector_free(struct casewire_connector *connector);

/**
 * Makes an empty store. It is the caller's, who frees it with casewire_memory_store_free.
 */
casewire_status casewire_memory_store_new(struct casewire_memory_store **store,
                                          struct casewire_error **error);

/**
 * Performs a store effect and sets the answer to it.
 *
 * Fails with CASEWIRE_STATUS_WRONG_ANSWER if the step is no store effect.
 */
casewire_status casewire_memory_store_perform(struct casewire_memory_store *store,
                                              const struct casewire_step *step,
                                              struct casewire_answer *answer,
                                              struct casewire_error **error);

/**
 * Frees a store and forgets its records. NULL is fine.
 */
void casewire_memory_store_free(struct casewire_memory_store *store);

/**
 * Polls, lets the host perform one effect after the other, and answers them, until all operations are over.
 *
 * `host` and what it points to are read before anything is called; the callbacks stay callable until the function
 * returns. It returns CASEWIRE_STATUS_OK also if operations failed: `finished` is told of each. Timers do not keep other
 * work waiting. Several threads may run one connector at the same time, and a callback may run it too; each takes the
 * effects that it is given, and does not wait for those that others have. A host that wants many requests under way at
 * once does without this function: it polls, and answers from its own threads.
 */
casewire_status casewire_connector_run(struct casewire_connector *connector,
                                       const struct casewire_host *host,
                                       struct casewire_error **error);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* CASEWIRE_H */
