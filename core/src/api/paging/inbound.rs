use super::{Identified, Pages};
use crate::{
    api::{Client, Conditions, Query, read::Pagination},
    error::Result,
    runtime::Context,
};
use serde::de::DeserializeOwned;

impl Client {
    #[cfg_attr(
        not(test),
        expect(
            dead_code,
            reason = "for collections without conditions, of which there is none yet"
        )
    )]
    /// Reads a large collection page by page, each after the last id of the one before, where the endpoint can do that.
    pub(crate) fn pages_forward(&self, path: impl Into<String>, query: Query) -> Pages<'_> {
        self.paged(path, query, Pagination::ForwardOnly)
    }

    /// Reads the records with these ids, in as many requests as their addresses need.
    ///
    /// Where the server refuses `in (...)`, the ids are spelled out (API.md section 18, row 3), for good.
    pub(crate) async fn read_by_ids<T: Identified + DeserializeOwned + Send>(
        &self,
        cx: &Context,
        path: &str,
        query: &Query,
        ids: &[u32],
    ) -> Result<Vec<T>> {
        let mut knows_in = self.may_say_in();
        let mut records = Vec::new();
        for part in Conditions::chunks("id", ids) {
            if knows_in {
                let listed = Conditions::new().in_ids("id", part);
                match self
                    .read_all(cx, path, query.clone().conditions(&listed))
                    .await
                {
                    Ok(found) => {
                        records.extend(found);
                        continue;
                    }
                    Err(error) if error.connectwise_code.as_deref() == Some("ApiFindCondition") => {
                        knows_in = false;
                        self.note_no_in();
                    }
                    Err(error) => return Err(error),
                }
            }
            let each = part.iter().map(|id| Conditions::new().eq("id", *id));
            let spelled = Conditions::new().any(each);
            records.extend(
                self.read_all(cx, path, query.clone().conditions(&spelled))
                    .await?,
            );
        }
        Ok(records)
    }
}
