//! The table at the end of `cargo xtask test`.

use std::fmt::Write as _;
use std::time::Duration;

/// How a part ended, with what there is to say about it.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It passed.
    Passed(String),
    /// It failed or could not be run.
    Failed(String),
    /// It was not run.
    Skipped(String),
}

impl Outcome {
    /// The outcome in a word.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Passed(_) => "passed",
            Self::Failed(_) => "FAILED",
            Self::Skipped(_) => "skipped",
        }
    }

    fn remark(&self) -> &str {
        match self {
            Self::Passed(text) | Self::Failed(text) | Self::Skipped(text) => text,
        }
    }
}

/// What came of each part.
#[derive(Debug, Default)]
pub(crate) struct Report {
    rows: Vec<(String, Outcome, Duration)>,
}

impl Report {
    /// Adds a part's outcome.
    pub(crate) fn add(&mut self, part: String, outcome: Outcome, time: Duration) {
        self.rows.push((part, outcome, time));
    }

    /// How many parts failed.
    pub(crate) fn failed(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Failed(_)))
    }

    /// The table, a line that names what failed, and the closing line with the counts.
    pub(crate) fn table(&self, total: Duration) -> String {
        let mut text = format!("{:<10} {:<8} {:>7}\n", "part", "result", "seconds");
        for (part, outcome, time) in &self.rows {
            let line = format!(
                "{part:<10} {:<8} {:>7.1}  {}",
                outcome.word(),
                time.as_secs_f64(),
                outcome.remark().lines().next().unwrap_or_default()
            );
            text.push_str(line.trim_end());
            text.push('\n');
        }
        let failed: Vec<_> = self
            .rows
            .iter()
            .filter(|(_, outcome, _)| matches!(outcome, Outcome::Failed(_)))
            .map(|(part, ..)| part.as_str())
            .collect();
        let verdict = if failed.is_empty() {
            "nothing failed".to_owned()
        } else {
            format!("failed: {}", failed.join(", "))
        };
        let passed = self.count(|outcome| matches!(outcome, Outcome::Passed(_)));
        let skipped = self.count(|outcome| matches!(outcome, Outcome::Skipped(_)));
        let minutes = total.as_secs() / 60;
        let seconds = total.as_secs() % 60;
        // Writing to a String cannot fail.
        let _ = writeln!(text, "\n{verdict}, after {minutes} min {seconds} s");
        let _ = write!(text, "{passed} passed, {} failed", failed.len());
        if skipped > 0 {
            let _ = write!(text, ", {skipped} skipped");
        }
        text.push('\n');
        text
    }

    fn count(&self, which: impl Fn(&Outcome) -> bool) -> usize {
        self.rows
            .iter()
            .filter(|(_, outcome, _)| which(outcome))
            .count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(outcomes: Vec<(&str, Outcome)>) -> Report {
        let mut report = Report::default();
        for (part, outcome) in outcomes {
            report.add(part.to_owned(), outcome, Duration::from_millis(1_240));
        }
        report
    }

    #[test]
    fn the_table_names_each_part_and_closes_with_the_counts() {
        let report = report(vec![
            ("format", Outcome::Passed(String::new())),
            (
                "c",
                Outcome::Failed("no compiler\nand a long log".to_owned()),
            ),
            ("contract", Outcome::Skipped("no description".to_owned())),
        ]);
        assert_eq!(
            report.table(Duration::from_secs(125)),
            "part       result   seconds\n\
             format     passed       1.2\n\
             c          FAILED       1.2  no compiler\n\
             contract   skipped      1.2  no description\n\
             \n\
             failed: c, after 2 min 5 s\n\
             1 passed, 1 failed, 1 skipped\n"
        );
    }

    #[test]
    fn a_run_in_which_all_passed_says_so() {
        let report = report(vec![("format", Outcome::Passed(String::new()))]);
        let table = report.table(Duration::ZERO);
        assert!(table.ends_with("nothing failed, after 0 min 0 s\n1 passed, 0 failed\n"));
        assert_eq!(report.failed(), 0);
    }
}
