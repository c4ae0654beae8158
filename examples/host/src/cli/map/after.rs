use crate::{
    cli::{
        send::Line,
        terminal::{Done, Stop, say},
    },
    driver::{Driver, Progress},
};
use std::time::Duration;

/// Works until everything is over that the command began: held cases that go on give a line each, as with `send`.
pub(super) fn go_on(driver: &mut Driver<'_>) -> Done {
    let mut failed = false;
    loop {
        match driver.next(Duration::from_secs(3600)) {
            Progress::Idle => break,
            Progress::Waiting => {}
            Progress::Finished(finished) => {
                if let Some(line) = Line::of(finished)
                    && line.outcome != "held"
                {
                    failed |= line.outcome == "failed";
                    say(&serde_json::to_string(&line).map_err(Stop::failed)?)?;
                }
            }
        }
    }
    match failed {
        true => Err(Stop::Told),
        false => Ok(()),
    }
}
