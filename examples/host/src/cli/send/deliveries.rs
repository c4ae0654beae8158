use crate::cli::terminal::{Done, Stop};
use casewire::Delivery;
use std::{
    fs::{File, OpenOptions},
    io::{self, Write as _},
    path::Path,
};

/// Takes over what ConnectWise has to say of cases: into a file, or only into the log.
pub(in crate::cli) struct Deliveries {
    file: Option<File>,
}

impl Deliveries {
    pub(in crate::cli) fn open(path: Option<&Path>) -> Done<Self> {
        let file = path.map(|path| {
            let file = OpenOptions::new().create(true).append(true).open(path);
            file.map_err(|error| {
                Stop::refused(format!("the deliveries {}: {error}", path.display()))
            })
        });
        Ok(Self {
            file: file.transpose()?,
        })
    }

    /// Returns once it is on the disk. A delivery that is offered again has the id that it had before.
    pub(in crate::cli) fn keep(&mut self, delivery: &Delivery) -> Result<(), String> {
        tracing::info!(subject = ?delivery.subject, event = ?delivery.event, "delivered");
        self.write(delivery).map_err(|error| error.to_string())
    }

    fn write(&mut self, delivery: &Delivery) -> io::Result<()> {
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        let mut line = serde_json::to_vec(delivery)?;
        line.push(b'\n');
        file.write_all(&line)?;
        file.sync_data()
    }
}
