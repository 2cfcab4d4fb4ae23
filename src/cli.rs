//! The command line of a step: `NAME [PORT]`, and its exit status.

use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use nix::errno::Errno;

use crate::words::{Lang, Message, Speaker};

/// The port of the lab.
pub const PORT: u16 = 7777;

/// What a step is, in a sentence of each language.
pub struct About {
    /// In English.
    pub en: &'static str,
    /// In French.
    pub fr: &'static str,
}

/// Calls `serve` with the port that the command line asks for.
///
/// The exit status is 0 after `--help`, 2 for a command line that makes no sense,
/// and 1 if `serve` failed; errors go to stderr, in the user's language.
pub fn run(
    about: &About,
    serve: impl FnOnce(u16) -> io::Result<()>,
) -> ExitCode {
    start(about, false, |port, _| serve(port))
}

/// The same for a server with `--admin PASSWORD`, which `serve` gets too.
pub fn run_with_admin(
    about: &About,
    serve: impl FnOnce(u16, Option<String>) -> io::Result<()>,
) -> ExitCode {
    start(about, true, serve)
}

fn start(
    about: &About,
    with_admin: bool,
    serve: impl FnOnce(u16, Option<String>) -> io::Result<()>,
) -> ExitCode {
    let lang = Lang::of_the_environment();
    let about = match lang {
        Lang::En => about.en,
        Lang::Fr => about.fr,
    };
    let mut arguments = env::args_os();
    let path = arguments.next().unwrap_or_default();
    let name = Path::new(&path).file_name().unwrap_or(&path).to_string_lossy();
    let called = path.to_string_lossy();
    let speaker = Speaker { name: &name, called: &called };
    let complain = |message: Message, status: u8| {
        let _ = writeln!(io::stderr(), "{}", message.text(lang, speaker));
        ExitCode::from(status)
    };
    match parse(with_admin, arguments) {
        Ok(Request::Help) => {
            let help = Message::Help { about, with_admin };
            let _ = writeln!(io::stdout(), "{}", help.text(lang, speaker));
            ExitCode::SUCCESS
        }
        Ok(Request::Serve { port, admin }) => match serve(port, admin) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => complain(failure(port, &error), 1),
        },
        Err(message) => complain(message, 2),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Request {
    Help,
    Serve { port: u16, admin: Option<String> },
}

fn parse(
    with_admin: bool,
    arguments: impl Iterator<Item = OsString>,
) -> Result<Request, Message> {
    let (mut port, mut admin) = (None, None);
    let mut arguments =
        arguments.map(|argument| argument.to_string_lossy().into_owned());
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "-h" | "--help" => return Ok(Request::Help),
            "--admin" if with_admin && admin.is_none() => {
                let password =
                    arguments.next().filter(|word| is_password(word));
                admin = Some(password.ok_or(Message::NoPassword)?);
            }
            option if option.starts_with("--") || port.is_some() => {
                return Err(Message::Unexpected(argument));
            }
            _ => port = Some(port_of(&argument)?),
        }
    }
    Ok(Request::Serve { port: port.unwrap_or(PORT), admin })
}

/// The port that an argument names.
///
/// # Errors
///
/// It isn't one.
pub fn port_of(argument: &str) -> Result<u16, Message> {
    // u16 alone would take "+7777" too.
    let is_number = argument.bytes().all(|byte| byte.is_ascii_digit());
    let port = argument.parse().ok().filter(|_| is_number);
    port.ok_or_else(|| Message::NotAPort(argument.to_string()))
}

/// What can't be sent in `ADMIN PASSWORD`, a line of the chat, can't be one; and
/// with a dash in front it's an option whose password was forgotten.
fn is_password(word: &str) -> bool {
    let is_bad = |c: char| c.is_whitespace() || c.is_control();
    !word.is_empty() && !word.starts_with('-') && !word.contains(is_bad)
}

/// What to say when a server that listens on `port` has failed.
pub fn failure(port: u16, error: &io::Error) -> Message {
    match error.kind() {
        io::ErrorKind::AddrInUse => Message::PortTaken(port),
        io::ErrorKind::PermissionDenied => Message::PortForbidden(port),
        _ if error.raw_os_error() == Some(Errno::EMFILE as i32) => {
            Message::OutOfDescriptors
        }
        _ => Message::Stopped(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str, with_admin: bool) -> Result<Request, Message> {
        parse(with_admin, line.split_whitespace().map(OsString::from))
    }

    fn serve(port: u16, admin: Option<&str>) -> Result<Request, Message> {
        Ok(Request::Serve { port, admin: admin.map(str::to_string) })
    }

    #[test]
    fn the_port_is_the_one_of_the_lab_unless_given() {
        assert_eq!(parsed("", false), serve(7777, None));
        assert_eq!(parsed("8080", false), serve(8080, None));
        assert_eq!(parsed("0", false), serve(0, None));
        assert_eq!(parsed("65535", false), serve(65535, None));
        assert_eq!(parsed("007", false), serve(7, None));
    }

    #[test]
    fn port_and_password_come_in_any_order() {
        assert_eq!(parsed("--admin sesame", true), serve(7777, Some("sesame")));
        assert_eq!(
            parsed("--admin sesame 8080", true),
            serve(8080, Some("sesame"))
        );
        assert_eq!(
            parsed("8080 --admin sesame", true),
            serve(8080, Some("sesame"))
        );
        assert!(parsed("--admin a --admin b", true).is_err());
        assert_eq!(parsed("--admin --help", true), Err(Message::NoPassword));
    }
}
