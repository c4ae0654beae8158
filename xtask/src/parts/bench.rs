//! `cargo xtask bench`: measures what is promised of speed and memory, and writes it to docs/performance.md.

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::project::Project;

mod cargo;
mod list;
mod machine;
mod page;
mod peers;
mod translation;

use list::BENCHES;

/// What a bench measured, one figure a row.
#[derive(Debug)]
pub(crate) struct Row {
    /// What was measured.
    what: String,
    /// The figure, with its unit.
    figure: String,
    /// What it is held to.
    bar: Option<Bar>,
}

/// The most that a figure may be.
#[derive(Debug)]
struct Bar {
    said: String,
    is_kept: bool,
}

impl Row {
    /// A figure that is held to nothing.
    fn plain(what: &str, figure: impl Into<String>) -> Self {
        Self {
            what: what.to_owned(),
            figure: figure.into(),
            bar: None,
        }
    }

    /// A figure that may be so much at most.
    fn at_most(what: &str, figure: f64, unit: &str, most: f64) -> Self {
        Self {
            what: what.to_owned(),
            figure: format!("{figure:.2} {unit}"),
            bar: Some(Bar {
                said: format!("at most {most} {unit}"),
                is_kept: figure <= most,
            }),
        }
    }

    /// A figure that has to be lower than another's.
    fn below(what: &str, figure: f64, unit: &str, other: f64, of: &str) -> Self {
        Self {
            what: what.to_owned(),
            figure: format!("{} {unit}", grouped(other)),
            bar: Some(Bar {
                said: format!("casewire, {} {unit}, is ahead of {of}", grouped(figure)),
                is_kept: figure < other,
            }),
        }
    }
}

/// A number with its digits in threes where it is large.
fn grouped(number: f64) -> String {
    if number < 1_000.0 {
        return format!("{number:.2}");
    }
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Runs the named benches, or all; fails where a bar is not kept. A bench that cannot run does not keep the next from running.
pub(crate) fn run(project: &Project, only: &[String]) -> Result<ExitCode> {
    let known: Vec<&str> = BENCHES.iter().map(|bench| bench.name).collect();
    if let Some(unknown) = only.iter().find(|name| !known.contains(&name.as_str())) {
        bail!(
            "there is no bench '{unknown}'; there are: {}",
            known.join(", ")
        );
    }
    let machine = machine::said(project)?;
    let mut failed = Vec::new();
    for bench in BENCHES {
        if !only.is_empty() && !only.iter().any(|name| name == bench.name) {
            continue;
        }
        println!("\n== {}: {}", bench.name, bench.about);
        match bench.run(project) {
            Ok(rows) => {
                print!("\n{}", page::table(&rows));
                page::write(project, bench, &rows, &machine)?;
                let missed = |row: &Row| row.bar.as_ref().is_some_and(|bar| !bar.is_kept);
                failed.extend(
                    rows.iter()
                        .filter(|row| missed(row))
                        .map(|row| format!("{}: {}", bench.name, row.what)),
                );
            }
            Err(error) => {
                println!("error: {error:#}");
                failed.push(format!("{}: it could not be run", bench.name));
            }
        }
    }
    if failed.is_empty() {
        println!("\nevery bar is kept");
        return Ok(ExitCode::SUCCESS);
    }
    println!("\nnot kept:\n  {}", failed.join("\n  "));
    Ok(ExitCode::FAILURE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_numbers_are_written_in_threes() {
        for (number, text) in [
            (0.5, "0.50"),
            (999.0, "999.00"),
            (1_000.0, "1,000"),
            (1_234_567.4, "1,234,567"),
        ] {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn a_bar_is_kept_or_not() {
        let kept = |row: Row| row.bar.is_some_and(|bar| bar.is_kept);
        assert!(kept(Row::at_most("x", 1.6, "x", 1.6)));
        assert!(!kept(Row::at_most("x", 1.61, "x", 1.6)));
        assert!(kept(Row::below("x", 1.0, "ns", 2.0, "y")));
        assert!(!kept(Row::below("x", 2.0, "ns", 2.0, "y")));
    }
}
