use super::problem::{Kind, Problem};
use crate::error::pointer;
use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, Error, IntoDeserializer, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};
use serde_json::Value;
use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
};

/// An unknown key's place and the keys that are known there.
type Unknown = (String, &'static [&'static str]);

/// What was put right so far, so that the next reading gets further.
#[derive(Debug, Default)]
pub(super) struct Repairs {
    /// Places at which something harmless stands instead, and how many things were tried there.
    replaced: RefCell<BTreeMap<String, usize>>,
    /// Keys that are added to the object at a place.
    supplied: BTreeMap<String, BTreeSet<&'static str>>,
    /// Whether a whole object or list was replaced in the last reading.
    large: Cell<bool>,
    /// Unknown keys of the last reading.
    pub(super) unknown: RefCell<Vec<Unknown>>,
    /// The key that says which choice the whole document is, where it stands among the choice's own keys.
    tag: Option<&'static str>,
}

impl Repairs {
    /// None so far, of a document with that tag.
    pub(super) fn of(tag: Option<&'static str>) -> Self {
        Self {
            tag,
            ..Self::default()
        }
    }

    /// Whether the place, or something around it, was replaced.
    pub(super) fn cover(&self, place: &str) -> bool {
        let replaced = self.replaced.borrow();
        let mut around = place;
        loop {
            if replaced.contains_key(around) {
                return true;
            }
            match around.rfind('/') {
                Some(end) => around = around.get(..end).unwrap_or_default(),
                None => return false,
            }
        }
    }

    /// Whether only single values were replaced, so that the meaning of the rest can be judged.
    pub(super) fn leave_enough_to_judge(&self) -> bool {
        !self.large.get()
    }

    /// Puts something harmless at a place. False where nothing more can be tried there.
    pub(super) fn repair(&mut self, place: String, missing: Option<&'static str>) -> bool {
        const TRIES: usize = 4;
        self.large.set(false);
        if let Some(key) = missing {
            let parent = place.rfind('/').and_then(|end| place.get(..end));
            self.supplied
                .entry(parent.unwrap_or_default().to_owned())
                .or_default()
                .insert(key);
        }
        let mut replaced = self.replaced.borrow_mut();
        match replaced.get_mut(&place) {
            Some(tried) => {
                *tried += 1;
                *tried < TRIES
            }
            None => {
                replaced.insert(place, 0);
                true
            }
        }
    }
}

/// A value of the document that knows where it stands; without a value, something harmless.
#[derive(Debug)]
pub(super) struct Node<'a> {
    value: Option<&'a Value>,
    place: String,
    tried: usize,
    repairs: &'a Repairs,
}

impl<'a> Node<'a> {
    pub(super) fn root(value: &'a Value, repairs: &'a Repairs) -> Self {
        Self::new(Some(value), String::new(), repairs)
    }

    fn new(value: Option<&'a Value>, place: String, repairs: &'a Repairs) -> Self {
        let tried = repairs.replaced.borrow().get(&place).copied();
        Self {
            value: if tried.is_some() { None } else { value },
            place,
            tried: tried.unwrap_or(0),
            repairs,
        }
    }

    fn child(&self, value: Option<&'a Value>, token: &str) -> Self {
        Self::new(value, pointer(&self.place, token), self.repairs)
    }

