use crate::{boundary::value_or, text::casewire_text};
use casewire::Code;

/// How a call ended: CASEWIRE_STATUS_OK, or why it failed. A number keeps its meaning for ever; new ones are added.
///
/// 100-199 input, 200-299 configuration, 300-399 use of the library, 400-499 ConnectWise, 500-599 transport,
/// 600-699 store, 700-799 host, 900-999 casewire itself.
pub type casewire_status = i32;

/// All went well.
pub const CASEWIRE_STATUS_OK: casewire_status = 0;

/// The input is not what was expected; see the faults.
pub const CASEWIRE_STATUS_INVALID_INPUT: casewire_status = 100;

/// The text is not JSON; the message names line and column.
pub const CASEWIRE_STATUS_MALFORMED_JSON: casewire_status = 101;

/// A key that no version of the document knows.
pub const CASEWIRE_STATUS_UNKNOWN_KEY: casewire_status = 102;

/// A key that must be there is not.
pub const CASEWIRE_STATUS_MISSING_KEY: casewire_status = 103;

/// A value of the wrong type, form or range.
pub const CASEWIRE_STATUS_INVALID_VALUE: casewire_status = 104;

/// A value longer than its bound.
pub const CASEWIRE_STATUS_TOO_LONG: casewire_status = 105;

/// A control character where none may stand.
pub const CASEWIRE_STATUS_CONTROL_CHARACTER: casewire_status = 106;

/// Bytes that are not UTF-8.
pub const CASEWIRE_STATUS_INVALID_UTF8: casewire_status = 107;

/// A severity for which the configuration has no priority.
pub const CASEWIRE_STATUS_UNMAPPED_SEVERITY: casewire_status = 110;

/// A case status for which the configuration has no ticket status.
pub const CASEWIRE_STATUS_UNMAPPED_STATUS: casewire_status = 111;

/// A group without a company, under the policy that refuses it.
pub const CASEWIRE_STATUS_UNMAPPED_GROUP: casewire_status = 112;

/// A list (CSV) whose header or cells cannot be told apart.
pub const CASEWIRE_STATUS_MALFORMED_LIST: casewire_status = 120;

/// Two rows of a list about the same group or system.
pub const CASEWIRE_STATUS_DUPLICATE_ROW: casewire_status = 121;

/// Companies, configurations or contacts are needed that were not imported yet.
pub const CASEWIRE_STATUS_NOT_IMPORTED: casewire_status = 130;

/// A mapping that the configuration decides about.
pub const CASEWIRE_STATUS_MAPPED_BY_CONFIGURATION: casewire_status = 140;

/// A group or system that one request maps more than once.
pub const CASEWIRE_STATUS_REPEATED_MAPPING: casewire_status = 141;

/// Automatic mapping, which the configuration does not switch on.
pub const CASEWIRE_STATUS_AUTO_MAP_OFF: casewire_status = 142;

/// A group that the inventory does not have.
pub const CASEWIRE_STATUS_UNKNOWN_GROUP: casewire_status = 143;

/// A suggestion that is not certain enough to be accepted.
pub const CASEWIRE_STATUS_UNCERTAIN_SUGGESTION: casewire_status = 144;

/// A place in a list that no page of it gave.
pub const CASEWIRE_STATUS_UNKNOWN_PLACE: casewire_status = 145;

/// The address that is to receive callbacks is not https.
pub const CASEWIRE_STATUS_INSECURE_RECEIVER: casewire_status = 150;

/// The address that is to receive callbacks cannot be reached from ConnectWise: private, loopback or without a domain.
pub const CASEWIRE_STATUS_PRIVATE_RECEIVER: casewire_status = 151;

/// The connector was given no callback secret.
pub const CASEWIRE_STATUS_MISSING_CALLBACK_SECRET: casewire_status = 152;

/// A callback with a body of more than 1 MiB.
pub const CASEWIRE_STATUS_CALLBACK_TOO_LARGE: casewire_status = 153;

/// A callback that has not the form of one.
pub const CASEWIRE_STATUS_CALLBACK_MALFORMED: casewire_status = 154;

/// A callback to a path without the right secret.
pub const CASEWIRE_STATUS_CALLBACK_SECRET_WRONG: casewire_status = 155;

/// A callback of another company's ConnectWise.
pub const CASEWIRE_STATUS_CALLBACK_OF_ANOTHER_COMPANY: casewire_status = 156;

/// A callback whose signing key lies where none of ConnectWise's can lie.
pub const CASEWIRE_STATUS_SIGNING_KEY_ADDRESS: casewire_status = 157;

