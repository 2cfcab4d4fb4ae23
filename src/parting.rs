//! The end of a connection, without loss.

use std::io::Read;
use std::net::TcpStream;

/// Reads what has already arrived, a mebibyte at most, and waits for nothing: to be
/// called before the socket closes. Closing with unread bytes resets the connection,
/// and what we wrote but the client hasn't received yet is lost.
pub fn drain(mut socket: &TcpStream) {
    let mut buffer = [0; 16 << 10];
    let is_ready = socket.set_nonblocking(true).is_ok();
    for _ in 0..64 {
        if !(is_ready && socket.read(&mut buffer).is_ok_and(|n| n > 0)) {
            break;
        }
    }
}
