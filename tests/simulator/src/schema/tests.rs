use serde_json::Value;

use crate::contract::published;

use super::{
    Access, Entity, Field, Kind, UNBOUNDED, boards, company, configuration, service, system,
};

static ENTITIES: &[&Entity] = &[
    &service::TICKET,
    &service::SERVICE_NOTE,
    &service::TIME_ENTRY,
    &boards::BOARD,
    &boards::BOARD_STATUS,
    &boards::BOARD_TYPE,
    &boards::BOARD_SUB_TYPE,
    &boards::BOARD_ITEM,
    &boards::BOARD_TYPE_SUB_TYPE_ITEM_ASSOCIATION,
    &boards::PRIORITY,
    &boards::SOURCE,
    &boards::IMPACT,
    &boards::SEVERITY,
    &boards::SLA,
    &company::COMPANY,
    &company::COMPANY_STATUS,
    &company::COMPANY_SITE,
    &company::CONTACT,
    &company::CONTACT_COMMUNICATION,
    &company::CONTACT_COMMUNICATION_ITEM,
    &company::COMMUNICATION_TYPE,
    &configuration::COMPANY_CONFIGURATION,
    &configuration::CONFIGURATION_TYPE,
    &configuration::CONFIGURATION_STATUS,
    &configuration::CONFIGURATION_TYPE_QUESTION,
    &configuration::CONFIGURATION_QUESTION,
    &system::MEMBER,
    &system::DOCUMENT_INFO,
    &system::CALLBACK_ENTRY,
    &system::CUSTOM_FIELD_VALUE,
];

#[test]
fn our_tables_say_what_the_published_fields_say() {
    let Some(path) = published("connectwise/fields.json") else {
        return;
    };
    let text = std::fs::read_to_string(path).unwrap();
    let published: Value = serde_json::from_str(&text).unwrap();
    let mut found = Vec::new();
    for entity in ENTITIES {
        let fields = published[entity.name]["fields"].as_object();
        let fields = fields.unwrap_or_else(|| panic!("{} is not published", entity.name));
        for name in fields.keys().filter(|name| entity.field(name).is_none()) {
            found.push(format!("{}.{name} is missing", entity.name));
        }
        for field in entity.fields {
            match fields.get(field.name) {
                None => found.push(format!("{}.{} is not published", entity.name, field.name)),
                Some(published) => {
                    let problem = compare(field, published);
                    found.extend(
                        problem.map(|problem| format!("{}.{}: {problem}", entity.name, field.name)),
                    );
                }
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

fn compare(field: &Field, published: &Value) -> Option<String> {
    let kind = published["type"].as_str().unwrap_or("");
    let fits = match field.kind {
        Kind::Int => kind == "integer",
        Kind::Number => kind == "number",
        Kind::Flag => kind == "boolean",
        Kind::Line(_) | Kind::Text(_) | Kind::Timestamp | Kind::Choice(_) => kind == "string",
        Kind::Reference(_) => kind.starts_with("ref:"),
        Kind::References(_) => kind.starts_with("array<") && kind.ends_with("Reference>"),
        Kind::Items(entity) => kind == format!("array<{}>", entity.name),
        Kind::Ints => kind == "array<integer>",
        Kind::Lines => kind == "array<string>",
        Kind::Map => kind == "object",
        Kind::Any => kind == "any",
    };
    if !fits {
        return Some(format!("the type is {kind}"));
    }
    let length = match field.kind {
        Kind::Line(length) | Kind::Text(length) if length != UNBOUNDED => Some(length as u64),
        _ => None,
    };
    if length != published["maxLength"].as_u64() {
        return Some(format!("the length is {}", published["maxLength"]));
    }
    if let Kind::Choice(words) = field.kind {
        let published: Vec<&str> = published["enum"]
            .as_array()?
            .iter()
            .filter_map(Value::as_str)
            .collect();
        if words != published {
            return Some(format!("the words are {published:?}"));
        }
    }
    if field.required != (published["required"] == true) {
        return Some("required differs".to_owned());
    }
    if (field.access == Access::ReadOnly) != (published["readOnly"] == true) {
        return Some("readOnly differs".to_owned());
    }
    let post_only = published["postOnly"] == true;
    (post_only && field.access != Access::NeverReturned).then(|| "it is never returned".to_owned())
}
