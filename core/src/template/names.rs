//! Finds names that no case has without running the template, so that branches which no sample reaches are checked too.

use super::{
    Problem,
    path::{CASE, List, Path, Within, find},
    unknown_root,
};

/// Checks a name as the parser lists it, such as `case.system.name`.
pub(super) fn check(path: &str) -> Result<(), Problem> {
    match path.split_once('.') {
        None if path == "case" => Ok(()),
        Some(("case", rest)) => {
            // What follows a list is a property of it, which only a run can judge.
            let mut entries = CASE;
            let mut walked = String::from("case");
            for name in rest.split('.') {
                walked.push('.');
                walked.push_str(name);
                match find(entries, name)?.within {
                    Within::Record(next) => entries = next,
                    Within::Nothing => entries = &[],
                    Within::List(_) | Within::Anything => break,
                }
            }
            Path::parse(&walked).map(drop).map_err(Problem::from)
        }
        _ => Err(unknown_root(path.split('.').next().unwrap_or(path))),
    }
}

/// Checks the names that follow a loop's variable, as in `{% for a in case.artifacts %}{{ a.value }}{% endfor %}`.
pub(super) fn check_loops(source: &str) -> Result<(), Problem> {
    let code = expressions(source);
    for (at, part) in code.iter().enumerate() {
        let mut words = part.split_whitespace();
        let (Some("for"), Some(variable), Some("in"), Some(list)) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            continue;
        };
        let Some(entries) = list_named(list).and_then(List::entries) else {
            continue;
        };
        let inside = code.iter().skip(at + 1).take_while(|part| {
            part.split_whitespace().next() != Some("for")
                || part.split_whitespace().nth(1) != Some(variable)
        });
        for part in inside {
            for name in names_after(part, variable) {
                find(entries, name)?;
            }
        }
    }
    Ok(())
}

fn list_named(path: &str) -> Option<List> {
    let path = path.split('|').next().unwrap_or(path);
    match Path::parse(path) {
        Ok(Path::Entry(entry)) => match entry.within {
            Within::List(list) => Some(list),
            _ => None,
        },
        _ => None,
    }
}

/// What stands between the marks `{{ }}` and `{% %}`, with texts in quotes blanked out.
fn expressions(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = source;
    while let Some(start) = rest.find('{') {
        rest = rest.get(start..).unwrap_or_default();
        let end = match rest.get(..2) {
            Some("{{") => "}}",
            Some("{%") => "%}",
            Some("{#") => "#}",
            _ => {
                rest = rest.get(1..).unwrap_or_default();
                continue;
            }
        };
        let inner = rest.get(2..).unwrap_or_default();
        let Some((code, after)) = inner.split_once(end) else {
            break;
        };
        if end != "#}" {
            found.push(without_quotes(code.trim_matches(['-', '+', ' '])));
        }
        rest = after;
    }
    found
}

fn without_quotes(code: &str) -> String {
    let mut open: Option<char> = None;
    code.chars()
        .map(|c| match (open, c) {
            (Some(quote), c) if c == quote => {
                open = None;
                ' '
            }
            (Some(_), _) => ' ',
            (None, '\'' | '"') => {
                open = Some(c);
                ' '
            }
            (None, c) => c,
        })
        .collect()
}

fn names_after<'a>(code: &'a str, variable: &'a str) -> impl Iterator<Item = &'a str> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    code.match_indices(variable).filter_map(move |(at, _)| {
        let before = code.get(..at)?.chars().next_back();
        if before.is_some_and(|c| is_name(c) || c == '.') {
            return None;
        }
        let after = code.get(at + variable.len()..)?.strip_prefix('.')?;
        let end = after.find(|c| !is_name(c)).unwrap_or(after.len());
        after.get(..end).filter(|name| !name.is_empty())
    })
}
