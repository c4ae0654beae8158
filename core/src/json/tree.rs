use crate::error::{Code, Fault, pointer};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Unexpected, Visitor};
use serde_json::Value;
use std::{borrow::Cow, collections::BTreeSet, fmt};

/// A document, its texts borrowed wherever they hold no escapes.
#[derive(Debug, PartialEq)]
pub(super) enum Tree<'a> {
    Null,
    Bool(bool),
    Natural(u64),
    Negative(i64),
    Fraction(f64),
    Text(Cow<'a, str>),
    List(Vec<Tree<'a>>),
    Object(Vec<(Cow<'a, str>, Tree<'a>)>),
}

impl<'a> Tree<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// Notes each key that stands twice in an object, and leaves the last of them.
    pub(super) fn drop_repeated(&mut self, place: &str, faults: &mut Vec<Fault>) {
        match self {
            Self::List(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    if item.holds_others() {
                        item.drop_repeated(&format!("{place}/{index}"), faults);
                    }
                }
            }
            Self::Object(members) => {
                drop_repeated(members, place, faults);
                for (key, value) in members {
                    if value.holds_others() {
                        value.drop_repeated(&pointer(place, key), faults);
                    }
                }
            }
            _ => {}
        }
    }

    /// As serde names it where something else was expected.
    pub(super) fn unexpected(&self) -> Unexpected<'_> {
        match self {
            Self::Null => Unexpected::Unit,
            Self::Bool(value) => Unexpected::Bool(*value),
            Self::Natural(value) => Unexpected::Unsigned(*value),
            Self::Negative(value) => Unexpected::Signed(*value),
            Self::Fraction(value) => Unexpected::Float(*value),
            Self::Text(text) => Unexpected::Str(text),
            Self::List(_) => Unexpected::Seq,
            Self::Object(_) => Unexpected::Map,
        }
    }

    fn holds_others(&self) -> bool {
        matches!(self, Self::List(_) | Self::Object(_))
    }
}

/// Objects up to this many keys are compared key by key, which is quicker than a set.
const FEW: usize = 16;

fn drop_repeated(
    members: &mut Vec<(Cow<'_, str>, Tree<'_>)>,
    place: &str,
    faults: &mut Vec<Fault>,
) {
    let distinct = if members.len() <= FEW {
        members
            .iter()
            .enumerate()
            .all(|(index, (key, _))| !members.iter().take(index).any(|(other, _)| other == key))
    } else {
        let keys: BTreeSet<&str> = members.iter().map(|(key, _)| key.as_ref()).collect();
        keys.len() == members.len()
    };
    if distinct {
        return;
    }
    let mut seen = BTreeSet::new();
    let mut repeated = BTreeSet::new();
    // From the end, so that the last stays.
    let mut kept: Vec<_> = std::mem::take(members)
        .into_iter()
        .rev()
        .filter(|(key, _)| {
            let first = seen.insert(key.clone());
            if !first {
                repeated.insert(key.clone());
            }
            first
        })
        .collect();
    kept.reverse();
    *members = kept;
    faults.extend(repeated.iter().map(|key| {
        Fault::new(
            Code::InvalidValue,
            pointer(place, key),
            format!(
                "the key '{}' stands here more than once",
                crate::text::cut(key, 60)
            ),
            "Keep one of them",
        )
    }));
}

impl<'a> From<&'a Value> for Tree<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(value), _) => Self::Natural(value),
                (None, Some(value)) => Self::Negative(value),
                (None, None) => Self::Fraction(number.as_f64().unwrap_or_default()),
            },
            Value::String(text) => Self::Text(Cow::Borrowed(text)),
            Value::Array(items) => Self::List(items.iter().map(Self::from).collect()),
            Value::Object(members) => Self::Object(
                members
                    .iter()
                    .map(|(key, value)| (Cow::Borrowed(key.as_str()), Self::from(value)))
                    .collect(),
            ),
        }
    }
}

impl<'de> Deserialize<'de> for Tree<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

macro_rules! leaves {
    ($($visit:ident: $type:ty => $make:expr),+ $(,)?) => {
        $(fn $visit<E: Error>(self, value: $type) -> Result<Self::Value, E> {
            Ok($make(value))
        })+
    };
}

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    leaves! {
        visit_bool: bool => Tree::Bool,
        visit_i64: i64 => Tree::Negative,
        visit_u64: u64 => Tree::Natural,
        visit_f64: f64 => Tree::Fraction,
        visit_borrowed_str: &'de str => |text| Tree::Text(Cow::Borrowed(text)),
        visit_str: &str => |text: &str| Tree::Text(Cow::Owned(text.to_owned())),
    }

    fn visit_unit<E: Error>(self) -> Result<Tree<'de>, E> {
        Ok(Tree::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Tree<'de>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Tree::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Tree<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some((Key(key), value)) = access.next_entry()? {
            members.push((key, value));
        }
        Ok(Tree::Object(members))
    }
}

#[derive(serde::Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);
