//! The executor of the workflows: operations, effects and the budget.

mod context;

pub(crate) use context::Context;
