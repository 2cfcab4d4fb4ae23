//! Without a terminal: bytes pass untouched both ways, as with `nc -N`. The end of the
//! input is a half-close, and the server's end is ours.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

/// What went wrong.
#[derive(Debug)]
pub(crate) enum Fault {
    Connection(io::Error),
    Output(io::Error),
    Input(io::Error),
}

/// Passes all bytes on until the server closes.
pub(crate) fn pass(mut socket: TcpStream) -> Result<(), Fault> {
    let input = descriptor(&io::stdin()).map_err(Fault::Input)?;
    // Not `io::stdout()` itself, which looks for newlines.
    let mut output = descriptor(&io::stdout()).map_err(Fault::Output)?;
    let mut sending = socket.try_clone().map_err(Fault::Connection)?;
    let unread = Arc::new(Mutex::new(None));
    let fault = Arc::clone(&unread);
    // Never waited for: once the server has closed, its read may go on for ever.
    thread::Builder::new()
        .spawn(move || {
            if let Err(error) = send(input, &mut sending) {
                *fault.lock().unwrap_or_else(PoisonError::into_inner) =
                    Some(error);
            }
            let _ = sending.shutdown(Shutdown::Write);
        })
        .map_err(Fault::Input)?;
    receive(&mut socket, &mut output)?;
    let unread = unread.lock().unwrap_or_else(PoisonError::into_inner).take();
    unread.map_or(Ok(()), |error| Err(Fault::Input(error)))
}

fn descriptor(stream: &impl AsFd) -> io::Result<File> {
    stream.as_fd().try_clone_to_owned().map(|fd: OwnedFd| File::from(fd))
}

/// `Err`: the input can't be read. That the server doesn't take any more, its own end
/// tells.
fn send(mut input: File, socket: &mut TcpStream) -> io::Result<()> {
    let mut buffer = vec![0; 64 << 10];
    loop {
        match input.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(n) => {
                if socket.write_all(&buffer[..n]).is_err() {
                    return Ok(());
                }
            }
            Err(error) => again(error, &input, PollFlags::POLLIN)?,
        }
    }
}

fn receive(socket: &mut TcpStream, output: &mut File) -> Result<(), Fault> {
    let mut buffer = vec![0; 64 << 10];
    loop {
        match socket.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(n) => match write(&buffer[..n], output) {
                Ok(()) => (),
                // Nobody reads it any more, as in `client | head`: done.
                Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                    return Ok(());
                }
                Err(error) => return Err(Fault::Output(error)),
            },
            Err(error) if error.kind() == ErrorKind::Interrupted => (),
            Err(error) => return Err(Fault::Connection(error)),
        }
    }
}

fn write(mut bytes: &[u8], output: &mut File) -> io::Result<()> {
    while !bytes.is_empty() {
        match output.write(bytes) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(n) => bytes = &bytes[n..],
            Err(error) => again(error, output, PollFlags::POLLOUT)?,
        }
    }
    Ok(())
}

/// Waits where that helps: a descriptor that we share with others may be non-blocking.
fn again(error: io::Error, file: &File, event: PollFlags) -> io::Result<()> {
    match error.kind() {
        ErrorKind::Interrupted => Ok(()),
        ErrorKind::WouldBlock => {
            let mut watched = [PollFd::new(file.as_fd(), event)];
            poll(&mut watched, PollTimeout::NONE)?;
            Ok(())
        }
        _ => Err(error),
    }
}
