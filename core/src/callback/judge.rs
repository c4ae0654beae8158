use super::{
    CallbackOutcome, CallbackRequest, CallbackSecret, Refusal, Rules, Tenant, Verdict,
    claim::{is_signed, signature},
    secret::PathSecret,
};
use crate::{api, config::Config, error::Result};

/// Judges callbacks without a connector: for a receiver that stands apart from it, and passes on only what is genuine.
///
/// Whether the ticket has a case, and whether the callback came before, only a connector knows.
#[derive(Clone, Debug)]
pub struct CallbackJudge {
    rules: Rules,
}

impl CallbackJudge {
    /// Judges for a configuration's instance, with the secret of [`Options::callback_secret`](crate::Options).
    ///
    /// # Errors
    ///
    /// [`Code::InsecureSite`](crate::Code::InsecureSite) or [`Code::InvalidValue`](crate::Code::InvalidValue) for the site.
    pub fn new(config: &Config, secret: &CallbackSecret) -> Result<Self> {
        let connection = &config.connection;
        Ok(Self {
            rules: Rules {
                path: Some(PathSecret::derive(
                    secret,
                    &config.instance,
                    &connection.company_id,
                )),
                tenant: Tenant {
                    origin: api::origin(connection)?,
                    company_id: connection.company_id.trim().to_owned(),
                    keys_added_by_host: false,
                },
            },
        })
    }

    /// Judges a callback; `signing_key` is the text of ConnectWise's signing key (API.md section 13.3).
    #[must_use]
    pub fn judge(&self, callback: CallbackRequest, signing_key: &str) -> CallbackOutcome {
        match self.rules.judge(callback) {
            Verdict::Claim(claim) if claim.is_signed_with(signing_key) => CallbackOutcome::Reread {
                ticket: claim.hint.ticket,
            },
            Verdict::Claim(_) => Refusal::unproven().into(),
            Verdict::Ignored(why) => CallbackOutcome::Ignored { why },
            Verdict::Refused(refusal) => refusal.into(),
        }
    }

    /// Whether a body was signed with a signing key: the value of `x-content-signature` is the base64 of the body's
    /// HMAC-SHA256, whose key is the SHA-256 of the signing key's text (API.md section 13.3). Compared in constant time.
    #[must_use]
    pub fn is_signed(body: &[u8], signature_header: &str, signing_key: &str) -> bool {
        signature(Some(signature_header))
            .is_some_and(|signature| is_signed(body, &signature, signing_key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        callback::{claim::tests::request, secret::tests::SECRET},
        error::Code,
        service::TicketId,
    };
    use serde_json::json;

    #[test]
    fn a_receiver_tells_what_is_genuine() {
        let mut config = crate::decide::tests::config();
        config.instance = "acme-soc".to_owned();
        config.connection.site = "https://api-na.myconnectwise.net".to_owned();
        config.connection.company_id = "acme".to_owned();
        let judge = CallbackJudge::new(&config, &CallbackSecret::new(SECRET).unwrap()).unwrap();
        let body = json!({
            "CompanyId": "acme", "ID": 909, "Type": "ticket",
            "Metadata": {"key_url": "https://na.myconnectwise.net/v1//system/callbackkey/index.rails?companyName=acme\
                &id=0d7d1f3e-6f0b-4a3c-9b7e-5f2f7c1a9e42"}
        });
        let genuine = request(body.to_string().into_bytes());
        let ticket = TicketId(909);
        assert_eq!(
            judge.judge(genuine.clone(), "key"),
            CallbackOutcome::Reread { ticket }
        );
        let code = |outcome| match outcome {
            CallbackOutcome::Refused { code, .. } => code,
            other => panic!("{other:?}"),
        };
        let of_another_key = judge.judge(genuine.clone(), "other");
        assert_eq!(code(of_another_key), Code::CallbackSignature);
        let mut elsewhere = genuine.clone();
        elsewhere.secret.replace_range(..1, "x");
        assert_eq!(
            code(judge.judge(elsewhere, "key")),
            Code::CallbackSecretWrong
        );

        let header = genuine.signature.unwrap();
        assert!(CallbackJudge::is_signed(&genuine.body, &header, "key"));
        assert!(!CallbackJudge::is_signed(&genuine.body, &header, "other"));
        assert!(!CallbackJudge::is_signed(b"{}", &header, "key"));
        assert!(!CallbackJudge::is_signed(&genuine.body, "", "key"));
    }
}
