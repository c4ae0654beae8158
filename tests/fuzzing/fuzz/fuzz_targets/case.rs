#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| casewire_fuzzing::run("case", input));
