//! HTML as readable text. Not a browser: what is shown there is what a person reads here, and nothing of it is run.
//!
//! The libraries that do this weigh more than the whole text of this project's decisions: gzipped and built for a
//! desktop, `html2text` adds 255 kB, `nanohtml2text` 31 kB, and `html-escape`, which only decodes characters, 25 kB.

use super::entities;

/// The longest tag that is looked at whole, in bytes; a longer one is taken for text.
const LONGEST_TAG: usize = 16 * 1024;

/// How deep lists are indented; deeper ones look like this one.
const DEEPEST: usize = 8;

/// Elements whose content is no text for a reader.
const UNREAD: [&str; 10] = [
    "script", "style", "head", "title", "template", "svg", "math", "iframe", "object", "noembed",
];

/// Elements that stand on lines of their own, with a blank line around them.
const PARAGRAPHS: [&str; 15] = [
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "table",
    "blockquote",
    "pre",
    "dl",
    "hr",
    "article",
    "section",
    "figure",
];

/// Elements that stand on lines of their own.
const LINES: [&str; 16] = [
    "div", "br", "tr", "li", "dt", "dd", "header", "footer", "main", "nav", "aside", "form",
    "fieldset", "address", "body", "html",
];

/// Elements within a line.
const INLINE: [&str; 22] = [
    "a", "b", "i", "u", "s", "em", "strong", "span", "font", "img", "code", "small", "sub", "sup",
    "td", "th", "tbody", "thead", "ul", "ol", "center", "meta",
];

/// Makes readable text of HTML: paragraphs and lines as lines, lists with their marks, cells apart, the address of a link
/// behind its text, what stands for an image in its place. Scripts, styles and comments are dropped, character references
/// decoded. Time is linear; the text is no longer than the HTML by more than a mark for each element.
pub(crate) fn to_text(html: &str) -> String {
    let mut reader = Reader::default();
    let mut rest = html;
    let last_close = html.rfind('>').map_or(0, |at| at.saturating_add(1));
    let mut gone_through = 0;
    while let Some(at) = rest.find('<') {
        let (text, from) = rest.split_at(at);
        reader.text(text);
        gone_through += at;
        // Where no bracket closes any more, none opens a tag either.
        let taken = match gone_through < last_close {
            true => comment(from).or_else(|| {
                let tag = Tag::read(from)?;
                let content = from.get(tag.length..).unwrap_or_default();
                Some(tag.length + reader.tag(&tag, content))
            }),
            false => None,
        };
        let taken = taken.unwrap_or_else(|| {
            reader.text("<");
            1
        });
        gone_through += taken;
        rest = from.get(taken..).unwrap_or_default();
    }
    reader.text(rest);
    reader.finish()
}

/// Whether text holds an HTML tag of the common ones.
pub(crate) fn is_html(text: &str) -> bool {
    text.match_indices('<').take(1000).any(|(at, _)| {
        let tag = text.get(at..).and_then(Tag::read);
        tag.is_some_and(|tag| tag.is_known())
    })
}

/// Writes text as HTML that shows it as it is.
pub(crate) fn from_text(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            '\n' => html.push_str("<br>\n"),
            sign => html.push(sign),
        }
    }
    html
}

/// Length of a comment or declaration at the beginning of text.
fn comment(from: &str) -> Option<usize> {
    if let Some(body) = from.strip_prefix("<!--") {
        return Some(body.find("-->").map_or(from.len(), |at| at + 7));
    }
    if from.starts_with("<!") || from.starts_with("<?") {
        return Some(from.find('>').map_or(from.len(), |at| at + 1));
    }
    None
}

/// A tag at the beginning of text.
pub(super) struct Tag<'a> {
    name: String,
    closes: bool,
    attributes: &'a str,
    /// In bytes, with its brackets.
    pub(super) length: usize,
}

