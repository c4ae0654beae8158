//! The JSON Schemas, which are made from the types of the core.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::command::run;
use crate::part::Verdict;
use crate::parts::header;
use crate::project::Project;

/// Writes the schemas beside the header.
pub(crate) fn write(project: &Project) -> Result<()> {
    generate(project, &header::folder(project))?;
    println!("written: include/*.schema.json");
    Ok(())
}

/// Fails if a committed schema is not what the types say.
pub(crate) fn test(project: &Project) -> Result<Verdict> {
    let fresh = project.scratch("schema")?;
    generate(project, &fresh)?;
    let mut checked = Vec::new();
    for file in fs::read_dir(&fresh)? {
        let file = file?;
        let name = file.file_name();
        let committed = fs::read(header::folder(project).join(&name)).unwrap_or_default();
        ensure!(
            committed == fs::read(file.path())?,
            "include/{} is out of date: run `cargo xtask schema`",
            name.display()
        );
        checked.push(name);
    }
    ensure!(!checked.is_empty(), "no schema was written");
    Ok(Verdict::PassedWith(format!("{} schemas", checked.len())))
}

fn generate(project: &Project, folder: &Path) -> Result<()> {
    run(project
        .program("xtask-generate")?
        .arg("schemas")
        .arg(folder))
    .with_context(|| format!("cannot write schemas to {}", folder.display()))
}
