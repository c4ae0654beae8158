//! Templates over a case: Jinja's language in an otherwise empty environment.
//!
//! A template knows the one name `case` and the filters `upper`, `lower`, `trim`, `truncate`, `replace`, `default`, `join`,
//! `length`, `first` and `last`; it has no functions, includes or macros. What a case does not have renders as nothing; a
//! name that no case can have is a fault. Work and length are bounded.

use crate::{
    case::Case,
    nearest::{did_you_mean, listed},
};
use minijinja::{Environment, UndefinedBehavior, syntax::SyntaxConfig};
use path::Unknown;
use pieces::Piece;
use std::sync::Arc;

mod filters;
mod names;
mod object;
pub(crate) mod path;
mod pieces;
pub(crate) mod sample;
mod split;

/// The longest text that a template may make, in bytes: room for a description of 1 MiB and what stands around it.
pub(crate) const LONGEST: usize = 4 << 20;

/// How many steps a template may take.
const FUEL: u64 = 1_000_000;

/// A compiled template.
#[derive(Debug)]
pub(crate) enum Template {
    /// Text and plain paths, conditions and loops over them, written without an interpreter.
    Pieces(Vec<Piece>),
    /// Everything else.
    Jinja(Box<Environment<'static>>),
}

/// A part of what a template makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written<'t> {
    /// The template's own words.
    Said(&'t str),
    /// What it prints of the case.
    Printed(&'t str),
}

/// What stands around a printed value where it has to be told from the template's own words. No character: text cannot
/// hold them by right, and where it does they are dropped.
const PRINTED: [char; 2] = ['\u{FDD0}', '\u{FDD1}'];

/// Why a template is refused or fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) message: String,
    pub(crate) fix: String,
}

impl Template {
    /// Compiles a template and tries it on sample cases.
    ///
    /// # Errors
    /// Bad syntax, a name that no case has, an unknown filter, too much work or too long an output.
    pub(crate) fn compile(source: &str) -> Result<Self, Problem> {
        Self::compiled(source, object::print)
    }

    /// Compiles a template of which [`write`](Self::write) tells its own words from what it prints of a case.
    ///
    /// # Errors
    /// As for [`compile`](Self::compile).
    pub(crate) fn compile_marked(source: &str) -> Result<Self, Problem> {
        Self::compiled(source, object::print_marked)
    }

    fn compiled(source: &str, print: object::Print) -> Result<Self, Problem> {
        if let Some(pieces) = split::split(source)? {
            return Ok(Self::Pieces(pieces));
        }
        let template = Self::interpreted(source, print)?;
        for case in sample::cases() {
            template.render(&case)?;
        }
        Ok(template)
    }

    fn interpreted(source: &str, print: object::Print) -> Result<Self, Problem> {
        let mut jinja = environment(print);
        jinja
            .add_template_owned(NAME, source.to_owned())
            .map_err(|error| problem(&error))?;
        let template = jinja.get_template(NAME).map_err(|error| problem(&error))?;
        let mut undeclared: Vec<String> = template.undeclared_variables(true).into_iter().collect();
        undeclared.sort();
        undeclared.iter().try_for_each(|path| names::check(path))?;
        names::check_loops(source)?;
        Ok(Self::Jinja(Box::new(jinja)))
    }

