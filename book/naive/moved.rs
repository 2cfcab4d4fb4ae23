//! Each thread gets the list. There is one list.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

fn main() -> io::Result<()> {
    let listener = TcpListener::bind("[::]:7777")?;
    let mut clients: Vec<TcpStream> = Vec::new();
    loop {
        let (client, _) = listener.accept()?;
        clients.push(client.try_clone()?);
        thread::spawn(move || handle(client, &mut clients));
    }
}

fn handle(mut client: TcpStream, clients: &mut Vec<TcpStream>) {
    let mut buffer = [0; 1500];
    while let Ok(n @ 1..) = client.read(&mut buffer) {
        for other in clients.iter_mut() {
            let _ = other.write_all(&buffer[..n]);
        }
    }
}
