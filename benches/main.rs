//! `cargo bench`: the steps beside Python and C servers of the same design.

use std::process::ExitCode;

#[cfg(target_os = "linux")]
mod load;

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    load::main(std::env::args_os())
}

#[cfg(not(target_os = "linux"))]
fn main() -> ExitCode {
    use std::io::Write;
    let why = "the benchmarks read /proc and use epoll: they need Linux";
    let _ = writeln!(std::io::stderr(), "{why}");
    ExitCode::FAILURE
}
