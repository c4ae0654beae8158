//! The configuration as a page reads, tests and saves it. Keys are no part of it and are in no answer.

use super::{App, MAX_BODY, chosen::Chosen, json, read, refusal::Refusal};
use crate::cli::{
    serve::{
        instance::{Ask, Instance},
        instances::Source,
    },
    session,
    terminal::{Done, Stop},
};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use casewire::{
    Code, Command, Config, Connection, ConnectionReport, ConnectionState, Error, Fault,
    MemoryStore, Outcome,
};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use std::{io::Write as _, path::Path, sync::Arc, time::Instant};

/// Where ConnectWise's cloud is: the keys may be sent to any of its hosts.
const CLOUD: &str = ".myconnectwise.net";

/// `GET /configuration`: the document as it is saved, with its revision as `ETag`.
pub(super) async fn show(State(app): State<Arc<App>>, chosen: Chosen) -> Result<Response, Refusal> {
    let source = source(&app, &*chosen.instance()?)?;
    let text = read_file(&source.path)?;
    Ok(with_tag(text))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Candidate {
    connection: Connection,
}

/// `POST /connection/test`: tests a connection that is not saved, part by part, with the keys that the service has.
pub(super) async fn test(
    State(app): State<Arc<App>>,
    chosen: Chosen,
    body: Body,
) -> Result<Response, Refusal> {
    let instance = chosen.instance()?;
    let source = source(&app, &instance)?;
    let bytes = read(body, MAX_BODY).await?;
    let Candidate { connection } = casewire::json::read(&bytes)
        .map_err(|faults| Refusal::of_faults("the connection", faults))?;
    trust(&connection, &instance)?;
    let config = Config::for_connection(instance.name(), connection);
    let report = blocking(move || test_connection(config, &source)).await?;
    let report = Outcome::Connection(Box::new(report));
    Ok(json(
        StatusCode::OK,
        serde_json::to_string(&report).unwrap_or_default(),
    ))
}

/// `PUT /configuration` with `If-Match`: saves a document that is sound, whose connection passes its test and whose boards
/// exist, and goes on with it.
pub(super) async fn save(
    State(app): State<Arc<App>>,
    chosen: Chosen,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let instance = chosen.instance()?;
    let source = source(&app, &instance)?;
    let bytes = read(body, MAX_BODY).await?;
    let config = Config::from_json(&bytes)?;
    if config.instance != instance.name() {
        let message = "an instance keeps its name, by which its records are found";
        let fix = format!("Write '{}'", instance.name());
        let fault = Fault::new(Code::InvalidValue, "/instance", message, fix);
        return Err(Refusal::of_faults("the configuration", vec![fault]));
    }
    trust(&config.connection, &instance)?;
    let _alone = app.saving.lock().await;
    if app.is_stopping() {
        return Err(Refusal::stopping());
    }
    if headers.get(header::IF_MATCH) != Some(&tag(&read_file(&source.path)?)) {
        return Err(Refusal::other_revision());
    }
    let (candidate, keys) = (config.clone(), source.clone());
    blocking(move || Ok(check(candidate, &keys))).await??;
    write_file(&source.path, &bytes)?;
    let (shared, name) = (Arc::clone(&app), instance.name().to_owned());
    blocking(move || {
        let (desk, feed, grace) = (&shared.desk, &shared.feed, shared.grace);
        let replaced = shared.instances.replace(&name, config, desk, feed, grace);
        // One that begins while the service ends was not among those that were asked to stop.
        if shared.is_stopping() {
            for instance in shared.instances.all() {
                instance.ask(Ask::Stop(Instant::now()));
            }
        }
        replaced
    })
    .await?;
    tracing::info!(
        instance = instance.name(),
        "the configuration was saved in the page"
    );
    Ok(with_tag(bytes))
}

/// The keys go to where they were meant for, or to ConnectWise's own cloud: nobody has them sent to a host of their own.
fn trust(connection: &Connection, instance: &Instance) -> Result<(), Refusal> {
    let known = instance.settings.config().connection.site.as_str();
    let host = connection.site.strip_prefix("https://").map(|rest| {
        let end = rest.find(['/', '?', '#', ':']).unwrap_or(rest.len());
        rest.get(..end).unwrap_or_default()
    });
    // Whatever reads an address in another way than this reads none of these letters in another way.
    let plain = |host: &str| {
        let mut bytes = host.bytes();
        bytes.all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
    };
    let cloud = host.is_some_and(|host| plain(host) && host.ends_with(CLOUD));
    if cloud || connection.site == known {
        return Ok(());
    }
    let message = format!("the keys are not sent to another host than {known} or one of *{CLOUD}");
    let fix =
        "Change the site in the configuration's file, where the keys are set, too, and start anew";
    let fault = Fault::new(Code::InvalidValue, "/connection/site", message, fix);
    Err(Refusal::of_faults("the connection", vec![fault]))
}

fn test_connection(config: Config, source: &Source) -> Done<ConnectionReport> {
    match trial(config, source, Command::TestConnection)?.map_err(|error| Stop::of(&error))? {
        Outcome::Connection(report) => Ok(*report),
        _ => Err(Stop::failed("the test gave no report")),
    }
}

/// Tests the connection of a configuration, and holds it against the boards of the instance.
fn check(config: Config, source: &Source) -> Result<(), Refusal> {
    let report = test_connection(config.clone(), source).map_err(refusal)?;
    if !report.ok {
        let mut parts = report.parts.iter();
        let failed = parts.find(|part| part.state == ConnectionState::Failed);
        let why = failed.map_or("", |part| part.message.as_str());
        return Err(Refusal::no_connection(why));
    }
    trial(config, source, Command::ReadCatalog).map_err(refusal)??;
    Ok(())
}

/// Performs a command with a connector of its own that leaves no trace.
fn trial(config: Config, source: &Source, command: Command) -> Done<Result<Outcome, Error>> {
    let credentials = source.keys.of(&config.instance)?;
    let store = Box::new(MemoryStore::new());
    let mut driver = session::beside_cases(config, credentials, store)?;
    Ok(driver.run(command))
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Done<T> + Send + 'static,
) -> Result<T, Refusal> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result.map_err(refusal),
        Err(error) => Err(Refusal::of_file(&error.to_string())),
    }
}

