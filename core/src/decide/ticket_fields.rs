//! The fields of a ticket: what they hold, and who writes them.

use crate::{
    nearest::{did_you_mean, listed},
    quirks::LengthUnit,
    text::{cut, length_by},
    time::Timestamp,
};
use serde_json::{Value, json};
use std::borrow::Cow;

/// A field of ConnectWise's Ticket, model version 2025.1 (API.md section 7).
#[derive(Debug)]
pub(crate) struct TicketField {
    /// ConnectWise's name.
    pub(crate) name: &'static str,
    /// What it holds.
    pub(crate) holds: Holds,
    /// Who writes it; a field mapping may only write [`Writer::Mapping`].
    pub(crate) writer: Writer,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    /// One line of at most so many characters.
    Text(usize),
    /// A text of several lines.
    MultiLine,
    /// True or false.
    Bool,
    /// A whole number of 32 bits.
    Integer,
    /// A number.
    Decimal,
    /// A point in time, in whole seconds (API.md section 15).
    Date,
    /// One of these words.
    Enum(&'static [&'static str]),
    /// Another record, named by `id` or by the key that stands here.
    Reference(&'static str),
    /// A list of short texts.
    Texts,
    /// The custom fields, which have a mapping of their own.
    CustomFields,
    /// An open object.
    Object,
}

/// Who writes a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Writer {
    /// A field mapping.
    Mapping,
    /// casewire, as another part of the configuration says; what to do instead stands here.
    Casewire(&'static str),
    /// ConnectWise alone.
    ConnectWise,
}

const LEVELS: &[&str] = &["Low", "Medium", "High"];
const BILLING: &[&str] = &["ActualRates", "FixedFee", "NotToExceed", "OverrideRate"];
const BILLABLE: &[&str] = &["Billable", "DoNotBill", "NoCharge", "NoDefault"];

/// Texts without a published limit are held to this.
const UNPUBLISHED: usize = 250;

use Holds::{
    Bool, CustomFields, Date, Decimal, Enum, Integer, MultiLine, Object, Reference, Text, Texts,
};

const fn mapped(name: &'static str, holds: Holds) -> TicketField {
    TicketField {
        name,
        holds,
        writer: Writer::Mapping,
    }
}

const fn ours(name: &'static str, holds: Holds, instead: &'static str) -> TicketField {
    TicketField {
        name,
        holds,
        writer: Writer::Casewire(instead),
    }
}

const fn theirs(name: &'static str, holds: Holds) -> TicketField {
    TicketField {
        name,
        holds,
        writer: Writer::ConnectWise,
    }
}

const BY_ROUTE: &str = "It is set by the route; change 'routes'";

