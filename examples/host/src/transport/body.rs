use casewire::effect::{BodyPart, Failure, FailureKind};
use std::{
    collections::VecDeque,
    fs::File,
    io::{self, Cursor, Read},
    sync::Arc,
};

/// A request's body, read piece by piece; files are never held in memory.
pub(super) struct Body {
    parts: VecDeque<Part>,
}

enum Part {
    Bytes(Cursor<Arc<[u8]>>),
    File { file: io::Take<File>, left: u64 },
}

impl Body {
    /// Opens what the body is made of. The token of an attachment is its path.
    pub(super) fn open(parts: &[BodyPart]) -> Result<Self, Failure> {
        let parts = parts.iter().map(|part| match part {
            BodyPart::Bytes(bytes) => Ok(Part::Bytes(Cursor::new(Arc::clone(bytes)))),
            BodyPart::Attachment { token, size } => open_file(token, *size)
                .map_err(|error| Failure::new(FailureKind::Content, format!("{token}: {error}"))),
        });
        Ok(Self {
            parts: parts.collect::<Result<_, _>>()?,
        })
    }
}

fn open_file(path: &str, size: u64) -> Result<Part, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let metadata = file.metadata().map_err(|error| error.to_string())?;
    if !metadata.is_file() {
        return Err("is not a file".to_owned());
    }
    if metadata.len() != size {
        return Err(format!(
            "the case says {size} bytes and the file has {}",
            metadata.len()
        ));
    }
    Ok(Part::File {
        file: file.take(size),
        left: size,
    })
}

impl Read for Body {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        while let Some(part) = self.parts.front_mut() {
            let count = match part {
                Part::Bytes(bytes) => bytes.read(buffer)?,
                Part::File { file, left } => {
                    let count = file.read(buffer)?;
                    *left = left.saturating_sub(count as u64);
                    if count == 0 && *left > 0 {
                        return Err(io::Error::new(
                            io::ErrorKind::UnexpectedEof,
                            "the attachment became shorter while it was sent",
                        ));
                    }
                    count
                }
            };
            if count > 0 {
                return Ok(count);
            }
            self.parts.pop_front();
        }
        Ok(0)
    }
}
