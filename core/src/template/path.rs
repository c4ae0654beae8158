//! The names by which templates and field mappings reach into a case: one table for both.

use crate::{
    case::{Case, Comment, System, Visibility},
    nearest::{did_you_mean, listed},
    time::Timestamp,
};
use serde_json::Value;

/// What stands at a path of a case.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Seen<'a> {
    Absent,
    Text(&'a str),
    Time(Timestamp),
    Number(u64),
    Json(&'a Value),
    Record(&'static [Entry], usize),
    List(List),
    CustomFields,
}

/// A list of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum List {
    Tags,
    Macs,
    Ips,
    Artifacts,
    Comments,
    Attachments,
}

/// One name of a record. `index` is the record's place in its list, where it stands in one.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) name: &'static str,
    pub(crate) within: Within,
    pub(crate) read: for<'a> fn(case: &'a Case, index: usize) -> Seen<'a>,
}

/// What can follow a name.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Within {
    Nothing,
    Record(&'static [Entry]),
    List(List),
    Anything,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

const fn leaf(name: &'static str, read: for<'a> fn(&'a Case, usize) -> Seen<'a>) -> Entry {
    Entry {
        name,
        within: Within::Nothing,
        read,
    }
}

const fn entry(
    name: &'static str,
    within: Within,
    read: for<'a> fn(&'a Case, usize) -> Seen<'a>,
) -> Entry {
    Entry { name, within, read }
}

/// The names of a case.
pub(crate) static CASE: &[Entry] = &[
    leaf("id", |case, _| Seen::Text(&case.id)),
    leaf("number", |case, _| optional(case.number.as_ref())),
    leaf("title", |case, _| Seen::Text(&case.title)),
    leaf("description", |case, _| Seen::Text(&case.description)),
    leaf("severity", |case, _| Seen::Text(&case.severity)),
    leaf("category", |case, _| optional(case.category.as_ref())),
    leaf("kind", |case, _| optional(case.kind.as_ref())),
    leaf("status", |case, _| Seen::Text(&case.status)),
    entry("group", Within::Record(GROUP), |_, _| {
        Seen::Record(GROUP, 0)
    }),
    entry("system", Within::Record(SYSTEM), |case, _| {
        present(case.system.is_some(), SYSTEM)
    }),
    entry("user", Within::Record(USER), |case, _| {
        present(case.user.is_some(), USER)
    }),
    leaf("created_at", |case, _| Seen::Time(case.created_at)),
    leaf("updated_at", |case, _| Seen::Time(case.updated_at)),
    leaf("cleared_at", |case, _| time(case.cleared_at)),
    leaf("close_reason", |case, _| {
        optional(case.close_reason.as_ref())
    }),
    leaf("incident", |case, _| optional(case.incident.as_ref())),
    leaf("added_by", |case, _| optional(case.added_by.as_ref())),
    entry("tags", Within::List(List::Tags), |_, _| {
        Seen::List(List::Tags)
    }),
    entry("artifacts", Within::List(List::Artifacts), |_, _| {
        Seen::List(List::Artifacts)
    }),
    entry("comments", Within::List(List::Comments), |_, _| {
        Seen::List(List::Comments)
    }),
    entry("attachments", Within::List(List::Attachments), |_, _| {
        Seen::List(List::Attachments)
    }),
    entry("custom_fields", Within::Anything, |_, _| Seen::CustomFields),
];

static GROUP: &[Entry] = &[
    leaf("id", |case, _| Seen::Text(&case.group.id)),
    leaf("name", |case, _| optional(case.group.name.as_ref())),
    leaf("email", |case, _| optional(case.group.email.as_ref())),
];

static SYSTEM: &[Entry] = &[
    leaf("id", |case, _| system(case, |system| Some(&system.id))),
    leaf("name", |case, _| {
        system(case, |system| system.name.as_ref())
    }),
    leaf("os", |case, _| system(case, |system| system.os.as_ref())),
    entry("macs", Within::List(List::Macs), |_, _| {
        Seen::List(List::Macs)
    }),
    entry("ips", Within::List(List::Ips), |_, _| Seen::List(List::Ips)),
    leaf("serial_number", |case, _| {
        system(case, |system| system.serial_number.as_ref())
    }),
];

static USER: &[Entry] = &[
    leaf("name", |case, _| {
        optional(case.user.as_ref().map(|user| &user.name))
    }),
    leaf("domain", |case, _| {
        optional(case.user.as_ref().and_then(|user| user.domain.as_ref()))
    }),
    leaf("email", |case, _| {
        optional(case.user.as_ref().and_then(|user| user.email.as_ref()))
    }),
];

static ARTIFACT: &[Entry] = &[
    leaf("type", |case, at| {
        optional(case.artifacts.get(at).map(|artifact| &artifact.kind))
    }),
    leaf("value", |case, at| {
        optional(case.artifacts.get(at).map(|artifact| &artifact.value))
    }),
];

static COMMENT: &[Entry] = &[
    leaf("id", |case, at| {
        comment(case, at, |comment| Some(&comment.id))
    }),
    leaf("text", |case, at| {
        comment(case, at, |comment| Some(&comment.text))
    }),
    leaf("author", |case, at| {
        comment(case, at, |comment| comment.author.as_ref())
    }),
    leaf("visibility", |case, at| {
        case.comments.get(at).map_or(Seen::Absent, |comment| {
            Seen::Text(visibility(comment.visibility))
        })
    }),
    leaf("created_at", |case, at| {
        time(case.comments.get(at).map(|comment| comment.created_at))
    }),
    leaf("people_contacted", |case, at| {
        comment(case, at, |comment| comment.people_contacted.as_ref())
    }),
    leaf("investigation_procedure", |case, at| {
        comment(case, at, |comment| comment.investigation_procedure.as_ref())
    }),
    leaf("actions_taken", |case, at| {
        comment(case, at, |comment| comment.actions_taken.as_ref())
    }),
    leaf("impact_determined", |case, at| {
        comment(case, at, |comment| comment.impact_determined.as_ref())
    }),
    leaf("recommendations", |case, at| {
        comment(case, at, |comment| comment.recommendations.as_ref())
    }),
];

static ATTACHMENT: &[Entry] = &[
    leaf("id", |case, at| {
        optional(case.attachments.get(at).map(|file| &file.id))
    }),
    leaf("title", |case, at| {
        optional(
            case.attachments
                .get(at)
                .and_then(|file| file.title.as_ref()),
        )
    }),
    leaf("file_name", |case, at| {
        optional(case.attachments.get(at).map(|file| &file.file_name))
    }),
    leaf("size", |case, at| {
        case.attachments
            .get(at)
            .map_or(Seen::Absent, |file| Seen::Number(file.size))
    }),
    leaf("created_at", |case, at| {
        time(case.attachments.get(at).and_then(|file| file.created_at))
    }),
];

impl List {
    /// The names of its elements, where they are records.
    pub(crate) fn entries(self) -> Option<&'static [Entry]> {
        match self {
            Self::Tags | Self::Macs | Self::Ips => None,
            Self::Artifacts => Some(ARTIFACT),
            Self::Comments => Some(COMMENT),
            Self::Attachments => Some(ATTACHMENT),
        }
    }

    pub(crate) fn len(self, case: &Case) -> usize {
        match self {
            Self::Tags => case.tags.len(),
            Self::Macs => case.system.as_ref().map_or(0, |system| system.macs.len()),
            Self::Ips => case.system.as_ref().map_or(0, |system| system.ips.len()),
            Self::Artifacts => case.artifacts.len(),
            Self::Comments => case.comments.len(),
            Self::Attachments => case.attachments.len(),
        }
    }

    pub(crate) fn at(self, case: &Case, index: usize) -> Seen<'_> {
        if let Some(entries) = self.entries() {
            return if index < self.len(case) {
                Seen::Record(entries, index)
            } else {
                Seen::Absent
            };
        }
        match self {
            Self::Tags => optional(case.tags.get(index)),
            Self::Macs => system(case, |system| system.macs.get(index)),
            _ => system(case, |system| system.ips.get(index)),
        }
    }
}

