//! Files of cases, streamed to a bounded folder: never in memory as a whole, and only their tokens go on.

use super::{
    App,
    cases::{Change, check_added, take_over, waiting},
    chosen::Chosen,
    refusal::Refusal,
};
use crate::{
    cli::serve::tables::{self, StoredFile},
    clock::now,
};
use axum::{
    body::{Body, Bytes},
    extract::{Query, State},
    response::Response,
};
use casewire::Attachment;
use futures_util::StreamExt as _;
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::{
    fmt::Write as _,
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

/// Largest file, in bytes: what ConnectWise takes at most (guide 002).
const LARGEST: u64 = 50 << 20;
/// How long nothing may come.
const SILENCE: Duration = Duration::from_secs(30);
/// A file that was uploaded so long ago and whose case waits no more is not needed.
const SWEEP_AGE: Duration = Duration::from_secs(600);

/// What is said of a file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Said {
    id: String,
    file_name: String,
    title: Option<String>,
    wait: Option<String>,
}

/// `POST /cases/{id}/attachments?id=...&file_name=...&title=...`, with the bytes as the body.
pub(super) async fn upload(
    State(app): State<Arc<App>>,
    chosen: Chosen,
    Query(said): Query<Said>,
    body: Body,
) -> Result<Response, Refusal> {
    let instance = chosen.instance()?;
    let wait = said.wait.as_deref().map(super::span).transpose()?;
    if app.is_stopping() {
        return Err(Refusal::stopping());
    }
    let (name, case_id) = (instance.name().to_owned(), chosen.case.clone());
    let known = app
        .desk
        .ask(move |sql| tables::case(sql, &name, &case_id))
        .await
        .map_err(|why| Refusal::of_store(&why))?;
    if known.is_none() {
        return Err(Refusal::no_such_case(&chosen.case));
    }
    let mut upload = Upload::begin(&app)?;
    let mut stream = body.into_data_stream();
    loop {
        match tokio::time::timeout(SILENCE, stream.next()).await {
            Ok(Some(Ok(bytes))) => upload.add(&bytes)?,
            Ok(Some(Err(_))) => return Err(Refusal::cut_off()),
            Ok(None) => break,
            Err(_) => return Err(Refusal::too_slow()),
        }
    }
    let sha256 = hex(&upload.digest.clone().finalize());
    let size = upload.size;
    let token = token([instance.name(), &chosen.case, &said.id, &sha256]);
    upload.finish(&token).await?;
    let file = StoredFile {
        token: token.clone(),
        instance: instance.name().to_owned(),
        case_id: chosen.case.clone(),
        sha256: sha256.clone(),
        size,
    };
    let (path, checked) = (app.folder.join(&token), Arc::clone(&instance));
    let case_id = chosen.case.clone();
    let change: Change = Box::new(move |sql, earlier| {
        let Some(mut case) = earlier else {
            return Ok(Err(Refusal::no_such_case(&case_id)));
        };
        // Noted also where it is refused: the sweep then removes it.
        tables::put_file(sql, &file, now())?;
        let own = path.display().to_string();
        let place = case
            .attachments
            .iter()
            .position(|known| known.id == said.id);
        let known = place.and_then(|place| case.attachments.get(place));
        if known.is_some_and(|known| known.token != own) {
            return Ok(Err(Refusal::other_content(&said.id)));
        }
        let place = place.unwrap_or(case.attachments.len());
        let attachment = Attachment {
            id: said.id.clone(),
            title: said.title.clone(),
            file_name: said.file_name.clone(),
            size: file.size,
            token: own,
            created_at: Some(now()),
            comment: None,
            sha256: Some(file.sha256.clone()),
        };
        let end = (place + 1).min(case.attachments.len());
        case.attachments.splice(place..end, [attachment]);
        Ok(check_added(
            &checked,
            case,
            &format!("/attachments/{place}"),
            "the attachment",
        ))
    });
    let told = take_over(&app, &instance, vec![(chosen.case, change)], wait).await?;
    let mut told = told.into_iter().next().unwrap_or_default();
    told.add("token", json!(token));
    told.add("sha256", json!(sha256));
    told.add("size", json!(size));
    Ok(told.response())
}

