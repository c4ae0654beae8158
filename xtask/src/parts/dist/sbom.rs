//! What the library is made of: a bill of materials in CycloneDX 1.5, and the licences.

#![allow(
    clippy::indexing_slicing,
    reason = "a JSON value without the key gives null"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::Platform;
use crate::command::output;
use crate::project::Project;

/// What the library is made of.
#[derive(Debug)]
pub(super) struct Bill {
    /// By name and version.
    components: BTreeMap<(String, String), Component>,
}

#[derive(Debug)]
struct Component {
    licence: String,
    description: String,
    /// SHA-256 of the published crate.
    checksum: Option<String>,
    dependencies: BTreeSet<(String, String)>,
}

/// The root of the bill.
const LIBRARY: &str = "casewire-ffi";

/// Reads what the library is built from for a platform: no development tool, and nothing of other platforms.
pub(super) fn read(project: &Project, platform: Platform) -> Result<Bill> {
    let text = output(project.cargo().args([
        "metadata",
        "--locked",
        "--format-version=1",
        "--filter-platform",
        platform.target(),
    ]))?;
    let metadata: Value = serde_json::from_str(&text).context("cargo metadata is no JSON")?;
    let lock = fs::read_to_string(project.root.join("Cargo.lock"))?;
    let checksums = checksums(&lock);
    let packages: BTreeMap<&str, &Value> = list(&metadata["packages"])
        .filter_map(|package| Some((package["id"].as_str()?, package)))
        .collect();
    let nodes: BTreeMap<&str, &Value> = list(&metadata["resolve"]["nodes"])
        .filter_map(|node| Some((node["id"].as_str()?, node)))
        .collect();
    let root = packages
        .iter()
        .find(|(_, package)| package["name"] == LIBRARY)
        .map(|(id, _)| *id)
        .context("the library is not in the workspace")?;
    let mut components = BTreeMap::new();
    let mut open = vec![root];
    while let Some(id) = open.pop() {
        let package = packages.get(id).context("a package is not described")?;
        let key = key(package);
        if components.contains_key(&key) {
            continue;
        }
        let needed: Vec<&str> = nodes
            .get(id)
            .into_iter()
            .flat_map(|node| list(&node["deps"]))
            .filter(|dependency| {
                // What is built in has no kind; `dev` and `build` have.
                list(&dependency["dep_kinds"]).any(|kind| kind["kind"].is_null())
            })
            .filter_map(|dependency| dependency["pkg"].as_str())
            .collect();
        open.extend(&needed);
        let component = Component {
            licence: text_of(package, "license"),
            description: text_of(package, "description"),
            checksum: checksums.get(&key).cloned(),
            dependencies: needed
                .iter()
                .filter_map(|id| packages.get(id).map(|package| self::key(package)))
                .collect(),
        };
        components.insert(key, component);
    }
    Ok(Bill { components })
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn key(package: &Value) -> (String, String) {
    (text_of(package, "name"), text_of(package, "version"))
}

fn text_of(package: &Value, key: &str) -> String {
    let text = package[key].as_str().unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The checksums of the lock file.
fn checksums(lock: &str) -> BTreeMap<(String, String), String> {
    let field = |block: &str, name: &str| {
        block.lines().find_map(|line| {
            let value = line.strip_prefix(name)?.strip_prefix(" = \"")?;
            value.strip_suffix('"').map(str::to_owned)
        })
    };
    lock.split("[[package]]")
        .filter_map(|block| {
            let key = (field(block, "name")?, field(block, "version")?);
            Some((key, field(block, "checksum")?))
        })
        .collect()
}

fn purl((name, version): &(String, String)) -> String {
    format!("pkg:cargo/{name}@{version}")
}

impl Bill {
    pub(super) fn json(&self) -> Result<String> {
        let component = |key: &(String, String), component: &Component| {
            let mut value = json!({
                "type": "library",
                "bom-ref": purl(key),
                "name": key.0,
                "version": key.1,
                "purl": purl(key),
                // Cargo's older way to write a choice.
                "licenses": [{"expression": component.licence.replace('/', " OR ")}],
            });
            if !component.description.is_empty() {
                value["description"] = component.description.clone().into();
            }
            if let Some(checksum) = &component.checksum {
                value["hashes"] = json!([{"alg": "SHA-256", "content": checksum}]);
            }
            value
        };
        let root = self
            .components
            .iter()
            .find(|((name, _), _)| name == LIBRARY)
            .context("the library is not in its bill")?;
        let others = self
            .components
            .iter()
            .filter(|((name, _), _)| name != LIBRARY);
        let dependencies: Vec<Value> = self
            .components
            .iter()
            .map(|(key, component)| {
                let on: Vec<String> = component.dependencies.iter().map(purl).collect();
                json!({"ref": purl(key), "dependsOn": on})
            })
            .collect();
        let bill = json!({
            "bomFormat": "CycloneDX",
            "specVersion": "1.5",
            "version": 1,
            "metadata": {"component": component(root.0, root.1)},
            "components": others.map(|(key, value)| component(key, value)).collect::<Vec<_>>(),
            "dependencies": dependencies,
        });
        Ok(serde_json::to_string_pretty(&bill)? + "\n")
    }

    /// What is within, with the licence of each.
    pub(super) fn licences(&self) -> String {
        let mut text =
            String::from("Within the library, each under the licence that it names:\n\n");
        for ((name, version), component) in &self.components {
            let _ = writeln!(text, "{name} {version}: {}", component.licence);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_found_by_name_and_version() {
        let lock = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"x\"\nchecksum = \"ab\"\n\n\
                    [[package]]\nname = \"b\"\nversion = \"2.0.0\"\n";
        let found = checksums(lock);
        assert_eq!(found.len(), 1);
        assert_eq!(found[&("a".to_owned(), "1.0.0".to_owned())], "ab");
    }
}