/// A path such as `case.system.name`, resolved once.
#[derive(Debug)]
pub(crate) enum Path {
    Entry(&'static Entry),
    Custom(Vec<String>),
}

impl Path {
    /// Resolves a dotted path; what follows `case.custom_fields` is the host's and not checked.
    ///
    /// # Errors
    /// The part that is not known, and the fix for it.
    pub(crate) fn parse(text: &str) -> Result<Self, Unknown> {
        let mut names = text.split('.').map(str::trim);
        if names.next() != Some("case") {
            return Err(Unknown {
                name: text.to_owned(),
                fix: "Begin the path with 'case.', as in case.severity".to_owned(),
            });
        }
        let mut entries = CASE;
        let mut found: Option<&'static Entry> = None;
        while let Some(name) = names.next() {
            let entry = find(entries, name)?;
            match entry.within {
                Within::Anything => {
                    let rest: Vec<String> = names.map(str::to_owned).collect();
                    return Ok(if rest.is_empty() {
                        Self::Entry(entry)
                    } else {
                        Self::Custom(rest)
                    });
                }
                Within::Record(next) => entries = next,
                Within::List(_) | Within::Nothing => entries = &[],
            }
            found = Some(entry);
        }
        found.map(Self::Entry).ok_or_else(|| Unknown {
            name: text.to_owned(),
            fix: format!("Name one of: {}", listed(&names_of(CASE))),
        })
    }