    /// Reads a value here; what its type says against it once it is read is said of this place too.
    fn give<'de, T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Problem> {
        let place = self.place.clone();
        seed.deserialize(self).map_err(|problem| problem.at(&place))
    }

    /// The tag, where this is the whole document.
    fn tag(&self) -> Option<&'static str> {
        self.repairs.tag.filter(|_| self.place.is_empty())
    }

    /// The choice that the tag makes of the whole document.
    fn tagged(
        self,
        tag: &'static str,
        variants: &'static [&'static str],
    ) -> Result<Choice<'a>, Problem> {
        let Some(Value::Object(object)) = self.value else {
            return Err(Problem::custom("an object must stand here"));
        };
        match object.get(tag) {
            None => Err(Problem::missing_field(tag)),
            Some(Value::String(word)) if variants.contains(&word.as_str()) => Ok(Choice {
                variant: word.clone(),
                content: Some(self),
            }),
            Some(Value::String(word)) => {
                Err(Problem::unknown_variant(word, variants).at(&pointer("", tag)))
            }
            Some(_) => {
                Err(Problem::custom("the name of a choice must stand here").at(&pointer("", tag)))
            }
        }
    }

    fn text(&self) -> &'static str {
        ["1970-01-01T00:00:00Z", "1s", ""]
            .get(self.tried)
            .copied()
            .unwrap_or_default()
    }

    /// The members of an object; with `fields`, the unknown ones are noted and left out, and the supplied ones added.
    fn members(&self, fields: Option<&'static [&'static str]>) -> Vec<(String, Self)> {
        let mut members = Vec::new();
        if let Some(Value::Object(object)) = self.value {
            let tag = self.tag();
            for (key, value) in object {
                match fields {
                    _ if tag == Some(key.as_str()) => {}
                    Some(fields) if !fields.contains(&key.as_str()) => {
                        let unknown = (pointer(&self.place, key), fields);
                        self.repairs.unknown.borrow_mut().push(unknown);
                    }
                    _ => members.push((key.clone(), self.child(Some(value), key))),
                }
            }
        }
        for key in self.repairs.supplied.get(&self.place).into_iter().flatten() {
            members.push(((*key).to_owned(), self.child(None, key)));
        }
        members
    }

    fn visit<'de, V: Visitor<'de>>(
        self,
        fields: Option<&'static [&'static str]>,
        visitor: V,
    ) -> Result<V::Value, Problem> {
        match self.value {
            Some(Value::Null) => visitor.visit_unit(),
            Some(Value::Bool(value)) => visitor.visit_bool(*value),
            Some(Value::Number(number)) => {
                if let Some(value) = number.as_u64() {
                    visitor.visit_u64(value)
                } else if let Some(value) = number.as_i64() {
                    visitor.visit_i64(value)
                } else {
                    visitor.visit_f64(number.as_f64().unwrap_or_default())
                }
            }
            Some(Value::String(text)) => visitor.visit_str(text),
            Some(Value::Array(items)) => {
                let nodes = items
                    .iter()
                    .enumerate()
                    .map(|(index, item)| self.child(Some(item), &index.to_string()))
                    .collect::<Vec<_>>();
                visitor.visit_seq(Items(nodes.into_iter()))
            }
            Some(Value::Object(_)) => visitor.visit_map(Members::new(self.members(fields))),
            None => visitor.visit_unit(),
        }
    }
}

macro_rules! scalars {
    ($($method:ident => |$node:ident, $visitor:ident| $harmless:expr;)+) => {
        $(fn $method<V: Visitor<'de>>(self, $visitor: V) -> Result<V::Value, Problem> {
            let place = self.place.clone();
            let $node = self;
            match $node.value {
                Some(_) => $node.visit(None, $visitor),
                None => $harmless,
            }
            .map_err(|problem| problem.at(&place))
        })+
    };
}

