//! Lists: which records they hold and in which order (API.md section 5).

mod page;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeSet;

use serde_json::Value;

use crate::failure::Failure;
use crate::grammar::{self, Comparison, Expression, Literal, Operator, Row};
use crate::schema::{Access, Kind};
use crate::settings::Quirks;
use crate::store::{Record, Store, reference_id};
use crate::table::Table;
use crate::wire::target::Target;

/// What a list is asked for, apart from paging and projection.
#[derive(Debug, Default)]
pub(crate) struct Find {
    conditions: Option<Expression>,
    child_conditions: Option<(String, Expression)>,
    custom_field_conditions: Option<Expression>,
    order: Vec<(Vec<String>, bool)>,
}

impl Find {
    /// Reads the parameters of a list from a query.
    pub(crate) fn from_target(
        table: Table,
        template: &str,
        target: &Target,
        quirks: &Quirks,
    ) -> Result<Self, Failure> {
        Self::parse(
            table,
            template,
            &|name| target.get(name).map(str::to_owned),
            quirks,
        )
    }

    /// Reads the parameters of a list, wherever they stand.
    pub(crate) fn parse(
        table: Table,
        template: &str,
        get: &dyn Fn(&str) -> Option<String>,
        quirks: &Quirks,
    ) -> Result<Self, Failure> {
        let parsed = |name: &str| {
            get(name)
                .map(|text| grammar::parse(&grammar::escaped(&text, quirks.quote_escape)))
                .transpose()
        };
        let mut find = Self {
            conditions: parsed("conditions")?,
            custom_field_conditions: parsed("customFieldConditions")?,
            ..Self::default()
        };
        if let Some(expression) = &mut find.conditions {
            let mut configurations = 0;
            expression.visit(&mut |comparison| {
                if quirks.no_in_operator && comparison.operator == Operator::In {
                    return Err(Failure::find_condition("Unexpected 'in'."));
                }
                recognise(table, template, comparison, quirks)?;
                if is_configuration(&comparison.path) {
                    configurations += 1;
                }
                if configurations > 1 {
                    return Err(Failure::unrecognized("configuration/id"));
                }
                Ok(())
            })?;
        }
        if let Some(mut expression) = parsed("childConditions")? {
            let child = child_of(table, &mut expression)?;
            find.child_conditions = Some((child, expression));
        }
        if let Some(expression) = &mut find.custom_field_conditions {
            if table.entity().field("customFields").is_none() {
                return Err(Failure::unrecognized("customFields"));
            }
            expression.visit(&mut |comparison| match comparison.path.as_mut_slice() {
                [name] if ["caption", "value", "type", "id"].contains(&&*name.to_lowercase()) => {
                    *name = name.to_lowercase();
                    Ok(())
                }
                path => Err(Failure::unrecognized(&path.join("/"))),
            })?;
        }
        if let Some(order) = get("orderBy") {
            find.order = orders(table, &order)?;
        }
        Ok(find)
    }

    /// Whether an order was asked for.
    pub(crate) fn is_ordered(&self) -> bool {
        !self.order.is_empty()
    }

    /// Whether the order is that in which records are stored.
    fn is_by_id(&self) -> bool {
        matches!(self.order.as_slice(), [(path, false)] if path.as_slice() == ["id"])
    }

    /// The only records that can match, by id, where the conditions name them: by `id`, or a
    /// ticket by `externalXRef`.
    pub(crate) fn candidates(&self, store: &Store, table: Table) -> Option<BTreeSet<i64>> {
        let expression = self.conditions.as_ref()?;
        let parts = match expression {
            Expression::And(parts) => parts.as_slice(),
            other => std::slice::from_ref(other),
        };
        parts.iter().find_map(|part| {
            let Expression::Compare(comparison) = part else {
                return None;
            };
            let [name] = comparison.path.as_slice() else {
                return None;
            };
            match (name.as_str(), comparison.operator, comparison.negated) {
                ("id", Operator::Equal | Operator::In, false) => {
                    comparison.values.iter().map(Literal::as_id).collect()
                }
                ("externalXRef", Operator::Equal, false) if table == Table::Ticket => {
                    match comparison.values.as_slice() {
                        [Literal::Text(reference)] => {
                            let reference = reference.replace("[[]", "[");
                            Some(store.tickets_by_reference(&reference).into_iter().collect())
                        }
                        _ => None,
                    }
                }
                _ => None,
            }
        })
    }

