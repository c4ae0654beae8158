use crate::{catalog::same_name, config::Route, error::pointer};
use std::borrow::Cow;

/// A name of a route, with the key at which it stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RouteName<'a> {
    /// Such as `subtype_by_kind/cpu`.
    pub(crate) key: Cow<'static, str>,
    pub(crate) name: &'a str,
}

/// Type, subtype and item that a route gives tickets of a kind of case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Triple<'a> {
    pub(crate) kind: Option<RouteName<'a>>,
    pub(crate) subtype: Option<RouteName<'a>>,
    pub(crate) item: Option<RouteName<'a>>,
}

impl Route {
    /// The triple for a case of that kind: what is said for the kind, else what is said for all.
    pub(crate) fn triple(&self, case_kind: Option<&str>) -> Triple<'_> {
        let named = |map: &'static str, key: &'static str| {
            let (by_kind, own) = match map {
                "type_by_kind" => (&self.type_by_kind, &self.kind),
                _ => (&self.subtype_by_kind, &self.subtype),
            };
            let of_kind = by_kind
                .iter()
                .find(|(kind, _)| case_kind.is_some_and(|wanted| same_name(kind, wanted)));
            match (of_kind, own) {
                (Some((kind, name)), _) => Some(RouteName {
                    key: pointer(map, kind).into(),
                    name,
                }),
                (None, Some(name)) => Some(RouteName {
                    key: key.into(),
                    name,
                }),
                (None, None) => None,
            }
        };
        Triple {
            kind: named("type_by_kind", "type"),
            subtype: named("subtype_by_kind", "subtype"),
            item: self.item.as_deref().map(|name| RouteName {
                key: "item".into(),
                name,
            }),
        }
    }

    /// Every triple that a case can get: one per kind that is named, and one for all other kinds if there can be any.
    pub(crate) fn triples(&self) -> Vec<Triple<'_>> {
        let by_kind = || self.type_by_kind.keys().chain(self.subtype_by_kind.keys());
        let named = |kind: &String| by_kind().any(|known| same_name(known, kind));
        let others = self.when.kind.is_empty() || self.when.kind.iter().any(|kind| !named(kind));
        let mut triples: Vec<Triple<'_>> = by_kind().map(|kind| self.triple(Some(kind))).collect();
        if others || (self.type_by_kind.is_empty() && self.subtype.is_some()) {
            triples.push(self.triple(None));
        }
        triples.dedup();
        triples
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn route(value: Value) -> Route {
        serde_json::from_value(value).unwrap()
    }

    fn names(triple: &Triple<'_>) -> [Option<String>; 2] {
        [&triple.kind, &triple.subtype].map(|name| name.as_ref().map(|name| name.name.to_owned()))
    }

    #[test]
    fn what_is_said_for_a_kind_comes_before_what_is_said_for_all() {
        let route = route(json!({"name": "r", "type": "Alert", "subtype": "Other",
            "type_by_kind": {"CPU": "CPU"}, "subtype_by_kind": {"disk": "DISK"}}));
        let of = |kind| names(&route.triple(kind));
        let some = |a: &str, b: &str| [Some(a.to_owned()), Some(b.to_owned())];
        assert_eq!(of(Some("cpu")), some("CPU", "Other"));
        assert_eq!(of(Some("Disk ")), some("Alert", "DISK"));
        assert_eq!(of(Some("memory")), some("Alert", "Other"));
        assert_eq!(of(None), some("Alert", "Other"));
        assert_eq!(route.triples().len(), 3);
    }

    #[test]
    fn kinds_that_no_case_of_the_route_has_ask_for_nothing() {
        let route = route(json!({"name": "r", "when": {"kind": ["cpu", "disk"]},
            "type_by_kind": {"cpu": "CPU", "disk": "Disk"}}));
        assert_eq!(route.triples().len(), 2);
    }
}
