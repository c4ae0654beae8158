//! The connector, call by call.

use crate::{error::CasewireError, number, step::Step};
use casewire::{
    CallbackSecret, Command, Config, Credentials, Options,
    effect::{Answer, EffectId, OperationId},
};
use wasm_bindgen::prelude::wasm_bindgen;

/// A connector between one host and one ConnectWise instance.
///
/// It performs nothing itself: it hands out effects and is given their answers. `now` is in milliseconds since 1970.
///
/// 1. **Drain**: after every `submit`, `resolve` or `cancel`, poll until it says idle.
/// 2. Every effect is answered **exactly once**, with success or failure, in any order. An unknown, late or second answer is
///    a typed error and changes nothing. Ids only grow and are never reused. A cancelled effect needs no answer.
/// 3. `poll` never calls the host: any call is legal from inside a callback.
/// 4. The time is an argument. A timer names an absolute deadline. A clock that is set back does not set the connector back.
/// 5. **Intent before action**: what leads to a write in ConnectWise is committed to the store first. If the store fails,
///    nothing is sent.
/// 6. One write under way per case and so per ticket, in order. Reads and other tickets run side by side, up to the
///    concurrency and rate budget.
/// 7. After a crash a new connector over the same store finds its outbox and goes on by itself. An unfinished create
///    restarts at *search by reference*, never at the POST.
/// 8. Bodies stay out of band: attachments are named by a token of the host and streamed by the driver. Answers have a
///    size cap, with a typed error.
/// 9. Cancelling an operation emits a cancel for each of its effects under way.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Connector {
    core: casewire::Connector,
}

#[wasm_bindgen]
impl Connector {
    /// Makes a connector from a configuration. Without keys, the host adds the `Authorization` header itself.
    ///
    /// `seed` is a `BigInt`, since a seed uses all of its 64 bits. Without a callback secret, of at least 16 bytes, no callback
    /// is believed or registered.
    ///
    /// # Errors
    ///
    /// Throws a `CasewireError` with all faults of the configuration at once.
    #[wasm_bindgen(constructor)]
    pub fn new(
        config: &str,
        keys: Option<Keys>,
        seed: u64,
        client_id: Option<String>,
        now: f64,
        callback_secret: Option<String>,
    ) -> Result<Self, CasewireError> {
        let config = Config::from_json(config.as_bytes())?;
        let credentials = match keys {
            Some(Keys { public, private }) => Credentials::keys(public, private)?,
            None => Credentials::added_by_host(),
        };
        let callback_secret = callback_secret.map(CallbackSecret::new).transpose()?;
        let options = Options {
            seed,
            client_id,
            callback_secret,
            ..Options::default()
        };
        let core = casewire::Connector::new(config, credentials, options, number::time(now)?)?;
        Ok(Self { core })
    }

    /// Takes a command, such as `{"command": "submit_case", "case": {...}}`, and returns the id of its operation.
    ///
    /// # Errors
    ///
    /// Throws a `CasewireError` with all faults of the command at once; nothing was begun then.
    pub fn submit(&mut self, command: &str, now: f64) -> Result<f64, CasewireError> {
        let command = Command::from_json(command.as_bytes())?;
        let OperationId(operation) = self.core.submit(command, number::time(now)?)?;
        Ok(number::from_id(operation))
    }

    /// Gives the next effect, the next finished operation, or says that there is none.
    ///
    /// # Errors
    ///
    /// Throws a `CasewireError` where the time is not one.
    pub fn poll(&mut self, now: f64) -> Result<Step, CasewireError> {
        Ok(Step::new(self.core.poll(number::time(now)?))?)
    }

    /// Takes the answer to an effect: `{"http": ...}`, `{"store": ...}`, `{"done": {}}`, `{"fetched": {}}` or
    /// `{"failed": ...}`, with the bytes that belong to it.
    ///
    /// # Errors
    ///
    /// Throws a `CasewireError` with the code `stale_effect` or `wrong_answer`, or the faults of the answer; nothing changes
    /// then.
    pub fn resolve(
        &mut self,
        effect: f64,
        answer: &str,
        body: Option<Vec<u8>>,
        now: f64,
    ) -> Result<(), CasewireError> {
        let effect = EffectId(number::id(effect)?);
        let answer = Answer::from_json(answer.as_bytes(), body.unwrap_or_default())?;
        Ok(self.core.resolve(effect, answer, number::time(now)?)?)
    }

    /// Stops an operation. Its effects under way are cancelled; what it began in ConnectWise stays in the outbox.
    ///
    /// # Errors
    ///
    /// Throws a `CasewireError` with the code `unknown_operation` where there is none of that id, or it is over.
    pub fn cancel(&mut self, operation: f64, now: f64) -> Result<(), CasewireError> {
        let operation = OperationId(number::id(operation)?);
        Ok(self.core.cancel(operation, number::time(now)?)?)
    }
}

/// The two keys of an API member. Handed over to the connector, which overwrites them when it is freed.
#[wasm_bindgen]
pub struct Keys {
    public: String,
    private: String,
}

#[wasm_bindgen]
impl Keys {
    /// Takes the keys.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(public: String, private: String) -> Self {
        Self { public, private }
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys([redacted])")
    }
}
