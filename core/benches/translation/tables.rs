//! What a program that is written by hand knows: the configuration and the catalog, with every name looked up.

use crate::workload::Workload;
use serde_json::{Map, Value, json};

pub(crate) fn of(workload: &Workload) -> Value {
    let config = serde_json::to_value(workload.settings.config()).unwrap();
    let catalog = serde_json::to_value(&workload.catalog).unwrap();
    let directory = serde_json::to_value(&workload.directory).unwrap();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let id_of = |list_of: &Value, key: &str, name: &Value| {
        let found = list(list_of)
            .into_iter()
            .find(|record| record[key] == *name);
        found.map_or(Value::Null, |record| record["id"].clone())
    };
    let board = &catalog["boards"][0];
    let routes: Vec<Value> = list(&config["routes"])
        .iter()
        .map(|route| {
            json!({
                "category": list(&route["when"]["category"]),
                "kind": list(&route["when"]["kind"]),
                "board": board["id"],
                "status": id_of(&board["statuses"], "name", &route["status"]["created"]),
                "type": id_of(&board["types"], "name", &route["type"]),
                "subType": id_of(&board["subtypes"], "name", &route["subtype"]),
            })
        })
        .collect();
    let mut companies = Map::new();
    for entry in list(&config["companies"]["map"]) {
        let company = &entry["company"]["identifier"];
        let id = id_of(&directory["companies"], "identifier", company);
        companies.insert(entry["group"].as_str().unwrap().to_owned(), id);
    }
    let mut priorities = Map::new();
    for (severity, priority) in config["priority_map"].as_object().unwrap() {
        let id = id_of(&catalog["priorities"], "name", priority);
        priorities.insert(severity.clone(), id);
    }
    let severity = &config["ticket"]["fields"][0];
    json!({
        "instance": config["instance"],
        "routes": routes,
        "companies": companies,
        "priorities": priorities,
        "impact": config["ticket"]["impact"],
        "severities": severity["map"],
        "severity": severity["default"],
    })
}
