use super::failure::Fault;
use casewire::effect::{Failure, FailureKind, StoredBody};
use sha2::{Digest as _, Sha256};
use std::{
    io::{self, Read, Write as _},
    path::{Path, PathBuf},
};

/// Where files from ConnectWise are stored: each at its name below a folder.
#[derive(Clone, Debug)]
pub(super) struct Received {
    folder: PathBuf,
}

impl Received {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Stores what `body` gives, at most `limit` bytes. It stands under its name only once all of it is on the disk.
    pub(super) fn store(
        &self,
        name: &str,
        body: impl Read,
        limit: u64,
    ) -> Result<StoredBody, Fault> {
        let path = self.path(name).map_err(Fault::Host)?;
        let folder = path.parent().unwrap_or(&self.folder).to_path_buf();
        let disk = |error: io::Error| {
            let message = format!("{}: {error}", path.display());
            Fault::Host(Failure::new(FailureKind::Other, message))
        };
        std::fs::create_dir_all(&folder).map_err(disk)?;
        let mut file = tempfile::NamedTempFile::new_in(&folder).map_err(disk)?;
        let mut body = body.take(limit.saturating_add(1));
        let mut digest = Sha256::new();
        let mut size = 0_u64;
        let mut buffer = vec![0; 64 << 10];
        loop {
            let count = body.read(&mut buffer)?;
            let Some(piece) = buffer.get(..count).filter(|piece| !piece.is_empty()) else {
                break;
            };
            size += piece.len() as u64;
            if size > limit {
                return Err(Fault::TooLarge(limit));
            }
            digest.update(piece);
            file.write_all(piece).map_err(disk)?;
        }
        file.as_file().sync_all().map_err(disk)?;
        file.persist(&path).map_err(|error| disk(error.error))?;
        Ok(StoredBody {
            size,
            sha256: digest
                .finalize()
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect(),
        })
    }

    /// The name is casewire's own and is looked at all the same: it leads nowhere but below the folder.
    fn path(&self, name: &str) -> Result<PathBuf, Failure> {
        let plain = |part: &str| {
            let sign = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
            !part.is_empty() && part != "." && part != ".." && part.chars().all(sign)
        };
        if name.split('/').all(plain) {
            Ok(self.folder.join(Path::new(name)))
        } else {
            let message = format!("'{name}' is no name to store a file under");
            Err(Failure::new(FailureKind::Other, message))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn a_file_is_whole_or_not_there_and_never_outside() {
        let folder = tempfile::tempdir().unwrap();
        let received = Received::new(folder.path().to_path_buf());
        let stored = received
            .store("acme/document-7", &b"abc"[..], 3)
            .ok()
            .unwrap();
        assert_eq!(stored.size, 3);
        assert!(stored.sha256.starts_with("ba7816bf8f01cfea"), "{stored:?}");
        assert_eq!(
            std::fs::read(folder.path().join("acme/document-7")).unwrap(),
            b"abc"
        );
        assert!(matches!(
            received.store("acme/document-8", &b"abcd"[..], 3),
            Err(Fault::TooLarge(3))
        ));
        assert_eq!(
            std::fs::read_dir(folder.path().join("acme"))
                .unwrap()
                .count(),
            1
        );
        for name in ["../x", "/etc/x", "a//b", "a/../../x", "", "a\\b"] {
            assert!(
                matches!(received.store(name, &b"abc"[..], 3), Err(Fault::Host(_))),
                "{name}"
            );
        }
    }
}
