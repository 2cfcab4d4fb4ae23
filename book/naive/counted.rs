//! Each thread gets a share of the list. The count of the shares is for one thread.

use std::cell::RefCell;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::rc::Rc;
use std::thread;

fn main() -> io::Result<()> {
    let listener = TcpListener::bind("[::]:7777")?;
    let clients: Rc<RefCell<Vec<TcpStream>>> = Rc::default();
    loop {
        let (client, _) = listener.accept()?;
        clients.borrow_mut().push(client.try_clone()?);
        let clients = Rc::clone(&clients);
        thread::spawn(move || handle(client, &clients));
    }
}

fn handle(mut client: TcpStream, clients: &RefCell<Vec<TcpStream>>) {
    let mut buffer = [0; 1500];
    while let Ok(n @ 1..) = client.read(&mut buffer) {
        for other in clients.borrow_mut().iter_mut() {
            let _ = other.write_all(&buffer[..n]);
        }
    }
}
