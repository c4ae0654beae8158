"""Numbers of the binary interface.

Generated from include/casewire.h by `cargo xtask header`: change it there.
"""

from enum import IntEnum

#: Version of the binary interface that this header describes. It changes only when programs must be compiled anew; until then functions, and fields at the end of structs that begin with `struct_size`, are only added.
ABI_VERSION = 0
#: Nothing to do until something is submitted, resolved or cancelled, or until an answer that is due is given.
STEP_IDLE = 1
#: An operation is over. Needs no answer.
STEP_FINISHED = 2
#: Send a request. Answered with casewire_answer_set_http whatever ConnectWise's status is.
STEP_HTTP = 3
#: Read or change records, as `json` says or as a casewire_memory_store does. Answered with casewire_answer_set_json.
STEP_STORE = 4
#: Wait until casewire_step_deadline_ms. Answered with casewire_answer_set_done then or later.
STEP_TIMER = 5
#: Take something over, as `json` says. Answered with casewire_answer_set_done once it is durable in the host.
STEP_DELIVER = 6
#: Give the content that casewire_step_token names. Answered with casewire_answer_set_fetched.
STEP_FETCH = 7
#: Stop working on the effect casewire_step_cancel_target, which needs no answer any more. Answered with casewire_answer_set_done.
STEP_CANCEL = 8
#: Not one byte of a request left: no address, no connection, its time had passed.
FAILURE_NOT_SENT = 1
#: The certificate or the TLS version was refused; nothing was sent.
FAILURE_TLS = 2
#: A request may have been performed, and no complete answer came. Where the host is not sure, it says this.
FAILURE_UNANSWERED = 3
#: The answer is larger than casewire_step_http_max_answer.
FAILURE_TOO_LARGE = 4
#: The store, the delivery or the content failed.
FAILURE_OTHER = 5
#: An attachment is not there any more, or has another length than the step says; nothing was sent.
FAILURE_CONTENT = 6
#: What ends the connector.
LOG_ERROR = 1
#: What failed: an operation, or an effect, which may be tried again.
LOG_WARNING = 2
#: Operations and deliveries.
LOG_INFO = 3
#: Requests and other effects, and what came of them.
LOG_DEBUG = 4