    /// The ids of the records that match, in the asked order, else by id.
    pub(crate) fn run<'a>(
        &self,
        store: &'a Store,
        table: Table,
        rows: impl Iterator<Item = (i64, &'a Record)>,
        quirks: &Quirks,
    ) -> Vec<i64> {
        let mut found: Vec<(i64, RecordRow<'a>)> = rows
            .map(|(id, record)| {
                (
                    id,
                    RecordRow {
                        store,
                        table,
                        record,
                    },
                )
            })
            .filter(|(_, row)| self.matches(row, quirks))
            .collect();
        if !self.order.is_empty() && !self.is_by_id() {
            found.sort_by(|(left_id, left), (right_id, right)| {
                for (path, descending) in &self.order {
                    let order =
                        ascending(left.value(path).as_deref(), right.value(path).as_deref());
                    let order = if *descending { order.reverse() } else { order };
                    if order.is_ne() {
                        return order;
                    }
                }
                left_id.cmp(right_id)
            });
        }
        found.into_iter().map(|(id, _)| id).collect()
    }

    fn matches(&self, row: &RecordRow<'_>, quirks: &Quirks) -> bool {
        let holds_for_item = |list: &str, expression: &Expression| {
            let items = row.record.get(list).and_then(Value::as_array);
            items.into_iter().flatten().any(|item| {
                let item = ItemRow {
                    store: row.store,
                    table: row.table,
                    list,
                    item,
                };
                expression.holds(&item, quirks)
            })
        };
        self.conditions
            .as_ref()
            .is_none_or(|expression| expression.holds(row, quirks))
            && self
                .child_conditions
                .as_ref()
                .is_none_or(|(list, expression)| holds_for_item(list, expression))
            && self
                .custom_field_conditions
                .as_ref()
                .is_none_or(|expression| holds_for_item("customFields", expression))
    }
}

fn is_configuration(path: &[String]) -> bool {
    matches!(path, [root, key] if root == "configuration" && key == "id")
}

/// Checks the name and value of a comparison, and spells the name as the record does.
fn recognise(
    table: Table,
    template: &str,
    comparison: &mut Comparison,
    quirks: &Quirks,
) -> Result<(), Failure> {
    let written = comparison.path.join("/");
    let unrecognized = || Failure::unrecognized(&written);
    if table == Table::Ticket && is_configuration(&comparison.path) {
        return match (comparison.operator, comparison.values.as_slice()) {
            (Operator::Equal, [Literal::Number(_)]) => Ok(()),
            _ => Err(unrecognized()),
        };
    }
    let kind = spell(table, &mut comparison.path).ok_or_else(unrecognized)?;
    let root = comparison.path.first().map_or("", String::as_str);
    if quirks.refused_names.contains(&format!("{template} {root}")) {
        return Err(unrecognized());
    }
    if let Kind::Choice(words) = kind {
        for value in &comparison.values {
            let known = match value {
                Literal::Text(word) => words.iter().any(|known| known.eq_ignore_ascii_case(word)),
                Literal::Null => true,
                _ => false,
            };
            let whole = !matches!(comparison.operator, Operator::Contains | Operator::Like);
            if whole && !known {
                return Err(Failure::find_condition("Enum value supplied was invalid"));
            }
        }
    }
    Ok(())
}

/// Spells a path as the record does and returns the type at its end; `None` when a list does not
/// know it. Lists inside a record are not known: they need `childConditions`.
fn spell(table: Table, path: &mut [String]) -> Option<Kind> {
    let (root, rest) = path.split_first_mut()?;
    if root.eq_ignore_ascii_case("lastUpdated") && rest.is_empty() {
        "lastUpdated".clone_into(root);
        return Some(Kind::Timestamp);
    }
    let field = table.entity().field_in_any_case(root)?;
    if field.access == Access::NeverReturned {
        return None;
    }
    field.name.clone_into(root);
    match (field.kind, rest) {
        (Kind::Reference(target), [key]) => {
            if key.eq_ignore_ascii_case("id") {
                "id".clone_into(key);
                return Some(Kind::Int);
            }
            let known = target
                .reference_keys()
                .iter()
                .find(|known| known.eq_ignore_ascii_case(key))?;
            (*known).clone_into(key);
            Some(Kind::Line(usize::MAX))
        }
        (Kind::References(_) | Kind::Items(_) | Kind::Ints | Kind::Lines | Kind::Map, _) => None,
        (kind, []) => Some(kind),
        _ => None,
    }
}

/// The one list that the child conditions are about; its name is taken off the paths.
fn child_of(table: Table, expression: &mut Expression) -> Result<String, Failure> {
    let mut list: Option<String> = None;
    expression.visit(&mut |comparison| {
        let written = comparison.path.join("/");
        let unrecognized = || Failure::unrecognized(&written);
        if comparison.operator == Operator::In {
            return Err(Failure::find_condition("Unexpected 'in'."));
        }
        let (root, rest) = comparison.path.split_first().ok_or_else(unrecognized)?;
        let field = table
            .entity()
            .field_in_any_case(root)
            .filter(|field| matches!(field.kind, Kind::Items(_) | Kind::References(_)))
            .ok_or_else(unrecognized)?;
        if rest.is_empty() || list.get_or_insert(field.name.to_owned()) != field.name {
            return Err(unrecognized());
        }
        let known = match (field.kind, rest) {
            (Kind::References(target), [key]) => {
                key == "id" || target.reference_keys().contains(&key.as_str())
            }
            (Kind::Items(entity), [key, ..]) => entity.field(key).is_some(),
            _ => false,
        };
        if !known {
            return Err(unrecognized());
        }
        comparison.path = rest.to_vec();
        Ok(())
    })?;
    list.ok_or_else(|| Failure::find_condition("The condition is empty."))
}

fn orders(table: Table, order: &str) -> Result<Vec<(Vec<String>, bool)>, Failure> {
    order
        .split(',')
        .map(|part| {
            let mut words = part.split_whitespace();
            let name = words.next().unwrap_or("");
            let descending = match words.next() {
                None => false,
                Some(word) if word.eq_ignore_ascii_case("asc") => false,
                Some(word) if word.eq_ignore_ascii_case("desc") => true,
                Some(word) => return Err(Failure::find_condition(format!("Unexpected '{word}'."))),
            };
            let mut path: Vec<String> = name.split('/').map(str::to_owned).collect();
            if words.next().is_some() || spell(table, &mut path).is_none() {
                return Err(Failure::unrecognized(part.trim()));
            }
            Ok((path, descending))
        })
        .collect()
}

/// Nulls first, then numbers, flags and text without regard to case.
fn ascending(left: Option<&Value>, right: Option<&Value>) -> Ordering {
    match (left, right) {
        (None | Some(Value::Null), None | Some(Value::Null)) => Ordering::Equal,
        (None | Some(Value::Null), _) => Ordering::Less,
        (_, None | Some(Value::Null)) => Ordering::Greater,
        (Some(Value::Number(left)), Some(Value::Number(right))) => left
            .as_f64()
            .partial_cmp(&right.as_f64())
            .unwrap_or(Ordering::Equal),
        (Some(Value::Bool(left)), Some(Value::Bool(right))) => left.cmp(right),
        (Some(Value::String(left)), Some(Value::String(right))) => {
            left.to_lowercase().cmp(&right.to_lowercase())
        }
        (Some(left), Some(right)) => left.to_string().cmp(&right.to_string()),
    }
}

struct RecordRow<'a> {
    store: &'a Store,
    table: Table,
    record: &'a Record,
}

