use std::fmt;

/// A transaction of either database, for tables beside the records.
///
/// Statements are written once: parameters are `?1`, `?2` and so on, and what both databases understand is all that they use.
pub trait Sql {
    /// Whether several processes write side by side. What one of them committed may then become visible in another order than
    /// that of the numbers which the database gave out.
    fn is_shared(&self) -> bool;

    /// Changes rows, and says how many.
    ///
    /// # Errors
    ///
    /// Where the database refuses it.
    fn execute(&mut self, statement: &str, values: &[Value<'_>]) -> Result<u64, SqlError>;

    /// Reads rows.
    ///
    /// # Errors
    ///
    /// Where the database refuses it.
    fn query(&mut self, statement: &str, values: &[Value<'_>]) -> Result<Vec<Row>, SqlError>;
}

/// A parameter of a statement.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// Text, or nothing.
    Text(Option<&'a str>),
    /// A whole number.
    Integer(i64),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Some(text))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Some(text))
    }
}

impl<'a> From<Option<&'a str>> for Value<'a> {
    fn from(text: Option<&'a str>) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<u32> for Value<'_> {
    fn from(number: u32) -> Self {
        Self::Integer(number.into())
    }
}

/// What stands in a column of a row.
#[derive(Clone, Debug)]
pub(super) enum Cell {
    Nothing,
    Text(String),
    Integer(i64),
}

/// A row that was read.
#[derive(Clone, Debug)]
pub struct Row(pub(super) Vec<Cell>);

impl Row {
    /// The text of a column, counted from 0.
    ///
    /// # Errors
    ///
    /// Where there is none.
    pub fn text(&mut self, column: usize) -> Result<String, SqlError> {
        match self.0.get_mut(column) {
            Some(Cell::Text(text)) => Ok(std::mem::take(text)),
            _ => Err(SqlError::of(format!("there is no text in column {column}"))),
        }
    }

    /// The number of a column, counted from 0.
    ///
    /// # Errors
    ///
    /// Where there is none.
    pub fn integer(&self, column: usize) -> Result<i64, SqlError> {
        self.number(column)?
            .ok_or_else(|| SqlError::of(format!("there is no number in column {column}")))
    }

    /// The number of a column, counted from 0, or nothing.
    ///
    /// # Errors
    ///
    /// Where something else stands there.
    pub fn number(&self, column: usize) -> Result<Option<i64>, SqlError> {
        match self.0.get(column) {
            Some(Cell::Integer(number)) => Ok(Some(*number)),
            Some(Cell::Nothing) => Ok(None),
            _ => Err(SqlError::of(format!("column {column} holds no number"))),
        }
    }
}

/// Why a database did not do what it was told.
#[derive(Clone, Debug)]
pub struct SqlError {
    pub(super) message: String,
    /// Another process was in the way: the same once more may succeed.
    pub(super) again: bool,
    /// The connection is gone.
    pub(super) lost: bool,
}

impl SqlError {
    pub(super) fn of(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            again: false,
            lost: false,
        }
    }
}

impl fmt::Display for SqlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for SqlError {}
