//! What can be set about an instance, and the behaviours on which sources contradict each other.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::security::ApiMember;

/// The login company of the seeded instance.
pub const COMPANY_ID: &str = "acme";
/// The public key of the seeded API member.
pub const PUBLIC_KEY: &str = "simulator-public";
/// The private key of the seeded API member.
pub const PRIVATE_KEY: &str = "simulator-private";
/// The identifier of the seeded API member, as `_info.updatedBy` shows it.
pub const API_MEMBER: &str = "casewire-api";

/// Settings of an instance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// The login company.
    pub company_id: String,
    /// Scheme and host that links, `SiteUrl` and callback `key_url`s name.
    pub base_url: String,
    /// The API members and their keys and rights.
    pub api_members: Vec<ApiMember>,
    /// The client ids that are served; `None` serves any that is a GUID.
    pub client_ids: Option<BTreeSet<String>>,
    /// The id of the first ticket created.
    pub first_ticket_id: i64,
    /// Requests served in any 60 seconds before `429`; `None` is without limit.
    pub requests_per_minute: Option<u32>,
    /// The seconds that `Retry-After` names when the rate limit is met; `None` computes when the
    /// window has room again.
    pub retry_after_seconds: Option<u32>,
    /// The largest document in bytes; a larger one is `413`.
    pub document_limit: usize,
    /// How many bytes of documents are kept for download in all. Of those beyond it, only length
    /// and digest are known.
    pub document_bytes_kept: usize,
    /// File extensions that are refused, in lower case.
    pub refused_extensions: BTreeSet<String>,
    /// The identifier under which callback payloads sign, one GUID.
    pub signing_key_id: String,
    /// The key that callbacks are signed with.
    pub signing_key: String,
    /// How sources that contradict each other are read.
    pub quirks: Quirks,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            company_id: COMPANY_ID.to_owned(),
            base_url: "https://api-na.myconnectwise.net".to_owned(),
            api_members: vec![ApiMember::seeded()],
            client_ids: None,
            first_ticket_id: 909,
            requests_per_minute: Some(1_000),
            retry_after_seconds: None,
            document_limit: 60 * 1024 * 1024,
            document_bytes_kept: 256 * 1024 * 1024,
            refused_extensions: ["bat", "cmd", "exe", "msi", "vbs"]
                .map(str::to_owned)
                .into(),
            signing_key_id: "0d7d1f3e-6f0b-4a3c-9b7e-5f2f7c1a9e42".to_owned(),
            signing_key: "simulator-signing-key".to_owned(),
            quirks: Quirks::default(),
        }
    }
}

/// The wildcard of `like`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Wildcard {
    /// `*`, as the guide says.
    Star,
    /// `%`, as one on-premises server wants it.
    Percent,
}

/// What a text longer than its field does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TooLong {
    /// `400`.
    Refused,
    /// Stored cut, without a word.
    Truncated,
}

/// What a length counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LengthUnit {
    /// UTF-16 units, as .NET counts.
    Utf16,
    /// Unicode characters.
    Characters,
    /// Bytes of UTF-8.
    Bytes,
}

/// What a PATCH path into an object does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SubPath {
    /// `200`, and nothing changed, as the guide warns.
    FalseSuccess,
    /// The reference is changed, as django-connectwise relies on.
    Applied,
}

/// What a `customFields` array in a body means for fields that it leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum CustomFieldsWrite {
    /// They are cleared: the array must be complete, as the guide says.
    Complete,
    /// They keep their values.
    Merged,
}

/// What moving a ticket to another board does to a status, type, subtype, item or team that the
/// same PATCH does not replace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum BoardChange {
    /// `400`, because they are not of the new board.
    Refused,
    /// The status becomes the new board's default, the others are cleared.
    Reset,
}

/// What linking a configuration a second time does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LinkedTwice {
    /// `400 ObjectExists`.
    Refused,
    /// `201`, and nothing changed.
    Accepted,
}

