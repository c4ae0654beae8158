use std::borrow::Cow;

use serde_json::{Value, json};

use super::{Row, parse};
use crate::settings::{Quirks, Wildcard};

struct Json(Value);

impl Row for Json {
    fn value(&self, path: &[String]) -> Option<Cow<'_, Value>> {
        let value = path.iter().try_fold(&self.0, |value, key| value.get(key))?;
        Some(Cow::Borrowed(value))
    }
}

fn row() -> Json {
    Json(json!({
        "id": 909,
        "summary": "Windows: Audit log cleared [DC1] \"x\"",
        "closedFlag": false,
        "board": {"id": 1, "name": "Professional Services"},
        "lastUpdated": "2019-02-11T01:09:53Z",
        "budgetHours": 1.5,
    }))
}

fn holds(condition: &str) -> bool {
    parse(condition).unwrap().holds(&row(), &Quirks::default())
}

#[test]
fn what_should_hold_holds() {
    for condition in [
        "id=909",
        "id in (1, 909)",
        "id NOT IN (1,2)",
        "board/name = 'professional SERVICES'",
        "closedFlag = False and board/id = 1",
        "closedFlag=true OR id>=909",
        "(id = 1 or id = 909) and not (closedFlag = true)",
        "summary contains \"audit LOG\"",
        "summary not contains \"nothing\"",
        "summary contains \"[[]DC1]\"",
        "summary contains \"\\\"x\\\"\"",
        "summary like \"windows*cleared*\"",
        "summary like \"*Audit*\"",
        "owner = null",
        "board/id != null",
        "lastUpdated > [2019-02-11T01:09:52Z]",
        "lastUpdated >= [2019-02-11]",
        "lastUpdated = [2019-02-11T03:09:53+02:00]",
        "budgetHours < 1.6",
    ] {
        assert!(holds(condition), "{condition}");
    }
}

#[test]
fn what_should_not_hold_does_not() {
    for condition in [
        "id=910",
        "id != 909",
        "owner = 'x'",
        "owner != 'x'",
        "not (id = 909)",
        "summary like \"Audit*\"",
        "summary like \"Windows\"",
        "summary = \"Windows\"",
        "lastUpdated > [2019-02-11T01:09:53Z]",
        "id = 1 or id = 2 and closedFlag = false",
    ] {
        assert!(!holds(condition), "{condition}");
    }
}

#[test]
fn what_is_no_condition_is_refused() {
    for condition in [
        "",
        "id",
        "id =",
        "id = (1)",
        "id in 1",
        "id = 1 and",
        "(id = 1",
        "summary = \"open",
        "lastUpdated > [yesterday]",
        "id not = 1",
        "id = 1 id = 2",
        "summary ~ 'x'",
        "id = DROP",
    ] {
        assert!(parse(condition).is_err(), "{condition}");
    }
    assert!(parse(&"(".repeat(100_000)).is_err());
}

#[test]
fn quirks_change_wildcards_and_dates() {
    let mut quirks = Quirks {
        wildcard: Wildcard::Percent,
        ..Quirks::default()
    };
    let check = |condition: &str, quirks: &Quirks| parse(condition).unwrap().holds(&row(), quirks);
    assert!(check("summary like '%audit%'", &quirks));
    assert!(!check("summary like '*audit*'", &quirks));
    quirks.iso_dates_find_nothing = true;
    assert!(!check("lastUpdated > [2018-01-01T00:00:00Z]", &quirks));
    assert!(!check("lastUpdated >= [2018-01-01]", &quirks));
    assert!(check("lastUpdated > [2018-01-01]", &quirks));
}