/// A callback without a signature, or with one that does not fit its body.
pub const CASEWIRE_STATUS_CALLBACK_SIGNATURE: casewire_status = 158;

/// An attachment that the configuration does not take.
pub const CASEWIRE_STATUS_ATTACHMENT_REFUSED: casewire_status = 170;

/// An attachment that waits for a comment, as the configuration says.
pub const CASEWIRE_STATUS_ATTACHMENT_WAITING: casewire_status = 171;

/// A case whose user is none of the company's contacts, where the configuration asks for one.
pub const CASEWIRE_STATUS_UNKNOWN_CONTACT: casewire_status = 172;

/// An address that more than one contact of the company has.
pub const CASEWIRE_STATUS_AMBIGUOUS_CONTACT: casewire_status = 173;

/// The site must be https, or loopback with `allow_insecure_loopback`.
pub const CASEWIRE_STATUS_INSECURE_SITE: casewire_status = 200;

/// A template does not compile or render.
pub const CASEWIRE_STATUS_INVALID_TEMPLATE: casewire_status = 201;

/// A field that does not exist or may not be written.
pub const CASEWIRE_STATUS_UNKNOWN_FIELD: casewire_status = 202;

/// A part of the key that joins repeats which differs from one repeat to the next.
pub const CASEWIRE_STATUS_VOLATILE_JOIN_KEY: casewire_status = 203;

/// A board that the instance does not have.
pub const CASEWIRE_STATUS_UNKNOWN_BOARD: casewire_status = 210;

/// A status that the board does not have.
pub const CASEWIRE_STATUS_UNKNOWN_STATUS: casewire_status = 211;

/// A type that the board does not have.
pub const CASEWIRE_STATUS_UNKNOWN_TYPE: casewire_status = 212;

/// A subtype that the board does not have.
pub const CASEWIRE_STATUS_UNKNOWN_SUBTYPE: casewire_status = 213;

/// An item that the board does not have.
pub const CASEWIRE_STATUS_UNKNOWN_ITEM: casewire_status = 214;

/// A team that the board does not have.
pub const CASEWIRE_STATUS_UNKNOWN_TEAM: casewire_status = 215;

/// A priority that the instance does not have.
pub const CASEWIRE_STATUS_UNKNOWN_PRIORITY: casewire_status = 216;

/// A source that the instance does not have.
pub const CASEWIRE_STATUS_UNKNOWN_SOURCE: casewire_status = 217;

/// A custom field that tickets do not have.
pub const CASEWIRE_STATUS_UNKNOWN_CUSTOM_FIELD: casewire_status = 218;

/// A record that exists but was deactivated.
pub const CASEWIRE_STATUS_INACTIVE: casewire_status = 220;

/// Type, subtype and item that the board does not associate.
pub const CASEWIRE_STATUS_NOT_ASSOCIATED: casewire_status = 221;

/// A company that does not exist, is deleted, or takes no new tickets.
pub const CASEWIRE_STATUS_UNUSABLE_COMPANY: casewire_status = 222;

/// A device configuration that the company does not have, or has more than once.
pub const CASEWIRE_STATUS_UNUSABLE_CONFIGURATION: casewire_status = 223;

/// The release lacks what a switched-on feature needs.
pub const CASEWIRE_STATUS_RELEASE_TOO_OLD: casewire_status = 227;

/// The API member's keys end soon, or have ended.
pub const CASEWIRE_STATUS_CREDENTIAL_EXPIRY: casewire_status = 228;

/// The API member's security role lacks a right that a switched-on feature needs.
pub const CASEWIRE_STATUS_MISSING_RIGHT: casewire_status = 229;

/// Something could not be told by reading, or not now.
pub const CASEWIRE_STATUS_NOT_CHECKED: casewire_status = 230;

/// A company whose status is an inactive one.
pub const CASEWIRE_STATUS_INACTIVE_COMPANY: casewire_status = 231;

/// A priority of the instance that means no case severity.
pub const CASEWIRE_STATUS_UNMAPPED_PRIORITY: casewire_status = 232;

/// A status that is meant to close tickets and does not.
pub const CASEWIRE_STATUS_STATUS_NOT_CLOSED: casewire_status = 233;

/// A custom field that tickets must have, and that nothing surely fills.
pub const CASEWIRE_STATUS_UNFILLED_FIELD: casewire_status = 234;

/// A kind of case for which a route has no subtype.
pub const CASEWIRE_STATUS_MISSING_SUBTYPE: casewire_status = 235;

/// The API member's default board is none of the boards in use.
pub const CASEWIRE_STATUS_OTHER_DEFAULT_BOARD: casewire_status = 236;