/// The name of the file in the folder: the same for the same content of the same attachment, another one for every other.
fn token(of: [&str; 4]) -> String {
    let mut digest = Sha256::new();
    for part in of {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part.as_bytes());
    }
    hex(&digest.finalize())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A file that comes in. Dropped before it is whole, it leaves nothing.
struct Upload<'a> {
    app: &'a App,
    file: Option<File>,
    part: PathBuf,
    digest: Sha256,
    size: u64,
}

impl<'a> Upload<'a> {
    fn begin(app: &'a App) -> Result<Self, Refusal> {
        let number = app.uploads.fetch_add(1, Ordering::Relaxed);
        let part = app.folder.join(format!("{}-{number}.part", app.run));
        let file = create(&part).map_err(|error| Refusal::of_store(&error.to_string()))?;
        Ok(Self {
            app,
            file: Some(file),
            part,
            digest: Sha256::new(),
            size: 0,
        })
    }

    fn add(&mut self, bytes: &Bytes) -> Result<(), Refusal> {
        let count = bytes.len() as u64;
        if self.size + count > LARGEST {
            return Err(Refusal::too_large(LARGEST));
        }
        let used = self.app.folder_used.fetch_add(count, Ordering::AcqRel);
        self.size += count;
        if used + count > self.app.folder_limit {
            return Err(Refusal::folder_full());
        }
        self.digest.update(bytes);
        match &mut self.file {
            Some(file) => file
                .write_all(bytes)
                .map_err(|error| Refusal::of_store(&error.to_string())),
            None => Ok(()),
        }
    }

    /// Gives it its name and returns once it is on the disk.
    async fn finish(mut self, token: &str) -> Result<(), Refusal> {
        let file = self.file.take();
        let (part, path) = (self.part.clone(), self.app.folder.join(token));
        let replaced = tokio::task::spawn_blocking(move || {
            if let Some(file) = file {
                file.sync_all()?;
            }
            let replaced = fs::metadata(&path).map_or(0, |known| known.len());
            fs::rename(part, &path)?;
            if let Some(folder) = path.parent() {
                File::open(folder)?.sync_all()?;
            }
            std::io::Result::Ok(replaced)
        })
        .await
        .map_err(|error| Refusal::of_store(&error.to_string()))?
        .map_err(|error| Refusal::of_store(&error.to_string()))?;
        self.app.folder_used.fetch_sub(replaced, Ordering::AcqRel);
        Ok(())
    }
}

impl Drop for Upload<'_> {
    fn drop(&mut self) {
        if self.file.is_some() {
            self.app.folder_used.fetch_sub(self.size, Ordering::AcqRel);
            let _ = fs::remove_file(&self.part);
        }
    }
}

fn create(path: &Path) -> std::io::Result<File> {
    let mut options = fs::OpenOptions::new();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Removes the files that were uploaded a while ago and whose cases wait no more: their tickets hold them.
pub(in crate::cli::serve) async fn sweep(app: &App) {
    let before = casewire::Timestamp::from_millis(
        now().millis() - i64::try_from(SWEEP_AGE.as_millis()).unwrap_or(0),
    );
    let files = app.desk.ask(move |sql| tables::files_before(sql, before));
    for file in files.await.unwrap_or_default() {
        if let Some(instance) = app.instances.get(&file.instance)
            && !matches!(waiting(&instance, &file.case_id).await, Ok(None))
        {
            continue;
        }
        let _ = fs::remove_file(app.folder.join(&file.token));
        let gone = app
            .desk
            .ask(move |sql| tables::file_is_gone(sql, &file.token))
            .await;
        if gone.is_ok() {
            app.folder_used.fetch_sub(file.size, Ordering::AcqRel);
        }
    }
}
