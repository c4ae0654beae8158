//! Generates what is written by machine: the C header from `ffi/`, the JSON Schemas from `core/`, the JavaScript glue of the WASM
//! module.
//!
//! `wasm-bindgen-cli-support` has to be of the very version of `wasm-bindgen`; both come from the workspace's lock file.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Parser;

/// What to generate. Called by `cargo xtask`, seldom by hand.
#[derive(Debug, Parser)]
enum Generate {
    /// Writes the C header of a crate, as the crate's cbindgen.toml asks for it.
    Header {
        /// The crate's folder.
        krate: PathBuf,
        /// The header to write.
        header: PathBuf,
    },
    /// Writes the JSON Schemas of what a host writes and is handed, `<name>.schema.json` each.
    Schemas {
        /// The folder to write to.
        folder: PathBuf,
    },
    /// Writes the ES module, the types and the processed WASM of a compiled module.
    Wasm {
        /// The module as the compiler left it.
        module: PathBuf,
        /// The folder to write to.
        folder: PathBuf,
        /// The stem of the files' names.
        name: String,
    },
}

fn main() -> Result<()> {
    match Generate::parse() {
        Generate::Header { krate, header } => {
            let bindings = cbindgen::generate(&krate)
                .with_context(|| format!("cbindgen cannot read {}", krate.display()))?;
            bindings.write_to_file(header);
        }
        Generate::Schemas { folder } => {
            for (name, schema) in casewire::schema::schemas() {
                let mut text = serde_json::to_string_pretty(&schema)?;
                text.push('\n');
                let file = folder.join(format!("{name}.schema.json"));
                std::fs::write(&file, text)
                    .with_context(|| format!("cannot write {}", file.display()))?;
            }
        }
        Generate::Wasm {
            module,
            folder,
            name,
        } => {
            let mut bindgen = wasm_bindgen_cli_support::Bindgen::new();
            bindgen
                .input_path(&module)
                .out_name(&name)
                .typescript(true)
                .web(true)?
                // Without its own path as the default, `init()` without arguments fails in a page.
                .omit_default_module_path(false);
            bindgen
                .generate(&folder)
                .with_context(|| format!("wasm-bindgen cannot read {}", module.display()))?;
        }
    }
    Ok(())
}
