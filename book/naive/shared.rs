//! Each thread gets a share of the list. What is shared can't be changed.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

fn main() -> io::Result<()> {
    let listener = TcpListener::bind("[::]:7777")?;
    let clients: Arc<Vec<TcpStream>> = Arc::default();
    loop {
        let (client, _) = listener.accept()?;
        clients.push(client.try_clone()?);
        let clients = Arc::clone(&clients);
        thread::spawn(move || handle(client, &clients));
    }
}

fn handle(mut client: TcpStream, clients: &[TcpStream]) {
    let mut buffer = [0; 1500];
    while let Ok(n @ 1..) = client.read(&mut buffer) {
        for mut other in clients {
            let _ = other.write_all(&buffer[..n]);
        }
    }
}
