use super::{
    node::{Node, Token},
    problem::Problem,
    tree::Tree,
};
use crate::error::pointer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, IntoDeserializer, MapAccess, SeqAccess,
    VariantAccess, Visitor, value::StrDeserializer,
};
use std::{
    borrow::Cow,
    collections::{BTreeSet, btree_set},
    iter, slice,
};

/// The items of a list.
pub(super) struct Items<'a> {
    rest: iter::Enumerate<slice::Iter<'a, Tree<'a>>>,
    list: Node<'a>,
}

impl<'a> Items<'a> {
    pub(super) fn of(list: Node<'a>) -> Self {
        let items = match list.value {
            Some(Tree::List(items)) => items.as_slice(),
            _ => &[],
        };
        Self {
            rest: items.iter().enumerate(),
            list,
        }
    }
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Problem;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Problem> {
        let Some((index, item)) = self.rest.next() else {
            return Ok(None);
        };
        let node = self.list.child(Some(item), Token::Index(index));
        node.give(seed).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

/// The members of an object; where faults are noted and the fields are given, the unknown ones are noted and left out.
pub(super) struct Members<'a> {
    rest: slice::Iter<'a, (Cow<'a, str>, Tree<'a>)>,
    supplied: Option<btree_set::Iter<'a, &'static str>>,
    fields: Option<&'static [&'static str]>,
    value: Option<Node<'a>>,
    object: Node<'a>,
}

impl<'a> Members<'a> {
    pub(super) fn of(object: Node<'a>, fields: Option<&'static [&'static str]>) -> Self {
        let members = match object.value {
            Some(Tree::Object(members)) => members.as_slice(),
            _ => &[],
        };
        let repaired = object.repaired.as_ref();
        let supplied = repaired.and_then(|here| here.repairs.supplied.get(&here.place));
        Self {
            rest: members.iter(),
            supplied: supplied.map(BTreeSet::iter),
            fields,
            value: None,
            object,
        }
    }

    fn next(&mut self) -> Option<(&'a str, Node<'a>)> {
        for (key, value) in self.rest.by_ref() {
            if let Some(here) = &self.object.repaired {
                if self.object.tag() == Some(key.as_ref()) {
                    continue;
                }
                if let Some(fields) = self.fields
                    && !fields.contains(&key.as_ref())
                {
                    let unknown = (pointer(&here.place, key), fields);
                    here.repairs.unknown.borrow_mut().push(unknown);
                    continue;
                }
            }
            return Some((key, self.object.child(Some(value), Token::Key(key))));
        }
        let key = *self.supplied.as_mut()?.next()?;
        Some((key, self.object.child(None, Token::Key(key))))
    }
}

impl<'de> MapAccess<'de> for Members<'_> {
    type Error = Problem;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Problem> {
        let Some((key, node)) = self.next() else {
            return Ok(None);
        };
        self.value = Some(node);
        seed.deserialize(Key(key)).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Problem> {
        match self.value.take() {
            Some(node) => node.give(seed),
            None => Err(Problem::custom("a key without a value")),
        }
    }
}

/// A key of an object: a text, or the number that it spells.
struct Key<'a>(&'a str);

impl<'a> Key<'a> {
    fn text(self) -> StrDeserializer<'a, Problem> {
        self.0.into_deserializer()
    }
}

macro_rules! numbers {
    ($($method:ident => $visit:ident;)+) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
            match self.0.parse() {
                Ok(number) => visitor.$visit(number),
                Err(_) => visitor.visit_str(self.0),
            }
        })+
    };
}

impl<'de> Deserializer<'de> for Key<'_> {
    type Error = Problem;

    numbers! {
        deserialize_i32 => visit_i64;
        deserialize_i64 => visit_i64;
        deserialize_u8 => visit_u64;
        deserialize_u16 => visit_u64;
        deserialize_u32 => visit_u64;
        deserialize_u64 => visit_u64;
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        visitor.visit_str(self.0)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Problem> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        self.text().deserialize_enum(name, variants, visitor)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i128 u128 f32 f64 char str string bytes byte_buf option unit unit_struct seq tuple tuple_struct map struct
        identifier ignored_any
    }
}

/// The choice of an enum and what stands with it.
pub(super) struct Choice<'a> {
    pub(super) variant: &'a str,
    pub(super) content: Option<Node<'a>>,
}

impl<'a, 'de> EnumAccess<'de> for Choice<'a> {
    type Error = Problem;
    type Variant = Content<'a>;

    fn variant_seed<T: DeserializeSeed<'de>>(
        self,
        seed: T,
    ) -> Result<(T::Value, Content<'a>), Problem> {
        let variant = seed.deserialize(Key(self.variant).text())?;
        Ok((variant, Content(self.content)))
    }
}

pub(super) struct Content<'a>(Option<Node<'a>>);

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
                let mut members = node.members(Some(&[]));
                while members.next().is_some() {}
                Ok(())
            }
            Some(node) if node.value.is_some() => Err(node.here().name(Problem::custom(
                "this choice is a plain word without a value",
            ))),
            _ => Ok(()),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Problem> {
        self.0.ok_or_else(Self::missing)?.give(seed)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value, Problem> {
        let node = self.0.ok_or_else(Self::missing)?;
        let here = node.here();
        node.deserialize_seq(visitor)
            .map_err(|problem| here.name(problem))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        let node = self.0.ok_or_else(Self::missing)?;
        let here = node.here();
        node.deserialize_struct("", fields, visitor)
            .map_err(|problem| here.name(problem))
    }
}
