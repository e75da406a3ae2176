//! Messages on a byte stream: `Content-Length` framing that outlives anything a client sends.
//!
//! What is no message is skipped, up to the next header; one read and one write a message.

use super::log::log;
use serde::Serialize;
use serde_json::Value;
use std::io::{ErrorKind, Read, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// A message above this size is taken for a broken header, not waited for.
const LARGEST: usize = 1 << 30;
/// Bytes without a header after which waiting for one is given up.
const LONGEST_HEADER: usize = 64 << 10;
const HEADER: &[u8] = b"content-length:";

/// The messages that come in.
pub struct Incoming<R> {
    input: R,
    chunk: Box<[u8]>,
    buffer: Vec<u8>,
    /// Bytes of the buffer that are done with.
    taken: usize,
}

pub enum Next<'b> {
    /// The body of a message, as it came.
    Message(&'b [u8]),
    /// Bytes that belong to no message have been skipped.
    Skipped(usize),
    /// The client is gone.
    End,
}

enum Header {
    /// Bytes of the header and of the body.
    Whole(usize, usize),
    /// Bytes that start no message.
    Garbage(usize),
    Partial,
}

impl<R: Read> Incoming<R> {
    pub fn new(input: R) -> Incoming<R> {
        Incoming { input, chunk: vec![0; 64 << 10].into(), buffer: Vec::new(), taken: 0 }
    }

    /// Waits for the next message.
    pub fn next(&mut self) -> Next<'_> {
        loop {
            match header(&self.buffer[self.taken..]) {
                Header::Whole(head, body) if self.buffer.len() - self.taken >= head + body => {
                    let start = self.taken + head;
                    self.taken = start + body;
                    return Next::Message(&self.buffer[start..start + body]);
                }
                Header::Garbage(bytes) => {
                    self.taken += bytes;
                    return Next::Skipped(bytes);
                }
                Header::Whole(..) | Header::Partial => {}
            }
            self.buffer.drain(..self.taken);
            self.taken = 0;
            // What one large message took is given back.
            if self.buffer.is_empty() && self.buffer.capacity() > 1 << 20 {
                self.buffer = Vec::new();
            }
            match self.input.read(&mut self.chunk) {
                Ok(0) => return Next::End,
                Ok(count) => self.buffer.extend_from_slice(&self.chunk[..count]),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return Next::End,
            }
        }
    }

    /// Whether the next message is here already.
    pub fn has_next(&self) -> bool {
        match header(&self.buffer[self.taken..]) {
            Header::Whole(head, body) => self.buffer.len() - self.taken >= head + body,
            Header::Garbage(_) => true,
            Header::Partial => false,
        }
    }
}

fn header(bytes: &[u8]) -> Header {
    let end = find(bytes, b"\r\n\r\n").map(|at| at + 4);
    let Some(end) = end else {
        return if bytes.len() > LONGEST_HEADER {
            // The end may hold the start of a header.
            Header::Garbage(bytes.len() - HEADER.len())
        } else {
            Header::Partial
        };
    };
    let lower = bytes[..end].to_ascii_lowercase();
    let length = memchr::memmem::rfind(&lower, HEADER).and_then(|at| {
        let line = lower[at + HEADER.len()..].split(|byte| matches!(byte, b'\r' | b'\n')).next()?;
        std::str::from_utf8(line).ok()?.trim().parse::<usize>().ok()
    });
    match length {
        Some(length) if length <= LARGEST => Header::Whole(end, length),
        _ => Header::Garbage(end),
    }
}

/// The parameters of a message; null where they are not JSON.
///
/// An editor may hold half of a surrogate pair, which no text of ours can: it is read as U+FFFD, which
/// counts as one unit, too, so that later positions are right.
pub fn parameters(json: &str) -> Value {
    serde_json::from_str(json).or_else(|_| serde_json::from_str(&without_halves(json))).unwrap_or_default()
}

fn without_halves(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = match (escaped_unit(rest), rest.get(6..).and_then(escaped_unit)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(0xd800..=0xdfff), _) => {
                out.push('\u{fffd}');
                rest = &rest[6..];
                continue;
            }
            // The sign behind a backslash belongs to it.
            _ => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
        };
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

/// The code unit of an escape at the start of a text: `\u00e9`.
fn escaped_unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    digits.bytes().all(|it| it.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, what)
}

/// Where messages go out, from any thread.
pub struct Outgoing {
    output: Mutex<Output>,
    closed: AtomicBool,
}

