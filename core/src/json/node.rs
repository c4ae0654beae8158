use super::{
    access::{Choice, Items, Members},
    problem::{Kind, Problem},
    repairs::Repairs,
    tree::Tree,
};
use crate::error::pointer;
use serde::de::{DeserializeSeed, Deserializer, Error, Visitor};

/// A value of a document; without a value, something harmless.
///
/// Every document is read from nodes, whatever it is, so that each type is compiled for one kind of reader. With repairs it
/// knows where it stands and notes what is wrong; without, its place is put together only once it is refused.
#[derive(Debug)]
pub(super) struct Node<'a> {
    pub(super) value: Option<&'a Tree<'a>>,
    token: Token<'a>,
    pub(super) repaired: Option<Repaired<'a>>,
}

/// What leads from the value around to this one.
#[derive(Clone, Copy, Debug)]
pub(super) enum Token<'a> {
    Root,
    Key(&'a str),
    Index(usize),
}

impl Token<'_> {
    fn below(self, place: &str) -> String {
        match self {
            Self::Root => place.to_owned(),
            Self::Key(key) => pointer(place, key),
            Self::Index(index) => format!("{place}/{index}"),
        }
    }
}

/// Where a node stands among what was put right.
#[derive(Debug)]
pub(super) struct Repaired<'a> {
    pub(super) place: String,
    tried: usize,
    pub(super) repairs: &'a Repairs,
}

impl<'a> Node<'a> {
    /// A whole document, which is refused at its first fault.
    pub(super) fn sound(value: &'a Tree<'a>) -> Self {
        Self {
            value: Some(value),
            token: Token::Root,
            repaired: None,
        }
    }

    /// A whole document, of which all faults are wanted.
    pub(super) fn repaired(value: &'a Tree<'a>, repairs: &'a Repairs) -> Self {
        Self::at(Some(value), Token::Root, String::new(), repairs)
    }

    fn at(
        value: Option<&'a Tree<'a>>,
        token: Token<'a>,
        place: String,
        repairs: &'a Repairs,
    ) -> Self {
        let tried = repairs.replaced.borrow().get(&place).copied();
        Self {
            value: if tried.is_some() { None } else { value },
            token,
            repaired: Some(Repaired {
                place,
                tried: tried.unwrap_or(0),
                repairs,
            }),
        }
    }

    pub(super) fn child(&self, value: Option<&'a Tree<'a>>, token: Token<'a>) -> Self {
        match &self.repaired {
            None => Self {
                value,
                token,
                repaired: None,
            },
            Some(here) => Self::at(value, token, token.below(&here.place), here.repairs),
        }
    }

