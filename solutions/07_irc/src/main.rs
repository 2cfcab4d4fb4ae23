//! Step 07: an IRC server. Everything is in the library; here are the command
//! line, the listening sockets and the exit status.

use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use causette::cli::{self, PORT};
use causette::listen::{listen, open};
use causette::log;
use causette::words::{Lang, Message, Speaker};
use irc::config::Config;
use irc::event_loop::{End, EventLoop, Options};
use irc::logging::Level;
use irc::words;
use nix::sys::resource::{Resource, getrlimit, setrlimit};

fn main() -> ExitCode {
    let lang = Lang::of_the_environment();
    let mut arguments = env::args_os();
    let path = arguments.next().unwrap_or_default();
    let name = Path::new(&path).file_name().unwrap_or(&path).to_string_lossy();
    let called = path.to_string_lossy();
    let complain = |text: String, status: u8| {
        let _ = writeln!(io::stderr(), "{text}");
        ExitCode::from(status)
    };
    let tell = |message: Message, status: u8| {
        let speaker = Speaker { name: &name, called: &called };
        complain(message.text(lang, speaker), status)
    };
    let (port, options) = match parse(arguments) {
        Ok(Request::Serve { port, options }) => (port, options),
        Ok(Request::Help) => {
            let _ = writeln!(io::stdout(), "{}", words::help(lang, &called));
            return ExitCode::SUCCESS;
        }
        Err(Refused::Unknown(message)) => return tell(message, 2),
        Err(Refused::NoFile) => {
            return complain(words::no_file(lang, &name, &called), 2);
        }
        Err(Refused::NoLevel) => {
            return complain(words::no_level(lang, &name, &called), 2);
        }
    };
    let file = options.config.as_deref();
    let config = match file.map_or(Ok(Config::default()), Config::load) {
        Ok(config) => config,
        Err(wrong) => return complain(words::wrong(lang, &name, &wrong), 2),
    };
    match serve(port, config, options) {
        Ok(End::Stop) => ExitCode::SUCCESS,
        Ok(End::Restart) => {
            let mut again = Command::new(&path);
            let error = again.args(env::args_os().skip(1)).exec();
            tell(Message::Stopped(error.to_string()), 1)
        }
        Err((port, error)) => tell(cli::failure(port, &error), 1),
    }
}

/// Serves on the port of the command line, or on the addresses of the
/// configuration, or on the port of the lab. An error names the port.
fn serve(
    port: Option<u16>,
    config: Config,
    options: Options,
) -> Result<End, (u16, io::Error)> {
    take_all_descriptors();
    let addresses = config.listen.clone();
    let first = port.unwrap_or(PORT);
    let mut server =
        EventLoop::new(config, options).map_err(|error| (first, error))?;
    if port.is_some() || addresses.is_empty() {
        let opened = listen(first).and_then(|it| server.add_door(it));
        opened.map_err(|error| (first, error))?;
    } else {
        for address in addresses {
            let opened = open(address).and_then(|it| server.add_door(it));
            opened.map_err(|error| (address.port(), error))?;
            log!("listening on {address}");
        }
    }
    server.run().map_err(|error| (first, error))
}

/// Each client takes a descriptor, and a shell gives a program 1,024 unless it
/// asks for more.
fn take_all_descriptors() {
    if let Ok((_, hard)) = getrlimit(Resource::RLIMIT_NOFILE) {
        let _ = setrlimit(Resource::RLIMIT_NOFILE, hard, hard);
    }
}

enum Request {
    Help,
    Serve { port: Option<u16>, options: Options },
}

enum Refused {
    Unknown(Message),
    NoFile,
    NoLevel,
}

fn parse(
    mut arguments: impl Iterator<Item = OsString>,
) -> Result<Request, Refused> {
    let (mut port, mut options) = (None, Options::default());
    while let Some(argument) = arguments.next() {
        let text = argument.to_string_lossy();
        match &*text {
            "-h" | "--help" => return Ok(Request::Help),
            "--config" if options.config.is_none() => {
                let file = arguments.next().ok_or(Refused::NoFile)?;
                options.config = Some(PathBuf::from(file));
            }
            "--log" if options.log.is_none() => {
                let name = arguments.next().unwrap_or_default();
                let level = Level::by_name(&name.to_string_lossy());
                options.log = Some(level.ok_or(Refused::NoLevel)?);
            }
            option if option.starts_with("--") || port.is_some() => {
                let unexpected = Message::Unexpected(text.into_owned());
                return Err(Refused::Unknown(unexpected));
            }
            digits => {
                port = Some(cli::port_of(digits).map_err(Refused::Unknown)?);
            }
        }
    }
    Ok(Request::Serve { port, options })
}
