//! `multipart/form-data` bodies.

/// A part of a form.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Part<'a> {
    /// The name of the form field.
    pub(crate) name: String,
    /// The file name, for files.
    pub(crate) file_name: Option<String>,
    /// The content.
    pub(crate) content: &'a [u8],
}

/// The parts of a body, in order; `None` when content type or body are no form.
pub(crate) fn parts<'a>(content_type: &str, body: &'a [u8]) -> Option<Vec<Part<'a>>> {
    let (kind, parameters) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let boundary = parameter(parameters, "boundary")?;
    let delimiter = format!("\r\n--{boundary}").into_bytes();
    let mut rest = body.strip_prefix(delimiter.get(2..)?)?;
    let mut parts = Vec::new();
    loop {
        if rest.starts_with(b"--") {
            return Some(parts);
        }
        rest = rest.strip_prefix(b"\r\n")?;
        let end = find(rest, &delimiter)?;
        let part = rest.get(..end)?;
        let split = find(part, b"\r\n\r\n")?;
        let headers = std::str::from_utf8(part.get(..split)?).ok()?;
        let disposition = headers.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.trim()
                .eq_ignore_ascii_case("content-disposition")
                .then_some(value)
        })?;
        parts.push(Part {
            name: parameter(disposition, "name")?,
            file_name: parameter(disposition, "filename"),
            content: part.get(split + 4..)?,
        });
        rest = rest.get(end + delimiter.len()..)?;
    }
}

/// A parameter of a header value, with or without quotes.
fn parameter(text: &str, wanted: &str) -> Option<String> {
    let mut rest = text;
    loop {
        let (before, after) = rest.split_once('=')?;
        let name = before.rsplit(';').next()?.trim();
        let (value, next) = match after.strip_prefix('"') {
            Some(quoted) => {
                let end = closing_quote(quoted)?;
                (
                    quoted.get(..end)?.replace("\\\"", "\""),
                    quoted.get(end + 1..)?,
                )
            }
            None => {
                let end = after.find(';').unwrap_or(after.len());
                (after.get(..end)?.trim().to_owned(), after.get(end..)?)
            }
        };
        if name.eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
        rest = next;
    }
}

fn closing_quote(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        match character {
            '"' if !escaped => return Some(at),
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    None
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = *wanted.first()?;
    let mut from = 0;
    loop {
        let rest = bytes.get(from..)?;
        let at = from + rest.iter().position(|byte| *byte == first)?;
        if bytes.get(at..)?.starts_with(wanted) {
            return Some(at);
        }
        from = at + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn a_form_is_taken_apart() {
        let body = b"--x\r\nContent-Disposition: form-data; name=\"recordId\"\r\n\r\n909\r\n\
            --x\r\ncontent-disposition: form-data; name=file; filename=\"a \\\"b\\\".txt\"\r\n\
            Content-Type: text/plain\r\n\r\n\r\n--xyz\r\nend\r\n--x--\r\n";
        let parts = parts("multipart/form-data; boundary=\"x\"", body);
        assert!(parts.is_none(), "a delimiter must end its line");
        let body = b"--x1\r\nContent-Disposition: form-data; name=\"recordId\"\r\n\r\n909\r\n\
            --x1\r\ncontent-disposition: form-data; name=file; filename=\"a \\\"b\\\".txt\"\r\n\
            Content-Type: text/plain\r\n\r\nline\r\n\0--x\r\n--x1--\r\n";
        let parts = super::parts("multipart/form-data; boundary=x1", body).unwrap();
        assert_eq!(parts[0].content, b"909");
        assert_eq!(parts[1].file_name.as_deref(), Some("a \"b\".txt"));
        assert_eq!(parts[1].content, b"line\r\n\0--x");
    }
}