class ErrorCode(IntEnum):
    """Why something failed. A number keeps its meaning for ever; new ones are added."""

    #: The input is not what was expected; see the faults.
    INVALID_INPUT = 100
    #: The text is not JSON; the message names line and column.
    MALFORMED_JSON = 101
    #: A key that no version of the document knows.
    UNKNOWN_KEY = 102
    #: A key that must be there is not.
    MISSING_KEY = 103
    #: A value of the wrong type, form or range.
    INVALID_VALUE = 104
    #: A value longer than its bound.
    TOO_LONG = 105
    #: A control character where none may stand.
    CONTROL_CHARACTER = 106
    #: Bytes that are not UTF-8.
    INVALID_UTF8 = 107
    #: A severity for which the configuration has no priority.
    UNMAPPED_SEVERITY = 110
    #: A case status for which the configuration has no ticket status.
    UNMAPPED_STATUS = 111
    #: A group without a company, under the policy that refuses it.
    UNMAPPED_GROUP = 112
    #: A list (CSV) whose header or cells cannot be told apart.
    MALFORMED_LIST = 120
    #: Two rows of a list about the same group or system.
    DUPLICATE_ROW = 121
    #: Companies, configurations or contacts are needed that were not imported yet.
    NOT_IMPORTED = 130
    #: A mapping that the configuration decides about.
    MAPPED_BY_CONFIGURATION = 140
    #: A group or system that one request maps more than once.
    REPEATED_MAPPING = 141
    #: Automatic mapping, which the configuration does not switch on.
    AUTO_MAP_OFF = 142
    #: A group that the inventory does not have.
    UNKNOWN_GROUP = 143
    #: A suggestion that is not certain enough to be accepted.
    UNCERTAIN_SUGGESTION = 144
    #: A place in a list that no page of it gave.
    UNKNOWN_PLACE = 145
    #: The address that is to receive callbacks is not https.
    INSECURE_RECEIVER = 150
    #: The address that is to receive callbacks cannot be reached from ConnectWise: private, loopback or without a domain.
    PRIVATE_RECEIVER = 151
    #: The connector was given no callback secret.
    MISSING_CALLBACK_SECRET = 152
    #: A callback with a body of more than 1 MiB.
    CALLBACK_TOO_LARGE = 153
    #: A callback that has not the form of one.
    CALLBACK_MALFORMED = 154
    #: A callback to a path without the right secret.
    CALLBACK_SECRET_WRONG = 155
    #: A callback of another company's ConnectWise.
    CALLBACK_OF_ANOTHER_COMPANY = 156
    #: A callback whose signing key lies where none of ConnectWise's can lie.
    SIGNING_KEY_ADDRESS = 157
    #: A callback without a signature, or with one that does not fit its body.
    CALLBACK_SIGNATURE = 158
    #: An attachment that the configuration does not take.
    ATTACHMENT_REFUSED = 170
    #: An attachment that waits for a comment, as the configuration says.
    ATTACHMENT_WAITING = 171
    #: A case whose user is none of the company's contacts, where the configuration asks for one.
    UNKNOWN_CONTACT = 172
    #: An address that more than one contact of the company has.
    AMBIGUOUS_CONTACT = 173
    #: The site must be https, or loopback with `allow_insecure_loopback`.
    INSECURE_SITE = 200
    #: A template does not compile or render.
    INVALID_TEMPLATE = 201
    #: A field that does not exist or may not be written.
    UNKNOWN_FIELD = 202
    #: A part of the key that joins repeats which differs from one repeat to the next.
    VOLATILE_JOIN_KEY = 203
    #: A board that the instance does not have.
    UNKNOWN_BOARD = 210
    #: A status that the board does not have.
    UNKNOWN_STATUS = 211
    #: A type that the board does not have.
    UNKNOWN_TYPE = 212
    #: A subtype that the board does not have.
    UNKNOWN_SUBTYPE = 213
    #: An item that the board does not have.
    UNKNOWN_ITEM = 214
    #: A team that the board does not have.
    UNKNOWN_TEAM = 215
    #: A priority that the instance does not have.
    UNKNOWN_PRIORITY = 216
    #: A source that the instance does not have.
    UNKNOWN_SOURCE = 217
    #: A custom field that tickets do not have.
    UNKNOWN_CUSTOM_FIELD = 218
    #: A record that exists but was deactivated.
    INACTIVE = 220
    #: Type, subtype and item that the board does not associate.
    NOT_ASSOCIATED = 221
    #: A company that does not exist, is deleted, or takes no new tickets.
    UNUSABLE_COMPANY = 222
    #: A device configuration that the company does not have, or has more than once.
    UNUSABLE_CONFIGURATION = 223
    #: The release lacks what a switched-on feature needs.
    RELEASE_TOO_OLD = 227
    #: The API member's keys end soon, or have ended.
    CREDENTIAL_EXPIRY = 228
    #: The API member's security role lacks a right that a switched-on feature needs.
    MISSING_RIGHT = 229
    #: Something could not be told by reading, or not now.
    NOT_CHECKED = 230
    #: A company whose status is an inactive one.
    INACTIVE_COMPANY = 231
    #: A priority of the instance that means no case severity.
    UNMAPPED_PRIORITY = 232
    #: A status that is meant to close tickets and does not.
    STATUS_NOT_CLOSED = 233
    #: A custom field that tickets must have, and that nothing surely fills.
    UNFILLED_FIELD = 234
    #: A kind of case for which a route has no subtype.
    MISSING_SUBTYPE = 235
    #: The API member's default board is none of the boards in use.
    OTHER_DEFAULT_BOARD = 236
    #: The keys seem to belong to a person, whose own work would then be taken for casewire's.
    PERSONAL_KEYS = 237
    #: What is known of the instance's behaviour was learned on another release.
    OUTDATED_QUIRKS = 238
    #: A template's fixed text alone is longer than its field.
    TEXT_CUT = 239
    #: The instance or the configuration is no longer as the provision plan was made from.
    PLAN_OUTDATED = 240
    #: A case has been waiting for longer than `limits.backlog_age`.
    BACKLOG_AGE = 241
    #: Cases failed for good and wait for someone.
    FAILED_CASES = 242
    #: The host has not taken deliveries over for long.
    DELIVERIES_WAIT = 243
    #: A way by which tickets come back does not work.
    INBOUND_STALLED = 244
    #: Boards or tables changed, and routes no longer fit.
    CATALOG_DRIFTED = 245
    #: So many tickets changed at once that nobody is told before it is released.
    CHANGES_HELD = 246
    #: The effect id is unknown, was answered before, or was cancelled.
    STALE_EFFECT = 300
    #: The answer is not of the kind that the effect asked for.
    WRONG_ANSWER = 301
    #: The operation id is unknown or has finished.
    UNKNOWN_OPERATION = 302
    #: The operation was cancelled by the host.
    CANCELLED = 303
    #: The policy for it is switched off.
    SWITCHED_OFF = 304
    #: Cases or deliveries of the instance still wait.
    INSTANCE_IN_USE = 305
    #: The instance's records were deleted by this connector.
    INSTANCE_DELETED = 306
    #: A pointer that may not be NULL is NULL.
    NULL_POINTER = 310
    #: The handle met a panic before and can only be freed.
    POISONED = 311
    #: ConnectWise refused the request's content (400).
    REJECTED = 400
    #: The keys or the company id are wrong (401, or 404 at first contact).
    UNAUTHORIZED = 401
    #: The API member's security role or the client id does not allow it (403).
    FORBIDDEN = 403
    #: The record does not exist (404).
    NOT_FOUND = 404
    #: The record is in use (409).
    IN_USE = 409
    #: Too large for the server (413).
    TOO_LARGE = 413
    #: The budget of requests is spent (429).
    THROTTLED = 429
    #: The company id is not known at this site.
    UNKNOWN_COMPANY = 430
    #: The codebase could not be found out.
    UNKNOWN_CODEBASE = 431
    #: ConnectWise did not give the signing key of a callback.
    SIGNING_KEY_UNAVAILABLE = 432
    #: Too many signing keys were asked for in the last minute.
    SIGNING_KEY_LIMITED = 433
    #: ConnectWise does not keep the callback registrations as they were asked for.
    CALLBACKS_NOT_KEPT = 434
    #: The level asks for more callback registrations than are made.
    TOO_MANY_CALLBACKS = 435
    #: Another ConnectWise member holds the same callback registration.
    CALLBACK_HELD_BY_ANOTHER = 436
    #: The answer is not what the API promises: HTML, empty, truncated or of another form.
    UNEXPECTED_ANSWER = 440
    #: ConnectWise answered 200 to a change and did not make it (API.md section 6.1).
    CHANGE_NOT_MADE = 441
    #: More than one ticket bears the case's reference; the oldest is used, the others are left for a person.
    DUPLICATE_TICKET = 442
    #: What writes test records into an instance needs a consent that was not given.
    CONSENT_MISSING = 446
    #: A test ticket could not be closed; the next test tries again.
    TEST_TICKET_LEFT = 447
    #: ConnectWise refused a step of the test ticket.
    TEST_STEP_REFUSED = 448
    #: A step of the test ticket came to no clear answer.
    TEST_STEP_UNCLEAR = 449
    #: ConnectWise failed (5xx).
    SERVER_FAILED = 450
    #: The request never left: no address, no connection, or TLS refused.
    NOT_SENT = 500
    #: The request may have left, and no answer came.
    UNANSWERED = 501
    #: The answer is larger than the request allowed.
    ANSWER_TOO_LARGE = 502
    #: The request was not sent because its time had passed.
    EXPIRED = 503
    #: The server's certificate or TLS version was refused.
    TLS = 504
    #: The store failed; nothing was sent.
    STORE_FAILED = 600
    #: Another writer changed the records first, more often than is plausible.
    STORE_CONFLICT = 601
    #: A record is of a newer version or damaged.
    UNREADABLE_RECORD = 602
    #: The host did not take a delivery; it stays in the store.
    NOT_DELIVERED = 700
    #: The host could not give content that it had named.
    NOT_FETCHED = 701
    #: The host did not store a file from ConnectWise.
    NOT_STORED = 702
    #: A fault of casewire itself.
    INTERNAL = 900
