//! What a bare UTF-8 check and copy costs, of 2.5 kB and of 1.5 kB: prints nanoseconds for both together, the best of
//! several rounds. `cargo xtask boundary` holds the faces to a multiple of it.
#![allow(clippy::print_stdout, reason = "a command line program")]

use std::hint::black_box;
use std::time::Instant;

const ROUNDS: u32 = 20;
const CALLS: u32 = 20_000;
const SIZES: [usize; 2] = [2_500, 1_500];

fn main() {
    let texts = SIZES.map(|size| vec![b'x'; size]);
    let mut best = f64::INFINITY;
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        for _ in 0..CALLS {
            for text in &texts {
                black_box(std::str::from_utf8(black_box(text)).map(str::to_owned)).ok();
            }
        }
        best = best.min(begun.elapsed().as_secs_f64() / f64::from(CALLS));
    }
    println!("{:.0}", best * 1e9);
}