/// Every field, in the published order.
pub(crate) static FIELDS: &[TicketField] = &[
    theirs("id", Integer),
    ours("summary", Text(100), "It is set by 'ticket.summary'"),
    ours(
        "recordType",
        Enum(&["ProjectIssue", "ProjectTicket", "ServiceTicket"]),
        "Tickets are always ServiceTicket; leave it out",
    ),
    ours("board", Reference("name"), BY_ROUTE),
    ours(
        "status",
        Reference("name"),
        "It is set by the route and 'status_map'",
    ),
    mapped("workRole", Reference("name")),
    mapped("workType", Reference("name")),
    ours(
        "company",
        Reference("identifier"),
        "It is set by 'companies.map'",
    ),
    mapped("site", Reference("name")),
    mapped("siteName", Text(156)),
    mapped("addressLine1", Text(50)),
    mapped("addressLine2", Text(50)),
    mapped("city", Text(50)),
    mapped("stateIdentifier", Text(50)),
    mapped("zip", Text(12)),
    mapped("country", Reference("name")),
    ours(
        "contact",
        Reference("name"),
        "It is set by the case's user and 'ticket.contact'",
    ),
    mapped("contactName", Text(62)),
    mapped("contactPhoneNumber", Text(20)),
    mapped("contactPhoneExtension", Text(15)),
    mapped("contactEmailAddress", Text(250)),
    ours("type", Reference("name"), BY_ROUTE),
    ours("subType", Reference("name"), BY_ROUTE),
    ours("item", Reference("name"), BY_ROUTE),
    ours("team", Reference("name"), BY_ROUTE),
    mapped("owner", Reference("identifier")),
    ours(
        "priority",
        Reference("name"),
        "It is set by 'priority_map', or by the route's 'priority'",
    ),
    mapped("serviceLocation", Reference("name")),
    ours("source", Reference("name"), BY_ROUTE),
    mapped("requiredDate", Date),
    mapped("budgetHours", Decimal),
    mapped("opportunity", Reference("name")),
    theirs("agreement", Reference("name")),
    theirs("agreementType", Text(UNPUBLISHED)),
    mapped("severity", Enum(LEVELS)),
    mapped("impact", Enum(LEVELS)),
    ours(
        "externalXRef",
        Text(100),
        "It holds the reference by which a ticket is found again; use 'poNumber' or a custom field",
    ),
    mapped("poNumber", Text(50)),
    mapped("knowledgeBaseCategoryId", Integer),
    mapped("knowledgeBaseSubCategoryId", Integer),
    mapped("allowAllClientsPortalView", Bool),
    mapped("customerUpdatedFlag", Bool),
    mapped("automaticEmailContactFlag", Bool),
    mapped("automaticEmailResourceFlag", Bool),
    mapped("automaticEmailCcFlag", Bool),
    mapped("automaticEmailCc", Text(1000)),
    ours(
        "initialDescription",
        MultiLine,
        "It is set by 'ticket.initial_description'",
    ),
    ours(
        "initialInternalAnalysis",
        MultiLine,
        "It is set by 'ticket.initial_internal_analysis'",
    ),
    mapped("initialResolution", MultiLine),
    mapped("initialDescriptionFrom", Text(UNPUBLISHED)),
    mapped("contactEmailLookup", Text(UNPUBLISHED)),
    mapped("processNotifications", Bool),
    ours(
        "skipCallback",
        Bool,
        "casewire tells its own changes apart by itself; leave it out",
    ),
    theirs("closedDate", Date),
    theirs("closedBy", Text(UNPUBLISHED)),
    theirs("closedFlag", Bool),
    theirs("actualHours", Decimal),
    mapped("approved", Bool),
    mapped("estimatedExpenseCost", Decimal),
    mapped("estimatedExpenseRevenue", Decimal),
    mapped("estimatedProductCost", Decimal),
    mapped("estimatedProductRevenue", Decimal),
    mapped("estimatedTimeCost", Decimal),
    mapped("estimatedTimeRevenue", Decimal),
    mapped("billingMethod", Enum(BILLING)),
    mapped("billingAmount", Decimal),
    mapped("hourlyRate", Decimal),
    mapped("subBillingMethod", Enum(BILLING)),
    mapped("subBillingAmount", Decimal),
    mapped("subDateAccepted", Date),
    theirs("dateResolved", Date),
    theirs("dateResplan", Date),
    theirs("dateResponded", Date),
    theirs("resolveMinutes", Integer),
    theirs("resPlanMinutes", Integer),
    theirs("respondMinutes", Integer),
    theirs("respondByGoalUTC", Date),
    theirs("resplanGoalUTC", Date),
    theirs("resolutionGoalUTC", Date),
    theirs("escalationLastUpdateMinutes", Integer),
    theirs("isInSla", Bool),
    mapped("knowledgeBaseLinkId", Integer),
    theirs("resources", Text(UNPUBLISHED)),
    mapped("parentTicketId", Integer),
    theirs("hasChildTicket", Bool),
    theirs("hasMergedChildTicketFlag", Bool),
    mapped(
        "knowledgeBaseLinkType",
        Enum(&[
            "Activity",
            "ProjectIssue",
            "KnowledgeBaseArticle",
            "ProjectTicket",
            "ServiceTicket",
            "Time",
        ]),
    ),
    mapped("billTime", Enum(BILLABLE)),
    mapped("billExpenses", Enum(BILLABLE)),
    mapped("billProducts", Enum(BILLABLE)),
    mapped("predecessorType", Enum(&["Ticket", "Phase"])),
    mapped("predecessorId", Integer),
    mapped("predecessorClosedFlag", Bool),
    mapped("lagDays", Integer),
    mapped("lagNonworkingDaysFlag", Bool),
    mapped("estimatedStartDate", Date),
    mapped("duration", Integer),
    mapped("location", Reference("name")),
    mapped("department", Reference("name")),
    theirs("mobileGuid", Text(36)),
    theirs("sla", Reference("name")),
    theirs("slaStatus", Text(UNPUBLISHED)),
    mapped("requestForChangeFlag", Bool),
    mapped("currency", Reference("name")),
    theirs("mergedParentTicket", Reference("summary")),
    mapped("integratorTags", Texts),
    theirs("_info", Object),
    theirs("escalationStartDateUTC", Date),
    theirs("escalationLevel", Integer),
    theirs("minutesBeforeWaiting", Integer),
    theirs("respondedSkippedMinutes", Integer),
    theirs("resplanSkippedMinutes", Integer),
    theirs("respondedHours", Decimal),
    theirs("respondedBy", Text(UNPUBLISHED)),
    theirs("resplanHours", Decimal),
    theirs("resplanBy", Text(UNPUBLISHED)),
    theirs("resolutionHours", Decimal),
    theirs("resolvedBy", Text(UNPUBLISHED)),
    theirs("minutesWaiting", Integer),
    ours(
        "customFields",
        CustomFields,
        "Use 'custom_field' with the caption instead of 'field'",
    ),
];

