//! The main story, each of its requests judged by Prism, which was started from ConnectWise's published OpenAPI document
//! at the URL in `CASEWIRE_PRISM`. Prism keeps no state, so the simulator gives the answers.

use casewire_scenarios::STORIES;

#[test]
fn prism_accepts_every_request_of_every_story() {
    let url = std::env::var("CASEWIRE_PRISM")
        .expect("CASEWIRE_PRISM names Prism's URL: cargo xtask test --only contract");
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .into();
    let (mut accepted, mut refused) = (0, Vec::new());
    for story in STORIES {
        for (request, _) in story.told().exchanges.unwrap_or_default() {
            let Some((_, below)) = request.target.split_once("/apis/3.0") else {
                continue;
            };
            let mut prepared = ureq::http::Request::builder()
                .method(request.method.as_str())
                .uri(format!("{url}{below}"));
            for (name, value) in &request.headers {
                prepared = prepared.header(name, value);
            }
            let answer = agent.run(prepared.body(request.body).unwrap()).unwrap();
            if answer.status().is_success() {
                accepted += 1;
            } else {
                refused.push(format!(
                    "{}: {} {below}: {}",
                    story.name,
                    request.method,
                    answer.status()
                ));
            }
        }
    }
    println!("Prism accepted {accepted} requests");
    assert!(
        refused.is_empty(),
        "Prism refused {} of {}: {refused:#?}",
        refused.len(),
        refused.len() + accepted
    );
    assert!(accepted > 50);
}
