use serde::{Serialize, Serializer};
use std::fmt;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $number:literal $variant:ident $name:literal $transient:ident;)+) => {
        /// Stable error codes. A number or name is never given a second meaning; new ones go into the gaps.
        ///
        /// 100–199 input, 200–299 configuration, 300–399 use of the connector, 400–499 ConnectWise,
        /// 500–599 transport, 600–699 store, 700–799 host, 900–999 casewire itself.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        #[repr(i32)]
        pub enum Code {
            $($(#[doc = $doc])+ $variant = $number,)+
        }

        impl Code {
            /// Every code, in the order of its number.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name that JSON and messages carry, such as `unknown_key`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The number that the C ABI returns as a status.
            #[must_use]
            pub const fn number(self) -> i32 {
                self as i32
            }

            /// Whether the same call can succeed later without a change.
            #[must_use]
            pub const fn is_transient(self) -> bool {
                match self { $(Self::$variant => codes!(@ $transient),)+ }
            }
        }
    };
    (@ transient) => { true };
    (@ permanent) => { false };
}

codes! {
    /// The input is not what was expected; see the faults.
    100 InvalidInput "invalid_input" permanent;
    /// The text is not JSON; the message names line and column.
    101 MalformedJson "malformed_json" permanent;
    /// A key that no version of the document knows.
    102 UnknownKey "unknown_key" permanent;
    /// A key that must be there is not.
    103 MissingKey "missing_key" permanent;
    /// A value of the wrong type, form or range.
    104 InvalidValue "invalid_value" permanent;
    /// A value longer than its bound.
    105 TooLong "too_long" permanent;
    /// A control character where none may stand.
    106 ControlCharacter "control_character" permanent;
    /// Bytes that are not UTF-8.
    107 InvalidUtf8 "invalid_utf8" permanent;
    /// A severity for which the configuration has no priority.
    110 UnmappedSeverity "unmapped_severity" permanent;
    /// A case status for which the configuration has no ticket status.
    111 UnmappedStatus "unmapped_status" permanent;
    /// A group without a company, under the policy that refuses it.
    112 UnmappedGroup "unmapped_group" permanent;
    /// A list (CSV) whose header or cells cannot be told apart.
    120 MalformedList "malformed_list" permanent;
    /// Two rows of a list about the same group or system.
    121 DuplicateRow "duplicate_row" permanent;
    /// Companies, configurations or contacts are needed that were not imported yet.
    130 NotImported "not_imported" permanent;
    /// A mapping that the configuration decides about.
    140 MappedByConfiguration "mapped_by_configuration" permanent;
    /// A group or system that one request maps more than once.
    141 RepeatedMapping "repeated_mapping" permanent;
    /// Automatic mapping, which the configuration does not switch on.
    142 AutoMapOff "auto_map_off" permanent;
    /// A group that the inventory does not have.
    143 UnknownGroup "unknown_group" permanent;
    /// A suggestion that is not certain enough to be accepted.
    144 UncertainSuggestion "uncertain_suggestion" permanent;
    /// A place in a list that no page of it gave.
    145 UnknownPlace "unknown_place" permanent;

    /// The address that is to receive callbacks is not https.
    150 InsecureReceiver "insecure_receiver" permanent;
    /// The address that is to receive callbacks cannot be reached from ConnectWise: private, loopback or without a domain.
    151 PrivateReceiver "private_receiver" permanent;
    /// The connector was given no callback secret.
    152 MissingCallbackSecret "missing_callback_secret" permanent;
    /// A callback with a body of more than 1 MiB.
    153 CallbackTooLarge "callback_too_large" permanent;
    /// A callback that has not the form of one.
    154 CallbackMalformed "callback_malformed" permanent;
    /// A callback to a path without the right secret.
    155 CallbackSecretWrong "callback_secret_wrong" permanent;
    /// A callback of another company's ConnectWise.
    156 CallbackOfAnotherCompany "callback_of_another_company" permanent;
    /// A callback whose signing key lies where none of ConnectWise's can lie.
    157 SigningKeyAddress "signing_key_address" permanent;
    /// A callback without a signature, or with one that does not fit its body.
    158 CallbackSignature "callback_signature" permanent;

    /// An attachment that the configuration does not take.
    170 AttachmentRefused "attachment_refused" permanent;
    /// An attachment that waits for a comment, as the configuration says.
    171 AttachmentWaiting "attachment_waiting" permanent;
    /// A case whose user is none of the company's contacts, where the configuration asks for one.
    172 UnknownContact "unknown_contact" permanent;
    /// An address that more than one contact of the company has.
    173 AmbiguousContact "ambiguous_contact" permanent;

    /// The site must be https, or loopback with `allow_insecure_loopback`.
    200 InsecureSite "insecure_site" permanent;
    /// A template does not compile or render.
    201 InvalidTemplate "invalid_template" permanent;
    /// A field that does not exist or may not be written.
    202 UnknownField "unknown_field" permanent;
    /// A part of the key that joins repeats which differs from one repeat to the next.
    203 VolatileJoinKey "volatile_join_key" permanent;
    /// A board that the instance does not have.
    210 UnknownBoard "unknown_board" permanent;
    /// A status that the board does not have.
    211 UnknownStatus "unknown_status" permanent;
    /// A type that the board does not have.
    212 UnknownType "unknown_type" permanent;
    /// A subtype that the board does not have.
    213 UnknownSubtype "unknown_subtype" permanent;
    /// An item that the board does not have.
    214 UnknownItem "unknown_item" permanent;
    /// A team that the board does not have.
    215 UnknownTeam "unknown_team" permanent;
    /// A priority that the instance does not have.
    216 UnknownPriority "unknown_priority" permanent;
    /// A source that the instance does not have.
    217 UnknownSource "unknown_source" permanent;
    /// A custom field that tickets do not have.
    218 UnknownCustomField "unknown_custom_field" permanent;
    /// A record that exists but was deactivated.
    220 Inactive "inactive" permanent;
    /// Type, subtype and item that the board does not associate.
    221 NotAssociated "not_associated" permanent;
    /// A company that does not exist, is deleted, or takes no new tickets.
    222 UnusableCompany "unusable_company" permanent;
    /// A device configuration that the company does not have, or has more than once.
    223 UnusableConfiguration "unusable_configuration" permanent;
    /// The release lacks what a switched-on feature needs.
    227 ReleaseTooOld "release_too_old" permanent;
    /// The API member's keys end soon, or have ended.
    228 CredentialExpiry "credential_expiry" permanent;
    /// The API member's security role lacks a right that a switched-on feature needs.
    229 MissingRight "missing_right" permanent;
    /// Something could not be told by reading, or not now.
    230 NotChecked "not_checked" permanent;
    /// A company whose status is an inactive one.
    231 InactiveCompany "inactive_company" permanent;
    /// A priority of the instance that means no case severity.
    232 UnmappedPriority "unmapped_priority" permanent;
    /// A status that is meant to close tickets and does not.
    233 StatusNotClosed "status_not_closed" permanent;
    /// A custom field that tickets must have, and that nothing surely fills.
    234 UnfilledField "unfilled_field" permanent;
    /// A kind of case for which a route has no subtype.
    235 MissingSubtype "missing_subtype" permanent;
    /// The API member's default board is none of the boards in use.
    236 OtherDefaultBoard "other_default_board" permanent;
    /// The keys seem to belong to a person, whose own work would then be taken for casewire's.
    237 PersonalKeys "personal_keys" permanent;
    /// What is known of the instance's behaviour was learned on another release.
    238 OutdatedQuirks "outdated_quirks" permanent;
    /// A template's fixed text alone is longer than its field.
    239 TextCut "text_cut" permanent;
    /// The instance or the configuration is no longer as the provision plan was made from.
    240 PlanOutdated "plan_outdated" permanent;
    /// A case has been waiting for longer than `limits.backlog_age`.
    241 BacklogAge "backlog_age" permanent;
    /// Cases failed for good and wait for someone.
    242 FailedCases "failed_cases" permanent;
    /// The host has not taken deliveries over for long.
    243 DeliveriesWait "deliveries_wait" permanent;
    /// A way by which tickets come back does not work.
    244 InboundStalled "inbound_stalled" permanent;
    /// Boards or tables changed, and routes no longer fit.
    245 CatalogDrifted "catalog_drifted" permanent;
    /// So many tickets changed at once that nobody is told before it is released.
    246 ChangesHeld "changes_held" permanent;

    /// The effect id is unknown, was answered before, or was cancelled.
    300 StaleEffect "stale_effect" permanent;
    /// The answer is not of the kind that the effect asked for.
    301 WrongAnswer "wrong_answer" permanent;
    /// The operation id is unknown or has finished.
    302 UnknownOperation "unknown_operation" permanent;
    /// The operation was cancelled by the host.
    303 Cancelled "cancelled" permanent;
    /// The policy for it is switched off.
    304 SwitchedOff "switched_off" permanent;
    /// Cases or deliveries of the instance still wait.
    305 InstanceInUse "instance_in_use" permanent;
    /// The instance's records were deleted by this connector.
    306 InstanceDeleted "instance_deleted" permanent;
    /// A pointer that may not be NULL is NULL.
    310 NullPointer "null_pointer" permanent;
    /// The handle met a panic before and can only be freed.
    311 Poisoned "poisoned" permanent;

    /// ConnectWise refused the request's content (400).
    400 Rejected "rejected" permanent;
    /// The keys or the company id are wrong (401, or 404 at first contact).
    401 Unauthorized "unauthorized" permanent;
    /// The API member's security role or the client id does not allow it (403).
    403 Forbidden "forbidden" permanent;
    /// The record does not exist (404).
    404 NotFound "not_found" permanent;
    /// The record is in use (409).
    409 InUse "in_use" transient;
    /// Too large for the server (413).
    413 TooLarge "too_large" permanent;
    /// The budget of requests is spent (429).
    429 Throttled "throttled" transient;
    /// The company id is not known at this site.
    430 UnknownCompany "unknown_company" permanent;
    /// The codebase could not be found out.
    431 UnknownCodebase "unknown_codebase" transient;
    /// ConnectWise did not give the signing key of a callback.
    432 SigningKeyUnavailable "signing_key_unavailable" transient;
    /// Too many signing keys were asked for in the last minute.
    433 SigningKeyLimited "signing_key_limited" transient;
    /// ConnectWise does not keep the callback registrations as they were asked for.
    434 CallbacksNotKept "callbacks_not_kept" transient;
    /// The level asks for more callback registrations than are made.
    435 TooManyCallbacks "too_many_callbacks" permanent;
    /// Another ConnectWise member holds the same callback registration.
    436 CallbackHeldByAnother "callback_held_by_another" permanent;
    /// The answer is not what the API promises: HTML, empty, truncated or of another form.
    440 UnexpectedAnswer "unexpected_answer" transient;
    /// ConnectWise answered 200 to a change and did not make it (API.md section 6.1).
    441 ChangeNotMade "change_not_made" permanent;
    /// More than one ticket bears the case's reference; the oldest is used, the others are left for a person.
    442 DuplicateTicket "duplicate_ticket" permanent;
    /// What writes test records into an instance needs a consent that was not given.
    446 ConsentMissing "consent_missing" permanent;
    /// A test ticket could not be closed; the next test tries again.
    447 TestTicketLeft "test_ticket_left" permanent;
    /// ConnectWise refused a step of the test ticket.
    448 TestStepRefused "test_step_refused" permanent;
    /// A step of the test ticket came to no clear answer.
    449 TestStepUnclear "test_step_unclear" permanent;
    /// ConnectWise failed (5xx).
    450 ServerFailed "server_failed" transient;

    /// The request never left: no address, no connection, or TLS refused.
    500 NotSent "not_sent" transient;
    /// The request may have left, and no answer came.
    501 Unanswered "unanswered" transient;
    /// The answer is larger than the request allowed.
    502 AnswerTooLarge "answer_too_large" permanent;
    /// The request was not sent because its time had passed.
    503 Expired "expired" transient;
    /// The server's certificate or TLS version was refused.
    504 Tls "tls" permanent;

    /// The store failed; nothing was sent.
    600 StoreFailed "store_failed" transient;
    /// Another writer changed the records first, more often than is plausible.
    601 StoreConflict "store_conflict" transient;
    /// A record is of a newer version or damaged.
    602 UnreadableRecord "unreadable_record" permanent;

    /// The host did not take a delivery; it stays in the store.
    700 NotDelivered "not_delivered" transient;
    /// The host could not give content that it had named.
    701 NotFetched "not_fetched" permanent;
    /// The host did not store a file from ConnectWise.
    702 NotStored "not_stored" permanent;

    /// A fault of casewire itself.
    900 Internal "internal" permanent;
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Code;
    use std::collections::BTreeSet;

    #[test]
    fn numbers_grow_and_names_are_unique() {
        assert!(
            Code::ALL
                .windows(2)
                .all(|pair| pair[0].number() < pair[1].number())
        );
        let names: BTreeSet<_> = Code::ALL.iter().map(|code| code.name()).collect();
        assert_eq!(names.len(), Code::ALL.len());
    }
}
