//! docs/performance.md, of which each bench writes its own section.

use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, Result};

use super::{
    Row,
    list::{BENCHES, Bench},
};
use crate::project::Project;

const PAGE: &str = "docs/performance.md";

const HEAD: &str = "# Performance

What casewire costs, beside the least that the same work can cost. All of it is measured again with

```
cargo xtask bench                      # everything, in about half an hour
cargo xtask bench --only translation   # one of the sections below
```

which writes this page, and fails where a bar is not kept. It installs what it needs and says so: valgrind from Debian, Jackson from Maven
Central, orjson, DuckDB and Polars from PyPI. Figures of time depend on the machine and on what else it does; where a bar is a ratio, both
sides are measured in turns on the same machine. The benches are in `core/benches` and `examples/host/benches`, the programs that they are
compared with beside them. What stores and nodes carry has [a page of its own](scaling.md).
";

/// The rows as a table in Markdown.
pub(super) fn table(rows: &[Row]) -> String {
    let head = ["what", "figure", "bar", ""].map(str::to_owned);
    let body = rows.iter().map(|row| {
        let bar = row.bar.as_ref();
        let verdict = bar.map_or("", |bar| if bar.is_kept { "kept" } else { "not kept" });
        [
            row.what.clone(),
            row.figure.trim().to_owned(),
            bar.map_or_else(String::new, |bar| bar.said.trim().to_owned()),
            verdict.to_owned(),
        ]
    });
    let cells: Vec<[String; 4]> = std::iter::once(head).chain(body).collect();
    let mut widths = [0; 4];
    for row in &cells {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for (at, row) in cells.iter().enumerate() {
        for (width, cell) in widths.iter().zip(row) {
            // Writing to a String cannot fail.
            let _ = write!(text, "| {cell:<width$} ");
        }
        text.push_str("|\n");
        if at == 0 {
            for width in widths {
                let _ = write!(text, "|{}", "-".repeat(width + 2));
            }
            text.push_str("|\n");
        }
    }
    text
}

/// Puts a bench's section in the place of the one that the page has.
pub(super) fn write(project: &Project, bench: &Bench, rows: &[Row], machine: &str) -> Result<()> {
    let path = project.root.join(PAGE);
    let page = fs::read_to_string(&path).unwrap_or_default();
    let own = section(bench, rows, machine);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let text = with_section(&page, bench.name, &own);
    fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
}

fn section(bench: &Bench, rows: &[Row], machine: &str) -> String {
    let mut about = bench.about.to_owned();
    if let Some(first) = about.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let mut text = format!("## {}\n\n{about}.\n\n{}", bench.name, table(rows));
    if !bench.limits.is_empty() {
        text.push('\n');
        text.push_str(bench.limits);
        text.push('\n');
    }
    text.push_str(&format!("\nMeasured {machine}.\n"));
    text
}

/// The page with one section new and the others as they are, in the order of the list.
fn with_section(page: &str, name: &str, own: &str) -> String {
    let mut text = HEAD.to_owned();
    for bench in BENCHES {
        let section = if bench.name == name {
            Some(own.trim_end().to_owned())
        } else {
            kept(page, bench.name)
        };
        if let Some(section) = section {
            text.push('\n');
            text.push_str(&section);
            text.push('\n');
        }
    }
    text
}

fn kept(page: &str, name: &str) -> Option<String> {
    let heading = format!("## {name}\n");
    let (_, rest) = page.split_once(&heading)?;
    let body = rest.split("\n## ").next().unwrap_or_default();
    Some(format!("{heading}{}", body.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_section_is_replaced_and_the_others_stay() {
        let page = with_section("", "callback", "## callback\n\nold\n");
        let page = with_section(&page, "translation", "## translation\n\nfirst\n");
        let page = with_section(&page, "callback", "## callback\n\nnew\n");
        let sections = page.strip_prefix(HEAD).unwrap();
        assert_eq!(
            sections,
            "\n## translation\n\nfirst\n\n## callback\n\nnew\n"
        );
    }
}
