//! Figures, and what they are held to.

use std::process::ExitCode;

#[derive(Default)]
pub(crate) struct Bars(Vec<(String, bool)>);

impl Bars {
    /// A figure that may not be smaller.
    pub(crate) fn at_least(&mut self, what: &str, figure: f64, least: f64) {
        self.note(what, figure, "at least", least, figure >= least);
    }

    /// A figure that may not be larger.
    pub(crate) fn at_most(&mut self, what: &str, figure: f64, most: f64) {
        self.note(what, figure, "at most", most, figure <= most);
    }

    fn note(&mut self, what: &str, figure: f64, word: &str, bar: f64, holds: bool) {
        let missed = if holds { "" } else { "  MISSED" };
        let line = format!("{what}: {figure:.2} ({word} {bar}){missed}");
        println!("  {line}");
        self.0.push((line, holds));
    }

    /// Says which were missed.
    pub(crate) fn tell(self) -> ExitCode {
        let missed: Vec<_> = self.0.iter().filter(|(_, holds)| !holds).collect();
        println!(
            "\n{} of {} bars hold",
            self.0.len() - missed.len(),
            self.0.len()
        );
        for (line, _) in &missed {
            println!("  {line}");
        }
        ExitCode::from(u8::from(!missed.is_empty()))
    }
}

/// The middle one.
pub(crate) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_unstable_by(f64::total_cmp);
    figures[figures.len() / 2]
}
