//! Reads a sound document in one go, straight into its type.
//!
//! It takes less than the reader that names faults, and nothing else: what it refuses is read again by that one.

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess,
    Visitor,
    value::{StrDeserializer, StringDeserializer},
};
use std::{collections::BTreeSet, fmt};

/// Reads a document; nothing where anything is wrong with it.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    let mut json = serde_json::Deserializer::from_str(text);
    let document = T::deserialize(Strict(&mut json)).ok()?;
    json.end().ok()?;
    Some(document)
}

/// Reads as serde does, but no list as an object's fields, no object as a plain word, and no key that stands twice.
struct Strict<D>(D);

macro_rules! plain {
    ($($method:ident)+) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            self.0.$method(visitor)
        })+
    };
}

macro_rules! nesting {
    ($($method:ident)+) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            self.0.$method(Nesting(visitor))
        })+
    };
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Strict<D> {
    type Error = D::Error;

    plain! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128 deserialize_u8
        deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128 deserialize_f32 deserialize_f64 deserialize_char
        deserialize_str deserialize_string deserialize_bytes deserialize_byte_buf deserialize_unit deserialize_identifier
        deserialize_ignored_any
    }

    nesting! { deserialize_any deserialize_option deserialize_seq deserialize_map }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_unit_struct(name, visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_tuple(length, Nesting(visitor))
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.deserialize_tuple(length, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(Fields(visitor))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_str(Word(visitor))
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Strict<S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<S::Value, D::Error> {
        self.0.deserialize(Strict(value))
    }
}

/// Takes what may hold others.
struct Nesting<V>(V);

macro_rules! leaves {
    ($($visit:ident: $type:ty),+ $(,)?) => {
        $(fn $visit<E: Error>(self, value: $type) -> Result<V::Value, E> {
            self.0.$visit(value)
        })+
    };
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Nesting<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    leaves! {
        visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str,
        visit_borrowed_str: &'de str, visit_string: String,
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_unit()
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_none()
    }

    fn visit_some<D: Deserializer<'de>>(self, value: D) -> Result<V::Value, D::Error> {
        self.0.visit_some(Strict(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<V::Value, A::Error> {
        self.0.visit_seq(Strict(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(Distinct {
            members,
            seen: BTreeSet::new(),
        })
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Strict<A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        self.0.next_element_seed(Strict(seed))
    }
}

/// Members whose keys serde does not hold against each other.
struct Distinct<A> {
    members: A,
    seen: BTreeSet<String>,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Distinct<A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        let Some(key) = self.members.next_key::<String>()? else {
            return Ok(None);
        };
        if !self.seen.insert(key.clone()) {
            return Err(A::Error::custom("a key stands twice"));
        }
        let key: StringDeserializer<A::Error> = key.into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.members.next_value_seed(Strict(seed))
    }
}

/// Takes an object as the fields of a type, which finds by itself what stands twice.
struct Fields<V>(V);

impl<'de, V: Visitor<'de>> Visitor<'de> for Fields<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(Strict(members))
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Strict<A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        self.0.next_key_seed(seed)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.0.next_value_seed(Strict(seed))
    }
}

/// Takes a plain word as the choice of an enum.
struct Word<V>(V);

impl<'de, V: Visitor<'de>> Visitor<'de> for Word<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<V::Value, E> {
        let word: StrDeserializer<'_, E> = word.into_deserializer();
        self.0.visit_enum(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Case;

    const SOUND: &str = r#"{"id":"1","title":"t\u00fc","severity":"low","group":{"id":"g","name":null},"system":{"id":"s","macs":["a"]},
        "created_at":"2019-02-11T01:07:14Z","updated_at":"2019-02-11T01:07:14Z","tags":["x"],"artifacts":[{"type":"ip","value":"v"}],
        "comments":[{"id":"c","visibility":"discussion","format":"html","created_at":"2019-02-11T01:07:14Z"}],
        "attachments":[{"id":"a","file_name":"f","size":7,"token":"t"}],"custom_fields":{"a":{"b":[1,-2,1.5e3,null,true]},"c":"d"}}"#;

    /// Whether it is read in one go, which must be as it is read otherwise.
    fn is_read(text: &str) -> bool {
        let case: Option<Case> = read(text);
        if let Some(case) = &case {
            assert_eq!(
                crate::json::read::<Case>(text.as_bytes()).as_ref(),
                Ok(case)
            );
        }
        case.is_some()
    }

    #[test]
    fn a_sound_document_is_read_in_one_go() {
        assert!(is_read(SOUND));
    }

    #[test]
    fn what_the_other_reader_refuses_is_left_to_it() {
        for (sound, faulty) in [
            (r#"{"id":"g","name":null}"#, r#"["g"]"#),
            (r#""discussion""#, r#"{"discussion":null}"#),
            (r#""c":"d""#, r#""a":"d""#),
            (r#""b":["#, r#""b":1,"b":["#),
            (r#""tags""#, r#""id":"1","tags""#),
            (r#""tags""#, r#""tag""#),
            (r#""size":7"#, r#""size":"7""#),
            (r#""d"}}"#, r#""d"}} x"#),
            (r#""severity":"low","#, ""),
        ] {
            let text = SOUND.replacen(sound, faulty, 1);
            assert_ne!(text, SOUND, "{sound}");
            assert!(
                crate::json::read::<Case>(text.as_bytes()).is_err(),
                "{text}"
            );
            assert!(!is_read(&text), "{text}");
        }
    }

    #[test]
    fn whatever_is_read_is_read_alike() {
        for at in 0..SOUND.len() {
            is_read(&SOUND[..at]);
            for sign in ["[", "{", "\"", "0", ",", "null", "a"] {
                let mut text = SOUND.to_owned();
                text.replace_range(at..=at, sign);
                is_read(&text);
            }
        }
    }
}
