/// A `Link` header (RFC 8288; API.md section 4). Its addresses are looked at and never followed: they can name another host.
#[derive(Clone, Copy, Debug)]
pub(super) struct Links<'a>(pub(super) &'a str);

impl<'a> Links<'a> {
    /// Whether there is a next page; its address may be empty at the end.
    pub(super) fn has_next(self) -> bool {
        self.address("next")
            .is_some_and(|address| !address.is_empty())
    }

    /// The number of the last page, where the header says one.
    pub(super) fn last(self) -> Option<u32> {
        let (_, query) = self.address("last")?.split_once('?')?;
        query
            .split(['&', '#'])
            .filter_map(|pair| pair.split_once('='))
            .find(|(name, _)| name.eq_ignore_ascii_case("page"))
            .and_then(|(_, number)| number.parse().ok())
            .filter(|number| *number > 0)
    }

    /// The address with that relation.
    fn address(self, relation: &str) -> Option<&'a str> {
        let mut rest = self.0;
        while let Some((_, tail)) = rest.split_once('<') {
            let (address, tail) = tail.split_once('>')?;
            let parameters = tail.split('<').next().unwrap_or_default();
            let found = parameters.split([';', ',']).any(|parameter| {
                let parameter: String = parameter
                    .chars()
                    .filter(|c| !c.is_whitespace() && *c != '"')
                    .collect();
                parameter.split_once('=').is_some_and(|(name, value)| {
                    name.eq_ignore_ascii_case("rel") && value.eq_ignore_ascii_case(relation)
                })
            });
            if found {
                return Some(address.trim());
            }
            rest = tail;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_read_in_each_of_their_forms() {
        for (link, next) in [
            (r#"<https://h/?a=1,2&page=2>; rel="next""#, true),
            ("<h>;rel=next", true),
            (r#"<h>; rel="last", <h>; rel="next""#, true),
            (r#"<h>; rel="first", <h>; rel="prev""#, false),
            (r#"<>; rel="next""#, false),
            (r#"<rel="next">; rel="last""#, false),
            ("", false),
            ("<broken", false),
        ] {
            assert_eq!(Links(link).has_next(), next, "{link}");
        }
    }

    #[test]
    fn the_last_page_is_read_out_of_its_query() {
        for (link, last) in [
            (
                r#"<https://h/x?pageSize=1000&page=20&conditions=a%3D1>; rel="last""#,
                Some(20),
            ),
            (
                r#"<https://h/x?page=2>; rel="next", <https://h/x?Page=5>; rel=last"#,
                Some(5),
            ),
            (r#"<https://h/x?page=2>; rel="next""#, None),
            (r#"<https://h/x?pageSize=9>; rel="last""#, None),
            (r#"<https://h/page=7>; rel="last""#, None),
            (r#"<https://h/x?page=0>; rel="last""#, None),
            (r#"<https://h/x?page=-1>; rel="last""#, None),
            (r#"<https://h/x?page=99999999999>; rel="last""#, None),
        ] {
            assert_eq!(Links(link).last(), last, "{link}");
        }
    }
}