fn refusal(stop: Stop) -> Refusal {
    match stop {
        Stop::Refused(why) | Stop::Failed(why) => Refusal::of_file(&why),
        Stop::Told => Refusal::of_file("it failed"),
    }
}

fn source(app: &App, instance: &Instance) -> Result<Source, Refusal> {
    let source = app.instances.source(instance.name());
    source.ok_or_else(|| Refusal::no_such_instance(&[]))
}

fn read_file(path: &Path) -> Result<Vec<u8>, Refusal> {
    std::fs::read(path)
        .map_err(|error| Refusal::of_file(&format!("the file of the configuration: {error}")))
}

/// Puts the document in the place of the file, whole or not at all.
fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Refusal> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let write = || {
        let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
        file.write_all(bytes)?;
        let permissions = std::fs::metadata(path)?.permissions();
        file.as_file().set_permissions(permissions)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        Ok::<_, std::io::Error>(())
    };
    write().map_err(|error| Refusal::of_file(&format!("the file of the configuration: {error}")))
}

fn with_tag(text: Vec<u8>) -> Response {
    let tag = tag(&text);
    let text = String::from_utf8_lossy(&text).into_owned();
    let mut response = json(StatusCode::OK, text);
    response.headers_mut().insert(header::ETAG, tag);
    response
}

fn tag(text: &[u8]) -> HeaderValue {
    let digest = Sha256::digest(text);
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    HeaderValue::try_from(format!("\"{hex}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}
