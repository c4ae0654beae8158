//! Tables beside the records, within a transaction.

use crate::store::sql::{Cell, Row, Sql, SqlError, Value};
use postgres::{
    Statement, Transaction,
    types::{ToSql, Type},
};
use std::collections::BTreeMap;

/// A transaction with the statements that its connection has prepared.
pub(in crate::store) struct Within<'a, 'b> {
    transaction: &'a mut Transaction<'b>,
    statements: &'a mut BTreeMap<String, Statement>,
}

impl<'a, 'b> Within<'a, 'b> {
    pub(in crate::store) fn new(
        transaction: &'a mut Transaction<'b>,
        statements: &'a mut BTreeMap<String, Statement>,
    ) -> Self {
        Self {
            transaction,
            statements,
        }
    }

    fn prepared(&mut self, statement: &str) -> Result<Statement, SqlError> {
        if let Some(prepared) = self.statements.get(statement) {
            return Ok(prepared.clone());
        }
        let prepared = self.transaction.prepare(&statement.replace('?', "$"))?;
        self.statements
            .insert(statement.to_owned(), prepared.clone());
        Ok(prepared)
    }
}

impl Sql for Within<'_, '_> {
    fn is_shared(&self) -> bool {
        true
    }

    fn execute(&mut self, statement: &str, values: &[Value<'_>]) -> Result<u64, SqlError> {
        let statement = self.prepared(statement)?;
        Ok(self.transaction.execute(&statement, &parameters(values))?)
    }

    fn query(&mut self, statement: &str, values: &[Value<'_>]) -> Result<Vec<Row>, SqlError> {
        let statement = self.prepared(statement)?;
        let rows = self.transaction.query(&statement, &parameters(values))?;
        rows.iter().map(row).collect()
    }
}

fn parameters<'a>(values: &'a [Value<'_>]) -> Vec<&'a (dyn ToSql + Sync)> {
    values
        .iter()
        .map(|value| match value {
            Value::Text(text) => text as &(dyn ToSql + Sync),
            Value::Integer(number) => number,
        })
        .collect()
}

fn row(row: &postgres::Row) -> Result<Row, SqlError> {
    let cells = row.columns().iter().enumerate().map(|(place, column)| {
        let number = |number: Option<i64>| number.map_or(Cell::Nothing, Cell::Integer);
        Ok(match *column.type_() {
            Type::INT8 => number(row.try_get(place)?),
            Type::INT4 => number(row.try_get::<_, Option<i32>>(place)?.map(i64::from)),
            _ => row
                .try_get::<_, Option<String>>(place)?
                .map_or(Cell::Nothing, Cell::Text),
        })
    });
    cells
        .collect::<Result<_, postgres::Error>>()
        .map(Row)
        .map_err(SqlError::from)
}
