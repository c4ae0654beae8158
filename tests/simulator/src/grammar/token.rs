//! Words, strings, numbers and signs of a condition.

use crate::failure::Failure;

/// A piece of a condition.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A name, a path or a keyword.
    Word(String),
    /// Text between quotes.
    Text(String),
    /// A number.
    Number(f64),
    /// Text between square brackets.
    Bracketed(String),
    /// `=`, `!=`, `<`, `<=`, `>`, `>=`.
    Sign(&'static str),
    /// `(`.
    Open,
    /// `)`.
    Close,
    /// `,`.
    Comma,
}

/// Cuts a condition into its pieces.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Failure> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, after) = match first {
            '(' => (Token::Open, skip(rest, 1)),
            ')' => (Token::Close, skip(rest, 1)),
            ',' => (Token::Comma, skip(rest, 1)),
            '"' | '\'' => quoted(rest, first)?,
            '[' => {
                let inner = skip(rest, 1);
                let end = inner.find(']').ok_or_else(|| unexpected(rest))?;
                let (inner, after) = inner.split_at(end);
                (Token::Bracketed(inner.trim().to_owned()), skip(after, 1))
            }
            '=' | '!' | '<' | '>' => sign(rest)?,
            '-' | '0'..='9' => number(rest)?,
            _ if first.is_alphabetic() || first == '_' => word(rest),
            _ => return Err(unexpected(rest)),
        };
        tokens.push(token);
        rest = after.trim_start();
    }
    Ok(tokens)
}

fn skip(text: &str, bytes: usize) -> &str {
    text.get(bytes..).unwrap_or("")
}

fn unexpected(rest: &str) -> Failure {
    let shown: String = rest.chars().take(20).collect();
    Failure::find_condition(format!("Unexpected input near '{shown}'."))
}

/// Text ends at the next quote of its kind; a backslash keeps the character behind it.
fn quoted(text: &str, quote: char) -> Result<(Token, &str), Failure> {
    let inner = skip(text, 1);
    let mut value = String::new();
    let mut escaped = false;
    for (at, character) in inner.char_indices() {
        if escaped {
            value.push(character);
            escaped = false;
        } else if character == '\\' {
            escaped = true;
        } else if character == quote {
            return Ok((Token::Text(value), skip(inner, at + quote.len_utf8())));
        } else {
            value.push(character);
        }
    }
    Err(Failure::find_condition("Unterminated string literal."))
}

fn sign(text: &str) -> Result<(Token, &str), Failure> {
    for sign in ["!=", "<=", ">=", "=", "<", ">"] {
        if let Some(after) = text.strip_prefix(sign) {
            return Ok((Token::Sign(sign), after));
        }
    }
    Err(unexpected(text))
}

fn number(text: &str) -> Result<(Token, &str), Failure> {
    let end = text
        .char_indices()
        .skip(1)
        .find(|(_, character)| !character.is_ascii_digit() && *character != '.')
        .map_or(text.len(), |(at, _)| at);
    let (digits, after) = text.split_at(end);
    let value = digits.parse().map_err(|_| unexpected(text))?;
    Ok((Token::Number(value), after))
}

fn word(text: &str) -> (Token, &str) {
    let end = text
        .find(|character: char| {
            !(character.is_alphanumeric() || matches!(character, '_' | '/' | '.'))
        })
        .unwrap_or(text.len());
    let (word, after) = text.split_at(end);
    (Token::Word(word.to_owned()), after)
}
