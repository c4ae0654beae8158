//! From pieces to an [`Expression`].

use super::token::{Token, tokens};
use super::{Comparison, Expression, Literal, Operator};
use crate::clock;
use crate::failure::Failure;

const DEEPEST: usize = 64;

/// Parses a condition.
///
/// # Errors
///
/// `ApiFindCondition`, when it is not one.
pub(crate) fn parse(text: &str) -> Result<Expression, Failure> {
    let tokens = tokens(text)?;
    let mut parser = Parser {
        rest: &tokens,
        depth: 0,
    };
    let expression = parser.any()?;
    match parser.rest.first() {
        None => Ok(expression),
        Some(token) => Err(unexpected(token)),
    }
}

struct Parser<'a> {
    rest: &'a [Token],
    depth: usize,
}

impl<'a> Parser<'a> {
    fn any(&mut self) -> Result<Expression, Failure> {
        let mut parts = vec![self.all()?];
        while self.keyword("or") {
            parts.push(self.all()?);
        }
        Ok(one_or(parts, Expression::Or))
    }

    fn all(&mut self) -> Result<Expression, Failure> {
        let mut parts = vec![self.one()?];
        while self.keyword("and") {
            parts.push(self.one()?);
        }
        Ok(one_or(parts, Expression::And))
    }

    fn one(&mut self) -> Result<Expression, Failure> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Failure::find_condition("The condition is nested too deep."));
        }
        let expression = if self.keyword("not") {
            Expression::Not(Box::new(self.one()?))
        } else if self.take(&Token::Open) {
            let inner = self.any()?;
            self.expect(&Token::Close)?;
            inner
        } else {
            Expression::Compare(self.comparison()?)
        };
        self.depth -= 1;
        Ok(expression)
    }

    fn comparison(&mut self) -> Result<Comparison, Failure> {
        let path = match self.next()? {
            Token::Word(word) => word.split('/').map(str::to_owned).collect(),
            token => return Err(unexpected(token)),
        };
        let negated = self.keyword("not");
        let operator = match self.next()? {
            Token::Sign(_) if negated => {
                return Err(Failure::find_condition("'not' needs contains, like or in."));
            }
            Token::Sign("=") => Operator::Equal,
            Token::Sign("!=") => Operator::NotEqual,
            Token::Sign("<") => Operator::Less,
            Token::Sign("<=") => Operator::LessOrEqual,
            Token::Sign(">") => Operator::Greater,
            Token::Sign(">=") => Operator::GreaterOrEqual,
            Token::Word(word) if word.eq_ignore_ascii_case("contains") => Operator::Contains,
            Token::Word(word) if word.eq_ignore_ascii_case("like") => Operator::Like,
            Token::Word(word) if word.eq_ignore_ascii_case("in") => Operator::In,
            token => return Err(unexpected(token)),
        };
        let values = if operator == Operator::In {
            self.list()?
        } else {
            vec![self.literal()?]
        };
        Ok(Comparison {
            path,
            operator,
            negated,
            values,
        })
    }

    fn list(&mut self) -> Result<Vec<Literal>, Failure> {
        self.expect(&Token::Open)?;
        let mut values = vec![self.literal()?];
        while self.take(&Token::Comma) {
            values.push(self.literal()?);
        }
        self.expect(&Token::Close)?;
        Ok(values)
    }

    fn literal(&mut self) -> Result<Literal, Failure> {
        match self.next()? {
            Token::Text(text) => Ok(Literal::Text(text.clone())),
            Token::Number(number) => Ok(Literal::Number(*number)),
            Token::Bracketed(written) => {
                let utc = clock::normalised(written).ok_or_else(|| {
                    Failure::find_condition(format!("'{written}' is not a valid date."))
                })?;
                Ok(Literal::Time {
                    written: written.clone(),
                    utc,
                })
            }
            Token::Word(word) if word.eq_ignore_ascii_case("true") => Ok(Literal::Flag(true)),
            Token::Word(word) if word.eq_ignore_ascii_case("false") => Ok(Literal::Flag(false)),
            Token::Word(word) if word.eq_ignore_ascii_case("null") => Ok(Literal::Null),
            token => Err(unexpected(token)),
        }
    }

    fn next(&mut self) -> Result<&'a Token, Failure> {
        let (first, rest) = self
            .rest
            .split_first()
            .ok_or_else(|| Failure::find_condition("The condition ends too early."))?;
        self.rest = rest;
        Ok(first)
    }

    fn take(&mut self, wanted: &Token) -> bool {
        match self.rest.split_first() {
            Some((first, rest)) if first == wanted => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    fn expect(&mut self, wanted: &Token) -> Result<(), Failure> {
        match self.next()? {
            token if token == wanted => Ok(()),
            token => Err(unexpected(token)),
        }
    }

    fn keyword(&mut self, keyword: &str) -> bool {
        match self.rest.split_first() {
            Some((Token::Word(word), rest)) if word.eq_ignore_ascii_case(keyword) => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }
}

fn one_or(mut parts: Vec<Expression>, join: fn(Vec<Expression>) -> Expression) -> Expression {
    match (parts.pop(), parts.is_empty()) {
        (Some(only), true) => only,
        (Some(last), false) => {
            parts.push(last);
            join(parts)
        }
        (None, _) => join(parts),
    }
}

fn unexpected(token: &Token) -> Failure {
    let shown = match token {
        Token::Word(word) => word.clone(),
        Token::Text(text) => format!("\"{text}\""),
        Token::Number(number) => number.to_string(),
        Token::Bracketed(text) => format!("[{text}]"),
        Token::Sign(sign) => (*sign).to_owned(),
        Token::Open => "(".to_owned(),
        Token::Close => ")".to_owned(),
        Token::Comma => ",".to_owned(),
    };
    Failure::find_condition(format!("Unexpected '{shown}'."))
}