impl<'a> Tag<'a> {
    pub(super) fn read(from: &'a str) -> Option<Self> {
        let inner = from.strip_prefix('<')?;
        let (closes, inner) = match inner.strip_prefix('/') {
            Some(inner) => (true, inner),
            None => (false, inner),
        };
        let end = inner
            .find(|sign: char| !sign.is_ascii_alphanumeric() && sign != ':' && sign != '-')
            .unwrap_or(inner.len());
        let (name, rest) = inner.split_at(end);
        if !name.starts_with(|sign: char| sign.is_ascii_alphabetic()) || name.len() > 64 {
            return None;
        }
        let attributes = rest.get(..end_of_tag(rest)?)?;
        let length = from.len() - rest.len() + attributes.len() + 1;
        Some(Self {
            name: name.to_ascii_lowercase(),
            closes,
            attributes,
            length,
        })
    }

    pub(super) fn is_known(&self) -> bool {
        let name = self.name.as_str();
        UNREAD.contains(&name)
            || PARAGRAPHS.contains(&name)
            || LINES.contains(&name)
            || INLINE.contains(&name)
    }

    pub(super) fn is(&self, name: &str) -> bool {
        self.name == name
    }

    /// An attribute's value, decoded.
    fn attribute(&self, wanted: &str) -> Option<String> {
        let mut rest = self.attributes;
        loop {
            rest = rest.trim_start_matches(|sign: char| sign.is_whitespace() || sign == '/');
            let end = rest
                .find(|sign: char| sign.is_whitespace() || matches!(sign, '=' | '/'))
                .unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            let after = after.trim_start();
            let (value, after) = match after.strip_prefix('=') {
                Some(after) => value(after.trim_start()),
                None => ("", after),
            };
            if name.eq_ignore_ascii_case(wanted) {
                return Some(entities::decode(value));
            }
            if after.len() >= rest.len() || after.is_empty() {
                return None;
            }
            rest = after;
        }
    }
}

/// An attribute's value and what follows it.
fn value(from: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(inner) = from.strip_prefix(quote) {
            return inner.split_once(quote).unwrap_or((inner, ""));
        }
    }
    from.split_once(char::is_whitespace).unwrap_or((from, ""))
}

/// Where a tag's closing bracket stands, outside of quotes where these are closed.
fn end_of_tag(rest: &str) -> Option<usize> {
    let mut quote = None;
    let mut first = None;
    let signs = rest.bytes().enumerate().take(LONGEST_TAG);
    for (at, sign) in signs {
        match (sign, quote) {
            (b'>', None) => return Some(at),
            (b'>', Some(_)) => first = first.or(Some(at)),
            // No tag begins within another: so no text makes every bracket a long search.
            (b'<', None) => return first,
            (b'"' | b'\'', None) => quote = Some(sign),
            (_, Some(open)) if sign == open => quote = None,
            _ => {}
        }
    }
    first
}

#[derive(Default)]
struct Reader {
    text: String,
    /// Line ends that are due before the next text.
    breaks: usize,
    /// A space is due before the next text.
    space: bool,
    /// What is due at the beginning of the line, such as a bullet.
    mark: String,
    preformatted: usize,
    /// For each open list the number of its last item; nothing where it is not numbered.
    lists: Vec<Option<u32>>,
    /// Lists beyond the deepest.
    too_deep: usize,
    /// The address of the open link and where its text begins.
    link: Option<(String, usize)>,
    /// Unread elements that have no end further on.
    endless: Vec<String>,
}

impl Reader {
    fn text(&mut self, raw: &str) {
        let decoded = entities::decode(raw);
        if self.preformatted > 0 {
            for (index, line) in decoded.split('\n').enumerate() {
                if index > 0 {
                    self.breaks = self.breaks.saturating_add(1);
                }
                if !line.trim().is_empty() {
                    self.due();
                    self.text.push_str(line);
                }
            }
            return;
        }
        for sign in decoded.chars() {
            if sign.is_whitespace() {
                self.space = true;
            } else {
                self.due();
                self.text.push(sign);
            }
        }
    }

    /// Writes what is due before text.
    fn due(&mut self) {
        let breaks = std::mem::take(&mut self.breaks);
        let space = std::mem::take(&mut self.space);
        if self.text.is_empty() || breaks > 0 {
            if !self.text.is_empty() {
                for _ in 0..breaks.min(2) {
                    self.text.push('\n');
                }
            }
            let mark = std::mem::take(&mut self.mark);
            self.text.push_str(&mark);
        } else if space {
            self.text.push(' ');
        }
    }

