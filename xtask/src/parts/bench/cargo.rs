//! Benches that cargo runs.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::Row;
use crate::command::output;
use crate::project::Project;

/// A figure in what a bench prints: the number that follows the marks, which stand there one after the other.
pub(super) struct Figure {
    what: &'static str,
    marks: &'static [&'static str],
    unit: &'static str,
    most: Option<f64>,
}

impl Figure {
    /// A figure that is held to nothing.
    pub(super) const fn plain(
        what: &'static str,
        marks: &'static [&'static str],
        unit: &'static str,
    ) -> Self {
        Self {
            what,
            marks,
            unit,
            most: None,
        }
    }

    /// A figure that may be so much at most.
    pub(super) const fn at_most(
        what: &'static str,
        marks: &'static [&'static str],
        unit: &'static str,
        most: f64,
    ) -> Self {
        Self {
            what,
            marks,
            unit,
            most: Some(most),
        }
    }
}

/// Runs a bench and gives what it prints, which is shown too.
pub(super) fn run(project: &Project, package: &str, bench: &str) -> Result<String> {
    println!("$ cargo bench --package {package} --bench {bench}");
    let text = output(project.cargo().args([
        "bench",
        "--locked",
        "--package",
        package,
        "--bench",
        bench,
    ]))?;
    print!("{text}");
    Ok(text)
}

/// Builds a bench and gives its program.
pub(super) fn built(project: &Project, package: &str, bench: &str) -> Result<PathBuf> {
    let mut cargo = project.cargo();
    cargo.args(["bench", "--locked", "--package", package, "--bench", bench]);
    crate::built::program(&mut cargo, bench)
}

/// The figures in what a bench printed.
pub(super) fn figures(text: &str, figures: &[Figure]) -> Result<Vec<Row>> {
    let row = |figure: &Figure| {
        let number = number(text, figure.marks)?;
        Ok(match figure.most {
            Some(most) => Row::at_most(figure.what, number, figure.unit, most),
            None => Row::plain(
                figure.what,
                format!("{} {}", super::grouped(number), figure.unit),
            ),
        })
    };
    figures.iter().map(row).collect()
}

/// The number that follows the marks.
pub(super) fn number(text: &str, marks: &[&str]) -> Result<f64> {
    let mut rest = text;
    for mark in marks {
        let found = rest.split_once(mark);
        rest = found.with_context(|| format!("'{mark}' is not printed"))?.1;
    }
    let rest = rest.trim_start();
    let digits = |sign: char| sign.is_ascii_digit() || sign == '.';
    let end = rest.find(|sign| !digits(sign)).unwrap_or(rest.len());
    let number = rest.get(..end).unwrap_or_default().trim_end_matches('.');
    let parsed = number.parse();
    parsed.with_context(|| format!("no number follows '{}'", marks.join("… ")))
}

/// The nanoseconds that a bench printed for what it calls so.
pub(super) fn time(text: &str, name: &str) -> Result<f64> {
    let end = format!("ns: {name}");
    let line = text.lines().find(|line| line.ends_with(&end));
    number(line.unwrap_or_default(), &[])
        .with_context(|| format!("the bench prints no time of {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_the_number_behind_its_marks() {
        let text = "1 systems: 7.5 ns\n  10 systems:  12.25 ns; 0.5 x\n";
        assert_eq!(number(text, &["10 systems:"]).unwrap(), 12.25);
        assert_eq!(number(text, &["10 systems:", "ns;"]).unwrap(), 0.5);
        assert!(number(text, &["11 systems:"]).is_err());
        assert!(number(text, &["10"]).is_err());
    }
}