/// What is appended to a callback's URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum CallbackSuffix {
    /// `{id}&action={action}`, after the guide.
    IdAndAction,
    /// `{id}`, after the samples.
    IdOnly,
}

/// Whose changes a callback with `isSelfSuppressedFlag` keeps silent about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SelfSuppression {
    /// Nobody's: the flag is stored and has no effect.
    Ignored,
    /// Those of the member that made the callback, when the flag is true.
    WhenTrue,
    /// Those of the member that made the callback, when the flag is false.
    WhenFalse,
}

/// What `rel="last"` of a `Link` header names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LastLink {
    /// The last page.
    True,
    /// Nothing: it is left out.
    Missing,
    /// The page before the last one.
    TooSmall,
    /// A page far behind the last one.
    TooLarge,
}

/// How a quote is written within a text of a condition, and whether a backslash means anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum QuoteEscape {
    /// Behind a backslash, and so is a backslash.
    Backslash,
    /// Twice; a backslash is a character like any other.
    Doubled,
    /// Not at all; a backslash is a character like any other.
    None,
}

/// What a PATCH to the name of another board's status does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ForeignStatus {
    /// `400`, as one client met it.
    Refused,
    /// `200`, and nothing changed.
    Ignored,
}

/// Under which name the form of a document is heard to say that it is read-only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ReadOnlyName {
    /// Either.
    Both,
    /// `readOnlyFlag`, as the server's own form has it.
    Flag,
    /// `readOnlyFlay`, as the published document has it.
    Flay,
}

/// Behaviours that sources disagree on, or that are unpublished. The default is what the guide
/// says and, where it is silent, what demands more of a caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Quirks {
    /// `in (…)` is refused with `ApiFindCondition`. Default false.
    pub no_in_operator: bool,
    /// The wildcard of `like`. Default `*`.
    pub wildcard: Wildcard,
    /// Conditions with an ISO time, or with `>=` on a date, find nothing. Default false.
    pub iso_dates_find_nothing: bool,
    /// A PATCH path may begin with a slash. Default true.
    pub patch_leading_slash: bool,
    /// What a PATCH path into an object does. Default a false success.
    pub sub_path: SubPath,
    /// What a `customFields` array means. Default that it is complete.
    pub custom_fields: CustomFieldsWrite,
    /// Wrong keys are answered `404` as on the cloud, not `401`. Default false.
    pub bad_credentials_not_found: bool,
    /// What a text that is too long does. Default `400`.
    pub too_long: TooLong,
    /// What lengths count. Default UTF-16 units.
    pub length_unit: LengthUnit,
    /// Line breaks in multi-line text also become spaces. Default false.
    pub single_line_notes: bool,
    /// What a board change does to what belongs to the old board. Default `400`.
    pub board_change: BoardChange,
    /// A type, subtype and item that are not associated are refused. Default true.
    pub association_checked: bool,
    /// Boards, and statuses, types, subtypes and items of one board, may share a name. Default false.
    pub setup_names_repeat: bool,
    /// What linking a configuration twice does. Default `400 ObjectExists`.
    pub linked_twice: LinkedTwice,
    /// A projection that names an unknown field is `400`; otherwise the name is ignored.
    /// Default true.
    pub unknown_projection_refused: bool,
    /// Lists without `orderBy` that fill more than a page come in another order each time.
    /// Default true.
    pub unordered_lists: bool,
    /// `Link` headers name the host of the user interface. Default false.
    pub links_name_ui_host: bool,
    /// What `rel="last"` names. Default the last page.
    pub last_link: LastLink,
    /// A note or a time entry touches its ticket: `lastUpdated` moves and callbacks fire.
    /// Default true.
    pub notes_touch_ticket: bool,
    /// A closed ticket refuses notes and edits other than its status. Default false.
    pub closed_tickets_locked: bool,
    /// `skipCallback` in a body is honoured. Default false.
    pub skip_callback: bool,
    /// What `isSelfSuppressedFlag` does. Default nothing.
    pub self_suppression: SelfSuppression,
    /// What is appended to a callback's URL. Default record id and action.
    pub callback_suffix: CallbackSuffix,
    /// The callback signing key needs a `clientId` header. Default false.
    pub signing_key_needs_client_id: bool,
    /// A disabled callback stays so, whatever `inactiveFlag` a PATCH sets: only a new one is sent again. Default false.
    pub disabled_callbacks_stay: bool,
    /// `/system/info` answers without credentials. Default false.
    pub open_system_info: bool,
    /// Severity and impact without a priority choose the priority by the SLA's matrix.
    /// Default false.
    pub priority_from_matrix: bool,
    /// A missing inquire right gives an empty list in place of `403`. Default false.
    pub missing_right_is_empty: bool,
    /// A note may carry none of the three flags. Default false.
    pub notes_without_flags: bool,
    /// How a quote is written within a text of a condition. Default behind a backslash.
    pub quote_escape: QuoteEscape,
    /// What a PATCH to the name of another board's status does. Default `400`.
    pub foreign_status: ForeignStatus,
    /// Severity and impact choose the priority by the SLA's matrix even where one is given. Default false.
    pub matrix_wins: bool,
    /// A ticket without a company is taken, for the partner's own. Default false.
    pub company_optional: bool,
    /// The longest identifier of a company. Default 156, as in 2026.4; 25 in 2022.1 and 30 in 2025.1.
    pub company_identifier_length: usize,
    /// `internalFlag` and `externalFlag` of a note say the opposite of its three flags. Default false.
    pub note_flags_contradict: bool,
    /// Under which name a document's read-only flag is heard. Default both.
    pub read_only_name: ReadOnlyName,
    /// `objectId` 0 is refused for the level owner, where it is otherwise stored as 1. Default false.
    pub owner_zero_refused: bool,
    /// Callbacks name their type with a capital and the member by number as `MemberID`, as one receiver expects. Default
    /// false.
    pub callback_capitals: bool,
    /// Callbacks are sent again after any failure, not only after 404, 409, 419 and 429. Default false.
    pub callback_retries_all: bool,
    /// Names that conditions refuse although answers have them, as `template name`, for example
    /// `company/companies/{parentId}/sites defaultFlag`.
    pub refused_names: BTreeSet<String>,
}

