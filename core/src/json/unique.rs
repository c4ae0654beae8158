use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::{borrow::Cow, collections::BTreeSet, fmt};

/// Whether no object of the document has a key twice.
pub(super) fn holds(text: &str) -> bool {
    serde_json::from_str::<Scan>(text).is_ok()
}

/// A document as a tree, with a note of each key that stands twice.
#[derive(Debug)]
pub(super) enum Tree {
    Leaf(Value),
    List(Vec<Tree>),
    Object {
        members: Vec<(String, Tree)>,
        repeated: BTreeSet<String>,
    },
}

impl Tree {
    /// The plain value; of a repeated key the last.
    pub(super) fn into_value(self) -> Value {
        match self {
            Self::Leaf(value) => value,
            Self::List(items) => items.into_iter().map(Self::into_value).collect(),
            Self::Object { members, .. } => Value::Object(
                members
                    .into_iter()
                    .map(|(key, value)| (key, value.into_value()))
                    .collect::<Map<_, _>>(),
            ),
        }
    }
}

struct Scan;

impl<'de> Deserialize<'de> for Scan {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScanVisitor)
    }
}

struct ScanVisitor;

macro_rules! leaves {
    ($($visit:ident: $type:ty => $make:expr),+ $(,)?) => {
        $(fn $visit<E: Error>(self, value: $type) -> Result<Self::Value, E> {
            Ok($make(value))
        })+
    };
}

#[derive(serde::Deserialize, PartialEq, Eq, PartialOrd, Ord)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// Objects up to this many keys are compared key by key, which is quicker than a set.
const FEW: usize = 16;

impl<'de> Visitor<'de> for ScanVisitor {
    type Value = Scan;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    leaves! {
        visit_bool: bool => |_| Scan,
        visit_i64: i64 => |_| Scan,
        visit_u64: u64 => |_| Scan,
        visit_f64: f64 => |_| Scan,
        visit_str: &str => |_| Scan,
    }

    fn visit_unit<E: Error>(self) -> Result<Scan, E> {
        Ok(Scan)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Scan, A::Error> {
        while items.next_element::<Scan>()?.is_some() {}
        Ok(Scan)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Scan, A::Error> {
        let mut few: Vec<Key<'de>> = Vec::new();
        let mut many: BTreeSet<Key<'de>> = BTreeSet::new();
        while let Some(key) = members.next_key::<Key<'de>>()? {
            let repeated = if few.len() < FEW {
                few.contains(&key)
            } else {
                few.contains(&key) || many.contains(&key)
            };
            if repeated {
                return Err(A::Error::custom("repeated key"));
            }
            if few.len() < FEW {
                few.push(key);
            } else {
                many.insert(key);
            }
            members.next_value::<Scan>()?;
        }
        Ok(Scan)
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    leaves! {
        visit_bool: bool => |value| Tree::Leaf(Value::from(value)),
        visit_i64: i64 => |value| Tree::Leaf(Value::from(value)),
        visit_u64: u64 => |value| Tree::Leaf(Value::from(value)),
        visit_f64: f64 => |value| Tree::Leaf(Value::from(value)),
        visit_str: &str => |value| Tree::Leaf(Value::from(value)),
        visit_string: String => |value| Tree::Leaf(Value::from(value)),
    }

    fn visit_unit<E: Error>(self) -> Result<Tree, E> {
        Ok(Tree::Leaf(Value::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Tree, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Tree::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Tree, A::Error> {
        let mut members = Vec::new();
        let mut seen = BTreeSet::new();
        let mut repeated = BTreeSet::new();
        while let Some((key, value)) = access.next_entry::<String, Tree>()? {
            if !seen.insert(key.clone()) {
                repeated.insert(key.clone());
            }
            members.push((key, value));
        }
        Ok(Tree::Object { members, repeated })
    }
}