struct Output {
    output: Box<dyn Write + Send>,
    buffer: Vec<u8>,
}

/// Room before the body for the header, whatever the length.
const HEADER_ROOM: usize = 40;

impl Outgoing {
    pub fn new(output: Box<dyn Write + Send>) -> Outgoing {
        Outgoing { output: Mutex::new(Output { output, buffer: Vec::new() }), closed: AtomicBool::new(false) }
    }

    pub fn send(&self, message: &impl Serialize) {
        let mut out = self.output.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let Output { output, buffer } = &mut *out;
        buffer.clear();
        buffer.resize(HEADER_ROOM, 0);
        if serde_json::to_writer(&mut *buffer, message).is_err() {
            log("a message could not be written as JSON");
            return;
        }
        let header = format!("Content-Length: {}\r\n\r\n", buffer.len() - HEADER_ROOM);
        let start = HEADER_ROOM - header.len();
        buffer[start..HEADER_ROOM].copy_from_slice(header.as_bytes());
        if output.write_all(&buffer[start..]).and_then(|()| output.flush()).is_err() {
            self.closed.store(true, Ordering::Relaxed);
        }
        if buffer.capacity() > 1 << 20 {
            *buffer = Vec::new();
        }
    }

    /// Sends a notification.
    pub fn notify(&self, method: &str, params: &impl Serialize) {
        #[derive(Serialize)]
        struct Notification<'a, P> {
            jsonrpc: &'a str,
            method: &'a str,
            params: &'a P,
        }
        self.send(&Notification { jsonrpc: "2.0", method, params });
    }

    /// Whether the client reads no more.
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(input: &str) -> Vec<String> {
        let mut incoming = Incoming::new(input.as_bytes());
        let mut found = Vec::new();
        loop {
            match incoming.next() {
                Next::Message(body) => found.push(String::from_utf8_lossy(body).into_owned()),
                Next::Skipped(_) => found.push("-".to_string()),
                Next::End => return found,
            }
        }
    }

    #[test]
    fn messages_are_found_between_garbage() {
        assert_eq!(read("Content-Length: 2\r\n\r\n{}content-length:3\r\nX: y\r\n\r\nabc"), ["{}", "abc"]);
        assert_eq!(read("hello\r\n\r\nContent-Length: 2\r\n\r\n{}"), ["-", "{}"]);
        assert_eq!(read("helloContent-Length: 2\r\n\r\n{}"), ["{}"]);
        assert_eq!(read("Content-Length: x\r\n\r\nContent-Length: 2\r\n\r\n{}"), ["-", "{}"]);
        assert_eq!(
            read("Content-Length: 99999999999999999999\r\n\r\nContent-Length: 1\r\n\r\nx"),
            ["-", "x"]
        );
        assert_eq!(read("Content-Length: 9\r\n\r\nshort"), Vec::<String>::new());
        let long = "x".repeat(LONGEST_HEADER * 2);
        let found = read(&format!("{long}\r\n\r\nContent-Length: 2\r\n\r\n{{}}"));
        assert_eq!(found.last().map(String::as_str), Some("{}"));
    }

    #[test]
    fn halves_of_pairs_are_one_unit_each() {
        let text = r#"["\ud83d\ude00 \ud83d \ude00\ud83d é\\ud83d \n", "\ud83dx"]"#;
        let read = serde_json::json!(["😀 \u{fffd} \u{fffd}\u{fffd} é\\ud83d \n", "\u{fffd}x"]);
        assert_eq!(parameters(text), read);
        for broken in ["", "{", "\"\\", "\"\\u12", "\"\\ud800", "\\é", "\\u12é4"] {
            assert_eq!(parameters(broken), Value::Null, "{broken}");
        }
    }

    #[test]
    fn messages_go_out_with_their_length() {
        #[derive(Clone, Default)]
        struct Shared(std::sync::Arc<Mutex<Vec<u8>>>);
        impl Write for Shared {
            fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
                self.0.lock().unwrap().extend_from_slice(bytes);
                Ok(bytes.len())
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        let shared = Shared::default();
        let outgoing = Outgoing::new(Box::new(shared.clone()));
        outgoing.send(&"é");
        outgoing.notify("a", &1);
        let written = String::from_utf8(shared.0.lock().unwrap().clone()).unwrap();
        assert_eq!(
            written,
            "Content-Length: 4\r\n\r\n\"é\"Content-Length: 41\r\n\r\n{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"params\":1}"
        );
    }
}
