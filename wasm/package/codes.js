// Generated from include/casewire.h by `cargo xtask header`: change it there.

/**
 * Why something failed: the codes that errors and faults carry, each with the number that C has for it. A number keeps its
 * meaning for ever; new ones are added.
 */
export const CODES = Object.freeze({
  /** The input is not what was expected; see the faults. */
  invalid_input: 100,
  /** The text is not JSON; the message names line and column. */
  malformed_json: 101,
  /** A key that no version of the document knows. */
  unknown_key: 102,
  /** A key that must be there is not. */
  missing_key: 103,
  /** A value of the wrong type, form or range. */
  invalid_value: 104,
  /** A value longer than its bound. */
  too_long: 105,
  /** A control character where none may stand. */
  control_character: 106,
  /** Bytes that are not UTF-8. */
  invalid_utf8: 107,
  /** A severity for which the configuration has no priority. */
  unmapped_severity: 110,
  /** A case status for which the configuration has no ticket status. */
  unmapped_status: 111,
  /** A group without a company, under the policy that refuses it. */
  unmapped_group: 112,
  /** A list (CSV) whose header or cells cannot be told apart. */
  malformed_list: 120,
  /** Two rows of a list about the same group or system. */
  duplicate_row: 121,
  /** Companies, configurations or contacts are needed that were not imported yet. */
  not_imported: 130,
  /** A mapping that the configuration decides about. */
  mapped_by_configuration: 140,
  /** A group or system that one request maps more than once. */
  repeated_mapping: 141,
  /** Automatic mapping, which the configuration does not switch on. */
  auto_map_off: 142,
  /** A group that the inventory does not have. */
  unknown_group: 143,
  /** A suggestion that is not certain enough to be accepted. */
  uncertain_suggestion: 144,
  /** A place in a list that no page of it gave. */
  unknown_place: 145,
  /** The address that is to receive callbacks is not https. */
  insecure_receiver: 150,
  /** The address that is to receive callbacks cannot be reached from ConnectWise: private, loopback or without a domain. */
  private_receiver: 151,
  /** The connector was given no callback secret. */
  missing_callback_secret: 152,
  /** A callback with a body of more than 1 MiB. */
  callback_too_large: 153,
  /** A callback that has not the form of one. */
  callback_malformed: 154,
  /** A callback to a path without the right secret. */
  callback_secret_wrong: 155,
  /** A callback of another company's ConnectWise. */
  callback_of_another_company: 156,
  /** A callback whose signing key lies where none of ConnectWise's can lie. */
  signing_key_address: 157,
  /** A callback without a signature, or with one that does not fit its body. */
  callback_signature: 158,
  /** An attachment that the configuration does not take. */
  attachment_refused: 170,
  /** An attachment that waits for a comment, as the configuration says. */
  attachment_waiting: 171,
  /** A case whose user is none of the company's contacts, where the configuration asks for one. */
  unknown_contact: 172,
  /** An address that more than one contact of the company has. */
  ambiguous_contact: 173,
  /** The site must be https, or loopback with `allow_insecure_loopback`. */
  insecure_site: 200,
  /** A template does not compile or render. */
  invalid_template: 201,
  /** A field that does not exist or may not be written. */
  unknown_field: 202,
  /** A part of the key that joins repeats which differs from one repeat to the next. */
  volatile_join_key: 203,
  /** A board that the instance does not have. */
  unknown_board: 210,
  /** A status that the board does not have. */
  unknown_status: 211,
  /** A type that the board does not have. */
  unknown_type: 212,
  /** A subtype that the board does not have. */
  unknown_subtype: 213,
  /** An item that the board does not have. */
  unknown_item: 214,
  /** A team that the board does not have. */
  unknown_team: 215,
  /** A priority that the instance does not have. */
  unknown_priority: 216,
  /** A source that the instance does not have. */
  unknown_source: 217,
  /** A custom field that tickets do not have. */
  unknown_custom_field: 218,
  /** A record that exists but was deactivated. */
  inactive: 220,
  /** Type, subtype and item that the board does not associate. */
  not_associated: 221,
  /** A company that does not exist, is deleted, or takes no new tickets. */
  unusable_company: 222,
  /** A device configuration that the company does not have, or has more than once. */
  unusable_configuration: 223,
  /** The release lacks what a switched-on feature needs. */
  release_too_old: 227,
  /** The API member's keys end soon, or have ended. */
  credential_expiry: 228,
  /** The API member's security role lacks a right that a switched-on feature needs. */
  missing_right: 229,
  /** Something could not be told by reading, or not now. */
  not_checked: 230,
  /** A company whose status is an inactive one. */
  inactive_company: 231,
  /** A priority of the instance that means no case severity. */
  unmapped_priority: 232,
  /** A status that is meant to close tickets and does not. */
  status_not_closed: 233,
  /** A custom field that tickets must have, and that nothing surely fills. */
  unfilled_field: 234,
  /** A kind of case for which a route has no subtype. */
  missing_subtype: 235,
  /** The API member's default board is none of the boards in use. */
  other_default_board: 236,
  /** The keys seem to belong to a person, whose own work would then be taken for casewire's. */
  personal_keys: 237,
  /** What is known of the instance's behaviour was learned on another release. */
  outdated_quirks: 238,
  /** A template's fixed text alone is longer than its field. */
  text_cut: 239,
  /** The instance or the configuration is no longer as the provision plan was made from. */
  plan_outdated: 240,
  /** A case has been waiting for longer than `limits.backlog_age`. */
  backlog_age: 241,
  /** Cases failed for good and wait for someone. */
  failed_cases: 242,
  /** The host has not taken deliveries over for long. */
  deliveries_wait: 243,
  /** A way by which tickets come back does not work. */
  inbound_stalled: 244,
  /** Boards or tables changed, and routes no longer fit. */
  catalog_drifted: 245,
  /** So many tickets changed at once that nobody is told before it is released. */
  changes_held: 246,
  /** The effect id is unknown, was answered before, or was cancelled. */
  stale_effect: 300,
  /** The answer is not of the kind that the effect asked for. */
  wrong_answer: 301,
  /** The operation id is unknown or has finished. */
  unknown_operation: 302,
  /** The operation was cancelled by the host. */
  cancelled: 303,
  /** The policy for it is switched off. */
  switched_off: 304,
  /** Cases or deliveries of the instance still wait. */
  instance_in_use: 305,
  /** The instance's records were deleted by this connector. */
  instance_deleted: 306,
  /** A pointer that may not be NULL is NULL. */
  null_pointer: 310,
  /** The handle met a panic before and can only be freed. */
  poisoned: 311,
  /** ConnectWise refused the request's content (400). */
  rejected: 400,
  /** The keys or the company id are wrong (401, or 404 at first contact). */
  unauthorized: 401,
  /** The API member's security role or the client id does not allow it (403). */
  forbidden: 403,
  /** The record does not exist (404). */
  not_found: 404,
  /** The record is in use (409). */
  in_use: 409,
  /** Too large for the server (413). */
  too_large: 413,
  /** The budget of requests is spent (429). */
  throttled: 429,
  /** The company id is not known at this site. */
  unknown_company: 430,
  /** The codebase could not be found out. */
  unknown_codebase: 431,
  /** ConnectWise did not give the signing key of a callback. */
  signing_key_unavailable: 432,
  /** Too many signing keys were asked for in the last minute. */
  signing_key_limited: 433,
  /** ConnectWise does not keep the callback registrations as they were asked for. */
  callbacks_not_kept: 434,
  /** The level asks for more callback registrations than are made. */
  too_many_callbacks: 435,
  /** Another ConnectWise member holds the same callback registration. */
  callback_held_by_another: 436,
  /** The answer is not what the API promises: HTML, empty, truncated or of another form. */
  unexpected_answer: 440,
  /** ConnectWise answered 200 to a change and did not make it (API.md section 6.1). */
  change_not_made: 441,
  /** More than one ticket bears the case's reference; the oldest is used, the others are left for a person. */
  duplicate_ticket: 442,
  /** What writes test records into an instance needs a consent that was not given. */
  consent_missing: 446,
  /** A test ticket could not be closed; the next test tries again. */
  test_ticket_left: 447,
  /** ConnectWise refused a step of the test ticket. */
  test_step_refused: 448,
  /** A step of the test ticket came to no clear answer. */
  test_step_unclear: 449,
  /** ConnectWise failed (5xx). */
  server_failed: 450,
  /** The request never left: no address, no connection, or TLS refused. */
  not_sent: 500,
  /** The request may have left, and no answer came. */
  unanswered: 501,
  /** The answer is larger than the request allowed. */
  answer_too_large: 502,
  /** The request was not sent because its time had passed. */
  expired: 503,
  /** The server's certificate or TLS version was refused. */
  tls: 504,
  /** The store failed; nothing was sent. */
  store_failed: 600,
  /** Another writer changed the records first, more often than is plausible. */
  store_conflict: 601,
  /** A record is of a newer version or damaged. */
  unreadable_record: 602,
  /** The host did not take a delivery; it stays in the store. */
  not_delivered: 700,
  /** The host could not give content that it had named. */
  not_fetched: 701,
  /** The host did not store a file from ConnectWise. */
  not_stored: 702,
  /** A fault of casewire itself. */
  internal: 900,
});

/** @typedef {keyof typeof CODES} Code */
