//! The dashboard's files, held in memory: what is not in the folder when the service starts cannot be asked for.

use super::{App, refusal::Refusal};
use crate::cli::terminal::{Done, Stop};
use axum::{
    body::Bytes,
    extract::{Path as InPath, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use sha2::{Digest as _, Sha256};
use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

/// What a page may do: run what comes from here, WASM included, and speak with here alone. No inline script, no frame.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
                      font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// The files of the dashboard.
#[derive(Debug)]
pub(in crate::cli) struct Page {
    index: File,
    /// By name; those of `assets/`, whose names change with their content.
    assets: BTreeMap<String, File>,
}

#[derive(Debug)]
struct File {
    content: Bytes,
    /// The same, compressed, where the build left it beside.
    gzipped: Option<Bytes>,
    kind: &'static str,
    tag: HeaderValue,
}

impl Page {
    /// Reads a folder as the build of examples/dashboard makes it.
    ///
    /// # Errors
    ///
    /// Where there is no page in it.
    pub(in crate::cli) fn read(folder: &Path) -> Done<Self> {
        let refused = |error| {
            Stop::refused(format!(
                "--dashboard {}: {error}. Build it: cd examples/dashboard && npm ci && npm run build",
                folder.display()
            ))
        };
        let index = File::read(&folder.join("index.html")).map_err(refused)?;
        let mut assets = BTreeMap::new();
        for entry in fs::read_dir(folder.join("assets")).map_err(refused)? {
            let path = entry.map_err(refused)?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if !name.ends_with(".gz") {
                let file = File::read(&path).map_err(refused)?;
                assets.insert(name.into_owned(), file);
            }
        }
        Ok(Self { index, assets })
    }
}

impl File {
    fn read(path: &Path) -> std::io::Result<Self> {
        let content = fs::read(path)?;
        let mut beside = path.as_os_str().to_owned();
        beside.push(".gz");
        let digest = Sha256::digest(&content);
        let tag: String = digest.iter().take(12).map(|b| format!("{b:02x}")).collect();
        Ok(Self {
            content: content.into(),
            gzipped: fs::read(beside).ok().map(Bytes::from),
            kind: kind(path),
            tag: HeaderValue::try_from(format!("\"{tag}\""))
                .map_err(|error| std::io::Error::other(error.to_string()))?,
        })
    }

    fn response(&self, asked: &HeaderMap, caching: &'static str) -> Response {
        let fixed = [
            (header::CONTENT_TYPE, self.kind),
            (header::CACHE_CONTROL, caching),
            (header::VARY, "accept-encoding"),
            (header::CONTENT_SECURITY_POLICY, POLICY),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::REFERRER_POLICY, "no-referrer"),
            (
                HeaderName::from_static("cross-origin-opener-policy"),
                "same-origin",
            ),
            (
                HeaderName::from_static("cross-origin-resource-policy"),
                "same-origin",
            ),
        ];
        let tag = [(header::ETAG, self.tag.clone())];
        if asked.get(header::IF_NONE_MATCH) == Some(&self.tag) {
            return (StatusCode::NOT_MODIFIED, fixed, tag).into_response();
        }
        let takes = asked.get(header::ACCEPT_ENCODING);
        let takes = takes.and_then(|value| value.to_str().ok());
        match &self.gzipped {
            Some(gzipped) if takes.is_some_and(|takes| takes.contains("gzip")) => {
                let encoding = [(header::CONTENT_ENCODING, "gzip")];
                (fixed, tag, encoding, gzipped.clone()).into_response()
            }
            _ => (fixed, tag, self.content.clone()).into_response(),
        }
    }
}

/// `GET /`.
pub(super) async fn index(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    match &app.page {
        Some(page) => page.index.response(&headers, "no-cache"),
        None => Refusal::no_such_path().into_response(),
    }
}

/// `GET /assets/{file}`.
pub(super) async fn asset(
    State(app): State<Arc<App>>,
    InPath(name): InPath<String>,
    headers: HeaderMap,
) -> Response {
    let file = app.page.as_ref().and_then(|page| page.assets.get(&name));
    match file {
        Some(file) => file.response(&headers, "public, max-age=31536000, immutable"),
        None => Refusal::no_such_path().into_response(),
    }
}

fn kind(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}
