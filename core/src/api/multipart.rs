use crate::effect::BodyPart;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What RFC 5987 lets stand in `filename*`.
const EXTENDED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Longest file name that is sent, in characters.
const LONGEST_NAME: usize = 150;

/// A multipart/form-data body around a streamed attachment. Text parts come first (API.md section 10).
#[derive(Debug)]
pub(crate) struct Form {
    boundary: String,
    head: String,
}

impl Form {
    /// Begins a form. The boundary is made from two random numbers: streamed bytes cannot be searched for it.
    pub(crate) fn new(chance: [u64; 2]) -> Self {
        let [high, low] = chance;
        Self {
            boundary: format!("casewire-{high:016x}{low:016x}"),
            head: String::new(),
        }
    }

    /// Adds a text.
    pub(crate) fn text(mut self, name: &'static str, value: &str) -> Self {
        let boundary = &self.boundary;
        let charset = if value.is_ascii() {
            ""
        } else {
            "Content-Type: text/plain; charset=utf-8\r\n"
        };
        self.head.push_str(&format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n{charset}\r\n{value}\r\n"
        ));
        self
    }

    /// Ends the form with a file that the driver streams, and gives content type and body.
    pub(crate) fn attachment(
        self,
        name: &'static str,
        file_name: &str,
        token: &str,
        size: u64,
    ) -> (String, Vec<BodyPart>) {
        let token = token.to_owned();
        self.file(name, file_name, BodyPart::Attachment { token, size })
    }

    /// Ends the form with a file of casewire's own, and gives content type and body.
    pub(crate) fn bytes(
        self,
        name: &'static str,
        file_name: &str,
        content: &[u8],
    ) -> (String, Vec<BodyPart>) {
        self.file(name, file_name, BodyPart::Bytes(content.into()))
    }

    fn file(
        self,
        name: &'static str,
        file_name: &str,
        content: BodyPart,
    ) -> (String, Vec<BodyPart>) {
        let Self { boundary, mut head } = self;
        let file_name = safe_name(file_name);
        head.push_str(&format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; {}\r\nContent-Type: application/octet-stream\r\n\r\n",
            named(&file_name)
        ));
        let tail = format!("\r\n--{boundary}--\r\n");
        let body = vec![
            BodyPart::Bytes(head.into_bytes().into()),
            content,
            BodyPart::Bytes(tail.into_bytes().into()),
        ];
        (format!("multipart/form-data; boundary={boundary}"), body)
    }
}

/// `filename="..."`, and for names beyond ASCII also `filename*=UTF-8''...`, which servers prefer.
fn named(file_name: &str) -> String {
    if file_name.is_ascii() {
        return format!("filename=\"{file_name}\"");
    }
    let plain: String = file_name
        .chars()
        .map(|c| if c.is_ascii() { c } else { '_' })
        .collect();
    let extended = utf8_percent_encode(file_name, EXTENDED);
    format!("filename=\"{plain}\"; filename*=UTF-8''{extended}")
}

/// The last part of a path, without signs that could end the header or mean a folder, and with its extension.
pub(crate) fn safe_name(file_name: &str) -> String {
    let last = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last
        .chars()
        .filter(|c| !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        .map(|c| match c {
            '"' | '<' | '>' | ':' | '|' | '?' | '*' | ';' => '_',
            c if c.is_control() => '_',
            c => c,
        })
        .collect();
    let clean = clean.trim_matches([' ', '.']);
    if clean.is_empty() {
        return "attachment".to_owned();
    }
    if clean.chars().count() <= LONGEST_NAME {
        return clean.to_owned();
    }
    let extension = clean
        .rsplit_once('.')
        .map(|(_, extension)| extension)
        .filter(|extension| extension.chars().count() <= 20)
        .map(|extension| format!(".{extension}"))
        .unwrap_or_default();
    let keep = LONGEST_NAME - extension.chars().count();
    clean.chars().take(keep).chain(extension.chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(part: &BodyPart) -> String {
        match part {
            BodyPart::Bytes(bytes) => String::from_utf8(bytes.to_vec()).unwrap(),
            BodyPart::Attachment { .. } => panic!("bytes"),
        }
    }

    #[test]
    fn the_framing_is_exact() {
        let (content_type, body) = Form::new([1, 2])
            .text("recordType", "Ticket")
            .text("title", "Bericht für Müller")
            .attachment("file", "réport \"1\".txt", "token", 5);
        let boundary = "casewire-00000000000000010000000000000002";
        assert_eq!(
            content_type,
            format!("multipart/form-data; boundary={boundary}")
        );
        assert_eq!(
            bytes(&body[0]),
            format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"recordType\"\r\n\r\nTicket\r\n\
                 --{boundary}\r\nContent-Disposition: form-data; name=\"title\"\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
                 Bericht für Müller\r\n\
                 --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"r_port _1_.txt\"; \
                 filename*=UTF-8''r%C3%A9port%20_1_.txt\r\nContent-Type: application/octet-stream\r\n\r\n"
            )
        );
        assert_eq!(
            body[1],
            BodyPart::Attachment {
                token: "token".to_owned(),
                size: 5
            }
        );
        assert_eq!(bytes(&body[2]), format!("\r\n--{boundary}--\r\n"));
    }

    #[test]
    fn file_names_can_mean_no_folder_and_end_no_header() {
        for (name, safe) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\temp\\a.txt", "a.txt"),
            ("a\r\nX-Evil: 1.txt", "a__X-Evil_ 1.txt"),
            ("..", "attachment"),
            ("", "attachment"),
            ("exe\u{202e}txt.scr", "exetxt.scr"),
        ] {
            assert_eq!(safe_name(name), safe);
        }
        let long = safe_name(&format!("{}.pdf", "ä".repeat(500)));
        assert_eq!(long.chars().count(), LONGEST_NAME);
        assert!(long.ends_with(".pdf"));
    }
}
