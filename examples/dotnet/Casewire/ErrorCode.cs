namespace Casewire
{
    /// <summary>Why a call or an operation failed. A number keeps its meaning for ever; new ones are added.</summary>
    /// <remarks>Generated from include/casewire.h by `cargo xtask header`: change it there.</remarks>
    public enum ErrorCode
    {
        /// <summary>The input is not what was expected; see the faults.</summary>
        InvalidInput = 100,
        /// <summary>The text is not JSON; the message names line and column.</summary>
        MalformedJson = 101,
        /// <summary>A key that no version of the document knows.</summary>
        UnknownKey = 102,
        /// <summary>A key that must be there is not.</summary>
        MissingKey = 103,
        /// <summary>A value of the wrong type, form or range.</summary>
        InvalidValue = 104,
        /// <summary>A value longer than its bound.</summary>
        TooLong = 105,
        /// <summary>A control character where none may stand.</summary>
        ControlCharacter = 106,
        /// <summary>Bytes that are not UTF-8.</summary>
        InvalidUtf8 = 107,
        /// <summary>A severity for which the configuration has no priority.</summary>
        UnmappedSeverity = 110,
        /// <summary>A case status for which the configuration has no ticket status.</summary>
        UnmappedStatus = 111,
        /// <summary>A group without a company, under the policy that refuses it.</summary>
        UnmappedGroup = 112,
        /// <summary>A list (CSV) whose header or cells cannot be told apart.</summary>
        MalformedList = 120,
        /// <summary>Two rows of a list about the same group or system.</summary>
        DuplicateRow = 121,
        /// <summary>Companies, configurations or contacts are needed that were not imported yet.</summary>
        NotImported = 130,
        /// <summary>A mapping that the configuration decides about.</summary>
        MappedByConfiguration = 140,
        /// <summary>A group or system that one request maps more than once.</summary>
        RepeatedMapping = 141,
        /// <summary>Automatic mapping, which the configuration does not switch on.</summary>
        AutoMapOff = 142,
        /// <summary>A group that the inventory does not have.</summary>
        UnknownGroup = 143,
        /// <summary>A suggestion that is not certain enough to be accepted.</summary>
        UncertainSuggestion = 144,
        /// <summary>A place in a list that no page of it gave.</summary>
        UnknownPlace = 145,
        /// <summary>The address that is to receive callbacks is not https.</summary>
        InsecureReceiver = 150,
        /// <summary>The address that is to receive callbacks cannot be reached from ConnectWise: private, loopback or without a domain.</summary>
        PrivateReceiver = 151,
        /// <summary>The connector was given no callback secret.</summary>
        MissingCallbackSecret = 152,
        /// <summary>A callback with a body of more than 1 MiB.</summary>
        CallbackTooLarge = 153,
        /// <summary>A callback that has not the form of one.</summary>
        CallbackMalformed = 154,
        /// <summary>A callback to a path without the right secret.</summary>
        CallbackSecretWrong = 155,
        /// <summary>A callback of another company's ConnectWise.</summary>
        CallbackOfAnotherCompany = 156,
        /// <summary>A callback whose signing key lies where none of ConnectWise's can lie.</summary>
        SigningKeyAddress = 157,
        /// <summary>A callback without a signature, or with one that does not fit its body.</summary>
        CallbackSignature = 158,
        /// <summary>An attachment that the configuration does not take.</summary>
        AttachmentRefused = 170,
        /// <summary>An attachment that waits for a comment, as the configuration says.</summary>
        AttachmentWaiting = 171,
        /// <summary>A case whose user is none of the company's contacts, where the configuration asks for one.</summary>
        UnknownContact = 172,
        /// <summary>An address that more than one contact of the company has.</summary>
        AmbiguousContact = 173,
        /// <summary>The site must be https, or loopback with `allow_insecure_loopback`.</summary>
        InsecureSite = 200,
        /// <summary>A template does not compile or render.</summary>
        InvalidTemplate = 201,
        /// <summary>A field that does not exist or may not be written.</summary>
        UnknownField = 202,
        /// <summary>A part of the key that joins repeats which differs from one repeat to the next.</summary>
        VolatileJoinKey = 203,
        /// <summary>A board that the instance does not have.</summary>
        UnknownBoard = 210,
        /// <summary>A status that the board does not have.</summary>
        UnknownStatus = 211,
        /// <summary>A type that the board does not have.</summary>
        UnknownType = 212,
        /// <summary>A subtype that the board does not have.</summary>
        UnknownSubtype = 213,
        /// <summary>An item that the board does not have.</summary>
        UnknownItem = 214,
        /// <summary>A team that the board does not have.</summary>
        UnknownTeam = 215,
        /// <summary>A priority that the instance does not have.</summary>
        UnknownPriority = 216,
        /// <summary>A source that the instance does not have.</summary>
        UnknownSource = 217,
        /// <summary>A custom field that tickets do not have.</summary>
        UnknownCustomField = 218,
        /// <summary>A record that exists but was deactivated.</summary>
        Inactive = 220,
        /// <summary>Type, subtype and item that the board does not associate.</summary>
        NotAssociated = 221,
        /// <summary>A company that does not exist, is deleted, or takes no new tickets.</summary>
        UnusableCompany = 222,
        /// <summary>A device configuration that the company does not have, or has more than once.</summary>
        UnusableConfiguration = 223,
        /// <summary>The release lacks what a switched-on feature needs.</summary>
        ReleaseTooOld = 227,
        /// <summary>The API member's keys end soon, or have ended.</summary>
        CredentialExpiry = 228,
        /// <summary>The API member's security role lacks a right that a switched-on feature needs.</summary>
        MissingRight = 229,
        /// <summary>Something could not be told by reading, or not now.</summary>
        NotChecked = 230,
        /// <summary>A company whose status is an inactive one.</summary>
        InactiveCompany = 231,
        /// <summary>A priority of the instance that means no case severity.</summary>
        UnmappedPriority = 232,
        /// <summary>A status that is meant to close tickets and does not.</summary>
        StatusNotClosed = 233,
        /// <summary>A custom field that tickets must have, and that nothing surely fills.</summary>
        UnfilledField = 234,
        /// <summary>A kind of case for which a route has no subtype.</summary>
        MissingSubtype = 235,
        /// <summary>The API member's default board is none of the boards in use.</summary>
        OtherDefaultBoard = 236,
        /// <summary>The keys seem to belong to a person, whose own work would then be taken for casewire's.</summary>
        PersonalKeys = 237,
        /// <summary>What is known of the instance's behaviour was learned on another release.</summary>
        OutdatedQuirks = 238,
        /// <summary>A template's fixed text alone is longer than its field.</summary>
        TextCut = 239,
        /// <summary>The instance or the configuration is no longer as the provision plan was made from.</summary>
        PlanOutdated = 240,
        /// <summary>A case has been waiting for longer than `limits.backlog_age`.</summary>
        BacklogAge = 241,
        /// <summary>Cases failed for good and wait for someone.</summary>
        FailedCases = 242,
        /// <summary>The host has not taken deliveries over for long.</summary>
        DeliveriesWait = 243,
        /// <summary>A way by which tickets come back does not work.</summary>
        InboundStalled = 244,
        /// <summary>Boards or tables changed, and routes no longer fit.</summary>
        CatalogDrifted = 245,
        /// <summary>So many tickets changed at once that nobody is told before it is released.</summary>
        ChangesHeld = 246,
        /// <summary>The effect id is unknown, was answered before, or was cancelled.</summary>
        StaleEffect = 300,
        /// <summary>The answer is not of the kind that the effect asked for.</summary>
        WrongAnswer = 301,
        /// <summary>The operation id is unknown or has finished.</summary>
        UnknownOperation = 302,
        /// <summary>The operation was cancelled by the host.</summary>
        Cancelled = 303,
        /// <summary>The policy for it is switched off.</summary>
        SwitchedOff = 304,
        /// <summary>Cases or deliveries of the instance still wait.</summary>
        InstanceInUse = 305,
        /// <summary>The instance's records were deleted by this connector.</summary>
        InstanceDeleted = 306,
        /// <summary>A pointer that may not be NULL is NULL.</summary>
        NullPointer = 310,
        /// <summary>The handle met a panic before and can only be freed.</summary>
        Poisoned = 311,
        /// <summary>ConnectWise refused the request's content (400).</summary>
        Rejected = 400,
        /// <summary>The keys or the company id are wrong (401, or 404 at first contact).</summary>
        Unauthorized = 401,
        /// <summary>The API member's security role or the client id does not allow it (403).</summary>
        Forbidden = 403,
        /// <summary>The record does not exist (404).</summary>
        NotFound = 404,
        /// <summary>The record is in use (409).</summary>
        InUse = 409,
        /// <summary>Too large for the server (413).</summary>
        TooLarge = 413,
        /// <summary>The budget of requests is spent (429).</summary>
        Throttled = 429,
        /// <summary>The company id is not known at this site.</summary>
        UnknownCompany = 430,
        /// <summary>The codebase could not be found out.</summary>
        UnknownCodebase = 431,
        /// <summary>ConnectWise did not give the signing key of a callback.</summary>
        SigningKeyUnavailable = 432,
        /// <summary>Too many signing keys were asked for in the last minute.</summary>
        SigningKeyLimited = 433,
        /// <summary>ConnectWise does not keep the callback registrations as they were asked for.</summary>
        CallbacksNotKept = 434,
        /// <summary>The level asks for more callback registrations than are made.</summary>
        TooManyCallbacks = 435,
        /// <summary>Another ConnectWise member holds the same callback registration.</summary>
        CallbackHeldByAnother = 436,
        /// <summary>The answer is not what the API promises: HTML, empty, truncated or of another form.</summary>
        UnexpectedAnswer = 440,
        /// <summary>ConnectWise answered 200 to a change and did not make it (API.md section 6.1).</summary>
        ChangeNotMade = 441,
        /// <summary>More than one ticket bears the case's reference; the oldest is used, the others are left for a person.</summary>
        DuplicateTicket = 442,
        /// <summary>What writes test records into an instance needs a consent that was not given.</summary>
        ConsentMissing = 446,
        /// <summary>A test ticket could not be closed; the next test tries again.</summary>
        TestTicketLeft = 447,
        /// <summary>ConnectWise refused a step of the test ticket.</summary>
        TestStepRefused = 448,
        /// <summary>A step of the test ticket came to no clear answer.</summary>
        TestStepUnclear = 449,
        /// <summary>ConnectWise failed (5xx).</summary>
        ServerFailed = 450,
        /// <summary>The request never left: no address, no connection, or TLS refused.</summary>
        NotSent = 500,
        /// <summary>The request may have left, and no answer came.</summary>
        Unanswered = 501,
        /// <summary>The answer is larger than the request allowed.</summary>
        AnswerTooLarge = 502,
        /// <summary>The request was not sent because its time had passed.</summary>
        Expired = 503,
        /// <summary>The server's certificate or TLS version was refused.</summary>
        Tls = 504,
        /// <summary>The store failed; nothing was sent.</summary>
        StoreFailed = 600,
        /// <summary>Another writer changed the records first, more often than is plausible.</summary>
        StoreConflict = 601,
        /// <summary>A record is of a newer version or damaged.</summary>
        UnreadableRecord = 602,
        /// <summary>The host did not take a delivery; it stays in the store.</summary>
        NotDelivered = 700,
        /// <summary>The host could not give content that it had named.</summary>
        NotFetched = 701,
        /// <summary>The host did not store a file from ConnectWise.</summary>
        NotStored = 702,
        /// <summary>A fault of casewire itself.</summary>
        Internal = 900,
    }
}
