//! Splits the templates that need no interpreter into pieces.

use super::{
    Problem,
    path::{List, Path, Unknown, Within, find},
    pieces::{Name, Piece},
    unknown_root,
};

/// What only the interpreter knows: comments, and marks that take blanks away.
const UNKNOWN: [&str; 9] = ["{#", "{{-", "-}}", "{{+", "+}}", "{%-", "-%}", "{%+", "+%}"];

/// Words that no variable of a loop may be.
const RESERVED: [&str; 16] = [
    "case", "loop", "self", "true", "false", "none", "True", "False", "None", "and", "or", "not",
    "in", "is", "if", "else",
];

/// How deep conditions may stand in each other.
const DEEPEST: usize = 20;

/// Splits a template into pieces; `None` where it needs the interpreter.
///
/// # Errors
/// A name that no case has. With blocks in it, the interpreter says what is wrong.
pub(super) fn split(source: &str) -> Result<Option<Vec<Piece>>, Problem> {
    if UNKNOWN.iter().any(|mark| source.contains(mark)) {
        return Ok(None);
    }
    let mut splitter = Splitter {
        rest: source,
        depth: 0,
    };
    match splitter.pieces(None) {
        Ok((pieces, End::OfTemplate)) => Ok(Some(pieces)),
        Err(Stop::Fault(problem)) if !source.contains("{%") => Err(problem),
        Ok(_) | Err(_) => Ok(None),
    }
}

/// Why a template is not split.
enum Stop {
    NeedsInterpreter,
    Fault(Problem),
}

impl From<Unknown> for Stop {
    fn from(unknown: Unknown) -> Self {
        Self::Fault(unknown.into())
    }
}

/// What ends pieces.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    OfTemplate,
    Else,
    OfCondition,
    OfLoop,
}

/// The loop around: its variable, and the list that it goes over.
type Loop<'s> = (&'s str, List);

struct Splitter<'s> {
    rest: &'s str,
    depth: usize,
}

enum Token<'s> {
    Text(&'s str),
    /// What stands in `{{ }}`.
    Value(&'s str),
    /// What stands in `{% %}`.
    Block(&'s str),
    End,
    Unclosed,
}

impl<'s> Splitter<'s> {
    fn next(&mut self) -> Token<'s> {
        let opens = |rest: &str| rest.starts_with("{{") || rest.starts_with("{%");
        let mut places = self.rest.match_indices('{').map(|(at, _)| at);
        let opening = places
            .find(|at| self.rest.get(*at..).is_some_and(opens))
            .unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at(opening);
        if !text.is_empty() {
            self.rest = rest;
            return Token::Text(text);
        }
        let (token, closing): (fn(&'s str) -> Token<'s>, _) = match rest.get(..2) {
            None => return Token::End,
            Some("{{") => (Token::Value, "}}"),
            Some(_) => (Token::Block, "%}"),
        };
        match rest.get(2..).unwrap_or_default().split_once(closing) {
            Some((inner, rest)) => {
                self.rest = rest;
                token(inner.trim())
            }
            None => Token::Unclosed,
        }
    }

    /// The pieces up to what ends them.
    fn pieces(&mut self, around: Option<Loop<'s>>) -> Result<(Vec<Piece>, End), Stop> {
        let mut pieces = Vec::new();
        loop {
            pieces.push(match self.next() {
                Token::End => return Ok((pieces, End::OfTemplate)),
                Token::Unclosed => return Err(Stop::NeedsInterpreter),
                Token::Text(text) => Piece::Text(text.to_owned()),
                Token::Value(expression) => match name(expression, around)? {
                    name if name.is_value() => Piece::Value(name),
                    _ => return Err(Stop::NeedsInterpreter),
                },
                Token::Block(block) => {
                    let words: Vec<&str> = block.split_ascii_whitespace().collect();
                    match words.as_slice() {
                        ["if", condition] => self.condition(condition, around)?,
                        ["for", variable, "in", list] if around.is_none() => {
                            self.repetition(variable, list)?
                        }
                        ["else"] => return Ok((pieces, End::Else)),
                        ["endif"] => return Ok((pieces, End::OfCondition)),
                        ["endfor"] => return Ok((pieces, End::OfLoop)),
                        _ => return Err(Stop::NeedsInterpreter),
                    }
                }
            });
        }
    }

    fn condition(&mut self, condition: &str, around: Option<Loop<'s>>) -> Result<Piece, Stop> {
        let name = name(condition, around)?;
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Stop::NeedsInterpreter);
        }
        let is_host_s_own = match &name {
            Name::Case(Path::Custom(_)) => true,
            Name::Case(Path::Entry(entry)) => matches!(entry.within, Within::Anything),
            Name::Element(..) => false,
        };
        let (then, mut end) = self.pieces(around)?;
        let mut otherwise = Vec::new();
        if end == End::Else {
            (otherwise, end) = self.pieces(around)?;
        }
        if is_host_s_own || end != End::OfCondition {
            return Err(Stop::NeedsInterpreter);
        }
        self.depth -= 1;
        Ok(Piece::If {
            name,
            then,
            otherwise,
        })
    }

    fn repetition(&mut self, variable: &'s str, list: &str) -> Result<Piece, Stop> {
        let list = match name(list, None)? {
            Name::Case(Path::Entry(entry)) => match entry.within {
                Within::List(list) => list,
                _ => return Err(Stop::NeedsInterpreter),
            },
            _ => return Err(Stop::NeedsInterpreter),
        };
        if !is_word(variable) || RESERVED.contains(&variable) {
            return Err(Stop::NeedsInterpreter);
        }
        match self.pieces(Some((variable, list)))? {
            (each, End::OfLoop) => Ok(Piece::For { list, each }),
            _ => Err(Stop::NeedsInterpreter),
        }
    }
}

/// What an expression names that is names joined by dots and nothing else.
fn name(expression: &str, around: Option<Loop<'_>>) -> Result<Name, Stop> {
    let literals = ["true", "false", "none", "True", "False", "None"];
    if !expression.split('.').all(is_word) || literals.contains(&expression) {
        return Err(Stop::NeedsInterpreter);
    }
    let (root, rest) = match expression.split_once('.') {
        Some((root, rest)) => (root, Some(rest)),
        None => (expression, None),
    };
    match (around, rest) {
        (Some((variable, list)), Some(rest)) if variable == root => match list.entries() {
            Some(entries) => Ok(Name::Element(list, Some(find(entries, rest)?))),
            None => Err(Stop::NeedsInterpreter),
        },
        (Some((variable, list)), None) if variable == root => match list.entries() {
            Some(_) => Err(Stop::NeedsInterpreter),
            None => Ok(Name::Element(list, None)),
        },
        _ if root == "case" => Ok(Name::Case(Path::parse(expression)?)),
        _ => Err(Stop::Fault(unknown_root(root))),
    }
}

fn is_word(word: &str) -> bool {
    let mut letters = word.chars();
    let begins = |first: char| first.is_ascii_alphabetic() || first == '_';
    letters.next().is_some_and(begins)
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}
