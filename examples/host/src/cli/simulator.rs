use super::{
    stop::StopSign,
    terminal::{Done, Stop, say},
};
use casewire_simulator::{COMPANY_ID, Options, PRIVATE_KEY, PUBLIC_KEY, Server};
use clap::Args;
use std::{net::SocketAddr, thread, time::Duration};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  casewire simulator --listen 127.0.0.1:8080
  casewire simulator --listen 127.0.0.1:8080 --latency 20 --seed 7
  casewire simulator --listen 127.0.0.1:8080 --companies 5000 --configurations 20000")]
pub(super) struct Arguments {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Seed of the instance: the same seed and requests give the same answers.
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Milliseconds that each answer takes.
    #[arg(long, value_name = "MS", default_value_t = 0)]
    latency: u64,
    /// Companies beside those of the guides, each with a primary contact.
    #[arg(long, value_name = "N", default_value_t = 0)]
    companies: usize,
    /// Device configurations beside those of the guides, spread over these companies.
    #[arg(long, value_name = "N", default_value_t = 0)]
    configurations: usize,
}

/// Simulates ConnectWise PSA until Ctrl-C.
pub(super) fn simulator(arguments: &Arguments) -> Done {
    let sign = StopSign::listen();
    let server = Server::start(Options {
        listen: arguments.listen,
        seed: arguments.seed,
        latency: Duration::from_millis(arguments.latency),
        deliver_callbacks: true,
        ..Options::default()
    })
    .map_err(|error| {
        Stop::failed(format!(
            "{} cannot be listened on: {error}",
            arguments.listen
        ))
    })?;
    server
        .psa()
        .populate(arguments.companies, arguments.configurations);
    say(&format!(
        "\
ConnectWise PSA, simulated: {url}

  in the configuration   \"site\": \"{url}\", \"company_id\": \"{COMPANY_ID}\", \"allow_insecure_loopback\": true
  in the environment     CASEWIRE_PUBLIC_KEY={PUBLIC_KEY} CASEWIRE_PRIVATE_KEY={PRIVATE_KEY}
  client id              any GUID

Ctrl-C stops it; nothing is kept.",
        url = server.url()
    ))?;
    while !sign.is_raised() {
        thread::sleep(Duration::from_millis(100));
    }
    let statistics = server.statistics();
    say(&format!(
        "\n{} requests, at most {} at once",
        statistics.total, statistics.peak_concurrency
    ))?;
    Ok(())
}
