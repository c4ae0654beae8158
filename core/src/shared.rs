//! Reads the published field table and the sample shapes, where they lie beside the repository.

use std::path::PathBuf;

/// The text of a shared file; `None`, said aloud, where it is absent.
pub(crate) fn text(name: &str) -> Option<String> {
    let folder = std::env::var_os("CASEWIRE_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared")),
        PathBuf::from,
    );
    let text = std::fs::read_to_string(folder.join(name)).ok();
    if text.is_none() {
        eprintln!("{name} is absent and was not compared; CASEWIRE_SHARED names its folder");
    }
    text
}