    /// Reads a value here; what its type says against it is said of this place.
    pub(super) fn give<'de, T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Problem> {
        let here = self.here();
        seed.deserialize(self).map_err(|problem| here.name(problem))
    }

    pub(super) fn here(&self) -> Here<'a> {
        match &self.repaired {
            Some(here) => Here::Place(here.place.clone()),
            None => Here::Token(self.token),
        }
    }

    fn tried(&self) -> usize {
        self.repaired.as_ref().map_or(0, |here| here.tried)
    }

    /// The tag, where this is the whole document.
    pub(super) fn tag(&self) -> Option<&'static str> {
        let here = self.repaired.as_ref()?;
        here.repairs.tag.filter(|_| here.place.is_empty())
    }

    fn note_large(&self) {
        if let Some(here) = &self.repaired {
            here.repairs.large.set(true);
        }
    }

    /// The choice that the tag makes of the whole document.
    fn tagged(
        self,
        tag: &'static str,
        variants: &'static [&'static str],
    ) -> Result<Choice<'a>, Problem> {
        let Some(Tree::Object(members)) = self.value else {
            return Err(Problem::custom("an object must stand here"));
        };
        match members.iter().find(|(key, _)| key == tag) {
            None => Err(Problem::missing_field(tag)),
            Some((_, Tree::Text(word))) if variants.contains(&word.as_ref()) => Ok(Choice {
                variant: word,
                content: Some(self),
            }),
            Some((_, Tree::Text(word))) => {
                Err(Problem::unknown_variant(word, variants).at(pointer("", tag)))
            }
            Some(_) => {
                Err(Problem::custom("the name of a choice must stand here").at(pointer("", tag)))
            }
        }
    }

    /// The choice that stands here; none where it can be none.
    fn choice(&self, variants: &'static [&'static str]) -> Result<Option<Choice<'a>>, Problem> {
        let harmless = |tried: usize| {
            let count = variants.len().max(1);
            variants.get(tried % count).copied().unwrap_or_default()
        };
        Ok(Some(match self.value {
            None => Choice {
                variant: harmless(self.tried()),
                content: Some(self.child(None, Token::Key(""))),
            },
            Some(Tree::Text(word)) if variants.contains(&word.as_ref()) => Choice {
                variant: word,
                content: None,
            },
            Some(Tree::Text(word)) => return Err(Problem::unknown_variant(word, variants)),
            Some(Tree::Object(members)) => {
                let [(key, value)] = members.as_slice() else {
                    return Err(Problem::new(Kind::NotOneKey { known: variants }));
                };
                match &self.repaired {
                    Some(here) if !variants.contains(&key.as_ref()) => {
                        let unknown = (pointer(&here.place, key), variants);
                        here.repairs.unknown.borrow_mut().push(unknown);
                        let harmless_place = pointer(&here.place, "");
                        let mut replaced = here.repairs.replaced.borrow_mut();
                        replaced.insert(harmless_place, 0);
                        drop(replaced);
                        Choice {
                            variant: harmless(0),
                            content: Some(self.child(None, Token::Key(""))),
                        }
                    }
                    _ => Choice {
                        variant: key,
                        content: Some(self.child(Some(value), Token::Key(key))),
                    },
                }
            }
            Some(_) => return Ok(None),
        }))
    }

    fn text(&self) -> &'static str {
        ["1970-01-01T00:00:00Z", "1s", ""]
            .get(self.tried())
            .copied()
            .unwrap_or_default()
    }

    /// The members of an object; where faults are noted and `fields` are given, the unknown ones are noted and left out.
    pub(super) fn members(self, fields: Option<&'static [&'static str]>) -> Members<'a> {
        Members::of(self, fields)
    }

    fn visit<'de, V: Visitor<'de>>(
        self,
        fields: Option<&'static [&'static str]>,
        visitor: V,
    ) -> Result<V::Value, Problem> {
        match self.value {
            Some(Tree::Null) | None => visitor.visit_unit(),
            Some(Tree::Bool(value)) => visitor.visit_bool(*value),
            Some(Tree::Natural(value)) => visitor.visit_u64(*value),
            Some(Tree::Negative(value)) => visitor.visit_i64(*value),
            Some(Tree::Fraction(value)) => visitor.visit_f64(*value),
            Some(Tree::Text(text)) => visitor.visit_str(text),
            Some(Tree::List(_)) => visitor.visit_seq(Items::of(self)),
            Some(Tree::Object(_)) => visitor.visit_map(self.members(fields)),
        }
    }
}

/// Where a node stood.
pub(super) enum Here<'a> {
    Place(String),
    Token(Token<'a>),
}

impl Here<'_> {
    pub(super) fn name(self, problem: Problem) -> Problem {
        match self {
            Self::Place(place) => problem.at(place),
            Self::Token(token) => {
                let within = problem.pointer.as_deref().unwrap_or_default();
                let place = token.below("") + within;
                Problem {
                    pointer: Some(place),
                    ..problem
                }
            }
        }
    }
}

macro_rules! scalars {
    ($($method:ident => |$node:ident, $visitor:ident| $harmless:expr;)+) => {
        $(fn $method<V: Visitor<'de>>(self, $visitor: V) -> Result<V::Value, Problem> {
            let $node = self;
            match $node.value {
                Some(_) => $node.visit(None, $visitor),
                None => $harmless,
            }
        })+
    };
}

impl<'de> Deserializer<'de> for Node<'_> {
    type Error = Problem;

    scalars! {
        deserialize_any => |node, visitor| match node.tried() {
            0 => visitor.visit_unit(),
            1 => visitor.visit_str(""),
            _ => visitor.visit_map(node.members(None)),
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
        deserialize_seq => |node, visitor| {
            node.note_large();
            visitor.visit_seq(Items::of(node))
        };
        deserialize_map => |node, visitor| {
            node.note_large();
            visitor.visit_map(node.members(None))
        };
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        visitor.visit_unit()
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self.value {
            None | Some(Tree::Null) => visitor.visit_none(),
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
        match self.value {
            Some(Tree::Object(_)) => visitor.visit_map(self.members(Some(fields))),
            None => {
                self.note_large();
                visitor.visit_map(self.members(Some(fields)))
            }
            // serde would read a list as the fields in order, which no document of ours means.
            Some(other) => Err(Problem::invalid_type(other.unexpected(), &"an object")),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        if let Some(tag) = self.tag() {
            return visitor.visit_enum(self.tagged(tag, variants)?);
        }
        match self.choice(variants)? {
            Some(choice) => visitor.visit_enum(choice),
            None => self.visit(None, visitor),
        }
    }
}
