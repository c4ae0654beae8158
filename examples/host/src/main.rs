//! The program `casewire`.

use std::process::ExitCode;

fn main() -> ExitCode {
    casewire_host::cli::main()
}