/// The field of a name, exactly as ConnectWise writes it.
pub(crate) fn field(name: &str) -> Option<&'static TicketField> {
    FIELDS.iter().find(|field| field.name == name)
}

/// The names that a field mapping may write.
pub(crate) fn writable() -> Vec<&'static str> {
    FIELDS
        .iter()
        .filter(|field| field.writer == Writer::Mapping)
        .map(|field| field.name)
        .collect()
}

/// Why a value does not fit a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Misfit {
    /// It is longer than the field's limit.
    TooLong { limit: usize },
    /// It is of another type or form; what is wrong and the fix.
    Wrong { message: String, fix: String },
}

impl Holds {
    /// The value in the form in which the field takes it; null and blank texts are `None`.
    ///
    /// # Errors
    /// Where the value cannot be brought into that form.
    pub(crate) fn fit(self, value: &Value) -> Result<Option<Value>, Misfit> {
        self.fit_by(LengthUnit::Utf16, value)
    }

    /// The value as [`fit`](Self::fit) gives it, with limits that count another unit.
    ///
    /// # Errors
    /// As [`fit`](Self::fit).
    pub(crate) fn fit_by(self, unit: LengthUnit, value: &Value) -> Result<Option<Value>, Misfit> {
        let text = match value {
            Value::Null => return Ok(None),
            Value::String(text) if text.trim().is_empty() => return Ok(None),
            Value::String(text) => Some(text.trim()),
            _ => None,
        };
        let wrong = || Misfit::Wrong {
            message: format!("{} is not {}", cut(&value.to_string(), 60), self.said()),
            fix: format!("Give {}", self.said()),
        };
        let fitting = match self {
            Self::Text(limit) => {
                let line = crate::text::single_line(&plain(value).ok_or_else(wrong)?);
                if length_by(unit, &line) > limit {
                    return Err(Misfit::TooLong { limit });
                }
                return Ok((!line.is_empty()).then(|| Value::from(line)));
            }
            Self::MultiLine => {
                let lines = crate::text::lines(plain(value).ok_or_else(wrong)?);
                return Ok((!lines.is_empty()).then(|| Value::from(lines)));
            }
            Self::Bool => match (value, text) {
                (Value::Bool(_), _) => Some(value.clone()),
                (_, Some(text)) if text.eq_ignore_ascii_case("true") => Some(Value::from(true)),
                (_, Some(text)) if text.eq_ignore_ascii_case("false") => Some(Value::from(false)),
                _ => None,
            },
            Self::Integer => value
                .as_i64()
                .or_else(|| text?.parse().ok())
                .and_then(|number| i32::try_from(number).ok())
                .map(Value::from),
            Self::Decimal => match (value, text) {
                (Value::Number(_), _) => Some(value.clone()),
                (_, Some(text)) => text
                    .parse::<f64>()
                    .ok()
                    .filter(|number| number.is_finite())
                    .map(Value::from),
                _ => None,
            },
            Self::Date => text
                .and_then(|text| text.parse::<Timestamp>().ok())
                .map(|time| Timestamp::from_millis(time.millis().div_euclid(1000) * 1000))
                .map(|time| Value::from(time.to_string())),
            Self::Enum(words) => text.and_then(|text| {
                words
                    .iter()
                    .find(|word| word.eq_ignore_ascii_case(text))
                    .map(|word| Value::from(*word))
            }),
            Self::Reference(key) => match value {
                Value::Object(object) if names_a_record(object) => Some(value.clone()),
                Value::Number(number) => number.as_u64().map(|id| json!({ "id": id })),
                _ => text.map(|text| json!({ key: text })),
            },
            Self::Texts => match value {
                Value::Array(items) if items.iter().all(Value::is_string) => Some(value.clone()),
                _ => text.map(|text| json!([text])),
            },
            Self::CustomFields | Self::Object => None,
        };
        fitting.map(Some).ok_or_else(|| match (self, text) {
            (Self::Enum(words), Some(text)) => Misfit::Wrong {
                message: format!("'{}' is none of the values of this field", cut(text, 60)),
                fix: format!(
                    "{}Give one of: {}",
                    did_you_mean(text, words),
                    listed(words)
                ),
            },
            _ => wrong(),
        })
    }

