//! Judged from outside: what the connector sends and what the simulator answers, against ConnectWise's published OpenAPI
//! document, where that lies beside the project.

use casewire_scenarios::STORIES;
use casewire_simulator::contract::{Contract, published};
use std::collections::BTreeSet;

#[test]
fn every_request_and_answer_of_every_story_keeps_the_published_contract() {
    let Some(contract) = published("connectwise/openapi-subset.json").and_then(Contract::load)
    else {
        return;
    };
    let mut wrong = BTreeSet::new();
    let (mut requests, mut operations) = (0, BTreeSet::new());
    for story in STORIES {
        for (request, answer) in story.told().exchanges.unwrap_or_default() {
            let Some((_, below)) = request.target.split_once("/apis/3.0") else {
                continue;
            };
            let (path, query) = below.split_once('?').unwrap_or((below, ""));
            let multipart = request
                .header_value("content-type")
                .is_some_and(|kind| kind.starts_with("multipart/"));
            let body = if multipart { &[][..] } else { &request.body };
            if !multipart {
                wrong.extend(contract.check_request(&request.method, path, query, body));
            }
            wrong.extend(contract.check_response(
                &request.method,
                below,
                answer.status,
                &answer.body,
            ));
            requests += 1;
            operations.insert(format!(
                "{} {}",
                request.method,
                path.replace(|c: char| c.is_ascii_digit(), "")
            ));
        }
    }
    println!(
        "{requests} requests of {} operations checked",
        operations.len()
    );
    assert!(requests > 50, "{requests}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}
