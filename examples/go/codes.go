// Code generated from include/casewire.h by `cargo xtask header`. DO NOT EDIT.

package casewire

// Code is why something failed. A number keeps its meaning for ever; new ones are added.
type Code int32

// The codes.
const (
	// CodeInvalidInput is: The input is not what was expected; see the faults.
	CodeInvalidInput Code = 100
	// CodeMalformedJson is: The text is not JSON; the message names line and column.
	CodeMalformedJson Code = 101
	// CodeUnknownKey is: A key that no version of the document knows.
	CodeUnknownKey Code = 102
	// CodeMissingKey is: A key that must be there is not.
	CodeMissingKey Code = 103
	// CodeInvalidValue is: A value of the wrong type, form or range.
	CodeInvalidValue Code = 104
	// CodeTooLong is: A value longer than its bound.
	CodeTooLong Code = 105
	// CodeControlCharacter is: A control character where none may stand.
	CodeControlCharacter Code = 106
	// CodeInvalidUtf8 is: Bytes that are not UTF-8.
	CodeInvalidUtf8 Code = 107
	// CodeUnmappedSeverity is: A severity for which the configuration has no priority.
	CodeUnmappedSeverity Code = 110
	// CodeUnmappedStatus is: A case status for which the configuration has no ticket status.
	CodeUnmappedStatus Code = 111
	// CodeUnmappedGroup is: A group without a company, under the policy that refuses it.
	CodeUnmappedGroup Code = 112
	// CodeMalformedList is: A list (CSV) whose header or cells cannot be told apart.
	CodeMalformedList Code = 120
	// CodeDuplicateRow is: Two rows of a list about the same group or system.
	CodeDuplicateRow Code = 121
	// CodeNotImported is: Companies, configurations or contacts are needed that were not imported yet.
	CodeNotImported Code = 130
	// CodeMappedByConfiguration is: A mapping that the configuration decides about.
	CodeMappedByConfiguration Code = 140
	// CodeRepeatedMapping is: A group or system that one request maps more than once.
	CodeRepeatedMapping Code = 141
	// CodeAutoMapOff is: Automatic mapping, which the configuration does not switch on.
	CodeAutoMapOff Code = 142
	// CodeUnknownGroup is: A group that the inventory does not have.
	CodeUnknownGroup Code = 143
	// CodeUncertainSuggestion is: A suggestion that is not certain enough to be accepted.
	CodeUncertainSuggestion Code = 144
	// CodeUnknownPlace is: A place in a list that no page of it gave.
	CodeUnknownPlace Code = 145
	// CodeInsecureReceiver is: The address that is to receive callbacks is not https.
	CodeInsecureReceiver Code = 150
	// CodePrivateReceiver is: The address that is to receive callbacks cannot be reached from ConnectWise: private, loopback or without a domain.
	CodePrivateReceiver Code = 151
	// CodeMissingCallbackSecret is: The connector was given no callback secret.
	CodeMissingCallbackSecret Code = 152
	// CodeCallbackTooLarge is: A callback with a body of more than 1 MiB.
	CodeCallbackTooLarge Code = 153
	// CodeCallbackMalformed is: A callback that has not the form of one.
	CodeCallbackMalformed Code = 154
	// CodeCallbackSecretWrong is: A callback to a path without the right secret.
	CodeCallbackSecretWrong Code = 155
	// CodeCallbackOfAnotherCompany is: A callback of another company's ConnectWise.
	CodeCallbackOfAnotherCompany Code = 156
	// CodeSigningKeyAddress is: A callback whose signing key lies where none of ConnectWise's can lie.
	CodeSigningKeyAddress Code = 157
	// CodeCallbackSignature is: A callback without a signature, or with one that does not fit its body.
	CodeCallbackSignature Code = 158
	// CodeAttachmentRefused is: An attachment that the configuration does not take.
	CodeAttachmentRefused Code = 170
	// CodeAttachmentWaiting is: An attachment that waits for a comment, as the configuration says.
	CodeAttachmentWaiting Code = 171
	// CodeUnknownContact is: A case whose user is none of the company's contacts, where the configuration asks for one.
	CodeUnknownContact Code = 172
	// CodeAmbiguousContact is: An address that more than one contact of the company has.
	CodeAmbiguousContact Code = 173
	// CodeInsecureSite is: The site must be https, or loopback with `allow_insecure_loopback`.
	CodeInsecureSite Code = 200
	// CodeInvalidTemplate is: A template does not compile or render.
	CodeInvalidTemplate Code = 201
	// CodeUnknownField is: A field that does not exist or may not be written.
	CodeUnknownField Code = 202
	// CodeVolatileJoinKey is: A part of the key that joins repeats which differs from one repeat to the next.
	CodeVolatileJoinKey Code = 203
	// CodeUnknownBoard is: A board that the instance does not have.
	CodeUnknownBoard Code = 210
	// CodeUnknownStatus is: A status that the board does not have.
	CodeUnknownStatus Code = 211
	// CodeUnknownType is: A type that the board does not have.
	CodeUnknownType Code = 212
	// CodeUnknownSubtype is: A subtype that the board does not have.
	CodeUnknownSubtype Code = 213
	// CodeUnknownItem is: An item that the board does not have.
	CodeUnknownItem Code = 214
	// CodeUnknownTeam is: A team that the board does not have.
	CodeUnknownTeam Code = 215
	// CodeUnknownPriority is: A priority that the instance does not have.
	CodeUnknownPriority Code = 216
	// CodeUnknownSource is: A source that the instance does not have.
	CodeUnknownSource Code = 217
	// CodeUnknownCustomField is: A custom field that tickets do not have.
	CodeUnknownCustomField Code = 218
	// CodeInactive is: A record that exists but was deactivated.
	CodeInactive Code = 220
	// CodeNotAssociated is: Type, subtype and item that the board does not associate.
	CodeNotAssociated Code = 221
	// CodeUnusableCompany is: A company that does not exist, is deleted, or takes no new tickets.
	CodeUnusableCompany Code = 222
	// CodeUnusableConfiguration is: A device configuration that the company does not have, or has more than once.
	CodeUnusableConfiguration Code = 223
	// CodeReleaseTooOld is: The release lacks what a switched-on feature needs.
	CodeReleaseTooOld Code = 227
	// CodeCredentialExpiry is: The API member's keys end soon, or have ended.
	CodeCredentialExpiry Code = 228
	// CodeMissingRight is: The API member's security role lacks a right that a switched-on feature needs.
	CodeMissingRight Code = 229
	// CodeNotChecked is: Something could not be told by reading, or not now.
	CodeNotChecked Code = 230
	// CodeInactiveCompany is: A company whose status is an inactive one.
	CodeInactiveCompany Code = 231
	// CodeUnmappedPriority is: A priority of the instance that means no case severity.
	CodeUnmappedPriority Code = 232
	// CodeStatusNotClosed is: A status that is meant to close tickets and does not.
	CodeStatusNotClosed Code = 233
	// CodeUnfilledField is: A custom field that tickets must have, and that nothing surely fills.
	CodeUnfilledField Code = 234
	// CodeMissingSubtype is: A kind of case for which a route has no subtype.
	CodeMissingSubtype Code = 235
	// CodeOtherDefaultBoard is: The API member's default board is none of the boards in use.
	CodeOtherDefaultBoard Code = 236
	// CodePersonalKeys is: The keys seem to belong to a person, whose own work would then be taken for casewire's.
	CodePersonalKeys Code = 237
	// CodeOutdatedQuirks is: What is known of the instance's behaviour was learned on another release.
	CodeOutdatedQuirks Code = 238
	// CodeTextCut is: A template's fixed text alone is longer than its field.
	CodeTextCut Code = 239
	// CodePlanOutdated is: The instance or the configuration is no longer as the provision plan was made from.
	CodePlanOutdated Code = 240
	// CodeBacklogAge is: A case has been waiting for longer than `limits.backlog_age`.
	CodeBacklogAge Code = 241
	// CodeFailedCases is: Cases failed for good and wait for someone.
	CodeFailedCases Code = 242
	// CodeDeliveriesWait is: The host has not taken deliveries over for long.
	CodeDeliveriesWait Code = 243
	// CodeInboundStalled is: A way by which tickets come back does not work.
	CodeInboundStalled Code = 244
	// CodeCatalogDrifted is: Boards or tables changed, and routes no longer fit.
	CodeCatalogDrifted Code = 245
	// CodeChangesHeld is: So many tickets changed at once that nobody is told before it is released.
	CodeChangesHeld Code = 246
	// CodeStaleEffect is: The effect id is unknown, was answered before, or was cancelled.
	CodeStaleEffect Code = 300
	// CodeWrongAnswer is: The answer is not of the kind that the effect asked for.
	CodeWrongAnswer Code = 301
	// CodeUnknownOperation is: The operation id is unknown or has finished.
	CodeUnknownOperation Code = 302
	// CodeCancelled is: The operation was cancelled by the host.
	CodeCancelled Code = 303
	// CodeSwitchedOff is: The policy for it is switched off.
	CodeSwitchedOff Code = 304
	// CodeInstanceInUse is: Cases or deliveries of the instance still wait.
	CodeInstanceInUse Code = 305
	// CodeInstanceDeleted is: The instance's records were deleted by this connector.
	CodeInstanceDeleted Code = 306
	// CodeNullPointer is: A pointer that may not be NULL is NULL.
	CodeNullPointer Code = 310
	// CodePoisoned is: The handle met a panic before and can only be freed.
	CodePoisoned Code = 311
	// CodeRejected is: ConnectWise refused the request's content (400).
	CodeRejected Code = 400
	// CodeUnauthorized is: The keys or the company id are wrong (401, or 404 at first contact).
	CodeUnauthorized Code = 401
	// CodeForbidden is: The API member's security role or the client id does not allow it (403).
	CodeForbidden Code = 403
	// CodeNotFound is: The record does not exist (404).
	CodeNotFound Code = 404
	// CodeInUse is: The record is in use (409).
	CodeInUse Code = 409
	// CodeTooLarge is: Too large for the server (413).
	CodeTooLarge Code = 413
	// CodeThrottled is: The budget of requests is spent (429).
	CodeThrottled Code = 429
	// CodeUnknownCompany is: The company id is not known at this site.
	CodeUnknownCompany Code = 430
	// CodeUnknownCodebase is: The codebase could not be found out.
	CodeUnknownCodebase Code = 431
	// CodeSigningKeyUnavailable is: ConnectWise did not give the signing key of a callback.
	CodeSigningKeyUnavailable Code = 432
	// CodeSigningKeyLimited is: Too many signing keys were asked for in the last minute.
	CodeSigningKeyLimited Code = 433
	// CodeCallbacksNotKept is: ConnectWise does not keep the callback registrations as they were asked for.
	CodeCallbacksNotKept Code = 434
	// CodeTooManyCallbacks is: The level asks for more callback registrations than are made.
	CodeTooManyCallbacks Code = 435
	// CodeCallbackHeldByAnother is: Another ConnectWise member holds the same callback registration.
	CodeCallbackHeldByAnother Code = 436
	// CodeUnexpectedAnswer is: The answer is not what the API promises: HTML, empty, truncated or of another form.
	CodeUnexpectedAnswer Code = 440
	// CodeChangeNotMade is: ConnectWise answered 200 to a change and did not make it (API.md section 6.1).
	CodeChangeNotMade Code = 441
	// CodeDuplicateTicket is: More than one ticket bears the case's reference; the oldest is used, the others are left for a person.
	CodeDuplicateTicket Code = 442
	// CodeConsentMissing is: What writes test records into an instance needs a consent that was not given.
	CodeConsentMissing Code = 446
	// CodeTestTicketLeft is: A test ticket could not be closed; the next test tries again.
	CodeTestTicketLeft Code = 447
	// CodeTestStepRefused is: ConnectWise refused a step of the test ticket.
	CodeTestStepRefused Code = 448
	// CodeTestStepUnclear is: A step of the test ticket came to no clear answer.
	CodeTestStepUnclear Code = 449
	// CodeServerFailed is: ConnectWise failed (5xx).
	CodeServerFailed Code = 450
	// CodeNotSent is: The request never left: no address, no connection, or TLS refused.
	CodeNotSent Code = 500
	// CodeUnanswered is: The request may have left, and no answer came.
	CodeUnanswered Code = 501
	// CodeAnswerTooLarge is: The answer is larger than the request allowed.
	CodeAnswerTooLarge Code = 502
	// CodeExpired is: The request was not sent because its time had passed.
	CodeExpired Code = 503
	// CodeTls is: The server's certificate or TLS version was refused.
	CodeTls Code = 504
	// CodeStoreFailed is: The store failed; nothing was sent.
	CodeStoreFailed Code = 600
	// CodeStoreConflict is: Another writer changed the records first, more often than is plausible.
	CodeStoreConflict Code = 601
	// CodeUnreadableRecord is: A record is of a newer version or damaged.
	CodeUnreadableRecord Code = 602
	// CodeNotDelivered is: The host did not take a delivery; it stays in the store.
	CodeNotDelivered Code = 700
	// CodeNotFetched is: The host could not give content that it had named.
	CodeNotFetched Code = 701
	// CodeNotStored is: The host did not store a file from ConnectWise.
	CodeNotStored Code = 702
	// CodeInternal is: A fault of casewire itself.
	CodeInternal Code = 900
)