    /// Takes a tag, and says how much of what follows it is not read.
    fn tag(&mut self, tag: &Tag<'_>, content: &str) -> usize {
        let name = tag.name.as_str();
        if UNREAD.contains(&name) {
            return if tag.closes {
                0
            } else {
                self.skip(name, content)
            };
        }
        match (name, tag.closes) {
            ("a", false) => self.open_link(tag),
            ("a", true) => self.close_link(),
            ("img", false) => {
                if let Some(shown) = tag.attribute("alt") {
                    self.text(&shown);
                }
            }
            ("ul" | "ol", closes) => self.list(name == "ol", closes),
            ("li", false) => self.item(),
            ("td" | "th", false) => {
                let at_start = self.breaks > 0 || self.text.is_empty();
                if !at_start {
                    self.space = false;
                    self.text.push_str(" | ");
                }
            }
            ("pre", closes) => {
                self.breaks = self.breaks.max(2);
                self.preformatted = match closes {
                    true => self.preformatted.saturating_sub(1),
                    false => self.preformatted.saturating_add(1),
                };
            }
            ("br", _) => self.breaks = self.breaks.saturating_add(1),
            _ if PARAGRAPHS.contains(&name) => self.breaks = self.breaks.max(2),
            _ if LINES.contains(&name) => self.breaks = self.breaks.max(1),
            _ => {}
        }
        0
    }

    fn skip(&mut self, name: &str, content: &str) -> usize {
        let runs_to_end = matches!(name, "script" | "style");
        if self.endless.iter().any(|other| other == name) {
            return 0;
        }
        let ending = format!("</{name}");
        let found = content.match_indices("</").map(|(at, _)| at).find(|at| {
            let here = content.get(*at..at.saturating_add(ending.len()));
            here.is_some_and(|here| here.eq_ignore_ascii_case(&ending))
        });
        match found {
            Some(at) => at,
            None if runs_to_end => content.len(),
            None => {
                self.endless.push(name.to_owned());
                0
            }
        }
    }

    fn open_link(&mut self, tag: &Tag<'_>) {
        self.close_link();
        let address = tag.attribute("href").unwrap_or_default();
        let address = super::single_line(&address);
        let lower = address.to_ascii_lowercase();
        let shown = ["http://", "https://", "mailto:"]
            .iter()
            .any(|scheme| lower.starts_with(scheme));
        if shown {
            self.link = Some((address, self.text.len()));
        }
    }

    fn close_link(&mut self) {
        let Some((address, begin)) = self.link.take() else {
            return;
        };
        let said = self.text.get(begin..).unwrap_or_default().trim();
        let bare = address.trim_end_matches('/');
        if said.is_empty() {
            self.text(&address);
        } else if said.trim_end_matches('/') != bare && format!("mailto:{said}") != address {
            self.text.push_str(" (");
            self.text.push_str(&address);
            self.text.push(')');
        }
    }

    fn list(&mut self, numbered: bool, closes: bool) {
        let outermost = self.lists.len() <= usize::from(closes);
        self.breaks = self.breaks.max(if outermost { 2 } else { 1 });
        match closes {
            true if self.too_deep > 0 => self.too_deep -= 1,
            true => {
                self.lists.pop();
            }
            false if self.lists.len() >= DEEPEST => {
                self.too_deep = self.too_deep.saturating_add(1);
            }
            false => self.lists.push(numbered.then_some(0)),
        }
    }

    fn item(&mut self) {
        self.breaks = self.breaks.max(1);
        let indent = "  ".repeat(self.lists.len().saturating_sub(1));
        self.mark = match self.lists.last_mut() {
            Some(Some(number)) => {
                *number = number.saturating_add(1);
                format!("{indent}{number}. ")
            }
            _ => format!("{indent}- "),
        };
    }

    fn finish(mut self) -> String {
        self.close_link();
        super::lines(&self.text)
    }
}
