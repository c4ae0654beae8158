use super::{App, refusal::Refusal};
use crate::cli::serve::instance::Instance;
use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::request::Parts,
};
use std::sync::Arc;

/// What a path names: the instance, which may be left out where there is only one, and what else stands in it.
pub(super) struct Chosen {
    named: Option<Arc<Instance>>,
    only: Option<Arc<Instance>>,
    all: Vec<String>,
    pub(super) case: String,
    pub(super) operation: String,
}

impl Chosen {
    /// The instance.
    pub(super) fn instance(&self) -> Result<Arc<Instance>, Refusal> {
        let chosen = self.named.as_ref().or(self.only.as_ref());
        chosen.cloned().ok_or_else(|| {
            let all: Vec<&str> = self.all.iter().map(String::as_str).collect();
            Refusal::no_such_instance(&all)
        })
    }

    /// The instance, where the path names it.
    pub(super) fn named(&self) -> Option<&Arc<Instance>> {
        self.named.as_ref()
    }
}

impl FromRequestParts<Arc<App>> for Chosen {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refusal> {
        let instances = app.instances.all();
        let mut chosen = Self {
            named: None,
            only: None,
            all: instances.iter().map(|one| one.name().to_owned()).collect(),
            case: String::new(),
            operation: String::new(),
        };
        if let [only] = instances.as_slice() {
            chosen.only = Some(Arc::clone(only));
        }
        let Ok(params) = RawPathParams::from_request_parts(parts, app).await else {
            return Ok(chosen);
        };
        for (key, value) in &params {
            match key {
                "instance" => match app.instances.get(value) {
                    Some(instance) => chosen.named = Some(instance),
                    None => {
                        let all: Vec<&str> = chosen.all.iter().map(String::as_str).collect();
                        return Err(Refusal::no_such_instance(&all));
                    }
                },
                "case" => value.clone_into(&mut chosen.case),
                "operation" => value.clone_into(&mut chosen.operation),
                _ => {}
            }
        }
        Ok(chosen)
    }
}