impl Row for RecordRow<'_> {
    fn value(&self, path: &[String]) -> Option<Cow<'_, Value>> {
        let (root, rest) = path.split_first()?;
        if root == "lastUpdated" {
            return self
                .record
                .get("_info")?
                .get("lastUpdated")
                .map(Cow::Borrowed);
        }
        let value = self.record.get(root)?;
        if rest.is_empty() {
            return Some(Cow::Borrowed(value));
        }
        follow(
            self.store,
            self.table.entity().field(root)?.kind,
            value,
            rest,
        )
    }

    fn is_linked(&self, configuration: i64) -> bool {
        let linked = self.record.get("~configurations").and_then(Value::as_array);
        linked
            .into_iter()
            .flatten()
            .any(|id| id.as_i64() == Some(configuration))
    }
}

/// An object of a list inside a record.
struct ItemRow<'a> {
    store: &'a Store,
    table: Table,
    list: &'a str,
    item: &'a Value,
}

impl Row for ItemRow<'_> {
    fn value(&self, path: &[String]) -> Option<Cow<'_, Value>> {
        match self.table.entity().field(self.list)?.kind {
            Kind::References(target) => {
                follow(self.store, Kind::Reference(target), self.item, path)
            }
            Kind::Items(entity) => {
                let (root, rest) = path.split_first()?;
                follow(
                    self.store,
                    entity.field(root)?.kind,
                    self.item.get(root)?,
                    rest,
                )
            }
            _ => None,
        }
    }
}

fn follow<'a>(
    store: &'a Store,
    kind: Kind,
    value: &'a Value,
    rest: &[String],
) -> Option<Cow<'a, Value>> {
    match (kind, rest) {
        (_, []) => Some(Cow::Borrowed(value)),
        (_, [key]) if key == "id" => value.get("id").map(Cow::Borrowed),
        (Kind::Reference(target), [key]) => {
            let record = store.get(target, reference_id(value)?)?;
            Store::key(target, record, key).map(Cow::Owned)
        }
        _ => None,
    }
}