impl Default for Quirks {
    fn default() -> Self {
        Self {
            no_in_operator: false,
            wildcard: Wildcard::Star,
            iso_dates_find_nothing: false,
            patch_leading_slash: true,
            sub_path: SubPath::FalseSuccess,
            custom_fields: CustomFieldsWrite::Complete,
            bad_credentials_not_found: false,
            too_long: TooLong::Refused,
            length_unit: LengthUnit::Utf16,
            single_line_notes: false,
            board_change: BoardChange::Refused,
            association_checked: true,
            setup_names_repeat: false,
            linked_twice: LinkedTwice::Refused,
            unknown_projection_refused: true,
            unordered_lists: true,
            links_name_ui_host: false,
            last_link: LastLink::True,
            notes_touch_ticket: true,
            closed_tickets_locked: false,
            skip_callback: false,
            self_suppression: SelfSuppression::Ignored,
            callback_suffix: CallbackSuffix::IdAndAction,
            signing_key_needs_client_id: false,
            disabled_callbacks_stay: false,
            open_system_info: false,
            priority_from_matrix: false,
            missing_right_is_empty: false,
            notes_without_flags: false,
            quote_escape: QuoteEscape::Backslash,
            foreign_status: ForeignStatus::Refused,
            matrix_wins: false,
            company_optional: false,
            company_identifier_length: 156,
            note_flags_contradict: false,
            read_only_name: ReadOnlyName::Both,
            owner_zero_refused: false,
            callback_capitals: false,
            callback_retries_all: false,
            refused_names: ["company/companies/{parentId}/sites addressLine2"]
                .map(str::to_owned)
                .into(),
        }
    }
}