    /// Hands out what it makes of a case, part by part, where it was compiled for that.
    ///
    /// # Errors
    /// As for [`render`](Self::render).
    pub(crate) fn write(
        &self,
        case: &Arc<Case>,
        each: &mut dyn FnMut(Written<'_>),
    ) -> Result<(), Problem> {
        if let Self::Pieces(pieces) = self {
            return pieces::write(pieces, case, each);
        }
        let text = self.render(case)?;
        let [begin, end] = PRINTED;
        let mut rest = text.as_str();
        while let Some((said, after)) = rest.split_once(begin) {
            let (printed, after) = after.split_once(end).unwrap_or((after, ""));
            each(Written::Said(said));
            each(Written::Printed(printed));
            rest = after;
        }
        each(Written::Said(rest));
        Ok(())
    }

    /// Renders it for a case.
    ///
    /// # Errors
    /// As for [`compile`](Self::compile): what only this case brings out.
    pub(crate) fn render(&self, case: &Arc<Case>) -> Result<String, Problem> {
        match self {
            Self::Pieces(pieces) => {
                let mut text = String::new();
                pieces::write(pieces, case, &mut |part| match part {
                    Written::Said(part) | Written::Printed(part) => text.push_str(part),
                })?;
                Ok(text)
            }
            Self::Jinja(jinja) => {
                let mut output = Bounded(Vec::new());
                let template = jinja.get_template(NAME).map_err(|error| problem(&error))?;
                template
                    .render_captured_to(object::root(case), &mut output)
                    .map_err(|error| problem(&error))?;
                String::from_utf8(output.0).map_err(|_| Problem {
                    message: "the template makes text that is not UTF-8".to_owned(),
                    fix: "Print texts only".to_owned(),
                })
            }
        }
    }
}

/// The paths that a template names, such as `case.kind`, in order; what cannot be told apart is named whole.
pub(crate) fn names_of(source: &str) -> Vec<String> {
    let mut jinja = environment(object::print);
    if jinja.add_template_owned(NAME, source.to_owned()).is_err() {
        return Vec::new();
    }
    let Ok(template) = jinja.get_template(NAME) else {
        return Vec::new();
    };
    let mut names: Vec<String> = template.undeclared_variables(true).into_iter().collect();
    names.sort();
    names
}

const NAME: &str = "template";

fn environment(print: object::Print) -> Environment<'static> {
    let mut jinja = Environment::empty();
    jinja.set_undefined_behavior(UndefinedBehavior::Chainable);
    jinja.set_fuel(Some(FUEL));
    jinja.set_recursion_limit(50);
    if let Ok(syntax) = SyntaxConfig::builder().keep_trailing_newline(true).build() {
        jinja.set_syntax(syntax);
    }
    jinja.set_formatter(print);
    filters::register(&mut jinja);
    jinja
}

/// Takes text up to [`LONGEST`].
struct Bounded(Vec<u8>);

impl std::io::Write for Bounded {
    fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
        if self.0.len().saturating_add(text.len()) > LONGEST {
            return Err(std::io::Error::other(TOO_LONG));
        }
        self.0.extend_from_slice(text);
        Ok(text.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

const TOO_LONG: &str = "the text grows longer than 4 MiB";

fn problem(error: &minijinja::Error) -> Problem {
    use minijinja::ErrorKind;
    let mut message = match (error.line(), error.detail()) {
        (Some(line), Some(detail)) => format!("line {line}: {}: {detail}", error.kind()),
        (None, Some(detail)) => format!("{}: {detail}", error.kind()),
        _ => error.to_string(),
    };
    if let Some(source) = std::error::Error::source(error) {
        message.push_str(&format!(": {source}"));
    }
    let fix = match error.kind() {
        ErrorKind::SyntaxError => "Mend the Jinja syntax at that line".to_owned(),
        ErrorKind::UnknownFilter => format!("Use one of the filters: {}", listed(filters::NAMES)),
        ErrorKind::UnknownTest => "Use comparisons such as == instead of tests".to_owned(),
        ErrorKind::UnknownFunction | ErrorKind::UnknownMethod => format!(
            "Templates have no functions; use one of the filters: {}",
            listed(filters::NAMES)
        ),
        ErrorKind::OutOfFuel => "Loop over less".to_owned(),
        _ => "Mend the template".to_owned(),
    };
    Problem { message, fix }
}

impl From<Unknown> for Problem {
    fn from(unknown: Unknown) -> Self {
        Self {
            message: format!("'{}' is not a name of a case", unknown.name),
            fix: unknown.fix,
        }
    }
}

/// The fault of naming something other than `case`.
fn unknown_root(name: &str) -> Problem {
    Problem {
        message: format!("'{name}' is not known in templates"),
        fix: format!(
            "{}Templates know the one name 'case', as in case.title",
            did_you_mean(name, &["case"])
        ),
    }
}

#[cfg(test)]
mod tests;