    /// What the field holds, in words.
    pub(crate) fn said(self) -> String {
        match self {
            Self::Text(limit) => format!("a text of at most {limit} characters"),
            Self::MultiLine => "a text".to_owned(),
            Self::Bool => "true or false".to_owned(),
            Self::Integer => "a whole number".to_owned(),
            Self::Decimal => "a number".to_owned(),
            Self::Date => "a time such as 2019-02-11T01:07:14Z".to_owned(),
            Self::Enum(words) => format!("one of {}", listed(words)),
            Self::Reference(key) => format!("a record's {key}, or {{\"id\": number}}"),
            Self::Texts => "a list of texts".to_owned(),
            Self::CustomFields | Self::Object => "an object".to_owned(),
        }
    }
}

fn plain(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(_) | Value::Bool(_) => Some(Cow::Owned(value.to_string())),
        _ => None,
    }
}

fn names_a_record(object: &serde_json::Map<String, Value>) -> bool {
    object.len() == 1
        && object.iter().all(|(key, value)| match key.as_str() {
            "id" => value.as_u64().is_some_and(|id| id > 0),
            "name" | "identifier" => value.as_str().is_some_and(|text| !text.trim().is_empty()),
            _ => false,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_that_of_the_published_document() {
        let Some(text) = crate::shared::text("connectwise/fields.json") else {
            return;
        };
        let document: Value = serde_json::from_str(&text).unwrap();
        let published = document["Ticket"]["fields"].as_object().unwrap();
        assert_eq!(published.len(), FIELDS.len());
        for field in FIELDS {
            let facts = &published[field.name];
            let kind = facts["type"].as_str().unwrap();
            let limit = facts["maxLength"].as_u64();
            let fits = match field.holds {
                Text(max) => kind == "string" && limit.is_none_or(|limit| limit == max as u64),
                MultiLine | Date => kind == "string" && limit.is_none(),
                Bool => kind == "boolean",
                Integer => kind == "integer",
                Decimal => kind == "number",
                Enum(words) => facts["enum"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|word| word.as_str().unwrap())
                    .eq(words.iter().copied()),
                Reference(_) => kind.starts_with("ref:"),
                Texts | CustomFields => kind.starts_with("array<"),
                Object => kind == "object",
            };
            assert!(fits, "{}: {facts}", field.name);
            if facts["readOnly"] == true {
                assert_eq!(field.writer, Writer::ConnectWise, "{}", field.name);
            }
        }
    }

    #[test]
    fn names_are_unique() {
        let mut names: Vec<_> = FIELDS.iter().map(|field| field.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), FIELDS.len());
    }

    #[test]
    fn values_are_brought_into_the_field_s_form() {
        for (holds, given, fitting) in [
            (Text(5), json!(" a\nb "), Some(json!("a b"))),
            (Text(5), json!(12345), Some(json!("12345"))),
            (Text(5), json!("  "), None),
            (MultiLine, json!("a\r\nb"), Some(json!("a\nb"))),
            (Bool, json!("True"), Some(json!(true))),
            (Integer, json!("12"), Some(json!(12))),
            (Decimal, json!("1.5"), Some(json!(1.5))),
            (
                Date,
                json!("2019-02-11T01:07:14.567+01:00"),
                Some(json!("2019-02-11T00:07:14Z")),
            ),
            (Enum(LEVELS), json!("high"), Some(json!("High"))),
            (
                Reference("name"),
                json!("Tampa"),
                Some(json!({"name": "Tampa"})),
            ),
            (Reference("name"), json!(7), Some(json!({"id": 7}))),
            (Reference("name"), json!({"id": 7}), Some(json!({"id": 7}))),
            (Texts, json!("a"), Some(json!(["a"]))),
            (Integer, json!(null), None),
        ] {
            assert_eq!(holds.fit(&given).unwrap(), fitting, "{holds:?} {given}");
        }
        for (holds, given) in [
            (Bool, json!("yes")),
            (Integer, json!(1.5)),
            (Integer, json!(3_000_000_000_i64)),
            (Decimal, json!("NaN")),
            (Date, json!("yesterday")),
            (Enum(LEVELS), json!("critical")),
            (Reference("name"), json!({"id": 7, "name": "x"})),
            (Text(5), json!("123456")),
            (Text(5), json!([1])),
            (Texts, json!([1])),
        ] {
            assert!(holds.fit(&given).is_err(), "{holds:?} {given}");
        }
    }
}