/// The keys seem to belong to a person, whose own work would then be taken for casewire's.
pub const CASEWIRE_STATUS_PERSONAL_KEYS: casewire_status = 237;

/// What is known of the instance's behaviour was learned on another release.
pub const CASEWIRE_STATUS_OUTDATED_QUIRKS: casewire_status = 238;

/// A template's fixed text alone is longer than its field.
pub const CASEWIRE_STATUS_TEXT_CUT: casewire_status = 239;

/// The instance or the configuration is no longer as the provision plan was made from.
pub const CASEWIRE_STATUS_PLAN_OUTDATED: casewire_status = 240;

/// A case has been waiting for longer than `limits.backlog_age`.
pub const CASEWIRE_STATUS_BACKLOG_AGE: casewire_status = 241;

/// Cases failed for good and wait for someone.
pub const CASEWIRE_STATUS_FAILED_CASES: casewire_status = 242;

/// The host has not taken deliveries over for long.
pub const CASEWIRE_STATUS_DELIVERIES_WAIT: casewire_status = 243;

/// A way by which tickets come back does not work.
pub const CASEWIRE_STATUS_INBOUND_STALLED: casewire_status = 244;

/// Boards or tables changed, and routes no longer fit.
pub const CASEWIRE_STATUS_CATALOG_DRIFTED: casewire_status = 245;

/// So many tickets changed at once that nobody is told before it is released.
pub const CASEWIRE_STATUS_CHANGES_HELD: casewire_status = 246;

/// The effect id is unknown, was answered before, or was cancelled.
pub const CASEWIRE_STATUS_STALE_EFFECT: casewire_status = 300;

/// The answer is not of the kind that the effect asked for.
pub const CASEWIRE_STATUS_WRONG_ANSWER: casewire_status = 301;

/// The operation id is unknown or has finished.
pub const CASEWIRE_STATUS_UNKNOWN_OPERATION: casewire_status = 302;

/// The operation was cancelled by the host.
pub const CASEWIRE_STATUS_CANCELLED: casewire_status = 303;

/// The policy for it is switched off.
pub const CASEWIRE_STATUS_SWITCHED_OFF: casewire_status = 304;

/// Cases or deliveries of the instance still wait.
pub const CASEWIRE_STATUS_INSTANCE_IN_USE: casewire_status = 305;

/// The instance's records were deleted by this connector.
pub const CASEWIRE_STATUS_INSTANCE_DELETED: casewire_status = 306;

/// A pointer that may not be NULL is NULL.
pub const CASEWIRE_STATUS_NULL_POINTER: casewire_status = 310;

/// The handle met a panic before and can only be freed.
pub const CASEWIRE_STATUS_POISONED: casewire_status = 311;

/// ConnectWise refused the request's content (400).
pub const CASEWIRE_STATUS_REJECTED: casewire_status = 400;

/// The keys or the company id are wrong (401, or 404 at first contact).
pub const CASEWIRE_STATUS_UNAUTHORIZED: casewire_status = 401;

/// The API member's security role or the client id does not allow it (403).
pub const CASEWIRE_STATUS_FORBIDDEN: casewire_status = 403;

/// The record does not exist (404).
pub const CASEWIRE_STATUS_NOT_FOUND: casewire_status = 404;

/// The record is in use (409).
pub const CASEWIRE_STATUS_IN_USE: casewire_status = 409;

/// Too large for the server (413).
pub const CASEWIRE_STATUS_TOO_LARGE: casewire_status = 413;

/// The budget of requests is spent (429).
pub const CASEWIRE_STATUS_THROTTLED: casewire_status = 429;

/// The company id is not known at this site.
pub const CASEWIRE_STATUS_UNKNOWN_COMPANY: casewire_status = 430;

/// The codebase could not be found out.
pub const CASEWIRE_STATUS_UNKNOWN_CODEBASE: casewire_status = 431;

/// ConnectWise did not give the signing key of a callback.
pub const CASEWIRE_STATUS_SIGNING_KEY_UNAVAILABLE: casewire_status = 432;

/// Too many signing keys were asked for in the last minute.
pub const CASEWIRE_STATUS_SIGNING_KEY_LIMITED: casewire_status = 433;

/// ConnectWise does not keep the callback registrations as they were asked for.
pub const CASEWIRE_STATUS_CALLBACKS_NOT_KEPT: casewire_status = 434;

/// The level asks for more callback registrations than are made.
pub const CASEWIRE_STATUS_TOO_MANY_CALLBACKS: casewire_status = 435;

/// Another ConnectWise member holds the same callback registration.
pub const CASEWIRE_STATUS_CALLBACK_HELD_BY_ANOTHER: casewire_status = 436;