    /// Whether it names one value rather than a record or a list.
    pub(crate) fn is_value(&self) -> bool {
        match self {
            Self::Entry(entry) => matches!(entry.within, Within::Nothing),
            Self::Custom(_) => true,
        }
    }

    pub(crate) fn read<'a>(&self, case: &'a Case) -> Seen<'a> {
        match self {
            Self::Entry(entry) => (entry.read)(case, 0),
            Self::Custom(names) => custom(case, names),
        }
    }
}

/// A name that a record does not have.
#[derive(Debug)]
pub(crate) struct Unknown {
    pub(crate) name: String,
    pub(crate) fix: String,
}

pub(crate) fn find(entries: &'static [Entry], name: &str) -> Result<&'static Entry, Unknown> {
    entries
        .iter()
        .find(|entry| entry.name == name)
        .ok_or_else(|| {
            let known = names_of(entries);
            Unknown {
                name: name.to_owned(),
                fix: if known.is_empty() {
                    "Nothing can be named within this value; filters are written with a bar, as in case.title|upper".to_owned()
                } else {
                    format!(
                        "{}Known names: {}",
                        did_you_mean(name, &known),
                        listed(&known)
                    )
                },
            }
        })
}

fn names_of(entries: &'static [Entry]) -> Vec<&'static str> {
    entries.iter().map(|entry| entry.name).collect()
}

fn custom<'a>(case: &'a Case, names: &[String]) -> Seen<'a> {
    let Some((first, rest)) = names.split_first() else {
        return Seen::CustomFields;
    };
    let value = case.custom_fields.get(first).and_then(|value| {
        rest.iter().try_fold(value, |value, name| match value {
            Value::Object(object) => object.get(name),
            Value::Array(items) => name.parse::<usize>().ok().and_then(|at| items.get(at)),
            _ => None,
        })
    });
    value.map_or(Seen::Absent, Seen::Json)
}

fn optional(text: Option<&String>) -> Seen<'_> {
    text.map_or(Seen::Absent, |text| Seen::Text(text))
}

fn time<'a>(time: Option<Timestamp>) -> Seen<'a> {
    time.map_or(Seen::Absent, Seen::Time)
}

fn present<'a>(there: bool, entries: &'static [Entry]) -> Seen<'a> {
    if there {
        Seen::Record(entries, 0)
    } else {
        Seen::Absent
    }
}

fn system(case: &Case, read: impl for<'a> Fn(&'a System) -> Option<&'a String>) -> Seen<'_> {
    optional(case.system.as_ref().and_then(read))
}

fn comment(
    case: &Case,
    at: usize,
    read: impl for<'a> Fn(&'a Comment) -> Option<&'a String>,
) -> Seen<'_> {
    optional(case.comments.get(at).and_then(read))
}

fn visibility(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Internal => "internal",
        Visibility::Discussion => "discussion",
        Visibility::Resolution => "resolution",
    }
}
