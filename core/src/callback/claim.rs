use super::{
    CallbackRequest, MAX_CALLBACK_BODY,
    key_address::{KeyAddress, Tenant},
    payload::{self, TicketHint},
    secret::{PathSecret, keyed},
};
use crate::error::Code;
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::Mac;

/// Why a callback is not believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: Code,
    pub(crate) why: String,
}

/// What a callback is measured against.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    /// Nothing where the host gave no secret: then none is believed.
    pub(crate) path: Option<PathSecret>,
    pub(crate) tenant: Tenant,
}

/// What a callback comes to before its signature is verified.
#[derive(Debug, PartialEq)]
pub(crate) enum Verdict {
    /// It says of itself that it is ours; the signature is to be verified with the key at [`Claim::key`].
    Claim(Box<Claim>),
    /// It is of no interest, whoever sent it.
    Ignored(String),
    Refused(Refusal),
}

/// A callback that has everything a genuine one has, and is not proven.
#[derive(Debug, PartialEq)]
pub(crate) struct Claim {
    pub(crate) hint: TicketHint,
    /// Names the message.
    pub(crate) message: String,
    /// Where its signing key is.
    pub(crate) key: KeyAddress,
    signature: [u8; 32],
    body: Vec<u8>,
}

impl Rules {
    /// Judges a callback by all that needs no request: size, secret, form, company, type, signature's form, key's address.
    pub(crate) fn judge(&self, request: CallbackRequest) -> Verdict {
        match self.claim(request) {
            Ok(verdict) => verdict,
            Err(refusal) => Verdict::Refused(refusal),
        }
    }

    fn claim(&self, request: CallbackRequest) -> Result<Verdict, Refusal> {
        let path = self.path.as_ref().ok_or_else(|| {
            refusal(
                Code::MissingCallbackSecret,
                "this connector was given no callback secret: set it in its options",
            )
        })?;
        if request.body.len() > MAX_CALLBACK_BODY {
            return Err(refusal(
                Code::CallbackTooLarge,
                "its body is larger than 1 MiB",
            ));
        }
        if !path.is(&request.secret) {
            return Err(refusal(
                Code::CallbackSecretWrong,
                "it was posted to a path without the right secret",
            ));
        }
        let payload = payload::read(&request.body)?;
        let tenant = &self.tenant;
        if !payload.company_id.eq_ignore_ascii_case(&tenant.company_id) {
            return Err(refusal(
                Code::CallbackOfAnotherCompany,
                "it is of another company's ConnectWise",
            ));
        }
        if !payload.kind.eq_ignore_ascii_case("ticket") {
            return Ok(Verdict::Ignored("it is not of a ticket".to_owned()));
        }
        let signature = signature(request.signature.as_deref()).ok_or_else(unsigned)?;
        let key = KeyAddress::of(&payload.key_url, tenant).map_err(|why| {
            let why = format!("the address of its signing key is not to be trusted: {why}");
            refusal(Code::SigningKeyAddress, &why)
        })?;
        Ok(Verdict::Claim(Box::new(Claim {
            hint: payload.hint(),
            message: payload.message,
            key,
            signature,
            body: request.body,
        })))
    }
}

impl Claim {
    /// Whether it was signed with this key: the signature is the HMAC-SHA256 of the body, whose key is the SHA-256 of the
    /// signing key's text (API.md section 13.3). Compared in constant time.
    pub(crate) fn is_signed_with(&self, signing_key: &str) -> bool {
        is_signed(&self.body, &self.signature, signing_key)
    }
}

impl Refusal {
    /// A signature that was made with another key, or of another body.
    pub(crate) fn unproven() -> Self {
        refusal(
            Code::CallbackSignature,
            "its signature does not fit its body",
        )
    }
}

pub(super) fn is_signed(body: &[u8], signature: &[u8; 32], signing_key: &str) -> bool {
    let mut mac = keyed(signing_key);
    mac.update(body);
    mac.verify_slice(signature).is_ok()
}

/// The 32 bytes of a signature in base64.
pub(super) fn signature(value: Option<&str>) -> Option<[u8; 32]> {
    let value = value?.trim_ascii();
    let decoded = (value.len() == 44).then(|| STANDARD.decode(value))?.ok()?;
    decoded.try_into().ok()
}