/// The answer is not what the API promises: HTML, empty, truncated or of another form.
pub const CASEWIRE_STATUS_UNEXPECTED_ANSWER: casewire_status = 440;

/// ConnectWise answered 200 to a change and did not make it (API.md section 6.1).
pub const CASEWIRE_STATUS_CHANGE_NOT_MADE: casewire_status = 441;

/// More than one ticket bears the case's reference; the oldest is used, the others are left for a person.
pub const CASEWIRE_STATUS_DUPLICATE_TICKET: casewire_status = 442;

/// What writes test records into an instance needs a consent that was not given.
pub const CASEWIRE_STATUS_CONSENT_MISSING: casewire_status = 446;

/// A test ticket could not be closed; the next test tries again.
pub const CASEWIRE_STATUS_TEST_TICKET_LEFT: casewire_status = 447;

/// ConnectWise refused a step of the test ticket.
pub const CASEWIRE_STATUS_TEST_STEP_REFUSED: casewire_status = 448;

/// A step of the test ticket came to no clear answer.
pub const CASEWIRE_STATUS_TEST_STEP_UNCLEAR: casewire_status = 449;

/// ConnectWise failed (5xx).
pub const CASEWIRE_STATUS_SERVER_FAILED: casewire_status = 450;

/// The request never left: no address, no connection, or TLS refused.
pub const CASEWIRE_STATUS_NOT_SENT: casewire_status = 500;

/// The request may have left, and no answer came.
pub const CASEWIRE_STATUS_UNANSWERED: casewire_status = 501;

/// The answer is larger than the request allowed.
pub const CASEWIRE_STATUS_ANSWER_TOO_LARGE: casewire_status = 502;

/// The request was not sent because its time had passed.
pub const CASEWIRE_STATUS_EXPIRED: casewire_status = 503;

/// The server's certificate or TLS version was refused.
pub const CASEWIRE_STATUS_TLS: casewire_status = 504;

/// The store failed; nothing was sent.
pub const CASEWIRE_STATUS_STORE_FAILED: casewire_status = 600;

/// Another writer changed the records first, more often than is plausible.
pub const CASEWIRE_STATUS_STORE_CONFLICT: casewire_status = 601;

/// A record is of a newer version or damaged.
pub const CASEWIRE_STATUS_UNREADABLE_RECORD: casewire_status = 602;

/// The host did not take a delivery; it stays in the store.
pub const CASEWIRE_STATUS_NOT_DELIVERED: casewire_status = 700;

/// The host could not give content that it had named.
pub const CASEWIRE_STATUS_NOT_FETCHED: casewire_status = 701;

/// The host did not store a file from ConnectWise.
pub const CASEWIRE_STATUS_NOT_STORED: casewire_status = 702;

/// A fault of casewire itself.
pub const CASEWIRE_STATUS_INTERNAL: casewire_status = 900;

/// Tells a status' name as JSON and messages have it, such as `stale_effect`; `ok` for CASEWIRE_STATUS_OK, and an empty
/// text for a number that this library does not know. The text lives as long as the library.
#[unsafe(no_mangle)]
pub extern "C" fn casewire_status_name(status: casewire_status) -> casewire_text {
    value_or(casewire_text::EMPTY, || {
        if status == CASEWIRE_STATUS_OK {
            return Some(casewire_text::of("ok"));
        }
        let code = Code::ALL.iter().find(|code| code.number() == status)?;
        Some(casewire_text::of(code.name()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_constants_are_the_table_of_the_core() {
        let mut declared = include_str!("status.rs")
            .lines()
            .filter_map(|line| line.strip_prefix("pub const CASEWIRE_STATUS_"))
            .filter_map(|line| line.strip_suffix(';')?.split_once(": casewire_status = "))
            .map(|(name, number)| (name.to_lowercase(), number.parse().unwrap()));
        assert_eq!(declared.next(), Some(("ok".to_owned(), 0)));
        let table = Code::ALL
            .iter()
            .map(|code| (code.name().to_owned(), code.number()));
        assert_eq!(
            declared.collect::<Vec<_>>(),
            table.collect::<Vec<(String, i32)>>()
        );
    }

    #[test]
    fn a_status_has_the_name_of_its_code() {
        // SAFETY: names are static text.
        let name = |status| unsafe { casewire_status_name(status).read("name") }.unwrap();
        assert_eq!(name(CASEWIRE_STATUS_OK), "ok");
        assert_eq!(name(CASEWIRE_STATUS_STALE_EFFECT), "stale_effect");
        assert_eq!(name(-1), "");
    }
}