impl<'de> Deserializer<'de> for Node<'_> {
    type Error = Problem;

    scalars! {
        deserialize_any => |node, visitor| match node.tried {
            0 => visitor.visit_unit(),
            1 => visitor.visit_str(""),
            _ => visitor.visit_map(Members::new(node.members(None))),
        };
        deserialize_bool => |node, visitor| visitor.visit_bool(false);
        deserialize_i8 => |node, visitor| visitor.visit_u64(1);
        deserialize_i16 => |node, visitor| visitor.visit_u64(1);
        deserialize_i32 => |node, visitor| visitor.visit_u64(1);
        deserialize_i64 => |node, visitor| visitor.visit_u64(1);
        deserialize_u8 => |node, visitor| visitor.visit_u64(1);
        deserialize_u16 => |node, visitor| visitor.visit_u64(1);
        deserialize_u32 => |node, visitor| visitor.visit_u64(1);
        deserialize_u64 => |node, visitor| visitor.visit_u64(1);
        deserialize_f32 => |node, visitor| visitor.visit_f64(1.0);
        deserialize_f64 => |node, visitor| visitor.visit_f64(1.0);
        deserialize_char => |node, visitor| visitor.visit_char(' ');
        deserialize_str => |node, visitor| visitor.visit_str(node.text());
        deserialize_string => |node, visitor| visitor.visit_str(node.text());
        deserialize_bytes => |node, visitor| visitor.visit_str(node.text());
        deserialize_byte_buf => |node, visitor| visitor.visit_str(node.text());
        deserialize_unit => |node, visitor| visitor.visit_unit();
        deserialize_identifier => |node, visitor| visitor.visit_str(node.text());
        deserialize_ignored_any => |node, visitor| visitor.visit_unit();
        deserialize_seq => |node, visitor| {
            node.repairs.large.set(true);
            visitor.visit_seq(Items(Vec::new().into_iter()))
        };
        deserialize_map => |node, visitor| {
            node.repairs.large.set(true);
            visitor.visit_map(Members::new(node.members(None)))
        };
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self.value {
            None | Some(Value::Null) => visitor.visit_none(),
            Some(_) => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Problem> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Problem> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, Problem> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, Problem> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        let place = self.place.clone();
        match self.value {
            // serde would read a list as the fields in order, which no document of ours means.
            Some(Value::Array(_)) => Err(Problem::invalid_type(de::Unexpected::Seq, &"an object")),
            Some(_) => self.visit(Some(fields), visitor),
            None => {
                self.repairs.large.set(true);
                visitor.visit_map(Members::new(self.members(Some(fields))))
            }
        }
        .map_err(|problem| problem.at(&place))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        let place = self.place.clone();
        if let Some(tag) = self.tag() {
            return self
                .tagged(tag, variants)
                .and_then(|choice| visitor.visit_enum(choice))
                .map_err(|problem| problem.at(&place));
        }
        let harmless = |tried: usize| {
            let count = variants.len().max(1);
            variants.get(tried % count).copied().unwrap_or_default()
        };
        let choice = match self.value {
            None => Choice {
                variant: harmless(self.tried).to_owned(),
                content: Some(self.child(None, "")),
            },
            Some(Value::String(word)) if variants.contains(&word.as_str()) => Choice {
                variant: word.clone(),
                content: None,
            },
            Some(Value::String(word)) => {
                return Err(Problem::unknown_variant(word, variants).at(&place));
            }
            Some(Value::Object(object)) => {
                let mut keys = object.iter();
                let (Some((key, value)), None) = (keys.next(), keys.next()) else {
                    return Err(Problem::new(Kind::NotOneKey { known: variants }).at(&place));
                };
                if variants.contains(&key.as_str()) {
                    Choice {
                        variant: key.clone(),
                        content: Some(self.child(Some(value), key)),
                    }
                } else {
                    let unknown = (pointer(&place, key), variants);
                    self.repairs.unknown.borrow_mut().push(unknown);
                    let mut replaced = self.repairs.replaced.borrow_mut();
                    replaced.insert(pointer(&place, ""), 0);
                    drop(replaced);
                    Choice {
                        variant: harmless(0).to_owned(),
                        content: Some(self.child(None, "")),
                    }
                }
            }
            Some(_) => {
                return self
                    .visit(None, visitor)
                    .map_err(|problem| problem.at(&place));
            }
        };
        visitor
            .visit_enum(choice)
            .map_err(|problem| problem.at(&place))
    }
}

struct Items<'a>(std::vec::IntoIter<Node<'a>>);

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Problem;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Problem> {
        self.0.next().map(|node| node.give(seed)).transpose()
    }
}

struct Members<'a> {
    rest: std::vec::IntoIter<(String, Node<'a>)>,
    value: Option<Node<'a>>,
}

impl<'a> Members<'a> {
    fn new(members: Vec<(String, Node<'a>)>) -> Self {
        Self {
            rest: members.into_iter(),
            value: None,
        }
    }
}

impl<'de> MapAccess<'de> for Members<'_> {
    type Error = Problem;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Problem> {
        let Some((key, node)) = self.rest.next() else {
            return Ok(None);
        };
        self.value = Some(node);
        seed.deserialize(key.into_deserializer()).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Problem> {
        match self.value.take() {
            Some(node) => node.give(seed),
            None => Err(Problem::custom("a key without a value")),
        }
    }
}

struct Choice<'a> {
    variant: String,
    content: Option<Node<'a>>,
}

impl<'a, 'de> EnumAccess<'de> for Choice<'a> {
    type Error = Problem;
    type Variant = Content<'a>;

    fn variant_seed<T: DeserializeSeed<'de>>(
        self,
        seed: T,
    ) -> Result<(T::Value, Content<'a>), Problem> {
        let variant = seed.deserialize(self.variant.into_deserializer())?;
        Ok((variant, Content(self.content)))
    }
}

struct Content<'a>(Option<Node<'a>>);

impl Content<'_> {
    fn missing() -> Problem {
        Problem::custom("this choice needs a value: write {\"key\": value}")
    }
}

impl<'de> VariantAccess<'de> for Content<'_> {
    type Error = Problem;

    fn unit_variant(self) -> Result<(), Problem> {
        match self.0 {
            Some(node) if node.tag().is_some() => {
                // It has no keys beside the tag.
                node.members(Some(&[]));
                Ok(())
            }
            Some(node) if node.value.is_some() => {
                Err(Problem::custom("this choice is a plain word without a value").at(&node.place))
            }
            _ => Ok(()),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Problem> {
        self.0.ok_or_else(Self::missing)?.give(seed)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value, Problem> {
        self.0.ok_or_else(Self::missing)?.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        self.0
            .ok_or_else(Self::missing)?
            .deserialize_struct("", fields, visitor)
    }
}
