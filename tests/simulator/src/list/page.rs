//! Pages of lists and their `Link` headers (API.md section 4).

use serde_json::{Value, json};

use crate::failure::Failure;
use crate::psa::Psa;
use crate::psa::dispatch::Call;
use crate::settings::LastLink;
use crate::table::Table;
use crate::wire::target::Target;
use crate::wire::{Request, Response};

const DEFAULT_PAGE_SIZE: usize = 25;
const LARGEST_PAGE_SIZE: usize = 1_000;

/// One page of a list.
struct Page {
    number: usize,
    size: usize,
    forward_from: Option<i64>,
}

impl Page {
    /// Reads `page`, `pageSize` and `pageId`.
    fn of(request: &Request, target: &Target) -> Result<Self, Failure> {
        let number = |name: &str, default: usize| match target.get(name) {
            None => Ok(default),
            Some(text) => text.parse::<usize>().map_err(|_| {
                Failure::new(
                    400,
                    "InvalidField",
                    format!("{name} must be a whole number."),
                )
            }),
        };
        let forward = request
            .header_value("pagination-type")
            .is_some_and(|kind| kind.eq_ignore_ascii_case("forward-only"));
        if forward && target.get("orderBy").is_some() {
            return Err(Failure::find_condition(
                "orderBy is not allowed with forward-only pagination.",
            ));
        }
        let forward_from = if forward {
            let id = number("pageId", 0)?;
            Some(i64::try_from(id).unwrap_or(i64::MAX))
        } else {
            None
        };
        Ok(Self {
            number: number("page", 1)?.max(1),
            size: match number("pageSize", DEFAULT_PAGE_SIZE)? {
                0 => DEFAULT_PAGE_SIZE,
                size => size.min(LARGEST_PAGE_SIZE),
            },
            forward_from,
        })
    }

    fn cut(&self, ids: &mut Vec<i64>) -> bool {
        if let Some(after) = self.forward_from {
            ids.retain(|id| *id > after);
            ids.sort_unstable();
            let more = ids.len() > self.size;
            ids.truncate(self.size);
            return more;
        }
        let skipped = (self.number - 1).saturating_mul(self.size).min(ids.len());
        ids.drain(..skipped);
        let more = ids.len() > self.size;
        ids.truncate(self.size);
        more
    }
}

impl Psa {
    /// The answer to a list of records: the page asked for, projected, with its links.
    pub(crate) fn page_of(
        &mut self,
        table: Table,
        mut ids: Vec<i64>,
        ordered: bool,
        call: &Call<'_>,
    ) -> Result<Response, Failure> {
        let page = Page::of(call.request, &call.target)?;
        let projection = self.projection(table, call)?;
        let total = ids.len();
        let ordered = ordered || page.forward_from.is_some();
        if self.settings.quirks.unordered_lists && !ordered && total > page.size {
            let turn = self.next_random();
            ids.sort_by_key(|id| shuffled(turn, *id));
        }
        let more = page.cut(&mut ids);
        let base = self.base();
        let items: Vec<Value> = ids
            .iter()
            .filter_map(|id| {
                Some(self.shown(table, self.store.get(table, *id)?, &base, &projection))
            })
            .map(|record| Value::Object(projection.apply(record)))
            .collect();
        let links = self.links(&page, ids.last().copied(), more, total, call);
        Ok(with_links(Response::json(200, &json!(items)), links))
    }

    /// The answer to a list of computed objects, paged and without conditions.
    pub(crate) fn page_of_values(
        &self,
        values: &[Value],
        call: &Call<'_>,
    ) -> Result<Response, Failure> {
        let page = Page::of(call.request, &call.target)?;
        let mut places: Vec<i64> = (1..).take(values.len()).collect();
        let more = page.cut(&mut places);
        let items: Vec<&Value> = places
            .iter()
            .filter_map(|place| values.get(usize::try_from(place - 1).ok()?))
            .collect();
        let last = places.last().copied();
        let links = self.links(&page, last, more, values.len(), call);
        Ok(with_links(Response::json(200, &json!(items)), links))
    }

    fn links(
        &self,
        page: &Page,
        last: Option<i64>,
        more: bool,
        total: usize,
        call: &Call<'_>,
    ) -> Vec<String> {
        let base = if self.settings.quirks.links_name_ui_host {
            self.base().replace("://api-", "://")
        } else {
            self.base()
        };
        let link = |replaced: &[(&str, String)], relation: &str| {
            let query = call.target.query_with(replaced);
            format!("<{base}{}?{query}>; rel=\"{relation}\"", call.path)
        };
        if page.forward_from.is_some() {
            return match (more, last) {
                (true, Some(last)) => vec![link(&[("pageId", last.to_string())], "next")],
                _ => vec!["<>; rel=\"next\"".to_owned()],
            };
        }
        let at = |number: usize| {
            [
                ("pageSize", page.size.to_string()),
                ("page", number.to_string()),
            ]
        };
        let mut links = Vec::new();
        if more {
            links.push(link(&at(page.number + 1), "next"));
            let last = total.div_ceil(page.size);
            let last = match self.settings.quirks.last_link {
                LastLink::True => Some(last),
                LastLink::Missing => None,
                LastLink::TooSmall => Some(last - 1),
                LastLink::TooLarge => Some(last + 7),
            };
            links.extend(last.map(|last| link(&at(last), "last")));
        }
        if page.number > 1 {
            links.push(link(&at(page.number - 1), "prev"));
            links.push(link(&at(1), "first"));
        }
        links
    }
}

fn with_links(response: Response, links: Vec<String>) -> Response {
    if links.is_empty() {
        response
    } else {
        response.header("Link", &links.join(", "))
    }
}

/// A place for a record that changes from one list to the next.
fn shuffled(turn: u64, id: i64) -> u64 {
    let mixed = (turn ^ id.cast_unsigned()).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}