fn unsigned() -> Refusal {
    refusal(
        Code::CallbackSignature,
        "it carries no signature of the form that ConnectWise makes",
    )
}

fn refusal(code: Code, why: &str) -> Refusal {
    Refusal {
        code,
        why: why.to_owned(),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::callback::{CallbackSecret, secret::tests::SECRET};
    use serde_json::json;

    fn rules() -> Rules {
        let secret = CallbackSecret::new(SECRET).unwrap();
        Rules {
            path: Some(PathSecret::derive(&secret, "acme-soc", "acme")),
            tenant: Tenant {
                origin: "https://api-na.myconnectwise.net".to_owned(),
                company_id: "acme".to_owned(),
                keys_added_by_host: false,
            },
        }
    }

    pub(in crate::callback) fn request(body: Vec<u8>) -> CallbackRequest {
        let mut mac = keyed("key");
        mac.update(&body);
        CallbackRequest {
            signature: Some(STANDARD.encode(mac.finalize().into_bytes())),
            secret: rules().path.unwrap().segment().to_string(),
            body,
        }
    }

    fn body() -> Vec<u8> {
        json!({
            "CompanyId": "ACME", "ID": 909, "Type": "Ticket", "Action": "updated", "MessageId": "m",
            "Metadata": {"key_url": "https://na.myconnectwise.net/v1//system/callbackkey/index.rails?companyName=acme\
                &id=0d7d1f3e-6f0b-4a3c-9b7e-5f2f7c1a9e42"}
        })
        .to_string()
        .into_bytes()
    }

    #[test]
    fn a_genuine_callback_is_signed_with_the_key_and_no_other() {
        let Verdict::Claim(claim) = rules().judge(request(body())) else {
            panic!("it is a claim")
        };
        assert_eq!(claim.hint.ticket.0, 909);
        assert!(claim.is_signed_with("key"));
        for wrong in ["", "Key", "key ", "other"] {
            assert!(!claim.is_signed_with(wrong));
        }
    }

    #[test]
    fn a_changed_byte_breaks_the_signature() {
        let body = body();
        let sound = request(body.clone());
        for at in 0..body.len() {
            let mut changed = sound.clone();
            changed.body[at] ^= 1;
            if let Verdict::Claim(claim) = rules().judge(changed) {
                assert!(!claim.is_signed_with("key"), "byte {at}");
            }
        }
    }

    #[test]
    fn a_signature_of_another_form_is_refused_before_any_key_is_fetched() {
        for signature in [
            None,
            Some(""),
            Some("AAAA"),
            Some("sha256=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
            Some("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="),
            Some("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
            Some("____________________________________________"),
        ] {
            let request = CallbackRequest {
                signature: signature.map(str::to_owned),
                ..request(body())
            };
            let Verdict::Refused(refusal) = rules().judge(request) else {
                panic!("{signature:?}")
            };
            assert_eq!(refusal.code, Code::CallbackSignature);
        }
    }

    #[test]
    fn random_bytes_never_panic_and_never_become_a_claim() {
        let mut state = 7_u64;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) as usize
        };
        let sound = body();
        for _ in 0..20_000 {
            let mut bytes = sound.clone();
            match next() % 4 {
                0 => bytes = (0..next() % 200).map(|_| next() as u8).collect(),
                1 => bytes.truncate(next() % sound.len()),
                2 => {
                    let at = next() % sound.len();
                    bytes.splice(at..at, (0..next() % 9).map(|byte| byte as u8 ^ 0x7b));
                }
                _ => {
                    let from = next() % sound.len();
                    bytes.extend_from_slice(&sound[from..]);
                }
            }
            let genuine = bytes == sound;
            let mut request = request(bytes);
            if next() % 2 == 0 {
                request.secret = (0..next() % 80).map(|_| next() as u8 as char).collect();
                let verdict = rules().judge(request);
                assert!(matches!(verdict, Verdict::Refused(_)));
            } else if let Verdict::Claim(claim) = rules().judge(request) {
                // Signed by the test, so still a claim: then it must say what a sound one says.
                assert!(genuine || claim.hint.ticket.0 > 0);
            }
        }
    }
}
