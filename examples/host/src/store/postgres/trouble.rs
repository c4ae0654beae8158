//! What PostgreSQL says when something is wrong, with what to do.

use crate::store::sql::SqlError;
use postgres::error::SqlState;
use std::error::Error as _;

impl From<postgres::Error> for SqlError {
    fn from(error: postgres::Error) -> Self {
        let is_one_of =
            |states: &[SqlState]| error.code().is_some_and(|code| states.contains(code));
        let ended = is_one_of(&[
            SqlState::ADMIN_SHUTDOWN,
            SqlState::CRASH_SHUTDOWN,
            SqlState::CANNOT_CONNECT_NOW,
            SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
        ]);
        Self {
            again: is_one_of(&[
                SqlState::T_R_SERIALIZATION_FAILURE,
                SqlState::T_R_DEADLOCK_DETECTED,
                SqlState::LOCK_NOT_AVAILABLE,
            ]),
            // What is no word of the server is the connection's.
            lost: ended || error.as_db_error().is_none(),
            message: readable(&error),
        }
    }
}

fn readable(error: &postgres::Error) -> String {
    let Some(said) = error.as_db_error() else {
        return match error.source() {
            Some(cause) => format!("{error}: {cause}"),
            None => error.to_string(),
        };
    };
    let what = said.message();
    let code = said.code();
    let advice = if [
        SqlState::INVALID_PASSWORD,
        SqlState::INVALID_AUTHORIZATION_SPECIFICATION,
    ]
    .contains(code)
    {
        "check the user of the URL and the password in it or in PGPASSWORD, and the server's pg_hba.conf"
    } else if *code == SqlState::INVALID_CATALOG_NAME {
        "make it with `createdb`, or name another one"
    } else if *code == SqlState::INSUFFICIENT_PRIVILEGE {
        "as its owner: GRANT CREATE ON DATABASE … TO …, or make a schema casewire that belongs to the user"
    } else if *code == SqlState::TOO_MANY_CONNECTIONS {
        "raise max_connections; a service uses five, a command one"
    } else if *code == SqlState::DISK_FULL {
        "make room on the server's disk"
    } else if *code == SqlState::READ_ONLY_SQL_TRANSACTION {
        "this server is a standby: name the primary, or write target_session_attrs=read-write"
    } else {
        return format!("{what} ({})", code.code());
    };
    format!("{what} ({}): {advice}", code.code())
}

/// What went wrong while connecting.
pub(super) fn connecting(error: postgres::Error) -> SqlError {
    let mut error = SqlError::from(error);
    if error.lost {
        let before = error.message.trim_end_matches('.');
        error.message =
            format!("{before}: is PostgreSQL running there, and may this computer connect to it?");
    }
    error
}
